#include "cli/route_page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/english.h"
#include "cli/cards.h"
#include "cli/printer.h"
#include "cli/words.h"

namespace comity::cli {
namespace {

using Assessment = v1::TreatyAssessment;

bool HasReason(const v1::Route& route, v1::ReasonCode code) {
  return std::any_of(
      route.reasons().begin(), route.reasons().end(),
      [code](const v1::Reason& reason) { return reason.code() == code; });
}

// `have it translated into English; accepts English, Russian, Lithuanian`.
std::string LanguageWords(const v1::Route& route) {
  if (route.accepted_languages().empty()) {
    return "which it accepts is not stated";
  }
  const std::string accepts =
      absl::StrCat("accepts ", LanguageNames(route.accepted_languages()));
  if (route.language().empty()) return accepts;
  const bool translate = HasReason(route, v1::REASON_CODE_LANGUAGE_TRANSLATE);
  return absl::StrCat(translate ? "have it translated into " : "write in ",
                      LanguageName(route.language()), "; ", accepts);
}

bool NoneIsOnRecord(const v1::TreatyStatus& status) {
  const auto& states = status.participations();
  return std::all_of(states.begin(), states.end(), [](const auto& state) {
    return state.code() == v1::REASON_CODE_NO_RECORD;
  });
}

// Those of a step of a route are mostly those of the record it rests on.
const Sources& SourcesOf(const v1::Reason& step, const v1::Route& route) {
  if (!step.sources().empty()) return step.sources();
  return step.resource() == route.authority().name()
             ? route.authority().sources()
             : route.designation().sources();
}

// Of what is said of both States.
Sources SourcesOfBoth(const v1::TreatyStatus& status) {
  if (!status.sources().empty()) return status.sources();
  Sources sources;
  for (const v1::ParticipationStatus& state : status.participations()) {
    if (!state.sources().empty()) *sources.Add() = state.sources(0);
  }
  return sources;
}

std::string StepText(absl::string_view reason) {
  return StartSentence(absl::StrCat(reason, "."));
}

std::string BasisOf(absl::string_view title, const Texts& articles) {
  if (articles.empty()) return std::string(title);
  return absl::StrCat(title,
                      articles.size() == 1 ? ", article " : ", articles ",
                      absl::StrJoin(articles, ", "));
}

// `1. `, and the cells that it takes.
std::string StepNumber(size_t number) { return absl::StrCat(number, ". "); }

// Steps in order; one that is said twice is one with all its sources.
class Steps {
 public:
  void Add(const std::string& said, const Sources& from) {
    for (auto& [text, sources] : steps_) {
      if (text != said) continue;
      sources.MergeFrom(from);
      return;
    }
    steps_.emplace_back(said, from);
  }

  void AddTo(FieldList* fields, Footnotes* notes) const {
    const auto hang = static_cast<int>(StepNumber(steps_.size()).size());
    for (size_t i = 0; i < steps_.size(); ++i) {
      const auto& [text, sources] = steps_[i];
      fields->Add("Why",
                  absl::StrCat(StepNumber(i + 1), text, notes->Marks(sources)),
                  Style::kPlain, hang);
    }
  }

 private:
  std::vector<std::pair<std::string, Sources>> steps_;
};

class RoutePage {
 public:
  RoutePage(Session* session, const v1::RouteRequestResponse& response,
            bool urgent)
      : session_(*session),
        response_(response),
        urgent_(urgent),
        function_(session->Function(response.function())),
        from_(session->StateTitle(response.requesting_state())),
        to_(session->StateTitle(response.requested_state())) {}

