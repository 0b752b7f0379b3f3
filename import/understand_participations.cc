// Participations: one record of all rows of a State and treaty.

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/interpreter.h"
#include "import/table.h"
#include "import/understand.h"
#include "import/values.h"

namespace comity {
namespace {

constexpr Field kRequired[] = {Field::kState, Field::kTreaty};

using Period = v1::Participation::Period;

// A period with what belongs to it until its place in the list is known.
struct PendingPeriod {
  Period period;
  Interpreter::StatedList stated;
  int source = 0;
  int64_t line = 0;
};

struct Pending {
  UnderstoodParticipation record;
  std::vector<PendingPeriod> periods;
  int64_t signature_line = 0;
};

// Of two partial days the one that ends later; empty is earliest.
std::string Later(const std::string& a, const std::string& b) {
  const std::optional<DayRange> x = ParsePartialDay(a);
  const std::optional<DayRange> y = ParsePartialDay(b);
  if (!x.has_value() || !y.has_value()) return x.has_value() ? a : b;
  return y->first > x->first ? b : a;
}

class ParticipationReader : public RecordReader<UnderstoodParticipation> {
 public:
  ParticipationReader(std::unique_ptr<Table> table,
                      const v1::ImportOptions& options,
                      const References& references)
      : table_(std::move(table)), in_(table_.get(), options, references) {}

  absl::StatusOr<bool> Next(UnderstoodParticipation* record) override;
  std::vector<v1::ImportProblem> notices() const override {
    return table_->notices();
  }

 private:
  absl::Status ReadAll();
  absl::Status ReadRow(UnderstoodParticipation* row);
  void ReadRowInto(UnderstoodParticipation* row, Pending* pending);
  void ReadSignature(UnderstoodParticipation* row, Pending* pending);
  void ReadPeriod(PendingPeriod* pending);
  void ReadBasis(Field field, absl::string_view path, bool has_date,
                 v1::DateBasis* basis, Interpreter::StatedList* stated);
  void ReadEnd(PendingPeriod* pending);

