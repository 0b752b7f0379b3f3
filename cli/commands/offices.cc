// `authorities` and `designations`.

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/cards.h"
#include "cli/commands/command.h"
#include "comity/v1/directory_service.pb.h"

namespace comity::cli {
namespace {

std::string FirstNumber(const v1::Authority& authority) {
  for (const v1::Contact& contact : authority.contacts()) {
    if (!contact.telephones().empty()) return contact.telephones(0).number();
  }
  return "";
}

std::string FirstEmail(const v1::Authority& authority) {
  for (const v1::Contact& contact : authority.contacts()) {
    if (!contact.emails().empty()) return contact.emails(0);
  }
  return "";
}

void PrintAuthority(Session* session, const v1::Authority& authority) {
  Printer& out = session->out();
  out.Line(OfficeHeading(authority), Style::kHeading);
  FieldList fields;
  Footnotes notes;
  fields.Add("Name", authority.name());
  AddOffice(authority, &fields, &notes);
  for (const std::string& note : authority.notes()) fields.Add("Remark", note);
  AddAsStated(authority.as_stated(), &fields);
  fields.Add("Updated", TimeWords(authority.update_time()));
  fields.Add("From", std::string(absl::StripAsciiWhitespace(
                         notes.Marks(authority.sources()))));
  out.Print(fields);
  notes.Print(&out);
}

class AuthoritiesCommand : public Command {
 public:
  explicit AuthoritiesCommand(Arguments* arguments) {
    arguments->Text("name", &name_, kNameType, "states/STATE/authorities/ID");
    arguments->Text("--state", &state_, kStateType, "Only of this State");
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most offices to list");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    google::protobuf::Timestamp time;
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(time, ParseTimeOption(known_at_, "--known-at"));
    }
    if (name_.empty()) return List(session, time);
    v1::GetAuthorityRequest request;
    request.set_name(name_);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    v1::Authority authority;
    RETURN_IF_ERROR(session->client().Call(request, &authority));
    if (session->json()) {
      session->out().Json(authority);
    } else {
      PrintAuthority(session, authority);
    }
    return kExitOk;
  }

 private:
  absl::StatusOr<int> List(Session* session,
                           const google::protobuf::Timestamp& time) {
    v1::ListAuthoritiesRequest request;
    ASSIGN_OR_RETURN(const std::string state, session->StateName(state_));
    request.set_parent(state.empty() ? "states/-" : state);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    Table table({"OFFICE", "UNIT", "TELEPHONE", "E-MAIL", "NAME"});
    bool any = false;
    RETURN_IF_ERROR(
        ForEachItem(session, request, &v1::ListAuthoritiesResponse::authorities,
                    limit_, [&](const v1::Authority& authority) {
                      any = true;
                      if (session->json()) {
                        session->out().Json(authority);
                        return;
                      }
                      table.AddRow({TextOf(authority.display_names()),
                                    authority.unit(), FirstNumber(authority),
                                    FirstEmail(authority), authority.name()});
                    }));
    session->out().Print(table);
    if (!any) session->err().Line("comity: no office on record");
    return any ? kExitOk : kExitNothingFound;
  }