  void Print() {
    Printer& out = session_.out();
    const std::string function = session_.FunctionTitle(response_.function());
    out.Line(absl::StrCat(from_, " to ", to_, ": ", InSentence(function),
                          ", on ", response_.as_of()),
             Style::kHeading);
    out.Line(Summary(),
             response_.routes().empty() ? Style::kWarning : Style::kGood);
    PrintAdvice();
    for (int first = 0; first < response_.routes_size();) {
      int end = first + 1;
      while (end < response_.routes_size() &&
             response_.routes(end).treaty() ==
                 response_.routes(first).treaty()) {
        ++end;
      }
      PrintGroup(first, end);
      first = end;
    }
    PrintAlternatives();
    PrintTreaties();
    notes_.Print(&out);
  }

 private:
  std::string Summary() const;
  void PrintAdvice();

  // Routes under one treaty, [first, end): what differs, then what they share.
  void PrintGroup(int first, int end);
  FieldList Card(const v1::Route& route);
  std::string RequiredWords(const v1::Route& route) const;
  Steps StepsOf(int first, int end) const;

  void PrintAlternatives();
  std::vector<std::string> UrgentWays(const std::string& treaty) const;
  bool AreSaid(const std::vector<std::string>& ways) const;

  // Treaties that no route has explained.
  void PrintTreaties();
  std::string Verdict(const Assessment& one);
  bool ProvidesForDesignation(const std::string& treaty) const;
  std::string StatusWords(const Assessment& one) const;
  std::string OfficesWords(const Assessment& one) const;
  FieldList Participations(const Assessment& one);

  const Assessment* AssessmentOf(const std::string& treaty) const;
  bool HasRoute(const std::string& treaty) const;
  std::string LabelOf(const std::string& treaty) const;
  // The step about the designations.
  static const v1::Reason& OfficesStep(const Assessment& one);

