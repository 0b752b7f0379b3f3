#include "index/word_places.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/wire.h"

namespace comity::index {
namespace {

constexpr std::array<size_t, 4> kWidths = {2, 3, 4, 8};
constexpr int kSalts = 64;

// SplitMix64 (Steele, Lea and Flood, 2014) of the salt; odd.
uint64_t FactorOf(uint8_t salt) {
  uint64_t x = (salt + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return (x ^ (x >> 31)) | 1U;
}

uint64_t Fingerprint(uint64_t word, uint64_t factor, size_t width) {
  return (word * factor) >> (64 - 8 * width);
}

// True if no two of the words share a fingerprint, and none has that of a gap.
bool AreTold(const std::vector<uint64_t>& words, uint64_t factor, size_t width,
             std::vector<uint64_t>* scratch) {
  scratch->clear();
  for (const uint64_t word : words) {
    scratch->push_back(Fingerprint(word, factor, width));
  }
  std::sort(scratch->begin(), scratch->end());
  return (scratch->empty() || scratch->front() != 0) &&
         std::adjacent_find(scratch->begin(), scratch->end()) == scratch->end();
}

// So many words that hardly any salt would do.
bool AreTooMany(size_t words, size_t width) {
  constexpr size_t kMost2 = 700;
  constexpr size_t kMost3 = 12000;
  constexpr size_t kMost4 = 200000;
  switch (width) {
    case 2:
      return words > kMost2;
    case 3:
      return words > kMost3;
    case 4:
      return words > kMost4;
    default:
      return false;
  }
}

void AppendFingerprint(uint64_t fingerprint, size_t width, std::string* out) {
  static_assert(std::endian::native == std::endian::little);
  out->append(reinterpret_cast<const char*>(&fingerprint), width);
}

constexpr size_t Index(Part part) { return static_cast<size_t>(part); }

}  // namespace

uint64_t WordHash(absl::string_view word) {
  const uint64_t hash = XXH3_64bits(word.data(), word.size());
  return hash == 0 ? 1 : hash;
}

void WordPlacesWriter::BeginText(Part part) {
  gap_due_ = !words_.empty();
  for (; part_ < part; part_ = static_cast<Part>(Index(part_) + 1)) {
    ends_[Index(part_)] = words_.size();
  }
}

void WordPlacesWriter::Add(absl::string_view word) {
  if (words_.size() + 1 >= WordPlaces::kPlacesMax) return;
  if (gap_due_) words_.push_back(0);
  gap_due_ = false;
  words_.push_back(WordHash(word));
}

std::string WordPlacesWriter::Finish() const {
  std::vector<uint64_t> words = words_;
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  // The gap.
  if (!words.empty() && words[0] == 0) words.erase(words.begin());
  size_t width = 0;
  uint8_t salt = 0;
  uint64_t factor = 0;
  std::vector<uint64_t> scratch;
  for (const size_t tried : kWidths) {
    if (AreTooMany(words.size(), tried)) continue;
    for (salt = 0; salt < kSalts; ++salt) {
      factor = FactorOf(salt);
      if (AreTold(words, factor, tried, &scratch)) {
        width = tried;
        break;
      }
    }
    if (width != 0) break;
  }
  // Not to be expected of 64 hashes of 64 bits: no phrase finds the document.
  const bool told = width != 0;
  if (!told) width = kWidths.back();

  std::string data;
  data.reserve(8 + (told ? words_.size() * width : 0));
  data.push_back(static_cast<char>(width));
  data.push_back(static_cast<char>(salt));
  size_t before = 0;
  for (size_t part = 0; part < ends_.size(); ++part) {
    const size_t end = !told                 ? 0
                       : part < Index(part_) ? ends_[part]
                                             : words_.size();
    wire::AppendVarint(end - before, &data);
    before = end;
  }
  if (!told) return data;
  for (const uint64_t word : words_) {
    AppendFingerprint(word == 0 ? 0 : Fingerprint(word, factor, width), width,
                      &data);
  }
  return data;
}

std::optional<WordPlaces> WordPlaces::Parse(absl::string_view data) {
  WordPlaces places;
  if (data.size() < 2) return std::nullopt;
  places.width_ = static_cast<uint8_t>(data[0]);
  places.factor_ = FactorOf(static_cast<uint8_t>(data[1]));
  data.remove_prefix(2);
  uint64_t titles = 0;
  uint64_t headings = 0;
  if (std::find(kWidths.begin(), kWidths.end(), places.width_) ==
          kWidths.end() ||
      !wire::TakeVarint(&data, &titles) ||
      !wire::TakeVarint(&data, &headings) || data.size() % places.width_ != 0) {
    return std::nullopt;
  }
  const size_t size = data.size() / places.width_;
  if (titles > size || headings > size - titles) return std::nullopt;
  places.all_ = data;
  places.titles_ = data.substr(0, titles * places.width_);
  places.headings_ =
      data.substr(titles * places.width_, headings * places.width_);
  return places;
}

WordPlaces WordPlaces::Read(const Xapian::Database& database,
                            Xapian::docid document, std::string* data) {
  *data = database.get_document(document, Xapian::DOC_ASSUME_VALID).get_data();
  const std::optional<WordPlaces> places = Parse(*data);
  if (!places.has_value()) {
    throw Xapian::DatabaseCorruptError("places of a document");
  }
  return *places;
}

absl::string_view WordPlaces::BytesOf(Part part) const {
  switch (part) {
    case Part::kTitles:
      return titles_;
    case Part::kHeadings:
      return headings_;
    case Part::kRest:
      break;
  }
  return all_;
}

uint64_t WordPlaces::FingerprintOf(uint64_t word) const {
  return Fingerprint(word, factor_, width_);
}

bool WordPlaces::HasPhrase(absl::Span<const uint64_t> words, Part part) const {
  if (words.empty()) return false;
  std::string wanted;
  for (const uint64_t word : words) {
    AppendFingerprint(FingerprintOf(word), width_, &wanted);
  }
  const absl::string_view bytes = BytesOf(part);
  // At whole fingerprints only.
  for (size_t at = bytes.find(wanted); at != absl::string_view::npos;
       at = bytes.find(wanted, at + 1)) {
    if (at % width_ == 0) return true;
  }
  return false;
}

void WordPlaces::Find(
    absl::Span<const uint64_t> words, Part part,
    absl::FunctionRef<void(uint32_t place, size_t word)> see) const {
  std::vector<uint64_t> wanted;
  wanted.reserve(words.size());
  for (const uint64_t word : words) wanted.push_back(FingerprintOf(word));
  const absl::string_view bytes = BytesOf(part);
  uint32_t place = 0;
  for (size_t at = 0; at < bytes.size(); at += width_) {
    uint64_t here = 0;
    std::memcpy(&here, bytes.data() + at, width_);
    if (here == 0) {
      place += kGap;
      continue;
    }
    ++place;
    const auto found = std::find(wanted.begin(), wanted.end(), here);
    if (found != wanted.end()) {
      see(place, static_cast<size_t>(found - wanted.begin()));
    }
  }
}

}  // namespace comity::index
