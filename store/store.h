// The store: every record with its history, lookups and change log.
//
// Versions are immutable and a reader sees those up to the published sequence.
// A write makes one RocksDB batch of version, pointer, lookups, change and the
// new published sequence. It is answered once the log of RocksDB is synced, and
// writers that wait at the same time share one sync; nobody sees it before. An
// import is staged beside the database, in memory and then in sorted files, and
// becomes part of it in one step: a batch, or all files at once. Abandoned, its
// files are removed; those that a crash leaves are removed at the next start.

#ifndef COMITY_STORE_STORE_H_
#define COMITY_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/names.h"
#include "comity/v1/admin_service.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/record.pb.h"
#include "google/protobuf/message.h"
#include "store/records.h"
#include "store/roster.h"

namespace rocksdb {
class DB;
class FileSystem;
}  // namespace rocksdb

namespace comity {

struct StoreOptions {
  // Must outlive the store.
  const Clock* clock = nullptr;
  size_t block_cache_bytes = 32 << 20;
  // For the versions of current authorities and designations.
  size_t version_cache_bytes = 128 << 20;
  size_t write_buffer_bytes = 16 << 20;
  // What an import keeps in memory, twice, before it goes to files.
  size_t staged_bytes = 20 << 20;
  // For tests that drop what was not synced; null: the machine's. Shared with
  // RocksDB, which asks for it so.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // Opens an existing store without writing to it.
  bool read_only = false;
};

// What a write did to one record.
enum class Outcome { kAdded, kChanged, kUnchanged };

// The newest written state, and writes on top of it. Made by the store, used by
// one thread, while no other writer is active.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // The newest version, whether published or written by this transaction.
  // NotFound if there is none or it was deleted.
  template <class M>
  absl::StatusOr<M> Get(absl::string_view name) const {
    M record;
    absl::Status status = Read(KindOf<M>::kKind, name, &record);
    if (!status.ok()) return status;
    return record;
  }
  // The same into a message of the kind's type.
  virtual absl::Status Read(Kind kind, absl::string_view name,
                            google::protobuf::Message* record) const = 0;

  // True if a record of that name exists now; `ever`: or did once.
  virtual absl::StatusOr<bool> Exists(absl::string_view name,
                                      bool ever) const = 0;

  // Calls `visit` with the names of a kind's records in order until it returns
  // false: those written before this transaction. `under` limits it to one
  // State (code) or treaty (slug).
  virtual absl::Status ForEachName(
      Kind kind, absl::string_view under,
      absl::FunctionRef<bool(const std::string&)> visit) const = 0;

  // Adds or replaces the record of `record.name`; a record of the same content
  // stays as it is. Clears its server fields. An expression without provisions
  // keeps those that it has, and is given them. InvalidArgument if the name is
  // malformed or the record over its limit; whatever else is right about a
  // record, the caller has checked.
  virtual absl::StatusOr<Outcome> Put(google::protobuf::Message* record) = 0;

  // NotFound if there is none.
  virtual absl::Status Delete(absl::string_view name) = 0;

  // Name of the record of `kind` that came from this place; empty: none.
  virtual absl::StatusOr<std::string> FindBySource(absl::string_view system,
                                                   absl::string_view id,
                                                   Kind kind) const = 0;
  // Name of the office of this State (code) so called; empty: none. `name` and
  // `unit` as printed.
  virtual absl::StatusOr<std::string> FindAuthority(
      absl::string_view state, absl::string_view name,
      absl::string_view unit) const = 0;

  // For whoever writes many records and would ask for each in vain. True if,
  // before this transaction, there was a record, now or formerly, that came
  // from this system; whose id, under this State (code) or treaty (slug),
  // begins so.
  virtual absl::StatusOr<bool> KnewSystem(absl::string_view system) const = 0;
  virtual absl::StatusOr<bool> KnewNames(Kind kind, absl::string_view under,
                                         absl::string_view id) const = 0;
};

