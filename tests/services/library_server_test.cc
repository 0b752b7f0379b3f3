#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using Stub = v1::LibraryService::Stub;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kLaw[] = "states/LTU/laws/code";

class LibraryServerTest : public ServerTest {
 protected:
  // A law, of Lithuania, with texts as given: name of the expression's end, and
  // its provisions as id and text.
  using Texts = std::vector<std::pair<std::string, std::string>>;

  void CreateLaw(const std::string& title, const std::string& name = kLaw) {
    v1::CreateLawRequest request;
    request.mutable_law()->set_name(name);
    *request.mutable_law()->add_titles() = Text(title);
    MarkSynthetic(request.mutable_law());
    Must(library_, &Stub::CreateLaw, request);
  }

  static v1::Expression MakeExpression(const std::string& end,
                                       const Texts& texts) {
    v1::Expression expression;
    expression.set_name(absl::StrCat(kLaw, "/expressions/", end));
    expression.set_language(end.substr(0, end.find('@')));
    for (const auto& [id, text] : texts) {
      v1::Provision* provision = expression.add_provisions();
      provision->set_name(id);
      provision->set_kind(v1::Provision::KIND_ARTICLE);
      provision->set_number(id.substr(id.find('-') + 1));
      provision->set_label("Article " + provision->number());
      provision->set_text(text);
    }
    return expression;
  }

  std::string CreateExpression(v1::Expression expression) {
    v1::CreateExpressionRequest request;
    *request.mutable_expression() = std::move(expression);
    return Must(library_, &Stub::CreateExpression, request).name();
  }

  // The law, with one text.
  void CreateLawOf(const Texts& texts) {
    CreateLaw("Code");
    CreateExpression(MakeExpression("en@undated", texts));
  }

  void OpenWithIndex() {
    with_index_.index_folder = folder_.Path("index");
    Reopen(with_index_);
    Seed();
  }

  // What was written before is in the answer.
  v1::SearchResponse Search(const std::string& query) {
    v1::SearchRequest request;
    request.set_query(query);
    request.set_min_sequence(store_->published());
    return Must(search_, &v1::SearchService::Stub::Search, request);
  }

  v1::IndexStats Stats() {
    return Must(admin_, &v1::AdminService::Stub::GetStats, {}).index();
  }

  void CreateMapping(const std::string& id, const std::string& provision,
                     const std::string& article,
                     v1::Mapping::Degree degree = v1::Mapping::DEGREE_FULL) {
    v1::CreateMappingRequest request;
    v1::Mapping* mapping = request.mutable_mapping();
    mapping->set_name(absl::StrCat(kLaw, "/mappings/", id));
    mapping->set_provision(provision);
    mapping->set_treaty("treaties/untoc");
    mapping->set_article(article);
    mapping->set_degree(degree);
    Must(library_, &Stub::CreateMapping, request);
  }

  v1::ChooseExpressionResponse Choose(const std::vector<std::string>& languages,
                                      const std::string& as_of) {
    v1::ChooseExpressionRequest request;
    request.set_law(kLaw);
    for (const std::string& language : languages) {
      request.add_languages(language);
    }
    request.set_as_of(as_of);
    return Must(library_, &Stub::ChooseExpression, request);
  }

  ServerOptions with_index_;
};

TEST_F(LibraryServerTest, ATextIsCreatedWholeAndReadPieceByPiece) {
  Seed();
  CreateLaw("Code");
  const std::string name = CreateExpression(MakeExpression(
      "lt@2000-01-01", {{"art-1", "one"}, {"art-2", "two"}, {"art-3", "x"}}));
  v1::ListProvisionsRequest list;
  list.set_parent(name);
  list.set_page_size(2);
  auto page = Must(library_, &Stub::ListProvisions, list);
  ASSERT_EQ(page.provisions_size(), 2);
  EXPECT_EQ(page.provisions(1).name(), name + "/provisions/art-2");
  EXPECT_EQ(page.provisions(1).text(), "two");
  list.set_page_token(page.next_page_token());
  page = Must(library_, &Stub::ListProvisions, list);
  ASSERT_EQ(page.provisions_size(), 1);
  EXPECT_EQ(page.provisions(0).position(), 3);
  EXPECT_EQ(page.next_page_token(), "");
  CreateMapping("m1", "art-2", "5");
  v1::GetProvisionRequest get;
  get.set_name(name + "/provisions/art-2");
  const auto provision = Must(library_, &Stub::GetProvision, get);
  EXPECT_EQ(provision.provision().text(), "two");
  EXPECT_EQ(provision.previous(), name + "/provisions/art-1");
  EXPECT_EQ(provision.next(), name + "/provisions/art-3");
  ASSERT_EQ(provision.mappings_size(), 1);
  EXPECT_EQ(provision.mappings(0).article(), "5");
}

