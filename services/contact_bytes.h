// A contact of an answer, put together from the stored bytes of its records:
// they are passed on as they are, and only what the advice rests on is read.

#ifndef COMITY_SERVICES_CONTACT_BYTES_H_
#define COMITY_SERVICES_CONTACT_BYTES_H_

#include "absl/status/status.h"
#include "base/dates.h"
#include "base/wire.h"
#include "comity/v1/function.pb.h"
#include "services/contacts.h"

namespace comity {

// Writes the fields of a FoundContact of these records, with its advice.
// DataLoss if a record does not parse.
absl::Status WriteContact(const RowRecords& records,
                          const v1::Function& function, Day day,
                          wire::Writer* writer);

}  // namespace comity

#endif  // COMITY_SERVICES_CONTACT_BYTES_H_
