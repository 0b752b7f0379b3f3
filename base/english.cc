#include "base/english.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace comity {

namespace {

std::string NameByIcu(const std::string& text) {
  icu::UnicodeString name;
  icu::Locale::createCanonical(text.c_str())
      .getDisplayName(icu::Locale::getEnglish(), name);
  std::string result;
  name.toUTF8String(result);
  return result.empty() ? text : result;
}

// Names of all languages of two letters, which nearly all tags are: ICU takes
// microseconds to find one.
using ShortNames = std::array<std::array<std::string, 26>, 26>;

const ShortNames& TheShortNames() {
  static const auto* const names = [] {
    auto* all = new ShortNames;
    for (char first = 'a'; first <= 'z'; ++first) {
      for (char second = 'a'; second <= 'z'; ++second) {
        (*all)[static_cast<size_t>(first - 'a')]
              [static_cast<size_t>(second - 'a')] = NameByIcu({first, second});
      }
    }
    return all;
  }();
  return *names;
}

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string LanguageName(absl::string_view tag) {
  // ICU takes the empty tag for a language that is not known.
  if (tag.empty()) return "";
  if (tag.size() == 2 && IsLetter(tag[0]) && IsLetter(tag[1])) {
    return TheShortNames()[static_cast<size_t>(tag[0] - 'a')]
                          [static_cast<size_t>(tag[1] - 'a')];
  }
  return NameByIcu(std::string(tag));
}

std::string Enumerate(const std::vector<std::string>& items,
                      absl::string_view word) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0 && i + 1 == items.size()) {
      absl::StrAppend(&text, " ", word, " ");
    } else if (i > 0) {
      absl::StrAppend(&text, ", ");
    }
    absl::StrAppend(&text, items[i]);
  }
  return text;
}

std::string WithArticle(absl::string_view title) {
  const bool one_word = !absl::StrContains(title, ' ');
  if (one_word || absl::StartsWithIgnoreCase(title, "the ")) {
    return std::string(title);
  }
  return absl::StrCat("the ", title);
}

std::string InSentence(absl::string_view title) {
  std::string text(title);
  const auto is_upper = [&text](size_t at) {
    return absl::ascii_isupper(static_cast<unsigned char>(text[at]));
  };
  const auto is_lower = [&text](size_t at) {
    return absl::ascii_islower(static_cast<unsigned char>(text[at]));
  };
  if (text.size() > 1 && is_upper(0) && is_lower(1)) {
    text[0] = absl::ascii_tolower(static_cast<unsigned char>(text[0]));
  }
  return text;
}

std::string StartSentence(absl::string_view text) {
  std::string sentence(text);
  if (absl::StartsWith(sentence, "the ")) sentence[0] = 'T';
  return sentence;
}

}  // namespace comity
