#include "import/laws/word97_reader.h"

#include "absl/strings/match.h"
#include "import/laws/binary.h"

namespace comity::laws {

bool IsWord97(const Input& input) {
  return absl::StartsWith(input.text, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

absl::Status ReadWord97(const Input& input,
                        std::vector<LawDocument>* documents) {
  return ReadBinary("word97", /*lines=*/false, input, documents);
}

}  // namespace comity::laws
