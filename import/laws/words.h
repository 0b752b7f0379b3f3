// The words by which laws of each language name their parts: one table.

#ifndef COMITY_IMPORT_LAWS_WORDS_H_
#define COMITY_IMPORT_LAWS_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "comity/v1/law.pb.h"

namespace comity::laws {

// How a word stands to its number.
enum class Order {
  kBoth,
  kWordFirst,    // Article 5
  kNumberFirst,  // 5. pants
  kAlone,        // TRANSITORIOS: no number at all
};

struct Word {
  v1::Provision::Kind kind;
  // Groupings of a lower rank hold those of a higher.
  int rank;
  Order order;
  // The word as the table has it, for ids of its own: `geçici madde`; empty:
  // ids are made of the kind.
  absl::string_view own_id;
};

// The word of `language` (BCP 47; its first part counts) that folds to
// `folded`; nullptr: none. A language that is not in the table has all words.
const Word* FindWord(absl::string_view language, absl::string_view folded);

// True if `§` before or after a number names a basic unit in the language,
// rather than a paragraph of an article.
bool SectionSignIsBasic(absl::string_view language);

// True if laws of the language number their basic units without a word: `1.`.
bool NumbersStandAlone(absl::string_view language);

// True for a line that announces a table of contents.
bool IsContentsTitle(absl::string_view folded);

// True for a word that follows the number where a law is only cited (`§ 5 Abs.
// 2`, `المادة 5 من`), so that the line is no label.
bool IsCitingWord(absl::string_view folded);

// Tags of the languages in the table.
std::vector<std::string> WordLanguages();

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_WORDS_H_
