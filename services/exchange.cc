#include "services/exchange.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "google/protobuf/util/json_util.h"

namespace comity {
namespace {

using connect::Codec;
using connect::Protocol;

// So much of the request's body is read and thrown away, so that the client
// gets to read why.
constexpr size_t kDiscardedBytesMax = 4 * size_t{limits::kRequestBytesMax};
// Smaller answers fit into a packet or two.
constexpr size_t kPackedBytesMin = 2 << 10;
// Pieces that libmicrohttpd asks an answer for.
constexpr size_t kPieceBytes = 16 << 10;

// Longer ones are the same to everyone, and overflow no clock.
constexpr absl::Duration kTimeoutMax = absl::Hours(24 * 365);

google::rpc::Status StatusOf(int code, absl::string_view message) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(std::string(message));
  return status;
}

google::rpc::Status StatusOf(const grpc::Status& status) {
  google::rpc::Status proto;
  if (status.ok()) return proto;
  if (!status.error_details().empty() &&
      proto.ParseFromString(status.error_details())) {
    return proto;
  }
  return StatusOf(status.error_code(), status.error_message());
}

grpc::ByteBuffer BufferOf(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

MHD_Response* ResponseOf(std::string body) {
  return MHD_create_response_from_buffer(body.size(), body.data(),
                                         MHD_RESPMEM_MUST_COPY);
}

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

void AddHeader(MHD_Response* response, const char* name, const char* value) {
  MHD_add_response_header(response, name, value);
}

// One message each way.
class UnaryExchange : public Exchange {
 public:
  UnaryExchange(grpc::GenericStub* stub, const GatewayMethod* method,
                connect::Spoken spoken, MHD_Connection* connection,
                Resting* resting, Gone gone)
      : Exchange(method, spoken, connection, resting, std::move(gone)),
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
    const bool ok = status_.code() == 0;
    MHD_Response* response =
        ResponseOf(ok ? std::move(body_) : connect::ErrorJson(status_));
    AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE,
              ok ? connect::ContentTypeOf(spoken_) : "application/json");
    AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (ok && packed_) {
      AddHeader(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    return Answer(connection_, connect::HttpStatusOf(status_.code()), response);
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

// Messages in envelopes. All of the request is read before the first message of
// the answer goes out: HTTP/1.1 knows nothing else. Neither side gets further
// ahead of the other than a message.
class StreamExchange
    : public Exchange,
      public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  StreamExchange(grpc::GenericStub* stub, const GatewayMethod* method,
                 connect::Spoken spoken, MHD_Connection* connection,
                 Resting* resting, Gone gone)
      : Exchange(method, spoken, connection, resting, std::move(gone)),
        stub_(stub) {}

  MHD_Result Handle(absl::string_view piece, size_t* left) override {
    if (!started_) {
      started_ = true;
      Start();
    }
    if (*left > 0) return Receive(piece, left);
    {
      const absl::MutexLock lock(&mutex_);
      if (!writing_) EndRequest();
      if (writing_) {
        return Suspend() ? MHD_YES : MHD_NO;
      }
    }
    return Finish();
  }

  void OnWriteDone(bool ok) override {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) refuses_ = true;
    Wake();
  }

  void OnReadDone(bool ok) override {
    std::string bytes;
    google::rpc::Status status;
    if (ok) status = FromService(read_, &bytes);
    const absl::MutexLock lock(&mutex_);
    if (!ok || status.code() != 0) {
      if (ok) {
        failure_ = std::move(status);
        context_.TryCancel();
      }
      Release();
    } else {
      connect::AppendEnvelope(0, bytes, &out_);
      reading_ = false;
    }
    Wake();
  }

  void OnDone(const grpc::Status& end) override {
    // Lives until the lock is let go.
    const std::shared_ptr<StreamExchange> self = std::move(self_);
    const absl::MutexLock lock(&mutex_);
    if (failure_.code() == 0) failure_ = StatusOf(end);
    out_ += connect::EndEnvelope(spoken_.protocol, failure_);
    ended_ = true;
    Wake();
  }

 private:
  void Start() {
    if (!ReadDeadline()) {
      const absl::MutexLock lock(&mutex_);
      failure_ = StatusOf(grpc::StatusCode::INVALID_ARGUMENT,
                          "the timeout is malformed");
      refuses_ = true;
      never_called_ = true;
      return;
    }
    self_ = std::static_pointer_cast<StreamExchange>(shared_from_this());
    stub_->PrepareBidiStreamingCall(&context_, method_.path, {}, this);
    AddHold();
    {
      // Asked for before it comes: the channel within the process loses the
      // only message of an answer that ends before it was asked for.
      const absl::MutexLock lock(&mutex_);
      ReadNext();
    }
    StartCall();
  }

  // Takes whole messages out of what has arrived, one at a time.
  MHD_Result Receive(absl::string_view piece, size_t* left) {
    const absl::MutexLock lock(&mutex_);
    // Messages that came with the piece before go first.
    if (!writing_ && !refuses_) WriteNext();
    if (writing_) {
      return Suspend() ? MHD_YES : MHD_NO;
    }
    *left = 0;
    if (refuses_) {
      discarded_ += piece.size();
      return discarded_ > kDiscardedBytesMax ? MHD_NO : MHD_YES;
    }
    arrived_.append(piece.data(), piece.size());
    WriteNext();
    return MHD_YES;
  }

  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    absl::string_view rest = arrived_;
    uint8_t flags = 0;
    absl::string_view bytes;
    const auto taken =
        connect::TakeEnvelope(limits::kRequestBytesMax, &rest, &flags, &bytes);
    if (taken == connect::Taken::kMoreIsNeeded) return;
    google::rpc::Status status;
    if (taken == connect::Taken::kTooLarge) {
      status = StatusOf(grpc::StatusCode::RESOURCE_EXHAUSTED,
                        absl::StrCat("a message has at most ",
                                     limits::kRequestBytesMax, " bytes"));
    } else if (flags != 0) {
      status = StatusOf(grpc::StatusCode::UNIMPLEMENTED,
                        "messages of a request must not be compressed");
    } else if (!method_.streams_in && messages_ > 0) {
      status = StatusOf(grpc::StatusCode::UNIMPLEMENTED,
                        "the request has more than one message");
    } else {
      status = ToService(bytes, &write_);
    }
    arrived_.erase(0, arrived_.size() - rest.size());
    if (status.code() != 0) return Fail(std::move(status));
    ++messages_;
    writing_ = true;
    StartWrite(&write_);
  }

  void Fail(google::rpc::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    failure_ = std::move(status);
    refuses_ = true;
    context_.TryCancel();
  }

  void EndRequest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (request_ended_ || never_called_) return;
    if (!refuses_ && !arrived_.empty()) {
      WriteNext();
      if (writing_) return;
      if (!refuses_ && !arrived_.empty()) {
        Fail(StatusOf(grpc::StatusCode::INVALID_ARGUMENT,
                      "the request ends within a message"));
      }
    }
    request_ended_ = true;
    if (!released_) StartWritesDone();
  }

