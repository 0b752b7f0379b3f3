// Versions of records as they are stored, in memory: those of the current
// offices and designations, so that an answer of many records needs no look at
// the database.

#ifndef COMITY_STORE_VERSION_CACHE_H_
#define COMITY_STORE_VERSION_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"

namespace comity {

// Thread-safe. A published version never changes, so nothing that is in here
// ever becomes wrong: it is only put in, and what was put in first goes first.
class VersionCache {
 public:
  // Holds at most so many bytes, what finds them included.
  explicit VersionCache(size_t bytes_max);

  // Calls `visit` with the stored bytes of the version of this sequence; false
  // if they are not here. `visit` must return at once and must not call back.
  bool Visit(uint64_t sequence,
             absl::FunctionRef<void(absl::string_view)> visit) const;

  // Calls `use` with the stored bytes of the versions of these sequences, in
  // their order, and with nothing for a sequence of 0; false, without a call,
  // if one is not here. `use` must return soon and must not call back.
  bool VisitAll(
      absl::Span<const uint64_t> sequences,
      absl::FunctionRef<void(absl::Span<const absl::string_view>)> use) const;

  // Puts in a version that is published. One that is here already stays, one
  // that is larger than a piece of memory is left out.
  void Put(uint64_t sequence, absl::string_view version);

  // What is held, in bytes.
  size_t bytes() const;

 private:
  // Records stand one after another in pieces, which costs a fifth less than
  // memory of their own.
  struct Piece {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
    // The versions in it, for the day when it goes.
    std::deque<uint64_t> sequences;
  };
  struct Place {
    const char* bytes = nullptr;
    uint32_t size = 0;
  };

  size_t BytesHeld() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const size_t bytes_max_;
  mutable absl::Mutex mutex_;
  std::deque<Piece> pieces_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uint64_t, Place> places_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace comity

#endif  // COMITY_STORE_VERSION_CACHE_H_