TEST_F(LibraryServerTest, AnUpdateOfTheTitleKeepsTheText) {
  Seed();
  CreateLaw("Code");
  const std::string name =
      CreateExpression(MakeExpression("lt@undated", {{"art-1", "one"}}));
  v1::UpdateExpressionRequest update;
  update.mutable_expression()->set_name(name);
  update.mutable_expression()->set_title("Kodeksas");
  update.mutable_update_mask()->add_paths("title");
  const auto updated = Must(library_, &Stub::UpdateExpression, update);
  EXPECT_EQ(updated.provision_count(), 1);
  EXPECT_TRUE(updated.provisions().empty());
  v1::ListProvisionsRequest list;
  list.set_parent(name);
  EXPECT_EQ(Must(library_, &Stub::ListProvisions, list).provisions(0).text(),
            "one");
}

TEST_F(LibraryServerTest, ChoosesTheTextOfTheDayInTheReadersLanguage) {
  Seed();
  CreateLaw("Code");
  v1::Expression first = MakeExpression("lt@2000-01-01", {{"art-1", "a"}});
  first.mutable_valid_from()->set_date("2000-01-01");
  first.mutable_valid_until()->set_date("2010-01-01");
  const std::string old = CreateExpression(first);
  v1::Expression second = MakeExpression("lt@2010-01-01", {{"art-1", "b"}});
  second.mutable_valid_from()->set_date("2010-01-01");
  const std::string now = CreateExpression(second);
  v1::Expression third = MakeExpression("en@2000-01-01", {{"art-1", "c"}});
  third.set_kind(v1::Expression::KIND_TRANSLATION);
  third.mutable_valid_from()->set_date("2000-01-01");
  third.mutable_valid_until()->set_date("2010-01-01");
  const std::string english = CreateExpression(third);
  EXPECT_EQ(Choose({"lt"}, "2005-01-01").expression().name(), old);
  EXPECT_EQ(Choose({"lt"}, "2009-12-31").expression().name(), old);
  // `[valid_from, valid_until)`.
  EXPECT_EQ(Choose({"lt"}, "2010-01-01").expression().name(), now);
  const auto translation = Choose({"en-GB", "lt"}, "2005-01-01");
  EXPECT_EQ(translation.expression().name(), english);
  ASSERT_GE(translation.remarks_size(), 1);
  EXPECT_THAT(translation.remarks(0), HasSubstr("translation"));
  EXPECT_EQ(translation.others_size(), 2);
  // One that holds comes before one that can be read and does not hold.
  EXPECT_EQ(Choose({"en"}, "2015-01-01").expression().name(), now);
  const auto before = Choose({"lt"}, "1990-01-01");
  ASSERT_GE(before.remarks_size(), 1);
  EXPECT_THAT(before.remarks(0), HasSubstr("No text on record holds"));
}

TEST_F(LibraryServerTest, ComparesTextsByProvision) {
  Seed();
  CreateLaw("Code");
  const std::string from =
      CreateExpression(MakeExpression("lt@2000-01-01", {{"art-1", "same"},
                                                        {"art-2", "old"},
                                                        {"art-3", "gone"},
                                                        {"art-4", "x"}}));
  const std::string to =
      CreateExpression(MakeExpression("lt@2010-01-01", {{"art-1", "same"},
                                                        {"art-2", "new"},
                                                        {"art-2a", "added"},
                                                        {"art-4", "x"}}));
  v1::CompareExpressionsRequest request;
  request.set_from(from);
  request.set_to(to);
  request.set_page_size(2);
  std::vector<std::string> outcomes;
  v1::CompareExpressionsResponse response;
  do {
    request.set_page_token(response.next_page_token());
    response = Must(library_, &Stub::CompareExpressions, request);
    EXPECT_EQ(response.same(), 2);
    EXPECT_EQ(response.changed(), 1);
    EXPECT_EQ(response.added(), 1);
    EXPECT_EQ(response.removed(), 1);
    for (const auto& each : response.comparisons()) {
      outcomes.push_back(absl::StrCat(
          v1::ProvisionComparison::Outcome_Name(each.outcome()).substr(8), " ",
          names::LastOf(each.has_to() ? each.to().name()
                                      : each.from().name())));
    }
  } while (!response.next_page_token().empty());
  EXPECT_THAT(outcomes,
              ElementsAre("SAME art-1", "CHANGED art-2", "REMOVED art-3",
                          "ADDED art-2a", "SAME art-4"));
}

