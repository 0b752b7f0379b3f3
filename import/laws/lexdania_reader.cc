#include "import/laws/lexdania_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

const Dialect& GetDialect() {
  static const auto* const kDialect = [] {
    auto* dialect = new Dialect;
    dialect->groupings = {{"Bog", Kind::KIND_BOOK},
                          {"Del", Kind::KIND_PART},
                          {"Afsnit", Kind::KIND_PART},
                          {"Kapitel", Kind::KIND_CHAPTER},
                          {"Underkapitel", Kind::KIND_DIVISION}};
    dialect->basics = {{"Paragraf", Kind::KIND_SECTION},
                       {"Artikel", Kind::KIND_ARTICLE}};
    dialect->schedules = {"Bilag"};
    dialect->preambles = {"Indledning", "Hymne"};
    dialect->closings = {"UnderskriftGruppe", "Ikraft", "Noter"};
    dialect->wrappers = {"DokumentIndhold", "ParagrafGruppe", "BilagGruppe",
                         "AendringsNummerGruppe", "IndholdGruppe"};
    dialect->numbers = {"Explicatus"};
    dialect->headings = {"Rubrica", "Titel"};
    dialect->left_out = {"Meta", "TitelGruppe", "IndholdsFortegnelse"};
    dialect->quotations = {"AendringNyTekst", "Citat"};
    dialect->text.blocks = {
        "Stk",         "Exitus", "Linea",    "Index", "Indentatio",
        "Rubrica",     "tr",     "Paragraf", "Titel", "UnderskriftStedDato",
        "Underskriver"};
    dialect->text.labels = {"Explicatus"};
    dialect->text.skipped = {"Meta", "NoteRef", "Billede"};
    dialect->text.notes = {"Note", "Fodnote"};
    return dialect;
  }();
  return *kDialect;
}

std::string TextOf(const Node* node) {
  return node == nullptr ? "" : Tidy(node->Text());
}

}  // namespace

bool IsLexDania(const Input& input) {
  const Node& root = input.markup->root();
  return root.name == "Dokument" && root.Child("DokumentIndhold") != nullptr;
}

absl::Status ReadLexDania(const Input& input,
                          std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  SetLanguage(input, "da", Statement::kCertain, "", &document);
  document.state = "DNK";
  v1::Law& law = document.law;
  if (const Node* titles = root.Child("TitelGruppe"); titles != nullptr) {
    SetTitle(TextOf(titles->Child("Titel")), &document);
  }
  if (const Node* meta = root.Child("Meta"); meta != nullptr) {
    if (document.expression.title().empty()) {
      SetTitle(TextOf(meta->Child("DocumentTitle")), &document);
    }
    law.set_type_as_stated(TextOf(meta->Child("DocumentType")));
    law.set_type(absl::StartsWith(law.type_as_stated(), "LOV") ||
                         absl::StartsWith(law.type_as_stated(), "LBK")
                     ? v1::LAW_TYPE_ACT
                     : v1::LAW_TYPE_DECREE);
    const std::string number = TextOf(meta->Child("Number"));
    const std::string year = TextOf(meta->Child("Year"));
    if (!number.empty()) law.set_number(absl::StrCat(number, "/", year));
    law.set_adopted(PartialDay(TextOf(meta->Child("DiesSigni"))));
    law.set_published(PartialDay(TextOf(meta->Child("DiesEdicti"))));
    SetValidFrom(TextOf(meta->Child("StartDate")), &document);
    SetValidUntil(TextOf(meta->Child("EndDate")), &document);
    const std::string status = TextOf(meta->Child("Status"));
    if (status == "Valid") law.set_status(v1::LAW_STATUS_IN_FORCE);
    if (status == "Historic") law.set_status(v1::LAW_STATUS_REPEALED);
    document.source_id = TextOf(meta->Child("AccessionNumber"));
    if (!document.source_id.empty()) {
      law.set_uri(absl::StrCat("https://www.retsinformation.dk/eli/accn/",
                               document.source_id));
    }
  }
  XmlWalker walker(&GetDialect(), &document);
  walker.Walk(root);
  return walker.Finish();
}

}  // namespace comity::laws
