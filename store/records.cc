#include "store/records.h"

#include <xxhash.h>

#include <set>

#include "absl/strings/str_format.h"
#include "base/text.h"
#include "base/wire.h"
#include "google/protobuf/timestamp.pb.h"
#include "store/keys.h"

namespace comity {
namespace {

constexpr size_t kTrailerBytes = 16;

std::string Digits(const XXH128_hash_t& hash) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string digits(32, '0');
  for (size_t i = 0; i < 16; ++i) {
    digits[15 - i] = kDigits[(hash.high64 >> (4 * i)) & 0xFU];
    digits[31 - i] = kDigits[(hash.low64 >> (4 * i)) & 0xFU];
  }
  return digits;
}

template <class M>
void ClearServerFields(M* record) {
  record->clear_etag();
  record->clear_create_time();
  record->clear_update_time();
}

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / 1000000;
  int64_t rest = micros % 1000000;
  if (rest < 0) {
    --seconds;
    rest += 1000000;
  }
  proto->set_seconds(seconds);
  proto->set_nanos(static_cast<int32_t>(rest * 1000));
}

template <class M>
void SetServerFields(const StoredVersion& version, M* record) {
  record->set_etag(EtagOf(version.content));
  SetTime(version.create_time, record->mutable_create_time());
  SetTime(version.update_time, record->mutable_update_time());
}

// Calls `visit` with `record` as the type that it is.
template <class Visitor>
auto Visit(Kind kind, google::protobuf::Message* record, Visitor visit) {
  switch (kind) {
    case Kind::kState:
      return visit(static_cast<v1::State*>(record));
    case Kind::kTreaty:
      return visit(static_cast<v1::Treaty*>(record));
    case Kind::kFunction:
      return visit(static_cast<v1::Function*>(record));
    case Kind::kParticipation:
      return visit(static_cast<v1::Participation*>(record));
    case Kind::kAuthority:
      return visit(static_cast<v1::Authority*>(record));
    case Kind::kLaw:
      return visit(static_cast<v1::Law*>(record));
    case Kind::kExpression:
      return visit(static_cast<v1::Expression*>(record));
    case Kind::kMapping:
      return visit(static_cast<v1::Mapping*>(record));
    case Kind::kConcept:
      return visit(static_cast<v1::Concept*>(record));
    case Kind::kDesignation:
    case Kind::kImportJob:
      break;
  }
  return visit(static_cast<v1::Designation*>(record));
}

// Numbers of the fields that the server adds.
struct ServerFields {
  int etag = 0;
  int create_time = 0;
  int update_time = 0;
};

template <class M>
constexpr ServerFields ServerFieldsOf() {
  return {M::kEtagFieldNumber, M::kCreateTimeFieldNumber,
          M::kUpdateTimeFieldNumber};
}

ServerFields ServerFieldsOf(Kind kind) {
  switch (kind) {
    case Kind::kState:
      return ServerFieldsOf<v1::State>();
    case Kind::kTreaty:
      return ServerFieldsOf<v1::Treaty>();
    case Kind::kFunction:
      return ServerFieldsOf<v1::Function>();
    case Kind::kParticipation:
      return ServerFieldsOf<v1::Participation>();
    case Kind::kAuthority:
      return ServerFieldsOf<v1::Authority>();
    case Kind::kLaw:
      return ServerFieldsOf<v1::Law>();
    case Kind::kExpression:
      return ServerFieldsOf<v1::Expression>();
    case Kind::kMapping:
      return ServerFieldsOf<v1::Mapping>();
    case Kind::kConcept:
      return ServerFieldsOf<v1::Concept>();
    case Kind::kDesignation:
    case Kind::kImportJob:
      break;
  }
  return ServerFieldsOf<v1::Designation>();
}

