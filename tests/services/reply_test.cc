#include "services/reply.h"

#include <grpcpp/grpcpp.h>

#include <vector>

#include "base/errors.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

TEST(ReplyTest, OkIsOk) { EXPECT_TRUE(Reply(absl::OkStatus()).ok()); }

TEST(ReplyTest, EveryErrorHasDomainAndReason) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "what");
    const grpc::Status reply = Reply(status);
    EXPECT_EQ(static_cast<int>(reply.error_code()), code);
    const ErrorDetails details = DetailsOf(reply);
    EXPECT_EQ(details.info.domain(), "comity");
    EXPECT_FALSE(details.info.reason().empty());
    const bool again = code == 8 || code == 14;
    EXPECT_EQ(details.has_retry, again) << code;
  }
}

TEST(ReplyTest, NamesFieldAndRule) {
  const grpc::Status reply =
      Reply(InvalidField("page_size", "5000", "at most 1000"));
  EXPECT_EQ(reply.error_message(), "page_size is 5000, at most 1000");
  const ErrorDetails details = DetailsOf(reply);
  ASSERT_EQ(details.bad_request.field_violations_size(), 1);
  EXPECT_EQ(details.bad_request.field_violations(0).field(), "page_size");
}

TEST(ReplyTest, KeepsTheReasonGiven) {
  const grpc::Status reply =
      Reply(WithReason(absl::AbortedError("x"), "ETAG_MISMATCH"));
  EXPECT_EQ(ReasonOfError(reply), "ETAG_MISMATCH");
}

TEST(ReplyTest, SaysNothingOfTheInside) {
  const grpc::Status reply =
      Reply(absl::InternalError("open /var/lib/secret: no such file"));
  EXPECT_EQ(reply.error_message().find("secret"), std::string::npos);
  EXPECT_EQ(reply.error_details().find("secret"), std::string::npos);
}

TEST(ReplyTest, GivesAllProblemsOfARecord) {
  const grpc::Status reply = Reply(
      InvalidRecord("state", {{"alpha2", "fr", "must be two letters A to Z"},
                              {"m49", "1", "must be three digits"}}));
  const ErrorDetails details = DetailsOf(reply);
  ASSERT_EQ(details.bad_request.field_violations_size(), 2);
  EXPECT_EQ(details.bad_request.field_violations(0).field(), "state.alpha2");
  EXPECT_EQ(details.bad_request.field_violations(1).field(), "state.m49");
}

// Clients drop trailers of more than 8 KiB, and the whole answer with them.
TEST(ReplyTest, StaysBelowWhatClientsTake) {
  std::string wide;
  for (int i = 0; i < 2000; ++i) wide += "\xF0\x9F\x97\xBA";
  const std::vector<FieldProblem> problems(50, {wide, wide, wide});
  const grpc::Status reply = Reply(InvalidRecord(wide, problems));
  // Percent-encoding trebles the message, base64 adds a third to the details.
  EXPECT_LT(
      reply.error_message().size() * 3 + reply.error_details().size() * 4 / 3,
      7800U);
  EXPECT_GE(DetailsOf(reply).bad_request.field_violations_size(), 1);
}

}  // namespace
}  // namespace comity
