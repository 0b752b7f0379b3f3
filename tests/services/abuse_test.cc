// Clients that send what nobody should, too much of it, too many at once, or go
// away: each call gets its error, memory stays bounded, and the server goes on.

#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "comity/v1/admin_service.grpc.pb.h"
#include "comity/v1/change_service.grpc.pb.h"
#include "comity/v1/directory_service.grpc.pb.h"
#include "comity/v1/export_service.grpc.pb.h"
#include "comity/v1/import_service.grpc.pb.h"
#include "comity/v1/routing_service.grpc.pb.h"
#include "comity/v1/treaty_service.grpc.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/services/comityd_process.h"

namespace comity {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr uint64_t kSeed = 20150601;
constexpr int64_t kMebibyte = 1 << 20;

// Most that the server's memory may grow by in one of these tests. Growth
// without bound would be several times as much.
constexpr int64_t kGrowthMax = (kSanitized ? 1200 : 256) * kMebibyte;
// From SIGTERM to the end of the process: 4 s for calls under way, and some.
constexpr absl::Duration kShutdownMax = absl::Seconds(kSanitized ? 60 : 8);
// A call that is not over by then hangs.
constexpr std::chrono::seconds kPatience{kSanitized ? 120 : 40};

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::GetStatsRequest::descriptor()->file(),
        v1::WatchRequest::descriptor()->file(),
        v1::GetStateRequest::descriptor()->file(),
        v1::ExportRequest::descriptor()->file(),
        v1::ImportRequest::descriptor()->file(),
        v1::RouteRequestRequest::descriptor()->file(),
        v1::GetTreatyRequest::descriptor()->file()}) {
    const auto* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::RetryInfo retry;
  if (!details.ParseFromString(status.error_details())) return false;
  for (const auto& each : details.details()) {
    if (each.UnpackTo(&retry)) return retry.has_retry_delay();
  }
  return false;
}

// Messages that are well formed and make no sense. Not thread-safe.
class Nonsense {
 public:
  explicit Nonsense(uint64_t seed) : random_(seed) {}

  std::string Bytes() {
    std::string bytes(Pick(300), '\0');
    for (char& byte : bytes) byte = static_cast<char>(Pick(256));
    return bytes;
  }

  // Fields left out, and set to what they should not be.
  void Fill(Message* message, int depth = 0) {
    const auto* descriptor = message->GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (Pick(2) == 0 || field->is_map()) continue;
      const int times = field->is_repeated() ? static_cast<int>(Pick(4)) : 1;
      for (int j = 0; j < times; ++j) FillField(field, message, depth);
    }
  }

  uint64_t Pick(uint64_t below) { return random_() % below; }

 private:
  std::string Text() {
    static constexpr const char* kTexts[] = {"",
                                             "states/LTU",
                                             "states/-",
                                             "LTU",
                                             "treaties/x",
                                             "functions/mla",
                                             "2015-02-30",
                                             "9999-12-31",
                                             "0000-00-00",
                                             "importJobs/1",
                                             "%s%n\n\r\x01",
                                             "../../etc/passwd",
                                             "states//",
                                             "states/FRA/auth",
                                             "*",
                                             "\xd9\x84\xf0\x9f\x98"
                                             "\x80"};
    const uint64_t pick = Pick(std::size(kTexts) + 2);
    if (pick < std::size(kTexts)) return kTexts[pick];
    return std::string(pick == std::size(kTexts) ? 1 << 16 : 300, 'A');
  }

  int64_t Number() {
    static constexpr int64_t kNumbers[] = {
        0, 1, -1, 7, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 253402300800};
    return kNumbers[Pick(std::size(kNumbers))];
  }

  void FillField(const FieldDescriptor* field, Message* message, int depth) {
    const auto* reflection = message->GetReflection();
    const bool many = field->is_repeated();
    const auto set = [&](auto one, auto add, auto value) {
      if (many) {
        (reflection->*add)(message, field, value);
      } else {
        (reflection->*one)(message, field, value);
      }
    };
    using R = google::protobuf::Reflection;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return set(&R::SetString, &R::AddString, Text());
      case FieldDescriptor::CPPTYPE_BOOL:
        return set(&R::SetBool, &R::AddBool, Pick(2) == 0);
      case FieldDescriptor::CPPTYPE_INT32:
        return set(&R::SetInt32, &R::AddInt32, static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_INT64:
        return set(&R::SetInt64, &R::AddInt64, Number());
      case FieldDescriptor::CPPTYPE_UINT64:
        return set(&R::SetUInt64, &R::AddUInt64,
                   static_cast<uint64_t>(Number()));
      case FieldDescriptor::CPPTYPE_ENUM:
        return set(&R::SetEnumValue, &R::AddEnumValue,
                   static_cast<int>(Pick(12)));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 3) return;
        return Fill(many ? reflection->AddMessage(message, field)
                         : reflection->MutableMessage(message, field),
                    depth + 1);
      default:
        ADD_FAILURE() << field->full_name() << " is of a type not filled yet";
    }
  }

  std::mt19937_64 random_;
};

