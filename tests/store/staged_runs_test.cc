#include "store/staged_runs.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

using Found = StagedRuns::Found;
// Null: the key was taken away.
using Contents = std::map<std::string, std::optional<std::string>>;

class StagedRunsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder_.Path("db"), &opened).ok());
    db_.reset(opened);
  }

  std::string staging() const { return folder_.Path("staging"); }

  size_t Files() const {
    std::error_code none;
    size_t count = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(staging(), none)) {
      (void)file;
      ++count;
    }
    return count;
  }

  // Keys out of a hundred, so that runs have them in common.
  std::unique_ptr<KeyBuffer> AnyBuffer(Contents* all) {
    auto buffer = std::make_unique<KeyBuffer>();
    const size_t count = 1 + random_() % 40;
    for (size_t i = 0; i < count; ++i) {
      const std::string key = absl::StrCat("key ", random_() % 100);
      if (random_() % 5 == 0) {
        buffer->Delete(key);
        (*all)[key] = std::nullopt;
      } else {
        const std::string value(random_() % 300, 'v');
        buffer->Put(key, value);
        (*all)[key] = value;
      }
    }
    return buffer;
  }

  void CheckFinds(const Contents& all, StagedRuns* runs) {
    for (int i = 0; i < 100; ++i) {
      const std::string key = absl::StrCat("key ", i);
      std::string value;
      const absl::StatusOr<Found> found = runs->Find(key, &value);
      ASSERT_OK(found);
      const auto expected = all.find(key);
      if (expected == all.end()) {
        ASSERT_EQ(*found, Found::kNothing) << key;
      } else if (!expected->second.has_value()) {
        ASSERT_EQ(*found, Found::kDeleted) << key;
      } else {
        ASSERT_EQ(*found, Found::kValue) << key;
        ASSERT_EQ(value, *expected->second) << key;
      }
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::mt19937_64 random_{20000112};
};

// From one run to so many that they are merged.
TEST_F(StagedRunsTest, FindsTheNewestAndHandsItOver) {
  for (const int count : {1, 2, 16, 17, 40}) {
    SCOPED_TRACE(count);
    Contents all;
    StagedRuns runs(db_.get(), staging());
    for (int i = 0; i < count; ++i) {
      ASSERT_OK(runs.Add(AnyBuffer(&all)));
      ASSERT_NO_FATAL_FAILURE(CheckFinds(all, &runs));
    }
    ASSERT_OK_AND_ASSIGN(const std::vector<std::string> paths, runs.Finish());
    EXPECT_GE(Files(), static_cast<size_t>(count));
    EXPECT_LE(paths.size(), 16u);
    // Nothing of it is in the database before it is handed over.
    std::string value;
    EXPECT_TRUE(db_->Get(rocksdb::ReadOptions(), all.begin()->first, &value)
                    .IsNotFound());
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    ingest.write_global_seqno = false;
    ASSERT_TRUE(db_->IngestExternalFile(paths, ingest).ok());
    for (const auto& [key, expected] : all) {
      const bool there = db_->Get(rocksdb::ReadOptions(), key, &value).ok();
      ASSERT_EQ(there, expected.has_value()) << key;
      ASSERT_EQ(there ? value : "", expected.value_or("")) << key;
      ASSERT_TRUE(db_->Delete(rocksdb::WriteOptions(), key).ok());
    }
  }
}

TEST_F(StagedRunsTest, LeavesNothingBehind) {
  for (const bool finished : {false, true}) {
    SCOPED_TRACE(finished);
    {
      Contents all;
      StagedRuns runs(db_.get(), staging());
      for (int i = 0; i < 20; ++i) ASSERT_OK(runs.Add(AnyBuffer(&all)));
      if (finished) {
        ASSERT_OK(runs.Finish());
      }
    }
    EXPECT_FALSE(std::filesystem::exists(staging()));
  }
  const std::unique_ptr<rocksdb::Iterator> iterator(
      db_->NewIterator(rocksdb::ReadOptions()));
  iterator->SeekToFirst();
  EXPECT_FALSE(iterator->Valid());
}

TEST_F(StagedRunsTest, TellsThatAFileCouldNotBeWritten) {
  StagedRuns runs(db_.get(), staging());
  Contents all;
  ASSERT_OK(runs.Add(AnyBuffer(&all)));
  ASSERT_OK(runs.Add(AnyBuffer(&all)));
  // Where the third file should go.
  std::filesystem::create_directory(staging() + "/3.sst");
  const absl::Status third = runs.Add(AnyBuffer(&all));
  EXPECT_FALSE(third.ok() && runs.Add(AnyBuffer(&all)).ok());
  EXPECT_FALSE(runs.Finish().ok());
}

TEST(KeyFilterTest, NeverDeniesAKeyAndSeldomAffirmsAnother) {
  constexpr int kKeys = 100000;
  KeyFilter filter(kKeys);
  for (int i = 0; i < kKeys; ++i)
    filter.Add(KeyFilter::Hash(absl::StrCat("key ", i)));
  int wrong = 0;
  for (int i = 0; i < kKeys; ++i) {
    ASSERT_TRUE(filter.MayHave(KeyFilter::Hash(absl::StrCat("key ", i))));
    wrong += filter.MayHave(KeyFilter::Hash(absl::StrCat("other ", i))) ? 1 : 0;
  }
  EXPECT_LT(wrong, kKeys / 300);
}

}  // namespace
}  // namespace comity
