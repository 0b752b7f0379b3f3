// The answer to a RouteRequest as people read it.

#ifndef COMITY_CLI_ROUTE_PAGE_H_
#define COMITY_CLI_ROUTE_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "cli/session.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/routing_service.pb.h"

namespace comity::cli {

// Whom to write to comes first, then how and under what, what to beware of,
// what the request must contain, and why; each fact once, each with its source.
// `urgent` puts urgent ways before all else.
void PrintRoutes(const comity::v1::RouteRequestResponse& response, bool urgent,
                 Session* session);

// `UNTOC, article 18(13)`.
std::string BasisWords(absl::string_view treaty_title,
                       const comity::v1::Designation& designation);

}  // namespace comity::cli

#endif  // COMITY_CLI_ROUTE_PAGE_H_
