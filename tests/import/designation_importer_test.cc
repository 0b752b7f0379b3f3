#include "import/designation_importer.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "import/importer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {
namespace {

constexpr char kHeader[] =
    "id,state,treaty,article,function,authority_name,unit,email,valid_from\n";
constexpr char kOffice[] = "states/LTU/authorities/ministry";

// Keeps all results; ends the import after so many records.
class Listener : public ImportListener {
 public:
  explicit Listener(int64_t records_max) : records_max_(records_max) {}
  void OnResult(v1::ImportResult result) override {
    results.push_back(std::move(result));
  }
  bool OnProgress(int64_t, int64_t records) override {
    return records <= records_max_;
  }
  std::vector<v1::ImportResult> results;

 private:
  const int64_t records_max_;
};

class DesignationImporterTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  // An empty store with what designations refer to.
  void Open() {
    store_.reset();
    folder_ = std::make_unique<TemporaryFolder>();
    StoreOptions options;
    options.clock = &clock_;
    options.staged_bytes = 64 << 10;
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(folder_->Path("store"), options));
    ASSERT_OK(store_->Commit({}, [](Transaction& transaction) {
      for (const char* code : {"LTU", "LVA"}) {
        v1::State state;
        state.set_name(names::State(code));
        state.add_short_names()->set_text(code);
        state.mutable_short_names(0)->set_language("en");
        EXPECT_OK(transaction.Put(&state));
      }
      v1::Treaty treaty;
      treaty.set_name("treaties/untoc");
      treaty.add_short_titles()->set_text("UNTOC");
      EXPECT_OK(transaction.Put(&treaty));
      v1::Function function;
      function.set_name("functions/mla");
      return transaction.Put(&function).status();
    }));
  }

  v1::ImportJob Import(const std::string& rows, v1::ImportOptions options = {},
                       int64_t records_max = INT64_MAX) {
    v1::ImportJob job;
    *job.mutable_options() = std::move(options);
    job.mutable_options()->set_kind(v1::IMPORT_KIND_DESIGNATIONS);
    job.mutable_options()->set_file_name("offices.csv");
    StringSource source(kHeader + rows);
    Listener listener(records_max);
    absl::StatusOr<v1::ImportJob> imported = ImportFile(
        store_.get(), job, &source, &listener, absl::InfiniteFuture());
    results_ = std::move(listener.results);
    status_ = imported.status();
    return imported.ok() ? *std::move(imported) : v1::ImportJob();
  }

  // Puts rows one by one; true for those that were taken.
  std::vector<bool> Put(std::vector<UnderstoodDesignation> rows,
                        const DesignationImporter::Options& options = {}) {
    results_.clear();
    std::vector<bool> taken;
    auto staging = store_->Stage("test", absl::InfiniteFuture());
    EXPECT_OK(staging);
    const auto tell = [this](v1::ImportResult result) {
      results_.push_back(std::move(result));
    };
    DesignationImporter importer(store_.get(), staging->get(), options, tell);
    for (UnderstoodDesignation& row : rows) {
      const absl::StatusOr<bool> put = importer.Put(&row);
      EXPECT_OK(put);
      taken.push_back(*put);
    }
    EXPECT_OK(importer.Finish());
    v1::ImportJob job;
    EXPECT_OK((*staging)->Publish(&job, nullptr));
    return taken;
  }

  static UnderstoodDesignation Row(int64_t line, const std::string& office) {
    UnderstoodDesignation row;
    row.line = line;
    row.state = "states/LTU";
    row.source_system = "offices";
    row.source_id = absl::StrCat("d", line);
    row.has_authority = true;
    v1::LocalizedText* name = row.authority.add_display_names();
    name->set_text(office);
    name->set_language("en");
    row.designation.set_treaty("treaties/untoc");
    row.designation.set_function("functions/mla");
    v1::Source source;
    source.set_system(row.source_system);
    source.set_id(row.source_id);
    *row.authority.add_sources() = source;
    *row.designation.add_sources() = source;
    v1::Contact* contact = row.authority.add_contacts();
    contact->add_emails("desk@example.org");
    *contact->add_sources() = source;
    return row;
  }

  // `line outcome name`, one a line.
  std::string Results() const {
    std::string text;
    for (const v1::ImportResult& result : results_) {
      std::string outcome = v1::ImportResult::Outcome_Name(result.outcome());
      absl::StrAppend(&text, result.line(), " ", outcome.substr(8), " ",
                      names::LastOf(result.resource()), "\n");
    }
    return text;
  }

  std::string Problems() const {
    std::string problems;
    EXPECT_OK(store_->Verify([&](const std::string& problem) {
      absl::StrAppend(&problems, problem, "\n");
    }));
    return problems;
  }

  // Content of all offices and designations by name.
  std::map<std::string, std::string> Everything() const {
    std::map<std::string, std::string> all;
    for (const Kind kind : {Kind::kAuthority, Kind::kDesignation}) {
      EXPECT_OK(
          store_->ForEach(kind, "", "", kNow, [&](const Store::Item& item) {
            v1::Record record;
            google::protobuf::Message* message = MutableRecord(kind, &record);
            EXPECT_OK(ParseVersion(item.version, message));
            TakeContent(message);
            all[item.name] = message->ShortDebugString();
            // An import changes a record once.
            EXPECT_EQ(store_->VersionsOf(item.name)->size(), 1u) << item.name;
            return true;
          }));
    }
    return all;
  }

  FakeClock clock_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::unique_ptr<Store> store_;
  std::vector<v1::ImportResult> results_;
  absl::Status status_;
};

