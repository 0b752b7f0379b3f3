// `history` and `watch`: what changed, and what that does to a saved search.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/differences.h"
#include "comity/v1/change_service.pb.h"
#include "comity/v1/search_service.pb.h"

namespace comity::cli {
namespace {

constexpr absl::Duration kHeartbeat = absl::Seconds(15);
// Four heartbeats missed: the server is gone without a word.
constexpr absl::Duration kSilenceMax = absl::Seconds(60);
// Attempts after a lost connection: at first soon, then less and less often.
constexpr absl::Duration kFirstDelay = absl::Milliseconds(500);
constexpr absl::Duration kDelayMax = absl::Seconds(30);

// `17  2026-11-24 10:00:00Z  created  states/LTU  by editor (importJobs/1)`;
// `resource` is left out where it is empty.
std::string ChangeLine(const v1::Change& change, absl::string_view resource) {
  std::string line =
      absl::StrCat(change.sequence(), "  ", TimeWords(change.time()), "  ",
                   Words(change.type()));
  if (!resource.empty()) absl::StrAppend(&line, "  ", resource);
  if (!change.actor().empty()) absl::StrAppend(&line, "  by ", change.actor());
  if (!change.import_job().empty()) {
    absl::StrAppend(&line, " (", change.import_job(), ")");
  }
  return line;
}

class HistoryCommand : public Command {
 public:
  explicit HistoryCommand(Arguments* arguments) {
    arguments->Text("name", &name_, kNameType,
                    "Name of any record, such as states/LTU/authorities/ID",
                    Need::kRequired);
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most changes to list");
    arguments->Flag("--records", &records_,
                    "The record before and after each change, too");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::ListHistoryRequest request;
    request.set_name(name_);
    request.set_include_records(records_);
    Printer& out = session->out();
    RETURN_IF_ERROR(
        ForEachItem(session, request, &v1::ListHistoryResponse::changes, limit_,
                    [&](const v1::Change& change) {
                      if (session->json()) {
                        out.Json(change);
                        return;
                      }
                      out.Line(ChangeLine(change, ""), Style::kHeading, 0, 4);
                      PrintDifferences(change.differences(), 4, &out);
                      if (change.has_before())
                        PrintRecord("before", change.before(), &out);
                      if (change.has_after())
                        PrintRecord("after", change.after(), &out);
                    }));
    return kExitOk;
  }

 private:
  static void PrintRecord(absl::string_view label, const v1::Record& record,
                          Printer* out) {
    out->Raw(absl::StrCat("    ", label, ": "));
    out->Json(record);
  }

  std::string name_;
  int64_t limit_ = 0;
  bool records_ = false;
};

// `new      KEN  Anti-Money Laundering Act, Article 3  states/KEN/laws/…`.
std::string SearchChangeLine(const v1::SearchChange& change) {
  constexpr size_t kLongestKind = 7;
  std::string kind = Words(change.kind());
  kind.resize(std::max(kind.size(), kLongestKind), ' ');
  std::string line =
      absl::StrCat(kind, "  ", change.state(), "  ", change.title());
  if (!change.hit().label().empty()) {
    absl::StrAppend(&line, ", ", change.hit().label());
  }
  absl::StrAppend(&line, "  ", change.hit().name());
  return line;
}

class WatchCommand : public Command {
 public:
  explicit WatchCommand(Arguments* arguments) {
    arguments->Flag("--from-now", &from_now_,
                    "Only changes to come (default: from the beginning)");
    arguments->Text("--resume", &token_, "TOKEN", "Go on from this token");
    arguments->RepeatedChoice("--kind", &kinds_, RecordKindChoices(),
                              "Only records of this kind; repeat");
    arguments->Text("--state", &state_, kStateType,
                    "Only records of this State");
    arguments->Flag("--until-current", &until_current_,
                    "Stop when all changes up to now are shown");
    arguments->Flag("--records", &records_,
                    "The record after each change, too");
    arguments->Text("--search", &search_, "QUERY",
                    "Instead: what changes do to the matches of this search");
    arguments->Number("--after", &after_, 1, INT64_MAX,
                      "With --search: compare with what matched at this "
                      "change");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (!search_.empty()) return RunSearch(session);
    if (after_ != 0) {
      return absl::InvalidArgumentError("--after needs --search");
    }
    v1::WatchRequest request;
    request.set_include_records(records_);
    for (const std::string& kind : kinds_) {
      request.add_kinds(RecordKindOf(kind));
    }
    ASSIGN_OR_RETURN(const std::string state, session->StateName(state_));
    request.set_state(state);
    return Follow<v1::WatchResponse>(session, request);
  }

