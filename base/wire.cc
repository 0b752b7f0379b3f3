#include "base/wire.h"

#include <algorithm>

namespace comity::wire {
namespace {

// Types of fields (Protocol Buffers, "Encoding").
constexpr uint32_t kVarint = 0;
constexpr uint32_t kFixed64 = 1;
constexpr uint32_t kLengthDelimited = 2;
constexpr uint32_t kFixed32 = 5;

constexpr size_t kVarintBytesMax = 10;

// Room that is left for the size of a message: that of 128 bytes to 16 KiB.
// Shorter and longer ones are moved.
constexpr size_t kSizeBytesUsual = 2;

// Writes `value` to `to` and gives the end of it.
char* WriteVarint(uint64_t value, char* to) {
  while (value >= 0x80U) {
    *to++ = static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  *to++ = static_cast<char>(value);
  return to;
}

char* WriteTag(int number, uint32_t type, char* to) {
  return WriteVarint(static_cast<uint64_t>(number) << 3U | type, to);
}

// Takes a number of so many bytes, the lowest first.
bool TakeFixed(size_t size, absl::string_view* bytes, uint64_t* number) {
  if (bytes->size() < size) return false;
  for (size_t i = 0; i < size; ++i) {
    *number |= uint64_t{static_cast<uint8_t>((*bytes)[i])} << (8 * i);
  }
  bytes->remove_prefix(size);
  return true;
}

}  // namespace

void AppendVarint(uint64_t number, std::string* out) {
  char varint[kVarintBytesMax];
  const char* const end = WriteVarint(number, varint);
  out->append(varint, static_cast<size_t>(end - varint));
}

bool TakeVarint(absl::string_view* bytes, uint64_t* number) {
  // Most are of one byte.
  if (!bytes->empty() && static_cast<uint8_t>(bytes->front()) < 0x80U) {
    *number = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    return true;
  }
  *number = 0;
  for (size_t i = 0; i < bytes->size() && i < kVarintBytesMax; ++i) {
    const auto byte = static_cast<uint8_t>((*bytes)[i]);
    *number |= static_cast<uint64_t>(byte & 0x7FU) << (7 * i);
    if (byte < 0x80U) {
      bytes->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

void AppendHead(int number, size_t size, std::string* out) {
  char head[2 * kVarintBytesMax];
  const char* const end =
      WriteVarint(size, WriteTag(number, kLengthDelimited, head));
  out->append(head, static_cast<size_t>(end - head));
}

void AppendField(int number, absl::string_view value, std::string* out) {
  AppendHead(number, value.size(), out);
  out->append(value.data(), value.size());
}

bool internal::TakeAnyField(absl::string_view* message, Field* field) {
  absl::string_view rest = *message;
  uint64_t tag = 0;
  if (!TakeVarint(&rest, &tag)) return false;
  field->number = static_cast<int>(tag >> 3);
  field->bytes = {};
  field->value = 0;
  switch (tag & 7U) {
    case kVarint:
      if (!TakeVarint(&rest, &field->value)) return false;
      break;
    case kLengthDelimited: {
      uint64_t size = 0;
      if (!TakeVarint(&rest, &size) || size > rest.size()) return false;
      field->bytes = rest.substr(0, static_cast<size_t>(size));
      rest.remove_prefix(static_cast<size_t>(size));
      break;
    }
    case kFixed64:
      if (!TakeFixed(8, &rest, &field->value)) return false;
      break;
    case kFixed32:
      if (!TakeFixed(4, &rest, &field->value)) return false;
      break;
    default:
      return false;
  }
  *message = rest;
  return true;
}

void Writer::Text(int number, absl::Span<const absl::string_view> parts) {
  size_t size = 0;
  for (const absl::string_view part : parts) size += part.size();
  if (size == 0) return;
  AppendHead(number, size, out_);
  for (const absl::string_view part : parts) {
    out_->append(part.data(), part.size());
  }
}

void Writer::Number(int number, uint64_t value) {
  if (value == 0) return;
  char field[2 * kVarintBytesMax];
  const char* const end = WriteVarint(value, WriteTag(number, kVarint, field));
  out_->append(field, static_cast<size_t>(end - field));
}

size_t Writer::Open(int number) {
  char head[kVarintBytesMax + kSizeBytesUsual] = {};
  char* const end = WriteTag(number, kLengthDelimited, head);
  out_->append(head, static_cast<size_t>(end - head) + kSizeBytesUsual);
  return out_->size();
}

void Writer::Close(size_t begin) {
  const size_t size = out_->size() - begin;
  char varint[kVarintBytesMax];
  const auto bytes = static_cast<size_t>(WriteVarint(size, varint) - varint);
  const size_t at = begin - kSizeBytesUsual;
  if (bytes > kSizeBytesUsual) {
    out_->insert(at, bytes - kSizeBytesUsual, '\0');
  } else {
    out_->erase(at, kSizeBytesUsual - bytes);
  }
  std::copy_n(varint, bytes, out_->begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace comity::wire
