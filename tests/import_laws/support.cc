#include "tests/import_laws/support.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "import/laws/limits.h"
#include "import/laws/provisions.h"

namespace comity::laws_test {

using ::testing::StartsWith;

void Check(const Expected& expected, const LawDocument& document) {
  SCOPED_TRACE(expected.file);
  EXPECT_EQ(document.expression.format(), expected.format);
  EXPECT_EQ(document.expression.language(), expected.language);
  EXPECT_THAT(document.expression.title(), StartsWith(expected.title));
  int citable = 0;
  int of_schedules = 0;
  const v1::Provision* first = nullptr;
  const v1::Provision* last = nullptr;
  for (const v1::Provision& provision : document.provisions) {
    if (provision.kind() == v1::Provision::KIND_SCHEDULE_PARAGRAPH) {
      ++of_schedules;
    }
    if (!laws::IsBasic(provision.kind())) continue;
    ++citable;
    if (first == nullptr) first = &provision;
    last = &provision;
  }
  EXPECT_EQ(citable, expected.citable);
  EXPECT_EQ(of_schedules, expected.of_schedules);
  if (expected.citable == 0 || first == nullptr) return;
  const auto words = [](const v1::Provision& provision) {
    return provision.heading().empty() ? provision.text() : provision.heading();
  };
  EXPECT_EQ(first->label(), expected.first_label);
  EXPECT_THAT(words(*first), StartsWith(expected.first_words));
  EXPECT_EQ(last->label(), expected.last_label);
  EXPECT_THAT(words(*last), StartsWith(expected.last_words));
}

void CheckWellFormed(const LawDocument& document) {
  std::set<std::string> ids;
  int position = 0;
  int64_t bytes = 0;
  ASSERT_FALSE(document.provisions.empty());
  for (const v1::Provision& provision : document.provisions) {
    ASSERT_TRUE(names::IsId(provision.name())) << provision.name();
    if (!provision.parent().empty()) {
      ASSERT_TRUE(ids.contains(provision.parent())) << provision.name();
    }
    ASSERT_TRUE(ids.insert(provision.name()).second) << provision.name();
    ASSERT_EQ(provision.position(), ++position);
    ASSERT_NE(provision.kind(), v1::Provision::KIND_UNSPECIFIED);
    ASSERT_LE(provision.text().size(), law_limits::kProvisionTextBytesMax);
    ASSERT_LE(provision.heading().size(), law_limits::kHeadingBytesMax);
    ASSERT_LE(provision.label().size(), law_limits::kHeadingBytesMax);
    ASSERT_TRUE(IsText(provision.text()));
    ASSERT_TRUE(IsText(provision.heading()));
    ASSERT_TRUE(IsText(provision.label()));
    ASSERT_TRUE(IsText(provision.number()));
    ASSERT_EQ(provision.text().find('\r'), std::string::npos);
    bytes += static_cast<int64_t>(provision.text().size() +
                                  provision.heading().size());
  }
  ASSERT_TRUE(IsText(document.expression.title()));
  ASSERT_EQ(document.expression.provision_count(), position);
  ASSERT_EQ(document.expression.text_bytes(), bytes);
  ASSERT_LE(document.notices.size(), law_limits::kNoticesMax);
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::vector<std::string> SamplePaths() {
  std::vector<std::string> paths;
  const std::string folder =
      absl::StrCat(COMITY_SOURCE_DIR, "/tests/data/laws");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && !absl::EndsWith(path, "README.md") &&
        !absl::EndsWith(path, ".py")) {
      paths.push_back(path);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string SamplePath(const std::string& name) {
  return absl::StrCat(COMITY_SOURCE_DIR, "/tests/data/laws/", name);
}

std::string SharedFormats() {
  return absl::StrCat(COMITY_SOURCE_DIR, "/../shared/data/formats/");
}

std::string SharedLegislation() {
  return absl::StrCat(COMITY_SOURCE_DIR, "/../shared/data/legislation/");
}

}  // namespace comity::laws_test
