#include "index/library_index.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/xapian_guard.h"

namespace comity::index {
namespace {

namespace fs = std::filesystem;

// Records that wait for a shard: enough that none waits for another.
constexpr size_t kQueueMax = 64;

}  // namespace

// Build
// ------------------------------------------------------------------------

struct Build::Shard {
  std::unique_ptr<Segment> segment;
  absl::Mutex mutex;
  std::deque<Item> queue ABSL_GUARDED_BY(mutex);
  bool closing ABSL_GUARDED_BY(mutex) = false;
  absl::Status status ABSL_GUARDED_BY(mutex);
  // Of the thread alone: the last mark.
  uint64_t marked = 0;
  std::thread thread;
};

Build::Build(std::string folder, const IndexOptions& options)
    : folder_(std::move(folder)), options_(options) {}

Build::~Build() {
  // What was not committed is done again.
  for (const auto& shard : shards_) {
    {
      const absl::MutexLock lock(&shard->mutex);
      shard->closing = true;
      shard->queue.clear();
    }
    if (shard->thread.joinable()) shard->thread.join();
  }
}

absl::Status Build::Open() {
  sequence_ = UINT64_MAX;
  for (int i = 0; i < options_.shards; ++i) {
    auto shard = std::make_unique<Shard>();
    ASSIGN_OR_RETURN(shard->segment,
                     Segment::Open(absl::StrCat(folder_, "/shard-", i),
                                   {.flush_documents = options_.flush_documents,
                                    .sync = false}));
    shard->marked = shard->segment->sequence();
    sequence_ = std::min(sequence_, shard->segment->sequence());
    shards_.push_back(std::move(shard));
  }
  for (const auto& shard : shards_) {
    shard->thread = std::thread([this, at = shard.get()] { Run(at); });
  }
  return absl::OkStatus();
}

uint64_t Build::sequence() const { return sequence_; }

absl::Status Build::PushTo(Shard* shard, Item item) {
  const absl::MutexLock lock(&shard->mutex);
  const auto has_room = [shard]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard->mutex) {
    return shard->queue.size() < kQueueMax || !shard->status.ok();
  };
  shard->mutex.Await(absl::Condition(&has_room));
  if (shard->status.ok()) shard->queue.push_back(std::move(item));
  return shard->status;
}

absl::Status Build::Push(absl::string_view record, Item item) {
  // On disk by its results: a shard must see all that is said of a record.
  const size_t shard =
      XXH3_64bits(record.data(), record.size()) % shards_.size();
  return PushTo(shards_[shard].get(), std::move(item));
}

absl::Status Build::Put(LawInput input) {
  const std::string name = input.law.name();
  return Push(name, std::move(input));
}

absl::Status Build::Put(OfficeInput input) {
  const std::string name = input.authority.name();
  return Push(name, std::move(input));
}

absl::Status Build::Delete(absl::string_view record) {
  return Push(record, std::string(record));
}

absl::Status Build::Mark(uint64_t sequence) {
  for (const auto& shard : shards_) {
    RETURN_IF_ERROR(PushTo(shard.get(), Reached{sequence}));
  }
  sequence_ = sequence;
  return absl::OkStatus();
}

absl::Status Build::Apply(Shard* shard, const Item& item) {
  Segment& segment = *shard->segment;
  if (const auto* law = std::get_if<LawInput>(&item)) return segment.Put(*law);
  if (const auto* office = std::get_if<OfficeInput>(&item)) {
    return segment.Put(*office);
  }
  if (const auto* record = std::get_if<std::string>(&item)) {
    return segment.Delete(*record);
  }
  shard->marked = std::max(shard->marked, std::get<Reached>(item).sequence);
  if (segment.pending() < options_.build_commit_documents) {
    return absl::OkStatus();
  }
  return segment.Commit(shard->marked);
}

