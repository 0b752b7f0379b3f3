#include "import/laws/rtf_reader.h"

#include "absl/strings/match.h"
#include "import/laws/binary.h"

namespace comity::laws {

bool IsRtf(const Input& input) {
  return absl::StartsWith(input.text, "{\\rtf");
}

absl::Status ReadRtf(const Input& input, std::vector<LawDocument>* documents) {
  return ReadBinary("rtf", /*lines=*/false, input, documents);
}

}  // namespace comity::laws
