// A clock that stands still until it is moved. Thread-safe.

#ifndef COMITY_TESTS_SUPPORT_FAKE_CLOCK_H_
#define COMITY_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace comity {

class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1700000000))
      : micros_(absl::ToUnixMicros(now)) {}
  absl::Time Now() const override {
    return absl::FromUnixMicros(micros_.load());
  }
  void Set(absl::Time now) { micros_ = absl::ToUnixMicros(now); }
  void Advance(absl::Duration by) { micros_ += absl::ToInt64Microseconds(by); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace comity

#endif  // COMITY_TESTS_SUPPORT_FAKE_CLOCK_H_
