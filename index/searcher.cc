#include "index/searcher.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "base/words.h"
#include "index/documents.h"
#include "index/fields.h"
#include "index/query_parser.h"
#include "index/row_filter.h"
#include "index/snippets.h"
#include "index/word_places.h"

namespace comity::index {
namespace {

constexpr int kPageSizeDefault = 10;
constexpr int kHitsPerLawDefault = 3;
constexpr int kHitsPerLawMax = 20;
constexpr int kFacetValuesDefault = 20;
constexpr int kFacetValuesMax = 1000;
// Of what concepts add, beside the words of the query.
constexpr double kConceptWeight = 0.6;
// Looked for beyond what is wanted, so that equals at the end are all there.
constexpr size_t kSpare = 8;
// Hits looked for at first for each law.
constexpr size_t kHitsForEachLaw = 4;

struct Hit {
  Xapian::docid document;
  double weight;
};

// Hits of one law or authority, the best first.
struct Group {
  std::vector<Hit> hits;
};

template <typename Number>
absl::Status CheckRange(absl::string_view field, Number value, Number most) {
  if (value >= 0 && value <= most) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(value), absl::StrCat("0 to ", most));
}

absl::Status Check(const v1::SearchRequest& request) {
  RETURN_IF_ERROR(
      CheckRange("page_size", request.page_size(), limits::kPageSizeMax));
  RETURN_IF_ERROR(
      CheckRange("hits_per_law", request.hits_per_law(), kHitsPerLawMax));
  RETURN_IF_ERROR(CheckRange("facet_values_max", request.facet_values_max(),
                             kFacetValuesMax));
  for (const int facet : request.facets()) {
    if (facet == v1::SEARCH_FACET_FIELD_UNSPECIFIED ||
        !v1::SearchFacetField_IsValid(facet)) {
      return InvalidField("facets", absl::StrCat(facet), "a facet");
    }
  }
  if (!request.more_like().empty() && !request.query().empty()) {
    return InvalidField("query", request.query(), "empty beside more_like");
  }
  return absl::OkStatus();
}

// True if hits differ in how well they match.
bool Ranks(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNothing:
    case Node::Kind::kEverything:
    case Node::Kind::kFilter:
    case Node::Kind::kYears:
      return false;
    case Node::Kind::kWord:
    case Node::Kind::kPrefix:
    case Node::Kind::kPhrase:
    case Node::Kind::kNear:
    case Node::Kind::kNumber:
      return true;
    case Node::Kind::kExcept:
      return Ranks(node.children[0]);
    default:
      return absl::c_any_of(node.children, Ranks);
  }
}

// True if documents must be read to tell whether they match.
bool HasPhrase(const Node& node) {
  return node.kind == Node::Kind::kPhrase || node.kind == Node::Kind::kNear ||
         absl::c_any_of(node.children, HasPhrase);
}

// Words of a query that stand side by side in it, but for those that say
// little.
struct NearWords {
  // Places in the list of terms.
  size_t first;
  size_t second;
  uint32_t distance;
};

// Hits that are ordered once more, by words that stand side by side in them:
// few for short queries, which are fast.
constexpr size_t kPromotedOfShort = 10;
constexpr size_t kPromotedOfLong = 30;
constexpr size_t kShortPairsMax = 2;
constexpr size_t kPairsMax = 24;
// Places of one word in one text.
constexpr size_t kPlacesMax = 1000;
// Words further apart than in the query, by at most so many.
constexpr uint32_t kLooseDistance = 4;
constexpr double kLooseWeight = 0.4;

// True if the query matches whatever has any of some terms, which are appended.
bool IsAnyOf(const Xapian::Query& query, std::vector<std::string>* terms) {
  if (query.get_type() == Xapian::Query::LEAF_TERM) {
    terms->push_back(*query.get_terms_begin());
    return true;
  }
  if (query.get_type() != Xapian::Query::OP_OR) return false;
  for (size_t i = 0; i < query.get_num_subqueries(); ++i) {
    if (!IsAnyOf(query.get_subquery(i), terms)) return false;
  }
  return true;
}

// Counts what is seen, and keeps it where the order is not that of relevance.
class Counter : public RowSource::Sink {
 public:
  Counter(FacetCounts* facets, bool keep) : facets_(facets), keep_(keep) {}

  void See(Xapian::docid document, const Row& row, uint32_t fails) override {
    facets_->Add(row, fails);
    if (fails != 0) return;
    ++total_;
    if (keep_) documents_.push_back(document);
  }

  int64_t total() const { return total_; }
  std::vector<Xapian::docid>& documents() { return documents_; }

 private:
  FacetCounts* const facets_;
  const bool keep_;
  int64_t total_ = 0;
  std::vector<Xapian::docid> documents_;
};

}  // namespace

