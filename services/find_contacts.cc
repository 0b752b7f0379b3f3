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
#include "base/wire.h"
#include "rules/citations.h"
#include "services/contact_bytes.h"
#include "services/contacts.h"
#include "services/page.h"
#include "services/resource.h"

namespace comity {
namespace {

// Room that is made for each contact at first.
constexpr size_t kContactBytesUsual = 1400;

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
  const v1::Function& function =
      *query.moment.view->functions().Find(query.function);
  const absl::string_view state = names::LastOf(query.state);
  const size_t begin = BeginOfPage(query, found.rows);
  size_t end = std::min(begin + size, found.rows.size());
  response->reserve((end - begin) * kContactBytesUsual);
  const auto write = [&](absl::Span<const RowRecords> records) {
    wire::Writer writer(response);
    for (size_t i = 0; i < records.size(); ++i) {
      absl::Status written;
      // Contacts are the first field, so they stand before the others.
      writer.Message(v1::FindContactsResponse::kContactsFieldNumber, [&] {
        written = WriteContact(records[i], function, query.day, &writer);
      });
      RETURN_IF_ERROR(written);
      if (response->size() > kPageBytesMax / 2) {
        end = begin + i + 1;
        break;
      }
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(WithRecords(
      *core.store, query.moment, state,
      absl::MakeSpan(found.rows).subspan(begin, end - begin), write));
  using R = v1::FindContactsResponse;
  wire::Writer writer(response);
  if (end < found.rows.size()) {
    NameRow(*core.store, state, &found.rows[end - 1]);
    writer.Text(R::kNextPageTokenFieldNumber,
                MakePageToken(request, {found.sequence, DayNumber(query.day),
                                        found.rows[end - 1].name}));
  }
  writer.Text(R::kStateFieldNumber, query.state);
  writer.Text(R::kFunctionFieldNumber, query.function);
  writer.Text(R::kTreatyFieldNumber, query.treaty);
  writer.Text(R::kAsOfFieldNumber, FormatDay(query.day));
  writer.Number(R::kSequenceFieldNumber, found.sequence);
  writer.Number(R::kTotalSizeFieldNumber, found.total);
  return absl::OkStatus();
}

}  // namespace comity
