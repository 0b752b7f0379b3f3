#include "import/laws/html_blocks.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "import/laws/labels.h"
#include "import/laws/limits.h"
#include "import/laws/provisions.h"
#include "import/laws/xml_text.h"

namespace comity::laws {
namespace {

// An inner element is where the text is if what is around it, apart from links
// and pieces shorter than a sentence, has no more bytes than this.
constexpr size_t kAroundBytesMax = 250;
constexpr size_t kSentenceBytes = 40;
// Where a title is looked for.
constexpr size_t kPageBytes = 64 << 10;

using Names = absl::flat_hash_set<absl::string_view>;

const Names& Dropped() {
  static const auto* const kNames = new Names{
      "script",   "style",  "noscript", "nav",      "footer", "aside",
      "form",     "button", "select",   "template", "svg",    "iframe",
      "textarea", "object", "head",     "input",    "map",    "dialog",
      "audio",    "video",  "canvas",   "option"};
  return *kNames;
}

const Names& BlockNames() {
  static const auto* const kNames = new Names{
      "p",       "div",     "li",    "ul",      "ol",         "tr",
      "table",   "tbody",   "thead", "h1",      "h2",         "h3",
      "h4",      "h5",      "h6",    "section", "article",    "main",
      "body",    "html",    "dl",    "dt",      "dd",         "blockquote",
      "center",  "header",  "pre",   "hr",      "fieldset",   "figure",
      "caption", "address", "td",    "th",      "figcaption", "details",
      "summary", "tfoot"};
  return *kNames;
}

// Words of classes and ids of what is around the text.
const Names& FurnitureWords() {
  static const auto* const kNames = new Names{"nav",         "navbar",
                                              "menu",        "breadcrumb",
                                              "breadcrumbs", "footer",
                                              "sidebar",     "toolbar",
                                              "cookie",      "cookies",
                                              "banner",      "share",
                                              "social",      "skip",
                                              "invisible",   "hidden",
                                              "modal",       "pagination",
                                              "noprint",     "searchbox",
                                              "breadcrump",  "toc",
                                              "tocs",        "tocsubul",
                                              "toctopul",    "resumenvigencias",
                                              "alerta",      "slider",
                                              "carddic",     "fab",
                                              "panel",       "language_toggle"};
  return *kNames;
}

std::vector<std::string> ClassWords(const Node& node) {
  return absl::StrSplit(
      absl::AsciiStrToLower(
          absl::StrCat(node.Attribute("class"), " ", node.Attribute("id"))),
      absl::ByAnyChar(" -_"), absl::SkipEmpty());
}

bool IsNote(const Node& node) {
  for (const std::string& word : ClassWords(node)) {
    if (word == "fn" || word == "fntext" || word == "footnote" ||
        word == "footnotes" || word == "footnotetext" || word == "endnote" ||
        word == "fussnote" || word == "showfn") {
      return true;
    }
  }
  return false;
}

bool IsFurniture(const Node& node) {
  if (Dropped().contains(node.name)) return true;
  const std::string style = absl::AsciiStrToLower(node.Attribute("style"));
  if (absl::StrContains(style, "display:none") ||
      absl::StrContains(style, "display: none") ||
      absl::StrContains(style, "visibility:hidden")) {
    return true;
  }
  for (const auto& [key, value] : node.attributes) {
    if (key == "hidden" || (key == "aria-hidden" && value == "true")) {
      return true;
    }
    if (key == "role" && (value == "navigation" || value == "banner" ||
                          value == "search" || value == "contentinfo")) {
      return true;
    }
  }
  if (node.name != "div" && node.name != "ul" && node.name != "p" &&
      node.name != "span" && node.name != "table" && node.name != "section" &&
      node.name != "li" && node.name != "td") {
    return false;
  }
  for (const std::string& word : ClassWords(node)) {
    if (FurnitureWords().contains(word)) return true;
  }
  return false;
}

// Bytes of sentences below each element that are neither furniture nor links.
class Sizes {
 public:
  explicit Sizes(const Node& root) { Measure(root); }
  size_t of(const Node* node) const {
    const auto found = sizes_.find(node);
    return found == sizes_.end() ? 0 : found->second;
  }

