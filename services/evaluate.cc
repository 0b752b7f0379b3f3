#include "services/evaluate.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/errors.h"
#include "base/languages.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "comity/v1/record.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "import/law_reader.h"
#include "import/laws/decode.h"
#include "index/evaluation.h"
#include "services/installed.h"

namespace comity {
namespace {

// Bytes of documents from which the language of a set is found out.
constexpr size_t kSampleBytes = 32 << 10;

class FileBytes : public ByteSource {
 public:
  explicit FileBytes(const std::string& path)
      : file_(path, std::ios::binary), buffer_(256 << 10, '\0') {}
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

absl::Status NotSo(const std::string& file, int64_t line,
                   absl::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", rule));
}

std::string TextOf(const google::protobuf::Struct& object, const char* field) {
  const auto at = object.fields().find(field);
  return at == object.fields().end() ? "" : at->second.string_value();
}

absl::Status ReadCorpus(const std::string& folder, index::EvaluationSet* set) {
  std::string path;
  for (const char* name :
       {"corpus.jsonl", "corpus.jsonl.gz", "corpus.jsonl.zst"}) {
    const std::string candidate = absl::StrCat(folder, "/", name);
    if (std::filesystem::exists(candidate)) path = candidate;
  }
  FileBytes bytes(path);
  if (path.empty() || !bytes.ok()) {
    return absl::NotFoundError(
        absl::StrCat(folder, " has no corpus.jsonl, .gz or .zst"));
  }
  LawLineReader lines(&bytes);
  std::string line;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, lines.NextLine(&line));
    if (!more) return absl::OkStatus();
    google::protobuf::Struct object;
    if (!google::protobuf::util::JsonStringToMessage(line, &object).ok()) {
      return NotSo(path, lines.line(), "the line is no JSON object");
    }
    index::EvaluationSet::Document& document = set->documents.emplace_back();
    document.id = TextOf(object, "id");
    document.title = TextOf(object, "title");
    document.text = TextOf(object, "text");
    if (document.id.empty()) return NotSo(path, lines.line(), "id: missing");
  }
}

// Calls `row` with the cells of each line.
absl::Status ReadTable(
    const std::string& path,
    absl::FunctionRef<bool(const std::vector<std::string>&)> row) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty()) continue;
    if (!row(absl::StrSplit(line, '\t'))) {
      return NotSo(path, number, "has not the columns that it must have");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<index::EvaluationSet> ReadSet(const std::string& folder,
                                             const std::string& language) {
  index::EvaluationSet set;
  RETURN_IF_ERROR(ReadCorpus(folder, &set));
  RETURN_IF_ERROR(ReadTable(folder + "/queries.tsv",
                            [&](const std::vector<std::string>& cells) {
                              if (cells.size() < 2) return false;
                              set.queries.emplace_back(cells[0], cells[1]);
                              return true;
                            }));
  RETURN_IF_ERROR(ReadTable(
      folder + "/qrels.tsv", [&](const std::vector<std::string>& cells) {
        int grade = 0;
        if (cells.size() != 4 || !absl::SimpleAtoi(cells[3], &grade)) {
          return false;
        }
        set.judgements[cells[0]][cells[2]] = grade;
        return true;
      }));
  std::string of = language;
  if (of.empty()) {
    std::string sample;
    for (const auto& document : set.documents) {
      if (sample.size() > kSampleBytes) break;
      absl::StrAppend(&sample, document.text, "\n");
    }
    of = laws::DetectLanguage(sample);
  }
  for (auto& document : set.documents) document.language = of;
  return set;
}

// The bundled concepts, where the program is installed or stands in its tree;
// empty: neither.
std::string BundledConcepts() {
  constexpr char kFile[] = "/data/library/concepts.jsonl";
  return FindInstalled({absl::StrCat("../share/comity", kFile),
                        absl::StrCat("../../..", kFile)});
}

absl::StatusOr<std::shared_ptr<const index::Concepts>> ReadConcepts(
    const std::string& path) {
  if (path.empty()) return std::shared_ptr<const index::Concepts>();
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  std::vector<v1::Concept> concepts;
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    v1::Record record;
    if (!google::protobuf::util::JsonStringToMessage(line, &record).ok() ||
        !record.has_legal_concept()) {
      return NotSo(path, number, "is no concept");
    }
    concepts.push_back(record.legal_concept());
  }
  ASSIGN_OR_RETURN(const auto analyzer, index::Analyzer::Create());
  return std::shared_ptr<const index::Concepts>(
      std::make_shared<index::Concepts>(concepts, analyzer.get()));
}

constexpr int kWidth = 24;

void PrintRow(std::FILE* out, absl::string_view what,
              const index::Scores& scores, const index::Scores* plain) {
  const index::Measures& mean = scores.mean;
  std::string gain;
  if (plain != nullptr) {
    gain =
        absl::StrFormat("  %+.4f, p %.4f", mean.ndcg_10 - plain->mean.ndcg_10,
                        index::ChanceOfNoGain(scores, *plain));
  }
  std::fputs(absl::StrFormat("  %-*s %9.4f %10.4f %8.4f %8.4f %8.4f%s\n",
                             kWidth, what, mean.recall_10, mean.recall_100,
                             mean.mrr_10, mean.map, mean.ndcg_10, gain)
                 .c_str(),
             out);
  std::fflush(out);
}