TEST_F(DesignationImporterTest, AnOfficeOfManyRowsIsOneRecordWithOneResult) {
  const std::string rows =
      "d1,LTU,untoc,18(13),mla,Ministry,,a@example.org,2001-01-01\n"
      "d2,LTU,untoc,16,mla,Ministry,,a@example.org,2002-01-01\n"
      "d3,LVA,untoc,16,mla,Prosecutor,,p@example.org,2002-01-01\n"
      "d4,LTU,untoc,18(13),mla,MINISTRY,,b@example.org,2003-01-01\n";
  v1::ImportJob job = Import(rows);
  EXPECT_EQ(Results(),
            "2 ADDED ministry\n"
            "2 ADDED untoc-18-13-mla-1\n"
            "3 ADDED untoc-16-mla-1\n"
            "4 ADDED prosecutor\n"
            "4 ADDED untoc-16-mla-1\n"
            "5 ADDED untoc-18-13-mla-2\n");
  EXPECT_EQ(job.counts().records(), 6);
  EXPECT_EQ(job.counts().added(), 6);
  EXPECT_TRUE(results_[0].differences().empty());
  // What differs among its rows is told with it, by their lines.
  ASSERT_EQ(results_[0].notices_size(), 1);
  EXPECT_EQ(results_[0].notices(0).line(), 5);
  EXPECT_EQ(results_[0].notices(0).field(), "contacts");
  ASSERT_OK_AND_ASSIGN(const auto office, store_->Get<v1::Authority>(kOffice));
  EXPECT_EQ(office.sources_size(), 3);
  EXPECT_EQ(office.contacts_size(), 2);
  EXPECT_EQ(office.contacts(0).sources_size(), 2);
  // One version, one entry in the log, before those that refer to it.
  EXPECT_EQ(store_->VersionsOf(kOffice)->size(), 1u);
  EXPECT_EQ(store_->VersionsOf(kOffice)->front(), job.first_sequence());
  EXPECT_EQ(job.last_sequence() - job.first_sequence(), 5u);
  EXPECT_EQ(Problems(), "");

  // Again, it is unchanged once.
  job = Import(rows);
  EXPECT_EQ(job.counts().unchanged(), 6);
  EXPECT_EQ(job.name(), "");
  EXPECT_EQ(store_->VersionsOf(kOffice)->size(), 1u);

  // Changed by two rows, it is told once what differs from before the import.
  Import(
      "d2,LTU,untoc,16,mla,Ministry,,c@example.org,2002-01-01\n"
      "d4,LTU,untoc,18(13),mla,Ministry,,c@example.org,2003-01-01\n"
      "d1,LTU,untoc,18(13),mla,Ministry,,a@example.org,2001-01-01\n");
  EXPECT_EQ(Results(),
            "2 CHANGED ministry\n"
            "2 UNCHANGED untoc-16-mla-1\n"
            "3 UNCHANGED untoc-18-13-mla-2\n"
            "4 UNCHANGED untoc-18-13-mla-1\n");
  std::string differences;
  for (const v1::FieldDifference& each : results_[0].differences()) {
    absl::StrAppend(&differences, each.field(), " ", each.before(), " ",
                    each.after(), "\n");
  }
  EXPECT_EQ(differences,
            "contacts[0].sources[1] {\"system\":\"offices\",\"id\":\"d2\"} \n"
            "contacts[1].emails[0] \"b@example.org\" \"c@example.org\"\n"
            "contacts[1].sources[0].id \"d4\" \"d2\"\n"
            "contacts[1].sources[1]  {\"system\":\"offices\",\"id\":\"d4\"}\n");
  EXPECT_EQ(store_->VersionsOf(kOffice)->size(), 2u);
  EXPECT_EQ(Problems(), "");
}

