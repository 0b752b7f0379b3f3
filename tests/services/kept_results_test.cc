#include "services/kept_results.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

v1::ImportResult ResultOf(int line, size_t bytes) {
  v1::ImportResult result;
  result.set_line(line);
  result.set_resource(std::string(bytes, 'x'));
  return result;
}

// Adds `count` results of `bytes`, and takes them again.
void ExpectKept(const std::string& folder, int count, size_t bytes) {
  KeptResults kept(folder);
  for (int i = 0; i < count; ++i) ASSERT_OK(kept.Add(ResultOf(i, bytes)));
  int taken = 0;
  while (true) {
    v1::ImportResults results;
    ASSERT_OK_AND_ASSIGN(const bool more, kept.Next(&results));
    if (!more) break;
    EXPECT_FALSE(results.results().empty());
    EXPECT_LT(results.ByteSizeLong(), (size_t{96} << 10) + bytes);
    for (const v1::ImportResult& result : results.results()) {
      EXPECT_EQ(result.line(), taken++);
      EXPECT_EQ(result.resource().size(), bytes);
    }
  }
  EXPECT_EQ(taken, count);
  // There is no more, however often it is asked for.
  v1::ImportResults results;
  ASSERT_OK_AND_ASSIGN(const bool more, kept.Next(&results));
  EXPECT_FALSE(more);
}

TEST(KeptResultsTest, GivesWhatWasAddedInOrder) {
  const TemporaryFolder folder;
  ExpectKept(folder.path(), 0, 0);
  ExpectKept(folder.path(), 1, 10);
  ExpectKept(folder.path(), 10000, 10);
  ExpectKept(folder.path(), 100, 60000);
  // Larger than what is read at once.
  ExpectKept(folder.path(), 5, 1 << 20);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(KeptResultsTest, SaysWhenThereIsNoRoom) {
  KeptResults kept("/no/such/folder");
  // Few need none.
  EXPECT_OK(kept.Add(ResultOf(1, 1000)));
  EXPECT_FALSE(kept.Add(ResultOf(2, 1 << 20)).ok());
}

}  // namespace
}  // namespace comity
