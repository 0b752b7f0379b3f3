// Treaties: one line at the edge for each call; what it does is elsewhere.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "comity/v1/treaty_service.grpc.pb.h"
#include "rules/in_force.h"
#include "services/contacts.h"
#include "services/create.h"
#include "services/edge.h"
#include "services/resource.h"
#include "services/servers.h"

namespace comity {
namespace {

absl::Status GetTreatyStatus(const Core& core,
                             const v1::GetTreatyStatusRequest& request,
                             v1::TreatyStatus* response) {
  ASSIGN_OR_RETURN(const Day day, DayOfRequest(core, request.as_of()));
  Moment moment;
  if (request.has_known_at()) {
    ASSIGN_OR_RETURN(const uint64_t at, SequenceAt(core, request.known_at()));
    ASSIGN_OR_RETURN(moment, MomentAt(core, at));
  } else {
    ASSIGN_OR_RETURN(moment, MomentNow(core));
  }
  const ReferenceView& view = *moment.view;
  ASSIGN_OR_RETURN(const std::string name,
                   view.citations().ResolveTreaty(request.treaty(), "treaty"));
  if (request.states_size() < 1 || request.states_size() > 2) {
    return InvalidField("states", absl::StrCat(request.states_size(), " items"),
                        "must be one State or two");
  }
  const ReferenceView::Treaty* treaty = view.FindTreaty(names::LastOf(name));
  std::vector<const v1::State*> states;
  std::vector<const v1::Participation*> participations;
  for (int i = 0; i < request.states_size(); ++i) {
    const std::string field = absl::StrCat("states[", i, "]");
    ASSIGN_OR_RETURN(const std::string state,
                     view.states().ResolveOne(request.states(i), field));
    states.push_back(view.states().Find(state));
    participations.push_back(treaty->Find(names::LastOf(state)));
  }
  if (states.front() == states.back() && states.size() == 2) {
    return InvalidField("states[1]", request.states(1),
                        "must be another State than the first");
  }
  *response = rules::StatusBetween(*treaty->record, treaty->dates, states,
                                   participations, day);
  return absl::OkStatus();
}

absl::Status ResolveCitation(const Core& core,
                             const v1::ResolveCitationRequest& request,
                             v1::ResolveCitationResponse* response) {
  ASSIGN_OR_RETURN(const auto view, core.references->Current());
  ASSIGN_OR_RETURN(*response, view->citations().Resolve(request.citation()));
  return absl::OkStatus();
}

absl::Status ListParticipations(const Core& core, const Call& call,
                                const v1::ListParticipationsRequest& request,
                                v1::ListParticipationsResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  ASSIGN_OR_RETURN(
      const std::string under,
      ParseParent(core, Kind::kTreaty, request.parent(), page.token.sequence));
  absl::string_view state;
  if (!request.state().empty()) {
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::ParseKind(request.state(), Kind::kState, "state"));
    state = parts.first;
  }
  return ListRecords<v1::Participation>(
      core, call, request, page, under,
      [&](const v1::Participation& each) {
        return state.empty() || names::LastOf(each.name()) == state;
      },
      response->mutable_participations(), response->mutable_next_page_token());
}

class TreatyServer : public v1::TreatyService::CallbackService {
 public:
  explicit TreatyServer(Edge* edge) : edge_(edge) {}

  grpc::ServerUnaryReactor* GetTreatyStatus(
      grpc::CallbackServerContext* context,
      const v1::GetTreatyStatusRequest* request,
      v1::TreatyStatus* response) override {
    static constexpr char kRpc[] = "TreatyService/GetTreatyStatus";
    if (request->has_known_at()) {
      return edge_->OnPool(core().reads, context, kRpc, [=, this](const Call&) {
        return comity::GetTreatyStatus(core(), *request, response);
      });
    }
    return edge_->Inline(context, kRpc, [=, this] {
      return comity::GetTreatyStatus(core(), *request, response);
    });
  }

  grpc::ServerUnaryReactor* ResolveCitation(
      grpc::CallbackServerContext* context,
      const v1::ResolveCitationRequest* request,
      v1::ResolveCitationResponse* response) override {
    return edge_->Inline(context, "TreatyService/ResolveCitation", [=, this] {
      return comity::ResolveCitation(core(), *request, response);
    });
  }

