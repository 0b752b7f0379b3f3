#include "store/roster.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "base/dates.h"
#include "base/names.h"

namespace comity {
namespace {

int32_t DayOfBound(bool present, const v1::DateBound& bound) {
  if (!present) return kDayUnknown;
  if (bound.bound_case() == v1::DateBound::kOpen) return kDayOpen;
  if (bound.bound_case() != v1::DateBound::kDate) return kDayUnknown;
  const std::optional<Day> day = ParseDay(bound.date());
  return day.has_value() ? DayNumber(*day) : kDayUnknown;
}

// One piece of PackedUpdates.
constexpr size_t kPieceBytes = 256 << 10;

template <class Number>
void Pack(Number number, std::string* piece) {
  piece->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

void PackText(absl::string_view text, std::string* piece) {
  Pack(static_cast<uint32_t>(text.size()), piece);
  piece->append(text.data(), text.size());
}

template <class Number>
void Unpack(absl::string_view* rest, Number* number) {
  std::memcpy(number, rest->data(), sizeof(*number));
  rest->remove_prefix(sizeof(*number));
}

void UnpackText(absl::string_view* rest, std::string* text) {
  uint32_t size = 0;
  Unpack(rest, &size);
  text->assign(rest->data(), size);
  rest->remove_prefix(size);
}

// Rows for which room is made at first.
constexpr size_t kRowsUsual = 16;

bool IsDay(int32_t bound) { return bound != kDayUnknown && bound != kDayOpen; }

// Known starts before others, latest first.
std::tuple<bool, int64_t> Rank(int32_t from) {
  return {!IsDay(from), IsDay(from) ? -int64_t{from} : 0};
}

}  // namespace

RosterRow RowOf(const v1::Designation& designation, uint64_t sequence) {
  RosterRow row;
  row.name = designation.name();
  row.sequence = sequence;
  row.authority = designation.authority();
  row.treaty = std::string(names::LastOf(designation.treaty()));
  row.article = designation.article();
  row.from = DayOfBound(designation.has_valid_from(), designation.valid_from());
  row.until =
      DayOfBound(designation.has_valid_until(), designation.valid_until());
  return row;
}

bool HoldsOn(int32_t from, int32_t until, int32_t day) {
  return (!IsDay(from) || day >= from) && (!IsDay(until) || day < until);
}

bool RanksBefore(const RosterRow& a, const RosterRow& b) {
  const auto rank_a = Rank(a.from);
  const auto rank_b = Rank(b.from);
  return rank_a != rank_b ? rank_a < rank_b : a.name < b.name;
}

struct Roster::Table {
  struct Entry {
    uint64_t sequence = 0;
    // Where the id of the designation stands in `ids`.
    uint32_t id_at = 0;
    uint32_t authority = 0;
    int32_t from = kDayUnknown;
    int32_t until = kDayUnknown;
    uint16_t treaty = 0;
    uint16_t id_size = 0;
    uint32_t article = 0;
  };
  struct Bucket {
    std::string function;
    std::vector<Entry> entries;
  };
  // Strings that many rows share.
  struct Pool {
    std::vector<std::string> texts;
    absl::flat_hash_map<std::string, uint32_t> numbers;
    uint32_t Number(const std::string& text) {
      const auto [at, added] =
          numbers.emplace(text, static_cast<uint32_t>(texts.size()));
      if (added) texts.push_back(text);
      return at->second;
    }
  };

  absl::string_view Id(const Entry& entry) const {
    return absl::string_view(ids).substr(entry.id_at, entry.id_size);
  }

  // Ids and numbers stay as long as the table.
  void Name(absl::string_view state, RosterRow* row) const {
    row->name = names::Designation(
        state, absl::string_view(ids).substr(row->id_at, row->id_size));
    row->authority = authority_names.texts[row->authority_number];
  }

  bool Before(const Entry& a, const Entry& b) const {
    const auto rank_a = Rank(a.from);
    const auto rank_b = Rank(b.from);
    return rank_a != rank_b ? rank_a < rank_b : Id(a) < Id(b);
  }

