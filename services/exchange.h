// One call that came over HTTP. Included by the gateway's source files only,
// since it brings gRPC and libmicrohttpd with it.

#ifndef COMITY_SERVICES_EXCHANGE_H_
#define COMITY_SERVICES_EXCHANGE_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <microhttpd.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"
#include "services/connect_protocol.h"

namespace comity {

// A method of the contract.
struct GatewayMethod {
  // `/comity.v1.SearchService/Search`.
  std::string path;
  const google::protobuf::Message* input = nullptr;
  const google::protobuf::Message* output = nullptr;
  bool streams_in = false;
  bool streams_out = false;
};

// The value of a header of the request; null: there is none.
const char* HeaderOf(MHD_Connection* connection, const char* name);
// Whether a list of encodings has this one, and not with a weight of 0 (RFC
// 9110, section 12.5.3). `accepted` may be null.
bool Accepts(const char* accepted, absl::string_view encoding);

// Queues the answer, with what every answer says, and lets go of it.
MHD_Result Answer(MHD_Connection* connection, int http_status,
                  MHD_Response* response);
// An error as Connect has it, for what never became a call.
MHD_Result AnswerError(MHD_Connection* connection, int http_status, int code,
                       absl::string_view message);

// Connections that rest while a call is under way. libmicrohttpd may not be
// stopped before the last of them was resumed. Thread-safe.
class Resting {
 public:
  // False: no connection may rest any more.
  bool Add() {
    const absl::MutexLock lock(&mutex_);
    if (ends_) return false;
    ++count_;
    return true;
  }
  void Remove() {
    const absl::MutexLock lock(&mutex_);
    --count_;
  }
  // Lets none rest from now on, and waits until none does.
  void End() {
    const absl::MutexLock lock(&mutex_);
    ends_ = true;
    mutex_.Await(absl::Condition(this, &Resting::IsEmpty));
  }

 private:
  bool IsEmpty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return count_ == 0;
  }

  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
};

// Handle runs on the thread that has the connection, as libmicrohttpd calls it:
// once for the headers, for each piece of the body, and at its end; and again
// after each wait. What gRPC calls back runs on its threads.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  // Told when neither the connection nor the call needs it any more.
  using Gone = std::function<void(Exchange*)>;

  virtual ~Exchange() = default;

  virtual MHD_Result Handle(absl::string_view piece, size_t* left) = 0;
  // The connection is done with it: the client left, or has all.
  void Close();
  // Ends the call with Cancelled; its client is told.
  void Cancel() { context_.TryCancel(); }

 protected:
  Exchange(const GatewayMethod* method, connect::Spoken spoken,
           MHD_Connection* connection, Resting* resting, Gone gone)
      : farewell_{std::move(gone), this},
        method_(*method),
        spoken_(spoken),
        connection_(connection),
        resting_(resting) {}

  // First of the members, so that it speaks last: the context holds the
  // channel, which must not end on a thread that gRPC calls back on.
  struct Farewell {
    Gone gone;
    Exchange* of;
    ~Farewell() { gone(of); }
  };
  const Farewell farewell_;

  // Sets the deadline that the client asks for; false: it is malformed.
  bool ReadDeadline();
  // The client's message as the service takes it, and back.
  google::rpc::Status ToService(absl::string_view bytes,
                                grpc::ByteBuffer* request) const;
  google::rpc::Status FromService(const grpc::ByteBuffer& response,
                                  std::string* bytes) const;

  // Rests until Wake: nothing is sent or received. False: the gateway ends, and
  // the connection is to be closed.
  bool Suspend() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  virtual void Closed() {}

  const GatewayMethod& method_;
  const connect::Spoken spoken_;
  MHD_Connection* const connection_;
  grpc::ClientContext context_;
  mutable absl::Mutex mutex_;

 private:
  Resting* const resting_;
  bool suspended_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// `stub`, `method` and `resting` must outlive the exchange.
std::shared_ptr<Exchange> MakeExchange(grpc::GenericStub* stub,
                                       const GatewayMethod* method,
                                       connect::Spoken spoken,
                                       MHD_Connection* connection,
                                       Resting* resting, Exchange::Gone gone);

}  // namespace comity

#endif  // COMITY_SERVICES_EXCHANGE_H_
