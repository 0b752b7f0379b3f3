// Commits, imports, and what both do to the change log.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "google/protobuf/timestamp.pb.h"
#include "rocksdb/write_batch.h"
#include "store/keys.h"
#include "store/records.h"
#include "store/rocks_status.h"
#include "store/store_impl.h"

namespace comity {
namespace {

// How long the answer to a request id is kept.
constexpr absl::Duration kRequestsKept = absl::Hours(24);

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixMicros(time.seconds() * 1000000 + time.nanos() / 1000);
}

uint64_t Micros(absl::Time time) {
  return static_cast<uint64_t>(absl::ToUnixMicros(time));
}

// Whether rules are made of it.
bool IsReference(Kind kind) {
  return kind == Kind::kState || kind == Kind::kTreaty ||
         kind == Kind::kFunction || kind == Kind::kParticipation;
}

// Whether the roster has it.
bool IsOnRoster(Kind kind) {
  return kind == Kind::kAuthority || kind == Kind::kDesignation;
}

// True if `lookup` is among `lookups`, which are few.
template <class Lookups>
bool Has(const Lookups& lookups, const std::string& lookup) {
  return std::any_of(lookups.begin(), lookups.end(),
                     [&](const auto& each) { return each.first == lookup; });
}

// The answer to a request id: time, sequence, size of digest, digest, name.
struct RequestEntry {
  uint64_t micros = 0;
  uint64_t sequence = 0;
  std::string digest;
  std::string name;
};

std::string EncodeRequest(const RequestEntry& entry) {
  return absl::StrCat(keys::Bytes(entry.micros), keys::Bytes(entry.sequence),
                      keys::Bytes(entry.digest.size()), entry.digest,
                      entry.name);
}

bool DecodeRequest(absl::string_view bytes, RequestEntry* entry) {
  if (bytes.size() < 24) return false;
  entry->micros = keys::Number(bytes.substr(0, 8));
  entry->sequence = keys::Number(bytes.substr(8, 8));
  const uint64_t digest = keys::Number(bytes.substr(16, 8));
  if (digest > bytes.size() - 24) return false;
  entry->digest = std::string(bytes.substr(24, digest));
  entry->name = std::string(bytes.substr(24 + digest));
  return true;
}

absl::Status CheckPrefixOfHistory(uint64_t expected, const v1::Change& change) {
  if (change.sequence() == expected) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("sequence is ", change.sequence(), ", must be ", expected,
                   ": a history is loaded whole, into an empty store"));
}

absl::Status CheckSize(const std::string& content) {
  if (content.size() <= limits::kRecordBytesMax) return absl::OkStatus();
  return InvalidField("record", absl::StrCat(content.size(), " bytes"),
                      absl::StrCat("at most ", limits::kRecordBytesMax));
}

}  // namespace

// Writer -------------------------------------------------------------------

Writer::Writer(Store::Impl* impl, std::string actor, bool staged,
               const v1::ImportJob* continued,
               std::unique_lock<TimedMutex> lock)
    : impl_(impl),
      actor_(std::move(actor)),
      staged_(staged),
      lock_(std::move(lock)),
      first_(impl->written + 1),
      job_first_(continued == nullptr ? first_ : continued->first_sequence()),
      sequence_(impl->written),
      time_(impl->NextTime()) {
  if (staged_) job_ = names::ImportJob(absl::StrCat(job_first_));
}

Writer::~Writer() = default;

absl::StatusOr<StagedRuns::Found> Writer::GetWritten(absl::string_view key,
                                                     std::string* value) const {
  const std::optional<KeyBuffer::Entry> entry = keys_->Find(key);
  if (entry.has_value()) {
    value->assign(entry->value.data(), entry->value.size());
    return entry->deleted ? StagedRuns::Found::kDeleted
                          : StagedRuns::Found::kValue;
  }
  if (runs_ == nullptr) return StagedRuns::Found::kNothing;
  return runs_->Find(key, value);
}

