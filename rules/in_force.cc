#include "rules/in_force.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/english.h"
#include "base/names.h"
#include "rules/records.h"

namespace comity::rules {
namespace {

using Period = v1::Participation::Period;

// How a period ends.
enum class End { kNone, kOnDay, kUnknown };

// A period with its days understood.
struct Stretch {
  const Period* period = nullptr;
  std::optional<Day> deposit;
  // The first day on which the State is known to be bound.
  std::optional<Day> start;
  v1::DateBasis start_basis = v1::DATE_BASIS_UNSPECIFIED;
  // What the rule of the treaty gives.
  std::optional<Day> derived;
  // A successor may have been bound before it deposited its instrument: since
  // the treaty's own entry into force at the earliest.
  bool maybe_earlier = false;
  End end = End::kNone;
  // kOnDay: the first day no longer. kUnknown: it lasted until this day at
  // least, if set.
  std::optional<Day> end_day;
};

// Where a day lies in a period.
enum class Phase { kBefore, kIn, kAfter, kUnknown };

// Months are counted as the calendar has them: a year after 29 February ends
// with February (UNTOC article 40 and the like speak of one year).
Day AddMonths(Day day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const Day last = Day(month + 1) - 1;
  const Day same(month.year(), month.month(), day.day());
  return absl::CivilMonth(same) == month ? same : last;
}

void UnderstandEnd(const v1::Treaty& treaty, Stretch* stretch) {
  const Period& period = *stretch->period;
  const std::optional<Day> notified = ParseDay(period.withdrawal_notified());
  const v1::DateBound& bound = period.end();
  if (!period.has_end() || bound.bound_case() == v1::DateBound::BOUND_NOT_SET) {
    if (!notified.has_value()) return;
    const int months = treaty.entry_into_force_rule().withdrawal_months();
    stretch->end = months > 0 ? End::kOnDay : End::kUnknown;
    stretch->end_day = months > 0 ? AddMonths(*notified, months) : *notified;
    return;
  }
  if (bound.bound_case() == v1::DateBound::kOpen) return;
  stretch->end_day = ParseDay(bound.date());
  stretch->end = stretch->end_day.has_value() ? End::kOnDay : End::kUnknown;
  if (stretch->end == End::kUnknown) stretch->end_day = notified;
}

Stretch Understand(const v1::Treaty& treaty, const TreatyDates& dates,
                   const v1::Participation& participation,
                   const Period& period) {
  Stretch stretch;
  stretch.period = &period;
  stretch.deposit = ParseDay(period.deposit_date());
  if (!stretch.deposit.has_value() &&
      period.act() == v1::BINDING_ACT_DEFINITIVE_SIGNATURE) {
    stretch.deposit = ParseDay(participation.signature_date());
  }
  const std::optional<Day> entry = dates.entry();
  const bool succession = period.act() == v1::BINDING_ACT_SUCCESSION;
  const int days = treaty.entry_into_force_rule().days_after_deposit();
  if (!succession && days > 0 && stretch.deposit.has_value() &&
      entry.has_value()) {
    stretch.derived = std::max(*stretch.deposit + days, *entry);
  }
  if (const auto stated = ParseDay(period.entry_into_force())) {
    stretch.start = stated;
    stretch.start_basis =
        period.entry_into_force_basis() == v1::DATE_BASIS_UNSPECIFIED
            ? v1::DATE_BASIS_STATED
            : period.entry_into_force_basis();
  } else if (stretch.derived.has_value()) {
    stretch.start = stretch.derived;
    stretch.start_basis = v1::DATE_BASIS_DERIVED;
  } else if (succession && stretch.deposit.has_value() && entry.has_value()) {
    stretch.start = std::max(*stretch.deposit, *entry);
    stretch.maybe_earlier = true;
  }
  UnderstandEnd(treaty, &stretch);
  return stretch;
}

Phase PhaseOn(const Stretch& stretch, const TreatyDates& dates, Day day) {
  const std::optional<Day> entry = dates.entry();
  const bool ended = stretch.end == End::kOnDay && day >= *stretch.end_day;
  if (!stretch.start.has_value()) {
    if (ended) return Phase::kAfter;
    if (entry.has_value() && day < *entry) return Phase::kBefore;
    // Succession reaches back before its deposit; no other act does.
    if (stretch.deposit.has_value() && day < *stretch.deposit &&
        stretch.period->act() != v1::BINDING_ACT_SUCCESSION) {
      return Phase::kBefore;
    }
    return Phase::kUnknown;
  }
  if (day < *stretch.start) {
    return stretch.maybe_earlier && day >= *entry ? Phase::kUnknown
                                                  : Phase::kBefore;
  }
  if (ended) return Phase::kAfter;
  if (stretch.end == End::kUnknown &&
      !(stretch.end_day.has_value() && day < *stretch.end_day)) {
    return Phase::kUnknown;
  }
  return Phase::kIn;
}

absl::string_view ActWord(v1::BindingAct act) {
  switch (act) {
    case v1::BINDING_ACT_RATIFICATION:
      return "ratification";
    case v1::BINDING_ACT_ACCEPTANCE:
      return "acceptance";
    case v1::BINDING_ACT_APPROVAL:
      return "approval";
    case v1::BINDING_ACT_ACCESSION:
      return "accession";
    case v1::BINDING_ACT_SUCCESSION:
      return "succession";
    case v1::BINDING_ACT_FORMAL_CONFIRMATION:
      return "formal confirmation";
    case v1::BINDING_ACT_DEFINITIVE_SIGNATURE:
      return "definitive signature";
    default:
      return "binding act";
  }
}

// `derived; `; nothing where the source states the day.
absl::string_view BasisPrefix(v1::DateBasis basis) {
  switch (basis) {
    case v1::DATE_BASIS_DERIVED:
      return "derived; ";
    case v1::DATE_BASIS_INFERRED:
      return "inferred; ";
    default:
      return "";
  }
}

// What is asked, and the answer as it grows.
struct Question {
  const v1::Treaty& treaty;
  const TreatyDates& dates;
  const v1::Participation* participation;
  Day day;
  // What the sentences call the State.
  absl::string_view title;
  // The last day for which the record is surely complete.
  std::optional<Day> complete;
  v1::ParticipationStatus* answer;
  // What the sentences call the treaty.
  std::string treaty_name = NameInText(treaty);

