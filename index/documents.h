// Laws and authorities as documents of the index: the terms that they are found
// by, and the rows that they are counted, filtered and ordered by.

#ifndef COMITY_INDEX_DOCUMENTS_H_
#define COMITY_INDEX_DOCUMENTS_H_

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/languages.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/law.pb.h"
#include "index/analyzer.h"
#include "index/columns.h"
#include "index/word_places.h"

namespace comity::index {

// A text of a law, without its provisions.
struct TextInput {
  // Name of the expression, and of its version.
  std::string expression;
  uint64_t sequence = 0;
  // BCP 47.
  std::string language;
  // As this text has it; may be empty.
  std::string title;
};

// A law with all that is to be found of it.
struct LawInput {
  using Visit = absl::FunctionRef<bool(const v1::Provision&)>;

  v1::Law law;
  // UN M49 region of its State, English; empty: none.
  std::string region;
  std::vector<v1::Mapping> mappings;
  std::vector<TextInput> texts;
  // Calls `visit` with the provisions of a text in their order until it returns
  // false. Called from the thread that indexes.
  std::function<absl::Status(const TextInput& text, Visit visit)> read;
};

// An authority with what its designations say.
struct OfficeInput {
  v1::Authority authority;
  std::string region;
  // Names of the State and titles of the functions, in any language.
  std::vector<std::string> state_names;
  std::vector<std::string> function_names;
  // Of the treaties and articles of its designations: `untoc`, `untoc/18(13)`.
  std::vector<std::string> articles;
};

// Day by which a law is ordered and filtered: adopted, else published, else in
// force; the first of a partial day. kNoDay if it states none.
int32_t DayOfLaw(const v1::Law& law);

// `act` for LAW_TYPE_ACT; empty for LAW_TYPE_UNSPECIFIED.
std::string TypeLabel(int type);
// LawType of a label, LAW_TYPE_UNSPECIFIED if it is none.
v1::LawType TypeOfLabel(absl::string_view label);

// A subject in the form in which it is filtered.
std::string SubjectLabel(absl::string_view subject);

// The tag under which a language is indexed: of the table's row, else as given.
std::string LanguageLabel(absl::string_view tag);

// Makes the documents of laws and authorities. One thread at a time; analyzer
// and columns must outlive it.
class DocumentMaker {
 public:
  struct Made {
    // Unique.
    std::string name_term;
    Row row;
    // Fills the document; only where its digest is a new one.
    std::function<Xapian::Document()> document;
  };
  using Sink = absl::FunctionRef<absl::Status(const Made&)>;

  DocumentMaker(Analyzer* analyzer, ColumnsWriter* columns)
      : analyzer_(analyzer), columns_(columns) {}

  // Gives one document for each provision, or one of the law where there is
  // none.
  absl::Status MakeLaw(const LawInput& input, Sink sink);
  absl::Status MakeOffice(const OfficeInput& input, Sink sink);

  // The term that all documents of a law or authority have.
  static std::string RecordTerm(absl::string_view name);
  // The term of the document alone.
  static std::string NameTerm(absl::string_view name);

 private:
  struct Terms;
  struct LawFacts;

  void AddText(absl::string_view text, Part part, const Language& language,
               Terms* terms);
  LawFacts FactsOf(const LawInput& input, const TextInput* text);
  absl::Status MakeProvision(const LawInput& input, const TextInput& text,
                             const LawFacts& facts,
                             const v1::Provision& provision, Sink sink);

  Analyzer* const analyzer_;
  ColumnsWriter* const columns_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_DOCUMENTS_H_
