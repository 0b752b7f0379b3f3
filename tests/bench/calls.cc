#include "tests/bench/calls.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/dates.h"
#include "base/status_macros.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/empty.pb.h"
#include "tests/bench/empty_service.h"

namespace comity::bench {
namespace {

namespace v1 = ::comity::v1;

// Makes calls as generated stubs do.
class Caller {
 public:
  explicit Caller(const std::string& address)
      : channel_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {}

  grpc::internal::RpcMethod Method(const char* name) const {
    return {name, grpc::internal::RpcMethod::NORMAL_RPC, channel_};
  }

  // As bytes in both directions.
  absl::Status CallRaw(const grpc::internal::RpcMethod& method,
                       const grpc::ByteBuffer& request,
                       grpc::ByteBuffer* response) {
    grpc::ClientContext context;
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
            channel_.get(), method, &context, request, response);
    if (status.ok()) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat(method.name(), " failed: ", status.error_message()));
  }

  template <class Request, class Response>
  absl::Status Call(const grpc::internal::RpcMethod& method,
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<Request, Response,
                                          google::protobuf::MessageLite,
                                          google::protobuf::MessageLite>(
            channel_.get(), method, &context, request, response);
    if (status.ok()) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat(method.name(), " failed: ", status.error_message()));
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

// What to ask for.
struct Names {
  std::vector<std::string> states;
  std::vector<std::string> functions;
  std::vector<std::string> authorities;
};

absl::StatusOr<Names> ReadNames(Caller* caller) {
  Names names;
  v1::ListStatesRequest states;
  states.set_page_size(1000);
  v1::ListStatesResponse listed;
  RETURN_IF_ERROR(
      caller->Call(caller->Method("/comity.v1.DirectoryService/ListStates"),
                   states, &listed));
  for (const v1::State& state : listed.states()) {
    if (state.kind() == v1::State::KIND_STATE ||
        state.kind() == v1::State::KIND_ORGANISATION) {
      names.states.push_back(state.name());
    }
  }
  v1::ListFunctionsResponse functions;
  RETURN_IF_ERROR(
      caller->Call(caller->Method("/comity.v1.DirectoryService/ListFunctions"),
                   v1::ListFunctionsRequest(), &functions));
  for (const v1::Function& function : functions.functions()) {
    names.functions.push_back(function.name());
  }
  v1::ListAuthoritiesRequest request;
  request.set_parent("states/-");
  request.set_page_size(1000);
  const auto list =
      caller->Method("/comity.v1.DirectoryService/ListAuthorities");
  do {
    v1::ListAuthoritiesResponse page;
    RETURN_IF_ERROR(caller->Call(list, request, &page));
    for (const v1::Authority& authority : page.authorities()) {
      names.authorities.push_back(authority.name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (names.states.size() < 2 || names.functions.empty() ||
      names.authorities.empty()) {
    return absl::FailedPreconditionError("there is nothing to ask for");
  }
  return names;
}

// One method: its times, and what its answers held.
struct Measured {
  const char* name;
  grpc::internal::RpcMethod method;
  std::vector<int64_t> nanoseconds = {};
  int64_t bytes = 0;
  int64_t items = 0;
  // The same answers from a server that only sends bytes.
  std::vector<int64_t> floor_nanoseconds = {};
};

int Items(const google::protobuf::Empty&) { return 0; }
int Items(const v1::Authority&) { return 1; }
int Items(const v1::FindContactsResponse& found) {
  return found.contacts_size();
}
int Items(const v1::RouteRequestResponse& found) { return found.routes_size(); }

class Session {
 public:
  Session(Caller* caller, const Names* names, uint64_t seed, bool floors)
      : caller_(caller),
        names_(*names),
        floors_(floors),
        random_(seed),
        bytes_method_(caller->Method(kBytesMethod)),
        empty_{"Empty", caller->Method(kEmptyMethod)},
        get_{"GetAuthority",
             caller->Method("/comity.v1.DirectoryService/GetAuthority")},
        find_{"FindContacts",
              caller->Method("/comity.v1.DirectoryService/FindContacts")},
        route_{"RouteRequest",
               caller->Method("/comity.v1.RoutingService/RouteRequest")} {}

  absl::Status Empty() {
    return Time<google::protobuf::Empty>(google::protobuf::Empty(), &empty_);
  }

  // A random call of each method in random order, each after an empty one; of
  // `only` alone, if that names one.
  absl::Status Round(const std::string& only) {
    const std::function<absl::Status()> calls[] = {
        [this] { return GetAuthority(); }, [this] { return FindContacts(); },
        [this] { return RouteRequest(); }};
    const char* const names[] = {get_.name, find_.name, route_.name};
    int order[] = {0, 1, 2};
    std::shuffle(std::begin(order), std::end(order), random_);
    for (const int i : order) {
      if (!only.empty() && only != names[i]) continue;
      RETURN_IF_ERROR(Empty());
      RETURN_IF_ERROR(calls[i]());
    }
    return absl::OkStatus();
  }

  void Forget() {
    for (Measured* each : {&empty_, &get_, &find_, &route_}) {
      each->nanoseconds.clear();
      each->floor_nanoseconds.clear();
      each->bytes = 0;
      each->items = 0;
    }
  }

  void Print() {
    for (Measured* each : {&empty_, &get_, &find_, &route_}) {
      std::vector<int64_t>& times = each->nanoseconds;
      if (times.empty()) continue;
      std::sort(times.begin(), times.end());
      const auto count = static_cast<double>(times.size());
      std::printf("%s %zu %lld %lld %.3f %.3f\n", each->name, times.size(),
                  static_cast<long long>(times[times.size() / 2]),
                  static_cast<long long>(times[times.size() * 99 / 100]),
                  static_cast<double>(each->bytes) / count,
                  static_cast<double>(each->items) / count);
      std::vector<int64_t>& floors = each->floor_nanoseconds;
      if (floors.empty()) continue;
      std::sort(floors.begin(), floors.end());
      std::printf("%s-bytes %zu %lld %lld %.3f %.3f\n", each->name,
                  floors.size(),
                  static_cast<long long>(floors[floors.size() / 2]),
                  static_cast<long long>(floors[floors.size() * 99 / 100]),
                  static_cast<double>(each->bytes) / count,
                  static_cast<double>(each->items) / count);
    }
  }

 private:
  const std::string& OneOf(const std::vector<std::string>& all) {
    return all[random_() % all.size()];
  }

  std::string AnyDay() {
    const absl::CivilDay first(2005, 1, 1);
    const auto days = static_cast<uint64_t>(absl::CivilDay(2026, 1, 1) - first);
    return FormatDay(first + static_cast<int64_t>(random_() % days));
  }

  template <class Response, class Request>
  absl::Status Time(const Request& request, Measured* measured) {
    // On an arena, as by clients that ask often.
    arena_.Reset();
    auto* const response =
        google::protobuf::Arena::CreateMessage<Response>(&arena_);
    const auto start = std::chrono::steady_clock::now();
    RETURN_IF_ERROR(caller_->Call(measured->method, request, response));
    const auto time = std::chrono::steady_clock::now() - start;
    measured->nanoseconds.push_back(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
    measured->bytes += static_cast<int64_t>(response->ByteSizeLong());
    measured->items += Items(*response);
    return floors_ && measured != &empty_ ? TimeBytes(response, measured)
                                          : absl::OkStatus();
  }

  // An answer of the same bytes, parsed as that was.
  template <class Response>
  absl::Status TimeBytes(Response* response, Measured* measured) {
    const grpc::Slice slice(response->SerializeAsString());
    grpc::ByteBuffer nothing;
    RETURN_IF_ERROR(
        caller_->CallRaw(bytes_method_, grpc::ByteBuffer(&slice, 1), &nothing));
    arena_.Reset();
    auto* const again =
        google::protobuf::Arena::CreateMessage<Response>(&arena_);
    const auto start = std::chrono::steady_clock::now();
    RETURN_IF_ERROR(
        caller_->Call(bytes_method_, google::protobuf::Empty(), again));
    const auto time = std::chrono::steady_clock::now() - start;
    measured->floor_nanoseconds.push_back(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
    return absl::OkStatus();
  }

  absl::Status GetAuthority() {
    v1::GetAuthorityRequest request;
    request.set_name(OneOf(names_.authorities));
    return Time<v1::Authority>(request, &get_);
  }

  absl::Status FindContacts() {
    v1::FindContactsRequest request;
    request.set_state(OneOf(names_.states));
    request.set_function(OneOf(names_.functions));
    request.set_as_of(AnyDay());
    return Time<v1::FindContactsResponse>(request, &find_);
  }

  absl::Status RouteRequest() {
    v1::RouteRequestRequest request;
    request.set_requesting_state(OneOf(names_.states));
    do {
      request.set_requested_state(OneOf(names_.states));
    } while (request.requested_state() == request.requesting_state());
    request.set_function(OneOf(names_.functions));
    request.set_as_of(AnyDay());
    return Time<v1::RouteRequestResponse>(request, &route_);
  }

  Caller* const caller_;
  const Names& names_;
  const bool floors_;
  std::mt19937_64 random_;
  const grpc::internal::RpcMethod bytes_method_;
  std::vector<char> block_ = std::vector<char>(64 << 10);
  google::protobuf::Arena arena_{block_.data(), block_.size()};
  Measured empty_;
  Measured get_;
  Measured find_;
  Measured route_;
};

}  // namespace

absl::Status MeasureCalls(const CallOptions& options) {
  Caller caller(options.address);
  ASSIGN_OR_RETURN(const Names names, ReadNames(&caller));
  Session session(&caller, &names, options.seed, options.floors);
  // Caches fill, and the server's threads come up.
  const int64_t warm_up = std::min<int64_t>(options.calls / 10 + 1, 2000);
  for (int64_t i = 0; i < warm_up; ++i)
    RETURN_IF_ERROR(session.Round(options.only));
  session.Forget();
  for (int64_t i = 0; i < options.calls; ++i)
    RETURN_IF_ERROR(session.Round(options.only));
  session.Print();
  return absl::OkStatus();
}

}  // namespace comity::bench
