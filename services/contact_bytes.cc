#include "services/contact_bytes.h"

#include "base/status_macros.h"
#include "comity/v1/directory_service.pb.h"
#include "rules/designations.h"

namespace comity {

absl::Status WriteContact(const RowRecords& records,
                          const v1::Function& function, Day day,
                          wire::Writer* writer) {
  rules::DesignationFacts facts;
  RETURN_IF_ERROR(rules::ReadFacts(records.designation, &facts));
  writer->Item(v1::FoundContact::kDesignationFieldNumber, records.designation);
  rules::AuthorityFacts office;
  if (records.has_authority) {
    RETURN_IF_ERROR(rules::ReadFacts(records.authority, &office));
    writer->Item(v1::FoundContact::kAuthorityFieldNumber, records.authority);
  }
  rules::WriteAdvice(v1::FoundContact::kAdviceFieldNumber, facts,
                     records.has_authority ? &office : nullptr, function, day,
                     writer);
  return absl::OkStatus();
}

}  // namespace comity