void Build::Run(Shard* shard) {
  while (true) {
    Item item;
    {
      const absl::MutexLock lock(&shard->mutex);
      const auto is_due = [shard]()
                              ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard->mutex) {
                                return !shard->queue.empty() || shard->closing;
                              };
      shard->mutex.Await(absl::Condition(&is_due));
      if (shard->queue.empty()) return;
      item = std::move(shard->queue.front());
      shard->queue.pop_front();
    }
    if (const absl::Status status = Apply(shard, item); !status.ok()) {
      const absl::MutexLock lock(&shard->mutex);
      shard->status = status;
      shard->queue.clear();
      return;
    }
  }
}

absl::Status Build::Close() {
  for (const auto& shard : shards_) {
    const absl::MutexLock lock(&shard->mutex);
    shard->closing = true;
  }
  for (const auto& shard : shards_) {
    shard->thread.join();
    const absl::MutexLock lock(&shard->mutex);
    RETURN_IF_ERROR(shard->status);
    RETURN_IF_ERROR(shard->segment->Commit(shard->marked));
    shard->segment.reset();
  }
  return absl::OkStatus();
}

// LibraryIndex
// -----------------------------------------------------------------

LibraryIndex::LibraryIndex(std::string folder, const IndexOptions& options)
    : folder_(std::move(folder)), options_(options) {}

LibraryIndex::~LibraryIndex() = default;

absl::StatusOr<std::unique_ptr<LibraryIndex>> LibraryIndex::Open(
    const std::string& folder, const IndexOptions& options) {
  auto index = absl::WrapUnique(new LibraryIndex(folder, options));
  RETURN_IF_ERROR(index->Load());
  return index;
}

std::string LibraryIndex::GenerationFolder(uint64_t generation) const {
  return absl::StrCat(folder_, "/", generation);
}

absl::Status LibraryIndex::Load() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return absl::UnavailableError("search index: no folder");
  std::string text;
  uint64_t generation = 0;
  std::ifstream current(folder_ + "/CURRENT");
  const bool is_there = current.is_open();
  current >> text;
  if (!absl::SimpleAtoi(text, &generation) || generation == 0) {
    generation = 0;
    // It is replaced as a whole, so no crash leaves it like this.
    if (is_there) {
      Report(absl::DataLossError("search index: CURRENT names no generation"));
    }
  } else {
    const absl::Status opened = OpenGeneration(generation, true);
    if (opened.ok()) {
      RemoveOthers();
      return absl::OkStatus();
    }
    // Held by another process, not damaged.
    const bool held = opened.code() == absl::StatusCode::kFailedPrecondition &&
                      opened.message().find("Lock") != std::string::npos;
    if (held) return opened;
    Report(opened);
  }
  // Beyond all numbers in use.
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    uint64_t number = 0;
    if (absl::SimpleAtoi(entry.path().filename().string(), &number)) {
      generation = std::max(generation, number);
    }
  }
  RETURN_IF_ERROR(OpenGeneration(generation + 1, false));
  RETURN_IF_ERROR(SetCurrent(generation + 1));
  RemoveOthers();
  return absl::OkStatus();
}

absl::Status LibraryIndex::OpenGeneration(uint64_t generation,
                                          bool must_exist) {
  ASSIGN_OR_RETURN(segment_,
                   Segment::Open(GenerationFolder(generation) + "/main",
                                 {.flush_documents = options_.flush_documents,
                                  .must_exist = must_exist}));
  generation_ = generation;
  Publish();
  return absl::OkStatus();
}

absl::Status LibraryIndex::SetCurrent(uint64_t generation) const {
  const std::string path = folder_ + "/CURRENT";
  const std::string temporary = path + ".new";
  const int file =
      ::open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  const std::string text = absl::StrCat(generation, "\n");
  bool written = file >= 0 && ::write(file, text.data(), text.size()) ==
                                  static_cast<ssize_t>(text.size());
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  written = written && std::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    return absl::UnavailableError("search index: cannot write CURRENT");
  }
  return absl::OkStatus();
}

// All generations but the one that serves and the next, which may be under way.
void LibraryIndex::RemoveOthers() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    uint64_t number = 0;
    if (absl::SimpleAtoi(entry.path().filename().string(), &number) &&
        number != generation_ && number != generation_ + 1) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

