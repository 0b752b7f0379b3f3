// What the six kinds of records have in common: get, list, batch get, create,
// update, delete. Knows no gRPC; the servers call these with their messages.

#ifndef COMITY_SERVICES_RESOURCE_H_
#define COMITY_SERVICES_RESOURCE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/core.h"
#include "services/page.h"
#include "store/store.h"

namespace comity {

// Reads ---------------------------------------------------------------------

// The sequence that was the newest at `known_at`. InvalidArgument for a time to
// come or out of range.
absl::StatusOr<uint64_t> SequenceAt(
    const Core& core, const google::protobuf::Timestamp& known_at);

// The sequence that a request is read at: the newest, or that of `known_at`.
template <class Request>
absl::StatusOr<uint64_t> SequenceOf(const Core& core, const Request& request) {
  if (!request.has_known_at()) return core.store->published();
  return SequenceAt(core, request.known_at());
}

// The day of a request: `as_of`, or today.
absl::StatusOr<Day> DayOfRequest(const Core& core, absl::string_view as_of);

template <class M, class Request>
absl::Status GetRecord(const Core& core, const Request& request, M* response) {
  // Without `known_at` the newest version is read directly.
  if (!request.has_known_at()) {
    return core.store->Read(KindOf<M>::kKind, request.name(), kNow, response);
  }
  ASSIGN_OR_RETURN(const uint64_t at, SequenceAt(core, request.known_at()));
  return core.store->Read(KindOf<M>::kKind, request.name(), at, response);
}

// The same as the bytes of the message.
template <class M, class Request>
absl::Status GetRecordBytes(const Core& core, const Request& request,
                            std::string* response) {
  if (!request.has_known_at()) {
    return core.store->AppendNewest(KindOf<M>::kKind, request.name(), response);
  }
  M record;
  RETURN_IF_ERROR(GetRecord(core, request, &record));
  record.AppendToString(response);
  return absl::OkStatus();
}

// The variable part of `parent`, of kind `kind`; empty for `-`, which means
// all. InvalidArgument if it is malformed; NotFound if a parent asked for by
// name is not there at `at`.
absl::StatusOr<std::string> ParseParent(const Core& core, Kind kind,
                                        absl::string_view parent, uint64_t at);

// A page ends before the record that makes it larger than this, and a batch may
// not be larger: gRPC's clients take answers of 4 MiB unless they are told
// otherwise.
inline constexpr size_t kPageBytesMax = 3 << 20;

// Fills `records` with a page of the records of a kind that lie under `under`
// (empty: all) and pass `filter`, and `next` with the token of the next page.
// Cancelled if the caller leaves.
template <class M, class Request>
absl::Status ListRecords(const Core& core, const Call& call,
                         const Request& request, const Page& page,
                         absl::string_view under,
                         absl::FunctionRef<bool(const M&)> filter,
                         google::protobuf::RepeatedPtrField<M>* records,
                         std::string* next) {
  uint64_t examined = 0;
  size_t bytes = 0;
  absl::Status status;
  const auto visit = [&](const Store::Item& item) {
    if ((++examined & 0xFFU) == 0 && call.cancelled()) {
      status = absl::CancelledError("the caller left");
      return false;
    }
    M* record = records->Add();
    status = ParseVersion(item.version, record);
    if (!status.ok()) return false;
    if (!filter(*record)) {
      records->RemoveLast();
      return true;
    }
    bytes += item.version.size();
    // One more than there is room for tells that another page follows.
    if (records->size() <= page.size &&
        (records->size() == 1 || bytes <= kPageBytesMax)) {
      return true;
    }
    records->RemoveLast();
    PageToken token = page.token;
    token.after = records->rbegin()->name();
    *next = MakePageToken(request, token);
    return false;
  };
  RETURN_IF_ERROR(core.store->ForEach(KindOf<M>::kKind, under, page.token.after,
                                      page.token.sequence, visit));
  return status;
}

// The page of `request`; that of a first page is given its sequence.
template <class Request>
absl::StatusOr<Page> PageOf(const Core& core, const Request& request) {
  ASSIGN_OR_RETURN(Page page, ParsePage(request));
  if (page.first) {
    ASSIGN_OR_RETURN(page.token.sequence, SequenceOf(core, request));
  }
  return page;
}

// A list without parent and filter.
template <class M, class Request>
absl::Status ListAll(const Core& core, const Call& call, const Request& request,
                     google::protobuf::RepeatedPtrField<M>* records,
                     std::string* next) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  return ListRecords<M>(
      core, call, request, page, "", [](const M&) { return true; }, records,
      next);
}

// Checks the names of a batch: how many, and that each lies under `parent`
// (empty or `{collection}/-`: any).
absl::Status CheckBatch(
    Kind kind, absl::string_view parent,
    const google::protobuf::RepeatedPtrField<std::string>& names);

