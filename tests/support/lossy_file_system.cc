#include "tests/support/lossy_file_system.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace comity {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

bool EndsIn(const std::string& path, const std::string& suffix) {
  return path.size() >= suffix.size() &&
         path.compare(path.size() - suffix.size(), suffix.size(), suffix) == 0;
}

std::string FolderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

int64_t SumOf(const std::map<std::string, int64_t>& counts,
              const std::string& suffix) {
  int64_t sum = 0;
  for (const auto& [path, count] : counts) {
    if (EndsIn(path, suffix)) sum += count;
  }
  return sum;
}

// Paths as RocksDB gives them may hold `//`.
std::string Clean(const std::string& path) {
  std::string clean = std::filesystem::path(path).lexically_normal().string();
  if (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

}  // namespace

// A file that tells the file system what is written and synced.
class LossyFileSystem::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(LossyFileSystem* system, std::string path,
       std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)),
        system_(system),
        path_(std::move(path)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    const std::lock_guard<std::mutex> lock(system_->mutex_);
    IOStatus status = system_->Step();
    if (!status.ok()) return status;
    status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) system_->files_[path_].written += data.size();
    ++system_->appends_[path_];
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus PositionedAppend(const rocksdb::Slice&, uint64_t, const IOOptions&,
                            IODebugContext*) override {
    return IOStatus::NotSupported("only for direct I/O");
  }
  IOStatus PositionedAppend(const rocksdb::Slice&, uint64_t, const IOOptions&,
                            const rocksdb::DataVerificationInfo&,
                            IODebugContext*) override {
    return IOStatus::NotSupported("only for direct I/O");
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options,
                    IODebugContext* debug) override {
    const std::lock_guard<std::mutex> lock(system_->mutex_);
    IOStatus status = system_->Step();
    if (!status.ok()) return status;
    status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (status.ok()) system_->files_[path_].written = size;
    return status;
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return system_->SyncFile(path_);
  }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return system_->SyncFile(path_);
  }
  // Promises nothing, like sync_file_range.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&,
                     IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  LossyFileSystem* const system_;
  const std::string path_;
};

class LossyFileSystem::Folder : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(LossyFileSystem* system, std::string path,
         std::unique_ptr<rocksdb::FSDirectory> folder)
      : FSDirectoryWrapper(std::move(folder)),
        system_(system),
        path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return system_->SyncFolder(path_);
  }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return system_->SyncFolder(path_);
  }

 private:
  LossyFileSystem* const system_;
  const std::string path_;
};

LossyFileSystem::LossyFileSystem(std::string trash)
    : FileSystemWrapper(rocksdb::FileSystem::Default()),
      trash_(std::move(trash)) {}

void LossyFileSystem::FreezeAfter(int64_t operations) {
  const std::lock_guard<std::mutex> lock(mutex_);
  left_ = operations;
}

bool LossyFileSystem::frozen() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return frozen_;
}

void LossyFileSystem::IgnoreSyncOf(std::string suffix) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ignored_suffix_ = std::move(suffix);
}

int64_t LossyFileSystem::SyncsOf(const std::string& suffix) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return SumOf(syncs_, suffix);
}

int64_t LossyFileSystem::AppendsTo(const std::string& suffix) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return SumOf(appends_, suffix);
}

void LossyFileSystem::OnSync(
    std::function<void(const std::string& path)> listener) {
  const std::lock_guard<std::mutex> lock(mutex_);
  on_sync_ = std::move(listener);
}

IOStatus LossyFileSystem::Step() {
  if (left_ == 0) frozen_ = true;
  if (frozen_) return IOStatus::IOError("the power is gone");
  --left_;
  return IOStatus::OK();
}

IOStatus LossyFileSystem::SyncFile(const std::string& path) {
  std::function<void(const std::string&)> listener;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    listener = on_sync_;
  }
  if (listener) listener(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  ++syncs_[path];
  if (!ignored_suffix_.empty() && EndsIn(path, ignored_suffix_)) return status;
  Bytes& bytes = files_[path];
  bytes.synced = bytes.written;
  return status;
}

IOStatus LossyFileSystem::SyncFolder(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  std::vector<Change> left;
  for (Change& change : changes_) {
    if (FolderOf(change.path) != path) {
      left.push_back(std::move(change));
    } else if (!change.kept.empty()) {
      std::error_code ignored;
      std::filesystem::remove(change.kept, ignored);
    }
  }
  changes_ = std::move(left);
  return status;
}

IOStatus LossyFileSystem::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  const std::string clean = Clean(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  // Made over an old file, it is as if that was deleted before.
  if (std::filesystem::exists(clean)) {
    Change change{Change::Type::kDeleted, clean, "", "", {}};
    Keep(clean, &change);
    changes_.push_back(std::move(change));
  }
  std::unique_ptr<rocksdb::FSWritableFile> file;
  status = target()->NewWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  files_[clean] = Bytes();
  changes_.push_back({Change::Type::kMade, clean, "", "", {}});
  *result = std::make_unique<File>(this, clean, std::move(file));
  return status;
}

