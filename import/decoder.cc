#include "import/decoder.h"

#include <unicode/uchar.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/status_macros.h"

namespace comity {
namespace {

// Enough for byte order marks and for telling UTF-16 by its zeros.
constexpr size_t kStartBytes = 1024;
// What the statistics look at.
constexpr size_t kGuessBytes = 64 << 10;

constexpr char kAscii[] = "US-ASCII";
constexpr char kUtf8[] = "UTF-8";

bool IsHigh(char c) { return static_cast<unsigned char>(c) >= 0x80U; }

bool IsAsciiLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

// Well-formed UTF-8, but for a character cut off at the end.
bool IsUtf8Start(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c >= 0) continue;
    // A lead byte with fewer continuation bytes left than it asks for.
    return size - start < 4 && U8_IS_LEAD(bytes[start]) &&
           U8_COUNT_TRAIL_BYTES(bytes[start]) >= size - start &&
           std::all_of(bytes + start + 1, bytes + size,
                       [](uint8_t b) { return U8_IS_TRAIL(b); });
  }
  return true;
}

// UTF-16 without a mark: text of any script has ASCII delimiters and line ends,
// whose zero bytes all lie at odd or all at even places.
std::string Utf16WithoutMark(absl::string_view start) {
  size_t zeros[2] = {0, 0};
  for (size_t i = 0; i < start.size(); ++i) {
    if (start[i] == '\0') ++zeros[i % 2];
  }
  if (start.size() < 4) return "";
  if (zeros[1] > start.size() / 20 && zeros[0] == 0) return "UTF-16LE";
  if (zeros[0] > start.size() / 20 && zeros[1] == 0) return "UTF-16BE";
  return "";
}

// The character that each byte is in a single-byte encoding.
std::array<UChar32, 256> CharactersOf(const char* encoding) {
  std::array<UChar32, 256> characters{};
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(encoding, &error);
  for (size_t byte = 0; byte < characters.size(); ++byte) {
    const char c = static_cast<char>(byte);
    UChar out[4] = {0xFFFD, 0, 0, 0};
    UErrorCode failed = U_ZERO_ERROR;
    if (U_SUCCESS(error)) ucnv_toUChars(converter, out, 4, &c, 1, &failed);
    characters[byte] = out[0];
  }
  ucnv_close(converter);
  return characters;
}

// How well the high bytes that touch ASCII letters read as letters of words.
int WordScore(absl::string_view bytes, const char* encoding) {
  const std::array<UChar32, 256> characters = CharactersOf(encoding);
  int score = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!IsHigh(bytes[i])) continue;
    const char before = i > 0 ? bytes[i - 1] : ' ';
    const char after = i + 1 < bytes.size() ? bytes[i + 1] : ' ';
    if (!IsAsciiLetter(before) && !IsAsciiLetter(after)) continue;
    const UChar32 c = characters[static_cast<unsigned char>(bytes[i])];
    const bool in_lower_case = absl::ascii_islower(
        static_cast<unsigned char>(IsAsciiLetter(before) ? before : after));
    if (c == 0x2019) {
      // An apostrophe.
      ++score;
    } else if (!u_isalpha(c)) {
      score -= 2;
    } else if (u_isupper(c) && IsAsciiLetter(before) && in_lower_case) {
      score -= 2;
    } else {
      score += c < 0x100 ? 2 : 1;
    }
  }
  return score;
}

// True for bytes as a Latin alphabet with few accents makes them: high bytes
// stand alone among ASCII letters.
bool LooksLatin(absl::string_view bytes) {
  size_t high = 0;
  size_t alone = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!IsHigh(bytes[i])) continue;
    ++high;
    if ((i == 0 || !IsHigh(bytes[i - 1])) &&
        (i + 1 == bytes.size() || !IsHigh(bytes[i + 1]))) {
      ++alone;
    }
  }
  return alone * 3 >= high * 2;
}

bool IsLatinEncoding(absl::string_view name) {
  return name == "ISO-8859-1" || name == "ISO-8859-2" || name == "ISO-8859-9" ||
         name == "windows-1252" || name == "windows-1250" ||
         name == "windows-1254";
}

// What ICU's detector finds; `latin`: among the Latin encodings only.
std::string Detected(absl::string_view bytes, bool latin) {
  UErrorCode error = U_ZERO_ERROR;
  UCharsetDetector* detector = ucsdet_open(&error);
  ucsdet_setText(detector, bytes.data(), static_cast<int32_t>(bytes.size()),
                 &error);
  int32_t found = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector, &found, &error);
  std::string name = "windows-1252";
  for (int32_t i = 0; U_SUCCESS(error) && i < found; ++i) {
    const absl::string_view candidate = ucsdet_getName(matches[i], &error);
    const bool unicode = absl::StartsWith(candidate, "UTF-");
    if (unicode || (latin && !IsLatinEncoding(candidate))) continue;
    name = std::string(candidate);
    break;
  }
  ucsdet_close(detector);
  return name;
}

}  // namespace

bool IsAscii(absl::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (IsHigh(text[i])) return false;
  }
  return true;
}

