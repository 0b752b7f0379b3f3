// Saved searches. What searches find is tested in tests/index/.

#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kLaw[] = "states/LTU/laws/code";
constexpr char kText[] = "states/LTU/laws/code/expressions/en@undated";
constexpr char kMinistry[] = "states/LTU/authorities/ministry";

class SearchServerTest : public ServerTest {
 protected:
  using Library = v1::LibraryService::Stub;
  // Ids of provisions with their texts.
  using Texts = std::vector<std::pair<std::string, std::string>>;

  SearchServerTest() {
    options_.index_folder = folder_.Path("index");
    Reopen(options_);
    Seed();
  }

  void CreateLaw(const std::string& title, const std::string& name = kLaw) {
    v1::CreateLawRequest request;
    request.mutable_law()->set_name(name);
    *request.mutable_law()->add_titles() = Text(title);
    MarkSynthetic(request.mutable_law());
    Must(library_, &Library::CreateLaw, request);
  }

  static v1::Expression MakeExpression(const std::string& name,
                                       const Texts& texts) {
    v1::Expression expression;
    expression.set_name(name);
    const absl::string_view end = names::LastOf(name);
    expression.set_language(std::string(end.substr(0, end.find('@'))));
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

  void CreateText(const Texts& texts, const std::string& name = kText) {
    v1::CreateExpressionRequest request;
    *request.mutable_expression() = MakeExpression(name, texts);
    Must(library_, &Library::CreateExpression, request);
  }

  void UpdateText(const Texts& texts, const std::string& name = kText) {
    v1::UpdateExpressionRequest request;
    *request.mutable_expression() = MakeExpression(name, texts);
    request.mutable_update_mask()->add_paths("provisions");
    Must(library_, &Library::UpdateExpression, request);
  }

  void DeleteText(const std::string& name = kText) {
    v1::DeleteExpressionRequest request;
    request.set_name(name);
    Must(library_, &Library::DeleteExpression, request);
  }

  static v1::WatchSearchRequest Watching(const std::string& query) {
    v1::WatchSearchRequest request;
    request.set_query(query);
    return request;
  }

  // `NEW …/provisions/art-1`, with what follows the State's name.
  static std::string Line(const v1::SearchChange& change) {
    return absl::StrCat(v1::SearchChange::Kind_Name(change.kind()).substr(5),
                        " ",
                        absl::StripPrefix(change.hit().name(), "states/LTU/"));
  }

  // All that a watch tells until it has caught up, and its last token.
  std::vector<std::string> Told(v1::WatchSearchRequest request,
                                std::string* token = nullptr) {
    request.set_stop_when_current(true);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::minutes(2));
    const auto reader = search_->WatchSearch(&context, request);
    v1::WatchSearchResponse response;
    std::vector<std::string> lines;
    while (reader->Read(&response)) {
      EXPECT_LE(response.changes_size(), 256);
      for (const auto& change : response.changes()) {
        lines.push_back(Line(change));
      }
      if (token != nullptr) *token = response.resume_token();
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.sequence(), store_->published());
    return lines;
  }

  // Whether `query` finds what changed since, and nothing twice: goes on from
  // `*token`, which it replaces.
  std::vector<std::string> ToldSince(const std::string& query,
                                     std::string* token) {
    v1::WatchSearchRequest request = Watching(query);
    request.set_resume_token(*token);
    return Told(request, token);
  }

  // A token of now.
  std::string TokenOfNow(const std::string& query) {
    v1::WatchSearchRequest request = Watching(query);
    request.set_from_now(true);
    std::string token;
    EXPECT_THAT(Told(request, &token), IsEmpty());
    return token;
  }

