// Words side by side or near one another. Xapian 1.4's own operators give wrong
// weights and lose documents where they stand beside an alternative and a
// filter, and want positions; so the documents that have the words are looked
// at here, by their places.

#ifndef COMITY_INDEX_PHRASE_SOURCE_H_
#define COMITY_INDEX_PHRASE_SOURCE_H_

#include <xapian.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/fields.h"
#include "index/word_places.h"

namespace comity::index {

// Which documents were looked at and which had the phrase, so that each is read
// once, however often a search runs. Of one thread.
class PhraseMemo {
 public:
  // None if the document was not looked at.
  std::optional<bool> Get(Xapian::docid document) const {
    const size_t at = document / kBits;
    if (at >= seen_.size() || !Has(seen_[at], document)) return std::nullopt;
    return Has(accepted_[at], document);
  }
  void Put(Xapian::docid document, bool accepted, Xapian::docid last) {
    const size_t at = document / kBits;
    if (at >= seen_.size()) {
      const size_t size = std::max(document, last) / kBits + 1;
      seen_.resize(size);
      accepted_.resize(size);
    }
    const uint64_t bit = uint64_t{1} << document % kBits;
    seen_[at] |= bit;
    if (accepted) accepted_[at] |= bit;
  }

 private:
  static constexpr size_t kBits = 64;
  static bool Has(uint64_t bits, Xapian::docid document) {
    return (bits >> document % kBits & 1U) != 0;
  }

  std::vector<uint64_t> seen_;
  std::vector<uint64_t> accepted_;
};

// The document up to which at most `documents_max` have the rarest of the
// words, of a part: so many are read for their phrase.
Xapian::docid LastDocument(const std::vector<std::string>& words, Part part,
                           size_t documents_max,
                           const Xapian::Database& database);

// Words, without prefix, whose places in a part of a document (kRest: anywhere)
// lie in a window of that many places, each at a place of its own; `in_order`:
// in the order of the words. It has the weights of the part's words, and finds
// no document behind `last`. `memo` must be of this phrase.
Xapian::Query PhraseQuery(const std::vector<std::string>& words, Part part,
                          uint32_t window, bool in_order, Xapian::docid last,
                          const Xapian::Database& database,
                          std::shared_ptr<PhraseMemo> memo);

}  // namespace comity::index

#endif  // COMITY_INDEX_PHRASE_SOURCE_H_
