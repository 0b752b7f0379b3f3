#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "comity/v1/export_service.pb.h"
#include "comity/v1/import_service.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run.h"
#include "tests/support/temporary_folder.h"

namespace comity::cli {
namespace {

constexpr char kResults[] = R"pb(
  results {
    results {
      outcome: OUTCOME_ADDED
      resource: "states/LTU/authorities/a"
      line: 2
    }
    results {
      outcome: OUTCOME_CHANGED
      resource: "states/LTU/authorities/b"
      line: 3
      differences { field: "unit" before: "\"A\"" after: "\"B\"" }
    }
    results {
      outcome: OUTCOME_UNCHANGED
      resource: "states/LTU/authorities/c"
      line: 4
    }
  }
)pb";

constexpr char kRejection[] = R"pb(
  results {
    results {
      outcome: OUTCOME_REJECTED
      line: 5
      problems {
        line: 5
        column: 25
        field: "date_notified"
        value: "2011-13-40"
        rule: "not a day"
      }
      notices { field: "phone" rule: "serves as fax, too" }
    }
  }
)pb";

// What the server was sent.
struct Upload {
  v1::ImportOptions options;
  std::string bytes;
  size_t largest_chunk = 0;
};

class ImportTest : public testing::Test {
 protected:
  // Answers an import with these messages, then this job.
  void AnswerImport(const std::vector<std::string>& messages,
                    const std::string& job) {
    server_.Set(v1::ImportRequest(), [=, this](const FakeServer::Read& read,
                                               const FakeServer::Write& write) {
      upload_ = Upload();
      v1::ImportRequest request;
      read(&request);
      upload_.options = request.options();
      while (read(&request)) {
        upload_.bytes += request.chunk();
        upload_.largest_chunk =
            std::max(upload_.largest_chunk, request.chunk().size());
      }
      v1::ImportResponse response;
      response.mutable_progress()->set_bytes_read(
          static_cast<int64_t>(upload_.bytes.size()));
      response.mutable_progress()->set_records_read(4);
      write(response);
      for (const std::string& message : messages) {
        EXPECT_TRUE(
            google::protobuf::TextFormat::ParseFromString(message, &response));
        write(response);
      }
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
          "job {" + job + "}", &response));
      write(response);
      return absl::OkStatus();
    });
  }

  Outcome Comity(std::vector<std::string> arguments,
                 const Surroundings& surroundings = {}) {
    arguments.insert(arguments.end(), {"--server", server_.address()});
    return RunComity(arguments, surroundings);
  }

  std::string File(const std::string& bytes) {
    const std::string path = folder_.Path("offices.csv");
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  FakeServer server_;
  TemporaryFolder folder_;
  Upload upload_;
};

TEST_F(ImportTest, ShowsWhatBecameOfEachRecord) {
  AnswerImport({kResults},
               "state: STATE_APPLIED name: 'importJobs/one' counts { records: "
               "3 added: 1 changed: 1 unchanged: 1 }");
  const std::string path = File(std::string(600000, 'x'));
  const Outcome outcome = Comity({"import", "designations", path});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "added     line 2: states/LTU/authorities/a\n"
            "changed   line 3: states/LTU/authorities/b\n"
            "          unit: \"A\" -> \"B\"\n" +
                path +
                ": 3 records: 1 added, 1 changed, 1 unchanged, 0 rejected.\n"
                "Applied as importJobs/one; to take it back: comity import "
                "undo importJobs/one\n");
  EXPECT_EQ(outcome.err, "100 %  585.9 KiB of 585.9 KiB, 4 records\n");
  EXPECT_EQ(upload_.bytes, std::string(600000, 'x'));
  EXPECT_EQ(upload_.largest_chunk, 256u << 10);
  EXPECT_EQ(upload_.options.ShortDebugString(),
            "kind: IMPORT_KIND_DESIGNATIONS file_name: \"offices.csv\" "
            "file_bytes: 600000");
}

TEST_F(ImportTest, ShowsUnchangedRecordsOnlyWhenAsked) {
  AnswerImport({kResults}, "state: STATE_APPLIED");
  const Outcome outcome =
      Comity({"import", "designations", File("x"), "--all"});
  EXPECT_TRUE(absl::StrContains(
      outcome.out, "unchanged line 4: states/LTU/authorities/c\n"));
}

