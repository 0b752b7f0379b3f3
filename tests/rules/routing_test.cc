#include "rules/routing.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/parse.h"
#include "tests/rules/world.h"
#include "tests/support/status_matchers.h"

namespace comity::rules {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

template <class List>
std::vector<v1::ReasonCode> Codes(const List& list) {
  std::vector<v1::ReasonCode> codes;
  for (const auto& one : list) codes.push_back(one.code());
  return codes;
}

std::vector<std::string> Names(const v1::RouteRequestResponse& response) {
  std::vector<std::string> names;
  for (const v1::Route& route : response.routes()) {
    names.push_back(route.designation().name());
  }
  return names;
}

const v1::TreatyAssessment& Assessment(const v1::RouteRequestResponse& response,
                                       const std::string& treaty) {
  for (const v1::TreatyAssessment& one : response.assessments()) {
    if (one.treaty() == treaty) return one;
  }
  ADD_FAILURE() << "no assessment of " << treaty;
  return v1::TreatyAssessment::default_instance();
}

template <class List>
const typename List::value_type& WithCode(const List& list,
                                          v1::ReasonCode code) {
  for (const auto& one : list) {
    if (one.code() == code) return one;
  }
  ADD_FAILURE() << "none has " << v1::ReasonCode_Name(code);
  return List::value_type::default_instance();
}

class BundledRouteTest : public testing::Test {
 protected:
  static const World& TheWorld() {
    static const auto* const world = new World(TheBundled());
    return *world;
  }