void LibraryIndex::Publish() {
  auto view = std::make_shared<View>();
  view->generation = generation_;
  view->commit = segment_->commit();
  view->sequence = segment_->sequence();
  view->database = Segment::DatabaseOf(GenerationFolder(generation_) + "/main");
  view->columns = segment_->Snapshot();
  const absl::MutexLock lock(&mutex_);
  view_ = std::move(view);
}

std::shared_ptr<const View> LibraryIndex::view() const {
  const absl::MutexLock lock(&mutex_);
  return view_;
}

uint64_t LibraryIndex::sequence() const { return view()->sequence; }

bool LibraryIndex::WaitFor(uint64_t sequence, absl::Time deadline) const {
  const absl::MutexLock lock(&mutex_);
  const auto is_there = [this, sequence]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                            mutex_) { return view_->sequence >= sequence; };
  return mutex_.AwaitWithDeadline(absl::Condition(&is_there), deadline);
}

absl::Status LibraryIndex::damage() const {
  const absl::MutexLock lock(&mutex_);
  return damage_;
}

void LibraryIndex::Report(absl::Status damage) const {
  const absl::MutexLock lock(&mutex_);
  if (damage_.ok()) damage_ = std::move(damage);
}

namespace {

absl::Status CheckDatabase(const std::string& path) {
  return Guard([&]() -> absl::Status {
    const size_t errors = Xapian::Database::check(path, 0, nullptr);
    if (errors == 0) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat("search index: ", errors, " errors on disk"));
  });
}

}  // namespace

absl::Status LibraryIndex::Verify() {
  constexpr int kTriesMax = 5;
  for (int i = 0; i < kTriesMax; ++i) {
    const std::shared_ptr<const View> before = view();
    const absl::Status status = CheckDatabase(before->database);
    if (status.ok()) return status;
    const std::shared_ptr<const View> now = view();
    // Blocks that were read may have been written anew meanwhile.
    if (now->generation != before->generation ||
        now->commit != before->commit) {
      continue;
    }
    // Whatever keeps it from being read.
    const absl::Status damage = absl::DataLossError(status.message());
    Report(damage);
    return damage;
  }
  return absl::UnavailableError(
      "search index: not verified, since it changes all the time");
}

absl::Status LibraryIndex::VerifyFolder(const std::string& folder) {
  std::string generation;
  if (!(std::ifstream(folder + "/CURRENT") >> generation)) {
    return absl::NotFoundError("search index: there is none");
  }
  const absl::Status status = CheckDatabase(
      Segment::DatabaseOf(absl::StrCat(folder, "/", generation, "/main")));
  return status.ok() ? status : absl::DataLossError(status.message());
}

absl::Status LibraryIndex::Put(const LawInput& input) {
  return segment_->Put(input);
}
absl::Status LibraryIndex::Put(const OfficeInput& input) {
  return segment_->Put(input);
}
absl::Status LibraryIndex::Delete(absl::string_view record) {
  return segment_->Delete(record);
}

