#include "services/contact_bytes.h"

#include <optional>

#include "base/status_macros.h"
#include "comity/v1/directory_service.pb.h"
#include "store/wire.h"

namespace comity {
namespace {

using rules::Bound;
using rules::BoundKind;

// OK if a message was read to its end.
absl::Status AtEnd(absl::string_view rest) {
  if (rest.empty()) return absl::OkStatus();
  return absl::DataLossError("a stored record does not parse");
}

absl::Status ReadBound(absl::string_view bytes, Bound* bound) {
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    *bound = {};
    if (field.number == v1::DateBound::kOpenFieldNumber) {
      bound->kind = BoundKind::kOpen;
    } else if (field.number == v1::DateBound::kDateFieldNumber) {
      const std::optional<Day> day = ParseDay(field.bytes);
      if (day.has_value()) *bound = {BoundKind::kDate, DayNumber(*day)};
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadNotification(absl::string_view bytes,
                              rules::DesignationFacts* facts) {
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    if (field.number == v1::Notification::kDateFieldNumber) {
      facts->notified_on = field.bytes;
    } else if (field.number == v1::Notification::kBasisFieldNumber) {
      facts->notified_by =
          static_cast<v1::Notification::Basis>(static_cast<int>(field.value));
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadKind(absl::string_view source, int* kind) {
  *kind = v1::SOURCE_KIND_UNSPECIFIED;
  wire::Field field;
  while (wire::TakeField(&source, &field)) {
    if (field.number == v1::Source::kKindFieldNumber) {
      *kind = static_cast<int>(field.value);
    }
  }
  return AtEnd(source);
}

}  // namespace

absl::Status ReadFacts(absl::string_view bytes,
                       rules::DesignationFacts* facts) {
  using D = v1::Designation;
  bool has_source = false;
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    switch (field.number) {
      case D::kTreatyFieldNumber:
        facts->treaty = field.bytes;
        break;
      case D::kArticleFieldNumber:
        facts->article = field.bytes;
        break;
      case D::kValidFromFieldNumber:
        RETURN_IF_ERROR(ReadBound(field.bytes, &facts->from));
        break;
      case D::kValidUntilFieldNumber:
        RETURN_IF_ERROR(ReadBound(field.bytes, &facts->until));
        break;
      case D::kNotificationFieldNumber:
        RETURN_IF_ERROR(ReadNotification(field.bytes, facts));
        break;
      case D::kVerifiedOnFieldNumber:
        facts->verified_on = field.bytes;
        break;
      case D::kVerifiedByFieldNumber:
        facts->verified_by = field.bytes;
        break;
      case D::kSourcesFieldNumber: {
        int kind = 0;
        RETURN_IF_ERROR(ReadKind(field.bytes, &kind));
        if (!has_source) {
          facts->first_source = static_cast<v1::SourceKind>(kind);
        }
        has_source = true;
        facts->sources |= rules::SourceKindBit(kind);
        break;
      }
      default:
        break;
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadSourceKinds(absl::string_view authority, uint32_t* kinds) {
  *kinds = 0;
  wire::Field field;
  while (wire::TakeField(&authority, &field)) {
    if (field.number != v1::Authority::kSourcesFieldNumber) continue;
    int kind = 0;
    RETURN_IF_ERROR(ReadKind(field.bytes, &kind));
    *kinds |= rules::SourceKindBit(kind);
  }
  return AtEnd(authority);
}

absl::Status AppendContact(absl::string_view designation,
                           const std::string* authority,
                           const v1::Function& function, Day day,
                           std::string* contact) {
  rules::DesignationFacts facts;
  RETURN_IF_ERROR(ReadFacts(designation, &facts));
  wire::AppendField(v1::FoundContact::kDesignationFieldNumber, designation,
                    contact);
  uint32_t kinds = 0;
  if (authority != nullptr) {
    RETURN_IF_ERROR(ReadSourceKinds(*authority, &kinds));
    wire::AppendField(v1::FoundContact::kAuthorityFieldNumber, *authority,
                      contact);
  }
  google::protobuf::RepeatedPtrField<v1::Advice> advice;
  rules::AddAdvice(facts, authority == nullptr ? nullptr : &kinds, function,
                   day, &advice);
  for (const v1::Advice& one : advice) {
    wire::AppendField(v1::FoundContact::kAdviceFieldNumber, one, contact);
  }
  return absl::OkStatus();
}

}  // namespace comity
