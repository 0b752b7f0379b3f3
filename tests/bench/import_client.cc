#include "tests/bench/import_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "comity/v1/import_service.grpc.pb.h"
#include "comity/v1/search_service.grpc.pb.h"

namespace comity::bench {
namespace {

namespace v1 = ::comity::v1;

// As the command sends them.
constexpr size_t kChunkBytes = 256 << 10;

using Stream = grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>;

int64_t Send(v1::ImportKind kind, std::ifstream* in, Stream* stream) {
  v1::ImportRequest request;
  request.mutable_options()->set_kind(kind);
  request.mutable_options()->set_file_name(
      kind == v1::IMPORT_KIND_RECORDS ? "synthetic.jsonl" : "synthetic.csv");
  stream->Write(request);
  std::string chunk(kChunkBytes, '\0');
  int64_t sent = 0;
  while (true) {
    in->read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    if (in->gcount() == 0) break;
    request.set_chunk(chunk.data(), static_cast<size_t>(in->gcount()));
    sent += in->gcount();
    if (!stream->Write(request)) break;
  }
  stream->WritesDone();
  return sent;
}

// The job, and the first problem, if there is one.
v1::ImportJob Receive(Stream* stream, std::string* problem) {
  v1::ImportJob job;
  v1::ImportResponse response;
  while (stream->Read(&response)) {
    if (response.has_job()) job = response.job();
    for (const v1::ImportResult& result : response.results().results()) {
      if (result.problems().empty() || !problem->empty()) continue;
      *problem = result.problems(0).ShortDebugString();
    }
  }
  return job;
}

absl::StatusOr<Imported> ImportAs(v1::ImportKind kind,
                                  const std::string& address,
                                  const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  const auto stub = v1::ImportService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  Imported imported;
  const auto start = std::chrono::steady_clock::now();
  const auto stream = stub->Import(&context);
  std::string problem;
  v1::ImportJob job;
  std::thread receiver([&] { job = Receive(stream.get(), &problem); });
  imported.file_bytes = Send(kind, &in, stream.get());
  receiver.join();
  const grpc::Status status = stream->Finish();
  const std::chrono::duration<double> time =
      std::chrono::steady_clock::now() - start;
  imported.seconds = time.count();
  imported.records = job.counts().added();
  imported.sequence = job.last_sequence();
  if (!status.ok() || job.state() != v1::ImportJob::STATE_APPLIED) {
    return absl::InternalError(absl::StrCat(
        "the import was not applied: ", status.error_message(), problem));
  }
  return imported;
}

}  // namespace

absl::StatusOr<Imported> Import(const std::string& address,
                                const std::string& path) {
  return ImportAs(v1::IMPORT_KIND_DESIGNATIONS, address, path);
}

absl::StatusOr<Imported> ImportRecords(const std::string& address,
                                       const std::string& path) {
  return ImportAs(v1::IMPORT_KIND_RECORDS, address, path);
}

absl::Status WaitForIndex(const std::string& address, uint64_t sequence) {
  const auto stub = v1::SearchService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  v1::SearchRequest request;
  request.set_min_sequence(sequence);
  request.set_page_size(1);
  v1::SearchResponse response;
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::minutes(30));
    const grpc::Status status = stub->Search(&context, request, &response);
    if (status.ok()) return absl::OkStatus();
    // It waits for a while only.
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE) {
      return absl::InternalError(
          absl::StrCat("waiting for the index: ", status.error_message()));
    }
  }
}

}  // namespace comity::bench
