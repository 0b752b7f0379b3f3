// What an import has written and not published, as far as it does not fit into
// memory: sorted files beside the database.

#ifndef COMITY_STORE_STAGED_RUNS_H_
#define COMITY_STORE_STAGED_RUNS_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/sst_file_reader.h"
#include "store/key_buffer.h"

namespace comity {

// Tells of a key, by two bytes or so, that it is not there; sometimes it does
// not know.
class KeyFilter {
 public:
  explicit KeyFilter(size_t keys);
  static uint64_t Hash(absl::string_view key);
  void Add(uint64_t hash);
  bool MayHave(uint64_t hash) const;

 private:
  // The bits of a key are in one of these, which are in one line of the cache.
  struct alignas(64) Block {
    std::array<uint64_t, 8> words;
  };
  size_t NumberOf(uint64_t hash) const;

  std::vector<Block> blocks_;
};

// Not thread-safe.
class StagedRuns {
 public:
  // Files go to `folder`, which is made where it is missing and is nobody
  // else's. `db` must outlive this.
  StagedRuns(rocksdb::DB* db, std::string folder);
  // Nothing is left, whether it was published or not.
  ~StagedRuns();
  StagedRuns(const StagedRuns&) = delete;
  StagedRuns& operator=(const StagedRuns&) = delete;

  // What `buffer` has is newer than all before. It is written on a thread of
  // its own; a failure is told by the next call.
  absl::Status Add(std::unique_ptr<KeyBuffer> buffer);

  enum class Found { kNothing, kValue, kDeleted };
  absl::StatusOr<Found> Find(absl::string_view key, std::string* value);

  // Synced files of all that was added, oldest first. Nothing else may be
  // called after it.
  absl::StatusOr<std::vector<std::string>> Finish();

  // Removes what a process that ended left in `folder`.
  static void Clear(rocksdb::DB* db, const std::string& folder);

 private:
  struct Run {
    std::string path;
    std::unique_ptr<KeyFilter> filter;
    // Keys that the run takes away: readers of its file do not see them.
    absl::flat_hash_set<std::string> deleted;
    // Opened when it is first asked for. The reader must outlive the iterator.
    std::unique_ptr<rocksdb::SstFileReader> reader;
    std::unique_ptr<rocksdb::Iterator> iterator;
  };
  class Merger;

  std::string NextPath();
  absl::Status Write(const KeyBuffer& buffer, Run* run) const;
  absl::Status Wait();
  absl::Status OpenRun(Run* run, const rocksdb::ReadOptions& options);

  rocksdb::DB* const db_;
  const std::string folder_;
  const rocksdb::Options options_;
  uint64_t files_ = 0;
  // Oldest first.
  std::deque<Run> runs_;
  // On its way into the last run; null: all are written.
  std::unique_ptr<KeyBuffer> writing_;
  std::thread thread_;
  // Of the writes that have ended.
  absl::Status status_;
};

}  // namespace comity

#endif  // COMITY_STORE_STAGED_RUNS_H_
