#include "rules/law_citations.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace comity::rules {
namespace {

StateResolver States() {
  std::vector<v1::State> states;
  for (const auto& [code, name] :
       std::vector<std::pair<std::string, std::string>>{
           {"KEN", "Kenya"}, {"DEU", "Germany"}, {"CHN", "China"}}) {
    v1::State& state = states.emplace_back();
    state.set_name("states/" + code);
    v1::LocalizedText* added = state.add_short_names();
    added->set_text(name);
    added->set_language("en");
  }
  return StateResolver(std::move(states));
}

TEST(LawCitationsTest, TakesCitationsApart) {
  const StateResolver states = States();
  const struct {
    const char* text;
    const char* state;
    const char* title;
    const char* number;
  } cases[] = {
      {"Kenya, Anti-Money Laundering Act, s. 3", "states/KEN",
       "Anti-Money Laundering Act", "3"},
      {"Kenya Anti-Money Laundering Act s. 3(2)(a)", "states/KEN",
       "Anti-Money Laundering Act", "3"},
      {"art. 416 bis, Codice penale", "", "Codice penale", "416 bis"},
      {"Germany, Strafgesetzbuch, §129a", "states/DEU", "Strafgesetzbuch",
       "129a"},
      {"Strafgesetzbuch § 129a, DEU", "states/DEU", "Strafgesetzbuch", "129a"},
      {"中华人民共和国反洗钱法，第3条", "", "中华人民共和国反洗钱法", "3"},
      {"Уголовный кодекс, ст. 174.1", "", "Уголовный кодекс", "174.1"},
      {"Act No. 9 of 2009", "", "Act No. 9 of 2009", ""},
      {"Kenya", "states/KEN", "", ""},
      {",,,", "", "", ""},
  };
  for (const auto& c : cases) {
    const LawCitation citation = ReadLawCitation(c.text, states);
    EXPECT_EQ(citation.state, c.state) << c.text;
    EXPECT_EQ(citation.title, c.title) << c.text;
    EXPECT_EQ(citation.number, c.number) << c.text;
  }
}

TEST(LawCitationsTest, RefusesWhatIsTooLongOrEmpty) {
  EXPECT_FALSE(CheckLawCitation("").ok());
  EXPECT_FALSE(CheckLawCitation(" \t").ok());
  EXPECT_FALSE(CheckLawCitation(std::string(301, 'x')).ok());
  EXPECT_OK(CheckLawCitation(std::string(300, 'x')));
}

TEST(LawCitationsTest, KnowsTheProvisionWhateverItsSigns) {
  LawCitation citation;
  citation.number = "416 bis";
  v1::Provision provision;
  provision.set_kind(v1::Provision::KIND_ARTICLE);
  provision.set_number("416-BIS");
  EXPECT_TRUE(IsCited(citation, provision));
  provision.set_number("416");
  EXPECT_FALSE(IsCited(citation, provision));
  provision.set_number("416 bis");
  provision.set_kind(v1::Provision::KIND_CHAPTER);
  EXPECT_FALSE(IsCited(citation, provision));
}

TEST(LawMatcherTest, PutsTheLikeliestFirst) {
  LawCitation citation;
  citation.title = "Anti-Money Laundering Act";
  LawMatcher matcher(citation, 2);
  const std::vector<std::pair<std::string, std::string>> laws = {
      {"a", "Fisheries Act"},
      {"b", "Proceeds of Crime and Anti-Money Laundering Act"},
      {"c", "ANTI-MONEY LAUNDERING ACT"},
      {"d", "Anti-Money Laundering (Amendment) Act"},
  };
  for (const auto& [id, title] : laws) {
    v1::Law law;
    law.set_name("states/KEN/laws/" + id);
    v1::LocalizedText* added = law.add_titles();
    added->set_text(title);
    added->set_language("en");
    matcher.Add(law);
  }
  const std::vector<LawMatcher::Match> found = matcher.Take();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].law, "states/KEN/laws/c");
  EXPECT_TRUE(found[0].exact);
  EXPECT_EQ(found[1].law, "states/KEN/laws/d");
  EXPECT_FALSE(found[1].exact);
}

TEST(LawMatcherTest, ATextStandsForItsLawOnce) {
  LawCitation citation;
  citation.title = "Criminal Code";
  LawMatcher matcher(citation, 5);
  v1::Law law;
  law.set_name("states/DEU/laws/stgb");
  law.add_titles()->set_text("Strafgesetzbuch (Criminal Code)");
  matcher.Add(law);
  v1::Expression text;
  for (const char* const title :
       {"", "Code", "Criminal Code", "Criminal code"}) {
    text.set_name("states/DEU/laws/stgb/expressions/en@undated");
    text.set_title(title);
    matcher.Add(text);
  }
  text.set_name("no name of a text");
  matcher.Add(text);
  const std::vector<LawMatcher::Match> found = matcher.Take();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].law, "states/DEU/laws/stgb");
  EXPECT_EQ(found[0].title, "Criminal Code");
  EXPECT_TRUE(found[0].exact);
}

}  // namespace
}  // namespace comity::rules
