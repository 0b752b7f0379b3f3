#include "tests/bench/search_bench.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <xapian.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "comity/v1/library_service.grpc.pb.h"
#include "comity/v1/search_service.grpc.pb.h"
#include "google/protobuf/empty.pb.h"
#include "index/query_builder.h"
#include "index/xapian_guard.h"
#include "tests/bench/bare_index.h"
#include "tests/bench/empty_service.h"
#include "tests/bench/import_client.h"
#include "tests/bench/process.h"
#include "tests/bench/queries.h"
#include "tests/bench/synthetic_library.h"
#include "tests/support/synthetic.h"
#include "tests/support/temporary_folder.h"

namespace comity::bench {
namespace {

using Steady = std::chrono::steady_clock;

double SecondsSince(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

int64_t BytesOf(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      bytes += static_cast<int64_t>(entry.file_size());
    }
  }
  return bytes;
}

const char* Verdict(bool met) { return met ? "met" : "short"; }

// Microseconds.
struct Times {
  std::vector<double> all;

  double At(double part) {
    if (all.empty()) return 0;
    const auto at =
        static_cast<std::ptrdiff_t>(part * static_cast<double>(all.size() - 1));
    std::nth_element(all.begin(), all.begin() + at, all.end());
    return all[static_cast<size_t>(at)];
  }
  double p50() { return At(0.5); }
  double p99() { return At(0.99); }
  void Add(const Times& other) {
    all.insert(all.end(), other.all.begin(), other.all.end());
  }
};

struct Way {
  const char* name;
  double target;
  // Which part of the times counts.
  double part;
  std::function<void(v1::SearchRequest*)> set;
};

std::vector<Way> Ways() {
  const auto flat = [](v1::SearchRequest* request) {
    request->set_without_snippets(true);
    request->set_group(v1::SearchRequest::GROUP_NONE);
  };
  return {
      {"search", 1.2, 0.5, flat},
      {"grouped", 1.3, 0.5,
       [](v1::SearchRequest* request) { request->set_without_snippets(true); }},
      {"snippets", 1.5, 0.5,
       [](v1::SearchRequest* request) {
         request->set_group(v1::SearchRequest::GROUP_NONE);
       }},
      {"dates", 1.5, 0.5,
       [flat](v1::SearchRequest* request) {
         flat(request);
         request->mutable_filter()->set_from("1987-05-03");
         request->mutable_filter()->set_until("2011-11-20");
       }},
      {"facets", 3.0, 0.99,
       [flat](v1::SearchRequest* request) {
         flat(request);
         for (int facet = v1::SEARCH_FACET_FIELD_STATE;
              facet <= v1::SEARCH_FACET_FIELD_SUBJECT; ++facet) {
           request->add_facets(static_cast<v1::SearchFacetField>(facet));
         }
       }},
  };
}

absl::Status StatusOf(const grpc::Status& status, const char* what) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(what, ": ", status.error_message()));
}

class Client {
 public:
  // A channel of its own.
  explicit Client(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    channel_ = grpc::CreateCustomChannel(
        address, grpc::InsecureChannelCredentials(), arguments);
    search_ = v1::SearchService::NewStub(channel_);
    library_ = v1::LibraryService::NewStub(channel_);
  }

  absl::Status Empty() {
    grpc::ClientContext context;
    google::protobuf::Empty answer;
    const grpc::internal::RpcMethod method(
        kEmptyMethod, grpc::internal::RpcMethod::NORMAL_RPC, channel_);
    return StatusOf(
        grpc::internal::BlockingUnaryCall<
            google::protobuf::Empty, google::protobuf::Empty,
            google::protobuf::MessageLite, google::protobuf::MessageLite>(
            channel_.get(), method, &context, google::protobuf::Empty(),
            &answer),
        "empty call");
  }

  absl::Status Search(const v1::SearchRequest& request,
                      v1::SearchResponse* response) {
    grpc::ClientContext context;
    return StatusOf(search_->Search(&context, request, response), "Search");
  }

  absl::Status Update(const v1::Expression& expression) {
    grpc::ClientContext context;
    v1::UpdateExpressionRequest request;
    *request.mutable_expression() = expression;
    request.mutable_update_mask()->add_paths("provisions");
    v1::Expression updated;
    return StatusOf(library_->UpdateExpression(&context, request, &updated),
                    "UpdateExpression");
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::SearchService::Stub> search_;
  std::unique_ptr<v1::LibraryService::Stub> library_;
};

class Bench {
 public:
  Bench(const SearchOptions& options, const SyntheticLibrary& library)
      : options_(options), library_(library) {}

