// From two States to the right desk.

#ifndef COMITY_RULES_ROUTING_H_
#define COMITY_RULES_ROUTING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/dates.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "rules/in_force.h"
#include "rules/standings.h"

namespace comity::rules {

// A treaty that may carry the request.
struct TreatyInput {
  const v1::Treaty* treaty = nullptr;
  TreatyDates dates;
  // What it is to the two States; never null.
  const Standings* requesting = nullptr;
  const Standings* requested = nullptr;
  // The convention that the treaty is a protocol to; null: none. Whoever is
  // bound by the protocol must be bound by it too (UNTOC article 37(2)).
  const v1::Treaty* parent = nullptr;
  // What that is to them; null if there is none.
  const Standings* requesting_parent = nullptr;
  const Standings* requested_parent = nullptr;
  // Designations of the requested State for the function under this treaty that
  // are on record, whatever the day.
  int designations_on_record = 0;
  // Of these, those that hold on the day. Negative: as many as there are
  // candidates, which are then all given.
  int designations_on_day = -1;
};

// A designation that holds on the day.
struct Candidate {
  // Index in RouteInput::treaties.
  int treaty = 0;
  // The caller's number of it.
  size_t number = 0;
};

// All pointers and views must outlive the call of Route.
struct RouteInput {
  const v1::State* requesting = nullptr;
  const v1::State* requested = nullptr;
  const v1::Function* function = nullptr;
  Day day;
  Day today;
  // Each treaty of `function->articles()`, and each other one under which the
  // requested State has designations for it, once, in any order.
  std::vector<TreatyInput> treaties;
  // Those of one treaty in the order of RankKey, then by name; they may be cut
  // to the first `max_routes` if its `designations_on_day` is set.
  std::vector<Candidate> candidates;
  // BCP 47, preferred first; empty: the languages of `requesting`.
  std::vector<absl::string_view> preferred_languages;
  bool urgent = false;
  // At least 1.
  int max_routes = 10;
  // Only under this one of `treaties`; null: under any.
  const v1::Treaty* only_treaty = nullptr;
  // Echoed in the advice.
  absl::string_view place;
  absl::string_view offence;
  // Echoed.
  uint64_t sequence = 0;
};

// The records of a route, as the bytes of their messages, which may be without
// what the server adds to a record.
struct RouteRecords {
  absl::string_view designation;
  // False: the designation names no office.
  bool has_authority = false;
  absl::string_view authority;
};

// Calls `write` with the records of the candidates of these numbers, in their
// order, and returns what it returns, or an error of its own.
using RouteLoader = absl::FunctionRef<absl::Status(
    absl::Span<const size_t> numbers,
    absl::FunctionRef<absl::Status(absl::Span<const RouteRecords>)> write)>;

// Appends the bytes of a RouteRequestResponse to `answer`. `load` is called
// once, for the first `max_routes` candidates of treaties in force, in rank
// order; its error is returned, and `answer` means nothing then. DataLoss if a
// record does not parse.
absl::Status Route(const RouteInput& input, RouteLoader load,
                   std::string* answer);

}  // namespace comity::rules

#endif  // COMITY_RULES_ROUTING_H_
