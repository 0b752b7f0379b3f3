// Resource names: the only place that builds and takes them apart.

#ifndef COMITY_BASE_NAMES_H_
#define COMITY_BASE_NAMES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity {

// Kinds of named records. The letters are on disk: never change or reuse one.
enum class Kind : char {
  kState = 'S',
  kTreaty = 'T',
  kFunction = 'F',
  kParticipation = 'P',
  kAuthority = 'A',
  kDesignation = 'D',
  kImportJob = 'J',
  kLaw = 'L',
  kExpression = 'E',
  kMapping = 'M',
  kConcept = 'C',
};

namespace names {

// A name taken apart. The views point into the name.
struct Parts {
  Kind kind;
  // States, authorities, designations, laws, expressions, mappings: the State's
  // code. Treaties, participations: the treaty's slug. Functions, concepts: the
  // slug. Import jobs: id.
  absl::string_view first;
  // Authorities, designations, laws: the id. Participations: the State's code.
  // Expressions, mappings: all behind `laws/`, `{law}/expressions/{id}`, so
  // that those of one law are neighbours.
  absl::string_view second;
};

std::string State(absl::string_view code);
std::string Treaty(absl::string_view slug);
std::string Function(absl::string_view slug);
std::string Participation(absl::string_view treaty_slug,
                          absl::string_view state_code);
std::string Authority(absl::string_view state_code, absl::string_view id);
std::string Designation(absl::string_view state_code, absl::string_view id);
std::string ImportJob(absl::string_view id);
std::string Law(absl::string_view state_code, absl::string_view id);
// Of a law's name; `date` is a day, or empty: `undated`.
std::string Expression(absl::string_view law, absl::string_view language,
                       absl::string_view date);
std::string Mapping(absl::string_view law, absl::string_view id);
std::string Concept(absl::string_view slug);
// Name of a provision, which is part of an expression and no record of its own.
std::string Provision(absl::string_view expression, absl::string_view id);

// True for three letters A-Z, the shape of ISO 3166-1 alpha-3.
bool IsStateCode(absl::string_view text);
// True for 1 to kSlugBytesMax of a-z, 0-9 and inner single hyphens.
bool IsSlug(absl::string_view text);
// The same, up to kIdBytesMax.
bool IsId(absl::string_view text);

// Any name, taken apart. InvalidArgument names `field` if it is malformed.
absl::StatusOr<Parts> Parse(absl::string_view name, absl::string_view field);
// The same, and of this kind.
absl::StatusOr<Parts> ParseKind(absl::string_view name, Kind kind,
                                absl::string_view field);

// The shape of names of a kind, for messages: `states/{state}`.
absl::string_view Pattern(Kind kind);

// `states/LTU` for records of a State: its own, its offices', designations' and
// participations'; empty for treaties, functions and import jobs.
std::string StateOf(const Parts& parts);

// Name of the law of an expression or a mapping, or of the law itself.
std::string LawOf(const Parts& parts);

// What comes before and after `@` in the last component of an expression's
// name: language and date (`undated`).
struct ExpressionId {
  absl::string_view language;
  absl::string_view date;
};
ExpressionId ExpressionIdOf(absl::string_view name);

// Takes the name of a provision apart into expression and id. InvalidArgument
// names `field` if it is malformed.
absl::Status ParseProvision(absl::string_view name, absl::string_view field,
                            absl::string_view* expression,
                            absl::string_view* id);

// The last component: `LTU` of `states/LTU`, `untoc` of `treaties/untoc`.
absl::string_view LastOf(absl::string_view name);

}  // namespace names
}  // namespace comity

#endif  // COMITY_BASE_NAMES_H_