// An import under way. Holds up all other writers until it is destroyed.
// Destroyed unpublished, it leaves nothing behind.
class Staging : public Transaction {
 public:
  // A place in the change log for a record that is added later, so that it
  // stands before those that refer to it. All must be filled before Publish.
  virtual uint64_t Reserve() = 0;
  // Adds a record under a name that nobody has or had. Nothing is looked up:
  // the caller has made sure of that, and that no other record of this import
  // is found by its names and sources. `place` was reserved; 0: the next one.
  virtual absl::Status Add(google::protobuf::Message* record,
                           uint64_t place) = 0;
  // Makes everything visible at once, and `job`, if it wrote anything, with it:
  // name, sequences and time of `job` are filled. `undone`, if not null, is the
  // job that this one takes back, and is marked so in the same batch. Of an
  // import in parts, every part publishes the job as it is then.
  virtual absl::Status Publish(v1::ImportJob* job, v1::ImportJob* undone) = 0;
  // Writes a version with the sequence and times that an export with history
  // gives. FailedPrecondition unless the store was empty and sequences come in
  // order without gaps.
  virtual absl::Status Restore(const v1::Change& change) = 0;
};

// Who writes, and how the write can be repeated safely.
struct WriteOptions {
  std::string actor;
  // UUID; empty: none.
  std::string request_id;
  // What the request is, apart from its id: a repetition must have the same.
  std::string request_digest;
  bool validate_only = false;
  // Until when to wait for another writer.
  absl::Time deadline = absl::InfiniteFuture();
};

// As a time in reads: as published now.
inline constexpr uint64_t kNow = UINT64_MAX;

// A write that was asked for before under the same request id.
struct Repetition {
  // The record that it wrote last, and the version.
  std::string name;
  uint64_t sequence = 0;
};

// Thread-safe.
class Store {
 public:
  // Inside of the store; see store_impl.h.
  class Impl;

  // Makes the folder if there is none. FailedPrecondition for another format,
  // with the command to run; Unavailable if another process holds it; DataLoss
  // if it is damaged.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const std::string& folder, const StoreOptions& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // The newest sequence that readers see; 0: the store is empty.
  uint64_t published() const;
  // Grows whenever a State, treaty, function or participation changes.
  uint64_t reference_generation() const;
  const Roster& roster() const;

  // Reads. `at` is a sequence: the record as of then, at most the published
  // one. NotFound if there was none.
  template <class M>
  absl::StatusOr<M> Get(absl::string_view name, uint64_t at = kNow) const {
    M record;
    absl::Status status = Read(KindOf<M>::kKind, name, at, &record);
    if (!status.ok()) return status;
    return record;
  }
  absl::Status Read(Kind kind, absl::string_view name, uint64_t at,
                    google::protobuf::Message* record) const;
  // The same, and the sequence of the version that was read.
  absl::StatusOr<uint64_t> ReadWithSequence(
      Kind kind, absl::string_view name, uint64_t at,
      google::protobuf::Message* record) const;
  // The version of exactly this sequence, as the roster or a change cites it.
  // NotFound if it is a deletion; DataLoss if it is missing.
  absl::Status ReadVersion(absl::string_view name, uint64_t sequence,
                           google::protobuf::Message* record) const;

  // Provisions of the version `sequence` of an expression, with bare ids for
  // names: all from the position `first` on, until `visit` returns false; the
  // one at a position; the position of the one of an id. NotFound if there is
  // none.
  absl::Status ForEachProvision(
      absl::string_view expression, uint64_t sequence,
      absl::FunctionRef<bool(const v1::Provision&)> visit, int first = 1) const;
  absl::Status ReadProvision(absl::string_view expression, uint64_t sequence,
                             int position, v1::Provision* provision) const;
  absl::StatusOr<int> FindProvision(absl::string_view expression,
                                    uint64_t sequence,
                                    absl::string_view id) const;

  // Appends the bytes of the message that ReadVersion would fill: for answers
  // that pass records on.
  absl::Status AppendVersion(Kind kind, absl::string_view name,
                             uint64_t sequence, std::string* out) const;
  // Calls `use` with the stored bytes of these versions of offices and
  // designations, as VersionCache::VisitAll does.
  bool VisitVersionsInMemory(
      absl::Span<const uint64_t> sequences,
      absl::FunctionRef<void(absl::Span<const absl::string_view>)> use) const;
  // Appends those of the newest version. NotFound if there is none.
  absl::Status AppendNewest(Kind kind, absl::string_view name,
                            std::string* out) const;

