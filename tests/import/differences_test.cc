#include "import/differences.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace comity::import_test {
namespace {

template <class M>
std::string Compare(const char* before, const char* after) {
  M a;
  M b;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(before, &a));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(after, &b));
  std::string text;
  for (const v1::FieldDifference& difference : Differences(a, b)) {
    absl::StrAppend(&text, difference.field(), ": ", difference.before(),
                    " -> ", difference.after(), "\n");
  }
  return text;
}

TEST(DifferencesTest, NamesPathsAndValues) {
  const struct {
    const char* what;
    const char* before;
    const char* after;
    const char* differences;
  } cases[] = {
      {"nothing", "unit: 'a'", "unit: 'a'", ""},
      {"a text", "unit: 'a'", "unit: 'b \"é\"'",
       "unit: \"a\" -> \"b \\\"é\\\"\"\n"},
      {"a text that came", "", "unit: 'b'", "unit:  -> \"b\"\n"},
      {"an enumeration", "kind: KIND_FOCAL_POINT", "",
       "kind: \"KIND_FOCAL_POINT\" -> \n"},
      {"deep in lists",
       "contacts { telephones { number: '1' } telephones { number: '2' } }",
       "contacts { telephones { number: '1' } telephones { number: '3' } }",
       "contacts[0].telephones[1].number: \"2\" -> \"3\"\n"},
      {"elements that came and went",
       "languages: 'en' contacts { emails: 'a' }",
       "languages: 'en' languages: 'fr'",
       "contacts[0]: {\"emails\":[\"a\"]} -> \nlanguages[1]:  -> \"fr\"\n"},
      {"the server's own fields", "etag: 'x' create_time { seconds: 1 }",
       "etag: 'y' update_time { seconds: 2 }", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Compare<v1::Authority>(c.before, c.after), c.differences);
  }
  EXPECT_EQ(Compare<v1::Designation>("valid_from { date: '2001-01-01' }",
                                     "valid_from { unknown: true }"),
            "valid_from.date: \"2001-01-01\" -> \nvalid_from.unknown:  -> "
            "true\n");
  EXPECT_EQ(Compare<v1::Designation>("running_number: 1", "running_number: 2"),
            "running_number: 1 -> 2\n");
}

}  // namespace
}  // namespace comity::import_test
