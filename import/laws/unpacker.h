// Compressed bytes, unpacked in pieces.

#ifndef COMITY_IMPORT_LAWS_UNPACKER_H_
#define COMITY_IMPORT_LAWS_UNPACKER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/byte_source.h"

namespace comity::laws {

// Gives the bytes of another source, unpacked if gzip or Zstandard packed them.
// InvalidArgument if the file is damaged or cut off. Not thread-safe.
class Unpacker : public ByteSource {
 public:
  // `bytes` must outlive this.
  explicit Unpacker(ByteSource* bytes);
  ~Unpacker() override;

  absl::StatusOr<absl::string_view> Next() override;
  // Of the packed bytes.
  int64_t position() const override { return bytes_->position(); }

 private:
  struct Streams;

  absl::Status Start();
  absl::Status Refill();
  absl::StatusOr<size_t> Inflate();
  absl::StatusOr<size_t> Decompress();

  ByteSource* const bytes_;
  const std::unique_ptr<Streams> streams_;
  bool started_ = false;
  bool ended_ = false;
  // Nothing more is due: at the end of a member.
  bool whole_ = false;
  std::string start_;
  std::string held_;
  absl::string_view in_;
  std::string out_;
};

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_UNPACKER_H_
