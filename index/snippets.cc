#include "index/snippets.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/text.h"
#include "base/words.h"

namespace comity::index {
namespace {

// Of a text: what is behind is not looked at. Articles are far shorter.
constexpr size_t kTextBytesMax = 32 << 10;
constexpr size_t kSnippetBytes = 220;
// Before the first match, so that it is read in its context.
constexpr size_t kBeforeBytes = 50;
constexpr size_t kMatchesMax = 2000;

struct Match {
  size_t begin;
  size_t end;
  // Which word of the query.
  size_t word;
};

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// A space, or a sign of Chinese, Japanese or Korean, which are words.
bool MayPartAt(absl::string_view text, size_t at) {
  if (at == 0 || at >= text.size()) return true;
  if (IsContinuation(text[at])) return false;
  const auto wide = [&text](size_t i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // U+3000 to U+D7FF and beyond U+20000.
    return (c >= 0xE3 && c <= 0xED) || c >= 0xF0;
  };
  size_t before = at - 1;
  while (before > 0 && IsContinuation(text[before])) --before;
  return absl::ascii_isspace(text[at]) || absl::ascii_isspace(text[at - 1]) ||
         wide(at) || wide(before);
}

class Finder {
 public:
  Finder(const Highlights& highlights, std::vector<Match>* matches)
      : highlights_(highlights), matches_(matches) {}

  void See(const Token& token) {
    if (matches_->size() >= kMatchesMax) return;
    if (token.kind == TokenKind::kNumber) {
      if (highlights_.numbers.contains(token.term)) Add(token, token.term);
      return;
    }
    if (token.kind == TokenKind::kCharacter && !token.stopword &&
        highlights_.terms.contains(token.term)) {
      Add(token, token.term);
    } else if (token.kind == TokenKind::kPair) {
      if (highlights_.terms.contains(token.term)) Add(token, token.term);
    } else if (token.kind == TokenKind::kWord) {
      if (!token.stem.empty() && highlights_.stems.contains(token.stem)) {
        Add(token, token.stem);
      } else if (highlights_.terms.contains(token.term)) {
        Add(token, token.term);
      } else {
        for (const std::string& prefix : highlights_.prefixes) {
          if (absl::StartsWith(token.term, prefix)) {
            Add(token, prefix);
            return;
          }
        }
      }
    }
  }

 private:
  void Add(const Token& token, absl::string_view word) {
    matches_->push_back(
        {token.begin, token.end, absl::Hash<absl::string_view>()(word)});
  }

  const Highlights& highlights_;
  std::vector<Match>* const matches_;
};

// The first match of the window with the most different words, then the most
// matches.
size_t BestOf(const std::vector<Match>& matches) {
  absl::flat_hash_map<size_t, int> words;
  size_t best = 0;
  size_t best_words = 0;
  size_t best_matches = 0;
  size_t end = 0;
  for (size_t first = 0; first < matches.size(); ++first) {
    while (end < matches.size() && matches[end].end <= matches[first].begin +
                                                           kSnippetBytes -
                                                           kBeforeBytes) {
      ++words[matches[end++].word];
    }
    const size_t count = end > first ? end - first : 0;
    if (words.size() > best_words ||
        (words.size() == best_words && count > best_matches)) {
      best = first;
      best_words = words.size();
      best_matches = count;
    }
    if (end == first) {
      // Longer than the window.
      ++end;
      continue;
    }
    const auto word = words.find(matches[first].word);
    if (--word->second == 0) words.erase(word);
  }
  return best;
}

}  // namespace

v1::Snippet MakeSnippet(absl::string_view text, const Language& language,
                        const Highlights& highlights, Analyzer* analyzer) {
  v1::Snippet snippet;
  if (text.empty() || !IsText(text)) return snippet;
  const absl::string_view looked_at = WholeCharacters(text, kTextBytesMax);
  std::vector<Match> matches;
  Finder finder(highlights, &matches);
  analyzer->Analyze(looked_at, language,
                    [&finder](const Token& token) { finder.See(token); });
  std::sort(matches.begin(), matches.end(),
            [](const Match& a, const Match& b) { return a.begin < b.begin; });
  size_t begin = 0;
  if (!matches.empty()) {
    const size_t first = matches[BestOf(matches)].begin;
    begin = first > kBeforeBytes ? first - kBeforeBytes : 0;
    // Forward, to the beginning of a word; at most up to the match.
    while (begin > 0 && begin < first && !MayPartAt(text, begin)) ++begin;
    while (begin < first && absl::ascii_isspace(text[begin])) ++begin;
  } else {
    while (begin < text.size() && absl::ascii_isspace(text[begin])) ++begin;
  }
  size_t end = std::min(text.size(), begin + kSnippetBytes);
  // Back, to the end of a word, unless that leaves nothing.
  while (end > begin && !MayPartAt(text, end)) --end;
  if (end == begin) {
    end = begin + WholeCharacters(text.substr(begin), kSnippetBytes).size();
  }
  while (end > begin && absl::ascii_isspace(text[end - 1])) --end;

  std::string piece(text.substr(begin, end - begin));
  for (char& c : piece) {
    if (absl::ascii_isspace(c)) c = ' ';
  }
  snippet.set_text(std::move(piece));
  snippet.set_cut_before(begin > 0);
  snippet.set_cut_after(end < text.size());
  size_t covered = begin;
  v1::TextRange* last = nullptr;
  for (const Match& match : matches) {
    if (match.begin < begin || match.end > end) continue;
    // Pairs overlap, and neighbours without a space are shown as one.
    if (last != nullptr && match.begin <= covered) {
      covered = std::max(covered, match.end);
    } else {
      last = snippet.add_matches();
      last->set_begin(static_cast<int>(match.begin - begin));
      covered = match.end;
    }
    last->set_end(static_cast<int>(covered - begin));
  }
  return snippet;
}

}  // namespace comity::index