  grpc::Status WatchStatus(const v1::WatchSearchRequest& request) {
    grpc::ClientContext context;
    const auto reader = search_->WatchSearch(&context, request);
    v1::WatchSearchResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  int Watchers() {
    return Must(admin_, &v1::AdminService::Stub::GetStats,
                v1::GetStatsRequest())
        .watchers();
  }

  // Names of all that a search finds now.
  std::set<std::string> Found(const std::string& query) {
    v1::SearchRequest request;
    request.set_query(query);
    request.set_group(v1::SearchRequest::GROUP_NONE);
    request.set_page_size(1000);
    request.set_without_snippets(true);
    request.set_min_sequence(store_->published());
    std::set<std::string> found;
    const auto response =
        Must(search_, &v1::SearchService::Stub::Search, request);
    for (const auto& result : response.results()) {
      found.insert(result.hits(0).name());
    }
    return found;
  }

  ServerOptions options_;
};

TEST_F(SearchServerTest, TellsWhatIsNewChangedAndGone) {
  CreateLaw("Code");
  CreateText({{"art-1", "proceeds of crime"}, {"art-2", "fish"}});
  std::string token;
  EXPECT_THAT(
      Told(Watching("proceeds"), &token),
      ElementsAre("NEW laws/code/expressions/en@undated/provisions/art-1"));
  EXPECT_THAT(ToldSince("proceeds", &token), IsEmpty());
  UpdateText({{"art-1", "proceeds of any offence"},
              {"art-2", "fish"},
              {"art-3", "proceeds again"}});
  EXPECT_THAT(
      ToldSince("proceeds", &token),
      ElementsAre("CHANGED laws/code/expressions/en@undated/provisions/art-1",
                  "NEW laws/code/expressions/en@undated/provisions/art-3"));
  UpdateText({{"art-1", "nothing"}, {"art-3", "proceeds again"}});
  EXPECT_THAT(
      ToldSince("proceeds", &token),
      ElementsAre("GONE laws/code/expressions/en@undated/provisions/art-1"));
  DeleteText();
  EXPECT_THAT(
      ToldSince("proceeds", &token),
      ElementsAre("GONE laws/code/expressions/en@undated/provisions/art-3"));
  // The law is still there, by its title.
  EXPECT_THAT(Told(Watching("title:code")), ElementsAre("NEW laws/code"));
}

TEST_F(SearchServerTest, SaysWhatMatches) {
  CreateLaw("Penal Code");
  CreateText({{"art-1", "fish"}, {"art-7", "proceeds"}});
  v1::WatchSearchRequest request = Watching("proceeds");
  request.set_stop_when_current(true);
  grpc::ClientContext context;
  const auto reader = search_->WatchSearch(&context, request);
  v1::WatchSearchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  while (response.changes().empty() && reader->Read(&response)) {
  }
  ASSERT_EQ(response.changes_size(), 1);
  const v1::SearchChange& change = response.changes(0);
  EXPECT_EQ(change.name(), kLaw);
  EXPECT_EQ(change.title(), "Penal Code");
  EXPECT_EQ(change.state(), "LTU");
  EXPECT_EQ(change.left_out(), 0);
  EXPECT_EQ(change.hit().expression(), kText);
  EXPECT_EQ(change.hit().position(), 2);
  EXPECT_EQ(change.hit().language(), "en");
  EXPECT_EQ(change.hit().label(), "Article 7");
  EXPECT_GT(response.time().seconds(), 0);
  reader->Finish();
}

TEST_F(SearchServerTest, TellsOfOfficesAndWhatTheirDesignationsSay) {
  std::string token = TokenOfNow("treaty:untoc Bureau");
  CreateAuthority("LTU", "Bureau", "bureau");
  EXPECT_THAT(ToldSince("treaty:untoc AND Bureau", &token), IsEmpty());
  CreateDesignation("LTU", MakeDesignation("states/LTU/authorities/bureau"),
                    "second");
  EXPECT_THAT(ToldSince("treaty:untoc AND Bureau", &token),
              ElementsAre("NEW authorities/bureau"));
  v1::DeleteDesignationRequest remove;
  remove.set_name("states/LTU/designations/second");
  Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, remove);
  EXPECT_THAT(ToldSince("treaty:untoc AND Bureau", &token),
              ElementsAre("GONE authorities/bureau"));
}

TEST_F(SearchServerTest, FiltersAsSearchDoes) {
  CreateLaw("Code");
  CreateText({{"art-1", "proceeds"}});
  CreateLaw("Loi", "states/FRA/laws/loi");
  CreateText({{"art-1", "proceeds"}},
             "states/FRA/laws/loi/expressions/en@undated");
  EXPECT_EQ(Told(Watching("proceeds")).size(), 2U);
  v1::WatchSearchRequest request = Watching("proceeds");
  request.mutable_filter()->add_states("FRA");
  EXPECT_THAT(Told(request),
              ElementsAre("NEW states/FRA/laws/loi/expressions/en@undated/"
                          "provisions/art-1"));
  request.clear_filter();
  request.mutable_filter()->add_laws(kLaw);
  EXPECT_THAT(
      Told(request),
      ElementsAre("NEW laws/code/expressions/en@undated/provisions/art-1"));
  request.clear_filter();
  request.mutable_filter()->add_kinds("authority");
  EXPECT_THAT(Told(request), IsEmpty());
}

