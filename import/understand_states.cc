// States and other jurisdictions.

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/interpreter.h"
#include "import/table.h"
#include "import/understand.h"
#include "import/values.h"

namespace comity {
namespace {

constexpr Field kRequired[] = {Field::kState};

struct NameField {
  Field field;
  const char* language;
};

constexpr NameField kShortNames[] = {
    {Field::kShortNameEn, "en"}, {Field::kShortNameFr, "fr"},
    {Field::kShortNameEs, "es"}, {Field::kShortNameRu, "ru"},
    {Field::kShortNameZh, "zh"}, {Field::kShortNameAr, "ar"}};
constexpr NameField kFormalNames[] = {
    {Field::kFormalNameEn, "en"}, {Field::kFormalNameFr, "fr"},
    {Field::kFormalNameEs, "es"}, {Field::kFormalNameRu, "ru"},
    {Field::kFormalNameZh, "zh"}, {Field::kFormalNameAr, "ar"}};

// UNTERM puts the article behind the name, in brackets: `Afghanistan (l')`.
absl::string_view WithoutArticle(absl::string_view name) {
  for (const absl::string_view article :
       {"(the)", "(l')", "(l’)", "(le)", "(la)", "(les)", "(el)", "(los)",
        "(las)"}) {
    if (absl::EndsWith(name, article) && name.size() > article.size()) {
      return Trim(absl::StripSuffix(name, article));
    }
  }
  return name;
}

v1::State::Kind KindOf(absl::string_view status) {
  const std::string folded = Fold(status);
  if (absl::StrContains(folded, "organi")) return v1::State::KIND_ORGANISATION;
  if (absl::StrContains(folded, "territor")) return v1::State::KIND_TERRITORY;
  if (absl::StrContains(folded, "state") ||
      absl::StrContains(folded, "estado") ||
      absl::StrContains(folded, "etat")) {
    return v1::State::KIND_STATE;
  }
  return folded == "other" ? v1::State::KIND_OTHER
                           : v1::State::KIND_UNSPECIFIED;
}

class StateReader : public RecordReader<UnderstoodState> {
 public:
  StateReader(std::unique_ptr<Table> table, const v1::ImportOptions& options,
              const References& references)
      : table_(std::move(table)), in_(table_.get(), options, references) {}

  absl::StatusOr<bool> Next(UnderstoodState* record) override;
  std::vector<v1::ImportProblem> notices() const override {
    return table_->notices();
  }

 private:
  void ReadCodes(v1::State* state);
  void ReadKind(v1::State* state);
  void ReadNames(v1::State* state);
  void ReadOtherNames(Field field, v1::State::OtherName::Kind kind,
                      v1::State* state);
  void ReadTimeZones(v1::State* state);
  void ReadSources(v1::State* state);