// One search on one reader.
struct Searcher::Run {
  const SearcherOptions& options;
  const v1::SearchRequest& request;
  Reader& reader;
  const Columns& columns;
  const RowFilter filter;
  v1::SearchResponse& response;
  size_t phrase_documents_max = options.phrase_documents_max;
  ParsedQuery parsed = {};
  BuiltQuery built = {};
  Highlights highlights = {};
  bool has_query = false;
  bool ranked = false;
  // Of the query, and what their words weigh.
  std::vector<NearWords> pairs = {};
  std::vector<std::string> near_terms = {};
  std::vector<uint64_t> near_hashes = {};
  std::vector<double> near_weights = {};
  // Weights of the hits that were ordered once more.
  absl::flat_hash_map<Xapian::docid, double> promoted = {};

  bool grouped() const {
    return request.group() != v1::SearchRequest::GROUP_NONE;
  }
  size_t hits_per_law() const {
    return static_cast<size_t>(request.hits_per_law() == 0
                                   ? kHitsPerLawDefault
                                   : request.hits_per_law());
  }

  const Row& row(const Hit& hit) const { return columns.row(hit.document); }

  // The order of hits: by weight, then by name.
  bool IsBefore(const Hit& a, const Hit& b) const {
    if (a.weight != b.weight) return a.weight > b.weight;
    return columns.Compare(row(a), row(b)) < 0;
  }
  void Sort(std::vector<Hit>* hits) const {
    std::sort(hits->begin(), hits->end(),
              [this](const Hit& a, const Hit& b) { return IsBefore(a, b); });
  }

  void Parse(const Concepts* concepts);
  // Of the query, of so many results that are wanted.
  int64_t Cost(size_t want, bool counts) const;
  absl::Status MoreLike();
  Xapian::Query Laws() const;
  Xapian::Query Filtered(const Xapian::Query& query, RowSource* source) const;
  void Count(Counter* counter) const;
  void CountAny(const std::vector<std::string>& terms, Counter* counter) const;
  // All hits in another order than that of relevance.
  std::vector<Hit> InOrder(std::vector<Xapian::docid> documents,
                           size_t want) const;
  bool Top(const Xapian::Query& query, size_t want, std::vector<Hit>* hits,
           bool first);
  void PreferLanguages();
  void AddPairs(const Node& node);
  size_t promoted_max() const {
    if (pairs.empty()) return 0;
    return pairs.size() > kShortPairsMax ? kPromotedOfLong : kPromotedOfShort;
  }
  void Promote(std::vector<Hit>* hits);
  double NearnessOf(Xapian::docid document) const;
  void TopGroups(const Xapian::Query& query, size_t want,
                 std::vector<Group>* groups);
  void FillGroups(const Xapian::Query& query, size_t first,
                  std::vector<Group>* groups) const;
  std::vector<Group> GroupsOf(const std::vector<Hit>& hits) const;

  std::string NameOf(const Hit& hit) const;
  void Show(const Group& group, v1::SearchResult* result) const;
  void ShowHit(const Hit& hit, v1::SearchHit* shown) const;
  Match MatchOf(const Hit& hit) const;
  void ShowCoverage() const;
  bool IsMisspelt(const Node& node) const;
  std::string Spelling(const std::string& word) const;
  void Correct(const Node& node, std::string* query, int* left) const;
  void ShowSuggestion() const;
};

void Searcher::Run::Parse(const Concepts* concepts) {
  ParseOptions parse;
  parse.languages.assign(request.query_languages().begin(),
                         request.query_languages().end());
  parse.match_all = request.match() == v1::SearchRequest::MATCH_ALL;
  parse.resolve_state = options.resolve_state;
  parsed = ParseQuery(request.query(), parse, reader.analyzer.get());
  if (concepts != nullptr && !request.without_concepts()) {
    std::vector<std::string> only;
    for (const std::string& tag : request.filter().languages()) {
      only.push_back(LanguageLabel(tag));
    }
    for (v1::UsedConcept& used :
         concepts->Expand(request.query(), only, kConceptWeight,
                          reader.analyzer.get(), &parsed)) {
      *response.add_concepts() = std::move(used);
    }
  }
  built = BuildQuery(parsed.root, options.ranking, phrase_documents_max,
                     reader.database);
  if (!response.concepts().empty()) PreferLanguages();
  AddHighlights(parsed.root, &highlights);
  if (options.ranking.phrase > 0) AddPairs(parsed.root);
  has_query = true;
  ranked = Ranks(parsed.root);
  response.set_query_cut(parsed.cut || built.cut);
  response.set_incomplete(built.incomplete);
  response.set_understood(Print(parsed.root));
}

// Where other languages are looked at too, those of the words asked for come
// first: laws have titles in several, so equal hits are common.
void Searcher::Run::PreferLanguages() {
  std::vector<std::string> terms;
  for (const v1::UsedConcept& used : response.concepts()) {
    terms.push_back(
        fields::Term(fields::kLanguage, LanguageLabel(used.language())));
  }
  auto* weight =
      new Xapian::FixedWeightPostingSource(options.ranking.own_language);
  built.ranked = Xapian::Query(
      Xapian::Query::OP_AND_MAYBE, built.ranked,
      Xapian::Query(
          Xapian::Query::OP_FILTER,
          // Xapian counts the references from now on.
          Xapian::Query(weight->release()),
          Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end())));
}

