// The gateway over real sockets: what HTTP clients send and get, friendly ones
// and others.

#include "services/gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "services/connect_protocol.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using connect::AppendEnvelope;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kGetState[] = "/comity.v1.DirectoryService/GetState";
constexpr char kWatch[] = "/comity.v1.ChangeService/Watch";
constexpr char kImport[] = "/comity.v1.ImportService/Import";
constexpr char kJson[] = "application/json";
constexpr char kConnectProto[] = "application/connect+proto";

struct Response {
  // 0: the server closed the connection instead.
  int status = 0;
  // By name in lower case.
  std::map<std::string, std::string> headers;
  std::string body;
};

// One connection.
class Socket {
 public:
  // Whatever hangs fails, by default.
  explicit Socket(int port, int patience_ms = 30000, int buffer_bytes = 0)
      : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (buffer_bytes > 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer_bytes,
                 sizeof buffer_bytes);
    }
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address),
                           sizeof address) == 0;
    const timeval patience = {patience_ms / 1000, patience_ms % 1000 * 1000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }
  // Whether the server closed it, as far as was received.
  bool ended() const { return ended_; }

  // False: the server took no more.
  bool Send(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // False at the end, or after a long silence.
  bool More() {
    char buffer[65536];
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    ended_ = got == 0;
    if (got <= 0) return false;
    in_.append(buffer, static_cast<size_t>(got));
    return true;
  }

  void TakeByte() {
    char byte = 0;
    (void)!recv(fd_, &byte, 1, 0);
  }

  Response Receive(bool head = false) {
    Response response;
    size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) return response;
    }
    const std::vector<std::string> lines =
        absl::StrSplit(in_.substr(0, end), "\r\n");
    in_.erase(0, end + 4);
    EXPECT_TRUE(absl::SimpleAtoi(lines[0].substr(9, 3), &response.status));
    for (size_t i = 1; i < lines.size(); ++i) {
      const std::pair<std::string, std::string> header =
          absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
      response.headers[absl::AsciiStrToLower(header.first)] = header.second;
    }
    if (!head) ReceiveBody(&response);
    return response;
  }

 private:
  void ReceiveBody(Response* response) {
    size_t size = 0;
    if (absl::SimpleAtoi(response->headers["content-length"], &size)) {
      while (in_.size() < size && More()) {
      }
      response->body = in_.substr(0, size);
      in_.erase(0, size);
      return;
    }
    if (response->headers["transfer-encoding"] != "chunked") return;
    while (true) {
      size_t end = 0;
      while ((end = in_.find("\r\n")) == std::string::npos) {
        if (!More()) return;
      }
      const size_t chunk = std::stoul(in_.substr(0, end), nullptr, 16);
      while (in_.size() < end + 2 + chunk + 2) {
        if (!More()) return;
      }
      response->body += in_.substr(end + 2, chunk);
      in_.erase(0, end + 2 + chunk + 2);
      if (chunk == 0) return;
    }
  }

  const int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string in_;
};

struct Envelope {
  int flags;
  std::string bytes;
};

std::vector<Envelope> EnvelopesOf(absl::string_view body) {
  std::vector<Envelope> envelopes;
  uint8_t flags = 0;
  absl::string_view bytes;
  while (connect::TakeEnvelope(64 << 20, &body, &flags, &bytes) ==
         connect::Taken::kOne) {
    envelopes.push_back({flags, std::string(bytes)});
  }
  EXPECT_TRUE(body.empty());
  return envelopes;
}

template <class Message>
void Append(const Message& message, std::string* body) {
  AppendEnvelope(0, message.SerializeAsString(), body);
}

class GatewayTest : public ServerTest {
 protected:
  void SetUp() override {
    options_.web_listen = "127.0.0.1:0";
    Serve();
    Seed();
  }

