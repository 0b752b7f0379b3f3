// `treaties`, `participations`, `status`, `cite`: what binds whom.

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/english.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/cards.h"
#include "cli/commands/command.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::cli {
namespace {

std::string RuleWords(const v1::EntryIntoForceRule& rule) {
  if (rule.threshold_instruments() == 0) return "";
  std::string words =
      absl::StrCat(rule.days_after_threshold(), " days after instrument no. ",
                   rule.threshold_instruments(), ", then ",
                   rule.days_after_deposit(), " days after each deposit");
  if (!rule.not_before().empty()) {
    absl::StrAppend(&words, "; not before ", names::LastOf(rule.not_before()));
  }
  if (!rule.articles().empty()) {
    absl::StrAppend(
        &words,
        absl::StrContains(rule.articles(), ",") ? " (articles " : " (article ",
        rule.articles(), ")");
  }
  return words;
}

void PrintTreaty(Session* session, const v1::Treaty& treaty) {
  Printer& out = session->out();
  out.Line(absl::StrCat(
               TextOf(treaty.short_titles().empty() ? treaty.titles()
                                                    : treaty.short_titles()),
               "  ", treaty.name()),
           Style::kHeading);
  FieldList fields;
  Footnotes notes;
  fields.Add("Title", TextOf(treaty.titles()));
  fields.Add("Also", absl::StrJoin(treaty.aliases(), ", "));
  fields.Add("Kind", Words(treaty.kind()));
  fields.Add("Adopted",
             treaty.adopted_at().empty()
                 ? treaty.adopted()
                 : absl::StrCat(treaty.adopted(), ", ", treaty.adopted_at()));
  fields.Add("In force", treaty.entry_into_force());
  fields.Add("Rule", RuleWords(treaty.entry_into_force_rule()));
  if (!treaty.parent().empty()) {
    fields.Add("Supplements", session->TreatyTitle(treaty.parent()));
  }
  fields.Add("Depositary", treaty.depositary_number().empty()
                               ? treaty.depositary()
                               : absl::StrCat(treaty.depositary(), ", ",
                                              treaty.depositary_number()));
  fields.Add(
      "Participants",
      treaty.participations_as_of().empty()
          ? "not collected: who is bound is not known here"
          : absl::StrCat("complete to ", treaty.participations_as_of()),
      treaty.participations_as_of().empty() ? Style::kWarning : Style::kPlain);
  for (const v1::TreatyArticle& article : treaty.articles()) {
    fields.Add("Articles", absl::StrCat(article.citation(), "  ",
                                        TextOf(article.headings())));
  }
  for (const std::string& note : treaty.notes()) fields.Add("Remark", note);
  fields.Add(
      "From",
      std::string(absl::StripAsciiWhitespace(notes.Marks(treaty.sources()))));
  out.Print(fields);
  notes.Print(&out);
}

class TreatiesCommand : public Command {
 public:
  explicit TreatiesCommand(Arguments* arguments) {
    arguments->Text("treaty", &treaty_, kTreatyType,
                    "Slug, abbreviation or title");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::GetTreatyRequest request;
    v1::ListTreatiesRequest list;
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_known_at(),
                       ParseTimeOption(known_at_, "--known-at"));
      *list.mutable_known_at() = request.known_at();
    }
    if (treaty_.empty()) return List(session, list);
    ASSIGN_OR_RETURN(const std::string name, session->TreatyName(treaty_));
    request.set_name(name);
    v1::Treaty treaty;
    RETURN_IF_ERROR(session->client().Call(request, &treaty));
    if (session->json()) {
      session->out().Json(treaty);
    } else {
      PrintTreaty(session, treaty);
    }
    return kExitOk;
  }

 private:
  static absl::StatusOr<int> List(Session* session,
                                  const v1::ListTreatiesRequest& request) {
    Table table({"TREATY", "TITLE", "IN FORCE", "PARTIES KNOWN TO"});
    RETURN_IF_ERROR(ForEachItem(
        session, request, &v1::ListTreatiesResponse::treaties, 0,
        [&](const v1::Treaty& treaty) {
          if (session->json()) {
            session->out().Json(treaty);
            return;
          }
          const bool known = !treaty.participations_as_of().empty();
          table.AddRow(
              {std::string(names::LastOf(treaty.name())),
               TextOf(treaty.short_titles().empty() ? treaty.titles()
                                                    : treaty.short_titles()),
               treaty.entry_into_force(),
               Cell(known ? treaty.participations_as_of() : "not collected",
                    known ? Style::kPlain : Style::kWarning)});
        }));
    session->out().Print(table);
    return kExitOk;
  }

  std::string treaty_;
  std::string known_at_;
};

