#include "base/text.h"

#include <string>

#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(TextTest, TextIsUtf8WithoutNul) {
  EXPECT_TRUE(IsText(""));
  EXPECT_TRUE(IsText("Štát, 日本, مصر\n\t"));
  EXPECT_FALSE(IsText(absl::string_view("a\0b", 3)));
  EXPECT_FALSE(IsText("\xff"));
  EXPECT_FALSE(IsText("\xc3"));
  EXPECT_FALSE(IsText("\xed\xa0\x80"));  // A surrogate.
  EXPECT_FALSE(IsText("\xc0\xaf"));      // Overlong.
}

TEST(TextTest, WhatPeopleTakeForTheSameFoldsToTheSame) {
  const struct {
    const char* a;
    const char* b;
  } cases[] = {
      {"Ministry of Justice", "  MINISTRY  of\tJustice. "},
      {"Côte d'Ivoire", "cote d’ivoire"},
      {"Côte d'Ivoire", "COTE DIVOIRE"},
      {"Türkiye", "Turkiye"},
      {"Straße", "STRASSE"},
      {"Sjøfartsdirektoratet", "sjofartsdirektoratet"},
      {"Łódź", "Lodz"},
      {"São Tomé (and) Príncipe", "sao tome and principe"},
      {"ﬁnance", "finance"},
      {"Ａｂｃ", "abc"},
      {"e\xcc\x81tat", "état"},
      {"Guinea-Bissau", "guinea bissau"},
  };
  for (const auto& c : cases) EXPECT_EQ(Fold(c.a), Fold(c.b)) << c.a;
  EXPECT_EQ(Fold("Ministry, of — Justice"), "ministry of justice");
  EXPECT_EQ(Fold(" .,- "), "");
  EXPECT_EQ(Fold(""), "");
}

TEST(TextTest, FoldingKeepsWhatTellsTextsApart) {
  EXPECT_NE(Fold("Niger"), Fold("Nigeria"));
  EXPECT_NE(Fold("日本"), Fold("中国"));
  EXPECT_NE(Fold("Ministry of Justice"), Fold("Justice of Ministry"));
  EXPECT_FALSE(Fold("министерство юстиции").empty());
  EXPECT_FALSE(Fold("وزارة العدل").empty());
}

TEST(TextTest, FoldingTwiceIsFoldingOnce) {
  for (const char* text : {"Côte d'Ivoire", "Ærø", "İstanbul", "ΌΡΟΣ", "한국",
                           "ประเทศไทย", "नेपाल", "\xff\xfe"}) {
    EXPECT_EQ(Fold(Fold(text)), Fold(text)) << text;
  }
}

TEST(TextTest, SlugsAreLatinAndFitTheirLimit) {
  EXPECT_EQ(Slug("Ministry of Justice", 63), "ministry-of-justice");
  EXPECT_EQ(Slug("Procuraduría General", 63), "procuraduria-general");
  EXPECT_EQ(Slug("Министерство", 63), "ministerstvo");
  EXPECT_EQ(Slug("", 63), "x");
  EXPECT_EQ(Slug("...", 63), "x");
  // Cut at a hyphen where there is one.
  EXPECT_EQ(Slug("ministry of justice", 12), "ministry-of");
  EXPECT_EQ(Slug("ministerstvospravodlivosti", 8), "minister");
}

TEST(TextTest, EditDistanceCountsUpToItsLimit) {
  const struct {
    const char* a;
    const char* b;
    int limit;
    int distance;
  } cases[] = {
      {"", "", 2, 0},
      {"latvia", "latvia", 2, 0},
      {"latvia", "latvai", 2, 1},
      {"latvia", "ltvia", 2, 1},
      {"latvia", "lattvia", 2, 1},
      {"latvia", "latria", 2, 1},
      {"kitten", "sitting", 3, 3},
      {"kitten", "sitting", 2, 3},
      {"", "abc", 2, 3},
      {"", "ab", 2, 2},
      {"日本", "日木", 2, 1},
      {"abcdef", "uvwxyz", 1, 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.a) + " " + c.b);
    EXPECT_EQ(EditDistance(c.a, c.b, c.limit), c.distance);
    EXPECT_EQ(EditDistance(c.b, c.a, c.limit), c.distance);
  }
}

}  // namespace
}  // namespace comity