  void Serve() {
    Reopen(options_);
    const std::string address = server_->web_address();
    ASSERT_TRUE(
        absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port_));
  }

  static std::string Head(const std::string& verb, const std::string& path,
                          const std::string& headers = "") {
    return absl::StrCat(verb, " ", path, " HTTP/1.1\r\nHost: localhost\r\n",
                        headers, "\r\n");
  }

  static std::string Post(const std::string& path, const std::string& type,
                          absl::string_view body,
                          const std::string& headers = "") {
    return absl::StrCat(Head("POST", path,
                             absl::StrCat("Content-Type: ", type,
                                          "\r\nContent-Length: ", body.size(),
                                          "\r\n", headers)),
                        body);
  }

  Response Ask(const std::string& request, bool head = false) {
    Socket socket(port_);
    EXPECT_TRUE(socket.connected());
    EXPECT_TRUE(socket.Send(request));
    return socket.Receive(head);
  }

  int Watchers() {
    return Must(admin_, &v1::AdminService::Stub::GetStats, {}).watchers();
  }
  void WaitForWatchers(int count) {
    const absl::Time until = absl::Now() + absl::Seconds(60);
    while (Watchers() != count && absl::Now() < until) {
    }
    EXPECT_EQ(Watchers(), count);
  }

  ServerOptions options_;
  int port_ = 0;
};

TEST_F(GatewayTest, CallsAnswerInJsonAndInBytes) {
  const Response json = Ask(Post(kGetState, kJson, R"({"name":"states/LTU"})"));
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(json.headers.at("content-type"), kJson);
  EXPECT_THAT(json.body, HasSubstr(R"("name":"states/LTU")"));
  v1::GetStateRequest request;
  request.set_name("states/LTU");
  const Response bytes =
      Ask(Post(kGetState, "application/proto", request.SerializeAsString()));
  EXPECT_EQ(bytes.status, 200);
  v1::State state;
  ASSERT_TRUE(state.ParseFromString(bytes.body));
  EXPECT_EQ(state.short_names(0).text(), "Lithuania");
}

TEST_F(GatewayTest, OneConnectionServesManyCalls) {
  Socket socket(port_);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(
        socket.Send(Post(kGetState, kJson, R"({"name":"states/FRA"})")));
    EXPECT_THAT(socket.Receive().body, HasSubstr("France"));
    ASSERT_TRUE(socket.Send(Post(kGetState, kJson, R"({"name":"x"})")));
    EXPECT_EQ(socket.Receive().status, 400);
  }
}

TEST_F(GatewayTest, ErrorsSayWhatIsWrong) {
  const std::string large(5 << 20, ' ');
  const struct {
    const char* what;
    std::string request;
    int status;
    const char* body;
  } cases[] = {
      {"no such record", Post(kGetState, kJson, R"({"name":"states/SWE"})"),
       404, R"("code":"not_found")"},
      {"malformed field", Post(kGetState, kJson, R"({"name":"LTU"})"), 400,
       R"("type":"google.rpc.BadRequest")"},
      {"no JSON", Post(kGetState, kJson, "{"), 400, "no JSON of a"},
      {"wrong type", Post(kGetState, kJson, R"({"name":{}})"), 400,
       "invalid_argument"},
      {"too large", Post(kGetState, kJson, large), 429, "at most 4194304"},
      {"no such method", Post("/comity.v1.DirectoryService/GetX", kJson, "{}"),
       404, "code"},
      {"wrong verb", Head("GET", kGetState), 405, "POST"},
      {"wrong media type", Post(kGetState, "text/plain", "{}"), 415, "code"},
      {"unary call of a stream", Post(kWatch, kJson, "{}"), 415, "code"},
      {"malformed timeout",
       Post(kGetState, kJson, "{}", "Connect-Timeout-Ms: soon\r\n"), 400,
       "Connect-Timeout-Ms"},
      {"packed body",
       Post(kGetState, kJson, "{}", "Content-Encoding: gzip\r\n"), 415, "code"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Response response = Ask(c.request);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.headers.at("content-type"), kJson);
    EXPECT_THAT(response.body, HasSubstr(c.body));
  }
}

