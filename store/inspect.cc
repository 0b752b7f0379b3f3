// Looking at a store: every key in words, and every key against the others.

#include <map>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/snapshot.h"
#include "store/keys.h"
#include "store/records.h"
#include "store/rocks_status.h"
#include "store/store_impl.h"

namespace comity {
namespace {

// Whether the caller still waits is asked once for so many keys.
constexpr int64_t kKeysPerQuestion = 1024;

std::string TimeText(uint64_t micros) {
  return absl::FormatTime(absl::RFC3339_full,
                          absl::FromUnixMicros(static_cast<int64_t>(micros)),
                          absl::UTCTimeZone());
}

std::string VersionText(Kind kind, absl::string_view value) {
  const absl::StatusOr<StoredVersion> version = DecodeVersion(value);
  if (!version.ok()) return "damaged";
  std::string text = absl::StrCat(
      "created ", absl::FormatTime(version->create_time, absl::UTCTimeZone()),
      " updated ", absl::FormatTime(version->update_time, absl::UTCTimeZone()));
  if (version->content.empty()) return absl::StrCat("deleted, ", text);
  v1::Record record;
  google::protobuf::Message* message = MutableRecord(kind, &record);
  if (!message->ParseFromArray(version->content.data(),
                               static_cast<int>(version->content.size()))) {
    return "does not parse";
  }
  return absl::StrCat(text, " ", message->ShortDebugString());
}

template <class M>
std::string MessageText(absl::string_view value) {
  M message;
  if (!message.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return "does not parse";
  }
  return message.ShortDebugString();
}

// The sequence of a 'B' key, before its position.
uint64_t VersionOfProvision(absl::string_view key) {
  return keys::SequenceOf(key.substr(0, key.size() - sizeof(uint64_t)));
}

std::string ProvisionLine(absl::string_view key, absl::string_view value) {
  if (key.size() < 2 * sizeof(uint64_t)) return "B damaged";
  const uint64_t position = keys::SequenceOf(key);
  return absl::StrCat(
      "B ", keys::NameOf(key), " ", VersionOfProvision(key), " provision ",
      position, " ",
      position == 0
          ? absl::StrCat("ids: ", absl::StrReplaceAll(value, {{"\n", " "}}))
          : MessageText<v1::Provision>(value));
}

// One key and its value in words.
std::string Line(absl::string_view key, absl::string_view value) {
  switch (key[0]) {
    case 'F':
      return absl::StrCat("F format ", value);
    case 'P':
      return absl::StrCat("P published ", keys::SequenceOf(key), " at ",
                          TimeText(keys::Number(value)));
    case 'N':
      return absl::StrCat("N ", keys::NameOf(key), " newest ",
                          keys::Number(value));
    case 'V':
      return absl::StrCat("V ", keys::NameOf(key), " ", keys::SequenceOf(key),
                          " ", VersionText(static_cast<Kind>(key[1]), value));
    case 'B':
      return ProvisionLine(key, value);
    case 'C':
      return absl::StrCat("C ", keys::SequenceOf(key), " ",
                          MessageText<v1::Change>(value));
    case 'J':
      return absl::StrCat("J ", keys::Number(key.substr(1)), " ",
                          MessageText<v1::ImportJob>(value));
    case 'L':
      return absl::StrCat("L ", key.substr(1, 1), " ",
                          absl::StrJoin(keys::Components(key, 2), " | "),
                          value.empty() ? "" : " -> ", value);
    case 'Q':
      return absl::StrCat("Q ", absl::StrJoin(keys::Components(key, 1), " "));
    default:
      return absl::StrCat("? ", absl::CHexEscape(key));
  }
}

// Collects what is wrong while all keys pass by in order. Looks at one moment,
// so that it may run beside writers.
class Verifier {
 public:
  Verifier(const Store::Impl& impl,
           absl::FunctionRef<void(const std::string&)> problem,
           absl::FunctionRef<bool()> go_on)
      : snapshot_(impl.db.get()),
        db_(impl.db.get()),
        problem_(problem),
        go_on_(go_on) {
    options_.snapshot = snapshot_.snapshot();
  }

  absl::Status Run() {
    const auto iterator = NewIterator();
    iterator->SeekForPrev(keys::Published(kNow));
    if (iterator->Valid() && iterator->key().starts_with("P")) {
      published_ = keys::SequenceOf(FromSlice(iterator->key()));
    }
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      if (keys_++ % kKeysPerQuestion == 0 && !go_on_()) {
        return absl::CancelledError("the caller left");
      }
      Check(FromSlice(iterator->key()), FromSlice(iterator->value()));
    }
    if (changes_ != published_) {
      Report(absl::StrCat("the change log has ", changes_, " entries, ",
                          published_, " are published"));
    }
    if (versions_ != changes_) {
      Report(absl::StrCat("there are ", versions_, " versions and ", changes_,
                          " changes"));
    }
    return FromRocks(iterator->status());
  }

  int64_t keys() const { return keys_; }

