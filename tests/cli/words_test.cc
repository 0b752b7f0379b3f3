#include "cli/words.h"

#include "comity/v1/record.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

TEST(WordsTest, EnumerationsLoseTheirPrefix) {
  EXPECT_EQ(Words(v1::BINDING_ACT_FORMAL_CONFIRMATION), "formal confirmation");
  EXPECT_EQ(Words(v1::Authority::KIND_TWENTY_FOUR_SEVEN),
            "24/7 point of contact");
  EXPECT_EQ(Words(v1::BINDING_ACT_UNSPECIFIED), "");
  // From a newer server.
  EXPECT_EQ(Words(static_cast<v1::BindingAct>(99)), "value 99");
}

TEST(WordsTest, ChoicesAndValuesAreInverse) {
  const auto* type = google::protobuf::GetEnumDescriptor<v1::BindingAct>();
  for (const std::string& choice : EnumChoices(type)) {
    EXPECT_NE(EnumValue(type, choice), 0) << choice;
  }
  EXPECT_EQ(EnumValue(type, "formal-confirmation"),
            v1::BINDING_ACT_FORMAL_CONFIRMATION);
  EXPECT_EQ(EnumValue(type, "unspecified"), 0);
  EXPECT_EQ(EnumValue(type, ""), 0);
}

TEST(WordsTest, AgesCountWholeMonths) {
  const struct {
    const char* from;
    const char* to;
    const char* age;
  } cases[] = {
      {"2011-09-22", "2015-06-01", "3 years, 8 months"},
      {"2011-09-22", "2012-09-22", "1 year"},
      {"2011-09-22", "2012-09-21", "11 months"},
      {"2011-09-22", "2011-09-23", "1 day"},
      {"2011-09-22", "2011-09-22", "0 days"},
      {"2011-09-22", "2011-11-21", "60 days"},
      {"2011-09-22", "2011-11-22", "2 months"},
      {"2012-01-01", "2011-12-31", ""},
      {"2011", "2012-01-01", ""},
      {"", "2012-01-01", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(AgeBetween(c.from, c.to), c.age) << c.from << " " << c.to;
  }
}

TEST(WordsTest, NotificationsSayDateSourceAndVerification) {
  const struct {
    const char* designation;
    const char* words;
  } cases[] = {
      {"notification { date: '2011-09-22' basis: BASIS_NOTIFICATION } "
       "sources { kind: SOURCE_KIND_DEPOSITARY_COPY }",
       "notified 2011-09-22 (3 years, 8 months before 2015-06-01), from a "
       "third-party copy, not verified since"},
      {"notification { date: '2011-09-22' basis: BASIS_DEPOSIT reference: "
       "'C.N.1' } sources { kind: SOURCE_KIND_DEPOSITARY as_of: '2014' } "
       "verified_on: '2015-01-01' verified_by: 'Ministry'",
       "notified with the deposit on 2011-09-22 (3 years, 8 months before "
       "2015-06-01), C.N.1, from the depositary as of 2014, verified "
       "2015-01-01 by Ministry"},
      {"notification { date: '2013-02-14' basis: BASIS_NATIONAL_LAW } sources "
       "{ kind: SOURCE_KIND_NATIONAL_LAW }",
       "national law of 2013-02-14 (2 years, 3 months before 2015-06-01), "
       "not verified since"},
      // The source's day tells the age where the notification's is not known.
      {"sources { kind: SOURCE_KIND_DEPOSITARY_COPY as_of: '2010-09-16' }",
       "day of notification unknown, from a third-party copy as of 2010-09-16 "
       "(4 years, 8 months before 2015-06-01), not verified since"},
      {"notification { date: '2016-01-01' }",
       "notified 2016-01-01 (after 2015-06-01), not verified since"},
      {"", "day of notification unknown, never verified"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(
        NotificationWords(Parse<v1::Designation>(c.designation), "2015-06-01"),
        c.words);
  }
}

TEST(WordsTest, WhatIsAYearOldIsOld) {
  const struct {
    const char* designation;
    bool old;
  } cases[] = {
      {"notification { date: '2014-06-01' }", true},
      {"notification { date: '2014-06-02' }", false},
      {"notification { date: '2011-01-01' } verified_on: '2015-01-01'", false},
      {"sources { as_of: '2013' }", true},
      // Up to its last day.
      {"sources { as_of: '2014' }", false},
      {"sources { document_date: '2015-05' }", false},
      {"", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(IsOld(Parse<v1::Designation>(c.designation), "2015-06-01"), c.old)
        << c.designation;
    EXPECT_FALSE(IsOld(Parse<v1::Designation>(c.designation), ""));
  }
}

TEST(WordsTest, ValidityNamesWhatIsUnknown) {
  EXPECT_EQ(ValidityWords(v1::Designation()),
            "start of designation unknown; no end known");
  EXPECT_EQ(ValidityWords(Parse<v1::Designation>(
                "valid_from { date: '2010-01-01' } valid_until { date: "
                "'2012-01-01' }")),
            "from 2010-01-01; until 2012-01-01 (exclusive)");
  EXPECT_EQ(ValidityWords(Parse<v1::Designation>(
                "valid_from { open: true } valid_until { unknown: true }")),
            "no start stated; ended, or may have, on an unknown day");
}

TEST(WordsTest, NumbersAreGrouped) {
  EXPECT_EQ(Count(1, "record", "records"), "1 record");
  EXPECT_EQ(Count(1234567, "record", "records"), "1,234,567 records");
  EXPECT_EQ(Count(123, "record", "records"), "123 records");
  EXPECT_EQ(ByteWords(1023), "1023 bytes");
  EXPECT_EQ(ByteWords(1536), "1.5 KiB");
  EXPECT_EQ(ByteWords(int64_t{3} << 30), "3.0 GiB");
}

}  // namespace
}  // namespace comity::cli
