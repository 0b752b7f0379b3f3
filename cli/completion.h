// Shell completion, made from the tree of commands, so that it never lags
// behind it.

#ifndef COMITY_CLI_COMPLETION_H_
#define COMITY_CLI_COMPLETION_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

// CLI11's header is large; only the generator needs it.
namespace CLI {
class App;
}

namespace comity::cli {

// What a word of the command line can be.
struct WordValues {
  enum class Source { kNone, kChoices, kServer, kFiles };
  Source source = Source::kNone;
  // The choices, or the one kind that `comity complete-values` is asked for.
  std::vector<std::string> choices;
};

struct OptionModel {
  // `--from`, `-o`.
  std::vector<std::string> flags;
  std::string description;
  bool takes_value = false;
  WordValues values;
};

struct CommandModel {
  // `import undo`; empty for the root.
  std::string path;
  // Names with descriptions.
  std::vector<std::pair<std::string, std::string>> commands;
  std::vector<OptionModel> options;
  std::vector<WordValues> positionals;
};

// The tree that `app` is in: the root first, each command before its own ones;
// hidden ones are left out.
std::vector<CommandModel> CommandTree(const CLI::App& app);

std::string BashCompletion(const std::vector<CommandModel>& tree);
std::string ZshCompletion(const std::vector<CommandModel>& tree);
std::string FishCompletion(const std::vector<CommandModel>& tree);

}  // namespace comity::cli

#endif  // COMITY_CLI_COMPLETION_H_
