#include "services/gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
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
#include "services/web_files.h"

namespace comity {
namespace {

// Threads that have the connections: they only move bytes.
constexpr unsigned kThreads = 2;

// What clients may take at the end to read what is on its way.
constexpr absl::Duration kEndWithin = absl::Seconds(1);

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
       const std::vector<std::string>& hosts)
      : stub_(std::move(channel)), files_(std::move(files)) {
    hosts_.insert("localhost");
    for (const std::string& host : hosts) {
      hosts_.insert(absl::AsciiStrToLower(host));
    }
  }

  ~Impl() {
    if (daemon_ == nullptr) return;
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
      for (const MHD_socket socket : sockets_) shutdown(socket, SHUT_RDWR);
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
    return absl::OkStatus();
  }

  const std::string& address() const { return address_; }

 private:
  static MHD_Result OnRequest(void* self, MHD_Connection* connection,
                              const char* url, const char* verb, const char*,
                              const char* piece, size_t* left, void** state) {
    auto* exchange = static_cast<std::shared_ptr<Exchange>*>(*state);
    if (exchange != nullptr) {
      return (*exchange)->Handle({piece, *left}, left);
    }
    return static_cast<Impl*>(self)->Begin(connection, url, verb, state);
  }

  static void OnCompleted(void*, MHD_Connection*, void** state,
                          MHD_RequestTerminationCode) {
    auto* exchange = static_cast<std::shared_ptr<Exchange>*>(*state);
    if (exchange == nullptr) return;
    (*exchange)->Close();
    delete exchange;
    *state = nullptr;
  }

  // Told before the socket is closed.
  static void OnConnection(void* of, MHD_Connection* connection, void**,
                           MHD_ConnectionNotificationCode what) {
    auto* self = static_cast<Impl*>(of);
    const MHD_socket socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
            ->connect_fd;
    const absl::MutexLock lock(&self->mutex_);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
      self->sockets_.erase(socket);
      return;
    }
    self->sockets_.insert(socket);
    if (self->closing_) shutdown(socket, SHUT_RDWR);
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

  MHD_Result Begin(MHD_Connection* connection, const char* url,
                   const char* verb, void** state) {
    if (!IsServed(HeaderOf(connection, MHD_HTTP_HEADER_HOST))) {
      return AnswerError(connection, MHD_HTTP_MISDIRECTED_REQUEST,
                         grpc::StatusCode::PERMISSION_DENIED,
                         "this host is not served here; see --web-host");
    }
    const auto method = methods_.find(absl::string_view(url));
    if (method == methods_.end()) return Static(connection, url, verb);
    if (absl::string_view(verb) != MHD_HTTP_METHOD_POST) {
      return AnswerError(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                         grpc::StatusCode::UNIMPLEMENTED,
                         "calls are made by POST");
    }
    const char* type = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    const auto spoken = connect::SpokenOf(type == nullptr ? "" : type);
    const bool streams =
        method->second.streams_in || method->second.streams_out;
    if (!spoken.has_value() ||
        (spoken->protocol == connect::Protocol::kUnary && streams) ||
        (spoken->protocol == connect::Protocol::kStreaming && !streams)) {
      return AnswerError(connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                         grpc::StatusCode::INVALID_ARGUMENT,
                         "Content-Type is none that this method is called by");
    }
    const char* encoding =
        HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
    if (encoding != nullptr && absl::string_view(encoding) != "identity") {
      return AnswerError(connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                         grpc::StatusCode::UNIMPLEMENTED,
                         "Content-Encoding must be identity");
    }
    if (Stopping()) {
      return AnswerError(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                         grpc::StatusCode::UNAVAILABLE, "the server ends");
    }
    auto exchange = MakeExchange(&stub_, &method->second, *spoken, connection,
                                 &resting_, [this](Exchange* gone) {
                                   const absl::MutexLock lock(&mutex_);
                                   exchanges_.erase(gone);
                                 });
    {
      const absl::MutexLock lock(&mutex_);
      exchanges_.emplace(exchange.get(), exchange);
      if (stopping_) exchange->Cancel();
    }
    *state = new std::shared_ptr<Exchange>(std::move(exchange));
    return MHD_YES;
  }

  MHD_Result Static(MHD_Connection* connection, absl::string_view url,
                    absl::string_view verb) {
    const WebFile* file = files_.Find(url == "/" ? "/index.html" : url);
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
                  response);
  }

  grpc::GenericStub stub_;
  const WebFiles files_;
  // Names by which clients may ask, in lower case.
  absl::flat_hash_set<std::string> hosts_;
  absl::flat_hash_map<std::string, GatewayMethod> methods_;
  std::string address_;
  MHD_Daemon* daemon_ = nullptr;

  Resting resting_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<MHD_socket> sockets_ ABSL_GUARDED_BY(mutex_);
  // Those that a connection or a call still needs.
  absl::flat_hash_map<Exchange*, std::weak_ptr<Exchange>> exchanges_
      ABSL_GUARDED_BY(mutex_);
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
      method.path = absl::StrCat("/", name, "/", of->name());
      method.input = factory->GetPrototype(of->input_type());
      method.output = factory->GetPrototype(of->output_type());
      method.streams_in = of->client_streaming();
      method.streams_out = of->server_streaming();
      methods_.emplace(method.path, method);
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
  auto impl = std::make_unique<Impl>(std::move(channel), std::move(files),
                                     options.hosts);
  RETURN_IF_ERROR(impl->AddMethods(options.services));
  RETURN_IF_ERROR(impl->Listen(options));
  return absl::WrapUnique(new Gateway(std::move(impl)));
}

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() = default;

const std::string& Gateway::address() const { return impl_->address(); }

}  // namespace comity
