#include "import/importer.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "import/designation_importer.h"
#include "import/differences.h"
#include "import/merge.h"
#include "import/rows.h"
#include "import/understand.h"
#include "rules/citations.h"
#include "rules/functions.h"
#include "rules/states.h"
#include "store/keys.h"
#include "store/validate.h"

namespace comity {
namespace {

// Progress is told after this many records.
constexpr int64_t kRecordsPerProgress = 256;

// Who a text in a file means, by the records that the store has.
class Resolvers {
 public:
  static absl::StatusOr<Resolvers> Make(const Store& store) {
    std::vector<v1::State> states;
    std::vector<v1::Treaty> treaties;
    std::vector<v1::Function> functions;
    RETURN_IF_ERROR(ReadAll(store, Kind::kState, &states));
    RETURN_IF_ERROR(ReadAll(store, Kind::kTreaty, &treaties));
    RETURN_IF_ERROR(ReadAll(store, Kind::kFunction, &functions));
    return Resolvers(std::move(states), treaties, std::move(functions));
  }

  absl::StatusOr<std::string> State(absl::string_view text) const {
    return states_.ResolveOne(text, "state");
  }
  absl::StatusOr<std::string> Treaty(absl::string_view text) const {
    return citations_.ResolveTreaty(text, "treaty");
  }
  absl::StatusOr<std::string> Function(absl::string_view text) const {
    return functions_.ResolveOne(text, "function");
  }

 private:
  Resolvers(std::vector<v1::State> states,
            const std::vector<v1::Treaty>& treaties,
            std::vector<v1::Function> functions)
      : states_(std::move(states)),
        citations_(treaties),
        functions_(std::move(functions)) {}

  template <class M>
  static absl::Status ReadAll(const Store& store, Kind kind,
                              std::vector<M>* records) {
    absl::Status parsed;
    RETURN_IF_ERROR(
        store.ForEach(kind, "", "", kNow, [&](const Store::Item& item) {
          parsed = ParseVersion(item.version, &records->emplace_back());
          return parsed.ok();
        }));
    return parsed;
  }

  rules::StateResolver states_;
  rules::CitationResolver citations_;
  rules::FunctionResolver functions_;
};

void AddProblem(int64_t line, absl::string_view field, absl::string_view value,
                absl::string_view rule, v1::ImportResult* result) {
  v1::ImportProblem* problem = result->add_problems();
  problem->set_line(line);
  problem->set_field(std::string(field));
  problem->set_value(Cut(value, limits::kProblemValueCharactersMax));
  problem->set_rule(std::string(rule));
}

// One run over one or several files, in one staging.
class Run {
 public:
  Run(Store* store, Staging* staging, const v1::ImportOptions& options,
      ImportListener* listener)
      : store_(store),
        staging_(staging),
        options_(options),
        listener_(listener) {}

  // `bytes` need not outlive the call.
  absl::Status Read(ByteSource* bytes) {
    bytes_ = bytes;
    const absl::Status status = ReadAsStated();
    bytes_read_ = bytes->position();
    bytes_ = nullptr;
    return status;
  }

  // References that pointed forwards in a file of records.
  absl::Status CheckForwardReferences() {
    for (const Forward& forward : forward_) {
      v1::Record record;
      google::protobuf::Message* message = MutableRecord(forward.kind, &record);
      const absl::Status read =
          staging_->Read(forward.kind, forward.name, message);
      if (absl::IsNotFound(read)) continue;
      RETURN_IF_ERROR(read);
      const absl::Status status = CheckReferences(*staging_, *message);
      if (status.ok()) continue;
      if (!absl::IsFailedPrecondition(status)) return status;
      // It was counted when it was put.
      counts_.set_records(counts_.records() - 1);
      counts_.set_added(counts_.added() - 1);
      v1::ImportResult result;
      result.set_kind(ToProto(forward.kind));
      result.set_line(forward.line);
      AddProblem(forward.line, "name", forward.name, status.message(), &result);
      Report(std::move(result));
    }
    return absl::OkStatus();
  }

