#include "rules/routing.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/english.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/wire.h"
#include "rules/designations.h"
#include "rules/records.h"
#include "rules/steps.h"

namespace comity::rules {
namespace {

using Response = v1::RouteRequestResponse;

// A treaty as the answer grows.
struct Weighed {
  const TreatyInput* input = nullptr;
  absl::string_view title;
  // What the sentences call it: `the Firearms Protocol`.
  std::string name;
  // Its place in the function's order.
  int order = 0;
  int on_day = 0;
  // What it is on the day to the requesting State, and to the requested one.
  std::array<const Standing*, 2> standings = {};
  Verdict verdict;
  // What every route under it must tell: fields of a Route.
  std::string advice;
  // Of the first designation told: fields of a Reason.
  std::string sources;

  bool in_force() const {
    return verdict.status == v1::IN_FORCE_STATUS_IN_FORCE;
  }
};

// `zh` of `zh-Hant`.
absl::string_view PrimarySubtag(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

bool SameLanguage(absl::string_view a, absl::string_view b) {
  return absl::EqualsIgnoreCase(PrimarySubtag(a), PrimarySubtag(b));
}

// How many of a thing, in words: `1 designation`, `2 designations`.
std::string Count(int number, absl::string_view thing) {
  return absl::StrCat(number, " ", thing, number == 1 ? "" : "s");
}

// Writes the answer from its first field to its last. What the routes rest on
// is weighed before, and told after them.
class Router {
 public:
  Router(const RouteInput& input, std::string* answer)
      : input_(input),
        writer_(answer),
        day_(FormatDay(input.day)),
        from_(NameInText(*input.requesting)),
        to_(NameInText(*input.requested)),
        function_(NameInText(*input.function)) {}

  absl::Status Run(RouteLoader load);

 private:
  // A route as it is written.
  struct Records {
    DesignationFacts designation;
    // Null: no office is named.
    const AuthorityFacts* authority = nullptr;
  };
  // The language to write in, and why.
  struct Language {
    absl::string_view tag;
    v1::ReasonCode code = v1::REASON_CODE_LANGUAGES_NOT_STATED;
  };

  // Treaties.
  void Weigh();
  int OrderOf(size_t index) const;
  void AdviseOnTreaty(Weighed* weighed) const;
  void AdviseOnData(const Weighed& weighed, const AdviceWriter& advice) const;
  void AdviseOnStatements(const v1::Participation& participation,
                          const v1::State& state, const Weighed& weighed,
                          const AdviceWriter& advice) const;
  void AdviseOnParent(const Weighed& weighed, const AdviceWriter& advice) const;
  bool ConcernsFunction(const v1::Treaty& treaty,
                        absl::string_view article) const;
  bool ProvidesForDesignation(const v1::Treaty& treaty) const;
  void WriteAssessment(const Weighed& weighed);
  void WriteStatus(const Weighed& weighed);
  void WriteDesignationsReason(const Weighed& weighed);

  // Routes.
  std::vector<const Candidate*> Choose() const;
  int TotalRoutes() const;
  absl::Status WriteRoutes(const std::vector<const Candidate*>& chosen,
                           absl::Span<const RouteRecords> records);
  absl::Status WriteRoute(const RouteRecords& records, Weighed* weighed);
  Language ChooseLanguage(const Texts& accepted) const;
  void WriteWays(const v1::Treaty& treaty, const Records& records);
  void WriteReasons(const Weighed& weighed, const Records& records,
                    const Language& language);
  void WriteLimits(const Records& records, const AdviceWriter& advice) const;

  // The rest.
  void WriteUrgentWays();
  void WriteAlternative(v1::ReasonCode code, Parts text,
                        absl::string_view treaty);
  void WriteRemainingWays();
  void AdviseOnAnswer(const AdviceWriter& advice) const;
  void AdviseNoTreaty(const AdviceWriter& advice) const;

  const RouteInput& input_;
  wire::Writer writer_;
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
  ranked_.reserve(input_.treaties.size());
  std::vector<int> on_day(input_.treaties.size(), 0);
  for (const Candidate& candidate : input_.candidates) {
    ++on_day[static_cast<size_t>(candidate.treaty)];
  }
  const absl::string_view titles[] = {from_, to_};
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
    weighed.standings = {&treaty.requesting->On(input_.day),
                         &treaty.requested->On(input_.day)};
    weighed.verdict = VerdictBetween(weighed.name, treaty.dates,
                                     weighed.standings[0]->facts(),
                                     weighed.standings[1]->facts(), titles);
    for (const Standing* standing : weighed.standings) standing->Prefetch();
    if (weighed.in_force()) AdviseOnTreaty(&weighed);
    ranked_.push_back(&weighed);
  }
  const auto rank = [](const Weighed* weighed) {
    switch (weighed->verdict.status) {
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

void Router::WriteAssessment(const Weighed& weighed) {
  using A = v1::TreatyAssessment;
  const v1::Treaty& treaty = *weighed.input->treaty;
  writer_.Text(A::kTreatyFieldNumber, treaty.name());
  writer_.Text(A::kTitleFieldNumber, weighed.title);
  writer_.Message(A::kStatusFieldNumber, [&] { WriteStatus(weighed); });
  for (const v1::Function::Article& article : input_.function->articles()) {
    if (article.treaty() == treaty.name() && !article.citation().empty()) {
      writer_.Item(A::kArticlesFieldNumber, article.citation());
    }
  }
  writer_.Number(A::kDesignationsFieldNumber,
                 static_cast<uint64_t>(weighed.on_day));
  WriteDesignationsReason(weighed);
}

void Router::WriteStatus(const Weighed& weighed) {
  using S = v1::TreatyStatus;
  const v1::Treaty& treaty = *weighed.input->treaty;
  const TreatyDates& dates = weighed.input->dates;
  const Verdict& verdict = weighed.verdict;
  writer_.Text(S::kTreatyFieldNumber, treaty.name());
  writer_.Text(S::kAsOfFieldNumber, day_);
  writer_.Number(S::kStatusFieldNumber, verdict.status);
  writer_.Number(S::kCodeFieldNumber, verdict.code);
  writer_.Text(S::kReasonFieldNumber, verdict.reason);
  for (const Standing* standing : weighed.standings) {
    writer_.Item(S::kParticipationsFieldNumber, standing->bytes);
  }
  if (const std::optional<Day> entry = dates.entry()) {
    writer_.Text(S::kTreatyEntryIntoForceFieldNumber, FormatDay(*entry));
    writer_.Number(
        S::kTreatyEntryIntoForceBasisFieldNumber,
        dates.stated ? v1::DATE_BASIS_STATED : v1::DATE_BASIS_DERIVED);
    if (dates.differ()) {
      writer_.Text(S::kDerivedTreatyEntryIntoForceFieldNumber,
                   FormatDay(*dates.derived));
    }
  }
  if (verdict.code == v1::REASON_CODE_BOTH_PARTIES ||
      verdict.code == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE) {
    // Its final clauses tell when it enters into force.
    SourceList clauses;
    clauses.Cite(treaty.sources());
    writer_.Fields(clauses.Fields(S::kSourcesFieldNumber));
  }
}

void Router::WriteDesignationsReason(const Weighed& weighed) {
  const v1::Treaty& treaty = *weighed.input->treaty;
  const int on_record = weighed.input->designations_on_record;
  const bool provides = ProvidesForDesignation(treaty);
  std::string sources = weighed.sources;
  if (sources.empty()) {
    SourceList cited;
    if (!provides && on_record == 0) cited.Cite(treaty.sources());
    if (cited.empty() || weighed.on_day == 0) {
      cited.CiteDirectory({"designations of ", to_});
    }
    sources = cited.Fields(v1::Reason::kSourcesFieldNumber);
  }
  const auto write = [&](v1::ReasonCode code, Parts text) {
    WriteReason(v1::TreatyAssessment::kReasonsFieldNumber, code, text,
                input_.requested->name(), sources,
                {{"count", absl::AlphaNum(weighed.on_day).Piece()}}, &writer_);
  };
  if (weighed.on_day > 0) {
    write(v1::REASON_CODE_DESIGNATED,
          {Count(weighed.on_day, "designation"), " of ", to_, " for ",
           function_, " under ", weighed.name, " on record for ", day_, "."});
  } else if (on_record > 0) {
    write(v1::REASON_CODE_NO_AUTHORITY_ON_DAY,
          {"No authority of ", to_, " for ", function_, " under ", weighed.name,
           " on record for ", day_, "; ", Count(on_record, "designation"),
           " on record for other days."});
  } else if (provides) {
    write(v1::REASON_CODE_NO_AUTHORITY_ON_RECORD,
          {"No authority of ", to_, " for ", function_, " under ", weighed.name,
           " on record."});
  } else {
    write(v1::REASON_CODE_NO_AUTHORITY_ON_RECORD,
          {weighed.name, " provides for no designation for ", function_,
           ", and none of ", to_, " is on record."});
  }
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
  wire::Writer writer(&weighed->advice);
  const AdviceWriter advice(v1::Route::kAdviceFieldNumber, &writer);
  AdviseOnData(*weighed, advice);
  const TreatyInput& input = *weighed->input;
  if (const auto* participation = input.requesting->statements()) {
    AdviseOnStatements(*participation, *input_.requesting, *weighed, advice);
  }
  if (const auto* participation = input.requested->statements()) {
    AdviseOnStatements(*participation, *input_.requested, *weighed, advice);
  }
  if (input.parent != nullptr) AdviseOnParent(*weighed, advice);
  if (input.requesting->synthetic() || input.requested->synthetic()) {
    advice.Add(v1::REASON_CODE_SYNTHETIC,
               {"Participation in ", weighed->name,
                " was made by a generator, not real."});
  }
}

// Writes NO_CHANGE_KNOWN_AFTER and STATED_DIFFERS_FROM_DERIVED.
void Router::AdviseOnData(const Weighed& weighed,
                          const AdviceWriter& advice) const {
  // The earlier of the two ends of the data.
  const std::string* data_end = nullptr;
  for (const Standing* one : weighed.standings) {
    if (!one->beyond_data) continue;
    if (data_end == nullptr || one->complete_as_of < *data_end) {
      data_end = &one->complete_as_of;
    }
  }
  if (data_end != nullptr) {
    advice.Add(v1::REASON_CODE_NO_CHANGE_KNOWN_AFTER,
               {"Who takes part in ", weighed.name, ": no change known after ",
                *data_end, "."},
               {{"date", *data_end}});
  }
  const auto differs = [&](absl::string_view of, absl::string_view title,
                           absl::string_view stated,
                           absl::string_view derived) {
    advice.Add(v1::REASON_CODE_STATED_DIFFERS_FROM_DERIVED,
               {"Entry into force of ", weighed.name, of, title, ": stated ",
                stated, ", by its rule ", derived, "."},
               {{"stated", stated}, {"derived", derived}});
  };
  const TreatyDates& dates = weighed.input->dates;
  if (dates.differ()) {
    differs("", "", FormatDay(*dates.stated), FormatDay(*dates.derived));
  }
  for (size_t i = 0; i < weighed.standings.size(); ++i) {
    const Standing& one = *weighed.standings[i];
    if (one.derived_entry_into_force.empty()) continue;
    differs(" for ", i == 0 ? from_ : to_, one.entry_into_force,
            one.derived_entry_into_force);
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
                                const v1::State& state, const Weighed& weighed,
                                const AdviceWriter& advice) const {
  using Statement = v1::Participation::Statement;
  for (const Statement& statement : participation.statements()) {
    const bool reserves = statement.kind() == Statement::KIND_RESERVATION ||
                          statement.kind() == Statement::KIND_OBJECTION;
    // A declaration matters where it speaks of the function's own articles.
    if (!reserves && statement.article().empty()) continue;
    if (!ConcernsFunction(*weighed.input->treaty, statement.article())) {
      continue;
    }
    const std::optional<Day> made = ParseDay(statement.date());
    const std::optional<Day> withdrawn = ParseDay(statement.withdrawn());
    if (made.has_value() && *made > input_.day) continue;
    if (withdrawn.has_value() && *withdrawn <= input_.day) continue;
    advice.Add(
        v1::REASON_CODE_RESERVATION,
        {NameInText(state),
         reserves ? " made a reservation to " : " made a declaration on ",
         weighed.name, statement.article().empty() ? "" : ", article ",
         statement.article(), ": ", statement.text().text()},
        {{"state", TitleOf(state)}, {"article", statement.article()}});
  }
}

void Router::AdviseOnParent(const Weighed& weighed,
                            const AdviceWriter& advice) const {
  const TreatyInput& input = *weighed.input;
  const Standings* const standings[] = {input.requesting_parent,
                                        input.requested_parent};
  const v1::State* const states[] = {input_.requesting, input_.requested};
  for (int i = 0; i < 2; ++i) {
    const Standing& standing = standings[i]->On(input_.day);
    if (standing.status == v1::IN_FORCE_STATUS_IN_FORCE) continue;
    advice.Add(
        v1::REASON_CODE_PARENT_TREATY_NOT_IN_FORCE,
        {"A party to ", weighed.name,
         " must be a party to its convention: ", standing.reason, "."},
        {{"treaty", TitleOf(*input.parent)}, {"state", TitleOf(*states[i])}});
  }
}

int Router::TotalRoutes() const {
  int total = 0;
  for (const Weighed* weighed : ranked_) {
    if (weighed->in_force()) total += weighed->on_day;
  }
  return total;
}

// The candidates of treaties in force, in rank order, as many as are asked for.
std::vector<const Candidate*> Router::Choose() const {
  std::vector<const Candidate*> chosen;
  chosen.reserve(input_.candidates.size());
  for (const Candidate& candidate : input_.candidates) {
    if (weighed_[static_cast<size_t>(candidate.treaty)].in_force()) {
      chosen.push_back(&candidate);
    }
  }
  const auto order = [this](const Candidate* candidate) {
    return weighed_[static_cast<size_t>(candidate->treaty)].order;
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const Candidate* a, const Candidate* b) {
                     return order(a) < order(b);
                   });
  const auto wanted = static_cast<size_t>(std::max(input_.max_routes, 1));
  if (chosen.size() > wanted) chosen.resize(wanted);
  return chosen;
}

absl::Status Router::WriteRoute(const RouteRecords& records, Weighed* weighed) {
  using R = v1::Route;
  const v1::Treaty& treaty = *weighed->input->treaty;
  Records read;
  RETURN_IF_ERROR(ReadFacts(records.designation, &read.designation));
  AuthorityFacts authority;
  if (records.has_authority) {
    RETURN_IF_ERROR(ReadFacts(records.authority, &authority));
    read.authority = &authority;
  }
  writer_.Text(R::kTreatyFieldNumber, treaty.name());
  writer_.Item(R::kDesignationFieldNumber, records.designation);
  if (records.has_authority) {
    writer_.Item(R::kAuthorityFieldNumber, records.authority);
  }
  const Texts& accepted = read.designation.languages.empty()
                              ? authority.languages
                              : read.designation.languages;
  const Language language = ChooseLanguage(accepted);
  writer_.Text(R::kLanguageFieldNumber, language.tag);
  for (const absl::string_view one : accepted) {
    writer_.Item(R::kAcceptedLanguagesFieldNumber, one);
  }
  WriteWays(treaty, read);
  WriteReasons(*weighed, read, language);
  WriteAdvice(R::kAdviceFieldNumber, read.designation, read.authority,
              *input_.function, input_.day, &writer_);
  writer_.Fields(weighed->advice);
  if (!input_.place.empty() || !input_.offence.empty()) {
    WriteLimits(read, AdviceWriter(R::kAdviceFieldNumber, &writer_));
  }
  // The step that counts the designations cites the first of them.
  if (weighed->sources.empty()) {
    SourceList cited;
    cited.CiteBytes(read.designation.sources);
    weighed->sources = cited.Fields(v1::Reason::kSourcesFieldNumber);
  }
  return absl::OkStatus();
}

Router::Language Router::ChooseLanguage(const Texts& accepted) const {
  const auto shared = [&accepted](absl::string_view preferred) {
    const auto found = std::find_if(accepted.begin(), accepted.end(),
                                    [&](absl::string_view language) {
                                      return SameLanguage(preferred, language);
                                    });
    return found == accepted.end() ? absl::string_view() : *found;
  };
  if (!input_.preferred_languages.empty()) {
    for (const absl::string_view one : input_.preferred_languages) {
      const absl::string_view tag = shared(one);
      if (!tag.empty()) return {tag, v1::REASON_CODE_LANGUAGE_SHARED};
    }
  } else {
    for (const std::string& one : input_.requesting->languages()) {
      const absl::string_view tag = shared(one);
      if (!tag.empty()) return {tag, v1::REASON_CODE_LANGUAGE_SHARED};
    }
  }
  if (accepted.empty()) return {};
  return {accepted.front(), v1::REASON_CODE_LANGUAGE_TRANSLATE};
}

// Channels, forms, what is urgent and what the request must contain.
void Router::WriteWays(const v1::Treaty& treaty, const Records& records) {
  using R = v1::Route;
  const DesignationFacts& designation = records.designation;
  Texts urgent;
  if (!designation.urgent_procedure.empty()) {
    urgent.push_back(designation.urgent_procedure);
  }
  if (records.authority != nullptr &&
      !records.authority->interpol_channel.empty()) {
    urgent.push_back(records.authority->interpol_channel);
  }
  Texts contents = designation.required_contents;
  for (const v1::Function::Article& article : input_.function->articles()) {
    if (article.treaty() != treaty.name()) continue;
    for (const v1::LocalizedText& text : article.urgent_channels()) {
      if (text.language() == "en") urgent.push_back(text.text());
    }
    for (const v1::LocalizedText& text : article.required_contents()) {
      if (text.language() == "en") contents.push_back(text.text());
    }
  }
  const auto write = [this](int number, const Texts& texts) {
    for (const absl::string_view text : texts) writer_.Item(number, text);
  };
  // Urgent ways come first.
  if (input_.urgent) write(R::kChannelsFieldNumber, urgent);
  write(R::kChannelsFieldNumber, designation.channels);
  write(R::kFormsFieldNumber, designation.forms);
  write(R::kUrgentChannelsFieldNumber, urgent);
  write(R::kRequiredContentsFieldNumber, contents);
}

void Router::WriteReasons(const Weighed& weighed, const Records& records,
                          const Language& language) {
  constexpr int kReasons = v1::Route::kReasonsFieldNumber;
  const DesignationFacts& designation = records.designation;
  const absl::string_view article = designation.article;
  const absl::string_view under =
      article.empty() ? " under " : " under article ";
  const absl::string_view of = article.empty() ? "" : " of ";
  if (records.authority != nullptr) {
    const absl::string_view office = records.authority->display_name;
    WriteReason(kReasons, v1::REASON_CODE_DESIGNATED,
                {to_, " designated ",
                 records.authority->in_english ? WithArticle(office)
                                               : std::string(office),
                 " for ", function_, under, article, of, weighed.name, "."},
                designation.name, "",
                {{"authority", office}, {"article", article}}, &writer_);
  } else {
    WriteReason(kReasons, v1::REASON_CODE_DESIGNATED,
                {to_, " told what it asks for ", function_, under, article, of,
                 weighed.name, ", without naming an office."},
                designation.name, "", {{"authority", ""}, {"article", article}},
                &writer_);
  }
  const absl::string_view resource =
      !designation.languages.empty() || records.authority == nullptr
          ? designation.name
          : records.authority->name;
  const NamedValues tag = {{"language", language.tag}};
  switch (language.code) {
    case v1::REASON_CODE_LANGUAGE_SHARED:
      WriteReason(kReasons, language.code,
                  {"Write in ", LanguageName(language.tag), ", which ", to_,
                   " accepts and ", from_, " can write."},
                  resource, "", tag, &writer_);
      break;
    case v1::REASON_CODE_LANGUAGE_TRANSLATE:
      WriteReason(kReasons, language.code,
                  {"Have the request translated into ",
                   LanguageName(language.tag), ", which ", to_, " accepts."},
                  resource, "", tag, &writer_);
      break;
    default:
      WriteReason(kReasons, language.code,
                  {"Which languages ", to_, " accepts is not stated."},
                  resource, "", {}, &writer_);
      break;
  }
}

// Marks an office whose territory or competence is limited.
void Router::WriteLimits(const Records& records,
                         const AdviceWriter& advice) const {
  if (records.authority != nullptr && !records.authority->territory.empty()) {
    advice.Add(v1::REASON_CODE_UNSPECIFIED,
               {"The office serves only ", records.authority->territory, "."});
  }
  if (!records.designation.competence.empty()) {
    advice.Add(v1::REASON_CODE_UNSPECIFIED,
               {"Competent only for: ", records.designation.competence, "."});
  }
}

void Router::WriteAlternative(v1::ReasonCode code, Parts text,
                              absl::string_view treaty) {
  writer_.Message(Response::kAlternativesFieldNumber, [&] {
    writer_.Number(v1::Alternative::kCodeFieldNumber, code);
    writer_.Text(v1::Alternative::kTextFieldNumber, text);
    writer_.Text(v1::Alternative::kTreatyFieldNumber, treaty);
  });
}

void Router::WriteUrgentWays() {
  for (const Weighed* weighed : ranked_) {
    if (!weighed->in_force()) continue;
    const v1::Treaty& treaty = *weighed->input->treaty;
    for (const v1::Function::Article& article : input_.function->articles()) {
      if (article.treaty() != treaty.name()) continue;
      std::string ways;
      for (const v1::LocalizedText& text : article.urgent_channels()) {
        if (text.language() != "en") continue;
        absl::StrAppend(&ways, ways.empty() ? "" : " ", text.text());
      }
      if (ways.empty()) continue;
      const bool cited = !article.citation().empty();
      WriteAlternative(
          v1::REASON_CODE_INTERPOL_URGENT,
          {"When urgent, under ", cited ? "article " : "", article.citation(),
           cited ? " of " : "", weighed->name, ": ", ways},
          treaty.name());
    }
  }
}

// What is left where there is no route.
void Router::WriteRemainingWays() {
  const Weighed* in_force = nullptr;
  for (const Weighed* weighed : ranked_) {
    if (weighed->in_force()) {
      if (in_force == nullptr) in_force = weighed;
    } else if (weighed->verdict.status == v1::IN_FORCE_STATUS_NOT_KNOWN &&
               weighed->on_day > 0) {
      WriteAlternative(v1::REASON_CODE_ONE_NOT_KNOWN,
                       {"Ask the depositary whether ", weighed->name,
                        " binds both States; if so, ", to_, " has ",
                        Count(weighed->on_day, "designation"), " under it."},
                       weighed->input->treaty->name());
    }
  }
  if (in_force == nullptr) {
    WriteAlternative(v1::REASON_CODE_DIPLOMATIC_CHANNEL,
                     {"Send the request through the diplomatic channel, "
                      "without a treaty known to be in force between ",
                      from_, " and ", to_, "."},
                     "");
    return;
  }
  WriteAlternative(v1::REASON_CODE_DIPLOMATIC_CHANNEL,
                   {"Send the request under ", in_force->name,
                    " through the diplomatic channel: it is in force between ",
                    from_, " and ", to_, ", but no authority of ", to_,
                    " is on record for it on ", day_, "."},
                   in_force->input->treaty->name());
}

void Router::AdviseNoTreaty(const AdviceWriter& advice) const {
  // Assessments have all of them; the sentence names the first.
  constexpr int kNamedMax = 5;
  std::string why;
  int named = 0;
  for (const Weighed* weighed : ranked_) {
    if (++named > kNamedMax) break;
    const v1::InForceStatus status = weighed->verdict.status;
    std::string who;
    for (size_t i = 0; i < weighed->standings.size(); ++i) {
      if (weighed->standings[i]->status != status) continue;
      absl::StrAppend(&who, who.empty() ? "" : " and ", i == 0 ? from_ : to_);
    }
    absl::StrAppend(&why, named == 1 ? ": " : "; ", weighed->name,
                    status == v1::IN_FORCE_STATUS_NOT_KNOWN
                        ? " is not known to bind "
                        : " does not bind ",
                    who);
  }
  advice.Add(v1::REASON_CODE_NO_TREATY,
             {"No treaty on record that provides for ", function_,
              " is known to be in force between ", from_, " and ", to_, " on ",
              day_, why, "."});
}

void Router::AdviseOnAnswer(const AdviceWriter& advice) const {
  const bool some = !ranked_.empty() && ranked_.front()->in_force();
  if (!some) AdviseNoTreaty(advice);
  std::string not_known;
  for (const Weighed* weighed : ranked_) {
    if (weighed->verdict.status != v1::IN_FORCE_STATUS_NOT_KNOWN) continue;
    absl::StrAppend(&not_known, not_known.empty() ? "" : ", ", weighed->name);
  }
  if (some && !not_known.empty()) {
    advice.Add(
        v1::REASON_CODE_ONE_NOT_KNOWN,
        {"Whether these bind both States is not known: ", not_known, "."});
  }
  if (input_.day > input_.today) {
    advice.Add(v1::REASON_CODE_UNSPECIFIED,
               {"The day asked for, ", day_,
                ", is to come; all may change until then."});
  }
  if (!input_.place.empty() || !input_.offence.empty()) {
    advice.Add(
        v1::REASON_CODE_UNSPECIFIED,
        {"Place and offence do not choose between routes:",
         input_.place.empty() ? "" : " place ", input_.place,
         input_.offence.empty() ? "" : " offence ", input_.offence, "."});
  }
}

// Writes the routes of the chosen candidates.
absl::Status Router::WriteRoutes(const std::vector<const Candidate*>& chosen,
                                 absl::Span<const RouteRecords> records) {
  for (size_t i = 0; i < records.size(); ++i) {
    absl::Status written;
    writer_.Message(Response::kRoutesFieldNumber, [&] {
      written = WriteRoute(records[i],
                           &weighed_[static_cast<size_t>(chosen[i]->treaty)]);
    });
    RETURN_IF_ERROR(written);
  }
  return absl::OkStatus();
}

absl::Status Router::Run(RouteLoader load) {
  Weigh();
  const std::vector<const Candidate*> chosen = Choose();
  std::vector<size_t> numbers;
  numbers.reserve(chosen.size());
  for (const Candidate* each : chosen) numbers.push_back(each->number);
  RETURN_IF_ERROR(load(numbers, [&](absl::Span<const RouteRecords> records) {
    return WriteRoutes(chosen, records);
  }));
  for (const Weighed* weighed : ranked_) {
    writer_.Message(Response::kAssessmentsFieldNumber,
                    [&] { WriteAssessment(*weighed); });
  }
  if (input_.urgent) WriteUrgentWays();
  if (chosen.empty()) WriteRemainingWays();
  if (!input_.urgent) WriteUrgentWays();
  writer_.Text(Response::kRequestingStateFieldNumber,
               input_.requesting->name());
  writer_.Text(Response::kRequestedStateFieldNumber, input_.requested->name());
  writer_.Text(Response::kFunctionFieldNumber, input_.function->name());
  writer_.Text(Response::kAsOfFieldNumber, day_);
  writer_.Number(Response::kTotalRoutesFieldNumber,
                 static_cast<uint64_t>(TotalRoutes()));
  AdviseOnAnswer(AdviceWriter(Response::kAdviceFieldNumber, &writer_));
  writer_.Number(Response::kSequenceFieldNumber, input_.sequence);
  return absl::OkStatus();
}

}  // namespace

absl::Status Route(const RouteInput& input, RouteLoader load,
                   std::string* answer) {
  return Router(input, answer).Run(load);
}

}  // namespace comity::rules