TEST_F(DesignationImporterTest, ARejectedRowIsNamedAndLeavesNothing) {
  const struct {
    const char* what;
    std::function<void(UnderstoodDesignation*)> spoil;
    v1::RecordKind kind;
    const char* field;
  } cases[] = {
      {"the office",
       [](UnderstoodDesignation* row) {
         row->authority.set_interpol_channel("\x01");
       },
       v1::RECORD_KIND_AUTHORITY, "interpol_channel"},
      {"the designation",
       [](UnderstoodDesignation* row) {
         row->designation.set_verified_on("yesterday");
       },
       v1::RECORD_KIND_DESIGNATION, "verified_on"},
      {"too large an office",
       [](UnderstoodDesignation* row) {
         for (int i = 0; i < 20; ++i) {
           row->authority.add_notes(absl::StrCat(i, std::string(15000, 'x')));
         }
       },
       v1::RECORD_KIND_AUTHORITY, ""},
      {"too large a designation",
       [](UnderstoodDesignation* row) {
         for (int i = 0; i < 20; ++i) {
           row->designation.add_notes(std::string(15000, 'x'));
         }
       },
       v1::RECORD_KIND_DESIGNATION, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    Open();
    std::vector<UnderstoodDesignation> rows = {
        Row(2, "Ministry"), Row(3, "Ministry"),   Row(4, "Ministry"),
        Row(5, "Ministry"), Row(6, "Prosecutor"), Row(7, "Prosecutor")};
    for (const size_t bad : {size_t{2}, size_t{4}}) {
      rows[bad].authority.mutable_contacts(0)->set_emails(0,
                                                          "other@example.org");
      rows[bad].authority.set_unit("");
      rows[bad].authority.set_territory("all of it");
      c.spoil(&rows[bad]);
    }
    EXPECT_EQ(Put(rows),
              (std::vector<bool>{true, true, false, true, false, true}));
    EXPECT_EQ(Results(),
              "2 ADDED ministry\n"
              "2 ADDED untoc-mla-1\n"
              "3 ADDED untoc-mla-2\n"
              "4 REJECTED \n"
              "5 ADDED untoc-mla-3\n"
              "6 REJECTED \n"
              "7 ADDED prosecutor\n"
              "7 ADDED untoc-mla-4\n");
    EXPECT_EQ(results_[3].kind(), c.kind);
    ASSERT_EQ(results_[3].problems_size(), 1);
    EXPECT_EQ(results_[3].problems(0).line(), 4);
    EXPECT_EQ(results_[3].problems(0).field(), c.field);
    EXPECT_TRUE(results_[0].notices().empty());
    ASSERT_OK_AND_ASSIGN(const auto office,
                         store_->Get<v1::Authority>(kOffice));
    EXPECT_EQ(office.sources_size(), 3);
    EXPECT_EQ(office.contacts_size(), 1);
    EXPECT_EQ(office.territory(), "");
    ASSERT_OK_AND_ASSIGN(const auto second,
                         store_->Get<v1::Authority>("states/LTU/authorities/"
                                                    "prosecutor"));
    EXPECT_EQ(second.sources_size(), 1);
    EXPECT_EQ(second.sources(0).id(), "d7");
    EXPECT_EQ(store_
                  ->Get<v1::Designation>("states/LTU/designations/"
                                         "untoc-mla-3")
                  ->running_number(),
              3);
    EXPECT_EQ(Everything().size(), 6u);
    EXPECT_EQ(Problems(), "");
  }
}

TEST_F(DesignationImporterTest, ABadRowOfAFileIsNamedInItsPlace) {
  const std::string rows =
      "d1,LTU,untoc,16,mla,Ministry,,a@example.org,2001-01-01\n"
      "d2,LTU,untoc,16,mla,Ministry,,a@example.org,2002-01-01\n"
      "d3,LTU,untoc,16,mla,Ministry,,nobody,2002-01-01\n"
      "d4,LTU,untoc,16,mla,Ministry,,a@example.org,2003-01-01\n";
  v1::ImportOptions options;
  options.set_partial(true);
  v1::ImportJob job = Import(rows, options);
  EXPECT_EQ(Results(),
            "2 ADDED ministry\n"
            "2 ADDED untoc-16-mla-1\n"
            "3 ADDED untoc-16-mla-2\n"
            "4 REJECTED \n"
            "5 ADDED untoc-16-mla-3\n");
  EXPECT_EQ(job.counts().rejected(), 1);
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice)->sources_size(), 3);
  // The whole file or nothing.
  Open();
  const uint64_t published = store_->published();
  job = Import(rows);
  EXPECT_EQ(job.state(), v1::ImportJob::STATE_REJECTED);
  EXPECT_EQ(Results(),
            "2 ADDED ministry\n"
            "2 ADDED untoc-16-mla-1\n"
            "3 ADDED untoc-16-mla-2\n"
            "4 REJECTED \n");
  EXPECT_EQ(store_->published(), published);
  EXPECT_TRUE(Everything().empty());
}

