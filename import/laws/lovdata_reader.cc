#include "import/laws/lovdata_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/labels.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

bool HasClass(const Node& node, absl::string_view name) {
  const std::string padded = absl::StrCat(" ", node.Attribute("class"), " ");
  return absl::StrContains(padded, absl::StrCat(" ", name, " "));
}

const TextRules& Rules() {
  static const auto* const kRules = [] {
    auto* rules = new TextRules;
    rules->blocks = {"article", "li", "p",  "tr", "ol",     "ul",
                     "h2",      "h3", "h4", "h5", "footer", "table"};
    return rules;
  }();
  return *kRules;
}

class Reader {
 public:
  Provisions provisions;
  std::vector<std::string> notes;

  void Walk(const Node& node, int parent, absl::string_view language);

 private:
  void Article(const Node& node, int parent);
  void Text(const Node& node, int index, absl::string_view label);
};

const Node* HeadingOf(const Node& node) {
  for (const Node* child : node.children) {
    if (child->name.size() == 2 && child->name[0] == 'h' &&
        child->name[1] >= '1' && child->name[1] <= '6') {
      return child;
    }
  }
  return nullptr;
}

// Paragraphs of an article; items of lists with the name that they are shown
// by.
void Reader::Text(const Node& node, int index, absl::string_view label) {
  std::string line = label.empty() ? "" : absl::StrCat(label, " ");
  bool only_label = !label.empty();
  const auto flush = [&] {
    if (!only_label) provisions.AddText(index, line);
    if (!only_label) line.clear();
  };
  for (const Node* child : node.children) {
    if (child->is_text()) {
      line += child->text;
      if (!Tidy(child->text).empty()) only_label = false;
      continue;
    }
    if (HasClass(*child, "changesToParent") || child->name == "footer") {
      notes.push_back(Line(*child, Rules()));
      continue;
    }
    if (HasClass(*child, "footnotereference")) continue;
    if (child->name == "li") {
      flush();
      Text(*child, index, child->Attribute("data-name"));
    } else if (child->name == "ol" || child->name == "ul") {
      flush();
      Text(*child, index, "");
    } else if (child->name == "article" || child->name == "p" ||
               child->name == "table" || child->name == "tr") {
      if (only_label) {
        // The label of an item belongs to its first paragraph.
        Text(*child, index, Tidy(line));
        line.clear();
        only_label = false;
      } else {
        flush();
        Text(*child, index, "");
      }
    } else {
      line += child->name == "sup" ? Superscript(child->Text()) : child->Text();
      only_label = false;
    }
  }
  flush();
}

void Reader::Article(const Node& node, int parent) {
  Provisions::Entry entry;
  entry.kind = Kind::KIND_SECTION;
  entry.parent = parent;
  Node body;
  for (const Node* child : node.children) {
    if (HasClass(*child, "legalArticleHeader")) {
      for (const Node* part : child->FindAll("span")) {
        if (HasClass(*part, "legalArticleValue")) entry.label = part->Text();
        if (HasClass(*part, "legalArticleTitle")) entry.heading = part->Text();
      }
    } else {
      body.children.push_back(child);
    }
  }
  entry.number = NumberOf(Tidy(entry.label), "nb");
  if (entry.heading == "(Opphevet)" || entry.heading == "(Opphevd)") {
    entry.status = v1::LAW_STATUS_REPEALED;
  }
  const int index = provisions.Add(std::move(entry));
  Text(body, index, "");
}