void Searcher::Run::AddPairs(const Node& node) {
  if (node.kind == Node::Kind::kExcept) {
    AddPairs(node.children[0]);
    return;
  }
  // Of other languages, whose words stand beside none of these.
  if (node.kind == Node::Kind::kSame) return;
  const auto is_word = [](const Node& child) {
    return child.kind == Node::Kind::kWord && child.field == Field::kAnywhere &&
           child.tokens[0].kind == TokenKind::kWord;
  };
  const auto number_of = [this](const std::string& term) {
    const auto at = absl::c_find(near_terms, term);
    if (at != near_terms.end()) {
      return static_cast<size_t>(at - near_terms.begin());
    }
    near_terms.push_back(term);
    near_hashes.push_back(WordHash(term));
    const auto total = static_cast<double>(reader.database.get_doccount());
    const auto frequency =
        static_cast<double>(reader.database.get_termfreq(term));
    near_weights.push_back(
        std::max(0.0, std::log((total - frequency + 0.5) / (frequency + 0.5))));
    return near_terms.size() - 1;
  };
  const QueryToken* before = nullptr;
  for (const Node& child : node.children) {
    if (!is_word(child)) {
      AddPairs(child);
      continue;
    }
    const QueryToken& token = child.tokens[0];
    // Of one run of words, and not further apart than a few words between.
    if (before != nullptr && before->end <= token.begin &&
        before->position < token.position &&
        token.position - before->position <= kLooseDistance &&
        pairs.size() < kPairsMax) {
      pairs.push_back({number_of(before->term), number_of(token.term),
                       token.position - before->position});
    }
    before = &token;
  }
}

// More for words that stand in the text as in the query, and are rare.
double Searcher::Run::NearnessOf(Xapian::docid document) const {
  std::string data;
  const WordPlaces places_of =
      WordPlaces::Read(reader.database, document, &data);
  std::vector<std::vector<uint32_t>> places(near_terms.size());
  places_of.Find(near_hashes, Part::kRest, [&](uint32_t place, size_t word) {
    if (places[word].size() < kPlacesMax) places[word].push_back(place);
  });
  double sum = 0;
  for (const NearWords& pair : pairs) {
    uint32_t nearest = UINT32_MAX;
    for (const uint32_t place : places[pair.first]) {
      const auto& others = places[pair.second];
      const auto next = std::upper_bound(others.begin(), others.end(), place);
      if (next != others.end()) nearest = std::min(nearest, *next - place);
    }
    if (nearest == UINT32_MAX || nearest > pair.distance + kLooseDistance) {
      continue;
    }
    const double weight = near_weights[pair.first] + near_weights[pair.second];
    sum += nearest <= pair.distance ? weight : kLooseWeight * weight;
  }
  return options.ranking.phrase * sum;
}

// Orders the best once more. How many does not depend on the page, so that the
// order is one for all pages; they only gain, so the others stay behind them.
void Searcher::Run::Promote(std::vector<Hit>* hits) {
  const size_t count = std::min(promoted_max(), hits->size());
  std::vector<Hit> best(hits->begin(),
                        hits->begin() + static_cast<std::ptrdiff_t>(count));
  for (Hit& hit : best) {
    hit.weight += NearnessOf(hit.document);
    promoted[hit.document] = hit.weight;
  }
  Sort(&best);
  std::copy(best.begin(), best.end(), hits->begin());
}

int64_t Searcher::Run::Cost(size_t want, bool counts) const {
  constexpr int64_t kSnippet = 1000;
  // Its data must be read.
  constexpr int64_t kPhrase = 200;
  int64_t postings = 0;
  for (auto term = built.ranked.get_terms_begin();
       term != built.ranked.get_terms_end(); ++term) {
    postings += reader.database.get_termfreq(*term);
  }
  if (HasPhrase(parsed.root)) postings *= kPhrase;
  // Once more for the hits of each law, and once for counting.
  const int64_t times = 1 + (grouped() ? 1 : 0) + (counts ? 2 : 0);
  const auto shown =
      static_cast<int64_t>(want * (grouped() ? hits_per_law() : 1));
  return postings * times + (request.without_snippets() ? 0 : shown * kSnippet);
}

// The words that tell the provision from others, by Xapian's own measure.
absl::Status Searcher::Run::MoreLike() {
  const std::string name_term = DocumentMaker::NameTerm(request.more_like());
  const auto found = reader.database.postlist_begin(name_term);
  if (found == reader.database.postlist_end(name_term)) {
    return absl::NotFoundError(absl::StrCat(
        "more_like is ", Cut(request.more_like(), 200), ", not indexed"));
  }
  const Xapian::docid document = *found;
  constexpr size_t kWordsMax = 25;
  const auto total = static_cast<double>(reader.database.get_doccount());
  std::vector<std::pair<double, std::string>> words;
  for (auto term = reader.database.termlist_begin(document);
       term != reader.database.termlist_end(document); ++term) {
    const std::string word = *term;
    const bool is_filter =
        word[0] >= 'A' && word[0] <= 'Z' && word.rfind("Z", 0) != 0;
    const auto frequency = static_cast<double>(term.get_termfreq());
    if (is_filter || frequency < 2) continue;
    const auto times = static_cast<double>(term.get_wdf());
    words.emplace_back(times / (times + 1) * std::log(total / frequency), word);
  }
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (words.size() > kWordsMax) words.resize(kWordsMax);
  std::vector<Xapian::Query> queries;
  for (const auto& word : words) {
    queries.emplace_back(word.second);
    const bool stem = word.second[0] == 'Z';
    (stem ? highlights.stems : highlights.terms)
        .insert(stem ? word.second.substr(1) : word.second);
  }
  Xapian::Query any(Xapian::Query::OP_OR, queries.begin(), queries.end());
  built.ranked =
      Xapian::Query(Xapian::Query::OP_AND_NOT, any, Xapian::Query(name_term));
  built.boolean = built.ranked;
  has_query = true;
  ranked = true;
  return absl::OkStatus();
}

