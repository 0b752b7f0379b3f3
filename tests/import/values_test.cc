#include "import/values.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace comity::import_test {
namespace {

constexpr v1::DateOrder kNoOrder = v1::DATE_ORDER_UNSPECIFIED;

TEST(ValuesTest, ReadsDaysAsSourcesPrintThem) {
  const char* const same[] = {"2011-09-22",
                              "22/09/2011",
                              "22.09.2011",
                              "22-09-2011",
                              "2011/09/22",
                              "2011.9.22",
                              "09/22/2011",
                              "22 September 2011",
                              "22 Sept. 2011",
                              "22nd September 2011",
                              "22nd of September, 2011",
                              "September 22, 2011",
                              "Sep 22 2011",
                              "22-Sep-2011",
                              "22 sept. 2011",
                              "22 septembre 2011",
                              "le 22 septembre 2011",
                              "22 de septiembre de 2011",
                              "22 de setiembre de 2011",
                              "2011 September 22",
                              "2011-09-22T00:00:00",
                              "2011-09-22 10:30:00",
                              " 22/9/2011\xC2\xA0"};
  for (const char* const text : same) {
    const auto date = ParseDate(text, kNoOrder);
    ASSERT_TRUE(date.ok()) << text << ": " << date.status();
    EXPECT_EQ(*date, "2011-09-22") << text;
  }
  EXPECT_EQ(*ParseDate("1er août 2003", kNoOrder), "2003-08-01");
  EXPECT_EQ(*ParseDate("15 févr. 2004", kNoOrder), "2004-02-15");
  EXPECT_EQ(*ParseDate("1º de enero de 2004", kNoOrder), "2004-01-01");
  EXPECT_EQ(*ParseDate("04/04/2011", kNoOrder), "2011-04-04");
  EXPECT_EQ(*ParseDate("03.04.2011", kNoOrder), "2011-04-03");
}

TEST(ValuesTest, RefusesWhatIsNoDay) {
  for (const char* const text :
       {"", "2011-02-30", "2011-13-01", "31/04/2011", "22/09/11", "2011",
        "September 2011", "22 Foo 2011", "40808", "n/a", "2011-09-22-01",
        "0 September 2011", "32 May 2011", "22 September 11", "NA",
        "0000-01-01"}) {
    EXPECT_FALSE(ParseDate(text, kNoOrder).ok()) << text;
  }
}

TEST(ValuesTest, AsksForTheOrderOfAmbiguousDays) {
  const auto ambiguous = ParseDate("03/04/2011", kNoOrder);
  ASSERT_FALSE(ambiguous.ok());
  EXPECT_EQ(ambiguous.status().message(),
            "is ambiguous: state whether the day or the month comes first");
  EXPECT_EQ(*ParseDate("03/04/2011", v1::DATE_ORDER_DAY_FIRST), "2011-04-03");
  EXPECT_EQ(*ParseDate("03/04/2011", v1::DATE_ORDER_MONTH_FIRST), "2011-03-04");
  // What was said to come first does not fit.
  EXPECT_FALSE(ParseDate("09/22/2011", v1::DATE_ORDER_DAY_FIRST).ok());
  EXPECT_FALSE(ParseDate("22/09/2011", v1::DATE_ORDER_MONTH_FIRST).ok());
}

TEST(ValuesTest, ReadsPartialDays) {
  EXPECT_EQ(*ParsePartialDate("2014", kNoOrder), "2014");
  EXPECT_EQ(*ParsePartialDate("2014-03", kNoOrder), "2014-03");
  EXPECT_EQ(*ParsePartialDate("mars 2014", kNoOrder), "2014-03");
  EXPECT_EQ(*ParsePartialDate("3 mars 2014", kNoOrder), "2014-03-03");
  EXPECT_FALSE(ParsePartialDate("14", kNoOrder).ok());
  EXPECT_EQ(*ParseAsOf("after 2014-11-11", kNoOrder), "2014-11-11");
  EXPECT_EQ(*ParseAsOf("2024 (cites a later page)", kNoOrder), "2024");
  EXPECT_FALSE(ParseAsOf("recently", kNoOrder).ok());
}

TEST(ValuesTest, KnowsLanguagesByTagAndName) {
  const struct {
    const char* text;
    const char* tag;
  } cases[] = {
      {"en", "en"},           {"EN", "en"},          {"pt-br", "pt-BR"},
      {"zh-hant", "zh-Hant"}, {"fr_CA", "fr-CA"},    {"English", "en"},
      {"anglais", "en"},      {"inglés", "en"},      {"espagnol", "es"},
      {"Castilian", "es"},    {"Lithuanian", "lt"},  {"français", "fr"},
      {"русский", "ru"},      {"Moldovan", "ro-MD"}, {"ukrainien", "uk"},
      {"Slovenian", "sl"},    {"Slovene", "sl"},     {"eslovaco", "sk"},
      {"العربية", "ar"},      {"Chinese", "zh"},     {"Dari", "fa-AF"}};
  for (const auto& c : cases) {
    const auto tag = ParseLanguage(c.text);
    ASSERT_TRUE(tag.has_value()) << c.text;
    EXPECT_EQ(*tag, c.tag) << c.text;
  }
  for (const char* const text :
       {"", "Klingonese", "xx", "zz", "e", "n/a", "-", "English?!x", "12"}) {
    EXPECT_FALSE(ParseLanguage(text).has_value()) << text;
  }
}

TEST(ValuesTest, TakesListsOfLanguagesApart) {
  for (const char* const text :
       {"English|French", "English, French", "English and French",
        "English; French", "English/French", "English\nFrench"}) {
    EXPECT_EQ(absl::StrJoin(LanguageItems(text), "+"), "English+French")
        << text;
  }
  EXPECT_EQ(absl::StrJoin(LanguageItems("español e inglés"), "+"),
            "español+inglés");
  EXPECT_EQ(absl::StrJoin(LanguageItems("anglais, français ou arabe"), "+"),
            "anglais+français+arabe");
}

TEST(ValuesTest, ReadsTimeZones) {
  const struct {
    const char* text;
    const char* zone;
  } cases[] = {{"Europe/Vilnius", "Europe/Vilnius"},
               {"UTC", "UTC+00:00"},
               {"GMT +/- 0", "UTC+00:00"},
               {"GMT+1", "UTC+01:00"},
               {"UTC-03:30", "UTC-03:30"},
               {"+0530", "UTC+05:30"},
               {"Z", "UTC+00:00"},
               {"UTC +5:45", "UTC+05:45"}};
  for (const auto& c : cases) {
    const auto zone = ParseTimeZone(c.text);
    ASSERT_TRUE(zone.has_value()) << c.text;
    EXPECT_EQ(*zone, c.zone) << c.text;
  }
  for (const char* const text :
       {"", "Mars/Base", "GMT+25", "local", "UTC+1:99"}) {
    EXPECT_FALSE(ParseTimeZone(text).has_value()) << text;
  }
}

std::string Telephones(absl::string_view text) {
  return absl::StrJoin(
      TelephoneItems(text), " & ",
      [](std::string* out, absl::string_view item) {
        const auto parsed = ParseTelephone(item);
        if (!parsed.has_value()) return absl::StrAppend(out, "none");
        absl::StrAppend(out, parsed->number);
        if (!parsed->note.empty())
          absl::StrAppend(out, " [", parsed->note, "]");
        if (parsed->kind != v1::TelephoneNumber::KIND_UNSPECIFIED) {
          absl::StrAppend(out, " ", static_cast<int>(parsed->kind));
        }
      });
}

TEST(ValuesTest, TakesTelephonesApart) {
  const struct {
    const char* text;
    const char* numbers;
  } cases[] = {
      {"+371 7219263", "+371 7219263"},
      {"(673) 226 1177", "(673) 226 1177"},
      {"+49 (0) 40-31900", "+49 (0) 40-31900"},
      {"+355 4 2228359|+355 4 2259388 ext: 2066, 2012, 2014",
       "+355 4 2228359 & +355 4 2259388 [ext: 2066, 2012, 2014]"},
      {"+46 8 405 45 00 (Secretariat)", "+46 8 405 45 00 [Secretariat]"},
      {"Secretariat: +46 8 405 45 00", "+46 8 405 45 00 [Secretariat]"},
      {"+1 202 555 0100; +1 202 555 0101", "+1 202 555 0100 & +1 202 555 0101"},
      {"+1 202 555 0100, +1 202 555 0101", "+1 202 555 0100 & +1 202 555 0101"},
      {"+1 202 555 0100 / +1 202 555 0101",
       "+1 202 555 0100 & +1 202 555 0101"},
      {"+1 202 555 0100\n+1 202 555 0101", "+1 202 555 0100 & +1 202 555 0101"},
      {"+1 202 555 0100 or +1 202 555 0101",
       "+1 202 555 0100 & +1 202 555 0101"},
      {"+49 40 31900/31901", "+49 40 31900/31901"},
      {"Tel.: +32 2 210 57 98", "+32 2 210 57 98 1"},
      {"Fax: +32 2 210 57 98", "+32 2 210 57 98 2"},
      {"Tel./Fax: +32 2 210 57 98", "+32 2 210 57 98 3"},
      {"+32 2 210 57 98 (fax)", "+32 2 210 57 98 2"},
      {"+32 2 210 (ext. 12)", "+32 2 210 [ext. 12]"},
      {"n/a", "none"},
      {"call the desk", "none"},
      {"", ""},
  };
  for (const auto& c : cases)
    EXPECT_EQ(Telephones(c.text), c.numbers) << c.text;
}

TEST(ValuesTest, ChecksAddressesOfMailAndPagesLoosely) {
  EXPECT_EQ(*ParseEmail("antidrugs@revenue.ie"), "antidrugs@revenue.ie");
  EXPECT_EQ(*ParseEmail("mailto:a@b.example"), "a@b.example");
  for (const char* const text :
       {"", "a", "a@b", "a@@b.example", "a b@c.example", "@b.example",
        "a@.example", "a@b..example", "a@b.example."}) {
    EXPECT_FALSE(ParseEmail(text).has_value()) << text;
  }
  for (const char* const text :
       {"www.ministry.example", "https://ministry.example/a?b=c d"}) {
    EXPECT_EQ(IsWebsite(text),
              std::string(text).find(' ') == std::string::npos);
  }
  EXPECT_FALSE(IsWebsite("none"));
  EXPECT_FALSE(IsWebsite("a@b.example"));
}

TEST(ValuesTest, UnderstandsWordsForKinds) {
  const struct {
    const char* text;
    v1::SourceKind kind;
  } sources[] = {{"copy of depositary text", v1::SOURCE_KIND_DEPOSITARY_COPY},
                 {"copy of depositary text, other treaty",
                  v1::SOURCE_KIND_DEPOSITARY_COPY},
                 {"depositary notification", v1::SOURCE_KIND_DEPOSITARY},
                 {"national law or gazette", v1::SOURCE_KIND_NATIONAL_LAW},
                 {"draft national law", v1::SOURCE_KIND_DRAFT_NATIONAL_LAW},
                 {"Council of Europe country information form",
                  v1::SOURCE_KIND_ORGANISATION},
                 {"foreign_gazette", v1::SOURCE_KIND_FOREIGN_GAZETTE},
                 {"SOURCE_KIND_EDITOR", v1::SOURCE_KIND_EDITOR},
                 {"hearsay", v1::SOURCE_KIND_UNSPECIFIED}};
  for (const auto& c : sources) {
    EXPECT_EQ(ParseSourceKind(c.text), c.kind) << c.text;
  }
  using N = v1::Notification;
  const struct {
    const char* text;
    N::Basis basis;
  } bases[] = {
      {"date given with the notification", N::BASIS_NOTIFICATION},
      {"date given with the declaration", N::BASIS_NOTIFICATION},
      {"date given with the declaration (deposit of instrument)",
       N::BASIS_DEPOSIT},
      {"date of deposit as printed", N::BASIS_DEPOSIT},
      {"date of the ratification law", N::BASIS_NATIONAL_LAW},
      {"date the decree was signed", N::BASIS_NATIONAL_LAW},
      {"date the resolution was approved", N::BASIS_NATIONAL_LAW},
      {"date of the letter (registered 2000-11-24)", N::BASIS_NOTIFICATION},
      {"date the update was registered", N::BASIS_REGISTRATION},
      {"somebody's birthday", N::BASIS_OTHER}};
  for (const auto& c : bases) {
    EXPECT_EQ(ParseNotificationBasis(c.text), c.basis) << c.text;
  }
  EXPECT_EQ(ParseBindingAct("a"), v1::BINDING_ACT_ACCESSION);
  EXPECT_EQ(ParseBindingAct("A"), v1::BINDING_ACT_ACCEPTANCE);
  EXPECT_EQ(ParseBindingAct("adhésion"), v1::BINDING_ACT_ACCESSION);
  EXPECT_EQ(ParseBindingAct("formal confirmation"),
            v1::BINDING_ACT_FORMAL_CONFIRMATION);
  EXPECT_EQ(ParseBindingAct("a promise"), v1::BINDING_ACT_UNSPECIFIED);
  // What our own files say comes back.
  for (int kind = 1; kind <= v1::SourceKind_MAX; ++kind) {
    const auto value = static_cast<v1::SourceKind>(kind);
    EXPECT_EQ(ParseSourceKind(SourceKindWord(value)), value);
  }
  for (int act = 1; act <= v1::BindingAct_MAX; ++act) {
    const auto value = static_cast<v1::BindingAct>(act);
    EXPECT_EQ(ParseBindingAct(BindingActWord(value)), value);
  }
  for (int basis = 1; basis <= N::Basis_MAX; ++basis) {
    const auto value = static_cast<N::Basis>(basis);
    EXPECT_EQ(ParseNotificationBasis(NotificationBasisWord(value)), value);
  }
  for (int kind = 1; kind <= v1::Authority::Kind_MAX; ++kind) {
    const auto value = static_cast<v1::Authority::Kind>(kind);
    EXPECT_EQ(ParseAuthorityKind(AuthorityKindWord(value)), value);
  }
}

TEST(ValuesTest, LeavesOutFootnotes) {
  for (const char* const text :
       {"Bahrain 3", "Bahrain 2,5", "Bahrain³", "Bahrain *", "Bahrain [4]",
        "Bahrain (12)", "Bahrain¹,²", "Bahrain †", "Bahrain"}) {
    EXPECT_EQ(WithoutFootnotes(text), "Bahrain") << text;
  }
  EXPECT_EQ(WithoutFootnotes("Bolivia (Plurinational State of)"),
            "Bolivia (Plurinational State of)");
  EXPECT_EQ(WithoutFootnotes("123"), "");
}

}  // namespace
}  // namespace comity::import_test
