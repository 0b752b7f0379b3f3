// Processes killed and power lost at random moments. What was acknowledged is
// there, no import is half there, and Verify finds nothing.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "tests/store/crash_workload.h"
#include "tests/support/lossy_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

extern char** environ;

namespace comity {
namespace {

constexpr int kRuns = 200;
// The folder grows over so many runs before the next one begins.
constexpr int kRunsPerFolder = 10;
constexpr uint64_t kSeed = 20000112;
// The large imports of the workload go to some or to many files.
constexpr size_t kStagedBytes = 150 << 10;

StoreOptions Options(const Clock* clock) {
  StoreOptions options;
  options.clock = clock;
  options.write_buffer_bytes = 512 << 10;
  options.staged_bytes = kStagedBytes;
  return options;
}

// A child that works on a store, and what it said.
class Child {
 public:
  Child(const std::string& folder, int run, uint64_t seed) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string arguments[] = {COMITY_CRASH_CHILD, folder, absl::StrCat(run),
                               absl::StrCat(seed)};
    char* pointers[] = {arguments[0].data(), arguments[1].data(),
                        arguments[2].data(), arguments[3].data(), nullptr};
    if (::posix_spawn(&process_, pointers[0], &actions, nullptr, pointers,
                      environ) != 0) {
      process_ = -1;
    }
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  ~Child() {
    if (process_ > 0) Kill();
    ::close(output_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads lines until `time` has passed, the first line came (`once`), or the
  // child ended. False if it ended.
  bool Read(std::chrono::milliseconds time, bool once) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!once || text_.find('\n') == std::string::npos) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      if (left.count() <= 0) return true;
      pollfd poll{output_, POLLIN, 0};
      if (::poll(&poll, 1, static_cast<int>(left.count())) <= 0) continue;
      if (!ReadSome()) return false;
    }
    return true;
  }

  // Kills it, and gives what it said: whole lines without the first.
  std::vector<std::string> Kill() {
    ::kill(process_, SIGKILL);
    while (ReadSome()) {
    }
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    std::vector<std::string> lines;
    size_t start = 0;
    for (size_t at = text_.find('\n'); at != std::string::npos;
         at = text_.find('\n', start)) {
      if (start > 0) lines.push_back(text_.substr(start, at - start));
      start = at + 1;
    }
    return lines;
  }

  bool started() const { return process_ > 0; }

 private:
  bool ReadSome() {
    char buffer[65536];
    const ssize_t size = ::read(output_, buffer, sizeof(buffer));
    if (size <= 0) return false;
    text_.append(buffer, static_cast<size_t>(size));
    return true;
  }

