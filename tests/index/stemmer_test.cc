#include "index/stemmer.h"

#include <xapian.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity::index {
namespace {

// Two for one language, and old ones of English and Dutch.
const std::set<std::string> kNotUsed = {"earlyenglish", "german",
                                        "kraaij_pohlmann", "lovins", "porter"};

TEST(StemmerTest, AllOfXapiansStemmersAreUsed) {
  std::set<std::string> used = kNotUsed;
  for (const Language& language : Languages()) {
    used.insert(std::string(language.stemmer));
  }
  const std::vector<std::string> available =
      absl::StrSplit(Xapian::Stem::get_available_languages(), ' ');
  for (const std::string& name : available) {
    EXPECT_EQ(used.count(name), 1U) << name;
  }
}

TEST(StemmerTest, EveryRowHasItsStemmer) {
  for (const Language& language : Languages()) {
    EXPECT_TRUE(Stemmer::Create(language).ok()) << language.tag;
  }
  const Language made_up = {.tag = "qaa", .stemmer = "klingon"};
  EXPECT_EQ(Stemmer::Create(made_up).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(StemmerTest, FormsOfAWordMeet) {
  const struct {
    const char* tag;
    std::vector<const char*> forms;
  } cases[] = {
      {"en", {"launder", "laundering", "LAUNDERED"}},
      {"es", {"investigación", "INVESTIGACION", "investigaciones"}},
      {"pt", {"investigação", "investigacao", "INVESTIGAÇÕES"}},
      {"de", {"Geldwäsche", "Geldwaesche", "GELDWÄSCHE"}},
      {"de", {"Straße", "Strasse", "Straßen"}},
      {"fr", {"condamné", "condamnée", "CONDAMNÉS"}},
      {"cs", {"zákon", "zákona", "zákonem", "ZAKONY"}},
      {"pl", {"sąd", "sądu", "sadem"}},
      {"el", {"νόμος", "νόμου", "ΝΟΜΟΙ"}},
      {"sr", {"закон", "закона"}},
      {"ar", {"قانون", "القانون", "والقانون", "بالقانون", "للقانون"}},
      {"tr", {"Türkiye", "Türkiye"}},
      {"hi", {"धारा", "धाराओं"}},
      {"ro", {"infracţiune", "infracțiune", "INFRACTIUNI"}},
      {"uk", {"закон", "закону", "законів"}},
      {"et", {"seadus", "seaduse", "seadust", "seadusest"}},
  };
  for (const auto& c : cases) {
    const auto stemmer = Stemmer::Create(*FindLanguage(c.tag));
    ASSERT_TRUE(stemmer.ok());
    for (const char* form : c.forms) {
      EXPECT_EQ((*stemmer)->Stem(form), (*stemmer)->Stem(c.forms[0]))
          << c.tag << " " << form;
    }
  }
}

TEST(StemmerTest, SerbianOfBothScriptsMeets) {
  const auto cyrillic = Stemmer::Create(*FindLanguage("sr"));
  const auto latin = Stemmer::Create(*FindLanguage("sr-Latn"));
  ASSERT_TRUE(cyrillic.ok() && latin.ok());
  EXPECT_EQ((*cyrillic)->Stem("кривичног"), (*latin)->Stem("krivičnog"));
  EXPECT_EQ((*cyrillic)->Stem("ђака"), (*latin)->Stem("đaka"));
}

TEST(StemmerTest, LettersOfTheLanguageStay) {
  const auto stem = [](const char* tag, const char* word) {
    return (*Stemmer::Create(*FindLanguage(tag)))->Stem(word);
  };
  EXPECT_NE(stem("es", "año"), stem("es", "ano"));
  EXPECT_NE(stem("sv", "mål"), stem("sv", "mal"));
  EXPECT_NE(stem("vi", "lúa"), stem("vi", "lua"));
  // Not those that writers of the language leave out.
  EXPECT_EQ(stem("fr", "état"), stem("fr", "ETAT"));
  EXPECT_EQ(stem("tr", "suç"), stem("tr", "suc"));
}

TEST(StemmerTest, LanguagesWithoutStemsGiveNone) {
  EXPECT_FALSE(HasStems(*FindLanguage("zh")));
  EXPECT_EQ((*Stemmer::Create(*FindLanguage("zh")))->Stem("law"), "");
}

}  // namespace
}  // namespace comity::index
