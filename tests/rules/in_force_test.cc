#include "rules/in_force.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/parse.h"

namespace comity::rules {
namespace {

using testing::HasSubstr;

constexpr auto kInForce = v1::IN_FORCE_STATUS_IN_FORCE;
constexpr auto kNotInForce = v1::IN_FORCE_STATUS_NOT_IN_FORCE;
constexpr auto kNotKnown = v1::IN_FORCE_STATUS_NOT_KNOWN;

// UNTOC article 38, but three instruments.
v1::Treaty TestTreaty() {
  return Parse<v1::Treaty>(R"pb(
    name: "treaties/untoc"
    short_titles { text: "UNTOC" language: "en" }
    entry_into_force: "2003-09-29"
    entry_into_force_rule {
      days_after_threshold: 90
      threshold_instruments: 3
      days_after_deposit: 30
      organisations_not_counted: true
      withdrawal_months: 12
    }
    participations_as_of: "2014-01-27"
  )pb");
}

TreatyDates StatedDates() {
  TreatyDates dates;
  dates.stated = Day(2003, 9, 29);
  return dates;
}

v1::Participation Record(const std::string& rest) {
  return Parse<v1::Participation>(
      absl::StrCat(R"pb(
                     name: "treaties/untoc/participations/LTU"
                     complete_as_of: "2014-01-27"
                     sources {
                       document: "List of parties"
                       uri: "https://example.org/list"
                       kind: SOURCE_KIND_DEPOSITARY
                       as_of: "2014-01-27"
                       note: "Long, and not for reasons."
                     }
                   )pb",
                   rest));
}

v1::State Lithuania() {
  return Parse<v1::State>(R"pb(
    name: "states/LTU"
    kind: KIND_STATE
    short_names { text: "Lithuania" language: "en" }
  )pb");
}

Day D(const char* text) { return ParseDay(text).value(); }

v1::ParticipationStatus On(const char* day, const std::string& record) {
  const v1::Participation participation = Record(record);
  return StatusOf(TestTreaty(), StatedDates(), Lithuania(), &participation,
                  D(day));
}

struct Case {
  const char* day;
  v1::InForceStatus status;
  v1::ReasonCode code;
};

void ExpectAll(const std::string& record, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.day);
    const v1::ParticipationStatus status = On(c.day, record);
    EXPECT_EQ(status.status(), c.status) << status.ShortDebugString();
    EXPECT_EQ(status.code(), c.code) << status.ShortDebugString();
    EXPECT_FALSE(status.reason().empty());
  }
}

TEST(StatusOfTest, RatificationBindsAfterTheWaitingTime) {
  ExpectAll(
      R"pb(
        signature_date: "2000-12-13"
        periods { act: BINDING_ACT_RATIFICATION deposit_date: "2005-03-01" }
      )pb",
      {{"2003-09-28", kNotInForce, v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE},
       {"2003-09-29", kNotInForce, v1::REASON_CODE_DEPOSITED_LATER},
       {"2005-02-28", kNotInForce, v1::REASON_CODE_DEPOSITED_LATER},
       {"2005-03-01", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2005-03-30", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2005-03-31", kInForce, v1::REASON_CODE_PARTY},
       {"2014-01-27", kInForce, v1::REASON_CODE_PARTY},
       {"2030-01-01", kInForce, v1::REASON_CODE_PARTY}});
}

TEST(StatusOfTest, EarlyDepositBindsWithTheTreaty) {
  ExpectAll(
      R"pb(
        periods { act: BINDING_ACT_ACCESSION deposit_date: "2002-05-09" }
      )pb",
      {{"2003-09-28", kNotInForce, v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE},
       {"2003-09-29", kInForce, v1::REASON_CODE_PARTY}});
  // Deposited when the fortieth instrument was in, the treaty not yet.
  ExpectAll(
      R"pb(
        periods { act: BINDING_ACT_ACCESSION deposit_date: "2003-09-15" }
      )pb",
      {{"2003-09-29", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2003-10-14", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2003-10-15", kInForce, v1::REASON_CODE_PARTY}});
}

