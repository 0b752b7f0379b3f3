// Directory: one line at the edge for each call; what it does is elsewhere.

#include <memory>
#include <string>

#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "comity/v1/directory_service.grpc.pb.h"
#include "rules/designations.h"
#include "services/create.h"
#include "services/edge.h"
#include "services/find_contacts.h"
#include "services/resource.h"
#include "services/servers.h"

namespace comity {
namespace {

absl::Status ResolveState(const Core& core,
                          const v1::ResolveStateRequest& request,
                          v1::ResolveStateResponse* response) {
  if (request.query().empty() ||
      request.query().size() > limits::kStateQueryBytesMax) {
    return InvalidField("query", request.query(),
                        "must have 1 to 200 characters");
  }
  if (request.limit() < 0 || request.limit() > limits::kStateCandidatesMax) {
    return InvalidField(
        "limit", absl::StrCat(request.limit()),
        absl::StrCat("must be from 0 to ", limits::kStateCandidatesMax));
  }
  ASSIGN_OR_RETURN(const auto view, core.references->Current());
  *response = view->states().Resolve(
      request.query(),
      request.limit() == 0 ? limits::kStateCandidatesDefault : request.limit());
  return absl::OkStatus();
}

absl::Status ListAuthorities(const Core& core, const Call& call,
                             const v1::ListAuthoritiesRequest& request,
                             v1::ListAuthoritiesResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  ASSIGN_OR_RETURN(
      const std::string under,
      ParseParent(core, Kind::kState, request.parent(), page.token.sequence));
  return ListRecords<v1::Authority>(
      core, call, request, page, under,
      [](const v1::Authority&) { return true; },
      response->mutable_authorities(), response->mutable_next_page_token());
}

// The filters of a list of designations.
absl::Status CheckFilters(const v1::ListDesignationsRequest& request) {
  const struct {
    const std::string& name;
    Kind kind;
    const char* field;
  } filters[] = {{request.authority(), Kind::kAuthority, "authority"},
                 {request.treaty(), Kind::kTreaty, "treaty"},
                 {request.function(), Kind::kFunction, "function"}};
  for (const auto& filter : filters) {
    if (filter.name.empty()) continue;
    RETURN_IF_ERROR(
        names::ParseKind(filter.name, filter.kind, filter.field).status());
  }
  return absl::OkStatus();
}

absl::Status ListDesignations(const Core& core, const Call& call,
                              const v1::ListDesignationsRequest& request,
                              v1::ListDesignationsResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  ASSIGN_OR_RETURN(
      const std::string under,
      ParseParent(core, Kind::kState, request.parent(), page.token.sequence));
  RETURN_IF_ERROR(CheckFilters(request));
  ASSIGN_OR_RETURN(const Day day, DayOfRequest(core, request.as_of()));
  const auto passes = [&](const v1::Designation& each) {
    return (request.authority().empty() ||
            each.authority() == request.authority()) &&
           (request.treaty().empty() || each.treaty() == request.treaty()) &&
           (request.function().empty() ||
            each.function() == request.function()) &&
           (request.as_of().empty() ||
            rules::HoldsOn(rules::StartOf(each), rules::EndOf(each), day));
  };
  return ListRecords<v1::Designation>(core, call, request, page, under, passes,
                                      response->mutable_designations(),
                                      response->mutable_next_page_token());
}

// Reads that are asked for most are answered with stored bytes.
using DirectoryServiceBase =
    v1::DirectoryService::WithRawCallbackMethod_FindContacts<
        v1::DirectoryService::WithRawCallbackMethod_GetAuthority<
            v1::DirectoryService::WithRawCallbackMethod_GetDesignation<
                v1::DirectoryService::CallbackService>>>;

class DirectoryServer : public DirectoryServiceBase {
 public:
  explicit DirectoryServer(Edge* edge) : edge_(edge) {}

