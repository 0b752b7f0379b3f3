// A file that a client sends, kept on disk until it is whole, so that an import
// never waits for the network while it holds up other writers.

#ifndef COMITY_IMPORT_SPOOL_H_
#define COMITY_IMPORT_SPOOL_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/byte_source.h"

namespace comity {

// Bytes are appended, then read from the start as a ByteSource. The file has no
// name, so nothing is left of it, whatever happens. Not thread-safe.
class Spool : public ByteSource {
 public:
  // In `folder`, which must exist.
  static absl::StatusOr<std::unique_ptr<Spool>> Make(const std::string& folder);
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // ResourceExhausted over kImportBytesMax or on a full disk.
  absl::Status Append(absl::string_view bytes);

  absl::StatusOr<absl::string_view> Next() override;
  int64_t position() const override { return position_; }

  int64_t size() const { return size_; }
  // Digest of all bytes appended: 32 hexadecimal digits.
  std::string Digest() const;

 private:
  struct Hash;

  explicit Spool(int file);

  const int file_;
  std::unique_ptr<Hash> hash_;
  int64_t size_ = 0;
  int64_t position_ = 0;
  std::string buffer_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_SPOOL_H_
