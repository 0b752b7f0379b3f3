// vCard 4.0: RFC 6350.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "import/writers.h"

namespace comity {
namespace {

// Octets of a line without its end (3.2).
constexpr size_t kLineOctetsMax = 75;

// A text value (3.4): commas and semicolons divide values.
std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"},
                                    {",", "\\,"},
                                    {";", "\\;"},
                                    {"\r\n", "\\n"},
                                    {"\n", "\\n"},
                                    {"\r", ""}});
}

// A parameter value in quotes, which cannot hold quotes: RFC 6868 has a way to
// write them and line ends.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"",
                      absl::StrReplaceAll(text, {{"^", "^^"},
                                                 {"\"", "^'"},
                                                 {"\r\n", "^n"},
                                                 {"\n", "^n"},
                                                 {"\r", ""}}),
                      "\"");
}

// Appends the line folded on borders of characters (3.2).
void AppendLine(absl::string_view line, std::string* out) {
  size_t room = kLineOctetsMax;
  while (line.size() > room) {
    size_t cut = room;
    // Continuation bytes (10xxxxxx) stay with their character.
    while (cut > 0 &&
           (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) {
      --cut;
    }
    if (cut == 0) cut = room;
    absl::StrAppend(out, line.substr(0, cut), "\r\n ");
    line.remove_prefix(cut);
    // The space in front counts.
    room = kLineOctetsMax - 1;
  }
  absl::StrAppend(out, line, "\r\n");
}

void AppendText(absl::string_view property, absl::string_view text,
                std::string* out) {
  if (!text.empty()) {
    AppendLine(absl::StrCat(property, ":", Escaped(text)), out);
  }
}

void AppendAddress(const v1::PostalAddress& address,
                   absl::string_view state_name, std::string* out) {
  std::string street = absl::StrJoin(
      address.lines(), ",", [](std::string* to, const std::string& line) {
        absl::StrAppend(to, Escaped(line));
      });
  const bool ends_in_state =
      !state_name.empty() && address.lines_size() > 0 &&
      absl::EqualsIgnoreCase(address.lines(address.lines_size() - 1),
                             state_name);
  // Printed lines are not taken apart: all are the street; the country is
  // known. Components: box; extended; street; locality; region; code; country.
  AppendLine(
      absl::StrCat("ADR;LABEL=", Quoted(absl::StrJoin(address.lines(), "\n")),
                   ":;;", street, ";;;;",
                   ends_in_state ? "" : Escaped(state_name)),
      out);
}

void AppendTelephone(const v1::TelephoneNumber& telephone, std::string* out) {
  absl::string_view type = "work,voice";
  if (telephone.kind() == v1::TelephoneNumber::KIND_FAX) type = "work,fax";
  if (telephone.kind() == v1::TelephoneNumber::KIND_TELEPHONE_AND_FAX) {
    type = "work,voice,fax";
  }
  std::string text = telephone.number();
  if (!telephone.note().empty()) {
    absl::StrAppend(&text, " (", telephone.note(), ")");
  }
  if (telephone.kind() == v1::TelephoneNumber::KIND_OUTSIDE_OFFICE_HOURS) {
    absl::StrAppend(&text, " (outside office hours)");
  }
  AppendLine(absl::StrCat("TEL;VALUE=text;TYPE=\"", type, "\":", Escaped(text)),
             out);
}

void AppendContact(const v1::Contact& contact, absl::string_view state_name,
                   std::string* out) {
  for (const v1::PostalAddress& address : contact.addresses()) {
    AppendAddress(address, state_name, out);
  }
  for (const v1::TelephoneNumber& telephone : contact.telephones()) {
    AppendTelephone(telephone, out);
  }
  for (const std::string& email : contact.emails()) {
    AppendText("EMAIL;TYPE=work", email, out);
  }
  // A URI is no text: nothing of it is escaped.
  for (const std::string& website : contact.websites()) {
    AppendLine(absl::StrCat(
                   "URL:", absl::StrContains(website, "://") ? "" : "https://",
                   website),
               out);
  }
  if (absl::StartsWith(contact.time_zone(), "UTC") &&
      contact.time_zone().size() == 9) {
    // `+0100` (4.7).
    AppendLine(
        absl::StrCat("TZ;VALUE=utc-offset:", contact.time_zone().substr(3, 3),
                     contact.time_zone().substr(7, 2)),
        out);
  } else {
    AppendText("TZ", contact.time_zone(), out);
  }
  if (!contact.office_hours().empty()) {
    AppendText("NOTE", absl::StrCat("Office hours: ", contact.office_hours()),
               out);
  }
  if (!contact.valid_until().empty()) {
    AppendText("NOTE",
               absl::StrCat("Said to hold until ", contact.valid_until()), out);
  }
  for (const v1::Source& source : contact.sources()) {
    if (absl::StrContains(source.uri(), "://")) {
      AppendLine(absl::StrCat("SOURCE:", source.uri()), out);
    }
  }
}

void AppendOffice(const v1::Authority& authority, std::string* out) {
  const std::string name = authority.display_names_size() > 0
                               ? authority.display_names(0).text()
                               : authority.name();
  AppendLine("KIND:org", out);
  // At least one FN, even if it is only the resource name (6.2.1).
  for (const v1::LocalizedText& other : authority.display_names()) {
    AppendText(other.language().empty()
                   ? "FN"
                   : absl::StrCat("FN;LANGUAGE=", other.language()),
               other.text(), out);
  }
  if (authority.display_names_size() == 0) AppendText("FN", name, out);
  AppendLine(
      absl::StrCat("ORG:", Escaped(name), authority.unit().empty() ? "" : ";",
                   Escaped(authority.unit())),
      out);
  int preference = 0;
  for (const std::string& language : authority.languages()) {
    AppendText(absl::StrCat("LANG;PREF=", ++preference), language, out);
    if (preference == 100) break;
  }
  for (const std::string& note : authority.notes()) {
    AppendText("NOTE", note, out);
  }
}

}  // namespace

void AppendVcards(const v1::Authority& authority, absl::string_view state_name,
                  std::string* out) {
  static const v1::Contact* const kNoContact = new v1::Contact();
  const int cards = std::max(1, authority.contacts_size());
  for (int i = 0; i < cards; ++i) {
    AppendLine("BEGIN:VCARD", out);
    AppendLine("VERSION:4.0", out);
    AppendText(
        "UID;VALUE=text",
        i == 0 ? authority.name() : absl::StrCat(authority.name(), "#", i + 1),
        out);
    AppendOffice(authority, out);
    AppendContact(
        i < authority.contacts_size() ? authority.contacts(i) : *kNoContact,
        state_name, out);
    if (authority.has_update_time()) {
      const absl::Time time =
          absl::FromUnixSeconds(authority.update_time().seconds());
      AppendLine(absl::StrCat("REV:", absl::FormatTime("%Y%m%dT%H%M%SZ", time,
                                                       absl::UTCTimeZone())),
                 out);
    }
    AppendLine("END:VCARD", out);
  }
}

}  // namespace comity
