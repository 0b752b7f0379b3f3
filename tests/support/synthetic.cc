#include "tests/support/synthetic.h"

#include <algorithm>
#include <fstream>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/dates.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "comity/v1/record.pb.h"
#include "google/protobuf/util/json_util.h"
#include "import/writers.h"

namespace comity::synthetic {
namespace {

// The years that the designations of a desk span.
constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2026;

// So many offices have contact data: as many as of the bundled ones.
constexpr size_t kContactPercent = 43;

constexpr const char* kOffices[] = {
    "Ministry of Justice",        "Office of the Prosecutor General",
    "Ministry of the Interior",   "Ministry of Foreign Affairs",
    "Office of Legal Assistance", "National Contact Office",
    "Attorney-General's Chambers"};
constexpr const char* kStreets[] = {"Harbour Road", "Court Square",
                                    "Old Market Street", "Treaty Avenue"};
constexpr const char* kLanguages[] = {"en", "fr", "es", "ar", "ru",
                                      "zh", "pt", "de", "it", "sw"};
constexpr const char* kChannels[] = {"post", "electronic mail",
                                     "diplomatic channel", "INTERPOL"};
constexpr const char* kTimeZones[] = {"UTC+00:00", "UTC+02:00", "UTC-05:00",
                                      "UTC+08:00"};
constexpr const char* kContents[] = {
    "The authority that makes the request, and its reference.",
    "The facts of the case, with place and time.",
    "The text of the law that applies.",
    "Identity and nationality of the person, where known.",
    "What is asked for, and by when."};

absl::Status ForEachRecord(const std::string& path,
                           absl::FunctionRef<void(const v1::Record&)> visit) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  std::string line;
  while (std::getline(in, line)) {
    v1::Record record;
    if (!google::protobuf::util::JsonStringToMessage(line, &record).ok()) {
      return absl::DataLossError(absl::StrCat(path, " does not parse"));
    }
    visit(record);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<World> World::Read(const std::string& folder) {
  World world;
  RETURN_IF_ERROR(
      ForEachRecord(folder + "/01-states.jsonl", [&](const v1::Record& record) {
        const v1::State::Kind kind = record.state().kind();
        if (kind == v1::State::KIND_STATE ||
            kind == v1::State::KIND_ORGANISATION) {
          world.states.push_back(record.state().name());
        }
      }));
  RETURN_IF_ERROR(ForEachRecord(
      folder + "/03-functions.jsonl", [&](const v1::Record& record) {
        const v1::Function& function = record.function();
        for (const v1::Function::Article& article : function.articles()) {
          world.purposes.push_back({function.name(), function.titles(0).text(),
                                    article.treaty(), article.citation()});
        }
      }));
  if (world.states.empty() || world.purposes.empty()) {
    return absl::NotFoundError(absl::StrCat(folder, " has no States"));
  }
  return world;
}

Generator::Generator(const World* world, const Options& options)
    : world_(world), options_(options), random_(options.seed) {}

// Shares the designations out evenly over all slots, whatever their number,
// and those of a slot among its desks.
void Generator::OpenSlot() {
  const auto slots =
      static_cast<int64_t>(world_->states.size() * world_->purposes.size());
  const auto slot = static_cast<int64_t>(slot_++);
  const int64_t all = options_.designations * (slot + 1) / slots -
                      options_.designations * slot / slots;
  const size_t draw = Pick(100);
  const int64_t wanted = draw < 60 ? 1 : draw < 85 ? 2 : draw < 95 ? 3 : 6;
  const int64_t count = std::min(wanted, (all + 3) / 4);
  const absl::CivilDay from(kFirstYear, 1, 1);
  for (int64_t i = 0; i < count; ++i) {
    Desk desk;
    desk.designations = all * (i + 1) / count - all * i / count;
    desk.from = from + static_cast<int64_t>(Pick(365));
    desk.days = (absl::CivilDay(kLastYear, 1, 1) - desk.from) /
                std::max<int64_t>(desk.designations, 1);
    desks_.push_back(desk);
  }
  left_of_authority_ = 0;
}

std::string Generator::Telephone() {
  return absl::StrFormat("+%d %03d %04d", 200 + Pick(700), Pick(1000),
                         Pick(10000));
}

v1::Source Generator::NextSource() const {
  v1::Source source;
  source.set_document("Synthetic data");
  source.set_kind(v1::SOURCE_KIND_SYNTHETIC);
  source.set_system("synthetic");
  source.set_id(absl::StrCat("s", given_ + 1));
  return source;
}

void Generator::AddContact(v1::Authority* authority) {
  v1::Contact* contact = authority->add_contacts();
  v1::PostalAddress* address = contact->add_addresses();
  address->add_lines(authority->display_names(0).text());
  address->add_lines(absl::StrCat(1 + Pick(300), " ", OneOf(kStreets)));
  address->add_lines(absl::StrFormat("%05d Synthetic Town", Pick(100000)));
  const size_t telephones = 1 + Pick(2);
  for (size_t i = 0; i < telephones; ++i) {
    v1::TelephoneNumber* telephone = contact->add_telephones();
    telephone->set_number(Telephone());
    telephone->set_kind(v1::TelephoneNumber::KIND_TELEPHONE);
  }
  if (Chance(60)) {
    v1::TelephoneNumber* fax = contact->add_telephones();
    fax->set_number(Telephone());
    fax->set_kind(v1::TelephoneNumber::KIND_FAX);
  }
  contact->add_emails(absl::StrCat("desk-", authorities_, "@example.org"));
  if (Chance(40)) {
    contact->add_websites(
        absl::StrCat("https://office-", authorities_, ".example.org/"));
  }
  if (Chance(50)) contact->set_office_hours("0900 - 1700 (Monday-Friday)");
  contact->set_time_zone(OneOf(kTimeZones));
}

void Generator::NewAuthority(v1::Authority* authority) {
  const World::Purpose& purpose =
      world_->purposes[(slot_ - 1) % world_->purposes.size()];
  const std::string& state =
      world_->states[(slot_ - 1) / world_->purposes.size()];
  ++authorities_;
  authority->Clear();
  authority->set_name(names::Authority(
      names::LastOf(state), absl::StrCat("synthetic-", authorities_)));
  v1::LocalizedText* name = authority->add_display_names();
  name->set_text(
      absl::StrCat("Synthetic ", OneOf(kOffices), " ", authorities_));
  name->set_language("en");
  authority->set_unit(absl::StrCat("Synthetic desk: ", purpose.title));
  authority->set_kind(Chance(70) ? v1::Authority::KIND_CENTRAL_AUTHORITY
                                 : v1::Authority::KIND_CONTACT_POINT);
  if (Chance(kContactPercent)) AddContact(authority);
  authority->add_languages(OneOf(kLanguages));
}

// From where the one before ended, to where the next one starts.
void Generator::SetValidity(v1::Designation* designation) {
  Desk& desk = desks_.back();
  const absl::CivilDay from = desk.from;
  const auto spread = static_cast<size_t>(std::max<int64_t>(desk.days / 2, 1));
  const absl::CivilDay until =
      from + std::max<int64_t>(
                 desk.days * 3 / 4 + static_cast<int64_t>(Pick(spread)), 1);
  desk.from = until;
  if (Chance(2)) {
    designation->mutable_valid_from()->set_unknown(true);
  } else {
    designation->mutable_valid_from()->set_date(FormatDay(from));
  }
  if (desk.designations > 1) {
    designation->mutable_valid_until()->set_date(FormatDay(until));
  } else if (Chance(50)) {
    designation->mutable_valid_until()->set_open(true);
  }
  v1::Notification* notification = designation->mutable_notification();
  notification->set_date(FormatDay(from - static_cast<int64_t>(Pick(90))));
  notification->set_basis(v1::Notification::BASIS_NOTIFICATION);
  notification->set_reference(
      absl::StrCat("SYNTHETIC.", from.year(), ".", given_ + 1));
}

void Generator::FillDesignation(v1::Designation* designation) {
  const World::Purpose& purpose =
      world_->purposes[(slot_ - 1) % world_->purposes.size()];
  const std::string& state =
      world_->states[(slot_ - 1) / world_->purposes.size()];
  designation->Clear();
  designation->set_name(names::Designation(
      names::LastOf(state), absl::StrCat("synthetic-", given_ + 1)));
  designation->set_authority(authority_.name());
  designation->set_treaty(purpose.treaty);
  designation->set_article(purpose.article);
  designation->set_function(purpose.function);
  designation->set_running_number(static_cast<int32_t>(given_ % 1000000) + 1);
  SetValidity(designation);
  const size_t first = Pick(std::size(kLanguages));
  const size_t languages = 1 + Pick(3);
  for (size_t i = 0; i < languages; ++i) {
    designation->add_languages(kLanguages[(first + i) % std::size(kLanguages)]);
  }
  const size_t channel = Pick(std::size(kChannels));
  designation->add_channels(kChannels[channel]);
  if (Chance(50)) {
    designation->add_channels(kChannels[(channel + 1) % std::size(kChannels)]);
  }
  const size_t contents = Pick(std::size(kContents));
  for (size_t i = 0; i < contents; ++i) {
    designation->add_required_contents(kContents[i]);
  }
  if (Chance(30)) {
    designation->set_urgent_procedure(
        "Synthetic: by telephone, confirmed in writing within three days.");
  }
  if (Chance(10)) designation->add_notes("Synthetic note.");
}

bool Generator::Next(Row* row) {
  if (given_ >= options_.designations) return false;
  while (desks_.empty()) OpenSlot();
  row->first_of_authority = left_of_authority_ == 0;
  if (row->first_of_authority) {
    left_of_authority_ = std::min(desks_.back().designations,
                                  int64_t{2} + static_cast<int64_t>(Pick(5)));
    NewAuthority(&authority_);
  }
  FillDesignation(&row->designation);
  row->authority = authority_;
  const v1::Source source = NextSource();
  *row->designation.add_sources() = source;
  for (v1::Contact& contact : *row->authority.mutable_contacts()) {
    *contact.add_sources() = source;
  }
  *row->authority.add_sources() = source;
  ++given_;
  --left_of_authority_;
  if (--desks_.back().designations == 0) {
    desks_.pop_back();
    left_of_authority_ = 0;
  }
  return true;
}

void WriteCsv(const World& world, const Options& options, std::ostream* out) {
  Generator generator(&world, options);
  *out << DesignationCsvHeader();
  Row row;
  std::string line;
  while (generator.Next(&row)) {
    line.clear();
    AppendDesignationCsv(row.designation, &row.authority, &line);
    *out << line;
  }
}

void WriteJsonLines(const World& world, const Options& options,
                    std::ostream* out) {
  Generator generator(&world, options);
  Row row;
  std::string lines;
  while (generator.Next(&row)) {
    lines.clear();
    v1::Record record;
    if (row.first_of_authority) {
      record.mutable_authority()->Swap(&row.authority);
      AppendJsonLine(record, &lines);
    }
    record.mutable_designation()->Swap(&row.designation);
    AppendJsonLine(record, &lines);
    *out << lines;
  }
}

}  // namespace comity::synthetic
