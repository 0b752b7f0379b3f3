// `import`, `import undo`, `import jobs`.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/errors.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/differences.h"
#include "cli/progress.h"
#include "comity/v1/import_service.pb.h"

namespace comity::cli {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

template <typename Enum>
std::vector<std::string> Choices() {
  return EnumChoices(google::protobuf::GetEnumDescriptor<Enum>());
}

template <typename Enum>
Enum ValueOf(const std::string& choice) {
  return static_cast<Enum>(
      EnumValue(google::protobuf::GetEnumDescriptor<Enum>(), choice));
}

std::string BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == absl::string_view::npos ? path
                                                      : path.substr(slash + 1));
}

// Bytes of a file; 0 if it has no size, such as a pipe.
int64_t SizeOf(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

// `offices.csv:17:4: date_notified, "2011-13-40", not a day`.
std::string ProblemLine(absl::string_view file, int64_t line,
                        const v1::ImportProblem& problem) {
  std::string text =
      absl::StrCat(file, ":", problem.line() > 0 ? problem.line() : line);
  if (problem.column() > 0) absl::StrAppend(&text, ":", problem.column());
  absl::StrAppend(&text, ": ");
  if (!problem.field().empty()) absl::StrAppend(&text, problem.field(), ", ");
  if (!problem.value().empty()) {
    absl::StrAppend(&text, "\"", problem.value(), "\", ");
  }
  return absl::StrCat(text, problem.rule());
}

std::string CountWords(const v1::ImportCounts& counts) {
  return absl::StrCat(Count(counts.records(), "record", "records"), ": ",
                      counts.added(), " added, ", counts.changed(),
                      " changed, ", counts.unchanged(), " unchanged, ",
                      counts.rejected(), " rejected");
}

// Shows the results of one import.
class ImportPage {
 public:
  ImportPage(Session* session, std::string file, bool show_all)
      : session_(*session), file_(std::move(file)), show_all_(show_all) {}

  void Show(const v1::ImportResult& result) {
    Printer& out = session_.out();
    if (session_.json()) {
      out.Json(result);
      return;
    }
    switch (result.outcome()) {
      case v1::ImportResult::OUTCOME_ADDED:
        ShowOutcome(result, Style::kGood);
        break;
      case v1::ImportResult::OUTCOME_CHANGED:
        ShowOutcome(result, Style::kWarning);
        break;
      case v1::ImportResult::OUTCOME_UNCHANGED:
        if (show_all_) ShowOutcome(result, Style::kLabel);
        break;
      default:
        break;
    }
    for (const v1::ImportProblem& problem : result.problems()) {
      out.Line(absl::StrCat("rejected  ",
                            ProblemLine(file_, result.line(), problem)),
               Style::kBad, 0, 10);
    }
    for (const v1::ImportProblem& notice : result.notices()) {
      out.Line(
          absl::StrCat("notice    ", ProblemLine(file_, result.line(), notice)),
          Style::kPlain, 0, 10);
    }
  }

  void Finish(const v1::ImportJob& job) {
    Printer& out = session_.out();
    if (session_.json()) {
      out.Json(job);
      return;
    }
    out.Line(absl::StrCat(file_, ": ", CountWords(job.counts()), "."),
             Style::kHeading);
    switch (job.state()) {
      case v1::ImportJob::STATE_APPLIED:
        out.Line(job.name().empty()
                     ? "Nothing had to be written."
                     : absl::StrCat("Applied as ", job.name(),
                                    "; to take it back: comity import undo ",
                                    job.name()));
        break;
      case v1::ImportJob::STATE_VALIDATED:
        out.Line("A dry run: nothing was written.");
        break;
      default:
        out.Line("Nothing was written.");
        break;
    }
  }

 private:
  void ShowOutcome(const v1::ImportResult& result, Style style) {
    std::string word = Words(result.outcome());
    word.resize(10, ' ');
    session_.out().Line(
        absl::StrCat(word, "line ", result.line(), ": ", result.resource()),
        style, 0, 10);
    PrintDifferences(result.differences(), 10, &session_.out());
  }

  Session& session_;
  const std::string file_;
  const bool show_all_;
};

class ImportCommand : public Command {
 public:
  explicit ImportCommand(Arguments* arguments) {
    arguments->Choice("kind", &kind_, Choices<v1::ImportKind>(),
                      "What the file holds");
    arguments->Text("file", &file_, kFileType,
                    "The file; - for standard input; for laws a folder, too");
    arguments->Flag("--dry-run", &dry_run_, "Do all but the write");
    arguments->Flag("--partial", &partial_,
                    "Apply the good records of a file with bad ones");
    arguments->Repeated(
        "--columns", &columns_, "HEADER=FIELD",
        "Field for a column header, Header=field; - leaves it out; "
        "repeat");
    arguments->Choice("--format", &format_, Choices<v1::ImportFormat>(),
                      "Default: found out");
    arguments->Text("--encoding", &encoding_, "ENCODING", "Default: found out");
    arguments->Text(
        "--delimiter", &delimiter_, "CHARACTER",
        "Character between cells; \\t is a tab (default: found out)");
    arguments->Text("--sheet", &sheet_, "TEXT",
                    "Sheet of a workbook (default: first)");
    arguments->Text("--source-system", &source_system_, "TEXT",
                    "System that the ids in the file belong to (default: the "
                    "file's name)");
    arguments->Choice("--date-order", &date_order_, {"day", "month"},
                      "Which comes first in 03/04/2011");
    arguments->Text("--state", &state_, "STATE",
                    "Laws: State of documents that do not state theirs");
    arguments->Text("--language", &language_, "TAG",
                    "Laws: language (BCP 47) of documents that do not state "
                    "theirs");
    arguments->Text("--law-format", &law_format_, "FORMAT",
                    "Laws: akoma-ntoso, clml, docx, html, isb, lexdania, "
                    "leychile, lovdata, markdown, pdf, riigi-teataja, rtf, "
                    "text, uslm or word97 (default: found out)");
    arguments->Text("--actor", &actor_, "TEXT",
                    "Who imports, for the change log");
    arguments->Flag("--all", &all_, "Show unchanged records, too");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (kind_.empty() || file_.empty()) {
      return absl::InvalidArgumentError(
          "import needs a kind and a file; see `comity import --help`");
    }
    if (!state_.empty()) {
      ASSIGN_OR_RETURN(state_, session->StateName(state_));
    }
    if (kind_ != "laws" || !std::filesystem::is_directory(file_)) {
      return ImportOne(session, file_);
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesIn(file_));
    int code = kExitOk;
    for (const std::string& file : files) {
      ASSIGN_OR_RETURN(const int one, ImportOne(session, file));
      if (one != kExitOk) code = one;
    }
    return code;
  }

 private:
  // The files of a folder and of those in it, in the order of their names, but
  // for hidden ones and those that tell about the others.
  static absl::StatusOr<std::vector<std::string>> FilesIn(
      const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(folder, error)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || absl::StartsWith(name, ".") ||
          absl::StartsWith(name, "README")) {
        continue;
      }
      files.push_back(entry.path().string());
    }
    if (error || files.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(folder, " has no files that can be read"));
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  absl::StatusOr<int> ImportOne(Session* session, const std::string& file) {
    ASSIGN_OR_RETURN(v1::ImportOptions options, Options(file));
    std::ifstream opened;
    std::istream* in = session->environment().in;
    int64_t total = 0;
    if (file != "-") {
      opened.open(file, std::ios::binary);
      if (!opened) {
        return absl::InvalidArgumentError(
            absl::StrCat(file, " cannot be read"));
      }
      total = SizeOf(file);
      options.set_file_bytes(total);
      in = &opened;
    }
    return Transfer(session, file, options, in, total);
  }

  absl::StatusOr<v1::ImportOptions> Options(const std::string& file) const {
    v1::ImportOptions options;
    options.set_kind(ValueOf<v1::ImportKind>(kind_));
    options.set_format(ValueOf<v1::ImportFormat>(format_));
    options.set_file_name(file == "-" ? "" : BaseName(file));
    options.set_source_system(source_system_);
    options.set_validate_only(dry_run_);
    options.set_partial(partial_);
    options.set_encoding(encoding_);
    options.set_delimiter(delimiter_ == "\\t" ? "\t" : delimiter_);
    options.set_sheet(sheet_);
    options.set_actor(actor_);
    options.set_state(state_);
    options.set_language(language_);
    options.set_law_format(law_format_);
    if (date_order_ == "day") {
      options.set_date_order(v1::DATE_ORDER_DAY_FIRST);
    } else if (date_order_ == "month") {
      options.set_date_order(v1::DATE_ORDER_MONTH_FIRST);
    }
    for (const std::string& column : columns_) {
      // A header may have an equals sign, a field has none.
      const size_t equals = column.rfind('=');
      if (equals == std::string::npos || equals == 0) {
        return InvalidField("--columns", column,
                            "not of the form Header=field");
      }
      (*options.mutable_columns())[column.substr(0, equals)] =
          column.substr(equals + 1);
    }
    return options;
  }

  absl::StatusOr<int> Transfer(Session* session, const std::string& file,
                               const v1::ImportOptions& options,
                               std::istream* in, int64_t total) const {
    const Environment& environment = session->environment();
    Progress progress(environment.err, environment.err_is_terminal,
                      environment.columns, total);
    ImportPage page(session, file == "-" ? "standard input" : file, all_);
    v1::ImportRequest request;
    v1::ImportResponse response;
    v1::ImportJob job;
    bool options_sent = false;
    std::string chunk(kChunkBytes, '\0');
    const auto next = [&]() -> absl::StatusOr<bool> {
      if (!std::exchange(options_sent, true)) {
        *request.mutable_options() = options;
        return true;
      }
      in->read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
      if (in->bad()) {
        return absl::InvalidArgumentError(
            absl::StrCat(file, " cannot be read"));
      }
      request.set_chunk(chunk.data(), static_cast<size_t>(in->gcount()));
      return in->gcount() > 0;
    };
    const auto show = [&] {
      if (response.has_progress()) {
        progress.Update(response.progress().bytes_read(),
                        response.progress().records_read());
        return absl::OkStatus();
      }
      progress.Clear();
      for (const auto& result : response.results().results()) {
        page.Show(result);
      }
      if (response.has_job()) job.Swap(response.mutable_job());
      return absl::OkStatus();
    };
    const absl::Status status =
        session->client().Exchange(&request, &response, next, show);
    progress.Clear();
    RETURN_IF_ERROR(status);
    page.Finish(job);
    return Conclude(session, job);
  }

  absl::StatusOr<int> Conclude(Session* session,
                               const v1::ImportJob& job) const {
    if (job.state() == v1::ImportJob::STATE_UNSPECIFIED) {
      return absl::InternalError("the server ended the import without a job");
    }
    if (job.counts().rejected() == 0 &&
        job.state() != v1::ImportJob::STATE_REJECTED) {
      return kExitOk;
    }
    session->out().Flush();
    session->err().Line(absl::StrCat(
        "comity: ",
        Count(job.counts().rejected(), "record was", "records were"),
        " rejected",
        job.state() == v1::ImportJob::STATE_APPLIED
            ? "; the others were applied"
            : "; nothing was written"));
    return kExitImportRejected;
  }

  std::string kind_;
  std::string file_;
  bool dry_run_ = false;
  bool partial_ = false;
  std::vector<std::string> columns_;
  std::string format_;
  std::string encoding_;
  std::string delimiter_;
  std::string sheet_;
  std::string source_system_;
  std::string date_order_;
  std::string state_;
  std::string language_;
  std::string law_format_;
  std::string actor_;
  bool all_ = false;
};

