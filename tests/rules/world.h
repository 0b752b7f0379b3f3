// Records put together for the rules, as a server would.

#ifndef COMITY_TESTS_RULES_WORLD_H_
#define COMITY_TESTS_RULES_WORLD_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/dates.h"
#include "rules/designations.h"
#include "rules/routing.h"
#include "tests/rules/bundled.h"

namespace comity {

// Holds records, and asks the rules about them. Records are found by position
// in `records`; what is changed there needs Index().
class World {
 public:
  explicit World(Bundled bundled) : records(std::move(bundled)) { Index(); }

  void Index() {
    state_at_.clear();
    treaty_at_.clear();
    participation_.clear();
    designations_.clear();
    authorities_.clear();
    for (size_t i = 0; i < records.states.size(); ++i) {
      state_at_[records.states[i].name()] = i;
    }
    for (size_t i = 0; i < records.treaties.size(); ++i) {
      treaty_at_[records.treaties[i].name()] = i;
    }
    for (const v1::Participation& one : records.participations) {
      participation_[one.name()] = &one;
    }
    for (const v1::Designation& one : records.designations) {
      designations_[one.name().substr(0, 10)].push_back(&one);
    }
    for (const v1::Authority& one : records.authorities) {
      authorities_[one.name()] = &one;
    }
    table_.assign(records.treaties.size() * records.states.size(), nullptr);
    for (size_t t = 0; t < records.treaties.size(); ++t) {
      for (size_t s = 0; s < records.states.size(); ++s) {
        const auto found = participation_.find(
            records.treaties[t].name() + "/participations/" +
            records.states[s].name().substr(7));
        if (found != participation_.end()) {
          table_[t * records.states.size() + s] = found->second;
        }
      }
    }
    dates.assign(records.treaties.size(), {});
    // A parent first, whatever the order.
    for (int round = 0; round < 2; ++round) {
      for (size_t t = 0; t < records.treaties.size(); ++t) dates[t] = Dates(t);
    }
  }

  size_t State(const std::string& code) const {
    return state_at_.at("states/" + code);
  }
  size_t Treaty(const std::string& slug) const {
    return treaty_at_.at("treaties/" + slug);
  }
  size_t Function(const std::string& slug) const {
    for (size_t i = 0; i < records.functions.size(); ++i) {
      if (records.functions[i].name() == "functions/" + slug) return i;
    }
    ADD_FAILURE() << slug;
    return 0;
  }

  const v1::Participation* Participation(size_t treaty, size_t state) const {
    return table_[treaty * records.states.size() + state];
  }

  v1::ParticipationStatus Status(size_t treaty, size_t state, Day day) const {
    return rules::StatusOf(records.treaties[treaty], dates[treaty],
                           records.states[state], Participation(treaty, state),
                           day);
  }

  // `change`, if given, changes the input before it is used.
  v1::RouteRequestResponse Route(
      size_t from, size_t to, size_t function, Day day,
      const std::function<void(rules::RouteInput*)>& change = {}) const {
    rules::RouteInput input = Input(from, to, function, day);
    if (change) change(&input);
    auto response = rules::Route(
        input, [this](const rules::Candidate& candidate, v1::Route* route) {
          return Load(candidate, route);
        });
    EXPECT_TRUE(response.ok()) << response.status();
    return *std::move(response);
  }

  rules::RouteInput Input(size_t from, size_t to, size_t function,
                          Day day) const {
    rules::RouteInput input;
    input.requesting = &records.states[from];
    input.requested = &records.states[to];
    input.function = &records.functions[function];
    input.day = day;
    input.today = Day(2026, 11, 24);
    input.max_routes = 100;
    std::vector<int> index(records.treaties.size(), -1);
    const auto use = [&](size_t treaty) {
      if (index[treaty] < 0) {
        index[treaty] = static_cast<int>(input.treaties.size());
        input.treaties.push_back(TreatyInputOf(treaty, from, to));
      }
      return index[treaty];
    };
    for (const auto& article : input.function->articles()) {
      use(treaty_at_.at(article.treaty()));
    }
    const auto found = designations_.find(input.requested->name());
    if (found == designations_.end()) return input;
    for (const v1::Designation* one : found->second) {
      if (one->function() != input.function->name()) continue;
      const int treaty = use(treaty_at_.at(one->treaty()));
      ++input.treaties[static_cast<size_t>(treaty)].designations_on_record;
      const rules::Bound start = rules::StartOf(*one);
      if (!rules::HoldsOn(start, rules::EndOf(*one), day)) continue;
      rules::Candidate candidate;
      candidate.treaty = treaty;
      if (start.kind == rules::BoundKind::kDate) {
        candidate.from = DayFromNumber(start.day);
      }
      candidate.name = one->name();
      input.candidates.push_back(candidate);
    }
    return input;
  }

  absl::Status Load(const rules::Candidate& candidate, v1::Route* route) const {
    const auto& all =
        designations_.at(std::string(candidate.name.substr(0, 10)));
    for (const v1::Designation* one : all) {
      if (one->name() != candidate.name) continue;
      *route->mutable_designation() = *one;
      if (!one->authority().empty()) {
        *route->mutable_authority() = *authorities_.at(one->authority());
      }
      return absl::OkStatus();
    }
    return absl::InternalError("no such designation");
  }

  Bundled records;
  // In the order of `records.treaties`.
  std::vector<rules::TreatyDates> dates;

 private:
  rules::TreatyDates Dates(size_t treaty) const {
    std::vector<const v1::Participation*> all;
    for (size_t s = 0; s < records.states.size(); ++s) {
      if (Participation(treaty, s) != nullptr) {
        all.push_back(Participation(treaty, s));
      }
    }
    const v1::Treaty& record = records.treaties[treaty];
    std::optional<Day> parent;
    const std::string& before = record.entry_into_force_rule().not_before();
    if (!before.empty()) parent = dates[treaty_at_.at(before)].entry();
    return rules::ComputeTreatyDates(
        record, all,
        [this](absl::string_view code) {
          return records.states[State(std::string(code))].kind() ==
                 v1::State::KIND_ORGANISATION;
        },
        parent);
  }

  rules::TreatyInput TreatyInputOf(size_t treaty, size_t from,
                                   size_t to) const {
    rules::TreatyInput input;
    input.treaty = &records.treaties[treaty];
    input.dates = dates[treaty];
    input.requesting = Participation(treaty, from);
    input.requested = Participation(treaty, to);
    if (!input.treaty->parent().empty()) {
      const size_t parent = treaty_at_.at(input.treaty->parent());
      input.parent = &records.treaties[parent];
      input.parent_dates = dates[parent];
      input.requesting_parent = Participation(parent, from);
      input.requested_parent = Participation(parent, to);
    }
    return input;
  }

  std::map<std::string, size_t> state_at_;
  std::map<std::string, size_t> treaty_at_;
  std::map<std::string, const v1::Participation*> participation_;
  std::map<std::string, std::vector<const v1::Designation*>> designations_;
  std::map<std::string, const v1::Authority*> authorities_;
  // Treaty by treaty, one entry for each State.
  std::vector<const v1::Participation*> table_;
};

}  // namespace comity

#endif  // COMITY_TESTS_RULES_WORLD_H_
