// Text folded for comparison, and turned into ids.

#ifndef COMITY_BASE_TEXT_H_
#define COMITY_BASE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace comity {

// True if `text` is well-formed UTF-8 without NUL.
bool IsText(absl::string_view text);

// Two texts that people take for the same fold to the same: compatibility forms
// (NFKC), case, accents and other marks, punctuation and runs of space are
// folded, letters that only fonts tell apart (ı, ø, ł, đ, ß …) go to their
// Latin neighbours. Words stay in order, one space between them.
std::string Fold(absl::string_view text);

// `text` in Latin letters a-z, digits and single hyphens, at most `bytes_max`,
// cut at a hyphen where possible; `x` if nothing is left.
std::string Slug(absl::string_view text, size_t bytes_max);

// Number of edits (insert, drop, replace a code point, swap neighbours) that
// turn one text into the other, or `limit` + 1 as soon as it is more.
int EditDistance(absl::string_view a, absl::string_view b, int limit);

}  // namespace comity

#endif  // COMITY_BASE_TEXT_H_
