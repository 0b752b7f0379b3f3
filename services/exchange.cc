#include "services/exchange.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "google/protobuf/util/json_util.h"
#include "services/json_text.h"
#include "services/pace.h"
#include "services/reply.h"

namespace comity {
namespace {

using connect::Codec;
using connect::Protocol;

// The pages use nothing of the kind.
constexpr char kPermissionsPolicy[] =
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

// Longer ones are the same to everyone, and overflow no clock.
constexpr absl::Duration kTimeoutMax = absl::Hours(24 * 365);

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

}  // namespace

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

MHD_Response* ResponseOf(const std::string& body) {
  return MHD_create_response_from_buffer(
      body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY);
}

void AddHeader(MHD_Response* response, const char* name, const char* value) {
  MHD_add_response_header(response, name, value);
}

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
                  MHD_Response* response, size_t bytes,
                  const std::string* origin) {
  AddHeader(response, "X-Content-Type-Options", "nosniff");
  AddHeader(response, "Referrer-Policy", "no-referrer");
  AddHeader(response, "Cross-Origin-Opener-Policy", "same-origin");
  AddHeader(response, "Cross-Origin-Resource-Policy", "same-origin");
  AddHeader(response, "Permissions-Policy", kPermissionsPolicy);
  if (origin != nullptr) {
    AddHeader(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN,
              origin->c_str());
    AddHeader(response, MHD_HTTP_HEADER_ACCESS_CONTROL_EXPOSE_HEADERS,
              "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin");
    AddHeader(response, MHD_HTTP_HEADER_VARY, "Origin");
  }
  if (Pace* pace = Pace::Of(connection); pace != nullptr) {
    pace->Begin(bytes);
  }
  const MHD_Result queued = MHD_queue_response(
      connection, static_cast<unsigned>(http_status), response);
  MHD_destroy_response(response);
  return queued;
}

MHD_Result AnswerError(MHD_Connection* connection, int http_status, int code,
                       absl::string_view message, const std::string* origin) {
  const std::string json = connect::ErrorJson(StatusOf(code, message));
  MHD_Response* response = ResponseOf(json);
  AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  return Answer(connection, http_status, response, json.size(), origin);
}

MHD_Result Exchange::Refusal(const google::rpc::Status& status) {
  const std::string json =
      IsPlain() ? HttpErrorJson(status) : connect::ErrorJson(status);
  MHD_Response* response = ResponseOf(json);
  AddHeader(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  AddHeader(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  return Answer(connection_, connect::HttpStatusOf(status.code()), response,
                json.size(), call_.origin);
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
  Pace::Of(connection_)->Rest();
  MHD_suspend_connection(connection_);
  return true;
}

void Exchange::Wake() {
  if (!suspended_ || closed_) return;
  suspended_ = false;
  Pace::Of(connection_)->Resume();
  MHD_resume_connection(connection_);
  resting_->Remove();
}

bool Exchange::ReadDeadline() {
  const bool grpc_web = call_.spoken.protocol == Protocol::kGrpcWeb;
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
  if (call_.spoken.codec == Codec::kProto) {
    *request = BufferOf(bytes);
    return {};
  }
  const std::unique_ptr<google::protobuf::Message> message(
      method_.input->New());
  if (IsPlain()) {
    const absl::Status read =
        ReadHttpRequest(*call_.rule, call_.fields, bytes, message.get());
    if (!read.ok()) return StatusOf(Reply(read));
    *request = BufferOf(message->SerializeAsString());
    return {};
  }
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
  if (call_.spoken.codec == Codec::kProto) return {};
  if (IsPlain() && call_.rule->response_body != nullptr) {
    const std::unique_ptr<google::protobuf::Message> message(
        method_.output->New());
    const bool parsed = message->ParseFromString(*bytes);
    *bytes = parsed ? message->GetReflection()->GetString(
                          *message, call_.rule->response_body)
                    : "";
    if (parsed) return {};
    return StatusOf(grpc::StatusCode::INTERNAL, "the answer does not parse");
  }
  std::string json;
  if (!AppendJson(method_.output->GetDescriptor(), *bytes, &json)) {
    return StatusOf(grpc::StatusCode::INTERNAL, "the answer has no JSON form");
  }
  *bytes = std::move(json);
  return {};
}

}  // namespace comity
