#include "services/options.h"

#include <vector>

#include "gtest/gtest.h"

namespace comity {
namespace {

// Exit code, or -1 if the program would go on.
int Parse(std::vector<const char*> arguments, Options* options) {
  arguments.insert(arguments.begin(), "comityd");
  int exit_code = -1;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const bool go_on = ParseCommandLine(static_cast<int>(arguments.size()),
                                      arguments.data(), options, &exit_code);
  testing::internal::GetCapturedStdout();
  testing::internal::GetCapturedStderr();
  return go_on ? -1 : exit_code;
}

TEST(OptionsTest, ReadsHowToServe) {
  Options options;
  EXPECT_EQ(
      Parse({"--data-dir", "d", "--listen", "127.0.0.1:1", "--listen",
             "unix:/s", "--load", "data", "--max-streams", "5",
             "--max-requests", "6", "--backup-dir", "b", "--log-level", "info"},
            &options),
      -1);
  EXPECT_EQ(options.command, Options::Command::kServe);
  EXPECT_EQ(options.data_folder, "d");
  EXPECT_EQ(options.server.listen,
            (std::vector<std::string>{"127.0.0.1:1", "unix:/s"}));
  EXPECT_EQ(options.load_folder, "data");
  EXPECT_EQ(options.server.streams_max, 5);
  EXPECT_EQ(options.server.requests_max, 6);
  EXPECT_EQ(options.server.backup_folder, "b");
  EXPECT_EQ(options.log_level, LogLevel::kInfo);
}

TEST(OptionsTest, ReadsWhatToInspect) {
  Options options;
  EXPECT_EQ(Parse({"inspect", "dump", "--data-dir", "d", "--tag", "V",
                   "--resource", "states/LTU"},
                  &options),
            -1);
  EXPECT_EQ(options.command, Options::Command::kDump);
  EXPECT_EQ(options.data_folder, "d");
  EXPECT_EQ(options.dump.tag(), "V");
  EXPECT_EQ(options.dump.resource(), "states/LTU");
  EXPECT_EQ(Parse({"inspect", "verify", "--data-dir", "d"}, &options), -1);
  EXPECT_EQ(options.command, Options::Command::kVerify);
  EXPECT_EQ(Parse({"inspect", "stats", "--data-dir", "d"}, &options), -1);
  EXPECT_EQ(options.command, Options::Command::kStats);
}

TEST(OptionsTest, ExitCodesTellUsageFromHelp) {
  const struct {
    std::vector<const char*> arguments;
    int code;
  } cases[] = {
      {{"--help"}, 0},
      {{"--version"}, 0},
      {{"inspect", "--help"}, 0},
      {{}, 2},
      {{"--data-dir", "d"}, 2},
      {{"--listen", "127.0.0.1:1"}, 2},
      {{"--data-dir", "d", "--listen", "x", "--max-streams", "0"}, 2},
      {{"--data-dir", "d", "--listen", "x", "--max-streams", "many"}, 2},
      {{"--data-dir", "d", "--listen", "x", "--log-level", "loud"}, 2},
      {{"--data-dir", "d", "--listen", "x", "--nonsense"}, 2},
      {{"inspect"}, 2},
      {{"inspect", "verify"}, 2},
  };
  for (const auto& c : cases) {
    Options options;
    EXPECT_EQ(Parse(c.arguments, &options), c.code)
        << (c.arguments.empty() ? "" : c.arguments[0]);
  }
}

}  // namespace
}  // namespace comity