TEST_F(GatewayTest, LargeAnswersArePackedForThoseWhoTakeIt) {
  const std::string body = R"({"pageSize":1000})";
  const char* kList = "/comity.v1.TreatyService/ListTreaties";
  for (int i = 0; i < 40; ++i) {
    v1::CreateTreatyRequest treaty;
    *treaty.mutable_treaty() =
        MakeTreaty(absl::StrCat("treaty-", i), absl::StrCat("T", i));
    Must(treaties_, &v1::TreatyService::Stub::CreateTreaty, treaty);
  }
  const Response plain = Ask(Post(kList, kJson, body));
  const Response packed =
      Ask(Post(kList, kJson, body, "Accept-Encoding: br, gzip\r\n"));
  EXPECT_EQ(plain.headers.count("content-encoding"), 0u);
  ASSERT_EQ(packed.headers.count("content-encoding"), 1u);
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size() / 3);
  const Response refused =
      Ask(Post(kList, kJson, body, "Accept-Encoding: gzip;q=0\r\n"));
  EXPECT_EQ(refused.body, plain.body);
}

TEST_F(GatewayTest, StreamsEndWithHowTheyEnded) {
  std::string body;
  AppendEnvelope(0, R"({"stopWhenCurrent":true})", &body);
  const Response response = Ask(Post(kWatch, "application/connect+json", body));
  EXPECT_EQ(response.status, 200);
  const std::vector<Envelope> envelopes = EnvelopesOf(response.body);
  ASSERT_GE(envelopes.size(), 2u);
  EXPECT_THAT(envelopes[0].bytes, HasSubstr("states/FRA"));
  EXPECT_EQ(envelopes.back().flags, connect::kEndFlag);
  EXPECT_EQ(envelopes.back().bytes, "{}");

  body.clear();
  AppendEnvelope(0, R"({"resumeToken":"x"})", &body);
  const std::vector<Envelope> refused =
      EnvelopesOf(Ask(Post(kWatch, "application/connect+json", body)).body);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_THAT(refused[0].bytes, HasSubstr(R"("code":"invalid_argument")"));
}

TEST_F(GatewayTest, GrpcWebHasTrailersInItsBody) {
  v1::GetStateRequest request;
  request.set_name("states/LTU");
  std::string body;
  Append(request, &body);
  std::vector<Envelope> envelopes =
      EnvelopesOf(Ask(Post(kGetState, "application/grpc-web", body)).body);
  ASSERT_EQ(envelopes.size(), 2u);
  v1::State state;
  EXPECT_TRUE(state.ParseFromString(envelopes[0].bytes));
  EXPECT_EQ(envelopes[1].flags, connect::kTrailersFlag);
  EXPECT_EQ(envelopes[1].bytes, "grpc-status: 0\r\n");
  body.clear();
  request.set_name("states/SWE");
  Append(request, &body);
  envelopes =
      EnvelopesOf(Ask(Post(kGetState, "application/grpc-web", body)).body);
  ASSERT_EQ(envelopes.size(), 1u);
  EXPECT_THAT(envelopes[0].bytes, StartsWith("grpc-status: 5\r\n"));
  EXPECT_THAT(envelopes[0].bytes, HasSubstr("grpc-status-details-bin: "));
}

