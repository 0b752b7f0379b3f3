#include "import/laws/markup.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

// Deeper is no page, but tags that are never closed.
constexpr int kHtmlDepthMax = 600;

absl::string_view View(const xmlChar* text) {
  return text == nullptr
             ? absl::string_view()
             : absl::string_view(reinterpret_cast<const char*>(text));
}

void Silent(void* /*context*/, const char* /*message*/, ...) {}

}  // namespace

// Makes nodes of what the parser tells. The parser calls it from C.
class TreeBuilder {
 public:
  explicit TreeBuilder(bool html)
      : html_(html), markup_(std::make_unique<Markup>()) {}

  void Start(absl::string_view name) {
    if (Full()) return;
    Node& node = NewNode();
    node.name = html_ ? absl::AsciiStrToLower(name) : std::string(name);
    if (open_.empty()) {
      if (markup_->root_ == nullptr) markup_->root_ = &node;
    } else {
      open_.back()->children.push_back(&node);
    }
    open_.push_back(&node);
    const int most = html_ ? kHtmlDepthMax : law_limits::kMarkupDepthMax;
    if (static_cast<int>(open_.size()) > most) {
      Fail(absl::ResourceExhaustedError(absl::StrCat(
          "line ", node.line, ": markup is nested more than ", most, " deep")));
    }
  }

  void Attribute(absl::string_view name, absl::string_view value) {
    if (!failure_.ok() || open_.empty()) return;
    open_.back()->attributes.emplace_back(
        html_ ? absl::AsciiStrToLower(name) : std::string(name),
        std::string(value));
  }

  void End() {
    if (!open_.empty()) open_.pop_back();
  }

  void Text(absl::string_view text) {
    if (open_.empty() || Full()) return;
    Node* parent = open_.back();
    if (last_text_ != nullptr && !parent->children.empty() &&
        parent->children.back() == last_text_) {
      last_text_->text.append(text.data(), text.size());
      return;
    }
    Node& node = NewNode();
    node.text = std::string(text);
    parent->children.push_back(&node);
    last_text_ = &node;
  }

  void RootNamespace(absl::string_view uri) {
    if (open_.size() == 1 && markup_->root_namespace_.empty()) {
      markup_->root_namespace_ = std::string(uri);
    }
  }

  // The parser's own complaint about a document that is not well-formed.
  void Error(int line, absl::string_view message) {
    if (!error_.empty()) return;
    error_ =
        absl::StrCat("line ", line, ": ", absl::StripAsciiWhitespace(message));
  }

  void Fail(absl::Status failure) {
    if (!failure_.ok()) return;
    failure_ = std::move(failure);
    if (context_ != nullptr) xmlStopParser(context_);
  }

  void set_context(xmlParserCtxtPtr context) { context_ = context; }
  const absl::Status& failure() const { return failure_; }
  const std::string& error() const { return error_; }
  std::unique_ptr<Markup> Take() { return std::move(markup_); }
  bool has_root() const { return markup_->root_ != nullptr; }

 private:
  Node& NewNode() {
    Node& node = markup_->nodes_.emplace_back();
    node.line = context_ == nullptr ? 0 : xmlSAX2GetLineNumber(context_);
    return node;
  }

  bool Full() {
    if (!failure_.ok()) return true;
    if (markup_->nodes_.size() >= law_limits::kMarkupNodesMax) {
      Fail(absl::ResourceExhaustedError(
          absl::StrCat("the file has more than ", law_limits::kMarkupNodesMax,
                       " elements and texts")));
      return true;
    }
    return false;
  }

  const bool html_;
  std::unique_ptr<Markup> markup_;
  std::vector<Node*> open_;
  Node* last_text_ = nullptr;
  xmlParserCtxtPtr context_ = nullptr;
  absl::Status failure_;
  std::string error_;
};

