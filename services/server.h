// The server: all services on one store, listening.

#ifndef COMITY_SERVICES_SERVER_H_
#define COMITY_SERVICES_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "services/log.h"
#include "store/store.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace comity {

struct ServerOptions {
  // `HOST:PORT` or `unix:PATH`; port 0 takes a free one. At least one.
  std::vector<std::string> listen;
  // Streams (watches, exports, dumps) and unary calls at once; beyond, calls
  // are refused.
  int streams_max = limits::kWatchersMax;
  int requests_max = limits::kRequestsMax;
  // Where backups go; empty: they are refused.
  std::string backup_folder;
  // Where files to import are kept until they are whole; empty: the machine's
  // folder for temporary files.
  std::string spool_folder;
  // Where the search index is kept; empty: there is none, and searches are
  // refused. It may be deleted while the server is down.
  std::string index_folder;
  // A client that sends or takes nothing for so long is taken for gone where a
  // thread waits for it, or another for its place; tests wait less.
  absl::Duration stall = absl::Minutes(1);
  // Where the gateway serves HTTP, `HOST:PORT`; empty: nowhere.
  std::string web_listen;
  // See GatewayOptions.
  std::vector<std::string> web_hosts;
  std::vector<std::string> web_origins;
  std::string web_folder;
  // Served beside ours, for measurements; they must outlive the server.
  std::vector<grpc::Service*> extra_services;
};

// Thread-safe.
class Server {
 public:
  // `store`, `clock` and `log` must outlive the server. Unavailable if an
  // address cannot be listened on; InvalidArgument if it is none.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      Store* store, const Clock* clock, const Log* log,
      const ServerOptions& options);
  // Shuts down if that was not done.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What it listens on, port 0 replaced by the real one.
  const std::vector<std::string>& addresses() const;
  // The gateway's, `http://HOST:PORT`; empty: there is none.
  std::string web_address() const;

  // Says that it serves no longer (health), lets no call in, ends streams, lets
  // calls under way end until `within` has passed, then cancels them. Returns
  // when none is left; idle connections are closed.
  void Shutdown(absl::Duration within);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_SERVER_H_
