// Frames between comity-read and the server: see child.h.

#include <cstdint>

#include "base/limits.h"
#include "base/text.h"
#include "import/child.h"

namespace comity {
namespace {

void AppendNumber(uint64_t number, std::string* out) {
  for (int i = 0; i < 4; ++i) {
    out->push_back(static_cast<char>((number >> (8 * i)) & 0xFFU));
  }
}

void AppendText(absl::string_view text, std::string* out) {
  AppendNumber(text.size(), out);
  out->append(text.data(), text.size());
}

bool TakeNumber(absl::string_view* bytes, uint32_t* number) {
  if (bytes->size() < 4) return false;
  *number = 0;
  for (size_t i = 0; i < 4; ++i) {
    *number |= static_cast<uint32_t>(static_cast<unsigned char>((*bytes)[i]))
               << (8 * i);
  }
  bytes->remove_prefix(4);
  return true;
}

bool TakeText(absl::string_view* bytes, std::string* text) {
  uint32_t size = 0;
  if (!TakeNumber(bytes, &size) || size > bytes->size()) return false;
  text->assign(bytes->data(), size);
  bytes->remove_prefix(size);
  return IsText(*text);
}

}  // namespace

void AppendRowFrame(const Row& row, std::string* out) {
  std::string body;
  AppendNumber(static_cast<uint64_t>(row.line), &body);
  AppendNumber(row.cells.size(), &body);
  for (const Cell& cell : row.cells) {
    AppendNumber(static_cast<uint64_t>(cell.column), &body);
    AppendText(cell.text, &body);
  }
  AppendNumber(row.problems.size(), &body);
  for (const RowProblem& problem : row.problems) {
    AppendNumber(static_cast<uint64_t>(problem.column), &body);
    AppendText(problem.value, &body);
    AppendText(problem.rule, &body);
  }
  out->push_back('R');
  AppendText(body, out);
}

// The bytes come from a process that a hostile file may have taken over.
bool ParseRowFrame(absl::string_view bytes, Row* row) {
  uint32_t line = 0;
  uint32_t cells = 0;
  uint32_t problems = 0;
  uint32_t column = 0;
  constexpr auto kColumnsMax = static_cast<uint32_t>(limits::kImportColumnsMax);
  if (!TakeNumber(&bytes, &line) || !TakeNumber(&bytes, &cells) ||
      cells > kColumnsMax) {
    return false;
  }
  row->line = line;
  row->cells.resize(cells);
  for (Cell& cell : row->cells) {
    if (!TakeNumber(&bytes, &column) || column == 0 || column > kColumnsMax ||
        !TakeText(&bytes, &cell.text)) {
      return false;
    }
    cell.column = static_cast<int32_t>(column);
  }
  if (!TakeNumber(&bytes, &problems) || problems > kColumnsMax * 2) {
    return false;
  }
  row->problems.resize(problems);
  for (RowProblem& problem : row->problems) {
    if (!TakeNumber(&bytes, &column) || !TakeText(&bytes, &problem.value) ||
        !TakeText(&bytes, &problem.rule)) {
      return false;
    }
    problem.column = static_cast<int32_t>(column % (kColumnsMax + 1));
  }
  return bytes.empty();
}

}  // namespace comity
