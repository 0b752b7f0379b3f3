// An import as `comity import designations` makes it.

#ifndef COMITY_TESTS_BENCH_IMPORT_CLIENT_H_
#define COMITY_TESTS_BENCH_IMPORT_CLIENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace comity::bench {

struct Imported {
  double seconds = 0;
  int64_t file_bytes = 0;
  // Records added: offices and designations.
  int64_t records = 0;
  // Of its last change.
  uint64_t sequence = 0;
};

// Sends the CSV at `path` to the server, reads all results. Internal if a
// record was rejected or nothing was applied.
absl::StatusOr<Imported> Import(const std::string& address,
                                const std::string& path);
// The same of a file of records, as JSON Lines.
absl::StatusOr<Imported> ImportRecords(const std::string& address,
                                       const std::string& path);

// Returns when searches reflect that sequence.
absl::Status WaitForIndex(const std::string& address, uint64_t sequence);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_IMPORT_CLIENT_H_
