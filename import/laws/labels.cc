#include "import/laws/labels.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/text.h"
#include "import/laws/limits.h"
#include "import/laws/numbers.h"
#include "import/laws/words.h"

namespace comity::laws {
namespace {

// A label is in the first bytes of its line.
constexpr size_t kLookBytes = 200;
// A line that is only a heading.
constexpr size_t kHeadingLineBytes = 160;

UChar32 FirstCharacter(absl::string_view text, size_t* bytes = nullptr) {
  if (text.empty()) {
    if (bytes != nullptr) *bytes = 0;
    return 0;
  }
  const auto* data = reinterpret_cast<const uint8_t*>(text.data());
  int32_t i = 0;
  UChar32 c;
  U8_NEXT(data, i, static_cast<int32_t>(text.size()), c);
  if (bytes != nullptr) *bytes = static_cast<size_t>(i);
  return c < 0 ? 0xFFFD : c;
}

void StripSpace(absl::string_view* text) {
  size_t bytes = 0;
  while (!text->empty()) {
    const UChar32 c = FirstCharacter(*text, &bytes);
    if (!u_isUWhiteSpace(c) && c != 0xFEFF && c != 0x200E && c != 0x200F &&
        c != 0x200B) {
      return;
    }
    text->remove_prefix(bytes);
  }
}

bool IsSeparator(UChar32 c) {
  switch (c) {
    case '.':
    case ':':
    case '-':
    case '*':
    case ')':
    case '_':
    case 0x2013:  // –
    case 0x2014:  // —
    case 0x2015:
    case 0x2012:
    case 0xFF0E:  // ．
    case 0xFF1A:  // ：
    case 0x3001:  // 、
    case 0xB7:    // ·
    case 0xB0:
    case 0xBA:
    case 0xAA:
    case 0x0640:
    case 0x2022:
    case '|':
      return true;
    default:
      return false;
  }
}

// Drops separators and white space; true if there was a separator.
bool StripSeparators(absl::string_view* text) {
  bool any = false;
  size_t bytes = 0;
  while (!text->empty()) {
    const UChar32 c = FirstCharacter(*text, &bytes);
    if (IsSeparator(c)) {
      any = true;
    } else if (!u_isUWhiteSpace(c)) {
      break;
    }
    text->remove_prefix(bytes);
  }
  return any;
}

// Letters and marks, without digits.
absl::string_view LetterWord(absl::string_view text) {
  size_t position = 0;
  size_t bytes = 0;
  while (position < text.size()) {
    const UChar32 c = FirstCharacter(text.substr(position), &bytes);
    const int8_t type = u_charType(c);
    if (!u_isalpha(c) && type != U_NON_SPACING_MARK &&
        type != U_COMBINING_SPACING_MARK && c != 0x0640 && c != 0x200C &&
        c != 0x200D) {
      break;
    }
    position += bytes;
  }
  return text.substr(0, position);
}

struct FoundWord {
  const Word* word = nullptr;
  std::string folded;
  size_t bytes = 0;
};

// The longest word of the table that `text` begins with, of up to three.
FoundWord FindLeadingWord(absl::string_view text, absl::string_view language) {
  FoundWord found;
  std::string folded;
  size_t position = 0;
  for (int words = 0; words < 3; ++words) {
    absl::string_view rest = text.substr(position);
    if (words > 0) {
      // A space or a hyphen between them.
      if (rest.empty() || (rest[0] != ' ' && rest[0] != '-')) break;
      rest.remove_prefix(1);
      ++position;
    }
    const absl::string_view word = LetterWord(rest);
    if (word.empty() || word.size() > 60) break;
    position += word.size();
    if (!folded.empty()) folded.push_back(' ');
    folded += Fold(word);
    if (const Word* entry = FindWord(language, folded); entry != nullptr) {
      found.word = entry;
      found.folded = folded;
      found.bytes = position;
    }
  }
  return found;
}

// What may stand between a word and its number: `Art. 5`, `Article n° 5`,
// `المادة (5)`, `ingingo ya 5`.
void StripBeforeNumber(absl::string_view* text, bool* parenthesis) {
  *parenthesis = false;
  StripSpace(text);
  for (const absl::string_view between :
       {".", "no.", "No.", "nº", "Nº", "n°", "N°", "№", "رقم", "ya ", "wa ",
        "cya ", "ทื่", "ที่", "L. ", "R. ", "D. ", "A. "}) {
    // `Art. L. 121-1`: the letter belongs to the number; skipped here, it stays
    // in the label.
    if (absl::StartsWith(*text, between)) {
      text->remove_prefix(between.size());
      StripSpace(text);
      if (between == ".") continue;
    }
  }
  if (absl::StartsWith(*text, "(")) {
    *parenthesis = true;
    text->remove_prefix(1);
    StripSpace(text);
  }
}

bool StartsWithLower(absl::string_view text) {
  return u_islower(FirstCharacter(text)) != 0;
}

// True if what stands behind the number shows that the line only cites it.
bool RestCites(absl::string_view rest, bool separated) {
  if (rest.empty()) return false;
  const UChar32 first = FirstCharacter(rest);
  if (first == ',' || first == ';' || first == 0x060C || first == 0xFF0C ||
      first == '/' || first == 0x2019 || first == '\'' || first == '>') {
    return true;
  }
  if (first == '(' && !separated) {
    // `Section 5(2)`, `(3).` and no more: a reference.
    const size_t close = rest.find(')');
    if (close == absl::string_view::npos) return false;
    absl::string_view behind = rest.substr(close + 1);
    StripSpace(&behind);
    if (behind.empty() || behind == "." || behind == "]") return close < 6;
    const UChar32 next = FirstCharacter(behind);
    return next == ',' || next == '(' || (u_islower(next) != 0 && close < 6);
  }
  size_t end = 0;
  const absl::string_view word = NextWord(rest, &end);
  if (!separated && !word.empty() && IsCitingWord(Fold(word))) return true;
  if (separated || !StartsWithLower(rest)) return false;
  // `Άρθρο 57 παράγραφος 1` and no more: the heading of an amendment.
  absl::string_view behind = rest.substr(end);
  StripSpace(&behind);
  const std::optional<Number> number = ParseNumber(behind, false);
  return !number.has_value() || number->bytes != behind.size();
}

// `Art. 1-7` and no more: a range of a table of contents.
bool IsRange(const Number& number, absl::string_view rest) {
  const size_t dash = number.text.find('-');
  if (dash == std::string::npos || !rest.empty()) return false;
  int64_t to = 0;
  for (const char c : number.text.substr(dash + 1)) {
    if (c < '0' || c > '9') return false;
    to = to * 10 + (c - '0');
  }
  return to > number.value;
}

Label MakeLabel(const Word& word, absl::string_view folded,
                const Number& number, absl::string_view label,
                absl::string_view rest) {
  Label made;
  made.kind = word.kind;
  made.rank = word.rank;
  made.label = std::string(absl::StripAsciiWhitespace(label));
  made.number = number.text;
  made.value = number.value;
  made.suffixed = number.suffixed;
  made.rest = std::string(absl::StripAsciiWhitespace(rest));
  made.word = std::string(folded);
  made.own_id = std::string(word.own_id);
  return made;
}

bool IsBasicKind(v1::Provision::Kind kind) {
  return kind == v1::Provision::KIND_ARTICLE ||
         kind == v1::Provision::KIND_SECTION ||
         kind == v1::Provision::KIND_PARAGRAPH;
}

std::optional<Label> WordFirst(absl::string_view line, const FoundWord& found) {
  absl::string_view rest = line.substr(found.bytes);
  const bool basic = IsBasicKind(found.word->kind);
  const bool grouping = !basic;
  if (found.word->order == Order::kAlone ||
      found.word->kind == v1::Provision::KIND_SCHEDULE) {
    absl::string_view alone = rest;
    const bool separated = StripSeparators(&alone);
    // `ANNEX` alone, or `ANNEX: List of goods`.
    if (alone.empty() ||
        (found.word->kind == v1::Provision::KIND_SCHEDULE && separated &&
         line.size() < kHeadingLineBytes && !StartsWithLower(alone) &&
         !ParseNumber(alone, true).has_value())) {
      return MakeLabel(*found.word, found.folded, Number(),
                       line.substr(0, found.bytes), alone);
    }
    if (found.word->order == Order::kAlone) return std::nullopt;
  }
  if (found.word->order == Order::kNumberFirst) return std::nullopt;
  bool parenthesis = false;
  StripBeforeNumber(&rest, &parenthesis);
  const std::optional<Number> number = ParseNumber(rest, grouping);
  if (!number.has_value()) return std::nullopt;
  rest.remove_prefix(number->bytes);
  if (parenthesis) {
    StripSpace(&rest);
    if (!absl::ConsumePrefix(&rest, ")")) return std::nullopt;
  }
  const absl::string_view label =
      line.substr(0, static_cast<size_t>(rest.data() - line.data()));
  const absl::string_view direct = rest;
  const bool separated = StripSeparators(&rest);
  // A number that goes on is none: `Article 5x`.
  if (!direct.empty() && direct.data() == rest.data() &&
      u_isalnum(FirstCharacter(direct)) && !parenthesis) {
    return std::nullopt;
  }
  if (RestCites(rest, separated) || IsRange(*number, rest)) return std::nullopt;
  // `Art. 8-11, 11bis`, `Articles 5 to 9`.
  if (separated && !rest.empty() && absl::StartsWith(direct, "-") &&
      u_isdigit(FirstCharacter(rest))) {
    return std::nullopt;
  }
  // Letters alone as numbers only where the line is a heading.
  if (number->letter && grouping && !separated && !rest.empty() &&
      line.size() > kHeadingLineBytes) {
    return std::nullopt;
  }
  if (grouping && line.size() > 600) return std::nullopt;
  // A sentence: a part of a law that is cited at the beginning of a line.
  if (grouping && rest.size() > kHeadingLineBytes && rest.back() == '.') {
    return std::nullopt;
  }
  return MakeLabel(*found.word, found.folded, *number, label, rest);
}

// `1. Titel`, `2 luku`, `5. pants`, `ZWEITER TEIL`, `FIRST SCHEDULE`.
std::optional<Label> NumberFirst(absl::string_view line,
                                 absl::string_view language) {
  const std::optional<Number> number = ParseNumber(line, false);
  if (!number.has_value()) return std::nullopt;
  absl::string_view rest = line.substr(number->bytes);
  // `1. §`, `II-A. Kapitel`, `1-бап`, `1 дүгээр зүйл`, `1(a)`.
  size_t bytes = 0;
  for (int i = 0; i < 3 && !rest.empty(); ++i) {
    const UChar32 c = FirstCharacter(rest, &bytes);
    if (c != '.' && c != '-' && c != 0xBA && c != 0xB0 && c != 0x2013) {
      break;
    }
    rest.remove_prefix(bytes);
  }
  StripSpace(&rest);
  if (absl::StartsWith(rest, "§")) {
    if (!SectionSignIsBasic(language) || number->in_words) return std::nullopt;
    rest.remove_prefix(2);
    const absl::string_view label =
        line.substr(0, static_cast<size_t>(rest.data() - line.data()));
    // `5 §:n mukaan`, `192 §:n`.
    if (absl::StartsWith(rest, ":") && rest.size() > 1 && rest[1] != ' ') {
      return std::nullopt;
    }
    const bool separated = StripSeparators(&rest);
    if (RestCites(rest, separated)) return std::nullopt;
    static constexpr Word kSign{v1::Provision::KIND_SECTION, Label::kBasicRank,
                                Order::kBoth, absl::string_view()};
    return MakeLabel(kSign, "§", *number, label, rest);
  }
  const FoundWord found = FindLeadingWord(rest, language);
  if (found.word == nullptr || found.word->order == Order::kWordFirst ||
      found.word->order == Order::kAlone) {
    return std::nullopt;
  }
  rest.remove_prefix(found.bytes);
  const absl::string_view label =
      line.substr(0, static_cast<size_t>(rest.data() - line.data()));
  if (!rest.empty()) {
    const UChar32 next = FirstCharacter(rest);
    if (u_isalnum(next)) return std::nullopt;
  }
  const absl::string_view direct = rest;
  const bool separated = StripSeparators(&rest);
  // `Un article …`: in words only as a heading of its own.
  if (number->in_words && number->value != 0 && IsBasicKind(found.word->kind) &&
      !rest.empty() && !separated) {
    return std::nullopt;
  }
  if (number->in_words && line.size() > kHeadingLineBytes) return std::nullopt;
  if (RestCites(rest, separated)) return std::nullopt;
  (void)direct;
  return MakeLabel(*found.word, found.folded, *number, label, rest);
}

struct EastAsianUnit {
  const char* character;
  v1::Provision::Kind kind;
  int rank;
};

constexpr EastAsianUnit kUnits[] = {
    {"编", v1::Provision::KIND_BOOK, 11},
    {"編", v1::Provision::KIND_BOOK, 11},
    {"分编", v1::Provision::KIND_PART, 12},
    {"部分", v1::Provision::KIND_PART, 12},
    {"部", v1::Provision::KIND_PART, 12},
    {"章", v1::Provision::KIND_CHAPTER, 14},
    {"节", v1::Provision::KIND_DIVISION, 15},
    {"節", v1::Provision::KIND_DIVISION, 15},
    {"款", v1::Provision::KIND_DIVISION, 16},
    {"目", v1::Provision::KIND_DIVISION, 17},
    {"条", v1::Provision::KIND_ARTICLE, 20},
    {"條", v1::Provision::KIND_ARTICLE, 20},
    {"편", v1::Provision::KIND_BOOK, 11},
    {"장", v1::Provision::KIND_CHAPTER, 14},
    {"절", v1::Provision::KIND_DIVISION, 15},
    {"관", v1::Provision::KIND_DIVISION, 16},
    {"조", v1::Provision::KIND_ARTICLE, 20},
};

// `第十二条`, `第120条之一`, `제12조의2(목적)`, `第3章 …`.
std::optional<Label> EastAsian(absl::string_view line) {
  absl::string_view rest = line;
  if (!absl::ConsumePrefix(&rest, "第") && !absl::ConsumePrefix(&rest, "제")) {
    return std::nullopt;
  }
  StripSpace(&rest);
  std::optional<Number> number = ParseNumber(rest, false);
  if (!number.has_value() || number->value < 0) return std::nullopt;
  rest.remove_prefix(number->bytes);
  StripSpace(&rest);
  const EastAsianUnit* unit = nullptr;
  for (const EastAsianUnit& candidate : kUnits) {
    if (absl::StartsWith(rest, candidate.character) &&
        (unit == nullptr || absl::string_view(candidate.character).size() >
                                absl::string_view(unit->character).size())) {
      unit = &candidate;
    }
  }
  if (unit == nullptr) return std::nullopt;
  rest.remove_prefix(absl::string_view(unit->character).size());
  if (absl::ConsumePrefix(&rest, "之") || absl::ConsumePrefix(&rest, "の") ||
      absl::ConsumePrefix(&rest, "의")) {
    if (const std::optional<Number> more = ParseNumber(rest, false);
        more.has_value()) {
      absl::StrAppend(&number->text, "-", more->text);
      number->suffixed = true;
      rest.remove_prefix(more->bytes);
    } else {
      return std::nullopt;
    }
  }
  const absl::string_view label =
      line.substr(0, static_cast<size_t>(rest.data() - line.data()));
  const absl::string_view direct = rest;
  StripSpace(&rest);
  // `第五条第一款规定的`: cited, not opened.
  if (direct.data() == rest.data() && !rest.empty()) {
    for (const char* citing :
         {"第", "的", "规", "規", "、", "，", ",",  "和", "及", "或",
          "至", "中", "所", "；", "。", "以", "与", "與", "之", "に",
          "の", "か", "を", "제", "에", "의", "를", "및", "부", "또"}) {
      if (absl::StartsWith(rest, citing)) return std::nullopt;
    }
  }
  if (unit->rank != Label::kBasicRank && rest.size() > kHeadingLineBytes) {
    return std::nullopt;
  }
  Word word{unit->kind, unit->rank, Order::kBoth, absl::string_view()};
  return MakeLabel(word, unit->character, *number, label, rest);
}

}  // namespace

std::optional<Label> ParseLabel(absl::string_view line,
                                absl::string_view language) {
  StripSpace(&line);
  // `--- Section 1. Title ---`, `=== Title ===`.
  for (const absl::string_view rule : {"---", "===", "***"}) {
    if (!absl::ConsumePrefix(&line, rule)) continue;
    absl::ConsumeSuffix(&line, rule);
    StripSpace(&line);
    line = absl::StripTrailingAsciiWhitespace(line);
  }
  if (line.empty()) return std::nullopt;
  const UChar32 first = FirstCharacter(line);
  if (first == 0x7B2C || first == 0xC81C) return EastAsian(line);
  if (first == 0xA7) {
    if (!SectionSignIsBasic(language) || absl::StartsWith(line, "§§")) {
      return std::nullopt;
    }
    static constexpr Word kSign{v1::Provision::KIND_SECTION, Label::kBasicRank,
                                Order::kBoth, absl::string_view()};
    FoundWord found;
    found.word = &kSign;
    found.folded = "§";
    found.bytes = 2;
    return WordFirst(line, found);
  }
  if (u_charDigitValue(first) >= 0) {
    return NumberFirst(line, language);
  }
  if (!u_isalpha(first)) return std::nullopt;
  FoundWord found = FindLeadingWord(line, language);
  if (found.word != nullptr) {
    // `Madde MADDE 1`: set twice by a template.
    absl::string_view again = line.substr(found.bytes);
    StripSpace(&again);
    const FoundWord second = FindLeadingWord(again, language);
    if (second.word != nullptr && second.folded == found.folded) {
      line = again;
      found = second;
    }
    if (std::optional<Label> label = WordFirst(line, found);
        label.has_value()) {
      // `Section 1. Section 1.Title`.
      const FoundWord repeated = FindLeadingWord(label->rest, language);
      if (repeated.word == found.word && repeated.word != nullptr) {
        const std::optional<Label> inner = WordFirst(label->rest, repeated);
        if (inner.has_value() && inner->number == label->number) {
          label->rest = inner->rest;
        }
      }
      return label;
    }
  }
  // Roman numerals and words: only short lines, and basic units never long.
  if (line.size() > kLookBytes) return std::nullopt;
  return NumberFirst(line, language);
}

std::optional<Label> ParseBareLabel(absl::string_view line) {
  StripSpace(&line);
  if (line.empty()) return std::nullopt;
  const UChar32 first = FirstCharacter(line);
  const bool digit = u_charDigitValue(first) >= 0;
  const std::optional<Number> number = ParseNumber(line, false);
  if (!number.has_value() || number->value <= 0 || number->value > 5000) {
    return std::nullopt;
  }
  // Chinese numerals only with their comma: `一、`.
  absl::string_view rest = line.substr(number->bytes);
  size_t bytes = 0;
  const UChar32 separator = FirstCharacter(rest, &bytes);
  if (!digit || number->in_words) {
    if (!number->in_words || separator != 0x3001) return std::nullopt;
  } else {
    const bool dash =
        separator == 0x2014 || separator == 0x2013 || separator == '-';
    if (separator != '.' && separator != 0xFF0E && separator != '\t' &&
        separator != 0x3001 && separator != ':' && !dash) {
      // `7 (1) In this …`, `7 Incident reporting`: as some prints have it.
      const absl::string_view text = absl::StripLeadingAsciiWhitespace(rest);
      const bool heading = u_isupper(FirstCharacter(text)) != 0 &&
                           text.size() <= 90 && text.size() > 4 &&
                           text.back() != '.' && text.back() != ',' &&
                           text.back() != ';';
      if (separator != ' ' || (!heading && !absl::StartsWith(text, "(1)"))) {
        return std::nullopt;
      }
    }
    // `1.2.3` and `1.5 million` are no numbers of sections.
    if (number->text.find('.') != std::string::npos ||
        number->text.find(' ') != std::string::npos) {
      return std::nullopt;
    }
  }
  const absl::string_view label = line.substr(0, number->bytes);
  StripSeparators(&rest);
  const UChar32 next = FirstCharacter(rest);
  if (rest.empty() || (u_isdigit(next) && separator != '\t')) {
    if (!rest.empty()) return std::nullopt;
  }
  Label made;
  made.kind = v1::Provision::KIND_SECTION;
  made.rank = Label::kBasicRank;
  made.label = std::string(label);
  made.number = number->text;
  made.value = number->value;
  made.suffixed = number->suffixed;
  made.rest = std::string(absl::StripAsciiWhitespace(rest));
  made.word = ".";
  made.bare = true;
  return made;
}

}  // namespace comity::laws
