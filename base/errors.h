// Statuses that name field, value and rule, so that the edge can answer with
// google.rpc details without parsing messages.

#ifndef COMITY_BASE_ERRORS_H_
#define COMITY_BASE_ERRORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace comity {

// InvalidArgument `{field} is {value}, {rule}`; long values are cut.
absl::Status InvalidField(absl::string_view field, absl::string_view value,
                          absl::string_view rule);

// The field that an InvalidField status names; empty for others.
std::string FieldOf(const absl::Status& status);
// The value and the rule of an InvalidField status; empty for others.
std::string ValueOf(const absl::Status& status);
std::string RuleOf(const absl::Status& status);

// `status` with a reason for ErrorInfo, in UPPER_SNAKE_CASE; replaces one that
// it has. OK stays OK.
absl::Status WithReason(absl::Status status, absl::string_view reason);
// The reason; empty if none was set.
std::string ReasonOf(const absl::Status& status);

// `text` cut to `characters_max` characters (code points) and an ellipsis;
// whole characters only. Bytes that are no UTF-8 become U+FFFD.
std::string Cut(absl::string_view text, size_t characters_max);

}  // namespace comity

#endif  // COMITY_BASE_ERRORS_H_
