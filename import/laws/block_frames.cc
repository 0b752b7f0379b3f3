#include "import/laws/block_frames.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace comity::laws {
namespace {

constexpr size_t kBlockHeadBytes = 12;
constexpr unsigned kBold = 1;
constexpr unsigned kCentred = 2;
constexpr unsigned kNote = 4;

void AppendNumber(uint32_t number, std::string* out) {
  for (unsigned i = 0; i < 4; ++i) {
    out->push_back(static_cast<char>((number >> (8 * i)) & 0xFFU));
  }
}

uint32_t NumberAt(absl::string_view bytes, size_t position) {
  uint32_t number = 0;
  for (unsigned i = 0; i < 4; ++i) {
    number |=
        static_cast<uint32_t>(static_cast<unsigned char>(bytes[position + i]))
        << (8 * i);
  }
  return number;
}

}  // namespace

void AppendFrame(char letter, absl::string_view body, std::string* out) {
  out->push_back(letter);
  AppendNumber(static_cast<uint32_t>(body.size()), out);
  out->append(body.data(), body.size());
}

void AppendBlockFrame(const Block& block, std::string* out) {
  std::string body;
  body.push_back(static_cast<char>(block.level));
  body.push_back(static_cast<char>((block.bold ? kBold : 0U) |
                                   (block.centred ? kCentred : 0U) |
                                   (block.note ? kNote : 0U)));
  body.append(2, '\0');
  AppendNumber(static_cast<uint32_t>(std::clamp(block.indent, 0, 1000)), &body);
  AppendNumber(static_cast<uint32_t>(std::max(block.line, 0)), &body);
  body += block.text;
  AppendFrame('B', body, out);
}

bool ParseBlockFrame(absl::string_view body, Block* block) {
  if (body.size() < kBlockHeadBytes) return false;
  block->level = body[0];
  const auto flags = static_cast<unsigned char>(body[1]);
  block->bold = (flags & kBold) != 0;
  block->centred = (flags & kCentred) != 0;
  block->note = (flags & kNote) != 0;
  const uint32_t indent = NumberAt(body, 4);
  const uint32_t line = NumberAt(body, 8);
  if (block->level < 0 || block->level > 6 || indent > 1000 ||
      line > INT32_MAX) {
    return false;
  }
  block->indent = static_cast<int>(indent);
  block->line = static_cast<int>(line);
  block->text = std::string(body.substr(kBlockHeadBytes));
  return IsText(block->text);
}

void AppendHeadFrame(const BlockText& text, std::string* out) {
  std::string body;
  AppendNumber(static_cast<uint32_t>(text.title.size()), &body);
  body += text.title;
  body += text.language;
  AppendFrame('H', body, out);
}

bool ParseHeadFrame(absl::string_view body, BlockText* text) {
  if (body.size() < 4) return false;
  const uint32_t size = NumberAt(body, 0);
  if (size > body.size() - 4) return false;
  text->title = std::string(body.substr(4, size));
  text->language = std::string(body.substr(4 + size));
  return IsText(text->title) && IsText(text->language);
}

}  // namespace comity::laws