  const std::unique_ptr<Table> table_;
  Interpreter in_;
};

void StateReader::ReadCodes(v1::State* state) {
  absl::string_view code = table_->Get(Field::kState);
  if (!names::IsStateCode(code)) code = absl::StripPrefix(code, "states/");
  if (names::IsStateCode(code)) {
    state->set_name(names::State(code));
  } else if (!code.empty()) {
    in_.AddProblem(Field::kState,
                   "must be an ISO 3166-1 alpha-3 code, such as LTU");
  }
  in_.Text(Field::kAlpha2, state->mutable_alpha2());
  const std::string& alpha2 = state->alpha2();
  if (!alpha2.empty() &&
      (alpha2.size() != 2 ||
       !std::all_of(alpha2.begin(), alpha2.end(), [](char c) {
         return absl::ascii_isupper(static_cast<unsigned char>(c));
       }))) {
    in_.AddProblem(Field::kAlpha2, "must be two letters A to Z");
  }
  const absl::string_view m49 = table_->Get(Field::kM49);
  in_.Number(Field::kM49, 1, 999, [&](int32_t number) {
    // Spreadsheets drop the zeros in front.
    std::string digits = absl::StrCat(number);
    digits.insert(0, 3 - digits.size(), '0');
    if (digits != m49) {
      Interpreter::Stated("m49", m49, state->mutable_as_stated());
    }
    state->set_m49(digits);
  });
}

void StateReader::ReadKind(v1::State* state) {
  const absl::string_view status = table_->Get(Field::kStatus);
  const absl::string_view member = table_->Get(Field::kUnMember);
  if (!status.empty()) {
    state->set_kind(KindOf(status));
    if (state->kind() == v1::State::KIND_UNSPECIFIED) {
      in_.AddProblem(Field::kStatus,
                     "must be State, organisation, territory or other");
    }
    const std::string word = absl::AsciiStrToLower(
        absl::StripPrefix(v1::State::Kind_Name(state->kind()), "KIND_"));
    if (word != status) {
      Interpreter::Stated("kind", status, state->mutable_as_stated());
    }
  }
  const bool observer =
      absl::StrContains(Fold(status), "observer") || Fold(member) == "observer";
  const std::optional<bool> is_member = ParseYesNo(member);
  if (!member.empty() && !is_member.has_value() && Fold(member) != "observer") {
    in_.AddProblem(Field::kUnMember, "must be yes, no or observer");
  }
  if (observer) {
    state->set_membership(v1::State::MEMBERSHIP_OBSERVER);
  } else if (is_member.has_value()) {
    state->set_membership(*is_member ? v1::State::MEMBERSHIP_MEMBER
                                     : v1::State::MEMBERSHIP_NONE);
  }
  if (state->kind() == v1::State::KIND_UNSPECIFIED && is_member == true) {
    state->set_kind(v1::State::KIND_STATE);
  }
}

void StateReader::ReadNames(v1::State* state) {
  const auto read = [&](const NameField& name, absl::string_view list,
                        auto* names) {
    const absl::string_view printed = table_->Get(name.field);
    if (printed.empty()) return;
    // The asterisks are UNTERM's footnotes on membership.
    const absl::string_view bare = WithoutArticle(WithoutFootnotes(printed));
    if (bare.empty()) {
      return in_.AddProblem(name.field, "must be a name");
    }
    if (bare != printed) {
      Interpreter::Stated(absl::StrCat(list, "[", names->size(), "].text"),
                          printed, state->mutable_as_stated());
    }
    v1::LocalizedText* added = names->Add();
    added->set_text(std::string(bare));
    added->set_language(name.language);
  };
  for (const NameField& name : kShortNames) {
    read(name, "short_names", state->mutable_short_names());
  }
  for (const NameField& name : kFormalNames) {
    read(name, "formal_names", state->mutable_formal_names());
  }
  ReadOtherNames(Field::kAliases, v1::State::OtherName::KIND_ALIAS, state);
  ReadOtherNames(Field::kFormerNames, v1::State::OtherName::KIND_FORMER, state);
}

void StateReader::ReadOtherNames(Field field, v1::State::OtherName::Kind kind,
                                 v1::State* state) {
  for (const absl::string_view item : Items(table_->Get(field), ";")) {
    v1::State::OtherName* name = state->add_other_names();
    name->set_text(std::string(item));
    name->set_kind(kind);
  }
}

void StateReader::ReadTimeZones(v1::State* state) {
  for (const absl::string_view item :
       Items(table_->Get(Field::kTimeZones), ";,")) {
    std::optional<std::string> zone = ParseTimeZone(item);
    if (!zone.has_value()) {
      in_.AddProblem(Field::kTimeZones, item, "must be an IANA time zone");
      continue;
    }
    state->add_time_zones(*std::move(zone));
  }
}

void StateReader::ReadSources(v1::State* state) {
  v1::Source source;
  in_.Source(&source);
  if (source.ByteSizeLong() > 0) *state->add_sources() = std::move(source);
  if (table_->Has(Field::kNameSource)) {
    v1::Source* names = state->add_sources();
    in_.Text(Field::kNameSource, names->mutable_document());
    names->add_fields("short_names");
    names->add_fields("formal_names");
  }
}

absl::StatusOr<bool> StateReader::Next(UnderstoodState* record) {
  record->state.Clear();
  ASSIGN_OR_RETURN(const bool more, table_->Next(record));
  if (!more) return false;
  in_.Begin(record);
  v1::State* state = &record->state;
  ReadCodes(state);
  ReadKind(state);
  ReadNames(state);
  in_.Text(Field::kRegion, state->mutable_region());
  in_.Text(Field::kSubregion, state->mutable_subregion());
  in_.Languages(Field::kSpokenLanguages, "languages",
                state->mutable_languages(), state->mutable_as_stated());
  state->set_parent(
      in_.State(Field::kParentState, "parent", state->mutable_as_stated()));
  ReadTimeZones(state);
  ReadSources(state);
  in_.TextList(Field::kNotes, state->mutable_notes());
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodState>>> OpenStates(
    ByteSource* bytes, const v1::ImportOptions& options,
    const References& references) {
  v1::ImportOptions of_kind = options;
  of_kind.set_kind(v1::IMPORT_KIND_STATES);
  ASSIGN_OR_RETURN(std::unique_ptr<Table> table,
                   Table::Open(bytes, of_kind, kRequired));
  return std::make_unique<StateReader>(std::move(table), of_kind, references);
}

}  // namespace comity
