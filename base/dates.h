// Days and partial days, as the contract writes them.

#ifndef COMITY_BASE_DATES_H_
#define COMITY_BASE_DATES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace comity {

using Day = absl::CivilDay;

// `YYYY-MM-DD` (ISO 8601, years 0001 to 9999). nullopt for anything else.
std::optional<Day> ParseDay(absl::string_view text);

// As above; InvalidArgument that names `field` for anything else.
absl::StatusOr<Day> ParseDayField(absl::string_view text,
                                  absl::string_view field);

std::string FormatDay(Day day);

// First and last day of a partial day.
struct DayRange {
  Day first;
  Day last;
};

// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. nullopt for anything else.
std::optional<DayRange> ParsePartialDay(absl::string_view text);

// The day in UTC on which `time` falls.
Day DayOf(absl::Time time);

// Days since 1970-01-01, for compact columns.
int32_t DayNumber(Day day);
Day DayFromNumber(int32_t number);

}  // namespace comity

#endif  // COMITY_BASE_DATES_H_
