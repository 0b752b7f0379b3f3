#include "store/store.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "store/keys.h"
#include "tests/store/samples.h"
#include "tests/support/lossy_file_system.h"

namespace comity {
namespace {

using samples::Authority;
using samples::Designation;
using samples::Function;
using samples::Participation;
using samples::State;
using samples::Treaty;
using samples::WithSource;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kOffice[] = "states/LTU/authorities/mj";

class StoreReadTest : public samples::StoreTest {};
class StoreWriteTest : public samples::StoreTest {};
class StagingTest : public samples::StoreTest {
 protected:
  // Opens the store again with so much room in memory for an import.
  void OpenStaging(size_t staged_bytes) {
    store_.reset();
    StoreOptions options = Options();
    options.staged_bytes = staged_bytes;
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  }
  std::unique_ptr<Staging> Stage() {
    auto staging = store_->Stage("import", absl::InfiniteFuture());
    EXPECT_OK(staging);
    return *std::move(staging);
  }
  // Stages and publishes one record; its job.
  template <class M>
  v1::ImportJob Import(M record) {
    v1::ImportJob job;
    const auto staging = Stage();
    EXPECT_OK(staging->Put(&record));
    EXPECT_OK(staging->Publish(&job, nullptr));
    return job;
  }
};

// Reading ------------------------------------------------------------------

TEST_F(StoreReadTest, AnEmptyStoreHasNothing) {
  EXPECT_EQ(store_->published(), 0u);
  EXPECT_EQ(store_->Get<v1::State>("states/LTU").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->GetChange(1).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Names(Kind::kState), IsEmpty());
  EXPECT_EQ(*store_->SequenceAt(absl::InfiniteFuture()), 0u);
  EXPECT_THAT(*store_->ListImportJobs("", 10), IsEmpty());
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreReadTest, EveryVersionIsThereForItsTime) {
  clock_.Set(absl::FromUnixSeconds(1000));
  EXPECT_EQ(*Put(Authority("LTU", "mj", "First")), 1u);
  clock_.Set(absl::FromUnixSeconds(2000));
  EXPECT_EQ(*Put(Authority("LTU", "mj", "Second")), 2u);
  clock_.Set(absl::FromUnixSeconds(3000));
  EXPECT_EQ(*Delete(kOffice), 3u);
  clock_.Set(absl::FromUnixSeconds(4000));
  EXPECT_EQ(*Put(Authority("LTU", "mj", "Third")), 4u);
  const auto called = [&](uint64_t at) {
    const auto authority = store_->Get<v1::Authority>(kOffice, at);
    return authority.ok() ? authority->display_names(0).text()
                          : std::string(absl::StatusCodeToString(
                                authority.status().code()));
  };
  EXPECT_EQ(called(0), "NOT_FOUND");
  EXPECT_EQ(called(1), "First");
  EXPECT_EQ(called(2), "Second");
  EXPECT_EQ(called(3), "NOT_FOUND");
  EXPECT_EQ(called(4), "Third");
  EXPECT_EQ(called(99), "Third");
  EXPECT_EQ(called(kNow), "Third");
  EXPECT_THAT(*store_->VersionsOf(kOffice), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(*store_->VersionsOf("states/LVA"), IsEmpty());
  // An update keeps the time of creation; a record made anew has its own.
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice, 2)->create_time().seconds(),
            1000);
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice, 2)->update_time().seconds(),
            2000);
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice, 4)->create_time().seconds(),
            4000);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreReadTest, AVersionIsReadAsItIsCited) {
  ASSERT_OK(Put(Authority("LTU", "mj", "First")));
  ASSERT_OK(Delete(kOffice));
  v1::Authority authority;
  EXPECT_OK(store_->ReadVersion(kOffice, 1, &authority));
  EXPECT_EQ(authority.display_names(0).text(), "First");
  EXPECT_EQ(store_->ReadVersion(kOffice, 2, &authority).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->ReadVersion(kOffice, 3, &authority).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(StoreReadTest, NamesOfTheWrongKindAreRefused) {
  EXPECT_EQ(store_->Get<v1::State>("treaties/untoc").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->Get<v1::State>("").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->VersionsOf("LTU").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_
                ->ForEach(Kind::kState, "", "treaties/untoc", kNow,
                          [](const Store::Item&) { return true; })
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(StoreReadTest, ListsGoByNameFromAnyPointAtAnyTime) {
  ASSERT_OK(Put(Authority("LTU", "b", "B"), Authority("LTU", "a", "A"),
                Authority("LVA", "a", "A"), Authority("LTU", "a-1", "A1")));
  ASSERT_OK(Delete("states/LTU/authorities/b"));
  ASSERT_OK(Put(Authority("LTU", "c", "C")));
  const std::string a = "states/LTU/authorities/a";
  const std::string a1 = "states/LTU/authorities/a-1";
  const std::string b = "states/LTU/authorities/b";
  const std::string c = "states/LTU/authorities/c";
  const std::string other = "states/LVA/authorities/a";
  EXPECT_THAT(Names(Kind::kAuthority), ElementsAre(a, a1, c, other));
  EXPECT_THAT(Names(Kind::kAuthority, "LTU"), ElementsAre(a, a1, c));
  EXPECT_THAT(Names(Kind::kAuthority, "LT"), IsEmpty());
  EXPECT_THAT(Names(Kind::kAuthority, "LTU", 4), ElementsAre(a, a1, b));
  EXPECT_THAT(Names(Kind::kAuthority, "", 1), ElementsAre(b));
  EXPECT_THAT(Names(Kind::kAuthority, "", 0), IsEmpty());
  EXPECT_THAT(Names(Kind::kAuthority, "", kNow, a), ElementsAre(a1, c, other));
  // One that was deleted, or never was, is a point too.
  EXPECT_THAT(Names(Kind::kAuthority, "LTU", kNow, b), ElementsAre(c));
  EXPECT_THAT(Names(Kind::kAuthority, "", kNow, c), ElementsAre(other));
  EXPECT_THAT(Names(Kind::kAuthority, "LTU", kNow, c), IsEmpty());
  EXPECT_THAT(Names(Kind::kDesignation), IsEmpty());
  int visited = 0;
  EXPECT_OK(store_->ForEach(Kind::kAuthority, "", "", kNow,
                            [&](const Store::Item& item) {
                              EXPECT_EQ(item.name, a);
                              EXPECT_EQ(item.sequence, 2u);
                              v1::Authority authority;
                              EXPECT_OK(ParseVersion(item.version, &authority));
                              EXPECT_EQ(authority.name(), a);
                              ++visited;
                              return false;
                            }));
  EXPECT_EQ(visited, 1);
}

TEST_F(StoreReadTest, LookupsLeadToNamesNowOrFormerly) {
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry"),
                Designation("LTU", "d1", "mj"), Designation("LTU", "d2", "mj"),
                Designation("LVA", "d1", "mj"),
                Participation("untoc", "LTU", "2002-05-09")));
  v1::Designation moved = Designation("LTU", "d2", "pg");
  moved.set_function("functions/extradition");
  ASSERT_OK(Put(moved));
  const std::string d1 = "states/LTU/designations/d1";
  const std::string d2 = "states/LTU/designations/d2";
  const auto look_up = [&](const std::string& prefix, size_t limit = 100) {
    return *store_->LookUp(prefix, limit);
  };
  EXPECT_THAT(look_up(keys::DesignationsOfAuthority("LTU", "mj")),
              ElementsAre(d1, d2));
  EXPECT_THAT(look_up(keys::DesignationsOfAuthority("LTU", "pg")),
              ElementsAre(d2));
  EXPECT_THAT(look_up(keys::DesignationsForFunctionIn("mla", "LTU")),
              ElementsAre(d1, d2));
  EXPECT_THAT(look_up(keys::DesignationsForFunction("mla")),
              ElementsAre(d1, d2, "states/LVA/designations/d1"));
  EXPECT_THAT(look_up(keys::DesignationsForFunction("extradition")),
              ElementsAre(d2));
  EXPECT_THAT(look_up(keys::DesignationsUnderTreaty("untoc"), 2),
              ElementsAre(d1, d2));
  EXPECT_THAT(look_up(keys::ParticipationsOfState("LTU")),
              ElementsAre("treaties/untoc/participations/LTU"));
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreReadTest, TheLogTellsEveryChangeInOrder) {
  clock_.Set(absl::FromUnixSeconds(1000));
  ASSERT_OK(Put(State("LTU", "Lithuania"), Authority("LTU", "mj", "First")));
  clock_.Set(absl::FromUnixSeconds(2000));
  ASSERT_OK(Put(Authority("LTU", "mj", "Second")));
  clock_.Set(absl::FromUnixSeconds(3000));
  ASSERT_OK(Delete(kOffice));
  std::vector<std::string> lines;
  ASSERT_OK(store_->ForEachChange(1, [&](const v1::Change& change) {
    lines.push_back(absl::StrCat(
        change.sequence(), " ", change.time().seconds(), " ", change.actor(),
        " ", v1::RecordKind_Name(change.kind()), " ", change.resource(), " ",
        v1::ChangeType_Name(change.type()), " ", change.previous_sequence(),
        change.import_job()));
    return true;
  }));
  EXPECT_THAT(
      lines,
      ElementsAre(
          "1 1000 test RECORD_KIND_STATE states/LTU CHANGE_TYPE_CREATED 0",
          "2 1000 test RECORD_KIND_AUTHORITY states/LTU/authorities/mj "
          "CHANGE_TYPE_CREATED 0",
          "3 2000 test RECORD_KIND_AUTHORITY states/LTU/authorities/mj "
          "CHANGE_TYPE_UPDATED 2",
          "4 3000 test RECORD_KIND_AUTHORITY states/LTU/authorities/mj "
          "CHANGE_TYPE_DELETED 3"));
  EXPECT_EQ(store_->GetChange(3)->time().seconds(), 2000);
  EXPECT_EQ(store_->GetChange(0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->GetChange(5).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreReadTest, TheSequenceAtATimeIsThatOfTheLastPublication) {
  const uint64_t ends[] = {2, 3, 6, 7, 7};
  std::vector<int> sizes = {2, 1, 3, 1};
  int next = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    clock_.Set(absl::FromUnixSeconds(1000 * static_cast<int64_t>(i + 1)));
    WriteOptions options;
    ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
      for (int j = 0; j < sizes[i]; ++j) {
        auto authority = Authority("LTU", absl::StrCat("a", next++), "A");
        RETURN_IF_ERROR(transaction.Put(&authority).status());
      }
      return absl::OkStatus();
    }));
  }
  EXPECT_EQ(*store_->SequenceAt(absl::FromUnixSeconds(999)), 0u);
  EXPECT_EQ(*store_->SequenceAt(absl::InfinitePast()), 0u);
  for (int64_t i = 0; i < 5; ++i) {
    const absl::Time time = absl::FromUnixSeconds(1000 * (i + 1));
    const uint64_t end = ends[static_cast<size_t>(i)];
    EXPECT_EQ(*store_->SequenceAt(time), end);
    EXPECT_EQ(*store_->SequenceAt(time + absl::Seconds(999)), end);
    if (i > 0 && i < 4) {
      EXPECT_EQ(*store_->SequenceAt(time - absl::Microseconds(1)),
                ends[static_cast<size_t>(i - 1)]);
    }
  }
}

