// The whole corpus of real laws, where it is at hand: every law is read, none
// is without provisions, no text gets lost on the way. Instrumented builds read
// every twentieth.

#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "import/law_reader.h"
#include "import/laws/unpacker.h"
#include "tests/import_laws/support.h"
#include "tests/support/status_matchers.h"

namespace comity::laws_test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kEvery = 20;
#else
constexpr int kEvery = 1;
#endif

size_t Letters(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && absl::string_view("#*|-._\\=>").find(c) ==
                                  absl::string_view::npos;
      }));
}

// Without the addresses of links in Markdown.
std::string WithoutAddresses(absl::string_view text) {
  std::string out;
  while (true) {
    const size_t at = text.find("](");
    const size_t end = at == absl::string_view::npos ? at : text.find(')', at);
    if (end == absl::string_view::npos) break;
    absl::StrAppend(&out, text.substr(0, at));
    text.remove_prefix(end + 1);
  }
  absl::StrAppend(&out, text);
  return out;
}

TEST(SharedCorpusTest, EveryLawIsReadWhole) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(SharedLegislation(), error)) {
    const std::string path = entry.path().string();
    if (absl::EndsWith(path, ".jsonl.zst")) paths.push_back(path);
  }
  if (paths.empty()) GTEST_SKIP() << "the shared files are not at hand";
  std::sort(paths.begin(), paths.end());
  int laws = 0;
  int structured = 0;
  int shortened = 0;
  for (const std::string& path : paths) {
    StringSource file(ReadFile(path).value_or(""));
    laws::Unpacker unpacker(&file);
    std::string buffer;
    int line = 0;
    while (true) {
      const auto chunk = unpacker.Next();
      ASSERT_OK(chunk);
      if (chunk->empty()) break;
      buffer.append(chunk->data(), chunk->size());
      size_t from = 0;
      for (size_t end; (end = buffer.find('\n', from)) != std::string::npos;
           from = end + 1) {
        if (line++ % kEvery != 0) continue;
        const std::string json = buffer.substr(from, end - from);
        const absl::StatusOr<LawDocument> document = ReadLawLine(json);
        ASSERT_OK(document) << path << ":" << line;
        CheckWellFormed(*document);
        if (::testing::Test::HasFatalFailure()) {
          FAIL() << path << ":" << line;
        }
        ++laws;
        if (document->structure_found) ++structured;
        simdjson::dom::parser parser;
        std::string_view text;
        ASSERT_EQ(parser.parse(json)["text"].get(text), simdjson::SUCCESS);
        size_t kept = Letters(document->expression.title());
        for (const v1::Provision& provision : document->provisions) {
          kept += Letters(provision.label()) + Letters(provision.heading()) +
                  Letters(provision.text());
        }
        // What may be missing: tables of contents, addresses of links.
        const size_t all = Letters(
            WithoutAddresses(absl::string_view(text.data(), text.size())));
        if (kept * 100 < all * 70) {
          ++shortened;
          std::printf("kept %zu of %zu: %s\n", kept, all,
                      document->source_id.c_str());
        }
      }
      buffer.erase(0, from);
    }
  }
  std::printf("laws: %d, with structure: %d (%d %%), shortened: %d\n", laws,
              structured, structured * 100 / laws, shortened);
  EXPECT_GE(laws, 8451 / kEvery);
  EXPECT_GE(structured * 100, laws * 85);
  EXPECT_LE(shortened * 200, laws);
}

}  // namespace
}  // namespace comity::laws_test
