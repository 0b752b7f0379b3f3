// What the store knows of the kinds of records: which message each is, how its
// content becomes bytes, and which lookups follow from it.

#ifndef COMITY_STORE_RECORDS_H_
#define COMITY_STORE_RECORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/names.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/concept.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/law.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/record.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "google/protobuf/message.h"

namespace comity {

template <class M>
struct KindOf;
template <>
struct KindOf<v1::State> {
  static constexpr Kind kKind = Kind::kState;
};
template <>
struct KindOf<v1::Treaty> {
  static constexpr Kind kKind = Kind::kTreaty;
};
template <>
struct KindOf<v1::Function> {
  static constexpr Kind kKind = Kind::kFunction;
};
template <>
struct KindOf<v1::Participation> {
  static constexpr Kind kKind = Kind::kParticipation;
};
template <>
struct KindOf<v1::Authority> {
  static constexpr Kind kKind = Kind::kAuthority;
};
template <>
struct KindOf<v1::Designation> {
  static constexpr Kind kKind = Kind::kDesignation;
};
template <>
struct KindOf<v1::Law> {
  static constexpr Kind kKind = Kind::kLaw;
};
template <>
struct KindOf<v1::Expression> {
  static constexpr Kind kKind = Kind::kExpression;
};
template <>
struct KindOf<v1::Mapping> {
  static constexpr Kind kKind = Kind::kMapping;
};
template <>
struct KindOf<v1::Concept> {
  static constexpr Kind kKind = Kind::kConcept;
};

// All kinds with history, in the order of v1::RecordKind, which is also an
// order in which every reference points backwards.
inline constexpr Kind kRecordKinds[] = {
    Kind::kState,     Kind::kTreaty,      Kind::kFunction, Kind::kParticipation,
    Kind::kAuthority, Kind::kDesignation, Kind::kLaw,      Kind::kExpression,
    Kind::kMapping,   Kind::kConcept};

v1::RecordKind ToProto(Kind kind);
// False if `kind` is unspecified or not known.
bool FromProto(v1::RecordKind proto, Kind* kind);

// The message of `kind` inside `record`, made if it is not there.
google::protobuf::Message* MutableRecord(Kind kind, v1::Record* record);
// The message that is set, or null.
const google::protobuf::Message* RecordOf(const v1::Record& record);

// The `name` field of any record.
const std::string& NameOfRecord(const google::protobuf::Message& record);

// Content of a record: its bytes without etag and times, the same for the same
// content. Clears those fields in `record`. The content of an expression has a
// digest of its provisions instead of them; they stay in `record`, which gets
// their digest, number and size.
std::string TakeContent(google::protobuf::Message* record);

// Etag of content (AIP-154): 32 hexadecimal digits.
std::string EtagOf(absl::string_view content);

// A version as it is stored.
struct StoredVersion {
  // Empty: the record was deleted.
  absl::string_view content;
  absl::Time create_time;
  absl::Time update_time;
};

std::string EncodeVersion(const StoredVersion& version);
// DataLoss if the bytes are too short.
absl::StatusOr<StoredVersion> DecodeVersion(absl::string_view bytes);

// Parses `bytes` of a version into `record` and fills etag and times. NotFound
// if it is a deletion; DataLoss if it does not parse.
absl::Status ParseVersion(absl::string_view bytes,
                          google::protobuf::Message* record);

// Appends to `out` what ParseVersion and then serialising would give, without
// making the record: the fields that the server adds are the last ones of every
// kind. NotFound if it is a deletion; DataLoss if the bytes are too short.
absl::Status AppendRecord(Kind kind, absl::string_view bytes, std::string* out);
// The bytes of the message without the fields that the server adds, a part of
// `bytes`. Errors as AppendRecord.
absl::StatusOr<absl::string_view> ContentOf(absl::string_view bytes);

// Keys and values of the lookups that a version has; see keys.h.
std::vector<std::pair<std::string, std::string>> LookupsOf(
    Kind kind, const google::protobuf::Message& record);

}  // namespace comity

#endif  // COMITY_STORE_RECORDS_H_
