#include <grpcpp/generic/generic_stub.h>

#include <filesystem>
#include <functional>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/message_differencer.h"
#include "store/records.h"
#include "tests/services/import_client.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using Stub = v1::ImportService::Stub;

// A call that is not over by then hangs.
constexpr absl::Duration kPatience = absl::Seconds(60);

constexpr char kStates[] =
    "alpha3,short_name_en,status,languages_spoken\n"
    "NOR,Norway,State,nb\n"
    "SWE,Sweden,State,sv\n";
constexpr char kDesignations[] =
    "id,state,treaty,article,function,authority_name,email,valid_from\n"
    "d1,LTU,untoc,18(13),mla,Prosecutor General,a@example.org,2005-01-01\n"
    "d2,FRA,untoc,18(13),mla,Bureau,b@example.org,2006-01-01\n";

class ImportServerTest : public ServerTest {
 protected:
  Imported Import(const v1::ImportOptions& options, absl::string_view bytes,
                  size_t chunk_bytes = 1 << 18) {
    ImportCall call(imports_.get(), kPatience);
    call.Send(options);
    call.SendFile(bytes, chunk_bytes);
    call.SendNoMore();
    Imported imported = call.ReadAll();
    EXPECT_EQ(imported.has_job, imported.status.ok());
    Tick();
    return imported;
  }

  // Expects that the file is applied.
  Imported Apply(const v1::ImportOptions& options, absl::string_view bytes) {
    Imported imported = Import(options, bytes);
    EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
    EXPECT_EQ(imported.job.state(), v1::ImportJob::STATE_APPLIED)
        << imported.Problems();
    return imported;
  }

  // Expects that the call fails for `field`, and that nothing is written.
  void ExpectRefused(const v1::ImportOptions& options, absl::string_view bytes,
                     absl::string_view field) {
    const uint64_t before = store_->published();
    const Imported imported = Import(options, bytes);
    EXPECT_EQ(imported.status.error_code(), grpc::INVALID_ARGUMENT)
        << imported.status.error_message();
    EXPECT_EQ(FieldOfError(imported.status), field)
        << imported.status.error_message();
    EXPECT_EQ(store_->published(), before);
  }

  grpc::Status UndoStatus(const std::string& name) {
    v1::UndoImportRequest request;
    request.set_name(name);
    return Try(imports_, &Stub::UndoImport, request);
  }
  v1::ImportJob Undo(const std::string& name, bool validate_only = false) {
    v1::UndoImportRequest request;
    request.set_name(name);
    request.set_actor("undoer");
    request.set_validate_only(validate_only);
    const v1::ImportJob job = Must(imports_, &Stub::UndoImport, request);
    Tick();
    return job;
  }
  v1::ImportJob GetJob(const std::string& name) {
    v1::GetImportJobRequest request;
    request.set_name(name);
    return Must(imports_, &Stub::GetImportJob, request);
  }

  // Names and contents of all records.
  std::string Everything() {
    std::string all;
    for (const Kind kind : kRecordKinds) {
      EXPECT_OK(store_->ForEach(kind, "", "", kNow, [&](const auto& item) {
        v1::Record record;
        google::protobuf::Message* message = MutableRecord(kind, &record);
        EXPECT_OK(ParseVersion(item.version, message));
        TakeContent(message);
        absl::StrAppend(&all, item.name, " ", message->ShortDebugString(),
                        "\n");
        return true;
      }));
    }
    return all;
  }

  // Files that the server keeps in its folder, named or not.
  size_t KeptFiles() {
    size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(SpoolFolder())) {
      (void)entry;
      ++count;
    }
    for (const auto& entry :
         std::filesystem::directory_iterator("/proc/self/fd")) {
      // Those of other threads may be closed meanwhile.
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry, gone).string();
      count += absl::StartsWith(target, SpoolFolder() + "/");
    }
    return count;
  }

  // Asks until it holds; the time limit of the test ends it.
  static void Until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::yield();
  }

  // An office of Lithuania, as a line of JSON Lines.
  static std::string Office(absl::string_view id, absl::string_view note = "") {
    v1::Record record;
    *record.mutable_authority() = MakeAuthority(absl::StrCat("Office ", id));
    record.mutable_authority()->set_name(
        absl::StrCat("states/LTU/authorities/", id));
    if (!note.empty()) record.mutable_authority()->add_notes(std::string(note));
    return LineOf(record);
  }
  static std::string Offices(absl::string_view prefix, int count,
                             absl::string_view note = "") {
    std::string lines;
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&lines, Office(absl::StrCat(prefix, "-", i), note));
    }
    return lines;
  }
};

// Kinds and formats ----------------------------------------------------------

TEST_F(ImportServerTest, TakesStates) {
  const Imported imported = Apply(OptionsOf(v1::IMPORT_KIND_STATES), kStates);
  EXPECT_EQ(imported.Outcomes(), "ADDED states/NOR\nADDED states/SWE\n");
  EXPECT_EQ(imported.results[1].kind(), v1::RECORD_KIND_STATE);
  EXPECT_EQ(imported.results[1].line(), 3);
  EXPECT_TRUE(imported.remarks.empty());
  const v1::ImportJob& job = imported.job;
  EXPECT_EQ(job.name(), "importJobs/1");
  EXPECT_EQ(job.counts().records(), 2);
  EXPECT_EQ(job.counts().added(), 2);
  EXPECT_EQ(job.file_bytes(), static_cast<int64_t>(sizeof(kStates) - 1));
  EXPECT_EQ(job.file_digest().size(), 32U);
  EXPECT_EQ(job.first_sequence(), 1U);
  EXPECT_EQ(job.last_sequence(), 2U);
  EXPECT_GT(job.time().seconds(), 0);
  ASSERT_OK_AND_ASSIGN(const auto state, store_->Get<v1::State>("states/NOR"));
  EXPECT_EQ(state.short_names(0).text(), "Norway");
  EXPECT_EQ(state.languages(0), "nb");
}

TEST_F(ImportServerTest, TakesStatesAsJsonLines) {
  for (const v1::ImportFormat format :
       {v1::IMPORT_FORMAT_JSONL, v1::IMPORT_FORMAT_UNSPECIFIED}) {
    v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
    options.set_format(format);
    Apply(options,
          "{\"alpha3\":\"NOR\",\"short_name_en\":\"Norway\"}\n"
          "\n"
          "{\"alpha3\":\"SWE\",\"short_name_en\":\"Sweden\"}\n");
  }
  EXPECT_OK(store_->Get<v1::State>("states/SWE"));
  EXPECT_EQ(store_->published(), 2U);
}

TEST_F(ImportServerTest, TakesTreaties) {
  Seed();
  const Imported imported =
      Apply(OptionsOf(v1::IMPORT_KIND_TREATIES),
            "treaty,short_title_en,kind,adopted,days_after_deposit,parent\n"
            "cyber,Convention on Cybercrime,regional,2001-11-23,30,\n"
            "untoc-som,Migrants Protocol,multilateral,2000-11-15,30,UNTOC\n");
  EXPECT_EQ(imported.Outcomes(),
            "ADDED treaties/cyber\nADDED treaties/untoc-som\n");
  ASSERT_OK_AND_ASSIGN(const auto treaty,
                       store_->Get<v1::Treaty>("treaties/untoc-som"));
  EXPECT_EQ(treaty.parent(), "treaties/untoc");
  EXPECT_EQ(treaty.adopted(), "2000-11-15");
}

