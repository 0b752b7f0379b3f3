// Routing: one line at the edge; rules/routing.h says what a route is.

#include <memory>

#include "comity/v1/routing_service.grpc.pb.h"
#include "services/edge.h"
#include "services/route.h"
#include "services/servers.h"

namespace comity {
namespace {

// Answered with bytes, so that the answer need not be kept as messages until it
// is sent.
class RoutingServer
    : public v1::RoutingService::WithRawCallbackMethod_RouteRequest<
          v1::RoutingService::CallbackService> {
 public:
  explicit RoutingServer(Edge* edge) : edge_(edge) {}

  grpc::ServerUnaryReactor* RouteRequest(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* bytes,
                                         grpc::ByteBuffer* response) override {
    static constexpr char kRpc[] = "RoutingService/RouteRequest";
    v1::RouteRequestRequest request;
    if (!Edge::FromBuffer(*bytes, &request)) return Edge::DoesNotParse(context);
    const auto route = [this](const v1::RouteRequestRequest& query,
                              std::string* routes) {
      return comity::RouteRequest(core(), query, routes);
    };
    if (request.has_known_at()) {
      return edge_->OnPoolBytes(core().reads, context, kRpc, std::move(request),
                                response, route);
    }
    return edge_->InlineBytes(context, kRpc, request, response, route);
  }

 private:
  const Core& core() const { return edge_->core(); }

  Edge* const edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRoutingServer(Edge* edge) {
  return std::make_unique<RoutingServer>(edge);
}

}  // namespace comity
