#include "base/english.h"

#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(EnglishTest, LanguagesHaveNames) {
  const struct {
    const char* tag;
    const char* name;
  } cases[] = {
      {"en", "English"},
      {"lt", "Lithuanian"},
      {"pt-BR", "Portuguese (Brazil)"},
      {"zh-Hant", "Chinese (Traditional)"},
      // No language, or none that is known.
      {"", ""},
      {"qqx", "qqx"},
      {"not a tag", "not a tag"},
  };
  for (const auto& c : cases) EXPECT_EQ(LanguageName(c.tag), c.name) << c.tag;
}

TEST(EnglishTest, EnumerationsEndInAWord) {
  EXPECT_EQ(Enumerate({}, "and"), "");
  EXPECT_EQ(Enumerate({"a"}, "and"), "a");
  EXPECT_EQ(Enumerate({"a", "b"}, "or"), "a or b");
  EXPECT_EQ(Enumerate({"a", "b", "c"}, "and"), "a, b and c");
}

TEST(EnglishTest, TitlesTakeTheirPlaceInASentence) {
  EXPECT_EQ(WithArticle("UNTOC"), "UNTOC");
  EXPECT_EQ(WithArticle("Firearms Protocol"), "the Firearms Protocol");
  EXPECT_EQ(WithArticle("1988 Convention"), "the 1988 Convention");
  EXPECT_EQ(WithArticle("The Hague Convention"), "The Hague Convention");
  EXPECT_EQ(WithArticle(""), "");
  EXPECT_EQ(InSentence("Mutual legal assistance"), "mutual legal assistance");
  EXPECT_EQ(InSentence("MLA"), "MLA");
  EXPECT_EQ(InSentence("24/7 contact point"), "24/7 contact point");
  EXPECT_EQ(InSentence("Выдача"), "Выдача");
  EXPECT_EQ(InSentence(""), "");
  EXPECT_EQ(StartSentence("the Netherlands"), "The Netherlands");
  EXPECT_EQ(StartSentence("main"), "main");
  EXPECT_EQ(StartSentence("these"), "these");
}

}  // namespace
}  // namespace comity
