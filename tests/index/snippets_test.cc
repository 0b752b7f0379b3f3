#include "index/snippets.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "gtest/gtest.h"
#include "index/query_parser.h"
#include "tests/support/status_matchers.h"

namespace comity::index {
namespace {

class SnippetsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(analyzer_, Analyzer::Create()); }

  v1::Snippet Make(const std::string& query, const std::string& text,
                   const char* language) {
    Highlights highlights;
    AddHighlights(ParseQuery(query, {}, analyzer_.get()).root, &highlights);
    return MakeSnippet(text, *FindLanguage(language), highlights,
                       analyzer_.get());
  }

  // With what was found in brackets.
  static std::string Show(const v1::Snippet& snippet) {
    std::string shown;
    int at = 0;
    for (const v1::TextRange& match : snippet.matches()) {
      absl::StrAppend(
          &shown,
          snippet.text().substr(static_cast<size_t>(at),
                                static_cast<size_t>(match.begin() - at)),
          "[",
          snippet.text().substr(
              static_cast<size_t>(match.begin()),
              static_cast<size_t>(match.end() - match.begin())),
          "]");
      at = match.end();
    }
    return absl::StrCat(snippet.cut_before() ? "…" : "", shown,
                        snippet.text().substr(static_cast<size_t>(at)),
                        snippet.cut_after() ? "…" : "");
  }

  std::unique_ptr<Analyzer> analyzer_;
};

TEST_F(SnippetsTest, ShowsWordsAndStems) {
  EXPECT_EQ(Show(Make("laundered money", "Laundering of\nmoney.", "en")),
            "[Laundering] of [money].");
  EXPECT_EQ(Show(Make("penal", "Le Code pénal.", "fr")), "Le Code [pénal].");
}

TEST_F(SnippetsTest, JoinsCharactersSideBySide) {
  EXPECT_EQ(Show(Make("洗钱罪", "构成洗钱罪的，处罚。", "zh")),
            "构成[洗钱罪]的，处罚。");
}

TEST_F(SnippetsTest, ShowsArabicWithItsPrefixes) {
  EXPECT_EQ(Show(Make("اموال", "غسل الأموال جريمة", "ar")),
            "غسل [الأموال] جريمة");
}

TEST_F(SnippetsTest, ChoosesThePieceWithTheMostWords) {
  std::string text = "Money. ";
  for (int i = 0; i < 100; ++i) text += "filler words ";
  text += "the laundering of money is an offence ";
  for (int i = 0; i < 100; ++i) text += "filler words ";
  const v1::Snippet snippet = Make("money laundering offence", text, "en");
  EXPECT_EQ(snippet.matches_size(), 3);
  EXPECT_TRUE(snippet.cut_before());
  EXPECT_TRUE(snippet.cut_after());
  EXPECT_LE(snippet.text().size(), 220U);
}

TEST_F(SnippetsTest, IsTheBeginningWhereNothingIsFound) {
  EXPECT_EQ(Show(Make("other", "Some text.", "en")), "Some text.");
  EXPECT_EQ(Make("other", "", "en").text(), "");
}

// Every piece of every cut of a text is UTF-8 and has its matches inside.
TEST_F(SnippetsTest, TakesAnyText) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "洗钱 laundering الأموال\n§ 5 ";
    text += std::string(static_cast<size_t>(i * 7), 'w');
  }
  for (size_t size = 0; size < text.size(); ++size) {
    const v1::Snippet snippet =
        Make("洗钱 laundering", text.substr(0, size), "en");
    ASSERT_TRUE(IsText(snippet.text()));
    int last = 0;
    for (const v1::TextRange& match : snippet.matches()) {
      ASSERT_LE(last, match.begin());
      ASSERT_LT(match.begin(), match.end());
      last = match.end();
    }
    ASSERT_LE(last, static_cast<int>(snippet.text().size()));
  }
}

}  // namespace
}  // namespace comity::index
