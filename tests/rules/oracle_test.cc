// The rules against the oracle: on the bundled data, and on records made up at
// random, which have what the bundled ones lack.

#include "tests/rules/oracle.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rules/in_force.h"
#include "tests/rules/world.h"

namespace comity {
namespace {

constexpr uint32_t kSeed = 20261124;

#ifdef NDEBUG
constexpr bool kRelease = true;
#else
constexpr bool kRelease = false;
#endif

const std::vector<std::string>& TwentyDates() {
  static const auto* const dates = new std::vector<std::string>{
      "1985-01-01", "1990-11-10", "1990-11-11", "1993-05-05", "1999-12-31",
      "2000-12-13", "2003-01-01", "2003-09-28", "2003-09-29", "2003-12-25",
      "2004-01-28", "2005-07-03", "2005-12-14", "2008-02-29", "2011-09-22",
      "2014-01-27", "2014-01-28", "2016-10-21", "2020-01-01", "2026-11-24"};
  return *dates;
}

oracle::Status Plain(v1::InForceStatus status) {
  switch (status) {
    case v1::IN_FORCE_STATUS_IN_FORCE:
      return oracle::Status::kInForce;
    case v1::IN_FORCE_STATUS_NOT_IN_FORCE:
      return oracle::Status::kNotInForce;
    case v1::IN_FORCE_STATUS_NOT_KNOWN:
      return oracle::Status::kNotKnown;
    default:
      ADD_FAILURE() << "no status";
      return oracle::Status::kNotKnown;
  }
}

oracle::Oracle MakeOracle(const Bundled& bundled) {
  oracle::Oracle oracle;
  v1::Record record;
  for (const auto& one : bundled.states) {
    *record.mutable_state() = one;
    oracle.Add(record);
  }
  for (const auto& one : bundled.treaties) {
    *record.mutable_treaty() = one;
    oracle.Add(record);
  }
  for (const auto& one : bundled.functions) {
    *record.mutable_function() = one;
    oracle.Add(record);
  }
  for (const auto& one : bundled.participations) {
    *record.mutable_participation() = one;
    oracle.Add(record);
  }
  for (const auto& one : bundled.designations) {
    *record.mutable_designation() = one;
    oracle.Add(record);
  }
  oracle.Finish();
  return oracle;
}

// A world and its oracle.
struct Pair {
  explicit Pair(const Bundled& bundled)
      : world(bundled), oracle(MakeOracle(bundled)) {}
  World world;
  oracle::Oracle oracle;
};

const Pair& BundledPair() {
  static const auto* const pair = new Pair(TheBundled());
  return *pair;
}

// Compares one route request; false if it failed.
bool SameRoute(const Pair& pair, size_t from, size_t to, size_t function,
               const std::string& day) {
  const Bundled& records = pair.world.records;
  const auto response =
      pair.world.Route(from, to, function, ParseDay(day).value());
  const oracle::Expected expected =
      pair.oracle.Route(records.states[from].name(), records.states[to].name(),
                        records.functions[function].name(), day);
  std::vector<std::string> routes;
  for (const v1::Route& route : response.routes()) {
    routes.push_back(route.designation().name());
  }
  std::map<std::string, oracle::Status> treaties;
  std::map<std::string, int> designations;
  for (const v1::TreatyAssessment& one : response.assessments()) {
    treaties[one.treaty()] = Plain(one.status().status());
    designations[one.treaty()] = one.designations();
  }
  const bool diplomatic = std::any_of(
      response.alternatives().begin(), response.alternatives().end(),
      [](const v1::Alternative& one) {
        return one.code() == v1::REASON_CODE_DIPLOMATIC_CHANNEL;
      });
  const bool same =
      routes == expected.routes && treaties == expected.treaties &&
      designations == expected.designations &&
      diplomatic == expected.diplomatic &&
      response.total_routes() == static_cast<int>(expected.routes.size());
  EXPECT_TRUE(same) << records.states[from].name() << " to "
                    << records.states[to].name() << " for "
                    << records.functions[function].name() << " on " << day
                    << "\n"
                    << response.ShortDebugString();
  return same;
}

// Compares every pair of States on the days given.
void CompareInForce(const Pair& pair, const std::vector<std::string>& days) {
  const Bundled& records = pair.world.records;
  const size_t count = records.states.size();
  std::mt19937 random(kSeed);
  for (size_t t = 0; t < records.treaties.size(); ++t) {
    const v1::Treaty& treaty = records.treaties[t];
    for (const std::string& text : days) {
      const Day day = ParseDay(text).value();
      const oracle::DayCount number = oracle::CountDays(text);
      std::vector<v1::ParticipationStatus> statuses;
      std::vector<oracle::Status> expected;
      for (size_t s = 0; s < count; ++s) {
        statuses.push_back(pair.world.Status(t, s, day));
        expected.push_back(
            pair.oracle.Of(treaty.name(), records.states[s].name(), number));
        ASSERT_EQ(Plain(statuses[s].status()), expected[s])
            << treaty.name() << " for " << records.states[s].name() << " on "
            << text << ": " << statuses[s].ShortDebugString();
      }
      for (size_t a = 0; a < count; ++a) {
        for (size_t b = 0; b < count; ++b) {
          if (a == b) continue;
          const oracle::Status both =
              oracle::Oracle::Between(expected[a], expected[b]);
          v1::InForceStatus status =
              rules::Both(statuses[a].status(), statuses[b].status());
          // The whole answer takes longer than the sanitizers leave time for.
          if (kRelease || random() % 64 == 0) {
            const absl::string_view titles[] = {"A", "B"};
            status =
                rules::StatusBetween(treaty, pair.world.dates[t],
                                     {statuses[a], statuses[b]}, titles, day)
                    .status();
          }
          ASSERT_EQ(Plain(status), both)
              << treaty.name() << " between " << records.states[a].name()
              << " and " << records.states[b].name() << " on " << text;
        }
      }
    }
  }
}

TEST(InForceOracleTest, AllPairsAllTreatiesTwentyDates) {
  EXPECT_EQ(TwentyDates().size(), 20U);
  CompareInForce(BundledPair(), TwentyDates());
}

// ---------------------------------------------------------------------------
// Records made up.

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  Bundled Make() {
    Bundled bundled;
    for (int i = 0; i < kStates; ++i) {
      v1::State* state = &bundled.states.emplace_back();
      state->set_name(absl::StrCat("states/", Code(i)));
      state->set_kind(i == 0   ? v1::State::KIND_ORGANISATION
                      : i == 1 ? v1::State::KIND_TERRITORY
                               : v1::State::KIND_STATE);
    }
    for (int i = 0; i < kTreaties; ++i) {
      bundled.treaties.push_back(MakeTreaty(i));
      for (int s = 0; s < kStates; ++s) {
        if (s != 1 && !Chance(8)) {
          bundled.participations.push_back(
              MakeParticipation(bundled.treaties.back().name(), s));
        }
      }
    }
    for (int i = 0; i < kFunctions; ++i) {
      v1::Function* function = &bundled.functions.emplace_back();
      function->set_name(absl::StrCat("functions/f", i));
      for (int t = 0; t < kTreaties; ++t) {
        if (Chance(4)) continue;
        function->add_articles()->set_treaty(
            absl::StrCat("treaties/t", (t + i) % kTreaties));
      }
    }
    for (int i = 0; i < kDesignations; ++i) {
      bundled.designations.push_back(MakeDesignation(i));
    }
    return bundled;
  }

