// Documents in binary formats, through a process of their own.

#ifndef COMITY_IMPORT_LAWS_BINARY_H_
#define COMITY_IMPORT_LAWS_BINARY_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

// Has comity-read take the paragraphs out of the input, which is in `format`,
// and finds their structure. `lines`: they are lines of pages, to be joined.
absl::Status ReadBinary(const char* format, bool lines, const Input& input,
                        std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_BINARY_H_
