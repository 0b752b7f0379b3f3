// Provisions of a document as they are found, with ids given at the end.

#ifndef COMITY_IMPORT_LAWS_PROVISIONS_H_
#define COMITY_IMPORT_LAWS_PROVISIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "import/law_document.h"
#include "import/laws/blocks.h"

namespace comity::laws {

// Not thread-safe.
class Provisions {
 public:
  static constexpr int kNone = -1;

  struct Entry {
    v1::Provision::Kind kind = v1::Provision::KIND_UNSPECIFIED;
    // Index of a grouping added before; kNone: none.
    int parent = kNone;
    std::string label;
    std::string number;
    std::string heading;
    std::string text;
    // Part of the id, instead of what the kind has: `gecici-madde`.
    std::string id_word;
    v1::LawStatus status = v1::LAW_STATUS_UNSPECIFIED;
    // Partial days.
    std::string in_force;
    std::string repealed;
    std::string language;
  };

  // Returns its index.
  int Add(Entry entry);
  // Adds a paragraph to the text of a provision, white space folded.
  void AddText(int index, absl::string_view paragraph);

  Entry& at(int index) { return entries_[static_cast<size_t>(index)]; }
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }

  // Moves all into the document: drops what has neither label, heading nor
  // text, cuts what is too long, gives ids and positions, counts, and says
  // whether structure was found. ResourceExhausted: too many.
  absl::Status Finish(LawDocument* document);

 private:
  std::vector<Entry> entries_;
};

// Adds a notice, unless there are too many.
void AddNotice(LawDocument* document, absl::string_view place,
               absl::string_view text);

// Cuts text after at most `bytes_max`, at ends of paragraphs, else of
// sentences, else of words, else of characters.
std::vector<std::string> CutText(absl::string_view text, size_t bytes_max);

// Divides text without structure into provisions of kind TEXT.
void AddTextPieces(absl::string_view text, Provisions* provisions);

bool IsBasic(v1::Provision::Kind kind);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_PROVISIONS_H_