// Of the filter's laws; MatchAll without them.
Xapian::Query Searcher::Run::Laws() const {
  if (request.filter().laws().empty()) return Xapian::Query::MatchAll;
  std::vector<std::string> terms;
  for (const std::string& law : request.filter().laws()) {
    terms.push_back(DocumentMaker::RecordTerm(law));
  }
  return Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end());
}

// With the filter, as far as possible by terms, which skip what they exclude;
// days by their rows.
Xapian::Query Searcher::Run::Filtered(const Xapian::Query& query,
                                      RowSource* source) const {
  std::vector<Xapian::Query> filters;
  if (!request.filter().laws().empty()) filters.push_back(Laws());
  if ((filter.active() & ~kDatesBit) != 0) {
    filters.push_back(filter.Terms(~kDatesBit));
  }
  if ((filter.active() & kDatesBit) != 0) filters.emplace_back(source);
  if (filters.empty()) return query;
  return Xapian::Query(
      Xapian::Query::OP_FILTER, query,
      Xapian::Query(Xapian::Query::OP_AND, filters.begin(), filters.end()));
}

// Shows every match of the query to the counter.
void Searcher::Run::Count(Counter* counter) const {
  if (!has_query && request.filter().laws().empty()) {
    for (uint32_t document = 0; document < columns.rows_end(); ++document) {
      const Row& row = columns.row(document);
      if (row.kind != DocumentKind::kNone) {
        counter->See(document, row, filter.Fails(row));
      }
    }
    return;
  }
  std::vector<std::string> terms;
  if (request.filter().laws().empty() && IsAnyOf(built.boolean, &terms)) {
    CountAny(terms, counter);
    return;
  }
  Xapian::Query query = has_query ? built.boolean : Laws();
  if (has_query && !request.filter().laws().empty()) {
    query = Xapian::Query(Xapian::Query::OP_FILTER, query, Laws());
  }
  // Xapian looks at what must be missing after all else that a document must
  // have. Beside an alternative, which no document has, it is looked at before
  // the source.
  query = Xapian::Query(Xapian::Query::OP_OR, query,
                        Xapian::Query(std::string("\x01", 1)));
  RowSource source(columns, filter, ~0U, counter);
  Xapian::Enquire enquire(reader.database);
  enquire.set_weighting_scheme(Xapian::BoolWeight());
  enquire.set_query(
      Xapian::Query(Xapian::Query::OP_FILTER, query, Xapian::Query(&source)));
  enquire.get_mset(0, 0, reader.database.get_doccount() + 1);
}

// What has any of the terms, in the order of documents. Walks through the lists
// one after the other: through Xapian's matcher it takes three times as long.
void Searcher::Run::CountAny(const std::vector<std::string>& terms,
                             Counter* counter) const {
  constexpr uint32_t kBits = 64;
  std::vector<uint64_t> has(columns.rows_end() / kBits + 1);
  for (const std::string& term : terms) {
    const auto end = reader.database.postlist_end(term);
    for (auto at = reader.database.postlist_begin(term); at != end; ++at) {
      const Xapian::docid document = *at;
      if (document < columns.rows_end()) {
        has[document / kBits] |= uint64_t{1} << document % kBits;
      }
    }
  }
  for (uint32_t i = 0; i < has.size(); ++i) {
    for (uint64_t bits = has[i]; bits != 0; bits &= bits - 1) {
      const uint32_t document =
          i * kBits + static_cast<uint32_t>(std::countr_zero(bits));
      const Row& row = columns.row(document);
      counter->See(document, row, filter.Fails(row));
    }
  }
}

std::vector<Hit> Searcher::Run::InOrder(std::vector<Xapian::docid> documents,
                                        size_t want) const {
  std::vector<Hit> hits;
  hits.reserve(documents.size());
  for (const Xapian::docid document : documents) hits.push_back({document, 0});
  const auto order = request.order();
  const auto is_before = [&](const Hit& a, const Hit& b) {
    const Row& first = row(a);
    const Row& second = row(b);
    const bool by_day = order == v1::SearchRequest::ORDER_NEWEST ||
                        order == v1::SearchRequest::ORDER_OLDEST;
    if (by_day && first.day != second.day) {
      if (first.day == kNoDay || second.day == kNoDay) {
        return second.day == kNoDay;
      }
      return order == v1::SearchRequest::ORDER_NEWEST ? first.day > second.day
                                                      : first.day < second.day;
    }
    return columns.Compare(first, second) < 0;
  };
  if (want < hits.size() && !grouped()) {
    std::partial_sort(hits.begin(),
                      hits.begin() + static_cast<std::ptrdiff_t>(want),
                      hits.end(), is_before);
    hits.resize(want);
  } else {
    std::sort(hits.begin(), hits.end(), is_before);
  }
  return hits;
}

