#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

constexpr char kHeader[] =
    "treaty,state,participant_name_in_source,signature_date,binding_act,"
    "deposit_date,deposit_basis,entry_into_force,entry_into_force_basis,"
    "row_status,source_url,source_as_of,notes\n";

TEST(ParticipationsTest, MergesTheRowsOfAStateAndTreaty) {
  const auto all = Participations(absl::StrCat(
      kHeader,
      "uncac,BTN,Bhutan,2005-09-15,accession,2023-09-27,stated,2023-10-27,"
      "derived,current,https://b.example,2024-04-20,came back\n"
      "untoc,LTU,Lithuania,2000-12-13,ratification,2002-05-09,stated,"
      "2003-09-29,derived,current,,2014-01-27,\n"
      "uncac,BTN,Bhutan,2005-09-15,ratification,2016-09-21,"
      "derived: entry into force minus 30 days,2016-10-21,stated,superseded,"
      "https://a.example,2024 (cites a page),\n"));
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 2U);
  EXPECT_EQ(Printed(all.records[0].problems), "");
  v1::Participation expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        name: "treaties/uncac/participations/BTN"
        signature_date: "2005-09-15"
        periods {
          act: BINDING_ACT_RATIFICATION
          deposit_date: "2016-09-21"
          deposit_basis: DATE_BASIS_DERIVED
          entry_into_force: "2016-10-21"
          entry_into_force_basis: DATE_BASIS_STATED
          end { unknown: true }
        }
        periods {
          act: BINDING_ACT_ACCESSION
          deposit_date: "2023-09-27"
          deposit_basis: DATE_BASIS_STATED
          entry_into_force: "2023-10-27"
          entry_into_force_basis: DATE_BASIS_DERIVED
          notes: "came back"
        }
        complete_as_of: "2024-04-20"
        as_stated { field: "name" text: "Bhutan" }
        as_stated {
          field: "periods[0].deposit_basis"
          text: "derived: entry into force minus 30 days"
        }
        as_stated { field: "periods[0].end" text: "superseded" }
        sources {
          uri: "https://b.example"
          as_of: "2024-04-20"
          fields: "periods[1]"
        }
        sources {
          uri: "https://a.example"
          as_of: "2024"
          as_of_as_stated: "2024 (cites a page)"
          fields: "periods[0]"
        })pb",
      &expected));
  EXPECT_EQ(all.records[0].participation.DebugString(), expected.DebugString());
  EXPECT_EQ(all.records[0].line, 2);
  EXPECT_EQ(all.records[1].participation.name(),
            "treaties/untoc/participations/LTU");
}

TEST(ParticipationsTest, SignedOnlyAndInferredActs) {
  const auto all = Participations(absl::StrCat(
      kHeader, "untoc,IRN,Iran,2000-12-12,,,,,,current,,2014-01-27,a note\n",
      "untoc,LTU,Lithuania,,accession,2002-05-09,stated,,"
      "not derivable (succession),current,,,"
      "act type inferred: no signature on record\n"));
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 2U);
  const v1::Participation& only = all.records[0].participation;
  EXPECT_EQ(only.periods_size(), 0);
  EXPECT_EQ(only.signature_date(), "2000-12-12");
  EXPECT_EQ(only.notes(0), "a note");
  const v1::Participation::Period& period =
      all.records[1].participation.periods(0);
  EXPECT_TRUE(period.act_inferred());
  EXPECT_EQ(period.entry_into_force(), "");
  EXPECT_EQ(period.entry_into_force_basis(), v1::DATE_BASIS_UNSPECIFIED);
}

TEST(ParticipationsTest, NamesWhatIsWrong) {
  const char kRow[] =
      "untoc,LTU,Lithuania,2000-12-13,ratification,2002-05-09,stated,"
      "2003-09-29,derived,current,,,\n";
  const struct {
    const char* what;
    std::string rows;
    const char* problems;
  } cases[] = {
      {"a row twice", absl::StrCat(kRow, kRow),
       "3:1: treaty, untoc, the row repeats line 2"},
      {"two days of signature",
       absl::StrCat(kRow,
                    "untoc,LTU,Lithuania,2001-12-13,accession,2005-05-09,"
                    "stated,,,current,,,\n"),
       "3:4: signature_date, 2001-12-13, differs from 2000-12-13 in line 2, of "
       "the same State and treaty"},
      {"an unknown act", "untoc,LTU,,,promise,2002-05-09,,,,current,,,\n",
       "2:5: binding_act, promise, must be ratification, acceptance, approval, "
       "accession, succession, formal confirmation or definitive signature"},
      {"in force before the deposit",
       "untoc,LTU,,,accession,2002-05-09,,2001-01-01,,current,,,\n",
       "2:8: entry_into_force, 2001-01-01, must not be before the deposit"},
      {"no such State", "untoc,Atlantis,,,,,,,,current,,,\n",
       "2:2: state, Atlantis, no State is called so"},
      {"an odd status", "untoc,LTU,,,accession,2002-05-09,,,,older,,,\n",
       "2:10: row_status, older, must be current or superseded"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto all = Participations(absl::StrCat(kHeader, c.rows));
    ASSERT_OK(all.status);
    ASSERT_EQ(all.records.size(), 1U);
    EXPECT_EQ(Printed(all.records[0].problems), c.problems);
  }
}

TEST(ParticipationsTest, ManyRowsOfOnePairAreRefusedInBoundedTime) {
  std::string file = kHeader;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&file, "untoc,LTU,,,accession,", 1000 + i % 9000,
                    "-01-01,,,,current,,,\n");
  }
  const auto all = Participations(file);
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 1U);
  EXPECT_LE(all.records[0].participation.periods_size(), 50);
  EXPECT_FALSE(all.records[0].problems.empty());
}

}  // namespace
}  // namespace comity::import_test
