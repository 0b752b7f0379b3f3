#include "import/laws/akoma_ntoso_reader.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "import/laws/limits.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

const Dialect& GetDialect() {
  static const auto* const kDialect = [] {
    auto* dialect = new Dialect;
    dialect->groupings = {
        {"book", Kind::KIND_BOOK},         {"tome", Kind::KIND_BOOK},
        {"part", Kind::KIND_PART},         {"subpart", Kind::KIND_PART},
        {"title", Kind::KIND_TITLE},       {"subtitle", Kind::KIND_TITLE},
        {"chapter", Kind::KIND_CHAPTER},   {"subchapter", Kind::KIND_CHAPTER},
        {"division", Kind::KIND_DIVISION}, {"subdivision", Kind::KIND_DIVISION},
        {"proviso", Kind::KIND_HEADING},   {"crossHeading", Kind::KIND_HEADING},
    };
    dialect->basics = {{"article", Kind::KIND_ARTICLE},
                       {"section", Kind::KIND_SECTION},
                       {"rule", Kind::KIND_SECTION}};
    dialect->schedules = {"attachment", "annex"};
    dialect->preambles = {"preface", "preamble", "coverPage"};
    dialect->closings = {"conclusions"};
    dialect->wrappers = {"hcontainer", "container",   "body",
                         "mainBody",   "attachments", "components",
                         "component",  "clause",      "interstitial"};
    dialect->numbers = {"num"};
    dialect->headings = {"heading", "subheading"};
    dialect->left_out = {"meta", "eop", "eol"};
    dialect->quotations = {"quotedStructure", "embeddedStructure",
                           "embeddedText", "quotedText"};
    dialect->text.blocks = {"p",
                            "content",
                            "paragraph",
                            "subsection",
                            "item",
                            "point",
                            "indent",
                            "alinea",
                            "intro",
                            "wrapUp",
                            "li",
                            "tr",
                            "listIntroduction",
                            "listConclusion",
                            "blockList",
                            "level",
                            "heading",
                            "subheading",
                            "longTitle",
                            "formula",
                            "recital",
                            "citation",
                            "clause",
                            "subclause",
                            "subparagraph",
                            "subdivision",
                            "hcontainer",
                            "container",
                            "block",
                            "blockContainer",
                            "signature",
                            "article",
                            "section",
                            "chapter"};
    dialect->text.labels = {"num"};
    dialect->text.skipped = {"meta", "eop", "eol", "noteRef", "img"};
    dialect->text.notes = {"authorialNote", "note"};
    return dialect;
  }();
  return *kDialect;
}

constexpr absl::string_view kWorks[] = {"act",
                                        "bill",
                                        "doc",
                                        "judgment",
                                        "statement",
                                        "debateReport",
                                        "officialGazette",
                                        "documentCollection"};

bool IsWork(absl::string_view name) {
  for (const absl::string_view work : kWorks) {
    if (name == work) return true;
  }
  return false;
}

// Works of the file, those in collections and components too: each has an
// identification of its own.
void FindWorks(const Node& node, std::vector<const Node*>* works) {
  for (const Node* child : node.children) {
    if (child->is_text()) continue;
    const bool has_text = child->Child("body") != nullptr ||
                          child->Child("mainBody") != nullptr ||
                          child->Child("judgmentBody") != nullptr;
    if (IsWork(child->name) && has_text) {
      works->push_back(child);
      continue;
    }
    FindWorks(*child, works);
  }
}

std::string Value(const Node* node, absl::string_view key) {
  return node == nullptr ? "" : std::string(node->Attribute(key));
}

void ReadDates(const Node& level, bool of_work, LawDocument* document) {
  v1::Law& law = document->law;
  for (const Node* date : level.children) {
    if (date->name != "FRBRdate") continue;
    const std::string day = PartialDay(date->Attribute("date"));
    std::string name(date->Attribute("name"));
    if (const size_t colon = name.rfind(':'); colon != std::string::npos) {
      name.erase(0, colon + 1);
    }
    if (day.empty()) continue;
    if (of_work) {
      if (name == "dateIssued" || name == "dateDocument" ||
          name == "document" || name == "enactment" || name == "Generation" ||
          name == "promulgation" || name == "passed") {
        law.set_adopted(day);
      } else if (name == "datePublished" || name == "publication") {
        law.set_published(day);
      } else if (name == "dateEntryInForce" || name == "commencement") {
        law.set_in_force(day);
      }
    }
    if (name == "dateApplicability" || name == "dateConsolidated" ||
        name == "point-in-time" || name == "validFrom") {
      SetValidFrom(day, document);
    }
  }
}

