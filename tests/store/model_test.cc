// Random operations on the store and on a model that is plain to see through.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/status_macros.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

constexpr int kOperations = 3000;

// Every version of every record, as a list.
class Model {
 public:
  struct Version {
    uint64_t sequence = 0;
    // Empty: deleted.
    std::string content;
  };

  // Begins a transaction.
  void Begin() {
    first_ = last_ + 1;
    touched_.clear();
  }

  // What Transaction::Put must answer.
  Outcome Put(const std::string& name, const std::string& content) {
    std::vector<Version>& versions = records_[name];
    const bool live = !versions.empty() && !versions.back().content.empty();
    if (live && versions.back().content == content) return Outcome::kUnchanged;
    touched_.push_back(name);
    // Nobody has seen it: it is replaced.
    if (live && versions.back().sequence >= first_) {
      versions.back().content = content;
      return Outcome::kChanged;
    }
    versions.push_back({++last_, content});
    return live ? Outcome::kChanged : Outcome::kAdded;
  }

  // False if there is nothing to delete.
  bool Delete(const std::string& name) {
    const auto at = records_.find(name);
    if (at == records_.end() || at->second.empty() ||
        at->second.back().content.empty()) {
      return false;
    }
    touched_.push_back(name);
    at->second.push_back({++last_, ""});
    return true;
  }

  void Abandon() {
    for (const std::string& name : touched_) {
      std::vector<Version>& versions = records_[name];
      while (!versions.empty() && versions.back().sequence >= first_) {
        versions.pop_back();
      }
      if (versions.empty()) records_.erase(name);
    }
    last_ = first_ - 1;
  }

  // Content at a time; empty: there was none.
  std::string At(const std::string& name, uint64_t sequence) const {
    const auto at = records_.find(name);
    std::string content;
    if (at == records_.end()) return content;
    for (const Version& version : at->second) {
      if (version.sequence <= sequence) content = version.content;
    }
    return content;
  }

  std::vector<uint64_t> VersionsOf(const std::string& name) const {
    std::vector<uint64_t> sequences;
    const auto at = records_.find(name);
    if (at == records_.end()) return sequences;
    for (const Version& version : at->second) {
      sequences.insert(sequences.begin(), version.sequence);
    }
    return sequences;
  }

  // Who changed at each sequence, and to what.
  std::map<uint64_t, std::pair<std::string, std::string>> Log() const {
    std::map<uint64_t, std::pair<std::string, std::string>> log;
    for (const auto& [name, versions] : records_) {
      for (const Version& version : versions) {
        log[version.sequence] = {name, version.content};
      }
    }
    return log;
  }

  const std::map<std::string, std::vector<Version>>& records() const {
    return records_;
  }
  uint64_t last() const { return last_; }

 private:
  std::map<std::string, std::vector<Version>> records_;
  uint64_t first_ = 1;
  uint64_t last_ = 0;
  std::vector<std::string> touched_;
};

uint64_t Seed() {
  const char* seed = std::getenv("SEED");
  uint64_t number = 0;
  return seed != nullptr && absl::SimpleAtoi(seed, &number) ? number : 20000410;
}

class ModelTest : public samples::StoreTest {
 protected:
  // Opens the store with imports kept in memory, in few files, or in so many
  // that they are merged.
  void Reopen() {
    constexpr size_t kStagedBytes[] = {16 << 20, 8000, 1200};
    store_.reset();
    StoreOptions options = Options();
    options.staged_bytes = kStagedBytes[Pick(3)];
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  }

  static constexpr const char* kStates[] = {"LTU", "LVA", "EST"};
  static constexpr const char* kTreaties[] = {"untoc", "uncac"};
  static constexpr const char* kFunctions[] = {"mla", "extradition"};

  size_t Pick(size_t count) { return random_() % count; }
  std::string State() { return kStates[Pick(3)]; }

  // A record of any kind with few names and fewer contents, so that all meet.
  v1::Record AnyRecord() {
    v1::Record record;
    const std::string text = absl::StrCat("Text ", Pick(3));
    switch (Pick(8)) {
      case 0:
        *record.mutable_state() = samples::State(State(), text);
        break;
      case 1:
        *record.mutable_treaty() = samples::Treaty(kTreaties[Pick(2)], text);
        break;
      case 2:
        *record.mutable_function() =
            samples::Function(kFunctions[Pick(2)], text);
        break;
      case 3:
        *record.mutable_participation() =
            samples::Participation(kTreaties[Pick(2)], State(),
                                   absl::StrCat("200", Pick(4), "-01-01"));
        break;
      case 4:
      case 5:
        *record.mutable_authority() = AnyAuthority(text);
        break;
      default:
        *record.mutable_designation() = AnyDesignation();
    }
    return record;
  }