TEST_F(ImportServerTest, TakesParticipations) {
  Seed();
  CreateState(MakeState("NOR", "Norway"));
  const Imported imported = Apply(OptionsOf(v1::IMPORT_KIND_PARTICIPATIONS),
                                  "treaty;state;binding_act;deposit_date\n"
                                  "untoc;Norway;ratification;2003-09-23\n");
  EXPECT_EQ(imported.Outcomes(), "ADDED treaties/untoc/participations/NOR\n");
  ASSERT_OK_AND_ASSIGN(
      const auto made,
      store_->Get<v1::Participation>("treaties/untoc/participations/NOR"));
  ASSERT_EQ(made.periods_size(), 1);
  EXPECT_EQ(made.periods(0).deposit_date(), "2003-09-23");
}

TEST_F(ImportServerTest, TakesDesignationsWithTheirOffices) {
  Seed();
  const Imported imported =
      Apply(OptionsOf(v1::IMPORT_KIND_DESIGNATIONS), kDesignations);
  EXPECT_EQ(imported.Outcomes(),
            "ADDED states/LTU/authorities/prosecutor-general\n"
            "ADDED states/LTU/designations/untoc-18-13-mla-1\n"
            "ADDED states/FRA/authorities/bureau\n"
            "ADDED states/FRA/designations/untoc-18-13-mla-1\n");
  v1::FindContactsRequest find;
  find.set_state("LTU");
  find.set_function("mla");
  const auto found =
      Must(directory_, &v1::DirectoryService::Stub::FindContacts, find);
  EXPECT_EQ(found.total_size(), 2);
}

TEST_F(ImportServerTest, TakesItsOwnExports) {
  Seed();
  const std::string before = Everything();
  v1::ExportRequest request;
  request.set_format(v1::EXPORT_FORMAT_JSONL);
  std::string file;
  {
    grpc::ClientContext context;
    const auto reader = exports_->Export(&context, request);
    v1::ExportResponse response;
    while (reader->Read(&response)) file += response.chunk();
    ASSERT_TRUE(reader->Finish().ok());
  }
  // Into the same store: nothing to do.
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_RECORDS);
  const uint64_t published = store_->published();
  Imported imported = Apply(options, file);
  EXPECT_EQ(imported.job.counts().unchanged(), 8);
  EXPECT_EQ(imported.job.name(), "");
  EXPECT_EQ(store_->published(), published);
  // Into an empty one.
  Close();
  std::filesystem::remove_all(folder_.Path("store"));
  Open();
  imported = Apply(options, file);
  EXPECT_EQ(imported.job.counts().added(), 8);
  EXPECT_EQ(Everything(), before);
}

TEST_F(ImportServerTest, TakesAHistoryIntoAnEmptyStoreOnly) {
  Seed();
  v1::ExportRequest request;
  request.set_format(v1::EXPORT_FORMAT_JSONL);
  request.set_history(true);
  std::string file;
  {
    grpc::ClientContext context;
    const auto reader = exports_->Export(&context, request);
    v1::ExportResponse response;
    while (reader->Read(&response)) file += response.chunk();
    ASSERT_TRUE(reader->Finish().ok());
  }
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_RECORDS);
  EXPECT_EQ(Import(options, file).status.error_code(),
            grpc::FAILED_PRECONDITION);
  const std::string before = Everything();
  const uint64_t published = store_->published();
  Close();
  std::filesystem::remove_all(folder_.Path("store"));
  Open();
  Apply(options, file);
  EXPECT_EQ(Everything(), before);
  EXPECT_EQ(store_->published(), published);
}

// Results --------------------------------------------------------------------

TEST_F(ImportServerTest, TellsWhatDiffers) {
  Seed();
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  Apply(options, kDesignations);
  const Imported imported = Apply(
      options,
      absl::StrReplaceAll(kDesignations, {{"2005-01-01", "2007-07-07"},
                                          {"b@example.org", "c@example.org"}}));
  EXPECT_EQ(imported.Outcomes(),
            "UNCHANGED states/LTU/authorities/prosecutor-general\n"
            "CHANGED states/LTU/designations/untoc-18-13-mla-1\n"
            "CHANGED states/FRA/authorities/bureau\n"
            "UNCHANGED states/FRA/designations/untoc-18-13-mla-1\n");
  ASSERT_EQ(imported.results[1].differences_size(), 1);
  const v1::FieldDifference& difference = imported.results[1].differences(0);
  EXPECT_EQ(difference.field(), "valid_from.date");
  EXPECT_EQ(difference.before(), "\"2005-01-01\"");
  EXPECT_EQ(difference.after(), "\"2007-07-07\"");
  ASSERT_EQ(imported.results[2].differences_size(), 1);
  EXPECT_EQ(imported.results[2].differences(0).field(),
            "contacts[0].emails[0]");
  EXPECT_EQ(imported.job.counts().changed(), 2);
  EXPECT_EQ(imported.job.counts().unchanged(), 2);
}

TEST_F(ImportServerTest, AFileImportedTwiceChangesNothing) {
  Seed();
  const struct {
    v1::ImportKind kind;
    std::string bytes;
  } files[] = {
      {v1::IMPORT_KIND_STATES, kStates},
      {v1::IMPORT_KIND_TREATIES, "treaty,title_en\ncyber,Cybercrime\n"},
      {v1::IMPORT_KIND_PARTICIPATIONS,
       "treaty,state,deposit_date\nuntoc,NOR,2003-09-23\n"},
      {v1::IMPORT_KIND_DESIGNATIONS, kDesignations},
      {v1::IMPORT_KIND_RECORDS, Offices("office", 10)}};
  for (const auto& file : files) {
    SCOPED_TRACE(v1::ImportKind_Name(file.kind));
    const Imported first = Apply(OptionsOf(file.kind), file.bytes);
    EXPECT_GT(first.job.counts().added(), 0);
    const uint64_t published = store_->published();
    const Imported second = Apply(OptionsOf(file.kind), file.bytes);
    EXPECT_EQ(second.job.counts().records(), first.job.counts().records());
    EXPECT_EQ(second.job.counts().unchanged(), first.job.counts().records());
    // A job that wrote nothing is not kept.
    EXPECT_EQ(second.job.name(), "");
    EXPECT_EQ(second.job.file_digest(), first.job.file_digest());
    EXPECT_EQ(store_->published(), published);
  }
}

TEST_F(ImportServerTest, ValidatesWithoutWriting) {
  Seed();
  const std::string before = Everything();
  const uint64_t published = store_->published();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  options.set_validate_only(true);
  const Imported dry = Import(options, kDesignations);
  EXPECT_EQ(dry.job.state(), v1::ImportJob::STATE_VALIDATED);
  EXPECT_EQ(dry.job.name(), "");
  EXPECT_EQ(dry.job.counts().added(), 4);
  EXPECT_EQ(store_->published(), published);
  EXPECT_EQ(Everything(), before);
  options.set_validate_only(false);
  // It told what the run does.
  EXPECT_EQ(Apply(options, kDesignations).Outcomes(), dry.Outcomes());
}