TEST_F(StoreReadTest, TimesGrowThoughTheClockGoesBack) {
  clock_.Set(absl::FromUnixSeconds(2000));
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  clock_.Set(absl::FromUnixSeconds(1000));
  ASSERT_OK(Put(State("LVA", "Latvia")));
  Open();
  ASSERT_OK(Put(State("EST", "Estonia")));
  const absl::Time start = absl::FromUnixSeconds(2000);
  EXPECT_EQ(*store_->SequenceAt(start), 1u);
  EXPECT_EQ(*store_->SequenceAt(start + absl::Microseconds(1)), 2u);
  EXPECT_EQ(*store_->SequenceAt(start + absl::Microseconds(2)), 3u);
  EXPECT_EQ(Problems(), "");
}

// Writing ------------------------------------------------------------------

TEST_F(StoreWriteTest, TheSameContentIsNoChange) {
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry")));
  const auto first = *store_->Get<v1::Authority>(kOffice);
  // Etag and times are the server's: what a client sends there is nothing.
  EXPECT_EQ(*Put(first), 1u);
  v1::Authority other = first;
  other.set_etag("of another version");
  other.clear_update_time();
  EXPECT_EQ(*Put(other), 1u);
  EXPECT_EQ(store_->published(), 1u);
  ASSERT_OK(Put(Authority("LTU", "mj", "Other")));
  EXPECT_NE(store_->Get<v1::Authority>(kOffice)->etag(), first.etag());
  // The same content has the same etag, whenever it was written.
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry")));
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice)->etag(), first.etag());
  EXPECT_EQ(store_->published(), 3u);
}

