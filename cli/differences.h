// Field by field, what differs between two versions of a record.

#ifndef COMITY_CLI_DIFFERENCES_H_
#define COMITY_CLI_DIFFERENCES_H_

#include "cli/printer.h"
#include "comity/v1/common.pb.h"

namespace comity::cli {

using Differences =
    google::protobuf::RepeatedPtrField<comity::v1::FieldDifference>;

// `unit: "A" -> "B"`, `unit: added "B"`, one a line.
void PrintDifferences(const Differences& differences, int indent,
                      Printer* printer);

}  // namespace comity::cli

#endif  // COMITY_CLI_DIFFERENCES_H_
