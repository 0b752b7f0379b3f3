// All watchers of one feed, served by one thread: it is woken when something
// was published, when a client took a message, and for heartbeats.

#ifndef COMITY_SERVICES_WATCH_HUB_H_
#define COMITY_SERVICES_WATCH_HUB_H_

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "services/search_feed.h"
#include "services/watch_feed.h"

namespace grpc {
class CallbackServerContext;
template <class Response>
class ServerWriteReactor;
}  // namespace grpc

namespace comity {

class Edge;

// Thread-safe. A `Feed` has a cursor with position and heartbeat, and reads
// from there into messages: WatchFeed and SearchFeed.
template <class Feed>
class WatchHub {
 public:
  // `edge` must outlive the hub. At most `watchers_max` at once.
  WatchHub(Edge* edge, int watchers_max);
  // All streams must have ended: see Stop.
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Begins a stream. `request` is read before it returns.
  grpc::ServerWriteReactor<typename Feed::Response>* Watch(
      const typename Feed::Request& request);

  // Ends all streams with Unavailable, and refuses new ones.
  void Stop();

  int watchers() const;

 private:
  class Watcher;
  using WatcherPtr = std::shared_ptr<Watcher>;

  void Run();
  // What the thread has to do, when it has; empty when the hub ends.
  std::vector<WatcherPtr> NextTurn();
  void Ready(WatcherPtr watcher);
  void Remove(const WatcherPtr& watcher);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  Edge* const edge_;
  const size_t watchers_max_;
  // Of the thread.
  Feed feed_;
  // When all watchers last had their turn.
  std::chrono::steady_clock::time_point all_had_turn_;

  mutable absl::Mutex mutex_;
  // Shared with the streams themselves, which gRPC may end at any time.
  absl::flat_hash_set<WatcherPtr> watchers_ ABSL_GUARDED_BY(mutex_);
  std::vector<WatcherPtr> ready_ ABSL_GUARDED_BY(mutex_);
  bool published_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t listener_ = 0;
  std::thread thread_;
};

extern template class WatchHub<WatchFeed>;
extern template class WatchHub<SearchFeed>;
using ChangeHub = WatchHub<WatchFeed>;
using SearchHub = WatchHub<SearchFeed>;

}  // namespace comity

#endif  // COMITY_SERVICES_WATCH_HUB_H_