std::string JobName(const std::string& job) {
  return absl::StartsWith(job, "importJobs/")
             ? job
             : absl::StrCat("importJobs/", job);
}

class UndoCommand : public Command {
 public:
  explicit UndoCommand(Arguments* arguments) {
    arguments->Text("job", &job_, "JOB", "importJobs/ID, or its id",
                    Need::kRequired);
    arguments->Flag("--dry-run", &dry_run_, "Do all but the write");
    arguments->Text("--actor", &actor_, "TEXT",
                    "Who does it, for the change log");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::UndoImportRequest request;
    request.set_name(JobName(job_));
    request.set_actor(actor_);
    request.set_validate_only(dry_run_);
    v1::ImportJob job;
    RETURN_IF_ERROR(session->client().Call(request, &job));
    if (session->json()) {
      session->out().Json(job);
      return kExitOk;
    }
    session->out().Line(absl::StrCat(
        request.name(), dry_run_ ? " can be taken back: " : " was taken back: ",
        CountWords(job.counts()), "."));
    if (!dry_run_ && !job.name().empty()) {
      session->out().Line(
          absl::StrCat("This is ", job.name(), " in the change log."));
    }
    return kExitOk;
  }

 private:
  std::string job_;
  std::string actor_;
  bool dry_run_ = false;
};

