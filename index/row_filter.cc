#include "index/row_filter.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "index/documents.h"
#include "index/fields.h"
#include "index/query_parser.h"

namespace comity::index {
namespace {

using Labels = absl::flat_hash_set<std::string>;

// Marks the numbers of a table whose text is one of the labels.
std::vector<bool> Mark(const Columns& columns, Table table,
                       const Labels& labels, bool by_tail = false) {
  std::vector<bool> marked(columns.size(table));
  for (uint32_t i = 1; i < marked.size(); ++i) {
    marked[i] = labels.contains(by_tail ? columns.tail(table, i)
                                        : columns.head(table, i));
  }
  return marked;
}

// Marks the sets that have a marked entry.
std::vector<bool> MarkSets(const Columns& columns, Table table,
                           const std::vector<bool>& entries) {
  std::vector<bool> marked(columns.size(table));
  for (uint32_t i = 1; i < marked.size(); ++i) {
    const std::vector<uint32_t> set = columns.set(table, i);
    marked[i] = std::any_of(set.begin(), set.end(), [&entries](uint32_t entry) {
      return entry < entries.size() && entries[entry];
    });
  }
  return marked;
}

bool Has(const std::vector<bool>& marked, size_t i) {
  return i < marked.size() && marked[i];
}

constexpr size_t kTypesMax = 256;
// Of years, whose counters begin here.
constexpr int kYearMin = -1;
constexpr int kYearMax = 9999;

// One term for each label with the prefix.
std::vector<std::string> TermsOf(absl::string_view prefix,
                                 const Labels& labels) {
  std::vector<std::string> terms;
  for (const std::string& label : labels) {
    terms.push_back(fields::Term(prefix, label));
  }
  std::sort(terms.begin(), terms.end());
  return terms;
}

}  // namespace

absl::StatusOr<RowFilter> RowFilter::Create(const v1::SearchFilter& filter,
                                            const Columns& columns) {
  RowFilter rows;
  const auto activate = [&rows](uint32_t bit, std::vector<std::string> terms) {
    rows.active_ |= bit;
    rows.terms_.emplace_back(bit, std::move(terms));
  };
  if (!filter.states().empty()) {
    Labels codes;
    std::vector<std::string> terms;
    for (const std::string& state : filter.states()) {
      const std::string code(absl::StripPrefix(state, "states/"));
      if (!names::IsStateCode(code)) {
        return InvalidField("filter.states", state,
                            "a code of three capital letters");
      }
      codes.insert(code);
      terms.push_back(fields::LowerTerm(fields::kState, code));
    }
    rows.states_ = Mark(columns, Table::kStates, codes);
    activate(kStateBit, std::move(terms));
  }
  if (!filter.regions().empty()) {
    const Labels regions(filter.regions().begin(), filter.regions().end());
    rows.regions_ = Mark(columns, Table::kStates, regions, /*by_tail=*/true);
    Labels codes;
    for (uint32_t i = 0; i < rows.regions_.size(); ++i) {
      if (rows.regions_[i]) {
        codes.insert(absl::AsciiStrToLower(columns.head(Table::kStates, i)));
      }
    }
    activate(kRegionBit, TermsOf(fields::kState, codes));
  }
  if (!filter.languages().empty()) {
    Labels tags;
    for (const std::string& tag : filter.languages()) {
      tags.insert(LanguageLabel(tag));
    }
    rows.languages_ = Mark(columns, Table::kLanguages, tags);
    activate(kLanguageBit, TermsOf(fields::kLanguage, tags));
  }
  if (!filter.types().empty()) {
    Labels types;
    rows.types_.resize(kTypesMax);
    for (const std::string& label : filter.types()) {
      const v1::LawType type = TypeOfLabel(label);
      if (type == v1::LAW_TYPE_UNSPECIFIED) {
        return InvalidField("filter.types", label,
                            "a type of law, such as act or decree");
      }
      rows.types_[static_cast<size_t>(type)] = true;
      types.insert(TypeLabel(type));
    }
    activate(kTypeBit, TermsOf(fields::kType, types));
  }
  if (!filter.years().empty()) {
    Labels terms;
    for (const std::string& text : filter.years()) {
      Years years;
      if (!ParseYears(text, &years.first, &years.last)) {
        return InvalidField("filter.years", text,
                            "a year or a range such as 2003..2010");
      }
      constexpr int kDecade = 10;
      for (int year = years.first; year <= years.last;) {
        const bool whole =
            year % kDecade == 0 && year + kDecade - 1 <= years.last;
        terms.insert(whole ? fields::DecadeTerm(year) : fields::YearTerm(year));
        year += whole ? kDecade : 1;
      }
      rows.years_.push_back(years);
    }
    activate(kYearBit, TermsOf("", terms));
  }
  if (!filter.treaties().empty()) {
    Labels articles;
    for (const std::string& treaty : filter.treaties()) {
      articles.insert(std::string(absl::StripPrefix(treaty, "treaties/")));
    }
    rows.articles_ = MarkSets(columns, Table::kArticleSets,
                              Mark(columns, Table::kArticles, articles));
    activate(kTreatyBit, TermsOf(fields::kTreaty, articles));
  }
  if (!filter.subjects().empty()) {
    Labels subjects;
    for (const std::string& subject : filter.subjects()) {
      subjects.insert(SubjectLabel(subject));
    }
    rows.subjects_ = MarkSets(columns, Table::kSubjectSets,
                              Mark(columns, Table::kSubjects, subjects));
    activate(kSubjectBit, TermsOf(fields::kSubject, subjects));
  }
  if (!filter.kinds().empty()) {
    Labels kinds;
    rows.kinds_.resize(kTypesMax);
    for (const std::string& kind : filter.kinds()) {
      if (kind != "law" && kind != "authority") {
        return InvalidField("filter.kinds", kind, "law or authority");
      }
      kinds.insert(kind);
      rows.kinds_[static_cast<size_t>(
          kind == "law" ? DocumentKind::kLaw : DocumentKind::kAuthority)] =
          true;
    }
    activate(kKindBit, TermsOf(fields::kKind, kinds));
  }
  if (!filter.from().empty() || !filter.until().empty()) {
    rows.active_ |= kDatesBit;
    rows.from_ = kNoDay + 1;
    rows.until_ = INT32_MAX;
    if (!filter.from().empty()) {
      ASSIGN_OR_RETURN(const Day day,
                       ParseDayField(filter.from(), "filter.from"));
      rows.from_ = DayNumber(day);
    }
    if (!filter.until().empty()) {
      ASSIGN_OR_RETURN(const Day day,
                       ParseDayField(filter.until(), "filter.until"));
      rows.until_ = DayNumber(day);
    }
  }
  return rows;
}

uint32_t RowFilter::Fails(const Row& row) const {
  if (active_ == 0) return 0;
  uint32_t fails = 0;
  const auto check = [&](uint32_t bit, const std::vector<bool>& marked,
                         size_t i) {
    if ((active_ & bit) != 0 && !Has(marked, i)) fails |= bit;
  };
  check(kStateBit, states_, row.state);
  check(kRegionBit, regions_, row.state);
  check(kLanguageBit, languages_, row.language);
  check(kTypeBit, types_, row.type);
  check(kTreatyBit, articles_, row.articles);
  check(kSubjectBit, subjects_, row.subjects);
  check(kKindBit, kinds_, static_cast<size_t>(row.kind));
  if ((active_ & kYearBit) != 0 &&
      std::none_of(years_.begin(), years_.end(), [&row](const Years& years) {
        return row.day != kNoDay && years.first <= row.year &&
               row.year <= years.last;
      })) {
    fails |= kYearBit;
  }
  if ((active_ & kDatesBit) != 0 && (row.day < from_ || row.day >= until_)) {
    fails |= kDatesBit;
  }
  return fails;
}

Xapian::Query RowFilter::Terms(uint32_t bits) const {
  std::vector<Xapian::Query> fields;
  for (const auto& [bit, terms] : terms_) {
    if ((bit & bits) == 0) continue;
    fields.emplace_back(Xapian::Query::OP_OR, terms.begin(), terms.end());
  }
  if (fields.empty()) return Xapian::Query::MatchAll;
  return Xapian::Query(Xapian::Query::OP_AND, fields.begin(), fields.end());
}

// FacetCounts
// ----------------------------------------------------------------------

FacetCounts::FacetCounts(absl::Span<const v1::SearchFacetField> fields,
                         const Columns& columns)
    : columns_(columns) {
  for (const v1::SearchFacetField field : fields) {
    Counter counter = {field, ~(1U << static_cast<uint32_t>(field)), {}};
    size_t size = 0;
    switch (field) {
      case v1::SEARCH_FACET_FIELD_STATE:
      case v1::SEARCH_FACET_FIELD_REGION:
        size = columns.size(Table::kStates);
        break;
      case v1::SEARCH_FACET_FIELD_LANGUAGE:
        size = columns.size(Table::kLanguages);
        break;
      case v1::SEARCH_FACET_FIELD_TYPE:
      case v1::SEARCH_FACET_FIELD_KIND:
        size = kTypesMax;
        break;
      case v1::SEARCH_FACET_FIELD_YEAR:
        size = static_cast<size_t>(kYearMax - kYearMin + 1);
        break;
      case v1::SEARCH_FACET_FIELD_TREATY:
        size = columns.size(Table::kArticleSets);
        break;
      case v1::SEARCH_FACET_FIELD_SUBJECT:
        size = columns.size(Table::kSubjectSets);
        break;
      default:
        break;
    }
    counter.counts.resize(size);
    counters_.push_back(std::move(counter));
  }
}

size_t FacetCounts::NumberOf(v1::SearchFacetField field, const Row& row) {
  switch (field) {
    case v1::SEARCH_FACET_FIELD_STATE:
    case v1::SEARCH_FACET_FIELD_REGION:
      return row.state;
    case v1::SEARCH_FACET_FIELD_LANGUAGE:
      return row.language;
    case v1::SEARCH_FACET_FIELD_TYPE:
      return row.type;
    case v1::SEARCH_FACET_FIELD_KIND:
      return static_cast<size_t>(row.kind);
    case v1::SEARCH_FACET_FIELD_YEAR:
      return row.day == kNoDay
                 ? 0
                 : static_cast<size_t>(std::clamp<int>(row.year, 0, kYearMax) -
                                       kYearMin);
    case v1::SEARCH_FACET_FIELD_TREATY:
      return row.articles;
    case v1::SEARCH_FACET_FIELD_SUBJECT:
      return row.subjects;
    default:
      return SIZE_MAX;
  }
}

void FacetCounts::EndRun() {
  if (run_ == 0) return;
  for (Counter& counter : counters_) {
    if ((run_fails_ & counter.others) != 0) continue;
    const size_t number = NumberOf(counter.field, run_row_);
    if (number < counter.counts.size()) counter.counts[number] += run_;
  }
  run_ = 0;
}

void FacetCounts::Label(const Counter& counter, size_t number,
                        std::vector<std::string>* labels) const {
  const auto text_number = static_cast<uint32_t>(number);
  const auto entries = [&](Table sets, Table texts) {
    for (const uint32_t entry : columns_.set(sets, text_number)) {
      labels->emplace_back(columns_.text(texts, entry));
    }
  };
  switch (counter.field) {
    case v1::SEARCH_FACET_FIELD_STATE:
      labels->emplace_back(columns_.head(Table::kStates, text_number));
      break;
    case v1::SEARCH_FACET_FIELD_REGION:
      labels->emplace_back(columns_.tail(Table::kStates, text_number));
      break;
    case v1::SEARCH_FACET_FIELD_LANGUAGE:
      labels->emplace_back(columns_.text(Table::kLanguages, text_number));
      break;
    case v1::SEARCH_FACET_FIELD_TYPE:
      labels->push_back(TypeLabel(static_cast<int>(number)));
      break;
    case v1::SEARCH_FACET_FIELD_KIND:
      labels->push_back(static_cast<DocumentKind>(number) == DocumentKind::kLaw
                            ? "law"
                            : "authority");
      break;
    case v1::SEARCH_FACET_FIELD_YEAR:
      if (number > 0) {
        labels->push_back(absl::StrCat(static_cast<int>(number) + kYearMin));
      }
      break;
    case v1::SEARCH_FACET_FIELD_TREATY:
      entries(Table::kArticleSets, Table::kArticles);
      break;
    case v1::SEARCH_FACET_FIELD_SUBJECT:
      entries(Table::kSubjectSets, Table::kSubjects);
      break;
    default:
      break;
  }
}

std::vector<v1::SearchFacet> FacetCounts::Take(int values_max) {
  EndRun();
  std::vector<v1::SearchFacet> facets;
  for (const Counter& counter : counters_) {
    // Several numbers may have one label.
    std::map<std::string, int64_t> by_label;
    for (size_t number = 0; number < counter.counts.size(); ++number) {
      if (counter.counts[number] == 0) continue;
      std::vector<std::string> labels;
      Label(counter, number, &labels);
      for (const std::string& label : labels) {
        if (!label.empty()) by_label[label] += counter.counts[number];
      }
    }
    std::vector<std::pair<std::string, int64_t>> values(by_label.begin(),
                                                        by_label.end());
    std::stable_sort(
        values.begin(), values.end(),
        [](const auto& a, const auto& b) { return a.second > b.second; });
    v1::SearchFacet facet;
    facet.set_field(counter.field);
    facet.set_values_total(static_cast<int>(values.size()));
    if (values.size() > static_cast<size_t>(values_max)) {
      values.resize(static_cast<size_t>(values_max));
    }
    for (const auto& [label, count] : values) {
      v1::SearchFacet::Value* value = facet.add_values();
      value->set_value(label);
      value->set_count(count);
    }
    facets.push_back(std::move(facet));
  }
  return facets;
}

// RowSource
// ------------------------------------------------------------------------

bool RowSource::Accepts(Xapian::docid document) {
  const Row& row = columns_.row(document);
  if (row.kind == DocumentKind::kNone) return false;
  const uint32_t fails = filter_.Fails(row) & bits_;
  if (sink_ != nullptr) sink_->See(document, row, fails);
  return fails == 0;
}

void RowSource::next(double) {
  while (++at_ < columns_.rows_end() && !Accepts(at_)) {
  }
}

void RowSource::skip_to(Xapian::docid document, double) {
  if (document <= at_) return;
  at_ = document;
  while (at_ < columns_.rows_end() && !Accepts(at_)) ++at_;
}

bool RowSource::check(Xapian::docid document, double) {
  if (document <= at_) return true;
  if (!Accepts(document)) return false;
  at_ = document;
  return true;
}

}  // namespace comity::index
