#include "base/words.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace comity {
namespace {

// Longer words are folded by their beginning; terms are shorter by far.
constexpr size_t kWordBytesMax = 1024;
// Of a word, what is folded while it is found; more does not fit a term.
constexpr size_t kFoldedBytesMax = 256;
// Bytes of one run that the dictionaries part at a time.
constexpr size_t kRunBytesMax = 8192;

// Characters
// -------------------------------------------------------------------

// What a character is to the search for words.
enum class Class : uint8_t {
  kOther,      // Parts words.
  kLetter,     // Of Latin, Greek or Cyrillic, which digits join.
  kUnjoined,   // Of another alphabet.
  kHebrew,     // UAX 29 has rules of its own for its quotes.
  kCharacter,  // Of Chinese, Japanese, Korean.
  kComplex,    // Of a script that dictionaries part.
  kDigit,
  kSmallDigit,  // Above or below the line, in a circle, …
  kExtend,      // Mark or format character: goes with what is before it.
  kOrdinal,     // º and ª.
  kApostrophe,
  kMiddleDot,
  kSectionSign,
};

bool IsMark(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

Class ClassOfLetter(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
      return Class::kLetter;
    case USCRIPT_HEBREW:
      return Class::kHebrew;
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
      return Class::kCharacter;
    default:
      // Signs that lengthen or repeat kana are of no script.
      if (uscript_hasScript(c, USCRIPT_KATAKANA) ||
          uscript_hasScript(c, USCRIPT_HIRAGANA)) {
        return Class::kCharacter;
      }
      return Class::kUnjoined;
  }
}

Class ClassOf(UChar32 c) {
  switch (c) {
    case '\'':
    case '`':
    case 0x00B4:  // ´
    case 0x02B9:  // ʹ
    case 0x02BB:  // ʻ
    case 0x02BC:  // ʼ
    case 0x02BD:  // ʽ
    case 0x2018:  // ‘
    case 0x2019:  // ’
    case 0xFF07:  // ＇
      return Class::kApostrophe;
    case 0x00A7:  // §
      return Class::kSectionSign;
    case 0x00AA:  // ª
    case 0x00BA:  // º
      return Class::kOrdinal;
    case 0x00B7:  // ·
      return Class::kMiddleDot;
    case 0x200B:  // Space without width: parts words of Thai and Khmer.
      return Class::kOther;
    default:
      break;
  }
  const int8_t type = u_charType(c);
  if (type == U_DECIMAL_DIGIT_NUMBER) return Class::kDigit;
  // Numbers of Ethiopic.
  if (c >= 0x1369 && c <= 0x137C) return Class::kDigit;
  const bool complex =
      u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
  if (complex) return Class::kComplex;
  if (IsMark(c) || type == U_FORMAT_CHAR) return Class::kExtend;
  if (type == U_OTHER_NUMBER) {
    return u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE) == U_NT_DIGIT
               ? Class::kSmallDigit
               : Class::kOther;
  }
  return u_isUAlphabetic(c) ? ClassOfLetter(c) : Class::kOther;
}

// Classes of the first plane, which nearly all text is in.
class ClassTable {
 public:
  ClassTable() {
    for (size_t c = 0; c < classes_.size(); ++c) {
      classes_[c] = ClassOf(static_cast<UChar32>(c));
    }
  }
  Class Of(UChar32 c) const {
    if (c < 0) return Class::kOther;
    const auto index = static_cast<size_t>(c);
    return index < classes_.size() ? classes_[index] : ClassOf(c);
  }

 private:
  std::array<Class, 0x10000> classes_;
};

const ClassTable& Classes() {
  static const ClassTable* const table = new ClassTable;
  return *table;
}

// The character at `*at`, which moves behind it; negative for bytes that are no
// UTF-8.
UChar32 Decode(absl::string_view text, size_t* at) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  size_t i = *at;
  UChar32 c;
  U8_NEXT(bytes, i, text.size(), c);
  *at = i;
  return c;
}

