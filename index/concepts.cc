#include "index/concepts.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/words.h"
#include "index/documents.h"
#include "index/fields.h"

namespace comity::index {
namespace {

constexpr size_t kConceptsMax = 4;
constexpr size_t kTermsOfLanguageMax = 2;

// The words of a text as positions have them.
std::vector<QueryToken> WordsOf(absl::string_view text,
                                const Language& language, Analyzer* analyzer) {
  const Language* languages[] = {&language};
  std::vector<QueryToken> tokens = analyzer->AnalyzeQuery(text, languages);
  std::erase_if(tokens, [](const QueryToken& token) {
    return token.kind != TokenKind::kWord &&
           token.kind != TokenKind::kCharacter;
  });
  return tokens;
}

// What a word is found by in a language: its stem, else itself.
const std::string& FormOf(const QueryToken& token) {
  return token.stems.empty() ? token.term : token.stems[0];
}

// All words of the term in a text of its language, best side by side; of
// Chinese and the like, side by side.
Node NodeOf(const std::vector<QueryToken>& words, absl::string_view language) {
  Node phrase;
  phrase.kind = Node::Kind::kPhrase;
  phrase.tokens = words;
  phrase.window = static_cast<uint32_t>(words.size());
  Node every;
  every.kind = Node::Kind::kEvery;
  if (words[0].kind == TokenKind::kCharacter) {
    every.children.push_back(std::move(phrase));
  } else {
    for (const QueryToken& word : words) {
      if (word.stopword && words.size() > 1) continue;
      Node node;
      node.kind = Node::Kind::kWord;
      node.tokens = {word};
      every.children.push_back(std::move(node));
    }
  }
  Node filter;
  filter.kind = Node::Kind::kFilter;
  filter.value = fields::Term(fields::kLanguage, language);
  every.children.push_back(std::move(filter));
  return every;
}

}  // namespace

Concepts::Concepts(absl::Span<const v1::Concept> concepts, Analyzer* analyzer) {
  for (const v1::Concept& record : concepts) {
    Concept made = {record.name(), {}};
    for (const v1::Concept::Term& term : record.terms()) {
      const Language* language = FindLanguage(term.language());
      if (language == nullptr) continue;
      const std::vector<QueryToken> words =
          WordsOf(term.text(), *language, analyzer);
      if (words.empty()) continue;
      std::string forms;
      for (const QueryToken& word : words) {
        absl::StrAppend(&forms, forms.empty() ? "" : " ", FormOf(word));
      }
      std::vector<Place>& places =
          places_[absl::StrCat(language->tag, " ", forms)];
      const size_t number = concepts_.size();
      if (places.empty() || places.back().number != number) {
        places.push_back({number, made.terms.size()});
      }
      words_max_ = std::max(words_max_, words.size());
      made.terms.push_back({term.text(), std::string(language->tag),
                            term.preferred(), NodeOf(words, language->tag)});
    }
    concepts_.push_back(std::move(made));
  }
}

// Of one query.
struct Concepts::Expansion {
  absl::string_view query;
  absl::Span<const std::string> only;
  double weight;
  Analyzer* analyzer;
  absl::Span<const Language* const> languages;
  std::vector<v1::UsedConcept> used;
};

std::vector<Concepts::Found> Concepts::Find(
    absl::string_view query, size_t begin, size_t end,
    absl::Span<const Language* const> languages, Analyzer* analyzer) const {
  std::vector<Found> found;
  for (const Language* language : languages) {
    const std::vector<QueryToken> words =
        WordsOf(query.substr(begin, end - begin), *language, analyzer);
    for (size_t first = 0; first < words.size(); ++first) {
      std::string forms(language->tag);
      for (size_t last = first;
           last < words.size() && last < first + words_max_; ++last) {
        absl::StrAppend(&forms, " ", FormOf(words[last]));
        const auto places = places_.find(forms);
        if (places == places_.end()) continue;
        for (const Place& place : places->second) {
          found.push_back(
              {place, begin + words[first].begin, begin + words[last].end});
        }
      }
    }
  }
  // The longest first; what lies in a longer one is not meant by itself.
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) {
                     return a.end - a.begin > b.end - b.begin;
                   });
  std::vector<Found> taken;
  for (const Found& one : found) {
    const bool known = absl::c_any_of(taken, [&one](const Found& other) {
      const bool longer = other.end - other.begin > one.end - one.begin;
      const bool inside = other.begin <= one.begin && one.end <= other.end;
      return (longer && inside) || other.place.number == one.place.number;
    });
    if (!known && taken.size() < kConceptsMax) taken.push_back(one);
  }
  return taken;
}

namespace {

Node Group(Node::Kind kind, std::vector<Node> children) {
  Node node;
  node.kind = kind;
  node.children = std::move(children);
  return node;
}

}  // namespace

