#include "base/names.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"

namespace comity::names {
namespace {

constexpr absl::string_view kUndated = "undated";
constexpr absl::string_view kProvisions = "/provisions/";

bool IsHyphenated(absl::string_view text, size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max) return false;
  if (text.front() == '-' || text.back() == '-') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool letter = absl::ascii_islower(c) || absl::ascii_isdigit(c);
    if (!letter && (c != '-' || text[i - 1] == '-')) return false;
  }
  return true;
}

bool IsExpressionId(absl::string_view text) {
  const size_t at = text.find('@');
  if (at == absl::string_view::npos) return false;
  const absl::string_view language = text.substr(0, at);
  const absl::string_view date = text.substr(at + 1);
  // BCP 47 in shape; whether it is in canonical case, the store checks.
  if (language.size() < 2 || language.size() > 35) return false;
  for (const char c : language) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isalnum(byte) && c != '-') return false;
  }
  return date == kUndated || (date.size() == 10 && ParseDay(date));
}

// What follows `states/{state}/laws/{law}/`.
bool SplitUnderLaw(const absl::string_view* piece, Parts* parts) {
  if (piece[2] != "laws" || !IsId(piece[3])) return false;
  const char* const begin = piece[3].data();
  const char* const end = piece[5].data() + piece[5].size();
  parts->second = absl::string_view(begin, static_cast<size_t>(end - begin));
  parts->kind = Kind::kExpression;
  if (piece[4] == "expressions") return IsExpressionId(piece[5]);
  parts->kind = Kind::kMapping;
  return piece[4] == "mappings" && IsId(piece[5]);
}

// Takes `name` apart; false if it has no known shape.
bool Split(absl::string_view name, Parts* parts) {
  if (name.size() > limits::kNameBytesMax) return false;
  absl::string_view piece[6];
  int pieces = 0;
  for (absl::string_view rest : absl::StrSplit(name, '/')) {
    if (pieces == 6) return false;
    piece[pieces++] = rest;
  }
  if (pieces == 2) {
    *parts = {Kind::kState, piece[1], {}};
    if (piece[0] == "states") return IsStateCode(piece[1]);
    parts->kind = Kind::kTreaty;
    if (piece[0] == "treaties") return IsSlug(piece[1]);
    parts->kind = Kind::kFunction;
    if (piece[0] == "functions") return IsSlug(piece[1]);
    parts->kind = Kind::kConcept;
    if (piece[0] == "concepts") return IsSlug(piece[1]);
    parts->kind = Kind::kImportJob;
    return piece[0] == "importJobs" && IsId(piece[1]);
  }
  if (pieces != 4 && pieces != 6) return false;
  if (pieces == 4 && piece[0] == "treaties" && piece[2] == "participations") {
    *parts = {Kind::kParticipation, piece[1], piece[3]};
    return IsSlug(piece[1]) && IsStateCode(piece[3]);
  }
  if (piece[0] != "states" || !IsStateCode(piece[1])) return false;
  *parts = {Kind::kAuthority, piece[1], piece[3]};
  if (pieces == 6) return SplitUnderLaw(piece, parts);
  if (!IsId(piece[3])) return false;
  if (piece[2] == "authorities") return true;
  parts->kind = Kind::kLaw;
  if (piece[2] == "laws") return true;
  parts->kind = Kind::kDesignation;
  return piece[2] == "designations";
}

}  // namespace

std::string State(absl::string_view code) {
  return absl::StrCat("states/", code);
}

std::string Treaty(absl::string_view slug) {
  return absl::StrCat("treaties/", slug);
}

std::string Function(absl::string_view slug) {
  return absl::StrCat("functions/", slug);
}

std::string Participation(absl::string_view treaty_slug,
                          absl::string_view state_code) {
  return absl::StrCat("treaties/", treaty_slug, "/participations/", state_code);
}

std::string Authority(absl::string_view state_code, absl::string_view id) {
  return absl::StrCat("states/", state_code, "/authorities/", id);
}

std::string Designation(absl::string_view state_code, absl::string_view id) {
  return absl::StrCat("states/", state_code, "/designations/", id);
}

std::string ImportJob(absl::string_view id) {
  return absl::StrCat("importJobs/", id);
}

