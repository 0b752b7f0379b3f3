#include "tests/bench/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace comity::bench {

absl::StatusOr<std::unique_ptr<Process>> Process::Start(
    const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return absl::InternalError("no pipe");
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    // posix_spawn does not write to them.
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    return absl::NotFoundError(absl::StrCat("cannot start ", arguments[0]));
  }
  return std::unique_ptr<Process>(new Process(pid, ::fdopen(ends[0], "r")));
}

Process::~Process() {
  if (pid_ > 0) Stop().IgnoreError();
  std::fclose(out_);
}

std::string Process::ReadLine() {
  std::string line;
  for (int c = std::getc(out_); c != EOF && c != '\n'; c = std::getc(out_)) {
    line.push_back(static_cast<char>(c));
  }
  return line;
}

int64_t Process::PeakBytes() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  std::string line;
  while (std::getline(status, line)) {
    if (!absl::StartsWith(line, "VmHWM:")) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    int64_t kilobytes = 0;
    if (words.size() > 1 && absl::SimpleAtoi(words[1], &kilobytes)) {
      return kilobytes * 1024;
    }
  }
  return 0;
}

absl::Status Process::Stop() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  return Wait();
}

absl::Status Process::Wait() {
  int status = 0;
  const pid_t pid = pid_;
  pid_ = 0;
  if (pid <= 0 || ::waitpid(pid, &status, 0) != pid) {
    return absl::InternalError("no such process");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError("a process of the benchmark failed");
}

}  // namespace comity::bench
