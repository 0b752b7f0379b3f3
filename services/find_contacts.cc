#include "services/find_contacts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rules/citations.h"
#include "services/contact_bytes.h"
#include "services/contacts.h"
#include "services/page.h"
#include "services/resource.h"
#include "store/wire.h"

namespace comity {
namespace {

// Room that is made for each contact at first.
constexpr size_t kContactBytesUsual = 2048;

// A request, understood.
struct Query {
  Page page;
  Moment moment;
  Day day;
  std::string state;
  std::string function;
  std::string treaty;
  // Canonical; empty: any.
  std::string article;
};

// The moment of the answer: that of the first page, on later ones.
absl::Status ReadMoment(const Core& core,
                        const v1::FindContactsRequest& request, Query* query) {
  if (query->page.first && !request.has_known_at()) {
    ASSIGN_OR_RETURN(query->moment, MomentNow(core));
    return absl::OkStatus();
  }
  uint64_t sequence = query->page.token.sequence;
  if (query->page.first) {
    ASSIGN_OR_RETURN(sequence, SequenceAt(core, request.known_at()));
  }
  ASSIGN_OR_RETURN(query->moment, MomentAt(core, sequence));
  return absl::OkStatus();
}

absl::StatusOr<Query> Parse(const Core& core,
                            const v1::FindContactsRequest& request) {
  Query query;
  ASSIGN_OR_RETURN(query.page, ParsePage(request));
  if (query.page.first) {
    ASSIGN_OR_RETURN(query.day, DayOfRequest(core, request.as_of()));
  } else {
    query.day = DayFromNumber(query.page.token.day);
  }
  RETURN_IF_ERROR(ReadMoment(core, request, &query));
  const ReferenceView& view = *query.moment.view;
  ASSIGN_OR_RETURN(query.state,
                   view.states().ResolveOne(request.state(), "state"));
  ASSIGN_OR_RETURN(query.function,
                   view.functions().ResolveOne(request.function(), "function"));
  if (!request.treaty().empty()) {
    ASSIGN_OR_RETURN(query.treaty, view.citations().ResolveTreaty(
                                       request.treaty(), "treaty"));
  }
  if (!request.article().empty()) {
    std::optional<std::string> article =
        rules::CanonicalArticle(request.article());
    if (!article.has_value()) {
      return InvalidField("article", request.article(),
                          "must be the citation of one article");
    }
    query.article = *std::move(article);
  }
  return query;
}

// Leaves what cites the article or a paragraph of it.
void KeepArticle(absl::string_view article, Roster::Found* found) {
  if (article.empty()) return;
  std::vector<RosterRow>& rows = found->rows;
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const RosterRow& row) {
                              return row.article != article &&
                                     !absl::StartsWith(
                                         row.article,
                                         absl::StrCat(article, "("));
                            }),
             rows.end());
  found->total = rows.size();
}

// Makes contacts, one after another, in memory that is used again.
class ContactMaker {
 public:
  ContactMaker(const Store& store, const Query& query,
               const v1::Function& function)
      : store_(store), query_(query), function_(function) {}

  // The bytes of a FoundContact, until the next call.
  absl::StatusOr<absl::string_view> Make(const RosterRow& row) {
    bool has_authority = false;
    RETURN_IF_ERROR(LoadRow(store_, query_.moment, row, &designation_,
                            &authority_, &has_authority));
    contact_.clear();
    RETURN_IF_ERROR(AppendContact(designation_,
                                  has_authority ? &authority_ : nullptr,
                                  function_, query_.day, &contact_));
    return contact_;
  }

 private:
  const Store& store_;
  const Query& query_;
  const v1::Function& function_;
  std::string designation_;
  std::string authority_;
  std::string contact_;
};

// Where the page begins in `rows`.
size_t BeginOfPage(const Query& query, const std::vector<RosterRow>& rows) {
  if (query.page.first) return 0;
  const auto last = std::find_if(
      rows.begin(), rows.end(),
      [&](const RosterRow& row) { return row.name == query.page.token.after; });
  return static_cast<size_t>(last - rows.begin()) +
         (last == rows.end() ? 0 : 1);
}

}  // namespace

bool FindsContactsFast(const v1::FindContactsRequest& request) {
  return !request.has_known_at() && request.page_token().empty() &&
         request.page_size() <= limits::kContactsInline;
}

absl::Status FindContacts(const Core& core,
                          const v1::FindContactsRequest& request,
                          std::string* response) {
  ASSIGN_OR_RETURN(const Query query, Parse(core, request));
  const auto size = static_cast<size_t>(query.page.size);
  // With an article, or on a later page, what is wanted may stand behind.
  const size_t limit =
      query.page.first && query.article.empty() ? size + 1 : SIZE_MAX;
  ASSIGN_OR_RETURN(
      Roster::Found found,
      FindDesignations(core, query.moment, names::LastOf(query.state),
                       names::LastOf(query.function), query.day,
                       names::LastOf(query.treaty), limit));
  KeepArticle(query.article, &found);
  ContactMaker maker(*core.store, query,
                     *query.moment.view->functions().Find(query.function));
  const size_t begin = BeginOfPage(query, found.rows);
  size_t end = std::min(begin + size, found.rows.size());
  response->reserve((end - begin) * kContactBytesUsual);
  for (size_t i = begin; i < end; ++i) {
    ASSIGN_OR_RETURN(const absl::string_view contact,
                     maker.Make(found.rows[i]));
    // Contacts are the first field, so they stand before the others.
    wire::AppendField(v1::FindContactsResponse::kContactsFieldNumber, contact,
                      response);
    if (response->size() > kPageBytesMax / 2) end = i + 1;
  }
  v1::FindContactsResponse rest;
  if (end < found.rows.size()) {
    rest.set_next_page_token(MakePageToken(
        request,
        {found.sequence, DayNumber(query.day), found.rows[end - 1].name}));
  }
  rest.set_state(query.state);
  rest.set_function(query.function);
  rest.set_treaty(query.treaty);
  rest.set_as_of(FormatDay(query.day));
  rest.set_sequence(found.sequence);
  rest.set_total_size(static_cast<int32_t>(found.total));
  rest.AppendToString(response);
  return absl::OkStatus();
}

}  // namespace comity
