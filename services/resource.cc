#include "services/resource.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/dates.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/reply.h"
#include "store/keys.h"
#include "store/records.h"
#include "store/validate.h"

namespace comity {
namespace {

using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

// Fields of every record that only the server sets, and the name, which stays.
constexpr absl::string_view kFixedFields[] = {"name", "etag", "create_time",
                                              "update_time"};

// How many records that refer to another are named.
constexpr size_t kReferrersNamed = 5;

// RFC 4122: 8-4-4-4-12 hexadecimal digits.
bool IsUuid(absl::string_view text) {
  if (text.size() != limits::kRequestIdBytes) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-'
             : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

// What a request is, apart from its id.
std::string RequestDigest(const Message& request) {
  const std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  const auto* type = rest->GetDescriptor();
  rest->GetReflection()->ClearField(rest.get(),
                                    type->FindFieldByName("request_id"));
  return EtagOf(
      absl::StrCat(type->full_name(), "\n", rest->SerializeAsString()));
}

// The answer that the request got the first time.
absl::Status Answer(const Store& store, const Repetition& repetition,
                    Message* response) {
  // What is deleted has no answer but that it is done.
  if (response == nullptr) return absl::OkStatus();
  return store.ReadVersion(repetition.name, repetition.sequence, response);
}

// Collects who refers to a record, some at most.
class Referrers {
 public:
  Referrers(const Store& store, const Transaction& transaction)
      : store_(store), transaction_(transaction) {}

  bool full() const { return names_.size() > kReferrersNamed; }
  const std::vector<std::string>& names() const { return names_; }

  // Records that lie under another by name.
  absl::Status AddUnder(Kind kind, absl::string_view first) {
    return transaction_.ForEachName(kind, first, [&](const std::string& name) {
      names_.push_back(name);
      return !full();
    });
  }

  // Records of a kind whose content refers to it.
  template <class M>
  absl::Status AddWhere(absl::FunctionRef<bool(const M&)> refers) {
    absl::Status status;
    RETURN_IF_ERROR(transaction_.ForEachName(
        KindOf<M>::kKind, "", [&](const std::string& name) {
          const absl::StatusOr<M> record = transaction_.Get<M>(name);
          status = record.status();
          if (record.ok() && refers(*record)) names_.push_back(name);
          return status.ok() && !full();
        }));
    return status;
  }

  // Records that a lookup leads to, which may have changed since.
  template <class M>
  absl::Status AddFound(const std::string& prefix,
                        absl::FunctionRef<bool(const M&)> refers) {
    ASSIGN_OR_RETURN(const std::vector<std::string> found,
                     store_.LookUp(prefix, SIZE_MAX));
    for (const std::string& name : found) {
      if (full()) break;
      const absl::StatusOr<M> record = transaction_.Get<M>(name);
      if (absl::IsNotFound(record.status())) continue;
      RETURN_IF_ERROR(record.status());
      if (refers(*record)) names_.push_back(name);
    }
    return absl::OkStatus();
  }

 private:
  const Store& store_;
  const Transaction& transaction_;
  std::vector<std::string> names_;
};

absl::Status AddReferrersOfState(const std::string& name,
                                 absl::string_view code, Referrers* referrers) {
  RETURN_IF_ERROR(referrers->AddUnder(Kind::kAuthority, code));
  RETURN_IF_ERROR(referrers->AddUnder(Kind::kDesignation, code));
  RETURN_IF_ERROR(referrers->AddUnder(Kind::kLaw, code));
  RETURN_IF_ERROR(referrers->AddFound<v1::Participation>(
      keys::ParticipationsOfState(code),
      [](const v1::Participation&) { return true; }));
  return referrers->AddWhere<v1::State>(
      [&](const v1::State& state) { return state.parent() == name; });
}

absl::Status AddReferrersOfTreaty(const std::string& name,
                                  absl::string_view slug,
                                  Referrers* referrers) {
  RETURN_IF_ERROR(referrers->AddUnder(Kind::kParticipation, slug));
  RETURN_IF_ERROR(referrers->AddFound<v1::Designation>(
      keys::DesignationsUnderTreaty(slug),
      [&](const v1::Designation& each) { return each.treaty() == name; }));
  RETURN_IF_ERROR(referrers->AddFound<v1::Mapping>(
      keys::MappingsToTreaty(slug),
      [&](const v1::Mapping& each) { return each.treaty() == name; }));
  RETURN_IF_ERROR(
      referrers->AddWhere<v1::Function>([&](const v1::Function& function) {
        return std::any_of(
            function.articles().begin(), function.articles().end(),
            [&](const auto& article) { return article.treaty() == name; });
      }));
  return referrers->AddWhere<v1::Treaty>([&](const v1::Treaty& treaty) {
    return treaty.name() != name &&
           (treaty.parent() == name ||
            treaty.entry_into_force_rule().not_before() == name);
  });
}

absl::Status AddReferrers(const std::string& name, const names::Parts& parts,
                          Referrers* referrers) {
  switch (parts.kind) {
    case Kind::kState:
      return AddReferrersOfState(name, parts.first, referrers);
    case Kind::kTreaty:
      return AddReferrersOfTreaty(name, parts.first, referrers);
    case Kind::kFunction:
      return referrers->AddFound<v1::Designation>(
          keys::DesignationsForFunction(parts.first),
          [&](const v1::Designation& each) { return each.function() == name; });
    case Kind::kAuthority:
      return referrers->AddFound<v1::Designation>(
          keys::DesignationsOfAuthority(parts.first, parts.second),
          [&](const v1::Designation& each) {
            return each.authority() == name;
          });
    case Kind::kLaw: {
      const std::string under = absl::StrCat(parts.first, "/", parts.second);
      RETURN_IF_ERROR(referrers->AddUnder(Kind::kExpression, under));
      return referrers->AddUnder(Kind::kMapping, under);
    }
    case Kind::kParticipation:
    case Kind::kDesignation:
    case Kind::kExpression:
    case Kind::kMapping:
    case Kind::kConcept:
    case Kind::kImportJob:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status CheckPath(const google::protobuf::Descriptor* type,
                       const std::string& path) {
  // Empty parts between dots are overlooked by protobuf.
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  if (std::find(parts.begin(), parts.end(), "") != parts.end() ||
      !FieldMaskUtil::GetFieldDescriptors(type, path, nullptr)) {
    return InvalidField("update_mask", path,
                        absl::StrCat("must name fields of ", type->name()));
  }
  if (std::find(std::begin(kFixedFields), std::end(kFixedFields),
                parts.front()) != std::end(kFixedFields)) {
    return InvalidField("update_mask", path,
                        "must name fields that can be changed");
  }
  return absl::OkStatus();
}

// Replaces all of `record` but its name by `given`.
void ReplaceAll(const Message& given, Message* record) {
  const std::string name = NameOfRecord(*record);
  record->CopyFrom(given);
  record->GetReflection()->SetString(
      record, record->GetDescriptor()->FindFieldByName("name"), name);
}

// Clears what `path` names in a message that `given` does not have at all: the
// merge would leave it as it was.
void ClearMissing(const Message& given, absl::string_view path,
                  Message* record) {
  const size_t dot = path.find('.');
  const auto* field = record->GetDescriptor()->FindFieldByName(
      std::string(path.substr(0, dot)));
  const auto* reflection = record->GetReflection();
  if (dot == absl::string_view::npos) {
    reflection->ClearField(record, field);
    return;
  }
  if (!reflection->HasField(*record, field)) return;
  ClearMissing(given.GetReflection()->GetMessage(given, field),
               path.substr(dot + 1), reflection->MutableMessage(record, field));
}

}  // namespace

absl::StatusOr<uint64_t> SequenceAt(
    const Core& core, const google::protobuf::Timestamp& known_at) {
  // The range of protobuf's Timestamp: years 1 to 9999.
  if (known_at.seconds() < -62135596800 || known_at.seconds() > 253402300799 ||
      known_at.nanos() < 0 || known_at.nanos() > 999999999) {
    return InvalidField("known_at", absl::StrCat(known_at.seconds(), " s"),
                        "must be a time of the years 1 to 9999");
  }
  const absl::Time time = absl::FromUnixSeconds(known_at.seconds()) +
                          absl::Nanoseconds(known_at.nanos());
  if (time > core.clock->Now()) {
    return InvalidField("known_at", absl::FormatTime(time, absl::UTCTimeZone()),
                        "must not lie in the future");
  }
  return core.store->SequenceAt(time);
}

absl::StatusOr<Day> DayOfRequest(const Core& core, absl::string_view as_of) {
  if (as_of.empty()) return DayOf(core.clock->Now());
  return ParseDayField(as_of, "as_of");
}

absl::StatusOr<std::string> ParseParent(const Core& core, Kind kind,
                                        absl::string_view parent, uint64_t at) {
  const absl::string_view pattern = names::Pattern(kind);
  if (absl::EndsWith(parent, "/-") &&
      absl::StartsWith(pattern, parent.substr(0, parent.size() - 1))) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(parent, kind, "parent"));
  v1::Record record;
  RETURN_IF_ERROR(
      core.store->Read(kind, parent, at, MutableRecord(kind, &record)));
  return std::string(parts.first);
}

absl::Status CheckBatch(
    Kind kind, absl::string_view parent,
    const google::protobuf::RepeatedPtrField<std::string>& names) {
  if (names.empty() || names.size() > limits::kBatchGetMax) {
    return InvalidField(
        "names", absl::StrCat(names.size(), " names"),
        absl::StrCat("must be from 1 to ", limits::kBatchGetMax));
  }
  std::string under;
  if (!parent.empty()) {
    const Kind above =
        kind == Kind::kParticipation ? Kind::kTreaty : Kind::kState;
    const absl::string_view pattern = names::Pattern(above);
    const absl::string_view collection =
        pattern.substr(0, pattern.find('/') + 1);
    if (parent != absl::StrCat(collection, "-")) {
      RETURN_IF_ERROR(names::ParseKind(parent, above, "parent").status());
      under = absl::StrCat(parent, "/");
    }
  }
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("names[", i, "]");
    RETURN_IF_ERROR(names::ParseKind(names[i], kind, field).status());
    if (!absl::StartsWith(names[i], under)) {
      return InvalidField(field, names[i],
                          absl::StrCat("must lie under ", parent));
    }
  }
  return absl::OkStatus();
}

absl::Status CommitWrite(const Core& core, const Call& call,
                         const WriteRequest& request, Message* response,
                         absl::FunctionRef<absl::Status(Transaction&)> write) {
  WriteOptions options;
  options.actor = call.actor;
  options.validate_only = request.validate_only;
  options.deadline =
      std::min(call.deadline,
               call.arrived + absl::Seconds(limits::kWriteWaitSecondsMax));
  if (!request.request_id.empty()) {
    if (!IsUuid(request.request_id)) {
      return InvalidField("request_id", request.request_id, "must be a UUID");
    }
    options.request_id = absl::AsciiStrToLower(request.request_id);
    options.request_digest = RequestDigest(*request.message);
    ASSIGN_OR_RETURN(
        const auto repetition,
        core.store->Repeated(options.request_id, options.request_digest));
    if (repetition.has_value()) {
      return Answer(*core.store, *repetition, response);
    }
  }
  bool ran = false;
  RETURN_IF_ERROR(core.store
                      ->Commit(options,
                               [&](Transaction& transaction) -> absl::Status {
                                 ran = true;
                                 // While it waited for other writers.
                                 if (call.cancelled()) {
                                   return absl::CancelledError(
                                       "the caller left");
                                 }
                                 return write(transaction);
                               })
                      .status());
  if (ran) return absl::OkStatus();
  // The same request came in between and was faster.
  ASSIGN_OR_RETURN(
      const auto repetition,
      core.store->Repeated(options.request_id, options.request_digest));
  if (!repetition.has_value()) {
    return absl::InternalError("a repeated request has no first answer");
  }
  return Answer(*core.store, *repetition, response);
}

absl::Status PutRecord(Transaction& transaction, absl::string_view field,
                       Message* record, Message* response) {
  RETURN_IF_ERROR(InvalidRecord(field, Validate(*record)));
  RETURN_IF_ERROR(CheckReferences(transaction, *record));
  RETURN_IF_ERROR(transaction.Put(record).status());
  const std::string& name = NameOfRecord(*record);
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
  return transaction.Read(parts.kind, name, response);
}

absl::Status CheckFree(const Transaction& transaction, absl::string_view name,
                       bool ever) {
  ASSIGN_OR_RETURN(const bool exists, transaction.Exists(name, /*ever=*/false));
  if (exists) {
    return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
  }
  if (!ever) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool existed, transaction.Exists(name, ever));
  if (!existed) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(name, " existed once; names are not given again"));
}

