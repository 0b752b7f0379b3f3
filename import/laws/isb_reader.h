// The schema of the electronic Irish Statute Book.

#ifndef COMITY_IMPORT_LAWS_ISB_READER_H_
#define COMITY_IMPORT_LAWS_ISB_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsIsb(const Input& input);
absl::Status ReadIsb(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_ISB_READER_H_
