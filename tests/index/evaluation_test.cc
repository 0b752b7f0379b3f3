#include "index/evaluation.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity::index {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

EvaluationSet Set() {
  EvaluationSet set;
  set.documents = {{"a", "Customs", "duty on goods", "en"},
                   {"b", "Ports", "goods and ships", "en"},
                   {"c", "Ships", "crew", "en"}};
  set.queries = {{"en-1", "goods"},
                 {"fr-1", "ships"},
                 {"fr-2", "nobody judged this"},
                 {"fr-3", "crew"}};
  set.judgements["en-1"] = {{"a", 1}};
  set.judgements["fr-1"] = {{"b", 1}, {"c", 2}};
  set.judgements["fr-3"] = {{"a", 0}};
  return set;
}

TEST(EvaluationTest, MeasuresAreAsDefined) {
  const EvaluationSet set = Set();
  const Scores scores = ScoresOf(set, {{"b", "a"}, {"b", "a", "c"}, {}, {"a"}});
  // Of queries with a relevant document alone.
  EXPECT_THAT(scores.queries, ElementsAre("en-1", "fr-1"));
  const Measures& first = scores.of_query[0];
  EXPECT_DOUBLE_EQ(first.recall_10, 1);
  EXPECT_DOUBLE_EQ(first.mrr_10, 0.5);
  EXPECT_DOUBLE_EQ(first.map, 0.5);
  EXPECT_DOUBLE_EQ(first.ndcg_10, 1 / std::log2(3));
  const Measures& second = scores.of_query[1];
  EXPECT_DOUBLE_EQ(second.recall_100, 1);
  EXPECT_DOUBLE_EQ(second.mrr_10, 1);
  EXPECT_DOUBLE_EQ(second.map, (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(second.ndcg_10, (1 + 3.0 / 2) / (3 + 1 / std::log2(3)));
  EXPECT_DOUBLE_EQ(scores.mean.mrr_10, 0.75);
}

TEST(EvaluationTest, OnlyTheFirstTenAndHundredCount) {
  EvaluationSet set;
  set.queries = {{"q", ""}};
  set.judgements["q"] = {{"10", 1}, {"99", 1}, {"100", 1}};
  Ranked found;
  constexpr int kFound = 120;
  for (int i = 0; i < kFound; ++i) found.push_back(std::to_string(i));
  const Scores scores = ScoresOf(set, {found});
  EXPECT_EQ(scores.mean.recall_10, 0);
  EXPECT_EQ(scores.mean.mrr_10, 0);
  EXPECT_EQ(scores.mean.ndcg_10, 0);
  EXPECT_DOUBLE_EQ(scores.mean.recall_100, 2.0 / 3);
}

TEST(EvaluationTest, ScoresOfSomeQueriesAreTheirMeans) {
  const EvaluationSet set = Set();
  const Scores all = ScoresOf(set, {{"b", "a"}, {"b", "a", "c"}, {}, {"a"}});
  const Scores french = ScoresOfQueries(all, "fr-");
  EXPECT_THAT(french.queries, ElementsAre("fr-1"));
  EXPECT_EQ(french.mean.ndcg_10, all.of_query[1].ndcg_10);
  EXPECT_TRUE(ScoresOfQueries(all, "de-").queries.empty());
}

Scores ScoresWith(const std::vector<double>& ndcg) {
  Scores scores;
  for (const double one : ndcg) {
    scores.of_query.emplace_back();
    scores.of_query.back().ndcg_10 = one;
  }
  return scores;
}

TEST(EvaluationTest, TheChanceOfNoGainIsThatOfTheResamples) {
  constexpr double kLeast = 1.0 / (kResamples + 1);
  const Scores low = ScoresWith({0.1, 0.2, 0.3, 0.4});
  const Scores high = ScoresWith({0.2, 0.3, 0.4, 0.5});
  // Better in each query: never 0, which no resampling can tell.
  EXPECT_DOUBLE_EQ(ChanceOfNoGain(high, low), kLeast);
  EXPECT_EQ(ChanceOfNoGain(low, high), 1);
  // No gain is not a gain.
  EXPECT_EQ(ChanceOfNoGain(low, low), 1);
  // Better by 3 in one of four, worse by 1 in the others: the gain is lost
  // where the one is drawn not at all, (3/4)^4, or once of four, 4 (1/4)
  // (3/4)^3.
  const Scores one = ScoresWith({3, 0, 0, 0});
  const Scores three = ScoresWith({0, 1, 1, 1});
  constexpr double kChance = 0.31640625 + 0.421875;
  EXPECT_THAT(ChanceOfNoGain(one, three), DoubleNear(kChance, 0.02));
  EXPECT_EQ(ChanceOfNoGain(one, three), ChanceOfNoGain(one, three));
}

TEST(EvaluationTest, PlainIsBm25OfTitleAndText) {
  EvaluationSet set = Set();
  const Scores scores = EvaluatePlain(set);
  // "goods": a and b are equally long and have it once; the first comes first.
  EXPECT_DOUBLE_EQ(scores.of_query[0].ndcg_10, 1);
  // "ships": c is shorter than b.
  EXPECT_DOUBLE_EQ(scores.of_query[1].ndcg_10, 1);
  // No stems.
  set.queries[0].second = "good";
  EXPECT_EQ(EvaluatePlain(set).of_query[0].ndcg_10, 0);
  // Pairs of characters, with width and case folded.
  set.documents = {{"a", "", "洗钱罪", "zh"}, {"b", "", "钱洗", "zh"}};
  set.queries = {{"en-1", "洗钱"}};
  const Scores pairs = EvaluatePlain(set);
  EXPECT_DOUBLE_EQ(pairs.mean.recall_100, 1);
  EXPECT_DOUBLE_EQ(pairs.mean.ndcg_10, 1);
}

TEST(EvaluationTest, OursSearchesAsServed) {
  const EvaluationSet set = Set();
  TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto evaluator,
                       Evaluator::Create(&set, folder.path()));
  ASSERT_OK_AND_ASSIGN(const Scores scores,
                       evaluator->Evaluate(Ranking(), nullptr));
  EXPECT_DOUBLE_EQ(scores.mean.recall_10, 1);
  EXPECT_THAT(scores.queries, ElementsAre("en-1", "fr-1"));
}

}  // namespace
}  // namespace comity::index