IOStatus LossyFileSystem::ReopenWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  const std::string clean = Clean(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  std::error_code none;
  const auto size = std::filesystem::file_size(clean, none);
  if (none) {
    files_[clean] = Bytes();
    changes_.push_back({Change::Type::kMade, clean, "", "", {}});
  } else if (files_.count(clean) == 0) {
    // It was there before this file system was, so it is durable.
    files_[clean] = {size, size};
  }
  std::unique_ptr<rocksdb::FSWritableFile> file;
  status = target()->ReopenWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<File>(this, clean, std::move(file));
  return status;
}

IOStatus LossyFileSystem::ReuseWritableFile(
    const std::string&, const std::string&, const rocksdb::FileOptions&,
    std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) {
  return IOStatus::NotSupported("logs are not recycled");
}

IOStatus LossyFileSystem::NewDirectory(
    const std::string& path, const IOOptions& options,
    std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> folder;
  IOStatus status = target()->NewDirectory(path, options, &folder, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<Folder>(this, Clean(path), std::move(folder));
  return status;
}

void LossyFileSystem::Keep(const std::string& path, Change* change) {
  change->kept = trash_ + "/" + std::to_string(++kept_);
  std::filesystem::rename(path, change->kept);
  const auto bytes = files_.find(path);
  if (bytes == files_.end()) {
    const auto size = std::filesystem::file_size(change->kept);
    change->kept_bytes = {size, size};
  } else {
    change->kept_bytes = bytes->second;
    files_.erase(bytes);
  }
}

IOStatus LossyFileSystem::DeleteFile(const std::string& path, const IOOptions&,
                                     IODebugContext*) {
  const std::string clean = Clean(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  if (!std::filesystem::exists(clean)) {
    return IOStatus::PathNotFound("no such file");
  }
  Change change{Change::Type::kDeleted, clean, "", "", {}};
  Keep(clean, &change);
  changes_.push_back(std::move(change));
  return status;
}

IOStatus LossyFileSystem::Truncate(const std::string& path, size_t size,
                                   const IOOptions& options,
                                   IODebugContext* debug) {
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  const auto bytes = files_.find(Clean(path));
  if (bytes != files_.end()) bytes->second.written = size;
  return target()->Truncate(path, size, options, debug);
}

IOStatus LossyFileSystem::LinkFile(const std::string& from,
                                   const std::string& to,
                                   const IOOptions& options,
                                   IODebugContext* debug) {
  const std::string source = Clean(from);
  const std::string made = Clean(to);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  status = target()->LinkFile(from, to, options, debug);
  if (!status.ok()) return status;
  const auto bytes = files_.find(source);
  if (bytes != files_.end()) files_[made] = bytes->second;
  changes_.push_back({Change::Type::kMade, made, "", "", {}});
  return status;
}

IOStatus LossyFileSystem::RenameFile(const std::string& from,
                                     const std::string& to,
                                     const IOOptions& options,
                                     IODebugContext* debug) {
  const std::string source = Clean(from);
  const std::string target_path = Clean(to);
  const std::lock_guard<std::mutex> lock(mutex_);
  IOStatus status = Step();
  if (!status.ok()) return status;
  if (!std::filesystem::exists(source)) {
    return IOStatus::PathNotFound("no such file");
  }
  Change change{Change::Type::kRenamed, source, target_path, "", {}};
  if (std::filesystem::exists(target_path)) Keep(target_path, &change);
  status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const auto bytes = files_.find(source);
  if (bytes != files_.end()) {
    files_[target_path] = bytes->second;
    files_.erase(source);
  }
  changes_.push_back(std::move(change));
  return status;
}

void LossyFileSystem::Undo(const Change& change) {
  std::error_code ignored;
  switch (change.type) {
    case Change::Type::kMade:
      std::filesystem::remove(change.path, ignored);
      files_.erase(change.path);
      return;
    case Change::Type::kDeleted:
      std::filesystem::rename(change.kept, change.path, ignored);
      files_[change.path] = change.kept_bytes;
      return;
    case Change::Type::kRenamed:
      std::filesystem::rename(change.to, change.path, ignored);
      if (files_.count(change.to) > 0) {
        files_[change.path] = files_[change.to];
        files_.erase(change.to);
      }
      if (change.kept.empty()) return;
      std::filesystem::rename(change.kept, change.to, ignored);
      files_[change.to] = change.kept_bytes;
      return;
  }
}

void LossyFileSystem::LosePower(std::mt19937_64* random) {
  const std::lock_guard<std::mutex> lock(mutex_);
  frozen_ = true;
  // A journal keeps the order of changes, so the first ones survive.
  const size_t kept =
      random == nullptr ? 0 : (*random)() % (changes_.size() + 1);
  while (changes_.size() > kept) {
    Undo(changes_.back());
    changes_.pop_back();
  }
  for (const auto& [path, bytes] : files_) {
    uint64_t size = bytes.synced;
    if (bytes.written > size && random != nullptr) {
      size += (*random)() % (bytes.written - size + 1);
    }
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) > size && !ignored) {
      std::filesystem::resize_file(path, size, ignored);
    }
  }
}

}  // namespace comity