// The best `want` hits, and those that are as good as the last; true if these
// are all.
bool Searcher::Run::Top(const Xapian::Query& query, size_t want,
                        std::vector<Hit>* hits, bool first) {
  if (first) want = std::max(want, promoted_max());
  Xapian::Enquire enquire(reader.database);
  enquire.set_weighting_scheme(
      Xapian::BM25Weight(options.ranking.k1, 0, 1, options.ranking.b, 0));
  enquire.set_query(query);
  bool count = first;
  for (size_t most = want + kSpare;; most *= 4) {
    const Xapian::MSet found =
        enquire.get_mset(0, static_cast<Xapian::doccount>(std::min<size_t>(
                                most, reader.database.get_doccount() + 1)));
    hits->clear();
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      hits->push_back({*hit, hit.get_weight()});
    }
    if (count) {
      response.set_total_size(found.get_matches_estimated());
      response.set_total_is_estimate(built.incomplete ||
                                     found.get_matches_lower_bound() !=
                                         found.get_matches_upper_bound());
      count = false;
    }
    const bool all = hits->size() < most;
    if (all || hits->back().weight < (*hits)[want - 1].weight) {
      // Those that are as good as the last may be cut off: leave them all out.
      if (!all) {
        const double last = hits->back().weight;
        while (hits->back().weight == last) hits->pop_back();
      }
      Sort(hits);
      if (first) Promote(hits);
      return all;
    }
  }
}

std::vector<Group> Searcher::Run::GroupsOf(const std::vector<Hit>& hits) const {
  std::vector<Group> groups;
  absl::flat_hash_map<uint32_t, size_t> places;
  for (const Hit& hit : hits) {
    const auto [place, is_new] = places.emplace(row(hit).record, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].hits.push_back(hit);
  }
  return groups;
}

// The best `want` groups, in their order; each has its best hit, but not yet
// all that are to be shown.
void Searcher::Run::TopGroups(const Xapian::Query& query, size_t want,
                              std::vector<Group>* groups) {
  Xapian::Query rest = query;
  bool first = true;
  size_t most = want * kHitsForEachLaw;
  while (groups->size() < want) {
    std::vector<Hit> hits;
    const bool all = Top(rest, most, &hits, first);
    first = false;
    const size_t before = groups->size();
    for (Group& group : GroupsOf(hits)) groups->push_back(std::move(group));
    if (all) return;
    // Laws of which hits fill the list leave no room for others: go on without
    // them.
    std::vector<std::string> seen;
    for (size_t i = before; i < groups->size(); ++i) {
      seen.push_back(DocumentMaker::RecordTerm(
          columns.text(Table::kRecords, row((*groups)[i].hits[0]).record)));
    }
    rest = Xapian::Query(
        Xapian::Query::OP_AND_NOT, rest,
        Xapian::Query(Xapian::Query::OP_OR, seen.begin(), seen.end()));
    most = std::max(most,
                    (want - std::min(want, groups->size())) * kHitsForEachLaw);
  }
}

// Gives the groups from `first` on all the hits that are to be shown.
void Searcher::Run::FillGroups(const Xapian::Query& query, size_t first,
                               std::vector<Group>* groups) const {
  std::vector<std::string> terms;
  absl::flat_hash_map<uint32_t, Group*> places;
  for (size_t i = first; i < groups->size(); ++i) {
    Group& group = (*groups)[i];
    if (group.hits.size() >= hits_per_law()) continue;
    const uint32_t record = row(group.hits[0]).record;
    if (row(group.hits[0]).kind != DocumentKind::kLaw) continue;
    places.emplace(record, &group);
    terms.push_back(
        DocumentMaker::RecordTerm(columns.text(Table::kRecords, record)));
  }
  if (terms.empty()) return;
  Xapian::Enquire enquire(reader.database);
  enquire.set_weighting_scheme(
      Xapian::BM25Weight(options.ranking.k1, 0, 1, options.ranking.b, 0));
  enquire.set_query(Xapian::Query(
      Xapian::Query::OP_FILTER, query,
      Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end())));
  const Xapian::MSet found =
      enquire.get_mset(0, reader.database.get_doccount());
  for (auto& place : places) place.second->hits.clear();
  for (auto hit = found.begin(); hit != found.end(); ++hit) {
    const auto better = promoted.find(*hit);
    const Hit one = {
        *hit, better == promoted.end() ? hit.get_weight() : better->second};
    places[row(one).record]->hits.push_back(one);
  }
  for (auto& place : places) Sort(&place.second->hits);
}

std::string Searcher::Run::NameOf(const Hit& hit) const {
  const Row& of = row(hit);
  const absl::string_view id = columns.text(Table::kProvisions, of.provision);
  if (id.empty()) {
    return std::string(columns.text(Table::kRecords, of.record));
  }
  return absl::StrCat(columns.head(Table::kExpressions, of.expression),
                      "/provisions/", id);
}

