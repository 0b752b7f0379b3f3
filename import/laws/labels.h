// Labels: what a line that opens a provision begins with.

#ifndef COMITY_IMPORT_LAWS_LABELS_H_
#define COMITY_IMPORT_LAWS_LABELS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "comity/v1/law.pb.h"

namespace comity::laws {

struct Label {
  v1::Provision::Kind kind = v1::Provision::KIND_UNSPECIFIED;
  int rank = 0;
  // As printed, without what separates it from the rest.
  std::string label;
  // As `Provision.number`; empty: none.
  std::string number;
  // The leading number; -1: none.
  int64_t value = -1;
  bool suffixed = false;
  // What stands behind the label on the line.
  std::string rest;
  // Folded word: `artículo`, `§`; `.` where the number stands alone.
  std::string word;
  // See Word::own_id.
  std::string own_id;
  // No word, only a number: `12.`.
  bool bare = false;

  bool basic() const { return rank == kBasicRank; }
  static constexpr int kBasicRank = 20;
};

// The label that `line` begins with, by the words of `language`.
std::optional<Label> ParseLabel(absl::string_view line,
                                absl::string_view language);

// A number alone: `12.`, `12.—(1)`, `12A.`; `一、` in Chinese.
std::optional<Label> ParseBareLabel(absl::string_view line);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_LABELS_H_