// From an answer of Search on, and over a restart.
TEST_F(SearchServerTest, GoesOnFromAnySequence) {
  CreateLaw("Code");
  CreateText({{"art-1", "proceeds"}});
  const uint64_t then = store_->published();
  const std::string token = TokenOfNow("proceeds");
  UpdateText({{"art-1", "proceeds"}, {"art-2", "proceeds"}});
  UpdateText({{"art-1", "fish"}, {"art-2", "proceeds"}});
  const auto expected =
      ElementsAre("GONE laws/code/expressions/en@undated/provisions/art-1",
                  "NEW laws/code/expressions/en@undated/provisions/art-2");
  v1::WatchSearchRequest request = Watching("proceeds");
  request.set_after_sequence(then);
  EXPECT_THAT(Told(request), expected);
  Reopen(options_);
  EXPECT_THAT(Told(request), expected);
  // The token of a watch of all changes is as good.
  std::string same = token;
  EXPECT_THAT(ToldSince("proceeds", &same), expected);
  // And a new index, whose commits are others.
  Close();
  std::filesystem::remove_all(options_.index_folder);
  Open(options_);
  same = token;
  EXPECT_THAT(ToldSince("proceeds", &same), expected);
  EXPECT_NE(same, token);
}

// A later text of a law is searched instead of the one before.
TEST_F(SearchServerTest, ProvisionsOfALaterTextAreTheSameMatches) {
  CreateLaw("Code");
  const std::string expressions = absl::StrCat(kLaw, "/expressions/");
  CreateText({{"art-1", "proceeds"},
              {"art-2", "proceeds of crime"},
              {"art-3", "proceeds too"}},
             expressions + "en@2000-01-01");
  std::string token = TokenOfNow("proceeds");
  CreateText({{"art-1", "proceeds"},
              {"art-2", "proceeds of any crime"},
              {"art-4", "proceeds too"}},
             expressions + "en@2010-01-01");
  EXPECT_THAT(
      ToldSince("proceeds", &token),
      ElementsAre(
          "CHANGED laws/code/expressions/en@2010-01-01/provisions/art-2",
          "GONE laws/code/expressions/en@2000-01-01/provisions/art-3",
          "NEW laws/code/expressions/en@2010-01-01/provisions/art-4"));
}

TEST_F(SearchServerTest, TellsAsItHappens) {
  CreateLaw("Code");
  v1::WatchSearchRequest request = Watching("proceeds");
  request.set_from_now(true);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::minutes(1));
  const auto reader = search_->WatchSearch(&context, request);
  v1::WatchSearchResponse response;
  // The first message says that the watch has begun.
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_TRUE(response.changes().empty());
  EXPECT_EQ(Watchers(), 1);
  CreateText({{"art-1", "proceeds"}});
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_EQ(response.sequence(), store_->published());
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
  const absl::Time until = absl::Now() + absl::Minutes(1);
  while (Watchers() > 0 && absl::Now() < until) {
  }
  EXPECT_EQ(Watchers(), 0);
}

TEST_F(SearchServerTest, BeatsWhileNothingHappens) {
  v1::WatchSearchRequest request = Watching("proceeds");
  request.mutable_heartbeat()->set_seconds(1);
  grpc::ClientContext context;
  const auto reader = search_->WatchSearch(&context, request);
  v1::WatchSearchResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_TRUE(response.changes().empty());
    EXPECT_FALSE(response.resume_token().empty());
  }
  context.TryCancel();
  reader->Finish();
}

TEST_F(SearchServerTest, WatchRefusesWhatItCannotRead) {
  const auto with = [](auto change) {
    v1::WatchSearchRequest request;
    change(&request);
    return request;
  };
  using R = v1::WatchSearchRequest;
  const struct {
    R request;
    const char* field;
  } cases[] = {
      {with([](R* r) { r->set_resume_token("x"); }), "resume_token"},
      {with([](R* r) { r->mutable_filter()->add_states("Norway"); }),
       "filter.states"},
      {with([](R* r) { r->mutable_filter()->add_years("then"); }),
       "filter.years"},
      {with([](R* r) { r->mutable_filter()->set_from("then"); }),
       "filter.from"},
      {with([](R* r) { r->set_query(std::string(70000, 'x')); }), "filter"},
      {with([](R* r) {
         r->set_from_now(true);
         r->set_after_sequence(1);
       }),
       "after_sequence"},
      {with([](R* r) { r->mutable_heartbeat()->set_nanos(1000); }),
       "heartbeat"},
      {with([](R* r) { r->mutable_heartbeat()->set_seconds(301); }),
       "heartbeat"},
  };
  for (const auto& c : cases) {
    const grpc::Status status = WatchStatus(c.request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << c.field;
    EXPECT_EQ(FieldOfError(status), c.field);
  }
}

TEST_F(SearchServerTest, ASequenceOfAnotherStoreIsOutOfRange) {
  v1::WatchSearchRequest request;
  request.set_after_sequence(store_->published() + 1);
  grpc::Status status = WatchStatus(request);
  EXPECT_EQ(status.error_code(), grpc::OUT_OF_RANGE);
  EXPECT_EQ(ReasonOfError(status), "OTHER_STORE");
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(TokenOfNow("x"), &bytes));
  bytes[3] = static_cast<char>(bytes[3] + 1);
  request.set_resume_token(absl::WebSafeBase64Escape(bytes));
  status = WatchStatus(request);
  EXPECT_EQ(status.error_code(), grpc::OUT_OF_RANGE);
  EXPECT_EQ(ReasonOfError(status), "OTHER_STORE");
}