TEST_F(ImportTest, ARejectedFileNamesThePlaceAndExitsWithFive) {
  AnswerImport({kRejection},
               "state: STATE_REJECTED counts { records: 4 rejected: 1 }");
  const std::string path = File("x");
  const Outcome outcome = Comity({"import", "designations", path});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_TRUE(absl::StartsWith(
      outcome.out, "rejected  " + path +
                       ":5:25: date_notified, \"2011-13-40\", not a day\n"
                       "notice    " +
                       path + ":5: phone, serves as fax, too\n"))
      << outcome.out;
  EXPECT_TRUE(absl::EndsWith(
      outcome.err, "comity: 1 record was rejected; nothing was written\n"))
      << outcome.err;
}

TEST_F(ImportTest, APartialImportWithRejectedRecordsExitsWithFiveToo) {
  AnswerImport({kRejection},
               "state: STATE_APPLIED name: 'importJobs/p' counts { records: 4 "
               "added: 3 rejected: 1 }");
  const Outcome outcome =
      Comity({"import", "designations", File("x"), "--partial"});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_TRUE(upload_.options.partial());
  EXPECT_TRUE(absl::EndsWith(
      outcome.err, "1 record was rejected; the others were applied\n"));
}

TEST_F(ImportTest, PassesItsOptionsOnAndReadsStandardInput) {
  AnswerImport({}, "state: STATE_VALIDATED");
  Surroundings surroundings;
  surroundings.in = "a;b\n1;2\n";
  const Outcome outcome =
      Comity({"import",       "participations", "-",
              "--dry-run",    "--columns",      "Staat=state",
              "--columns",    "a=b=-",          "--encoding",
              "windows-1252", "--delimiter",    "\\t",
              "--sheet",      "Blatt 1",        "--source-system",
              "bfj",          "--date-order",   "day",
              "--actor",      "editor",         "--format",
              "csv"},
             surroundings);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(upload_.bytes, surroundings.in);
  const v1::ImportOptions& options = upload_.options;
  EXPECT_EQ(options.kind(), v1::IMPORT_KIND_PARTICIPATIONS);
  EXPECT_EQ(options.format(), v1::IMPORT_FORMAT_CSV);
  EXPECT_TRUE(options.validate_only());
  EXPECT_EQ(options.columns().at("Staat"), "state");
  EXPECT_EQ(options.columns().at("a=b"), "-");
  EXPECT_EQ(options.encoding(), "windows-1252");
  EXPECT_EQ(options.delimiter(), "\t");
  EXPECT_EQ(options.sheet(), "Blatt 1");
  EXPECT_EQ(options.source_system(), "bfj");
  EXPECT_EQ(options.date_order(), v1::DATE_ORDER_DAY_FIRST);
  EXPECT_EQ(options.actor(), "editor");
  EXPECT_TRUE(absl::StrContains(outcome.out, "A dry run"));
}

TEST_F(ImportTest, JsonIsOneResultALineThenTheJob) {
  AnswerImport({kResults}, "state: STATE_APPLIED name: 'importJobs/one'");
  const Outcome outcome =
      Comity({"import", "designations", File("x"), "--json"});
  EXPECT_EQ(
      outcome.out,
      "{\"outcome\":\"OUTCOME_ADDED\",\"resource\":\"states/LTU/authorities/"
      "a\",\"line\":\"2\"}\n"
      "{\"outcome\":\"OUTCOME_CHANGED\",\"resource\":\"states/LTU/authorities/"
      "b\",\"line\":\"3\",\"differences\":[{\"field\":\"unit\",\"before\":"
      "\"\\\"A\\\"\",\"after\":\"\\\"B\\\"\"}]}\n"
      "{\"outcome\":\"OUTCOME_UNCHANGED\",\"resource\":\"states/LTU/"
      "authorities/c\",\"line\":\"4\"}\n"
      "{\"name\":\"importJobs/one\",\"state\":\"STATE_APPLIED\"}\n");
}

TEST_F(ImportTest, AStreamWithoutAJobIsAnError) {
  server_.Set(v1::ImportRequest(),
              [](const FakeServer::Read& read, const FakeServer::Write&) {
                v1::ImportRequest request;
                while (read(&request)) {
                }
                return absl::OkStatus();
              });
  EXPECT_EQ(Comity({"import", "designations", File("x")}).code, 6);
}

