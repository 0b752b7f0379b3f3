#include "index/searcher.h"

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/index/fake_library.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SearcherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    library_.Add("KEN", "pocamla",
                 "Proceeds of Crime and Anti-Money Laundering Act", "en",
                 "2009-12-31",
                 {{"Short title",
                   "This Act may be cited as the Proceeds of "
                   "Crime and Anti-Money Laundering Act."},
                  {"Money laundering",
                   "A person who knows that property forms part of the "
                   "proceeds of crime commits an offence of money laundering."},
                  {"Duties of institutions",
                   "A reporting institution shall verify the identity of its "
                   "customers and report suspicious transactions."}});
    library_.Add("FRA", "code-penal", "Code pénal", "fr", "1992-07-22",
                 {{"Du blanchiment",
                   "Le blanchiment est le fait de faciliter la justification "
                   "mensongère de l'origine des biens de l'auteur d'un crime."},
                  {"", "Toute personne a droit à un avocat."}});
    library_.Add("CHN", "xingfa", "中华人民共和国刑法", "zh", "1979-07-01",
                 {{"洗钱罪",
                   "为掩饰、隐瞒毒品犯罪的所得及其产生的收益的来源和"
                   "性质，构成洗钱罪。"}});
    ASSERT_OK_AND_ASSIGN(index_, LibraryIndex::Open(folder_.path(), {}));
    ASSERT_OK(library_.BuildInto(index_.get(), 7));
    searcher_ = std::make_unique<Searcher>(index_.get(), library_.Options());
  }

  v1::SearchResponse Search(const v1::SearchRequest& request) {
    const auto answer = searcher_->Search(request, {}, absl::InfiniteFuture());
    EXPECT_OK(answer);
    return answer.ok() ? answer->response : v1::SearchResponse();
  }
  v1::SearchResponse Search(const std::string& query) {
    v1::SearchRequest request;
    request.set_query(query);
    return Search(request);
  }
  std::vector<std::string> Hits(const std::string& query) {
    std::vector<std::string> hits;
    const v1::SearchResponse response = Search(query);
    for (const auto& result : response.results()) {
      for (const auto& hit : result.hits()) hits.push_back(hit.name());
    }
    return hits;
  }

  TemporaryFolder folder_;
  FakeLibrary library_;
  std::unique_ptr<LibraryIndex> index_;
  std::unique_ptr<Searcher> searcher_;
};

TEST_F(SearcherTest, FindsProvisionsGroupedByLaw) {
  const v1::SearchResponse response = Search("money laundering");
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).name(), "states/KEN/laws/pocamla");
  EXPECT_EQ(response.results(0).hits(0).name(),
            "states/KEN/laws/pocamla/expressions/en@undated/provisions/art-2");
  EXPECT_EQ(response.sequence(), 7U);
  EXPECT_EQ(response.coverage().laws(), 3);
  EXPECT_EQ(response.coverage().provisions(), 6);
  const v1::Snippet& snippet = response.results(0).hits(0).snippet();
  ASSERT_GT(snippet.matches_size(), 0);
  EXPECT_THAT(snippet.text(), HasSubstr("money laundering"));
}

TEST_F(SearcherTest, FindsByStemsAndWithoutAccents) {
  EXPECT_THAT(Hits("avocats"), ElementsAre(HasSubstr("FRA")));
  EXPECT_THAT(Hits("mensongere"), ElementsAre(HasSubstr("FRA")));
  EXPECT_THAT(Hits("洗钱"), ElementsAre(HasSubstr("CHN")));
}

TEST_F(SearcherTest, CountsFacetsWithoutTheirOwnFilter) {
  v1::SearchRequest request;
  request.mutable_filter()->add_states("FRA");
  request.add_facets(v1::SEARCH_FACET_FIELD_STATE);
  request.add_facets(v1::SEARCH_FACET_FIELD_LANGUAGE);
  const v1::SearchResponse response = Search(request);
  EXPECT_EQ(response.total_size(), 2);
  ASSERT_EQ(response.facets(0).values_size(), 3);
  EXPECT_EQ(response.facets(0).values(0).value(), "KEN");
  EXPECT_EQ(response.facets(0).values(0).count(), 3);
  ASSERT_EQ(response.facets(1).values_size(), 1);
  EXPECT_EQ(response.facets(1).values(0).value(), "fr");
}

