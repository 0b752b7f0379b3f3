#include "cli/terminal.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

TEST(VisibleTest, NothingThatATerminalObeysIsLeft) {
  const struct {
    const char* what;
    std::string text;
    const char* shown;
  } cases[] = {
      {"plain", "Ministère", "Ministère"},
      {"colour sequence", "\x1b[31mred", "\\x1b[31mred"},
      {"title sequence", "\x1b]0;x\x07", "\\x1b]0;x\\x07"},
      {"C1 control, encoded",
       "a\xC2\x9B"
       "31m",
       "a\\x9b31m"},
      {"C1 control, raw byte",
       "a\x9B"
       "31m",
       "a\xEF\xBF\xBD"
       "31m"},
      {"delete and backspace", "a\x7F\b", "a\\x7f\\x08"},
      {"NUL", std::string("a\0b", 3), "a\\x00b"},
      {"carriage return that would overwrite", "good\rbad", "good\\x0dbad"},
      {"line end of Windows", "a\r\nb", "a\nb"},
      {"tab", "a\tb", "a b"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a\\u202eb"},
      {"isolate", "\xE2\x81\xA6", "\\u2066"},
      {"line separator",
       "a\xE2\x80\xA8"
       "b",
       "a\\u2028b"},
      {"joiner of a script stays", "\xE2\x80\x8D", "\xE2\x80\x8D"},
      {"truncated character", "a\xC3", "a\xEF\xBF\xBD"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Visible(c.text), c.shown);
  }
  EXPECT_EQ(VisibleLine("a\nb"), "a b");
}

TEST(VisibleTest, AnyByteIsHarmless) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first),
                                static_cast<char>(second)};
      for (const char c : Visible(text)) {
        const auto byte = static_cast<unsigned char>(c);
        ASSERT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7F))
            << first << " " << second;
      }
    }
  }
}

TEST(DisplayWidthTest, CountsCells) {
  const struct {
    const char* text;
    int width;
  } cases[] = {
      {"", 0},
      {"abc", 3},
      {"Québec", 6},
      // The accent as a mark of its own.
      {"Que\xCC\x81"
       "bec",
       6},
      {"司法部", 6},
      {"ＡＢ", 4},
      {"법무부", 6},
      // The same syllable from its letters.
      {"\xE1\x84\x87\xE1\x85\xA5\xE1\x86\xB8", 2},
      {"وزارة العدل", 11},
      // A vowel mark adds nothing.
      {"\xD9\x85\xD9\x8F", 1},
      {"Минюст", 6},
      {"a\xE2\x80\x8D"
       "b",
       2},
  };
  for (const auto& c : cases)
    EXPECT_EQ(DisplayWidth(c.text), c.width) << c.text;
}

std::string Wrapped(absl::string_view text, int width) {
  return absl::StrJoin(Wrap(text, width), "|");
}

TEST(WrapTest, BreaksWhereReadersExpect) {
  EXPECT_EQ(Wrapped("", 10), "");
  EXPECT_EQ(Wrapped("one two three", 0), "one two three");
  EXPECT_EQ(Wrapped("one two three", 7), "one two|three");
  EXPECT_EQ(Wrapped("one\ntwo", 0), "one|two");
  EXPECT_EQ(Wrapped("one\n\ntwo", 10), "one||two");
  EXPECT_EQ(Wrapped("司法部国际合作局", 6), "司法部|国际合|作局");
  // An odd width leaves a cell empty rather than half a character.
  EXPECT_EQ(Wrapped("司法部", 5), "司法|部");
  EXPECT_EQ(Wrapped("abcdefgh", 3), "abc|def|gh");
  // A mark stays with its letter.
  EXPECT_EQ(Wrapped("aaae\xCC\x81"
                    "bb",
                    4),
            "aaae\xCC\x81|bb");
}

TEST(WrapTest, WhatIsToBeCopiedIsNeverBroken) {
  const std::string url = "https://example.org/a-long-path?id=1&page=2";
  const std::string name = "states/LTU/authorities/ministry-of-justice";
  EXPECT_EQ(Wrapped("see " + url + "; there", 20), "see|" + url + ";|there");
  EXPECT_EQ(Wrapped("of " + name, 20), "of|" + name);
  EXPECT_EQ(Wrapped("mail first-second@example.org", 20),
            "mail|first-second@example.org");
  EXPECT_EQ(Wrapped("on record [1][2][13]", 14), "on record|[1][2][13]");
  // All else is.
  EXPECT_EQ(Wrapped("the third-party copy", 10), "the third-|party copy");
  EXPECT_EQ(WidestWord("of " + name), static_cast<int>(name.size()));
  EXPECT_EQ(WidestUnbroken("the longest-word-of-all " + url),
            static_cast<int>(url.size()));
  EXPECT_EQ(WidestUnbroken("the longest-word-of-all"), 0);
}

TEST(WrapTest, NoLineIsWiderThanAskedForAndNothingIsLost) {
  const std::string text =
      "Ministère de la Justice, 13 place Vendôme — 司法部国际合作局 "
      "وزارة العدل https://example.org/a/very/long/address?with=query "
      "Генеральная прокуратура";
  std::string letters;
  for (const char c : text) {
    if (c != ' ') letters += c;
  }
  for (int width = 2; width < 120; ++width) {
    std::string all;
    for (const std::string& line : Wrap(text, width)) {
      if (!absl::StrContains(line, "://")) {
        EXPECT_LE(DisplayWidth(line), width) << line;
      }
      for (const char c : line) {
        if (c != ' ') all += c;
      }
    }
    EXPECT_EQ(all, letters) << width;
  }
}

TEST(PainterTest, ColoursOnlyWhenAsked) {
  EXPECT_EQ(Painter(false).Paint(Style::kBad, "x"), "x");
  EXPECT_EQ(Painter(true).Paint(Style::kBad, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Painter(true).Paint(Style::kPlain, "x"), "x");
  EXPECT_EQ(Painter(true).Paint(Style::kBad, ""), "");
}

}  // namespace
}  // namespace comity::cli
