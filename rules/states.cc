#include "rules/states.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "rules/records.h"

namespace comity::rules {
namespace {

using Match = v1::ResolveStateResponse;

// Fewer bytes than this begin too many names; a Chinese character has three.
constexpr size_t kPrefixBytesMin = 2;
// A shorter word is near too many others.
constexpr int kMisspeltLettersMin = 4;
// Longer ones are no name; keeps the comparison cheap.
constexpr int kMisspeltLettersMax = 100;
constexpr int kSuggestions = 3;

// A name of a State, ready to be compared. The pointers are into its record.
struct Name {
  size_t state = 0;
  const std::string* text = nullptr;
  const std::string* language = nullptr;
  bool former = false;
  std::string folded;
  // Without articles and other small words.
  std::string loose;
  // The letters of `folded`, as a set that may merge some.
  uint64_t letters = 0;
  int length = 0;
};

struct Hit {
  size_t state = 0;
  Match::Match match = Match::MATCH_UNSPECIFIED;
  absl::string_view text;
  absl::string_view language;
};

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Number of code points.
int Length(absl::string_view text) {
  return static_cast<int>(text.size()) -
         static_cast<int>(
             std::count_if(text.begin(), text.end(), IsContinuation));
}

// One bit per letter. Bytes beyond ASCII share the upper bits: two texts whose
// sets differ by n bits differ by n edits at least, or by n / 3 where they are
// not ASCII, which the caller allows for.
uint64_t LettersOf(absl::string_view folded) {
  uint64_t set = 0;
  for (const char c : folded) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 'a' && byte <= 'z') {
      set |= uint64_t{1} << (byte - 'a');
    } else if (byte >= 0x80U) {
      set |= uint64_t{1} << (26U + (byte & 0x1FU));
    }
  }
  return set;
}

bool MayBeNear(uint64_t a, uint64_t b, int edits) {
  // A code point beyond ASCII has up to four bytes.
  const int bits = edits * 4;
  const int ascii_a = __builtin_popcountll(a & ~b & 0x3FFFFFFU);
  const int ascii_b = __builtin_popcountll(b & ~a & 0x3FFFFFFU);
  return ascii_a <= edits && ascii_b <= edits &&
         __builtin_popcountll(a & ~b) <= bits &&
         __builtin_popcountll(b & ~a) <= bits;
}

bool IsSmallWord(absl::string_view word) {
  static constexpr absl::string_view kWords[] = {
      "the", "of",  "and", "et", "y", "e",  "la",  "le", "les",
      "el",  "los", "las", "l",  "d", "de", "des", "du", "del"};
  return std::find(std::begin(kWords), std::end(kWords), word) !=
         std::end(kWords);
}

// `folded` without small words; `folded` itself if there are no others.
std::string WithoutSmallWords(absl::string_view folded) {
  std::string loose;
  for (absl::string_view word : absl::StrSplit(folded, ' ')) {
    if (word.empty() || IsSmallWord(word)) continue;
    if (word == "st") word = "saint";
    absl::StrAppend(&loose, loose.empty() ? "" : " ", word);
  }
  return loose.empty() ? std::string(folded) : loose;
}

