// DOCX, as paragraphs from the process that reads it.

#ifndef COMITY_IMPORT_LAWS_DOCX_READER_H_
#define COMITY_IMPORT_LAWS_DOCX_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsDocx(const Input& input);
absl::Status ReadDocx(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_DOCX_READER_H_
