#include "import/xlsx_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <pugixml.hpp>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/zip_part.h"

namespace comity {
namespace {

// 9999-12-31 in the system that counts from 1900.
constexpr double kSerialMax = 2958465;
// Texts keep their white space; nothing else of XML is needed.
constexpr unsigned kParse = pugi::parse_escapes | pugi::parse_eol |
                            pugi::parse_cdata | pugi::parse_ws_pcdata_single;

// Names without the prefix of their namespace, which programs choose freely.
absl::string_view Local(absl::string_view name) {
  const size_t colon = name.find(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& parent, absl::string_view name) {
  return parent.find_child(
      [&](const pugi::xml_node& node) { return Local(node.name()) == name; });
}

absl::string_view Attribute(const pugi::xml_node& node,
                            absl::string_view name) {
  return node
      .find_attribute([&](const pugi::xml_attribute& attribute) {
        return Local(attribute.name()) == name;
      })
      .value();
}

absl::Status Parse(absl::string_view text, pugi::xml_document* document) {
  const pugi::xml_parse_result result = document->load_buffer(
      text.data(), text.size(), kParse, pugi::encoding_utf8);
  if (!result) {
    return absl::InvalidArgumentError(
        absl::StrCat("the workbook is damaged: its XML does not parse (",
                     result.description(), ")"));
  }
  return absl::OkStatus();
}

bool IsTrue(absl::string_view value) {
  return value == "1" || value == "true" || value == "on";
}

// Control characters are written as `_x000D_` (ECMA-376 part 1, 22.9.2.19).
void AppendUnescaped(absl::string_view text, std::string* out) {
  while (true) {
    const size_t at = text.find("_x");
    int32_t code = 0;
    if (at == absl::string_view::npos || at + 7 > text.size() ||
        text[at + 6] != '_' ||
        !absl::SimpleHexAtoi(text.substr(at + 2, 4), &code) || code >= 0x80) {
      if (at == absl::string_view::npos) break;
      absl::StrAppend(out, text.substr(0, at + 2));
      text.remove_prefix(at + 2);
      continue;
    }
    absl::StrAppend(out, text.substr(0, at));
    // Lines within a cell end in LF.
    if (code != '\r') out->push_back(static_cast<char>(code));
    text.remove_prefix(at + 7);
  }
  absl::StrAppend(out, text);
}

// The text of a `si` or `is` element: its runs without phonetic hints.
void AppendRichText(const pugi::xml_node& element, std::string* out) {
  for (const pugi::xml_node& node : element.children()) {
    const absl::string_view name = Local(node.name());
    if (name == "t") {
      AppendUnescaped(node.child_value(), out);
    } else if (name == "r") {
      AppendUnescaped(Child(node, "t").child_value(), out);
    }
  }
}

// Column of a reference such as `AB12`, from 1; 0 if it has no letters.
int32_t ColumnOf(absl::string_view reference) {
  int32_t column = 0;
  for (const char c : reference) {
    const char letter = absl::ascii_toupper(static_cast<unsigned char>(c));
    if (letter < 'A' || letter > 'Z' || column > 100000) break;
    column = column * 26 + (letter - 'A' + 1);
  }
  return column;
}

// A number as a sheet shows it when it has no format.
std::string NumberText(absl::string_view text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !std::isfinite(number)) {
    return std::string(text);
  }
  if (number == std::floor(number) && std::abs(number) < 1e15) {
    return absl::StrFormat("%.0f", number);
  }
  return absl::StrFormat("%.15g", number);
}

// The folder that targets of `part`'s relationships are relative to.
std::string Target(absl::string_view folder, absl::string_view target) {
  if (absl::StartsWith(target, "/")) return std::string(target.substr(1));
  return absl::StrCat(folder, target);
}

}  // namespace

bool IsDateFormat(absl::string_view code) {
  // The part for positive numbers decides.
  bool quoted = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(code[i]));
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const size_t end = code.find(']', i);
      if (end == absl::string_view::npos) return false;
      // Elapsed hours, minutes and seconds are durations, colours are not.
      i = end;
    } else if (c == ';') {
      return false;
    } else if (c == 'y' || c == 'd' || c == 'm' || c == 'h' || c == 's') {
      return !absl::StartsWithIgnoreCase(code, "general");
    }
  }
  return false;
}