void Searcher::Run::ShowHit(const Hit& hit, v1::SearchHit* shown) const {
  const Row& of = row(hit);
  const absl::string_view expression =
      columns.head(Table::kExpressions, of.expression);
  shown->set_name(NameOf(hit));
  shown->set_expression(std::string(expression));
  shown->set_position(static_cast<int>(of.position));
  shown->set_language(
      std::string(columns.text(Table::kLanguages, of.language)));
  shown->set_score(hit.weight);
  if (request.without_snippets() || of.position == 0 ||
      !options.read_provision) {
    return;
  }
  uint64_t sequence = 0;
  v1::Provision provision;
  if (!absl::SimpleAtoi(columns.tail(Table::kExpressions, of.expression),
                        &sequence) ||
      !options
           .read_provision(expression, sequence, static_cast<int>(of.position),
                           &provision)
           .ok()) {
    return;
  }
  shown->set_label(provision.label());
  shown->set_heading(provision.heading());
  const Language* language = FindLanguage(
      provision.language().empty() ? shown->language() : provision.language());
  *shown->mutable_snippet() = MakeSnippet(
      provision.text(), language == nullptr ? UnknownLanguage() : *language,
      highlights, reader.analyzer.get());
}

void Searcher::Run::Show(const Group& group, v1::SearchResult* result) const {
  const Row& of = row(group.hits[0]);
  result->set_name(std::string(columns.text(Table::kRecords, of.record)));
  result->set_kind(of.kind == DocumentKind::kLaw ? "law" : "authority");
  result->set_title(std::string(columns.text(Table::kTitles, of.title)));
  result->set_state(std::string(columns.head(Table::kStates, of.state)));
  if (of.day != kNoDay) result->set_date(FormatDay(DayFromNumber(of.day)));
  result->set_type(TypeLabel(of.type));
  const size_t count = grouped() ? hits_per_law() : 1;
  for (size_t i = 0; i < group.hits.size() && i < count; ++i) {
    ShowHit(group.hits[i], result->add_hits());
  }
}

Match Searcher::Run::MatchOf(const Hit& hit) const {
  const Row& of = row(hit);
  Match match;
  match.record = std::string(columns.text(Table::kRecords, of.record));
  match.title = std::string(columns.text(Table::kTitles, of.title));
  match.state = std::string(columns.head(Table::kStates, of.state));
  match.name = NameOf(hit);
  match.expression =
      std::string(columns.head(Table::kExpressions, of.expression));
  match.position = static_cast<int>(of.position);
  match.language = std::string(columns.text(Table::kLanguages, of.language));
  // Offices and laws without text have none.
  if (!absl::SimpleAtoi(columns.tail(Table::kExpressions, of.expression),
                        &match.sequence)) {
    match.sequence = 0;
  }
  match.digest = of.digest;
  return match;
}

void Searcher::Run::ShowCoverage() const {
  const Coverage& of = columns.coverage();
  v1::SearchCoverage* coverage = response.mutable_coverage();
  // Several numbers may be of one State, if its region was corrected.
  absl::flat_hash_set<absl::string_view> states;
  for (uint32_t i = 0; i < of.laws_of_state.size(); ++i) {
    if (of.laws_of_state[i] > 0) states.insert(columns.head(Table::kStates, i));
  }
  coverage->set_states(static_cast<int>(states.size()));
  coverage->set_languages(static_cast<int>(
      absl::c_count_if(of.texts_of_language, [](int64_t n) { return n > 0; })));
  coverage->set_laws(of.laws);
  coverage->set_authorities(of.authorities);
  coverage->set_provisions(of.documents - of.authorities);
}

// A word that is nowhere, in no form.
bool Searcher::Run::IsMisspelt(const Node& node) const {
  if (node.kind != Node::Kind::kWord ||
      node.tokens[0].kind != TokenKind::kWord) {
    return false;
  }
  const QueryToken& token = node.tokens[0];
  constexpr size_t kBytesMin = 4;
  if (token.term.size() < kBytesMin ||
      absl::c_any_of(token.term, absl::ascii_isdigit) ||
      reader.database.term_exists(token.term)) {
    return false;
  }
  return absl::c_none_of(token.stems, [this](const std::string& stem) {
    return reader.database.term_exists(fields::StemTerm(fields::kText, stem));
  });
}

// The most frequent word of those that differ least, of the same beginning;
// empty if there is none.
std::string Searcher::Run::Spelling(const std::string& word) const {
  constexpr size_t kLongBytes = 6;
  const int most = word.size() < kLongBytes ? 1 : 2;
  // Whole characters, for a beginning that is right.
  const std::string beginning(WholeCharacters(word, 2));
  std::string best;
  int best_distance = most + 1;
  Xapian::doccount best_frequency = 0;
  int looked_at = 0;
  for (auto term = reader.database.allterms_begin(beginning);
       term != reader.database.allterms_end(beginning); ++term) {
    if (++looked_at > limits::kWildcardWordsLookedAtMax) break;
    const std::string other = *term;
    const size_t longer = std::max(other.size(), word.size());
    const size_t shorter = std::min(other.size(), word.size());
    // A character has at most four bytes.
    if (longer - shorter > 4 * static_cast<size_t>(most)) continue;
    const int distance = EditDistance(word, other, most);
    if (distance > most) continue;
    const Xapian::doccount frequency = term.get_termfreq();
    if (distance < best_distance ||
        (distance == best_distance && frequency > best_frequency)) {
      best = other;
      best_distance = distance;
      best_frequency = frequency;
    }
  }
  return best;
}

