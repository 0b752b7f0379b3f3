#include "import/laws/leychile_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "import/laws/labels.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

// Text as the gazette set it: a paragraph begins with an indented line or
// after an empty one.
std::vector<std::string> PrintedParagraphs(absl::string_view text) {
  std::vector<std::string> paragraphs;
  std::string paragraph;
  const auto flush = [&] {
    std::string tidy = Tidy(paragraph);
    if (!tidy.empty()) paragraphs.push_back(std::move(tidy));
    paragraph.clear();
  };
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const bool indented = absl::StartsWith(line, "   ");
    if (indented || Tidy(line).empty()) flush();
    absl::StrAppend(&paragraph, paragraph.empty() ? "" : " ", line);
  }
  flush();
  return paragraphs;
}

std::string TextOf(const Node* node) {
  return node == nullptr ? "" : Tidy(node->Text());
}

v1::Provision::Kind KindOf(absl::string_view type) {
  if (absl::StartsWith(type, "Art")) return Kind::KIND_ARTICLE;
  if (absl::StartsWith(type, "Libro")) return Kind::KIND_BOOK;
  if (absl::StartsWith(type, "T")) return Kind::KIND_TITLE;
  if (absl::StartsWith(type, "Cap")) return Kind::KIND_CHAPTER;
  if (absl::StartsWith(type, "P")) return Kind::KIND_DIVISION;
  return Kind::KIND_HEADING;
}

void Walk(const Node& node, int parent, Provisions* provisions) {
  for (const Node* child : node.children) {
    if (child->name == "EstructurasFuncionales") {
      Walk(*child, parent, provisions);
      continue;
    }
    if (child->name != "EstructuraFuncional") continue;
    Provisions::Entry entry;
    entry.kind = KindOf(child->Attribute("tipoParte"));
    entry.parent = parent;
    if (child->Attribute("derogado") == "derogado") {
      entry.status = v1::LAW_STATUS_REPEALED;
    }
    const Node* text = child->Child("Texto");
    std::vector<std::string> paragraphs = text == nullptr
                                              ? std::vector<std::string>()
                                              : PrintedParagraphs(text->Text());
    if (const Node* meta = child->Child("Metadatos"); meta != nullptr) {
      entry.heading = TextOf(meta->Child("TituloParte"));
      entry.number = NumberOf(TextOf(meta->Child("NombreParte")), "es");
    }
    if (!paragraphs.empty()) {
      absl::string_view first = paragraphs[0];
      absl::ConsumePrefix(&first, "\"");
      absl::ConsumePrefix(&first, "“");
      if (std::optional<Label> label = ParseLabel(first, "es");
          label.has_value()) {
        entry.label = label->label;
        if (entry.number.empty()) entry.number = label->number;
        paragraphs[0] = label->rest;
      } else if (paragraphs[0] == entry.heading) {
        paragraphs[0].clear();
      }
    }
    const int index = provisions->Add(std::move(entry));
    AddParagraphs(paragraphs, index, provisions);
    Walk(*child, index, provisions);
  }
}

void AddAll(const Node* node, v1::Provision::Kind kind,
            Provisions* provisions) {
  if (node == nullptr) return;
  const Node* text = node->Child("Texto");
  if (text == nullptr) return;
  Provisions::Entry entry;
  entry.kind = kind;
  if (const Node* title = node->Find("Titulo"); title != nullptr) {
    entry.heading = TextOf(title);
  }
  const int index = provisions->Add(std::move(entry));
  AddParagraphs(PrintedParagraphs(text->Text()), index, provisions);
}

}  // namespace

bool IsLeyChile(const Input& input) {
  return input.markup->root().name == "Norma" &&
         absl::StrContains(input.markup->root_namespace(), "leychile");
}

absl::Status ReadLeyChile(const Input& input,
                          std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  SetLanguage(input, "es", Statement::kCertain, "", &document);
  document.state = "CHL";
  document.source_id = std::string(root.Attribute("normaId"));
  v1::Law& law = document.law;
  if (!document.source_id.empty()) {
    law.set_uri(absl::StrCat("https://www.leychile.cl/navegar?idNorma=",
                             document.source_id));
  }
  SetValidFrom(root.Attribute("fechaVersion"), &document);
  if (root.Attribute("derogado") == "derogado") {
    law.set_status(v1::LAW_STATUS_REPEALED);
  }
  if (const Node* identity = root.Child("Identificador"); identity != nullptr) {
    law.set_adopted(PartialDay(identity->Attribute("fechaPromulgacion")));
    law.set_published(PartialDay(identity->Attribute("fechaPublicacion")));
    law.set_type_as_stated(TextOf(identity->Find("Tipo")));
    law.set_type(LawTypeOf(law.type_as_stated()));
    law.set_number(TextOf(identity->Find("Numero")));
  }
  if (const Node* meta = root.Child("Metadatos"); meta != nullptr) {
    SetTitle(TextOf(meta->Child("TituloNorma")), &document);
    for (const Node* subject : meta->FindAll("Materia")) {
      if (law.subjects_size() < 100) law.add_subjects(TextOf(subject));
    }
  }
  Provisions provisions;
  AddAll(root.Child("Encabezado"), Kind::KIND_PREAMBLE, &provisions);
  Walk(root, Provisions::kNone, &provisions);
  AddAll(root.Child("Promulgacion"), Kind::KIND_CLOSING, &provisions);
  if (const Node* annexes = root.Child("Anexos"); annexes != nullptr) {
    for (const Node* annex : annexes->children) {
      AddAll(annex, Kind::KIND_SCHEDULE, &provisions);
    }
  }
  if (provisions.empty()) {
    return absl::InvalidArgumentError("the document has no text");
  }
  return provisions.Finish(&document);
}

}  // namespace comity::laws
