#include "services/watch_feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "store/records.h"

namespace comity {
namespace {

// A message ends with the change that makes it larger than this. Each watcher
// may hold one that its client does not take.
constexpr size_t kMessageBytes = 64 << 10;

absl::Status ReadFilters(const v1::WatchRequest& request, WatchCursor* cursor) {
  for (int i = 0; i < request.kinds_size(); ++i) {
    Kind kind = Kind::kState;
    if (!FromProto(request.kinds(i), &kind)) {
      return InvalidField(absl::StrCat("kinds[", i, "]"),
                          absl::StrCat(request.kinds(i)),
                          "must be a kind of record");
    }
    cursor->kinds.insert(request.kinds(i));
  }
  if (!request.state().empty()) {
    RETURN_IF_ERROR(
        names::ParseKind(request.state(), Kind::kState, "state").status());
    cursor->state = request.state();
  }
  cursor->include_records = request.include_records();
  ASSIGN_OR_RETURN(cursor->heartbeat,
                   ReadHeartbeat(request.has_heartbeat(), request.heartbeat()));
  return absl::OkStatus();
}

bool Wants(const WatchCursor& cursor, const v1::Change& change) {
  if (!cursor.kinds.empty() && cursor.kinds.count(change.kind()) == 0) {
    return false;
  }
  if (cursor.state.empty()) return true;
  const auto parts = names::Parse(change.resource(), "resource");
  return parts.ok() && names::StateOf(*parts) == cursor.state;
}

}  // namespace

absl::StatusOr<WatchCursor> WatchFeed::Open(const Core& core,
                                            const v1::WatchRequest& request) {
  const Store& store = *core.store;
  WatchCursor cursor;
  RETURN_IF_ERROR(ReadFilters(request, &cursor));
  if (request.resume_token().empty()) {
    if (request.from_now()) cursor.position = store.published();
    return cursor;
  }
  ASSIGN_OR_RETURN(cursor.position,
                   ReadWatchToken(store, request.resume_token()));
  return cursor;
}

absl::Status WatchFeed::Refresh(uint64_t newest) {
  const auto most = static_cast<uint64_t>(limits::kRecentChangesMax);
  const uint64_t oldest = newest > most ? newest - most + 1 : 1;
  if (!recent_.empty() && recent_.back().sequence() + 1 < oldest) {
    recent_.clear();
  }
  const uint64_t first =
      recent_.empty() ? oldest : recent_.back().sequence() + 1;
  if (first > newest) return absl::OkStatus();
  RETURN_IF_ERROR(
      core_->store->ForEachChange(first, [&](const v1::Change& change) {
        recent_.push_back(change);
        return change.sequence() < newest;
      }));
  while (recent_.size() > most) recent_.pop_front();
  return absl::OkStatus();
}

absl::StatusOr<bool> WatchFeed::Take(const v1::Change& change,
                                     WatchCursor* cursor,
                                     v1::WatchResponse* response) {
  cursor->position = change.sequence();
  if (!Wants(*cursor, change)) return true;
  v1::Change* added = response->add_changes();
  *added = change;
  if (cursor->include_records && change.type() != v1::CHANGE_TYPE_DELETED) {
    Kind kind = Kind::kState;
    if (!FromProto(change.kind(), &kind)) {
      return absl::DataLossError("a change has no kind");
    }
    RETURN_IF_ERROR(
        core_->store->ReadVersion(change.resource(), change.sequence(),
                                  MutableRecord(kind, added->mutable_after())));
  }
  message_bytes_ += added->ByteSizeLong();
  return response->changes_size() < limits::kChangesPerMessage &&
         message_bytes_ < kMessageBytes;
}

absl::StatusOr<Reach> WatchFeed::Read(WatchCursor* cursor,
                                      v1::WatchResponse* response) {
  const uint64_t newest = core_->store->published();
  RETURN_IF_ERROR(Refresh(newest));
  if (cursor->position >= newest) return Reach::kNewest;
  message_bytes_ = 0;
  int examined = 0;
  absl::Status status;
  const auto visit = [&](const v1::Change& change) {
    const absl::StatusOr<bool> room = Take(change, cursor, response);
    status = room.status();
    return room.ok() && *room && cursor->position < newest &&
           ++examined < limits::kChangesExaminedMax;
  };
  const uint64_t next = cursor->position + 1;
  if (!recent_.empty() && next >= recent_.front().sequence()) {
    auto at = recent_.begin() +
              static_cast<std::ptrdiff_t>(next - recent_.front().sequence());
    while (at != recent_.end() && visit(*at)) ++at;
  } else {
    RETURN_IF_ERROR(core_->store->ForEachChange(next, visit));
  }
  RETURN_IF_ERROR(status);
  return cursor->position >= newest ? Reach::kNewest : Reach::kMore;
}

absl::Status WatchFeed::Stamp(const WatchCursor& cursor,
                              v1::WatchResponse* response) {
  ASSIGN_OR_RETURN(*response->mutable_resume_token(),
                   tokens_.Make(cursor.position));
  response->set_newest_sequence(core_->store->published());
  SetTime(core_->clock->Now(), response->mutable_time());
  return absl::OkStatus();
}

}  // namespace comity
