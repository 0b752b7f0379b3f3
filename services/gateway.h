// The HTTP gateway: every method of the contract for programs that speak no
// gRPC, by the Connect protocol, by gRPC-Web, and as plain JSON by the
// contract's HTTP rules; and the pages' files.
//
// One path for all methods, from their descriptors: requests become bytes, go
// through a channel within the process, and answers come back the same way. So
// admission, limits and errors are those of gRPC.

#ifndef COMITY_SERVICES_GATEWAY_H_
#define COMITY_SERVICES_GATEWAY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace comity {

struct GatewayOptions {
  // `HOST:PORT`, HOST an IPv4 address or an IPv6 one in brackets; port 0 takes
  // a free one.
  std::string listen;
  // Full names of the services.
  std::vector<std::string> services;
  // Names by which clients may ask for it (their Host header), besides
  // localhost and addresses: another site's name could be made to mean this
  // machine, and its pages to read what is here.
  std::vector<std::string> hosts;
  // Sites whose pages may call it, `https://HOST[:PORT]`, besides its own:
  // browsers let no others, and say whose page it is.
  std::vector<std::string> origins;
  // Folder of the pages' files, read at the start; empty: there are none.
  std::string web_folder;
  // A client that sends or takes nothing for so long is cut off, and one that
  // has taken so long and moved less than 1 KiB a second.
  absl::Duration stall = absl::Minutes(1);
};

// Thread-safe.
class Gateway {
 public:
  // `channel` leads to the server. InvalidArgument for an address that is none,
  // or a folder that cannot be read; Unavailable if it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(
      std::shared_ptr<grpc::Channel> channel, const GatewayOptions& options);
  // Cancels what is under way, and closes all connections.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // `http://HOST:PORT`, port 0 replaced by the real one.
  const std::string& address() const;

 private:
  class Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_GATEWAY_H_