std::string DateOfSerial(double serial, bool is_1904) {
  if (!std::isfinite(serial) || serial < 0 || serial > kSerialMax) return "";
  auto days = static_cast<int64_t>(std::floor(serial));
  auto seconds =
      static_cast<int64_t>(std::llround((serial - std::floor(serial)) * 86400));
  if (seconds == 86400) {
    ++days;
    seconds = 0;
  }
  std::string text;
  if (days > 0 || seconds == 0) {
    // Excel takes 1900 for a leap year, so that day 60 was never; days before
    // it count from a day later.
    const Day first = is_1904     ? Day(1904, 1, 1)
                      : days < 60 ? Day(1899, 12, 31)
                                  : Day(1899, 12, 30);
    if (!is_1904 && (days == 60 || days == 0)) return "";
    text = FormatDay(first + days);
  }
  if (seconds > 0) {
    absl::StrAppendFormat(&text, "%s%02d:%02d:%02d", text.empty() ? "" : " ",
                          seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
  return text;
}

struct XlsxReader::Book {
  int fd = -1;
  int64_t unpacked_left = limits::kUnpackedBytesMax;
  bool is_1904 = false;
  // By the index of a cell's style.
  std::vector<bool> style_is_date;
  // All shared strings in a row; each ends where the next begins.
  std::string strings;
  std::vector<size_t> string_ends;
  std::unique_ptr<XmlElements> rows;
  int64_t last_row = 0;
  std::vector<std::string> remarks;
  pugi::xml_document row_xml;

  absl::Status ReadTree(absl::string_view part, pugi::xml_document* document);
  absl::Status Open(absl::string_view sheet);
  absl::StatusOr<std::string> ChooseSheet(const pugi::xml_node& workbook,
                                          absl::string_view sheet);
  absl::Status ReadStyles(absl::string_view part);
  absl::Status ReadStrings(absl::string_view part);
  absl::StatusOr<bool> ReadRow(absl::string_view xml, Row* row);
  void ReadCell(const pugi::xml_node& cell, absl::string_view type, Cell* into,
                Row* row) const;
  std::string NumberOrDate(absl::string_view value,
                           absl::string_view style) const;
};

absl::Status XlsxReader::Book::ReadTree(absl::string_view part,
                                        pugi::xml_document* document) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ZipPart> zip,
                   ZipPart::Open(fd, part, &unpacked_left));
  ASSIGN_OR_RETURN(const std::string text,
                   zip->ReadAll(limits::kXmlTreeBytesMax));
  return Parse(text, document);
}

// The id of the relationship to the sheet.
absl::StatusOr<std::string> XlsxReader::Book::ChooseSheet(
    const pugi::xml_node& workbook, absl::string_view sheet) {
  std::vector<std::string> names;
  std::string chosen;
  std::string chosen_name;
  for (const pugi::xml_node& node : Child(workbook, "sheets").children()) {
    if (Local(node.name()) != "sheet") continue;
    names.emplace_back(Attribute(node, "name"));
    // `r:id`; the attribute `sheetId` is another number.
    if (chosen.empty() && (sheet.empty() || names.back() == sheet)) {
      chosen = std::string(Attribute(node, "id"));
      chosen_name = names.back();
    }
  }
  if (chosen.empty()) {
    return InvalidField("sheet", sheet,
                        absl::StrCat("but the workbook has no such sheet; its "
                                     "first is ",
                                     names.empty() ? "none" : names.front()));
  }
  if (names.size() > 1) {
    remarks.push_back(absl::StrCat("of the workbook's ", names.size(),
                                   " sheets only ", chosen_name, " was read"));
  }
  return chosen;
}