std::vector<Node> Concepts::TermsFor(const Found& found,
                                     Expansion* expansion) const {
  if (expansion->used.size() >= kConceptsMax) return {};
  std::vector<Node> terms;
  const Concept& of = concepts_[found.place.number];
  v1::UsedConcept report;
  report.set_name(of.name);
  report.set_language(of.terms[found.place.term].language);
  report.set_found(std::string(
      expansion->query.substr(found.begin, found.end - found.begin)));
  absl::flat_hash_map<std::string, size_t> of_language;
  for (const bool preferred : {true, false}) {
    for (const Term& term : of.terms) {
      const bool wanted = expansion->only.empty() ||
                          absl::c_linear_search(expansion->only, term.language);
      if (term.preferred != preferred || !wanted ||
          term.language == of.terms[found.place.term].language ||
          of_language[term.language] >= kTermsOfLanguageMax) {
        continue;
      }
      ++of_language[term.language];
      v1::UsedConcept::Term* shown = report.add_terms();
      shown->set_text(term.text);
      shown->set_language(term.language);
      terms.push_back(term.node);
    }
  }
  if (terms.empty()) return {};
  expansion->used.push_back(std::move(report));
  std::vector<Node> nodes = {Group(Node::Kind::kSame, std::move(terms))};
  const Node& own = of.terms[found.place.term].node;
  nodes[0].tokens = own.tokens;
  for (const Node& child : own.children) {
    nodes[0].tokens.insert(nodes[0].tokens.end(), child.tokens.begin(),
                           child.tokens.end());
  }
  nodes[0].weight = expansion->weight;
  return nodes;
}

namespace {

bool IsWords(const Node& node) {
  return (node.kind == Node::Kind::kWord || node.kind == Node::Kind::kPhrase) &&
         node.field == Field::kAnywhere;
}

size_t BeginOf(const Node& node) { return node.tokens.front().begin; }
size_t EndOf(const Node& node) { return node.tokens.back().end; }

void Append(std::vector<Node> from, std::vector<Node>* to) {
  std::move(from.begin(), from.end(), std::back_inserter(*to));
}

}  // namespace

// Words side by side, among the children of a node that wants any or all.
void Concepts::ExpandWords(Node* node, Expansion* expansion) const {
  size_t begin = SIZE_MAX;
  size_t end = 0;
  for (const Node& child : node->children) {
    if (!IsWords(child)) continue;
    begin = std::min(begin, BeginOf(child));
    end = std::max(end, EndOf(child));
  }
  if (begin >= end) return;
  for (const Found& found : Find(expansion->query, begin, end,
                                 expansion->languages, expansion->analyzer)) {
    std::vector<Node> terms = TermsFor(found, expansion);
    if (terms.empty()) continue;
    if (node->kind == Node::Kind::kAny) {
      Append(std::move(terms), &node->children);
      continue;
    }
    // These words, or all that says the same.
    std::vector<Node> words;
    std::vector<Node> others;
    for (Node& child : node->children) {
      const bool inside = IsWords(child) && found.begin <= BeginOf(child) &&
                          EndOf(child) <= found.end;
      (inside ? words : others).push_back(std::move(child));
    }
    if (!words.empty()) {
      terms.insert(terms.begin(), Group(Node::Kind::kEvery, std::move(words)));
      others.insert(others.begin(), Group(Node::Kind::kAny, std::move(terms)));
    }
    node->children = std::move(others);
  }
}

void Concepts::ExpandNode(Node* node, Expansion* expansion) const {
  switch (node->kind) {
    case Node::Kind::kExcept:
      ExpandNode(&node->children[0], expansion);
      return;
    case Node::Kind::kAny:
    case Node::Kind::kEvery:
      for (Node& child : node->children) {
        if (!IsWords(child)) ExpandNode(&child, expansion);
      }
      ExpandWords(node, expansion);
      return;
    case Node::Kind::kMaybe:
      for (Node& child : node->children) ExpandNode(&child, expansion);
      return;
    case Node::Kind::kWord:
    case Node::Kind::kPhrase: {
      if (!IsWords(*node)) return;
      std::vector<Node> any;
      for (const Found& found :
           Find(expansion->query, BeginOf(*node), EndOf(*node),
                expansion->languages, expansion->analyzer)) {
        const bool whole =
            found.begin == BeginOf(*node) && found.end == EndOf(*node);
        if (whole) Append(TermsFor(found, expansion), &any);
      }
      if (any.empty()) return;
      any.insert(any.begin(), std::move(*node));
      *node = Group(Node::Kind::kAny, std::move(any));
      return;
    }
    default:
      return;
  }
}

std::vector<v1::UsedConcept> Concepts::Expand(
    absl::string_view query, absl::Span<const std::string> only, double weight,
    Analyzer* analyzer, ParsedQuery* parsed) const {
  Expansion expansion = {query, only, weight, analyzer, parsed->languages, {}};
  ExpandNode(&parsed->root, &expansion);
  return std::move(expansion.used);
}

}  // namespace comity::index
