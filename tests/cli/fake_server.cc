#include "tests/cli/fake_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "cli/client.h"

namespace comity::cli {
namespace {

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBytes(grpc::ByteBuffer* bytes, google::protobuf::Message* message) {
  std::vector<grpc::Slice> slices;
  std::string joined;
  if (!bytes->Dump(&slices).ok()) return false;
  for (const grpc::Slice& slice : slices) {
    joined.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return message->ParseFromString(joined);
}

grpc::Status ToGrpc(const absl::Status& status) {
  const auto details = status.GetPayload(kErrorDetailsUrl);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()),
                      details ? std::string(*details) : "");
}

}  // namespace

// One thread accepts calls and serves them one after the other, each on a
// completion queue of its own.
class FakeServer::Server {
 public:
  explicit Server(const std::string& address) : address_(address) { Start(); }
  ~Server() { Stop(); }

  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
    service_ = std::make_unique<grpc::AsyncGenericService>();
    builder.RegisterAsyncGenericService(service_.get());
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    thread_ = std::thread([this] { Serve(); });
  }

  void Stop() {
    if (server_ == nullptr) return;
    // In this order: the thread starts operations until the server has none to
    // give, and none may start on a queue that was shut down.
    server_->Shutdown(std::chrono::system_clock::now());
    thread_.join();
    queue_->Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_->Next(&tag, &ok)) {
    }
    server_.reset();
    queue_.reset();
  }

  void Set(const std::string& method, Method behaviour) {
    const std::lock_guard<std::mutex> lock(mutex_);
    methods_[method] = std::move(behaviour);
  }

 private:
  // Waits for the one operation that is under way.
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    return queue_->Next(&tag, &ok) && ok;
  }

  void Serve() {
    while (true) {
      grpc::GenericServerContext context;
      grpc::GenericServerAsyncReaderWriter stream(&context);
      service_->RequestCall(&context, &stream, queue_.get(), queue_.get(),
                            nullptr);
      // The server is going.
      if (!Next()) return;
      const grpc::Status status = Behave(context.method(), &stream);
      stream.Finish(status, nullptr);
      Next();
    }
  }

  grpc::Status Behave(const std::string& method,
                      grpc::GenericServerAsyncReaderWriter* stream) {
    Method behaviour;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = methods_.find(method);
      if (found == methods_.end()) {
        return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, method);
      }
      behaviour = found->second;
    }
    const Read read = [&](google::protobuf::Message* message) {
      grpc::ByteBuffer bytes;
      stream->Read(&bytes, nullptr);
      return Next() && FromBytes(&bytes, message);
    };
    const Write write = [&](const google::protobuf::Message& message) {
      stream->Write(ToBytes(message), nullptr);
      Next();
    };
    return ToGrpc(behaviour(read, write));
  }

  const std::string address_;
  std::mutex mutex_;
  std::map<std::string, Method> methods_;
  std::unique_ptr<grpc::AsyncGenericService> service_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::thread thread_;
};

FakeServer::FakeServer()
    : server_(std::make_unique<Server>("unix:" + folder_.Path("socket"))) {}

FakeServer::~FakeServer() = default;

std::string FakeServer::address() const {
  return "unix:" + folder_.Path("socket");
}

void FakeServer::Set(const google::protobuf::Message& request, Method method) {
  server_->Set(MethodOf(request).value(), std::move(method));
}

void FakeServer::Stop() { server_->Stop(); }

void FakeServer::Start() { server_->Start(); }

}  // namespace comity::cli
