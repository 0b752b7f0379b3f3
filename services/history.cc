#include "services/history.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "import/differences.h"
#include "services/page.h"
#include "services/resource.h"
#include "store/records.h"

namespace comity {
namespace {

// The version of a sequence into `record`; leaves it unset if that is none, or
// a deletion.
absl::Status ReadInto(const Store& store, const std::string& name,
                      uint64_t sequence, Kind kind, v1::Record* record) {
  if (sequence == 0) return absl::OkStatus();
  const absl::Status status =
      store.ReadVersion(name, sequence, MutableRecord(kind, record));
  if (status.ok()) return absl::OkStatus();
  record->Clear();
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

// One change with what it did.
absl::StatusOr<v1::Change> ReadChange(const Store& store, uint64_t sequence,
                                      Kind kind, bool include_records) {
  ASSIGN_OR_RETURN(v1::Change change, store.GetChange(sequence));
  RETURN_IF_ERROR(ReadInto(store, change.resource(), change.previous_sequence(),
                           kind, change.mutable_before()));
  RETURN_IF_ERROR(ReadInto(store, change.resource(), sequence, kind,
                           change.mutable_after()));
  const google::protobuf::Message* before = RecordOf(change.before());
  const google::protobuf::Message* after = RecordOf(change.after());
  // Of a record that came or went, all differs.
  if (before != nullptr && after != nullptr) {
    for (v1::FieldDifference& each : Differences(*before, *after)) {
      *change.add_differences() = std::move(each);
    }
  }
  if (!include_records || before == nullptr) change.clear_before();
  if (!include_records || after == nullptr) change.clear_after();
  return change;
}

}  // namespace

absl::Status ListHistory(const Core& core, const Call& call,
                         const v1::ListHistoryRequest& request,
                         v1::ListHistoryResponse* response) {
  ASSIGN_OR_RETURN(Page page, ParsePage(request));
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::Parse(request.name(), "name"));
  if (parts.kind == Kind::kImportJob) {
    return InvalidField("name", request.name(),
                        "must be the name of a record with a history");
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> sequences,
                   core.store->VersionsOf(request.name()));
  if (sequences.empty()) {
    return absl::NotFoundError(absl::StrCat(request.name(), " never existed"));
  }
  // Newest first; the page begins below the sequence that the last one ended
  // with, so that later changes do not move it.
  uint64_t below = UINT64_MAX;
  if (!page.first && !absl::SimpleAtoi(page.token.after, &below)) {
    return InvalidField("page_token", request.page_token(),
                        "must be a next_page_token of this server");
  }
  auto at = std::find_if(sequences.begin(), sequences.end(),
                         [&](uint64_t each) { return each < below; });
  size_t bytes = 0;
  for (; at != sequences.end(); ++at) {
    if (response->changes_size() == page.size || bytes > kPageBytesMax / 2) {
      PageToken token;
      token.after = absl::StrCat(*(at - 1));
      response->set_next_page_token(MakePageToken(request, token));
      break;
    }
    if (call.cancelled()) return absl::CancelledError("the caller left");
    v1::Change* change = response->add_changes();
    ASSIGN_OR_RETURN(*change, ReadChange(*core.store, *at, parts.kind,
                                         request.include_records()));
    bytes += change->ByteSizeLong();
  }
  return absl::OkStatus();
}

}  // namespace comity