void AppendUtf8(UChar32 c, std::string* text) {
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  UBool failed = 0;
  U8_APPEND(reinterpret_cast<uint8_t*>(bytes), size, U8_MAX_LENGTH, c, failed);
  if (!failed) text->append(bytes, static_cast<size_t>(size));
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80U;
  });
}

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

// Folding
// ------------------------------------------------------------------------

const icu::Normalizer2& CaseFolding() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKCCasefoldInstance(error);
}
const icu::Normalizer2& Decomposition() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKDInstance(error);
}
const icu::Normalizer2& Composition() {
  UErrorCode error = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFCInstance(error);
}

// Letters that decomposition leaves alone and that people write for one
// another; null for all others.
const char16_t* Neighbour(UChar32 c) {
  switch (c) {
    case 0x0131:  // ı
      return u"i";
    case 0x00F8:  // ø
      return u"o";
    case 0x0142:  // ł
      return u"l";
    case 0x0111:  // đ
    case 0x00F0:  // ð
    case 0x0256:  // ɖ
    case 0x0257:  // ɗ
      return u"d";
    case 0x0253:  // ɓ
      return u"b";
    case 0x0199:  // ƙ
      return u"k";
    case 0x01B4:  // ƴ
      return u"y";
    case 0x00FE:  // þ
      return u"th";
    case 0x00E6:  // æ
      return u"ae";
    case 0x0153:  // œ
      return u"oe";
    case 0x0127:  // ħ
      return u"h";
    case 0x0167:  // ŧ
      return u"t";
    case 0x014B:  // ŋ
      return u"n";
    case 0x0259:  // ə
    case 0x01DD:  // ǝ
    case 0x025B:  // ɛ
      return u"e";
    case 0x0254:  // ɔ
      return u"o";
    case 0x0649:  // ى
    case 0x06CC:  // ی
      return u"\u064A";
    case 0x0629:  // ة
    case 0x06C1:  // ہ
    case 0x06D5:  // ە
      return u"\u0647";
    case 0x0671:  // ٱ
      return u"\u0627";
    case 0x06A9:  // ک
      return u"\u0643";
    case 0x0901:  // ँ
      return u"\u0902";
    default:
      return nullptr;
  }
}

// Amharic writes some sounds with several letters, each with its row of vowels.
UChar32 EthiopicNeighbour(UChar32 c) {
  if (c >= 0x1210 && c <= 0x1216) return c - 0x1210 + 0x1200;  // ሐ to ሀ
  if (c >= 0x1280 && c <= 0x1286) return c - 0x1280 + 0x1200;  // ኀ to ሀ
  if (c >= 0x1220 && c <= 0x1227) return c - 0x1220 + 0x1230;  // ሠ to ሰ
  if (c >= 0x12D0 && c <= 0x12D6) return c - 0x12D0 + 0x12A0;  // ዐ to አ
  if (c >= 0x1340 && c <= 0x1346) return c - 0x1340 + 0x1338;  // ፀ to ጸ
  return c;
}

// Traditional characters by their simplified ones, one for one.
class CharacterTable {
 public:
  CharacterTable() {
    icu::UnicodeString all;
    for (UChar32 c = kFirst; c < kEnd; ++c) all.append(c);
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> transliterator(
        icu::Transliterator::createInstance("Traditional-Simplified",
                                            UTRANS_FORWARD, error));
    if (transliterator != nullptr) transliterator->transliterate(all);
    const bool usable = all.length() == kEnd - kFirst;
    for (UChar32 c = kFirst; c < kEnd; ++c) {
      simplified_[static_cast<size_t>(c - kFirst)] =
          usable ? all.charAt(c - kFirst) : static_cast<char16_t>(c);
    }
  }
  UChar32 Simplified(UChar32 c) const {
    if (c < kFirst || c >= kEnd) return c;
    const UChar32 once = simplified_[static_cast<size_t>(c - kFirst)];
    if (once < kFirst || once >= kEnd) return once;
    // Some go in two steps: 乾 by way of another.
    return simplified_[static_cast<size_t>(once - kFirst)];
  }

