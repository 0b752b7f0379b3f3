// Filters and facets over the rows of the columns.

#ifndef COMITY_INDEX_ROW_FILTER_H_
#define COMITY_INDEX_ROW_FILTER_H_

#include <xapian.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "comity/v1/search_service.pb.h"
#include "index/columns.h"

namespace comity::index {

// Fields of a filter, as bits of a mask: those of facets by their number.
enum FilterBit : uint32_t {
  kDatesBit = 1U << 0U,
  kStateBit = 1U << v1::SEARCH_FACET_FIELD_STATE,
  kRegionBit = 1U << v1::SEARCH_FACET_FIELD_REGION,
  kLanguageBit = 1U << v1::SEARCH_FACET_FIELD_LANGUAGE,
  kTypeBit = 1U << v1::SEARCH_FACET_FIELD_TYPE,
  kYearBit = 1U << v1::SEARCH_FACET_FIELD_YEAR,
  kTreatyBit = 1U << v1::SEARCH_FACET_FIELD_TREATY,
  kSubjectBit = 1U << v1::SEARCH_FACET_FIELD_SUBJECT,
  kKindBit = 1U << v1::SEARCH_FACET_FIELD_KIND,
};

// A filter over rows. It does not know `laws`, which is a matter of terms.
class RowFilter {
 public:
  // InvalidArgument for values that are none of their field. `columns` must
  // outlive it.
  static absl::StatusOr<RowFilter> Create(const v1::SearchFilter& filter,
                                          const Columns& columns);

  // Bits of the fields that the row does not pass.
  uint32_t Fails(const Row& row) const;
  // Fields that limit anything.
  uint32_t active() const { return active_; }

  // Of the fields in `bits`, as terms: the same documents. MatchAll if none of
  // them is active.
  Xapian::Query Terms(uint32_t bits) const;

 private:
  struct Years {
    int first;
    int last;
  };

  uint32_t active_ = 0;
  // By number of the value.
  std::vector<bool> states_;
  std::vector<bool> regions_;
  std::vector<bool> languages_;
  std::vector<bool> types_;
  std::vector<bool> articles_;
  std::vector<bool> subjects_;
  std::vector<bool> kinds_;
  std::vector<Years> years_;
  int32_t from_ = 0;
  int32_t until_ = 0;
  std::vector<std::pair<uint32_t, std::vector<std::string>>> terms_;
};

// Counts rows by the values of facets.
class FacetCounts {
 public:
  FacetCounts(absl::Span<const v1::SearchFacetField> fields,
              const Columns& columns);

  // `fails` of the row. Rows of one law that follow one another, as they do in
  // most of an index, cost little.
  void Add(const Row& row, uint32_t fails) {
    if (run_ > 0 && fails == run_fails_ && row.record == run_row_.record &&
        row.expression == run_row_.expression &&
        row.articles == run_row_.articles) {
      ++run_;
      return;
    }
    EndRun();
    run_row_ = row;
    run_fails_ = fails;
    run_ = 1;
  }

  // The most frequent `values_max` of each, in the order of the fields.
  std::vector<v1::SearchFacet> Take(int values_max);

 private:
  struct Counter {
    v1::SearchFacetField field;
    uint32_t others;
    // By number of the value, or of the set of values.
    std::vector<int64_t> counts;
  };

  static size_t NumberOf(v1::SearchFacetField field, const Row& row);
  void EndRun();
  void Label(const Counter& counter, size_t number,
             std::vector<std::string>* labels) const;

  const Columns& columns_;
  std::vector<Counter> counters_;
  // Rows that were added and count alike, but are not counted yet.
  int64_t run_ = 0;
  uint32_t run_fails_ = 0;
  Row run_row_;
};

// A source of postings that lets those documents through that pass the filter,
// and sees each that the rest of the query matches. To be joined by OP_FILTER.
class RowSource : public Xapian::PostingSource {
 public:
  // What becomes of the documents that are seen.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void See(Xapian::docid document, const Row& row,
                     uint32_t fails) = 0;
  };

  // `sink` may be null. All must outlive the search. Fields not in `bits` let
  // everything through.
  RowSource(const Columns& columns, const RowFilter& filter, uint32_t bits,
            Sink* sink)
      : columns_(columns), filter_(filter), bits_(bits), sink_(sink) {}

  Xapian::doccount get_termfreq_min() const override { return 0; }
  // More than any other has, so that it comes last.
  Xapian::doccount get_termfreq_est() const override {
    return get_termfreq_max();
  }
  Xapian::doccount get_termfreq_max() const override {
    return columns_.rows_end() + 1;
  }
  void next(double min_weight) override;
  void skip_to(Xapian::docid document, double min_weight) override;
  bool check(Xapian::docid document, double min_weight) override;
  bool at_end() const override { return at_ >= columns_.rows_end(); }
  Xapian::docid get_docid() const override { return at_; }
  void init(const Xapian::Database&) override { at_ = 0; }

 private:
  bool Accepts(Xapian::docid document);

  const Columns& columns_;
  const RowFilter& filter_;
  const uint32_t bits_;
  Sink* const sink_;
  Xapian::docid at_ = 0;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_ROW_FILTER_H_