  static constexpr int kStates = 12;
  static constexpr int kTreaties = 4;
  static constexpr int kFunctions = 3;
  static constexpr int kDesignations = 60;

  bool Chance(int in) { return random_() % static_cast<uint32_t>(in) == 0; }
  int Below(int number) {
    return static_cast<int>(random_() % static_cast<uint32_t>(number));
  }
  Day MakeDay() { return Day(2000, 1, 1) + Below(365 * 20); }

 private:
  static std::string Code(int i) {
    return std::string("S") + static_cast<char>('A' + i) + "X";
  }

  v1::Treaty MakeTreaty(int i) {
    v1::Treaty treaty;
    treaty.set_name(absl::StrCat("treaties/t", i));
    if (!Chance(3)) treaty.set_entry_into_force(FormatDay(MakeDay()));
    if (Chance(6)) return treaty;
    v1::EntryIntoForceRule* rule = treaty.mutable_entry_into_force_rule();
    rule->set_threshold_instruments(Below(5));
    rule->set_days_after_threshold(Below(100));
    rule->set_days_after_deposit(Chance(5) ? 0 : 1 + Below(100));
    rule->set_organisations_not_counted(Chance(2));
    rule->set_withdrawal_months(Chance(3) ? 0 : 1 + Below(24));
    if (i > 0 && Chance(2)) {
      treaty.set_parent("treaties/t0");
      rule->set_not_before("treaties/t0");
    }
    return treaty;
  }

