// Every limit of the system, with its reason.

#ifndef COMITY_BASE_LIMITS_H_
#define COMITY_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace comity::limits {

// Names -----------------------------------------------------------------

// Slugs of treaties and functions: short enough to type.
inline constexpr size_t kSlugBytesMax = 40;
// Ids of authorities and designations: a DNS label (RFC 1035), as AIP-122
// advises.
inline constexpr size_t kIdBytesMax = 63;
// A whole resource name. Search terms hold 245 bytes with their prefix.
inline constexpr size_t kNameBytesMax = 200;

// Requests ----------------------------------------------------------------

inline constexpr int kPageSizeDefault = 100;
inline constexpr int kPageSizeMax = 1000;
// Names of one batch get.
inline constexpr int kBatchGetMax = 500;
// Names and codes of States as people type them.
inline constexpr size_t kStateQueryBytesMax = 800;
inline constexpr int kStateCandidatesDefault = 5;
inline constexpr int kStateCandidatesMax = 50;
inline constexpr size_t kCitationBytesMax = 300;
inline constexpr int kRoutesDefault = 10;
inline constexpr int kRoutesMax = 100;
// A request message; imports stream in chunks below it.
inline constexpr int kRequestBytesMax = 4 << 20;
// A whole record: an office with twenty contacts is a tenth of it.
inline constexpr size_t kRecordBytesMax = 256 << 10;
// One text in a record: the longest note met is a tenth of it.
inline constexpr size_t kTextBytesMax = 16 << 10;
// Elements of one repeated field of a record.
inline constexpr int kListItemsMax = 1000;
// Lines of a postal address.
inline constexpr int kAddressLinesMax = 20;
inline constexpr size_t kActorBytesMax = 128;
inline constexpr size_t kRequestIdBytes = 36;
inline constexpr size_t kSourceSystemBytesMax = 64;
inline constexpr size_t kSourceIdBytesMax = 128;

// The legal library ---------------------------------------------------------

// Text of one provision: readers cut what has no structure into pieces of 48
// KiB.
inline constexpr size_t kProvisionTextBytesMax = 256 << 10;
// Of one expression: the largest codes have some ten thousand, a tax code with
// all its annexes 20 MB.
inline constexpr int kProvisionsMax = 50000;
inline constexpr size_t kExpressionBytesMax = size_t{64} << 20;
// Laws named for one State and article of the coverage.
inline constexpr int kCoverageLawsMax = 20;
// Languages of one request, and expressions of one law that it chooses from.
inline constexpr int kLanguagesAskedMax = 20;
inline constexpr size_t kExpressionsChosenFrom = 1000;
// Groupings around one provision.
inline constexpr size_t kProvisionDepthMax = 30;
// A file of one document, as it is sent.
inline constexpr size_t kLawFileBytesMax = size_t{64} << 20;

// Imports and exports -----------------------------------------------------

inline constexpr int64_t kImportBytesMax = int64_t{1} << 30;
inline constexpr size_t kChunkBytesMax = 1 << 20;
// One line or row of a file.
inline constexpr size_t kImportRowBytesMax = 1 << 20;
// One line of records as JSON: an expression with all its provisions, and what
// escapes add.
inline constexpr size_t kRecordLineBytesMax = size_t{96} << 20;
// One cell: Excel's own limit is 32,767 characters.
inline constexpr size_t kImportCellBytesMax = 256 << 10;
inline constexpr int kImportColumnsMax = 512;
// Value quoted in a problem.
inline constexpr size_t kProblemValueCharactersMax = 200;
// Problems reported of one record and of one file; the rest is counted.
inline constexpr int kProblemsPerRecordMax = 50;
inline constexpr int kProblemsPerFileMax = 10000;
// Unpacked size of an XLSX: a zip bomb unpacks a thousandfold.
inline constexpr int64_t kUnpackedBytesMax = int64_t{2} << 30;
inline constexpr int kImportsAtOnceMax = 4;

// Streams -----------------------------------------------------------------

inline constexpr int kWatchersMax = 2000;
inline constexpr int kChangesPerMessage = 256;
// Each is asked of whatever changes: some hundreds of microseconds.
inline constexpr int kSearchWatchersMax = 200;
// What one of them may ask for.
inline constexpr size_t kWatchedSearchBytesMax = 64 << 10;

// Serving -----------------------------------------------------------------

