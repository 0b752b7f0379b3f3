#include "services/options.h"

#include <CLI/CLI.hpp>
#include <map>
#include <sstream>

#include "services/installed.h"
#include "services/version.h"

namespace comity {
namespace {

const std::map<std::string, LogLevel>& LogLevels() {
  static const auto* const kLevels =
      new std::map<std::string, LogLevel>{{"off", LogLevel::kOff},
                                          {"error", LogLevel::kError},
                                          {"warning", LogLevel::kWarning},
                                          {"info", LogLevel::kInfo}};
  return *kLevels;
}

void AddServing(CLI::App* app, Options* options) {
  app->add_option("--data-dir", options->data_folder,
                  "Folder of the store; made if it is not there")
      ->type_name("DIR");
  app->add_option("--listen", options->server.listen,
                  "HOST:PORT or unix:PATH; may be repeated; port 0 takes a "
                  "free one")
      ->type_name("ADDRESS")
      ->take_all();
  app->add_option("--web", options->server.web_listen,
                  "HOST:PORT of the pages and of calls over HTTP; none: only "
                  "gRPC is served")
      ->type_name("ADDRESS");
  app->add_option(
         "--web-host", options->server.web_hosts,
         "Name by which browsers ask for it, besides localhost; may be "
         "repeated")
      ->type_name("NAME")
      ->take_all();
  app->add_option("--web-origin", options->server.web_origins,
                  "Site whose pages may call it, https://HOST[:PORT]; may be "
                  "repeated; none: only the server's own")
      ->type_name("ORIGIN")
      ->take_all();
  app->add_option("--web-dir", options->server.web_folder,
                  "Folder of the pages' files (default: those installed with "
                  "the program)")
      ->type_name("DIR");
  app->add_option("--load", options->load_folder,
                  "Folder of *.jsonl to load if the store is empty")
      ->type_name("DIR");
  app->add_option("--max-streams", options->server.streams_max,
                  "Streams at once; more are refused")
      ->check(CLI::Range(1, limits::kWatchersMax))
      ->capture_default_str();
  app->add_option("--max-requests", options->server.requests_max,
                  "Other calls at once; more are refused")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app->add_option("--backup-dir", options->server.backup_folder,
                  "Folder that backups are made in; none: no backups")
      ->type_name("DIR");
  app->add_option("--log-level", options->log_level,
                  "off, error, warning or info (default: warning)")
      ->transform(CLI::CheckedTransformer(LogLevels()).description(""))
      ->type_name("LEVEL");
}

// A command of `inspect`; all work on the folder of a store at rest.
CLI::App* AddInspection(CLI::App* inspect, const char* name, const char* what,
                        Options::Command command, Options* options) {
  CLI::App* app = inspect->add_subcommand(name, what);
  app->add_option("--data-dir", options->data_folder, "Folder of the store")
      ->type_name("DIR")
      ->required();
  app->callback([options, command] { options->command = command; });
  return app;
}

void AddInspections(CLI::App* app, Options* options) {
  CLI::App* inspect =
      app->add_subcommand("inspect", "Looks at a store that no server holds");
  inspect->require_subcommand(1);
  CLI::App* dump =
      AddInspection(inspect, "dump", "Prints every key with its record",
                    Options::Command::kDump, options);
  dump->add_option("--tag", *options->dump.mutable_tag(),
                   "Only keys of this tag, one letter");
  dump->add_option("--resource", *options->dump.mutable_resource(),
                   "Only keys of the record of this name");
  AddInspection(inspect, "verify",
                "Checks everything; exit code 1 if something is wrong",
                Options::Command::kVerify, options);
  AddInspection(inspect, "stats", "Prints counts and sizes as JSON",
                Options::Command::kStats, options);
}

void AddEvaluate(CLI::App* app, Options* options) {
  CLI::App* evaluate = app->add_subcommand(
      "evaluate", "Measures how well searches rank, on sets of judged queries");
  evaluate
      ->add_option("folders", options->evaluate.folders,
                   "Each with corpus.jsonl (.gz, .zst), queries.tsv, qrels.tsv")
      ->type_name("FOLDER")
      ->required();
  evaluate
      ->add_option("--language", options->evaluate.language,
                   "Of the documents, BCP 47 (default: found out)")
      ->type_name("TAG");
  evaluate
      ->add_option("--concepts", options->evaluate.concepts,
                   "File of concepts, JSON Lines (default: the bundled ones)")
      ->type_name("FILE");
  evaluate->add_flag("--plain", options->evaluate.plain,
                     "Only plain BM25: k1 0.9, b 0.4, no stems");
  evaluate->callback(
      [options] { options->command = Options::Command::kEvaluate; });
}

// What CLI11 cannot say: needed to serve, but not for `inspect`.
void RequireForServing(const Options& options) {
  if (options.command != Options::Command::kServe) return;
  if (options.data_folder.empty()) throw CLI::RequiredError("--data-dir");
  if (options.server.listen.empty()) throw CLI::RequiredError("--listen");
}

// The pages that were installed, or built beside the program.
void FindPages(Options* options) {
  ServerOptions& server = options->server;
  if (server.web_listen.empty() || !server.web_folder.empty()) return;
  server.web_folder = FindInstalled({"../share/comity/web", "../web/pages"});
}

}  // namespace

bool ParseCommandLine(int argc, const char* const* argv, Options* options,
                      int* exit_code) {
  CLI::App app("The Comity server: directory of competent national authorities",
               "comityd");
  app.set_version_flag("--version", std::string("comityd ") + kVersion);
  app.footer(
      "Example: comityd --data-dir /var/lib/comity --listen 127.0.0.1:7420");
  AddServing(&app, options);
  AddInspections(&app, options);
  AddEvaluate(&app, options);
  // CLI11 tells of errors by exceptions; they end here.
  try {
    app.parse(argc, argv);
    RequireForServing(*options);
    FindPages(options);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? kExitOk : kExitUsage;
    return false;
  }
  return true;
}

}  // namespace comity
