// Time comes from a Clock, so that tests can set it.

#ifndef COMITY_BASE_CLOCK_H_
#define COMITY_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace comity {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The only place that asks the machine for the time.
class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace comity

#endif  // COMITY_BASE_CLOCK_H_
