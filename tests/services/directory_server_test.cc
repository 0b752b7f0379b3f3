#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "services/core.h"
#include "services/create.h"
#include "store/records.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using google::protobuf::util::MessageDifferencer;
using Stub = v1::DirectoryService::Stub;

constexpr char kMinistry[] = "states/LTU/authorities/ministry";
constexpr char kFirst[] = "states/LTU/designations/first";

class DirectoryServerTest : public ServerTest {
 protected:
  v1::FindContactsRequest FindRequest(const std::string& state,
                                      const std::string& function,
                                      const std::string& as_of = "2020-01-01") {
    v1::FindContactsRequest request;
    request.set_state(state);
    request.set_function(function);
    request.set_as_of(as_of);
    return request;
  }

  v1::Authority GetAuthority(const std::string& name) {
    v1::GetAuthorityRequest request;
    request.set_name(name);
    return Must(directory_, &Stub::GetAuthority, request);
  }

  std::vector<std::string> NamesOf(const v1::FindContactsResponse& response) {
    std::vector<std::string> names;
    for (const v1::FoundContact& each : response.contacts()) {
      names.push_back(std::string(names::LastOf(each.designation().name())));
    }
    return names;
  }
};

// FindContacts --------------------------------------------------------------

TEST_F(DirectoryServerTest, FindsWhomToContactByAnyName) {
  Seed();
  for (const auto& [state, function] :
       std::vector<std::pair<std::string, std::string>>{
           {"states/LTU", "functions/mla"},
           {"ltu", "mla"},
           {"Lithuania", "Mutual legal assistance"}}) {
    const v1::FindContactsResponse response =
        Must(directory_, &Stub::FindContacts, FindRequest(state, function));
    ASSERT_EQ(response.contacts_size(), 1) << state;
    EXPECT_EQ(response.contacts(0).designation().name(), kFirst);
    EXPECT_EQ(response.contacts(0).authority().name(), kMinistry);
    EXPECT_FALSE(response.contacts(0).advice().empty());
    EXPECT_EQ(response.state(), "states/LTU");
    EXPECT_EQ(response.function(), "functions/mla");
    EXPECT_EQ(response.as_of(), "2020-01-01");
    EXPECT_EQ(response.total_size(), 1);
    EXPECT_EQ(response.sequence(), store_->published());
  }
}

TEST_F(DirectoryServerTest, FindRefusesWhatItCannotRead) {
  Seed();
  v1::FindContactsRequest size = FindRequest("LTU", "mla");
  size.set_page_size(1001);
  v1::FindContactsRequest token = FindRequest("LTU", "mla");
  token.set_page_token("eHg");
  v1::FindContactsRequest treaty = FindRequest("LTU", "mla");
  treaty.set_treaty("no such treaty");
  v1::FindContactsRequest article = FindRequest("LTU", "mla");
  article.set_article("articles 1 to 5");
  v1::FindContactsRequest future = FindRequest("LTU", "mla");
  future.mutable_known_at()->set_seconds(4102444800);
  v1::FindContactsRequest range = FindRequest("LTU", "mla");
  range.mutable_known_at()->set_nanos(-1);
  const struct {
    const char* what;
    v1::FindContactsRequest request;
    grpc::StatusCode code;
    const char* field;
  } cases[] = {
      {"no State", FindRequest("", "mla"), grpc::INVALID_ARGUMENT, "state"},
      {"unknown State", FindRequest("Atlantis", "mla"), grpc::NOT_FOUND, ""},
      {"malformed State", FindRequest("states/", "mla"), grpc::INVALID_ARGUMENT,
       "state"},
      {"no function", FindRequest("LTU", ""), grpc::INVALID_ARGUMENT,
       "function"},
      {"unknown function", FindRequest("LTU", "zzz"), grpc::NOT_FOUND, ""},
      {"no day", FindRequest("LTU", "mla", "2020-02-30"),
       grpc::INVALID_ARGUMENT, "as_of"},
      {"a partial day", FindRequest("LTU", "mla", "2020"),
       grpc::INVALID_ARGUMENT, "as_of"},
      {"page_size over the limit", size, grpc::INVALID_ARGUMENT, "page_size"},
      {"token of nothing", token, grpc::INVALID_ARGUMENT, "page_token"},
      {"unknown treaty", treaty, grpc::NOT_FOUND, ""},
      {"several articles", article, grpc::INVALID_ARGUMENT, "article"},
      {"a time to come", future, grpc::INVALID_ARGUMENT, "known_at"},
      {"no time", range, grpc::INVALID_ARGUMENT, "known_at"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const grpc::Status status = Try(directory_, &Stub::FindContacts, c.request);
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    if (c.code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), c.field);
    }
    EXPECT_EQ(DetailsOf(status).info.domain(), "comity");
  }
}

TEST_F(DirectoryServerTest, SuggestsTheStateThatIsNear) {
  Seed();
  const grpc::Status status =
      Try(directory_, &Stub::FindContacts, FindRequest("Lithuana", "mla"));
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_NE(status.error_message().find("Lithuania"), std::string::npos)
      << status.error_message();
}

