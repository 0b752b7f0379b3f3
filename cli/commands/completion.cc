// `completion`, `version`, and the hidden `complete-values` that completion
// asks for what the server knows.

#include "cli/completion.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "cli/commands/command.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::cli {
namespace {

class CompletionCommand : public Command {
 public:
  explicit CompletionCommand(Arguments* arguments) : app_(*arguments->app()) {
    arguments->Choice("shell", &shell_, {"bash", "zsh", "fish"}, "Which shell",
                      Need::kRequired);
  }

  absl::StatusOr<int> Run(Session* session) override {
    const std::vector<CommandModel> tree = CommandTree(app_);
    session->out().Raw(shell_ == "bash"  ? BashCompletion(tree)
                       : shell_ == "zsh" ? ZshCompletion(tree)
                                         : FishCompletion(tree));
    return kExitOk;
  }

 private:
  const CLI::App& app_;
  std::string shell_;
};

class CompleteValuesCommand : public Command {
 public:
  explicit CompleteValuesCommand(Arguments* arguments) {
    arguments->Choice("kind", &kind_, {"states", "treaties", "functions"},
                      "Of what", Need::kRequired);
  }

  // Silent when the server does not answer: a shell is waiting.
  absl::StatusOr<int> Run(Session* session) override {
    absl::Status status;
    if (kind_ == "states") {
      status = ForEachItem(
          session, v1::ListStatesRequest(), &v1::ListStatesResponse::states, 0,
          [&](const v1::State& state) {
            Offer(session, state.name(), TextOf(state.short_names()));
          });
    } else if (kind_ == "treaties") {
      status = ForEachItem(session, v1::ListTreatiesRequest(),
                           &v1::ListTreatiesResponse::treaties, 0,
                           [&](const v1::Treaty& treaty) {
                             Offer(session, treaty.name(),
                                   TextOf(treaty.short_titles()));
                           });
    } else {
      status = ForEachItem(session, v1::ListFunctionsRequest(),
                           &v1::ListFunctionsResponse::functions, 0,
                           [&](const v1::Function& function) {
                             Offer(session, function.name(),
                                   TextOf(function.titles()));
                           });
    }
    return ExitCodeOf(status);
  }

 private:
  static void Offer(Session* session, absl::string_view name,
                    absl::string_view title) {
    session->out().Raw(
        absl::StrCat(names::LastOf(name), "\t", VisibleLine(title), "\n"));
  }

  std::string kind_;
};

class VersionCommand : public Command {
 public:
  explicit VersionCommand(Arguments*) {}

  absl::StatusOr<int> Run(Session* session) override {
    session->out().Raw(session->json() ? "{\"version\":\"" COMITY_VERSION
                                         "\"}\n"
                                       : "comity " COMITY_VERSION "\n");
    return kExitOk;
  }
};

}  // namespace

void AddCompletionCommands(Registry* registry) {
  registry->Add<CompletionCommand>(registry->root, "completion",
                                   "Print a script that completes commands",
                                   "Examples:\n"
                                   "  bash: source <(comity completion bash)\n"
                                   "  zsh:  source <(comity completion zsh)\n"
                                   "  fish: comity completion fish > "
                                   "~/.config/fish/completions/comity.fish");
  registry->Add<VersionCommand>(registry->root, "version",
                                "Print the version of this program", "");
  registry->Add<CompleteValuesCommand>(registry->root, "complete-values",
                                       "Values for shell completion", "",
                                       /*hidden=*/true);
}

}  // namespace comity::cli
