#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

constexpr char kMinistry[] = "states/LTU/authorities/ministry";

class ExportServerTest : public ServerTest {
 protected:
  std::string Export(const v1::ExportRequest& request,
                     grpc::Status* status = nullptr) {
    grpc::ClientContext context;
    const auto reader = exports_->Export(&context, request);
    v1::ExportResponse response;
    std::string bytes;
    while (reader->Read(&response)) {
      EXPECT_LE(response.chunk().size(), size_t{1} << 20);
      EXPECT_FALSE(response.chunk().empty());
      bytes += response.chunk();
    }
    const grpc::Status finished = reader->Finish();
    if (status != nullptr) {
      *status = finished;
    } else {
      EXPECT_TRUE(finished.ok()) << finished.error_message();
    }
    return bytes;
  }

  v1::ExportRequest Request(v1::ExportFormat format) {
    v1::ExportRequest request;
    request.set_format(format);
    return request;
  }

  std::vector<std::string> Lines(const std::string& bytes) {
    return absl::StrSplit(bytes, '\n', absl::SkipEmpty());
  }
};

TEST_F(ExportServerTest, WritesEveryRecordOnce) {
  Seed();
  const std::string bytes = Export(Request(v1::EXPORT_FORMAT_JSONL));
  const std::vector<std::string> lines = Lines(bytes);
  ASSERT_EQ(lines.size(), 8U);
  int last_kind = 0;
  for (const std::string& line : lines) {
    v1::Record record;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &record).ok())
        << line;
    EXPECT_GE(static_cast<int>(record.record_case()), last_kind);
    last_kind = record.record_case();
    EXPECT_FALSE(absl::StrContains(line, "etag"));
    EXPECT_FALSE(absl::StrContains(line, "createTime"));
  }
  EXPECT_EQ(Export(Request(v1::EXPORT_FORMAT_JSONL)), bytes);
}

TEST_F(ExportServerTest, ChoosesKindsAndState) {
  Seed();
  CreateAuthority("FRA", "Bureau");
  v1::ExportRequest request = Request(v1::EXPORT_FORMAT_JSONL);
  request.set_state("states/LTU");
  EXPECT_EQ(Lines(Export(request)).size(), 4U);
  request.add_kinds(v1::RECORD_KIND_DESIGNATION);
  request.add_kinds(v1::RECORD_KIND_AUTHORITY);
  request.add_kinds(v1::RECORD_KIND_AUTHORITY);
  const auto lines = Lines(Export(request));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(absl::StrContains(lines[0], kMinistry));
  request.clear_state();
  EXPECT_EQ(Lines(Export(request)).size(), 3U);
}

TEST_F(ExportServerTest, IsOfOneSequenceWhateverIsWrittenMeanwhile) {
  Seed();
  for (int i = 0; i < 400; ++i) {
    v1::Designation designation = MakeDesignation(kMinistry);
    designation.set_competence(std::string(5000, 'x'));
    CreateDesignation("LTU", designation);
  }
  const std::string before = Export(Request(v1::EXPORT_FORMAT_JSONL));
  EXPECT_GT(before.size(), size_t{2} << 20);
  grpc::ClientContext context;
  const auto reader =
      exports_->Export(&context, Request(v1::EXPORT_FORMAT_JSONL));
  v1::ExportResponse response;
  std::string bytes;
  bool first = true;
  while (reader->Read(&response)) {
    bytes += response.chunk();
    if (!first) continue;
    first = false;
    for (int i = 1; i < 400; i += 50) {
      v1::DeleteDesignationRequest remove;
      remove.set_name(
          absl::StrCat("states/LTU/designations/untoc-18-13-mla-", i));
      Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, remove);
      Tick();
    }
    CreateDesignation("LTU", MakeDesignation(kMinistry));
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(bytes == before);
}

TEST_F(ExportServerTest, KnowsThePast) {
  Seed();
  const std::string before = Export(Request(v1::EXPORT_FORMAT_JSONL));
  v1::ExportRequest request = Request(v1::EXPORT_FORMAT_JSONL);
  *request.mutable_known_at() = Now();
  Tick();
  CreateAuthority("FRA", "Bureau");
  EXPECT_NE(Export(Request(v1::EXPORT_FORMAT_JSONL)), before);
  EXPECT_EQ(Export(request), before);
}

