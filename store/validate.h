// What every record must fulfil, whoever writes it.

#ifndef COMITY_STORE_VALIDATE_H_
#define COMITY_STORE_VALIDATE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "store/store.h"

namespace comity {

// One field that breaks a rule.
struct FieldProblem {
  // Path of the field: `periods[0].deposit_date`.
  std::string field;
  std::string value;
  std::string rule;
};

// What is wrong with a record by itself: names, days, languages, sizes, control
// characters, required fields. Empty if nothing is.
std::vector<FieldProblem> Validate(const google::protobuf::Message& record);

// FailedPrecondition (reason `REFERENCE_MISSING`) with the field and the name
// of the first record that `record` refers to and that is not there.
absl::Status CheckReferences(const Transaction& transaction,
                             const google::protobuf::Message& record);

// The problems as one InvalidField status of the first; OK if there are none.
absl::Status ToStatus(const std::vector<FieldProblem>& problems);

}  // namespace comity

#endif  // COMITY_STORE_VALIDATE_H_