  grpc::ServerUnaryReactor* FindContacts(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* bytes,
                                         grpc::ByteBuffer* response) override {
    static constexpr char kRpc[] = "DirectoryService/FindContacts";
    v1::FindContactsRequest request;
    if (!Edge::FromBuffer(*bytes, &request)) return Edge::DoesNotParse(context);
    const auto find = [this](const v1::FindContactsRequest& query,
                             std::string* found) {
      return comity::FindContacts(core(), query, found);
    };
    if (!FindsContactsFast(request)) {
      return edge_->OnPoolBytes(core().reads, context, kRpc, std::move(request),
                                response, find);
    }
    return edge_->InlineBytes(context, kRpc, request, response, find);
  }

  grpc::ServerUnaryReactor* ResolveState(
      grpc::CallbackServerContext* context,
      const v1::ResolveStateRequest* request,
      v1::ResolveStateResponse* response) override {
    return edge_->Inline(context, "DirectoryService/ResolveState", [=, this] {
      return comity::ResolveState(core(), *request, response);
    });
  }

  // States
  grpc::ServerUnaryReactor* GetState(grpc::CallbackServerContext* context,
                                     const v1::GetStateRequest* request,
                                     v1::State* response) override {
    return edge_->Inline(context, "DirectoryService/GetState", [=, this] {
      return GetRecord<v1::State>(core(), *request, response);
    });
  }
  grpc::ServerUnaryReactor* ListStates(
      grpc::CallbackServerContext* context,
      const v1::ListStatesRequest* request,
      v1::ListStatesResponse* response) override {
    return edge_->OnPool(core().reads, context, "DirectoryService/ListStates",
                         [=, this](const Call& call) {
                           return ListAll<v1::State>(
                               core(), call, *request,
                               response->mutable_states(),
                               response->mutable_next_page_token());
                         });
  }
  grpc::ServerUnaryReactor* BatchGetStates(
      grpc::CallbackServerContext* context,
      const v1::BatchGetStatesRequest* request,
      v1::BatchGetStatesResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/BatchGetStates",
        [=, this](const Call&) {
          return BatchGet<v1::State>(core(), *request, "",
                                     response->mutable_states());
        });
  }
  grpc::ServerUnaryReactor* CreateState(grpc::CallbackServerContext* context,
                                        const v1::CreateStateRequest* request,
                                        v1::State* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/CreateState",
        [=, this](const Call& call) {
          return CreateNamed<v1::State>(core(), call, *request, "state",
                                        request->state(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateState(grpc::CallbackServerContext* context,
                                        const v1::UpdateStateRequest* request,
                                        v1::State* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/UpdateState",
        [=, this](const Call& call) {
          return UpdateRecord<v1::State>(core(), call, *request, "state",
                                         request->state(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteState(grpc::CallbackServerContext* context,
                                        const v1::DeleteStateRequest* request,
                                        google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/DeleteState",
        [=, this](const Call& call) {
          return DeleteRecord<v1::State>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Functions
  grpc::ServerUnaryReactor* GetFunction(grpc::CallbackServerContext* context,
                                        const v1::GetFunctionRequest* request,
                                        v1::Function* response) override {
    return edge_->Inline(context, "DirectoryService/GetFunction", [=, this] {
      return GetRecord<v1::Function>(core(), *request, response);
    });
  }
  grpc::ServerUnaryReactor* ListFunctions(
      grpc::CallbackServerContext* context,
      const v1::ListFunctionsRequest* request,
      v1::ListFunctionsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/ListFunctions",
        [=, this](const Call& call) {
          return ListAll<v1::Function>(core(), call, *request,
                                       response->mutable_functions(),
                                       response->mutable_next_page_token());
        });
  }
  grpc::ServerUnaryReactor* CreateFunction(
      grpc::CallbackServerContext* context,
      const v1::CreateFunctionRequest* request,
      v1::Function* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/CreateFunction",
        [=, this](const Call& call) {
          return CreateNamed<v1::Function>(core(), call, *request, "function",
                                           request->function(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateFunction(
      grpc::CallbackServerContext* context,
      const v1::UpdateFunctionRequest* request,
      v1::Function* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/UpdateFunction",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Function>(core(), call, *request, "function",
                                            request->function(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteFunction(
      grpc::CallbackServerContext* context,
      const v1::DeleteFunctionRequest* request,
      google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/DeleteFunction",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Function>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Authorities
  grpc::ServerUnaryReactor* GetAuthority(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override {
    return GetBytes<v1::Authority, v1::GetAuthorityRequest>(
        context, "DirectoryService/GetAuthority", *request, response);
  }
  grpc::ServerUnaryReactor* ListAuthorities(
      grpc::CallbackServerContext* context,
      const v1::ListAuthoritiesRequest* request,
      v1::ListAuthoritiesResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/ListAuthorities",
        [=, this](const Call& call) {
          return comity::ListAuthorities(core(), call, *request, response);
        });
  }
  grpc::ServerUnaryReactor* BatchGetAuthorities(
      grpc::CallbackServerContext* context,
      const v1::BatchGetAuthoritiesRequest* request,
      v1::BatchGetAuthoritiesResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/BatchGetAuthorities",
        [=, this](const Call&) {
          return BatchGet<v1::Authority>(core(), *request, request->parent(),
                                         response->mutable_authorities());
        });
  }
  grpc::ServerUnaryReactor* CreateAuthority(
      grpc::CallbackServerContext* context,
      const v1::CreateAuthorityRequest* request,
      v1::Authority* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/CreateAuthority",
        [=, this](const Call& call) {
          return comity::CreateAuthority(core(), call, *request, response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateAuthority(
      grpc::CallbackServerContext* context,
      const v1::UpdateAuthorityRequest* request,
      v1::Authority* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/UpdateAuthority",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Authority>(core(), call, *request,
                                             "authority", request->authority(),
                                             response, KeepFormerName);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteAuthority(
      grpc::CallbackServerContext* context,
      const v1::DeleteAuthorityRequest* request,
      google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/DeleteAuthority",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Authority>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Designations
  grpc::ServerUnaryReactor* GetDesignation(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return GetBytes<v1::Designation, v1::GetDesignationRequest>(
        context, "DirectoryService/GetDesignation", *request, response);
  }
  grpc::ServerUnaryReactor* ListDesignations(
      grpc::CallbackServerContext* context,
      const v1::ListDesignationsRequest* request,
      v1::ListDesignationsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/ListDesignations",
        [=, this](const Call& call) {
          return comity::ListDesignations(core(), call, *request, response);
        });
  }
  grpc::ServerUnaryReactor* BatchGetDesignations(
      grpc::CallbackServerContext* context,
      const v1::BatchGetDesignationsRequest* request,
      v1::BatchGetDesignationsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "DirectoryService/BatchGetDesignations",
        [=, this](const Call&) {
          return BatchGet<v1::Designation>(core(), *request, request->parent(),
                                           response->mutable_designations());
        });
  }
  grpc::ServerUnaryReactor* CreateDesignation(
      grpc::CallbackServerContext* context,
      const v1::CreateDesignationRequest* request,
      v1::Designation* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/CreateDesignation",
        [=, this](const Call& call) {
          return comity::CreateDesignation(core(), call, *request, response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateDesignation(
      grpc::CallbackServerContext* context,
      const v1::UpdateDesignationRequest* request,
      v1::Designation* response) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/UpdateDesignation",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Designation>(
              core(), call, *request, "designation", request->designation(),
              response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteDesignation(
      grpc::CallbackServerContext* context,
      const v1::DeleteDesignationRequest* request,
      google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "DirectoryService/DeleteDesignation",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Designation>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

 private:
  template <class M, class Request>
  grpc::ServerUnaryReactor* GetBytes(grpc::CallbackServerContext* context,
                                     const char* rpc,
                                     const grpc::ByteBuffer& bytes,
                                     grpc::ByteBuffer* response) {
    Request request;
    if (!Edge::FromBuffer(bytes, &request)) return Edge::DoesNotParse(context);
    return edge_->InlineBytes(
        context, rpc, request, response,
        [this](const Request& query, std::string* record) {
          return GetRecordBytes<M>(core(), query, record);
        });
  }

  const Core& core() const { return edge_->core(); }

  Edge* const edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDirectoryServer(Edge* edge) {
  return std::make_unique<DirectoryServer>(edge);
}

}  // namespace comity
