#include "store/wire.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace comity::wire {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

// Tag and length, each a varint of 32 bits.
void AppendHead(int number, size_t size, std::string* out) {
  uint8_t head[10];
  uint8_t* end = WireFormatLite::WriteTagToArray(
      number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, head);
  end =
      CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(size), end);
  out->append(reinterpret_cast<const char*>(head),
              static_cast<size_t>(end - head));
}

bool TakeVarint(absl::string_view* bytes, uint64_t* value) {
  *value = 0;
  for (size_t i = 0; i < bytes->size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>((*bytes)[i]);
    *value |= static_cast<uint64_t>(byte & 0x7FU) << (7 * i);
    if (byte < 0x80U) {
      bytes->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace

void AppendField(int number, absl::string_view value, std::string* out) {
  AppendHead(number, value.size(), out);
  out->append(value.data(), value.size());
}

void AppendField(int number, const google::protobuf::MessageLite& message,
                 std::string* out) {
  const size_t size = message.ByteSizeLong();
  AppendHead(number, size, out);
  const size_t begin = out->size();
  out->resize(begin + size);
  message.SerializeWithCachedSizesToArray(
      reinterpret_cast<uint8_t*>(out->data()) + begin);
}

bool TakeField(absl::string_view* message, Field* field) {
  absl::string_view rest = *message;
  uint64_t tag = 0;
  if (!TakeVarint(&rest, &tag)) return false;
  field->number = static_cast<int>(tag >> 3);
  field->bytes = {};
  field->value = 0;
  switch (tag & 7U) {
    case WireFormatLite::WIRETYPE_VARINT:
      if (!TakeVarint(&rest, &field->value)) return false;
      break;
    case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
      uint64_t size = 0;
      if (!TakeVarint(&rest, &size) || size > rest.size()) return false;
      field->bytes = rest.substr(0, static_cast<size_t>(size));
      rest.remove_prefix(static_cast<size_t>(size));
      break;
    }
    default:
      return false;
  }
  *message = rest;
  return true;
}

}  // namespace comity::wire