// Both ways at once is more than HTTP/1.1 can do: all of the file first, then
// all of the results. Messages may come in any pieces.
TEST_F(GatewayTest, FilesAreImportedInAnyPieces) {
  v1::ImportRequest options;
  options.mutable_options()->set_kind(v1::IMPORT_KIND_RECORDS);
  options.mutable_options()->set_file_name("states.jsonl");
  std::string file;
  for (const char* code : {"SWE", "NOR", "DNK"}) {
    v1::Record record;
    *record.mutable_state() = MakeState(code, code);
    std::string line;
    ASSERT_TRUE(
        google::protobuf::util::MessageToJsonString(record, &line).ok());
    absl::StrAppend(&file, line, "\n");
  }
  std::string body;
  Append(options, &body);
  for (const char c : file) {
    v1::ImportRequest chunk;
    chunk.set_chunk(std::string(1, c));
    Append(chunk, &body);
  }
  const std::string request = Post(kImport, kConnectProto, body);
  std::mt19937 random(3);
  Socket socket(port_);
  for (absl::string_view rest = request; !rest.empty();) {
    const size_t size = std::min<size_t>(rest.size(), 1 + random() % 700);
    ASSERT_TRUE(socket.Send(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  const std::vector<Envelope> envelopes = EnvelopesOf(socket.Receive().body);
  ASSERT_FALSE(envelopes.empty());
  EXPECT_EQ(envelopes.back().flags, connect::kEndFlag);
  EXPECT_EQ(envelopes.back().bytes, "{}");
  v1::GetStateRequest get;
  get.set_name("states/DNK");
  Must(directory_, &v1::DirectoryService::Stub::GetState, get);
}

TEST_F(GatewayTest, MalformedStreamsEndWithAnError) {
  v1::WatchRequest watch;
  watch.set_stop_when_current(true);
  std::string one;
  Append(watch, &one);
  std::string packed;
  AppendEnvelope(connect::kCompressedFlag, "x", &packed);
  std::string vast("\0\xff\xff\xff\xff", 5);
  const struct {
    const char* what;
    std::string body;
    const char* code;
  } cases[] = {
      {"nothing", "", "unimplemented"},
      {"half of a head", one.substr(0, 3), "invalid_argument"},
      {"half of a message", one.substr(0, one.size() - 1), "invalid_argument"},
      {"two messages", one + one, "unimplemented"},
      {"packed", packed, "unimplemented"},
      {"vast", vast, "resource_exhausted"},
      {"noise", std::string("\0\0\0\0\x02\xff\xff", 7), "error"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const Response response = Ask(Post(kWatch, kConnectProto, c.body));
    EXPECT_EQ(response.status, 200);
    const std::vector<Envelope> envelopes = EnvelopesOf(response.body);
    ASSERT_FALSE(envelopes.empty());
    EXPECT_EQ(envelopes.back().flags, connect::kEndFlag);
    EXPECT_THAT(envelopes.back().bytes, HasSubstr(c.code));
  }
}

TEST_F(GatewayTest, DeadlinesEndCalls) {
  v1::WatchRequest watch;
  watch.set_from_now(true);
  std::string body;
  Append(watch, &body);
  const std::vector<Envelope> envelopes = EnvelopesOf(
      Ask(Post(kWatch, kConnectProto, body, "Connect-Timeout-Ms: 50\r\n"))
          .body);
  ASSERT_FALSE(envelopes.empty());
  EXPECT_THAT(envelopes.back().bytes, HasSubstr("deadline_exceeded"));
}

TEST_F(GatewayTest, ClientsThatLeaveLeaveNothingBehind) {
  v1::WatchRequest watch;
  watch.set_from_now(true);
  watch.mutable_heartbeat()->set_seconds(1);
  std::string body;
  Append(watch, &body);
  {
    Socket first(port_);
    Socket second(port_);
    ASSERT_TRUE(first.Send(Post(kWatch, kConnectProto, body)));
    ASSERT_TRUE(second.Send(Post(kWatch, kConnectProto, body)));
    WaitForWatchers(2);
  }
  WaitForWatchers(0);
}

TEST_F(GatewayTest, ShuttingDownEndsStreams) {
  v1::WatchRequest watch;
  watch.set_from_now(true);
  std::string body;
  Append(watch, &body);
  Socket socket(port_);
  ASSERT_TRUE(socket.Send(Post(kWatch, kConnectProto, body)));
  WaitForWatchers(1);
  Close();
  const std::vector<Envelope> envelopes = EnvelopesOf(socket.Receive().body);
  ASSERT_FALSE(envelopes.empty());
  EXPECT_EQ(envelopes.back().flags, connect::kEndFlag);
  EXPECT_THAT(envelopes.back().bytes, HasSubstr(R"("code":"unavailable")"));
  EXPECT_FALSE(Socket(port_).connected());
}

// Whatever clients do meanwhile, and however often.
TEST_F(GatewayTest, ShuttingDownAmidCallsIsClean) {
  const std::string call = Post(kGetState, kJson, R"({"name":"states/LTU"})");
  v1::WatchRequest watch;
  watch.set_from_now(true);
  std::string body;
  Append(watch, &body);
  for (int round = 0; round < 10; ++round) {
    std::atomic<bool> done = false;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&, i] {
        while (!done) {
          Socket socket(port_);
          while (!done && socket.Send(i == 0 ? Post(kWatch, kConnectProto, body)
                                             : call)) {
            if (i == 0 ? !socket.More() : socket.Receive().status == 0) break;
          }
        }
      });
    }
    EXPECT_EQ(Ask(call).status, 200);
    Close();
    done = true;
    for (std::thread& client : clients) client.join();
    Serve();
  }
}

TEST_F(GatewayTest, PlainCallsAnswerByTheRulesOfTheContract) {
  const Response state = Ask(Head("GET", "/v1/states/LTU"));
  EXPECT_EQ(state.status, 200);
  EXPECT_EQ(state.headers.at("content-type"), kJson);
  EXPECT_THAT(state.body, HasSubstr(R"("name":"states/LTU")"));
  const Response contacts = Ask(Head(
      "GET", "/v1/contacts:find?state=Lithuania&function=mla&asOf=2015-06-01"));
  EXPECT_EQ(contacts.status, 200);
  EXPECT_THAT(contacts.body, HasSubstr("office@example.org"));
  const Response created =
      Ask(Post("/v1/states", kJson,
               R"({"name":"states/SWE","kind":"KIND_STATE","shortNames":)"
               R"([{"text":"Sweden","language":"en"}],"sources":)"
               R"([{"kind":"SOURCE_KIND_SYNTHETIC","document":"test"}]})"));
  EXPECT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(Ask(Head("DELETE", "/v1/states/SWE")).status, 200);
  EXPECT_EQ(Ask(Head("GET", "/v1/states/SWE")).status, 404);
}

TEST_F(GatewayTest, PlainCallsFailWithAStatus) {
  const struct {
    std::string request;
    int status;
    const char* body;
  } cases[] = {
      {Head("GET", "/v1/states/SWE"), 404, R"("status":"NOT_FOUND")"},
      {Head("GET", "/v1/states/lithuania"), 400,
       R"("@type":"type.googleapis.com/google.rpc.BadRequest")"},
      {Head("GET", "/v1/states?pageSize=many"), 400, "must be a number"},
      {Head("GET", "/v1/states?colour=red"), 400, R"("field":"colour")"},
      {Post("/v1/states", kJson, "{"), 400, "no JSON of a comity.v1.State"},
      {Head("GET", "/v1/planets"), 404, "no method"},
      {Head("PUT", "/v1/states/LTU"), 405, "another verb"},
      {Head("GET", "/v1/changes:watch?resumeToken=x"), 400,
       R"("status":"INVALID_ARGUMENT")"},
      {Head("GET", "/v1/changes:watch", "Connect-Timeout-Ms: soon\r\n"), 400,
       "timeout"},
      {Post("/v1/records:search", kJson, std::string(5 << 20, ' ')), 429,
       "at most"},
      {Post("/v1/records:watchSearch", kJson, std::string(5 << 20, ' ')), 429,
       "at most"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.request.substr(0, 60));
    const Response response = Ask(c.request);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.headers.at("content-type"), kJson);
    EXPECT_THAT(response.body, HasSubstr(c.body));
  }
}