 private:
  static constexpr UChar32 kFirst = 0x3400;
  static constexpr UChar32 kEnd = 0xA000;
  std::array<char16_t, kEnd - kFirst> simplified_;
};

const CharacterTable& Characters() {
  static const CharacterTable* const table = new CharacterTable;
  return *table;
}

// A mark of a script in which marks are no letters.
bool IsPoint(UChar32 mark) {
  if (mark == 0x093C) return true;  // Nukta of Devanagari.
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(mark, &error)) {
    case USCRIPT_INHERITED:
    case USCRIPT_COMMON:
      // Marks of voice in kana compose with their letters.
      return mark != 0x3099 && mark != 0x309A;
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_ARABIC:
    case USCRIPT_HEBREW:
    case USCRIPT_SYRIAC:
      return true;
    default:
      return false;
  }
}

// In Cyrillic a mark makes another letter (й, ї, ў, ѓ), except stress and the
// points of ё.
bool MakesCyrillicLetter(UChar32 base, UChar32 mark) {
  UErrorCode error = U_ZERO_ERROR;
  if (uscript_getScript(base, &error) != USCRIPT_CYRILLIC) return false;
  switch (mark) {
    case 0x0300:
      return false;
    case 0x0301:
      return base == 0x0433 || base == 0x043A;  // ѓ, ќ
    case 0x0308:
      return base != 0x0435;  // ё
    default:
      return mark <= 0x030F;
  }
}

// Digits and numbers of Ethiopic, units and tens before 100 and 10,000.
std::string EthiopicNumber(const icu::UnicodeString& text) {
  uint64_t total = 0;
  uint64_t hundreds = 0;
  uint64_t rest = 0;
  for (int32_t i = 0; i < text.length(); ++i) {
    const UChar32 c = text.charAt(i);
    if (c <= 0x1371) {
      rest += static_cast<uint64_t>(c - 0x1368);
    } else if (c <= 0x137A) {
      rest += static_cast<uint64_t>(c - 0x1371) * 10;
    } else if (c == 0x137B) {
      hundreds += std::max<uint64_t>(rest, 1) * 100;
      rest = 0;
    } else {
      total += std::max<uint64_t>(hundreds + rest, 1) * 10000;
      hundreds = rest = 0;
    }
  }
  return absl::StrCat(total + hundreds + rest);
}

bool IsEthiopicNumber(const icu::UnicodeString& text) {
  // More places would not fit; no law counts that far.
  if (text.isEmpty() || text.length() > 12) return false;
  for (int32_t i = 0; i < text.length(); ++i) {
    const UChar32 c = text.charAt(i);
    if (c < 0x1369 || c > 0x137C) return false;
  }
  return true;
}

// Case, compatibility forms and digits folded; letters and marks only.
icu::UnicodeString Normalise(absl::string_view word) {
  icu::UnicodeString text = FromUtf8(WholeCharacters(word, kWordBytesMax));
  UErrorCode error = U_ZERO_ERROR;
  static const icu::UnicodeSet* const polytonic =
      new icu::UnicodeSet(u"[\u0345\u1F00-\u1FFF]", error);
  if (polytonic->containsSome(text)) {
    // Case folding would make the small iota under a letter a letter.
    text = Decomposition().normalize(text, error);
    text.findAndReplace(icu::UnicodeString(static_cast<UChar32>(0x0345)),
                        icu::UnicodeString());
  }
  text = CaseFolding().normalize(text, error);
  if (IsEthiopicNumber(text)) {
    return icu::UnicodeString(EthiopicNumber(text).c_str(), -1, US_INV);
  }
  icu::UnicodeString kept;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    // U+0640 only stretches Arabic words.
    if (c == 0x0640 || Classes().Of(c) == Class::kApostrophe) continue;
    if (const int32_t digit = u_charDigitValue(c); digit >= 0) {
      kept.append(static_cast<UChar32>('0' + digit));
    } else if (u_isUAlphabetic(c) || u_isalnum(c) || IsMark(c)) {
      kept.append(c);
    }
  }
  return kept;
}

