#include "import/laws/uslm_reader.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

const Dialect& GetDialect() {
  static const auto* const kDialect = [] {
    auto* dialect = new Dialect;
    dialect->groupings = {
        {"title", Kind::KIND_TITLE},       {"subtitle", Kind::KIND_TITLE},
        {"part", Kind::KIND_PART},         {"subpart", Kind::KIND_PART},
        {"chapter", Kind::KIND_CHAPTER},   {"subchapter", Kind::KIND_CHAPTER},
        {"division", Kind::KIND_DIVISION}, {"subdivision", Kind::KIND_DIVISION},
        {"article", Kind::KIND_DIVISION},  {"subarticle", Kind::KIND_DIVISION},
    };
    dialect->basics = {{"section", Kind::KIND_SECTION},
                       {"courtRule", Kind::KIND_SECTION},
                       {"reorganizationPlan", Kind::KIND_SECTION}};
    dialect->schedules = {"appendix", "schedule"};
    dialect->preambles = {"longTitle", "preamble", "preface",
                          "enactingFormula"};
    dialect->closings = {"legislativeHistory", "action", "signatures",
                         "endnotes"};
    dialect->wrappers = {"main",       "content",     "level",
                         "appendices", "attachments", "compiledAct"};
    dialect->numbers = {"num"};
    dialect->headings = {"heading", "subheading"};
    dialect->left_out = {"meta",     "endMarker", "toc",   "page",
                         "sidenote", "note",      "notes", "sourceCredit"};
    dialect->quotations = {"quotedContent", "quotedText"};
    dialect->text.blocks = {"p",
                            "content",
                            "subsection",
                            "paragraph",
                            "subparagraph",
                            "clause",
                            "subclause",
                            "item",
                            "subitem",
                            "chapeau",
                            "continuation",
                            "quotedContent",
                            "section",
                            "docTitle",
                            "officialTitle",
                            "enactingFormula",
                            "heading",
                            "tr",
                            "actionDescription",
                            "block",
                            "level",
                            "note"};
    dialect->text.labels = {"num"};
    dialect->text.skipped = {"page", "sidenote", "endMarker",
                             "centerRunningHead", "footnote"};
    return dialect;
  }();
  return *kDialect;
}

std::string TextOf(const Node* node) {
  return node == nullptr ? "" : Tidy(node->Text());
}

}  // namespace

bool IsUslm(const Input& input) {
  return absl::StrContains(input.markup->root_namespace(), "xml/uslm") ||
         absl::StrContains(input.markup->root_namespace(),
                           "xml.house.gov/schemas/uslm");
}

absl::Status ReadUslm(const Input& input, std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  const Node* meta = root.Child("meta");
  std::string language(root.Attribute("lang"));
  document.state = "USA";
  v1::Law& law = document.law;
  if (meta != nullptr) {
    if (language.empty()) language = TextOf(meta->Child("language"));
    SetTitle(TextOf(meta->Child("title")), &document);
    law.set_type_as_stated(TextOf(meta->Child("type")));
    law.set_type(LawTypeOf(law.type_as_stated()));
    law.set_number(TextOf(meta->Child("citableAs")));
    law.set_adopted(PartialDay(TextOf(meta->Child("approvedDate"))));
    if (law.number().empty()) law.set_number(TextOf(meta->Child("docNumber")));
  }
  SetLanguage(input, language.empty() ? "en" : language, Statement::kCertain,
              "", &document);
  if (const Node* name = root.Find("shortTitle"); name != nullptr) {
    std::string text = TextOf(name);
    for (const absl::string_view quote : {"“", "”", "‘", "’"}) {
      size_t at = 0;
      while ((at = text.find(std::string(quote))) != std::string::npos) {
        text.erase(at, quote.size());
      }
    }
    v1::LocalizedText* short_title = law.add_short_titles();
    short_title->set_text(text);
    short_title->set_language(document.expression.language());
  }
  XmlWalker walker(&GetDialect(), &document);
  walker.Walk(root);
  return walker.Finish();
}

}  // namespace comity::laws
