// Laws on their way into the store: identity, parts, resuming, undoing.

#include "import/law_importer.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One line of a corpus.
std::string Line(int id, const std::string& text,
                 const std::string& state = "NOR") {
  return absl::StrCat(
      R"({"id":"made:)", id, R"(","state":")", state,
      R"(","title":"Synthetic Act )", id,
      R"(","title_lang":"en","lang":"en","type":"act","format":"text","text":")",
      text, "\"}\n");
}

std::string Corpus(int laws) {
  std::string corpus;
  for (int id = 1; id <= laws; ++id) {
    absl::StrAppend(&corpus, Line(id, absl::StrCat("Section 1. First of ", id,
                                                   ".\\nSection 2. Second.")));
  }
  return corpus;
}

// Keeps what it hears, and may end the import after so many records.
class Listener : public ImportListener {
 public:
  explicit Listener(int64_t records_max = INT64_MAX)
      : records_max_(records_max) {}
  void OnResult(v1::ImportResult result) override {
    results.push_back(std::move(result));
  }
  bool OnProgress(int64_t, int64_t records_read) override {
    return records_read < records_max_;
  }
  std::vector<v1::ImportResult> results;

 private:
  const int64_t records_max_;
};

class LawImporterTest : public ::testing::Test {
 protected:
  void SetUp() override { store_ = Open("store"); }

  std::unique_ptr<Store> Open(const std::string& name) {
    StoreOptions options;
    options.clock = &clock_;
    auto store = Store::Open(folder_.Path(name), options);
    EXPECT_OK(store);
    WriteOptions write;
    EXPECT_OK((*store)->Commit(write, [](Transaction& transaction) {
      v1::State state;
      state.set_name("states/NOR");
      return transaction.Put(&state).status();
    }));
    return *std::move(store);
  }

  absl::StatusOr<v1::ImportJob> Import(Store* store, const std::string& bytes,
                                       Listener* listener,
                                       const std::string& digest = "d1",
                                       bool validate_only = false) {
    v1::ImportJob job;
    v1::ImportOptions* options = job.mutable_options();
    options->set_kind(v1::IMPORT_KIND_LAWS);
    options->set_file_name("made.jsonl");
    options->set_validate_only(validate_only);
    job.set_file_digest(digest);
    StringSource source(bytes);
    LawImportOptions small;
    small.part_bytes = 200;
    return ImportLaws(store, job, &source, listener, absl::InfiniteFuture(),
                      small);
  }

  // All laws and texts, without what depends on how they came.
  static std::string All(const Store& store) {
    std::string all;
    for (const Kind kind : {Kind::kLaw, Kind::kExpression}) {
      EXPECT_OK(store.ForEach(kind, "", "", kNow, [&](const Store::Item& item) {
        v1::Record record;
        google::protobuf::Message* message = MutableRecord(kind, &record);
        EXPECT_OK(ParseVersion(item.version, message));
        TakeContent(message);
        absl::StrAppend(&all, message->ShortDebugString(), "\n");
        if (kind == Kind::kExpression) {
          EXPECT_OK(store.ForEachProvision(
              item.name, item.sequence, [&](const v1::Provision& provision) {
                absl::StrAppend(&all, provision.ShortDebugString(), "\n");
                return true;
              }));
        }
        return true;
      }));
    }
    return all;
  }

