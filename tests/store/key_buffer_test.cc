#include "store/key_buffer.h"

#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(KeyBufferTest, KnowsTheNewestOfEachKey) {
  KeyBuffer keys;
  EXPECT_EQ(keys.size(), 0u);
  EXPECT_FALSE(keys.Find("a").has_value());
  keys.Put("a", "1");
  keys.Put("b", "");
  keys.Put(std::string("a\0b", 3), "2");
  keys.Put("a", "3");
  keys.Delete("c");
  EXPECT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys.Find("a")->value, "3");
  EXPECT_EQ(keys.Find("b")->value, "");
  EXPECT_FALSE(keys.Find("b")->deleted);
  EXPECT_EQ(keys.Find(std::string("a\0b", 3))->value, "2");
  EXPECT_TRUE(keys.Find("c")->deleted);
  keys.Put("c", "4");
  EXPECT_FALSE(keys.Find("c")->deleted);
  EXPECT_EQ(keys.Find("c")->value, "4");
}

TEST(KeyBufferTest, ASmallOneIsSmall) {
  KeyBuffer keys;
  keys.Put("key", "value");
  EXPECT_LT(keys.bytes(), 100u);
}

TEST(KeyBufferTest, SortsByBytesWhateverItsSize) {
  std::mt19937_64 random(7);
  KeyBuffer keys;
  std::map<std::string, std::string> expected;
  size_t bytes = 0;
  for (int i = 0; i < 20000; ++i) {
    // Keys of one to two thousand bytes, some of them beginnings of others.
    std::string key = absl::StrCat(random() % 10000);
    if (random() % 50 == 0) key.append(random() % 2000, '\xFF');
    const std::string value(random() % 100 == 0 ? 300000 : random() % 50, 'v');
    keys.Put(key, value);
    bytes += key.size() + value.size();
    expected[key] = value;
  }
  EXPECT_GE(keys.bytes(), bytes);
  const std::vector<KeyBuffer::Entry> sorted = keys.Sorted();
  ASSERT_EQ(sorted.size(), expected.size());
  size_t at = 0;
  for (const auto& [key, value] : expected) {
    ASSERT_EQ(sorted[at].key, key);
    ASSERT_EQ(sorted[at].value, value);
    ++at;
  }
}

}  // namespace
}  // namespace comity
