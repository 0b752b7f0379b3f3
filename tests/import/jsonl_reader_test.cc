#include "import/jsonl_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

TEST(JsonlReaderTest, ReadsObjectsAsRows) {
  const char file[] =
      "{\"a\": \"x\", \"b\": [\"p\", \"q\"], \"c\": null}\n"
      "\n"
      "  {\"b\": [], \"d\": 1.50, \"a\": \"l\\n2 \\u00e9\", \"e\": true}\r\n";
  const char rows[] = "1: x|p|q|\n3: l\n2 é|||1.50|true";
  EXPECT_EQ(Printed(ReadRows(file)), rows);
  EXPECT_EQ(Printed(ReadRows(file, {}, 1)), rows);
}

TEST(JsonlReaderTest, NamesLinesThatAreNoObjectsAndGoesOn) {
  const char* const lines[] = {
      "{\"a\": 1",
      "[1]",
      "x",
      "{\"a\": {\"b\": 1}}",
      "{\"a\": [[1]]}",
      "{\"a\": [\"x|y\"]}",
      "{\"a\": 1, \"a\": 2}",
      "{\"a\": 1} {\"a\": 2}",
      "{\"a\": \"\\u0000\"}",
      "{\"a\": \"\xFF\"}",
      "{\"a\": 1..2}",
      "{\"a\": tru}",
  };
  for (const char* const line : lines) {
    SCOPED_TRACE(line);
    const std::string file =
        absl::StrCat("{\"a\": \"first\"}\n", line, "\n{\"a\": \"last\"}\n");
    v1::ImportOptions utf8;
    utf8.set_encoding("UTF-8");
    ASSERT_OK_AND_ASSIGN(const std::vector<Row> rows, ReadRows(file, utf8));
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_TRUE(rows[0].problems.empty());
    EXPECT_FALSE(rows[1].problems.empty());
    EXPECT_TRUE(rows[2].problems.empty());
    EXPECT_EQ(rows[2].line, 3);
  }
}

TEST(JsonlReaderTest, KeepsItsLimits) {
  EXPECT_EQ(
      ReadRows(absl::StrCat("{\"a\": \"", std::string(3 << 20, 'x'), "\"}\n"))
          .status()
          .code(),
      absl::StatusCode::kResourceExhausted);
  // Every line with keys of its own.
  std::string file;
  for (int i = 0; i < 600; ++i) absl::StrAppend(&file, "{\"k", i, "\": 1}\n");
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> rows, ReadRows(file));
  EXPECT_TRUE(rows[511].problems.empty());
  EXPECT_FALSE(rows[512].problems.empty());
}

}  // namespace
}  // namespace comity::import_test