  std::string name_;
  std::string state_;
  std::string known_at_;
  int64_t limit_ = 0;
};

void PrintDesignation(Session* session, const v1::Designation& designation) {
  Printer& out = session->out();
  v1::Authority authority;
  if (!designation.authority().empty()) {
    v1::GetAuthorityRequest request;
    request.set_name(designation.authority());
    // The card says less without it, but all that the designation has.
    if (!session->client().Call(request, &authority).ok()) {
      authority.add_display_names()->set_text(designation.authority());
    }
  }
  out.Line(OfficeHeading(authority), Style::kHeading);
  FieldList fields;
  Footnotes notes;
  fields.Add("Name", designation.name());
  fields.Add("For", session->FunctionTitle(designation.function()));
  fields.Add("Under",
             absl::StrCat(session->TreatyTitle(designation.treaty()), ", ",
                          designation.article().empty()
                              ? "no article cited"
                              : ArticleWords(designation.article())));
  if (!designation.authority().empty()) AddOffice(authority, &fields, &notes);
  fields.Add("Accepts", LanguageNames(designation.languages()));
  fields.Add("Channels", Bullets(designation.channels()), Style::kPlain,
             kBulletWidth);
  fields.Add("If urgent", designation.urgent_procedure());
  fields.Add("Forms", Bullets(designation.forms()), Style::kPlain,
             kBulletWidth);
  fields.Add("Must contain", Bullets(designation.required_contents()),
             Style::kPlain, kBulletWidth);
  AddDesignation(designation, &fields, &notes);
  AddAsStated(designation.as_stated(), &fields);
  fields.Add("Updated", TimeWords(designation.update_time()));
  out.Print(fields);
  notes.Print(&out);
}

// `2010-01-01`, `unknown`, or nothing where there is no bound.
std::string BoundWords(const v1::DateBound& bound) {
  if (bound.open()) return "";
  return bound.date().empty() ? "unknown" : bound.date();
}

class DesignationsCommand : public Command {
 public:
  explicit DesignationsCommand(Arguments* arguments) {
    arguments->Text("name", &name_, kNameType, "states/STATE/designations/ID");
    arguments->Text("--state", &state_, kStateType, "Only of this State");
    arguments->Text("--for", &function_, kFunctionType,
                    "Only for this function");
    arguments->Text("--treaty", &treaty_, kTreatyType,
                    "Only under this treaty");
    arguments->Text("--authority", &authority_, kNameType,
                    "Only of this office");
    arguments->Text("--on", &on_, kDayType, "Only those that hold on this day");
    arguments->Number("--limit", &limit_, 1, INT64_MAX,
                      "Most designations to list");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    google::protobuf::Timestamp time;
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(time, ParseTimeOption(known_at_, "--known-at"));
    }
    if (name_.empty()) return List(session, time);
    v1::GetDesignationRequest request;
    request.set_name(name_);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    v1::Designation designation;
    RETURN_IF_ERROR(session->client().Call(request, &designation));
    if (session->json()) {
      session->out().Json(designation);
    } else {
      PrintDesignation(session, designation);
    }
    return kExitOk;
  }

 private:
  absl::StatusOr<int> List(Session* session,
                           const google::protobuf::Timestamp& time) {
    v1::ListDesignationsRequest request;
    ASSIGN_OR_RETURN(const std::string state, session->StateName(state_));
    request.set_parent(state.empty() ? "states/-" : state);
    ASSIGN_OR_RETURN(const std::string function,
                     session->FunctionName(function_));
    request.set_function(function);
    ASSIGN_OR_RETURN(const std::string treaty, session->TreatyName(treaty_));
    request.set_treaty(treaty);
    request.set_authority(authority_);
    RETURN_IF_ERROR(CheckDayOption(on_, "--on"));
    request.set_as_of(on_);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    std::vector<v1::Designation> found;
    bool any = false;
    RETURN_IF_ERROR(ForEachItem(
        session, request, &v1::ListDesignationsResponse::designations, limit_,
        [&](const v1::Designation& designation) {
          any = true;
          if (session->json()) {
            session->out().Json(designation);
          } else {
            found.push_back(designation);
          }
        }));
    PrintTable(session, found);
    if (!any) session->err().Line("comity: no designation on record");
    return any ? kExitOk : kExitNothingFound;
  }

  void PrintTable(Session* session, const std::vector<v1::Designation>& found) {
    std::vector<std::string> offices;
    for (const v1::Designation& one : found) offices.push_back(one.authority());
    session->LearnAuthorities(std::move(offices));
    Table table(
        {"OFFICE", "FOR", "UNDER", "FROM", "UNTIL", "NOTIFIED", "NAME"});
    for (const v1::Designation& one : found) {
      const std::string& notified = one.notification().date();
      table.AddRow(
          {session->AuthorityTitle(one.authority()),
           std::string(names::LastOf(one.function())),
           absl::StrCat(names::LastOf(one.treaty()),
                        one.article().empty() ? "" : " ", one.article()),
           BoundWords(one.valid_from()), BoundWords(one.valid_until()),
           notified.empty() ? "unknown" : notified, one.name()});
    }
    session->out().Print(table);
  }

  std::string name_;
  std::string state_;
  std::string function_;
  std::string treaty_;
  std::string authority_;
  std::string on_;
  std::string known_at_;
  int64_t limit_ = 0;
};

}  // namespace

void AddOfficeCommands(Registry* registry) {
  registry->Add<AuthoritiesCommand>(
      registry->root, "authorities", "List offices, or show one in full",
      "Examples:\n"
      "  comity authorities --state LTU\n"
      "  comity authorities states/LVA/authorities/ministry-of-interior");
  registry->Add<DesignationsCommand>(
      registry->root, "designations",
      "List who was designated for what, or show one in full",
      "Examples:\n"
      "  comity designations --state LTU --for mla --on 2015-06-01\n"
      "  comity designations states/LTU/designations/untoc-18-13-mla-1");
}

}  // namespace comity::cli
