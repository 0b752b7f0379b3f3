// Designations that hold on a day, chosen and loaded: what FindContacts and
// RouteRequest have in common. The current ones come from the roster, past ones
// from the lookups; both ways give the same.

#ifndef COMITY_SERVICES_CONTACTS_H_
#define COMITY_SERVICES_CONTACTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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
// roster is asked.
absl::StatusOr<Roster::Found> FindDesignations(
    const Core& core, const Moment& moment, absl::string_view state,
    absl::string_view function, Day day, absl::string_view treaty,
    size_t limit);

// Reads the designation of `row`, and its authority, as the bytes of their
// messages; `*has_authority` is false if it names none, or one that was
// deleted.
absl::Status LoadRow(const Store& store, const Moment& moment,
                     const RosterRow& row, std::string* designation,
                     std::string* authority, bool* has_authority);

}  // namespace comity

#endif  // COMITY_SERVICES_CONTACTS_H_
