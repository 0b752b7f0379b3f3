// Every reader against files cut off anywhere and files with bytes changed:
// records or a status, in bounded memory, never a crash.

#include <sys/mman.h>
#include <unistd.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "gtest/gtest.h"
#include "import/xlsx_reader.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

constexpr int kMutations = 2000;

// More is not to be had from a file: rows, their cells, problems with each.
constexpr size_t kRecordsMax = 100000;

void Understand(absl::string_view file) {
  v1::ImportOptions options;
  const auto designations = Designations(file, options);
  EXPECT_LE(designations.records.size(), kRecordsMax);
  for (const auto& record : designations.records) {
    EXPECT_LE(record.problems.size(), 1100U);
  }
  EXPECT_LE(Participations(file, options).records.size(), kRecordsMax);
}

// In this process, so that sanitizers see what the reader does.
void ReadWorkbook(absl::string_view file) {
  const int fd = memfd_create("workbook", 0);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(write(fd, file.data(), file.size()),
            static_cast<ssize_t>(file.size()));
  auto reader = XlsxReader::Open(fd, "");
  size_t rows = 0;
  if (reader.ok()) {
    Row row;
    while (true) {
      const auto more = (*reader)->Next(&row);
      if (!more.ok() || !*more) break;
      ASSERT_LE(++rows, kRecordsMax);
      ASSERT_LE(row.cells.size(),
                static_cast<size_t>(limits::kImportColumnsMax) * 100);
    }
  }
  close(fd);
}

std::string Mutated(const std::string& file, std::mt19937* random) {
  std::string mutated = file;
  const auto pick = [&](size_t most) {
    return std::uniform_int_distribution<size_t>(0, most)(*random);
  };
  const size_t edits = 1 + pick(4);
  for (size_t i = 0; i < edits && !mutated.empty(); ++i) {
    const size_t at = pick(mutated.size() - 1);
    const size_t size = std::min(pick(20), mutated.size() - at);
    switch (pick(4)) {
      case 0:
        mutated[at] = static_cast<char>(pick(255));
        break;
      case 1:
        mutated.erase(at, size);
        break;
      case 2:
        mutated.insert(at, mutated.substr(pick(mutated.size() - 1), size));
        break;
      case 3: {
        constexpr absl::string_view kOdd("\"\r\n,;|\0\xFF\xC3{}[]'=<>/&", 20);
        mutated.insert(at, 1, kOdd[pick(kOdd.size() - 1)]);
        break;
      }
      default:
        mutated[at] = static_cast<char>(mutated[at] ^ (1 << pick(7)));
    }
  }
  return mutated;
}

class HostileFilesTest : public ::testing::TestWithParam<const char*> {};

TEST_P(HostileFilesTest, EveryPrefix) {
  for (const auto& [name, file] : Samples(GetParam())) {
    SCOPED_TRACE(name);
    const bool workbook = GetParam() == std::string("xlsx");
    for (size_t size = 0; size <= file.size(); ++size) {
      const absl::string_view prefix = absl::string_view(file).substr(0, size);
      workbook ? ReadWorkbook(prefix) : Understand(prefix);
    }
  }
}

TEST_P(HostileFilesTest, Mutations) {
  const uint32_t seed = 20110922;
  for (const auto& [name, file] : Samples(GetParam())) {
    std::mt19937 random(seed);
    for (int i = 0; i < kMutations; ++i) {
      SCOPED_TRACE(absl::StrCat(name, ", seed ", seed, ", mutation ", i));
      const std::string mutated = Mutated(file, &random);
      GetParam() == std::string("xlsx") ? ReadWorkbook(mutated)
                                        : Understand(mutated);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, HostileFilesTest,
                         ::testing::Values("csv", "jsonl", "xlsx"),
                         [](const auto& test) {
                           return std::string(test.param);
                         });

TEST(HostileWorkbookTest, CostsOneImport) {
  // Through the process of its own, whatever becomes of it.
  std::mt19937 random(1);
  for (const auto& [name, file] : Samples("xlsx")) {
    for (int i = 0; i < 20; ++i) {
      const auto rows = ReadRows(Mutated(file, &random));
      if (!rows.ok()) {
        EXPECT_TRUE(absl::IsInvalidArgument(rows.status()) ||
                    absl::IsResourceExhausted(rows.status()))
            << rows.status();
      }
    }
  }
}

TEST(HostileWorkbookTest, ABombIsRefusedInBoundedMemory) {
  // 32 MB of one text, which zip packs into 32 KB.
  std::string strings = "<sst><si><t>";
  strings.append(32 << 20, 'a');
  strings.append("</t></si></sst>");
  const std::string relations =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string book =
      Zip({{"_rels/.rels",
            absl::StrCat("<Relationships><Relationship Type=\"", relations,
                         "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                         "</Relationships>")},
           {"xl/workbook.xml",
            "<workbook><sheets><sheet name=\"A\" "
            "r:id=\"r1\"/></sheets></workbook>"},
           {"xl/_rels/workbook.xml.rels",
            absl::StrCat("<Relationships><Relationship Id=\"r1\" Type=\"",
                         relations,
                         "/worksheet\" Target=\"s.xml\"/>"
                         "<Relationship Id=\"r2\" Type=\"",
                         relations,
                         "/sharedStrings\" Target=\"strings.xml\"/>"
                         "</Relationships>")},
           {"xl/strings.xml", strings},
           {"xl/s.xml", "<worksheet><sheetData/></worksheet>"}});
  EXPECT_LT(book.size(), 1U << 20);
  EXPECT_EQ(ReadRows(book).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(HostileWorkbookTest, NestedMarkupIsNoStackOverflow) {
  std::string deep = "=x t=\"inlineStr\"><is>";
  for (int i = 0; i < 100000; ++i) deep += "<r>";
  for (int i = 0; i < 100000; ++i) deep += "</r>";
  deep += "</is>";
  const auto rows = ReadRows(Workbook({{deep, "b"}}));
  ASSERT_OK(rows);
  EXPECT_EQ(Printed(rows), "1: |b");
}

}  // namespace
}  // namespace comity::import_test
