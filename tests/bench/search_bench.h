// Search beside bare Xapian and an empty call, in one run.

#ifndef COMITY_TESTS_BENCH_SEARCH_BENCH_H_
#define COMITY_TESTS_BENCH_SEARCH_BENCH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace comity::bench {

struct SearchOptions {
  int64_t provisions = 200000;
  // Of all classes together.
  int queries = 1000;
  // Single updates a minute, and for how long.
  int updates = 1000;
  double update_seconds = 20;
  // Beside which look-ups are measured, and calls of each kind of look-up.
  int64_t designations = 200000;
  int64_t calls = 3000;
  // This program and the server as shipped.
  std::string self;
  std::string comityd;
  // Folder of the bundled data.
  std::string bundled;
};

// Makes a library, has bare Xapian and a server of its own index it, asks both
// the same, and prints what it measures; shortfalls are no failure.
absl::Status MeasureSearch(const SearchOptions& options);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_SEARCH_BENCH_H_
