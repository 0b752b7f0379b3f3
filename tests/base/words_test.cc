#include "base/words.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/languages.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Words of the text as they stand in it, with a bar between them.
std::string Words(absl::string_view text) {
  WordFinder finder;
  finder.Start(text);
  std::vector<std::string> words;
  Word word;
  while (finder.Next(&word)) {
    words.emplace_back(text.substr(word.begin, word.end - word.begin));
  }
  return absl::StrJoin(words, "|");
}

void AppendUtf8(uint32_t c, std::string* text) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) {
    *text += byte(c);
  } else if (c < 0x800) {
    *text += byte(0xC0 | (c >> 6));
    *text += byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *text += byte(0xE0 | (c >> 12));
    *text += byte(0x80 | ((c >> 6) & 0x3F));
    *text += byte(0x80 | (c & 0x3F));
  } else {
    *text += byte(0xF0 | (c >> 18));
    *text += byte(0x80 | ((c >> 12) & 0x3F));
    *text += byte(0x80 | ((c >> 6) & 0x3F));
    *text += byte(0x80 | (c & 0x3F));
  }
}

TEST(FoldWordTest, BringsSpellingsTogether) {
  const struct {
    const char* word;
    const char* folded;
  } cases[] = {
      {"Law", "law"},
      {"ÉTAT", "etat"},
      {"E\u0301tat", "etat"},
      {"Straße", "strasse"},
      {"ŒUVRE", "oeuvre"},
      {"Łódź", "lodz"},
      {"Ærø", "aero"},
      {"đak", "dak"},
      {"þing", "thing"},
      {"IŞIK", "isik"},
      {"ışık", "isik"},
      {"İstanbul", "istanbul"},
      {"ﬁnance", "finance"},
      {"ＬＡＷ", "law"},
      {"don’t", "dont"},
      {"co\u00ADoperate", "cooperate"},
      {"mi\u200Dxed", "mixed"},
      {"điều", "dieu"},
      {"Ăn", "an"},
      {"cinayət", "cinayet"},
      // Greek.
      {"ΝΌΜΟΣ", "νομοσ"},
      {"νόμος", "νομοσ"},
      {"τῷ", "τω"},
      {"ᾍδης", "αδησ"},
      {"Ϊ", "ι"},
      // Cyrillic: й and ї are letters, ё is not, stress is not.
      {"Счёт", "счет"},
      {"за́мок", "замок"},
      {"мой", "мой"},
      {"мои\u0306", "мой"},
      {"Їжак", "їжак"},
      {"Ѓорѓи", "ѓорѓи"},
      // Arabic and its neighbours.
      {"الأَمْوَال", "الاموال"},
      {"إرهاب", "ارهاب"},
      {"مكافحة", "مكافحه"},
      {"على", "علي"},
      {"مسؤول", "مسوول"},
      {"هيئة", "هييه"},
      {"غـسـل", "غسل"},
      {"ﻏﺴﻞ", "غسل"},
      {"کشور", "كشور"},
      {"پولشویی", "پولشويي"},
      // Digits of all scripts.
      {"١٢", "12"},
      {"۱۲", "12"},
      {"१२", "12"},
      {"๑๒", "12"},
      {"１２", "12"},
      {"፲፪", "12"},
      {"፻፳፭", "125"},
      {"፳፻", "2000"},
      {"፼፩", "10001"},
      // Marks that are letters.
      {"कानूनों", "कानूनों"},
      {"क़ानून", "कानून"},
      {"ป้องกัน", "ป้องกัน"},
      {"މާއްދާ", "މާއްދާ"},
      // Points that are none.
      {"חוֹק", "חוק"},
      {"דו״ח", "דוח"},
      // Amharic.
      {"ኅግ", "ህግ"},
      {"ፀሐይ", "ጸሀይ"},
      // Chinese and Japanese.
      {"證據", "证据"},
      {"ｶﾞｽ", "ガス"},
      {"が", "が"},
      {"법", "법"},
      // Nothing left.
      {"", ""},
      {"…", ""},
      {"\u200D", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.word);
    EXPECT_EQ(FoldWord(c.word), c.folded);
  }
}

