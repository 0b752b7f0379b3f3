#include "import/laws/clml_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

const Dialect& GetDialect() {
  static const auto* const kDialect = [] {
    auto* dialect = new Dialect;
    dialect->text.blocks = {
        "Text",      "Para",      "P",         "P1",       "P2",
        "P3",        "P4",        "P5",        "P6",       "P1para",
        "P2para",    "P3para",    "P4para",    "P5para",   "P6para",
        "P1group",   "P2group",   "P3group",   "Title",    "ListItem",
        "tr",        "Number",    "LongTitle", "DateText", "Pblock",
        "PsubBlock", "Reference", "BlockText", "Tabular",  "TitleBlock",
        "Part",      "Chapter",   "Schedule"};
    dialect->text.labels = {"Pnumber", "ItemNumber"};
    dialect->text.parenthesised_in = {"P2", "P3", "P4", "P5", "P6"};
    dialect->text.skipped = {"CommentaryRef", "FootnoteRef", "MarginNoteRef",
                             "Image",         "Versions",    "Resources",
                             "Metadata"};
    return dialect;
  }();
  return *kDialect;
}

class Reader {
 public:
  explicit Reader(LawDocument* document)
      : document_(document), walker_(&GetDialect(), document) {}

  void Body(const Node& node, int parent, absl::string_view heading);
  void Preliminaries(const Node& node);
  absl::Status Finish() { return walker_.Finish(); }

 private:
  int Add(v1::Provision::Kind kind, int parent, const Node& node);
  void Section(const Node& node, int parent, absl::string_view heading);
  void Text(const std::vector<const Node*>& nodes, int index) {
    AddParagraphs(Paragraphs(nodes, GetDialect().text), index,
                  &walker_.provisions());
  }

  LawDocument* const document_;
  XmlWalker walker_;
  bool in_schedule_ = false;
};

std::string LineOf(const Node* node) {
  return node == nullptr ? "" : Line(*node, GetDialect().text);
}

int Reader::Add(v1::Provision::Kind kind, int parent, const Node& node) {
  Provisions::Entry entry;
  entry.kind = kind;
  entry.parent = parent;
  entry.label = LineOf(node.Child("Number"));
  if (entry.label.empty()) entry.label = LineOf(node.Child("Pnumber"));
  entry.number = NumberOf(entry.label, "en");
  std::vector<std::string> headings;
  for (const Node* child : node.children) {
    if (child->name == "Title" || child->name == "Subtitle") {
      headings.push_back(LineOf(child));
    } else if (child->name == "TitleBlock") {
      for (const Node* title : child->children) {
        if (title->name == "Title" || title->name == "Subtitle") {
          headings.push_back(LineOf(title));
        }
      }
    }
  }
  entry.heading = absl::StrJoin(headings, " ");
  return walker_.provisions().Add(std::move(entry));
}

// P1: a section, or a paragraph of a schedule.
void Reader::Section(const Node& node, int parent, absl::string_view heading) {
  const int index =
      Add(in_schedule_ ? Kind::KIND_SCHEDULE_PARAGRAPH : Kind::KIND_SECTION,
          parent, node);
  if (!heading.empty()) {
    walker_.provisions().at(index).heading = std::string(heading);
  }
  std::vector<const Node*> rest;
  for (const Node* child : node.children) {
    if (child->name != "Pnumber" && child->name != "Title") {
      rest.push_back(child);
    }
  }
  Text(rest, index);
}

