// Words side by side or near one another. Xapian 1.4's own operators give wrong
// weights and lose documents where they stand beside an alternative and a
// filter, and want positions; so the documents that have the words are looked
// at here, by their places.

#ifndef COMITY_INDEX_PHRASE_SOURCE_H_
#define COMITY_INDEX_PHRASE_SOURCE_H_

#include <xapian.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/word_places.h"

namespace comity::index {

// Words, without prefix, whose places in a part of a document (kRest: anywhere)
// lie in a window of that many places, each at a place of its own; `in_order`:
// in the order of the words. `prefix` is that of the part's words, whose
// weights it has.
Xapian::Query PhraseQuery(const std::vector<std::string>& words,
                          absl::string_view prefix, Part part, uint32_t window,
                          bool in_order, const Xapian::Database& database);

}  // namespace comity::index

#endif  // COMITY_INDEX_PHRASE_SOURCE_H_
