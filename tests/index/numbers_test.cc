#include "index/numbers.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity::index {
namespace {

using testing::ElementsAre;

struct Read {
  std::string text;
  std::string cited;
  uint32_t position;
};

std::vector<Read> ReadAll(const std::string& text) {
  WordFinder finder;
  NumberReader reader;
  finder.Start(text);
  reader.Start(text);
  std::vector<Read> all;
  const auto sink = [&](const NumberReader::Number& number) {
    all.push_back({std::string(number.text),
                   text.substr(number.begin, number.end - number.begin),
                   number.position});
  };
  Word word;
  for (uint32_t position = 0; finder.Next(&word); ++position) {
    const std::string folded =
        FoldWord(text.substr(word.begin, word.end - word.begin));
    reader.Add(
        {folded, FindNumberSign(folded), word.kind == Word::Kind::kCharacter,
         word.has_digit, word.section_signs, word.begin, word.end, position},
        sink);
  }
  reader.Finish(finder.section_signs(), sink);
  return all;
}

std::string Numbers(const std::string& text) {
  std::vector<std::string> numbers;
  for (const Read& read : ReadAll(text)) numbers.push_back(read.text);
  return absl::StrJoin(numbers, " ");
}

TEST(NumberReaderTest, SpellingsOfACitationMeet) {
  const struct {
    const char* number;
    std::vector<const char*> spellings;
  } cases[] = {
      {"129a",
       {"§ 129a", "§129a", "§\u00A0129a", "129a", "Paragraf 129a", "art. 129-a",
        "129A", "129 a §", "neni 129/a", "129.a člen"}},
      {"416bis",
       {"art. 416 bis", "art. 416-bis", "article 416bis", "416 bis", "416-bis",
        "416bis", "ART. 416 BIS", "Art. 416<sup>bis</sup>", "المادة 416 مكرر"}},
      {"266",
       {"第二百六十六条",
        "第266条",
        "第２６６条",
        "第二百六十六條",
        "第二六六条",
        "제266조",
        "§ 266",
        "§ 0266",
        "article 266",
        "266 §",
        "266. §",
        "المادة ٢٦٦",
        "मांक धारा २६६",
        "มาตรา ๒๖๖",
        "ст. 266",
        "266 straipsnis",
        "Điều 266",
        "አንቀጽ ፪፻፷፮",
        "266 артикул, ст. 266",
        "article n° 266",
        "section no. 266"}},
      {"174.1",
       {"статья 174.1", "ст. 174-1", "статья 174¹", "174.1", "174¹",
        "§ 174<sup>1</sup>", "art. 174^1", "第百七十四条の一", "第174条之1",
        "第174-1條", "174-1 straipsnis", "제174조의1"}},
      {"12",
       {"المادة 12", "المادة الثانية عشرة", "المادة (12)", "مادة ١٢", "ماده ۱۲",
        "articolo 12", "Art. 12", "artículo duodécimo", "**Art. 12**",
        "Artikel 12", "סעיף 12"}},
      {"125", {"المادة الخامسة والعشرون بعد المائة", "አንቀጽ ፻፳፭"}},
      {"1",
       {"article premier", "article 1er", "artículo 1º", "ARTÍCULO PRIMERO",
        "Artigo 1.º", "المادة الأولى", "第一条"}},
      {"679/2019",
       {"2019/679", "N° 2019/679", "(EU) 2019/679", "No. 679 of 2019",
        "679/2019", "No 0679/2019", "رقم 679 لسنة 2019", "〔2019〕679号",
        "Nomor 679 Tahun 2019", "Ley 679 de 2019", "2019:679"}},
      {"1103v", {"1103-V", "1103-v", "№ 1103-V"}},
      {"127фз", {"127-ФЗ", "№ 127-фз"}},
      {"27430", {"Ley 27.430", "27.430"}},
      {"9613/1998", {"Lei 9.613/1998", "Lei nº 9613/1998"}},
      {"4.13", {"§ 4-13", "§ 4.13"}},
      {"6.162", {"art. 6:162"}},
  };
  for (const auto& c : cases) {
    for (const char* spelling : c.spellings) {
      SCOPED_TRACE(spelling);
      const std::vector<std::string> numbers =
          absl::StrSplit(Numbers(spelling), ' ');
      EXPECT_THAT(numbers, testing::Contains(c.number));
    }
  }
}

TEST(NumberReaderTest, SubUnitsComeWithTheirUnits) {
  for (const char* spelling : {"s 59(2)",
                               "s. 59 (2)",
                               "section 59 (2)",
                               "§ 59 (2)",
                               "59(2)",
                               "Artikel 59 Abs. 2",
                               "§ 59 Absatz 2",
                               "art. 59, comma 2",
                               "article 59, paragraph 2",
                               "paragraph 2 of article 59",
                               "пункт 2 статьи 59",
                               "ч. 2 ст. 59",
                               "ст. 59, п. 2",
                               "alinéa 2 de l'article 59",
                               "art. 59 § 2",
                               "§ 59 odst. 2",
                               "artigo 59.º, n.º 2",
                               "Pasal 59 ayat (2)",
                               "59 §:n 2 momentti",
                               "59. § (2) bekezdés",
                               "59 straipsnio 2 dalis",
                               "第五十九条第二款",
                               "제59조제2항",
                               "第59条第2項",
                               "§ 59, stk. 2",
                               "παρ. 2 του άρθρου 59"}) {
    SCOPED_TRACE(spelling);
    EXPECT_EQ(Numbers(spelling), "59 59(2)");
  }
  EXPECT_EQ(Numbers("s 59(2)(a)(ii)"), "59 59(2) 59(2)(a) 59(2)(a)(ii)");
  EXPECT_EQ(Numbers("п. 3 ч. 2 ст. 105"), "105 105(2) 105(2)(3)");
  // Of two articles, each has its own.
  EXPECT_EQ(Numbers("ст. 5, ч. 2 ст. 6"), "5 6 6(2)");
  EXPECT_EQ(Numbers("art. 5; § 2"), "5 2");
}

TEST(NumberReaderTest, ListsAreCitationsEach) {
  EXPECT_EQ(Numbers("§§ 129a, 129b und 130"), "129a 129b 130");
  EXPECT_EQ(Numbers("Articles 5, 6 and 7"), "5 6 7");
  EXPECT_EQ(Numbers("ss 59 and 60"), "59 60");
  EXPECT_EQ(Numbers("articles 5(2), 6 and 7bis"), "5 5(2) 6 7bis");
  EXPECT_EQ(Numbers("§§ 12-14"), "12 14");
  EXPECT_EQ(Numbers("§§ 129 bis 131"), "129 131");
  EXPECT_EQ(Numbers("المواد 5 و 6"), "5 6");
  // One section and an amount.
  EXPECT_EQ(Numbers("section 5 and 30 days"), "5");
}

TEST(NumberReaderTest, OtherNumbersAreWordsOnly) {
  for (const char* text :
       {"on 12 May 2010", "12.05.2010", "29/6/1999", "2010-05-12", "59",
        "1,000 pages", "chapter IV", "Part II", "Article IV", "the 2nd and 3rd",
        "24-hour", "10 000", "USD 200.000.000", "article", "§", "第条", "第二",
        "المادة", "the article of 5"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(Numbers(text), "");
  }
}

TEST(NumberReaderTest, CitesTheWordsThatItRead) {
  const std::vector<Read> read = ReadAll("See art. 416 bis and § 5 (2).");
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].cited, "art. 416 bis");
  EXPECT_EQ(read[0].position, 1U);
  EXPECT_EQ(read[1].cited, "§ 5");
  EXPECT_EQ(read[2].cited, "§ 5 (2");
  EXPECT_EQ(read[2].position, 5U);
}

TEST(NumberReaderTest, ManySignsInARowCostNoMoreThanTheirLength) {
  for (const char* unit : {"§ 5 ", "art. ", "5 ", "5(", "第一", "5-", "5.",
                           "a ", "bis ", "п. 2 ", "5, ", "مادة "}) {
    std::string text = "art. ";
    while (text.size() < (1 << 20)) text += unit;
    size_t numbers = 0;
    for (const Read& read : ReadAll(text)) {
      EXPECT_LE(read.text.size(), NumberReader::kNumberBytesMax);
      ++numbers;
    }
    EXPECT_LE(numbers, text.size());
  }
}

}  // namespace
}  // namespace comity::index