  const std::unique_ptr<Table> table_;
  Interpreter in_;
  bool read_ = false;
  // In the order of their first rows.
  std::vector<Pending> pending_;
  absl::flat_hash_map<std::string, size_t> place_of_name_;
  size_t given_ = 0;
};

void ParticipationReader::ReadBasis(Field field, absl::string_view path,
                                    bool has_date, v1::DateBasis* basis,
                                    Interpreter::StatedList* stated) {
  const absl::string_view printed = table_->Get(field);
  if (printed.empty()) {
    // A date in a file that says no more is what the source states.
    if (has_date) *basis = v1::DATE_BASIS_STATED;
    return;
  }
  *basis = ParseDateBasis(printed);
  if (DateBasisWord(*basis) != printed) {
    Interpreter::Stated(path, printed, stated);
  }
}

void ParticipationReader::ReadEnd(PendingPeriod* pending) {
  Period* period = &pending->period;
  in_.Bound(
      Field::kEnd, "end", [&] { return period->mutable_end(); },
      &pending->stated);
  const absl::string_view status = table_->Get(Field::kRowStatus);
  if (status.empty() || absl::EqualsIgnoreCase(status, "current")) return;
  if (!absl::EqualsIgnoreCase(status, "superseded")) {
    return in_.AddProblem(Field::kRowStatus, "must be current or superseded");
  }
  // A later act makes it certain that this one ended, not when.
  if (!period->has_end()) {
    period->mutable_end()->set_unknown(true);
    Interpreter::Stated("end", status, &pending->stated);
  }
}

void ParticipationReader::ReadPeriod(PendingPeriod* pending) {
  Period* period = &pending->period;
  const absl::string_view act = table_->Get(Field::kBindingAct);
  if (!act.empty()) {
    period->set_act(ParseBindingAct(act));
    if (period->act() == v1::BINDING_ACT_UNSPECIFIED) {
      in_.AddProblem(Field::kBindingAct,
                     "must be ratification, acceptance, approval, accession, "
                     "succession, formal confirmation or definitive "
                     "signature");
    } else if (std::string word = BindingActWord(period->act());
               word != act && Fold(word) != act) {
      Interpreter::Stated("act", act, &pending->stated);
    }
  }
  in_.Date(Field::kDepositDate, "deposit_date", period->mutable_deposit_date(),
           &pending->stated);
  v1::DateBasis basis = v1::DATE_BASIS_UNSPECIFIED;
  ReadBasis(Field::kDepositBasis, "deposit_basis",
            !period->deposit_date().empty(), &basis, &pending->stated);
  period->set_deposit_basis(basis);
  in_.Date(Field::kEntryIntoForce, "entry_into_force",
           period->mutable_entry_into_force(), &pending->stated);
  basis = v1::DATE_BASIS_UNSPECIFIED;
  ReadBasis(Field::kEntryIntoForceBasis, "entry_into_force_basis",
            !period->entry_into_force().empty(), &basis, &pending->stated);
  period->set_entry_into_force_basis(basis);
  in_.Date(Field::kWithdrawalNotified, "withdrawal_notified",
           period->mutable_withdrawal_notified(), &pending->stated);
  ReadEnd(pending);
  if (!period->deposit_date().empty() && !period->entry_into_force().empty() &&
      period->entry_into_force() < period->deposit_date()) {
    in_.AddProblem(Field::kEntryIntoForce, "must not be before the deposit");
  }
  const absl::string_view inferred = table_->Get(Field::kActInferred);
  if (!inferred.empty()) {
    const std::optional<bool> yes = ParseYesNo(inferred);
    if (!yes.has_value()) {
      in_.AddProblem(Field::kActInferred, "must be yes or no");
    }
    period->set_act_inferred(yes.value_or(false));
  } else if (absl::StrContains(Fold(table_->Get(Field::kNotes)),
                               "act type inferred")) {
    period->set_act_inferred(true);
  }
  in_.TextList(Field::kNotes, period->mutable_notes());
}

void ParticipationReader::ReadSignature(UnderstoodParticipation* row,
                                        Pending* pending) {
  v1::Participation* participation = &pending->record.participation;
  std::string date;
  Interpreter::StatedList stated;
  in_.Date(Field::kSignatureDate, "signature_date", &date, &stated);
  if (date.empty()) return;
  if (participation->signature_date().empty()) {
    participation->set_signature_date(date);
    participation->mutable_as_stated()->MergeFrom(stated);
    pending->signature_line = row->line;
  } else if (participation->signature_date() != date) {
    in_.AddProblem(
        Field::kSignatureDate,
        absl::StrCat("differs from ", participation->signature_date(),
                     " in line ", pending->signature_line,
                     ", of the same State and treaty"));
  }
}

void ParticipationReader::ReadRowInto(UnderstoodParticipation* row,
                                      Pending* pending) {
  v1::Participation* participation = &pending->record.participation;
  ReadSignature(row, pending);
  v1::Source source;
  in_.Source(&source);
  // The chapter and number are a place in the depositary's collection.
  if (source.place().empty()) {
    in_.Text(Field::kDepositaryNumber, source.mutable_place());
  }
  participation->set_complete_as_of(
      Later(participation->complete_as_of(), source.as_of()));
  const absl::string_view printed = table_->Get(Field::kStateAsPrinted);
  const auto& all = participation->as_stated();
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const v1::AsStated& stated) {
        return stated.field() == "name" && stated.text() == printed;
      });
  if (!printed.empty() && !known) {
    Interpreter::Stated("name", printed, participation->mutable_as_stated());
  }
  PendingPeriod period;
  period.line = row->line;
  period.source = participation->sources_size();
  const bool bound =
      table_->Has(Field::kBindingAct) || table_->Has(Field::kDepositDate) ||
      table_->Has(Field::kEntryIntoForce) || table_->Has(Field::kEnd) ||
      table_->Has(Field::kWithdrawalNotified);
  if (bound) {
    ReadPeriod(&period);
    for (const PendingPeriod& other : pending->periods) {
      if (other.period.SerializeAsString() ==
          period.period.SerializeAsString()) {
        in_.AddProblem(Field::kTreaty,
                       absl::StrCat("the row repeats line ", other.line));
      }
    }
    pending->periods.push_back(std::move(period));
  } else {
    in_.TextList(Field::kNotes, participation->mutable_notes());
  }
  *participation->add_sources() = std::move(source);
  auto* problems = &pending->record.problems;
  problems->insert(problems->end(), row->problems.begin(), row->problems.end());
  auto* notices = &pending->record.notices;
  notices->insert(notices->end(), row->notices.begin(), row->notices.end());
}

