// Text in paragraphs, as formats without a schema of their own give it.

#ifndef COMITY_IMPORT_LAWS_BLOCKS_H_
#define COMITY_IMPORT_LAWS_BLOCKS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace comity::laws {

// A paragraph. Its text is UTF-8 without line ends.
struct Block {
  std::string text;
  // 1 to 6: a heading of that level; 0: none that the format says so.
  int level = 0;
  // Printed in bold as a whole, or centred.
  bool bold = false;
  bool centred = false;
  // A footnote or a note of the publisher: never a provision.
  bool note = false;
  // Columns that it is indented by.
  int indent = 0;
  // Line or page of the file, from 1; 0: not known.
  int line = 0;
};

struct BlockText {
  std::vector<Block> blocks;
  // As the file states them; else empty.
  std::string title;
  std::string language;
  // What was left out or not understood.
  std::vector<std::string> remarks;
};

// Runs of white space become one space, those at the ends none; control
// characters, soft hyphens and byte order marks are dropped.
std::string Tidy(absl::string_view text);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_BLOCKS_H_
