// Which word stands where in a document: kept as the document's data, instead
// of positions in Xapian, which hold an entry for each word of each document
// and take most of an index. Read for few documents: those that have all words
// of a phrase, and those that are shown.
//
//   byte    width of a fingerprint in bytes: 2, 3, 4 or 8
//   byte    salt
//   varint  fingerprints of titles, gaps included
//   varint  of headings
//   …       fingerprints, little-endian: titles, headings, then all else. 0 is
//           a gap between texts
//
// A fingerprint is part of XXH3 of the word, without prefix, multiplied by what
// the salt says. Width and salt are such that no two words of the document
// share one. So it tells exactly where those words stand that the document has;
// of others, it tells nothing.

#ifndef COMITY_INDEX_WORD_PLACES_H_
#define COMITY_INDEX_WORD_PLACES_H_

#include <xapian.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/fields.h"

namespace comity::index {

// What a word is told apart by; never 0.
uint64_t WordHash(absl::string_view word);

// Gathers the words of a document in their order. Copying it is how documents
// share a beginning.
class WordPlacesWriter {
 public:
  // The words that follow are a text of their own, so that no phrase goes into
  // it from the one before. Parts must come in their order.
  void BeginText(Part part);
  // Words beyond kPlacesMax are left out: no phrase finds them.
  void Add(absl::string_view word);

  std::string Finish() const;

 private:
  // Hashes; 0 is a gap.
  std::vector<uint64_t> words_;
  bool gap_due_ = false;
  Part part_ = Part::kTitles;
  // Where titles and headings end, as far as that is known.
  std::array<size_t, 2> ends_ = {};
};

// Reads what was written. The data must outlive it.
class WordPlaces {
 public:
  // Words of one document; no provision that people wrote has a tenth of it.
  static constexpr size_t kPlacesMax = 1 << 20;
  // Places that a gap takes: more than limits::kNearMax lets anyone ask for.
  static constexpr uint32_t kGap = 100;

  // None if the data are damaged.
  static std::optional<WordPlaces> Parse(absl::string_view data);
  // Those of a document, whose data go into `data`. Throws Xapian's error of a
  // damaged database if they are damaged.
  static WordPlaces Read(const Xapian::Database& database,
                         Xapian::docid document, std::string* data);

  // True if the words stand side by side, in this order, in one text of the
  // titles, of the headings, or (kRest) anywhere.
  bool HasPhrase(absl::Span<const uint64_t> words, Part part) const;

  // Calls `see` for each place of the words, in the order of places, with the
  // number of the word; a word that is there twice counts as the first.
  void Find(absl::Span<const uint64_t> words, Part part,
            absl::FunctionRef<void(uint32_t place, size_t word)> see) const;

 private:
  WordPlaces() = default;
  // The fingerprints of a part.
  absl::string_view BytesOf(Part part) const;
  uint64_t FingerprintOf(uint64_t word) const;

  absl::string_view titles_;
  absl::string_view headings_;
  absl::string_view all_;
  size_t width_ = 2;
  uint64_t factor_ = 1;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_WORD_PLACES_H_
