// SearchService, the edge: what it answers is found in index/.

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "comity/v1/search_service.grpc.pb.h"
#include "services/edge.h"
#include "services/page.h"
#include "services/servers.h"
#include "services/watch_hub.h"

namespace comity {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

constexpr int kResultsDefault = 10;
// Of searches within the callback, which holds up other calls: a millisecond or
// two.
constexpr int64_t kInlineCostMax = 60000;
// How long a search waits for the index where the client set no deadline.
constexpr absl::Duration kWaitForIndex = absl::Seconds(10);

absl::Status CheckIndex(const Core& core) {
  if (core.searcher != nullptr) return absl::OkStatus();
  return absl::UnavailableError("this server keeps no search index");
}

// A token's `after`: results given so far, a space, the last of them.
absl::StatusOr<index::SearchPage> SearchPageOf(const v1::SearchRequest& request,
                                               const Page& page) {
  index::SearchPage result;
  if (page.first) return result;
  const absl::string_view after = page.token.after;
  const size_t space = after.find(' ');
  if (space == absl::string_view::npos ||
      !absl::SimpleAtoi(after.substr(0, space), &result.given) ||
      result.given < 0) {
    return InvalidField("page_token", request.page_token(),
                        "must be a next_page_token of this server");
  }
  result.last = std::string(after.substr(space + 1));
  return result;
}

// False, and nothing done, if it costs more than `cost_max`.
absl::StatusOr<bool> Search(const Core& core, const Call& call,
                            const v1::SearchRequest& request, int64_t cost_max,
                            v1::SearchResponse* response) {
  RETURN_IF_ERROR(CheckIndex(core));
  ASSIGN_OR_RETURN(const Page page, ParsePage(request));
  ASSIGN_OR_RETURN(const index::SearchPage from, SearchPageOf(request, page));
  v1::SearchRequest asked = request;
  if (request.page_size() == 0) asked.set_page_size(kResultsDefault);
  ASSIGN_OR_RETURN(
      index::SearchAnswer answer,
      core.searcher->Search(
          asked, from, std::min(call.deadline, call.arrived + kWaitForIndex),
          cost_max));
  if (answer.too_dear) return false;
  response->Swap(&answer.response);
  if (answer.more) {
    PageToken token = page.token;
    token.after = absl::StrCat(answer.next.given, " ", answer.next.last);
    response->set_next_page_token(MakePageToken(request, token));
  }
  return true;
}

absl::Status Suggest(const Core& core, const v1::SuggestRequest& request,
                     v1::SuggestResponse* response) {
  RETURN_IF_ERROR(CheckIndex(core));
  ASSIGN_OR_RETURN(*response, core.searcher->Suggest(request));
  return absl::OkStatus();
}

// Counts the searches under way while it lives.
class UnderWay {
 public:
  explicit UnderWay(std::atomic<int>* count)
      : count_(count), before_(count->fetch_add(1)) {}
  ~UnderWay() { count_->fetch_sub(1); }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

  // There were no others when it began.
  bool alone() const { return before_ == 0; }

 private:
  std::atomic<int>* const count_;
  const int before_;
};

class SearchServer : public v1::SearchService::CallbackService {
 public:
  SearchServer(Edge* edge, SearchHub* hub) : edge_(edge), hub_(hub) {}

  Reactor* Search(Context* context, const v1::SearchRequest* request,
                  v1::SearchResponse* response) override {
    const auto search = [=, this](const Call& call, int64_t cost_max) {
      return comity::Search(edge_->core(), call, *request, cost_max, response);
    };
    return edge_->InlineOrOnPool(
        edge_->core().searches, context, "SearchService/Search",
        [&](const Call& call) -> std::optional<absl::Status> {
          const UnderWay under_way(&under_way_);
          if (!under_way.alone()) return std::nullopt;
          const absl::StatusOr<bool> done = search(call, kInlineCostMax);
          if (done.ok() && !*done) return std::nullopt;
          return done.status();
        },
        [search, this](const Call& call) {
          const UnderWay under_way(&under_way_);
          return search(call, index::kAnyCost).status();
        });
  }

  Reactor* Suggest(Context* context, const v1::SuggestRequest* request,
                   v1::SuggestResponse* response) override {
    return edge_->OnPool(edge_->core().searches, context,
                         "SearchService/Suggest", [=, this](const Call&) {
                           return comity::Suggest(edge_->core(), *request,
                                                  response);
                         });
  }

  grpc::ServerWriteReactor<v1::WatchSearchResponse>* WatchSearch(
      Context*, const v1::WatchSearchRequest* request) override {
    return hub_->Watch(*request);
  }

 private:
  Edge* const edge_;
  SearchHub* const hub_;
  std::atomic<int> under_way_{0};
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSearchServer(Edge* edge, SearchHub* hub) {
  return std::make_unique<SearchServer>(edge, hub);
}

}  // namespace comity
