#include "index/match_watch.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "index/inputs.h"
#include "index/xapian_guard.h"

namespace comity::index {
namespace {

namespace fs = std::filesystem;

// Changes of one window; fewer if many documents are of their records, since
// all may match, and wait until a client takes them.
constexpr size_t kChangesMax = 256;
constexpr int64_t kDocumentsMax = 5000;
// Changes that are told of one record of a window.
constexpr size_t kToldOfRecordMax = 1000;
// Watchers that are equally far take their turns one after the other; a few
// that lag behind have windows of their own.
constexpr size_t kWindowsMax = 4;
// How often the index may change while it is read.
constexpr int kTriesMax = 20;

bool IsOffice(absl::string_view record) {
  return absl::StrContains(record, "/authorities/");
}

// What stays the same of a provision where a text takes the place of another.
using Place = std::tuple<std::string, std::string, std::string>;

Place PlaceOf(const Match& match) {
  if (match.position == 0) return {match.record, match.language, ""};
  return {match.record, match.language, std::string(names::LastOf(match.name))};
}

}  // namespace

// Some records as of one sequence.
class MatchWatch::Scratch {
 public:
  explicit Scratch(std::string folder) : folder_(std::move(folder)) {}
  ~Scratch() {
    reader_ = Reader();
    segment_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // False if none of them was there.
  absl::StatusOr<bool> Fill(const Store* store,
                            const std::vector<std::string>& records,
                            uint64_t at) {
    ASSIGN_OR_RETURN(segment_, Segment::Open(folder_, {.sync = false}));
    InputReader inputs(store, at);
    bool any = false;
    const auto put = [&](const auto& input) -> absl::Status {
      if (absl::IsNotFound(input.status())) return absl::OkStatus();
      RETURN_IF_ERROR(input.status());
      any = true;
      return segment_->Put(*input);
    };
    for (const std::string& record : records) {
      RETURN_IF_ERROR(IsOffice(record) ? put(inputs.Office(record))
                                       : put(inputs.Law(record)));
    }
    if (!any) return false;
    RETURN_IF_ERROR(segment_->Commit(at));
    RETURN_IF_ERROR(Guard([this] {
      reader_.database = Xapian::Database(Segment::DatabaseOf(folder_));
    }));
    auto view = std::make_shared<View>();
    view->sequence = at;
    view->columns = segment_->Snapshot();
    reader_.view = std::move(view);
    ASSIGN_OR_RETURN(reader_.analyzer, Analyzer::Create());
    return true;
  }

  Reader& reader() { return reader_; }

 private:
  const std::string folder_;
  std::unique_ptr<Segment> segment_;
  Reader reader_;
};

struct MatchWatch::Window {
  // Changes in (after, last].
  uint64_t after = 0;
  uint64_t last = 0;
  // As many changes as fit; else it ends with the log.
  bool full = false;
  // Records of which the index at this sequence has the state of `last`.
  uint64_t index_sequence = 0;
  std::vector<std::string> in_index;
  // Those that changed again since, which are in `later`.
  std::vector<std::string> apart;
  std::unique_ptr<Scratch> before;
  std::unique_ptr<Scratch> later;
};

MatchWatch::MatchWatch(const Store* store, const LibraryIndex* index,
                       const Searcher* searcher)
    : store_(store),
      index_(index),
      searcher_(searcher),
      folder_(index->folder() + "/watch") {
  // Left by a crash.
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

MatchWatch::~MatchWatch() {
  windows_.clear();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<MatchWatch::Scratch>> MatchWatch::MakeScratch(
    const std::vector<std::string>& records, uint64_t at) {
  if (records.empty() || at == 0) return nullptr;
  auto scratch =
      std::make_unique<Scratch>(absl::StrCat(folder_, "/", ++scratches_));
  ASSIGN_OR_RETURN(const bool any, scratch->Fill(store_, records, at));
  if (!any) return nullptr;
  return scratch;
}

absl::StatusOr<int64_t> MatchWatch::CountDocuments(
    const std::vector<std::string>& records) const {
  int64_t documents = 0;
  RETURN_IF_ERROR(index_->Read([&](Reader& reader) {
    documents = 0;
    for (const std::string& record : records) {
      documents +=
          reader.database.get_termfreq(DocumentMaker::RecordTerm(record));
    }
    return absl::OkStatus();
  }));
  return documents;
}

absl::StatusOr<MatchWatch::Window*> MatchWatch::WindowAt(uint64_t after,
                                                         uint64_t until) {
  for (const auto& window : windows_) {
    // Not one that ends where the log ended then: there is more now.
    const bool ends = window->full || window->last == until;
    if (window->after == after && ends) return window.get();
  }
  auto window = std::make_unique<Window>();
  window->after = after;
  for (size_t most = kChangesMax;; most = std::max<size_t>(1, most / 4)) {
    ASSIGN_OR_RETURN(const ChangedRecords changed,
                     ReadChangedRecords(*store_, after, most, until));
    window->full = changed.last != after && changed.last < until;
    window->last = window->full ? changed.last : until;
    window->in_index.assign(changed.laws.begin(), changed.laws.end());
    window->in_index.insert(window->in_index.end(), changed.offices.begin(),
                            changed.offices.end());
    if (most == 1) break;
    ASSIGN_OR_RETURN(const int64_t documents, CountDocuments(window->in_index));
    if (documents <= kDocumentsMax) break;
  }
  window->index_sequence = window->last;
  ASSIGN_OR_RETURN(window->before, MakeScratch(window->in_index, after));
  windows_.push_back(std::move(window));
  if (windows_.size() > kWindowsMax) windows_.pop_front();
  return windows_.back().get();
}

absl::StatusOr<bool> MatchWatch::IsSameLaw(const std::string& law,
                                           uint64_t first,
                                           uint64_t second) const {
  // Versions of all that is indexed of it, but for its State.
  using Versions = std::vector<std::pair<std::string, uint64_t>>;
  ASSIGN_OR_RETURN(const names::Parts parts,
                   names::ParseKind(law, Kind::kLaw, "law"));
  const std::string under = absl::StrCat(parts.first, "/", parts.second);
  const auto versions_at = [&](uint64_t at) -> absl::StatusOr<Versions> {
    Versions versions;
    v1::Law record;
    const auto sequence =
        store_->ReadWithSequence(Kind::kLaw, law, at, &record);
    if (absl::IsNotFound(sequence.status())) return versions;
    RETURN_IF_ERROR(sequence.status());
    versions.emplace_back(law, *sequence);
    for (const Kind kind : {Kind::kMapping, Kind::kExpression}) {
      RETURN_IF_ERROR(
          store_->ForEach(kind, under, "", at, [&](const Store::Item& item) {
            versions.emplace_back(item.name, item.sequence);
            return true;
          }));
    }
    return versions;
  };
  ASSIGN_OR_RETURN(const Versions before, versions_at(first));
  ASSIGN_OR_RETURN(const Versions after, versions_at(second));
  return before == after;
}

absl::Status MatchWatch::Follow(uint64_t sequence, Window* window) {
  std::vector<std::string> same;
  bool moved = false;
  for (std::string& record : window->in_index) {
    bool is_same = false;
    // What an office says comes from many records, and is soon indexed.
    if (!IsOffice(record)) {
      ASSIGN_OR_RETURN(is_same, IsSameLaw(record, window->last, sequence));
    }
    (is_same ? same : window->apart).push_back(std::move(record));
    moved = moved || !is_same;
  }
  window->in_index = std::move(same);
  window->index_sequence = sequence;
  if (!moved) return absl::OkStatus();
  ASSIGN_OR_RETURN(window->later, MakeScratch(window->apart, window->last));
  return absl::OkStatus();
}

// A text that takes the place of another has other names, but many of its
// provisions say the same.
absl::StatusOr<bool> MatchWatch::IsChanged(const Match& before,
                                           const Match& after) const {
  if (before.digest == after.digest) return false;
  if (before.name == after.name || before.title != after.title) return true;
  v1::Provision old;
  v1::Provision now;
  RETURN_IF_ERROR(store_->ReadProvision(before.expression, before.sequence,
                                        before.position, &old));
  RETURN_IF_ERROR(store_->ReadProvision(after.expression, after.sequence,
                                        after.position, &now));
  return old.text() != now.text() || old.heading() != now.heading() ||
         old.label() != now.label() || old.number() != now.number();
}

absl::Status MatchWatch::Compare(const std::vector<Match>& before,
                                 const std::vector<Match>& after,
                                 std::vector<MatchChange>* changes) const {
  using Kind = MatchChange::Kind;
  std::map<Place, const Match*> old;
  for (const Match& match : before) old.emplace(PlaceOf(match), &match);
  std::vector<std::pair<Kind, const Match*>> found;
  for (const Match& match : after) {
    const auto at = old.find(PlaceOf(match));
    if (at == old.end()) {
      found.emplace_back(Kind::kNew, &match);
      continue;
    }
    ASSIGN_OR_RETURN(const bool changed, IsChanged(*at->second, match));
    if (changed) found.emplace_back(Kind::kChanged, &match);
    old.erase(at);
  }
  for (const auto& [place, match] : old) found.emplace_back(Kind::kGone, match);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& of) {
      return std::tie(of.second->record, of.second->language,
                      of.second->position, of.second->name, of.first);
    };
    return key(a) < key(b);
  });
  size_t told = 0;
  absl::string_view record;
  for (const auto& [kind, match] : found) {
    if (match->record != record) told = 0;
    record = match->record;
    if (++told > kToldOfRecordMax) {
      ++changes->back().left_out;
    } else {
      changes->push_back({kind, *match});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> MatchWatch::Read(const v1::SearchRequest& search,
                                      uint64_t* sequence,
                                      std::vector<MatchChange>* changes) {
  const uint64_t newest = index_->sequence();
  if (newest <= *sequence) return false;
  ASSIGN_OR_RETURN(Window * window, WindowAt(*sequence, newest));
  std::vector<Match> before;
  std::vector<Match> after;
  bool read = false;
  for (int i = 0; i < kTriesMax && !read; ++i) {
    uint64_t now = 0;
    RETURN_IF_ERROR(index_->Read([&](Reader& reader) {
      after.clear();
      now = reader.view->sequence;
      read = now == window->index_sequence;
      if (!read) return absl::OkStatus();
      return searcher_->FindAll(reader, search, window->in_index, &after);
    }));
    if (read) break;
    // Damaged, and being built anew.
    if (now < window->last) return false;
    RETURN_IF_ERROR(Follow(now, window));
  }
  // It changes all the time: later.
  if (!read) return false;
  // Nobody writes the segments, so each is read at the first attempt.
  const auto find_in = [&](Scratch* scratch, const auto& records,
                           std::vector<Match>* matches) {
    if (scratch == nullptr) return absl::OkStatus();
    return Guard([&] {
      return searcher_->FindAll(scratch->reader(), search, records, matches);
    });
  };
  std::vector<std::string> all = window->in_index;
  all.insert(all.end(), window->apart.begin(), window->apart.end());
  RETURN_IF_ERROR(find_in(window->later.get(), window->apart, &after));
  RETURN_IF_ERROR(find_in(window->before.get(), all, &before));
  RETURN_IF_ERROR(Compare(before, after, changes));
  *sequence = window->last;
  return true;
}

}  // namespace comity::index
