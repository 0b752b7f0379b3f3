#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

using T = v1::TelephoneNumber;

// One row under a header that has the required columns in front.
UnderstoodDesignation Row1(absl::string_view headers, absl::string_view cells,
                           v1::ImportOptions options = {}) {
  const auto all = Designations(absl::StrCat("state,treaty,function,", headers,
                                             "\nLVA,untoc,mla,", cells, "\n"),
                                options);
  EXPECT_OK(all.status);
  return all.records.empty() ? UnderstoodDesignation() : all.records[0];
}

std::string Stated(
    const google::protobuf::RepeatedPtrField<v1::AsStated>& list) {
  std::string text;
  for (const v1::AsStated& stated : list) {
    absl::StrAppend(&text, stated.field(), "=", stated.text(), ";");
  }
  return text;
}

TEST(DesignationsTest, UnderstandsARow) {
  v1::ImportOptions options;
  options.set_file_name("/tmp/offices 2011.csv");
  const auto row = Row1(
      "id,article,authority_name,authority_name_lang,unit,address,phone,fax,"
      "email,languages,date_notified,date_basis,source_url,source_kind,"
      "source_as_of,notes",
      "d1,18(13),Ministry of Justice,en,Desk,\"Street 1\nRiga\",+371 1 22 33,"
      "+371 1 22 34,a@b.example,English|Latvian,2011-09-22,"
      "date given with the notification,https://a.example,draft national law,"
      "2010,a note",
      options);
  EXPECT_EQ(Printed(row.problems), "");
  EXPECT_EQ(Printed(row.notices), "");
  EXPECT_EQ(row.state, "states/LVA");
  EXPECT_EQ(row.source_system, "offices 2011");
  EXPECT_EQ(row.source_id, "d1");
  EXPECT_EQ(row.designation.treaty(), "treaties/untoc");
  EXPECT_EQ(row.designation.article(), "18(13)");
  EXPECT_EQ(row.designation.function(), "functions/mla");
  EXPECT_EQ(row.designation.notification().date(), "2011-09-22");
  EXPECT_EQ(row.designation.notification().basis(),
            v1::Notification::BASIS_NOTIFICATION);
  // The day of a notification is never the start of validity.
  EXPECT_FALSE(row.designation.has_valid_from());
  EXPECT_EQ(Stated(row.designation.as_stated()), "languages=English|Latvian;");
  ASSERT_EQ(row.designation.languages_size(), 2);
  EXPECT_EQ(row.designation.languages(1), "lv");
  ASSERT_TRUE(row.has_authority);
  EXPECT_EQ(row.authority.display_names(0).text(), "Ministry of Justice");
  EXPECT_EQ(row.authority.display_names(0).language(), "en");
  EXPECT_EQ(row.authority.unit(), "Desk");
  const v1::Contact& contact = row.authority.contacts(0);
  EXPECT_EQ(contact.addresses(0).lines_size(), 2);
  EXPECT_EQ(contact.telephones(1).kind(), T::KIND_FAX);
  EXPECT_EQ(contact.emails(0), "a@b.example");
  const v1::Source& source = row.designation.sources(0);
  EXPECT_EQ(source.kind(), v1::SOURCE_KIND_DRAFT_NATIONAL_LAW);
  EXPECT_EQ(source.kind_as_stated(), "draft national law");
  EXPECT_EQ(source.as_of(), "2010");
  EXPECT_EQ(source.id(), "d1");
  EXPECT_EQ(contact.sources(0).SerializeAsString(), source.SerializeAsString());
}

TEST(DesignationsTest, KeepsWhatWasPrintedBesideWhatWasUnderstood) {
  const auto row = Row1("article,date_notified,languages,valid_from",
                        "\"art. 18, para. 13\",22/09/2011,lv,1 May 2004");
  EXPECT_EQ(Printed(row.problems), "");
  EXPECT_EQ(row.designation.article(), "18(13)");
  EXPECT_EQ(row.designation.valid_from().date(), "2004-05-01");
  EXPECT_EQ(Stated(row.designation.as_stated()),
            "article=art. 18, para. 13;valid_from=1 May 2004;"
            "notification.date=22/09/2011;");
}

