// What a failure means for the shell and for the person at it.

#ifndef COMITY_CLI_ERRORS_H_
#define COMITY_CLI_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace comity::cli {

// Promised to scripts; `comity --help` lists them.
enum ExitCode : int {
  kExitOk = 0,
  kExitNothingFound = 1,
  kExitUsage = 2,
  kExitUnavailable = 3,
  kExitRefused = 4,
  kExitImportRejected = 5,
  kExitInternal = 6,
  kExitInterrupted = 130,
};

ExitCode ExitCodeOf(const absl::Status& status);

// `status` in one line without `comity: `: message, violations, when to try
// again, what to do. `server` is the address that was called.
std::string DescribeError(const absl::Status& status, absl::string_view server);

// How long the server asks to wait before the next attempt; zero if it does
// not say.
absl::Duration RetryDelayOf(const absl::Status& status);

}  // namespace comity::cli

#endif  // COMITY_CLI_ERRORS_H_