// Watches that stay open; counts which were let in, and which were refused as
// they should be. Thread-safe.
class Watchers {
 public:
  ~Watchers() { CancelAll(); }

  void Start(v1::ChangeService::Stub* stub) {
    {
      const absl::MutexLock lock(&mutex_);
      ++started_;
      ++alive_;
    }
    reactors_.push_back(std::make_unique<Reactor>(this, stub));
  }

  // Waits until each was let in or refused. False if that takes too long.
  bool AwaitDecided() {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(this, &Watchers::Decided),
                                   absl::FromChrono(kPatience));
  }

  void CancelAll() {
    {
      const absl::MutexLock lock(&mutex_);
      leaving_ = true;
    }
    for (const auto& reactor : reactors_) reactor->Cancel();
    AwaitAllDone();
    reactors_.clear();
  }

  void AwaitAllDone() {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* alive) { return *alive == 0; }, &alive_));
  }

  int open() const { return open_; }
  int refused() const { return refused_; }
  // Of the refused ones.
  int refused_properly() const { return refused_properly_; }

 private:
  class Reactor : public grpc::ClientReadReactor<v1::WatchResponse> {
   public:
    Reactor(Watchers* owner, v1::ChangeService::Stub* stub) : owner_(owner) {
      request_.set_from_now(true);
      context_.set_deadline(std::chrono::system_clock::now() + 4 * kPatience);
      stub->async()->Watch(&context_, &request_, this);
      StartRead(&response_);
      StartCall();
    }
    void Cancel() { context_.TryCancel(); }
    void OnReadDone(bool ok) override {
      if (!ok) return;
      if (!std::exchange(open_, true)) owner_->OnOpen();
      StartRead(&response_);
    }
    void OnDone(const grpc::Status& status) override {
      owner_->OnEnd(open_, status);
    }

   private:
    Watchers* const owner_;
    grpc::ClientContext context_;
    v1::WatchRequest request_;
    v1::WatchResponse response_;
    bool open_ = false;
  };

  bool Decided() const { return open_ + refused_ == started_; }

  void OnOpen() {
    const absl::MutexLock lock(&mutex_);
    ++open_;
  }

  void OnEnd(bool was_open, const grpc::Status& status) {
    const absl::MutexLock lock(&mutex_);
    --alive_;
    if (was_open) return;
    // Left by itself before it was let in: neither let in nor refused.
    if (leaving_ && status.error_code() == grpc::CANCELLED) return;
    ++refused_;
    if (status.error_code() == grpc::RESOURCE_EXHAUSTED &&
        HasRetryInfo(status)) {
      ++refused_properly_;
    } else {
      ADD_FAILURE() << status.error_code() << ": " << status.error_message();
    }
  }

  absl::Mutex mutex_;
  bool leaving_ = false;
  int started_ = 0;
  int alive_ = 0;
  int open_ = 0;
  int refused_ = 0;
  int refused_properly_ = 0;
  std::vector<std::unique_ptr<Reactor>> reactors_;
};

// An export of which one message is read, and then no more.
struct SlowExport {
  explicit SlowExport(const std::shared_ptr<grpc::Channel>& channel)
      : stub(v1::ExportService::NewStub(channel)) {
    v1::ExportRequest request;
    request.set_format(v1::EXPORT_FORMAT_JSONL);
    context.set_deadline(std::chrono::system_clock::now() + 4 * kPatience);
    reader = stub->Export(&context, request);
    open = reader->Read(&response);
  }
  ~SlowExport() {
    context.TryCancel();
    while (reader->Read(&response)) {
    }
    reader->Finish();
  }

  std::unique_ptr<v1::ExportService::Stub> stub;
  grpc::ClientContext context;
  v1::ExportResponse response;
  std::unique_ptr<grpc::ClientReader<v1::ExportResponse>> reader;
  bool open = false;
};