TEST_F(DirectoryServerTest, FindsInTheOrderOfStarts) {
  Seed();
  CreateDesignation("LTU", MakeDesignation(kMinistry, "2010-01-01"), "b-old");
  CreateDesignation("LTU", MakeDesignation(kMinistry, "2015-01-01"), "c-new");
  CreateDesignation("LTU", MakeDesignation(kMinistry), "a-unknown");
  v1::Designation ended = MakeDesignation(kMinistry, "2001-01-01");
  ended.mutable_valid_until()->set_date("2020-01-01");
  CreateDesignation("LTU", ended, "ended");
  v1::Designation other = MakeDesignation(kMinistry, "2012-01-01");
  other.set_article("16(5)");
  CreateDesignation("LTU", other, "other-article");
  const auto on = [&](const std::string& day) {
    return NamesOf(
        Must(directory_, &Stub::FindContacts, FindRequest("LTU", "mla", day)));
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(on("2020-01-01"),
            (Names{"c-new", "other-article", "b-old", "a-unknown", "first"}));
  EXPECT_EQ(on("2019-12-31"), (Names{"c-new", "other-article", "b-old", "ended",
                                     "a-unknown", "first"}));
  EXPECT_EQ(on("2000-01-01"), (Names{"a-unknown", "first"}));
  v1::FindContactsRequest article = FindRequest("LTU", "mla");
  article.set_article("art. 16");
  const auto found = Must(directory_, &Stub::FindContacts, article);
  EXPECT_EQ(NamesOf(found), Names{"other-article"});
  EXPECT_EQ(found.total_size(), 1);
}

TEST_F(DirectoryServerTest, PagesOfContactsNeverSkipOrRepeat) {
  Seed();
  for (int i = 0; i < 12; ++i) {
    CreateDesignation("LTU", MakeDesignation(kMinistry),
                      absl::StrCat("d", 10 + i));
  }
  v1::FindContactsRequest request = FindRequest("LTU", "mla", "");
  const auto all = Must(directory_, &Stub::FindContacts, request);
  ASSERT_EQ(all.contacts_size(), 13);
  request.set_page_size(5);
  std::vector<std::string> walked;
  do {
    const auto page = Must(directory_, &Stub::FindContacts, request);
    EXPECT_EQ(page.total_size(), 13);
    EXPECT_EQ(page.sequence(), all.sequence());
    for (const auto& name : NamesOf(page)) walked.push_back(name);
    request.set_page_token(page.next_page_token());
    // What changes between the pages does not change them.
    CreateDesignation("LTU", MakeDesignation(kMinistry, "2019-01-01"));
    v1::DeleteDesignationRequest remove;
    remove.set_name(absl::StrCat("states/LTU/designations/", walked.back()));
    Must(directory_, &Stub::DeleteDesignation, remove);
    Tick();
    // Nor does the day on which it is asked.
    clock_.Advance(absl::Hours(24));
  } while (!request.page_token().empty());
  EXPECT_EQ(walked, NamesOf(all));
}

// Both ways to find designations, in memory and by lookups, must agree.
TEST_F(DirectoryServerTest, FindsTheSameNowAndAsKnownNow) {
  Seed();
  for (int i = 0; i < 30; ++i) {
    v1::Designation designation =
        MakeDesignation(i % 4 == 0 ? "" : kMinistry,
                        i % 3 == 0 ? "" : absl::StrCat(2000 + i % 7, "-01-01"));
    if (i % 5 == 0) designation.mutable_valid_from()->set_open(true);
    if (i % 6 == 0) {
      designation.mutable_valid_until()->set_date(
          absl::StrCat(2008 + i % 4, "-06-01"));
    }
    CreateDesignation("LTU", designation, absl::StrCat("d", i));
  }
  for (int i = 0; i < 30; i += 7) {
    v1::DeleteDesignationRequest remove;
    remove.set_name(absl::StrCat("states/LTU/designations/d", i));
    Must(directory_, &Stub::DeleteDesignation, remove);
    Tick();
  }
  for (const char* day : {"1999-01-01", "2003-01-01", "2009-01-01", ""}) {
    v1::FindContactsRequest request = FindRequest("LTU", "mla", day);
    request.set_page_size(1000);
    const auto now = Must(directory_, &Stub::FindContacts, request);
    *request.mutable_known_at() = Now();
    const auto known = Must(directory_, &Stub::FindContacts, request);
    EXPECT_GT(now.contacts_size(), 0);
    EXPECT_TRUE(MessageDifferencer::Equals(now, known)) << day;
  }
}

TEST_F(DirectoryServerTest, KnownAtTellsWhatWasKnown) {
  const auto before_all = Now();
  Tick();
  Seed();
  const auto seeded = Now();
  Tick();
  v1::UpdateAuthorityRequest rename;
  rename.mutable_authority()->set_name(kMinistry);
  *rename.mutable_authority()->add_display_names() = Text("Justice Office");
  rename.mutable_update_mask()->add_paths("display_names");
  Must(directory_, &Stub::UpdateAuthority, rename);
  Tick();
  v1::DeleteDesignationRequest remove;
  remove.set_name(kFirst);
  Must(directory_, &Stub::DeleteDesignation, remove);
  Tick();
  v1::FindContactsRequest request = FindRequest("LTU", "mla");
  EXPECT_EQ(Must(directory_, &Stub::FindContacts, request).contacts_size(), 0);
  *request.mutable_known_at() = seeded;
  const auto known = Must(directory_, &Stub::FindContacts, request);
  ASSERT_EQ(known.contacts_size(), 1);
  EXPECT_EQ(known.contacts(0).authority().display_names(0).text(),
            "Ministry of Justice");
  // Nothing was known then, not even the State.
  *request.mutable_known_at() = before_all;
  EXPECT_EQ(Try(directory_, &Stub::FindContacts, request).error_code(),
            grpc::NOT_FOUND);
  v1::ListStatesRequest list;
  *list.mutable_known_at() = before_all;
  EXPECT_EQ(Must(directory_, &Stub::ListStates, list).states_size(), 0);
}

// ResolveState ---------------------------------------------------------------

TEST_F(DirectoryServerTest, ResolvesStates) {
  Seed();
  v1::ResolveStateRequest request;
  request.set_query("lithuania");
  EXPECT_EQ(Must(directory_, &Stub::ResolveState, request).state(),
            "states/LTU");
  for (const auto& [query, limit, field] :
       std::vector<std::tuple<std::string, int, std::string>>{
           {"", 0, "query"},
           {std::string(801, 'x'), 0, "query"},
           {"x", -1, "limit"},
           {"x", 51, "limit"}}) {
    request.set_query(query);
    request.set_limit(limit);
    const grpc::Status status = Try(directory_, &Stub::ResolveState, request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(FieldOfError(status), field);
  }
}

// Get, list, batch get
// ---------------------------------------------------------

TEST_F(DirectoryServerTest, GetsWithEtagAndTimes) {
  Seed();
  const v1::Authority authority = GetAuthority(kMinistry);
  EXPECT_EQ(authority.etag().size(), 32U);
  EXPECT_GT(authority.create_time().seconds(), 0);
  EXPECT_EQ(authority.display_names(0).text(), "Ministry of Justice");
}

TEST_F(DirectoryServerTest, GetRefusesWhatIsNoName) {
  Seed();
  for (const auto& [name, code] :
       std::vector<std::pair<std::string, grpc::StatusCode>>{
           {"", grpc::INVALID_ARGUMENT},
           {"states/LTU", grpc::INVALID_ARGUMENT},
           {"states/ltu/authorities/x", grpc::INVALID_ARGUMENT},
           {std::string("states/LTU/authorities/a\0b", 26),
            grpc::INVALID_ARGUMENT},
           {"states/LTU/authorities/none", grpc::NOT_FOUND},
           {"states/XXX/authorities/ministry", grpc::NOT_FOUND}}) {
    v1::GetAuthorityRequest request;
    request.set_name(name);
    const grpc::Status status = Try(directory_, &Stub::GetAuthority, request);
    EXPECT_EQ(status.error_code(), code) << name;
    if (code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), "name");
    }
  }
}

