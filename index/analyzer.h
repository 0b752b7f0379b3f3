// Texts and queries taken apart into the terms of the search index: one code
// for both, so that they cannot disagree.

#ifndef COMITY_INDEX_ANALYZER_H_
#define COMITY_INDEX_ANALYZER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/languages.h"

namespace comity::index {

enum class TokenKind : uint8_t {
  kWord,
  // A character of Chinese, Japanese or Korean, at its own position.
  kCharacter,
  // Two such characters that are neighbours, at the position of the first. To
  // be indexed without its position, as Xapian does with n-grams: phrases are
  // found by the characters.
  kPair,
  // A number or citation in the form of index/numbers.h, in addition to its
  // words, at the position of the first. Without position, prefix `XN`.
  kNumber,
};

// A term of a text. Terms and stems come without prefix, and hold at most
// fields::kWordBytesMax bytes: longer words are cut. They have neither upper
// case nor NUL.
struct Token {
  TokenKind kind;
  // A word that says little, for ranking; it is a term all the same.
  bool stopword = false;
  // FoldWord of the word: the same in every language.
  absl::string_view term = {};
  // For the prefix `Z`, without position. Empty for words of languages without
  // stems, words with digits, stopwords, characters and numbers.
  absl::string_view stem = {};
  // Counted from 0 by words and characters.
  uint32_t position;
  // Bytes of the text, [begin, end), whole characters. Numbers with the word
  // for their kind (`art. 5`).
  size_t begin;
  size_t end;
};

// A term of a query.
struct QueryToken {
  TokenKind kind;
  // In the first of the languages.
  bool stopword;
  std::string term;
  // Those of all the languages, each once, in the order of the languages.
  std::vector<std::string> stems;
  uint32_t position;
  size_t begin;
  size_t end;
};

// Not thread-safe: keep one a thread. It holds stemmers, break iterators and a
// cache of about 2 MB, which make it fast; what it gives does not depend on
// what it was asked before. Takes any bytes: what is not UTF-8 parts words.
class Analyzer {
 public:
  // FailedPrecondition if a stemmer of the table of languages is missing.
  static absl::StatusOr<std::unique_ptr<Analyzer>> Create();
  ~Analyzer();

  // Gives each token of the text to `sink`, words in their order; strings are
  // valid during the call, which must not use the analyzer. `language` is a row
  // of the table of languages, or UnknownLanguage(). Returns how many positions
  // were used.
  uint32_t Analyze(absl::string_view text, const Language& language,
                   absl::FunctionRef<void(const Token&)> sink);

  // The tokens of a query that may be in any of the languages, of which the
  // likeliest comes first. Without languages there are no stems. Whole numbers
  // of four digits and more, years excepted, are given as words and as numbers,
  // for texts have `27430` and `27.430`.
  std::vector<QueryToken> AnalyzeQuery(
      absl::string_view query, absl::Span<const Language* const> languages);

 private:
  class Dictionary;
  struct Tables;

  explicit Analyzer(std::unique_ptr<Tables> tables);

  std::unique_ptr<Tables> tables_;
};

// Languages that a query may be in: of `hints`, BCP 47 tags, those that are
// written in a script of it; if none is, or there are no hints, all of the
// table that are. The likeliest first: by stopwords, then by letters that few
// languages have, then as hinted or in the order of how much law is written in
// them. Languages that would give the same terms are given once.
std::vector<const Language*> LanguagesOfQuery(
    absl::string_view query, absl::Span<const absl::string_view> hints);

}  // namespace comity::index

#endif  // COMITY_INDEX_ANALYZER_H_