TEST_F(ExportServerTest, HistoryHasEveryVersion) {
  Seed();
  v1::DeleteDesignationRequest remove;
  remove.set_name("states/LTU/designations/first");
  Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, remove);
  v1::ExportRequest request = Request(v1::EXPORT_FORMAT_JSONL);
  request.set_history(true);
  const auto lines = Lines(Export(request));
  ASSERT_EQ(lines.size(), store_->published());
  uint64_t sequence = 0;
  for (const std::string& line : lines) {
    v1::Change change;
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(line, &change).ok());
    EXPECT_EQ(change.sequence(), ++sequence);
    EXPECT_GT(change.time().seconds(), 0);
    EXPECT_EQ(change.has_after(), change.type() != v1::CHANGE_TYPE_DELETED);
  }
}

TEST_F(ExportServerTest, WritesTablesAndCards) {
  Seed();
  const std::string csv = Export(Request(v1::EXPORT_FORMAT_CSV));
  EXPECT_EQ(Lines(csv).size(), 2U);
  EXPECT_TRUE(absl::StrContains(csv, "Ministry of Justice"));
  v1::ExportRequest states = Request(v1::EXPORT_FORMAT_CSV);
  states.add_kinds(v1::RECORD_KIND_STATE);
  EXPECT_EQ(Lines(Export(states)).size(), 3U);
  const std::string cards = Export(Request(v1::EXPORT_FORMAT_VCARD));
  EXPECT_TRUE(absl::StartsWith(cards, "BEGIN:VCARD\r\nVERSION:4.0\r\n"));
  v1::ExportRequest one = Request(v1::EXPORT_FORMAT_VCARD);
  one.set_authority(kMinistry);
  EXPECT_EQ(Export(one), cards);
}

TEST_F(ExportServerTest, RefusesWhatAFormatCannotHold) {
  Seed();
  const auto with = [&](v1::ExportFormat format, auto change) {
    v1::ExportRequest request = Request(format);
    change(&request);
    return request;
  };
  using R = v1::ExportRequest;
  const struct {
    R request;
    grpc::StatusCode code;
    const char* field;
  } cases[] = {
      {Request(v1::EXPORT_FORMAT_UNSPECIFIED), grpc::INVALID_ARGUMENT,
       "format"},
      {with(v1::EXPORT_FORMAT_CSV,
            [](R* r) { r->add_kinds(v1::RECORD_KIND_TREATY); }),
       grpc::INVALID_ARGUMENT, "kinds"},
      {with(v1::EXPORT_FORMAT_CSV,
            [](R* r) {
              r->add_kinds(v1::RECORD_KIND_STATE);
              r->add_kinds(v1::RECORD_KIND_DESIGNATION);
            }),
       grpc::INVALID_ARGUMENT, "kinds"},
      {with(v1::EXPORT_FORMAT_VCARD,
            [](R* r) { r->add_kinds(v1::RECORD_KIND_STATE); }),
       grpc::INVALID_ARGUMENT, "kinds"},
      {with(v1::EXPORT_FORMAT_JSONL,
            [](R* r) { r->add_kinds(v1::RECORD_KIND_UNSPECIFIED); }),
       grpc::INVALID_ARGUMENT, "kinds[0]"},
      {with(v1::EXPORT_FORMAT_JSONL, [](R* r) { r->set_authority(kMinistry); }),
       grpc::INVALID_ARGUMENT, "authority"},
      {with(v1::EXPORT_FORMAT_CSV, [](R* r) { r->set_history(true); }),
       grpc::INVALID_ARGUMENT, "history"},
      {with(v1::EXPORT_FORMAT_JSONL,
            [](R* r) {
              r->set_history(true);
              r->set_state("states/LTU");
            }),
       grpc::INVALID_ARGUMENT, "history"},
      {with(v1::EXPORT_FORMAT_JSONL, [](R* r) { r->set_state("LTU"); }),
       grpc::INVALID_ARGUMENT, "state"},
      {with(v1::EXPORT_FORMAT_JSONL, [](R* r) { r->set_state("states/XXX"); }),
       grpc::NOT_FOUND, ""},
      {with(v1::EXPORT_FORMAT_VCARD,
            [](R* r) { r->set_authority("states/LTU/authorities/none"); }),
       grpc::NOT_FOUND, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.request.ShortDebugString());
    grpc::Status status;
    EXPECT_EQ(Export(c.request, &status), "");
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    if (c.code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), c.field);
    }
  }
}