TEST(DesignationsTest, FindsStatesByWhatIsPrinted) {
  const struct {
    const char* printed;
    const char* state;
    const char* stated;
  } cases[] = {
      {"LVA", "states/LVA", ""},
      {"states/LVA", "states/LVA", ""},
      {"Latvia", "states/LVA", "name=Latvia;"},
      {"NA", "states/NAM", "name=NA;"},
      {"Bahrain 3", "states/BHR", "name=Bahrain 3;"},
      {"\"Germany 2,5\"", "states/DEU", "name=Germany 2,5;"},
      {"Fiji²", "states/FJI", "name=Fiji²;"},
      {"Atlantis", "", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.printed);
    const auto all = Designations(
        absl::StrCat("country,treaty,function\n", c.printed, ",untoc,mla\n"));
    ASSERT_EQ(all.records.size(), 1U);
    EXPECT_EQ(all.records[0].state, c.state);
    EXPECT_EQ(Stated(all.records[0].designation.as_stated()), c.stated);
    EXPECT_EQ(all.records[0].problems.empty(), *c.state != '\0');
  }
}

TEST(DesignationsTest, OneNumberForTelephoneAndFax) {
  const auto row = Row1("authority,phone,fax",
                        "Office,\"+355 4 2228359|+355 4 2259388 ext: 2066, "
                        "2012\",+355 4 2228359");
  EXPECT_EQ(Printed(row.problems), "");
  const v1::Contact& contact = row.authority.contacts(0);
  ASSERT_EQ(contact.telephones_size(), 2);
  EXPECT_EQ(contact.telephones(0).kind(), T::KIND_TELEPHONE_AND_FAX);
  EXPECT_EQ(contact.telephones(1).number(), "+355 4 2259388");
  EXPECT_EQ(contact.telephones(1).note(), "ext: 2066, 2012");
  EXPECT_EQ(Stated(contact.as_stated()),
            "telephones[1]=+355 4 2259388 ext: 2066, 2012;");
}

TEST(DesignationsTest, SeveralColumnsForOneList) {
  const auto row = Row1("authority,address,adresse,Tel,telephone,notes,remarks",
                        "Office,Street 1,Riga,+371 111,+371 222,one,two");
  EXPECT_EQ(Printed(row.problems), "");
  EXPECT_EQ(row.authority.contacts(0).addresses(0).lines_size(), 2);
  EXPECT_EQ(row.authority.contacts(0).telephones_size(), 2);
  EXPECT_EQ(row.designation.notes_size(), 2);
}

TEST(DesignationsTest, NamesEveryBadCell) {
  const struct {
    const char* header;
    const char* cell;
    const char* problem;
  } cases[] = {
      {"article", "everywhere",
       "2:4: article, everywhere, must cite one article, such as 18(13) or "
       "art. 18, para. 13"},
      {"date_notified", "2011-02-30",
       "2:4: date_notified, 2011-02-30, must be a day of the calendar, such as "
       "2011-09-22 or 22 September 2011"},
      {"date_notified", "03/04/2011",
       "2:4: date_notified, 03/04/2011, is ambiguous: state whether the day or "
       "the month comes first"},
      {"languages", "English|Klingonese",
       "2:4: languages, Klingonese, must be a language: a BCP 47 tag, or a "
       "name "
       "in English, French or Spanish"},
      {"unit", "Desk",
       "2:0: authority_name, , is required, since the row has a value for "
       "unit"},
      {"source_as_of", "soon",
       "2:4: source_as_of, soon, must be a day, a month or a year, such as "
       "2011-09-22, 2011-09 or 2011"},
      {"valid_until", "someday",
       "2:4: valid_until, someday, must be a day of the calendar, such as "
       "2011-09-22 or 22 September 2011, or `open`, or `unknown`"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.cell);
    EXPECT_EQ(Printed(Row1(c.header, c.cell).problems), c.problem);
  }
  const struct {
    const char* header;
    const char* cell;
    const char* rule;
  } office[] = {
      {"phone", "n/a", "must hold a telephone number"},
      {"email", "a(at)b.example", "must be an e-mail address"},
      {"website", "none", "must be the address of a web page"},
      {"time_zone", "local time",
       "must be an IANA time zone such as Europe/Riga, or an offset such as "
       "UTC+02:00"},
      {"authority_name_lang", "English and French", "must be one language"},
      {"authority_kind", "friendly",
       "must be central authority, competent authority, contact point, focal "
       "point or 24/7"},
  };
  for (const auto& c : office) {
    SCOPED_TRACE(c.cell);
    const auto row =
        Row1(absl::StrCat("authority,", c.header), absl::StrCat("A,", c.cell));
    ASSERT_EQ(row.problems.size(), 1U);
    EXPECT_EQ(row.problems[0].rule(), c.rule);
    EXPECT_EQ(row.problems[0].column(), 5);
  }
}