TEST(StatusOfTest, AnswerNamesTheDayItsBasisAndTheSource) {
  const v1::ParticipationStatus status = On("2015-06-01", R"pb(
    periods { act: BINDING_ACT_RATIFICATION deposit_date: "2005-03-01" }
  )pb");
  EXPECT_EQ(status.participation(), "treaties/untoc/participations/LTU");
  EXPECT_EQ(status.state(), "states/LTU");
  EXPECT_EQ(status.entry_into_force(), "2005-03-31");
  EXPECT_EQ(status.entry_into_force_basis(), v1::DATE_BASIS_DERIVED);
  EXPECT_EQ(status.derived_entry_into_force(), "");
  EXPECT_EQ(status.complete_as_of(), "2014-01-27");
  EXPECT_TRUE(status.beyond_data());
  EXPECT_EQ(status.period().deposit_date(), "2005-03-01");
  EXPECT_EQ(status.reason(),
            "UNTOC is in force for Lithuania since 2005-03-31 (derived; "
            "ratification deposited 2005-03-01); no change known after "
            "2014-01-27");
  ASSERT_EQ(status.sources_size(), 1);
  EXPECT_EQ(status.sources(0).document(), "List of parties");
  EXPECT_EQ(status.sources(0).uri(), "https://example.org/list");
  EXPECT_EQ(status.sources(0).kind(), v1::SOURCE_KIND_DEPOSITARY);
  EXPECT_EQ(status.sources(0).as_of(), "2014-01-27");
  EXPECT_EQ(status.sources(0).note(), "");
}

TEST(StatusOfTest, StatedDayWinsOverTheRuleAndTheDifferenceIsTold) {
  const char* record = R"pb(
    periods {
      act: BINDING_ACT_RATIFICATION
      deposit_date: "2005-03-01"
      entry_into_force: "2005-04-15"
      entry_into_force_basis: DATE_BASIS_STATED
    }
  )pb";
  ExpectAll(record,
            {{"2005-04-14", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
             {"2005-04-15", kInForce, v1::REASON_CODE_PARTY}});
  const v1::ParticipationStatus status = On("2006-01-01", record);
  EXPECT_EQ(status.entry_into_force(), "2005-04-15");
  EXPECT_EQ(status.entry_into_force_basis(), v1::DATE_BASIS_STATED);
  EXPECT_EQ(status.derived_entry_into_force(), "2005-03-31");
}

TEST(StatusOfTest, StatedEntryIsEnoughWithoutDeposit) {
  ExpectAll(
      R"pb(
        periods { act: BINDING_ACT_ACCESSION entry_into_force: "2016-10-21" }
      )pb",
      {{"2016-10-20", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2016-10-21", kInForce, v1::REASON_CODE_PARTY}});
}

TEST(StatusOfTest, SignatureBindsNobodyUntilTheDataEnd) {
  const char* record = R"pb(signature_date: "2000-12-13")pb";
  ExpectAll(record, {{"2003-09-28", kNotInForce,
                      v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE},
                     {"2013-01-01", kNotInForce, v1::REASON_CODE_SIGNED_ONLY},
                     {"2014-01-27", kNotInForce, v1::REASON_CODE_SIGNED_ONLY},
                     {"2014-01-28", kNotKnown, v1::REASON_CODE_AFTER_DATA}});
  // The first day of a partial day counts; without one nothing is complete.
  v1::Participation partial = Record(record);
  partial.set_complete_as_of("2014-03");
  const auto on = [&partial](const char* day) {
    return StatusOf(TestTreaty(), StatedDates(), Lithuania(), &partial, D(day))
        .status();
  };
  EXPECT_EQ(on("2014-03-01"), kNotInForce);
  EXPECT_EQ(on("2014-03-02"), kNotKnown);
  partial.clear_complete_as_of();
  EXPECT_EQ(on("2004-01-01"), kNotKnown);
}

TEST(StatusOfTest, NoRecordIsNotKnown) {
  for (const char* day : {"1990-01-01", "2010-01-01", "2030-01-01"}) {
    const v1::ParticipationStatus status =
        StatusOf(TestTreaty(), StatedDates(), Lithuania(), nullptr, D(day));
    EXPECT_EQ(status.status(), kNotKnown);
    EXPECT_EQ(status.code(), v1::REASON_CODE_NO_RECORD);
    EXPECT_EQ(status.participation(), "treaties/untoc/participations/LTU");
    EXPECT_EQ(status.complete_as_of(), "2014-01-27");
  }
}

TEST(StatusOfTest, TerritoryWithoutRecordTakesNoPart) {
  for (const auto kind : {v1::State::KIND_TERRITORY, v1::State::KIND_OTHER}) {
    const v1::ParticipationStatus status =
        StatusOf(TestTreaty(), StatedDates(), "states/HKG", kind, nullptr,
                 D("2010-01-01"), "Hong Kong");
    EXPECT_EQ(status.status(), kNotInForce);
    EXPECT_EQ(status.code(), v1::REASON_CODE_NOT_A_PARTICIPANT);
    EXPECT_THAT(status.reason(), HasSubstr("Hong Kong"));
  }
}

TEST(StatusOfTest, SuccessionWithoutStatedDay) {
  ExpectAll(
      R"pb(
        periods { act: BINDING_ACT_SUCCESSION deposit_date: "2006-10-23" }
      )pb",
      {{"2003-09-28", kNotInForce, v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE},
       {"2003-09-29", kNotKnown, v1::REASON_CODE_SUCCESSION_DAY_UNKNOWN},
       {"2006-10-22", kNotKnown, v1::REASON_CODE_SUCCESSION_DAY_UNKNOWN},
       {"2006-10-23", kInForce, v1::REASON_CODE_PARTY}});
  // A stated day decides as for any other act.
  ExpectAll(R"pb(
              periods {
                act: BINDING_ACT_SUCCESSION
                deposit_date: "2006-10-23"
                entry_into_force: "2006-06-03"
              }
            )pb",
            {{"2006-06-02", kNotInForce, v1::REASON_CODE_DEPOSITED_LATER},
             {"2006-06-03", kInForce, v1::REASON_CODE_PARTY}});
}

