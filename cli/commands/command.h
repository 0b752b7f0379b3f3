// How a command joins the program: a class that binds its options in its
// constructor and does its work in Run.

#ifndef COMITY_CLI_COMMANDS_COMMAND_H_
#define COMITY_CLI_COMMANDS_COMMAND_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/limits.h"
#include "cli/arguments.h"
#include "cli/errors.h"
#include "cli/session.h"
#include "cli/words.h"
#include "comity/v1/record.pb.h"

namespace comity::cli {

class Command {
 public:
  virtual ~Command() = default;
  // The exit code of a run that ended in order, or why it did not.
  virtual absl::StatusOr<int> Run(Session* session) = 0;
};

// All commands, and the one that the command line chose.
struct Registry {
  CLI::App* root = nullptr;
  std::vector<std::unique_ptr<Command>> commands;
  Command* chosen = nullptr;

  // Adds a command under `parent`; `C` is constructed with its Arguments.
  // `details` is printed below the options: examples, formats. A hidden command
  // is in no help and no completion.
  template <typename C>
  CLI::App* Add(CLI::App* parent, const std::string& name,
                const std::string& description, const std::string& details,
                bool hidden = false) {
    CLI::App* app = AddApp(parent, name, description, details, hidden);
    Arguments arguments(app);
    commands.push_back(std::make_unique<C>(&arguments));
    Bind(app, commands.back().get());
    return app;
  }

 private:
  static CLI::App* AddApp(CLI::App* parent, const std::string& name,
                          const std::string& description,
                          const std::string& details, bool hidden);
  void Bind(CLI::App* app, Command* command);
};

void AddRoutingCommands(Registry* registry);
void AddReferenceCommands(Registry* registry);
void AddTreatyCommands(Registry* registry);
void AddOfficeCommands(Registry* registry);
void AddChangeCommands(Registry* registry);
void AddEvaluateCommand(Registry* registry);
void AddSearchCommands(Registry* registry);
void AddLibraryCommands(Registry* registry);
void AddImportCommands(Registry* registry);
void AddExportCommand(Registry* registry);
void AddInspectCommands(Registry* registry);
void AddCompletionCommands(Registry* registry);

inline std::vector<std::string> RecordKindChoices() {
  return EnumChoices(
      google::protobuf::GetEnumDescriptor<comity::v1::RecordKind>());
}

inline comity::v1::RecordKind RecordKindOf(const std::string& choice) {
  return static_cast<comity::v1::RecordKind>(EnumValue(
      google::protobuf::GetEnumDescriptor<comity::v1::RecordKind>(), choice));
}

// Fetches all pages of a list, or `limit` items (0: all). `items` is the list
// in the response; `on_item` gets each.
template <typename Request, typename Response, typename Item, typename OnItem>
absl::Status ForEachItem(
    Session* session, Request request,
    const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
    int64_t limit, const OnItem& on_item) {
  int64_t left = limit > 0 ? limit : INT64_MAX;
  while (true) {
    request.set_page_size(
        static_cast<int32_t>(std::min<int64_t>(left, limits::kPageSizeMax)));
    Response response;
    if (absl::Status status = session->client().Call(request, &response);
        !status.ok()) {
      return status;
    }
    for (const Item& item : (response.*items)()) {
      if (left-- <= 0) return absl::OkStatus();
      on_item(item);
    }
    if (response.next_page_token().empty() || left <= 0) {
      return absl::OkStatus();
    }
    request.set_page_token(response.next_page_token());
  }
}

}  // namespace comity::cli

#endif  // COMITY_CLI_COMMANDS_COMMAND_H_
