// Whether a treaty binds a State, or two, on a day.

#ifndef COMITY_RULES_IN_FORCE_H_
#define COMITY_RULES_IN_FORCE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/dates.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/reason.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::rules {

// When a treaty entered into force.
struct TreatyDates {
  // As a source states it.
  std::optional<Day> stated;
  // As its rule gives it; nullopt if a deposit that may count is not known.
  std::optional<Day> derived;

  // The stated day wins.
  std::optional<Day> entry() const { return stated ? stated : derived; }
  // True if both are known and are not the same day.
  bool differ() const { return stated && derived && *stated != *derived; }
};

// `participations` are all that are on record for the treaty, in any order.
// `is_organisation` tells of a State's code. `parent_entry` is the entry into
// force of `entry_into_force_rule.not_before`, if the rule names one.
TreatyDates ComputeTreatyDates(
    const v1::Treaty& treaty,
    absl::Span<const v1::Participation* const> participations,
    absl::FunctionRef<bool(absl::string_view state_code)> is_organisation,
    std::optional<Day> parent_entry);

// Whether and why the treaty binds one State on `day`. `state_name` is
// `states/{state}`; `participation` may be null: no record. `title` is what the
// sentences call the State; empty: its code.
v1::ParticipationStatus StatusOf(const v1::Treaty& treaty,
                                 const TreatyDates& dates,
                                 absl::string_view state_name,
                                 v1::State::Kind kind,
                                 const v1::Participation* participation,
                                 Day day, absl::string_view title = {});
// The same, with name, kind and title of `state`.
v1::ParticipationStatus StatusOf(const v1::Treaty& treaty,
                                 const TreatyDates& dates,
                                 const v1::State& state,
                                 const v1::Participation* participation,
                                 Day day);

// The first days, in order, of the spans within which StatusOf gives the
// same. All days before the first are such a span too.
std::vector<Day> DaysOfChange(const v1::Treaty& treaty,
                              const TreatyDates& dates,
                              const v1::Participation* participation);

// Between two States: not in force if it is not for one of them; else not known
// if it is not for one; else in force.
v1::InForceStatus Both(v1::InForceStatus a, v1::InForceStatus b);

// For one State, or between two. `statuses` are one or two results of StatusOf
// for the same treaty and day, `titles` what the sentences call these States.
v1::TreatyStatus StatusBetween(const v1::Treaty& treaty,
                               const TreatyDates& dates,
                               std::vector<v1::ParticipationStatus> statuses,
                               absl::Span<const absl::string_view> titles,
                               Day day);
// What of a ParticipationStatus a verdict rests on. Views of it.
struct StatusFacts {
  v1::InForceStatus status = v1::IN_FORCE_STATUS_UNSPECIFIED;
  v1::ReasonCode code = v1::REASON_CODE_UNSPECIFIED;
  absl::string_view entry_into_force;
  absl::string_view deposit_date;
  absl::string_view complete_as_of;
};
StatusFacts FactsOf(const v1::ParticipationStatus& status);

// What a treaty is between two States.
struct Verdict {
  v1::InForceStatus status = v1::IN_FORCE_STATUS_UNSPECIFIED;
  v1::ReasonCode code = v1::REASON_CODE_UNSPECIFIED;
  // One English sentence, without its full stop.
  std::string reason;
};
// `treaty` is what the sentences call it; `a` and `b` are of results of
// StatusOf for the same day, `titles` what the sentences call these two States.
Verdict VerdictBetween(absl::string_view treaty, const TreatyDates& dates,
                       const StatusFacts& a, const StatusFacts& b,
                       absl::Span<const absl::string_view> titles);
// The same, from the records.
v1::TreatyStatus StatusBetween(
    const v1::Treaty& treaty, const TreatyDates& dates,
    absl::Span<const v1::State* const> states,
    absl::Span<const v1::Participation* const> participations, Day day);

}  // namespace comity::rules

#endif  // COMITY_RULES_IN_FORCE_H_