TEST_F(StoreWriteTest, OutcomesSayWhatAPutDid) {
  WriteOptions options;
  ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
    v1::State state = State("LTU", "Lithuania");
    EXPECT_EQ(*transaction.Put(&state), Outcome::kAdded);
    EXPECT_EQ(*transaction.Put(&state), Outcome::kUnchanged);
    state.set_alpha2("LT");
    EXPECT_EQ(*transaction.Put(&state), Outcome::kChanged);
    EXPECT_EQ(transaction.Get<v1::State>("states/LTU")->alpha2(), "LT");
    EXPECT_OK(transaction.Delete("states/LTU"));
    EXPECT_EQ(transaction.Delete("states/LTU").code(),
              absl::StatusCode::kNotFound);
    EXPECT_FALSE(*transaction.Exists("states/LTU", /*ever=*/false));
    EXPECT_TRUE(*transaction.Exists("states/LTU", /*ever=*/true));
    EXPECT_EQ(*transaction.Put(&state), Outcome::kAdded);
    return absl::OkStatus();
  }));
  // One version for the two first writes, which nobody saw apart.
  EXPECT_EQ(store_->published(), 3u);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreWriteTest, AFailedOrTentativeWriteLeavesNothing) {
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry")));
  const auto change = [](Transaction& transaction) {
    v1::Authority authority = Authority("LTU", "mj", "Other");
    RETURN_IF_ERROR(transaction.Put(&authority).status());
    // A second write of other lookups, for which the first one is stored.
    authority.mutable_display_names(0)->set_text("Third");
    RETURN_IF_ERROR(transaction.Put(&authority).status());
    v1::State state = State("LTU", "Lithuania");
    return transaction.Put(&state).status();
  };
  WriteOptions options;
  EXPECT_EQ(store_
                ->Commit(options,
                         [&](Transaction& transaction) {
                           RETURN_IF_ERROR(change(transaction));
                           return absl::AbortedError("enough");
                         })
                .status()
                .code(),
            absl::StatusCode::kAborted);
  options.validate_only = true;
  EXPECT_EQ(*store_->Commit(options, change), 1u);
  EXPECT_EQ(store_->published(), 1u);
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice)->display_names(0).text(),
            "Ministry");
  EXPECT_THAT(Names(Kind::kState), IsEmpty());
  EXPECT_EQ(Problems(), "");
  // What follows takes the sequences that were never seen.
  EXPECT_EQ(*Put(State("LVA", "Latvia")), 2u);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreWriteTest, ARecordHasALimit) {
  v1::Authority authority = Authority("LTU", "mj", "Ministry");
  authority.add_notes(std::string(limits::kRecordBytesMax, 'x'));
  EXPECT_EQ(Put(authority).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FieldOf(Put(authority).status()), "record");
  authority.set_name("states/LTU");
  authority.clear_notes();
  EXPECT_EQ(store_->published(), 0u);
  authority.set_name("LTU");
  EXPECT_EQ(Put(authority).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(StoreWriteTest, ARequestIsCarriedOutOnce) {
  WriteOptions options;
  options.request_id = "6f1b2c1e-0000-4000-8000-000000000001";
  options.request_digest = "digest";
  int runs = 0;
  const auto write = [&](Transaction& transaction) {
    v1::State state = State("LTU", absl::StrCat("Run ", ++runs));
    return transaction.Put(&state).status();
  };
  EXPECT_EQ(*store_->Commit(options, write), 1u);
  EXPECT_EQ(*store_->Commit(options, write), 1u);
  ASSERT_OK(Put(State("LVA", "Latvia")));
  Open();
  EXPECT_EQ(*store_->Commit(options, write), 1u);
  EXPECT_EQ(runs, 1);
  const auto repetition = store_->Repeated(options.request_id, "digest");
  ASSERT_OK(repetition);
  ASSERT_TRUE(repetition->has_value());
  EXPECT_EQ((*repetition)->name, "states/LTU");
  EXPECT_EQ((*repetition)->sequence, 1u);
  EXPECT_FALSE(store_->Repeated("other", "digest")->has_value());
  // The same id for something else is a mistake of the caller.
  options.request_digest = "other digest";
  EXPECT_EQ(FieldOf(store_->Commit(options, write).status()), "request_id");
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreWriteTest, RequestsAreForgottenAfterADay) {
  WriteOptions options;
  options.request_id = "id";
  const auto write = [&](Transaction& transaction) {
    v1::State state =
        State("LTU", absl::FormatTime(clock_.Now(), absl::UTCTimeZone()));
    return transaction.Put(&state).status();
  };
  EXPECT_EQ(*store_->Commit(options, write), 1u);
  clock_.Advance(absl::Hours(23));
  EXPECT_EQ(*store_->Commit(options, write), 1u);
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(*store_->Commit(options, write), 2u);
  clock_.Advance(absl::Hours(25));
  Open();
  int requests = 0;
  ASSERT_OK(store_->Dump("Q", "", [&](const std::string&) {
    ++requests;
    return true;
  }));
  EXPECT_EQ(requests, 0);
}

TEST_F(StoreWriteTest, WhoWaitsTooLongIsTold) {
  auto staging = store_->Stage("import", absl::InfiniteFuture());
  ASSERT_OK(staging);
  WriteOptions options;
  options.deadline = absl::InfinitePast();
  const absl::Status status =
      store_->Commit(options, [](Transaction&) { return absl::OkStatus(); })
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "WRITER_BUSY");
  EXPECT_EQ(store_->Stage("import", absl::InfinitePast()).status().code(),
            absl::StatusCode::kUnavailable);
  staging->reset();
  EXPECT_OK(Put(State("LTU", "Lithuania")));
}

TEST_F(StoreWriteTest, RecordsAreFoundBySourceAndByName) {
  v1::Authority office = WithSource(
      Authority("LTU", "mj", "Ministry of Justice"), "sherloc", "42");
  office.set_unit("Unit B");
  ASSERT_OK(Put(office));
  WriteOptions options;
  ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
    EXPECT_EQ(*transaction.FindBySource("sherloc", "42", Kind::kAuthority),
              kOffice);
    EXPECT_EQ(*transaction.FindBySource("sherloc", "42", Kind::kDesignation),
              "");
    EXPECT_EQ(*transaction.FindBySource("sherloc", "43", Kind::kAuthority), "");
    EXPECT_EQ(
        *transaction.FindAuthority("LTU", "MINISTRY, of Justice", "unit b"),
        kOffice);
    EXPECT_EQ(*transaction.FindAuthority("LTU", "Ministry of Justice", ""), "");
    EXPECT_EQ(
        *transaction.FindAuthority("LVA", "Ministry of Justice", "Unit B"), "");
    EXPECT_OK(transaction.Delete(kOffice));
    EXPECT_EQ(*transaction.FindBySource("sherloc", "42", Kind::kAuthority), "");
    EXPECT_EQ(
        *transaction.FindAuthority("LTU", "Ministry of Justice", "Unit B"), "");
    return absl::OkStatus();
  }));
}

