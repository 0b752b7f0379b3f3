// Rows of comma-separated values as spreadsheets write them.

#ifndef COMITY_IMPORT_CSV_READER_H_
#define COMITY_IMPORT_CSV_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/import_service.pb.h"
#include "import/decoder.h"
#include "import/rows.h"

namespace comity {

// The delimiter (comma, semicolon, tab or vertical bar) that takes the start of
// a file apart into the most even rows; a comma if none does. `ended`: `start`
// is the whole file.
char DetectDelimiter(absl::string_view start, bool ended);

// RFC 4180, and what programs make of it: any delimiter, lines that end in LF,
// CRLF or CR, any encoding, Excel's line `sep=;` before the header, quotes
// within cells that do not begin with one.
class CsvReader : public RowReader {
 public:
  // `bytes` must outlive the reader; `options.delimiter` and
  // `options.encoding` as the contract says.
  CsvReader(ByteSource* bytes, const v1::ImportOptions& options)
      : text_(bytes, options.encoding()),
        stated_delimiter_(options.delimiter()) {}

  absl::StatusOr<bool> Next(Row* row) override;
  bool rows_are_full() const override { return true; }
  const std::vector<std::string>& remarks() const override { return remarks_; }

 private:
  enum class Parsed {
    kRow,
    // The end of the text was met before the end of the row.
    kMore,
    kTooManyCells,
  };

  absl::Status Start();
  absl::Status Fill();
  Parsed ParseRow(Row* row);
  bool ParseQuoted(size_t* at, Cell* into, Row* row);
  void CheckCells(Row* row) const;

  Decoder text_;
  const std::string stated_delimiter_;
  char delimiter_ = ',';
  bool started_ = false;
  // Text not yet given out begins at `position_`.
  std::string buffer_;
  size_t position_ = 0;
  bool ended_ = false;
  int64_t line_ = 1;
  std::vector<std::string> remarks_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_CSV_READER_H_