TEST_F(ImportServerTest, OneBadRowRejectsTheFileAndSaysWhereItIs) {
  Seed();
  const uint64_t published = store_->published();
  const std::string file =
      "id,state,treaty,function,authority_name,email,valid_from\n"
      "d1,LTU,untoc,mla,Good Office,a@example.org,2005-01-01\n"
      "d2,Atlantis,untoc,mla,Other Office,nobody,2005-13-01\n"
      "d3,LTU,untoc,mla,Third Office,c@example.org,2005-01-01,too much\n";
  for (const bool validate_only : {true, false}) {
    v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
    options.set_validate_only(validate_only);
    const Imported imported = Import(options, file);
    EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
    EXPECT_EQ(imported.job.state(), v1::ImportJob::STATE_REJECTED);
    EXPECT_EQ(imported.job.name(), "");
    EXPECT_EQ(imported.job.counts().rejected(), 2);
    EXPECT_EQ(store_->published(), published);
    const v1::ImportResult& second = imported.results[2];
    EXPECT_EQ(second.outcome(), v1::ImportResult::OUTCOME_REJECTED);
    EXPECT_EQ(second.line(), 3);
    EXPECT_EQ(second.resource(), "");
    ASSERT_EQ(second.problems_size(), 3) << imported.Problems();
    std::set<std::string> fields;
    for (const v1::ImportProblem& problem : second.problems()) {
      fields.insert(problem.field());
      EXPECT_EQ(problem.line(), 3);
      EXPECT_NE(problem.rule(), "");
      if (problem.field() != "email") continue;
      EXPECT_EQ(problem.column(), 6);
      EXPECT_EQ(problem.value(), "nobody");
      EXPECT_EQ(problem.rule(), "must be an e-mail address");
    }
    EXPECT_EQ(fields, (std::set<std::string>{"email", "state", "valid_from"}));
    const v1::ImportProblem& third = imported.results[3].problems(0);
    EXPECT_EQ(third.line(), 4);
    EXPECT_EQ(third.column(), 0);
    EXPECT_EQ(third.rule(), "the row has 8 cells, but the header has 7");
  }
}

TEST_F(ImportServerTest, PartialAppliesWhatIsGood) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  options.set_partial(true);
  const Imported imported = Apply(options,
                                  "alpha3,short_name_en\n"
                                  "NOR,Norway\n"
                                  "norway,Norway\n"
                                  "SWE,Sweden\n"
                                  "FIN,\n");
  EXPECT_EQ(imported.Outcomes(),
            "ADDED states/NOR\nREJECTED\nADDED states/SWE\nREJECTED\n");
  EXPECT_EQ(imported.job.counts().rejected(), 2);
  EXPECT_EQ(imported.job.counts().added(), 2);
  EXPECT_OK(store_->Get<v1::State>("states/SWE"));
  EXPECT_TRUE(absl::IsNotFound(store_->Get<v1::State>("states/FIN").status()));
  // The job is kept with its counts.
  EXPECT_EQ(GetJob(imported.job.name()).counts().rejected(), 2);
}

TEST_F(ImportServerTest, RecordsTellProblemsByField) {
  Seed();
  v1::Record nameless;
  *nameless.mutable_state() = MakeState("norway", "Norway");
  const uint64_t published = store_->published();
  const Imported imported =
      Import(OptionsOf(v1::IMPORT_KIND_RECORDS),
             absl::StrCat(Office("good"), LineOf(nameless), "{\"state\":7}\n",
                          "{}\n", "[1]\n"));
  EXPECT_EQ(imported.job.state(), v1::ImportJob::STATE_REJECTED);
  EXPECT_EQ(imported.job.counts().rejected(), 4) << imported.Problems();
  EXPECT_EQ(store_->published(), published);
  const std::string problems = imported.Problems();
  EXPECT_TRUE(absl::StrContains(
      problems, "2:0: name, states/norway, must be of the form states/{"))
      << problems;
  EXPECT_TRUE(absl::StrContains(problems, "4:0: , {}, has no record"));
}

TEST_F(ImportServerTest, RecordsReferToWhatIsThere) {
  Seed();
  v1::Record dangling;
  *dangling.mutable_designation() =
      MakeDesignation("states/LTU/authorities/none");
  dangling.mutable_designation()->set_name("states/LTU/designations/d");
  const uint64_t published = store_->published();
  const std::string file = absl::StrCat(Office("good"), LineOf(dangling));
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_RECORDS);
  Imported imported = Import(options, file);
  EXPECT_EQ(imported.job.state(), v1::ImportJob::STATE_REJECTED);
  EXPECT_EQ(imported.job.counts().rejected(), 1);
  EXPECT_EQ(store_->published(), published);
  const std::string problems = imported.Problems();
  EXPECT_TRUE(absl::StartsWith(problems, "2:0: ")) << problems;
  EXPECT_TRUE(absl::StrContains(
      problems, "states/LTU/authorities/none, which does not exist"))
      << problems;
  options.set_partial(true);
  imported = Apply(options, file);
  EXPECT_EQ(imported.Outcomes(),
            "ADDED states/LTU/authorities/good\nREJECTED\n");
}

// What is quoted of a file is UTF-8, whatever the file is.
TEST_F(ImportServerTest, BytesThatAreNoTextAreTold) {
  Seed();
  const std::string bytes = "\xff\xe8\x80";
  for (const auto& [kind, file] :
       std::vector<std::pair<v1::ImportKind, std::string>>{
           {v1::IMPORT_KIND_RECORDS, bytes + "\n"},
           {v1::IMPORT_KIND_RECORDS, "{\"state\":\"" + bytes + "\"}\n"},
           {v1::IMPORT_KIND_RECORDS, "{\"" + bytes + "\":1}\n"},
           {v1::IMPORT_KIND_STATES, "alpha3,name\nNOR," + bytes + "\n"},
           {v1::IMPORT_KIND_STATES, "alpha3,name\n" + bytes + ",x\n"},
           {v1::IMPORT_KIND_STATES,
            "{\"alpha3\":\"" + bytes + "\",\"name\":\"x\"}\n"},
           {v1::IMPORT_KIND_DESIGNATIONS, "state,treaty,function\n" + bytes +
                                              "," + bytes + "," + bytes +
                                              "\n"}}) {
    v1::ImportOptions options = OptionsOf(kind);
    if (kind != v1::IMPORT_KIND_RECORDS) options.set_encoding("UTF-8");
    const Imported imported = Import(options, file);
    EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
    EXPECT_EQ(imported.job.state(), v1::ImportJob::STATE_REJECTED) << file;
    EXPECT_EQ(imported.job.counts().rejected(), 1);
  }
  // Where it ends the call, too.
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  options.set_encoding("UTF-8");
  ExpectRefused(options, absl::StrCat("state,pais", bytes, ",alpha3\nNOR,,\n"),
                "header");
}

