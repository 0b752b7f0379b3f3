#include "cli/completion.h"

#include <algorithm>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/arguments.h"

namespace comity::cli {
namespace {

// `a|b|c`, in lower case: the choices themselves.
bool IsChoices(absl::string_view type) {
  return absl::StrContains(type, "|") &&
         std::all_of(type.begin(), type.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  c == '|' || c == '-';
         });
}

WordValues ValuesOf(const std::string& type) {
  if (type == kStateType) return {WordValues::Source::kServer, {"states"}};
  if (type == kTreatyType) return {WordValues::Source::kServer, {"treaties"}};
  if (type == kFunctionType) {
    return {WordValues::Source::kServer, {"functions"}};
  }
  if (type == kFileType) return {WordValues::Source::kFiles, {}};
  if (IsChoices(type)) {
    return {WordValues::Source::kChoices, absl::StrSplit(type, '|')};
  }
  return {};
}

OptionModel ModelOf(const CLI::Option& option) {
  OptionModel model;
  for (const std::string& name : option.get_lnames()) {
    model.flags.push_back("--" + name);
  }
  for (const std::string& name : option.get_snames()) {
    model.flags.push_back("-" + name);
  }
  model.description = option.get_description();
  model.takes_value = option.get_items_expected_max() > 0;
  if (model.takes_value) model.values = ValuesOf(option.get_type_name());
  return model;
}

void AddCommand(const CLI::App& app, const std::string& path,
                std::vector<CommandModel>* tree) {
  CommandModel model;
  model.path = path;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      // One for each kind of word.
      const std::string types = option->get_type_name();
      for (absl::string_view type : absl::StrSplit(types, ' ')) {
        model.positionals.push_back(ValuesOf(std::string(type)));
      }
    } else {
      model.options.push_back(ModelOf(*option));
    }
  }
  // The filter makes CLI11 list the declared commands, not the parsed ones.
  const auto commands = app.get_subcommands(
      [](const CLI::App* command) { return !command->get_group().empty(); });
  for (const CLI::App* command : commands) {
    model.commands.emplace_back(command->get_name(),
                                command->get_description());
  }
  tree->push_back(std::move(model));
  for (const CLI::App* command : commands) {
    AddCommand(*command,
               path.empty() ? command->get_name()
                            : absl::StrCat(path, " ", command->get_name()),
               tree);
  }
}

// In single quotes, for bash and zsh.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string FishQuoted(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// The `case` that walks from a command to its own ones, in sh syntax.
std::string ShWalk(const std::vector<CommandModel>& tree) {
  std::string out;
  for (const CommandModel& model : tree) {
    for (const auto& [name, description] : model.commands) {
      const std::string path =
          model.path.empty() ? name : absl::StrCat(model.path, " ", name);
      absl::StrAppend(&out, "      ",
                      Quoted(absl::StrCat(model.path, " ", name)),
                      ") at=", Quoted(path), " ;;\n");
    }
  }
  return out;
}

// Patterns of `case "$at:$previous"` for an option; options of the root are
// taken by every command.
std::string ShPatterns(const CommandModel& model, const OptionModel& option) {
  return absl::StrJoin(
      option.flags, "|", [&model](std::string* out, const std::string& flag) {
        absl::StrAppend(out, model.path.empty()
                                 ? absl::StrCat("*:", flag)
                                 : Quoted(absl::StrCat(model.path, ":", flag)));
      });
}

std::string BashValues(const WordValues& values) {
  switch (values.source) {
    case WordValues::Source::kChoices:
      return absl::StrCat("_comity_words ",
                          Quoted(absl::StrJoin(values.choices, " ")));
    case WordValues::Source::kServer:
      return absl::StrCat("_comity_server ", values.choices[0]);
    case WordValues::Source::kFiles:
      return "_comity_files";
    default:
      return ":";
  }
}

std::string ZshValues(const WordValues& values) {
  switch (values.source) {
    case WordValues::Source::kChoices:
      return absl::StrCat("compadd -- ", absl::StrJoin(values.choices, " "));
    case WordValues::Source::kServer:
      return absl::StrCat("_comity_server ", values.choices[0]);
    case WordValues::Source::kFiles:
      return "_files";
    default:
      return ":";
  }
}

