// Rows under a header: the cells of a row by the field that they are for.

#ifndef COMITY_IMPORT_TABLE_H_
#define COMITY_IMPORT_TABLE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "comity/v1/import_service.pb.h"
#include "import/columns.h"
#include "import/rows.h"
#include "import/understand.h"

namespace comity {

// Not thread-safe.
class Table {
 public:
  // The header is the first of the topmost rows that has a column for each of
  // `required`, alone or with the row above (merged cells). `bytes` must
  // outlive the table. InvalidArgument as the functions of understand.h say.
  static absl::StatusOr<std::unique_ptr<Table>> Open(
      ByteSource* bytes, const v1::ImportOptions& options,
      absl::Span<const Field> required);

  // Goes to the next row, and begins `understood` anew with its line and what
  // is wrong with its form; false at the end. Fails as RowReader::Next does.
  absl::StatusOr<bool> Next(Understood* understood);

  // The trimmed text for a field, valid until the next row; empty if the file
  // has no column for it. Where several columns are for a list, their texts are
  // one list.
  absl::string_view Get(Field field) const {
    return texts_[static_cast<size_t>(field)];
  }
  bool Has(Field field) const { return !Get(field).empty(); }

  // Adds what is wrong, or remarkable, with the text for `field`.
  void AddProblem(Field field, absl::string_view rule,
                  Understood* understood) const;
  void AddNotice(Field field, absl::string_view rule,
                 Understood* understood) const;
  // The same, of a part of it.
  void AddProblem(Field field, absl::string_view value, absl::string_view rule,
                  Understood* understood) const;

  // On the file as a whole.
  std::vector<v1::ImportProblem> notices() const;

 private:
  Table(std::unique_ptr<RowReader> rows, Columns columns,
        absl::Span<const Field> required)
      : rows_(std::move(rows)),
        columns_(std::move(columns)),
        required_(required.begin(), required.end()) {}

  absl::Status FindHeader();
  std::vector<Field> Missing(const std::vector<std::string>& header) const;
  absl::Status AddHeader(absl::string_view header, int64_t line);
  absl::Status TakeHeader(std::vector<std::string> headers);
  bool IsSecondHeader(const Row& row) const;
  absl::Status TakeKeys(int64_t line);
  void CheckForm(Understood* understood) const;
  void TakeCells(Understood* understood);
  v1::ImportProblem Remark(Field field, absl::string_view value,
                           absl::string_view rule, int64_t line) const;

  const std::unique_ptr<RowReader> rows_;
  const Columns columns_;
  const std::vector<Field> required_;
  Row row_;
  // `row_` was read already, while the end of the header was looked for.
  bool has_row_ = false;
  // By position.
  std::vector<std::string> headers_;
  std::vector<Field> fields_;
  // The first column of each field, from 1; 0: none.
  std::array<int32_t, kFieldCount> column_of_{};
  std::array<absl::string_view, kFieldCount> texts_{};
  // Texts that are not as they stand in their cell.
  std::vector<std::pair<Field, std::string>> joined_;
  std::vector<v1::ImportProblem> notices_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_TABLE_H_
