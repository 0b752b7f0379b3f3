#include "index/query_builder.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "index/fields.h"
#include "index/phrase_source.h"

namespace comity::index {
namespace {

using Queries = std::vector<Xapian::Query>;

Xapian::Query Join(Xapian::Query::op op, const Queries& queries) {
  return Xapian::Query(op, queries.begin(), queries.end());
}

Xapian::Query Scale(const Xapian::Query& query, double factor) {
  if (factor == 1) return query;
  return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, query, factor);
}

// Stands behind the last document, and never ends.
class BehindAll : public Xapian::PostingSource {
 public:
  explicit BehindAll(Xapian::docid last) : at_(last + 1) {}

  Xapian::doccount get_termfreq_min() const override { return 0; }
  Xapian::doccount get_termfreq_est() const override { return 0; }
  Xapian::doccount get_termfreq_max() const override { return 0; }
  void init(const Xapian::Database&) override { set_maxweight(0); }
  void next(double) override {}
  void skip_to(Xapian::docid document, double) override {
    at_ = std::max(at_, document);
  }
  bool check(Xapian::docid document, double) override {
    at_ = std::max(at_, document);
    return true;
  }
  bool at_end() const override { return false; }
  Xapian::docid get_docid() const override { return at_; }

 private:
  Xapian::docid at_;
};

// Matches every number up to the last document's; to be joined by OP_FILTER.
class UpToLast : public Xapian::PostingSource {
 public:
  explicit UpToLast(const Xapian::Database& database)
      : documents_(database.get_doccount()), last_(database.get_lastdocid()) {}

  Xapian::doccount get_termfreq_min() const override { return documents_; }
  Xapian::doccount get_termfreq_est() const override { return documents_; }
  Xapian::doccount get_termfreq_max() const override { return documents_; }
  void init(const Xapian::Database&) override { at_ = 0; }
  void next(double) override { ++at_; }
  void skip_to(Xapian::docid document, double) override {
    at_ = std::max(at_, document);
  }
  bool check(Xapian::docid document, double) override {
    at_ = std::max(at_, document);
    return true;
  }
  bool at_end() const override { return at_ > last_; }
  Xapian::docid get_docid() const override { return at_; }

 private:
  const Xapian::doccount documents_;
  const Xapian::docid last_;
  Xapian::docid at_ = 0;
};

// A query of a source; Xapian counts the references from then on.
Xapian::Query SourceQuery(Xapian::PostingSource* source) {
  return Xapian::Query(source->release());
}

// Each document weighs what it does in the query where it weighs most. When the
// last of the queries of an OP_MAX end at the same document, Xapian 1.4.22
// (MaxPostList::recalc_maxweight) reads one that it has freed. So one more
// never ends, and what it matches behind the last document is left out.
Xapian::Query Greatest(Queries queries, const Xapian::Database& database) {
  if (queries.size() < 2) return Join(Xapian::Query::OP_MAX, queries);
  queries.push_back(SourceQuery(new BehindAll(database.get_lastdocid())));
  return Xapian::Query(Xapian::Query::OP_FILTER,
                       Join(Xapian::Query::OP_MAX, queries),
                       SourceQuery(new UpToLast(database)));
}

Xapian::Query TermQuery(absl::string_view prefix, absl::string_view word) {
  return Xapian::Query(fields::Term(prefix, word));
}

Part PartOf(Field field) {
  switch (field) {
    case Field::kTitle:
      return Part::kTitles;
    case Field::kHeading:
      return Part::kHeadings;
    case Field::kAnywhere:
      break;
  }
  return Part::kRest;
}

absl::string_view PrefixOf(Field field) {
  return fields::PrefixOf(PartOf(field));
}

// What a query's phrases have in common, however often they are built.
struct Phrase {
  std::shared_ptr<PhraseMemo> memo;
  Xapian::docid last = 0;
};

class Phrases {
 public:
  Phrases(const Node& root, size_t documents_max)
      : documents_max_(documents_max / std::max<size_t>(1, CountOf(root))) {}

