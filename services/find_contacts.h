// FindContacts: whom to contact in one State.

#ifndef COMITY_SERVICES_FIND_CONTACTS_H_
#define COMITY_SERVICES_FIND_CONTACTS_H_

#include <string>

#include "absl/status/status.h"
#include "comity/v1/directory_service.pb.h"
#include "services/core.h"

namespace comity {

// True if the answer takes microseconds: few contacts of the present.
bool FindsContactsFast(const v1::FindContactsRequest& request);

// Fills `response`, which must be empty, with the bytes of a
// FindContactsResponse.
absl::Status FindContacts(const Core& core,
                          const v1::FindContactsRequest& request,
                          std::string* response);

}  // namespace comity

#endif  // COMITY_SERVICES_FIND_CONTACTS_H_
