#include "tests/bench/gateway_bench.h"

#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "comity/v1/directory_service.grpc.pb.h"
#include "comity/v1/routing_service.grpc.pb.h"
#include "google/protobuf/util/json_util.h"
#include "tests/bench/process.h"
#include "tests/support/temporary_folder.h"

namespace comity::bench {
namespace {

constexpr double kCallTarget = 1.3;
constexpr double kFilesTarget = 0.5;
constexpr int kRounds = 3;
// Calls before it is measured.
constexpr int64_t kWarmUp = 300;

// A connection that is kept, as browsers keep them.
class HttpClient {
 public:
  explicit HttpClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address),
                           sizeof address) == 0;
  }
  ~HttpClient() { close(fd_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }

  // The size of the answer's body; Internal unless it is 200.
  absl::StatusOr<size_t> Ask(const std::string& request) {
    if (send(fd_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      return absl::InternalError("the request was not taken");
    }
    size_t have = 0;
    size_t head = 0;
    size_t body = 0;
    while (head == 0 || have < head + body) {
      if (in_.size() < have + kPiece) in_.resize(have + kPiece);
      const ssize_t got = recv(fd_, in_.data() + have, kPiece, 0);
      if (got <= 0) return absl::InternalError("the answer was cut off");
      have += static_cast<size_t>(got);
      const absl::string_view all(in_.data(), have);
      if (head != 0) continue;
      const size_t end = all.find("\r\n\r\n");
      if (end == absl::string_view::npos) continue;
      head = end + 4;
      const size_t length = all.find("Content-Length: ");
      if (!absl::StartsWith(all, "HTTP/1.1 200 ") || length > end) {
        return absl::InternalError(absl::StrCat("an answer: ", all));
      }
      const absl::string_view rest = all.substr(length + 16);
      if (!absl::SimpleAtoi(rest.substr(0, rest.find('\r')), &body)) {
        return absl::InternalError("no Content-Length");
      }
    }
    return body;
  }

 private:
  static constexpr size_t kPiece = 64 << 10;

  const int fd_;
  bool connected_ = false;
  std::string in_;
};

std::string JsonOf(const google::protobuf::Message& message) {
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json);
  return status.ok() ? json : "";
}

std::string PostOf(const std::string& path, const std::string& body) {
  return absl::StrCat("POST ", path,
                      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                      "application/json\r\nContent-Length: ",
                      body.size(), "\r\n\r\n", body);
}

// A method, asked in both ways.
struct Asked {
  std::string name;
  std::function<grpc::Status()> by_grpc;
  std::string http_request;
  std::vector<int64_t> grpc_ns = {};
  std::vector<int64_t> http_ns = {};
  size_t body_bytes = 0;
};

int64_t Median(std::vector<int64_t> times) {
  std::nth_element(times.begin(), times.begin() + times.size() / 2,
                   times.end());
  return times[times.size() / 2];
}

template <class Function>
int64_t Nanoseconds(Function function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start)
      .count();
}

template <class Stub, class Request, class Response>
Asked AskedOf(const std::string& path, Stub* stub, Request request,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                           Response*)) {
  Asked asked;
  asked.name = path.substr(path.rfind('/') + 1);
  asked.http_request = PostOf(path, JsonOf(request));
  asked.by_grpc = [stub, request = std::move(request), method] {
    grpc::ClientContext context;
    Response response;
    return (stub->*method)(&context, request, &response);
  };
  return asked;
}

absl::Status MeasureCalls(const GatewayBenchOptions& options,
                          const std::string& address, uint16_t port) {
  const auto channel =
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const auto directory = v1::DirectoryService::NewStub(channel);
  const auto routing = v1::RoutingService::NewStub(channel);
  v1::GetStateRequest state;
  state.set_name("states/LTU");
  v1::FindContactsRequest find;
  find.set_state("states/LTU");
  find.set_function("functions/mla");
  find.set_as_of("2015-06-01");
  v1::RouteRequestRequest route;
  route.set_requesting_state("states/FRA");
  route.set_requested_state("states/LTU");
  route.set_function("functions/mla");
  route.set_as_of("2015-06-01");
  std::vector<Asked> all;
  all.push_back(AskedOf("/comity.v1.DirectoryService/GetState", directory.get(),
                        state, &v1::DirectoryService::Stub::GetState));
  all.push_back(AskedOf("/comity.v1.DirectoryService/FindContacts",
                        directory.get(), find,
                        &v1::DirectoryService::Stub::FindContacts));
  all.push_back(AskedOf("/comity.v1.RoutingService/RouteRequest", routing.get(),
                        route, &v1::RoutingService::Stub::RouteRequest));
  HttpClient http(port);
  if (!http.connected()) return absl::InternalError("no connection");
  for (int64_t i = -kWarmUp; i < options.calls; ++i) {
    for (Asked& each : all) {
      grpc::Status status;
      const int64_t grpc_ns = Nanoseconds([&] { status = each.by_grpc(); });
      if (!status.ok()) return absl::InternalError(status.error_message());
      absl::StatusOr<size_t> bytes = size_t{0};
      const int64_t http_ns =
          Nanoseconds([&] { bytes = http.Ask(each.http_request); });
      RETURN_IF_ERROR(bytes.status());
      if (i < 0) continue;
      each.grpc_ns.push_back(grpc_ns);
      each.http_ns.push_back(http_ns);
      each.body_bytes = *bytes;
    }
  }
  std::printf("%-16s %9s %9s %7s %7s  %s\n", "call", "gRPC us", "JSON us",
              "ratio", "target", "verdict; bytes of JSON");
  for (const Asked& each : all) {
    const double by_grpc = static_cast<double>(Median(each.grpc_ns)) / 1e3;
    const double by_http = static_cast<double>(Median(each.http_ns)) / 1e3;
    std::printf("%-16s %9.1f %9.1f %7.2f %7s  %s; %zu\n", each.name.c_str(),
                by_grpc, by_http, by_http / by_grpc, "<=1.30",
                by_http / by_grpc <= kCallTarget ? "met" : "short",
                each.body_bytes);
  }
  return absl::OkStatus();
}