std::string GuessEncoding(absl::string_view bytes) {
  if (IsUtf8Start(bytes)) return kUtf8;
  if (!LooksLatin(bytes)) return Detected(bytes, /*latin=*/false);
  std::string name = Detected(bytes, /*latin=*/true);
  // ICU's detector knows none of the encodings of the old Macintosh.
  const int best = std::max(WordScore(bytes, name.c_str()),
                            WordScore(bytes, "windows-1252"));
  return WordScore(bytes, "macintosh") > best ? "macintosh" : name;
}

std::string Decoder::Remark() const {
  return absl::StrCat("the text was read as ", encoding_,
                      ", which was concluded from its bytes; state the "
                      "encoding if characters are wrong");
}

absl::Status Decoder::Fill(std::string* bytes, size_t bytes_min) {
  while (!ended_ && bytes->size() < bytes_min) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, bytes_->Next());
    if (chunk.empty()) ended_ = true;
    bytes->append(chunk.data(), chunk.size());
  }
  return absl::OkStatus();
}

absl::Status Decoder::OpenConverter() {
  UErrorCode error = U_ZERO_ERROR;
  converter_.reset(ucnv_open(encoding_.c_str(), &error));
  if (U_FAILURE(error)) {
    return InvalidField("encoding", encoding_,
                        "must be the IANA name of an encoding");
  }
  if (ucnv_getType(converter_.get()) == UCNV_UTF8) converter_.reset();
  return absl::OkStatus();
}

absl::Status Decoder::Start() {
  started_ = true;
  RETURN_IF_ERROR(Fill(&ahead_, kStartBytes));
  if (!encoding_.empty()) {
    RETURN_IF_ERROR(OpenConverter());
  } else if (absl::StartsWith(ahead_, "\xEF\xBB\xBF")) {
    encoding_ = kUtf8;
  } else {
    int32_t mark = 0;
    UErrorCode error = U_ZERO_ERROR;
    const char* name = ucnv_detectUnicodeSignature(
        ahead_.data(), static_cast<int32_t>(ahead_.size()), &mark, &error);
    encoding_ = name != nullptr ? name : Utf16WithoutMark(ahead_);
    undecided_ = encoding_.empty();
    if (undecided_) {
      encoding_ = kAscii;
    } else {
      RETURN_IF_ERROR(OpenConverter());
    }
  }
  if (converter_ == nullptr && absl::StartsWith(ahead_, "\xEF\xBB\xBF")) {
    ahead_.erase(0, 3);
  }
  return absl::OkStatus();
}

void Decoder::Convert(absl::string_view bytes, bool last) {
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  std::u16string text;
  UErrorCode error;
  do {
    error = U_ZERO_ERROR;
    UChar units[4096];
    UChar* target = units;
    ucnv_toUnicode(converter_.get(), &target, units + 4096, &source, source_end,
                   nullptr, last, &error);
    text.append(units, target);
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  if (!text.empty() && !converted_) {
    converted_ = true;
    if (text.front() == 0xFEFF) text.erase(0, 1);
  }
  // A unit of UTF-16 takes three bytes of UTF-8 at most.
  out_.resize(text.size() * 3);
  int32_t size = 0;
  error = U_ZERO_ERROR;
  u_strToUTF8WithSub(out_.data(), static_cast<int32_t>(out_.size()), &size,
                     text.data(), static_cast<int32_t>(text.size()), 0xFFFD,
                     nullptr, &error);
  out_.resize(static_cast<size_t>(size));
}

absl::StatusOr<absl::string_view> Decoder::NextAscii() {
  std::string bytes = std::move(ahead_);
  ahead_.clear();
  RETURN_IF_ERROR(Fill(&bytes, 1));
  if (IsAscii(bytes)) {
    out_ = std::move(bytes);
    return out_;
  }
  const size_t high = static_cast<size_t>(
      std::find_if(bytes.begin(), bytes.end(), IsHigh) - bytes.begin());
  RETURN_IF_ERROR(Fill(&bytes, high + kGuessBytes));
  // From the start of the word, which the statistics need.
  size_t from = high;
  while (from > 0 && IsAsciiLetter(bytes[from - 1])) --from;
  undecided_ = false;
  encoding_ = GuessEncoding(absl::string_view(bytes).substr(from, kGuessBytes));
  guessed_ = encoding_ != kUtf8;
  RETURN_IF_ERROR(OpenConverter());
  if (converter_ == nullptr) {
    out_ = std::move(bytes);
  } else {
    Convert(bytes, ended_);
  }
  return out_;
}

absl::StatusOr<absl::string_view> Decoder::Next() {
  if (!started_) RETURN_IF_ERROR(Start());
  if (undecided_) return NextAscii();
  while (true) {
    std::string bytes = std::move(ahead_);
    ahead_.clear();
    if (converter_ == nullptr && bytes.empty()) {
      // The common case: passed on without a copy.
      return bytes_->Next();
    }
    const bool was_ended = ended_;
    RETURN_IF_ERROR(Fill(&bytes, 1));
    if (converter_ == nullptr) {
      out_ = std::move(bytes);
      return out_;
    }
    if (bytes.empty() && was_ended) return absl::string_view();
    Convert(bytes, ended_);
    if (!out_.empty() || ended_) return out_;
  }
}

}  // namespace comity
