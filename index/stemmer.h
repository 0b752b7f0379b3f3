// Stems of words, for any language of the table.

#ifndef COMITY_INDEX_STEMMER_H_
#define COMITY_INDEX_STEMMER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/languages.h"

namespace comity::index {

// Not thread-safe: keep one a thread.
class Stemmer {
 public:
  // `language` is a row of the table. FailedPrecondition if neither Xapian nor
  // libstemmer has the stemmer that it names.
  static absl::StatusOr<std::unique_ptr<Stemmer>> Create(
      const Language& language);

  virtual ~Stemmer() = default;

  // The stem of a word as written, without accents other than those of letters
  // of the language. Empty if the language has no stems, and for words of which
  // nothing is left.
  std::string Stem(absl::string_view word) const;

 protected:
  explicit Stemmer(const Language* language) : language_(language) {}
  // The stem of a word as SpellWord spells it.
  virtual std::string StemSpelt(const std::string& word) const = 0;

  const Language* const language_;
};

// True if texts in the language have stems beside their words.
bool HasStems(const Language& language);

}  // namespace comity::index

#endif  // COMITY_INDEX_STEMMER_H_
