#include "tests/bench/bare_index.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/dates.h"
#include "base/languages.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "index/documents.h"
#include "index/fields.h"
#include "index/query_builder.h"
#include "index/query_parser.h"
#include "index/xapian_guard.h"

namespace comity::bench {
namespace {

namespace fields = ::comity::index::fields;

using Steady = std::chrono::steady_clock;

constexpr uint32_t kGapPositions = 100;

// The terms of a document, gathered first, which is faster than to give them to
// Xapian word by word.
class BareDocument {
 public:
  explicit BareDocument(index::Analyzer* analyzer) : analyzer_(analyzer) {}

  void AddText(const std::string& text, absl::string_view prefix,
               const Language& language) {
    const uint32_t first = next_;
    const uint32_t used =
        analyzer_->Analyze(text, language, [&](const index::Token& token) {
          if (token.kind == index::TokenKind::kNumber) {
            ++terms_[fields::Term(fields::kNumber, token.term)].more;
            return;
          }
          for (const absl::string_view of : {absl::string_view(), prefix}) {
            Term& term = terms_[fields::Term(of, token.term)];
            if (token.kind == index::TokenKind::kPair) {
              ++term.more;
            } else {
              term.positions.push_back(first + token.position);
            }
            if (!token.stem.empty()) {
              ++terms_[fields::StemTerm(of, token.stem)].more;
            }
            if (prefix.empty()) break;
          }
        });
    next_ = first + used + kGapPositions;
  }

  Xapian::Document Make(const std::string& data,
                        const std::vector<std::string>& filters) {
    Xapian::Document document;
    document.set_data(data);
    for (const auto& [text, term] : terms_) {
      for (const uint32_t position : term.positions) {
        document.add_posting(text, position);
      }
      if (term.more > 0) document.add_term(text, term.more);
    }
    for (const std::string& filter : filters) {
      document.add_boolean_term(filter);
    }
    return document;
  }

 private:
  struct Term {
    std::vector<uint32_t> positions;
    uint32_t more = 0;
  };

  index::Analyzer* const analyzer_;
  absl::flat_hash_map<std::string, Term> terms_;
  uint32_t next_ = 1;
};

std::vector<std::string> FiltersOf(const SyntheticLibrary::Law& of) {
  const v1::Law& law = of.law;
  const std::vector<std::string> parts = absl::StrSplit(law.name(), '/');
  const int year = static_cast<int>(DayFromNumber(index::DayOfLaw(law)).year());
  return {fields::Term(fields::kLaw, law.name()),
          fields::Term(fields::kKind, "law"),
          fields::LowerTerm(fields::kState, parts[1]),
          fields::Term(fields::kType, index::TypeLabel(law.type())),
          fields::YearTerm(year),
          fields::DecadeTerm(year),
          fields::Term(fields::kSubject, index::SubjectLabel(law.subjects(0))),
          fields::Term(fields::kLanguage, of.language)};
}

}  // namespace

absl::StatusOr<double> IndexBare(const SyntheticLibrary& library,
                                 size_t laws_max, int flush_documents,
                                 const std::string& folder) {
  ASSIGN_OR_RETURN(const std::unique_ptr<index::Analyzer> analyzer,
                   index::Analyzer::Create());
  const auto start = Steady::now();
  RETURN_IF_ERROR(index::Guard([&] {
    Xapian::WritableDatabase database(folder, Xapian::DB_CREATE,
                                      flush_documents);
    size_t laws = 0;
    for (const SyntheticLibrary::Law& law : library.laws()) {
      if (laws++ == laws_max) break;
      const Language& language = *FindLanguage(law.language);
      const std::vector<std::string> filters = FiltersOf(law);
      for (const v1::Provision& provision : law.provisions) {
        BareDocument document(analyzer.get());
        document.AddText(law.law.titles(0).text(), fields::kTitle, language);
        document.AddText(provision.heading(), fields::kHeading, language);
        document.AddText(provision.label(), fields::kText, language);
        document.AddText(provision.text(), fields::kText, language);
        std::vector<std::string> of = filters;
        of.push_back(fields::Term(
            fields::kName,
            absl::StrCat(law.law.name(), "/expressions/", law.language,
                         "@undated/provisions/", provision.name())));
        of.push_back(fields::Term(fields::kOwnNumber, provision.number()));
        database.add_document(document.Make(provision.name(), of));
      }
    }
    database.commit();
  }));
  return std::chrono::duration<double>(Steady::now() - start).count();
}

Xapian::Query BareQuery(const std::string& query,
                        const Xapian::Database& database,
                        index::Analyzer* analyzer) {
  const index::ParsedQuery parsed = index::ParseQuery(query, {}, analyzer);
  if (parsed.root.kind == index::Node::Kind::kPhrase &&
      parsed.root.tokens.size() > 1) {
    std::vector<std::string> terms;
    for (const index::QueryToken& token : parsed.root.tokens) {
      terms.push_back(fields::Term(fields::kText, token.term));
    }
    return Xapian::Query(Xapian::Query::OP_PHRASE, terms.begin(), terms.end(),
                         static_cast<Xapian::termcount>(terms.size()));
  }
  return index::BuildQuery(parsed.root, index::Ranking(),
                           limits::kPhraseDocumentsMax, database)
      .ranked;
}

}  // namespace comity::bench