// Writes a Timestamp, whose fraction counts forward in time before 1970, too.
void WriteTime(int number, absl::Time time, wire::Writer* writer) {
  using google::protobuf::Timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  const int64_t micros = absl::ToUnixMicros(time) - seconds * 1'000'000;
  writer->Message(number, [&] {
    writer->Number(Timestamp::kSecondsFieldNumber,
                   static_cast<uint64_t>(seconds));
    writer->Number(Timestamp::kNanosFieldNumber,
                   static_cast<uint64_t>(micros) * 1000);
  });
}

Kind KindOfMessage(const google::protobuf::Message& record) {
  const google::protobuf::Descriptor* type = record.GetDescriptor();
  if (type == v1::State::descriptor()) return Kind::kState;
  if (type == v1::Treaty::descriptor()) return Kind::kTreaty;
  if (type == v1::Function::descriptor()) return Kind::kFunction;
  if (type == v1::Participation::descriptor()) return Kind::kParticipation;
  if (type == v1::Authority::descriptor()) return Kind::kAuthority;
  if (type == v1::Law::descriptor()) return Kind::kLaw;
  if (type == v1::Expression::descriptor()) return Kind::kExpression;
  if (type == v1::Mapping::descriptor()) return Kind::kMapping;
  if (type == v1::Concept::descriptor()) return Kind::kConcept;
  return Kind::kDesignation;
}

using Lookups = std::vector<std::pair<std::string, std::string>>;

template <class Sources>
void AddSources(Kind kind, const std::string& name, const Sources& sources,
                Lookups* lookups) {
  for (const v1::Source& source : sources) {
    if (source.system().empty() || source.id().empty()) continue;
    lookups->emplace_back(
        keys::RecordBySource(source.system(), source.id(), kind), name);
  }
}

Lookups AuthorityLookups(const v1::Authority& authority) {
  Lookups lookups;
  const auto parts = names::Parse(authority.name(), "name");
  if (!parts.ok()) return lookups;
  const std::string unit = Fold(authority.unit());
  for (const auto* list :
       {&authority.display_names(), &authority.former_names()}) {
    for (const v1::LocalizedText& name : *list) {
      lookups.emplace_back(
          keys::AuthorityByName(parts->first, Fold(name.text()), unit),
          authority.name());
    }
  }
  AddSources(Kind::kAuthority, authority.name(), authority.sources(), &lookups);
  return lookups;
}

Lookups DesignationLookups(const v1::Designation& designation) {
  Lookups lookups;
  const auto parts = names::Parse(designation.name(), "name");
  if (!parts.ok()) return lookups;
  if (!designation.authority().empty()) {
    lookups.emplace_back(
        keys::DesignationByAuthority(parts->first,
                                     names::LastOf(designation.authority()),
                                     parts->second),
        "");
  }
  lookups.emplace_back(
      keys::DesignationByFunction(names::LastOf(designation.function()),
                                  parts->first, parts->second),
      "");
  lookups.emplace_back(keys::DesignationByTreaty(
                           names::LastOf(designation.treaty()),
                           designation.article(), parts->first, parts->second),
                       "");
  AddSources(Kind::kDesignation, designation.name(), designation.sources(),
             &lookups);
  return lookups;
}

// Fills what an expression says of its provisions. One that is read back
// without them says it already.
void CountProvisions(v1::Expression* expression) {
  if (expression->provisions().empty()) return;
  int64_t bytes = 0;
  std::string serialized;
  XXH3_state_t* const state = XXH3_createState();
  XXH3_128bits_reset(state);
  int position = 0;
  for (v1::Provision& provision : *expression->mutable_provisions()) {
    provision.set_position(++position);
    bytes += static_cast<int64_t>(provision.heading().size() +
                                  provision.text().size());
    serialized.clear();
    provision.AppendToString(&serialized);
    // The size parts one from the next.
    const std::string size = keys::Bytes(serialized.size());
    XXH3_128bits_update(state, size.data(), size.size());
    XXH3_128bits_update(state, serialized.data(), serialized.size());
  }
  expression->set_provision_count(expression->provisions_size());
  expression->set_text_bytes(bytes);
  expression->set_provisions_digest(Digits(XXH3_128bits_digest(state)));
  XXH3_freeState(state);
}

}  // namespace

