#include "cli/terminal.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace comity::cli {
namespace {

// Calls `on_point` for each code point; malformed bytes are U+FFFD.
template <typename OnPoint>
void ForEachCodePoint(absl::string_view text, const OnPoint& on_point) {
  const auto points = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  for (int32_t at = 0; at < points.length(); at = points.moveIndex32(at, 1)) {
    on_point(points.char32At(at));
  }
}

// Marks that change how the text around them is shown without being seen:
// directional formatting (UAX #9), line and paragraph separators, tags.
bool IsHiddenMark(UChar32 point) {
  return (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x2028 ||
         point == 0x2029 || point == 0xFEFF ||
         (point >= 0xE0000 && point <= 0xE007F);
}

void AppendCodePoint(UChar32 point, std::string* out) {
  icu::UnicodeString(point).toUTF8String(*out);
}

int CodePointWidth(UChar32 point) {
  // Hangul medial vowels and final consonants join the syllable before them.
  if (point >= 0x1160 && point <= 0x11FF) return 0;
  switch (u_charType(point)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  const int width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

absl::string_view StripTrailingSpace(absl::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// `[1][12]`: marks of footnotes.
bool IsMarks(absl::string_view word) {
  return absl::StartsWith(word, "[") &&
         word.find_first_not_of("[]0123456789") == absl::string_view::npos;
}

// An address or the name of a record, which are there to be copied, or marks.
bool IsUnbroken(absl::string_view word) {
  word = StripTrailingSpace(word);
  if (IsMarks(word)) return true;
  while (!word.empty() && (word.front() == '(' || word.front() == '`')) {
    word.remove_prefix(1);
  }
  for (const absl::string_view start :
       {"http://", "https://", "states/", "treaties/", "functions/",
        "importJobs/"}) {
    if (absl::StartsWith(word, start) && word.size() > start.size()) {
      return true;
    }
  }
  return absl::StrContains(word, '@') && !absl::StrContains(word, '"');
}

// Pieces of one line, each ending where a break is allowed by UAX #14, or
// between characters.
std::vector<std::string> Breaks(absl::string_view line, bool characters) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale root = icu::Locale::getRoot();
  std::unique_ptr<icu::BreakIterator> breaks(
      characters ? icu::BreakIterator::createCharacterInstance(root, error)
                 : icu::BreakIterator::createLineInstance(root, error));
  if (U_FAILURE(error) || breaks == nullptr) return {std::string(line)};
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(line.data(), static_cast<int32_t>(line.size())));
  breaks->setText(text);
  std::vector<std::string> pieces;
  int32_t start = breaks->first();
  for (int32_t end = breaks->next(); end != icu::BreakIterator::DONE;
       start = end, end = breaks->next()) {
    text.tempSubStringBetween(start, end).toUTF8String(pieces.emplace_back());
  }
  return pieces;
}

// Pieces of one line, each to be kept together where there is room.
std::vector<std::string> Pieces(absl::string_view line) {
  std::vector<std::string> pieces;
  // Pieces of the word that is not yet complete.
  std::vector<std::string> parts;
  const auto flush = [&] {
    std::string word = absl::StrJoin(parts, "");
    if (IsUnbroken(word)) {
      pieces.push_back(std::move(word));
    } else {
      pieces.insert(pieces.end(), parts.begin(), parts.end());
    }
    parts.clear();
  };
  for (std::string& piece : Breaks(line, /*characters=*/false)) {
    const bool ends = absl::EndsWith(piece, " ");
    parts.push_back(std::move(piece));
    if (ends) flush();
  }
  flush();
  return pieces;
}

// One line without line feeds, wrapped onto the end of `lines`.
class LineFiller {
 public:
  LineFiller(int width, std::vector<std::string>* lines)
      : width_(width), lines_(lines) {}

  void Add(const std::string& piece) {
    const int needed = DisplayWidth(StripTrailingSpace(piece));
    if (used_ > 0 && used_ + needed > width_) Flush();
    if (needed > width_ && !IsUnbroken(piece)) {
      for (const std::string& character : Breaks(piece, /*characters=*/true)) {
        AddWhole(character);
      }
      return;
    }
    AddWhole(piece);
  }

  void Flush() {
    lines_->emplace_back(StripTrailingSpace(line_));
    line_.clear();
    used_ = 0;
  }

 private:
  void AddWhole(const std::string& piece) {
    const int needed = DisplayWidth(StripTrailingSpace(piece));
    if (used_ > 0 && used_ + needed > width_) Flush();
    line_ += piece;
    used_ += DisplayWidth(piece);
  }

  const int width_;
  std::vector<std::string>* const lines_;
  std::string line_;
  int used_ = 0;
};

}  // namespace

std::string Visible(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool carriage_return = false;
  ForEachCodePoint(text, [&](UChar32 point) {
    // Only before a line feed it is a part of a line's end.
    if (carriage_return && point != '\n') out += "\\x0d";
    carriage_return = point == '\r';
    if (carriage_return) return;
    if (point == '\n') {
      out += '\n';
    } else if (point == '\t') {
      out += ' ';
    } else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned>(point));
    } else if (IsHiddenMark(point)) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(point));
    } else {
      AppendCodePoint(point, &out);
    }
  });
  if (carriage_return) out += "\\x0d";
  return out;
}

std::string VisibleLine(absl::string_view text) {
  std::string out = Visible(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

int DisplayWidth(absl::string_view text) {
  int width = 0;
  ForEachCodePoint(text,
                   [&](UChar32 point) { width += CodePointWidth(point); });
  return width;
}

std::vector<std::string> Wrap(absl::string_view text, int width) {
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (width <= 0 || DisplayWidth(line) <= width) {
      lines.emplace_back(StripTrailingSpace(line));
      continue;
    }
    LineFiller filler(width, &lines);
    for (const std::string& piece : Pieces(line)) {
      filler.Add(piece);
    }
    filler.Flush();
  }
  return lines;
}

int WidestWord(absl::string_view text) {
  int widest = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    for (const std::string& piece : Pieces(line)) {
      widest = std::max(widest, DisplayWidth(StripTrailingSpace(piece)));
    }
  }
  return widest;
}

int WidestUnbroken(absl::string_view text) {
  int widest = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    for (const std::string& piece : Pieces(line)) {
      if (!IsUnbroken(piece)) continue;
      widest = std::max(widest, DisplayWidth(StripTrailingSpace(piece)));
    }
  }
  return widest;
}

std::string Painter::Paint(Style style, absl::string_view text) const {
  if (!colour_ || style == Style::kPlain || text.empty()) {
    return std::string(text);
  }
  absl::string_view code;
  switch (style) {
    case Style::kHeading:
      code = "1";
      break;
    case Style::kLabel:
      code = "2";
      break;
    case Style::kGood:
      code = "32";
      break;
    case Style::kWarning:
      code = "33";
      break;
    case Style::kBad:
      code = "31";
      break;
    case Style::kMatch:
      code = "1;33";
      break;
    case Style::kPlain:
      break;
  }
  return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

}  // namespace comity::cli
