// What the generator promises.

#include "tests/support/synthetic.h"

#include <set>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace comity::synthetic {
namespace {

const World& TheWorld() {
  static const auto* const kWorld =
      new World(*World::Read(COMITY_SOURCE_DIR "/data"));
  return *kWorld;
}

bool IsMarked(const google::protobuf::RepeatedPtrField<v1::Source>& sources) {
  return sources.size() == 1 &&
         sources.Get(0).kind() == v1::SOURCE_KIND_SYNTHETIC;
}

TEST(SyntheticTest, SaysInEveryRecordThatItIsMadeUp) {
  Generator generator(&TheWorld(), {5000, 1});
  Row row;
  while (generator.Next(&row)) {
    EXPECT_TRUE(IsMarked(row.designation.sources()));
    EXPECT_TRUE(IsMarked(row.authority.sources()));
    EXPECT_TRUE(
        absl::StartsWith(row.authority.display_names(0).text(), "Synthetic "));
    for (const v1::Contact& contact : row.authority.contacts()) {
      EXPECT_TRUE(IsMarked(contact.sources()));
      EXPECT_TRUE(absl::EndsWith(contact.emails(0), "@example.org"));
    }
  }
}

TEST(SyntheticTest, GivesAsManyAsAskedForUnderNamesOfTheirOwn) {
  for (const int64_t count : {1, 17, 2000, 30000}) {
    SCOPED_TRACE(count);
    Generator generator(&TheWorld(), {count, 1});
    std::set<std::string> designations;
    std::set<std::string> authorities;
    Row row;
    while (generator.Next(&row)) {
      EXPECT_TRUE(designations.insert(row.designation.name()).second);
      EXPECT_EQ(authorities.insert(row.authority.name()).second,
                row.first_of_authority);
      EXPECT_EQ(row.designation.authority(), row.authority.name());
    }
    EXPECT_EQ(designations.size(), static_cast<size_t>(count));
  }
}

TEST(SyntheticTest, SpansStatesTreatiesAndFunctions) {
  Generator generator(&TheWorld(), {200000, 20150601});
  std::set<std::string> treaties;
  std::set<std::string> functions;
  std::set<std::string> authorities;
  int64_t unknown_starts = 0;
  Row row;
  while (generator.Next(&row)) {
    treaties.insert(row.designation.treaty());
    functions.insert(row.designation.function());
    authorities.insert(row.authority.name());
    unknown_starts += row.designation.valid_from().unknown() ? 1 : 0;
  }
  EXPECT_EQ(treaties.size(), 10U);
  EXPECT_EQ(functions.size(), 13U);
  EXPECT_GT(authorities.size(), 45000U);
  EXPECT_LT(authorities.size(), 65000U);
  EXPECT_GT(unknown_starts, 1000);
}

TEST(SyntheticTest, EndsADesignationWhereTheNextOfItsDeskStarts) {
  Generator generator(&TheWorld(), {50000, 1});
  Row row;
  int64_t successions = 0;
  v1::Designation before;
  while (generator.Next(&row)) {
    const v1::Designation& now = row.designation;
    if (now.has_valid_until() && now.valid_until().has_date() &&
        now.valid_from().has_date()) {
      EXPECT_LT(now.valid_from().date(), now.valid_until().date());
    }
    if (!row.first_of_authority && now.valid_from().has_date()) {
      EXPECT_EQ(before.valid_until().date(), now.valid_from().date());
      ++successions;
    }
    before = now;
  }
  EXPECT_GT(successions, 10000);
}

TEST(SyntheticTest, WritesTheSameBytesForTheSameSeed) {
  const auto csv = [](uint64_t seed) {
    std::ostringstream out;
    WriteCsv(TheWorld(), {500, seed}, &out);
    return out.str();
  };
  EXPECT_EQ(csv(7), csv(7));
  EXPECT_NE(csv(7), csv(8));
  const auto lines = [](uint64_t seed) {
    std::ostringstream out;
    WriteJsonLines(TheWorld(), {500, seed}, &out);
    return out.str();
  };
  EXPECT_EQ(lines(7), lines(7));
}

}  // namespace
}  // namespace comity::synthetic