TEST_F(ImportServerTest, RecordsMayReferToWhatFollows) {
  v1::Record state;
  *state.mutable_state() = MakeState("LTU", "Lithuania");
  const Imported imported = Apply(OptionsOf(v1::IMPORT_KIND_RECORDS),
                                  absl::StrCat(Office("o"), LineOf(state)));
  EXPECT_EQ(imported.job.counts().added(), 2);
}

TEST_F(ImportServerTest, TellsProgressFromTheStart) {
  Seed();
  const std::string file = Offices("office", 1000);
  const Imported imported = Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), file);
  ASSERT_FALSE(imported.progress.empty());
  int64_t records = -1;
  int64_t bytes = -1;
  for (const v1::ImportProgress& progress : imported.progress) {
    EXPECT_EQ(progress.bytes_total(), static_cast<int64_t>(file.size()));
    EXPECT_GE(progress.records_read(), records);
    EXPECT_GE(progress.bytes_read(), bytes);
    EXPECT_LE(progress.bytes_read(), progress.bytes_total());
    records = progress.records_read();
    bytes = progress.bytes_read();
  }
  EXPECT_EQ(imported.progress.front().records_read(), 0);
  EXPECT_LE(records, 1000);
}

TEST_F(ImportServerTest, SummaryTellsOnlyWhatIsWrong) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  options.set_summary_only(true);
  EXPECT_EQ(Apply(options, kStates).Outcomes(), "");
  options.set_partial(true);
  EXPECT_EQ(
      Apply(options, "alpha3,short_name_en\nFIN,Finland\nx,y\n").Outcomes(),
      "REJECTED\n");
}

// However many results there are, each comes once, in order.
TEST_F(ImportServerTest, TellsOfEveryRecord) {
  Seed();
  constexpr int kOffices = 5000;
  const Imported imported =
      Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), Offices("o", kOffices));
  ASSERT_EQ(imported.results.size(), size_t{kOffices});
  for (int i = 0; i < kOffices; ++i) {
    const v1::ImportResult& result = imported.results[static_cast<size_t>(i)];
    EXPECT_EQ(result.line(), i + 1);
    EXPECT_EQ(result.resource(), absl::StrCat("states/LTU/authorities/o-", i));
  }
  Until([this] { return KeptFiles() == 0; });
}

// Options --------------------------------------------------------------------

TEST_F(ImportServerTest, ColumnsAreOverridden) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  const std::string file =
      "state,treaty,function,Kontaktstelle,unit\n"
      "LTU,untoc,mla,Desk for Aid,left out\n";
  const Imported unknown = Apply(options, file.substr(0, file.find('\n') + 1) +
                                              "LTU,untoc,mla,Desk for Aid,\n");
  ASSERT_EQ(unknown.remarks.size(), 1U);
  EXPECT_EQ(unknown.remarks[0].field(), "Kontaktstelle");
  (*options.mutable_columns())["KONTAKTSTELLE"] = "authority_name";
  (*options.mutable_columns())["unit"] = "-";
  const Imported imported = Apply(options, file);
  EXPECT_TRUE(imported.remarks.empty());
  ASSERT_OK_AND_ASSIGN(
      const auto office,
      store_->Get<v1::Authority>("states/LTU/authorities/desk-for-aid"));
  EXPECT_EQ(office.unit(), "");
  (*options.mutable_columns())["unit"] = "no_such_field";
  ExpectRefused(options, file, "columns[unit]");
}

TEST_F(ImportServerTest, EncodingsAreStatedOrFound) {
  Seed();
  // "Ministère" in Windows' encoding of Western Europe, and of the old
  // Macintosh.
  const auto file = [](absl::string_view accented) {
    return absl::StrCat("state,treaty,function,authority_name\nFRA,untoc,mla,",
                        "Minist", accented, "re\n");
  };
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  options.set_encoding("macintosh");
  Apply(options, file("\x8f"));
  options.set_encoding("windows-1252");
  const Imported again = Apply(options, file("\xe8"));
  EXPECT_EQ(again.job.counts().unchanged(), 2) << again.Outcomes();
  EXPECT_TRUE(again.remarks.empty());
  // Where it is found out, that is said.
  options.clear_encoding();
  EXPECT_EQ(Apply(options, file("\xe8")).remarks.size(), 1U);
  EXPECT_TRUE(Apply(options, file("\xc3\xa8")).remarks.empty());
  options.set_encoding("UTF-8");
  const Imported bad = Import(options, file("\xe8"));
  EXPECT_EQ(bad.job.state(), v1::ImportJob::STATE_REJECTED);
  options.set_encoding("no such encoding");
  ExpectRefused(options, file("e"), "encoding");
}

TEST_F(ImportServerTest, DelimitersAreStatedOrFound) {
  Seed();
  const std::string file =
      "state#treaty#function#authority_name\nFRA#untoc#mla#Bureau; of, aid\n";
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  ExpectRefused(options, file, "header");
  options.set_delimiter("#");
  Apply(options, file);
  EXPECT_OK(store_->Get<v1::Authority>("states/FRA/authorities/bureau-of-aid"));
  for (const char* delimiter : {"##", "\"", "\n", "é"}) {
    options.set_delimiter(delimiter);
    ExpectRefused(options, file, "delimiter");
  }
}

TEST_F(ImportServerTest, OrderOfDayAndMonthIsStated) {
  Seed();
  const std::string file =
      "state,treaty,function,authority_name,valid_from\n"
      "FRA,untoc,mla,Bureau,03/04/2011\n";
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  EXPECT_EQ(Import(options, file).job.state(), v1::ImportJob::STATE_REJECTED);
  options.set_date_order(v1::DATE_ORDER_DAY_FIRST);
  Apply(options, file);
  const std::string name = "states/FRA/designations/untoc-mla-1";
  ASSERT_OK_AND_ASSIGN(auto made, store_->Get<v1::Designation>(name));
  EXPECT_EQ(made.valid_from().date(), "2011-04-03");
  options.set_date_order(v1::DATE_ORDER_MONTH_FIRST);
  Apply(options, file);
  EXPECT_EQ(store_->Get<v1::Designation>(name)->valid_from().date(),
            "2011-03-04");
}

TEST_F(ImportServerTest, IdsBelongToASystem) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  options.set_file_name("C:\\files\\offices 2011.csv");
  const std::string file =
      "id,state,treaty,function,authority_name\nd1,FRA,untoc,mla,Bureau\n";
  const std::string name = "states/FRA/designations/untoc-mla-1";
  Apply(options, file);
  ASSERT_OK_AND_ASSIGN(auto made, store_->Get<v1::Designation>(name));
  EXPECT_EQ(made.sources(0).system(), "offices 2011");
  EXPECT_EQ(made.sources(0).id(), "d1");
  // Another system says the same.
  options.set_source_system("register");
  Apply(options, file);
  ASSERT_OK_AND_ASSIGN(made, store_->Get<v1::Designation>(name));
  ASSERT_EQ(made.sources_size(), 2);
  EXPECT_EQ(made.sources(1).system(), "register");
  EXPECT_EQ(made.sources(1).id(), "d1");
  // The same system under another name of the file.
  options.set_file_name("renamed.csv");
  EXPECT_EQ(Apply(options, file).job.counts().unchanged(), 2);
}

