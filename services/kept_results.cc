#include "services/kept_results.h"

#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "store/keys.h"

namespace comity {
namespace {

// Results travel in messages of about this size.
constexpr size_t kMessageBytes = 64 << 10;

constexpr size_t kSizeBytes = 8;

}  // namespace

absl::Status KeptResults::Add(v1::ImportResult result) {
  pending_bytes_ += result.ByteSizeLong();
  *pending_.add_results() = std::move(result);
  return pending_bytes_ < kMessageBytes ? absl::OkStatus() : WriteOut();
}

absl::Status KeptResults::WriteOut() {
  if (spool_ == nullptr) {
    ASSIGN_OR_RETURN(spool_, Spool::Make(folder_));
  }
  const std::string bytes = std::exchange(pending_, {}).SerializeAsString();
  pending_bytes_ = 0;
  RETURN_IF_ERROR(spool_->Append(keys::Bytes(bytes.size())));
  return spool_->Append(bytes);
}

absl::StatusOr<bool> KeptResults::Next(v1::ImportResults* results) {
  while (spool_ != nullptr) {
    const absl::string_view rest = absl::string_view(read_).substr(taken_);
    const uint64_t size = rest.size() < kSizeBytes
                              ? UINT64_MAX
                              : keys::Number(rest.substr(0, kSizeBytes));
    if (rest.size() >= kSizeBytes && rest.size() - kSizeBytes >= size) {
      taken_ += kSizeBytes + size;
      if (results->ParseFromArray(rest.data() + kSizeBytes,
                                  static_cast<int>(size))) {
        return true;
      }
      return absl::InternalError("the kept results cannot be read");
    }
    ASSIGN_OR_RETURN(const absl::string_view more, spool_->Next());
    if (more.empty()) {
      if (!rest.empty()) {
        return absl::InternalError("the kept results cannot be read");
      }
      spool_ = nullptr;
      break;
    }
    read_.erase(0, std::exchange(taken_, 0));
    read_.append(more.data(), more.size());
  }
  if (pending_.results().empty()) return false;
  results->Swap(&pending_);
  pending_.Clear();
  return true;
}

}  // namespace comity