TEST_F(GatewayTest, PlainStreamsAreALineEach) {
  const Response response =
      Ask(Head("GET", "/v1/changes:watch?stopWhenCurrent=true"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("content-type"), "application/x-ndjson");
  std::vector<std::string> lines = absl::StrSplit(response.body, '\n');
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines.back(), "");
  EXPECT_THAT(lines[0], StartsWith(R"({"result":{)"));
  EXPECT_THAT(lines[0], HasSubstr("states/FRA"));
  // One that fails later says so in its last line.
  const Response late = Ask(Head("GET", "/v1/changes:watch?fromNow=true",
                                 "Connect-Timeout-Ms: 1500\r\n"));
  EXPECT_EQ(late.status, 200);
  lines = absl::StrSplit(late.body, '\n', absl::SkipEmpty());
  EXPECT_THAT(lines.back(), HasSubstr(R"({"error":{"status":"DEADLINE_)"));
}

TEST_F(GatewayTest, FilesGoInAndOutAsTheyAre) {
  const Response all =
      Ask(Head("GET", "/v1/records:export?format=EXPORT_FORMAT_JSONL"));
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.headers.at("content-type"), "application/octet-stream");
  EXPECT_THAT(all.body, HasSubstr("\n{\"state\":{\"name\":\"states/LTU\""));
  EXPECT_EQ(Ask(Head("GET", "/v1/records:export?state=LTU")).status, 400);
  v1::DeleteDesignationRequest gone;
  gone.set_name("states/LTU/designations/first");
  Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, gone);
  // More than the largest message; whatever form clients give it.
  const std::string file =
      absl::StrCat(all.body, std::string(3 << 20, '\n'), all.body);
  const Response imported =
      Ask(Post("/v1/importJobs:import?options.kind=IMPORT_KIND_RECORDS&"
               "options.fileName=all.jsonl",
               "application/x-www-form-urlencoded", file));
  EXPECT_EQ(imported.status, 200);
  EXPECT_THAT(imported.body, HasSubstr(R"("state":"STATE_APPLIED")"));
  v1::GetDesignationRequest get;
  get.set_name(gone.name());
  Must(directory_, &v1::DirectoryService::Stub::GetDesignation, get);
  const Response refused =
      Ask(Post("/v1/importJobs:import?options.kind=IMPORT_KIND_RECORDS&"
               "options.fileBytes=7",
               "text/plain", "no record"));
  EXPECT_THAT(refused.body, HasSubstr(R"({"error":{"status":"INVALID_ARG)"));
  EXPECT_THAT(refused.body, HasSubstr("but 9 bytes came"));
}