// One line of JSON Lines: an office with a note of so many bytes.
std::string OfficeLine(absl::string_view id, size_t note_bytes) {
  return absl::StrCat(R"({"authority":{"name":"states/FRA/authorities/)", id,
                      R"(","displayNames":[{"text":"Office )", id,
                      R"(","language":"en"}],"sources":[{"document":"test",)",
                      R"("kind":"SOURCE_KIND_SYNTHETIC"}],"notes":[")",
                      std::string(note_bytes, 'x'), "\"]}}\n");
}

// An import whose options and first bytes are sent, and no more.
struct HalfImport {
  HalfImport(const std::shared_ptr<grpc::Channel>& channel,
             const std::string& bytes)
      : stub(v1::ImportService::NewStub(channel)) {
    context.set_deadline(std::chrono::system_clock::now() + 4 * kPatience);
    stream = stub->Import(&context);
    v1::ImportRequest request;
    request.mutable_options()->set_kind(v1::IMPORT_KIND_RECORDS);
    stream->Write(request);
    request.set_chunk(bytes);
    stream->Write(request);
  }
  ~HalfImport() {
    context.TryCancel();
    v1::ImportResponse response;
    while (stream->Read(&response)) {
    }
    stream->Finish();
  }

  std::unique_ptr<v1::ImportService::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>>
      stream;
};

class AbuseTest : public testing::Test {
 protected:
  struct Outcome {
    grpc::Status status;
    int messages = 0;
  };

  // On the bundled data.
  void Start(std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--load", COMITY_SOURCE_DIR "/data",
                                   "--log-level", "error"});
    server_ = std::make_unique<ComitydProcess>(options);
    ASSERT_NE(server_->address(), "");
    channel_ = Connect();
    directory_ = v1::DirectoryService::NewStub(channel_);
    admin_ = v1::AdminService::NewStub(channel_);
    ExpectAnswers();
    resident_ = server_->Resident();
  }

  // What every test ends with.
  void TearDown() override {
    if (server_ == nullptr || server_->address().empty()) return;
    ExpectAnswers();
    const int64_t growth = server_->PeakResident() - resident_;
    EXPECT_LT(growth, kGrowthMax);
    RecordProperty("growth_mebibytes", static_cast<int>(growth / kMebibyte));
    ExpectEnds();
  }

  void ExpectEnds() {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(server_->Terminate(), 0);
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(absl::FromChrono(took), kShutdownMax);
  }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt("comity.connection", ++connections_);
    arguments.SetMaxSendMessageSize(-1);
    return grpc::CreateCustomChannel(
        server_->address(), grpc::InsecureChannelCredentials(), arguments);
  }

  void ExpectAnswers() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::GetStateRequest request;
    request.set_name("states/LTU");
    v1::State state;
    const grpc::Status status = directory_->GetState(&context, request, &state);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(state.alpha2(), "LT");
  }

  // Calls any method with one message, takes at most `messages_max` answers,
  // then leaves.
  Outcome Call(const MethodDescriptor* method, const std::string& bytes,
               std::chrono::system_clock::time_point deadline,
               int messages_max = 1) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(deadline);
    grpc::CompletionQueue queue;
    const auto path =
        absl::StrCat("/", method->service()->full_name(), "/", method->name());
    const auto call = stub.PrepareCall(&context, path, &queue);
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    call->StartCall(nullptr);
    next();
    const grpc::Slice slice(bytes);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    next();
    Outcome outcome;
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    while (next()) {
      if (++outcome.messages == messages_max) context.TryCancel();
      call->Read(&answer, nullptr);
    }
    call->Finish(&outcome.status, nullptr);
    next();
    queue.Shutdown();
    while (next()) {
    }
    return outcome;
  }

  std::chrono::system_clock::time_point Soon() const {
    return std::chrono::system_clock::now() + kPatience;
  }

  int WatchersNow() {
    grpc::ClientContext context;
    v1::Stats stats;
    EXPECT_TRUE(admin_->GetStats(&context, {}, &stats).ok());
    return stats.watchers();
  }

  // Asks until `condition` holds; the time limit of the test ends it.
  static void Until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::yield();
  }

  // Whether so many exports can be under way at once.
  bool RoomForExports(int count) {
    std::deque<SlowExport> exports;
    for (int i = 0; i < count; ++i) {
      if (!exports.emplace_back(channel_).open) return false;
    }
    return true;
  }

  // Imports `bytes`, as a well-behaved client.
  void Import(const std::string& bytes) {
    const auto stub = v1::ImportService::NewStub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 4 * kPatience);
    const auto stream = stub->Import(&context);
    v1::ImportRequest request;
    request.mutable_options()->set_kind(v1::IMPORT_KIND_RECORDS);
    request.mutable_options()->set_summary_only(true);
    ASSERT_TRUE(stream->Write(request));
    for (size_t at = 0; at < bytes.size(); at += 1 << 18) {
      request.set_chunk(bytes.substr(at, 1 << 18));
      ASSERT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
    v1::ImportResponse response;
    v1::ImportJob job;
    while (stream->Read(&response)) {
      if (response.has_job()) job = response.job();
    }
    const grpc::Status status = stream->Finish();
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(job.state(), v1::ImportJob::STATE_APPLIED);
  }

  // Offices of France whose ids begin so.
  int OfficesNamed(absl::string_view prefix) {
    grpc::ClientContext context;
    v1::ListAuthoritiesRequest request;
    request.set_parent("states/FRA");
    request.set_page_size(1000);
    v1::ListAuthoritiesResponse response;
    EXPECT_TRUE(directory_->ListAuthorities(&context, request, &response).ok());
    int count = 0;
    for (const v1::Authority& authority : response.authorities()) {
      count += absl::StrContains(authority.name(),
                                 absl::StrCat("/authorities/", prefix));
    }
    return count;
  }

  std::unique_ptr<ComitydProcess> server_;
  int64_t resident_ = 0;
  int connections_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

