#include "import/laws/xml_text.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace comity::laws {
namespace {

class Writer {
 public:
  Writer(const TextRules& rules, std::vector<std::string>* notes)
      : rules_(rules), notes_(notes) {}

  void Visit(const Node& node, absl::string_view parent) {
    if (node.is_text()) {
      if (!absl::StripAsciiWhitespace(node.text).empty()) only_label_ = false;
      line_ += node.text;
      return;
    }
    if (const auto character = rules_.characters.find(node.name);
        character != rules_.characters.end()) {
      line_ += character->second;
      only_label_ = false;
      return;
    }
    if (rules_.skipped.contains(node.name)) return;
    if (rules_.notes.contains(node.name)) {
      if (notes_ != nullptr) {
        const std::vector<std::string> paragraphs =
            Paragraphs(node.children, rules_);
        notes_->push_back(absl::StrJoin(paragraphs, " "));
      }
      return;
    }
    if (node.name == "br" || node.name == "reavahetus") {
      Flush();
      return;
    }
    if (node.name == "sup" || node.name == "superscript") {
      const std::string raised = Superscript(node.Text());
      if (!raised.empty()) only_label_ = false;
      line_ += raised;
      return;
    }
    if (rules_.labels.contains(node.name)) {
      if (!only_label_) Flush();
      std::string label = Tidy(node.Text());
      if (label.empty()) return;
      if (rules_.parenthesised_in.contains(parent) &&
          !absl::StartsWith(label, "(") && !absl::EndsWith(label, ")")) {
        label = absl::StrCat("(", label, ")");
      }
      absl::StrAppend(&line_, label, " ");
      only_label_ = true;
      return;
    }
    const bool block = rules_.blocks.contains(node.name);
    if (block && !only_label_) Flush();
    for (const Node* child : node.children) Visit(*child, node.name);
    if (block) Flush();
  }

  void Flush() {
    std::string tidy = Tidy(line_);
    if (!tidy.empty()) paragraphs_.push_back(std::move(tidy));
    line_.clear();
    only_label_ = false;
  }

  std::vector<std::string> Take() {
    Flush();
    return std::move(paragraphs_);
  }

 private:
  const TextRules& rules_;
  std::vector<std::string>* const notes_;
  std::vector<std::string> paragraphs_;
  std::string line_;
  // The line has a label and no text yet.
  bool only_label_ = false;
};

}  // namespace

std::vector<std::string> Paragraphs(const Node& node, const TextRules& rules,
                                    std::vector<std::string>* notes) {
  Writer writer(rules, notes);
  for (const Node* child : node.children) writer.Visit(*child, node.name);
  return writer.Take();
}

std::vector<std::string> Paragraphs(const std::vector<const Node*>& nodes,
                                    const TextRules& rules,
                                    std::vector<std::string>* notes) {
  Writer writer(rules, notes);
  for (const Node* node : nodes) writer.Visit(*node, "");
  return writer.Take();
}

std::string Line(const Node& node, const TextRules& rules) {
  return absl::StrJoin(Paragraphs(node, rules), " ");
}

void AddParagraphs(const std::vector<std::string>& paragraphs, int index,
                   Provisions* provisions) {
  for (const std::string& paragraph : paragraphs) {
    provisions->AddText(index, paragraph);
  }
}

std::string Superscript(absl::string_view text) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴",
                                            "⁵", "⁶", "⁷", "⁸", "⁹"};
  text = absl::StripAsciiWhitespace(text);
  std::string raised;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::string(text);
    raised += kDigits[c - '0'];
  }
  return raised;
}

}  // namespace comity::laws
