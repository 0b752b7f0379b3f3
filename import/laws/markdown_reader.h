// Markdown, as collections of laws use it.

#ifndef COMITY_IMPORT_LAWS_MARKDOWN_READER_H_
#define COMITY_IMPORT_LAWS_MARKDOWN_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsMarkdown(const Input& input);
absl::Status ReadMarkdown(const Input& input,
                          std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_MARKDOWN_READER_H_