  v1::Participation MakeParticipation(const std::string& treaty, int state) {
    v1::Participation record;
    record.set_name(absl::StrCat(treaty, "/participations/", Code(state)));
    if (!Chance(10)) {
      const std::string day = FormatDay(MakeDay());
      record.set_complete_as_of(day.substr(0, Chance(4)   ? 4
                                              : Chance(4) ? 7
                                                          : 10));
    }
    if (Chance(2)) record.set_signature_date(FormatDay(MakeDay()));
    // Periods follow one another.
    Day at = Day(2000, 1, 1) + Below(2000);
    for (int periods = Below(4); periods > 0; --periods) {
      at = AddPeriod(at, &record) + 1 + Below(800);
    }
    return record;
  }

  // A period that begins on `at` or later; the day on which it may have ended.
  Day AddPeriod(Day at, v1::Participation* record) {
    v1::Participation::Period* period = record->add_periods();
    period->set_act(static_cast<v1::BindingAct>(1 + Below(7)));
    const Day deposit = at;
    const Day entry = at + Below(120);
    if (!Chance(5)) period->set_deposit_date(FormatDay(deposit));
    if (Chance(3)) period->set_entry_into_force(FormatDay(entry));
    // Later than any waiting time, so that no period ends before it begins.
    const Day end = at + 9000 + Below(50);
    const Day soon = at + 400 + Below(1500);
    switch (Below(6)) {
      case 0:
        period->mutable_end()->set_date(FormatDay(soon));
        return soon;
      case 1:
        period->mutable_end()->set_unknown(true);
        if (Chance(2)) period->set_withdrawal_notified(FormatDay(soon));
        return soon;
      case 2:
        period->set_withdrawal_notified(FormatDay(soon));
        return soon + 800;
      case 3:
        period->mutable_end()->set_open(true);
        return end;
      default:
        return end;
    }
  }

  v1::Designation MakeDesignation(int i) {
    v1::Designation record;
    record.set_name(
        absl::StrCat("states/", Code(Below(kStates)), "/designations/d", i));
    record.set_treaty(absl::StrCat("treaties/t", Below(kTreaties)));
    record.set_function(absl::StrCat("functions/f", Below(kFunctions)));
    const Day from = MakeDay();
    if (Chance(2)) {
      // Few days, so that some are the same.
      record.mutable_valid_from()->set_date(
          FormatDay(Day(2000, 1, 1) + 100 * Below(20)));
    } else if (Chance(3)) {
      record.mutable_valid_from()->set_unknown(true);
    } else if (Chance(3)) {
      record.mutable_valid_from()->set_open(true);
    }
    if (Chance(3)) {
      record.mutable_valid_until()->set_date(FormatDay(from + Below(4000)));
    } else if (Chance(3)) {
      record.mutable_valid_until()->set_open(true);
    }
    return record;
  }

  std::mt19937 random_;
};

// A period that ends before it begins is no period; a treaty whose entry into
// force comes that late would make some.
bool EndsBeforeItBegins(const Pair& pair) {
  for (const auto& [name, treaty] : pair.oracle.treaties) {
    for (const auto& [state, participation] : treaty.participations) {
      for (const oracle::Period& period : participation.periods) {
        const int last = std::max(period.end, period.notified);
        const int start = period.entry >= 0
                              ? period.entry
                              : pair.oracle.Derived(treaty, period);
        const int bound =
            std::max(start, period.succession ? treaty.entry() : int{-1});
        if (last >= 0 && last < bound) return true;
      }
    }
  }
  return false;
}

TEST(InForceOracleTest, RecordsMadeUp) {
  const int wanted = kRelease ? 40 : 8;
  int compared = 0;
  for (int round = 0; compared < wanted; ++round) {
    // One in ten or so is without such periods.
    ASSERT_LT(round, 100 * wanted);
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " + ", round));
    Maker maker(kSeed + static_cast<uint32_t>(round));
    const Pair pair(maker.Make());
    std::vector<std::string> days;
    for (int i = 0; i < 20; ++i) {
      days.push_back(FormatDay(Day(1999, 6, 1) + maker.Below(365 * 25)));
    }
    for (size_t t = 0; t < pair.world.records.treaties.size(); ++t) {
      const auto& treaty =
          pair.oracle.treaties.at(pair.world.records.treaties[t].name());
      const std::optional<Day> derived = pair.world.dates[t].derived;
      ASSERT_EQ(derived.has_value(), treaty.derived >= 0) << treaty.name;
      if (derived.has_value()) {
        ASSERT_EQ(oracle::CountDays(FormatDay(*derived)), treaty.derived);
      }
    }
    if (EndsBeforeItBegins(pair)) continue;
    ++compared;
    CompareInForce(pair, days);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(RouteOracleTest, RecordsMadeUp) {
  const int wanted = kRelease ? 20 : 4;
  int compared = 0;
  for (int round = 0; compared < wanted; ++round) {
    ASSERT_LT(round, 100 * wanted);
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " + ", round));
    Maker maker(kSeed + static_cast<uint32_t>(round));
    const Pair pair(maker.Make());
    if (EndsBeforeItBegins(pair)) continue;
    ++compared;
    for (int i = 0; i < 200; ++i) {
      const auto from = static_cast<size_t>(maker.Below(Maker::kStates));
      const auto to = static_cast<size_t>(maker.Below(Maker::kStates));
      if (from == to) continue;
      const auto function = static_cast<size_t>(maker.Below(Maker::kFunctions));
      if (!SameRoute(pair, from, to, function, FormatDay(maker.MakeDay()))) {
        return;
      }
    }
  }
}

