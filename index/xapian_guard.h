// Xapian's exceptions, caught here and nowhere else.

#ifndef COMITY_INDEX_XAPIAN_GUARD_H_
#define COMITY_INDEX_XAPIAN_GUARD_H_

#include <xapian.h>

#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace comity::index {

// The status of an error of Xapian's: DataLoss for a corrupt database,
// Unavailable for one that changed while it was read (reopen and try again) or
// cannot be reached, FailedPrecondition for one that another process writes or
// that is of another version, NotFound for one that is not there. The message
// has no paths.
absl::Status ToStatus(const Xapian::Error& error);

// Runs `function`, which may throw Xapian::Error, and gives what it returns: a
// Status for void or Status, a StatusOr<T> for T or StatusOr<T>.
template <typename Function>
auto Guard(Function&& function) {
  using Result = std::invoke_result_t<Function>;
  if constexpr (std::is_void_v<Result>) {
    try {
      std::forward<Function>(function)();
      return absl::OkStatus();
    } catch (const Xapian::Error& error) {
      return ToStatus(error);
    }
  } else if constexpr (std::is_constructible_v<Result, absl::Status>) {
    try {
      return std::forward<Function>(function)();
    } catch (const Xapian::Error& error) {
      return Result(ToStatus(error));
    }
  } else {
    try {
      return absl::StatusOr<Result>(std::forward<Function>(function)());
    } catch (const Xapian::Error& error) {
      return absl::StatusOr<Result>(ToStatus(error));
    }
  }
}

}  // namespace comity::index

#endif  // COMITY_INDEX_XAPIAN_GUARD_H_
