#include "store/staged_runs.h"

#include <xxhash.h>

#include <algorithm>
#include <queue>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "rocksdb/env.h"
#include "rocksdb/sst_file_writer.h"
#include "store/rocks_status.h"

namespace comity {
namespace {

// More runs than this are merged at the end: RocksDB holds up writers where
// many files overlap (level0_slowdown_writes_trigger is 20).
constexpr size_t kRunsMax = 16;
// Size of a merged file, as RocksDB's own (target_file_size_base).
constexpr uint64_t kMergedFileBytes = 64 << 20;

// Few keys in a thousand are wrongly taken for there.
constexpr size_t kFilterBitsPerKey = 16;
constexpr int kFilterProbes = 8;
constexpr uint64_t kFilterMultiplier = 0x9E3779B97F4A7C15U;

}  // namespace

// KeyFilter ------------------------------------------------------------------

KeyFilter::KeyFilter(size_t keys)
    : blocks_(keys * kFilterBitsPerKey / (8 * sizeof(Block)) + 1) {}

uint64_t KeyFilter::Hash(absl::string_view key) {
  return XXH3_64bits(key.data(), key.size());
}

size_t KeyFilter::NumberOf(uint64_t hash) const {
  return ((hash >> 32U) * blocks_.size()) >> 32U;
}

// A bit in each of eight words, by six bits of the hash: the upper half of it
// says which block.
void KeyFilter::Add(uint64_t hash) {
  auto& words = blocks_[NumberOf(hash)].words;
  uint64_t bits = hash * kFilterMultiplier;
  for (int i = 0; i < kFilterProbes; ++i, bits >>= 6U) {
    words[static_cast<size_t>(i)] |= uint64_t{1} << (bits & 63U);
  }
}

bool KeyFilter::MayHave(uint64_t hash) const {
  const auto& words = blocks_[NumberOf(hash)].words;
  uint64_t bits = hash * kFilterMultiplier;
  for (int i = 0; i < kFilterProbes; ++i, bits >>= 6U) {
    const uint64_t word = words[static_cast<size_t>(i)];
    if ((word >> (bits & 63U) & 1U) == 0) return false;
  }
  return true;
}

// StagedRuns -----------------------------------------------------------------

StagedRuns::StagedRuns(rocksdb::DB* db, std::string folder)
    : db_(db), folder_(std::move(folder)), options_(db->GetOptions()) {}

StagedRuns::~StagedRuns() {
  if (thread_.joinable()) thread_.join();
  runs_.clear();
  Clear(db_, folder_);
}

void StagedRuns::Clear(rocksdb::DB* db, const std::string& folder) {
  rocksdb::Env* const env = db->GetEnv();
  std::vector<std::string> files;
  if (!env->GetChildren(folder, &files).ok()) return;
  for (const std::string& file : files) {
    // What cannot be removed now is tried again at the next start.
    env->DeleteFile(absl::StrCat(folder, "/", file)).PermitUncheckedError();
  }
  env->DeleteDir(folder).PermitUncheckedError();
}

std::string StagedRuns::NextPath() {
  return absl::StrCat(folder_, "/", ++files_, ".sst");
}

absl::Status StagedRuns::Write(const KeyBuffer& buffer, Run* run) const {
  const std::vector<KeyBuffer::Entry> entries = buffer.Sorted();
  run->filter = std::make_unique<KeyFilter>(entries.size());
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options_,
                                /*column_family=*/nullptr,
                                /*invalidate_page_cache=*/false);
  RETURN_IF_ERROR(FromRocks(writer.Open(run->path)));
  for (const KeyBuffer::Entry& entry : entries) {
    run->filter->Add(KeyFilter::Hash(entry.key));
    if (entry.deleted) {
      run->deleted.emplace(entry.key);
      RETURN_IF_ERROR(FromRocks(writer.Delete(ToSlice(entry.key))));
    } else {
      RETURN_IF_ERROR(
          FromRocks(writer.Put(ToSlice(entry.key), ToSlice(entry.value))));
    }
  }
  // It syncs the file.
  return FromRocks(writer.Finish());
}

absl::Status StagedRuns::Wait() {
  if (thread_.joinable()) thread_.join();
  writing_.reset();
  return status_;
}

absl::Status StagedRuns::Add(std::unique_ptr<KeyBuffer> buffer) {
  RETURN_IF_ERROR(Wait());
  if (runs_.empty()) {
    RETURN_IF_ERROR(FromRocks(db_->GetEnv()->CreateDirIfMissing(folder_)));
  }
  Run* const run = &runs_.emplace_back();
  run->path = NextPath();
  writing_ = std::move(buffer);
  thread_ = std::thread([this, run] { status_ = Write(*writing_, run); });
  return absl::OkStatus();
}

absl::Status StagedRuns::OpenRun(Run* run,
                                 const rocksdb::ReadOptions& options) {
  if (run->reader == nullptr) {
    auto reader = std::make_unique<rocksdb::SstFileReader>(options_);
    RETURN_IF_ERROR(FromRocks(reader->Open(run->path)));
    run->reader = std::move(reader);
  }
  run->iterator.reset(run->reader->NewIterator(options));
  return absl::OkStatus();
}