TEST_F(DirectoryServerTest, ListsPageByPageAsOfTheFirst) {
  Seed();
  for (int i = 0; i < 10; ++i) {
    CreateAuthority(i % 2 == 0 ? "LTU" : "FRA", absl::StrCat("Office ", i));
  }
  const auto walk = [&](const std::string& parent, int size, bool write) {
    std::vector<std::string> names;
    v1::ListAuthoritiesRequest request;
    request.set_parent(parent);
    request.set_page_size(size);
    do {
      const auto page = Must(directory_, &Stub::ListAuthorities, request);
      EXPECT_LE(page.authorities_size(), size);
      for (const auto& each : page.authorities()) names.push_back(each.name());
      request.set_page_token(page.next_page_token());
      if (write) CreateAuthority("LTU", absl::StrCat("Aa ", names.size()));
    } while (!request.page_token().empty());
    return names;
  };
  const std::vector<std::string> all = walk("states/-", 1000, false);
  EXPECT_EQ(all.size(), 11U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(walk("states/FRA", 1000, false).size(), 5U);
  EXPECT_EQ(walk("states/-", 3, false), all);
  EXPECT_EQ(walk("states/-", 11, false), all);
  EXPECT_EQ(walk("states/-", 4, true), all);
}

TEST_F(DirectoryServerTest, ListRefusesWhatItCannotRead) {
  Seed();
  for (const auto& [parent, size, token, code, field] :
       std::vector<std::tuple<std::string, int, std::string, grpc::StatusCode,
                              std::string>>{
           {"", 0, "", grpc::INVALID_ARGUMENT, "parent"},
           {"LTU", 0, "", grpc::INVALID_ARGUMENT, "parent"},
           {"-", 0, "", grpc::INVALID_ARGUMENT, "parent"},
           {"treaties/-", 0, "", grpc::INVALID_ARGUMENT, "parent"},
           {"states/XXX", 0, "", grpc::NOT_FOUND, ""},
           {"states/LTU", -1, "", grpc::INVALID_ARGUMENT, "page_size"},
           {"states/LTU", 1001, "", grpc::INVALID_ARGUMENT, "page_size"},
           {"states/LTU", 0, "eHg", grpc::INVALID_ARGUMENT, "page_token"},
           {"states/LTU", 0, "%%%", grpc::INVALID_ARGUMENT, "page_token"}}) {
    SCOPED_TRACE(absl::StrCat(parent, " ", size, " ", token));
    v1::ListAuthoritiesRequest request;
    request.set_parent(parent);
    request.set_page_size(size);
    request.set_page_token(token);
    const grpc::Status status =
        Try(directory_, &Stub::ListAuthorities, request);
    EXPECT_EQ(status.error_code(), code);
    if (!field.empty()) {
      EXPECT_EQ(FieldOfError(status), field);
    }
  }
}

TEST_F(DirectoryServerTest, FiltersDesignations) {
  Seed();
  CreateAuthority("LTU", "Prosecutor", "prosecutor");
  v1::Designation later =
      MakeDesignation("states/LTU/authorities/prosecutor", "2015-01-01");
  CreateDesignation("LTU", later, "later");
  const auto count = [&](const std::string& field, const std::string& value) {
    v1::ListDesignationsRequest request;
    request.set_parent("states/-");
    request.GetReflection()->SetString(
        &request, request.GetDescriptor()->FindFieldByName(field), value);
    return Must(directory_, &Stub::ListDesignations, request)
        .designations_size();
  };
  EXPECT_EQ(count("authority", kMinistry), 1);
  EXPECT_EQ(count("treaty", "treaties/untoc"), 2);
  EXPECT_EQ(count("treaty", "treaties/other"), 0);
  EXPECT_EQ(count("function", "functions/mla"), 2);
  EXPECT_EQ(count("as_of", "2014-12-31"), 1);
  EXPECT_EQ(count("as_of", "2015-01-01"), 2);
  v1::ListDesignationsRequest bad;
  bad.set_parent("states/LTU");
  bad.set_treaty("untoc");
  EXPECT_EQ(FieldOfError(Try(directory_, &Stub::ListDesignations, bad)),
            "treaty");
}

TEST_F(DirectoryServerTest, BatchGetsInTheOrderAskedFor) {
  Seed();
  CreateAuthority("FRA", "Bureau", "bureau");
  v1::BatchGetAuthoritiesRequest request;
  request.add_names(kMinistry);
  request.add_names("states/FRA/authorities/bureau");
  request.add_names(kMinistry);
  const auto found = Must(directory_, &Stub::BatchGetAuthorities, request);
  ASSERT_EQ(found.authorities_size(), 3);
  EXPECT_EQ(found.authorities(0).name(), kMinistry);
  EXPECT_EQ(found.authorities(1).name(), "states/FRA/authorities/bureau");

  request.set_parent("states/LTU");
  grpc::Status status = Try(directory_, &Stub::BatchGetAuthorities, request);
  EXPECT_EQ(FieldOfError(status), "names[1]");
  request.set_parent("states/-");
  request.add_names("states/LTU/authorities/none");
  status = Try(directory_, &Stub::BatchGetAuthorities, request);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  request.clear_names();
  status = Try(directory_, &Stub::BatchGetAuthorities, request);
  EXPECT_EQ(FieldOfError(status), "names");
  for (int i = 0; i < 501; ++i) request.add_names(kMinistry);
  status = Try(directory_, &Stub::BatchGetAuthorities, request);
  EXPECT_EQ(FieldOfError(status), "names");
}

// Create
// ------------------------------------------------------------------------

// A page has as many records as there is room for in an answer; what cannot be
// paged is refused.
TEST_F(DirectoryServerTest, LargeRecordsFitIntoAnswers) {
  Seed();
  constexpr int kOffices = 25;
  v1::BatchGetAuthoritiesRequest batch;
  for (int i = 0; i < kOffices; ++i) {
    v1::CreateAuthorityRequest create;
    create.set_parent("states/FRA");
    *create.mutable_authority() = MakeAuthority(absl::StrCat("Office ", i));
    for (int note = 0; note < 15; ++note) {
      create.mutable_authority()->add_notes(std::string(15 << 10, 'x'));
    }
    const v1::Authority made = Must(directory_, &Stub::CreateAuthority, create);
    batch.add_names(made.name());
    CreateDesignation("FRA", MakeDesignation(made.name()));
  }
  v1::ListAuthoritiesRequest list;
  list.set_parent("states/FRA");
  list.set_page_size(1000);
  std::set<std::string> walked;
  do {
    const auto page = Must(directory_, &Stub::ListAuthorities, list);
    ASSERT_GT(page.authorities_size(), 0);
    for (const auto& each : page.authorities()) walked.insert(each.name());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(walked.size(), size_t{kOffices});

  v1::FindContactsRequest find = FindRequest("FRA", "mla");
  find.set_page_size(1000);
  walked.clear();
  do {
    const auto page = Must(directory_, &Stub::FindContacts, find);
    ASSERT_GT(page.contacts_size(), 0);
    EXPECT_EQ(page.total_size(), kOffices);
    for (const auto& each : page.contacts()) {
      walked.insert(each.designation().name());
    }
    find.set_page_token(page.next_page_token());
  } while (!find.page_token().empty());
  EXPECT_EQ(walked.size(), size_t{kOffices});

  const grpc::Status status =
      Try(directory_, &Stub::BatchGetAuthorities, batch);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldOfError(status), "names");
  batch.mutable_names()->DeleteSubrange(10, kOffices - 10);
  EXPECT_EQ(
      Must(directory_, &Stub::BatchGetAuthorities, batch).authorities_size(),
      10);
}

// What a caller asked for that left while other writers had their turn.
TEST_F(DirectoryServerTest, AWriteWhoseCallerLeftIsNotDone) {
  Seed();
  Core core;
  core.store = store_.get();
  core.clock = &clock_;
  Call call;
  call.cancelled = [] { return true; };
  v1::CreateAuthorityRequest create;
  create.set_parent("states/FRA");
  *create.mutable_authority() = MakeAuthority("Bureau");
  v1::Authority made;
  const uint64_t published = store_->published();
  EXPECT_TRUE(
      absl::IsCancelled(comity::CreateAuthority(core, call, create, &made)));
  EXPECT_EQ(store_->published(), published);
}

TEST_F(DirectoryServerTest, MakesIdsFromNames) {
  Seed();
  EXPECT_EQ(CreateAuthority("FRA", "Bureau de l'entraide pénale").name(),
            "states/FRA/authorities/bureau-de-lentraide-penale");
  EXPECT_EQ(CreateAuthority("FRA", "Bureau de l’entraide pénale").name(),
            "states/FRA/authorities/bureau-de-lentraide-penale-2");
  const v1::Designation made =
      CreateDesignation("LTU", MakeDesignation(kMinistry));
  EXPECT_EQ(made.name(), "states/LTU/designations/untoc-18-13-mla-1");
  EXPECT_EQ(made.running_number(), 1);
  const v1::Designation next =
      CreateDesignation("LTU", MakeDesignation(kMinistry));
  EXPECT_EQ(next.name(), "states/LTU/designations/untoc-18-13-mla-2");
  EXPECT_EQ(next.running_number(), 2);
}

TEST_F(DirectoryServerTest, NeverGivesANameAgain) {
  Seed();
  CreateAuthority("FRA", "Bureau", "bureau");
  v1::DeleteAuthorityRequest remove;
  remove.set_name("states/FRA/authorities/bureau");
  Must(directory_, &Stub::DeleteAuthority, remove);
  v1::CreateAuthorityRequest create;
  create.set_parent("states/FRA");
  create.set_authority_id("bureau");
  *create.mutable_authority() = MakeAuthority("Bureau");
  EXPECT_EQ(Try(directory_, &Stub::CreateAuthority, create).error_code(),
            grpc::ALREADY_EXISTS);
  create.clear_authority_id();
  EXPECT_EQ(Must(directory_, &Stub::CreateAuthority, create).name(),
            "states/FRA/authorities/bureau-2");
}

TEST_F(DirectoryServerTest, CreateTellsAllThatIsWrong) {
  v1::CreateStateRequest request;
  *request.mutable_state() = MakeState("NOR", "Norway");
  request.mutable_state()->set_alpha2("no");
  request.mutable_state()->set_m49("57");
  request.mutable_state()->add_languages("English");
  const grpc::Status status = Try(directory_, &Stub::CreateState, request);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  std::vector<std::string> fields;
  const ErrorDetails details = DetailsOf(status);
  for (const auto& each : details.bad_request.field_violations()) {
    fields.push_back(each.field());
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"state.alpha2", "state.m49",
                                              "state.languages[1]"}));
  EXPECT_EQ(store_->published(), 0U);
}

