// The command `comity`.

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/environment.h"
#include "cli/program.h"

namespace {

volatile std::sig_atomic_t stop_wanted = 0;

void OnSignal(int signal) {
  // The second one ends the program at once.
  if (stop_wanted != 0) std::_Exit(128 + signal);
  stop_wanted = 1;
}

std::string Variable(absl::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? "" : value;
}

// COLUMNS wins, as in other commands; a pipe has no width.
int Columns(int descriptor) {
  int columns = 0;
  if (absl::SimpleAtoi(Variable("COLUMNS"), &columns) && columns > 0) {
    return columns;
  }
  winsize size = {};
  if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) {
    return 0;
  }
  return size.ws_col > 0 ? size.ws_col : 80;
}

bool Wait(absl::Duration duration) {
  const absl::Time end = absl::Now() + duration;
  while (stop_wanted == 0 && absl::Now() < end) {
    absl::SleepFor(std::min(end - absl::Now(), absl::Milliseconds(100)));
  }
  return stop_wanted == 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  comity::cli::Environment environment;
  environment.in = &std::cin;
  environment.out = &std::cout;
  environment.err = &std::cerr;
  environment.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  environment.err_is_terminal = isatty(STDERR_FILENO) != 0;
  environment.columns = Columns(STDOUT_FILENO);
  environment.variable = Variable;
  environment.interrupted = [] { return stop_wanted != 0; };
  environment.wait = Wait;
  return comity::cli::Run(std::vector<std::string>(argv + 1, argv + argc),
                          environment);
}
