// The files that the project was given to try with, where they are at hand.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "import/columns.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

class SharedFilesTest : public ::testing::Test {
 protected:
  // Skips the test, and gives nothing, if the file is not at hand.
  std::string File(const std::string& name) {
    std::optional<std::string> file = ReadFile(
        absl::StrCat(COMITY_SOURCE_DIR, "/../shared/data/directory/", name));
    return file.value_or("");
  }
};

#define SKIP_WITHOUT(file) \
  if ((file).empty()) GTEST_SKIP() << "the shared files are not at hand"

// Every text in a message, with those in messages in it.
void CollectTexts(const google::protobuf::Message& message,
                  std::multiset<std::string>* texts) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const int size =
        field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() ==
          google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        CollectTexts(field->is_repeated()
                         ? reflection->GetRepeatedMessage(message, field, i)
                         : reflection->GetMessage(message, field),
                     texts);
      } else if (field->cpp_type() ==
                 google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        texts->insert(field->is_repeated()
                          ? reflection->GetRepeatedString(message, field, i)
                          : reflection->GetString(message, field));
      }
    }
  }
}

TEST_F(SharedFilesTest, DesignationsAreUnderstoodAlikeFromBothFormats) {
  const std::string csv = File("designations.csv");
  const std::string jsonl = File("designations.jsonl");
  SKIP_WITHOUT(csv);
  const auto a = Designations(csv);
  const auto b = Designations(jsonl);
  ASSERT_OK(a.status);
  ASSERT_OK(b.status);
  EXPECT_EQ(Printed(a.notices), "");
  EXPECT_EQ(Printed(b.notices), "");
  ASSERT_EQ(a.records.size(), 52U);
  ASSERT_EQ(b.records.size(), 52U);
  for (size_t i = 0; i < a.records.size(); ++i) {
    EXPECT_EQ(Printed(a.records[i].problems), "");
    EXPECT_EQ(Printed(a.records[i].notices), "");
    EXPECT_EQ(Printed(a.records[i]), Printed(b.records[i]));
  }
}

TEST_F(SharedFilesTest, EveryCellOfTheDesignationsEndsInAField) {
  const std::string csv = File("designations.csv");
  SKIP_WITHOUT(csv);
  const auto records = Designations(csv).records;
  ASSERT_OK_AND_ASSIGN(const std::vector<Row> rows, ReadRows(csv));
  ASSERT_EQ(rows.size(), records.size() + 1);
  for (size_t i = 0; i < records.size(); ++i) {
    std::multiset<std::string> texts;
    CollectTexts(records[i].authority, &texts);
    CollectTexts(records[i].designation, &texts);
    texts.insert(records[i].state);
    std::string all = "\n";
    for (const std::string& text : texts) absl::StrAppend(&all, text, "\n");
    for (const Cell& cell : rows[i + 1].cells) {
      std::string text = cell.text;
      std::replace(text.begin(), text.end(), '|', '\n');
      for (size_t start = 0; start <= text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        EXPECT_NE(all.find(text.substr(start, end - start)), std::string::npos)
            << "row " << rows[i + 1].line << ": " << cell.text;
        start = end + 1;
      }
    }
  }
}

TEST_F(SharedFilesTest, DesignationsHoldWhatTheyAreKnownFor) {
  const std::string csv = File("designations.csv");
  SKIP_WITHOUT(csv);
  const auto all = Designations(csv);
  ASSERT_EQ(all.records.size(), 52U);
  // Requirements without an office.
  EXPECT_FALSE(all.records[39].has_authority);
  EXPECT_EQ(all.records[39].designation.required_contents_size(), 6);
  // One number for telephone and fax.
  const v1::Contact& tirana = all.records[40].authority.contacts(0);
  ASSERT_EQ(tirana.telephones_size(), 2);
  EXPECT_EQ(tirana.telephones(0).kind(),
            v1::TelephoneNumber::KIND_TELEPHONE_AND_FAX);
  EXPECT_EQ(all.records[37].authority.contacts(0).time_zone(), "UTC+00:00");
  EXPECT_EQ(all.records[15].designation.languages(0), "ro-MD");
  EXPECT_EQ(all.records[31].designation.function(), "functions/firearms");
}

TEST_F(SharedFilesTest, ParticipationsAreUnderstood) {
  const std::string csv = File("treaty_status.csv");
  SKIP_WITHOUT(csv);
  const auto all = Participations(csv);
  ASSERT_OK(all.status);
  EXPECT_EQ(Printed(all.notices), "");
  // One row more for a State that joined again.
  ASSERT_EQ(all.records.size(), 1005U);
  int periods = 0;
  int inferred = 0;
  for (const auto& record : all.records) {
    EXPECT_EQ(Printed(record.problems), "");
    EXPECT_EQ(Printed(record.notices), "");
    periods += record.participation.periods_size();
    for (const auto& period : record.participation.periods()) {
      inferred += period.act_inferred() ? 1 : 0;
    }
  }
  EXPECT_EQ(periods, 1006 - 38);
  EXPECT_EQ(inferred, 13);
}

TEST_F(SharedFilesTest, StatesAreUnderstood) {
  const std::string csv = File("states.csv");
  SKIP_WITHOUT(csv);
  const auto all = States(csv);
  ASSERT_OK(all.status);
  EXPECT_EQ(Printed(all.notices), "");
  ASSERT_EQ(all.records.size(), 198U);
  int unnamed = 0;
  for (const auto& record : all.records) {
    EXPECT_EQ(Printed(record.problems), "") << record.state.name();
    // Languages that have a code and no name here; Namibia is looked at.
    for (const v1::ImportProblem& notice : record.notices) {
      if (notice.field() == "languages_spoken") ++unnamed;
    }
    EXPECT_EQ(record.state.short_names_size(), 6) << record.state.name();
    for (const auto& name : record.state.short_names()) {
      EXPECT_EQ(name.text().find('*'), std::string::npos) << name.text();
      EXPECT_EQ(name.text().find("(l"), std::string::npos) << name.text();
    }
  }
  EXPECT_EQ(unnamed, 23);
}

}  // namespace
}  // namespace comity::import_test
