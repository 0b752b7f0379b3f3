// `comityd evaluate`: how well searches rank, on sets of judged queries.

#ifndef COMITY_SERVICES_EVALUATE_H_
#define COMITY_SERVICES_EVALUATE_H_

#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace comity {

struct EvaluateOptions {
  // Each has `corpus.jsonl` (plain, gzip or Zstandard), `queries.tsv` and
  // `qrels.tsv`.
  std::vector<std::string> folders;
  // Of the documents, BCP 47; empty: found out.
  std::string language;
  // File of concepts, JSON Lines of records; empty: the bundled ones, where
  // they are at hand.
  std::string concepts;
  // Only plain BM25, which others are measured against.
  bool plain = false;
};

// Indexes each set into a temporary folder, searches, and prints recall@10 and
// @100, MRR@10, MAP and nDCG@10: plain BM25, ours, and ours without each of its
// features, with the gain in nDCG@10 over plain and the chance that there is
// none (bootstrap over the queries); where ids of queries begin with their
// language, for each pair of languages too. InvalidArgument names the file and
// line of a set that cannot be read.
absl::Status Evaluate(const EvaluateOptions& options, std::FILE* out);

}  // namespace comity

#endif  // COMITY_SERVICES_EVALUATE_H_
