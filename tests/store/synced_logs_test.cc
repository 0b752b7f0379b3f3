#include "store/synced_logs.h"

#include <filesystem>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "tests/support/lossy_file_system.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

class SyncedLogsTest : public testing::Test {
 protected:
  SyncedLogsTest() {
    const std::string trash = folder_.Path("trash");
    std::filesystem::create_directory(trash);
    system_ = std::make_shared<LossyFileSystem>(trash);
    Open();
  }

  void Open() {
    logs_ = std::make_shared<SyncedLogs>(system_, folder_.Path("db"));
    env_ = rocksdb::NewCompositeEnv(logs_);
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = env_.get();
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder_.Path("db"), &db).ok());
    db_.reset(db);
  }
  bool Put(const std::string& key) {
    return db_->Put(rocksdb::WriteOptions(), key, "value").ok();
  }
  // Ends the database, loses power, and opens what the disk has.
  void LosePower() {
    system_->FreezeAfter(0);
    db_.reset();
    system_->LosePower(nullptr);
    env_.reset();
    system_ = std::make_shared<LossyFileSystem>(folder_.Path("trash"));
    Open();
  }
  bool Has(const std::string& key) {
    std::string value;
    return db_->Get(rocksdb::ReadOptions(), key, &value).ok();
  }

  const TemporaryFolder folder_;
  std::shared_ptr<LossyFileSystem> system_;
  std::shared_ptr<SyncedLogs> logs_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(SyncedLogsTest, WhatWasSyncedOutlivesLostPower) {
  ASSERT_TRUE(Put("synced"));
  ASSERT_TRUE(logs_->Sync().ok());
  ASSERT_TRUE(Put("not synced"));
  LosePower();
  EXPECT_TRUE(Has("synced"));
  EXPECT_FALSE(Has("not synced"));
}

TEST_F(SyncedLogsTest, SyncsWhatIsInAnOlderLogToo) {
  ASSERT_TRUE(Put("old log"));
  rocksdb::FlushOptions flush;
  flush.wait = true;
  ASSERT_TRUE(db_->Flush(flush).ok());
  ASSERT_TRUE(Put("new log"));
  ASSERT_TRUE(logs_->Sync().ok());
  LosePower();
  EXPECT_TRUE(Has("old log"));
  EXPECT_TRUE(Has("new log"));
}

TEST_F(SyncedLogsTest, DoesNothingWhereNothingWasAppended) {
  ASSERT_TRUE(Put("key"));
  ASSERT_TRUE(logs_->Sync().ok());
  const int64_t syncs = system_->SyncsOf(".log");
  ASSERT_TRUE(logs_->Sync().ok());
  EXPECT_EQ(system_->SyncsOf(".log"), syncs);
}

// DB::SyncWAL ends the process here.
TEST_F(SyncedLogsTest, FailsWhereAnAppendFailedBefore) {
  ASSERT_TRUE(Put("key"));
  system_->FreezeAfter(0);
  ASSERT_FALSE(Put("lost"));
  EXPECT_FALSE(logs_->Sync().ok());
}

}  // namespace
}  // namespace comity
