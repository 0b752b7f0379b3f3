// When a designation holds, how designations are ordered, and what the reader
// of one must know.

#ifndef COMITY_RULES_DESIGNATIONS_H_
#define COMITY_RULES_DESIGNATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/dates.h"
#include "base/wire.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/reason.pb.h"

namespace comity::rules {

enum class BoundKind { kDate, kOpen, kUnknown };

// One end of a validity `[from, until)`; `day` counts for kDate only.
struct Bound {
  BoundKind kind = BoundKind::kUnknown;
  int32_t day = 0;
};

// `bound` may be null (absent), which is unknown, as is a date that is none.
Bound FromProto(const v1::DateBound* bound);
// The bounds of a designation.
Bound StartOf(const v1::Designation& designation);
Bound EndOf(const v1::Designation& designation);

// False on days before a known start, and on or after a known end. A bound that
// is open or unknown excludes no day.
bool HoldsOn(Bound from, Bound until, Day day);

// The order in which designations are told: known start first, latest first.
// Ties go by name, which the caller compares.
struct RankKey {
  bool start_known = false;
  int32_t start_day = 0;
};
// An open start is no known day.
RankKey RankKeyOf(Bound from);
bool operator<(const RankKey& a, const RankKey& b);
bool operator==(const RankKey& a, const RankKey& b);

// How an article cited by a designation fits its function.
enum class ArticleFit {
  // Listed, a paragraph of a listed one, or a whole article above it.
  kUsual,
  // Listed as unusual, or not listed.
  kUnusual,
  // None was cited.
  kNotStated,
};

// Whether one canonical citation is the other, or a paragraph of it, or the
// article above it: `18` and `18(13)`, but not `18(1)` and `18(13)`.
bool CitationsOverlap(absl::string_view a, absl::string_view b);

ArticleFit ArticleFitOf(const v1::Function& function, absl::string_view treaty,
                        absl::string_view article);

// Texts of a record, as views of it; most have few.
using Texts = absl::InlinedVector<absl::string_view, 4>;

// What the rules read of a designation. Views point into its bytes.
struct DesignationFacts {
  absl::string_view name;
  absl::string_view treaty;
  absl::string_view article;
  Bound from;
  Bound until;
  absl::string_view notified_on;
  v1::Notification::Basis notified_by = v1::Notification::BASIS_UNSPECIFIED;
  Texts languages;
  Texts channels;
  Texts forms;
  Texts required_contents;
  absl::string_view urgent_procedure;
  absl::string_view competence;
  absl::string_view verified_on;
  absl::string_view verified_by;
  // Messages of type Source.
  Texts sources;
  // Of the first source.
  v1::SourceKind first_source = v1::SOURCE_KIND_UNSPECIFIED;
  // Of all sources: bit 1 << kind.
  uint32_t source_kinds = 0;
};

// What the rules read of an office. Views point into its bytes.
struct AuthorityFacts {
  absl::string_view name;
  // Its name in English, else the first; empty if it has none.
  absl::string_view display_name;
  bool in_english = false;
  Texts languages;
  absl::string_view interpol_channel;
  absl::string_view territory;
  // As in DesignationFacts.
  uint32_t source_kinds = 0;
};

// Read the bytes of a Designation, or of an Authority, into empty facts.
// DataLoss if they do not parse.
absl::Status ReadFacts(absl::string_view bytes, DesignationFacts* facts);
absl::Status ReadFacts(absl::string_view bytes, AuthorityFacts* facts);

// The bit of a kind of source; none for one that is not known here.
constexpr uint32_t SourceKindBit(int kind) {
  return kind >= 0 && kind < 32 ? uint32_t{1} << static_cast<uint32_t>(kind)
                                : 0;
}

// Writes what the reader of a designation must know on a day, each an Advice in
// the field `number`: unknown bounds, age, weak sources, an unusual article.
// `authority` is null if no office is named.
void WriteAdvice(int number, const DesignationFacts& designation,
                 const AuthorityFacts* authority, const v1::Function& function,
                 Day day, wire::Writer* writer);

// The same, from the records. `authority` may be null.
std::vector<v1::Advice> AdviceFor(const v1::Designation& designation,
                                  const v1::Authority* authority,
                                  const v1::Function& function, Day day);

// How old a designation's word is: `notified 2011-09-22, from a third-party
// copy, not verified since`.
std::string AgeOf(const v1::Designation& designation);

}  // namespace comity::rules

#endif  // COMITY_RULES_DESIGNATIONS_H_
