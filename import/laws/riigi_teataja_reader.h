// The schema of Riigi Teataja, the gazette of Estonia.

#ifndef COMITY_IMPORT_LAWS_RIIGI_TEATAJA_READER_H_
#define COMITY_IMPORT_LAWS_RIIGI_TEATAJA_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsRiigiTeataja(const Input& input);
absl::Status ReadRiigiTeataja(const Input& input,
                              std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_RIIGI_TEATAJA_READER_H_
