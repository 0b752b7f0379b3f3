#include "services/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/errors.h"
#include "base/status_macros.h"
#include "index/indexer.h"
#include "services/core.h"
#include "services/edge.h"
#include "services/gateway.h"
#include "services/reference_view.h"
#include "services/servers.h"
#include "services/watch_hub.h"
#include "services/worker_pool.h"

namespace comity {
namespace {

// What gRPC may hold of requests and answers under way.
constexpr size_t kQuotaBytes = 96 << 20;

// More streams on one connection than calls are admitted, so that a call over
// the limit gets its error and does not wait in the client unheard.
constexpr int kStreamsPerConnectionMax = 8192;

// What the last bytes of the last answers may take at the end.
constexpr std::chrono::milliseconds kFlushWithin{100};

// What health checks may ask for by name; the server as a whole is "".
constexpr const char* kServiceNames[] = {
    "comity.v1.AdminService",     "comity.v1.ChangeService",
    "comity.v1.DirectoryService", "comity.v1.ExportService",
    "comity.v1.ImportService",    "comity.v1.LibraryService",
    "comity.v1.RoutingService",   "comity.v1.SearchService",
    "comity.v1.TreatyService"};

void Configure(const ServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(limits::kRequestBytesMax);
  // Answers have their own limits; a dump has lines of a whole record each.
  builder->SetMaxSendMessageSize(-1);
  grpc::ResourceQuota quota("comity");
  quota.Resize(kQuotaBytes);
  builder->SetResourceQuota(quota);
  builder->AddChannelArgument(
      GRPC_ARG_MAX_CONCURRENT_STREAMS,
      std::max(kStreamsPerConnectionMax,
               options.streams_max + options.requests_max));
  // A peer that vanished is noticed, one that pings all the time is closed.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60 * 1000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * 1000);
  builder->AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10 * 1000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Two servers must not share a port without knowing.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

absl::Status CheckAddress(const std::string& address) {
  const bool is_path = absl::StartsWith(address, "unix:");
  const bool has_port = absl::StrContains(address, ':');
  if ((is_path && address.size() > 5) || (!is_path && has_port)) {
    return absl::OkStatus();
  }
  return InvalidField("listen", address, "must be HOST:PORT or unix:PATH");
}

std::string SpoolFolder(const ServerOptions& options) {
  if (!options.spool_folder.empty()) return options.spool_folder;
  std::error_code error;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : folder.string();
}

}  // namespace

class Server::Impl {
 public:
  Impl(Store* store, const Clock* clock, const Log* log,
       const ServerOptions& options)
      : references_(store),
        writes_(limits::kWriteThreads, limits::kWritesWaitingMax),
        reads_(limits::kReadThreads, limits::kReadsWaitingMax),
        inspections_(limits::kInspectionsAtOnceMax,
                     limits::kInspectionsAtOnceMax),
        searches_(limits::kSearchThreads, limits::kSearchesWaitingMax),
        core_(CoreOf(store, clock, log, options)),
        edge_(&core_, options.requests_max, options.streams_max),
        hub_(&edge_, std::min(options.streams_max, limits::kWatchersMax)),
        search_hub_(&edge_,
                    std::min(options.streams_max, limits::kSearchWatchersMax)) {
  }

  ~Impl() { Shutdown(absl::Seconds(5)); }

  absl::Status Start(const ServerOptions& options) {
    if (options.listen.empty()) {
      return InvalidField("listen", "", "must be HOST:PORT or unix:PATH");
    }
#ifdef NDEBUG
    // Debian builds Abseil so that every lock of it, gRPC's too, is looked up
    // in a graph of lock orders: a tenth of what a call costs.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    Configure(options, &builder);
    std::vector<int> ports(options.listen.size());
    for (size_t i = 0; i < options.listen.size(); ++i) {
      RETURN_IF_ERROR(CheckAddress(options.listen[i]));
      builder.AddListeningPort(options.listen[i],
                               grpc::InsecureServerCredentials(), &ports[i]);
    }
    services_.push_back(MakeDirectoryServer(&edge_));
    services_.push_back(MakeTreatyServer(&edge_));
    services_.push_back(MakeRoutingServer(&edge_));
    services_.push_back(MakeLibraryServer(&edge_));
    services_.push_back(MakeSearchServer(&edge_, &search_hub_));
    services_.push_back(MakeChangeServer(&edge_, &hub_));
    services_.push_back(MakeExportServer(&edge_));
    services_.push_back(MakeAdminServer(
        &edge_, [this] { return hub_.watchers() + search_hub_.watchers(); }));
    services_.push_back(MakeImportServer(&edge_, SpoolFolder(options)));
    for (const auto& service : services_) {
      builder.RegisterService(service.get());
    }
    for (grpc::Service* service : options.extra_services) {
      builder.RegisterService(service);
    }
    // What the first request would otherwise wait for.
    RETURN_IF_ERROR(references_.Current().status());
    RETURN_IF_ERROR(StartIndex(options.index_folder));
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return absl::UnavailableError(
          "cannot listen there: is the address in use, or not allowed?");
    }
    for (const char* name : kServiceNames) {
      server_->GetHealthCheckService()->SetServingStatus(name, true);
    }
    for (size_t i = 0; i < options.listen.size(); ++i) {
      addresses_.push_back(WithPort(options.listen[i], ports[i]));
    }
    return StartGateway(options);
  }

