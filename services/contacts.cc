#include "services/contacts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/names.h"
#include "base/status_macros.h"
#include "store/keys.h"

namespace comity {
namespace {

void Count(const std::string& treaty, Roster::Found* found) {
  for (auto& [slug, count] : found->on_record) {
    if (slug != treaty) continue;
    ++count;
    return;
  }
  found->on_record.emplace_back(treaty, 1);
}

absl::StatusOr<Roster::Found> FindAt(const Store& store, uint64_t at,
                                     absl::string_view state,
                                     absl::string_view function, Day day,
                                     absl::string_view treaty) {
  Roster::Found found;
  found.sequence = at;
  ASSIGN_OR_RETURN(
      const std::vector<std::string> names,
      store.LookUp(keys::DesignationsForFunctionIn(function, state), SIZE_MAX));
  const std::string wanted = names::Function(function);
  v1::Designation designation;
  for (const std::string& name : names) {
    const absl::Status status =
        store.Read(Kind::kDesignation, name, at, &designation);
    if (absl::IsNotFound(status)) continue;
    RETURN_IF_ERROR(status);
    // The lookup may be of another version.
    if (designation.function() != wanted) continue;
    RosterRow row = RowOf(designation, /*sequence=*/0);
    if (!treaty.empty() && row.treaty != treaty) continue;
    Count(row.treaty, &found);
    if (!HoldsOn(row.from, row.until, DayNumber(day))) continue;
    found.rows.push_back(std::move(row));
  }
  std::sort(found.rows.begin(), found.rows.end(), RanksBefore);
  found.total = found.rows.size();
  return found;
}

}  // namespace

absl::StatusOr<Moment> MomentNow(const Core& core) {
  Moment moment;
  ASSIGN_OR_RETURN(moment.view, core.references->Current());
  return moment;
}

absl::StatusOr<Moment> MomentAt(const Core& core, uint64_t sequence) {
  Moment moment;
  moment.at = sequence;
  ASSIGN_OR_RETURN(moment.view, core.references->At(sequence));
  return moment;
}

absl::StatusOr<Roster::Found> FindDesignations(
    const Core& core, const Moment& moment, absl::string_view state,
    absl::string_view function, Day day, absl::string_view treaty,
    size_t limit) {
  if (moment.at != kNow) {
    return FindAt(*core.store, moment.at, state, function, day, treaty);
  }
  return core.store->roster().Find(state, function, DayNumber(day), treaty,
                                   limit);
}

absl::Status LoadRow(const Store& store, const Moment& moment,
                     const RosterRow& row, std::string* designation,
                     std::string* authority, bool* has_authority) {
  *has_authority = false;
  designation->clear();
  authority->clear();
  if (moment.at == kNow) {
    RETURN_IF_ERROR(store.AppendVersion(Kind::kDesignation, row.name,
                                        row.sequence, designation));
    if (row.authority_sequence == 0) return absl::OkStatus();
    RETURN_IF_ERROR(store.AppendVersion(Kind::kAuthority, row.authority,
                                        row.authority_sequence, authority));
    *has_authority = true;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Designation past,
                   store.Get<v1::Designation>(row.name, moment.at));
  past.AppendToString(designation);
  if (row.authority.empty()) return absl::OkStatus();
  const absl::StatusOr<v1::Authority> office =
      store.Get<v1::Authority>(row.authority, moment.at);
  if (absl::IsNotFound(office.status())) return absl::OkStatus();
  RETURN_IF_ERROR(office.status());
  office->AppendToString(authority);
  *has_authority = true;
  return absl::OkStatus();
}

}  // namespace comity