  absl::Status Run() {
    std::printf("%lld provisions in %zu laws, %.1f MB of text, synthetic\n",
                static_cast<long long>(library_.provisions()),
                library_.laws().size(),
                static_cast<double>(library_.text_bytes()) / 1e6);
    RETURN_IF_ERROR(StartServer());
    RETURN_IF_ERROR(MeasureIndexing());
    queries_ = DrawQueries(library_, options_.queries);
    RETURN_IF_ERROR(MeasureQueries());
    RETURN_IF_ERROR(MeasureCommonest());
    RETURN_IF_ERROR(MeasureClients());
    RETURN_IF_ERROR(MeasureUpdates());
    RETURN_IF_ERROR(MeasureCallsBeside());
    std::printf("peak memory of server: %lld MiB\n",
                static_cast<long long>(server_->PeakBytes() >> 20));
    return MeasureStart();
  }

 private:
  std::string bare_folder() const { return folder_.Path("bare"); }

  absl::Status StartServer() {
    ASSIGN_OR_RETURN(
        server_,
        Process::Start({options_.self, "serve", "--data-dir",
                        folder_.Path("data"), "--load", options_.bundled,
                        "--index", folder_.Path("data") + "/index"}));
    const std::string line = server_->ReadLine();
    absl::string_view rest = line;
    if (!absl::ConsumePrefix(&rest, "ready ")) {
      return absl::InternalError("the server did not start");
    }
    address_ = std::string(rest);
    client_ = std::make_unique<Client>(address_);
    return absl::OkStatus();
  }

  absl::Status MeasureIndexing() {
    // At the best of these.
    constexpr int kFlushes[] = {1000, 3000, 10000, 30000};
    constexpr size_t kTriedLaws = 1000;
    int flush = 0;
    double best = std::numeric_limits<double>::max();
    for (const int tried : kFlushes) {
      const std::string folder = folder_.Path("tried");
      ASSIGN_OR_RETURN(const double seconds,
                       IndexBare(library_, kTriedLaws, tried, folder));
      std::filesystem::remove_all(folder);
      if (seconds < best) {
        best = seconds;
        flush = tried;
      }
    }
    ASSIGN_OR_RETURN(
        const double bare,
        IndexBare(library_, library_.laws().size(), flush, bare_folder()));
    ASSIGN_OR_RETURN(const std::vector<std::string> files,
                     library_.WriteLines(folder_.Path("library")));
    double importing = 0;
    uint64_t sequence = 0;
    const auto start = Steady::now();
    for (const std::string& file : files) {
      ASSIGN_OR_RETURN(const Imported imported, ImportRecords(address_, file));
      importing += imported.seconds;
      sequence = imported.sequence;
    }
    RETURN_IF_ERROR(WaitForIndex(address_, sequence));
    const double ours = SecondsSince(start);
    for (const std::string& file : files) std::filesystem::remove(file);
    const auto count = static_cast<double>(library_.provisions());
    const auto text = static_cast<double>(library_.text_bytes());
    const double size =
        static_cast<double>(BytesOf(folder_.Path("data") + "/index")) / text;
    std::printf(
        "indexing: bare %.0f/s (flush %d, %.2f bytes a byte), import and index "
        "%.0f/s, %.1f s of %.1f s the import: %.2f times (>=1.60: %s)\n",
        count / bare, flush, static_cast<double>(BytesOf(bare_folder())) / text,
        count / ours, ours, importing, bare / ours,
        Verdict(bare / ours >= 1.6));
    std::printf("index: %.2f bytes a byte of text (<=2.20: %s)\n", size,
                Verdict(size <= 2.2));
    return absl::OkStatus();
  }

  // A plain query's best ten, as anyone would show them.
  static void AskBare(const Xapian::Query& query,
                      const Xapian::Database& database) {
    const index::Ranking ranking;
    Xapian::Enquire enquire(database);
    enquire.set_weighting_scheme(
        Xapian::BM25Weight(ranking.k1, 0, 1, ranking.b, 0));
    enquire.set_query(query);
    const Xapian::MSet found = enquire.get_mset(0, 10);
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      (void)hit.get_document().get_data();
    }
  }