// Folding joins `l'Albanie` to one word; this keeps its article apart.
std::string SplitElisions(absl::string_view text) {
  std::string split;
  split.reserve(text.size() + 4);
  for (size_t i = 0; i < text.size(); ++i) {
    split.push_back(text[i]);
    const char letter =
        absl::ascii_tolower(static_cast<unsigned char>(text[i]));
    if (letter != 'l' && letter != 'd') continue;
    const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(' ||
                        text[i - 1] == '-';
    const absl::string_view rest = text.substr(i + 1);
    if (!starts) continue;
    if (absl::StartsWith(rest, "'") || absl::StartsWith(rest, "’")) {
      split.push_back(' ');
    }
  }
  return split;
}

std::string LooseOf(absl::string_view text) {
  return WithoutSmallWords(Fold(SplitElisions(text)));
}

bool HasCodeShape(absl::string_view text) {
  return text.size() >= 2 && text.size() <= 4 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

}  // namespace

struct StateResolver::Tables {
  using Index = absl::flat_hash_map<std::string, std::vector<size_t>>;

  explicit Tables(std::vector<v1::State> records);
  void AddCode(absl::string_view code, size_t state, Index* codes);
  void AddName(size_t state, const std::string& text,
               const std::string& language, bool former);

  std::vector<Hit> Sure(absl::string_view query) const;
  std::vector<Hit> ByCode(absl::string_view query, const Index& codes) const;
  std::vector<Hit> ByName(const std::string& key, const Index& index,
                          bool exact) const;
  void AddPrefixed(absl::string_view query, std::vector<Hit>* hits) const;
  void AddMisspelt(absl::string_view query, std::vector<Hit>* hits) const;
  std::vector<Hit> Near(absl::string_view query) const;
  absl::Status Unknown(absl::string_view query) const;
  absl::Status Ambiguous(absl::string_view query, absl::string_view field,
                         const std::vector<Hit>& hits) const;
  // `Lithuania (states/LTU)`.
  std::string Called(const Hit& hit) const;

  const std::vector<v1::State> states;
  std::vector<Name> all_names;
  // From keys to states, and to names.
  absl::flat_hash_map<std::string, size_t> by_resource;
  Index codes;
  Index former_codes;
  Index exact;
  Index folded;
  Index loose;
  // Folded and loose forms with their names, sorted.
  std::vector<std::pair<std::string, size_t>> sorted;
};

StateResolver::Tables::Tables(std::vector<v1::State> records)
    : states(std::move(records)) {
  for (size_t i = 0; i < states.size(); ++i) {
    const v1::State& state = states[i];
    by_resource.emplace(state.name(), i);
    AddCode(names::LastOf(state.name()), i, &codes);
    AddCode(state.alpha2(), i, &codes);
    AddCode(state.m49(), i, &codes);
    for (const v1::LocalizedText& name : state.short_names()) {
      AddName(i, name.text(), name.language(), false);
    }
    for (const v1::LocalizedText& name : state.formal_names()) {
      AddName(i, name.text(), name.language(), false);
    }
    for (const v1::State::OtherName& name : state.other_names()) {
      if (name.kind() == v1::State::OtherName::KIND_FORMER_CODE) {
        AddCode(name.text(), i, &former_codes);
      } else {
        AddName(i, name.text(), name.language(),
                name.kind() == v1::State::OtherName::KIND_FORMER);
      }
    }
  }
  for (size_t i = 0; i < all_names.size(); ++i) {
    const Name& name = all_names[i];
    exact[*name.text].push_back(i);
    folded[name.folded].push_back(i);
    loose[name.loose].push_back(i);
    sorted.emplace_back(name.folded, i);
    if (name.loose != name.folded) sorted.emplace_back(name.loose, i);
  }
  std::sort(sorted.begin(), sorted.end());
}

void StateResolver::Tables::AddCode(absl::string_view code, size_t state,
                                    Index* to) {
  if (code.empty()) return;
  std::vector<size_t>& meant = (*to)[absl::AsciiStrToUpper(code)];
  if (meant.empty() || meant.back() != state) meant.push_back(state);
}

void StateResolver::Tables::AddName(size_t state, const std::string& text,
                                    const std::string& language, bool former) {
  Name name;
  name.state = state;
  name.text = &text;
  name.language = &language;
  name.former = former;
  name.folded = Fold(text);
  if (name.folded.empty()) return;
  name.loose = LooseOf(text);
  name.letters = LettersOf(name.folded);
  name.length = Length(name.folded);
  all_names.push_back(std::move(name));
}

std::vector<Hit> StateResolver::Tables::ByCode(absl::string_view query,
                                               const Index& of) const {
  std::vector<Hit> hits;
  if (!HasCodeShape(query)) return hits;
  const auto found = of.find(absl::AsciiStrToUpper(query));
  if (found == of.end()) return hits;
  for (const size_t state : found->second) {
    hits.push_back({state, Match::MATCH_CODE, found->first, {}});
  }
  return hits;
}

// Current names win over former ones.
std::vector<Hit> StateResolver::Tables::ByName(const std::string& key,
                                               const Index& index,
                                               bool is_exact) const {
  std::vector<Hit> hits;
  const auto found = index.find(key);
  if (found == index.end()) return hits;
  for (const bool former : {false, true}) {
    for (const size_t i : found->second) {
      const Name& name = all_names[i];
      if (name.former != former) continue;
      if (std::any_of(hits.begin(), hits.end(), [&name](const Hit& hit) {
            return hit.state == name.state;
          })) {
        continue;
      }
      const Match::Match match = !is_exact ? Match::MATCH_FOLDED
                                 : former  ? Match::MATCH_FORMER_NAME
                                           : Match::MATCH_NAME;
      hits.push_back({name.state, match, *name.text, *name.language});
    }
    if (!hits.empty()) break;
  }
  return hits;
}

// What a code or a whole name means: no State, one, or several.
std::vector<Hit> StateResolver::Tables::Sure(absl::string_view query) const {
  if (absl::StartsWith(query, "states/")) {
    const auto found = by_resource.find(query);
    if (found == by_resource.end()) return {};
    return {
        {found->second, Match::MATCH_CODE, names::LastOf(found->first), {}}};
  }
  std::vector<Hit> hits = ByCode(query, codes);
  if (hits.empty()) hits = ByName(std::string(query), exact, true);
  if (hits.empty()) hits = ByCode(query, former_codes);
  if (hits.empty()) hits = ByName(Fold(query), folded, false);
  if (hits.empty()) hits = ByName(LooseOf(query), loose, false);
  return hits;
}

// Adds States whose names begin with the query and that are not in `hits`, the
// shortest name first.
void StateResolver::Tables::AddPrefixed(absl::string_view query,
                                        std::vector<Hit>* hits) const {
  // Length, State, name.
  std::vector<std::tuple<int, size_t, size_t>> found;
  for (const std::string& key : {Fold(query), LooseOf(query)}) {
    if (key.size() < kPrefixBytesMin) continue;
    for (auto i = std::lower_bound(sorted.begin(), sorted.end(),
                                   std::pair(key, size_t{0}));
         i != sorted.end() && absl::StartsWith(i->first, key); ++i) {
      const Name& name = all_names[i->second];
      found.emplace_back(name.length, name.state, i->second);
    }
  }
  std::sort(found.begin(), found.end());
  for (const auto& [length, state, index] : found) {
    if (std::any_of(
            hits->begin(), hits->end(),
            [state = state](const Hit& hit) { return hit.state == state; })) {
      continue;
    }
    const Name& name = all_names[index];
    hits->push_back({state, Match::MATCH_PREFIX, *name.text, *name.language});
  }
}

// Adds States a name of which differs by at most a fifth of its letters.
void StateResolver::Tables::AddMisspelt(absl::string_view query,
                                        std::vector<Hit>* hits) const {
  const std::string key = Fold(query);
  const int length = Length(key);
  if (length < kMisspeltLettersMin || length > kMisspeltLettersMax) return;
  const uint64_t letters = LettersOf(key);
  // Edits, State, name.
  std::vector<std::tuple<int, size_t, size_t>> found;
  for (size_t i = 0; i < all_names.size(); ++i) {
    const Name& name = all_names[i];
    const int edits = std::max(1, name.length / 5);
    if (std::abs(name.length - length) > edits ||
        !MayBeNear(letters, name.letters, edits)) {
      continue;
    }
    const int distance = EditDistance(key, name.folded, edits);
    if (distance <= edits) found.emplace_back(distance, name.state, i);
  }
  std::sort(found.begin(), found.end());
  for (const auto& [distance, state, index] : found) {
    if (std::any_of(
            hits->begin(), hits->end(),
            [state = state](const Hit& hit) { return hit.state == state; })) {
      continue;
    }
    const Name& name = all_names[index];
    hits->push_back({state, Match::MATCH_MISSPELT, *name.text, *name.language});
  }
}

std::vector<Hit> StateResolver::Tables::Near(absl::string_view query) const {
  std::vector<Hit> hits;
  AddPrefixed(query, &hits);
  if (hits.empty()) AddMisspelt(query, &hits);
  return hits;
}

std::string StateResolver::Tables::Called(const Hit& hit) const {
  const v1::State& state = states[hit.state];
  return absl::StrCat(TitleOf(state), " (", state.name(), ")");
}

absl::Status StateResolver::Tables::Unknown(absl::string_view query) const {
  std::string message = absl::StrCat("no State is called ", query);
  const std::vector<Hit> near = Near(query);
  for (size_t i = 0; i < near.size() && i < kSuggestions; ++i) {
    absl::StrAppend(&message, i == 0 ? "; did you mean " : " or ",
                    Called(near[i]));
  }
  if (!near.empty()) absl::StrAppend(&message, "?");
  return WithReason(absl::NotFoundError(message), "STATE_NOT_FOUND");
}

absl::Status StateResolver::Tables::Ambiguous(
    absl::string_view query, absl::string_view field,
    const std::vector<Hit>& hits) const {
  std::string rule = "must mean one State; it may be ";
  for (size_t i = 0; i < hits.size() && i < kSuggestions; ++i) {
    absl::StrAppend(&rule, i == 0 ? "" : " or ", Called(hits[i]));
  }
  return WithReason(InvalidField(field, query, rule), "STATE_AMBIGUOUS");
}

StateResolver::StateResolver(std::vector<v1::State> states)
    : tables_(std::make_unique<const Tables>(std::move(states))) {}
StateResolver::~StateResolver() = default;
StateResolver::StateResolver(StateResolver&&) noexcept = default;
StateResolver& StateResolver::operator=(StateResolver&&) noexcept = default;

v1::ResolveStateResponse StateResolver::Resolve(absl::string_view query,
                                                int limit) const {
  v1::ResolveStateResponse response;
  query = absl::StripAsciiWhitespace(query);
  if (query.empty() || query.size() > limits::kStateQueryBytesMax ||
      !IsText(query)) {
    return response;
  }
  std::vector<Hit> hits = tables_->Sure(query);
  if (hits.size() == 1) {
    response.set_state(tables_->states[hits[0].state].name());
  }
  tables_->AddPrefixed(query, &hits);
  if (hits.empty()) tables_->AddMisspelt(query, &hits);
  for (const Hit& hit : hits) {
    if (response.candidates_size() >= limit) break;
    Match::Candidate* candidate = response.add_candidates();
    *candidate->mutable_state() = tables_->states[hit.state];
    candidate->set_match(hit.match);
    candidate->mutable_matched()->set_text(std::string(hit.text));
    candidate->mutable_matched()->set_language(std::string(hit.language));
  }
  return response;
}

absl::StatusOr<std::string> StateResolver::ResolveOne(
    absl::string_view query, absl::string_view field) const {
  query = absl::StripAsciiWhitespace(query);
  // Programs name it as it is.
  if (tables_->by_resource.contains(query)) return std::string(query);
  if (query.empty()) {
    return InvalidField(field, query, "must be the name or code of a State");
  }
  if (query.size() > limits::kStateQueryBytesMax) {
    return InvalidField(field, IsText(query) ? query : "too long",
                        absl::StrCat("must have at most ",
                                     limits::kStateQueryBytesMax, " bytes"));
  }
  if (!IsText(query)) {
    return InvalidField(field, absl::CHexEscape(query),
                        "must be UTF-8 text without NUL");
  }
  if (absl::StartsWith(query, "states/")) {
    RETURN_IF_ERROR(names::ParseKind(query, Kind::kState, field).status());
  }
  const std::vector<Hit> hits = tables_->Sure(query);
  if (hits.empty()) return tables_->Unknown(query);
  if (hits.size() > 1) return tables_->Ambiguous(query, field, hits);
  return tables_->states[hits[0].state].name();
}

const v1::State* StateResolver::Find(absl::string_view name) const {
  const auto found = tables_->by_resource.find(name);
  return found == tables_->by_resource.end() ? nullptr
                                             : &tables_->states[found->second];
}

const std::vector<v1::State>& StateResolver::states() const {
  return tables_->states;
}

}  // namespace comity::rules
