// Messages as bytes, by the rules of Protocol Buffers' wire format: what is
// needed to pass stored records on, and to put answers together, without making
// messages of them first.

#ifndef COMITY_BASE_WIRE_H_
#define COMITY_BASE_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace comity::wire {

// Appends a number as a varint.
void AppendVarint(uint64_t number, std::string* out);
// Takes a varint from the front of `bytes`; false if there is no whole one.
[[nodiscard]] bool TakeVarint(absl::string_view* bytes, uint64_t* number);

// Appends the tag and the size of a field that holds so many bytes.
void AppendHead(int number, size_t size, std::string* out);

// Appends a field that holds a text, or a message as bytes.
void AppendField(int number, absl::string_view value, std::string* out);
// The same of a message of Protocol Buffers, which must not change meanwhile.
template <class Message>
void AppendMessage(int number, const Message& message, std::string* out);

// One field of a message.
struct Field {
  int number = 0;
  // A text, or a message as bytes; lives as long as what was read.
  absl::string_view bytes;
  // A number, a truth value or an enum; of a double or float, its bits.
  uint64_t value = 0;
};

// Takes the next field from `message`; false at its end, and where it is none
// that this contract has: `message` is then not empty.
[[nodiscard]] inline bool TakeField(absl::string_view* message, Field* field);

// Writes a message field by field. Fields written in the order of their numbers
// are the bytes that serialising the message gives. Not thread-safe.
class Writer {
 public:
  // Appends to `out`, which must outlive this.
  explicit Writer(std::string* out) : out_(out) {}

  // A text of these parts; nothing if it is empty, as for a field that is not
  // repeated.
  void Text(int number, absl::string_view text) {
    if (!text.empty()) AppendField(number, text, out_);
  }
  void Text(int number, absl::Span<const absl::string_view> parts);
  void Text(int number, std::initializer_list<absl::string_view> parts) {
    Text(number, absl::MakeConstSpan(parts.begin(), parts.size()));
  }
  // The same even if it is empty: one of a repeated field, or a message.
  void Item(int number, absl::string_view text) {
    AppendField(number, text, out_);
  }
  // A number, as its two's complement if it is negative, or an enum; nothing if
  // it is 0.
  void Number(int number, uint64_t value);
  // Fields that were written before.
  void Fields(absl::string_view fields) {
    out_->append(fields.data(), fields.size());
  }
  // The message whose fields `body` writes with this writer.
  template <class Body>
  void Message(int number, Body body) {
    const size_t begin = Open(number);
    body();
    Close(begin);
  }

 private:
  // Where the message begins, behind the tag and room for its size.
  size_t Open(int number);
  void Close(size_t begin);

  std::string* const out_;
};

namespace internal {

// The same, whatever the field and its size.
[[nodiscard]] bool TakeAnyField(absl::string_view* message, Field* field);

}  // namespace internal

// Most fields are texts and messages whose tag and size are of one byte.
bool TakeField(absl::string_view* message, Field* field) {
  constexpr unsigned kLengthDelimited = 2;
  if (message->size() < 2) return internal::TakeAnyField(message, field);
  const auto tag = static_cast<unsigned char>((*message)[0]);
  const auto size = static_cast<unsigned char>((*message)[1]);
  if (tag >= 0x80U || (tag & 7U) != kLengthDelimited || size >= 0x80U ||
      size > message->size() - 2) {
    return internal::TakeAnyField(message, field);
  }
  field->number = static_cast<int>(tag >> 3);
  field->bytes = message->substr(2, size);
  field->value = 0;
  message->remove_prefix(2U + size);
  return true;
}

template <class Message>
void AppendMessage(int number, const Message& message, std::string* out) {
  const size_t size = message.ByteSizeLong();
  AppendHead(number, size, out);
  const size_t begin = out->size();
  out->resize(begin + size);
  message.SerializeWithCachedSizesToArray(
      reinterpret_cast<uint8_t*>(out->data()) + begin);
}

}  // namespace comity::wire

#endif  // COMITY_BASE_WIRE_H_
