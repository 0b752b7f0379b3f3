// The schema of LeyChile.

#ifndef COMITY_IMPORT_LAWS_LEYCHILE_READER_H_
#define COMITY_IMPORT_LAWS_LEYCHILE_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsLeyChile(const Input& input);
absl::Status ReadLeyChile(const Input& input,
                          std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_LEYCHILE_READER_H_