TEST(StatusOfTest, ActWithoutDatesIsNotKnown) {
  ExpectAll(
      R"pb(periods { act: BINDING_ACT_ACCESSION })pb",
      {{"2003-09-28", kNotInForce, v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE},
       {"2003-09-29", kNotKnown, v1::REASON_CODE_DEPOSIT_UNKNOWN},
       {"2013-01-01", kNotKnown, v1::REASON_CODE_DEPOSIT_UNKNOWN}});
}

TEST(StatusOfTest, TreatyWithoutDatesIsNotKnown) {
  v1::Treaty treaty = TestTreaty();
  treaty.clear_entry_into_force();
  const v1::Participation participation = Record(R"pb(
    periods { act: BINDING_ACT_RATIFICATION deposit_date: "2005-03-01" }
  )pb");
  const auto on = [&](const char* day) {
    return StatusOf(treaty, TreatyDates(), Lithuania(), &participation, D(day));
  };
  EXPECT_EQ(on("2010-01-01").status(), kNotKnown);
  EXPECT_EQ(on("2010-01-01").code(), v1::REASON_CODE_TREATY_DATES_NOT_KNOWN);
  // It was surely not bound before it deposited anything.
  EXPECT_EQ(on("2005-02-28").status(), kNotInForce);
}

TEST(StatusOfTest, WithdrawalEndsIt) {
  const char* record = R"pb(
    periods {
      act: BINDING_ACT_ACCESSION
      deposit_date: "2005-03-01"
      withdrawal_notified: "2009-02-28"
      end { date: "2010-02-28" }
    }
  )pb";
  ExpectAll(record, {{"2010-02-27", kInForce, v1::REASON_CODE_PARTY},
                     {"2010-02-28", kNotInForce, v1::REASON_CODE_WITHDRAWN},
                     {"2014-01-27", kNotInForce, v1::REASON_CODE_WITHDRAWN},
                     {"2014-01-28", kNotKnown, v1::REASON_CODE_AFTER_DATA}});
}

TEST(StatusOfTest, WithdrawalWithoutEndFollowsTheRule) {
  const char* record = R"pb(
    periods {
      act: BINDING_ACT_ACCESSION
      deposit_date: "2005-03-01"
      withdrawal_notified: "2008-02-29"
    }
  )pb";
  ExpectAll(record, {{"2009-02-27", kInForce, v1::REASON_CODE_PARTY},
                     {"2009-02-28", kNotInForce, v1::REASON_CODE_WITHDRAWN}});
  v1::Treaty silent = TestTreaty();
  silent.mutable_entry_into_force_rule()->clear_withdrawal_months();
  const v1::Participation participation = Record(record);
  const auto on = [&](const char* day) {
    return StatusOf(silent, StatedDates(), Lithuania(), &participation, D(day))
        .status();
  };
  EXPECT_EQ(on("2008-02-28"), kInForce);
  EXPECT_EQ(on("2008-02-29"), kNotKnown);
}

