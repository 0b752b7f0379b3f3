// From records to bytes: JSON Lines, CSV, vCard. The same record gives the
// same bytes.

#ifndef COMITY_IMPORT_WRITERS_H_
#define COMITY_IMPORT_WRITERS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/record.pb.h"
#include "comity/v1/state.pb.h"
#include "google/protobuf/message.h"

namespace comity {

// `message` in protobuf's JSON form on one line, without an end of line; maps
// are sorted by key.
std::string Json(const google::protobuf::Message& message);

// Appends the line of `record` (or `change`) with its end. Server fields are
// written as they are: the caller clears what it does not want.
void AppendJsonLine(const google::protobuf::Message& message, std::string* out);

// CSV as RFC 4180 has it, in UTF-8 without a byte order mark, lines ending in
// CRLF, with the columns that the reader of the kind understands.
//
// A cell is what the record says, with one change: since spreadsheets run cells
// that begin with `=`, `+`, `-`, `@`, a tab or a carriage return, such a cell
// gets an apostrophe in front, as does one that begins with apostrophes
// followed by one of those. The reader takes one apostrophe off again.
//
// A row holds less than a record: one name of an office, its first contact, one
// source; nothing of `as_stated`. JSON Lines hold all.
std::string DesignationCsvHeader();
// `authority` is nullptr for designations that name no office.
void AppendDesignationCsv(const v1::Designation& designation,
                          const v1::Authority* authority, std::string* out);

std::string StateCsvHeader();
void AppendStateCsv(const v1::State& state, std::string* out);

// One row per period; one for a participation without any.
std::string ParticipationCsvHeader();
void AppendParticipationCsv(const v1::Participation& participation,
                            std::string* out);

// Appends vCard 4.0 (RFC 6350) cards: one per contact, one without an address
// for an office that has no contact. `state_name` ends the address, where it is
// not its last line already; empty: unknown.
void AppendVcards(const v1::Authority& authority, absl::string_view state_name,
                  std::string* out);

}  // namespace comity

#endif  // COMITY_IMPORT_WRITERS_H_
