#include "index/analyzer.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/fields.h"
#include "index/numbers.h"

namespace comity::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A token that owns its strings.
struct Copy {
  TokenKind kind;
  bool stopword;
  std::string term;
  std::string stem;
  uint32_t position;
  size_t begin;
  size_t end;

  bool operator==(const Copy& other) const {
    return std::tie(kind, stopword, term, stem, position, begin, end) ==
           std::tie(other.kind, other.stopword, other.term, other.stem,
                    other.position, other.begin, other.end);
  }
};

// As the case files have it: `word~stem`, `stopword*`, `[pair]`, `#number`.
std::string Show(const Copy& token) {
  std::string shown;
  switch (token.kind) {
    case TokenKind::kWord:
    case TokenKind::kCharacter:
      shown = token.term;
      break;
    case TokenKind::kPair:
      shown = absl::StrCat("[", token.term, "]");
      break;
    case TokenKind::kNumber:
      return absl::StrCat("#", token.term);
  }
  if (!token.stem.empty()) absl::StrAppend(&shown, "~", token.stem);
  if (token.stopword) absl::StrAppend(&shown, "*");
  return shown;
}

class AnalyzerTest : public testing::Test {
 protected:
  // One for all tests: stemmers take a moment to make.
  static void SetUpTestSuite() {
    auto created = Analyzer::Create();
    ASSERT_TRUE(created.ok()) << created.status();
    analyzer_ = std::move(created)->release();
  }
  static void TearDownTestSuite() {
    delete analyzer_;
    analyzer_ = nullptr;
  }

  static std::vector<Copy> Analyze(absl::string_view text,
                                   const Language& language) {
    std::vector<Copy> tokens;
    analyzer_->Analyze(text, language, [&tokens](const Token& token) {
      tokens.push_back({token.kind, token.stopword, std::string(token.term),
                        std::string(token.stem), token.position, token.begin,
                        token.end});
    });
    return tokens;
  }
  static std::vector<Copy> Analyze(absl::string_view text,
                                   absl::string_view tag) {
    const Language* language = FindLanguage(tag);
    return Analyze(text, language == nullptr ? UnknownLanguage() : *language);
  }

  static std::string Shown(absl::string_view text, absl::string_view tag) {
    std::vector<std::string> shown;
    for (const Copy& token : Analyze(text, tag)) shown.push_back(Show(token));
    return absl::StrJoin(shown, " ");
  }

  static std::vector<std::string> Numbers(absl::string_view text) {
    std::vector<std::string> numbers;
    for (const Copy& token : Analyze(text, UnknownLanguage())) {
      if (token.kind == TokenKind::kNumber) numbers.push_back(token.term);
    }
    return numbers;
  }

  static Analyzer* analyzer_;
};

Analyzer* AnalyzerTest::analyzer_ = nullptr;

// Cases
// --------------------------------------------------------------------------

std::filesystem::path CasesFolder() {
  return std::filesystem::path(COMITY_SOURCE_DIR) / "tests/index/cases";
}

// A text on a line, what is found in it on the next, behind `=> `. `\n` in a
// text is a line end. With UPDATE=1 in the environment the second lines are
// written anew; read the difference.
TEST_F(AnalyzerTest, FindsWhatTheCasesSay) {
  const char* update = std::getenv("UPDATE");
  const bool updates = update != nullptr && absl::string_view(update) == "1";
  for (const Language& language : Languages()) {
    const std::filesystem::path path =
        CasesFolder() / absl::StrCat(std::string(language.tag), ".txt");
    if (!std::filesystem::exists(path)) continue;
    SCOPED_TRACE(path.filename().string());
    std::ifstream in(path);
    std::vector<std::string> written;
    std::string text;
    for (std::string line; std::getline(in, line);) {
      if (absl::StartsWith(line, "=> ") || line == "=>") continue;
      written.push_back(line);
      if (line.empty() || line[0] == '#') continue;
      const std::string found =
          Shown(absl::StrReplaceAll(line, {{"\\n", "\n"}}), language.tag);
      written.push_back(absl::StrCat("=> ", found));
    }
    in.close();
    const std::string content = absl::StrJoin(written, "\n") + "\n";
    if (updates) {
      std::ofstream(path) << content;
      continue;
    }
    std::ifstream again(path);
    std::stringstream expected;
    expected << again.rdbuf();
    EXPECT_EQ(content, expected.str());
  }
}

