// The pages' files, in memory.

#ifndef COMITY_SERVICES_WEB_FILES_H_
#define COMITY_SERVICES_WEB_FILES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity {

struct WebFile {
  std::string media_type;
  std::string bytes;
  // The same packed, where such a file lies beside it; else empty.
  std::string gzip;
  std::string brotli;
  // Strong validator (RFC 9110, section 8.8.3), in quotes.
  std::string etag;
  // Its name tells its content: it may be kept for ever.
  bool immutable = false;
};

// Immutable.
class WebFiles {
 public:
  // Reads all files of the folder and those below. InvalidArgument if it cannot
  // be read or has too much.
  static absl::StatusOr<WebFiles> Read(const std::string& folder);

  // The file at the path of an address, `/assets/app.js`; for a path that names
  // no file, the page that shows whatever its address says; null: there is
  // none.
  const WebFile* Find(absl::string_view path) const;

 private:
  absl::flat_hash_map<std::string, WebFile> files_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_WEB_FILES_H_