 private:
  void Report(const std::string& problem) { problem_(problem); }

  std::unique_ptr<rocksdb::Iterator> NewIterator() const {
    return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options_));
  }

  bool Has(const std::string& key) const {
    rocksdb::PinnableSlice value;
    return db_->Get(options_, db_->DefaultColumnFamily(), key, &value).ok();
  }

  void Check(absl::string_view key, absl::string_view value) {
    switch (key[0]) {
      case 'B':
        return CheckProvision(key, value);
      case 'C':
        return CheckChange(key, value);
      case 'L':
        return CheckLookup(key, value);
      case 'N':
        return CheckPointer(key, value);
      case 'P':
        return CheckPublication(key, value);
      case 'V':
        return CheckVersion(key, value);
      case 'J':
        if (!v1::ImportJob().ParseFromArray(value.data(),
                                            static_cast<int>(value.size()))) {
          Report("an import job does not parse");
        }
        return;
      case 'F':
      case 'Q':
        return;
      default:
        Report(
            absl::StrCat("a key of an unknown tag: ", absl::CHexEscape(key)));
    }
  }

  void CheckPublication(absl::string_view key, absl::string_view value) {
    const uint64_t micros = keys::Number(value);
    if (micros <= last_publication_) {
      Report(absl::StrCat("publication ", keys::SequenceOf(key),
                          " is not later than the one before"));
    }
    last_publication_ = micros;
  }

  // Provisions of a version follow its list of their ids.
  void CheckProvision(absl::string_view key, absl::string_view value) {
    const std::string name = keys::NameOf(key);
    const auto parts = names::Parse(name, "name");
    if (!parts.ok() || key.size() < 2 * sizeof(uint64_t)) {
      return Report("a provision has a malformed key");
    }
    const uint64_t sequence = VersionOfProvision(key);
    const uint64_t position = keys::SequenceOf(key);
    const auto at = [&] {
      return absl::StrCat("provision ", position, " of version ", sequence,
                          " of ", name);
    };
    if (position == 0) {
      ids_ = absl::StrSplit(value, '\n', absl::SkipEmpty());
      provision_ = 0;
      if (!Has(keys::Version(*parts, sequence))) {
        Report(absl::StrCat("provisions of version ", sequence, " of ", name,
                            " have no version"));
      }
      return;
    }
    v1::Provision provision;
    if (!provision.ParseFromArray(value.data(),
                                  static_cast<int>(value.size()))) {
      return Report(absl::StrCat(at(), " does not parse"));
    }
    if (position != ++provision_ || position > ids_.size() ||
        ids_[position - 1] != provision.name()) {
      Report(absl::StrCat(at(), " is not in its place"));
    }
  }

  // Whether as many provisions are there as the version says; `content` is
  // that of an expression.
  void CheckProvisionsOf(const names::Parts& parts, uint64_t sequence,
                         const v1::Expression& expression) {
    const std::string count = keys::Provision(
        parts, sequence, static_cast<uint64_t>(expression.provision_count()));
    const std::string beyond = keys::Provision(
        parts, sequence,
        static_cast<uint64_t>(expression.provision_count()) + 1);
    if (!Has(keys::Provision(parts, sequence, 0)) || !Has(count) ||
        Has(beyond)) {
      Report(absl::StrCat("version ", sequence, " of ", expression.name(),
                          " has not the provisions that it counts"));
    }
  }

  void CheckChange(absl::string_view key, absl::string_view value) {
    const uint64_t sequence = keys::SequenceOf(key);
    if (sequence != ++changes_) {
      Report(absl::StrCat("change ", changes_, " is missing"));
      changes_ = sequence;
    }
    v1::Change change;
    if (!change.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return Report(absl::StrCat("change ", sequence, " does not parse"));
    }
    const auto parts = names::Parse(change.resource(), "resource");
    if (!parts.ok()) {
      return Report(absl::StrCat("change ", sequence, " names no record"));
    }
    if (!Has(keys::Version(*parts, sequence))) {
      Report(absl::StrCat("change ", sequence, " of ", change.resource(),
                          " has no version"));
    }
    if (change.previous_sequence() != 0 &&
        !Has(keys::Version(*parts, change.previous_sequence()))) {
      Report(absl::StrCat("change ", sequence, " of ", change.resource(),
                          " follows a version that is missing"));
    }
  }

  void CheckPointer(absl::string_view key, absl::string_view value) {
    const std::string name = keys::NameOf(key);
    const auto parts = names::Parse(name, "name");
    if (!parts.ok()) return Report("a pointer has a malformed name");
    const std::string prefix = keys::VersionsOf(*parts);
    const auto iterator = NewIterator();
    iterator->SeekForPrev(keys::Version(*parts, kNow));
    if (!iterator->Valid() || !iterator->key().starts_with(prefix) ||
        keys::SequenceOf(FromSlice(iterator->key())) != keys::Number(value)) {
      Report(absl::StrCat("the pointer of ", name,
                          " does not lead to its newest version"));
    }
  }

  void CheckVersion(absl::string_view key, absl::string_view value) {
    const std::string name = keys::NameOf(key);
    const auto parts = names::Parse(name, "name");
    if (!parts.ok()) return Report("a version has a malformed name");
    ++versions_;
    if (!Has(keys::Change(keys::SequenceOf(key)))) {
      Report(absl::StrCat("version ", keys::SequenceOf(key), " of ", name,
                          " has no change"));
    }
    if (!Has(keys::Newest(*parts))) {
      Report(absl::StrCat(name, " has no pointer"));
    }
    v1::Record record;
    google::protobuf::Message* message = MutableRecord(parts->kind, &record);
    const absl::Status status = ParseVersion(value, message);
    if (absl::IsNotFound(status)) return;
    if (!status.ok()) {
      return Report(absl::StrCat(name, ": ", status.message()));
    }
    if (parts->kind == Kind::kExpression) {
      CheckProvisionsOf(*parts, keys::SequenceOf(key), record.expression());
    }
    for (const auto& [lookup, target] : LookupsOf(parts->kind, *message)) {
      if (!Has(lookup)) {
        Report(absl::StrCat("a lookup of ", name,
                            " is missing: ", Line(lookup, target)));
      }
    }
  }

  // A lookup must follow from some version of the record that it leads to.
  void CheckLookup(absl::string_view key, absl::string_view value) {
    const std::vector<absl::string_view> part = keys::Components(key, 2);
    std::string name(value);
    if (key[1] == 'a' && part.size() == 3) {
      name = names::Designation(part[0], part[2]);
    } else if (key[1] == 'f' && part.size() == 3) {
      name = names::Designation(part[1], part[2]);
    } else if (key[1] == 't' && part.size() == 4) {
      name = names::Designation(part[2], part[3]);
    } else if (key[1] == 'p' && part.size() == 2) {
      name = names::Participation(part[1], part[0]);
    } else if (key[1] == 'm' && part.size() == 4) {
      name = keys::NameOf(Kind::kMapping, part[2], part[3]);
    }
    const auto parts = names::Parse(name, "name");
    if (!parts.ok() || !Follows(*parts, key, value)) {
      Report(
          absl::StrCat("a lookup follows from no record: ", Line(key, value)));
    }
  }

  bool Follows(const names::Parts& parts, absl::string_view key,
               absl::string_view value) {
    const std::string prefix = keys::VersionsOf(parts);
    const auto iterator = NewIterator();
    for (iterator->Seek(prefix);
         iterator->Valid() && iterator->key().starts_with(prefix);
         iterator->Next()) {
      v1::Record record;
      google::protobuf::Message* message = MutableRecord(parts.kind, &record);
      if (!ParseVersion(FromSlice(iterator->value()), message).ok()) continue;
      for (const auto& [lookup, target] : LookupsOf(parts.kind, *message)) {
        if (lookup == key && target == value) return true;
      }
    }
    return false;
  }

  rocksdb::ManagedSnapshot snapshot_;
  rocksdb::DB* const db_;
  rocksdb::ReadOptions options_;
  absl::FunctionRef<void(const std::string&)> problem_;
  absl::FunctionRef<bool()> go_on_;
  int64_t keys_ = 0;
  uint64_t published_ = 0;
  uint64_t changes_ = 0;
  uint64_t versions_ = 0;
  uint64_t last_publication_ = 0;
  // Of the version whose provisions pass by.
  std::vector<std::string> ids_;
  uint64_t provision_ = 0;
};

}  // namespace