 private:
  absl::StatusOr<int> RunSearch(Session* session) {
    if (!kinds_.empty() || records_) {
      return absl::InvalidArgumentError(absl::StrCat(
          kinds_.empty() ? "--records" : "--kind", " is not for --search"));
    }
    v1::WatchSearchRequest request;
    request.set_query(search_);
    if (!state_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_filter()->add_states(),
                       session->StateName(state_));
    }
    request.set_after_sequence(static_cast<uint64_t>(after_));
    return Follow<v1::WatchSearchResponse>(session, request);
  }

  template <typename Response, typename Request>
  absl::StatusOr<int> Follow(Session* session, Request request) {
    request.set_from_now(from_now_);
    request.mutable_heartbeat()->set_seconds(absl::ToInt64Seconds(kHeartbeat));
    request.set_stop_when_current(until_current_);
    absl::Duration delay = kFirstDelay;
    bool was_connected = false;
    while (true) {
      request.set_resume_token(token_);
      Response response;
      const absl::Status status =
          session->client().Stream(request, &response, kSilenceMax, [&] {
            was_connected = true;
            delay = kFirstDelay;
            Show(session, response);
            return absl::OkStatus();
          });
      if (status.ok() && until_current_) break;
      if (!status.ok() &&
          (until_current_ || !was_connected || !IsPassing(status))) {
        SayToken(session);
        return status;
      }
      delay = std::max(delay, std::min(RetryDelayOf(status), kDelayMax));
      session->err().Line(absl::StrCat(
          "comity: the stream ended",
          status.ok() ? "" : absl::StrCat(" (", status.message(), ")"),
          "; going on in ", absl::FormatDuration(delay)));
      if (!session->environment().wait(delay)) {
        SayToken(session);
        return kExitInterrupted;
      }
      delay = std::min(2 * delay, kDelayMax);
    }
    SayToken(session);
    return kExitOk;
  }

  // True if another attempt may succeed.
  static bool IsPassing(const absl::Status& status) {
    return !IsInterruption(status) && ExitCodeOf(status) == kExitUnavailable;
  }

  static void ShowChange(const v1::Change& change, Printer* out) {
    out->Line(ChangeLine(change, change.resource()), Style::kPlain, 0, 4);
    PrintDifferences(change.differences(), 4, out);
    if (change.has_after()) {
      out->Raw("    ");
      out->Json(change.after());
    }
  }
  static void ShowChange(const v1::SearchChange& change, Printer* out) {
    out->Line(SearchChangeLine(change), Style::kPlain, 0, 4);
    if (change.left_out() > 0) {
      out->Line(
          absl::StrCat("and ", change.left_out(), " more of ", change.name()),
          Style::kLabel, 4, 4);
    }
  }

  template <typename Response>
  void Show(Session* session, const Response& response) {
    Printer& out = session->out();
    for (const auto& change : response.changes()) {
      if (session->json()) {
        out.Json(change);
      } else {
        ShowChange(change, &out);
      }
    }
    // What was shown is out of the house before its token counts.
    out.Flush();
    token_ = response.resume_token();
  }

  void SayToken(Session* session) const {
    if (token_.empty()) return;
    session->err().Line(
        absl::StrCat("comity: to go on from here: --resume ", token_));
  }

  bool from_now_ = false;
  std::string token_;
  std::vector<std::string> kinds_;
  std::string state_;
  bool until_current_ = false;
  bool records_ = false;
  std::string search_;
  int64_t after_ = 0;
};

}  // namespace

void AddChangeCommands(Registry* registry) {
  registry->Add<HistoryCommand>(
      registry->root, "history",
      "All changes of one record, newest first, with differences",
      "Example:\n"
      "  comity history states/LTU/designations/untoc-18-13-mla-1\n"
      "\n"
      "--json prints one Change a line.");
  registry->Add<WatchCommand>(
      registry->root, "watch", "Follow the changes as they happen",
      "Examples:\n"
      "  comity watch --from-now --kind designation --state LTU\n"
      "  comity watch --until-current --json\n"
      "  comity watch --search '\"joint investigation\"' --from-now\n"
      "\n"
      "--search tells which provisions and offices are new among the matches, "
      "changed, or gone; run again with --resume and --until-current, what is "
      "different since. Without --from-now, --after or --resume all that match "
      "are new.\n"
      "\n"
      "Goes on where it was when the server comes back. At its end the token "
      "to go on from is printed on standard error. --json prints one Change, "
      "or SearchChange, a line.");
}

}  // namespace comity::cli
