// A real server on a real store in a temporary folder, and a client of it.

#ifndef COMITY_TESTS_SERVICES_SERVER_FIXTURE_H_
#define COMITY_TESTS_SERVICES_SERVER_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "comity/v1/admin_service.grpc.pb.h"
#include "comity/v1/change_service.grpc.pb.h"
#include "comity/v1/directory_service.grpc.pb.h"
#include "comity/v1/export_service.grpc.pb.h"
#include "comity/v1/import_service.grpc.pb.h"
#include "comity/v1/library_service.grpc.pb.h"
#include "comity/v1/routing_service.grpc.pb.h"
#include "comity/v1/search_service.grpc.pb.h"
#include "comity/v1/treaty_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/log.h"
#include "services/server.h"
#include "store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity {

// Details of an error, taken apart.
struct ErrorDetails {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  bool has_retry = false;
};

inline ErrorDetails DetailsOf(const grpc::Status& status) {
  ErrorDetails details;
  google::rpc::Status proto;
  EXPECT_TRUE(proto.ParseFromString(status.error_details()));
  EXPECT_EQ(proto.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(proto.message(), status.error_message());
  google::rpc::RetryInfo retry;
  for (const auto& each : proto.details()) {
    each.UnpackTo(&details.info);
    each.UnpackTo(&details.bad_request);
    details.has_retry |= each.UnpackTo(&retry);
  }
  return details;
}

// The first field that an INVALID_ARGUMENT names.
inline std::string FieldOfError(const grpc::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  return details.bad_request.field_violations().empty()
             ? ""
             : details.bad_request.field_violations(0).field();
}

inline std::string ReasonOfError(const grpc::Status& status) {
  return DetailsOf(status).info.reason();
}

// Records of tests are marked as such.
template <class Record>
void MarkSynthetic(Record* record) {
  v1::Source* source = record->add_sources();
  source->set_kind(v1::SOURCE_KIND_SYNTHETIC);
  source->set_document("test");
}

inline v1::LocalizedText Text(absl::string_view text,
                              absl::string_view language = "en") {
  v1::LocalizedText localized;
  localized.set_text(std::string(text));
  localized.set_language(std::string(language));
  return localized;
}

inline v1::State MakeState(absl::string_view code, absl::string_view name) {
  v1::State state;
  state.set_name(absl::StrCat("states/", code));
  state.set_kind(v1::State::KIND_STATE);
  *state.add_short_names() = Text(name);
  state.add_languages("en");
  MarkSynthetic(&state);
  return state;
}

inline v1::Treaty MakeTreaty(absl::string_view slug, absl::string_view alias) {
  v1::Treaty treaty;
  treaty.set_name(absl::StrCat("treaties/", slug));
  *treaty.add_short_titles() = Text(absl::StrCat("Convention ", alias));
  treaty.add_aliases(std::string(alias));
  treaty.set_entry_into_force("2003-09-29");
  treaty.set_participations_as_of("2026-01-01");
  treaty.mutable_entry_into_force_rule()->set_days_after_deposit(30);
  MarkSynthetic(&treaty);
  return treaty;
}

inline v1::Function MakeFunction(absl::string_view slug,
                                 absl::string_view title,
                                 absl::string_view treaty,
                                 absl::string_view article) {
  v1::Function function;
  function.set_name(absl::StrCat("functions/", slug));
  *function.add_titles() = Text(title);
  v1::Function::Article* added = function.add_articles();
  added->set_treaty(absl::StrCat("treaties/", treaty));
  added->set_citation(std::string(article));
  added->set_basis(v1::Function::Article::BASIS_DESIGNATION);
  MarkSynthetic(&function);
  return function;
}

inline v1::Participation MakeParticipation(absl::string_view deposit) {
  v1::Participation participation;
  v1::Participation::Period* period = participation.add_periods();
  period->set_act(v1::BINDING_ACT_RATIFICATION);
  period->set_deposit_date(std::string(deposit));
  participation.set_complete_as_of("2026-01-01");
  MarkSynthetic(&participation);
  return participation;
}

inline v1::Authority MakeAuthority(absl::string_view name) {
  v1::Authority authority;
  *authority.add_display_names() = Text(name);
  authority.add_contacts()->add_emails("office@example.org");
  MarkSynthetic(&authority);
  return authority;
}

inline v1::Designation MakeDesignation(absl::string_view authority,
                                       absl::string_view from = "") {
  v1::Designation designation;
  designation.set_authority(std::string(authority));
  designation.set_treaty("treaties/untoc");
  designation.set_article("18(13)");
  designation.set_function("functions/mla");
  if (!from.empty()) {
    designation.mutable_valid_from()->set_date(std::string(from));
  }
  MarkSynthetic(&designation);
  return designation;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() { Open(); }
  ~ServerTest() override { Close(); }

  void Open(ServerOptions options = {}) {
    StoreOptions store_options;
    store_options.clock = &clock_;
    auto store = Store::Open(folder_.Path("store"), store_options);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
    options.listen = {"unix:" + folder_.Path("socket")};
    options.spool_folder = SpoolFolder();
    std::filesystem::create_directories(options.spool_folder);
    auto server = Server::Start(store_.get(), &clock_, &log_, options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_ = *std::move(server);
    Connect();
  }

  void Close() {
    server_.reset();
    store_.reset();
  }

  void Reopen(const ServerOptions& options) {
    Close();
    Open(options);
  }

  void Connect() {
    grpc::ChannelArguments arguments;
    // A connection of its own: those that were closed are remembered.
    arguments.SetInt("comity.connection", ++connections_);
    channel_ = grpc::CreateCustomChannel("unix:" + folder_.Path("socket"),
                                         grpc::InsecureChannelCredentials(),
                                         arguments);
    directory_ = v1::DirectoryService::NewStub(channel_);
    treaties_ = v1::TreatyService::NewStub(channel_);
    routing_ = v1::RoutingService::NewStub(channel_);
    changes_ = v1::ChangeService::NewStub(channel_);
    exports_ = v1::ExportService::NewStub(channel_);
    imports_ = v1::ImportService::NewStub(channel_);
    library_ = v1::LibraryService::NewStub(channel_);
    search_ = v1::SearchService::NewStub(channel_);
    admin_ = v1::AdminService::NewStub(channel_);
  }

  // A connection of its own, with room for 64 KiB that nobody took of each
  // stream, and never for more.
  std::shared_ptr<grpc::Channel> NarrowChannel() {
    grpc::ChannelArguments arguments;
    arguments.SetInt("comity.connection", ++connections_);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return grpc::CreateCustomChannel("unix:" + folder_.Path("socket"),
                                     grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  // Where the server keeps files that come in.
  std::string SpoolFolder() const { return folder_.Path("spool"); }

  // Calls `stub->*method` and expects success.
  template <class Stub, class Request, class Response>
  Response Must(const std::unique_ptr<Stub>& stub,
                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                             const Request&, Response*),
                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message() << "\n"
                             << request.DebugString();
    return response;
  }

  // Calls it and gives the status.
  template <class Stub, class Request, class Response>
  grpc::Status Try(const std::unique_ptr<Stub>& stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                const Request&, Response*),
                   const Request& request) {
    grpc::ClientContext context;
    Response response;
    return ((*stub).*method)(&context, request, &response);
  }

  // Each write has its own second.
  void Tick() { clock_.Advance(absl::Seconds(1)); }

  template <class Record>
  void CreateState(const Record& state) {
    v1::CreateStateRequest request;
    *request.mutable_state() = state;
    Must(directory_, &v1::DirectoryService::Stub::CreateState, request);
    Tick();
  }

  v1::Authority CreateAuthority(absl::string_view state, absl::string_view name,
                                absl::string_view id = "") {
    v1::CreateAuthorityRequest request;
    request.set_parent(absl::StrCat("states/", state));
    request.set_authority_id(std::string(id));
    *request.mutable_authority() = MakeAuthority(name);
    v1::Authority created =
        Must(directory_, &v1::DirectoryService::Stub::CreateAuthority, request);
    Tick();
    return created;
  }

  v1::Designation CreateDesignation(absl::string_view state,
                                    const v1::Designation& designation,
                                    absl::string_view id = "") {
    v1::CreateDesignationRequest request;
    request.set_parent(absl::StrCat("states/", state));
    request.set_designation_id(std::string(id));
    *request.mutable_designation() = designation;
    v1::Designation created = Must(
        directory_, &v1::DirectoryService::Stub::CreateDesignation, request);
    Tick();
    return created;
  }

  void CreateParticipation(absl::string_view treaty, absl::string_view state,
                           absl::string_view deposit) {
    v1::CreateParticipationRequest request;
    request.set_parent(absl::StrCat("treaties/", treaty));
    request.set_participation_id(std::string(state));
    *request.mutable_participation() = MakeParticipation(deposit);
    Must(treaties_, &v1::TreatyService::Stub::CreateParticipation, request);
    Tick();
  }

  // Two States, a treaty in force between them, a function, and an office of
  // Lithuania with one designation: `states/LTU/authorities/ministry` and
  // `states/LTU/designations/first`.
  void Seed() {
    CreateState(MakeState("FRA", "France"));
    CreateState(MakeState("LTU", "Lithuania"));
    v1::CreateTreatyRequest treaty;
    *treaty.mutable_treaty() = MakeTreaty("untoc", "UNTOC");
    Must(treaties_, &v1::TreatyService::Stub::CreateTreaty, treaty);
    Tick();
    v1::CreateFunctionRequest function;
    *function.mutable_function() =
        MakeFunction("mla", "Mutual legal assistance", "untoc", "18(13)");
    Must(directory_, &v1::DirectoryService::Stub::CreateFunction, function);
    Tick();
    CreateParticipation("untoc", "FRA", "2002-10-29");
    CreateParticipation("untoc", "LTU", "2002-05-09");
    CreateAuthority("LTU", "Ministry of Justice", "ministry");
    CreateDesignation("LTU", MakeDesignation("states/LTU/authorities/ministry"),
                      "first");
  }

  google::protobuf::Timestamp Now() const {
    google::protobuf::Timestamp time;
    time.set_seconds(absl::ToUnixSeconds(clock_.Now()));
    return time;
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  Log log_{&clock_, LogLevel::kOff, stderr};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Server> server_;
  int connections_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_;
  std::unique_ptr<v1::TreatyService::Stub> treaties_;
  std::unique_ptr<v1::RoutingService::Stub> routing_;
  std::unique_ptr<v1::ChangeService::Stub> changes_;
  std::unique_ptr<v1::ExportService::Stub> exports_;
  std::unique_ptr<v1::ImportService::Stub> imports_;
  std::unique_ptr<v1::LibraryService::Stub> library_;
  std::unique_ptr<v1::SearchService::Stub> search_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace comity

#endif  // COMITY_TESTS_SERVICES_SERVER_FIXTURE_H_