  // Names and sources that several offices share, which take them from each
  // other.
  v1::Authority AnyAuthority(const std::string& text) {
    v1::Authority authority =
        samples::Authority(State(), absl::StrCat("a", Pick(4)), text);
    if (Pick(2) == 0) {
      authority =
          samples::WithSource(authority, "system", absl::StrCat(Pick(4)));
    }
    if (Pick(50) == 0) authority.add_notes(std::string(200000, 'x'));
    return authority;
  }

  v1::Designation AnyDesignation() {
    v1::Designation designation =
        samples::Designation(State(), absl::StrCat("d", Pick(12)),
                             Pick(4) == 0 ? "" : absl::StrCat("a", Pick(4)));
    designation.set_treaty(names::Treaty(kTreaties[Pick(2)]));
    designation.set_function(names::Function(kFunctions[Pick(2)]));
    designation.set_article(absl::StrCat(Pick(3)));
    AnyBound(designation.mutable_valid_from());
    if (Pick(2) == 0) AnyBound(designation.mutable_valid_until());
    if (Pick(3) == 0) {
      designation =
          samples::WithSource(designation, "system", absl::StrCat(Pick(6)));
    }
    return designation;
  }

  void AnyBound(v1::DateBound* bound) {
    switch (Pick(4)) {
      case 0:
        bound->set_open(true);
        break;
      case 1:
        bound->set_unknown(true);
        break;
      default:
        bound->set_date(absl::StrCat("2003-01-", 10 + Pick(20)));
    }
  }

  google::protobuf::Message* Of(v1::Record* record) {
    return const_cast<google::protobuf::Message*>(RecordOf(*record));
  }

  // One put or deletion in both.
  absl::Status Step(Transaction* transaction) {
    v1::Record record = AnyRecord();
    google::protobuf::Message* message = Of(&record);
    const std::string name = NameOfRecord(*message);
    if (Pick(5) == 0) {
      const bool there = model_.Delete(name);
      const absl::Status status = transaction->Delete(name);
      EXPECT_EQ(status.ok(), there) << name;
      return absl::IsNotFound(status) ? absl::OkStatus() : status;
    }
    const Outcome expected = model_.Put(name, TakeContent(message));
    ASSIGN_OR_RETURN(const Outcome outcome, transaction->Put(message));
    EXPECT_EQ(outcome, expected) << name;
    CheckRead(*transaction);
    return absl::OkStatus();
  }

  // A transaction reads its own writes.
  void CheckRead(const Transaction& transaction) {
    v1::Record record = AnyRecord();
    google::protobuf::Message* message = Of(&record);
    const std::string name = NameOfRecord(*message);
    const auto parts = names::Parse(name, "name");
    message->Clear();
    const absl::Status status = transaction.Read(parts->kind, name, message);
    const std::string expected = model_.At(name, UINT64_MAX);
    ASSERT_EQ(status.ok() ? TakeContent(message) : "", expected) << name;
    ASSERT_EQ(*transaction.Exists(name, false), !expected.empty()) << name;
    ASSERT_EQ(*transaction.Exists(name, true), !model_.VersionsOf(name).empty())
        << name;
  }

  void CommitSome() {
    WriteOptions options;
    options.validate_only = Pick(6) == 0;
    const bool fail = Pick(6) == 0;
    model_.Begin();
    const size_t steps = 1 + Pick(4);
    const absl::StatusOr<uint64_t> sequence =
        store_->Commit(options, [&](Transaction& transaction) {
          for (size_t i = 0; i < steps; ++i) {
            RETURN_IF_ERROR(Step(&transaction));
          }
          return fail ? absl::AbortedError("on purpose") : absl::OkStatus();
        });
    ASSERT_EQ(sequence.ok(), !fail) << sequence.status();
    if (fail || options.validate_only) model_.Abandon();
    if (sequence.ok()) {
      ASSERT_EQ(*sequence, model_.last());
    }
  }

  void ImportSome() {
    auto staging = store_->Stage("import", absl::InfiniteFuture());
    ASSERT_OK(staging);
    model_.Begin();
    const uint64_t before = model_.last();
    const size_t steps = 1 + Pick(60);
    for (size_t i = 0; i < steps; ++i) ASSERT_OK(Step(staging->get()));
    // Of what is staged nobody sees anything.
    ASSERT_EQ(store_->published(), before);
    if (Pick(3) == 0) return model_.Abandon();
    v1::ImportJob job;
    ASSERT_OK((*staging)->Publish(&job, nullptr));
    ASSERT_EQ(job.last_sequence(), model_.last() == before ? 0 : model_.last());
  }

  // Records at a time --------------------------------------------------------

  void CompareRecords(uint64_t at) {
    for (const auto& [name, versions] : model_.records()) {
      const auto parts = names::Parse(name, "name");
      v1::Record record;
      google::protobuf::Message* message = MutableRecord(parts->kind, &record);
      const absl::Status status = store_->Read(parts->kind, name, at, message);
      ASSERT_TRUE(status.ok() || absl::IsNotFound(status)) << status;
      ASSERT_EQ(status.ok() ? TakeContent(message) : "", model_.At(name, at))
          << name << " at " << at;
      ASSERT_EQ(*store_->VersionsOf(name), model_.VersionsOf(name)) << name;
    }
  }

