#include "services/library.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/english.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rules/law_citations.h"
#include "services/page.h"
#include "services/resource.h"
#include "store/keys.h"

namespace comity {
namespace {

// `{code}/{id}`, as Store::ForEach takes it, of the law `name`, which must be
// there at `at`.
absl::StatusOr<std::string> UnderLaw(const Core& core, absl::string_view name,
                                     absl::string_view field, uint64_t at) {
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(name, Kind::kLaw, field));
  RETURN_IF_ERROR(core.store->Get<v1::Law>(name, at).status());
  return absl::StrCat(parts.first, "/", parts.second);
}

// A version of an expression, whose provisions are read by its sequence.
struct ExpressionVersion {
  v1::Expression record;
  uint64_t sequence = 0;
};

absl::StatusOr<ExpressionVersion> ReadExpression(const Core& core,
                                                 absl::string_view name,
                                                 uint64_t at) {
  ExpressionVersion version;
  ASSIGN_OR_RETURN(version.sequence,
                   core.store->ReadWithSequence(Kind::kExpression, name, at,
                                                &version.record));
  return version;
}

// The page of a list whose token says the position of the last one given.
struct PositionPage {
  Page page;
  int after = 0;
};

template <class Request>
absl::StatusOr<PositionPage> PositionPageOf(const Core& core,
                                            const Request& request) {
  PositionPage result;
  ASSIGN_OR_RETURN(result.page, PageOf(core, request));
  if (!result.page.first &&
      !absl::SimpleAtoi(result.page.token.after, &result.after)) {
    return InvalidField("page_token", request.page_token(),
                        "must be a next_page_token of this server");
  }
  return result;
}

void GiveFullName(absl::string_view expression, v1::Provision* provision) {
  provision->set_name(names::Provision(expression, provision->name()));
}

// Expressions ---------------------------------------------------------------

// What speaks for and against an expression, the best the least.
struct Choice {
  // Does not hold on the day; no certain answer whether it does; does.
  int validity = 0;
  // Place among the languages asked for.
  int language = 0;
  int kind = 0;
  // Days since the epoch, negated: the later the better.
  int64_t from = 0;
  v1::Expression record;
};

// The subtag of the language alone.
absl::string_view Primary(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

int LanguagePlace(const v1::Expression& expression,
                  const v1::ChooseExpressionRequest& request) {
  for (int i = 0; i < request.languages_size(); ++i) {
    if (expression.language() == request.languages(i)) return 2 * i;
    if (Primary(expression.language()) == Primary(request.languages(i))) {
      return 2 * i + 1;
    }
  }
  return 2 * request.languages_size() + 1;
}

Choice ChoiceOf(v1::Expression expression,
                const v1::ChooseExpressionRequest& request, Day day) {
  Choice choice;
  const auto from = ParseDay(expression.valid_from().date());
  const auto until = ParseDay(expression.valid_until().date());
  const bool over = until.has_value() && day >= *until;
  const bool not_yet = from.has_value() && day < *from;
  choice.validity = over || not_yet ? 2 : from.has_value() ? 0 : 1;
  choice.language = LanguagePlace(expression, request);
  switch (expression.kind()) {
    case v1::Expression::KIND_ABSTRACT:
      choice.kind = 2;
      break;
    case v1::Expression::KIND_TRANSLATION:
      choice.kind = 1;
      break;
    default:
      choice.kind = 0;
  }
  choice.from = from.has_value() ? Day(1970, 1, 1) - *from : 0;
  choice.record = std::move(expression);
  return choice;
}

// The order in which a reader wants them: a text that holds before one that
// does not; the language that he reads; the text before a translation, before
// an abstract.
bool IsBetter(const Choice& a, const Choice& b) {
  const auto key = [](const Choice& each) {
    return std::make_tuple(each.validity == 2, each.language, each.kind,
                           each.validity, each.from);
  };
  if (key(a) != key(b)) return key(a) < key(b);
  return a.record.name() < b.record.name();
}

void AddRemarks(const Choice& choice,
                const v1::ChooseExpressionRequest& request, Day day,
                v1::ChooseExpressionResponse* response) {
  const v1::Expression& record = choice.record;
  if (record.kind() == v1::Expression::KIND_ABSTRACT) {
    response->add_remarks(
        "An abstract, in other words than the law's: not the text.");
  } else if (record.kind() == v1::Expression::KIND_TRANSLATION) {
    response->add_remarks(
        "A translation: the law was made in another "
        "language.");
  }
  if (request.languages_size() > 0 &&
      choice.language > 2 * request.languages_size()) {
    response->add_remarks(
        absl::StrCat("There is none in a language asked for; this is in ",
                     LanguageName(record.language()), "."));
  }
  if (choice.validity == 2) {
    response->add_remarks(absl::StrCat(
        "No text on record holds on ", FormatDay(day), "; this one does ",
        record.valid_from().date().empty()
            ? ""
            : absl::StrCat("from ", record.valid_from().date(), " "),
        record.valid_until().date().empty()
            ? ""
            : absl::StrCat("until ", record.valid_until().date(),
                           ", that day excluded"),
        "."));
  } else if (choice.validity == 1) {
    response->add_remarks(
        "Since when this text holds, and whether it was amended, is not on "
        "record.");
  }
  if (record.language_detected()) {
    response->add_remarks("Its language was found out from the text.");
  }
}

// Comparisons ---------------------------------------------------------------

absl::StatusOr<std::vector<v1::Provision>> ReadProvisions(
    const Core& core, const ExpressionVersion& version) {
  std::vector<v1::Provision> provisions;
  RETURN_IF_ERROR(
      core.store->ForEachProvision(version.record.name(), version.sequence,
                                   [&](const v1::Provision& provision) {
                                     provisions.push_back(provision);
                                     return true;
                                   }));
  return provisions;
}

bool AreSame(const v1::Provision& a, const v1::Provision& b) {
  return a.label() == b.label() && a.heading() == b.heading() &&
         a.text() == b.text() && a.status() == b.status();
}

using Comparisons = std::vector<v1::ProvisionComparison>;

// Pairs provisions by id, in the order of `to`.
Comparisons Compare(const ExpressionVersion& from_version,
                    std::vector<v1::Provision> from,
                    const ExpressionVersion& to_version,
                    std::vector<v1::Provision> to) {
  absl::flat_hash_map<std::string, size_t> in_to;
  for (size_t i = 0; i < to.size(); ++i) in_to.emplace(to[i].name(), i);
  Comparisons comparisons;
  // `removed[i]`: those of `from` that stood behind what is now `to[i - 1]`.
  std::vector<std::vector<size_t>> removed(to.size() + 1);
  std::vector<std::optional<size_t>> of(to.size());
  size_t place = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    const auto at = in_to.find(from[i].name());
    if (at == in_to.end()) {
      removed[place].push_back(i);
    } else {
      of[at->second] = i;
      place = at->second + 1;
    }
  }
  const auto add_removed = [&](size_t at) {
    for (const size_t i : removed[at]) {
      v1::ProvisionComparison& added = comparisons.emplace_back();
      added.set_outcome(v1::ProvisionComparison::OUTCOME_REMOVED);
      added.mutable_from()->Swap(&from[i]);
      GiveFullName(from_version.record.name(), added.mutable_from());
    }
  };
  add_removed(0);
  for (size_t i = 0; i < to.size(); ++i) {
    v1::ProvisionComparison& added = comparisons.emplace_back();
    if (!of[i].has_value()) {
      added.set_outcome(v1::ProvisionComparison::OUTCOME_ADDED);
    } else {
      added.set_outcome(AreSame(from[*of[i]], to[i])
                            ? v1::ProvisionComparison::OUTCOME_SAME
                            : v1::ProvisionComparison::OUTCOME_CHANGED);
      added.mutable_from()->Swap(&from[*of[i]]);
      GiveFullName(from_version.record.name(), added.mutable_from());
    }
    added.mutable_to()->Swap(&to[i]);
    GiveFullName(to_version.record.name(), added.mutable_to());
    add_removed(i + 1);
  }
  return comparisons;
}

void CountComparisons(const Comparisons& comparisons,
                      v1::CompareExpressionsResponse* response) {
  for (const v1::ProvisionComparison& each : comparisons) {
    switch (each.outcome()) {
      case v1::ProvisionComparison::OUTCOME_SAME:
        response->set_same(response->same() + 1);
        break;
      case v1::ProvisionComparison::OUTCOME_CHANGED:
        response->set_changed(response->changed() + 1);
        break;
      case v1::ProvisionComparison::OUTCOME_ADDED:
        response->set_added(response->added() + 1);
        break;
      default:
        response->set_removed(response->removed() + 1);
    }
  }
}

// Mappings ------------------------------------------------------------------

// Calls `visit` with the mappings to `treaty` (name), or one of its articles,
// as of `at`, in the order of articles, then names.
absl::Status ForEachMapping(const Core& core, absl::string_view treaty,
                            absl::string_view article, uint64_t at,
                            absl::FunctionRef<void(const v1::Mapping&)> visit) {
  const absl::string_view slug = names::LastOf(treaty);
  ASSIGN_OR_RETURN(const std::vector<std::string> found,
                   core.store->LookUp(
                       article.empty() ? keys::MappingsToTreaty(slug)
                                       : keys::MappingsToArticle(slug, article),
                       SIZE_MAX));
  absl::flat_hash_set<std::string> seen;
  for (const std::string& name : found) {
    if (!seen.insert(name).second) continue;
    const absl::StatusOr<v1::Mapping> mapping =
        core.store->Get<v1::Mapping>(name, at);
    if (absl::IsNotFound(mapping.status())) continue;
    RETURN_IF_ERROR(mapping.status());
    // Lookups answer for any time.
    if (mapping->treaty() != treaty) continue;
    if (!article.empty() && mapping->article() != article) continue;
    visit(*mapping);
  }
  return absl::OkStatus();
}

void CountInCell(const v1::Mapping& mapping,
                 v1::GetCoverageResponse::Cell* cell) {
  switch (mapping.degree()) {
    case v1::Mapping::DEGREE_FULL:
      cell->set_full(cell->full() + 1);
      break;
    case v1::Mapping::DEGREE_PARTIAL:
      cell->set_partial(cell->partial() + 1);
      break;
    case v1::Mapping::DEGREE_RELATED:
      cell->set_related(cell->related() + 1);
      break;
    default:
      cell->set_unstated(cell->unstated() + 1);
  }
  const auto parts = names::Parse(mapping.name(), "name");
  if (!parts.ok() || cell->laws_size() >= limits::kCoverageLawsMax) return;
  const std::string law = names::LawOf(*parts);
  if (std::find(cell->laws().begin(), cell->laws().end(), law) ==
      cell->laws().end()) {
    cell->add_laws(law);
  }
}

// `18(3)(b)` behind `18(3)`, `9` before `10`.
std::vector<std::pair<int64_t, std::string>> ArticleOrder(
    absl::string_view citation) {
  std::vector<std::pair<int64_t, std::string>> order;
  for (size_t at = 0; at < citation.size();) {
    size_t end = at;
    while (end < citation.size() &&
           absl::ascii_isdigit(static_cast<unsigned char>(citation[end])))
      ++end;
    int64_t number = 0;
    if (end > at && absl::SimpleAtoi(citation.substr(at, end - at), &number)) {
      order.emplace_back(number, "");
      at = end;
    } else {
      order.emplace_back(INT64_MAX, std::string(1, citation[at]));
      ++at;
    }
  }
  return order;
}

absl::StatusOr<int64_t> CountLive(const Core& core, const Call& call, Kind kind,
                                  absl::string_view under, uint64_t at) {
  int64_t count = 0;
  bool left = false;
  RETURN_IF_ERROR(
      core.store->ForEach(kind, under, "", at, [&](const Store::Item&) {
        left = (++count & 0xFF) == 0 && call.cancelled();
        return !left;
      }));
  if (left) return absl::CancelledError("the caller left");
  return count;
}

}  // namespace