absl::Status Writer::GetKey(absl::string_view key, std::string* value) const {
  ASSIGN_OR_RETURN(const StagedRuns::Found found, GetWritten(key, value));
  switch (found) {
    case StagedRuns::Found::kValue:
      return absl::OkStatus();
    case StagedRuns::Found::kDeleted:
      return absl::NotFoundError("not in the store");
    case StagedRuns::Found::kNothing:
      break;
  }
  return impl_->GetKey(key, value);
}

absl::StatusOr<bool> Writer::HadKey(const std::string& prefix) const {
  if (before_ == nullptr) before_ = impl_->NewIterator();
  before_->Seek(prefix);
  RETURN_IF_ERROR(FromRocks(before_->status()));
  return before_->Valid() && before_->key().starts_with(prefix);
}

absl::StatusOr<Writer::Before> Writer::Newest(const names::Parts& name) const {
  const std::string key = keys::Newest(name);
  if (key == last_newest_key_) return last_newest_;
  Before before;
  std::string pointer;
  const absl::Status status = GetKey(key, &pointer);
  if (absl::IsNotFound(status)) return before;
  RETURN_IF_ERROR(status);
  before.sequence = keys::Number(pointer);
  RETURN_IF_ERROR(
      GetKey(keys::Version(name, before.sequence), &before.version));
  ASSIGN_OR_RETURN(const StoredVersion version, DecodeVersion(before.version));
  before.live = !version.content.empty();
  last_newest_key_ = key;
  last_newest_ = before;
  return before;
}

absl::Status Writer::Read(Kind kind, absl::string_view name,
                          google::protobuf::Message* record) const {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(name, kind, "name"));
  ASSIGN_OR_RETURN(const Before before, Newest(parts));
  if (!before.live) {
    return absl::NotFoundError(absl::StrCat(name, " does not exist"));
  }
  return ParseVersion(before.version, record);
}

absl::StatusOr<bool> Writer::Exists(absl::string_view name, bool ever) const {
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  if (ever) {
    std::string pointer;
    const absl::Status status = GetKey(keys::Newest(parts), &pointer);
    if (absl::IsNotFound(status)) return false;
    RETURN_IF_ERROR(status);
    return true;
  }
  ASSIGN_OR_RETURN(const Before before, Newest(parts));
  return before.live;
}

absl::Status Writer::ForEachName(
    Kind kind, absl::string_view under,
    absl::FunctionRef<bool(const std::string&)> visit) const {
  const std::string prefix =
      under.empty() ? keys::NewestOf(kind) : keys::NewestUnder(kind, under);
  const auto iterator = impl_->NewIterator();
  for (iterator->Seek(prefix);
       iterator->Valid() && iterator->key().starts_with(prefix);
       iterator->Next()) {
    const std::string name = keys::NameOf(FromSlice(iterator->key()));
    ASSIGN_OR_RETURN(const bool live, Exists(name, /*ever=*/false));
    if (live && !visit(name)) break;
  }
  return FromRocks(iterator->status());
}

absl::Status Writer::Append(const names::Parts& parts, const std::string& name,
                            uint64_t sequence, const Before& before,
                            const StoredVersion& version,
                            const google::protobuf::Message* record,
                            const Lookups& lookups) {
  last_name_ = name;
  last_newest_key_.clear();
  keys_->Put(keys::Version(parts, sequence), EncodeVersion(version));
  keys_->Put(keys::Newest(parts), keys::Bytes(sequence));
  v1::Change change;
  change.set_actor(actor_);
  change.set_resource(name);
  change.set_kind(ToProto(parts.kind));
  change.set_type(record == nullptr ? v1::CHANGE_TYPE_DELETED
                  : before.live     ? v1::CHANGE_TYPE_UPDATED
                                    : v1::CHANGE_TYPE_CREATED);
  change.set_previous_sequence(before.sequence);
  change.set_import_job(job_);
  keys_->Put(keys::Change(sequence), change.SerializeAsString());
  for (const auto& [lookup, target] : lookups) keys_->Put(lookup, target);
  AddUpdate(parts, name, sequence, before.live ? before.sequence : 0, record);
  if (record != nullptr) {
    RETURN_IF_ERROR(PutProvisions(parts, sequence, *record));
  }
  return Spill();
}