TEST_F(ImportServerTest, TellsWhoImported) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  options.set_actor("registrar");
  const Imported imported = Apply(options, kStates);
  ASSERT_OK_AND_ASSIGN(const v1::Change change,
                       store_->GetChange(imported.job.first_sequence()));
  EXPECT_EQ(change.actor(), "registrar");
  EXPECT_EQ(change.import_job(), imported.job.name());
}

TEST_F(ImportServerTest, RefusesOptionsThatMakeNoSense) {
  const auto with = [](auto change) {
    v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
    change(&options);
    return options;
  };
  using O = v1::ImportOptions;
  const struct {
    O options;
    const char* field;
  } cases[] = {
      {with([](O* o) { o->clear_kind(); }), "options.kind"},
      {with([](O* o) { o->set_kind(static_cast<v1::ImportKind>(77)); }),
       "options.kind"},
      {with([](O* o) { o->set_format(static_cast<v1::ImportFormat>(77)); }),
       "options.format"},
      {with([](O* o) { o->set_date_order(static_cast<v1::DateOrder>(77)); }),
       "options.date_order"},
      {with([](O* o) { o->set_file_name(std::string(201, 'x')); }),
       "options.file_name"},
      {with([](O* o) { o->set_actor(std::string(129, 'x')); }),
       "options.actor"},
      {with([](O* o) { o->set_actor(std::string(1, '\0')); }), "options.actor"},
      {with([](O* o) { o->set_source_system(std::string(65, 'x')); }),
       "options.source_system"},
      {with([](O* o) { o->set_encoding(std::string(5000, 'x')); }),
       "options.encoding"},
      {with([](O* o) { o->set_delimiter(std::string(5000, 'x')); }),
       "options.delimiter"},
      {with([](O* o) { o->set_sheet(std::string(5000, 'x')); }),
       "options.sheet"},
      {with([](O* o) {
         (*o->mutable_columns())[std::string(5000, 'x')] = "state";
       }),
       "options.columns"},
      {with([](O* o) {
         for (int i = 0; i < 513; ++i) {
           (*o->mutable_columns())[absl::StrCat("c", i)] = "-";
         }
       }),
       "options.columns"},
      {with([](O* o) { o->set_format(v1::IMPORT_FORMAT_XLSX); }), "format"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.field);
    ExpectRefused(c.options, kStates, c.field);
  }
}

// The stream -----------------------------------------------------------------

TEST_F(ImportServerTest, RefusesStreamsOutOfOrder) {
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  const struct {
    const char* what;
    std::function<void(ImportCall*)> send;
    const char* field;
  } cases[] = {
      {"nothing", [](ImportCall*) {}, "options"},
      {"bytes before the options",
       [&](ImportCall* call) {
         call->Send(kStates);
         call->Send(options);
       },
       "options"},
      {"options twice",
       [&](ImportCall* call) {
         call->Send(options);
         call->Send(options);
       },
       "options"},
      {"options among the bytes",
       [&](ImportCall* call) {
         call->Send(options);
         call->Send(kStates);
         call->Send(options);
       },
       "options"},
      {"a chunk over 1 MiB",
       [&](ImportCall* call) {
         call->Send(options);
         call->Send(std::string((1 << 20) + 1, 'x'));
       },
       "chunk"},
      {"a message without content",
       [&](ImportCall* call) {
         call->Send(options);
         call->Send(v1::ImportRequest());
       },
       ""},
      {"fewer bytes than the file has",
       [&](ImportCall* call) {
         v1::ImportOptions sized = options;
         sized.set_file_bytes(sizeof(kStates));
         call->Send(sized);
         call->Send(kStates);
       },
       "options.file_bytes"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    ImportCall call(imports_.get(), kPatience);
    c.send(&call);
    call.SendNoMore();
    const Imported imported = call.ReadAll();
    EXPECT_EQ(imported.status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOfError(imported.status), c.field)
        << imported.status.error_message();
    EXPECT_FALSE(imported.has_job);
  }
  EXPECT_EQ(store_->published(), 0U);
  Until([this] { return KeptFiles() == 0; });
}

// The error comes at once, and whoever goes on sending does no harm.
TEST_F(ImportServerTest, AnErrorEndsTheStreamHoweverMuchIsSent) {
  ImportCall call(imports_.get(), kPatience);
  call.Send(OptionsOf(v1::IMPORT_KIND_UNSPECIFIED));
  const std::string chunk(1 << 20, 'x');
  while (call.Send(chunk)) {
  }
  EXPECT_EQ(call.ReadAll().status.error_code(), grpc::INVALID_ARGUMENT);
}

TEST_F(ImportServerTest, AFileIsTheSameHoweverItIsCut) {
  Seed();
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  const Imported whole = Apply(options, kDesignations);
  const Imported cut = Import(options, kDesignations, /*chunk_bytes=*/1);
  EXPECT_EQ(cut.job.file_digest(), whole.job.file_digest());
  EXPECT_EQ(cut.job.counts().unchanged(), 4);
  // A chunk may be empty.
  ImportCall call(imports_.get(), kPatience);
  call.Send(options);
  call.Send("");
  call.Send(kDesignations);
  call.Send("");
  call.SendNoMore();
  EXPECT_EQ(call.ReadAll().job.file_digest(), whole.job.file_digest());
}

TEST_F(ImportServerTest, GarbageIsNoMessage) {
  Seed();
  v1::ImportRequest options;
  *options.mutable_options() = OptionsOf(v1::IMPORT_KIND_STATES);
  v1::ImportRequest chunk;
  chunk.set_chunk(kStates);
  const uint64_t published = store_->published();
  const std::string garbage = "\xff\xff\x7f";
  for (const std::vector<std::string>& messages :
       {std::vector<std::string>{garbage},
        {options.SerializeAsString(), garbage},
        {options.SerializeAsString(), chunk.SerializeAsString(), garbage}}) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto call =
        stub.PrepareCall(&context, "/comity.v1.ImportService/Import", &queue);
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    call->StartCall(nullptr);
    next();
    for (const std::string& message : messages) {
      const grpc::Slice slice(message);
      call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      next();
    }
    call->WritesDone(nullptr);
    next();
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    EXPECT_FALSE(next());
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    queue.Shutdown();
    while (next()) {
    }
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  }
  EXPECT_EQ(store_->published(), published);
}

