// Imports over the wire: the file comes in, is kept until it is whole, then
// imported on a thread of its own while results go out.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "comity/v1/import_service.grpc.pb.h"
#include "import/importer.h"
#include "import/law_importer.h"
#include "import/spool.h"
#include "services/edge.h"
#include "services/kept_results.h"
#include "services/page.h"
#include "services/reply.h"
#include "services/resource.h"
#include "services/servers.h"

namespace comity {
namespace {

// Bytes, not messages: gRPC tells of a message that cannot be parsed in the
// same way as of the end, and half a file must never be taken for a whole one.
using Responder = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// How long an import waits for another writer, where the caller gave no
// deadline.
constexpr absl::Duration kWaitForWriter = absl::Minutes(5);
// Imports whose file is coming in, that wait or run, or whose results go out:
// each has a file open, or two, and up to 1 GiB on disk.
constexpr size_t kUnderWayMax = 32;
// Names of encodings are shorter, and a delimiter is one character.
constexpr size_t kShortBytesMax = 64;

// Another writer is asked for its place again after so long.
constexpr absl::Duration kTurn = absl::Milliseconds(200);
// The reason that the store gives while it has none.
constexpr char kWriterBusy[] = "WRITER_BUSY";

// Whatever bytes a file has, messages are UTF-8.
void Tidy(v1::ImportProblem* problem) {
  if (!IsText(problem->field()) || !IsText(problem->rule())) {
    problem->set_field(
        Cut(problem->field(), limits::kProblemValueCharactersMax));
    problem->set_rule(Cut(problem->rule(), limits::kErrorMessageCharactersMax));
  }
}

// A text of the options, which are kept with the job for good.
absl::Status CheckText(absl::string_view field, absl::string_view text,
                       size_t bytes_max) {
  if (text.size() > bytes_max) {
    return InvalidField(
        field, text, absl::StrCat("must be of at most ", bytes_max, " bytes"));
  }
  if (!IsText(text)) {
    return InvalidField(field, "", "must be text without NUL");
  }
  return absl::OkStatus();
}

absl::Status CheckColumns(const v1::ImportOptions& options) {
  if (options.columns_size() > limits::kImportColumnsMax) {
    return InvalidField(
        "options.columns", absl::StrCat(options.columns_size(), " columns"),
        absl::StrCat("must be at most ", limits::kImportColumnsMax));
  }
  for (const auto& [header, name] : options.columns()) {
    RETURN_IF_ERROR(
        CheckText("options.columns", header, limits::kNameBytesMax));
    RETURN_IF_ERROR(CheckText("options.columns", name, limits::kNameBytesMax));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const v1::ImportOptions& options) {
  if (options.kind() == v1::IMPORT_KIND_UNSPECIFIED ||
      !v1::ImportKind_IsValid(options.kind())) {
    return InvalidField("options.kind", "", "must be a kind of file");
  }
  if (!v1::ImportFormat_IsValid(options.format())) {
    return InvalidField("options.format", absl::StrCat(options.format()),
                        "must be a format of the contract");
  }
  if (!v1::DateOrder_IsValid(options.date_order())) {
    return InvalidField("options.date_order",
                        absl::StrCat(options.date_order()),
                        "must be an order of the contract");
  }
  RETURN_IF_ERROR(CheckText("options.file_name", options.file_name(),
                            limits::kNameBytesMax));
  RETURN_IF_ERROR(CheckText("options.source_system", options.source_system(),
                            limits::kSourceSystemBytesMax));
  RETURN_IF_ERROR(
      CheckText("options.encoding", options.encoding(), kShortBytesMax));
  RETURN_IF_ERROR(
      CheckText("options.delimiter", options.delimiter(), kShortBytesMax));
  RETURN_IF_ERROR(
      CheckText("options.sheet", options.sheet(), limits::kNameBytesMax));
  RETURN_IF_ERROR(
      CheckText("options.law_format", options.law_format(), kShortBytesMax));
  RETURN_IF_ERROR(
      CheckText("options.language", options.language(), kShortBytesMax));
  if (!options.state().empty()) {
    RETURN_IF_ERROR(
        names::ParseKind(options.state(), Kind::kState, "options.state")
            .status());
  }
  RETURN_IF_ERROR(
      CheckText("options.actor", options.actor(), limits::kActorBytesMax));
  return CheckColumns(options);
}

class ImportStream;

// The imports under way. Thread-safe.
class Imports {
 public:
  // False if there are too many. The one whose client has sent or taken nothing
  // for longest, and for `stall` at least, then ends, so that the next finds a
  // place.
  [[nodiscard]] bool Add(ImportStream* stream, absl::Duration stall);
  void Remove(ImportStream* stream);

 private:
  absl::Mutex mutex_;
  absl::flat_hash_set<ImportStream*> streams_ ABSL_GUARDED_BY(mutex_);
};

// One import: its file comes in, is imported on a thread of the pool, and the
// results go out. No thread waits for the client. Deletes itself when the call
// is over.
class ImportStream : public Responder, private ImportListener {
 public:
  ImportStream(Edge* edge, WorkerPool* pool, Imports* imports,
               const std::string& folder, grpc::CallbackServerContext* context)
      : edge_(edge),
        pool_(pool),
        imports_(imports),
        folder_(folder),
        context_(context),
        start_(edge->Begin("ImportService/Import")),
        results_(folder),
        heard_(std::chrono::steady_clock::now()) {
    open_ = edge_->OpenStream();
    counted_ = open_ && imports_->Add(this, edge_->core().stall);
    if (counted_) {
      StartRead(&incoming_);
    } else {
      End(open_ ? Overloaded("imports") : edge_->Refusal("streams"));
    }
  }

  // How long the client has kept this waiting.
  std::chrono::steady_clock::duration Silent() const {
    const absl::MutexLock lock(&mutex_);
    if (phase_ == Phase::kImporting) return {};
    return std::chrono::steady_clock::now() - heard_;
  }
  void Leave() { context_->TryCancel(); }

  void OnReadDone(bool ok) override {
    Heard();
    if (!ok) return Received();
    const absl::Status status = Take();
    if (!status.ok()) return End(status);
    StartRead(&incoming_);
  }

  void OnWriteDone(bool ok) override {
    Phase phase;
    {
      const absl::MutexLock lock(&mutex_);
      heard_ = std::chrono::steady_clock::now();
      writing_ = false;
      if (!ok) gone_ = true;
      phase = phase_;
      if (phase == Phase::kReaching) phase_ = Phase::kImporting;
    }
    switch (phase) {
      case Phase::kReaching:
        if (!ok) return End(absl::CancelledError("the caller left"));
        if (!pool_->Submit([this] { Run(); })) End(Overloaded("imports"));
        return;
      case Phase::kSending:
        return edge_->core().reads->Continue([this] { SendNext(); });
      case Phase::kEnding:
        return Finish(Reply(status_));
      default:
        return;
    }
  }

  void OnCancel() override {
    const absl::MutexLock lock(&mutex_);
    gone_ = true;
  }

  void OnDone() override {
    if (counted_) imports_->Remove(this);
    if (open_) edge_->CloseStream(start_, status_);
    delete this;
  }

 private:
  enum class Phase {
    // The file comes in.
    kReceiving,
    // It is whole; whether the client is still there shows by a first message.
    kReaching,
    // It waits for a thread, or has it.
    kImporting,
    // Results go out, each message when the one before was taken.
    kSending,
    // It is finished as soon as nothing is being written.
    kEnding
  };

  void Heard() {
    const absl::MutexLock lock(&mutex_);
    heard_ = std::chrono::steady_clock::now();
  }

  bool Gone() const {
    const absl::MutexLock lock(&mutex_);
    return gone_ || context_->IsCancelled();
  }

  // Takes one message of the client.
  absl::Status Take() {
    if (!grpc::SerializationTraits<v1::ImportRequest>::Deserialize(&incoming_,
                                                                   &request_)
             .ok()) {
      return absl::InvalidArgumentError("a message is not an ImportRequest");
    }
    // Such as gRPC makes of a message with a flag that it does not know.
    if (request_.request_case() == v1::ImportRequest::REQUEST_NOT_SET) {
      return absl::InvalidArgumentError(
          "a message has neither options nor bytes of the file");
    }
    if (spool_ == nullptr) {
      if (!request_.has_options()) {
        return InvalidField("options", "",
                            "must be in the first message, before any bytes");
      }
      options_ = request_.options();
      RETURN_IF_ERROR(CheckOptions(options_));
      ASSIGN_OR_RETURN(spool_, Spool::Make(folder_));
      return absl::OkStatus();
    }
    if (request_.has_options()) {
      return InvalidField("options", "", "must be sent once");
    }
    if (request_.chunk().size() > limits::kChunkBytesMax) {
      return InvalidField(
          "chunk", absl::StrCat(request_.chunk().size(), " bytes"),
          absl::StrCat("must be of at most ", limits::kChunkBytesMax));
    }
    return spool_->Append(request_.chunk());
  }

  // The client has sent all, or is gone. A stream that breaks off ends like one
  // that is whole, and OnCancel may come only later. It shows in that nothing
  // can be sent any more.
  void Received() {
    if (context_->IsCancelled()) {
      return End(absl::CancelledError("the caller left"));
    }
    if (spool_ == nullptr) {
      return End(InvalidField("options", "", "must be sent"));
    }
    {
      const absl::MutexLock lock(&mutex_);
      phase_ = Phase::kReaching;
      writing_ = true;
    }
    Write(ProgressOf(0, 0));
  }

  // On a thread of the pool.
  void Run() {
    absl::StatusOr<v1::ImportJob> job = Import();
    // A gibibyte at most.
    spool_ = nullptr;
    if (!job.ok()) return End(job.status());
    job_ = *std::move(job);
    {
      const absl::MutexLock lock(&mutex_);
      phase_ = Phase::kSending;
      // Then OnWriteDone goes on.
      if (writing_) return;
    }
    SendNext();
  }

  absl::StatusOr<v1::ImportJob> Import() {
    const Call call = Edge::CallOf(context_);
    const absl::Time deadline =
        std::min(call.deadline, call.arrived + kWaitForWriter);
    // A message that is cut by the end of the stream looks like the end.
    if (options_.file_bytes() != 0 && options_.file_bytes() != spool_->size()) {
      return InvalidField("options.file_bytes",
                          absl::StrCat(options_.file_bytes()),
                          absl::StrCat("must be the size of the file, but ",
                                       spool_->size(), " bytes came"));
    }
    if (options_.actor().empty()) options_.set_actor(call.actor);
    v1::ImportJob job;
    *job.mutable_options() = options_;
    job.set_file_digest(spool_->Digest());
    job.set_file_bytes(spool_->size());
    absl::StatusOr<v1::ImportJob> imported = ImportInTurns(job, deadline);
    if (!kept_.ok()) return Unkept(imported);
    return imported;
  }

  // Waits for other writers in turns, so that a client that leaves is noticed.
  // Others wait until it returns: nothing in an import waits for the client.
  absl::StatusOr<v1::ImportJob> ImportInTurns(const v1::ImportJob& job,
                                              absl::Time deadline) {
    while (true) {
      if (Gone()) return absl::CancelledError("the caller left");
      const absl::Time now = absl::FromChrono(std::chrono::system_clock::now());
      absl::StatusOr<v1::ImportJob> imported =
          job.options().kind() == v1::IMPORT_KIND_LAWS
              ? ImportLaws(edge_->core().store, job, spool_.get(), this,
                           std::min(deadline, now + kTurn))
              : ImportFile(edge_->core().store, job, spool_.get(), this,
                           std::min(deadline, now + kTurn));
      if (ReasonOf(imported.status()) != kWriterBusy) return imported;
      if (now >= deadline) {
        return absl::DeadlineExceededError(
            "another import or write was under way until the deadline");
      }
    }
  }

  // What became of the import is not told in full: there was no room for it.
  absl::Status Unkept(const absl::StatusOr<v1::ImportJob>& imported) const {
    if (!imported.ok()) return kept_;
    const std::string outcome =
        imported->name().empty()
            ? "nothing was written"
            : absl::StrCat("it was applied as ", imported->name());
    return absl::Status(
        kept_.code(),
        absl::StrCat("the results of the import could not be kept, but ",
                     outcome, ": ", kept_.message()));
  }

  void OnResult(v1::ImportResult result) override {
    if (options_.summary_only() && result.problems().empty()) return;
    for (v1::ImportProblem& each : *result.mutable_problems()) Tidy(&each);
    for (v1::ImportProblem& each : *result.mutable_notices()) Tidy(&each);
    if (kept_.ok()) kept_ = results_.Add(std::move(result));
  }

  bool OnProgress(int64_t bytes_read, int64_t records_read) override {
    if (!kept_.ok() || Gone()) return false;
    {
      const absl::MutexLock lock(&mutex_);
      // Progress is worth nothing to a client that has not taken the last.
      if (writing_) return true;
      writing_ = true;
    }
    Write(ProgressOf(bytes_read, records_read));
    return true;
  }

  v1::ImportResponse ProgressOf(int64_t bytes_read,
                                int64_t records_read) const {
    v1::ImportResponse response;
    response.mutable_progress()->set_bytes_read(bytes_read);
    response.mutable_progress()->set_bytes_total(spool_->size());
    response.mutable_progress()->set_records_read(records_read);
    return response;
  }

  // The next results, or the job, which is the last.
  void SendNext() {
    if (Gone()) return End(absl::CancelledError("the caller left"));
    if (told_) return End(absl::OkStatus());
    v1::ImportResponse response;
    const absl::StatusOr<bool> more = results_.Next(response.mutable_results());
    if (!more.ok()) return End(more.status());
    if (!*more) {
      told_ = true;
      *response.mutable_job() = std::move(job_);
    }
    {
      const absl::MutexLock lock(&mutex_);
      writing_ = true;
    }
    Write(response);
  }

  // Whoever calls it has set `writing_`, which nobody else had.
  void Write(const v1::ImportResponse& response) {
    // Cannot fail for a message below 2 GiB.
    bool own_buffer = false;
    outgoing_.Clear();
    grpc::SerializationTraits<v1::ImportResponse>::Serialize(
        response, &outgoing_, &own_buffer);
    StartWrite(&outgoing_);
  }

  // Ends the call as soon as nothing is being written. Once; nothing follows.
  void End(const absl::Status& status) {
    {
      const absl::MutexLock lock(&mutex_);
      status_ = status;
      phase_ = Phase::kEnding;
      if (writing_) return;
    }
    Finish(Reply(status));
  }

  Edge* const edge_;
  WorkerPool* const pool_;
  Imports* const imports_;
  const std::string& folder_;
  grpc::CallbackServerContext* const context_;
  const Edge::Start start_;
  bool open_ = false;
  bool counted_ = false;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  v1::ImportRequest request_;
  v1::ImportOptions options_;
  std::unique_ptr<Spool> spool_;
  KeptResults results_;
  // Whether all results are in `results_`.
  absl::Status kept_;
  v1::ImportJob job_;
  bool told_ = false;
  absl::Status status_;
  mutable absl::Mutex mutex_;
  Phase phase_ ABSL_GUARDED_BY(mutex_) = Phase::kReceiving;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  // When the client last sent or took something.
  std::chrono::steady_clock::time_point heard_ ABSL_GUARDED_BY(mutex_);
};

bool Imports::Add(ImportStream* stream, absl::Duration stall) {
  const absl::MutexLock lock(&mutex_);
  if (streams_.size() < kUnderWayMax) {
    streams_.insert(stream);
    return true;
  }
  auto longest = absl::ToChronoNanoseconds(stall);
  ImportStream* most_silent = nullptr;
  for (ImportStream* each : streams_) {
    if (each->Silent() <= longest) continue;
    longest = each->Silent();
    most_silent = each;
  }
  if (most_silent != nullptr) most_silent->Leave();
  return false;
}

void Imports::Remove(ImportStream* stream) {
  const absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

using Service = v1::ImportService::WithRawCallbackMethod_Import<
    v1::ImportService::WithCallbackMethod_UndoImport<
        v1::ImportService::WithCallbackMethod_GetImportJob<
            v1::ImportService::WithCallbackMethod_ListImportJobs<
                v1::ImportService::Service>>>>;

class ImportServer : public Service {
 public:
  ImportServer(Edge* edge, std::string folder)
      : edge_(edge),
        folder_(std::move(folder)),
        pool_(limits::kImportsAtOnceMax, limits::kImportsAtOnceMax) {}

  Responder* Import(grpc::CallbackServerContext* context) override {
    return new ImportStream(edge_, &pool_, &imports_, folder_, context);
  }

  grpc::ServerUnaryReactor* UndoImport(grpc::CallbackServerContext* context,
                                       const v1::UndoImportRequest* request,
                                       v1::ImportJob* response) override {
    return edge_->OnPool(edge_->core().writes, context,
                         "ImportService/UndoImport",
                         [this, request, response](const Call& call) {
                           return Undo(call, *request, response);
                         });
  }

  grpc::ServerUnaryReactor* GetImportJob(grpc::CallbackServerContext* context,
                                         const v1::GetImportJobRequest* request,
                                         v1::ImportJob* response) override {
    return edge_->Inline(
        context, "ImportService/GetImportJob", [&]() -> absl::Status {
          ASSIGN_OR_RETURN(*response,
                           edge_->core().store->GetImportJob(request->name()));
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* ListImportJobs(
      grpc::CallbackServerContext* context,
      const v1::ListImportJobsRequest* request,
      v1::ListImportJobsResponse* response) override {
    return edge_->OnPool(edge_->core().reads, context,
                         "ImportService/ListImportJobs",
                         [this, request, response](const Call&) {
                           return List(*request, response);
                         });
  }

 private:
  absl::Status Undo(const Call& call, const v1::UndoImportRequest& request,
                    v1::ImportJob* response) {
    RETURN_IF_ERROR(
        CheckText("actor", request.actor(), limits::kActorBytesMax));
    ASSIGN_OR_RETURN(
        *response, comity::UndoImport(
                       edge_->core().store, request.name(),
                       request.actor().empty() ? call.actor : request.actor(),
                       request.validate_only(),
                       std::min(call.deadline, call.arrived + kWaitForWriter)));
    return absl::OkStatus();
  }

  absl::Status List(const v1::ListImportJobsRequest& request,
                    v1::ListImportJobsResponse* response) {
    ASSIGN_OR_RETURN(const Page page, ParsePage(request));
    ASSIGN_OR_RETURN(std::vector<v1::ImportJob> jobs,
                     edge_->core().store->ListImportJobs(
                         page.token.after, static_cast<size_t>(page.size) + 1));
    size_t bytes = 0;
    size_t count = 0;
    while (count < jobs.size() && count < static_cast<size_t>(page.size) &&
           bytes <= kPageBytesMax / 2) {
      bytes += jobs[count++].ByteSizeLong();
    }
    if (count < jobs.size()) {
      jobs.resize(count);
      PageToken token = page.token;
      token.after = jobs.back().name();
      response->set_next_page_token(MakePageToken(request, token));
    }
    for (v1::ImportJob& job : jobs) {
      *response->add_import_jobs() = std::move(job);
    }
    return absl::OkStatus();
  }

  Edge* const edge_;
  const std::string folder_;
  Imports imports_;
  WorkerPool pool_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeImportServer(Edge* edge,
                                                const std::string& folder) {
  return std::make_unique<ImportServer>(edge, folder);
}

}  // namespace comity