absl::Status ApplyMask(const google::protobuf::FieldMask& mask,
                       const Message& given, Message* record) {
  if (mask.paths().empty() ||
      (mask.paths_size() == 1 && mask.paths(0) == "*")) {
    ReplaceAll(given, record);
    return absl::OkStatus();
  }
  for (const std::string& path : mask.paths()) {
    RETURN_IF_ERROR(CheckPath(record->GetDescriptor(), path));
    ClearMissing(given, path, record);
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(given, mask, options, record);
  return absl::OkStatus();
}

absl::Status CheckEtag(absl::string_view given, absl::string_view current) {
  if (given.empty() || given == current) return absl::OkStatus();
  return WithReason(
      absl::AbortedError(
          "etag is not the current one: read the record again, then write"),
      "ETAG_MISMATCH");
}

absl::Status CheckUnreferenced(const Store& store,
                               const Transaction& transaction,
                               absl::string_view name) {
  const std::string owned(name);
  ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(owned, "name"));
  Referrers referrers(store, transaction);
  RETURN_IF_ERROR(AddReferrers(owned, parts, &referrers));
  if (referrers.names().empty()) return absl::OkStatus();
  std::vector<std::string> named = referrers.names();
  const bool more = named.size() > kReferrersNamed;
  if (more) named.resize(kReferrersNamed);
  return WithReason(absl::FailedPreconditionError(absl::StrCat(
                        name, " is referred to by ", absl::StrJoin(named, ", "),
                        more ? " and others" : "")),
                    "STILL_REFERENCED");
}

}  // namespace comity