TEST_F(SearchServerTest, WithoutAnIndexThereIsNothingToWatch) {
  Reopen({});
  EXPECT_EQ(WatchStatus({}).error_code(), grpc::UNAVAILABLE);
}

TEST_F(SearchServerTest, WatchersOverTheLimitAreRefusedAtOnce) {
  options_.streams_max = 10;
  Reopen(options_);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchSearchResponse>>>
      readers;
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    auto context = std::make_unique<grpc::ClientContext>();
    auto reader = search_->WatchSearch(context.get(), Watching("x"));
    v1::WatchSearchResponse response;
    if (reader->Read(&response)) {
      contexts.push_back(std::move(context));
      readers.push_back(std::move(reader));
      continue;
    }
    const grpc::Status status = reader->Finish();
    EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(DetailsOf(status).has_retry);
    ++refused;
  }
  EXPECT_EQ(refused, 20);
  for (auto& context : contexts) context->TryCancel();
  for (auto& reader : readers) reader->Finish();
}

TEST_F(SearchServerTest, StoppingEndsWatches) {
  grpc::ClientContext context;
  const auto reader = search_->WatchSearch(&context, Watching("x"));
  v1::WatchSearchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::thread stop([&] { server_->Shutdown(absl::Seconds(10)); });
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::UNAVAILABLE);
  stop.join();
}

