#include "store/keys.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What is on disk, byte by byte: a change here is a new format version.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

constexpr uint64_t kSequence = 0x0102030405060708;

TEST(KeysTest, GoldenBytesOfRecords) {
  const names::Parts state{Kind::kState, "LTU", ""};
  const names::Parts treaty{Kind::kTreaty, "untoc", ""};
  const names::Parts function{Kind::kFunction, "mla", ""};
  const names::Parts participation{Kind::kParticipation, "untoc", "LTU"};
  const names::Parts authority{Kind::kAuthority, "LTU", "mj"};
  const names::Parts designation{Kind::kDesignation, "LTU", "d1"};
  EXPECT_EQ(keys::Newest(state), Bytes("NSLTU\0\0"));
  EXPECT_EQ(keys::Newest(treaty), Bytes("NTuntoc\0\0"));
  EXPECT_EQ(keys::Newest(function), Bytes("NFmla\0\0"));
  EXPECT_EQ(keys::Newest(participation), Bytes("NPuntoc\0LTU\0"));
  EXPECT_EQ(keys::Newest(authority), Bytes("NALTU\0mj\0"));
  EXPECT_EQ(keys::Newest(designation), Bytes("NDLTU\0d1\0"));
  EXPECT_EQ(keys::NewestOf(Kind::kAuthority), "NA");
  EXPECT_EQ(keys::NewestUnder(Kind::kAuthority, "LTU"), Bytes("NALTU\0"));
  EXPECT_EQ(keys::Version(authority, kSequence),
            Bytes("VALTU\0mj\0\x01\x02\x03\x04\x05\x06\x07\x08"));
  EXPECT_EQ(keys::Version(state, 0x80FF),
            Bytes("VSLTU\0\0\0\0\0\0\0\0\x80\xff"));
  EXPECT_EQ(keys::VersionsOf(authority), Bytes("VALTU\0mj\0"));
  EXPECT_EQ(keys::VersionsOfKind(Kind::kDesignation), "VD");
}

TEST(KeysTest, GoldenBytesOfWhatIsNoRecord) {
  EXPECT_EQ(keys::kFormatVersion, 1);
  EXPECT_EQ(keys::Format(), "F");
  EXPECT_EQ(keys::Published(kSequence),
            Bytes("P\x01\x02\x03\x04\x05\x06\x07\x08"));
  EXPECT_EQ(keys::Change(kSequence),
            Bytes("C\x01\x02\x03\x04\x05\x06\x07\x08"));
  EXPECT_EQ(keys::ImportJob(7), Bytes("J\0\0\0\0\0\0\0\x07"));
  EXPECT_EQ(keys::Request("6f1b"), Bytes("Q6f1b\0"));
}

TEST(KeysTest, GoldenBytesOfLookups) {
  EXPECT_EQ(keys::DesignationByAuthority("LTU", "mj", "d1"), Bytes("LaLTU\0mj\0"
                                                                   "d1\0"));
  EXPECT_EQ(keys::DesignationByFunction("mla", "LTU", "d1"),
            Bytes("Lfmla\0LTU\0"
                  "d1\0"));
  EXPECT_EQ(keys::DesignationByTreaty("untoc", "18(13)", "LTU", "d1"),
            Bytes("Ltuntoc\0"
                  "18(13)\0LTU\0"
                  "d1\0"));
  EXPECT_EQ(keys::ParticipationByState("LTU", "untoc"),
            Bytes("LpLTU\0untoc\0"));
  EXPECT_EQ(keys::RecordBySource("sherloc", "42", Kind::kAuthority),
            Bytes("Lisherloc\0"
                  "42\0"
                  "A\0"));
  EXPECT_EQ(keys::AuthorityByName("LTU", "ministry of justice", ""),
            Bytes("LnLTU\0ministry of justice\0\0"));
  EXPECT_EQ(keys::DesignationsOfAuthority("LTU", "mj"), Bytes("LaLTU\0mj\0"));
  EXPECT_EQ(keys::DesignationsForFunction("mla"), Bytes("Lfmla\0"));
  EXPECT_EQ(keys::DesignationsForFunctionIn("mla", "LTU"),
            Bytes("Lfmla\0LTU\0"));
  EXPECT_EQ(keys::DesignationsUnderTreaty("untoc"), Bytes("Ltuntoc\0"));
  EXPECT_EQ(keys::ParticipationsOfState("LTU"), Bytes("LpLTU\0"));
}

