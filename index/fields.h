// Every term and value slot of the search index is named here and nowhere else.
//
//   prefix  what it holds                       normalised
//   -       a word of a provision, of its text,  FoldWord, by index/analyzer.h
//           heading, label or the law's titles;
//           where it stands: index/word_places.h
//   XH      a word of its heading               the same
//   S       a word of the law's titles          the same
//   Z…      a stem of a word with the prefix …  the same, by language
//   XN      a number or citation in the text    index/numbers.h: `59(2)`
//   XA      the provision's own number          the same: `416bis`
//   Q       name of the record, unique          as it is
//   XL      name of the law that it is of       as it is
//   XK      kind of record                      `law`, `authority`
//   XS      State                               ISO 3166-1 alpha-3, lower case
//   L       language                            tag of base/languages.h
//   T       type of law                         name of the enum, lower case
//   Y       year                                `2019`
//   XD      decade                              `2010`
//   XT      treaty article that it carries out  `untoc/18(13)`; all of `untoc`
//                                               too
//   XU      subject                             FoldWord of its words, with `_`
//
//   slot    what it holds
//   0       day of the law, for order and for ranges that years do not cover
//
// Prefixes and slots are on disk: never change or reuse one without a new
// format version. Lower-case letters follow a prefix always, so none needs the
// colon of Xapian's convention; names in Q and XL begin with lower-case
// letters.

#ifndef COMITY_INDEX_FIELDS_H_
#define COMITY_INDEX_FIELDS_H_

#include <xapian.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace comity::index {

// Parts of a document, in their order.
enum class Part : uint8_t { kTitles, kHeadings, kRest };

}  // namespace comity::index

namespace comity::index::fields {

inline constexpr absl::string_view kText = "";
inline constexpr absl::string_view kHeading = "XH";
inline constexpr absl::string_view kTitle = "S";
inline constexpr absl::string_view kStem = "Z";
inline constexpr absl::string_view kNumber = "XN";
inline constexpr absl::string_view kOwnNumber = "XA";
inline constexpr absl::string_view kName = "Q";
inline constexpr absl::string_view kLaw = "XL";
inline constexpr absl::string_view kKind = "XK";
inline constexpr absl::string_view kState = "XS";
inline constexpr absl::string_view kLanguage = "L";
inline constexpr absl::string_view kType = "T";
inline constexpr absl::string_view kYear = "Y";
inline constexpr absl::string_view kDecade = "XD";
inline constexpr absl::string_view kTreaty = "XT";
inline constexpr absl::string_view kSubject = "XU";

// Of the words of a part that can be asked for by itself; those of the rest are
// found anywhere.
constexpr absl::string_view PrefixOf(Part part) {
  switch (part) {
    case Part::kTitles:
      return kTitle;
    case Part::kHeadings:
      return kHeading;
    case Part::kRest:
      break;
  }
  return kText;
}

inline constexpr Xapian::valueno kDaySlot = 0;

// Xapian throws on longer terms (glass, its on-disk format).
inline constexpr size_t kTermBytesMax = 245;
// `Z` and the longest prefix of words.
inline constexpr size_t kPrefixBytesMax = 3;
// What is left for a word or a stem; longer ones are cut to it.
inline constexpr size_t kWordBytesMax = kTermBytesMax - kPrefixBytesMax;

// The term of a value with a prefix of the table.
std::string Term(absl::string_view prefix, absl::string_view value);
// The same in lower case, for codes in ASCII.
std::string LowerTerm(absl::string_view prefix, absl::string_view value);
// The term of a stem of a word with the prefix.
std::string StemTerm(absl::string_view prefix, absl::string_view stem);
// Append them.
void AppendTerm(absl::string_view prefix, absl::string_view value,
                std::string* out);
void AppendStemTerm(absl::string_view prefix, absl::string_view stem,
                    std::string* out);

std::string YearTerm(int year);
// Of the decade that the year is in.
std::string DecadeTerm(int year);
// `untoc/18(13)`; an empty article means the treaty as a whole.
std::string TreatyTerm(absl::string_view slug, absl::string_view article);

// A day, counted from 1970-01-01, as the slot holds it: bytes in the order of
// days.
std::string DayValue(int64_t day);
// The day of a value; 0 for what is none.
int64_t DayOf(const std::string& value);

}  // namespace comity::index::fields

#endif  // COMITY_INDEX_FIELDS_H_