  void CompareLists(uint64_t at) {
    for (const Kind kind : kRecordKinds) {
      std::vector<std::string> all;
      for (const auto& [name, versions] : model_.records()) {
        const auto parts = names::Parse(name, "name");
        if (parts->kind == kind && !model_.At(name, at).empty()) {
          all.push_back(name);
        }
      }
      // Byte order of names is that of their keys here.
      ASSERT_EQ(Names(kind, "", at), all);
      if (all.empty()) continue;
      const size_t from = Pick(all.size());
      ASSERT_EQ(Names(kind, "", at, all[from]),
                std::vector<std::string>(
                    all.begin() + static_cast<ptrdiff_t>(from) + 1, all.end()));
      const std::string under(names::Parse(all[from], "name")->first);
      std::vector<std::string> of_one;
      for (const std::string& name : all) {
        if (names::Parse(name, "name")->first == under) of_one.push_back(name);
      }
      ASSERT_EQ(Names(kind, under, at), of_one);
    }
  }

  void CompareLog() {
    const auto log = model_.Log();
    auto next = log.begin();
    ASSERT_OK(store_->ForEachChange(1, [&](const v1::Change& change) {
      EXPECT_EQ(change.sequence(), next->first);
      EXPECT_EQ(change.resource(), next->second.first);
      EXPECT_EQ(change.type() == v1::CHANGE_TYPE_DELETED,
                next->second.second.empty());
      return ++next != log.end();
    }));
    ASSERT_TRUE(next == log.end());
    ASSERT_EQ(log.empty() ? 0 : log.rbegin()->first, store_->published());
  }

  // The roster as the records tell.
  void CompareRoster() {
    const std::string state = State();
    const std::string function = kFunctions[Pick(2)];
    const auto day = DayNumber(Day(2003, 1, static_cast<int>(8 + Pick(24))));
    const std::string treaty = Pick(2) == 0 ? "" : kTreaties[Pick(2)];
    std::vector<RosterRow> expected;
    for (const auto& [name, versions] : model_.records()) {
      v1::Designation designation;
      const auto parts = names::Parse(name, "name");
      if (parts->kind != Kind::kDesignation || parts->first != state ||
          versions.back().content.empty()) {
        continue;
      }
      ASSERT_TRUE(designation.ParseFromString(versions.back().content));
      const RosterRow row = RowOf(designation, versions.back().sequence);
      if (designation.function() == names::Function(function) &&
          (treaty.empty() || row.treaty == treaty) &&
          HoldsOn(row.from, row.until, day)) {
        expected.push_back(row);
      }
    }
    std::sort(expected.begin(), expected.end(), RanksBefore);
    const Roster::Found found =
        store_->roster().Find(state, function, day, treaty, 1000);
    ASSERT_EQ(found.sequence, model_.last());
    ASSERT_EQ(found.rows.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      const RosterRow& row = found.rows[i];
      ASSERT_EQ(row.name, expected[i].name);
      ASSERT_EQ(row.sequence, expected[i].sequence);
      ASSERT_EQ(row.article, expected[i].article);
      ASSERT_EQ(row.authority, expected[i].authority);
      const std::vector<uint64_t> office = model_.VersionsOf(row.authority);
      ASSERT_EQ(row.authority_sequence,
                model_.At(row.authority, UINT64_MAX).empty() ? 0 : office[0]);
    }
  }

  void CompareAll() {
    ASSERT_EQ(store_->published(), model_.last());
    for (const uint64_t at : {model_.last(), Pick(model_.last() + 1)}) {
      ASSERT_NO_FATAL_FAILURE(CompareRecords(at));
      ASSERT_NO_FATAL_FAILURE(CompareLists(at));
    }
    ASSERT_NO_FATAL_FAILURE(CompareLog());
    ASSERT_EQ(Problems(), "");
  }

  std::mt19937_64 random_{Seed()};
  Model model_;
};

TEST_F(ModelTest, TheStoreIsWhatTheModelSays) {
  SCOPED_TRACE(absl::StrCat("SEED=", Seed()));
  for (int i = 0; i < kOperations; ++i) {
    SCOPED_TRACE(absl::StrCat("operation ", i));
    clock_.Advance(absl::Milliseconds(static_cast<int64_t>(Pick(3))));
    const size_t operation = Pick(100);
    if (operation < 80) {
      ASSERT_NO_FATAL_FAILURE(CommitSome());
    } else if (operation < 98) {
      ASSERT_NO_FATAL_FAILURE(ImportSome());
    } else {
      ASSERT_NO_FATAL_FAILURE(Reopen());
    }
    ASSERT_NO_FATAL_FAILURE(CompareRoster());
    ASSERT_FALSE(HasFailure());
    if (i % 200 == 199) {
      ASSERT_NO_FATAL_FAILURE(CompareAll());
    }
  }
}

}  // namespace
}  // namespace comity