  static absl::Status Timed(Times* times,
                            const std::function<absl::Status()>& call) {
    const auto start = Steady::now();
    RETURN_IF_ERROR(call());
    times->all.push_back(SecondsSince(start) * 1e6);
    return absl::OkStatus();
  }

  // What one query took, by the name of what was done.
  using Results = std::map<std::string, Times>;

  absl::Status Ask(const Query& query, const Xapian::Database& database,
                   index::Analyzer* analyzer, Results* results) {
    const Xapian::Query tree = BareQuery(query.text, database, analyzer);
    Times bare;
    RETURN_IF_ERROR(Timed(&bare, [&] {
      AskBare(tree, database);
      return absl::OkStatus();
    }));
    Times empty;
    RETURN_IF_ERROR(Timed(&empty, [&] { return client_->Empty(); }));
    (*results)["bare"].Add(bare);
    (*results)["empty"].Add(empty);
    (*results)["floor"].all.push_back(bare.all[0] + empty.all[0]);
    for (const Way& way : Ways()) {
      v1::SearchRequest request;
      request.set_query(query.text);
      way.set(&request);
      v1::SearchResponse response;
      RETURN_IF_ERROR(Timed(&(*results)[way.name], [&] {
        return client_->Search(request, &response);
      }));
    }
    return absl::OkStatus();
  }

  absl::Status AskEach(std::map<std::string, Results>* by_kind) {
    const Xapian::Database database(bare_folder());
    ASSIGN_OR_RETURN(const std::unique_ptr<index::Analyzer> analyzer,
                     index::Analyzer::Create());
    for (const Query& query : queries_) {
      // What is measured has been read before.
      Results warm;
      RETURN_IF_ERROR(Ask(query, database, analyzer.get(), &warm));
      RETURN_IF_ERROR(
          Ask(query, database, analyzer.get(), &(*by_kind)[query.kind]));
    }
    return absl::OkStatus();
  }

  absl::Status MeasureQueries() {
    std::map<std::string, Results> by_kind;
    RETURN_IF_ERROR(index::Guard([&] { return AskEach(&by_kind); }));
    Results& total = by_kind["all"];
    for (const char* kind : kQueryKinds) {
      for (auto& [name, times] : by_kind[kind]) total[name].Add(times);
    }
    std::printf("%-10s %8s %8s", "p50 us", "bare", "empty");
    for (const Way& way : Ways()) std::printf(" %14s", way.name);
    std::printf("   facets and floor, p99\n");
    std::vector<std::string> kinds(std::begin(kQueryKinds),
                                   std::end(kQueryKinds));
    kinds.emplace_back("all");
    for (const std::string& kind : kinds) {
      Results& results = by_kind[kind];
      std::printf("%-10s %8.0f %8.0f", kind.c_str(), results["bare"].p50(),
                  results["empty"].p50());
      for (const Way& way : Ways()) {
        std::printf(
            " %7.0f (%4.2f)", results[way.name].p50(),
            results[way.name].At(way.part) / results["floor"].At(way.part));
      }
      std::printf("   %.0f, %.0f\n", results["facets"].p99(),
                  results["floor"].p99());
    }
    for (const Way& way : Ways()) {
      const double ratio =
          total[way.name].At(way.part) / total["floor"].At(way.part);
      std::printf("%-10s %.2f of bare and empty, p%.0f (<=%.2f: %s)\n",
                  way.name, ratio, 100 * way.part, way.target,
                  Verdict(ratio <= way.target));
    }
    return absl::OkStatus();
  }

  // What costs most, with all facets: what the limits of queries come to.
  absl::Status MeasureCommonest() {
    std::vector<Query> queries;
    RETURN_IF_ERROR(index::Guard([&] {
      queries = CommonestQueries(Xapian::Database(bare_folder()));
      return absl::OkStatus();
    }));
    std::map<std::string, Times> by_kind;
    int incomplete = 0;
    for (const Query& query : queries) {
      v1::SearchRequest request;
      request.set_query(query.text);
      Ways().back().set(&request);
      v1::SearchResponse response;
      RETURN_IF_ERROR(Timed(&by_kind[query.kind], [&] {
        return client_->Search(request, &response);
      }));
      if (response.incomplete()) ++incomplete;
    }
    std::printf("commonest words, all facets, ms at most:");
    for (auto& [kind, times] : by_kind) {
      std::printf(" %s %.0f", kind.c_str(), times.At(1) / 1e3);
    }
    std::printf("; %d of %zu incomplete\n", incomplete, queries.size());
    return absl::OkStatus();
  }