namespace {

TreeBuilder* Builder(void* data) { return static_cast<TreeBuilder*>(data); }

void OnStartNs(void* data, const xmlChar* name, const xmlChar* /*prefix*/,
               const xmlChar* uri, int /*namespaces*/, const xmlChar** /*ns*/,
               int count, int /*defaulted*/, const xmlChar** attributes) {
  Builder(data)->Start(View(name));
  Builder(data)->RootNamespace(View(uri));
  for (int i = 0; i < count; ++i) {
    const xmlChar** attribute = attributes + 5 * static_cast<ptrdiff_t>(i);
    Builder(data)->Attribute(
        View(attribute[0]),
        absl::string_view(reinterpret_cast<const char*>(attribute[3]),
                          static_cast<size_t>(attribute[4] - attribute[3])));
  }
}

void OnEndNs(void* data, const xmlChar* /*name*/, const xmlChar* /*prefix*/,
             const xmlChar* /*uri*/) {
  Builder(data)->End();
}

void OnStart(void* data, const xmlChar* name, const xmlChar** attributes) {
  Builder(data)->Start(View(name));
  for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
    Builder(data)->Attribute(View(attributes[0]), View(attributes[1]));
  }
}

void OnEnd(void* data, const xmlChar* /*name*/) { Builder(data)->End(); }

void OnText(void* data, const xmlChar* text, int size) {
  Builder(data)->Text(absl::string_view(reinterpret_cast<const char*>(text),
                                        static_cast<size_t>(size)));
}

void OnError(void* data, xmlErrorPtr error) {
  if (error != nullptr && error->level >= XML_ERR_ERROR) {
    Builder(data)->Error(error->line,
                         error->message == nullptr ? "" : error->message);
  }
}

xmlSAXHandler Handler(bool html) {
  xmlSAXHandler handler;
  std::memset(&handler, 0, sizeof(handler));
  handler.initialized = XML_SAX2_MAGIC;
  handler.characters = OnText;
  handler.ignorableWhitespace = OnText;
  handler.cdataBlock = OnText;
  handler.warning = Silent;
  handler.error = Silent;
  if (html) {
    handler.startElement = OnStart;
    handler.endElement = OnEnd;
  } else {
    handler.startElementNs = OnStartNs;
    handler.endElementNs = OnEndNs;
    handler.serror = OnError;
  }
  return handler;
}

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0U | (c >> 6U)));
    out->push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  } else {
    out->push_back(static_cast<char>(0xE0U | (c >> 12U)));
    out->push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
    out->push_back(static_cast<char>(0x80U | (c & 0x3FU)));
  }
}

// Entities of HTML as characters, since portals use them in XML without
// declaring them.
std::string WithoutHtmlEntities(absl::string_view text) {
  std::string out;
  size_t position = 0;
  while (true) {
    const size_t at = text.find('&', position);
    if (at == absl::string_view::npos) break;
    const size_t end = text.substr(at, 40).find(';');
    out.append(text.data() + position, at - position);
    position = at;
    if (end != absl::string_view::npos && end > 1 && text[at + 1] != '#') {
      const std::string name(text.substr(at + 1, end - 1));
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot" &&
          name != "apos") {
        const htmlEntityDesc* entity =
            htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
        if (entity != nullptr) {
          AppendUtf8(entity->value, &out);
          position = at + end + 1;
          continue;
        }
      }
    }
    out.push_back('&');
    ++position;
  }
  out.append(text.data() + position, text.size() - position);
  return out;
}

}  // namespace

absl::string_view Node::Attribute(absl::string_view key) const {
  for (const auto& [name_of, value] : attributes) {
    if (name_of == key) return value;
  }
  return "";
}

const Node* Node::Child(absl::string_view child) const {
  for (const Node* node : children) {
    if (node->name == child) return node;
  }
  return nullptr;
}

