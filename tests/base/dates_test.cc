#include "base/dates.h"

#include "base/errors.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

TEST(DatesTest, ParsesDaysOfTheCalendarOnly) {
  for (const char* text :
       {"0001-01-01", "1988-12-20", "2000-02-29", "2004-02-29", "9999-12-31"}) {
    const std::optional<Day> day = ParseDay(text);
    ASSERT_TRUE(day.has_value()) << text;
    EXPECT_EQ(FormatDay(*day), text);
  }
  for (const char* text :
       {"", "2003", "2003-09", "0000-01-01", "2003-00-01", "2003-13-01",
        "2003-01-00", "2003-02-29", "1900-02-29", "2003-04-31", "2003-1-01",
        "2003-01-1", "2003/01/01", "01-01-2003", "2003-01-01T00", " 2003-01-1",
        "+003-01-01", "2003-01-0a", "٢٠٠٣-٠١-٠١"}) {
    EXPECT_FALSE(ParseDay(text).has_value()) << text;
  }
}

TEST(DatesTest, AFieldThatIsNoDayIsNamed) {
  const absl::StatusOr<Day> day = ParseDayField("2003-02-30", "on");
  EXPECT_EQ(day.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FieldOf(day.status()), "on");
  EXPECT_EQ(ValueOf(day.status()), "2003-02-30");
  EXPECT_TRUE(ParseDayField("2003-02-28", "on").ok());
}

TEST(DatesTest, APartialDayIsARange) {
  const struct {
    const char* text;
    const char* first;
    const char* last;
  } cases[] = {
      {"2004", "2004-01-01", "2004-12-31"},
      {"2004-02", "2004-02-01", "2004-02-29"},
      {"2003-02", "2003-02-01", "2003-02-28"},
      {"2003-12", "2003-12-01", "2003-12-31"},
      {"2003-09-29", "2003-09-29", "2003-09-29"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const std::optional<DayRange> range = ParsePartialDay(c.text);
    ASSERT_TRUE(range.has_value());
    EXPECT_EQ(FormatDay(range->first), c.first);
    EXPECT_EQ(FormatDay(range->last), c.last);
  }
  for (const char* text : {"", "0000", "203", "20030", "2003-", "2003-00",
                           "2003-13", "2003/01", "2003-02-30", "03-2003"}) {
    EXPECT_FALSE(ParsePartialDay(text).has_value()) << text;
  }
}

TEST(DatesTest, NumbersCountFrom1970AndBack) {
  EXPECT_EQ(DayNumber(Day(1970, 1, 1)), 0);
  EXPECT_EQ(DayNumber(Day(1969, 12, 31)), -1);
  EXPECT_EQ(DayNumber(Day(2003, 9, 29)), 12324);
  for (const int32_t number : {-719162, -1, 0, 1, 12324, 2932896}) {
    EXPECT_EQ(DayNumber(DayFromNumber(number)), number);
  }
}

TEST(DatesTest, TheDayOfATimeIsThatOfUtc) {
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(0)), Day(1970, 1, 1));
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(-1)), Day(1969, 12, 31));
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(86399)), Day(1970, 1, 1));
}

}  // namespace
}  // namespace comity
