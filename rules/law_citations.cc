#include "rules/law_citations.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/text.h"

namespace comity::rules {
namespace {

// Less likeness than this is chance.
constexpr double kLikenessMin = 0.34;
// Words of a State's name at the beginning of a citation.
constexpr size_t kStateWordsMax = 6;

// Words before the number of a provision, folded.
bool IsProvisionWord(absl::string_view folded) {
  static const auto* const kWords = new absl::flat_hash_set<absl::string_view>{
      // English, French, Spanish, Portuguese, Italian, Romanian
      "s", "ss", "sec", "sect", "section", "sections", "art", "arts", "article",
      "articles", "articulo", "articulos", "artigo", "artigos", "articolo",
      "articoli", "articolul", "articol", "par", "para", "paragraph",
      // German, Dutch, Scandinavian, Baltic, Hungarian, Turkish, Polish, Czech
      "artikel", "paragraf", "paragrafas", "straipsnis", "pants", "cikk",
      "madde", "artykul", "clanek", "clanok", "clan", "pasal", "dieu", "neni",
      // Russian and its neighbours, Greek
      "ст", "статья", "статьи", "стаття", "статті", "артыкул", "член", "чл",
      "αρθρο", "баба", "бап",
      // Arabic, Persian, Hindi
      "المادة", "مادة", "ماده", "धारा"};
  return kWords->contains(folded);
}

bool StartsWithDigit(absl::string_view text) {
  return !text.empty() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text.front()));
}

// The number alone: `3` of `3(2)(a)`, `416 bis` stays.
std::string WithoutParts(absl::string_view number) {
  number = number.substr(0, number.find('('));
  while (!number.empty() && (number.back() == '.' || number.back() == ' ')) {
    number.remove_suffix(1);
  }
  return std::string(number);
}

// What follows the number as part of it: `bis`, `A`.
bool IsNumberSuffix(absl::string_view word) {
  static const auto* const kSuffixes =
      new absl::flat_hash_set<absl::string_view>{
          "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies"};
  return kSuffixes->contains(word) ||
         (word.size() == 1 &&
          absl::ascii_isalpha(static_cast<unsigned char>(word[0])));
}

