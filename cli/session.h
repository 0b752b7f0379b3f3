// One run of a command: its options, its connection, its output, and the names
// that people and answers use for records.

#ifndef COMITY_CLI_SESSION_H_
#define COMITY_CLI_SESSION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/client.h"
#include "cli/environment.h"
#include "cli/printer.h"
#include "comity/v1/function.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace comity::cli {

// Options that every command takes.
struct GlobalOptions {
  std::string server = "127.0.0.1:7420";
  bool json = false;
  std::optional<absl::Duration> timeout;
  // `auto`, `always` or `never`.
  std::string color = "auto";
};

class Session {
 public:
  // `environment` must outlive the session.
  Session(const Environment* environment, const GlobalOptions& options);

  const Environment& environment() const { return *environment_; }
  bool json() const { return options_.json; }
  Client& client() { return client_; }
  Printer& out() { return out_; }
  // For progress and remarks, never for answers.
  Printer& err() { return err_; }

  // `states/{state}` for what a person typed: a name as it is, else what the
  // server resolves beyond doubt. NotFound with what comes near otherwise.
  absl::StatusOr<std::string> StateName(absl::string_view text);
  // `treaties/{treaty}` for a name, slug, alias or citation.
  absl::StatusOr<std::string> TreatyName(absl::string_view text);
  // `functions/{function}` for a name, slug, alias or title.
  absl::StatusOr<std::string> FunctionName(absl::string_view text);

  // What people call a record; its id if the server does not say. Asked for
  // once each.
  std::string StateTitle(absl::string_view name);
  std::string TreatyTitle(absl::string_view name);
  std::string FunctionTitle(absl::string_view name);
  // The record of a function; null if the server does not say. Lives as long as
  // the session.
  const comity::v1::Function* Function(absl::string_view name);

  // Learns the titles of these authorities in few calls.
  void LearnAuthorities(std::vector<std::string> names);
  std::string AuthorityTitle(absl::string_view name);

 private:
  void LearnFunctions();

  const Environment* const environment_;
  const GlobalOptions options_;
  Client client_;
  Printer out_;
  Printer err_;
  absl::flat_hash_map<std::string, std::string> titles_;
  bool functions_learnt_ = false;
  std::vector<comity::v1::Function> functions_;
};

// A time as RFC 3339, or a day, which is its beginning in UTC. InvalidArgument
// names `option`.
absl::StatusOr<google::protobuf::Timestamp> ParseTimeOption(
    absl::string_view text, absl::string_view option);

// OK for a day, or nothing. InvalidArgument names `option`.
absl::Status CheckDayOption(absl::string_view text, absl::string_view option);

}  // namespace comity::cli

#endif  // COMITY_CLI_SESSION_H_