  Session& session_;
  const v1::RouteRequestResponse& response_;
  const bool urgent_;
  // Null if the server does not tell.
  const v1::Function* const function_;
  const std::string from_;
  const std::string to_;
  Footnotes notes_;
};

std::string RoutePage::Summary() const {
  if (response_.routes().empty()) return "No office found.";
  const int total = std::max(response_.total_routes(), response_.routes_size());
  std::string summary = Count(total, "route", "routes, best first");
  if (total > response_.routes_size()) {
    absl::StrAppend(&summary, "; ", response_.routes_size(),
                    " shown, see --max");
  }
  return summary + ".";
}

void RoutePage::PrintAdvice() {
  for (const v1::Advice& one : response_.advice()) {
    // The list of treaties says these of each.
    if (one.code() == v1::REASON_CODE_NO_TREATY ||
        one.code() == v1::REASON_CODE_ONE_NOT_KNOWN) {
      continue;
    }
    session_.out().Line(one.text(), Style::kWarning);
  }
}

FieldList RoutePage::Card(const v1::Route& route) {
  const auto add_bullets = [](const char* label, const Texts& texts,
                              FieldList* fields) {
    fields->Add(label, Bullets(texts), Style::kPlain, kBulletWidth);
  };
  FieldList fields;
  if (urgent_) add_bullets("If urgent", route.urgent_channels(), &fields);
  if (route.has_authority()) AddOffice(route.authority(), &fields, &notes_);
  // Those of the route begin with the urgent ones, if it is urgent.
  add_bullets("Channels",
              urgent_ ? route.designation().channels() : route.channels(),
              &fields);
  const Assessment* assessment = AssessmentOf(route.treaty());
  fields.Add("Under", BasisWords(assessment == nullptr
                                     ? session_.TreatyTitle(route.treaty())
                                     : assessment->title(),
                                 route.designation()));
  fields.Add("Language", LanguageWords(route));
  AddStanding(route.designation(), route.advice(), response_.as_of(), &fields,
              &notes_);
  if (!urgent_) add_bullets("If urgent", route.urgent_channels(), &fields);
  add_bullets("Forms", route.forms(), &fields);
  fields.Add("Must contain", RequiredWords(route), Style::kPlain, kBulletWidth);
  return fields;
}

// What the State asks for, then what the treaty does, with its article.
std::string RoutePage::RequiredWords(const v1::Route& route) const {
  const int own = std::min(route.designation().required_contents_size(),
                           route.required_contents_size());
  std::string article;
  if (function_ != nullptr) {
    for (const v1::Function::Article& one : function_->articles()) {
      if (one.treaty() != route.treaty() || one.required_contents().empty()) {
        continue;
      }
      article = one.required_contents_article();
    }
  }
  std::string words;
  for (int i = 0; i < route.required_contents_size(); ++i) {
    if (i == 0 && own > 0) {
      absl::StrAppend(&words, "as the State asks:");
    } else if (i == own) {
      absl::StrAppend(&words, words.empty() ? "" : "\n", "by ",
                      article.empty() ? "the treaty" : ArticleWords(article),
                      ":");
    }
    absl::StrAppend(&words, "\n- ", route.required_contents(i));
  }
  return words;
}

Steps RoutePage::StepsOf(int first, int end) const {
  Steps steps;
  const std::string& treaty = response_.routes(first).treaty();
  if (const Assessment* assessment = AssessmentOf(treaty)) {
    // Its own step counts the designations, which are here themselves.
    const v1::TreatyStatus& status = assessment->status();
    for (const v1::ParticipationStatus& state : status.participations()) {
      steps.Add(StepText(state.reason()), state.sources());
    }
    steps.Add(StepText(status.reason()), SourcesOfBoth(status));
  }
  // Step by step, so that those of one kind stand together.
  bool more = true;
  for (int step = 0; more; ++step) {
    more = false;
    for (int i = first; i < end; ++i) {
      const v1::Route& route = response_.routes(i);
      if (step >= route.reasons_size()) continue;
      const v1::Reason& reason = route.reasons(step);
      steps.Add(reason.text(), SourcesOf(reason, route));
      more = true;
    }
  }
  return steps;
}

void RoutePage::PrintGroup(int first, int end) {
  Printer& out = session_.out();
  std::vector<FieldList> cards;
  for (int i = first; i < end; ++i) cards.push_back(Card(response_.routes(i)));
  const bool several = cards.size() > 1;
  FieldList shared;
  if (several) shared = FieldList::TakeCommon(&cards);
  StepsOf(first, end).AddTo(several ? &shared : &cards.front(), &notes_);
  bool apart = true;
  for (int i = first; i < end; ++i) {
    const FieldList& card = cards[static_cast<size_t>(i - first)];
    const std::string number = absl::StrCat(i + 1, "  ");
    if (apart) out.Blank();
    out.Line(
        absl::StrCat(number, OfficeHeading(response_.routes(i).authority())),
        Style::kHeading, 0, static_cast<int>(number.size()));
    out.Print(card, 3);
    apart = !card.empty();
  }
  if (!several) return;
  out.Blank();
  out.Line(cards.size() == 2 ? "For both"
                             : absl::StrCat("For each of these ", cards.size()),
           Style::kHeading, 3);
  out.Print(shared, 3);
}

// In English, what a treaty lets States do when it is urgent.
std::vector<std::string> RoutePage::UrgentWays(
    const std::string& treaty) const {
  std::vector<std::string> ways;
  if (function_ == nullptr) return ways;
  for (const v1::Function::Article& article : function_->articles()) {
    if (article.treaty() != treaty) continue;
    for (const v1::LocalizedText& text : article.urgent_channels()) {
      if (text.language() == "en") ways.push_back(text.text());
    }
  }
  return ways;
}

// True if the card of a route has all of them.
bool RoutePage::AreSaid(const std::vector<std::string>& ways) const {
  return std::any_of(
      response_.routes().begin(), response_.routes().end(),
      [&ways](const v1::Route& route) {
        const auto& said = route.urgent_channels();
        return std::all_of(
            ways.begin(), ways.end(), [&said](const std::string& way) {
              return std::find(said.begin(), said.end(), way) != said.end();
            });
      });
}

void RoutePage::PrintAlternatives() {
  struct Way {
    std::string text;
    std::vector<std::string> urgent;
    std::vector<std::string> treaties;
  };
  std::vector<Way> ways;
  for (const v1::Alternative& one : response_.alternatives()) {
    std::vector<std::string> urgent;
    if (one.code() == v1::REASON_CODE_INTERPOL_URGENT) {
      urgent = UrgentWays(one.treaty());
    }
    if (!urgent.empty() && AreSaid(urgent)) continue;
    const auto same =
        std::find_if(ways.begin(), ways.end(), [&urgent](const Way& way) {
          return !urgent.empty() && way.urgent == urgent;
        });
    if (same == ways.end()) {
      ways.push_back({one.text(), urgent, {LabelOf(one.treaty())}});
    } else {
      same->treaties.push_back(LabelOf(one.treaty()));
    }
  }
  if (ways.empty()) return;
  Printer& out = session_.out();
  out.Blank();
  out.Line(response_.routes().empty() ? "What remains" : "Other ways",
           Style::kHeading);
  for (const Way& way : ways) {
    out.Line(way.treaties.size() == 1
                 ? absl::StrCat("- ", way.text)
                 : absl::StrCat("- When urgent, under ",
                                absl::StrJoin(way.treaties, "; "), ": ",
                                absl::StrJoin(way.urgent, " ")),
             Style::kPlain, 2, 2);
  }
}

void RoutePage::PrintTreaties() {
  // Labels of treaties of which the same is to be said, and that.
  struct Entry {
    std::string labels;
    std::string verdict;
    v1::InForceStatus status;
    FieldList participations;
  };
  std::vector<Entry> entries;
  for (const Assessment& one : response_.assessments()) {
    if (HasRoute(one.treaty())) continue;
    Entry entry = {LabelOf(one.treaty()), Verdict(one), one.status().status(),
                   Participations(one)};
    if (!entries.empty() && entries.back().verdict == entry.verdict &&
        entries.back().participations.empty() && entry.participations.empty()) {
      absl::StrAppend(&entries.back().labels, "; ", entry.labels);
    } else {
      entries.push_back(std::move(entry));
    }
  }
  if (entries.empty()) return;
  Printer& out = session_.out();
  out.Blank();
  out.Line(response_.routes().empty() ? "Treaties that provide for it"
                                      : "Other treaties that provide for it",
           Style::kHeading);
  for (const Entry& entry : entries) {
    out.Line(absl::StrCat("- ", entry.labels, ": ", entry.verdict),
             StyleOf(entry.status), 2, 2);
    out.Print(entry.participations, 4);
  }
}

// What the treaty's status is, and whether there is an office for it. Where
// there is a route, other treaties are told in short: the sources of the
// States' acts, no office for a treaty that does not bind.
std::string RoutePage::Verdict(const Assessment& one) {
  std::string verdict = StatusWords(one);
  if (response_.routes().empty()) {
    verdict += notes_.Marks(SourcesOfBoth(one.status()));
    absl::StrAppend(&verdict, "; ", OfficesWords(one));
    return verdict + notes_.Marks(OfficesStep(one).sources());
  }
  Sources sources;
  for (const v1::ParticipationStatus& state : one.status().participations()) {
    sources.MergeFrom(state.sources());
  }
  // Those of acts that are listed below it stand there.
  if (Participations(one).empty()) verdict += notes_.Marks(sources);
  if (one.status().status() != v1::IN_FORCE_STATUS_IN_FORCE) return verdict;
  absl::StrAppend(&verdict, "; ", OfficesWords(one));
  if (ProvidesForDesignation(one.treaty())) {
    verdict += notes_.Marks(OfficesStep(one).sources());
  }
  return verdict;
}

bool RoutePage::ProvidesForDesignation(const std::string& treaty) const {
  if (function_ == nullptr) return true;
  const auto& articles = function_->articles();
  return std::any_of(
      articles.begin(), articles.end(), [&treaty](const auto& article) {
        return article.treaty() == treaty &&
               article.basis() != v1::Function::Article::BASIS_SUBSTANCE;
      });
}

std::string RoutePage::StatusWords(const Assessment& one) const {
  const v1::TreatyStatus& status = one.status();
  std::string words = Words(status.status());
  const auto& states = status.participations();
  if (status.status() == v1::IN_FORCE_STATUS_IN_FORCE) {
    std::string since;
    for (const v1::ParticipationStatus& state : states) {
      if (state.entry_into_force().empty()) return words;
      since = std::max(since, state.entry_into_force());
    }
    return absl::StrCat(words, " since ", since);
  }
  if (status.code() == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE &&
      !status.treaty_entry_into_force().empty()) {
    return absl::StrCat("not yet in force: it entered into force on ",
                        status.treaty_entry_into_force());
  }
  return NoneIsOnRecord(status) ? words + ": no record of either State" : words;
}

std::string RoutePage::OfficesWords(const Assessment& one) const {
  if (one.designations() > 0) {
    return Count(one.designations(), "designation on record",
                 "designations on record");
  }
  const v1::Reason& step = OfficesStep(one);
  if (step.code() == v1::REASON_CODE_NO_AUTHORITY_ON_DAY) {
    return absl::StrCat("no authority on record for ", response_.as_of());
  }
  return ProvidesForDesignation(one.treaty())
             ? "no authority on record"
             : "it provides for no designation";
}

// What each State did with the treaty; where there is a route, only of those
// that keep the treaty from being in force.
FieldList RoutePage::Participations(const Assessment& one) {
  FieldList fields;
  const v1::TreatyStatus& status = one.status();
  for (int i = 0; i < status.participations_size(); ++i) {
    v1::ParticipationStatus state = status.participations(i);
    // The verdict has said so.
    if (NoneIsOnRecord(status)) continue;
    if (!response_.routes().empty() &&
        (status.status() == v1::IN_FORCE_STATUS_IN_FORCE ||
         state.status() != status.status() ||
         state.code() == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE)) {
      continue;
    }
    if (state.code() == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE &&
        state.entry_into_force() == status.treaty_entry_into_force()) {
      state.clear_entry_into_force();
    }
    fields.Add(
        session_.StateTitle(state.state()),
        absl::StrCat(ParticipationWords(state), notes_.Marks(state.sources())));
  }
  return fields;
}

const Assessment* RoutePage::AssessmentOf(const std::string& treaty) const {
  for (const Assessment& one : response_.assessments()) {
    if (one.treaty() == treaty) return &one;
  }
  return nullptr;
}

bool RoutePage::HasRoute(const std::string& treaty) const {
  return std::any_of(
      response_.routes().begin(), response_.routes().end(),
      [&treaty](const v1::Route& route) { return route.treaty() == treaty; });
}

std::string RoutePage::LabelOf(const std::string& treaty) const {
  const Assessment* assessment = AssessmentOf(treaty);
  if (assessment == nullptr) return session_.TreatyTitle(treaty);
  return BasisOf(assessment->title(), assessment->articles());
}

const v1::Reason& RoutePage::OfficesStep(const Assessment& one) {
  return one.reasons().empty() ? v1::Reason::default_instance()
                               : one.reasons(0);
}

}  // namespace

void PrintRoutes(const v1::RouteRequestResponse& response, bool urgent,
                 Session* session) {
  RoutePage(session, response, urgent).Print();
}

std::string BasisWords(absl::string_view treaty_title,
                       const v1::Designation& designation) {
  if (designation.article().empty()) {
    return absl::StrCat(treaty_title, ", no article cited");
  }
  return absl::StrCat(treaty_title, ", ", ArticleWords(designation.article()));
}

}  // namespace comity::cli
