// Samples of our own, one or more a format, that are always at hand.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "import/law_reader.h"
#include "tests/import_laws/support.h"
#include "tests/support/status_matchers.h"

namespace comity::laws_test {
namespace {

using ::testing::HasSubstr;

constexpr Expected kSamples[] = {
    {"text/freedonia-lines.txt", "text", "en",
     "REPUBLIC OF FREEDONIA WEIGHING OF LETTERS ACT, 1931", 4, 2, "1",
     "Short title.", "4", "Offences."},
    {"text/sylvanie.windows-1252.txt", "text", "fr",
     "PRINCIPAUTÉ DE SYLVANIE LOI RELATIVE À LA PESÉE DES LETTRES", 4, 0,
     "Article premier", "Définitions", "Art. 3 bis", "Il cesse d'être"},
    {"text/zubrowka.koi8-r.txt", "text", "ru", "ЗАКОН ЗУБРОВКИ", 3, 0,
     "Статья 1", "Понятия", "Статья 3", "Вступление в силу"},
    {"text/no-structure.txt", "text", "en", "", 0, 0, "", "", "", ""},
    {"markdown/weighing.md", "markdown", "es", "Ley de pesaje de cartas", 4, 0,
     "Artículo 1", "Objeto.", "Disposición transitoria primera",
     "Cartas antiguas."},
    {"html/portal.html", "html", "de", "Gesetz über das Wiegen von Briefen", 2,
     0, "§ 1", "Begriff", "§ 2a", "Waage"},
    {"clml/weighing.xml", "clml", "en", "Weighing of Letters Act 1931", 2, 1,
     "1", "Letters", "2A", "Amendment"},
    {"uslm/weighing.xml", "uslm", "en", "Weighing of Letters Act", 2, 0,
     "SECTION 1", "SHORT TITLE.", "SEC. 2", "WEIGHING."},
    {"riigi-teataja/weighing.xml", "riigi-teataja", "et",
     "Kirjade kaalumise seadus", 2, 0, "§ 1", "Kiri", "§ 1¹", "Kaal"},
    {"lexdania/weighing.xml", "lexdania", "da", "Lov om vejning af breve", 2, 0,
     "§ 1", "Et brev er et foldet ark.", "§ 2 a", "Vægten står i kælderen."},
    {"leychile/weighing.xml", "leychile", "es", "PESAJE DE CARTAS", 2, 0,
     "Artículo 1º", "Toda carta será pesada por un funcionario.",
     "Artículo primero", "Las cartas antiguas"},
    {"isb/weighing.xml", "isb", "en", "WEIGHING OF LETTERS ACT 1931", 2, 0, "1",
     "Letters", "2", "An Gníomh"},
    {"docx/weighing.docx", "docx", "es", "LEY DE PESAJE DE CARTAS", 3, 0,
     "Artículo 1", "Objeto", "Artículo 3 bis", "Vigencia"},
    {"word97/weighing.doc", "word97", "es", "LEY DE PESAJE DE CARTAS", 3, 0,
     "Artículo 1", "Objeto", "Artículo 3 bis", "Vigencia"},
    {"rtf/weighing.rtf", "rtf", "es", "LEY DE PESAJE DE CARTAS", 3, 0,
     "Artículo 1", "Objeto", "Artículo 3 bis", "Entra en vigor."},
    {"pdf/weighing.pdf", "pdf", "es", "LEY DE PESAJE DE CARTAS", 4, 0,
     "Artículo 1", "Objeto", "Artículo 4", "Columna"},
    {"lovdata/weighing.html", "lovdata", "nb", "Lov om veiing av brev", 2, 0,
     "§ 1", "Brev", "§ 2 a", "(Opphevet)"},
};

std::vector<LawDocument> Read(const std::string& name) {
  const auto bytes = ReadFile(SamplePath(name));
  EXPECT_TRUE(bytes.has_value()) << name;
  LawReadOptions options;
  options.file_name = name;
  auto documents = ReadLaw(bytes.value_or(""), options);
  EXPECT_OK(documents) << name;
  return documents.ok() ? *std::move(documents) : std::vector<LawDocument>();
}

const v1::Provision& Find(const LawDocument& document, const std::string& id) {
  for (const v1::Provision& provision : document.provisions) {
    if (provision.name() == id) return provision;
  }
  ADD_FAILURE() << "no provision " << id;
  return v1::Provision::default_instance();
}

TEST(LawSamplesTest, AreReadAsTheyAre) {
  for (const Expected& expected : kSamples) {
    SCOPED_TRACE(expected.file);
    const std::vector<LawDocument> documents = Read(expected.file);
    ASSERT_EQ(documents.size(), 1U);
    Check(expected, documents[0]);
    CheckWellFormed(documents[0]);
  }
}

TEST(LawSamplesTest, SeveralVersionsAreSeveralDocuments) {
  const auto documents = Read("akoma-ntoso/two-versions.xml");
  ASSERT_EQ(documents.size(), 2U);
  for (const LawDocument& document : documents) CheckWellFormed(document);
  EXPECT_EQ(documents[0].expression.language(), "sv");
  EXPECT_EQ(documents[0].expression.title(), "Lag om vägning av brev");
  EXPECT_EQ(documents[0].expression.valid_from().date(), "1931-08-01");
  EXPECT_EQ(documents[0].law.adopted(), "1931-07-07");
  EXPECT_EQ(documents[0].law.number(), "7");
  EXPECT_EQ(documents[0].state, "FIN");
  EXPECT_EQ(Find(documents[0], "s-1").text(),
            "Ett brev är ett vikt blad.\nBrev vägs\n1) på morgonen,\n2) på "
            "kvällen.");
  EXPECT_EQ(Find(documents[0], "s-1").parent(), "ch-1");
  EXPECT_EQ(Find(documents[0], "s-2a").text(), "Vikten skrivs på baksidan.");
  EXPECT_EQ(Find(documents[0], "notes").text(), "Ändrad 1932.");
  EXPECT_EQ(documents[1].expression.language(), "fi");
  EXPECT_EQ(documents[1].expression.title(), "Laki kirjeiden punnitsemisesta");
}

TEST(LawSamplesTest, TextIsKeptWithItsNumbers) {
  EXPECT_EQ(Find(Read("clml/weighing.xml")[0], "s-1").text(),
            "(1) A letter is folded.\n(2) It is weighed—\n(a) once, and\n(b) "
            "not twice.");
  EXPECT_EQ(Find(Read("riigi-teataja/weighing.xml")[0], "s-1").text(),
            "(1) Kiri on volditud leht.\n(2) Kiri kaalutakse:\n1) hommikul.");
  EXPECT_EQ(Find(Read("riigi-teataja/weighing.xml")[0], "s-1-1").heading(),
            "Kaal");
  EXPECT_EQ(Find(Read("lexdania/weighing.xml")[0], "s-1").text(),
            "Et brev er et foldet ark.\nStk. 2. Det vejes én gang.");
  EXPECT_EQ(Find(Read("lovdata/weighing.html")[0], "s-1").text(),
            "Et brev\na. er brettet, og\nb. veies én gang.");
  EXPECT_EQ(Find(Read("isb/weighing.xml")[0], "s-2").text(),
            "“An Gníomh” means the act of weighing a letter in the presence of "
            "the person who wrote it.");
  EXPECT_EQ(Find(Read("leychile/weighing.xml")[0], "art-1").text(),
            "Toda carta será pesada por un funcionario.\nEl peso se anota al "
            "dorso.");
}

TEST(LawSamplesTest, QuotedArticlesStayInTheArticleThatQuotesThem) {
  const LawDocument document = Read("text/sylvanie.windows-1252.txt")[0];
  EXPECT_THAT(Find(document, "art-2").text(),
              HasSubstr("« Art. 3.- La lettre est pesée"));
  EXPECT_THAT(Find(document, "art-2").text(), HasSubstr("Art. 4.- Le poids"));
  EXPECT_THAT(Find(document, "art-3").text(), HasSubstr("à l'automne"));
  EXPECT_EQ(Find(document, "art-3-bis").parent(), "title-2");
  EXPECT_EQ(document.encoding, "windows-1252");
}

TEST(LawSamplesTest, PagesAreReadWithoutWhatStandsAroundTheText) {
  const LawDocument document = Read("html/portal.html")[0];
  for (const v1::Provision& provision : document.provisions) {
    for (const char* around :
         {"Startseite", "Suche", "Falsch", "vorbehalten"}) {
      EXPECT_EQ(provision.text().find(around), std::string::npos) << around;
    }
  }
  EXPECT_EQ(Find(document, "s-1").text(),
            "(1) Ein Brief ist ein gefaltetes Blatt, das jemand einem anderen "
            "schickt, der nicht darum gebeten hat.\n(2) Was nicht gefaltet "
            "ist, gilt als Zettel und wird nach den Vorschriften über Zettel "
            "behandelt.");
  EXPECT_THAT(Find(document, "notes").text(),
              HasSubstr("Fassung des Gesetzes"));
  ASSERT_EQ(document.notices.size(), 2U);
}

TEST(LawSamplesTest, BinaryFormatsKeepTextAndNotesApart) {
  const LawDocument pdf = Read("pdf/weighing.pdf")[0];
  EXPECT_EQ(Find(pdf, "art-1").text(),
            "Esta ley regula el pesaje de las cartas que nadie ha pedido y que "
            "llegan a pesar de todo.");
  EXPECT_THAT(Find(pdf, "notes").text(), HasSubstr("3 Nota al pie"));
  for (const v1::Provision& provision : pdf.provisions) {
    EXPECT_EQ(provision.text().find("GACETA"), std::string::npos);
  }
  const LawDocument rtf = Read("rtf/weighing.rtf")[0];
  EXPECT_EQ(Find(rtf, "art-2").text(),
            "La carta se dobla два veces y se pesa.");
  EXPECT_EQ(Find(rtf, "notes").text(), "Nota.");
  const LawDocument docx = Read("docx/weighing.docx")[0];
  EXPECT_EQ(Find(docx, "title-2").heading(), "DISPOSICIONES FINALES");
  EXPECT_EQ(Find(docx, "notes").text(), "Nota al pie.");
}

TEST(LawReaderTest, AScanIsReportedNotReadAsEmpty) {
  const auto documents =
      ReadLaw(ReadFile(SamplePath("pdf/scan.pdf")).value_or(""), {});
  EXPECT_EQ(documents.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(documents.status().message()), HasSubstr("pages: 2"));
}

TEST(LawReaderTest, TheContentDecidesNotTheName) {
  LawReadOptions options;
  options.file_name = "weighing.doc";
  const auto documents =
      ReadLaw(ReadFile(SamplePath("docx/weighing.docx")).value_or(""), options);
  ASSERT_OK(documents);
  EXPECT_EQ(documents->at(0).expression.format(), "docx");
}

TEST(LawSamplesTest, TablesOfContentsAreLeftOutWithANotice) {
  const LawDocument document = Read("text/freedonia-lines.txt")[0];
  ASSERT_EQ(document.notices.size(), 1U);
  EXPECT_THAT(document.notices[0].text, HasSubstr("table of contents"));
  EXPECT_EQ(Find(document, "s-3").text(),
            "Every letter shall be weighed by an officer before it is read, "
            "and the weight shall be written on its back in ink that does not "
            "run.");
  EXPECT_EQ(Find(document, "sched-par-2").parent(), "sched");
}

TEST(LawSamplesTest, TextWithoutStructureIsDividedWithANotice) {
  const LawDocument document = Read("text/no-structure.txt")[0];
  EXPECT_FALSE(document.structure_found);
  EXPECT_EQ(document.provisions[0].kind(), v1::Provision::KIND_TEXT);
  ASSERT_EQ(document.notices.size(), 1U);
  std::string long_text;
  for (int i = 0; i < 2000; ++i) {
    long_text += "Nobody remembers who weighed the letter first.\n";
  }
  const auto documents = ReadLaw(long_text, {});
  ASSERT_OK(documents);
  EXPECT_GT(documents->at(0).provisions.size(), 20U);
  CheckWellFormed(documents->at(0));
}

TEST(LawSamplesTest, TextWithoutLineEndsIsDividedAtItsArticles) {
  const std::string filler =
      "La carta se pesa antes de que alguien la lea y su peso se anota al "
      "dorso con una tinta que no se corre, como manda la costumbre de la "
      "casa, y después se guarda. ";
  std::string text = "LEY DE PESAJE ";
  for (int i = 1; i <= 4; ++i) {
    absl::StrAppend(&text, "Artículo ", i, ". ", filler, filler,
                    "Véase el artículo 9 de otra ley. ");
  }
  const auto documents = ReadLaw(text, {});
  ASSERT_OK(documents);
  EXPECT_EQ(Find(documents->at(0), "art-4").label(), "Artículo 4");
  EXPECT_EQ(documents->at(0).provisions.size(), 5U);
  // Nothing is lost where there is nothing to divide.
  std::string plain;
  for (int i = 0; i < 40; ++i) plain += filler;
  const auto undivided = ReadLaw(plain, {});
  ASSERT_OK(undivided);
  EXPECT_GE(undivided->at(0).expression.text_bytes(),
            static_cast<int64_t>(plain.size()) - 100);
}

TEST(LawSamplesTest, FactsOfTheFileAreKept) {
  const LawDocument markdown = Read("markdown/weighing.md")[0];
  EXPECT_EQ(markdown.law.number(), "LEY-1931-7");
  EXPECT_EQ(markdown.law.published(), "1931-07-07");
  EXPECT_EQ(markdown.law.uri(), "https://example.test/leyes/1931/7");
  EXPECT_EQ(Find(markdown, "art-2-bis").heading(), "Balanzas.");
  EXPECT_THAT(Find(markdown, "art-2").text(), HasSubstr("Carta: hoja doblada"));
  const LawDocument danish = Read("lexdania/weighing.xml")[0];
  EXPECT_EQ(danish.law.number(), "7/1931");
  EXPECT_EQ(danish.law.status(), v1::LAW_STATUS_IN_FORCE);
  EXPECT_EQ(danish.expression.valid_from().date(), "1931-08-01");
  EXPECT_EQ(danish.state, "DNK");
  EXPECT_EQ(Read("leychile/weighing.xml")[0].law.subjects(0), "Cartas");
}

TEST(LawReaderTest, RefusesWhatItCannotRead) {
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"nothing", ""},
      {"white space", " \n\t\r\n"},
      {"XML of no schema", "<?xml version=\"1.0\"?><invoice><a/></invoice>"},
      {"XML that is not well-formed",
       "<?xml version=\"1.0\"?><oigusakt><sisu></oigusakt>"},
      {"a page without text", "<html><body><nav>x</nav></body></html>"},
      {"a gzip file that is cut off", "\x1F\x8B\x08"},
      {"a Zstandard file that is damaged", "\x28\xB5\x2F\xFDxxxxxxx"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(ReadLaw(c.bytes, {}).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(LawReaderTest, EntitiesOfADocumentAreNotExpanded) {
  std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE oigusakt [<!ENTITY a "
      "\"aaaaaaaaaaaaaaaaaaaa\">";
  for (char c = 'b'; c <= 'k'; ++c) {
    const char before = static_cast<char>(c - 1);
    absl::StrAppend(&bomb, "<!ENTITY ", std::string(1, c), " \"");
    for (int i = 0; i < 10; ++i) {
      absl::StrAppend(&bomb, "&", std::string(1, before), ";");
    }
    bomb += "\">";
  }
  bomb +=
      "<!ENTITY file SYSTEM \"file:///etc/passwd\">]><oigusakt><sisu>&k;"
      "&file;</sisu></oigusakt>";
  const auto documents = ReadLaw(bomb, {});
  if (documents.ok()) {
    for (const v1::Provision& provision : documents->at(0).provisions) {
      EXPECT_LT(provision.text().size(), 100U);
    }
  }
}

TEST(LawReaderTest, DeepMarkupIsRefusedNotFollowed) {
  for (const char* tag : {"div", "b", "font", "table"}) {
    std::string deep = "<html><body>";
    for (int i = 0; i < 200000; ++i) absl::StrAppend(&deep, "<", tag, ">");
    (void)ReadLaw(deep, {});
  }
  std::string deep = "<?xml version=\"1.0\"?>";
  for (int i = 0; i < 200000; ++i) deep += "<akomaNtoso>";
  EXPECT_FALSE(ReadLaw(deep, {}).ok());
}

}  // namespace
}  // namespace comity::laws_test