TEST(DesignationsTest, NamesWhatIsWrongWithRows) {
  const auto all = Designations(
      "state,treaty,function,id\n"
      "LVA,untoc,mla,1\n"
      "LVA,untoc,mla\n"
      "LVA,untoc,mla,1\n"
      ",untoc,mla,4\n"
      "LVA,untoc,mla,5,6\n"
      "LVA,\"untoc\"x,mla,7\n");
  ASSERT_OK(all.status);
  std::string problems;
  for (const auto& record : all.records) {
    absl::StrAppend(&problems, Printed(record.problems), "\n");
  }
  EXPECT_EQ(problems,
            "\n"
            "3:0: , , the row has 3 cells, but the header has 4\n"
            "4:4: id, 1, stands in line 2 already\n"
            "5:1: state, , is required\n"
            "6:0: , , the row has 5 cells, but the header has 4\n"
            "7:2: treaty, untocx, text follows the closing quote\n");
}

TEST(DesignationsTest, PlaceholdersAreKeptAndTold) {
  const auto row = Row1("authority,unit", "Office,n/a");
  EXPECT_EQ(row.authority.unit(), "n/a");
  EXPECT_EQ(Printed(row.notices),
            "2:5: unit, n/a, was kept as it stands; leave the cell empty if "
            "nothing is known");
}

TEST(DesignationsTest, RequirementsWithoutAnOffice) {
  const auto row =
      Row1("documents_required", "\"the offence: date|the order\"");
  EXPECT_EQ(Printed(row.problems), "");
  EXPECT_FALSE(row.has_authority);
  EXPECT_EQ(row.authority.ByteSizeLong(), 0U);
  ASSERT_EQ(row.designation.required_contents_size(), 2);
  EXPECT_EQ(row.designation.required_contents(0), "the offence: date");
}

TEST(DesignationsTest, FormatsOfOneContentAreUnderstoodAlike) {
  const std::string csv =
      "id,state,treaty,function,article,authority_name,phone,languages,"
      "date_notified\n"
      "d1,LTU,untoc,mla,13,Office,+370 1 22 33|+370 1 22 34,English|Russian,"
      "2011-09-22\n";
  const std::string jsonl =
      "{\"id\":\"d1\",\"state\":\"LTU\",\"treaty\":\"untoc\",\"function\":"
      "\"mla\",\"article\":13,\"authority_name\":\"Office\",\"phone\":"
      "[\"+370 1 22 33\",\"+370 1 22 34\"],\"languages\":[\"English\","
      "\"Russian\"],\"date_notified\":\"2011-09-22\",\"unit\":null}\n";
  const std::string xlsx =
      Workbook({{"id", "state", "treaty", "function", "article",
                 "authority_name", "phone", "languages", "date_notified"},
                {"d1", "LTU", "untoc", "mla", "=n13", "Office",
                 "+370 1 22 33|+370 1 22 34", "English|Russian", "=d40808"}});
  const auto a = Designations(csv);
  const auto b = Designations(jsonl);
  const auto c = Designations(xlsx);
  ASSERT_OK(c.status);
  ASSERT_EQ(a.records.size(), 1U);
  ASSERT_EQ(b.records.size(), 1U);
  ASSERT_EQ(c.records.size(), 1U);
  EXPECT_EQ(Printed(a.records[0].problems), "");
  EXPECT_EQ(Printed(a.records[0]), Printed(b.records[0]));
  EXPECT_EQ(Printed(a.records[0]), Printed(c.records[0]));
}

TEST(DesignationsTest, ReadsFrenchAndSpanishTables) {
  const auto french = Designations(
      "Pays;Traité;Fonction;Autorité centrale;Langues acceptées;Date de "
      "notification\n"
      "Lettonie;UNTOC;Entraide judiciaire;Ministère de la Justice;anglais, "
      "letton;22 sept. 2011\n");
  ASSERT_OK(french.status);
  ASSERT_EQ(french.records.size(), 1U);
  EXPECT_EQ(Printed(french.records[0].problems), "");
  EXPECT_EQ(french.records[0].state, "states/LVA");
  EXPECT_EQ(french.records[0].designation.languages(1), "lv");
  EXPECT_EQ(french.records[0].designation.notification().date(), "2011-09-22");
  const auto spanish = Designations(
      "País\tTratado\tFunción\tAutoridad central\tIdiomas\tFecha de "
      "notificación\n"
      "España\tUNTOC\tExtradición\tMinisterio de Justicia\tespañol e "
      "inglés\t22 de septiembre de 2011\n");
  ASSERT_OK(spanish.status);
  ASSERT_EQ(spanish.records.size(), 1U);
  EXPECT_EQ(Printed(spanish.records[0].problems), "");
  EXPECT_EQ(spanish.records[0].state, "states/ESP");
  EXPECT_EQ(spanish.records[0].designation.languages(1), "en");
}

}  // namespace
}  // namespace comity::import_test
