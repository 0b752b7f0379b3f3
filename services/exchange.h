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
#include "services/http_rules.h"

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

// A call as a client asks for it.
struct HttpCall {
  const GatewayMethod* method = nullptr;
  connect::Spoken spoken = {};
  // Plain JSON: the rule, and what path and query set.
  const HttpRule* rule = nullptr;
  HttpFields fields;
  // Whose pages may read the answer besides the server's own; null: nobody's.
  const std::string* origin = nullptr;
};

// The value of a header of the request; null: there is none.
const char* HeaderOf(MHD_Connection* connection, const char* name);
// Whether a list of encodings has this one, and not with a weight of 0 (RFC
// 9110, section 12.5.3). `accepted` may be null.
bool Accepts(const char* accepted, absl::string_view encoding);

// A header of an answer.
void AddHeader(MHD_Response* response, const char* name, const char* value);
// Queues the answer, with what every answer says, and lets go of it. `bytes`:
// so many are known that it has. `origin`: as in HttpCall.
MHD_Result Answer(MHD_Connection* connection, int http_status,
                  MHD_Response* response, size_t bytes,
                  const std::string* origin = nullptr);
// An error as Connect has it, for what never became a call.
MHD_Result AnswerError(MHD_Connection* connection, int http_status, int code,
                       absl::string_view message,
                       const std::string* origin = nullptr);
// A whole answer in memory.
MHD_Response* ResponseOf(const std::string& body);

google::rpc::Status StatusOf(int code, absl::string_view message);
google::rpc::Status StatusOf(const grpc::Status& status);
grpc::ByteBuffer BufferOf(absl::string_view bytes);

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
  Exchange(HttpCall call, MHD_Connection* connection, Resting* resting,
           Gone gone)
      : farewell_{std::move(gone), this},
        call_(std::move(call)),
        method_(*call_.method),
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
  // The client's message as the service takes it, and back; of a plain call
  // `bytes` is the body.
  google::rpc::Status ToService(absl::string_view bytes,
                                grpc::ByteBuffer* request) const;
  google::rpc::Status FromService(const grpc::ByteBuffer& response,
                                  std::string* bytes) const;

  // Rests until Wake: nothing is sent or received. False: the gateway ends, and
  // the connection is to be closed.
  bool Suspend() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  virtual void Closed() {}

  bool IsPlain() const {
    return call_.spoken.protocol == connect::Protocol::kPlain;
  }
  // The answer to a call that ended before it had one.
  MHD_Result Refusal(const google::rpc::Status& status);

  const HttpCall call_;
  const GatewayMethod& method_;
  MHD_Connection* const connection_;
  grpc::ClientContext context_;
  mutable absl::Mutex mutex_;

 private:
  Resting* const resting_;
  bool suspended_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// What is pointed to must outlive the exchange.
std::shared_ptr<Exchange> MakeUnaryExchange(grpc::GenericStub* stub,
                                            HttpCall call,
                                            MHD_Connection* connection,
                                            Resting* resting,
                                            Exchange::Gone gone);
std::shared_ptr<Exchange> MakeStreamExchange(grpc::GenericStub* stub,
                                             HttpCall call,
                                             MHD_Connection* connection,
                                             Resting* resting,
                                             Exchange::Gone gone);

}  // namespace comity

#endif  // COMITY_SERVICES_EXCHANGE_H_
