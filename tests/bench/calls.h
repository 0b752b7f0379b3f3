// The calls that are measured, from a process of their own.

#ifndef COMITY_TESTS_BENCH_CALLS_H_
#define COMITY_TESTS_BENCH_CALLS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace comity::bench {

struct CallOptions {
  std::string address;
  // Calls of each method; the empty one is called as often before each.
  int64_t calls = 20000;
  uint64_t seed = 1;
  // `GetAuthority`, `FindContacts` or `RouteRequest` alone, for a profile;
  // empty: all.
  std::string only;
  // Measures beside each method, as `NAME-bytes`, the same answers from a
  // method that only sends bytes.
  bool floors = false;
};

// Makes the calls one after another over one channel and prints a line for each
// method: `NAME CALLS P50 P99 BYTES ITEMS`, times in nanoseconds, mean size of
// an answer and mean number of contacts or routes in it, with three decimals.
absl::Status MeasureCalls(const CallOptions& options);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_CALLS_H_
