#include "store/store.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "google/protobuf/timestamp.pb.h"
#include "rocksdb/file_system.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/checkpoint.h"
#include "store/keys.h"
#include "store/rocks_status.h"
#include "store/store_impl.h"

namespace comity {
namespace {

// At the start nobody reads yet, so the roster is filled in parts.
constexpr size_t kRosterUpdatesAtOnce = 4096;

constexpr int kBlockCacheShardBits = 2;

rocksdb::Options DatabaseOptions(const StoreOptions& options) {
  rocksdb::Options database;
  database.create_if_missing = !options.read_only;
  database.write_buffer_size = options.write_buffer_bytes;
  database.max_write_buffer_number = 3;
  database.max_background_jobs = 2;
  database.max_open_files = 512;
  database.max_total_wal_size = 128 << 20;
  database.keep_log_file_num = 4;
  database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  database.level_compaction_dynamic_level_bytes = true;
  database.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  // Few shards: a block must find room in one, beside others.
  table.block_cache =
      rocksdb::NewLRUCache(options.block_cache_bytes, kBlockCacheShardBits);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.data_block_index_type =
      rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  // Filters and indexes are counted in the cache, so that memory stays bounded,
  // and cut into blocks: whole ones, of a megabyte a file, would drive each
  // other out of it and be read again for every key.
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.pin_top_level_index_and_filter = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  database.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return database;
}

void SetTime(int64_t micros, google::protobuf::Timestamp* time) {
  time->set_seconds(micros / 1000000);
  time->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
}

// Iterates over the keys that start with `prefix`.
class Range {
 public:
  Range(std::unique_ptr<rocksdb::Iterator> iterator, std::string prefix)
      : iterator_(std::move(iterator)), prefix_(std::move(prefix)) {
    iterator_->Seek(prefix_);
  }
  bool Valid() const {
    return iterator_->Valid() && iterator_->key().starts_with(prefix_);
  }
  void Seek(const std::string& key) { iterator_->Seek(key); }
  void Next() { iterator_->Next(); }
  absl::string_view key() const { return FromSlice(iterator_->key()); }
  absl::string_view value() const { return FromSlice(iterator_->value()); }
  absl::Status status() const { return FromRocks(iterator_->status()); }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
  std::string prefix_;
};

}  // namespace

absl::Status Store::Impl::OpenDatabase(const StoreOptions& options) {
  rocksdb::Options database = DatabaseOptions(options);
  logs = std::make_shared<SyncedLogs>(options.file_system != nullptr
                                          ? options.file_system
                                          : rocksdb::FileSystem::Default(),
                                      folder);
  env = rocksdb::NewCompositeEnv(logs);
  database.env = env.get();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(database, folder, &opened)
          : rocksdb::DB::Open(database, folder, &opened);
  db.reset(opened);
  if (!status.ok() && options.read_only && !status.IsCorruption()) {
    return absl::NotFoundError("there is no store in that folder");
  }
  return FromRocks(status);
}

absl::Status Store::Impl::CheckFormat() {
  std::string format;
  const absl::Status status = GetKey(keys::Format(), &format);
  const std::string ours = absl::StrCat(keys::kFormatVersion);
  if (absl::IsNotFound(status) && !read_only) {
    rocksdb::WriteOptions write;
    write.sync = true;
    return FromRocks(db->Put(write, keys::Format(), ours));
  }
  RETURN_IF_ERROR(status);
  if (format == ours) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the store has format ", format, ", this program reads format ", ours,
      ": export it with the program that wrote it (comity export --history), "
      "then import that into a new folder (comity import records)"));
}

absl::Status Store::Impl::FindEnd() {
  const auto iterator = NewIterator();
  iterator->SeekForPrev(keys::Published(kNow));
  if (iterator->Valid() && iterator->key().starts_with("P")) {
    published = keys::SequenceOf(FromSlice(iterator->key()));
    last_micros =
        static_cast<int64_t>(keys::Number(FromSlice(iterator->value())));
  }
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  written = enqueued = durable = published;
  iterator->SeekForPrev(keys::Change(kNow));
  if (read_only || !iterator->Valid() || !iterator->key().starts_with("C") ||
      keys::SequenceOf(FromSlice(iterator->key())) <= published) {
    return FromRocks(iterator->status());
  }
  return absl::DataLossError(
      "the store has changes that were never published: run comityd inspect");
}

