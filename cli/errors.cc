#include "cli/errors.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client.h"
#include "cli/terminal.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace comity::cli {
namespace {

// The details that the server sent; empty if it sent none that parse.
google::rpc::Status DetailsOf(const absl::Status& status) {
  google::rpc::Status details;
  const auto payload = status.GetPayload(kErrorDetailsUrl);
  if (payload.has_value() && !details.ParseFromString(std::string(*payload))) {
    details.Clear();
  }
  return details;
}

// Appends what `message` does not say already.
void AppendDetail(absl::string_view detail, std::string* message) {
  if (detail.empty() || absl::StrContains(*message, detail)) return;
  absl::StrAppend(message, message->empty() ? "" : "; ", detail);
}

void AppendDetails(const google::rpc::Status& details, std::string* message) {
  for (const auto& any : details.details()) {
    google::rpc::BadRequest bad_request;
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        if (absl::StrContains(*message, violation.field()) &&
            absl::StrContains(*message, violation.description())) {
          continue;
        }
        const bool names_field =
            absl::StartsWith(violation.description(), violation.field());
        AppendDetail(names_field ? violation.description()
                                 : absl::StrCat(violation.field(), ": ",
                                                violation.description()),
                     message);
      }
    } else if (any.UnpackTo(&info)) {
      const auto suggestion = info.metadata().find("suggestion");
      if (suggestion != info.metadata().end() &&
          !absl::StrContains(*message, suggestion->second)) {
        AppendDetail(absl::StrCat("did you mean ", suggestion->second, "?"),
                     message);
      }
    } else if (any.UnpackTo(&retry)) {
      const absl::Duration delay =
          absl::Seconds(retry.retry_delay().seconds()) +
          absl::Nanoseconds(retry.retry_delay().nanos());
      AppendDetail(absl::StrCat("try again in ", absl::FormatDuration(delay)),
                   message);
    }
  }
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  if (IsInterruption(status)) return kExitInterrupted;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kNotFound:
      return kExitNothingFound;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kExitUsage;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return kExitUnavailable;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kExitRefused;
    default:
      return kExitInternal;
  }
}

std::string DescribeError(const absl::Status& status,
                          absl::string_view server) {
  std::string message(status.message());
  const google::rpc::Status details = DetailsOf(status);
  AppendDetails(details, &message);
  if (status.code() == absl::StatusCode::kUnavailable &&
      details.details().empty()) {
    // gRPC says the same thrice before it comes to the cause.
    constexpr absl::string_view kBeforeCause = "remote host: ";
    const size_t cause = absl::string_view(message).rfind(kBeforeCause);
    if (cause != absl::string_view::npos) {
      message.erase(0, cause + kBeforeCause.size());
    }
    message = absl::StrCat(
        "no answer from a server at ", server, " (", message,
        "); start one with `comityd --data-dir DIR --listen ", server,
        "`, or name another with --server or COMITY_SERVER");
  } else if (status.code() == absl::StatusCode::kDeadlineExceeded) {
    absl::StrAppend(&message, message.empty() ? "" : "; ", "no answer from ",
                    server, " in time: see --timeout");
  } else if (status.code() == absl::StatusCode::kUnimplemented) {
    absl::StrAppend(&message, message.empty() ? "" : "; ", "the server at ",
                    server, " does not know this call: is it older?");
  } else if (message.empty()) {
    message = absl::StatusCodeToString(status.code());
  }
  return VisibleLine(message);
}

absl::Duration RetryDelayOf(const absl::Status& status) {
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&retry)) {
      return absl::Seconds(retry.retry_delay().seconds()) +
             absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return absl::ZeroDuration();
}

}  // namespace comity::cli
