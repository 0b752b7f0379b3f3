#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "google/protobuf/util/message_differencer.h"
#include "store/records.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using google::protobuf::util::MessageDifferencer;
using Stub = v1::ChangeService::Stub;

constexpr char kMinistry[] = "states/LTU/authorities/ministry";

class ChangeServerTest : public ServerTest {
 protected:
  // Everything that a watch gives until it has caught up.
  std::vector<v1::Change> WatchAll(v1::WatchRequest request,
                                   std::string* token = nullptr) {
    request.set_stop_when_current(true);
    grpc::ClientContext context;
    const auto reader = changes_->Watch(&context, request);
    v1::WatchResponse response;
    std::vector<v1::Change> changes;
    int messages = 0;
    while (reader->Read(&response)) {
      ++messages;
      EXPECT_LE(response.changes_size(), 256);
      for (const auto& each : response.changes()) changes.push_back(each);
      if (token != nullptr) *token = response.resume_token();
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_GE(messages, 1);
    return changes;
  }

  grpc::Status WatchStatus(const v1::WatchRequest& request) {
    grpc::ClientContext context;
    const auto reader = changes_->Watch(&context, request);
    v1::WatchResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  // All records as the store has them now.
  std::map<std::string, v1::Record> CurrentState() {
    std::map<std::string, v1::Record> state;
    for (const Kind kind : kRecordKinds) {
      EXPECT_OK(store_->ForEach(kind, "", "", kNow, [&](const auto& item) {
        EXPECT_OK(
            ParseVersion(item.version, MutableRecord(kind, &state[item.name])));
        return true;
      }));
    }
    return state;
  }

  // Creates, changes, deletes.
  void MakeChanges(int count) {
    for (int i = 0; i < count; ++i) {
      const v1::Designation made =
          CreateDesignation("LTU", MakeDesignation(kMinistry, "2010-01-01"));
      if (i % 2 == 0) {
        v1::UpdateDesignationRequest update;
        *update.mutable_designation() = made;
        update.mutable_designation()->set_competence(absl::StrCat(i));
        Must(directory_, &v1::DirectoryService::Stub::UpdateDesignation,
             update);
        Tick();
      }
      if (i % 3 == 0) {
        v1::DeleteDesignationRequest remove;
        remove.set_name(made.name());
        Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation,
             remove);
        Tick();
      }
    }
  }
};

TEST_F(ChangeServerTest, AReplayGivesExactlyTheCurrentState) {
  Seed();
  MakeChanges(150);
  v1::WatchRequest request;
  request.set_include_records(true);
  std::map<std::string, v1::Record> replayed;
  uint64_t last = 0;
  for (const v1::Change& change : WatchAll(request)) {
    EXPECT_EQ(change.sequence(), ++last);
    EXPECT_GT(change.time().seconds(), 0);
    if (change.type() == v1::CHANGE_TYPE_DELETED) {
      EXPECT_FALSE(change.has_after());
      EXPECT_EQ(replayed.erase(change.resource()), 1U);
    } else {
      replayed[change.resource()] = change.after();
    }
  }
  EXPECT_EQ(last, store_->published());
  const auto current = CurrentState();
  ASSERT_EQ(replayed.size(), current.size());
  for (const auto& [name, record] : current) {
    EXPECT_TRUE(MessageDifferencer::Equals(replayed[name], record)) << name;
  }
}

TEST_F(ChangeServerTest, ResumesWhereItStopped) {
  Seed();
  std::string token;
  const size_t before = WatchAll({}, &token).size();
  v1::WatchRequest request;
  request.set_resume_token(token);
  EXPECT_TRUE(WatchAll(request, &token).empty());
  MakeChanges(3);
  request.set_resume_token(token);
  const std::vector<v1::Change> later = WatchAll(request);
  ASSERT_FALSE(later.empty());
  EXPECT_EQ(later.front().sequence(), before + 1);
  EXPECT_EQ(later.back().sequence(), store_->published());
}

TEST_F(ChangeServerTest, FiltersByKindAndState) {
  Seed();
  CreateAuthority("FRA", "Bureau");
  v1::WatchRequest request;
  request.add_kinds(v1::RECORD_KIND_AUTHORITY);
  EXPECT_EQ(WatchAll(request).size(), 2U);
  request.set_state("states/FRA");
  ASSERT_EQ(WatchAll(request).size(), 1U);
  EXPECT_EQ(WatchAll(request)[0].resource(), "states/FRA/authorities/bureau");
  request.clear_kinds();
  // The State, its participation, its office.
  EXPECT_EQ(WatchAll(request).size(), 3U);
  request.set_from_now(true);
  EXPECT_TRUE(WatchAll(request).empty());
}

TEST_F(ChangeServerTest, TellsChangesAsTheyHappen) {
  Seed();
  v1::WatchRequest request;
  request.set_from_now(true);
  request.set_include_records(true);
  grpc::ClientContext context;
  const auto reader = changes_->Watch(&context, request);
  v1::WatchResponse response;
  // The first message says that the watch has begun.
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_TRUE(response.changes().empty());
  EXPECT_EQ(response.newest_sequence(), store_->published());
  for (int i = 0; i < 5; ++i) {
    const v1::Authority made = CreateAuthority("FRA", "Bureau");
    ASSERT_TRUE(reader->Read(&response));
    ASSERT_EQ(response.changes_size(), 1);
    EXPECT_EQ(response.changes(0).resource(), made.name());
    EXPECT_TRUE(MessageDifferencer::Equals(
        response.changes(0).after().authority(), made));
  }
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(ChangeServerTest, BeatsWhileNothingHappens) {
  v1::WatchRequest request;
  request.mutable_heartbeat()->set_seconds(1);
  grpc::ClientContext context;
  const auto reader = changes_->Watch(&context, request);
  v1::WatchResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_TRUE(response.changes().empty());
    EXPECT_FALSE(response.resume_token().empty());
  }
  context.TryCancel();
  reader->Finish();
}

// Others that read all the time are no reason to keep one waiting.
TEST_F(ChangeServerTest, BeatsHoweverBusyOthersAre) {
  Seed();
  std::atomic<bool> enough = false;
  std::thread busy([&] {
    while (!enough) WatchAll({});
  });
  v1::WatchRequest request;
  request.set_from_now(true);
  request.mutable_heartbeat()->set_seconds(1);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(30));
  const auto reader = changes_->Watch(&context, request);
  v1::WatchResponse response;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(reader->Read(&response));
  enough = true;
  busy.join();
  context.TryCancel();
  reader->Finish();
}

