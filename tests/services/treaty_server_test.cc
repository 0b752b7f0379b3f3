#include <vector>

#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using Stub = v1::TreatyService::Stub;

class TreatyServerTest : public ServerTest {
 protected:
  v1::GetTreatyStatusRequest StatusRequest(
      const std::string& treaty, const std::vector<std::string>& states,
      const std::string& as_of = "2015-06-01") {
    v1::GetTreatyStatusRequest request;
    request.set_treaty(treaty);
    for (const std::string& state : states) request.add_states(state);
    request.set_as_of(as_of);
    return request;
  }
};

TEST_F(TreatyServerTest, TellsWhetherATreatyIsInForce) {
  Seed();
  const auto both = Must(treaties_, &Stub::GetTreatyStatus,
                         StatusRequest("UNTOC", {"FRA", "Lithuania"}));
  EXPECT_EQ(both.status(), v1::IN_FORCE_STATUS_IN_FORCE);
  EXPECT_EQ(both.participations_size(), 2);
  EXPECT_EQ(both.treaty(), "treaties/untoc");
  const auto early =
      Must(treaties_, &Stub::GetTreatyStatus,
           StatusRequest("treaties/untoc", {"states/FRA"}, "2003-01-01"));
  EXPECT_EQ(early.status(), v1::IN_FORCE_STATUS_NOT_IN_FORCE);
}

TEST_F(TreatyServerTest, StatusRefusesWhatItCannotRead) {
  Seed();
  const struct {
    v1::GetTreatyStatusRequest request;
    grpc::StatusCode code;
    const char* field;
  } cases[] = {
      {StatusRequest("", {"FRA"}), grpc::INVALID_ARGUMENT, "treaty"},
      {StatusRequest("zzz", {"FRA"}), grpc::NOT_FOUND, ""},
      {StatusRequest("UNTOC", {}), grpc::INVALID_ARGUMENT, "states"},
      {StatusRequest("UNTOC", {"FRA", "LTU", "FRA"}), grpc::INVALID_ARGUMENT,
       "states"},
      {StatusRequest("UNTOC", {"FRA", "France"}), grpc::INVALID_ARGUMENT,
       "states[1]"},
      {StatusRequest("UNTOC", {"FRA", "Atlantis"}), grpc::NOT_FOUND, ""},
      {StatusRequest("UNTOC", {"FRA"}, "yesterday"), grpc::INVALID_ARGUMENT,
       "as_of"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.request.ShortDebugString());
    const grpc::Status status =
        Try(treaties_, &Stub::GetTreatyStatus, c.request);
    EXPECT_EQ(status.error_code(), c.code) << status.error_message();
    if (c.code == grpc::INVALID_ARGUMENT) {
      EXPECT_EQ(FieldOfError(status), c.field);
    }
  }
}

TEST_F(TreatyServerTest, StatusFollowsChangesAndKnowsThePast) {
  Seed();
  const auto request = StatusRequest("UNTOC", {"FRA", "LTU"});
  const auto seeded = Now();
  Tick();
  v1::UpdateParticipationRequest update;
  *update.mutable_participation() = MakeParticipation("2002-05-09");
  update.mutable_participation()->set_name("treaties/untoc/participations/LTU");
  update.mutable_participation()->mutable_periods(0)->mutable_end()->set_date(
      "2010-01-01");
  Must(treaties_, &Stub::UpdateParticipation, update);
  Tick();
  EXPECT_EQ(Must(treaties_, &Stub::GetTreatyStatus, request).status(),
            v1::IN_FORCE_STATUS_NOT_IN_FORCE);
  auto known = request;
  *known.mutable_known_at() = seeded;
  EXPECT_EQ(Must(treaties_, &Stub::GetTreatyStatus, known).status(),
            v1::IN_FORCE_STATUS_IN_FORCE);
  v1::DeleteParticipationRequest remove;
  remove.set_name("treaties/untoc/participations/LTU");
  Must(treaties_, &Stub::DeleteParticipation, remove);
  EXPECT_EQ(Must(treaties_, &Stub::GetTreatyStatus, request).status(),
            v1::IN_FORCE_STATUS_NOT_KNOWN);
  // Unlike an office's, the name of a participation is its content.
  CreateParticipation("untoc", "LTU", "2002-05-09");
  EXPECT_EQ(Must(treaties_, &Stub::GetTreatyStatus, request).status(),
            v1::IN_FORCE_STATUS_IN_FORCE);
  // What other records say of the treaty counts at once, too.
  v1::UpdateTreatyRequest treaty;
  treaty.mutable_treaty()->set_name("treaties/untoc");
  treaty.mutable_treaty()->set_entry_into_force("2016-01-01");
  treaty.mutable_update_mask()->add_paths("entry_into_force");
  Must(treaties_, &Stub::UpdateTreaty, treaty);
  EXPECT_EQ(Must(treaties_, &Stub::GetTreatyStatus, request).status(),
            v1::IN_FORCE_STATUS_NOT_IN_FORCE);
}

