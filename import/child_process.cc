#include "import/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"

namespace comity {
namespace {

constexpr char kProgram[] = "comity-read";
constexpr size_t kReadBytes = 64 << 10;

// Beside the running program, or where it is installed. Empty if there is none.
std::string ProgramPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  if (size <= 0 || static_cast<size_t>(size) == sizeof(path)) return "";
  absl::string_view folder(path, static_cast<size_t>(size));
  folder = folder.substr(0, folder.rfind('/'));
  for (const absl::string_view place : {"/", "/../libexec/comity/"}) {
    std::string candidate = absl::StrCat(folder, place, kProgram);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

}  // namespace

ChildProcess::~ChildProcess() {
  if (pipe_ >= 0) close(pipe_);
  if (process_ > 0) {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

absl::Status ChildProcess::Start(int file,
                                 const std::vector<std::string>& arguments) {
  const std::string program = ProgramPath();
  if (program.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("the program ", kProgram,
                                                      ", which reads ", what_,
                                                      "s, is not installed"));
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::UnavailableError("no pipe can be opened");
  }
  pipe_ = ends[0];
  absl::Cleanup close_end = [&ends] { close(ends[1]); };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  // Files of the server that were opened without O_CLOEXEC.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::vector<std::string> words = {kProgram};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  const int error = posix_spawn(&process_, program.c_str(), &actions, nullptr,
                                argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    process_ = -1;
    return absl::UnavailableError(
        absl::StrCat(kProgram, " cannot be started: ", strerror(error)));
  }
  return absl::OkStatus();
}

absl::Status ChildProcess::Died() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  process_ = -1;
  return absl::InvalidArgumentError(
      absl::StrCat("the ", what_,
                   " cannot be read: it needs more memory or time than is "
                   "allowed, or is damaged"));
}

// Moves the next `size` bytes of the pipe into `bytes`.
absl::Status ChildProcess::Read(size_t size, std::string* bytes) {
  while (ahead_.size() < size) {
    pollfd wait = {pipe_, POLLIN, 0};
    const int ready = poll(&wait, 1, limits::kReaderSilentSecondsMax * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Died();
    char chunk[kReadBytes];
    const ssize_t read_bytes = read(pipe_, chunk, sizeof(chunk));
    if (read_bytes < 0 && errno == EINTR) continue;
    if (read_bytes <= 0) return Died();
    ahead_.append(chunk, static_cast<size_t>(read_bytes));
  }
  bytes->assign(ahead_, 0, size);
  ahead_.erase(0, size);
  return absl::OkStatus();
}

absl::Status ChildProcess::Next(size_t bytes_max, char* letter,
                                std::string* body) {
  std::string head;
  RETURN_IF_ERROR(Read(5, &head));
  uint32_t size = 0;
  for (size_t i = 4; i > 0; --i) {
    size = (size << 8U) | static_cast<unsigned char>(head[i]);
  }
  if (size > bytes_max) return Died();
  RETURN_IF_ERROR(Read(size, body));
  *letter = head[0];
  return absl::OkStatus();
}

void ChildProcess::Close() {
  close(pipe_);
  pipe_ = -1;
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

absl::Status ChildProcess::FailureOf(absl::string_view body) {
  return absl::Status(!body.empty() && body[0] == 'x'
                          ? absl::StatusCode::kResourceExhausted
                          : absl::StatusCode::kInvalidArgument,
                      body.substr(std::min<size_t>(1, body.size())));
}

absl::StatusOr<int> OpenTemporaryFile() {
  const char* folder = getenv("TMPDIR");
  std::string path =
      absl::StrCat(folder == nullptr || *folder == '\0' ? "/tmp" : folder,
                   "/comity-import-XXXXXX");
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) {
    return absl::UnavailableError("no temporary file can be opened");
  }
  unlink(path.c_str());
  return file;
}

absl::Status WriteToFile(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return absl::ResourceExhaustedError(
          "the file cannot be stored while it is read: no space left");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace comity