// Appends a letter without its points, unless `base` and they are a letter.
void AppendFolded(UChar32 letter, UChar32* base, icu::UnicodeString* folded) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString parts =
      Decomposition().normalize(icu::UnicodeString(letter), error);
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 c = parts.char32At(i);
    if (IsMark(c)) {
      if (!IsPoint(c) || MakesCyrillicLetter(*base, c)) folded->append(c);
      continue;
    }
    *base = c;
    if (const char16_t* neighbour = Neighbour(c); neighbour != nullptr) {
      folded->append(icu::UnicodeString(neighbour));
    } else if (c >= 0x1200 && c <= 0x1357) {
      folded->append(EthiopicNeighbour(c));
    } else {
      folded->append(Characters().Simplified(c));
    }
  }
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

// Elisions
// -----------------------------------------------------------------------

// Those of all languages: a word is parted the same way in each.
const std::set<std::string, std::less<>>& Elisions() {
  static const auto* const all = [] {
    auto* words = new std::set<std::string, std::less<>>;
    for (const Language& language : Languages()) {
      for (const absl::string_view word :
           absl::StrSplit(language.elisions, ' ', absl::SkipEmpty())) {
        words->emplace(word);
      }
    }
    return words;
  }();
  return *all;
}

bool IsElision(absl::string_view folded) {
  constexpr size_t kElisionBytesMax = 8;
  return folded.size() <= kElisionBytesMax &&
         Elisions().find(std::string(folded)) != Elisions().end();
}

}  // namespace

absl::string_view WholeCharacters(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t size = bytes_max;
  // At most three bytes follow the first of a character.
  for (int i = 0; i < 3 && size > 0 && U8_IS_TRAIL(text[size]); ++i) --size;
  return text.substr(0, size);
}

std::string FoldWord(absl::string_view word, absl::string_view keep,
                     bool keep_marks) {
  if (IsAscii(word)) {
    std::string folded;
    for (const char c : WholeCharacters(word, kWordBytesMax)) {
      const auto byte = static_cast<unsigned char>(c);
      if (absl::ascii_isalnum(byte)) folded += absl::ascii_tolower(byte);
    }
    return folded;
  }
  const icu::UnicodeString normal = Normalise(word);
  if (keep_marks) return ToUtf8(normal);
  const icu::UnicodeString kept = FromUtf8(keep);
  icu::UnicodeString folded;
  UChar32 base = 0;
  for (int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
    const UChar32 c = normal.char32At(i);
    if (!kept.isEmpty() && kept.indexOf(c) >= 0) {
      base = c;
      folded.append(c);
    } else {
      AppendFolded(c, &base, &folded);
    }
  }
  UErrorCode error = U_ZERO_ERROR;
  return ToUtf8(Composition().normalize(folded, error));
}

std::string SpellWord(absl::string_view word, const Language& language) {
  icu::UnicodeString text;
  if (language.dotless_i) {
    text = FromUtf8(WholeCharacters(word, kWordBytesMax));
    text.findAndReplace(u"I", u"ı");
    text.findAndReplace(u"İ", u"i");
    text = Normalise(ToUtf8(text));
  } else if (IsAscii(word)) {
    text = FromUtf8(FoldWord(word));
  } else {
    text = Normalise(word);
  }
  icu::UnicodeString spelt;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &error);
    // Vowel points of Arabic and Hebrew, which texts rarely have.
    const bool point =
        IsMark(c) && (script == USCRIPT_ARABIC || script == USCRIPT_HEBREW ||
                      (c >= 0x064B && c <= 0x065F) || c == 0x0670);
    if (!point) spelt.append(c);
  }
  for (const absl::string_view article :
       absl::StrSplit(language.articles, ' ', absl::SkipEmpty())) {
    const icu::UnicodeString beginning = FromUtf8(article);
    if (spelt.startsWith(beginning) &&
        spelt.length() >= beginning.length() + 2) {
      spelt.remove(0, beginning.length());
      break;
    }
  }
  const icu::UnicodeString pairs = FromUtf8(language.respelled);
  for (int32_t i = 0; i + 1 < pairs.length(); i += 2) {
    spelt.findAndReplace(icu::UnicodeString(pairs.charAt(i)),
                         icu::UnicodeString(pairs.charAt(i + 1)));
  }
  std::string result = ToUtf8(spelt);
  for (const absl::string_view ending :
       absl::StrSplit(language.accented_endings, ' ', absl::SkipEmpty())) {
    const std::string bare = FoldWord(ending);
    if (result.size() > bare.size() && absl::EndsWith(result, bare)) {
      result.resize(result.size() - bare.size());
      absl::StrAppend(&result, ending);
      break;
    }
  }
  return result;
}