TEST_F(TreatyServerTest, ResolvesCitations) {
  Seed();
  v1::ResolveCitationRequest request;
  request.set_citation("art. 18, para. 13, UNTOC");
  const auto found = Must(treaties_, &Stub::ResolveCitation, request);
  EXPECT_EQ(found.treaty(), "treaties/untoc");
  EXPECT_EQ(found.article(), "18(13)");
  ASSERT_EQ(found.functions_size(), 1);
  EXPECT_EQ(found.functions(0), "functions/mla");
  for (const auto& [citation, code] :
       std::vector<std::pair<std::string, grpc::StatusCode>>{
           {"", grpc::INVALID_ARGUMENT},
           {std::string(301, '1'), grpc::INVALID_ARGUMENT},
           {"Treaty of Nowhere", grpc::NOT_FOUND}}) {
    request.set_citation(citation);
    EXPECT_EQ(Try(treaties_, &Stub::ResolveCitation, request).error_code(),
              code);
  }
}

TEST_F(TreatyServerTest, ListsAndBatchGetsParticipations) {
  Seed();
  v1::ListParticipationsRequest list;
  list.set_parent("treaties/-");
  EXPECT_EQ(
      Must(treaties_, &Stub::ListParticipations, list).participations_size(),
      2);
  list.set_state("states/LTU");
  const auto found = Must(treaties_, &Stub::ListParticipations, list);
  ASSERT_EQ(found.participations_size(), 1);
  EXPECT_EQ(found.participations(0).name(),
            "treaties/untoc/participations/LTU");
  list.set_state("LTU");
  EXPECT_EQ(FieldOfError(Try(treaties_, &Stub::ListParticipations, list)),
            "state");
  v1::BatchGetParticipationsRequest batch;
  batch.set_parent("treaties/untoc");
  batch.add_names("treaties/untoc/participations/LTU");
  EXPECT_EQ(Must(treaties_, &Stub::BatchGetParticipations, batch)
                .participations_size(),
            1);
  batch.set_parent("treaties/uncac");
  EXPECT_EQ(FieldOfError(Try(treaties_, &Stub::BatchGetParticipations, batch)),
            "names[0]");
}

TEST_F(TreatyServerTest, CreatesParticipationsOfStatesThatAreThere) {
  Seed();
  const auto attempt = [&](const std::string& parent, const std::string& id,
                           const std::string& name) {
    v1::CreateParticipationRequest request;
    request.set_parent(parent);
    request.set_participation_id(id);
    *request.mutable_participation() = MakeParticipation("2004-01-01");
    request.mutable_participation()->set_name(name);
    return Try(treaties_, &Stub::CreateParticipation, request).error_code();
  };
  EXPECT_EQ(attempt("treaties/untoc", "NOR", ""), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(attempt("treaties/untoc", "LTU", ""), grpc::ALREADY_EXISTS);
  EXPECT_EQ(attempt("treaties/untoc", "", ""), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(attempt("states/LTU", "LTU", ""), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(
      attempt("treaties/untoc", "FRA", "treaties/untoc/participations/LTU"),
      grpc::INVALID_ARGUMENT);
  CreateState(MakeState("NOR", "Norway"));
  EXPECT_EQ(attempt("treaties/untoc", "", "treaties/untoc/participations/NOR"),
            grpc::OK);
}

}  // namespace
}  // namespace comity
