#include "services/worker_pool.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(WorkerPoolTest, RefusesWhatItCannotHold) {
  absl::Notification begun;
  absl::Notification go_on;
  std::atomic<int> done = 0;
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.Submit([&] {
      begun.Notify();
      go_on.WaitForNotification();
      ++done;
    }));
    begun.WaitForNotification();
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_FALSE(pool.Submit([&] { ++done; }));
    // What was admitted before goes on all the same.
    pool.Continue([&] { ++done; });
    go_on.Notify();
  }
  EXPECT_EQ(done, 4);
}

// Many exports under way are no reason to refuse a list.
TEST(WorkerPoolTest, WhatGoesOnTakesNoPlaceOfWhatIsSubmitted) {
  absl::Notification begun;
  absl::Notification go_on;
  std::atomic<int> done = 0;
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.Submit([&] {
      begun.Notify();
      go_on.WaitForNotification();
    }));
    begun.WaitForNotification();
    for (int i = 0; i < 100; ++i) pool.Continue([&] { ++done; });
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_FALSE(pool.Submit([&] { ++done; }));
    go_on.Notify();
  }
  EXPECT_EQ(done, 102);
}

TEST(WorkerPoolTest, EndsWhatWasSubmitted) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(4, 1000);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(pool.Submit([&] { ++done; }));
    }
  }
  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace comity
