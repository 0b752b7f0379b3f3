#include "store/validate.h"

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

std::string Print(const std::vector<FieldProblem>& problems) {
  std::string text;
  for (const FieldProblem& problem : problems) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", problem.field, ": ",
                    problem.rule);
  }
  return text;
}

template <class M>
struct Case {
  const char* what;
  std::function<void(M*)> change;
  // `field: rule` of each problem, a line each; empty: none.
  const char* problems;
};

template <class M, size_t kCount>
void Check(const M& good, const Case<M> (&cases)[kCount]) {
  EXPECT_EQ(Print(Validate(good)), "");
  for (const Case<M>& c : cases) {
    SCOPED_TRACE(c.what);
    M record = good;
    c.change(&record);
    EXPECT_EQ(Print(Validate(record)), c.problems);
  }
}

TEST(ValidateTest, States) {
  const Case<v1::State> cases[] = {
      {"no name", [](auto* s) { s->clear_name(); },
       "name: must be of the form states/{ISO 3166-1 alpha-3}"},
      {"another kind's name", [](auto* s) { s->set_name("treaties/untoc"); },
       "name: must be of the form states/{ISO 3166-1 alpha-3}"},
      {"not called anything", [](auto* s) { s->clear_short_names(); },
       "short_names: must have at least one name"},
      {"empty short name",
       [](auto* s) { s->mutable_short_names(0)->clear_text(); },
       "short_names[0].text: must be set"},
      {"alpha-2 in small letters", [](auto* s) { s->set_alpha2("lt"); },
       "alpha2: must be two letters A to Z"},
      {"alpha-2 of three letters", [](auto* s) { s->set_alpha2("LTU"); },
       "alpha2: must be two letters A to Z"},
      {"all codes right",
       [](auto* s) {
         s->set_alpha2("LT");
         s->set_m49("440");
         s->set_parent("states/FRA");
         s->add_languages("sr-Latn-RS");
       },
       ""},
      {"M49 with a letter", [](auto* s) { s->set_m49("44O"); },
       "m49: must be three digits"},
      {"parent that is no State", [](auto* s) { s->set_parent("FRA"); },
       "parent: must be of the form states/{ISO 3166-1 alpha-3}"},
      {"a language in capitals", [](auto* s) { s->add_languages("LT"); },
       "languages[0]: must be a BCP 47 language tag"},
      {"a language in words",
       [](auto* s) {
         s->add_languages("lt");
         s->add_languages("in Lithuanian");
       },
       "languages[1]: must be a BCP 47 language tag"},
      {"an empty language", [](auto* s) { s->add_languages(""); },
       "languages[0]: must not be empty"},
      {"kind that is not in the contract",
       [](auto* s) { s->set_kind(static_cast<v1::State::Kind>(42)); },
       "kind: must be a value of the contract"},
      {"partial days of a former name",
       [](auto* s) {
         auto* other = s->add_other_names();
         other->set_text("LTSR");
         other->set_from("1940-13");
         other->set_until("1990");
       },
       "other_names[0].from: must be YYYY, YYYY-MM or YYYY-MM-DD of the "
       "calendar"},
      {"two problems at once",
       [](auto* s) {
         s->set_alpha2("x");
         s->set_m49("y");
       },
       "alpha2: must be two letters A to Z\nm49: must be three digits"},
  };
  Check(samples::State("LTU", "Lithuania"), cases);
}

TEST(ValidateTest, Treaties) {
  const Case<v1::Treaty> cases[] = {
      {"a year is no day of adoption", [](auto* t) { t->set_adopted("2000"); },
       "adopted: must be a day as YYYY-MM-DD"},
      {"a day that the calendar lacks",
       [](auto* t) { t->set_entry_into_force("2003-02-29"); },
       "entry_into_force: must be a day as YYYY-MM-DD"},
      {"an article without a citation", [](auto* t) { t->add_articles(); },
       "articles[0].citation: must be set"},
      {"a negative count",
       [](auto* t) {
         t->mutable_entry_into_force_rule()->set_days_after_deposit(-1);
       },
       "entry_into_force_rule.days_after_deposit: must be from 0 to 10000"},
      {"a count beyond all reason",
       [](auto* t) {
         t->mutable_entry_into_force_rule()->set_threshold_instruments(10001);
       },
       "entry_into_force_rule.threshold_instruments: must be from 0 to 10000"},
      {"not before itself",
       [](auto* t) {
         t->mutable_entry_into_force_rule()->set_not_before(t->name());
       },
       "entry_into_force_rule.not_before: must be another treaty"},
      {"not before its parent",
       [](auto* t) {
         t->set_parent("treaties/untoc");
         t->mutable_entry_into_force_rule()->set_not_before("treaties/untoc");
       },
       ""},
      {"source of a day that is none",
       [](auto* t) { t->add_sources()->set_as_of("yesterday"); },
       "sources[0].as_of: must be YYYY, YYYY-MM or YYYY-MM-DD of the calendar"},
  };
  Check(samples::Treaty("untoc-tip", "Protocol"), cases);
}