TEST_F(StoreWriteTest, NamesAreListedWithinATransaction) {
  ASSERT_OK(Put(Authority("LTU", "a", "A"), Authority("LTU", "b", "B"),
                Authority("LVA", "a", "A")));
  WriteOptions options;
  ASSERT_OK(store_->Commit(options, [&](Transaction& transaction) {
    RETURN_IF_ERROR(transaction.Delete("states/LTU/authorities/a"));
    std::vector<std::string> names;
    RETURN_IF_ERROR(transaction.ForEachName(Kind::kAuthority, "LTU",
                                            [&](const std::string& name) {
                                              names.push_back(name);
                                              return true;
                                            }));
    EXPECT_THAT(names, ElementsAre("states/LTU/authorities/b"));
    return absl::OkStatus();
  }));
}

TEST_F(StoreWriteTest, ReferenceDataHasAGeneration) {
  const uint64_t start = store_->reference_generation();
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry")));
  EXPECT_EQ(store_->reference_generation(), start);
  uint64_t last = start;
  const auto grown = [&] {
    const bool grew = store_->reference_generation() > last;
    last = store_->reference_generation();
    return grew;
  };
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  EXPECT_TRUE(grown());
  ASSERT_OK(Put(Treaty("untoc", "UNTOC")));
  EXPECT_TRUE(grown());
  ASSERT_OK(Put(Function("mla", "Assistance")));
  EXPECT_TRUE(grown());
  ASSERT_OK(Put(Participation("untoc", "LTU", "2002-05-09")));
  EXPECT_TRUE(grown());
  ASSERT_OK(Delete("states/LTU"));
  EXPECT_TRUE(grown());
}

TEST_F(StoreWriteTest, ListenersHearOfPublicationsUntilTheyStop) {
  int first = 0;
  int second = 0;
  const uint64_t id = store_->Listen([&] { ++first; });
  store_->Listen([&] { ++second; });
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  EXPECT_EQ(first, 1);
  store_->StopListening(id);
  ASSERT_OK(Put(State("LVA", "Latvia")));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
}

TEST_F(StoreWriteTest, TheRosterFollowsWritesAndIsFilledAtTheStart) {
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry"),
                Designation("LTU", "d1", "mj"),
                Designation("LTU", "d2", "mj")));
  ASSERT_OK(Delete("states/LTU/designations/d2"));
  ASSERT_OK(Put(Authority("LTU", "mj", "Renamed")));
  for (const bool reopened : {false, true}) {
    SCOPED_TRACE(reopened);
    if (reopened) Open();
    const Roster::Found found =
        store_->roster().Find("LTU", "mla", 12000, "", 10);
    ASSERT_EQ(found.rows.size(), 1u);
    EXPECT_EQ(found.rows[0].name, "states/LTU/designations/d1");
    EXPECT_EQ(found.rows[0].sequence, 2u);
    EXPECT_EQ(found.rows[0].authority_sequence, 5u);
    EXPECT_EQ(found.sequence, 5u);
    EXPECT_EQ(store_->roster().designations(), 1u);
    EXPECT_EQ(store_->roster().authorities(), 1u);
  }
}

