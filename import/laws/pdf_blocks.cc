// PDF: words of the text layer with their places, put into lines.

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

constexpr int kPagesMax = 10000;
// The upper and lower part of a page where headers and footers stand.
constexpr double kMargin = 0.12;
// Characters a page below which it has no text layer: stamps and numbers only.
constexpr size_t kCharactersMin = 20;

struct Line {
  std::string text;
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  // Of most of its characters.
  double size = 0;
  int page = 0;
  double page_height = 0;
  bool dropped = false;
  bool note = false;
};

std::string Utf8(const poppler::ustring& text) {
  const poppler::byte_array bytes = text.to_utf8();
  return std::string(bytes.data(), bytes.size());
}

bool IsNumber(absl::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// Lines of a page in reading order.
void ReadPage(const poppler::page& page, int number, std::vector<Line>* lines) {
  const std::vector<poppler::text_box> boxes =
      page.text_list(poppler::page::text_list_include_font);
  const double height = page.page_rect().height();
  Line line;
  bool open = false;
  bool space = false;
  double base_size = 0;
  const auto flush = [&] {
    line.text = Tidy(line.text);
    if (open && !line.text.empty()) lines->push_back(line);
    line = Line();
    open = false;
  };
  for (const poppler::text_box& box : boxes) {
    const std::string word = Utf8(box.text());
    if (word.empty()) continue;
    const poppler::rectf place = box.bbox();
    const double size =
        box.has_font_info() ? box.get_font_size() : place.height();
    if (open) {
      const double middle = (place.top() + place.bottom()) / 2;
      const bool same = middle > line.top - 1 && middle < line.bottom + 1 &&
                        place.left() >= line.right - size &&
                        place.left() - line.right < 12 * std::max(size, 6.0);
      if (!same) flush();
    }
    if (!open) {
      open = true;
      line.page = number;
      line.page_height = height;
      line.left = place.left();
      line.top = place.top();
      line.bottom = place.bottom();
      line.size = size;
      base_size = size;
      line.text = word;
    } else {
      // A small number right behind a word refers to a footnote.
      const bool gap = place.left() - line.right > 0.12 * base_size;
      const bool mark =
          IsNumber(word) && size < 0.8 * base_size && !space && !gap;
      if (!mark) {
        absl::StrAppend(&line.text, space || gap ? " " : "", word);
        if (size > 0.9 * base_size) {
          line.top = std::min(line.top, place.top());
          line.bottom = std::max(line.bottom, place.bottom());
        }
        // The first word may be a raised number.
        if (size > base_size) {
          base_size = size;
          line.size = size;
        }
      }
    }
    line.right = place.right();
    space = box.has_space_after();
    if (lines->size() > law_limits::kBlocksMax) return;
  }
  flush();
}

// What is the same but for numbers.
std::string Pattern(absl::string_view text) {
  std::string pattern;
  for (const char c : Fold(text)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)))
      pattern.push_back(c);
  }
  return pattern;
}

// Headers, footers and page numbers: lines in the margin that come on several
// pages, and numbers alone.
size_t DropFurniture(int pages, double body, std::vector<Line>* lines) {
  std::map<std::string, int> counts;
  // Titles stand in the margin of the first page, but are larger.
  const auto in_margin = [body](const Line& line) {
    if (line.size > 1.12 * body) return false;
    return line.bottom < line.page_height * kMargin ||
           line.top > line.page_height * (1 - kMargin);
  };
  std::map<std::string, int> last_page;
  for (const Line& line : *lines) {
    if (!in_margin(line) || line.text.size() > 200) continue;
    const std::string pattern = Pattern(line.text);
    int& last = last_page[pattern];
    if (last == line.page) continue;
    last = line.page;
    ++counts[pattern];
  }
  const int often = std::max(3, std::min(pages / 5, 8));
  size_t dropped = 0;
  for (Line& line : *lines) {
    if (!in_margin(line) || line.text.size() > 200) continue;
    const bool number = Pattern(line.text).empty();
    if ((number && line.text.size() < 12) ||
        (pages > 2 && counts[Pattern(line.text)] >= often)) {
      line.dropped = true;
      ++dropped;
    }
  }
  return dropped;
}

