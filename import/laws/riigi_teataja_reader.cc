#include "import/laws/riigi_teataja_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/xml_walker.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

// Markup inside CDATA: `§ 12<sup>1</sup>.`
std::string WithoutTags(absl::string_view text) {
  std::string out;
  while (true) {
    const size_t open = text.find("<sup>");
    if (open == absl::string_view::npos) break;
    const size_t close = text.find("</sup>", open);
    if (close == absl::string_view::npos) break;
    absl::StrAppend(&out, text.substr(0, open),
                    Superscript(text.substr(open + 5, close - open - 5)));
    text.remove_prefix(close + 6);
  }
  absl::StrAppend(&out, text);
  return Tidy(out);
}

const Dialect& GetDialect() {
  static const auto* const kDialect = [] {
    auto* dialect = new Dialect;
    dialect->text.blocks = {"loige",     "sisuTekst",     "tavatekst",
                            "alampunkt", "HTMLKonteiner", "kuvatavTekst",
                            "lisaViide", "viide",         "preambul"};
    dialect->text.labels = {};
    dialect->text.skipped = {"muutmismarge", "loigeNr",          "alampunktNr",
                             "paragrahvNr",  "normtehnmarkusNr", "viideURI",
                             "viideURID",    "failNimi"};
    return dialect;
  }();
  return *kDialect;
}

class Reader {
 public:
  explicit Reader(LawDocument* document) : walker_(&GetDialect(), document) {}

  void Walk(const Node& node, int parent);
  XmlWalker& walker() { return walker_; }

 private:
  void Text(const Node& node, int index, absl::string_view label);

  XmlWalker walker_;
};

struct Level {
  const char* name;
  const char* heading;
  v1::Provision::Kind kind;
};
constexpr Level kLevels[] = {
    {"osa", "osaPealkiri", Kind::KIND_PART},
    {"peatykk", "peatykkPealkiri", Kind::KIND_CHAPTER},
    {"jagu", "jaguPealkiri", Kind::KIND_DIVISION},
    {"jaotis", "jaotisPealkiri", Kind::KIND_DIVISION},
    {"alljaotis", "alljaotisPealkiri", Kind::KIND_DIVISION},
    {"alljaotis2", "alljaotis2Pealkiri", Kind::KIND_DIVISION},
    {"paragrahv", "paragrahvPealkiri", Kind::KIND_SECTION},
    {"lisa", "lisaPealkiri", Kind::KIND_SCHEDULE},
};

const Level* FindLevel(absl::string_view name) {
  for (const Level& level : kLevels) {
    if (name == level.name) return &level;
  }
  return nullptr;
}

// Subsections and items, each with the number that is shown before it.
void Reader::Text(const Node& node, int index, absl::string_view label) {
  bool labelled = !label.empty();
  for (const Node* child : node.children) {
    if (child->is_text() || child->name == "kuvatavNr" ||
        GetDialect().text.skipped.contains(child->name) ||
        absl::EndsWith(child->name, "Pealkiri")) {
      continue;
    }
    if (child->name == "loige" || child->name == "alampunkt") {
      const Node* shown = child->Child("kuvatavNr");
      Text(*child, index, shown == nullptr ? "" : WithoutTags(shown->Text()));
      continue;
    }
    for (const std::string& paragraph :
         Paragraphs({child}, GetDialect().text)) {
      walker_.provisions().AddText(
          index, labelled ? absl::StrCat(label, " ", paragraph) : paragraph);
      labelled = false;
    }
  }
}

