#include "tests/bench/floor.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/options_util.h"
#include "rocksdb/write_batch.h"
#include "store/keys.h"
#include "store/rocks_status.h"
#include "store/store.h"

namespace comity::bench {
namespace {

constexpr size_t kRecordsPerBatch = 1000;

struct Pair {
  uint64_t sequence = 0;
  std::string key;
  std::string value;
};

// The record that a lookup belongs to, by the table in store/keys.h.
std::string NameOfLookup(absl::string_view key, absl::string_view value) {
  if (!value.empty()) return std::string(value);
  const std::vector<absl::string_view> parts = keys::Components(key, 2);
  switch (key[1]) {
    case 'a':
      return names::Designation(parts[0], parts[2]);
    case 'f':
      return names::Designation(parts[1], parts[2]);
    case 't':
      return names::Designation(parts[2], parts[3]);
    default:
      return names::Participation(parts[1], parts[0]);
  }
}

// Gives lookups and pointers the sequence of their record.
void Number(std::vector<Pair>* pairs) {
  absl::flat_hash_map<std::string, uint64_t> newest;
  for (Pair& pair : *pairs) {
    if (pair.key[0] == 'V') {
      pair.sequence = keys::SequenceOf(pair.key);
      newest[keys::NameOf(pair.key)] = pair.sequence;
    } else if (pair.key[0] == 'C' || pair.key[0] == 'P') {
      pair.sequence = keys::SequenceOf(pair.key);
    } else if (pair.key[0] == 'N') {
      pair.sequence = keys::Number(pair.value);
    }
  }
  for (Pair& pair : *pairs) {
    if (pair.key[0] != 'L') continue;
    const auto at = newest.find(NameOfLookup(pair.key, pair.value));
    if (at != newest.end()) pair.sequence = at->second;
  }
}

absl::StatusOr<std::vector<Pair>> ReadPairs(const std::string& folder) {
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocks(
      rocksdb::DB::OpenForReadOnly(rocksdb::Options(), folder, &opened)));
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::Iterator> iterator(
      db->NewIterator(rocksdb::ReadOptions()));
  std::vector<Pair> pairs;
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    pairs.push_back(
        {0, iterator->key().ToString(), iterator->value().ToString()});
  }
  RETURN_IF_ERROR(FromRocks(iterator->status()));
  return pairs;
}

}  // namespace

absl::StatusOr<StoredBytes> ReadStored(const std::string& folder) {
  ASSIGN_OR_RETURN(std::vector<Pair> pairs, ReadPairs(folder));
  Number(&pairs);
  std::stable_sort(
      pairs.begin(), pairs.end(),
      [](const Pair& a, const Pair& b) { return a.sequence < b.sequence; });
  StoredBytes stored;
  rocksdb::WriteBatch batch;
  uint64_t batch_number = 0;
  for (const Pair& pair : pairs) {
    const uint64_t number = pair.sequence / kRecordsPerBatch;
    if (number != batch_number && batch.Count() > 0) {
      stored.batches.push_back(batch.Data());
      batch.Clear();
    }
    batch_number = number;
    batch.Put(pair.key, pair.value);
    ++stored.keys;
    stored.bytes += static_cast<int64_t>(pair.key.size() + pair.value.size());
  }
  stored.batches.push_back(batch.Data());
  return stored;
}

absl::StatusOr<double> WriteFloor(const StoredBytes& stored,
                                  const std::string& like,
                                  const std::string& folder) {
  rocksdb::DBOptions options;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  // Options on disk have all but the cache, which the store sizes.
  std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(StoreOptions().block_cache_bytes);
  RETURN_IF_ERROR(FromRocks(rocksdb::LoadLatestOptions(
      rocksdb::ConfigOptions(), like, &options, &families, &cache)));
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(
      rocksdb::Options(options, families[0].options), folder, &opened)));
  const std::unique_ptr<rocksdb::DB> db(opened);
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& bytes : stored.batches) {
    rocksdb::WriteBatch batch(bytes);
    RETURN_IF_ERROR(FromRocks(db->Write(rocksdb::WriteOptions(), &batch)));
  }
  RETURN_IF_ERROR(FromRocks(db->SyncWAL()));
  const std::chrono::duration<double> time =
      std::chrono::steady_clock::now() - start;
  return time.count();
}

}  // namespace comity::bench