TEST_F(AbuseTest, BytesThatAreNoMessageFailOnEveryMethod) {
  Start();
  Nonsense nonsense(kSeed);
  for (const MethodDescriptor* method : Methods()) {
    SCOPED_TRACE(method->full_name());
    for (int i = 0; i < 10; ++i) {
      // Ends within a length: never a message.
      const std::string bytes = nonsense.Bytes() + "\x0a\x7f\x41";
      const Outcome outcome = Call(method, bytes, Soon());
      EXPECT_EQ(outcome.messages, 0);
      EXPECT_FALSE(outcome.status.ok());
      EXPECT_NE(outcome.status.error_code(), grpc::UNAVAILABLE);
      EXPECT_NE(outcome.status.error_code(), grpc::DEADLINE_EXCEEDED);
      EXPECT_NE(outcome.status.error_code(), grpc::UNKNOWN);
    }
  }
}

TEST_F(AbuseTest, NonsenseGetsItsErrorOnEveryMethod) {
  Start();
  Nonsense nonsense(kSeed);
  for (const MethodDescriptor* method : Methods()) {
    SCOPED_TRACE(method->full_name());
    const Message* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(
            method->input_type());
    for (int i = 0; i < 40; ++i) {
      const std::unique_ptr<Message> request(prototype->New());
      nonsense.Fill(request.get());
      const Outcome outcome =
          Call(method, request->SerializeAsString(), Soon());
      switch (outcome.status.error_code()) {
        case grpc::UNAVAILABLE:
        case grpc::DEADLINE_EXCEEDED:
        case grpc::UNKNOWN:
        case grpc::INTERNAL:
        case grpc::DATA_LOSS:
        case grpc::UNIMPLEMENTED:
          ADD_FAILURE() << outcome.status.error_code() << ": "
                        << outcome.status.error_message() << "\n"
                        << request->ShortDebugString().substr(0, 2000);
          break;
        default:
          break;
      }
    }
  }
}

TEST_F(AbuseTest, DeadlinesThatAreOverEndEveryMethod) {
  Start();
  for (const MethodDescriptor* method : Methods()) {
    SCOPED_TRACE(method->full_name());
    const auto now = std::chrono::system_clock::now();
    EXPECT_EQ(
        Call(method, "", now - std::chrono::seconds(1)).status.error_code(),
        grpc::DEADLINE_EXCEEDED);
    for (const int micros : {50, 200, 1000}) {
      const Outcome outcome = Call(
          method, "",
          std::chrono::system_clock::now() + std::chrono::microseconds(micros));
      EXPECT_NE(outcome.status.error_code(), grpc::INTERNAL);
      EXPECT_NE(outcome.status.error_code(), grpc::UNKNOWN);
      EXPECT_NE(outcome.status.error_code(), grpc::UNAVAILABLE);
    }
  }
}

