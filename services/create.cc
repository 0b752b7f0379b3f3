#include "services/create.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "services/resource.h"

namespace comity {
namespace {

// Room for `-` and a number of up to six digits behind a made id.
constexpr size_t kNumberBytes = 7;

// The id that a request gives: in its own field, or as the end of the record's
// name, which must agree. Empty: none.
absl::StatusOr<std::string> GivenId(absl::string_view parent,
                                    absl::string_view collection,
                                    absl::string_view id,
                                    absl::string_view name,
                                    absl::string_view field) {
  if (name.empty()) return std::string(id);
  const std::string under = absl::StrCat(parent, "/", collection, "/");
  const absl::string_view last = names::LastOf(name);
  if (absl::StrCat(under, last) != name || (!id.empty() && id != last)) {
    return InvalidField(
        field, name, "must be empty, or made of the parent and the id given");
  }
  return std::string(last);
}

// `base`, or `base-2`, `base-3` …: the first that no record has or had.
absl::StatusOr<std::string> FreeAuthority(const Transaction& transaction,
                                          absl::string_view state,
                                          absl::string_view base) {
  std::string name = names::Authority(state, base);
  for (int64_t number = 2;; ++number) {
    ASSIGN_OR_RETURN(const bool taken, transaction.Exists(name, /*ever=*/true));
    if (!taken) return name;
    name = names::Authority(state, absl::StrCat(base, "-", number));
  }
}

// `{treaty}-{article}-{function}-{n}` with the first `n` that is free.
absl::StatusOr<std::string> FreeDesignation(const Transaction& transaction,
                                            absl::string_view state,
                                            const v1::Designation& record,
                                            int32_t* number) {
  std::string text(names::LastOf(record.treaty()));
  if (!record.article().empty()) absl::StrAppend(&text, "-", record.article());
  absl::StrAppend(&text, "-", names::LastOf(record.function()));
  const std::string base = Slug(text, limits::kIdBytesMax - kNumberBytes);
  for (*number = 1;; ++*number) {
    std::string name =
        names::Designation(state, absl::StrCat(base, "-", *number));
    ASSIGN_OR_RETURN(const bool taken, transaction.Exists(name, /*ever=*/true));
    if (!taken) return name;
  }
}

}  // namespace

absl::Status CreateAuthority(const Core& core, const Call& call,
                             const v1::CreateAuthorityRequest& request,
                             v1::Authority* response) {
  ASSIGN_OR_RETURN(const names::Parts parent,
                   names::ParseKind(request.parent(), Kind::kState, "parent"));
  ASSIGN_OR_RETURN(
      const std::string id,
      GivenId(request.parent(), "authorities", request.authority_id(),
              request.authority().name(), "authority.name"));
  if (!id.empty() && !names::IsId(id)) {
    return InvalidField("authority_id", id,
                        "must be 1 to 63 of a-z, 0-9 and inner hyphens");
  }
  if (request.authority().display_names().empty()) {
    return InvalidField("authority.display_names", "",
                        "must have at least one name");
  }
  v1::Authority record = request.authority();
  return CommitWrite(
      core, call, WriteRequestOf(request), response,
      [&](Transaction& transaction) -> absl::Status {
        if (id.empty()) {
          const std::string base = Slug(record.display_names(0).text(),
                                        limits::kIdBytesMax - kNumberBytes);
          ASSIGN_OR_RETURN(*record.mutable_name(),
                           FreeAuthority(transaction, parent.first, base));
        } else {
          record.set_name(names::Authority(parent.first, id));
          RETURN_IF_ERROR(CheckFree(transaction, record.name(), /*ever=*/true));
        }
        return PutRecord(transaction, "authority", &record, response);
      });
}

absl::Status CreateDesignation(const Core& core, const Call& call,
                               const v1::CreateDesignationRequest& request,
                               v1::Designation* response) {
  ASSIGN_OR_RETURN(const names::Parts parent,
                   names::ParseKind(request.parent(), Kind::kState, "parent"));
  ASSIGN_OR_RETURN(
      const std::string id,
      GivenId(request.parent(), "designations", request.designation_id(),
              request.designation().name(), "designation.name"));
  if (!id.empty() && !names::IsId(id)) {
    return InvalidField("designation_id", id,
                        "must be 1 to 63 of a-z, 0-9 and inner hyphens");
  }
  v1::Designation record = request.designation();
  return CommitWrite(
      core, call, WriteRequestOf(request), response,
      [&](Transaction& transaction) -> absl::Status {
        if (id.empty()) {
          int32_t number = 0;
          ASSIGN_OR_RETURN(
              *record.mutable_name(),
              FreeDesignation(transaction, parent.first, record, &number));
          if (record.running_number() == 0) record.set_running_number(number);
        } else {
          record.set_name(names::Designation(parent.first, id));
          RETURN_IF_ERROR(CheckFree(transaction, record.name(), /*ever=*/true));
        }
        return PutRecord(transaction, "designation", &record, response);
      });
}

absl::Status CreateParticipation(const Core& core, const Call& call,
                                 const v1::CreateParticipationRequest& request,
                                 v1::Participation* response) {
  ASSIGN_OR_RETURN(const names::Parts parent,
                   names::ParseKind(request.parent(), Kind::kTreaty, "parent"));
  ASSIGN_OR_RETURN(
      const std::string code,
      GivenId(request.parent(), "participations", request.participation_id(),
              request.participation().name(), "participation.name"));
  if (!names::IsStateCode(code)) {
    return InvalidField("participation_id", code,
                        "must be the ISO 3166-1 alpha-3 code of the State");
  }
  v1::Participation record = request.participation();
  record.set_name(names::Participation(parent.first, code));
  return CommitWrite(core, call, WriteRequestOf(request), response,
                     [&](Transaction& transaction) -> absl::Status {
                       RETURN_IF_ERROR(CheckFree(transaction, record.name(),
                                                 /*ever=*/false));
                       return PutRecord(transaction, "participation", &record,
                                        response);
                     });
}

void KeepFormerName(const v1::Authority& before, v1::Authority* after) {
  if (before.display_names().empty() || after->display_names().empty() ||
      before.display_names(0).text() == after->display_names(0).text()) {
    return;
  }
  const v1::LocalizedText& old = before.display_names(0);
  auto* former = after->mutable_former_names();
  const bool known =
      std::any_of(former->begin(), former->end(),
                  [&](const auto& each) { return each.text() == old.text(); });
  if (known) return;
  *former->Add() = old;
  // Newest first.
  std::rotate(former->pointer_begin(), former->pointer_end() - 1,
              former->pointer_end());
}

}  // namespace comity
