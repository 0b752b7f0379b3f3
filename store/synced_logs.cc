#include "store/synced_logs.h"

#include <utility>

#include "absl/strings/match.h"

namespace comity {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class SyncedLogs::Log : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  // The caller holds `mutex_`.
  Log(SyncedLogs* logs, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), logs_(logs) {
    logs_->logs_.insert(this);
  }
  ~Log() override { Leave(); }

  // `appended_` is set after the bytes are written: a sync that began before
  // does not answer for them.
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    appended_ = true;
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* debug) override {
    IOStatus status =
        FSWritableFileOwnerWrapper::Append(data, options, verification, debug);
    appended_ = true;
    return status;
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    Leave();
    return FSWritableFileOwnerWrapper::Close(options, debug);
  }

  // The caller holds `mutex_`.
  IOStatus SyncAppended() {
    if (!appended_.exchange(false)) return IOStatus::OK();
    return Sync(IOOptions(), nullptr);
  }

 private:
  void Leave() {
    const std::lock_guard<std::mutex> lock(logs_->mutex_);
    logs_->logs_.erase(this);
  }

  SyncedLogs* const logs_;
  std::atomic<bool> appended_{false};
};

SyncedLogs::SyncedLogs(const std::shared_ptr<rocksdb::FileSystem>& system,
                       std::string folder)
    : FileSystemWrapper(system), folder_(std::move(folder)) {}

IOStatus SyncedLogs::Sync() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Log* log : logs_) {
    IOStatus status = log->SyncAppended();
    if (!status.ok()) return status;
  }
  if (!new_log_) return IOStatus::OK();
  if (directory_ == nullptr) {
    IOStatus status =
        target()->NewDirectory(folder_, IOOptions(), &directory_, nullptr);
    if (!status.ok()) return status;
  }
  IOStatus status = directory_->FsyncWithDirOptions(IOOptions(), nullptr,
                                                    rocksdb::DirFsyncOptions());
  if (status.ok()) new_log_ = false;
  return status;
}

IOStatus SyncedLogs::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  IOStatus status = target()->NewWritableFile(path, options, result, debug);
  if (!status.ok() || !absl::EndsWith(path, ".log")) return status;
  const std::lock_guard<std::mutex> lock(mutex_);
  *result = std::make_unique<Log>(this, std::move(*result));
  new_log_ = true;
  return status;
}

}  // namespace comity