TEST(ValidateTest, FunctionsAndParticipations) {
  const Case<v1::Function> functions[] = {
      {"article of what is no treaty",
       [](auto* f) { f->add_articles()->set_treaty("untoc"); },
       "articles[0].treaty: must be of the form treaties/{treaty}"},
  };
  Check(samples::Function("mla", "Assistance"), functions);
  const Case<v1::Participation> participations[] = {
      {"no day of deposit",
       [](auto* p) { p->mutable_periods(0)->clear_deposit_date(); }, ""},
      {"day of deposit as it is printed",
       [](auto* p) { p->mutable_periods(0)->set_deposit_date("9 May 2002"); },
       "periods[0].deposit_date: must be a day as YYYY-MM-DD"},
      {"periods out of order",
       [](auto* p) { p->add_periods()->set_deposit_date("2001-01-01"); },
       "periods[1].deposit_date: must not be before that of the period before "
       "it"},
      {"periods in order",
       [](auto* p) { p->add_periods()->set_deposit_date("2010-01-01"); }, ""},
      {"an end that is no day",
       [](auto* p) { p->mutable_periods(0)->mutable_end()->set_date("2010"); },
       "periods[0].end.date: must be a day as YYYY-MM-DD"},
      {"a State by its name",
       [](auto* p) { p->set_name("treaties/untoc/participations/Lithuania"); },
       "name: must be of the form treaties/{treaty}/participations/{state}"},
  };
  Check(samples::Participation("untoc", "LTU", "2002-05-09"), participations);
}

TEST(ValidateTest, Authorities) {
  const Case<v1::Authority> cases[] = {
      {"not called anything", [](auto* a) { a->clear_display_names(); },
       "display_names: must have at least one name"},
      {"a telephone without a number",
       [](auto* a) { a->add_contacts()->add_telephones(); },
       "contacts[0].telephones[0].number: must be set"},
      {"an empty line of an address",
       [](auto* a) { a->add_contacts()->add_addresses()->add_lines(""); },
       "contacts[0].addresses[0].lines[0]: must not be empty"},
      {"too many lines",
       [](auto* a) {
         auto* address = a->add_contacts()->add_addresses();
         for (int i = 0; i <= limits::kAddressLinesMax; ++i) {
           address->add_lines("line");
         }
       },
       "contacts[0].addresses[0].lines: must have at most 20"},
      {"a note that is too long",
       [](auto* a) {
         a->add_notes(std::string(limits::kTextBytesMax + 1, 'x'));
       },
       "notes[0]: must be of at most 16384 bytes"},
      {"a bell in a name", [](auto* a) { a->set_unit("bell\a"); },
       "unit: must have no control characters but tab and line feed"},
      {"a NUL in a name", [](auto* a) { a->set_unit(samples::Bytes("a\0b")); },
       "unit: must have no control characters but tab and line feed"},
      {"lines and tabs", [](auto* a) { a->set_unit("a\n\tb"); }, ""},
      {"more notes than a list holds",
       [](auto* a) {
         for (int i = 0; i <= limits::kListItemsMax; ++i) a->add_notes("x");
       },
       "notes: must have at most 1000"},
  };
  Check(samples::Authority("LTU", "mj", "Ministry"), cases);
}

TEST(ValidateTest, Designations) {
  const Case<v1::Designation> cases[] = {
      {"nothing but a name",
       [](auto* d) {
         d->clear_treaty();
         d->clear_function();
         d->clear_authority();
       },
       "treaty: must be set\nfunction: must be set"},
      {"no authority", [](auto* d) { d->clear_authority(); }, ""},
      {"another State's authority",
       [](auto* d) { d->set_authority("states/LVA/authorities/mj"); },
       "authority: must belong to the State of the record's name"},
      {"authority that is a State",
       [](auto* d) { d->set_authority("states/LTU"); },
       "authority: must be of the form states/{state}/authorities/{authority}"},
      {"end before start",
       [](auto* d) {
         d->mutable_valid_from()->set_date("2010-01-02");
         d->mutable_valid_until()->set_date("2010-01-01");
       },
       "valid_until.date: must be after valid_from, 2010-01-02"},
      {"end on the day of the start",
       [](auto* d) {
         d->mutable_valid_from()->set_date("2010-01-02");
         d->mutable_valid_until()->set_date("2010-01-02");
       },
       "valid_until.date: must be after valid_from, 2010-01-02"},
      {"one day",
       [](auto* d) {
         d->mutable_valid_from()->set_date("2010-01-02");
         d->mutable_valid_until()->set_date("2010-01-03");
       },
       ""},
      {"open and unknown bounds",
       [](auto* d) {
         d->mutable_valid_from()->set_unknown(true);
         d->mutable_valid_until()->set_open(true);
       },
       ""},
      {"a bound that is set to no day",
       [](auto* d) { d->mutable_valid_from()->set_date("2010"); },
       "valid_from.date: must be a day as YYYY-MM-DD"},
      {"notified on no day",
       [](auto* d) { d->mutable_notification()->set_date("2010-00-01"); },
       "notification.date: must be a day as YYYY-MM-DD"},
  };
  Check(samples::Designation("LTU", "d1", "mj"), cases);
}

