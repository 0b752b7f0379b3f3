#include "import/zip_part.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/status_macros.h"

namespace comity {
namespace {

constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kNone = std::string::npos;

absl::Status Broken() {
  return absl::InvalidArgumentError(
      "the workbook is damaged: a part of it cannot be unpacked");
}

absl::Status CutOff() {
  return absl::InvalidArgumentError(
      "the workbook is damaged: a part of it ends within an element");
}

// Names of parts are compared without the root and whatever their case
// (ECMA-376 part 2, 6.2.2.3).
bool SamePart(absl::string_view a, absl::string_view b) {
  return absl::EqualsIgnoreCase(absl::StripPrefix(a, "/"),
                                absl::StripPrefix(b, "/"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ZipPart>> ZipPart::Open(int fd,
                                                       absl::string_view name,
                                                       int64_t* unpacked_left) {
  if (lseek(fd, 0, SEEK_SET) != 0) {
    return absl::InternalError("the file cannot be read twice");
  }
  // Takes care of the archive from here on.
  std::unique_ptr<ZipPart> part(new ZipPart(archive_read_new(), unpacked_left));
  archive_read_support_format_zip_seekable(part->zip_);
  if (archive_read_open_fd(part->zip_, fd, kReadBytes) != ARCHIVE_OK) {
    return absl::InvalidArgumentError("the file is no zip archive");
  }
  archive_entry* entry = nullptr;
  for (int i = 0; i < limits::kZipEntriesMax; ++i) {
    const int result = archive_read_next_header(part->zip_, &entry);
    if (result == ARCHIVE_EOF) {
      return absl::NotFoundError(
          absl::StrCat("the workbook has no part ", name));
    }
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Broken();
    const char* path = archive_entry_pathname(entry);
    if (path != nullptr && SamePart(path, name)) return part;
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "the archive has more than ", limits::kZipEntriesMax, " parts"));
}

ZipPart::~ZipPart() { archive_read_free(zip_); }

absl::StatusOr<bool> ZipPart::Append(std::string* text) {
  const size_t size = text->size();
  text->resize(size + kReadBytes);
  const la_ssize_t read =
      archive_read_data(zip_, text->data() + size, kReadBytes);
  text->resize(size + static_cast<size_t>(read > 0 ? read : 0));
  if (read < 0) return Broken();
  *unpacked_left_ -= read;
  if (*unpacked_left_ < 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the workbook unpacks to more than ",
                     limits::kUnpackedBytesMax, " bytes"));
  }
  return read > 0;
}

absl::StatusOr<std::string> ZipPart::ReadAll(size_t bytes_max) {
  std::string text;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Append(&text));
    if (text.size() > bytes_max) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "a part of the workbook has more than ", bytes_max, " bytes"));
    }
    if (!more) return text;
  }
}

absl::StatusOr<bool> XmlElements::More() {
  if (ended_) return false;
  if (buffer_.size() - position_ > bytes_max_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "a row or text of the workbook has more than ", bytes_max_, " bytes"));
  }
  ASSIGN_OR_RETURN(const bool more, part_->Append(&buffer_));
  ended_ = !more;
  return more;
}

// Place of `text` at or after `from`, reading on; kNone at the end of the file.
absl::StatusOr<size_t> XmlElements::Find(absl::string_view text, size_t from) {
  while (true) {
    const size_t at = absl::string_view(buffer_).find(text, from);
    if (at != kNone) return at;
    if (buffer_.size() >= text.size()) {
      from = std::max(from, buffer_.size() - text.size() + 1);
    }
    ASSIGN_OR_RETURN(const bool more, More());
    if (!more) return kNone;
  }
}

// Place of the `>` that ends the tag that begins before `from`; kNone at the
// end of the file.
absl::StatusOr<size_t> XmlElements::TagEnd(size_t from) {
  char quote = '\0';
  for (size_t i = from;; ++i) {
    if (i == buffer_.size()) {
      ASSIGN_OR_RETURN(const bool more, More());
      if (!more) return kNone;
    }
    const char c = buffer_[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i;
    }
  }
}

absl::StatusOr<bool> XmlElements::Next(absl::string_view* element) {
  while (true) {
    buffer_.erase(0, position_);
    position_ = 0;
    ASSIGN_OR_RETURN(const size_t start, Find("<", 0));
    if (start == kNone) return false;
    position_ = start;
    if (absl::StartsWith(absl::string_view(buffer_).substr(start), "<!--")) {
      ASSIGN_OR_RETURN(const size_t end, Find("-->", start));
      if (end == kNone) return CutOff();
      position_ = end + 3;
      continue;
    }
    ASSIGN_OR_RETURN(const size_t tag_end, TagEnd(start + 1));
    if (tag_end == kNone) return CutOff();
    const absl::string_view tag =
        absl::string_view(buffer_).substr(start + 1, tag_end - start - 1);
    const std::string name(tag.substr(0, tag.find_first_of(" \t\r\n/")));
    const size_t colon = name.find(':');
    position_ = tag_end + 1;
    if (name.substr(colon == kNone ? 0 : colon + 1) != local_name_) continue;
    size_t end = tag_end;
    if (!absl::EndsWith(tag, "/")) {
      position_ = start;
      const std::string closing = absl::StrCat("</", name);
      ASSIGN_OR_RETURN(const size_t close, Find(closing, tag_end));
      if (close == kNone) return CutOff();
      ASSIGN_OR_RETURN(end, Find(">", close));
      if (end == kNone) return CutOff();
    }
    *element = absl::string_view(buffer_).substr(start, end - start + 1);
    position_ = end + 1;
    return true;
  }
}

}  // namespace comity
