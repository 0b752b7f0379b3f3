#include "index/date_reader.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "base/months.h"

namespace comity::index {
namespace {

constexpr int kYearMin = 1500;
constexpr int kYearMax = 2199;
constexpr int kMonths = 12;
constexpr int kDaysMax = 31;

// Digits alone.
std::optional<int> NumberOf(absl::string_view word, int least, int most) {
  int number = 0;
  constexpr size_t kDigitsMax = 4;
  if (word.size() > kDigitsMax || !absl::SimpleAtoi(word, &number) ||
      number < least || number > most) {
    return std::nullopt;
  }
  return number;
}

// `12`, `1er`, `2nd`.
std::optional<int> DayOfWord(absl::string_view word) {
  size_t digits = 0;
  while (digits < word.size() && absl::ascii_isdigit(word[digits])) ++digits;
  constexpr size_t kEndingMax = 3;
  if (digits == 0 || word.size() - digits > kEndingMax) return std::nullopt;
  return NumberOf(word.substr(0, digits), 1, kDaysMax);
}

std::optional<int> YearOfWord(absl::string_view word) {
  return NumberOf(word, kYearMin, kYearMax);
}

// Between the parts of a date.
bool IsFiller(absl::string_view word) {
  for (const absl::string_view filler : {"de", "del", "of", "di", "m", "г"}) {
    if (word == filler) return true;
  }
  return false;
}

}  // namespace

const DateReader::Item* DateReader::At(size_t back) const {
  if (back >= count_ || back >= kItems) return nullptr;
  return &items_[(count_ - 1 - back) % kItems];
}

// What stands behind the word, up to the next.
absl::string_view DateReader::Between(size_t back) const {
  const size_t begin = At(back)->end;
  return text_.substr(begin, At(back - 1)->begin - begin);
}

void DateReader::Give(int year, int month, int day, size_t back,
                      Sink sink) const {
  const absl::CivilDay date(year, month, day);
  // The 31st of June.
  if (date.month() != month) return;
  const std::string text = absl::StrFormat("%04d-%02d-%02d", year, month, day);
  const Item& first = *At(back);
  sink({text, first.begin, At(0)->end, first.position});
}

void DateReader::Read(Sink sink) const {
  // The last words without fillers, the last of them first.
  constexpr size_t kParts = 3;
  size_t parts[kParts] = {0, 0, 0};
  size_t count = 1;
  for (size_t back = 1; count < kParts; ++back) {
    const Item* item = At(back);
    if (item == nullptr) break;
    if (!IsFiller(item->text)) parts[count++] = back;
  }
  if (count == kParts) {
    const absl::string_view last = At(0)->text;
    const absl::string_view middle = At(parts[1])->text;
    const absl::string_view first = At(parts[2])->text;
    const auto give = [&](absl::string_view year_word,
                          absl::string_view month_word,
                          absl::string_view day_word) {
      const std::optional<int> year = YearOfWord(year_word);
      const std::optional<int> day = DayOfWord(day_word);
      if (!year.has_value() || !day.has_value()) return;
      const uint16_t months = MonthsOfWord(month_word);
      for (int month = 1; month <= kMonths; ++month) {
        if ((months >> month & 1) != 0) {
          Give(*year, month, *day, parts[2], sink);
        }
      }
    };
    give(last, middle, first);
    give(last, first, middle);
    give(first, middle, last);
  }
  // By numbers alone: with one sign between, so that no list of numbers is one.
  if (At(2) != nullptr) {
    const absl::string_view gap = Between(1);
    if (gap == Between(2) && (gap == "-" || gap == "." || gap == "/")) {
      const std::optional<int> month = NumberOf(At(1)->text, 1, kMonths);
      const bool year_first = YearOfWord(At(2)->text).has_value();
      const auto year = YearOfWord(At(year_first ? 2 : 0)->text);
      const auto day = NumberOf(At(year_first ? 0 : 2)->text, 1, kDaysMax);
      if (month.has_value() && year.has_value() && day.has_value()) {
        Give(*year, *month, *day, 2, sink);
      }
    }
  }
  constexpr size_t kFirst = 4;
  if (At(kFirst) == nullptr) return;
  // 2021年8月12日, 2021년 8월 12일 · ngày 12 tháng 8 năm 2021
  const absl::string_view signs[] = {At(3)->text, At(1)->text};
  const bool east = (signs[0] == "年" && signs[1] == "月") ||
                    (signs[0] == "년" && signs[1] == "월");
  const bool vietnamese = signs[0] == "thang" && signs[1] == "nam";
  if (!east && !vietnamese) return;
  const auto year = YearOfWord(At(east ? kFirst : 0)->text);
  const auto month = NumberOf(At(2)->text, 1, kMonths);
  const auto day = NumberOf(At(east ? 0 : kFirst)->text, 1, kDaysMax);
  if (year.has_value() && month.has_value() && day.has_value()) {
    Give(*year, *month, *day, kFirst, sink);
  }
}

}  // namespace comity::index
