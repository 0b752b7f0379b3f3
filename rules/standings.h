// What a treaty is to one State on each day, worked out once.

#ifndef COMITY_RULES_STANDINGS_H_
#define COMITY_RULES_STANDINGS_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "base/dates.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "rules/in_force.h"

namespace comity::rules {

// A ParticipationStatus that holds over a span of days: what the rules read of
// it, which is little and stands together, and its bytes.
struct Standing {
  v1::InForceStatus status = v1::IN_FORCE_STATUS_UNSPECIFIED;
  v1::ReasonCode code = v1::REASON_CODE_UNSPECIFIED;
  bool beyond_data = false;
  std::string entry_into_force;
  std::string derived_entry_into_force;
  std::string deposit_date;
  std::string complete_as_of;
  std::string reason;
  // The message. It has sources always: what is not on record has the directory
  // itself as its source.
  std::string bytes;

  StatusFacts facts() const {
    return {status, code, entry_into_force, deposit_date, complete_as_of};
  }
  // Asks the processor for what an answer reads of it.
  void Prefetch() const;
};

// Immutable, thread-safe.
class Standings {
 public:
  // `participation`, which may be null (no record), must outlive this; nothing
  // is kept of the others.
  Standings(const v1::Treaty& treaty, const TreatyDates& dates,
            const v1::State& state, const v1::Participation* participation);

  // As StatusOf for this day. Lives as long as this.
  const Standing& On(Day day) const;

  // Null if there is none, or it has no statements.
  const v1::Participation* statements() const { return statements_; }
  // True if the participation was made by a generator.
  bool synthetic() const { return synthetic_; }

 private:
  const v1::Participation* statements_ = nullptr;
  bool synthetic_ = false;
  // The first days of all spans but the first, in order.
  absl::InlinedVector<Day, 6> days_;
  // One more than `days_`.
  std::vector<Standing> spans_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_STANDINGS_H_
