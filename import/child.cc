#include "import/child.h"

#include <unistd.h>

#include <cstdint>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"

namespace comity {
namespace {

// A row with the lengths of its cells, and its problems, which quote cells.
constexpr size_t kFrameBytesMax = 4 * limits::kImportRowBytesMax;
constexpr size_t kRemarkBytesMax = 64 << 10;
constexpr size_t kRemarksMax = 10;

}  // namespace

absl::StatusOr<int> ChildReader::Spool() {
  ASSIGN_OR_RETURN(const int fd, OpenTemporaryFile());
  absl::Cleanup close_file = [fd] { close(fd); };
  while (true) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, bytes_->Next());
    if (chunk.empty()) break;
    if (bytes_->position() > limits::kImportBytesMax) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "the file has more than ", limits::kImportBytesMax, " bytes"));
    }
    RETURN_IF_ERROR(WriteToFile(fd, chunk));
  }
  std::move(close_file).Cancel();
  return fd;
}

absl::Status ChildReader::Start() {
  started_ = true;
  ASSIGN_OR_RETURN(const int file, Spool());
  absl::Cleanup close_file = [file] { close(file); };
  return process_.Start(file, {sheet_});
}

absl::Status ChildReader::Died() {
  ended_ = true;
  return process_.Died();
}

absl::StatusOr<bool> ChildReader::Next(Row* row) {
  if (!started_) RETURN_IF_ERROR(Start());
  if (ended_) return false;
  while (true) {
    char letter = 0;
    if (absl::Status status = process_.Next(kFrameBytesMax, &letter, &frame_);
        !status.ok()) {
      ended_ = true;
      return status;
    }
    switch (letter) {
      case 'R':
        if (!ParseRowFrame(frame_, row)) return Died();
        return true;
      case 'M':
        remarks_.push_back(frame_.substr(0, kRemarkBytesMax));
        if (remarks_.size() > kRemarksMax) return Died();
        break;
      case 'E':
        if (frame_.empty()) return Died();
        ended_ = true;
        process_.Close();
        return ChildProcess::FailureOf(frame_);
      case 'Z':
        ended_ = true;
        process_.Close();
        return false;
      default:
        return Died();
    }
  }
}

}  // namespace comity