  bool WithinData() const { return complete.has_value() && day <= *complete; }

  void Answer(v1::InForceStatus status, v1::ReasonCode code,
              absl::string_view reason) const {
    answer->set_status(status);
    answer->set_code(code);
    answer->set_reason(StartSentence(reason));
  }
};

// `accession deposited 2003-05-09`, or `accession`.
std::string ActAndDeposit(const Stretch& stretch) {
  const v1::BindingAct act = stretch.period->act();
  if (!stretch.deposit.has_value()) return std::string(ActWord(act));
  const std::string day = FormatDay(*stretch.deposit);
  switch (act) {
    case v1::BINDING_ACT_UNSPECIFIED:
      return absl::StrCat("instrument deposited ", day);
    case v1::BINDING_ACT_DEFINITIVE_SIGNATURE:
      return absl::StrCat("definitive signature ", day);
    default:
      return absl::StrCat(ActWord(act), " deposited ", day);
  }
}

void AnswerBound(const Question& ask, const Stretch& stretch) {
  const std::string end = ask.answer->beyond_data()
                              ? absl::StrCat("; no change known after ",
                                             ask.answer->complete_as_of())
                              : std::string();
  if (stretch.maybe_earlier) {
    ask.Answer(v1::IN_FORCE_STATUS_IN_FORCE, v1::REASON_CODE_PARTY,
               absl::StrCat(ask.treaty_name, " is in force for ", ask.title,
                            " (", ActAndDeposit(stretch),
                            "; since which day is not known)", end));
    return;
  }
  ask.Answer(v1::IN_FORCE_STATUS_IN_FORCE, v1::REASON_CODE_PARTY,
             absl::StrCat(ask.treaty_name, " is in force for ", ask.title,
                          " since ", ask.answer->entry_into_force(), " (",
                          BasisPrefix(stretch.start_basis),
                          ActAndDeposit(stretch), ")", end));
}

// Nobody is bound before the treaty itself is in force.
void AnswerTooEarly(const Question& ask, Day entry, absl::string_view did) {
  ask.Answer(v1::IN_FORCE_STATUS_NOT_IN_FORCE,
             v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE,
             absl::StrCat(ask.treaty_name, " entered into force only on ",
                          FormatDay(entry), " (", ask.title, ": ", did, ")"));
}

// The day lies before `stretch`, and before every other period.
void AnswerBefore(const Question& ask, const Stretch& stretch) {
  const std::optional<Day> entry = ask.dates.entry();
  if (entry.has_value() && ask.day < *entry) {
    AnswerTooEarly(ask, *entry, ActAndDeposit(stretch));
  } else if (stretch.deposit.has_value() && ask.day < *stretch.deposit) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_IN_FORCE,
               v1::REASON_CODE_DEPOSITED_LATER,
               absl::StrCat(ask.title, " joined ", ask.treaty_name, " later (",
                            ActAndDeposit(stretch), ")"));
  } else {
    ask.Answer(
        v1::IN_FORCE_STATUS_NOT_IN_FORCE, v1::REASON_CODE_NOT_YET_IN_FORCE,
        absl::StrCat(ask.treaty_name, " entered into force for ", ask.title,
                     " only on ", ask.answer->entry_into_force(), " (",
                     ActAndDeposit(stretch), ")"));
  }
}

