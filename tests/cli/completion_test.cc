#include "cli/completion.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/cli/answers.h"
#include "tests/cli/run.h"
#include "tests/support/temporary_folder.h"

namespace comity::cli {
namespace {

std::string Script(const std::string& shell) {
  const Outcome outcome = RunComity({"completion", shell});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return outcome.out;
}

// What a shell command prints.
std::string Output(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

class CompletionTest : public testing::TestWithParam<const char*> {};

TEST_P(CompletionTest, TheShellUnderstandsTheScript) {
  const std::string shell = GetParam();
  TemporaryFolder folder;
  std::ofstream(folder.Path("script")) << Script(shell);
  EXPECT_EQ(
      std::system(absl::StrCat(shell, " -n ", folder.Path("script")).c_str()),
      0);
}

TEST_P(CompletionTest, NamesCommandsOptionsAndChoices) {
  const std::string script = Script(GetParam());
  for (const char* word : {"route", "undo", "known-at", "until-current",
                           "participation", "vcard", "complete-values"}) {
    EXPECT_TRUE(absl::StrContains(script, word)) << word;
  }
  // Where the shell asks the server for them.
  const std::string ask = GetParam() == std::string("fish") ? "complete-values "
                                                            : "_comity_server ";
  for (const char* kind : {"states", "treaties", "functions"}) {
    EXPECT_TRUE(absl::StrContains(script, ask + kind)) << kind;
  }
}

// For each shell, what prints its offers after a command line, of which the
// last word is being typed. The server knows two of everything.
constexpr char kBashHarness[] = R"sh(
comity() { printf 'FRA\tFrance\nLTU\tLithuania\n'; }
source ./script
COMP_WORDS=(comity "$@")
COMP_CWORD=$#
_comity
printf '%s\n' "${COMPREPLY[@]}"
)sh";

// The completion system needs a terminal; the function is given what it would
// be, and its offers are caught.
constexpr char kZshHarness[] = R"sh(
comity() { printf 'FRA\tFrance\nLTU\tLithuania\n' }
compdef() { print -r -- "$*" > compdef }
offer() {
  local word
  for word in "$@"; do [[ $word == $PREFIX* ]] && print -r -- $word; done
}
compadd() { shift; offer "$@" }
_describe() { offer "${(@)${(P)2}%%:*}" }
_files() { offer *(N) }
source ./script
[[ $(<compdef) == '_comity comity' ]] || exit 1
words=(comity "$@")
CURRENT=$#words
PREFIX=$words[CURRENT]
_comity
exit 0
)sh";

constexpr char kFishHarness[] = R"sh(
function comity; printf 'FRA\tFrance\nLTU\tLithuania\n'; end
source ./script
complete -C "comity $argv" | string replace -r '\t.*' ''
exit 0
)sh";

// In order of the alphabet, with bars between.
std::string Offers(const std::string& shell, const std::string& words) {
  TemporaryFolder folder;
  std::ofstream(folder.Path("script")) << Script(shell);
  std::ofstream(folder.Path("harness")) << (shell == "bash"  ? kBashHarness
                                            : shell == "zsh" ? kZshHarness
                                                             : kFishHarness);
  std::ofstream(folder.Path("offices of 2011.csv")) << "\n";
  const std::string run = shell == "bash"  ? "bash harness "
                          : shell == "zsh" ? "zsh -f harness "
                                           : "fish --no-config harness ";
  std::vector<std::string> offers = absl::StrSplit(
      Output(absl::StrCat("cd ", folder.path(), " && HOME=", folder.path(), " ",
                          run, words)),
      '\n', absl::SkipEmpty());
  std::sort(offers.begin(), offers.end());
  // Treaties and States are the same here.
  offers.erase(std::unique(offers.begin(), offers.end()), offers.end());
  return absl::StrJoin(offers, "|");
}

TEST_P(CompletionTest, OffersWhatFits) {
  const struct {
    const char* words;
    const char* offers;
  } cases[] = {
      {"rou", "route"},
      {"import un", "undo"},
      {"import desig", "designations"},
      {"import designations off", "offices of 2011.csv"},
      {"export -o off", "offices of 2011.csv"},
      {"route --fr", "--from"},
      {"route --json --from L", "LTU"},
      {"route --from F", "FRA"},
      {"--color n", "never"},
      {"watch --kind par", "participation"},
      {"export --format v", "vcard"},
      {"route --time", "--timeout"},
      {"states F", "FRA"},
      {"status F", "FRA"},
      // The hidden command stays hidden.
      {"compl", "completion"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Offers(GetParam(), c.words), c.offers) << c.words;
  }
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionTest,
                         testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return shell.param; });

TEST(CompleteValuesTest, GivesCodesAndTitles) {
  FakeServer server;
  AnswerEverything(&server);
  const auto values = [&](const std::string& kind) {
    return RunComity({"complete-values", kind, "--server", server.address()})
        .out;
  };
  EXPECT_EQ(values("states"), "CHN\tChina\nFRA\tFrance\nLTU\tLithuania\n");
  EXPECT_EQ(values("functions"), "mla\tMutual legal assistance\n");
  EXPECT_TRUE(absl::EndsWith(values("treaties"), "untoc\tUNTOC\n"));
  const Outcome silent =
      RunComity({"complete-values", "states", "--server", "unix:/nowhere"});
  EXPECT_EQ(silent.out + silent.err, "");
  EXPECT_EQ(silent.code, 3);
}

}  // namespace
}  // namespace comity::cli
