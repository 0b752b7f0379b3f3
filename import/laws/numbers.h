// Numbers as laws print them: digits of any script, Roman, Chinese numerals,
// letters, and ordinals in words.

#ifndef COMITY_IMPORT_LAWS_NUMBERS_H_
#define COMITY_IMPORT_LAWS_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace comity::laws {

struct Number {
  // As `Provision.number` has it: `416 bis`, `129a`, `12`, `IV` as `4`.
  std::string text;
  // The leading number; -1: it is none (`A`, `unico`).
  int64_t value = -1;
  // Bytes of the text that it takes, without what separates it from the rest.
  size_t bytes = 0;
  // More than the leading number: `129a`, `5-1`.
  bool suffixed = false;
  // Not written in digits.
  bool in_words = false;
  bool roman = false;
  bool letter = false;
};

// The number that `text` begins with. `letters`: a single capital letter is one
// (`Part A`).
std::optional<Number> ParseNumber(absl::string_view text, bool letters);

// A word and the bytes up to its end, skipping white space before it; empty at
// anything else. A run of letters, marks and digits.
absl::string_view NextWord(absl::string_view text, size_t* end);

// Value of an ordinal or cardinal in words, folded (base/text.h); -1: none.
// 0 stands for `unico` and its like: the only one.
int64_t OrdinalValue(absl::string_view folded);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_NUMBERS_H_