  const Phrase& Of(const Node& node, const std::vector<std::string>& words,
                   const Xapian::Database& database) {
    Phrase& phrase = phrases_[&node];
    if (phrase.memo != nullptr) return phrase;
    phrase.memo = std::make_shared<PhraseMemo>();
    phrase.last =
        LastDocument(words, PartOf(node.field), documents_max_, database);
    incomplete_ = incomplete_ || phrase.last < database.get_lastdocid();
    return phrase;
  }

  bool incomplete() const { return incomplete_; }

 private:
  static size_t CountOf(const Node& node) {
    const bool is_phrase =
        node.kind == Node::Kind::kPhrase || node.kind == Node::Kind::kNear;
    size_t count = is_phrase ? 1 : 0;
    for (const Node& child : node.children) count += CountOf(child);
    return count;
  }

  // Of each.
  const size_t documents_max_;
  absl::flat_hash_map<const Node*, Phrase> phrases_;
  bool incomplete_ = false;
};

class Builder {
 public:
  Builder(const Ranking& ranking, const Xapian::Database& database, bool ranked,
          Phrases* phrases)
      : ranking_(ranking),
        database_(database),
        ranked_(ranked),
        phrases_(*phrases) {}

  Xapian::Query Build(const Node& node) {
    Xapian::Query query = BuildPlain(node);
    return ranked_ ? Scale(query, node.weight) : query;
  }

  bool cut() const { return cut_; }

 private:
  Xapian::Query BuildPlain(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kNothing:
        return Xapian::Query::MatchNothing;
      case Node::Kind::kEverything:
        return Xapian::Query::MatchAll;
      case Node::Kind::kAny:
        return BuildAny(node);
      case Node::Kind::kEvery:
        return BuildEvery(node);
      case Node::Kind::kExcept:
        return BuildExcept(node);
      case Node::Kind::kMaybe:
        return BuildMaybe(node);
      case Node::Kind::kSame:
        return BuildSame(node);
      case Node::Kind::kWord:
        return BuildWord(node);
      case Node::Kind::kPrefix:
        return BuildPrefix(node);
      case Node::Kind::kPhrase:
      case Node::Kind::kNear:
        return BuildPhrase(node);
      case Node::Kind::kNumber:
        return BuildNumber(node);
      case Node::Kind::kFilter:
        return Unweighted(Xapian::Query(node.value));
      case Node::Kind::kYears:
        return Unweighted(BuildYears(node));
    }
    return Xapian::Query::MatchNothing;
  }

  Xapian::Query Unweighted(const Xapian::Query& query) const {
    return ranked_ ? Scale(query, 0) : query;
  }

  Queries BuildAll(const Node& node) {
    Queries queries;
    queries.reserve(node.children.size());
    for (const Node& child : node.children) queries.push_back(Build(child));
    return queries;
  }

  Xapian::Query BuildAny(const Node& node) {
    Queries queries = BuildAll(node);
    return Join(Xapian::Query::OP_OR, queries);
  }

  Xapian::Query BuildEvery(const Node& node) {
    Queries words;
    Queries filters;
    for (const Node& child : node.children) {
      const bool filter =
          child.kind == Node::Kind::kFilter || child.kind == Node::Kind::kYears;
      (filter ? filters : words).push_back(Build(child));
    }
    if (words.empty()) return Join(Xapian::Query::OP_AND, filters);
    Xapian::Query query = Join(Xapian::Query::OP_AND, words);
    if (filters.empty()) return query;
    return Xapian::Query(Xapian::Query::OP_FILTER, query,
                         Join(Xapian::Query::OP_AND, filters));
  }

