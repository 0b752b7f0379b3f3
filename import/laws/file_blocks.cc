#include "import/laws/file_blocks.h"

#include "absl/strings/str_cat.h"

namespace comity::laws {

absl::StatusOr<BlockText> FileBlocks(absl::string_view format, int file,
                                     absl::string_view bytes) {
  if (format == "pdf") return PdfBlocks(bytes);
  if (format == "docx") return DocxBlocks(file);
  if (format == "word97") return Word97Blocks(bytes);
  if (format == "rtf") return RtfBlocks(bytes);
  return absl::InvalidArgumentError(absl::StrCat("no format `", format, "`"));
}

}  // namespace comity::laws
