// A comityd of a test's own, as a process: what it does to memory, and how it
// ends, are seen from outside.

#ifndef COMITY_TESTS_SERVICES_COMITYD_PROCESS_H_
#define COMITY_TESTS_SERVICES_COMITYD_PROCESS_H_

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace comity {

// Sanitizers keep freed memory for a while, shadow all of it, and are slow.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

class ComitydProcess {
 public:
  // Starts the server on a free port and returns when it is ready. `arguments`
  // follow --data-dir and --listen.
  explicit ComitydProcess(const std::vector<std::string>& arguments) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::vector<std::string> words = {COMITY_SERVER_PROGRAM, "--data-dir",
                                      folder_.Path("store"), "--listen",
                                      "127.0.0.1:0"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    EXPECT_EQ(
        posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ),
        0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    ReadAddress(ends[0]);
    close(ends[0]);
  }
  ~ComitydProcess() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      Wait();
    }
  }
  ComitydProcess(const ComitydProcess&) = delete;
  ComitydProcess& operator=(const ComitydProcess&) = delete;

  // `HOST:PORT`; empty if it did not start.
  const std::string& address() const { return address_; }

  // Bytes of memory: resident now, and the most that ever were.
  int64_t Resident() const { return StatusLine("VmRSS:"); }
  int64_t PeakResident() const { return StatusLine("VmHWM:"); }

  // Files that it may have open: now, and at most.
  std::pair<int64_t, int64_t> OpenFilesLimits() const {
    std::ifstream file(absl::StrCat("/proc/", pid_, "/limits"));
    std::string line;
    while (std::getline(file, line)) {
      absl::string_view rest = line;
      int64_t soft = 0;
      int64_t hard = 0;
      if (absl::ConsumePrefix(&rest, "Max open files") &&
          std::istringstream(std::string(rest)) >> soft >> hard) {
        return {soft, hard};
      }
    }
    return {};
  }

  // Ends it as an administrator would; gives its exit code, -1 for a signal.
  int Terminate() {
    kill(pid_, SIGTERM);
    return Wait();
  }

 private:
  void ReadAddress(int descriptor) {
    std::string line;
    char character = 0;
    while (read(descriptor, &character, 1) == 1 && character != '\n') {
      line += character;
    }
    absl::string_view rest = line;
    EXPECT_TRUE(absl::ConsumePrefix(&rest, "comityd: ready, serving on "))
        << line;
    address_ = std::string(rest);
  }

  int Wait() {
    int status = 0;
    EXPECT_EQ(waitpid(std::exchange(pid_, 0), &status, 0) > 0, true);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  int64_t StatusLine(absl::string_view field) const {
    std::ifstream file(absl::StrCat("/proc/", pid_, "/status"));
    std::string word;
    int64_t kibibytes = 0;
    while (file >> word) {
      if (word == field && file >> kibibytes) return kibibytes << 10;
    }
    ADD_FAILURE() << "no " << field;
    return 0;
  }

  TemporaryFolder folder_;
  pid_t pid_ = 0;
  std::string address_;
};

}  // namespace comity

#endif  // COMITY_TESTS_SERVICES_COMITYD_PROCESS_H_