absl::StatusOr<StagedRuns::Found> StagedRuns::Find(absl::string_view key,
                                                   std::string* value) {
  size_t written = runs_.size();
  if (writing_ != nullptr) {
    --written;
    const std::optional<KeyBuffer::Entry> entry = writing_->Find(key);
    if (entry.has_value()) {
      value->assign(entry->value.data(), entry->value.size());
      return entry->deleted ? Found::kDeleted : Found::kValue;
    }
  }
  const uint64_t hash = written > 0 ? KeyFilter::Hash(key) : 0;
  for (size_t i = written; i > 0; --i) {
    Run& run = runs_[i - 1];
    if (!run.filter->MayHave(hash)) continue;
    if (run.deleted.contains(key)) return Found::kDeleted;
    if (run.iterator == nullptr) {
      RETURN_IF_ERROR(OpenRun(&run, rocksdb::ReadOptions()));
    }
    run.iterator->Seek(ToSlice(key));
    RETURN_IF_ERROR(FromRocks(run.iterator->status()));
    if (!run.iterator->Valid() || run.iterator->key() != ToSlice(key)) continue;
    *value = run.iterator->value().ToString();
    return Found::kValue;
  }
  return Found::kNothing;
}

// Merges all runs into files that do not overlap.
class StagedRuns::Merger {
 public:
  explicit Merger(StagedRuns* runs) : runs_(*runs) {}

  absl::StatusOr<std::vector<std::string>> Merge() {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    options.readahead_size = 256 << 10;
    for (size_t i = 0; i < runs_.runs_.size(); ++i) {
      RETURN_IF_ERROR(runs_.OpenRun(&runs_.runs_[i], options));
      IteratorOf(i)->SeekToFirst();
      RETURN_IF_ERROR(Push(i));
    }
    while (!heads_.empty()) RETURN_IF_ERROR(Next());
    RETURN_IF_ERROR(Close());
    return std::move(paths_);
  }

 private:
  rocksdb::Iterator* IteratorOf(size_t run) {
    return runs_.runs_[run].iterator.get();
  }

  absl::Status Push(size_t run) {
    if (IteratorOf(run)->Valid()) {
      heads_.push({FromSlice(IteratorOf(run)->key()), run});
      return absl::OkStatus();
    }
    return FromRocks(IteratorOf(run)->status());
  }

  absl::Status Advance(size_t run) {
    heads_.pop();
    IteratorOf(run)->Next();
    return Push(run);
  }

  // Writes what the newest run says of the least key.
  absl::Status Next() {
    const Head head = heads_.top();
    key_.assign(head.key.data(), head.key.size());
    if (!IsDeletedAfter(head.run)) {
      RETURN_IF_ERROR(Open());
      RETURN_IF_ERROR(
          FromRocks(writer_->Put(key_, IteratorOf(head.run)->value())));
    }
    while (!heads_.empty() && heads_.top().key == key_) {
      RETURN_IF_ERROR(Advance(heads_.top().run));
    }
    if (writer_ == nullptr || writer_->FileSize() < kMergedFileBytes) {
      return absl::OkStatus();
    }
    return Close();
  }

  // The database never had a key that a run takes away, so nothing is written
  // for it.
  bool IsDeletedAfter(size_t run) const {
    return std::any_of(runs_.runs_.begin() + static_cast<ptrdiff_t>(run) + 1,
                       runs_.runs_.end(), [&](const Run& newer) {
                         return newer.deleted.contains(key_);
                       });
  }

  absl::Status Open() {
    if (writer_ != nullptr) return absl::OkStatus();
    writer_ = std::make_unique<rocksdb::SstFileWriter>(
        rocksdb::EnvOptions(), runs_.options_, /*column_family=*/nullptr,
        /*invalidate_page_cache=*/false);
    paths_.push_back(runs_.NextPath());
    return FromRocks(writer_->Open(paths_.back()));
  }

  absl::Status Close() {
    if (writer_ == nullptr) return absl::OkStatus();
    const absl::Status status = FromRocks(writer_->Finish());
    writer_.reset();
    return status;
  }

  // The key is where the run's iterator is, and as long valid.
  struct Head {
    absl::string_view key;
    size_t run;
    // The least key, of the newest run that has it, comes first.
    bool operator<(const Head& other) const {
      return key != other.key ? key > other.key : run < other.run;
    }
  };

  StagedRuns& runs_;
  std::priority_queue<Head> heads_;
  std::string key_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::vector<std::string> paths_;
};

absl::StatusOr<std::vector<std::string>> StagedRuns::Finish() {
  RETURN_IF_ERROR(Wait());
  if (runs_.size() > kRunsMax) return Merger(this).Merge();
  std::vector<std::string> paths;
  for (const Run& run : runs_) paths.push_back(run.path);
  return paths;
}

}  // namespace comity