  // Treaties
  grpc::ServerUnaryReactor* GetTreaty(grpc::CallbackServerContext* context,
                                      const v1::GetTreatyRequest* request,
                                      v1::Treaty* response) override {
    return edge_->Inline(context, "TreatyService/GetTreaty", [=, this] {
      return GetRecord<v1::Treaty>(core(), *request, response);
    });
  }
  grpc::ServerUnaryReactor* ListTreaties(
      grpc::CallbackServerContext* context,
      const v1::ListTreatiesRequest* request,
      v1::ListTreatiesResponse* response) override {
    return edge_->OnPool(core().reads, context, "TreatyService/ListTreaties",
                         [=, this](const Call& call) {
                           return ListAll<v1::Treaty>(
                               core(), call, *request,
                               response->mutable_treaties(),
                               response->mutable_next_page_token());
                         });
  }
  grpc::ServerUnaryReactor* BatchGetTreaties(
      grpc::CallbackServerContext* context,
      const v1::BatchGetTreatiesRequest* request,
      v1::BatchGetTreatiesResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "TreatyService/BatchGetTreaties",
        [=, this](const Call&) {
          return BatchGet<v1::Treaty>(core(), *request, "",
                                      response->mutable_treaties());
        });
  }
  grpc::ServerUnaryReactor* CreateTreaty(grpc::CallbackServerContext* context,
                                         const v1::CreateTreatyRequest* request,
                                         v1::Treaty* response) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/CreateTreaty",
        [=, this](const Call& call) {
          return CreateNamed<v1::Treaty>(core(), call, *request, "treaty",
                                         request->treaty(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateTreaty(grpc::CallbackServerContext* context,
                                         const v1::UpdateTreatyRequest* request,
                                         v1::Treaty* response) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/UpdateTreaty",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Treaty>(core(), call, *request, "treaty",
                                          request->treaty(), response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteTreaty(grpc::CallbackServerContext* context,
                                         const v1::DeleteTreatyRequest* request,
                                         google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/DeleteTreaty",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Treaty>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

  // Participations
  grpc::ServerUnaryReactor* GetParticipation(
      grpc::CallbackServerContext* context,
      const v1::GetParticipationRequest* request,
      v1::Participation* response) override {
    return edge_->Inline(context, "TreatyService/GetParticipation", [=, this] {
      return GetRecord<v1::Participation>(core(), *request, response);
    });
  }
  grpc::ServerUnaryReactor* ListParticipations(
      grpc::CallbackServerContext* context,
      const v1::ListParticipationsRequest* request,
      v1::ListParticipationsResponse* response) override {
    return edge_->OnPool(
        core().reads, context, "TreatyService/ListParticipations",
        [=, this](const Call& call) {
          return comity::ListParticipations(core(), call, *request, response);
        });
  }
  grpc::ServerUnaryReactor* BatchGetParticipations(
      grpc::CallbackServerContext* context,
      const v1::BatchGetParticipationsRequest* request,
      v1::BatchGetParticipationsResponse* response) override {
    return edge_->OnPool(core().reads, context,
                         "TreatyService/BatchGetParticipations",
                         [=, this](const Call&) {
                           return BatchGet<v1::Participation>(
                               core(), *request, request->parent(),
                               response->mutable_participations());
                         });
  }
  grpc::ServerUnaryReactor* CreateParticipation(
      grpc::CallbackServerContext* context,
      const v1::CreateParticipationRequest* request,
      v1::Participation* response) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/CreateParticipation",
        [=, this](const Call& call) {
          return comity::CreateParticipation(core(), call, *request, response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* UpdateParticipation(
      grpc::CallbackServerContext* context,
      const v1::UpdateParticipationRequest* request,
      v1::Participation* response) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/UpdateParticipation",
        [=, this](const Call& call) {
          return UpdateRecord<v1::Participation>(
              core(), call, *request, "participation", request->participation(),
              response);
        },
        request->ByteSizeLong());
  }
  grpc::ServerUnaryReactor* DeleteParticipation(
      grpc::CallbackServerContext* context,
      const v1::DeleteParticipationRequest* request,
      google::protobuf::Empty*) override {
    return edge_->OnPool(
        core().writes, context, "TreatyService/DeleteParticipation",
        [=, this](const Call& call) {
          return DeleteRecord<v1::Participation>(core(), call, *request);
        },
        request->ByteSizeLong());
  }

 private:
  const Core& core() const { return edge_->core(); }

  Edge* const edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeTreatyServer(Edge* edge) {
  return std::make_unique<TreatyServer>(edge);
}

}  // namespace comity
