// Plain text, and the marks of Indigo's importer.

#ifndef COMITY_IMPORT_LAWS_TEXT_READER_H_
#define COMITY_IMPORT_LAWS_TEXT_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsText(const Input& input);
absl::Status ReadText(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_TEXT_READER_H_
