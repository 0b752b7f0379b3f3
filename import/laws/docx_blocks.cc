// DOCX (ECMA-376): paragraphs of the main part and its footnotes.

#include <algorithm>
#include <cstring>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"
#include "import/zip_part.h"

namespace comity::laws {
namespace {

// The main part of a long code is 20 MiB of markup.
constexpr size_t kPartBytesMax = size_t{96} << 20;
constexpr int kDepthMax = 300;

absl::StatusOr<std::string> ReadPart(int file, absl::string_view name,
                                     int64_t* left) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ZipPart> part,
                   ZipPart::Open(file, name, left));
  return part->ReadAll(kPartBytesMax);
}

// `w:p` is `p`, whatever the prefix.
absl::string_view Local(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon == nullptr ? name : colon + 1;
}

absl::string_view AttributeOf(const pugi::xml_node& node,
                              absl::string_view key) {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (Local(attribute.name()) == key) return attribute.value();
  }
  return "";
}

pugi::xml_node ChildOf(const pugi::xml_node& node, absl::string_view key) {
  for (const pugi::xml_node& child : node.children()) {
    if (Local(child.name()) == key) return child;
  }
  return {};
}

// Level of a heading by the name of its style in the languages of Word; 0:
// none.
int LevelOfStyle(absl::string_view style) {
  const std::string lower = absl::AsciiStrToLower(style);
  for (const char* name :
       {"heading", "titre", "ttulo", "titulo", "berschrift", "titolo", "kop",
        "rubrik", "overskrift", "nagwek", "nadpis", "otsikko", "zagolovok"}) {
    if (!absl::StartsWith(lower, name)) continue;
    const char last = lower.back();
    if (last >= '1' && last <= '6') return last - '0';
  }
  return 0;
}

class Reader {
 public:
  explicit Reader(BlockText* text) : text_(text) {}

  // Paragraphs below `node`.
  void Walk(const pugi::xml_node& node, bool note, int depth);
  bool numbered() const { return numbered_; }
  bool too_deep() const { return too_deep_; }

 private:
  void Paragraph(const pugi::xml_node& node, bool note, int depth);
  void Runs(const pugi::xml_node& node, int depth);
  void Flush();

  BlockText* const text_;
  Block block_;
  std::string line_;
  size_t bold_bytes_ = 0;
  bool numbered_ = false;
  bool too_deep_ = false;
};

void Reader::Flush() {
  Block block = block_;
  block.text = Tidy(line_);
  block.bold = !block.text.empty() && bold_bytes_ * 10 >= line_.size() * 9;
  line_.clear();
  bold_bytes_ = 0;
  if (!block.text.empty()) text_->blocks.push_back(std::move(block));
}

void Reader::Runs(const pugi::xml_node& node, int depth) {
  if (depth > kDepthMax) {
    too_deep_ = true;
    return;
  }
  for (const pugi::xml_node& child : node.children()) {
    const absl::string_view name = Local(child.name());
    if (name == "t") {
      const char* text = child.text().get();
      line_ += text;
      const pugi::xml_node properties = ChildOf(node, "rPr");
      const pugi::xml_node bold = ChildOf(properties, "b");
      if (bold && AttributeOf(bold, "val") != "0" &&
          AttributeOf(bold, "val") != "false") {
        bold_bytes_ += std::strlen(text);
      }
    } else if (name == "tab") {
      line_ += ' ';
    } else if (name == "br" || name == "cr") {
      Flush();
    } else if (name == "noBreakHyphen") {
      line_ += '-';
    } else if (name == "p" || name == "txbxContent") {
      // Text boxes stand inside of runs.
      continue;
    } else if (name != "del" && name != "moveFrom" && name != "instrText" &&
               name != "pPr" && name != "rPr" && name != "Fallback") {
      Runs(child, depth + 1);
    }
  }
}

void Reader::Paragraph(const pugi::xml_node& node, bool note, int depth) {
  block_ = Block();
  block_.note = note;
  const pugi::xml_node properties = ChildOf(node, "pPr");
  block_.level =
      LevelOfStyle(AttributeOf(ChildOf(properties, "pStyle"), "val"));
  const absl::string_view outline =
      AttributeOf(ChildOf(properties, "outlineLvl"), "val");
  if (outline.size() == 1 && outline[0] >= '0' && outline[0] <= '5') {
    block_.level = outline[0] - '0' + 1;
  }
  block_.centred = AttributeOf(ChildOf(properties, "jc"), "val") == "center";
  if (ChildOf(properties, "numPr")) numbered_ = true;
  Runs(node, depth + 1);
  Flush();
}

void Reader::Walk(const pugi::xml_node& node, bool note, int depth) {
  if (depth > kDepthMax) {
    too_deep_ = true;
    return;
  }
  for (const pugi::xml_node& child : node.children()) {
    if (text_->blocks.size() > law_limits::kBlocksMax) return;
    const absl::string_view name = Local(child.name());
    if (name == "p") {
      Paragraph(child, note, depth);
    } else if (name != "del" && name != "moveFrom") {
      Walk(child, note, depth + 1);
    }
  }
}

absl::Status Load(const std::string& part, pugi::xml_document* xml) {
  const pugi::xml_parse_result parsed = xml->load_buffer(
      part.data(), part.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  if (!parsed) {
    return absl::InvalidArgumentError(
        absl::StrCat("the DOCX file is damaged: ", parsed.description()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BlockText> DocxBlocks(int file) {
  int64_t left = static_cast<int64_t>(kPartBytesMax) * 2;
  const absl::StatusOr<std::string> main =
      ReadPart(file, "word/document.xml", &left);
  if (absl::IsNotFound(main.status())) {
    return absl::InvalidArgumentError(
        "the file is a zip archive, but no DOCX document");
  }
  if (absl::IsResourceExhausted(main.status())) {
    return absl::ResourceExhaustedError(
        "the DOCX file unpacks to more than is allowed");
  }
  if (!main.ok()) {
    return absl::InvalidArgumentError(
        "the DOCX file is damaged: it cannot be unpacked");
  }
  BlockText text;
  Reader reader(&text);
  {
    pugi::xml_document xml;
    RETURN_IF_ERROR(Load(*main, &xml));
    reader.Walk(xml, /*note=*/false, 0);
  }
  if (const absl::StatusOr<std::string> notes =
          ReadPart(file, "word/footnotes.xml", &left);
      notes.ok()) {
    pugi::xml_document xml;
    if (Load(*notes, &xml).ok()) reader.Walk(xml, /*note=*/true, 0);
  }
  if (reader.numbered()) {
    text.remarks.emplace_back(
        "numbers of lists that Word makes by itself are not in the text");
  }
  if (reader.too_deep()) {
    text.remarks.emplace_back("parts that are nested too deep were left out");
  }
  if (text.blocks.empty()) {
    return absl::InvalidArgumentError("the DOCX document has no text");
  }
  return text;
}

}  // namespace comity::laws
