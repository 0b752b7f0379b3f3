#include "index/phrase_source.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace comity::index {
namespace {

// Lets those documents through whose words are near one another. It is joined
// with their terms, so that it is asked only of documents that have them all.
class PhraseSource : public Xapian::PostingSource {
 public:
  PhraseSource(const std::vector<std::string>& words, Part part,
               uint32_t window, bool in_order, Xapian::docid last,
               const Xapian::Database& database,
               std::shared_ptr<PhraseMemo> memo)
      : part_(part),
        window_(window),
        in_order_(in_order),
        database_(database),
        last_(last),
        memo_(std::move(memo)) {
    for (const std::string& word : words) {
      words_.push_back(WordHash(word));
      const auto same = std::find(words_.begin(), words_.end(), words_.back());
      same_.push_back(static_cast<size_t>(same - words_.begin()));
    }
  }

  Xapian::doccount get_termfreq_min() const override { return 0; }
  // More than any other has, so that it comes last.
  Xapian::doccount get_termfreq_est() const override {
    return get_termfreq_max();
  }
  Xapian::doccount get_termfreq_max() const override {
    return database_.get_doccount() + 1;
  }
  void init(const Xapian::Database&) override { at_ = 0; }
  void next(double weight) override { skip_to(at_ + 1, weight); }
  void skip_to(Xapian::docid document, double) override {
    if (document <= at_) return;
    at_ = document;
    while (at_ <= last_ && !Accepts(at_)) ++at_;
  }
  bool check(Xapian::docid document, double) override {
    if (document <= at_) return true;
    if (document > last_) {
      at_ = document;
      return true;
    }
    if (!Accepts(document)) return false;
    at_ = document;
    return true;
  }
  bool at_end() const override { return at_ > last_; }
  Xapian::docid get_docid() const override { return at_; }

 private:
  // A place and the first of the words that stands there.
  using At = std::pair<uint32_t, size_t>;

  bool Accepts(Xapian::docid document) const {
    const std::optional<bool> known = memo_->Get(document);
    if (known.has_value()) return *known;
    const bool accepted = Has(document);
    memo_->Put(document, accepted, last_);
    return accepted;
  }

  bool Has(Xapian::docid document) const {
    std::string data;
    const WordPlaces places = WordPlaces::Read(database_, document, &data);
    if (in_order_ && window_ == words_.size()) {
      return places.HasPhrase(words_, part_);
    }
    std::vector<At> found;
    places.Find(words_, part_, [&found](uint32_t place, size_t word) {
      found.emplace_back(place, word);
    });
    return in_order_ ? IsInOrder(found) : IsNear(found);
  }

  // For each word, the latest beginning of what ends with it.
  bool IsInOrder(const std::vector<At>& found) const {
    std::vector<uint32_t> begins(words_.size());
    for (const auto& [place, word] : found) {
      // From behind: a place counts for one word only.
      for (size_t i = words_.size(); i-- > 0;) {
        if (same_[i] != word) continue;
        begins[i] = i == 0 ? place : begins[i - 1];
      }
      const uint32_t begin = begins.back();
      if (begin != 0 && place - begin < window_) return true;
    }
    return false;
  }

  // A place has one word, so only a word that is wanted twice needs two.
  bool IsNear(const std::vector<At>& found) const {
    std::vector<int> missing(words_.size());
    for (const size_t same : same_) ++missing[same];
    size_t lacking = words_.size();
    size_t first = 0;
    for (const auto& [place, word] : found) {
      if (missing[word]-- > 0) --lacking;
      while (place - found[first].first >= window_) {
        if (++missing[found[first].second] > 0) ++lacking;
        ++first;
      }
      if (lacking == 0) return true;
    }
    return false;
  }

  std::vector<uint64_t> words_;
  // For each word, the first that is the same.
  std::vector<size_t> same_;
  const Part part_;
  const uint32_t window_;
  const bool in_order_;
  const Xapian::Database database_;
  const Xapian::docid last_;
  const std::shared_ptr<PhraseMemo> memo_;
  Xapian::docid at_ = 0;
};

}  // namespace

Xapian::docid LastDocument(const std::vector<std::string>& words, Part part,
                           size_t documents_max,
                           const Xapian::Database& database) {
  std::string rarest;
  Xapian::doccount least = 0;
  for (const std::string& word : words) {
    std::string term = fields::Term(fields::PrefixOf(part), word);
    const Xapian::doccount frequency = database.get_termfreq(term);
    if (rarest.empty() || frequency < least) {
      rarest = std::move(term);
      least = frequency;
    }
  }
  if (least <= documents_max) return database.get_lastdocid();
  auto document = database.postlist_begin(rarest);
  for (size_t i = 1; i < documents_max; ++i) ++document;
  return *document;
}

Xapian::Query PhraseQuery(const std::vector<std::string>& words, Part part,
                          uint32_t window, bool in_order, Xapian::docid last,
                          const Xapian::Database& database,
                          std::shared_ptr<PhraseMemo> memo) {
  // A term that is wanted twice weighs once.
  std::vector<std::string> terms;
  for (const std::string& word : words) {
    terms.push_back(fields::Term(fields::PrefixOf(part), word));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  auto* source = new PhraseSource(words, part, window, in_order, last, database,
                                  std::move(memo));
  // Xapian counts the references from now on.
  return Xapian::Query(
      Xapian::Query::OP_FILTER,
      Xapian::Query(Xapian::Query::OP_AND, terms.begin(), terms.end()),
      Xapian::Query(source->release()));
}

}  // namespace comity::index
