// The columns that files have, and the fields that they are for: one table for
// readers and writers, in English, French and Spanish.

#ifndef COMITY_IMPORT_COLUMNS_H_
#define COMITY_IMPORT_COLUMNS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "comity/v1/import_service.pb.h"

namespace comity {

// What a column is for. The first name in the table of columns.cc is the one
// that overrides and our own CSV files use.
enum class Field : uint8_t {
  // Of several kinds of records.
  kId,
  kState,
  kStateAsPrinted,
  kTreaty,
  kArticle,
  kNotes,
  kSourceSystem,
  kSourceDocument,
  kSourceUri,
  kSourcePlace,
  kSourceKind,
  kSourceDate,
  kSourceAsOf,
  kSourceVia,
  kSourceNote,
  // Designations.
  kScope,
  kFunction,
  kAuthorityName,
  kAuthorityNameLanguage,
  kUnit,
  kAuthorityKind,
  kAuthorityLanguages,
  kInterpolChannel,
  kTerritory,
  kCompetence,
  kAddress,
  kPostalAddress,
  kStreetAddress,
  kTelephone,
  kTelephoneAndFax,
  kTelephoneOutsideHours,
  kFax,
  kEmail,
  kWebsite,
  kOfficeHours,
  kTimeZone,
  kContactValidUntil,
  kLanguages,
  kChannels,
  kForms,
  kUrgentProcedure,
  kRequiredContents,
  kTimeLimits,
  kNotificationDate,
  kNotificationBasis,
  kNotificationReference,
  kValidFrom,
  kValidUntil,
  kVerifiedOn,
  kVerifiedBy,
  // Participations.
  kDepositaryNumber,
  kSignatureDate,
  kBindingAct,
  kDepositDate,
  kDepositBasis,
  kEntryIntoForce,
  kEntryIntoForceBasis,
  kWithdrawalNotified,
  kEnd,
  kRowStatus,
  kActInferred,
  // States.
  kAlpha2,
  kM49,
  kUnMember,
  kStatus,
  kRegion,
  kSubregion,
  kSpokenLanguages,
  kShortNameEn,
  kShortNameFr,
  kShortNameEs,
  kShortNameRu,
  kShortNameZh,
  kShortNameAr,
  kFormalNameEn,
  kFormalNameFr,
  kFormalNameEs,
  kFormalNameRu,
  kFormalNameZh,
  kFormalNameAr,
  kAliases,
  kFormerNames,
  kParentState,
  kTimeZones,
  kNameSource,
  // Treaties.
  kTreatyKind,
  kTitleEn,
  kTitleFr,
  kTitleEs,
  kTitleRu,
  kTitleZh,
  kTitleAr,
  kShortTitleEn,
  kShortTitleFr,
  kShortTitleEs,
  kShortTitleRu,
  kShortTitleZh,
  kShortTitleAr,
  kAdopted,
  kAdoptedAt,
  kDepositary,
  kParentTreaty,
  kArticles,
  kParticipationsAsOf,
  kThresholdInstruments,
  kDaysAfterThreshold,
  kDaysAfterDeposit,
  kWithdrawalMonths,
  kFieldCount,
};

inline constexpr size_t kFieldCount = static_cast<size_t>(Field::kFieldCount);

// The field's name in snake_case: `authority_name`.
absl::string_view FieldName(Field field);

// The columns of our own CSV files of the kind, in their order.
absl::Span<const Field> FieldsOf(v1::ImportKind kind);

// The fields that the header of a file is for.
class Columns {
 public:
  // What a column turned out to be.
  struct Found {
    enum class Is { kField, kLeftOut, kUnknown };
    Is is = Is::kUnknown;
    Field field = Field::kFieldCount;
  };

  // `options.kind` says which fields there are, `options.columns` overrides.
  // InvalidArgument for an override to a field that the kind does not have.
  static absl::StatusOr<Columns> Make(const v1::ImportOptions& options);

  // Case, accents, punctuation and spaces of `header` do not matter.
  Found Find(absl::string_view header) const;

 private:
  Columns() = default;

  absl::flat_hash_map<std::string, Found> by_folded_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_COLUMNS_H_
