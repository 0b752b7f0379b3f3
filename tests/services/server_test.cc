#include "services/server.h"

#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/services/server_fixture.h"

namespace comity {
namespace {

// Bytes of a length-delimited field (protobuf's wire format), for services
// whose .proto files are not installed.
std::string Field(int number, const std::string& text) {
  return absl::StrCat(std::string(1, static_cast<char>(number << 3 | 2)),
                      std::string(1, static_cast<char>(text.size())), text);
}

class ServerItselfTest : public ServerTest {
 protected:
  // Calls a method by name with bytes, and gives the bytes of the answer.
  std::string Raw(const std::string& method, const std::string& bytes,
                  grpc::Status* status) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    call->Finish(&response, status, this);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
    grpc::Slice answer;
    if (!response.Valid() || !response.TrySingleSlice(&answer).ok()) return "";
    return std::string(reinterpret_cast<const char*>(answer.begin()),
                       answer.size());
  }
};

TEST_F(ServerItselfTest, SaysThatItServes) {
  grpc::Status status;
  // HealthCheckResponse.status (1) is SERVING (1).
  EXPECT_EQ(Raw("/grpc.health.v1.Health/Check", "", &status), "\x08\x01");
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(Raw("/grpc.health.v1.Health/Check",
                Field(1, "comity.v1.DirectoryService"), &status),
            "\x08\x01");
}

TEST_F(ServerItselfTest, TellsItsServicesByReflection) {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(
      &context,
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(this);
  queue.Next(&tag, &ok);
  // ServerReflectionRequest.list_services (7).
  const grpc::Slice slice(Field(7, "*"));
  call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), this);
  queue.Next(&tag, &ok);
  grpc::ByteBuffer response;
  call->Read(&response, this);
  queue.Next(&tag, &ok);
  ASSERT_TRUE(ok);
  grpc::Slice answer;
  ASSERT_TRUE(response.TrySingleSlice(&answer).ok());
  const std::string text(reinterpret_cast<const char*>(answer.begin()),
                         answer.size());
  for (const char* service :
       {"DirectoryService", "TreatyService", "RoutingService", "ChangeService",
        "ExportService", "AdminService"}) {
    EXPECT_NE(text.find(absl::StrCat("comity.v1.", service)), std::string::npos)
        << service;
  }
  grpc::Status status;
  call->Finish(&status, this);
  queue.Next(&tag, &ok);
  queue.Shutdown();
}

TEST_F(ServerItselfTest, SurvivesBytesThatAreNoMessage) {
  Seed();
  grpc::Status status;
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), Field(1, "\xc3\x28"),
        std::string("\x0a\x7f")}) {
    Raw("/comity.v1.DirectoryService/GetAuthority", bytes, &status);
    EXPECT_FALSE(status.ok());
  }
  Raw("/comity.v1.DirectoryService/NoSuchMethod", "", &status);
  EXPECT_EQ(status.error_code(), grpc::UNIMPLEMENTED);
  // 5 MiB where 4 are taken.
  v1::CreateStateRequest large;
  large.mutable_state()->add_notes(std::string(5 << 20, 'x'));
  EXPECT_EQ(Try(directory_, &v1::DirectoryService::Stub::CreateState, large)
                .error_code(),
            grpc::RESOURCE_EXHAUSTED);
  // 3 MiB are taken, but are over the limit of a record.
  large.mutable_state()->Clear();
  *large.mutable_state() = MakeState("NOR", "Norway");
  for (int i = 0; i < 300; ++i) {
    large.mutable_state()->add_notes(std::string(10000, 'x'));
  }
  EXPECT_EQ(Try(directory_, &v1::DirectoryService::Stub::CreateState, large)
                .error_code(),
            grpc::INVALID_ARGUMENT);
  v1::GetStateRequest get;
  get.set_name("states/LTU");
  Must(directory_, &v1::DirectoryService::Stub::GetState, get);
}

