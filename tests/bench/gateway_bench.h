// Calls over HTTP beside the same calls over gRPC, and the pages' files beside
// nginx, in one run.

#ifndef COMITY_TESTS_BENCH_GATEWAY_BENCH_H_
#define COMITY_TESTS_BENCH_GATEWAY_BENCH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace comity::bench {

struct GatewayBenchOptions {
  // Of each method.
  int64_t calls = 5000;
  // Of each of the three runs of load on files.
  int seconds = 3;
  // The server as shipped, and the folder of the pages that it serves.
  std::string comityd;
  std::string pages;
  // Folder of the bundled data.
  std::string bundled;
};

// Starts the server on bundled data, asks it both ways in turn, and prints what
// it measures; shortfalls are no failure. Files are measured where the programs
// nginx and wrk are.
absl::Status MeasureGateway(const GatewayBenchOptions& options);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_GATEWAY_BENCH_H_