TEST_F(SearcherTest, ASingleChangeIsFoundAtOnce) {
  library_.works.at("states/FRA/laws/code-penal")
      .texts[0]
      .provisions[1]
      .set_text("Toute personne a droit à un interprète.");
  ASSERT_OK(index_->Put(library_.Input("states/FRA/laws/code-penal")));
  ASSERT_OK(index_->Commit(8));
  EXPECT_THAT(Hits("interprète"), ElementsAre(HasSubstr("FRA")));
  EXPECT_THAT(Hits("avocat"), ElementsAre());
  EXPECT_EQ(Search("interprète").sequence(), 8U);
  ASSERT_OK(index_->Delete("states/FRA/laws/code-penal"));
  ASSERT_OK(index_->Commit(9));
  EXPECT_THAT(Hits("interprète"), ElementsAre());
  EXPECT_EQ(Search("interprète").coverage().laws(), 2);
}

TEST_F(SearcherTest, AnyBytesAreAQueryOfBoundedCost) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {
      "(",      ")",           "\"",       "“",       "AND ",   "OR ",
      "NOT ",   "NEAR/",       "ADJ",      "*",       "title:", "year:",
      "..",     "state:",      "-",        "+",       "a*",     "crime",
      "洗钱",   "\xff",        "\x00",     " ",       "money ", "«",
      "/",      "99999999999", "article:", "number:", "lang:",  "treaty:",
      "الأموال"};
  std::vector<std::string> queries = {
      std::string(100000, '('),
      std::string(100000, '"'),
      std::string(100000, '*'),
      std::string(5000, 'a'),
      "NOT",
      "AND OR NOT",
      "NEAR/5",
      "a NEAR/",
      "(((a",
      "a))) b",
      "title:",
      "title:title:title:a",
      "-",
      "--a",
      "+-+a",
      "year:9..3",
      "state:(a)",
  };
  for (int i = 0; i < 3000; ++i) {
    std::string query;
    const size_t count = random() % 40;
    for (size_t n = 0; n < count; ++n) {
      if (random() % 3 == 0) {
        query += static_cast<char>(random() % 256);
      } else {
        query += pieces[random() % pieces.size()];
      }
    }
    queries.push_back(query);
  }
  std::string many;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&many, "crime", i, " ");
  queries.push_back(many);
  std::string deep;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&deep, "(a OR (b AND ");
  queries.push_back(deep);
  for (const std::string& query : queries) {
    v1::SearchRequest request;
    request.set_query(query);
    request.add_facets(v1::SEARCH_FACET_FIELD_STATE);
    const absl::Time start = absl::Now();
    const auto answer = searcher_->Search(request, {}, absl::InfiniteFuture());
    ASSERT_OK(answer) << absl::CHexEscape(query);
    // Far above what it takes, for machines that are busy.
    EXPECT_LT(absl::Now() - start, absl::Seconds(5)) << absl::CHexEscape(query);
  }
  EXPECT_TRUE(Search(many).query_cut());
  EXPECT_TRUE(Search(deep).query_cut());
}

