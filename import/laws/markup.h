// XML and HTML as a tree, in bounded memory and depth.

#ifndef COMITY_IMPORT_LAWS_MARKUP_H_
#define COMITY_IMPORT_LAWS_MARKUP_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity::laws {

// An element, or text.
struct Node {
  // Local name; in HTML in lower case; empty: text.
  std::string name;
  std::string text;
  // Local names and values, in order.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<const Node*> children;
  int line = 0;

  bool is_text() const { return name.empty(); }
  // Empty if there is none.
  absl::string_view Attribute(absl::string_view key) const;
  // The first child element of that name; nullptr: none.
  const Node* Child(absl::string_view child) const;
  // The first descendant of that name, in order; nullptr: none.
  const Node* Find(absl::string_view descendant) const;
  // All descendants of that name that are in no other such.
  std::vector<const Node*> FindAll(absl::string_view descendant) const;
  // All text in it, white space as it is.
  std::string Text() const;
};

class Markup {
 public:
  const Node& root() const { return *root_; }
  // Namespace of the root; empty in HTML.
  const std::string& root_namespace() const { return root_namespace_; }

 private:
  friend class TreeBuilder;
  std::deque<Node> nodes_;
  Node* root_ = nullptr;
  std::string root_namespace_;
};

// `text` is UTF-8, whatever a declaration in it says. Entities that a document
// defines are not expanded, those of HTML are; nothing is fetched.
// InvalidArgument, with the line, for what is not well-formed.
absl::StatusOr<std::unique_ptr<Markup>> ParseXml(absl::string_view text);

// Reads anything; its root is `html`.
absl::StatusOr<std::unique_ptr<Markup>> ParseHtml(absl::string_view text);

// Entities of HTML by name as characters: texts drawn from pages keep some.
std::string WithoutEntities(absl::string_view text);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_MARKUP_H_
