// When a designation holds, how designations are ordered, and what the reader
// of one must know.

#ifndef COMITY_RULES_DESIGNATIONS_H_
#define COMITY_RULES_DESIGNATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/dates.h"
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

// What the advice on a designation rests on, without the rest of it. Views live
// as long as what they were taken from.
struct DesignationFacts {
  absl::string_view treaty;
  absl::string_view article;
  Bound from;
  Bound until;
  absl::string_view notified_on;
  v1::Notification::Basis notified_by = v1::Notification::BASIS_UNSPECIFIED;
  absl::string_view verified_on;
  absl::string_view verified_by;
  // Of the first source.
  v1::SourceKind first_source = v1::SOURCE_KIND_UNSPECIFIED;
  // Of all sources: bit 1 << kind.
  uint32_t sources = 0;
};
DesignationFacts FactsOf(const v1::Designation& designation);

// Kinds of sources as bits, as in DesignationFacts.
uint32_t SourceKindsOf(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources);
// The bit of a kind; none for one that is not known here.
constexpr uint32_t SourceKindBit(int kind) {
  return kind >= 0 && kind < 32 ? uint32_t{1} << static_cast<uint32_t>(kind)
                                : 0;
}

// Adds what the reader of a designation must know on a day: unknown bounds,
// age, weak sources, an unusual article. `authority_sources` are the kinds of
// the office's sources; null: no office is named.
void AddAdvice(const DesignationFacts& designation,
               const uint32_t* authority_sources, const v1::Function& function,
               Day day, google::protobuf::RepeatedPtrField<v1::Advice>* advice);

// The same, from the records. `authority` may be null.
std::vector<v1::Advice> AdviceFor(const v1::Designation& designation,
                                  const v1::Authority* authority,
                                  const v1::Function& function, Day day);

// How old a designation's word is: `notified 2011-09-22, from a third-party
// copy, not verified since`.
std::string AgeOf(const v1::Designation& designation);

}  // namespace comity::rules

#endif  // COMITY_RULES_DESIGNATIONS_H_
