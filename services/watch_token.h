// What watches have in common: where they stand, as clients keep it.

#ifndef COMITY_SERVICES_WATCH_TOKEN_H_
#define COMITY_SERVICES_WATCH_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "store/store.h"

namespace comity {

// How far a watch has come when its turn ends.
enum class Reach {
  // There is more.
  kMore,
  // More will come, without another change of the log.
  kWaits,
  // The newest sequence.
  kNewest,
};

// Makes tokens of one store. One thread at a time.
class WatchTokens {
 public:
  // `store` must outlive it.
  explicit WatchTokens(const Store* store) : store_(store) {}

  absl::StatusOr<std::string> Make(uint64_t position);

 private:
  const Store* const store_;
  // What tells stores apart, once there is a change; 0 before.
  uint64_t identity_ = 0;
};

// The position of a token. InvalidArgument if it is none; OutOfRange if it is
// of another store.
absl::StatusOr<uint64_t> ReadWatchToken(const Store& store,
                                        absl::string_view token);

// Of a request, which has it or not. InvalidArgument outside of its limits.
absl::StatusOr<absl::Duration> ReadHeartbeat(
    bool has_heartbeat, const google::protobuf::Duration& heartbeat);

void SetTime(absl::Time time, google::protobuf::Timestamp* proto);

}  // namespace comity

#endif  // COMITY_SERVICES_WATCH_TOKEN_H_
