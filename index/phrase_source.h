// Words side by side or near one another. Xapian 1.4's own operators give wrong
// weights and lose documents where they stand beside an alternative and a
// filter, so the documents that have the words are looked at here.

#ifndef COMITY_INDEX_PHRASE_SOURCE_H_
#define COMITY_INDEX_PHRASE_SOURCE_H_

#include <xapian.h>

#include <cstdint>
#include <string>
#include <vector>

namespace comity::index {

// Terms whose places in a document lie in a window of that many positions, each
// at a place of its own; `in_order`: in the order of the terms. Weights are
// those of the terms.
Xapian::Query PhraseQuery(const std::vector<std::string>& terms,
                          uint32_t window, bool in_order,
                          const Xapian::Database& database);

}  // namespace comity::index

#endif  // COMITY_INDEX_PHRASE_SOURCE_H_