  static v1::RouteRequestResponse Route(
      const char* from, const char* to, const char* function, const char* day,
      const std::function<void(RouteInput*)>& change = {}) {
    const World& world = TheWorld();
    return world.Route(world.State(from), world.State(to),
                       world.Function(function), ParseDay(day).value(), change);
  }
};

TEST_F(BundledRouteTest, FranceToLithuaniaIn2015) {
  const auto response = Route("FRA", "LTU", "mla", "2015-06-01");
  EXPECT_EQ(response.requesting_state(), "states/FRA");
  EXPECT_EQ(response.requested_state(), "states/LTU");
  EXPECT_EQ(response.function(), "functions/mla");
  EXPECT_EQ(response.as_of(), "2015-06-01");

  std::set<std::string> offices;
  for (const v1::Route& route : response.routes()) {
    if (route.treaty() != "treaties/untoc") continue;
    offices.insert(route.authority().name());
    EXPECT_EQ(route.designation().article(), "18(13)");
    EXPECT_FALSE(route.accepted_languages().empty());
    EXPECT_FALSE(route.language().empty());
    EXPECT_FALSE(route.urgent_channels().empty());
    EXPECT_FALSE(route.required_contents().empty());
    // The sources of each step are those of a record that stands beside it.
    for (const v1::Reason& reason : route.reasons()) {
      EXPECT_TRUE(reason.sources().empty()) << reason.text();
      EXPECT_TRUE(reason.resource() == route.designation().name() ||
                  reason.resource() == route.authority().name())
          << reason.text();
    }
    const auto codes = Codes(route.advice());
    EXPECT_THAT(codes, Contains(v1::REASON_CODE_START_UNKNOWN));
    EXPECT_THAT(codes, Contains(v1::REASON_CODE_NEVER_VERIFIED));
    EXPECT_THAT(
        WithCode(route.advice(), v1::REASON_CODE_NO_CHANGE_KNOWN_AFTER).text(),
        HasSubstr("no change known after 2014-01-27"));
  }
  EXPECT_EQ(offices.size(), 2U);
  EXPECT_EQ(response.routes(0).treaty(), "treaties/untoc");

  const v1::TreatyAssessment& untoc = Assessment(response, "treaties/untoc");
  EXPECT_EQ(untoc.status().status(), v1::IN_FORCE_STATUS_IN_FORCE);
  EXPECT_EQ(untoc.designations(), 2);
  EXPECT_THAT(untoc.articles(), Contains("18(13)"));
  EXPECT_THAT(Codes(untoc.status().participations()),
              ElementsAre(v1::REASON_CODE_PARTY, v1::REASON_CODE_PARTY));
  EXPECT_EQ(untoc.status().code(), v1::REASON_CODE_BOTH_PARTIES);
  EXPECT_FALSE(untoc.status().sources().empty());
  EXPECT_THAT(Codes(untoc.reasons()), ElementsAre(v1::REASON_CODE_DESIGNATED));
  // Every step of every treaty has its sources, each once.
  const auto expect_sources = [](const auto& step, const std::string& text) {
    std::set<std::string> sources;
    for (const v1::Source& source : step.sources()) {
      sources.insert(source.SerializeAsString());
    }
    EXPECT_FALSE(sources.empty()) << text;
    EXPECT_EQ(sources.size(), static_cast<size_t>(step.sources_size())) << text;
  };
  for (const v1::TreatyAssessment& one : response.assessments()) {
    for (const auto& status : one.status().participations()) {
      expect_sources(status, status.reason());
    }
    for (const v1::Reason& reason : one.reasons()) {
      expect_sources(reason, reason.text());
    }
  }
  std::vector<std::string> steps;
  for (const v1::Reason& reason : response.routes(0).reasons()) {
    steps.push_back(reason.text());
  }
  EXPECT_THAT(
      steps,
      ElementsAre("Lithuania designated the Ministry of Justice of the "
                  "Republic of Lithuania for mutual legal assistance under "
                  "article 18(13) of UNTOC.",
                  "Have the request translated into English, which Lithuania "
                  "accepts."));
  // A protocol that leaves authorities to its convention.
  EXPECT_EQ(Assessment(response, "treaties/untoc-tip").reasons(0).text(),
            "The Trafficking in Persons Protocol provides for no designation "
            "for mutual legal assistance, and none of Lithuania is on record.");
  // Both deposits and both entries into force.
  EXPECT_EQ(untoc.status().participations(0).period().deposit_date(),
            "2002-10-29");
  EXPECT_EQ(untoc.status().participations(1).period().deposit_date(),
            "2002-05-09");
  EXPECT_EQ(untoc.status().participations(0).entry_into_force(), "2003-09-29");
  EXPECT_EQ(untoc.status().participations(1).entry_into_force(), "2003-09-29");
  EXPECT_THAT(Codes(response.alternatives()),
              Contains(v1::REASON_CODE_INTERPOL_URGENT));
  EXPECT_THAT(Codes(response.alternatives()),
              Not(Contains(v1::REASON_CODE_DIPLOMATIC_CHANNEL)));
}

TEST_F(BundledRouteTest, FranceToLithuaniaIn2003) {
  const auto response = Route("FRA", "LTU", "mla", "2003-01-01");
  EXPECT_THAT(Names(response), IsEmpty());
  EXPECT_EQ(response.total_routes(), 0);
  const v1::TreatyAssessment& untoc = Assessment(response, "treaties/untoc");
  EXPECT_EQ(untoc.status().status(), v1::IN_FORCE_STATUS_NOT_IN_FORCE);
  EXPECT_EQ(untoc.status().code(), v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE);
  const v1::TreatyAssessment& drugs =
      Assessment(response, "treaties/drugs1988");
  EXPECT_EQ(drugs.status().status(), v1::IN_FORCE_STATUS_IN_FORCE);
  // What is not on record has no source but the directory.
  const v1::Reason& none =
      WithCode(drugs.reasons(), v1::REASON_CODE_NO_AUTHORITY_ON_RECORD);
  EXPECT_EQ(none.text(),
            "No authority of Lithuania for mutual legal assistance under the "
            "1988 Convention on record.");
  ASSERT_EQ(none.sources_size(), 1);
  EXPECT_EQ(none.sources(0).document(), "This directory");
  EXPECT_EQ(none.sources(0).place(), "designations of Lithuania");
  EXPECT_EQ(response.assessments(0).treaty(), "treaties/drugs1988");
  const v1::Alternative& way =
      WithCode(response.alternatives(), v1::REASON_CODE_DIPLOMATIC_CHANNEL);
  EXPECT_EQ(way.treaty(), "treaties/drugs1988");
}

TEST_F(BundledRouteTest, UrgentWaysComeFirstWhenUrgent) {
  const auto calm = Route("FRA", "LTU", "mla", "2003-01-01");
  EXPECT_EQ(calm.alternatives(0).code(), v1::REASON_CODE_DIPLOMATIC_CHANNEL);
  const auto urgent = Route("FRA", "LTU", "mla", "2003-01-01",
                            [](RouteInput* input) { input->urgent = true; });
  EXPECT_EQ(urgent.alternatives(0).code(), v1::REASON_CODE_INTERPOL_URGENT);
  EXPECT_EQ(urgent.alternatives(0).treaty(), "treaties/drugs1988");
  const auto routed = Route("FRA", "LTU", "mla", "2015-06-01",
                            [](RouteInput* input) { input->urgent = true; });
  ASSERT_FALSE(routed.routes().empty());
  EXPECT_EQ(routed.routes(0).channels(0), routed.routes(0).urgent_channels(0));
}

TEST_F(BundledRouteTest, OnlyOneTreaty) {
  const auto response =
      Route("FRA", "LTU", "mla", "2015-06-01", [](RouteInput* input) {
        for (const TreatyInput& treaty : input->treaties) {
          if (treaty.treaty->name() == "treaties/uncac") {
            input->only_treaty = treaty.treaty;
          }
        }
      });
  ASSERT_EQ(response.assessments_size(), 1);
  EXPECT_EQ(response.assessments(0).treaty(), "treaties/uncac");
  for (const v1::Route& route : response.routes()) {
    EXPECT_EQ(route.treaty(), "treaties/uncac");
  }
}

TEST_F(BundledRouteTest, CountsAllRoutesAndReturnsTheFirst) {
  const auto all = Route("FRA", "LTU", "mla", "2015-06-01");
  ASSERT_GE(all.routes_size(), 2);
  int loads = 0;
  const World& world = TheWorld();
  RouteInput input = world.Input(world.State("FRA"), world.State("LTU"),
                                 world.Function("mla"), Day(2015, 6, 1));
  input.max_routes = 1;
  std::string answer;
  ASSERT_OK(rules::Route(
      input,
      [&](absl::Span<const size_t> numbers, World::WriteRoutes write) {
        loads += static_cast<int>(numbers.size());
        return world.Load(numbers, write);
      },
      &answer));
  v1::RouteRequestResponse one;
  ASSERT_TRUE(one.ParseFromString(answer));
  EXPECT_EQ(loads, 1);
  EXPECT_EQ(one.routes_size(), 1);
  EXPECT_EQ(one.total_routes(), all.routes_size());
  EXPECT_EQ(one.routes(0).designation().name(),
            all.routes(0).designation().name());
}

TEST_F(BundledRouteTest, LoadErrorsAreTheAnswer) {
  const World& world = TheWorld();
  const RouteInput input = world.Input(world.State("FRA"), world.State("LTU"),
                                       world.Function("mla"), Day(2015, 6, 1));
  std::string answer;
  const absl::Status failed = rules::Route(
      input,
      [](absl::Span<const size_t>, World::WriteRoutes) {
        return absl::NotFoundError("gone");
      },
      &answer);
  EXPECT_EQ(failed.code(), absl::StatusCode::kNotFound);
}

TEST_F(BundledRouteTest, RecordsThatDoNotParseAreDataLoss) {
  const World& world = TheWorld();
  const RouteInput input = world.Input(world.State("FRA"), world.State("LTU"),
                                       world.Function("mla"), Day(2015, 6, 1));
  for (const bool office : {false, true}) {
    std::string answer;
    const absl::Status failed = rules::Route(
        input,
        [&](absl::Span<const size_t> numbers, World::WriteRoutes write) {
          return world.Load(numbers, [&](absl::Span<const RouteRecords> all) {
            RouteRecords cut = all[0];
            (office ? cut.authority : cut.designation).remove_suffix(1);
            return write({cut});
          });
        },
        &answer);
    EXPECT_EQ(failed.code(), absl::StatusCode::kDataLoss) << office;
  }
}

// What is written field by field is what a client would have written.
TEST_F(BundledRouteTest, AnswersAreTheBytesOfTheMessage) {
  const World& world = TheWorld();
  for (const char* day : {"2003-01-01", "2015-06-01"}) {
    const RouteInput input =
        world.Input(world.State("FRA"), world.State("LTU"),
                    world.Function("mla"), ParseDay(day).value());
    std::string answer;
    ASSERT_OK(rules::Route(
        input,
        [&](absl::Span<const size_t> numbers, World::WriteRoutes write) {
          return world.Load(numbers, write);
        },
        &answer));
    v1::RouteRequestResponse parsed;
    ASSERT_TRUE(parsed.ParseFromString(answer));
    EXPECT_EQ(parsed.ByteSizeLong(), answer.size()) << day;
    v1::RouteRequestResponse known = parsed;
    known.DiscardUnknownFields();
    EXPECT_EQ(known.ByteSizeLong(), answer.size()) << day;
  }
}

// Two States, a convention with its protocol, and designations, all made up.
class RouteTest : public testing::Test {
 protected:
  RouteTest() {
    Bundled bundled;
    bundled.states.push_back(Parse<v1::State>(R"pb(
      name: "states/AAA"
      kind: KIND_STATE
      short_names { text: "Aland" language: "en" }
      languages: "fr-FR"
      languages: "de"
    )pb"));
    bundled.states.push_back(Parse<v1::State>(R"pb(
      name: "states/BBB"
      kind: KIND_STATE
      short_names { text: "Bland" language: "en" }
    )pb"));
    bundled.treaties.push_back(Treaty("main", ""));
    bundled.treaties.push_back(Treaty("proto", "treaties/main"));
    bundled.functions.push_back(Parse<v1::Function>(R"pb(
      name: "functions/mla"
      titles { text: "Mutual assistance" language: "en" }
      articles {
        treaty: "treaties/proto"
        citation: "5"
        basis: BASIS_DESIGNATION
      }
      articles {
        treaty: "treaties/main"
        citation: "18(13)"
        basis: BASIS_DESIGNATION
        urgent_channels { text: "INTERPOL" language: "en" }
        urgent_channels { text: "l'INTERPOL" language: "fr" }
        required_contents { text: "Facts" language: "en" }
      }
      sources { document: "Function table" kind: SOURCE_KIND_TREATY_TEXT }
    )pb"));
    for (const char* treaty : {"main", "proto"}) {
      for (const char* state : {"AAA", "BBB"}) {
        bundled.participations.push_back(Parse<v1::Participation>(absl::StrCat(
            "name: 'treaties/", treaty, "/participations/", state,
            "' complete_as_of: '2020-01-01' sources { document: 'List' } "
            "periods { act: BINDING_ACT_RATIFICATION deposit_date: "
            "'2001-01-01' }")));
      }
    }
    world_ = std::make_unique<World>(std::move(bundled));
  }

  static v1::Treaty Treaty(const std::string& slug, const std::string& parent) {
    auto treaty = Parse<v1::Treaty>(
        absl::StrCat("name: 'treaties/", slug, "' aliases: '", slug,
                     "' entry_into_force: '2000-01-01' entry_into_force_rule { "
                     "days_after_deposit: 30 } sources { document: 'Text' }"));
    treaty.set_parent(parent);
    return treaty;
  }

  void Designate(const std::string& id, const std::string& rest) {
    world_->records.designations.push_back(Parse<v1::Designation>(
        absl::StrCat("name: 'states/BBB/designations/", id,
                     "' function: 'functions/mla' sources { document: 'Note' "
                     "kind: SOURCE_KIND_DEPOSITARY } ",
                     rest)));
  }

  v1::Participation* Participation(const std::string& name) {
    for (v1::Participation& one : world_->records.participations) {
      if (one.name() == name) return &one;
    }
    return nullptr;
  }

  v1::RouteRequestResponse Route(
      const char* day = "2010-01-01",
      const std::function<void(RouteInput*)>& change = {}) {
    world_->Index();
    return world_->Route(0, 1, 0, ParseDay(day).value(), change);
  }

  std::unique_ptr<World> world_;
};

TEST_F(RouteTest, OrderedByTreatyThenStartThenName) {
  Designate("d1", "treaty: 'treaties/main'");
  Designate("d2", "treaty: 'treaties/main' valid_from { date: '2005-01-01' }");
  Designate("d3", "treaty: 'treaties/main' valid_from { date: '2006-01-01' }");
  Designate("d0", "treaty: 'treaties/main' valid_from { open: true }");
  Designate("d5", "treaty: 'treaties/proto'");
  Designate("d4", "treaty: 'treaties/proto'");
  Designate("d6", "treaty: 'treaties/main' valid_from { date: '2010-01-02' }");
  Designate("d7", "treaty: 'treaties/main' valid_until { date: '2010-01-01' }");
  const auto prefixed = [](std::vector<std::string> ids) {
    for (std::string& id : ids) id = "states/BBB/designations/" + id;
    return ids;
  };
  const auto response = Route();
  EXPECT_EQ(Names(response), prefixed({"d4", "d5", "d3", "d2", "d0", "d1"}));
  EXPECT_EQ(response.total_routes(), 6);
  EXPECT_EQ(response.assessments(0).treaty(), "treaties/proto");
  EXPECT_EQ(response.assessments(0).designations(), 2);
  EXPECT_EQ(response.assessments(1).designations(), 4);
}

TEST_F(RouteTest, NoAuthorityOnTheDayIsNotNoneOnRecord) {
  Designate("d1", "treaty: 'treaties/main' valid_from { date: '2011-01-01' }");
  const auto response = Route("2010-01-01");
  EXPECT_THAT(Codes(Assessment(response, "treaties/main").reasons()),
              Contains(v1::REASON_CODE_NO_AUTHORITY_ON_DAY));
  EXPECT_THAT(Codes(Assessment(response, "treaties/proto").reasons()),
              Contains(v1::REASON_CODE_NO_AUTHORITY_ON_RECORD));
  EXPECT_THAT(Codes(response.alternatives()),
              Contains(v1::REASON_CODE_DIPLOMATIC_CHANNEL));
  EXPECT_EQ(Route("2011-01-01").routes_size(), 1);
}

TEST_F(RouteTest, LanguageIsTheBestThatBothCan) {
  Designate("d1",
            "treaty: 'treaties/main' languages: 'en' languages: 'de-AT' "
            "languages: 'fr'");
  Designate("d2", "treaty: 'treaties/main' languages: 'es' languages: 'en'");
  Designate("d3", "treaty: 'treaties/main'");
  const auto response = Route();
  ASSERT_EQ(response.routes_size(), 3);
  EXPECT_EQ(response.routes(0).language(), "fr");
  EXPECT_THAT(Codes(response.routes(0).reasons()),
              Contains(v1::REASON_CODE_LANGUAGE_SHARED));
  EXPECT_EQ(response.routes(1).language(), "es");
  EXPECT_THAT(Codes(response.routes(1).reasons()),
              Contains(v1::REASON_CODE_LANGUAGE_TRANSLATE));
  EXPECT_EQ(response.routes(2).language(), "");
  EXPECT_THAT(Codes(response.routes(2).reasons()),
              Contains(v1::REASON_CODE_LANGUAGES_NOT_STATED));
  EXPECT_THAT(response.routes(0).accepted_languages(),
              ElementsAre("en", "de-AT", "fr"));
  const auto preferred = Route("2010-01-01", [](RouteInput* input) {
    input->preferred_languages = {"it", "DE"};
  });
  EXPECT_EQ(preferred.routes(0).language(), "de-AT");
}

TEST_F(RouteTest, OfficeLanguagesServeWhereTheDesignationHasNone) {
  world_->records.authorities.push_back(Parse<v1::Authority>(R"pb(
    name: "states/BBB/authorities/office"
    display_names { text: "Office" language: "en" }
    languages: "de"
    interpol_channel: "NCB Bland"
    territory: "North"
    sources { document: "Yearbook" }
  )pb"));
  Designate("d1",
            "treaty: 'treaties/main' authority: "
            "'states/BBB/authorities/office' urgent_procedure: 'Call first' "
            "channels: 'post' required_contents: 'Seal' competence: 'Trials'");
  const auto response = Route();
  ASSERT_EQ(response.routes_size(), 1);
  const v1::Route& route = response.routes(0);
  EXPECT_EQ(route.language(), "de");
  EXPECT_THAT(route.urgent_channels(),
              ElementsAre("Call first", "NCB Bland", "INTERPOL"));
  EXPECT_THAT(route.channels(), ElementsAre("post"));
  EXPECT_THAT(route.required_contents(), ElementsAre("Seal", "Facts"));
  EXPECT_THAT(Codes(route.advice()),
              Not(Contains(v1::REASON_CODE_AUTHORITY_NOT_NAMED)));
  EXPECT_THAT(WithCode(route.reasons(), v1::REASON_CODE_DESIGNATED).text(),
              HasSubstr("Bland designated Office for mutual assistance"));
  // Limits are marked when a place or an offence is given.
  const auto placed =
      Route("2010-01-01", [](RouteInput* input) { input->place = "South"; });
  std::string advice;
  for (const auto& one : placed.routes(0).advice()) advice += one.text();
  EXPECT_THAT(advice, HasSubstr("only North"));
  EXPECT_THAT(advice, HasSubstr("only for: Trials"));
  EXPECT_THAT(placed.advice(0).text(), HasSubstr("South"));
}

TEST_F(RouteTest, NotKnownGivesNoRouteButTellsWhatThereIs) {
  Participation("treaties/main/participations/BBB")->clear_periods();
  Participation("treaties/main/participations/BBB")->clear_complete_as_of();
  Participation("treaties/proto/participations/BBB")->clear_periods();
  Designate("d1", "treaty: 'treaties/main'");
  const auto response = Route();
  EXPECT_THAT(Names(response), IsEmpty());
  EXPECT_EQ(response.total_routes(), 0);
  EXPECT_EQ(Assessment(response, "treaties/main").designations(), 1);
  // Known or not comes before surely not.
  EXPECT_EQ(response.assessments(0).treaty(), "treaties/main");
  const v1::Alternative& ask =
      WithCode(response.alternatives(), v1::REASON_CODE_ONE_NOT_KNOWN);
  EXPECT_EQ(ask.treaty(), "treaties/main");
  const v1::Advice& none =
      WithCode(response.advice(), v1::REASON_CODE_NO_TREATY);
  EXPECT_THAT(none.text(), HasSubstr("proto does not bind Bland"));
  EXPECT_THAT(none.text(), HasSubstr("main is not known to bind Bland"));
  EXPECT_EQ(
      WithCode(response.alternatives(), v1::REASON_CODE_DIPLOMATIC_CHANNEL)
          .treaty(),
      "");
}

TEST_F(RouteTest, ProtocolWithoutItsConventionIsMarked) {
  Designate("d1", "treaty: 'treaties/proto' article: '5'");
  EXPECT_THAT(Codes(Route().routes(0).advice()),
              Not(Contains(v1::REASON_CODE_PARENT_TREATY_NOT_IN_FORCE)));
  Participation("treaties/main/participations/AAA")->clear_periods();
  const auto response = Route();
  ASSERT_EQ(response.routes_size(), 1);
  EXPECT_THAT(WithCode(response.routes(0).advice(),
                       v1::REASON_CODE_PARENT_TREATY_NOT_IN_FORCE)
                  .text(),
              HasSubstr("Aland"));
}

TEST_F(RouteTest, ReservationsThatMatter) {
  using Statement = v1::Participation::Statement;
  v1::Participation* bland = Participation("treaties/main/participations/BBB");
  const auto add = [bland](const std::string& statement) {
    *bland->add_statements() = Parse<Statement>(statement);
  };
  add("kind: KIND_RESERVATION text { text: 'whole' }");
  add("kind: KIND_RESERVATION article: '18' text { text: 'assistance' }");
  add("kind: KIND_RESERVATION article: '35' text { text: 'disputes' }");
  add("kind: KIND_DECLARATION article: '18(13)' text { text: 'desk' }");
  add("kind: KIND_DECLARATION text { text: 'greeting' }");
  add("kind: KIND_RESERVATION date: '2011-01-01' text { text: 'later' }");
  add("kind: KIND_RESERVATION withdrawn: '2009-01-01' text { text: 'gone' }");
  Designate("d1", "treaty: 'treaties/main'");
  std::string told;
  const auto response = Route();
  for (const v1::Advice& one : response.routes(0).advice()) {
    if (one.code() == v1::REASON_CODE_RESERVATION) told += one.text() + "\n";
  }
  EXPECT_EQ(told,
            "Bland made a reservation to main: whole\n"
            "Bland made a reservation to main, article 18: assistance\n"
            "Bland made a declaration on main, article 18(13): desk\n");
}

TEST_F(RouteTest, StatedDayThatDiffersAndSyntheticSourcesAreMarked) {
  v1::Participation* aland = Participation("treaties/main/participations/AAA");
  aland->mutable_periods(0)->set_entry_into_force("2001-02-15");
  aland->add_sources()->set_kind(v1::SOURCE_KIND_SYNTHETIC);
  Designate("d1", "treaty: 'treaties/main'");
  const auto response = Route();
  const v1::Advice& differs = WithCode(
      response.routes(0).advice(), v1::REASON_CODE_STATED_DIFFERS_FROM_DERIVED);
  EXPECT_EQ(ParameterOf(differs, "stated"), "2001-02-15");
  EXPECT_EQ(ParameterOf(differs, "derived"), "2001-01-31");
  EXPECT_THAT(Codes(response.routes(0).advice()),
              Contains(v1::REASON_CODE_SYNTHETIC));
}

TEST_F(RouteTest, DayToComeIsMarked) {
  Designate("d1", "treaty: 'treaties/main'");
  const auto response = Route("2030-01-01");
  EXPECT_THAT(response.advice(0).text(), HasSubstr("is to come"));
  EXPECT_THAT(Route("2010-01-01").advice(), IsEmpty());
}

}  // namespace
}  // namespace comity::rules
