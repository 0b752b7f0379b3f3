// The packaged Abseil has no status macros; these are the usual two.

#ifndef COMITY_BASE_STATUS_MACROS_H_
#define COMITY_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define COMITY_CONCAT_INNER(a, b) a##b
#define COMITY_CONCAT(a, b) COMITY_CONCAT_INNER(a, b)

// Returns the status of `expression` from the function unless it is OK.
#define RETURN_IF_ERROR(expression)                                       \
  do {                                                                    \
    if (absl::Status comity_status = (expression); !comity_status.ok()) { \
      return comity_status;                                               \
    }                                                                     \
  } while (false)

// Declares `declaration` with the value of the StatusOr `expression`, or
// returns its status from the function.
#define ASSIGN_OR_RETURN(declaration, expression)                          \
  ASSIGN_OR_RETURN_INNER(COMITY_CONCAT(comity_or_, __LINE__), declaration, \
                         expression)
#define ASSIGN_OR_RETURN_INNER(result, declaration, expression) \
  auto result = (expression);                                   \
  if (!result.ok()) return std::move(result).status();          \
  declaration = *std::move(result)

#endif  // COMITY_BASE_STATUS_MACROS_H_