  // Publishes, or not, as options and results say. After a Read.
  absl::StatusOr<v1::ImportJob> Finish(v1::ImportJob job) {
    *job.mutable_counts() = counts_;
    if (counts_.rejected() > 0 && !options_.partial()) {
      job.set_state(v1::ImportJob::STATE_REJECTED);
    } else if (options_.validate_only()) {
      job.set_state(v1::ImportJob::STATE_VALIDATED);
    } else {
      // The last chance to call it off.
      if (!listener_->OnProgress(bytes_read_, read_)) return CalledOff();
      job.set_state(v1::ImportJob::STATE_APPLIED);
      RETURN_IF_ERROR(staging_->Publish(&job, nullptr));
    }
    return job;
  }

 private:
  absl::Status ReadAsStated() {
    switch (options_.kind()) {
      case v1::IMPORT_KIND_RECORDS:
        return ReadRecords();
      case v1::IMPORT_KIND_STATES:
        return ReadTable<UnderstoodState>(OpenStates);
      case v1::IMPORT_KIND_TREATIES:
        return ReadTable<UnderstoodTreaty>(OpenTreaties);
      case v1::IMPORT_KIND_PARTICIPATIONS:
        return ReadTable<UnderstoodParticipation>(OpenParticipations);
      case v1::IMPORT_KIND_DESIGNATIONS:
        return ReadTable<UnderstoodDesignation>(OpenDesignations);
      default:
        return InvalidField("options.kind", "",
                            "must be one of records, states, treaties, "
                            "participations, designations");
    }
  }

  struct Forward {
    int64_t line;
    Kind kind;
    std::string name;
  };

  // Whether records still go into the store: once one was rejected, the rest of
  // the file is only read for what else is wrong.
  bool Applies() const { return options_.partial() || !rejected_; }

  void Report(v1::ImportResult result) {
    counts_.set_records(counts_.records() + 1);
    if (result.problems_size() > 0) {
      result.set_outcome(v1::ImportResult::OUTCOME_REJECTED);
      rejected_ = true;
    }
    switch (result.outcome()) {
      case v1::ImportResult::OUTCOME_ADDED:
        counts_.set_added(counts_.added() + 1);
        break;
      case v1::ImportResult::OUTCOME_CHANGED:
        counts_.set_changed(counts_.changed() + 1);
        break;
      case v1::ImportResult::OUTCOME_REJECTED:
        counts_.set_rejected(counts_.rejected() + 1);
        break;
      default:
        counts_.set_unchanged(counts_.unchanged() + 1);
    }
    if (counts_.rejected() > limits::kProblemsPerFileMax) return;
    listener_->OnResult(std::move(result));
  }

  absl::Status Progress() {
    if (++read_ % kRecordsPerProgress != 0) return absl::OkStatus();
    if (listener_->OnProgress(bytes_->position(), read_)) {
      return absl::OkStatus();
    }
    return CalledOff();
  }

  static absl::Status CalledOff() {
    return absl::CancelledError("the import was cancelled");
  }

  // Tables: States, treaties, participations, designations.
  template <class Row, class Open>
  absl::Status ReadTable(Open open) {
    ASSIGN_OR_RETURN(const Resolvers resolvers, Resolvers::Make(*store_));
    const auto state = [&](absl::string_view text) {
      return resolvers.State(text);
    };
    const auto treaty = [&](absl::string_view text) {
      return resolvers.Treaty(text);
    };
    const auto function = [&](absl::string_view text) {
      return resolvers.Function(text);
    };
    const auto article = [](absl::string_view text) {
      return rules::CanonicalArticle(text);
    };
    const References references{state, treaty, function, article};
    ASSIGN_OR_RETURN(const std::unique_ptr<RecordReader<Row>> reader,
                     open(bytes_, options_, references));
    const auto tell = [this](v1::ImportResult result) {
      Report(std::move(result));
    };
    DesignationImporter::Options options;
    options.summary_only = options_.summary_only();
    DesignationImporter designations(store_, staging_, options, tell);
    Row row;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
      if (!more) break;
      RETURN_IF_ERROR(PutRow(&designations, &row));
      RETURN_IF_ERROR(Progress());
    }
    RETURN_IF_ERROR(designations.Finish());
    ReportNotices(reader->notices());
    return absl::OkStatus();
  }