void Reader::Walk(const Node& node, int parent) {
  for (const Node* child : node.children) {
    const Level* level = FindLevel(child->name);
    if (level == nullptr) {
      if (child->name == "preambul") {
        walker_.AddAll(*child, Kind::KIND_PREAMBLE, Provisions::kNone);
      } else if (!child->is_text() && !absl::EndsWith(child->name, "Nr") &&
                 !absl::EndsWith(child->name, "Pealkiri") &&
                 child->name != "muutmismarge") {
        int index = parent;
        if (index == Provisions::kNone) {
          Provisions::Entry entry;
          entry.kind = Kind::KIND_TEXT;
          index = walker_.provisions().Add(std::move(entry));
        }
        AddParagraphs(Paragraphs({child}, GetDialect().text), index,
                      &walker_.provisions());
      }
      continue;
    }
    Provisions::Entry entry;
    entry.kind = level->kind;
    entry.parent = parent;
    if (const Node* shown = child->Child("kuvatavNr"); shown != nullptr) {
      entry.label = WithoutTags(shown->Text());
      while (absl::EndsWith(entry.label, ".")) entry.label.pop_back();
    }
    if (const Node* heading = child->Child(level->heading);
        heading != nullptr) {
      entry.heading = WithoutTags(Line(*heading, GetDialect().text));
    }
    entry.number = NumberOf(entry.label, "et");
    const int index = walker_.provisions().Add(std::move(entry));
    if (level->kind == Kind::KIND_SECTION) {
      Text(*child, index, "");
    } else {
      Walk(*child, index);
    }
  }
}

std::string TextAt(const Node& root, std::initializer_list<const char*> path) {
  const Node* node = &root;
  for (const char* name : path) {
    node = node->Child(name);
    if (node == nullptr) return "";
  }
  return Tidy(node->Text());
}

}  // namespace

bool IsRiigiTeataja(const Input& input) {
  return input.markup->root().name == "oigusakt";
}

absl::Status ReadRiigiTeataja(const Input& input,
                              std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  SetLanguage(input, "et", Statement::kCertain, "", &document);
  document.state = "EST";
  v1::Law& law = document.law;
  SetTitle(TextAt(root, {"aktinimi", "nimi", "pealkiri"}), &document);
  if (const Node* meta = root.Child("metaandmed"); meta != nullptr) {
    law.set_type_as_stated(TextAt(*meta, {"dokumentLiik"}));
    law.set_type(LawTypeOf(law.type_as_stated()));
    law.set_adopted(PartialDay(TextAt(*meta, {"vastuvoetud", "aktikuupaev"})));
    law.set_in_force(PartialDay(TextAt(*meta, {"vastuvoetud", "joustumine"})));
    law.set_published(PartialDay(
        TextAt(*meta, {"vastuvoetud", "avaldamismarge", "avaldamineKuupaev"})));
    SetValidFrom(TextAt(*meta, {"kehtivus", "kehtivuseAlgus"}), &document);
    SetValidUntil(TextAt(*meta, {"kehtivus", "kehtivuseLopp"}), &document);
    const std::string id = TextAt(*meta, {"globaalID"});
    if (!id.empty()) {
      document.source_id = id;
      law.set_uri(absl::StrCat("https://www.riigiteataja.ee/akt/", id));
    }
    const std::string part =
        TextAt(*meta, {"vastuvoetud", "avaldamismarge", "RTosa"});
    if (!part.empty()) {
      law.set_number(absl::StrCat(
          part, " ",
          TextAt(*meta, {"vastuvoetud", "avaldamismarge", "RTaasta"}), ", ",
          TextAt(*meta, {"vastuvoetud", "avaldamismarge", "RTnr"}), ", ",
          TextAt(*meta, {"vastuvoetud", "avaldamismarge", "RTartikkel"})));
    }
    const std::string abbreviation = TextAt(*meta, {"lyhend"});
    if (!abbreviation.empty()) {
      v1::LocalizedText* added = law.add_short_titles();
      added->set_text(abbreviation);
      added->set_language("et");
    }
  }
  Reader reader(&document);
  for (const Node* child : root.children) {
    if (child->name == "sisu") reader.Walk(*child, Provisions::kNone);
    if (child->name == "preambul") {
      reader.walker().AddAll(*child, Kind::KIND_PREAMBLE, Provisions::kNone);
    }
    if (child->name == "lisad" || child->name == "lisaViide") {
      reader.Walk(*child, Provisions::kNone);
    }
    if (child->name == "normtehnmarkus") {
      reader.walker().notes().push_back(Line(*child, GetDialect().text));
    }
  }
  return reader.walker().Finish();
}

}  // namespace comity::laws
