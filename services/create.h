// Creating records whose names the server makes or completes, and renaming
// offices.

#ifndef COMITY_SERVICES_CREATE_H_
#define COMITY_SERVICES_CREATE_H_

#include "absl/status/status.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/treaty_service.pb.h"
#include "services/core.h"

namespace comity {

absl::Status CreateAuthority(const Core& core, const Call& call,
                             const v1::CreateAuthorityRequest& request,
                             v1::Authority* response);

absl::Status CreateDesignation(const Core& core, const Call& call,
                               const v1::CreateDesignationRequest& request,
                               v1::Designation* response);

absl::Status CreateParticipation(const Core& core, const Call& call,
                                 const v1::CreateParticipationRequest& request,
                                 v1::Participation* response);

// If the first display name of `after` is another than that of `before`, the
// old one becomes the newest former name.
void KeepFormerName(const v1::Authority& before, v1::Authority* after);

}  // namespace comity

#endif  // COMITY_SERVICES_CREATE_H_