// Staging ------------------------------------------------------------------

TEST_F(StagingTest, IsVisibleAtOnceOrNotAtAll) {
  OpenStaging(1 << 20);
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  v1::ImportJob job;
  {
    const auto staging = Stage();
    // More than fits into memory, so that much is in files before the end.
    for (int i = 0; i < 40; ++i) {
      v1::Authority authority = Authority("LTU", absl::StrCat("a", i), "A");
      authority.add_notes(std::string(100000, 'x'));
      ASSERT_OK(staging->Put(&authority));
    }
    EXPECT_EQ(store_->published(), 1u);
    EXPECT_THAT(Names(Kind::kAuthority), IsEmpty());
    EXPECT_THAT(*store_->VersionsOf("states/LTU/authorities/a0"), IsEmpty());
    EXPECT_EQ(store_->GetChange(2).status().code(),
              absl::StatusCode::kNotFound);
    EXPECT_EQ(
        store_->Get<v1::Authority>("states/LTU/authorities/a0").status().code(),
        absl::StatusCode::kNotFound);
    EXPECT_TRUE(staging->Get<v1::Authority>("states/LTU/authorities/a0").ok());
    job.set_file_digest("digest");
    ASSERT_OK(staging->Publish(&job, nullptr));
  }
  EXPECT_EQ(store_->published(), 41u);
  EXPECT_EQ(Names(Kind::kAuthority).size(), 40u);
  EXPECT_EQ(job.name(), "importJobs/2");
  EXPECT_EQ(job.first_sequence(), 2u);
  EXPECT_EQ(job.last_sequence(), 41u);
  EXPECT_EQ(store_->GetChange(2)->import_job(), job.name());
  EXPECT_EQ(store_->GetChange(41)->actor(), "import");
  EXPECT_EQ(store_->GetImportJob(job.name())->file_digest(), "digest");
  EXPECT_EQ(Problems(), "");
}

TEST_F(StagingTest, AbandonedItLeavesNothing) {
  OpenStaging(1 << 20);
  ASSERT_OK(Put(Authority("LTU", "mj", "Ministry"),
                Authority("LTU", "pg", "Prosecutor")));
  {
    const auto staging = Stage();
    for (int i = 0; i < 40; ++i) {
      v1::Authority authority = Authority("LTU", absl::StrCat("a", i), "A");
      authority.add_notes(std::string(100000, 'x'));
      ASSERT_OK(staging->Put(&authority));
    }
    v1::Authority changed = Authority("LTU", "mj", "Changed");
    ASSERT_OK(staging->Put(&changed));
    ASSERT_OK(staging->Delete("states/LTU/authorities/pg"));
  }
  EXPECT_EQ(store_->published(), 2u);
  EXPECT_EQ(Names(Kind::kAuthority).size(), 2u);
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice)->display_names(0).text(),
            "Ministry");
  EXPECT_THAT(*store_->ListImportJobs("", 10), IsEmpty());
  int keys = 0;
  ASSERT_OK(store_->Dump("", "", [&](const std::string& line) {
    EXPECT_THAT(line, ::testing::Not(HasSubstr("authorities/a")));
    ++keys;
    return true;
  }));
  // Format, publication; of each record pointer, version, change, lookup.
  EXPECT_EQ(keys, 2 + 2 * 4);
  EXPECT_EQ(Problems(), "");
  EXPECT_FALSE(std::filesystem::exists(path() + "/staging"));
}

// However much was staged, it costs the database nothing to abandon it.
TEST_F(StagingTest, AbandoningItWritesNothing) {
  Close();
  const std::string trash = folder_.Path("trash");
  std::filesystem::create_directory(trash);
  const auto system = std::make_shared<LossyFileSystem>(trash);
  StoreOptions options = Options();
  options.file_system = system;
  options.staged_bytes = 256 << 10;
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  auto staging = Stage();
  for (int i = 0; i < 3000; ++i) {
    v1::Authority authority = Authority("LTU", absl::StrCat("a", i), "A");
    authority.add_notes(std::string(500, 'x'));
    ASSERT_OK(staging->Put(&authority));
  }
  const int64_t log = system->AppendsTo(".log");
  const int64_t files = system->AppendsTo(".sst");
  staging.reset();
  EXPECT_EQ(system->AppendsTo(".log"), log);
  // The one that was being written.
  EXPECT_LE(system->AppendsTo(".sst"), files + 10);
  EXPECT_FALSE(std::filesystem::exists(path() + "/staging"));
  EXPECT_EQ(Problems(), "");
  // The next writer does not wait.
  ASSERT_OK(Put(State("LVA", "Latvia")));
  Close();
}

TEST_F(StagingTest, WhatAProcessThatDiedLeftIsRemovedAtTheStart) {
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  Close();
  std::filesystem::create_directory(path() + "/staging");
  std::ofstream(path() + "/staging/1.sst") << "half a file";
  std::ofstream(path() + "/staging/2.sst") << "";
  // Whoever only reads leaves it.
  StoreOptions options = Options();
  options.read_only = true;
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  EXPECT_TRUE(std::filesystem::exists(path() + "/staging/1.sst"));
  Open();
  EXPECT_FALSE(std::filesystem::exists(path() + "/staging"));
  EXPECT_EQ(store_->published(), 1u);
  EXPECT_EQ(Problems(), "");
}

