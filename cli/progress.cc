#include "cli/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/terminal.h"
#include "cli/words.h"

namespace comity::cli {
namespace {

constexpr int kBarMax = 40;
constexpr int kBarMin = 10;
// Where there is no bar, a line for every tenth of the file, or every 16 MiB.
constexpr int64_t kStepUnknown = int64_t{16} << 20;

}  // namespace

std::string ProgressLine(int64_t bytes, int64_t total, int64_t records,
                         int width) {
  const std::string read = Count(records, "record", "records");
  if (total <= 0) return absl::StrCat(ByteWords(bytes), " read, ", read);
  const int64_t done = std::min(bytes, total);
  const std::string text = absl::StrFormat(
      "%3d %%  %s of %s, %s", static_cast<int>(done * 100 / total),
      ByteWords(done), ByteWords(total), read);
  const int room = std::min(kBarMax, width - DisplayWidth(text) - 5);
  if (room < kBarMin) return text;
  const auto full = static_cast<size_t>(done * room / total);
  return absl::StrCat("[", std::string(full, '#'),
                      std::string(static_cast<size_t>(room) - full, '.'), "] ",
                      text);
}

void Progress::Update(int64_t bytes, int64_t records) {
  if (!is_terminal_) {
    const int64_t step =
        total_ > 0 ? std::max<int64_t>(total_ / 10, 1) : kStepUnknown;
    if (bytes / step == shown_bytes_ / step) return;
    shown_bytes_ = bytes;
    *out_ << ProgressLine(bytes, total_, records, 0) << "\n";
    return;
  }
  const std::string line = ProgressLine(bytes, total_, records, columns_ - 1);
  if (line == shown_) return;
  // Back to the start, then whatever the longer line before left over goes.
  *out_ << "\r" << line << "\x1b[K" << std::flush;
  shown_ = line;
}

void Progress::Clear() {
  if (!is_terminal_ || shown_.empty()) return;
  *out_ << "\r\x1b[K" << std::flush;
  shown_.clear();
}

}  // namespace comity::cli
