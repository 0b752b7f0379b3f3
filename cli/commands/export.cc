// `export`.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "comity/v1/export_service.pb.h"

namespace comity::cli {
namespace {

// Longest wait between two pieces of a file.
constexpr absl::Duration kSilenceMax = absl::Minutes(2);

// A file that appears under its name only when it is whole.
class WholeFile {
 public:
  WholeFile() = default;
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  ~WholeFile() {
    if (file_ != nullptr) std::fclose(file_);
    if (!temporary_.empty()) std::remove(temporary_.c_str());
  }

  absl::Status Open(const std::string& path) {
    path_ = path;
    std::string name = absl::StrCat(path, ".XXXXXX");
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, " cannot be created: ", std::strerror(errno)));
    }
    temporary_ = name;
    file_ = fdopen(descriptor, "wb");
    if (file_ == nullptr) {
      close(descriptor);
      return Error("cannot be created");
    }
    return absl::OkStatus();
  }

  absl::Status Write(absl::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
      return Error("cannot be written");
    }
    return absl::OkStatus();
  }

  // Makes sure of the bytes, then gives the file its name.
  absl::Status Finish() {
    // mkstemp makes files that only their owner reads; this one is no secret.
    if (std::fflush(file_) != 0 || fchmod(fileno(file_), 0644) != 0 ||
        fsync(fileno(file_)) != 0) {
      return Error("cannot be written");
    }
    std::FILE* const file = file_;
    file_ = nullptr;
    if (std::fclose(file) != 0 ||
        std::rename(temporary_.c_str(), path_.c_str()) != 0) {
      return Error("cannot be written");
    }
    temporary_.clear();
    return absl::OkStatus();
  }

 private:
  absl::Status Error(absl::string_view what) const {
    return absl::InternalError(
        absl::StrCat(path_, " ", what, ": ", std::strerror(errno)));
  }

  std::string path_;
  std::string temporary_;
  std::FILE* file_ = nullptr;
};

class ExportCommand : public Command {
 public:
  explicit ExportCommand(Arguments* arguments) {
    arguments->Choice(
        "--format", &format_,
        EnumChoices(google::protobuf::GetEnumDescriptor<v1::ExportFormat>()),
        "Default: jsonl");
    arguments->RepeatedChoice(
        "--kind", &kinds_, RecordKindChoices(),
        "Only records of this kind; repeat (default: all; designations "
        "in CSV)");
    arguments->Text("--state", &state_, kStateType,
                    "Only records of this State");
    arguments->Text("--authority", &authority_, kNameType,
                    "Only this office; vcard only");
    arguments->Flag("--history", &history_, "Every version; jsonl only");
    arguments->Text("--known-at", &known_at_, kTimeType,
                    "As this server knew it then");
    arguments->Text("-o,--output", &output_, kFileType,
                    "File to write, whole or not at all (default: standard "
                    "output)");
  }

  absl::StatusOr<int> Run(Session* session) override {
    ASSIGN_OR_RETURN(const v1::ExportRequest request, Request(session));
    WholeFile file;
    const bool to_file = !output_.empty() && output_ != "-";
    if (to_file) RETURN_IF_ERROR(file.Open(output_));
    int64_t bytes = 0;
    v1::ExportResponse response;
    RETURN_IF_ERROR(
        session->client().Stream(request, &response, kSilenceMax, [&] {
          bytes += static_cast<int64_t>(response.chunk().size());
          if (to_file) return file.Write(response.chunk());
          session->out().Raw(response.chunk());
          return absl::OkStatus();
        }));
    if (to_file) {
      RETURN_IF_ERROR(file.Finish());
      session->err().Line(
          absl::StrCat("comity: wrote ", output_, ", ", ByteWords(bytes)));
    }
    return kExitOk;
  }

 private:
  absl::StatusOr<v1::ExportRequest> Request(Session* session) const {
    v1::ExportRequest request;
    request.set_format(static_cast<v1::ExportFormat>(EnumValue(
        google::protobuf::GetEnumDescriptor<v1::ExportFormat>(), format_)));
    for (const std::string& kind : kinds_) {
      request.add_kinds(RecordKindOf(kind));
    }
    ASSIGN_OR_RETURN(const std::string state, session->StateName(state_));
    request.set_state(state);
    request.set_authority(authority_);
    request.set_history(history_);
    if (!known_at_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_known_at(),
                       ParseTimeOption(known_at_, "--known-at"));
    }
    return request;
  }

  std::string format_ = "jsonl";
  std::vector<std::string> kinds_;
  std::string state_;
  std::string authority_;
  bool history_ = false;
  std::string known_at_;
  std::string output_;
};

}  // namespace

void AddExportCommand(Registry* registry) {
  registry->Add<ExportCommand>(
      registry->root, "export", "Export records as JSON Lines, CSV or vCard",
      "Examples:\n"
      "  comity export -o directory.jsonl\n"
      "  comity export --format vcard --state LTU\n"
      "  comity export --format csv --kind designation > offices.csv\n"
      "\n"
      "JSON Lines load back to the same: comity import records "
      "directory.jsonl. The bytes of the file are the answer, with --json "
      "too.");
}

}  // namespace comity::cli
