// Treaties.

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
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

constexpr Field kRequired[] = {Field::kTreaty};

struct TitleField {
  Field title;
  Field short_title;
  const char* language;
};

constexpr TitleField kTitles[] = {
    {Field::kTitleEn, Field::kShortTitleEn, "en"},
    {Field::kTitleFr, Field::kShortTitleFr, "fr"},
    {Field::kTitleEs, Field::kShortTitleEs, "es"},
    {Field::kTitleRu, Field::kShortTitleRu, "ru"},
    {Field::kTitleZh, Field::kShortTitleZh, "zh"},
    {Field::kTitleAr, Field::kShortTitleAr, "ar"}};

class TreatyReader : public RecordReader<UnderstoodTreaty> {
 public:
  TreatyReader(std::unique_ptr<Table> table, const v1::ImportOptions& options,
               const References& references)
      : table_(std::move(table)),
        in_(table_.get(), options, references),
        article_(references.article) {}

  absl::StatusOr<bool> Next(UnderstoodTreaty* record) override;
  std::vector<v1::ImportProblem> notices() const override {
    return table_->notices();
  }

 private:
  void ReadName(v1::Treaty* treaty);
  void ReadKind(v1::Treaty* treaty);
  void ReadTitle(Field field, const char* language,
                 google::protobuf::RepeatedPtrField<v1::LocalizedText>* titles);
  void ReadRule(v1::Treaty* treaty);
  void ReadArticles(v1::Treaty* treaty);

  const std::unique_ptr<Table> table_;
  Interpreter in_;
  const decltype(References::article) article_;
};

void TreatyReader::ReadName(v1::Treaty* treaty) {
  const absl::string_view printed = table_->Get(Field::kTreaty);
  const absl::string_view slug = absl::StripPrefix(printed, "treaties/");
  if (printed.empty()) return;
  if (!names::IsSlug(slug)) {
    return in_.AddProblem(Field::kTreaty,
                          absl::StrCat("must be 1 to ", limits::kSlugBytesMax,
                                       " of a-z, 0-9 and inner hyphens"));
  }
  treaty->set_name(names::Treaty(slug));
}

void TreatyReader::ReadKind(v1::Treaty* treaty) {
  const absl::string_view printed = table_->Get(Field::kTreatyKind);
  if (printed.empty()) return;
  const std::string folded = Fold(printed);
  if (absl::StartsWith(folded, "multilateral")) {
    treaty->set_kind(v1::Treaty::KIND_MULTILATERAL);
  } else if (absl::StartsWith(folded, "regional")) {
    treaty->set_kind(v1::Treaty::KIND_REGIONAL);
  } else if (absl::StartsWith(folded, "bilateral")) {
    treaty->set_kind(v1::Treaty::KIND_BILATERAL);
  } else {
    return in_.AddProblem(Field::kTreatyKind,
                          "must be multilateral, regional or bilateral");
  }
  if (folded != printed) {
    Interpreter::Stated("kind", printed, treaty->mutable_as_stated());
  }
}

void TreatyReader::ReadTitle(
    Field field, const char* language,
    google::protobuf::RepeatedPtrField<v1::LocalizedText>* titles) {
  if (!table_->Has(field)) return;
  v1::LocalizedText* title = titles->Add();
  in_.Text(field, title->mutable_text());
  title->set_language(language);
}

void TreatyReader::ReadRule(v1::Treaty* treaty) {
  in_.Number(Field::kThresholdInstruments, 1, 1000, [&](int32_t number) {
    treaty->mutable_entry_into_force_rule()->set_threshold_instruments(number);
  });
  in_.Number(Field::kDaysAfterThreshold, 0, 3660, [&](int32_t number) {
    treaty->mutable_entry_into_force_rule()->set_days_after_threshold(number);
  });
  in_.Number(Field::kDaysAfterDeposit, 0, 3660, [&](int32_t number) {
    treaty->mutable_entry_into_force_rule()->set_days_after_deposit(number);
  });
  in_.Number(Field::kWithdrawalMonths, 0, 120, [&](int32_t number) {
    treaty->mutable_entry_into_force_rule()->set_withdrawal_months(number);
  });
}

void TreatyReader::ReadArticles(v1::Treaty* treaty) {
  for (const absl::string_view item :
       Items(table_->Get(Field::kArticles), ";")) {
    std::optional<std::string> citation = article_(item);
    if (!citation.has_value()) {
      in_.AddProblem(Field::kArticles, item,
                     "must cite one article, such as 18(13)");
      continue;
    }
    if (*citation != item) {
      Interpreter::Stated(
          absl::StrCat("articles[", treaty->articles_size(), "].citation"),
          item, treaty->mutable_as_stated());
    }
    treaty->add_articles()->set_citation(*std::move(citation));
  }
}

absl::StatusOr<bool> TreatyReader::Next(UnderstoodTreaty* record) {
  record->treaty.Clear();
  ASSIGN_OR_RETURN(const bool more, table_->Next(record));
  if (!more) return false;
  in_.Begin(record);
  v1::Treaty* treaty = &record->treaty;
  auto* stated = treaty->mutable_as_stated();
  ReadName(treaty);
  ReadKind(treaty);
  for (const TitleField& title : kTitles) {
    ReadTitle(title.title, title.language, treaty->mutable_titles());
    ReadTitle(title.short_title, title.language,
              treaty->mutable_short_titles());
  }
  in_.TextList(Field::kAliases, treaty->mutable_aliases());
  in_.Date(Field::kAdopted, "adopted", treaty->mutable_adopted(), stated);
  in_.Text(Field::kAdoptedAt, treaty->mutable_adopted_at());
  in_.Text(Field::kDepositary, treaty->mutable_depositary());
  in_.Text(Field::kDepositaryNumber, treaty->mutable_depositary_number());
  in_.Date(Field::kEntryIntoForce, "entry_into_force",
           treaty->mutable_entry_into_force(), stated);
  ReadRule(treaty);
  treaty->set_parent(in_.Treaty(Field::kParentTreaty, "parent", stated));
  ReadArticles(treaty);
  in_.PartialDate(Field::kParticipationsAsOf, "participations_as_of",
                  treaty->mutable_participations_as_of(), stated);
  v1::Source source;
  in_.Source(&source);
  if (source.ByteSizeLong() > 0) *treaty->add_sources() = std::move(source);
  in_.TextList(Field::kNotes, treaty->mutable_notes());
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodTreaty>>> OpenTreaties(
    ByteSource* bytes, const v1::ImportOptions& options,
    const References& references) {
  v1::ImportOptions of_kind = options;
  of_kind.set_kind(v1::IMPORT_KIND_TREATIES);
  ASSIGN_OR_RETURN(std::unique_ptr<Table> table,
                   Table::Open(bytes, of_kind, kRequired));
  return std::make_unique<TreatyReader>(std::move(table), of_kind, references);
}

}  // namespace comity
