#include "tests/cli/run.h"

#include <grpc/grpc.h>

#include <sstream>

#include "cli/environment.h"
#include "cli/program.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

// gRPC runs for the whole program. With its last user gone it would end, and
// start again for the next test only after up to ten seconds, in which it waits
// for connections that are still being taken down.
class GrpcRunning : public testing::Environment {
 public:
  void SetUp() override { grpc_init(); }
};

[[maybe_unused]] const testing::Environment* const grpc_running =
    testing::AddGlobalTestEnvironment(new GrpcRunning);

}  // namespace

Outcome RunComity(const std::vector<std::string>& arguments,
                  const Surroundings& surroundings) {
  std::istringstream in(surroundings.in);
  std::ostringstream out;
  std::ostringstream err;
  Environment environment;
  environment.in = &in;
  environment.out = &out;
  environment.err = &err;
  environment.out_is_terminal = surroundings.terminal;
  environment.err_is_terminal = surroundings.terminal;
  environment.columns = surroundings.columns;
  environment.variable = [&](absl::string_view name) {
    const auto found = surroundings.variables.find(std::string(name));
    return found == surroundings.variables.end() ? "" : found->second;
  };
  environment.interrupted = [&] {
    return surroundings.interrupted && surroundings.interrupted();
  };
  environment.wait = [&](absl::Duration duration) {
    return !surroundings.wait || surroundings.wait(duration);
  };
  Outcome outcome;
  outcome.code = Run(arguments, environment);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

}  // namespace comity::cli
