// Answers searches. It knows no gRPC: a service calls it, and gives it the
// records that it shows.

#ifndef COMITY_INDEX_SEARCHER_H_
#define COMITY_INDEX_SEARCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/limits.h"
#include "comity/v1/law.pb.h"
#include "comity/v1/search_service.pb.h"
#include "index/concepts.h"
#include "index/library_index.h"
#include "index/query_builder.h"
#include "index/suggester.h"

namespace comity::index {

// A page of an answer: as many results were given, and the last of them. What a
// page token holds.
struct SearchPage {
  int64_t given = 0;
  std::string last;
};

struct SearchAnswer {
  // Without a page token.
  v1::SearchResponse response;
  // Where the next page begins, if there is one.
  bool more = false;
  SearchPage next;
  // It costs more than it may; nothing else is set.
  bool too_dear = false;
};

// A document that a search finds, apart from how good it is.
struct Match {
  // Name of the law or authority, and what it is called.
  std::string record;
  std::string title;
  // Code of the State.
  std::string state;
  // As SearchHit has them.
  std::string name;
  std::string expression;
  int position = 0;
  std::string language;
  // Version of the expression.
  uint64_t sequence = 0;
  // Of all that is searched of it.
  uint64_t digest = 0;
};

// What a search costs, roughly, in postings that it may have to look at: tens
// of nanoseconds each.
inline constexpr int64_t kAnyCost = INT64_MAX;

struct SearcherOptions {
  Ranking ranking;
  // Provision of an expression's version; NotFound leaves out its snippet.
  std::function<absl::Status(absl::string_view expression, uint64_t sequence,
                             int position, v1::Provision* provision)>
      read_provision;
  // See ParseOptions.
  std::function<std::string(absl::string_view)> resolve_state;
  // Names of States, each with the name of its record, for suggestions.
  std::function<std::vector<std::pair<std::string, std::string>>()> state_names;
  // Documents read for the phrases of one query; tests have few.
  size_t phrase_documents_max = limits::kPhraseDocumentsMax;
};

// Thread-safe; each call computes on the thread that makes it.
class Searcher {
 public:
  // `index` must outlive the searcher.
  Searcher(const LibraryIndex* index, SearcherOptions options)
      : index_(index), options_(std::move(options)) {}

  // Replaces the concepts; null: none. Shared, since searches may be using the
  // old ones.
  void SetConcepts(std::shared_ptr<const Concepts> concepts);

  // Waits until `deadline` for `request.min_sequence`. `page` instead of the
  // request's token. Errors as the contract says. With a `cost_max` it does not
  // wait, and does nothing if it finds that it would cost more.
  absl::StatusOr<SearchAnswer> Search(const v1::SearchRequest& request,
                                      const SearchPage& page,
                                      absl::Time deadline,
                                      int64_t cost_max = kAnyCost) const;

  // InvalidArgument for a filter that no search takes.
  static absl::Status CheckFilter(const v1::SearchFilter& filter);

  // Appends all documents of `records` that the search finds, in no order. Of
  // `search`, it goes by query, match, query_languages, filter and
  // without_concepts. `reader` may be of any segment.
  absl::Status FindAll(Reader& reader, const v1::SearchRequest& search,
                       absl::Span<const std::string> records,
                       std::vector<Match>* matches) const;

  // Completes what is being typed, from the table that was made last; makes it
  // if there is none.
  absl::StatusOr<v1::SuggestResponse> Suggest(
      const v1::SuggestRequest& request) const;
  // Makes the table of suggestions anew. Takes a second for a million words, so
  // it is for whoever writes the index, now and then.
  void RefreshSuggestions() const;
  // The same, but only if anybody has asked for suggestions.
  void RefreshSuggestionsInUse() const;

 private:
  struct Run;

  std::shared_ptr<const Concepts> concepts() const;
  absl::Status SearchWith(Reader& reader, const v1::SearchRequest& request,
                          const SearchPage& page, int64_t cost_max,
                          SearchAnswer* answer) const;

  const LibraryIndex* const index_;
  const SearcherOptions options_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Concepts> concepts_ ABSL_GUARDED_BY(mutex_);
  // Shared, since it is replaced while it is used.
  mutable std::shared_ptr<const Suggester> suggester_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace comity::index

#endif  // COMITY_INDEX_SEARCHER_H_
