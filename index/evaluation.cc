#include "index/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <random>

#include "absl/container/flat_hash_map.h"
#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "base/words.h"
#include "index/library_index.h"
#include "index/searcher.h"

namespace comity::index {
namespace {

constexpr size_t kTop = 10;
constexpr size_t kDepth = 100;

double Gain(int grade, size_t rank) {
  return (std::exp2(grade) - 1) / std::log2(static_cast<double>(rank) + 2);
}

// None if no document is relevant.
std::optional<Measures> MeasuresOf(const std::map<std::string, int>& grades,
                                   const Ranked& found) {
  std::vector<int> best;
  for (const auto& grade : grades) {
    if (grade.second > 0) best.push_back(grade.second);
  }
  if (best.empty()) return std::nullopt;
  std::sort(best.rbegin(), best.rend());
  const auto relevant = static_cast<double>(best.size());
  double ideal = 0;
  for (size_t i = 0; i < best.size() && i < kTop; ++i) {
    ideal += Gain(best[i], i);
  }
  Measures measures;
  double gained = 0;
  double precisions = 0;
  double hits = 0;
  double hits_10 = 0;
  for (size_t i = 0; i < found.size() && i < kDepth; ++i) {
    const auto grade = grades.find(found[i]);
    if (grade == grades.end() || grade->second <= 0) continue;
    hits += 1;
    precisions += hits / static_cast<double>(i + 1);
    if (i >= kTop) continue;
    hits_10 += 1;
    gained += Gain(grade->second, i);
    if (measures.mrr_10 == 0) measures.mrr_10 = 1 / static_cast<double>(i + 1);
  }
  measures.recall_10 = hits_10 / relevant;
  measures.recall_100 = hits / relevant;
  measures.map = precisions / relevant;
  measures.ndcg_10 = gained / ideal;
  return measures;
}

Measures MeanOf(const std::vector<Measures>& all) {
  Measures mean;
  if (all.empty()) return mean;
  for (double Measures::*of :
       {&Measures::recall_10, &Measures::recall_100, &Measures::mrr_10,
        &Measures::map, &Measures::ndcg_10}) {
    for (const Measures& one : all) mean.*of += one.*of;
    mean.*of /= static_cast<double>(all.size());
  }
  return mean;
}

double MiddleOf(std::vector<double> times) {
  if (times.empty()) return 0;
  const auto middle =
      times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

class Clock {
 public:
  double Microseconds() const {
    return std::chrono::duration<double, std::micro>(
               std::chrono::steady_clock::now() - start_)
        .count();
  }

 private:
  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
};

// The terms of a text for plain BM25.
std::vector<std::string> PlainTerms(absl::string_view text,
                                    WordFinder* finder) {
  std::vector<std::string> terms;
  std::string before;
  size_t before_end = std::string::npos;
  finder->Start(text);
  Word word;
  while (finder->Next(&word)) {
    std::string term =
        FoldWord(text.substr(word.begin, word.end - word.begin), "", true);
    if (term.empty()) continue;
    if (word.kind == Word::Kind::kWord) {
      terms.push_back(std::move(term));
      continue;
    }
    if (before_end == word.begin) terms.push_back(before + term);
    before = std::move(term);
    before_end = word.end;
  }
  return terms;
}

}  // namespace

Scores ScoresOf(const EvaluationSet& set, const std::vector<Ranked>& found) {
  Scores scores;
  for (size_t i = 0; i < set.queries.size(); ++i) {
    const auto grades = set.judgements.find(set.queries[i].first);
    if (grades == set.judgements.end()) continue;
    const auto measures = MeasuresOf(grades->second, found[i]);
    if (!measures.has_value()) continue;
    scores.queries.push_back(set.queries[i].first);
    scores.of_query.push_back(*measures);
  }
  scores.mean = MeanOf(scores.of_query);
  return scores;
}

Scores ScoresOfQueries(const Scores& all, absl::string_view beginning) {
  Scores scores;
  for (size_t i = 0; i < all.queries.size(); ++i) {
    if (!absl::StartsWith(all.queries[i], beginning)) continue;
    scores.queries.push_back(all.queries[i]);
    scores.of_query.push_back(all.of_query[i]);
  }
  scores.mean = MeanOf(scores.of_query);
  return scores;
}

double ChanceOfNoGain(const Scores& a, const Scores& b) {
  const size_t count = std::min(a.of_query.size(), b.of_query.size());
  if (count == 0) return 1;
  // Seeded, so that a report can be repeated.
  std::mt19937 random(1);
  std::uniform_int_distribution<size_t> any(0, count - 1);
  int no_gain = 1;
  for (int sample = 0; sample < kResamples; ++sample) {
    double gain = 0;
    for (size_t i = 0; i < count; ++i) {
      const size_t query = any(random);
      gain += a.of_query[query].ndcg_10 - b.of_query[query].ndcg_10;
    }
    if (gain <= 0) ++no_gain;
  }
  return static_cast<double>(no_gain) / (kResamples + 1);
}

Scores EvaluatePlain(const EvaluationSet& set) {
  constexpr double kK1 = 0.9;
  constexpr double kB = 0.4;
  struct Posting {
    uint32_t document;
    uint32_t times;
  };
  absl::flat_hash_map<std::string, std::vector<Posting>> postings;
  std::vector<double> lengths;
  double total = 0;
  WordFinder finder;
  for (const EvaluationSet::Document& document : set.documents) {
    absl::flat_hash_map<std::string, uint32_t> times;
    std::vector<std::string> terms =
        PlainTerms(absl::StrCat(document.title, "\n", document.text), &finder);
    for (std::string& term : terms) ++times[std::move(term)];
    const auto number = static_cast<uint32_t>(lengths.size());
    for (const auto& [term, count] : times) {
      postings[term].push_back({number, count});
    }
    lengths.push_back(static_cast<double>(terms.size()));
    total += lengths.back();
  }
  const auto documents = static_cast<double>(lengths.size());
  const double average = total / documents;
  std::vector<Ranked> found;
  std::vector<double> times;
  for (const auto& query : set.queries) {
    const Clock clock;
    absl::flat_hash_map<uint32_t, double> weights;
    for (const std::string& term : PlainTerms(query.second, &finder)) {
      const auto list = postings.find(term);
      if (list == postings.end()) continue;
      const auto frequency = static_cast<double>(list->second.size());
      const double idf =
          std::log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
      for (const Posting& posting : list->second) {
        const auto count = static_cast<double>(posting.times);
        const double length = lengths[posting.document] / average;
        weights[posting.document] +=
            idf * count * (kK1 + 1) / (count + kK1 * (1 - kB + kB * length));
      }
    }
    std::vector<std::pair<double, uint32_t>> ranked;
    for (const auto& [document, weight] : weights) {
      ranked.emplace_back(-weight, document);
    }
    const size_t depth = std::min(kDepth, ranked.size());
    std::partial_sort(ranked.begin(),
                      ranked.begin() + static_cast<std::ptrdiff_t>(depth),
                      ranked.end());
    Ranked ids;
    for (size_t i = 0; i < depth; ++i) {
      ids.push_back(set.documents[ranked[i].second].id);
    }
    found.push_back(std::move(ids));
    times.push_back(clock.Microseconds());
  }
  Scores scores = ScoresOf(set, found);
  scores.p50 = MiddleOf(std::move(times));
  return scores;
}

struct Evaluator::Index {
  std::unique_ptr<LibraryIndex> index;
};

Evaluator::Evaluator(const EvaluationSet* set) : set_(set) {}
Evaluator::~Evaluator() = default;

absl::StatusOr<std::unique_ptr<Evaluator>> Evaluator::Create(
    const EvaluationSet* set, const std::string& folder) {
  auto evaluator = absl::WrapUnique(new Evaluator(set));
  evaluator->index_ = std::make_unique<Index>();
  ASSIGN_OR_RETURN(evaluator->index_->index, LibraryIndex::Open(folder, {}));
  LibraryIndex& index = *evaluator->index_->index;
  ASSIGN_OR_RETURN(std::unique_ptr<Build> build, index.BeginBuild());
  for (size_t i = 0; i < set->documents.size(); ++i) {
    const EvaluationSet::Document& document = set->documents[i];
    LawInput input;
    input.law.set_name(absl::StrCat("states/ZZZ/laws/d", i));
    TextInput text;
    text.expression = absl::StrCat(input.law.name(), "/expressions/",
                                   document.language, "@undated");
    text.sequence = 1;
    text.language = document.language;
    text.title = document.title;
    input.texts.push_back(std::move(text));
    input.read = [&document](const TextInput&, LawInput::Visit visit) {
      v1::Provision provision;
      provision.set_name("text");
      provision.set_position(1);
      provision.set_text(document.text);
      visit(provision);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(build->Put(std::move(input)));
  }
  RETURN_IF_ERROR(build->Mark(1));
  RETURN_IF_ERROR(index.Serve(std::move(build)));
  return evaluator;
}

absl::StatusOr<Scores> Evaluator::Evaluate(
    const Ranking& ranking, std::shared_ptr<const Concepts> concepts) {
  SearcherOptions options;
  options.ranking = ranking;
  Searcher searcher(index_->index.get(), std::move(options));
  searcher.SetConcepts(std::move(concepts));
  constexpr absl::string_view kPrefix = "states/ZZZ/laws/d";
  std::vector<Ranked> found;
  std::vector<double> times;
  for (const auto& query : set_->queries) {
    v1::SearchRequest request;
    request.set_query(query.second);
    request.set_page_size(static_cast<int>(kDepth));
    request.set_hits_per_law(1);
    request.set_without_snippets(true);
    const Clock clock;
    ASSIGN_OR_RETURN(const SearchAnswer answer,
                     searcher.Search(request, {}, absl::InfiniteFuture()));
    times.push_back(clock.Microseconds());
    Ranked ids;
    for (const v1::SearchResult& result : answer.response.results()) {
      const size_t number = std::stoul(result.name().substr(kPrefix.size()));
      ids.push_back(set_->documents[number].id);
    }
    found.push_back(std::move(ids));
  }
  Scores scores = ScoresOf(*set_, found);
  scores.p50 = MiddleOf(std::move(times));
  return scores;
}

}  // namespace comity::index
