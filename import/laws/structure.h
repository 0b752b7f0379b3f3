// Finds the provisions of a law in paragraphs without markup.

#ifndef COMITY_IMPORT_LAWS_STRUCTURE_H_
#define COMITY_IMPORT_LAWS_STRUCTURE_H_

#include "absl/status/status.h"
#include "import/law_document.h"
#include "import/laws/blocks.h"

namespace comity::laws {

// Fills the provisions, and the title of the expression if the document has
// none yet. `expression.language` decides which words are looked for; it must
// be set, or be empty for all.
//
// What is a label, see labels.h. Not taken for provisions: lines of a table of
// contents (left out, with a notice), labels in quoted text, those that turn up
// again out of order. Where a law has no labels with words, bare numbers are
// tried; where there are none, the text is cut into pieces, with a notice.
absl::Status FindStructure(BlockText text, LawDocument* document);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_STRUCTURE_H_
