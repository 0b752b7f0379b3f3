#include "index/indexer.h"

#include <xxhash.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "comity/v1/concept.pb.h"
#include "store/records.h"

namespace comity::index {
namespace {

// Changes of one commit: some laws with all their texts.
constexpr size_t kWindowMax = 500;

}  // namespace

Indexer::Indexer(Store* store, LibraryIndex* index, IndexerOptions options)
    : store_(store), index_(index), options_(std::move(options)) {}

Indexer::~Indexer() {
  if (!thread_.joinable()) return;
  store_->StopListening(listener_);
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Indexer::Start() {
  listener_ = store_->Listen([this] {
    const absl::MutexLock lock(&mutex_);
    due_ = true;
  });
  thread_ = std::thread([this] { Run(); });
}

bool Indexer::stopping() const {
  const absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Indexer::Report(const std::string& what) const {
  if (options_.report) options_.report(what);
}

void Indexer::Run() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      const auto is_due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return due_ || stopping_;
      };
      // Now and then by itself: damage is found by those who search.
      mutex_.AwaitWithTimeout(absl::Condition(&is_due), absl::Seconds(1));
      if (stopping_) return;
      due_ = false;
    }
    const absl::Status status = CatchUp();
    if (status.ok()) TellChanged();
    if (status.ok() || stopping()) {
      absl::SleepFor(options_.gather);
      continue;
    }
    Report(absl::StrCat("search index: ", status.message()));
    const absl::MutexLock lock(&mutex_);
    due_ = true;
    const auto is_stopping = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&is_stopping), options_.retry);
  }
}

void Indexer::TellChanged() {
  const uint64_t sequence = index_->sequence();
  const absl::Time now = absl::Now();
  if (!options_.changed || sequence == told_sequence_ ||
      now - told_at_ < options_.changed_at_most_every) {
    return;
  }
  options_.changed();
  told_sequence_ = sequence;
  told_at_ = now;
}

void Indexer::Rebuild() {
  const absl::MutexLock lock(&mutex_);
  rebuild_ = !progress_.building;
  due_ = true;
}

Indexer::Progress Indexer::progress() const {
  const absl::MutexLock lock(&mutex_);
  return progress_;
}

absl::Status Indexer::CatchUp() {
  if (!concepts_loaded_) RETURN_IF_ERROR(LoadConcepts());
  bool rebuild = false;
  {
    const absl::MutexLock lock(&mutex_);
    rebuild = std::exchange(rebuild_, false);
  }
  const absl::Status damage = index_->damage();
  if (!damage.ok()) {
    Report(absl::StrCat(damage.message(), "; it is built anew"));
  }
  if (!damage.ok() || rebuild) return BuildAnew();
  const uint64_t published = store_->published();
  const uint64_t done = index_->sequence();
  // Of another store, or of one that was put back.
  if (done > published) return BuildAnew();
  if (done == 0 && published > 0) {
    Report("search index: there is none; it is built");
  }
  return Follow();
}

absl::Status Indexer::Apply(const ChangedRecords& window) {
  // As of then, so that the index is exactly what it says that it reflects.
  InputReader reader(store_, window.last);
  for (const auto* laws : {&window.laws, &window.laws_of_states}) {
    for (const std::string& law : *laws) {
      const auto input = reader.Law(law);
      if (absl::IsNotFound(input.status())) {
        RETURN_IF_ERROR(index_->Delete(law));
        continue;
      }
      RETURN_IF_ERROR(input.status());
      RETURN_IF_ERROR(index_->Put(*input));
    }
  }
  for (const std::string& office : window.offices) {
    const auto input = reader.Office(office);
    if (absl::IsNotFound(input.status())) {
      RETURN_IF_ERROR(index_->Delete(office));
      continue;
    }
    RETURN_IF_ERROR(input.status());
    RETURN_IF_ERROR(index_->Put(*input));
  }
  RETURN_IF_ERROR(index_->Commit(window.last));
  return window.concepts ? LoadConcepts() : absl::OkStatus();
}

