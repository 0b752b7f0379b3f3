#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/store/samples.h"
#include "tests/support/lossy_file_system.h"

namespace comity {
namespace {

constexpr int kThreads = 16;

class ConcurrencyTest : public samples::StoreTest {
 protected:
  void SetUp() override {
    const std::string trash = folder_.Path("trash");
    std::filesystem::create_directory(trash);
    system_ = std::make_shared<LossyFileSystem>(trash);
    StoreOptions options = Options();
    options.file_system = system_;
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  }

  // Runs `work` in every thread, with its number.
  template <class Work>
  void InThreads(Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
    for (std::thread& thread : threads) thread.join();
  }

  std::shared_ptr<LossyFileSystem> system_;
};

TEST_F(ConcurrencyTest, WhatIsAcknowledgedIsThereUnderDenseSequences) {
  constexpr int kCommits = 25;
  std::mutex mutex;
  std::set<uint64_t> sequences;
  InThreads([&](int thread) {
    for (int i = 0; i < kCommits; ++i) {
      const v1::Authority authority =
          samples::Authority("LTU", absl::StrCat("a-", thread, "-", i),
                             absl::StrCat("Office ", i));
      const absl::StatusOr<uint64_t> sequence = Put(authority);
      ASSERT_OK(sequence);
      // Read your own write.
      ASSERT_GE(store_->published(), *sequence);
      const auto read = store_->Get<v1::Authority>(authority.name());
      ASSERT_OK(read);
      ASSERT_EQ(read->display_names(0).text(),
                authority.display_names(0).text());
      ASSERT_EQ(store_->GetChange(*sequence)->resource(), authority.name());
      const std::lock_guard<std::mutex> lock(mutex);
      ASSERT_TRUE(sequences.insert(*sequence).second);
    }
  });
  constexpr uint64_t kAll = kThreads * kCommits;
  EXPECT_EQ(sequences.size(), kAll);
  EXPECT_EQ(*sequences.begin(), 1u);
  EXPECT_EQ(*sequences.rbegin(), kAll);
  EXPECT_EQ(store_->published(), kAll);
  EXPECT_EQ(Names(Kind::kAuthority).size(), kAll);
  EXPECT_EQ(store_->roster().authorities(), kAll);
  EXPECT_EQ(Problems(), "");
}

// The first sync is held until everybody has written: the others then need one
// more, together.
TEST_F(ConcurrencyTest, WritersThatWaitTogetherShareASync) {
  std::mutex mutex;
  std::condition_variable all_written;
  int written = 0;
  bool held = false;
  system_->OnSync([&](const std::string& file) {
    if (file.size() < 4 || file.substr(file.size() - 4) != ".log") return;
    std::unique_lock<std::mutex> lock(mutex);
    if (held) return;
    held = true;
    all_written.wait(lock, [&] { return written == kThreads; });
  });
  const int64_t before = system_->SyncsOf(".log");
  InThreads([&](int thread) {
    WriteOptions options;
    ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
      {
        // Writers follow each other, so all but the last have written by now.
        const std::lock_guard<std::mutex> lock(mutex);
        ++written;
        if (written == kThreads) all_written.notify_all();
      }
      v1::Authority authority =
          samples::Authority("LTU", absl::StrCat("a-", thread), "Office");
      return transaction.Put(&authority).status();
    }));
  });
  const int64_t syncs = system_->SyncsOf(".log") - before;
  EXPECT_EQ(store_->published(), static_cast<uint64_t>(kThreads));
  // One more where the last writer came after the second sync had begun.
  EXPECT_GE(syncs, 2);
  EXPECT_LE(syncs, 3);
  EXPECT_EQ(Problems(), "");
}

TEST_F(ConcurrencyTest, NothingIsSeenBeforeItIsSynced) {
  std::mutex mutex;
  std::condition_variable changed;
  bool syncing = false;
  bool go_on = false;
  system_->OnSync([&](const std::string&) {
    std::unique_lock<std::mutex> lock(mutex);
    syncing = true;
    changed.notify_all();
    changed.wait(lock, [&] { return go_on; });
  });
  WriteOptions options;
  options.request_id = "id";
  std::thread writer([&] {
    ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
      v1::State state = samples::State("LTU", "Lithuania");
      return transaction.Put(&state).status();
    }));
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return syncing; });
  }
  EXPECT_EQ(store_->published(), 0u);
  EXPECT_FALSE(store_->Get<v1::State>("states/LTU").ok());
  EXPECT_EQ(Names(Kind::kState).size(), 0u);
  EXPECT_EQ(store_->GetChange(1).status().code(), absl::StatusCode::kNotFound);
  // Nor is the same request told that it was done.
  std::thread repeater([&] {
    const auto repeated = store_->Repeated("id", "");
    ASSERT_OK(repeated);
    ASSERT_TRUE(repeated->has_value());
    const std::lock_guard<std::mutex> lock(mutex);
    EXPECT_TRUE(go_on);
    EXPECT_EQ(store_->published(), 1u);
  });
  {
    const std::lock_guard<std::mutex> lock(mutex);
    go_on = true;
    changed.notify_all();
  }
  writer.join();
  repeater.join();
  EXPECT_EQ(store_->published(), 1u);
}

TEST_F(ConcurrencyTest, AFailedSyncIsAnsweredAndNothingIsWrittenAfterIt) {
  ASSERT_OK(Put(samples::State("LTU", "Lithuania")));
  system_->FreezeAfter(1);
  EXPECT_FALSE(Put(samples::State("LVA", "Latvia")).ok());
  EXPECT_EQ(store_->published(), 1u);
  system_->FreezeAfter(INT64_MAX);
  EXPECT_FALSE(Put(samples::State("EST", "Estonia")).ok());
  EXPECT_FALSE(store_->Stage("import", absl::InfiniteFuture()).ok());
  EXPECT_TRUE(store_->Get<v1::State>("states/LTU").ok());
  EXPECT_FALSE(store_->Get<v1::State>("states/LVA").ok());
}

// Readers during writes and imports see whole publications.
TEST_F(ConcurrencyTest, VerifyAndListsAreRightBesideWriters) {
  std::thread importer([&] {
    for (int i = 0; i < 6; ++i) {
      auto staging = store_->Stage("import", absl::InfiniteFuture());
      ASSERT_OK(staging);
      for (int j = 0; j < 20; ++j) {
        v1::Authority authority = samples::Authority(
            "LVA", absl::StrCat("a-", j), absl::StrCat("Office ", i, " ", j));
        authority.add_notes(std::string(100000, 'x'));
        ASSERT_OK((*staging)->Put(&authority));
      }
      v1::ImportJob job;
      if (i % 2 == 0) {
        ASSERT_OK((*staging)->Publish(&job, nullptr));
      }
    }
  });
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) {
      ASSERT_OK(Put(samples::Authority("LTU", absl::StrCat("a-", i), "A")));
    }
  });
  for (int i = 0; i < 20; ++i) {
    const size_t imported = Names(Kind::kAuthority, "LVA").size();
    EXPECT_TRUE(imported == 0 || imported == 20) << imported;
    EXPECT_EQ(Problems(), "");
  }
  importer.join();
  writer.join();
  EXPECT_EQ(Names(Kind::kAuthority).size(), 70u);
  EXPECT_EQ(Problems(), "");
}

}  // namespace
}  // namespace comity
