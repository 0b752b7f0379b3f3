// From absl::Status to what the wire carries: the only place that makes
// grpc::Status.

#ifndef COMITY_SERVICES_REPLY_H_
#define COMITY_SERVICES_REPLY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "store/validate.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace comity {

// The status with google.rpc details: ErrorInfo always, BadRequest where fields
// are named, RetryInfo where trying again helps. What only the server's log
// should say is left out. `grpcpp/grpcpp.h` must be included to use it.
grpc::Status Reply(const absl::Status& status);

// All problems of a record in one InvalidArgument; `field` is the field of the
// request that holds the record. OK if there are none.
absl::Status InvalidRecord(absl::string_view field,
                           const std::vector<FieldProblem>& problems);

// ResourceExhausted `too many {what}, try again`, with a reason.
absl::Status Overloaded(absl::string_view what);

}  // namespace comity

#endif  // COMITY_SERVICES_REPLY_H_
