#include "cli/arguments.h"

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/commands/command.h"

namespace comity::cli {
namespace {

// Refuses words that are none of `choices`. CLI11's own check would repeat them
// in the help.
CLI::Validator OneOf(const std::vector<std::string>& choices) {
  return CLI::Validator(
      [choices](const std::string& word) -> std::string {
        for (const std::string& choice : choices) {
          if (word == choice) return "";
        }
        return word + " is none of " + absl::StrJoin(choices, ", ");
      },
      "");
}

// Refuses what is no number from `least` to `most`.
CLI::Validator InRange(int64_t least, int64_t most) {
  return CLI::Validator(
      [least, most](const std::string& word) -> std::string {
        int64_t number = 0;
        if (absl::SimpleAtoi(word, &number) && number >= least &&
            number <= most) {
          return "";
        }
        return most == INT64_MAX
                   ? absl::StrCat(word, " is no number from ", least, " on")
                   : absl::StrCat(word, " is no number from ", least, " to ",
                                  most);
      },
      "");
}

CLI::Option* Require(CLI::Option* option, Need need) {
  return option->required(need == Need::kRequired);
}

}  // namespace

void Arguments::Flag(const std::string& flags, bool* value,
                     const std::string& description) {
  app_->add_flag(flags, *value, description);
}

void Arguments::Text(const std::string& flags, std::string* value,
                     const std::string& type, const std::string& description,
                     Need need) {
  Require(app_->add_option(flags, *value, description), need)->type_name(type);
}

void Arguments::Repeated(const std::string& flags,
                         std::vector<std::string>* values,
                         const std::string& type,
                         const std::string& description) {
  app_->add_option(flags, *values, description)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Arguments::OptionalWords(const std::string& name,
                              std::vector<std::string>* values, int most,
                              const std::string& type,
                              const std::string& description) {
  app_->add_option(name, *values, description)
      ->expected(0, most)
      ->type_name(type);
}

void Arguments::Number(const std::string& flags, int64_t* value, int64_t least,
                       int64_t most, const std::string& description) {
  app_->add_option(flags, *value, description)
      ->type_name(kNumberType)
      ->check(InRange(least, most));
}

void Arguments::Choice(const std::string& flags, std::string* value,
                       const std::vector<std::string>& choices,
                       const std::string& description, Need need) {
  Require(app_->add_option(flags, *value, description), need)
      ->check(OneOf(choices))
      ->type_name(absl::StrJoin(choices, "|"));
}

void Arguments::RepeatedChoice(const std::string& flags,
                               std::vector<std::string>* values,
                               const std::vector<std::string>& choices,
                               const std::string& description) {
  app_->add_option(flags, *values, description)
      ->check(OneOf(choices))
      ->type_name(absl::StrJoin(choices, "|"))
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::App* Registry::AddApp(CLI::App* parent, const std::string& name,
                           const std::string& description,
                           const std::string& details, bool hidden) {
  CLI::App* app = parent->add_subcommand(name, description);
  app->footer(details);
  app->group(hidden ? "" : "Commands");
  return app;
}

void Registry::Bind(CLI::App* app, Command* command) {
  app->callback([this, app, command] {
    // The callback of a command runs after those of its own commands.
    if (app->get_subcommands().empty()) chosen = command;
  });
}

}  // namespace comity::cli
