#include "services/edge.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/text.h"

namespace comity {
namespace {

// A caller names itself in this header, for the change log.
constexpr char kActorHeader[] = "comity-actor";
// Whoever changes a record by hand is an editor.
constexpr char kActorDefault[] = "editor";

std::string ActorOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto at = metadata.find(kActorHeader);
  if (at == metadata.end()) return kActorDefault;
  const absl::string_view actor(at->second.data(), at->second.size());
  if (actor.empty() || actor.size() > limits::kActorBytesMax ||
      !IsText(actor)) {
    return kActorDefault;
  }
  return std::string(actor);
}

}  // namespace

bool Edge::FromBuffer(const grpc::ByteBuffer& buffer,
                      google::protobuf::MessageLite* message) {
  grpc::Slice slice;
  if (!buffer.TrySingleSlice(&slice).ok() &&
      !buffer.DumpToSingleSlice(&slice).ok()) {
    return false;
  }
  // Requests are far below 2 GiB: limits::kRequestBytesMax.
  return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

grpc::ByteBuffer Edge::ToBuffer(std::string bytes) {
  // The slice takes the string over, since gRPC frees it on a thread of its own
  // when all is sent.
  auto* const kept = new std::string(std::move(bytes));
  const grpc::Slice slice(
      kept->data(), kept->size(),
      [](void* string) { delete static_cast<std::string*>(string); }, kept);
  return grpc::ByteBuffer(&slice, 1);
}

Call Edge::CallOf(grpc::CallbackServerContext* context) {
  Call call;
  // Far deadlines, and none, overflow the clock's type.
  const auto now = std::chrono::system_clock::now();
  const auto left = context->deadline() - now;
  call.arrived = absl::FromChrono(now);
  if (left < std::chrono::hours(24)) {
    call.deadline = absl::FromChrono(context->deadline());
  }
  call.actor = ActorOf(*context);
  call.cancelled = [context] { return context->IsCancelled(); };
  return call;
}

void Edge::Close(std::chrono::steady_clock::time_point deadline) {
  requests_.Close();
  streams_.Close();
  while (requests_.taken() + streams_.taken() > 0 &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

absl::Status Edge::Refusal(absl::string_view what) const {
  if (!requests_.closed()) return Overloaded(what);
  return absl::UnavailableError("the server is shutting down");
}

Edge::Start Edge::Begin(const char* rpc) {
  // Durations are not part of any answer: the machine's steady clock does.
  return {rpc, next_id_.fetch_add(1, std::memory_order_relaxed),
          std::chrono::steady_clock::now()};
}

void Edge::CloseStream(const Start& start, const absl::Status& status) {
  streams_.GiveBack();
  // Streams last; only failures are told of. A watcher that leaves is none.
  if (!status.ok() && !absl::IsCancelled(status)) LogCall(start, status);
}

void Edge::LogCall(const Start& start, const absl::Status& status) const {
  const bool ours = absl::IsInternal(status) || absl::IsDataLoss(status) ||
                    absl::IsUnknown(status);
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - start.time;
  // The message may quote the request; only our own failures are told in full.
  core_->log->Write(ours ? LogLevel::kError : LogLevel::kWarning, "call",
                    {{"id", absl::StrCat(start.id)},
                     {"rpc", start.rpc},
                     {"code", absl::StatusCodeToString(status.code())},
                     {"reason", ReasonOf(status)},
                     {"field", FieldOf(status)},
                     {"ms", absl::StrFormat("%.1f", took.count())},
                     {"message", ours ? std::string(status.message()) : ""}});
}

}  // namespace comity