  // Remarks on the file as a whole are told as a result without a record.
  void ReportNotices(const std::vector<v1::ImportProblem>& notices) {
    if (notices.empty()) return;
    v1::ImportResult result;
    for (const v1::ImportProblem& notice : notices) {
      *result.add_notices() = notice;
    }
    listener_->OnResult(std::move(result));
  }

  template <class Row>
  absl::Status PutRow(DesignationImporter* designations, Row* row) {
    if (!row->problems.empty() || !Applies()) {
      v1::ImportResult result;
      result.set_line(row->line);
      for (v1::ImportProblem& problem : row->problems) {
        *result.add_problems() = std::move(problem);
      }
      // A good row of a file that is refused is neither added nor unchanged.
      if (result.problems_size() == 0) return absl::OkStatus();
      // It is told of later, in its place.
      rejected_ = true;
      designations->Tell(std::move(result));
      return absl::OkStatus();
    }
    if constexpr (std::is_same_v<Row, UnderstoodDesignation>) {
      ASSIGN_OR_RETURN(const bool taken, designations->Put(row));
      if (!taken) rejected_ = true;
      return absl::OkStatus();
    } else if constexpr (std::is_same_v<Row, UnderstoodState>) {
      return PutMerged(row->line, row->notices, row->state);
    } else if constexpr (std::is_same_v<Row, UnderstoodTreaty>) {
      return PutMerged(row->line, row->notices, row->treaty);
    } else {
      return PutMerged(row->line, row->notices, row->participation);
    }
  }

  template <class M>
  absl::Status PutMerged(int64_t line,
                         const std::vector<v1::ImportProblem>& notices,
                         const M& said) {
    v1::ImportResult result;
    result.set_line(line);
    for (const v1::ImportProblem& notice : notices) {
      *result.add_notices() = notice;
    }
    absl::StatusOr<M> before = staging_->Get<M>(said.name());
    M record;
    if (before.ok()) {
      TakeContent(&*before);
      record = *before;
      Merge(said, &record);
    } else if (absl::IsNotFound(before.status()) ||
               absl::IsInvalidArgument(before.status())) {
      // A malformed name is among the problems found below.
      record = said;
    } else {
      return before.status();
    }
    return PutChecked(line, KindOf<M>::kKind, before.ok() ? &*before : nullptr,
                      &record, std::move(result));
  }

  // Checks, puts and reports a record as it is to be.
  absl::Status PutChecked(int64_t line, Kind kind,
                          const google::protobuf::Message* before,
                          google::protobuf::Message* record,
                          v1::ImportResult result) {
    result.set_line(line);
    result.set_kind(ToProto(kind));
    for (const FieldProblem& problem : Validate(*record)) {
      AddProblem(line, problem.field, problem.value, problem.rule, &result);
    }
    if (result.problems_size() == 0) {
      const absl::Status references = CheckReferences(*staging_, *record);
      if (absl::IsFailedPrecondition(references)) {
        // It may stand further down in the file.
        if (options_.kind() == v1::IMPORT_KIND_RECORDS && !options_.partial()) {
          forward_.push_back({line, kind, NameOfRecord(*record)});
        } else {
          AddProblem(line, "", NameOfRecord(*record), references.message(),
                     &result);
        }
      } else {
        RETURN_IF_ERROR(references);
      }
    }
    if (result.problems_size() == 0 && Applies()) {
      ASSIGN_OR_RETURN(const Outcome outcome, staging_->Put(record));
      // Of provisions their digest says whether they differ.
      if (kind == Kind::kExpression) {
        static_cast<v1::Expression*>(record)->clear_provisions();
      }
      result.set_resource(NameOfRecord(*record));
      result.set_outcome(
          outcome == Outcome::kAdded     ? v1::ImportResult::OUTCOME_ADDED
          : outcome == Outcome::kChanged ? v1::ImportResult::OUTCOME_CHANGED
                                         : v1::ImportResult::OUTCOME_UNCHANGED);
      if (outcome == Outcome::kChanged && before != nullptr) {
        for (v1::FieldDifference& difference : Differences(*before, *record)) {
          *result.add_differences() = std::move(difference);
        }
      }
    } else if (result.problems_size() == 0) {
      return absl::OkStatus();
    }
    Report(std::move(result));
    return absl::OkStatus();
  }

