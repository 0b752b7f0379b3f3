#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "import/child.h"
#include "import/csv_reader.h"
#include "import/jsonl_reader.h"
#include "import/rows.h"

namespace comity {
namespace {

// Looked at to tell formats apart.
constexpr size_t kDetectBytes = 4096;

// The bytes that were looked at, then the rest of the source.
class Rest : public ByteSource {
 public:
  // `bytes` must outlive this.
  Rest(std::string start, ByteSource* bytes)
      : start_(std::move(start)), bytes_(bytes) {}

  absl::StatusOr<absl::string_view> Next() override {
    if (!start_given_ && !start_.empty()) {
      start_given_ = true;
      return absl::string_view(start_);
    }
    return bytes_->Next();
  }
  int64_t position() const override { return bytes_->position(); }

 private:
  const std::string start_;
  bool start_given_ = false;
  ByteSource* const bytes_;
};

// A reader with the source that it reads from.
template <class Reader>
class Owning : public RowReader {
 public:
  Owning(std::unique_ptr<ByteSource> bytes, const v1::ImportOptions& options)
      : bytes_(std::move(bytes)), reader_(bytes_.get(), options) {}

  absl::StatusOr<bool> Next(Row* row) override { return reader_.Next(row); }
  const std::vector<std::string>* keys() const override {
    return reader_.keys();
  }
  bool rows_are_full() const override { return reader_.rows_are_full(); }
  const std::vector<std::string>& remarks() const override {
    return reader_.remarks();
  }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  Reader reader_;
};

}  // namespace

v1::ImportFormat DetectFormat(absl::string_view start) {
  // A zip archive begins with a local file header.
  if (absl::StartsWith(start, "PK\x03\x04")) return v1::IMPORT_FORMAT_XLSX;
  // Marks of UTF-8, UTF-16 and UTF-32, zeros of wide characters, white space.
  const auto skipped = [](char c) {
    return c == '\xEF' || c == '\xBB' || c == '\xBF' || c == '\xFF' ||
           c == '\xFE' || c == '\0' ||
           absl::ascii_isspace(static_cast<unsigned char>(c));
  };
  const auto* first = std::find_if_not(start.begin(), start.end(), skipped);
  return first != start.end() && *first == '{' ? v1::IMPORT_FORMAT_JSONL
                                               : v1::IMPORT_FORMAT_CSV;
}

absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(
    ByteSource* bytes, const v1::ImportOptions& options) {
  std::string start;
  while (start.size() < kDetectBytes) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, bytes->Next());
    if (chunk.empty()) break;
    start.append(chunk.data(), chunk.size());
  }
  if (start.empty()) return absl::InvalidArgumentError("the file is empty");
  // Word, PowerPoint and Excel before 2007.
  if (absl::StartsWith(start, "\xD0\xCF\x11\xE0")) {
    return absl::InvalidArgumentError(
        "the file is of a format that Office had before 2007; save it as XLSX");
  }
  const v1::ImportFormat detected = DetectFormat(start);
  v1::ImportFormat format = options.format();
  if (format == v1::IMPORT_FORMAT_UNSPECIFIED) format = detected;
  if ((format == v1::IMPORT_FORMAT_XLSX) !=
      (detected == v1::IMPORT_FORMAT_XLSX)) {
    return InvalidField("format", v1::ImportFormat_Name(format),
                        format == v1::IMPORT_FORMAT_XLSX
                            ? "but the file is no XLSX workbook"
                            : "but the file is a zip archive, such as an XLSX "
                              "workbook");
  }
  auto rest = std::make_unique<Rest>(std::move(start), bytes);
  std::unique_ptr<RowReader> reader;
  switch (format) {
    case v1::IMPORT_FORMAT_CSV:
      reader = std::make_unique<Owning<CsvReader>>(std::move(rest), options);
      break;
    case v1::IMPORT_FORMAT_JSONL:
      reader = std::make_unique<Owning<JsonlReader>>(std::move(rest), options);
      break;
    case v1::IMPORT_FORMAT_XLSX:
      reader = std::make_unique<Owning<ChildReader>>(std::move(rest), options);
      break;
    default:
      return InvalidField("format", v1::ImportFormat_Name(format),
                          "must be CSV, JSON Lines or XLSX");
  }
  return reader;
}

absl::StatusOr<bool> LineReader::Next(absl::string_view* line,
                                      int64_t* number) {
  size_t searched = position_;
  while (true) {
    const size_t end = buffer_.find('\n', searched);
    if (end == std::string::npos && !ended_) {
      buffer_.erase(0, position_);
      position_ = 0;
      searched = buffer_.size();
      if (searched > line_bytes_max_) break;
      ASSIGN_OR_RETURN(const absl::string_view more, bytes_->Next());
      ended_ = more.empty();
      buffer_.append(more.data(), more.size());
      continue;
    }
    if (position_ == buffer_.size()) return false;
    const size_t size =
        (end == std::string::npos ? buffer_.size() : end) - position_;
    if (size > line_bytes_max_) break;
    *line = absl::StripTrailingAsciiWhitespace(
        absl::string_view(buffer_).substr(position_, size));
    *number = ++line_;
    position_ += size + (end == std::string::npos ? 0U : 1U);
    searched = position_;
    if (!absl::StripAsciiWhitespace(*line).empty()) return true;
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "line ", line_ + 1, " has more than ", line_bytes_max_, " bytes"));
}

}  // namespace comity
