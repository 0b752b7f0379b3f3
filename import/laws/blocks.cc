#include "import/laws/blocks.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace comity::laws {

std::string Tidy(absl::string_view text) {
  std::string tidy;
  tidy.reserve(text.size());
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  bool space = false;
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) {
      c = 0xFFFD;
    } else if (c == 0xAD || c == 0xFEFF || c == 0x200B) {
      continue;
    } else if (c <= 0x20 || c == 0x7F || c == 0xA0 || c == 0x85 ||
               (c >= 0x80 && c < 0xA0) || (c >= 0x2000 && u_isUWhiteSpace(c)) ||
               (c & 0xFFFE) == 0xFFFE) {
      space = true;
      continue;
    }
    if (space && !tidy.empty()) tidy.push_back(' ');
    space = false;
    if (c == 0xFFFD) {
      tidy.append("\xEF\xBF\xBD");
    } else {
      tidy.append(text.data() + start, static_cast<size_t>(i - start));
    }
  }
  return tidy;
}

}  // namespace comity::laws
