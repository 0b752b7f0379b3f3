#include "services/connect_protocol.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace comity::connect {
namespace {

struct CodeRow {
  const char* name;
  int http_status;
};

// By google.rpc.Code; the statuses are those of the Connect protocol.
constexpr std::array<CodeRow, 17> kCodes = {{{"ok", 200},
                                             {"canceled", 499},
                                             {"unknown", 500},
                                             {"invalid_argument", 400},
                                             {"deadline_exceeded", 504},
                                             {"not_found", 404},
                                             {"already_exists", 409},
                                             {"permission_denied", 403},
                                             {"resource_exhausted", 429},
                                             {"failed_precondition", 400},
                                             {"aborted", 409},
                                             {"out_of_range", 400},
                                             {"unimplemented", 501},
                                             {"internal", 500},
                                             {"unavailable", 503},
                                             {"data_loss", 500},
                                             {"unauthenticated", 401}}};

const CodeRow& RowOf(int code) {
  constexpr size_t kUnknown = 2;
  const auto at = static_cast<size_t>(code);
  return kCodes[at < kCodes.size() ? at : kUnknown];
}

google::protobuf::Value TextValue(absl::string_view text) {
  google::protobuf::Value value;
  value.set_string_value(std::string(text));
  return value;
}

// Without padding, as the protocol has it.
std::string Base64(absl::string_view bytes) {
  std::string text = absl::Base64Escape(bytes);
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

google::protobuf::Value DetailOf(const google::protobuf::Any& any) {
  google::protobuf::Value value;
  auto& fields = *value.mutable_struct_value()->mutable_fields();
  const std::string& url = any.type_url();
  fields["type"] = TextValue(absl::string_view(url).substr(url.rfind('/') + 1));
  fields["value"] = TextValue(Base64(any.value()));
  // For people; leaves out what this server does not know.
  std::string json;
  google::protobuf::Value debug;
  if (google::protobuf::util::MessageToJsonString(any, &json).ok() &&
      google::protobuf::util::JsonStringToMessage(json, &debug).ok()) {
    debug.mutable_struct_value()->mutable_fields()->erase("@type");
    fields["debug"] = debug;
  }
  return value;
}

std::string JsonOf(const google::protobuf::Struct& object) {
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(object, &json);
  return status.ok() ? json : "{}";
}

google::protobuf::Struct ErrorOf(const google::rpc::Status& status) {
  google::protobuf::Struct object;
  auto& fields = *object.mutable_fields();
  fields["code"] = TextValue(CodeName(status.code()));
  if (!status.message().empty()) {
    fields["message"] = TextValue(status.message());
  }
  for (const auto& detail : status.details()) {
    *fields["details"].mutable_list_value()->add_values() = DetailOf(detail);
  }
  return object;
}

// As gRPC sends it: percent-encoded but for printable ASCII ("gRPC over HTTP2",
// Status-Message).
std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded += c;
    } else {
      absl::StrAppend(
          &encoded, "%",
          absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return encoded;
}

}  // namespace

std::optional<Spoken> SpokenOf(absl::string_view content_type) {
  const std::string type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(
      content_type.substr(0, content_type.find(';'))));
  constexpr struct {
    const char* type;
    Spoken spoken;
  } kTypes[] = {
      {"application/json", {Protocol::kUnary, Codec::kJson}},
      {"application/proto", {Protocol::kUnary, Codec::kProto}},
      {"application/connect+json", {Protocol::kStreaming, Codec::kJson}},
      {"application/connect+proto", {Protocol::kStreaming, Codec::kProto}},
      {"application/grpc-web", {Protocol::kGrpcWeb, Codec::kProto}},
      {"application/grpc-web+proto", {Protocol::kGrpcWeb, Codec::kProto}},
      {"application/grpc-web+json", {Protocol::kGrpcWeb, Codec::kJson}},
  };
  for (const auto& each : kTypes) {
    if (type == each.type) return each.spoken;
  }
  return std::nullopt;
}