  MHD_Result Finish() {
    {
      const absl::MutexLock lock(&mutex_);
      if (never_called_ && !ended_) {
        out_ = connect::EndEnvelope(spoken_.protocol, failure_);
        ended_ = true;
      }
    }
    auto* keep = new std::shared_ptr<StreamExchange>(
        std::static_pointer_cast<StreamExchange>(shared_from_this()));
    MHD_Response* response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, kPieceBytes, &StreamExchange::Read, keep,
        [](void* of) {
          delete static_cast<std::shared_ptr<StreamExchange>*>(of);
        });
    AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE,
              connect::ContentTypeOf(spoken_));
    AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return Answer(connection_, MHD_HTTP_OK, response);
  }

  static ssize_t Read(void* of, uint64_t, char* to, size_t size) {
    return (*static_cast<std::shared_ptr<StreamExchange>*>(of))->Give(to, size);
  }

  ssize_t Give(char* to, size_t size) {
    const absl::MutexLock lock(&mutex_);
    const size_t count = std::min(size, out_.size() - given_);
    if (count > 0) {
      std::memcpy(to, out_.data() + given_, count);
      given_ += count;
      if (given_ < out_.size()) return static_cast<ssize_t>(count);
      out_.clear();
      given_ = 0;
      ReadNext();
      return static_cast<ssize_t>(count);
    }
    if (ended_) return MHD_CONTENT_READER_END_OF_STREAM;
    ReadNext();
    return Suspend() ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
  }

  void ReadNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (reading_ || released_ || ended_) return;
    reading_ = true;
    StartRead(&read_);
  }

  void Release() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (released_) return;
    released_ = true;
    RemoveHold();
  }

  // The client left: nothing is started from outside any more.
  void Closed() override {
    const absl::MutexLock lock(&mutex_);
    if (!started_ || never_called_) return;
    Release();
  }

  grpc::GenericStub* const stub_;
  // Of the connection's thread.
  bool started_ = false;
  size_t discarded_ = 0;
  // While the call is under way.
  std::shared_ptr<StreamExchange> self_;
  grpc::ByteBuffer write_;
  grpc::ByteBuffer read_;
  std::string arrived_ ABSL_GUARDED_BY(mutex_);
  int64_t messages_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  // The rest of the request is of no use.
  bool refuses_ ABSL_GUARDED_BY(mutex_) = false;
  bool never_called_ ABSL_GUARDED_BY(mutex_) = false;
  bool request_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  google::rpc::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::string out_ ABSL_GUARDED_BY(mutex_);
  size_t given_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

