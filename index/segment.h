// A Xapian database with its columns, while it is written.

#ifndef COMITY_INDEX_SEGMENT_H_
#define COMITY_INDEX_SEGMENT_H_

#include <xapian.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/analyzer.h"
#include "index/columns.h"
#include "index/documents.h"

namespace comity::index {

struct SegmentOptions {
  // Documents that Xapian gathers before it writes them: small is fast.
  int flush_documents = 2000;
  // False: a crash of the machine may damage it; a crash of the process may
  // not.
  bool sync = true;
  // It was made before: a new one is damage.
  bool must_exist = false;
};

// Documents, rows and the last sequence applied become durable and visible in
// one Xapian commit. Used by one thread. After a failure, which may leave half
// a record behind, it takes nothing more: open it again, which shows what was
// committed last.
//
// In its folder: `xapian/`, and `columns-{commit}`, the rows as of a commit.
// The commits since then have what changed in the metadata of the database.
class Segment {
 public:
  // Makes the folder if there is none. DataLoss if it is damaged,
  // FailedPrecondition if another process writes it or it is of another format.
  static absl::StatusOr<std::unique_ptr<Segment>> Open(
      const std::string& folder, const SegmentOptions& options);

  // Replaces all documents of the record; those that stay the same are not
  // touched.
  absl::Status Put(const LawInput& input);
  absl::Status Put(const OfficeInput& input);
  // Takes all documents of a law or authority away.
  absl::Status Delete(absl::string_view record);

  // Makes what was put and deleted durable and visible, together with
  // `sequence`, the last that it reflects.
  absl::Status Commit(uint64_t sequence);

  // As of the last commit.
  uint64_t sequence() const { return sequence_; }
  uint64_t commit() const { return commit_; }
  // Documents written since.
  int pending() const { return pending_; }
  const Columns& columns() const { return columns_.columns(); }
  std::shared_ptr<const Columns> Snapshot() { return columns_.Snapshot(); }
  static std::string DatabaseOf(const std::string& folder);

  // Commit number of a database that a reader has open.
  static uint64_t CommitOf(const Xapian::Database& database);

  // Makes a segment in `folder`, which must not exist, of several that nobody
  // writes; it reflects `sequence`.
  static absl::Status Join(const std::vector<std::string>& folders,
                           uint64_t sequence, const std::string& folder);

 private:
  using Documents = absl::flat_hash_set<Xapian::docid>;

  Segment(std::string folder, const SegmentOptions& options)
      : folder_(std::move(folder)), options_(options) {}

  absl::Status Load();
  absl::Status Begin();
  absl::Status ReadDeltas();
  absl::Status SaveColumns(uint64_t commit);
  Documents DocumentsOf(absl::string_view record);
  absl::Status Write(const DocumentMaker::Made& made, bool is_new,
                     Documents* old);
  absl::Status Remove(const Documents& documents);
  // Remembers a failure.
  absl::Status Keep(absl::Status status);

  const std::string folder_;
  const SegmentOptions options_;
  Xapian::WritableDatabase database_;
  std::unique_ptr<Analyzer> analyzer_;
  ColumnsWriter columns_;
  uint64_t sequence_ = 0;
  uint64_t commit_ = 0;
  bool in_transaction_ = false;
  int pending_ = 0;
  size_t delta_bytes_ = 0;
  absl::Status failure_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_SEGMENT_H_
