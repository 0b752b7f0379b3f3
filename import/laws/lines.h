// Lines of text as paragraphs.

#ifndef COMITY_IMPORT_LAWS_LINES_H_
#define COMITY_IMPORT_LAWS_LINES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "import/laws/blocks.h"

namespace comity::laws {

// Joins lines that were broken to fit a page: where most lines of the text end
// near the same width, one that does not end a sentence and is not short goes
// on in the next, unless that begins a provision, an item of a list or a new
// paragraph. Words divided at the end of a line are made whole.
void JoinBrokenLines(absl::string_view language, std::vector<Block>* blocks);

// Divides paragraphs that hold several articles, as texts without line ends do:
// before each label that goes on with the numbers. Only where few lines begin
// with labels.
void SplitJoinedArticles(absl::string_view language,
                         std::vector<Block>* blocks);

// A line for each line, with its number and indentation; empty lines are kept
// as empty blocks, which JoinBrokenLines drops.
std::vector<Block> SplitLines(absl::string_view text);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_LINES_H_