absl::Status XlsxReader::Book::Open(absl::string_view sheet) {
  pugi::xml_document package;
  std::string workbook_part = "xl/workbook.xml";
  RETURN_IF_ERROR(ReadTree("_rels/.rels", &package));
  for (const pugi::xml_node& node : package.document_element().children()) {
    if (absl::EndsWith(Attribute(node, "Type"), "/officeDocument")) {
      workbook_part = Target("", Attribute(node, "Target"));
    }
  }
  const size_t slash = workbook_part.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "" : workbook_part.substr(0, slash + 1);
  pugi::xml_document workbook;
  RETURN_IF_ERROR(ReadTree(workbook_part, &workbook));
  is_1904 = IsTrue(
      Attribute(Child(workbook.document_element(), "workbookPr"), "date1904"));
  ASSIGN_OR_RETURN(const std::string id,
                   ChooseSheet(workbook.document_element(), sheet));
  pugi::xml_document relations;
  RETURN_IF_ERROR(
      ReadTree(absl::StrCat(folder, "_rels/",
                            workbook_part.substr(folder.size()), ".rels"),
               &relations));
  std::string sheet_part;
  for (const pugi::xml_node& node : relations.document_element().children()) {
    const absl::string_view type = Attribute(node, "Type");
    const std::string target = Target(folder, Attribute(node, "Target"));
    if (Attribute(node, "Id") == id) sheet_part = target;
    if (absl::EndsWith(type, "/styles")) RETURN_IF_ERROR(ReadStyles(target));
    if (absl::EndsWith(type, "/sharedStrings")) {
      RETURN_IF_ERROR(ReadStrings(target));
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<ZipPart> part,
                   ZipPart::Open(fd, sheet_part, &unpacked_left));
  rows = std::make_unique<XmlElements>(std::move(part), "row",
                                       limits::kXmlRowBytesMax);
  return absl::OkStatus();
}

absl::Status XlsxReader::Book::ReadStyles(absl::string_view part) {
  pugi::xml_document styles;
  RETURN_IF_ERROR(ReadTree(part, &styles));
  absl::flat_hash_map<int, bool> is_date;
  // The formats that every program knows by number (18.8.30).
  for (int id = 14; id <= 22; ++id) is_date[id] = true;
  for (int id = 27; id <= 36; ++id) is_date[id] = true;
  for (int id = 45; id <= 47; ++id) is_date[id] = true;
  for (int id = 50; id <= 58; ++id) is_date[id] = true;
  const pugi::xml_node root = styles.document_element();
  for (const pugi::xml_node& node : Child(root, "numFmts").children()) {
    int id = 0;
    if (absl::SimpleAtoi(Attribute(node, "numFmtId"), &id)) {
      is_date[id] = IsDateFormat(Attribute(node, "formatCode"));
    }
  }
  for (const pugi::xml_node& node : Child(root, "cellXfs").children()) {
    int id = 0;
    const bool known = absl::SimpleAtoi(Attribute(node, "numFmtId"), &id) &&
                       is_date.contains(id);
    style_is_date.push_back(known && is_date[id]);
  }
  return absl::OkStatus();
}

absl::Status XlsxReader::Book::ReadStrings(absl::string_view part) {
  ASSIGN_OR_RETURN(std::unique_ptr<ZipPart> zip,
                   ZipPart::Open(fd, part, &unpacked_left));
  XmlElements items(std::move(zip), "si", limits::kXmlRowBytesMax);
  pugi::xml_document item;
  absl::string_view xml;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, items.Next(&xml));
    if (!more) return absl::OkStatus();
    RETURN_IF_ERROR(Parse(xml, &item));
    AppendRichText(item.document_element(), &strings);
    string_ends.push_back(strings.size());
    if (strings.size() + string_ends.size() * sizeof(size_t) >
        limits::kSharedStringsBytesMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the texts of the workbook have more than ",
                       limits::kSharedStringsBytesMax, " bytes"));
    }
  }
}

std::string XlsxReader::Book::NumberOrDate(absl::string_view value,
                                           absl::string_view style) const {
  size_t index = 0;
  double serial = 0;
  if (absl::SimpleAtoi(style, &index) && index < style_is_date.size() &&
      style_is_date[index] && absl::SimpleAtod(value, &serial)) {
    std::string date = DateOfSerial(serial, is_1904);
    if (!date.empty()) return date;
  }
  return NumberText(value);
}

