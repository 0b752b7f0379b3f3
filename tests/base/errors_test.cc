#include "base/errors.h"

#include <string>

#include "base/limits.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(ErrorsTest, AFieldNamesValueAndRule) {
  const absl::Status status =
      InvalidField("page_size", "5000", "must be at most 1000");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "page_size is 5000, must be at most 1000");
  EXPECT_EQ(FieldOf(status), "page_size");
  EXPECT_EQ(ValueOf(status), "5000");
  EXPECT_EQ(RuleOf(status), "must be at most 1000");
  EXPECT_EQ(InvalidField("name", "", "must be set").message(),
            "name is empty, must be set");
}

TEST(ErrorsTest, LongValuesAreCut) {
  const absl::Status status =
      InvalidField("name", std::string(100000, 'x'), "is too long");
  EXPECT_EQ(ValueOf(status).size(),
            limits::kProblemValueCharactersMax + std::string("…").size());
  EXPECT_LT(status.message().size(), 300u);
}

TEST(ErrorsTest, AReasonIsAddedToFailuresAndReplaced) {
  EXPECT_TRUE(WithReason(absl::OkStatus(), "BUSY").ok());
  absl::Status status = absl::UnavailableError("try again");
  EXPECT_EQ(ReasonOf(status), "");
  status = WithReason(status, "BUSY");
  EXPECT_EQ(ReasonOf(status), "BUSY");
  EXPECT_EQ(ReasonOf(WithReason(status, "LATE")), "LATE");
  EXPECT_EQ(FieldOf(status), "");
}

TEST(ErrorsTest, CutKeepsCharactersWhole) {
  EXPECT_EQ(Cut("", 3), "");
  EXPECT_EQ(Cut("abc", 3), "abc");
  EXPECT_EQ(Cut("abcd", 3), "abc…");
  EXPECT_EQ(Cut("日本語", 2), "日本…");
  EXPECT_EQ(Cut("日本語", 3), "日本語");
  EXPECT_EQ(Cut("abc", 0), "…");
  // Broken text is cut too, whatever its bytes.
}

TEST(ErrorsTest, CutGivesUtf8WhateverTheBytes) {
  EXPECT_EQ(Cut("\x80\x80\xff", 9), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(Cut("a\xe8"
                "b\xc3",
                9),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(Cut("\xff\xff\xff", 2), "\uFFFD\uFFFD…");
}

}  // namespace
}  // namespace comity
