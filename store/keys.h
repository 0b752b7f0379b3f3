// Every key in the database is built here and nowhere else.
//
//   tag   components                        value
//   'F'   -                                 format version, decimal
//   'P'   sequence                          time of publication, 8 bytes:
//                                           all up to it is visible
//   'N'   kind, first, second               sequence of the newest version
//   'V'   kind, first, second, sequence     content, then the times of its
//                                           creation and update, 8 bytes each;
//                                           no content: deleted. Immutable
//   'B'   kind, first, second, sequence,    a provision of that version of an
//         position, 8 bytes                 expression; at position 0 the ids
//         of
//                                           all, each followed by a line feed
//   'C'   sequence                          Change without time and records
//   'J'   number of the job                 ImportJob
//   'Q'   request id                        RequestEntry: answer of a write
//   'L'   'a', state, authority, desig.     empty: designations of an authority
//   'L'   'f', function, state, desig.      empty: designations for a function
//   'L'   't', treaty, article, state,      empty: designations under a treaty
//         designation
//   'L'   'm', treaty, article, state,      empty: mappings to a treaty
//         mapping
//   'L'   'p', state, treaty                empty: participations of a State
//   'L'   'i', system, source id, kind      name of the record that came thence
//   'L'   'n', state, folded name, unit     name of the authority so called
//
// A kind is the letter of base/names.h. `first` and `second` are the variable
// parts of a name (names::Parts). A text component is UTF-8 without NUL and
// ends in one NUL; a number is 8 bytes big-endian; so byte order is component
// order. Tags are on disk: never renumber, never reuse ('O' was one once).
//
// Entries under 'L' are never taken away while a version of the record has
// them, so they answer for any time; whoever reads one checks the record.

#ifndef COMITY_STORE_KEYS_H_
#define COMITY_STORE_KEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/names.h"

namespace comity::keys {

// Version of the format on disk.
inline constexpr int kFormatVersion = 1;

std::string Format();
std::string Published(uint64_t sequence);
std::string Newest(const names::Parts& name);
// Prefix of the 'N' keys of a kind; of those under a State (code) or treaty
// (slug), or under a law (`{code}/{id}`).
std::string NewestOf(Kind kind);
std::string NewestUnder(Kind kind, absl::string_view under);
std::string Version(const names::Parts& name, uint64_t sequence);
// Prefix of the 'V' keys of a record; of a kind.
std::string VersionsOf(const names::Parts& name);
std::string VersionsOfKind(Kind kind);
// Prefix of the 'N' keys of a kind under `first` whose ids begin so.
std::string NewestBeginning(Kind kind, absl::string_view first,
                            absl::string_view id);
// A provision of a version of an expression, by its position; prefix of all.
std::string Provision(const names::Parts& expression, uint64_t sequence,
                      uint64_t position);
std::string ProvisionsOf(const names::Parts& expression, uint64_t sequence);
std::string Change(uint64_t sequence);
std::string ImportJob(uint64_t number);
std::string Request(absl::string_view id);

std::string DesignationByAuthority(absl::string_view state,
                                   absl::string_view authority,
                                   absl::string_view designation);
std::string DesignationByFunction(absl::string_view function,
                                  absl::string_view state,
                                  absl::string_view designation);
std::string DesignationByTreaty(absl::string_view treaty,
                                absl::string_view article,
                                absl::string_view state,
                                absl::string_view designation);
// `mapping` is the `second` of its name.
std::string MappingByTreaty(absl::string_view treaty, absl::string_view article,
                            absl::string_view state, absl::string_view mapping);
std::string ParticipationByState(absl::string_view state,
                                 absl::string_view treaty);
std::string RecordBySource(absl::string_view system, absl::string_view id,
                           Kind kind);
// `name` and `unit` folded (base/text.h).
std::string AuthorityByName(absl::string_view state, absl::string_view name,
                            absl::string_view unit);

// Prefixes of the lookups above.
std::string DesignationsOfAuthority(absl::string_view state,
                                    absl::string_view authority);
std::string DesignationsForFunction(absl::string_view function);
std::string DesignationsForFunctionIn(absl::string_view function,
                                      absl::string_view state);
std::string DesignationsUnderTreaty(absl::string_view treaty);
std::string MappingsToTreaty(absl::string_view treaty);
std::string MappingsToArticle(absl::string_view treaty,
                              absl::string_view article);
std::string ParticipationsOfState(absl::string_view state);
std::string RecordsOfSystem(absl::string_view system);

// A number as 8 bytes big-endian, and back; Number() of another size is 0.
std::string Bytes(uint64_t number);
uint64_t Number(absl::string_view bytes);

// The first key after all that start with `prefix`; empty: there is none.
std::string After(std::string prefix);

// Text components of a key behind `skip` bytes, in order; the rest, if no NUL
// follows, is dropped.
std::vector<absl::string_view> Components(absl::string_view key, size_t skip);

// The name that an 'N', 'V' or 'B' key belongs to; empty for other keys.
std::string NameOf(absl::string_view key);
// Number at the end of a key: the sequence of a 'V', 'C' or 'P' key, the
// position of a 'B' key.
uint64_t SequenceOf(absl::string_view key);
// The name of the record of `kind` whose variable parts are these.
std::string NameOf(Kind kind, absl::string_view first,
                   absl::string_view second);

}  // namespace comity::keys

#endif  // COMITY_STORE_KEYS_H_
