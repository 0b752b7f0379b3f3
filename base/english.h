// English for sentences that are made from records.

#ifndef COMITY_BASE_ENGLISH_H_
#define COMITY_BASE_ENGLISH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace comity {

// Name of the language of a BCP 47 tag: `Portuguese (Brazil)`; a tag that ICU
// has no name for stays as it is.
std::string LanguageName(absl::string_view tag);

// `a`, `a and b`, `a, b and c`; `word` is `and` or `or`.
std::string Enumerate(const std::vector<std::string>& items,
                      absl::string_view word);

// A treaty's title inside a sentence: `the Firearms Protocol`, but `UNTOC`. A
// title of several words takes the article unless it begins with one.
std::string WithArticle(absl::string_view title);

// A title of a thing inside a sentence: `mutual legal assistance` for `Mutual
// legal assistance`. Abbreviations stay.
std::string InSentence(absl::string_view title);

// `The Netherlands …` for `the Netherlands …`; all else stays as it is.
std::string StartSentence(absl::string_view text);

}  // namespace comity

#endif  // COMITY_BASE_ENGLISH_H_