TEST_F(AbuseTest, RequestsOverTheLimitAreRefused) {
  Start();
  const std::string large(5 * kMebibyte, 'x');
  for (const MethodDescriptor* method : Methods()) {
    SCOPED_TRACE(method->full_name());
    EXPECT_EQ(Call(method, large, Soon()).status.error_code(),
              grpc::RESOURCE_EXHAUSTED);
  }
}

TEST_F(AbuseTest, LargeRequestsAtOnceStayWithinMemory) {
  Start();
  std::vector<std::thread> clients;
  for (int i = 0; i < 24; ++i) {
    clients.emplace_back([this, channel = Connect()] {
      const auto stub = v1::DirectoryService::NewStub(channel);
      v1::CreateAuthorityRequest request;
      request.set_parent("states/FRA");
      // Below the limit of a message, and over that of a record.
      for (int note = 0; note < 250; ++note) {
        request.mutable_authority()->add_notes(std::string(15 << 10, 'x'));
      }
      for (int attempt = 0; attempt < (kSanitized ? 3 : 15); ++attempt) {
        grpc::ClientContext context;
        context.set_deadline(Soon());
        v1::Authority response;
        const grpc::Status status =
            stub->CreateAuthority(&context, request, &response);
        EXPECT_TRUE(status.error_code() == grpc::INVALID_ARGUMENT ||
                    status.error_code() == grpc::RESOURCE_EXHAUSTED)
            << status.error_code() << ": " << status.error_message();
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(AbuseTest, AThousandWatchersOnALimitOfAHundredAreToldAtOnce) {
  Start({"--max-streams", "100"});
  // Two rounds: those that leave make room.
  for (int round = 0; round < 2; ++round) {
    std::vector<std::unique_ptr<v1::ChangeService::Stub>> stubs;
    for (int i = 0; i < 10; ++i) {
      stubs.push_back(v1::ChangeService::NewStub(Connect()));
    }
    Watchers watchers;
    const auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < 1000; ++i) watchers.Start(stubs[i % 10].get());
    ASSERT_TRUE(watchers.AwaitDecided());
    const auto took =
        absl::FromChrono(std::chrono::steady_clock::now() - start);
    EXPECT_EQ(watchers.open(), 100);
    EXPECT_EQ(watchers.refused(), 900);
    EXPECT_EQ(watchers.refused_properly(), 900);
    EXPECT_LT(took, absl::Seconds(kSanitized ? 60 : 15));
    EXPECT_EQ(WatchersNow(), 100);
    // Other streams are refused too, other calls are not.
    EXPECT_FALSE(SlowExport(channel_).open);
    ExpectAnswers();
    watchers.CancelAll();
    Until([this] { return WatchersNow() == 0; });
  }
}

TEST_F(AbuseTest, CallsOverTheLimitAreRefusedAndTheOthersDone) {
  Start({"--max-requests", "4"});
  constexpr int kCalls = 300;
  struct Write {
    grpc::ClientContext context;
    v1::CreateAuthorityRequest request;
    v1::Authority response;
    grpc::Status status;
  };
  std::deque<Write> writes(kCalls);
  absl::Mutex mutex;
  int done = 0;
  for (int i = 0; i < kCalls; ++i) {
    Write& write = writes[static_cast<size_t>(i)];
    write.context.set_deadline(Soon());
    write.request.set_parent("states/FRA");
    write.request.set_authority_id(absl::StrCat("flood-", i));
    v1::Authority* authority = write.request.mutable_authority();
    authority->add_display_names()->set_text(absl::StrCat("Flood ", i));
    authority->add_sources()->set_kind(v1::SOURCE_KIND_SYNTHETIC);
    authority->mutable_sources(0)->set_document("test");
    directory_->async()->CreateAuthority(
        &write.context, &write.request, &write.response,
        [&write, &mutex, &done](const grpc::Status& status) {
          const absl::MutexLock lock(&mutex);
          write.status = status;
          ++done;
        });
  }
  {
    const absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(
        +[](int* count) { return *count == kCalls; }, &done));
  }
  int created = 0;
  for (const Write& write : writes) {
    if (write.status.ok()) {
      ++created;
    } else {
      EXPECT_EQ(write.status.error_code(), grpc::RESOURCE_EXHAUSTED)
          << write.status.error_message();
      EXPECT_TRUE(HasRetryInfo(write.status));
    }
  }
  EXPECT_GE(created, 4);
  // Whatever was refused was not done, whatever was answered was.
  EXPECT_EQ(OfficesNamed("flood-"), created);
}

TEST_F(AbuseTest, SlowReadersOfALargeExportHoldNoThreadAndLittleMemory) {
  Start({"--max-streams", "64"});
  std::string file;
  const int offices = kSanitized ? 500 : 2500;
  for (int i = 0; i < offices; ++i) {
    absl::StrAppend(&file, OfficeLine(absl::StrCat("slow-", i), 15 << 10));
  }
  Import(file);
  // The import's own memory is another test's matter.
  resident_ = server_->PeakResident();
  {
    std::deque<SlowExport> slow;
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (int i = 0; i < 60; ++i) {
      channels.push_back(Connect());
      ASSERT_TRUE(slow.emplace_back(channels.back()).open);
    }
    // More readers than threads, and still a quick one gets all of it.
    SlowExport quick(channel_);
    size_t bytes = quick.response.chunk().size();
    while (quick.reader->Read(&quick.response)) {
      bytes += quick.response.chunk().size();
    }
    EXPECT_GT(bytes, file.size());
    ExpectAnswers();
    RecordProperty(
        "slow_growth_mebibytes",
        static_cast<int>((server_->PeakResident() - resident_) / kMebibyte));
  }
  // They are gone, and so is what they held.
  Until([this] { return RoomForExports(64); });
}

TEST_F(AbuseTest, ClientsThatVanishInMidStreamLeaveNothingBehind) {
  Start({"--max-streams", "50"});
  const std::string whole_line = OfficeLine("vanished", 100);
  for (int i = 0; i < (kSanitized ? 60 : 200); ++i) {
    // Some leave a connection that others use, some take theirs with them.
    const auto channel = i % 2 == 0 ? Connect() : channel_;
    const HalfImport half(channel, whole_line);
    const SlowExport unread(channel);
    Watchers watcher;
    const auto stub = v1::ChangeService::NewStub(channel);
    watcher.Start(stub.get());
  }
  EXPECT_EQ(OfficesNamed("vanished"), 0);
  Until([this] { return WatchersNow() == 0; });
  Until([this] { return RoomForExports(50); });
  // A whole file is still taken.
  Import(whole_line);
  EXPECT_EQ(OfficesNamed("vanished"), 1);
}

// A TCP connection that speaks no gRPC.
class Socket {
 public:
  explicit Socket(const std::string& address) {
    const size_t colon = address.rfind(':');
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(address.substr(colon + 1), &port));
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    EXPECT_EQ(
        inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr), 1);
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(connect(descriptor_, reinterpret_cast<const sockaddr*>(&to),
                      sizeof(to)),
              0);
  }
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // The peer may have hung up already.
  void Send(const std::string& bytes) const {
    (void)!send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

 private:
  int descriptor_ = -1;
};

TEST_F(AbuseTest, ConnectionsThatSpeakSomethingElseDoNoHarm) {
  Start();
  Nonsense nonsense(kSeed);
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  std::deque<Socket> idle;
  for (int i = 0; i < 100; ++i) {
    for (const std::string& bytes :
         {std::string("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
          std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
          nonsense.Bytes(), preface + nonsense.Bytes(),
          // A frame of 16 MiB that never comes.
          preface + std::string("\xff\xff\xff\x00\x00\x00\x00\x00\x01", 9)}) {
      const Socket socket(server_->address());
      socket.Send(bytes);
    }
    // Connects and says nothing.
    idle.emplace_back(server_->address());
    ExpectAnswers();
  }
}

// Connections must not take the files that the store needs.
TEST_F(AbuseTest, HasAsManyFilesAsTheMachineAllows) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = std::min<rlim_t>(256, before.rlim_cur);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  Start();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const auto [now, most] = server_->OpenFilesLimits();
  EXPECT_GT(now, 0);
  EXPECT_EQ(now, most);
}

TEST_F(AbuseTest, EndsInTimeWhateverIsUnderWay) {
  Start();
  std::deque<Socket> idle;
  for (int i = 0; i < 50; ++i) idle.emplace_back(server_->address());
  Watchers watchers;
  const auto stub = v1::ChangeService::NewStub(Connect());
  for (int i = 0; i < 200; ++i) watchers.Start(stub.get());
  ASSERT_TRUE(watchers.AwaitDecided());
  EXPECT_EQ(watchers.open(), 200);
  std::deque<SlowExport> slow;
  std::deque<HalfImport> half;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(slow.emplace_back(channel_).open);
    half.emplace_back(channel_, OfficeLine("half", 100));
  }
  ExpectEnds();
  watchers.AwaitAllDone();
  server_ = nullptr;
}

}  // namespace
}  // namespace comity
