#include "import/laws/isb_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/labels.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

const TextRules& Rules() {
  static const auto* const kRules = [] {
    auto* rules = new TextRules;
    rules->blocks = {"p", "tr", "table", "title", "sect", "part", "chapter"};
    rules->skipped = {"graphic", "hr1", "colgroup", "marker"};
    rules->notes = {"fn"};
    // Characters that the schema writes as empty elements.
    rules->characters = {
        {"afada", "á"},  {"efada", "é"},  {"ifada", "í"},  {"ofada", "ó"},
        {"ufada", "ú"},  {"Afada", "Á"},  {"Efada", "É"},  {"Ifada", "Í"},
        {"Ofada", "Ó"},  {"Ufada", "Ú"},  {"emdash", "—"}, {"endash", "–"},
        {"odq", "“"},    {"cdq", "”"},    {"osq", "‘"},    {"csq", "’"},
        {"euro", "€"},   {"pound", "£"},  {"bull", "•"},   {"nbsp", " "},
        {"thinsp", " "}, {"ensp", " "},   {"emsp", " "},   {"deg", "°"},
        {"frac12", "½"}, {"frac14", "¼"}, {"frac34", "¾"}, {"times", "×"},
        {"divide", "÷"}, {"plusmn", "±"}, {"hellip", "…"}, {"sect", "§"},
        {"agrave", "à"}, {"egrave", "è"}, {"ograve", "ò"}, {"auml", "ä"},
        {"ouml", "ö"},   {"uuml", "ü"},   {"ccedil", "ç"}, {"ntilde", "ñ"},
        {"bdot", "ḃ"},   {"cdot", "ċ"},   {"ddot", "ḋ"},   {"fdot", "ḟ"},
        {"gdot", "ġ"},   {"mdot", "ṁ"},   {"pdot", "ṗ"},   {"sdot", "ṡ"},
        {"tdot", "ṫ"},   {"shy", ""},     {"unicode", ""}, {"dagger", "†"},
    };
    // A section, not the sign.
    rules->characters.erase("sect");
    return rules;
  }();
  return *kRules;
}

class Reader {
 public:
  void Walk(const Node& node, int parent);
  int AddAll(const Node& node, v1::Provision::Kind kind,
             absl::string_view except);
  Provisions provisions;

 private:
  void Unit(const Node& node, v1::Provision::Kind kind, int parent);

  bool in_schedule_ = false;
};

int Reader::AddAll(const Node& node, v1::Provision::Kind kind,
                   absl::string_view except) {
  Provisions::Entry entry;
  entry.kind = kind;
  const int index = provisions.Add(std::move(entry));
  for (const Node* child : node.children) {
    if (child->name == except) continue;
    AddParagraphs(Paragraphs({child}, Rules()), index, &provisions);
  }
  return index;
}

void Reader::Unit(const Node& node, v1::Provision::Kind kind, int parent) {
  Provisions::Entry entry;
  entry.kind = kind;
  entry.parent = parent;
  const bool section = kind == Kind::KIND_SECTION;
  if (const Node* title = node.Child("title"); title != nullptr) {
    std::vector<std::string> lines = Paragraphs(*title, Rules());
    // `PART 1`, then what it is called.
    if (!section && !lines.empty()) {
      entry.label = lines[0];
      lines.erase(lines.begin());
    }
    for (const std::string& line : lines) {
      absl::StrAppend(&entry.heading, entry.heading.empty() ? "" : " ", line);
    }
  }
  if (const Node* number = node.Child("number"); number != nullptr) {
    entry.label = Line(*number, Rules());
  }
  while (absl::EndsWith(entry.label, ".")) entry.label.pop_back();
  entry.number = NumberOf(entry.label, "en");
  std::string label = entry.label;
  if (section && in_schedule_) entry.kind = Kind::KIND_SCHEDULE_PARAGRAPH;
  const int index = provisions.Add(std::move(entry));
  Node body;
  for (const Node* child : node.children) {
    if (child->name == "title" || child->name == "number") continue;
    body.children.push_back(child);
  }
  if (!section) {
    Walk(body, index);
    return;
  }
  std::vector<std::string> paragraphs = Paragraphs(body, Rules());
  // The text repeats the number.
  if (!paragraphs.empty() && !label.empty() &&
      absl::StartsWith(paragraphs[0], absl::StrCat(label, "."))) {
    paragraphs[0] = paragraphs[0].substr(label.size() + 1);
    if (absl::StartsWith(paragraphs[0], "—")) paragraphs[0].erase(0, 3);
  }
  AddParagraphs(paragraphs, index, &provisions);
}

void Reader::Walk(const Node& node, int parent) {
  for (const Node* child : node.children) {
    const std::string& name = child->name;
    if (name == "part") {
      Unit(*child, Kind::KIND_PART, parent);
    } else if (name == "chapter") {
      Unit(*child, Kind::KIND_CHAPTER, parent);
    } else if (name == "sect") {
      Unit(*child, Kind::KIND_SECTION, parent);
    } else if (name == "schedule") {
      in_schedule_ = true;
      Unit(*child, Kind::KIND_SCHEDULE, parent);
      in_schedule_ = false;
    } else if (name == "body" || name == "backmatter") {
      Walk(*child, parent);
    } else {
      const std::vector<std::string> paragraphs = Paragraphs({child}, Rules());
      if (paragraphs.empty()) continue;
      int index = parent;
      if (index == Provisions::kNone) {
        Provisions::Entry entry;
        entry.kind = Kind::KIND_TEXT;
        index = provisions.Add(std::move(entry));
      }
      AddParagraphs(paragraphs, index, &provisions);
    }
  }
}

}  // namespace

bool IsIsb(const Input& input) {
  const Node& root = input.markup->root();
  return (root.name == "act" || root.name == "si") &&
         root.Child("metadata") != nullptr;
}

absl::Status ReadIsb(const Input& input, std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  // Acts are made in English or in Irish; the file does not say.
  SetLanguage(input, "", Statement::kWeak, root.Text(), &document);
  document.state = "IRL";
  v1::Law& law = document.law;
  law.set_type(root.name == "act" ? v1::LAW_TYPE_ACT : v1::LAW_TYPE_DECREE);
  const Node* metadata = root.Child("metadata");
  const auto value = [&](absl::string_view name) {
    const Node* node = metadata->Child(name);
    return node == nullptr ? std::string() : Line(*node, Rules());
  };
  SetTitle(value("title"), &document);
  law.set_adopted(PartialDay(value("dateofenactment")));
  const std::string number = value("number");
  const std::string year = value("year");
  if (!number.empty()) {
    law.set_number(absl::StrCat("No. ", number, " of ", year));
    law.set_uri(absl::StrCat("https://www.irishstatutebook.ie/eli/", year, "/",
                             root.name, "/", number));
  }
  Reader reader;
  for (const Node* child : root.children) {
    if (child->name == "frontmatter") {
      reader.AddAll(*child, Kind::KIND_PREAMBLE, "acttoc");
    } else if (child->name == "body" || child->name == "backmatter") {
      Node one;
      one.children = {child};
      reader.Walk(one, Provisions::kNone);
    }
  }
  if (reader.provisions.empty()) {
    return absl::InvalidArgumentError("the document has no text");
  }
  return reader.provisions.Finish(&document);
}

}  // namespace comity::laws
