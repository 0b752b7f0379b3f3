// What all services share, and what they know of a call.

#ifndef COMITY_SERVICES_CORE_H_
#define COMITY_SERVICES_CORE_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "base/clock.h"
#include "index/indexer.h"
#include "index/library_index.h"
#include "index/searcher.h"
#include "services/log.h"
#include "services/reference_view.h"
#include "services/worker_pool.h"
#include "store/store.h"

namespace comity {

// Everything outlives the services.
struct Core {
  Store* store = nullptr;
  const Clock* clock = nullptr;
  const Log* log = nullptr;
  ReferenceViews* references = nullptr;
  // Writes; lists, exports and whatever else computes for long; dumps and
  // verifications.
  WorkerPool* writes = nullptr;
  WorkerPool* reads = nullptr;
  WorkerPool* inspections = nullptr;
  // Null: there is no index, and searches are refused.
  const index::Searcher* searcher = nullptr;
  index::LibraryIndex* index = nullptr;
  index::Indexer* indexer = nullptr;
  // Searches compute.
  WorkerPool* searches = nullptr;
  // Where backups go; empty: nowhere.
  std::string backup_folder;
  // A client that sends or takes nothing for so long is taken for gone where a
  // thread waits for it, or another for its place.
  absl::Duration stall = absl::Minutes(1);
};

// A call as functions see it that know no gRPC.
struct Call {
  // By the machine's clock, which gRPC goes by, as is the deadline.
  absl::Time arrived = absl::InfiniteFuture();
  absl::Time deadline = absl::InfiniteFuture();
  // Who calls, for the change log.
  std::string actor;
  // True once the client is gone or its deadline has passed. Never empty.
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace comity

#endif  // COMITY_SERVICES_CORE_H_