// Of documents that have its words, a phrase is looked for in a bounded number,
// and the answer says whether these were all.
TEST_F(SearcherTest, PhrasesOfWordsThatStandEverywhereHaveABound) {
  constexpr int kTexts = 60;
  constexpr size_t kMost = 20;
  for (int i = 0; i < kTexts; ++i) {
    library_.Add("GBR", absl::StrCat("act-", i), "Act", "en", "2001",
                 {{"", i % 2 == 0 ? "Made of the words." : "The end of it."}});
  }
  ASSERT_OK(library_.BuildInto(index_.get(), 8));
  SearcherOptions options = library_.Options();
  options.phrase_documents_max = kMost;
  searcher_ = std::make_unique<Searcher>(index_.get(), options);
  const struct {
    const char* query;
    bool incomplete;
    int64_t least;
    int64_t most;
  } cases[] = {
      {"\"of the\"", true, 1, kMost},
      {"of NEAR/3 the", true, 1, kMost},
      // Together they have what one would.
      {"\"of the\" OR \"the end\"", true, 1, kMost},
      // All that have its rarest word were looked at.
      {"\"reporting institution\"", false, 1, 1},
      {"\"of money laundering\"", false, 1, 1},
      {"of the", false, kTexts, kTexts + 6},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    v1::SearchRequest request;
    request.set_query(c.query);
    request.set_exact_total(true);
    const v1::SearchResponse response = Search(request);
    EXPECT_EQ(response.incomplete(), c.incomplete);
    EXPECT_EQ(response.total_is_estimate(), c.incomplete);
    EXPECT_GE(response.total_size(), c.least);
    EXPECT_LE(response.total_size(), c.most);
  }
  // By the bound that is shipped, all of them.
  searcher_ = std::make_unique<Searcher>(index_.get(), library_.Options());
  v1::SearchRequest request;
  request.set_query("\"of the\"");
  request.set_exact_total(true);
  // And the Kenyan act.
  EXPECT_EQ(Search(request).total_size(), kTexts / 2 + 1);
  EXPECT_FALSE(Search(request).incomplete());
}

