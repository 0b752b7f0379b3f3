#include "import/values.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/text.h"

namespace comity {
namespace {

constexpr absl::string_view kNoBreakSpace = "\xC2\xA0";
constexpr size_t npos = absl::string_view::npos;

bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

// The value of the first row whose words all stand in `folded`.
template <class Value, size_t N>
Value FirstWith(const std::pair<const char*, Value> (&rows)[N],
                absl::string_view folded, Value otherwise) {
  for (const auto& [word, value] : rows) {
    if (absl::StrContains(folded, word)) return value;
  }
  return otherwise;
}

// `SOURCE_KIND_DEPOSITARY_COPY` as `depositary_copy`; empty for 0.
std::string Word(int value, const std::string& name, absl::string_view prefix) {
  if (value == 0) return "";
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

// The value whose word, or whole name, `text` is; nullopt if there is none.
template <class Value>
std::optional<Value> ByWord(absl::string_view text, absl::string_view prefix,
                            bool (*parse)(absl::string_view, Value*)) {
  std::string name = absl::AsciiStrToUpper(text);
  std::replace(name.begin(), name.end(), ' ', '_');
  Value value;
  if (parse(name, &value) || parse(absl::StrCat(prefix, name), &value)) {
    return value;
  }
  return std::nullopt;
}

bool ParseName(absl::string_view name, v1::SourceKind* kind) {
  return v1::SourceKind_Parse(std::string(name), kind);
}
bool ParseName(absl::string_view name, v1::BindingAct* act) {
  return v1::BindingAct_Parse(std::string(name), act);
}
bool ParseName(absl::string_view name, v1::Notification::Basis* basis) {
  return v1::Notification::Basis_Parse(std::string(name), basis);
}
bool ParseName(absl::string_view name, v1::Authority::Kind* kind) {
  return v1::Authority::Kind_Parse(std::string(name), kind);
}

// The items of `text` between the places where `divides` says how many bytes
// divide there, trimmed, without empty ones.
template <class Divides>
std::vector<absl::string_view> Divided(absl::string_view text,
                                       Divides divides) {
  std::vector<absl::string_view> items;
  size_t start = 0;
  for (size_t i = 0; i <= text.size();) {
    const size_t size = i == text.size() ? 1 : divides(i);
    if (size == 0) {
      ++i;
      continue;
    }
    const absl::string_view item = Trim(text.substr(start, i - start));
    if (!item.empty()) items.push_back(item);
    i += size;
    start = i;
  }
  return items;
}

}  // namespace

absl::string_view Trim(absl::string_view text) {
  while (true) {
    const size_t size = text.size();
    text = absl::StripAsciiWhitespace(text);
    text = absl::StripPrefix(text, kNoBreakSpace);
    text = absl::StripSuffix(text, kNoBreakSpace);
    if (text.size() == size) return text;
  }
}

bool IsPlaceholder(absl::string_view text) {
  // None is longer; most cells are.
  if (text.size() > 5) return false;
  const std::string lower = absl::AsciiStrToLower(text);
  for (const absl::string_view placeholder :
       {"-", "--", "---", "–", "—", "n/a", "na", "n.a.", "none", "nil", "null",
        "?", "x", "s/o", "n/d", "nd", "#n/a"}) {
    if (lower == placeholder) return true;
  }
  return false;
}

v1::SourceKind ParseSourceKind(absl::string_view text) {
  if (const auto kind = ByWord<v1::SourceKind>(text, "SOURCE_KIND_", ParseName);
      kind.has_value()) {
    return *kind;
  }
  const std::string folded = Fold(text);
  const bool depositary = absl::StrContains(folded, "deposita");
  if (depositary && (absl::StrContains(folded, "cop"))) {
    return v1::SOURCE_KIND_DEPOSITARY_COPY;
  }
  static constexpr std::pair<const char*, v1::SourceKind> kRows[] = {
      {"synthetic", v1::SOURCE_KIND_SYNTHETIC},
      {"draft", v1::SOURCE_KIND_DRAFT_NATIONAL_LAW},
      {"bill", v1::SOURCE_KIND_DRAFT_NATIONAL_LAW},
      {"projet", v1::SOURCE_KIND_DRAFT_NATIONAL_LAW},
      {"proyecto", v1::SOURCE_KIND_DRAFT_NATIONAL_LAW},
      {"foreign gazette", v1::SOURCE_KIND_FOREIGN_GAZETTE},
      {"gazette of another", v1::SOURCE_KIND_FOREIGN_GAZETTE},
      {"another state", v1::SOURCE_KIND_FOREIGN_GAZETTE},
      {"deposita", v1::SOURCE_KIND_DEPOSITARY},
      {"treaty text", v1::SOURCE_KIND_TREATY_TEXT},
      {"text of the treaty", v1::SOURCE_KIND_TREATY_TEXT},
      {"law", v1::SOURCE_KIND_NATIONAL_LAW},
      {"gazette", v1::SOURCE_KIND_NATIONAL_LAW},
      {"decree", v1::SOURCE_KIND_NATIONAL_LAW},
      {"loi", v1::SOURCE_KIND_NATIONAL_LAW},
      {"journal officiel", v1::SOURCE_KIND_NATIONAL_LAW},
      {"ley ", v1::SOURCE_KIND_NATIONAL_LAW},
      {"boletin oficial", v1::SOURCE_KIND_NATIONAL_LAW},
      {"diario oficial", v1::SOURCE_KIND_NATIONAL_LAW},
      {"register", v1::SOURCE_KIND_REGISTER},
      {"standard", v1::SOURCE_KIND_REGISTER},
      {"database", v1::SOURCE_KIND_DATABASE},
      {"data set", v1::SOURCE_KIND_DATABASE},
      {"base de donnees", v1::SOURCE_KIND_DATABASE},
      {"base de datos", v1::SOURCE_KIND_DATABASE},
      {"organi", v1::SOURCE_KIND_ORGANISATION},
      {"country information", v1::SOURCE_KIND_ORGANISATION},
      {"council of europe", v1::SOURCE_KIND_ORGANISATION},
      {"united nations", v1::SOURCE_KIND_ORGANISATION},
      {"report", v1::SOURCE_KIND_ORGANISATION},
      {"editor", v1::SOURCE_KIND_EDITOR}};
  return FirstWith(kRows, folded, v1::SOURCE_KIND_UNSPECIFIED);
}

v1::Notification::Basis ParseNotificationBasis(absl::string_view text) {
  using N = v1::Notification;
  if (const auto basis = ByWord<N::Basis>(text, "BASIS_", ParseName);
      basis.has_value()) {
    return *basis;
  }
  // A deposit wins over the declaration that came with it, the declaration or
  // letter over its registration.
  static constexpr std::pair<const char*, N::Basis> kRows[] = {
      {"deposit", N::BASIS_DEPOSIT},
      {"depot", N::BASIS_DEPOSIT},
      {"notif", N::BASIS_NOTIFICATION},
      {"declara", N::BASIS_NOTIFICATION},
      {"letter", N::BASIS_NOTIFICATION},
      {"lettre", N::BASIS_NOTIFICATION},
      {"carta", N::BASIS_NOTIFICATION},
      {"note verbale", N::BASIS_NOTIFICATION},
      {"regist", N::BASIS_REGISTRATION},
      {"publi", N::BASIS_REGISTRATION},
      {"enregistr", N::BASIS_REGISTRATION},
      {"law", N::BASIS_NATIONAL_LAW},
      {"decree", N::BASIS_NATIONAL_LAW},
      {"resolution", N::BASIS_NATIONAL_LAW},
      {"resolucion", N::BASIS_NATIONAL_LAW},
      {"loi", N::BASIS_NATIONAL_LAW},
      {"decret", N::BASIS_NATIONAL_LAW},
      {"ley", N::BASIS_NATIONAL_LAW},
      {"act of parliament", N::BASIS_NATIONAL_LAW}};
  return FirstWith(kRows, Fold(text), N::BASIS_OTHER);
}

v1::Authority::Kind ParseAuthorityKind(absl::string_view text) {
  using A = v1::Authority;
  if (const auto kind = ByWord<A::Kind>(text, "KIND_", ParseName);
      kind.has_value()) {
    return *kind;
  }
  static constexpr std::pair<const char*, A::Kind> kRows[] = {
      {"24", A::KIND_TWENTY_FOUR_SEVEN},
      {"twenty four", A::KIND_TWENTY_FOUR_SEVEN},
      {"central", A::KIND_CENTRAL_AUTHORITY},
      {"competent", A::KIND_COMPETENT_AUTHORITY},
      {"contact point", A::KIND_CONTACT_POINT},
      {"point of contact", A::KIND_CONTACT_POINT},
      {"point de contact", A::KIND_CONTACT_POINT},
      {"punto de contacto", A::KIND_CONTACT_POINT},
      {"focal", A::KIND_FOCAL_POINT}};
  return FirstWith(kRows, Fold(text), A::KIND_UNSPECIFIED);
}

v1::BindingAct ParseBindingAct(absl::string_view text) {
  static constexpr std::pair<const char*, v1::BindingAct> kLetters[] = {
      {"a", v1::BINDING_ACT_ACCESSION},
      {"A", v1::BINDING_ACT_ACCEPTANCE},
      {"AA", v1::BINDING_ACT_APPROVAL},
      {"d", v1::BINDING_ACT_SUCCESSION},
      {"c", v1::BINDING_ACT_FORMAL_CONFIRMATION},
      {"s", v1::BINDING_ACT_DEFINITIVE_SIGNATURE}};
  for (const auto& [letter, act] : kLetters) {
    if (text == letter) return act;
  }
  if (const auto act = ByWord<v1::BindingAct>(text, "BINDING_ACT_", ParseName);
      act.has_value()) {
    return *act;
  }
  static constexpr std::pair<const char*, v1::BindingAct> kWords[] = {
      {"ratifi", v1::BINDING_ACT_RATIFICATION},
      {"accept", v1::BINDING_ACT_ACCEPTANCE},
      {"acepta", v1::BINDING_ACT_ACCEPTANCE},
      {"approv", v1::BINDING_ACT_APPROVAL},
      {"approb", v1::BINDING_ACT_APPROVAL},
      {"aproba", v1::BINDING_ACT_APPROVAL},
      {"accession", v1::BINDING_ACT_ACCESSION},
      {"adhesion", v1::BINDING_ACT_ACCESSION},
      {"success", v1::BINDING_ACT_SUCCESSION},
      {"sucesion", v1::BINDING_ACT_SUCCESSION},
      {"confirmation", v1::BINDING_ACT_FORMAL_CONFIRMATION},
      {"confirmacion", v1::BINDING_ACT_FORMAL_CONFIRMATION},
      {"definitive signature", v1::BINDING_ACT_DEFINITIVE_SIGNATURE},
      {"signature definitive", v1::BINDING_ACT_DEFINITIVE_SIGNATURE},
      {"firma definitiva", v1::BINDING_ACT_DEFINITIVE_SIGNATURE}};
  return FirstWith(kWords, Fold(text), v1::BINDING_ACT_UNSPECIFIED);
}

v1::DateBasis ParseDateBasis(absl::string_view text) {
  static constexpr std::pair<const char*, v1::DateBasis> kRows[] = {
      {"not derivable", v1::DATE_BASIS_UNSPECIFIED},
      {"derived", v1::DATE_BASIS_DERIVED},
      {"derive", v1::DATE_BASIS_DERIVED},
      {"inferred", v1::DATE_BASIS_INFERRED},
      {"stated", v1::DATE_BASIS_STATED}};
  return FirstWith(kRows, Fold(text), v1::DATE_BASIS_UNSPECIFIED);
}

std::optional<bool> ParseYesNo(absl::string_view text) {
  const std::string folded = Fold(text);
  for (const absl::string_view yes : {"yes", "true", "1", "oui", "si", "y"}) {
    if (folded == yes) return true;
  }
  for (const absl::string_view no : {"no", "false", "0", "non", "n"}) {
    if (folded == no) return false;
  }
  return std::nullopt;
}

std::string SourceKindWord(v1::SourceKind kind) {
  return Word(kind, v1::SourceKind_Name(kind), "SOURCE_KIND_");
}
std::string NotificationBasisWord(v1::Notification::Basis basis) {
  return Word(basis, v1::Notification::Basis_Name(basis), "BASIS_");
}
std::string AuthorityKindWord(v1::Authority::Kind kind) {
  return Word(kind, v1::Authority::Kind_Name(kind), "KIND_");
}
std::string BindingActWord(v1::BindingAct act) {
  return Word(act, v1::BindingAct_Name(act), "BINDING_ACT_");
}
std::string DateBasisWord(v1::DateBasis basis) {
  return Word(basis, v1::DateBasis_Name(basis), "DATE_BASIS_");
}

absl::string_view WithoutFootnotes(absl::string_view text) {
  // Superscript digits and the signs that mark footnotes.
  constexpr absl::string_view kSigns[] = {"¹", "²", "³", "⁰", "⁴",
                                          "⁵", "⁶", "⁷", "⁸", "⁹",
                                          "†", "‡", "§", "*", kNoBreakSpace};
  absl::string_view rest = text;
  while (!rest.empty()) {
    const size_t size = rest.size();
    const char last = rest.back();
    if (absl::ascii_isdigit(static_cast<unsigned char>(last)) || last == ',' ||
        IsSpace(last)) {
      rest.remove_suffix(1);
    }
    for (const absl::string_view sign : kSigns) {
      rest = absl::StripSuffix(rest, sign);
    }
    // `[3]`, `(3)`.
    const char close = rest.empty() ? ' ' : rest.back();
    const size_t open = close == ']'   ? rest.rfind('[')
                        : close == ')' ? rest.rfind('(')
                                       : npos;
    if (open != npos && rest.substr(open + 1, rest.size() - open - 2)
                                .find_first_not_of("0123456789, ") == npos) {
      rest = rest.substr(0, open);
    }
    if (rest.size() == size) return Trim(rest);
  }
  return rest;
}

std::vector<absl::string_view> Items(absl::string_view text,
                                     absl::string_view also) {
  const bool bars = absl::StrContains(text, "|");
  return Divided(text, [&](size_t i) -> size_t {
    const char c = text[i];
    if (bars) return c == '|' ? 1U : 0U;
    return c == '\n' || also.find(c) != npos ? 1U : 0U;
  });
}

std::vector<absl::string_view> LanguageItems(absl::string_view text) {
  if (absl::StrContains(text, "|")) return Items(text);
  return Divided(text, [&](size_t i) -> size_t {
    const char c = text[i];
    if (c == ',' || c == ';' || c == '/' || c == '\n') return 1;
    if (!IsSpace(c)) return 0;
    for (const absl::string_view word :
         {"and ", "or ", "et ", "ou ", "y ", "e ", "o ", "u "}) {
      if (absl::StartsWith(text.substr(i + 1), word)) return word.size();
    }
    return 0;
  });
}

std::optional<std::string> ParseEmail(absl::string_view text) {
  if (absl::StartsWithIgnoreCase(text, "mailto:")) text.remove_prefix(7);
  text = Trim(text);
  if (absl::StartsWith(text, "<") && absl::EndsWith(text, ">")) {
    text = text.substr(1, text.size() - 2);
  }
  const size_t at = text.find('@');
  // RFC 5321, 4.5.3.1: 254 octets.
  if (at == npos || at == 0 || text.find('@', at + 1) != npos ||
      text.size() > 254) {
    return std::nullopt;
  }
  const absl::string_view domain = text.substr(at + 1);
  const size_t dot = domain.rfind('.');
  if (dot == npos || dot == 0 || dot + 1 == domain.size() ||
      absl::StrContains(domain, "..") ||
      text.find_first_of(" \t\n\r,;<>()[]\"|") != npos) {
    return std::nullopt;
  }
  return std::string(text);
}

bool IsWebsite(absl::string_view text) {
  for (const absl::string_view scheme : {"https://", "http://", "ftp://"}) {
    if (absl::StartsWithIgnoreCase(text, scheme)) {
      text.remove_prefix(scheme.size());
      break;
    }
  }
  const absl::string_view host = text.substr(0, text.find_first_of("/?#"));
  const size_t dot = host.rfind('.');
  return text.find_first_of(" \t\n\r<>\"") == npos && dot != npos && dot > 0 &&
         dot + 1 < host.size() && !absl::StrContains(host, "@") &&
         !absl::StrContains(host, "..");
}

}  // namespace comity
