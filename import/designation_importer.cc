#include "import/designation_importer.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/decoder.h"
#include "import/differences.h"
#include "store/keys.h"
#include "store/validate.h"

namespace comity {
namespace {

// Near matches are looked for among this many offices of a State; beyond it
// the search would cost more than reading the list does.
constexpr size_t kOfficesComparedMax = 60;

// What an office takes in memory, beside what its bytes say, and by how much a
// message is larger than its bytes.
constexpr size_t kOfficeBytes = 1 << 10;
constexpr size_t kMemoryPerByte = 4;

v1::ImportResult::Outcome ToProto(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAdded:
      return v1::ImportResult::OUTCOME_ADDED;
    case Outcome::kChanged:
      return v1::ImportResult::OUTCOME_CHANGED;
    case Outcome::kUnchanged:
      return v1::ImportResult::OUTCOME_UNCHANGED;
  }
  return v1::ImportResult::OUTCOME_UNSPECIFIED;
}

void AddNotice(int64_t line, const std::string& field, const std::string& value,
               const std::string& rule, v1::ImportResult* result) {
  v1::ImportProblem* notice = result->add_notices();
  notice->set_line(line);
  notice->set_field(field);
  notice->set_value(Cut(value, limits::kProblemValueCharactersMax));
  notice->set_rule(rule);
}

// `18(13)` as `18-13`, for ids.
std::string ArticleInId(absl::string_view article) {
  std::string id;
  for (const char c : article) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      id.push_back(absl::ascii_tolower(byte));
    } else if (!id.empty() && id.back() != '-') {
      id.push_back('-');
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id;
}

std::string DesignationBase(const v1::Designation& designation) {
  const std::string article = ArticleInId(designation.article());
  std::string base = absl::StrCat(names::LastOf(designation.treaty()),
                                  article.empty() ? "" : "-", article, "-",
                                  names::LastOf(designation.function()));
  // Room for a hyphen and a number of up to seven digits.
  if (base.size() > limits::kIdBytesMax - 8) {
    base.resize(limits::kIdBytesMax - 8);
  }
  while (base.back() == '-') base.pop_back();
  return base;
}

// Digest of what makes designations alike, so that a running number tells them
// apart.
uint64_t AlikeKey(absl::string_view state, absl::string_view authority,
                  const v1::Designation& designation) {
  return absl::HashOf(state, authority, designation.treaty(),
                      designation.article(), designation.function());
}

bool AreAlike(const v1::Designation& a, const v1::Designation& b) {
  return a.authority() == b.authority() && a.treaty() == b.treaty() &&
         a.article() == b.article() && a.function() == b.function();
}

// True if the record came from another row of the same system.
bool IsAnotherRow(const v1::Designation& record,
                  const UnderstoodDesignation& row) {
  if (row.source_id.empty()) return false;
  return std::any_of(record.sources().begin(), record.sources().end(),
                     [&](const v1::Source& source) {
                       return source.system() == row.source_system &&
                              source.id() != row.source_id;
                     });
}

// Adds what is wrong with a record.
template <class M>
void CheckRecord(const M& record, int64_t line, v1::ImportResult* result) {
  std::vector<FieldProblem> problems = Validate(record);
  const size_t size = record.ByteSizeLong();
  if (size > limits::kRecordBytesMax) {
    problems.push_back(
        {"", absl::StrCat(size, " bytes"),
         absl::StrCat("must be of at most ", limits::kRecordBytesMax)});
  }
  for (const FieldProblem& problem : problems) {
    v1::ImportProblem* reported = result->add_problems();
    reported->set_line(line);
    reported->set_field(problem.field);
    reported->set_value(Cut(problem.value, limits::kProblemValueCharactersMax));
    reported->set_rule(problem.rule);
  }
}

// The most items of those lists of an office that grow when it is merged.
int MostItems(const v1::Authority& office) {
  int most = std::max({office.display_names_size(), office.former_names_size(),
                       office.contacts_size(), office.languages_size(),
                       office.as_stated_size(), office.sources_size(),
                       office.notes_size()});
  for (const v1::Contact& contact : office.contacts()) {
    most = std::max({most, contact.sources_size(), contact.as_stated_size()});
  }
  return most;
}

// True if merging it into an empty office only copies it.
bool MergesAsItIs(const v1::Authority& said) {
  return said.display_names_size() == 1 && said.contacts_size() <= 1 &&
         said.as_stated_size() <= 1 && said.sources_size() <= 1 &&
         said.notes().empty() && said.former_names().empty();
}

// Bytes by the last bits of their value; 255 stands for more, too.
std::array<uint8_t, 32> LettersOf(absl::string_view text) {
  std::array<uint8_t, 32> letters{};
  for (const char c : text) {
    uint8_t& count = letters[static_cast<unsigned char>(c) % letters.size()];
    if (count < UINT8_MAX) ++count;
  }
  return letters;
}

// Edits between two texts are at least so many times `per_edit`: for most pairs
// that tells without a look at the order of letters that they are far apart.
bool AreFar(const std::array<uint8_t, 32>& a, const std::array<uint8_t, 32>& b,
            int limit, int per_edit) {
  int difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference += std::abs(int{a[i]} - int{b[i]});
  }
  return difference > limit * per_edit;
}

}  // namespace