// Takes the citation of a provision off the end of `piece`; empty: it has none.
std::string TakeProvision(std::string* piece) {
  // Signs are words of their own.
  std::string spaced = absl::StrReplaceAll(
      *piece, {{"§§", " § "}, {"§", " § "}, {"第", " 第 "}, {"条", " 条 "}});
  const std::vector<std::string> words =
      absl::StrSplit(spaced, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  for (size_t i = 0; i < words.size(); ++i) {
    // `art.12` and `s.3`.
    const size_t dot = words[i].find('.');
    const bool glued =
        dot != std::string::npos && dot + 1 < words[i].size() &&
        StartsWithDigit(absl::string_view(words[i]).substr(dot + 1)) &&
        IsProvisionWord(Fold(words[i].substr(0, dot)));
    const bool sign =
        words[i] == "§" || words[i] == "第" || IsProvisionWord(Fold(words[i]));
    std::string number;
    if (glued) {
      number = words[i].substr(dot + 1);
    } else if (sign && i + 1 < words.size() && StartsWithDigit(words[i + 1])) {
      number = words[i + 1];
      if (i + 2 < words.size() && IsNumberSuffix(words[i + 2])) {
        absl::StrAppend(&number, " ", words[i + 2]);
      }
    } else {
      continue;
    }
    *piece = absl::StrJoin(words.begin(),
                           words.begin() + static_cast<ptrdiff_t>(i), " ");
    return WithoutParts(number);
  }
  return "";
}

// Takes the name of a State off the beginning of `piece`; empty: it has none.
std::string TakeState(const StateResolver& states, std::string* piece) {
  const std::vector<std::string> words =
      absl::StrSplit(*piece, ' ', absl::SkipEmpty());
  for (size_t size = std::min(words.size(), kStateWordsMax); size > 0; --size) {
    const auto end = words.begin() + static_cast<ptrdiff_t>(size);
    const std::string name = absl::StrJoin(words.begin(), end, " ");
    const v1::ResolveStateResponse resolved = states.Resolve(name, 1);
    if (resolved.state().empty()) continue;
    *piece = absl::StrJoin(end, words.end(), " ");
    return resolved.state();
  }
  return "";
}

std::vector<std::string> WordsOf(const std::string& folded) {
  std::vector<std::string> words =
      absl::StrSplit(folded, ' ', absl::SkipEmpty());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// Numbers compare without case, spaces and signs: `416 bis`, `416-bis`.
std::string Plain(absl::string_view number) {
  std::string plain;
  for (const char c : Fold(number)) {
    if (c != ' ') plain.push_back(c);
  }
  return plain;
}

}  // namespace

absl::Status CheckLawCitation(absl::string_view citation) {
  if (absl::StripAsciiWhitespace(citation).empty()) {
    return InvalidField("citation", "", "must be set");
  }
  if (citation.size() <= limits::kCitationBytesMax) return absl::OkStatus();
  return InvalidField(
      "citation", absl::StrCat(citation.size(), " bytes"),
      absl::StrCat("must be of at most ", limits::kCitationBytesMax));
}

LawCitation ReadLawCitation(absl::string_view text,
                            const StateResolver& states) {
  const std::string commas = absl::StrReplaceAll(
      text, {{"，", ","}, {"、", ","}, {"،", ","}, {";", ","}, {"؛", ","}});
  std::vector<std::string> pieces;
  for (const absl::string_view piece : absl::StrSplit(commas, ',')) {
    pieces.emplace_back(absl::StripAsciiWhitespace(piece));
  }
  LawCitation citation;
  std::vector<std::string> titles;
  for (std::string& piece : pieces) {
    if (citation.number.empty()) citation.number = TakeProvision(&piece);
    if (citation.state.empty()) citation.state = TakeState(states, &piece);
    if (!piece.empty()) titles.push_back(piece);
  }
  citation.title = absl::StrJoin(titles, ", ");
  return citation;
}

bool IsCited(const LawCitation& citation, const v1::Provision& provision) {
  switch (provision.kind()) {
    case v1::Provision::KIND_ARTICLE:
    case v1::Provision::KIND_SECTION:
    case v1::Provision::KIND_PARAGRAPH:
      return Plain(provision.number()) == Plain(citation.number);
    default:
      return false;
  }
}

LawMatcher::LawMatcher(const LawCitation& citation, int limit)
    : folded_(Fold(citation.title)),
      words_(WordsOf(folded_)),
      limit_(static_cast<size_t>(limit)) {}

void LawMatcher::Consider(absl::string_view title, absl::string_view law,
                          Match* best) const {
  if (title.empty() || words_.empty()) return;
  const std::string folded = Fold(title);
  const bool exact = folded == folded_;
  double likeness = 1;
  if (!exact) {
    const std::vector<std::string> words = WordsOf(folded);
    std::vector<std::string> both;
    std::set_intersection(words.begin(), words.end(), words_.begin(),
                          words_.end(), std::back_inserter(both));
    const size_t all = words.size() + words_.size() - both.size();
    // A part of a long title is enough, if it is most of what is cited.
    likeness = 0.5 * static_cast<double>(both.size()) /
                   static_cast<double>(words_.size()) +
               0.5 * static_cast<double>(both.size()) /
                   static_cast<double>(std::max<size_t>(all, 1));
  }
  if (likeness <= best->likeness && best->exact >= exact) return;
  best->likeness = likeness;
  best->exact = best->exact || exact;
  best->law = std::string(law);
}

void LawMatcher::Add(const v1::Law& law) {
  Match match;
  for (const v1::LocalizedText& title : law.titles()) {
    Consider(title.text(), law.name(), &match);
  }
  for (const v1::LocalizedText& title : law.short_titles()) {
    Consider(title.text(), law.name(), &match);
  }
  Consider(law.number(), law.name(), &match);
  if (!law.titles().empty()) match.title = law.titles(0).text();
  Keep(std::move(match));
}

void LawMatcher::Add(const v1::Expression& text) {
  Match match;
  const auto parts = names::ParseKind(text.name(), Kind::kExpression, "name");
  if (!parts.ok()) return;
  Consider(text.title(), names::LawOf(*parts), &match);
  match.title = text.title();
  Keep(std::move(match));
}

void LawMatcher::Keep(Match match) {
  if (match.law.empty() || match.likeness < kLikenessMin) return;
  const auto better = [](const Match& a, const Match& b) {
    if (a.exact != b.exact) return a.exact;
    if (a.likeness != b.likeness) return a.likeness > b.likeness;
    return a.law < b.law;
  };
  const auto same =
      std::find_if(matches_.begin(), matches_.end(),
                   [&match](const Match& of) { return of.law == match.law; });
  if (same != matches_.end()) {
    if (!better(match, *same)) return;
    matches_.erase(same);
  }
  matches_.insert(
      std::upper_bound(matches_.begin(), matches_.end(), match, better),
      std::move(match));
  if (matches_.size() > limit_) matches_.pop_back();
}

std::vector<LawMatcher::Match> LawMatcher::Take() {
  return std::move(matches_);
}

}  // namespace comity::rules