void PrintJob(Session* session, const v1::ImportJob& job) {
  session->out().Line(job.name(), Style::kHeading);
  FieldList fields;
  fields.Add("State", Words(job.state()));
  fields.Add("File", absl::StrCat(job.options().file_name(), ", ",
                                  ByteWords(job.file_bytes())));
  fields.Add("Digest", job.file_digest());
  fields.Add("Kind", Words(job.options().kind()));
  fields.Add("Source", job.options().source_system());
  fields.Add("By", job.options().actor());
  fields.Add("Time", TimeWords(job.time()));
  fields.Add("Counts", CountWords(job.counts()));
  if (job.first_sequence() > 0) {
    fields.Add("Changes",
               absl::StrCat(job.first_sequence(), " to ", job.last_sequence()));
  }
  fields.Add("Undone by", job.undone_by());
  fields.Add("Undoes", job.undoes());
  session->out().Print(fields);
}

class JobsCommand : public Command {
 public:
  explicit JobsCommand(Arguments* arguments) {
    arguments->Text("job", &job_, "JOB",
                    "importJobs/ID, or its id; none lists all");
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most imports to list");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (job_.empty()) return List(session);
    v1::GetImportJobRequest request;
    request.set_name(JobName(job_));
    v1::ImportJob job;
    RETURN_IF_ERROR(session->client().Call(request, &job));
    if (session->json()) {
      session->out().Json(job);
    } else {
      PrintJob(session, job);
    }
    return kExitOk;
  }