// A page of another site may not use what a browser can reach.
TEST_F(GatewayTest, OtherSitesPagesMayNotCall) {
  const auto ask = [this](const std::string& origin, const char* verb = "GET",
                          const char* path = "/v1/states/LTU") {
    return Ask(Head(verb, path, absl::StrCat("Origin: ", origin, "\r\n")));
  };
  EXPECT_EQ(ask("http://localhost").status, 200);
  for (const char* origin : {"https://evil.example", "null", "http://localhos",
                             "http://localhost:80", "http://localhost.evil"}) {
    EXPECT_EQ(ask(origin).status, 403) << origin;
    EXPECT_EQ(ask(origin, "OPTIONS", kGetState).status, 403) << origin;
    EXPECT_EQ(ask(origin, "POST", "/v1/importJobs:import").status, 403);
    EXPECT_EQ(ask(origin).headers.count("access-control-allow-origin"), 0u);
  }
  options_.web_origins = {"https://friend.example"};
  Serve();
  const Response answer = ask("https://friend.example");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"),
            "https://friend.example");
  const Response allowed = ask("https://Friend.Example", "OPTIONS", kGetState);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_THAT(allowed.headers.at("access-control-allow-headers"),
              HasSubstr("Connect-Protocol-Version"));
  EXPECT_EQ(ask("https://evil.example").status, 403);
  // Errors can be read, too.
  EXPECT_EQ(ask("https://friend.example", "GET", "/v1/states/SWE")
                .headers.count("access-control-allow-origin"),
            1u);
}

// A byte now and then keeps a connection from being idle, and a place from
// others.
TEST_F(GatewayTest, TricklingClientsAreCutOff) {
  options_.stall = absl::Seconds(1);
  Serve();
  const std::string call = Post(kGetState, kJson, R"({"name":"states/LTU"})");
  const size_t body = call.find("\r\n\r\n") + 4;
  for (const size_t already : {size_t{10}, body + 1}) {
    Socket socket(port_, /*patience_ms=*/100);
    ASSERT_TRUE(socket.Send(call.substr(0, already)));
    size_t sent = already;
    // Cut off before it is through: nothing was answered.
    while (!socket.More() && !socket.ended() && sent < call.size() &&
           socket.Send(call.substr(sent, 1))) {
      ++sent;
    }
    EXPECT_LT(sent, call.size()) << already;
  }
  EXPECT_EQ(Ask(call).status, 200);
}

TEST_F(GatewayTest, SlowReadersAreCutOff) {
  // More than the buffers on the way hold.
  v1::CreateTreatyRequest treaty;
  *treaty.mutable_treaty() = MakeTreaty("long", "LONG");
  for (int i = 0; i < 10; ++i) {
    treaty.mutable_treaty()->add_notes(std::string(3000, 'x'));
  }
  for (int i = 0; i < 400; ++i) {
    treaty.mutable_treaty()->set_name(absl::StrCat("treaties/long-", i));
    treaty.mutable_treaty()->set_aliases(0, absl::StrCat("LONG", i));
    Must(treaties_, &v1::TreatyService::Stub::CreateTreaty, treaty);
  }
  options_.stall = absl::Seconds(1);
  Serve();
  Socket socket(port_, /*patience_ms=*/30000, /*buffer_bytes=*/2048);
  ASSERT_TRUE(
      socket.Send(Head("GET", "/v1/changes:watch?includeRecords=true")));
  WaitForWatchers(1);
  // A byte now and then, so that it is never quite still.
  const absl::Time until = absl::Now() + absl::Seconds(60);
  while (Watchers() > 0 && absl::Now() < until) socket.TakeByte();
  EXPECT_EQ(Watchers(), 0);
}