// ---------------------------------------------------------------------------
// Bundled data: routes.

TEST(RouteOracleTest, AllPairsAllFunctionsOnTwoDates) {
  if (!kRelease) GTEST_SKIP() << "only without sanitizers: it takes minutes";
  const Pair& pair = BundledPair();
  const size_t states = pair.world.records.states.size();
  const size_t functions = pair.world.records.functions.size();
  for (const char* day : {"2015-06-01", "2003-12-31"}) {
    for (size_t from = 0; from < states; ++from) {
      for (size_t to = 0; to < states; ++to) {
        for (size_t f = 0; from != to && f < functions; ++f) {
          if (!SameRoute(pair, from, to, f, day)) return;
        }
      }
    }
  }
}

TEST(RouteOracleTest, SampleOfAllPairsFunctionsAndTwentyDates) {
  const Pair& pair = BundledPair();
  std::mt19937 random(kSeed);
  const size_t states = pair.world.records.states.size();
  const size_t functions = pair.world.records.functions.size();
  for (int i = 0; i < 200000; ++i) {
    const size_t from = random() % states;
    const size_t to = random() % states;
    const size_t f = random() % functions;
    const std::string& day = TwentyDates()[random() % 20];
    if (from != to && !SameRoute(pair, from, to, f, day)) return;
  }
}

// ---------------------------------------------------------------------------
// Withdrawing a record.

// Treaty and designation of every route of `to` and `from`.
using RouteSet = std::set<std::string>;

RouteSet RoutesOf(const World& world, size_t from, size_t to, size_t function,
                  const std::string& day) {
  RouteSet routes;
  const auto response = world.Route(from, to, function, ParseDay(day).value());
  for (const v1::Route& route : response.routes()) {
    routes.insert(
        absl::StrCat(route.treaty(), " ", route.designation().name()));
  }
  return routes;
}

// States that have designations: the only ones to which routes lead.
std::vector<size_t> Desks(const World& world) {
  std::set<size_t> desks;
  for (const v1::Designation& one : world.records.designations) {
    desks.insert(world.State(one.name().substr(7, 3)));
  }
  return {desks.begin(), desks.end()};
}

TEST(WithdrawalTest, ParticipationTakesItsRoutesAndNoOthers) {
  const std::string day = "2013-06-01";
  const World before(TheBundled());
  const std::vector<size_t> desks = Desks(before);
  const size_t states = before.records.states.size();
  std::mt19937 random(kSeed);
  const int rounds = kRelease ? 60 : 8;
  size_t removed = 0;
  for (int round = 0; round < rounds; ++round) {
    World after(TheBundled());
    auto& participations = after.records.participations;
    // Half of them of States that others send requests to.
    size_t gone = random() % participations.size();
    if (round % 2 == 0) {
      const std::string& desk =
          after.records.states[desks[random() % desks.size()]].name();
      for (size_t i = 0; i < participations.size(); ++i) {
        const size_t at = (gone + i) % participations.size();
        const std::string& name = participations[at].name();
        if (name.substr(name.size() - 3) != desk.substr(7)) continue;
        gone = at;
        break;
      }
    }
    const std::string name = participations[gone].name();
    SCOPED_TRACE(name);
    participations.erase(participations.begin() +
                         static_cast<std::ptrdiff_t>(gone));
    after.Index();
    const std::string treaty = name.substr(0, name.find("/participations/"));
    const size_t state = after.State(name.substr(name.size() - 3));
    for (const size_t to : desks) {
      for (size_t from = 0; from < states; ++from) {
        const bool rests = from == state || to == state;
        if (from == to || (!rests && random() % 40 != 0)) continue;
        for (size_t f = 0; f < after.records.functions.size(); ++f) {
          RouteSet expected = RoutesOf(before, from, to, f, day);
          if (rests) {
            removed += static_cast<size_t>(
                std::erase_if(expected, [&treaty](const std::string& route) {
                  return route.rfind(treaty + " ", 0) == 0;
                }));
          }
          ASSERT_EQ(RoutesOf(after, from, to, f, day), expected);
        }
      }
    }
  }
  EXPECT_GT(removed, 0U);
}