void Reader::Walk(const Node& node, int parent, absl::string_view language) {
  for (const Node* child : node.children) {
    if (child->is_text()) continue;
    if (HasClass(*child, "legalArticle")) {
      Article(*child, parent);
    } else if (child->name == "section") {
      Provisions::Entry entry;
      entry.kind = Kind::KIND_HEADING;
      entry.parent = parent;
      const Node* heading = HeadingOf(*child);
      if (heading != nullptr) {
        entry.heading = Line(*heading, Rules());
        if (std::optional<Label> label = ParseLabel(entry.heading, language);
            label.has_value() && !label->basic()) {
          entry.kind = label->kind;
          entry.label = label->label;
          entry.number = label->number;
          entry.heading = label->rest;
        }
      }
      const int index = provisions.Add(std::move(entry));
      Node body;
      for (const Node* inner : child->children) {
        if (inner != heading) body.children.push_back(inner);
      }
      Walk(body, index, language);
    } else if (child->name == "h1") {
      continue;
    } else {
      int index = parent;
      if (index == Provisions::kNone) {
        Provisions::Entry entry;
        entry.kind = provisions.empty() ? Kind::KIND_PREAMBLE : Kind::KIND_TEXT;
        index = provisions.Add(std::move(entry));
      }
      Node one;
      one.children = {child};
      Text(one, index, "");
    }
  }
}

const Node* FindClass(const Node& node, absl::string_view name) {
  for (const Node* child : node.children) {
    if (child->is_text()) continue;
    if (HasClass(*child, name)) return child;
    if (const Node* found = FindClass(*child, name); found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

// The value beside a name in the list at the head of the page.
std::string Fact(const Node& header, absl::string_view name) {
  for (const Node* fact : header.FindAll("dd")) {
    if (HasClass(*fact, name)) return Tidy(fact->Text());
  }
  return "";
}

}  // namespace

bool IsLovdata(const Input& input) {
  return FindClass(input.markup->root(), "legalArticleValue") != nullptr &&
         FindClass(input.markup->root(), "documentBody") != nullptr;
}

absl::Status ReadLovdata(const Input& input,
                         std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  const Node* body = FindClass(root, "documentBody");
  std::string language(root.Attribute("lang"));
  if (const Node* html = root.Child("html");
      language.empty() && html != nullptr) {
    language = std::string(html->Attribute("lang"));
  }
  if (language == "no") language = "nb";
  SetLanguage(input, language, Statement::kCertain, body->Text(), &document);
  document.state = "NOR";
  v1::Law& law = document.law;
  if (const Node* header = FindClass(root, "documentHeader");
      header != nullptr) {
    SetTitle(Fact(*header, "title"), &document);
    document.source_id = Fact(*header, "dokid");
    law.set_number(Fact(*header, "legacyID"));
    if (!document.source_id.empty()) {
      law.set_uri(absl::StrCat("https://lovdata.no/", document.source_id));
    }
    // `LOV-2005-05-20-28`.
    if (law.number().size() > 14) {
      law.set_adopted(PartialDay(law.number().substr(4, 10)));
    }
    law.set_published(PartialDay(Fact(*header, "dateOfPublication")));
    law.set_in_force(PartialDay(Fact(*header, "dateInForce")));
    SetValidFrom(Fact(*header, "lastChangeInForce"), &document);
    const std::string short_title = Fact(*header, "titleShort");
    if (!short_title.empty()) {
      v1::LocalizedText* added = law.add_short_titles();
      added->set_text(short_title);
      added->set_language(document.expression.language());
    }
  }
  law.set_type(absl::StartsWith(law.number(), "LOV") ? v1::LAW_TYPE_ACT
                                                     : v1::LAW_TYPE_DECREE);
  if (document.expression.title().empty()) {
    if (const Node* title = root.Find("title"); title != nullptr) {
      SetTitle(title->Text(), &document);
    }
  }
  Reader reader;
  reader.Walk(*body, Provisions::kNone, document.expression.language());
  if (!reader.notes.empty()) {
    Provisions::Entry entry;
    entry.kind = Kind::KIND_CLOSING;
    entry.id_word = "notes";
    const int index = reader.provisions.Add(std::move(entry));
    AddParagraphs(reader.notes, index, &reader.provisions);
  }
  if (reader.provisions.empty()) {
    return absl::InvalidArgumentError("the page has no text of a law");
  }
  return reader.provisions.Finish(&document);
}

}  // namespace comity::laws
