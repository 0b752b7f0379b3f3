// Looking after a store: what AdminService and `comityd inspect` have in
// common.

#ifndef COMITY_SERVICES_ADMIN_H_
#define COMITY_SERVICES_ADMIN_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "comity/v1/admin_service.pb.h"
#include "services/core.h"
#include "services/reference_view.h"
#include "store/store.h"

namespace comity {

// Counts, sizes and versions of a store; what a running server adds is left
// out.
absl::StatusOr<v1::Stats> StatsOf(const Store& store, ReferenceViews* views);

// Bytes of memory that the process has; 0 if the machine does not tell.
int64_t ResidentBytes();

// Calls `send` with the lines asked for, a few at a time, until it returns
// false. InvalidArgument for a malformed tag; Cancelled once `cancelled` is
// true, which is asked now and then.
absl::Status Dump(
    const Store& store, const v1::DumpRequest& request,
    const std::function<bool(v1::DumpResponse)>& send,
    const std::function<bool()>& cancelled = [] { return false; });

// Calls `send` with the problems, a few at a time, that of the index last; the
// last message is done. `verify_index` may be empty. Cancelled once `cancelled`
// is true or `send` returned false.
absl::Status Verify(
    const Store& store, const std::function<absl::Status()>& verify_index,
    const std::function<bool(v1::VerifyResponse)>& send,
    const std::function<bool()>& cancelled = [] { return false; });

// What there is to tell of the index; Core has one.
v1::IndexStats IndexStatsOf(const Core& core);

absl::Status RebuildIndex(const Core& core);

// Copies the store into the folder `id` of the backup folder. One at a time.
absl::Status Backup(const Core& core, const v1::BackupRequest& request,
                    v1::BackupResponse* response);

}  // namespace comity

#endif  // COMITY_SERVICES_ADMIN_H_
