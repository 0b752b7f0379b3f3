// A child process whose output is read line by line.

#ifndef COMITY_TESTS_BENCH_PROCESS_H_
#define COMITY_TESTS_BENCH_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace comity::bench {

class Process {
 public:
  static absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::vector<std::string>& arguments);
  // Ends the process if that was not done.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line without its end; empty once the process closed its output.
  std::string ReadLine();
  // The most memory that it had resident so far.
  int64_t PeakBytes() const;
  // Sends SIGTERM and waits. Internal unless it then exits with 0.
  absl::Status Stop();
  // Waits until it exits by itself. Internal unless with 0.
  absl::Status Wait();

 private:
  Process(pid_t pid, FILE* out) : pid_(pid), out_(out) {}

  pid_t pid_;
  FILE* out_;
};

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_PROCESS_H_
