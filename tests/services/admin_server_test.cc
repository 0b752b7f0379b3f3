#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "base/limits.h"
#include "services/admin.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using Stub = v1::AdminService::Stub;

class AdminServerTest : public ServerTest {
 protected:
  std::vector<std::string> Dump(const v1::DumpRequest& request,
                                grpc::Status* status) {
    grpc::ClientContext context;
    const auto reader = admin_->Dump(&context, request);
    v1::DumpResponse response;
    std::vector<std::string> lines;
    while (reader->Read(&response)) {
      lines.insert(lines.end(), response.lines().begin(),
                   response.lines().end());
    }
    *status = reader->Finish();
    return lines;
  }
};

TEST_F(AdminServerTest, CountsWhatIsThere) {
  Seed();
  clock_.Advance(absl::Seconds(30));
  const v1::Stats stats = Must(admin_, &Stub::GetStats, v1::GetStatsRequest());
  EXPECT_FALSE(stats.version().empty());
  EXPECT_EQ(stats.sequence(), store_->published());
  EXPECT_GE(stats.uptime_seconds(), 30);
  EXPECT_GT(stats.resident_bytes(), 1 << 20);
  std::vector<int64_t> counts;
  for (const auto& each : stats.counts()) counts.push_back(each.count());
  EXPECT_EQ(counts, (std::vector<int64_t>{2, 1, 1, 2, 1, 1}));
}

TEST_F(AdminServerTest, DumpsKeysOfATagOrRecord) {
  Seed();
  grpc::Status status;
  v1::DumpRequest request;
  const auto all = Dump(request, &status);
  EXPECT_TRUE(status.ok());
  EXPECT_GT(all.size(), 30U);
  request.set_tag("N");
  EXPECT_EQ(Dump(request, &status).size(), 8U);
  request.set_resource("states/LTU");
  EXPECT_EQ(Dump(request, &status).size(), 1U);
  request.set_tag("NV");
  Dump(request, &status);
  EXPECT_EQ(FieldOfError(status), "tag");
  request.clear_tag();
  request.set_resource("nothing");
  Dump(request, &status);
  EXPECT_EQ(FieldOfError(status), "resource");
}

TEST_F(AdminServerTest, FindsASoundStoreSound) {
  Seed();
  grpc::ClientContext context;
  const auto reader = admin_->Verify(&context, {});
  v1::VerifyResponse response;
  bool done = false;
  while (reader->Read(&response)) {
    EXPECT_TRUE(response.problems().empty()) << response.DebugString();
    done = response.done();
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(done);
  EXPECT_GT(response.keys_checked(), 30);
}

TEST_F(AdminServerTest, BacksUpIntoItsFolderOnly) {
  v1::BackupRequest request;
  request.set_id("b1");
  EXPECT_EQ(Try(admin_, &Stub::Backup, request).error_code(),
            grpc::FAILED_PRECONDITION);
  ServerOptions options;
  options.backup_folder = folder_.Path("backups");
  std::filesystem::create_directories(options.backup_folder);
  Reopen(options);
  Seed();
  const auto made = Must(admin_, &Stub::Backup, request);
  EXPECT_EQ(made.sequence(), store_->published());
  EXPECT_GT(made.bytes(), 0);
  EXPECT_EQ(Try(admin_, &Stub::Backup, request).error_code(),
            grpc::ALREADY_EXISTS);
  // A copy in the making has the name of the copy and `.tmp`.
  for (const char* id :
       {"", ".", "..", "../x", "a/b", ".hidden", "a b", "b2.tmp"}) {
    request.set_id(id);
    EXPECT_EQ(FieldOfError(Try(admin_, &Stub::Backup, request)), "id") << id;
  }
  StoreOptions copy_options;
  copy_options.clock = &clock_;
  ASSERT_OK_AND_ASSIGN(
      const auto copy,
      Store::Open(options.backup_folder + "/b1", copy_options));
  EXPECT_EQ(copy->published(), store_->published());
  EXPECT_OK(copy->Get<v1::Authority>("states/LTU/authorities/ministry"));
}

// Two copies of one id would be made in one folder.
TEST_F(AdminServerTest, BacksUpOneAtATime) {
  ServerOptions options;
  options.backup_folder = folder_.Path("backups");
  std::filesystem::create_directories(options.backup_folder);
  Reopen(options);
  Seed();
  for (int round = 0; round < 5; ++round) {
    v1::BackupRequest request;
    request.set_id(absl::StrCat("b", round));
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        const grpc::Status status = Try(admin_, &Stub::Backup, request);
        EXPECT_TRUE(status.ok() || status.error_code() == grpc::ALREADY_EXISTS)
            << status.error_code() << " " << status.error_message();
        made += status.ok();
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(made, 1);
    StoreOptions copy_options;
    copy_options.clock = &clock_;
    ASSERT_OK_AND_ASSIGN(
        const auto copy,
        Store::Open(options.backup_folder + "/" + request.id(), copy_options));
    EXPECT_EQ(copy->published(), store_->published());
  }
}

// Few inspections may run, so one whose client is gone must end.
TEST_F(AdminServerTest, InspectionsEndWhenNobodyWaitsForThem) {
  Seed();
  EXPECT_TRUE(absl::IsCancelled(Verify(
      *store_, {}, [](v1::VerifyResponse) { return true; },
      [] { return true; })));
  EXPECT_TRUE(absl::IsCancelled(comity::Dump(
      *store_, v1::DumpRequest(), [](v1::DumpResponse) { return true; },
      [] { return true; })));
  EXPECT_OK(Verify(*store_, {}, [](v1::VerifyResponse) { return true; }));
}

TEST_F(AdminServerTest, ClientsThatTakeNothingAreTakenForGone) {
  ServerOptions options;
  options.stall = absl::Milliseconds(100);
  Reopen(options);
  Seed();
  // Some 180 KiB in one message, the last: more than there is room for.
  v1::CreateAuthorityRequest create;
  create.set_parent("states/LTU");
  create.set_authority_id("large");
  *create.mutable_authority() = MakeAuthority("Large");
  for (int i = 0; i < 12; ++i) {
    create.mutable_authority()->add_notes(std::string(15 << 10, 'x'));
  }
  Must(directory_, &v1::DirectoryService::Stub::CreateAuthority, create);
  v1::DumpRequest request;
  request.set_resource("states/LTU/authorities/large");
  const auto stub = v1::AdminService::NewStub(NarrowChannel());
  grpc::ClientContext slow[limits::kInspectionsAtOnceMax];
  std::vector<std::unique_ptr<grpc::ClientReader<v1::DumpResponse>>> readers;
  for (grpc::ClientContext& context : slow) {
    readers.push_back(stub->Dump(&context, request));
    // It has begun.
    readers.back()->WaitForInitialMetadata();
  }
  // Another finds a thread.
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(30));
  const auto reader = admin_->Verify(&context, {});
  v1::VerifyResponse response;
  while (reader->Read(&response)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.done());
  // It was that of one of those, which knows.
  int ended = 0;
  for (const auto& each : readers) {
    v1::DumpResponse dumped;
    while (each->Read(&dumped)) {
    }
    ended += each->Finish().error_code() == grpc::CANCELLED;
  }
  EXPECT_GE(ended, 1);
}

}  // namespace
}  // namespace comity
