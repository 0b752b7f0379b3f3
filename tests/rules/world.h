// Records put together for the rules, as a server would.

#ifndef COMITY_TESTS_RULES_WORLD_H_
#define COMITY_TESTS_RULES_WORLD_H_

#include <algorithm>
#include <deque>
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
  using WriteRoutes =
      absl::FunctionRef<absl::Status(absl::Span<const rules::RouteRecords>)>;

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
    standings_.clear();
    standings_.resize(table_.size());
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

  const rules::Standings& StandingsOf(size_t treaty, size_t state) const {
    auto& standings = standings_[treaty * records.states.size() + state];
    if (standings == nullptr) {
      standings = std::make_unique<const rules::Standings>(
          records.treaties[treaty], dates[treaty], records.states[state],
          Participation(treaty, state));
    }
    return *standings;
  }

  // `change`, if given, changes the input before it is used.
  v1::RouteRequestResponse Route(
      size_t from, size_t to, size_t function, Day day,
      const std::function<void(rules::RouteInput*)>& change = {}) const {
    rules::RouteInput input = Input(from, to, function, day);
    if (change) change(&input);
    return Route(input);
  }

  v1::RouteRequestResponse Route(const rules::RouteInput& input) const {
    std::string answer;
    const absl::Status status = rules::Route(
        input,
        [this](absl::Span<const size_t> numbers, WriteRoutes write) {
          return Load(numbers, write);
        },
        &answer);
    EXPECT_TRUE(status.ok()) << status;
    v1::RouteRequestResponse response;
    EXPECT_TRUE(response.ParseFromString(answer));
    return response;
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
      input.candidates.push_back(
          {treaty, static_cast<size_t>(one - records.designations.data())});
    }
    std::sort(
        input.candidates.begin(), input.candidates.end(),
        [this](const rules::Candidate& a, const rules::Candidate& b) {
          const v1::Designation& one = records.designations[a.number];
          const v1::Designation& other = records.designations[b.number];
          const rules::RankKey key = rules::RankKeyOf(rules::StartOf(one));
          const rules::RankKey other_key =
              rules::RankKeyOf(rules::StartOf(other));
          return key == other_key ? one.name() < other.name() : key < other_key;
        });
    return input;
  }

  absl::Status Load(absl::Span<const size_t> numbers, WriteRoutes write) const {
    std::deque<std::string> bytes;
    std::vector<rules::RouteRecords> routes;
    for (const size_t number : numbers) {
      const v1::Designation& one = records.designations.at(number);
      rules::RouteRecords& route = routes.emplace_back();
      route.designation = bytes.emplace_back(one.SerializeAsString());
      if (one.authority().empty()) continue;
      const v1::Authority& office = *authorities_.at(one.authority());
      route.has_authority = true;
      route.authority = bytes.emplace_back(office.SerializeAsString());
    }
    return write(routes);
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
    input.requesting = &StandingsOf(treaty, from);
    input.requested = &StandingsOf(treaty, to);
    if (!input.treaty->parent().empty()) {
      const size_t parent = treaty_at_.at(input.treaty->parent());
      input.parent = &records.treaties[parent];
      input.requesting_parent = &StandingsOf(parent, from);
      input.requested_parent = &StandingsOf(parent, to);
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
  // The same; made when they are first asked for.
  mutable std::vector<std::unique_ptr<const rules::Standings>> standings_;
};

}  // namespace comity

#endif  // COMITY_TESTS_RULES_WORLD_H_
