#include "index/xapian_guard.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity::index {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(GuardTest, GivesWhatTheFunctionReturns) {
  const absl::StatusOr<int> number = Guard([] { return 5; });
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(*number, 5);
  EXPECT_TRUE(Guard([] {}).ok());
  EXPECT_EQ(Guard([] { return absl::NotFoundError("x"); }),
            absl::NotFoundError("x"));
  const absl::StatusOr<std::string> text =
      Guard([]() -> absl::StatusOr<std::string> { return "text"; });
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, "text");
}

TEST(GuardTest, TurnsErrorsIntoStatuses) {
  const auto code = [](auto error) {
    return Guard([&error] { throw error; }).code();
  };
  EXPECT_EQ(code(Xapian::DatabaseCorruptError("x")),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(code(Xapian::DatabaseModifiedError("x")),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(Xapian::DatabaseLockError("x")),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(Xapian::DatabaseVersionError("x")),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(Xapian::DatabaseNotFoundError("x")),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(code(Xapian::DocNotFoundError("x")), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(Xapian::NetworkTimeoutError("x")),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(Xapian::InvalidArgumentError("x")),
            absl::StatusCode::kInternal);
  const absl::StatusOr<int> number =
      Guard([]() -> int { throw Xapian::DatabaseCorruptError("x"); });
  EXPECT_EQ(number.status().code(), absl::StatusCode::kDataLoss);
}

TEST(GuardTest, MessagesSayTheKindAndHaveNoPaths) {
  const absl::Status missing =
      Guard([] { Xapian::Database database("/no/such/folder"); });
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()),
              HasSubstr("DatabaseNotFoundError"));
  EXPECT_THAT(std::string(missing.message()), Not(HasSubstr("/no/such")));
}

}  // namespace
}  // namespace comity::index
