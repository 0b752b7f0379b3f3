#include "base/wire.h"

#include <string>

#include "comity/v1/designation.pb.h"
#include "gtest/gtest.h"

namespace comity::wire {
namespace {

v1::Designation Sample() {
  v1::Designation designation;
  designation.set_name("states/LTU/designations/d1");
  designation.add_languages(std::string(200, 'e'));
  designation.mutable_valid_from()->set_open(true);
  designation.set_running_number(300);
  designation.add_sources()->set_kind(v1::SOURCE_KIND_SYNTHETIC);
  return designation;
}

TEST(WireTest, FieldsPutTogetherAreTheMessage) {
  const v1::Designation sample = Sample();
  std::string bytes;
  AppendField(v1::Designation::kNameFieldNumber, sample.name(), &bytes);
  AppendMessage(v1::Designation::kValidFromFieldNumber, sample.valid_from(),
                &bytes);
  AppendField(v1::Designation::kLanguagesFieldNumber, sample.languages(0),
              &bytes);
  AppendMessage(v1::Designation::kSourcesFieldNumber, sample.sources(0),
                &bytes);
  v1::Designation expected = sample;
  expected.clear_running_number();
  EXPECT_EQ(bytes, expected.SerializeAsString());
}

TEST(WireTest, FieldsAreTakenInOrder) {
  const std::string bytes = Sample().SerializeAsString();
  absl::string_view rest = bytes;
  Field field;
  ASSERT_TRUE(TakeField(&rest, &field));
  EXPECT_EQ(field.number, v1::Designation::kNameFieldNumber);
  EXPECT_EQ(field.bytes, Sample().name());
  ASSERT_TRUE(TakeField(&rest, &field));
  EXPECT_EQ(field.number, v1::Designation::kValidFromFieldNumber);
  ASSERT_TRUE(TakeField(&rest, &field));
  EXPECT_EQ(field.bytes.size(), 200U);
  ASSERT_TRUE(TakeField(&rest, &field));
  EXPECT_EQ(field.value, 300U);
  ASSERT_TRUE(TakeField(&rest, &field));
  EXPECT_EQ(field.number, v1::Designation::kSourcesFieldNumber);
  EXPECT_FALSE(TakeField(&rest, &field));
  EXPECT_TRUE(rest.empty());
}

TEST(WireTest, WhatIsCutShortIsNotTaken) {
  const std::string bytes = Sample().SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size) {
    absl::string_view rest = absl::string_view(bytes).substr(0, size);
    Field field;
    size_t taken = 0;
    while (TakeField(&rest, &field)) ++taken;
    v1::Designation parsed;
    EXPECT_EQ(rest.empty(),
              parsed.ParseFromArray(bytes.data(), static_cast<int>(size)))
        << size;
    EXPECT_LE(taken, 5U);
  }
}

}  // namespace
}  // namespace comity::wire