std::string EndWords(const v1::Participation::Period& period) {
  std::string words;
  if (!period.withdrawal_notified().empty()) {
    words = absl::StrCat("withdrawal notified ", period.withdrawal_notified());
  }
  if (!period.end().date().empty()) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", "ended ",
                    period.end().date());
  } else if (period.end().unknown()) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", "ended, day unknown");
  }
  return words;
}

// `2003-09-29`, with how it is known where that is not by a statement.
std::string DateWords(const std::string& date, v1::DateBasis basis) {
  const std::string words = Words(basis);
  if (date.empty() || words.empty() || words == "stated") return date;
  return absl::StrCat(date, " (", words, ")");
}

void PrintParticipation(Session* session,
                        const v1::Participation& participation) {
  Printer& out = session->out();
  out.Line(participation.name(), Style::kHeading);
  FieldList fields;
  Footnotes notes;
  fields.Add("Signed", participation.signature_date().empty()
                           ? "no signature on record"
                           : participation.signature_date());
  for (const v1::Participation::Period& period : participation.periods()) {
    std::string words = absl::StrCat(
        Words(period.act()), period.act_inferred() ? " (inferred)" : "",
        " deposited ",
        period.deposit_date().empty()
            ? "on an unknown day"
            : DateWords(period.deposit_date(), period.deposit_basis()));
    if (!period.entry_into_force().empty()) {
      absl::StrAppend(&words, ", in force ",
                      DateWords(period.entry_into_force(),
                                period.entry_into_force_basis()));
    }
    const std::string end = EndWords(period);
    if (!end.empty()) absl::StrAppend(&words, ", ", end);
    fields.Add("Bound", words);
    for (const std::string& note : period.notes()) fields.Add("Remark", note);
  }
  for (const v1::Participation::Statement& one : participation.statements()) {
    std::string words = Words(one.kind());
    for (const std::string& part :
         {one.date(), ArticleWords(one.article()), one.text().text()}) {
      if (!part.empty())
        absl::StrAppend(&words, words.empty() ? "" : ", ", part);
    }
    if (!one.withdrawn().empty()) {
      absl::StrAppend(&words, ", withdrawn ", one.withdrawn());
    }
    fields.Add("Statements", words);
  }
  if (!participation.complete_as_of().empty()) {
    fields.Add("Data", absl::StrCat("no change known after ",
                                    participation.complete_as_of()));
  }
  AddAsStated(participation.as_stated(), &fields);
  for (const std::string& note : participation.notes()) {
    fields.Add("Remark", note);
  }
  fields.Add("From", std::string(absl::StripAsciiWhitespace(
                         notes.Marks(participation.sources()))));
  out.Print(fields);
  notes.Print(&out);
}

