// ListHistory: the changes of one record.

#ifndef COMITY_SERVICES_HISTORY_H_
#define COMITY_SERVICES_HISTORY_H_

#include "absl/status/status.h"
#include "comity/v1/change_service.pb.h"
#include "services/core.h"

namespace comity {

// Fills `response`, which must be empty.
absl::Status ListHistory(const Core& core, const Call& call,
                         const v1::ListHistoryRequest& request,
                         v1::ListHistoryResponse* response);

}  // namespace comity

#endif  // COMITY_SERVICES_HISTORY_H_