  pid_t process_ = -1;
  int output_ = -1;
  std::string text_;
};

std::string Listed(std::vector<std::string> problems) {
  if (problems.size() > 10) problems.resize(10);
  return absl::StrJoin(problems, "\n");
}

// One child killed at a random moment, and the store after it.
void KillOnce(const std::string& folder, int run, crash::Ledger* ledger) {
  const uint64_t seed = kSeed + static_cast<uint64_t>(run);
  SCOPED_TRACE(absl::StrCat("run ", run, ", seed ", seed));
  std::mt19937_64 random(seed);
  Child child(folder, run, seed);
  ASSERT_TRUE(child.started());
  if (random() % 5 == 0) {
    // While it starts, sweeps and recovers.
    child.Read(std::chrono::milliseconds(1 + random() % 100), false);
  } else {
    ASSERT_TRUE(child.Read(std::chrono::seconds(60), true))
        << "the store does not open";
    ASSERT_TRUE(
        child.Read(std::chrono::milliseconds(2 + random() % 300), false))
        << "the work ended by itself";
  }
  for (const std::string& line : child.Kill()) {
    ASSERT_TRUE(ledger->Add(line)) << line;
  }
  SystemClock clock;
  const auto store = Store::Open(folder, Options(&clock));
  ASSERT_OK(store);
  const std::vector<std::string> problems = ledger->Check(**store);
  ASSERT_TRUE(problems.empty()) << Listed(problems);
}

TEST(CrashTest, AKilledProcessLosesNothingThatItAcknowledged) {
  size_t acknowledged = 0;
  for (int run = 0; run < kRuns;) {
    const TemporaryFolder folder;
    crash::Ledger ledger;
    for (int i = 0; i < kRunsPerFolder; ++i, ++run) {
      ASSERT_NO_FATAL_FAILURE(KillOnce(folder.Path("store"), run, &ledger));
    }
    acknowledged += ledger.acknowledged();
  }
  RecordProperty("acknowledged", absl::StrCat(acknowledged));
  // Otherwise nothing was tested.
  EXPECT_GT(acknowledged, 10u * kRuns);
}

// Power lost ----------------------------------------------------------------

struct Loss {
  // So many operations of the file system are let through.
  int64_t operations = 0;
  // Some of what was not synced survives.
  std::mt19937_64* partial = nullptr;
  // The log of the store is taken for synced when it is not.
  bool without_sync = false;
  size_t write_buffer_bytes = 512 << 10;
  size_t staged_bytes = kStagedBytes;
};

// Works on the store in `folder` until the power is gone, and notes what was
// acknowledged before.
void WorkUntilLoss(const TemporaryFolder& folder, int run, uint64_t seed,
                   const Loss& loss, crash::Ledger* ledger) {
  const std::string trash = folder.Path("trash");
  std::filesystem::create_directory(trash);
  auto system = std::make_shared<LossyFileSystem>(trash);
  system->FreezeAfter(loss.operations);
  if (loss.without_sync) system->IgnoreSyncOf(".log");
  SystemClock clock;
  StoreOptions options = Options(&clock);
  options.write_buffer_bytes = loss.write_buffer_bytes;
  options.staged_bytes = loss.staged_bytes;
  options.file_system = system;
  {
    auto store = Store::Open(folder.Path("store"), options);
    if (!store.ok()) {
      ASSERT_TRUE(system->frozen()) << store.status();
    }
    if (store.ok()) {
      std::mutex mutex;
      bool all_read = true;
      crash::Workload workload;
      workload.run = run;
      workload.seed = seed;
      workload.note = [&](const std::string& line) {
        const std::lock_guard<std::mutex> lock(mutex);
        all_read = ledger->Add(line) && all_read;
        return true;
      };
      crash::Run(store->get(), workload);
      ASSERT_TRUE(all_read);
      ASSERT_TRUE(system->frozen()) << "the work ended by itself";
    }
  }
  system->LosePower(loss.partial);
  std::filesystem::remove_all(trash);
}

// What is wrong after the power is back.
std::vector<std::string> ProblemsAfterLoss(const TemporaryFolder& folder,
                                           const crash::Ledger& ledger) {
  SystemClock clock;
  const auto store = Store::Open(folder.Path("store"), Options(&clock));
  if (!store.ok()) return {store.status().ToString()};
  return ledger.Check(**store);
}

TEST(CrashTest, LostPowerLosesNothingThatWasAcknowledged) {
  size_t acknowledged = 0;
  for (int run = 0; run < kRuns;) {
    const TemporaryFolder folder;
    crash::Ledger ledger;
    for (int i = 0; i < kRunsPerFolder; ++i, ++run) {
      const uint64_t seed = kSeed * 3 + static_cast<uint64_t>(run);
      SCOPED_TRACE(absl::StrCat("run ", run, ", seed ", seed));
      std::mt19937_64 random(seed);
      Loss loss;
      loss.operations = 1 + static_cast<int64_t>(random() % 600);
      if (run % 2 == 1) loss.partial = &random;
      ASSERT_NO_FATAL_FAILURE(WorkUntilLoss(folder, run, seed, loss, &ledger));
      const std::vector<std::string> problems =
          ProblemsAfterLoss(folder, ledger);
      ASSERT_TRUE(problems.empty()) << Listed(problems);
    }
    acknowledged += ledger.acknowledged();
  }
  RecordProperty("acknowledged", absl::StrCat(acknowledged));
  EXPECT_GT(acknowledged, 10u * kRuns);
}

TEST(CrashTest, WithoutTheSyncTheCheckFails) {
  for (int run = 0; run < 5; ++run) {
    SCOPED_TRACE(run);
    for (const bool without_sync : {false, true}) {
      const TemporaryFolder folder;
      crash::Ledger ledger;
      Loss loss;
      loss.operations = 400;
      loss.without_sync = without_sync;
      // No file but the log has anything.
      loss.write_buffer_bytes = 64 << 20;
      loss.staged_bytes = 64 << 20;
      ASSERT_NO_FATAL_FAILURE(WorkUntilLoss(
          folder, run, kSeed + static_cast<uint64_t>(run), loss, &ledger));
      ASSERT_GT(ledger.acknowledged(), 0u);
      EXPECT_EQ(ProblemsAfterLoss(folder, ledger).empty(), !without_sync);
    }
  }
}

}  // namespace
}  // namespace comity
