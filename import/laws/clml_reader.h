// Crown Legislation Markup Language, of legislation.gov.uk.

#ifndef COMITY_IMPORT_LAWS_CLML_READER_H_
#define COMITY_IMPORT_LAWS_CLML_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsClml(const Input& input);
absl::Status ReadClml(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_CLML_READER_H_