TEST_F(DirectoryServerTest, CreateRefusesWhatDoesNotFit) {
  Seed();
  v1::CreateAuthorityRequest good;
  good.set_parent("states/LTU");
  *good.mutable_authority() = MakeAuthority("Office");
  const auto with = [&](auto change) {
    v1::CreateAuthorityRequest request = good;
    change(&request);
    return request;
  };
  using Request = v1::CreateAuthorityRequest;
  const struct {
    const char* what;
    Request request;
    grpc::StatusCode code;
    const char* field;
  } cases[] = {
      {"no parent", with([](Request* r) { r->clear_parent(); }),
       grpc::INVALID_ARGUMENT, "parent"},
      {"all States", with([](Request* r) { r->set_parent("states/-"); }),
       grpc::INVALID_ARGUMENT, "parent"},
      {"unknown State", with([](Request* r) { r->set_parent("states/XXX"); }),
       grpc::FAILED_PRECONDITION, ""},
      {"malformed id", with([](Request* r) { r->set_authority_id("A b"); }),
       grpc::INVALID_ARGUMENT, "authority_id"},
      {"taken id", with([](Request* r) { r->set_authority_id("ministry"); }),
       grpc::ALREADY_EXISTS, ""},
      {"no record", with([](Request* r) { r->clear_authority(); }),
       grpc::INVALID_ARGUMENT, "authority.display_names"},
      {"name elsewhere", with([](Request* r) {
         r->mutable_authority()->set_name("states/FRA/authorities/x");
       }),
       grpc::INVALID_ARGUMENT, "authority.name"},
      {"request_id is no UUID",
       with([](Request* r) { r->set_request_id("1"); }), grpc::INVALID_ARGUMENT,
       "request_id"},
  };
  const uint64_t before = store_->published();
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const grpc::Status status =
        Try(directory_, &Stub::CreateAuthority, c.request);
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    if (c.code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), c.field);
    }
  }
  EXPECT_EQ(store_->published(), before);
}

