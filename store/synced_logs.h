// A file system that can sync RocksDB's logs while RocksDB appends to them.

#ifndef COMITY_STORE_SYNCED_LOGS_H_
#define COMITY_STORE_SYNCED_LOGS_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "rocksdb/file_system.h"

namespace comity {

// DB::SyncWAL does the same, but is no way out where the disk fails: called
// while another thread's append fails, it goes on with the file that RocksDB
// has given up, and the packaged RocksDB, whose assertions are on, ends the
// process. Thread-safe.
class SyncedLogs : public rocksdb::FileSystemWrapper {
 public:
  // Logs are the files `*.log` of `folder`.
  SyncedLogs(const std::shared_ptr<rocksdb::FileSystem>& system,
             std::string folder);

  static const char* kClassName() { return "SyncedLogs"; }
  const char* Name() const override { return kClassName(); }

  // Makes durable what was appended to any log before the call. Failed, what is
  // on disk is not known, and trying again does not tell. Logs that RocksDB has
  // closed are no matter of it: their records are in synced tables.
  rocksdb::IOStatus Sync();

  rocksdb::IOStatus NewWritableFile(
      const std::string& path, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;

 private:
  class Log;

  const std::string folder_;
  // Held while logs are synced, so that none is closed then.
  std::mutex mutex_;
  std::set<Log*> logs_;
  std::unique_ptr<rocksdb::FSDirectory> directory_;
  // A log was made since the folder was synced.
  bool new_log_ = false;
};

}  // namespace comity

#endif  // COMITY_STORE_SYNCED_LOGS_H_
