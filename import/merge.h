// How what a file says joins what the store has.
//
// Nothing that the store has is lost: a field that the file leaves empty stays,
// a text in another language stays, a source stays beside the new one. A field
// that the file fills is replaced, and the difference is reported.

#ifndef COMITY_IMPORT_MERGE_H_
#define COMITY_IMPORT_MERGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/law.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"

namespace comity {

// Joins `said` to a record of the same type. Texts by language, other names,
// sources, notes and statements of what was printed are joined one by one;
// other fields are replaced where `said` has them.
void Merge(const v1::State& said, v1::State* state);
void Merge(const v1::Treaty& said, v1::Treaty* treaty);
void Merge(const v1::Participation& said, v1::Participation* participation);
void Merge(const v1::Designation& said, v1::Designation* designation);
void Merge(const v1::Law& said, v1::Law* law);

// Something that a row says of an office and that was not taken over.
struct MergeNotice {
  std::string field;
  std::string value;
  std::string rule;
};

// Joins what a row says of an office to its record. `first` tells that this is
// the first row of the file to speak of it: later rows do not rename it or
// change what the first one said. A name that the office had before does not
// rename it back. Contact data of the row's source replace what the same source
// (system and id) gave before; those of other sources stay beside them. Takes
// what it needs out of `said`.
std::vector<MergeNotice> MergeAuthority(v1::Authority* said, bool first,
                                        v1::Authority* record);

}  // namespace comity

#endif  // COMITY_IMPORT_MERGE_H_