// The size that most of the text is printed in.
double BodySize(const std::vector<Line>& lines) {
  std::map<int, size_t> bytes;
  for (const Line& line : lines) {
    bytes[static_cast<int>(std::lround(line.size * 4))] += line.text.size();
  }
  int best = 0;
  size_t most = 0;
  for (const auto& [size, count] : bytes) {
    if (count > most) {
      most = count;
      best = size;
    }
  }
  return best / 4.0;
}

// Smaller lines at the foot of a page, from the first that begins with a number
// on.
void MarkNotes(double body, std::vector<Line>* lines) {
  for (size_t i = 0; i < lines->size();) {
    size_t end = i;
    while (end < lines->size() && (*lines)[end].page == (*lines)[i].page) ++end;
    size_t from = end;
    for (size_t k = end; k > i; --k) {
      const Line& line = (*lines)[k - 1];
      if (line.dropped) continue;
      if (line.size > 0.92 * body || line.top < line.page_height * 0.3) break;
      from = k - 1;
    }
    while (from < end && !absl::ascii_isdigit(static_cast<unsigned char>(
                             (*lines)[from].text[0]))) {
      // `AS 1999 2556` stands over the notes in some.
      (*lines)[from].note = !(*lines)[from].dropped;
      ++from;
    }
    for (size_t k = from; k < end; ++k) {
      if (!(*lines)[k].dropped) (*lines)[k].note = true;
    }
    i = end;
  }
}

}  // namespace

absl::StatusOr<BlockText> PdfBlocks(absl::string_view bytes) {
  poppler::set_debug_error_function(
      [](const std::string& /*message*/, void* /*closure*/) {}, nullptr);
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(bytes.data(),
                                            static_cast<int>(bytes.size())));
  if (document == nullptr) {
    return absl::InvalidArgumentError("the PDF file is damaged");
  }
  if (document->is_locked()) {
    return absl::InvalidArgumentError("the PDF file is encrypted");
  }
  const int pages = document->pages();
  if (pages > kPagesMax) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the PDF file has ", pages, " pages, at most ", kPagesMax));
  }
  std::vector<Line> lines;
  size_t characters = 0;
  int without_text = 0;
  for (int i = 0; i < pages; ++i) {
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    const size_t before = lines.size();
    if (page != nullptr) ReadPage(*page, i + 1, &lines);
    size_t of_page = 0;
    for (size_t k = before; k < lines.size(); ++k) {
      of_page += lines[k].text.size();
    }
    characters += of_page;
    if (of_page < kCharactersMin) ++without_text;
  }
  if (characters <
          kCharactersMin * static_cast<size_t>(std::max(pages, 1)) / 4 ||
      characters == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the PDF file has no text: its pages are pictures, as of a "
        "scan; pages: ",
        pages));
  }
  BlockText text;
  if (without_text > 0) {
    text.remarks.push_back(absl::StrCat(
        "pages without text, such as pictures: ", without_text, " of ", pages));
  }
  const double body = BodySize(lines);
  const size_t dropped = DropFurniture(pages, body, &lines);
  if (dropped > 0) {
    text.remarks.push_back(absl::StrCat(
        "headers, footers and page numbers were left out, lines: ", dropped));
  }
  MarkNotes(body, &lines);
  const Line* previous = nullptr;
  for (const Line& line : lines) {
    if (line.dropped) continue;
    const double line_height = std::max(line.bottom - line.top, 4.0);
    // A gap wider than a line, or a jump to another column or page.
    if (previous != nullptr && previous->page == line.page &&
        previous->note == line.note &&
        line.top - previous->bottom > 0.9 * line_height) {
      text.blocks.emplace_back();
    }
    Block block;
    block.text = line.text;
    block.note = line.note;
    block.line = line.page;
    block.bold = line.size > 1.12 * body;
    text.blocks.push_back(std::move(block));
    previous = &line;
  }
  return text;
}

}  // namespace comity::laws
