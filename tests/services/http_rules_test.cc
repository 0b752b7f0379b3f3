// Which method a verb and a path mean, and what path, query and body make.

#include "services/http_rules.h"

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/library_service.pb.h"
#include "comity/v1/search_service.pb.h"
#include "gmock/gmock.h"
#include "google/api/annotations.pb.h"
#include "services/server.h"
#include "tests/support/status_matchers.h"

namespace comity {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// All methods of the contract.
std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const char* name :
       {"AdminService", "ChangeService", "DirectoryService", "ExportService",
        "ImportService", "LibraryService", "RoutingService", "SearchService",
        "TreatyService"}) {
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(
        absl::StrCat("comity.v1.", name));
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

class HttpRulesTest : public testing::Test {
 protected:
  HttpRulesTest() {
    for (const MethodDescriptor* method : Methods()) {
      EXPECT_OK(rules_.Add(method)) << method->full_name();
    }
  }

  // The method's name, `405` for one with another verb, empty for none.
  std::string Find(absl::string_view verb, absl::string_view path) {
    fields_.clear();
    bool other_verb = false;
    rule_ = rules_.Find(verb, path, &fields_, &other_verb);
    if (rule_ == nullptr) return other_verb ? "405" : "";
    return rule_->method->name();
  }

  HttpRules rules_;
  const HttpRule* rule_ = nullptr;
  HttpFields fields_;
};

TEST_F(HttpRulesTest, PathsMeanMethods) {
  EXPECT_EQ(Find("GET", "/v1/states/LTU"), "GetState");
  EXPECT_THAT(fields_, ElementsAre(Pair("name", "states/LTU")));
  EXPECT_EQ(Find("DELETE", "/v1/states/LTU"), "DeleteState");
  EXPECT_EQ(Find("PATCH", "/v1/states/LTU"), "UpdateState");
  EXPECT_THAT(fields_, ElementsAre(Pair("state.name", "states/LTU")));
  EXPECT_EQ(Find("GET", "/v1/states"), "ListStates");
  EXPECT_EQ(Find("POST", "/v1/states"), "CreateState");
  EXPECT_EQ(Find("GET", "/v1/states:batchGet"), "BatchGetStates");
  EXPECT_EQ(Find("GET", "/v1/states/LTU/authorities"), "ListAuthorities");
  EXPECT_THAT(fields_, ElementsAre(Pair("parent", "states/LTU")));
  EXPECT_EQ(Find("GET",
                 "/v1/states/-/laws/x/expressions/en@2015-06-01/"
                 "provisions/art-416-bis"),
            "GetProvision");
  EXPECT_THAT(fields_,
              ElementsAre(Pair("name",
                               "states/-/laws/x/expressions/en@2015-06-01/"
                               "provisions/art-416-bis")));
  EXPECT_EQ(Find("POST", "/v1/importJobs/j:undo"), "UndoImport");
  EXPECT_THAT(fields_, ElementsAre(Pair("name", "importJobs/j")));
  EXPECT_EQ(Find("GET", "/v1/states/LTU/authorities/x:listHistory"),
            "ListHistory");
  EXPECT_THAT(fields_, ElementsAre(Pair("name", "states/LTU/authorities/x")));
  EXPECT_EQ(Find("POST", "/v1/records:search"), "Search");
  EXPECT_TRUE(rule_->whole_body);
  EXPECT_EQ(Find("GET", "/v1/records:search"), "Search");
  EXPECT_FALSE(rule_->whole_body);
}

TEST_F(HttpRulesTest, OtherPathsMeanNothing) {
  for (const char* path :
       {"", "/", "v1/states", "/v1", "/v1/", "/v1/states/", "/v1/states//",
        "/v1//states", "/v2/states", "/v1/states/LTU/", "/v1/states:",
        "/v1/states:batchget", "/v1/importJobs/j:undo/", "/v1/:listHistory",
        "/v1/states/LTU:undo", "/v1/states/LTU/authorities/a/b", ":",
        "/:", "/v1/states:batchGet:batchGet"}) {
    EXPECT_EQ(Find("GET", path), "") << path;
  }
  EXPECT_EQ(Find("PUT", "/v1/states/LTU"), "405");
  EXPECT_EQ(Find("GET", "/v1/importJobs/j:undo"), "405");
}

// One path per method and verb, and each method has one.
TEST_F(HttpRulesTest, EveryMethodIsFoundByItsOwnRule) {
  for (const MethodDescriptor* method : Methods()) {
    ASSERT_TRUE(method->options().HasExtension(google::api::http))
        << method->full_name();
    const auto& rule = method->options().GetExtension(google::api::http);
    const std::map<std::string, std::string> paths = {
        {"GET", rule.get()},
        {"POST", rule.post()},
        {"PATCH", rule.patch()},
        {"DELETE", rule.delete_()}};
    for (const auto& [verb, path] : paths) {
      if (path.empty()) continue;
      // `{name=states/*}` as `states/x`.
      std::string example;
      bool in_name = false;
      for (const char c : path) {
        if (c == '{') in_name = true;
        if (!in_name && c != '}') example += c == '*' ? 'x' : c;
        if (c == '=') in_name = false;
      }
      EXPECT_EQ(Find(verb, example), method->name()) << verb << " " << example;
    }
  }
}

TEST(HttpFieldsTest, AreSetByTheirTypes) {
  v1::FindContactsRequest find;
  ASSERT_OK(SetHttpFields({{"state", "Côte d'Ivoire"},
                           {"asOf", "2015-06-01"},
                           {"page_size", "7"},
                           {"knownAt", "2026-01-02T03:04:05Z"}},
                          &find));
  EXPECT_EQ(find.state(), "Côte d'Ivoire");
  EXPECT_EQ(find.as_of(), "2015-06-01");
  EXPECT_EQ(find.page_size(), 7);
  EXPECT_EQ(find.known_at().seconds(), 1767323045);
  v1::SearchRequest search;
  ASSERT_OK(SetHttpFields({{"filter.states", "states/FRA"},
                           {"filter.states", "states/LTU"},
                           {"withoutConcepts", "true"},
                           {"facets", "SEARCH_FACET_FIELD_STATE"}},
                          &search));
  EXPECT_THAT(search.filter().states(),
              ElementsAre("states/FRA", "states/LTU"));
  EXPECT_TRUE(search.without_concepts());
  v1::ImportRequest import;
  ASSERT_OK(
      SetHttpFields({{"options.kind", "IMPORT_KIND_DESIGNATIONS"},
                     {"options.columns.Kontakt. stelle", "authority_name"},
                     {"options.fileBytes", "5000000000"}},
                    &import));
  EXPECT_EQ(import.options().kind(), v1::IMPORT_KIND_DESIGNATIONS);
  EXPECT_EQ(import.options().columns().at("Kontakt. stelle"), "authority_name");
  EXPECT_EQ(import.options().file_bytes(), 5000000000);
  v1::UpdateStateRequest update;
  ASSERT_OK(SetHttpFields({{"updateMask", "shortNames,languages"}}, &update));
  EXPECT_THAT(update.update_mask().paths(),
              ElementsAre("short_names", "languages"));
}

TEST(HttpFieldsTest, BadOnesNameFieldValueAndRule) {
  const struct {
    const char* field;
    const char* value;
    const char* rule;
  } cases[] = {
      {"colour", "red", "must be a field of comity.v1.SearchRequest"},
      {"filter.colour", "red", "must be a field of comity.v1.SearchFilter"},
      {"", "x", "must be a field"},
      {"page_size", "many", "must be a number"},
      {"pageSize", "99999999999", "must be a number"},
      {"withoutConcepts", "yes", "must be true or false"},
      {"facets", "COLOUR", "must be a value of comity.v1."},
      {"query.text", "x", "must end where the value is"},
      {"query", "\xff", "must be UTF-8"},
      {"filter", "x", "must be a comity.v1.SearchFilter, field by field"},
  };
  for (const auto& c : cases) {
    v1::SearchRequest request;
    const absl::Status status = SetHttpFields({{c.field, c.value}}, &request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    if (absl::string_view(c.value) != "\xff") {
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.value));
    }
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.rule));
  }
  v1::GetStateRequest get;
  EXPECT_EQ(SetHttpFields({{"knownAt", "yesterday\"}"}}, &get).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(HttpRulesTest, BodiesAreTheRequestOrAFieldOfIt) {
  ASSERT_EQ(Find("POST", "/v1/records:search"), "Search");
  v1::SearchRequest search;
  ASSERT_OK(ReadHttpRequest(*rule_, {}, R"({"query":"hawala"})", &search));
  EXPECT_EQ(search.query(), "hawala");
  ASSERT_EQ(Find("PATCH", "/v1/states/LTU"), "UpdateState");
  v1::UpdateStateRequest update;
  // The path says which, whatever the body says.
  ASSERT_OK(ReadHttpRequest(
      *rule_, fields_, R"({"name":"states/FRA","languages":["lt"]})", &update));
  EXPECT_EQ(update.state().name(), "states/LTU");
  EXPECT_THAT(update.state().languages(), ElementsAre("lt"));
  EXPECT_THAT(
      std::string(ReadHttpRequest(*rule_, fields_, "{", &update).message()),
      HasSubstr("no JSON of a comity.v1.State"));
  ASSERT_EQ(Find("GET", "/v1/states/LTU"), "GetState");
  v1::GetStateRequest get;
  EXPECT_EQ(ReadHttpRequest(*rule_, fields_, "{}", &get).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(HttpErrorTest, IsAsAip193HasIt) {
  google::rpc::Status status;
  status.set_code(5);
  status.set_message("there is no \"x\"");
  EXPECT_EQ(HttpErrorJson(status),
            R"({"error":{"status":"NOT_FOUND","code":404,)"
            R"("message":"there is no \"x\""}})");
  // What is not known here is left out.
  status.add_details()->set_type_url("type.googleapis.com/no.such.Type");
  EXPECT_THAT(HttpErrorJson(status), HasSubstr(R"("code":404)"));
}

}  // namespace
}  // namespace comity