TEST(ValidateTest, ProblemsAreLimitedInNumber) {
  v1::Authority authority = samples::Authority("LTU", "mj", "Ministry");
  for (int i = 0; i < 500; ++i) authority.add_notes("");
  EXPECT_EQ(Validate(authority).size(),
            static_cast<size_t>(limits::kProblemsPerRecordMax));
}

TEST(ValidateTest, TheStatusIsThatOfTheFirstProblem) {
  EXPECT_TRUE(ToStatus({}).ok());
  const absl::Status status =
      ToStatus({{"m49", "y", "must be three digits"}, {"alpha2", "x", "rule"}});
  EXPECT_EQ(FieldOf(status), "m49");
  EXPECT_EQ(ValueOf(status), "y");
  EXPECT_EQ(RuleOf(status), "must be three digits");
}

class ReferencesTest : public samples::StoreTest {
 protected:
  // How checking `record` ends within a transaction.
  absl::Status Check(const google::protobuf::Message& record) {
    WriteOptions options;
    options.validate_only = true;
    absl::Status checked;
    EXPECT_OK(store_->Commit(options, [&](Transaction& transaction) {
      checked = CheckReferences(transaction, record);
      return absl::OkStatus();
    }));
    return checked;
  }
};

TEST_F(ReferencesTest, WhatARecordRefersToMustExist) {
  ASSERT_OK(Put(samples::State("LTU", "Lithuania"),
                samples::Treaty("untoc", "UNTOC"),
                samples::Function("mla", "Assistance"),
                samples::Authority("LTU", "mj", "Ministry")));
  v1::State child = samples::State("GRL", "Greenland");
  child.set_parent("states/DNK");
  v1::Treaty protocol = samples::Treaty("untoc-tip", "Protocol");
  protocol.set_parent("treaties/missing");
  v1::Treaty rule = samples::Treaty("untoc-tip", "Protocol");
  rule.mutable_entry_into_force_rule()->set_not_before("treaties/missing");
  v1::Function function = samples::Function("mla", "Assistance");
  function.add_articles()->set_treaty("treaties/missing");
  v1::Designation no_treaty = samples::Designation("LTU", "d1", "mj");
  no_treaty.set_treaty("treaties/missing");
  v1::Designation no_function = samples::Designation("LTU", "d1", "mj");
  no_function.set_function("functions/missing");
  v1::State itself = samples::State("LVA", "Latvia");
  itself.set_parent("states/LVA");
  const struct {
    const char* what;
    const google::protobuf::Message& record;
    const char* message;
  } cases[] = {
      {"nothing to refer to", samples::Treaty("uncac", "UNCAC"), ""},
      {"all there", samples::Designation("LTU", "d1", "mj"), ""},
      {"itself", itself, ""},
      {"parent of a State", child,
       "parent is states/DNK, which does not exist"},
      {"parent of a treaty", protocol,
       "parent is treaties/missing, which does not exist"},
      {"treaty of a rule", rule,
       "entry_into_force_rule.not_before is treaties/missing, which does not "
       "exist"},
      {"treaty of an article", function,
       "articles.treaty is treaties/missing, which does not exist"},
      {"treaty of a participation",
       samples::Participation("missing", "LTU", "2002-05-09"),
       "name is treaties/missing, which does not exist"},
      {"State of a participation",
       samples::Participation("untoc", "LVA", "2002-05-09"),
       "name is states/LVA, which does not exist"},
      {"State of an authority", samples::Authority("LVA", "mj", "Ministry"),
       "name is states/LVA, which does not exist"},
      {"authority of a designation", samples::Designation("LTU", "d1", "pg"),
       "authority is states/LTU/authorities/pg, which does not exist"},
      {"treaty of a designation", no_treaty,
       "treaty is treaties/missing, which does not exist"},
      {"function of a designation", no_function,
       "function is functions/missing, which does not exist"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const absl::Status status = Check(c.record);
    EXPECT_EQ(status.message(), c.message);
    if (status.ok()) continue;
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(status), "REFERENCE_MISSING");
  }
}

TEST_F(ReferencesTest, ADeletedRecordIsMissing) {
  ASSERT_OK(Put(samples::State("LTU", "Lithuania")));
  EXPECT_OK(Check(samples::Authority("LTU", "mj", "Ministry")));
  ASSERT_OK(Delete("states/LTU"));
  EXPECT_EQ(Check(samples::Authority("LTU", "mj", "Ministry")).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace comity