absl::Status ListLaws(const Core& core, const Call& call,
                      const v1::ListLawsRequest& request,
                      v1::ListLawsResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  ASSIGN_OR_RETURN(
      const std::string under,
      ParseParent(core, Kind::kState, request.parent(), page.token.sequence));
  const auto passes = [&](const v1::Law& law) {
    return (request.type() == v1::LAW_TYPE_UNSPECIFIED ||
            law.type() == request.type()) &&
           (request.subject().empty() ||
            std::find(law.subjects().begin(), law.subjects().end(),
                      request.subject()) != law.subjects().end());
  };
  return ListRecords<v1::Law>(core, call, request, page, under, passes,
                              response->mutable_laws(),
                              response->mutable_next_page_token());
}

absl::Status ListExpressions(const Core& core, const Call& call,
                             const v1::ListExpressionsRequest& request,
                             v1::ListExpressionsResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  ASSIGN_OR_RETURN(
      const std::string under,
      UnderLaw(core, request.parent(), "parent", page.token.sequence));
  return ListRecords<v1::Expression>(
      core, call, request, page, under,
      [](const v1::Expression&) { return true; },
      response->mutable_expressions(), response->mutable_next_page_token());
}

absl::Status ChooseExpression(const Core& core,
                              const v1::ChooseExpressionRequest& request,
                              v1::ChooseExpressionResponse* response) {
  if (request.languages_size() > limits::kLanguagesAskedMax) {
    return InvalidField(
        "languages", absl::StrCat(request.languages_size(), " languages"),
        absl::StrCat("must be at most ", limits::kLanguagesAskedMax));
  }
  ASSIGN_OR_RETURN(const uint64_t at, SequenceOf(core, request));
  ASSIGN_OR_RETURN(const Day day, DayOfRequest(core, request.as_of()));
  ASSIGN_OR_RETURN(const std::string under,
                   UnderLaw(core, request.law(), "law", at));
  std::vector<Choice> choices;
  absl::Status status;
  RETURN_IF_ERROR(core.store->ForEach(
      Kind::kExpression, under, "", at, [&](const Store::Item& item) {
        v1::Expression expression;
        status = ParseVersion(item.version, &expression);
        if (!status.ok()) return false;
        choices.push_back(ChoiceOf(std::move(expression), request, day));
        return choices.size() < limits::kExpressionsChosenFrom;
      }));
  RETURN_IF_ERROR(status);
  if (choices.empty()) {
    return absl::NotFoundError(
        absl::StrCat(request.law(), " has no text on record"));
  }
  std::sort(choices.begin(), choices.end(), IsBetter);
  AddRemarks(choices.front(), request, day, response);
  for (size_t i = 1; i < choices.size(); ++i) {
    response->add_others(choices[i].record.name());
  }
  response->mutable_expression()->Swap(&choices.front().record);
  return absl::OkStatus();
}

