// Inside of the store, shared by its source files only.

#ifndef COMITY_STORE_STORE_IMPL_H_
#define COMITY_STORE_STORE_IMPL_H_

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/iterator.h"
#include "store/key_buffer.h"
#include "store/staged_runs.h"
#include "store/store.h"
#include "store/synced_logs.h"
#include "store/timed_mutex.h"
#include "store/version_cache.h"

namespace comity {

// What a commit changes in memory, once it is durable.
struct Publication {
  uint64_t sequence = 0;
  PackedUpdates updates;
  bool reference = false;
};

class Store::Impl {
 public:
  absl::Status Open(const std::string& folder, const StoreOptions& options);
  absl::Status Close();

  // Value of a key; NotFound.
  absl::Status GetKey(absl::string_view key, std::string* value) const;
  std::unique_ptr<rocksdb::Iterator> NewIterator() const;

  // Newest version at `at` of a name; 0 if there is none. `version`, if not
  // null, gets its bytes.
  absl::StatusOr<uint64_t> Find(const names::Parts& name, uint64_t at,
                                std::string* version) const;
  // The same with an iterator, whatever the pointer says.
  absl::StatusOr<uint64_t> FindBackwards(const names::Parts& name, uint64_t at,
                                         std::string* version) const;

  // Waits until all up to `sequence` is durable and published. Waiters share
  // syncs: one of them syncs for all that wrote before it began.
  absl::Status WaitDurable(uint64_t sequence);
  // Makes `publication` wait for its sync.
  void Enqueue(Publication publication);
  // Shows what is durable up to `sequence`; under `sync_mutex`.
  void Publish(uint64_t sequence);

  // The time of the next publication: now, but after the last one.
  absl::Time NextTime();

  // Writes keys as one batch. Failed, nothing more is written.
  absl::Status WriteBatch(const KeyBuffer& keys, bool sync);
  // Makes sorted files part of the database, durably, all or none; later ones
  // are newer. Failed, nothing more is written.
  absl::Status Ingest(const std::vector<std::string>& paths);
  // Puts into memory the versions of authorities and designations that come
  // after the sequence `after`, the newest of each.
  absl::Status KeepVersions(uint64_t after) const;
  // Takes note that what is on disk is no longer known; gives `status` back.
  absl::Status Break(absl::Status status);

  // Where imports are staged.
  std::string StagingFolder() const { return folder + "/staging"; }

  const Clock* clock = nullptr;
  bool read_only = false;
  size_t staged_bytes = 0;
  std::string folder;
  // Shared with RocksDB, which asks for it so.
  std::shared_ptr<SyncedLogs> logs;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  Roster roster;
  std::unique_ptr<VersionCache> versions;
  std::atomic<uint64_t> published{0};
  std::atomic<uint64_t> generation{1};

  // Held by whoever writes, from its first read to its last write.
  TimedMutex writer_mutex;
  // Under writer_mutex: newest written sequence and its time.
  uint64_t written = 0;
  int64_t last_micros = 0;

  std::mutex sync_mutex;
  std::condition_variable synced;
  bool syncing = false;
  // Newest sequence that a batch in RocksDB has.
  uint64_t enqueued = 0;
  uint64_t durable = 0;
  std::deque<Publication> publications;
  // Not OK once a write or sync failed: nothing more is written, since what is
  // on disk is no longer known.
  absl::Status broken;

  mutable std::mutex listeners_mutex;
  std::map<uint64_t, std::function<void()>> listeners;
  uint64_t next_listener = 1;

 private:
  absl::Status OpenDatabase(const StoreOptions& options);
  absl::Status CheckFormat();
  absl::Status FindEnd();
  // Calls `visit` with the newest published version of each record of a kind,
  // deletions included.
  absl::Status ForEachNewest(
      Kind kind,
      absl::FunctionRef<absl::Status(std::string name, uint64_t sequence,
                                     const std::string& version)>
          visit) const;
  absl::Status FillRoster();
  absl::Status FillRosterOf(Kind kind);
  absl::Status SweepRequests();
};

// The transaction of a commit (`staged` false) or an import. The caller holds
// `writer_mutex`.
class Writer : public Staging {
 public:
  // Takes over the lock that its user holds on `impl->writer_mutex`.
  // `continued`, if not null, is the import job that this staging is a part of.
  Writer(Store::Impl* impl, std::string actor, bool staged,
         const v1::ImportJob* continued, std::unique_lock<TimedMutex> lock);
  ~Writer() override;