TEST_F(ChangeServerTest, WatchRefusesWhatItCannotRead) {
  Seed();
  const auto with = [](auto change) {
    v1::WatchRequest request;
    change(&request);
    return request;
  };
  using R = v1::WatchRequest;
  const struct {
    R request;
    const char* field;
  } cases[] = {
      {with([](R* r) { r->set_resume_token("x"); }), "resume_token"},
      {with([](R* r) { r->set_resume_token(std::string(5000, 'A')); }),
       "resume_token"},
      {with([](R* r) { r->add_kinds(v1::RECORD_KIND_UNSPECIFIED); }),
       "kinds[0]"},
      {with([](R* r) { r->add_kinds(static_cast<v1::RecordKind>(77)); }),
       "kinds[0]"},
      {with([](R* r) { r->set_state("LTU"); }), "state"},
      {with([](R* r) { r->mutable_heartbeat()->set_nanos(1000); }),
       "heartbeat"},
      {with([](R* r) { r->mutable_heartbeat()->set_seconds(301); }),
       "heartbeat"},
  };
  for (const auto& c : cases) {
    const grpc::Status status = WatchStatus(c.request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOfError(status), c.field);
  }
}

TEST_F(ChangeServerTest, ATokenOfAnotherStoreIsOutOfRange) {
  Seed();
  std::string token;
  WatchAll({}, &token);
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
  // Another identity; and a sequence that is not there yet.
  for (const size_t at : {3U, 10U}) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] + 1);
    v1::WatchRequest request;
    request.set_resume_token(absl::WebSafeBase64Escape(changed));
    const grpc::Status status = WatchStatus(request);
    EXPECT_EQ(status.error_code(), grpc::OUT_OF_RANGE);
    EXPECT_EQ(ReasonOfError(status), "OTHER_STORE");
  }
}

