// Progress of a long transfer: a bar on a terminal, few lines elsewhere.

#ifndef COMITY_CLI_PROGRESS_H_
#define COMITY_CLI_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

namespace comity::cli {

// `[######......]  50 %  1.2 of 2.4 MiB, 1,200 records` in `width` cells; the
// bar is left out where the total is not known (0) or there is no room.
std::string ProgressLine(int64_t bytes, int64_t total, int64_t records,
                         int width);

class Progress {
 public:
  // `out` must outlive it. `columns` as in Environment. `total` 0: not known.
  Progress(std::ostream* out, bool is_terminal, int columns, int64_t total)
      : out_(out),
        is_terminal_(is_terminal),
        columns_(columns > 0 ? columns : 80),
        total_(total) {}

  void Update(int64_t bytes, int64_t records);

  // Takes the bar away, so that other lines can be written.
  void Clear();

 private:
  std::ostream* const out_;
  const bool is_terminal_;
  const int columns_;
  const int64_t total_;
  // The last that was shown.
  std::string shown_;
  int64_t shown_bytes_ = 0;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_PROGRESS_H_