// Offices --------------------------------------------------------------------

absl::StatusOr<bool> DesignationImporter::Knew(const std::string& system) {
  const auto at = knew_.find(system);
  if (at != knew_.end()) return at->second;
  ASSIGN_OR_RETURN(const bool knew, staging_->KnewSystem(system));
  return knew_.emplace(system, knew).first->second;
}

absl::StatusOr<std::string> DesignationImporter::FindAuthority(
    const UnderstoodDesignation& row) {
  const absl::string_view state = names::LastOf(row.state);
  if (!row.source_id.empty()) {
    // No two rows of a file have one id, so only what was there before the
    // import can have it.
    ASSIGN_OR_RETURN(const bool knew, Knew(row.source_system));
    std::string found;
    if (knew) {
      ASSIGN_OR_RETURN(found,
                       staging_->FindBySource(row.source_system, row.source_id,
                                              Kind::kAuthority));
    }
    const auto parts = names::Parse(found, "name");
    // A row that moved to another State speaks of another office.
    if (parts.ok() && parts->first == state) return found;
  }
  const std::string unit = Fold(row.authority.unit());
  for (const v1::LocalizedText& name : row.authority.display_names()) {
    const auto at =
        by_name_.find(keys::AuthorityByName(state, Fold(name.text()), unit));
    if (at != by_name_.end()) return at->second;
    ASSIGN_OR_RETURN(
        std::string found,
        staging_->FindAuthority(state, name.text(), row.authority.unit()));
    if (!found.empty()) return found;
  }
  return std::string();
}

absl::StatusOr<DesignationImporter::Office*> DesignationImporter::Load(
    const std::string& name) {
  const auto at = by_record_.find(name);
  if (at != by_record_.end()) {
    offices_.splice(offices_.begin(), offices_, at->second);
    return &offices_.front();
  }
  ASSIGN_OR_RETURN(v1::Authority record, staging_->Get<v1::Authority>(name));
  // Server fields are set when a version is read.
  TakeContent(&record);
  Office& office = offices_.emplace_front();
  office.before = std::move(record);
  office.now = office.before;
  office.bytes = office.now.ByteSizeLong();
  office.items = MostItems(office.now);
  by_record_.emplace(name, offices_.begin());
  Name(&office);
  return &office;
}

void DesignationImporter::Name(Office* office) {
  Unname(*office);
  office->names.clear();
  const absl::string_view state = names::Parse(office->now.name(), "")->first;
  const std::string unit = Fold(office->now.unit());
  for (const auto* list :
       {&office->now.display_names(), &office->now.former_names()}) {
    for (const v1::LocalizedText& name : *list) {
      office->names.push_back(
          keys::AuthorityByName(state, Fold(name.text()), unit));
      by_name_.insert_or_assign(office->names.back(), office->now.name());
    }
  }
}

