// Authorities and designations, a row each.

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "import/interpreter.h"
#include "import/table.h"
#include "import/understand.h"
#include "import/values.h"

namespace comity {
namespace {

using T = v1::TelephoneNumber;

constexpr Field kRequired[] = {Field::kState, Field::kTreaty, Field::kFunction};

// What only an office has.
constexpr Field kOfOffice[] = {Field::kAuthorityNameLanguage,
                               Field::kUnit,
                               Field::kAuthorityKind,
                               Field::kAuthorityLanguages,
                               Field::kInterpolChannel,
                               Field::kTerritory,
                               Field::kAddress,
                               Field::kPostalAddress,
                               Field::kStreetAddress,
                               Field::kTelephone,
                               Field::kTelephoneAndFax,
                               Field::kTelephoneOutsideHours,
                               Field::kFax,
                               Field::kEmail,
                               Field::kWebsite,
                               Field::kOfficeHours,
                               Field::kTimeZone};

class DesignationReader : public RecordReader<UnderstoodDesignation> {
 public:
  DesignationReader(std::unique_ptr<Table> table,
                    const v1::ImportOptions& options,
                    const References& references)
      : table_(std::move(table)),
        system_(SourceSystem(options)),
        in_(table_.get(), options, references) {}

  absl::StatusOr<bool> Next(UnderstoodDesignation* record) override;
  std::vector<v1::ImportProblem> notices() const override {
    return table_->notices();
  }

 private:
  void ReadIdentity(UnderstoodDesignation* record, v1::Source* source);
  void ReadAuthority(const v1::Source& source, UnderstoodDesignation* record);
  void ReadContact(const v1::Source& source, v1::Authority* authority);
  void ReadAddress(Field field, v1::PostalAddress::Kind kind,
                   v1::Contact* contact);
  void ReadTelephones(Field field, T::Kind kind, v1::Contact* contact);
  void ReadEmails(v1::Contact* contact);
  void ReadWebsites(v1::Contact* contact);
  void ReadTimeZone(v1::Contact* contact);
  void ReadDesignation(v1::Designation* designation);
  void ReadNotification(v1::Designation* designation);