TEST_F(ImportTest, AServerThatRefusesTheFileIsHeardWhileSending) {
  server_.Set(v1::ImportRequest(),
              [](const FakeServer::Read& read, const FakeServer::Write&) {
                v1::ImportRequest request;
                read(&request);
                return absl::InvalidArgumentError("kind is x, not supported");
              });
  const Outcome outcome =
      Comity({"import", "states", File(std::string(4 << 20, 'x'))});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "comity: kind is x, not supported\n");
}

TEST_F(ImportTest, UndoAndJobsTakeANameOrAnId) {
  std::string asked;
  server_.On<v1::UndoImportRequest>([&](const v1::UndoImportRequest& request,
                                        const FakeServer::Write& write) {
    asked = request.name();
    v1::ImportJob job;
    job.set_name("importJobs/two");
    job.mutable_counts()->set_changed(3);
    write(job);
    return absl::OkStatus();
  });
  const Outcome undone = Comity({"import", "undo", "one"});
  EXPECT_EQ(undone.code, 0) << undone.err;
  EXPECT_EQ(asked, "importJobs/one");
  EXPECT_TRUE(absl::StrContains(undone.out, "importJobs/one was taken back"));

  server_.On<v1::GetImportJobRequest>(
      [&](const v1::GetImportJobRequest& request,
          const FakeServer::Write& write) {
        asked = request.name();
        v1::ImportJob job;
        job.set_name(request.name());
        write(job);
        return absl::OkStatus();
      });
  EXPECT_EQ(Comity({"import", "jobs", "importJobs/two"}).code, 0);
  EXPECT_EQ(asked, "importJobs/two");

  v1::ListImportJobsResponse jobs;
  jobs.add_import_jobs()->set_name("importJobs/one");
  server_.Answer<v1::ListImportJobsRequest>(jobs);
  EXPECT_TRUE(
      absl::StrContains(Comity({"import", "jobs"}).out, "importJobs/one"));
}

class ExportTest : public ImportTest {
 protected:
  void AnswerExport(absl::Status end) {
    server_.On<v1::ExportRequest>([this, end](const v1::ExportRequest& request,
                                              const FakeServer::Write& write) {
      asked_ = request;
      v1::ExportResponse response;
      response.set_chunk("{\"a\":1}\n");
      write(response);
      response.set_chunk(std::string("\x1b\0\xFF\n", 4));
      write(response);
      return end;
    });
  }

  // Names of the files in the folder.
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  static std::string ReadFile(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  const std::string bytes_ = std::string("{\"a\":1}\n\x1b\0\xFF\n", 12);
  v1::ExportRequest asked_;
};

TEST_F(ExportTest, WritesTheBytesAsTheyAre) {
  AnswerExport(absl::OkStatus());
  EXPECT_EQ(Comity({"export", "--kind", "designation", "--kind", "authority",
                    "--state", "LTU", "--history"})
                .out,
            bytes_);
  EXPECT_EQ(asked_.ShortDebugString(),
            "format: EXPORT_FORMAT_JSONL kinds: RECORD_KIND_DESIGNATION kinds: "
            "RECORD_KIND_AUTHORITY state: \"states/LTU\" history: true");
}

TEST_F(ExportTest, AFileAppearsWhole) {
  AnswerExport(absl::OkStatus());
  const std::string path = folder_.Path("all.jsonl");
  std::ofstream(path) << "old";
  const Outcome outcome = Comity({"export", "-o", path, "--format", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(ReadFile(path), bytes_);
  EXPECT_EQ(Files().size(), 1u);
  EXPECT_EQ(asked_.format(), v1::EXPORT_FORMAT_CSV);
}

TEST_F(ExportTest, AFailedExportLeavesTheOldFile) {
  AnswerExport(absl::DataLossError("does not parse"));
  const std::string path = folder_.Path("all.jsonl");
  std::ofstream(path) << "old";
  EXPECT_EQ(Comity({"export", "-o", path}).code, 6);
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_EQ(Files().size(), 1u);
}

TEST_F(ExportTest, AFolderThatIsNotThereIsAnError) {
  AnswerExport(absl::OkStatus());
  const Outcome outcome = Comity({"export", "-o", "/nowhere/all.jsonl"});
  EXPECT_NE(outcome.code, 0);
  EXPECT_TRUE(absl::StrContains(outcome.err, "/nowhere/all.jsonl"));
}

}  // namespace
}  // namespace comity::cli