// A name that someone else's site has may come to mean this machine.
TEST_F(GatewayTest, OtherHostsAreNotServed) {
  const auto ask = [this](const std::string& host) {
    return Ask(absl::StrCat("POST ", kGetState, " HTTP/1.1\r\nHost: ", host,
                            "\r\nContent-Type: application/json\r\n"
                            "Content-Length: 21\r\n\r\n",
                            R"({"name":"states/LTU"})"))
        .status;
  };
  for (const char* host : {"localhost", "localhost:7480", "127.0.0.1",
                           "10.1.2.3:80", "[::1]:7480"}) {
    EXPECT_EQ(ask(host), 200) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example:7480", ""}) {
    EXPECT_THAT(ask(host), AnyOf(421, 400)) << host;
  }
  options_.web_hosts = {"comity.example"};
  Serve();
  EXPECT_EQ(ask("comity.example"), 200);
  EXPECT_EQ(ask("Comity.Example:443"), 200);
  EXPECT_EQ(ask("evil.example"), 421);
}

TEST_F(GatewayTest, FilesAreServedWithTheirValidators) {
  const std::string folder = folder_.Path("web");
  std::filesystem::create_directories(folder + "/assets");
  std::ofstream(folder + "/index.html") << "<!doctype html>page";
  std::ofstream(folder + "/assets/app-1.js") << "let it = 'be';";
  std::ofstream(folder + "/assets/app-1.js.gz") << "packed";
  std::ofstream(folder_.Path("secret.txt")) << "secret";
  options_.web_folder = folder;
  Serve();
  const Response page = Ask(Head("GET", "/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html>page");
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.at("cache-control"), "no-cache");
  EXPECT_THAT(page.headers.at("content-security-policy"),
              HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  // What the address says is for the page to read.
  EXPECT_EQ(Ask(Head("GET", "/states/LTU?on=2015-06-01")).body, page.body);
  const Response script = Ask(Head("GET", "/assets/app-1.js"));
  EXPECT_EQ(script.body, "let it = 'be';");
  EXPECT_THAT(script.headers.at("cache-control"), HasSubstr("immutable"));
  const Response packed =
      Ask(Head("GET", "/assets/app-1.js", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_NE(packed.headers.at("etag"), script.headers.at("etag"));
  const std::string etag = page.headers.at("etag");
  const Response same = Ask(
      Head("GET", "/", absl::StrCat("If-None-Match: ", etag, "\r\n")), true);
  EXPECT_EQ(same.status, 304);
  const Response head = Ask(Head("HEAD", "/"), true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "19");
  EXPECT_EQ(Ask(Head("GET", "/assets/gone.js")).status, 404);
  EXPECT_EQ(Ask(Post("/comity.v1.DirectoryService/GetX", kJson, "{}")).status,
            404);
  EXPECT_EQ(Ask(Post("/states/LTU", kJson, "{}")).status, 405);
  for (const char* path :
       {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt",
        "/..%2fsecret.txt", "//secret.txt", "/assets/%00",
        "/\\..\\secret.txt"}) {
    SCOPED_TRACE(path);
    EXPECT_THAT(Ask(Head("GET", path)).body, Not(HasSubstr("secret")));
  }
}

// Connections are kept, whatever is answered.
TEST_F(GatewayTest, OneConnectionServesFilesAndRefusals) {
  const std::string folder = folder_.Path("web");
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/index.html") << "page";
  options_.web_folder = folder;
  Serve();
  Socket socket(port_);
  for (int i = 0; i < 3; ++i) {
    for (const auto& [request, status] :
         std::vector<std::pair<std::string, int>>{
             {Head("GET", "/"), 200},
             {Head("GET", "/gone.js"), 404},
             {Post(kGetState, "text/plain", "some body"), 415},
             {Post("/gone.js", "text/plain", std::string(100000, 'x')), 404},
             {Post(kGetState, kJson, R"({"name":"states/LTU"})"), 200}}) {
      ASSERT_TRUE(socket.Send(request));
      const Response response = socket.Receive();
      EXPECT_EQ(response.status, status);
      EXPECT_EQ(response.headers.count("connection"), 0u);
    }
  }
}

TEST_F(GatewayTest, NoiseHarmsNobody) {
  std::mt19937 random(11);
  const std::string good = Post(kGetState, kJson, R"({"name":"states/LTU"})");
  const std::string requests[] = {
      Head("GET", std::string(100000, 'a')),
      Head("GET", "/", absl::StrCat("X: ", std::string(200000, 'a'), "\r\n")),
      [] {
        std::string many;
        for (int i = 0; i < 20000; ++i)
          absl::StrAppend(&many, "X", i, ": y\r\n");
        return Head("GET", "/", many);
      }(),
      Head("POST", kGetState, "Content-Length: 99999999999999999999\r\n"),
      Head("POST", kGetState, "Content-Length: -1\r\n"),
      Head("POST", kGetState,
           "Content-Type: application/json\r\nTransfer-Encoding: "
           "chunked\r\n") +
          "zz\r\nno chunk\r\n0\r\n\r\n",
      std::string("\x16\x03\x01\x02\x00\x01", 6),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  };
  for (const std::string& request : requests) {
    Socket socket(port_);
    (void)socket.Send(request);
    EXPECT_EQ(Ask(good).status, 200);
  }
  for (int i = 0; i < 300; ++i) {
    std::string changed = good;
    for (int n = 0; n < 3; ++n) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    Socket socket(port_);
    (void)socket.Send(changed.substr(0, random() % changed.size()));
  }
  EXPECT_EQ(Ask(good).status, 200);
}

TEST_F(GatewayTest, ManyIdleConnectionsLeaveRoomForCalls) {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  constexpr size_t kIdle = 5000;
  // Two descriptors each, all in this process.
  if (limit.rlim_cur < 2 * kIdle + 500) {
    GTEST_SKIP() << "only " << limit.rlim_cur << " files may be open";
  }
  std::vector<std::unique_ptr<Socket>> idle;
  for (size_t i = 0; i < kIdle; ++i) {
    idle.push_back(std::make_unique<Socket>(port_));
    ASSERT_TRUE(idle.back()->connected()) << i;
  }
  EXPECT_EQ(Ask(Post(kGetState, kJson, R"({"name":"states/LTU"})")).status,
            200);
  // The first and the last are served, too.
  for (Socket* socket : {idle.front().get(), idle.back().get()}) {
    ASSERT_TRUE(
        socket->Send(Post(kGetState, kJson, R"({"name":"states/LTU"})")));
    EXPECT_EQ(socket->Receive().status, 200);
  }
}

TEST_F(GatewayTest, SlowClientsAreCutOff) {
  options_.stall = absl::Seconds(1);
  Serve();
  Socket socket(port_);
  ASSERT_TRUE(socket.Send("POST /comity.v1.DirectoryService/GetState HTT"));
  while (socket.More()) {
  }
  EXPECT_TRUE(socket.ended());
}

TEST_F(GatewayTest, HalfABodyIsCutOff) {
  options_.stall = absl::Seconds(1);
  Serve();
  const std::string whole = Post(kGetState, kJson, R"({"name":"states/LTU"})");
  Socket writer(port_);
  ASSERT_TRUE(writer.Send(whole.substr(0, whole.size() - 3)));
  while (writer.More()) {
  }
  EXPECT_TRUE(writer.ended());
  EXPECT_EQ(Ask(whole).status, 200);
}

TEST(GatewayStartTest, RefusesAddressesThatAreNone) {
  for (const char* listen :
       {"", "7480", "host.example:80", "127.0.0.1:99999", "[::1", "::1:80"}) {
    GatewayOptions options;
    options.listen = listen;
    EXPECT_EQ(Gateway::Start(nullptr, options).status().code(),
              absl::StatusCode::kInvalidArgument)
        << listen;
  }
}

}  // namespace
}  // namespace comity
