#include "import/law_importer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/differences.h"
#include "import/law_reader.h"
#include "import/merge.h"
#include "store/validate.h"

namespace comity {
namespace {

// Text that is read ahead of what is published.
constexpr size_t kBytesAhead = 16 << 20;
// Records of one part, however small they are.
constexpr int kLawsPerPart = 500;
// Other writers get their turn between two parts; how long the next part waits
// for one of them, and for how long in one go.
constexpr absl::Duration kWaitForWriter = absl::Minutes(5);
constexpr absl::Duration kTurn = absl::Seconds(1);
// Jobs looked through for one that was cut off.
constexpr size_t kJobsSearched = 1000;
// Languages nobody found out (ISO 639-2: undetermined).
constexpr char kUndetermined[] = "und";

// What was read of one line of a corpus, or of one file.
struct Read {
  int64_t line = 0;
  absl::StatusOr<std::vector<LawDocument>> documents =
      absl::UnknownError("not read");
};

// Parses lines on threads of its own and gives them back in their order.
class Parser {
 public:
  explicit Parser(int threads) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  }
  ~Parser() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // True if it holds enough for now.
  bool full() const { return bytes_ >= kBytesAhead; }
  bool empty() const { return items_.empty(); }

  void Add(int64_t number, std::string line) {
    bytes_ += line.size();
    auto item = std::make_unique<Item>();
    item->read.line = number;
    item->line = std::move(line);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      waiting_.push_back(item.get());
    }
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  // The first that was added and not taken; waits until it is parsed.
  Read Take() {
    const std::unique_ptr<Item> item = std::move(items_.front());
    items_.pop_front();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return item->done; });
    bytes_ -= item->bytes;
    return std::move(item->read);
  }

 private:
  struct Item {
    std::string line;
    size_t bytes = 0;
    Read read;
    bool done = false;
  };

  static void Parse(Item* item) {
    absl::StatusOr<LawDocument> document = ReadLawLine(item->line);
    if (document.ok()) {
      item->read.documents = std::vector<LawDocument>();
      item->read.documents->push_back(*std::move(document));
    } else {
      item->read.documents = document.status();
    }
    item->bytes = item->line.size();
    item->line = std::string();
  }

  void Work() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      Item* const item = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      Parse(item);
      lock.lock();
      item->done = true;
      changed_.notify_all();
    }
  }

  // Of the thread that adds and takes.
  std::deque<std::unique_ptr<Item>> items_;
  size_t bytes_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item*> waiting_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

// Gives the laws of a file, whatever it is.
class Laws {
 public:
  virtual ~Laws() = default;
  // False at the end.
  virtual absl::StatusOr<bool> Next(Read* read) = 0;
  // What could not be read at all; each once.
  virtual std::vector<LawLineProblem> TakeProblems() { return {}; }
};

class Corpus : public Laws {
 public:
  Corpus(ByteSource* bytes, int threads) : lines_(bytes), parser_(threads) {}

  absl::StatusOr<bool> Next(Read* read) override {
    while (!ended_ && !parser_.full()) {
      std::string line;
      ASSIGN_OR_RETURN(const bool more, lines_.NextLine(&line));
      ended_ = !more;
      if (more) parser_.Add(lines_.line(), std::move(line));
    }
    if (parser_.empty()) return false;
    *read = parser_.Take();
    return true;
  }

  std::vector<LawLineProblem> TakeProblems() override {
    const std::vector<LawLineProblem>& all = lines_.problems();
    std::vector<LawLineProblem> fresh(
        all.begin() + static_cast<ptrdiff_t>(told_), all.end());
    told_ = all.size();
    return fresh;
  }

 private:
  LawLineReader lines_;
  Parser parser_;
  bool ended_ = false;
  size_t told_ = 0;
};

class OneFile : public Laws {
 public:
  OneFile(ByteSource* bytes, const v1::ImportOptions& options)
      : bytes_(bytes), options_(options) {}

