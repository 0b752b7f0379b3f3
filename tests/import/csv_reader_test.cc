#include "import/csv_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

TEST(CsvReaderTest, ReadsWhatSpreadsheetsWrite) {
  const struct {
    const char* what;
    const char* file;
    const char* rows;
  } cases[] = {
      {"plain", "a,b\n1,2\n", "1: a|b\n2: 1|2"},
      {"no end of the last line", "a,b\n1,2", "1: a|b\n2: 1|2"},
      {"lines of Windows", "a,b\r\n1,2\r\n", "1: a|b\n2: 1|2"},
      {"lines of old Macintoshes", "a,b\r1,2\r", "1: a|b\n2: 1|2"},
      {"semicolons", "a;b\n1,5;2,5\n", "1: a|b\n2: 1,5|2,5"},
      {"tabs", "a\tb\n1,5\t2;5\n", "1: a|b\n2: 1,5|2;5"},
      {"bars", "a|b|c\n1|2|3\n", "1: a|b|c\n2: 1|2|3"},
      {"one column", "a\n1\n", "1: a\n2: 1"},
      {"quotes", "a,b\n\"1,\"\"x\"\"\",\"\"\n", "1: a|b\n2: 1,\"x\"|"},
      {"lines in a cell count", "a,b\n\"x\r\ny\nz\",2\n3,4\n",
       "1: a|b\n2: x\ny\nz|2\n5: 3|4"},
      {"a quote within a cell is a character", "a,b\n1\"2,6' 2\" tall\n",
       "1: a|b\n2: 1\"2|6' 2\" tall"},
      {"blank lines are left out but count", "\n\na,b\n\n,\n1,2\n",
       "3: a|b\n6: 1|2"},
      {"the line of Excel", "sep=;\na,x;b\n1;2\n", "2: a,x|b\n3: 1|2"},
      {"mark of UTF-8", "\xEF\xBB\xBF\"a\",b\n", "1: a|b"},
      {"ragged rows are given as they are", "a,b\n1\n1,2,3\n",
       "1: a|b\n2: 1\n3: 1|2|3"},
      {"a bar in cells of a file with commas", "a,b\nx|y,1\nz|w,2\n",
       "1: a|b\n2: x|y|1\n3: z|w|2"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Printed(ReadRows(c.file)), c.rows);
    // The places where chunks end do not matter.
    EXPECT_EQ(Printed(ReadRows(c.file, {}, 1)), c.rows);
  }
}

TEST(CsvReaderTest, NamesWhatIsMalformed) {
  const struct {
    const char* what;
    std::string file;
    const char* rows;
  } cases[] = {
      {"text after a quote", "a,b\n\"x\"y,2\n3,4\n",
       "1: a|b\n2: xy|2 !1 text follows the closing quote\n3: 3|4"},
      {"a quote that is not closed", "a,b\n1,\"x\n3,4\n",
       "1: a|b\n2: 1|x\n3,4\n !2 a quote is opened here and never closed"},
      {"bytes that are no UTF-8", "a,b\né,1\nx,\xFFz\n",
       "1: a|b\n2: é|1\n3: x|\xFFz !2 has bytes that are no text in UTF-8; the "
       "file may be in another encoding"},
      {"NUL", std::string("a,b\nx\0y,1\n", 10), "1: a|b\n2: x"},
  };
  v1::ImportOptions utf8;
  utf8.set_encoding("UTF-8");
  utf8.set_format(v1::IMPORT_FORMAT_CSV);
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const std::string rows = Printed(ReadRows(c.file, utf8));
    EXPECT_EQ(rows.substr(0, std::string(c.rows).size()), c.rows);
    EXPECT_NE(rows.find('!'), std::string::npos);
    EXPECT_EQ(Printed(ReadRows(c.file, utf8, 1)), rows);
  }
}

TEST(CsvReaderTest, OptionsWinOverWhatIsFoundOut) {
  v1::ImportOptions options;
  options.set_delimiter(";");
  EXPECT_EQ(Printed(ReadRows("a,b;c\n", options)), "1: a,b|c");
  options.set_delimiter("::");
  EXPECT_FALSE(ReadRows("a,b;c\n", options).ok());
  options.set_delimiter("\"");
  EXPECT_FALSE(ReadRows("a,b;c\n", options).ok());
  options.clear_delimiter();
  options.set_encoding("windows-1252");
  EXPECT_EQ(Printed(ReadRows("a,\xE9\x80\n", options)), "1: a|é€");
  options.set_encoding("no-such-encoding");
  EXPECT_FALSE(ReadRows("a,b\n", options).ok());
}

TEST(CsvReaderTest, KeepsItsLimits) {
  std::string many = "a";
  for (int i = 0; i < limits::kImportColumnsMax; ++i) many += ",a";
  EXPECT_EQ(ReadRows(many + "\n").status().code(),
            absl::StatusCode::kResourceExhausted);
  // An opening quote would otherwise take in the rest of the file.
  const std::string open =
      absl::StrCat("a,b\n1,\"", std::string(4 << 20, 'x'), "\n");
  EXPECT_EQ(ReadRows(open).status().code(),
            absl::StatusCode::kResourceExhausted);
  const std::string cell =
      absl::StrCat("a,b\n1,", std::string(300 << 10, 'x'), "\n");
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> rows, ReadRows(cell));
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_EQ(rows[1].problems.size(), 1U);
  EXPECT_EQ(rows[1].problems[0].rule, "a cell may have 262144 bytes at most");
}

TEST(CsvReaderTest, RefusesFilesOfOtherFormats) {
  EXPECT_FALSE(ReadRows("").ok());
  EXPECT_FALSE(ReadRows("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 word").ok());
  v1::ImportOptions csv;
  csv.set_format(v1::IMPORT_FORMAT_CSV);
  EXPECT_FALSE(ReadRows(Zip({{"a.txt", "b"}}), csv).ok());
}

}  // namespace
}  // namespace comity::import_test
