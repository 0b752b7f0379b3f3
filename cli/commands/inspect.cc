// `inspect stats`, `dump`, `verify`, `rebuild-index`, `backup`: looking after a
// server.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "comity/v1/admin_service.pb.h"

namespace comity::cli {
namespace {

// Longest silence of a check: a store of millions of keys takes its time.
constexpr absl::Duration kSilenceMax = absl::Minutes(10);

// `treaties` for `treaty`.
std::string PluralOf(absl::string_view kind) {
  if (absl::ConsumeSuffix(&kind, "y")) return absl::StrCat(kind, "ies");
  return absl::StrCat(kind, "s");
}

class InspectCommand : public Command {
 public:
  explicit InspectCommand(Arguments*) {}

  absl::StatusOr<int> Run(Session*) override {
    return absl::InvalidArgumentError(
        "inspect needs one of stats, dump, verify, rebuild-index, backup; see "
        "`comity inspect --help`");
  }
};

class StatsCommand : public Command {
 public:
  explicit StatsCommand(Arguments*) {}

  absl::StatusOr<int> Run(Session* session) override {
    v1::Stats stats;
    RETURN_IF_ERROR(session->client().Call(v1::GetStatsRequest(), &stats));
    if (session->json()) {
      session->out().Json(stats);
      return kExitOk;
    }
    FieldList fields;
    fields.Add("Version", absl::StrCat(stats.version(), ", format ",
                                       stats.format_version()));
    fields.Add("Up for",
               absl::FormatDuration(absl::Seconds(stats.uptime_seconds())));
    fields.Add("Sequence", absl::StrCat(stats.sequence()));
    for (const v1::KindCount& count : stats.counts()) {
      const std::string kind = Words(count.kind());
      fields.Add("Records", Count(count.count(), kind, PluralOf(kind)));
    }
    fields.Add("On disk", ByteWords(stats.store_bytes()));
    fields.Add("In memory", ByteWords(stats.resident_bytes()));
    fields.Add("Watchers", absl::StrCat(stats.watchers()));
    if (stats.has_index()) {
      const v1::IndexStats& index = stats.index();
      fields.Add("Search index",
                 absl::StrCat("up to change ", index.sequence(), ", ",
                              Count(index.documents(), "document", "documents"),
                              ", ", ByteWords(index.bytes()), ", generation ",
                              index.generation()));
      if (index.building()) {
        fields.Add("Being built",
                   absl::StrCat("a new one, up to change ",
                                index.built_sequence(), " so far"));
      }
    }
    session->out().Print(fields, 0);
    return kExitOk;
  }
};

class DumpCommand : public Command {
 public:
  explicit DumpCommand(Arguments* arguments) {
    arguments->Text("--tag", &tag_, "TEXT",
                    "Only keys of this tag, one letter");
    arguments->Text("--resource", &resource_, kNameType,
                    "Only keys with this name");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::DumpRequest request;
    request.set_tag(tag_);
    request.set_resource(resource_);
    v1::DumpResponse response;
    RETURN_IF_ERROR(
        session->client().Stream(request, &response, kSilenceMax, [&] {
          if (session->json()) {
            session->out().Json(response);
            return absl::OkStatus();
          }
          for (const std::string& line : response.lines()) {
            session->out().Raw(Visible(line) + "\n");
          }
          return absl::OkStatus();
        }));
    return kExitOk;
  }

 private:
  std::string tag_;
  std::string resource_;
};

class VerifyCommand : public Command {
 public:
  explicit VerifyCommand(Arguments*) {}

  absl::StatusOr<int> Run(Session* session) override {
    v1::VerifyResponse response;
    int64_t problems = 0;
    int64_t keys = 0;
    bool done = false;
    RETURN_IF_ERROR(session->client().Stream(
        v1::VerifyRequest(), &response, kSilenceMax, [&] {
          problems += response.problems_size();
          keys = response.keys_checked();
          done = response.done();
          if (session->json()) {
            session->out().Json(response);
            return absl::OkStatus();
          }
          for (const std::string& problem : response.problems()) {
            session->out().Line(problem, Style::kBad, 0, 2);
          }
          return absl::OkStatus();
        }));
    if (!done) return absl::InternalError("the check did not reach its end");
    if (!session->json()) {
      session->out().Line(
          absl::StrCat(Count(keys, "key", "keys"), " checked: ",
                       problems == 0 ? "no problems"
                                     : Count(problems, "problem", "problems"),
                       "."),
          problems == 0 ? Style::kGood : Style::kBad);
    }
    return problems == 0 ? kExitOk : kExitInternal;
  }
};

class RebuildIndexCommand : public Command {
 public:
  explicit RebuildIndexCommand(Arguments*) {}

  absl::StatusOr<int> Run(Session* session) override {
    v1::RebuildIndexResponse response;
    RETURN_IF_ERROR(
        session->client().Call(v1::RebuildIndexRequest(), &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      session->out().Line(
          "The search index is being built anew; `comity inspect stats` tells "
          "how far.");
    }
    return kExitOk;
  }
};

class BackupCommand : public Command {
 public:
  explicit BackupCommand(Arguments* arguments) {
    arguments->Text("id", &id_, "TEXT", "Name of the folder to make",
                    Need::kRequired);
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::BackupRequest request;
    request.set_id(id_);
    v1::BackupResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      session->out().Line(absl::StrCat(id_, ": ", ByteWords(response.bytes()),
                                       ", up to change ", response.sequence(),
                                       "."));
    }
    return kExitOk;
  }

 private:
  std::string id_;
};

}  // namespace

void AddInspectCommands(Registry* registry) {
  CLI::App* inspect = registry->Add<InspectCommand>(
      registry->root, "inspect", "Look after a server",
      "Example:\n"
      "  comity inspect verify\n"
      "\n"
      "For a folder that no server holds: comityd inspect.");
  registry->Add<StatsCommand>(inspect, "stats", "Counts and sizes", "");
  registry->Add<DumpCommand>(
      inspect, "dump", "Every key of the store, taken apart, with its record",
      "Example:\n"
      "  comity inspect dump --resource states/LTU");
  registry->Add<VerifyCommand>(
      inspect, "verify", "Check lookups, versions, change log and search index",
      "Exit code 6: problems were found.");
  registry->Add<RebuildIndexCommand>(
      inspect, "rebuild-index", "Build the search index anew",
      "Searches go on meanwhile. Damage is found and mended without this.");
  registry->Add<BackupCommand>(inspect, "backup",
                               "Copy the store into the server's backup folder",
                               "Example:\n"
                               "  comity inspect backup before-update");
}

}  // namespace comity::cli
