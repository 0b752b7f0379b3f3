#include "store/rocks_status.h"

namespace comity {

absl::Status FromRocks(const rocksdb::Status& status) {
  switch (status.code()) {
    case rocksdb::Status::kOk:
      return absl::OkStatus();
    case rocksdb::Status::kNotFound:
      return absl::NotFoundError("not in the store");
    case rocksdb::Status::kCorruption:
      return absl::DataLossError("the store is damaged: run comityd inspect");
    case rocksdb::Status::kIOError:
      if (status.IsNoSpace()) {
        return absl::ResourceExhaustedError("the disk of the store is full");
      }
      if (status.ToString().find("lock") != std::string::npos) {
        return absl::UnavailableError("another process holds the data folder");
      }
      return absl::InternalError("the disk of the store failed");
    case rocksdb::Status::kBusy:
    case rocksdb::Status::kTimedOut:
    case rocksdb::Status::kTryAgain:
      return absl::UnavailableError("the store is busy");
    default:
      return absl::InternalError("the store failed");
  }
}

}  // namespace comity
