#include "import/laws/docx_reader.h"

#include "absl/strings/match.h"
#include "import/laws/binary.h"

namespace comity::laws {

bool IsDocx(const Input& input) {
  return absl::StartsWith(input.text, "PK\x03\x04");
}

absl::Status ReadDocx(const Input& input, std::vector<LawDocument>* documents) {
  return ReadBinary("docx", /*lines=*/false, input, documents);
}

}  // namespace comity::laws