  // Records in protobuf's JSON form, one a line.
  absl::Status ReadRecords() {
    LineReader lines(bytes_, limits::kRecordLineBytesMax);
    absl::string_view line;
    int64_t number = 0;
    std::optional<bool> history;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, lines.Next(&line, &number));
      if (!more) return absl::OkStatus();
      // A history is told by its first line.
      if (!history.has_value()) {
        history = absl::StrContains(line.substr(0, 200), "\"sequence\"");
      }
      RETURN_IF_ERROR(*history ? ReadChange(line, number)
                               : ReadRecord(line, number));
      RETURN_IF_ERROR(Progress());
    }
  }

  absl::Status ParseLine(absl::string_view line,
                         google::protobuf::Message* message) {
    const auto status = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(line.data(), line.size()), message);
    if (status.ok()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "is not a record in JSON: ",
        absl::string_view(status.message().data(), status.message().size())));
  }

  absl::Status ReadRecord(absl::string_view line, int64_t number) {
    v1::Record record;
    v1::ImportResult result;
    result.set_line(number);
    const absl::Status parsed = ParseLine(line, &record);
    const google::protobuf::Message* said = RecordOf(record);
    if (!parsed.ok() || said == nullptr) {
      AddProblem(number, "", line,
                 parsed.ok() ? "has no record" : parsed.message(), &result);
      Report(std::move(result));
      return absl::OkStatus();
    }
    Kind kind = Kind::kState;
    for (const Kind each : kRecordKinds) {
      if (static_cast<int>(ToProto(each)) ==
          static_cast<int>(record.record_case())) {
        kind = each;
      }
    }
    google::protobuf::Message* message = MutableRecord(kind, &record);
    v1::Record before;
    google::protobuf::Message* existing = MutableRecord(kind, &before);
    absl::Status read =
        names::Parse(NameOfRecord(*message), "name").ok()
            ? staging_->Read(kind, NameOfRecord(*message), existing)
            : absl::NotFoundError("");
    if (absl::IsInvalidArgument(read)) read = absl::NotFoundError("");
    if (!read.ok() && !absl::IsNotFound(read)) return read;
    return PutChecked(number, kind, read.ok() ? existing : nullptr, message,
                      std::move(result));
  }

  absl::Status ReadChange(absl::string_view line, int64_t number) {
    v1::Change change;
    v1::ImportResult result;
    result.set_line(number);
    result.set_resource(change.resource());
    const absl::Status parsed = ParseLine(line, &change);
    absl::Status status = parsed;
    if (status.ok() && change.has_after()) {
      const google::protobuf::Message* record = RecordOf(change.after());
      status = record == nullptr ? absl::InvalidArgumentError("has no record")
                                 : ToStatus(Validate(*record));
    } else if (status.ok() && change.type() != v1::CHANGE_TYPE_DELETED) {
      status = absl::InvalidArgumentError("has no record");
    }
    if (status.ok() && Applies()) {
      status = staging_->Restore(change);
      result.set_resource(change.resource());
      result.set_outcome(v1::ImportResult::OUTCOME_ADDED);
    }
    if (absl::IsFailedPrecondition(status)) return status;
    if (!status.ok()) {
      AddProblem(number, FieldOf(status), line, status.message(), &result);
    }
    Report(std::move(result));
    return absl::OkStatus();
  }

  Store* const store_;
  Staging* const staging_;
  const v1::ImportOptions& options_;
  ImportListener* const listener_;
  // During Read; how much of the last file was read is known beyond it.
  ByteSource* bytes_ = nullptr;
  int64_t bytes_read_ = 0;
  v1::ImportCounts counts_;
  // A record was rejected, whether that was told already or not.
  bool rejected_ = false;
  int64_t read_ = 0;
  std::vector<Forward> forward_;
};

// Reads a file of the machine; for bundled data.
class FileSource : public ByteSource {
 public:
  explicit FileSource(const std::string& path)
      : file_(path, std::ios::binary), buffer_(limits::kChunkBytesMax, '\0') {}

  bool ok() const { return file_.is_open(); }

