// How each language is written and searched: one table, a row per language.

#ifndef COMITY_BASE_LANGUAGES_H_
#define COMITY_BASE_LANGUAGES_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace comity {

// How words are found in a language's own script. A piece of text in another
// script is always taken as that script needs, so a Chinese name in a German
// law is found too.
enum class WordRule : uint8_t {
  // Between spaces and punctuation (UAX 29).
  kSpaces,
  // Each character and each pair of neighbours.
  kPairs,
  // No spaces, but words: by ICU's dictionaries.
  kDictionary,
};

// A row of the table. Lists are words with single spaces between them, in the
// language's normal spelling and in lower case. English names: LanguageName in
// base/english.h.
struct Language {
  // BCP 47: the primary subtag, and the script where a language has two of
  // which this is not the usual one.
  absl::string_view tag;
  // ISO 15924.
  absl::string_view script = "Latn";
  WordRule words = WordRule::kSpaces;
  bool right_to_left = false;
  // Name of a Snowball stemmer; empty: none is made for it.
  absl::string_view stemmer = "";
  // Where there is no stemmer: endings of cases and numbers, without accents;
  // a stem is what remains without the longest that leaves three letters.
  absl::string_view endings = "";
  // Letters with marks that are letters of their own to those who write the
  // language, and stay in stems. All others lose their marks there.
  absl::string_view letters = "";
  // Marks tell words apart that have nothing else to do with one another, so
  // all stay in stems.
  bool marks_matter = false;
  // I without a dot is another letter than i.
  bool dotless_i = false;
  // Case endings of names follow an apostrophe.
  bool endings_after_apostrophe = false;
  // Words that lose their last vowel before another vowel; an apostrophe parts
  // them from the word that follows.
  absl::string_view elisions = "";
  // The article, with what may be written onto it, where it is written onto its
  // word: taken off before stemming if two letters are left.
  absl::string_view articles = "";
  // Pairs of a letter and the one that the stemmer knows it by.
  absl::string_view respelled = "";
  // Endings that people also write without their accents, and that the stemmer
  // knows only with them.
  absl::string_view accented_endings = "";
  // Words that say little of what a text is about. For pairs of characters
  // (WordRule::kPairs): characters and pairs.
  absl::string_view stopwords = "";
};

// All rows, ordered by tag.
absl::Span<const Language> Languages();

// The row for a BCP 47 tag. A tag without a row falls back as readers of the
// language do: `pt-BR` to `pt`, `zh-TW` to `zh-Hant`, `no` and `nn` to `nb`,
// `sh` and `sr-ME` to `sr-Latn`, `prs` to `fa`, `fra` to `fr`. Null if no row
// is near, for `und`, and for what is no tag.
const Language* FindLanguage(absl::string_view tag);

// The row of no language, tag `und`: words between spaces, no stems. For texts
// in languages that have no row.
const Language& UnknownLanguage();

// True if the language is written in the script, an ISO 15924 code as Unicode
// gives it to characters: Japanese in `Hani`, `Hira` and `Kana`.
bool IsWrittenIn(const Language& language, absl::string_view script);

}  // namespace comity

#endif  // COMITY_BASE_LANGUAGES_H_
