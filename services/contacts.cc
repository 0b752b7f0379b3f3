#include "services/contacts.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "store/keys.h"
#include "store/records.h"

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

using Records = absl::InlinedVector<RowRecords, 16>;
using UseRecords =
    absl::FunctionRef<absl::Status(absl::Span<const RowRecords>)>;

absl::Status SetContent(absl::string_view version, absl::string_view* content) {
  ASSIGN_OR_RETURN(*content, ContentOf(version));
  return absl::OkStatus();
}

// As it is stored, at the end of `bytes`.
template <class Record>
absl::string_view Keep(Record record, std::deque<std::string>* bytes) {
  record.clear_etag();
  record.clear_create_time();
  record.clear_update_time();
  return bytes->emplace_back(record.SerializeAsString());
}

// Uses what is in memory; false if a version is not.
bool UseFromMemory(const Store& store, absl::Span<const RosterRow> rows,
                   UseRecords use, Records* records, absl::Status* used) {
  absl::InlinedVector<uint64_t, 32> sequences;
  sequences.reserve(2 * rows.size());
  for (const RosterRow& row : rows) {
    sequences.push_back(row.sequence);
    sequences.push_back(row.authority_sequence);
  }
  const auto split = [&](absl::Span<const absl::string_view> versions) {
    for (size_t i = 0; i < records->size(); ++i) {
      RowRecords& each = (*records)[i];
      *used = SetContent(versions[2 * i], &each.designation);
      if (!used->ok()) return;
      each.has_authority = rows[i].authority_sequence != 0;
      if (!each.has_authority) continue;
      *used = SetContent(versions[2 * i + 1], &each.authority);
      if (!used->ok()) return;
    }
    *used = use(*records);
  };
  return store.VisitVersionsInMemory(sequences, split);
}

// Reads one row; the records refer to what is put into `bytes`.
absl::Status ReadRow(const Store& store, const Moment& moment,
                     const RosterRow& row, std::deque<std::string>* bytes,
                     RowRecords* records) {
  v1::Designation designation;
  v1::Authority authority;
  absl::Status found;
  if (moment.at == kNow) {
    RETURN_IF_ERROR(store.ReadVersion(row.name, row.sequence, &designation));
    found = row.authority_sequence == 0
                ? absl::NotFoundError("none is named")
                : store.ReadVersion(row.authority, row.authority_sequence,
                                    &authority);
  } else {
    RETURN_IF_ERROR(
        store.Read(Kind::kDesignation, row.name, moment.at, &designation));
    found = row.authority.empty() ? absl::NotFoundError("none is named")
                                  : store.Read(Kind::kAuthority, row.authority,
                                               moment.at, &authority);
  }
  if (!found.ok() && !absl::IsNotFound(found)) return found;
  records->designation = Keep(std::move(designation), bytes);
  records->has_authority = found.ok();
  if (found.ok()) records->authority = Keep(std::move(authority), bytes);
  return absl::OkStatus();
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
                                   limit, /*named=*/false);
}

absl::Status WithRecords(
    const Store& store, const Moment& moment, absl::string_view state,
    absl::Span<RosterRow> rows,
    absl::FunctionRef<absl::Status(absl::Span<const RowRecords>)> use) {
  Records records(rows.size());
  if (moment.at == kNow) {
    absl::Status used;
    if (UseFromMemory(store, rows, use, &records, &used)) return used;
  }
  std::deque<std::string> bytes;
  for (size_t i = 0; i < rows.size(); ++i) {
    RosterRow& row = rows[i];
    if (moment.at == kNow) NameRow(store, state, &row);
    RETURN_IF_ERROR(ReadRow(store, moment, row, &bytes, &records[i]));
  }
  return use(records);
}

void NameRow(const Store& store, absl::string_view state, RosterRow* row) {
  if (row->name.empty()) store.roster().Name(state, row);
}

}  // namespace comity
