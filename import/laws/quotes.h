// Quoted text: what an amending law puts into another.

#ifndef COMITY_IMPORT_LAWS_QUOTES_H_
#define COMITY_IMPORT_LAWS_QUOTES_H_

#include <unicode/utf8.h>

#include <vector>

#include "absl/strings/string_view.h"
#include "import/laws/blocks.h"

namespace comity::laws {

// Whether a quotation is open, over paragraphs. A mark opens one at the
// beginning of a paragraph or after a colon or dash; elsewhere what it opens
// ends with the paragraph at the latest. It closes with the mark that belongs
// to the one that opened it; each paragraph may open it again.
class QuoteTracker {
 public:
  void Read(absl::string_view paragraph);
  void Reset() { depth_ = 0; }
  bool open() const { return depth_ > 0; }

 private:
  bool Closes(UChar32 c) const;
  void Take(UChar32 c, bool first, UChar32 before, UChar32 before_space);

  UChar32 opened_ = 0;
  int depth_ = 0;
  bool introduced_ = false;
  int paragraphs_ = 0;
};

// True if the paragraph begins with a mark that may open a quotation.
bool BeginsWithQuote(absl::string_view paragraph);

// For each paragraph, whether its beginning stands in quotation marks. A
// quotation that is never closed ends with its paragraph.
std::vector<bool> FindQuoted(const std::vector<Block>& blocks);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_QUOTES_H_
