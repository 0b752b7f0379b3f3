#include "store/key_buffer.h"

#include <algorithm>
#include <cstring>

#include "absl/hash/hash.h"

namespace comity {
namespace {

// Of a small write, and the most.
constexpr size_t kFirstPieceBytes = 1 << 10;
constexpr size_t kPieceBytesMax = 256 << 10;
// A place, and its number in the index.
constexpr size_t kBytesPerPlace = 24;

}  // namespace

KeyBuffer::KeyBuffer() : numbers_(0, Hash{&places_}, Same{&places_}) {}

size_t KeyBuffer::Hash::operator()(uint32_t number) const {
  return absl::HashOf(KeyOf((*places)[number]));
}

size_t KeyBuffer::Hash::operator()(absl::string_view key) const {
  return absl::HashOf(key);
}

KeyBuffer::Entry KeyBuffer::EntryOf(const Place& place) {
  if (place.value_size == kDeleted) return {KeyOf(place), "", true};
  return {KeyOf(place),
          absl::string_view(place.at + place.key_size, place.value_size),
          false};
}

char* KeyBuffer::Allocate(size_t size) {
  if (size > left_) {
    piece_size_ = std::max(
        size, std::clamp(2 * piece_size_, kFirstPieceBytes, kPieceBytesMax));
    // Not cleared: make_unique would.
    pieces_.emplace_back(new char[piece_size_]);
    next_ = pieces_.back().get();
    left_ = piece_size_;
  }
  char* const at = next_;
  next_ += size;
  left_ -= size;
  return at;
}

void KeyBuffer::Set(absl::string_view key, absl::string_view value,
                    uint32_t value_size) {
  char* const at = Allocate(key.size() + value.size());
  if (!key.empty()) std::memcpy(at, key.data(), key.size());
  if (!value.empty()) std::memcpy(at + key.size(), value.data(), value.size());
  bytes_ += key.size() + value.size();
  const Place place{at, static_cast<uint32_t>(key.size()), value_size};
  const auto number = static_cast<uint32_t>(places_.size());
  const uint32_t known = *numbers_.lazy_emplace(key, [&](const auto& make) {
    places_.push_back(place);
    make(number);
  });
  if (known == number) {
    bytes_ += kBytesPerPlace;
  } else {
    places_[known] = place;
  }
}

void KeyBuffer::Reserve(size_t keys) {
  places_.reserve(keys);
  numbers_.reserve(keys);
}

void KeyBuffer::Put(absl::string_view key, absl::string_view value) {
  Set(key, value, static_cast<uint32_t>(value.size()));
}

void KeyBuffer::Delete(absl::string_view key) { Set(key, "", kDeleted); }

std::optional<KeyBuffer::Entry> KeyBuffer::Find(absl::string_view key) const {
  const auto at = numbers_.find(key);
  if (at == numbers_.end()) return std::nullopt;
  return EntryOf(places_[*at]);
}

std::vector<KeyBuffer::Entry> KeyBuffer::Sorted() const {
  std::vector<Entry> entries;
  entries.reserve(places_.size());
  for (const Place& place : places_) entries.push_back(EntryOf(place));
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  return entries;
}

}  // namespace comity
