// `search`, `suggest`: finding laws and offices by their words.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/english.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "comity/v1/search_service.pb.h"

namespace comity::cli {
namespace {

// Terms of a concept that are shown.
constexpr int kTermsShown = 8;

const std::vector<std::string>& FacetChoices() {
  static const auto* const kChoices = new std::vector<std::string>(
      EnumChoices(google::protobuf::GetEnumDescriptor<v1::SearchFacetField>()));
  return *kChoices;
}

std::vector<std::pair<size_t, size_t>> RangesOf(const v1::Snippet& snippet,
                                                size_t before) {
  std::vector<std::pair<size_t, size_t>> ranges;
  for (const v1::TextRange& match : snippet.matches()) {
    ranges.emplace_back(before + static_cast<size_t>(match.begin()),
                        before + static_cast<size_t>(match.end()));
  }
  return ranges;
}

// `UNTOC` and the like are what people type; names and slugs are what the
// server takes.
absl::Status AddStates(Session* session, const std::vector<std::string>& states,
                       v1::SearchFilter* filter) {
  for (const std::string& state : states) {
    ASSIGN_OR_RETURN(const std::string name, session->StateName(state));
    filter->add_states(name);
  }
  return absl::OkStatus();
}

class SearchCommand : public Command {
 public:
  explicit SearchCommand(Arguments* arguments) {
    arguments->OptionalWords("query", &query_, 200, "WORDS",
                             "What to look for, in any language");
    arguments->Repeated("--state", &states_, kStateType,
                        "Only of this State; repeat");
    arguments->Repeated("--language", &languages_, "TAG",
                        "Only texts in this language (BCP 47); repeat");
    arguments->Repeated("--type", &types_, "TYPE",
                        "Only laws of this type: act, code, constitution, "
                        "decree, judgment …; repeat");
    arguments->Repeated("--year", &years_, "YEAR",
                        "Only laws of these years: 2003, 2003..2010; repeat");
    arguments->Text("--from", &from_, kDayType,
                    "Only laws of this day or later");
    arguments->Text("--until", &until_, kDayType, "Only laws before this day");
    arguments->Repeated("--treaty", &treaties_, kTreatyType,
                        "Only what carries it out: untoc, untoc/6; repeat");
    arguments->Repeated("--subject", &subjects_, "SUBJECT",
                        "Only laws on this subject; repeat");
    arguments->Choice("--kind", &kind_, {"law", "authority"},
                      "Only laws, or only offices");
    arguments->RepeatedChoice("--facet", &facets_, FacetChoices(),
                              "Count the hits by this; repeat");
    arguments->Choice("--order", &order_, {"relevance", "newest", "oldest"},
                      "Default: relevance");
    arguments->Flag("--all-words", &all_words_, "Every word must be there");
    arguments->Flag("--no-concepts", &no_concepts_,
                    "Only these words, not what says the same in other "
                    "languages");
    arguments->Flag("--provisions", &provisions_,
                    "List provisions by themselves, not by law");
    arguments->Text("--like", &like_, kNameType,
                    "Name of a provision: find those like it");
    arguments->Number("--limit", &limit_, 1, 1000,
                      "Most results (default: 10)");
    arguments->Text("--page", &page_, "TOKEN", "Go on where a page ended");
  }