class ParticipationsCommand : public Command {
 public:
  explicit ParticipationsCommand(Arguments* arguments) {
    arguments->Text("name", &name_, kNameType,
                    "treaties/TREATY/participations/STATE");
    arguments->Text("--treaty", &treaty_, kTreatyType, "Only in this treaty");
    arguments->Text("--state", &state_, kStateType, "Only of this State");
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most records to list");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    google::protobuf::Timestamp time;
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(time, ParseTimeOption(known_at_, "--known-at"));
    }
    if (name_.empty()) return List(session, time);
    v1::GetParticipationRequest request;
    request.set_name(name_);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    v1::Participation participation;
    RETURN_IF_ERROR(session->client().Call(request, &participation));
    if (session->json()) {
      session->out().Json(participation);
    } else {
      PrintParticipation(session, participation);
    }
    return kExitOk;
  }

 private:
  absl::StatusOr<int> List(Session* session,
                           const google::protobuf::Timestamp& time) {
    v1::ListParticipationsRequest request;
    ASSIGN_OR_RETURN(const std::string treaty, session->TreatyName(treaty_));
    request.set_parent(treaty.empty() ? "treaties/-" : treaty);
    ASSIGN_OR_RETURN(const std::string state, session->StateName(state_));
    request.set_state(state);
    if (!known_at_.empty()) *request.mutable_known_at() = time;
    Table table(
        {"TREATY", "STATE", "SIGNED", "ACT", "DEPOSITED", "IN FORCE", "END"});
    bool any = false;
    RETURN_IF_ERROR(ForEachItem(
        session, request, &v1::ListParticipationsResponse::participations,
        limit_, [&](const v1::Participation& participation) {
          any = true;
          if (session->json()) {
            session->out().Json(participation);
          } else {
            AddRows(participation, &table);
          }
        }));
    session->out().Print(table);
    if (!any) session->err().Line("comity: no participation on record");
    return any ? kExitOk : kExitNothingFound;
  }

  static void AddRows(const v1::Participation& participation, Table* table) {
    const auto parts = names::Parse(participation.name(), "name");
    const std::string treaty(parts.ok() ? parts->first : "");
    const std::string state(
        parts.ok() ? parts->second : absl::string_view(participation.name()));
    if (participation.periods().empty()) {
      table->AddRow({treaty, state, participation.signature_date(),
                     "signed only", "", "", ""});
    }
    for (const v1::Participation::Period& period : participation.periods()) {
      table->AddRow({treaty, state, participation.signature_date(),
                     Words(period.act()),
                     DateWords(period.deposit_date(), period.deposit_basis()),
                     DateWords(period.entry_into_force(),
                               period.entry_into_force_basis()),
                     EndWords(period)});
    }
  }

  std::string name_;
  std::string treaty_;
  std::string state_;
  std::string known_at_;
  int64_t limit_ = 0;
};

void PrintStatus(Session* session, const v1::TreatyStatus& status) {
  Printer& out = session->out();
  std::string title =
      absl::StrCat(session->TreatyTitle(status.treaty()), ": ",
                   Words(status.status()), " on ", status.as_of());
  std::vector<std::string> states;
  for (const v1::ParticipationStatus& one : status.participations()) {
    states.push_back(session->StateTitle(one.state()));
  }
  absl::StrAppend(&title, states.size() == 2 ? " between " : " for ",
                  Enumerate(states, "and"));
  out.Line(title, StyleOf(status.status()));
  FieldList fields;
  Footnotes notes;
  AddParticipations(status, session, &fields, &notes);
  for (const v1::ParticipationStatus& one : status.participations()) {
    if (one.derived_entry_into_force().empty()) continue;
    fields.Add(
        "Difference",
        absl::StrCat("the treaty's rule gives ", one.derived_entry_into_force(),
                     " for ", session->StateTitle(one.state())),
        Style::kWarning);
  }
  fields.Add(
      "The treaty",
      status.treaty_entry_into_force().empty()
          ? "day of entry into force not known"
          : absl::StrCat("entered into force on ",
                         DateWords(status.treaty_entry_into_force(),
                                   status.treaty_entry_into_force_basis())));
  if (!status.derived_treaty_entry_into_force().empty()) {
    fields.Add("Difference",
               absl::StrCat("its rule gives ",
                            status.derived_treaty_entry_into_force()),
               Style::kWarning);
  }
  out.Print(fields);
  notes.Print(&out);
}

