// One file of a zip archive, read from its start to its end, and the elements
// of an XML file, one by one.

#ifndef COMITY_IMPORT_ZIP_PART_H_
#define COMITY_IMPORT_ZIP_PART_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct archive;

namespace comity {

// Not thread-safe; one part of a file descriptor at a time.
class ZipPart {
 public:
  // Finds `name` in the archive `fd`. `unpacked_left` is what may still be
  // unpacked of the archive, and must outlive the part. NotFound if there is
  // none; InvalidArgument if it is no archive.
  static absl::StatusOr<std::unique_ptr<ZipPart>> Open(int fd,
                                                       absl::string_view name,
                                                       int64_t* unpacked_left);
  ~ZipPart();

  // Appends some bytes to `text`; false at the end.
  absl::StatusOr<bool> Append(std::string* text);

  // The whole part. ResourceExhausted over `bytes_max`.
  absl::StatusOr<std::string> ReadAll(size_t bytes_max);

 private:
  ZipPart(archive* zip, int64_t* unpacked_left)
      : zip_(zip), unpacked_left_(unpacked_left) {}

  archive* const zip_;
  int64_t* const unpacked_left_;
};

// The elements of one name, with what is in them, in the order of the file.
// They must not contain each other.
class XmlElements {
 public:
  // `local_name` without a prefix of its namespace. An element of more than
  // `bytes_max` is ResourceExhausted.
  XmlElements(std::unique_ptr<ZipPart> part, std::string local_name,
              size_t bytes_max)
      : part_(std::move(part)),
        local_name_(std::move(local_name)),
        bytes_max_(bytes_max) {}

  // The next element from `<` to `>`, valid until the next call; false at the
  // end. InvalidArgument if the file ends within one.
  absl::StatusOr<bool> Next(absl::string_view* element);

 private:
  absl::StatusOr<bool> More();
  absl::StatusOr<size_t> Find(absl::string_view text, size_t from);
  absl::StatusOr<size_t> TagEnd(size_t from);

  const std::unique_ptr<ZipPart> part_;
  const std::string local_name_;
  const size_t bytes_max_;
  std::string buffer_;
  size_t position_ = 0;
  bool ended_ = false;
};

}  // namespace comity

#endif  // COMITY_IMPORT_ZIP_PART_H_
