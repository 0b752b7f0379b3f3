// Rows of a sheet of an XLSX workbook (ECMA-376). Runs in a process of its own,
// comity-read: see child.h.

#ifndef COMITY_IMPORT_XLSX_READER_H_
#define COMITY_IMPORT_XLSX_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/rows.h"

namespace comity {

// Holds the shared strings and one row at a time, never a sheet.
class XlsxReader : public RowReader {
 public:
  // Opens the sheet called `sheet` (empty: the first) of the file `fd`, which
  // can seek and must stay open. InvalidArgument if it is no workbook or has no
  // such sheet; ResourceExhausted if it unpacks to more than is allowed.
  static absl::StatusOr<std::unique_ptr<XlsxReader>> Open(
      int fd, absl::string_view sheet);
  ~XlsxReader() override;

  absl::StatusOr<bool> Next(Row* row) override;
  const std::vector<std::string>& remarks() const override;

 private:
  struct Book;

  explicit XlsxReader(std::unique_ptr<Book> book);

  std::unique_ptr<Book> book_;
};

// `serial` of a cell with a date format as text: the day, the time of day if it
// has one, only that if there is no day. Empty if it is no date.
std::string DateOfSerial(double serial, bool is_1904);

// True if a number format shows dates or times.
bool IsDateFormat(absl::string_view format_code);

}  // namespace comity

#endif  // COMITY_IMPORT_XLSX_READER_H_
