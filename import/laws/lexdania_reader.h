// LexDania, of retsinformation.dk.

#ifndef COMITY_IMPORT_LAWS_LEXDANIA_READER_H_
#define COMITY_IMPORT_LAWS_LEXDANIA_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsLexDania(const Input& input);
absl::Status ReadLexDania(const Input& input,
                          std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_LEXDANIA_READER_H_
