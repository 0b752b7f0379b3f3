// Changes: one line at the edge for each call; what it does is elsewhere.

#include <memory>

#include "comity/v1/change_service.grpc.pb.h"
#include "services/edge.h"
#include "services/history.h"
#include "services/servers.h"
#include "services/watch_hub.h"

namespace comity {
namespace {

class ChangeServer : public v1::ChangeService::CallbackService {
 public:
  ChangeServer(Edge* edge, ChangeHub* hub) : edge_(edge), hub_(hub) {}

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(
      grpc::CallbackServerContext*, const v1::WatchRequest* request) override {
    return hub_->Watch(*request);
  }

  grpc::ServerUnaryReactor* ListHistory(
      grpc::CallbackServerContext* context,
      const v1::ListHistoryRequest* request,
      v1::ListHistoryResponse* response) override {
    return edge_->OnPool(
        edge_->core().reads, context, "ChangeService/ListHistory",
        [=, this](const Call& call) {
          return comity::ListHistory(edge_->core(), call, *request, response);
        });
  }

 private:
  Edge* const edge_;
  ChangeHub* const hub_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeChangeServer(Edge* edge, ChangeHub* hub) {
  return std::make_unique<ChangeServer>(edge, hub);
}

}  // namespace comity