absl::Status Writer::KeepProvisions(const names::Parts& parts,
                                    const Before& before,
                                    v1::Expression* expression) const {
  std::string ids;
  if (before.live) {
    const absl::Status status =
        GetKey(keys::Provision(parts, before.sequence, 0), &ids);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  const auto count = std::count(ids.begin(), ids.end(), '\n');
  if (count == 0) {
    return InvalidField("provisions", "", "must have at least one provision");
  }
  std::string value;
  for (int64_t position = 1; position <= count; ++position) {
    RETURN_IF_ERROR(GetKey(keys::Provision(parts, before.sequence,
                                           static_cast<uint64_t>(position)),
                           &value));
    if (!expression->add_provisions()->ParseFromString(value)) {
      return absl::DataLossError("a stored provision does not parse");
    }
  }
  return absl::OkStatus();
}

absl::Status Writer::PutProvisions(const names::Parts& parts, uint64_t sequence,
                                   const google::protobuf::Message& record) {
  if (parts.kind != Kind::kExpression) return absl::OkStatus();
  const auto& expression = static_cast<const v1::Expression&>(record);
  std::string ids;
  uint64_t position = 0;
  std::string value;
  for (const v1::Provision& provision : expression.provisions()) {
    absl::StrAppend(&ids, provision.name(), "\n");
    value.clear();
    provision.AppendToString(&value);
    keys_->Put(keys::Provision(parts, sequence, ++position), value);
    RETURN_IF_ERROR(Spill());
  }
  keys_->Put(keys::Provision(parts, sequence, 0), ids);
  return absl::OkStatus();
}

void Writer::AddUpdate(const names::Parts& parts, const std::string& name,
                       uint64_t sequence, uint64_t previous,
                       const google::protobuf::Message* record) {
  if (IsReference(parts.kind)) publication_.reference = true;
  if (!IsOnRoster(parts.kind)) return;
  Roster::Update update;
  update.sequence = sequence;
  update.previous_sequence = previous;
  update.name = name;
  update.deleted = record == nullptr;
  if (parts.kind == Kind::kDesignation && record != nullptr) {
    const auto& designation = static_cast<const v1::Designation&>(*record);
    update.row = std::make_unique<RosterRow>(RowOf(designation, sequence));
    update.function = std::string(names::LastOf(designation.function()));
  }
  publication_.updates.Add(update);
}

absl::StatusOr<Outcome> Writer::Put(google::protobuf::Message* record) {
  const std::string name = NameOfRecord(*record);
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  ASSIGN_OR_RETURN(const Before before, Newest(parts));
  if (parts.kind == Kind::kExpression) {
    auto* expression = static_cast<v1::Expression*>(record);
    if (expression->provisions().empty()) {
      RETURN_IF_ERROR(KeepProvisions(parts, before, expression));
    }
  }
  const std::string content = TakeContent(record);
  RETURN_IF_ERROR(CheckSize(content));
  StoredVersion version{content, time_, time_};
  if (before.live) {
    ASSIGN_OR_RETURN(const StoredVersion last, DecodeVersion(before.version));
    if (last.content == content) return Outcome::kUnchanged;
    version.create_time = last.create_time;
  }
  if (before.live && before.sequence >= first_) {
    RETURN_IF_ERROR(Rewrite(parts, before, version, *record));
    return Outcome::kChanged;
  }
  const Lookups lookups = LookupsOf(parts.kind, *record);
  RETURN_IF_ERROR(Displace(lookups));
  RETURN_IF_ERROR(
      Append(parts, name, ++sequence_, before, version, record, lookups));
  return before.live ? Outcome::kChanged : Outcome::kAdded;
}

uint64_t Writer::Reserve() {
  ++reserved_;
  return ++sequence_;
}

absl::Status Writer::Add(google::protobuf::Message* record, uint64_t place) {
  const std::string content = TakeContent(record);
  const std::string name = NameOfRecord(*record);
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  RETURN_IF_ERROR(CheckSize(content));
  if (place == 0) {
    place = ++sequence_;
  } else {
    --reserved_;
  }
  return Append(parts, name, place, Before(), {content, time_, time_}, record,
                LookupsOf(parts.kind, *record));
}

// Nobody has seen the version yet, so it is replaced and not followed by
// another: an import changes a record once, however many rows speak of it.
absl::Status Writer::Rewrite(const names::Parts& parts, const Before& before,
                             const StoredVersion& version,
                             const google::protobuf::Message& record) {
  v1::Record old;
  google::protobuf::Message* message = MutableRecord(parts.kind, &old);
  RETURN_IF_ERROR(ParseVersion(before.version, message));
  const Lookups lookups = LookupsOf(parts.kind, record);
  std::optional<Lookups> kept;
  for (const auto& [lookup, name] : LookupsOf(parts.kind, *message)) {
    if (Has(lookups, lookup)) continue;
    if (!kept.has_value()) {
      ASSIGN_OR_RETURN(kept, WrittenBefore(parts, before.sequence));
    }
    if (!Has(*kept, lookup)) RETURN_IF_ERROR(GiveBack(lookup, name));
  }
  last_newest_key_.clear();
  keys_->Put(keys::Version(parts, before.sequence), EncodeVersion(version));
  RETURN_IF_ERROR(Displace(lookups));
  for (const auto& [lookup, target] : lookups) keys_->Put(lookup, target);
  if (parts.kind == Kind::kDesignation) {
    AddUpdate(parts, NameOfRecord(record), before.sequence, before.sequence,
              &record);
  }
  if (parts.kind == Kind::kExpression) {
    // Those beyond the last of the new ones would stay.
    const auto count =
        static_cast<const v1::Expression&>(record).provisions_size();
    for (int32_t position = old.expression().provision_count();
         position > count; --position) {
      keys_->Delete(keys::Provision(parts, before.sequence,
                                    static_cast<uint64_t>(position)));
    }
    RETURN_IF_ERROR(PutProvisions(parts, before.sequence, record));
  }
  return Spill();
}

absl::Status Writer::Displace(const Lookups& lookups) {
  std::string owner;
  for (const auto& [lookup, target] : lookups) {
    // Only those by name and source lead to one record.
    if (target.empty()) continue;
    ASSIGN_OR_RETURN(const StagedRuns::Found found, GetWritten(lookup, &owner));
    if (found == StagedRuns::Found::kValue && owner != target) {
      displaced_[lookup].push_back(owner);
    }
  }
  return absl::OkStatus();
}

absl::Status Writer::GiveBack(const std::string& lookup,
                              const std::string& name) {
  std::string now;
  const absl::Status found = GetKey(lookup, &now);
  if (absl::IsNotFound(found)) return absl::OkStatus();
  RETURN_IF_ERROR(found);
  // What another record of the same name or source took over stays.
  if (now != name) return absl::OkStatus();
  const auto displaced = displaced_.find(lookup);
  if (displaced != displaced_.end()) {
    std::vector<std::string>& owners = displaced->second;
    for (; !owners.empty(); owners.pop_back()) {
      if (owners.back() == name) continue;
      ASSIGN_OR_RETURN(const bool holds, Holds(owners.back(), lookup));
      if (!holds) continue;
      keys_->Put(lookup, owners.back());
      return absl::OkStatus();
    }
  }
  const absl::Status before = impl_->GetKey(lookup, &now);
  if (absl::IsNotFound(before)) {
    keys_->Delete(lookup);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(before);
  keys_->Put(lookup, now);
  return absl::OkStatus();
}

absl::StatusOr<Writer::Lookups> Writer::WrittenBefore(const names::Parts& parts,
                                                      uint64_t sequence) const {
  Lookups lookups;
  std::string value;
  v1::Change change;
  while (true) {
    RETURN_IF_ERROR(GetKey(keys::Change(sequence), &value));
    if (!change.ParseFromString(value)) {
      return absl::DataLossError("a staged change does not parse");
    }
    sequence = change.previous_sequence();
    if (sequence < first_) return lookups;
    RETURN_IF_ERROR(GetKey(keys::Version(parts, sequence), &value));
    v1::Record record;
    google::protobuf::Message* message = MutableRecord(parts.kind, &record);
    const absl::Status parsed = ParseVersion(value, message);
    if (absl::IsNotFound(parsed)) continue;
    RETURN_IF_ERROR(parsed);
    for (auto& lookup : LookupsOf(parts.kind, *message)) {
      lookups.push_back(std::move(lookup));
    }
  }
}

absl::StatusOr<bool> Writer::Holds(const std::string& name,
                                   const std::string& lookup) const {
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  ASSIGN_OR_RETURN(const Before newest, Newest(parts));
  if (newest.sequence < first_) return false;
  Lookups lookups;
  if (newest.live) {
    v1::Record record;
    google::protobuf::Message* message = MutableRecord(parts.kind, &record);
    RETURN_IF_ERROR(ParseVersion(newest.version, message));
    lookups = LookupsOf(parts.kind, *message);
    if (Has(lookups, lookup)) return true;
  }
  ASSIGN_OR_RETURN(lookups, WrittenBefore(parts, newest.sequence));
  return Has(lookups, lookup);
}

absl::Status Writer::Delete(absl::string_view name) {
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  ASSIGN_OR_RETURN(const Before before, Newest(parts));
  if (!before.live) {
    return absl::NotFoundError(absl::StrCat(name, " does not exist"));
  }
  ASSIGN_OR_RETURN(const StoredVersion last, DecodeVersion(before.version));
  return Append(parts, std::string(name), ++sequence_, before,
                {absl::string_view(), last.create_time, time_}, nullptr, {});
}

absl::StatusOr<std::string> Writer::FindBySource(absl::string_view system,
                                                 absl::string_view id,
                                                 Kind kind) const {
  std::string name;
  const absl::Status status =
      GetKey(keys::RecordBySource(system, id, kind), &name);
  if (absl::IsNotFound(status)) return std::string();
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(const bool live, Exists(name, /*ever=*/false));
  return live ? name : std::string();
}

absl::StatusOr<std::string> Writer::FindAuthority(
    absl::string_view state, absl::string_view name,
    absl::string_view unit) const {
  std::string found;
  const absl::Status status =
      GetKey(keys::AuthorityByName(state, Fold(name), Fold(unit)), &found);
  if (absl::IsNotFound(status)) return std::string();
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(const bool live, Exists(found, /*ever=*/false));
  return live ? found : std::string();
}

absl::StatusOr<bool> Writer::KnewSystem(absl::string_view system) const {
  return HadKey(keys::RecordsOfSystem(system));
}

absl::StatusOr<bool> Writer::KnewNames(Kind kind, absl::string_view under,
                                       absl::string_view id) const {
  return HadKey(keys::NewestBeginning(kind, under, id));
}

absl::Status Writer::Spill() {
  if (!staged_ || keys_->bytes() < impl_->staged_bytes) {
    return absl::OkStatus();
  }
  if (runs_ == nullptr) {
    runs_ =
        std::make_unique<StagedRuns>(impl_->db.get(), impl_->StagingFolder());
  }
  auto next = std::make_unique<KeyBuffer>();
  // As many as now, and some.
  next->Reserve(keys_->size() + keys_->size() / 8);
  return runs_->Add(std::exchange(keys_, std::move(next)));
}

absl::Status Writer::Restore(const v1::Change& change) {
  if (first_ != 1) {
    return absl::FailedPreconditionError(
        "a history is loaded into an empty store only");
  }
  RETURN_IF_ERROR(CheckPrefixOfHistory(sequence_ + 1, change));
  const int64_t micros = absl::ToUnixMicros(TimeOf(change.time()));
  if (!restored_.empty() && micros < restored_.back().second) {
    return absl::InvalidArgumentError(
        absl::StrCat("time of change ", change.sequence(),
                     " is before that of the change before it"));
  }
  // One publication for the changes of one time.
  if (!restored_.empty() && micros == restored_.back().second) {
    restored_.back().first = change.sequence();
  } else {
    restored_.emplace_back(change.sequence(), micros);
  }
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::Parse(change.resource(), "resource"));
  ASSIGN_OR_RETURN(const Before before, Newest(parts));
  const absl::Time time = TimeOf(change.time());
  v1::Record after = change.after();
  if (change.type() == v1::CHANGE_TYPE_DELETED) {
    ASSIGN_OR_RETURN(const StoredVersion last, DecodeVersion(before.version));
    RETURN_IF_ERROR(Append(parts, change.resource(), ++sequence_, before,
                           {absl::string_view(), last.create_time, time},
                           nullptr, {}));
  } else {
    google::protobuf::Message* record = MutableRecord(parts.kind, &after);
    const auto* reflection = record->GetReflection();
    const auto* type = record->GetDescriptor();
    const auto time_field = [&](const char* field) {
      return TimeOf(static_cast<const google::protobuf::Timestamp&>(
          reflection->GetMessage(*record, type->FindFieldByName(field))));
    };
    const absl::Time created = time_field("create_time");
    const absl::Time updated = time_field("update_time");
    const std::string content = TakeContent(record);
    // Nobody takes back what a history says, so nothing needs to be given back.
    RETURN_IF_ERROR(Append(parts, change.resource(), ++sequence_, before,
                           {content, created, updated}, record,
                           LookupsOf(parts.kind, *record)));
  }
  // The log says what the history says, not who loads it.
  v1::Change entry;
  entry.set_actor(change.actor());
  entry.set_resource(change.resource());
  entry.set_kind(ToProto(parts.kind));
  entry.set_type(change.type());
  entry.set_previous_sequence(change.previous_sequence());
  entry.set_import_job(change.import_job());
  keys_->Put(keys::Change(sequence_), entry.SerializeAsString());
  return absl::OkStatus();
}

void Writer::PutJob(v1::ImportJob* job, v1::ImportJob* undone) {
  job->set_name(job_);
  job->set_first_sequence(job_first_);
  job->set_last_sequence(sequence_);
  job->mutable_time()->set_seconds(absl::ToUnixSeconds(time_));
  job->mutable_time()->set_nanos(
      static_cast<int32_t>(absl::ToUnixMicros(time_) % 1000000 * 1000));
  keys_->Put(keys::ImportJob(job_first_), job->SerializeAsString());
  if (undone == nullptr) return;
  undone->set_state(v1::ImportJob::STATE_UNDONE);
  undone->set_undone_by(job->name());
  keys_->Put(keys::ImportJob(undone->first_sequence()),
             undone->SerializeAsString());
}

absl::Status Writer::WriteStaged() {
  if (runs_ == nullptr) return impl_->WriteBatch(*keys_, /*sync=*/true);
  // The last run. Nothing is part of the database yet.
  RETURN_IF_ERROR(runs_->Add(std::move(keys_)));
  keys_ = std::make_unique<KeyBuffer>();
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, runs_->Finish());
  // Files are durable at once: not before what was written before them.
  RETURN_IF_ERROR(impl_->WaitDurable(impl_->written));
  return impl_->Ingest(paths);
}

