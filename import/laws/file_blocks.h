// Paragraphs of documents in binary formats. Runs in the process of comity-read
// only: its libraries are not to be trusted with a hostile file.

#ifndef COMITY_IMPORT_LAWS_FILE_BLOCKS_H_
#define COMITY_IMPORT_LAWS_FILE_BLOCKS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/laws/blocks.h"

namespace comity::laws {

// Lines of a PDF's text layer in reading order, columns one after the other,
// with empty blocks where a gap separates paragraphs. Headers, footers and page
// numbers are left out; footnotes are notes. InvalidArgument for a scan.
absl::StatusOr<BlockText> PdfBlocks(absl::string_view bytes);

// Paragraphs of the main part of a DOCX file, `file` a descriptor that can be
// read from its start.
absl::StatusOr<BlockText> DocxBlocks(int file);

// Paragraphs of a Word 97 to 2003 document.
absl::StatusOr<BlockText> Word97Blocks(absl::string_view bytes);

// Paragraphs of a Rich Text Format document.
absl::StatusOr<BlockText> RtfBlocks(absl::string_view bytes);

// By the name of the format. InvalidArgument if there is none of that name.
absl::StatusOr<BlockText> FileBlocks(absl::string_view format, int file,
                                     absl::string_view bytes);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_FILE_BLOCKS_H_