TEST(StatusOfTest, WithdrawnAndBackAgain) {
  ExpectAll(
      R"pb(
        periods {
          act: BINDING_ACT_RATIFICATION
          deposit_date: "2004-01-01"
          end { date: "2008-01-01" }
        }
        periods { act: BINDING_ACT_ACCESSION deposit_date: "2015-01-01" }
      )pb",
      {{"2007-12-31", kInForce, v1::REASON_CODE_PARTY},
       {"2008-01-01", kNotInForce, v1::REASON_CODE_WITHDRAWN},
       // Beyond the data, but what came later is on record.
       {"2014-12-31", kNotInForce, v1::REASON_CODE_WITHDRAWN},
       {"2015-01-30", kNotInForce, v1::REASON_CODE_WITHDRAWN},
       {"2015-01-31", kInForce, v1::REASON_CODE_PARTY}});
}

// Bhutan and the Convention against Corruption.
TEST(StatusOfTest, EndOnAnUnknownDayUnlessALaterPeriodDecides) {
  ExpectAll(
      R"pb(
        periods {
          act: BINDING_ACT_RATIFICATION
          entry_into_force: "2016-10-21"
          end { unknown: true }
        }
        periods { act: BINDING_ACT_ACCESSION deposit_date: "2023-09-27" }
      )pb",
      {{"2016-10-20", kNotInForce, v1::REASON_CODE_NOT_YET_IN_FORCE},
       {"2016-10-21", kNotKnown, v1::REASON_CODE_ENDED_UNKNOWN_DAY},
       {"2023-10-26", kNotKnown, v1::REASON_CODE_ENDED_UNKNOWN_DAY},
       {"2023-10-27", kInForce, v1::REASON_CODE_PARTY}});
}

TEST(StatusBetweenTest, CombinesTwo) {
  const v1::Treaty treaty = TestTreaty();
  v1::State france = Lithuania();
  france.set_name("states/FRA");
  france.mutable_short_names(0)->set_text("France");
  const v1::Participation party = Record(R"pb(
    periods { act: BINDING_ACT_RATIFICATION deposit_date: "2005-03-01" }
  )pb");
  const v1::Participation signatory = Record("signature_date: '2000-12-13'");
  const v1::State lithuania = Lithuania();
  const v1::State* const states[] = {&france, &lithuania};
  const auto between = [&](const v1::Participation* a,
                           const v1::Participation* b) {
    const v1::Participation* const both[] = {a, b};
    return StatusBetween(treaty, StatedDates(), states, both, D("2013-01-01"));
  };
  const v1::TreatyStatus in_force = between(&party, &party);
  EXPECT_EQ(in_force.status(), kInForce);
  EXPECT_EQ(in_force.code(), v1::REASON_CODE_BOTH_PARTIES);
  EXPECT_EQ(in_force.reason(),
            "UNTOC is in force between France and Lithuania since 2005-03-31");
  EXPECT_EQ(in_force.treaty(), "treaties/untoc");
  EXPECT_EQ(in_force.as_of(), "2013-01-01");
  EXPECT_EQ(in_force.treaty_entry_into_force(), "2003-09-29");
  EXPECT_EQ(in_force.treaty_entry_into_force_basis(), v1::DATE_BASIS_STATED);
  ASSERT_EQ(in_force.participations_size(), 2);
  EXPECT_EQ(in_force.participations(0).state(), "states/FRA");

  const v1::TreatyStatus not_party = between(&party, &signatory);
  EXPECT_EQ(not_party.status(), kNotInForce);
  EXPECT_EQ(not_party.code(), v1::REASON_CODE_ONE_NOT_PARTY);
  EXPECT_EQ(not_party.reason(),
            "UNTOC is not in force between France and Lithuania: no binding "
            "act of Lithuania up to 2014-01-27");

  EXPECT_EQ(between(nullptr, &signatory).status(), kNotInForce);
  const v1::TreatyStatus not_known = between(&party, nullptr);
  EXPECT_EQ(not_known.status(), kNotKnown);
  EXPECT_EQ(not_known.code(), v1::REASON_CODE_ONE_NOT_KNOWN);
  EXPECT_EQ(not_known.reason(),
            "Whether UNTOC is in force between France and Lithuania is not "
            "known: no record of Lithuania");
}

