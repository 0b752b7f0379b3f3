// United States Legislative Markup, of govinfo.gov and uscode.house.gov.

#ifndef COMITY_IMPORT_LAWS_USLM_READER_H_
#define COMITY_IMPORT_LAWS_USLM_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsUslm(const Input& input);
absl::Status ReadUslm(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_USLM_READER_H_
