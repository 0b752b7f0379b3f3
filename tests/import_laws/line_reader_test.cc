#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "import/law_reader.h"
#include "tests/import_laws/support.h"
#include "tests/support/status_matchers.h"

namespace comity::laws_test {
namespace {

using ::testing::HasSubstr;

struct Read {
  std::vector<LawDocument> documents;
  std::vector<LawLineProblem> problems;
  absl::Status status;
};

Read ReadAll(const std::string& bytes, size_t chunk_bytes = 1 << 16) {
  StringSource source(bytes, chunk_bytes);
  LawLineReader reader(&source);
  Read read;
  while (true) {
    LawDocument document;
    const absl::StatusOr<bool> more = reader.Next(&document);
    if (!more.ok()) read.status = more.status();
    if (!more.ok() || !*more) break;
    read.documents.push_back(std::move(document));
  }
  read.problems = reader.problems();
  return read;
}

std::string Corpus() {
  return ReadFile(SamplePath("jsonl/corpus.jsonl")).value_or("");
}

std::string Gzip(const std::string& bytes) {
  std::string out(compressBound(bytes.size()) + 64, '\0');
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(
      ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

TEST(LawLineReaderTest, ReadsWhatItCanAndReportsTheRest) {
  const Read read = ReadAll(Corpus());
  ASSERT_OK(read.status);
  ASSERT_EQ(read.documents.size(), 3U);
  ASSERT_EQ(read.problems.size(), 4U);
  for (const LawDocument& document : read.documents) CheckWellFormed(document);
  const LawDocument& first = read.documents[0];
  EXPECT_EQ(first.source_id, "made-up:1");
  EXPECT_EQ(first.state, "FRA");
  EXPECT_EQ(first.expression.language(), "fr");
  EXPECT_FALSE(first.expression.language_detected());
  EXPECT_EQ(first.expression.format(), "text");
  EXPECT_EQ(first.law.type(), v1::LAW_TYPE_ACT);
  EXPECT_EQ(first.law.number(), "1931-7");
  EXPECT_EQ(first.law.adopted(), "1931-07-07");
  EXPECT_EQ(first.law.uri(), "https://example.test/1");
  EXPECT_EQ(first.law.titles(0).text(), "Loi relative à la pesée des lettres");
  EXPECT_EQ(first.law.sources(0).note(), "Licence: CC0");
  ASSERT_EQ(first.provisions.size(), 2U);
  EXPECT_EQ(first.provisions[1].name(), "art-2");
  // A date that is none is kept as it was stated.
  EXPECT_EQ(read.documents[1].law.adopted(), "");
  EXPECT_EQ(read.documents[1].law.as_stated(0).text(), "gestern");
  EXPECT_EQ(read.problems[0].line, 3);
  EXPECT_EQ(read.problems[0].id, "made-up:3");
  EXPECT_THAT(read.problems[0].rule, HasSubstr("three letters"));
  EXPECT_EQ(read.problems[1].line, 4);
  EXPECT_THAT(read.problems[1].rule, HasSubstr("no JSON"));
  EXPECT_EQ(read.problems[2].line, 6);
  EXPECT_THAT(read.problems[2].rule, HasSubstr("format"));
  EXPECT_THAT(read.problems[3].rule, HasSubstr("must not be empty"));
}

TEST(LawLineReaderTest, CompressedOrNotInAnyPieces) {
  const std::string plain = Corpus();
  for (const std::string& bytes :
       {plain, Gzip(plain), Zstd(plain), Gzip(plain) + Gzip(plain)}) {
    for (const size_t chunk : {1U, 7U, 4096U}) {
      const Read read = ReadAll(bytes, chunk);
      ASSERT_OK(read.status);
      EXPECT_EQ(read.documents.size() % 3, 0U);
    }
  }
}

TEST(LawLineReaderTest, EveryPrefixIsReadOrRefused) {
  const std::string plain = Corpus();
  for (const std::string& bytes : {plain, Gzip(plain), Zstd(plain)}) {
    for (size_t size = 0; size < bytes.size(); size += 7) {
      const Read read = ReadAll(bytes.substr(0, size));
      EXPECT_LE(read.documents.size(), 3U);
    }
  }
  EXPECT_FALSE(ReadAll(Zstd(plain).substr(0, 200)).status.ok());
  EXPECT_FALSE(ReadAll(Gzip(plain).substr(0, 200)).status.ok());
}

}  // namespace
}  // namespace comity::laws_test
