#include "cli/table.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace comity::cli {
namespace {

constexpr int kGap = 2;
// Below this a column is unreadable and the table becomes lists.
constexpr int kColumnWidthMin = 8;
// A word up to this width is kept whole where there is room.
constexpr int kWordWidthMax = 30;

int WidestLine(const std::vector<std::string>& lines) {
  int widest = 0;
  for (const std::string& line : lines) {
    widest = std::max(widest, DisplayWidth(line));
  }
  return widest;
}

// `text` and spaces up to `width`.
std::string Pad(absl::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return absl::StrCat(text, std::string(static_cast<size_t>(missing), ' '));
}

void StripTrailingSpace(std::string* text) {
  while (!text->empty() && text->back() == ' ') text->pop_back();
}

int Sum(const std::vector<int>& widths) {
  return std::accumulate(widths.begin(), widths.end(), 0);
}

}  // namespace

Table::Table(std::vector<std::string> headers) : headers_(std::move(headers)) {}

void Table::AddRow(std::vector<Cell> row) {
  assert(row.size() == headers_.size());
  for (Cell& cell : row) cell.text = Visible(cell.text);
  rows_.push_back(std::move(row));
}

// Widths of the columns, the widest narrowed first until all fit; empty if they
// cannot.
std::vector<int> Table::ColumnWidths(int width) const {
  std::vector<int> widths;
  // Where words stay whole, and where they may be broken.
  std::vector<int> least;
  std::vector<int> floor;
  for (size_t column = 0; column < headers_.size(); ++column) {
    int natural = DisplayWidth(headers_[column]);
    int word = natural;
    int unbroken = kColumnWidthMin;
    for (const auto& row : rows_) {
      natural = std::max(natural, WidestLine(Wrap(row[column].text, 0)));
      word = std::max(word, WidestWord(row[column].text));
      unbroken = std::max(unbroken, WidestUnbroken(row[column].text));
    }
    widths.push_back(natural);
    least.push_back(
        std::max(std::min({natural, word, kWordWidthMax}), unbroken));
    floor.push_back(unbroken);
  }
  if (width <= 0) return widths;
  const int room = width - kGap * (static_cast<int>(headers_.size()) - 1);
  // Twice: first without breaking words, then down to what is readable.
  for (const std::vector<int>& limits : {least, floor}) {
    while (Sum(widths) > room) {
      auto widest = widths.end();
      for (auto it = widths.begin(); it != widths.end(); ++it) {
        const auto column = static_cast<size_t>(it - widths.begin());
        if (*it <= limits[column]) continue;
        if (widest == widths.end() || *it > *widest) widest = it;
      }
      if (widest == widths.end()) break;
      --*widest;
    }
  }
  if (Sum(widths) > room) return {};
  return widths;
}

std::string Table::RenderRows(const std::vector<int>& widths,
                              const Painter& painter) const {
  const std::string gap(kGap, ' ');
  std::string out;
  const auto add_line = [&](const std::vector<std::string>& texts,
                            const std::vector<Style>& styles) {
    std::string line;
    for (size_t column = 0; column < texts.size(); ++column) {
      if (column > 0) line += gap;
      const std::string padded = Pad(texts[column], widths[column]);
      line += painter.Paint(styles[column], texts[column]);
      line.append(padded.size() - texts[column].size(), ' ');
    }
    StripTrailingSpace(&line);
    absl::StrAppend(&out, line, "\n");
  };
  add_line(headers_, std::vector<Style>(headers_.size(), Style::kLabel));
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> cells;
    std::vector<Style> styles;
    size_t height = 0;
    for (size_t column = 0; column < row.size(); ++column) {
      cells.push_back(Wrap(row[column].text, widths[column]));
      styles.push_back(row[column].style);
      height = std::max(height, cells.back().size());
    }
    for (size_t i = 0; i < height; ++i) {
      std::vector<std::string> texts;
      for (const auto& lines : cells) {
        texts.push_back(i < lines.size() ? lines[i] : "");
      }
      add_line(texts, styles);
    }
  }
  return out;
}

std::string Table::RenderLists(int width, const Painter& painter) const {
  std::string out;
  for (const auto& row : rows_) {
    FieldList fields;
    for (size_t column = 0; column < row.size(); ++column) {
      fields.Add(headers_[column], row[column].text, row[column].style);
    }
    if (!out.empty()) out += "\n";
    out += fields.Render(width, 0, painter);
  }
  return out;
}

std::string Table::Render(int width, const Painter& painter) const {
  if (rows_.empty()) return "";
  const std::vector<int> widths = ColumnWidths(width);
  if (widths.empty()) return RenderLists(width, painter);
  return RenderRows(widths, painter);
}

void FieldList::Add(std::string label, std::string value, Style style,
                    int hang) {
  if (value.empty()) return;
  fields_.push_back({std::move(label), Cell(Visible(value), style), hang});
}

std::vector<std::string> FieldList::ValuesOf(absl::string_view label) const {
  std::vector<std::string> values;
  for (const Field& field : fields_) {
    if (field.label == label) values.push_back(field.value.text);
  }
  return values;
}

void FieldList::Remove(absl::string_view label) {
  fields_.erase(std::remove_if(fields_.begin(), fields_.end(),
                               [label](const Field& field) {
                                 return field.label == label;
                               }),
                fields_.end());
}

FieldList FieldList::TakeCommon(std::vector<FieldList>* lists) {
  FieldList common;
  const std::vector<Field> first = lists->front().fields_;
  for (const Field& field : first) {
    const std::vector<std::string> values = common.ValuesOf(field.label);
    // Taken with the label's first value.
    if (!values.empty()) continue;
    const std::vector<std::string> wanted =
        lists->front().ValuesOf(field.label);
    const bool same =
        std::all_of(lists->begin(), lists->end(), [&](const FieldList& list) {
          return list.ValuesOf(field.label) == wanted;
        });
    if (!same) continue;
    for (const Field& one : first) {
      if (one.label == field.label) common.fields_.push_back(one);
    }
  }
  for (const Field& field : common.fields_) {
    for (FieldList& list : *lists) list.Remove(field.label);
  }
  return common;
}

std::string FieldList::Render(int width, int indent,
                              const Painter& painter) const {
  int label_width = 0;
  for (const Field& field : fields_) {
    label_width = std::max(label_width, DisplayWidth(field.label));
  }
  const int before = indent + label_width + kGap;
  const std::string margin(static_cast<size_t>(indent), ' ');
  std::string out;
  absl::string_view last;
  for (const Field& field : fields_) {
    const bool repeated = field.label == last;
    last = field.label;
    bool first = true;
    const int room =
        width <= 0 ? 0 : std::max(kColumnWidthMin, width - before - field.hang);
    for (absl::string_view text : absl::StrSplit(field.value.text, '\n')) {
      int hang = 0;
      for (const std::string& line : Wrap(text, room)) {
        const std::string label = Pad(first && !repeated ? field.label : "",
                                      label_width + kGap + hang);
        std::string whole =
            absl::StrCat(margin, painter.Paint(Style::kLabel, label),
                         painter.Paint(field.value.style, line));
        StripTrailingSpace(&whole);
        absl::StrAppend(&out, whole, "\n");
        first = false;
        hang = field.hang;
      }
    }
  }
  return out;
}

}  // namespace comity::cli
