// Exports: one line at the edge; what is exported is in exporter.h.

#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "comity/v1/export_service.grpc.pb.h"
#include "services/edge.h"
#include "services/exporter.h"
#include "services/servers.h"
#include "services/streams.h"

namespace comity {
namespace {

// Exports under way: each may hold a chunk that its client does not take, here
// and once more in gRPC.
constexpr int kExportsMax = 100;

class ExportServer : public v1::ExportService::CallbackService {
 public:
  explicit ExportServer(Edge* edge) : edge_(edge) {}

  grpc::ServerWriteReactor<v1::ExportResponse>* Export(
      grpc::CallbackServerContext*, const v1::ExportRequest* request) override {
    // Opened by the first step; a std::function is copied, hence shared.
    auto exporter = std::make_shared<std::unique_ptr<Exporter>>();
    return StepStream<v1::ExportResponse>::Start(
        edge_, edge_->core().reads, &places_, "ExportService/Export",
        [this, exporter,
         request](v1::ExportResponse* response) -> absl::StatusOr<bool> {
          if (*exporter == nullptr) {
            ASSIGN_OR_RETURN(*exporter,
                             Exporter::Open(&edge_->core(), *request));
          }
          return (*exporter)->Next(response->mutable_chunk());
        });
  }

 private:
  Edge* const edge_;
  Places places_{kExportsMax};
};

}  // namespace

std::unique_ptr<grpc::Service> MakeExportServer(Edge* edge) {
  return std::make_unique<ExportServer>(edge);
}

}  // namespace comity
