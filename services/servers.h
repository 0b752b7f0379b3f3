// The gRPC services, made one by one. Each lives as long as the server that it
// is registered with; `edge` and what it stands on must outlive it.

#ifndef COMITY_SERVICES_SERVERS_H_
#define COMITY_SERVICES_SERVERS_H_

#include <functional>
#include <memory>
#include <string>

namespace grpc {
class Service;
}  // namespace grpc

namespace comity {

class Edge;
template <class Feed>
class WatchHub;
class SearchFeed;
class WatchFeed;

std::unique_ptr<grpc::Service> MakeDirectoryServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeTreatyServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeRoutingServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeLibraryServer(Edge* edge);
std::unique_ptr<grpc::Service> MakeSearchServer(Edge* edge,
                                                WatchHub<SearchFeed>* hub);
std::unique_ptr<grpc::Service> MakeChangeServer(Edge* edge,
                                                WatchHub<WatchFeed>* hub);
std::unique_ptr<grpc::Service> MakeExportServer(Edge* edge);
// `folder` is where files are kept until they are whole; it must exist.
std::unique_ptr<grpc::Service> MakeImportServer(Edge* edge,
                                                const std::string& folder);
// `watchers` tells how many streams are followed.
std::unique_ptr<grpc::Service> MakeAdminServer(Edge* edge,
                                               std::function<int()> watchers);

}  // namespace comity

#endif  // COMITY_SERVICES_SERVERS_H_