// An error's message, and the violations beside it: clients take 8 KiB of
// trailers in all, base64 makes three bytes four, and percent-encoding makes
// one byte of a message that is not ASCII three.
inline constexpr size_t kErrorMessageCharactersMax = 300;
inline constexpr size_t kErrorDetailsBytesMax = 2 << 10;
// Unary requests under way, unless the server was started with less.
inline constexpr int kRequestsMax = 1000;
// Bytes of all write requests that wait or run: eight of the largest.
inline constexpr size_t kRequestBytesAtOnceMax = size_t{32} << 20;
// Writes wait for the disk, not for a core, and those that wait together share
// a sync.
inline constexpr int kWriteThreads = 8;
inline constexpr size_t kWritesWaitingMax = 256;
// Lists and exports compute: about as many as cores.
inline constexpr int kReadThreads = 2;
inline constexpr size_t kReadsWaitingMax = 256;
// Searches compute too; the longer the queue, the later each of them.
inline constexpr int kSearchThreads = 2;
inline constexpr size_t kSearchesWaitingMax = 128;
// Dumps and verifications hold a thread of their own as long as they run.
inline constexpr int kInspectionsAtOnceMax = 2;
// How long a write waits for another writer if the client set no deadline.
inline constexpr int kWriteWaitSecondsMax = 60;
// Contacts that FindContacts answers within the callback: some 15 µs each.
inline constexpr int kContactsInline = 100;
// Changes that one watcher examines before it is another's turn.
inline constexpr int kChangesExaminedMax = 4096;
// Changes kept in memory for watchers that are nearly current.
inline constexpr int kRecentChangesMax = 1024;

// The gateway ---------------------------------------------------------------

// Of the pages' files, which are kept in memory.
inline constexpr size_t kWebFilesBytesMax = size_t{32} << 20;
// Connections of the gateway, most of them idle: some kilobytes each.
inline constexpr unsigned kHttpConnectionsMax = 8192;
// Line, headers and answer head of one request, and what it is read into.
inline constexpr size_t kHttpConnectionBytesMax = 32 << 10;

// Parsing of imported files --------------------------------------------------

// Participations of one file, which are held until its end, since rows of one
// State and treaty are one record; and periods of one of them.
inline constexpr size_t kParticipationsPerFileMax = 200000;
inline constexpr size_t kPeriodsMax = 50;
// Markup of one row of a sheet: some bytes of markup per byte of text.
inline constexpr size_t kXmlRowBytesMax = 8 << 20;
// A part of a workbook that is held as a tree: its list of sheets, its styles.
inline constexpr size_t kXmlTreeBytesMax = 16 << 20;
// The texts of a workbook, which are stored apart from its sheets.
inline constexpr size_t kSharedStringsBytesMax = 256 << 20;
inline constexpr int kZipEntriesMax = 10000;
// The process that reads a workbook: its memory, its computing time, and how
// long it may give nothing.
inline constexpr size_t kReaderMemoryBytesMax = size_t{768} << 20;
inline constexpr int kReaderCpuSecondsMax = 300;
inline constexpr int kReaderSilentSecondsMax = 120;

// Search ------------------------------------------------------------------

// A query: a long question is a tenth of it.
inline constexpr size_t kQueryBytesMax = 4 << 10;
// Words, characters and pairs of a query that count; each costs a list.
inline constexpr int kQueryTermsMax = 96;
// Words of one phrase, or of one NEAR or ADJ.
inline constexpr int kPhraseWordsMax = 32;
// Documents that are read for the phrases of one query, each some microseconds:
// all that have the rarest word of a phrase, but for phrases of words that
// stand nearly everywhere.
inline constexpr size_t kPhraseDocumentsMax = 250'000;
// Of NEAR/n and ADJ/n.
inline constexpr int kNearMax = 100;
inline constexpr int kNestingMax = 16;
// Words that a wildcard stands for: the most frequent of those looked at.
inline constexpr int kWildcardWordsMax = 256;
inline constexpr int kWildcardWordsLookedAtMax = 20000;
// Letters before a wildcard: with one it would stand for a tenth of all words.
inline constexpr size_t kWildcardCharactersMin = 2;
// Languages whose stems of a word are looked for.
inline constexpr size_t kQueryLanguagesMax = 16;

}  // namespace comity::limits

#endif  // COMITY_BASE_LIMITS_H_