absl::Status Store::Impl::Open(const std::string& path,
                               const StoreOptions& options) {
  folder = path;
  clock = options.clock;
  read_only = options.read_only;
  staged_bytes = options.staged_bytes;
  versions = std::make_unique<VersionCache>(options.version_cache_bytes);
  RETURN_IF_ERROR(OpenDatabase(options));
  RETURN_IF_ERROR(CheckFormat());
  RETURN_IF_ERROR(FindEnd());
  if (!read_only) {
    StagedRuns::Clear(db.get(), StagingFolder());
    RETURN_IF_ERROR(SweepRequests());
  }
  return FillRoster();
}

absl::Status Store::Impl::ForEachNewest(
    Kind kind,
    absl::FunctionRef<absl::Status(std::string name, uint64_t sequence,
                                   const std::string& version)>
        visit) const {
  const uint64_t at = published;
  std::string key;
  std::string version;
  const auto tell = [&]() -> absl::Status {
    if (key.empty()) return absl::OkStatus();
    return visit(keys::NameOf(key), keys::SequenceOf(key), version);
  };
  Range range(NewIterator(), keys::VersionsOfKind(kind));
  for (; range.Valid(); range.Next()) {
    const absl::string_view next = range.key();
    if (keys::SequenceOf(next) > at) continue;
    // Versions of one name are neighbours, oldest first; the last one counts.
    if (keys::NameOf(next) != keys::NameOf(key)) RETURN_IF_ERROR(tell());
    key.assign(next.data(), next.size());
    version.assign(range.value().data(), range.value().size());
  }
  RETURN_IF_ERROR(range.status());
  return tell();
}

absl::Status Store::Impl::FillRosterOf(Kind kind) {
  v1::Designation designation;
  std::vector<Roster::Update> updates;
  const auto add = [&](std::string name, uint64_t sequence,
                       const std::string& version) -> absl::Status {
    if (updates.size() >= kRosterUpdatesAtOnce) {
      roster.Apply(std::exchange(updates, {}), published);
    }
    ASSIGN_OR_RETURN(const StoredVersion stored, DecodeVersion(version));
    Roster::Update& update = updates.emplace_back();
    update.name = std::move(name);
    update.sequence = sequence;
    update.deleted = stored.content.empty();
    if (update.deleted) return absl::OkStatus();
    versions->Put(sequence, version);
    if (kind == Kind::kAuthority) return absl::OkStatus();
    RETURN_IF_ERROR(ParseVersion(version, &designation));
    update.row = std::make_unique<RosterRow>(RowOf(designation, sequence));
    update.function = std::string(names::LastOf(designation.function()));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ForEachNewest(kind, add));
  roster.Apply(std::move(updates), published);
  return absl::OkStatus();
}

absl::Status Store::Impl::FillRoster() {
  RETURN_IF_ERROR(FillRosterOf(Kind::kAuthority));
  return FillRosterOf(Kind::kDesignation);
}

absl::Status Store::Impl::KeepVersions(uint64_t after) const {
  const auto keep = [&](const std::string&, uint64_t sequence,
                        const std::string& version) {
    if (sequence > after) versions->Put(sequence, version);
    return absl::OkStatus();
  };
  for (const Kind kind : {Kind::kAuthority, Kind::kDesignation}) {
    RETURN_IF_ERROR(ForEachNewest(kind, keep));
  }
  return absl::OkStatus();
}

absl::Status Store::Impl::GetKey(absl::string_view key,
                                 std::string* value) const {
  return FromRocks(db->Get(rocksdb::ReadOptions(), ToSlice(key), value));
}

std::unique_ptr<rocksdb::Iterator> Store::Impl::NewIterator() const {
  return std::unique_ptr<rocksdb::Iterator>(
      db->NewIterator(rocksdb::ReadOptions()));
}

