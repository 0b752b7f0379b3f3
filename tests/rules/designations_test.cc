#include "rules/designations.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/parse.h"

namespace comity::rules {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<v1::ReasonCode> Codes(const std::vector<v1::Advice>& advice) {
  std::vector<v1::ReasonCode> codes;
  for (const v1::Advice& one : advice) {
    EXPECT_FALSE(one.text().empty());
    codes.push_back(one.code());
  }
  return codes;
}

v1::Function Firearms() {
  return Parse<v1::Function>(R"pb(
    name: "functions/firearms"
    articles {
      treaty: "treaties/untoc-firearms"
      citation: "13(2)"
      basis: BASIS_DESIGNATION
    }
    articles {
      treaty: "treaties/untoc-firearms"
      citation: "12(2)"
      basis: BASIS_UNUSUAL
    }
  )pb");
}

v1::Designation Bounded(const std::string& bounds) {
  return Parse<v1::Designation>(bounds);
}

TEST(BoundTest, FromProto) {
  EXPECT_EQ(FromProto(nullptr).kind, BoundKind::kUnknown);
  const struct {
    const char* text;
    BoundKind kind;
    int32_t day;
  } cases[] = {
      {"", BoundKind::kUnknown, 0},
      {"unknown: true", BoundKind::kUnknown, 0},
      {"open: true", BoundKind::kOpen, 0},
      {"date: '1970-01-02'", BoundKind::kDate, 1},
      {"date: '1970-02-30'", BoundKind::kUnknown, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto bound = Parse<v1::DateBound>(c.text);
    EXPECT_EQ(FromProto(&bound).kind, c.kind);
    EXPECT_EQ(FromProto(&bound).day, c.day);
  }
}

TEST(BoundTest, HoldsOn) {
  const struct {
    const char* bounds;
    const char* day;
    bool holds;
  } cases[] = {
      {"", "0001-01-01", true},
      {"", "9999-12-31", true},
      {"valid_from { date: '2010-01-01' }", "2009-12-31", false},
      {"valid_from { date: '2010-01-01' }", "2010-01-01", true},
      {"valid_until { date: '2010-01-01' }", "2009-12-31", true},
      {"valid_until { date: '2010-01-01' }", "2010-01-01", false},
      {"valid_from { open: true } valid_until { unknown: true }", "2010-01-01",
       true},
      {"valid_from { date: '2010-01-01' } valid_until { date: '2010-01-01' }",
       "2010-01-01", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.bounds) + " on " + c.day);
    const v1::Designation designation = Bounded(c.bounds);
    EXPECT_EQ(HoldsOn(StartOf(designation), EndOf(designation),
                      ParseDay(c.day).value()),
              c.holds);
  }
}

TEST(RankKeyTest, KnownStartFirstLatestFirst) {
  const RankKey late = RankKeyOf({BoundKind::kDate, 20});
  const RankKey early = RankKeyOf({BoundKind::kDate, 10});
  const RankKey unknown = RankKeyOf({BoundKind::kUnknown, 0});
  const RankKey open = RankKeyOf({BoundKind::kOpen, 0});
  EXPECT_TRUE(late < early);
  EXPECT_FALSE(early < late);
  EXPECT_TRUE(early < unknown);
  EXPECT_FALSE(unknown < early);
  EXPECT_FALSE(unknown < open);
  EXPECT_TRUE(unknown == open);
  EXPECT_FALSE(late == early);
}

TEST(ArticleFitTest, ParagraphsAndWholeArticlesAreUsual) {
  const struct {
    const char* treaty;
    const char* article;
    ArticleFit fit;
  } cases[] = {
      {"treaties/untoc-firearms", "13(2)", ArticleFit::kUsual},
      {"treaties/untoc-firearms", "13", ArticleFit::kUsual},
      {"treaties/untoc-firearms", "13(2)(a)", ArticleFit::kUsual},
      {"treaties/untoc-firearms", "13(20)", ArticleFit::kUnusual},
      {"treaties/untoc-firearms", "1", ArticleFit::kUnusual},
      {"treaties/untoc-firearms", "12(2)", ArticleFit::kUnusual},
      {"treaties/untoc-firearms", "12", ArticleFit::kUnusual},
      {"treaties/untoc-firearms", "", ArticleFit::kNotStated},
      {"treaties/untoc", "13(2)", ArticleFit::kUnusual},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.treaty) + " " + c.article);
    EXPECT_EQ(ArticleFitOf(Firearms(), c.treaty, c.article), c.fit);
  }
}