void DesignationImporter::Unname(const Office& office) {
  for (const std::string& key : office.names) {
    const auto at = by_name_.find(key);
    // Another office may have taken it over.
    if (at != by_name_.end() && at->second == office.now.name()) {
      by_name_.erase(at);
    }
  }
}

absl::StatusOr<std::string> DesignationImporter::FreeAuthorityName(
    const UnderstoodDesignation& row) {
  const absl::string_view state = names::LastOf(row.state);
  // Room for a hyphen and a number.
  const std::string base =
      Slug(row.authority.display_names(0).text(), limits::kIdBytesMax - 8);
  Numbered& number = numbered_[names::Authority(state, base)];
  for (;; ++number.next) {
    std::string name = names::Authority(
        state, number.next == 1 ? base : absl::StrCat(base, "-", number.next));
    if (by_record_.contains(name)) continue;
    ASSIGN_OR_RETURN(const bool taken, staging_->Exists(name, /*ever=*/true));
    if (!taken) return name;
  }
}

absl::Status DesignationImporter::FindNearNames(
    const UnderstoodDesignation& row, Draft* draft) {
  const absl::string_view state = names::LastOf(row.state);
  const auto [at, added] = near_names_.try_emplace(state);
  std::vector<NearName>& offices = at->second;
  if (added) {
    RETURN_IF_ERROR(store_->ForEach(
        Kind::kAuthority, state, "", kNow, [&](const Store::Item& item) {
          v1::Authority office;
          if (ParseVersion(item.version, &office).ok() &&
              !office.display_names().empty()) {
            std::string folded = Fold(office.display_names(0).text());
            const auto letters = LettersOf(folded);
            offices.push_back({std::move(folded), letters});
          }
          return offices.size() <= kOfficesComparedMax;
        }));
  }
  if (offices.size() > kOfficesComparedMax) return absl::OkStatus();
  const std::string folded = Fold(row.authority.display_names(0).text());
  const auto letters = LettersOf(folded);
  const int limit = std::max(1, static_cast<int>(folded.size()) / 8);
  for (const NearName& office : offices) {
    // An edit is of up to two letters, which have up to four bytes each.
    const int per_edit = IsAscii(folded) && IsAscii(office.folded) ? 2 : 8;
    if (AreFar(letters, office.letters, limit, per_edit)) continue;
    if (EditDistance(folded, office.folded, limit) > limit) continue;
    draft->near_names.push_back(office.folded);
  }
  return absl::OkStatus();
}

void DesignationImporter::CheckAuthority(Draft* draft,
                                         v1::ImportResult* result) {
  v1::Authority* said = &draft->row->authority;
  said->set_name(draft->authority);
  Office* office = draft->office;
  // What is added to an office that was checked can only be wrong by itself, or
  // be too much.
  const bool whole =
      office == nullptr
          ? !MergesAsItIs(*said)
          : !office->checked ||
                office->bytes + said->ByteSizeLong() >
                    limits::kRecordBytesMax ||
                office->items + MostItems(*said) > limits::kListItemsMax;
  if (!whole) return CheckRecord(*said, draft->row->line, result);
  draft->is_merged = true;
  if (office != nullptr) draft->merged = office->now;
  draft->merged.set_name(draft->authority);
  v1::Authority copy = *said;
  draft->notices = MergeAuthority(&copy, !known_[draft->authority].spoken_of,
                                  &draft->merged);
  CheckRecord(draft->merged, draft->row->line, result);
}

absl::Status DesignationImporter::DraftAuthority(Draft* draft,
                                                 v1::ImportResult* result) {
  const UnderstoodDesignation& row = *draft->row;
  result->set_kind(v1::RECORD_KIND_AUTHORITY);
  ASSIGN_OR_RETURN(draft->authority, FindAuthority(row));
  if (draft->authority.empty()) {
    ASSIGN_OR_RETURN(draft->authority, FreeAuthorityName(row));
    if (!options_.summary_only) RETURN_IF_ERROR(FindNearNames(row, draft));
  } else {
    ASSIGN_OR_RETURN(draft->office, Load(draft->authority));
  }
  CheckAuthority(draft, result);
  return absl::OkStatus();
}

