#include "services/search_feed.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"

namespace comity {
namespace {

// A message ends with the change that makes it larger than this.
constexpr size_t kMessageBytes = 64 << 10;

absl::Status ReadSearch(const v1::WatchSearchRequest& request,
                        v1::SearchRequest* search) {
  if (request.ByteSizeLong() > limits::kWatchedSearchBytesMax) {
    return InvalidField("filter",
                        absl::StrCat(request.ByteSizeLong(), " bytes"),
                        "the search is at most 64 KiB");
  }
  RETURN_IF_ERROR(index::Searcher::CheckFilter(request.filter()));
  search->set_query(request.query());
  search->set_match(request.match());
  *search->mutable_query_languages() = request.query_languages();
  *search->mutable_filter() = request.filter();
  search->set_without_concepts(request.without_concepts());
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReadPosition(const Store& store,
                                      const v1::WatchSearchRequest& request) {
  if (!request.resume_token().empty()) {
    return ReadWatchToken(store, request.resume_token());
  }
  const uint64_t after = request.after_sequence();
  if (request.from_now()) {
    if (after == 0) return store.published();
    return InvalidField("after_sequence", absl::StrCat(after),
                        "must be 0 beside from_now");
  }
  if (after > store.published()) {
    return WithReason(absl::OutOfRangeError(absl::StrCat(
                          "after_sequence is ", after,
                          ", the newest sequence is ", store.published())),
                      "OTHER_STORE");
  }
  return after;
}

v1::SearchChange::Kind ChangeKindOf(index::MatchChange::Kind kind) {
  switch (kind) {
    case index::MatchChange::Kind::kNew:
      return v1::SearchChange::KIND_NEW;
    case index::MatchChange::Kind::kChanged:
      return v1::SearchChange::KIND_CHANGED;
    case index::MatchChange::Kind::kGone:
      return v1::SearchChange::KIND_GONE;
  }
  return v1::SearchChange::KIND_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<SearchCursor> SearchFeed::Open(
    const Core& core, const v1::WatchSearchRequest& request) {
  if (core.searcher == nullptr) {
    return absl::UnavailableError("this server keeps no search index");
  }
  SearchCursor cursor;
  RETURN_IF_ERROR(ReadSearch(request, &cursor.search));
  ASSIGN_OR_RETURN(cursor.heartbeat,
                   ReadHeartbeat(request.has_heartbeat(), request.heartbeat()));
  ASSIGN_OR_RETURN(cursor.position, ReadPosition(*core.store, request));
  return cursor;
}

void SearchFeed::Tell(index::MatchChange change, v1::SearchChange* told) const {
  told->set_kind(ChangeKindOf(change.kind));
  told->set_left_out(change.left_out);
  index::Match& match = change.match;
  v1::SearchHit* hit = told->mutable_hit();
  v1::Provision provision;
  // What cannot be read is told without its label, as Search does.
  if (match.position > 0 &&
      core_->store
          ->ReadProvision(match.expression, match.sequence, match.position,
                          &provision)
          .ok()) {
    hit->set_label(std::move(*provision.mutable_label()));
    hit->set_heading(std::move(*provision.mutable_heading()));
  }
  hit->set_position(match.position);
  told->set_name(std::move(match.record));
  told->set_title(std::move(match.title));
  told->set_state(std::move(match.state));
  hit->set_name(std::move(match.name));
  hit->set_expression(std::move(match.expression));
  hit->set_language(std::move(match.language));
}

absl::StatusOr<Reach> SearchFeed::Read(SearchCursor* cursor,
                                       v1::WatchSearchResponse* response) {
  if (watch_ == nullptr) {
    watch_ = std::make_unique<index::MatchWatch>(core_->store, core_->index,
                                                 core_->searcher);
  }
  if (cursor->next == cursor->step.size()) {
    cursor->step = {};
    cursor->next = 0;
    cursor->step_end = cursor->position;
    ASSIGN_OR_RETURN(
        const bool moved,
        watch_->Read(cursor->search, &cursor->step_end, &cursor->step));
    if (!moved) {
      return cursor->position >= core_->store->published() ? Reach::kNewest
                                                           : Reach::kWaits;
    }
  }
  size_t bytes = 0;
  while (cursor->next < cursor->step.size() &&
         response->changes_size() < limits::kChangesPerMessage &&
         bytes < kMessageBytes) {
    v1::SearchChange* told = response->add_changes();
    Tell(std::move(cursor->step[cursor->next++]), told);
    bytes += told->ByteSizeLong();
  }
  if (cursor->next < cursor->step.size()) return Reach::kMore;
  cursor->position = cursor->step_end;
  return cursor->position >= core_->store->published() ? Reach::kNewest
                                                       : Reach::kMore;
}

absl::Status SearchFeed::Stamp(const SearchCursor& cursor,
                               v1::WatchSearchResponse* response) {
  ASSIGN_OR_RETURN(*response->mutable_resume_token(),
                   tokens_.Make(cursor.position));
  response->set_sequence(cursor.position);
  response->set_newest_sequence(core_->store->published());
  SetTime(core_->clock->Now(), response->mutable_time());
  return absl::OkStatus();
}

}  // namespace comity