const char* HeaderOf(MHD_Connection* connection, const char* name) {
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

bool Accepts(const char* accepted, absl::string_view encoding) {
  if (accepted == nullptr) return false;
  for (const absl::string_view each :
       absl::StrSplit(absl::string_view(accepted), ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(each, ';');
    if (absl::StripAsciiWhitespace(parts[0]) != encoding) continue;
    double weight = 1;
    for (absl::string_view part : parts) {
      part = absl::StripAsciiWhitespace(part);
      if (absl::ConsumePrefix(&part, "q=")) {
        (void)absl::SimpleAtod(part, &weight);
      }
    }
    return weight > 0;
  }
  return false;
}

MHD_Result Answer(MHD_Connection* connection, int http_status,
                  MHD_Response* response) {
  AddHeader(response, "X-Content-Type-Options", "nosniff");
  AddHeader(response, "Referrer-Policy", "no-referrer");
  AddHeader(response, "Cross-Origin-Opener-Policy", "same-origin");
  AddHeader(response, "Cross-Origin-Resource-Policy", "same-origin");
  const MHD_Result queued = MHD_queue_response(
      connection, static_cast<unsigned>(http_status), response);
  MHD_destroy_response(response);
  return queued;
}

MHD_Result AnswerError(MHD_Connection* connection, int http_status, int code,
                       absl::string_view message) {
  MHD_Response* response =
      ResponseOf(connect::ErrorJson(StatusOf(code, message)));
  AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  return Answer(connection, http_status, response);
}

void Exchange::Close() {
  {
    const absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  context_.TryCancel();
  Closed();
}

bool Exchange::Suspend() {
  if (!resting_->Add()) return false;
  suspended_ = true;
  MHD_suspend_connection(connection_);
  return true;
}

void Exchange::Wake() {
  if (!suspended_ || closed_) return;
  suspended_ = false;
  MHD_resume_connection(connection_);
  resting_->Remove();
}

bool Exchange::ReadDeadline() {
  const bool grpc_web = spoken_.protocol == Protocol::kGrpcWeb;
  const char* value =
      HeaderOf(connection_, grpc_web ? "grpc-timeout" : "Connect-Timeout-Ms");
  if (value == nullptr) return true;
  const std::optional<absl::Duration> timeout =
      grpc_web ? connect::GrpcTimeout(value) : connect::ConnectTimeout(value);
  if (!timeout.has_value()) return false;
  context_.set_deadline(
      std::chrono::system_clock::now() +
      absl::ToChronoMicroseconds(std::min(*timeout, kTimeoutMax)));
  return true;
}

google::rpc::Status Exchange::ToService(absl::string_view bytes,
                                        grpc::ByteBuffer* request) const {
  if (spoken_.codec == Codec::kProto) {
    *request = BufferOf(bytes);
    return {};
  }
  const std::unique_ptr<google::protobuf::Message> message(
      method_.input->New());
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!bytes.empty()) {
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(bytes.data(), bytes.size()),
        message.get(), options);
    if (!parsed.ok()) {
      return StatusOf(grpc::StatusCode::INVALID_ARGUMENT,
                      absl::StrCat("the request is no JSON of a ",
                                   method_.input->GetTypeName(), ": ",
                                   std::string(parsed.message())));
    }
  }
  *request = BufferOf(message->SerializeAsString());
  return {};
}

google::rpc::Status Exchange::FromService(const grpc::ByteBuffer& response,
                                          std::string* bytes) const {
  *bytes = BytesOf(response);
  if (spoken_.codec == Codec::kProto) return {};
  const std::unique_ptr<google::protobuf::Message> message(
      method_.output->New());
  std::string json;
  if (!message->ParseFromString(*bytes) ||
      !google::protobuf::util::MessageToJsonString(*message, &json).ok()) {
    return StatusOf(grpc::StatusCode::INTERNAL, "the answer has no JSON form");
  }
  *bytes = std::move(json);
  return {};
}

std::shared_ptr<Exchange> MakeExchange(grpc::GenericStub* stub,
                                       const GatewayMethod* method,
                                       connect::Spoken spoken,
                                       MHD_Connection* connection,
                                       Resting* resting, Exchange::Gone gone) {
  if (spoken.protocol == Protocol::kUnary) {
    return std::make_shared<UnaryExchange>(stub, method, spoken, connection,
                                           resting, std::move(gone));
  }
  return std::make_shared<StreamExchange>(stub, method, spoken, connection,
                                          resting, std::move(gone));
}

}  // namespace comity
