#include "import/laws/decode.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/decoder.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

// What the statistics look at.
constexpr size_t kGuessBytes = 256 << 10;
// Where a declaration may stand.
constexpr size_t kDeclarationBytes = 4 << 10;

// Well-formed UTF-8 but for `bad` places; a file of legacy encoding has bad
// places all over.
bool IsUtf8(absl::string_view bytes, bool* ascii, size_t* bad) {
  *ascii = true;
  *bad = 0;
  size_t good = 0;
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto size = static_cast<int32_t>(bytes.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(data, i, size, c);
    if (c < 0) {
      ++*bad;
      *ascii = false;
    } else if (c >= 0x80) {
      ++good;
      *ascii = false;
    }
  }
  // A damaged character in a long text does not make it another encoding.
  return *bad == 0 || (good > 50 && *bad * 100 < good);
}

std::string Utf16WithoutMark(absl::string_view bytes) {
  const absl::string_view start = bytes.substr(0, 4096);
  size_t zeros[2] = {0, 0};
  for (size_t i = 0; i < start.size(); ++i) {
    if (start[i] == '\0') ++zeros[i % 2];
  }
  if (start.size() < 4) return "";
  if (zeros[1] > start.size() / 20 && zeros[0] * 20 < zeros[1]) {
    return "UTF-16LE";
  }
  if (zeros[0] > start.size() / 20 && zeros[1] * 20 < zeros[0]) {
    return "UTF-16BE";
  }
  return "";
}

// What an XML declaration or a meta element says.
std::string Declared(absl::string_view bytes) {
  const std::string start =
      absl::AsciiStrToLower(bytes.substr(0, kDeclarationBytes));
  for (const absl::string_view key : {"encoding=", "charset="}) {
    size_t at = 0;
    while ((at = start.find(std::string(key), at)) != std::string::npos) {
      at += key.size();
      absl::string_view rest = absl::string_view(start).substr(at);
      if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
        rest.remove_prefix(1);
      }
      const size_t size =
          std::min(rest.find_first_of("\"' ;>/?\t\r\n"), rest.size());
      if (size > 1 && size < 40) return std::string(rest.substr(0, size));
    }
  }
  return "";
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// What portals call Latin-1 is Microsoft's superset of it, and so on.
std::string Widened(absl::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(name);
  if (upper == "ISO-8859-1" || upper == "LATIN1" || upper == "US-ASCII" ||
      upper == "ASCII" || upper == "ISO8859-1" || upper == "ISO-8859-15") {
    return upper == "ISO-8859-15" ? "ISO-8859-15" : "windows-1252";
  }
  if (upper == "ISO-8859-9") return "windows-1254";
  if (upper == "GB2312" || upper == "GBK" || upper == "GB18030") {
    return "GB18030";
  }
  return std::string(name);
}

bool Convert(absl::string_view bytes, absl::string_view encoding,
             std::string* out, size_t* bad) {
  UErrorCode error = U_ZERO_ERROR;
  const Converter converter(ucnv_open(std::string(encoding).c_str(), &error));
  if (U_FAILURE(error)) return false;
  out->clear();
  out->reserve(bytes.size() + bytes.size() / 2);
  *bad = 0;
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  std::u16string units(64 << 10, u'\0');
  std::string piece;
  // A pair cut at the end of the buffer.
  std::u16string pending;
  do {
    error = U_ZERO_ERROR;
    UChar* target = units.data();
    ucnv_toUnicode(converter.get(), &target, units.data() + units.size(),
                   &source, source_end, nullptr, 1, &error);
    std::u16string text = pending;
    text.append(units.data(), target);
    pending.clear();
    if (error == U_BUFFER_OVERFLOW_ERROR && !text.empty() &&
        U16_IS_LEAD(text.back())) {
      pending.push_back(text.back());
      text.pop_back();
    }
    *bad += static_cast<size_t>(std::count(text.begin(), text.end(), 0xFFFD));
    piece.resize(text.size() * 3 + 4);
    int32_t size = 0;
    UErrorCode failed = U_ZERO_ERROR;
    u_strToUTF8WithSub(piece.data(), static_cast<int32_t>(piece.size()), &size,
                       text.data(), static_cast<int32_t>(text.size()), 0xFFFD,
                       nullptr, &failed);
    if (U_FAILURE(failed)) return false;
    out->append(piece, 0, static_cast<size_t>(size));
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return true;
}

std::string Guessed(absl::string_view bytes) {
  std::string name;
  if (uchardet_t detector = uchardet_new(); detector != nullptr) {
    const absl::string_view start = bytes.substr(0, kGuessBytes);
    if (uchardet_handle_data(detector, start.data(), start.size()) == 0) {
      uchardet_data_end(detector);
      name = uchardet_get_charset(detector);
    }
    uchardet_delete(detector);
  }
  if (name.empty() || name == "ASCII" || absl::StartsWith(name, "UTF")) {
    name = GuessEncoding(bytes.substr(0, kGuessBytes));
  }
  if (absl::StartsWith(name, "UTF")) name = "windows-1252";
  return name;
}

void NormaliseLineEnds(std::string* text) {
  size_t to = 0;
  for (size_t from = 0; from < text->size(); ++from) {
    const char c = (*text)[from];
    if (c == '\r') {
      if (from + 1 < text->size() && (*text)[from + 1] == '\n') continue;
      (*text)[to++] = '\n';
    } else {
      (*text)[to++] = c == '\0' ? ' ' : c;
    }
  }
  text->resize(to);
}

// Bytes that are no characters, as U+FFFD.
std::string Scrubbed(absl::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto size = static_cast<int32_t>(bytes.size());
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c;
    U8_NEXT(data, i, size, c);
    if (c < 0) {
      out.append("\xEF\xBF\xBD");
    } else {
      out.append(bytes.data() + start, static_cast<size_t>(i - start));
    }
  }
  return out;
}

