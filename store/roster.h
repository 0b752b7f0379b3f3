// The roster: who is designated for what, in memory, for the current state of
// the store. It holds what choosing and ordering need, forty bytes or so a
// designation; the records stay in RocksDB.

#ifndef COMITY_STORE_ROSTER_H_
#define COMITY_STORE_ROSTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "comity/v1/designation.pb.h"

namespace comity {

// One end of a validity, compact: a day number (base/dates.h), or one of the
// two sentinels.
inline constexpr int32_t kDayUnknown = INT32_MIN;
inline constexpr int32_t kDayOpen = INT32_MAX;

// One designation as the roster tells of it.
struct RosterRow {
  // Name and newest version of the designation.
  std::string name;
  uint64_t sequence = 0;
  // Name and newest version of its authority; empty and 0 if it names none.
  std::string authority;
  uint64_t authority_sequence = 0;
  // Slug.
  std::string treaty;
  std::string article;
  // kDayUnknown or kDayOpen for a bound that is no day. An open start and an
  // unknown one both hold on any day.
  int32_t from = kDayUnknown;
  int32_t until = kDayUnknown;
  // Where the roster has the two names, for Roster::Name.
  uint32_t id_at = 0;
  uint16_t id_size = 0;
  uint32_t authority_number = 0;
};

// The row that a designation makes; `authority_sequence` stays 0.
RosterRow RowOf(const v1::Designation& designation, uint64_t sequence);

// True if the designation holds on the day with this number: from its start, if
// that is a day, until before its end, if that is a day.
bool HoldsOn(int32_t from, int32_t until, int32_t day);

// The order in which designations are told: known start first, latest start
// first, then by name.
bool RanksBefore(const RosterRow& a, const RosterRow& b);

class PackedUpdates;

// Thread-safe.
class Roster {
 public:
  Roster();
  ~Roster();

  // One change to the roster, in the order of publication.
  struct Update {
    uint64_t sequence = 0;
    // Sequence of the version that it replaces; 0: there was none, or it was a
    // deletion.
    uint64_t previous_sequence = 0;
    // Name of an authority or a designation.
    std::string name;
    // A designation: its row; null: the record was deleted, or is an authority.
    std::unique_ptr<RosterRow> row;
    // Function of `row`, slug.
    std::string function;
    bool deleted = false;
  };
  // `sequence` is the newest published one, whatever it changed.
  void Apply(std::vector<Update> updates, uint64_t sequence);
  // The same; readers see all of them at once.
  void ApplyPacked(const PackedUpdates& updates, uint64_t sequence);

  // The designations of a State (code) for a function (slug) in rank order, at
  // most `limit`, that hold on `day`, under `treaty` (slug; empty: any).
  struct Found {
    std::vector<RosterRow> rows;
    // How many there are without the limit.
    size_t total = 0;
    // How many designations are on record whatever the day, by treaty slug.
    std::vector<std::pair<std::string, int>> on_record;
    // The newest published sequence that this reflects.
    uint64_t sequence = 0;
  };
  // Rows have their names only if `named`: finding them takes as long as the
  // rest.
  Found Find(absl::string_view state, absl::string_view function, int32_t day,
             absl::string_view treaty, size_t limit, bool named = true) const;
  // Gives its names to a row that Find found in this State.
  void Name(absl::string_view state, RosterRow* row) const;

  // The newest version of the authority of this name; 0: there is none.
  uint64_t AuthoritySequence(absl::string_view name) const;

  // Live records.
  size_t designations() const;
  size_t authorities() const;

 private:
  struct Table;
  mutable absl::Mutex mutex_;
  std::unique_ptr<Table> table_ ABSL_GUARDED_BY(mutex_);
};

// Updates in few large pieces of memory, a fifth of what they take one by one:
// an import has hundreds of thousands.
class PackedUpdates {
 public:
  void Add(const Roster::Update& update);
  // In the order in which they were added.
  void ForEach(absl::FunctionRef<void(const Roster::Update&)> visit) const;

 private:
  std::vector<std::string> pieces_;
};

}  // namespace comity

#endif  // COMITY_STORE_ROSTER_H_
