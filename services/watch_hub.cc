#include "services/watch_hub.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "base/limits.h"
#include "base/status_macros.h"
#include "services/edge.h"
#include "services/reply.h"
#include "services/streams.h"

namespace comity {
namespace {

// How often heartbeats are looked after; they are due after a second at least.
constexpr absl::Duration kTick = absl::Milliseconds(200);

absl::Status Stopping() {
  return absl::UnavailableError("the server is stopping: resume elsewhere");
}

}  // namespace

// One stream. Messages are made by the hub's thread only; gRPC's threads tell
// what became of them.
template <class Feed>
class WatchHub<Feed>::Watcher
    : public grpc::ServerWriteReactor<typename Feed::Response>,
      public std::enable_shared_from_this<typename WatchHub<Feed>::Watcher> {
 public:
  using Response = typename Feed::Response;

  Watcher(WatchHub* hub, const Edge::Start& start, typename Feed::Cursor cursor,
          bool stop_when_current)
      : hub_(hub),
        start_(start),
        cursor_(std::move(cursor)),
        stop_when_current_(stop_when_current) {}

  // Owns itself until gRPC is done with it.
  void Hold(WatcherPtr self) { self_ = std::move(self); }

  // On the hub's thread: sends what there is to send.
  void Turn(Feed* feed) {
    {
      const absl::MutexLock lock(&mutex_);
      if (writing_ || finishing_) return;
    }
    Response response;
    const absl::StatusOr<Reach> reach = feed->Read(&cursor_, &response);
    if (!reach.ok()) return End(reach.status());
    const auto now = std::chrono::steady_clock::now();
    const bool due = !sent_any_ || now - sent_ >= absl::ToChronoNanoseconds(
                                                      cursor_.heartbeat);
    if (response.changes().empty() && *reach == Reach::kMore && !due) {
      // Only changes that it does not want: the others have their turn.
      return hub_->Ready(this->shared_from_this());
    }
    const bool last = *reach == Reach::kNewest && stop_when_current_;
    if (response.changes().empty() && !due && !last) return;
    // What follows the last message of a stream that ends is nothing.
    if (last && sent_any_ && response.changes().empty() &&
        told_ == cursor_.position) {
      return End(absl::OkStatus());
    }
    const absl::Status stamped = feed->Stamp(cursor_, &response);
    if (!stamped.ok()) return End(stamped);
    sent_any_ = true;
    sent_ = now;
    told_ = cursor_.position;
    Send(std::move(response));
  }

  // Ends the stream as soon as nothing is being written.
  void End(const absl::Status& status) {
    {
      const absl::MutexLock lock(&mutex_);
      if (finishing_) return;
      finishing_ = true;
      status_ = status;
      if (writing_) return;
    }
    this->Finish(Reply(status));
  }

  void OnCancel() override { End(absl::CancelledError("the caller left")); }

  void OnWriteDone(bool ok) override {
    absl::Status status;
    {
      const absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok && !finishing_) {
        finishing_ = true;
        status_ = absl::CancelledError("the caller left");
      }
      if (!finishing_) {
        hub_->Ready(this->shared_from_this());
        return;
      }
      status = status_;
    }
    this->Finish(Reply(status));
  }

  void OnDone() override {
    hub_->edge_->CloseStream(start_, status_);
    const WatcherPtr self = std::move(self_);
    hub_->Remove(self);
  }

 private:
  void Send(Response response) {
    response_ = std::move(response);
    {
      const absl::MutexLock lock(&mutex_);
      if (finishing_) return;
      writing_ = true;
    }
    this->StartWrite(&response_);
  }

  WatchHub* const hub_;
  const Edge::Start start_;
  WatcherPtr self_;
  // Of the hub's thread.
  typename Feed::Cursor cursor_;
  const bool stop_when_current_;
  bool sent_any_ = false;
  // The position that the last message told, and when it was sent: durations
  // are no part of any answer, so the machine's steady clock does.
  uint64_t told_ = 0;
  std::chrono::steady_clock::time_point sent_;
  Response response_;

  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  // Finish was called, or will be when the write has ended.
  bool finishing_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_;
};