TEST_F(LibraryServerTest, ResolvesWhatPeopleCite) {
  Seed();
  CreateLaw("Anti-Money Laundering Act");
  CreateLaw("Fisheries Act", "states/LTU/laws/fish");
  const std::string name = CreateExpression(
      MakeExpression("en@undated", {{"art-2", "two"}, {"art-3", "three"}}));
  v1::ResolveLawCitationRequest request;
  request.set_citation("Lithuania, Anti-Money Laundering Act, art. 3(1)");
  const auto response = Must(library_, &Stub::ResolveLawCitation, request);
  ASSERT_GE(response.matches_size(), 1);
  EXPECT_EQ(response.matches(0).law(), kLaw);
  EXPECT_TRUE(response.matches(0).exact());
  EXPECT_EQ(response.matches(0).provision(), name + "/provisions/art-3");
  EXPECT_EQ(response.state(), "states/LTU");
  request.set_citation("France, Anti-Money Laundering Act");
  EXPECT_EQ(Must(library_, &Stub::ResolveLawCitation, request).matches_size(),
            0);
}

TEST_F(LibraryServerTest, ResolvesTitlesOfTranslations) {
  Seed();
  CreateLaw("Baudžiamasis kodeksas");
  v1::Expression text = MakeExpression("en@undated", {{"art-2", "two"}});
  text.set_title("Criminal Code (as amended)");
  const std::string name = CreateExpression(text);
  v1::ResolveLawCitationRequest request;
  request.set_citation("Lithuania, Criminal Code, art. 2");
  auto response = Must(library_, &Stub::ResolveLawCitation, request);
  ASSERT_EQ(response.matches_size(), 1);
  EXPECT_EQ(response.matches(0).law(), kLaw);
  EXPECT_EQ(response.matches(0).title(), "Criminal Code (as amended)");
  EXPECT_FALSE(response.matches(0).exact());
  EXPECT_EQ(response.matches(0).provision(), name + "/provisions/art-2");
  // The law's own title is as good as ever.
  request.set_citation("Lithuania, Baudžiamasis kodeksas");
  response = Must(library_, &Stub::ResolveLawCitation, request);
  ASSERT_EQ(response.matches_size(), 1);
  EXPECT_EQ(response.matches(0).title(), "Baudžiamasis kodeksas");
  EXPECT_TRUE(response.matches(0).exact());
}

TEST_F(LibraryServerTest, CoverageCountsByArticleInTheirOrder) {
  Seed();
  CreateLaw("Code");
  CreateMapping("m1", "art-1", "18(3)(b)");
  CreateMapping("m2", "art-2", "6");
  CreateMapping("m3", "art-3", "18(3)", v1::Mapping::DEGREE_PARTIAL);
  CreateMapping("m4", "art-4", "6", v1::Mapping::DEGREE_RELATED);
  CreateMapping("m5", "art-5", "10");
  v1::GetCoverageRequest request;
  request.set_treaty("treaties/untoc");
  const auto coverage = Must(library_, &Stub::GetCoverage, request);
  ASSERT_EQ(coverage.rows_size(), 1);
  std::vector<std::string> articles;
  for (const auto& cell : coverage.rows(0).cells()) {
    articles.push_back(cell.article());
  }
  EXPECT_THAT(articles, ElementsAre("6", "10", "18(3)", "18(3)(b)"));
  EXPECT_EQ(coverage.rows(0).cells(0).full(), 1);
  EXPECT_EQ(coverage.rows(0).cells(0).related(), 1);
  EXPECT_THAT(coverage.rows(0).cells(0).laws(), ElementsAre(kLaw));
  EXPECT_EQ(coverage.mappings_on_record(), 5);
  EXPECT_EQ(coverage.laws_on_record(), 1);
  // A mapping that is gone counts no longer.
  v1::DeleteMappingRequest remove;
  remove.set_name(absl::StrCat(kLaw, "/mappings/m5"));
  Must(library_, &Stub::DeleteMapping, remove);
  EXPECT_EQ(Must(library_, &Stub::GetCoverage, request).mappings_on_record(),
            4);
}

TEST_F(LibraryServerTest, WhatIsWrittenIsFoundAtOnce) {
  OpenWithIndex();
  CreateLawOf({{"art-1", "whoever launders proceeds"}, {"art-2", "x"}});
  v1::SearchResponse response = Search("proceeds");
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).name(), kLaw);
  EXPECT_EQ(response.results(0).hits(0).label(), "Article 1");
  EXPECT_THAT(response.results(0).hits(0).snippet().text(),
              HasSubstr("launders proceeds"));
  EXPECT_GE(response.sequence(), store_->published());
  // The directory, by the same box.
  response = Search("Ministry of Justice");
  ASSERT_GE(response.results_size(), 1);
  EXPECT_EQ(response.results(0).name(), "states/LTU/authorities/ministry");
}

