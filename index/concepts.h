// Concepts and the words for them in several languages, by which a query in one
// language finds laws in others.

#ifndef COMITY_INDEX_CONCEPTS_H_
#define COMITY_INDEX_CONCEPTS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "comity/v1/concept.pb.h"
#include "comity/v1/search_service.pb.h"
#include "index/analyzer.h"
#include "index/query_parser.h"

namespace comity::index {

// Immutable, so thread-safe.
class Concepts {
 public:
  Concepts(absl::Span<const v1::Concept> concepts, Analyzer* analyzer);

  // Finds the concepts whose terms a query has, in any of its languages, and
  // adds what says the same in other languages where they stand. Those of
  // `only`, if it is not empty, are the languages looked for. Limited to the
  // longest terms and to a few concepts. Returns those used. `query` is what
  // was parsed.
  std::vector<v1::UsedConcept> Expand(absl::string_view query,
                                      absl::Span<const std::string> only,
                                      double weight, Analyzer* analyzer,
                                      ParsedQuery* parsed) const;

  struct Term {
    std::string text;
    std::string language;
    bool preferred = false;
    // What finds it, made once.
    Node node;
  };
  struct Concept {
    std::string name;
    std::vector<Term> terms;
  };
  absl::Span<const Concept> concepts() const { return concepts_; }

 private:
  struct Place {
    size_t number;
    size_t term;
  };
  // A term in a query.
  struct Found {
    Place place;
    size_t begin;
    size_t end;
  };
  struct Expansion;

  std::vector<Found> Find(absl::string_view query, size_t begin, size_t end,
                          absl::Span<const Language* const> languages,
                          Analyzer* analyzer) const;
  std::vector<Node> TermsFor(const Found& found, Expansion* expansion) const;
  void ExpandNode(Node* node, Expansion* expansion) const;
  void ExpandWords(Node* node, Expansion* expansion) const;

  std::vector<Concept> concepts_;
  // By language and the forms of its words, with spaces between.
  absl::flat_hash_map<std::string, std::vector<Place>> places_;
  size_t words_max_ = 0;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_CONCEPTS_H_