// The day lies after the end of `stretch`; `returns`: a later period begins
// after the day, so that the State was surely not bound in between.
void AnswerAfter(const Question& ask, const Stretch& stretch, bool returns) {
  const std::string end = FormatDay(*stretch.end_day);
  if (returns || ask.WithinData()) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_IN_FORCE, v1::REASON_CODE_WITHDRAWN,
               absl::StrCat(ask.title, " withdrew from ", ask.treaty_name,
                            " with effect on ", end));
    return;
  }
  const std::string& complete = ask.answer->complete_as_of();
  ask.Answer(v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_AFTER_DATA,
             absl::StrCat(ask.title, " withdrew from ", ask.treaty_name,
                          " with effect on ", end,
                          "; whether it joined again is not known",
                          complete.empty() ? "" : " after ", complete));
}

void AnswerUnknown(const Question& ask, const Stretch& stretch) {
  const std::string& treaty = ask.treaty_name;
  if (stretch.start.has_value() && ask.day >= *stretch.start) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_ENDED_UNKNOWN_DAY,
               absl::StrCat(treaty, " ceased to bind ", ask.title,
                            " on a day that is not known (",
                            ActAndDeposit(stretch), ")"));
  } else if (stretch.period->act() == v1::BINDING_ACT_SUCCESSION) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_KNOWN,
               v1::REASON_CODE_SUCCESSION_DAY_UNKNOWN,
               absl::StrCat(ask.title, " succeeded to ", treaty,
                            "; since which day it is bound is not known (",
                            ActAndDeposit(stretch), ")"));
  } else if (!stretch.deposit.has_value()) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_DEPOSIT_UNKNOWN,
               absl::StrCat(ask.title, " consented to be bound by ", treaty,
                            " (", ActWord(stretch.period->act()),
                            ") on a day that is not known"));
  } else {
    ask.Answer(
        v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_TREATY_DATES_NOT_KNOWN,
        absl::StrCat("When ", treaty, " entered into force for ", ask.title,
                     " is not known (", ActAndDeposit(stretch), ")"));
  }
}

