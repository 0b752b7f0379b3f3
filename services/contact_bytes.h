// A contact of an answer, put together from the stored bytes of its records:
// they are passed on as they are, and only what the advice rests on is read.

#ifndef COMITY_SERVICES_CONTACT_BYTES_H_
#define COMITY_SERVICES_CONTACT_BYTES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/dates.h"
#include "comity/v1/function.pb.h"
#include "rules/designations.h"

namespace comity {

// What the bytes of a Designation say; views point into `bytes`. DataLoss if
// they do not parse.
absl::Status ReadFacts(absl::string_view bytes, rules::DesignationFacts* facts);

// Kinds of the sources of an Authority, as bits. DataLoss if it does not parse.
absl::Status ReadSourceKinds(absl::string_view authority, uint32_t* kinds);

// Appends to `contact` the bytes of a FoundContact of these records, with its
// advice. `authority` is null if no office is named.
absl::Status AppendContact(absl::string_view designation,
                           const std::string* authority,
                           const v1::Function& function, Day day,
                           std::string* contact);

}  // namespace comity

#endif  // COMITY_SERVICES_CONTACT_BYTES_H_
