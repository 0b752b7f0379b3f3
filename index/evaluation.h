// How good the ranking is, measured on sets of queries with judged documents.

#ifndef COMITY_INDEX_EVALUATION_H_
#define COMITY_INDEX_EVALUATION_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/concepts.h"
#include "index/query_builder.h"

namespace comity::index {

struct EvaluationSet {
  struct Document {
    std::string id;
    std::string title;
    std::string text;
    // BCP 47.
    std::string language;
  };
  std::vector<Document> documents;
  // Id and text.
  std::vector<std::pair<std::string, std::string>> queries;
  // Grades of documents, by query.
  std::map<std::string, std::map<std::string, int>> judgements;
};

struct Measures {
  double recall_10 = 0;
  double recall_100 = 0;
  double mrr_10 = 0;
  // Of one query: average precision.
  double map = 0;
  double ndcg_10 = 0;
};

// Of the queries that have a judged document.
struct Scores {
  Measures mean;
  // In the order of the set.
  std::vector<std::string> queries;
  std::vector<Measures> of_query;
  // Microseconds of the middle query.
  double p50 = 0;
};

// The first hundred documents for a query, best first.
using Ranked = std::vector<std::string>;

// Scores of what was found for each query of the set.
Scores ScoresOf(const EvaluationSet& set, const std::vector<Ranked>& found);

// Of those queries whose ids begin so.
Scores ScoresOfQueries(const Scores& all, absl::string_view beginning);

inline constexpr int kResamples = 10000;

// Chance that `a` is not better than `b` in nDCG@10 in truth: a paired
// bootstrap over the queries, one-sided, of kResamples resamples, the one
// observed counted among them, so that it is never 0. Both must be of the same
// queries.
double ChanceOfNoGain(const Scores& a, const Scores& b);

// BM25 (k1 0.9, b 0.4) over title and text as one field: NFKC, lower case, no
// stems, no stopwords, characters of Chinese, Japanese and Korean in pairs.
// What others are measured against.
Scores EvaluatePlain(const EvaluationSet& set);

// An index of the set, made as laws are indexed.
class Evaluator {
 public:
  // Writes into `folder`. `set` must outlive the evaluator.
  static absl::StatusOr<std::unique_ptr<Evaluator>> Create(
      const EvaluationSet* set, const std::string& folder);
  ~Evaluator();

  // `concepts` may be null.
  absl::StatusOr<Scores> Evaluate(const Ranking& ranking,
                                  std::shared_ptr<const Concepts> concepts);

 private:
  struct Index;

  explicit Evaluator(const EvaluationSet* set);

  const EvaluationSet* const set_;
  std::unique_ptr<Index> index_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_EVALUATION_H_