absl::StatusOr<std::string> Gunzip(absl::string_view bytes, size_t bytes_max) {
  z_stream stream = {};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) {
    return absl::ResourceExhaustedError("no memory");
  }
  std::string out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string chunk(256 << 10, '\0');
  int result = Z_OK;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, 0, chunk.size() - stream.avail_out);
    if (out.size() > bytes_max) break;
    if (result == Z_STREAM_END && stream.avail_in > 0) {
      // Members one after the other are one file.
      if (inflateReset(&stream) != Z_OK) break;
      continue;
    }
    if (result != Z_OK) break;
  }
  inflateEnd(&stream);
  if (out.size() > bytes_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the file unpacks to more than ", bytes_max, " bytes"));
  }
  if (result != Z_STREAM_END) {
    return absl::InvalidArgumentError("the gzip file is damaged or cut off");
  }
  return out;
}

absl::StatusOr<std::string> Unzstd(absl::string_view bytes, size_t bytes_max) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(
      ZSTD_createDStream(), &ZSTD_freeDStream);
  if (stream == nullptr) return absl::ResourceExhaustedError("no memory");
  // 128 MiB: what zstd itself takes without being told.
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 27);
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  std::string out;
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  size_t left = 1;
  while (in.pos < in.size || left != 0) {
    ZSTD_outBuffer piece = {chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(stream.get(), &piece, &in);
    if (ZSTD_isError(left) != 0) {
      return absl::InvalidArgumentError("the Zstandard file is damaged");
    }
    out.append(chunk, 0, piece.pos);
    if (out.size() > bytes_max) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the file unpacks to more than ", bytes_max, " bytes"));
    }
    if (in.pos == in.size && left != 0 && piece.pos < chunk.size()) {
      return absl::InvalidArgumentError("the Zstandard file is cut off");
    }
  }
  return out;
}

}  // namespace

Decoded Decode(absl::string_view bytes, absl::string_view declared) {
  Decoded decoded;
  bytes = bytes.substr(0, law_limits::kFileBytesMax);
  int32_t mark = 0;
  UErrorCode error = U_ZERO_ERROR;
  const char* marked = ucnv_detectUnicodeSignature(
      bytes.data(), static_cast<int32_t>(std::min<size_t>(bytes.size(), 16)),
      &mark, &error);
  const std::string stated =
      declared.empty() ? Declared(bytes) : std::string(declared);
  bool ascii = false;
  size_t bad = 0;
  if (marked != nullptr && U_SUCCESS(error)) {
    decoded.encoding = marked;
    bytes.remove_prefix(static_cast<size_t>(mark));
  } else if (const std::string wide = Utf16WithoutMark(bytes); !wide.empty()) {
    decoded.encoding = wide;
  } else if (IsUtf8(bytes, &ascii, &bad)) {
    // Encodings of seven bits are no ASCII.
    const bool seven = absl::StartsWithIgnoreCase(stated, "iso-2022") ||
                       absl::StartsWithIgnoreCase(stated, "hz");
    decoded.encoding = ascii && seven ? stated : ascii ? "US-ASCII" : "UTF-8";
    decoded.contradicted = !ascii && !stated.empty() &&
                           !absl::EqualsIgnoreCase(stated, "utf-8") &&
                           !absl::EqualsIgnoreCase(stated, "utf8");
  } else if (!stated.empty() && !absl::StartsWithIgnoreCase(stated, "utf")) {
    decoded.encoding = Widened(stated);
  } else {
    decoded.contradicted = !stated.empty();
    decoded.encoding = Widened(Guessed(bytes));
    decoded.guessed = true;
  }
  if (decoded.encoding == "UTF-8" || decoded.encoding == "US-ASCII") {
    decoded.text = bad == 0 ? std::string(bytes) : Scrubbed(bytes);
    if (marked != nullptr) {
      (void)IsUtf8(bytes, &ascii, &bad);
      if (bad > 0) decoded.text = Scrubbed(bytes);
    }
    decoded.bad = bad;
  } else if (!Convert(bytes, decoded.encoding, &decoded.text, &decoded.bad)) {
    // A name that nobody knows.
    decoded.contradicted = true;
    decoded.guessed = true;
    decoded.encoding = Widened(Guessed(bytes));
    if (!Convert(bytes, decoded.encoding, &decoded.text, &decoded.bad)) {
      decoded.encoding = "windows-1252";
      Convert(bytes, decoded.encoding, &decoded.text, &decoded.bad);
    }
  }
  if (absl::StartsWith(decoded.text, "\xEF\xBB\xBF")) decoded.text.erase(0, 3);
  NormaliseLineEnds(&decoded.text);
  return decoded;
}

