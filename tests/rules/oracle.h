// An oracle for the rules, written from the treaties' final clauses and from
// what the directory promises, without them. It shares no code, no data
// structure and no arithmetic with rules/: days are counted here, statuses are
// painted on a strip of days, and routes are found by looking at everything.

#ifndef COMITY_TESTS_RULES_ORACLE_H_
#define COMITY_TESTS_RULES_ORACLE_H_

#include <map>
#include <string>
#include <vector>

#include "comity/v1/record.pb.h"

namespace comity::oracle {

// Days since 0000-03-01; -1: none.
using DayCount = int;
DayCount CountDays(const std::string& iso);

struct Period {
  bool succession = false;
  bool definitive_signature = false;
  DayCount deposit = -1;
  DayCount entry = -1;
  // The end: none, a day, or one that nobody knows.
  DayCount end = -1;
  bool end_unknown = false;
  DayCount notified = -1;
  bool end_open = false;
};

struct Participation {
  DayCount signature = -1;
  // The last day that is surely complete.
  DayCount complete = -1;
  std::vector<Period> periods;
};

struct Treaty {
  std::string name;
  DayCount stated = -1;
  int threshold = 0;
  int days_after_threshold = 0;
  int days_after_deposit = 0;
  int withdrawal_months = 0;
  bool organisations_not_counted = false;
  std::string not_before;
  // What the oracle works out.
  DayCount derived = -1;
  // By State.
  std::map<std::string, Participation> participations;

  DayCount entry() const { return stated >= 0 ? stated : derived; }
};

struct State {
  std::string name;
  bool participates = false;
  bool organisation = false;
};

struct Designation {
  std::string name;
  std::string state;
  std::string treaty;
  std::string function;
  // ISO 8601, which compares as text; empty: no known day.
  std::string from;
  std::string until;
};

struct Function {
  std::string name;
  // Treaties in order of preference, each once.
  std::vector<std::string> treaties;
};

enum class Status { kInForce, kNotInForce, kNotKnown };

// What a route request must be answered.
struct Expected {
  // Names of designations, best first.
  std::vector<std::string> routes;
  // By treaty.
  std::map<std::string, Status> treaties;
  std::map<std::string, int> designations;
  bool diplomatic = false;
};

class Oracle {
 public:
  void Add(const v1::Record& record);
  // After all records.
  void Finish();

  Status Of(const std::string& treaty, const std::string& state,
            DayCount day) const;
  static Status Between(Status a, Status b);
  Expected Route(const std::string& from, const std::string& to,
                 const std::string& function, const std::string& day) const;
  // The day that the rule gives for a period with a deposit; -1: none.
  DayCount Derived(const Treaty& treaty, const Period& period) const;

  std::map<std::string, State> states;
  std::map<std::string, Treaty> treaties;
  std::vector<Designation> designations;
  std::map<std::string, Function> functions;

 private:
  void DeriveEntry(Treaty* treaty) const;
  std::string Paint(const Treaty& treaty,
                    const Participation& participation) const;

  // By treaty and State: one character a day.
  std::map<std::string, std::map<std::string, std::string>> strips_;
};

}  // namespace comity::oracle

#endif  // COMITY_TESTS_RULES_ORACLE_H_
