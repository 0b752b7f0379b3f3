#include "base/languages.h"

#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "base/english.h"
#include "base/words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

using testing::Contains;

std::string TagOf(absl::string_view tag) {
  const Language* language = FindLanguage(tag);
  return language == nullptr ? "none" : std::string(language->tag);
}

TEST(LanguagesTest, RowsAreOrderedAndFoundByTheirTags) {
  std::string last;
  for (const Language& language : Languages()) {
    EXPECT_LT(last, language.tag);
    last = std::string(language.tag);
    EXPECT_EQ(FindLanguage(language.tag), &language) << language.tag;
    EXPECT_EQ(language.script.size(), 4U) << language.tag;
    // ICU knows it.
    EXPECT_NE(LanguageName(language.tag), language.tag);
  }
}

// Those that laws of the corpus are in, and those with a stemmer of Xapian's.
TEST(LanguagesTest, HasTheLanguagesOfLaws) {
  constexpr absl::string_view kTags =
      "en es de zh fr ar sk fi cs el et nb pt sq ro it ru nl ca da th tr bs "
      "sr-Latn vi ne id is hr sv dv sl zh-Hant hi ja rw hy hu ko sr az bg lt "
      "ms pl uk mn af ga gl am lv my eu mg ta km lo he fa";
  for (const absl::string_view tag : absl::StrSplit(kTags, ' ')) {
    EXPECT_EQ(TagOf(tag), tag);
  }
}

TEST(LanguagesTest, TagsFallBackToTheNearestRow) {
  const struct {
    const char* tag;
    const char* row;
  } cases[] = {
      {"pt-BR", "pt"},
      {"PT-br", "pt"},
      {"en-GB-oxendict", "en"},
      {"no", "nb"},
      {"nn", "nb"},
      {"nn-NO", "nb"},
      {"sh", "sr-Latn"},
      {"hbs", "sr-Latn"},
      {"cnr", "sr-Latn"},
      {"sr-ME", "sr-Latn"},
      {"sr-Latn-RS", "sr-Latn"},
      {"sr-Cyrl", "sr"},
      {"sr-RS", "sr"},
      {"zh-CN", "zh"},
      {"zh-Hans-SG", "zh"},
      {"zh-TW", "zh-Hant"},
      {"zh-HK", "zh-Hant"},
      {"zh-Hant-MO", "zh-Hant"},
      {"yue", "zh-Hant"},
      {"cmn", "zh"},
      {"iw", "he"},
      {"in", "id"},
      {"mo", "ro"},
      {"tl", "fil"},
      {"prs", "fa"},
      {"fra", "fr"},
      {"deu", "de"},
      {"arb", "ar"},
      {"lvs", "lv"},
      {"und", "none"},
      {"", "none"},
      {"x-private", "none"},
      {"tlh", "none"},
      {"not a tag", "none"},
      {"zh_TW", "none"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.tag);
    EXPECT_EQ(TagOf(c.tag), c.row);
  }
}

TEST(LanguagesTest, AnyBytesAreAllowedAsTag) {
  EXPECT_EQ(TagOf(std::string("en\0fr", 5)), "none");
  EXPECT_EQ(TagOf("\xFF\xFE"), "none");
  EXPECT_EQ(TagOf(std::string(100000, 'a')), "none");
}

TEST(LanguagesTest, ScriptsSayHowWordsAreFoundAndRun) {
  const std::set<absl::string_view> to_the_left = {"Arab", "Hebr", "Thaa"};
  const std::set<absl::string_view> pairs = {"Hans", "Hant", "Jpan", "Kore"};
  const std::set<absl::string_view> dictionary = {"Thai", "Laoo", "Khmr",
                                                  "Mymr"};
  for (const Language& language : Languages()) {
    SCOPED_TRACE(language.tag);
    EXPECT_EQ(language.right_to_left, to_the_left.count(language.script) == 1);
    EXPECT_EQ(language.words == WordRule::kPairs,
              pairs.count(language.script) == 1);
    EXPECT_EQ(language.words == WordRule::kDictionary,
              dictionary.count(language.script) == 1);
  }
}

TEST(LanguagesTest, ListsAreInTheLanguagesScriptAndInLowerCase) {
  for (const Language& language : Languages()) {
    for (const absl::string_view list :
         {language.stopwords, language.endings, language.elisions,
          language.articles, language.letters}) {
      if (list.empty()) continue;
      SCOPED_TRACE(list);
      for (const std::string& script : ScriptsOf(list)) {
        EXPECT_TRUE(IsWrittenIn(language, script)) << script;
      }
      // No double spaces, which would be empty words.
      for (const absl::string_view word : absl::StrSplit(list, ' ')) {
        EXPECT_FALSE(word.empty());
        EXPECT_FALSE(FoldWord(word).empty()) << word;
      }
    }
    // Endings are compared with folded words.
    for (const absl::string_view ending :
         absl::StrSplit(language.endings, ' ', absl::SkipEmpty())) {
      EXPECT_EQ(FoldWord(ending), ending);
    }
  }
}

TEST(LanguagesTest, LanguagesAreWrittenInTheirScripts) {
  const struct {
    const char* tag;
    const char* script;
    bool is;
  } cases[] = {
      {"en", "Latn", true},      {"en", "Cyrl", false},
      {"ru", "Cyrl", true},      {"sr", "Latn", false},
      {"sr-Latn", "Latn", true}, {"zh", "Hani", true},
      {"zh-Hant", "Hani", true}, {"zh", "Hira", false},
      {"ja", "Hani", true},      {"ja", "Hira", true},
      {"ja", "Kana", true},      {"ko", "Hang", true},
      {"ko", "Hani", true},      {"th", "Thai", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(IsWrittenIn(*FindLanguage(c.tag), c.script), c.is)
        << c.tag << " " << c.script;
  }
}

TEST(LanguagesTest, TheUnknownLanguageIsNoRow) {
  EXPECT_EQ(UnknownLanguage().tag, "und");
  EXPECT_EQ(FindLanguage("und"), nullptr);
}

}  // namespace
}  // namespace comity
