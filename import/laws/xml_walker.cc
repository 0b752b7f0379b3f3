#include "import/laws/xml_walker.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "import/laws/labels.h"
#include "import/laws/numbers.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

bool IsSeparator(char c) {
  return c == '.' || c == ':' || c == '-' || c == ' ' || c == ')' || c == ',';
}

std::string WithoutSeparators(absl::string_view label) {
  while (!label.empty() && IsSeparator(label.back())) label.remove_suffix(1);
  for (const absl::string_view dash : {"—", "–"}) {
    while (absl::EndsWith(label, dash)) label.remove_suffix(dash.size());
  }
  return std::string(label);
}

}  // namespace

std::string NumberOf(absl::string_view label, absl::string_view language) {
  if (const std::optional<Label> parsed = ParseLabel(label, language);
      parsed.has_value() && !parsed->number.empty()) {
    return parsed->number;
  }
  // The first word that is a number.
  absl::string_view rest = label;
  for (int words = 0; words < 6 && !rest.empty(); ++words) {
    while (!rest.empty() &&
           (rest[0] == ' ' || rest[0] == '(' || rest[0] == '.' ||
            rest[0] == '"' || rest[0] == '[')) {
      rest.remove_prefix(1);
    }
    if (absl::StartsWith(rest, "§") || absl::StartsWith(rest, "“")) {
      rest.remove_prefix(absl::StartsWith(rest, "§") ? 2 : 3);
      continue;
    }
    if (const std::optional<Number> number = ParseNumber(rest, true);
        number.has_value()) {
      return number->text;
    }
    size_t end = 0;
    if (NextWord(rest, &end).empty()) break;
    rest.remove_prefix(end);
  }
  return "";
}

bool XmlWalker::HoldsBasics(const Node& node) const {
  for (const Node* child : node.children) {
    if (child->is_text() || dialect_.quotations.contains(child->name)) continue;
    if (dialect_.basics.contains(child->name) || HoldsBasics(*child)) {
      return true;
    }
  }
  return false;
}

Provisions::Entry XmlWalker::Head(const Node& node, v1::Provision::Kind kind,
                                  std::vector<const Node*>* rest) {
  Provisions::Entry entry;
  entry.kind = kind;
  for (const Node* child : node.children) {
    if (dialect_.numbers.contains(child->name) && entry.label.empty()) {
      entry.label =
          absl::StrJoin(Paragraphs(*child, dialect_.text, &notes_), " ");
    } else if (dialect_.headings.contains(child->name)) {
      const std::string heading =
          absl::StrJoin(Paragraphs(*child, dialect_.text, &notes_), " ");
      if (!heading.empty()) {
        absl::StrAppend(&entry.heading, entry.heading.empty() ? "" : " ",
                        heading);
      }
    } else {
      rest->push_back(child);
    }
  }
  entry.number = NumberOf(entry.label, document_->expression.language());
  entry.label = WithoutSeparators(entry.label);
  return entry;
}

void XmlWalker::Unit(const Node& node, v1::Provision::Kind kind, bool basic,
                     int parent) {
  std::vector<const Node*> rest;
  Provisions::Entry entry = Head(node, kind, &rest);
  entry.parent = parent;
  if (basic && in_schedule_) entry.kind = Kind::KIND_SCHEDULE_PARAGRAPH;
  const int index = provisions_.Add(std::move(entry));
  if (basic) {
    AddParagraphs(Paragraphs(rest, dialect_.text, &notes_), index,
                  &provisions_);
    return;
  }
  Node body;
  body.children = std::move(rest);
  Walk(body, index);
}

int XmlWalker::AddAll(const Node& node, v1::Provision::Kind kind, int parent) {
  Provisions::Entry entry;
  entry.kind = kind;
  entry.parent = parent;
  const int index = provisions_.Add(std::move(entry));
  AddParagraphs(Paragraphs(node, dialect_.text, &notes_), index, &provisions_);
  return index;
}

void XmlWalker::Walk(const Node& node, int parent) {
  // Text of the grouping itself, in one piece between units.
  std::vector<const Node*> text;
  int text_index = parent;
  const auto flush = [&] {
    if (text.empty()) return;
    const std::vector<std::string> paragraphs =
        Paragraphs(text, dialect_.text, &notes_);
    text.clear();
    if (paragraphs.empty()) return;
    if (text_index == Provisions::kNone) {
      Provisions::Entry entry;
      entry.kind = provisions_.empty() ? Kind::KIND_PREAMBLE : Kind::KIND_TEXT;
      text_index = provisions_.Add(std::move(entry));
    }
    AddParagraphs(paragraphs, text_index, &provisions_);
  };
  for (const Node* child : node.children) {
    const std::string& name = child->name;
    if (child->is_text()) {
      text.push_back(child);
      continue;
    }
    if (dialect_.left_out.contains(name)) continue;
    if (dialect_.quotations.contains(name)) {
      text.push_back(child);
      continue;
    }
    const auto grouping = dialect_.groupings.find(name);
    const auto basic = dialect_.basics.find(name);
    if (dialect_.schedules.contains(name)) {
      flush();
      const bool outer = in_schedule_;
      in_schedule_ = true;
      Unit(*child, Kind::KIND_SCHEDULE, false, parent);
      in_schedule_ = outer;
    } else if (dialect_.preambles.contains(name)) {
      flush();
      AddAll(*child, Kind::KIND_PREAMBLE, Provisions::kNone);
    } else if (dialect_.closings.contains(name)) {
      flush();
      AddAll(*child, Kind::KIND_CLOSING, Provisions::kNone);
    } else if (basic != dialect_.basics.end() && !HoldsBasics(*child)) {
      flush();
      Unit(*child, basic->second, true, parent);
    } else if (grouping != dialect_.groupings.end() ||
               basic != dialect_.basics.end()) {
      flush();
      Unit(*child,
           grouping != dialect_.groupings.end() ? grouping->second
                                                : Kind::KIND_DIVISION,
           false, parent);
    } else if (dialect_.wrappers.contains(name)) {
      flush();
      bool headed = false;
      for (const Node* inner : child->children) {
        if (dialect_.numbers.contains(inner->name) ||
            dialect_.headings.contains(inner->name)) {
          headed = true;
        }
      }
      if (headed) {
        Unit(*child, Kind::KIND_HEADING, false, parent);
      } else {
        Walk(*child, parent);
      }
    } else {
      text.push_back(child);
    }
  }
  flush();
}

absl::Status XmlWalker::Finish() {
  if (!notes_.empty()) {
    Provisions::Entry entry;
    entry.kind = Kind::KIND_CLOSING;
    entry.id_word = "notes";
    const int index = provisions_.Add(std::move(entry));
    AddParagraphs(notes_, index, &provisions_);
  }
  if (provisions_.empty()) {
    return absl::InvalidArgumentError("the document has no text");
  }
  return provisions_.Finish(document_);
}

}  // namespace comity::laws