absl::StatusOr<uint64_t> Store::Impl::Find(const names::Parts& name,
                                           uint64_t at,
                                           std::string* version) const {
  std::string pointer;
  const absl::Status status = GetKey(keys::Newest(name), &pointer);
  if (absl::IsNotFound(status)) return uint64_t{0};
  RETURN_IF_ERROR(status);
  const uint64_t newest = keys::Number(pointer);
  if (newest > at) return FindBackwards(name, at, version);
  if (version != nullptr) {
    absl::Status got = GetKey(keys::Version(name, newest), version);
    if (absl::IsNotFound(got)) {
      return absl::DataLossError("a pointer leads to no version");
    }
    RETURN_IF_ERROR(got);
  }
  return newest;
}

absl::StatusOr<uint64_t> Store::Impl::FindBackwards(
    const names::Parts& name, uint64_t at, std::string* version) const {
  const auto iterator = NewIterator();
  iterator->SeekForPrev(keys::Version(name, at));
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  const std::string prefix = keys::VersionsOf(name);
  if (!iterator->Valid() || !iterator->key().starts_with(prefix)) {
    return uint64_t{0};
  }
  if (version != nullptr) *version = iterator->value().ToString();
  return keys::SequenceOf(FromSlice(iterator->key()));
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(
    const std::string& folder, const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  RETURN_IF_ERROR(impl->Open(folder, options));
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

uint64_t Store::published() const { return impl_->published; }
uint64_t Store::reference_generation() const { return impl_->generation; }
const Roster& Store::roster() const { return impl_->roster; }

absl::Status Store::Read(Kind kind, absl::string_view name, uint64_t at,
                         google::protobuf::Message* record) const {
  if (kind == Kind::kAuthority && at == kNow) {
    RETURN_IF_ERROR(names::ParseKind(name, kind, "name").status());
    // The roster knows it without a look at the pointer.
    const uint64_t newest = impl_->roster.AuthoritySequence(name);
    if (newest != 0) return ReadVersion(name, newest, record);
    return absl::NotFoundError(absl::StrCat(name, " does not exist"));
  }
  return ReadWithSequence(kind, name, at, record).status();
}

absl::StatusOr<uint64_t> Store::ReadWithSequence(
    Kind kind, absl::string_view name, uint64_t at,
    google::protobuf::Message* record) const {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(name, kind, "name"));
  std::string version;
  ASSIGN_OR_RETURN(
      const uint64_t sequence,
      impl_->Find(parts, std::min<uint64_t>(at, published()), &version));
  const absl::Status status =
      sequence == 0 ? absl::NotFoundError("") : ParseVersion(version, record);
  if (status.ok()) return sequence;
  if (!absl::IsNotFound(status)) return status;
  return absl::NotFoundError(absl::StrCat(name, " does not exist"));
}

absl::Status Store::ReadVersion(absl::string_view name, uint64_t sequence,
                                google::protobuf::Message* record) const {
  return VisitVersion(name, sequence, [record](absl::string_view version) {
    return ParseVersion(version, record);
  });
}

absl::Status Store::AppendVersion(Kind kind, absl::string_view name,
                                  uint64_t sequence, std::string* out) const {
  return VisitVersion(name, sequence, [kind, out](absl::string_view version) {
    return AppendRecord(kind, version, out);
  });
}

bool Store::VisitVersionsInMemory(
    absl::Span<const uint64_t> sequences,
    absl::FunctionRef<void(absl::Span<const absl::string_view>)> use) const {
  return impl_->versions->VisitAll(sequences, use);
}

absl::Status Store::AppendNewest(Kind kind, absl::string_view name,
                                 std::string* out) const {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(name, kind, "name"));
  absl::Status status;
  if (kind == Kind::kAuthority) {
    // The roster knows it without a look at the pointer.
    const uint64_t newest = impl_->roster.AuthoritySequence(name);
    if (newest != 0) return AppendVersion(kind, name, newest, out);
    status = absl::NotFoundError("");
  } else {
    std::string version;
    ASSIGN_OR_RETURN(const uint64_t sequence,
                     impl_->Find(parts, published(), &version));
    status = sequence == 0 ? absl::NotFoundError("")
                           : AppendRecord(kind, version, out);
  }
  if (!absl::IsNotFound(status)) return status;
  return absl::NotFoundError(absl::StrCat(name, " does not exist"));
}