TEST_F(ServerItselfTest, ExpiredDeadlinesAreToldAndCostNothing) {
  Seed();
  const uint64_t before = store_->published();
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() -
                         std::chrono::seconds(1));
    v1::CreateAuthorityRequest request;
    request.set_parent("states/LTU");
    *request.mutable_authority() = MakeAuthority("Office");
    v1::Authority response;
    EXPECT_EQ(
        directory_->CreateAuthority(&context, request, &response).error_code(),
        grpc::DEADLINE_EXCEEDED);
  }
  EXPECT_EQ(store_->published(), before);
}

// While an import holds the writers up, writes wait; more than may wait are
// refused at once.
TEST_F(ServerItselfTest, RefusesMoreThanItCanHold) {
  ServerOptions options;
  options.requests_max = 10;
  Reopen(options);
  Seed();
  ASSERT_OK_AND_ASSIGN(auto staging,
                       store_->Stage("test", absl::InfiniteFuture()));
  constexpr int kCalls = 60;
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kCalls; ++i) {
    threads.emplace_back([&] {
      v1::CreateAuthorityRequest request;
      request.set_parent("states/LTU");
      *request.mutable_authority() = MakeAuthority("Office");
      const grpc::Status status = Try(
          directory_, &v1::DirectoryService::Stub::CreateAuthority, request);
      if (status.ok()) {
        ++done;
        return;
      }
      ++refused;
      EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
      EXPECT_TRUE(DetailsOf(status).has_retry);
      EXPECT_EQ(ReasonOfError(status), "TOO_MANY_AT_ONCE");
    });
  }
  // Those that wait hold their places until the import is over.
  while (refused < kCalls - 10) std::this_thread::yield();
  staging.reset();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 10);
  EXPECT_EQ(refused, kCalls - 10);
  v1::GetStateRequest get;
  get.set_name("states/LTU");
  Must(directory_, &v1::DirectoryService::Stub::GetState, get);
}

TEST_F(ServerItselfTest, ListensWhereItIsTold) {
  ServerOptions options;
  options.listen = {"127.0.0.1:0", "unix:" + folder_.Path("second")};
  ASSERT_OK_AND_ASSIGN(const auto server,
                       Server::Start(store_.get(), &clock_, &log_, options));
  ASSERT_EQ(server->addresses().size(), 2U);
  EXPECT_EQ(server->addresses()[1], options.listen[1]);
  EXPECT_EQ(server->addresses()[0].find("127.0.0.1:"), 0U);
  EXPECT_NE(server->addresses()[0], "127.0.0.1:0");
  // That port is taken now.
  options.listen = {server->addresses()[0]};
  const auto second = Server::Start(store_.get(), &clock_, &log_, options);
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  for (const char* address : {"", "7420", "unix:"}) {
    options.listen = {address};
    EXPECT_TRUE(absl::IsInvalidArgument(
        Server::Start(store_.get(), &clock_, &log_, options).status()))
        << address;
  }
}

TEST_F(ServerItselfTest, DoesNotWaitForIdleConnections) {
  Seed();
  // Connected, and then nobody looks at the connection.
  v1::GetStateRequest get;
  get.set_name("states/LTU");
  ASSERT_TRUE(Try(directory_, &v1::DirectoryService::Stub::GetState, get).ok());
  const auto start = std::chrono::steady_clock::now();
  server_->Shutdown(absl::Seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST_F(ServerItselfTest, ShutsDownOnceAndForAll) {
  Seed();
  server_->Shutdown(absl::Seconds(1));
  server_->Shutdown(absl::Seconds(1));
  v1::GetStateRequest get;
  get.set_name("states/LTU");
  EXPECT_EQ(
      Try(directory_, &v1::DirectoryService::Stub::GetState, get).error_code(),
      grpc::UNAVAILABLE);
}

}  // namespace
}  // namespace comity
