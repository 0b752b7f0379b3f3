// The change log as a feed: from a position, with filters, message by message.

#ifndef COMITY_SERVICES_WATCH_FEED_H_
#define COMITY_SERVICES_WATCH_FEED_H_

#include <cstdint>
#include <deque>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "comity/v1/change_service.pb.h"
#include "services/core.h"
#include "services/watch_token.h"

namespace comity {

// Where a watcher stands, and what it wants.
struct WatchCursor {
  // Everything up to this sequence was told, or filtered out.
  uint64_t position = 0;
  bool include_records = false;
  // Empty: all kinds.
  std::set<int> kinds;
  // `states/{state}`; empty: all.
  std::string state;
  absl::Duration heartbeat;
};

// A feed of WatchHub's. Not thread-safe, but for Open.
class WatchFeed {
 public:
  using Request = v1::WatchRequest;
  using Response = v1::WatchResponse;
  using Cursor = WatchCursor;
  static constexpr const char* kMethod = "ChangeService/Watch";

  // `core` must outlive the feed.
  explicit WatchFeed(const Core* core) : core_(core), tokens_(core->store) {}

  // Where a watch begins. InvalidArgument for a malformed field; OutOfRange for
  // the token of another store.
  static absl::StatusOr<WatchCursor> Open(const Core& core,
                                          const v1::WatchRequest& request);

  // Adds what follows the position to `response`, up to a message full, and
  // moves the position.
  absl::StatusOr<Reach> Read(WatchCursor* cursor, v1::WatchResponse* response);

  // Fills all of `response` but the changes.
  absl::Status Stamp(const WatchCursor& cursor, v1::WatchResponse* response);

 private:
  // Brings `recent_` up to `newest`.
  absl::Status Refresh(uint64_t newest);
  // False: the message is full.
  absl::StatusOr<bool> Take(const v1::Change& change, WatchCursor* cursor,
                            v1::WatchResponse* response);

  const Core* const core_;
  WatchTokens tokens_;
  // Of the message that is being filled.
  size_t message_bytes_ = 0;
  // The newest changes, without gaps: most watchers are nearly current, and
  // want the same ones.
  std::deque<v1::Change> recent_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_WATCH_FEED_H_
