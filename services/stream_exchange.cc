// Calls with a stream of messages, one way or both.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "services/exchange.h"
#include "services/pace.h"

namespace comity {
namespace {

// So much of a request that is of no use is read and thrown away, so that the
// client gets to read why.
constexpr size_t kDiscardedBytesMax = 4 * size_t{limits::kRequestBytesMax};
// Pieces that libmicrohttpd asks an answer for.
constexpr size_t kPieceBytes = 16 << 10;
// Pieces of a file that comes as the body: the contract's limit of a chunk.
constexpr size_t kBodyPieceBytes = 1 << 20;

// Messages in envelopes. All of the request is read before the first message of
// the answer goes out: HTTP/1.1 knows nothing else. Neither side gets further
// ahead of the other than a message.
class StreamExchange
    : public Exchange,
      public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  StreamExchange(grpc::GenericStub* stub, HttpCall call,
                 MHD_Connection* connection, Resting* resting, Gone gone)
      : Exchange(std::move(call), connection, resting, std::move(gone)),
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
      AppendMessage(bytes);
      reading_ = false;
    }
    Wake();
  }

  void OnDone(const grpc::Status& end) override {
    // Lives until the lock is let go.
    const std::shared_ptr<StreamExchange> self = std::move(self_);
    const absl::MutexLock lock(&mutex_);
    if (failure_.code() == 0) failure_ = StatusOf(end);
    End();
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

  void WriteNext(bool all_arrived = false)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    google::rpc::Status status;
    const bool any =
        IsPlain() ? TakePlain(all_arrived, &status) : TakeEnveloped(&status);
    if (status.code() != 0) return Fail(std::move(status));
    if (!any) return;
    ++messages_;
    writing_ = true;
    StartWrite(&write_);
  }

  // These take the next message out of what has arrived; false: it is not all
  // there.
  bool TakeEnveloped(google::rpc::Status* status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    absl::string_view rest = arrived_;
    uint8_t flags = 0;
    absl::string_view bytes;
    const auto taken =
        connect::TakeEnvelope(limits::kRequestBytesMax, &rest, &flags, &bytes);
    if (taken == connect::Taken::kMoreIsNeeded) return false;
    if (taken == connect::Taken::kTooLarge) {
      *status = StatusOf(grpc::StatusCode::RESOURCE_EXHAUSTED,
                         absl::StrCat("a message has at most ",
                                      limits::kRequestBytesMax, " bytes"));
    } else if (flags != 0) {
      *status = StatusOf(grpc::StatusCode::UNIMPLEMENTED,
                         "messages of a request must not be compressed");
    } else if (!method_.streams_in && messages_ > 0) {
      *status = StatusOf(grpc::StatusCode::UNIMPLEMENTED,
                         "the request has more than one message");
    } else {
      *status = ToService(bytes, &write_);
    }
    arrived_.erase(0, arrived_.size() - rest.size());
    return true;
  }

  // One message of path, query and all of the body; or, where the method takes
  // a stream, one of path and query, and then one for each piece of the body.
  bool TakePlain(bool all_arrived, google::rpc::Status* status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (method_.streams_in) {
      if (messages_ == 0) {
        *status = ToService("", &write_);
        return true;
      }
      if (arrived_.empty()) return false;
      const size_t size = std::min(arrived_.size(), kBodyPieceBytes);
      const std::unique_ptr<google::protobuf::Message> message(
          method_.input->New());
      message->GetReflection()->SetString(message.get(), call_.rule->body,
                                          arrived_.substr(0, size));
      arrived_.erase(0, size);
      write_ = BufferOf(message->SerializeAsString());
      return true;
    }
    if (arrived_.size() > limits::kRequestBytesMax) {
      *status = StatusOf(grpc::StatusCode::RESOURCE_EXHAUSTED,
                         absl::StrCat("a request has at most ",
                                      limits::kRequestBytesMax, " bytes"));
      return true;
    }
    if (!all_arrived || messages_ > 0) return false;
    *status = ToService(arrived_, &write_);
    arrived_.clear();
    return true;
  }

  void Fail(google::rpc::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    failure_ = std::move(status);
    refuses_ = true;
    context_.TryCancel();
  }

  void EndRequest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (request_ended_ || never_called_) return;
    if (!refuses_) {
      WriteNext(/*all_arrived=*/true);
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
      if (never_called_ && !ended_) End();
      // A plain call that fails before it has anything to say has a status of
      // its own.
      if (IsPlain() && !any_answer_) {
        if (!ended_) return Suspend() ? MHD_YES : MHD_NO;
        if (failure_.code() != 0) return Refusal(failure_);
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
              IsRaw()     ? "application/octet-stream"
              : IsPlain() ? "application/x-ndjson"
                          : connect::ContentTypeOf(call_.spoken));
    AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return Answer(connection_, MHD_HTTP_OK, response, 0, call_.origin);
  }

  // Whether the answer is a file.
  bool IsRaw() const {
    return IsPlain() && call_.rule->response_body != nullptr;
  }

  void AppendMessage(absl::string_view bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    any_answer_ = true;
    if (IsRaw()) {
      out_.append(bytes.data(), bytes.size());
    } else if (IsPlain()) {
      absl::StrAppend(&out_, "{\"result\":", bytes, "}\n");
    } else {
      connect::AppendEnvelope(0, bytes, &out_);
    }
  }

  // Tells how it ended, where the form of the answer can.
  void End() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ended_ = true;
    if (!IsPlain()) {
      out_ += connect::EndEnvelope(call_.spoken.protocol, failure_);
    } else if (!IsRaw() && any_answer_ && failure_.code() != 0) {
      absl::StrAppend(&out_, HttpErrorJson(failure_), "\n");
    }
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
      // The piece before was taken.
      Pace::Of(connection_)->Move(count);
      if (given_ < out_.size()) return static_cast<ssize_t>(count);
      out_.clear();
      given_ = 0;
      ReadNext();
      return static_cast<ssize_t>(count);
    }
    if (ended_) {
      // A file that is not whole must not look so.
      return IsRaw() && failure_.code() != 0 ? MHD_CONTENT_READER_END_WITH_ERROR
                                             : MHD_CONTENT_READER_END_OF_STREAM;
    }
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
    // Nothing may be started any more.
    refuses_ = true;
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
  // A message has come.
  bool any_answer_ ABSL_GUARDED_BY(mutex_) = false;
  google::rpc::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::string out_ ABSL_GUARDED_BY(mutex_);
  size_t given_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::shared_ptr<Exchange> MakeStreamExchange(grpc::GenericStub* stub,
                                             HttpCall call,
                                             MHD_Connection* connection,
                                             Resting* resting,
                                             Exchange::Gone gone) {
  return std::make_shared<StreamExchange>(stub, std::move(call), connection,
                                          resting, std::move(gone));
}

}  // namespace comity