const char* ContentTypeOf(Spoken spoken) {
  const bool json = spoken.codec == Codec::kJson;
  switch (spoken.protocol) {
    case Protocol::kUnary:
      return json ? "application/json" : "application/proto";
    case Protocol::kStreaming:
      return json ? "application/connect+json" : "application/connect+proto";
    case Protocol::kGrpcWeb:
      break;
    case Protocol::kPlain:
      return "application/json";
  }
  return json ? "application/grpc-web+json" : "application/grpc-web+proto";
}

const char* CodeName(int code) { return RowOf(code).name; }

int HttpStatusOf(int code) { return RowOf(code).http_status; }

std::string ErrorJson(const google::rpc::Status& status) {
  return JsonOf(ErrorOf(status));
}

void AppendEnvelope(uint8_t flags, absl::string_view bytes, std::string* out) {
  const auto size = static_cast<uint32_t>(bytes.size());
  out->push_back(static_cast<char>(flags));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out->push_back(static_cast<char>(size >> shift));
  }
  out->append(bytes.data(), bytes.size());
}

Taken TakeEnvelope(size_t bytes_max, absl::string_view* arrived, uint8_t* flags,
                   absl::string_view* bytes) {
  if (arrived->size() < kEnvelopeHeadBytes) return Taken::kMoreIsNeeded;
  size_t size = 0;
  for (size_t i = 1; i < kEnvelopeHeadBytes; ++i) {
    size = size << 8U | static_cast<uint8_t>((*arrived)[i]);
  }
  if (size > bytes_max) return Taken::kTooLarge;
  if (arrived->size() - kEnvelopeHeadBytes < size) return Taken::kMoreIsNeeded;
  *flags = static_cast<uint8_t>((*arrived)[0]);
  *bytes = arrived->substr(kEnvelopeHeadBytes, size);
  arrived->remove_prefix(kEnvelopeHeadBytes + size);
  return Taken::kOne;
}

std::string EndEnvelope(Protocol protocol, const google::rpc::Status& status) {
  std::string envelope;
  if (protocol == Protocol::kGrpcWeb) {
    std::string trailers = absl::StrCat("grpc-status: ", status.code(), "\r\n");
    if (!status.message().empty()) {
      absl::StrAppend(&trailers,
                      "grpc-message: ", PercentEncoded(status.message()),
                      "\r\n");
    }
    if (status.details_size() > 0) {
      absl::StrAppend(&trailers, "grpc-status-details-bin: ",
                      Base64(status.SerializeAsString()), "\r\n");
    }
    AppendEnvelope(kTrailersFlag, trailers, &envelope);
    return envelope;
  }
  google::protobuf::Struct end;
  if (status.code() != 0) {
    *(*end.mutable_fields())["error"].mutable_struct_value() = ErrorOf(status);
  }
  AppendEnvelope(kEndFlag, JsonOf(end), &envelope);
  return envelope;
}

std::optional<absl::Duration> ConnectTimeout(absl::string_view value) {
  constexpr size_t kDigitsMax = 10;
  int64_t milliseconds = 0;
  if (value.size() > kDigitsMax || value.empty() ||
      !std::all_of(value.begin(), value.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(value, &milliseconds)) {
    return std::nullopt;
  }
  return absl::Milliseconds(milliseconds);
}

std::optional<absl::Duration> GrpcTimeout(absl::string_view value) {
  constexpr size_t kDigitsMax = 8;
  if (value.size() < 2 || value.size() > kDigitsMax + 1) return std::nullopt;
  const char unit = value.back();
  value.remove_suffix(1);
  int64_t count = 0;
  if (!std::all_of(value.begin(), value.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(value, &count)) {
    return std::nullopt;
  }
  switch (unit) {
    case 'H':
      return absl::Hours(count);
    case 'M':
      return absl::Minutes(count);
    case 'S':
      return absl::Seconds(count);
    case 'm':
      return absl::Milliseconds(count);
    case 'u':
      return absl::Microseconds(count);
    case 'n':
      return absl::Nanoseconds(count);
    default:
      return std::nullopt;
  }
}

}  // namespace comity::connect
