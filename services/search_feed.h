// What changes do to the matches of saved searches, as a feed: from a position,
// message by message.

#ifndef COMITY_SERVICES_SEARCH_FEED_H_
#define COMITY_SERVICES_SEARCH_FEED_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "comity/v1/search_service.pb.h"
#include "index/match_watch.h"
#include "services/core.h"
#include "services/watch_token.h"

namespace comity {

// Where a watcher stands, and what it searches for.
struct SearchCursor {
  // Everything up to this sequence was told.
  uint64_t position = 0;
  absl::Duration heartbeat;
  v1::SearchRequest search;
  // Of the step that is being told, which ends at `step_end`; those before
  // `next` were told.
  std::vector<index::MatchChange> step;
  size_t next = 0;
  uint64_t step_end = 0;
};

// A feed of WatchHub's. Not thread-safe, but for Open.
class SearchFeed {
 public:
  using Request = v1::WatchSearchRequest;
  using Response = v1::WatchSearchResponse;
  using Cursor = SearchCursor;
  static constexpr const char* kMethod = "SearchService/WatchSearch";

  // `core` must outlive the feed, and have its index before the first cursor.
  explicit SearchFeed(const Core* core) : core_(core), tokens_(core->store) {}

  // Where a watch begins. InvalidArgument for a malformed field; OutOfRange for
  // a sequence that is not there; Unavailable without an index.
  static absl::StatusOr<SearchCursor> Open(
      const Core& core, const v1::WatchSearchRequest& request);

  // Adds what follows the position to `response`, up to a message full, and
  // moves the position when all of a step was told.
  absl::StatusOr<Reach> Read(SearchCursor* cursor,
                             v1::WatchSearchResponse* response);

  // Fills all of `response` but the changes.
  absl::Status Stamp(const SearchCursor& cursor,
                     v1::WatchSearchResponse* response);

 private:
  void Tell(index::MatchChange change, v1::SearchChange* told) const;

  const Core* const core_;
  WatchTokens tokens_;
  // Made for the first watcher.
  std::unique_ptr<index::MatchWatch> watch_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_SEARCH_FEED_H_