  absl::StatusOr<int> Run(Session* session) override {
    ASSIGN_OR_RETURN(const v1::SearchRequest request, Request(session));
    v1::SearchResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      Show(session, request, response);
    }
    return response.results().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  absl::StatusOr<v1::SearchRequest> Request(Session* session) const {
    v1::SearchRequest request;
    request.set_query(absl::StrJoin(query_, " "));
    v1::SearchFilter* filter = request.mutable_filter();
    RETURN_IF_ERROR(AddStates(session, states_, filter));
    const auto add = [](const std::vector<std::string>& values, auto* to) {
      for (const std::string& value : values) *to->Add() = value;
    };
    add(languages_, filter->mutable_languages());
    add(types_, filter->mutable_types());
    add(years_, filter->mutable_years());
    add(treaties_, filter->mutable_treaties());
    add(subjects_, filter->mutable_subjects());
    if (!kind_.empty()) filter->add_kinds(kind_);
    filter->set_from(from_);
    filter->set_until(until_);
    for (const std::string& facet : facets_) {
      request.add_facets(static_cast<v1::SearchFacetField>(EnumValue(
          google::protobuf::GetEnumDescriptor<v1::SearchFacetField>(), facet)));
    }
    if (all_words_) request.set_match(v1::SearchRequest::MATCH_ALL);
    if (order_ == "newest") request.set_order(v1::SearchRequest::ORDER_NEWEST);
    if (order_ == "oldest") request.set_order(v1::SearchRequest::ORDER_OLDEST);
    if (provisions_) request.set_group(v1::SearchRequest::GROUP_NONE);
    request.set_without_concepts(no_concepts_);
    request.set_more_like(like_);
    request.set_page_size(static_cast<int32_t>(limit_));
    request.set_page_token(page_);
    return request;
  }

  static void Show(Session* session, const v1::SearchRequest& request,
                   const v1::SearchResponse& response) {
    Printer& out = session->out();
    if (!response.suggestion().empty()) {
      out.Line(absl::StrCat("Did you mean: ", response.suggestion()),
               Style::kWarning);
      out.Blank();
    }
    for (const v1::SearchResult& result : response.results()) {
      ShowResult(session, result);
    }
    for (const v1::SearchFacet& facet : response.facets()) {
      ShowFacet(session, facet);
    }
    ShowConcepts(&out, response);
    if (response.query_cut()) {
      out.Line("The query is over a limit: a part of it was left out.",
               Style::kWarning);
    }
    if (response.incomplete()) {
      out.Line(
          "The words of a phrase stand nearly everywhere: not all of it was "
          "looked at, and there may be more hits.",
          Style::kWarning);
    }
    ShowCounts(&out, response);
    if (!response.next_page_token().empty()) {
      out.Line(absl::StrCat("More: the same command with --page ",
                            response.next_page_token()),
               Style::kLabel);
    }
    static_cast<void>(request);
  }

  static void ShowResult(Session* session, const v1::SearchResult& result) {
    Printer& out = session->out();
    out.Line(result.title().empty() ? result.name() : result.title(),
             Style::kHeading);
    std::vector<std::string> facts;
    if (!result.state().empty()) {
      facts.push_back(session->StateTitle(names::State(result.state())));
    }
    if (!result.type().empty()) facts.push_back(result.type());
    if (!result.date().empty()) facts.push_back(result.date());
    facts.push_back(result.name());
    out.Line(absl::StrJoin(facts, ", "), Style::kLabel, 2, 2);
    for (const v1::SearchHit& hit : result.hits()) ShowHit(&out, hit);
    out.Blank();
  }

  static void ShowHit(Printer* out, const v1::SearchHit& hit) {
    std::string head = hit.label();
    if (!hit.heading().empty()) {
      absl::StrAppend(&head, head.empty() ? "" : "  ", hit.heading());
    }
    if (!hit.language().empty()) {
      absl::StrAppend(&head, head.empty() ? "" : "  ", "(",
                      LanguageName(hit.language()), ")");
    }
    if (!head.empty()) out->Line(head, Style::kPlain, 2, 4);
    if (hit.snippet().text().empty()) return;
    const std::string before = hit.snippet().cut_before() ? "… " : "";
    out->Marked(absl::StrCat(before, hit.snippet().text(),
                             hit.snippet().cut_after() ? " …" : ""),
                RangesOf(hit.snippet(), before.size()), 4);
    out->Line(hit.name(), Style::kLabel, 4);
  }

  static void ShowFacet(Session* session, const v1::SearchFacet& facet) {
    Table table({absl::AsciiStrToUpper(Words(facet.field())), "HITS"});
    for (const v1::SearchFacet::Value& value : facet.values()) {
      std::string shown = value.value();
      if (facet.field() == v1::SEARCH_FACET_FIELD_STATE) {
        shown =
            absl::StrCat(shown, "  ", session->StateTitle(names::State(shown)));
      } else if (facet.field() == v1::SEARCH_FACET_FIELD_LANGUAGE) {
        shown = absl::StrCat(shown, "  ", LanguageName(shown));
      }
      table.AddRow({shown, absl::StrCat(value.count())});
    }
    session->out().Print(table);
    if (facet.values_total() > facet.values_size()) {
      session->out().Line(
          absl::StrCat("and ", facet.values_total() - facet.values_size(),
                       " more"),
          Style::kLabel);
    }
    session->out().Blank();
  }

