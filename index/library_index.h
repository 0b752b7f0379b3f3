// The search index on disk: generations, one of which serves, and what reads
// and writes them.
//
//   index/CURRENT              number of the generation that serves
//   index/{generation}/main/   a segment
//   index/{generation}/shard-{i}/   while a generation is built
//   index/watch/               segments of index/match_watch.h
//
// The index is derived. What is missing, damaged or of another format is an
// empty index that reflects sequence 0, and whoever follows the change log
// fills it again.

#ifndef COMITY_INDEX_LIBRARY_INDEX_H_
#define COMITY_INDEX_LIBRARY_INDEX_H_

#include <xapian.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "index/analyzer.h"
#include "index/columns.h"
#include "index/documents.h"
#include "index/segment.h"

namespace comity::index {

struct IndexOptions {
  // Documents that a writer gathers before Xapian writes them: hardly slower
  // than thousands, in a fraction of the memory.
  int flush_documents = 500;
  // Of a build: one thread each.
  int shards = 2;
  // Documents of a shard between its commits, after which a build that was
  // stopped goes on.
  int build_commit_documents = 20000;
};

// What searches see, as of one commit. Shared by the threads that search while
// the next one is published.
struct View {
  uint64_t generation = 0;
  uint64_t commit = 0;
  uint64_t sequence = 0;
  std::string database;
  std::shared_ptr<const Columns> columns;
};

// Of one thread at a time: Xapian's databases and the analyzer are not
// thread-safe.
struct Reader {
  Xapian::Database database;
  // That of the database.
  std::shared_ptr<const View> view;
  std::unique_ptr<Analyzer> analyzer;
};

// A generation while it is built, by as many threads as it has shards. One
// thread calls.
class Build {
 public:
  ~Build();

  // The changes up to here are in it: go on with the next.
  uint64_t sequence() const;

  // `input` goes to the shard of its record. Waits while that shard is behind.
  // The status is that of what was put before.
  absl::Status Put(LawInput input);
  absl::Status Put(OfficeInput input);
  absl::Status Delete(absl::string_view record);
  // All changes up to `sequence` were put.
  absl::Status Mark(uint64_t sequence);

 private:
  friend class LibraryIndex;
  struct Reached {
    uint64_t sequence;
  };
  using Item = std::variant<LawInput, OfficeInput, std::string, Reached>;
  struct Shard;

  Build(std::string folder, const IndexOptions& options);
  absl::Status Open();
  absl::Status Push(absl::string_view record, Item item);
  absl::Status PushTo(Shard* shard, Item item);
  void Run(Shard* shard);
  absl::Status Apply(Shard* shard, const Item& item);
  // Commits everything and closes the shards.
  absl::Status Close();

  const std::string folder_;
  const IndexOptions options_;
  std::vector<std::unique_ptr<Shard>> shards_;
  uint64_t sequence_ = 0;
};

// Thread-safe, but Put, Delete, Commit and builds are for one thread at a time.
class LibraryIndex {
 public:
  // Makes the folder if there is none. A damaged index is replaced by an empty
  // one; `damage` says so. FailedPrecondition if another process writes it.
  static absl::StatusOr<std::unique_ptr<LibraryIndex>> Open(
      const std::string& folder, const IndexOptions& options);
  ~LibraryIndex();

  // The sequence that searches reflect now.
  uint64_t sequence() const;
  // False if it did not get that far until the deadline.
  bool WaitFor(uint64_t sequence, absl::Time deadline) const;

  // Why the index must be built again, or was found to be empty when it was
  // opened; OK if nothing was wrong. What a search met counts too.
  absl::Status damage() const;
  // Reads the whole index on disk. DataLoss if something is wrong, which
  // `damage` then says; Unavailable if it changes all the time.
  absl::Status Verify();
  // The same for a folder that nobody writes. NotFound if there is none.
  static absl::Status VerifyFolder(const std::string& folder);

  // Of the generation that serves; visible with the commit.
  absl::Status Put(const LawInput& input);
  absl::Status Put(const OfficeInput& input);
  absl::Status Delete(absl::string_view record);
  absl::Status Commit(uint64_t sequence);

  // Begins or resumes the next generation. The one that serves may be written
  // meanwhile.
  absl::StatusOr<std::unique_ptr<Build>> BeginBuild();
  // Drops what there is of the next generation.
  void DropBuild();
  // Joins the shards and serves the new generation from now on; the old one is
  // removed.
  absl::Status Serve(std::unique_ptr<Build> build);

  // Runs `search` with a reader of the newest commit, once more if the index
  // changed under it. Any number of threads.
  absl::Status Read(absl::FunctionRef<absl::Status(Reader&)> search) const;

  std::shared_ptr<const View> view() const;
  int64_t BytesOnDisk() const;
  const std::string& folder() const { return folder_; }

 private:
  LibraryIndex(std::string folder, const IndexOptions& options);

  std::string GenerationFolder(uint64_t generation) const;
  absl::Status Load();
  absl::Status OpenGeneration(uint64_t generation, bool must_exist);
  absl::Status SetCurrent(uint64_t generation) const;
  void RemoveOthers() const;
  void Publish();
  std::unique_ptr<Reader> TakeReader() const;
  absl::Status Refresh(Reader* reader, bool reopen) const;
  void Report(absl::Status damage) const;

  const std::string folder_;
  const IndexOptions options_;
  std::unique_ptr<Segment> segment_;
  uint64_t generation_ = 0;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const View> view_ ABSL_GUARDED_BY(mutex_);
  mutable absl::Status damage_ ABSL_GUARDED_BY(mutex_);
  mutable std::vector<std::unique_ptr<Reader>> readers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace comity::index

#endif  // COMITY_INDEX_LIBRARY_INDEX_H_
