#include "services/route.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "rules/routing.h"
#include "services/contacts.h"
#include "services/resource.h"

namespace comity {
namespace {

// Room that is made for an answer at first.
constexpr size_t kAnswerBytesUsual = 16 << 10;

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
    const ReferenceView::Treaty* treaty = query_.moment.view->FindTreaty(slug);
    if (treaty == nullptr) return -1;
    rules::TreatyInput& input = input_->treaties.emplace_back();
    input.treaty = treaty->record.get();
    input.dates = treaty->dates;
    if (slug == query_.treaty) input_->only_treaty = input.treaty;
    treaties_.push_back(treaty);
    slugs_.push_back(names::LastOf(treaty->record->name()));
    return static_cast<int>(slugs_.size()) - 1;
  }

  // Sets what the treaties, and their conventions, are to the two States.
  void SetStandings() {
    const ReferenceView& view = *query_.moment.view;
    Treaties all = treaties_;
    for (const ReferenceView::Treaty* treaty : treaties_) {
      const std::string& parent = treaty->record->parent();
      if (parent.empty()) continue;
      const auto* found = view.FindTreaty(names::LastOf(parent));
      if (found != nullptr) all.push_back(found);
    }
    const auto requesting = view.StandingsOf(all, *input_->requesting);
    const auto requested = view.StandingsOf(all, *input_->requested);
    size_t next = treaties_.size();
    for (size_t i = 0; i < treaties_.size(); ++i) {
      rules::TreatyInput& input = input_->treaties[i];
      input.requesting = requesting[i];
      input.requested = requested[i];
      // The conventions found follow in the same order.
      if (next == all.size() ||
          all[next]->record->name() != input.treaty->parent()) {
        continue;
      }
      input.parent = all[next]->record.get();
      input.requesting_parent = requesting[next];
      input.requested_parent = requested[next];
      ++next;
    }
  }

 private:
  using Treaties = absl::InlinedVector<const ReferenceView::Treaty*, 16>;

  const Query& query_;
  rules::RouteInput* const input_;
  Treaties treaties_;
  std::vector<absl::string_view> slugs_;
};

// Puts what is on record into `input`; a candidate's number is that of its row.
void AddDesignations(const Roster::Found& found, Inputs* inputs,
                     rules::RouteInput* input) {
  for (const auto& [slug, count] : found.on_record) {
    const int index = inputs->Index(slug);
    if (index < 0) continue;
    input->treaties[static_cast<size_t>(index)].designations_on_record = count;
  }
  input->candidates.reserve(found.rows.size());
  for (size_t i = 0; i < found.rows.size(); ++i) {
    const int treaty = inputs->Index(found.rows[i].treaty);
    if (treaty >= 0) input->candidates.push_back({treaty, i});
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
  input.sequence = found.sequence;
  for (const std::string& language : request.preferred_languages()) {
    input.preferred_languages.push_back(language);
  }
  Inputs inputs(query, &input);
  for (const v1::Function::Article& article : input.function->articles()) {
    inputs.Index(names::LastOf(article.treaty()));
  }
  if (!query.treaty.empty()) inputs.Index(query.treaty);
  AddDesignations(found, &inputs, &input);
  inputs.SetStandings();
  return input;
}

}  // namespace

absl::Status RouteRequest(const Core& core,
                          const v1::RouteRequestRequest& request,
                          std::string* response) {
  ASSIGN_OR_RETURN(const Query query, Parse(core, request));
  ASSIGN_OR_RETURN(
      Roster::Found found,
      FindDesignations(core, query.moment, names::LastOf(query.requested),
                       names::LastOf(query.function), query.day, query.treaty,
                       SIZE_MAX));
  const rules::RouteInput input = RouteInputOf(core, query, request, found);
  using Write =
      absl::FunctionRef<absl::Status(absl::Span<const rules::RouteRecords>)>;
  const auto load = [&](absl::Span<const size_t> numbers, Write write) {
    std::vector<RosterRow> rows;
    rows.reserve(numbers.size());
    for (const size_t number : numbers) {
      rows.push_back(std::move(found.rows[number]));
    }
    return WithRecords(
        *core.store, query.moment, names::LastOf(query.requested),
        absl::MakeSpan(rows), [&](absl::Span<const RowRecords> records) {
          std::vector<rules::RouteRecords> routes;
          routes.reserve(records.size());
          for (const RowRecords& each : records) {
            routes.push_back(
                {each.designation, each.has_authority, each.authority});
          }
          return write(routes);
        });
  };
  response->reserve(kAnswerBytesUsual);
  return rules::Route(input, load, response);
}

}  // namespace comity
