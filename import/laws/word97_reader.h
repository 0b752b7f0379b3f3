// Word 97 to 2003, as paragraphs from the process that reads it.

#ifndef COMITY_IMPORT_LAWS_WORD97_READER_H_
#define COMITY_IMPORT_LAWS_WORD97_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsWord97(const Input& input);
absl::Status ReadWord97(const Input& input,
                        std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_WORD97_READER_H_
