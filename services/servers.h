// The gRPC services, made one by one. Each lives as long as the server that it
// is registered with; `edge` and what it stands on must outlive it.

#ifndef COMITY_SERVICES_SERVERS_H_
#define COMITY_SERVICES_SERVERS_H_

#include <memory>
#include <string>

namespace grpc {
class Service;
}  // namespace grpc

namespace comity {

class Edge;
class WatchHub;

std::unique_ptr<grpc::Service> MakeDirectoryServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeTreatyServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeRoutingServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeLibraryServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeSearchServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeChangeServer(Edge* edge, WatchHub* hub);
std::unique_ptr<grpc::Service> MakeExportServer(Edge* edge);
// `folder` is where files are kept until they are whole; it must exist.
std::unique_ptr<grpc::Service> MakeImportServer(Edge* edge,
                                                const std::string& folder);
std::unique_ptr<grpc::Service> MakeAdminServer(Edge* edge, WatchHub* hub);

}  // namespace comity

#endif  // COMITY_SERVICES_SERVERS_H_
