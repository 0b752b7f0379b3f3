// Real documents in the formats that portals serve, where they are at hand.
// Every value of the table was taken from the file itself by other means,
// which the comment names, before there was a reader for it.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "import/law_reader.h"
#include "tests/import_laws/support.h"
#include "tests/support/status_matchers.h"

namespace comity::laws_test {
namespace {

constexpr Expected kShared[] = {
    // Paragraphs that begin with `Article` (91) or `Disposició` (15).
    {"and-llei-14-2017-blanqueig.utf-16le.html", "html", "ca",
     "Llei 14/2017, del 22 de juny, de prevenció i lluita contra el blanqueig",
     106, 0, "Article 1", "Objecte", "Disposició final setena",
     "Entrada en vigor"},
    // Lines that begin with المادة.
    {"are-fdl-17-2019-weapons.entities.html", "html", "ar",
     "مرسوم بقانون اتحادي رقم 17", 83, 0, "المادة الأولى", "تعاريف",
     "المادة 83", "النشر والنفاذ"},
    {"are-fdl-24-2023-trafficking.entities.html", "html", "ar",
     "مرسوم بقانون اتحادي رقم 24", 27, 0, "المادة الأولى", "التعريفات",
     "المادة 27", "نشر المرسوم بقانون والعمل به"},
    // 4 of the law, 129 and 14 bis of the constitution that it publishes.
    {"arg-constitucion-ley-24430.windows-1252.htm", "html", "es",
     "CONSTITUCION DE LA NACION ARGENTINA", 134, 0, "ARTICULO 1º",
     "Ordénase la publicación", "ARTICULO 4º", "Comuníquese al Poder"},
    // The law ends with article 319; 151 quoted articles, the 24 of the penal
    // law that its article 279 sets out, and those of the errata are not its.
    {"arg-ley-27430.iso-8859-1.htm", "html", "es", "IMPUESTO A LAS GANANCIAS",
     319, 0, "ARTÍCULO 1°", "Sustitúyese el artículo 1°", "ARTÍCULO 319",
     "Comuníquese al Poder Ejecutivo nacional"},
    // `Art.` at the beginning of a line between `Texte` and the table of
    // changes: 217, of which N1 and N2 are the annexes.
    {"bel-constitution.iso-8859-1.html", "html", "fr",
     "17 FEVRIER 1994. - La Constitution coordonnée.", 215, 2, "Article 1",
     "La Belgique est un Etat fédéral", "Art. VI", "§ 1. [...]"},
    // The articles of the XML of 2024 without 10a, 117b and 129a, which came
    // later; each has its heading in the layout that pdftotext prints.
    {"che-constitution-2020.pdf", "pdf", "de",
     "Bundesverfassung der Schweizerischen Eidgenossenschaft", 229, 0, "Art. 1",
     "Schweizerische Eidgenossenschaft", "Art. 197",
     "Übergangsbestimmungen nach Annahme der Bundesverfassung"},
    // Elements `article`.
    {"che-constitution.akn.xml", "akoma-ntoso", "de",
     "Bundesverfassung der Schweizerischen Eidgenossenschaft", 232, 0, "Art. 1",
     "Schweizerische Eidgenossenschaft", "Art. 197",
     "Übergangsbestimmungen nach Annahme der Bundesverfassung"},
    // Elements `EstructuraFuncional` of type `Artículo`.
    {"chl-ley-21180.leychile.xml", "leychile", "es",
     "TRANSFORMACIÓN DIGITAL DEL ESTADO", 17, 0, "Artículo 1º",
     "Introdúcense las siguientes", "Artículo noveno",
     "Facúltase al Presidente de la República para que dentro"},
    // The decree has two articles; the five between them are quoted, though the
    // quotation is never closed.
    {"col-decreto.declares-utf-16-is-utf-8.html", "html", "es-CO",
     "DECRETO 453 DE 1981", 2, 0, "Artículo 1º",
     "Apruébase la Resolución número 02", "Artículo 2º",
     "El presente Decreto rige a partir"},
    // Lines that begin with `Статья`; the text after them has none.
    {"derived-blr.koi8-r.txt", "text", "ru",
     "Водный кодекс Республики Беларусь", 66, 0, "Статья 1", "Основные термины",
     "Статья 65", "Вступление в силу настоящего Кодекса"},
    // 一 to 四.
    {"derived-chn-criminal-law-amendment.gb18030.txt", "markdown", "zh",
     "中华人民共和国刑法修正案（五）", 4, 0, "一",
     "在刑法第一百七十七条后增加一条", "四", "本修正案自公布之日起施行"},
    // Headings ### المادة.
    {"derived-mar-drugs.windows-1256.txt", "markdown", "ar",
     "ظهير شريف بمثابة قانون رقم 1.73.282", 16, 0, "المادة 1",
     "يعاقب بالحبس من سنتين", "المادة 16", "ينشر بالجريدة الرسمية"},
    // Points 1 to 20.
    {"derived-rus.windows-1251.txt", "text", "ru",
     "ПОСТАНОВЛЕНИЕ СОВЕТА ФЕДЕРАЦИИ ФЕДЕРАЛЬНОГО СОБРАНИЯ", 20, 0, "1",
     "Образовать следующие комитеты", "20",
     "Настоящее постановление вступает в силу"},
    // Madde 1 to 21, Geçici Madde 1, 2 and twice 3.
    {"derived-tur.windows-1254.txt", "text", "tr",
     "ÇALIŞMA VE SOSYAL GÜVENLİK EĞİTİM VE ARAŞTIRMA MERKEZİ TEŞKİLAT KANUNU",
     25, 0, "Madde 1", "(Değişik: 16/7/2003-4947/31 md.)", "Madde 21",
     "Bu kanunun hükümlerini icraya"},
    // Forms: no articles, a little text.
    {"deu-fev-bgbl1-2010-annex.pdf", "pdf", "de", "", 0, 0, "", "", "", ""},
    // Elements `Paragraf`.
    {"dnk-bek-2024-1709.lexdania.xml", "lexdania", "da",
     "Bekendtgørelse om opgørelse af beskæftigelseskrav", 30, 0, "§ 1",
     "Reglerne i bekendtgørelsen anvendes", "§ 30",
     "Bekendtgørelsen træder i kraft den 1. januar 2025."},
    // Elements `paragrahv`.
    {"est-penal-code.riigiteataja.xml", "riigi-teataja", "et",
     "Karistusseadustik", 575, 0, "§ 1",
     "Karistusseadustiku üldosa kohaldamisala", "§ 451",
     "Karistusseadustiku kehtestamine"},
    // Elements `section`; one version is in this file.
    {"fin-act.akn.xml", "akoma-ntoso", "fi",
     "Laki kolmansien maiden kansalaisten maahantulon", 25, 0, "1 §",
     "Lain tarkoitus", "25 §", "Voimaantulo"},
    // Elements `P1` outside of quoted amendments, in the body and in schedules.
    {"gbr-asp-2021-11.clml.xml", "clml", "en",
     "Pre-release Access to Official Statistics (Scotland) Act 2021", 5, 0, "1",
     "Pre-release access to official statistics: rules and principles", "5",
     "Short title"},
    {"gbr-data-protection-act-2018.clml.xml.gz", "clml", "en",
     "Data Protection Act 2018", 259, 880, "1", "Overview", "215",
     "Short title"},
    // 22 and 7A; the 20 articles of the Convention, 7 and 4 paragraphs.
    {"gbr-human-rights-act-1998.clml.xml", "clml", "en",
     "Human Rights Act 1998", 23, 31, "1", "The Convention Rights.", "22",
     "Short title, commencement, application and extent."},
    // Άρθρο 57, 79, 101 and 115.
    {"grc-syntagma-2008.pdf", "pdf", "el", "", 4, 0, "Άρθρο 57", "παράγραφος 1",
     "Άρθρο 115", "Οι παράγραφοι 2, 6 και 7"},
    // Lines that begin with `Article`.
    {"intl-andean-1999-treaty.rtf", "rtf", "en",
     "ECONOMIC COMPLEMENTATION AGREEMENT N° 39", 29, 0, "Article 1",
     "With the signing of this Agreement", "Article 29",
     "The General Secretariat of ALADI"},
    // 1.— to 15.—
    {"irl-criminal-justice-act-1960.html", "html", "en",
     "Criminal Justice Act, 1960", 15, 0, "1", "Definitions.", "15",
     "Short title."},
    // Elements `sect`.
    {"irl-policing-act-2024.isb.xml", "isb", "en",
     "POLICING, SECURITY AND COMMUNITY SAFETY ACT 2024", 302, 0, "1",
     "Short title and commencement", "302",
     "Amendment of Garda Síochána (Recording Devices) Act 2023"},
    // <div class="art">
    {"lie-strafgesetzbuch.html", "html", "de", "Strafgesetzbuch (StGB)", 414, 0,
     "§ 1", "Keine Strafe ohne Gesetz", "§ 322", "Inkrafttreten"},
    // Elements `article`.
    {"lux-loi.akn-csd13.xml", "akoma-ntoso", "fr", "Loi du 27 mai 2022", 27, 0,
     "Art. 1er", "Au sens de la présente loi", "Art. 27",
     "La présente loi entre en vigueur le 1er septembre 2022."},
    // Paragraphs that begin with ARTICULO, from the piece table.
    {"mex-dip-109.doc", "word97", "es", "LEY FEDERAL DE JUEGOS Y SORTEOS", 17,
     0, "ARTICULO 1o", "Quedan prohibidos", "ARTICULO 17",
     "Las infracciones a la presente Ley"},
    // 101 articles without 21, with 46 bis, 5 transitory ones (one of them
    // `ARTÍCULO. CUARTO`); before them, a certificate cites article 10 without
    // quotation marks.
    {"mex-ensenada-alcoholes.doc", "docx", "es",
     "REGLAMENTO DE ALCOHOLES PARA EL MUNICIPIO DE ENSENADA", 107, 0,
     "ARTICULO 10", "SON ATRIBUCIONES DEL AYUNTAMIENTO", "ARTICULO UNICO",
     "La presente reforma entrará en vigor"},
    {"mex-ensenada-alcoholes.docx", "docx", "es",
     "REGLAMENTO DE ALCOHOLES PARA EL MUNICIPIO DE ENSENADA", 107, 0,
     "ARTICULO 10", "SON ATRIBUCIONES DEL AYUNTAMIENTO", "ARTICULO UNICO",
     "La presente reforma entrará en vigor"},
    // Paragraphs that begin with Art. or Artículo, those of the amending
    // decrees at the end too, from the piece table.
    {"mex-jalisco-constitucion.doc", "word97", "es",
     "CONSTITUCIÓN POLÍTICA DEL ESTADO DE JALISCO", 158, 0, "Art. 1º",
     "El Estado de Jalisco es libre", "Artículo Segundo",
     "El presente proyecto de decreto"},
    // class="legalArticleValue"
    {"nor-penal-code.lovdata.html", "lovdata", "nb",
     "Lov om straff (straffeloven)", 397, 0, "§ 1", "Virkeområdet for", "§ 412",
     "(Opphevet)"},
    // Lines that begin with `Стаття`.
    {"ukr-law-1103-16.crlf.txt", "text", "uk", "ЗАКОН УКРАЇНИ", 29, 0,
     "Стаття 1", "Терміни та їх визначення", "Стаття 22",
     "Прикінцеві положення"},
    // Elements `section` outside of quotations.
    {"usa-public-law.uslm.xml", "uslm", "en", "Public Law 119–1", 3, 0,
     "SECTION 1", "SHORT TITLE.", "SEC. 3",
     "ENFORCEMENT BY ATTORNEY GENERAL OF A STATE."},
    // Marks `SECTION n`, 1 to 92 without one; 13 and 18 paragraphs of schedules
    // behind their own table of contents.
    {"zwe-cpa.txt", "text", "en", "Consumer Protection Act [Chapter 14:44]", 91,
     31, "SECTION 1", "Short title", "SECTION 92",
     "Repeal of Cap. 8:03, transitional provisions and savings"},
};

class SharedLawsTest : public ::testing::TestWithParam<Expected> {};

TEST_P(SharedLawsTest, IsReadAsItIs) {
  const Expected& expected = GetParam();
  const auto bytes = ReadFile(absl::StrCat(SharedFormats(), expected.file));
  if (!bytes.has_value()) GTEST_SKIP() << "the shared files are not at hand";
  LawReadOptions options;
  options.file_name = expected.file;
  // Its forms repeat in many languages.
  if (absl::StartsWith(expected.file, "deu-fev")) options.language = "de";
  const auto documents = ReadLaw(*bytes, options);
  ASSERT_OK(documents);
  ASSERT_EQ(documents->size(), 1U);
  Check(expected, documents->at(0));
  CheckWellFormed(documents->at(0));
}

TEST(SharedScanTest, IsReportedAsUnreadable) {
  const auto bytes =
      ReadFile(absl::StrCat(SharedFormats(), "egy-manshurat-21071.scan.pdf"));
  if (!bytes.has_value()) GTEST_SKIP() << "the shared files are not at hand";
  const auto documents = ReadLaw(*bytes, {});
  EXPECT_EQ(documents.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(documents.status().message(), "no text"))
      << documents.status();
}

INSTANTIATE_TEST_SUITE_P(Files, SharedLawsTest, ::testing::ValuesIn(kShared),
                         [](const auto& test) {
                           std::string name = test.param.file;
                           for (char& c : name) {
                             if (!isalnum(static_cast<unsigned char>(c))) {
                               c = '_';
                             }
                           }
                           return name;
                         });

}  // namespace
}  // namespace comity::laws_test
