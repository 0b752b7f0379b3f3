// `route` and `find`: whom to write to.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/english.h"
#include "base/status_macros.h"
#include "cli/cards.h"
#include "cli/commands/command.h"
#include "cli/route_page.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/routing_service.pb.h"

namespace comity::cli {
namespace {

class RouteCommand : public Command {
 public:
  explicit RouteCommand(Arguments* arguments) {
    arguments->Text("--from", &from_, kStateType, "State that asks",
                    Need::kRequired);
    arguments->Text("--to", &to_, kStateType, "State that is asked",
                    Need::kRequired);
    arguments->Text("--for", &function_, kFunctionType,
                    "What is asked for, such as mla; see `comity functions`",
                    Need::kRequired);
    arguments->Text("--on", &on_, kDayType,
                    "Day of the request (default: today)");
    arguments->Repeated(
        "--language", &languages_, "LANGUAGE",
        "Language that you can write in, preferred first; repeat");
    arguments->Flag("--urgent", &urgent_, "Urgent channels first");
    arguments->Text("--treaty", &treaty_, kTreatyType,
                    "Only under this treaty");
    arguments->Text("--place", &place_, "TEXT", "Where it happened, in words");
    arguments->Text("--offence", &offence_, "TEXT", "The offence, in words");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
    arguments->Number("--max", &max_, 1, limits::kRoutesMax,
                      "Most routes to show, 1 to 100 (default 10)");
  }

  absl::StatusOr<int> Run(Session* session) override {
    RETURN_IF_ERROR(CheckDayOption(on_, "--on"));
    v1::RouteRequestRequest request;
    request.set_requesting_state(from_);
    request.set_requested_state(to_);
    request.set_function(function_);
    request.set_as_of(on_);
    request.set_urgent(urgent_);
    request.set_place(place_);
    request.set_offence(offence_);
    request.set_max_routes(static_cast<int32_t>(max_));
    for (const std::string& one : languages_) {
      request.add_preferred_languages(one);
    }
    ASSIGN_OR_RETURN(const std::string treaty, session->TreatyName(treaty_));
    request.set_treaty(treaty);
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_known_at(),
                       ParseTimeOption(known_at_, "--known-at"));
    }
    v1::RouteRequestResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      PrintRoutes(response, urgent_, session);
    }
    return response.routes().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  std::string from_;
  std::string to_;
  std::string function_;
  std::vector<std::string> languages_;
  bool urgent_ = false;
  std::string treaty_;
  std::string place_;
  std::string offence_;
  std::string on_;
  std::string known_at_;
  int64_t max_ = 0;
};

void PrintContact(Session* session, int number, const v1::FoundContact& contact,
                  absl::string_view as_of, Footnotes* notes) {
  session->out().Blank();
  const std::string mark = absl::StrCat(number, "  ");
  session->out().Line(absl::StrCat(mark, OfficeHeading(contact.authority())),
                      Style::kHeading, 0, static_cast<int>(mark.size()));
  const v1::Designation& designation = contact.designation();
  const auto add_bullets = [](const char* label, const Texts& texts,
                              FieldList* fields) {
    fields->Add(label, Bullets(texts), Style::kPlain, kBulletWidth);
  };
  FieldList fields;
  if (contact.has_authority()) AddOffice(contact.authority(), &fields, notes);
  add_bullets("Channels", designation.channels(), &fields);
  fields.Add("Under", BasisWords(session->TreatyTitle(designation.treaty()),
                                 designation));
  fields.Add("Accepts", LanguageNames(designation.languages()));
  AddStanding(designation, contact.advice(), as_of, &fields, notes);
  fields.Add("If urgent", designation.urgent_procedure());
  add_bullets("Forms", designation.forms(), &fields);
  add_bullets("Must contain", designation.required_contents(), &fields);
  session->out().Print(fields, 3);
}

class FindCommand : public Command {
 public:
  explicit FindCommand(Arguments* arguments) {
    arguments->Text("--state", &state_, kStateType,
                    "State whose office is wanted", Need::kRequired);
    arguments->Text(
        "--for", &function_, kFunctionType,
        "What it is wanted for, such as mla; see `comity functions`",
        Need::kRequired);
    arguments->Text("--treaty", &treaty_, kTreatyType,
                    "Only under this treaty");
    arguments->Text("--article", &article_, "TEXT",
                    "Only where this article is cited, such as 18(13)");
    arguments->Text("--on", &on_, kDayType,
                    "Day on which it is competent (default: today)");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    RETURN_IF_ERROR(CheckDayOption(on_, "--on"));
    v1::FindContactsRequest request;
    request.set_state(state_);
    request.set_function(function_);
    request.set_treaty(treaty_);
    request.set_article(article_);
    request.set_as_of(on_);
    request.set_page_size(limits::kPageSizeMax);
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_known_at(),
                       ParseTimeOption(known_at_, "--known-at"));
    }
    v1::FindContactsResponse all;
    RETURN_IF_ERROR(session->client().Call(request, &all));
    while (!all.next_page_token().empty()) {
      request.set_page_token(all.next_page_token());
      v1::FindContactsResponse page;
      RETURN_IF_ERROR(session->client().Call(request, &page));
      all.clear_next_page_token();
      // Appends the contacts; what was understood is the same on every page.
      all.MergeFrom(page);
    }
    if (session->json()) {
      session->out().Json(all);
    } else {
      Print(session, all);
    }
    return all.contacts().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  static void Print(Session* session, const v1::FindContactsResponse& all) {
    std::string title =
        absl::StrCat(session->StateTitle(all.state()), ": ",
                     InSentence(session->FunctionTitle(all.function())));
    if (!all.treaty().empty()) {
      absl::StrAppend(&title, " under ", session->TreatyTitle(all.treaty()));
    }
    absl::StrAppend(&title, ", on ", all.as_of());
    session->out().Line(title, Style::kHeading);
    if (all.contacts().empty()) {
      session->out().Line(
          "No authority on record, which does not mean that the State has "
          "none: the record may be incomplete.",
          Style::kWarning);
      return;
    }
    session->out().Line(
        absl::StrCat(Count(all.contacts_size(), "designation", "designations"),
                     "."),
        Style::kGood);
    Footnotes notes;
    for (int i = 0; i < all.contacts_size(); ++i) {
      PrintContact(session, i + 1, all.contacts(i), all.as_of(), &notes);
    }
    notes.Print(&session->out());
  }

  std::string state_;
  std::string function_;
  std::string treaty_;
  std::string article_;
  std::string on_;
  std::string known_at_;
};

}  // namespace

void AddRoutingCommands(Registry* registry) {
  registry->Add<RouteCommand>(
      registry->root, "route",
      "From two States to the right desk, with the treaty behind it",
      "Examples:\n"
      "  comity route --from FRA --to LTU --for mla --on 2015-06-01\n"
      "  comity route --from France --to Brazil --for extradition --urgent\n"
      "\n"
      "--json prints the one RouteRequestResponse. Exit code 1: no route.");
  registry->Add<FindCommand>(
      registry->root, "find", "The competent offices of one State",
      "Examples:\n"
      "  comity find --state LVA --for firearms\n"
      "  comity find --state LTU --for mla --treaty untoc --on 2012-01-01\n"
      "\n"
      "--json prints the one FindContactsResponse with all pages. Exit code "
      "1: none.");
}

}  // namespace comity::cli
