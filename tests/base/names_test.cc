#include "base/names.h"

#include <string>

#include "base/errors.h"
#include "base/limits.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(NamesTest, NamesAreTakenApartAsTheyWereBuilt) {
  const struct {
    std::string built;
    const char* name;
    Kind kind;
    const char* first;
    const char* second;
    const char* state;
  } cases[] = {
      {names::State("LTU"), "states/LTU", Kind::kState, "LTU", "",
       "states/LTU"},
      {names::Treaty("untoc-tip"), "treaties/untoc-tip", Kind::kTreaty,
       "untoc-tip", "", ""},
      {names::Function("mla"), "functions/mla", Kind::kFunction, "mla", "", ""},
      {names::Participation("untoc", "LTU"),
       "treaties/untoc/participations/LTU", Kind::kParticipation, "untoc",
       "LTU", "states/LTU"},
      {names::Authority("LTU", "ministry-of-justice"),
       "states/LTU/authorities/ministry-of-justice", Kind::kAuthority, "LTU",
       "ministry-of-justice", "states/LTU"},
      {names::Designation("LTU", "untoc-18-13-1"),
       "states/LTU/designations/untoc-18-13-1", Kind::kDesignation, "LTU",
       "untoc-18-13-1", "states/LTU"},
      {names::ImportJob("17"), "importJobs/17", Kind::kImportJob, "17", "", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(c.built, c.name);
    const absl::StatusOr<names::Parts> parts = names::Parse(c.name, "name");
    ASSERT_TRUE(parts.ok());
    EXPECT_EQ(parts->kind, c.kind);
    EXPECT_EQ(parts->first, c.first);
    EXPECT_EQ(parts->second, c.second);
    EXPECT_EQ(names::StateOf(*parts), c.state);
    EXPECT_TRUE(names::ParseKind(c.name, c.kind, "name").ok());
    const Kind other = c.kind == Kind::kState ? Kind::kTreaty : Kind::kState;
    EXPECT_FALSE(names::ParseKind(c.name, other, "name").ok());
  }
}

TEST(NamesTest, MalformedNamesAreRefusedWithTheirField) {
  for (const char* name : {"",
                           "/",
                           "states",
                           "states/",
                           "states/ltu",
                           "states/LT",
                           "states/LTUA",
                           "states/L1U",
                           "/states/LTU",
                           "states/LTU/",
                           "states//LTU",
                           "State/LTU",
                           "treaties/",
                           "treaties/UNTOC",
                           "treaties/-untoc",
                           "treaties/untoc-",
                           "treaties/un--toc",
                           "treaties/un toc",
                           "treaties/untoc/participations",
                           "treaties/untoc/participations/ltu",
                           "treaties/untoc/participation/LTU",
                           "states/LTU/authorities",
                           "states/LTU/authorities/",
                           "states/LTU/authorities/Ministry",
                           "states/LTU/offices/ministry",
                           "states/LTU/authorities/a/b",
                           "functions/mla/x",
                           "importJobs/",
                           "states/L\xc3\x84U"}) {
    const absl::StatusOr<names::Parts> parts = names::Parse(name, "parent");
    ASSERT_FALSE(parts.ok()) << name;
    EXPECT_EQ(parts.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(FieldOf(parts.status()), "parent") << name;
  }
}

TEST(NamesTest, IdsHaveTheirLimits) {
  EXPECT_TRUE(names::IsSlug(std::string(limits::kSlugBytesMax, 'a')));
  EXPECT_FALSE(names::IsSlug(std::string(limits::kSlugBytesMax + 1, 'a')));
  EXPECT_TRUE(names::IsId(std::string(limits::kIdBytesMax, 'a')));
  EXPECT_FALSE(names::IsId(std::string(limits::kIdBytesMax + 1, 'a')));
  EXPECT_TRUE(names::IsId("7"));
  EXPECT_FALSE(names::IsId(absl::string_view("a\0b", 3)));
}

TEST(NamesTest, LastOfIsWhatFollowsTheLastSlash) {
  EXPECT_EQ(names::LastOf("states/LTU/authorities/mj"), "mj");
  EXPECT_EQ(names::LastOf("mj"), "mj");
  EXPECT_EQ(names::LastOf("states/"), "");
  EXPECT_EQ(names::LastOf(""), "");
}

}  // namespace
}  // namespace comity
