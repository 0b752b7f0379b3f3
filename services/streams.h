// Server streams whose messages are made on a pool, never faster than the
// client takes them. Included by the servers' source files only.

#ifndef COMITY_SERVICES_STREAMS_H_
#define COMITY_SERVICES_STREAMS_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "services/edge.h"
#include "services/reply.h"

namespace comity {

// A stream that ends as it begins.
template <class Response>
class RefusedStream : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const absl::Status& status) {
    this->Finish(Reply(status));
  }
  void OnDone() override { delete this; }
};

// Makes one message at a time: while the client has not taken it, no thread is
// held. Deletes itself.
template <class Response>
class StepStream : public grpc::ServerWriteReactor<Response> {
 public:
  // Fills an empty message; false: there was nothing left to fill it with.
  using Step = std::function<absl::StatusOr<bool>(Response*)>;

  // Takes one of `places` too, which must outlive the stream.
  static grpc::ServerWriteReactor<Response>* Start(Edge* edge, WorkerPool* pool,
                                                   Places* places,
                                                   const char* rpc, Step step) {
    const Edge::Start start = edge->Begin(rpc);
    if (!places->Take()) {
      return new RefusedStream<Response>(Overloaded("streams of this kind"));
    }
    if (!edge->OpenStream()) {
      places->GiveBack();
      return new RefusedStream<Response>(edge->Refusal("streams"));
    }
    auto* stream = new StepStream(edge, pool, places, start, std::move(step));
    if (!pool->Submit([stream] { stream->Run(); })) {
      stream->End(edge->Refusal("requests"));
    }
    return stream;
  }

  void OnCancel() override { cancelled_ = true; }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the caller left"));
    pool_->Continue([this] { Run(); });
  }

  void OnDone() override {
    places_->GiveBack();
    edge_->CloseStream(start_, status_);
    delete this;
  }

 private:
  StepStream(Edge* edge, WorkerPool* pool, Places* places,
             const Edge::Start& start, Step step)
      : edge_(edge),
        pool_(pool),
        places_(places),
        start_(start),
        step_(std::move(step)) {}

  void Run() {
    if (cancelled_) return End(absl::CancelledError("the caller left"));
    // A new one: a cleared one keeps the memory of its largest content.
    response_ = Response();
    const absl::StatusOr<bool> filled = step_(&response_);
    if (!filled.ok() || !*filled) return End(filled.status());
    this->StartWrite(&response_);
  }

  void End(const absl::Status& status) {
    status_ = status;
    this->Finish(Reply(status));
  }

  Edge* const edge_;
  WorkerPool* const pool_;
  Places* const places_;
  const Edge::Start start_;
  const Step step_;
  std::atomic<bool> cancelled_ = false;
  // Used by one thread at a time: each step ends before the next begins.
  Response response_;
  absl::Status status_;
};

// Runs a function that sends messages and waits until each was taken; holds a
// thread of `pool` as long. Deletes itself.
template <class Response>
class BlockingStream : public grpc::ServerWriteReactor<Response> {
 public:
  // Sends; false once the client is gone or takes nothing: stop then.
  using Send = std::function<bool(Response)>;
  using Function = std::function<absl::Status(const Send&)>;

  static grpc::ServerWriteReactor<Response>* Start(
      Edge* edge, WorkerPool* pool, grpc::CallbackServerContext* context,
      const char* rpc, Function function) {
    const Edge::Start start = edge->Begin(rpc);
    if (!edge->OpenStream()) {
      return new RefusedStream<Response>(edge->Refusal("streams"));
    }
    auto* stream =
        new BlockingStream(edge, context, start, std::move(function));
    if (!pool->Submit([stream] { stream->Run(); })) {
      stream->status_ = Overloaded("inspections");
      stream->Finish(Reply(stream->status_));
    }
    return stream;
  }

  void OnCancel() override {
    const absl::MutexLock lock(&mutex_);
    gone_ = true;
  }

  void OnWriteDone(bool ok) override {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) gone_ = true;
  }

  void OnDone() override {
    edge_->CloseStream(start_, status_);
    delete this;
  }

 private:
  BlockingStream(Edge* edge, grpc::CallbackServerContext* context,
                 const Edge::Start& start, Function function)
      : edge_(edge),
        context_(context),
        start_(start),
        function_(std::move(function)) {}

  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !writing_; }

  // Waits until nothing is being written; ends a write that hangs.
  void AwaitIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Condition idle(this, &BlockingStream::Idle);
    if (mutex_.AwaitWithTimeout(idle, edge_->core().stall)) return;
    gone_ = true;
    context_->TryCancel();
    mutex_.Await(idle);
  }

  bool SendOne(Response response) {
    {
      const absl::MutexLock lock(&mutex_);
      AwaitIdle();
      if (gone_) return false;
      writing_ = true;
    }
    response_ = std::move(response);
    this->StartWrite(&response_);
    return true;
  }

  void Run() {
    status_ = function_(
        [this](Response response) { return SendOne(std::move(response)); });
    {
      const absl::MutexLock lock(&mutex_);
      AwaitIdle();
      if (gone_) status_ = absl::CancelledError("the caller left");
    }
    this->Finish(Reply(status_));
  }

  Edge* const edge_;
  grpc::CallbackServerContext* const context_;
  const Edge::Start start_;
  const Function function_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  Response response_;
  absl::Status status_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_STREAMS_H_
