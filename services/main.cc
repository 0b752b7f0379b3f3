// comityd: the server.

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "import/importer.h"
#include "services/admin.h"
#include "services/log.h"
#include "services/options.h"
#include "services/server.h"
#include "store/store.h"

namespace comity {
namespace {

// Calls under way have so long to end after SIGTERM.
constexpr absl::Duration kShutdownWithin = absl::Seconds(4);

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "comityd: %s\n", std::string(status.message()).c_str());
  return kExitFailed;
}

// The files to load, in the order of their names: those of the folder before
// those of folders in it, whose records refer to them.
absl::StatusOr<std::vector<std::string>> FilesIn(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (absl::EndsWith(path, ".jsonl")) paths.push_back(path);
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat("--load: cannot read the folder ", folder));
  }
  if (paths.empty()) {
    return absl::NotFoundError(
        absl::StrCat("--load: there are no *.jsonl in ", folder));
  }
  const auto depth = [](const std::string& path) {
    return std::count(path.begin(), path.end(), '/');
  };
  std::sort(paths.begin(), paths.end(),
            [&](const std::string& a, const std::string& b) {
              return std::make_pair(depth(a), a) < std::make_pair(depth(b), b);
            });
  return paths;
}

absl::Status Load(const std::string& folder, Store* store, const Log& log) {
  if (folder.empty() || store->published() > 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, FilesIn(folder));
  ASSIGN_OR_RETURN(const v1::ImportJob job,
                   ImportFiles(store, paths, "comityd --load"));
  log.Write(LogLevel::kInfo, "loaded",
            {{"files", absl::StrCat(paths.size())},
             {"records", absl::StrCat(job.counts().records())}});
  return absl::OkStatus();
}

absl::Status MakeFolder(const std::string& folder, const char* option) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      option, ": cannot make the folder ", folder, ": ", error.message()));
}

// Blocks the signals that end the server, for all threads to come.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A reader of our output that leaves is no reason to die.
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Every connection takes a file descriptor, and so does every file of the
// store, which must not be without: takes as many as the machine allows.
void RaiseFileLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

absl::Status Serve(Options options) {
  RaiseFileLimit();
  const sigset_t signals = BlockSignals();
  const SystemClock clock;
  const Log log(&clock, options.log_level, stderr);
  RETURN_IF_ERROR(MakeFolder(options.data_folder, "--data-dir"));
  if (!options.server.backup_folder.empty()) {
    RETURN_IF_ERROR(MakeFolder(options.server.backup_folder, "--backup-dir"));
  }
  // On the disk that the import goes to, and has room on, or has not.
  options.server.spool_folder = options.data_folder;
  options.server.index_folder = options.data_folder + "/index";
  StoreOptions store_options;
  store_options.clock = &clock;
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                   Store::Open(options.data_folder, store_options));
  RETURN_IF_ERROR(Load(options.load_folder, store.get(), log));
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(store.get(), &clock, &log, options.server));
  std::printf("comityd: ready, serving on %s\n",
              absl::StrJoin(server->addresses(), " ").c_str());
  if (!server->web_address().empty()) {
    std::printf("comityd: pages and calls over HTTP on %s\n",
                server->web_address().c_str());
  }
  std::fflush(stdout);
  log.Write(LogLevel::kInfo, "ready",
            {{"listen", absl::StrJoin(server->addresses(), " ")},
             {"sequence", absl::StrCat(store->published())}});
  int signal = 0;
  sigwait(&signals, &signal);
  log.Write(LogLevel::kInfo, "stopping", {{"signal", absl::StrCat(signal)}});
  server->Shutdown(kShutdownWithin);
  return absl::OkStatus();
}

absl::Status PrintDump(const Store& store, const v1::DumpRequest& request) {
  return Dump(store, request, [](const v1::DumpResponse& response) {
    for (const std::string& line : response.lines()) {
      if (std::printf("%s\n", line.c_str()) < 0) return false;
    }
    return true;
  });
}

// True if nothing is wrong.
absl::StatusOr<bool> PrintVerification(const Store& store,
                                       const std::string& index_folder) {
  int64_t problems = 0;
  // Where there is no index, there will be one.
  const auto verify_index = [&index_folder] {
    const absl::Status status = index::LibraryIndex::VerifyFolder(index_folder);
    return absl::IsNotFound(status) ? absl::OkStatus() : status;
  };
  RETURN_IF_ERROR(Verify(
      store, verify_index, [&problems](const v1::VerifyResponse& response) {
        for (const std::string& problem : response.problems()) {
          std::printf("%s\n", problem.c_str());
        }
        problems += response.problems_size();
        if (response.done()) {
          std::printf("%s keys checked, %s problems\n",
                      absl::StrCat(response.keys_checked()).c_str(),
                      absl::StrCat(problems).c_str());
        }
        return true;
      }));
  return problems == 0;
}

absl::Status PrintStats(const Store& store) {
  ReferenceViews views(&store);
  ASSIGN_OR_RETURN(const v1::Stats stats, StatsOf(store, &views));
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(stats, &json);
  if (!status.ok()) return absl::InternalError("stats have no JSON form");
  std::printf("%s\n", json.c_str());
  return absl::OkStatus();
}

// True if the inspection found nothing wrong.
absl::StatusOr<bool> Inspect(const Options& options) {
  const SystemClock clock;
  StoreOptions store_options;
  store_options.clock = &clock;
  store_options.read_only = true;
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                   Store::Open(options.data_folder, store_options));
  switch (options.command) {
    case Options::Command::kDump:
      RETURN_IF_ERROR(PrintDump(*store, options.dump));
      return true;
    case Options::Command::kStats:
      RETURN_IF_ERROR(PrintStats(*store));
      return true;
    case Options::Command::kVerify:
    case Options::Command::kServe:
    case Options::Command::kEvaluate:
      break;
  }
  return PrintVerification(*store, options.data_folder + "/index");
}

int Run(int argc, char** argv) {
  Options options;
  int exit_code = kExitOk;
  if (!ParseCommandLine(argc, argv, &options, &exit_code)) return exit_code;
  if (options.command == Options::Command::kServe) {
    const absl::Status status = Serve(options);
    return status.ok() ? kExitOk : Fail(status);
  }
  if (options.command == Options::Command::kEvaluate) {
    const absl::Status status = Evaluate(options.evaluate, stdout);
    return status.ok() ? kExitOk : Fail(status);
  }
  const absl::StatusOr<bool> clean = Inspect(options);
  if (!clean.ok()) return Fail(clean.status());
  return *clean ? kExitOk : kExitFailed;
}

}  // namespace
}  // namespace comity

int main(int argc, char** argv) { return comity::Run(argc, argv); }