absl::Status ParticipationReader::ReadRow(UnderstoodParticipation* row) {
  in_.Begin(row);
  row->participation.Clear();
  auto* stated = row->participation.mutable_as_stated();
  const std::string state = in_.State(Field::kState, "name", stated);
  const std::string treaty = in_.Treaty(Field::kTreaty, "name", stated);
  size_t place = pending_.size();
  if (!state.empty() && !treaty.empty()) {
    row->participation.set_name(
        names::Participation(names::LastOf(treaty), names::LastOf(state)));
    place = place_of_name_.try_emplace(row->participation.name(), place)
                .first->second;
  }
  if (place == pending_.size()) {
    if (place == limits::kParticipationsPerFileMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the file has more than ",
                       limits::kParticipationsPerFileMax, " participations"));
    }
    Pending* added = &pending_.emplace_back();
    added->record.line = row->line;
    added->record.participation = row->participation;
  }
  Pending* pending = &pending_[place];
  if (pending->periods.size() == limits::kPeriodsMax) {
    row->problems.clear();
    in_.AddProblem(Field::kTreaty,
                   absl::StrCat("one State and treaty may have ",
                                limits::kPeriodsMax, " rows at most"));
    if (pending->record.problems.size() <
        static_cast<size_t>(limits::kProblemsPerRecordMax)) {
      pending->record.problems.push_back(row->problems.front());
    }
    return absl::OkStatus();
  }
  ReadRowInto(row, pending);
  return absl::OkStatus();
}

absl::Status ParticipationReader::ReadAll() {
  UnderstoodParticipation row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, table_->Next(&row));
    if (!more) return absl::OkStatus();
    RETURN_IF_ERROR(ReadRow(&row));
  }
}

absl::StatusOr<bool> ParticipationReader::Next(
    UnderstoodParticipation* record) {
  if (!read_) {
    read_ = true;
    RETURN_IF_ERROR(ReadAll());
  }
  if (given_ == pending_.size()) return false;
  Pending pending = std::move(pending_[given_++]);
  *record = std::move(pending.record);
  v1::Participation* participation = &record->participation;
  std::stable_sort(pending.periods.begin(), pending.periods.end(),
                   [](const PendingPeriod& a, const PendingPeriod& b) {
                     return a.period.deposit_date() < b.period.deposit_date();
                   });
  for (PendingPeriod& period : pending.periods) {
    const std::string path =
        absl::StrCat("periods[", participation->periods_size(), "]");
    *participation->add_periods() = std::move(period.period);
    for (const v1::AsStated& stated : period.stated) {
      Interpreter::Stated(absl::StrCat(path, ".", stated.field()),
                          stated.text(), participation->mutable_as_stated());
    }
    // Of a single row, the source supports the whole record.
    if (participation->sources_size() > 1) {
      participation->mutable_sources(period.source)->add_fields(path);
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodParticipation>>>
OpenParticipations(ByteSource* bytes, const v1::ImportOptions& options,
                   const References& references) {
  v1::ImportOptions of_kind = options;
  of_kind.set_kind(v1::IMPORT_KIND_PARTICIPATIONS);
  ASSIGN_OR_RETURN(std::unique_ptr<Table> table,
                   Table::Open(bytes, of_kind, kRequired));
  return std::make_unique<ParticipationReader>(std::move(table), of_kind,
                                               references);
}

}  // namespace comity
