#include "import/laws/binary.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "import/child_process.h"
#include "import/laws/block_frames.h"
#include "import/laws/limits.h"
#include "import/laws/lines.h"
#include "import/laws/provisions.h"
#include "import/laws/structure.h"

namespace comity::laws {
namespace {

constexpr size_t kRemarksMax = 20;

absl::StatusOr<BlockText> ReadBlocks(const char* format,
                                     absl::string_view bytes) {
  ASSIGN_OR_RETURN(const int file, OpenTemporaryFile());
  absl::Cleanup close_file = [file] { close(file); };
  RETURN_IF_ERROR(WriteToFile(file, bytes));
  // The process reads from the beginning; the descriptor's place is shared.
  if (lseek(file, 0, SEEK_SET) != 0) {
    return absl::UnavailableError("the temporary file cannot be read");
  }
  ChildProcess process("document");
  RETURN_IF_ERROR(process.Start(file, {"--law", format}));
  BlockText text;
  size_t left = law_limits::kFileBytesMax;
  std::string body;
  while (true) {
    char letter = 0;
    RETURN_IF_ERROR(process.Next(law_limits::kBlockBytesMax, &letter, &body));
    // More text than the largest file may have is an attack.
    if (body.size() > left) return process.Died();
    left -= body.size();
    switch (letter) {
      case 'B':
        if (text.blocks.size() >= law_limits::kBlocksMax ||
            !ParseBlockFrame(body, &text.blocks.emplace_back())) {
          return process.Died();
        }
        break;
      case 'H':
        if (!ParseHeadFrame(body, &text)) return process.Died();
        break;
      case 'M':
        if (text.remarks.size() >= kRemarksMax) return process.Died();
        text.remarks.push_back(Tidy(body));
        break;
      case 'E':
        process.Close();
        return ChildProcess::FailureOf(body);
      case 'Z':
        process.Close();
        return text;
      default:
        return process.Died();
    }
  }
}

}  // namespace

absl::Status ReadBinary(const char* format, bool lines, const Input& input,
                        std::vector<LawDocument>* documents) {
  ASSIGN_OR_RETURN(BlockText text, ReadBlocks(format, input.text));
  LawDocument& document = documents->emplace_back();
  std::string sample;
  for (const Block& block : text.blocks) {
    absl::StrAppend(&sample, block.text, "\n");
  }
  SetLanguage(input, text.language, Statement::kWeak, sample, &document);
  if (lines) JoinBrokenLines(document.expression.language(), &text.blocks);
  return FindStructure(std::move(text), &document);
}

}  // namespace comity::laws
