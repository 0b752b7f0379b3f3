// What a citation of national law means: State, law and provision.

#ifndef COMITY_RULES_LAW_CITATIONS_H_
#define COMITY_RULES_LAW_CITATIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "comity/v1/law.pb.h"
#include "rules/states.h"

namespace comity::rules {

// A citation taken apart: `Kenya, Anti-Money Laundering Act, s. 3(2)`.
struct LawCitation {
  // `states/{state}`; empty: none is named.
  std::string state;
  // Title or number of the law, as cited.
  std::string title;
  // Number of the provision, without what lies below it: `3`, `416 bis`,
  // `129a`; empty: none is cited.
  std::string number;
};

// InvalidArgument if the citation is empty or too long.
absl::Status CheckLawCitation(absl::string_view citation);

// Never fails: what is no State and no provision is the title.
LawCitation ReadLawCitation(absl::string_view citation,
                            const StateResolver& states);

// Whether the provision, which must be of a law that is cited, is the one.
bool IsCited(const LawCitation& citation, const v1::Provision& provision);

// Keeps the laws that are the likeliest to be meant. Not thread-safe.
class LawMatcher {
 public:
  struct Match {
    std::string law;
    // Of the law, or that of its text which is more like what is cited.
    std::string title;
    // Title or number are just as cited.
    bool exact = false;
    // Of the words cited and those of the title, the part that is in both.
    double likeness = 0;
  };

  LawMatcher(const LawCitation& citation, int limit);

  void Add(const v1::Law& law);
  // One of its texts, whose title may be another: after the laws.
  void Add(const v1::Expression& text);
  // Best first; alike ones by name.
  std::vector<Match> Take();

 private:
  void Consider(absl::string_view title, absl::string_view law,
                Match* best) const;
  void Keep(Match match);

  const std::string folded_;
  const std::vector<std::string> words_;
  const size_t limit_;
  std::vector<Match> matches_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_LAW_CITATIONS_H_