  // Takes out the row of this version. Returns where its id stands, so that the
  // next version need not store it again; `ids.size()` if there is none.
  size_t Remove(absl::string_view state, uint64_t version) {
    for (Bucket& bucket : states[state]) {
      const auto at = std::find_if(
          bucket.entries.begin(), bucket.entries.end(),
          [&](const Entry& entry) { return entry.sequence == version; });
      if (at == bucket.entries.end()) continue;
      const size_t id_at = at->id_at;
      bucket.entries.erase(at);
      --designations;
      return id_at;
    }
    return ids.size();
  }

  void Insert(absl::string_view state, const Update& update, size_t id_at) {
    const RosterRow& row = *update.row;
    const absl::string_view id = names::LastOf(row.name);
    Entry entry;
    entry.sequence = update.sequence;
    entry.id_at = static_cast<uint32_t>(id_at);
    entry.id_size = static_cast<uint16_t>(id.size());
    if (id_at == ids.size()) ids.append(id.data(), id.size());
    entry.authority = AuthorityNumber(row.authority);
    entry.treaty = static_cast<uint16_t>(treaties.Number(row.treaty));
    entry.article = articles.Number(row.article);
    entry.from = row.from;
    entry.until = row.until;
    std::vector<Bucket>& buckets = states[state];
    auto bucket = std::find_if(
        buckets.begin(), buckets.end(),
        [&](const Bucket& each) { return each.function == update.function; });
    if (bucket == buckets.end()) {
      buckets.push_back({update.function, {}});
      bucket = buckets.end() - 1;
    }
    std::vector<Entry>& entries = bucket->entries;
    entries.insert(std::upper_bound(entries.begin(), entries.end(), entry,
                                    [&](const Entry& a, const Entry& b) {
                                      return Before(a, b);
                                    }),
                   entry);
    ++designations;
  }

  uint32_t AuthorityNumber(const std::string& name) {
    const uint32_t number = authority_names.Number(name);
    if (number >= authority_sequences.size()) {
      authority_sequences.resize(number + 1);
    }
    return number;
  }

  void SetAuthority(const std::string& name, uint64_t version) {
    uint64_t& known = authority_sequences[AuthorityNumber(name)];
    if (known == 0 && version != 0) ++authorities;
    if (known != 0 && version == 0) --authorities;
    known = version;
  }

  void Apply(const Update& update) {
    const auto parts = names::Parse(update.name, "name");
    if (!parts.ok()) return;
    if (parts->kind == Kind::kAuthority) {
      SetAuthority(update.name, update.deleted ? 0 : update.sequence);
      return;
    }
    size_t id_at = ids.size();
    if (update.previous_sequence != 0) {
      id_at = Remove(parts->first, update.previous_sequence);
    }
    if (update.row != nullptr) Insert(parts->first, update, id_at);
  }