  absl::StatusOr<bool> Next(Read* read) override {
    if (read_) return false;
    read_ = true;
    std::string all;
    while (true) {
      ASSIGN_OR_RETURN(const absl::string_view chunk, bytes_->Next());
      if (chunk.empty()) break;
      if (all.size() + chunk.size() > limits::kLawFileBytesMax) {
        return absl::ResourceExhaustedError(
            absl::StrCat("the file has more than ", limits::kLawFileBytesMax,
                         " bytes, the most of one document"));
      }
      all.append(chunk.data(), chunk.size());
    }
    LawReadOptions options;
    options.file_name = options_.file_name();
    options.format = options_.law_format();
    options.language = options_.language();
    options.state = std::string(names::LastOf(options_.state()));
    options.encoding = options_.encoding();
    read->documents = ReadLaw(all, options);
    return true;
  }

 private:
  ByteSource* const bytes_;
  const v1::ImportOptions& options_;
  bool read_ = false;
};

bool IsCorpus(const v1::ImportOptions& options) {
  if (options.format() == v1::IMPORT_FORMAT_JSONL) return true;
  return options.law_format().empty() &&
         absl::StrContains(options.file_name(), ".jsonl");
}

// An id that fits its field: one that is too long is cut between characters and
// ends in a digest of the whole, so that it stays one of its own.
std::string SourceIdOf(std::string id) {
  if (id.size() <= limits::kSourceIdBytesMax) return id;
  constexpr size_t kDigestBytes = 16;
  const std::string digest = EtagOf(id).substr(0, kDigestBytes);
  size_t size = limits::kSourceIdBytesMax - kDigestBytes - 1;
  // Not before a continuation byte of UTF-8.
  while (size > 0 && (static_cast<unsigned char>(id[size]) & 0xC0U) == 0x80U) {
    --size;
  }
  id.resize(size);
  return absl::StrCat(id, "~", digest);
}

// The file's name without folder and endings: `laws` of `laws.en.jsonl.zst`.
std::string SystemOf(const v1::ImportOptions& options) {
  if (!options.source_system().empty()) return options.source_system();
  const absl::string_view name = names::LastOf(options.file_name());
  if (!IsCorpus(options)) return "files";
  return std::string(name.substr(0, name.find('.')));
}

// One run over one file.
class Run {
 public:
  Run(Store* store, v1::ImportJob job, ByteSource* bytes,
      ImportListener* listener, const LawImportOptions& options)
      : store_(store),
        job_(std::move(job)),
        bytes_(bytes),
        listener_(listener),
        part_bytes_(options.part_bytes),
        system_(SystemOf(job_.options())) {}

