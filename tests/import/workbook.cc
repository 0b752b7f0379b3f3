// Workbooks for tests, as small as programs read them.

#include <archive.h>
#include <archive_entry.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/import/support.h"

namespace comity::import_test {
namespace {

constexpr char kHead[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr char kMain[] =
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
constexpr char kRelations[] =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

std::string Reference(size_t row, size_t column) {
  std::string letters;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return absl::StrCat(letters, row + 1);
}

// `=d40808`: a number in the style of dates; `=n13`: a number; `=x...`: the
// attributes and children of the cell; other text becomes a shared string, or
// an inline one in odd columns.
std::string CellXml(size_t row, size_t column, const std::string& text,
                    std::vector<std::string>* shared) {
  const std::string start =
      absl::StrCat("<c r=\"", Reference(row, column), "\"");
  if (text.empty()) return "";
  if (absl::StartsWith(text, "=d")) {
    return absl::StrCat(start, " s=\"1\"><v>", text.substr(2), "</v></c>");
  }
  if (absl::StartsWith(text, "=n")) {
    return absl::StrCat(start, "><v>", text.substr(2), "</v></c>");
  }
  if (absl::StartsWith(text, "=x")) {
    return absl::StrCat(start, " ", text.substr(2), "</c>");
  }
  if (column % 2 == 1) {
    return absl::StrCat(start,
                        " t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                        Escaped(text), "</t></is></c>");
  }
  shared->push_back(text);
  return absl::StrCat(start, " t=\"s\"><v>", shared->size() - 1, "</v></c>");
}

}  // namespace

std::string Zip(const std::map<std::string, std::string>& files) {
  std::string bytes(1 << 20, '\0');
  size_t used = 0;
  for (const auto& [name, text] : files)
    bytes.resize(bytes.size() + text.size());
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  archive_write_open_memory(zip, bytes.data(), bytes.size(), &used);
  for (const auto& [name, text] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(zip, entry);
    archive_write_data(zip, text.data(), text.size());
    archive_entry_free(entry);
  }
  archive_write_close(zip);
  archive_write_free(zip);
  bytes.resize(used);
  return bytes;
}

std::string Workbook(const std::vector<std::vector<std::string>>& rows,
                     bool is_1904) {
  std::string sheet = absl::StrCat(kHead, "<worksheet ", kMain, "><sheetData>");
  std::vector<std::string> shared;
  for (size_t row = 0; row < rows.size(); ++row) {
    absl::StrAppend(&sheet, "<row r=\"", row + 1, "\">");
    for (size_t column = 0; column < rows[row].size(); ++column) {
      absl::StrAppend(&sheet, CellXml(row, column, rows[row][column], &shared));
    }
    absl::StrAppend(&sheet, "</row>");
  }
  absl::StrAppend(&sheet, "</sheetData></worksheet>");
  std::string strings = absl::StrCat(kHead, "<sst ", kMain, ">");
  for (const std::string& text : shared) {
    absl::StrAppend(&strings, "<si><t xml:space=\"preserve\">", Escaped(text),
                    "</t></si>");
  }
  absl::StrAppend(&strings, "</sst>");
  const std::string package =
      "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
  return Zip(
      {{"_rels/.rels",
        absl::StrCat(kHead, "<Relationships ", package,
                     "><Relationship Id=\"rId1\" Type=\"", kRelations,
                     "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                     "</Relationships>")},
       {"xl/workbook.xml",
        absl::StrCat(kHead, "<workbook ", kMain, " xmlns:r=\"", kRelations,
                     "\">", is_1904 ? "<workbookPr date1904=\"1\"/>" : "",
                     "<sheets><sheet name=\"List\" sheetId=\"1\" "
                     "r:id=\"rId1\"/></sheets></workbook>")},
       {"xl/_rels/workbook.xml.rels",
        absl::StrCat(kHead, "<Relationships ", package,
                     "><Relationship Id=\"rId1\" Type=\"", kRelations,
                     "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                     "<Relationship Id=\"rId2\" Type=\"",
                     kRelations,
                     "/styles\" Target=\"styles.xml\"/>"
                     "<Relationship Id=\"rId3\" Type=\"",
                     kRelations,
                     "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
                     "</Relationships>")},
       {"xl/styles.xml",
        absl::StrCat(kHead, "<styleSheet ", kMain,
                     "><numFmts count=\"1\"><numFmt numFmtId=\"164\" "
                     "formatCode=\"[$-409]d\\ mmmm\\ yyyy;@\"/></numFmts>"
                     "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
                     "<xf numFmtId=\"164\"/><xf numFmtId=\"2\"/></cellXfs>"
                     "</styleSheet>")},
       {"xl/sharedStrings.xml", strings},
       {"xl/worksheets/sheet1.xml", sheet}});
}

}  // namespace comity::import_test
