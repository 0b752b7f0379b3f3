// Rich Text Format (specification 1.9.1), as far as text goes: groups, control
// words for paragraphs and characters, code pages of fonts. Destinations that
// are no text of the document are skipped.

#include <unicode/ucnv.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

constexpr size_t kGroupsMax = 2000;
constexpr int kCodePage = 1252;

// Code page of a font's character set (`\fcharset`); 0: that of the document.
int CodePageOf(int charset) {
  switch (charset) {
    case 77:
      return 10000;
    case 128:
      return 932;
    case 129:
      return 949;
    case 134:
      return 936;
    case 136:
      return 950;
    case 161:
      return 1253;
    case 162:
      return 1254;
    case 163:
      return 1258;
    case 177:
      return 1255;
    case 178:
      return 1256;
    case 186:
      return 1257;
    case 204:
      return 1251;
    case 222:
      return 874;
    case 238:
      return 1250;
    default:
      return 0;
  }
}

std::string ConverterName(int code_page) {
  switch (code_page) {
    case 10000:
      return "macintosh";
    case 65001:
      return "UTF-8";
    case 932:
      return "windows-31j";
    case 936:
      return "GB18030";
    case 949:
      return "windows-949";
    case 950:
      return "Big5";
    default:
      return code_page < 1000 ? absl::StrCat("cp", code_page)
                              : absl::StrCat("windows-", code_page);
  }
}

std::string ToUtf8(absl::string_view bytes, int code_page) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out(bytes.size() * 4 + 8, '\0');
  const int32_t size =
      ucnv_convert("UTF-8", ConverterName(code_page).c_str(), out.data(),
                   static_cast<int32_t>(out.size()), bytes.data(),
                   static_cast<int32_t>(bytes.size()), &error);
  if (U_FAILURE(error)) {
    if (code_page == kCodePage) return "";
    return ToUtf8(bytes, kCodePage);
  }
  out.resize(static_cast<size_t>(size));
  return out;
}

void AppendUtf8(uint32_t c, std::string* out) {
  if (c >= 0xD800 && c < 0xE000) c = 0xFFFD;
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0U | (c >> 6U)));
    out->push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0U | (c >> 12U)));
    out->push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
    out->push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  } else {
    out->push_back(static_cast<char>(0xF0U | (c >> 18U)));
    out->push_back(static_cast<char>(0x80U | ((c >> 12U) & 0x3FU)));
    out->push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
    out->push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  }
}

class Parser {
 public:
  explicit Parser(absl::string_view bytes) : rest_(bytes) {}

  absl::StatusOr<BlockText> Run();

 private:
  struct State {
    bool skipped = false;
    bool bold = false;
    bool centred = false;
    bool note = false;
    bool title = false;
    bool font_table = false;
    int font = 0;
    // Characters that stand after `\u` for programs that do not know it.
    int fallback = 1;
  };

  void Control();
  void Word(absl::string_view word, bool has_number, int number);
  void Byte(char c);
  void Character(uint32_t c);
  void FlushBytes();
  void FlushParagraph();
  int CodePage() const {
    const auto found = fonts_.find(state_.font);
    return found == fonts_.end() || found->second == 0 ? code_page_
                                                       : found->second;
  }

  absl::string_view rest_;
  State state_;
  std::vector<State> groups_;
  int code_page_ = kCodePage;
  absl::flat_hash_map<int, int> fonts_;
  int font_defined_ = 0;
  // Bytes of a code page, not yet decoded.
  std::string bytes_;
  std::string paragraph_;
  std::string title_;
  size_t bold_bytes_ = 0;
  int to_skip_ = 0;
  uint32_t high_surrogate_ = 0;
  size_t text_bytes_ = 0;
  bool after_group_ = false;
  BlockText text_;
};

void Parser::FlushBytes() {
  if (bytes_.empty()) return;
  const std::string decoded = ToUtf8(bytes_, CodePage());
  bytes_.clear();
  if (state_.title) {
    if (title_.size() < 1000) title_ += decoded;
    return;
  }
  if (state_.skipped) return;
  paragraph_ += decoded;
  if (state_.bold) bold_bytes_ += decoded.size();
}

