#include "cli/table.h"

#include <string>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

const Painter kPlainPainter(false);

Table Offices() {
  Table table({"CODE", "OFFICE", "NOTE"});
  table.AddRow({"LTU", "Ministry of Justice of the Republic of Lithuania",
                "no change known after 2014-01-27"});
  table.AddRow({"CHN", "司法部", ""});
  table.AddRow({"EGY", "وزارة العدل", "one\ntwo"});
  return table;
}

int Widest(absl::string_view text) {
  int widest = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    widest = std::max(widest, DisplayWidth(line));
  }
  return widest;
}

TEST(TableTest, AlignsByCells) {
  EXPECT_EQ(Offices().Render(0, kPlainPainter),
            "CODE  OFFICE                                            NOTE\n"
            "LTU   Ministry of Justice of the Republic of Lithuania  no change "
            "known after 2014-01-27\n"
            "CHN   司法部\n"
            "EGY   وزارة العدل                                       one\n"
            "                                                        two\n");
}

TEST(TableTest, WrapsTheWidestColumnsFirst) {
  EXPECT_EQ(Offices().Render(50, kPlainPainter),
            "CODE  OFFICE                 NOTE\n"
            "LTU   Ministry of Justice    no change known after\n"
            "      of the Republic of     2014-01-27\n"
            "      Lithuania\n"
            "CHN   司法部\n"
            "EGY   وزارة العدل            one\n"
            "                             two\n");
}

TEST(TableTest, BecomesListsWhereColumnsDoNotFit) {
  EXPECT_EQ(Offices().Render(18, kPlainPainter).substr(0, 28),
            "CODE    LTU\nOFFICE  Ministry");
}

TEST(TableTest, BecomesListsRatherThanBreakAName) {
  Table table({"NAME", "OFFICE"});
  table.AddRow({"states/LTU/authorities/ministry-of-justice", "Ministry"});
  EXPECT_EQ(table.Render(52, kPlainPainter),
            "NAME                                        OFFICE\n"
            "states/LTU/authorities/ministry-of-justice  Ministry\n");
  EXPECT_EQ(table.Render(49, kPlainPainter),
            "NAME    states/LTU/authorities/ministry-of-justice\n"
            "OFFICE  Ministry\n");
}

TEST(TableTest, FitsEveryWidth) {
  for (int width = 20; width <= 130; ++width) {
    EXPECT_LE(Widest(Offices().Render(width, kPlainPainter)), width) << width;
  }
}

TEST(TableTest, CellsAreMadeVisible) {
  Table table({"A"});
  table.AddRow({"\x1b[2J"});
  EXPECT_EQ(table.Render(0, kPlainPainter), "A\n\\x1b[2J\n");
}

TEST(TableTest, ColourDoesNotMoveColumns) {
  Table table({"A", "B"});
  table.AddRow({Cell("x", Style::kBad), "y"});
  EXPECT_EQ(table.Render(0, Painter(true)),
            "\x1b[2mA\x1b[0m  \x1b[2mB\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
}

TEST(TableTest, WithoutRowsIsEmpty) {
  EXPECT_EQ(Table({"A"}).Render(80, kPlainPainter), "");
}

TEST(FieldListTest, WrapsBesideTheLabelAndSaysARepeatedLabelOnce) {
  FieldList fields;
  fields.Add("Telephone", "+370 1");
  fields.Add("Telephone", "+370 2");
  fields.Add("Fax", "");
  fields.Add("Address", "Gedimino pr. 30\nVilnius, Lithuania");
  EXPECT_EQ(fields.Render(24, 2, kPlainPainter),
            "  Telephone  +370 1\n"
            "             +370 2\n"
            "  Address    Gedimino\n"
            "             pr. 30\n"
            "             Vilnius,\n"
            "             Lithuania\n");
}

TEST(FieldListTest, LinesHangUnderTheFirst) {
  FieldList fields;
  fields.Add("Ways", "- one two three\n- four", Style::kPlain, 2);
  EXPECT_EQ(fields.Render(15, 0, kPlainPainter),
            "Ways  - one\n"
            "        two\n"
            "        three\n"
            "      - four\n");
}

TEST(FieldListTest, TakesWhatListsHaveInCommon) {
  std::vector<FieldList> lists(2);
  for (int i = 0; i < 2; ++i) {
    lists[static_cast<size_t>(i)].Add("Same", "one");
    lists[static_cast<size_t>(i)].Add("Same", "two");
    lists[static_cast<size_t>(i)].Add("Other", i == 0 ? "a" : "b");
    lists[static_cast<size_t>(i)].Add("Last", "three");
  }
  lists[1].Add("Last", "four");
  const FieldList common = FieldList::TakeCommon(&lists);
  EXPECT_EQ(common.Render(0, 0, kPlainPainter),
            "Same  one\n"
            "      two\n");
  EXPECT_EQ(lists[0].Render(0, 0, kPlainPainter),
            "Other  a\n"
            "Last   three\n");
  EXPECT_EQ(lists[1].Render(0, 0, kPlainPainter),
            "Other  b\n"
            "Last   three\n"
            "       four\n");
}

}  // namespace
}  // namespace comity::cli