// A client that leaves frees its place, and holds no thread meanwhile.
TEST_F(ExportServerTest, ClientsThatVanishLeaveNothingBehind) {
  ServerOptions options;
  options.streams_max = 30;
  Reopen(options);
  Seed();
  for (int i = 0; i < 100; ++i) {
    v1::Designation designation = MakeDesignation(kMinistry);
    designation.set_competence(std::string(10000, 'x'));
    CreateDesignation("LTU", designation);
  }
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::vector<std::unique_ptr<grpc::ClientReader<v1::ExportResponse>>>
        readers;
    // Nobody reads on. The server hears a little later than their clients that
    // those of the round before are gone, so some are refused at first.
    while (readers.size() < 20) {
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      readers.push_back(exports_->Export(contexts.back().get(),
                                         Request(v1::EXPORT_FORMAT_JSONL)));
      v1::ExportResponse response;
      if (readers.back()->Read(&response)) continue;
      EXPECT_EQ(readers.back()->Finish().error_code(),
                grpc::RESOURCE_EXHAUSTED);
      readers.pop_back();
      contexts.pop_back();
    }
    // A whole export still comes through for another.
    grpc::Status status;
    std::string bytes;
    do {
      bytes = Export(Request(v1::EXPORT_FORMAT_JSONL), &status);
    } while (status.error_code() == grpc::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_GT(bytes.size(), 1000000U);
    for (auto& context : contexts) context->TryCancel();
    for (auto& reader : readers) reader->Finish();
  }
}

// Each may hold a chunk that its client does not take.
TEST_F(ExportServerTest, MoreThanItCanHoldAreRefused) {
  Seed();
  for (int i = 0; i < 100; ++i) {
    v1::Designation designation = MakeDesignation(kMinistry);
    designation.set_competence(std::string(10000, 'x'));
    CreateDesignation("LTU", designation);
  }
  constexpr size_t kExports = 100;
  const auto stub = v1::ExportService::NewStub(NarrowChannel());
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::ExportResponse>>> readers;
  for (size_t i = 0; i < kExports; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(
        stub->Export(contexts.back().get(), Request(v1::EXPORT_FORMAT_JSONL)));
    v1::ExportResponse response;
    EXPECT_TRUE(readers.back()->Read(&response));
  }
  grpc::Status status;
  Export(Request(v1::EXPORT_FORMAT_JSONL), &status);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOfError(status), "TOO_MANY_AT_ONCE");
  EXPECT_TRUE(DetailsOf(status).has_retry);
  for (auto& context : contexts) context->TryCancel();
  for (auto& reader : readers) reader->Finish();
  // Those that leave make room.
  do {
    Export(Request(v1::EXPORT_FORMAT_JSONL), &status);
  } while (status.error_code() == grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok());
}

TEST_F(ExportServerTest, StopsAtTheDeadline) {
  Seed();
  for (int i = 0; i < 100; ++i) {
    v1::Designation designation = MakeDesignation(kMinistry);
    designation.set_competence(std::string(16000, 'x'));
    CreateDesignation("LTU", designation);
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(1500));
  const auto reader =
      exports_->Export(&context, Request(v1::EXPORT_FORMAT_JSONL));
  v1::ExportResponse response;
  ASSERT_TRUE(reader->Read(&response));
  // Reads no more until the deadline has passed.
  EXPECT_EQ(reader->Finish().error_code(), grpc::DEADLINE_EXCEEDED);
}

}  // namespace
}  // namespace comity