std::string Law(absl::string_view state_code, absl::string_view id) {
  return absl::StrCat("states/", state_code, "/laws/", id);
}

std::string Expression(absl::string_view law, absl::string_view language,
                       absl::string_view date) {
  return absl::StrCat(law, "/expressions/", language, "@",
                      date.empty() ? kUndated : date);
}

std::string Mapping(absl::string_view law, absl::string_view id) {
  return absl::StrCat(law, "/mappings/", id);
}

std::string Concept(absl::string_view slug) {
  return absl::StrCat("concepts/", slug);
}

std::string Provision(absl::string_view expression, absl::string_view id) {
  return absl::StrCat(expression, kProvisions, id);
}

bool IsStateCode(absl::string_view text) {
  return text.size() == 3 && absl::ascii_isupper(text[0]) &&
         absl::ascii_isupper(text[1]) && absl::ascii_isupper(text[2]);
}

bool IsSlug(absl::string_view text) {
  return IsHyphenated(text, limits::kSlugBytesMax);
}

bool IsId(absl::string_view text) {
  return IsHyphenated(text, limits::kIdBytesMax);
}

absl::StatusOr<Parts> Parse(absl::string_view name, absl::string_view field) {
  Parts parts;
  if (!Split(name, &parts)) {
    return InvalidField(field, name,
                        "must be the name of a record, such as states/NOR or "
                        "states/NOR/authorities/ministry-of-justice");
  }
  return parts;
}

absl::StatusOr<Parts> ParseKind(absl::string_view name, Kind kind,
                                absl::string_view field) {
  Parts parts;
  if (!Split(name, &parts) || parts.kind != kind) {
    return InvalidField(field, name,
                        absl::StrCat("must be of the form ", Pattern(kind)));
  }
  return parts;
}

absl::string_view Pattern(Kind kind) {
  switch (kind) {
    case Kind::kState:
      return "states/{ISO 3166-1 alpha-3}";
    case Kind::kTreaty:
      return "treaties/{treaty}";
    case Kind::kFunction:
      return "functions/{function}";
    case Kind::kParticipation:
      return "treaties/{treaty}/participations/{state}";
    case Kind::kAuthority:
      return "states/{state}/authorities/{authority}";
    case Kind::kDesignation:
      return "states/{state}/designations/{designation}";
    case Kind::kImportJob:
      return "importJobs/{job}";
    case Kind::kLaw:
      return "states/{state}/laws/{law}";
    case Kind::kExpression:
      return "states/{state}/laws/{law}/expressions/{language}@{date}";
    case Kind::kMapping:
      return "states/{state}/laws/{law}/mappings/{mapping}";
    case Kind::kConcept:
      return "concepts/{concept}";
  }
  return "";
}

std::string StateOf(const Parts& parts) {
  switch (parts.kind) {
    case Kind::kState:
    case Kind::kAuthority:
    case Kind::kDesignation:
    case Kind::kLaw:
    case Kind::kExpression:
    case Kind::kMapping:
      return State(parts.first);
    case Kind::kParticipation:
      return State(parts.second);
    case Kind::kTreaty:
    case Kind::kFunction:
    case Kind::kImportJob:
    case Kind::kConcept:
      return "";
  }
  return "";
}

std::string LawOf(const Parts& parts) {
  return Law(parts.first, parts.second.substr(0, parts.second.find('/')));
}

ExpressionId ExpressionIdOf(absl::string_view name) {
  const absl::string_view last = LastOf(name);
  const size_t at = last.find('@');
  if (at == absl::string_view::npos) return {last, {}};
  return {last.substr(0, at), last.substr(at + 1)};
}

absl::Status ParseProvision(absl::string_view name, absl::string_view field,
                            absl::string_view* expression,
                            absl::string_view* id) {
  const size_t at = name.rfind(kProvisions);
  if (at != absl::string_view::npos) {
    *expression = name.substr(0, at);
    *id = name.substr(at + kProvisions.size());
    if (IsId(*id) && ParseKind(*expression, Kind::kExpression, field).ok()) {
      return absl::OkStatus();
    }
  }
  return InvalidField(
      field, name,
      absl::StrCat("must be of the form ", Pattern(Kind::kExpression),
                   kProvisions, "{provision}"));
}

absl::string_view LastOf(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? name : name.substr(slash + 1);
}

}  // namespace comity::names