void XlsxReader::Book::ReadCell(const pugi::xml_node& cell,
                                absl::string_view type, Cell* into,
                                Row* row) const {
  const absl::string_view value =
      absl::StripAsciiWhitespace(Child(cell, "v").child_value());
  if (type == "s") {
    size_t index = 0;
    if (!absl::SimpleAtoi(value, &index) || index >= string_ends.size()) {
      row->problems.push_back({into->column, std::string(value),
                               "refers to a text that the workbook lacks"});
      return;
    }
    const size_t start = index == 0 ? 0 : string_ends[index - 1];
    into->text = strings.substr(start, string_ends[index] - start);
  } else if (type == "inlineStr") {
    AppendRichText(Child(cell, "is"), &into->text);
  } else if (type == "str") {
    AppendUnescaped(Child(cell, "v").child_value(), &into->text);
  } else if (type == "b") {
    into->text = value == "1" ? "TRUE" : "FALSE";
  } else if (type == "e") {
    into->text = std::string(value);
    row->problems.push_back(
        {into->column, into->text, "is an error of the sheet, not a value"});
  } else if (type == "d") {
    into->text = std::string(absl::StripSuffix(value, "T00:00:00"));
  } else if (!value.empty()) {
    into->text = NumberOrDate(value, Attribute(cell, "s"));
  }
  if (into->text.size() > limits::kImportCellBytesMax) {
    row->problems.push_back(
        {into->column, into->text.substr(0, 1000),
         absl::StrCat("a cell may have ", limits::kImportCellBytesMax,
                      " bytes at most")});
    into->text.clear();
  } else if (!IsText(into->text)) {
    row->problems.push_back(
        {into->column, "", "has bytes that are no text in UTF-8"});
    into->text.clear();
  }
}

// False for a row without text.
absl::StatusOr<bool> XlsxReader::Book::ReadRow(absl::string_view xml,
                                               Row* row) {
  RETURN_IF_ERROR(Parse(xml, &row_xml));
  const pugi::xml_node element = row_xml.document_element();
  int64_t number = 0;
  if (!absl::SimpleAtoi(Attribute(element, "r"), &number)) {
    number = last_row + 1;
  }
  last_row = row->line = number;
  row->cells.clear();
  row->problems.clear();
  int32_t column = 0;
  size_t bytes = 0;
  for (const pugi::xml_node& node : element.children()) {
    if (Local(node.name()) != "c") continue;
    const int32_t stated = ColumnOf(Attribute(node, "r"));
    column = stated > 0 ? stated : column + 1;
    Cell cell;
    cell.column = column;
    ReadCell(node, Attribute(node, "t"), &cell, row);
    if (absl::StripAsciiWhitespace(cell.text).empty()) continue;
    if (column > limits::kImportColumnsMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("row ", number, " has more than ",
                       limits::kImportColumnsMax, " cells"));
    }
    bytes += cell.text.size();
    if (bytes > limits::kImportRowBytesMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("row ", number, " has more than ",
                       limits::kImportRowBytesMax, " bytes"));
    }
    row->cells.push_back(std::move(cell));
  }
  return !row->cells.empty() || !row->problems.empty();
}

XlsxReader::XlsxReader(std::unique_ptr<Book> book) : book_(std::move(book)) {}
XlsxReader::~XlsxReader() = default;

absl::StatusOr<std::unique_ptr<XlsxReader>> XlsxReader::Open(
    int fd, absl::string_view sheet) {
  auto book = std::make_unique<Book>();
  book->fd = fd;
  const absl::Status opened = book->Open(sheet);
  if (absl::IsNotFound(opened)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the file is no XLSX workbook: ", opened.message()));
  }
  RETURN_IF_ERROR(opened);
  return std::unique_ptr<XlsxReader>(new XlsxReader(std::move(book)));
}

absl::StatusOr<bool> XlsxReader::Next(Row* row) {
  absl::string_view xml;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, book_->rows->Next(&xml));
    if (!more) return false;
    ASSIGN_OR_RETURN(const bool has_text, book_->ReadRow(xml, row));
    if (has_text) return true;
  }
}

const std::vector<std::string>& XlsxReader::remarks() const {
  return book_->remarks;
}

}  // namespace comity
