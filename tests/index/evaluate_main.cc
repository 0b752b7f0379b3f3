// Prints how well the ranking does on a relevance set, for tuning.
//
//   comity_evaluate FOLDER LANGUAGE [CONCEPTS.jsonl] [key=value…]
//
// The folder has corpus.jsonl.gz, queries.tsv and qrels.tsv.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "index/evaluation.h"
#include "tests/support/temporary_folder.h"

namespace comity::index {
namespace {

bool ReadCorpus(const std::string& folder, const std::string& language,
                EvaluationSet* set) {
  const std::string command =
      absl::StrCat("zcat '", folder, "/corpus.jsonl.gz'");
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return false;
  char* line = nullptr;
  size_t size = 0;
  while (::getline(&line, &size, pipe) > 0) {
    google::protobuf::Struct object;
    if (!google::protobuf::util::JsonStringToMessage(line, &object).ok()) {
      continue;
    }
    const auto& fields = object.fields();
    set->documents.push_back({fields.at("id").string_value(),
                              fields.at("title").string_value(),
                              fields.at("text").string_value(), language});
  }
  std::free(line);
  return ::pclose(pipe) == 0;
}

void ReadQueries(const std::string& folder, EvaluationSet* set) {
  std::ifstream queries(folder + "/queries.tsv");
  for (std::string line; std::getline(queries, line);) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(line, absl::MaxSplits('\t', 1));
    set->queries.push_back(parts);
  }
  std::ifstream judgements(folder + "/qrels.tsv");
  for (std::string line; std::getline(judgements, line);) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::ByAnyChar("\t "), absl::SkipEmpty());
    if (parts.size() == 4) {
      set->judgements[parts[0]][parts[2]] = std::atoi(parts[3].c_str());
    }
  }
}

std::shared_ptr<const Concepts> ReadConcepts(const std::string& path) {
  std::vector<v1::Concept> records;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    google::protobuf::Struct object;
    if (!google::protobuf::util::JsonStringToMessage(line, &object).ok()) {
      continue;
    }
    std::string json;
    const auto concept_field = object.fields().find("concept");
    if (concept_field == object.fields().end()) continue;
    (void)google::protobuf::util::MessageToJsonString(
        concept_field->second.struct_value(), &json);
    v1::Concept record;
    if (google::protobuf::util::JsonStringToMessage(json, &record).ok()) {
      records.push_back(record);
    }
  }
  auto analyzer = Analyzer::Create();
  if (!analyzer.ok()) return nullptr;
  return std::make_shared<Concepts>(records, analyzer->get());
}

void Print(const std::string& name, const Scores& scores,
           const Scores* beside) {
  std::printf(
      "%-44s R@10 %.3f R@100 %.3f MRR %.3f MAP %.3f nDCG %.4f  %6.0f us",
      name.c_str(), scores.mean.recall_10, scores.mean.recall_100,
      scores.mean.mrr_10, scores.mean.map, scores.mean.ndcg_10, scores.p50);
  if (beside != nullptr) {
    std::printf("  p %.4f", ChanceOfNoGain(scores, *beside));
  }
  std::printf("\n");
  std::fflush(stdout);
}

// One line for each group of queries whose ids begin alike, `fr-`.
void PrintByLanguage(const Scores& scores) {
  std::set<std::string> beginnings;
  for (const std::string& query : scores.queries) {
    beginnings.insert(query.substr(0, 3));
  }
  constexpr size_t kMax = 5;
  if (beginnings.size() > kMax) return;
  for (const std::string& beginning : beginnings) {
    const Scores of = ScoresOfQueries(scores, beginning);
    std::printf("    %s nDCG@10 %.4f (%zu)\n", beginning.c_str(),
                of.mean.ndcg_10, of.queries.size());
  }
}

int Main(int argc, char** argv) {
  if (argc < 3) return 2;
  EvaluationSet set;
  if (!ReadCorpus(argv[1], argv[2], &set)) return 1;
  ReadQueries(argv[1], &set);
  std::printf("%zu documents, %zu queries\n", set.documents.size(),
              set.queries.size());
  const Scores plain = EvaluatePlain(set);
  Print("plain", plain, nullptr);
  TemporaryFolder folder;
  auto evaluator = Evaluator::Create(&set, folder.path());
  if (!evaluator.ok()) {
    std::cerr << evaluator.status() << "\n";
    return 1;
  }
  std::shared_ptr<const Concepts> concepts;
  // Each argument is a trial: `k1=0.9,b=0.3`.
  const auto run = [&](const std::string& trial) {
    Ranking ranking;
    for (const absl::string_view setting :
         absl::StrSplit(trial, ',', absl::SkipEmpty())) {
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(setting, '=');
      const std::map<std::string, double*> settings = {
          {"k1", &ranking.k1},
          {"word", &ranking.word},
          {"b", &ranking.b},
          {"stem", &ranking.stem},
          {"title", &ranking.title},
          {"heading", &ranking.heading},
          {"character", &ranking.character},
          {"number", &ranking.number},
          {"phrase", &ranking.phrase},
          {"own_language", &ranking.own_language}};
      const auto at = settings.find(parts.first);
      if (at == settings.end() || !absl::SimpleAtod(parts.second, at->second)) {
        std::cerr << "not understood: " << trial << "\n";
        return;
      }
    }
    const auto scores = (*evaluator)->Evaluate(ranking, concepts);
    if (!scores.ok()) {
      std::cerr << scores.status() << "\n";
      return;
    }
    Print(trial.empty() ? "as shipped" : trial, *scores, &plain);
    PrintByLanguage(*scores);
  };
  run("");
  for (int i = 3; i < argc; ++i) {
    if (absl::EndsWith(argv[i], ".jsonl")) {
      concepts = ReadConcepts(argv[i]);
      run("");
    } else {
      run(argv[i]);
    }
  }
  return 0;
}

}  // namespace
}  // namespace comity::index

int main(int argc, char** argv) { return comity::index::Main(argc, argv); }
