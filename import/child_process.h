// A process of comity-read, which parses a file of a binary format with limits
// on memory and time, and answers in frames; see child.h.

#ifndef COMITY_IMPORT_CHILD_PROCESS_H_
#define COMITY_IMPORT_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity {

// Not thread-safe.
class ChildProcess {
 public:
  // `what` it reads, for messages: `workbook`.
  explicit ChildProcess(std::string what) : what_(std::move(what)) {}
  // Ends the process if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Starts it with `file` as standard input. FailedPrecondition if the program
  // is not installed.
  absl::Status Start(int file, const std::vector<std::string>& arguments);

  // The next frame: its letter and its body, of at most `bytes_max`.
  // InvalidArgument if the process died or gave nonsense.
  absl::Status Next(size_t bytes_max, char* letter, std::string* body);

  // After the last frame: waits for its end.
  void Close();

  // Ends the process; the status that tells so.
  absl::Status Died();

  // The failure that the body of a frame `E` tells.
  static absl::Status FailureOf(absl::string_view body);

 private:
  absl::Status Read(size_t size, std::string* bytes);

  const std::string what_;
  pid_t process_ = -1;
  int pipe_ = -1;
  // Read from the pipe, not yet used.
  std::string ahead_;
};

// A file without a name, gone when it is closed.
absl::StatusOr<int> OpenTemporaryFile();

absl::Status WriteToFile(int file, absl::string_view bytes);

}  // namespace comity

#endif  // COMITY_IMPORT_CHILD_PROCESS_H_