absl::Status CompareExpressions(const Core& core,
                                const v1::CompareExpressionsRequest& request,
                                v1::CompareExpressionsResponse* response) {
  ASSIGN_OR_RETURN(const PositionPage page, PositionPageOf(core, request));
  const uint64_t at = page.page.token.sequence;
  RETURN_IF_ERROR(
      names::ParseKind(request.from(), Kind::kExpression, "from").status());
  RETURN_IF_ERROR(
      names::ParseKind(request.to(), Kind::kExpression, "to").status());
  ASSIGN_OR_RETURN(const ExpressionVersion from,
                   ReadExpression(core, request.from(), at));
  ASSIGN_OR_RETURN(const ExpressionVersion to,
                   ReadExpression(core, request.to(), at));
  ASSIGN_OR_RETURN(std::vector<v1::Provision> before,
                   ReadProvisions(core, from));
  ASSIGN_OR_RETURN(std::vector<v1::Provision> after, ReadProvisions(core, to));
  Comparisons comparisons =
      Compare(from, std::move(before), to, std::move(after));
  CountComparisons(comparisons, response);
  size_t bytes = 0;
  for (size_t i = static_cast<size_t>(std::max(page.after, 0));
       i < comparisons.size(); ++i) {
    if (request.changes_only() &&
        comparisons[i].outcome() == v1::ProvisionComparison::OUTCOME_SAME) {
      continue;
    }
    bytes += comparisons[i].ByteSizeLong();
    if (response->comparisons_size() == page.page.size ||
        (response->comparisons_size() > 0 && bytes > kPageBytesMax)) {
      PageToken token = page.page.token;
      token.after = absl::StrCat(i);
      response->set_next_page_token(MakePageToken(request, token));
      break;
    }
    response->add_comparisons()->Swap(&comparisons[i]);
  }
  return absl::OkStatus();
}