absl::Status LibraryIndex::Commit(uint64_t sequence) {
  RETURN_IF_ERROR(segment_->Commit(sequence));
  Publish();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Build>> LibraryIndex::BeginBuild() {
  const std::string folder = GenerationFolder(generation_ + 1);
  auto build = absl::WrapUnique(new Build(folder, options_));
  if (build->Open().ok()) return build;
  // Left by a crash in a state of no use.
  build.reset();
  DropBuild();
  build = absl::WrapUnique(new Build(folder, options_));
  RETURN_IF_ERROR(build->Open());
  return build;
}

void LibraryIndex::DropBuild() {
  std::error_code ignored;
  fs::remove_all(GenerationFolder(generation_ + 1), ignored);
}

absl::Status LibraryIndex::Serve(std::unique_ptr<Build> build) {
  RETURN_IF_ERROR(build->Close());
  const std::string folder = GenerationFolder(generation_ + 1);
  std::vector<std::string> shards;
  for (int i = 0; i < options_.shards; ++i) {
    shards.push_back(absl::StrCat(folder, "/shard-", i));
  }
  std::error_code ignored;
  fs::remove_all(folder + "/main", ignored);
  RETURN_IF_ERROR(Segment::Join(shards, build->sequence(), folder + "/main"));
  for (const std::string& shard : shards) fs::remove_all(shard, ignored);
  const uint64_t old = generation_;
  RETURN_IF_ERROR(SetCurrent(old + 1));
  RETURN_IF_ERROR(OpenGeneration(old + 1, true));
  {
    const absl::MutexLock lock(&mutex_);
    damage_ = absl::OkStatus();
    readers_.clear();
  }
  fs::remove_all(GenerationFolder(old), ignored);
  return absl::OkStatus();
}

std::unique_ptr<Reader> LibraryIndex::TakeReader() const {
  const absl::MutexLock lock(&mutex_);
  if (readers_.empty()) return std::make_unique<Reader>();
  std::unique_ptr<Reader> reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

absl::Status LibraryIndex::Refresh(Reader* reader, bool reopen) const {
  if (reader->analyzer == nullptr) {
    ASSIGN_OR_RETURN(reader->analyzer, Analyzer::Create());
  }
  std::shared_ptr<const View> newest = view();
  if (reader->view != nullptr && !reopen &&
      reader->view->generation == newest->generation &&
      reader->view->commit == newest->commit) {
    return absl::OkStatus();
  }
  constexpr int kTriesMax = 2000;
  constexpr absl::Duration kPause = absl::Milliseconds(1);
  return Guard([&]() -> absl::Status {
    if (reader->view != nullptr &&
        reader->view->generation == newest->generation) {
      reader->database.reopen();
    } else {
      reader->database = Xapian::Database(newest->database);
    }
    reader->view = nullptr;
    // A commit is visible a moment before it is published.
    for (int i = 0; i < kTriesMax; ++i) {
      if (Segment::CommitOf(reader->database) == newest->commit) {
        reader->view = std::move(newest);
        return absl::OkStatus();
      }
      absl::SleepFor(kPause);
      std::shared_ptr<const View> next = view();
      if (next->generation != newest->generation) {
        reader->database = Xapian::Database(next->database);
      } else {
        reader->database.reopen();
      }
      newest = std::move(next);
    }
    return absl::UnavailableError("search index: commits come too fast");
  });
}

absl::Status LibraryIndex::Read(
    absl::FunctionRef<absl::Status(Reader&)> search) const {
  std::unique_ptr<Reader> reader = TakeReader();
  absl::Status status;
  // The index changed twice while it was read; rarely more often.
  constexpr int kTriesMax = 4;
  for (int i = 0; i < kTriesMax; ++i) {
    status = Refresh(reader.get(), /*reopen=*/i > 0);
    if (status.ok()) status = Guard([&] { return search(*reader); });
    // A block that was written over meanwhile may look damaged, too; what is
    // damaged stays so.
    const bool changed =
        status.code() == absl::StatusCode::kUnavailable ||
        status.code() == absl::StatusCode::kDataLoss ||
        (status.code() == absl::StatusCode::kNotFound && !reader->view);
    if (!changed) break;
    // A generation that is gone cannot be reopened.
    if (i > 0) *reader = Reader{{}, nullptr, std::move(reader->analyzer)};
  }
  if (status.code() == absl::StatusCode::kDataLoss) Report(status);
  const absl::MutexLock lock(&mutex_);
  if (reader->view != nullptr &&
      reader->view->generation == view_->generation) {
    readers_.push_back(std::move(reader));
  }
  return status;
}

int64_t LibraryIndex::BytesOnDisk() const {
  int64_t bytes = 0;
  // Files come and go meanwhile; a loop over the range would throw.
  std::error_code error;
  fs::recursive_directory_iterator at(folder_, error);
  for (; !error && at != fs::end(at); at.increment(error)) {
    std::error_code ignored;
    const uintmax_t size = at->file_size(ignored);
    if (!ignored) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

}  // namespace comity::index
