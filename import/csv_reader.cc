#include "import/csv_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace comity {
namespace {

// What the delimiter is concluded from.
constexpr size_t kSniffBytes = 64 << 10;
constexpr size_t kSniffRows = 20;

bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

// The numbers of cells of the first rows, were `delimiter` the one.
std::vector<size_t> CellCounts(absl::string_view text, char delimiter,
                               bool ended) {
  std::vector<size_t> counts;
  size_t cells = 1;
  bool quoted = false;
  bool cell_begins = true;
  bool blank = true;
  for (const char c : text) {
    if (quoted) {
      if (c == '"') quoted = false;
      continue;
    }
    if (IsLineEnd(c)) {
      if (!blank) counts.push_back(cells);
      if (counts.size() == kSniffRows) return counts;
      cells = 1;
      cell_begins = blank = true;
      continue;
    }
    blank = false;
    if (c == delimiter) {
      ++cells;
      cell_begins = true;
    } else {
      // A doubled quote inside closes and opens again.
      quoted = c == '"' && cell_begins;
      cell_begins = c == '"' || (cell_begins && c == ' ');
    }
  }
  if (ended && !blank && !quoted) counts.push_back(cells);
  return counts;
}

}  // namespace

char DetectDelimiter(absl::string_view start, bool ended) {
  char best = ',';
  size_t best_score = 0;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const std::vector<size_t> counts = CellCounts(start, delimiter, ended);
    if (counts.empty() || counts.front() < 2) continue;
    const auto same = static_cast<size_t>(
        std::count(counts.begin(), counts.end(), counts.front()));
    const size_t score = 1000 * same / counts.size() + counts.front();
    if (score > best_score) {
      best_score = score;
      best = delimiter;
    }
  }
  return best;
}

absl::Status CsvReader::Fill() {
  if (position_ > 0) {
    buffer_.erase(0, position_);
    position_ = 0;
  }
  ASSIGN_OR_RETURN(const absl::string_view more, text_.Next());
  if (more.empty()) {
    ended_ = true;
    if (text_.guessed()) remarks_.push_back(text_.Remark());
  }
  buffer_.append(more.data(), more.size());
  return absl::OkStatus();
}

absl::Status CsvReader::Start() {
  started_ = true;
  if (stated_delimiter_.size() > 1 ||
      absl::string_view("\"\r\n").find(
          stated_delimiter_.empty() ? ',' : stated_delimiter_.front()) !=
          absl::string_view::npos) {
    return InvalidField("delimiter", stated_delimiter_,
                        "must be one ASCII character other than a quote or "
                        "an end of line");
  }
  while (!ended_ && buffer_.size() < kSniffBytes) RETURN_IF_ERROR(Fill());
  if (absl::StartsWithIgnoreCase(buffer_, "sep=") && buffer_.size() > 5 &&
      IsLineEnd(buffer_[5])) {
    delimiter_ = buffer_[4];
    position_ = 6;
    if (buffer_[5] == '\r' && buffer_.size() > 6 && buffer_[6] == '\n') {
      ++position_;
    }
    ++line_;
  } else {
    delimiter_ = DetectDelimiter(buffer_, ended_);
  }
  if (!stated_delimiter_.empty()) delimiter_ = stated_delimiter_.front();
  return absl::OkStatus();
}

// Reads the quoted cell that begins at `*at`; false if the text ends in it.
bool CsvReader::ParseQuoted(size_t* at, Cell* into, Row* row) {
  size_t i = *at + 1;
  std::string* const cell = &into->text;
  while (true) {
    const size_t quote = buffer_.find('"', i);
    if (quote == std::string::npos) {
      if (!ended_) return false;
      cell->append(buffer_, i);
      row->problems.push_back(
          {into->column, *cell, "a quote is opened here and never closed"});
      *at = buffer_.size();
      return true;
    }
    cell->append(buffer_, i, quote - i);
    i = quote + 1;
    if (i == buffer_.size() && !ended_) return false;
    if (i == buffer_.size() || buffer_[i] != '"') break;
    cell->push_back('"');
    ++i;
  }
  const size_t closed = i;
  while (i < buffer_.size() && buffer_[i] != delimiter_ &&
         !IsLineEnd(buffer_[i])) {
    ++i;
  }
  if (i == buffer_.size() && !ended_) return false;
  if (i > closed) {
    cell->append(buffer_, closed, i - closed);
    row->problems.push_back(
        {into->column, *cell, "text follows the closing quote"});
  }
  *at = i;
  return true;
}

