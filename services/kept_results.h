// Results of an import, kept until it is over.

#ifndef COMITY_SERVICES_KEPT_RESULTS_H_
#define COMITY_SERVICES_KEPT_RESULTS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "comity/v1/import_service.pb.h"
#include "import/spool.h"

namespace comity {

// All but the last few are on disk, so that memory is bounded and an import,
// which holds up all other writers, never waits for a client that is slow to
// take its results. Not thread-safe.
class KeptResults {
 public:
  // `folder` must exist when results are many.
  explicit KeptResults(std::string folder) : folder_(std::move(folder)) {}

  // ResourceExhausted if there is no room for it.
  absl::Status Add(v1::ImportResult result);

  // After all were added: the next few into an empty `results`; false if there
  // are no more.
  absl::StatusOr<bool> Next(v1::ImportResults* results);

 private:
  absl::Status WriteOut();

  const std::string folder_;
  v1::ImportResults pending_;
  size_t pending_bytes_ = 0;
  // Messages with their sizes before them; null: none.
  std::unique_ptr<Spool> spool_;
  // Read and not yet taken from `taken_` on.
  std::string read_;
  size_t taken_ = 0;
};

}  // namespace comity

#endif  // COMITY_SERVICES_KEPT_RESULTS_H_