absl::Status Writer::Publish(v1::ImportJob* job, v1::ImportJob* undone) {
  if (sequence_ + 1 == first_) {
    if (job_first_ == first_) return absl::OkStatus();
    // The last part of an import has nothing new but that it is the last.
    keys_->Put(keys::ImportJob(job_first_), job->SerializeAsString());
    return impl_->WriteBatch(*keys_, /*sync=*/true);
  }
  if (reserved_ != 0) {
    return absl::InternalError("a place in the change log was left empty");
  }
  if (restored_.empty()) {
    time_ = impl_->NextTime();
    restored_.emplace_back(sequence_, absl::ToUnixMicros(time_));
    PutJob(job, undone);
  }
  for (const auto& [sequence, micros] : restored_) {
    keys_->Put(keys::Published(sequence),
               keys::Bytes(static_cast<uint64_t>(micros)));
  }
  impl_->last_micros = std::max(impl_->last_micros, restored_.back().second);
  before_.reset();
  RETURN_IF_ERROR(WriteStaged());
  impl_->written = sequence_;
  publication_.sequence = sequence_;
  impl_->Enqueue(std::move(publication_));
  RETURN_IF_ERROR(impl_->WaitDurable(sequence_));
  // It is published; what cannot be read now is read when it is asked for, as
  // are the few records of a small import.
  if (runs_ != nullptr) impl_->KeepVersions(first_ - 1).IgnoreError();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Writer::Finish(const WriteOptions& options) {
  if (sequence_ + 1 == first_) return uint64_t{0};
  const uint64_t micros = Micros(time_);
  keys_->Put(keys::Published(sequence_), keys::Bytes(micros));
  if (!options.request_id.empty()) {
    keys_->Put(
        keys::Request(options.request_id),
        EncodeRequest({micros, sequence_, options.request_digest, last_name_}));
  }
  RETURN_IF_ERROR(impl_->WriteBatch(*keys_, /*sync=*/false));
  impl_->last_micros = static_cast<int64_t>(micros);
  impl_->written = sequence_;
  publication_.sequence = sequence_;
  impl_->Enqueue(std::move(publication_));
  return sequence_;
}

// Impl ---------------------------------------------------------------------

absl::Time Store::Impl::NextTime() {
  return absl::FromUnixMicros(
      std::max(absl::ToUnixMicros(clock->Now()), last_micros + 1));
}

void Store::Impl::Enqueue(Publication publication) {
  const std::lock_guard<std::mutex> lock(sync_mutex);
  enqueued = publication.sequence;
  publications.push_back(std::move(publication));
}

void Store::Impl::Publish(uint64_t sequence) {
  while (!publications.empty() && publications.front().sequence <= sequence) {
    Publication publication = std::move(publications.front());
    publications.pop_front();
    roster.ApplyPacked(publication.updates, publication.sequence);
    published = publication.sequence;
    if (publication.reference) ++generation;
  }
  const std::lock_guard<std::mutex> lock(listeners_mutex);
  for (const auto& [id, listener] : listeners) listener();
}

absl::Status Store::Impl::WaitDurable(uint64_t sequence) {
  std::unique_lock<std::mutex> lock(sync_mutex);
  while (durable < sequence) {
    RETURN_IF_ERROR(broken);
    if (syncing) {
      synced.wait(lock);
      continue;
    }
    syncing = true;
    const uint64_t target = enqueued;
    lock.unlock();
    const absl::Status status = FromRocks(logs->Sync());
    lock.lock();
    syncing = false;
    if (status.ok()) {
      durable = target;
      Publish(target);
    } else {
      broken = status;
    }
    synced.notify_all();
  }
  return absl::OkStatus();
}

absl::Status Store::Impl::Break(absl::Status status) {
  const std::lock_guard<std::mutex> lock(sync_mutex);
  broken = status;
  return status;
}

absl::Status Store::Impl::WriteBatch(const KeyBuffer& keys, bool sync) {
  rocksdb::WriteBatch batch;
  // In order, RocksDB finds the place of a key from that of the one before.
  for (const KeyBuffer::Entry& entry : keys.Sorted()) {
    const rocksdb::Status put =
        entry.deleted ? batch.Delete(ToSlice(entry.key))
                      : batch.Put(ToSlice(entry.key), ToSlice(entry.value));
    RETURN_IF_ERROR(FromRocks(put));
  }
  rocksdb::WriteOptions options;
  options.sync = sync;
  absl::Status status = FromRocks(db->Write(options, &batch));
  return status.ok() ? status : Break(std::move(status));
}

absl::Status Store::Impl::Ingest(const std::vector<std::string>& paths) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  absl::Status status = FromRocks(db->IngestExternalFile(paths, options));
  return status.ok() ? status : Break(std::move(status));
}