TEST_F(DirectoryServerTest, DesignationsReferToWhatIsThere) {
  Seed();
  const auto attempt = [&](auto change) {
    v1::CreateDesignationRequest request;
    request.set_parent("states/LTU");
    *request.mutable_designation() = MakeDesignation(kMinistry);
    change(request.mutable_designation());
    return Try(directory_, &Stub::CreateDesignation, request);
  };
  for (const auto& status :
       {attempt([](v1::Designation* d) { d->set_treaty("treaties/none"); }),
        attempt([](v1::Designation* d) { d->set_function("functions/none"); }),
        attempt([](v1::Designation* d) {
          d->set_authority("states/LTU/authorities/none");
        })}) {
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
    EXPECT_EQ(ReasonOfError(status), "REFERENCE_MISSING");
  }
  EXPECT_EQ(attempt([](v1::Designation* d) {
              d->set_authority("states/FRA/authorities/x");
            }).error_code(),
            grpc::INVALID_ARGUMENT);
}

TEST_F(DirectoryServerTest, ValidateOnlyWritesNothing) {
  Seed();
  const uint64_t before = store_->published();
  v1::CreateAuthorityRequest create;
  create.set_parent("states/FRA");
  create.set_validate_only(true);
  *create.mutable_authority() = MakeAuthority("Bureau");
  const v1::Authority would = Must(directory_, &Stub::CreateAuthority, create);
  EXPECT_EQ(would.name(), "states/FRA/authorities/bureau");
  EXPECT_EQ(would.etag().size(), 32U);
  v1::DeleteDesignationRequest remove;
  remove.set_name(kFirst);
  remove.set_validate_only(true);
  Must(directory_, &Stub::DeleteDesignation, remove);
  EXPECT_EQ(store_->published(), before);
  EXPECT_OK(store_->Get<v1::Designation>(kFirst));
  // It checks what a write would.
  create.mutable_authority()->clear_display_names();
  EXPECT_EQ(Try(directory_, &Stub::CreateAuthority, create).error_code(),
            grpc::INVALID_ARGUMENT);
}