// Places in the log are given before records are known.
TEST_F(StagingTest, AReservedPlaceComesBeforeWhatRefersToIt) {
  for (const size_t staged_bytes : {size_t{16} << 20, size_t{1}}) {
    SCOPED_TRACE(staged_bytes);
    OpenStaging(staged_bytes);
    const uint64_t before = store_->published();
    const std::string id = absl::StrCat("d", before);
    const auto staging = Stage();
    const uint64_t place = staging->Reserve();
    v1::Designation designation = Designation("LTU", id, id);
    ASSERT_OK(staging->Add(&designation, 0));
    v1::ImportJob job;
    EXPECT_EQ(staging->Publish(&job, nullptr).code(),
              absl::StatusCode::kInternal);
    v1::Authority office =
        WithSource(Authority("LTU", id, "Ministry"), "sherloc", "42");
    ASSERT_OK(staging->Add(&office, place));
    // As a record that was put, it is written again in its place.
    office.set_unit("Unit");
    ASSERT_OK_AND_ASSIGN(const Outcome outcome, staging->Put(&office));
    EXPECT_EQ(outcome, Outcome::kChanged);
    ASSERT_OK(staging->Publish(&job, nullptr));
    EXPECT_EQ(job.first_sequence(), before + 1);
    EXPECT_EQ(job.last_sequence(), before + 2);
    EXPECT_EQ(store_->GetChange(before + 1)->resource(), office.name());
    EXPECT_EQ(store_->GetChange(before + 2)->resource(), designation.name());
    EXPECT_EQ(store_->Get<v1::Authority>(office.name())->unit(), "Unit");
    EXPECT_EQ(Problems(), "");
  }
}

TEST_F(StagingTest, TellsWhatWasThereBefore) {
  ASSERT_OK(
      Put(WithSource(Authority("LTU", "mj", "Ministry"), "sherloc", "42")));
  ASSERT_OK(Put(Designation("LTU", "untoc-1", "mj")));
  ASSERT_OK(Delete("states/LTU/designations/untoc-1"));
  const auto staging = Stage();
  v1::Authority other =
      WithSource(Authority("LVA", "mj", "Ministry"), "other", "42");
  ASSERT_OK(staging->Put(&other));
  const struct {
    const char* system;
    bool known;
  } systems[] = {{"sherloc", true}, {"sherlo", false}, {"other", false}};
  for (const auto& c : systems) {
    SCOPED_TRACE(c.system);
    EXPECT_EQ(*staging->KnewSystem(c.system), c.known);
  }
  const struct {
    Kind kind;
    const char* state;
    const char* id;
    bool known;
  } names[] = {{Kind::kAuthority, "LTU", "", true},
               {Kind::kAuthority, "LTU", "m", true},
               {Kind::kAuthority, "LTU", "mj-", false},
               {Kind::kAuthority, "LVA", "", false},
               {Kind::kDesignation, "LTU", "untoc-", true},
               {Kind::kDesignation, "LTU", "untoc-2", false}};
  for (const auto& c : names) {
    SCOPED_TRACE(c.id);
    EXPECT_EQ(*staging->KnewNames(c.kind, c.state, c.id), c.known);
  }
}

// Whoever had a name within the same import has it back from the one that took
// it and gave it up.
TEST_F(StagingTest, ALookupGoesBackToAnotherRecordOfTheImport) {
  for (const size_t staged_bytes : {size_t{16} << 20, size_t{1}}) {
    SCOPED_TRACE(staged_bytes);
    Close();
    std::filesystem::remove_all(path());
    OpenStaging(staged_bytes);
    const auto staging = Stage();
    for (const char* id : {"a", "b", "c"}) {
      v1::Authority office = Authority("LTU", id, "Ministry");
      ASSERT_OK(staging->Put(&office));
    }
    EXPECT_EQ(*staging->FindAuthority("LTU", "Ministry", ""),
              "states/LTU/authorities/c");
    v1::Authority renamed = Authority("LTU", "b", "Another");
    ASSERT_OK(staging->Put(&renamed));
    renamed = Authority("LTU", "c", "A third");
    ASSERT_OK(staging->Put(&renamed));
    EXPECT_EQ(*staging->FindAuthority("LTU", "Ministry", ""),
              "states/LTU/authorities/a");
    v1::ImportJob job;
    ASSERT_OK(staging->Publish(&job, nullptr));
    EXPECT_EQ(Problems(), "");
  }
}

// An earlier version of the same import keeps its lookups.
TEST_F(StagingTest, ADeletedVersionKeepsItsLookups) {
  for (const size_t staged_bytes : {size_t{16} << 20, size_t{1}}) {
    SCOPED_TRACE(staged_bytes);
    Close();
    std::filesystem::remove_all(path());
    OpenStaging(staged_bytes);
    const auto staging = Stage();
    v1::Authority office = Authority("LTU", "mj", "Before");
    ASSERT_OK(staging->Put(&office));
    ASSERT_OK(staging->Delete(kOffice));
    ASSERT_OK(staging->Put(&office));
    office.mutable_display_names(0)->set_text("After");
    ASSERT_OK(staging->Put(&office));
    v1::ImportJob job;
    ASSERT_OK(staging->Publish(&job, nullptr));
    EXPECT_EQ(store_->published(), 3u);
    EXPECT_EQ(Problems(), "");
  }
}

