// `states`, `resolve`, `functions`: the words of the directory.

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
#include "comity/v1/directory_service.pb.h"

namespace comity::cli {
namespace {

void AddTexts(const std::string& label, const LocalizedTexts& texts,
              FieldList* fields) {
  for (const v1::LocalizedText& text : texts) {
    fields->Add(label, text.language().empty()
                           ? text.text()
                           : absl::StrCat(text.text(), " (",
                                          LanguageName(text.language()), ")"));
  }
}

std::string OtherNameWords(const v1::State::OtherName& name) {
  std::string words = name.text();
  const std::string kind = Words(name.kind());
  if (!kind.empty()) absl::StrAppend(&words, " (", kind);
  if (!name.from().empty()) absl::StrAppend(&words, ", from ", name.from());
  if (!name.until().empty()) absl::StrAppend(&words, ", until ", name.until());
  if (!kind.empty()) words += ")";
  return words;
}

void PrintState(Session* session, const v1::State& state) {
  Printer& out = session->out();
  out.Line(absl::StrCat(TextOf(state.short_names()), "  ", state.name()),
           Style::kHeading);
  FieldList fields;
  Footnotes notes;
  fields.Add("Kind", Words(state.kind()));
  fields.Add("Codes", absl::StrCat(names::LastOf(state.name()), "  ",
                                   state.alpha2(), "  ", state.m49()));
  const std::string membership = Words(state.membership());
  fields.Add("UN", membership == "none" ? "not a member" : membership);
  AddTexts("Short names", state.short_names(), &fields);
  AddTexts("Formal names", state.formal_names(), &fields);
  for (const v1::State::OtherName& name : state.other_names()) {
    fields.Add("Other names", OtherNameWords(name));
  }
  fields.Add("Region",
             state.subregion().empty()
                 ? state.region()
                 : absl::StrCat(state.region(), ", ", state.subregion()));
  fields.Add("Languages", LanguageNames(state.languages()));
  if (!state.parent().empty()) {
    fields.Add("Territory of", session->StateTitle(state.parent()));
  }
  fields.Add("Time zones", absl::StrJoin(state.time_zones(), ", "));
  for (const std::string& note : state.notes()) fields.Add("Remark", note);
  AddAsStated(state.as_stated(), &fields);
  fields.Add(
      "From",
      std::string(absl::StripAsciiWhitespace(notes.Marks(state.sources()))));
  out.Print(fields);
  notes.Print(&out);
}

std::string MatchWords(v1::ResolveStateResponse::Match match) {
  switch (match) {
    case v1::ResolveStateResponse::MATCH_CODE:
      return "a code";
    case v1::ResolveStateResponse::MATCH_NAME:
      return "a name";
    case v1::ResolveStateResponse::MATCH_FORMER_NAME:
      return "a former name";
    case v1::ResolveStateResponse::MATCH_FOLDED:
      return "a name, written otherwise";
    case v1::ResolveStateResponse::MATCH_PREFIX:
      return "begins so";
    case v1::ResolveStateResponse::MATCH_MISSPELT:
      return "misspelt?";
    default:
      return "";
  }
}

Table CandidateTable(const v1::ResolveStateResponse& response) {
  Table table({"CODE", "STATE", "MATCHED", "AS"});
  for (const auto& candidate : response.candidates()) {
    table.AddRow({std::string(names::LastOf(candidate.state().name())),
                  TextOf(candidate.state().short_names()),
                  candidate.matched().text(), MatchWords(candidate.match())});
  }
  return table;
}

class StatesCommand : public Command {
 public:
  explicit StatesCommand(Arguments* arguments) {
    arguments->Text("query", &query_, kStateType,
                    "Name or code, misspelt or not");
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most States to list");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(time_, ParseTimeOption(known_at_, "--known-at"));
    }
    return query_.empty() ? List(session) : Show(session);
  }

