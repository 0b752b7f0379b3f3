#include "import/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "import/values.h"

namespace comity {
namespace {

// Titles, dates and blank lines above a header; more is no header.
constexpr int kRowsAboveMax = 20;

// What the texts of several columns for one field are joined with; empty: the
// field takes one column.
absl::string_view Joint(Field field) {
  switch (field) {
    case Field::kAddress:
    case Field::kPostalAddress:
    case Field::kStreetAddress:
      return "\n";
    case Field::kNotes:
    case Field::kTelephone:
    case Field::kTelephoneAndFax:
    case Field::kTelephoneOutsideHours:
    case Field::kFax:
    case Field::kEmail:
    case Field::kWebsite:
    case Field::kLanguages:
    case Field::kChannels:
    case Field::kForms:
    case Field::kRequiredContents:
    case Field::kAliases:
    case Field::kFormerNames:
    case Field::kSpokenLanguages:
    case Field::kTimeZones:
    case Field::kArticles:
      return "|";
    default:
      return "";
  }
}

// True if writers.h would have put an apostrophe in front of the rest.
bool IsEscaped(absl::string_view text) {
  const size_t first = text.find_first_not_of('\'');
  return !text.empty() && text[0] == '\'' && first != absl::string_view::npos &&
         absl::string_view("=+-@\t\r").find(text[first]) !=
             absl::string_view::npos;
}

std::vector<std::string> HeadersOf(const Row& row) {
  std::vector<std::string> headers;
  for (const Cell& cell : row.cells) {
    const auto column = static_cast<size_t>(cell.column);
    if (headers.size() < column) headers.resize(column);
    headers[column - 1] = std::string(Trim(cell.text));
  }
  return headers;
}

// Two rows of a header as one: the lower one where it has text.
std::vector<std::string> Merged(const std::vector<std::string>& above,
                                const std::vector<std::string>& below) {
  std::vector<std::string> merged = below;
  merged.resize(std::max(above.size(), below.size()));
  for (size_t column = 0; column < above.size(); ++column) {
    if (merged[column].empty()) merged[column] = above[column];
  }
  return merged;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Table>> Table::Open(
    ByteSource* bytes, const v1::ImportOptions& options,
    absl::Span<const Field> required) {
  ASSIGN_OR_RETURN(Columns columns, Columns::Make(options));
  ASSIGN_OR_RETURN(std::unique_ptr<RowReader> rows, OpenRows(bytes, options));
  std::unique_ptr<Table> table(
      new Table(std::move(rows), std::move(columns), required));
  if (table->rows_->keys() == nullptr) RETURN_IF_ERROR(table->FindHeader());
  return table;
}

std::vector<Field> Table::Missing(
    const std::vector<std::string>& header) const {
  std::vector<Field> missing = required_;
  for (const std::string& name : header) {
    const Columns::Found found = columns_.Find(name);
    if (found.is != Columns::Found::Is::kField) continue;
    missing.erase(std::remove(missing.begin(), missing.end(), found.field),
                  missing.end());
  }
  return missing;
}

bool Table::IsSecondHeader(const Row& row) const {
  bool any = false;
  for (const Cell& cell : row.cells) {
    if (Trim(cell.text).empty()) continue;
    any = true;
    if (columns_.Find(cell.text).is == Columns::Found::Is::kUnknown) {
      return false;
    }
  }
  return any;
}

// A header may have a second row, under cells that are merged.
absl::Status Table::TakeHeader(std::vector<std::string> headers) {
  const int64_t line = row_.line;
  ASSIGN_OR_RETURN(has_row_, rows_->Next(&row_));
  if (has_row_ && IsSecondHeader(row_)) {
    headers = Merged(headers, HeadersOf(row_));
    has_row_ = false;
  }
  for (const std::string& header : headers) {
    RETURN_IF_ERROR(AddHeader(header, line));
  }
  return absl::OkStatus();
}

absl::Status Table::FindHeader() {
  std::vector<std::string> above;
  std::vector<Field> least_missing = required_;
  for (int i = 0; i < kRowsAboveMax; ++i) {
    ASSIGN_OR_RETURN(const bool more, rows_->Next(&row_));
    if (!more) break;
    std::vector<std::string> header = HeadersOf(row_);
    const std::vector<Field> missing = Missing(header);
    if (missing.empty()) return TakeHeader(header);
    std::vector<std::string> merged = Merged(above, header);
    if (Missing(merged).empty()) return TakeHeader(merged);
    if (missing.size() < least_missing.size()) least_missing = missing;
    above = std::move(header);
  }
  std::vector<absl::string_view> names;
  for (const Field field : least_missing) names.push_back(FieldName(field));
  return InvalidField(
      "header", "",
      absl::StrCat("a row at the top must name the columns; there is none for ",
                   absl::StrJoin(names, ", "),
                   "; say which column is for it if it has another name"));
}

absl::Status Table::AddHeader(absl::string_view header, int64_t line) {
  headers_.emplace_back(header);
  const auto column = static_cast<int32_t>(headers_.size());
  const Columns::Found found = columns_.Find(header);
  fields_.push_back(found.field);
  if (found.is != Columns::Found::Is::kField) {
    if (found.is == Columns::Found::Is::kUnknown && !header.empty()) {
      v1::ImportProblem notice;
      notice.set_line(line);
      notice.set_column(column);
      notice.set_field(Cut(header, limits::kProblemValueCharactersMax));
      notice.set_rule("no field is known for this column; it was left out");
      notices_.push_back(std::move(notice));
    }
    return absl::OkStatus();
  }
  int32_t& first = column_of_[static_cast<size_t>(found.field)];
  if (first != 0 && Joint(found.field).empty()) {
    return InvalidField(
        "header", header,
        absl::StrCat("but the column ",
                     headers_[static_cast<size_t>(first - 1)], " is for ",
                     FieldName(found.field), " too; leave one of them out"));
  }
  if (first == 0) first = column;
  return absl::OkStatus();
}

absl::Status Table::TakeKeys(int64_t line) {
  const std::vector<std::string>* keys = rows_->keys();
  while (keys != nullptr && headers_.size() < keys->size()) {
    RETURN_IF_ERROR(AddHeader((*keys)[headers_.size()], line));
  }
  return absl::OkStatus();
}

void Table::CheckForm(Understood* understood) const {
  for (const RowProblem& problem : row_.problems) {
    v1::ImportProblem* added = &understood->problems.emplace_back();
    added->set_line(row_.line);
    added->set_column(problem.column);
    const auto column = static_cast<size_t>(problem.column);
    if (column > 0 && column <= headers_.size()) {
      added->set_field(
          Cut(headers_[column - 1], limits::kProblemValueCharactersMax));
    }
    added->set_value(Cut(problem.value, limits::kProblemValueCharactersMax));
    added->set_rule(problem.rule);
  }
  if (!rows_->rows_are_full()) return;
  size_t cells = row_.cells.size();
  while (cells > headers_.size() && row_.cells[cells - 1].text.empty()) {
    --cells;
  }
  if (cells != headers_.size()) {
    v1::ImportProblem* added = &understood->problems.emplace_back();
    added->set_line(row_.line);
    added->set_rule(absl::StrCat(
        "the row has ", cells, " cells, but the header has ", headers_.size()));
  }
}

void Table::TakeCells(Understood* understood) {
  texts_.fill(absl::string_view());
  joined_.clear();
  for (const Cell& cell : row_.cells) {
    absl::string_view text = Trim(cell.text);
    if (text.empty()) continue;
    const auto column = static_cast<size_t>(cell.column);
    if (column > headers_.size() || headers_[column - 1].empty()) {
      // A file whose rows are full has such a row refused already.
      if (!rows_->rows_are_full() || column <= headers_.size()) {
        v1::ImportProblem* notice = &understood->notices.emplace_back();
        notice->set_line(row_.line);
        notice->set_column(cell.column);
        notice->set_value(Cut(text, limits::kProblemValueCharactersMax));
        notice->set_rule("the column has no header; the cell was left out");
      }
      continue;
    }
    const Field field = fields_[column - 1];
    if (field == Field::kFieldCount) continue;
    if (rows_->rows_are_full() && IsEscaped(text)) text.remove_prefix(1);
    absl::string_view& into = texts_[static_cast<size_t>(field)];
    if (into.empty()) {
      into = text;
      continue;
    }
    const auto joined =
        std::find_if(joined_.begin(), joined_.end(),
                     [&](const auto& j) { return j.first == field; });
    if (joined != joined_.end()) {
      absl::StrAppend(&joined->second, Joint(field), text);
    } else {
      joined_.emplace_back(field, absl::StrCat(into, Joint(field), text));
    }
  }
  for (const auto& [field, text] : joined_) {
    texts_[static_cast<size_t>(field)] = text;
  }
}

absl::StatusOr<bool> Table::Next(Understood* understood) {
  understood->problems.clear();
  understood->notices.clear();
  if (!has_row_) {
    ASSIGN_OR_RETURN(const bool more, rows_->Next(&row_));
    if (!more) return false;
  }
  has_row_ = false;
  understood->line = row_.line;
  RETURN_IF_ERROR(TakeKeys(row_.line));
  CheckForm(understood);
  TakeCells(understood);
  // A row that is broken as a whole is not blamed for its parts too.
  const bool broken = std::any_of(
      understood->problems.begin(), understood->problems.end(),
      [](const v1::ImportProblem& problem) { return problem.column() == 0; });
  for (const Field field : required_) {
    if (!broken && !Has(field)) AddProblem(field, "is required", understood);
  }
  return true;
}

v1::ImportProblem Table::Remark(Field field, absl::string_view value,
                                absl::string_view rule, int64_t line) const {
  v1::ImportProblem remark;
  remark.set_line(line);
  const int32_t column = column_of_[static_cast<size_t>(field)];
  remark.set_column(column);
  const absl::string_view name =
      column == 0
          ? FieldName(field)
          : absl::string_view(headers_[static_cast<size_t>(column - 1)]);
  remark.set_field(Cut(name, limits::kProblemValueCharactersMax));
  remark.set_value(Cut(value, limits::kProblemValueCharactersMax));
  remark.set_rule(std::string(rule));
  return remark;
}

void Table::AddProblem(Field field, absl::string_view rule,
                       Understood* understood) const {
  AddProblem(field, Get(field), rule, understood);
}

void Table::AddProblem(Field field, absl::string_view value,
                       absl::string_view rule, Understood* understood) const {
  if (understood->problems.size() >=
      static_cast<size_t>(limits::kProblemsPerRecordMax)) {
    return;
  }
  understood->problems.push_back(Remark(field, value, rule, understood->line));
}

void Table::AddNotice(Field field, absl::string_view rule,
                      Understood* understood) const {
  if (understood->notices.size() >=
      static_cast<size_t>(limits::kProblemsPerRecordMax)) {
    return;
  }
  understood->notices.push_back(
      Remark(field, Get(field), rule, understood->line));
}

std::vector<v1::ImportProblem> Table::notices() const {
  std::vector<v1::ImportProblem> all = notices_;
  for (const std::string& remark : rows_->remarks()) {
    v1::ImportProblem* notice = &all.emplace_back();
    notice->set_rule(remark);
  }
  return all;
}

}  // namespace comity