absl::Status Store::VisitVersion(
    absl::string_view name, uint64_t sequence,
    absl::FunctionRef<absl::Status(absl::string_view)> visit) const {
  absl::Status visited;
  const auto keep_status = [&](absl::string_view version) {
    visited = visit(version);
  };
  if (impl_->versions->Visit(sequence, keep_status)) return visited;
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  rocksdb::PinnableSlice version;
  const absl::Status status = FromRocks(
      impl_->db->Get(rocksdb::ReadOptions(), impl_->db->DefaultColumnFamily(),
                     keys::Version(parts, sequence), &version));
  if (absl::IsNotFound(status)) {
    return absl::DataLossError(
        absl::StrCat("version ", sequence, " of ", name, " is missing"));
  }
  RETURN_IF_ERROR(status);
  if (parts.kind == Kind::kAuthority || parts.kind == Kind::kDesignation) {
    impl_->versions->Put(sequence, FromSlice(version));
  }
  return visit(FromSlice(version));
}

absl::Status Store::ForEachProvision(
    absl::string_view expression, uint64_t sequence,
    absl::FunctionRef<bool(const v1::Provision&)> visit, int first) const {
  ASSIGN_OR_RETURN(
      const names::Parts parts,
      names::ParseKind(expression, Kind::kExpression, "expression"));
  Range range(impl_->NewIterator(), keys::ProvisionsOf(parts, sequence));
  range.Seek(keys::Provision(parts, sequence,
                             static_cast<uint64_t>(std::max(first, 1))));
  v1::Provision provision;
  for (; range.Valid(); range.Next()) {
    if (!provision.ParseFromArray(range.value().data(),
                                  static_cast<int>(range.value().size()))) {
      return absl::DataLossError("a stored provision does not parse");
    }
    if (!visit(provision)) break;
  }
  return range.status();
}

absl::Status Store::ReadProvision(absl::string_view expression,
                                  uint64_t sequence, int position,
                                  v1::Provision* provision) const {
  ASSIGN_OR_RETURN(
      const names::Parts parts,
      names::ParseKind(expression, Kind::kExpression, "expression"));
  if (position < 1) return absl::NotFoundError("there is no such provision");
  rocksdb::PinnableSlice value;
  const std::string key =
      keys::Provision(parts, sequence, static_cast<uint64_t>(position));
  RETURN_IF_ERROR(FromRocks(impl_->db->Get(
      rocksdb::ReadOptions(), impl_->db->DefaultColumnFamily(), key, &value)));
  if (!provision->ParseFromArray(value.data(),
                                 static_cast<int>(value.size()))) {
    return absl::DataLossError("a stored provision does not parse");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Store::FindProvision(absl::string_view expression,
                                         uint64_t sequence,
                                         absl::string_view id) const {
  ASSIGN_OR_RETURN(
      const names::Parts parts,
      names::ParseKind(expression, Kind::kExpression, "expression"));
  std::string ids;
  RETURN_IF_ERROR(impl_->GetKey(keys::Provision(parts, sequence, 0), &ids));
  int position = 0;
  for (const absl::string_view each : absl::StrSplit(ids, '\n')) {
    ++position;
    if (!each.empty() && each == id) return position;
  }
  return absl::NotFoundError(
      absl::StrCat(names::Provision(expression, id), " does not exist"));
}

absl::Status Store::ForEach(Kind kind, absl::string_view under,
                            absl::string_view after, uint64_t at,
                            absl::FunctionRef<bool(const Item&)> visit) const {
  at = std::min<uint64_t>(at, published());
  Range range(impl_->NewIterator(), under.empty()
                                        ? keys::NewestOf(kind)
                                        : keys::NewestUnder(kind, under));
  if (!after.empty()) {
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::ParseKind(after, kind, "after"));
    // The first key behind that of `after`, which ends in NUL.
    range.Seek(keys::Newest(parts) + '\0');
  }
  std::string version;
  Item item;
  for (; range.Valid(); range.Next()) {
    item.name = keys::NameOf(range.key());
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::Parse(item.name, "stored name"));
    item.sequence = keys::Number(range.value());
    if (item.sequence <= at) {
      RETURN_IF_ERROR(
          impl_->GetKey(keys::Version(parts, item.sequence), &version));
    } else {
      ASSIGN_OR_RETURN(item.sequence,
                       impl_->FindBackwards(parts, at, &version));
      if (item.sequence == 0) continue;
    }
    item.version = version;
    ASSIGN_OR_RETURN(const StoredVersion stored, DecodeVersion(item.version));
    if (stored.content.empty()) continue;
    if (!visit(item)) break;
  }
  return range.status();
}

