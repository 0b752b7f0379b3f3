// What changes of records do to the matches of a search: which are new, which
// are others than they were, which are gone.
//
// What matches now, the index tells. What matched before is in no index any
// more, but every version of every record is kept: the records that changed are
// indexed once more as they were, in a small segment of their own, and the
// search is asked of that. So any sequence is one to compare with.

#ifndef COMITY_INDEX_MATCH_WATCH_H_
#define COMITY_INDEX_MATCH_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "comity/v1/search_service.pb.h"
#include "index/library_index.h"
#include "index/searcher.h"
#include "store/store.h"

namespace comity::index {

struct MatchChange {
  enum class Kind { kNew, kChanged, kGone };
  Kind kind = Kind::kNew;
  // As it was where it is gone, else as it is.
  Match match;
  // Changes of this record that are left out: this is the last that is told.
  int64_t left_out = 0;
};

// One thread at a time. What it has made for one search serves others that are
// as far.
class MatchWatch {
 public:
  // All must outlive the watch. Only one of an index at a time: its segments
  // are in the index's folder.
  MatchWatch(const Store* store, const LibraryIndex* index,
             const Searcher* searcher);
  ~MatchWatch();
  MatchWatch(const MatchWatch&) = delete;
  MatchWatch& operator=(const MatchWatch&) = delete;

  // Goes on from `*sequence` by some changes that the index reflects, and
  // appends what they do to the matches of `search`, by record and in the order
  // of its texts. False if it reflects no later ones. For what of `search`
  // counts, see Searcher::FindAll.
  absl::StatusOr<bool> Read(const v1::SearchRequest& search, uint64_t* sequence,
                            std::vector<MatchChange>* changes);

 private:
  class Scratch;
  struct Window;

  // The one that begins behind `after`, of changes up to `until`.
  absl::StatusOr<Window*> WindowAt(uint64_t after, uint64_t until);
  absl::StatusOr<int64_t> CountDocuments(
      const std::vector<std::string>& records) const;
  // The index reflects `sequence` now: what changed since the window's end is
  // not to be looked up in it.
  absl::Status Follow(uint64_t sequence, Window* window);
  // Null if none of the records was there at `at`.
  absl::StatusOr<std::unique_ptr<Scratch>> MakeScratch(
      const std::vector<std::string>& records, uint64_t at);
  absl::StatusOr<bool> IsSameLaw(const std::string& law, uint64_t first,
                                 uint64_t second) const;
  absl::StatusOr<bool> IsChanged(const Match& before, const Match& after) const;
  absl::Status Compare(const std::vector<Match>& before,
                       const std::vector<Match>& after,
                       std::vector<MatchChange>* changes) const;

  const Store* const store_;
  const LibraryIndex* const index_;
  const Searcher* const searcher_;
  const std::string folder_;
  uint64_t scratches_ = 0;
  // The newest last. Watches are mostly equally far.
  std::deque<std::unique_ptr<Window>> windows_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_MATCH_WATCH_H_
