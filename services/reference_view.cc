#include "services/reference_view.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/names.h"
#include "base/status_macros.h"

namespace comity {
namespace {

// Past views kept: a reader of the past asks several things of one time.
constexpr size_t kPastViewsMax = 2;

// So many changes are examined; beyond, all is read anew.
constexpr uint64_t kChangesMax = 20000;

using Treaties =
    absl::flat_hash_map<std::string,
                        std::shared_ptr<const ReferenceView::Treaty>>;

// All records of a kind as of `at`, in the order of names.
template <class M>
absl::StatusOr<std::vector<M>> ReadAll(const Store& store,
                                       absl::string_view under, uint64_t at) {
  std::vector<M> records;
  absl::Status parsed;
  RETURN_IF_ERROR(store.ForEach(
      KindOf<M>::kKind, under, "", at, [&](const Store::Item& item) {
        parsed = ParseVersion(item.version, &records.emplace_back());
        return parsed.ok();
      }));
  RETURN_IF_ERROR(parsed);
  return records;
}

// One treaty with its participations, without dates.
absl::StatusOr<std::shared_ptr<ReferenceView::Treaty>> ReadTreaty(
    const Store& store, v1::Treaty record, uint64_t at) {
  auto treaty = std::make_shared<ReferenceView::Treaty>();
  const absl::string_view slug = names::LastOf(record.name());
  ASSIGN_OR_RETURN(std::vector<v1::Participation> participations,
                   ReadAll<v1::Participation>(store, slug, at));
  for (v1::Participation& each : participations) {
    std::string code(names::LastOf(each.name()));
    treaty->participations.emplace(
        std::move(code), std::make_shared<v1::Participation>(std::move(each)));
  }
  treaty->record = std::make_shared<v1::Treaty>(std::move(record));
  return treaty;
}

// Works out when the treaties entered into force: each after the one that it
// may not precede.
class DatesOf {
 public:
  DatesOf(const rules::StateResolver& states, const Treaties& treaties)
      : states_(states), treaties_(treaties) {}

  rules::TreatyDates Of(absl::string_view slug) { return Of(slug, 0); }

 private:
  rules::TreatyDates Of(absl::string_view slug, size_t depth) {
    if (const auto known = dates_.find(slug); known != dates_.end()) {
      return known->second;
    }
    const auto at = treaties_.find(slug);
    // Treaties that wait for each other in a ring have no dates.
    if (at == treaties_.end() || depth > treaties_.size()) return {};
    const ReferenceView::Treaty& treaty = *at->second;
    const std::string& before =
        treaty.record->entry_into_force_rule().not_before();
    std::optional<Day> parent;
    if (!before.empty()) {
      parent = Of(names::LastOf(before), depth + 1).entry();
    }
    std::vector<const v1::Participation*> participations;
    participations.reserve(treaty.participations.size());
    for (const auto& [code, participation] : treaty.participations) {
      participations.push_back(participation.get());
    }
    const rules::TreatyDates dates = rules::ComputeTreatyDates(
        *treaty.record, participations,
        [&](absl::string_view code) {
          const v1::State* state = states_.Find(names::State(code));
          return state != nullptr &&
                 state->kind() == v1::State::KIND_ORGANISATION;
        },
        parent);
    dates_.emplace(slug, dates);
    return dates;
  }

