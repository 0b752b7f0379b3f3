#include "cli/client.h"

#include <future>
#include <string>
#include <utility>

#include "comity/v1/admin_service.pb.h"
#include "comity/v1/change_service.pb.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/export_service.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/treaty_service.pb.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_server.h"
#include "tests/support/status_matchers.h"

namespace comity::cli {
namespace {

// The way the client finds a method: by its request.
TEST(MethodOfTest, EveryRequestHasOneMethod) {
  const google::protobuf::FileDescriptor* files[] = {
      v1::GetStatsRequest::descriptor()->file(),
      v1::WatchRequest::descriptor()->file(),
      v1::GetStateRequest::descriptor()->file(),
      v1::ExportRequest::descriptor()->file(),
      v1::ImportRequest::descriptor()->file(),
      v1::RouteRequestRequest::descriptor()->file(),
      v1::GetTreatyRequest::descriptor()->file(),
  };
  for (const auto* file : files) {
    const auto* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      const auto* message =
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(
              method->input_type());
      ASSERT_OK_AND_ASSIGN(const std::string name, MethodOf(*message));
      EXPECT_EQ(name, "/" + service->full_name() + "/" + method->name());
    }
  }
  EXPECT_FALSE(MethodOf(v1::Source()).ok());
}

TEST(ClientTest, ACallEndsAtItsDeadline) {
  FakeServer server;
  server.On<v1::WatchRequest>(
      [](const v1::WatchRequest&, const FakeServer::Write& write) {
        // More than the client takes before it gives up.
        for (int i = 0; i < 1000; ++i) write(v1::WatchResponse());
        return absl::OkStatus();
      });
  Client client({server.address(), absl::Milliseconds(1), {}});
  v1::WatchResponse response;
  const absl::Status status =
      client.Stream(v1::WatchRequest(), &response, absl::Minutes(1),
                    [] { return absl::OkStatus(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ClientTest, AnErrorOfTheReaderEndsTheStream) {
  FakeServer server;
  server.On<v1::WatchRequest>(
      [](const v1::WatchRequest&, const FakeServer::Write& write) {
        for (int i = 0; i < 10; ++i) write(v1::WatchResponse());
        return absl::OkStatus();
      });
  Client client({server.address(), {}, {}});
  v1::WatchResponse response;
  int seen = 0;
  const absl::Status status =
      client.Stream(v1::WatchRequest(), &response, absl::Minutes(1), [&] {
        ++seen;
        return absl::InternalError("disk full");
      });
  EXPECT_EQ(status, absl::InternalError("disk full"));
  EXPECT_EQ(seen, 1);
}

TEST(ClientTest, AWishToStopEndsAStream) {
  // Outlive the server, which may take the call up after the client gave up.
  std::promise<void> wished;
  std::future<void> wish = wished.get_future();
  FakeServer server;
  // Silent until the client was asked, so that only the wish can end it.
  server.On<v1::WatchRequest>(
      [&](const v1::WatchRequest&, const FakeServer::Write&) {
        wish.wait();
        return absl::OkStatus();
      });
  bool first = true;
  Client client({server.address(), {}, [&] {
                   if (std::exchange(first, false)) wished.set_value();
                   return true;
                 }});
  v1::WatchResponse response;
  const absl::Status status =
      client.Stream(v1::WatchRequest(), &response, absl::Minutes(1),
                    [] { return absl::OkStatus(); });
  EXPECT_TRUE(IsInterruption(status)) << status;
}

TEST(ClientTest, ExchangeSendsAllAndReadsAll) {
  FakeServer server;
  server.Set(v1::ImportRequest(),
             [](const FakeServer::Read& read, const FakeServer::Write& write) {
               v1::ImportRequest request;
               int64_t bytes = 0;
               while (read(&request))
                 bytes += static_cast<int64_t>(request.chunk().size());
               v1::ImportResponse response;
               response.mutable_progress()->set_bytes_read(bytes);
               write(response);
               return absl::OkStatus();
             });
  Client client({server.address(), {}, {}});
  v1::ImportRequest request;
  v1::ImportResponse response;
  int sent = 0;
  int64_t bytes = 0;
  EXPECT_OK(client.Exchange(
      &request, &response,
      [&]() -> absl::StatusOr<bool> {
        request.set_chunk(std::string(1000, 'x'));
        return sent++ < 50;
      },
      [&] {
        bytes = response.progress().bytes_read();
        return absl::OkStatus();
      }));
  EXPECT_EQ(bytes, 50000);
}

TEST(ClientTest, AnErrorOfTheWriterEndsTheExchange) {
  FakeServer server;
  server.Set(v1::ImportRequest(),
             [](const FakeServer::Read& read, const FakeServer::Write&) {
               v1::ImportRequest request;
               while (read(&request)) {
               }
               return absl::OkStatus();
             });
  Client client({server.address(), {}, {}});
  v1::ImportRequest request;
  v1::ImportResponse response;
  EXPECT_EQ(client.Exchange(
                &request, &response,
                []() -> absl::StatusOr<bool> {
                  return absl::InternalError("unreadable");
                },
                [] { return absl::OkStatus(); }),
            absl::InternalError("unreadable"));
}

}  // namespace
}  // namespace comity::cli