// No period on record.
void AnswerNoPeriod(const Question& ask) {
  const std::string& signature = ask.participation->signature_date();
  const std::string signed_on =
      signature.empty() ? "no signature" : absl::StrCat("signed ", signature);
  if (ask.dates.stated.has_value() && ask.day < *ask.dates.stated) {
    return AnswerTooEarly(ask, *ask.dates.stated, signed_on);
  }
  if (ask.WithinData()) {
    ask.Answer(v1::IN_FORCE_STATUS_NOT_IN_FORCE, v1::REASON_CODE_SIGNED_ONLY,
               absl::StrCat(ask.title, " is not bound by ", ask.treaty_name,
                            ": ", signed_on, ", no binding act up to ",
                            ask.answer->complete_as_of()));
    return;
  }
  const std::string& complete = ask.answer->complete_as_of();
  ask.Answer(
      v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_AFTER_DATA,
      absl::StrCat("Whether ", ask.treaty_name, " binds ", ask.title,
                   " is not known: ", signed_on, ", no binding act on record",
                   complete.empty() ? "" : ", no data after ", complete));
}

void SetPeriod(const Question& ask, const Stretch& stretch) {
  *ask.answer->mutable_period() = *stretch.period;
  if (!stretch.start.has_value() || stretch.maybe_earlier) return;
  ask.answer->set_entry_into_force(FormatDay(*stretch.start));
  ask.answer->set_entry_into_force_basis(stretch.start_basis);
  if (stretch.derived.has_value() && *stretch.derived != *stretch.start) {
    ask.answer->set_derived_entry_into_force(FormatDay(*stretch.derived));
  }
}

void AnswerFromPeriods(const Question& ask) {
  // A day that lies in a known period decides. Otherwise the last period that
  // is not yet to come does, and before all of them the first.
  std::optional<Stretch> decisive;
  Phase phase = Phase::kBefore;
  bool returns = false;
  for (const Period& period : ask.participation->periods()) {
    const Stretch stretch =
        Understand(ask.treaty, ask.dates, *ask.participation, period);
    const Phase next = PhaseOn(stretch, ask.dates, ask.day);
    returns = next == Phase::kBefore && decisive.has_value();
    if (next == Phase::kBefore && decisive.has_value()) continue;
    decisive = stretch;
    phase = next;
    if (phase == Phase::kIn) break;
  }
  // Nothing binds anybody before the treaty itself is in force.
  if (ask.dates.stated.has_value() && ask.day < *ask.dates.stated) {
    phase = Phase::kBefore;
  }
  SetPeriod(ask, *decisive);
  switch (phase) {
    case Phase::kBefore:
      return AnswerBefore(ask, *decisive);
    case Phase::kIn:
      return AnswerBound(ask, *decisive);
    case Phase::kAfter:
      return AnswerAfter(ask, *decisive, returns);
    case Phase::kUnknown:
      return AnswerUnknown(ask, *decisive);
  }
}

void AnswerNoRecord(const Question& ask, v1::State::Kind kind) {
  if (kind == v1::State::KIND_TERRITORY || kind == v1::State::KIND_OTHER) {
    ask.Answer(
        v1::IN_FORCE_STATUS_NOT_IN_FORCE, v1::REASON_CODE_NOT_A_PARTICIPANT,
        absl::StrCat(ask.title, " cannot itself take part in ", ask.treaty_name,
                     kind == v1::State::KIND_TERRITORY
                         ? "; whether the State responsible for it "
                           "extended it there is not known here"
                         : ""));
    return;
  }
  ask.Answer(v1::IN_FORCE_STATUS_NOT_KNOWN, v1::REASON_CODE_NO_RECORD,
             absl::StrCat("Whether ", ask.treaty_name, " binds ", ask.title,
                          " is not known: no record"));
}

// The deposits that count towards the threshold of a treaty.
struct Deposits {
  std::vector<Day> known;
  // Entries into force of participants whose deposit is not known.
  std::vector<Day> entries;
  // A deposit of which nothing is known.
  bool unknown = false;
};