absl::Status Store::Impl::SweepRequests() {
  const uint64_t oldest = Micros(clock->Now() - kRequestsKept);
  rocksdb::WriteBatch batch;
  const auto iterator = NewIterator();
  for (iterator->Seek("Q");
       iterator->Valid() && iterator->key().starts_with("Q");
       iterator->Next()) {
    RequestEntry entry;
    if (!DecodeRequest(FromSlice(iterator->value()), &entry) ||
        entry.micros < oldest) {
      batch.Delete(iterator->key());
    }
  }
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  return FromRocks(db->Write(rocksdb::WriteOptions(), &batch));
}

// Store --------------------------------------------------------------------

namespace {

// Takes the writer's lock, or says who has it.
absl::Status LockUntil(absl::Time deadline,
                       std::unique_lock<TimedMutex>* lock) {
  if (lock->try_lock_for(absl::ToChronoNanoseconds(
          std::min(deadline - absl::Now(), absl::Hours(1))))) {
    return absl::OkStatus();
  }
  return WithReason(
      absl::UnavailableError("another import or write is under way: try again"),
      "WRITER_BUSY");
}

}  // namespace

absl::StatusOr<uint64_t> Store::Commit(
    const WriteOptions& options,
    absl::FunctionRef<absl::Status(Transaction&)> write) {
  if (impl_->read_only) {
    return absl::FailedPreconditionError("the store was opened for reading");
  }
  uint64_t sequence = 0;
  {
    std::unique_lock<TimedMutex> lock(impl_->writer_mutex, std::defer_lock);
    RETURN_IF_ERROR(LockUntil(options.deadline, &lock));
    {
      const std::lock_guard<std::mutex> broken(impl_->sync_mutex);
      RETURN_IF_ERROR(impl_->broken);
    }
    if (!options.request_id.empty()) {
      ASSIGN_OR_RETURN(const std::optional<Repetition> repetition,
                       Repeated(options.request_id, options.request_digest));
      if (repetition.has_value()) sequence = repetition->sequence;
    }
    if (sequence == 0) {
      Writer writer(impl_.get(), options.actor, /*staged=*/false,
                    /*continued=*/nullptr, std::move(lock));
      RETURN_IF_ERROR(write(writer));
      if (options.validate_only) return published();
      ASSIGN_OR_RETURN(sequence, writer.Finish(options));
    }
  }
  if (sequence == 0) return published();
  RETURN_IF_ERROR(impl_->WaitDurable(sequence));
  return sequence;
}

