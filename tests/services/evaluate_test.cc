#include "services/evaluate.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class EvaluateTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_.Path(name);
    std::filesystem::create_directories(
        std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }

  // A set of two documents and, of each language, one query.
  std::string WriteSet(const std::string& name) {
    Write(name + "/corpus.jsonl",
          R"({"id":"d1","title":"Zollgesetz","text":"Waren und Schiffe"})"
          "\n"
          R"({"id":"d2","title":"Strafgesetz","text":"Diebstahl"})"
          "\n");
    Write(name + "/queries.tsv", "fr-1\tWaren\nit-1\tnichts\n");
    Write(name + "/qrels.tsv", "fr-1\t0\td1\t1\nit-1\t0\td2\t1\n");
    return folder_.Path(name);
  }

  absl::Status Run() {
    out_.clear();
    std::FILE* const file = std::tmpfile();
    const absl::Status status = Evaluate(options_, file);
    std::rewind(file);
    constexpr size_t kMost = 1 << 16;
    out_.resize(kMost);
    out_.resize(std::fread(out_.data(), 1, out_.size(), file));
    std::fclose(file);
    return status;
  }

  TemporaryFolder folder_;
  EvaluateOptions options_;
  std::string out_;
};

TEST_F(EvaluateTest, TakesAllThatAShellNames) {
  options_.folders = {Write("README.md", "Sets"), WriteSet("one"),
                      WriteSet("two")};
  options_.language = "de";
  ASSERT_OK(Run());
  EXPECT_THAT(out_, AllOf(HasSubstr("README.md: a file, left out"),
                          HasSubstr("/one: 2 documents (de), 2 queries"),
                          HasSubstr("/two: 2 documents (de), 2 queries"),
                          HasSubstr("10000 resamples")));
  EXPECT_THAT(out_, ContainsRegex("as shipped +0\\.5000 .*p [01]\\."));
  EXPECT_THAT(out_, ContainsRegex("fr to de \\(1\\) +1\\.0000"));
  EXPECT_THAT(out_, ContainsRegex("it to de \\(1\\) +0\\.0000"));
}

TEST_F(EvaluateTest, PlainIsOnlyThat) {
  options_.folders = {WriteSet("one")};
  options_.plain = true;
  ASSERT_OK(Run());
  EXPECT_THAT(out_, AllOf(HasSubstr("plain BM25"), HasSubstr("fr to de (1)"),
                          Not(HasSubstr("as shipped"))));
}

TEST_F(EvaluateTest, SaysWhatCannotBeRead) {
  options_.folders = {Write("README.md", "")};
  EXPECT_EQ(Run().code(), absl::StatusCode::kNotFound);
  const std::string folder = WriteSet("one");
  options_.folders = {folder};
  Write("one/qrels.tsv", "fr-1\t0\td1\n");
  EXPECT_THAT(Run().message(), HasSubstr("qrels.tsv:1: "));
  Write("one/corpus.jsonl", "{}\n");
  EXPECT_THAT(Run().message(), HasSubstr("corpus.jsonl:1: id"));
  options_.concepts = folder_.Path("none.jsonl");
  EXPECT_EQ(Run().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace comity
