// Frames of paragraphs between comity-read and the server: see child.h.
//
//   'B' paragraph | 'H' title and language | 'M' remark | 'E' failure | 'Z' end

#ifndef COMITY_IMPORT_LAWS_BLOCK_FRAMES_H_
#define COMITY_IMPORT_LAWS_BLOCK_FRAMES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "import/laws/blocks.h"

namespace comity::laws {

void AppendFrame(char letter, absl::string_view body, std::string* out);
void AppendBlockFrame(const Block& block, std::string* out);
void AppendHeadFrame(const BlockText& text, std::string* out);

// False if the bytes are none: they come from a process that a hostile file may
// have taken over.
bool ParseBlockFrame(absl::string_view body, Block* block);
bool ParseHeadFrame(absl::string_view body, BlockText* text);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_BLOCK_FRAMES_H_
