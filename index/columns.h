// What facets, filters, order and grouping need of each document of the index,
// by document id: one row of fixed size each, and the tables of texts that rows
// refer to. Kept in memory, or mapped from a file that is written with the
// generation; what changed since is in the index's own metadata, so that rows
// and documents are committed as one.

#ifndef COMITY_INDEX_COLUMNS_H_
#define COMITY_INDEX_COLUMNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity::index {

// The tables of texts. The order is on disk.
enum class Table : uint8_t {
  // Name of a law or an authority, with its kind.
  kRecords,
  // Name of an expression, NUL, sequence of its version in decimal.
  kExpressions,
  // Title of a law or name of an authority, to be shown and suggested.
  kTitles,
  // Code of a State, NUL, its region.
  kStates,
  // BCP 47.
  kLanguages,
  // `untoc`, `untoc/18(13)`.
  kArticles,
  kSubjects,
  // Numbers of entries of kArticles, 4 bytes each, little-endian.
  kArticleSets,
  // The same of kSubjects.
  kSubjectSets,
  // Id of a provision in its expression: `art-5`, of which many laws have one.
  kProvisions,
};
inline constexpr size_t kTables = 10;

enum class DocumentKind : uint8_t { kNone, kLaw, kAuthority };

// Of one document. Numbers of texts are their places in the tables; the entry 0
// of every table is the empty text. On disk as it is, little-endian.
struct Row {
  uint32_t record = 0;
  uint32_t expression = 0;
  // Of the provision; 0: the law as a whole, or an authority.
  uint32_t position = 0;
  uint32_t title = 0;
  // Days since 1970-01-01; kNoDay: not stated.
  int32_t day = 0;
  uint16_t state = 0;
  uint16_t language = 0;
  // 0: not stated.
  int16_t year = 0;
  // v1::LawType.
  uint8_t type = 0;
  DocumentKind kind = DocumentKind::kNone;
  uint32_t articles = 0;
  uint32_t subjects = 0;
  uint32_t provision = 0;
  // Of all that the document was made from.
  uint64_t digest = 0;
};
static_assert(sizeof(Row) == 48);

inline constexpr int32_t kNoDay = INT32_MIN;

// How much there is.
struct Coverage {
  int64_t documents = 0;
  int64_t laws = 0;
  int64_t authorities = 0;
  // Laws by number of the State, and expressions by number of the language.
  std::vector<int64_t> laws_of_state;
  std::vector<int64_t> texts_of_language;
};

// The rows and tables as of one commit. Immutable, so any thread may read it.
// Chunks are shared between the columns of successive commits, and with the
// threads that still read older ones: hence the shared pointers.
class Columns {
 public:
  static constexpr uint32_t kChunkRows = 2048;
  static constexpr uint32_t kChunkTexts = 1024;
  using Rows = std::array<Row, kChunkRows>;
  using Texts = std::array<std::string, kChunkTexts>;

  Columns();

  // The row of a document; one of kind kNone if there is none.
  const Row& row(uint32_t document) const {
    const size_t chunk = document / kChunkRows;
    if (chunk >= rows_.size() || rows_[chunk] == nullptr) return kNoRow;
    return (*rows_[chunk])[document % kChunkRows];
  }
  // One more than the largest document id with a row.
  uint32_t rows_end() const { return rows_end_; }

  uint32_t size(Table table) const { return tables_[Index(table)].size; }
  absl::string_view text(Table table, uint32_t number) const {
    const TextTable& texts = tables_[Index(table)];
    if (number >= texts.size) return {};
    return (*texts.chunks[number / kChunkTexts])[number % kChunkTexts];
  }
  // The part before NUL, and the one behind it.
  absl::string_view head(Table table, uint32_t number) const;
  absl::string_view tail(Table table, uint32_t number) const;
  std::vector<uint32_t> set(Table table, uint32_t number) const;

  const Coverage& coverage() const { return coverage_; }

  // Names of records in byte order, then names of expressions, then positions:
  // the order of hits that are otherwise equal.
  int Compare(const Row& a, const Row& b) const;

 private:
  friend class ColumnsWriter;
  struct TextTable {
    uint32_t size = 0;
    std::vector<std::shared_ptr<Texts>> chunks;
  };
  static const Row kNoRow;
  static size_t Index(Table table) { return static_cast<size_t>(table); }

  std::vector<std::shared_ptr<Rows>> rows_;
  uint32_t rows_end_ = 0;
  std::array<TextTable, kTables> tables_;
  Coverage coverage_;
};

// Makes columns. One thread at a time.
class ColumnsWriter {
 public:
  ColumnsWriter();

  // The number of a text, which is added to the table if it is not there.
  uint32_t Intern(Table table, absl::string_view text);
  // The number of the set of these entries; empty is 0.
  uint32_t InternSet(Table table, std::vector<uint32_t> entries);

  // `row` of kind kNone takes the row away.
  void Set(uint32_t document, const Row& row);
  const Row& row(uint32_t document) const { return columns_.row(document); }
  const Columns& columns() const { return columns_; }

  // What was added and set since the last call, for Apply.
  std::string TakeDelta();
  // DataLoss if it is none of TakeDelta's.
  absl::Status Apply(absl::string_view delta);

  // The columns as they are now. Takes time in the number of chunks.
  std::shared_ptr<const Columns> Snapshot();

  // Writes a file of all of it, synced before it has its name.
  absl::Status Save(const std::string& path) const;
  // Reads one into columns that are empty. Rows stay in the file, mapped, until
  // they are changed. NotFound, or DataLoss if it is damaged.
  absl::Status Load(const std::string& path);

 private:
  using Counts = absl::flat_hash_map<uint32_t, uint32_t>;

  Row* MutableRow(uint32_t document);
  void Add(Table table, absl::string_view text);
  void Count(const Row& row, int by);
  absl::Status Read(absl::string_view bytes, std::shared_ptr<void> mapping);
  const absl::flat_hash_map<absl::string_view, uint32_t>& Numbers(Table table);

  Columns columns_;
  // Chunks that no snapshot has.
  std::vector<bool> own_;
  std::array<absl::flat_hash_map<absl::string_view, uint32_t>, kTables>
      numbers_;
  std::array<uint32_t, kTables> numbered_ = {};
  // Texts and rows since the last delta.
  std::array<uint32_t, kTables> delta_from_ = {};
  std::vector<uint32_t> delta_rows_;
  // Documents of each record, and of each expression.
  std::vector<uint32_t> of_record_;
  std::vector<uint32_t> of_expression_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_COLUMNS_H_