absl::Status GetProvision(const Core& core,
                          const v1::GetProvisionRequest& request,
                          v1::GetProvisionResponse* response) {
  absl::string_view expression;
  absl::string_view id;
  RETURN_IF_ERROR(
      names::ParseProvision(request.name(), "name", &expression, &id));
  ASSIGN_OR_RETURN(const uint64_t at, SequenceOf(core, request));
  ASSIGN_OR_RETURN(const ExpressionVersion version,
                   ReadExpression(core, expression, at));
  ASSIGN_OR_RETURN(const int position,
                   core.store->FindProvision(expression, version.sequence, id));
  const auto read = [&](int where, v1::Provision* provision) {
    return core.store->ReadProvision(expression, version.sequence, where,
                                     provision);
  };
  RETURN_IF_ERROR(read(position, response->mutable_provision()));
  v1::Provision neighbour;
  if (position > 1) {
    RETURN_IF_ERROR(read(position - 1, &neighbour));
    response->set_previous(names::Provision(expression, neighbour.name()));
  }
  if (position < version.record.provision_count()) {
    RETURN_IF_ERROR(read(position + 1, &neighbour));
    response->set_next(names::Provision(expression, neighbour.name()));
  }
  std::vector<v1::Provision> ancestors;
  std::string parent = response->provision().parent();
  while (!parent.empty() && ancestors.size() < limits::kProvisionDepthMax) {
    ASSIGN_OR_RETURN(
        const int where,
        core.store->FindProvision(expression, version.sequence, parent));
    RETURN_IF_ERROR(read(where, &ancestors.emplace_back()));
    parent = ancestors.back().parent();
  }
  for (auto each = ancestors.rbegin(); each != ancestors.rend(); ++each) {
    each->clear_text();
    GiveFullName(expression, &*each);
    response->add_ancestors()->Swap(&*each);
  }
  const auto parts = names::Parse(expression, "name");
  RETURN_IF_ERROR(parts.status());
  const std::string law = names::LawOf(*parts);
  absl::Status status;
  RETURN_IF_ERROR(core.store->ForEach(
      Kind::kMapping, absl::StrCat(parts->first, "/", names::LastOf(law)), "",
      at, [&](const Store::Item& item) {
        v1::Mapping mapping;
        status = ParseVersion(item.version, &mapping);
        if (status.ok() && mapping.provision() == id &&
            response->mappings_size() < limits::kListItemsMax) {
          response->add_mappings()->Swap(&mapping);
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  GiveFullName(expression, response->mutable_provision());
  return absl::OkStatus();
}

absl::Status ListProvisions(const Core& core,
                            const v1::ListProvisionsRequest& request,
                            v1::ListProvisionsResponse* response) {
  if (!v1::ProvisionView_IsValid(request.view())) {
    return InvalidField("view", absl::StrCat(request.view()),
                        "must be a view of the contract");
  }
  ASSIGN_OR_RETURN(const PositionPage page, PositionPageOf(core, request));
  RETURN_IF_ERROR(
      names::ParseKind(request.parent(), Kind::kExpression, "parent").status());
  ASSIGN_OR_RETURN(
      const ExpressionVersion version,
      ReadExpression(core, request.parent(), page.page.token.sequence));
  size_t bytes = 0;
  int last = page.after;
  return core.store->ForEachProvision(
      request.parent(), version.sequence,
      [&](const v1::Provision& provision) {
        const size_t size = provision.ByteSizeLong();
        if (response->provisions_size() == page.page.size ||
            (response->provisions_size() > 0 && bytes + size > kPageBytesMax)) {
          PageToken token = page.page.token;
          token.after = absl::StrCat(last);
          response->set_next_page_token(MakePageToken(request, token));
          return false;
        }
        last = provision.position();
        v1::Provision* added = response->add_provisions();
        *added = provision;
        if (request.view() == v1::PROVISION_VIEW_CONTENTS) added->clear_text();
        bytes += added->ByteSizeLong();
        GiveFullName(request.parent(), added);
        return true;
      },
      page.after + 1);
}

absl::Status ListMappings(const Core& core, const Call& call,
                          const v1::ListMappingsRequest& request,
                          v1::ListMappingsResponse* response) {
  ASSIGN_OR_RETURN(const Page page, PageOf(core, request));
  std::string under;
  if (names::ParseKind(request.parent(), Kind::kLaw, "parent").ok()) {
    ASSIGN_OR_RETURN(
        under, UnderLaw(core, request.parent(), "parent", page.token.sequence));
  } else {
    ASSIGN_OR_RETURN(under, ParseParent(core, Kind::kState, request.parent(),
                                        page.token.sequence));
  }
  if (!request.treaty().empty()) {
    RETURN_IF_ERROR(
        names::ParseKind(request.treaty(), Kind::kTreaty, "treaty").status());
  }
  const auto passes = [&](const v1::Mapping& mapping) {
    return (request.treaty().empty() || mapping.treaty() == request.treaty()) &&
           (request.article().empty() ||
            mapping.article() == request.article());
  };
  return ListRecords<v1::Mapping>(core, call, request, page, under, passes,
                                  response->mutable_mappings(),
                                  response->mutable_next_page_token());
}

absl::Status GetCoverage(const Core& core, const Call& call,
                         const v1::GetCoverageRequest& request,
                         v1::GetCoverageResponse* response) {
  ASSIGN_OR_RETURN(const uint64_t at, SequenceOf(core, request));
  RETURN_IF_ERROR(
      names::ParseKind(request.treaty(), Kind::kTreaty, "treaty").status());
  RETURN_IF_ERROR(core.store->Get<v1::Treaty>(request.treaty(), at).status());
  std::string code;
  if (!request.state().empty()) {
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::ParseKind(request.state(), Kind::kState, "state"));
    RETURN_IF_ERROR(core.store->Get<v1::State>(request.state(), at).status());
    code = std::string(parts.first);
  }
  using Cells = std::map<std::vector<std::pair<int64_t, std::string>>,
                         v1::GetCoverageResponse::Cell>;
  std::map<std::string, Cells> rows;
  RETURN_IF_ERROR(ForEachMapping(
      core, request.treaty(), "", at, [&](const v1::Mapping& mapping) {
        const auto parts = names::Parse(mapping.name(), "name");
        if (!parts.ok() || (!code.empty() && parts->first != code)) return;
        v1::GetCoverageResponse::Cell& cell =
            rows[names::StateOf(*parts)][ArticleOrder(mapping.article())];
        cell.set_article(mapping.article());
        CountInCell(mapping, &cell);
        response->set_mappings_on_record(response->mappings_on_record() + 1);
      }));
  for (auto& [state, cells] : rows) {
    v1::GetCoverageResponse::Row* row = response->add_rows();
    row->set_state(state);
    for (auto& [order, cell] : cells) row->add_cells()->Swap(&cell);
  }
  ASSIGN_OR_RETURN(const int64_t laws,
                   CountLive(core, call, Kind::kLaw, code, at));
  response->set_laws_on_record(laws);
  return absl::OkStatus();
}

absl::Status ResolveLawCitation(const Core& core, const Call& call,
                                const v1::ResolveLawCitationRequest& request,
                                v1::ResolveLawCitationResponse* response) {
  RETURN_IF_ERROR(rules::CheckLawCitation(request.citation()));
  if (request.limit() < 0 || request.limit() > limits::kStateCandidatesMax) {
    return InvalidField(
        "limit", absl::StrCat(request.limit()),
        absl::StrCat("must be from 0 to ", limits::kStateCandidatesMax));
  }
  ASSIGN_OR_RETURN(const auto view, core.references->Current());
  rules::LawCitation citation =
      rules::ReadLawCitation(request.citation(), view->states());
  if (!request.state().empty()) {
    ASSIGN_OR_RETURN(const names::Parts parts,
                     names::ParseKind(request.state(), Kind::kState, "state"));
    static_cast<void>(parts);
    citation.state = request.state();
  }
  response->set_state(citation.state);
  response->set_title(citation.title);
  response->set_provision_number(citation.number);
  rules::LawMatcher matcher(citation, request.limit() == 0
                                          ? limits::kStateCandidatesDefault
                                          : request.limit());
  uint64_t examined = 0;
  absl::Status status;
  const auto add_all = [&](auto record) -> absl::Status {
    RETURN_IF_ERROR(core.store->ForEach(
        KindOf<decltype(record)>::kKind, names::LastOf(citation.state), "",
        kNow, [&](const Store::Item& item) {
          if ((++examined & 0xFFU) == 0 && call.cancelled()) {
            status = absl::CancelledError("the caller left");
            return false;
          }
          status = ParseVersion(item.version, &record);
          if (status.ok()) matcher.Add(record);
          return status.ok();
        }));
    return status;
  };
  RETURN_IF_ERROR(add_all(v1::Law()));
  RETURN_IF_ERROR(add_all(v1::Expression()));
  for (rules::LawMatcher::Match& match : matcher.Take()) {
    v1::ResolveLawCitationResponse::Match* added = response->add_matches();
    added->set_law(match.law);
    added->set_title(match.title);
    added->set_exact(match.exact);
    if (citation.number.empty()) continue;
    const auto parts = names::Parse(match.law, "law");
    RETURN_IF_ERROR(parts.status());
    RETURN_IF_ERROR(core.store->ForEach(
        Kind::kExpression, absl::StrCat(parts->first, "/", parts->second), "",
        kNow, [&](const Store::Item& item) {
          status = core.store->ForEachProvision(
              item.name, item.sequence, [&](const v1::Provision& provision) {
                if (!rules::IsCited(citation, provision)) return true;
                added->set_provision(
                    names::Provision(item.name, provision.name()));
                return false;
              });
          return status.ok() && added->provision().empty();
        }));
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace comity