TEST_F(DesignationImporterTest, ARejectedOfficeIsNearToNone) {
  std::vector<UnderstoodDesignation> rows = {
      Row(2, "Ministry of Justice"), Row(3, "Ministry of Justicf"),
      Row(4, "Ministry of Justicg"), Row(5, "Something else")};
  rows[1].designation.set_verified_on("yesterday");
  Put(rows);
  ASSERT_EQ(results_.size(), 7u);
  EXPECT_EQ(results_[2].outcome(), v1::ImportResult::OUTCOME_REJECTED);
  ASSERT_EQ(results_[3].notices_size(), 1);
  EXPECT_EQ(results_[3].notices(0).rule(),
            "is near to an office of the same State, ministry of justice; they "
            "are kept apart");
  EXPECT_TRUE(results_[5].notices().empty());
}

// Letters alone do not say that names are near, nor, beyond ASCII, far.
TEST_F(DesignationImporterTest, NearNamesAreFound) {
  const struct {
    const char* a;
    const char* b;
    bool near;
  } cases[] = {
      {"Ministry of Justice", "Ministry of Jutsice", true},
      {"Ministry of Justice", "Justice of Ministry", false},
      {"Ministry of Justice", "Ministry of Finance", false},
      {"Министерство юстиции", "Министерства юстиций", true},
      {"Министерство юстиции", "Министерство финансов", false},
      {"司法部国際課", "司法省国際課", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.b);
    Open();
    Put({Row(2, c.a), Row(3, c.b)});
    ASSERT_EQ(results_.size(), 4u);
    EXPECT_EQ(results_[2].notices_size(), c.near ? 1 : 0);
  }
}

TEST_F(DesignationImporterTest, AListIsLimitedHoweverItGrew) {
  std::vector<UnderstoodDesignation> rows;
  for (int i = 0; i < 1003; ++i) rows.push_back(Row(i + 2, "Ministry"));
  const std::vector<bool> taken = Put(rows);
  EXPECT_EQ(std::count(taken.begin(), taken.end(), true), 1000);
  EXPECT_TRUE(taken[999]);
  EXPECT_FALSE(taken[1000]);
  ASSERT_EQ(results_.size(), 1004u);
  EXPECT_EQ(results_[1001].line(), 1002);
  EXPECT_EQ(results_[1001].problems(0).field(), "contacts[0].sources");
  EXPECT_EQ(results_[1001].problems(1).field(), "sources");
  EXPECT_EQ(store_->Get<v1::Authority>(kOffice)->sources_size(), 1000);
  EXPECT_EQ(Problems(), "");
}

