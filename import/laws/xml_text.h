// Paragraphs out of a tree of markup.

#ifndef COMITY_IMPORT_LAWS_XML_TEXT_H_
#define COMITY_IMPORT_LAWS_XML_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "import/laws/markup.h"
#include "import/laws/provisions.h"

namespace comity::laws {

struct TextRules {
  // Elements that begin and end a paragraph.
  absl::flat_hash_set<std::string> blocks;
  // Numbers that begin the paragraph after them: `(1)`.
  absl::flat_hash_set<std::string> labels;
  // Left out.
  absl::flat_hash_set<std::string> skipped;
  // Left out, and kept as notes.
  absl::flat_hash_set<std::string> notes;
  // Labels that get parentheses unless they have some: `1` becomes `(1)`.
  absl::flat_hash_set<std::string> parenthesised_in;
  // Empty elements that stand for characters.
  absl::flat_hash_map<std::string, std::string> characters;
};

// The paragraphs of `node`, tidy, none empty. Those of notes go to `notes`.
std::vector<std::string> Paragraphs(const Node& node, const TextRules& rules,
                                    std::vector<std::string>* notes = nullptr);
std::vector<std::string> Paragraphs(const std::vector<const Node*>& nodes,
                                    const TextRules& rules,
                                    std::vector<std::string>* notes = nullptr);

// All in one line.
std::string Line(const Node& node, const TextRules& rules);

// Adds paragraphs to a provision.
void AddParagraphs(const std::vector<std::string>& paragraphs, int index,
                   Provisions* provisions);

// `text` in superscript, if it is digits; else as it is.
std::string Superscript(absl::string_view text);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_XML_TEXT_H_