  absl::flat_hash_map<std::string, std::vector<Bucket>> states;
  Pool treaties;
  Pool articles;
  Pool authority_names;
  std::vector<uint64_t> authority_sequences;
  std::string ids;
  size_t designations = 0;
  size_t authorities = 0;
  uint64_t sequence = 0;
};

Roster::Roster() : table_(std::make_unique<Table>()) {}
Roster::~Roster() = default;

void Roster::Apply(std::vector<Update> updates, uint64_t sequence) {
  const absl::MutexLock lock(&mutex_);
  table_->sequence = sequence;
  for (const Update& update : updates) table_->Apply(update);
}

void Roster::ApplyPacked(const PackedUpdates& updates, uint64_t sequence) {
  const absl::MutexLock lock(&mutex_);
  table_->sequence = sequence;
  Table* const table = table_.get();
  updates.ForEach([table](const Update& update) { table->Apply(update); });
}

Roster::Found Roster::Find(absl::string_view state, absl::string_view function,
                           int32_t day, absl::string_view treaty, size_t limit,
                           bool named) const {
  Found found;
  const absl::ReaderMutexLock lock(&mutex_);
  const Table& table = *table_;
  found.sequence = table.sequence;
  found.rows.reserve(std::min(limit, kRowsUsual));
  const auto at = table.states.find(state);
  if (at == table.states.end()) return found;
  for (const Table::Bucket& bucket : at->second) {
    if (bucket.function != function) continue;
    for (const Table::Entry& entry : bucket.entries) {
      const std::string& under = table.treaties.texts[entry.treaty];
      if (!treaty.empty() && under != treaty) continue;
      const auto count =
          std::find_if(found.on_record.begin(), found.on_record.end(),
                       [&](const auto& each) { return each.first == under; });
      if (count == found.on_record.end()) {
        found.on_record.emplace_back(under, 1);
      } else {
        ++count->second;
      }
      if (!HoldsOn(entry.from, entry.until, day)) continue;
      ++found.total;
      if (found.rows.size() >= limit) continue;
      RosterRow& row = found.rows.emplace_back();
      row.sequence = entry.sequence;
      row.id_at = entry.id_at;
      row.id_size = entry.id_size;
      row.authority_number = entry.authority;
      if (named) table.Name(state, &row);
      row.authority_sequence = table.authority_sequences[entry.authority];
      row.treaty = under;
      row.article = table.articles.texts[entry.article];
      row.from = entry.from;
      row.until = entry.until;
    }
  }
  return found;
}

void Roster::Name(absl::string_view state, RosterRow* row) const {
  const absl::ReaderMutexLock lock(&mutex_);
  table_->Name(state, row);
}

uint64_t Roster::AuthoritySequence(absl::string_view name) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto at = table_->authority_names.numbers.find(name);
  return at == table_->authority_names.numbers.end()
             ? 0
             : table_->authority_sequences[at->second];
}

size_t Roster::designations() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return table_->designations;
}

size_t Roster::authorities() const {
  const absl::ReaderMutexLock lock(&mutex_);
  return table_->authorities;
}

void PackedUpdates::Add(const Roster::Update& update) {
  if (pieces_.empty()) {
    pieces_.emplace_back();
  } else if (pieces_.back().size() > kPieceBytes) {
    // It is not the small one of a single write.
    pieces_.emplace_back().reserve(kPieceBytes + kPieceBytes / 8);
  }
  std::string* piece = &pieces_.back();
  Pack(update.sequence, piece);
  Pack(update.previous_sequence, piece);
  Pack(update.deleted, piece);
  PackText(update.name, piece);
  Pack(update.row != nullptr, piece);
  if (update.row == nullptr) return;
  PackText(update.function, piece);
  PackText(update.row->authority, piece);
  PackText(update.row->treaty, piece);
  PackText(update.row->article, piece);
  Pack(update.row->from, piece);
  Pack(update.row->until, piece);
}

void PackedUpdates::ForEach(
    absl::FunctionRef<void(const Roster::Update&)> visit) const {
  Roster::Update update;
  auto row = std::make_unique<RosterRow>();
  for (const std::string& piece : pieces_) {
    absl::string_view rest = piece;
    while (!rest.empty()) {
      bool has_row = false;
      Unpack(&rest, &update.sequence);
      Unpack(&rest, &update.previous_sequence);
      Unpack(&rest, &update.deleted);
      UnpackText(&rest, &update.name);
      Unpack(&rest, &has_row);
      if (has_row) {
        if (update.row == nullptr) update.row = std::move(row);
        UnpackText(&rest, &update.function);
        UnpackText(&rest, &update.row->authority);
        UnpackText(&rest, &update.row->treaty);
        UnpackText(&rest, &update.row->article);
        Unpack(&rest, &update.row->from);
        Unpack(&rest, &update.row->until);
        update.row->name = update.name;
        update.row->sequence = update.sequence;
      } else if (update.row != nullptr) {
        row = std::move(update.row);
      }
      visit(update);
    }
  }
}

}  // namespace comity