v1::RecordKind ToProto(Kind kind) {
  switch (kind) {
    case Kind::kState:
      return v1::RECORD_KIND_STATE;
    case Kind::kTreaty:
      return v1::RECORD_KIND_TREATY;
    case Kind::kFunction:
      return v1::RECORD_KIND_FUNCTION;
    case Kind::kParticipation:
      return v1::RECORD_KIND_PARTICIPATION;
    case Kind::kAuthority:
      return v1::RECORD_KIND_AUTHORITY;
    case Kind::kDesignation:
      return v1::RECORD_KIND_DESIGNATION;
    case Kind::kLaw:
      return v1::RECORD_KIND_LAW;
    case Kind::kExpression:
      return v1::RECORD_KIND_EXPRESSION;
    case Kind::kMapping:
      return v1::RECORD_KIND_MAPPING;
    case Kind::kConcept:
      return v1::RECORD_KIND_CONCEPT;
    case Kind::kImportJob:
      return v1::RECORD_KIND_UNSPECIFIED;
  }
  return v1::RECORD_KIND_UNSPECIFIED;
}

bool FromProto(v1::RecordKind proto, Kind* kind) {
  for (const Kind each : kRecordKinds) {
    if (ToProto(each) == proto) {
      *kind = each;
      return true;
    }
  }
  return false;
}

google::protobuf::Message* MutableRecord(Kind kind, v1::Record* record) {
  switch (kind) {
    case Kind::kState:
      return record->mutable_state();
    case Kind::kTreaty:
      return record->mutable_treaty();
    case Kind::kFunction:
      return record->mutable_function();
    case Kind::kParticipation:
      return record->mutable_participation();
    case Kind::kAuthority:
      return record->mutable_authority();
    case Kind::kLaw:
      return record->mutable_law();
    case Kind::kExpression:
      return record->mutable_expression();
    case Kind::kMapping:
      return record->mutable_mapping();
    case Kind::kConcept:
      return record->mutable_legal_concept();
    case Kind::kDesignation:
    case Kind::kImportJob:
      break;
  }
  return record->mutable_designation();
}

const google::protobuf::Message* RecordOf(const v1::Record& record) {
  switch (record.record_case()) {
    case v1::Record::kState:
      return &record.state();
    case v1::Record::kTreaty:
      return &record.treaty();
    case v1::Record::kFunction:
      return &record.function();
    case v1::Record::kParticipation:
      return &record.participation();
    case v1::Record::kAuthority:
      return &record.authority();
    case v1::Record::kDesignation:
      return &record.designation();
    case v1::Record::kLaw:
      return &record.law();
    case v1::Record::kExpression:
      return &record.expression();
    case v1::Record::kMapping:
      return &record.mapping();
    case v1::Record::kLegalConcept:
      return &record.legal_concept();
    case v1::Record::RECORD_NOT_SET:
      break;
  }
  return nullptr;
}

const std::string& NameOfRecord(const google::protobuf::Message& record) {
  // Visit takes a mutable message; this visitor changes nothing.
  auto* message = const_cast<google::protobuf::Message*>(&record);
  return *Visit(KindOfMessage(record), message,
                [](auto* typed) { return &typed->name(); });
}

std::string TakeContent(google::protobuf::Message* record) {
  Visit(KindOfMessage(*record), record,
        [](auto* typed) { ClearServerFields(typed); });
  if (record->GetDescriptor() != v1::Expression::descriptor()) {
    return record->SerializeAsString();
  }
  auto* expression = static_cast<v1::Expression*>(record);
  CountProvisions(expression);
  google::protobuf::RepeatedPtrField<v1::Provision> provisions;
  expression->mutable_provisions()->Swap(&provisions);
  std::string content = expression->SerializeAsString();
  expression->mutable_provisions()->Swap(&provisions);
  return content;
}

std::string EtagOf(absl::string_view content) {
  return Digits(XXH3_128bits(content.data(), content.size()));
}