// Update
// ------------------------------------------------------------------------

TEST_F(DirectoryServerTest, RenamingKeepsTheFormerName) {
  Seed();
  v1::Authority changed = GetAuthority(kMinistry);
  changed.mutable_display_names(0)->set_text("Office of Justice");
  v1::UpdateAuthorityRequest request;
  *request.mutable_authority() = changed;
  request.mutable_update_mask()->add_paths("display_names");
  const auto renamed = Must(directory_, &Stub::UpdateAuthority, request);
  EXPECT_EQ(renamed.name(), kMinistry);
  EXPECT_EQ(renamed.display_names(0).text(), "Office of Justice");
  ASSERT_EQ(renamed.former_names_size(), 1);
  EXPECT_EQ(renamed.former_names(0).text(), "Ministry of Justice");
  EXPECT_NE(renamed.etag(), changed.etag());
  request.mutable_authority()->clear_etag();
  request.mutable_authority()->mutable_display_names(0)->set_text("Third");
  const auto third = Must(directory_, &Stub::UpdateAuthority, request);
  ASSERT_EQ(third.former_names_size(), 2);
  EXPECT_EQ(third.former_names(0).text(), "Office of Justice");
}

TEST_F(DirectoryServerTest, MaskReplacesWhatItNames) {
  Seed();
  v1::Designation full = MakeDesignation(kMinistry, "2010-01-01");
  full.mutable_notification()->set_date("2009-05-05");
  full.mutable_notification()->set_reference("C.N.1");
  full.add_languages("lt");
  full.set_competence("all");
  full = CreateDesignation("LTU", full, "full");
  const auto update = [&](const v1::Designation& given,
                          const std::vector<std::string>& paths) {
    v1::UpdateDesignationRequest request;
    *request.mutable_designation() = given;
    request.mutable_designation()->set_name(full.name());
    for (const auto& path : paths)
      request.mutable_update_mask()->add_paths(path);
    return Must(directory_, &Stub::UpdateDesignation, request);
  };
  v1::Designation given;
  given.mutable_notification()->set_date("2009-06-06");
  given.add_languages("en");
  v1::Designation got = update(given, {"notification.date", "languages"});
  EXPECT_EQ(got.notification().date(), "2009-06-06");
  EXPECT_EQ(got.notification().reference(), "C.N.1");
  ASSERT_EQ(got.languages_size(), 1);
  EXPECT_EQ(got.languages(0), "en");
  EXPECT_EQ(got.competence(), "all");
  EXPECT_EQ(got.create_time().seconds(), full.create_time().seconds());

  // What the mask names and the record lacks is cleared.
  got = update(
      {}, {"notification.reference", "competence", "valid_from", "languages"});
  EXPECT_EQ(got.notification().date(), "2009-06-06");
  EXPECT_EQ(got.notification().reference(), "");
  EXPECT_EQ(got.competence(), "");
  EXPECT_FALSE(got.has_valid_from());
  EXPECT_TRUE(got.languages().empty());
  EXPECT_EQ(got.authority(), kMinistry);

  // Another member of a oneof takes its place.
  given.Clear();
  given.mutable_valid_from()->set_unknown(true);
  got = update(given, {"valid_from.unknown"});
  EXPECT_TRUE(got.valid_from().unknown());
  given.mutable_valid_from()->set_date("2011-01-01");
  got = update(given, {"valid_from.date"});
  EXPECT_EQ(got.valid_from().date(), "2011-01-01");

  // No mask, or `*`: all.
  v1::Designation whole = MakeDesignation(kMinistry);
  whole.set_competence("trial");
  for (const auto& paths : {std::vector<std::string>{}, {"*"}}) {
    whole.add_channels("post");
    got = update(whole, paths);
    EXPECT_EQ(got.competence(), "trial");
    EXPECT_EQ(got.channels_size(), whole.channels_size());
    EXPECT_FALSE(got.has_notification());
  }
}