TEST_F(ImportServerTest, FilesThatCannotBeReadFailTheCall) {
  Seed();
  const struct {
    const char* what;
    v1::ImportKind kind;
    std::string bytes;
    const char* field;
  } cases[] = {
      {"empty", v1::IMPORT_KIND_STATES, "", ""},
      {"empty", v1::IMPORT_KIND_DESIGNATIONS, "", ""},
      {"no header", v1::IMPORT_KIND_STATES, "1,2,3\n4,5,6\n", "header"},
      {"a header that lacks columns", v1::IMPORT_KIND_DESIGNATIONS,
       "state,treaty\nLTU,untoc\n", "header"},
      {"a column twice", v1::IMPORT_KIND_STATES, "alpha3,country\nNOR,Norway\n",
       "header"},
      {"an archive", v1::IMPORT_KIND_STATES, "PK\x03\x04 and no more", ""},
      {"Office before 2007", v1::IMPORT_KIND_STATES,
       "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    ExpectRefused(OptionsOf(c.kind), c.bytes, c.field);
  }
  // A file of records may have none; so may a table under its header.
  EXPECT_EQ(Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), "").job.name(), "");
  EXPECT_EQ(Apply(OptionsOf(v1::IMPORT_KIND_STATES), "alpha3\n").job.name(),
            "");
  // A line that never ends.
  v1::ImportOptions lines = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  lines.set_format(v1::IMPORT_FORMAT_JSONL);
  EXPECT_EQ(Import(lines, std::string(3 << 20, 'x')).status.error_code(),
            grpc::RESOURCE_EXHAUSTED);
}

// Beside others --------------------------------------------------------------

TEST_F(ImportServerTest, TwoImportsAtOnceAreEachWhole) {
  Seed();
  constexpr int kOffices = 1500;
  Imported imported[2];
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([this, i, &imported] {
      imported[i] = Apply(OptionsOf(v1::IMPORT_KIND_RECORDS),
                          Offices(absl::StrCat("office-", i), kOffices));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Imported& each : imported) {
    EXPECT_EQ(each.job.counts().added(), kOffices);
    EXPECT_EQ(each.job.last_sequence() - each.job.first_sequence() + 1,
              uint64_t{kOffices});
    EXPECT_OK(store_->ForEachChange(
        each.job.first_sequence(), [&](const v1::Change& change) {
          EXPECT_EQ(change.import_job(), each.job.name());
          return change.sequence() < each.job.last_sequence();
        }));
  }
}

TEST_F(ImportServerTest, AWatchSeesAnImportWhole) {
  Seed();
  constexpr int kOffices = 1000;
  v1::WatchRequest request;
  request.set_from_now(true);
  grpc::ClientContext context;
  const auto reader = changes_->Watch(&context, request);
  v1::WatchResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const Imported imported =
      Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), Offices("office", kOffices));
  uint64_t next = imported.job.first_sequence();
  while (next <= imported.job.last_sequence()) {
    ASSERT_TRUE(reader->Read(&response));
    // With the first of it, all of it is there.
    EXPECT_TRUE(response.changes().empty() ||
                response.newest_sequence() == imported.job.last_sequence());
    for (const v1::Change& change : response.changes()) {
      EXPECT_EQ(change.sequence(), next++);
      EXPECT_EQ(change.time().seconds(), imported.job.time().seconds());
    }
  }
  context.TryCancel();
  reader->Finish();
}

TEST_F(ImportServerTest, ClientsThatVanishInMidStreamLeaveNothingBehind) {
  Seed();
  const uint64_t published = store_->published();
  for (int i = 0; i < 30; ++i) {
    ImportCall call(imports_.get(), kPatience);
    EXPECT_TRUE(call.Send(OptionsOf(v1::IMPORT_KIND_RECORDS)));
    // Whole lines: that the file is not whole does not show in it.
    EXPECT_TRUE(call.Send(Offices("half", 50)));
    if (i % 2 == 0) Until([this] { return KeptFiles() > 0; });
    call.Cancel();
    EXPECT_EQ(call.ReadAll().status.error_code(), grpc::CANCELLED);
  }
  Until([this] { return KeptFiles() == 0; });
  EXPECT_EQ(store_->published(), published);
  Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), Offices("half", 50));
}

TEST_F(ImportServerTest, StopsAtTheDeadline) {
  Seed();
  const uint64_t published = store_->published();
  {
    // Another writer holds on, so that it waits.
    ASSERT_OK_AND_ASSIGN(const auto staging,
                         store_->Stage("test", absl::InfiniteFuture()));
    ImportCall call(imports_.get(), absl::Milliseconds(300));
    call.Send(OptionsOf(v1::IMPORT_KIND_STATES));
    call.SendFile(kStates, sizeof(kStates));
    call.SendNoMore();
    EXPECT_EQ(call.ReadAll().status.error_code(), grpc::DEADLINE_EXCEEDED);
    Until([this] { return KeptFiles() == 0; });
  }
  EXPECT_EQ(store_->published(), published);
  // A file that comes too late.
  ImportCall call(imports_.get(), absl::Milliseconds(300));
  call.Send(OptionsOf(v1::IMPORT_KIND_STATES));
  v1::ImportResponse response;
  EXPECT_FALSE(call.Read(&response));
  EXPECT_EQ(call.ReadAll().status.error_code(), grpc::DEADLINE_EXCEEDED);
  Until([this] { return KeptFiles() == 0; });
  EXPECT_EQ(store_->published(), published);
}

// Whoever leaves while another writer holds on is not waited for.
TEST_F(ImportServerTest, ClientsThatLeaveWhileTheyWaitLeaveNothingBehind) {
  Seed();
  const uint64_t published = store_->published();
  ASSERT_OK_AND_ASSIGN(auto staging,
                       store_->Stage("test", absl::InfiniteFuture()));
  ImportCall call(imports_.get(), kPatience);
  call.Send(OptionsOf(v1::IMPORT_KIND_STATES));
  call.SendFile(kStates, sizeof(kStates));
  call.SendNoMore();
  // It has begun when it tells progress.
  v1::ImportResponse response;
  ASSERT_TRUE(call.Read(&response));
  call.Cancel();
  EXPECT_EQ(call.ReadAll().status.error_code(), grpc::CANCELLED);
  Until([this] { return KeptFiles() == 0; });
  staging.reset();
  EXPECT_EQ(store_->published(), published);
}

// A client of an import that takes no results, with little room for them.
class SlowImport {
 public:
  SlowImport(const std::shared_ptr<grpc::Channel>& channel,
             const v1::ImportOptions& options, absl::string_view bytes)
      : stub_(v1::ImportService::NewStub(channel)),
        call_(stub_.get(), 2 * kPatience) {
    call_.Send(options);
    call_.SendFile(bytes, 1 << 18);
    call_.SendNoMore();
  }

  // Takes one message.
  bool Read(v1::ImportResponse* response) { return call_.Read(response); }
  Imported ReadAll() { return call_.ReadAll(); }

 private:
  const std::unique_ptr<v1::ImportService::Stub> stub_;
  ImportCall call_;
};

