// The words of a text, in any script, and the forms in which they are compared.

#ifndef COMITY_BASE_WORDS_H_
#define COMITY_BASE_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/languages.h"

namespace comity {

// A word of a text, or a character of a script that has no spaces between
// words (Chinese, Japanese, Korean).
struct Word {
  enum class Kind : uint8_t { kWord, kCharacter };
  Kind kind;
  // It has digits, of any script.
  bool has_digit;
  // It lost its last vowel before the next word: l', dell'.
  bool elided;
  // Signs `§` since the word before, at most 3.
  uint8_t section_signs;
  // Bytes of the text, [begin, end), whole characters.
  size_t begin;
  size_t end;
  // FoldWord of the word where that comes cheaply: for kCharacter, and for
  // kWord of ASCII letters. Empty: call FoldWord. Valid until the next Next.
  absl::string_view folded;
};

// Finds words as UAX 29 (Unicode Text Segmentation) does, but for what a search
// needs: numbers end at points and commas, hyphens and underscores part words,
// elided words are words (`l'article` is two), a possessive 's is dropped,
// letters with points between them are one word (`U.S.C.`), and so are digits
// with Latin, Greek or Cyrillic letters (`129a`). Thai, Lao, Khmer and Burmese
// are parted by ICU's dictionaries. Takes any bytes; what is not UTF-8 parts
// words. What it finds does not depend on a language, so that a query is parted
// as the texts are.
// Not thread-safe: keep one a thread, it holds ICU's break iterator.
class WordFinder {
 public:
  WordFinder();
  ~WordFinder();
  WordFinder(const WordFinder&) = delete;
  WordFinder& operator=(const WordFinder&) = delete;

  // `text` must outlive the calls of Next.
  void Start(absl::string_view text);

  // The next word; false at the end.
  bool Next(Word* word);

  // Signs `§` after the last word, once Next has returned false.
  int section_signs() const { return section_signs_; }

 private:
  struct Segment {
    size_t begin;
    size_t end;
  };
  struct Progress;

  void ReadWord(Word* word);
  bool ReadInWord(Progress* progress);
  bool JoinsLetters(int32_t sign, size_t next, const Progress& progress) const;
  bool ReadApostrophe(size_t size, Progress* progress);
  bool ReadAcronymPoint(Progress* progress);
  void ReadSmallDigits(Word* word);
  void ReadCharacter(Word* word);
  void ReadRun();
  void Emit(Word::Kind kind, size_t begin, size_t end, Word* word);

  absl::string_view text_;
  size_t at_ = 0;
  int section_signs_ = 0;
  // Words of a run that the dictionaries parted, and the next to be returned.
  std::vector<Segment> segments_;
  size_t segment_ = 0;
  std::string folded_;
  struct Breaker;
  std::unique_ptr<Breaker> breaker_;
};

// A word in the form in which texts of all languages are compared:
// compatibility forms, case, marks and points folded, letters that only fonts
// or habits tell apart brought together (ø to o, ß to ss, ё to е, ى and ی to ي,
// ة to ه, traditional Chinese characters to simplified ones), digits of all
// scripts to ASCII. Marks that are letters (vowels of Devanagari, Thai, Thaana;
// й) stay, and so do the letters in `keep`, in lower case, and all marks if
// `keep_marks`. Idempotent; empty if nothing is left. Takes any bytes.
std::string FoldWord(absl::string_view word, absl::string_view keep = "",
                     bool keep_marks = false);

// A word as the language's stemmer wants it: lower case as the language has it,
// in the letters that it knows, with their accents.
std::string SpellWord(absl::string_view word, const Language& language);

// ISO 15924 codes of the scripts that the letters of a text are of, as Unicode
// gives them (`Latn`, `Hani`), each once, by first use; at most 8. Takes any
// bytes.
std::vector<std::string> ScriptsOf(absl::string_view text);

// The longest beginning of `text` with at most `bytes_max` bytes that does not
// end inside a character.
absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max);

}  // namespace comity

#endif  // COMITY_BASE_WORDS_H_