void Searcher::Run::Correct(const Node& node, std::string* query,
                            int* left) const {
  // From behind, so that places before stay what they are.
  for (auto child = node.children.rbegin(); child != node.children.rend();
       ++child) {
    if (node.kind == Node::Kind::kExcept && &*child != &node.children[0]) {
      continue;
    }
    // What concepts added is of no place in the query.
    if (child->weight != 1) continue;
    Correct(*child, query, left);
  }
  if (*left <= 0 || !IsMisspelt(node)) return;
  const QueryToken& token = node.tokens[0];
  --*left;
  const std::string spelling = Spelling(token.term);
  if (spelling.empty() || token.end > query->size()) return;
  query->replace(token.begin, token.end - token.begin, spelling);
}

// Only of words of the query itself, which are where it says.
void Searcher::Run::ShowSuggestion() const {
  constexpr int kWordsMax = 3;
  int left = kWordsMax;
  std::string query = request.query();
  Correct(parsed.root, &query, &left);
  if (query != request.query()) response.set_suggestion(query);
}

absl::StatusOr<v1::SuggestResponse> Searcher::Suggest(
    const v1::SuggestRequest& request) const {
  constexpr int kLimitMax = 20;
  constexpr int kLimitDefault = 5;
  constexpr size_t kTextBytesMax = 800;
  RETURN_IF_ERROR(CheckRange("limit", request.limit(), kLimitMax));
  if (request.text().size() > kTextBytesMax) {
    return InvalidField("text", request.text(), "at most 200 characters");
  }
  std::shared_ptr<const Suggester> suggester;
  for (int i = 0; i < 2 && suggester == nullptr; ++i) {
    if (i > 0) RefreshSuggestions();
    const absl::MutexLock lock(&mutex_);
    suggester = suggester_;
  }
  return suggester->Suggest(
      request.text(), request.limit() == 0 ? kLimitDefault : request.limit());
}

void Searcher::RefreshSuggestions() const {
  const std::shared_ptr<const View> view = index_->view();
  const std::shared_ptr<const Concepts> with = concepts();
  std::vector<std::pair<std::string, std::string>> states;
  if (options_.state_names) states = options_.state_names();
  auto made =
      std::make_shared<const Suggester>(*view->columns, with.get(), states);
  const absl::MutexLock lock(&mutex_);
  suggester_ = std::move(made);
}

void Searcher::RefreshSuggestionsInUse() const {
  {
    const absl::MutexLock lock(&mutex_);
    if (suggester_ == nullptr) return;
  }
  RefreshSuggestions();
}

void Searcher::SetConcepts(std::shared_ptr<const Concepts> concepts) {
  const absl::MutexLock lock(&mutex_);
  concepts_ = std::move(concepts);
}

std::shared_ptr<const Concepts> Searcher::concepts() const {
  const absl::MutexLock lock(&mutex_);
  return concepts_;
}

absl::StatusOr<SearchAnswer> Searcher::Search(const v1::SearchRequest& request,
                                              const SearchPage& page,
                                              absl::Time deadline,
                                              int64_t cost_max) const {
  RETURN_IF_ERROR(Check(request));
  SearchAnswer answer;
  if (request.min_sequence() > index_->sequence()) {
    if (cost_max != kAnyCost) {
      answer.too_dear = true;
      return answer;
    }
    if (!index_->WaitFor(request.min_sequence(), deadline)) {
      return absl::UnavailableError(
          absl::StrCat("min_sequence is ", request.min_sequence(),
                       ", the index is at ", index_->sequence()));
    }
  }
  RETURN_IF_ERROR(index_->Read([&](Reader& reader) {
    answer = SearchAnswer();
    return SearchWith(reader, request, page, cost_max, &answer);
  }));
  return answer;
}

absl::Status Searcher::CheckFilter(const v1::SearchFilter& filter) {
  return RowFilter::Create(filter, Columns()).status();
}

