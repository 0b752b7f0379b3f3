// HTML of any portal: the text without the navigation around it.

#ifndef COMITY_IMPORT_LAWS_HTML_READER_H_
#define COMITY_IMPORT_LAWS_HTML_READER_H_

#include <vector>

#include "absl/status/status.h"
#include "import/laws/reader.h"

namespace comity::laws {

bool IsHtml(const Input& input);
absl::Status ReadHtml(const Input& input, std::vector<LawDocument>* documents);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_HTML_READER_H_