  Xapian::Query BuildExcept(const Node& node) {
    const Queries queries = BuildAll(node);
    return Xapian::Query(Xapian::Query::OP_AND_NOT, queries[0],
                         Xapian::Query(Xapian::Query::OP_OR,
                                       queries.begin() + 1, queries.end()));
  }

  Xapian::Query BuildMaybe(const Node& node) {
    if (!ranked_) return Build(node.children[0]);
    const Queries queries = BuildAll(node);
    return Xapian::Query(Xapian::Query::OP_AND_MAYBE, queries[0],
                         Xapian::Query(Xapian::Query::OP_OR,
                                       queries.begin() + 1, queries.end()));
  }

  // Logarithm of how rare the words are, as BM25 has it, of all together.
  double RarityOf(const Node& node) const {
    const auto total = static_cast<double>(database_.get_doccount());
    double sum = 0;
    for (const QueryToken& token : node.tokens) {
      Xapian::doccount frequency =
          database_.get_termfreq(fields::Term(fields::kText, token.term));
      for (const std::string& stem : token.stems) {
        frequency = std::max(frequency, database_.get_termfreq(fields::StemTerm(
                                            fields::kText, stem)));
      }
      const auto having = static_cast<double>(frequency);
      sum += std::log((total + 1) / (having + 0.5));
    }
    // Filters have no tokens.
    if (node.kind != Node::Kind::kSame) {
      for (const Node& child : node.children) sum += RarityOf(child);
    }
    return sum;
  }

  // What the node's own words weigh, whichever child matches: words of a
  // language of which there is little are rare, and long terms are many words.
  Xapian::Query BuildSame(const Node& node) {
    Queries queries = BuildAll(node);
    // OP_SYNONYM takes no posting sources, which phrases have.
    if (!ranked_) return Join(Xapian::Query::OP_OR, queries);
    const double wanted = std::max(RarityOf(node), 1.0);
    for (size_t i = 0; i < queries.size(); ++i) {
      const double rarity = RarityOf(node.children[i]);
      if (rarity > wanted) queries[i] = Scale(queries[i], wanted / rarity);
    }
    return Greatest(std::move(queries), database_);
  }

  // The word and its stems in one field.
  Xapian::Query WordIn(absl::string_view prefix, const QueryToken& token) {
    const bool has_stems = !token.stems.empty();
    Queries forms = {Scale(TermQuery(prefix, token.term),
                           ranked_ && has_stems ? ranking_.word : 1)};
    const double stem = ranked_ ? ranking_.stem : 1;
    for (const std::string& of : token.stems) {
      forms.push_back(Scale(Xapian::Query(fields::StemTerm(prefix, of)), stem));
    }
    return Join(Xapian::Query::OP_OR, forms);
  }

  Xapian::Query BuildWord(const Node& node) {
    const QueryToken& token = node.tokens[0];
    const double factor =
        ranked_ && token.kind == TokenKind::kCharacter ? ranking_.character : 1;
    if (node.field != Field::kAnywhere) {
      return Scale(WordIn(PrefixOf(node.field), token), factor);
    }
    // Words of titles and headings are words of the provision too.
    Queries places = {WordIn(fields::kText, token)};
    if (ranked_ && ranking_.title > 0) {
      places.push_back(Scale(WordIn(fields::kTitle, token), ranking_.title));
    }
    if (ranked_ && ranking_.heading > 0) {
      places.push_back(
          Scale(WordIn(fields::kHeading, token), ranking_.heading));
    }
    return Scale(Join(Xapian::Query::OP_OR, places), factor);
  }

