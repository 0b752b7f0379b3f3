// Reads files of binary formats in a process of its own, with limits on memory
// and time: a hostile file costs one import, not the server.
//
// The process is the program comity-read, which stands beside the running
// program or in ../libexec/comity. It gets the file as standard input and gives
// frames on standard output:
//
//   'R' row | 'M' remark | 'E' failure | 'Z' end
//
// each a letter, the number of its bytes and the bytes; numbers are 4 bytes,
// little-endian.

#ifndef COMITY_IMPORT_CHILD_H_
#define COMITY_IMPORT_CHILD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/import_service.pb.h"
#include "import/child_process.h"
#include "import/rows.h"

namespace comity {

// Not thread-safe.
class ChildReader : public RowReader {
 public:
  // `bytes` must outlive the reader.
  ChildReader(ByteSource* bytes, const v1::ImportOptions& options)
      : bytes_(bytes), sheet_(options.sheet()) {}

  // InvalidArgument too if the process died over the file.
  absl::StatusOr<bool> Next(Row* row) override;
  const std::vector<std::string>& remarks() const override { return remarks_; }

 private:
  absl::StatusOr<int> Spool();
  absl::Status Start();
  absl::Status Died();

  ByteSource* const bytes_;
  const std::string sheet_;
  ChildProcess process_{"workbook"};
  bool started_ = false;
  bool ended_ = false;
  std::string frame_;
  std::vector<std::string> remarks_;
};

// The frame of a row, and back; false if the bytes are none.
void AppendRowFrame(const Row& row, std::string* out);
bool ParseRowFrame(absl::string_view bytes, Row* row);

}  // namespace comity

#endif  // COMITY_IMPORT_CHILD_H_
