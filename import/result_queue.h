// Results of an import on their way out, in the order of the file.

#ifndef COMITY_IMPORT_RESULT_QUEUE_H_
#define COMITY_IMPORT_RESULT_QUEUE_H_

#include <cstdint>
#include <memory>

#include "absl/container/btree_map.h"
#include "absl/functional/function_ref.h"
#include "comity/v1/import_service.pb.h"

namespace comity {

// Tells results in the order in which they were added or a place was kept for
// them. Those behind a place that is still open wait. Not thread-safe.
class ResultQueue {
 public:
  using Tell = absl::FunctionRef<void(v1::ImportResult)>;

  // What `tell` is bound to must outlive this.
  explicit ResultQueue(Tell tell) : tell_(tell) {}

  void Add(v1::ImportResult result);
  // Keeps a place for a result that is not known yet.
  uint64_t Keep();
  // Fills a place that was kept, or gives it up.
  void Fill(uint64_t place, v1::ImportResult result);
  void Drop(uint64_t place);

  // Tells everything that is known, though it overtakes open places.
  void Overtake();

  // Memory of what waits, about.
  size_t bytes() const { return bytes_; }

 private:
  struct Waiting {
    bool open = false;
    size_t bytes = 0;
    v1::ImportResult result;
  };

  void TellFirst();

  const Tell tell_;
  uint64_t next_ = 1;
  size_t bytes_ = 0;
  // By place.
  absl::btree_map<uint64_t, std::unique_ptr<Waiting>> waiting_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_RESULT_QUEUE_H_
