#include "tests/bench/serve.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/status_macros.h"
#include "import/importer.h"
#include "services/log.h"
#include "services/server.h"
#include "store/store.h"
#include "tests/bench/empty_service.h"

namespace comity::bench {
namespace {

absl::Status Load(const std::string& folder, Store* store) {
  if (store->published() > 0) return absl::OkStatus();
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".jsonl") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return ImportFiles(store, paths, "bench").status();
}

}  // namespace

absl::Status Serve(const std::string& data_folder,
                   const std::string& load_folder,
                   const std::string& index_folder) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const SystemClock clock;
  const Log log(&clock, LogLevel::kWarning, stderr);
  // As comityd opens it.
  StoreOptions store_options;
  store_options.clock = &clock;
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                   Store::Open(data_folder, store_options));
  RETURN_IF_ERROR(Load(load_folder, store.get()));
  EmptyService empty;
  ServerOptions options;
  options.listen = {"127.0.0.1:0"};
  options.index_folder = index_folder;
  options.extra_services.push_back(&empty);
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(store.get(), &clock, &log, options));
  std::printf("ready %s\n", server->addresses()[0].c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(absl::Seconds(4));
  return absl::OkStatus();
}

}  // namespace comity::bench
