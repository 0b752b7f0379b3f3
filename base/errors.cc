#include "base/errors.h"

#include <unicode/utf8.h>

#include <cstdint>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"

namespace comity {
namespace {

constexpr char kFieldUrl[] = "comity/field";
constexpr char kValueUrl[] = "comity/value";
constexpr char kRuleUrl[] = "comity/rule";
constexpr char kReasonUrl[] = "comity/reason";

std::string PayloadOf(const absl::Status& status, const char* url) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status InvalidField(absl::string_view field, absl::string_view value,
                          absl::string_view rule) {
  const std::string shown = Cut(value, limits::kProblemValueCharactersMax);
  absl::Status status = absl::InvalidArgumentError(
      value.empty() ? absl::StrCat(field, " is empty, ", rule)
                    : absl::StrCat(field, " is ", shown, ", ", rule));
  status.SetPayload(kFieldUrl, absl::Cord(field));
  status.SetPayload(kValueUrl, absl::Cord(shown));
  status.SetPayload(kRuleUrl, absl::Cord(rule));
  return status;
}

std::string FieldOf(const absl::Status& status) {
  return PayloadOf(status, kFieldUrl);
}

std::string ValueOf(const absl::Status& status) {
  return PayloadOf(status, kValueUrl);
}

std::string RuleOf(const absl::Status& status) {
  return PayloadOf(status, kRuleUrl);
}

absl::Status WithReason(absl::Status status, absl::string_view reason) {
  if (!status.ok()) status.SetPayload(kReasonUrl, absl::Cord(reason));
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  return PayloadOf(status, kReasonUrl);
}

std::string Cut(absl::string_view text, size_t characters_max) {
  std::string cut;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  size_t characters = 0;
  for (size_t at = 0; at < size;) {
    if (characters++ == characters_max) return absl::StrCat(cut, "…");
    const size_t start = at;
    UChar32 c;
    U8_NEXT(bytes, at, size, c);
    // Messages of protobuf and gRPC are UTF-8, whatever a file holds.
    absl::StrAppend(&cut, c < 0 ? "\uFFFD" : text.substr(start, at - start));
  }
  return cut;
}

}  // namespace comity