 private:
  absl::StatusOr<int> List(Session* session) {
    v1::ListStatesRequest request;
    if (!known_at_.empty()) *request.mutable_known_at() = time_;
    Table table({"CODE", "STATE", "KIND", "REGION", "LANGUAGES"});
    RETURN_IF_ERROR(ForEachItem(
        session, request, &v1::ListStatesResponse::states, limit_,
        [&](const v1::State& state) {
          if (session->json()) {
            session->out().Json(state);
            return;
          }
          table.AddRow(
              {std::string(names::LastOf(state.name())),
               TextOf(state.short_names()), Words(state.kind()),
               state.subregion().empty() ? state.region() : state.subregion(),
               absl::StrJoin(state.languages(), " ")});
        }));
    session->out().Print(table);
    return kExitOk;
  }

  absl::StatusOr<int> Show(Session* session) {
    v1::GetStateRequest request;
    if (absl::StartsWith(query_, "states/")) {
      request.set_name(query_);
    } else {
      v1::ResolveStateRequest resolve;
      resolve.set_query(query_);
      v1::ResolveStateResponse response;
      RETURN_IF_ERROR(session->client().Call(resolve, &response));
      if (response.state().empty()) return Suggest(session, response);
      Remark(session, response);
      request.set_name(response.state());
    }
    if (!known_at_.empty()) *request.mutable_known_at() = time_;
    v1::State state;
    RETURN_IF_ERROR(session->client().Call(request, &state));
    if (session->json()) {
      session->out().Json(state);
    } else {
      PrintState(session, state);
    }
    return kExitOk;
  }

  // Says so when the name was not the State's own.
  void Remark(Session* session, const v1::ResolveStateResponse& response) {
    if (session->json() || response.candidates().empty()) return;
    const auto& best = response.candidates(0);
    if (best.match() == v1::ResolveStateResponse::MATCH_CODE ||
        best.match() == v1::ResolveStateResponse::MATCH_NAME) {
      return;
    }
    session->out().Line(
        best.match() == v1::ResolveStateResponse::MATCH_FORMER_NAME
            ? absl::StrCat(query_, " is a former name of ",
                           TextOf(best.state().short_names()), ".")
            : absl::StrCat(query_, " is taken for ", best.matched().text(),
                           "."),
        Style::kWarning);
  }

  int Suggest(Session* session, const v1::ResolveStateResponse& response) {
    if (response.candidates().empty()) {
      session->err().Line(absl::StrCat("comity: no State is called ", query_));
      return kExitNothingFound;
    }
    session->err().Line(absl::StrCat("comity: ", query_,
                                     " is no State beyond doubt; do you mean "
                                     "one of these?"));
    if (session->json()) {
      session->out().Json(response);
    } else {
      session->out().Print(CandidateTable(response));
    }
    return kExitNothingFound;
  }

