// Runs the command in the test's own process.

#ifndef COMITY_TESTS_CLI_RUN_H_
#define COMITY_TESTS_CLI_RUN_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace comity::cli {

// Surroundings of one run.
struct Surroundings {
  int columns = 0;
  bool terminal = false;
  std::string in;
  std::map<std::string, std::string> variables;
  // Called instead of waiting; false means interrupted meanwhile.
  std::function<bool(absl::Duration)> wait;
  std::function<bool()> interrupted;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome RunComity(const std::vector<std::string>& arguments,
                  const Surroundings& surroundings = {});

}  // namespace comity::cli

#endif  // COMITY_TESTS_CLI_RUN_H_