absl::StatusOr<std::string> Unpack(absl::string_view bytes, size_t bytes_max) {
  if (absl::StartsWith(bytes, "\x1F\x8B")) return Gunzip(bytes, bytes_max);
  if (absl::StartsWith(bytes, "\x28\xB5\x2F\xFD")) {
    return Unzstd(bytes, bytes_max);
  }
  if (bytes.size() > bytes_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the file has more than ", bytes_max, " bytes"));
  }
  return std::string(bytes);
}

std::string DetectLanguage(absl::string_view text) {
  // From the middle: beginnings hold names and citations.
  if (text.size() > law_limits::kDetectBytes) {
    size_t from =
        std::min(text.size() / 4, text.size() - law_limits::kDetectBytes);
    while (from < text.size() &&
           (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U) {
      ++from;
    }
    text = text.substr(from, law_limits::kDetectBytes);
    // The detector wants whole characters.
    for (int i = 0; i < 4 && !text.empty(); ++i) {
      const auto last = static_cast<unsigned char>(text.back());
      if (last < 0x80U) break;
      text.remove_suffix(1);
      if (last >= 0xC0U) break;
    }
  }
  bool reliable = false;
  int valid = 0;
  const CLD2::Language language =
      CLD2::DetectLanguageCheckUTF8(text.data(), static_cast<int>(text.size()),
                                    /*is_plain_text=*/true, &reliable, &valid);
  if (language == CLD2::UNKNOWN_LANGUAGE) return "";
  std::string code = CLD2::LanguageCode(language);
  if (code == "iw") return "he";
  if (code == "no") return "nb";
  if (code == "jw") return "jv";
  if (code == "un") return "";
  if (code.size() > 3) {
    // `zh-Hant`; anything longer is CLD2's own name of a script.
    return code == "zh-Hant" ? code : "";
  }
  return code;
}

std::string LanguageTag(absl::string_view stated) {
  stated = absl::StripAsciiWhitespace(stated);
  if (const size_t slash = stated.rfind('/');
      slash != absl::string_view::npos) {
    stated.remove_prefix(slash + 1);
  }
  if (stated.size() < 2 || stated.size() > 20) return "";
  // ISO 639-2 codes for bibliographies.
  const std::string lower = absl::AsciiStrToLower(stated);
  static constexpr std::pair<const char*, const char*> kBibliographic[] = {
      {"fre", "fr"}, {"ger", "de"}, {"dut", "nl"}, {"gre", "el"}, {"cze", "cs"},
      {"slo", "sk"}, {"rum", "ro"}, {"chi", "zh"}, {"alb", "sq"}, {"arm", "hy"},
      {"geo", "ka"}, {"ice", "is"}, {"mac", "mk"}, {"may", "ms"}, {"per", "fa"},
      {"wel", "cy"}, {"baq", "eu"}, {"bur", "my"}, {"nor", "nb"}, {"no", "nb"}};
  for (const auto& [code, tag] : kBibliographic) {
    if (lower == code) return tag;
  }
  UErrorCode error = U_ZERO_ERROR;
  char locale[ULOC_FULLNAME_CAPACITY];
  int32_t used = 0;
  uloc_forLanguageTag(lower.c_str(), locale, sizeof(locale), &used, &error);
  if (U_FAILURE(error) || used != static_cast<int32_t>(lower.size())) return "";
  char tag[ULOC_FULLNAME_CAPACITY];
  const int32_t size =
      uloc_toLanguageTag(locale, tag, sizeof(tag), /*strict=*/1, &error);
  if (U_FAILURE(error) || size <= 0) return "";
  std::string canonical(tag, static_cast<size_t>(size));
  return canonical == "und" ? "" : canonical;
}

}  // namespace comity::laws
