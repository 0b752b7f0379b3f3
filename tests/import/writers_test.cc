#include "import/writers.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "comity/v1/import_service.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

template <class M>
M FromText(const char* text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

v1::Authority Office() {
  return FromText<v1::Authority>(R"pb(
    name: "states/ALB/authorities/ministry"
    display_names { text: "Ministry, \"of\" Justice; MJ" language: "en" }
    display_names { text: "Ministria e Drejtësisë" language: "sq" }
    unit: "Desk"
    kind: KIND_CENTRAL_AUTHORITY
    contacts {
      addresses { lines: "Blv. Zog I" lines: "Tirana, Albania" }
      telephones { number: "+355 4 2228359" kind: KIND_TELEPHONE_AND_FAX }
      telephones {
        number: "+355 4 2259388"
        kind: KIND_TELEPHONE
        note: "ext: 2066, 2012"
      }
      telephones { number: "+355 1 111" kind: KIND_FAX }
      telephones { number: "+355 2 222" kind: KIND_OUTSIDE_OFFICE_HOURS }
      emails: "a@b.example"
      websites: "www.b.example"
      office_hours: "0800 - 1800"
      time_zone: "UTC+01:00"
      sources { uri: "https://source.example/a,b" }
    }
    contacts {
      addresses { lines: "Elsewhere" kind: KIND_STREET }
      time_zone: "Europe/Tirane"
    }
    languages: "sq"
    languages: "en"
    notes: "A note."
    update_time { seconds: 1700000000 })pb");
}

TEST(WritersTest, JsonIsTheSameForTheSameMessage) {
  v1::ImportOptions a;
  v1::ImportOptions b;
  for (int i = 0; i < 50; ++i) {
    (*a.mutable_columns())[absl::StrCat("k", i)] = "v";
    (*b.mutable_columns())[absl::StrCat("k", 49 - i)] = "v";
  }
  EXPECT_EQ(Json(a), Json(b));
  EXPECT_LT(Json(a).find("\"k1\""), Json(a).find("\"k2\""));
  v1::Record record;
  record.mutable_authority()->set_name("states/LVA/authorities/x");
  record.mutable_authority()->set_unit("é\n\"");
  std::string line;
  AppendJsonLine(record, &line);
  EXPECT_EQ(line,
            "{\"authority\":{\"name\":\"states/LVA/authorities/x\",\"unit\":"
            "\"é\\n\\\"\"}}\n");
}

TEST(WritersTest, ADesignationLoadsBackFromCsv) {
  const auto designation = FromText<v1::Designation>(R"pb(
    name: "states/ALB/designations/x"
    authority: "states/ALB/authorities/ministry"
    treaty: "treaties/coe-ets-030"
    article: "24"
    function: "functions/mla"
    valid_from { date: "2001-02-03" }
    valid_until { open: true }
    notification {
      date: "2000-11-06"
      basis: BASIS_REGISTRATION
      reference: "C.N.1"
    }
    languages: "sq"
    languages: "en"
    required_contents: "=HYPERLINK(\"x\")"
    required_contents: "two, with comma"
    competence: "-'all"
    time_limits: "''=2"
    sources {
      document: "Form"
      uri: "https://a.example"
      kind: SOURCE_KIND_ORGANISATION
      as_of: "2010"
      system: "sys"
      id: "d1"
      note: "n"
    }
    notes: "one"
    notes: "two")pb");
  const v1::Authority office = Office();
  std::string csv = DesignationCsvHeader();
  AppendDesignationCsv(designation, &office, &csv);
  // No cell begins with what a spreadsheet runs.
  EXPECT_EQ(csv.find(",="), std::string::npos);
  EXPECT_EQ(csv.find("\"="), std::string::npos);
  EXPECT_EQ(csv.find(",+"), std::string::npos);
  EXPECT_EQ(csv.find(",-"), std::string::npos);
  const auto all = Designations(csv);
  ASSERT_OK(all.status);
  ASSERT_EQ(all.records.size(), 1U);
  const UnderstoodDesignation& back = all.records[0];
  EXPECT_EQ(Printed(back.problems), "");
  EXPECT_EQ(back.state, "states/ALB");
  EXPECT_EQ(back.source_system, "sys");
  v1::Designation expected = designation;
  expected.clear_name();
  expected.clear_authority();
  EXPECT_EQ(back.designation.DebugString(), expected.DebugString());
  EXPECT_EQ(back.authority.display_names(0).text(),
            office.display_names(0).text());
  v1::Contact contact = office.contacts(0);
  contact.clear_sources();
  v1::Contact back_contact = back.authority.contacts(0);
  back_contact.clear_sources();
  back_contact.clear_as_stated();
  // Numbers come back in the order of their columns.
  ASSERT_EQ(back_contact.telephones_size(), 4);
  EXPECT_EQ(back_contact.telephones(0).note(), "ext: 2066, 2012");
  back_contact.clear_telephones();
  contact.clear_telephones();
  EXPECT_EQ(back_contact.DebugString(), contact.DebugString());
}

TEST(WritersTest, StatesAndParticipationsLoadBackFromCsv) {
  const auto state = FromText<v1::State>(R"pb(
    name: "states/LVA"
    kind: KIND_STATE
    alpha2: "LV"
    m49: "428"
    membership: MEMBERSHIP_MEMBER
    short_names { text: "Latvia" language: "en" }
    short_names { text: "Letonia" language: "es" }
    formal_names { text: "the Republic of Latvia" language: "en" }
    other_names { text: "Latvian SSR" kind: KIND_FORMER }
    region: "Europe"
    languages: "lv"
    time_zones: "Europe/Riga"
    sources { document: "Register" kind: SOURCE_KIND_REGISTER })pb");
  std::string csv = StateCsvHeader();
  AppendStateCsv(state, &csv);
  const auto states = States(csv);
  ASSERT_OK(states.status);
  ASSERT_EQ(states.records.size(), 1U);
  EXPECT_EQ(Printed(states.records[0].problems), "");
  EXPECT_EQ(states.records[0].state.DebugString(), state.DebugString());

  const auto participation = FromText<v1::Participation>(R"pb(
    name: "treaties/uncac/participations/BTN"
    signature_date: "2005-09-15"
    periods {
      act: BINDING_ACT_RATIFICATION
      deposit_date: "2016-09-21"
      deposit_basis: DATE_BASIS_DERIVED
      entry_into_force: "2016-10-21"
      entry_into_force_basis: DATE_BASIS_STATED
      end { unknown: true }
      act_inferred: true
    }
    periods {
      act: BINDING_ACT_ACCESSION
      deposit_date: "2023-09-27"
      deposit_basis: DATE_BASIS_STATED
      notes: "a note"
    }
    complete_as_of: "2024-04-20"
    sources { uri: "https://a.example" as_of: "2024" fields: "periods[0]" }
    sources {
      uri: "https://b.example"
      as_of: "2024-04-20"
      fields: "periods[1]"
    })pb");
  csv = ParticipationCsvHeader();
  AppendParticipationCsv(participation, &csv);
  const auto back = Participations(csv);
  ASSERT_OK(back.status);
  ASSERT_EQ(back.records.size(), 1U);
  EXPECT_EQ(Printed(back.records[0].problems), "");
  EXPECT_EQ(back.records[0].participation.DebugString(),
            participation.DebugString());
}

TEST(WritersTest, WritesOneCardPerContact) {
  std::string cards;
  AppendVcards(Office(), "Albania", &cards);
  EXPECT_EQ(
      cards,
      "BEGIN:VCARD\r\nVERSION:4.0\r\n"
      "UID;VALUE=text:states/ALB/authorities/ministry\r\nKIND:org\r\n"
      "FN;LANGUAGE=en:Ministry\\, \"of\" Justice\\; MJ\r\n"
      "FN;LANGUAGE=sq:Ministria e Drejtësisë\r\n"
      "ORG:Ministry\\, \"of\" Justice\\; MJ;Desk\r\n"
      "LANG;PREF=1:sq\r\nLANG;PREF=2:en\r\nNOTE:A note.\r\n"
      "ADR;LABEL=\"Blv. Zog I^nTirana, Albania\":;;Blv. Zog I,Tirana\\, "
      "Albania;;;;Al\r\n bania\r\n"
      "TEL;VALUE=text;TYPE=\"work,voice,fax\":+355 4 2228359\r\n"
      "TEL;VALUE=text;TYPE=\"work,voice\":+355 4 2259388 (ext: 2066\\, "
      "2012)\r\n"
      "TEL;VALUE=text;TYPE=\"work,fax\":+355 1 111\r\n"
      "TEL;VALUE=text;TYPE=\"work,voice\":+355 2 222 (outside office hours)\r\n"
      "EMAIL;TYPE=work:a@b.example\r\nURL:https://www.b.example\r\n"
      "TZ;VALUE=utc-offset:+0100\r\nNOTE:Office hours: 0800 - 1800\r\n"
      "SOURCE:https://source.example/a,b\r\nREV:20231114T221320Z\r\n"
      "END:VCARD\r\n"
      "BEGIN:VCARD\r\nVERSION:4.0\r\n"
      "UID;VALUE=text:states/ALB/authorities/ministry#2\r\nKIND:org\r\n"
      "FN;LANGUAGE=en:Ministry\\, \"of\" Justice\\; MJ\r\n"
      "FN;LANGUAGE=sq:Ministria e Drejtësisë\r\n"
      "ORG:Ministry\\, \"of\" Justice\\; MJ;Desk\r\n"
      "LANG;PREF=1:sq\r\nLANG;PREF=2:en\r\nNOTE:A note.\r\n"
      "ADR;LABEL=\"Elsewhere\":;;Elsewhere;;;;Albania\r\n"
      "TZ:Europe/Tirane\r\nREV:20231114T221320Z\r\nEND:VCARD\r\n");
}

TEST(WritersTest, FoldsCardsOnBordersOfCharacters) {
  v1::Authority office;
  std::string name;
  for (int i = 0; i < 60; ++i) name += i % 3 == 0 ? "ж" : "中";
  office.add_display_names()->set_text(name);
  std::string cards;
  AppendVcards(office, "", &cards);
  std::string unfolded;
  for (const absl::string_view line : absl::StrSplit(cards, "\r\n")) {
    EXPECT_LE(line.size(), 75U);
    EXPECT_TRUE(IsText(line) || line.empty());
    const bool goes_on = !line.empty() && line[0] == ' ';
    absl::StrAppend(&unfolded, goes_on ? "" : "\n",
                    line.substr(goes_on ? 1 : 0));
  }
  EXPECT_NE(unfolded.find(absl::StrCat("\nFN:", name, "\n")),
            std::string::npos);
}

}  // namespace
}  // namespace comity::import_test
