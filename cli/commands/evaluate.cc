// `eval`: how well searches rank. No server is asked: the command runs
// `comityd evaluate`, which has the index, in its own place.

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"

namespace comity::cli {
namespace {

class EvaluateCommand : public Command {
 public:
  explicit EvaluateCommand(Arguments* arguments) {
    arguments->OptionalWords(
        "folders", &folders_, 100, "FOLDER",
        "Each with corpus.jsonl (.gz, .zst), queries.tsv and qrels.tsv");
    arguments->Text("--language", &language_, "TAG",
                    "Of the documents, BCP 47 (default: found out)");
    arguments->Text("--concepts", &concepts_, kFileType,
                    "Concepts for queries in other languages, JSON Lines "
                    "(default: the bundled ones)");
    arguments->Flag("--plain", &plain_, "Only plain BM25: k1 0.9, b 0.4");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (folders_.empty()) {
      return absl::InvalidArgumentError(
          "eval needs a folder; see `comity eval --help`");
    }
    std::vector<std::string> words = {Program(), "evaluate"};
    words.insert(words.end(), folders_.begin(), folders_.end());
    if (!language_.empty()) words.push_back("--language=" + language_);
    if (!concepts_.empty()) words.push_back("--concepts=" + concepts_);
    if (plain_) words.push_back("--plain");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    session->out().Flush();
    ::execvp(arguments[0], arguments.data());
    return absl::NotFoundError(absl::StrCat(
        "comityd, which measures, cannot be run: ", std::strerror(errno)));
  }

 private:
  // The server's program beside ours, else where the shell finds it.
  static std::string Program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto beside = self.parent_path() / "comityd";
    return !error && std::filesystem::exists(beside, error) ? beside.string()
                                                            : "comityd";
  }

  std::vector<std::string> folders_;
  std::string language_;
  std::string concepts_;
  bool plain_ = false;
};

}  // namespace

void AddEvaluateCommand(Registry* registry) {
  registry->Add<EvaluateCommand>(
      registry->root, "eval",
      "Measure how well searches rank, on sets of judged queries",
      "Example:\n"
      "  comity eval sets/*");
}

}  // namespace comity::cli