absl::Status Store::Dump(absl::string_view tag, absl::string_view resource,
                         absl::FunctionRef<bool(const std::string& line)> visit,
                         absl::FunctionRef<bool()> go_on) const {
  const auto iterator = impl_->NewIterator();
  int64_t keys = 0;
  for (iterator->Seek(ToSlice(tag)); iterator->Valid(); iterator->Next()) {
    const absl::string_view key = FromSlice(iterator->key());
    if (key.substr(0, tag.size()) != tag) break;
    if (keys++ % kKeysPerQuestion == 0 && !go_on()) {
      return absl::CancelledError("the caller left");
    }
    if (!resource.empty() && keys::NameOf(key) != resource) {
      v1::Change change;
      const bool cites =
          key[0] == 'C' &&
          change.ParseFromArray(iterator->value().data(),
                                static_cast<int>(iterator->value().size())) &&
          change.resource() == resource;
      if (!cites) continue;
    }
    if (!visit(Line(key, FromSlice(iterator->value())))) break;
  }
  return FromRocks(iterator->status());
}

absl::StatusOr<int64_t> Store::Verify(
    absl::FunctionRef<void(const std::string&)> problem,
    absl::FunctionRef<bool()> go_on) const {
  Verifier verifier(*impl_, problem, go_on);
  RETURN_IF_ERROR(verifier.Run());
  return verifier.keys();
}

}  // namespace comity
