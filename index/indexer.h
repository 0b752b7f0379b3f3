// Keeps the index up with the store: follows the change log, builds anew what
// is missing, damaged or far behind.

#ifndef COMITY_INDEX_INDEXER_H_
#define COMITY_INDEX_INDEXER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "index/concepts.h"
#include "index/inputs.h"
#include "index/library_index.h"
#include "store/store.h"

namespace comity::index {

struct IndexerOptions {
  // Changes that the index may be behind before it is built anew, in several
  // shards, which is faster; but only if they are half of all.
  uint64_t build_changes_min = 5000;
  // Changes that come together are committed together.
  absl::Duration gather = absl::Milliseconds(50);
  // After a failure.
  absl::Duration retry = absl::Seconds(5);
  // What people should know: damage, builds, failures. No names, no paths.
  std::function<void(const std::string&)> report;
  // Called with all concepts, at first and whenever one changes.
  std::function<void(std::shared_ptr<const Concepts>)> set_concepts;
  // Called when searches reflect something new, but not more often than that,
  // from the thread that indexes.
  std::function<void()> changed;
  absl::Duration changed_at_most_every = absl::Seconds(5);
};

class Indexer {
 public:
  // Both must outlive the indexer, which alone writes the index.
  Indexer(Store* store, LibraryIndex* index, IndexerOptions options);
  // Stops; what is left is done at the next start.
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  // Follows the log in a thread of its own.
  void Start();

  // Instead of Start: brings the index up to what is published now.
  absl::Status CatchUp();

  // Has the index built anew soon, by the thread; thread-safe.
  void Rebuild();
  // Of the generation that is being built; thread-safe.
  struct Progress {
    bool building = false;
    // The changes up to here are in it.
    uint64_t sequence = 0;
  };
  Progress progress() const;

 private:
  void Run();
  bool stopping() const;
  bool FarBehind() const;
  absl::Status Follow();
  absl::Status BuildAnew();
  absl::Status Apply(const ChangedRecords& window);
  absl::Status LoadConcepts();
  void Report(const std::string& what) const;
  void TellChanged();

  Store* const store_;
  LibraryIndex* const index_;
  const IndexerOptions options_;
  bool concepts_loaded_ = false;
  uint64_t listener_ = 0;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool due_ ABSL_GUARDED_BY(mutex_) = true;
  bool rebuild_ ABSL_GUARDED_BY(mutex_) = false;
  Progress progress_ ABSL_GUARDED_BY(mutex_);
  // Of the thread: what was told last, and when.
  uint64_t told_sequence_ = 0;
  absl::Time told_at_ = absl::InfinitePast();
  std::thread thread_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_INDEXER_H_
