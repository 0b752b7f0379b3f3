#include "rules/standings.h"

#include <algorithm>

#include "rules/records.h"
#include "rules/steps.h"

namespace comity::rules {

void Standing::Prefetch() const {
  constexpr size_t kLineBytes = 64;
  for (size_t line = 0; line < bytes.size(); line += kLineBytes) {
    __builtin_prefetch(bytes.data() + line);
  }
}

Standings::Standings(const v1::Treaty& treaty, const TreatyDates& dates,
                     const v1::State& state,
                     const v1::Participation* participation) {
  SourceList cited;
  if (participation != nullptr) {
    cited.Cite(participation->sources());
    synthetic_ = IsSynthetic(participation->sources());
    if (!participation->statements().empty()) statements_ = participation;
  }
  if (cited.empty()) {
    cited.CiteDirectory({"participations of ", NameInText(state)});
  }
  const std::string sources =
      cited.Fields(v1::ParticipationStatus::kSourcesFieldNumber);
  const std::vector<Day> days = DaysOfChange(treaty, dates, participation);
  days_.assign(days.begin(), days.end());
  spans_.resize(days_.size() + 1);
  for (size_t i = 0; i < spans_.size(); ++i) {
    // Any day before the first of them.
    const Day day =
        i > 0 ? days_[i - 1] : (days_.empty() ? Day() : days_.front() - 1);
    v1::ParticipationStatus status =
        StatusOf(treaty, dates, state, participation, day);
    status.clear_sources();
    Standing& span = spans_[i];
    span.status = status.status();
    span.code = status.code();
    span.beyond_data = status.beyond_data();
    span.entry_into_force = status.entry_into_force();
    span.derived_entry_into_force = status.derived_entry_into_force();
    span.deposit_date = status.period().deposit_date();
    span.complete_as_of = status.complete_as_of();
    span.reason = status.reason();
    span.bytes = status.SerializeAsString() + sources;
  }
}

const Standing& Standings::On(Day day) const {
  const auto next = std::upper_bound(days_.begin(), days_.end(), day);
  return spans_[static_cast<size_t>(next - days_.begin())];
}

}  // namespace comity::rules
