#include "cli/cards.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/english.h"

namespace comity::cli {
namespace {

std::string TelephoneLabel(v1::TelephoneNumber::Kind kind) {
  switch (kind) {
    case v1::TelephoneNumber::KIND_FAX:
      return "Fax";
    case v1::TelephoneNumber::KIND_TELEPHONE_AND_FAX:
      return "Tel. and fax";
    case v1::TelephoneNumber::KIND_OUTSIDE_OFFICE_HOURS:
      return "After hours";
    default:
      return "Telephone";
  }
}

void AddContact(const v1::Contact& contact, FieldList* fields) {
  for (const v1::PostalAddress& address : contact.addresses()) {
    fields->Add(
        address.kind() == v1::PostalAddress::KIND_STREET ? "Street" : "Address",
        absl::StrJoin(address.lines(), "\n"));
  }
  for (const v1::TelephoneNumber& telephone : contact.telephones()) {
    fields->Add(
        TelephoneLabel(telephone.kind()),
        telephone.note().empty()
            ? telephone.number()
            : absl::StrCat(telephone.number(), " (", telephone.note(), ")"));
  }
  fields->Add("E-mail", absl::StrJoin(contact.emails(), "\n"));
  fields->Add("Web", absl::StrJoin(contact.websites(), "\n"));
  std::string hours = contact.office_hours();
  if (!contact.time_zone().empty()) {
    absl::StrAppend(&hours, hours.empty() ? "time zone " : ", time zone ",
                    contact.time_zone());
  }
  fields->Add("Hours", hours);
  if (!contact.valid_until().empty()) {
    fields->Add("Said to hold", absl::StrCat("until ", contact.valid_until()),
                Style::kWarning);
  }
}

bool HasContactData(const v1::Contact& contact) {
  return !contact.addresses().empty() || !contact.telephones().empty() ||
         !contact.emails().empty() || !contact.websites().empty();
}

// AddStanding says these with the validity and the notification.
bool IsSaidByCard(v1::ReasonCode code) {
  switch (code) {
    case v1::REASON_CODE_START_UNKNOWN:
    case v1::REASON_CODE_END_UNKNOWN:
    case v1::REASON_CODE_NEVER_VERIFIED:
    case v1::REASON_CODE_SOURCE_IS_COPY:
      return true;
    default:
      return false;
  }
}

// True if it is known since when it holds, and not known that it ended on an
// unknown day.
bool ValidityIsKnown(const v1::Designation& designation) {
  const v1::DateBound& from = designation.valid_from();
  return (!from.date().empty() || from.open()) &&
         !designation.valid_until().unknown();
}

std::string KnownBy(const v1::Designation& designation, absl::string_view as_of,
                    Footnotes* notes) {
  return absl::StrCat(NotificationWords(designation, as_of),
                      notes->Marks(designation.sources()));
}

void AddScope(const v1::Designation& designation, FieldList* fields) {
  fields->Add("Competence", designation.competence());
  fields->Add("Takes", designation.time_limits());
}

void AddRemarks(const v1::Designation& designation, FieldList* fields) {
  for (const std::string& note : designation.notes()) {
    fields->Add("Remark", note);
  }
}

}  // namespace

std::string OfficeHeading(const v1::Authority& authority) {
  std::string heading = TextOf(authority.display_names());
  if (heading.empty()) return "No office named";
  const std::string kind = Words(authority.kind());
  if (!kind.empty()) absl::StrAppend(&heading, " (", kind, ")");
  return heading;
}

void AddOffice(const v1::Authority& authority, FieldList* fields,
               Footnotes* notes) {
  fields->Add("Unit", authority.unit());
  const std::string shown = TextOf(authority.display_names());
  for (const v1::LocalizedText& other : authority.display_names()) {
    if (other.text() == shown) continue;
    fields->Add("Also called",
                other.language().empty()
                    ? other.text()
                    : absl::StrCat(other.text(), " (",
                                   LanguageName(other.language()), ")"));
  }
  for (const v1::LocalizedText& former : authority.former_names()) {
    fields->Add("Formerly", former.text());
  }
  bool any = false;
  const bool several = authority.contacts_size() > 1;
  for (int i = 0; i < authority.contacts_size(); ++i) {
    const v1::Contact& contact = authority.contacts(i);
    any = any || HasContactData(contact);
    if (several) {
      fields->Add(
          absl::StrCat("Contact ", i + 1),
          absl::StrCat("of ", authority.contacts_size(), " that sources give",
                       notes->Marks(contact.sources())),
          Style::kLabel);
    }
    AddContact(contact, fields);
  }
  if (!any)
    fields->Add("Contact", "no address or number on record", Style::kWarning);
  fields->Add("Works in", LanguageNames(authority.languages()));
  fields->Add("INTERPOL", authority.interpol_channel());
  if (!authority.territory().empty()) {
    fields->Add("Only for", authority.territory(), Style::kWarning);
  }
}

void AddDesignation(const v1::Designation& designation, FieldList* fields,
                    Footnotes* notes) {
  AddScope(designation, fields);
  fields->Add("Valid", ValidityWords(designation),
              ValidityIsKnown(designation) ? Style::kPlain : Style::kWarning);
  fields->Add("Known by", KnownBy(designation, "", notes));
  AddRemarks(designation, fields);
}

void AddStanding(const v1::Designation& designation, const Advices& advice,
                 absl::string_view as_of, FieldList* fields, Footnotes* notes) {
  const bool old = IsOld(designation, as_of);
  const std::string known_by = KnownBy(designation, as_of, notes);
  const std::string validity = ValidityWords(designation);
  AddScope(designation, fields);
  if (old) fields->Add("Beware", known_by, Style::kWarning);
  if (!ValidityIsKnown(designation)) {
    fields->Add("Beware", validity, Style::kWarning);
  }
  for (const v1::Advice& one : advice) {
    if (!IsSaidByCard(one.code())) {
      fields->Add("Beware", one.text(), Style::kWarning);
    }
  }
  if (!old) fields->Add("Known by", known_by);
  if (ValidityIsKnown(designation)) fields->Add("Valid", validity);
  AddRemarks(designation, fields);
}

void AddParticipations(const v1::TreatyStatus& status, Session* session,
                       FieldList* fields, Footnotes* notes) {
  for (const v1::ParticipationStatus& one : status.participations()) {
    fields->Add(
        session->StateTitle(one.state()),
        absl::StrCat(ParticipationWords(one), notes->Marks(one.sources())),
        one.status() == v1::IN_FORCE_STATUS_IN_FORCE ? Style::kPlain
                                                     : StyleOf(one.status()));
  }
}

void AddAsStated(
    const google::protobuf::RepeatedPtrField<v1::AsStated>& as_stated,
    FieldList* fields) {
  for (const v1::AsStated& one : as_stated) {
    fields->Add("As printed", absl::StrCat(one.field(), ": ", one.text()));
  }
}

std::string Bullets(const Texts& texts) {
  if (texts.size() == 1) return texts[0];
  return absl::StrJoin(texts, "\n", [](std::string* out, const auto& text) {
    absl::StrAppend(out, "- ", text);
  });
}

Style StyleOf(v1::InForceStatus status) {
  switch (status) {
    case v1::IN_FORCE_STATUS_IN_FORCE:
      return Style::kGood;
    case v1::IN_FORCE_STATUS_NOT_IN_FORCE:
      return Style::kBad;
    default:
      return Style::kWarning;
  }
}

}  // namespace comity::cli
