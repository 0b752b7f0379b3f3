// The only place that translates RocksDB's statuses.

#ifndef COMITY_STORE_ROCKS_STATUS_H_
#define COMITY_STORE_ROCKS_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace comity {

// DataLoss for corruption, NotFound, Unavailable for a folder that another
// process holds, ResourceExhausted for a full disk, Internal for the rest. The
// message has no path of this machine.
absl::Status FromRocks(const rocksdb::Status& status);

inline rocksdb::Slice ToSlice(absl::string_view text) {
  return rocksdb::Slice(text.data(), text.size());
}

inline absl::string_view FromSlice(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

}  // namespace comity

#endif  // COMITY_STORE_ROCKS_STATUS_H_
