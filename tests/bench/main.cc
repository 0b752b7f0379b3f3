// comity_bench: the server beside its floors, in one run.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "tests/bench/calls.h"
#include "tests/bench/floor.h"
#include "tests/bench/gateway_bench.h"
#include "tests/bench/import_client.h"
#include "tests/bench/process.h"
#include "tests/bench/search_bench.h"
#include "tests/bench/serve.h"
#include "tests/support/synthetic.h"
#include "tests/support/temporary_folder.h"

namespace comity::bench {
namespace {

constexpr double kMegabyte = 1e6;
constexpr int64_t kPeakBytesTarget = 300 << 20;

struct Options {
  synthetic::Options data;
  int64_t calls = 20000;
  int rounds = 3;
  std::string bundled = COMITY_SOURCE_DIR "/data";
  // This program and the server as shipped.
  std::string self;
  std::string comityd;
};

// What the calls of one method took.
struct CallTimes {
  double p50 = 0;
  double p99 = 0;
  double bytes = 0;
  double items = 0;
};

struct Results {
  std::map<std::string, CallTimes> calls;
  Imported import;
  double import_seconds = 1e9;
  double floor_seconds = 1e9;
  int64_t stored_bytes = 0;
  // Of the bundled data, which the import found there.
  int64_t base_bytes = 0;
  int64_t stored_keys = 0;
  int64_t peak_bytes = 0;
  double ready_seconds = 0;
  // Of comityd, while it makes the search index of all that.
  int64_t indexing_peak_bytes = 0;
};

void Say(const std::string& what) {
  std::fprintf(stderr, "== %s\n", what.c_str());
}

absl::StatusOr<std::unique_ptr<Process>> StartServer(const Options& options,
                                                     const std::string& folder,
                                                     std::string* address) {
  ASSIGN_OR_RETURN(std::unique_ptr<Process> server,
                   Process::Start({options.self, "serve", "--data-dir", folder,
                                   "--load", options.bundled}));
  const std::string line = server->ReadLine();
  absl::string_view rest = line;
  if (!absl::ConsumePrefix(&rest, "ready ")) {
    return absl::InternalError("the server did not start");
  }
  *address = std::string(rest);
  return server;
}

absl::Status RunCalls(const Options& options, const std::string& address,
                      Results* results) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> client,
                   Process::Start({options.self, "call", "--address", address,
                                   "--calls", absl::StrCat(options.calls)}));
  for (std::string line = client->ReadLine(); !line.empty();
       line = client->ReadLine()) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() != 6) return absl::InternalError("calls: " + line);
    CallTimes& times = results->calls[words[0]];
    bool read = absl::SimpleAtod(words[2], &times.p50);
    read = absl::SimpleAtod(words[3], &times.p99) && read;
    read = absl::SimpleAtod(words[4], &times.bytes) && read;
    read = absl::SimpleAtod(words[5], &times.items) && read;
    if (!read) return absl::InternalError("calls: " + line);
  }
  return client->Wait();
}

// The bytes that a store has before the import.
absl::Status MeasureBase(const Options& options, const std::string& folder,
                         Results* results) {
  std::string address;
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> server,
                   StartServer(options, folder, &address));
  RETURN_IF_ERROR(server->Stop());
  ASSIGN_OR_RETURN(const StoredBytes base, ReadStored(folder));
  results->base_bytes = base.bytes;
  return absl::OkStatus();
}

// One import into a new store, by a server of its own, and the floor of it. The
// server of the last round is the one that is called.
absl::Status RunRound(const Options& options, const std::string& csv,
                      const std::string& scratch, bool last, Results* results) {
  const std::string folder = scratch + (last ? "/last" : "/store");
  std::string address;
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> server,
                   StartServer(options, folder, &address));
  ASSIGN_OR_RETURN(results->import, Import(address, csv));
  results->import_seconds =
      std::min(results->import_seconds, results->import.seconds);
  Say(absl::StrFormat("import: %.2f s", results->import.seconds));
  if (last) {
    Say("calling");
    RETURN_IF_ERROR(RunCalls(options, address, results));
  }
  results->peak_bytes = std::max(results->peak_bytes, server->PeakBytes());
  RETURN_IF_ERROR(server->Stop());
  ASSIGN_OR_RETURN(const StoredBytes stored, ReadStored(folder));
  results->stored_bytes = stored.bytes;
  results->stored_keys = stored.keys;
  ASSIGN_OR_RETURN(const double seconds,
                   WriteFloor(stored, folder, scratch + "/floor"));
  Say(absl::StrFormat("floor: %.2f s", seconds));
  results->floor_seconds = std::min(results->floor_seconds, seconds);
  std::filesystem::remove_all(scratch + "/floor");
  if (!last) std::filesystem::remove_all(folder);
  return absl::OkStatus();
}