// Adds the first instrument of a participant; later ones, after a withdrawal,
// are no additional ones. A successor's instrument is not one of those that the
// final clauses count.
void AddDeposit(const v1::Participation& participation, Deposits* deposits) {
  for (const Period& period : participation.periods()) {
    if (period.act() == v1::BINDING_ACT_SUCCESSION) continue;
    std::optional<Day> day = ParseDay(period.deposit_date());
    if (!day && period.act() == v1::BINDING_ACT_DEFINITIVE_SIGNATURE) {
      day = ParseDay(participation.signature_date());
    }
    if (day.has_value()) {
      deposits->known.push_back(*day);
    } else if (const auto entry = ParseDay(period.entry_into_force())) {
      deposits->entries.push_back(*entry);
    } else {
      deposits->unknown = true;
    }
    return;
  }
}

std::optional<Day> DeriveEntry(const v1::EntryIntoForceRule& rule,
                               Deposits deposits,
                               std::optional<Day> parent_entry) {
  const auto threshold = static_cast<size_t>(rule.threshold_instruments());
  if (deposits.unknown || deposits.known.size() < threshold) {
    return std::nullopt;
  }
  const auto nth =
      deposits.known.begin() + static_cast<std::ptrdiff_t>(threshold - 1);
  std::nth_element(deposits.known.begin(), nth, deposits.known.end());
  Day entry = *nth + rule.days_after_threshold();
  // Whoever was bound no later than that may have been among the first.
  for (const Day bound : deposits.entries) {
    if (bound <= entry) return std::nullopt;
  }
  if (!rule.not_before().empty()) {
    if (!parent_entry.has_value()) return std::nullopt;
    entry = std::max(entry, *parent_entry);
  }
  return entry;
}

// Why a treaty is not in force for a State, or why that is not known, in few
// words after a sentence that names the treaty.
std::string BriefReason(const StatusFacts& status, absl::string_view title) {
  switch (status.code) {
    case v1::REASON_CODE_DEPOSITED_LATER: {
      const absl::string_view deposit = status.deposit_date;
      return absl::StrCat(title, " joined it later",
                          deposit.empty() ? "" : ", on ", deposit);
    }
    case v1::REASON_CODE_NOT_YET_IN_FORCE:
      return absl::StrCat("it entered into force for ", title, " only on ",
                          status.entry_into_force);
    case v1::REASON_CODE_SIGNED_ONLY:
      return absl::StrCat("no binding act of ", title, " up to ",
                          status.complete_as_of);
    case v1::REASON_CODE_WITHDRAWN:
      return absl::StrCat(title, " withdrew");
    case v1::REASON_CODE_NOT_A_PARTICIPANT:
      return absl::StrCat(title, " cannot itself take part in it");
    case v1::REASON_CODE_NO_RECORD:
      return absl::StrCat("no record of ", title);
    case v1::REASON_CODE_ENDED_UNKNOWN_DAY:
      return absl::StrCat("it ceased to bind ", title, " on an unknown day");
    case v1::REASON_CODE_AFTER_DATA:
      return absl::StrCat("what ", title, " did is not known after ",
                          status.complete_as_of.empty()
                              ? "its last act on record"
                              : status.complete_as_of);
    default:
      return absl::StrCat("since which day it binds ", title, " is not known");
  }
}

using Pair = std::array<const StatusFacts*, 2>;
using Titles = absl::Span<const absl::string_view>;

// The brief reasons of those States that have `status`, joined.
std::string BriefReasons(const Pair& statuses, Titles titles,
                         v1::InForceStatus status) {
  const auto is_missing = [](const StatusFacts* one) {
    return one->code == v1::REASON_CODE_NO_RECORD;
  };
  if (std::all_of(statuses.begin(), statuses.end(), is_missing)) {
    return absl::StrCat("no record of ", titles[0], " or ", titles[1]);
  }
  std::string reasons;
  for (size_t i = 0; i < titles.size(); ++i) {
    if (statuses[i]->status != status) continue;
    absl::StrAppend(&reasons, reasons.empty() ? "" : "; ",
                    BriefReason(*statuses[i], titles[i]));
  }
  return reasons;
}