void Parser::FlushParagraph() {
  FlushBytes();
  Block block;
  block.text = Tidy(paragraph_);
  block.bold = !block.text.empty() && bold_bytes_ * 10 >= paragraph_.size() * 9;
  block.centred = state_.centred;
  block.note = state_.note;
  paragraph_.clear();
  bold_bytes_ = 0;
  if (block.text.empty()) return;
  text_bytes_ += block.text.size();
  text_.blocks.push_back(std::move(block));
}

void Parser::Byte(char c) {
  if (to_skip_ > 0) {
    --to_skip_;
    return;
  }
  if (state_.skipped && !state_.title) return;
  bytes_.push_back(c);
  if (bytes_.size() >= (64U << 10U)) FlushBytes();
}

void Parser::Character(uint32_t c) {
  if (state_.skipped && !state_.title) return;
  FlushBytes();
  if (c >= 0xD800 && c < 0xDC00) {
    high_surrogate_ = c;
    return;
  }
  if (c >= 0xDC00 && c < 0xE000 && high_surrogate_ != 0) {
    c = 0x10000U + ((high_surrogate_ - 0xD800U) << 10U) + (c - 0xDC00U);
  }
  high_surrogate_ = 0;
  AppendUtf8(c, state_.title ? &title_ : &paragraph_);
}

void Parser::Word(absl::string_view word, bool has_number, int number) {
  static const auto* const kSkipped =
      new absl::flat_hash_set<absl::string_view>{"colortbl",
                                                 "stylesheet",
                                                 "info",
                                                 "pict",
                                                 "object",
                                                 "themedata",
                                                 "colorschememapping",
                                                 "latentstyles",
                                                 "datastore",
                                                 "generator",
                                                 "listtable",
                                                 "listoverridetable",
                                                 "rsidtbl",
                                                 "xmlnstbl",
                                                 "header",
                                                 "headerl",
                                                 "headerr",
                                                 "headerf",
                                                 "footer",
                                                 "footerl",
                                                 "footerr",
                                                 "footerf",
                                                 "fldinst",
                                                 "bkmkstart",
                                                 "bkmkend",
                                                 "atnid",
                                                 "atnauthor",
                                                 "annotation",
                                                 "filetbl",
                                                 "revtbl",
                                                 "pgptbl",
                                                 "mmathPr",
                                                 "datafield",
                                                 "formfield",
                                                 "listtext",
                                                 "pntext",
                                                 "shpinst",
                                                 "nonshppict",
                                                 "expandedcolortbl"};
  const bool on = !has_number || number != 0;
  if (word == "par" || word == "line" || word == "row" || word == "sect" ||
      word == "page" || word == "cell" || word == "column") {
    if (!state_.skipped) FlushParagraph();
  } else if (word == "tab") {
    Character(' ');
  } else if (word == "u") {
    // Negative numbers stand for characters above 32767.
    Character(static_cast<uint32_t>(number) & 0xFFFFU);
    to_skip_ = state_.fallback;
  } else if (word == "uc") {
    state_.fallback = std::min(std::max(number, 0), 10);
  } else if (word == "b") {
    FlushBytes();
    state_.bold = on;
  } else if (word == "plain") {
    FlushBytes();
    state_.bold = false;
  } else if (word == "pard") {
    state_.centred = false;
  } else if (word == "qc") {
    state_.centred = true;
  } else if (word == "f") {
    FlushBytes();
    if (state_.font_table) {
      font_defined_ = number;
    } else {
      state_.font = number;
    }
  } else if (word == "fcharset") {
    if (fonts_.size() < 10000) fonts_[font_defined_] = CodePageOf(number);
  } else if (word == "ansicpg") {
    if (number > 0) code_page_ = number;
  } else if (word == "mac") {
    code_page_ = 10000;
  } else if (word == "fonttbl") {
    state_.font_table = true;
    state_.skipped = true;
  } else if (word == "footnote") {
    FlushParagraph();
    state_.note = true;
  } else if (word == "title" && state_.skipped) {
    state_.title = true;
  } else if (word == "bin") {
    rest_.remove_prefix(
        std::min(rest_.size(), static_cast<size_t>(std::max(number, 0))));
  } else if (word == "emdash") {
    Character(0x2014);
  } else if (word == "endash") {
    Character(0x2013);
  } else if (word == "lquote") {
    Character(0x2018);
  } else if (word == "rquote") {
    Character(0x2019);
  } else if (word == "ldblquote") {
    Character(0x201C);
  } else if (word == "rdblquote") {
    Character(0x201D);
  } else if (word == "bullet") {
    Character(0x2022);
  } else if (word == "emspace" || word == "enspace") {
    Character(' ');
  } else if (kSkipped->contains(word)) {
    FlushBytes();
    state_.skipped = true;
  }
}

