// RouteRequest: from two States to the right desk.

#ifndef COMITY_SERVICES_ROUTE_H_
#define COMITY_SERVICES_ROUTE_H_

#include <string>

#include "absl/status/status.h"
#include "comity/v1/routing_service.pb.h"
#include "services/core.h"

namespace comity {

// Fills `response` with the bytes of a RouteRequestResponse.
absl::Status RouteRequest(const Core& core,
                          const v1::RouteRequestRequest& request,
                          std::string* response);

}  // namespace comity

#endif  // COMITY_SERVICES_ROUTE_H_
