#include "tests/rules/oracle.h"

#include <algorithm>
#include <cstdlib>

namespace comity::oracle {
namespace {

// The strips run from 1980 to 2040; what is asked lies in between.
const DayCount kFirst = CountDays("1980-01-01");
const DayCount kLast = CountDays("2040-12-31");

// On a strip: bound, not bound, and four ways of not being known.
constexpr char kBound = '+';
constexpr char kNotBound = '-';
// Nothing on record, after the end of the data.
constexpr char kAfterData = '?';
// Bound, or not, on a day that lies between known ones.
constexpr char kOpenQuestion = '~';

size_t Cell(DayCount day) {
  return static_cast<size_t>(std::clamp(day, kFirst, kLast + 1) - kFirst);
}

// `[from, until)` in one colour.
void Fill(DayCount from, DayCount until, char colour, std::string* strip) {
  for (size_t i = Cell(from); i < Cell(until); ++i) (*strip)[i] = colour;
}

// What is not known only because the data end becomes certain before a day on
// which something later is on record.
void Settle(DayCount until, std::string* strip) {
  for (size_t i = 0; i < Cell(until); ++i) {
    if ((*strip)[i] == kAfterData) (*strip)[i] = kNotBound;
  }
}

// The same day so many months later, or the last of that month.
DayCount MonthsLater(DayCount day, int months) {
  // Found by walking: a month boundary is where the day of the month is 1.
  for (int year = 1900; year < 2100; ++year) {
    for (int month = 1; month <= 12; ++month) {
      char text[16];
      std::snprintf(text, sizeof text, "%04d-%02d-01", year, month);
      const DayCount first = CountDays(text);
      const int next_month = month % 12 + 1;
      std::snprintf(text, sizeof text, "%04d-%02d-01",
                    month == 12 ? year + 1 : year, next_month);
      const DayCount next = CountDays(text);
      if (day < first || day >= next) continue;
      const int target = (year * 12 + month - 1) + months;
      std::snprintf(text, sizeof text, "%04d-%02d-01", target / 12,
                    target % 12 + 1);
      const DayCount begin = CountDays(text);
      std::snprintf(text, sizeof text, "%04d-%02d-01", (target + 1) / 12,
                    (target + 1) % 12 + 1);
      const DayCount end = CountDays(text);
      return std::min(begin + (day - first), end - 1);
    }
  }
  return -1;
}

// The first day of a partial day.
DayCount FirstDay(const std::string& partial) {
  if (partial.size() == 4) return CountDays(partial + "-01-01");
  if (partial.size() == 7) return CountDays(partial + "-01");
  return CountDays(partial);
}

Period MakePeriod(const v1::Participation::Period& record) {
  Period period;
  period.succession = record.act() == v1::BINDING_ACT_SUCCESSION;
  period.definitive_signature =
      record.act() == v1::BINDING_ACT_DEFINITIVE_SIGNATURE;
  period.deposit = CountDays(record.deposit_date());
  period.entry = CountDays(record.entry_into_force());
  period.end = CountDays(record.end().date());
  period.end_unknown = record.end().unknown();
  period.end_open = record.end().open();
  period.notified = CountDays(record.withdrawal_notified());
  return period;
}

}  // namespace

DayCount CountDays(const std::string& iso) {
  if (iso.size() != 10) return -1;
  int year = std::atoi(iso.substr(0, 4).c_str());
  int month = std::atoi(iso.substr(5, 2).c_str());
  const int day = std::atoi(iso.substr(8, 2).c_str());
  // The year begins in March, so that the leap day is its last.
  month -= 3;
  if (month < 0) {
    month += 12;
    --year;
  }
  static constexpr int kBefore[] = {0,   31,  61,  92,  122, 153,
                                    184, 214, 245, 275, 306, 337};
  return year * 365 + year / 4 - year / 100 + year / 400 + kBefore[month] +
         day - 1;
}

void Oracle::Add(const v1::Record& record) {
  if (record.has_state()) {
    const v1::State& from = record.state();
    states[from.name()] = {from.name(),
                           from.kind() == v1::State::KIND_STATE ||
                               from.kind() == v1::State::KIND_ORGANISATION,
                           from.kind() == v1::State::KIND_ORGANISATION};
  } else if (record.has_treaty()) {
    const v1::Treaty& from = record.treaty();
    const v1::EntryIntoForceRule& rule = from.entry_into_force_rule();
    Treaty& to = treaties[from.name()];
    to.name = from.name();
    to.stated = CountDays(from.entry_into_force());
    to.threshold = rule.threshold_instruments();
    to.days_after_threshold = rule.days_after_threshold();
    to.days_after_deposit = rule.days_after_deposit();
    to.withdrawal_months = rule.withdrawal_months();
    to.organisations_not_counted = rule.organisations_not_counted();
    to.not_before = rule.not_before();
  } else if (record.has_function()) {
    Function& to = functions[record.function().name()];
    to.name = record.function().name();
    for (const auto& article : record.function().articles()) {
      if (std::find(to.treaties.begin(), to.treaties.end(), article.treaty()) ==
          to.treaties.end()) {
        to.treaties.push_back(article.treaty());
      }
    }
  } else if (record.has_participation()) {
    const v1::Participation& from = record.participation();
    const size_t split = from.name().find("/participations/");
    Participation& to =
        treaties[from.name().substr(0, split)]
            .participations["states/" + from.name().substr(split + 16)];
    to.signature = CountDays(from.signature_date());
    to.complete = FirstDay(from.complete_as_of());
    for (const auto& period : from.periods()) {
      to.periods.push_back(MakePeriod(period));
    }
  } else if (record.has_designation()) {
    const v1::Designation& from = record.designation();
    designations.push_back(
        {from.name(), from.name().substr(0, 10), from.treaty(), from.function(),
         from.valid_from().date(), from.valid_until().date()});
  }
}

// Day by day until the instruments suffice.
void Oracle::DeriveEntry(Treaty* treaty) const {
  if (treaty->threshold == 0) return;
  std::vector<const Period*> first;
  for (const auto& [state, participation] : treaty->participations) {
    if (treaty->organisations_not_counted && states.at(state).organisation) {
      continue;
    }
    for (const Period& period : participation.periods) {
      if (period.succession) continue;
      first.push_back(&period);
      break;
    }
  }
  for (DayCount day = kFirst; day <= kLast; ++day) {
    int deposited = 0;
    for (const Period* period : first) {
      if (period->deposit >= 0 && period->deposit <= day) ++deposited;
    }
    if (deposited < treaty->threshold) continue;
    DayCount entry = day + treaty->days_after_threshold;
    for (const Period* period : first) {
      // Its instrument may have come before.
      if (period->deposit < 0 && period->entry <= entry) return;
    }
    if (!treaty->not_before.empty()) {
      const DayCount parent = treaties.at(treaty->not_before).entry();
      if (parent < 0) return;
      entry = std::max(entry, parent);
    }
    treaty->derived = entry;
    return;
  }
}

void Oracle::Finish() {
  for (auto& [name, treaty] : treaties) {
    for (auto& [state, participation] : treaty.participations) {
      for (Period& period : participation.periods) {
        if (period.definitive_signature && period.deposit < 0) {
          period.deposit = participation.signature;
        }
      }
    }
  }
  for (const bool protocols : {false, true}) {
    for (auto& [name, treaty] : treaties) {
      if (protocols == !treaty.not_before.empty()) DeriveEntry(&treaty);
    }
  }
  for (const auto& [name, treaty] : treaties) {
    for (const auto& [state, participation] : treaty.participations) {
      strips_[name][state] = Paint(treaty, participation);
    }
  }
}

DayCount Oracle::Derived(const Treaty& treaty, const Period& period) const {
  if (period.succession || treaty.days_after_deposit == 0 ||
      period.deposit < 0 || treaty.entry() < 0) {
    return -1;
  }
  return std::max(period.deposit + treaty.days_after_deposit, treaty.entry());
}

std::string Oracle::Paint(const Treaty& treaty,
                          const Participation& participation) const {
  // Without any act: not bound as far as the data reach, then not known.
  std::string strip(Cell(kLast + 1), kAfterData);
  Fill(kFirst, participation.complete + 1, kNotBound, &strip);
  std::vector<std::pair<DayCount, DayCount>> surely;
  for (const Period& period : participation.periods) {
    DayCount start = period.entry >= 0 ? period.entry : Derived(treaty, period);
    // The first day on which it is possible that it is bound.
    DayCount possible = start;
    if (start < 0 && period.succession && period.deposit >= 0 &&
        treaty.entry() >= 0) {
      start = std::max(period.deposit, treaty.entry());
      possible = treaty.entry();
    } else if (start < 0) {
      possible = std::max(kFirst, treaty.entry());
      if (!period.succession) possible = std::max(possible, period.deposit);
    }
    DayCount end = kLast + 1;
    DayCount doubt = kLast + 1;
    if (period.end >= 0) {
      end = period.end;
    } else if (period.end_unknown) {
      doubt = std::max(period.notified, start);
    } else if (period.notified >= 0 && !period.end_open) {
      if (treaty.withdrawal_months > 0) {
        end = MonthsLater(period.notified, treaty.withdrawal_months);
      } else {
        doubt = period.notified;
      }
    }
    Settle(possible, &strip);
    if (start < 0) {
      Fill(possible, end, kOpenQuestion, &strip);
    } else {
      Fill(possible, start, kOpenQuestion, &strip);
      Fill(start, std::min(end, doubt), kBound, &strip);
      surely.emplace_back(start, std::min(end, doubt));
      Fill(std::max(start, doubt), end, kOpenQuestion, &strip);
    }
    // It may come back after the data end.
    Fill(end, participation.complete + 1, kNotBound, &strip);
    Fill(std::max(end, participation.complete + 1), kLast + 1, kAfterData,
         &strip);
  }
  // Nothing that is unknown of one act unsettles what is sure of another.
  for (const auto& [from, until] : surely) Fill(from, until, kBound, &strip);
  // Nobody is bound by a treaty that is not in force.
  if (treaty.stated >= 0) Fill(kFirst, treaty.stated, kNotBound, &strip);
  return strip;
}

Status Oracle::Of(const std::string& treaty, const std::string& state,
                  DayCount day) const {
  const auto of_treaty = strips_.find(treaty);
  if (of_treaty != strips_.end()) {
    const auto strip = of_treaty->second.find(state);
    if (strip != of_treaty->second.end()) {
      const char colour = strip->second[Cell(day)];
      return colour == kBound      ? Status::kInForce
             : colour == kNotBound ? Status::kNotInForce
                                   : Status::kNotKnown;
    }
  }
  return states.at(state).participates ? Status::kNotKnown
                                       : Status::kNotInForce;
}

Status Oracle::Between(Status a, Status b) {
  if (a == Status::kInForce && b == Status::kInForce) return Status::kInForce;
  const bool one_is_out = a == Status::kNotInForce || b == Status::kNotInForce;
  return one_is_out ? Status::kNotInForce : Status::kNotKnown;
}

Expected Oracle::Route(const std::string& from, const std::string& to,
                       const std::string& function,
                       const std::string& day) const {
  Expected expected;
  std::vector<std::string> order = functions.at(function).treaties;
  std::vector<const Designation*> valid;
  for (const Designation& one : designations) {
    if (one.state != to || one.function != function) continue;
    if (std::find(order.begin(), order.end(), one.treaty) == order.end()) {
      order.push_back(one.treaty);
    }
    if (!one.from.empty() && day < one.from) continue;
    if (!one.until.empty() && day >= one.until) continue;
    valid.push_back(&one);
  }
  for (const std::string& treaty : order) {
    const DayCount count = CountDays(day);
    expected.treaties[treaty] =
        Between(Of(treaty, from, count), Of(treaty, to, count));
    // From the worst to the best; later starts are better, and unknown ones
    // the worst, since an empty text is the least.
    std::vector<std::pair<std::string, std::string>> found;
    for (const Designation* one : valid) {
      if (one->treaty == treaty) found.emplace_back(one->from, one->name);
    }
    expected.designations[treaty] = static_cast<int>(found.size());
    if (expected.treaties[treaty] != Status::kInForce) continue;
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (const auto& one : found) expected.routes.push_back(one.second);
  }
  expected.diplomatic = expected.routes.empty();
  return expected;
}

}  // namespace comity::oracle