std::string EncodeVersion(const StoredVersion& version) {
  std::string bytes(version.content);
  bytes.append(keys::Bytes(
      static_cast<uint64_t>(absl::ToUnixMicros(version.create_time))));
  bytes.append(keys::Bytes(
      static_cast<uint64_t>(absl::ToUnixMicros(version.update_time))));
  return bytes;
}

absl::StatusOr<StoredVersion> DecodeVersion(absl::string_view bytes) {
  if (bytes.size() < kTrailerBytes) {
    return absl::DataLossError("a stored version is cut short");
  }
  const absl::string_view trailer = bytes.substr(bytes.size() - kTrailerBytes);
  const auto time = [&](size_t at) {
    return absl::FromUnixMicros(
        static_cast<int64_t>(keys::Number(trailer.substr(at, 8))));
  };
  return StoredVersion{bytes.substr(0, bytes.size() - kTrailerBytes), time(0),
                       time(8)};
}

absl::Status ParseVersion(absl::string_view bytes,
                          google::protobuf::Message* record) {
  const absl::StatusOr<StoredVersion> version = DecodeVersion(bytes);
  if (!version.ok()) return version.status();
  if (version->content.empty()) return absl::NotFoundError("deleted");
  if (!record->ParseFromArray(version->content.data(),
                              static_cast<int>(version->content.size()))) {
    return absl::DataLossError("a stored record does not parse");
  }
  Visit(KindOfMessage(*record), record,
        [&](auto* typed) { SetServerFields(*version, typed); });
  return absl::OkStatus();
}

absl::Status AppendRecord(Kind kind, absl::string_view bytes,
                          std::string* out) {
  const absl::StatusOr<StoredVersion> version = DecodeVersion(bytes);
  if (!version.ok()) return version.status();
  if (version->content.empty()) return absl::NotFoundError("deleted");
  const ServerFields fields = ServerFieldsOf(kind);
  wire::Writer writer(out);
  writer.Fields(version->content);
  writer.Text(fields.etag, EtagOf(version->content));
  WriteTime(fields.create_time, version->create_time, &writer);
  WriteTime(fields.update_time, version->update_time, &writer);
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> ContentOf(absl::string_view bytes) {
  const absl::StatusOr<StoredVersion> version = DecodeVersion(bytes);
  if (!version.ok()) return version.status();
  if (version->content.empty()) return absl::NotFoundError("deleted");
  return version->content;
}

std::vector<std::pair<std::string, std::string>> LookupsOf(
    Kind kind, const google::protobuf::Message& record) {
  Lookups lookups;
  switch (kind) {
    case Kind::kAuthority:
      return AuthorityLookups(static_cast<const v1::Authority&>(record));
    case Kind::kDesignation:
      return DesignationLookups(static_cast<const v1::Designation&>(record));
    case Kind::kParticipation: {
      const auto& typed = static_cast<const v1::Participation&>(record);
      const auto parts = names::Parse(typed.name(), "name");
      if (!parts.ok()) return lookups;
      lookups.emplace_back(
          keys::ParticipationByState(parts->second, parts->first), "");
      AddSources(kind, typed.name(), typed.sources(), &lookups);
      return lookups;
    }
    case Kind::kLaw: {
      const auto& typed = static_cast<const v1::Law&>(record);
      AddSources(kind, typed.name(), typed.sources(), &lookups);
      return lookups;
    }
    case Kind::kMapping: {
      const auto& typed = static_cast<const v1::Mapping&>(record);
      const auto parts = names::Parse(typed.name(), "name");
      if (!parts.ok()) return lookups;
      lookups.emplace_back(
          keys::MappingByTreaty(names::LastOf(typed.treaty()), typed.article(),
                                parts->first, parts->second),
          "");
      return lookups;
    }
    case Kind::kState:
    case Kind::kTreaty:
    case Kind::kFunction:
    case Kind::kExpression:
    case Kind::kConcept:
    case Kind::kImportJob:
      break;
  }
  return lookups;
}

}  // namespace comity