const Node* Node::Find(absl::string_view descendant) const {
  for (const Node* node : children) {
    if (node->is_text()) continue;
    if (node->name == descendant) return node;
    if (const Node* found = node->Find(descendant); found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

std::vector<const Node*> Node::FindAll(absl::string_view descendant) const {
  std::vector<const Node*> found;
  for (const Node* node : children) {
    if (node->is_text()) continue;
    if (node->name == descendant) {
      found.push_back(node);
    } else {
      const std::vector<const Node*> deeper = node->FindAll(descendant);
      found.insert(found.end(), deeper.begin(), deeper.end());
    }
  }
  return found;
}

std::string Node::Text() const {
  std::string all = text;
  for (const Node* node : children) all += node->Text();
  return all;
}

std::string WithoutEntities(absl::string_view text) {
  std::string out;
  size_t position = 0;
  while (true) {
    const size_t at = text.find('&', position);
    if (at == absl::string_view::npos) break;
    out.append(text.data() + position, at - position);
    position = at + 1;
    const size_t end = text.substr(at, 12).find(';');
    if (end != absl::string_view::npos && end > 1) {
      const std::string name(text.substr(at + 1, end - 1));
      const htmlEntityDesc* entity =
          htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
      if (entity != nullptr) {
        AppendUtf8(entity->value, &out);
        position = at + end + 1;
        continue;
      }
    }
    out.push_back('&');
  }
  out.append(text.data() + position, text.size() - position);
  return out;
}

absl::StatusOr<std::unique_ptr<Markup>> ParseXml(absl::string_view text) {
  // The declaration may name an encoding that the text is no longer in.
  while (!text.empty() &&
         absl::ascii_isspace(static_cast<unsigned char>(text[0]))) {
    text.remove_prefix(1);
  }
  std::string body;
  size_t skipped_lines = 0;
  if (absl::StartsWith(text, "<?xml")) {
    const size_t end = text.find("?>");
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          "line 1: the XML declaration has no end");
    }
    skipped_lines = static_cast<size_t>(std::count(
        text.begin(), text.begin() + static_cast<ptrdiff_t>(end), '\n'));
    body = std::string(skipped_lines, '\n');
    text.remove_prefix(end + 2);
  }
  body += WithoutHtmlEntities(text);
  TreeBuilder builder(/*html=*/false);
  xmlSAXHandler handler = Handler(/*html=*/false);
  xmlParserCtxtPtr context =
      xmlCreatePushParserCtxt(&handler, &builder, nullptr, 0, nullptr);
  if (context == nullptr) return absl::ResourceExhaustedError("no memory");
  xmlCtxtUseOptions(context,
                    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
  builder.set_context(context);
  constexpr size_t kChunk = 1 << 20;
  int result = 0;
  for (size_t at = 0; at < body.size() && result == 0; at += kChunk) {
    const size_t size = std::min(kChunk, body.size() - at);
    result = xmlParseChunk(context, body.data() + at, static_cast<int>(size),
                           at + size == body.size() ? 1 : 0);
  }
  const bool well_formed = context->wellFormed != 0;
  if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
  xmlFreeParserCtxt(context);
  if (!builder.failure().ok()) return builder.failure();
  if (!well_formed || !builder.has_root()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the XML is not well-formed: ",
        builder.error().empty() ? "it has no root" : builder.error()));
  }
  return builder.Take();
}

absl::StatusOr<std::unique_ptr<Markup>> ParseHtml(absl::string_view text) {
  // Zeros would end the text.
  std::string body(text);
  std::replace(body.begin(), body.end(), '\0', ' ');
  // A declaration of XML is no HTML, and its encoding is of no interest.
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(body), "<?xml")) {
    if (const size_t end = body.find("?>"); end != std::string::npos) {
      body.erase(0, end + 2);
    }
  }
  if (absl::StripAsciiWhitespace(body).empty()) {
    return absl::InvalidArgumentError("the page is empty");
  }
  TreeBuilder builder(/*html=*/true);
  builder.Start("html");
  xmlSAXHandler handler = Handler(/*html=*/true);
  htmlParserCtxtPtr context =
      htmlCreateMemoryParserCtxt(body.data(), static_cast<int>(body.size()));
  if (context == nullptr) return absl::ResourceExhaustedError("no memory");
  htmlCtxtUseOptions(context, HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC |
                                  HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                  HTML_PARSE_RECOVER);
  xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8);
  *context->sax = handler;
  context->userData = &builder;
  builder.set_context(context);
  htmlParseDocument(context);
  if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
  htmlFreeParserCtxt(context);
  if (!builder.failure().ok()) return builder.failure();
  return builder.Take();
}

}  // namespace comity::laws