// Results wait for the client; other writers do not.
TEST_F(ImportServerTest, AClientThatTakesNoResultsHoldsNobodyUp) {
  Seed();
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_RECORDS);
  const std::string before(15 << 10, 'x');
  const std::string after(15 << 10, 'y');
  constexpr int kOffices = 100;
  Apply(options, Offices("office", kOffices, before));
  // Results of 3 MiB.
  SlowImport slow(NarrowChannel(), options, Offices("office", kOffices, after));
  v1::ImportResponse response;
  ASSERT_TRUE(slow.Read(&response));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(30));
  v1::CreateAuthorityRequest create;
  create.set_parent("states/LTU");
  *create.mutable_authority() = MakeAuthority("Beside");
  v1::Authority created;
  const grpc::Status status =
      directory_->CreateAuthority(&context, create, &created);
  EXPECT_TRUE(status.ok()) << status.error_message();
  // It has missed nothing.
  const Imported imported = slow.ReadAll();
  EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
  ASSERT_EQ(imported.results.size(), size_t{kOffices});
  EXPECT_EQ(imported.results.back().differences_size(), 1);
  EXPECT_EQ(imported.job.counts().changed(), kOffices);
}

// However many there are, and however little room they have: results wait, and
// no thread waits with them.
TEST_F(ImportServerTest, ClientsThatTakeNoResultsHoldNoThread) {
  Seed();
  // Results of a mebibyte.
  std::string file = "alpha3,short_name_en\n";
  constexpr int kRows = 3000;
  for (int i = 0; i < kRows; ++i) {
    absl::StrAppend(&file, std::string(200, 'x'), ",y\n");
  }
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  // More than may run or wait for a thread.
  std::vector<std::unique_ptr<SlowImport>> slow;
  std::vector<int> first;
  for (int i = 0; i < 2 * limits::kImportsAtOnceMax + 2; ++i) {
    slow.push_back(
        std::make_unique<SlowImport>(NarrowChannel(), options, file));
    // Until its import is over, and its results are on their way.
    v1::ImportResponse response;
    do {
      ASSERT_TRUE(slow.back()->Read(&response));
    } while (!response.has_results());
    first.push_back(response.results().results_size());
  }
  Apply(options, kStates);
  // They miss nothing.
  for (size_t i = 0; i < slow.size(); ++i) {
    const Imported imported = slow[i]->ReadAll();
    EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
    EXPECT_EQ(first[i] + static_cast<int>(imported.results.size()), kRows);
  }
  Until([this] { return KeptFiles() == 0; });
}

TEST_F(ImportServerTest, MoreImportsThanItCanHoldAreRefused) {
  Seed();
  std::vector<std::unique_ptr<ImportCall>> half;
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  // Each keeps a file open.
  const size_t files = KeptFiles();
  for (size_t i = 0; i < 32; ++i) {
    half.push_back(std::make_unique<ImportCall>(imports_.get(), kPatience));
    EXPECT_TRUE(half.back()->Send(options));
    Until([&] { return KeptFiles() == files + i + 1; });
  }
  const Imported refused = Import(options, kStates);
  EXPECT_EQ(refused.status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOfError(refused.status), "TOO_MANY_AT_ONCE");
  EXPECT_TRUE(DetailsOf(refused.status).has_retry);
  // Those that are under way are whole in the end.
  for (const auto& call : half) {
    call->SendFile(kStates, sizeof(kStates));
    call->SendNoMore();
    const Imported imported = call->ReadAll();
    EXPECT_TRUE(imported.status.ok()) << imported.status.error_message();
  }
  Until([this] { return KeptFiles() == 0; });
  Apply(options, kStates);
}

// A client that sends nothing keeps its place only while there is room.
TEST_F(ImportServerTest, ThoseThatSendNothingGiveWay) {
  ServerOptions server_options;
  server_options.stall = absl::Milliseconds(50);
  Reopen(server_options);
  Seed();
  std::vector<std::unique_ptr<ImportCall>> silent;
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  for (size_t i = 0; i < 32; ++i) {
    silent.push_back(std::make_unique<ImportCall>(imports_.get(), kPatience));
    EXPECT_TRUE(silent.back()->Send(options));
    Until([&] { return KeptFiles() == i + 1; });
  }
  int refused = 0;
  while (!Import(options, kStates).status.ok()) ++refused;
  EXPECT_OK(store_->Get<v1::State>("states/NOR"));
  int ended = 0;
  for (const auto& call : silent) {
    call->SendFile(kStates, sizeof(kStates));
    call->SendNoMore();
    ended += call->ReadAll().status.error_code() == grpc::CANCELLED;
  }
  // No more than were asked to.
  EXPECT_GE(ended, 1);
  EXPECT_LE(ended, refused);
}

TEST_F(ImportServerTest, StoppingEndsImportsThatAreNotWhole) {
  Seed();
  const uint64_t published = store_->published();
  ImportCall call(imports_.get(), kPatience);
  EXPECT_TRUE(call.Send(OptionsOf(v1::IMPORT_KIND_RECORDS)));
  EXPECT_TRUE(call.Send(Offices("half", 50)));
  Until([this] { return KeptFiles() > 0; });
  server_->Shutdown(absl::Milliseconds(50));
  EXPECT_FALSE(call.ReadAll().status.ok());
  EXPECT_EQ(store_->published(), published);
  EXPECT_EQ(KeptFiles(), 0U);
}

// Undo -----------------------------------------------------------------------

TEST_F(ImportServerTest, AnImportIsTakenBack) {
  Seed();
  const v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_DESIGNATIONS);
  Apply(options, kDesignations);
  const std::string before = Everything();
  const std::string name =
      Apply(options,
            absl::StrReplaceAll(kDesignations, {{"2005-01-01", "2007-07-07"},
                                                {"d2,FRA", "d3,FRA"},
                                                {"Bureau", "Office"}}))
          .job.name();
  const std::string after = Everything();
  const uint64_t published = store_->published();
  // A dry run first.
  const v1::ImportJob dry = Undo(name, /*validate_only=*/true);
  EXPECT_EQ(dry.state(), v1::ImportJob::STATE_VALIDATED);
  EXPECT_EQ(dry.name(), "");
  EXPECT_EQ(dry.undoes(), name);
  EXPECT_EQ(store_->published(), published);
  EXPECT_EQ(GetJob(name).state(), v1::ImportJob::STATE_APPLIED);

  const v1::ImportJob job = Undo(name);
  EXPECT_EQ(job.state(), v1::ImportJob::STATE_APPLIED);
  EXPECT_EQ(job.undoes(), name);
  EXPECT_EQ(job.counts().records(), 3);
  EXPECT_EQ(Everything(), before);
  EXPECT_EQ(GetJob(name).state(), v1::ImportJob::STATE_UNDONE);
  EXPECT_EQ(GetJob(name).undone_by(), job.name());
  EXPECT_EQ(store_->GetChange(job.first_sequence())->actor(), "undoer");
  // Nothing is forgotten.
  EXPECT_EQ(store_->published(), published + 3);

  const grpc::Status twice = UndoStatus(name);
  EXPECT_EQ(twice.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOfError(twice), "ALREADY_UNDONE");
  EXPECT_TRUE(absl::StrContains(twice.error_message(), job.name()));
  // The undo is an import like any other.
  Undo(job.name());
  EXPECT_EQ(Everything(), after);
}

