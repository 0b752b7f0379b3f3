#include "import/columns.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

using Is = Columns::Found::Is;

v1::ImportOptions Options(v1::ImportKind kind) {
  v1::ImportOptions options;
  options.set_kind(kind);
  return options;
}

TEST(ColumnsTest, KnowsHeadersInThreeLanguages) {
  const struct {
    const char* header;
    Field field;
  } cases[] = {
      {"state_alpha3", Field::kState},
      {"Country", Field::kState},
      {"PAYS", Field::kState},
      {"País", Field::kState},
      {"État partie", Field::kState},
      {"instrument_id", Field::kTreaty},
      {"Traité", Field::kTreaty},
      {"Central authority:", Field::kAuthorityName},
      {"Nom de l’autorité", Field::kAuthorityName},
      {"Autoridad  central", Field::kAuthorityName},
      {"E-Mail", Field::kEmail},
      {"Correo electrónico", Field::kEmail},
      {"Téléphone", Field::kTelephone},
      {"Tel/Fax", Field::kTelephoneAndFax},
      {"Langues acceptées", Field::kLanguages},
      {"date_notified", Field::kNotificationDate},
      {"documents_required", Field::kRequiredContents},
  };
  ASSERT_OK_AND_ASSIGN(const Columns columns,
                       Columns::Make(Options(v1::IMPORT_KIND_DESIGNATIONS)));
  for (const auto& c : cases) {
    const Columns::Found found = columns.Find(c.header);
    EXPECT_EQ(found.is, Is::kField) << c.header;
    EXPECT_EQ(found.field, c.field) << c.header;
  }
  EXPECT_EQ(columns.Find("Kontaktstelle").is, Is::kUnknown);
  // Fields of other kinds are not known.
  EXPECT_EQ(columns.Find("deposit_date").is, Is::kUnknown);
}

TEST(ColumnsTest, EveryFieldOfOurOwnFilesIsRead) {
  for (const v1::ImportKind kind :
       {v1::IMPORT_KIND_STATES, v1::IMPORT_KIND_PARTICIPATIONS,
        v1::IMPORT_KIND_DESIGNATIONS}) {
    ASSERT_OK_AND_ASSIGN(const Columns columns, Columns::Make(Options(kind)));
    for (const Field field : FieldsOf(kind)) {
      EXPECT_EQ(columns.Find(FieldName(field)).field, field)
          << FieldName(field);
    }
  }
}

TEST(ColumnsTest, OverridesWin) {
  v1::ImportOptions options = Options(v1::IMPORT_KIND_DESIGNATIONS);
  (*options.mutable_columns())["Kontaktstelle"] = "authority_name";
  (*options.mutable_columns())["name"] = "unit";
  (*options.mutable_columns())["remarks"] = "-";
  ASSERT_OK_AND_ASSIGN(const Columns columns, Columns::Make(options));
  EXPECT_EQ(columns.Find("kontaktstelle").field, Field::kAuthorityName);
  EXPECT_EQ(columns.Find("Name").field, Field::kUnit);
  EXPECT_EQ(columns.Find("Remarks").is, Is::kLeftOut);
  (*options.mutable_columns())["x"] = "no_such_field";
  EXPECT_EQ(Columns::Make(options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ColumnsTest, HeadersAreFoundBelowTitlesAndInMergedCells) {
  const std::string rows = "untoc,mla,LTU,Ministry of Justice\n";
  const struct {
    const char* what;
    const char* header;
  } cases[] = {
      {"alone", "treaty,function,state,authority\n"},
      {"below a title",
       "List of authorities,,,\n,,,\ntreaty,function,state,authority\n"},
      {"in two rows", "treaty,function,state,Contact\n,,,authority\n"},
      {"merged over two rows", ",,state,Contact\ntreaty,function,,authority\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto all = Designations(std::string(c.header) + rows);
    ASSERT_OK(all.status);
    const auto& last = all.records.back();
    EXPECT_EQ(last.state, "states/LTU");
    ASSERT_TRUE(last.has_authority);
    EXPECT_EQ(last.authority.display_names(0).text(), "Ministry of Justice");
    EXPECT_EQ(all.records.size(), 1U);
  }
}

TEST(ColumnsTest, NamesWhatIsWrongWithAHeader) {
  const auto missing = Designations("state,authority\nLTU,Ministry\n");
  EXPECT_EQ(missing.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(missing.status.message().find("treaty, function"),
            absl::string_view::npos)
      << missing.status;
  const auto twice =
      Designations("state,country,treaty,function\nLTU,LTU,untoc,mla\n");
  EXPECT_EQ(twice.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(twice.status.message().find("state"), absl::string_view::npos);
  const auto unknown =
      Designations("state,treaty,function,colour,\nLTU,untoc,mla,blue,x\n");
  ASSERT_OK(unknown.status);
  EXPECT_EQ(
      Printed(unknown.notices),
      "1:4: colour, , no field is known for this column; it was left out");
  EXPECT_EQ(Printed(unknown.records[0].notices),
            "2:5: , x, the column has no header; the cell was left out");
}

}  // namespace
}  // namespace comity::import_test
