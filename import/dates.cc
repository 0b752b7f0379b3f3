#include "base/dates.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "import/values.h"

namespace comity {
namespace {

// No date that people write is longer.
constexpr size_t kDateBytesMax = 64;

constexpr char kDayRule[] =
    "must be a day of the calendar, such as 2011-09-22 or 22 September 2011";
constexpr char kPartialRule[] =
    "must be a day, a month or a year, such as 2011-09-22, 2011-09 or 2011";

// Months by folded name and abbreviation; no two languages disagree.
int MonthOf(absl::string_view word) {
  static const auto* const kMonths = [] {
    constexpr const char* kNames[] = {
        "january jan janvier janv enero ene",
        "february feb fevrier fevr fev febrero febr",
        "march mar mars marzo",
        "april apr avril avr abril abr",
        "may mai mayo",
        "june jun juin junio",
        "july jul juillet juil julio",
        "august aug aout agosto ago",
        "september sept sep septembre septiembre setiembre set",
        "october oct octobre octubre",
        "november nov novembre noviembre",
        "december dec decembre diciembre dic"};
    auto* months = new absl::flat_hash_map<std::string, int>();
    for (int month = 1; month <= 12; ++month) {
      for (const absl::string_view name :
           absl::StrSplit(kNames[month - 1], ' ')) {
        months->try_emplace(std::string(name), month);
      }
    }
    return months;
  }();
  const auto found = kMonths->find(word);
  return found == kMonths->end() ? 0 : found->second;
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

int Number(absl::string_view digits) {
  int number = 0;
  return digits.size() <= 4 && absl::SimpleAtoi(digits, &number) ? number : 0;
}

absl::StatusOr<std::string> Checked(int year, int month, int day) {
  const std::string text = absl::StrFormat("%04d-%02d-%02d", year, month, day);
  if (!ParseDay(text).has_value()) return absl::InvalidArgumentError(kDayRule);
  return text;
}

// `a/b/year`, where one of a and b is the day.
absl::StatusOr<std::string> DayAndMonth(int a, int b, int year, bool dotted,
                                        v1::DateOrder order) {
  const bool may_be_day_first = b <= 12;
  const bool may_be_month_first = a <= 12;
  if (order == v1::DATE_ORDER_UNSPECIFIED && dotted) {
    order = v1::DATE_ORDER_DAY_FIRST;
  }
  switch (order) {
    case v1::DATE_ORDER_DAY_FIRST:
      return Checked(year, b, a);
    case v1::DATE_ORDER_MONTH_FIRST:
      return Checked(year, a, b);
    default:
      break;
  }
  if (may_be_day_first && may_be_month_first && a != b) {
    return absl::InvalidArgumentError(
        "is ambiguous: state whether the day or the month comes first");
  }
  return may_be_day_first ? Checked(year, b, a) : Checked(year, a, b);
}

// The number of `22`, `22nd`, `1er`, `1o`; 0 for other words.
int DayOfMonth(absl::string_view word) {
  const size_t digits =
      std::min(word.find_first_not_of("0123456789"), word.size());
  const absl::string_view suffix = word.substr(digits);
  if (digits == 0 || digits > 2) return 0;
  if (!suffix.empty() && suffix != "st" && suffix != "nd" && suffix != "rd" &&
      suffix != "th" && suffix != "er" && suffix != "o") {
    return 0;
  }
  return Number(word.substr(0, digits));
}

// Dates with the month in letters. `partial`: the day may be left out.
absl::StatusOr<std::string> InWords(absl::string_view text, bool partial) {
  const std::string folded = Fold(text);
  std::vector<absl::string_view> words;
  for (const absl::string_view word :
       absl::StrSplit(folded, ' ', absl::SkipEmpty())) {
    if (word != "de" && word != "del" && word != "of" && word != "the" &&
        word != "le" && word != "el") {
      words.push_back(word);
    }
  }
  const char* const rule = partial ? kPartialRule : kDayRule;
  if (partial && words.size() == 2 && words[1].size() == 4) {
    const int month = MonthOf(words[0]);
    const int year = IsDigits(words[1]) ? Number(words[1]) : 0;
    if (month == 0 || year == 0) return absl::InvalidArgumentError(rule);
    return absl::StrFormat("%04d-%02d", year, month);
  }
  if (words.size() != 3) return absl::InvalidArgumentError(rule);
  // Year first (2011 September 22), day first or month first.
  if (IsDigits(words[0]) && words[0].size() == 4) {
    std::rotate(words.begin(), words.begin() + 1, words.end());
  }
  const bool month_first = MonthOf(words[0]) != 0;
  const int month = MonthOf(words[month_first ? 0 : 1]);
  const int day = DayOfMonth(words[month_first ? 1 : 0]);
  if (month == 0 || day == 0 || words[2].size() != 4 || !IsDigits(words[2])) {
    return absl::InvalidArgumentError(rule);
  }
  return Checked(Number(words[2]), month, day);
}

// A time of day behind a date, as programs add it: ` 00:00:00`, `T10:30Z`.
absl::string_view WithoutTime(absl::string_view text) {
  if (text.size() < 15 || (text[10] != ' ' && text[10] != 'T') ||
      text[13] != ':') {
    return text;
  }
  const absl::string_view time = text.substr(11);
  const bool is_time =
      time.find_first_not_of("0123456789:.Z+") == absl::string_view::npos;
  return is_time ? text.substr(0, 10) : text;
}

absl::StatusOr<std::string> Parse(absl::string_view text, bool partial,
                                  v1::DateOrder order) {
  text = Trim(text);
  const char* const rule = partial ? kPartialRule : kDayRule;
  if (text.empty() || text.size() > kDateBytesMax) {
    return absl::InvalidArgumentError(rule);
  }
  if (ParseDay(text).has_value()) return std::string(text);
  if (partial && ParsePartialDay(text).has_value()) return std::string(text);
  text = WithoutTime(text);
  const size_t at = text.find_first_of("/.-");
  const char separator = at == absl::string_view::npos ? ' ' : text[at];
  const std::vector<absl::string_view> parts = absl::StrSplit(text, separator);
  if (parts.size() == 3 && IsDigits(parts[0]) && IsDigits(parts[1]) &&
      IsDigits(parts[2])) {
    if (parts[0].size() == 4 && parts[1].size() <= 2 && parts[2].size() <= 2) {
      return Checked(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    }
    if (parts[0].size() > 2 || parts[1].size() > 2 || parts[2].size() != 4) {
      return absl::InvalidArgumentError(
          parts[2].size() == 2 ? "must have a year of four digits" : rule);
    }
    return DayAndMonth(Number(parts[0]), Number(parts[1]), Number(parts[2]),
                       separator == '.', order);
  }
  return InWords(text, partial);
}

}  // namespace

absl::StatusOr<std::string> ParseDate(absl::string_view text,
                                      v1::DateOrder order) {
  return Parse(text, /*partial=*/false, order);
}

absl::StatusOr<std::string> ParsePartialDate(absl::string_view text,
                                             v1::DateOrder order) {
  return Parse(text, /*partial=*/true, order);
}

absl::StatusOr<std::string> ParseAsOf(absl::string_view text,
                                      v1::DateOrder order) {
  text = Trim(text);
  absl::StatusOr<std::string> whole = ParsePartialDate(text, order);
  if (whole.ok()) return whole;
  // What follows in brackets says why, not when.
  const size_t bracket = text.find('(');
  if (bracket != absl::string_view::npos && bracket > 0 &&
      absl::EndsWith(text, ")")) {
    text = Trim(text.substr(0, bracket));
  }
  // Complete up to that day at least.
  for (const absl::string_view word :
       {"after ", "as of ", "au ", "après le ", "después del ", "al "}) {
    if (absl::StartsWithIgnoreCase(text, word)) {
      text = Trim(text.substr(word.size()));
      break;
    }
  }
  absl::StatusOr<std::string> rest = ParsePartialDate(text, order);
  return rest.ok() ? rest : whole;
}

}  // namespace comity
