#include "index/library_index.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/fake_library.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"
namespace comity::index {
namespace {

namespace fs = std::filesystem;

constexpr int kLaws = 12;

// The law that a change is of, as of that change; every seventh deletes it.
std::string NameOf(uint64_t sequence) {
  return absl::StrCat("states/NOR/laws/law-", sequence % kLaws);
}
bool Deletes(uint64_t sequence) { return sequence % 7 == 0; }

void AddVersion(uint64_t sequence, FakeLibrary* library) {
  const std::string id = absl::StrCat("law-", sequence % kLaws);
  library->works.erase(NameOf(sequence));
  if (Deletes(sequence)) return;
  std::vector<std::pair<std::string, std::string>> provisions;
  for (uint64_t i = 0; i <= sequence % 5; ++i) {
    provisions.emplace_back(
        absl::StrCat("Heading ", i),
        absl::StrCat("version", sequence - i % 2, " of the text number ", i));
  }
  library->Add("NOR", id, absl::StrCat("Law of change ", sequence), "en",
               "2001-01-01", provisions);
}

// All laws as of a change.
FakeLibrary LibraryAt(uint64_t sequence) {
  FakeLibrary library;
  for (uint64_t i = 1; i <= sequence; ++i) AddVersion(i, &library);
  return library;
}

absl::Status Apply(uint64_t sequence, LibraryIndex* index) {
  if (Deletes(sequence)) return index->Delete(NameOf(sequence));
  FakeLibrary library;
  AddVersion(sequence, &library);
  return index->Put(library.Input(NameOf(sequence)));
}

// All that an index holds, by the names of documents; numbers of documents and
// of texts do not matter.
std::map<std::string, std::string> Dump(const LibraryIndex& index) {
  std::map<std::string, std::string> all;
  EXPECT_OK(index.Read([&all](Reader& reader) {
    all.clear();
    const Columns& columns = *reader.view->columns;
    for (auto at = reader.database.postlist_begin("");
         at != reader.database.postlist_end(""); ++at) {
      std::string text = reader.database.get_document(*at).get_data();
      std::string name;
      for (auto term = reader.database.termlist_begin(*at);
           term != reader.database.termlist_end(*at); ++term) {
        if ((*term)[0] == 'Q') name = *term;
        absl::StrAppend(&text, " ", *term, ":", term.get_wdf());
      }
      const Row& row = columns.row(*at);
      absl::StrAppend(&text, "|", columns.text(Table::kRecords, row.record),
                      "|", columns.head(Table::kExpressions, row.expression),
                      "|", columns.text(Table::kTitles, row.title), "|",
                      columns.head(Table::kStates, row.state), "|",
                      row.position, "|", row.day, "|", row.digest);
      all[name] = text;
    }
    return absl::OkStatus();
  }));
  return all;
}

std::map<std::string, std::string> Rebuilt(uint64_t sequence) {
  TemporaryFolder folder;
  auto index = LibraryIndex::Open(folder.path(), {});
  EXPECT_OK(index);
  EXPECT_OK(LibraryAt(sequence).BuildInto(index->get(), sequence));
  return Dump(**index);
}

TEST(LibraryIndexTest, IsEmptyAtFirst) {
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto index, LibraryIndex::Open(folder.path(), {}));
  EXPECT_OK(index->damage());
  EXPECT_EQ(index->sequence(), 0U);
  EXPECT_TRUE(Dump(*index).empty());
}

TEST(LibraryIndexTest, SingleChangesMakeWhatABuildMakes) {
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(auto index, LibraryIndex::Open(folder.path(), {}));
  constexpr uint64_t kChanges = 60;
  for (uint64_t i = 1; i <= kChanges; ++i) {
    ASSERT_OK(Apply(i, index.get()));
    ASSERT_OK(index->Commit(i));
  }
  EXPECT_EQ(Dump(*index), Rebuilt(kChanges));
  index.reset();
  ASSERT_OK_AND_ASSIGN(index, LibraryIndex::Open(folder.path(), {}));
  EXPECT_OK(index->damage());
  EXPECT_EQ(index->sequence(), kChanges);
  EXPECT_EQ(Dump(*index), Rebuilt(kChanges));
}

TEST(LibraryIndexTest, ABuildOfSeveralShardsIsOneOfOne) {
  const FakeLibrary library = LibraryAt(40);
  std::vector<std::map<std::string, std::string>> dumps;
  for (const int shards : {1, 2, 3}) {
    TemporaryFolder folder;
    IndexOptions options;
    options.shards = shards;
    options.build_commit_documents = 5;
    ASSERT_OK_AND_ASSIGN(const auto index,
                         LibraryIndex::Open(folder.path(), options));
    ASSERT_OK_AND_ASSIGN(std::unique_ptr<Build> build, index->BeginBuild());
    uint64_t sequence = 0;
    for (const auto& [name, work] : library.works) {
      ASSERT_OK(build->Put(library.Input(name)));
      ASSERT_OK(build->Mark(++sequence));
      // Documents at the ends of a shard that are no more.
      ASSERT_OK(build->Put(library.Input(library.works.begin()->first)));
    }
    ASSERT_OK(build->Delete(library.works.begin()->first));
    ASSERT_OK(build->Put(library.Input(library.works.begin()->first)));
    ASSERT_OK(build->Mark(40));
    ASSERT_OK(index->Serve(std::move(build)));
    EXPECT_EQ(index->sequence(), 40U);
    dumps.push_back(Dump(*index));
  }
  EXPECT_EQ(dumps[0], Rebuilt(40));
  EXPECT_EQ(dumps[0], dumps[1]);
  EXPECT_EQ(dumps[0], dumps[2]);
}

TEST(LibraryIndexTest, TheOldGenerationServesUntilTheNewOneDoes) {
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto index, LibraryIndex::Open(folder.path(), {}));
  ASSERT_OK(LibraryAt(10).BuildInto(index.get(), 10));
  const auto before = Dump(*index);
  const FakeLibrary library = LibraryAt(20);
  ASSERT_OK_AND_ASSIGN(std::unique_ptr<Build> build, index->BeginBuild());
  for (const auto& [name, work] : library.works) {
    ASSERT_OK(build->Put(library.Input(name)));
    EXPECT_EQ(Dump(*index), before);
  }
  ASSERT_OK(Apply(11, index.get()));
  ASSERT_OK(index->Commit(11));
  EXPECT_EQ(Dump(*index), Rebuilt(11));
  ASSERT_OK(build->Mark(20));
  ASSERT_OK(index->Serve(std::move(build)));
  EXPECT_EQ(Dump(*index), Rebuilt(20));
  EXPECT_TRUE(index->WaitFor(20, absl::InfinitePast()));
  EXPECT_FALSE(index->WaitFor(21, absl::Now() + absl::Milliseconds(1)));
}

