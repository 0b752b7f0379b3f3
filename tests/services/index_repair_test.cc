// A search index that was deleted or damaged: noticed, said and built anew,
// while everything else is answered.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/services/server_fixture.h"

namespace comity {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class IndexRepairTest : public ServerTest {
 protected:
  void SetUp() override {
    options_.index_folder = folder_.Path("index");
    Close();
    Serve();
    Seed();
  }
  void TearDown() override { Close(); }

  // As Open, with a log that is kept.
  void Serve() {
    Close();
    log_file_.reset(std::tmpfile());
    kept_log_ =
        std::make_unique<Log>(&clock_, LogLevel::kWarning, log_file_.get());
    StoreOptions store_options;
    store_options.clock = &clock_;
    auto store = Store::Open(folder_.Path("store"), store_options);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
    options_.listen = {"unix:" + folder_.Path("socket")};
    options_.spool_folder = SpoolFolder();
    auto server =
        Server::Start(store_.get(), &clock_, kept_log_.get(), options_);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_ = *std::move(server);
    Connect();
  }

  std::string Logged() {
    std::fflush(log_file_.get());
    std::rewind(log_file_.get());
    std::string text;
    char buffer[4096];
    while (const size_t size =
               std::fread(buffer, 1, sizeof buffer, log_file_.get())) {
      text.append(buffer, size);
    }
    return text;
  }

  void CreateLaws(int laws) {
    using Stub = v1::LibraryService::Stub;
    constexpr int kProvisions = 20;
    for (int i = 0; i < laws; ++i) {
      const std::string name = absl::StrCat("states/LTU/laws/law-", i);
      v1::CreateLawRequest law;
      law.mutable_law()->set_name(name);
      *law.mutable_law()->add_titles() = Text(absl::StrCat("Law ", i));
      MarkSynthetic(law.mutable_law());
      Must(library_, &Stub::CreateLaw, law);
      v1::CreateExpressionRequest text;
      text.mutable_expression()->set_name(
          absl::StrCat(name, "/expressions/en@undated"));
      text.mutable_expression()->set_language("en");
      for (int k = 1; k <= kProvisions; ++k) {
        v1::Provision* provision = text.mutable_expression()->add_provisions();
        provision->set_name(absl::StrCat("art-", k));
        provision->set_kind(v1::Provision::KIND_ARTICLE);
        provision->set_number(absl::StrCat(k));
        provision->set_label(absl::StrCat("Article ", k));
        provision->set_text(
            absl::StrCat("proceeds of crime, word", i, " and other", i * k));
      }
      Must(library_, &Stub::CreateExpression, text);
    }
  }

  v1::IndexStats Stats() {
    return Must(admin_, &v1::AdminService::Stub::GetStats, {}).index();
  }

  // What searches find; without what a new generation may change. Nothing where
  // one fails.
  std::vector<std::string> Answers(uint64_t min_sequence) {
    std::vector<std::string> answers;
    for (const char* query : {"proceeds", "word3", "other12", "\"of crime\"",
                              "Law 7", "Ministry"}) {
      v1::SearchRequest request;
      request.set_query(query);
      request.set_min_sequence(min_sequence);
      // Counts exactly.
      request.add_facets(v1::SEARCH_FACET_FIELD_LANGUAGE);
      grpc::ClientContext context;
      v1::SearchResponse response;
      if (!search_->Search(&context, request, &response).ok()) return {};
      response.clear_next_page_token();
      response.clear_sequence();
      answers.push_back(response.DebugString());
    }
    return answers;
  }

  // What is wrong, by all checks.
  std::vector<std::string> Problems() {
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
  }

  // Searches that meet the damage may fail until it is mended.
  void ExpectMendedSoon(const std::vector<std::string>& answers) {
    const uint64_t published = store_->published();
    const absl::Time until = absl::Now() + absl::Minutes(1);
    while ((Answers(published) != answers || !Problems().empty()) &&
           absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_EQ(Answers(published), answers);
    EXPECT_THAT(Problems(), IsEmpty());
  }

  ServerOptions options_;
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> log_file_;
  std::unique_ptr<Log> kept_log_;
};

TEST_F(IndexRepairTest, ADeletedIndexIsBuiltWhileLookUpsGoOn) {
  constexpr int kLaws = 150;
  CreateLaws(kLaws);
  const uint64_t published = store_->published();
  const auto before = Answers(published);
  ASSERT_FALSE(before.empty());
  Close();
  fs::remove_all(options_.index_folder);
  Serve();
  int look_ups = 0;
  const absl::Time until = absl::Now() + absl::Minutes(2);
  while (Stats().sequence() < published && absl::Now() < until) {
    v1::GetAuthorityRequest office;
    office.set_name("states/LTU/authorities/ministry");
    EXPECT_EQ(
        Must(directory_, &v1::DirectoryService::Stub::GetAuthority, office)
            .name(),
        office.name());
    v1::GetLawRequest law;
    law.set_name("states/LTU/laws/law-7");
    EXPECT_EQ(Must(library_, &v1::LibraryService::Stub::GetLaw, law).name(),
              law.name());
    // Of what there is by now; each answer tells how much that is.
    v1::SearchRequest search;
    search.set_query("proceeds");
    EXPECT_LE(
        Must(search_, &v1::SearchService::Stub::Search, search).sequence(),
        published);
    ++look_ups;
  }
  EXPECT_GT(look_ups, 0);
  ExpectMendedSoon(before);
  EXPECT_THAT(Logged(), HasSubstr("search index: there is none"));
}

TEST_F(IndexRepairTest, EveryDamagedFileIsNoticedSaidAndBuiltAnew) {
  constexpr int kLaws = 20;
  CreateLaws(kLaws);
  const auto before = Answers(store_->published());
  ASSERT_FALSE(before.empty());
  const struct {
    const char* what;
    void (*damage)(const fs::path& file);
  } ways[] = {
      {"gone", [](const fs::path& file) { fs::remove(file); }},
      {"cut",
       [](const fs::path& file) {
         fs::resize_file(file, fs::file_size(file) / 3);
       }},
      {"noise",
       [](const fs::path& file) {
         const auto size = fs::file_size(file);
         std::ofstream(file, std::ios::binary) << std::string(size, '\x5a');
       }},
  };
  int damaged = 0;
  for (const auto& way : ways) {
    // Their names differ from generation to generation, their number does not.
    for (size_t number = 0;; ++number) {
      Close();
      std::vector<fs::path> files;
      for (const auto& entry :
           fs::recursive_directory_iterator(options_.index_folder)) {
        // The lock holds nothing.
        if (entry.is_regular_file() && fs::file_size(entry.path()) > 0) {
          files.push_back(entry.path());
        }
      }
      std::sort(files.begin(), files.end());
      ASSERT_GT(files.size(), 4U);
      if (number >= files.size()) {
        Serve();
        break;
      }
      SCOPED_TRACE(absl::StrCat(
          fs::relative(files[number], options_.index_folder).string(), " ",
          way.what));
      way.damage(files[number]);
      ++damaged;
      Serve();
      // Found at the start, or by those who look.
      Problems();
      ExpectMendedSoon(before);
      EXPECT_THAT(Logged(), HasSubstr("search index: "));
    }
  }
  std::printf("%d damaged files\n", damaged);
}

}  // namespace
}  // namespace comity