TEST(FoldWordTest, KeepsLettersThatItIsTold) {
  EXPECT_EQ(FoldWord("ÅTAL", "åäö"), "åtal");
  EXPECT_EQ(FoldWord("A\u030Atal", "åäö"), "åtal");
  EXPECT_EQ(FoldWord("Ñandú", "ñ"), "ñandu");
  EXPECT_EQ(FoldWord("Ærø", "æøå"), "ærø");
  EXPECT_EQ(FoldWord("Rửa", "", true), "rửa");
}

// Each character alone and after a letter, and random strings of odd ones.
TEST(FoldWordTest, IsIdempotent) {
  const auto check = [](const std::string& word) {
    const std::string folded = FoldWord(word);
    EXPECT_EQ(FoldWord(folded), folded) << absl::CHexEscape(word);
    const std::string kept = FoldWord(word, "åäöñæø", false);
    EXPECT_EQ(FoldWord(kept, "åäöñæø", false), kept) << absl::CHexEscape(word);
  };
  for (uint32_t c = 1; c < 0x20000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string word;
    AppendUtf8(c, &word);
    check(word);
    check("x" + word);
  }
  std::seed_seq seed{20261125};
  std::mt19937 random(seed);
  const uint32_t ranges[][2] = {
      {0x300, 0x345},   {0x370, 0x5FF},   {0x600, 0x6FF},   {0x900, 0x97F},
      {0x1100, 0x11FF}, {0x1E00, 0x1FFF}, {0x3040, 0x30FF}, {0xAC00, 0xACFF},
      {0xFB00, 0xFFEF}, {0x41, 0x17F}};
  for (int round = 0; round < 20000; ++round) {
    std::string word;
    const auto size = 1 + random() % 6;
    for (size_t i = 0; i < size; ++i) {
      const auto& range = ranges[random() % std::size(ranges)];
      AppendUtf8(static_cast<uint32_t>(range[0] +
                                       random() % (range[1] - range[0] + 1)),
                 &word);
    }
    check(word);
  }
}

TEST(FoldWordTest, TakesAnyBytes) {
  EXPECT_EQ(FoldWord("a\xFF\xFE"
                     "b"),
            "ab");
  EXPECT_EQ(FoldWord(absl::string_view("a\0b", 3)), "ab");
  EXPECT_EQ(FoldWord("\xE2\x82"), "");
  EXPECT_LE(FoldWord(std::string(1 << 20, 'x')).size(), 1024U);
}

