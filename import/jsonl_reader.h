// Rows of JSON Lines: one object a line, its keys the columns.

#ifndef COMITY_IMPORT_JSONL_READER_H_
#define COMITY_IMPORT_JSONL_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/import_service.pb.h"
#include "import/decoder.h"
#include "import/rows.h"

namespace comity {

// Values are strings, numbers, booleans, null (an empty cell) and lists of
// those. A line that is no such object is a row with a problem.
class JsonlReader : public RowReader {
 public:
  // `bytes` must outlive the reader.
  JsonlReader(ByteSource* bytes, const v1::ImportOptions& options);
  ~JsonlReader() override;

  absl::StatusOr<bool> Next(Row* row) override;
  const std::vector<std::string>* keys() const override { return &keys_; }
  const std::vector<std::string>& remarks() const override { return remarks_; }

 private:
  // Keeps the parser's headers out of this one.
  struct Parser;

  void ReadLine(absl::string_view line, Row* row);

  Decoder text_;
  LineReader lines_;
  std::unique_ptr<Parser> parser_;
  std::vector<std::string> keys_;
  std::vector<std::string> remarks_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_JSONL_READER_H_
