#include "rules/citations.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/parse.h"

namespace comity::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CanonicalArticleTest, Understands) {
  const struct {
    const char* text;
    const char* canonical;
  } cases[] = {
      {"18", "18"},
      {"18(13)", "18(13)"},
      {" 18 (13) ", "18(13)"},
      {"18.13", "18(13)"},
      {"18, par. 13", "18(13)"},
      {"18 para 13", "18(13)"},
      {"18 § 13", "18(13)"},
      {"Article 18", "18"},
      {"ARTICLE 18(13)", "18(13)"},
      {"Art.18", "18"},
      {"art. 13, para. 2", "13(2)"},
      {"art. 24.7.a", "24(7)(a)"},
      {"24 (7) a", "24(7)(a)"},
      {"24(7)(A)", "24(7)(a)"},
      {"article 24, paragraph 7, subparagraph (a)", "24(7)(a)"},
      {"article 24, paragraph 7, sub-paragraph a", "24(7)(a)"},
      {"subparagraph (a) of paragraph 7 of article 24", "24(7)(a)"},
      {"paragraph 7 (a) of article 24", "24(7)(a)"},
      {"5(4)(d)", "5(4)(d)"},
      {"9(1)(c)(ii)", "9(1)(c)(ii)"},
      {"16 bis", "16bis"},
      {"16bis(2)", "16bis(2)"},
      {"018(013)", "18(13)"},
      {"artículo 18, párrafo 13", "18(13)"},
      {"párrafo 13 del artículo 18", "18(13)"},
      {"l'article 18, paragraphe 13", "18(13)"},
      {"l’article 18, alinéa a", "18(a)"},
      {"Artikel 18 Absatz 13", "18(13)"},
      {"пункт 13 статьи 18", "18(13)"},
      {"ст. 18, п. 13", "18(13)"},
      {"第十八条第十三款", "18(13)"},
      {"第18条第13款", "18(13)"},
      {"第一百二十条", "120"},
      {"第二十四条第七款第一项", "24(7)(1)"},
      {"المادة 18، الفقرة 13", "18(13)"},
      {"المادة ١٨ (١٣)", "18(13)"},
      {"１８（１３）", "18(13)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(CanonicalArticle(c.text).value_or("nothing"), c.canonical);
  }
}

TEST(CanonicalArticleTest, RefusesWhatIsNotOneArticle) {
  for (const char* text : {"",
                           " ",
                           "article",
                           "para. 13",
                           "(13)",
                           "a",
                           "(a)",
                           "x18",
                           "18, 19",
                           "18 13",
                           "18-19",
                           "18(13)-(14)",
                           "18(13), (14)",
                           "18(13) and (14)",
                           "articles 18 and 19",
                           "art. 18, art. 19",
                           "18/13",
                           "0",
                           "18(0)",
                           "1234",
                           "18(13)(a)-(c)",
                           "the Convention",
                           "18 of the Convention",
                           "第条",
                           "第十八",
                           "18(1)(2)(3)(4)(5)",
                           "18 para",
                           "+370 5 266",
                           "2014-01-27"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(CanonicalArticle(text).value_or("nothing"), "nothing");
  }
}

TEST(CanonicalArticleTest, CanonicalCitationsStayAsTheyAre) {
  for (const char* text : {"1", "18(13)", "24(7)(a)", "16bis", "13(2)(iv)"}) {
    EXPECT_EQ(CanonicalArticle(text).value_or("nothing"), text);
  }
}

// Random bytes, and random pieces of citations.
TEST(CanonicalArticleTest, TakesAnyBytes) {
  std::seed_seq seed{20261124};
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {
      "18",   "(",     ")",      "第",   "十",   "条",   "款",
      "art.", "para ", ",",      "\xE7", "\xAC", "\xFF", "bis",
      " ",    "a",     "статья", "٣",    "§",    "-"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const auto length = random() % 12;
    for (size_t i = 0; i < length; ++i) {
      if (random() % 3 == 0) {
        text.push_back(static_cast<char>(random() & 0xFFU));
      } else {
        text += pieces[random() % pieces.size()];
      }
    }
    if (const auto canonical = CanonicalArticle(text)) {
      // What was understood once is understood again, and the same.
      EXPECT_EQ(CanonicalArticle(*canonical), canonical)
          << absl::CHexEscape(text);
    }
  }
}

class CitationResolverTest : public testing::Test {
 protected:
  static std::vector<v1::Treaty> Treaties() {
    std::vector<v1::Treaty> treaties;
    treaties.push_back(Parse<v1::Treaty>(R"pb(
      name: "treaties/untoc"
      titles {
        text: "United Nations Convention against Transnational Organized Crime"
        language: "en"
      }
      titles { text: "联合国打击跨国有组织犯罪公约" language: "zh" }
      short_titles { text: "UNTOC" language: "en" }
      aliases: "Palermo Convention"
      depositary_number: "XVIII-12"
      articles { citation: "18(13)" }
    )pb"));
    treaties.push_back(Parse<v1::Treaty>(R"pb(
      name: "treaties/untoc-firearms"
      titles {
        text: "Protocol against Firearms, supplementing the United Nations Convention against Transnational Organized Crime"
        language: "en"
      }
      aliases: "Firearms Protocol"
      depositary_number: "XVIII-12-c"
      parent: "treaties/untoc"
      articles { citation: "13(2)" }
    )pb"));
    treaties.push_back(Parse<v1::Treaty>(R"pb(
      name: "treaties/drugs1988"
      aliases: "1988 Convention"
      aliases: "Vienna Convention of 1988"
    )pb"));
    treaties.push_back(Parse<v1::Treaty>(R"pb(
      name: "treaties/coe-ets-185"
      aliases: "ETS No. 185"
      aliases: "ETS 185"
      articles { citation: "24(7)(a)" }
    )pb"));
    treaties.push_back(Parse<v1::Treaty>(R"pb(
      name: "treaties/coe-ets-030"
      aliases: "ETS 030"
    )pb"));
    return treaties;
  }

  static std::vector<v1::Function> Functions() {
    return {Parse<v1::Function>(R"pb(
              name: "functions/mla"
              articles { treaty: "treaties/untoc" citation: "18(13)" }
              articles { treaty: "treaties/untoc" citation: "18(14)" }
            )pb"),
            Parse<v1::Function>(R"pb(
              name: "functions/extradition"
              articles { treaty: "treaties/untoc" citation: "16" }
            )pb")};
  }

  const CitationResolver resolver_{Treaties(), Functions()};
};

TEST_F(CitationResolverTest, Resolves) {
  const struct {
    const char* text;
    const char* treaty;
    const char* article;
    bool listed;
  } cases[] = {
      {"UNTOC 18(13)", "treaties/untoc", "18(13)", true},
      {"untoc art. 18 (13)", "treaties/untoc", "18(13)", true},
      {"UNTOC", "treaties/untoc", "", false},
      {"treaties/untoc 18", "treaties/untoc", "18", false},
      {"18(13) UNTOC", "treaties/untoc", "18(13)", true},
      {"artículo 18, párrafo 13, UNTOC", "treaties/untoc", "18(13)", true},
      {"article 18, paragraph 13 of the Palermo Convention", "treaties/untoc",
       "18(13)", true},
      {"paragraph 13 of article 18 of the United Nations Convention against "
       "Transnational Organized Crime",
       "treaties/untoc", "18(13)", true},
      {"Palermo Convention (UNTOC), article 18(13)", "treaties/untoc", "18(13)",
       true},
      {"《联合国打击跨国有组织犯罪公约》第十八条第十三款", "treaties/untoc",
       "18(13)", true},
      {"XVIII-12 18(13)", "treaties/untoc", "18(13)", true},
      {"art. 13, para. 2, Firearms Protocol", "treaties/untoc-firearms",
       "13(2)", true},
      {"untoc-firearms 13(2)", "treaties/untoc-firearms", "13(2)", true},
      {"UNTOC Firearms Protocol, art. 13", "treaties/untoc-firearms", "13",
       false},
      {"XVIII-12-c, 13(2)", "treaties/untoc-firearms", "13(2)", true},
      {"Vienna Convention of 1988, article 7, paragraph 8",
       "treaties/drugs1988", "7(8)", false},
      {"1988 Convention 7(8)", "treaties/drugs1988", "7(8)", false},
      {"art 7(8) 1988 convention", "treaties/drugs1988", "7(8)", false},
      {"ETS 185 art 24 (7) a", "treaties/coe-ets-185", "24(7)(a)", true},
      {"ETS185 24.7.a", "treaties/coe-ets-185", "24(7)(a)", true},
      {"ETS No. 185, art. 35", "treaties/coe-ets-185", "35", false},
      {"ETS 30 art. 24", "treaties/coe-ets-030", "24", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto response = resolver_.Resolve(c.text);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->treaty(), c.treaty);
    EXPECT_EQ(response->article(), c.article);
    EXPECT_EQ(response->listed(), c.listed);
  }
}

TEST_F(CitationResolverTest, NamesTheFunctionsOfTheArticle) {
  EXPECT_THAT(resolver_.Resolve("UNTOC 18")->functions(),
              ElementsAre("functions/mla"));
  EXPECT_THAT(resolver_.Resolve("UNTOC 16(5)")->functions(),
              ElementsAre("functions/extradition"));
  EXPECT_THAT(resolver_.Resolve("UNTOC 99")->functions(), ElementsAre());
  EXPECT_THAT(resolver_.Resolve("UNTOC")->functions(),
              ElementsAre("functions/mla", "functions/extradition"));
}

TEST_F(CitationResolverTest, Refuses) {
  const struct {
    const char* what;
    std::string text;
    absl::StatusCode code;
  } cases[] = {
      {"empty", "", absl::StatusCode::kInvalidArgument},
      {"blank", "  ", absl::StatusCode::kInvalidArgument},
      {"no text", "UNTOC \xFF", absl::StatusCode::kInvalidArgument},
      {"too long", std::string(301, 'x'), absl::StatusCode::kInvalidArgument},
      {"no treaty", "article 18(13)", absl::StatusCode::kNotFound},
      {"unknown treaty", "NAFTA 18", absl::StatusCode::kNotFound},
      {"two articles", "UNTOC 18, 19", absl::StatusCode::kNotFound},
      {"two treaties", "UNTOC ETS 185 art. 3", absl::StatusCode::kNotFound},
      {"something else", "UNTOC on weekdays", absl::StatusCode::kNotFound},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(resolver_.Resolve(c.text).status().code(), c.code);
  }
}

TEST_F(CitationResolverTest, ResolvesTreaties) {
  const struct {
    const char* text;
    const char* treaty;
  } cases[] = {
      {"treaties/untoc", "treaties/untoc"},
      {"untoc", "treaties/untoc"},
      {"the Palermo Convention", "treaties/untoc"},
      {"ETS No. 30", "treaties/coe-ets-030"},
      {"xviii-12-c", "treaties/untoc-firearms"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto treaty = resolver_.ResolveTreaty(c.text, "treaty");
    ASSERT_TRUE(treaty.ok()) << treaty.status();
    EXPECT_EQ(*treaty, c.treaty);
  }
  const absl::Status misspelt =
      resolver_.ResolveTreaty("Palermo Convenion", "treaty").status();
  EXPECT_EQ(misspelt.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(misspelt.message()),
              HasSubstr("did you mean treaties/untoc?"));
  EXPECT_EQ(FieldOf(resolver_.ResolveTreaty("", "treaty").status()), "treaty");
  EXPECT_EQ(resolver_.ResolveTreaty("treaties/A b", "treaty").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(resolver_.ResolveTreaty("treaties/none", "treaty").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace comity::rules
