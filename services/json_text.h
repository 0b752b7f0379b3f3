// Messages as JSON (ProtoJSON, https://protobuf.dev/programming-guides/json),
// straight from their bytes: what protobuf's own function writes, in a fraction
// of its time, which is most of what a call over HTTP costs. Reading JSON stays
// with protobuf.

#ifndef COMITY_SERVICES_JSON_TEXT_H_
#define COMITY_SERVICES_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace comity {

// Appends the message of these bytes as JSON without spaces, fields in the
// order of the bytes. `type` must be of the generated pool, and its texts
// UTF-8. False if the bytes are no such message, or it has no JSON form: an Any
// of a type that is not known here, a time or duration out of range; `json` is
// then as it was. Thread-safe.
[[nodiscard]] bool AppendJson(const google::protobuf::Descriptor* type,
                              absl::string_view bytes, std::string* json);

}  // namespace comity

#endif  // COMITY_SERVICES_JSON_TEXT_H_