CsvReader::Parsed CsvReader::ParseRow(Row* row) {
  size_t used = 0;
  size_t i = position_;
  const absl::string_view text = buffer_;
  bool quoted = false;
  row->problems.clear();
  while (true) {
    if (used == static_cast<size_t>(limits::kImportColumnsMax)) {
      return Parsed::kTooManyCells;
    }
    if (row->cells.size() == used) row->cells.emplace_back();
    Cell* const cell = &row->cells[used++];
    cell->text.clear();
    cell->column = static_cast<int32_t>(used);
    if (i < text.size() && text[i] == '"') {
      quoted = true;
      if (!ParseQuoted(&i, cell, row)) return Parsed::kMore;
    } else {
      const size_t start = i;
      while (i < text.size() && text[i] != delimiter_ && !IsLineEnd(text[i])) {
        ++i;
      }
      if (i == text.size() && !ended_) return Parsed::kMore;
      cell->text.assign(text.data() + start, i - start);
    }
    if (i < text.size() && text[i] == delimiter_) {
      ++i;
      continue;
    }
    break;
  }
  if (i < text.size() && text[i] == '\r') {
    if (i + 1 == text.size() && !ended_) return Parsed::kMore;
    i += i + 1 < text.size() && text[i + 1] == '\n' ? 2U : 1U;
  } else if (i < text.size()) {
    ++i;
  }
  row->cells.resize(used);
  row->line = line_;
  // Only quoted cells have lines of their own.
  if (!quoted) ++line_;
  for (size_t at = quoted ? position_ : i; at < i; ++at) {
    if (text[at] == '\n' ||
        (text[at] == '\r' && (at + 1 == i || text[at + 1] != '\n'))) {
      ++line_;
    }
  }
  position_ = i;
  return Parsed::kRow;
}

void CsvReader::CheckCells(Row* row) const {
  for (Cell& cell : row->cells) {
    std::string& text = cell.text;
    if (text.size() > limits::kImportCellBytesMax) {
      row->problems.push_back(
          {cell.column, text,
           absl::StrCat("a cell may have ", limits::kImportCellBytesMax,
                        " bytes at most")});
    }
    const bool ascii = IsAscii(text);
    if (text.find('\0') != std::string::npos ||
        (!ascii &&
         (!IsText(text) || absl::StrContains(text, "\xEF\xBF\xBD")))) {
      row->problems.push_back(
          {cell.column, text,
           absl::StrCat("has bytes that are no text in ", text_.encoding(),
                        "; the file may be in another encoding")});
    }
    // Lines within a cell end in LF, whatever the file uses.
    if (text.find('\r') != std::string::npos) {
      std::string lines;
      for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
          lines.push_back(text[i]);
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
          lines.push_back('\n');
        }
      }
      text = std::move(lines);
    }
  }
}

absl::StatusOr<bool> CsvReader::Next(Row* row) {
  if (!started_) RETURN_IF_ERROR(Start());
  while (true) {
    if (position_ == buffer_.size()) {
      if (ended_) return false;
      RETURN_IF_ERROR(Fill());
      continue;
    }
    const Parsed parsed = ParseRow(row);
    if (parsed == Parsed::kTooManyCells) {
      return absl::ResourceExhaustedError(
          absl::StrCat("line ", line_, " has more than ",
                       limits::kImportColumnsMax, " cells"));
    }
    if (parsed == Parsed::kMore) {
      if (buffer_.size() - position_ > limits::kImportRowBytesMax) {
        return absl::ResourceExhaustedError(absl::StrCat(
            "the row at line ", line_, " has more than ",
            limits::kImportRowBytesMax, " bytes; a quote may not be closed"));
      }
      RETURN_IF_ERROR(Fill());
      continue;
    }
    const bool blank =
        std::all_of(row->cells.begin(), row->cells.end(), [](const Cell& c) {
          return c.text.find_first_not_of(" \t") == std::string::npos;
        });
    if (blank && row->problems.empty()) continue;
    CheckCells(row);
    return true;
  }
}

}  // namespace comity
