// Where calls come in: admission, the thread that a call runs on, the status
// that goes out, the line in the log. Included by the servers' source files
// only, since it brings gRPC with it.

#ifndef COMITY_SERVICES_EDGE_H_
#define COMITY_SERVICES_EDGE_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "google/protobuf/message_lite.h"
#include "services/core.h"
#include "services/reply.h"

namespace comity {

// So many may be under way at once. Thread-safe.
class Places {
 public:
  explicit Places(int most) : most_(most) {}

  // False if all are taken, or none is given any more.
  [[nodiscard]] bool Take() {
    if (closed_) return false;
    int taken = taken_.load();
    do {
      if (taken >= most_) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + 1));
    return true;
  }
  void GiveBack() { --taken_; }
  void Close() { closed_ = true; }
  bool closed() const { return closed_; }
  int taken() const { return taken_; }

 private:
  const int most_;
  std::atomic<int> taken_ = 0;
  std::atomic<bool> closed_ = false;
};

// Thread-safe.
class Edge {
 public:
  // `core` must outlive the edge. At most `requests_max` unary calls and
  // `streams_max` streams are under way at once.
  Edge(const Core* core, int requests_max, int streams_max)
      : core_(core), requests_(requests_max), streams_(streams_max) {}

  const Core& core() const { return *core_; }

  // Runs `function`, which returns a status and fills the response, within the
  // callback: for reads that take microseconds.
  template <class Function>
  grpc::ServerUnaryReactor* Inline(grpc::CallbackServerContext* context,
                                   const char* rpc, Function function) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Start start = Begin(rpc);
    if (!requests_.Take()) {
      Finish(reactor, start, Refusal("requests"));
      return reactor;
    }
    const absl::Status status = function();
    requests_.GiveBack();
    Finish(reactor, start, status);
    return reactor;
  }

  // The same for a method that gRPC hands over as bytes: `function(request,
  // &bytes)` gets the request as a message and appends those of the answer.
  template <class Request, class Function>
  grpc::ServerUnaryReactor* InlineBytes(grpc::CallbackServerContext* context,
                                        const char* rpc, const Request& request,
                                        grpc::ByteBuffer* response,
                                        Function function) {
    return Inline(context, rpc, [&] {
      std::string bytes;
      absl::Status status = function(request, &bytes);
      if (status.ok()) *response = ToBuffer(std::move(bytes));
      return status;
    });
  }

  // The same on `pool`.
  template <class Request, class Function>
  grpc::ServerUnaryReactor* OnPoolBytes(WorkerPool* pool,
                                        grpc::CallbackServerContext* context,
                                        const char* rpc, Request request,
                                        grpc::ByteBuffer* response,
                                        Function function) {
    return OnPool(pool, context, rpc,
                  [request = std::move(request), response,
                   function = std::move(function)](const Call&) {
                    std::string bytes;
                    absl::Status status = function(request, &bytes);
                    if (status.ok()) *response = ToBuffer(std::move(bytes));
                    return status;
                  });
  }

  // Answers a method of bytes whose request does not parse, as gRPC does itself
  // for others.
  static grpc::ServerUnaryReactor* DoesNotParse(
      grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish({grpc::StatusCode::INTERNAL, "the request does not parse"});
    return reactor;
  }

  // False if the bytes are no such message.
  [[nodiscard]] static bool FromBuffer(const grpc::ByteBuffer& buffer,
                                       google::protobuf::MessageLite* message);
  static grpc::ByteBuffer ToBuffer(std::string bytes);

  // Runs `function(call)` on `pool`; answers at once if the pool is full.
  // `bytes` is the size of a request that may be large: all that wait or run
  // have a limit together.
  template <class Function>
  grpc::ServerUnaryReactor* OnPool(WorkerPool* pool,
                                   grpc::CallbackServerContext* context,
                                   const char* rpc, Function function,
                                   size_t bytes = 0) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Start start = Begin(rpc);
    Submit(pool, context, reactor, start, std::move(function), bytes);
    return reactor;
  }

  // Runs `first(call)` within the callback, which returns no status if it finds
  // that the call would take long; then `function(call)` does it on `pool`.
  template <class First, class Function>
  grpc::ServerUnaryReactor* InlineOrOnPool(WorkerPool* pool,
                                           grpc::CallbackServerContext* context,
                                           const char* rpc, First first,
                                           Function function) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const Start start = Begin(rpc);
    if (!requests_.Take()) {
      Finish(reactor, start, Refusal("requests"));
      return reactor;
    }
    const std::optional<absl::Status> status = first(CallOf(context));
    requests_.GiveBack();
    if (status.has_value()) {
      Finish(reactor, start, *status);
    } else {
      Submit(pool, context, reactor, start, std::move(function), 0);
    }
    return reactor;
  }

  // Lets nothing in any more, and waits for what is under way, at most until
  // `deadline`.
  void Close(std::chrono::steady_clock::time_point deadline);

  // Why a request, or a stream, was not let in.
  absl::Status Refusal(absl::string_view what) const;

  // What a call brings with it.
  static Call CallOf(grpc::CallbackServerContext* context);

  // A stream is under way from a true OpenStream to its CloseStream, and is
  // logged then. `start` is the stream's own.
  struct Start {
    const char* rpc = "";
    uint64_t id = 0;
    std::chrono::steady_clock::time_point time;
  };
  Start Begin(const char* rpc);
  [[nodiscard]] bool OpenStream() { return streams_.Take(); }
  void CloseStream(const Start& start, const absl::Status& status);

 private:
  template <class Function>
  void Submit(WorkerPool* pool, grpc::CallbackServerContext* context,
              grpc::ServerUnaryReactor* reactor, const Start& start,
              Function function, size_t bytes) {
    if (!AdmitBytes(bytes)) {
      Finish(reactor, start, Refusal("requests"));
      return;
    }
    // Request, response and context live until the reactor has finished.
    const bool taken = pool->Submit(
        [this, context, reactor, start, bytes, function = std::move(function)] {
          absl::Status status = absl::CancelledError("the caller left");
          if (!context->IsCancelled()) status = function(CallOf(context));
          Release(bytes);
          Finish(reactor, start, status);
        });
    if (!taken) {
      Release(bytes);
      Finish(reactor, start, Refusal("requests"));
    }
  }

  bool AdmitBytes(size_t bytes) {
    if (!requests_.Take()) return false;
    if (bytes_.fetch_add(bytes) + bytes <= limits::kRequestBytesAtOnceMax) {
      return true;
    }
    Release(bytes);
    return false;
  }
  void Release(size_t bytes) {
    bytes_ -= bytes;
    requests_.GiveBack();
  }

  void Finish(grpc::ServerUnaryReactor* reactor, const Start& start,
              const absl::Status& status) {
    // Logged first: the caller may be gone once it is finished.
    if (!status.ok() || std::chrono::steady_clock::now() - start.time > kSlow) {
      LogCall(start, status);
    }
    reactor->Finish(status.ok() ? grpc::Status::OK : Reply(status));
  }

  void LogCall(const Start& start, const absl::Status& status) const;

  // A call that takes longer than this is told of in the log.
  static constexpr std::chrono::milliseconds kSlow{500};

  const Core* const core_;
  Places requests_;
  Places streams_;
  std::atomic<size_t> bytes_ = 0;
  std::atomic<uint64_t> next_id_ = 1;
};

}  // namespace comity

#endif  // COMITY_SERVICES_EDGE_H_
