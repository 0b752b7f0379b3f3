// Pages of Lovdata, whose elements say what they are.

#ifndef COMITY_IMPORT_LAWS_LOVDATA_READER_H_
#define COMITY_IMPORT_LAWS_LOVDATA_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsLovdata(const Input& input);
absl::Status ReadLovdata(const Input& input,
                         std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_LOVDATA_READER_H_
