#include "import/laws/labels.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "import/laws/numbers.h"
#include "import/laws/words.h"

namespace comity::laws {
namespace {

// `kind number|rest`, or `-`.
std::string Parsed(const char* line, const char* language) {
  const std::optional<Label> label = ParseLabel(line, language);
  if (!label.has_value()) return "-";
  return absl::StrCat(
      v1::Provision::Kind_Name(label->kind).substr(5), " ", label->number,
      label->rest.empty() ? "" : absl::StrCat("|", label->rest));
}

TEST(LabelsTest, OfManyLanguages) {
  const struct {
    const char* language;
    const char* line;
    const char* parsed;
  } cases[] = {
      {"en", "Article 12. Scope", "ARTICLE 12|Scope"},
      {"en", "SECTION 4A. Offences", "SECTION 4A|Offences"},
      {"en", "PART IV", "PART 4"},
      {"en", "Part A General", "PART A|General"},
      {"en", "FIRST SCHEDULE", "SCHEDULE 1"},
      {"en", "ANNEX", "SCHEDULE "},
      {"fr", "Article 1er", "ARTICLE 1"},
      {"fr", "Article premier. - Objet", "ARTICLE 1|Objet"},
      {"fr", "Art. 416 bis", "ARTICLE 416 bis"},
      {"fr", "Art. L. 121-1. - La loi", "ARTICLE 121-1|La loi"},
      {"fr", "TITRE IerBIS. - DES OBJECTIFS", "TITLE 1 bis|DES OBJECTIFS"},
      {"fr", "Section II - Du Sénat", "DIVISION 2|Du Sénat"},
      {"es", "Artículo primero.- La Nación", "ARTICLE 1|La Nación"},
      {"es", "ARTICULO 1º.- La Nación", "ARTICLE 1|La Nación"},
      {"es", "CAPITULO DÉCIMO SEGUNDO", "CHAPTER 12"},
      {"es", "Disposición transitoria tercera. Plazos", "ARTICLE 3|Plazos"},
      {"es", "PRIMERA PARTE", "PART 1"},
      {"pt", "Artigo 5.º", "ARTICLE 5"},
      {"it", "Art. 12-bis. Oggetto", "ARTICLE 12 bis|Oggetto"},
      {"ro", "Articolul 7", "ARTICLE 7"},
      {"de", "§ 129a Bildung", "SECTION 129a|Bildung"},
      {"de", "2. Abschnitt: Strafen", "DIVISION 2|Strafen"},
      {"de", "Erster Teil", "PART 1"},
      {"de", "Art. 5a Subsidiarität", "ARTICLE 5a|Subsidiarität"},
      {"nl", "HOOFDSTUK 2. Toezicht", "CHAPTER 2|Toezicht"},
      {"sv", "2 kap. Om brott", "CHAPTER 2|Om brott"},
      {"sv", "5 a § Den som", "SECTION 5a|Den som"},
      {"da", "§ 2. Loven", "SECTION 2|Loven"},
      {"nb", "Kapittel 1. Straff", "CHAPTER 1|Straff"},
      {"fi", "3 luku", "CHAPTER 3"},
      {"fi", "9 a §", "SECTION 9a"},
      {"et", "§ 12¹. Kahju", "SECTION 12-1|Kahju"},
      {"lv", "5.pants. Mērķis", "ARTICLE 5|Mērķis"},
      {"lt", "5 straipsnis. Tikslas", "ARTICLE 5|Tikslas"},
      {"pl", "Art. 7. Organy", "ARTICLE 7|Organy"},
      {"pl", "Rozdział II", "CHAPTER 2"},
      {"cs", "Čl. 3", "ARTICLE 3"},
      {"cs", "ČÁST PRVNÍ", "PART 1"},
      {"sk", "§ 4", "SECTION 4"},
      {"sl", "5. člen", "ARTICLE 5"},
      {"hr", "Članak 3.", "ARTICLE 3"},
      {"sr", "Члан 3.", "ARTICLE 3"},
      {"sr-Latn", "Član 3.", "ARTICLE 3"},
      {"bs", "GLAVA DRUGA", "CHAPTER 2"},
      {"hu", "5. § (1) A törvény", "SECTION 5|(1) A törvény"},
      {"hu", "II. FEJEZET", "CHAPTER 2"},
      {"sq", "Neni 4", "ARTICLE 4"},
      {"sq", "KREU II", "CHAPTER 2"},
      {"el", "Άρθρο 5", "ARTICLE 5"},
      {"ru", "Статья 5. Понятия", "ARTICLE 5|Понятия"},
      {"uk", "Розділ II", "TITLE 2"},
      {"bg", "Чл. 5. Законът", "ARTICLE 5|Законът"},
      {"bg", "Глава първа", "CHAPTER 1"},
      {"be", "Артыкул 5. Паняцці", "ARTICLE 5|Паняцці"},
      {"mn", "1 дүгээр зүйл.Зорилт", "ARTICLE 1|Зорилт"},
      {"mn", "НЭГДҮГЭЭР БҮЛЭГ", "CHAPTER 1"},
      {"ar", "المادة (12)", "ARTICLE 12"},
      {"ar", "المادة الثانية عشرة", "ARTICLE 12"},
      {"ar", "مادة ٥ - يعاقب", "ARTICLE 5|يعاقب"},
      {"ar", "الباب الثالث", "TITLE 3"},
      {"ar", "الفصل الأول", "CHAPTER 1"},
      {"zh", "第十二条　本法", "ARTICLE 12|本法"},
      {"zh", "第一百二十条之一", "ARTICLE 120-1"},
      {"zh", "第三章 附则", "CHAPTER 3|附则"},
      {"ja", "第百二十条の二", "ARTICLE 120-2"},
      {"ko", "제12조의2(목적)", "ARTICLE 12-2|(목적)"},
      {"ko", "제1장 총칙", "CHAPTER 1|총칙"},
      {"vi", "Điều 5. Giải thích", "ARTICLE 5|Giải thích"},
      {"vi", "Chương II", "CHAPTER 2"},
      {"th", "มาตรา ๑๒", "SECTION 12"},
      {"tr", "MADDE 1 – (1) Bu", "ARTICLE 1|(1) Bu"},
      {"tr", "İKİNCİ BÖLÜM", "CHAPTER 2"},
      {"tr", "Geçici Madde 2 –", "ARTICLE 2"},
      {"az", "Maddə 3. Anlayışlar", "ARTICLE 3|Anlayışlar"},
      {"id", "Pasal 7", "ARTICLE 7"},
      {"id", "BAB IV", "CHAPTER 4"},
      {"ms", "Seksyen 4. Kuasa", "SECTION 4|Kuasa"},
      {"hi", "धारा १२", "SECTION 12"},
      {"ne", "दफा ५", "SECTION 5"},
      {"is", "5. gr.", "ARTICLE 5"},
      {"am", "አንቀጽ 5", "ARTICLE 5"},
      {"rw", "Ingingo ya 5: Ibisobanuro", "ARTICLE 5|Ibisobanuro"},
      {"hy", "Հոդված 5. Առարկան", "ARTICLE 5|Առարկան"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Parsed(c.line, c.language), c.parsed)
        << c.language << ": " << c.line;
  }
}

TEST(LabelsTest, CitationsAndRangesAreNone) {
  const struct {
    const char* language;
    const char* line;
  } cases[] = {
      {"en", "Section 5(2) of the Act applies"},
      {"en", "article 5 of the Convention"},
      {"en", "Articles 5 to 9"},
      {"fr", "Art. 8-11, 11bis, 12-14"},
      {"fr", "Art. 1-7"},
      {"fr", "Article modifié : 195"},
      {"fr", "§ 1er. La Chambre"},
      {"es", "artículo 5 de la ley"},
      {"de", "§ 5 Abs. 2 gilt entsprechend."},
      {"de", "§§ 1-16"},
      {"de", "2) § 20a gilt entsprechend."},
      {"fi", "192 §:n 1 momentin mukaan"},
      {"zh", "第五条第一款规定的行为"},
      {"ar", "المادة 5 من هذا القانون"},
      {"vi", "Điều 5 của Luật này"},
      {"ru", "статьи 5 настоящего Закона"},
      {"en", "Particular attention is paid"},
      {"en", "Mixed articles 5"},
      {"es", "Artículo [1]"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Parsed(c.line, c.language), "-") << c.language << ": " << c.line;
  }
}

TEST(LabelsTest, BareNumbers) {
  const auto parsed = [](const char* line) {
    const std::optional<Label> label = ParseBareLabel(line);
    return label.has_value() ? absl::StrCat(label->number, "|", label->rest)
                             : std::string("-");
  };
  EXPECT_EQ(parsed("12. Short title"), "12|Short title");
  EXPECT_EQ(parsed("12A.—(1) In this Act"), "12A|(1) In this Act");
  EXPECT_EQ(parsed("三、本法"), "3|本法");
  EXPECT_EQ(parsed("1.5 million"), "-");
  EXPECT_EQ(parsed("12 apples"), "-");
  EXPECT_EQ(parsed("1931. 7. 7."), "-");
}

TEST(NumbersTest, AreReadInEveryScript) {
  const struct {
    const char* text;
    const char* number;
    int64_t value;
  } cases[] = {
      {"416 bis", "416 bis", 416},
      {"129a", "129a", 129},
      {"XIV", "14", 14},
      {"٣٤", "34", 34},
      {"๒๕", "25", 25},
      {"१२", "12", 12},
      {"一百零三", "103", 103},
      {"二十", "20", 20},
      {"12¹", "12-1", 12},
      {"3.2", "3.2", 3},
      {"vigésimo tercero", "23", 23},
      {"الحادية عشرة", "11", 11},
      {"الخامسة والعشرون", "25", 25},
      {"twenty-first", "21", 21},
      {"1er", "1", 1},
      {"2ème", "2", 2},
  };
  for (const auto& c : cases) {
    const std::optional<Number> number = ParseNumber(c.text, false);
    ASSERT_TRUE(number.has_value()) << c.text;
    EXPECT_EQ(number->text, c.number) << c.text;
    EXPECT_EQ(number->value, c.value) << c.text;
  }
  for (const char* none : {"", "Civil", "letter", "x", "IIIII"}) {
    EXPECT_FALSE(ParseNumber(none, false).has_value()) << none;
  }
}

}  // namespace
}  // namespace comity::laws
