// Paragraphs of an HTML page, without what stands around its text.

#ifndef COMITY_IMPORT_LAWS_HTML_BLOCKS_H_
#define COMITY_IMPORT_LAWS_HTML_BLOCKS_H_

#include "import/laws/blocks.h"
#include "import/laws/markup.h"

namespace comity::laws {

// Left out: scripts, forms, navigation, headers and footers of the portal,
// what is not shown. The text is looked for in the innermost element that holds
// nearly all of it. Footnotes are notes; marks that refer to them are left out.
BlockText HtmlBlocks(const Node& root);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_HTML_BLOCKS_H_