TEST_F(SearcherTest, SaysHowAQueryWasUnderstood) {
  const struct {
    const char* query;
    const char* understood;
  } cases[] = {
      {"", ""},
      {"洗钱", "any(洗 洗钱 钱)"},
      {"\"洗钱\"", "\"洗 钱\""},
      {"洗钱 AND 毒品", "every(\"洗 钱\" \"毒 品\")"},
      {"12345", "any(12345 #12345)"},
      {"a1 NEAR/3 b2", "near/4(a1 b2)"},
      {"a1 ADJ b2", "\"a1 b2\""},
      {"+a1 b2", "maybe(a1 b2)"},
      {"a1 -b2", "except(a1 b2)"},
      {"NOT a1", "except(everything a1)"},
      {"state:nor", "XSnor"},
      {"lang:pt-BR year:2003..2010", "every(Lpt year:2003..2010)"},
      {"treaty:untoc article:18(13)", "XTuntoc/18(13)"},
      {"treaty:untoc treaty:uncac", "any(XTuntoc XTuncac)"},
      {"article:416bis", "own#416bis"},
      {"number:\"art. 59(2)\"", "#59(2)"},
      {"xy9*", "xy9*"},
      {"x*", "x~x"},
      {"type:act (a1 OR b2) AND title:c3",
       "every(every(any(a1 b2) Tact) title:c3)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    EXPECT_EQ(Search(c.query).understood(), c.understood);
  }
}

TEST_F(SearcherTest, FindsOtherLanguagesByConcepts) {
  v1::Concept laundering;
  laundering.set_name("concepts/money-laundering");
  const struct {
    const char* text;
    const char* language;
  } terms[] = {
      {"money laundering", "en"}, {"blanchiment", "fr"}, {"洗钱", "zh"}};
  for (const auto& term : terms) {
    v1::Concept::Term* added = laundering.add_terms();
    added->set_text(term.text);
    added->set_language(term.language);
    added->set_preferred(true);
  }
  ASSERT_OK_AND_ASSIGN(const auto analyzer, Analyzer::Create());
  const v1::Concept all[] = {laundering};
  searcher_->SetConcepts(std::make_shared<const Concepts>(all, analyzer.get()));
  const struct {
    const char* query;
    const char* language;
  } cases[] = {{"money laundering", "en"},
               {"blanchiment", "fr"},
               {"洗钱", "zh"},
               {"\"money laundering\"", "en"}};
  for (const auto& [query, language] : cases) {
    SCOPED_TRACE(query);
    const v1::SearchResponse response = Search(query);
    ASSERT_EQ(response.results_size(), 3);
    // What was asked for, before what says the same.
    EXPECT_EQ(response.results(0).hits(0).language(), language);
    ASSERT_EQ(response.concepts_size(), 1);
    EXPECT_EQ(response.concepts(0).name(), "concepts/money-laundering");
    EXPECT_EQ(response.concepts(0).terms_size(), 2);
    EXPECT_EQ(response.concepts(0).language(), language);
    v1::SearchRequest request;
    request.set_query(query);
    request.set_without_concepts(true);
    EXPECT_EQ(Search(request).results_size(), 1);
    // Where a filter stands beside it, it still holds.
    EXPECT_EQ(Search(absl::StrCat(query, " state:FRA")).results_size(), 1);
  }
}

// Words of a language of which there is little are rare, and would weigh most;
// so would terms of many words.
TEST_F(SearcherTest, RareWordsOfOtherLanguagesComeAfterOnesOwn) {
  constexpr int kOwn = 30;
  for (int i = 0; i < kOwn; ++i) {
    library_.Add("GBR", absl::StrCat("act-", i), absl::StrCat("Act ", i), "en",
                 "2001",
                 {{"Money laundering", "Whoever commits money laundering."}});
  }
  library_.Add("EST", "seadus", "Seadus", "et", "2001",
               {{"Rahapesu", "Kes paneb toime rahapesu."}});
  library_.Add("ESP", "ley", "Ley", "es", "2001",
               {{"Blanqueo de capitales procedentes de delitos",
                 "Blanqueo de capitales procedentes de delitos."}});
  ASSERT_OK(library_.BuildInto(index_.get(), 9));
  v1::Concept laundering;
  laundering.set_name("concepts/money-laundering");
  const struct {
    const char* text;
    const char* language;
  } terms[] = {{"money laundering", "en"},
               {"rahapesu", "et"},
               {"blanqueo de capitales procedentes de delitos", "es"},
               {"blanqueo de capitales", "es"},
               {"blanchiment", "fr"},
               {"洗钱", "zh"}};
  for (const auto& term : terms) {
    v1::Concept::Term* added = laundering.add_terms();
    added->set_text(term.text);
    added->set_language(term.language);
  }
  ASSERT_OK_AND_ASSIGN(const auto analyzer, Analyzer::Create());
  const v1::Concept all[] = {laundering};
  searcher_->SetConcepts(std::make_shared<const Concepts>(all, analyzer.get()));
  const auto languages = [this](const std::string& query) {
    v1::SearchRequest request;
    request.set_query(query);
    request.set_page_size(100);
    std::vector<std::string> found;
    const v1::SearchResponse response = Search(request);
    for (const auto& result : response.results()) {
      found.push_back(result.hits(0).language());
    }
    return found;
  };
  // That of Kenya has the words, too.
  constexpr size_t kEnglish = kOwn + 1;
  constexpr size_t kOthers = 4;
  for (const char* query :
       {"money laundering", "\"money laundering\"", "+money +laundering"}) {
    SCOPED_TRACE(query);
    const std::vector<std::string> found = languages(query);
    ASSERT_EQ(found.size(), kEnglish + kOthers);
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i] == "en", i < kEnglish) << i;
    }
  }
  // One's own may be the rare ones.
  for (const auto& [query, language] :
       {std::pair("blanchiment", "fr"),
        std::pair("blanqueo de capitales", "es"), std::pair("洗钱", "zh")}) {
    SCOPED_TRACE(query);
    const std::vector<std::string> found = languages(query);
    ASSERT_EQ(found.size(), kEnglish + kOthers);
    EXPECT_EQ(found[0], language);
  }
}

TEST_F(SearcherTest, ConceptsStandWhereTheirWordsDo) {
  v1::Concept laundering;
  laundering.set_name("concepts/money-laundering");
  for (const char* language : {"en", "fr"}) {
    v1::Concept::Term* term = laundering.add_terms();
    term->set_text(language[0] == 'e' ? "money laundering" : "blanchiment");
    term->set_language(language);
  }
  ASSERT_OK_AND_ASSIGN(const auto analyzer, Analyzer::Create());
  const v1::Concept all[] = {laundering};
  searcher_->SetConcepts(std::make_shared<const Concepts>(all, analyzer.get()));
  EXPECT_EQ(Search("money laundering AND crime").results_size(), 2);
  EXPECT_EQ(Search("money laundering AND justification").results_size(), 1);
  EXPECT_EQ(Search("crime NOT money laundering").concepts_size(), 0);
}

