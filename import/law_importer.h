// Imports of laws: from the bytes of a file to published records, part by part.
//
// Unlike a file of designations, a library is too large to be staged whole, and
// its laws do not depend on each other. Laws are parsed on several threads and
// published in their order, some hundred at once; the job is written with every
// part, so that an import that was cut off is known, goes on where it stopped,
// and can be undone.

#ifndef COMITY_IMPORT_LAW_IMPORTER_H_
#define COMITY_IMPORT_LAW_IMPORTER_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "comity/v1/import_service.pb.h"
#include "import/byte_source.h"
#include "import/importer.h"
#include "store/store.h"

namespace comity {

struct LawImportOptions {
  // Threads that parse.
  int threads = 2;
  // A part ends with the law that makes it larger than this. Small in tests.
  size_t part_bytes = 8 << 20;
};

// As ImportFile, for jobs of the kind IMPORT_KIND_LAWS. A law that the store
// knows by its source (system and id) is changed, else it is added.
//
// Cancelled, or failed after its first part, it leaves the parts before.
absl::StatusOr<v1::ImportJob> ImportLaws(Store* store, v1::ImportJob job,
                                         ByteSource* bytes,
                                         ImportListener* listener,
                                         absl::Time deadline,
                                         const LawImportOptions& options = {});

}  // namespace comity

#endif  // COMITY_IMPORT_LAW_IMPORTER_H_