  // Searches a second, as shipped, of so many clients.
  absl::StatusOr<double> Rate(int clients) {
    std::atomic<size_t> next{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    const auto start = Steady::now();
    for (int i = 0; i < clients; ++i) {
      threads.emplace_back([&] {
        Client client(address_);
        for (size_t at = next++; at < queries_.size(); at = next++) {
          v1::SearchRequest request;
          request.set_query(queries_[at].text);
          v1::SearchResponse response;
          if (!client.Search(request, &response).ok()) ++failed;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (failed > 0) return absl::InternalError("searches failed");
    return static_cast<double>(queries_.size()) / SecondsSince(start);
  }

  // Queries a second of so many threads that ask bare Xapian, without any
  // server: what the machine gives.
  absl::StatusOr<double> BareRate(int threads_wanted) {
    std::atomic<size_t> next{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    const auto ask = [&]() -> absl::Status {
      const Xapian::Database database(bare_folder());
      ASSIGN_OR_RETURN(const std::unique_ptr<index::Analyzer> analyzer,
                       index::Analyzer::Create());
      for (size_t at = next++; at < queries_.size(); at = next++) {
        AskBare(BareQuery(queries_[at].text, database, analyzer.get()),
                database);
      }
      return absl::OkStatus();
    };
    const auto start = Steady::now();
    for (int i = 0; i < threads_wanted; ++i) {
      threads.emplace_back([&] {
        if (!index::Guard(ask).ok()) ++failed;
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (failed > 0) return absl::InternalError("bare queries failed");
    return static_cast<double>(queries_.size()) / SecondsSince(start);
  }

  absl::Status MeasureClients() {
    RETURN_IF_ERROR(Rate(2).status());
    ASSIGN_OR_RETURN(const double one, Rate(1));
    ASSIGN_OR_RETURN(const double two, Rate(2));
    ASSIGN_OR_RETURN(const double bare_one, BareRate(1));
    ASSIGN_OR_RETURN(const double bare_two, BareRate(2));
    std::printf(
        "clients: one %.0f/s, two %.0f/s: %.2f times (>=1.70: %s); threads of "
        "bare Xapian: %.2f times\n",
        one, two, two / one, Verdict(two / one >= 1.7), bare_two / bare_one);
    return absl::OkStatus();
  }

  absl::Status AskAll(Times* times) {
    for (const Query& query : queries_) {
      v1::SearchRequest request;
      request.set_query(query.text);
      v1::SearchResponse response;
      RETURN_IF_ERROR(
          Timed(times, [&] { return client_->Search(request, &response); }));
    }
    return absl::OkStatus();
  }

  // Changes one provision after another, as many a minute as wanted, until told
  // to stop.
  absl::Status Update(const std::atomic<bool>& stop, int* made) {
    Client client(address_);
    const auto start = Steady::now();
    const auto step = std::chrono::duration<double>(60.0 / options_.updates);
    while (!stop) {
      const auto& laws = library_.laws();
      const SyntheticLibrary::Law& law =
          laws[static_cast<size_t>(*made) * 7919 % laws.size()];
      v1::Expression expression = library_.Text(law);
      v1::Provision* provision = expression.mutable_provisions(0);
      absl::StrAppend(provision->mutable_text(), " update", *made);
      RETURN_IF_ERROR(client.Update(expression));
      ++*made;
      std::this_thread::sleep_until(
          start + std::chrono::duration_cast<Steady::duration>(step * *made));
    }
    return absl::OkStatus();
  }

  absl::Status MeasureUpdates() {
    Times before;
    RETURN_IF_ERROR(AskAll(&before));
    std::atomic<bool> stop{false};
    int made = 0;
    absl::Status updated;
    const auto start = Steady::now();
    std::thread updates([&] { updated = Update(stop, &made); });
    Times during;
    absl::Status asked;
    while (asked.ok() && SecondsSince(start) < options_.update_seconds) {
      asked = AskAll(&during);
    }
    stop = true;
    updates.join();
    const double seconds = SecondsSince(start);
    RETURN_IF_ERROR(asked);
    RETURN_IF_ERROR(updated);
    const double ratio = during.p50() / before.p50();
    std::printf(
        "updates: %.0f a minute; search p50 %.0f us before, %.0f us meanwhile: "
        "%.2f times (<=1.20: %s)\n",
        60 * made / seconds, before.p50(), during.p50(), ratio,
        Verdict(ratio <= 1.2));
    return absl::OkStatus();
  }

  // Look-ups, with as many designations as their own measurement has, while
  // searches go on.
  absl::Status MeasureCallsBeside() {
    ASSIGN_OR_RETURN(const synthetic::World world,
                     synthetic::World::Read(options_.bundled));
    const std::string csv = folder_.Path("designations.csv");
    {
      std::ofstream out(csv, std::ios::binary);
      synthetic::Options designations;
      designations.designations = options_.designations;
      synthetic::WriteCsv(world, designations, &out);
    }
    ASSIGN_OR_RETURN(const Imported imported, Import(address_, csv));
    RETURN_IF_ERROR(WaitForIndex(address_, imported.sequence));
    std::atomic<bool> stop{false};
    std::atomic<int> searches{0};
    std::thread searching([&] {
      Client client(address_);
      for (size_t at = 0; !stop; ++at) {
        v1::SearchRequest request;
        request.set_query(queries_[at % queries_.size()].text);
        v1::SearchResponse response;
        if (client.Search(request, &response).ok()) ++searches;
      }
    });
    const auto start = Steady::now();
    auto client =
        Process::Start({options_.self, "call", "--address", address_, "--calls",
                        absl::StrCat(options_.calls), "--floors"});
    std::map<std::string, double> p50;
    absl::Status status = client.status();
    if (client.ok()) {
      for (std::string line = (*client)->ReadLine(); !line.empty();
           line = (*client)->ReadLine()) {
        const std::vector<std::string> words = absl::StrSplit(line, ' ');
        if (words.size() != 6 || !absl::SimpleAtod(words[2], &p50[words[0]])) {
          status = absl::InternalError("calls: " + line);
        }
      }
      status.Update((*client)->Wait());
    }
    const double seconds = SecondsSince(start);
    stop = true;
    searching.join();
    RETURN_IF_ERROR(status);
    std::printf("beside %.0f searches a second: ", searches / seconds);
    const std::pair<const char*, double> targets[] = {
        {"GetAuthority", 1.15}, {"FindContacts", 1.3}, {"RouteRequest", 1.5}};
    for (const auto& [name, target] : targets) {
      const double ratio = p50[name] / p50["Empty"];
      std::printf("%s %.2f (<=%.2f: %s; its bytes alone %.2f) ", name, ratio,
                  target, Verdict(ratio <= target),
                  p50[absl::StrCat(name, "-bytes")] / p50["Empty"]);
    }
    std::printf("of the empty call's %.0f us\n", p50["Empty"] / 1e3);
    return absl::OkStatus();
  }

  // From the start of comityd, as shipped, to the line that says it is ready.
  absl::Status MeasureStart() {
    RETURN_IF_ERROR(server_->Stop());
    const auto start = Steady::now();
    ASSIGN_OR_RETURN(
        const std::unique_ptr<Process> server,
        Process::Start({options_.comityd, "--data-dir", folder_.Path("data"),
                        "--listen", "127.0.0.1:0"}));
    if (server->ReadLine().empty()) {
      return absl::InternalError("comityd did not start");
    }
    const double seconds = SecondsSince(start);
    std::printf("start of comityd to ready: %.2f s (<1.00: %s)\n", seconds,
                Verdict(seconds < 1));
    return server->Stop();
  }

  const SearchOptions& options_;
  const SyntheticLibrary& library_;
  const TemporaryFolder folder_;
  std::unique_ptr<Process> server_;
  std::string address_;
  std::unique_ptr<Client> client_;
  std::vector<Query> queries_;
};

}  // namespace

absl::Status MeasureSearch(const SearchOptions& options) {
  // Line by line, for whoever waits.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const SyntheticLibrary library({.provisions = options.provisions});
  return Bench(options, library).Run();
}

}  // namespace comity::bench
