// Queries of Xapian's for parsed ones.

#ifndef COMITY_INDEX_QUERY_BUILDER_H_
#define COMITY_INDEX_QUERY_BUILDER_H_

#include <xapian.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "index/query_parser.h"

namespace comity::index {

// What makes one hit better than another; tuned on relevance sets.
struct Ranking {
  // Of BM25.
  double k1 = 1;
  double b = 0.65;
  // Of a word as it is written, where it has stems, and of its stems.
  double word = 0.2;
  double stem = 1;
  // Of a word in the titles and in the heading, beside that anywhere.
  double title = 0;
  double heading = 0;
  // Of characters beside their pairs.
  double character = 0.4;
  double number = 2;
  double own_number = 2;
  // Of words of a query side by side.
  double phrase = 0.6;
  // Of a text in the language of the words whose concept was found.
  double own_language = 2;
};

struct BuiltQuery {
  // With weights.
  Xapian::Query ranked;
  // Matches the same documents, and is faster to count.
  Xapian::Query boolean;
  // A wildcard stands for more words than were looked for.
  bool cut = false;
  // More documents have the words of a phrase than were looked at.
  bool incomplete = false;
};

// `database` for the words that wildcards stand for. For all phrases together,
// about `phrase_documents_max` documents are read.
BuiltQuery BuildQuery(const Node& node, const Ranking& ranking,
                      size_t phrase_documents_max,
                      const Xapian::Database& database);

// What of a text to show as found.
struct Highlights {
  absl::flat_hash_set<std::string> terms;
  absl::flat_hash_set<std::string> stems;
  absl::flat_hash_set<std::string> numbers;
  std::vector<std::string> prefixes;
};

// Adds what the query looks for in texts; not what must be missing.
void AddHighlights(const Node& node, Highlights* highlights);

}  // namespace comity::index

#endif  // COMITY_INDEX_QUERY_BUILDER_H_