// A new row comes with a file (style.md, section 10).
TEST_F(AnalyzerTest, EveryLanguageWithRulesOfItsOwnHasCases) {
  for (const Language& language : Languages()) {
    const bool has_rules =
        !language.stemmer.empty() || !language.endings.empty() ||
        language.words != WordRule::kSpaces || !language.stopwords.empty();
    if (!has_rules) continue;
    EXPECT_TRUE(std::filesystem::exists(
        CasesFolder() / absl::StrCat(std::string(language.tag), ".txt")))
        << language.tag;
  }
}

// Properties
// ---------------------------------------------------------------------

bool IsOnCharacter(absl::string_view text, size_t at) {
  return at == text.size() ||
         (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

// What holds of the tokens of any bytes. Offsets are on whole characters where
// the bytes are UTF-8.
void CheckTokens(absl::string_view text, const std::vector<Copy>& tokens,
                 bool is_utf8) {
  uint32_t position = 0;
  size_t begin = 0;
  for (const Copy& token : tokens) {
    ASSERT_LE(token.begin, token.end);
    ASSERT_LE(token.end, text.size());
    if (is_utf8) {
      EXPECT_TRUE(IsOnCharacter(text, token.begin));
      EXPECT_TRUE(IsOnCharacter(text, token.end));
    }
    EXPECT_FALSE(token.term.empty());
    EXPECT_LE(token.term.size(), fields::kWordBytesMax);
    EXPECT_LE(fields::StemTerm(fields::kHeading, token.stem).size(),
              fields::kTermBytesMax);
    EXPECT_EQ(token.term.find('\0'), std::string::npos);
    EXPECT_EQ(token.stem.find('\0'), std::string::npos);
    for (const char c : absl::StrCat(token.term, token.stem)) {
      EXPECT_FALSE(c >= 'A' && c <= 'Z') << absl::CHexEscape(token.term);
    }
    if (token.kind == TokenKind::kWord || token.kind == TokenKind::kCharacter) {
      // In their order, without gaps and overlaps.
      EXPECT_EQ(token.position, position);
      EXPECT_LE(begin, token.begin);
      EXPECT_LT(token.begin, token.end);
      begin = token.end;
      ++position;
    } else {
      EXPECT_LE(token.position, position);
    }
  }
}

TEST_F(AnalyzerTest, TakesAnyBytes) {
  std::seed_seq seed{20261125};
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {
      "law",      "L'ARTICLE",   "§ 5",
      "État",     "закон",       "الأموال",
      "第五条",   "洗錢",        "법률",
      "ก็ตาม",     "मैं",           "\xF0\x9F\x98\x80",
      "ｶﾞ",       "u\u0308",     "\xFF",
      "\xE2\x82", "\xC3",        std::string(1, '\0'),
      " ",        "\n",          "'",
      ".",        "-",           "(",
      ")",        "/",           "art. ",
      "bis",      "12",          "a",
      "١٢",       "¹",           "\u200D",
      "\u0640",   "ﬁ",           "İ",
      "I",        "\xED\xA0\x80"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const auto size = random() % 16;
    for (size_t i = 0; i < size; ++i) {
      if (random() % 8 == 0) {
        text.push_back(static_cast<char>(random() & 0xFFU));
      } else {
        text += pieces[random() % pieces.size()];
      }
    }
    const Language& language = Languages()[random() % Languages().size()];
    SCOPED_TRACE(absl::CHexEscape(text));
    const std::vector<Copy> tokens = Analyze(text, language);
    CheckTokens(text, tokens, false);
    // The same again, whatever is in the cache.
    EXPECT_EQ(Analyze(text, language), tokens);
    analyzer_->AnalyzeQuery(text, {&language, &UnknownLanguage()});
    LanguagesOfQuery(text, {});
    if (HasFailure()) return;
  }
}

TEST_F(AnalyzerTest, OffsetsAreOnWholeCharacters) {
  for (const auto& entry : std::filesystem::directory_iterator(CasesFolder())) {
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    for (const Language& language : Languages()) {
      CheckTokens(text.str(), Analyze(text.str(), language), true);
    }
  }
}

TEST_F(AnalyzerTest, WordsAreTheSameInEveryLanguage) {
  for (const auto& entry : std::filesystem::directory_iterator(CasesFolder())) {
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    std::vector<std::string> expected;
    for (const Copy& token : Analyze(text.str(), UnknownLanguage())) {
      expected.push_back(token.term);
    }
    for (const Language& language : Languages()) {
      std::vector<std::string> terms;
      for (const Copy& token : Analyze(text.str(), language)) {
        terms.push_back(token.term);
      }
      EXPECT_EQ(terms, expected) << language.tag;
    }
  }
}

TEST_F(AnalyzerTest, LongWordsAreCutAndKept) {
  for (const char* unit : {"a", "é", "中", "к", "ก"}) {
    std::string text;
    while (text.size() < 100000) text += unit;
    for (const char* tag : {"en", "tr", "vi", "zh", "cs", "sr", "th"}) {
      const std::vector<Copy> tokens = Analyze(text, tag);
      ASSERT_FALSE(tokens.empty());
      CheckTokens(text, tokens, true);
    }
  }
  const std::vector<Copy> tokens = Analyze(std::string(300, 'x'), "en");
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_EQ(tokens[0].term, std::string(fields::kWordBytesMax, 'x'));
  EXPECT_EQ(tokens[0].end, 300U);
}

TEST_F(AnalyzerTest, AnotherAnalyzerGivesTheSame) {
  auto other = Analyzer::Create();
  ASSERT_TRUE(other.ok());
  const std::string text = "Geldwäsche, § 261 StGB; laundering закон 洗錢";
  const Language& german = *FindLanguage("de");
  std::vector<std::string> terms;
  (*other)->Analyze(text, german, [&terms](const Token& token) {
    terms.push_back(absl::StrCat(token.term, "~", token.stem));
  });
  std::vector<std::string> expected;
  for (const Copy& token : Analyze(text, german)) {
    expected.push_back(absl::StrCat(token.term, "~", token.stem));
  }
  EXPECT_EQ(terms, expected);
}

// Phrases are found by positions: of characters, of words, of stopwords too.
TEST_F(AnalyzerTest, PositionsCountWordsAndCharacters) {
  const std::vector<Copy> tokens = Analyze("刑法 of the 第5条", "zh");
  std::vector<std::string> shown;
  for (const Copy& token : tokens) {
    shown.push_back(absl::StrCat(token.position, ":", Show(token)));
  }
  EXPECT_THAT(shown, ElementsAre("0:刑", "0:[刑法]", "1:法", "2:of", "3:the",
                                 "4:第", "5:5", "6:条", "4:#5"));
}

// Queries
// ------------------------------------------------------------------------

std::vector<const Language*> Rows(std::initializer_list<const char*> tags) {
  std::vector<const Language*> rows;
  for (const char* tag : tags) rows.push_back(FindLanguage(tag));
  return rows;
}

TEST_F(AnalyzerTest, QueriesHaveTheStemsOfAllTheirLanguages) {
  const auto tokens =
      analyzer_->AnalyzeQuery("the laundering cases", Rows({"en", "nl", "zh"}));
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[0].term, "the");
  EXPECT_TRUE(tokens[0].stopword);
  EXPECT_EQ(tokens[1].term, "laundering");
  EXPECT_FALSE(tokens[1].stopword);
  EXPECT_THAT(tokens[1].stems, ElementsAre("launder"));
  EXPECT_THAT(tokens[2].stems, ElementsAre("case", "cases"));
  EXPECT_EQ(tokens[2].position, 2U);
  EXPECT_EQ(tokens[2].begin, 15U);
}

TEST_F(AnalyzerTest, QueriesWithoutLanguagesHaveNoStems) {
  const auto tokens = analyzer_->AnalyzeQuery("laundering", {});
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_THAT(tokens[0].stems, IsEmpty());
}

TEST_F(AnalyzerTest, AQueryHasTheTermsOfTheTextThatItIs) {
  for (const Language& language : Languages()) {
    const std::string text =
        "L'État, § 129a StGB; законів والقانون 洗錢防制法 Ulusal Türkiye’nin "
        "investigación corrupcion";
    const std::vector<Copy> tokens = Analyze(text, language);
    const auto query = analyzer_->AnalyzeQuery(text, {&language});
    ASSERT_EQ(query.size(), tokens.size()) << language.tag;
    for (size_t i = 0; i < tokens.size(); ++i) {
      EXPECT_EQ(query[i].term, tokens[i].term);
      const std::string stem =
          query[i].stems.empty() ? "" : query[i].stems.front();
      // An elided word has no stem in a text; a query may ask for one in vain.
      if (!tokens[i].stopword) {
        EXPECT_EQ(stem, tokens[i].stem) << language.tag;
      }
    }
  }
}

TEST_F(AnalyzerTest, LargeNumbersOfQueriesMayHavePoints) {
  const auto tokens = analyzer_->AnalyzeQuery("ley 27430 de 1988", {});
  std::vector<std::string> numbers;
  for (const QueryToken& token : tokens) {
    if (token.kind == TokenKind::kNumber) numbers.push_back(token.term);
  }
  EXPECT_THAT(numbers, ElementsAre("27430/1988", "27430"));
}

std::vector<std::string> TagsOfQuery(
    absl::string_view query, std::vector<absl::string_view> hints = {}) {
  std::vector<std::string> tags;
  for (const Language* language : LanguagesOfQuery(query, hints)) {
    tags.emplace_back(language->tag);
  }
  return tags;
}

TEST(LanguagesOfQueryTest, TheLikeliestComesFirst) {
  const struct {
    const char* query;
    const char* tag;
  } cases[] = {
      {"money laundering", "en"},
      {"the proceeds of crime", "en"},
      {"le blanchiment de capitaux et la corruption", "fr"},
      {"el blanqueo de los capitales", "es"},
      {"die Geldwäsche und der Verfall", "de"},
      {"lavagem de dinheiro e corrupção não", "pt"},
      {"отмывание денег", "ru"},
      {"відмивання коштів, їх", "uk"},
      {"غسل الأموال", "ar"},
      {"洗钱", "zh"},
      {"マネーロンダリング", "ja"},
      {"자금세탁", "ko"},
      {"νομιμοποίηση εσόδων", "el"},
      {"rửa tiền", "vi"},
      {"ฟอกเงิน", "th"},
      {"suç gelirlerinin aklanması", "tr"},
      {"pranie pieniędzy", "pl"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const std::vector<std::string> tags = TagsOfQuery(c.query);
    ASSERT_FALSE(tags.empty());
    EXPECT_EQ(tags[0], c.tag);
  }
}

TEST(LanguagesOfQueryTest, HintsOfTheScriptDecide) {
  EXPECT_THAT(TagsOfQuery("corruption", {"fr", "de-AT"}),
              ElementsAre("fr", "de"));
  // A hint that cannot be is none.
  EXPECT_EQ(TagsOfQuery("коррупция", {"fr"})[0], "ru");
  EXPECT_THAT(TagsOfQuery("12/2019", {}), IsEmpty());
}

TEST(LanguagesOfQueryTest, AnalysesThatAreTheSameComeOnce) {
  std::vector<std::string> tags = TagsOfQuery("corruption");
  EXPECT_EQ(std::set<std::string>(tags.begin(), tags.end()).size(),
            tags.size());
  // Indonesian stands for Malay, Serbian for Bosnian and Croatian.
  EXPECT_THAT(tags, testing::Contains("id"));
  EXPECT_THAT(tags, testing::Not(testing::Contains("ms")));
  EXPECT_THAT(tags, testing::Not(testing::Contains("hr")));
}

}  // namespace
}  // namespace comity::index
