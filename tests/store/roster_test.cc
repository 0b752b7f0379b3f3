#include "store/roster.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

TEST(RosterTest, ADesignationHoldsFromItsStartUntilBeforeItsEnd) {
  const struct {
    const char* what;
    int32_t from;
    int32_t until;
    int32_t day;
    bool holds;
  } cases[] = {
      {"day before", 10, 20, 9, false},
      {"first day", 10, 20, 10, true},
      {"last day", 10, 20, 19, true},
      {"day of the end", 10, 20, 20, false},
      {"unknown start", kDayUnknown, 20, -100000, true},
      {"unknown start, after the end", kDayUnknown, 20, 20, false},
      {"open start", kDayOpen, 20, 0, true},
      {"open end", 10, kDayOpen, 100000, true},
      {"unknown end", 10, kDayUnknown, 100000, true},
      {"open end, before the start", 10, kDayOpen, 9, false},
      {"nothing known", kDayUnknown, kDayUnknown, 0, true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(HoldsOn(c.from, c.until, c.day), c.holds) << c.what;
  }
}

TEST(RosterTest, ARowCarriesWhatTheDesignationSays) {
  v1::Designation designation = samples::Designation("LTU", "d1", "mj");
  RosterRow row = RowOf(designation, 7);
  EXPECT_EQ(row.name, "states/LTU/designations/d1");
  EXPECT_EQ(row.authority, "states/LTU/authorities/mj");
  EXPECT_EQ(row.treaty, "untoc");
  EXPECT_EQ(row.article, "18(13)");
  EXPECT_EQ(row.sequence, 7u);
  EXPECT_EQ(row.from, kDayUnknown);
  EXPECT_EQ(row.until, kDayUnknown);
  designation.mutable_valid_from()->set_open(true);
  designation.mutable_valid_until()->set_date("1970-01-02");
  row = RowOf(designation, 7);
  EXPECT_EQ(row.from, kDayOpen);
  EXPECT_EQ(row.until, 1);
  designation.mutable_valid_until()->set_unknown(true);
  EXPECT_EQ(RowOf(designation, 7).until, kDayUnknown);
}

// The same, without any structure that could be wrong.
class NaiveRoster {
 public:
  struct Row {
    RosterRow row;
    std::string function;
  };
  void Set(const std::string& name, const RosterRow& row,
           const std::string& function) {
    rows_[name] = {row, function};
  }
  void SetAuthority(const std::string& name, uint64_t sequence) {
    authorities_[name] = sequence;
  }
  void Erase(const std::string& name) {
    rows_.erase(name);
    authorities_.erase(name);
  }

  Roster::Found Find(const std::string& state, const std::string& function,
                     int32_t day, const std::string& treaty,
                     size_t limit) const {
    Roster::Found found;
    std::map<std::string, int> on_record;
    for (const auto& [name, each] : rows_) {
      if (each.function != function) continue;
      if (name.rfind("states/" + state + "/", 0) != 0) continue;
      if (!treaty.empty() && each.row.treaty != treaty) continue;
      ++on_record[each.row.treaty];
      if (!HoldsOn(each.row.from, each.row.until, day)) continue;
      RosterRow& row = found.rows.emplace_back(each.row);
      const auto authority = authorities_.find(row.authority);
      row.authority_sequence =
          authority == authorities_.end() ? 0 : authority->second;
    }
    found.on_record = {on_record.begin(), on_record.end()};
    std::sort(found.rows.begin(), found.rows.end(), RanksBefore);
    found.total = found.rows.size();
    if (found.rows.size() > limit) found.rows.resize(limit);
    return found;
  }
  size_t designations() const { return rows_.size(); }
  size_t authorities() const { return authorities_.size(); }
  uint64_t AuthoritySequence(const std::string& name) const {
    const auto at = authorities_.find(name);
    return at == authorities_.end() ? 0 : at->second;
  }

 private:
  std::map<std::string, Row> rows_;
  std::map<std::string, uint64_t> authorities_;
};

std::string Print(const Roster::Found& found) {
  std::string text = absl::StrCat("total ", found.total);
  auto on_record = found.on_record;
  std::sort(on_record.begin(), on_record.end());
  for (const auto& [treaty, count] : on_record) {
    absl::StrAppend(&text, " ", treaty, "=", count);
  }
  for (const RosterRow& row : found.rows) {
    absl::StrAppend(&text, "\n", row.name, "@", row.sequence, " ",
                    row.authority, "@", row.authority_sequence, " ", row.treaty,
                    " ", row.article, " ", row.from, " ", row.until);
  }
  return text;
}

class RosterModelTest : public ::testing::Test {
 protected:
  size_t Pick(size_t count) { return random_() % count; }

  // A State of its own, so that names and States disagree nowhere.
  std::string Name(const char* kind) {
    return absl::StrCat("states/", kStates[Pick(2)], "/", kind, "/r",
                        Pick(kind[0] == 'a' ? 5 : 40));
  }

  int32_t Bound(int32_t sentinel) {
    return Pick(3) == 0 ? sentinel : static_cast<int32_t>(Pick(20));
  }

  void Step() {
    ++sequence_;
    const bool authority = Pick(5) == 0;
    const std::string name = Name(authority ? "authorities" : "designations");
    Roster::Update update;
    update.sequence = sequence_;
    update.name = name;
    update.previous_sequence = live_.count(name) > 0 ? live_[name] : 0;
    update.deleted = update.previous_sequence != 0 && Pick(4) == 0;
    if (update.deleted) {
      live_.erase(name);
      naive_.Erase(name);
    } else {
      live_[name] = sequence_;
      if (authority) {
        naive_.SetAuthority(name, sequence_);
      } else {
        RosterRow row;
        row.name = name;
        row.sequence = sequence_;
        row.authority = Pick(4) == 0 ? ""
                                     : absl::StrCat(name.substr(0, 10),
                                                    "/authorities/r", Pick(5));
        row.treaty = kTreaties[Pick(3)];
        row.article = absl::StrCat(Pick(3));
        row.from = Bound(Pick(2) == 0 ? kDayOpen : kDayUnknown);
        row.until = Bound(Pick(2) == 0 ? kDayOpen : kDayUnknown);
        update.function = kFunctions[Pick(2)];
        update.row = std::make_unique<RosterRow>(row);
        naive_.Set(name, row, update.function);
      }
    }
    updates_.push_back(std::move(update));
  }

  void Compare() {
    const std::string state = kStates[Pick(2)];
    const std::string function = kFunctions[Pick(2)];
    const auto day = static_cast<int32_t>(Pick(22)) - 1;
    const std::string treaty = Pick(2) == 0 ? "" : kTreaties[Pick(3)];
    const size_t limit = Pick(3) == 0 ? Pick(4) : 1000;
    const Roster::Found found =
        roster_.Find(state, function, day, treaty, limit);
    ASSERT_EQ(Print(found),
              Print(naive_.Find(state, function, day, treaty, limit)));
    ASSERT_EQ(found.sequence, sequence_);
    ASSERT_EQ(roster_.designations(), naive_.designations());
    ASSERT_EQ(roster_.authorities(), naive_.authorities());
    const std::string office = Name("authorities");
    ASSERT_EQ(roster_.AuthoritySequence(office),
              naive_.AuthoritySequence(office));
  }

  static constexpr const char* kStates[] = {"LTU", "LVA"};
  static constexpr const char* kTreaties[] = {"untoc", "uncac", "drugs1988"};
  static constexpr const char* kFunctions[] = {"mla", "extradition"};
  static constexpr uint64_t kSeed = 20030929;

  std::mt19937_64 random_{kSeed};
  Roster roster_;
  NaiveRoster naive_;
  uint64_t sequence_ = 0;
  std::map<std::string, uint64_t> live_;
  std::vector<Roster::Update> updates_;
};

TEST_F(RosterModelTest, FindsWhatANaiveSearchFinds) {
  SCOPED_TRACE(absl::StrCat("seed ", kSeed));
  for (int round = 0; round < 1000; ++round) {
    const size_t steps = 1 + Pick(5);
    for (size_t i = 0; i < steps; ++i) Step();
    roster_.Apply(std::move(updates_), sequence_);
    updates_.clear();
    for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(Compare());
  }
}

TEST(RosterTest, NothingIsFoundWhereNothingIs) {
  Roster roster;
  EXPECT_EQ(roster.Find("LTU", "mla", 0, "", 10).total, 0u);
  roster.Apply({}, 9);
  EXPECT_EQ(roster.Find("LTU", "mla", 0, "", 10).sequence, 9u);
}

}  // namespace
}  // namespace comity
