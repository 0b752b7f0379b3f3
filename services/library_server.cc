// LibraryService, the edge: what it answers is in library.h and resource.h.

#include <memory>

#include "comity/v1/library_service.grpc.pb.h"
#include "services/edge.h"
#include "services/library.h"
#include "services/resource.h"
#include "services/servers.h"

namespace comity {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class LibraryServer : public v1::LibraryService::CallbackService {
 public:
  explicit LibraryServer(Edge* edge) : edge_(edge) {}

  // Laws
  Reactor* GetLaw(Context* context, const v1::GetLawRequest* request,
                  v1::Law* response) override {
    return edge_->Inline(context, "LibraryService/GetLaw", [=, this] {
      return GetRecord<v1::Law>(core(), *request, response);
    });
  }
  Reactor* ListLaws(Context* context, const v1::ListLawsRequest* request,
                    v1::ListLawsResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/ListLaws",
                         [=, this](const Call& call) {
                           return comity::ListLaws(core(), call, *request,
                                                   response);
                         });
  }
  Reactor* BatchGetLaws(Context* context,
                        const v1::BatchGetLawsRequest* request,
                        v1::BatchGetLawsResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/BatchGetLaws",
                         [=, this](const Call&) {
                           return BatchGet<v1::Law>(core(), *request,
                                                    request->parent(),
                                                    response->mutable_laws());
                         });
  }
  Reactor* CreateLaw(Context* context, const v1::CreateLawRequest* request,
                     v1::Law* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/CreateLaw",
        [=, this](const Call& call) {
          return CreateNamed<v1::Law>(core(), call, *request, "law",
                                      request->law(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* UpdateLaw(Context* context, const v1::UpdateLawRequest* request,
                     v1::Law* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/UpdateLaw",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Law>(core(), call, *request, "law",
                                       request->law(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* DeleteLaw(Context* context, const v1::DeleteLawRequest* request,
                     google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/DeleteLaw",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Law>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Expressions
  Reactor* GetExpression(Context* context,
                         const v1::GetExpressionRequest* request,
                         v1::Expression* response) override {
    return edge_->Inline(context, "LibraryService/GetExpression", [=, this] {
      return GetRecord<v1::Expression>(core(), *request, response);
    });
  }
  Reactor* ListExpressions(Context* context,
                           const v1::ListExpressionsRequest* request,
                           v1::ListExpressionsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "LibraryService/ListExpressions",
        [=, this](const Call& call) {
          return comity::ListExpressions(core(), call, *request, response);
        });
  }
  Reactor* CreateExpression(Context* context,
                            const v1::CreateExpressionRequest* request,
                            v1::Expression* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/CreateExpression",
        [=, this](const Call& call) {
          return CreateNamed<v1::Expression>(core(), call, *request,
                                             "expression",
                                             request->expression(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* UpdateExpression(Context* context,
                            const v1::UpdateExpressionRequest* request,
                            v1::Expression* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/UpdateExpression",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Expression>(core(), call, *request,
                                              "expression",
                                              request->expression(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* DeleteExpression(Context* context,
                            const v1::DeleteExpressionRequest* request,
                            google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/DeleteExpression",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Expression>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Mappings
  Reactor* GetMapping(Context* context, const v1::GetMappingRequest* request,
                      v1::Mapping* response) override {
    return edge_->Inline(context, "LibraryService/GetMapping", [=, this] {
      return GetRecord<v1::Mapping>(core(), *request, response);
    });
  }
  Reactor* ListMappings(Context* context,
                        const v1::ListMappingsRequest* request,
                        v1::ListMappingsResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/ListMappings",
                         [=, this](const Call& call) {
                           return comity::ListMappings(core(), call, *request,
                                                       response);
                         });
  }
  Reactor* CreateMapping(Context* context,
                         const v1::CreateMappingRequest* request,
                         v1::Mapping* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/CreateMapping",
        [=, this](const Call& call) {
          return CreateNamed<v1::Mapping>(core(), call, *request, "mapping",
                                          request->mapping(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* UpdateMapping(Context* context,
                         const v1::UpdateMappingRequest* request,
                         v1::Mapping* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/UpdateMapping",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Mapping>(core(), call, *request, "mapping",
                                           request->mapping(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* DeleteMapping(Context* context,
                         const v1::DeleteMappingRequest* request,
                         google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/DeleteMapping",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Mapping>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Concepts
  Reactor* GetConcept(Context* context, const v1::GetConceptRequest* request,
                      v1::Concept* response) override {
    return edge_->Inline(context, "LibraryService/GetConcept", [=, this] {
      return GetRecord<v1::Concept>(core(), *request, response);
    });
  }
  Reactor* ListConcepts(Context* context,
                        const v1::ListConceptsRequest* request,
                        v1::ListConceptsResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/ListConcepts",
                         [=, this](const Call& call) {
                           return ListAll<v1::Concept>(
                               core(), call, *request,
                               response->mutable_concepts(),
                               response->mutable_next_page_token());
                         });
  }
  Reactor* CreateConcept(Context* context,
                         const v1::CreateConceptRequest* request,
                         v1::Concept* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/CreateConcept",
        [=, this](const Call& call) {
          return CreateNamed<v1::Concept>(core(), call, *request, "concept",
                                          request->legal_concept(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* UpdateConcept(Context* context,
                         const v1::UpdateConceptRequest* request,
                         v1::Concept* response) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/UpdateConcept",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Concept>(core(), call, *request, "concept",
                                           request->legal_concept(), response);
        },
        request->ByteSizeLong());
  }
  Reactor* DeleteConcept(Context* context,
                         const v1::DeleteConceptRequest* request,
                         google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "LibraryService/DeleteConcept",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Concept>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Texts, and what is made of several records
  Reactor* ChooseExpression(Context* context,
                            const v1::ChooseExpressionRequest* request,
                            v1::ChooseExpressionResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "LibraryService/ChooseExpression",
        [=, this](const Call&) {
          return comity::ChooseExpression(core(), *request, response);
        });
  }
  Reactor* CompareExpressions(
      Context* context, const v1::CompareExpressionsRequest* request,
      v1::CompareExpressionsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "LibraryService/CompareExpressions",
        [=, this](const Call&) {
          return comity::CompareExpressions(core(), *request, response);
        });
  }
  Reactor* GetProvision(Context* context,
                        const v1::GetProvisionRequest* request,
                        v1::GetProvisionResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/GetProvision",
                         [=, this](const Call&) {
                           return comity::GetProvision(core(), *request,
                                                       response);
                         });
  }
  Reactor* ListProvisions(Context* context,
                          const v1::ListProvisionsRequest* request,
                          v1::ListProvisionsResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/ListProvisions",
                         [=, this](const Call&) {
                           return comity::ListProvisions(core(), *request,
                                                         response);
                         });
  }
  Reactor* GetCoverage(Context* context, const v1::GetCoverageRequest* request,
                       v1::GetCoverageResponse* response) override {
    return edge_->OnPool(core().reads, context, "LibraryService/GetCoverage",
                         [=, this](const Call& call) {
                           return comity::GetCoverage(core(), call, *request,
                                                      response);
                         });
  }
  Reactor* ResolveLawCitation(
      Context* context, const v1::ResolveLawCitationRequest* request,
      v1::ResolveLawCitationResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "LibraryService/ResolveLawCitation",
        [=, this](const Call& call) {
          return comity::ResolveLawCitation(core(), call, *request, response);
        });
  }

 private:
  const Core& core() const { return edge_->core(); }

  Edge* const edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeLibraryServer(Edge* edge) {
  return std::make_unique<LibraryServer>(edge);
}

}  // namespace comity