// Rows of two hundred offices, mixed, so that each comes back again and again.
std::vector<UnderstoodDesignation> MixedRows(
    const std::function<UnderstoodDesignation(int64_t, const std::string&)>&
        row) {
  std::vector<UnderstoodDesignation> rows;
  for (int i = 0; i < 2000; ++i) {
    rows.push_back(row(i + 2, absl::StrCat("Office ", i * 7 % 200)));
    UnderstoodDesignation& last = rows.back();
    if (i % 5 == 0) {
      last.authority.mutable_contacts(0)->set_emails(
          0, absl::StrCat("desk-", i % 3, "@example.org"));
    }
    if (i % 11 == 0) last.authority.set_territory("Territory");
    if (i % 3 == 0) {
      // Without ids, rows alike are of one designation.
      last.source_id.clear();
      last.source_system.clear();
      last.designation.clear_sources();
      last.authority.clear_sources();
    }
    if (i % 17 == 0) last.has_authority = false;
  }
  return rows;
}

TEST_F(DesignationImporterTest, LittleMemoryGivesTheSameStore) {
  const std::vector<UnderstoodDesignation> rows = MixedRows(Row);
  Put(rows);
  const std::map<std::string, std::string> expected = Everything();
  ASSERT_GT(expected.size(), 1000u);
  const std::vector<v1::ImportResult> results = results_;
  for (int64_t i = 1; i < static_cast<int64_t>(results.size()); ++i) {
    EXPECT_LE(results[static_cast<size_t>(i) - 1].line(),
              results[static_cast<size_t>(i)].line());
  }
  const DesignationImporter::Options options[] = {{1, 32 << 20, false},
                                                  {10, 32 << 20, false},
                                                  {4096, 1, false},
                                                  {4096, 100 << 10, false},
                                                  {1, 1, true}};
  for (const DesignationImporter::Options& each : options) {
    SCOPED_TRACE(absl::StrCat(each.offices_max, " ", each.bytes_max));
    Open();
    Put(rows, each);
    EXPECT_EQ(Everything(), expected);
    EXPECT_EQ(Problems(), "");
    // Each is told of once as added.
    std::map<std::string, int> added;
    for (const v1::ImportResult& result : results_) {
      if (result.outcome() != v1::ImportResult::OUTCOME_ADDED) continue;
      ++added[result.resource()];
    }
    EXPECT_EQ(added.size(), expected.size());
    for (const auto& [name, count] : added) EXPECT_EQ(count, 1) << name;
  }
}

TEST_F(DesignationImporterTest, ASummaryCountsTheSame) {
  const std::string rows =
      "d1,LTU,untoc,18(13),mla,Ministry,,a@example.org,2001-01-01\n"
      "d2,LTU,untoc,16,mla,Ministry,,b@example.org,2002-01-01\n"
      "d3,LTU,untoc,16,mla,Ministrz,,b@example.org,2002-01-01\n"
      "d4,LTU,untoc,16,mla,Other,,nobody,2002-01-01\n";
  std::string counts;
  for (const bool summary_only : {false, true}) {
    SCOPED_TRACE(summary_only);
    Open();
    v1::ImportOptions options;
    options.set_summary_only(summary_only);
    options.set_partial(true);
    const v1::ImportJob job = Import(rows, options);
    const v1::ImportJob again = Import(rows, options);
    const std::string both = job.counts().ShortDebugString() + "; " +
                             again.counts().ShortDebugString();
    if (!summary_only) counts = both;
    EXPECT_EQ(both, counts);
    const v1::ImportJob changed =
        Import("d1,LTU,untoc,18(13),mla,Ministry,,c@example.org,2001-01-02\n",
               options);
    EXPECT_EQ(changed.counts().changed(), 2);
    for (const v1::ImportResult& result : results_) {
      EXPECT_EQ(result.differences().empty(), summary_only);
    }
  }
}

TEST_F(DesignationImporterTest, CancelledItLeavesNothing) {
  std::string rows;
  for (int i = 0; i < 5000; ++i) {
    absl::StrAppend(&rows, "d", i, ",LTU,untoc,16,mla,Office ", i,
                    ",,a@example.org,2001-01-01\n");
  }
  const uint64_t published = store_->published();
  Import(rows, {}, 4000);
  EXPECT_EQ(status_.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(store_->published(), published);
  EXPECT_TRUE(Everything().empty());
  EXPECT_FALSE(std::filesystem::exists(folder_->Path("store/staging")));
  EXPECT_EQ(Problems(), "");
  EXPECT_EQ(Import(rows).counts().added(), 10000);
  EXPECT_EQ(Problems(), "");
}

}  // namespace
}  // namespace comity