// Languages of the queries, where all ids begin with one and a hyphen: `fr-17`.
std::set<std::string> LanguagesOf(const index::Scores& scores) {
  std::set<std::string> languages;
  for (const std::string& id : scores.queries) {
    const std::string language = id.substr(0, id.find('-'));
    if (language.size() == id.size() || FindLanguage(language) == nullptr) {
      return {};
    }
    languages.insert(language);
  }
  return languages;
}

// Plus a row for each pair of languages, that of the query and that of the set.
void Print(std::FILE* out, absl::string_view what,
           const index::EvaluationSet& set, const index::Scores& scores,
           const index::Scores* plain) {
  PrintRow(out, what, scores, plain);
  const std::set<std::string> languages = LanguagesOf(scores);
  if (languages.size() < 2) return;
  for (const std::string& language : languages) {
    const std::string beginning = language + "-";
    const index::Scores of = index::ScoresOfQueries(scores, beginning);
    index::Scores plain_of;
    if (plain != nullptr) plain_of = index::ScoresOfQueries(*plain, beginning);
    PrintRow(out,
             absl::StrFormat("  %s to %s (%d)", language,
                             set.documents[0].language, of.queries.size()),
             of, plain == nullptr ? nullptr : &plain_of);
  }
}

absl::Status EvaluateOne(const std::string& folder,
                         const EvaluateOptions& options,
                         const std::shared_ptr<const index::Concepts>& concepts,
                         std::FILE* out) {
  ASSIGN_OR_RETURN(const index::EvaluationSet set,
                   ReadSet(folder, options.language));
  if (set.documents.empty() || set.queries.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, " has no documents or no queries"));
  }
  std::fputs(
      absl::StrFormat("%s: %d documents (%s), %d queries\n"
                      "  %-*s %9s %10s %8s %8s %8s%s\n",
                      folder, set.documents.size(), set.documents[0].language,
                      set.queries.size(), kWidth, "", "recall@10", "recall@100",
                      "MRR@10", "MAP", "nDCG@10",
                      options.plain ? "" : "  over plain")
          .c_str(),
      out);
  const index::Scores plain = index::EvaluatePlain(set);
  Print(out, "plain BM25", set, plain, nullptr);
  if (options.plain) return absl::OkStatus();
  std::string temporary =
      (std::filesystem::temp_directory_path() / "comity-evaluate-XXXXXX")
          .string();
  if (::mkdtemp(temporary.data()) == nullptr) {
    return absl::UnavailableError("no folder for temporary files");
  }
  const absl::Cleanup remove = [&temporary] {
    std::error_code error;
    std::filesystem::remove_all(temporary, error);
  };
  ASSIGN_OR_RETURN(const auto evaluator,
                   index::Evaluator::Create(&set, temporary));
  const index::Ranking shipped;
  const auto trial =
      [&](const char* what, const index::Ranking& ranking,
          std::shared_ptr<const index::Concepts> with) -> absl::Status {
    ASSIGN_OR_RETURN(const index::Scores scores,
                     evaluator->Evaluate(ranking, std::move(with)));
    Print(out, what, set, scores, &plain);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(trial("as shipped", shipped, concepts));
  if (concepts != nullptr) {
    RETURN_IF_ERROR(trial("without concepts", shipped, nullptr));
  }
  const auto without = [&](const char* what, double index::Ranking::*weight,
                           double value) -> absl::Status {
    index::Ranking ranking = shipped;
    ranking.*weight = value;
    return trial(what, ranking, concepts);
  };
  RETURN_IF_ERROR(without("without stems", &index::Ranking::stem, 0));
  RETURN_IF_ERROR(without("without titles' weight", &index::Ranking::title, 0));
  RETURN_IF_ERROR(without("without proximity", &index::Ranking::phrase, 0));
  return without("without numbers", &index::Ranking::number, 0);
}

}  // namespace

absl::Status Evaluate(const EvaluateOptions& options, std::FILE* out) {
  std::shared_ptr<const index::Concepts> concepts;
  if (!options.plain) {
    const std::string path =
        options.concepts.empty() ? BundledConcepts() : options.concepts;
    ASSIGN_OR_RETURN(concepts, ReadConcepts(path));
    std::fputs(
        absl::StrFormat("concepts: %s\np: one-sided paired bootstrap over the "
                        "queries, %d resamples\n",
                        path.empty() ? "none" : path, index::kResamples)
            .c_str(),
        out);
  }
  bool any = false;
  for (const std::string& folder : options.folders) {
    // A shell's `sets/*` names the README beside them, too.
    if (std::filesystem::is_regular_file(folder)) {
      std::fprintf(out, "%s: a file, left out\n", folder.c_str());
      continue;
    }
    any = true;
    RETURN_IF_ERROR(EvaluateOne(folder, options, concepts, out));
  }
  if (any) return absl::OkStatus();
  return absl::NotFoundError("none of these is a folder");
}

}  // namespace comity
