#include "import/laws/lines.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/labels.h"
#include "import/laws/provisions.h"

namespace comity::laws {
namespace {

// Wider lines were not broken for a page.
constexpr size_t kPageColumnsMax = 140;
constexpr size_t kPageColumnsMin = 30;
// A paragraph that may hold several articles, and how far a label is looked at.
constexpr size_t kJoinedBytesMin = 1200;
constexpr size_t kJoinedLookBytes = 160;

size_t Columns(absl::string_view text) {
  size_t columns = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++columns;
  }
  return columns;
}

UChar32 FirstCharacter(absl::string_view text) {
  if (text.empty()) return 0;
  int32_t i = 0;
  UChar32 c;
  U8_NEXT(reinterpret_cast<const uint8_t*>(text.data()), i,
          static_cast<int32_t>(text.size()), c);
  return c;
}

UChar32 LastCharacter(absl::string_view text) {
  auto i = static_cast<int32_t>(text.size());
  if (i == 0) return 0;
  UChar32 c;
  U8_PREV(reinterpret_cast<const uint8_t*>(text.data()), 0, i, c);
  return c;
}

bool EndsParagraph(UChar32 c) {
  return c == '.' || c == ';' || c == ':' || c == '!' || c == '?' ||
         c == 0x3002 || c == 0xFF1B || c == 0x061B || c == 0x0964 ||
         c == 0x2014 || c == 0x201D || c == 0xBB;
}

// `(a)`, `1)`, `–`, `•`: begins an item.
bool BeginsItem(absl::string_view text) {
  const UChar32 c = FirstCharacter(text);
  if (c == '-' || c == 0x2013 || c == 0x2014 || c == 0x2022 || c == 0xB7 ||
      c == '*' || c == 0x25CF) {
    return true;
  }
  if (c == '(') return text.find(')') < 12;
  const size_t end = text.find_first_of(").");
  if (end == absl::string_view::npos || end > 5 || end == 0) return false;
  for (size_t i = 0; i < end; ++i) {
    if (!u_isalnum(static_cast<unsigned char>(text[i]))) return false;
  }
  return end + 1 == text.size() || text[end + 1] == ' ';
}

// The width that most lines come near; 0: they were not broken.
size_t PageWidth(const std::vector<Block>& blocks) {
  std::vector<size_t> widths;
  for (const Block& block : blocks) {
    if (!block.text.empty()) widths.push_back(Columns(block.text));
  }
  if (widths.size() < 10) return 0;
  const auto at =
      widths.begin() + static_cast<ptrdiff_t>(widths.size() * 95 / 100);
  std::nth_element(widths.begin(), at, widths.end());
  const size_t wide = *at;
  if (wide > kPageColumnsMax || wide < kPageColumnsMin) return 0;
  size_t near = 0;
  for (const size_t width : widths) {
    if (width * 10 >= wide * 7) ++near;
  }
  return near * 5 >= widths.size() ? wide : 0;
}

}  // namespace

std::vector<Block> SplitLines(absl::string_view text) {
  std::vector<Block> blocks;
  int number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    absl::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    Block& block = blocks.emplace_back();
    block.line = ++number;
    int indent = 0;
    for (const char c : line) {
      if (c == ' ') {
        ++indent;
      } else if (c == '\t') {
        indent += 4;
      } else {
        break;
      }
    }
    block.indent = indent;
    block.text = Tidy(line);
  }
  return blocks;
}

void JoinBrokenLines(absl::string_view language, std::vector<Block>* blocks) {
  const size_t width = PageWidth(*blocks);
  std::vector<Block> joined;
  joined.reserve(blocks->size());
  bool empty_before = true;
  size_t last_columns = 0;
  for (Block& block : *blocks) {
    if (block.text.empty()) {
      empty_before = true;
      continue;
    }
    const size_t columns = Columns(block.text);
    bool join = false;
    if (width > 0 && !empty_before && !joined.empty() && block.level == 0 &&
        joined.back().level == 0 && joined.back().note == block.note) {
      const UChar32 first = FirstCharacter(block.text);
      const UChar32 last = LastCharacter(joined.back().text);
      const bool goes_on = u_islower(first) != 0;
      const bool full = last_columns * 10 >= width * 7;
      const bool opens = BeginsItem(block.text) ||
                         ParseLabel(block.text, language).has_value();
      join = !opens && !(EndsParagraph(last) && !goes_on) &&
             (full || (goes_on && last_columns * 10 >= width * 4));
    }
    if (join) {
      std::string& text = joined.back().text;
      const UChar32 last = LastCharacter(text);
      const UChar32 first = FirstCharacter(block.text);
      if ((last == '-' || last == 0x2010 || last == 0x2212) &&
          u_islower(first) != 0 && text.size() > 3) {
        text.resize(text.size() - (last == '-' ? 1 : 3));
        text += block.text;
      } else if (u_hasBinaryProperty(first, UCHAR_IDEOGRAPHIC) != 0) {
        text += block.text;
      } else {
        absl::StrAppend(&text, " ", block.text);
      }
    } else {
      joined.push_back(std::move(block));
    }
    last_columns = columns;
    empty_before = false;
  }
  *blocks = std::move(joined);
}

void SplitJoinedArticles(absl::string_view language,
                         std::vector<Block>* blocks) {
  size_t long_bytes = 0;
  size_t labels = 0;
  for (const Block& block : *blocks) {
    if (block.text.size() >= kJoinedBytesMin) long_bytes += block.text.size();
    const std::optional<Label> label = ParseLabel(block.text, language);
    if (label.has_value() && label->basic() && ++labels > 2) return;
  }
  if (long_bytes == 0) return;
  // By block, where it is cut.
  std::vector<std::pair<size_t, size_t>> cuts;
  int64_t value = 0;
  for (size_t i = 0; i < blocks->size(); ++i) {
    const absl::string_view text = (*blocks)[i].text;
    if (text.size() < kJoinedBytesMin || (*blocks)[i].note) continue;
    for (size_t space = text.find(' '); space != absl::string_view::npos;
         space = text.find(' ', space + 1)) {
      const size_t at = space + 1;
      const UChar32 first = FirstCharacter(text.substr(at));
      const UChar32 before = LastCharacter(text.substr(0, space));
      // A sentence begins, or a heading goes before.
      if (u_islower(first) != 0 || (u_isalpha(first) == 0 && first != 0xA7) ||
          before == ',' || before == '(' || before == '"' || before == 0x201C ||
          before == 0xAB || (u_islower(before) != 0 && value == 0)) {
        continue;
      }
      const std::optional<Label> label =
          ParseLabel(text.substr(at, kJoinedLookBytes), language);
      if (!label.has_value() || !label->basic()) continue;
      const bool next = label->value == value + 1 && !label->suffixed;
      const bool same = label->value == value && label->suffixed && value > 0;
      if (!next && !same) continue;
      value = label->value;
      cuts.emplace_back(i, at);
    }
  }
  // One alone may be a citation.
  if (value < 2) return;
  std::vector<Block> divided;
  size_t cut = 0;
  for (size_t i = 0; i < blocks->size(); ++i) {
    const Block& block = (*blocks)[i];
    size_t from = 0;
    const auto add = [&](size_t to) {
      Block piece = block;
      piece.text = Tidy(absl::string_view(block.text).substr(from, to - from));
      if (!piece.text.empty()) divided.push_back(std::move(piece));
      from = to;
    };
    for (; cut < cuts.size() && cuts[cut].first == i; ++cut) {
      add(cuts[cut].second);
    }
    add(block.text.size());
  }
  *blocks = std::move(divided);
}

}  // namespace comity::laws
