#include "import/laws/quotes.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <string>

namespace comity::laws {
namespace {

// Paragraphs that one quotation may go over.
constexpr size_t kSpanMax = 400;

enum class Mark { kNone, kOpen, kClose, kEither };

// What quotation mark `c` is: those of a kind that serves for both ends in
// some languages are told apart by where they stand.
Mark MarkOf(UChar32 c) {
  switch (c) {
    case 0x201E:  // „
    case 0x300C:  // 「
    case 0x300E:  // 『
      return Mark::kOpen;
    case 0x300D:
    case 0x300F:
      return Mark::kClose;
    case 0x201C:  // “: opens, but closes „
    case 0x201D:  // ”: closes, but opens in the North
    case 0xAB:    // «
    case 0xBB:    // »
    case '"':
      return Mark::kEither;
    default:
      return Mark::kNone;
  }
}

}  // namespace

void QuoteTracker::Read(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  bool first = true;
  UChar32 before = ' ';
  UChar32 before_space = ':';
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c != ' ') {
      if (MarkOf(c) != Mark::kNone) Take(c, first, before, before_space);
      first = false;
      before_space = c;
    }
    before = c;
  }
  if (depth_ == 0) {
    paragraphs_ = 0;
    return;
  }
  if (!introduced_ || ++paragraphs_ > static_cast<int>(kSpanMax)) {
    depth_ = 0;
    paragraphs_ = 0;
  }
}

bool QuoteTracker::Closes(UChar32 c) const {
  switch (opened_) {
    case 0x201E:
      return c == 0x201C || c == 0x201D;
    case 0x201C:
    case 0x201D:
      return c == 0x201D;
    case 0xAB:
      return c == 0xBB;
    case 0xBB:
      return c == 0xAB || c == 0xBB;
    case 0x300C:
      return c == 0x300D;
    case 0x300E:
      return c == 0x300F;
    default:
      return c == '"';
  }
}

void QuoteTracker::Take(UChar32 c, bool first, UChar32 before,
                        UChar32 before_space) {
  if (depth_ == 0) {
    if (MarkOf(c) == Mark::kClose) return;
    // ”, » and " open only at the beginning of a word.
    const bool at_word = first || before == ' ' || before == '(' ||
                         before == 0xA0 || before == 0x2014 ||
                         before == 0xFF1A || before == ':' || before == '-';
    if ((c == 0x201D || c == 0xBB || c == '"') && !at_word) return;
    opened_ = c;
    depth_ = 1;
    introduced_ = first || before_space == ':' || before_space == 0xFF1A ||
                  before_space == 0x2014 || before_space == '-' ||
                  before_space == 0x2013;
    return;
  }
  // Each paragraph of a quotation may open it again.
  if (first && (c == opened_ || MarkOf(c) == Mark::kOpen)) return;
  if (Closes(c)) {
    --depth_;
  } else if (c == opened_) {
    ++depth_;
  }
}

bool BeginsWithQuote(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  int32_t i = 0;
  UChar32 c = ' ';
  while (i < static_cast<int32_t>(text.size()) && c == ' ') {
    U8_NEXT(bytes, i, static_cast<int32_t>(text.size()), c);
  }
  const Mark mark = MarkOf(c);
  return mark == Mark::kOpen || mark == Mark::kEither;
}

std::vector<bool> FindQuoted(const std::vector<Block>& blocks) {
  std::vector<bool> quoted(blocks.size(), false);
  // Looking ahead is bounded: a hostile file opens one in every paragraph.
  size_t ahead_left = 1 << 20;
  for (const Block& block : blocks) ahead_left += 4 * block.text.size();
  for (size_t i = 0; i < blocks.size();) {
    if (blocks[i].note) {
      ++i;
      continue;
    }
    QuoteTracker tracker;
    tracker.Read(blocks[i].text);
    if (BeginsWithQuote(blocks[i].text)) quoted[i] = true;
    if (!tracker.open()) {
      ++i;
      continue;
    }
    // Where it closes, if it does.
    size_t end = i + 1;
    const size_t most = std::min(blocks.size(), i + kSpanMax);
    while (end < most && tracker.open()) {
      const size_t bytes = blocks[end].text.size();
      if (bytes > ahead_left) break;
      ahead_left -= bytes;
      if (!blocks[end].note) tracker.Read(blocks[end].text);
      ++end;
    }
    if (!tracker.open()) {
      for (size_t j = i + 1; j < end; ++j) quoted[j] = true;
      // The paragraph that closes it may open the next.
      i = end;
      continue;
    }
    ++i;
  }
  return quoted;
}

}  // namespace comity::laws
