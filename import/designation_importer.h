// Rows of designations to records: which office is meant, which designation,
// and what they are called.

#ifndef COMITY_IMPORT_DESIGNATION_IMPORTER_H_
#define COMITY_IMPORT_DESIGNATION_IMPORTER_H_

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/import_service.pb.h"
#include "import/merge.h"
#include "import/result_queue.h"
#include "import/understand.h"
#include "store/store.h"

namespace comity {

// Matches the rows of one file, in order, and puts what they say into the
// store. Offices are matched by (source system, source's id), then by exact
// (State, folded name, folded unit), else made; near matches are told, never
// taken. Not thread-safe.
//
// An office is kept in memory while rows speak of it, and then written and told
// of once. One that is spoken of again after so many others that it was written
// meanwhile is told of again if that changes it.
class DesignationImporter {
 public:
  struct Options {
    // Offices kept in memory, and their bytes with those of the results that
    // wait for them.
    size_t offices_max = 4096;
    size_t bytes_max = 32 << 20;
    // Nobody wants to know more than how many records were added and changed.
    bool summary_only = false;
  };

  // `store`, `staging` and what `tell` is bound to must outlive this.
  DesignationImporter(const Store* store, Staging* staging,
                      const Options& options, ResultQueue::Tell tell)
      : store_(store),
        staging_(staging),
        options_(options),
        tell_(tell),
        results_(tell) {}

  // Puts one row, and takes what it needs out of it: all of it, or, if false,
  // nothing, and the result says why.
  absl::StatusOr<bool> Put(UnderstoodDesignation* row);

  // Tells what became of a row that is not put, in its place.
  void Tell(v1::ImportResult result);

  // Writes and tells of what is still in memory. To be called after the last
  // row.
  absl::Status Finish();

 private:
  // An office in memory.
  struct Office {
    // As the store has it; without a name if it is new.
    v1::Authority before;
    // With what rows said of it.
    v1::Authority now;
    // At least the bytes, and the items of any list, of `now`.
    size_t bytes = 0;
    int items = 0;
    // All of `now` was checked: what is added needs to be checked alone.
    bool checked = false;
    // A row spoke of it since it came into memory.
    bool spoken_of = false;
    // Its first row in the file was among them.
    bool first = false;
    // Place in the change log of a new one.
    uint64_t sequence = 0;
    uint64_t result_place = 0;
    v1::ImportResult result;
    // Keys under which it is found here.
    std::vector<std::string> names;
    size_t memory = 0;
  };
  using Offices = std::list<Office>;

  // Designations alike in State, authority, treaty, article and function.
  struct Alike {
    int32_t count = 0;
    // Those that a row may mean without their id: what the store had before,
    // and rows without ids.
    std::vector<std::string> names;
  };
  // What is known of an office, also when it is no longer in memory.
  struct Known {
    // A row of this file spoke of it.
    bool spoken_of = false;
    bool made_here = false;
    bool designations_known = false;
  };
  // The next of the names that have one beginning.
  struct Numbered {
    int next = 1;
    // The store had names that begin so.
    bool known = true;
  };
  // The folded name of an office, and how often it has which bytes.
  struct NearName {
    std::string folded;
    std::array<uint8_t, 32> letters;
  };

  // A row on its way: what it would do, of which nothing is done yet.
  struct Draft {
    UnderstoodDesignation* row = nullptr;
    // Name of the office; empty: the row names none.
    std::string authority;
    // Where it is in memory; null: it is new, or there is none.
    Office* office = nullptr;
    // The office as it would be, where it had to be seen whole.
    bool is_merged = false;
    v1::Authority merged;
    std::vector<MergeNotice> notices;
    // What the name of a new one is near to.
    std::vector<std::string> near_names;
    // The designation in the store; without a name if it is new.
    v1::Designation before;
    uint64_t alike = 0;
    Numbered* number = nullptr;
  };

  absl::StatusOr<bool> Knew(const std::string& system);
  absl::StatusOr<std::string> FindAuthority(const UnderstoodDesignation& row);
  absl::StatusOr<Office*> Load(const std::string& name);
  absl::Status FindNearNames(const UnderstoodDesignation& row, Draft* draft);
  absl::StatusOr<std::string> FreeAuthorityName(
      const UnderstoodDesignation& row);
  // Which office is meant, and what is wrong with what the row says of it.
  absl::Status DraftAuthority(Draft* draft, v1::ImportResult* result);
  void CheckAuthority(Draft* draft, v1::ImportResult* result);
  void TakeAuthority(Draft* draft);
  void MakeOffice(Draft* draft);
  // Makes an office found by its names, or no longer.
  void Name(Office* office);
  void Unname(const Office& office);

  absl::Status KnowDesignationsOf(absl::string_view state,
                                  const std::string& authority);
  absl::Status KnowDesignationsWithoutOffice(absl::string_view state);
  absl::StatusOr<std::string> FindDesignation(const Draft& draft);
  absl::StatusOr<std::string> FreeDesignationName(
      const UnderstoodDesignation& row, Numbered** number);
  // The same for the designation, which then is in the row as it would be.
  absl::Status DraftDesignation(Draft* draft, v1::ImportResult* result);
  absl::Status TakeDesignation(Draft* draft, v1::ImportResult result);

  // Writes and tells of an office, which then leaves memory.
  absl::Status Settle(Offices::iterator at);
  absl::Status MakeRoom();

  const Store* const store_;
  Staging* const staging_;
  const Options options_;
  const ResultQueue::Tell tell_;
  ResultQueue results_;
  // The one that was spoken of last comes first.
  Offices offices_;
  absl::flat_hash_map<std::string, Offices::iterator> by_record_;
  // Names of the records in memory by lookup (keys::AuthorityByName).
  absl::flat_hash_map<std::string, std::string> by_name_;
  size_t memory_ = 0;
  // By name; a State stands for its designations without an office.
  absl::flat_hash_map<std::string, Known> known_;
  absl::flat_hash_map<std::string, bool> knew_;
  // Values do not move.
  absl::node_hash_map<std::string, Numbered> numbered_;
  // By digest of what makes them alike.
  absl::flat_hash_map<uint64_t, Alike> alike_;
  // The offices of a State, for near matches.
  absl::flat_hash_map<std::string, std::vector<NearName>> near_names_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_DESIGNATION_IMPORTER_H_
