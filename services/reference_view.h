// What rules need at hand: all States, treaties, functions and participations,
// parsed, with the resolvers made of them. Offices and designations, of which
// there may be many, are not in it.

#ifndef COMITY_SERVICES_REFERENCE_VIEW_H_
#define COMITY_SERVICES_REFERENCE_VIEW_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "rules/citations.h"
#include "rules/functions.h"
#include "rules/in_force.h"
#include "rules/standings.h"
#include "rules/states.h"
#include "store/store.h"

namespace comity {

// One state of the reference data. Immutable, thread-safe. Shared, since the
// next one takes over what did not change, and readers hold theirs while the
// next is made.
class ReferenceView {
 public:
  // A treaty with all that is on record of who takes part in it.
  struct Treaty {
    std::shared_ptr<const v1::Treaty> record;
    rules::TreatyDates dates;
    // By code of the State.
    absl::flat_hash_map<std::string, std::shared_ptr<const v1::Participation>>
        participations;

    // Null: no record.
    const v1::Participation* Find(absl::string_view state_code) const;
  };

  const rules::StateResolver& states() const { return *states_; }
  const rules::FunctionResolver& functions() const { return *functions_; }
  const rules::CitationResolver& citations() const { return *citations_; }

  // By slug; null: there is none.
  const Treaty* FindTreaty(absl::string_view slug) const;
  // What each of `treaties` is to `state`, all of this view. They live as long
  // as the view.
  using ListOfStandings = absl::InlinedVector<const rules::Standings*, 16>;
  ListOfStandings StandingsOf(absl::Span<const Treaty* const> treaties,
                              const v1::State& state) const;
  size_t treaties() const { return treaties_.size(); }
  size_t participations() const;

  // The view holds for this sequence, and for later ones until the next change
  // to reference data.
  uint64_t sequence() const { return sequence_; }

 private:
  friend class ReferenceViews;

  // Standings are worked out when they are first asked for.
  struct Known {
    absl::Mutex mutex;
    absl::flat_hash_map<std::pair<const Treaty*, const v1::State*>,
                        std::unique_ptr<const rules::Standings>>
        standings ABSL_GUARDED_BY(mutex);
  };

  std::shared_ptr<const rules::StateResolver> states_;
  std::shared_ptr<const rules::FunctionResolver> functions_;
  std::shared_ptr<const rules::CitationResolver> citations_;
  absl::flat_hash_map<std::string, std::shared_ptr<const Treaty>> treaties_;
  std::shared_ptr<Known> known_ = std::make_shared<Known>();
  uint64_t sequence_ = 0;
};

// The current view, and past ones. Thread-safe.
class ReferenceViews {
 public:
  // `store` must outlive this.
  explicit ReferenceViews(const Store* store) : store_(store) {}

  // As of everything published when it is called. What changed since the last
  // call is read again: microseconds if nothing did.
  absl::StatusOr<std::shared_ptr<const ReferenceView>> Current();

  // As of a past sequence; takes tens of milliseconds.
  absl::StatusOr<std::shared_ptr<const ReferenceView>> At(uint64_t sequence);

 private:
  using View = std::shared_ptr<const ReferenceView>;

  absl::StatusOr<View> Build(uint64_t at) const;
  absl::StatusOr<View> Advance(const ReferenceView& view, uint64_t to) const;

  const Store* const store_;
  absl::Mutex mutex_;
  View view_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Mutex past_mutex_;
  std::deque<View> past_ ABSL_GUARDED_BY(past_mutex_);
};

}  // namespace comity

#endif  // COMITY_SERVICES_REFERENCE_VIEW_H_
