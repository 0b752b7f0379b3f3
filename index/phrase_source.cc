#include "index/phrase_source.h"

#include <algorithm>
#include <utility>

namespace comity::index {
namespace {

using Places = std::vector<Xapian::termpos>;

// Lets those documents through whose terms are near one another. It is joined
// with the terms, so that it is asked only of documents that have them all.
class PhraseSource : public Xapian::PostingSource {
 public:
  PhraseSource(std::vector<std::string> terms, uint32_t window, bool in_order,
               const Xapian::Database& database)
      : terms_(std::move(terms)),
        window_(window),
        in_order_(in_order),
        database_(database) {}

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
    const Xapian::docid last = database_.get_lastdocid();
    while (at_ <= last && !Accepts(at_)) ++at_;
  }
  bool check(Xapian::docid document, double) override {
    if (document <= at_) return true;
    if (!Accepts(document)) return false;
    at_ = document;
    return true;
  }
  bool at_end() const override { return at_ > database_.get_lastdocid(); }
  Xapian::docid get_docid() const override { return at_; }

 private:
  bool Accepts(Xapian::docid document) const {
    if (in_order_ && window_ == terms_.size()) return IsPhrase(document);
    std::vector<Places> places;
    for (const std::string& term : terms_) {
      places.emplace_back(database_.positionlist_begin(document, term),
                          database_.positionlist_end(document, term));
      if (places.back().empty()) return false;
    }
    return in_order_ ? IsInOrder(places) : IsNear(std::move(places));
  }

  // The term i stands i places behind the first.
  bool IsPhrase(Xapian::docid document) const {
    std::vector<Xapian::PositionIterator> at;
    for (const std::string& term : terms_) {
      at.push_back(database_.positionlist_begin(document, term));
      if (at.back() == Xapian::PositionIterator()) return false;
    }
    const Xapian::PositionIterator end;
    for (size_t i = 1; i < at.size();) {
      const Xapian::termpos wanted = *at[0] + static_cast<Xapian::termpos>(i);
      at[i].skip_to(wanted);
      if (at[i] == end) return false;
      if (*at[i] == wanted) {
        ++i;
        continue;
      }
      at[0].skip_to(*at[i] - static_cast<Xapian::termpos>(i));
      if (at[0] == end) return false;
      i = 1;
    }
    return true;
  }

  // From each place of the first, the nearest of the next, and so on.
  bool IsInOrder(const std::vector<Places>& places) const {
    std::vector<size_t> next(places.size());
    for (const Xapian::termpos first : places[0]) {
      Xapian::termpos last = first;
      for (size_t i = 1; i < places.size(); ++i) {
        while (next[i] < places[i].size() && places[i][next[i]] <= last) {
          ++next[i];
        }
        if (next[i] == places[i].size()) return false;
        last = places[i][next[i]];
      }
      if (last - first < window_) return true;
    }
    return false;
  }

  // A place has one term, so only a term that is wanted twice needs two.
  bool IsNear(std::vector<Places> places) const {
    std::vector<std::pair<Xapian::termpos, size_t>> all;
    std::vector<int> missing(terms_.size());
    for (size_t i = 0; i < terms_.size(); ++i) {
      const size_t same = static_cast<size_t>(
          std::find(terms_.begin(), terms_.end(), terms_[i]) - terms_.begin());
      ++missing[same];
      if (same != i) continue;
      for (const Xapian::termpos place : places[i]) all.emplace_back(place, i);
    }
    std::sort(all.begin(), all.end());
    size_t lacking = terms_.size();
    size_t first = 0;
    for (const auto& [place, term] : all) {
      if (missing[term]-- > 0) --lacking;
      while (place - all[first].first >= window_) {
        if (++missing[all[first].second] > 0) ++lacking;
        ++first;
      }
      if (lacking == 0) return true;
    }
    return false;
  }

  const std::vector<std::string> terms_;
  const uint32_t window_;
  const bool in_order_;
  const Xapian::Database database_;
  Xapian::docid at_ = 0;
};

}  // namespace

Xapian::Query PhraseQuery(const std::vector<std::string>& terms,
                          uint32_t window, bool in_order,
                          const Xapian::Database& database) {
  // A term that is wanted twice weighs once.
  std::vector<std::string> once = terms;
  std::sort(once.begin(), once.end());
  once.erase(std::unique(once.begin(), once.end()), once.end());
  auto* source = new PhraseSource(terms, window, in_order, database);
  // Xapian counts the references from now on.
  return Xapian::Query(
      Xapian::Query::OP_FILTER,
      Xapian::Query(Xapian::Query::OP_AND, once.begin(), once.end()),
      Xapian::Query(source->release()));
}

}  // namespace comity::index
