#include "base/text.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"

namespace comity {
namespace {

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80U;
  });
}

// Lower case, everything but letters and digits to single spaces.
std::string FoldAscii(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      folded.push_back(absl::ascii_tolower(byte));
    } else if (c == '\'') {
      // "d'Ivoire" and "dIvoire" are one word.
      continue;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded.push_back(' ');
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

// Letters that decomposition leaves alone.
const char* LatinNeighbour(UChar32 c) {
  switch (c) {
    case 0x0131:  // ı
      return "i";
    case 0x00F8:  // ø
      return "o";
    case 0x0142:  // ł
      return "l";
    case 0x0111:  // đ
    case 0x00F0:  // ð
      return "d";
    case 0x00FE:  // þ
      return "th";
    case 0x00E6:  // æ
      return "ae";
    case 0x0153:  // œ
      return "oe";
    case 0x0127:  // ħ
      return "h";
    default:
      return nullptr;
  }
}

bool IsApostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0x02BB;
}

bool IsMark(UChar32 c) {
  const int8_t type = u_charType(c);
  // U+0640 is the Arabic tatweel, which only stretches words.
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
         type == U_FORMAT_CHAR || c == 0x0640;
}

const icu::Normalizer2* CaseFold() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKCCasefoldInstance(error);
}

const icu::Normalizer2* Decompose() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKDInstance(error);
}

std::vector<UChar32> CodePoints(absl::string_view text) {
  std::vector<UChar32> points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    points.push_back(c < 0 ? 0xFFFD : c);
  }
  return points;
}

}  // namespace

bool IsText(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c <= 0) return false;
  }
  return true;
}

std::string Fold(absl::string_view text) {
  if (IsAscii(text)) return FoldAscii(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  // Case folding may compose, so marks are split off after it.
  const icu::UnicodeString folded =
      Decompose()->normalize(CaseFold()->normalize(unicode, error), error);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (IsMark(c) || IsApostrophe(c)) continue;
    if (const char* neighbour = LatinNeighbour(c); neighbour != nullptr) {
      kept.append(icu::UnicodeString(neighbour, -1, US_INV));
    } else if (u_isalnum(c) || u_charType(c) == U_COMBINING_SPACING_MARK) {
      kept.append(c);
    } else if (!kept.isEmpty() && kept.charAt(kept.length() - 1) != ' ') {
      kept.append(static_cast<UChar32>(' '));
    }
  }
  kept.trim();
  std::string result;
  kept.toUTF8String(result);
  return result;
}

std::string Slug(absl::string_view text, size_t bytes_max) {
  std::string latin;
  if (IsAscii(text)) {
    latin = FoldAscii(text);
  } else {
    UErrorCode error = U_ZERO_ERROR;
    // Transliterators are not thread-safe, but each thread may keep its own.
    thread_local const std::unique_ptr<icu::Transliterator> transliterator(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII",
                                            UTRANS_FORWARD, error));
    icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
    if (transliterator != nullptr) transliterator->transliterate(unicode);
    unicode.toUTF8String(latin);
    latin = FoldAscii(latin);
  }
  std::string slug;
  for (const char c : latin) slug.push_back(c == ' ' ? '-' : c);
  if (slug.size() > bytes_max) {
    slug.resize(bytes_max + 1);
    const size_t hyphen = slug.rfind('-');
    slug.resize(hyphen != std::string::npos && hyphen > bytes_max / 2
                    ? hyphen
                    : bytes_max);
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "x" : slug;
}

int EditDistance(absl::string_view a, absl::string_view b, int limit) {
  const std::vector<UChar32> x = CodePoints(a);
  const std::vector<UChar32> y = CodePoints(b);
  const int rows = static_cast<int>(x.size());
  const int columns = static_cast<int>(y.size());
  if (std::abs(rows - columns) > limit) return limit + 1;
  std::vector<int> before(y.size() + 1);
  std::vector<int> last(y.size() + 1);
  std::vector<int> row(y.size() + 1);
  for (int j = 0; j <= columns; ++j) last[static_cast<size_t>(j)] = j;
  for (size_t i = 1; i <= x.size(); ++i) {
    row[0] = static_cast<int>(i);
    int least = row[0];
    for (size_t j = 1; j <= y.size(); ++j) {
      const int replaced = last[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[y.size()], limit + 1);
}

}  // namespace comity