void SetTreatyDates(const TreatyDates& dates, v1::TreatyStatus* status) {
  const std::optional<Day> entry = dates.entry();
  if (!entry.has_value()) return;
  status->set_treaty_entry_into_force(FormatDay(*entry));
  status->set_treaty_entry_into_force_basis(
      dates.stated ? v1::DATE_BASIS_STATED : v1::DATE_BASIS_DERIVED);
  if (dates.differ()) {
    status->set_derived_treaty_entry_into_force(FormatDay(*dates.derived));
  }
}

// ` since 2003-09-29`, the later of two days of entry; nothing if one is not
// known.
std::string SinceBoth(const Pair& statuses) {
  absl::string_view since;
  for (const StatusFacts* one : statuses) {
    if (one->entry_into_force.empty()) return {};
    since = std::max(since, one->entry_into_force);
  }
  return absl::StrCat(" since ", since);
}

}  // namespace

TreatyDates ComputeTreatyDates(
    const v1::Treaty& treaty,
    absl::Span<const v1::Participation* const> participations,
    absl::FunctionRef<bool(absl::string_view state_code)> is_organisation,
    std::optional<Day> parent_entry) {
  TreatyDates dates;
  dates.stated = ParseDay(treaty.entry_into_force());
  const v1::EntryIntoForceRule& rule = treaty.entry_into_force_rule();
  if (rule.threshold_instruments() <= 0) return dates;
  Deposits deposits;
  for (const v1::Participation* participation : participations) {
    if (rule.organisations_not_counted() &&
        is_organisation(names::LastOf(participation->name()))) {
      continue;
    }
    AddDeposit(*participation, &deposits);
  }
  dates.derived = DeriveEntry(rule, std::move(deposits), parent_entry);
  return dates;
}

v1::ParticipationStatus StatusOf(const v1::Treaty& treaty,
                                 const TreatyDates& dates,
                                 absl::string_view state_name,
                                 v1::State::Kind kind,
                                 const v1::Participation* participation,
                                 Day day, absl::string_view title) {
  v1::ParticipationStatus result;
  v1::ParticipationStatus* const status = &result;
  const absl::string_view code = names::LastOf(state_name);
  status->set_state(std::string(state_name));
  status->set_complete_as_of(participation == nullptr
                                 ? treaty.participations_as_of()
                                 : participation->complete_as_of());
  std::optional<Day> complete;
  if (const auto range = ParsePartialDay(status->complete_as_of())) {
    complete = range->first;
  }
  status->set_beyond_data(complete.has_value() && day > *complete);
  const Question ask{
      treaty,   dates, participation, day, title.empty() ? code : title,
      complete, status};
  if (participation == nullptr) {
    status->set_participation(
        names::Participation(names::LastOf(treaty.name()), code));
    AnswerNoRecord(ask, kind);
    return result;
  }
  status->set_participation(participation->name());
  CiteSources(participation->sources(), status->mutable_sources());
  if (participation->periods().empty()) {
    AnswerNoPeriod(ask);
  } else {
    AnswerFromPeriods(ask);
  }
  return result;
}