  absl::StatusOr<v1::ImportJob> All(Laws* laws, absl::Time deadline) {
    RETURN_IF_ERROR(FindCutOff());
    RETURN_IF_ERROR(Stage(deadline));
    Read read;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, laws->Next(&read));
      if (!more) break;
      ++read_;
      if (read.line != 0 && read.line <= job_.resume_line()) continue;
      TellProblems(laws, read.line);
      RETURN_IF_ERROR(Take(&read));
      job_.set_resume_line(read.line);
      if (PartIsFull()) RETURN_IF_ERROR(EndPart());
      if (!listener_->OnProgress(bytes_->position(), read_)) {
        return absl::CancelledError("the import was cancelled");
      }
    }
    TellProblems(laws, INT64_MAX);
    return Finish();
  }

 private:
  bool validate_only() const { return job_.options().validate_only(); }
  bool wrote() const { return !job_.name().empty(); }

  // A job over the same file that did not come to its end.
  absl::Status FindCutOff() {
    if (validate_only() || job_.file_digest().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<v1::ImportJob> jobs,
                     store_->ListImportJobs("", kJobsSearched));
    for (const v1::ImportJob& each : jobs) {
      if (each.state() != v1::ImportJob::STATE_RUNNING ||
          each.file_digest() != job_.file_digest() ||
          each.options().source_system() != job_.options().source_system()) {
        continue;
      }
      const v1::ImportOptions options = job_.options();
      job_ = each;
      *job_.mutable_options() = options;
      return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  absl::Status Stage(absl::Time deadline) {
    std::string actor = job_.options().actor();
    if (actor.empty()) actor = "import";
    absl::StatusOr<std::unique_ptr<Staging>> staging =
        store_->Stage(actor, deadline, wrote() ? &job_ : nullptr);
    RETURN_IF_ERROR(staging.status());
    staging_ = *std::move(staging);
    return absl::OkStatus();
  }

  // For the next part; other writers may be at work.
  absl::Status StageNext() {
    const absl::Time end = absl::Now() + kWaitForWriter;
    while (true) {
      const absl::Status status = Stage(absl::Now() + kTurn);
      if (ReasonOf(status) != "WRITER_BUSY") return status;
      if (absl::Now() > end) {
        return absl::UnavailableError(
            absl::StrCat("another writer held on for too long: import the file "
                         "again to go on behind line ",
                         job_.resume_line()));
      }
      if (!listener_->OnProgress(bytes_->position(), read_)) {
        return absl::CancelledError("the import was cancelled");
      }
    }
  }

  bool PartIsFull() const {
    return part_laws_ >= kLawsPerPart || part_size_ >= part_bytes_;
  }

  absl::Status EndPart() {
    part_laws_ = 0;
    part_size_ = 0;
    if (validate_only()) return absl::OkStatus();
    job_.set_state(v1::ImportJob::STATE_RUNNING);
    RETURN_IF_ERROR(staging_->Publish(&job_, nullptr));
    staging_.reset();
    return StageNext();
  }

  absl::StatusOr<v1::ImportJob> Finish() {
    if (validate_only()) {
      job_.set_state(v1::ImportJob::STATE_VALIDATED);
      return job_;
    }
    job_.set_state(v1::ImportJob::STATE_APPLIED);
    RETURN_IF_ERROR(staging_->Publish(&job_, nullptr));
    return job_;
  }

  // Lines are read ahead: each problem is told when it is its line's turn.
  void TellProblems(Laws* laws, int64_t before) {
    for (LawLineProblem& problem : laws->TakeProblems()) {
      if (problem.line > job_.resume_line()) {
        problems_.push_back(std::move(problem));
      }
    }
    while (!problems_.empty() && problems_.front().line < before) {
      const LawLineProblem problem = std::move(problems_.front());
      problems_.pop_front();
      Reject(problem.line, "", problem.id, problem.rule);
    }
  }

  void Reject(int64_t line, absl::string_view field, absl::string_view value,
              absl::string_view rule) {
    v1::ImportResult result;
    AddProblem(line, field, value, rule, &result);
    Report(line, std::move(result));
  }

  static void AddProblem(int64_t line, absl::string_view field,
                         absl::string_view value, absl::string_view rule,
                         v1::ImportResult* result) {
    v1::ImportProblem* problem = result->add_problems();
    problem->set_line(line);
    problem->set_field(std::string(field));
    problem->set_value(Cut(value, limits::kProblemValueCharactersMax));
    problem->set_rule(std::string(rule));
  }

  void Report(int64_t line, v1::ImportResult result) {
    v1::ImportCounts* counts = job_.mutable_counts();
    counts->set_records(counts->records() + 1);
    result.set_kind(v1::RECORD_KIND_LAW);
    result.set_line(line);
    if (result.problems_size() > 0) {
      result.set_outcome(v1::ImportResult::OUTCOME_REJECTED);
      counts->set_rejected(counts->rejected() + 1);
    } else if (result.outcome() == v1::ImportResult::OUTCOME_ADDED) {
      counts->set_added(counts->added() + 1);
    } else if (result.outcome() == v1::ImportResult::OUTCOME_CHANGED) {
      counts->set_changed(counts->changed() + 1);
    } else {
      counts->set_unchanged(counts->unchanged() + 1);
    }
    if (counts->rejected() > limits::kProblemsPerFileMax) return;
    listener_->OnResult(std::move(result));
  }

  absl::Status Take(Read* read) {
    ++part_laws_;
    if (!read->documents.ok()) {
      const absl::Status& status = read->documents.status();
      // The reader may fail for lack of memory or time, and the next may not.
      Reject(read->line, "", job_.options().file_name(), status.message());
      return absl::OkStatus();
    }
    v1::ImportResult result;
    result.set_outcome(v1::ImportResult::OUTCOME_UNCHANGED);
    for (LawDocument& document : *read->documents) {
      RETURN_IF_ERROR(Put(read->line, &document, &result));
    }
    Report(read->line, std::move(result));
    return absl::OkStatus();
  }

  // The name of the law that a document is of, known or new.
  absl::StatusOr<std::string> NameOf(const std::string& state,
                                     const std::string& id,
                                     const v1::Law& law) {
    ASSIGN_OR_RETURN(std::string name,
                     staging_->FindBySource(system_, id, Kind::kLaw));
    if (!name.empty()) return name;
    std::string slug = Slug(id, kSlugBytes);
    // Ids of mere digits say nothing to a reader.
    if (slug.find_first_not_of("0123456789-") == std::string::npos &&
        !law.titles().empty()) {
      slug = Slug(absl::StrCat(law.titles(0).text(), " ", id), kSlugBytes);
    }
    for (int number = 1;; ++number) {
      name = names::Law(state,
                        number == 1 ? slug : absl::StrCat(slug, "-", number));
      ASSIGN_OR_RETURN(const bool taken, staging_->Exists(name, /*ever=*/true));
      if (!taken) return name;
    }
  }

  absl::Status Put(int64_t line, LawDocument* document,
                   v1::ImportResult* result) {
    const std::string state =
        document->state.empty()
            ? std::string(names::LastOf(job_.options().state()))
            : document->state;
    if (!names::IsStateCode(state)) {
      AddProblem(line, "state", state,
                 "must be stated, by the document or with the import", result);
      return absl::OkStatus();
    }
    const std::string id =
        SourceIdOf(document->source_id.empty()
                       ? std::string(names::LastOf(job_.options().file_name()))
                       : document->source_id);
    SetSource(id, &document->law);
    if (document->law.titles().empty()) {
      v1::LocalizedText* title = document->law.add_titles();
      title->set_text(document->expression.title().empty()
                          ? id
                          : document->expression.title());
      title->set_language(document->expression.language());
    }
    ASSIGN_OR_RETURN(const std::string name, NameOf(state, id, document->law));
    if (result->resource().empty()) result->set_resource(name);
    for (const LawNotice& notice : document->notices) {
      v1::ImportProblem* added = result->add_notices();
      added->set_line(line);
      added->set_field(notice.place);
      added->set_rule(notice.text);
    }
    return PutBoth(line, name, document, result);
  }

  void SetSource(const std::string& id, v1::Law* law) const {
    v1::Source* source =
        law->sources().empty() ? law->add_sources() : law->mutable_sources(0);
    source->set_system(system_);
    source->set_id(id);
  }

  // Both or, if there is something wrong with one, none.
  absl::Status PutBoth(int64_t line, const std::string& name,
                       LawDocument* document, v1::ImportResult* result) {
    ASSIGN_OR_RETURN(const std::optional<v1::Law> law_before,
                     Before<v1::Law>(name));
    v1::Law law = law_before.value_or(v1::Law());
    Merge(document->law, &law);
    law.set_name(name);
    v1::Expression& expression = document->expression;
    if (expression.language().empty()) expression.set_language(kUndetermined);
    expression.set_name(names::Expression(name, expression.language(),
                                          expression.valid_from().date()));
    for (v1::Provision& provision : document->provisions) {
      part_size_ += provision.text().size() + provision.heading().size();
      *expression.add_provisions() = std::move(provision);
    }
    ASSIGN_OR_RETURN(const std::optional<v1::Expression> text_before,
                     Before<v1::Expression>(expression.name()));
    RETURN_IF_ERROR(Check(line, law, result));
    Validated(line, expression, result);
    if (result->problems_size() > 0) return absl::OkStatus();
    const bool known = law_before.has_value();
    RETURN_IF_ERROR(
        PutOne(known ? &*law_before : nullptr, &law, known, result));
    return PutOne(text_before.has_value() ? &*text_before : nullptr,
                  &expression, known, result);
  }

  // The newest version, without the fields that the server sets.
  template <class M>
  absl::StatusOr<std::optional<M>> Before(const std::string& name) const {
    absl::StatusOr<M> before = staging_->Get<M>(name);
    if (absl::IsNotFound(before.status())) return std::optional<M>();
    RETURN_IF_ERROR(before.status());
    TakeContent(&*before);
    return std::optional<M>(*std::move(before));
  }

  static void Validated(int64_t line, const google::protobuf::Message& record,
                        v1::ImportResult* result) {
    for (const FieldProblem& problem : Validate(record)) {
      AddProblem(line, problem.field, problem.value, problem.rule, result);
    }
  }

  absl::Status Check(int64_t line, const v1::Law& law,
                     v1::ImportResult* result) {
    Validated(line, law, result);
    if (result->problems_size() > 0) return absl::OkStatus();
    const absl::Status references = CheckReferences(*staging_, law);
    if (!absl::IsFailedPrecondition(references)) return references;
    AddProblem(line, "", law.name(), references.message(), result);
    return absl::OkStatus();
  }

  // `known`: whether the law was there before.
  absl::Status PutOne(const google::protobuf::Message* before,
                      google::protobuf::Message* record, bool known,
                      v1::ImportResult* result) {
    ASSIGN_OR_RETURN(const Outcome outcome, staging_->Put(record));
    if (outcome == Outcome::kUnchanged) return absl::OkStatus();
    if (!known) {
      result->set_outcome(v1::ImportResult::OUTCOME_ADDED);
      return absl::OkStatus();
    }
    result->set_outcome(v1::ImportResult::OUTCOME_CHANGED);
    if (before == nullptr || job_.options().summary_only()) {
      return absl::OkStatus();
    }
    // Of provisions their digest says whether they differ.
    if (record->GetDescriptor() == v1::Expression::descriptor()) {
      static_cast<v1::Expression*>(record)->clear_provisions();
    }
    for (v1::FieldDifference& each : Differences(*before, *record)) {
      *result->add_differences() = std::move(each);
    }
    return absl::OkStatus();
  }

  // Room for what makes an id unique.
  static constexpr size_t kSlugBytes = limits::kIdBytesMax - 6;

  Store* const store_;
  v1::ImportJob job_;
  ByteSource* const bytes_;
  ImportListener* const listener_;
  const size_t part_bytes_;
  const std::string system_;
  std::unique_ptr<Staging> staging_;
  std::deque<LawLineProblem> problems_;
  // Lines and files read.
  int64_t read_ = 0;
  int part_laws_ = 0;
  size_t part_size_ = 0;
};

}  // namespace

absl::StatusOr<v1::ImportJob> ImportLaws(Store* store, v1::ImportJob job,
                                         ByteSource* bytes,
                                         ImportListener* listener,
                                         absl::Time deadline,
                                         const LawImportOptions& options) {
  const v1::ImportOptions stated = job.options();
  if (!stated.state().empty()) {
    RETURN_IF_ERROR(
        names::ParseKind(stated.state(), Kind::kState, "options.state")
            .status());
  }
  Run run(store, std::move(job), bytes, listener, options);
  if (IsCorpus(stated)) {
    Corpus corpus(bytes, options.threads);
    return run.All(&corpus, deadline);
  }
  OneFile file(bytes, stated);
  return run.All(&file, deadline);
}

}  // namespace comity
