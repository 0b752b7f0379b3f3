// From two States to the right desk.

#ifndef COMITY_RULES_ROUTING_H_
#define COMITY_RULES_ROUTING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/dates.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "rules/in_force.h"

namespace comity::rules {

// A treaty that may carry the request. Null participations: no record.
struct TreatyInput {
  const v1::Treaty* treaty = nullptr;
  TreatyDates dates;
  const v1::Participation* requesting = nullptr;
  const v1::Participation* requested = nullptr;
  // The convention that the treaty is a protocol to; null: none. Whoever is
  // bound by the protocol must be bound by it too (UNTOC article 37(2)).
  const v1::Treaty* parent = nullptr;
  TreatyDates parent_dates;
  const v1::Participation* requesting_parent = nullptr;
  const v1::Participation* requested_parent = nullptr;
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
  // First day; nullopt: not known.
  std::optional<Day> from;
  // Name of the designation; must outlive the call of Route.
  absl::string_view name;
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
  // In any order. Those of one treaty may be cut to the first `max_routes` in
  // rank order if its `designations_on_day` is set.
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
};

// Fills `designation` and, if it names an office, `authority` of a route.
using RouteLoader =
    absl::FunctionRef<absl::Status(const Candidate&, v1::Route* route)>;

// All of the answer but `sequence`. `load` is called for the first `max_routes`
// candidates of treaties in force, in rank order; its error is returned.
absl::StatusOr<v1::RouteRequestResponse> Route(const RouteInput& input,
                                               RouteLoader load);
// The same into `response`, which may be on an arena and must be empty.
absl::Status RouteInto(const RouteInput& input, RouteLoader load,
                       v1::RouteRequestResponse* response);

}  // namespace comity::rules

#endif  // COMITY_RULES_ROUTING_H_