TEST(WordFinderTest, PartsTexts) {
  const struct {
    const char* text;
    const char* words;
  } cases[] = {
      {"", ""},
      {"  \n", ""},
      {"One, two; three.", "One|two|three"},
      {"anti-corruption_law", "anti|corruption|law"},
      {"don't O'Brien", "don't|O'Brien"},
      {"the State's laws' scope", "the|State|laws|scope"},
      {"café’s", "café"},
      {"l'article L’ÉTAT d´une dell'art.", "l|article|L|ÉTAT|d|une|dell|art"},
      {"aujourd'hui rock'n'roll", "aujourd'hui|rock'n'roll"},
      {"'quoted' ‘words’", "quoted|words"},
      {"U.S.C. e.g. art.L.121 a.b.cd", "U.S.C|e.g|art|L|121|a.b|cd"},
      {"www.example.org", "www|example|org"},
      {"129a 416bis CO2 12.05.2010 1,000", "129a|416bis|CO2|12|05|2010|1|000"},
      {"174¹ x² ①", "174|¹|x|²|①"},
      {"1º n.º nº 2ª", "1|n|nº|2"},
      {"col·laboració a·b", "col·laboració|a|b"},
      {"объект об'єкт", "объект|об'єкт"},
      {"2001م المادة12", "2001|م|المادة|12"},
      {"12א דו\"ח", "12|א|דו\"ח"},
      {"第266条 ABC公司", "第|266|条|ABC|公|司"},
      {"ｶﾞｽ が", "ｶﾞ|ｽ|が"},
      {"법률", "법|률"},
      {"มาตรา๑๒ และมาตรา", "มาตรา|๑๒|และ|มาตรา"},
      {"a\xFF"
       "b",
       "a|b"},
      {"می\u200Cشود", "می\u200Cشود"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(Words(c.text), c.words);
  }
}

TEST(WordFinderTest, ANulPartsWords) {
  EXPECT_EQ(Words(absl::string_view("a\0b", 3)), "a|b");
}

TEST(WordFinderTest, CountsSectionSigns) {
  WordFinder finder;
  finder.Start("§ 5 §§ 6, 7 §");
  Word word;
  std::vector<int> signs;
  while (finder.Next(&word)) signs.push_back(word.section_signs);
  EXPECT_THAT(signs, ElementsAre(1, 2, 0));
  EXPECT_EQ(finder.section_signs(), 1);
}

TEST(WordFinderTest, FoldsWhereItIsCheapAsFoldWordDoes) {
  const std::string text =
      "Law don't U.S.C. 129A l'art 第證条 ｶﾞ が 법 État STRASSE";
  WordFinder finder;
  finder.Start(text);
  Word word;
  while (finder.Next(&word)) {
    if (word.folded.empty()) continue;
    EXPECT_EQ(word.folded,
              FoldWord(text.substr(word.begin, word.end - word.begin)));
  }
}

// A word without end costs neither time nor memory beyond its length.
TEST(WordFinderTest, TakesWordsOfAnyLength) {
  for (const char* unit : {"a", "é", "ก", "中", "a'", "a.", "\u0301", "§"}) {
    std::string text;
    while (text.size() < (1 << 20)) text += unit;
    WordFinder finder;
    finder.Start(text);
    Word word;
    size_t end = 0;
    while (finder.Next(&word)) {
      EXPECT_LE(end, word.begin);
      EXPECT_LT(word.begin, word.end);
      end = word.end;
    }
    EXPECT_LE(end, text.size());
  }
}

TEST(SpellWordTest, SpellsAsStemmersWant) {
  const struct {
    const char* tag;
    const char* word;
    const char* spelt;
  } cases[] = {
      {"fr", "ARRÊTÉ", "arrêté"},
      {"es", "CORRUPCION", "corrupción"},
      {"es", "corrupción", "corrupción"},
      {"pt", "Investigacoes", "investigações"},
      {"tr", "IŞIK", "ışık"},
      {"tr", "İŞ", "iş"},
      {"en", "IS", "is"},
      {"az", "Cinayət", "cinayet"},
      {"ro", "infracțiune", "infracţiune"},
      {"ar", "والقانون", "قانون"},
      {"ar", "للقانون", "قانون"},
      {"ar", "مُكَافَحَة", "مكافحة"},
      {"ar", "ال", "ال"},
      {"de", "Maßnahme", "massnahme"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.word);
    EXPECT_EQ(SpellWord(c.word, *FindLanguage(c.tag)), c.spelt);
  }
}

TEST(ScriptsOfTest, NamesScriptsOnce) {
  EXPECT_THAT(ScriptsOf("law закон law"), ElementsAre("Latn", "Cyrl"));
  EXPECT_THAT(ScriptsOf("12 § ,"), IsEmpty());
  EXPECT_THAT(ScriptsOf("洗钱 のり"), ElementsAre("Hani", "Hira"));
  EXPECT_THAT(ScriptsOf("\xFF\xFE"), IsEmpty());
}

TEST(WholeCharactersTest, CutsBetweenCharacters) {
  EXPECT_EQ(WholeCharacters("añb", 4), "añb");
  EXPECT_EQ(WholeCharacters("añb", 3), "añ");
  EXPECT_EQ(WholeCharacters("añb", 2), "a");
  EXPECT_EQ(WholeCharacters("😀", 3), "");
  EXPECT_EQ(WholeCharacters("", 0), "");
}

}  // namespace
}  // namespace comity
