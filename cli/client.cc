#include "cli/client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace comity::cli {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kUnaryTimeout = absl::Seconds(30);
constexpr absl::Duration kStreamTimeout = absl::Hours(1);
// How soon a wish to stop is noticed.
constexpr absl::Duration kPollInterval = absl::Milliseconds(100);
// A page of 1,000 records of the largest size would be 256 MiB.
constexpr int kAnswerBytesMax = 256 << 20;
constexpr absl::string_view kInterruptedUrl = "comity/interrupted";

absl::Status Interruption() {
  absl::Status status = absl::CancelledError("interrupted");
  status.SetPayload(kInterruptedUrl, absl::Cord("1"));
  return status;
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kErrorDetailsUrl, absl::Cord(status.error_details()));
  }
  return result;
}

std::chrono::system_clock::time_point FromNow(absl::Duration duration) {
  return std::chrono::system_clock::now() +
         absl::ToChronoMilliseconds(duration);
}

}  // namespace

bool IsInterruption(const absl::Status& status) {
  return status.GetPayload(kInterruptedUrl).has_value();
}

absl::StatusOr<std::string> MethodOf(const Message& request) {
  const auto* type = request.GetDescriptor();
  for (int s = 0; s < type->file()->service_count(); ++s) {
    const auto* service = type->file()->service(s);
    for (int m = 0; m < service->method_count(); ++m) {
      if (service->method(m)->input_type() == type) {
        return absl::StrCat("/", service->full_name(), "/",
                            service->method(m)->name());
      }
    }
  }
  return absl::InternalError(
      absl::StrCat("no method takes a ", type->full_name()));
}

class Client::Connection {
 public:
  explicit Connection(const std::string& server)
      : channel_(grpc::CreateCustomChannel(
            server, grpc::InsecureChannelCredentials(), Arguments())),
        stub_(channel_) {}

  ~Connection() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  grpc::TemplatedGenericStub<Message, Message>& stub() { return stub_; }
  grpc::CompletionQueue& queue() { return queue_; }

 private:
  static grpc::ChannelArguments Arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
    // The directory is addressed directly; proxies of the environment are for
    // the web.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
    return arguments;
  }

  std::shared_ptr<grpc::Channel> channel_;
  grpc::TemplatedGenericStub<Message, Message> stub_;
  grpc::CompletionQueue queue_;
};

Client::Client(Options options) : options_(std::move(options)) {}

Client::~Client() = default;

Client::Connection& Client::connection() {
  if (connection_ == nullptr) {
    connection_ = std::make_unique<Connection>(options_.server);
  }
  return *connection_;
}

absl::Status Client::Call(const Message& request, Message* response) {
  ASSIGN_OR_RETURN(const std::string method, MethodOf(request));
  grpc::ClientContext context;
  context.set_deadline(FromNow(options_.timeout.value_or(kUnaryTimeout)));
  grpc::CompletionQueue& queue = connection().queue();
  auto call =
      connection().stub().PrepareUnaryCall(&context, method, request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(response, &status, /*tag=*/&status);
  bool interrupted = false;
  void* tag = nullptr;
  bool ok = false;
  while (queue.AsyncNext(&tag, &ok, FromNow(kPollInterval)) !=
         grpc::CompletionQueue::GOT_EVENT) {
    if (!interrupted && options_.interrupted && options_.interrupted()) {
      interrupted = true;
      context.TryCancel();
    }
  }
  if (interrupted) return Interruption();
  return FromGrpc(status);
}

// One streaming call, driven by one thread: at most one read and one write are
// under way.
class Client::StreamCall {
 public:
  StreamCall(Client* client, absl::Duration idle)
      : client_(client), idle_(idle), queue_(client->connection().queue()) {}

  absl::Status Run(const std::string& method, const Message* request,
                   Message* response,
                   absl::FunctionRef<absl::StatusOr<bool>()> next_request,
                   absl::FunctionRef<absl::Status()> on_message) {
    context_.set_deadline(
        FromNow(client_->options_.timeout.value_or(kStreamTimeout)));
    call_ =
        client_->connection().stub().PrepareCall(&context_, method, &queue_);
    call_->StartCall(Tag(kStarted));
    ++pending_;
    while (pending_ > 0) {
      bool ok = false;
      switch (NextEvent(&ok)) {
        case kStarted:
          Read(response);
          if (ok) Write(request, next_request);
          break;
        case kWritten:
          if (ok) Write(request, next_request);
          break;
        case kRead:
          if (!ok) {
            call_->Finish(&status_, Tag(kFinished));
            ++pending_;
            break;
          }
          // After an error of ours the rest is read and dropped.
          if (error_.ok()) Abandon(on_message());
          Read(response);
          break;
        default:
          break;
      }
    }
    if (!error_.ok()) return error_;
    return FromGrpc(status_);
  }

 private:
  enum Event : intptr_t {
    kStarted = 1,
    kWritten,
    kWritesDone,
    kRead,
    kFinished
  };

  static void* Tag(Event event) { return reinterpret_cast<void*>(event); }

  void Read(Message* response) {
    call_->Read(response, Tag(kRead));
    ++pending_;
  }

  void Write(const Message* request,
             absl::FunctionRef<absl::StatusOr<bool>()> next_request) {
    const absl::StatusOr<bool> more = next_request();
    if (!more.ok()) {
      Abandon(more.status());
      return;
    }
    if (*more) {
      call_->Write(*request, Tag(kWritten));
    } else {
      call_->WritesDone(Tag(kWritesDone));
    }
    ++pending_;
  }

  // Ends the call because of an error of ours; OK changes nothing.
  void Abandon(absl::Status error) {
    if (error.ok() || !error_.ok()) return;
    error_ = std::move(error);
    context_.TryCancel();
  }

  Event NextEvent(bool* ok) {
    const absl::Time started = absl::Now();
    void* tag = nullptr;
    while (queue_.AsyncNext(&tag, ok, FromNow(kPollInterval)) !=
           grpc::CompletionQueue::GOT_EVENT) {
      if (client_->options_.interrupted && client_->options_.interrupted()) {
        Abandon(Interruption());
      }
      if (absl::Now() - started > idle_) {
        Abandon(absl::UnavailableError(absl::StrCat(
            "the server was silent for ", absl::FormatDuration(idle_))));
      }
    }
    --pending_;
    return static_cast<Event>(reinterpret_cast<intptr_t>(tag));
  }

  Client* const client_;
  const absl::Duration idle_;
  grpc::CompletionQueue& queue_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<Message, Message>> call_;
  grpc::Status status_;
  absl::Status error_;
  int pending_ = 0;
};

absl::Status Client::Stream(const Message& request, Message* response,
                            absl::Duration idle,
                            absl::FunctionRef<absl::Status()> on_message) {
  ASSIGN_OR_RETURN(const std::string method, MethodOf(request));
  bool sent = false;
  StreamCall call(this, idle);
  return call.Run(
      method, &request, response,
      [&]() -> absl::StatusOr<bool> { return !std::exchange(sent, true); },
      on_message);
}

absl::Status Client::Exchange(
    Message* request, Message* response,
    absl::FunctionRef<absl::StatusOr<bool>()> next_request,
    absl::FunctionRef<absl::Status()> on_message) {
  ASSIGN_OR_RETURN(const std::string method, MethodOf(*request));
  StreamCall call(this, absl::InfiniteDuration());
  return call.Run(method, request, response, next_request, on_message);
}

}  // namespace comity::cli
