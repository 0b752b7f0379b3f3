// Administration: one line at the edge for each call; see admin.h.

#include <functional>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "base/status_macros.h"
#include "comity/v1/admin_service.grpc.pb.h"
#include "services/admin.h"
#include "services/edge.h"
#include "services/servers.h"
#include "services/streams.h"

namespace comity {
namespace {

class AdminServer : public v1::AdminService::CallbackService {
 public:
  AdminServer(Edge* edge, std::function<int()> watchers)
      : edge_(edge),
        watchers_(std::move(watchers)),
        started_(edge->core().clock->Now()) {}

  grpc::ServerUnaryReactor* GetStats(grpc::CallbackServerContext* context,
                                     const v1::GetStatsRequest*,
                                     v1::Stats* response) override {
    return edge_->Inline(context, "AdminService/GetStats",
                         [=, this] { return Stats(response); });
  }

  grpc::ServerWriteReactor<v1::DumpResponse>* Dump(
      grpc::CallbackServerContext* context,
      const v1::DumpRequest* request) override {
    return BlockingStream<v1::DumpResponse>::Start(
        edge_, core().inspections, context, "AdminService/Dump",
        [=, this](const auto& send) {
          return comity::Dump(*core().store, *request, send,
                              [context] { return context->IsCancelled(); });
        });
  }

  grpc::ServerWriteReactor<v1::VerifyResponse>* Verify(
      grpc::CallbackServerContext* context, const v1::VerifyRequest*) override {
    return BlockingStream<v1::VerifyResponse>::Start(
        edge_, core().inspections, context, "AdminService/Verify",
        [this, context](const auto& send) {
          std::function<absl::Status()> verify_index;
          if (core().index != nullptr) {
            verify_index = [this] { return core().index->Verify(); };
          }
          return comity::Verify(*core().store, verify_index, send,
                                [context] { return context->IsCancelled(); });
        });
  }

  grpc::ServerUnaryReactor* RebuildIndex(grpc::CallbackServerContext* context,
                                         const v1::RebuildIndexRequest*,
                                         v1::RebuildIndexResponse*) override {
    return edge_->Inline(context, "AdminService/RebuildIndex",
                         [this] { return comity::RebuildIndex(core()); });
  }

  grpc::ServerUnaryReactor* Backup(grpc::CallbackServerContext* context,
                                   const v1::BackupRequest* request,
                                   v1::BackupResponse* response) override {
    return edge_->OnPool(core().inspections, context, "AdminService/Backup",
                         [=, this](const Call&) {
                           const absl::MutexLock lock(&backup_);
                           return comity::Backup(core(), *request, response);
                         });
  }

 private:
  const Core& core() const { return edge_->core(); }

  absl::Status Stats(v1::Stats* response) const {
    ASSIGN_OR_RETURN(*response, StatsOf(*core().store, core().references));
    response->set_resident_bytes(ResidentBytes());
    response->set_uptime_seconds(
        absl::ToInt64Seconds(core().clock->Now() - started_));
    response->set_watchers(watchers_());
    if (core().index != nullptr) {
      *response->mutable_index() = IndexStatsOf(core());
    }
    return absl::OkStatus();
  }

  Edge* const edge_;
  const std::function<int()> watchers_;
  const absl::Time started_;
  // Held while a backup is made: two of one id would share their folder.
  absl::Mutex backup_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminServer(Edge* edge,
                                               std::function<int()> watchers) {
  return std::make_unique<AdminServer>(edge, std::move(watchers));
}

}  // namespace comity