  absl::StatusOr<absl::string_view> Next() override {
    file_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    const auto size = static_cast<size_t>(file_.gcount());
    position_ += static_cast<int64_t>(size);
    return absl::string_view(buffer_).substr(0, size);
  }
  int64_t position() const override { return position_; }

 private:
  std::ifstream file_;
  std::string buffer_;
  int64_t position_ = 0;
};

// Keeps the first problem of a run.
class FirstProblem : public ImportListener {
 public:
  void OnResult(v1::ImportResult result) override {
    if (problem_.has_value() || result.problems_size() == 0) return;
    problem_ = result.problems(0);
  }
  bool OnProgress(int64_t, int64_t) override { return true; }
  const std::optional<v1::ImportProblem>& problem() const { return problem_; }

 private:
  std::optional<v1::ImportProblem> problem_;
};

// Undo ----------------------------------------------------------------------

absl::Status UndoOne(const Store& store, const v1::Change& change,
                     Staging* staging) {
  const std::string& name = change.resource();
  ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                   store.VersionsOf(name));
  if (versions.empty() || versions.front() != change.sequence()) {
    return WithReason(absl::FailedPreconditionError(
                          absl::StrCat(name, " was changed after the import")),
                      "CHANGED_SINCE");
  }
  Kind kind = Kind::kState;
  if (!FromProto(change.kind(), &kind)) {
    return absl::DataLossError("a change has no kind");
  }
  v1::Record record;
  google::protobuf::Message* before = MutableRecord(kind, &record);
  const absl::Status read =
      change.previous_sequence() == 0
          ? absl::NotFoundError("")
          : store.ReadVersion(name, change.previous_sequence(), before);
  if (read.ok()) {
    if (kind == Kind::kExpression) {
      // Those of the version, not those that the expression has now.
      RETURN_IF_ERROR(store.ForEachProvision(
          name, change.previous_sequence(), [&](const v1::Provision& each) {
            *record.mutable_expression()->add_provisions() = each;
            return true;
          }));
    }
    return staging->Put(before).status();
  }
  if (!absl::IsNotFound(read)) return read;
  // It did not exist before. If the import deleted it, nothing is left to do.
  if (change.type() == v1::CHANGE_TYPE_DELETED) return absl::OkStatus();
  return staging->Delete(name);
}

// A law that was taken back must have no expressions and mappings left.
absl::Status CheckNothingUnder(const std::string& law,
                               const names::Parts& parts,
                               const Staging& staging) {
  const std::string under = absl::StrCat(parts.first, "/", parts.second);
  std::string left;
  for (const Kind kind : {Kind::kExpression, Kind::kMapping}) {
    RETURN_IF_ERROR(
        staging.ForEachName(kind, under, [&](const std::string& name) {
          left = name;
          return false;
        }));
  }
  if (left.empty()) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          left, " was added after the import and belongs to ", law)),
      "CHANGED_SINCE");
}

