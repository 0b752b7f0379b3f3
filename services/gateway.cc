#include "services/gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/memory/memory.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "services/exchange.h"
#include "services/pace.h"
#include "services/web_files.h"

namespace comity {
namespace {

// Threads that have the connections: they only move bytes.
constexpr unsigned kThreads = 2;

// Clients that send or take less are cut off: a modem is faster.
constexpr size_t kBytesPerSecondMin = 1 << 10;

// So much of a request that is refused is read and thrown away, so that the
// client gets to read why.
constexpr size_t kDiscardedBytesMax = 4 * size_t{limits::kRequestBytesMax};

// What clients may take at the end to read what is on its way.
constexpr absl::Duration kEndWithin = absl::Seconds(1);

// What begins so is a call, and never a page.
constexpr char kPlainPrefix[] = "/v1/";

constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
    "data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
    "'none'";

struct Address {
  sockaddr_storage socket = {};
  std::string host;
  bool v6 = false;
};

absl::StatusOr<Address> AddressOf(const std::string& listen) {
  Address address;
  const size_t colon = listen.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos ||
      !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port > UINT16_MAX) {
    return InvalidField("web", listen, "must be HOST:PORT");
  }
  address.host = listen.substr(0, colon);
  absl::string_view host = address.host;
  const bool brackets = absl::ConsumePrefix(&host, "[");
  if (brackets) absl::ConsumeSuffix(&host, "]");
  const std::string name =
      host == "localhost" ? "127.0.0.1" : std::string(host);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.socket);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.socket);
  address.v6 = brackets;
  if (brackets && inet_pton(AF_INET6, name.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<uint16_t>(port));
  } else if (!brackets &&
             inet_pton(AF_INET, name.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<uint16_t>(port));
  } else {
    return InvalidField("web", listen,
                        "must be HOST:PORT, HOST an address or localhost");
  }
  return address;
}

// `localhost:7480` without its port, in lower case.
std::string HostOf(absl::string_view header) {
  const size_t end =
      absl::StartsWith(header, "[") ? header.find(']') + 1 : header.find(':');
  return absl::AsciiStrToLower(header.substr(0, end));
}

// Whoever asks by an address asks this machine; a name may be anyone's.
bool IsAddress(std::string host) {
  in6_addr any;
  if (absl::StartsWith(host, "[")) {
    host = host.substr(1, host.size() - 2);
    return inet_pton(AF_INET6, host.c_str(), &any) == 1;
  }
  return inet_pton(AF_INET, host.c_str(), &any) == 1;
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

bool HasTag(const char* tags, absl::string_view etag) {
  if (tags == nullptr) return false;
  for (absl::string_view each : absl::StrSplit(absl::string_view(tags), ',')) {
    each = absl::StripAsciiWhitespace(each);
    absl::ConsumePrefix(&each, "W/");
    if (each == etag || each == "*") return true;
  }
  return false;
}

}  // namespace

class Gateway::Impl {
 public:
  Impl(std::shared_ptr<grpc::Channel> channel, WebFiles files,
       const GatewayOptions& options)
      : stub_(std::move(channel)),
        files_(std::move(files)),
        stall_(absl::ToChronoNanoseconds(options.stall)) {
    hosts_.insert("localhost");
    for (const std::string& host : options.hosts) {
      hosts_.insert(absl::AsciiStrToLower(host));
    }
    for (const std::string& origin : options.origins) {
      origins_.insert(absl::AsciiStrToLower(origin));
    }
  }