TEST_F(DirectoryServerTest, MaskRefusesWhatItCannotChange) {
  Seed();
  for (const char* path :
       {"nothing", "name", "etag", "create_time", "update_time", ".", "unit.",
        ".unit", "a..b", "create_time.seconds", "contacts.emails", "", "*.x",
        "display_names.text", "kind.x"}) {
    v1::UpdateAuthorityRequest request;
    *request.mutable_authority() = MakeAuthority("X");
    request.mutable_authority()->set_name(kMinistry);
    request.mutable_update_mask()->add_paths("unit");
    request.mutable_update_mask()->add_paths(path);
    const grpc::Status status =
        Try(directory_, &Stub::UpdateAuthority, request);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << path;
    EXPECT_EQ(FieldOfError(status), "update_mask");
  }
}

TEST_F(DirectoryServerTest, UpdateRefusesWhatIsNotThere) {
  Seed();
  v1::UpdateAuthorityRequest request;
  *request.mutable_authority() = MakeAuthority("X");
  EXPECT_EQ(FieldOfError(Try(directory_, &Stub::UpdateAuthority, request)),
            "authority.name");
  request.mutable_authority()->set_name("states/LTU/authorities/none");
  EXPECT_EQ(Try(directory_, &Stub::UpdateAuthority, request).error_code(),
            grpc::NOT_FOUND);
}

TEST_F(DirectoryServerTest, EtagGuardsAgainstLostUpdates) {
  Seed();
  const v1::Authority read = GetAuthority(kMinistry);
  std::vector<grpc::Status> statuses(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < statuses.size(); ++i) {
    threads.emplace_back([&, i] {
      v1::UpdateAuthorityRequest request;
      *request.mutable_authority() = read;
      request.mutable_authority()->set_unit(absl::StrCat("unit ", i));
      statuses[i] = Try(directory_, &Stub::UpdateAuthority, request);
    });
  }
  for (std::thread& thread : threads) thread.join();
  int won = 0;
  for (const grpc::Status& status : statuses) {
    won += status.ok() ? 1 : 0;
    if (status.ok()) continue;
    EXPECT_EQ(status.error_code(), grpc::ABORTED);
    EXPECT_EQ(ReasonOfError(status), "ETAG_MISMATCH");
  }
  EXPECT_EQ(won, 1);
  v1::DeleteDesignationRequest remove;
  remove.set_name(kFirst);
  remove.set_etag("0123");
  EXPECT_EQ(Try(directory_, &Stub::DeleteDesignation, remove).error_code(),
            grpc::ABORTED);
}

TEST_F(DirectoryServerTest, UpdateWithoutChangeWritesNothing) {
  Seed();
  const uint64_t before = store_->published();
  const v1::Authority read = GetAuthority(kMinistry);
  v1::UpdateAuthorityRequest request;
  *request.mutable_authority() = read;
  const v1::Authority got = Must(directory_, &Stub::UpdateAuthority, request);
  EXPECT_TRUE(MessageDifferencer::Equals(got, read)) << got.DebugString();
  EXPECT_EQ(store_->published(), before);
}

// Repetition
// --------------------------------------------------------------------

TEST_F(DirectoryServerTest, RepeatedRequestsGetTheFirstAnswer) {
  Seed();
  v1::CreateAuthorityRequest create;
  create.set_parent("states/FRA");
  create.set_request_id("0F5B7C2E-9B0E-4b7e-8f00-aabbccddeeff");
  *create.mutable_authority() = MakeAuthority("Bureau");
  const v1::Authority first = Must(directory_, &Stub::CreateAuthority, create);
  v1::UpdateAuthorityRequest update;
  *update.mutable_authority() = first;
  update.mutable_authority()->set_unit("later");
  Must(directory_, &Stub::UpdateAuthority, update);
  Tick();
  const uint64_t before = store_->published();
  const v1::Authority again = Must(directory_, &Stub::CreateAuthority, create);
  EXPECT_TRUE(MessageDifferencer::Equals(again, first));
  EXPECT_EQ(store_->published(), before);
  // The same id for something else.
  create.mutable_authority()->set_unit("other");
  EXPECT_EQ(Try(directory_, &Stub::CreateAuthority, create).error_code(),
            grpc::INVALID_ARGUMENT);

  v1::DeleteAuthorityRequest remove;
  remove.set_name(first.name());
  remove.set_request_id("0f5b7c2e-9b0e-4b7e-8f00-000000000001");
  Must(directory_, &Stub::DeleteAuthority, remove);
  Must(directory_, &Stub::DeleteAuthority, remove);
  remove.clear_request_id();
  EXPECT_EQ(Try(directory_, &Stub::DeleteAuthority, remove).error_code(),
            grpc::NOT_FOUND);
}

