#include "store/version_cache.h"

#include <cstring>
#include <utility>

#include "absl/container/inlined_vector.h"

namespace comity {
namespace {

constexpr size_t kPieceBytes = 256 << 10;

// What finds one version: its entry in the table, at most half of which is
// empty, and its place in the list of its piece.
constexpr size_t kEntryBytes = 2 * 25 + 8;

// What the processor takes from memory at once.
constexpr size_t kLineBytes = 64;

}  // namespace

VersionCache::VersionCache(size_t bytes_max) : bytes_max_(bytes_max) {}

bool VersionCache::Visit(
    uint64_t sequence, absl::FunctionRef<void(absl::string_view)> visit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto at = places_.find(sequence);
  if (at == places_.end()) return false;
  visit(absl::string_view(at->second.bytes, at->second.size));
  return true;
}

bool VersionCache::VisitAll(
    absl::Span<const uint64_t> sequences,
    absl::FunctionRef<void(absl::Span<const absl::string_view>)> use) const {
  absl::InlinedVector<absl::string_view, 32> versions(sequences.size());
  const absl::ReaderMutexLock lock(&mutex_);
  // Most of the time goes into waiting for memory, so all is asked for before
  // the first of it is used.
  for (const uint64_t sequence : sequences) {
    if (sequence != 0) places_.prefetch(sequence);
  }
  for (size_t i = 0; i < sequences.size(); ++i) {
    if (sequences[i] == 0) continue;
    const auto at = places_.find(sequences[i]);
    if (at == places_.end()) return false;
    versions[i] = absl::string_view(at->second.bytes, at->second.size);
    for (size_t line = 0; line < versions[i].size(); line += kLineBytes) {
      __builtin_prefetch(versions[i].data() + line);
    }
  }
  use(versions);
  return true;
}

void VersionCache::Put(uint64_t sequence, absl::string_view version) {
  if (version.size() > kPieceBytes) return;
  const absl::MutexLock lock(&mutex_);
  const auto [at, added] = places_.try_emplace(sequence);
  if (!added) return;
  if (pieces_.empty() || pieces_.back().size + version.size() > kPieceBytes) {
    pieces_.push_back(
        {std::make_unique_for_overwrite<char[]>(kPieceBytes), 0, {}});
  }
  Piece& piece = pieces_.back();
  char* const bytes = piece.bytes.get() + piece.size;
  std::memcpy(bytes, version.data(), version.size());
  piece.size += version.size();
  piece.sequences.push_back(sequence);
  at->second = {bytes, static_cast<uint32_t>(version.size())};
  while (!pieces_.empty() && BytesHeld() > bytes_max_) {
    for (const uint64_t each : pieces_.front().sequences) places_.erase(each);
    pieces_.pop_front();
  }
}

size_t VersionCache::bytes() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return BytesHeld();
}

size_t VersionCache::BytesHeld() const {
  return pieces_.size() * kPieceBytes + places_.size() * kEntryBytes;
}

}  // namespace comity
