// Akoma Ntoso 3.0 with its dialects: Fedlex, Finlex, Legilux (CSD13).

#ifndef COMITY_IMPORT_LAWS_AKOMA_NTOSO_READER_H_
#define COMITY_IMPORT_LAWS_AKOMA_NTOSO_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsAkomaNtoso(const Input& input);
absl::Status ReadAkomaNtoso(const Input& input,
                            std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_AKOMA_NTOSO_READER_H_
