// The search index beside bare Xapian, in one run.

#ifndef COMITY_TESTS_BENCH_SEARCH_BENCH_H_
#define COMITY_TESTS_BENCH_SEARCH_BENCH_H_

#include <cstdint>

#include "absl/status/status.h"

namespace comity::bench {

struct SearchOptions {
  int64_t provisions = 200000;
  // Of each class.
  int queries = 200;
  // Documents between the bare program's writes.
  int flush_documents = 2000;
};

// Prints what it measures; shortfalls are no failure.
absl::Status MeasureSearch(const SearchOptions& options);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_SEARCH_BENCH_H_
