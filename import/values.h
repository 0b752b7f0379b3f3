// What is written in cells: days, languages, kinds of sources and acts, time
// zones, lists. Pure functions of the text.

#ifndef COMITY_IMPORT_VALUES_H_
#define COMITY_IMPORT_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/common.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/participation.pb.h"

namespace comity {

// `text` without white space (no-break spaces too) around it.
absl::string_view Trim(absl::string_view text);

// True for what people write into a cell that has no value: `-`, `n/a`, `none`.
// `NA` is among them, so ask only where it cannot be Namibia.
bool IsPlaceholder(absl::string_view text);

// A day as sources print it, as `YYYY-MM-DD`: 2011-09-22, 22/09/2011,
// 22.09.2011, 22 September 2011, 22 sept. 2011, 22 de septiembre de 2011,
// September 22, 2011, 22-Sep-2011; English, French, Spanish.
// InvalidArgument, whose message is the rule that the text breaks; digits such
// as 03/04/2011 are ambiguous unless `order` says which is the day. Dots are
// only used in dates that begin with the day.
absl::StatusOr<std::string> ParseDate(absl::string_view text,
                                      v1::DateOrder order);

// The same, or a year, or a month: `2011`, `2011-09`, `September 2011`.
absl::StatusOr<std::string> ParsePartialDate(absl::string_view text,
                                             v1::DateOrder order);

// The partial day up to which a source says that it is complete, out of words
// such as `after 2014-11-11` or `2024 (cites Trb. 2024, 55)`.
absl::StatusOr<std::string> ParseAsOf(absl::string_view text,
                                      v1::DateOrder order);

// The canonical BCP 47 tag of a language, by tag, ISO 639 code, or name in
// English, French, Spanish or itself; nullopt if there is none such.
std::optional<std::string> ParseLanguage(absl::string_view text);

// An IANA name, or an offset in the form `UTC+01:00`; nullopt for other text.
std::optional<std::string> ParseTimeZone(absl::string_view text);

// UNSPECIFIED if the words are of no known kind.
v1::SourceKind ParseSourceKind(absl::string_view text);
// OTHER if the words are of no known basis.
v1::Notification::Basis ParseNotificationBasis(absl::string_view text);
v1::Authority::Kind ParseAuthorityKind(absl::string_view text);
// In words, or in the letters of the United Nations Treaty Collection: a
// (accession), A (acceptance), AA (approval), c (formal confirmation),
// d (succession), s (definitive signature).
v1::BindingAct ParseBindingAct(absl::string_view text);
v1::DateBasis ParseDateBasis(absl::string_view text);
// nullopt for anything but yes, no, true, false and their like.
std::optional<bool> ParseYesNo(absl::string_view text);

// The words for a value that these functions understand, as our own files have
// them: `depositary_copy`. Empty for 0.
std::string SourceKindWord(v1::SourceKind kind);
std::string NotificationBasisWord(v1::Notification::Basis basis);
std::string AuthorityKindWord(v1::Authority::Kind kind);
std::string BindingActWord(v1::BindingAct act);
std::string DateBasisWord(v1::DateBasis basis);

// The name of a State without what the source's footnotes and typography add:
// `Bahrain 3`, `Germany 2,5`, `Fiji²`, `Holy See *`.
absl::string_view WithoutFootnotes(absl::string_view text);

// Items of a cell: at vertical bars if it has any; otherwise at line ends and,
// if `also` says, at any of its characters. Trimmed, empty ones left out.
std::vector<absl::string_view> Items(absl::string_view text,
                                     absl::string_view also = "");

// Items of a list of languages: `English and French`, `anglais, français`.
std::vector<absl::string_view> LanguageItems(absl::string_view text);

// What the text of one telephone number is taken apart into.
struct ParsedTelephone {
  std::string number;
  // Extension or label.
  std::string note;
  // What a label such as `Tel./Fax:` says it is; UNSPECIFIED without one.
  v1::TelephoneNumber::Kind kind = v1::TelephoneNumber::KIND_UNSPECIFIED;
};

// The numbers in a cell; see Items for what divides them, besides a slash, a
// comma or an `or` before another full number.
std::vector<absl::string_view> TelephoneItems(absl::string_view text);
// nullopt for text without a number in it.
std::optional<ParsedTelephone> ParseTelephone(absl::string_view text);

// The address, without `mailto:`; nullopt if it cannot be one.
std::optional<std::string> ParseEmail(absl::string_view text);
// True if it may be the address of a web page.
bool IsWebsite(absl::string_view text);

}  // namespace comity

#endif  // COMITY_IMPORT_VALUES_H_