TEST(ArticleFitTest, TheRowOfTheVeryArticleDecides) {
  v1::Function function = Firearms();
  v1::Function::Article* whole = function.add_articles();
  whole->set_treaty("treaties/untoc-firearms");
  whole->set_citation("12");
  whole->set_basis(v1::Function::Article::BASIS_SUBSTANCE);
  EXPECT_EQ(ArticleFitOf(function, "treaties/untoc-firearms", "12(2)"),
            ArticleFit::kUnusual);
  EXPECT_EQ(ArticleFitOf(function, "treaties/untoc-firearms", "12(1)"),
            ArticleFit::kUsual);
}

TEST(AdviceForTest, OldCopyWithUnknownBounds) {
  const auto designation = Parse<v1::Designation>(R"pb(
    treaty: "treaties/untoc-firearms"
    article: "13(2)"
    notification { date: "2011-09-22" basis: BASIS_NOTIFICATION }
    sources { kind: SOURCE_KIND_DEPOSITARY_COPY }
  )pb");
  const v1::Authority authority;
  const std::vector<v1::Advice> advice =
      AdviceFor(designation, &authority, Firearms(), Day(2015, 6, 1));
  EXPECT_THAT(Codes(advice), ElementsAre(v1::REASON_CODE_START_UNKNOWN,
                                         v1::REASON_CODE_END_UNKNOWN,
                                         v1::REASON_CODE_NEVER_VERIFIED,
                                         v1::REASON_CODE_SOURCE_IS_COPY));
  EXPECT_EQ(advice[0].text(), "Start of designation unknown.");
  EXPECT_EQ(AgeOf(designation),
            "notified 2011-09-22, from a third-party copy, not verified since");
}

TEST(AdviceForTest, KnownVerifiedAndFromTheDepositaryNeedsNone) {
  const auto designation = Parse<v1::Designation>(R"pb(
    treaty: "treaties/untoc-firearms"
    article: "13"
    valid_from { date: "2011-09-22" }
    valid_until { open: true }
    verified_on: "2020-01-01"
    verified_by: "The depositary"
    sources { kind: SOURCE_KIND_DEPOSITARY }
    sources { kind: SOURCE_KIND_DEPOSITARY_COPY }
  )pb");
  const v1::Authority authority;
  EXPECT_THAT(AdviceFor(designation, &authority, Firearms(), Day(2015, 6, 1)),
              testing::IsEmpty());
  EXPECT_EQ(AgeOf(designation),
            "day of notification not known, from the depositary, verified "
            "2020-01-01 by The depositary");
}

TEST(AdviceForTest, UnusualArticleIsNamedWithTheUsualOne) {
  const auto designation = Parse<v1::Designation>(R"pb(
    treaty: "treaties/untoc-firearms"
    article: "12(2)"
  )pb");
  const v1::Authority authority;
  const std::vector<v1::Advice> advice =
      AdviceFor(designation, &authority, Firearms(), Day(2015, 6, 1));
  ASSERT_THAT(Codes(advice), Contains(v1::REASON_CODE_UNUSUAL_ARTICLE));
  const v1::Advice& unusual = advice.back();
  EXPECT_EQ(unusual.text(),
            "The designation cites article 12(2), unusual for this function; "
            "the usual one is 13(2).");
  EXPECT_EQ(ParameterOf(unusual, "article"), "12(2)");
  EXPECT_EQ(ParameterOf(unusual, "usual"), "13(2)");
}

TEST(AdviceForTest, WeakSourcesAndMissingOffice) {
  const auto designation = Parse<v1::Designation>(R"pb(
    treaty: "treaties/untoc-firearms"
    notification { date: "2016-01-01" basis: BASIS_NATIONAL_LAW }
    sources { kind: SOURCE_KIND_NATIONAL_LAW }
    sources { kind: SOURCE_KIND_DRAFT_NATIONAL_LAW }
    sources { kind: SOURCE_KIND_SYNTHETIC }
  )pb");
  const std::vector<v1::Advice> advice =
      AdviceFor(designation, nullptr, Firearms(), Day(2015, 6, 1));
  const std::vector<v1::ReasonCode> codes = Codes(advice);
  for (const v1::ReasonCode code :
       {v1::REASON_CODE_SOURCE_IS_NATIONAL_LAW, v1::REASON_CODE_SOURCE_IS_DRAFT,
        v1::REASON_CODE_AUTHORITY_NOT_NAMED, v1::REASON_CODE_ARTICLE_NOT_STATED,
        v1::REASON_CODE_SYNTHETIC}) {
    EXPECT_THAT(codes, Contains(code));
  }
  EXPECT_THAT(codes, Not(Contains(v1::REASON_CODE_SOURCE_IS_COPY)));
  EXPECT_EQ(advice[0].text(),
            "Start of designation unknown; national law of 2016-01-01, after "
            "the day asked for.");
}

}  // namespace
}  // namespace comity::rules
