// What differs between two versions of a record.

#ifndef COMITY_IMPORT_DIFFERENCES_H_
#define COMITY_IMPORT_DIFFERENCES_H_

#include <vector>

#include "comity/v1/common.pb.h"
#include "google/protobuf/message.h"

namespace comity {

// The fields in which `after` differs from `before`, of the same type, in the
// order of their numbers, with paths as FieldDifference says. Elements of lists
// are compared by position. The server's own fields (`etag`, `create_time`,
// `update_time`) are left out.
std::vector<v1::FieldDifference> Differences(
    const google::protobuf::Message& before,
    const google::protobuf::Message& after);

}  // namespace comity

#endif  // COMITY_IMPORT_DIFFERENCES_H_