  absl::Status Read(Kind kind, absl::string_view name,
                    google::protobuf::Message* record) const override;
  absl::StatusOr<bool> Exists(absl::string_view name, bool ever) const override;
  absl::Status ForEachName(
      Kind kind, absl::string_view under,
      absl::FunctionRef<bool(const std::string&)> visit) const override;
  absl::StatusOr<Outcome> Put(google::protobuf::Message* record) override;
  absl::Status Delete(absl::string_view name) override;
  absl::StatusOr<std::string> FindBySource(absl::string_view system,
                                           absl::string_view id,
                                           Kind kind) const override;
  absl::StatusOr<std::string> FindAuthority(
      absl::string_view state, absl::string_view name,
      absl::string_view unit) const override;
  absl::StatusOr<bool> KnewSystem(absl::string_view system) const override;
  absl::StatusOr<bool> KnewNames(Kind kind, absl::string_view under,
                                 absl::string_view id) const override;
  uint64_t Reserve() override;
  absl::Status Add(google::protobuf::Message* record, uint64_t place) override;
  absl::Status Publish(v1::ImportJob* job, v1::ImportJob* undone) override;
  absl::Status Restore(const v1::Change& change) override;

  // Writes what was put as one batch, not yet synced, with the answer to
  // `options.request_id`. Returns the sequence to wait for; 0: none.
  absl::StatusOr<uint64_t> Finish(const WriteOptions& options);

 private:
  using Lookups = std::vector<std::pair<std::string, std::string>>;
  // What a write needs to know of the version that it follows.
  struct Before {
    uint64_t sequence = 0;
    std::string version;
    bool live = false;
  };
  absl::StatusOr<Before> Newest(const names::Parts& name) const;
  // As this transaction has it; NotFound.
  absl::Status GetKey(absl::string_view key, std::string* value) const;
  // As this transaction wrote it; nothing if it did not.
  absl::StatusOr<StagedRuns::Found> GetWritten(absl::string_view key,
                                               std::string* value) const;
  // True if a key that starts so was there before this transaction.
  absl::StatusOr<bool> HadKey(const std::string& prefix) const;
  // Writes a version that follows `before`, at the place `sequence` of the
  // change log, with its lookups.
  absl::Status Append(const names::Parts& parts, const std::string& name,
                      uint64_t sequence, const Before& before,
                      const StoredVersion& version,
                      const google::protobuf::Message* record,
                      const Lookups& lookups);
  // Fills the provisions of an expression that is put without, from the version
  // before. InvalidArgument if it has none.
  absl::Status KeepProvisions(const names::Parts& parts, const Before& before,
                              v1::Expression* expression) const;
  // Writes the provisions of `record`, if it is an expression, as those of the
  // version `sequence`.
  absl::Status PutProvisions(const names::Parts& parts, uint64_t sequence,
                             const google::protobuf::Message& record);
  absl::Status Rewrite(const names::Parts& parts, const Before& before,
                       const StoredVersion& version,
                       const google::protobuf::Message& record);
  // Takes note of the records of this transaction that others are found in
  // place of from now on.
  absl::Status Displace(const Lookups& lookups);
  // Gives back `lookup`, which led to `name` and does so no longer.
  absl::Status GiveBack(const std::string& lookup, const std::string& name);
  // The lookups of the versions of a record that this transaction wrote before
  // that of `sequence`.
  absl::StatusOr<Lookups> WrittenBefore(const names::Parts& parts,
                                        uint64_t sequence) const;
  // True if the newest version of that record, if this transaction wrote it,
  // has the lookup.
  absl::StatusOr<bool> Holds(const std::string& name,
                             const std::string& lookup) const;
  // Tells the roster that the version `sequence` follows `previous`.
  void AddUpdate(const names::Parts& parts, const std::string& name,
                 uint64_t sequence, uint64_t previous,
                 const google::protobuf::Message* record);
  // Makes room in memory, if there is need of it.
  absl::Status Spill();
  void PutJob(v1::ImportJob* job, v1::ImportJob* undone);
  // Makes durable what a staging wrote.
  absl::Status WriteStaged();

  Store::Impl* const impl_;
  const std::string actor_;
  const bool staged_;
  std::unique_lock<TimedMutex> lock_;
  const uint64_t first_;
  // Of the import that this staging is or is a part of; empty for commits.
  std::string job_;
  uint64_t job_first_;
  uint64_t sequence_;
  absl::Time time_;
  // What was written: the newest in memory, older keys in files.
  std::unique_ptr<KeyBuffer> keys_ = std::make_unique<KeyBuffer>();
  std::unique_ptr<StagedRuns> runs_;
  // Over the database as it was before; made when it is first asked for.
  mutable std::unique_ptr<rocksdb::Iterator> before_;
  // What was read last: a record is mostly found, read and put in turn. The key
  // is empty if it is no longer so.
  mutable std::string last_newest_key_;
  mutable Before last_newest_;
  // By lookup, the records of this transaction that others took it from.
  absl::flat_hash_map<std::string, std::vector<std::string>> displaced_;
  // Places in the change log that were reserved and not filled.
  int64_t reserved_ = 0;
  Publication publication_;
  std::string last_name_;
  // History being restored: publications to write, and the job of each change.
  std::vector<std::pair<uint64_t, int64_t>> restored_;
};

}  // namespace comity

#endif  // COMITY_STORE_STORE_IMPL_H_