// What was taken back must not be what something else refers to.
absl::Status CheckNothingDangles(const Store& store,
                                 const std::vector<std::string>& deleted,
                                 const Staging& staging) {
  for (const std::string& name : deleted) {
    ASSIGN_OR_RETURN(const names::Parts parts, names::Parse(name, "name"));
    std::string prefix;
    if (parts.kind == Kind::kAuthority) {
      prefix = keys::DesignationsOfAuthority(parts.first, parts.second);
    } else if (parts.kind == Kind::kLaw) {
      RETURN_IF_ERROR(CheckNothingUnder(name, parts, staging));
      continue;
    } else if (parts.kind == Kind::kTreaty) {
      prefix = keys::DesignationsUnderTreaty(parts.first);
    } else if (parts.kind == Kind::kFunction) {
      prefix = keys::DesignationsForFunction(parts.first);
    } else if (parts.kind == Kind::kState) {
      prefix = keys::ParticipationsOfState(parts.first);
    } else {
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> referrers,
                     store.LookUp(prefix, SIZE_MAX));
    for (const std::string& referrer : referrers) {
      ASSIGN_OR_RETURN(const names::Parts of, names::Parse(referrer, "name"));
      v1::Record record;
      google::protobuf::Message* message = MutableRecord(of.kind, &record);
      if (!staging.Read(of.kind, referrer, message).ok()) continue;
      const absl::Status status = CheckReferences(staging, *message);
      if (status.ok()) continue;
      return WithReason(
          absl::FailedPreconditionError(absl::StrCat(
              referrer, " was added after the import and refers to ", name)),
          "CHANGED_SINCE");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ImportJob> ImportFile(Store* store, v1::ImportJob job,
                                         ByteSource* bytes,
                                         ImportListener* listener,
                                         absl::Time deadline) {
  const v1::ImportOptions options = job.options();
  const std::string actor =
      options.actor().empty() ? "import" : options.actor();
  ASSIGN_OR_RETURN(const std::unique_ptr<Staging> staging,
                   store->Stage(actor, deadline));
  Run run(store, staging.get(), options, listener);
  RETURN_IF_ERROR(run.Read(bytes));
  RETURN_IF_ERROR(run.CheckForwardReferences());
  return run.Finish(std::move(job));
}

absl::StatusOr<v1::ImportJob> ImportFiles(Store* store,
                                          const std::vector<std::string>& paths,
                                          const std::string& actor) {
  v1::ImportOptions options;
  options.set_kind(v1::IMPORT_KIND_RECORDS);
  options.set_actor(actor);
  ASSIGN_OR_RETURN(const std::unique_ptr<Staging> staging,
                   store->Stage(actor, absl::InfiniteFuture()));
  FirstProblem listener;
  Run run(store, staging.get(), options, &listener);
  const auto refused = [&](const std::string& file) {
    const v1::ImportProblem& problem = *listener.problem();
    return InvalidField(
        absl::StrCat(file, ":", problem.line(), " ", problem.field()),
        problem.value(), problem.rule());
  };
  for (const std::string& path : paths) {
    const std::string file(names::LastOf(path));
    FileSource source(path);
    if (!source.ok()) {
      return absl::NotFoundError(absl::StrCat(file, " cannot be read"));
    }
    options.set_file_name(file);
    RETURN_IF_ERROR(run.Read(&source));
    if (listener.problem().has_value()) return refused(file);
  }
  RETURN_IF_ERROR(run.CheckForwardReferences());
  if (listener.problem().has_value()) return refused("");
  v1::ImportJob job;
  *job.mutable_options() = options;
  job.mutable_options()->set_file_name("bundled data");
  return run.Finish(std::move(job));
}

absl::StatusOr<v1::ImportJob> UndoImport(Store* store, absl::string_view name,
                                         const std::string& actor,
                                         bool validate_only,
                                         absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Staging> staging,
                   store->Stage(actor.empty() ? "import" : actor, deadline));
  ASSIGN_OR_RETURN(v1::ImportJob undone, store->GetImportJob(name));
  if (!undone.undone_by().empty()) {
    return WithReason(
        absl::FailedPreconditionError(absl::StrCat(
            name, " was taken back already, by ", undone.undone_by())),
        "ALREADY_UNDONE");
  }
  std::vector<v1::Change> changes;
  RETURN_IF_ERROR(store->ForEachChange(
      undone.first_sequence(), [&](const v1::Change& change) {
        if (change.sequence() > undone.last_sequence()) return false;
        // Between the parts of an import others may have written.
        if (change.import_job() == undone.name()) changes.push_back(change);
        return true;
      }));
  v1::ImportJob job;
  job.set_undoes(undone.name());
  *job.mutable_options() = undone.options();
  std::vector<std::string> deleted;
  // Newest first: what refers to a record goes before the record.
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    RETURN_IF_ERROR(UndoOne(*store, *change, staging.get()));
    const bool gone = change->type() == v1::CHANGE_TYPE_CREATED;
    if (gone) deleted.push_back(change->resource());
  }
  RETURN_IF_ERROR(CheckNothingDangles(*store, deleted, *staging));
  job.mutable_counts()->set_records(static_cast<int64_t>(changes.size()));
  job.mutable_counts()->set_changed(static_cast<int64_t>(changes.size()));
  job.set_state(validate_only ? v1::ImportJob::STATE_VALIDATED
                              : v1::ImportJob::STATE_APPLIED);
  if (!validate_only) RETURN_IF_ERROR(staging->Publish(&job, &undone));
  return job;
}

}  // namespace comity
