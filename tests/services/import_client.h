// A client of imports, for tests.

#ifndef COMITY_TESTS_SERVICES_IMPORT_CLIENT_H_
#define COMITY_TESTS_SERVICES_IMPORT_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "comity/v1/import_service.grpc.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace comity {

// What a client got of one import.
struct Imported {
  grpc::Status status;
  bool has_job = false;
  v1::ImportJob job;
  std::vector<v1::ImportProgress> progress;
  // Of records; remarks on the file as a whole are `remarks`.
  std::vector<v1::ImportResult> results;
  std::vector<v1::ImportProblem> remarks;

  // `ADDED states/NOR`, a line each.
  std::string Outcomes() const {
    std::string text;
    for (const v1::ImportResult& result : results) {
      const std::string outcome =
          v1::ImportResult::Outcome_Name(result.outcome());
      absl::StrAppend(&text, absl::StripPrefix(outcome, "OUTCOME_"),
                      result.resource().empty() ? "" : " ", result.resource(),
                      "\n");
    }
    return text;
  }

  // `line:column: field, value, rule`, a line each.
  std::string Problems() const {
    std::string text;
    for (const v1::ImportResult& result : results) {
      for (const v1::ImportProblem& problem : result.problems()) {
        absl::StrAppend(&text, problem.line(), ":", problem.column(), ": ",
                        problem.field(), ", ", problem.value(), ", ",
                        problem.rule(), "\n");
      }
    }
    return text;
  }
};

inline v1::ImportOptions OptionsOf(v1::ImportKind kind) {
  v1::ImportOptions options;
  options.set_kind(kind);
  options.set_file_name("file.txt");
  return options;
}

// One import under way; what the file is, and how it is cut, is the test's.
class ImportCall {
 public:
  ImportCall(v1::ImportService::Stub* stub, absl::Duration within) {
    context_.set_deadline(std::chrono::system_clock::now() +
                          absl::ToChronoMicroseconds(within));
    stream_ = stub->Import(&context_);
  }

  // False once the server takes nothing any more.
  bool Send(const v1::ImportOptions& options) {
    v1::ImportRequest request;
    *request.mutable_options() = options;
    return stream_->Write(request);
  }
  bool Send(absl::string_view chunk) {
    v1::ImportRequest request;
    request.set_chunk(std::string(chunk));
    return stream_->Write(request);
  }
  bool Send(const v1::ImportRequest& request) {
    return stream_->Write(request);
  }
  void SendFile(absl::string_view bytes, size_t chunk_bytes) {
    while (!bytes.empty() && Send(bytes.substr(0, chunk_bytes))) {
      bytes.remove_prefix(std::min(bytes.size(), chunk_bytes));
    }
  }
  void SendNoMore() { stream_->WritesDone(); }
  void Cancel() { context_.TryCancel(); }

  // Takes one message; false at the end.
  bool Read(v1::ImportResponse* response) { return stream_->Read(response); }

  // Takes all that is still to come.
  Imported ReadAll() {
    Imported imported;
    v1::ImportResponse response;
    while (stream_->Read(&response)) Take(&response, &imported);
    imported.status = stream_->Finish();
    return imported;
  }

 private:
  static void Take(v1::ImportResponse* response, Imported* imported) {
    // The job is the last.
    EXPECT_FALSE(imported->has_job);
    switch (response->response_case()) {
      case v1::ImportResponse::kProgress:
        imported->progress.push_back(response->progress());
        break;
      case v1::ImportResponse::kResults:
        EXPECT_FALSE(response->results().results().empty());
        for (v1::ImportResult& result :
             *response->mutable_results()->mutable_results()) {
          if (result.outcome() != v1::ImportResult::OUTCOME_UNSPECIFIED) {
            imported->results.push_back(std::move(result));
            continue;
          }
          imported->remarks.insert(imported->remarks.end(),
                                   result.notices().begin(),
                                   result.notices().end());
        }
        break;
      case v1::ImportResponse::kJob:
        imported->has_job = true;
        imported->job = response->job();
        break;
      default:
        ADD_FAILURE() << "a response without content";
    }
  }

  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>>
      stream_;
};

// A record as a line of JSON Lines.
template <class Record>
std::string LineOf(const Record& record) {
  std::string line;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(record, &line).ok());
  return line + "\n";
}

}  // namespace comity

#endif  // COMITY_TESTS_SERVICES_IMPORT_CLIENT_H_