bool Indexer::FarBehind() const {
  const uint64_t published = store_->published();
  const uint64_t behind = published - index_->sequence();
  return behind >= options_.build_changes_min && behind * 2 >= published;
}

absl::Status Indexer::Follow() {
  while (index_->sequence() < store_->published() && !stopping()) {
    // A large import may have begun meanwhile.
    if (FarBehind()) return BuildAnew();
    ASSIGN_OR_RETURN(
        const ChangedRecords window,
        ReadChangedRecords(*store_, index_->sequence(), kWindowMax));
    // Sequences without changes are no reason to go round for ever.
    if (window.last == index_->sequence()) return absl::OkStatus();
    RETURN_IF_ERROR(Apply(window));
  }
  return absl::OkStatus();
}

absl::Status Indexer::BuildAnew() {
  const auto set_progress = [this](const Progress& progress) {
    const absl::MutexLock lock(&mutex_);
    progress_ = progress;
  };
  set_progress({.building = true});
  const absl::Cleanup done = [&] { set_progress({}); };
  Report("search index: a new generation is built");
  ASSIGN_OR_RETURN(std::unique_ptr<Build> build, index_->BeginBuild());
  if (build->sequence() > store_->published()) {
    build.reset();
    index_->DropBuild();
    ASSIGN_OR_RETURN(build, index_->BeginBuild());
  }
  // Records are read as they are now, so later changes up to then are in.
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint64_t> put;
  // Of a million records, the names would take a hundred megabytes.
  const auto key = [](const std::string& name) {
    const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
    return std::make_pair(hash.high64, hash.low64);
  };
  const auto is_in = [&put, &key](const std::string& name, uint64_t last) {
    const auto at = put.find(key(name));
    return at != put.end() && at->second >= last;
  };
  while (build->sequence() < store_->published()) {
    if (stopping()) return absl::CancelledError("search index: stopped");
    ASSIGN_OR_RETURN(
        const ChangedRecords window,
        ReadChangedRecords(*store_, build->sequence(), kWindowMax));
    if (window.last == build->sequence()) break;
    const uint64_t now = store_->published();
    InputReader reader(store_, kNow);
    std::set<std::string> laws = window.laws;
    laws.insert(window.laws_of_states.begin(), window.laws_of_states.end());
    for (const std::string& law : laws) {
      if (is_in(law, window.last)) continue;
      put[key(law)] = now;
      auto input = reader.Law(law);
      if (absl::IsNotFound(input.status())) {
        RETURN_IF_ERROR(build->Delete(law));
        continue;
      }
      RETURN_IF_ERROR(input.status());
      RETURN_IF_ERROR(build->Put(*std::move(input)));
    }
    for (const std::string& office : window.offices) {
      if (is_in(office, window.last)) continue;
      put[key(office)] = now;
      auto input = reader.Office(office);
      if (absl::IsNotFound(input.status())) {
        RETURN_IF_ERROR(build->Delete(office));
        continue;
      }
      RETURN_IF_ERROR(input.status());
      RETURN_IF_ERROR(build->Put(*std::move(input)));
    }
    RETURN_IF_ERROR(build->Mark(window.last));
    set_progress({.building = true, .sequence = window.last});
  }
  RETURN_IF_ERROR(index_->Serve(std::move(build)));
  RETURN_IF_ERROR(LoadConcepts());
  Report("search index: the new generation serves");
  return Follow();
}

absl::Status Indexer::LoadConcepts() {
  if (!options_.set_concepts) return absl::OkStatus();
  std::vector<v1::Concept> concepts;
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kConcept, "", "", kNow, [&](const Store::Item& item) {
        v1::Concept record;
        status = ParseVersion(item.version, &record);
        concepts.push_back(std::move(record));
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer,
                   Analyzer::Create());
  options_.set_concepts(
      std::make_shared<const Concepts>(concepts, analyzer.get()));
  concepts_loaded_ = true;
  return absl::OkStatus();
}

}  // namespace comity::index