// What Legilux and Finlex keep outside the identification.
void ReadOwnMetadata(const Node& meta, LawDocument* document) {
  v1::Law& law = document->law;
  for (const Node* jolux : meta.FindAll("jolux")) {
    const absl::string_view name = jolux->Attribute("name");
    const std::string value = Tidy(jolux->Text());
    if (name == "publicationDate") law.set_published(PartialDay(value));
    if (name == "dateDocument") law.set_adopted(PartialDay(value));
    if (name == "dateEntryInForce") law.set_in_force(PartialDay(value));
    if (name == "dateApplicability") SetValidFrom(value, document);
    if (name == "typeDocument") {
      const size_t slash = value.rfind('/');
      law.set_type_as_stated(
          value.substr(slash == std::string::npos ? 0 : slash + 1));
    }
    const auto relation = [&](v1::LawRelation::Kind kind) {
      v1::LawRelation* added = law.add_relations();
      added->set_kind(kind);
      added->set_citation(value);
    };
    if (law.relations_size() > 200) continue;
    if (name == "modifies") relation(v1::LawRelation::KIND_AMENDS);
    if (name == "repeals") relation(v1::LawRelation::KIND_REPEALS);
    if (name == "cites") relation(v1::LawRelation::KIND_CITES);
  }
  const Node* proprietary = meta.Child("proprietary");
  if (proprietary == nullptr) return;
  if (const Node* in_force = proprietary->Child("inForce");
      in_force != nullptr) {
    if (const Node* entry = in_force->Find("dateEntryIntoForce");
        entry != nullptr) {
      law.set_in_force(PartialDay(entry->Attribute("date")));
    }
  }
  if (const Node* state = proprietary->Child("isInForce"); state != nullptr) {
    if (state->Attribute("value") == "true") {
      law.set_status(v1::LAW_STATUS_IN_FORCE);
    } else if (state->Attribute("value") == "false") {
      law.set_status(v1::LAW_STATUS_REPEALED);
    }
  }
}

void ReadWork(const Node& work, LawDocument* document) {
  v1::Law& law = document->law;
  ReadDates(work, /*of_work=*/true, document);
  law.set_number(Value(work.Child("FRBRnumber"), "value"));
  document->state = StateCode(Value(work.Child("FRBRcountry"), "value"));
  for (const Node* child : work.children) {
    if (child->name == "FRBRname") {
      const std::string title = Tidy(child->Attribute("value"));
      const std::string short_form = Tidy(child->Attribute("shortForm"));
      const std::string language(child->Attribute("lang"));
      if (!title.empty() && !language.empty()) {
        v1::LocalizedText* added = law.add_titles();
        added->set_text(title);
        added->set_language(language);
      }
      if (!short_form.empty()) {
        v1::LocalizedText* added = law.add_short_titles();
        added->set_text(short_form);
        added->set_language(language);
      }
    }
  }
  law.set_uri(Value(work.Child("FRBRuri"), "value"));
  for (const Node* child : work.children) {
    const absl::string_view value = child->Attribute("value");
    if (child->name == "FRBRalias" && absl::StartsWith(value, "http")) {
      law.set_uri(std::string(value));
      break;
    }
  }
  if (law.uri().empty()) law.set_uri(Value(work.Child("FRBRthis"), "value"));
}

absl::Status ReadDocument(const Input& input, const Node& act,
                          std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Dialect& dialect = GetDialect();
  std::string language;
  if (const Node* meta = act.Child("meta"); meta != nullptr) {
    if (const Node* work = meta->Find("FRBRWork"); work != nullptr) {
      ReadWork(*work, &document);
    }
    if (const Node* expression = meta->Find("FRBRExpression");
        expression != nullptr) {
      ReadDates(*expression, /*of_work=*/false, &document);
      language = Value(expression->Child("FRBRlanguage"), "language");
    }
    ReadOwnMetadata(*meta, &document);
  }
  SetLanguage(input, language, Statement::kCertain,
              language.empty() ? act.Text() : std::string(), &document);
  if (act.name == "judgment") document.law.set_type(v1::LAW_TYPE_JUDGMENT);
  // The title as the text has it, else of its long title.
  for (const absl::string_view name : {"docTitle", "longTitle", "shortTitle"}) {
    const Node* title = act.Find(name);
    if (title == nullptr) continue;
    const std::string text = Line(*title, dialect.text);
    if (text.empty()) continue;
    SetTitle(text, &document);
    break;
  }
  if (document.law.number().empty()) {
    if (const Node* number = act.Find("docNumber"); number != nullptr) {
      document.law.set_number(Tidy(number->Text()));
    }
  }
  if (const Node* type = act.Find("docType"); type != nullptr) {
    document.law.set_type_as_stated(Tidy(type->Text()));
  }
  XmlWalker walker(&dialect, &document);
  for (const Node* child : act.children) {
    if (child->is_text()) continue;
    if (child->name == "body" || child->name == "mainBody" ||
        child->name == "judgmentBody") {
      // Finlex keeps signatures and preparatory work in its body.
      Node body;
      for (const Node* part : child->children) {
        if (part->name == "hcontainer" &&
            part->Attribute("name") == "conclusions") {
          walker.Walk(body);
          body.children.clear();
          walker.AddAll(*part, Kind::KIND_CLOSING, Provisions::kNone);
        } else {
          body.children.push_back(part);
        }
      }
      walker.Walk(body);
    } else {
      Node one;
      one.children = {child};
      walker.Walk(one);
    }
  }
  RETURN_IF_ERROR(walker.Finish());
  return absl::OkStatus();
}

}  // namespace

bool IsAkomaNtoso(const Input& input) {
  return absl::EqualsIgnoreCase(input.markup->root().name, "akomaNtoso");
}

absl::Status ReadAkomaNtoso(const Input& input,
                            std::vector<LawDocument>* documents) {
  std::vector<const Node*> works;
  FindWorks(input.markup->root(), &works);
  if (works.empty()) {
    return absl::InvalidArgumentError(
        "the Akoma Ntoso document has no body of a law");
  }
  if (works.size() > law_limits::kDocumentsMax) {
    return absl::ResourceExhaustedError("the file has too many documents");
  }
  for (const Node* work : works) {
    RETURN_IF_ERROR(ReadDocument(input, *work, documents));
  }
  return absl::OkStatus();
}

}  // namespace comity::laws
