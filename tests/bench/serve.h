// The server under measurement: comityd's own, with one more service.

#ifndef COMITY_TESTS_BENCH_SERVE_H_
#define COMITY_TESTS_BENCH_SERVE_H_

#include <string>

#include "absl/status/status.h"

namespace comity::bench {

// Serves the store in `data_folder` on a free port of 127.0.0.1 until SIGTERM;
// an empty store is loaded from `load_folder` first. Prints a line when ready:
// `ready HOST:PORT`. Without an `index_folder` there is no search.
absl::Status Serve(const std::string& data_folder,
                   const std::string& load_folder,
                   const std::string& index_folder);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_SERVE_H_