  const rules::StateResolver& states_;
  const Treaties& treaties_;
  absl::flat_hash_map<std::string, rules::TreatyDates> dates_;
};

// The same treaties with their dates; those whose dates stay are shared.
Treaties WithDates(const rules::StateResolver& states,
                   const Treaties& treaties) {
  DatesOf dates(states, treaties);
  Treaties dated;
  for (const auto& [slug, treaty] : treaties) {
    const rules::TreatyDates each = dates.Of(slug);
    if (each.stated == treaty->dates.stated &&
        each.derived == treaty->dates.derived) {
      dated.emplace(slug, treaty);
      continue;
    }
    auto changed = std::make_shared<ReferenceView::Treaty>(*treaty);
    changed->dates = each;
    dated.emplace(slug, std::move(changed));
  }
  return dated;
}

// Citations are resolved with treaties and functions both.
std::shared_ptr<const rules::CitationResolver> MakeCitations(
    const Treaties& treaties, const rules::FunctionResolver& functions) {
  std::vector<v1::Treaty> records;
  records.reserve(treaties.size());
  for (const auto& [slug, treaty] : treaties)
    records.push_back(*treaty->record);
  std::sort(records.begin(), records.end(),
            [](const v1::Treaty& a, const v1::Treaty& b) {
              return a.name() < b.name();
            });
  return std::make_shared<const rules::CitationResolver>(records,
                                                         functions.functions());
}

// What changed in the reference data.
struct Changed {
  bool states = false;
  bool functions = false;
  // Slugs of treaties that changed, or whose participations did.
  absl::flat_hash_set<std::string> treaties;
};

absl::StatusOr<Changed> ChangedSince(const Store& store, uint64_t from,
                                     uint64_t to) {
  Changed changed;
  RETURN_IF_ERROR(store.ForEachChange(from + 1, [&](const v1::Change& change) {
    if (change.sequence() > to) return false;
    const auto name = names::Parse(change.resource(), "resource");
    if (!name.ok()) return true;
    switch (name->kind) {
      case Kind::kState:
        changed.states = true;
        break;
      case Kind::kFunction:
        changed.functions = true;
        break;
      case Kind::kTreaty:
      case Kind::kParticipation:
        changed.treaties.emplace(name->first);
        break;
      default:
        break;
    }
    return true;
  }));
  return changed;
}

}  // namespace

const v1::Participation* ReferenceView::Treaty::Find(
    absl::string_view state_code) const {
  const auto at = participations.find(state_code);
  return at == participations.end() ? nullptr : at->second.get();
}

const ReferenceView::Treaty* ReferenceView::FindTreaty(
    absl::string_view slug) const {
  const auto at = treaties_.find(slug);
  return at == treaties_.end() ? nullptr : at->second.get();
}

ReferenceView::ListOfStandings ReferenceView::StandingsOf(
    absl::Span<const Treaty* const> treaties, const v1::State& state) const {
  ListOfStandings list(treaties.size());
  bool all = true;
  {
    const absl::ReaderMutexLock lock(&known_->mutex);
    const auto& known = known_->standings;
    // The processor waits for memory once, not for each.
    for (const Treaty* treaty : treaties) {
      known.prefetch(std::pair(treaty, &state));
    }
    for (size_t i = 0; i < treaties.size(); ++i) {
      const auto at = known.find(std::pair(treaties[i], &state));
      if (at == known.end()) {
        all = false;
        continue;
      }
      list[i] = at->second.get();
      __builtin_prefetch(list[i]);
    }
  }
  if (all) return list;
  const absl::MutexLock lock(&known_->mutex);
  for (size_t i = 0; i < treaties.size(); ++i) {
    auto& standings = known_->standings[std::pair(treaties[i], &state)];
    if (standings == nullptr) {
      standings = std::make_unique<const rules::Standings>(
          *treaties[i]->record, treaties[i]->dates, state,
          treaties[i]->Find(names::LastOf(state.name())));
    }
    list[i] = standings.get();
  }
  return list;
}

size_t ReferenceView::participations() const {
  size_t count = 0;
  for (const auto& [slug, treaty] : treaties_) {
    count += treaty->participations.size();
  }
  return count;
}

absl::StatusOr<ReferenceViews::View> ReferenceViews::Build(uint64_t at) const {
  auto view = std::make_shared<ReferenceView>();
  view->sequence_ = at;
  ASSIGN_OR_RETURN(std::vector<v1::State> states,
                   ReadAll<v1::State>(*store_, "", at));
  view->states_ =
      std::make_shared<const rules::StateResolver>(std::move(states));
  ASSIGN_OR_RETURN(std::vector<v1::Function> functions,
                   ReadAll<v1::Function>(*store_, "", at));
  view->functions_ =
      std::make_shared<const rules::FunctionResolver>(std::move(functions));
  ASSIGN_OR_RETURN(std::vector<v1::Treaty> records,
                   ReadAll<v1::Treaty>(*store_, "", at));
  Treaties treaties;
  for (v1::Treaty& record : records) {
    std::string slug(names::LastOf(record.name()));
    ASSIGN_OR_RETURN(auto treaty, ReadTreaty(*store_, std::move(record), at));
    treaties.emplace(std::move(slug), std::move(treaty));
  }
  view->treaties_ = WithDates(*view->states_, treaties);
  view->citations_ = MakeCitations(view->treaties_, *view->functions_);
  return View(std::move(view));
}

absl::StatusOr<ReferenceViews::View> ReferenceViews::Advance(
    const ReferenceView& view, uint64_t to) const {
  ASSIGN_OR_RETURN(const Changed changed,
                   ChangedSince(*store_, view.sequence_, to));
  auto next = std::make_shared<ReferenceView>(view);
  next->known_ = std::make_shared<ReferenceView::Known>();
  next->sequence_ = to;
  if (changed.states) {
    ASSIGN_OR_RETURN(std::vector<v1::State> states,
                     ReadAll<v1::State>(*store_, "", to));
    next->states_ =
        std::make_shared<const rules::StateResolver>(std::move(states));
  }
  if (changed.functions) {
    ASSIGN_OR_RETURN(std::vector<v1::Function> functions,
                     ReadAll<v1::Function>(*store_, "", to));
    next->functions_ =
        std::make_shared<const rules::FunctionResolver>(std::move(functions));
  }
  for (const std::string& slug : changed.treaties) {
    next->treaties_.erase(slug);
    absl::StatusOr<v1::Treaty> record =
        store_->Get<v1::Treaty>(names::Treaty(slug), to);
    if (absl::IsNotFound(record.status())) continue;
    RETURN_IF_ERROR(record.status());
    ASSIGN_OR_RETURN(auto treaty, ReadTreaty(*store_, *std::move(record), to));
    next->treaties_.emplace(slug, std::move(treaty));
  }
  if (changed.states || !changed.treaties.empty()) {
    next->treaties_ = WithDates(*next->states_, next->treaties_);
  }
  if (changed.functions || !changed.treaties.empty()) {
    next->citations_ = MakeCitations(next->treaties_, *next->functions_);
  }
  return View(std::move(next));
}

absl::StatusOr<ReferenceViews::View> ReferenceViews::Current() {
  const absl::MutexLock lock(&mutex_);
  // Read before the data: what is published later only makes the next call
  // look again.
  const uint64_t generation = store_->reference_generation();
  if (view_ != nullptr && generation == generation_) return view_;
  const uint64_t to = store_->published();
  absl::StatusOr<View> next = absl::UnknownError("not built");
  if (view_ != nullptr && to >= view_->sequence() &&
      to - view_->sequence() <= kChangesMax) {
    next = Advance(*view_, to);
  } else {
    next = Build(to);
  }
  RETURN_IF_ERROR(next.status());
  view_ = *std::move(next);
  generation_ = generation;
  return view_;
}

absl::StatusOr<ReferenceViews::View> ReferenceViews::At(uint64_t sequence) {
  const absl::MutexLock lock(&past_mutex_);
  for (const View& view : past_) {
    if (view->sequence() == sequence) return view;
  }
  ASSIGN_OR_RETURN(View view, Build(sequence));
  past_.push_front(view);
  if (past_.size() > kPastViewsMax) past_.pop_back();
  return view;
}

}  // namespace comity
