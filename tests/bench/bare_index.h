// What one would write with Xapian alone: one writer, words with their
// positions, as its own guide has it. The floor that search is measured beside.

#ifndef COMITY_TESTS_BENCH_BARE_INDEX_H_
#define COMITY_TESTS_BENCH_BARE_INDEX_H_

#include <xapian.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/analyzer.h"
#include "tests/bench/synthetic_library.h"

namespace comity::bench {

// Indexes up to `laws_max` laws into a new database in `folder`, writing after
// that many documents. Returns the seconds that it took.
absl::StatusOr<double> IndexBare(const SyntheticLibrary& library,
                                 size_t laws_max, int flush_documents,
                                 const std::string& folder);

// The query tree that the server makes of the words, for that database: phrases
// by Xapian's own operator.
Xapian::Query BareQuery(const std::string& query,
                        const Xapian::Database& database,
                        index::Analyzer* analyzer);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_BARE_INDEX_H_