  const std::vector<std::string>& addresses() const { return addresses_; }
  std::string web_address() const {
    return gateway_ == nullptr ? "" : gateway_->address();
  }

  void Shutdown(absl::Duration within) {
    const absl::MutexLock lock(&shutdown_mutex_);
    if (server_ == nullptr) return;
    server_->GetHealthCheckService()->Shutdown();
    hub_.Stop();
    search_hub_.Stop();
    edge_.Close(std::chrono::steady_clock::now() +
                absl::ToChronoMicroseconds(within));
    gateway_.reset();
    // gRPC waits for connections too, and an idle client may take seconds to
    // close its own. No call is under way; the last answers are being sent.
    server_->Shutdown(std::chrono::system_clock::now() + kFlushWithin);
    server_->Wait();
    server_.reset();
    indexer_.reset();
  }

 private:
  Core CoreOf(Store* store, const Clock* clock, const Log* log,
              const ServerOptions& options) {
    Core core;
    core.store = store;
    core.clock = clock;
    core.log = log;
    core.references = &references_;
    core.writes = &writes_;
    core.reads = &reads_;
    core.inspections = &inspections_;
    core.searches = &searches_;
    core.backup_folder = options.backup_folder;
    core.stall = options.stall;
    return core;
  }

  absl::Status StartGateway(const ServerOptions& options) {
    if (options.web_listen.empty()) return absl::OkStatus();
    GatewayOptions gateway;
    gateway.listen = options.web_listen;
    gateway.services.assign(std::begin(kServiceNames), std::end(kServiceNames));
    gateway.hosts = options.web_hosts;
    gateway.origins = options.web_origins;
    gateway.web_folder = options.web_folder;
    gateway.stall = options.stall;
    ASSIGN_OR_RETURN(gateway_,
                     Gateway::Start(server_->InProcessChannel({}), gateway));
    return absl::OkStatus();
  }

  // Opens the index, which then catches up with the store by itself.
  absl::Status StartIndex(const std::string& folder) {
    if (folder.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(index_, index::LibraryIndex::Open(folder, {}));
    index::SearcherOptions searching;
    searching.read_provision = [store = core_.store](
                                   absl::string_view expression,
                                   uint64_t sequence, int position,
                                   v1::Provision* provision) {
      return store->ReadProvision(expression, sequence, position, provision);
    };
    searching.resolve_state = [this](absl::string_view text) {
      const auto view = references_.Current();
      if (!view.ok()) return std::string();
      const std::string name = (*view)->states().Resolve(text, 1).state();
      return std::string(names::LastOf(name));
    };
    searching.state_names = [this] {
      std::vector<std::pair<std::string, std::string>> names;
      const auto view = references_.Current();
      if (!view.ok()) return names;
      for (const v1::State& state : (*view)->states().states()) {
        for (const v1::LocalizedText& name : state.short_names()) {
          names.emplace_back(name.text(), state.name());
        }
      }
      return names;
    };
    searcher_ =
        std::make_unique<index::Searcher>(index_.get(), std::move(searching));
    core_.index = index_.get();
    core_.searcher = searcher_.get();
    index::IndexerOptions indexing;
    indexing.report = [log = core_.log](const std::string& what) {
      log->Write(LogLevel::kWarning, "index", {{"what", what}});
    };
    indexing.set_concepts =
        [searcher =
             searcher_.get()](std::shared_ptr<const index::Concepts> concepts) {
          searcher->SetConcepts(std::move(concepts));
        };
    indexing.changed = [searcher = searcher_.get()] {
      searcher->RefreshSuggestionsInUse();
    };
    indexer_ = std::make_unique<index::Indexer>(core_.store, index_.get(),
                                                std::move(indexing));
    core_.indexer = indexer_.get();
    indexer_->Start();
    return absl::OkStatus();
  }

  static std::string WithPort(const std::string& address, int port) {
    if (absl::StartsWith(address, "unix:")) return address;
    return absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  }

  ReferenceViews references_;
  WorkerPool writes_;
  WorkerPool reads_;
  WorkerPool inspections_;
  WorkerPool searches_;
  std::unique_ptr<index::LibraryIndex> index_;
  std::unique_ptr<index::Searcher> searcher_;
  std::unique_ptr<index::Indexer> indexer_;
  // Complete once the server has started.
  Core core_;
  Edge edge_;
  ChangeHub hub_;
  SearchHub search_hub_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<std::string> addresses_;
  absl::Mutex shutdown_mutex_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    Store* store, const Clock* clock, const Log* log,
    const ServerOptions& options) {
  auto impl = std::make_unique<Impl>(store, clock, log, options);
  RETURN_IF_ERROR(impl->Start(options));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

const std::vector<std::string>& Server::addresses() const {
  return impl_->addresses();
}

std::string Server::web_address() const { return impl_->web_address(); }

void Server::Shutdown(absl::Duration within) { impl_->Shutdown(within); }

}  // namespace comity
