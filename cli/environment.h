// What the command takes from the machine, so that tests can set it.

#ifndef COMITY_CLI_ENVIRONMENT_H_
#define COMITY_CLI_ENVIRONMENT_H_

#include <functional>
#include <istream>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace comity::cli {

// All pointers must outlive the run.
struct Environment {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // Cells in a line of the terminal; 0: no limit, as for a pipe.
  int columns = 0;
  // Value of an environment variable; empty if it is not set.
  std::function<std::string(absl::string_view name)> variable;
  // True once the user asked to stop.
  std::function<bool()> interrupted;
  // Waits; false if the user asked to stop meanwhile.
  std::function<bool(absl::Duration)> wait;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_ENVIRONMENT_H_
