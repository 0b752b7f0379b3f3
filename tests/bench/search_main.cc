// comity_search_bench: the search index alone beside bare Xapian; `comity_bench
// search` is the same.

#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "tests/bench/search_bench.h"

int main(int argc, char** argv) {
  CLI::App app("Measures the search index beside bare Xapian, in one run.",
               "comity_search_bench");
  comity::bench::SearchOptions options;
  app.add_option("--provisions", options.provisions)->capture_default_str();
  app.add_option("--queries", options.queries, "Of each class")
      ->capture_default_str();
  app.add_option("--flush", options.flush_documents, "Of the bare program")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = comity::bench::MeasureSearch(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "comity_search_bench: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
