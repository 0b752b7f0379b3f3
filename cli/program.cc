#include "cli/program.h"

#include <algorithm>
#include <memory>
#include <sstream>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands/command.h"
#include "cli/errors.h"
#include "cli/session.h"

namespace comity::cli {
namespace {

constexpr char kFooter[] =
    "Every command takes the options above, before or after its name; `comity "
    "COMMAND --help` says what else it takes.\n"
    "\n"
    "A STATE is a name or code in any of the six UN languages (LTU, Lithuania, "
    "Lituanie); a TREATY or FUNCTION is a slug, an abbreviation or a title; a "
    "DAY is YYYY-MM-DD; a TIME is 2026-11-24T09:30:00Z or a DAY, which is its "
    "beginning in UTC.\n"
    "\n"
    "Examples:\n"
    "  comity route --from FRA --to LTU --for mla --on 2015-06-01\n"
    "  comity find --state LVA --for firearms\n"
    "  comity search \"money laundering\" --state KEN\n"
    "  comity status untoc FRA LTU --on 2003-09-28\n"
    "  comity import designations offices.csv --dry-run\n"
    "\n"
    "Exit codes:\n"
    "    0  done\n"
    "    1  not found, or nothing found\n"
    "    2  wrong usage, or an argument that the server refuses\n"
    "    3  no answer from the server, or it is overloaded: try again\n"
    "    4  refused in this state: exists already, changed meanwhile, in use\n"
    "    5  an import with rejected records\n"
    "    6  internal error or damaged data\n"
    "  130  interrupted";

// Texts in as many lines as the terminal asks for.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(int columns)
      : columns_(columns > 0 ? columns : 80),
        room_(std::max(columns_ - kNameColumn, 20)) {
    column_width(kNameColumn);
    label("Positionals", "Arguments");
    label("SUBCOMMAND", "COMMAND");
  }

  std::string make_description(const CLI::App* app) const override {
    return Wrapped(app->get_description(), columns_) + "\n\n";
  }

  // Names of several words are written out as the usage has them.
  std::string make_option_usage(const CLI::Option* option) const override {
    const std::string name = make_option_name(option, true);
    if (option->get_required() || absl::StrContains(name, ' ')) return name;
    return absl::StrCat("[", name, "]");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (absl::StrContains(option->get_type_name(), ' ')) return "";
    return BrokenAtChoices(CLI::Formatter::make_option_opts(option),
                           columns_ - kChoicesIndent);
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    return Wrapped(option->get_description(), room_);
  }

  std::string make_subcommand(const CLI::App* command) const override {
    std::ostringstream out;
    CLI::detail::format_help(out, command->get_name(),
                             Wrapped(command->get_description(), room_),
                             kNameColumn);
    return out.str();
  }

  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = app->get_footer();
    return footer.empty() ? "" : Wrapped(footer, columns_) + "\n";
  }

 private:
  static constexpr int kNameColumn = 28;
  // Choices stand behind the name of their option.
  static constexpr int kChoicesIndent = 16;

  // Choices too many for one line, on several.
  static std::string BrokenAtChoices(const std::string& choices, int width) {
    std::string broken;
    int used = 0;
    for (const absl::string_view choice : absl::StrSplit(choices, '|')) {
      const int size = static_cast<int>(choice.size()) + 1;
      if (!broken.empty()) {
        broken.push_back('|');
        if (used + size > width) {
          absl::StrAppend(&broken, "\n", std::string(kChoicesIndent, ' '));
          used = 0;
        }
      }
      broken.append(choice.data(), choice.size());
      used += size;
    }
    return broken;
  }

  // Examples, up to the next empty line, are not broken, so that they can be
  // copied; other lines that are indented hang under their second column.
  static std::string Wrapped(const std::string& text, int width) {
    constexpr int kHang = 7;
    std::vector<std::string> lines;
    bool example = false;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      const bool indented = absl::StartsWith(line, "  ");
      if (!indented) example = absl::StartsWith(line, "Example");
      const int hang = indented && !example ? kHang : 0;
      std::string margin;
      for (const std::string& one :
           Wrap(line, indented && example ? 0 : width - hang)) {
        lines.push_back(margin + one);
        margin.assign(static_cast<size_t>(hang), ' ');
      }
    }
    return absl::StrJoin(lines, "\n");
  }

  const int columns_;
  const int room_;
};

void AddGlobalOptions(CLI::App* app, GlobalOptions* options,
                      std::string* timeout) {
  Arguments arguments(app);
  arguments.Text("--server", &options->server, "HOST:PORT|unix:PATH",
                 "Where comityd listens; also COMITY_SERVER (default: "
                 "127.0.0.1:7420)");
  arguments.Flag("--json", &options->json,
                 "Print answers as JSON, one object a line for lists");
  arguments.Text("--timeout", timeout, "DURATION",
                 "Longest wait for a call, such as 500ms or 2m (default: 30s, "
                 "streams 1h)");
  arguments.Choice("--color", &options->color, {"auto", "always", "never"},
                   "Colours (default: auto)");
}

