#include "services/reply.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace comity {
namespace {

constexpr char kViolationsUrl[] = "comity/violations";

// The codes are the same numbers in both (google/rpc/code.proto).
grpc::StatusCode CodeOf(const absl::Status& status) {
  return static_cast<grpc::StatusCode>(status.code());
}

const char* DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return "INVALID_FIELD";
    case absl::StatusCode::kNotFound:
      return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case absl::StatusCode::kFailedPrecondition:
      return "WRONG_STATE";
    case absl::StatusCode::kResourceExhausted:
      return "OVER_LIMIT";
    case absl::StatusCode::kAborted:
      return "CONFLICT";
    case absl::StatusCode::kOutOfRange:
      return "OUT_OF_RANGE";
    case absl::StatusCode::kUnavailable:
      return "TRY_AGAIN";
    case absl::StatusCode::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kCancelled:
      return "CANCELLED";
    case absl::StatusCode::kUnimplemented:
      return "UNIMPLEMENTED";
    case absl::StatusCode::kDataLoss:
      return "STORE_DAMAGED";
    default:
      return "INTERNAL";
  }
}

// Bounded in characters for people and in bytes for the wire.
std::string Bounded(absl::string_view text) {
  std::string cut = Cut(text, limits::kErrorMessageCharactersMax);
  if (cut.size() <= 2 * limits::kErrorMessageCharactersMax) return cut;
  return Cut(text, limits::kErrorMessageCharactersMax / 2);
}

// An internal message may name what is nobody's business outside.
std::string MessageOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return "the server failed; its log says more";
    default:
      return Bounded(status.message());
  }
}

void AddViolation(absl::string_view field, absl::string_view description,
                  google::rpc::BadRequest* request) {
  auto* violation = request->add_field_violations();
  violation->set_field(Cut(field, limits::kProblemValueCharactersMax));
  violation->set_description(Bounded(description));
}

// The violations that a status carries, several or one.
google::rpc::BadRequest ViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest request;
  const absl::optional<absl::Cord> several = status.GetPayload(kViolationsUrl);
  if (several.has_value() && request.ParseFromString(std::string(*several))) {
    return request;
  }
  const std::string field = FieldOf(status);
  if (!field.empty()) AddViolation(field, status.message(), &request);
  return request;
}

}  // namespace

grpc::Status Reply(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(MessageOf(status));

  google::rpc::ErrorInfo info;
  info.set_domain("comity");
  const std::string reason = ReasonOf(status);
  info.set_reason(reason.empty() ? DefaultReason(status.code()) : reason);
  details.add_details()->PackFrom(info);

  const google::rpc::BadRequest violations = ViolationsOf(status);
  if (violations.field_violations_size() > 0) {
    details.add_details()->PackFrom(violations);
  }
  if (absl::IsResourceExhausted(status) || absl::IsUnavailable(status)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    details.add_details()->PackFrom(retry);
  }
  return grpc::Status(CodeOf(status), details.message(),
                      details.SerializeAsString());
}

absl::Status InvalidRecord(absl::string_view field,
                           const std::vector<FieldProblem>& problems) {
  if (problems.empty()) return absl::OkStatus();
  google::rpc::BadRequest request;
  for (const FieldProblem& problem : problems) {
    // Clients take 8 KiB of trailers in all; what is beyond is dropped whole.
    if (request.ByteSizeLong() > limits::kErrorDetailsBytesMax) break;
    const std::string path = absl::StrCat(field, ".", problem.field);
    AddViolation(path,
                 InvalidField(path, problem.value, problem.rule).message(),
                 &request);
  }
  const FieldProblem& first = problems.front();
  absl::Status status = InvalidField(absl::StrCat(field, ".", first.field),
                                     first.value, first.rule);
  status.SetPayload(kViolationsUrl, absl::Cord(request.SerializeAsString()));
  return status;
}

absl::Status Overloaded(absl::string_view what) {
  return WithReason(absl::ResourceExhaustedError(
                        absl::StrCat("too many ", what, " at once, try again")),
                    "TOO_MANY_AT_ONCE");
}

}  // namespace comity