// Each sentence names State and treaty, in English and once.
TEST(StatusBetweenTest, ReasonsAreSentences) {
  v1::Treaty treaty = TestTreaty();
  treaty.mutable_short_titles(0)->set_text("Firearms Protocol");
  const auto netherlands = Parse<v1::State>(R"pb(
    name: "states/NLD"
    kind: KIND_STATE
    short_names { text: "Netherlands" language: "en" }
    formal_names { text: "the Kingdom of the Netherlands" language: "en" }
  )pb");
  const v1::State lithuania = Lithuania();
  const v1::State* const states[] = {&netherlands, &lithuania};
  const v1::Participation party = Record(
      "periods { act: BINDING_ACT_RATIFICATION deposit_date: '2004-03-01' }");
  const struct {
    const char* day;
    const char* record;
    const char* reason;
    const char* both;
  } cases[] = {
      {"2003-01-01", "signature_date: '2000-12-13'",
       "The Firearms Protocol entered into force only on 2003-09-29 (the "
       "Netherlands: signed 2000-12-13)",
       "The Firearms Protocol is not in force between the Netherlands and "
       "Lithuania: it entered into force only on 2003-09-29"},
      {"2010-01-01",
       "periods { act: BINDING_ACT_ACCESSION deposit_date: '2011-03-01' }",
       "The Netherlands joined the Firearms Protocol later (accession "
       "deposited 2011-03-01)",
       "The Firearms Protocol is not in force between the Netherlands and "
       "Lithuania: the Netherlands joined it later, on 2011-03-01"},
      {"2011-03-02",
       "periods { act: BINDING_ACT_ACCESSION deposit_date: '2011-03-01' }",
       "The Firearms Protocol entered into force for the Netherlands only on "
       "2011-03-31 (accession deposited 2011-03-01)",
       "The Firearms Protocol is not in force between the Netherlands and "
       "Lithuania: it entered into force for the Netherlands only on "
       "2011-03-31"},
      {"2012-01-01",
       "periods { act: BINDING_ACT_ACCESSION deposit_date: '2005-03-01' end { "
       "date: '2010-01-01' } }",
       "The Netherlands withdrew from the Firearms Protocol with effect on "
       "2010-01-01",
       "The Firearms Protocol is not in force between the Netherlands and "
       "Lithuania: the Netherlands withdrew"},
      {"2016-01-01",
       "periods { act: BINDING_ACT_ACCESSION deposit_date: '2005-03-01' end { "
       "date: '2010-01-01' } }",
       "The Netherlands withdrew from the Firearms Protocol with effect on "
       "2010-01-01; whether it joined again is not known after 2014-01-27",
       "Whether the Firearms Protocol is in force between the Netherlands and "
       "Lithuania is not known: what the Netherlands did is not known after "
       "2014-01-27"},
      {"2016-01-01", "signature_date: '2000-12-13'",
       "Whether the Firearms Protocol binds the Netherlands is not known: "
       "signed 2000-12-13, no binding act on record, no data after 2014-01-27",
       "Whether the Firearms Protocol is in force between the Netherlands and "
       "Lithuania is not known: what the Netherlands did is not known after "
       "2014-01-27"},
      {"2010-01-01", "periods { act: BINDING_ACT_ACCESSION }",
       "The Netherlands consented to be bound by the Firearms Protocol "
       "(accession) on a day that is not known",
       "Whether the Firearms Protocol is in force between the Netherlands and "
       "Lithuania is not known: since which day it binds the Netherlands is "
       "not known"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.record);
    const v1::Participation record = Record(c.record);
    const v1::Participation* const records[] = {&record, &party};
    const v1::TreatyStatus status =
        StatusBetween(treaty, StatedDates(), states, records, D(c.day));
    EXPECT_EQ(status.participations(0).reason(), c.reason);
    EXPECT_EQ(status.reason(), c.both);
  }
  const v1::Participation* const none[] = {nullptr, nullptr};
  const v1::TreatyStatus status =
      StatusBetween(treaty, StatedDates(), states, none, D("2010-01-01"));
  EXPECT_EQ(status.reason(),
            "Whether the Firearms Protocol is in force between the Netherlands "
            "and Lithuania is not known: no record of the Netherlands or "
            "Lithuania");
}

