// A server of all services that answers each call with what the test gave for
// it. It listens on a socket in a folder of its own.

#ifndef COMITY_TESTS_CLI_FAKE_SERVER_H_
#define COMITY_TESTS_CLI_FAKE_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "tests/support/temporary_folder.h"

namespace comity::cli {

class FakeServer {
 public:
  // What a method does: reads requests, writes answers, returns its status. A
  // unary method writes one answer. `read` is false when the client is done.
  using Read = std::function<bool(google::protobuf::Message*)>;
  using Write = std::function<void(const google::protobuf::Message&)>;
  using Method =
      std::function<absl::Status(const Read& read, const Write& write)>;

  FakeServer();
  ~FakeServer();

  // `unix:…`, for --server.
  std::string address() const;

  // Gives the method that takes `Request` (cli/client.h) its behaviour.
  template <typename Request>
  void On(std::function<absl::Status(const Request&, const Write&)> answer) {
    Set(Request(), [answer](const Read& read, const Write& write) {
      Request request;
      read(&request);
      return answer(request, write);
    });
  }

  // The same answer whatever is asked.
  template <typename Request, typename Response>
  void Answer(const Response& response) {
    On<Request>([response](const Request&, const Write& write) {
      write(response);
      return absl::OkStatus();
    });
  }

  void Set(const google::protobuf::Message& request, Method method);

  // Ends every call and the server; the address stays.
  void Stop();
  void Start();

 private:
  class Server;
  TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
};

}  // namespace comity::cli

#endif  // COMITY_TESTS_CLI_FAKE_SERVER_H_