TEST_F(DirectoryServerTest, ARequestSentEightTimesAtOnceIsDoneOnce) {
  Seed();
  const uint64_t before = store_->published();
  v1::CreateAuthorityRequest create;
  create.set_parent("states/FRA");
  create.set_request_id("0f5b7c2e-9b0e-4b7e-8f00-000000000002");
  *create.mutable_authority() = MakeAuthority("Bureau");
  std::vector<std::string> names(8);
  std::vector<std::thread> threads;
  for (std::string& name : names) {
    threads.emplace_back([&] {
      name = Must(directory_, &Stub::CreateAuthority, create).name();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& name : names) EXPECT_EQ(name, names[0]);
  EXPECT_EQ(store_->published(), before + 1);
}

// Delete
// ------------------------------------------------------------------------

TEST_F(DirectoryServerTest, WhatIsReferredToStays) {
  Seed();
  const auto expect_kept = [&](const grpc::Status& status,
                               const std::string& by) {
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION) << by;
    EXPECT_EQ(ReasonOfError(status), "STILL_REFERENCED");
    EXPECT_NE(status.error_message().find(by), std::string::npos)
        << status.error_message();
  };
  v1::DeleteStateRequest state;
  state.set_name("states/LTU");
  expect_kept(Try(directory_, &Stub::DeleteState, state), kMinistry);
  state.set_name("states/FRA");
  expect_kept(Try(directory_, &Stub::DeleteState, state),
              "treaties/untoc/participations/FRA");
  v1::DeleteFunctionRequest function;
  function.set_name("functions/mla");
  expect_kept(Try(directory_, &Stub::DeleteFunction, function), kFirst);
  v1::DeleteAuthorityRequest authority;
  authority.set_name(kMinistry);
  expect_kept(Try(directory_, &Stub::DeleteAuthority, authority), kFirst);
  v1::DeleteTreatyRequest treaty;
  treaty.set_name("treaties/untoc");
  expect_kept(Try(treaties_, &v1::TreatyService::Stub::DeleteTreaty, treaty),
              "treaties/untoc/participations/FRA");
  // A territory refers to its State.
  v1::State territory = MakeState("GUF", "French Guiana");
  territory.set_parent("states/FRA");
  CreateState(territory);
  v1::DeleteParticipationRequest participation;
  participation.set_name("treaties/untoc/participations/FRA");
  Must(treaties_, &v1::TreatyService::Stub::DeleteParticipation, participation);
  expect_kept(Try(directory_, &Stub::DeleteState, state), "states/GUF");
  // Once nothing refers to it, it goes.
  v1::DeleteStateRequest last;
  last.set_name("states/GUF");
  Must(directory_, &Stub::DeleteState, last);
  Must(directory_, &Stub::DeleteState, state);
}

TEST_F(DirectoryServerTest, NamesFiveOfManyThatReferToIt) {
  Seed();
  for (int i = 0; i < 8; ++i) {
    CreateDesignation("LTU", MakeDesignation(kMinistry));
  }
  v1::DeleteAuthorityRequest request;
  request.set_name(kMinistry);
  const grpc::Status status = Try(directory_, &Stub::DeleteAuthority, request);
  EXPECT_NE(status.error_message().find("and others"), std::string::npos)
      << status.error_message();
}

TEST_F(DirectoryServerTest, AFormerReferenceDoesNotHold) {
  Seed();
  CreateAuthority("LTU", "Prosecutor", "prosecutor");
  v1::UpdateDesignationRequest update;
  update.mutable_designation()->set_name(kFirst);
  update.mutable_designation()->set_authority(
      "states/LTU/authorities/prosecutor");
  update.mutable_update_mask()->add_paths("authority");
  Must(directory_, &Stub::UpdateDesignation, update);
  v1::DeleteAuthorityRequest request;
  request.set_name(kMinistry);
  Must(directory_, &Stub::DeleteAuthority, request);
}

// A State is deleted while offices are created in it: never both.
TEST_F(DirectoryServerTest, NothingIsCreatedUnderWhatIsDeleted) {
  for (int round = 0; round < 20; ++round) {
    const std::string code = {'A', static_cast<char>('A' + round), 'A'};
    CreateState(MakeState(code, absl::StrCat("Land ", round)));
    grpc::Status created;
    grpc::Status deleted;
    std::thread create([&] {
      v1::CreateAuthorityRequest request;
      request.set_parent("states/" + code);
      *request.mutable_authority() = MakeAuthority("Office");
      created = Try(directory_, &Stub::CreateAuthority, request);
    });
    std::thread remove([&] {
      v1::DeleteStateRequest request;
      request.set_name("states/" + code);
      deleted = Try(directory_, &Stub::DeleteState, request);
    });
    create.join();
    remove.join();
    EXPECT_NE(created.ok(), deleted.ok())
        << created.error_message() << deleted.error_message();
  }
}

// Concurrency
// --------------------------------------------------------------------

TEST_F(DirectoryServerTest, EightWritersLoseNothing) {
  Seed();
  const uint64_t before = store_->published();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 8; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < 25; ++i) {
        v1::CreateDesignationRequest request;
        request.set_parent("states/LTU");
        *request.mutable_designation() = MakeDesignation(kMinistry);
        request.mutable_designation()->set_competence(
            absl::StrCat(writer, "/", i));
        Must(directory_, &Stub::CreateDesignation, request);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->published(), before + 200);
  clock_.Advance(absl::Minutes(1));
  v1::FindContactsRequest request = FindRequest("LTU", "mla");
  request.set_page_size(1000);
  EXPECT_EQ(Must(directory_, &Stub::FindContacts, request).contacts_size(),
            201);
}

TEST_F(DirectoryServerTest, TellsWhoWrote) {
  Seed();
  grpc::ClientContext context;
  context.AddMetadata("comity-actor", "desk 7");
  v1::DeleteDesignationRequest request;
  request.set_name(kFirst);
  google::protobuf::Empty response;
  ASSERT_TRUE(directory_->DeleteDesignation(&context, request, &response).ok());
  ASSERT_OK_AND_ASSIGN(const v1::Change change,
                       store_->GetChange(store_->published()));
  EXPECT_EQ(change.actor(), "desk 7");
  ASSERT_OK_AND_ASSIGN(const v1::Change first, store_->GetChange(1));
  EXPECT_EQ(first.actor(), "editor");
}

}  // namespace
}  // namespace comity
