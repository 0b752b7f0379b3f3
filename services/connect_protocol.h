// The Connect protocol (https://connectrpc.com/docs/protocol) and gRPC-Web as
// bytes: envelopes, codes, errors. No input or output.

#ifndef COMITY_SERVICES_CONNECT_PROTOCOL_H_
#define COMITY_SERVICES_CONNECT_PROTOCOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"

namespace comity::connect {

// How a call is spoken.
enum class Protocol {
  // One message each way, without envelopes.
  kUnary,
  // Messages in envelopes; the last one tells how it ended.
  kStreaming,
  // The same in form, with trailers in the last one.
  kGrpcWeb,
  // JSON by the rules of the contract, without envelopes: see http_rules.h.
  kPlain,
};

enum class Codec { kJson, kProto };

struct Spoken {
  Protocol protocol;
  Codec codec;
};

// What a request's content type says; none: not one of these.
std::optional<Spoken> SpokenOf(absl::string_view content_type);
// The content type of answers.
const char* ContentTypeOf(Spoken spoken);

// `not_found` of google.rpc.Code 5; `unknown` for a number that is none.
const char* CodeName(int code);
// The HTTP status that stands for it where there are no envelopes.
int HttpStatusOf(int code);

// {"code": …, "message": …, "details": [{"type", "value", "debug"}]}.
std::string ErrorJson(const google::rpc::Status& status);

// Envelopes: a byte of flags, the size in 4 bytes, big-endian, and so many
// bytes.
inline constexpr size_t kEnvelopeHeadBytes = 5;
inline constexpr uint8_t kCompressedFlag = 0x01;
inline constexpr uint8_t kEndFlag = 0x02;
inline constexpr uint8_t kTrailersFlag = 0x80;
void AppendEnvelope(uint8_t flags, absl::string_view bytes, std::string* out);

// Takes the first envelope from what has arrived.
enum class Taken { kOne, kTooLarge, kMoreIsNeeded };
Taken TakeEnvelope(size_t bytes_max, absl::string_view* arrived, uint8_t* flags,
                   absl::string_view* bytes);

// The last envelope of a stream that ended so.
std::string EndEnvelope(Protocol protocol, const google::rpc::Status& status);

// Of `Connect-Timeout-Ms`: at most 10 digits. None if it is not that.
std::optional<absl::Duration> ConnectTimeout(absl::string_view value);
// Of `grpc-timeout`: at most 8 digits and a unit. None if it is not that.
std::optional<absl::Duration> GrpcTimeout(absl::string_view value);

}  // namespace comity::connect

#endif  // COMITY_SERVICES_CONNECT_PROTOCOL_H_
