// Messages as bytes: what is needed to pass stored records on without making
// messages of them first.

#ifndef COMITY_STORE_WIRE_H_
#define COMITY_STORE_WIRE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace comity::wire {

// Appends a field that holds a text, or a message as bytes.
void AppendField(int number, absl::string_view value, std::string* out);
// The same of a message, which must not change meanwhile.
void AppendField(int number, const google::protobuf::MessageLite& message,
                 std::string* out);

// One field of a message.
struct Field {
  int number = 0;
  // A text, or a message as bytes; lives as long as what was read.
  absl::string_view bytes;
  // A number, a truth value or an enum.
  uint64_t value = 0;
};

// Takes the next field from `message`; false at its end, and where it is none
// that this contract has: `message` is then not empty.
[[nodiscard]] bool TakeField(absl::string_view* message, Field* field);

}  // namespace comity::wire

#endif  // COMITY_STORE_WIRE_H_