  const std::unique_ptr<Table> table_;
  const std::string system_;
  Interpreter in_;
  Memo<std::optional<std::string>> time_zones_;
  // Line of each id that was met, by its hash.
  absl::flat_hash_map<size_t, int64_t> line_of_id_;
};

void DesignationReader::ReadIdentity(UnderstoodDesignation* record,
                                     v1::Source* source) {
  if (!table_->Has(Field::kId)) return;
  record->source_id = std::string(table_->Get(Field::kId));
  record->source_system = table_->Has(Field::kSourceSystem)
                              ? std::string(table_->Get(Field::kSourceSystem))
                              : system_;
  if (record->source_id.size() > limits::kSourceIdBytesMax) {
    in_.AddProblem(Field::kId,
                   absl::StrCat("must have ", limits::kSourceIdBytesMax,
                                " bytes at most"));
    record->source_id.clear();
  }
  if (record->source_system.size() > limits::kSourceSystemBytesMax) {
    in_.AddProblem(Field::kSourceSystem, record->source_system,
                   absl::StrCat("must have ", limits::kSourceSystemBytesMax,
                                " bytes at most"));
    record->source_system.clear();
  }
  source->set_system(record->source_system);
  source->set_id(record->source_id);
  const size_t hash = absl::HashOf(record->source_system, record->source_id);
  const auto [first, is_new] = line_of_id_.try_emplace(hash, record->line);
  if (!is_new) {
    in_.AddProblem(Field::kId,
                   absl::StrCat("stands in line ", first->second, " already"));
  }
}

void DesignationReader::ReadAddress(Field field, v1::PostalAddress::Kind kind,
                                    v1::Contact* contact) {
  if (!table_->Has(field)) return;
  v1::PostalAddress* address = contact->add_addresses();
  address->set_kind(kind);
  for (const absl::string_view line : Items(table_->Get(field))) {
    address->add_lines(std::string(line));
  }
  if (address->lines_size() > limits::kAddressLinesMax) {
    in_.AddProblem(field, absl::StrCat("must have ", limits::kAddressLinesMax,
                                       " lines at most"));
  }
}

// A number that stands there already, as the other kind, serves as both.
void DesignationReader::ReadTelephones(Field field, T::Kind kind,
                                       v1::Contact* contact) {
  for (const absl::string_view item : TelephoneItems(table_->Get(field))) {
    std::optional<ParsedTelephone> parsed = ParseTelephone(item);
    if (!parsed.has_value()) {
      in_.AddProblem(field, item, "must hold a telephone number");
      continue;
    }
    const T::Kind kind_here =
        kind == T::KIND_TELEPHONE && parsed->kind != T::KIND_UNSPECIFIED
            ? parsed->kind
            : kind;
    auto* telephones = contact->mutable_telephones();
    const auto same = std::find_if(
        telephones->begin(), telephones->end(), [&](const T& other) {
          return other.number() == parsed->number &&
                 (other.note().empty() || parsed->note.empty());
        });
    const bool serves_both =
        same != telephones->end() &&
        ((kind_here == T::KIND_FAX && same->kind() == T::KIND_TELEPHONE) ||
         (kind_here == T::KIND_TELEPHONE && same->kind() == T::KIND_FAX));
    if (same != telephones->end() &&
        (serves_both || same->kind() == kind_here)) {
      if (serves_both) same->set_kind(T::KIND_TELEPHONE_AND_FAX);
      if (same->note().empty()) same->set_note(std::move(parsed->note));
      continue;
    }
    if (parsed->number != item) {
      Interpreter::Stated(absl::StrCat("telephones[", telephones->size(), "]"),
                          item, contact->mutable_as_stated());
    }
    T* added = telephones->Add();
    added->set_number(std::move(parsed->number));
    added->set_kind(kind_here);
    added->set_note(std::move(parsed->note));
  }
}

void DesignationReader::ReadEmails(v1::Contact* contact) {
  for (const absl::string_view item :
       Items(table_->Get(Field::kEmail), ";, ")) {
    std::optional<std::string> email = ParseEmail(item);
    if (!email.has_value()) {
      in_.AddProblem(Field::kEmail, item, "must be an e-mail address");
      continue;
    }
    if (*email != item) {
      Interpreter::Stated(absl::StrCat("emails[", contact->emails_size(), "]"),
                          item, contact->mutable_as_stated());
    }
    contact->add_emails(*std::move(email));
  }
}

void DesignationReader::ReadWebsites(v1::Contact* contact) {
  for (const absl::string_view item :
       Items(table_->Get(Field::kWebsite), "; ")) {
    if (!IsWebsite(item)) {
      in_.AddProblem(Field::kWebsite, item,
                     "must be the address of a web page");
      continue;
    }
    contact->add_websites(std::string(item));
  }
}

void DesignationReader::ReadTimeZone(v1::Contact* contact) {
  const absl::string_view printed = table_->Get(Field::kTimeZone);
  if (printed.empty()) return;
  const std::optional<std::string>& zone =
      time_zones_.Get(printed, ParseTimeZone);
  if (!zone.has_value()) {
    return in_.AddProblem(Field::kTimeZone,
                          "must be an IANA time zone such as Europe/Riga, or "
                          "an offset such as UTC+02:00");
  }
  contact->set_time_zone(*zone);
  if (*zone != printed) {
    Interpreter::Stated("time_zone", printed, contact->mutable_as_stated());
  }
}

void DesignationReader::ReadContact(const v1::Source& source,
                                    v1::Authority* authority) {
  v1::Contact* contact = authority->add_contacts();
  ReadAddress(Field::kAddress, v1::PostalAddress::KIND_UNSPECIFIED, contact);
  ReadAddress(Field::kPostalAddress, v1::PostalAddress::KIND_POSTAL, contact);
  ReadAddress(Field::kStreetAddress, v1::PostalAddress::KIND_STREET, contact);
  ReadTelephones(Field::kTelephone, T::KIND_TELEPHONE, contact);
  ReadTelephones(Field::kTelephoneAndFax, T::KIND_TELEPHONE_AND_FAX, contact);
  ReadTelephones(Field::kTelephoneOutsideHours, T::KIND_OUTSIDE_OFFICE_HOURS,
                 contact);
  ReadTelephones(Field::kFax, T::KIND_FAX, contact);
  ReadEmails(contact);
  ReadWebsites(contact);
  in_.Text(Field::kOfficeHours, contact->mutable_office_hours());
  ReadTimeZone(contact);
  in_.PartialDate(Field::kContactValidUntil, "valid_until",
                  contact->mutable_valid_until(), contact->mutable_as_stated());
  if (contact->ByteSizeLong() == 0) {
    authority->clear_contacts();
  } else {
    *contact->add_sources() = source;
  }
}

void DesignationReader::ReadAuthority(const v1::Source& source,
                                      UnderstoodDesignation* record) {
  record->has_authority = table_->Has(Field::kAuthorityName);
  if (!record->has_authority) {
    for (const Field field : kOfOffice) {
      if (!table_->Has(field)) continue;
      in_.AddProblem(Field::kAuthorityName,
                     absl::StrCat("is required, since the row has a value for ",
                                  FieldName(field)));
      break;
    }
    return;
  }
  v1::Authority* authority = &record->authority;
  v1::LocalizedText* name = authority->add_display_names();
  in_.Text(Field::kAuthorityName, name->mutable_text());
  in_.Language(Field::kAuthorityNameLanguage, "display_names[0].language",
               name->mutable_language(), authority->mutable_as_stated());
  in_.Text(Field::kUnit, authority->mutable_unit());
  const absl::string_view kind = table_->Get(Field::kAuthorityKind);
  if (!kind.empty()) {
    authority->set_kind(ParseAuthorityKind(kind));
    if (authority->kind() == v1::Authority::KIND_UNSPECIFIED) {
      in_.AddProblem(Field::kAuthorityKind,
                     "must be central authority, competent authority, contact "
                     "point, focal point or 24/7");
    } else if (AuthorityKindWord(authority->kind()) != kind) {
      Interpreter::Stated("kind", kind, authority->mutable_as_stated());
    }
  }
  ReadContact(source, authority);
  in_.Languages(Field::kAuthorityLanguages, "languages",
                authority->mutable_languages(), authority->mutable_as_stated());
  in_.Text(Field::kInterpolChannel, authority->mutable_interpol_channel());
  in_.Text(Field::kTerritory, authority->mutable_territory());
  if (!authority->territory().empty()) {
    const std::string printed = authority->territory();
    if (std::optional<std::string> state = in_.FindState(printed);
        state.has_value() && *state != printed) {
      authority->set_territory(*std::move(state));
      Interpreter::Stated("territory", printed, authority->mutable_as_stated());
    }
  }
  *authority->add_sources() = source;
}

void DesignationReader::ReadNotification(v1::Designation* designation) {
  const absl::string_view basis = table_->Get(Field::kNotificationBasis);
  if (!table_->Has(Field::kNotificationDate) && basis.empty() &&
      !table_->Has(Field::kNotificationReference)) {
    return;
  }
  v1::Notification* notification = designation->mutable_notification();
  in_.Date(Field::kNotificationDate, "notification.date",
           notification->mutable_date(), designation->mutable_as_stated());
  if (!basis.empty()) {
    notification->set_basis(ParseNotificationBasis(basis));
    if (NotificationBasisWord(notification->basis()) != basis) {
      in_.Text(Field::kNotificationBasis,
               notification->mutable_basis_as_stated());
    }
  }
  in_.Text(Field::kNotificationReference, notification->mutable_reference());
}

void DesignationReader::ReadDesignation(v1::Designation* designation) {
  auto* stated = designation->mutable_as_stated();
  designation->set_treaty(in_.Treaty(Field::kTreaty, "treaty", stated));
  in_.Article(Field::kArticle, "article", designation->mutable_article(),
              stated);
  designation->set_function(in_.Function(Field::kFunction, "function", stated));
  in_.Bound(
      Field::kValidFrom, "valid_from",
      [&] { return designation->mutable_valid_from(); }, stated);
  in_.Bound(
      Field::kValidUntil, "valid_until",
      [&] { return designation->mutable_valid_until(); }, stated);
  if (designation->valid_from().has_date() &&
      designation->valid_until().has_date() &&
      designation->valid_until().date() <= designation->valid_from().date()) {
    in_.AddProblem(Field::kValidUntil, "must be later than the start");
  }
  ReadNotification(designation);
  in_.Languages(Field::kLanguages, "languages",
                designation->mutable_languages(), stated);
  in_.TextList(Field::kChannels, designation->mutable_channels());
  in_.TextList(Field::kForms, designation->mutable_forms());
  in_.TextList(Field::kRequiredContents,
               designation->mutable_required_contents());
  in_.Text(Field::kUrgentProcedure, designation->mutable_urgent_procedure());
  in_.Text(Field::kCompetence, designation->mutable_competence());
  in_.Text(Field::kTimeLimits, designation->mutable_time_limits());
  in_.Date(Field::kVerifiedOn, "verified_on",
           designation->mutable_verified_on(), stated);
  in_.Text(Field::kVerifiedBy, designation->mutable_verified_by());
  in_.TextList(Field::kNotes, designation->mutable_notes());
}

absl::StatusOr<bool> DesignationReader::Next(UnderstoodDesignation* record) {
  record->state.clear();
  record->source_system.clear();
  record->source_id.clear();
  record->has_authority = false;
  record->authority.Clear();
  record->designation.Clear();
  ASSIGN_OR_RETURN(const bool more, table_->Next(record));
  if (!more) return false;
  in_.Begin(record);
  v1::Source source;
  ReadIdentity(record, &source);
  in_.Source(&source);
  record->state =
      in_.State(Field::kState, "name", record->designation.mutable_as_stated());
  ReadDesignation(&record->designation);
  ReadAuthority(source, record);
  *record->designation.add_sources() = std::move(source);
  return true;
}

}  // namespace

std::string SourceSystem(const v1::ImportOptions& options) {
  if (!options.source_system().empty()) return options.source_system();
  absl::string_view name = options.file_name();
  const size_t folder = name.find_last_of("/\\");
  if (folder != absl::string_view::npos) name.remove_prefix(folder + 1);
  const size_t ending = name.rfind('.');
  if (ending != absl::string_view::npos && ending > 0) {
    name = name.substr(0, ending);
  }
  return std::string(name);
}

absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodDesignation>>>
OpenDesignations(ByteSource* bytes, const v1::ImportOptions& options,
                 const References& references) {
  v1::ImportOptions of_kind = options;
  of_kind.set_kind(v1::IMPORT_KIND_DESIGNATIONS);
  ASSIGN_OR_RETURN(std::unique_ptr<Table> table,
                   Table::Open(bytes, of_kind, kRequired));
  return std::make_unique<DesignationReader>(std::move(table), of_kind,
                                             references);
}

}  // namespace comity
