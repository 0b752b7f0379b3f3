// Rows of cells: what every tabular format is read into. What cells mean is
// decided later (columns.h, understand.h).

#ifndef COMITY_IMPORT_ROWS_H_
#define COMITY_IMPORT_ROWS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "comity/v1/import_service.pb.h"
#include "import/byte_source.h"

namespace comity {

// One cell as text: numbers as the sheet shows them, days of date cells as
// `YYYY-MM-DD`, items of a JSON list joined with a vertical bar.
struct Cell {
  std::string text;
  // Position in the row, from 1; for JSON Lines that of the key in `keys()`.
  int32_t column = 0;
};

// What is wrong with the form of a row.
struct RowProblem {
  // 0: the whole row.
  int32_t column = 0;
  std::string value;
  std::string rule;
};

struct Row {
  // Line (or row of the sheet) where it starts, from 1.
  int64_t line = 0;
  // In the order of the row. JSON Lines and sheets leave out empty cells.
  std::vector<Cell> cells;
  std::vector<RowProblem> problems;
};

// Reads the rows of one file in order. Not thread-safe.
class RowReader {
 public:
  virtual ~RowReader() = default;

  // Reads the next row that has any text into `row`, whose storage is used
  // again; false at the end. A row that is malformed in itself comes with its
  // problems; InvalidArgument if the file cannot be read on, ResourceExhausted
  // if it is over a limit, and the failures of the source.
  virtual absl::StatusOr<bool> Next(Row* row) = 0;

  // Names of the columns by position, where the format gives each row its own
  // (JSON Lines); grows while rows are read. nullptr: a row is the header.
  virtual const std::vector<std::string>* keys() const { return nullptr; }

  // True if a row with fewer or more cells than the header is malformed.
  virtual bool rows_are_full() const { return false; }

  // What was found out about the file and should be told: a guessed encoding.
  // In English sentences; complete at the end of the file.
  virtual const std::vector<std::string>& remarks() const {
    static const auto* const kNone = new std::vector<std::string>();
    return *kNone;
  }
};

// What a file is, from its first bytes (up to 4 KiB are looked at).
v1::ImportFormat DetectFormat(absl::string_view start);

// Opens `bytes` in the format that `options` names, or else the detected one.
// `bytes` must outlive the reader. InvalidArgument if options and bytes do not
// fit together.
absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(
    ByteSource* bytes, const v1::ImportOptions& options);

// Lines of a JSON Lines file as they are, for records in protobuf's JSON form.
class LineReader {
 public:
  // `bytes` must outlive this.
  explicit LineReader(ByteSource* bytes,
                      size_t line_bytes_max = limits::kImportRowBytesMax)
      : bytes_(bytes), line_bytes_max_(line_bytes_max) {}

  // The next line that is not blank, without its end, valid until the next
  // call; false at the end. ResourceExhausted over `line_bytes_max`.
  absl::StatusOr<bool> Next(absl::string_view* line, int64_t* number);

 private:
  ByteSource* const bytes_;
  const size_t line_bytes_max_;
  std::string buffer_;
  size_t position_ = 0;
  int64_t line_ = 0;
  bool ended_ = false;
};

}  // namespace comity

#endif  // COMITY_IMPORT_ROWS_H_
