#include "base/months.h"

#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>

#include <string>

#include "absl/container/flat_hash_map.h"
#include "base/languages.h"
#include "base/words.h"

namespace comity {
namespace {

using Names = absl::flat_hash_map<std::string, uint16_t>;

constexpr int kMonths = 12;

void AddNames(const icu::DateFormatSymbols& symbols, Names* names) {
  using Symbols = icu::DateFormatSymbols;
  for (const auto context : {Symbols::FORMAT, Symbols::STANDALONE}) {
    for (const auto width : {Symbols::WIDE, Symbols::ABBREVIATED}) {
      int32_t count = 0;
      const icu::UnicodeString* months =
          symbols.getMonths(count, context, width);
      for (int32_t month = 0; month < count && month < kMonths; ++month) {
        std::string name;
        months[month].toUTF8String(name);
        WordFinder finder;
        finder.Start(name);
        Word word;
        Word next;
        // Of one word, and without digits, which some languages number by.
        if (!finder.Next(&word) || word.has_digit || finder.Next(&next) ||
            word.kind != Word::Kind::kWord) {
          continue;
        }
        const std::string folded =
            FoldWord(name.substr(word.begin, word.end - word.begin));
        if (!folded.empty()) {
          (*names)[folded] |= static_cast<uint16_t>(2U << month);
        }
      }
    }
  }
}

const Names& AllNames() {
  static const Names* const all = [] {
    auto* names = new Names;
    for (const Language& language : Languages()) {
      UErrorCode status = U_ZERO_ERROR;
      const icu::DateFormatSymbols symbols(
          icu::Locale::createFromName(std::string(language.tag).c_str()),
          status);
      if (U_SUCCESS(status) != 0) AddNames(symbols, names);
    }
    return names;
  }();
  return *all;
}

}  // namespace

uint16_t MonthsOfWord(absl::string_view folded) {
  const auto found = AllNames().find(folded);
  return found == AllNames().end() ? uint16_t{0} : found->second;
}

}  // namespace comity
