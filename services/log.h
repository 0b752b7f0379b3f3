// Events on stderr: one line each, `key=value` pairs. Values are never contact
// data or other contents of records.

#ifndef COMITY_SERVICES_LOG_H_
#define COMITY_SERVICES_LOG_H_

#include <cstdio>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/clock.h"

namespace comity {

// Higher ones include the lower.
enum class LogLevel { kOff, kError, kWarning, kInfo };

// Thread-safe.
class Log {
 public:
  // `clock` and `out` must outlive the log.
  Log(const Clock* clock, LogLevel level, std::FILE* out)
      : clock_(clock), level_(level), out_(out) {}

  bool Wants(LogLevel level) const { return level <= level_; }

  // Writes `time=… level=… event=… key=value …` if the level is wanted. Values
  // with spaces or marks are quoted, so that a line stays a line.
  using Value = std::pair<absl::string_view, std::string>;
  void Write(LogLevel level, absl::string_view event,
             std::initializer_list<Value> values) const;

 private:
  const Clock* const clock_;
  const LogLevel level_;
  std::FILE* const out_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_LOG_H_
