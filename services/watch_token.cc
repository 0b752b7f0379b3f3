#include "services/watch_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/status_macros.h"
#include "store/keys.h"

namespace comity {
namespace {

constexpr absl::Duration kHeartbeatDefault = absl::Seconds(15);

// Version, identity of the store, position.
constexpr char kTokenVersion = 'w';
constexpr size_t kTokenBytes = 17;

// When the first change was made: what tells stores apart. 0: there is none.
absl::StatusOr<uint64_t> IdentityOf(const Store& store) {
  if (store.published() == 0) return uint64_t{0};
  ASSIGN_OR_RETURN(const v1::Change first, store.GetChange(1));
  return static_cast<uint64_t>(first.time().seconds()) * 1000000 +
         static_cast<uint64_t>(first.time().nanos() / 1000);
}

}  // namespace

absl::StatusOr<std::string> WatchTokens::Make(uint64_t position) {
  if (identity_ == 0) {
    ASSIGN_OR_RETURN(identity_, IdentityOf(*store_));
  }
  return absl::WebSafeBase64Escape(absl::StrCat(
      absl::string_view(&kTokenVersion, 1),
      keys::Bytes(position == 0 ? 0 : identity_), keys::Bytes(position)));
}

absl::StatusOr<uint64_t> ReadWatchToken(const Store& store,
                                        absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() != kTokenBytes || bytes[0] != kTokenVersion) {
    return InvalidField("resume_token", token,
                        "must be a resume_token of this service");
  }
  const absl::string_view view = bytes;
  const uint64_t position = keys::Number(view.substr(9, 8));
  // The beginning is the same in every store.
  if (position == 0) return position;
  ASSIGN_OR_RETURN(const uint64_t identity, IdentityOf(store));
  if (keys::Number(view.substr(1, 8)) != identity ||
      position > store.published()) {
    return WithReason(
        absl::OutOfRangeError("resume_token is from another store, or from "
                              "one that was later than this: begin anew"),
        "OTHER_STORE");
  }
  return position;
}

absl::StatusOr<absl::Duration> ReadHeartbeat(
    bool has_heartbeat, const google::protobuf::Duration& heartbeat) {
  if (!has_heartbeat) return kHeartbeatDefault;
  const absl::Duration duration =
      absl::Seconds(heartbeat.seconds()) + absl::Nanoseconds(heartbeat.nanos());
  if (duration < absl::Seconds(1) || duration > absl::Minutes(5)) {
    return InvalidField("heartbeat", absl::FormatDuration(duration),
                        "must be from 1 s to 5 min");
  }
  return duration;
}

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  const int64_t micros = absl::ToUnixMicros(time);
  proto->set_seconds(micros / 1000000);
  proto->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
}

}  // namespace comity
