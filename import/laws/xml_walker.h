// Provisions out of XML whose elements say what they are: the dialects differ
// in names, which are data.

#ifndef COMITY_IMPORT_LAWS_XML_WALKER_H_
#define COMITY_IMPORT_LAWS_XML_WALKER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "import/law_document.h"
#include "import/laws/markup.h"
#include "import/laws/provisions.h"
#include "import/laws/xml_text.h"

namespace comity::laws {

struct Dialect {
  // Elements that group others.
  absl::flat_hash_map<std::string, v1::Provision::Kind> groupings;
  // Elements that are citable, if they are in no other such. One that holds
  // others of `basics` is a grouping (a section of articles).
  absl::flat_hash_map<std::string, v1::Provision::Kind> basics;
  // A schedule: what is citable in it is SCHEDULE_PARAGRAPH.
  absl::flat_hash_set<std::string> schedules;
  // Preambles and closings: all their text is one provision.
  absl::flat_hash_set<std::string> preambles;
  absl::flat_hash_set<std::string> closings;
  // Elements of no meaning of their own: their children count.
  absl::flat_hash_set<std::string> wrappers;
  // Children that are the label and the heading of their parent.
  absl::flat_hash_set<std::string> numbers;
  absl::flat_hash_set<std::string> headings;
  // Elements without any text of the law.
  absl::flat_hash_set<std::string> left_out;
  // Text that is quoted into another law: units in it are text.
  absl::flat_hash_set<std::string> quotations;
  TextRules text;
};

// Not thread-safe.
class XmlWalker {
 public:
  // All must outlive the walker.
  XmlWalker(const Dialect* dialect, LawDocument* document)
      : dialect_(*dialect), document_(document) {}

  // Adds what is in `node`, below `parent`.
  void Walk(const Node& node, int parent = Provisions::kNone);

  // Adds one provision of all the text in `node`.
  int AddAll(const Node& node, v1::Provision::Kind kind, int parent);

  Provisions& provisions() { return provisions_; }
  std::vector<std::string>& notes() { return notes_; }

  // Adds the notes as a last provision, and fills the document.
  absl::Status Finish();

 private:
  void Unit(const Node& node, v1::Provision::Kind kind, bool basic, int parent);
  bool HoldsBasics(const Node& node) const;
  // Label and heading of a unit, and the children that are text or units.
  Provisions::Entry Head(const Node& node, v1::Provision::Kind kind,
                         std::vector<const Node*>* rest);

  const Dialect& dialect_;
  LawDocument* const document_;
  Provisions provisions_;
  std::vector<std::string> notes_;
  bool in_schedule_ = false;
};

// The number in a label: `12-1` of `§ 12¹.`, `4` of `Art. IV`.
std::string NumberOf(absl::string_view label, absl::string_view language);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_XML_WALKER_H_