  // Calls `visit` with every record of a kind in the order of names, as of
  // `at`, from the one that follows `after` ("": from the first), until it
  // returns false. `under` limits it to one State (code) or treaty (slug), or
  // to one law (`{code}/{id}`).
  struct Item {
    std::string name;
    uint64_t sequence = 0;
    absl::string_view version;  // For ParseVersion.
  };
  absl::Status ForEach(Kind kind, absl::string_view under,
                       absl::string_view after, uint64_t at,
                       absl::FunctionRef<bool(const Item&)> visit) const;

  // Names that a lookup has under `prefix` (keys.h), now or formerly, from the
  // key after `after`, at most `limit`. The record must be checked.
  absl::StatusOr<std::vector<std::string>> LookUp(const std::string& prefix,
                                                  size_t limit) const;

  // The change log. `change` has its time but no records. NotFound beyond the
  // published end.
  absl::StatusOr<v1::Change> GetChange(uint64_t sequence) const;
  // Calls `visit` with the changes from `first` on, up to the published end,
  // until it returns false.
  absl::Status ForEachChange(
      uint64_t first, absl::FunctionRef<bool(const v1::Change&)> visit) const;
  // Sequences of the versions of one record, newest first.
  absl::StatusOr<std::vector<uint64_t>> VersionsOf(
      absl::string_view name) const;
  // The newest sequence published at `time` or before; 0: none.
  absl::StatusOr<uint64_t> SequenceAt(absl::Time time) const;

  // Runs `write` while no other writer is active, and commits what it wrote if
  // it returns OK. Returns the last sequence when that is durable and visible;
  // the published one if nothing was written. With a `request_id` that was
  // committed before, `write` is not run. Unavailable if another writer held on
  // until the deadline.
  absl::StatusOr<uint64_t> Commit(
      const WriteOptions& options,
      absl::FunctionRef<absl::Status(Transaction&)> write);

  // The write with this request id, if there was one within a day.
  // InvalidArgument if it had another digest.
  absl::StatusOr<std::optional<Repetition>> Repeated(
      absl::string_view request_id, absl::string_view digest) const;

  // Begins an import, or, with `continued`, a further part of one, whose job
  // was published with the part before; it need not outlive the call.
  // Unavailable if another writer held on until `deadline`.
  absl::StatusOr<std::unique_ptr<Staging>> Stage(
      const std::string& actor, absl::Time deadline,
      const v1::ImportJob* continued = nullptr);

  absl::StatusOr<v1::ImportJob> GetImportJob(absl::string_view name) const;
  // Newest first, from the one after the name `after`.
  absl::StatusOr<std::vector<v1::ImportJob>> ListImportJobs(
      absl::string_view after, size_t limit) const;
  // Calls `listener` after every publication, from the thread that published;
  // it must return at once and not call the store's writes.
  uint64_t Listen(std::function<void()> listener);
  // When it returns, the listener does not run and will not.
  void StopListening(uint64_t id);

  // Every key taken apart, in order; `tag` and `resource` limit it. Cancelled
  // once `go_on`, which is asked now and then, returns false.
  absl::Status Dump(
      absl::string_view tag, absl::string_view resource,
      absl::FunctionRef<bool(const std::string& line)> visit,
      absl::FunctionRef<bool()> go_on = [] { return true; }) const;
  // Checks everything against everything. Calls `problem` for each fault.
  // Cancelled as Dump is.
  absl::StatusOr<int64_t> Verify(
      absl::FunctionRef<void(const std::string&)> problem,
      absl::FunctionRef<bool()> go_on = [] { return true; }) const;
  // A consistent copy in `folder`, which must not exist.
  absl::Status Backup(const std::string& folder) const;
  int64_t BytesOnDisk() const;

 private:
  explicit Store(std::unique_ptr<Impl> impl);

  // Calls `visit` with the stored bytes of the version of exactly this
  // sequence. DataLoss if it is missing.
  absl::Status VisitVersion(
      absl::string_view name, uint64_t sequence,
      absl::FunctionRef<absl::Status(absl::string_view)> visit) const;

  std::unique_ptr<Impl> impl_;
};

}  // namespace comity

#endif  // COMITY_STORE_STORE_H_