TEST_F(ImportServerTest, WhatWasChangedSinceIsNotTakenBack) {
  Seed();
  const std::string name =
      Apply(OptionsOf(v1::IMPORT_KIND_STATES), kStates).job.name();
  v1::UpdateStateRequest update;
  *update.mutable_state() = MakeState("SWE", "Kingdom of Sweden");
  Must(directory_, &v1::DirectoryService::Stub::UpdateState, update);
  const uint64_t published = store_->published();
  const grpc::Status status = UndoStatus(name);
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOfError(status), "CHANGED_SINCE");
  EXPECT_TRUE(absl::StrContains(status.error_message(), "states/SWE"));
  EXPECT_EQ(store_->published(), published);
  EXPECT_EQ(GetJob(name).state(), v1::ImportJob::STATE_APPLIED);
}

TEST_F(ImportServerTest, WhatIsReferredToSinceIsNotTakenBack) {
  Seed();
  const std::string states =
      Apply(OptionsOf(v1::IMPORT_KIND_STATES), kStates).job.name();
  const std::string treaties = Apply(OptionsOf(v1::IMPORT_KIND_TREATIES),
                                     "treaty,title_en\ncyber,Cybercrime\n")
                                   .job.name();
  const std::string designations =
      Apply(OptionsOf(v1::IMPORT_KIND_DESIGNATIONS), kDesignations).job.name();
  CreateParticipation("untoc", "NOR", "2003-09-23");
  v1::Designation designation =
      MakeDesignation("states/LTU/authorities/ministry");
  designation.set_treaty("treaties/cyber");
  CreateDesignation("LTU", designation, "second");
  CreateDesignation("FRA", MakeDesignation("states/FRA/authorities/bureau"),
                    "third");
  for (const auto& [job, by] :
       {std::pair(states, "participations/NOR"),
        std::pair(treaties, "designations/second"),
        std::pair(designations, "designations/third")}) {
    const grpc::Status status = UndoStatus(job);
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION) << job;
    EXPECT_EQ(ReasonOfError(status), "CHANGED_SINCE");
    EXPECT_TRUE(absl::StrContains(status.error_message(), by))
        << status.error_message();
  }
}

TEST_F(ImportServerTest, UndoRefusesWhatItCannotRead) {
  Seed();
  for (const auto& [name, code] :
       std::vector<std::pair<std::string, grpc::StatusCode>>{
           {"", grpc::INVALID_ARGUMENT},
           {"1", grpc::INVALID_ARGUMENT},
           {"importJobs/", grpc::INVALID_ARGUMENT},
           {"states/LTU", grpc::INVALID_ARGUMENT},
           {"importJobs/999", grpc::NOT_FOUND}}) {
    EXPECT_EQ(UndoStatus(name).error_code(), code) << name;
  }
  v1::UndoImportRequest request;
  request.set_name(
      Apply(OptionsOf(v1::IMPORT_KIND_STATES), kStates).job.name());
  for (const std::string& actor :
       {std::string(129, 'x'), std::string(1, '\0')}) {
    request.set_actor(actor);
    const grpc::Status status = Try(imports_, &Stub::UndoImport, request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOfError(status), "actor");
  }
}

// Jobs -----------------------------------------------------------------------

TEST_F(ImportServerTest, JobsAreKept) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  (*options.mutable_columns())["alpha3"] = "state";
  const Imported imported = Apply(options, kStates);
  const v1::ImportJob job = GetJob(imported.job.name());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(job, imported.job))
      << job.DebugString();
  EXPECT_EQ(job.options().file_name(), "file.txt");
  EXPECT_EQ(job.options().columns().at("alpha3"), "state");
  for (const auto& [name, code] :
       std::vector<std::pair<std::string, grpc::StatusCode>>{
           {"", grpc::INVALID_ARGUMENT},
           {"importJobs", grpc::INVALID_ARGUMENT},
           {"importJobs/x/y", grpc::INVALID_ARGUMENT},
           {"states/LTU", grpc::INVALID_ARGUMENT},
           {"importJobs/999", grpc::NOT_FOUND}}) {
    v1::GetImportJobRequest request;
    request.set_name(name);
    EXPECT_EQ(Try(imports_, &Stub::GetImportJob, request).error_code(), code)
        << name;
  }
}

TEST_F(ImportServerTest, ListsJobsPageByPageNewestFirst) {
  Seed();
  EXPECT_TRUE(Must(imports_, &Stub::ListImportJobs, v1::ListImportJobsRequest())
                  .import_jobs()
                  .empty());
  std::vector<std::string> expected;
  for (int i = 0; i < 5; ++i) {
    expected.insert(expected.begin(), Apply(OptionsOf(v1::IMPORT_KIND_RECORDS),
                                            Office(absl::StrCat("o", i)))
                                          .job.name());
  }
  v1::ListImportJobsRequest request;
  request.set_page_size(2);
  std::vector<std::string> walked;
  do {
    const auto page = Must(imports_, &Stub::ListImportJobs, request);
    EXPECT_LE(page.import_jobs_size(), 2);
    for (const auto& job : page.import_jobs()) walked.push_back(job.name());
    request.set_page_token(page.next_page_token());
    // What comes later is before the first page.
    if (walked.size() == 2) {
      Apply(OptionsOf(v1::IMPORT_KIND_RECORDS), Office("later"));
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(walked, expected);
}

// A page has as many jobs as there is room for in an answer.
TEST_F(ImportServerTest, ListsJobsWithManyOptions) {
  Seed();
  v1::ImportOptions options = OptionsOf(v1::IMPORT_KIND_STATES);
  for (int i = 0; i < 510; ++i) {
    (*options.mutable_columns())[absl::StrCat(i, std::string(190, 'x'))] = "-";
  }
  (*options.mutable_columns())["name"] = "short_name_en";
  for (int i = 0; i < 60; ++i) {
    Apply(options, absl::StrCat("alpha3,name\nNOR,Norway ", i, "\n"));
  }
  v1::ListImportJobsRequest request;
  request.set_page_size(1000);
  size_t walked = 0;
  do {
    const auto page = Must(imports_, &Stub::ListImportJobs, request);
    ASSERT_GT(page.import_jobs_size(), 0);
    walked += static_cast<size_t>(page.import_jobs_size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(walked, 60U);
}

TEST_F(ImportServerTest, ListRefusesWhatItCannotRead) {
  Seed();
  v1::ListHistoryRequest history;
  history.set_name("states/LTU");
  history.set_page_size(1);
  v1::UpdateStateRequest update;
  *update.mutable_state() = MakeState("LTU", "Republic of Lithuania");
  Must(directory_, &v1::DirectoryService::Stub::UpdateState, update);
  const std::string other =
      Must(changes_, &v1::ChangeService::Stub::ListHistory, history)
          .next_page_token();
  ASSERT_NE(other, "");
  const struct {
    int size;
    std::string token;
    const char* field;
  } cases[] = {{-1, "", "page_size"},
               {1001, "", "page_size"},
               {0, "x", "page_token"},
               {0, std::string(5000, 'A'), "page_token"},
               {0, other, "page_token"}};
  for (const auto& c : cases) {
    v1::ListImportJobsRequest request;
    request.set_page_size(c.size);
    request.set_page_token(c.token);
    const grpc::Status status = Try(imports_, &Stub::ListImportJobs, request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOfError(status), c.field);
  }
}

}  // namespace
}  // namespace comity