// What a word may be after the options: values by option, then the words of
// each command. `values_of` writes one in the shell's language.
template <typename Writer>
std::string ShOptionValues(const std::vector<CommandModel>& tree,
                           const Writer& values_of) {
  std::string out;
  // The root last: its patterns match under every command.
  for (auto model = tree.rbegin(); model != tree.rend(); ++model) {
    for (const OptionModel& option : model->options) {
      if (!option.takes_value) continue;
      absl::StrAppend(&out, "    ", ShPatterns(*model, option), ") ",
                      values_of(option.values), "; return ;;\n");
    }
  }
  return out;
}

constexpr char kBashHead[] = R"sh(# bash completion for comity; in ~/.bashrc:
#   source <(comity completion bash)
_comity_words() {
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}
_comity_server() {
  _comity_words "$(comity complete-values "$1" 2>/dev/null | cut -f1)"
}
_comity_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen -f -- "$cur"))
}
_comity() {
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local at='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${COMP_WORDS[i]}" in
)sh";

constexpr char kZshHead[] = R"sh(#compdef comity
# zsh completion for comity; in ~/.zshrc, after compinit:
#   source <(comity completion zsh)
_comity_server() {
  local -a found
  found=(${(f)"$(comity complete-values $1 2>/dev/null | tr '\t' ':')"})
  _describe $1 found
}
_comity() {
  local at='' previous=${words[CURRENT-1]}
  local -a names flags
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    case "$at ${words[i]}" in
)sh";

constexpr char kFishHead[] = R"sh(# fish completion for comity; save as
#   ~/.config/fish/completions/comity.fish
function __comity_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
)sh";

std::string FishValues(const WordValues& values) {
  switch (values.source) {
    case WordValues::Source::kChoices:
      return absl::StrCat("-x -a ",
                          FishQuoted(absl::StrJoin(values.choices, " ")));
    case WordValues::Source::kServer:
      return absl::StrCat("-x -a '(comity complete-values ", values.choices[0],
                          " 2>/dev/null)'");
    case WordValues::Source::kFiles:
      return "-r -F";
    default:
      return "-x";
  }
}

// `complete` lines of one command.
std::string FishCommand(const CommandModel& model) {
  const std::string here = absl::StrCat("complete -c comity -n \"__comity_at ",
                                        FishQuoted(model.path), "\"");
  std::string out;
  for (const auto& [name, description] : model.commands) {
    absl::StrAppend(&out, here, " -a ", name, " -d ", FishQuoted(description),
                    "\n");
  }
  for (const OptionModel& option : model.options) {
    std::string line = model.path.empty() ? "complete -c comity" : here;
    for (const std::string& flag : option.flags) {
      const bool is_long = absl::StartsWith(flag, "--");
      absl::StrAppend(&line, is_long ? " -l " : " -s ",
                      flag.substr(is_long ? 2 : 1));
    }
    if (option.takes_value) {
      absl::StrAppend(&line, " ", FishValues(option.values));
    }
    absl::StrAppend(&out, line, " -d ", FishQuoted(option.description), "\n");
  }
  for (const WordValues& values : model.positionals) {
    if (values.source == WordValues::Source::kNone) continue;
    // A word of its own is offered, never required.
    std::string offer = FishValues(values);
    if (values.source == WordValues::Source::kFiles) {
      offer = "-F";
    } else {
      offer = offer.substr(offer.find("-a"));
    }
    absl::StrAppend(&out, here, " ", offer, "\n");
  }
  return out;
}

}  // namespace

std::vector<CommandModel> CommandTree(const CLI::App& app) {
  const CLI::App* root = &app;
  while (root->get_parent() != nullptr) root = root->get_parent();
  std::vector<CommandModel> tree;
  AddCommand(*root, "", &tree);
  return tree;
}