std::vector<std::string> ScriptsOf(absl::string_view text) {
  constexpr size_t kScriptsMax = 8;
  std::vector<std::string> scripts;
  UScriptCode last = USCRIPT_INVALID_CODE;
  for (size_t at = 0; at < text.size();) {
    const UChar32 c = Decode(text, &at);
    if (c < 0 || !u_isUAlphabetic(c)) continue;
    UErrorCode error = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &error);
    if (script == last || script <= USCRIPT_INHERITED) continue;
    last = script;
    const char* name = uscript_getShortName(script);
    if (name == nullptr || scripts.size() >= kScriptsMax) continue;
    if (std::find(scripts.begin(), scripts.end(), name) == scripts.end()) {
      scripts.emplace_back(name);
    }
  }
  return scripts;
}

// WordFinder
// ---------------------------------------------------------------------

struct WordFinder::Breaker {
  std::unique_ptr<icu::BreakIterator> iterator;
};

// A word while it is read.
struct WordFinder::Progress {
  size_t begin;
  // Class of the last letter or digit.
  Class last = Class::kOther;
  // folded_ is the whole word so far.
  bool ascii = true;
  bool has_digit = false;
  bool elided = false;
  // Where the last apostrophe was, in the text and in folded_, and its end.
  size_t last_apostrophe = 0;
  size_t behind_apostrophe = 0;
  size_t folded_before = 0;
  // Letters since the beginning or the last point of an acronym; -1: there were
  // others than single ones.
  int letters = 0;
};

WordFinder::WordFinder() = default;
WordFinder::~WordFinder() = default;

void WordFinder::Start(absl::string_view text) {
  text_ = text;
  at_ = 0;
  section_signs_ = 0;
  segments_.clear();
  segment_ = 0;
}

void WordFinder::Emit(Word::Kind kind, size_t begin, size_t end, Word* word) {
  word->kind = kind;
  word->has_digit = false;
  word->elided = false;
  word->section_signs = static_cast<uint8_t>(section_signs_);
  word->begin = begin;
  word->end = end;
  word->folded = {};
  section_signs_ = 0;
}

bool WordFinder::Next(Word* word) {
  const ClassTable& classes = Classes();
  while (true) {
    if (segment_ < segments_.size()) {
      const Segment& segment = segments_[segment_++];
      Emit(Word::Kind::kWord, segment.begin, segment.end, word);
      return true;
    }
    if (at_ >= text_.size()) return false;
    size_t next = at_;
    switch (classes.Of(Decode(text_, &next))) {
      case Class::kLetter:
      case Class::kUnjoined:
      case Class::kHebrew:
      case Class::kDigit:
        ReadWord(word);
        return true;
      case Class::kSmallDigit:
        ReadSmallDigits(word);
        return true;
      case Class::kCharacter:
        ReadCharacter(word);
        if (!word->folded.empty()) return true;
        break;
      case Class::kComplex:
        ReadRun();
        break;
      case Class::kSectionSign:
        section_signs_ = std::min(section_signs_ + 1, 3);
        at_ = next;
        break;
      default:
        at_ = next;
    }
  }
}

