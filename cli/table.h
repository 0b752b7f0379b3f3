// Tables and lists of fields that fit the terminal. Nothing is cut: what does
// not fit is wrapped.

#ifndef COMITY_CLI_TABLE_H_
#define COMITY_CLI_TABLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/terminal.h"

namespace comity::cli {

// Text of a cell, made visible when it is laid out.
struct Cell {
  // Implicit, so that rows read as lists of texts.
  Cell(std::string cell_text, Style cell_style = Style::kPlain)
      : text(std::move(cell_text)), style(cell_style) {}
  Cell(const char* cell_text) : text(cell_text) {}

  std::string text;
  Style style = Style::kPlain;
};

// Rows under headers. A terminal too narrow for the columns, or for a name in
// them, gets each row as a list of fields.
class Table {
 public:
  explicit Table(std::vector<std::string> headers);

  // As many cells as there are headers.
  void AddRow(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  // `width` in cells; 0: no limit. Ends in a line feed, or is empty.
  std::string Render(int width, const Painter& painter) const;

 private:
  std::vector<int> ColumnWidths(int width) const;
  std::string RenderRows(const std::vector<int>& widths,
                         const Painter& painter) const;
  std::string RenderLists(int width, const Painter& painter) const;

  std::vector<std::string> headers_;
  std::vector<std::vector<Cell>> rows_;
};

// Labels with values beside them.
class FieldList {
 public:
  // Values are wrapped beside the label, lines after the first indented by
  // `hang`; empty ones are left out. A label that repeats the one before is
  // printed once.
  void Add(std::string label, std::string value, Style style = Style::kPlain,
           int hang = 0);
  bool empty() const { return fields_.empty(); }

  // Takes the labels that have the same values in each of `lists`, of which
  // there are two or more, out of all but one, and returns that one.
  static FieldList TakeCommon(std::vector<FieldList>* lists);

  // Every line starts with `indent` spaces.
  std::string Render(int width, int indent, const Painter& painter) const;

 private:
  struct Field {
    std::string label;
    Cell value;
    int hang = 0;
  };
  std::vector<std::string> ValuesOf(absl::string_view label) const;
  void Remove(absl::string_view label);

  std::vector<Field> fields_;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_TABLE_H_
