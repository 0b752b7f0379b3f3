// Bytes of a file that is being imported, pulled chunk by chunk.

#ifndef COMITY_IMPORT_BYTE_SOURCE_H_
#define COMITY_IMPORT_BYTE_SOURCE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity {

// Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next bytes, valid until the next call; empty at the end, and from then
  // on. A failure (the caller left, the file is over the limit) ends the file.
  virtual absl::StatusOr<absl::string_view> Next() = 0;

  // Bytes given out so far, for progress.
  virtual int64_t position() const = 0;
};

// A file held in memory, given out in chunks of `chunk_bytes`.
class StringSource : public ByteSource {
 public:
  explicit StringSource(std::string bytes, size_t chunk_bytes = 256 << 10)
      : bytes_(std::move(bytes)), chunk_bytes_(chunk_bytes) {}

  absl::StatusOr<absl::string_view> Next() override {
    const absl::string_view chunk =
        absl::string_view(bytes_).substr(position_, chunk_bytes_);
    position_ += chunk.size();
    return chunk;
  }
  int64_t position() const override { return static_cast<int64_t>(position_); }

 private:
  const std::string bytes_;
  const size_t chunk_bytes_;
  size_t position_ = 0;
};

}  // namespace comity

#endif  // COMITY_IMPORT_BYTE_SOURCE_H_
