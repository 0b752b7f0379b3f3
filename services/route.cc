#include "services/route.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "google/protobuf/arena.h"
#include "rules/routing.h"
#include "services/contacts.h"
#include "services/resource.h"

namespace comity {
namespace {

constexpr size_t kArenaBlockBytes = 32 << 10;

// A request, understood.
struct Query {
  Moment moment;
  Day day;
  std::string requesting;
  std::string requested;
  std::string function;
  // Slug; empty: any.
  std::string treaty;
  int max_routes = limits::kRoutesDefault;
};

absl::Status CheckSizes(const v1::RouteRequestRequest& request) {
  if (request.max_routes() < 0 || request.max_routes() > limits::kRoutesMax) {
    return InvalidField("max_routes", absl::StrCat(request.max_routes()),
                        absl::StrCat("must be from 0 to ", limits::kRoutesMax));
  }
  if (request.preferred_languages_size() > limits::kListItemsMax) {
    return InvalidField(
        "preferred_languages",
        absl::StrCat(request.preferred_languages_size(), " items"),
        absl::StrCat("must have at most ", limits::kListItemsMax));
  }
  const std::pair<const char*, const std::string*> texts[] = {
      {"place", &request.place()}, {"offence", &request.offence()}};
  for (const auto& [field, text] : texts) {
    if (text->size() <= limits::kTextBytesMax) continue;
    return InvalidField(
        field, *text,
        absl::StrCat("must be of at most ", limits::kTextBytesMax, " bytes"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Query> Parse(const Core& core,
                            const v1::RouteRequestRequest& request) {
  RETURN_IF_ERROR(CheckSizes(request));
  Query query;
  ASSIGN_OR_RETURN(query.day, DayOfRequest(core, request.as_of()));
  if (request.has_known_at()) {
    ASSIGN_OR_RETURN(const uint64_t at, SequenceAt(core, request.known_at()));
    ASSIGN_OR_RETURN(query.moment, MomentAt(core, at));
  } else {
    ASSIGN_OR_RETURN(query.moment, MomentNow(core));
  }
  const ReferenceView& view = *query.moment.view;
  ASSIGN_OR_RETURN(
      query.requesting,
      view.states().ResolveOne(request.requesting_state(), "requesting_state"));
  ASSIGN_OR_RETURN(
      query.requested,
      view.states().ResolveOne(request.requested_state(), "requested_state"));
  if (query.requesting == query.requested) {
    return InvalidField("requested_state", request.requested_state(),
                        "must be another than the requesting State");
  }
  ASSIGN_OR_RETURN(query.function,
                   view.functions().ResolveOne(request.function(), "function"));
  if (!request.treaty().empty()) {
    ASSIGN_OR_RETURN(const std::string treaty, view.citations().ResolveTreaty(
                                                   request.treaty(), "treaty"));
    query.treaty = std::string(names::LastOf(treaty));
  }
  if (request.max_routes() != 0) query.max_routes = request.max_routes();
  return query;
}

// The treaty as the rules want it, without counts of designations.
rules::TreatyInput InputOf(const ReferenceView& view,
                           const ReferenceView::Treaty& treaty,
                           absl::string_view requesting,
                           absl::string_view requested) {
  rules::TreatyInput input;
  input.treaty = treaty.record.get();
  input.dates = treaty.dates;
  input.requesting = treaty.Find(requesting);
  input.requested = treaty.Find(requested);
  if (treaty.record->parent().empty()) return input;
  const ReferenceView::Treaty* parent =
      view.FindTreaty(names::LastOf(treaty.record->parent()));
  if (parent == nullptr) return input;
  input.parent = parent->record.get();
  input.parent_dates = parent->dates;
  input.requesting_parent = parent->Find(requesting);
  input.requested_parent = parent->Find(requested);
  return input;
}

// Collects the treaties of a request, each once.
class Inputs {
 public:
  Inputs(const Query& query, rules::RouteInput* input)
      : query_(query), input_(input) {}

  // Index of the treaty in the input; -1 if it is not on record.
  int Index(absl::string_view slug) {
    for (size_t i = 0; i < slugs_.size(); ++i) {
      if (slugs_[i] == slug) return static_cast<int>(i);
    }
    const ReferenceView& view = *query_.moment.view;
    const ReferenceView::Treaty* treaty = view.FindTreaty(slug);
    if (treaty == nullptr) return -1;
    input_->treaties.push_back(InputOf(view, *treaty,
                                       names::LastOf(query_.requesting),
                                       names::LastOf(query_.requested)));
    if (slug == query_.treaty) input_->only_treaty = treaty->record.get();
    slugs_.push_back(names::LastOf(treaty->record->name()));
    return static_cast<int>(slugs_.size()) - 1;
  }

 private:
  const Query& query_;
  rules::RouteInput* const input_;
  std::vector<absl::string_view> slugs_;
};

// Puts what is on record into `input`, whose views point into `found`.
void AddDesignations(const Roster::Found& found, Inputs* inputs,
                     rules::RouteInput* input) {
  for (const auto& [slug, count] : found.on_record) {
    const int index = inputs->Index(slug);
    if (index < 0) continue;
    input->treaties[static_cast<size_t>(index)].designations_on_record = count;
  }
  input->candidates.reserve(found.rows.size());
  for (const RosterRow& row : found.rows) {
    rules::Candidate candidate;
    candidate.treaty = inputs->Index(row.treaty);
    if (candidate.treaty < 0) continue;
    if (row.from != kDayUnknown && row.from != kDayOpen) {
      candidate.from = DayFromNumber(row.from);
    }
    candidate.name = row.name;
    input->candidates.push_back(candidate);
  }
}

rules::RouteInput RouteInputOf(const Core& core, const Query& query,
                               const v1::RouteRequestRequest& request,
                               const Roster::Found& found) {
  const ReferenceView& view = *query.moment.view;
  rules::RouteInput input;
  input.requesting = view.states().Find(query.requesting);
  input.requested = view.states().Find(query.requested);
  input.function = view.functions().Find(query.function);
  input.day = query.day;
  input.today = DayOf(core.clock->Now());
  input.urgent = request.urgent();
  input.max_routes = query.max_routes;
  input.place = request.place();
  input.offence = request.offence();
  for (const std::string& language : request.preferred_languages()) {
    input.preferred_languages.push_back(language);
  }
  Inputs inputs(query, &input);
  for (const v1::Function::Article& article : input.function->articles()) {
    inputs.Index(names::LastOf(article.treaty()));
  }
  if (!query.treaty.empty()) inputs.Index(query.treaty);
  AddDesignations(found, &inputs, &input);
  return input;
}

}  // namespace

absl::Status RouteRequest(const Core& core,
                          const v1::RouteRequestRequest& request,
                          std::string* response) {
  ASSIGN_OR_RETURN(const Query query, Parse(core, request));
  ASSIGN_OR_RETURN(
      const Roster::Found found,
      FindDesignations(core, query.moment, names::LastOf(query.requested),
                       names::LastOf(query.function), query.day, query.treaty,
                       SIZE_MAX));
  const rules::RouteInput input = RouteInputOf(core, query, request, found);
  std::string designation;
  std::string authority;
  const auto load = [&](const rules::Candidate& candidate,
                        v1::Route* route) -> absl::Status {
    // The name is that of a row, not a copy.
    const auto row = std::find_if(
        found.rows.begin(), found.rows.end(),
        [&](const RosterRow& each) { return each.name == candidate.name; });
    bool has_authority = false;
    RETURN_IF_ERROR(LoadRow(*core.store, query.moment, *row, &designation,
                            &authority, &has_authority));
    if (!route->mutable_designation()->ParseFromString(designation) ||
        (has_authority &&
         !route->mutable_authority()->ParseFromString(authority))) {
      return absl::DataLossError("a stored record does not parse");
    }
    return absl::OkStatus();
  };
  // Hundreds of small messages, freed at once.
  google::protobuf::ArenaOptions options;
  options.start_block_size = kArenaBlockBytes;
  options.max_block_size = kArenaBlockBytes;
  google::protobuf::Arena arena(options);
  auto* answer =
      google::protobuf::Arena::CreateMessage<v1::RouteRequestResponse>(&arena);
  RETURN_IF_ERROR(rules::RouteInto(input, load, answer));
  answer->set_sequence(found.sequence);
  answer->SerializeToString(response);
  return absl::OkStatus();
}

}  // namespace comity
