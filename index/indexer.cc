#include "index/indexer.h"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "comity/v1/concept.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/state.pb.h"
#include "store/records.h"

namespace comity::index {
namespace {

// Changes of one commit: some laws with all their texts.
constexpr size_t kWindowMax = 500;

// `states/{s}/laws/{l}` of a name below it, or of itself.
std::string LawOf(absl::string_view name) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits('/', 4));
  constexpr size_t kParts = 4;
  if (parts.size() < kParts) return "";
  return absl::StrCat(parts[0], "/", parts[1], "/", parts[2], "/", parts[3]);
}

// How much a text says of a law: its own words most.
int RankOf(v1::Expression::Kind kind) {
  switch (kind) {
    case v1::Expression::KIND_ABSTRACT:
      return 1;
    case v1::Expression::KIND_TRANSLATION:
      return 2;
    default:
      return 3;
  }
}

// Day of a name, `undated` before all days.
absl::string_view DateOf(absl::string_view expression) {
  const absl::string_view date = expression.substr(expression.find('@') + 1);
  return date == "undated" ? absl::string_view() : date;
}

}  // namespace

// Records that a part of the log says something new of.
struct Indexer::Window {
  uint64_t last = 0;
  std::set<std::string> laws;
  std::set<std::string> offices;
  bool concepts = false;
};

struct Indexer::StateFacts {
  // What the designations of an office say; each once.
  struct Office {
    std::set<std::string> functions;
    std::set<std::string> articles;
  };
  std::string state;
  std::string region;
  std::vector<std::string> names;
  absl::flat_hash_map<std::string, Office> offices;
};

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
  const absl::Status damage = index_->damage();
  if (!damage.ok()) {
    Report(absl::StrCat(damage.message(), "; it is built anew"));
    return BuildAnew();
  }
  bool rebuild = false;
  {
    const absl::MutexLock lock(&mutex_);
    rebuild = std::exchange(rebuild_, false);
  }
  if (rebuild) return BuildAnew();
  const uint64_t published = store_->published();
  const uint64_t done = index_->sequence();
  // Of another store, or of one that was put back.
  if (done > published) return BuildAnew();
  if (done == 0 && published > 0) {
    Report("search index: there is none; it is built");
  }
  return Follow();
}

absl::Status Indexer::AddOffices(absl::string_view state,
                                 Window* window) const {
  return store_->ForEach(Kind::kAuthority, state, "", kNow,
                         [window](const Store::Item& item) {
                           window->offices.insert(item.name);
                           return true;
                         });
}

absl::Status Indexer::AddChange(const v1::Change& change,
                                Window* window) const {
  const std::string& name = change.resource();
  const auto parts = names::Parse(name, "resource");
  // Of a kind that this version does not know.
  if (!parts.ok()) return absl::OkStatus();
  switch (parts->kind) {
    case Kind::kLaw:
    case Kind::kExpression:
    case Kind::kMapping:
      window->laws.insert(LawOf(name));
      return absl::OkStatus();
    case Kind::kAuthority:
      window->offices.insert(name);
      return absl::OkStatus();
    case Kind::kDesignation: {
      // The office that it names, and the one that it named before.
      for (const uint64_t sequence :
           {change.sequence(), change.previous_sequence()}) {
        v1::Designation designation;
        if (sequence == 0 ||
            !store_->ReadVersion(name, sequence, &designation).ok() ||
            designation.authority().empty()) {
          continue;
        }
        window->offices.insert(designation.authority());
      }
      return absl::OkStatus();
    }
    case Kind::kConcept:
      window->concepts = true;
      return absl::OkStatus();
    case Kind::kFunction:
      return AddOffices("", window);
    case Kind::kState:
      RETURN_IF_ERROR(AddOffices(parts->first, window));
      return store_->ForEach(Kind::kLaw, parts->first, "", kNow,
                             [window](const Store::Item& item) {
                               window->laws.insert(item.name);
                               return true;
                             });
    default:
      return absl::OkStatus();
  }
}

absl::StatusOr<Indexer::Window> Indexer::ReadWindow(uint64_t after) const {
  Window window;
  window.last = after;
  std::vector<v1::Change> changes;
  RETURN_IF_ERROR(
      store_->ForEachChange(after + 1, [&changes](const v1::Change& change) {
        changes.push_back(change);
        return changes.size() < kWindowMax;
      }));
  for (const v1::Change& change : changes) {
    RETURN_IF_ERROR(AddChange(change, &window));
    window.last = change.sequence();
  }
  return window;
}

