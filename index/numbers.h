// Citations and numbers of laws as people write them, in one form each.
//
//   § 129a · §§ 129 a · 129a                           129a
//   art. 416 bis · article 416-bis · 416bis            416bis
//   s 59(2) · section 59 (2) · Artikel 59 Abs. 2 ·
//     пункт 2 статьи 59 · art. 59, comma 2             59(2) and 59
//   第二百六十六条 · 第266条                           266
//   статья 174.1 · ст. 174-1 · 174¹ · 第百七十四条の一 174.1
//   المادة 12 · المادة الثانية عشرة · አንቀጽ ፲፪           12
//   5 § · 5. cikk · 5 straipsnis                       5
//   2019/679 · No. 679 of 2019 · 679/2019 ·
//     رقم 679 لسنة 2019 · 〔2019〕679号                679/2019
//   1103-V · 1103-v                                    1103v
//   2017:630                                           630/2017
//   Ley 27.430                                         27430
//
// Plain numbers are words and nothing more, unless a word or sign for an
// article or section stands beside them. Roman numerals are words.

#ifndef COMITY_INDEX_NUMBERS_H_
#define COMITY_INDEX_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace comity::index {

// What a word can mean inside a citation.
struct NumberSign {
  uint32_t roles = 0;
  // Of words for numbers.
  uint32_t value = 0;
};

// The sign that a word, in the form of FoldWord, can be.
NumberSign FindNumberSign(absl::string_view folded);

// Reads the words of a text in their order and gives the numbers among them,
// whatever the language. Every number is given after its words were added, and
// before Finish returns. Takes time linear in the words. Not thread-safe.
class NumberReader {
 public:
  struct Number {
    // Valid during the call. At most kNumberBytesMax.
    absl::string_view text;
    // Bytes of the text, [begin, end), with the word for its kind.
    size_t begin;
    size_t end;
    // Position of its first word.
    uint32_t position;
  };
  using Sink = absl::FunctionRef<void(const Number&)>;
  static constexpr size_t kNumberBytesMax = 64;

  struct Input {
    absl::string_view folded;
    NumberSign sign;
    // Of Chinese, Japanese or Korean, not a word.
    bool is_character;
    bool has_digit;
    // Signs `§` before the word.
    int section_signs;
    size_t begin;
    size_t end;
    uint32_t position;
  };

  // `text` must outlive the calls of Add and Finish.
  void Start(absl::string_view text);
  void Add(const Input& word, Sink sink) {
    // Nearly all words of a text.
    if (items_.empty() && !word.has_digit && word.section_signs == 0 &&
        word.sign.roles == 0) {
      return;
    }
    AddSlowly(word, sink);
  }
  // `section_signs` stand behind the last word.
  void Finish(int section_signs, Sink sink);

 private:
  // A word that can be part of a citation, or of several in a row.
  struct Item {
    std::string text;
    NumberSign sign;
    bool is_character;
    int section_signs;
    size_t begin;
    size_t end;
    uint32_t position;
  };
  struct Reading;

  void AddSlowly(const Input& word, Sink sink);
  void Close(int section_signs, Sink sink);

  absl::string_view text_;
  std::vector<Item> items_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_NUMBERS_H_
