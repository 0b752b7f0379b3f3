#include "index/suggester.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "base/limits.h"
#include "base/words.h"

namespace comity::index {
namespace {

// Words of a text that it can be found by, and what of it is compared.
constexpr size_t kWordsMax = 12;
constexpr size_t kKeyBytesMax = 48;
// Entries that one text is compared with: a letter begins a tenth of them.
constexpr size_t kEntriesLookedAtMax = 20000;

}  // namespace

std::string FoldedWords(absl::string_view text, std::vector<size_t>* begins) {
  WordFinder finder;
  finder.Start(text);
  std::string folded;
  Word word;
  bool after_character = false;
  while (finder.Next(&word)) {
    const std::string one =
        FoldWord(text.substr(word.begin, word.end - word.begin));
    if (one.empty()) continue;
    const bool character = word.kind == Word::Kind::kCharacter;
    if (!folded.empty() && !(character && after_character)) folded += ' ';
    after_character = character;
    if (begins != nullptr) begins->push_back(folded.size());
    folded += one;
  }
  return folded;
}

void Suggester::Add(Kind kind, absl::string_view text, absl::string_view name) {
  if (text.empty()) return;
  std::vector<size_t> begins;
  const std::string folded = FoldedWords(text, &begins);
  if (begins.size() > kWordsMax) begins.resize(kWordsMax);
  const auto number = static_cast<uint32_t>(texts_.size());
  texts_.push_back({kind, std::string(text), std::string(name)});
  for (const size_t begin : begins) {
    entries_.push_back(
        {std::string(WholeCharacters(absl::string_view(folded).substr(begin),
                                     kKeyBytesMax)),
         number});
  }
}

Suggester::Suggester(
    const Columns& columns, const Concepts* concepts,
    const std::vector<std::pair<std::string, std::string>>& states) {
  using Suggestion = v1::SuggestResponse::Suggestion;
  absl::flat_hash_set<uint64_t> seen;
  for (uint32_t document = 0; document < columns.rows_end(); ++document) {
    const Row& row = columns.row(document);
    if (row.kind == DocumentKind::kNone || row.title == 0 ||
        !seen.insert(uint64_t{row.record} << 32U | row.title).second) {
      continue;
    }
    Add(row.kind == DocumentKind::kLaw ? Suggestion::KIND_LAW
                                       : Suggestion::KIND_AUTHORITY,
        columns.text(Table::kTitles, row.title),
        columns.text(Table::kRecords, row.record));
  }
  if (concepts != nullptr) {
    for (const Concepts::Concept& of : concepts->concepts()) {
      for (const Concepts::Term& term : of.terms) {
        Add(Suggestion::KIND_CONCEPT, term.text, of.name);
      }
    }
  }
  for (const auto& [name, record] : states) {
    Add(Suggestion::KIND_STATE, name, record);
  }
  std::sort(entries_.begin(), entries_.end(),
            [this](const Entry& a, const Entry& b) {
              if (a.key != b.key) return a.key < b.key;
              const Text& first = texts_[a.text];
              const Text& second = texts_[b.text];
              if (first.text != second.text) return first.text < second.text;
              return first.name < second.name;
            });
}

v1::SuggestResponse Suggester::Suggest(absl::string_view text,
                                       int limit) const {
  using Suggestion = v1::SuggestResponse::Suggestion;
  v1::SuggestResponse response;
  const std::string folded = FoldedWords(text);
  const std::string key(WholeCharacters(folded, kKeyBytesMax));
  if (key.empty()) return response;
  std::array<std::vector<const Text*>, Suggestion::Kind_ARRAYSIZE> found;
  std::set<std::pair<std::string, std::string>> seen;
  auto at = std::lower_bound(
      entries_.begin(), entries_.end(), key,
      [](const Entry& entry, const std::string& of) { return entry.key < of; });
  for (size_t looked_at = 0;
       at != entries_.end() && looked_at < kEntriesLookedAtMax &&
       absl::StartsWith(at->key, key);
       ++at, ++looked_at) {
    const Text& one = texts_[at->text];
    auto& of_kind = found[static_cast<size_t>(one.kind)];
    if (of_kind.size() >= static_cast<size_t>(limit)) continue;
    if (seen.emplace(one.text, one.name).second) of_kind.push_back(&one);
  }
  for (const auto& of_kind : found) {
    for (const Text* one : of_kind) {
      Suggestion* suggestion = response.add_suggestions();
      suggestion->set_kind(one->kind);
      suggestion->set_text(one->text);
      suggestion->set_name(one->name);
    }
  }
  return response;
}

}  // namespace comity::index