TEST_F(StagingTest, ALookupThatItTookOverGoesBack) {
  // Two offices of one name and one source, as a careless file has them.
  ASSERT_OK(
      Put(WithSource(Authority("LTU", "mj", "Ministry"), "sherloc", "42")));
  const auto owner = [&] {
    WriteOptions options;
    options.validate_only = true;
    std::string found;
    EXPECT_OK(store_->Commit(options, [&](Transaction& transaction) {
      found = *transaction.FindAuthority("LTU", "ministry", "");
      EXPECT_EQ(*transaction.FindBySource("sherloc", "42", Kind::kAuthority),
                found);
      return absl::OkStatus();
    }));
    return found;
  };
  for (const bool large : {false, true}) {
    SCOPED_TRACE(large);
    OpenStaging(large ? 100 << 10 : 16 << 20);
    {
      const auto staging = Stage();
      for (const char* id : {"mj-2", "mj-3"}) {
        v1::Authority other =
            WithSource(Authority("LTU", id, "MINISTRY"), "sherloc", "42");
        ASSERT_OK(staging->Put(&other));
        if (!large) continue;
        for (int i = 0; i < 6; ++i) {
          v1::State state = State("LTU", absl::StrCat(id, i));
          state.add_notes(std::string(250000, 'x'));
          ASSERT_OK(staging->Put(&state));
          ASSERT_OK(staging->Delete("states/LTU"));
        }
      }
    }
    EXPECT_EQ(owner(), kOffice);
    EXPECT_EQ(Problems(), "");
  }
  // Published, it keeps it.
  Import(WithSource(Authority("LTU", "mj-2", "Ministry"), "sherloc", "42"));
  EXPECT_EQ(owner(), "states/LTU/authorities/mj-2");
  EXPECT_EQ(Problems(), "");
}

TEST_F(StagingTest, AnOfficeRenamedTwiceIsFoundByItsLastNameOnly) {
  const auto staging = Stage();
  v1::Authority authority = Authority("LTU", "mj", "Before");
  ASSERT_OK(staging->Put(&authority));
  authority.mutable_display_names(0)->set_text("After");
  ASSERT_OK(staging->Put(&authority));
  EXPECT_EQ(*staging->FindAuthority("LTU", "Before", ""), "");
  EXPECT_EQ(*staging->FindAuthority("LTU", "After", ""), kOffice);
  v1::ImportJob job;
  ASSERT_OK(staging->Publish(&job, nullptr));
  EXPECT_EQ(Problems(), "");
}

TEST_F(StagingTest, ManyRowsOfOneRecordAreOneChange) {
  ASSERT_OK(Put(Designation("LTU", "d1", "mj")));
  const auto staging = Stage();
  for (const char* article : {"16", "17", "18(13)", "21"}) {
    v1::Designation designation = Designation("LTU", "d1", "pg");
    designation.set_article(article);
    ASSERT_OK(staging->Put(&designation));
  }
  v1::ImportJob job;
  ASSERT_OK(staging->Publish(&job, nullptr));
  EXPECT_EQ(store_->published(), 2u);
  const Roster::Found found = store_->roster().Find("LTU", "mla", 0, "", 10);
  ASSERT_EQ(found.rows.size(), 1u);
  EXPECT_EQ(found.rows[0].article, "21");
  // The articles in between are looked up in vain.
  EXPECT_EQ(store_->LookUp(keys::DesignationsUnderTreaty("untoc"), 10)->size(),
            2u);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StagingTest, OneThatWroteNothingIsNoJob) {
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  const v1::ImportJob job = Import(State("LTU", "Lithuania"));
  EXPECT_EQ(job.name(), "");
  EXPECT_EQ(store_->published(), 1u);
  EXPECT_THAT(*store_->ListImportJobs("", 10), IsEmpty());
}

TEST_F(StagingTest, JobsAreListedNewestFirst) {
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(absl::Seconds(1));
    names.push_back(Import(State("LTU", absl::StrCat("Name ", i))).name());
  }
  const auto listed = [&](const std::string& after, size_t limit) {
    std::vector<std::string> found;
    const auto jobs = store_->ListImportJobs(after, limit);
    for (const v1::ImportJob& job : *jobs) {
      found.push_back(job.name());
    }
    return found;
  };
  EXPECT_THAT(listed("", 2), ElementsAre(names[4], names[3]));
  EXPECT_THAT(listed(names[3], 2), ElementsAre(names[2], names[1]));
  EXPECT_THAT(listed(names[1], 2), ElementsAre(names[0]));
  EXPECT_THAT(listed(names[0], 2), IsEmpty());
  EXPECT_EQ(store_->ListImportJobs("importJobs/x", 2).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->GetImportJob("importJobs/99").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->GetImportJob("importJobs/x").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(StagingTest, AJobTakenBackIsMarkedInTheSameBatch) {
  v1::ImportJob done = Import(State("LTU", "Lithuania"));
  v1::ImportJob undoing;
  {
    const auto staging = Stage();
    ASSERT_OK(staging->Delete("states/LTU"));
    ASSERT_OK(staging->Publish(&undoing, &done));
  }
  const auto stored = store_->GetImportJob(done.name());
  ASSERT_OK(stored);
  EXPECT_EQ(stored->state(), v1::ImportJob::STATE_UNDONE);
  EXPECT_EQ(stored->undone_by(), undoing.name());
}

TEST_F(StagingTest, AHistoryIsRestoredAsItWas) {
  clock_.Set(absl::FromUnixSeconds(1000));
  ASSERT_OK(Put(State("LTU", "Lithuania"), Authority("LTU", "mj", "First")));
  clock_.Set(absl::FromUnixSeconds(2000));
  ASSERT_OK(Put(Authority("LTU", "mj", "Second")));
  ASSERT_OK(Delete(kOffice));
  clock_.Set(absl::FromUnixSeconds(3000));
  Import(Authority("LTU", "mj", "Third"));
  std::vector<v1::Change> changes;
  ASSERT_OK(store_->ForEachChange(1, [&](const v1::Change& change) {
    v1::Change& full = changes.emplace_back(change);
    Kind kind = Kind::kState;
    EXPECT_TRUE(FromProto(change.kind(), &kind));
    if (change.type() == v1::CHANGE_TYPE_DELETED) return true;
    EXPECT_OK(store_->ReadVersion(change.resource(), change.sequence(),
                                  MutableRecord(kind, full.mutable_after())));
    return true;
  }));
  const auto versions = [&] {
    std::string text;
    EXPECT_OK(store_->Dump("V", "", [&](const std::string& line) {
      text += line + "\n";
      return true;
    }));
    EXPECT_OK(store_->Dump("C", "", [&](const std::string& line) {
      text += line + "\n";
      return true;
    }));
    EXPECT_OK(store_->Dump("P", "", [&](const std::string& line) {
      text += line + "\n";
      return true;
    }));
    return text;
  };
  const std::string before = versions();

  clock_.Set(absl::FromUnixSeconds(9000));
  StoreOptions options = Options();
  options.staged_bytes = 1;
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(folder_.Path("other"), options));
  {
    const auto staging = Stage();
    EXPECT_EQ(staging->Restore(changes[1]).code(),
              absl::StatusCode::kFailedPrecondition);
    for (const v1::Change& change : changes)
      ASSERT_OK(staging->Restore(change));
    v1::ImportJob job;
    ASSERT_OK(staging->Publish(&job, nullptr));
  }
  EXPECT_EQ(versions(), before);
  EXPECT_EQ(store_->published(), 5u);
  EXPECT_EQ(Problems(), "");
  // Into a store that has something, never.
  EXPECT_EQ(Stage()->Restore(changes[0]).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*store_->SequenceAt(absl::FromUnixSeconds(1500)), 2u);
}

