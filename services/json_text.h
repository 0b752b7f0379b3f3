// Messages as JSON (ProtoJSON, https://protobuf.dev/programming-guides/json):
// what protobuf's own function writes, in a fifth of its time, which is most of
// what a call over HTTP costs. Reading JSON stays with protobuf.

#ifndef COMITY_SERVICES_JSON_TEXT_H_
#define COMITY_SERVICES_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace comity {

// Appends the message as JSON without spaces; fields in the order of their
// numbers, those that are not set left out. False if it has no JSON form: an
// Any of a type that is not known here, a time or duration out of range.
[[nodiscard]] bool AppendJson(const google::protobuf::Message& message,
                              std::string* json);

// Appends a text in quotes; it must be UTF-8, as all texts of messages are.
void AppendJsonText(absl::string_view text, std::string* json);

}  // namespace comity

#endif  // COMITY_SERVICES_JSON_TEXT_H_
