// Calls of one message each way.

#include <zlib.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "services/exchange.h"

namespace comity {
namespace {

// So much of a request that is too large is read and thrown away, so that the
// client gets to read why.
constexpr size_t kDiscardedBytesMax = 4 * size_t{limits::kRequestBytesMax};
// Smaller answers fit into a packet or two.
constexpr size_t kPackedBytesMin = 2 << 10;

// As gzip (RFC 1952) at the least level, which is fast; empty: it cannot be.
std::string Packed(const std::string& bytes) {
  z_stream stream = {};
  constexpr int kGzip = 16 + MAX_WBITS;
  constexpr int kMemory = 8;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return "";
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool all = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(all ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed;
}

class UnaryExchange : public Exchange {
 public:
  UnaryExchange(grpc::GenericStub* stub, HttpCall call,
                MHD_Connection* connection, Resting* resting, Gone gone)
      : Exchange(std::move(call), connection, resting, std::move(gone)),
        stub_(stub) {}

  MHD_Result Handle(absl::string_view piece, size_t* left) override {
    if (*left > 0) return Receive(piece, left);
    if (!started_) {
      started_ = true;
      Start();
    }
    {
      const absl::MutexLock lock(&mutex_);
      if (!done_) {
        return Suspend() ? MHD_YES : MHD_NO;
      }
    }
    return Finish();
  }

 private:
  MHD_Result Receive(absl::string_view piece, size_t* left) {
    received_ += piece.size();
    *left = 0;
    if (received_ > kDiscardedBytesMax) return MHD_NO;
    if (received_ <= limits::kRequestBytesMax) {
      body_.append(piece.data(), piece.size());
    }
    return MHD_YES;
  }

  void Start() {
    if (received_ > limits::kRequestBytesMax) {
      return Refuse(
          StatusOf(grpc::StatusCode::RESOURCE_EXHAUSTED,
                   absl::StrCat("the request has ", received_,
                                " bytes, at most ", limits::kRequestBytesMax)));
    }
    if (!ReadDeadline()) {
      return Refuse(StatusOf(grpc::StatusCode::INVALID_ARGUMENT,
                             "Connect-Timeout-Ms must be at most 10 digits"));
    }
    google::rpc::Status status = ToService(body_, &request_);
    body_.clear();
    if (status.code() != 0) return Refuse(std::move(status));
    packs_ =
        Accepts(HeaderOf(connection_, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip");
    auto self = std::static_pointer_cast<UnaryExchange>(shared_from_this());
    stub_->UnaryCall(&context_, method_.path, {}, &request_, &response_,
                     [self](const grpc::Status& end) { self->Done(end); });
  }

  void Refuse(google::rpc::Status status) {
    const absl::MutexLock lock(&mutex_);
    status_ = std::move(status);
    done_ = true;
  }

  void Done(const grpc::Status& end) {
    // What takes time is done here, not on the thread of all connections.
    google::rpc::Status status = StatusOf(end);
    if (status.code() == 0) status = FromService(response_, &body_);
    if (packs_ && status.code() == 0 && body_.size() >= kPackedBytesMin) {
      std::string packed = Packed(body_);
      packed_ = !packed.empty();
      if (packed_) body_ = std::move(packed);
    }
    const absl::MutexLock lock(&mutex_);
    status_ = std::move(status);
    done_ = true;
    Wake();
  }

  MHD_Result Finish() {
    const absl::MutexLock lock(&mutex_);
    if (status_.code() != 0) return Refusal(status_);
    MHD_Response* response = ResponseOf(body_);
    AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE,
              connect::ContentTypeOf(call_.spoken));
    AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (packed_) AddHeader(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    return Answer(connection_, MHD_HTTP_OK, response, body_.size(),
                  call_.origin);
  }

  grpc::GenericStub* const stub_;
  // Of the connection's thread until the call begins, then of the call.
  std::string body_;
  size_t received_ = 0;
  bool started_ = false;
  bool packs_ = false;
  bool packed_ = false;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  google::rpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<Exchange> MakeUnaryExchange(grpc::GenericStub* stub,
                                            HttpCall call,
                                            MHD_Connection* connection,
                                            Resting* resting,
                                            Exchange::Gone gone) {
  return std::make_shared<UnaryExchange>(stub, std::move(call), connection,
                                         resting, std::move(gone));
}

}  // namespace comity