 private:
  absl::StatusOr<int> List(Session* session) {
    Table table(
        {"JOB", "TIME", "FILE", "STATE", "ADDED", "CHANGED", "UNCHANGED"});
    RETURN_IF_ERROR(ForEachItem(
        session, v1::ListImportJobsRequest(),
        &v1::ListImportJobsResponse::import_jobs, limit_,
        [&](const v1::ImportJob& job) {
          if (session->json()) {
            session->out().Json(job);
            return;
          }
          table.AddRow({job.name(), TimeWords(job.time()),
                        job.options().file_name(), Words(job.state()),
                        absl::StrCat(job.counts().added()),
                        absl::StrCat(job.counts().changed()),
                        absl::StrCat(job.counts().unchanged())});
        }));
    session->out().Print(table);
    return kExitOk;
  }

  std::string job_;
  int64_t limit_ = 0;
};

}  // namespace

void AddImportCommands(Registry* registry) {
  CLI::App* import = registry->Add<ImportCommand>(
      registry->root, "import",
      "Import a file of States, treaties, participations, designations or "
      "laws",
      "Examples:\n"
      "  comity import designations offices.csv --dry-run\n"
      "  comity import designations amts.csv --columns "
      "Kontaktstelle=authority_name\n"
      "  comity export | comity import records -\n"
      "\n"
      "--json prints one ImportResult a line, then the ImportJob. Exit code "
      "5: records were rejected; without --partial nothing was written.");
  registry->Add<UndoCommand>(import, "undo", "Take an import back",
                             "Example:\n"
                             "  comity import undo importJobs/17\n"
                             "\n"
                             "Exit code 4: records were changed since.");
  registry->Add<JobsCommand>(import, "jobs",
                             "List imports, newest first, or show one",
                             "Examples:\n"
                             "  comity import jobs\n"
                             "  comity import jobs importJobs/17");
}

}  // namespace comity::cli
