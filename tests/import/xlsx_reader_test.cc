#include "import/xlsx_reader.h"

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "import/child.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

TEST(XlsxReaderTest, ReadsEachKindOfCell) {
  const std::string book = Workbook({
      {"shared", "inline & <b>", " spaced "},
      {"=n13", "=n265.5", "=n1.0E+9"},
      {"=d40808", "=x s=\"2\"><v>40808.5</v>", "=x s=\"3\"><v>40808</v>"},
      {"=x t=\"b\"><v>1</v>", "=x t=\"str\"><f>A1</f><v>formula</v>",
       "=x t=\"d\"><v>2011-09-22T00:00:00</v>"},
      {},
      {"", "", "third only"},
      {"=x t=\"inlineStr\"><is><r><t>rich </t></r><r><t>text</t></r><rPh "
       "sb=\"0\" "
       "eb=\"1\"><t>hint</t></rPh></is>",
       "two_x000D_\nlines", "_x0041_"},
  });
  EXPECT_EQ(Printed(ReadRows(book)),
            "1: shared|inline & <b>| spaced \n"
            "2: 13|265.5|1000000000\n"
            "3: 2011-09-22|2011-09-22 12:00:00|40808\n"
            "4: TRUE|formula|2011-09-22\n"
            "6: ||third only\n"
            "7: rich text|two\nlines|A");
  EXPECT_EQ(Printed(ReadRows(book, {}, 100)), Printed(ReadRows(book)));
}

TEST(XlsxReaderTest, NamesCellsThatAreErrors) {
  EXPECT_EQ(Printed(ReadRows(Workbook(
                {{"=x t=\"e\"><v>#N/A</v>"}, {"=x t=\"s\"><v>9</v>", "x"}}))),
            "1: #N/A !1 is an error of the sheet, not a value\n"
            "2: |x !1 refers to a text that the workbook lacks");
}

TEST(XlsxReaderTest, KnowsBothSystemsOfDays) {
  const struct {
    double serial;
    bool is_1904;
    const char* text;
  } cases[] = {{1, false, "1900-01-01"},
               {59, false, "1900-02-28"},
               {60, false, ""},
               {61, false, "1900-03-01"},
               {40808, false, "2011-09-22"},
               {39346, true, "2011-09-22"},
               {0, true, "1904-01-01"},
               {0.5, false, "12:00:00"},
               {40808.999999, false, "2011-09-23"},
               {-1, false, ""},
               {3e6, false, ""},
               {2958465, false, "9999-12-31"}};
  for (const auto& c : cases) {
    EXPECT_EQ(DateOfSerial(c.serial, c.is_1904), c.text) << c.serial;
  }
  EXPECT_EQ(Printed(ReadRows(Workbook({{"=d39346"}}, true))), "1: 2011-09-22");
}

TEST(XlsxReaderTest, TellsFormatsOfDatesFromOthers) {
  for (const char* date : {"yyyy-mm-dd", "d/m/yy", "[$-409]d\\ mmmm;@",
                           "\"on \"dd.mm", "h:mm AM/PM", "[Red]d"}) {
    EXPECT_TRUE(IsDateFormat(date)) << date;
  }
  for (const char* other : {"General", "0.00", "#,##0 \"days\"", "@",
                            "[Red]0;[Blue]-0", "\\d0", "0_d", "[h]"}) {
    EXPECT_FALSE(IsDateFormat(other)) << other;
  }
}

TEST(XlsxReaderTest, ChoosesTheSheet) {
  v1::ImportOptions options;
  options.set_sheet("List");
  EXPECT_EQ(Printed(ReadRows(Workbook({{"a"}}), options)), "1: a");
  options.set_sheet("Other");
  const auto rows = ReadRows(Workbook({{"a"}}), options);
  EXPECT_EQ(rows.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(rows.status().message().find("its first is List"),
            absl::string_view::npos);
}

TEST(XlsxReaderTest, ReadsMarkupWithPrefixesAndWithoutReferences) {
  const std::string relations =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string book =
      Zip({{"_rels/.rels",
            absl::StrCat("<Relationships><Relationship Type=\"", relations,
                         "/officeDocument\" Target=\"/book/main.xml\"/>"
                         "</Relationships>")},
           {"book/main.xml",
            "<x:workbook><x:sheets><x:sheet name=\"A\" r:id=\"r7\"/>"
            "<x:sheet name=\"B\" r:id=\"r8\"/></x:sheets></x:workbook>"},
           {"book/_rels/main.xml.rels",
            absl::StrCat("<Relationships><Relationship Id=\"r7\" Type=\"",
                         relations,
                         "/worksheet\" Target=\"s.xml\"/>"
                         "</Relationships>")},
           {"book/s.xml",
            "<x:worksheet><x:sheetData><!-- <row> --><x:row/><x:row>"
            "<x:c t=\"str\"><x:v>a</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row >"
            "<x:row><x:c t='str' x='>'><x:v>b</x:v></x:c></x:row>"
            "</x:sheetData></x:worksheet>"}});
  std::vector<std::string> remarks;
  EXPECT_EQ(Printed(ReadRows(book, {}, 1 << 16, &remarks)), "2: a|2\n3: b");
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0], "of the workbook's 2 sheets only A was read");
}

TEST(XlsxReaderTest, RefusesWhatIsNoWorkbook) {
  EXPECT_EQ(ReadRows(Zip({{"a.txt", "b"}})).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadRows("PK\x03\x04 and nothing else").status().code(),
            absl::StatusCode::kInvalidArgument);
  v1::ImportOptions xlsx;
  xlsx.set_format(v1::IMPORT_FORMAT_XLSX);
  EXPECT_EQ(ReadRows("a,b\n", xlsx).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(XlsxReaderTest, ARowThatNeverEndsIsRefused) {
  const std::string huge(20 << 20, ' ');
  const std::string book =
      Workbook({{absl::StrCat("=x t=\"str\"><v>a</v>", huge)}});
  EXPECT_EQ(ReadRows(book).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(XlsxReaderTest, FramesComeBackAsTheyWere) {
  Row row;
  row.line = 7;
  row.cells = {{"é|x", 2}, {"", 5}};
  row.problems = {{2, "v", "rule"}};
  std::string frame;
  AppendRowFrame(row, &frame);
  Row back;
  ASSERT_TRUE(ParseRowFrame(absl::string_view(frame).substr(5), &back));
  EXPECT_EQ(Printed(back), Printed(row));
  for (size_t size = 5; size < frame.size(); ++size) {
    EXPECT_FALSE(
        ParseRowFrame(absl::string_view(frame).substr(5, size - 5), &back));
  }
}

}  // namespace
}  // namespace comity::import_test