TEST_F(StagingTest, AHistoryThatRunsBackwardsIsRefused) {
  v1::Change change;
  change.set_sequence(1);
  change.set_resource("states/LTU");
  change.set_kind(v1::RECORD_KIND_STATE);
  change.set_type(v1::CHANGE_TYPE_CREATED);
  change.mutable_time()->set_seconds(2000);
  *change.mutable_after()->mutable_state() = State("LTU", "Lithuania");
  const auto staging = Stage();
  ASSERT_OK(staging->Restore(change));
  change.set_sequence(3);
  EXPECT_EQ(staging->Restore(change).code(),
            absl::StatusCode::kFailedPrecondition);
  change.set_sequence(2);
  change.mutable_time()->set_seconds(1000);
  EXPECT_EQ(staging->Restore(change).code(),
            absl::StatusCode::kInvalidArgument);
  // A deletion of what never was.
  change.mutable_time()->set_seconds(3000);
  change.set_resource("states/LVA");
  change.set_type(v1::CHANGE_TYPE_DELETED);
  EXPECT_FALSE(staging->Restore(change).ok());
}

// Opening ------------------------------------------------------------------

class StoreOpenTest : public samples::StoreTest {
 protected:
  void PutRaw(const std::string& key, const std::string& value) {
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options(), path(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), key, value).ok());
  }
};

TEST_F(StoreOpenTest, EverythingIsThereAgain) {
  ASSERT_OK(Put(State("LTU", "Lithuania"), Authority("LTU", "mj", "Ministry")));
  Open();
  EXPECT_EQ(store_->published(), 2u);
  EXPECT_EQ(store_->Get<v1::State>("states/LTU")->short_names(0).text(),
            "Lithuania");
  EXPECT_EQ(*Put(State("LVA", "Latvia")), 3u);
}

TEST_F(StoreOpenTest, OneProcessAtATime) {
  const auto second = Store::Open(path(), Options());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              ::testing::Not(HasSubstr(path())));
}

TEST_F(StoreOpenTest, AnotherFormatIsRefusedWithWhatToDo) {
  Close();
  PutRaw(keys::Format(), "2");
  const auto opened = Store::Open(path(), Options());
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("format 2"));
  EXPECT_THAT(std::string(opened.status().message()),
              HasSubstr("comity export"));
}

TEST_F(StoreOpenTest, ChangesThatWereNeverPublishedAreDamage) {
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  Close();
  PutRaw(keys::Change(2), "");
  EXPECT_EQ(Store::Open(path(), Options()).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(StoreOpenTest, ForReadingNothingIsWritten) {
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  Close();
  StoreOptions options = Options();
  options.read_only = true;
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  EXPECT_TRUE(store_->Get<v1::State>("states/LTU").ok());
  EXPECT_EQ(Problems(), "");
  EXPECT_EQ(Put(State("LVA", "Latvia")).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->Stage("import", absl::InfiniteFuture()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Store::Open(folder_.Path("none"), options).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(StoreOpenTest, ABackupOpensAndIsWhole) {
  ASSERT_OK(Put(State("LTU", "Lithuania"), Authority("LTU", "mj", "Ministry"),
                Designation("LTU", "d1", "mj")));
  EXPECT_OK(store_->Backup(folder_.Path("backup")));
  EXPECT_FALSE(store_->Backup(folder_.Path("backup")).ok());
  ASSERT_OK(Put(State("LVA", "Latvia")));
  EXPECT_GT(store_->BytesOnDisk(), 0);
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(folder_.Path("backup"), Options()));
  EXPECT_EQ(store_->published(), 3u);
  EXPECT_EQ(store_->roster().designations(), 1u);
  EXPECT_EQ(Problems(), "");
}

TEST_F(StoreOpenTest, ABackupDuringAnImportHasNoneOfIt) {
  Close();
  StoreOptions options = Options();
  options.staged_bytes = 1 << 20;
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
  ASSERT_OK(Put(State("LTU", "Lithuania")));
  auto staging = store_->Stage("import", absl::InfiniteFuture());
  ASSERT_OK(staging);
  for (int i = 0; i < 20; ++i) {
    v1::Authority authority = Authority("LTU", absl::StrCat("a", i), "A");
    authority.add_notes(std::string(100000, 'x'));
    ASSERT_OK((*staging)->Put(&authority));
  }
  ASSERT_OK(store_->Backup(folder_.Path("backup")));
  staging->reset();
  ASSERT_OK_AND_ASSIGN(store_, Store::Open(folder_.Path("backup"), Options()));
  EXPECT_EQ(store_->published(), 1u);
  EXPECT_EQ(Problems(), "");
}

}  // namespace
}  // namespace comity