 private:
  size_t Measure(const Node& node) {
    if (node.is_text()) {
      const size_t size = absl::StripAsciiWhitespace(node.text).size();
      return size < kSentenceBytes ? 0 : size;
    }
    if (IsFurniture(node)) return 0;
    if (node.name == "a" && !node.Attribute("href").empty()) return 0;
    size_t size = 0;
    for (const Node* child : node.children) size += Measure(*child);
    sizes_[&node] = size;
    return size;
  }

  absl::flat_hash_map<const Node*, size_t> sizes_;
};

bool IsContainer(const Node& node) {
  return node.name == "body" || node.name == "div" || node.name == "main" ||
         node.name == "section" || node.name == "article" ||
         node.name == "html";
}

const Node* Content(const Node& root) {
  const Sizes sizes(root);
  const Node* content = &root;
  if (const Node* body = root.Find("body"); body != nullptr) content = body;
  const size_t all = sizes.of(content);
  while (true) {
    const Node* inner = nullptr;
    for (const Node* child : content->children) {
      if (!child->is_text() && IsContainer(*child) &&
          sizes.of(child) + kAroundBytesMax >= all &&
          sizes.of(child) > 2 * kAroundBytesMax) {
        inner = child;
      }
    }
    if (inner == nullptr) return content;
    content = inner;
  }
}

bool Centred(const Node& node) {
  return node.name == "center" ||
         absl::EqualsIgnoreCase(node.Attribute("align"), "center") ||
         absl::StrContains(absl::AsciiStrToLower(node.Attribute("style")),
                           "text-align:center");
}

class Writer {
 public:
  explicit Writer(BlockText* out) : out_(out) {}

  void Visit(const Node& node) {
    if (node.is_text()) {
      Text(node.text);
      return;
    }
    if (IsFurniture(node)) return;
    if (node.name == "br") {
      Flush();
      return;
    }
    if (node.name == "sup" || node.name == "a") {
      const std::string text = Tidy(node.Text());
      const std::string target(node.Attribute("href"));
      const bool refers = (absl::StartsWith(target, "#fn") ||
                           absl::StartsWith(target, "#_ftn") ||
                           absl::StartsWith(target, "#foot") || IsNote(node)) &&
                          text.size() < 12;
      if (refers) return;
      if (node.name == "sup") {
        if (const Node* link = node.Find("a");
            link != nullptr && absl::StartsWith(link->Attribute("href"), "#")) {
          return;
        }
        Text(Superscript(text));
        return;
      }
    }
    if (node.name == "tr") {
      Row(node);
      return;
    }
    const bool block = BlockNames().contains(node.name);
    const State outer = state_;
    if (block) {
      Flush();
      if (node.name.size() == 2 && node.name[0] == 'h' && node.name[1] >= '1' &&
          node.name[1] <= '6') {
        state_.level = node.name[1] - '0';
      }
      if (Centred(node)) state_.centred = true;
      if (node.name == "li" || node.name == "blockquote" || node.name == "dd") {
        state_.indent += 4;
      }
      if (node.name == "pre") state_.preformatted = true;
    }
    if (IsNote(node)) state_.note = true;
    if (node.name == "b" || node.name == "strong") state_.bold = true;
    for (const Node* child : node.children) Visit(*child);
    if (block) Flush();
    state_ = outer;
  }

  void Flush() {
    Block block;
    block.text = Tidy(line_);
    line_.clear();
    if (!block.text.empty()) {
      block.level = state_.level;
      block.note = state_.note;
      block.centred = state_.centred;
      block.indent = state_.indent;
      block.bold = bold_bytes_ * 10 >= (bold_bytes_ + plain_bytes_) * 9;
      out_->blocks.push_back(std::move(block));
    }
    bold_bytes_ = 0;
    plain_bytes_ = 0;
  }

 private:
  struct State {
    int level = 0;
    int indent = 0;
    bool bold = false;
    bool centred = false;
    bool note = false;
    bool preformatted = false;
  };

  void Text(absl::string_view text) {
    if (state_.preformatted) {
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        line_.append(line.data(), line.size());
        Flush();
      }
      return;
    }
    line_.append(text.data(), text.size());
    (state_.bold ? bold_bytes_ : plain_bytes_) +=
        absl::StripAsciiWhitespace(text).size();
  }