  std::string query_;
  std::string known_at_;
  int64_t limit_ = 0;
  google::protobuf::Timestamp time_;
};

class ResolveCommand : public Command {
 public:
  explicit ResolveCommand(Arguments* arguments) {
    arguments->Text("query", &query_, kStateType, "Name or code",
                    Need::kRequired);
    arguments->Number("--limit", &limit_, 1, limits::kStateCandidatesMax,
                      "Most candidates, 1 to 50 (default 5)");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::ResolveStateRequest request;
    request.set_query(query_);
    request.set_limit(static_cast<int32_t>(limit_));
    v1::ResolveStateResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else if (response.candidates().empty()) {
      session->err().Line(absl::StrCat("comity: nothing comes near ", query_));
    } else {
      session->out().Print(CandidateTable(response));
    }
    return response.state().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  std::string query_;
  int64_t limit_ = 0;
};

std::string BasisWords(v1::Function::Article::Basis basis) {
  switch (basis) {
    case v1::Function::Article::BASIS_DESIGNATION:
      return "provides for a designation";
    case v1::Function::Article::BASIS_SUBSTANCE:
      return "regulates it, without a designation";
    case v1::Function::Article::BASIS_UNUSUAL:
      return "met in notifications, unusual";
    default:
      return "";
  }
}

// All texts in English, one a line.
std::string EnglishOf(const LocalizedTexts& texts) {
  std::vector<std::string> english;
  for (const v1::LocalizedText& text : texts) {
    if (text.language() == "en") english.push_back(text.text());
  }
  return absl::StrJoin(english, "\n");
}

void PrintFunction(Session* session, const v1::Function& function) {
  Printer& out = session->out();
  out.Line(absl::StrCat(TextOf(function.titles()), "  ", function.name()),
           Style::kHeading);
  FieldList fields;
  AddTexts("Titles", function.titles(), &fields);
  fields.Add("Aliases", absl::StrJoin(function.aliases(), ", "));
  for (const std::string& note : function.notes()) fields.Add("Remark", note);
  out.Print(fields);
  Table table({"TREATY", "ARTICLE", "WHAT IT DOES", "IF URGENT"});
  for (const v1::Function::Article& article : function.articles()) {
    table.AddRow({session->TreatyTitle(article.treaty()), article.citation(),
                  BasisWords(article.basis()),
                  EnglishOf(article.urgent_channels())});
  }
  out.Blank();
  out.Print(table);
}

// `untoc 18(13)`, one a line.
std::string DesignationArticles(const v1::Function& function) {
  std::vector<std::string> articles;
  for (const v1::Function::Article& one : function.articles()) {
    if (one.basis() != v1::Function::Article::BASIS_DESIGNATION) continue;
    articles.push_back(absl::StrCat(names::LastOf(one.treaty()),
                                    one.citation().empty() ? "" : " ",
                                    one.citation()));
  }
  return absl::StrJoin(articles, "\n");
}

class FunctionsCommand : public Command {
 public:
  explicit FunctionsCommand(Arguments* arguments) {
    arguments->Text("function", &function_, kFunctionType,
                    "Slug, alias or title");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (function_.empty()) return List(session);
    v1::GetFunctionRequest request;
    ASSIGN_OR_RETURN(const std::string name, session->FunctionName(function_));
    request.set_name(name);
    v1::Function function;
    RETURN_IF_ERROR(session->client().Call(request, &function));
    if (session->json()) {
      session->out().Json(function);
    } else {
      PrintFunction(session, function);
    }
    return kExitOk;
  }

 private:
  static absl::StatusOr<int> List(Session* session) {
    Table table({"FUNCTION", "TITLE", "DESIGNATIONS UNDER"});
    RETURN_IF_ERROR(
        ForEachItem(session, v1::ListFunctionsRequest(),
                    &v1::ListFunctionsResponse::functions, 0,
                    [&](const v1::Function& function) {
                      if (session->json()) {
                        session->out().Json(function);
                        return;
                      }
                      table.AddRow({std::string(names::LastOf(function.name())),
                                    TextOf(function.titles()),
                                    DesignationArticles(function)});
                    }));
    session->out().Print(table);
    return kExitOk;
  }

  std::string function_;
};

}  // namespace

void AddReferenceCommands(Registry* registry) {
  registry->Add<StatesCommand>(
      registry->root, "states",
      "List States, or show one in full by any of its names",
      "Examples:\n"
      "  comity states\n"
      "  comity states Lituanie\n"
      "\n"
      "Exit code 1: no State of that name; what comes near is shown.");
  registry->Add<ResolveCommand>(
      registry->root, "resolve", "Which State a name or code stands for",
      "Example:\n"
      "  comity resolve Burma\n"
      "\n"
      "Exit code 1: none beyond doubt; what comes near is shown.");
  registry->Add<FunctionsCommand>(
      registry->root, "functions",
      "List what an office can be competent for, or show one in full",
      "Examples:\n"
      "  comity functions\n"
      "  comity functions \"letters rogatory\"");
}

}  // namespace comity::cli