TEST_F(ChangeServerTest, WatchersOverTheLimitAreRefusedAtOnce) {
  ServerOptions options;
  options.streams_max = 20;
  Reopen(options);
  Seed();
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchResponse>>> readers;
  int refused = 0;
  for (int i = 0; i < 200; ++i) {
    auto context = std::make_unique<grpc::ClientContext>();
    auto reader = changes_->Watch(context.get(), {});
    v1::WatchResponse response;
    if (reader->Read(&response)) {
      contexts.push_back(std::move(context));
      readers.push_back(std::move(reader));
      continue;
    }
    const grpc::Status status = reader->Finish();
    EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(DetailsOf(status).has_retry);
    ++refused;
  }
  EXPECT_EQ(readers.size(), 20U);
  EXPECT_EQ(refused, 180);
  v1::Stats stats =
      Must(admin_, &v1::AdminService::Stub::GetStats, v1::GetStatsRequest());
  EXPECT_EQ(stats.watchers(), 20);
  // Other calls are served all the while.
  CreateAuthority("FRA", "Bureau");
  for (auto& context : contexts) context->TryCancel();
  for (auto& reader : readers) reader->Finish();
}

TEST_F(ChangeServerTest, StoppingEndsWatches) {
  Seed();
  grpc::ClientContext context;
  const auto reader = changes_->Watch(&context, {});
  v1::WatchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::thread stop([&] { server_->Shutdown(absl::Seconds(10)); });
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::UNAVAILABLE);
  stop.join();
}

