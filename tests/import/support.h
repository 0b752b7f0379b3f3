// What the tests of import/ share.

#ifndef COMITY_TESTS_IMPORT_SUPPORT_H_
#define COMITY_TESTS_IMPORT_SUPPORT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/rows.h"
#include "import/understand.h"

namespace comity::import_test {

// Resolves codes of three letters, slugs, and a few names.
References TestReferences();

// All rows of a file, or how reading it failed; `remarks` if asked for.
absl::StatusOr<std::vector<Row>> ReadRows(
    absl::string_view file, const v1::ImportOptions& options = {},
    size_t chunk_bytes = 1 << 16, std::vector<std::string>* remarks = nullptr);

// Cells of a row as they print: `a|b|c`, empty ones where a column is left out;
// problems after it as ` !rule`.
std::string Printed(const Row& row);
// One line per row, or the message of the failure.
std::string Printed(const absl::StatusOr<std::vector<Row>>& rows);

// What a reader of records gave.
template <class Record>
struct AllRecords {
  absl::Status status;
  std::vector<Record> records;
  std::vector<v1::ImportProblem> notices;
};

template <class Record>
AllRecords<Record> ReadAll(
    absl::StatusOr<std::unique_ptr<RecordReader<Record>>> reader) {
  AllRecords<Record> all;
  if (!reader.ok()) {
    all.status = reader.status();
    return all;
  }
  while (true) {
    Record record;
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok()) {
      all.status = more.status();
      break;
    }
    if (!*more) break;
    all.records.push_back(std::move(record));
  }
  all.notices = (*reader)->notices();
  return all;
}

AllRecords<UnderstoodDesignation> Designations(
    absl::string_view file, const v1::ImportOptions& options = {});
AllRecords<UnderstoodParticipation> Participations(
    absl::string_view file, const v1::ImportOptions& options = {});
AllRecords<UnderstoodState> States(absl::string_view file,
                                   const v1::ImportOptions& options = {});
AllRecords<UnderstoodTreaty> Treaties(absl::string_view file,
                                      const v1::ImportOptions& options = {});

// `line:column: field, value, rule`, one a line.
std::string Printed(const std::vector<v1::ImportProblem>& problems);

// Everything that was understood, as text to compare; without positions.
std::string Printed(const UnderstoodDesignation& record);

// The bytes of a file; nullopt if there is none.
std::optional<std::string> ReadFile(const std::string& path);

// The samples of a format, by name, in the order of their names.
std::map<std::string, std::string> Samples(absl::string_view format);

// An XLSX workbook with one sheet. A cell is written as text, unless it begins
// with `=`: then as the number, date style or XML that follows, see
// workbook.cc.
std::string Workbook(const std::vector<std::vector<std::string>>& rows,
                     bool is_1904 = false);
// A zip archive of these files.
std::string Zip(const std::map<std::string, std::string>& files);

}  // namespace comity::import_test

#endif  // COMITY_TESTS_IMPORT_SUPPORT_H_