// A new office, with a place in the change log before its designations.
void DesignationImporter::MakeOffice(Draft* draft) {
  UnderstoodDesignation* row = draft->row;
  Office& office = offices_.emplace_front();
  office.sequence = staging_->Reserve();
  office.checked = true;
  by_record_.emplace(draft->authority, offices_.begin());
  known_[draft->authority].made_here = true;
  draft->office = &office;
  if (options_.summary_only) return;
  const absl::string_view state = names::LastOf(row->state);
  const std::string& name = row->authority.display_names(0).text();
  for (const std::string& near : draft->near_names) {
    AddNotice(row->line, "authority_name", name,
              absl::StrCat("is near to an office of the same State, ", near,
                           "; they are kept apart"),
              &office.result);
  }
  std::vector<NearName>& offices = near_names_[state];
  if (offices.size() > kOfficesComparedMax) return;
  std::string folded = Fold(name);
  const auto letters = LettersOf(folded);
  offices.push_back({std::move(folded), letters});
}

void DesignationImporter::TakeAuthority(Draft* draft) {
  UnderstoodDesignation* row = draft->row;
  v1::Authority* said = &row->authority;
  const bool is_new = draft->office == nullptr;
  const bool first = !std::exchange(known_[draft->authority].spoken_of, true);
  if (is_new) MakeOffice(draft);
  Office* office = draft->office;
  if (!office->spoken_of) {
    office->spoken_of = true;
    office->first = first;
    office->result.set_kind(v1::RECORD_KIND_AUTHORITY);
    office->result.set_line(row->line);
    if (!options_.summary_only) office->result_place = results_.Keep();
  }
  const bool had_unit = !office->now.unit().empty();
  if (draft->is_merged) {
    office->now.Swap(&draft->merged);
    office->bytes = office->now.ByteSizeLong();
    office->items = MostItems(office->now);
    office->checked = true;
  } else {
    office->bytes += said->ByteSizeLong();
    office->items += MostItems(*said);
    if (is_new) {
      office->now.Swap(said);
    } else {
      draft->notices = MergeAuthority(said, first, &office->now);
    }
  }
  for (const MergeNotice& notice : draft->notices) {
    AddNotice(row->line, notice.field, notice.value, notice.rule,
              &office->result);
  }
  // Later rows add names and a unit where there is none; only the first one
  // replaces them.
  const auto names = static_cast<size_t>(office->now.display_names_size() +
                                         office->now.former_names_size());
  if (first || names != office->names.size() ||
      had_unit != !office->now.unit().empty()) {
    Name(office);
  }
  const size_t memory = kOfficeBytes + kMemoryPerByte * office->bytes +
                        office->result.ByteSizeLong();
  memory_ += memory - office->memory;
  office->memory = memory;
}

absl::Status DesignationImporter::Settle(Offices::iterator at) {
  Office& office = *at;
  memory_ -= office.memory;
  by_record_.erase(office.now.name());
  Unname(office);
  if (office.spoken_of) {
    Outcome outcome = Outcome::kAdded;
    if (office.sequence != 0) {
      RETURN_IF_ERROR(staging_->Add(&office.now, office.sequence));
    } else {
      ASSIGN_OR_RETURN(outcome, staging_->Put(&office.now));
    }
    v1::ImportResult& result = office.result;
    const bool tell = office.first || outcome != Outcome::kUnchanged ||
                      result.notices_size() > 0;
    result.set_outcome(ToProto(outcome));
    result.set_resource(office.now.name());
    if (options_.summary_only) {
      if (tell) tell_(std::move(result));
    } else if (!tell) {
      results_.Drop(office.result_place);
    } else {
      if (outcome == Outcome::kChanged) {
        for (v1::FieldDifference& difference :
             Differences(office.before, office.now)) {
          *result.add_differences() = std::move(difference);
        }
      }
      results_.Fill(office.result_place, std::move(result));
    }
  }
  offices_.erase(at);
  return absl::OkStatus();
}