std::string BashCompletion(const std::vector<CommandModel>& tree) {
  std::string out =
      absl::StrCat(kBashHead, ShWalk(tree),
                   "    esac\n  done\n  case \"$at:$previous\" in\n",
                   ShOptionValues(tree, BashValues), "  esac\n");
  std::vector<std::string> global;
  for (const OptionModel& option : tree.front().options) {
    global.insert(global.end(), option.flags.begin(), option.flags.end());
  }
  absl::StrAppend(&out, "  case \"$at\" in\n");
  for (const CommandModel& model : tree) {
    std::vector<std::string> options;
    for (const OptionModel& option : model.options) {
      options.insert(options.end(), option.flags.begin(), option.flags.end());
    }
    if (!model.path.empty()) {
      for (const std::string& flag : global) {
        // Every command has a --help of its own.
        if (std::find(options.begin(), options.end(), flag) == options.end()) {
          options.push_back(flag);
        }
      }
    }
    std::vector<std::string> commands;
    for (const auto& command : model.commands) {
      commands.push_back(command.first);
    }
    absl::StrAppend(&out, "    ", Quoted(model.path),
                    ")\n      if [[ $cur == -* ]]; then _comity_words ",
                    Quoted(absl::StrJoin(options, " ")), "; return; fi\n");
    if (!commands.empty()) {
      absl::StrAppend(&out, "      _comity_words ",
                      Quoted(absl::StrJoin(commands, " ")), "\n");
    }
    for (const WordValues& values : model.positionals) {
      absl::StrAppend(&out, "      ", BashValues(values), "\n");
    }
    absl::StrAppend(&out, "      ;;\n");
  }
  return absl::StrCat(out, "  esac\n}\ncomplete -F _comity comity\n");
}

std::string ZshCompletion(const std::vector<CommandModel>& tree) {
  const auto described = [](const std::string& name,
                            const std::string& description) {
    return Quoted(absl::StrCat(absl::StrReplaceAll(name, {{":", "\\:"}}), ":",
                               description));
  };
  std::string out = absl::StrCat(
      kZshHead, ShWalk(tree), "    esac\n  done\n  case \"$at:$previous\" in\n",
      ShOptionValues(tree, ZshValues), "  esac\n  flags=(\n");
  const auto add_options = [&](const CommandModel& model) {
    for (const OptionModel& option : model.options) {
      for (const std::string& flag : option.flags) {
        absl::StrAppend(&out, "    ", described(flag, option.description),
                        "\n");
      }
    }
  };
  add_options(tree.front());
  absl::StrAppend(&out, "  )\n  case \"$at\" in\n");
  for (const CommandModel& model : tree) {
    absl::StrAppend(&out, "    ", Quoted(model.path), ")\n");
    if (!model.path.empty()) {
      absl::StrAppend(&out, "    flags+=(\n");
      add_options(model);
      absl::StrAppend(&out, "    )\n");
    }
    absl::StrAppend(&out, "    names=(\n");
    for (const auto& [name, description] : model.commands) {
      absl::StrAppend(&out, "    ", described(name, description), "\n");
    }
    absl::StrAppend(&out, "    )\n");
    if (!model.positionals.empty()) {
      absl::StrAppend(&out, "    if [[ $PREFIX != -* ]]; then\n");
      for (const WordValues& values : model.positionals) {
        absl::StrAppend(&out, "      ", ZshValues(values), "\n");
      }
      absl::StrAppend(&out, "    fi\n");
    }
    absl::StrAppend(&out, "    ;;\n");
  }
  return absl::StrCat(out, R"sh(  esac
  (( $#names )) && _describe command names
  [[ $PREFIX == -* ]] && _describe option flags
}
if [[ ${funcstack[1]} == _comity ]]; then _comity "$@"; else compdef _comity comity; fi
)sh");
}

std::string FishCompletion(const std::vector<CommandModel>& tree) {
  std::string out = kFishHead;
  for (const CommandModel& model : tree) {
    for (const auto& [name, description] : model.commands) {
      const std::string path =
          model.path.empty() ? name : absl::StrCat(model.path, " ", name);
      absl::StrAppend(&out, "            case ",
                      FishQuoted(absl::StrCat(model.path, " ", name)),
                      "\n                set at ", FishQuoted(path), "\n");
    }
  }
  absl::StrAppend(&out,
                  "        end\n    end\n    test \"$at\" = \"$argv[1]\"\n"
                  "end\ncomplete -c comity -f\n");
  for (const CommandModel& model : tree) out += FishCommand(model);
  return out;
}

}  // namespace comity::cli