absl::Status Indexer::AddTexts(const std::string& under,
                               LawInput* input) const {
  // The newest of each language, by language.
  struct Best {
    v1::Expression expression;
    uint64_t sequence;
  };
  std::map<std::string, Best> best;
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kExpression, under, "", kNow, [&](const Store::Item& item) {
        v1::Expression expression;
        status = ParseVersion(item.version, &expression);
        if (!status.ok()) return false;
        Best& before = best[LanguageLabel(expression.language())];
        const auto key = [](const v1::Expression& of) {
          return std::make_pair(RankOf(of.kind()), DateOf(of.name()));
        };
        if (before.expression.name().empty() ||
            key(before.expression) <= key(expression)) {
          before = {std::move(expression), item.sequence};
        }
        return true;
      }));
  RETURN_IF_ERROR(status);
  for (const auto& [language, text] : best) {
    input->texts.push_back({text.expression.name(), text.sequence,
                            text.expression.language(),
                            text.expression.title()});
  }
  return absl::OkStatus();
}

absl::StatusOr<LawInput> Indexer::InputOf(const std::string& law) const {
  LawInput input;
  ASSIGN_OR_RETURN(input.law, store_->Get<v1::Law>(law));
  const std::vector<absl::string_view> parts = absl::StrSplit(law, '/');
  const auto state = store_->Get<v1::State>(names::State(parts[1]));
  if (state.ok()) input.region = state->region();
  const std::string under = absl::StrCat(parts[1], "/", parts[3]);
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kMapping, under, "", kNow, [&](const Store::Item& item) {
        v1::Mapping mapping;
        status = ParseVersion(item.version, &mapping);
        input.mappings.push_back(mapping);
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(AddTexts(under, &input));
  input.read = [store = store_](const TextInput& text, LawInput::Visit visit) {
    return store->ForEachProvision(text.expression, text.sequence, visit);
  };
  return input;
}

absl::Status Indexer::ReadFacts(const std::string& state,
                                StateFacts* facts) const {
  if (facts->state == state) return absl::OkStatus();
  *facts = StateFacts();
  const auto record = store_->Get<v1::State>(names::State(state));
  if (record.ok()) {
    facts->region = record->region();
    for (const v1::LocalizedText& name : record->short_names()) {
      facts->names.push_back(name.text());
    }
  }
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kDesignation, state, "", kNow, [&](const Store::Item& item) {
        v1::Designation designation;
        status = ParseVersion(item.version, &designation);
        StateFacts::Office& office = facts->offices[designation.authority()];
        office.functions.insert(designation.function());
        const std::string slug(names::LastOf(designation.treaty()));
        if (slug.empty()) return status.ok();
        office.articles.insert(slug);
        if (!designation.article().empty()) {
          office.articles.insert(
              absl::StrCat(slug, "/", designation.article()));
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  facts->state = state;
  return absl::OkStatus();
}

absl::StatusOr<OfficeInput> Indexer::OfficeInputOf(const std::string& name,
                                                   StateFacts* facts) const {
  OfficeInput input;
  ASSIGN_OR_RETURN(input.authority, store_->Get<v1::Authority>(name));
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  RETURN_IF_ERROR(ReadFacts(std::string(parts[1]), facts));
  input.region = facts->region;
  input.state_names = facts->names;
  const auto office = facts->offices.find(name);
  if (office == facts->offices.end()) return input;
  for (const std::string& function : office->second.functions) {
    const auto record = store_->Get<v1::Function>(function);
    if (!record.ok()) continue;
    for (const v1::LocalizedText& title : record->titles()) {
      input.function_names.push_back(title.text());
    }
  }
  input.articles.assign(office->second.articles.begin(),
                        office->second.articles.end());
  return input;
}

absl::Status Indexer::Apply(const Window& window) {
  for (const std::string& law : window.laws) {
    const auto input = InputOf(law);
    if (absl::IsNotFound(input.status())) {
      RETURN_IF_ERROR(index_->Delete(law));
      continue;
    }
    RETURN_IF_ERROR(input.status());
    RETURN_IF_ERROR(index_->Put(*input));
  }
  StateFacts facts;
  for (const std::string& office : window.offices) {
    const auto input = OfficeInputOf(office, &facts);
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
    ASSIGN_OR_RETURN(const Window window, ReadWindow(index_->sequence()));
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
    ASSIGN_OR_RETURN(const Window window, ReadWindow(build->sequence()));
    if (window.last == build->sequence()) break;
    const uint64_t now = store_->published();
    for (const std::string& law : window.laws) {
      if (is_in(law, window.last)) continue;
      put[key(law)] = now;
      auto input = InputOf(law);
      if (absl::IsNotFound(input.status())) {
        RETURN_IF_ERROR(build->Delete(law));
        continue;
      }
      RETURN_IF_ERROR(input.status());
      RETURN_IF_ERROR(build->Put(*std::move(input)));
    }
    StateFacts facts;
    for (const std::string& office : window.offices) {
      if (is_in(office, window.last)) continue;
      put[key(office)] = now;
      auto input = OfficeInputOf(office, &facts);
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
