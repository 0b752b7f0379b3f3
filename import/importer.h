// Imports: from the bytes of a file to published records.
//
// A file is staged while it is read, in bounded memory, where readers do not
// see it, and published at its end by one synced batch; a dry run does all that
// and is then swept away. Other writers wait meanwhile, so the bytes must be at
// hand: never a network stream.

#ifndef COMITY_IMPORT_IMPORTER_H_
#define COMITY_IMPORT_IMPORTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "comity/v1/import_service.pb.h"
#include "import/byte_source.h"
#include "store/store.h"

namespace comity {

// Hears of an import while it runs, on the thread that runs it.
class ImportListener {
 public:
  virtual ~ImportListener() = default;
  // What became of one record.
  virtual void OnResult(v1::ImportResult result) = 0;
  // Called now and then. False ends the import, which then writes nothing.
  virtual bool OnProgress(int64_t bytes_read, int64_t records_read) = 0;
};

// Imports one file. `job` comes with options, digest and size of the file, and
// is returned with state, counts and what Staging::Publish fills in. A file
// with rejected records is no error. InvalidArgument if the file cannot be read
// at all; Cancelled if the listener ended it; Unavailable if another writer
// held on until `deadline`.
absl::StatusOr<v1::ImportJob> ImportFile(Store* store, v1::ImportJob job,
                                         ByteSource* bytes,
                                         ImportListener* listener,
                                         absl::Time deadline);

// Imports files of records (JSON Lines) as one: all of them or none.
// InvalidArgument with file, line, field, value and rule of the first rejected
// record.
absl::StatusOr<v1::ImportJob> ImportFiles(Store* store,
                                          const std::vector<std::string>& paths,
                                          const std::string& actor);

// Takes back an import (ImportService.UndoImport).
absl::StatusOr<v1::ImportJob> UndoImport(Store* store, absl::string_view name,
                                         const std::string& actor,
                                         bool validate_only,
                                         absl::Time deadline);

}  // namespace comity

#endif  // COMITY_IMPORT_IMPORTER_H_
