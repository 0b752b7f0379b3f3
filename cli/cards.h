// Offices, designations and the treaty behind them as fields of a card.

#ifndef COMITY_CLI_CARDS_H_
#define COMITY_CLI_CARDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "cli/printer.h"
#include "cli/session.h"
#include "cli/words.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/reason.pb.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::cli {

using Advices = google::protobuf::RepeatedPtrField<comity::v1::Advice>;

// Name of the office with its kind: `Ministry of Justice (central authority)`;
// says so if the State named none.
std::string OfficeHeading(const comity::v1::Authority& authority);

// Unit, other names, addresses, numbers, hours; contact data that differ
// between sources one after the other, each with its source. Says so if there
// are none.
void AddOffice(const comity::v1::Authority& authority, FieldList* fields,
               Footnotes* notes);

// Competence, time limits, validity, notification, notes: the record as it is.
void AddDesignation(const comity::v1::Designation& designation,
                    FieldList* fields, Footnotes* notes);

// The same for a reader who relies on it on the day `as_of`: what he must
// beware of comes first, then what else there is to know. `advice` as the
// server gave it.
void AddStanding(const comity::v1::Designation& designation,
                 const Advices& advice, absl::string_view as_of,
                 FieldList* fields, Footnotes* notes);

// One field per State: act, deposit, entry into force, end of the data.
void AddParticipations(const comity::v1::TreatyStatus& status, Session* session,
                       FieldList* fields, Footnotes* notes);

// What the source printed where the record holds an understanding of it.
void AddAsStated(
    const google::protobuf::RepeatedPtrField<comity::v1::AsStated>& as_stated,
    FieldList* fields);

// The texts as lines with a hyphen before each; one text as it is. Lines after
// the first of each hang by kBulletWidth.
std::string Bullets(const Texts& texts);
inline constexpr int kBulletWidth = 2;

// Style for a status: good, bad or a warning for not known.
Style StyleOf(comity::v1::InForceStatus status);

}  // namespace comity::cli

#endif  // COMITY_CLI_CARDS_H_
