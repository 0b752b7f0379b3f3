#include "index/fields.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace comity::index::fields {
namespace {

// On disk: a change here is a change of format.
TEST(FieldsTest, TermsAreAsOnDisk) {
  EXPECT_EQ(Term(kText, "law"), "law");
  EXPECT_EQ(Term(kTitle, "law"), "Slaw");
  EXPECT_EQ(Term(kHeading, "law"), "XHlaw");
  EXPECT_EQ(StemTerm(kText, "launder"), "Zlaunder");
  EXPECT_EQ(StemTerm(kTitle, "launder"), "ZSlaunder");
  EXPECT_EQ(StemTerm(kHeading, "launder"), "ZXHlaunder");
  EXPECT_EQ(Term(kNumber, "59(2)"), "XN59(2)");
  EXPECT_EQ(Term(kOwnNumber, "416bis"), "XA416bis");
  EXPECT_EQ(Term(kName, "states/LTU/laws/bk"), "Qstates/LTU/laws/bk");
  EXPECT_EQ(LowerTerm(kState, "LTU"), "XSltu");
  EXPECT_EQ(LowerTerm(kLanguage, "zh-Hant"), "Lzh-hant");
  EXPECT_EQ(Term(kKind, "law"), "XKlaw");
  EXPECT_EQ(YearTerm(2019), "Y2019");
  EXPECT_EQ(DecadeTerm(2019), "XD2010");
  EXPECT_EQ(TreatyTerm("untoc", "18(13)"), "XTuntoc/18(13)");
  EXPECT_EQ(TreatyTerm("untoc", ""), "XTuntoc");
  EXPECT_EQ(kDaySlot, 0U);
}

TEST(FieldsTest, NoTermIsLongerThanXapianTakes) {
  const std::string word(kWordBytesMax, 'x');
  EXPECT_EQ(StemTerm(kHeading, word).size(), kTermBytesMax);
  EXPECT_EQ(Term(kName, std::string(1000, 'x')).size(), kTermBytesMax);
}

// No prefix is the beginning of another term's prefix and value: values begin
// with a lower-case letter, a digit or a sign.
TEST(FieldsTest, PrefixesDoNotRunIntoOneAnother) {
  const std::set<absl::string_view> prefixes = {
      kHeading, kTitle, kStem,     kNumber, kOwnNumber, kName,   kLaw,    kKind,
      kState,   kType,  kLanguage, kYear,   kDecade,    kTreaty, kSubject};
  EXPECT_EQ(prefixes.size(), 15U);
  for (const absl::string_view prefix : prefixes) {
    for (const char c : prefix) EXPECT_TRUE(c >= 'A' && c <= 'Z');
    EXPECT_LE(prefix.size(), 2U);
  }
}

TEST(FieldsTest, DayValuesAreInTheOrderOfDays) {
  std::string last;
  for (const int64_t day : {-700000, -1, 0, 1, 1000, 18262, 200000}) {
    const std::string value = DayValue(day);
    EXPECT_EQ(DayOf(value), day);
    EXPECT_LT(last, value);
    last = value;
  }
  EXPECT_EQ(DayOf(""), 0);
}

}  // namespace
}  // namespace comity::index::fields