// nginx as Debian has it, with the same files and packings.
absl::StatusOr<std::unique_ptr<Process>> StartNginx(const std::string& pages,
                                                    const std::string& scratch,
                                                    uint16_t port) {
  std::ofstream(scratch + "/nginx.conf")
      << "user root;\ndaemon off;\nworker_processes auto;\npid " << scratch
      << "/nginx.pid;\nerror_log " << scratch
      << "/error.log;\nevents { worker_connections 1024; }\nhttp {\n  include "
         "/etc/nginx/mime.types;\n  access_log off;\n  sendfile on;\n  "
         "tcp_nopush on;\n  gzip_static on;\n  client_body_temp_path "
      << scratch << "/b;\n  proxy_temp_path " << scratch
      << "/p;\n  fastcgi_temp_path " << scratch << "/f;\n  uwsgi_temp_path "
      << scratch << "/u;\n  scgi_temp_path " << scratch
      << "/s;\n  server { listen 127.0.0.1:" << port << "; root " << pages
      << "; }\n}\n";
  return Process::Start({"/usr/sbin/nginx", "-c", scratch + "/nginx.conf"});
}

// Requests a second.
absl::StatusOr<double> Load(const std::string& url, int seconds) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> wrk,
                   Process::Start({"/usr/bin/wrk", "-t1", "-c16",
                                   absl::StrCat("-d", seconds, "s"), "-H",
                                   "Accept-Encoding: gzip", url}));
  double rate = 0;
  std::string text;
  for (std::string line = wrk->ReadLine(); !line.empty() || rate == 0;
       line = wrk->ReadLine()) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() == 2 && words[0] == "Requests/sec:") {
      (void)absl::SimpleAtod(words[1], &rate);
    }
    if (absl::StrContains(line, "Non-2xx")) {
      return absl::InternalError(absl::StrCat(url, ": ", line));
    }
    if (line.empty()) break;
  }
  RETURN_IF_ERROR(wrk->Wait());
  return rate;
}

// A port that was free a moment ago.
uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

// The document and the largest script.
std::vector<std::string> FilesOf(const std::string& pages) {
  std::string largest;
  size_t most = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(pages + "/assets")) {
    if (entry.path().extension() != ".js" || entry.file_size() < most) continue;
    most = entry.file_size();
    largest = "/assets/" + entry.path().filename().string();
  }
  return {"/index.html", largest};
}

absl::Status MeasureFiles(const GatewayBenchOptions& options,
                          const std::string& scratch, uint16_t port) {
  if (!std::filesystem::exists("/usr/sbin/nginx") ||
      !std::filesystem::exists("/usr/bin/wrk")) {
    std::printf("files: not measured, nginx or wrk is not installed\n");
    return absl::OkStatus();
  }
  const uint16_t other = FreePort();
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> nginx,
                   StartNginx(options.pages, scratch, other));
  // It listens once a connection is taken.
  while (!HttpClient(other).connected()) {
  }
  std::printf("\n%-28s %9s %9s %7s %7s  %s\n", "file", "nginx/s", "ours/s",
              "ratio", "target", "verdict");
  for (const std::string& file : FilesOf(options.pages)) {
    double theirs = 0;
    double ours = 0;
    for (int round = 0; round < kRounds; ++round) {
      const auto at = [&](uint16_t to) {
        return Load(absl::StrCat("http://127.0.0.1:", to, file),
                    options.seconds);
      };
      ASSIGN_OR_RETURN(const double nginx_rate, at(other));
      ASSIGN_OR_RETURN(const double our_rate, at(port));
      theirs = std::max(theirs, nginx_rate);
      ours = std::max(ours, our_rate);
    }
    std::printf("%-28s %9.0f %9.0f %7.2f %7s  %s\n", file.c_str(), theirs, ours,
                ours / theirs, ">=0.50",
                ours / theirs >= kFilesTarget ? "met" : "short");
  }
  return nginx->Stop();
}

}  // namespace

absl::Status MeasureGateway(const GatewayBenchOptions& options) {
  const TemporaryFolder scratch;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Process> server,
      Process::Start({options.comityd, "--data-dir", scratch.Path("data"),
                      "--listen", "127.0.0.1:0", "--load", options.bundled,
                      "--web", "127.0.0.1:0", "--web-dir", options.pages}));
  const std::string ready = server->ReadLine();
  const std::string web = server->ReadLine();
  uint32_t port = 0;
  if (ready.empty() ||
      !absl::SimpleAtoi(web.substr(web.rfind(':') + 1), &port)) {
    return absl::InternalError("comityd did not start");
  }
  const auto http_port = static_cast<uint16_t>(port);
  RETURN_IF_ERROR(
      MeasureCalls(options, ready.substr(ready.rfind(' ') + 1), http_port));
  RETURN_IF_ERROR(MeasureFiles(options, scratch.path(), http_port));
  return server->Stop();
}

}  // namespace comity::bench