absl::StatusOr<std::vector<std::string>> Store::LookUp(
    const std::string& prefix, size_t limit) const {
  std::vector<std::string> found;
  Range range(impl_->NewIterator(), prefix);
  for (; range.Valid() && found.size() < limit; range.Next()) {
    const absl::string_view key = range.key();
    const std::vector<absl::string_view> parts = keys::Components(key, 2);
    if (!range.value().empty()) {
      found.emplace_back(range.value());
    } else if (key[1] == 'a' && parts.size() == 3) {
      found.push_back(names::Designation(parts[0], parts[2]));
    } else if (key[1] == 'f' && parts.size() == 3) {
      found.push_back(names::Designation(parts[1], parts[2]));
    } else if (key[1] == 't' && parts.size() == 4) {
      found.push_back(names::Designation(parts[2], parts[3]));
    } else if (key[1] == 'p' && parts.size() == 2) {
      found.push_back(names::Participation(parts[1], parts[0]));
    } else if (key[1] == 'm' && parts.size() == 4) {
      found.push_back(keys::NameOf(Kind::kMapping, parts[2], parts[3]));
    } else {
      return absl::DataLossError("a lookup has the wrong number of parts");
    }
  }
  RETURN_IF_ERROR(range.status());
  return found;
}

absl::StatusOr<v1::Change> Store::GetChange(uint64_t sequence) const {
  absl::StatusOr<v1::Change> found =
      absl::NotFoundError(absl::StrCat("there is no change ", sequence));
  RETURN_IF_ERROR(ForEachChange(sequence, [&](const v1::Change& change) {
    if (change.sequence() == sequence) found = change;
    return false;
  }));
  return found;
}

absl::Status Store::ForEachChange(
    uint64_t first, absl::FunctionRef<bool(const v1::Change&)> visit) const {
  const uint64_t end = published();
  Range changes(impl_->NewIterator(), "C");
  changes.Seek(keys::Change(first));
  // Publications run beside the changes: that at or after a change has its
  // time.
  Range times(impl_->NewIterator(), "P");
  times.Seek(keys::Published(first));
  for (; changes.Valid(); changes.Next()) {
    const uint64_t sequence = keys::SequenceOf(changes.key());
    if (sequence > end) break;
    v1::Change change;
    if (!change.ParseFromArray(changes.value().data(),
                               static_cast<int>(changes.value().size()))) {
      return absl::DataLossError(
          absl::StrCat("change ", sequence, " does not parse"));
    }
    change.set_sequence(sequence);
    while (times.Valid() && keys::SequenceOf(times.key()) < sequence) {
      times.Next();
    }
    if (!times.Valid()) {
      return absl::DataLossError(
          absl::StrCat("change ", sequence, " has no publication"));
    }
    SetTime(static_cast<int64_t>(keys::Number(times.value())),
            change.mutable_time());
    if (!visit(change)) break;
  }
  return changes.status();
}

