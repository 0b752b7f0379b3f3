// Keys and values on their way into RocksDB.

#ifndef COMITY_STORE_KEY_BUFFER_H_
#define COMITY_STORE_KEY_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace comity {

// The newest value of each key, in few large pieces of memory. Several threads
// may read it while none changes it.
class KeyBuffer {
 public:
  // What is known of one key, valid as long as the buffer.
  struct Entry {
    absl::string_view key;
    absl::string_view value;
    // The key is taken away; `value` is empty.
    bool deleted = false;
  };

  KeyBuffer();
  KeyBuffer(const KeyBuffer&) = delete;
  KeyBuffer& operator=(const KeyBuffer&) = delete;

  void Put(absl::string_view key, absl::string_view value);
  void Delete(absl::string_view key);

  std::optional<Entry> Find(absl::string_view key) const;
  // All of it, in the order of bytes.
  std::vector<Entry> Sorted() const;

  // Makes room for so many keys at once.
  void Reserve(size_t keys);

  size_t size() const { return places_.size(); }
  // Memory in use, about.
  size_t bytes() const { return bytes_; }

 private:
  // Key and value stand behind each other.
  struct Place {
    const char* at = nullptr;
    uint32_t key_size = 0;
    // kDeleted: there is none.
    uint32_t value_size = 0;
  };
  static constexpr uint32_t kDeleted = UINT32_MAX;

  static absl::string_view KeyOf(const Place& place) {
    return absl::string_view(place.at, place.key_size);
  }
  static Entry EntryOf(const Place& place);

  // Of the number of a place, or of a key.
  struct Hash {
    using is_transparent = void;
    const std::vector<Place>* places;
    size_t operator()(uint32_t number) const;
    size_t operator()(absl::string_view key) const;
  };
  struct Same {
    using is_transparent = void;
    const std::vector<Place>* places;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, absl::string_view b) const {
      return KeyOf((*places)[a]) == b;
    }
    bool operator()(absl::string_view a, uint32_t b) const {
      return KeyOf((*places)[b]) == a;
    }
  };

  void Set(absl::string_view key, absl::string_view value, uint32_t value_size);
  char* Allocate(size_t size);

  std::vector<std::unique_ptr<char[]>> pieces_;
  size_t piece_size_ = 0;
  size_t left_ = 0;
  char* next_ = nullptr;
  std::vector<Place> places_;
  // Numbers of `places_` by key.
  absl::flat_hash_set<uint32_t, Hash, Same> numbers_;
  size_t bytes_ = 0;
};

}  // namespace comity

#endif  // COMITY_STORE_KEY_BUFFER_H_