// From the start of comityd, as shipped, to the line that says it is ready.
absl::Status MeasureStart(const Options& options, const std::string& folder,
                          Results* results) {
  const auto start = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> server,
                   Process::Start({options.comityd, "--data-dir", folder,
                                   "--listen", "127.0.0.1:0"}));
  const std::string line = server->ReadLine();
  const std::chrono::duration<double> time =
      std::chrono::steady_clock::now() - start;
  if (line.empty()) return absl::InternalError("comityd did not start");
  results->ready_seconds = time.count();
  // It indexes what is new to it.
  RETURN_IF_ERROR(
      WaitForIndex(line.substr(line.rfind(' ') + 1), results->import.sequence));
  results->indexing_peak_bytes = server->PeakBytes();
  return server->Stop();
}

const char* Verdict(bool met) { return met ? "met" : "short"; }

void PrintCalls(const Results& results) {
  const struct {
    const char* name;
    double target;
  } targets[] = {
      {"GetAuthority", 1.15}, {"FindContacts", 1.3}, {"RouteRequest", 1.5}};
  const CallTimes& empty = results.calls.at("Empty");
  std::printf("%-24s %9s %9s %7s %7s %7s  %s\n", "call", "p50 us", "p99 us",
              "ratio", "p99", "target", "verdict; mean answer");
  std::printf("%-24s %9.1f %9.1f %7s %7s %7s\n", "empty unary call",
              empty.p50 / 1e3, empty.p99 / 1e3, "1.00", "1.00", "");
  for (const auto& target : targets) {
    const CallTimes& times = results.calls.at(target.name);
    const double ratio = times.p50 / empty.p50;
    std::printf(
        "%-24s %9.1f %9.1f %7.2f %7.2f %7s  %s; %.0f bytes, %.1f %s\n",
        target.name, times.p50 / 1e3, times.p99 / 1e3, ratio,
        times.p99 / empty.p99, absl::StrFormat("<=%.2f", target.target).c_str(),
        Verdict(ratio <= target.target), times.bytes, times.items, "items");
  }
}

void PrintImport(const Options& options, const Results& results) {
  const auto imported =
      static_cast<double>(results.stored_bytes - results.base_bytes);
  const double rate = imported / results.import_seconds;
  const double floor =
      static_cast<double>(results.stored_bytes) / results.floor_seconds;
  const double records =
      static_cast<double>(results.import.records) / results.import_seconds;
  std::printf("\n%-24s %9s %9s %7s %7s  %s\n", "import", "seconds", "MB/s",
              "ratio", "target", "verdict; what");
  std::printf("%-24s %9.2f %9.1f %7s %7s  %d keys, %.0f MB\n",
              "bare RocksDB batches", results.floor_seconds, floor / kMegabyte,
              "1.00", "", static_cast<int>(results.stored_keys),
              static_cast<double>(results.stored_bytes) / kMegabyte);
  std::printf(
      "%-24s %9.2f %9.1f %7.2f %7s  %s; %d designations, %.0f records/s, file "
      "%.0f MB\n",
      "import", results.import_seconds, rate / kMegabyte, rate / floor,
      ">=0.50", Verdict(rate / floor >= 0.5),
      static_cast<int>(options.data.designations), records,
      static_cast<double>(results.import.file_bytes) / kMegabyte);
}