  // The most frequent of the words that begin so.
  void Expand(const std::string& prefix, Queries* words) {
    std::vector<std::pair<Xapian::doccount, std::string>> found;
    int looked_at = 0;
    for (auto term = database_.allterms_begin(prefix);
         term != database_.allterms_end(prefix); ++term) {
      if (++looked_at > limits::kWildcardWordsLookedAtMax) {
        cut_ = true;
        break;
      }
      found.emplace_back(term.get_termfreq(), *term);
    }
    constexpr auto kMax = static_cast<size_t>(limits::kWildcardWordsMax);
    if (found.size() > kMax) {
      cut_ = true;
      std::nth_element(found.begin(), found.begin() + kMax, found.end(),
                       [](const auto& a, const auto& b) {
                         return a.first != b.first ? a.first > b.first
                                                   : a.second < b.second;
                       });
      found.resize(kMax);
    }
    for (const auto& word : found) words->emplace_back(word.second);
  }

  Xapian::Query BuildPrefix(const Node& node) {
    const std::string& prefix = node.tokens[0].term;
    Queries words;
    Expand(fields::Term(PrefixOf(node.field), prefix), &words);
    return Join(ranked_ ? Xapian::Query::OP_SYNONYM : Xapian::Query::OP_OR,
                words);
  }

  Xapian::Query BuildPhrase(const Node& node) {
    std::vector<std::string> words;
    for (const QueryToken& token : node.tokens) words.push_back(token.term);
    if (words.size() == 1) return TermQuery(PrefixOf(node.field), words[0]);
    const Phrase& phrase = phrases_.Of(node, words, database_);
    return PhraseQuery(words, PartOf(node.field), node.window,
                       node.kind == Node::Kind::kPhrase, phrase.last, database_,
                       phrase.memo);
  }

  Xapian::Query BuildNumber(const Node& node) {
    Queries queries = {Scale(TermQuery(fields::kOwnNumber, node.value),
                             ranked_ ? ranking_.own_number : 1)};
    if (!node.own) {
      queries.push_back(Scale(TermQuery(fields::kNumber, node.value),
                              ranked_ ? ranking_.number : 1));
    }
    if (!node.children.empty()) {
      queries.push_back(Join(Xapian::Query::OP_AND, BuildAll(node)));
    }
    return Join(Xapian::Query::OP_OR, queries);
  }

  // Whole decades by their terms.
  static Xapian::Query BuildYears(const Node& node) {
    constexpr int kDecade = 10;
    Queries years;
    for (int year = node.first_year; year <= node.last_year;) {
      if (year % kDecade == 0 && year + kDecade - 1 <= node.last_year) {
        years.emplace_back(fields::DecadeTerm(year));
        year += kDecade;
      } else {
        years.emplace_back(fields::YearTerm(year));
        ++year;
      }
    }
    if (years.empty()) return Xapian::Query::MatchNothing;
    return Join(Xapian::Query::OP_OR, years);
  }

  const Ranking& ranking_;
  const Xapian::Database& database_;
  const bool ranked_;
  Phrases& phrases_;
  bool cut_ = false;
};

}  // namespace

BuiltQuery BuildQuery(const Node& node, const Ranking& ranking,
                      size_t phrase_documents_max,
                      const Xapian::Database& database) {
  BuiltQuery built;
  Phrases phrases(node, phrase_documents_max);
  Builder ranked(ranking, database, true, &phrases);
  built.ranked = ranked.Build(node);
  Builder boolean(ranking, database, false, &phrases);
  built.boolean = boolean.Build(node);
  built.cut = ranked.cut() || boolean.cut();
  built.incomplete = phrases.incomplete();
  return built;
}

void AddHighlights(const Node& node, Highlights* highlights) {
  switch (node.kind) {
    case Node::Kind::kExcept:
      AddHighlights(node.children[0], highlights);
      return;
    case Node::Kind::kPrefix:
      highlights->prefixes.push_back(node.tokens[0].term);
      return;
    case Node::Kind::kNumber:
      highlights->numbers.insert(node.value);
      break;
    default:
      break;
  }
  for (const QueryToken& token : node.tokens) {
    highlights->terms.insert(token.term);
    highlights->stems.insert(token.stems.begin(), token.stems.end());
  }
  for (const Node& child : node.children) AddHighlights(child, highlights);
}

}  // namespace comity::index