template <class Feed>
WatchHub<Feed>::WatchHub(Edge* edge, int watchers_max)
    : edge_(edge),
      watchers_max_(static_cast<size_t>(watchers_max)),
      feed_(&edge->core()) {
  listener_ = edge_->core().store->Listen([this] {
    const absl::MutexLock lock(&mutex_);
    published_ = true;
  });
  thread_ = std::thread([this] { Run(); });
}

template <class Feed>
WatchHub<Feed>::~WatchHub() {
  edge_->core().store->StopListening(listener_);
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

template <class Feed>
grpc::ServerWriteReactor<typename Feed::Response>* WatchHub<Feed>::Watch(
    const typename Feed::Request& request) {
  using Response = typename Feed::Response;
  const Edge::Start start = edge_->Begin(Feed::kMethod);
  auto cursor = Feed::Open(edge_->core(), request);
  if (!cursor.ok()) {
    return new RefusedStream<Response>(cursor.status());
  }
  if (!edge_->OpenStream()) {
    return new RefusedStream<Response>(edge_->Refusal("streams"));
  }
  auto watcher = std::make_shared<Watcher>(this, start, *std::move(cursor),
                                           request.stop_when_current());
  watcher->Hold(watcher);
  absl::Status refused;
  {
    const absl::MutexLock lock(&mutex_);
    if (stopped_) {
      refused = Stopping();
    } else if (watchers_.size() >= watchers_max_) {
      refused = Overloaded("watchers");
    } else {
      watchers_.insert(watcher);
      ready_.push_back(watcher);
    }
  }
  if (!refused.ok()) watcher->End(refused);
  return watcher.get();
}

template <class Feed>
void WatchHub<Feed>::Stop() {
  std::vector<WatcherPtr> all;
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    all.assign(watchers_.begin(), watchers_.end());
  }
  for (const WatcherPtr& watcher : all) watcher->End(Stopping());
}

template <class Feed>
int WatchHub<Feed>::watchers() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(watchers_.size());
}

template <class Feed>
void WatchHub<Feed>::Ready(WatcherPtr watcher) {
  const absl::MutexLock lock(&mutex_);
  ready_.push_back(std::move(watcher));
}

template <class Feed>
void WatchHub<Feed>::Remove(const WatcherPtr& watcher) {
  const absl::MutexLock lock(&mutex_);
  watchers_.erase(watcher);
}

template <class Feed>
bool WatchHub<Feed>::HasWork() const {
  return ending_ || published_ || !ready_.empty();
}

template <class Feed>
std::vector<typename WatchHub<Feed>::WatcherPtr> WatchHub<Feed>::NextTurn() {
  const absl::MutexLock lock(&mutex_);
  const absl::Condition work(this, &WatchHub<Feed>::HasWork);
  if (watchers_.empty()) {
    mutex_.Await(work);
  } else {
    mutex_.AwaitWithTimeout(work, kTick);
  }
  if (ending_) return {};
  std::vector<WatcherPtr> turn = std::exchange(ready_, {});
  // After a publication, and at a tick, all have their turn; also while others
  // are busy, or their heartbeats would wait for a pause.
  const auto now = std::chrono::steady_clock::now();
  const bool tick = now - all_had_turn_ >= absl::ToChronoNanoseconds(kTick);
  if (published_ || tick || turn.empty()) {
    turn.assign(watchers_.begin(), watchers_.end());
    published_ = false;
    all_had_turn_ = now;
  }
  return turn;
}

template <class Feed>
void WatchHub<Feed>::Run() {
  while (true) {
    const std::vector<WatcherPtr> turn = NextTurn();
    for (const WatcherPtr& watcher : turn) watcher->Turn(&feed_);
    const absl::MutexLock lock(&mutex_);
    if (ending_) return;
  }
}

template class WatchHub<WatchFeed>;
template class WatchHub<SearchFeed>;

}  // namespace comity
