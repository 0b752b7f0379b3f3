#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

TEST(StatesTest, UnderstandsARow) {
  const auto all = States(
      "alpha2,alpha3,m49,un_member,status,m49_region,m49_subregion,"
      "languages_spoken,short_name_en,short_name_fr,formal_name_en,aliases,"
      "name_source\n"
      "NA,NAM,516,yes,UN Member State,Africa,Southern Africa,en-NA|af,"
      "Namibia,Namibie (la),the Republic of Namibia,,UNTERM\n"
      "VA,VAT,36,no,UN observer State,Europe,,la|it,Holy See (the) *,,,"
      "Vatican|Vatican City,UNTERM\n"
      "EU,EUE,,no,regional economic integration organization,,,,European "
      "Union,,,,\n");
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 3U);
  for (const auto& record : all.records) {
    EXPECT_EQ(Printed(record.problems), "");
  }
  v1::State expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        name: "states/NAM"
        kind: KIND_STATE
        alpha2: "NA"
        m49: "516"
        membership: MEMBERSHIP_MEMBER
        short_names { text: "Namibia" language: "en" }
        short_names { text: "Namibie" language: "fr" }
        formal_names { text: "the Republic of Namibia" language: "en" }
        region: "Africa"
        subregion: "Southern Africa"
        languages: "en-NA"
        languages: "af"
        as_stated { field: "kind" text: "UN Member State" }
        as_stated { field: "short_names[1].text" text: "Namibie (la)" }
        sources {
          document: "UNTERM"
          fields: "short_names"
          fields: "formal_names"
        })pb",
      &expected));
  EXPECT_EQ(all.records[0].state.DebugString(), expected.DebugString());
  const v1::State& holy_see = all.records[1].state;
  EXPECT_EQ(holy_see.m49(), "036");
  EXPECT_EQ(holy_see.membership(), v1::State::MEMBERSHIP_OBSERVER);
  EXPECT_EQ(holy_see.short_names(0).text(), "Holy See");
  EXPECT_EQ(holy_see.other_names_size(), 2);
  EXPECT_EQ(all.records[2].state.kind(), v1::State::KIND_ORGANISATION);
  EXPECT_EQ(all.records[2].state.membership(), v1::State::MEMBERSHIP_NONE);
}

TEST(StatesTest, NamesWhatIsWrong) {
  const auto all = States(
      "alpha3,alpha2,m49,un_member,status,time_zones\n"
      "Namibia,na,5160,perhaps,a country,Mars/Base\n");
  ASSERT_EQ(all.records.size(), 1U);
  EXPECT_EQ(Printed(all.records[0].problems),
            "2:1: alpha3, Namibia, must be an ISO 3166-1 alpha-3 code, such as "
            "LTU\n"
            "2:2: alpha2, na, must be two letters A to Z\n"
            "2:3: m49, 5160, must be a number from 1 to 999\n"
            "2:5: status, a country, must be State, organisation, territory or "
            "other\n"
            "2:4: un_member, perhaps, must be yes, no or observer\n"
            "2:6: time_zones, Mars/Base, must be an IANA time zone");
}

TEST(TreatiesTest, UnderstandsARow) {
  const auto all = Treaties(
      "treaty,kind,title,titre,short_title,aliases,adopted,adopted_at,"
      "depositary_number,entry_into_force,threshold_instruments,articles\n"
      "ltu-lva-2001,Bilateral,Treaty on Assistance,Traité d'entraide,Treaty,"
      "T1|T2,12 June 2001,Vilnius,17,2002-01-01,2,art. 5|6(1)\n");
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 1U);
  EXPECT_EQ(Printed(all.records[0].problems), "");
  v1::Treaty expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        name: "treaties/ltu-lva-2001"
        kind: KIND_BILATERAL
        titles { text: "Treaty on Assistance" language: "en" }
        titles { text: "Traité d'entraide" language: "fr" }
        short_titles { text: "Treaty" language: "en" }
        aliases: "T1"
        aliases: "T2"
        adopted: "2001-06-12"
        adopted_at: "Vilnius"
        depositary_number: "17"
        entry_into_force: "2002-01-01"
        entry_into_force_rule { threshold_instruments: 2 }
        articles { citation: "5" }
        articles { citation: "6(1)" }
        as_stated { field: "kind" text: "Bilateral" }
        as_stated { field: "adopted" text: "12 June 2001" }
        as_stated { field: "articles[0].citation" text: "art. 5" })pb",
      &expected));
  EXPECT_EQ(all.records[0].treaty.DebugString(), expected.DebugString());
  const auto bad =
      Treaties("treaty,kind,threshold_instruments\nA B,plural,none\n");
  ASSERT_EQ(bad.records.size(), 1U);
  EXPECT_EQ(bad.records[0].problems.size(), 3U);
}

}  // namespace
}  // namespace comity::import_test