TEST(WithdrawalTest, DesignationTakesItsRoutesAndNoOthers) {
  const std::string day = "2013-06-01";
  const World before(TheBundled());
  const size_t states = before.records.states.size();
  const size_t step = kRelease ? 1 : 6;
  size_t removed = 0;
  for (size_t gone = 0; gone < before.records.designations.size();
       gone += step) {
    World after(TheBundled());
    const v1::Designation withdrawn = after.records.designations[gone];
    SCOPED_TRACE(withdrawn.name());
    after.records.designations.erase(after.records.designations.begin() +
                                     static_cast<std::ptrdiff_t>(gone));
    after.Index();
    const size_t to = after.State(withdrawn.name().substr(7, 3));
    const std::string route =
        absl::StrCat(withdrawn.treaty(), " ", withdrawn.name());
    for (size_t from = 0; from < states; ++from) {
      if (from == to) continue;
      for (size_t f = 0; f < after.records.functions.size(); ++f) {
        RouteSet expected = RoutesOf(before, from, to, f, day);
        removed += expected.erase(route);
        ASSERT_EQ(RoutesOf(after, from, to, f, day), expected);
      }
    }
  }
  EXPECT_GT(removed, 0U);
}

// ---------------------------------------------------------------------------
// Stated days.

TEST(StatedDatesTest, TreatiesMeetTheirRuleOrTheDifferenceIsTold) {
  const Pair& pair = BundledPair();
  for (size_t t = 0; t < pair.world.records.treaties.size(); ++t) {
    const v1::Treaty& treaty = pair.world.records.treaties[t];
    SCOPED_TRACE(treaty.name());
    if (treaty.entry_into_force().empty()) continue;
    const oracle::Treaty& expected = pair.oracle.treaties.at(treaty.name());
    const v1::State& state = pair.world.records.states[0];
    const v1::State* const states[] = {&state};
    const v1::Participation* const none[] = {nullptr};
    const v1::TreatyStatus status = rules::StatusBetween(
        treaty, pair.world.dates[t], states, none, Day(2010, 1, 1));
    EXPECT_EQ(status.treaty_entry_into_force(), treaty.entry_into_force());
    EXPECT_EQ(oracle::CountDays(status.derived_treaty_entry_into_force()),
              expected.derived == expected.stated ? -1 : expected.derived);
  }
}

TEST(StatedDatesTest, ParticipationsMeetTheRuleOrTheDifferenceIsTold) {
  const Pair& pair = BundledPair();
  int stated = 0;
  for (size_t t = 0; t < pair.world.records.treaties.size(); ++t) {
    const std::string& treaty = pair.world.records.treaties[t].name();
    for (size_t s = 0; s < pair.world.records.states.size(); ++s) {
      const v1::Participation* record = pair.world.Participation(t, s);
      if (record == nullptr) continue;
      const oracle::Participation& plain =
          pair.oracle.treaties.at(treaty).participations.at(
              pair.world.records.states[s].name());
      for (int i = 0; i < record->periods_size(); ++i) {
        const auto& period = record->periods(i);
        if (period.entry_into_force().empty()) continue;
        SCOPED_TRACE(record->name());
        ++stated;
        const Day day = ParseDay(period.entry_into_force()).value();
        const v1::ParticipationStatus on = pair.world.Status(t, s, day);
        EXPECT_EQ(on.entry_into_force(), period.entry_into_force());
        EXPECT_EQ(on.entry_into_force_basis(), period.entry_into_force_basis());
        EXPECT_EQ(on.status(), period.end().unknown()
                                   ? v1::IN_FORCE_STATUS_NOT_KNOWN
                                   : v1::IN_FORCE_STATUS_IN_FORCE);
        EXPECT_NE(pair.world.Status(t, s, day - 1).status(),
                  v1::IN_FORCE_STATUS_IN_FORCE);
        const oracle::DayCount derived =
            pair.oracle.Derived(pair.oracle.treaties.at(treaty),
                                plain.periods[static_cast<size_t>(i)]);
        EXPECT_EQ(oracle::CountDays(on.derived_entry_into_force()),
                  derived == oracle::CountDays(period.entry_into_force())
                      ? -1
                      : derived);
      }
    }
  }
  EXPECT_GT(stated, 800);
}

}  // namespace
}  // namespace comity