TEST_F(SearcherTest, SuggestsSpellingsAndCompletions) {
  EXPECT_EQ(Search("laundring").suggestion(), "laundering");
  EXPECT_EQ(Search("money laundreing").suggestion(), "money laundering");
  EXPECT_EQ(Search("money laundering").suggestion(), "");
  v1::SuggestRequest request;
  request.set_text("code PEN");
  ASSERT_OK_AND_ASSIGN(v1::SuggestResponse response,
                       searcher_->Suggest(request));
  ASSERT_EQ(response.suggestions_size(), 1);
  EXPECT_EQ(response.suggestions(0).text(), "Code pénal");
  EXPECT_EQ(response.suggestions(0).name(), "states/FRA/laws/code-penal");
  request.set_text("anti-mon");
  ASSERT_OK_AND_ASSIGN(response, searcher_->Suggest(request));
  ASSERT_EQ(response.suggestions_size(), 1);
  request.set_text("刑法");
  ASSERT_OK_AND_ASSIGN(response, searcher_->Suggest(request));
  ASSERT_EQ(response.suggestions_size(), 1);
  request.set_limit(-1);
  EXPECT_EQ(searcher_->Suggest(request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SearcherTest, FindsMoreLikeAProvision) {
  v1::SearchRequest request;
  request.set_more_like(
      "states/KEN/laws/pocamla/expressions/en@undated/provisions/art-2");
  const v1::SearchResponse response = Search(request);
  ASSERT_GE(response.results_size(), 1);
  EXPECT_EQ(response.results(0).name(), "states/KEN/laws/pocamla");
  for (const auto& hit : response.results(0).hits()) {
    EXPECT_NE(hit.name(), request.more_like());
  }
  request.set_more_like("states/KEN/laws/none");
  EXPECT_EQ(
      searcher_->Search(request, {}, absl::InfiniteFuture()).status().code(),
      absl::StatusCode::kNotFound);
}

TEST_F(SearcherTest, FindsDatesInAllLanguages) {
  library_.Add("CHE", "d", "Verordnung vom 12. August 2021", "de", "2021",
               {{"", "Nichts."}});
  ASSERT_OK(index_->Put(library_.Input("states/CHE/laws/d")));
  ASSERT_OK(index_->Commit(8));
  for (const char* query :
       {"12 août 2021", "12 de agosto de 2021", "August 12, 2021",
        "2021年8月12日", "12 августа 2021 г.", "ngày 12 tháng 8 năm 2021",
        "12.8.2021", "2021-08-12", "12 أغسطس 2021", "2021. augusztus 12."}) {
    SCOPED_TRACE(query);
    const v1::SearchResponse response = Search(query);
    ASSERT_GE(response.results_size(), 1);
    EXPECT_EQ(response.results(0).name(), "states/CHE/laws/d");
  }
}

TEST_F(SearcherTest, RefusesWhatItCannotRead) {
  const struct {
    const char* what;
    void (*set)(v1::SearchRequest* request);
  } cases[] = {
      {"negative page_size", [](auto* r) { r->set_page_size(-1); }},
      {"page_size over the limit", [](auto* r) { r->set_page_size(1001); }},
      {"facet without a field",
       [](auto* r) { r->add_facets(v1::SEARCH_FACET_FIELD_UNSPECIFIED); }},
      {"a State that is no code",
       [](auto* r) { r->mutable_filter()->add_states("Norway"); }},
      {"a type that is none",
       [](auto* r) { r->mutable_filter()->add_types("song"); }},
      {"years that are none",
       [](auto* r) { r->mutable_filter()->add_years("then"); }},
      {"a day that is none",
       [](auto* r) { r->mutable_filter()->set_from("2001-02-30"); }},
      {"query beside more_like",
       [](auto* r) {
         r->set_query("a");
         r->set_more_like("b");
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    v1::SearchRequest request;
    c.set(&request);
    EXPECT_EQ(
        searcher_->Search(request, {}, absl::InfiniteFuture()).status().code(),
        absl::StatusCode::kInvalidArgument);
  }
  v1::SearchRequest request;
  request.set_min_sequence(1000);
  EXPECT_EQ(searcher_->Search(request, {}, absl::Now() + absl::Milliseconds(1))
                .status()
                .code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace comity::index
