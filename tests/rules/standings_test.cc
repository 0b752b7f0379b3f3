#include "rules/standings.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "rules/records.h"
#include "tests/rules/world.h"

namespace comity::rules {
namespace {

// The status as a route has it: what is not on record has a source, too.
v1::ParticipationStatus Expected(const World& world, size_t treaty,
                                 size_t state, Day day) {
  v1::ParticipationStatus status = world.Status(treaty, state, day);
  if (status.sources().empty()) {
    v1::Source* source = status.add_sources();
    source->set_document("This directory");
    source->set_place("participations of " +
                      NameInText(world.records.states[state]));
  }
  return status;
}

void ExpectSame(const World& world, size_t treaty, size_t state, Day day) {
  const Standing& standing = world.StandingsOf(treaty, state).On(day);
  v1::ParticipationStatus told;
  ASSERT_TRUE(told.ParseFromString(standing.bytes));
  const v1::ParticipationStatus expected = Expected(world, treaty, state, day);
  ASSERT_EQ(told.DebugString(), expected.DebugString()) << FormatDay(day);
  ASSERT_EQ(standing.status, told.status());
  ASSERT_EQ(standing.code, told.code());
  ASSERT_EQ(standing.beyond_data, told.beyond_data());
  ASSERT_EQ(standing.entry_into_force, told.entry_into_force());
  ASSERT_EQ(standing.derived_entry_into_force, told.derived_entry_into_force());
  ASSERT_EQ(standing.deposit_date, told.period().deposit_date());
  ASSERT_EQ(standing.complete_as_of, told.complete_as_of());
  ASSERT_EQ(standing.reason, told.reason());
}

TEST(StandingsTest, AreTheStatusOfEveryDay) {
  const World world(TheBundled());
  std::mt19937_64 random(20150601);
  // Treaties and States by chance, over all days of forty years.
  for (int i = 0; i < 12; ++i) {
    const size_t treaty = random() % world.records.treaties.size();
    const size_t state = random() % world.records.states.size();
    for (Day day(1987, 1, 1); day < Day(2027, 1, 1); ++day) {
      ExpectSame(world, treaty, state, day);
      if (HasFatalFailure()) return;
    }
  }
  // All of them, on the days around those on which something changes.
  for (size_t treaty = 0; treaty < world.records.treaties.size(); ++treaty) {
    for (size_t state = 0; state < world.records.states.size(); ++state) {
      for (const Day day :
           DaysOfChange(world.records.treaties[treaty], world.dates[treaty],
                        world.Participation(treaty, state))) {
        for (int more = -1; more <= 1; ++more) {
          ExpectSame(world, treaty, state, day + more);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

}  // namespace
}  // namespace comity::rules
