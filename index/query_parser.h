// Queries as people write them, taken apart.
//
//   money laundering            any of the words, best those with all
//   "money laundering"          the words in this order, side by side
//   a AND b, a OR b, a NOT b    operators are in capitals; NOT means and not
//   +a, -a                      must be there, must not
//   (a OR b) AND c              groups
//   a NEAR/5 b, a ADJ/5 b       at most 5 words apart; ADJ in this order
//   launder*                    words that begin so
//   title:customs               in the titles of the law; heading: in that of
//                               the provision; before a word, phrase or group
//   number:129a                 with this number, or that cite it
//   state:NOR lang:fr type:act  only those; year:2003..2010, year:2003..
//   treaty:untoc                that carry the treaty out; with
//   article:18(13)              this article of it; article: alone is the
//                               number of the provision
//
// Any bytes are a query: what makes no sense as an operator is a word. Words
// side by side mean any of them; all of them if `match_all`, and in a query
// with operators. Filters, `+` and `-` count for all that stands beside them.

#ifndef COMITY_INDEX_QUERY_PARSER_H_
#define COMITY_INDEX_QUERY_PARSER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/languages.h"
#include "index/analyzer.h"

namespace comity::index {

// Where a word is looked for.
enum class Field : uint8_t {
  // Text, heading and titles.
  kAnywhere,
  kTitle,
  kHeading,
};

struct Node {
  enum class Kind : uint8_t {
    // Matches nothing, everything.
    kNothing,
    kEverything,
    // Of the children.
    kAny,
    kEvery,
    // The first child, without those that match the others.
    kExcept,
    // The first child; the others only rank.
    kMaybe,
    // Any of the children, which say the same as the tokens: however many match
    // and however rare they are, they weigh at most as those would.
    kSame,
    // One token, by its term or a stem.
    kWord,
    // By the beginning of the term.
    kPrefix,
    // The terms of the tokens in their order, in `window` positions; as many as
    // there are tokens makes a phrase.
    kPhrase,
    // In any order, each at a place of its own.
    kNear,
    // The number in `value`, the provision's own or cited; or the children,
    // any or all.
    kNumber,
    // The boolean term in `value`.
    kFilter,
    kYears,
  };

  Kind kind = Kind::kNothing;
  Field field = Field::kAnywhere;
  std::vector<QueryToken> tokens;
  uint32_t window = 0;
  std::string value;
  // kNumber: of the provision alone.
  bool own = false;
  int first_year = 0;
  int last_year = 0;
  // Of the match, beside the others.
  double weight = 1;
  std::vector<Node> children;
};

struct ParseOptions {
  // BCP 47; empty: any that the query's script allows.
  std::vector<std::string> languages;
  bool match_all = false;
  // Code of a State that is named in words; empty if it knows none. Null: codes
  // only.
  std::function<std::string(absl::string_view)> resolve_state;
};

struct ParsedQuery {
  Node root;
  // Languages in which its words were taken, likeliest first.
  std::vector<const Language*> languages;
  // It has operators, or match_all was asked for.
  bool strict = false;
  // It is over a limit, and its end was left out.
  bool cut = false;
};

ParsedQuery ParseQuery(absl::string_view query, const ParseOptions& options,
                       Analyzer* analyzer);

// One line, for tests and for people who ask how a query was understood:
// `every(any(money~money laundering~launder) XSnor)`.
std::string Print(const Node& node);

// First and last year of a filter's value: `2003..2010`, `2003..`, `2003`.
// False if it is none.
bool ParseYears(absl::string_view value, int* first, int* last);

}  // namespace comity::index

#endif  // COMITY_INDEX_QUERY_PARSER_H_
