#include "base/dates.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/errors.h"

namespace comity {
namespace {

// The number that exactly the characters of `text` write; -1 for others.
int Digits(absl::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::optional<Day> ParseDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const int year = Digits(text.substr(0, 4));
  const int month = Digits(text.substr(5, 2));
  const int day = Digits(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  // CivilDay normalises: 31 February would become 3 March.
  const Day result(year, month, day);
  if (result.month() != month || result.day() != day) return std::nullopt;
  return result;
}

absl::StatusOr<Day> ParseDayField(absl::string_view text,
                                  absl::string_view field) {
  const std::optional<Day> day = ParseDay(text);
  if (!day.has_value()) {
    return InvalidField(field, text,
                        "must be a day of the calendar as YYYY-MM-DD");
  }
  return *day;
}

std::string FormatDay(Day day) {
  // Days are counted on from those that are read, so there may be later ones.
  if (day.year() < 0 || day.year() > 9999) {
    return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(),
                           day.day());
  }
  std::string text = "0000-00-00";
  auto year = static_cast<int>(day.year());
  for (size_t i = 4; i > 0; --i, year /= 10) {
    text[i - 1] = static_cast<char>('0' + year % 10);
  }
  text[5] = static_cast<char>('0' + day.month() / 10);
  text[6] = static_cast<char>('0' + day.month() % 10);
  text[8] = static_cast<char>('0' + day.day() / 10);
  text[9] = static_cast<char>('0' + day.day() % 10);
  return text;
}

std::optional<DayRange> ParsePartialDay(absl::string_view text) {
  if (text.size() == 10) {
    const std::optional<Day> day = ParseDay(text);
    if (!day.has_value()) return std::nullopt;
    return DayRange{*day, *day};
  }
  if (text.size() != 4 && (text.size() != 7 || text[4] != '-')) {
    return std::nullopt;
  }
  const int year = Digits(text.substr(0, 4));
  if (year < 1) return std::nullopt;
  if (text.size() == 4) return DayRange{Day(year, 1, 1), Day(year, 12, 31)};
  const int month = Digits(text.substr(5, 2));
  if (month < 1 || month > 12) return std::nullopt;
  return DayRange{Day(year, month, 1),
                  Day(absl::CivilMonth(year, month) + 1) - 1};
}

Day DayOf(absl::Time time) {
  return absl::ToCivilDay(time, absl::UTCTimeZone());
}

int32_t DayNumber(Day day) {
  return static_cast<int32_t>(day - Day(1970, 1, 1));
}

Day DayFromNumber(int32_t number) { return Day(1970, 1, 1) + number; }

}  // namespace comity
