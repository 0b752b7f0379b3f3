// Verification finds what is wrong, and only that.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rocksdb/db.h"
#include "store/keys.h"
#include "store/records.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

using ::testing::HasSubstr;

constexpr names::Parts kOffice{Kind::kAuthority, "LTU", "mj"};
constexpr names::Parts kState{Kind::kState, "LTU", ""};

class InspectTest : public samples::StoreTest {
 protected:
  // Changes 1 to 4 and one job.
  void Fill() {
    ASSERT_OK(
        Put(samples::State("LTU", "Lithuania"),
            samples::WithSource(samples::Authority("LTU", "mj", "Ministry"),
                                "sherloc", "42")));
    clock_.Advance(absl::Seconds(1));
    auto staging = store_->Stage("import", absl::InfiniteFuture());
    ASSERT_OK(staging);
    v1::Designation designation = samples::Designation("LTU", "d1", "mj");
    ASSERT_OK((*staging)->Put(&designation));
    v1::ImportJob job;
    ASSERT_OK((*staging)->Publish(&job, nullptr));
    staging->reset();
    clock_.Advance(absl::Seconds(1));
    ASSERT_OK(Put(samples::Authority("LTU", "mj", "Renamed")));
  }

  // Opens the database behind the store's back.
  void Edit(const std::function<void(rocksdb::DB*)>& edit) {
    Close();
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options(), path(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    edit(db.get());
  }
};

// A change to the bytes, and what verification must say of it.
struct Fault {
  const char* what;
  std::string key;
  // Empty: the key is taken out.
  std::string value;
  const char* problem;
};

std::vector<Fault> Faults() {
  const std::string times(16, '\0');
  return {
      {"no change", keys::Change(2), "", "change 2 is missing"},
      {"change is no message", keys::Change(2), "\xff",
       "change 2 does not parse"},
      {"change of nothing", keys::Change(2),
       samples::Bytes("\x22\x03"
                      "LTU"),
       "change 2 names no record"},
      {"no version", keys::Version(kOffice, 4), "", "has no version"},
      {"no earlier version", keys::Version(kOffice, 2), "",
       "follows a version that is missing"},
      {"version is no message", keys::Version(kState, 1), "\xff" + times,
       "does not parse"},
      {"version is cut", keys::Version(kState, 1), "x", "cut short"},
      {"version without a change", keys::Version(kState, 9), times,
       "version 9 of states/LTU has no change"},
      {"no pointer", keys::Newest(kState), "", "states/LTU has no pointer"},
      {"pointer to an old version", keys::Newest(kOffice), keys::Bytes(2),
       "does not lead to its newest version"},
      {"pointer to nothing", keys::Newest({Kind::kState, "LVA", ""}),
       keys::Bytes(1), "does not lead to its newest version"},
      {"no lookup by name", keys::AuthorityByName("LTU", "renamed", ""), "",
       "is missing"},
      {"no lookup by an old name", keys::AuthorityByName("LTU", "ministry", ""),
       "", "is missing"},
      {"no lookup by source",
       keys::RecordBySource("sherloc", "42", Kind::kAuthority), "",
       "is missing"},
      {"no lookup by function", keys::DesignationByFunction("mla", "LTU", "d1"),
       "", "is missing"},
      {"lookup of a name never held",
       keys::AuthorityByName("LTU", "invented", ""),
       "states/LTU/authorities/mj", "follows from no record"},
      {"lookup that leads nowhere", keys::AuthorityByName("LTU", "renamed", ""),
       "nowhere", "follows from no record"},
      {"job is no message", keys::ImportJob(3), "\xff",
       "import job does not parse"},
      {"tag that nobody writes", "X", "x", "unknown tag"},
      {"time that runs back", keys::Published(4), keys::Bytes(1),
       "publication 4 is not later"},
      {"publication of what is not there", keys::Published(9),
       keys::Bytes(UINT64_MAX >> 1), "the change log has 4 entries"},
  };
}

TEST_F(InspectTest, AWholeStoreHasNoProblems) {
  Fill();
  EXPECT_EQ(Problems(), "");
  int64_t lines = 0;
  ASSERT_OK(store_->Dump("", "", [&](const std::string&) {
    ++lines;
    return true;
  }));
  EXPECT_EQ(*store_->Verify([](const std::string&) {}), lines);
}

TEST_F(InspectTest, EveryPlantedFaultIsFound) {
  Fill();
  for (const Fault& fault : Faults()) {
    SCOPED_TRACE(fault.what);
    std::string before;
    bool was_there = false;
    Edit([&](rocksdb::DB* db) {
      was_there = db->Get(rocksdb::ReadOptions(), fault.key, &before).ok();
      ASSERT_TRUE(was_there || !fault.value.empty());
      ASSERT_TRUE(
          (fault.value.empty()
               ? db->Delete(rocksdb::WriteOptions(), fault.key)
               : db->Put(rocksdb::WriteOptions(), fault.key, fault.value))
              .ok());
    });
    // Without repair at the start.
    StoreOptions options = Options();
    options.read_only = true;
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), options));
    EXPECT_THAT(Problems(), HasSubstr(fault.problem));
    Edit([&](rocksdb::DB* db) {
      ASSERT_TRUE((was_there
                       ? db->Put(rocksdb::WriteOptions(), fault.key, before)
                       : db->Delete(rocksdb::WriteOptions(), fault.key))
                      .ok());
    });
  }
  Open();
  EXPECT_EQ(Problems(), "");
}

TEST_F(InspectTest, DumpTakesEveryKeyApart) {
  Fill();
  std::vector<std::string> tags;
  std::string all;
  ASSERT_OK(store_->Dump("", "", [&](const std::string& line) {
    EXPECT_THAT(line, ::testing::Not(::testing::StartsWith("?")));
    EXPECT_THAT(line, ::testing::Not(HasSubstr("does not parse")));
    tags.push_back(line.substr(0, 1));
    all += line + "\n";
    return true;
  }));
  EXPECT_TRUE(std::is_sorted(tags.begin(), tags.end()));
  for (const char* part :
       {"F format 1", "C 1 ", "J 3 ", "N states/LTU newest 1",
        "N states/LTU/authorities/mj newest 4", "P published 2 at 2023-11-14T",
        "V states/LTU/authorities/mj 2 created ", "Ministry",
        "L n LTU | renamed |  -> states/LTU/authorities/mj"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
}

TEST_F(InspectTest, DumpOfOneRecordIsItsKeysAndChanges) {
  Fill();
  std::vector<std::string> lines;
  ASSERT_OK(store_->Dump("", "states/LTU/authorities/mj",
                         [&](const std::string& line) {
                           lines.push_back(line.substr(0, 1));
                           return true;
                         }));
  EXPECT_THAT(lines, ::testing::ElementsAre("C", "C", "N", "V", "V"));
  int changes = 0;
  ASSERT_OK(
      store_->Dump("C", "", [&](const std::string&) { return ++changes < 2; }));
  EXPECT_EQ(changes, 2);
}

}  // namespace
}  // namespace comity
