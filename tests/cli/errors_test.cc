#include "cli/errors.h"

#include "absl/strings/cord.h"
#include "cli/client.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

TEST(ExitCodeTest, EveryCodeHasOne) {
  const struct {
    absl::StatusCode code;
    int exit_code;
  } cases[] = {
      {absl::StatusCode::kOk, 0},
      {absl::StatusCode::kNotFound, 1},
      {absl::StatusCode::kInvalidArgument, 2},
      {absl::StatusCode::kOutOfRange, 2},
      {absl::StatusCode::kUnavailable, 3},
      {absl::StatusCode::kDeadlineExceeded, 3},
      {absl::StatusCode::kResourceExhausted, 3},
      {absl::StatusCode::kCancelled, 3},
      {absl::StatusCode::kFailedPrecondition, 4},
      {absl::StatusCode::kAborted, 4},
      {absl::StatusCode::kAlreadyExists, 4},
      {absl::StatusCode::kPermissionDenied, 4},
      {absl::StatusCode::kUnauthenticated, 4},
      {absl::StatusCode::kInternal, 6},
      {absl::StatusCode::kDataLoss, 6},
      {absl::StatusCode::kUnknown, 6},
      {absl::StatusCode::kUnimplemented, 6},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ExitCodeOf(absl::Status(c.code, "")), c.exit_code)
        << absl::StatusCodeToString(c.code);
  }
}

template <typename Detail>
absl::Status With(absl::Status status, const Detail& detail) {
  google::rpc::Status details;
  if (const auto old = status.GetPayload(kErrorDetailsUrl)) {
    EXPECT_TRUE(details.ParseFromString(std::string(*old)));
  }
  details.add_details()->PackFrom(detail);
  status.SetPayload(kErrorDetailsUrl, absl::Cord(details.SerializeAsString()));
  return status;
}

TEST(DescribeErrorTest, NamesFieldsOnce) {
  google::rpc::BadRequest bad;
  auto* first = bad.add_field_violations();
  first->set_field("as_of");
  first->set_description("as_of is 2015-13-01, not a day");
  auto* second = bad.add_field_violations();
  second->set_field("page_size");
  second->set_description("at most 1000");
  EXPECT_EQ(
      DescribeError(
          With(absl::InvalidArgumentError("as_of is 2015-13-01, not a day"),
               bad),
          "host:1"),
      "as_of is 2015-13-01, not a day; page_size: at most 1000");
}

TEST(DescribeErrorTest, SuggestsAndSaysWhenToTryAgain) {
  google::rpc::ErrorInfo info;
  (*info.mutable_metadata())["suggestion"] = "Lithuania";
  EXPECT_EQ(DescribeError(With(absl::NotFoundError("no State Lithunia"), info),
                          "host:1"),
            "no State Lithunia; did you mean Lithuania?");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  const absl::Status busy =
      With(absl::ResourceExhaustedError("too many imports"), retry);
  EXPECT_EQ(DescribeError(busy, "host:1"), "too many imports; try again in 2s");
  EXPECT_EQ(RetryDelayOf(busy), absl::Seconds(2));
  EXPECT_EQ(RetryDelayOf(absl::UnavailableError("")), absl::ZeroDuration());
}

TEST(DescribeErrorTest, SaysHowToStartAServer) {
  const std::string text =
      DescribeError(absl::UnavailableError("refused"), "127.0.0.1:7420");
  EXPECT_NE(text.find("127.0.0.1:7420"), std::string::npos);
  EXPECT_NE(text.find("comityd --data-dir"), std::string::npos);
}

TEST(DescribeErrorTest, IsOneHarmlessLine) {
  EXPECT_EQ(DescribeError(absl::InternalError("a\nb\x1b[2J"), "s"),
            "a b\\x1b[2J");
  EXPECT_EQ(DescribeError(absl::InternalError(""), "s"), "INTERNAL");
}

TEST(DescribeErrorTest, DetailsThatDoNotParseAreLeftOut) {
  absl::Status status = absl::InternalError("broken");
  status.SetPayload(kErrorDetailsUrl, absl::Cord("\xFF\xFF"));
  EXPECT_EQ(DescribeError(status, "s"), "broken");
}

}  // namespace
}  // namespace comity::cli
