#include "services/log.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace comity {
namespace {

absl::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kOff:
      return "off";
    case LogLevel::kError:
      return "error";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kInfo:
      return "info";
  }
  return "info";
}

bool IsPlain(char c) {
  return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '"' &&
         c != '\\' && c != '=';
}

}  // namespace

void Log::Write(LogLevel level, absl::string_view event,
                std::initializer_list<Value> values) const {
  if (!Wants(level)) return;
  std::string line =
      absl::StrCat("time=",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", clock_->Now(),
                                    absl::UTCTimeZone()),
                   " level=", Name(level), " event=", event);
  for (const auto& [key, value] : values) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), IsPlain)) {
      absl::StrAppend(&line, " ", key, "=", value);
    } else {
      absl::StrAppend(&line, " ", key, "=\"", absl::Utf8SafeCEscape(value),
                      "\"");
    }
  }
  line.push_back('\n');
  // One call, so that lines of several threads do not mix.
  std::fwrite(line.data(), 1, line.size(), out_);
}

}  // namespace comity
