#include "tests/store/crash_workload.h"

#include <atomic>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "import/importer.h"

namespace comity::crash {
namespace {

constexpr char kState[] = "AAA";

v1::Authority Office(const std::string& id, const std::string& value,
                     size_t note_bytes) {
  v1::Authority authority;
  authority.set_name(names::Authority(kState, id));
  v1::LocalizedText* name = authority.add_display_names();
  name->set_text(absl::StrCat("Office ", id));
  name->set_language("en");
  authority.set_unit(value);
  if (note_bytes > 0) authority.add_notes(std::string(note_bytes, 'n'));
  return authority;
}

class Silent : public ImportListener {
 public:
  void OnResult(v1::ImportResult) override {}
  bool OnProgress(int64_t, int64_t) override { return true; }
};

// One run of the workload.
class Runner {
 public:
  Runner(Store* store, const Workload& workload)
      : store_(store), workload_(workload) {}

  void Run() {
    if (!PutState()) return;
    std::vector<std::thread> threads;
    for (int i = 0; i < workload_.writers; ++i) {
      threads.emplace_back([this, i] { Write(i); });
    }
    threads.emplace_back([this] { Import(); });
    for (std::thread& thread : threads) thread.join();
  }

 private:
  std::mt19937_64 RandomOf(int thread) const {
    return std::mt19937_64(workload_.seed * 64 + static_cast<uint64_t>(thread));
  }

  bool Note(const std::string& line) {
    if (!workload_.note(line)) stop_ = true;
    return !stop_;
  }

  bool PutState() {
    return store_
        ->Commit({},
                 [](Transaction& transaction) {
                   v1::State state;
                   state.set_name(names::State(kState));
                   v1::LocalizedText* name = state.add_short_names();
                   name->set_text("Synthetic State");
                   name->set_language("en");
                   return transaction.Put(&state).status();
                 })
        .ok();
  }

  // Commits of one to three records; some change or delete what was written.
  void Write(int thread) {
    std::mt19937_64 random = RandomOf(thread);
    for (int step = 0; !stop_; ++step) {
      const size_t count = 1 + random() % 3;
      std::vector<std::string> ids;
      for (size_t i = 0; i < count; ++i) {
        ids.push_back(absl::StrCat("w-", workload_.run, "-", thread, "-", i,
                                   "-",
                                   static_cast<uint64_t>(step) + random() % 3));
      }
      const std::string value = absl::StrCat("v", step);
      const absl::StatusOr<uint64_t> last =
          store_->Commit({}, [&](Transaction& transaction) {
            for (const std::string& id : ids) {
              v1::Authority office = Office(id, value, random() % 2000);
              RETURN_IF_ERROR(transaction.Put(&office).status());
            }
            return absl::OkStatus();
          });
      if (!last.ok()) break;
      for (size_t i = 0; i < count; ++i) {
        Note(absl::StrCat("put ", ids[i], " ", *last - count + 1 + i, " ",
                          value));
      }
      if (random() % 8 == 0 && !Delete(ids[0])) break;
    }
    stop_ = true;
  }

  bool Delete(const std::string& id) {
    const absl::StatusOr<uint64_t> last =
        store_->Commit({}, [&](Transaction& transaction) {
          return transaction.Delete(names::Authority(kState, id));
        });
    if (last.ok()) Note(absl::StrCat("delete ", id, " ", *last));
    return last.ok();
  }

  // A file of records: mostly small, some larger than a batch of the store.
  void Import() {
    std::mt19937_64 random = RandomOf(63);
    for (int step = 0; !stop_; ++step) {
      const bool large = random() % 4 == 0;
      const int count =
          static_cast<int>(large ? 150 + random() % 150 : 1 + random() % 30);
      const bool dry = random() % 5 == 0;
      const std::string prefix =
          absl::StrCat(dry ? "x-" : "i-", workload_.run, "-", step, "-");
      if (!dry) Note(absl::StrCat("begin ", prefix, " ", count));
      const absl::StatusOr<v1::ImportJob> job =
          ImportOne(prefix, count, large ? 8000 : 100, dry);
      if (!job.ok()) break;
      if (dry) continue;
      Note(absl::StrCat("done ", prefix));
      if (random() % 4 == 0 && !Undo(prefix, job->name())) break;
    }
    stop_ = true;
  }

