#include "import/spool.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/errors.h"
#include "base/limits.h"

namespace comity {

struct Spool::Hash {
  Hash() : state(XXH3_createState()) { XXH3_128bits_reset(state); }
  ~Hash() { XXH3_freeState(state); }
  XXH3_state_t* const state;
};

Spool::Spool(int file) : file_(file), hash_(std::make_unique<Hash>()) {}

Spool::~Spool() { ::close(file_); }

absl::StatusOr<std::unique_ptr<Spool>> Spool::Make(const std::string& folder) {
  int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    // Not every file system has files without names.
    std::string path = absl::StrCat(folder, "/import-XXXXXX");
    file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file >= 0) ::unlink(path.c_str());
  }
  if (file < 0) {
    return absl::InternalError("there is no place to keep the file");
  }
  return std::unique_ptr<Spool>(new Spool(file));
}

absl::Status Spool::Append(absl::string_view bytes) {
  size_ += static_cast<int64_t>(bytes.size());
  if (size_ > limits::kImportBytesMax) {
    return WithReason(
        absl::ResourceExhaustedError(absl::StrCat(
            "the file is over ", limits::kImportBytesMax, " bytes")),
        "FILE_TOO_LARGE");
  }
  XXH3_128bits_update(hash_->state, bytes.data(), bytes.size());
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return absl::ResourceExhaustedError("there is no room for the file");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> Spool::Next() {
  buffer_.resize(256 << 10);
  ssize_t read = 0;
  do {
    read = ::pread(file_, buffer_.data(), buffer_.size(), position_);
  } while (read < 0 && errno == EINTR);
  if (read < 0) return absl::InternalError("the kept file cannot be read");
  position_ += read;
  return absl::string_view(buffer_).substr(0, static_cast<size_t>(read));
}

std::string Spool::Digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(hash_->state);
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

}  // namespace comity
