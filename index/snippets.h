// The piece of a text that shows why it was found.

#ifndef COMITY_INDEX_SNIPPETS_H_
#define COMITY_INDEX_SNIPPETS_H_

#include "absl/strings/string_view.h"
#include "base/languages.h"
#include "comity/v1/search_service.pb.h"
#include "index/analyzer.h"
#include "index/query_builder.h"

namespace comity::index {

// The piece of `text` with the most of what the query looks for, as words or by
// their stems in the text's language; its beginning if there is none. Whole
// words, about 200 bytes, lines as spaces. Of long texts, a beginning is looked
// at. Takes any bytes; what it gives is UTF-8.
v1::Snippet MakeSnippet(absl::string_view text, const Language& language,
                        const Highlights& highlights, Analyzer* analyzer);

}  // namespace comity::index

#endif  // COMITY_INDEX_SNIPPETS_H_