TEST_F(SearchServerTest, MuchOfOneLawComesInSeveralMessagesAndIsCut) {
  CreateLaw("Code");
  Texts texts;
  for (int i = 1; i <= 1200; ++i) {
    texts.emplace_back(absl::StrCat("art-", i), "proceeds");
  }
  CreateText(texts);
  v1::WatchSearchRequest request = Watching("proceeds");
  request.set_stop_when_current(true);
  grpc::ClientContext context;
  const auto reader = search_->WatchSearch(&context, request);
  v1::WatchSearchResponse response;
  std::set<std::string> tokens;
  int told = 0;
  int64_t left_out = 0;
  while (reader->Read(&response)) {
    if (response.changes().empty()) continue;
    told += response.changes_size();
    left_out += response.changes(response.changes_size() - 1).left_out();
    tokens.insert(response.resume_token());
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(told, 1000);
  EXPECT_EQ(left_out, 200);
  // That of the step's beginning, and that of its end.
  EXPECT_EQ(tokens.size(), 2U);
}

// Whatever happens, and wherever a client was cut off: with all that it was
// told it has what a search finds.
TEST_F(SearchServerTest, AClientThatAppliesChangesHasWhatASearchFinds) {
  std::mt19937 random(20261126);
  const std::string query = "(proceeds OR title:customs) NOT fish";
  constexpr int kLaws = 4;
  std::vector<bool> has_text(kLaws);
  for (int law = 0; law < kLaws; ++law) {
    CreateLaw(law % 2 == 0 ? "Code" : "Customs",
              absl::StrCat("states/LTU/laws/l", law));
  }
  std::map<std::tuple<std::string, std::string, std::string>, std::string> has;
  std::string token;
  for (int round = 0; round < 25; ++round) {
    const auto writes = random() % 8;
    for (size_t i = 0; i < writes; ++i) {
      const size_t law = random() % kLaws;
      const std::string name =
          absl::StrCat("states/LTU/laws/l", law, "/expressions/en@undated");
      Texts texts;
      for (int at = 1; at <= 5; ++at) {
        const char* const words[] = {"proceeds", "fish", "proceeds and fish",
                                     "x"};
        if (random() % 4 == 0) continue;
        texts.emplace_back(
            absl::StrCat("art-", at),
            absl::StrCat(words[random() % 4], " word", random() % 3));
      }
      if (has_text[law] && (texts.empty() || random() % 5 == 0)) {
        DeleteText(name);
        has_text[law] = false;
      } else if (!texts.empty()) {
        if (has_text[law]) {
          UpdateText(texts, name);
        } else {
          CreateText(texts, name);
        }
        has_text[law] = true;
      }
    }
    v1::WatchSearchRequest request = Watching(query);
    request.set_resume_token(token);
    request.set_stop_when_current(true);
    grpc::ClientContext context;
    const auto reader = search_->WatchSearch(&context, request);
    v1::WatchSearchResponse response;
    while (reader->Read(&response)) {
      for (const auto& change : response.changes()) {
        const auto place =
            std::make_tuple(change.name(), change.hit().language(),
                            std::string(names::LastOf(change.hit().name())));
        if (change.kind() == v1::SearchChange::KIND_GONE) {
          EXPECT_EQ(has.erase(place), 1U) << change.hit().name();
        } else {
          EXPECT_EQ(has.count(place),
                    change.kind() == v1::SearchChange::KIND_CHANGED ? 1U : 0U);
          has[place] = change.hit().name();
        }
      }
      token = response.resume_token();
    }
    ASSERT_TRUE(reader->Finish().ok());
    std::set<std::string> names;
    for (const auto& each : has) names.insert(each.second);
    EXPECT_EQ(names, Found(query)) << round;
  }
}

// Watches that are far behind see each step as it was, not as it is.
TEST_F(SearchServerTest, WatchersFarBehindReplayTheLog) {
  CreateLaw("Code");
  CreateText({{"art-1", "proceeds 0"}});
  // More than one step.
  for (int i = 1; i <= 300; ++i) {
    UpdateText({{"art-1", absl::StrCat(i % 2 == 0 ? "fish " : "proceeds ", i)},
                {"art-2", absl::StrCat("proceeds ", i)}});
  }
  std::set<std::string> now;
  for (const std::string& line : Told(Watching("proceeds"))) {
    const std::string name = line.substr(line.find(' ') + 1);
    switch (line[0]) {
      case 'N':
        EXPECT_TRUE(now.insert(name).second) << line;
        break;
      case 'C':
        EXPECT_EQ(now.count(name), 1U) << line;
        break;
      default:
        EXPECT_EQ(now.erase(name), 1U) << line;
    }
  }
  EXPECT_THAT(
      now, UnorderedElementsAre("laws/code/expressions/en@undated/provisions/"
                                "art-2"));
}

// Many watchers, and a law that is never left alone.
TEST_F(SearchServerTest, ManyWatchersSeeTheSame) {
  CreateLaw("Code");
  CreateText({{"art-1", "proceeds"}});
  const uint64_t begin = store_->published();
  constexpr int kWatchers = 6;
  constexpr int kWrites = 60;
  std::vector<std::thread> threads;
  std::vector<std::set<std::string>> have(kWatchers);
  for (int i = 0; i < kWatchers; ++i) {
    threads.emplace_back([&, i] {
      v1::WatchSearchRequest request = Watching("proceeds");
      request.set_after_sequence(begin);
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() +
                           std::chrono::minutes(2));
      const auto reader = search_->WatchSearch(&context, request);
      v1::WatchSearchResponse response;
      have[i] = {"art-1"};
      while (response.sequence() < begin + kWrites && reader->Read(&response)) {
        for (const auto& change : response.changes()) {
          const std::string id(names::LastOf(change.hit().name()));
          if (change.kind() == v1::SearchChange::KIND_NEW) {
            EXPECT_TRUE(have[i].insert(id).second) << id;
          } else if (change.kind() == v1::SearchChange::KIND_GONE) {
            EXPECT_EQ(have[i].erase(id), 1U) << id;
          }
        }
      }
      EXPECT_EQ(response.sequence(), begin + kWrites);
      context.TryCancel();
      reader->Finish();
    });
  }
  for (int i = 1; i <= kWrites; ++i) {
    UpdateText({{absl::StrCat("art-", i % 7), absl::StrCat("proceeds ", i)},
                {"art-x", absl::StrCat(i % 2 == 0 ? "proceeds " : "x ", i)}});
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& each : have) {
    EXPECT_THAT(each, UnorderedElementsAre("art-4", "art-x"));
  }
}

}  // namespace
}  // namespace comity
