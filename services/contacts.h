// Designations that hold on a day, chosen and loaded: what FindContacts and
// RouteRequest have in common. The current ones come from the roster, past ones
// from the lookups; both ways give the same.

#ifndef COMITY_SERVICES_CONTACTS_H_
#define COMITY_SERVICES_CONTACTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/dates.h"
#include "services/core.h"
#include "services/reference_view.h"
#include "store/roster.h"
#include "store/store.h"

namespace comity {

// Where an answer stands in time: all of it is of one sequence.
struct Moment {
  std::shared_ptr<const ReferenceView> view;
  // kNow: the roster is asked, and rows name exact versions.
  uint64_t at = kNow;
};

// Now, or what was known at `sequence`.
absl::StatusOr<Moment> MomentNow(const Core& core);
absl::StatusOr<Moment> MomentAt(const Core& core, uint64_t sequence);

// The designations of a State (code) for a function (slug) that hold on `day`,
// in rank order, under `treaty` (slug; empty: any), at most `limit` where the
// roster is asked; WithRecords and NameRow give those their names.
absl::StatusOr<Roster::Found> FindDesignations(
    const Core& core, const Moment& moment, absl::string_view state,
    absl::string_view function, Day day, absl::string_view treaty,
    size_t limit);

// The records of a row, as bytes that an answer passes on: without what the
// server adds to a record, its etag and times.
struct RowRecords {
  absl::string_view designation;
  // False if the designation names no office, or one that was deleted.
  bool has_authority = false;
  absl::string_view authority;
};

// Calls `use` with the records of `rows`, one for each; they live until it
// returns. `use` must not call the store. Returns what it returns, or why a
// record could not be read.
absl::Status WithRecords(
    const Store& store, const Moment& moment, absl::string_view state,
    absl::Span<RosterRow> rows,
    absl::FunctionRef<absl::Status(absl::Span<const RowRecords>)> use);

// Sees to it that a row of this State has its names.
void NameRow(const Store& store, absl::string_view state, RosterRow* row);

}  // namespace comity

#endif  // COMITY_SERVICES_CONTACTS_H_