absl::StatusOr<std::vector<uint64_t>> Store::VersionsOf(
    absl::string_view name) const {
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  const uint64_t end = published();
  std::vector<uint64_t> sequences;
  for (Range range(impl_->NewIterator(), keys::VersionsOf(parts));
       range.Valid(); range.Next()) {
    const uint64_t sequence = keys::SequenceOf(range.key());
    if (sequence <= end) sequences.insert(sequences.begin(), sequence);
  }
  return sequences;
}

absl::StatusOr<uint64_t> Store::SequenceAt(absl::Time time) const {
  const auto micros =
      static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixMicros(time), 0));
  const auto iterator = impl_->NewIterator();
  // Times grow with sequences: halve the range of sequences.
  uint64_t low = 0;
  uint64_t high = published();
  while (low < high) {
    const uint64_t middle = low + (high - low + 1) / 2;
    iterator->SeekForPrev(keys::Published(middle));
    // Nothing was published between the publication found and `middle`; or up
    // to `middle`, if none is found.
    const bool found = iterator->Valid() && iterator->key().starts_with("P");
    if (!found || keys::Number(FromSlice(iterator->value())) <= micros) {
      low = middle;
    } else {
      high = keys::SequenceOf(FromSlice(iterator->key())) - 1;
    }
  }
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  iterator->SeekForPrev(keys::Published(low));
  if (!iterator->Valid() || !iterator->key().starts_with("P")) {
    return uint64_t{0};
  }
  return keys::SequenceOf(FromSlice(iterator->key()));
}

absl::StatusOr<v1::ImportJob> Store::GetImportJob(
    absl::string_view name) const {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(name, Kind::kImportJob, "name"));
  uint64_t number = 0;
  std::string value;
  v1::ImportJob job;
  if (!absl::SimpleAtoi(parts.first, &number) ||
      !impl_->GetKey(keys::ImportJob(number), &value).ok()) {
    return absl::NotFoundError(absl::StrCat(name, " does not exist"));
  }
  if (!job.ParseFromString(value)) {
    return absl::DataLossError("a stored import job does not parse");
  }
  return job;
}

absl::StatusOr<std::vector<v1::ImportJob>> Store::ListImportJobs(
    absl::string_view after, size_t limit) const {
  uint64_t before = kNow;
  if (!after.empty()) {
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::ParseKind(after, Kind::kImportJob, "after"));
    if (!absl::SimpleAtoi(parts.first, &before) || before == 0) {
      return absl::InvalidArgumentError("after is not the name of a job");
    }
    --before;
  }
  std::vector<v1::ImportJob> jobs;
  const auto iterator = impl_->NewIterator();
  for (iterator->SeekForPrev(keys::ImportJob(before));
       iterator->Valid() && iterator->key().starts_with("J") &&
       jobs.size() < limit;
       iterator->Prev()) {
    if (!jobs.emplace_back().ParseFromArray(
            iterator->value().data(),
            static_cast<int>(iterator->value().size()))) {
      return absl::DataLossError("a stored import job does not parse");
    }
  }
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  return jobs;
}

uint64_t Store::Listen(std::function<void()> listener) {
  const std::lock_guard<std::mutex> lock(impl_->listeners_mutex);
  const uint64_t id = impl_->next_listener++;
  impl_->listeners.emplace(id, std::move(listener));
  return id;
}

void Store::StopListening(uint64_t id) {
  const std::lock_guard<std::mutex> lock(impl_->listeners_mutex);
  impl_->listeners.erase(id);
}

absl::Status Store::Backup(const std::string& folder) const {
  rocksdb::Checkpoint* checkpoint = nullptr;
  RETURN_IF_ERROR(
      FromRocks(rocksdb::Checkpoint::Create(impl_->db.get(), &checkpoint)));
  const std::unique_ptr<rocksdb::Checkpoint> owned(checkpoint);
  return FromRocks(owned->CreateCheckpoint(folder));
}

int64_t Store::BytesOnDisk() const {
  uint64_t bytes = 0;
  impl_->db->GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize,
                            &bytes);
  uint64_t memory = 0;
  impl_->db->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables,
                            &memory);
  return static_cast<int64_t>(bytes + memory);
}

}  // namespace comity