  // Cells of one short line each are one line; others are read one by one.
  void Row(const Node& row) {
    Flush();
    BlockText cells;
    std::vector<size_t> ends;
    for (const Node* cell : row.children) {
      Writer writer(&cells);
      writer.state_ = state_;
      writer.Visit(*cell);
      writer.Flush();
      ends.push_back(cells.blocks.size());
    }
    bool one_line = cells.blocks.size() > 1;
    size_t before = 0;
    size_t bytes = 0;
    for (const size_t end : ends) {
      if (end - before > 1) one_line = false;
      before = end;
    }
    for (const Block& block : cells.blocks) {
      bytes += block.text.size();
      if (block.text.size() > 300) one_line = false;
    }
    // A heading in the margin, and the section beside it.
    for (size_t i = 1; i < cells.blocks.size(); ++i) {
      if (ParseBareLabel(cells.blocks[i].text).has_value()) one_line = false;
    }
    if (!one_line || bytes > 1500) {
      for (Block& block : cells.blocks)
        out_->blocks.push_back(std::move(block));
      return;
    }
    Block joined = cells.blocks[0];
    for (size_t i = 1; i < cells.blocks.size(); ++i) {
      absl::StrAppend(&joined.text, " ", cells.blocks[i].text);
    }
    out_->blocks.push_back(std::move(joined));
  }

  BlockText* const out_;
  State state_;
  std::string line_;
  size_t bold_bytes_ = 0;
  size_t plain_bytes_ = 0;
};

// What pages put into the title besides the title.
std::vector<std::string> TitlePieces(absl::string_view title) {
  std::vector<std::string> pieces = {Tidy(title)};
  for (const absl::string_view separator :
       {" | ", " - ", " – ", " — ", " :: "}) {
    const size_t at = pieces[0].find(std::string(separator));
    if (at != std::string::npos) pieces.push_back(pieces[0].substr(0, at));
  }
  return pieces;
}

const Node* FindTitleClass(const Node& node, int depth) {
  for (const Node* child : node.children) {
    if (child->is_text() || depth > 30) continue;
    if (child->name == "p" || child->name == "div" || child->name == "h2") {
      for (const std::string& word : ClassWords(*child)) {
        if ((word == "titol" || word == "title" || word == "titulo" ||
             word == "titre" || word == "titolo" || word == "titel" ||
             word == "doctitle") &&
            Tidy(child->Text()).size() > 8 &&
            Tidy(child->Text()).size() < 500) {
          return child;
        }
      }
    }
    if (const Node* found = FindTitleClass(*child, depth + 1);
        found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos && count < 3;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::string FindTitle(const Node& root, const Node& content,
                      const std::vector<Block>& blocks) {
  std::string start;
  for (size_t i = 0; i < blocks.size() && i < 80; ++i) {
    absl::StrAppend(&start, blocks[i].text.substr(0, 400), " ");
  }
  start = absl::StrCat(" ", Fold(start), " ");
  std::vector<std::string> candidates;
  if (const Node* title = root.Find("title"); title != nullptr) {
    for (std::string& piece : TitlePieces(title->Text())) {
      candidates.push_back(std::move(piece));
    }
  }
  for (const Node* meta : root.FindAll("meta")) {
    if (meta->Attribute("name") == "description") {
      candidates.push_back(Tidy(meta->Attribute("content")));
    }
  }
  for (const Node* heading : content.FindAll("h1")) {
    const std::string text = Tidy(heading->Text());
    if (text.size() > 5 && text.size() < 500) return text;
  }
  // In the text; or, with a number in it, anywhere on the page.
  const std::string body =
      absl::StrCat(" ", Fold(root.Text().substr(0, kPageBytes)), " ");
  for (const std::string* where : {&std::as_const(start), &body}) {
    for (const std::string& candidate : candidates) {
      const std::string folded = Fold(candidate);
      if (folded.size() > 8 && candidate.size() < 500 &&
          (where == &start ||
           folded.find_first_of("0123456789") != std::string::npos) &&
          // The title element itself is one occurrence.
          CountOf(*where, absl::StrCat(" ", folded, " ")) >
              (where == &body ? 1 : 0)) {
        return candidate;
      }
    }
  }
  if (const Node* titled = FindTitleClass(content, 0); titled != nullptr) {
    return Tidy(titled->Text());
  }
  return "";
}

}  // namespace

BlockText HtmlBlocks(const Node& root) {
  BlockText text;
  const Node* content = Content(root);
  Writer writer(&text);
  writer.Visit(*content);
  writer.Flush();
  text.title = FindTitle(root, *content, text.blocks);
  const Node* html = root.Child("html");
  text.language =
      std::string((html == nullptr ? root : *html).Attribute("lang"));
  return text;
}

}  // namespace comity::laws