std::vector<Day> DaysOfChange(const v1::Treaty& treaty,
                              const TreatyDates& dates,
                              const v1::Participation* participation) {
  std::vector<Day> days;
  const auto add = [&days](const std::optional<Day>& day) {
    if (day.has_value()) days.push_back(*day);
  };
  add(dates.stated);
  add(dates.derived);
  const auto complete = ParsePartialDay(participation == nullptr
                                            ? treaty.participations_as_of()
                                            : participation->complete_as_of());
  if (complete.has_value()) days.push_back(complete->first + 1);
  if (participation != nullptr) {
    for (const Period& period : participation->periods()) {
      const Stretch stretch = Understand(treaty, dates, *participation, period);
      add(stretch.deposit);
      add(stretch.start);
      add(stretch.end_day);
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

v1::ParticipationStatus StatusOf(const v1::Treaty& treaty,
                                 const TreatyDates& dates,
                                 const v1::State& state,
                                 const v1::Participation* participation,
                                 Day day) {
  return StatusOf(treaty, dates, state.name(), state.kind(), participation, day,
                  NameInText(state));
}

v1::InForceStatus Both(v1::InForceStatus a, v1::InForceStatus b) {
  for (const v1::InForceStatus one : {a, b}) {
    if (one == v1::IN_FORCE_STATUS_NOT_IN_FORCE) return one;
  }
  return a == v1::IN_FORCE_STATUS_IN_FORCE ? b : a;
}

StatusFacts FactsOf(const v1::ParticipationStatus& status) {
  return {status.status(), status.code(), status.entry_into_force(),
          status.period().deposit_date(), status.complete_as_of()};
}

Verdict VerdictBetween(absl::string_view treaty, const TreatyDates& dates,
                       const StatusFacts& a, const StatusFacts& b,
                       Titles titles) {
  const Pair statuses = {&a, &b};
  Verdict verdict;
  verdict.status = Both(a.status, b.status);
  const absl::string_view between = " in force between ";
  switch (verdict.status) {
    case v1::IN_FORCE_STATUS_IN_FORCE:
      verdict.code = v1::REASON_CODE_BOTH_PARTIES;
      verdict.reason =
          StartSentence(absl::StrCat(treaty, " is", between, titles[0], " and ",
                                     titles[1], SinceBoth(statuses)));
      return verdict;
    case v1::IN_FORCE_STATUS_NOT_IN_FORCE: {
      const std::optional<Day> entry = dates.entry();
      const bool too_early =
          entry.has_value() &&
          (a.code == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE ||
           b.code == v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE);
      verdict.code = too_early ? v1::REASON_CODE_TREATY_NOT_YET_IN_FORCE
                               : v1::REASON_CODE_ONE_NOT_PARTY;
      verdict.reason = StartSentence(absl::StrCat(
          treaty, " is not", between, titles[0], " and ", titles[1], ": ",
          too_early ? absl::StrCat("it entered into force only on ",
                                   FormatDay(*entry))
                    : BriefReasons(statuses, titles, verdict.status)));
      return verdict;
    }
    default:
      verdict.code = v1::REASON_CODE_ONE_NOT_KNOWN;
      verdict.reason = absl::StrCat(
          "Whether ", treaty, " is", between, titles[0], " and ", titles[1],
          " is not known: ", BriefReasons(statuses, titles, verdict.status));
      return verdict;
  }
}

v1::TreatyStatus StatusBetween(const v1::Treaty& treaty,
                               const TreatyDates& dates,
                               std::vector<v1::ParticipationStatus> statuses,
                               absl::Span<const absl::string_view> titles,
                               Day day) {
  v1::TreatyStatus result;
  result.mutable_participations()->Reserve(static_cast<int>(statuses.size()));
  for (v1::ParticipationStatus& status : statuses) {
    *result.add_participations() = std::move(status);
  }
  result.set_treaty(treaty.name());
  result.set_as_of(FormatDay(day));
  const auto& all = result.participations();
  if (all.size() == 1) {
    result.set_status(all[0].status());
    result.set_code(all[0].code());
    result.set_reason(all[0].reason());
  } else if (all.size() == 2 && titles.size() == 2) {
    Verdict verdict = VerdictBetween(NameInText(treaty), dates, FactsOf(all[0]),
                                     FactsOf(all[1]), titles);
    result.set_status(verdict.status);
    result.set_code(verdict.code);
    result.set_reason(std::move(verdict.reason));
  }
  SetTreatyDates(dates, &result);
  return result;
}

v1::TreatyStatus StatusBetween(
    const v1::Treaty& treaty, const TreatyDates& dates,
    absl::Span<const v1::State* const> states,
    absl::Span<const v1::Participation* const> participations, Day day) {
  std::vector<v1::ParticipationStatus> statuses;
  std::vector<std::string> names;
  for (size_t i = 0; i < states.size(); ++i) {
    names.push_back(NameInText(*states[i]));
    statuses.push_back(StatusOf(treaty, dates, states[i]->name(),
                                states[i]->kind(), participations[i], day,
                                names.back()));
  }
  const std::vector<absl::string_view> titles(names.begin(), names.end());
  return StatusBetween(treaty, dates, std::move(statuses), titles, day);
}

}  // namespace comity::rules