template <class M, class Request>
absl::Status BatchGet(const Core& core, const Request& request,
                      absl::string_view parent,
                      google::protobuf::RepeatedPtrField<M>* records) {
  RETURN_IF_ERROR(CheckBatch(KindOf<M>::kKind, parent, request.names()));
  // One sequence for all, so that the answer is of one state of the data.
  ASSIGN_OR_RETURN(const uint64_t at, SequenceOf(core, request));
  records->Reserve(request.names_size());
  size_t bytes = 0;
  for (const std::string& name : request.names()) {
    M* record = records->Add();
    RETURN_IF_ERROR(core.store->Read(KindOf<M>::kKind, name, at, record));
    bytes += record->ByteSizeLong();
    if (bytes > kPageBytesMax) {
      return InvalidField(
          "names", absl::StrCat("over ", records->size() - 1, " records"),
          absl::StrCat("must be of records that have at most ", kPageBytesMax,
                       " bytes together: ask for fewer"));
    }
  }
  return absl::OkStatus();
}

// Writes --------------------------------------------------------------------

// What every write request carries.
struct WriteRequest {
  const google::protobuf::Message* message = nullptr;
  std::string request_id;
  bool validate_only = false;
};
template <class Request>
WriteRequest WriteRequestOf(const Request& request) {
  return {&request, request.request_id(), request.validate_only()};
}

// Runs `write` in a transaction and commits it. `response`, of the record's
// type (null: none), is filled by `write`; for a repeated request, with the
// first answer instead.
absl::Status CommitWrite(const Core& core, const Call& call,
                         const WriteRequest& request,
                         google::protobuf::Message* response,
                         absl::FunctionRef<absl::Status(Transaction&)> write);

// Checks `record`, whose name is set, puts it and reads it back. `field` is the
// request's field that holds it.
absl::Status PutRecord(Transaction& transaction, absl::string_view field,
                       google::protobuf::Message* record,
                       google::protobuf::Message* response);

// AlreadyExists if the name is taken; `ever`: or was once.
absl::Status CheckFree(const Transaction& transaction, absl::string_view name,
                       bool ever);

// Creates a record whose name the caller gives: States, treaties, functions.
template <class M, class Request>
absl::Status CreateNamed(const Core& core, const Call& call,
                         const Request& request, absl::string_view field,
                         M record, M* response) {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(record.name(), KindOf<M>::kKind,
                                    absl::StrCat(field, ".name")));
  static_cast<void>(parts);
  return CommitWrite(
      core, call, WriteRequestOf(request), response,
      [&](Transaction& transaction) -> absl::Status {
        RETURN_IF_ERROR(CheckFree(transaction, record.name(), /*ever=*/false));
        return PutRecord(transaction, field, &record, response);
      });
}

// Replaces in `record` what `mask` names by what `given` has; an empty mask or
// `*` means all but the name. InvalidArgument for a path that there is not, or
// that names what cannot be changed.
absl::Status ApplyMask(const google::protobuf::FieldMask& mask,
                       const google::protobuf::Message& given,
                       google::protobuf::Message* record);

// Aborted (reason `ETAG_MISMATCH`) if `given` is set and not `current`.
absl::Status CheckEtag(absl::string_view given, absl::string_view current);

// Updates a record. `amend` may change it further, before it is checked: it is
// given the record before and the one to be.
template <class M, class Request>
absl::Status UpdateRecord(
    const Core& core, const Call& call, const Request& request,
    absl::string_view field, const M& given, M* response,
    absl::FunctionRef<void(const M&, M*)> amend = [](const M&, M*) {}) {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(given.name(), KindOf<M>::kKind,
                                    absl::StrCat(field, ".name")));
  static_cast<void>(parts);
  return CommitWrite(
      core, call, WriteRequestOf(request), response,
      [&](Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(const M before, transaction.Get<M>(given.name()));
        RETURN_IF_ERROR(CheckEtag(given.etag(), before.etag()));
        M record = before;
        RETURN_IF_ERROR(ApplyMask(request.update_mask(), given, &record));
        amend(before, &record);
        return PutRecord(transaction, field, &record, response);
      });
}

// FailedPrecondition (reason `STILL_REFERENCED`) with up to five names if other
// records refer to this one.
absl::Status CheckUnreferenced(const Store& store,
                               const Transaction& transaction,
                               absl::string_view name);

template <class M, class Request>
absl::Status DeleteRecord(const Core& core, const Call& call,
                          const Request& request) {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(request.name(), KindOf<M>::kKind, "name"));
  static_cast<void>(parts);
  return CommitWrite(
      core, call, WriteRequestOf(request), nullptr,
      [&](Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(const M record, transaction.Get<M>(request.name()));
        RETURN_IF_ERROR(CheckEtag(request.etag(), record.etag()));
        RETURN_IF_ERROR(
            CheckUnreferenced(*core.store, transaction, request.name()));
        return transaction.Delete(request.name());
      });
}

}  // namespace comity

#endif  // COMITY_SERVICES_RESOURCE_H_