absl::Status DesignationImporter::MakeRoom() {
  while (offices_.size() > 1 &&
         (offices_.size() > options_.offices_max ||
          memory_ + results_.bytes() > options_.bytes_max)) {
    RETURN_IF_ERROR(Settle(std::prev(offices_.end())));
  }
  // Results wait for an office that is spoken of again and again.
  if (results_.bytes() > options_.bytes_max / 2) results_.Overtake();
  return absl::OkStatus();
}

// Designations ---------------------------------------------------------------

absl::Status DesignationImporter::KnowDesignationsWithoutOffice(
    absl::string_view state) {
  return store_->ForEach(
      Kind::kDesignation, state, "", kNow, [&](const Store::Item& item) {
        v1::Designation designation;
        if (ParseVersion(item.version, &designation).ok() &&
            designation.authority().empty()) {
          Alike& alike = alike_[AlikeKey(state, "", designation)];
          ++alike.count;
          alike.names.push_back(designation.name());
        }
        return true;
      });
}

absl::Status DesignationImporter::KnowDesignationsOf(
    absl::string_view state, const std::string& authority) {
  // Without an office, what is known is known by State.
  Known& of = known_[authority.empty() ? names::State(state) : authority];
  if (of.made_here || of.designations_known) return absl::OkStatus();
  of.designations_known = true;
  if (authority.empty()) return KnowDesignationsWithoutOffice(state);
  ASSIGN_OR_RETURN(const std::vector<std::string> known,
                   store_->LookUp(keys::DesignationsOfAuthority(
                                      state, names::LastOf(authority)),
                                  SIZE_MAX));
  for (const std::string& name : known) {
    const absl::StatusOr<v1::Designation> designation =
        store_->Get<v1::Designation>(name);
    if (absl::IsNotFound(designation.status())) continue;
    RETURN_IF_ERROR(designation.status());
    if (designation->authority() != authority) continue;
    Alike& alike = alike_[AlikeKey(state, authority, *designation)];
    ++alike.count;
    alike.names.push_back(name);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> DesignationImporter::FindDesignation(
    const Draft& draft) {
  const UnderstoodDesignation& row = *draft.row;
  const absl::string_view state = names::LastOf(row.state);
  if (!row.source_id.empty()) {
    ASSIGN_OR_RETURN(const bool knew, Knew(row.source_system));
    std::string found;
    if (knew) {
      ASSIGN_OR_RETURN(found,
                       staging_->FindBySource(row.source_system, row.source_id,
                                              Kind::kDesignation));
    }
    const auto parts = names::Parse(found, "name");
    if (parts.ok() && parts->first == state) return found;
  }
  // An office that is not there yet has none.
  if (!draft.authority.empty() && draft.office == nullptr) return std::string();
  RETURN_IF_ERROR(KnowDesignationsOf(state, draft.authority));
  const auto at = alike_.find(draft.alike);
  if (at == alike_.end()) return std::string();
  for (const std::string& name : at->second.names) {
    ASSIGN_OR_RETURN(const v1::Designation record,
                     staging_->Get<v1::Designation>(name));
    if (AreAlike(record, row.designation) && !IsAnotherRow(record, row)) {
      return name;
    }
  }
  return std::string();
}

// Names end in a hyphen and a number, so only names of the same base can be the
// same. If the store had none of them, all that are taken were given here, in
// order.
absl::StatusOr<std::string> DesignationImporter::FreeDesignationName(
    const UnderstoodDesignation& row, Numbered** number) {
  const absl::string_view state = names::LastOf(row.state);
  const std::string base = DesignationBase(row.designation);
  const auto [at, added] =
      numbered_.try_emplace(names::Designation(state, base));
  *number = &at->second;
  if (added) {
    ASSIGN_OR_RETURN((*number)->known,
                     staging_->KnewNames(Kind::kDesignation, state,
                                         absl::StrCat(base, "-")));
  }
  for (;; ++(*number)->next) {
    std::string name =
        names::Designation(state, absl::StrCat(base, "-", (*number)->next));
    if (!(*number)->known) return name;
    ASSIGN_OR_RETURN(const bool taken, staging_->Exists(name, /*ever=*/true));
    if (!taken) return name;
  }
}

absl::Status DesignationImporter::DraftDesignation(Draft* draft,
                                                   v1::ImportResult* result) {
  UnderstoodDesignation* row = draft->row;
  v1::Designation* said = &row->designation;
  result->set_kind(v1::RECORD_KIND_DESIGNATION);
  for (v1::ImportProblem& notice : row->notices) {
    *result->add_notices() = std::move(notice);
  }
  said->set_authority(draft->authority);
  draft->alike = AlikeKey(names::LastOf(row->state), draft->authority, *said);
  ASSIGN_OR_RETURN(std::string name, FindDesignation(*draft));
  if (name.empty()) {
    ASSIGN_OR_RETURN(name, FreeDesignationName(*row, &draft->number));
    const auto alike = alike_.find(draft->alike);
    said->set_running_number(alike == alike_.end() ? 1
                                                   : alike->second.count + 1);
    said->set_name(std::move(name));
  } else {
    ASSIGN_OR_RETURN(draft->before, staging_->Get<v1::Designation>(name));
    TakeContent(&draft->before);
    v1::Designation merged = draft->before;
    Merge(*said, &merged);
    said->Swap(&merged);
  }
  CheckRecord(*said, row->line, result);
  return absl::OkStatus();
}

absl::Status DesignationImporter::TakeDesignation(Draft* draft,
                                                  v1::ImportResult result) {
  v1::Designation* designation = &draft->row->designation;
  Outcome outcome = Outcome::kAdded;
  if (draft->number != nullptr) {
    ++draft->number->next;
    Alike& alike = alike_[draft->alike];
    ++alike.count;
    if (draft->row->source_id.empty()) {
      alike.names.push_back(designation->name());
    }
    RETURN_IF_ERROR(staging_->Add(designation, 0));
  } else {
    ASSIGN_OR_RETURN(outcome, staging_->Put(designation));
  }
  result.set_outcome(ToProto(outcome));
  result.set_resource(designation->name());
  if (options_.summary_only) {
    tell_(std::move(result));
    return absl::OkStatus();
  }
  if (outcome == Outcome::kChanged) {
    for (v1::FieldDifference& difference :
         Differences(draft->before, *designation)) {
      *result.add_differences() = std::move(difference);
    }
  }
  results_.Add(std::move(result));
  return absl::OkStatus();
}

// Rows -----------------------------------------------------------------------

absl::StatusOr<bool> DesignationImporter::Put(UnderstoodDesignation* row) {
  Draft draft;
  draft.row = row;
  v1::ImportResult result;
  result.set_line(row->line);
  if (row->has_authority) RETURN_IF_ERROR(DraftAuthority(&draft, &result));
  if (result.problems().empty()) {
    RETURN_IF_ERROR(DraftDesignation(&draft, &result));
  }
  if (!result.problems().empty()) {
    result.set_outcome(v1::ImportResult::OUTCOME_REJECTED);
    Tell(std::move(result));
    return false;
  }
  if (row->has_authority) TakeAuthority(&draft);
  RETURN_IF_ERROR(TakeDesignation(&draft, std::move(result)));
  RETURN_IF_ERROR(MakeRoom());
  return true;
}

void DesignationImporter::Tell(v1::ImportResult result) {
  if (options_.summary_only) {
    tell_(std::move(result));
  } else {
    results_.Add(std::move(result));
  }
}

absl::Status DesignationImporter::Finish() {
  while (!offices_.empty()) {
    RETURN_IF_ERROR(Settle(std::prev(offices_.end())));
  }
  return absl::OkStatus();
}

}  // namespace comity
