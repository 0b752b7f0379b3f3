#include "import/laws/pdf_reader.h"

#include "absl/strings/match.h"
#include "import/laws/binary.h"

namespace comity::laws {

bool IsPdf(const Input& input) {
  // Some programs write a line before it.
  return absl::StrContains(input.text.substr(0, 1024), "%PDF-");
}

absl::Status ReadPdf(const Input& input, std::vector<LawDocument>* documents) {
  return ReadBinary("pdf", /*lines=*/true, input, documents);
}

}  // namespace comity::laws