// `127.0.0.1:7420` from the option, the environment or the default; a missing
// port is added.
std::string ServerAddress(const std::string& given, bool is_given,
                          const Environment& environment) {
  std::string server = given;
  if (!is_given && !environment.variable("COMITY_SERVER").empty()) {
    server = environment.variable("COMITY_SERVER");
  }
  if (!absl::StartsWith(server, "unix:") && !absl::StrContains(server, ':')) {
    absl::StrAppend(&server, ":7420");
  }
  return server;
}

// The same flags as in the help, in the words that CLI11 has for mistakes.
int UsageError(const std::string& message, const CLI::App& app,
               const Environment& environment) {
  const CLI::App* command = &app;
  std::string path = "comity";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    absl::StrAppend(&path, " ", command->get_name());
  }
  *environment.err << "comity: " << VisibleLine(message)
                   << (absl::EndsWith(message, "?") ? " See `" : "; see `")
                   << path << " --help`\n";
  return kExitUsage;
}

// The one of `names` that `word` is nearest to, if it is near.
std::string NearestOf(const std::string& word,
                      const std::vector<std::string>& names) {
  constexpr int kNear = 2;
  std::string nearest;
  int distance = kNear + 1;
  for (const std::string& name : names) {
    const int edits = EditDistance(word, name, kNear);
    if (edits < distance) {
      nearest = name;
      distance = edits;
    }
  }
  return nearest;
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  return names;
}

// Long options of the chosen command and of those above it.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr;
       at = at->get_subcommands().empty() ? nullptr
                                          : at->get_subcommands().front()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
  }
  return names;
}

// CLI11's words for a mistake, unless a word that is no command or no option
// explains it: then that, with what it is nearest to.
std::string Explain(const CLI::ParseError& error, const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(/*recurse=*/true);
  const bool no_command = app.get_subcommands().empty();
  if (no_command && words.empty()) return "a command is needed";
  const auto option = std::find_if(
      words.begin(), words.end(),
      [](const std::string& word) { return absl::StartsWith(word, "-"); });
  std::string wrong;
  std::string nearest;
  if (option != words.end()) {
    const std::string name = option->substr(0, option->find('='));
    wrong = name + " is no option";
    nearest = NearestOf(name, OptionNames(app));
  } else if (no_command) {
    wrong = words[0] + " is no command";
    nearest = NearestOf(words[0], CommandNames(app));
  } else {
    return error.what();
  }
  return nearest.empty() ? wrong
                         : absl::StrCat(wrong, ": did you mean ", nearest, "?");
}

int Fail(const absl::Status& status, absl::string_view server,
         const Environment& environment) {
  environment.out->flush();
  const ExitCode code = ExitCodeOf(status);
  if (code != kExitInterrupted) {
    *environment.err << "comity: " << DescribeError(status, server) << "\n";
  }
  return code;
}

int Execute(Command* command, const GlobalOptions& options,
            const Environment& environment) {
  Session session(&environment, options);
  const absl::StatusOr<int> code = command->Run(&session);
  if (!code.ok()) return Fail(code.status(), options.server, environment);
  environment.out->flush();
  if (!*environment.out) {
    *environment.err << "comity: the output could not be written\n";
    return kExitInternal;
  }
  return *code;
}

}  // namespace

int Run(const std::vector<std::string>& arguments,
        const Environment& environment) {
  CLI::App app(
      "Which office of another State is competent, under which treaty, and "
      "how to reach it.",
      "comity");
  GlobalOptions options;
  std::string timeout;
  // CLI11 shares it between the commands.
  app.formatter(std::make_shared<HelpFormatter>(environment.columns));
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(kFooter);
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", "comity " COMITY_VERSION,
                       "Print the version");
  AddGlobalOptions(&app, &options, &timeout);

  Registry registry;
  registry.root = &app;
  AddRoutingCommands(&registry);
  AddReferenceCommands(&registry);
  AddTreatyCommands(&registry);
  AddOfficeCommands(&registry);
  AddChangeCommands(&registry);
  AddSearchCommands(&registry);
  AddLibraryCommands(&registry);
  AddImportCommands(&registry);
  AddExportCommand(&registry);
  AddEvaluateCommand(&registry);
  AddInspectCommands(&registry);
  AddCompletionCommands(&registry);

  // CLI11 reports by exceptions; they end here.
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::Success& success) {
    return app.exit(success, *environment.out, *environment.err);
  } catch (const CLI::ParseError& error) {
    return UsageError(Explain(error, app), app, environment);
  }
  if (!timeout.empty()) {
    absl::Duration duration;
    if (!absl::ParseDuration(timeout, &duration) ||
        duration <= absl::ZeroDuration()) {
      return UsageError(
          absl::StrCat("--timeout is ", timeout,
                       ", not a length of time such as 500ms, 30s or 2m"),
          app, environment);
    }
    options.timeout = duration;
  }
  options.server =
      ServerAddress(options.server, app.count("--server") > 0, environment);
  return Execute(registry.chosen, options, environment);
}

}  // namespace comity::cli
