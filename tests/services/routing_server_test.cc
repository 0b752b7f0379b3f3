#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using google::protobuf::util::MessageDifferencer;
using Stub = v1::RoutingService::Stub;

constexpr char kMinistry[] = "states/LTU/authorities/ministry";

class RoutingServerTest : public ServerTest {
 protected:
  v1::RouteRequestRequest Request(const std::string& from,
                                  const std::string& to,
                                  const std::string& function = "mla",
                                  const std::string& as_of = "2015-06-01") {
    v1::RouteRequestRequest request;
    request.set_requesting_state(from);
    request.set_requested_state(to);
    request.set_function(function);
    request.set_as_of(as_of);
    return request;
  }
};

TEST_F(RoutingServerTest, FindsTheDesk) {
  Seed();
  const auto response =
      Must(routing_, &Stub::RouteRequest, Request("France", "ltu"));
  ASSERT_EQ(response.routes_size(), 1) << response.DebugString();
  const v1::Route& route = response.routes(0);
  EXPECT_EQ(route.treaty(), "treaties/untoc");
  EXPECT_EQ(route.designation().name(), "states/LTU/designations/first");
  EXPECT_EQ(route.authority().name(), kMinistry);
  EXPECT_FALSE(route.reasons().empty());
  EXPECT_EQ(response.total_routes(), 1);
  EXPECT_EQ(response.requesting_state(), "states/FRA");
  EXPECT_EQ(response.requested_state(), "states/LTU");
  EXPECT_EQ(response.sequence(), store_->published());
  ASSERT_EQ(response.assessments_size(), 1);
  EXPECT_EQ(response.assessments(0).designations(), 1);
}

TEST_F(RoutingServerTest, SaysWhyThereIsNone) {
  Seed();
  const auto before = Must(routing_, &Stub::RouteRequest,
                           Request("FRA", "LTU", "mla", "2003-01-01"));
  EXPECT_TRUE(before.routes().empty());
  EXPECT_EQ(before.assessments(0).status().status(),
            v1::IN_FORCE_STATUS_NOT_IN_FORCE);
  EXPECT_FALSE(before.alternatives().empty());
  const auto back = Must(routing_, &Stub::RouteRequest, Request("LTU", "FRA"));
  EXPECT_TRUE(back.routes().empty());
  EXPECT_EQ(back.assessments(0).designations(), 0);
}

TEST_F(RoutingServerTest, RefusesWhatItCannotRead) {
  Seed();
  const auto with = [&](auto change) {
    v1::RouteRequestRequest request = Request("FRA", "LTU");
    change(&request);
    return request;
  };
  using R = v1::RouteRequestRequest;
  const struct {
    R request;
    grpc::StatusCode code;
    const char* field;
  } cases[] = {
      {Request("", "LTU"), grpc::INVALID_ARGUMENT, "requesting_state"},
      {Request("FRA", ""), grpc::INVALID_ARGUMENT, "requested_state"},
      {Request("FRA", "Narnia"), grpc::NOT_FOUND, ""},
      {Request("LTU", "Lithuania"), grpc::INVALID_ARGUMENT, "requested_state"},
      {Request("FRA", "LTU", ""), grpc::INVALID_ARGUMENT, "function"},
      {Request("FRA", "LTU", "zzz"), grpc::NOT_FOUND, ""},
      {Request("FRA", "LTU", "mla", "today"), grpc::INVALID_ARGUMENT, "as_of"},
      {with([](R* r) { r->set_treaty("zzz"); }), grpc::NOT_FOUND, ""},
      {with([](R* r) { r->set_max_routes(-1); }), grpc::INVALID_ARGUMENT,
       "max_routes"},
      {with([](R* r) { r->set_max_routes(101); }), grpc::INVALID_ARGUMENT,
       "max_routes"},
      {with([](R* r) { r->set_offence(std::string(20000, 'x')); }),
       grpc::INVALID_ARGUMENT, "offence"},
      {with([](R* r) {
         for (int i = 0; i < 1001; ++i) r->add_preferred_languages("en");
       }),
       grpc::INVALID_ARGUMENT, "preferred_languages"},
      {with([](R* r) { r->mutable_known_at()->set_seconds(4102444800); }),
       grpc::INVALID_ARGUMENT, "known_at"},
  };
  for (const auto& c : cases) {
    const grpc::Status status = Try(routing_, &Stub::RouteRequest, c.request);
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    if (c.code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), c.field);
    }
  }
}

TEST_F(RoutingServerTest, CountsRoutesThatItDoesNotReturn) {
  Seed();
  for (int i = 0; i < 20; ++i) {
    CreateDesignation("LTU", MakeDesignation(kMinistry, "2010-01-01"));
  }
  v1::RouteRequestRequest request = Request("FRA", "LTU");
  auto response = Must(routing_, &Stub::RouteRequest, request);
  EXPECT_EQ(response.routes_size(), 10);
  EXPECT_EQ(response.total_routes(), 21);
  request.set_max_routes(100);
  response = Must(routing_, &Stub::RouteRequest, request);
  EXPECT_EQ(response.routes_size(), 21);
  // Known start first, then the others.
  EXPECT_EQ(response.routes(20).designation().name(),
            "states/LTU/designations/first");
}

TEST_F(RoutingServerTest, RoutesTheSameNowAndAsKnownNow) {
  Seed();
  v1::CreateTreatyRequest treaty;
  *treaty.mutable_treaty() = MakeTreaty("other", "OTHER");
  Must(treaties_, &v1::TreatyService::Stub::CreateTreaty, treaty);
  Tick();
  CreateParticipation("other", "FRA", "2004-01-01");
  CreateParticipation("other", "LTU", "2005-01-01");
  for (int i = 0; i < 12; ++i) {
    v1::Designation designation = MakeDesignation(
        kMinistry, i % 3 == 0 ? "" : absl::StrCat(2008 + i, "-01-01"));
    // A treaty that the function does not list.
    if (i % 4 == 0) designation.set_treaty("treaties/other");
    CreateDesignation("LTU", designation);
  }
  for (const char* day : {"2003-01-01", "2010-01-01", "2020-01-01", ""}) {
    for (const char* under : {"", "OTHER", "untoc"}) {
      v1::RouteRequestRequest request = Request("FRA", "LTU", "mla", day);
      request.set_treaty(under);
      request.set_max_routes(5);
      const auto now = Must(routing_, &Stub::RouteRequest, request);
      *request.mutable_known_at() = Now();
      const auto known = Must(routing_, &Stub::RouteRequest, request);
      EXPECT_TRUE(MessageDifferencer::Equals(now, known)) << day << under;
    }
  }
}

TEST_F(RoutingServerTest, KnownAtTellsTheRouteOfThen) {
  Seed();
  const auto seeded = Now();
  Tick();
  v1::DeleteDesignationRequest remove;
  remove.set_name("states/LTU/designations/first");
  Must(directory_, &v1::DirectoryService::Stub::DeleteDesignation, remove);
  Tick();
  v1::RouteRequestRequest request = Request("FRA", "LTU");
  EXPECT_EQ(Must(routing_, &Stub::RouteRequest, request).routes_size(), 0);
  *request.mutable_known_at() = seeded;
  EXPECT_EQ(Must(routing_, &Stub::RouteRequest, request).routes_size(), 1);
}

}  // namespace
}  // namespace comity