  FakeClock clock_;
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(LawImporterTest, AddsLawsWithTheirTexts) {
  Listener listener;
  const auto job = Import(store_.get(), Corpus(20), &listener);
  ASSERT_OK(job);
  EXPECT_EQ(job->state(), v1::ImportJob::STATE_APPLIED);
  EXPECT_EQ(job->counts().added(), 20);
  EXPECT_EQ(job->counts().rejected(), 0);
  ASSERT_EQ(listener.results.size(), 20u);
  EXPECT_EQ(listener.results[2].resource(), "states/NOR/laws/made-3");
  EXPECT_EQ(listener.results[2].line(), 3);
  const auto law = store_->Get<v1::Law>("states/NOR/laws/made-3");
  ASSERT_OK(law);
  EXPECT_EQ(law->titles(0).text(), "Synthetic Act 3");
  EXPECT_EQ(law->sources(0).system(), "made");
  EXPECT_EQ(law->sources(0).id(), "made:3");
  const auto text = store_->Get<v1::Expression>(
      "states/NOR/laws/made-3/expressions/en@undated");
  ASSERT_OK(text);
  EXPECT_GE(text->provision_count(), 2);
  // One job, though it came in parts.
  EXPECT_EQ(store_->ListImportJobs("", 10)->size(), 1u);
  EXPECT_EQ(job->last_sequence(), store_->published());
}

TEST_F(LawImporterTest, ASecondImportChangesNothing) {
  Listener listener;
  ASSERT_OK(Import(store_.get(), Corpus(20), &listener));
  const uint64_t sequence = store_->published();
  const auto again = Import(store_.get(), Corpus(20), &listener, "d2");
  ASSERT_OK(again);
  EXPECT_EQ(again->counts().unchanged(), 20);
  EXPECT_EQ(again->name(), "");
  EXPECT_EQ(store_->published(), sequence);
}

TEST_F(LawImporterTest, AChangedTextIsAChangeOfItsLaw) {
  Listener listener;
  ASSERT_OK(Import(store_.get(), Corpus(3), &listener));
  Listener second;
  const auto job = Import(
      store_.get(),
      absl::StrCat(Line(1, "Section 1. Amended."), Line(4, "Section 1. New.")),
      &second, "d2");
  ASSERT_OK(job);
  EXPECT_EQ(job->counts().changed(), 1);
  EXPECT_EQ(job->counts().added(), 1);
  bool digest_differs = false;
  for (const v1::FieldDifference& each : second.results[0].differences()) {
    digest_differs |= each.field() == "provisions_digest";
    // Not the text itself, which may be large.
    EXPECT_FALSE(absl::StrContains(each.field(), "provisions["));
  }
  EXPECT_TRUE(digest_differs);
}

TEST_F(LawImporterTest, WhatCannotBeReadIsReportedAndTheRestIsThere) {
  const std::string corpus = absl::StrCat(
      Line(1, "Section 1. Good."), "no json\n", Line(2, ""),
      Line(3, "Section 1. Of nowhere.", ""), Line(4, "Section 1. Lost.", "ZZZ"),
      Line(5, "Section 1. Good too."));
  Listener listener;
  const auto job = Import(store_.get(), corpus, &listener);
  ASSERT_OK(job);
  EXPECT_EQ(job->counts().records(), 6);
  EXPECT_EQ(job->counts().added(), 2);
  EXPECT_EQ(job->counts().rejected(), 4);
  std::vector<int64_t> lines;
  for (const v1::ImportResult& result : listener.results) {
    if (result.problems().empty()) continue;
    lines.push_back(result.line());
    EXPECT_NE(result.problems(0).rule(), "");
  }
  EXPECT_THAT(lines, ElementsAre(2, 3, 4, 5));
  EXPECT_OK(store_->Get<v1::Law>("states/NOR/laws/made-5").status());
}

TEST_F(LawImporterTest, ADryRunWritesNothing) {
  Listener listener;
  const auto job =
      Import(store_.get(), Corpus(20), &listener, "d1", /*validate_only=*/true);
  ASSERT_OK(job);
  EXPECT_EQ(job->state(), v1::ImportJob::STATE_VALIDATED);
  EXPECT_EQ(job->counts().added(), 20);
  EXPECT_EQ(store_->published(), 1u);
}

TEST_F(LawImporterTest, GoesOnWhereItWasCutOff) {
  const auto whole = Open("whole");
  Listener listener;
  ASSERT_OK(Import(whole.get(), Corpus(30), &listener));
  for (const int cut : {3, 4, 11, 17, 25}) {
    Listener until(cut);
    EXPECT_EQ(Import(store_.get(), Corpus(30), &until).status().code(),
              absl::StatusCode::kCancelled);
  }
  const auto jobs = store_->ListImportJobs("", 10);
  ASSERT_EQ(jobs->size(), 1u);
  EXPECT_EQ((*jobs)[0].state(), v1::ImportJob::STATE_RUNNING);
  EXPECT_GT((*jobs)[0].counts().added(), 10);
  Listener last;
  const auto job = Import(store_.get(), Corpus(30), &last);
  ASSERT_OK(job);
  EXPECT_EQ(job->state(), v1::ImportJob::STATE_APPLIED);
  EXPECT_EQ(job->counts().added(), 30);
  // Those of the parts before were not read again.
  EXPECT_LT(last.results.size(), 20u);
  EXPECT_EQ(All(*store_), All(*whole));
  EXPECT_EQ(store_->ListImportJobs("", 10)->size(), 1u);
}

TEST_F(LawImporterTest, IsUndoneAsOne) {
  Listener listener;
  ASSERT_OK(Import(store_.get(), Corpus(3), &listener));
  const std::string before = All(*store_);
  const auto job = Import(
      store_.get(),
      absl::StrCat(Line(1, "Section 1. Amended."), Line(2, "Section 1. Cut."),
                   Line(7, "Section 1. New."), Line(8, "Section 1. New.")),
      &listener, "d2");
  ASSERT_OK(job);
  EXPECT_NE(All(*store_), before);
  ASSERT_OK(UndoImport(store_.get(), job->name(), "test",
                       /*validate_only=*/false, absl::InfiniteFuture()));
  // The texts too are what they were.
  EXPECT_EQ(All(*store_), before);
  std::string problems;
  ASSERT_OK(store_->Verify(
      [&](const std::string& problem) { problems += problem + "\n"; }));
  EXPECT_EQ(problems, "");
}

TEST_F(LawImporterTest, LongIdsOfAnyScriptStayApart) {
  std::string corpus;
  for (const char* end : {"one", "two"}) {
    std::string id = "made:";
    for (int i = 0; i < 60; ++i) id += "法";
    absl::StrAppend(&corpus, R"({"id":")", id, end,
                    R"(","state":"NOR","title":"Synthetic ", "lang":"en",)",
                    R"("format":"text","text":"Section 1. Of )", end, ".\"}\n");
  }
  Listener listener;
  const auto job = Import(store_.get(), corpus, &listener);
  ASSERT_OK(job);
  EXPECT_EQ(job->counts().added(), 2);
  const auto again = Import(store_.get(), corpus, &listener, "d2");
  ASSERT_OK(again);
  EXPECT_EQ(again->counts().unchanged(), 2);
  const auto law = store_->Get<v1::Law>(listener.results[0].resource());
  ASSERT_OK(law);
  EXPECT_LE(law->sources(0).id().size(), 128u);
  // Whole characters, or it could not be exported.
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*law, &json).ok());
}

TEST_F(LawImporterTest, OneDocumentNeedsItsStateStated) {
  v1::ImportJob job;
  v1::ImportOptions* options = job.mutable_options();
  options->set_kind(v1::IMPORT_KIND_LAWS);
  options->set_file_name("act.txt");
  const std::string text =
      "Synthetic Act\n\nSection 1. Scope\nThis Act applies.\n\n"
      "Section 2. Penalty\nWhoever breaks it pays.\n";
  Listener listener;
  StringSource first(text);
  const auto refused =
      ImportLaws(store_.get(), job, &first, &listener, absl::InfiniteFuture());
  ASSERT_OK(refused);
  EXPECT_EQ(refused->counts().rejected(), 1);
  EXPECT_THAT(listener.results[0].problems(0).field(), HasSubstr("state"));
  options->set_state("states/NOR");
  options->set_language("en");
  StringSource second(text);
  const auto taken =
      ImportLaws(store_.get(), job, &second, &listener, absl::InfiniteFuture());
  ASSERT_OK(taken);
  EXPECT_EQ(taken->counts().added(), 1);
  EXPECT_OK(store_->Get<v1::Law>("states/NOR/laws/act-txt").status());
}

}  // namespace
}  // namespace comity