  static void ShowConcepts(Printer* out, const v1::SearchResponse& response) {
    for (const v1::UsedConcept& used : response.concepts()) {
      std::vector<std::string> terms;
      for (const v1::UsedConcept::Term& term : used.terms()) {
        if (static_cast<int>(terms.size()) == kTermsShown) {
          terms.push_back(
              absl::StrCat(used.terms_size() - kTermsShown, " more"));
          break;
        }
        terms.push_back(absl::StrCat(term.text(), " (", term.language(), ")"));
      }
      out->Line(absl::StrCat("\"", used.found(), "\" was also looked for as ",
                             absl::StrJoin(terms, ", "), "  ", used.name()),
                Style::kLabel, 0, 2);
    }
  }

  static void ShowCounts(Printer* out, const v1::SearchResponse& response) {
    const v1::SearchCoverage& coverage = response.coverage();
    const char* sure = response.incomplete()          ? "At least "
                       : response.total_is_estimate() ? "About "
                                                      : "";
    out->Line(absl::StrCat(
        sure, Count(response.total_size(), "hit", "hits"), " in ",
        Count(coverage.laws(), "law", "laws"), " of ",
        Count(coverage.states(), "State", "States"), " in ",
        Count(coverage.languages(), "language", "languages"), " and ",
        Count(coverage.authorities(), "office", "offices"), ", as of change ",
        response.sequence(), "."));
  }

  std::vector<std::string> query_;
  std::vector<std::string> states_;
  std::vector<std::string> languages_;
  std::vector<std::string> types_;
  std::vector<std::string> years_;
  std::string from_;
  std::string until_;
  std::vector<std::string> treaties_;
  std::vector<std::string> subjects_;
  std::string kind_;
  std::vector<std::string> facets_;
  std::string order_;
  bool all_words_ = false;
  bool no_concepts_ = false;
  bool provisions_ = false;
  std::string like_;
  int64_t limit_ = 0;
  std::string page_;
};

class SuggestCommand : public Command {
 public:
  explicit SuggestCommand(Arguments* arguments) {
    arguments->OptionalWords("text", &text_, 40, "WORDS",
                             "The beginning of what is looked for");
    arguments->Number("--limit", &limit_, 1, 20,
                      "Most suggestions of each kind (default: 5)");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::SuggestRequest request;
    request.set_text(absl::StrJoin(text_, " "));
    request.set_limit(static_cast<int32_t>(limit_));
    v1::SuggestResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      Table table({"KIND", "SUGGESTION", "NAME"});
      for (const auto& suggestion : response.suggestions()) {
        table.AddRow(
            {Words(suggestion.kind()), suggestion.text(), suggestion.name()});
      }
      session->out().Print(table);
    }
    return response.suggestions().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  std::vector<std::string> text_;
  int64_t limit_ = 0;
};

}  // namespace

void AddSearchCommands(Registry* registry) {
  registry->Add<SuggestCommand>(
      registry->root, "suggest",
      "Complete what is being typed: laws, offices, concepts, States",
      "Example:\n"
      "  comity suggest money laun");
  registry->Add<SearchCommand>(
      registry->root, "search",
      "Find provisions of laws, and offices, by their words in any language",
      "Words side by side mean any of them; quotes, AND, OR, NOT, parentheses, "
      "NEAR/5, launder*, title:customs, state:NOR, year:2003..2010, "
      "treaty:untoc and article:18 do what they say.\n"
      "\n"
      "Examples:\n"
      "  comity search \"money laundering\"\n"
      "  comity search extradition of nationals --state KEN --facet language\n"
      "  comity search '\"joint investigation\" AND title:procedure' --limit "
      "3\n"
      "  comity search Lisbon public prosecutor extradition --kind authority");
}

}  // namespace comity::cli