class StatusCommand : public Command {
 public:
  explicit StatusCommand(Arguments* arguments) {
    arguments->OptionalWords("TREATY STATE [STATE]", &words_, 3,
                             kTreatyAndStatesType,
                             "Which treaty, and one State or two");
    arguments->Text("--treaty", &treaty_, kTreatyType,
                    "The treaty, instead of the first word");
    arguments->Repeated("--state", &states_, kStateType,
                        "A State, instead of a word; repeat");
    arguments->Text("--on", &on_, kDayType, "On which day (default: today)");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    std::vector<std::string> states = words_;
    std::string treaty = treaty_;
    if (treaty.empty() && !states.empty()) {
      treaty = states.front();
      states.erase(states.begin());
    }
    states.insert(states.end(), states_.begin(), states_.end());
    if (treaty.empty() || states.empty() || states.size() > 2) {
      return absl::InvalidArgumentError(
          "status needs a treaty and one State or two; see `comity status "
          "--help`");
    }
    RETURN_IF_ERROR(CheckDayOption(on_, "--on"));
    v1::GetTreatyStatusRequest request;
    request.set_treaty(treaty);
    for (const std::string& state : states) {
      ASSIGN_OR_RETURN(const std::string name, session->StateName(state));
      request.add_states(name);
    }
    request.set_as_of(on_);
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_known_at(),
                       ParseTimeOption(known_at_, "--known-at"));
    }
    v1::TreatyStatus status;
    RETURN_IF_ERROR(session->client().Call(request, &status));
    if (session->json()) {
      session->out().Json(status);
    } else {
      PrintStatus(session, status);
    }
    return kExitOk;
  }

 private:
  std::vector<std::string> words_;
  std::string treaty_;
  std::vector<std::string> states_;
  std::string on_;
  std::string known_at_;
};

class CiteCommand : public Command {
 public:
  explicit CiteCommand(Arguments* arguments) {
    arguments->Text("citation", &citation_, "TEXT", "As people write it",
                    Need::kRequired);
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::ResolveCitationRequest request;
    request.set_citation(citation_);
    v1::ResolveCitationResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
      return kExitOk;
    }
    FieldList fields;
    fields.Add("Treaty", absl::StrCat(session->TreatyTitle(response.treaty()),
                                      "  ", response.treaty()));
    fields.Add("Article", response.article().empty() ? "the whole treaty"
                                                     : response.article());
    if (!response.listed() && !response.article().empty()) {
      fields.Add("Note", "not among the articles that the record has",
                 Style::kWarning);
    }
    for (const std::string& function : response.functions()) {
      fields.Add("Functions", absl::StrCat(session->FunctionTitle(function),
                                           "  ", function));
    }
    session->out().Print(fields, 0);
    return kExitOk;
  }

 private:
  std::string citation_;
};

}  // namespace

void AddTreatyCommands(Registry* registry) {
  registry->Add<TreatiesCommand>(registry->root, "treaties",
                                 "List treaties, or show one in full",
                                 "Examples:\n"
                                 "  comity treaties\n"
                                 "  comity treaties \"Palermo Convention\"");
  registry->Add<ParticipationsCommand>(
      registry->root, "participations",
      "What States did with treaties: signatures, deposits, entries into force",
      "Examples:\n"
      "  comity participations --treaty untoc --limit 10\n"
      "  comity participations --state LTU\n"
      "\n"
      "A State without a record is not known, not \"not a party\".");
  registry->Add<StatusCommand>(
      registry->root, "status",
      "Whether a treaty binds a State, or two, on a day",
      "Examples:\n"
      "  comity status untoc FRA LTU --on 2015-06-01\n"
      "  comity status uncac --state LTU");
  registry->Add<CiteCommand>(
      registry->root, "cite", "Which article of which treaty a citation means",
      "Examples:\n"
      "  comity cite \"UNTOC 18(13)\"\n"
      "  comity cite \"art. 13, para. 2, Firearms Protocol\"");
}

}  // namespace comity::cli
