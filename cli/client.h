// Calls to the server. The contract gives every method a request message of
// its own, so the request alone says which method is meant.

#ifndef COMITY_CLI_CLIENT_H_
#define COMITY_CLI_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace comity::cli {

// Payload of a failed call's status: google.rpc.Status, serialized.
inline constexpr absl::string_view kErrorDetailsUrl =
    "type.googleapis.com/google.rpc.Status";

// True if the status is the user's wish to stop.
bool IsInterruption(const absl::Status& status);

// The full name of the method that takes `request`:
// `/comity.v1.DirectoryService/FindContacts`. Internal if there is none.
absl::StatusOr<std::string> MethodOf(const google::protobuf::Message& request);

// One connection, made at the first call. Not thread-safe: one call at a time.
class Client {
 public:
  struct Options {
    // `HOST:PORT` or `unix:PATH`.
    std::string server;
    // For each call as a whole; unset: 30 s, for streams an hour.
    std::optional<absl::Duration> timeout;
    // True once the user asked to stop; may be empty.
    std::function<bool()> interrupted;
  };

  explicit Client(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  absl::string_view server() const { return options_.server; }

  // A unary call.
  absl::Status Call(const google::protobuf::Message& request,
                    google::protobuf::Message* response);

  // A call that streams answers. Each is parsed into `response`, then
  // `on_message` is called; its error ends the call and is returned. `idle` is
  // the longest silence; after it the call is Unavailable.
  absl::Status Stream(const google::protobuf::Message& request,
                      google::protobuf::Message* response, absl::Duration idle,
                      absl::FunctionRef<absl::Status()> on_message);

  // A call that streams both ways. `next_request` fills `request` with the next
  // message, or returns false when there are no more.
  absl::Status Exchange(google::protobuf::Message* request,
                        google::protobuf::Message* response,
                        absl::FunctionRef<absl::StatusOr<bool>()> next_request,
                        absl::FunctionRef<absl::Status()> on_message);

 private:
  class Connection;
  class StreamCall;
  Connection& connection();

  const Options options_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_CLIENT_H_