void Print(const Options& options, const Results& results) {
  PrintCalls(results);
  PrintImport(options, results);
  std::printf("\n%-24s %9.0f MiB %21s  %s; import and calls included\n",
              "peak memory of server",
              static_cast<double>(results.peak_bytes) / (1 << 20), "<=300",
              Verdict(results.peak_bytes <= kPeakBytesTarget));
  std::printf("%-24s %9.2f s  for information\n", "start of comityd to ready",
              results.ready_seconds);
  std::printf("%-24s %9.0f MiB  for information\n", "peak while it indexes",
              static_cast<double>(results.indexing_peak_bytes) / (1 << 20));
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const synthetic::World world,
                   synthetic::World::Read(options.bundled));
  const TemporaryFolder scratch;
  const std::string csv = scratch.Path("synthetic.csv");
  Say(absl::StrCat("making ", options.data.designations, " designations"));
  std::ofstream out(csv, std::ios::binary);
  synthetic::WriteCsv(world, options.data, &out);
  out.close();
  if (!out) return absl::ResourceExhaustedError("cannot write the CSV");
  Results results;
  RETURN_IF_ERROR(MeasureBase(options, scratch.Path("base"), &results));
  for (int round = 1; round <= options.rounds; ++round) {
    RETURN_IF_ERROR(RunRound(options, csv, scratch.path(),
                             round == options.rounds, &results));
  }
  RETURN_IF_ERROR(MeasureStart(options, scratch.Path("last"), &results));
  Print(options, results);
  return absl::OkStatus();
}

int Exit(const absl::Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "comity_bench: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Measures the server beside an empty call and bare RocksDB, in one run. "
      "Shortfalls are marked, and are no failure.",
      "comity_bench");
  Options options;
  options.self = std::filesystem::canonical("/proc/self/exe").string();
  options.comityd =
      (std::filesystem::path(options.self).parent_path() / "comityd").string();
  app.add_option("--designations", options.data.designations)
      ->capture_default_str();
  app.add_option("--seed", options.data.seed)->capture_default_str();
  app.add_option("--calls", options.calls, "Calls of each method")
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "Imports; the best counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--data", options.bundled, "Folder of the bundled data")
      ->capture_default_str();
  app.add_option("--comityd", options.comityd)->capture_default_str();
  std::string folder;
  CLI::App* serve = app.add_subcommand("serve", "The server; used internally");
  serve->add_option("--data-dir", folder)->required();
  serve->add_option("--load", options.bundled)->required();
  std::string index_folder;
  serve->add_option("--index", index_folder);
  CallOptions call_options;
  CLI::App* call = app.add_subcommand("call", "The client; used internally");
  call->add_option("--address", call_options.address)->required();
  call->add_option("--calls", call_options.calls);
  call->add_option("--only", call_options.only, "One method, for a profile")
      ->check(CLI::IsMember({"GetAuthority", "FindContacts", "RouteRequest"}));
  call->add_flag("--floors", call_options.floors,
                 "Beside each method, the same answers as bytes alone");
  SearchOptions search_options;
  CLI::App* search = app.add_subcommand(
      "search", "Search, beside bare Xapian and an empty call");
  search->add_option("--provisions", search_options.provisions)
      ->capture_default_str();
  search->add_option("--queries", search_options.queries, "Of all classes")
      ->capture_default_str();
  search->add_option("--updates", search_options.updates, "A minute")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  search->add_option("--seconds", search_options.update_seconds, "Of updates")
      ->capture_default_str();
  search->add_option("--designations", search_options.designations)
      ->capture_default_str();
  search->add_option("--calls", search_options.calls, "Look-ups of each method")
      ->capture_default_str();
  GatewayBenchOptions gateway_options;
  CLI::App* gateway = app.add_subcommand(
      "gateway", "Calls over HTTP beside gRPC, and files beside nginx");
  gateway->add_option("--calls", gateway_options.calls, "Of each method")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  gateway
      ->add_option("--seconds", gateway_options.seconds,
                   "Of each run of load on files")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  gateway_options.pages =
      std::filesystem::path(options.self).parent_path().parent_path() / "web" /
      "pages";
  gateway->add_option("--pages", gateway_options.pages, "Folder of the pages")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  search_options.self = options.self;
  search_options.comityd = options.comityd;
  search_options.bundled = options.bundled;
  gateway_options.comityd = options.comityd;
  gateway_options.bundled = options.bundled;
  if (gateway->parsed()) return Exit(MeasureGateway(gateway_options));
  if (search->parsed()) return Exit(MeasureSearch(search_options));
  if (serve->parsed())
    return Exit(Serve(folder, options.bundled, index_folder));
  if (call->parsed()) return Exit(MeasureCalls(call_options));
  return Exit(Run(options));
}

}  // namespace
}  // namespace comity::bench

int main(int argc, char** argv) { return comity::bench::Main(argc, argv); }
