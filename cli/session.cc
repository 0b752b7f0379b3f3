#include "cli/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "cli/words.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::cli {
namespace {

bool WantsColour(const Environment& environment, const std::string& color,
                 bool is_terminal) {
  if (color == "always") return true;
  if (color == "never") return false;
  // https://no-color.org
  return is_terminal && environment.variable("NO_COLOR").empty() &&
         environment.variable("TERM") != "dumb";
}

// `Estonia (EST), Ethiopia (ETH)`.
std::string CandidateNames(const v1::ResolveStateResponse& response) {
  return absl::StrJoin(
      response.candidates(), ", ", [](std::string* out, const auto& candidate) {
        absl::StrAppend(out, TextOf(candidate.state().short_names()), " (",
                        names::LastOf(candidate.state().name()), ")");
      });
}

}  // namespace

Session::Session(const Environment* environment, const GlobalOptions& options)
    : environment_(environment),
      options_(options),
      client_({options.server, options.timeout, environment->interrupted}),
      out_(environment->out, environment->columns,
           WantsColour(*environment, options.color,
                       environment->out_is_terminal)),
      err_(environment->err,
           environment->err_is_terminal ? environment->columns : 0,
           WantsColour(*environment, options.color,
                       environment->err_is_terminal)) {}

absl::StatusOr<std::string> Session::StateName(absl::string_view text) {
  if (text.empty() || absl::StartsWith(text, "states/")) {
    return std::string(text);
  }
  if (names::IsStateCode(text)) return names::State(text);
  v1::ResolveStateRequest request;
  request.set_query(std::string(text));
  v1::ResolveStateResponse response;
  RETURN_IF_ERROR(client_.Call(request, &response));
  if (!response.state().empty()) return response.state();
  if (response.candidates().empty()) {
    return absl::NotFoundError(
        absl::StrCat("no State is called ", Cut(text, 80)));
  }
  return absl::NotFoundError(absl::StrCat(
      Cut(text, 80),
      " is no State beyond doubt; near: ", CandidateNames(response)));
}

absl::StatusOr<std::string> Session::TreatyName(absl::string_view text) {
  if (text.empty() || absl::StartsWith(text, "treaties/")) {
    return std::string(text);
  }
  v1::ResolveCitationRequest request;
  request.set_citation(std::string(text));
  v1::ResolveCitationResponse response;
  RETURN_IF_ERROR(client_.Call(request, &response));
  return response.treaty();
}

absl::StatusOr<std::string> Session::FunctionName(absl::string_view text) {
  if (text.empty() || absl::StartsWith(text, "functions/")) {
    return std::string(text);
  }
  v1::ListFunctionsRequest request;
  request.set_page_size(limits::kPageSizeMax);
  v1::ListFunctionsResponse response;
  RETURN_IF_ERROR(client_.Call(request, &response));
  const std::string wanted = Fold(text);
  std::vector<absl::string_view> slugs;
  for (const v1::Function& function : response.functions()) {
    slugs.push_back(names::LastOf(function.name()));
    if (Fold(slugs.back()) == wanted) return function.name();
    for (const std::string& alias : function.aliases()) {
      if (Fold(alias) == wanted) return function.name();
    }
    for (const v1::LocalizedText& title : function.titles()) {
      if (Fold(title.text()) == wanted) return function.name();
    }
  }
  return absl::NotFoundError(
      absl::StrCat("no function is called ", Cut(text, 80),
                   "; there are: ", absl::StrJoin(slugs, ", ")));
}

std::string Session::StateTitle(absl::string_view name) {
  const auto [it, added] = titles_.try_emplace(std::string(name));
  if (!added) return it->second;
  v1::GetStateRequest request;
  request.set_name(std::string(name));
  v1::State state;
  std::string title;
  if (client_.Call(request, &state).ok()) title = TextOf(state.short_names());
  it->second = title.empty() ? std::string(names::LastOf(name)) : title;
  return it->second;
}

std::string Session::TreatyTitle(absl::string_view name) {
  const auto [it, added] = titles_.try_emplace(std::string(name));
  if (!added) return it->second;
  v1::GetTreatyRequest request;
  request.set_name(std::string(name));
  v1::Treaty treaty;
  std::string title;
  if (client_.Call(request, &treaty).ok()) {
    title = TextOf(treaty.short_titles().empty() ? treaty.titles()
                                                 : treaty.short_titles());
  }
  it->second = title.empty() ? std::string(names::LastOf(name)) : title;
  return it->second;
}

void Session::LearnFunctions() {
  if (std::exchange(functions_learnt_, true)) return;
  v1::ListFunctionsRequest request;
  request.set_page_size(limits::kPageSizeMax);
  v1::ListFunctionsResponse response;
  if (!client_.Call(request, &response).ok()) return;
  functions_.assign(response.functions().begin(), response.functions().end());
}

std::string Session::FunctionTitle(absl::string_view name) {
  const v1::Function* function = Function(name);
  const std::string title =
      function == nullptr ? "" : TextOf(function->titles());
  return title.empty() ? std::string(names::LastOf(name)) : title;
}

const v1::Function* Session::Function(absl::string_view name) {
  LearnFunctions();
  for (const v1::Function& function : functions_) {
    if (function.name() == name) return &function;
  }
  return nullptr;
}

void Session::LearnAuthorities(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (size_t at = 0; at < names.size();) {
    v1::BatchGetAuthoritiesRequest request;
    for (; at < names.size() && request.names_size() < limits::kBatchGetMax;
         ++at) {
      if (!names[at].empty()) request.add_names(names[at]);
    }
    v1::BatchGetAuthoritiesResponse response;
    if (request.names().empty() || !client_.Call(request, &response).ok()) {
      continue;
    }
    for (const v1::Authority& authority : response.authorities()) {
      titles_.try_emplace(authority.name(), TextOf(authority.display_names()));
    }
  }
}

std::string Session::AuthorityTitle(absl::string_view name) {
  if (name.empty()) return "no office named";
  const auto it = titles_.find(std::string(name));
  if (it == titles_.end() || it->second.empty()) {
    return std::string(names::LastOf(name));
  }
  return it->second;
}

absl::StatusOr<google::protobuf::Timestamp> ParseTimeOption(
    absl::string_view text, absl::string_view option) {
  absl::Time time;
  std::string error;
  if (const std::optional<Day> day = ParseDay(text)) {
    time = absl::FromCivil(*day, absl::UTCTimeZone());
  } else if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return InvalidField(option, text,
                        "not a time such as 2026-11-24T09:30:00Z or a day");
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  timestamp.set_nanos(
      static_cast<int32_t>((time - absl::FromUnixSeconds(timestamp.seconds())) /
                           absl::Nanoseconds(1)));
  return timestamp;
}

absl::Status CheckDayOption(absl::string_view text, absl::string_view option) {
  if (text.empty()) return absl::OkStatus();
  return ParseDayField(text, option).status();
}

}  // namespace comity::cli
