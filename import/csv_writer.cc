#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/names.h"
#include "import/columns.h"
#include "import/values.h"
#include "import/writers.h"

namespace comity {
namespace {

using Cells = std::array<std::string, kFieldCount>;

std::string& At(Cells* cells, Field field) {
  return (*cells)[static_cast<size_t>(field)];
}

void AppendCell(absl::string_view text, std::string* out) {
  // See writers.h: what a spreadsheet would run is marked as text.
  const size_t first = text.find_first_not_of('\'');
  const bool runs = first != absl::string_view::npos &&
                    absl::string_view("=+-@\t\r").find(text[first]) !=
                        absl::string_view::npos;
  if (!runs && text.find_first_of("\",\r\n") == absl::string_view::npos &&
      (text.empty() || (text.front() != ' ' && text.back() != ' '))) {
    out->append(text.data(), text.size());
    return;
  }
  out->append(runs ? "\"'" : "\"");
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

void AppendRow(v1::ImportKind kind, const Cells& cells, std::string* out) {
  bool first = true;
  for (const Field field : FieldsOf(kind)) {
    if (!first) out->push_back(',');
    first = false;
    AppendCell(cells[static_cast<size_t>(field)], out);
  }
  out->append("\r\n");
}

std::string Header(v1::ImportKind kind) {
  return absl::StrCat(absl::StrJoin(FieldsOf(kind), ",",
                                    [](std::string* out, Field field) {
                                      absl::StrAppend(out, FieldName(field));
                                    }),
                      "\r\n");
}

template <class List>
std::string Joined(const List& items) {
  return absl::StrJoin(items, "|");
}

std::string BoundText(const v1::DateBound& bound) {
  if (bound.has_date()) return bound.date();
  if (bound.open()) return "open";
  return bound.unknown() ? "unknown" : "";
}

void AddSource(const v1::Source& source, Cells* cells) {
  At(cells, Field::kId) = source.id();
  At(cells, Field::kSourceSystem) = source.system();
  At(cells, Field::kSourceDocument) = source.document();
  At(cells, Field::kSourceUri) = source.uri();
  At(cells, Field::kSourcePlace) = source.place();
  At(cells, Field::kSourceKind) = source.kind_as_stated().empty()
                                      ? SourceKindWord(source.kind())
                                      : source.kind_as_stated();
  At(cells, Field::kSourceDate) = source.document_date();
  At(cells, Field::kSourceAsOf) = source.as_of_as_stated().empty()
                                      ? source.as_of()
                                      : source.as_of_as_stated();
  At(cells, Field::kSourceVia) = source.via();
  At(cells, Field::kSourceNote) = source.note();
}

void AddTo(absl::string_view item, std::string* list) {
  absl::StrAppend(list, list->empty() ? "" : "|", item);
}

void AddContact(const v1::Contact& contact, Cells* cells) {
  for (const v1::PostalAddress& address : contact.addresses()) {
    const Field field = address.kind() == v1::PostalAddress::KIND_POSTAL
                            ? Field::kPostalAddress
                        : address.kind() == v1::PostalAddress::KIND_STREET
                            ? Field::kStreetAddress
                            : Field::kAddress;
    std::string& lines = At(cells, field);
    absl::StrAppend(&lines, lines.empty() ? "" : "\n",
                    absl::StrJoin(address.lines(), "\n"));
  }
  for (const v1::TelephoneNumber& telephone : contact.telephones()) {
    std::string text = telephone.number();
    // In front, extensions are not told from numbers.
    if (!telephone.note().empty()) {
      absl::StrAppend(&text, " (", telephone.note(), ")");
    }
    switch (telephone.kind()) {
      case v1::TelephoneNumber::KIND_FAX:
        AddTo(text, &At(cells, Field::kFax));
        break;
      case v1::TelephoneNumber::KIND_TELEPHONE_AND_FAX:
        AddTo(text, &At(cells, Field::kTelephoneAndFax));
        break;
      case v1::TelephoneNumber::KIND_OUTSIDE_OFFICE_HOURS:
        AddTo(text, &At(cells, Field::kTelephoneOutsideHours));
        break;
      default:
        AddTo(text, &At(cells, Field::kTelephone));
    }
  }
  At(cells, Field::kEmail) = Joined(contact.emails());
  At(cells, Field::kWebsite) = Joined(contact.websites());
  At(cells, Field::kOfficeHours) = contact.office_hours();
  At(cells, Field::kTimeZone) = contact.time_zone();
  At(cells, Field::kContactValidUntil) = contact.valid_until();
}

void AddAuthority(const v1::Authority& authority, Cells* cells) {
  if (authority.display_names_size() > 0) {
    At(cells, Field::kAuthorityName) = authority.display_names(0).text();
    At(cells, Field::kAuthorityNameLanguage) =
        authority.display_names(0).language();
  }
  At(cells, Field::kUnit) = authority.unit();
  At(cells, Field::kAuthorityKind) = AuthorityKindWord(authority.kind());
  At(cells, Field::kAuthorityLanguages) = Joined(authority.languages());
  At(cells, Field::kInterpolChannel) = authority.interpol_channel();
  At(cells, Field::kTerritory) = authority.territory();
  if (authority.contacts_size() > 0) AddContact(authority.contacts(0), cells);
}

void AddNotification(const v1::Notification& notification, Cells* cells) {
  At(cells, Field::kNotificationDate) = notification.date();
  At(cells, Field::kNotificationBasis) =
      notification.basis_as_stated().empty()
          ? NotificationBasisWord(notification.basis())
          : notification.basis_as_stated();
  At(cells, Field::kNotificationReference) = notification.reference();
}

std::string StateKindWord(v1::State::Kind kind) {
  switch (kind) {
    case v1::State::KIND_STATE:
      return "state";
    case v1::State::KIND_ORGANISATION:
      return "organisation";
    case v1::State::KIND_TERRITORY:
      return "territory";
    case v1::State::KIND_OTHER:
      return "other";
    default:
      return "";
  }
}

std::string MembershipWord(v1::State::Membership membership) {
  switch (membership) {
    case v1::State::MEMBERSHIP_MEMBER:
      return "yes";
    case v1::State::MEMBERSHIP_OBSERVER:
      return "observer";
    case v1::State::MEMBERSHIP_NONE:
      return "no";
    default:
      return "";
  }
}

// The first name in a language goes to the column of that language.
template <class List>
void AddNames(const List& names, Field first, Cells* cells) {
  constexpr absl::string_view kLanguages[] = {"en", "fr", "es",
                                              "ru", "zh", "ar"};
  for (size_t i = 0; i < std::size(kLanguages); ++i) {
    for (const v1::LocalizedText& name : names) {
      std::string& cell = (*cells)[static_cast<size_t>(first) + i];
      if (name.language() == kLanguages[i] && cell.empty()) cell = name.text();
    }
  }
}

}  // namespace

std::string DesignationCsvHeader() {
  return Header(v1::IMPORT_KIND_DESIGNATIONS);
}

void AppendDesignationCsv(const v1::Designation& designation,
                          const v1::Authority* authority, std::string* out) {
  Cells cells;
  const absl::string_view name = designation.name();
  // `states/LTU/designations/...`.
  constexpr size_t kCodeAt = sizeof("states/") - 1;
  if (name.size() > kCodeAt) {
    At(&cells, Field::kState) =
        std::string(name.substr(kCodeAt, name.find('/', kCodeAt) - kCodeAt));
  }
  if (designation.sources_size() > 0) {
    AddSource(designation.sources(0), &cells);
  }
  At(&cells, Field::kTreaty) = std::string(names::LastOf(designation.treaty()));
  At(&cells, Field::kArticle) = designation.article();
  At(&cells, Field::kFunction) =
      std::string(names::LastOf(designation.function()));
  if (authority != nullptr) AddAuthority(*authority, &cells);
  At(&cells, Field::kCompetence) = designation.competence();
  At(&cells, Field::kLanguages) = Joined(designation.languages());
  At(&cells, Field::kChannels) = Joined(designation.channels());
  At(&cells, Field::kForms) = Joined(designation.forms());
  At(&cells, Field::kUrgentProcedure) = designation.urgent_procedure();
  At(&cells, Field::kRequiredContents) =
      Joined(designation.required_contents());
  At(&cells, Field::kTimeLimits) = designation.time_limits();
  AddNotification(designation.notification(), &cells);
  At(&cells, Field::kValidFrom) = BoundText(designation.valid_from());
  At(&cells, Field::kValidUntil) = BoundText(designation.valid_until());
  At(&cells, Field::kVerifiedOn) = designation.verified_on();
  At(&cells, Field::kVerifiedBy) = designation.verified_by();
  At(&cells, Field::kNotes) = Joined(designation.notes());
  AppendRow(v1::IMPORT_KIND_DESIGNATIONS, cells, out);
}

std::string StateCsvHeader() { return Header(v1::IMPORT_KIND_STATES); }

void AppendStateCsv(const v1::State& state, std::string* out) {
  Cells cells;
  if (state.sources_size() > 0) AddSource(state.sources(0), &cells);
  At(&cells, Field::kAlpha2) = state.alpha2();
  At(&cells, Field::kState) = std::string(names::LastOf(state.name()));
  At(&cells, Field::kM49) = state.m49();
  At(&cells, Field::kUnMember) = MembershipWord(state.membership());
  At(&cells, Field::kStatus) = StateKindWord(state.kind());
  At(&cells, Field::kRegion) = state.region();
  At(&cells, Field::kSubregion) = state.subregion();
  At(&cells, Field::kSpokenLanguages) = Joined(state.languages());
  AddNames(state.short_names(), Field::kShortNameEn, &cells);
  AddNames(state.formal_names(), Field::kFormalNameEn, &cells);
  for (const v1::State::OtherName& name : state.other_names()) {
    AddTo(name.text(),
          &At(&cells, name.kind() == v1::State::OtherName::KIND_ALIAS
                          ? Field::kAliases
                          : Field::kFormerNames));
  }
  At(&cells, Field::kParentState) = std::string(names::LastOf(state.parent()));
  At(&cells, Field::kTimeZones) = Joined(state.time_zones());
  At(&cells, Field::kNotes) = Joined(state.notes());
  AppendRow(v1::IMPORT_KIND_STATES, cells, out);
}

std::string ParticipationCsvHeader() {
  return Header(v1::IMPORT_KIND_PARTICIPATIONS);
}

void AppendParticipationCsv(const v1::Participation& participation,
                            std::string* out) {
  // `treaties/untoc/participations/LTU`.
  constexpr size_t kSlugAt = sizeof("treaties/") - 1;
  const absl::string_view name = participation.name();
  const int rows = std::max(1, participation.periods_size());
  for (int i = 0; i < rows; ++i) {
    Cells cells;
    if (participation.sources_size() > 0) {
      AddSource(
          participation.sources(std::min(i, participation.sources_size() - 1)),
          &cells);
    }
    if (name.size() > kSlugAt) {
      At(&cells, Field::kTreaty) =
          std::string(name.substr(kSlugAt, name.find('/', kSlugAt) - kSlugAt));
    }
    At(&cells, Field::kState) = std::string(names::LastOf(name));
    At(&cells, Field::kSignatureDate) = participation.signature_date();
    At(&cells, Field::kNotes) = Joined(participation.notes());
    if (i < participation.periods_size()) {
      const v1::Participation::Period& period = participation.periods(i);
      At(&cells, Field::kBindingAct) = BindingActWord(period.act());
      At(&cells, Field::kActInferred) = period.act_inferred() ? "yes" : "no";
      At(&cells, Field::kDepositDate) = period.deposit_date();
      At(&cells, Field::kDepositBasis) = DateBasisWord(period.deposit_basis());
      At(&cells, Field::kEntryIntoForce) = period.entry_into_force();
      At(&cells, Field::kEntryIntoForceBasis) =
          DateBasisWord(period.entry_into_force_basis());
      At(&cells, Field::kWithdrawalNotified) = period.withdrawal_notified();
      At(&cells, Field::kEnd) = BoundText(period.end());
      At(&cells, Field::kNotes) = Joined(period.notes());
    }
    AppendRow(v1::IMPORT_KIND_PARTICIPATIONS, cells, out);
  }
}

}  // namespace comity