  absl::StatusOr<v1::ImportJob> ImportOne(const std::string& prefix, int count,
                                          size_t note_bytes, bool dry) {
    std::string file;
    for (int i = 0; i < count; ++i) {
      v1::Record record;
      *record.mutable_authority() =
          Office(absl::StrCat(prefix, i), "imported", note_bytes);
      std::string line;
      if (!google::protobuf::util::MessageToJsonString(record, &line).ok()) {
        return absl::InternalError("a record has no JSON form");
      }
      absl::StrAppend(&file, line, "\n");
    }
    v1::ImportJob job;
    job.mutable_options()->set_kind(v1::IMPORT_KIND_RECORDS);
    job.mutable_options()->set_format(v1::IMPORT_FORMAT_JSONL);
    job.mutable_options()->set_validate_only(dry);
    StringSource source(std::move(file));
    Silent listener;
    ASSIGN_OR_RETURN(job, ImportFile(store_, job, &source, &listener,
                                     absl::InfiniteFuture()));
    if (job.counts().added() != count) {
      return absl::InternalError(
          absl::StrCat("imported ", job.ShortDebugString()));
    }
    return job;
  }

  bool Undo(const std::string& prefix, const std::string& job) {
    Note(absl::StrCat("undo ", prefix));
    const bool undone =
        UndoImport(store_, job, "crash", /*validate_only=*/false,
                   absl::InfiniteFuture())
            .ok();
    if (undone) Note(absl::StrCat("undone ", prefix));
    return undone;
  }

  Store* const store_;
  const Workload& workload_;
  std::atomic<bool> stop_{false};
};

}  // namespace

void Run(Store* store, const Workload& workload) {
  Runner(store, workload).Run();
}

bool Ledger::Add(const std::string& line) {
  const std::vector<std::string> word = absl::StrSplit(line, ' ');
  if (word.size() < 2) return false;
  if (word[0] == "put" || word[0] == "delete") {
    Write& write = writes_.emplace_back();
    if (word.size() != (word[0] == "put" ? 4u : 3u)) return false;
    write.name = names::Authority(kState, word[1]);
    if (word.size() == 4) write.value = word[3];
    return absl::SimpleAtoi(word[2], &write.sequence);
  }
  Import& import = imports_[word[1]];
  if (word[0] == "begin") {
    return word.size() == 3 && absl::SimpleAtoi(word[2], &import.records);
  }
  if (word[0] == "done") {
    import.done = true;
    ++imports_done_;
  } else if (word[0] == "undo") {
    import.undo_begun = true;
  } else if (word[0] == "undone") {
    import.undone = true;
  } else {
    return false;
  }
  return import.records > 0;
}

void Ledger::CheckWrite(const Store& store, const Write& write,
                        std::vector<std::string>* problems) const {
  v1::Authority office;
  const absl::Status status =
      store.ReadVersion(write.name, write.sequence, &office);
  const bool right = write.value.empty()
                         ? absl::IsNotFound(status)
                         : status.ok() && office.unit() == write.value;
  if (right && write.sequence <= store.published()) return;
  problems->push_back(absl::StrCat(
      write.name, " of sequence ", write.sequence, ", acknowledged with '",
      write.value, "', is ", status.ok() ? office.unit() : status.ToString(),
      "; published is ", store.published()));
}

void Ledger::CheckImport(const Store& store, const std::string& prefix,
                         const Import& import,
                         std::vector<std::string>* problems) const {
  int there = 0;
  for (int i = 0; i < import.records; ++i) {
    const std::string name = names::Authority(kState, absl::StrCat(prefix, i));
    if (store.Get<v1::Authority>(name).ok()) ++there;
  }
  const bool all = there == import.records;
  const bool right = import.undone       ? there == 0
                     : import.undo_begun ? all || there == 0
                     : import.done       ? all
                                         : all || there == 0;
  if (right) return;
  problems->push_back(absl::StrCat("import ", prefix, " has ", there, " of ",
                                   import.records, " records",
                                   import.done ? ", was acknowledged" : "",
                                   import.undone ? ", was taken back" : ""));
}

std::vector<std::string> Ledger::Check(const Store& store) const {
  std::vector<std::string> problems;
  for (const Write& write : writes_) CheckWrite(store, write, &problems);
  for (const auto& [prefix, import] : imports_) {
    CheckImport(store, prefix, import, &problems);
  }
  // Of a dry run nothing is ever there.
  const std::string dry = names::Authority(kState, "x-");
  const absl::Status listed = store.ForEach(
      Kind::kAuthority, kState, "", kNow, [&](const Store::Item& item) {
        if (item.name.rfind(dry, 0) == 0) {
          problems.push_back(absl::StrCat(item.name, " is of a dry run"));
        }
        return true;
      });
  if (!listed.ok()) problems.push_back(listed.ToString());
  const absl::StatusOr<int64_t> verified =
      store.Verify([&](const std::string& problem) {
        problems.push_back(absl::StrCat("verify: ", problem));
      });
  if (!verified.ok()) problems.push_back(verified.status().ToString());
  return problems;
}

}  // namespace comity::crash