void WordFinder::ReadWord(Word* word) {
  folded_.clear();
  Progress progress{.begin = at_};
  while (at_ < text_.size()) {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (absl::ascii_isalpha(byte)) {
      if (folded_.size() < kFoldedBytesMax) {
        folded_ += absl::ascii_tolower(byte);
      }
      progress.last = Class::kLetter;
      if (progress.letters >= 0) ++progress.letters;
      ++at_;
    } else if (!ReadInWord(&progress)) {
      break;
    }
  }
  size_t end = at_;
  // A possessive: its s is no part of the word.
  if (progress.last_apostrophe > 0 && end == progress.behind_apostrophe + 1 &&
      (text_[end - 1] == 's' || text_[end - 1] == 'S')) {
    end = progress.last_apostrophe;
    folded_.resize(std::min(folded_.size(), progress.folded_before));
  }
  Emit(Word::Kind::kWord, progress.begin, end, word);
  word->has_digit = progress.has_digit;
  word->elided = progress.elided;
  if (progress.ascii) word->folded = folded_;
}

// Reads a character that is no letter of ASCII; false if the word ends before
// it.
bool WordFinder::ReadInWord(Progress* progress) {
  size_t next = at_;
  const UChar32 c = Decode(text_, &next);
  const Class kind = Classes().Of(c);
  // Digits are written close to letters of such scripts, but are words of their
  // own.
  const bool unjoined =
      progress->last == Class::kUnjoined || progress->last == Class::kHebrew;
  switch (kind) {
    case Class::kDigit:
      if (unjoined) return false;
      if (c >= 0x80) progress->ascii = false;
      if (folded_.size() < kFoldedBytesMax) folded_ += text_[at_];
      progress->last = kind;
      progress->has_digit = true;
      progress->letters = -1;
      break;
    case Class::kLetter:
      progress->ascii = false;
      progress->last = kind;
      if (progress->letters >= 0) ++progress->letters;
      break;
    case Class::kUnjoined:
    case Class::kHebrew:
      if (progress->last == Class::kDigit) return false;
      progress->ascii = false;
      progress->last = kind;
      progress->letters = -1;
      break;
    case Class::kOrdinal:
      if (progress->last == Class::kDigit) return false;
      progress->ascii = false;
      break;
    case Class::kExtend:
      progress->ascii = false;
      break;
    case Class::kApostrophe:
      return ReadApostrophe(next - at_, progress);
    default:
      if (c == '.') return ReadAcronymPoint(progress);
      if (!JoinsLetters(c, next, *progress)) return false;
  }
  at_ = next;
  return true;
}

// True for a sign inside a word: Catalan parts l·l, Hebrew marks abbreviations
// by a quote before the last letter.
bool WordFinder::JoinsLetters(int32_t sign, size_t next,
                              const Progress& progress) const {
  if (next >= text_.size()) return false;
  const UChar32 follows = Decode(text_, &next);
  if (Classes().Of(sign) == Class::kMiddleDot) {
    return !folded_.empty() && folded_.back() == 'l' &&
           (follows == 'l' || follows == 'L');
  }
  return (sign == '"' || sign == 0x05F4) && progress.last == Class::kHebrew &&
         Classes().Of(follows) == Class::kHebrew;
}

// Reads an apostrophe of `size` bytes if a letter follows and the word goes on.
bool WordFinder::ReadApostrophe(size_t size, Progress* progress) {
  size_t next = at_ + size;
  if (next >= text_.size() || progress->last == Class::kDigit) return false;
  const Class follows = Classes().Of(Decode(text_, &next));
  if (follows != Class::kLetter && follows != Class::kUnjoined &&
      follows != Class::kHebrew) {
    return false;
  }
  if (progress->ascii && progress->last_apostrophe == 0 && IsElision(folded_)) {
    progress->elided = true;
    return false;
  }
  progress->last_apostrophe = at_;
  progress->behind_apostrophe = at_ + size;
  progress->folded_before = folded_.size();
  progress->letters = -1;
  at_ += size;
  return true;
}

