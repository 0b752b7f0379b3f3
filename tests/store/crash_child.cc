// The process that crash_test kills: opens the store in a folder, works on it,
// and writes to standard output what was acknowledged.
//
//   comity_store_crash_child <folder> <run> <seed>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "tests/store/crash_workload.h"

namespace comity {
namespace {

// Lines are shorter than PIPE_BUF, so each is written whole or not at all.
bool WriteLine(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::string bytes = absl::StrCat(line, "\n");
  return ::write(STDOUT_FILENO, bytes.data(), bytes.size()) ==
         static_cast<ssize_t>(bytes.size());
}

int Main(int count, char** arguments) {
  crash::Workload workload;
  if (count != 4 || !absl::SimpleAtoi(arguments[2], &workload.run) ||
      !absl::SimpleAtoi(arguments[3], &workload.seed)) {
    return 2;
  }
  SystemClock clock;
  StoreOptions options;
  options.clock = &clock;
  // Small, so that there are many files.
  options.write_buffer_bytes = 512 << 10;
  options.staged_bytes = 150 << 10;
  const auto store = Store::Open(arguments[1], options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  WriteLine("ready");
  workload.note = WriteLine;
  crash::Run(store->get(), workload);
  // It goes on until it is killed.
  return 1;
}

}  // namespace
}  // namespace comity

int main(int count, char** arguments) { return comity::Main(count, arguments); }
