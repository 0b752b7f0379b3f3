// Names of months, in all the languages of the table.

#ifndef COMITY_BASE_MONTHS_H_
#define COMITY_BASE_MONTHS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace comity {

// The months that a word in the form of FoldWord names in any language, in full
// or shortened: bit 1 is January. Mostly one; `listopad` is October to some and
// November to others. 0: it names none.
uint16_t MonthsOfWord(absl::string_view folded);

}  // namespace comity

#endif  // COMITY_BASE_MONTHS_H_
