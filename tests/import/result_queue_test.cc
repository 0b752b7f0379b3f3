#include "import/result_queue.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

class ResultQueueTest : public ::testing::Test {
 protected:
  static v1::ImportResult Result(int64_t line) {
    v1::ImportResult result;
    result.set_line(line);
    return result;
  }
  // What was told since it was last asked for.
  std::string Told() { return std::exchange(told_, ""); }

  std::string told_;
  const std::function<void(v1::ImportResult)> tell_ =
      [this](v1::ImportResult result) {
        absl::StrAppend(&told_, result.line(), " ");
      };
  ResultQueue queue_{tell_};
};

TEST_F(ResultQueueTest, TellsAtOnceWhatWaitsForNothing) {
  queue_.Add(Result(1));
  queue_.Add(Result(2));
  EXPECT_EQ(Told(), "1 2 ");
  EXPECT_EQ(queue_.bytes(), 0u);
}

TEST_F(ResultQueueTest, KeepsTheOrderOfPlaces) {
  const uint64_t first = queue_.Keep();
  queue_.Add(Result(2));
  const uint64_t third = queue_.Keep();
  queue_.Add(Result(4));
  const uint64_t fifth = queue_.Keep();
  queue_.Add(Result(6));
  EXPECT_GT(queue_.bytes(), 0u);
  queue_.Fill(third, Result(3));
  EXPECT_EQ(Told(), "");
  queue_.Fill(first, Result(1));
  EXPECT_EQ(Told(), "1 2 3 4 ");
  queue_.Drop(fifth);
  EXPECT_EQ(Told(), "6 ");
  EXPECT_EQ(queue_.bytes(), 0u);
}

TEST_F(ResultQueueTest, OvertakesWhatIsOpenAndTellsThatLater) {
  const uint64_t first = queue_.Keep();
  queue_.Add(Result(2));
  const uint64_t third = queue_.Keep();
  queue_.Add(Result(4));
  const size_t bytes = queue_.bytes();
  queue_.Overtake();
  EXPECT_EQ(Told(), "2 4 ");
  EXPECT_LT(queue_.bytes(), bytes);
  queue_.Add(Result(5));
  queue_.Fill(third, Result(3));
  EXPECT_EQ(Told(), "");
  queue_.Fill(first, Result(1));
  EXPECT_EQ(Told(), "1 3 5 ");
  EXPECT_EQ(queue_.bytes(), 0u);
}

}  // namespace
}  // namespace comity
