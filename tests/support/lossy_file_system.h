// A file system that can lose power: it remembers what was synced, stops at a
// moment that the test chooses, and then forgets the rest.

#ifndef COMITY_TESTS_SUPPORT_LOSSY_FILE_SYSTEM_H_
#define COMITY_TESTS_SUPPORT_LOSSY_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "rocksdb/file_system.h"

namespace comity {

// Bytes of a file are durable up to its last Sync or Fsync; that a file was
// made, renamed or deleted is durable once its folder was synced. Nothing is
// synced on the machine itself, which stays up. Thread-safe.
class LossyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  // Deleted files are kept in `trash`, an existing folder on the same disk.
  explicit LossyFileSystem(std::string trash);

  static const char* kClassName() { return "LossyFileSystem"; }
  const char* Name() const override { return kClassName(); }

  // Lets `operations` more writes and syncs through, and no further one.
  void FreezeAfter(int64_t operations);
  bool frozen() const;
  // Answers Sync and Fsync of files that end in `suffix` with OK, and does not
  // remember them: what a store does that forgets to sync.
  void IgnoreSyncOf(std::string suffix);
  // Syncs of files that end in `suffix` so far, and appends to them.
  int64_t SyncsOf(const std::string& suffix) const;
  int64_t AppendsTo(const std::string& suffix) const;
  // Called before each sync of a file, without a lock held.
  void OnSync(std::function<void(const std::string& path)> listener);

  // After the database is closed: the disk as the power cut leaves it. Without
  // `random`, everything that was not synced is gone; with it, some of it may
  // have reached the disk: of every file a part, of the changes to folders the
  // first ones.
  void LosePower(std::mt19937_64* random);

  rocksdb::IOStatus NewWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(
      const std::string& path, const std::string& old_path,
      const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path,
                                 const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus Truncate(const std::string& path, size_t size,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  // The new name shares the bytes; only it may be written to afterwards.
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class File;
  class Folder;

  struct Bytes {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  // One change to a folder that is not synced yet.
  struct Change {
    enum class Type { kMade, kRenamed, kDeleted };
    Type type;
    std::string path;
    // Renamed: the new path.
    std::string to;
    // Where what was at `path` (deleted) or `to` (renamed over) is kept; empty:
    // nothing was there.
    std::string kept;
    // State of that file.
    Bytes kept_bytes;
  };

  // Counts one operation; not OK if the power is gone. Under `mutex_`.
  rocksdb::IOStatus Step();
  // Moves the file at `path` to the trash. Under `mutex_`.
  void Keep(const std::string& path, Change* change);
  void Undo(const Change& change);
  rocksdb::IOStatus SyncFile(const std::string& path);
  rocksdb::IOStatus SyncFolder(const std::string& path);

  const std::string trash_;
  mutable std::mutex mutex_;
  int64_t left_ = INT64_MAX;
  bool frozen_ = false;
  std::string ignored_suffix_;
  std::function<void(const std::string&)> on_sync_;
  int64_t kept_ = 0;
  // By path, of every file written since the start.
  std::map<std::string, Bytes> files_;
  std::vector<Change> changes_;
  std::map<std::string, int64_t> syncs_;
  std::map<std::string, int64_t> appends_;
};

}  // namespace comity

#endif  // COMITY_TESTS_SUPPORT_LOSSY_FILE_SYSTEM_H_