TEST(LibraryIndexTest, ReadersGoOnWhileItIsWritten) {
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto index, LibraryIndex::Open(folder.path(), {}));
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  std::thread reader([&] {
    while (!done) {
      EXPECT_OK(index->Read([&](Reader& of) {
        // Rows and documents are of one commit.
        EXPECT_EQ(static_cast<int64_t>(of.database.get_doccount()),
                  of.view->columns->coverage().documents);
        for (auto at = of.database.postlist_begin("");
             at != of.database.postlist_end(""); ++at) {
          EXPECT_NE(of.view->columns->row(*at).kind, DocumentKind::kNone);
        }
        ++reads;
        return absl::OkStatus();
      }));
    }
  });
  for (uint64_t i = 1; i <= 100; ++i) {
    ASSERT_OK(Apply(i, index.get()));
    ASSERT_OK(index->Commit(i));
    if (i == 50) {
      ASSERT_OK(LibraryAt(i).BuildInto(index.get(), i));
    }
  }
  done = true;
  reader.join();
  EXPECT_GT(reads, 0);
  EXPECT_EQ(Dump(*index), Rebuilt(100));
}

TEST(LibraryIndexTest, WhatIsDamagedIsSaidAndReplaced) {
  const struct {
    const char* what;
    void (*damage)(const fs::path& main);
  } cases[] = {
      {"the database is gone",
       [](const fs::path& main) { fs::remove_all(main / "xapian"); }},
      {"a table is gone",
       [](const fs::path& main) {
         fs::remove(main / "xapian/postlist.glass");
       }},
      {"a table is cut",
       [](const fs::path& main) {
         fs::resize_file(main / "xapian/postlist.glass", 100);
       }},
      {"the version file is noise",
       [](const fs::path& main) {
         std::ofstream(main / "xapian/iamglass") << std::string(100, 'x');
       }},
      {"the columns are gone",
       [](const fs::path& main) { fs::remove(main / "columns-1"); }},
      {"the columns are cut",
       [](const fs::path& main) { fs::resize_file(main / "columns-1", 200); }},
      {"a byte of the columns is another",
       [](const fs::path& main) {
         std::fstream file(main / "columns-1",
                           std::ios::in | std::ios::out | std::ios::binary);
         file.seekp(600);
         file.put('\x7f');
       }},
      {"CURRENT is empty",
       [](const fs::path& main) {
         fs::resize_file(main.parent_path().parent_path() / "CURRENT", 0);
       }},
      {"CURRENT is noise",
       [](const fs::path& main) {
         std::ofstream(main.parent_path().parent_path() / "CURRENT") << "xx";
       }},
      {"the folder is gone",
       [](const fs::path& main) { fs::remove_all(main.parent_path()); }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    TemporaryFolder folder;
    ASSERT_OK_AND_ASSIGN(auto index, LibraryIndex::Open(folder.path(), {}));
    ASSERT_OK(LibraryAt(30).BuildInto(index.get(), 30));
    const auto before = Dump(*index);
    index.reset();
    std::string generation;
    std::ifstream(folder.Path("CURRENT")) >> generation;
    c.damage(fs::path(folder.Path(generation)) / "main");
    ASSERT_OK_AND_ASSIGN(index, LibraryIndex::Open(folder.path(), {}));
    EXPECT_FALSE(index->damage().ok());
    EXPECT_EQ(index->sequence(), 0U);
    EXPECT_TRUE(Dump(*index).empty());
    ASSERT_OK(LibraryAt(30).BuildInto(index.get(), 30));
    EXPECT_OK(index->damage());
    EXPECT_EQ(Dump(*index), before);
  }
}

TEST(LibraryIndexTest, DamageThatOpeningDoesNotSeeIsFound) {
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(auto index, LibraryIndex::Open(folder.path(), {}));
  ASSERT_OK(LibraryAt(30).BuildInto(index.get(), 30));
  EXPECT_OK(index->Verify());
  const std::string table = index->view()->database + "/termlist.glass";
  const auto size = fs::file_size(table);
  index.reset();
  {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    for (uintmax_t at = 16; at < size; at += 64) {
      file.seekp(static_cast<std::streamoff>(at));
      file.write("\xff\xff\xff\xff", 4);
    }
  }
  ASSERT_OK_AND_ASSIGN(index, LibraryIndex::Open(folder.path(), {}));
  EXPECT_EQ(index->Verify().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(index->damage().code(), absl::StatusCode::kDataLoss);
}

// Goes on with what a build was killed at, as whoever follows the log does.
absl::Status BuildUpTo(uint64_t last, LibraryIndex* index) {
  auto build = index->BeginBuild();
  if (!build.ok()) return build.status();
  // The shards read them later.
  std::deque<FakeLibrary> versions;
  absl::Status status;
  for (uint64_t i = (*build)->sequence() + 1; i <= last && status.ok(); ++i) {
    AddVersion(i, &versions.emplace_back());
    status = Deletes(i) ? (*build)->Delete(NameOf(i))
                        : (*build)->Put(versions.back().Input(NameOf(i)));
    if (status.ok()) status = (*build)->Mark(i);
  }
  return status.ok() ? index->Serve(*std::move(build)) : status;
}

// In a process of its own: goes on where the index is, one commit a change, and
// every fourth time a build.
[[noreturn]] void WriteUntilKilled(const std::string& folder, bool builds,
                                   uint64_t last) {
  IndexOptions options;
  options.build_commit_documents = 5;
  const auto index = LibraryIndex::Open(folder, options);
  if (!index.ok()) ::_exit(1);
  for (uint64_t i = (*index)->sequence() + 1; i <= last; ++i) {
    if (builds && i % 5 == 0) {
      if (!BuildUpTo(i, index->get()).ok()) ::_exit(2);
      continue;
    }
    if (!Apply(i, index->get()).ok()) ::_exit(3);
    if (!(*index)->Commit(i).ok()) ::_exit(4);
  }
  ::_exit(0);
}

TEST(LibraryIndexCrashTest, EqualsARebuiltOneAfterEveryKill) {
  TemporaryFolder folder;
  constexpr int kKills = 200;
  std::mt19937 random(4);
  uint64_t before = 0;
  int killed = 0;
  for (int i = 0; killed < kKills; ++i) {
    // One that was done before it was killed shows nothing.
    ASSERT_LT(i, 2 * kKills);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    // An end far off, so that it is killed while it writes.
    if (child == 0) WriteUntilKilled(folder.path(), i % 4 == 0, before + 400);
    absl::SleepFor(
        absl::Milliseconds(std::uniform_int_distribution<int>(1, 400)(random)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    ASSERT_OK_AND_ASSIGN(const auto index,
                         LibraryIndex::Open(folder.path(), {}));
    ASSERT_OK(index->damage());
    ASSERT_GE(index->sequence(), before) << "a commit is lost";
    before = index->sequence();
    ASSERT_EQ(Dump(*index), Rebuilt(before)) << i;
  }
  EXPECT_GT(before, 0U);
}

}  // namespace
}  // namespace comity::index
