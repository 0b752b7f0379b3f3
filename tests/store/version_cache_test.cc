#include "store/version_cache.h"

#include <string>

#include "gtest/gtest.h"

namespace comity {
namespace {

std::string Get(const VersionCache& cache, uint64_t sequence) {
  std::string found = "none";
  cache.Visit(sequence, [&](absl::string_view version) {
    found.assign(version.data(), version.size());
  });
  return found;
}

std::string VersionOf(uint64_t sequence) {
  return std::string(1000 + sequence % 7,
                     static_cast<char>('a' + sequence % 26));
}

TEST(VersionCacheTest, GivesWhatWasPutIn) {
  VersionCache cache(1 << 20);
  EXPECT_EQ(Get(cache, 1), "none");
  cache.Put(1, "one");
  cache.Put(7, "");
  EXPECT_EQ(Get(cache, 1), "one");
  EXPECT_EQ(Get(cache, 7), "");
  EXPECT_EQ(Get(cache, 2), "none");
  cache.Put(1, "another");
  EXPECT_EQ(Get(cache, 1), "one");
}

TEST(VersionCacheTest, LetsTheOldestGoWhenItIsFull) {
  constexpr size_t kBytesMax = 1 << 20;
  VersionCache cache(kBytesMax);
  constexpr uint64_t kVersions = 3000;
  for (uint64_t i = 1; i <= kVersions; ++i) {
    cache.Put(i, VersionOf(i));
    ASSERT_LE(cache.bytes(), kBytesMax);
    ASSERT_EQ(Get(cache, i), VersionOf(i));
  }
  EXPECT_EQ(Get(cache, 1), "none");
  // Room is given up in pieces of a quarter of it; what is left is right.
  int found = 0;
  for (uint64_t i = 1; i <= kVersions; ++i) {
    const std::string version = Get(cache, i);
    if (version == "none") continue;
    ++found;
    EXPECT_EQ(version, VersionOf(i));
  }
  EXPECT_GT(found, 500);
  // It may come back.
  cache.Put(1, VersionOf(1));
  EXPECT_EQ(Get(cache, 1), VersionOf(1));
}

TEST(VersionCacheTest, LeavesOutWhatIsTooLarge) {
  VersionCache cache(1 << 20);
  cache.Put(1, std::string(1 << 19, 'x'));
  EXPECT_EQ(Get(cache, 1), "none");
  VersionCache none(0);
  none.Put(1, "one");
  EXPECT_EQ(Get(none, 1), "none");
  EXPECT_EQ(none.bytes(), 0U);
}

}  // namespace
}  // namespace comity