TEST(KeysTest, NumbersSortAsTheirBytes) {
  const uint64_t numbers[] = {0,          1,           255,       256,
                              0xFFFFFFFF, 0x100000000, kSequence, UINT64_MAX};
  for (size_t i = 0; i < std::size(numbers); ++i) {
    EXPECT_EQ(keys::Number(keys::Bytes(numbers[i])), numbers[i]);
    if (i > 0) {
      EXPECT_LT(keys::Bytes(numbers[i - 1]), keys::Bytes(numbers[i]));
    }
  }
  EXPECT_EQ(keys::Number("1234567"), 0u);
  EXPECT_EQ(keys::Number("123456789"), 0u);
}

TEST(KeysTest, AfterIsTheFirstKeyBehindAPrefix) {
  EXPECT_EQ(keys::After("NA"), "NB");
  EXPECT_EQ(keys::After(Bytes("LaLTU\0")), Bytes("LaLTU\x01"));
  EXPECT_EQ(keys::After(Bytes("C\xff\xff")), "D");
  EXPECT_EQ(keys::After(Bytes("\xff\xff")), "");
  EXPECT_EQ(keys::After(""), "");
}

TEST(KeysTest, ComponentsAndNamesAreReadBack) {
  EXPECT_THAT(keys::Components(Bytes("LaLTU\0mj\0"
                                     "d1\0rest"),
                               2),
              ElementsAre("LTU", "mj", "d1"));
  EXPECT_THAT(keys::Components(Bytes("LnLTU\0name\0\0"), 2),
              ElementsAre("LTU", "name", ""));
  EXPECT_THAT(keys::Components("L", 2), IsEmpty());
  const struct {
    names::Parts parts;
    const char* name;
  } cases[] = {
      {{Kind::kState, "LTU", ""}, "states/LTU"},
      {{Kind::kTreaty, "untoc", ""}, "treaties/untoc"},
      {{Kind::kFunction, "mla", ""}, "functions/mla"},
      {{Kind::kParticipation, "untoc", "LTU"},
       "treaties/untoc/participations/LTU"},
      {{Kind::kAuthority, "LTU", "mj"}, "states/LTU/authorities/mj"},
      {{Kind::kDesignation, "LTU", "d1"}, "states/LTU/designations/d1"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(keys::NameOf(keys::Newest(c.parts)), c.name);
    // Sequences whose bytes are NULs and letters do not confuse it.
    for (const uint64_t sequence : {uint64_t{0}, kSequence, UINT64_MAX}) {
      const std::string key = keys::Version(c.parts, sequence);
      EXPECT_EQ(keys::NameOf(key), c.name);
      EXPECT_EQ(keys::SequenceOf(key), sequence);
    }
  }
  EXPECT_EQ(keys::NameOf(keys::Change(1)), "");
  EXPECT_EQ(keys::NameOf("N"), "");
  EXPECT_EQ(keys::NameOf("NALTU"), "");
  EXPECT_EQ(keys::SequenceOf("C"), 0u);
}

TEST(KeysTest, ANameThatBeginsLikeAnotherIsNotUnderItsPrefix) {
  const std::string prefix = keys::VersionsOf({Kind::kAuthority, "LTU", "mj"});
  const std::string other = keys::Version({Kind::kAuthority, "LTU", "mj-2"}, 1);
  EXPECT_NE(other.substr(0, prefix.size()), prefix);
}

}  // namespace
}  // namespace comity