void Reader::Body(const Node& node, int parent, absl::string_view heading) {
  int sections = 0;
  for (const Node* child : node.children) {
    const std::string& name = child->name;
    if (name == "P1") {
      // A heading stands over the first of a group.
      Section(*child, parent, sections++ == 0 ? heading : "");
    } else if (name == "P1group") {
      if (child->Find("P1") != nullptr) {
        Body(*child, parent, LineOf(child->Child("Title")));
      } else {
        Body(*child, Add(Kind::KIND_HEADING, parent, *child), "");
      }
    } else if (name == "Group" || name == "Part") {
      Body(*child, Add(Kind::KIND_PART, parent, *child), "");
    } else if (name == "Chapter") {
      const std::string label = LineOf(child->Child("Number"));
      if (in_schedule_ && absl::StartsWithIgnoreCase(label, "article")) {
        // A treaty's articles, set as chapters of a schedule.
        const int index = Add(Kind::KIND_SCHEDULE_PARAGRAPH, parent, *child);
        std::vector<const Node*> rest;
        for (const Node* inner : child->children) {
          if (inner->name != "Number" && inner->name != "Title") {
            rest.push_back(inner);
          }
        }
        Text(rest, index);
      } else {
        Body(*child, Add(Kind::KIND_CHAPTER, parent, *child), "");
      }
    } else if (name == "Pblock" || name == "PsubBlock") {
      Body(*child, Add(Kind::KIND_HEADING, parent, *child), "");
    } else if (name == "Schedule") {
      const bool outer = std::exchange(in_schedule_, true);
      Body(*child, Add(Kind::KIND_SCHEDULE, Provisions::kNone, *child), "");
      in_schedule_ = outer;
    } else if (name == "Schedules" || name == "ScheduleBody" ||
               name == "Appendix" || name == "EUBody" || name == "P1para") {
      Body(*child, parent, "");
    } else if (name == "SignedSection" || name == "ExplanatoryNotes" ||
               name == "EarlierOrders") {
      walker_.AddAll(*child, Kind::KIND_CLOSING, Provisions::kNone);
    } else if (name == "Number" || name == "Title" || name == "Subtitle" ||
               name == "TitleBlock" || name == "Pnumber" || child->is_text()) {
      continue;
    } else {
      int index = parent;
      if (index == Provisions::kNone) {
        Provisions::Entry entry;
        entry.kind = Kind::KIND_TEXT;
        index = walker_.provisions().Add(std::move(entry));
      }
      Text({child}, index);
    }
  }
}

void Reader::Preliminaries(const Node& node) {
  walker_.AddAll(node, Kind::KIND_PREAMBLE, Provisions::kNone);
}

std::string MetadataValue(const Node& root, absl::string_view name,
                          absl::string_view key) {
  const Node* node = root.Find(name);
  return node == nullptr ? "" : std::string(node->Attribute(key));
}

void ReadMetadata(const Node& root, LawDocument* document) {
  v1::Law& law = document->law;
  const Node* metadata = root.Child("Metadata");
  law.set_uri(std::string(root.Attribute("IdURI")));
  if (law.uri().empty())
    law.set_uri(std::string(root.Attribute("DocumentURI")));
  document->state = "GBR";
  SetValidFrom(root.Attribute("RestrictStartDate"), document);
  if (metadata == nullptr) return;
  if (const Node* title = metadata->Child("title"); title != nullptr) {
    SetTitle(title->Text(), document);
  }
  const std::string type =
      MetadataValue(*metadata, "DocumentMainType", "Value");
  law.set_type_as_stated(type);
  law.set_type(type.find("Act") != std::string::npos ? v1::LAW_TYPE_ACT
                                                     : v1::LAW_TYPE_DECREE);
  law.set_adopted(
      PartialDay(MetadataValue(*metadata, "EnactmentDate", "Date")));
  if (law.adopted().empty()) {
    law.set_adopted(PartialDay(MetadataValue(*metadata, "Made", "Date")));
  }
  if (const Node* number = root.Find("PrimaryPrelims"); number != nullptr) {
    law.set_number(LineOf(number->Child("Number")));
  }
  if (law.number().empty()) {
    const std::string value = MetadataValue(*metadata, "Number", "Value");
    const std::string year = MetadataValue(*metadata, "Year", "Value");
    if (!value.empty()) law.set_number(absl::StrCat(year, " No. ", value));
  }
}

}  // namespace

bool IsClml(const Input& input) {
  return input.markup->root().name == "Legislation" &&
         absl::StrContains(input.markup->root_namespace(),
                           "legislation.gov.uk");
}

absl::Status ReadClml(const Input& input, std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  const Node* language = root.Find("language");
  SetLanguage(input, language == nullptr ? "en" : Tidy(language->Text()),
              Statement::kCertain, "", &document);
  ReadMetadata(root, &document);
  Reader reader(&document);
  for (const Node* part : root.children) {
    if (part->name != "Primary" && part->name != "Secondary" &&
        part->name != "EURetained" && part->name != "Body") {
      continue;
    }
    for (const Node* child : part->children) {
      if (absl::EndsWith(child->name, "Prelims")) {
        reader.Preliminaries(*child);
      } else if (child->name == "Body" || child->name == "EUBody") {
        reader.Body(*child, Provisions::kNone, "");
      } else if (child->name == "Schedules") {
        reader.Body(*child, Provisions::kNone, "");
      } else if (!child->is_text()) {
        Node one;
        one.children = {child};
        reader.Body(one, Provisions::kNone, "");
      }
    }
  }
  return reader.Finish();
}

}  // namespace comity::laws
