#include "cli/printer.h"

#include <algorithm>
#include <sstream>

#include "cli/progress.h"
#include "comity/v1/routing_service.pb.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

TEST(PrinterTest, LinesHangAndAreVisible) {
  std::ostringstream out;
  Printer printer(&out, 24, false);
  printer.Line("- one two three four five six\x07", Style::kPlain, 2, 2);
  EXPECT_EQ(out.str(), "  - one two three four\n    five six\\x07\n");
}

TEST(PrinterTest, JsonIsOneLineInLowerCamelCase) {
  std::ostringstream out;
  Printer printer(&out, 10, true);
  v1::RouteRequestResponse response;
  response.set_requesting_state("states/FRA");
  response.set_total_routes(2);
  printer.Json(response);
  EXPECT_EQ(out.str(),
            "{\"requestingState\":\"states/FRA\",\"totalRoutes\":2}\n");
}

TEST(FootnotesTest, ASourceHasOneNumber) {
  Footnotes notes;
  Sources first;
  auto* one = first.Add();
  one->set_document("Treaty Collection");
  one->set_uri("https://example.org/1");
  one->set_kind(v1::SOURCE_KIND_DEPOSITARY_COPY);
  one->set_as_of("2014-01-27");
  Sources second = first;
  second.Add()->set_uri("https://example.org/2");
  EXPECT_EQ(notes.Marks(first), " [1]");
  EXPECT_EQ(notes.Marks(second), " [1][2]");
  // Each once, in order.
  second.Add()->CopyFrom(first[0]);
  std::swap(*second.Mutable(0), *second.Mutable(1));
  EXPECT_EQ(notes.Marks(second), " [1][2]");
  EXPECT_EQ(notes.Marks(Sources()), "");
  std::ostringstream out;
  Printer printer(&out, 0, false);
  notes.Print(&printer);
  EXPECT_EQ(out.str(),
            "\nSources\n[1] Treaty Collection; a third-party copy; complete to "
            "2014-01-27; https://example.org/1\n[2] https://example.org/2\n");
}

TEST(ProgressTest, BarOnATerminalOnly) {
  EXPECT_EQ(ProgressLine(512, 1024, 10, 60),
            "[########........]  50 %  512 bytes of 1.0 KiB, 10 "
            "records");
  EXPECT_EQ(ProgressLine(512, 1024, 10, 0),
            " 50 %  512 bytes of 1.0 KiB, 10 records");
  EXPECT_EQ(ProgressLine(512, 0, 1, 60), "512 bytes read, 1 record");

  std::ostringstream plain;
  Progress lines(&plain, false, 0, 1000);
  for (int64_t at = 0; at <= 1000; at += 10) lines.Update(at, at);
  lines.Clear();
  const std::string text = plain.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);

  std::ostringstream terminal;
  Progress bar(&terminal, true, 60, 1000);
  bar.Update(500, 5);
  bar.Clear();
  EXPECT_EQ(terminal.str().substr(0, 2), "\r[");
  EXPECT_EQ(terminal.str().substr(terminal.str().size() - 4), "\r\x1b[K");
}

}  // namespace
}  // namespace comity::cli
