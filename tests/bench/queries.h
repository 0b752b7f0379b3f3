// What searches are asked: queries drawn from a library, and those that cost
// most.

#ifndef COMITY_TESTS_BENCH_QUERIES_H_
#define COMITY_TESTS_BENCH_QUERIES_H_

#include <xapian.h>

#include <string>
#include <vector>

#include "tests/bench/synthetic_library.h"

namespace comity::bench {

inline constexpr const char* kQueryKinds[] = {"term",   "three OR", "three AND",
                                              "phrase", "prefix",   "title"};

struct Query {
  std::string kind;
  std::string text;
};

// As many of each kind, in no order; the same ones each time.
std::vector<Query> DrawQueries(const SyntheticLibrary& library, int count);

// Phrases, words near one another, wildcards and alternatives of the words that
// stand in the most documents of an index.
std::vector<Query> CommonestQueries(const Xapian::Database& database);

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_QUERIES_H_
