// Limits of reading laws, with their reasons.

#ifndef COMITY_IMPORT_LAWS_LIMITS_H_
#define COMITY_IMPORT_LAWS_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace comity::law_limits {

// A file, unpacked: the longest code met, with its markup, is a tenth of it.
inline constexpr size_t kFileBytesMax = size_t{64} << 20;
// Of one law. A tax code with its regulations has 10,000.
inline constexpr size_t kProvisionsMax = 50000;
// One provision; what is longer goes on in provisions of kind TEXT below it, so
// that a provision stays a readable record.
inline constexpr size_t kProvisionTextBytesMax = 48 << 10;
// Labels and headings: what is longer is text.
inline constexpr size_t kHeadingBytesMax = 1000;
// Text without structure is cut at ends of paragraphs after so many bytes.
inline constexpr size_t kTextPieceBytes = 4000;
// Nesting of markup; people's pages stay below 60.
inline constexpr int kMarkupDepthMax = 400;
// Elements of a file: a node takes some 100 bytes of memory.
inline constexpr size_t kMarkupNodesMax = 3000000;
// Notices of one document; the rest is counted.
inline constexpr size_t kNoticesMax = 100;
// Documents of one file.
inline constexpr size_t kDocumentsMax = 200;
// What language detection looks at.
inline constexpr size_t kDetectBytes = 48 << 10;
// Paragraphs and text of a binary file, as its process gives them.
inline constexpr size_t kBlocksMax = 1000000;
inline constexpr size_t kBlockBytesMax = 4 << 20;
// The process that reads it: memory, computing time.
inline constexpr size_t kProcessMemoryBytesMax = size_t{1} << 30;
inline constexpr int kProcessCpuSecondsMax = 60;

}  // namespace comity::law_limits

#endif  // COMITY_IMPORT_LAWS_LIMITS_H_