TEST_F(LibraryServerTest, AnIndexThatWasDeletedIsMadeAgain) {
  OpenWithIndex();
  CreateLawOf({{"art-1", "proceeds"}});
  Close();
  std::filesystem::remove_all(with_index_.index_folder);
  Open(with_index_);
  EXPECT_EQ(Search("proceeds").results_size(), 1);
}

TEST_F(LibraryServerTest, AnIndexIsBuiltAnewWhileItServes) {
  OpenWithIndex();
  CreateLawOf({{"art-1", "proceeds"}});
  EXPECT_EQ(Search("proceeds").results_size(), 1);
  const v1::IndexStats before = Stats();
  EXPECT_EQ(before.sequence(), store_->published());
  EXPECT_EQ(before.documents(), 2);
  EXPECT_GT(before.bytes(), 0);
  Must(admin_, &v1::AdminService::Stub::RebuildIndex, {});
  const absl::Time until = absl::Now() + absl::Minutes(1);
  while (Stats().generation() == before.generation() && absl::Now() < until) {
    EXPECT_EQ(Search("proceeds").results_size(), 1);
  }
  EXPECT_GT(Stats().generation(), before.generation());
  EXPECT_EQ(Search("proceeds").results_size(), 1);
  EXPECT_EQ(Stats().documents(), 2);
}

TEST_F(LibraryServerTest, WithoutAnIndexThereIsNothingToBuild) {
  grpc::ClientContext context;
  v1::RebuildIndexResponse response;
  const grpc::Status status = admin_->RebuildIndex(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOfError(status), "NO_SEARCH_INDEX");
  EXPECT_FALSE(Must(admin_, &v1::AdminService::Stub::GetStats, {}).has_index());
}

TEST_F(LibraryServerTest, VerifyingFindsADamagedIndexAndItIsMended) {
  OpenWithIndex();
  Texts texts = {{"art-1", "proceeds"}};
  constexpr int kProvisions = 500;
  for (int i = 2; i <= kProvisions; ++i) {
    texts.emplace_back(absl::StrCat("art-", i),
                       absl::StrCat("word", i, " other", i));
  }
  CreateLawOf(texts);
  EXPECT_EQ(Search("proceeds").results_size(), 1);
  const auto problems = [this] {
    grpc::ClientContext context;
    const auto reader = admin_->Verify(&context, {});
    v1::VerifyResponse response;
    std::vector<std::string> all;
    while (reader->Read(&response)) {
      all.insert(all.end(), response.problems().begin(),
                 response.problems().end());
    }
    EXPECT_TRUE(reader->Finish().ok());
    return all;
  };
  EXPECT_THAT(problems(), ElementsAre());
  const uint64_t before = Stats().generation();
  // A block that searches do not read.
  const std::string table = absl::StrCat(with_index_.index_folder, "/", before,
                                         "/main/xapian/termlist.glass");
  const auto size = static_cast<int>(std::filesystem::file_size(table));
  {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    for (int at = 16; at < size; at += 64) {
      file.seekp(at);
      file.write("\xff\xff\xff\xff", 4);
    }
  }
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("search index")));
  const absl::Time until = absl::Now() + absl::Minutes(1);
  while (Stats().generation() == before && absl::Now() < until) {
  }
  EXPECT_GT(Stats().generation(), before);
  EXPECT_THAT(problems(), ElementsAre());
  EXPECT_EQ(Search("proceeds").results_size(), 1);
}

TEST_F(LibraryServerTest, SuggestsStatesAndWhatWasJustWritten) {
  OpenWithIndex();
  v1::SuggestRequest request;
  const auto suggested = [&](const std::string& text) {
    request.set_text(text);
    std::vector<std::string> texts;
    const auto response =
        Must(search_, &v1::SearchService::Stub::Suggest, request);
    for (const auto& each : response.suggestions()) {
      texts.push_back(each.text());
    }
    return texts;
  };
  EXPECT_THAT(suggested("Lith"), ElementsAre("Lithuania"));
  EXPECT_THAT(suggested("Customs"), ElementsAre());
  CreateLaw("Customs Code");
  // Within a few seconds.
  std::vector<std::string> texts;
  const absl::Time until = absl::Now() + absl::Seconds(60);
  while (texts.empty() && absl::Now() < until) texts = suggested("Customs");
  EXPECT_THAT(texts, ElementsAre("Customs Code"));
}

}  // namespace
}  // namespace comity
