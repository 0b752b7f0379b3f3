#include "rules/routing.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/english.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rules/designations.h"
#include "rules/records.h"

namespace comity::rules {
namespace {

// A treaty as the answer grows.
struct Weighed {
  const TreatyInput* input = nullptr;
  absl::string_view title;
  // What the sentences call it: `the Firearms Protocol`.
  std::string name;
  // Its place in the function's order.
  int order = 0;
  int on_day = 0;
  v1::InForceStatus status = v1::IN_FORCE_STATUS_UNSPECIFIED;
  // In the response.
  v1::TreatyAssessment* assessment = nullptr;
  // What every route under it must tell.
  std::vector<v1::Advice> advice;
};

// `zh` of `zh-Hant`.
absl::string_view PrimarySubtag(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

bool SameLanguage(absl::string_view a, absl::string_view b) {
  return absl::EqualsIgnoreCase(PrimarySubtag(a), PrimarySubtag(b));
}

v1::Advice MakeAdvice(v1::ReasonCode code, absl::string_view text) {
  v1::Advice advice;
  advice.set_code(code);
  advice.set_text(StartSentence(text));
  return advice;
}

// The sentence of a step ends in a full stop; statuses leave it to the reader.
v1::Reason* AddReason(v1::ReasonCode code, absl::string_view text,
                      absl::string_view resource,
                      google::protobuf::RepeatedPtrField<v1::Reason>* reasons) {
  v1::Reason* reason = reasons->Add();
  reason->set_code(code);
  reason->set_text(StartSentence(absl::StrCat(text, ".")));
  reason->set_resource(std::string(resource));
  return reason;
}

// How many of a thing, in words: `1 designation`, `2 designations`.
std::string Count(int number, absl::string_view thing) {
  return absl::StrCat(number, " ", thing, number == 1 ? "" : "s");
}

class Router {
 public:
  Router(const RouteInput& input, v1::RouteRequestResponse* response)
      : input_(input),
        response_(response),
        day_(FormatDay(input.day)),
        from_(NameInText(*input.requesting)),
        to_(NameInText(*input.requested)),
        function_(NameInText(*input.function)) {}

  absl::Status Run(RouteLoader load);

 private:
  // Treaties.
  void Weigh();
  int OrderOf(size_t index) const;
  void Assess(Weighed* weighed) const;
  void CiteStatus(const v1::Treaty& treaty, v1::TreatyStatus* status) const;
  void AddDesignationsReason(
      const Weighed& weighed,
      google::protobuf::RepeatedPtrField<v1::Reason>* reasons) const;
  bool ProvidesForDesignation(const v1::Treaty& treaty) const;
  void AdviseOnTreaty(Weighed* weighed) const;
  void AdviseOnData(Weighed* weighed) const;
  void AdviseOnStatements(const v1::Participation& participation,
                          const v1::State& state, Weighed* weighed) const;
  void AdviseOnParent(Weighed* weighed) const;
  bool ConcernsFunction(const v1::Treaty& treaty,
                        absl::string_view article) const;

  // Routes.
  std::vector<const Candidate*> Choose();
  void FillRoute(Weighed* weighed, v1::Route* route) const;
  void AddRouteReasons(const Weighed& weighed, v1::Route* route) const;
  void ChooseLanguage(v1::Route* route) const;
  void AddWays(const v1::Treaty& treaty, v1::Route* route) const;
  void AddLimits(v1::Route* route) const;

  // The rest.
  void AddAlternatives();
  void AddUrgent();
  void AddRemaining();
  void AdviseOnAnswer();
  void AdviseNoTreaty();

  const RouteInput& input_;
  v1::RouteRequestResponse* const response_;
  const std::string day_;
  // What the sentences call the two States and the function.
  const std::string from_;
  const std::string to_;
  const std::string function_;
  // In the order of `input_.treaties`.
  std::vector<Weighed> weighed_;
  // Those that take part, best first.
  std::vector<Weighed*> ranked_;
};

int Router::OrderOf(size_t index) const {
  const auto& articles = input_.function->articles();
  for (int i = 0; i < articles.size(); ++i) {
    if (articles[i].treaty() == input_.treaties[index].treaty->name()) return i;
  }
  return articles.size() + static_cast<int>(index);
}

void Router::Weigh() {
  weighed_.resize(input_.treaties.size());
  std::vector<int> on_day(input_.treaties.size(), 0);
  for (const Candidate& candidate : input_.candidates) {
    ++on_day[static_cast<size_t>(candidate.treaty)];
  }
  for (size_t i = 0; i < weighed_.size(); ++i) {
    Weighed& weighed = weighed_[i];
    const TreatyInput& treaty = input_.treaties[i];
    weighed.input = &treaty;
    if (input_.only_treaty != nullptr && treaty.treaty != input_.only_treaty) {
      continue;
    }
    weighed.title = TitleOf(*treaty.treaty);
    weighed.name = NameInText(*treaty.treaty);
    weighed.order = OrderOf(i);
    weighed.on_day = treaty.designations_on_day >= 0
                         ? treaty.designations_on_day
                         : on_day[i];
    Assess(&weighed);
    ranked_.push_back(&weighed);
  }
  const auto rank = [](const Weighed* weighed) {
    switch (weighed->status) {
      case v1::IN_FORCE_STATUS_IN_FORCE:
        return 0;
      case v1::IN_FORCE_STATUS_NOT_KNOWN:
        return 1;
      default:
        return 2;
    }
  };
  std::sort(ranked_.begin(), ranked_.end(),
            [&rank](const Weighed* a, const Weighed* b) {
              return std::pair(rank(a), a->order) <
                     std::pair(rank(b), b->order);
            });
}

void Router::Assess(Weighed* weighed) const {
  const TreatyInput& input = *weighed->input;
  const v1::Treaty& treaty = *input.treaty;
  weighed->assessment = response_->add_assessments();
  v1::TreatyAssessment& assessment = *weighed->assessment;
  assessment.set_treaty(treaty.name());
  assessment.set_title(std::string(weighed->title));
  assessment.set_designations(weighed->on_day);
  for (const v1::Function::Article& article : input_.function->articles()) {
    if (article.treaty() == treaty.name() && !article.citation().empty()) {
      assessment.add_articles(article.citation());
    }
  }
  v1::TreatyStatus* status = assessment.mutable_status();
  FillStatus(treaty, input.dates, input_.requesting->name(),
             input_.requesting->kind(), input.requesting, input_.day, from_,
             status->add_participations());
  FillStatus(treaty, input.dates, input_.requested->name(),
             input_.requested->kind(), input.requested, input_.day, to_,
             status->add_participations());
  const absl::string_view titles[] = {from_, to_};
  FillStatusBetween(treaty, input.dates, titles, input_.day, status);
  weighed->status = status->status();
  CiteStatus(treaty, status);
  AddDesignationsReason(*weighed, assessment.mutable_reasons());
  if (weighed->status == v1::IN_FORCE_STATUS_IN_FORCE) AdviseOnTreaty(weighed);
}

// Gives each step of the status its source.
void Router::CiteStatus(const v1::Treaty& treaty,
                        v1::TreatyStatus* status) const {
  for (v1::ParticipationStatus& one : *status->mutable_participations()) {
    if (!one.sources().empty()) continue;
    const bool requests = one.state() == input_.requesting->name();
    CiteDirectory(absl::StrCat("participations of ", requests ? from_ : to_),
                  one.mutable_sources());
  }
  if (status->code() == v1::REASON_CODE_BOTH_PARTIES ||
      status->code() == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE) {
    // Its final clauses tell when it enters into force.
    CiteSources(treaty.sources(), status->mutable_sources());
  }
}

void Router::AddDesignationsReason(
    const Weighed& weighed,
    google::protobuf::RepeatedPtrField<v1::Reason>* reasons) const {
  v1::ReasonCode code;
  std::string text;
  const int on_record = weighed.input->designations_on_record;
  const bool provides = ProvidesForDesignation(*weighed.input->treaty);
  if (weighed.on_day > 0) {
    code = v1::REASON_CODE_DESIGNATED;
    text = absl::StrCat(Count(weighed.on_day, "designation"), " of ", to_,
                        " for ", function_, " under ", weighed.name,
                        " on record for ", day_);
  } else if (on_record > 0) {
    code = v1::REASON_CODE_NO_AUTHORITY_ON_DAY;
    text = absl::StrCat("No authority of ", to_, " for ", function_, " under ",
                        weighed.name, " on record for ", day_, "; ",
                        Count(on_record, "designation"),
                        " on record for other days");
  } else {
    code = v1::REASON_CODE_NO_AUTHORITY_ON_RECORD;
    text = provides ? absl::StrCat("No authority of ", to_, " for ", function_,
                                   " under ", weighed.name, " on record")
                    : absl::StrCat(
                          weighed.name, " provides for no designation for ",
                          function_, ", and none of ", to_, " is on record");
  }
  v1::Reason* reason = AddReason(code, text, input_.requested->name(), reasons);
  // Run adds the source of what is on record, or is not.
  if (!provides && on_record == 0) {
    CiteSources(weighed.input->treaty->sources(), reason->mutable_sources());
  }
  AddParameter("count", absl::StrCat(weighed.on_day), reason);
}

bool Router::ProvidesForDesignation(const v1::Treaty& treaty) const {
  const auto& articles = input_.function->articles();
  return std::any_of(
      articles.begin(), articles.end(), [&treaty](const auto& article) {
        return article.treaty() == treaty.name() &&
               article.basis() != v1::Function::Article::BASIS_SUBSTANCE;
      });
}

void Router::AdviseOnTreaty(Weighed* weighed) const {
  AdviseOnData(weighed);
  const TreatyInput& input = *weighed->input;
  if (input.requesting != nullptr) {
    AdviseOnStatements(*input.requesting, *input_.requesting, weighed);
  }
  if (input.requested != nullptr) {
    AdviseOnStatements(*input.requested, *input_.requested, weighed);
  }
  if (input.parent != nullptr) AdviseOnParent(weighed);
  if ((input.requesting != nullptr &&
       IsSynthetic(input.requesting->sources())) ||
      (input.requested != nullptr && IsSynthetic(input.requested->sources()))) {
    weighed->advice.push_back(
        MakeAdvice(v1::REASON_CODE_SYNTHETIC,
                   absl::StrCat("Participation in ", weighed->name,
                                " was made by a generator, not real.")));
  }
}

// Sets NO_CHANGE_KNOWN_AFTER and STATED_DIFFERS_FROM_DERIVED.
void Router::AdviseOnData(Weighed* weighed) const {
  const v1::TreatyStatus& status = weighed->assessment->status();
  // The earlier of the two ends of the data.
  const std::string* data_end = nullptr;
  for (const v1::ParticipationStatus& one : status.participations()) {
    if (!one.beyond_data()) continue;
    if (data_end == nullptr || one.complete_as_of() < *data_end) {
      data_end = &one.complete_as_of();
    }
  }
  if (data_end != nullptr) {
    weighed->advice.push_back(
        MakeAdvice(v1::REASON_CODE_NO_CHANGE_KNOWN_AFTER,
                   absl::StrCat("Who takes part in ", weighed->name,
                                ": no change known after ", *data_end, ".")));
    AddParameter("date", *data_end, &weighed->advice.back());
  }
  const auto differs = [weighed](absl::string_view of, absl::string_view stated,
                                 absl::string_view derived) {
    weighed->advice.push_back(MakeAdvice(
        v1::REASON_CODE_STATED_DIFFERS_FROM_DERIVED,
        absl::StrCat("Entry into force of ", weighed->name, of, ": stated ",
                     stated, ", by its rule ", derived, ".")));
    AddParameter("stated", stated, &weighed->advice.back());
    AddParameter("derived", derived, &weighed->advice.back());
  };
  if (!status.derived_treaty_entry_into_force().empty()) {
    differs("", status.treaty_entry_into_force(),
            status.derived_treaty_entry_into_force());
  }
  for (const v1::ParticipationStatus& one : status.participations()) {
    if (one.derived_entry_into_force().empty()) continue;
    differs(
        absl::StrCat(" for ",
                     one.state() == input_.requesting->name() ? from_ : to_),
        one.entry_into_force(), one.derived_entry_into_force());
  }
}

bool Router::ConcernsFunction(const v1::Treaty& treaty,
                              absl::string_view article) const {
  if (article.empty()) return true;
  for (const v1::Function::Article& row : input_.function->articles()) {
    if (row.treaty() == treaty.name() &&
        CitationsOverlap(row.citation(), article)) {
      return true;
    }
  }
  return false;
}

void Router::AdviseOnStatements(const v1::Participation& participation,
                                const v1::State& state,
                                Weighed* weighed) const {
  using Statement = v1::Participation::Statement;
  for (const Statement& statement : participation.statements()) {
    const bool reserves = statement.kind() == Statement::KIND_RESERVATION ||
                          statement.kind() == Statement::KIND_OBJECTION;
    // A declaration matters where it speaks of the function's own articles.
    if (!reserves && statement.article().empty()) continue;
    if (!ConcernsFunction(*weighed->input->treaty, statement.article())) {
      continue;
    }
    const std::optional<Day> made = ParseDay(statement.date());
    const std::optional<Day> withdrawn = ParseDay(statement.withdrawn());
    if (made.has_value() && *made > input_.day) continue;
    if (withdrawn.has_value() && *withdrawn <= input_.day) continue;
    weighed->advice.push_back(MakeAdvice(
        v1::REASON_CODE_RESERVATION,
        absl::StrCat(
            NameInText(state),
            reserves ? " made a reservation to " : " made a declaration on ",
            weighed->name, statement.article().empty() ? "" : ", article ",
            statement.article(), ": ", statement.text().text())));
    AddParameter("state", TitleOf(state), &weighed->advice.back());
    AddParameter("article", statement.article(), &weighed->advice.back());
  }
}

void Router::AdviseOnParent(Weighed* weighed) const {
  const TreatyInput& input = *weighed->input;
  const v1::Participation* const participations[] = {input.requesting_parent,
                                                     input.requested_parent};
  const v1::State* const states[] = {input_.requesting, input_.requested};
  for (int i = 0; i < 2; ++i) {
    const v1::ParticipationStatus status =
        StatusOf(*input.parent, input.parent_dates, *states[i],
                 participations[i], input_.day);
    if (status.status() == v1::IN_FORCE_STATUS_IN_FORCE) continue;
    weighed->advice.push_back(MakeAdvice(
        v1::REASON_CODE_PARENT_TREATY_NOT_IN_FORCE,
        absl::StrCat("A party to ", weighed->name,
                     " must be a party to its convention: ", status.reason(),
                     ".")));
    AddParameter("treaty", TitleOf(*input.parent), &weighed->advice.back());
    AddParameter("state", TitleOf(*states[i]), &weighed->advice.back());
  }
}

// The candidates of treaties in force, in rank order, as many as are asked for.
std::vector<const Candidate*> Router::Choose() {
  std::vector<const Candidate*> chosen;
  chosen.reserve(input_.candidates.size());
  for (const Candidate& candidate : input_.candidates) {
    const Weighed& weighed = weighed_[static_cast<size_t>(candidate.treaty)];
    if (weighed.status == v1::IN_FORCE_STATUS_IN_FORCE) {
      chosen.push_back(&candidate);
    }
  }
  int total = 0;
  for (const Weighed* weighed : ranked_) {
    if (weighed->status == v1::IN_FORCE_STATUS_IN_FORCE) {
      total += weighed->on_day;
    }
  }
  response_->set_total_routes(total);
  const auto before = [this](const Candidate* a, const Candidate* b) {
    const int order_a = weighed_[static_cast<size_t>(a->treaty)].order;
    const int order_b = weighed_[static_cast<size_t>(b->treaty)].order;
    if (order_a != order_b) return order_a < order_b;
    if (a->from.has_value() != b->from.has_value()) return a->from.has_value();
    if (a->from.has_value() && *a->from != *b->from) return *a->from > *b->from;
    return a->name < b->name;
  };
  const size_t wanted = std::min(
      chosen.size(), static_cast<size_t>(std::max(input_.max_routes, 1)));
  std::partial_sort(chosen.begin(),
                    chosen.begin() + static_cast<std::ptrdiff_t>(wanted),
                    chosen.end(), before);
  chosen.resize(wanted);
  return chosen;
}

// All but what was loaded.
void Router::FillRoute(Weighed* weighed, v1::Route* route) const {
  const v1::Treaty& treaty = *weighed->input->treaty;
  route->set_treaty(treaty.name());
  const v1::Designation& designation = route->designation();
  AddRouteReasons(*weighed, route);
  ChooseLanguage(route);
  AddWays(treaty, route);
  const uint32_t kinds = SourceKindsOf(route->authority().sources());
  AddAdvice(FactsOf(designation), route->has_authority() ? &kinds : nullptr,
            *input_.function, input_.day, route->mutable_advice());
  for (const v1::Advice& one : weighed->advice) *route->add_advice() = one;
  if (!input_.place.empty() || !input_.offence.empty()) AddLimits(route);
  // The step that counts the designations cites the first of them.
  v1::Reason* counted = weighed->assessment->mutable_reasons(
      weighed->assessment->reasons_size() - 1);
  if (counted->sources().empty()) {
    CiteSources(designation.sources(), counted->mutable_sources());
  }
}

void Router::AddRouteReasons(const Weighed& weighed, v1::Route* route) const {
  const v1::Designation& designation = route->designation();
  const std::string under =
      designation.article().empty()
          ? absl::StrCat(" under ", weighed.name)
          : absl::StrCat(" under article ", designation.article(), " of ",
                         weighed.name);
  std::string text;
  absl::string_view office;
  if (route->has_authority()) {
    const auto& names = route->authority().display_names();
    office = TextIn(names, "en");
    const bool english =
        std::any_of(names.begin(), names.end(),
                    [](const auto& name) { return name.language() == "en"; });
    text = absl::StrCat(to_, " designated ",
                        english ? WithArticle(office) : std::string(office),
                        " for ", function_, under);
  } else {
    text = absl::StrCat(to_, " told what it asks for ", function_, under,
                        ", without naming an office");
  }
  v1::Reason* designated =
      AddReason(v1::REASON_CODE_DESIGNATED, text, designation.name(),
                route->mutable_reasons());
  AddParameter("authority", office, designated);
  AddParameter("article", designation.article(), designated);
}

void Router::ChooseLanguage(v1::Route* route) const {
  const bool own = !route->designation().languages().empty();
  const auto& accepted =
      own ? route->designation().languages() : route->authority().languages();
  *route->mutable_accepted_languages() = accepted;
  const absl::string_view resource = own || !route->has_authority()
                                         ? route->designation().name()
                                         : route->authority().name();
  auto* reasons = route->mutable_reasons();
  v1::Reason* reason = nullptr;
  const auto share = [&](absl::string_view preferred) {
    for (const std::string& language : accepted) {
      if (!SameLanguage(preferred, language)) continue;
      route->set_language(language);
      reason = AddReason(
          v1::REASON_CODE_LANGUAGE_SHARED,
          absl::StrCat("Write in ", LanguageName(language), ", which ", to_,
                       " accepts and ", from_, " can write"),
          resource, reasons);
      return true;
    }
    return false;
  };
  if (!input_.preferred_languages.empty()) {
    for (const absl::string_view one : input_.preferred_languages) {
      if (share(one)) break;
    }
  } else {
    for (const std::string& one : input_.requesting->languages()) {
      if (share(one)) break;
    }
  }
  if (reason == nullptr && !accepted.empty()) {
    route->set_language(accepted[0]);
    reason = AddReason(
        v1::REASON_CODE_LANGUAGE_TRANSLATE,
        absl::StrCat("Have the request translated into ",
                     LanguageName(accepted[0]), ", which ", to_, " accepts"),
        resource, reasons);
  }
  if (reason == nullptr) {
    reason = AddReason(
        v1::REASON_CODE_LANGUAGES_NOT_STATED,
        absl::StrCat("Which languages ", to_, " accepts is not stated"),
        resource, reasons);
  } else {
    AddParameter("language", route->language(), reason);
  }
}

// Channels, forms, what is urgent and what the request must contain.
void Router::AddWays(const v1::Treaty& treaty, v1::Route* route) const {
  const v1::Designation& designation = route->designation();
  *route->mutable_channels() = designation.channels();
  *route->mutable_forms() = designation.forms();
  *route->mutable_required_contents() = designation.required_contents();
  if (!designation.urgent_procedure().empty()) {
    route->add_urgent_channels(designation.urgent_procedure());
  }
  if (!route->authority().interpol_channel().empty()) {
    route->add_urgent_channels(route->authority().interpol_channel());
  }
  for (const v1::Function::Article& article : input_.function->articles()) {
    if (article.treaty() != treaty.name()) continue;
    for (const v1::LocalizedText& text : article.urgent_channels()) {
      if (text.language() == "en") route->add_urgent_channels(text.text());
    }
    for (const v1::LocalizedText& text : article.required_contents()) {
      if (text.language() == "en") route->add_required_contents(text.text());
    }
  }
  if (!input_.urgent) return;
  // Urgent ways come first.
  google::protobuf::RepeatedPtrField<std::string> channels =
      route->urgent_channels();
  channels.MergeFrom(route->channels());
  *route->mutable_channels() = std::move(channels);
}

// Marks an office whose territory or competence is limited.
void Router::AddLimits(v1::Route* route) const {
  if (!route->authority().territory().empty()) {
    *route->add_advice() =
        MakeAdvice(v1::REASON_CODE_UNSPECIFIED,
                   absl::StrCat("The office serves only ",
                                route->authority().territory(), "."));
  }
  if (!route->designation().competence().empty()) {
    *route->add_advice() = MakeAdvice(
        v1::REASON_CODE_UNSPECIFIED,
        absl::StrCat("Competent only for: ", route->designation().competence(),
                     "."));
  }
}

void Router::AddAlternatives() {
  if (input_.urgent) AddUrgent();
  if (response_->routes().empty()) AddRemaining();
  if (!input_.urgent) AddUrgent();
}

void Router::AddUrgent() {
  for (const Weighed* weighed : ranked_) {
    if (weighed->status != v1::IN_FORCE_STATUS_IN_FORCE) continue;
    const v1::Treaty& treaty = *weighed->input->treaty;
    for (const v1::Function::Article& article : input_.function->articles()) {
      if (article.treaty() != treaty.name()) continue;
      std::string ways;
      for (const v1::LocalizedText& text : article.urgent_channels()) {
        if (text.language() != "en") continue;
        absl::StrAppend(&ways, ways.empty() ? "" : " ", text.text());
      }
      if (ways.empty()) continue;
      v1::Alternative* way = response_->add_alternatives();
      way->set_code(v1::REASON_CODE_INTERPOL_URGENT);
      way->set_treaty(treaty.name());
      way->set_text(absl::StrCat(
          "When urgent, under ", article.citation().empty() ? "" : "article ",
          article.citation(), article.citation().empty() ? "" : " of ",
          weighed->name, ": ", ways));
    }
  }
}

void Router::AddRemaining() {
  const Weighed* in_force = nullptr;
  for (const Weighed* weighed : ranked_) {
    if (weighed->status == v1::IN_FORCE_STATUS_IN_FORCE) {
      if (in_force == nullptr) in_force = weighed;
    } else if (weighed->status == v1::IN_FORCE_STATUS_NOT_KNOWN &&
               weighed->on_day > 0) {
      v1::Alternative* way = response_->add_alternatives();
      way->set_code(v1::REASON_CODE_ONE_NOT_KNOWN);
      way->set_treaty(weighed->input->treaty->name());
      way->set_text(absl::StrCat("Ask the depositary whether ", weighed->name,
                                 " binds both States; if so, ", to_, " has ",
                                 Count(weighed->on_day, "designation"),
                                 " under it."));
    }
  }
  v1::Alternative* way = response_->add_alternatives();
  way->set_code(v1::REASON_CODE_DIPLOMATIC_CHANNEL);
  if (in_force == nullptr) {
    way->set_text(
        absl::StrCat("Send the request through the diplomatic channel, without "
                     "a treaty known to be in force between ",
                     from_, " and ", to_, "."));
    return;
  }
  way->set_treaty(in_force->input->treaty->name());
  way->set_text(
      absl::StrCat("Send the request under ", in_force->name,
                   " through the diplomatic channel: it is in force between ",
                   from_, " and ", to_, ", but no authority of ", to_,
                   " is on record for it on ", day_, "."));
}

void Router::AdviseNoTreaty() {
  // Assessments have all of them; the sentence names the first.
  constexpr int kNamedMax = 5;
  std::string why;
  int named = 0;
  for (const Weighed* weighed : ranked_) {
    if (++named > kNamedMax) break;
    const v1::TreatyStatus& status = weighed->assessment->status();
    const bool not_known = weighed->status == v1::IN_FORCE_STATUS_NOT_KNOWN;
    std::string who;
    for (const v1::ParticipationStatus& one : status.participations()) {
      if (one.status() != weighed->status) continue;
      absl::StrAppend(&who, who.empty() ? "" : " and ",
                      one.state() == input_.requesting->name() ? from_ : to_);
    }
    absl::StrAppend(&why, named == 1 ? ": " : "; ", weighed->name,
                    not_known ? " is not known to bind " : " does not bind ",
                    who);
  }
  *response_->add_advice() =
      MakeAdvice(v1::REASON_CODE_NO_TREATY,
                 absl::StrCat("No treaty on record that provides for ",
                              function_, " is known to be in force between ",
                              from_, " and ", to_, " on ", day_, why, "."));
}

void Router::AdviseOnAnswer() {
  const bool some = !ranked_.empty() &&
                    ranked_.front()->status == v1::IN_FORCE_STATUS_IN_FORCE;
  if (!some) AdviseNoTreaty();
  std::string not_known;
  for (const Weighed* weighed : ranked_) {
    if (weighed->status != v1::IN_FORCE_STATUS_NOT_KNOWN) continue;
    absl::StrAppend(&not_known, not_known.empty() ? "" : ", ", weighed->name);
  }
  if (some && !not_known.empty()) {
    *response_->add_advice() = MakeAdvice(
        v1::REASON_CODE_ONE_NOT_KNOWN,
        absl::StrCat("Whether these bind both States is not known: ", not_known,
                     "."));
  }
  if (input_.day > input_.today) {
    *response_->add_advice() =
        MakeAdvice(v1::REASON_CODE_UNSPECIFIED,
                   absl::StrCat("The day asked for, ", day_,
                                ", is to come; all may change until then."));
  }
  if (!input_.place.empty() || !input_.offence.empty()) {
    *response_->add_advice() = MakeAdvice(
        v1::REASON_CODE_UNSPECIFIED,
        absl::StrCat("Place and offence do not choose between routes:",
                     input_.place.empty() ? "" : " place ", input_.place,
                     input_.offence.empty() ? "" : " offence ", input_.offence,
                     "."));
  }
}

absl::Status Router::Run(RouteLoader load) {
  response_->set_requesting_state(input_.requesting->name());
  response_->set_requested_state(input_.requested->name());
  response_->set_function(input_.function->name());
  response_->set_as_of(day_);
  response_->mutable_assessments()->Reserve(
      static_cast<int>(input_.treaties.size()));
  Weigh();
  const std::vector<const Candidate*> chosen = Choose();
  response_->mutable_routes()->Reserve(static_cast<int>(chosen.size()));
  for (const Candidate* candidate : chosen) {
    v1::Route* route = response_->add_routes();
    RETURN_IF_ERROR(load(*candidate, route));
    FillRoute(&weighed_[static_cast<size_t>(candidate->treaty)], route);
  }
  AddAlternatives();
  AdviseOnAnswer();
  // They stand in the order of the input.
  auto assessment = response_->mutable_assessments()->pointer_begin();
  for (Weighed* weighed : ranked_) {
    *assessment++ = weighed->assessment;
    // Unless a route has cited the designation itself.
    v1::Reason& counted = *weighed->assessment->mutable_reasons()->rbegin();
    if (counted.sources().empty() || weighed->on_day == 0) {
      CiteDirectory(absl::StrCat("designations of ", to_),
                    counted.mutable_sources());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RouteInto(const RouteInput& input, RouteLoader load,
                       v1::RouteRequestResponse* response) {
  return Router(input, response).Run(load);
}

absl::StatusOr<v1::RouteRequestResponse> Route(const RouteInput& input,
                                               RouteLoader load) {
  v1::RouteRequestResponse response;
  RETURN_IF_ERROR(RouteInto(input, load, &response));
  return response;
}

}  // namespace comity::rules