TEST(StatusBetweenTest, OneStateKeepsItsOwnAnswer) {
  const v1::Treaty treaty = TestTreaty();
  TreatyDates dates = StatedDates();
  dates.derived = Day(2003, 10, 1);
  const v1::State lithuania = Lithuania();
  const v1::State* const states[] = {&lithuania};
  const v1::Participation* const none[] = {nullptr};
  const v1::TreatyStatus status =
      StatusBetween(treaty, dates, states, none, D("2013-01-01"));
  EXPECT_EQ(status.status(), kNotKnown);
  EXPECT_EQ(status.code(), v1::REASON_CODE_NO_RECORD);
  EXPECT_EQ(status.derived_treaty_entry_into_force(), "2003-10-01");
}

class TreatyDatesTest : public testing::Test {
 protected:
  void Add(const std::string& code, const std::string& period) {
    records_.push_back(Parse<v1::Participation>(
        absl::StrCat("name: 'treaties/untoc/participations/", code,
                     "' periods { ", period, " }")));
  }

  TreatyDates Compute(std::optional<Day> parent = std::nullopt) {
    std::vector<const v1::Participation*> all;
    for (const v1::Participation& record : records_) all.push_back(&record);
    return ComputeTreatyDates(
        treaty_, all, [](absl::string_view code) { return code == "EUE"; },
        parent);
  }

  v1::Treaty treaty_ = TestTreaty();
  std::vector<v1::Participation> records_;
};

TEST_F(TreatyDatesTest, NthInstrumentAndTheWaitingTime) {
  Add("AAA", "act: BINDING_ACT_RATIFICATION deposit_date: '2003-07-01'");
  Add("BBB", "act: BINDING_ACT_ACCESSION deposit_date: '2001-01-01'");
  EXPECT_EQ(Compute().derived, std::nullopt);
  // An organisation is not counted, nor is a successor.
  Add("EUE", "act: BINDING_ACT_APPROVAL deposit_date: '2002-01-01'");
  Add("CCC", "act: BINDING_ACT_SUCCESSION deposit_date: '2002-01-01'");
  EXPECT_EQ(Compute().derived, std::nullopt);
  Add("DDD", "act: BINDING_ACT_ACCEPTANCE deposit_date: '2002-06-01'");
  Add("FFF", "act: BINDING_ACT_ACCEPTANCE deposit_date: '2004-06-01'");
  EXPECT_EQ(Compute().derived, Day(2003, 9, 29));
  EXPECT_FALSE(Compute().differ());
  treaty_.set_entry_into_force("2003-09-30");
  EXPECT_TRUE(Compute().differ());
  EXPECT_EQ(Compute().entry(), Day(2003, 9, 30));
  treaty_.mutable_entry_into_force_rule()->set_organisations_not_counted(false);
  EXPECT_EQ(Compute().derived, Day(2002, 6, 1) + 90);
}

TEST_F(TreatyDatesTest, NothingIsDerivedWhereADepositMayBeMissing) {
  Add("AAA", "act: BINDING_ACT_RATIFICATION deposit_date: '2003-07-01'");
  Add("BBB", "act: BINDING_ACT_ACCESSION deposit_date: '2001-01-01'");
  Add("CCC", "act: BINDING_ACT_ACCESSION deposit_date: '2001-01-01'");
  // Bound much later, so that its deposit did not count.
  Add("DDD", "act: BINDING_ACT_ACCESSION entry_into_force: '2010-01-01'");
  EXPECT_EQ(Compute().derived, Day(2003, 9, 29));
  Add("EEE", "act: BINDING_ACT_ACCESSION entry_into_force: '2003-09-29'");
  EXPECT_EQ(Compute().derived, std::nullopt);
  records_.pop_back();
  Add("EEE", "act: BINDING_ACT_ACCESSION");
  EXPECT_EQ(Compute().derived, std::nullopt);
  EXPECT_EQ(Compute().entry(), Day(2003, 9, 29));
}

TEST_F(TreatyDatesTest, ProtocolWaitsForItsConvention) {
  for (const char* code : {"AAA", "BBB", "CCC"}) {
    Add(code, "act: BINDING_ACT_RATIFICATION deposit_date: '2003-01-01'");
  }
  treaty_.mutable_entry_into_force_rule()->set_not_before("treaties/other");
  EXPECT_EQ(Compute().derived, std::nullopt);
  EXPECT_EQ(Compute(Day(2003, 1, 2)).derived, Day(2003, 4, 1));
  EXPECT_EQ(Compute(Day(2005, 1, 2)).derived, Day(2005, 1, 2));
}

}  // namespace
}  // namespace comity::rules
