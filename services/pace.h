// How fast a client of the gateway sends and takes.

#ifndef COMITY_SERVICES_PACE_H_
#define COMITY_SERVICES_PACE_H_

#include <microhttpd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace comity {

// Of one connection. A client that moves a byte now and then would hold its
// place for ever: so it has a while for each request and answer, which each
// byte makes longer. Thread-safe.
class Pace {
 public:
  // Durations are no part of any answer, so the machine's steady clock does.
  using Clock = std::chrono::steady_clock;

  Pace(Clock::duration grace, size_t bytes_per_second)
      : grace_(grace), bytes_per_second_(bytes_per_second) {
    Begin();
  }

  // The client's turn: to send a request, or to take an answer, of which so
  // many bytes are known of.
  void Begin(size_t bytes = 0) {
    const absl::MutexLock lock(&mutex_);
    resting_ = false;
    until_ = Clock::now() + grace_ + TimeFor(bytes);
  }
  // So much was sent, or taken, of what is longer than is known.
  void Move(size_t bytes) {
    const absl::MutexLock lock(&mutex_);
    const auto most = Clock::now() + grace_;
    until_ = std::max(until_, std::min(until_ + TimeFor(bytes), most));
  }
  // The server's turn, which takes what it takes, until Resume.
  void Rest() {
    const absl::MutexLock lock(&mutex_);
    resting_ = true;
    rest_began_ = Clock::now();
  }
  void Resume() {
    const absl::MutexLock lock(&mutex_);
    if (!resting_) return;
    resting_ = false;
    until_ += Clock::now() - rest_began_;
  }

  bool IsTooSlow() const {
    const absl::MutexLock lock(&mutex_);
    return !resting_ && Clock::now() > until_;
  }

  // Of this connection; null if it has none.
  static Pace* Of(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == nullptr ? nullptr : static_cast<Pace*>(info->socket_context);
  }

 private:
  Clock::duration TimeFor(size_t bytes) const {
    return std::chrono::milliseconds(bytes * 1000 / bytes_per_second_);
  }

  const Clock::duration grace_;
  const size_t bytes_per_second_;
  mutable absl::Mutex mutex_;
  Clock::time_point until_ ABSL_GUARDED_BY(mutex_);
  bool resting_ ABSL_GUARDED_BY(mutex_) = false;
  Clock::time_point rest_began_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace comity

#endif  // COMITY_SERVICES_PACE_H_