absl::StatusOr<std::optional<Repetition>> Store::Repeated(
    absl::string_view request_id, absl::string_view digest) const {
  std::string value;
  const absl::Status status = impl_->GetKey(keys::Request(request_id), &value);
  if (absl::IsNotFound(status)) return std::optional<Repetition>();
  RETURN_IF_ERROR(status);
  RequestEntry entry;
  if (!DecodeRequest(value, &entry)) {
    return absl::DataLossError("a stored request does not parse");
  }
  if (entry.micros < Micros(impl_->clock->Now() - kRequestsKept)) {
    return std::optional<Repetition>();
  }
  if (entry.digest != digest) {
    return InvalidField("request_id", request_id,
                        "was used for another request");
  }
  // Whoever asks again while the first write is still being synced must not be
  // told that it is there.
  RETURN_IF_ERROR(impl_->WaitDurable(entry.sequence));
  return std::optional<Repetition>(Repetition{entry.name, entry.sequence});
}

absl::StatusOr<std::unique_ptr<Staging>> Store::Stage(
    const std::string& actor, absl::Time deadline,
    const v1::ImportJob* continued) {
  if (impl_->read_only) {
    return absl::FailedPreconditionError("the store was opened for reading");
  }
  std::unique_lock<TimedMutex> lock(impl_->writer_mutex, std::defer_lock);
  RETURN_IF_ERROR(LockUntil(deadline, &lock));
  {
    const std::lock_guard<std::mutex> broken(impl_->sync_mutex);
    RETURN_IF_ERROR(impl_->broken);
  }
  return std::unique_ptr<Staging>(std::make_unique<Writer>(
      impl_.get(), actor, /*staged=*/true, continued, std::move(lock)));
}

}  // namespace comity
