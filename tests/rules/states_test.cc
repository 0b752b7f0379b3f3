#include "rules/states.h"

#include <random>
#include <string>

#include "base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/bundled.h"

namespace comity::rules {
namespace {

using testing::HasSubstr;
using Response = v1::ResolveStateResponse;

class StateResolverTest : public testing::Test {
 protected:
  static const StateResolver& Resolver() {
    static const auto* const resolver = new StateResolver(TheBundled().states);
    return *resolver;
  }
};

TEST_F(StateResolverTest, FindsTheOneStateMeant) {
  const struct {
    const char* query;
    const char* state;
    Response::Match match;
  } cases[] = {
      {"states/LTU", "states/LTU", Response::MATCH_CODE},
      {"LTU", "states/LTU", Response::MATCH_CODE},
      {"ltu", "states/LTU", Response::MATCH_CODE},
      {"lt", "states/LTU", Response::MATCH_CODE},
      {"440", "states/LTU", Response::MATCH_CODE},
      {"NA", "states/NAM", Response::MATCH_CODE},
      {"XKX", "states/XKX", Response::MATCH_CODE},
      {"EUE", "states/EUE", Response::MATCH_CODE},
      {"ZAR", "states/COD", Response::MATCH_CODE},
      {"Lithuania", "states/LTU", Response::MATCH_NAME},
      {" Lithuania ", "states/LTU", Response::MATCH_NAME},
      {"Литва", "states/LTU", Response::MATCH_NAME},
      {"立陶宛", "states/LTU", Response::MATCH_NAME},
      {"ليتوانيا", "states/LTU", Response::MATCH_NAME},
      {"Lituanie", "states/LTU", Response::MATCH_NAME},
      {"Ivory Coast", "states/CIV", Response::MATCH_FORMER_NAME},
      {"Zaire", "states/COD", Response::MATCH_FORMER_NAME},
      {"lithuania", "states/LTU", Response::MATCH_FOLDED},
      {"COTE D'IVOIRE", "states/CIV", Response::MATCH_FOLDED},
      {"Cote d’Ivoire", "states/CIV", Response::MATCH_FOLDED},
      {"Cote dIvoire", "states/CIV", Response::MATCH_FOLDED},
      {"La Lituanie", "states/LTU", Response::MATCH_FOLDED},
      {"L'Albanie", "states/ALB", Response::MATCH_FOLDED},
      {"Afghanistan (l')", "states/AFG", Response::MATCH_FOLDED},
      {"Bahamas (the)", "states/BHS", Response::MATCH_FOLDED},
      {"Republic of Lithuania", "states/LTU", Response::MATCH_FOLDED},
      {"Trinidad & Tobago", "states/TTO", Response::MATCH_NAME},
      {"trinidad  tobago", "states/TTO", Response::MATCH_FOLDED},
      {"St Lucia", "states/LCA", Response::MATCH_FOLDED},
      {"Turkiye", "states/TUR", Response::MATCH_FOLDED},
      {"Guinea", "states/GIN", Response::MATCH_NAME},
      {"Niger", "states/NER", Response::MATCH_NAME},
      {"Dominica", "states/DMA", Response::MATCH_NAME},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const Response response = Resolver().Resolve(c.query, 5);
    EXPECT_EQ(response.state(), c.state);
    ASSERT_GT(response.candidates_size(), 0);
    EXPECT_EQ(response.candidates(0).state().name(), c.state);
    EXPECT_EQ(response.candidates(0).match(), c.match)
        << response.candidates(0).matched().ShortDebugString();
    EXPECT_EQ(Resolver().ResolveOne(c.query, "state").value_or("none"),
              c.state);
  }
}

TEST_F(StateResolverTest, SuggestsWhatIsNear) {
  const struct {
    const char* query;
    const char* state;
    Response::Match match;
  } cases[] = {
      {"Lithuana", "states/LTU", Response::MATCH_MISSPELT},
      {"Lihtuania", "states/LTU", Response::MATCH_MISSPELT},
      {"Afghanistn", "states/AFG", Response::MATCH_MISSPELT},
      {"Phillipines", "states/PHL", Response::MATCH_MISSPELT},
      {"Luxemburgo.", "states/LUX", Response::MATCH_FOLDED},
      {"Kirgyzstan", "states/KGZ", Response::MATCH_MISSPELT},
      {"Литвва", "states/LTU", Response::MATCH_MISSPELT},
      {"Lithuan", "states/LTU", Response::MATCH_PREFIX},
      {"Liech", "states/LIE", Response::MATCH_PREFIX},
      {"立陶", "states/LTU", Response::MATCH_PREFIX},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const Response response = Resolver().Resolve(c.query, 5);
    ASSERT_GT(response.candidates_size(), 0);
    EXPECT_EQ(response.candidates(0).state().name(), c.state);
    EXPECT_EQ(response.candidates(0).match(), c.match);
    EXPECT_EQ(response.state(),
              c.match == Response::MATCH_FOLDED ? c.state : "");
  }
}

TEST_F(StateResolverTest, AmbiguousNamesMeanNoOneState) {
  const Response response = Resolver().Resolve("Korea", 5);
  EXPECT_EQ(response.state(), "");
  EXPECT_GE(response.candidates_size(), 2);
  const absl::Status status =
      Resolver().ResolveOne("Korea", "requested_state").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FieldOf(status), "requested_state");
  EXPECT_EQ(ReasonOf(status), "STATE_AMBIGUOUS");
  EXPECT_THAT(std::string(status.message()), HasSubstr("states/KOR"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("states/PRK"));
}

TEST_F(StateResolverTest, RefusesWithASuggestion) {
  const struct {
    const char* query;
    absl::StatusCode code;
    const char* message;
  } cases[] = {
      {"Lithuana", absl::StatusCode::kNotFound,
       "no State is called Lithuana; did you mean Lithuania (states/LTU)?"},
      {"Atlantis", absl::StatusCode::kNotFound, "no State is called Atlantis"},
      {"states/QQQ", absl::StatusCode::kNotFound,
       "no State is called states/QQQ"},
      {"states/ltu", absl::StatusCode::kInvalidArgument,
       "states/{ISO 3166-1 alpha-3}"},
      {"", absl::StatusCode::kInvalidArgument, "state is empty"},
      {" ", absl::StatusCode::kInvalidArgument, "state is empty"},
      {"Lithu\xFF", absl::StatusCode::kInvalidArgument, "UTF-8"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const absl::Status status =
        Resolver().ResolveOne(c.query, "state").status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
  }
  EXPECT_EQ(
      Resolver().ResolveOne(std::string(801, 'a'), "state").status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST_F(StateResolverTest, GivesAsManyCandidatesAsAskedFor) {
  EXPECT_EQ(Resolver().Resolve("S", 50).candidates_size(), 0);
  EXPECT_EQ(Resolver().Resolve("Sa", 3).candidates_size(), 3);
  EXPECT_EQ(Resolver().Resolve("Guinea", 1).candidates_size(), 1);
  EXPECT_EQ(Resolver().Resolve("", 5).candidates_size(), 0);
}

// Every name and code of every State leads back to it, alone or among others.
TEST_F(StateResolverTest, EveryNameLeadsBack) {
  const auto check = [](const std::string& text, const std::string& state) {
    const Response response = Resolver().Resolve(text, 50);
    bool found = false;
    for (const Response::Candidate& candidate : response.candidates()) {
      found = found || candidate.state().name() == state;
    }
    EXPECT_TRUE(found) << text << " does not lead to " << state;
  };
  for (const v1::State& state : TheBundled().states) {
    EXPECT_EQ(Resolver().ResolveOne(state.name(), "s").value_or(""),
              state.name());
    if (!state.alpha2().empty()) {
      EXPECT_EQ(Resolver().ResolveOne(state.alpha2(), "s").value_or(""),
                state.name());
    }
    for (const auto& name : state.short_names())
      check(name.text(), state.name());
    for (const auto& name : state.formal_names()) {
      check(name.text(), state.name());
    }
    for (const auto& name : state.other_names())
      check(name.text(), state.name());
    // The main English name alone is beyond doubt.
    EXPECT_EQ(Resolver()
                  .ResolveOne(state.short_names(0).text(), "s")
                  .value_or("none"),
              state.name());
  }
}

TEST_F(StateResolverTest, TakesAnyBytes) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 300; ++round) {
    std::string query;
    for (size_t i = random() % 40; i > 0; --i) {
      query.push_back(static_cast<char>(random() & 0xFFU));
    }
    const auto one = Resolver().ResolveOne(query, "state");
    if (one.ok()) {
      EXPECT_NE(Resolver().Find(*one), nullptr);
    }
    Resolver().Resolve(query, 5);
  }
}

TEST_F(StateResolverTest, FindWantsTheVeryName) {
  EXPECT_EQ(Resolver().Find("states/LTU")->alpha2(), "LT");
  EXPECT_EQ(Resolver().Find("LTU"), nullptr);
  EXPECT_EQ(Resolver().Find("states/QQQ"), nullptr);
}

}  // namespace
}  // namespace comity::rules