absl::Status Searcher::FindAll(Reader& reader, const v1::SearchRequest& search,
                               absl::Span<const std::string> records,
                               std::vector<Match>* matches) const {
  const Columns& columns = *reader.view->columns;
  ASSIGN_OR_RETURN(RowFilter filter,
                   RowFilter::Create(search.filter(), columns));
  v1::SearchResponse unused;
  Run run = {options_, search, reader, columns, std::move(filter), unused};
  // It is asked of few documents only.
  run.phrase_documents_max = SIZE_MAX;
  if (!search.query().empty()) run.Parse(concepts().get());
  Xapian::Query query =
      run.has_query ? run.built.boolean : Xapian::Query::MatchAll;
  if (!search.filter().laws().empty()) {
    query = Xapian::Query(Xapian::Query::OP_FILTER, query, run.Laws());
  }
  // Of one query of Xapian's.
  constexpr size_t kRecordsMax = 1000;
  for (size_t at = 0; at < records.size(); at += kRecordsMax) {
    std::vector<std::string> terms;
    for (const std::string& record : records.subspan(at, kRecordsMax)) {
      terms.push_back(DocumentMaker::RecordTerm(record));
    }
    Xapian::Enquire enquire(reader.database);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_query(Xapian::Query(
        Xapian::Query::OP_FILTER, query,
        Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end())));
    const Xapian::MSet found =
        enquire.get_mset(0, reader.database.get_doccount());
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      const Hit one = {*hit, 0};
      if (run.filter.Fails(run.row(one)) == 0) {
        matches->push_back(run.MatchOf(one));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Searcher::SearchWith(Reader& reader,
                                  const v1::SearchRequest& request,
                                  const SearchPage& page, int64_t cost_max,
                                  SearchAnswer* answer) const {
  const Columns& columns = *reader.view->columns;
  ASSIGN_OR_RETURN(RowFilter filter,
                   RowFilter::Create(request.filter(), columns));
  v1::SearchResponse& response = answer->response;
  Run run = {options_, request, reader, columns, std::move(filter), response};
  if (!request.more_like().empty()) {
    RETURN_IF_ERROR(run.MoreLike());
  } else if (!request.query().empty()) {
    run.Parse(concepts().get());
  }
  const size_t size = static_cast<size_t>(
      request.page_size() == 0 ? kPageSizeDefault : request.page_size());
  // One more tells whether another page follows.
  const size_t want = static_cast<size_t>(page.given) + size + 1;
  const bool by_relevance =
      run.ranked && (request.order() == v1::SearchRequest::ORDER_UNSPECIFIED ||
                     request.order() == v1::SearchRequest::ORDER_RELEVANCE);
  const bool counts =
      !by_relevance || request.exact_total() || request.facets_size() > 0;
  if (cost_max != kAnyCost &&
      (!by_relevance || run.Cost(want, counts) > cost_max)) {
    answer->too_dear = true;
    return absl::OkStatus();
  }
  std::vector<v1::SearchFacetField> facet_fields;
  for (const int field : request.facets()) {
    facet_fields.push_back(static_cast<v1::SearchFacetField>(field));
  }
  FacetCounts facets(facet_fields, columns);
  Counter counter(&facets, !by_relevance);
  RowSource days(columns, run.filter, kDatesBit, nullptr);
  const Xapian::Query query = run.Filtered(run.built.ranked, &days);

  std::vector<Group> groups;
  if (counts) run.Count(&counter);
  if (!by_relevance) {
    const std::vector<Hit> hits =
        run.InOrder(std::move(counter.documents()), want);
    if (run.grouped()) {
      groups = run.GroupsOf(hits);
    } else {
      for (const Hit& hit : hits) groups.push_back({{hit}});
    }
  } else if (run.grouped()) {
    run.TopGroups(query, want, &groups);
  } else {
    std::vector<Hit> hits;
    run.Top(query, want, &hits, true);
    for (const Hit& hit : hits) groups.push_back({{hit}});
  }
  if (counts) {
    response.set_total_size(counter.total());
    response.set_total_is_estimate(run.built.incomplete);
  }
  const int values = request.facet_values_max() == 0
                         ? kFacetValuesDefault
                         : request.facet_values_max();
  for (v1::SearchFacet& facet : facets.Take(values)) {
    *response.add_facets() = std::move(facet);
  }

  // Behind the last of the page before, wherever that is now.
  size_t first = std::min(groups.size(), static_cast<size_t>(page.given));
  if (!page.last.empty()) {
    const auto is_last = [&](const Group& group) {
      return run.grouped()
                 ? columns.text(Table::kRecords,
                                run.row(group.hits[0]).record) == page.last
                 : run.NameOf(group.hits[0]) == page.last;
    };
    const bool there = first > 0 && is_last(groups[first - 1]);
    for (size_t i = 0; !there && i < groups.size(); ++i) {
      if (!is_last(groups[i])) continue;
      first = i + 1;
      break;
    }
  }
  const size_t end = std::min(groups.size(), first + size);
  answer->more = groups.size() > end;
  groups.resize(end);
  if (by_relevance && run.grouped()) run.FillGroups(query, first, &groups);
  for (size_t i = first; i < end; ++i) {
    run.Show(groups[i], response.add_results());
  }
  answer->next.given = static_cast<int64_t>(end);
  if (end > first) {
    answer->next.last =
        run.grouped() ? response.results(response.results_size() - 1).name()
                      : run.NameOf(groups[end - 1].hits[0]);
  }
  if (page.given == 0 && run.has_query && request.more_like().empty() &&
      groups.size() < size) {
    run.ShowSuggestion();
  }
  response.set_sequence(reader.view->sequence);
  run.ShowCoverage();
  return absl::OkStatus();
}

}  // namespace comity::index