// Reads a point if single letters stand before and behind it.
bool WordFinder::ReadAcronymPoint(Progress* progress) {
  if (progress->letters != 1) return false;
  size_t next = at_ + 1;
  if (next >= text_.size() ||
      Classes().Of(Decode(text_, &next)) != Class::kLetter) {
    return false;
  }
  size_t behind = next;
  if (next < text_.size()) {
    const Class follows = Classes().Of(Decode(text_, &behind));
    if (follows == Class::kLetter || follows == Class::kExtend ||
        follows == Class::kDigit || follows == Class::kApostrophe) {
      return false;
    }
  }
  progress->letters = 0;
  ++at_;
  return true;
}

// Digits above the line are words of their own: `174¹` is not 1741.
void WordFinder::ReadSmallDigits(Word* word) {
  const ClassTable& classes = Classes();
  const size_t begin = at_;
  while (at_ < text_.size()) {
    size_t next = at_;
    if (classes.Of(Decode(text_, &next)) != Class::kSmallDigit) break;
    at_ = next;
  }
  Emit(Word::Kind::kWord, begin, at_, word);
  word->has_digit = true;
}

void WordFinder::ReadCharacter(Word* word) {
  const ClassTable& classes = Classes();
  const size_t begin = at_;
  const UChar32 first = Decode(text_, &at_);
  // Marks, vowels and finals of Korean syllables, and marks of narrow kana go
  // with the character before them.
  bool alone = true;
  while (at_ < text_.size()) {
    size_t next = at_;
    const UChar32 c = Decode(text_, &next);
    const bool joins =
        classes.Of(c) == Class::kExtend || (c >= 0x1160 && c <= 0x11FF) ||
        (c >= 0xD7B0 && c <= 0xD7FF) || c == 0xFF9E || c == 0xFF9F;
    if (!joins || next - begin > 64) break;
    alone = false;
    at_ = next;
  }
  folded_.clear();
  const bool plain = alone && ((first >= 0x4E00 && first < 0xA000) ||
                               (first >= 0xAC00 && first < 0xD7A4) ||
                               (first >= 0x3041 && first < 0x309D));
  if (plain) {
    AppendUtf8(Characters().Simplified(first), &folded_);
  } else {
    folded_ = FoldWord(text_.substr(begin, at_ - begin));
  }
  // A mark alone parts no words.
  if (folded_.empty()) return;
  Emit(Word::Kind::kCharacter, begin, at_, word);
  word->folded = folded_;
}

void WordFinder::ReadRun() {
  const ClassTable& classes = Classes();
  icu::UnicodeString run;
  // Where each UTF-16 unit of the run is in the text.
  std::vector<size_t> places;
  const size_t begin = at_;
  while (at_ < text_.size() && at_ - begin < kRunBytesMax) {
    size_t next = at_;
    const UChar32 c = Decode(text_, &next);
    const Class kind = classes.Of(c);
    if (kind != Class::kComplex && kind != Class::kExtend) break;
    run.append(c);
    places.resize(static_cast<size_t>(run.length()), at_);
    at_ = next;
  }
  places.push_back(at_);
  segments_.clear();
  segment_ = 0;
  if (breaker_ == nullptr) {
    breaker_ = std::make_unique<Breaker>();
    UErrorCode error = U_ZERO_ERROR;
    // Which dictionary is used depends on the script, not on the locale.
    breaker_->iterator.reset(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
  }
  if (breaker_->iterator == nullptr) {
    segments_.push_back({begin, at_});
    return;
  }
  breaker_->iterator->setText(run);
  int32_t from = breaker_->iterator->first();
  for (int32_t to = breaker_->iterator->next(); to != icu::BreakIterator::DONE;
       to = breaker_->iterator->next()) {
    const Segment segment{places[static_cast<size_t>(from)],
                          places[static_cast<size_t>(to)]};
    if (segment.begin < segment.end) segments_.push_back(segment);
    from = to;
  }
}

}  // namespace comity
