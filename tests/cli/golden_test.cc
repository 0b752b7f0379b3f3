// What people see, word for word. UPDATE=1 writes the files anew; the
// difference is reviewed.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/terminal.h"
#include "gtest/gtest.h"
#include "tests/cli/answers.h"
#include "tests/cli/run.h"

namespace comity::cli {
namespace {

struct Case {
  const char* file;
  std::vector<std::string> arguments;
  int columns = 0;
  bool terminal = false;
  int code = 0;
};

std::vector<Case> Cases() {
  const std::vector<std::string> route = {"route", "--from", "FRA",
                                          "--to",  "LTU",    "--for",
                                          "mla",   "--on",   "2015-06-01"};
  std::vector<std::string> before = route;
  before.back() = "2003-01-01";
  std::vector<std::string> urgent = route;
  urgent.insert(urgent.end(), {"--urgent", "--language", "fr"});
  return {
      {"route_60", route, 60},
      {"route_80", route, 80},
      {"route_120", route, 120},
      {"route_pipe", route},
      {"route_colour", route, 80, true},
      {"route_urgent_80", urgent, 80},
      {"route_none_80", before, 80, false, 1},
      {"route_none_120", before, 120, false, 1},
      {"find_80", {"find", "--state", "LTU", "--for", "mla"}, 80},
      {"find_pipe", {"find", "--state", "LTU", "--for", "mla"}},
      {"states_80", {"states"}, 80},
      {"states_one_80", {"states", "Lituanie"}, 80},
      {"states_misspelt_80", {"states", "Lithunia"}, 80, false, 1},
      {"treaties_80", {"treaties"}, 80},
      {"treaties_one_80", {"treaties", "UNTOC"}, 80},
      {"participations_80", {"participations", "--treaty", "untoc"}, 80},
      {"participations_one_80",
       {"participations", "treaties/untoc/participations/LTU"},
       80},
      {"status_80",
       {"status", "untoc", "FRA", "LTU", "--on", "2015-06-01"},
       80},
      {"cite_80", {"cite", "UNTOC 18(13)"}, 80},
      {"functions_80", {"functions"}, 80},
      {"functions_one_80", {"functions", "mla"}, 80},
      {"authorities_80", {"authorities", "--state", "LTU"}, 80},
      {"authorities_120", {"authorities", "--state", "LTU"}, 120},
      {"authorities_one_80",
       {"authorities", "states/LTU/authorities/ministry-of-justice"},
       80},
      {"designations_80", {"designations", "--state", "LTU"}, 80},
      {"designations_120", {"designations", "--state", "LTU"}, 120},
      {"designations_one_80",
       {"designations", "states/LTU/designations/untoc-18-13-mla-1"},
       80},
      {"history_80",
       {"history", "states/LTU/authorities/ministry-of-justice"},
       80},
      {"stats_80", {"inspect", "stats"}, 80},
      {"help_80", {"--help"}, 80},
      {"help_route_80", {"route", "--help"}, 80},
      {"help_status_80", {"status", "--help"}, 80},
      {"help_import_80", {"import", "--help"}, 80},
  };
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(GoldenTest, OutputIsAsReviewed) {
  const bool update = std::getenv("UPDATE") != nullptr;
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.file);
    FakeServer server;
    AnswerEverything(&server);
    std::vector<std::string> arguments = c.arguments;
    arguments.insert(arguments.end(), {"--server", server.address()});
    Surroundings surroundings;
    surroundings.columns = c.columns;
    surroundings.terminal = c.terminal;
    const Outcome outcome = RunComity(arguments, surroundings);
    EXPECT_EQ(outcome.code, c.code) << outcome.err;
    const std::string path =
        absl::StrCat(COMITY_SOURCE_DIR, "/tests/cli/golden/", c.file, ".txt");
    const std::string text = outcome.out + outcome.err;
    if (update) std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(text, ReadFile(path));
  }
}

// The line without an address or a name at its end that is never broken, or an
// example in the help.
absl::string_view WithoutUnbroken(absl::string_view line) {
  if (absl::StartsWith(line, "  comity ") ||
      absl::StartsWith(line, "  fish: ")) {
    return "";
  }
  const size_t space = line.rfind(' ');
  const size_t word = space == absl::string_view::npos ? 0 : space + 1;
  return WidestUnbroken(line.substr(word)) > 0 ? line.substr(0, word) : line;
}

TEST(GoldenTest, LinesFitTheTerminal) {
  FakeServer server;
  AnswerEverything(&server);
  for (const Case& c : Cases()) {
    // Colours have no width.
    if (c.columns == 0 || c.terminal) continue;
    for (const int columns : {60, 80, 100, 120, 200}) {
      SCOPED_TRACE(c.file);
      std::vector<std::string> arguments = c.arguments;
      arguments.insert(arguments.end(), {"--server", server.address()});
      Surroundings surroundings;
      surroundings.columns = columns;
      for (absl::string_view line :
           absl::StrSplit(RunComity(arguments, surroundings).out, '\n')) {
        EXPECT_LE(DisplayWidth(WithoutUnbroken(line)), columns) << line;
      }
    }
  }
}

}  // namespace
}  // namespace comity::cli