TEST_F(ChangeServerTest, ManyWatchersSeeEveryChangeOfManyWriters) {
  Seed();
  constexpr int kWatchers = 8;
  constexpr int kWrites = 40;
  const uint64_t end = store_->published() + 4 * kWrites;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWatchers; ++i) {
    threads.emplace_back([&] {
      grpc::ClientContext context;
      const auto reader = changes_->Watch(&context, {});
      v1::WatchResponse response;
      uint64_t last = 0;
      while (last < end && reader->Read(&response)) {
        for (const auto& change : response.changes()) {
          EXPECT_EQ(change.sequence(), last + 1);
          last = change.sequence();
        }
      }
      EXPECT_EQ(last, end);
      context.TryCancel();
      reader->Finish();
    });
  }
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int write = 0; write < kWrites; ++write) {
        CreateDesignation("LTU", MakeDesignation(kMinistry));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// History
// ----------------------------------------------------------------------

TEST_F(ChangeServerTest, TellsTheHistoryOfARecord) {
  Seed();
  for (int i = 0; i < 3; ++i) {
    v1::UpdateAuthorityRequest update;
    update.mutable_authority()->set_name(kMinistry);
    update.mutable_authority()->set_unit(absl::StrCat("unit ", i));
    update.mutable_update_mask()->add_paths("unit");
    Must(directory_, &v1::DirectoryService::Stub::UpdateAuthority, update);
    Tick();
  }
  v1::ListHistoryRequest request;
  request.set_name(kMinistry);
  auto history = Must(changes_, &Stub::ListHistory, request);
  ASSERT_EQ(history.changes_size(), 4);
  EXPECT_EQ(history.changes(0).type(), v1::CHANGE_TYPE_UPDATED);
  ASSERT_EQ(history.changes(0).differences_size(), 1);
  EXPECT_EQ(history.changes(0).differences(0).field(), "unit");
  EXPECT_EQ(history.changes(0).differences(0).before(), "\"unit 1\"");
  EXPECT_EQ(history.changes(0).differences(0).after(), "\"unit 2\"");
  EXPECT_EQ(history.changes(3).type(), v1::CHANGE_TYPE_CREATED);
  EXPECT_FALSE(history.changes(0).has_after());
  request.set_include_records(true);
  history = Must(changes_, &Stub::ListHistory, request);
  EXPECT_EQ(history.changes(0).after().authority().unit(), "unit 2");
  EXPECT_EQ(history.changes(0).before().authority().unit(), "unit 1");
  EXPECT_FALSE(history.changes(3).has_before());

  request.set_page_size(3);
  std::vector<uint64_t> walked;
  do {
    const auto page = Must(changes_, &Stub::ListHistory, request);
    for (const auto& each : page.changes()) walked.push_back(each.sequence());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(walked.size(), 4U);
  EXPECT_TRUE(std::is_sorted(walked.rbegin(), walked.rend()));
}

// A page has as many changes as there is room for in an answer.
TEST_F(ChangeServerTest, HistoryOfALargeRecordFitsIntoAnswers) {
  Seed();
  v1::UpdateAuthorityRequest update;
  update.mutable_authority()->set_name(kMinistry);
  update.mutable_update_mask()->add_paths("notes");
  for (int i = 0; i < 15; ++i) update.mutable_authority()->add_notes("");
  constexpr int kUpdates = 20;
  for (int i = 0; i < kUpdates; ++i) {
    for (std::string& note : *update.mutable_authority()->mutable_notes()) {
      note = absl::StrCat(i, std::string(15 << 10, 'x'));
    }
    Must(directory_, &v1::DirectoryService::Stub::UpdateAuthority, update);
    Tick();
  }
  v1::ListHistoryRequest request;
  request.set_name(kMinistry);
  request.set_page_size(1000);
  request.set_include_records(true);
  int walked = 0;
  do {
    const auto page = Must(changes_, &Stub::ListHistory, request);
    ASSERT_GT(page.changes_size(), 0);
    walked += page.changes_size();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(walked, kUpdates + 1);
}

TEST_F(ChangeServerTest, HistoryOutlivesTheRecord) {
  Seed();
  v1::DeleteDesignationRequest remove;
  remove.set_name("states/LTU/designations/first");
  Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, remove);
  v1::ListHistoryRequest request;
  request.set_name(remove.name());
  request.set_include_records(true);
  const auto history = Must(changes_, &Stub::ListHistory, request);
  ASSERT_EQ(history.changes_size(), 2);
  EXPECT_EQ(history.changes(0).type(), v1::CHANGE_TYPE_DELETED);
  EXPECT_TRUE(history.changes(0).has_before());
  EXPECT_FALSE(history.changes(0).has_after());
}

TEST_F(ChangeServerTest, HistoryRefusesWhatItCannotRead) {
  Seed();
  for (const auto& [name, size, code] :
       std::vector<std::tuple<std::string, int, grpc::StatusCode>>{
           {"", 0, grpc::INVALID_ARGUMENT},
           {"nothing/of/ours", 0, grpc::INVALID_ARGUMENT},
           {"importJobs/1", 0, grpc::INVALID_ARGUMENT},
           {kMinistry, -1, grpc::INVALID_ARGUMENT},
           {"states/XXX", 0, grpc::NOT_FOUND}}) {
    v1::ListHistoryRequest request;
    request.set_name(name);
    request.set_page_size(size);
    EXPECT_EQ(Try(changes_, &Stub::ListHistory, request).error_code(), code)
        << name;
  }
}

}  // namespace
}  // namespace comity
