#include "import/laws/html_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/html_blocks.h"
#include "import/laws/lines.h"
#include "import/laws/provisions.h"
#include "import/laws/structure.h"

namespace comity::laws {
namespace {

// Portals whose text stands in an element of its own, among other lists that
// look like text of laws.
struct Portal {
  // In the title of the page.
  const char* title;
  // Ids of the element with the text, and of the one with the title.
  const char* text_id;
  const char* title_id;
};
constexpr Portal kPortals[] = {
    {"Justel", "list-title-3", "list-title-1"},
};

const Node* FindId(const Node& node, absl::string_view id) {
  for (const Node* child : node.children) {
    if (child->is_text()) continue;
    if (child->Attribute("id") == id) return child;
    if (const Node* found = FindId(*child, id); found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

bool IsHtml(const Input& /*input*/) { return true; }

absl::Status ReadHtml(const Input& input, std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  const Node& root = input.markup->root();
  const Node* title = root.Find("title");
  BlockText text;
  for (const Portal& portal : kPortals) {
    if (title == nullptr || !absl::StrContains(title->Text(), portal.title)) {
      continue;
    }
    const Node* body = FindId(root, portal.text_id);
    if (body == nullptr) continue;
    text = HtmlBlocks(*body);
    text.title.clear();
    if (const Node* named = FindId(root, portal.title_id); named != nullptr) {
      // The longest paragraph there.
      for (const Block& block : HtmlBlocks(*named).blocks) {
        if (block.level == 0 && block.text.size() > text.title.size() &&
            block.text.size() < 1000) {
          text.title = block.text;
        }
      }
    }
    break;
  }
  if (text.blocks.empty()) text = HtmlBlocks(root);
  if (text.blocks.empty()) {
    return absl::InvalidArgumentError("the page has no text");
  }
  std::string sample;
  for (const Block& block : text.blocks) {
    absl::StrAppend(&sample, block.text, "\n");
  }
  SetLanguage(input, text.language, Statement::kWeak, sample, &document);
  SplitJoinedArticles(document.expression.language(), &text.blocks);
  return FindStructure(std::move(text), &document);
}

}  // namespace comity::laws