// After a backslash.
void Parser::Control() {
  if (rest_.empty()) return;
  const char first = rest_[0];
  if (!absl::ascii_isalpha(static_cast<unsigned char>(first))) {
    rest_.remove_prefix(1);
    switch (first) {
      case '\'': {
        const std::string hex(rest_.substr(0, 2));
        rest_.remove_prefix(hex.size());
        if (hex.size() == 2 &&
            absl::ascii_isxdigit(static_cast<unsigned char>(hex[0])) &&
            absl::ascii_isxdigit(static_cast<unsigned char>(hex[1]))) {
          Byte(static_cast<char>(std::strtol(hex.c_str(), nullptr, 16)));
        }
        return;
      }
      case '~':
        Character(0xA0);
        return;
      case '_':
        Character('-');
        return;
      case '\n':
      case '\r':
        if (!state_.skipped) FlushParagraph();
        return;
      case '*':
        // What follows is for programs that know it.
        FlushBytes();
        if (!state_.title) state_.skipped = true;
        return;
      case '\\':
      case '{':
      case '}':
        Byte(first);
        return;
      default:
        return;
    }
  }
  size_t size = 0;
  while (size < rest_.size() && size < 32 &&
         absl::ascii_isalpha(static_cast<unsigned char>(rest_[size]))) {
    ++size;
  }
  const absl::string_view word = rest_.substr(0, size);
  rest_.remove_prefix(size);
  bool negative = false;
  if (rest_.size() > 1 && rest_[0] == '-' &&
      absl::ascii_isdigit(static_cast<unsigned char>(rest_[1]))) {
    negative = true;
    rest_.remove_prefix(1);
  }
  bool has_number = false;
  int number = 0;
  while (!rest_.empty() &&
         absl::ascii_isdigit(static_cast<unsigned char>(rest_[0]))) {
    has_number = true;
    if (number < 100000000) number = number * 10 + (rest_[0] - '0');
    rest_.remove_prefix(1);
  }
  if (negative) number = -number;
  if (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
  Word(word, has_number, number);
}

absl::StatusOr<BlockText> Parser::Run() {
  bool closed = false;
  while (!rest_.empty()) {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    switch (c) {
      case '{':
        FlushBytes();
        if (groups_.size() >= kGroupsMax) {
          return absl::ResourceExhaustedError(absl::StrCat(
              "the RTF document nests more than ", kGroupsMax, " groups"));
        }
        groups_.push_back(state_);
        to_skip_ = 0;
        break;
      case '}': {
        FlushBytes();
        if (state_.note && !groups_.empty() && !groups_.back().note) {
          FlushParagraph();
        }
        if (!groups_.empty()) {
          state_ = groups_.back();
          groups_.pop_back();
        }
        to_skip_ = 0;
        if (groups_.empty()) closed = true;
        break;
      }
      case '\\':
        Control();
        break;
      case '\r':
      case '\n':
      case '\0':
        break;
      default:
        Byte(c);
    }
    if (text_bytes_ > law_limits::kFileBytesMax ||
        text_.blocks.size() > law_limits::kBlocksMax) {
      return absl::ResourceExhaustedError("the RTF document is too long");
    }
    if (closed) break;
  }
  FlushParagraph();
  if (text_.blocks.empty()) {
    return absl::InvalidArgumentError("the RTF document has no text");
  }
  if (!closed) text_.remarks.emplace_back("the RTF document is cut off");
  return std::move(text_);
}

}  // namespace

absl::StatusOr<BlockText> RtfBlocks(absl::string_view bytes) {
  return Parser(bytes).Run();
}

}  // namespace comity::laws
