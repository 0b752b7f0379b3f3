// The floor of an import: what RocksDB alone needs for the same bytes.

#ifndef COMITY_TESTS_BENCH_FLOOR_H_
#define COMITY_TESTS_BENCH_FLOOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace comity::bench {

// Everything that a store holds, as batches ready to be written.
struct StoredBytes {
  // Serialised WriteBatches of 1,000 records each: their versions, pointers,
  // lookups and changes, in the order in which they were written.
  std::vector<std::string> batches;
  int64_t keys = 0;
  // Of keys and values.
  int64_t bytes = 0;
};

// Reads the store in `folder`, which no process holds.
absl::StatusOr<StoredBytes> ReadStored(const std::string& folder);

// Writes the batches to a new database in `folder`, with the options that the
// store in `like` was opened with and one sync at the end. Seconds.
absl::StatusOr<double> WriteFloor(const StoredBytes& stored,
                                  const std::string& like,
                                  const std::string& folder);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_FLOOR_H_