  ~Impl() {
    if (daemon_ == nullptr) return;
    if (watch_.joinable()) {
      {
        const absl::MutexLock lock(&mutex_);
        watch_ends_ = true;
      }
      watch_.join();
    }
    const MHD_socket listening = MHD_quiesce_daemon(daemon_);
    CancelAll();
    {
      // Clients get a moment to take what they have coming.
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &Impl::IsIdle), kEndWithin);
    }
    resting_.End();
    {
      // libmicrohttpd (0.9.75) crashes if it is stopped while it refuses what
      // is no HTTP, so that connections end before.
      const absl::MutexLock lock(&mutex_);
      closing_ = true;
      for (const auto& [socket, pace] : sockets_) shutdown(socket, SHUT_RDWR);
      mutex_.Await(absl::Condition(this, &Impl::HasNoConnections));
    }
    MHD_stop_daemon(daemon_);
    if (listening != MHD_INVALID_SOCKET) close(listening);
    // Calls end soon after they were cancelled, and still use what is here.
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &Impl::IsIdle));
  }

  absl::Status AddMethods(const std::vector<std::string>& services);

  absl::Status Listen(const GatewayOptions& options) {
    ASSIGN_OR_RETURN(Address address, AddressOf(options.listen));
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (address.v6) flags |= MHD_USE_IPv6;
    const auto seconds =
        static_cast<unsigned>(absl::ToInt64Seconds(options.stall));
    daemon_ = MHD_start_daemon(
        flags, 0, nullptr, nullptr, &Impl::OnRequest, this,
        MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address.socket),
        MHD_OPTION_THREAD_POOL_SIZE, kThreads, MHD_OPTION_CONNECTION_LIMIT,
        limits::kHttpConnectionsMax, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        limits::kHttpConnectionBytesMax, MHD_OPTION_CONNECTION_TIMEOUT,
        std::max(1U, seconds), MHD_OPTION_NOTIFY_COMPLETED, &Impl::OnCompleted,
        this, MHD_OPTION_NOTIFY_CONNECTION, &Impl::OnConnection, this,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (daemon_ == nullptr) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", options.listen,
                       ": is the address in use, or not allowed?"));
    }
    const MHD_DaemonInfo* info =
        MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
    address_ = absl::StrCat("http://", address.host, ":", info->port);
    watch_ = std::thread([this] { WatchPaces(); });
    return absl::OkStatus();
  }

  const std::string& address() const { return address_; }

 private:
  // A request under way: a call, or what else it is answered with.
  struct Request {
    bool begun = false;
    std::shared_ptr<Exchange> exchange;
    std::function<MHD_Result()> answer;
    // Of a body that nobody wants.
    size_t discarded = 0;
  };

  // Nothing is answered before the request was read: libmicrohttpd would close
  // the connection.
  static MHD_Result OnRequest(void* of, MHD_Connection* connection,
                              const char* url, const char* verb, const char*,
                              const char* piece, size_t* left, void** state) {
    auto* self = static_cast<Impl*>(of);
    auto* request = static_cast<Request*>(*state);
    if (request == nullptr) {
      *state = new Request;
      return MHD_YES;
    }
    if (!request->begun) {
      request->begun = true;
      self->Begin(connection, url, verb, request);
    }
    const size_t had = *left;
    MHD_Result handled = MHD_YES;
    if (request->exchange != nullptr) {
      handled = request->exchange->Handle({piece, had}, left);
    } else if (had == 0) {
      return request->answer();
    } else {
      *left = 0;
      request->discarded += had;
      if (request->discarded > kDiscardedBytesMax) handled = MHD_NO;
    }
    Pace::Of(connection)->Move(had - *left);
    return handled;
  }

  static void OnCompleted(void*, MHD_Connection* connection, void** state,
                          MHD_RequestTerminationCode) {
    // The next request may come.
    if (Pace* pace = Pace::Of(connection); pace != nullptr) pace->Begin();
    auto* request = static_cast<Request*>(*state);
    if (request == nullptr) return;
    if (request->exchange != nullptr) request->exchange->Close();
    delete request;
    *state = nullptr;
  }

  // Told before the socket is closed.
  static void OnConnection(void* of, MHD_Connection* connection, void** pace,
                           MHD_ConnectionNotificationCode what) {
    auto* self = static_cast<Impl*>(of);
    const MHD_socket socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
            ->connect_fd;
    const absl::MutexLock lock(&self->mutex_);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
      self->sockets_.erase(socket);
      *pace = nullptr;
      return;
    }
    auto& kept = self->sockets_[socket];
    kept = std::make_unique<Pace>(self->stall_, kBytesPerSecondMin);
    *pace = kept.get();
    if (self->closing_) shutdown(socket, SHUT_RDWR);
  }

  // Cuts off those that only hold their place.
  void WatchPaces() {
    const absl::MutexLock lock(&mutex_);
    while (!mutex_.AwaitWithTimeout(absl::Condition(&watch_ends_),
                                    absl::FromChrono(stall_ / 4))) {
      for (const auto& [socket, pace] : sockets_) {
        if (pace->IsTooSlow()) shutdown(socket, SHUT_RDWR);
      }
    }
  }

  // Calls that wait would keep their connections for ever. One that ends just
  // now is past being cancelled.
  void CancelAll() {
    std::vector<std::shared_ptr<Exchange>> live;
    {
      const absl::MutexLock lock(&mutex_);
      stopping_ = true;
      for (const auto& [exchange, weak] : exchanges_) {
        live.push_back(weak.lock());
      }
    }
    for (const auto& exchange : live) {
      if (exchange != nullptr) exchange->Cancel();
    }
  }

  bool HasNoConnections() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return sockets_.empty();
  }
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return exchanges_.empty();
  }

  bool Stopping() const {
    const absl::MutexLock lock(&mutex_);
    return stopping_;
  }

  bool IsServed(const char* host) const {
    if (host == nullptr) return false;
    const std::string name = HostOf(host);
    return hosts_.count(name) > 0 || IsAddress(name);
  }

  // Finds out what is asked for.
  void Begin(MHD_Connection* connection, const char* url, const char* verb,
             Request* request) {
    HttpCall call;
    const auto refuse = [&](int http_status, int code, const char* message) {
      request->answer = [=, origin = call.origin] {
        return AnswerError(connection, http_status, code, message, origin);
      };
    };
    if (!IsServed(HeaderOf(connection, MHD_HTTP_HEADER_HOST))) {
      return refuse(MHD_HTTP_MISDIRECTED_REQUEST,
                    grpc::StatusCode::PERMISSION_DENIED,
                    "this host is not served here; see --web-host");
    }
    const auto method = methods_.find(absl::string_view(url));
    bool other_verb = false;
    if (method != methods_.end()) {
      call.method = &method->second;
    } else {
      call.rule = rules_.Find(verb, url, &call.fields, &other_verb);
    }
    if (call.method == nullptr && call.rule == nullptr && !other_verb) {
      request->answer = [=, this] { return Static(connection, url, verb); };
      return;
    }
    const char* origin = HeaderOf(connection, MHD_HTTP_HEADER_ORIGIN);
    if (origin != nullptr && !IsOwn(origin, connection)) {
      const auto allowed = origins_.find(absl::AsciiStrToLower(origin));
      if (allowed == origins_.end()) {
        return refuse(MHD_HTTP_FORBIDDEN, grpc::StatusCode::PERMISSION_DENIED,
                      "pages of this site may not call this server; see "
                      "--web-origin");
      }
      call.origin = &*allowed;
      if (absl::string_view(verb) == MHD_HTTP_METHOD_OPTIONS) {
        request->answer = [=, from = call.origin] {
          return AllowCall(connection, from);
        };
        return;
      }
    }
    if (call.method != nullptr) {
      if (absl::string_view(verb) != MHD_HTTP_METHOD_POST) {
        return refuse(MHD_HTTP_METHOD_NOT_ALLOWED,
                      grpc::StatusCode::UNIMPLEMENTED,
                      "calls are made by POST");
      }
      if (!ReadSpoken(connection, &call)) {
        return refuse(MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                      grpc::StatusCode::INVALID_ARGUMENT,
                      "Content-Type is none that this method is called by");
      }
    } else if (call.rule != nullptr) {
      ReadPlain(connection, &call);
    } else {
      return refuse(MHD_HTTP_METHOD_NOT_ALLOWED,
                    grpc::StatusCode::UNIMPLEMENTED,
                    "the path is that of a method with another verb");
    }
    const char* encoding =
        HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
    if (encoding != nullptr && absl::string_view(encoding) != "identity") {
      return refuse(MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                    grpc::StatusCode::UNIMPLEMENTED,
                    "Content-Encoding must be identity");
    }
    if (Stopping()) {
      return refuse(MHD_HTTP_SERVICE_UNAVAILABLE, grpc::StatusCode::UNAVAILABLE,
                    "the server ends");
    }
    request->exchange = ExchangeOf(connection, std::move(call));
  }

  // Whether a page of this server calls. Behind a proxy it may be https there.
  static bool IsOwn(absl::string_view origin, MHD_Connection* connection) {
    if (!absl::ConsumePrefix(&origin, "http://")) {
      absl::ConsumePrefix(&origin, "https://");
    }
    const char* host = HeaderOf(connection, MHD_HTTP_HEADER_HOST);
    return host != nullptr && absl::EqualsIgnoreCase(origin, host);
  }

  // The answer to a browser that asks before it calls (Fetch, CORS-preflight).
  static MHD_Result AllowCall(MHD_Connection* connection,
                              const std::string* origin) {
    MHD_Response* response = ResponseOf("");
    AddHeader(response, "Access-Control-Allow-Methods",
              "GET, POST, PATCH, DELETE");
    AddHeader(response, "Access-Control-Allow-Headers",
              "Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, "
              "Grpc-Timeout, X-Grpc-Web, X-User-Agent");
    AddHeader(response, "Access-Control-Max-Age", "7200");
    return Answer(connection, MHD_HTTP_NO_CONTENT, response, 0, origin);
  }

  static bool ReadSpoken(MHD_Connection* connection, HttpCall* call) {
    const char* type = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    const auto spoken = connect::SpokenOf(type == nullptr ? "" : type);
    if (!spoken.has_value()) return false;
    call->spoken = *spoken;
    const bool streams = call->method->streams_in || call->method->streams_out;
    return spoken->protocol == connect::Protocol::kGrpcWeb ||
           streams == (spoken->protocol == connect::Protocol::kStreaming);
  }

  void ReadPlain(MHD_Connection* connection, HttpCall* call) const {
    call->method = &methods_.at(PathOf(*call->rule->method));
    call->spoken = {connect::Protocol::kPlain, connect::Codec::kJson};
    MHD_get_connection_values_n(
        connection, MHD_GET_ARGUMENT_KIND,
        [](void* of, MHD_ValueKind, const char* key, size_t key_size,
           const char* value, size_t value_size) {
          static_cast<HttpFields*>(of)->emplace_back(
              std::string(key, key_size),
              value == nullptr ? "" : std::string(value, value_size));
          return MHD_YES;
        },
        &call->fields);
  }

  std::shared_ptr<Exchange> ExchangeOf(MHD_Connection* connection,
                                       HttpCall call) {
    const bool streams = call.method->streams_in || call.method->streams_out ||
                         call.spoken.protocol == connect::Protocol::kGrpcWeb;
    auto gone = [this](Exchange* exchange) {
      const absl::MutexLock lock(&mutex_);
      exchanges_.erase(exchange);
    };
    auto exchange =
        streams ? MakeStreamExchange(&stub_, std::move(call), connection,
                                     &resting_, std::move(gone))
                : MakeUnaryExchange(&stub_, std::move(call), connection,
                                    &resting_, std::move(gone));
    const absl::MutexLock lock(&mutex_);
    exchanges_.emplace(exchange.get(), exchange);
    if (stopping_) exchange->Cancel();
    return exchange;
  }

  MHD_Result Static(MHD_Connection* connection, absl::string_view url,
                    absl::string_view verb) {
    const bool of_calls = absl::StartsWith(url, kPlainPrefix);
    const WebFile* file =
        of_calls ? nullptr : files_.Find(url == "/" ? "/index.html" : url);
    if (file == nullptr) {
      return AnswerError(connection, MHD_HTTP_NOT_FOUND,
                         grpc::StatusCode::UNIMPLEMENTED,
                         "there is no page and no method of this name");
    }
    if (verb != MHD_HTTP_METHOD_GET && verb != MHD_HTTP_METHOD_HEAD) {
      return AnswerError(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                         grpc::StatusCode::UNIMPLEMENTED,
                         "pages are read by GET");
    }
    // Each packing has a tag of its own: the tag says which bytes they are.
    const char* accepted =
        HeaderOf(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    const char* encoding = nullptr;
    absl::string_view bytes = file->bytes;
    if (!file->brotli.empty() && Accepts(accepted, "br")) {
      encoding = "br";
      bytes = file->brotli;
    } else if (!file->gzip.empty() && Accepts(accepted, "gzip")) {
      encoding = "gzip";
      bytes = file->gzip;
    }
    std::string etag = file->etag;
    if (encoding != nullptr) {
      etag.insert(etag.size() - 1, absl::StrCat("-", encoding));
    }
    const bool has =
        HasTag(HeaderOf(connection, MHD_HTTP_HEADER_IF_NONE_MATCH), etag);
    return Send(connection, *file, etag, has ? nullptr : &bytes, encoding);
  }

  // Without bytes: the client has them.
  static MHD_Result Send(MHD_Connection* connection, const WebFile& file,
                         const std::string& etag,
                         const absl::string_view* bytes, const char* encoding) {
    // The file lives as long as the gateway, whose connections end before.
    MHD_Response* response = MHD_create_response_from_buffer(
        bytes == nullptr ? 0 : bytes->size(),
        bytes == nullptr ? nullptr : const_cast<char*>(bytes->data()),
        MHD_RESPMEM_PERSISTENT);
    const auto add = [response](const char* name, const char* value) {
      MHD_add_response_header(response, name, value);
    };
    add(MHD_HTTP_HEADER_CONTENT_TYPE, file.media_type.c_str());
    add(MHD_HTTP_HEADER_ETAG, etag.c_str());
    add(MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    add(MHD_HTTP_HEADER_CACHE_CONTROL,
        file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    add("Content-Security-Policy", kContentSecurityPolicy);
    if (encoding != nullptr) add(MHD_HTTP_HEADER_CONTENT_ENCODING, encoding);
    return Answer(connection,
                  bytes == nullptr ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
                  response, bytes == nullptr ? 0 : bytes->size());
  }

  grpc::GenericStub stub_;
  const WebFiles files_;
  const std::chrono::nanoseconds stall_;
  // Names by which clients may ask, in lower case.
  absl::flat_hash_set<std::string> hosts_;
  // As browsers write them, in lower case.
  absl::flat_hash_set<std::string> origins_;
  absl::flat_hash_map<std::string, GatewayMethod> methods_;
  HttpRules rules_;
  std::string address_;
  MHD_Daemon* daemon_ = nullptr;

  Resting resting_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool watch_ends_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<MHD_socket, std::unique_ptr<Pace>> sockets_
      ABSL_GUARDED_BY(mutex_);
  // Those that a connection or a call still needs.
  absl::flat_hash_map<Exchange*, std::weak_ptr<Exchange>> exchanges_
      ABSL_GUARDED_BY(mutex_);
  std::thread watch_;
};

absl::Status Gateway::Impl::AddMethods(
    const std::vector<std::string>& services) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  for (const std::string& name : services) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            name);
    if (service == nullptr) {
      return absl::InternalError(absl::StrCat("there is no service ", name));
    }
    for (int i = 0; i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor* of = service->method(i);
      GatewayMethod method;
      method.path = PathOf(*of);
      method.input = factory->GetPrototype(of->input_type());
      method.output = factory->GetPrototype(of->output_type());
      method.streams_in = of->client_streaming();
      method.streams_out = of->server_streaming();
      methods_.emplace(method.path, method);
      RETURN_IF_ERROR(rules_.Add(of));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(
    std::shared_ptr<grpc::Channel> channel, const GatewayOptions& options) {
  WebFiles files;
  if (!options.web_folder.empty()) {
    ASSIGN_OR_RETURN(files, WebFiles::Read(options.web_folder));
  }
  auto impl =
      std::make_unique<Impl>(std::move(channel), std::move(files), options);
  RETURN_IF_ERROR(impl->AddMethods(options.services));
  RETURN_IF_ERROR(impl->Listen(options));
  return absl::WrapUnique(new Gateway(std::move(impl)));
}

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() = default;

const std::string& Gateway::address() const { return impl_->address(); }

}  // namespace comity
