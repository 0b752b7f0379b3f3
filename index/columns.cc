#include "index/columns.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace comity::index {
namespace {

// The file: kMagic, digest of what follows, number of rows, tables, padding to
// 8 bytes, rows. A table: number of texts, then each with its size before it.
constexpr absl::string_view kMagic = "CMTYCOL1";
constexpr size_t kHeaderBytes = 16;
constexpr size_t kRowAlignment = 8;

void AppendNumber(uint64_t number, std::string* bytes) {
  char buffer[sizeof(number)];
  std::memcpy(buffer, &number, sizeof(number));
  bytes->append(buffer, sizeof(buffer));
}

// Takes what AppendNumber and AppendText wrote off the beginning of bytes;
// false once they do not have it.
struct ByteReader {
  absl::string_view bytes;

  bool Number(uint64_t* number) {
    if (bytes.size() < sizeof(*number)) return false;
    std::memcpy(number, bytes.data(), sizeof(*number));
    bytes.remove_prefix(sizeof(*number));
    return true;
  }
  bool Text(absl::string_view* text) {
    uint64_t size = 0;
    if (!Number(&size) || size > bytes.size()) return false;
    *text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
  }
  bool Rows(Row* row) {
    if (bytes.size() < sizeof(*row)) return false;
    std::memcpy(row, bytes.data(), sizeof(*row));
    bytes.remove_prefix(sizeof(*row));
    return true;
  }
};

absl::Status Damaged() {
  return absl::DataLossError("search index: the columns are damaged");
}

absl::Status FileError(absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat("search index: columns: ", what, ": ", strerror(errno)));
}

struct Mapping {
  void* address = nullptr;
  size_t size = 0;
  ~Mapping() {
    if (address != nullptr) ::munmap(address, size);
  }
};

absl::Status WriteAll(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0) return FileError("write");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

const Row Columns::kNoRow = {};

Columns::Columns() {
  for (TextTable& table : tables_) {
    table.chunks.push_back(std::make_shared<Texts>());
    table.size = 1;
  }
}

absl::string_view Columns::head(Table table, uint32_t number) const {
  const absl::string_view whole = text(table, number);
  return whole.substr(0, whole.find('\0'));
}

absl::string_view Columns::tail(Table table, uint32_t number) const {
  const absl::string_view whole = text(table, number);
  const size_t nul = whole.find('\0');
  return nul == absl::string_view::npos ? absl::string_view()
                                        : whole.substr(nul + 1);
}

std::vector<uint32_t> Columns::set(Table table, uint32_t number) const {
  const absl::string_view bytes = text(table, number);
  std::vector<uint32_t> entries(bytes.size() / sizeof(uint32_t));
  if (!entries.empty()) {
    std::memcpy(entries.data(), bytes.data(),
                entries.size() * sizeof(uint32_t));
  }
  return entries;
}

int Columns::Compare(const Row& a, const Row& b) const {
  if (a.record != b.record) {
    const int order = text(Table::kRecords, a.record)
                          .compare(text(Table::kRecords, b.record));
    if (order != 0) return order;
  }
  if (a.expression != b.expression) {
    const int order = head(Table::kExpressions, a.expression)
                          .compare(head(Table::kExpressions, b.expression));
    if (order != 0) return order;
  }
  if (a.position != b.position) return a.position < b.position ? -1 : 1;
  return 0;
}

ColumnsWriter::ColumnsWriter() { delta_from_.fill(1); }

const absl::flat_hash_map<absl::string_view, uint32_t>& ColumnsWriter::Numbers(
    Table table) {
  const size_t i = Columns::Index(table);
  for (uint32_t& next = numbered_[i]; next < columns_.size(table); ++next) {
    numbers_[i].emplace(columns_.text(table, next), next);
  }
  return numbers_[i];
}

void ColumnsWriter::Add(Table table, absl::string_view text) {
  Columns::TextTable& texts = columns_.tables_[Columns::Index(table)];
  if (texts.size % Columns::kChunkTexts == 0) {
    texts.chunks.push_back(std::make_shared<Columns::Texts>());
  }
  (*texts.chunks.back())[texts.size % Columns::kChunkTexts] = std::string(text);
  ++texts.size;
}

uint32_t ColumnsWriter::Intern(Table table, absl::string_view text) {
  const auto& numbers = Numbers(table);
  const auto found = numbers.find(text);
  if (found != numbers.end()) return found->second;
  Add(table, text);
  return columns_.size(table) - 1;
}

uint32_t ColumnsWriter::InternSet(Table table, std::vector<uint32_t> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  if (entries.empty()) return 0;
  return Intern(table,
                absl::string_view(reinterpret_cast<const char*>(entries.data()),
                                  entries.size() * sizeof(uint32_t)));
}

Row* ColumnsWriter::MutableRow(uint32_t document) {
  const size_t chunk = document / Columns::kChunkRows;
  if (chunk >= columns_.rows_.size()) {
    columns_.rows_.resize(chunk + 1);
    own_.resize(chunk + 1, false);
  }
  std::shared_ptr<Columns::Rows>& rows = columns_.rows_[chunk];
  if (rows == nullptr) {
    rows = std::make_shared<Columns::Rows>();
  } else if (!own_[chunk]) {
    rows = std::make_shared<Columns::Rows>(*rows);
  }
  own_[chunk] = true;
  return &(*rows)[document % Columns::kChunkRows];
}

void ColumnsWriter::Count(const Row& row, int by) {
  if (row.kind == DocumentKind::kNone) return;
  Coverage& coverage = columns_.coverage_;
  coverage.documents += by;
  const auto count = [by](uint32_t number, std::vector<uint32_t>* counts) {
    if (number >= counts->size()) counts->resize(number + 1);
    uint32_t& documents = (*counts)[number];
    const bool first = by > 0 && documents == 0;
    documents = static_cast<uint32_t>(static_cast<int>(documents) + by);
    return first || (by < 0 && documents == 0);
  };
  const auto add = [by](uint32_t number, std::vector<int64_t>* counts) {
    if (number >= counts->size()) counts->resize(number + 1);
    (*counts)[number] += by;
  };
  if (count(row.record, &of_record_)) {
    if (row.kind == DocumentKind::kLaw) {
      coverage.laws += by;
      add(row.state, &coverage.laws_of_state);
    } else {
      coverage.authorities += by;
    }
  }
  if (row.expression != 0 && count(row.expression, &of_expression_)) {
    add(row.language, &coverage.texts_of_language);
  }
}

void ColumnsWriter::Set(uint32_t document, const Row& row) {
  Row* place = MutableRow(document);
  // New before old, so that a law whose last row is replaced stays counted.
  Count(row, 1);
  Count(*place, -1);
  *place = row;
  columns_.rows_end_ = std::max(columns_.rows_end_, document + 1);
  delta_rows_.push_back(document);
}

std::string ColumnsWriter::TakeDelta() {
  std::string delta;
  for (size_t i = 0; i < kTables; ++i) {
    const Table table = static_cast<Table>(i);
    const uint32_t end = columns_.size(table);
    AppendNumber(delta_from_[i], &delta);
    AppendNumber(end - delta_from_[i], &delta);
    for (uint32_t number = delta_from_[i]; number < end; ++number) {
      const absl::string_view text = columns_.text(table, number);
      AppendNumber(text.size(), &delta);
      delta.append(text.data(), text.size());
    }
    delta_from_[i] = end;
  }
  std::sort(delta_rows_.begin(), delta_rows_.end());
  delta_rows_.erase(std::unique(delta_rows_.begin(), delta_rows_.end()),
                    delta_rows_.end());
  AppendNumber(delta_rows_.size(), &delta);
  for (const uint32_t document : delta_rows_) {
    AppendNumber(document, &delta);
    const Row& row = columns_.row(document);
    delta.append(reinterpret_cast<const char*>(&row), sizeof(row));
  }
  delta_rows_.clear();
  return delta;
}

absl::Status ColumnsWriter::Apply(absl::string_view delta) {
  ByteReader reader{delta};
  for (size_t i = 0; i < kTables; ++i) {
    const Table table = static_cast<Table>(i);
    uint64_t from = 0;
    uint64_t count = 0;
    if (!reader.Number(&from) || !reader.Number(&count) ||
        from != columns_.size(table)) {
      return Damaged();
    }
    for (; count > 0; --count) {
      absl::string_view text;
      if (!reader.Text(&text)) return Damaged();
      Add(table, text);
    }
  }
  uint64_t count = 0;
  if (!reader.Number(&count)) return Damaged();
  for (; count > 0; --count) {
    uint64_t document = 0;
    Row row;
    if (!reader.Number(&document) || !reader.Rows(&row) ||
        document > UINT32_MAX - 1) {
      return Damaged();
    }
    Set(static_cast<uint32_t>(document), row);
  }
  if (!reader.bytes.empty()) return Damaged();
  delta_rows_.clear();
  for (size_t i = 0; i < kTables; ++i) {
    delta_from_[i] = columns_.size(static_cast<Table>(i));
  }
  return absl::OkStatus();
}

std::shared_ptr<const Columns> ColumnsWriter::Snapshot() {
  own_.assign(own_.size(), false);
  return std::make_shared<const Columns>(columns_);
}

absl::Status ColumnsWriter::Save(const std::string& path) const {
  std::string head;
  const size_t rows =
      columns_.rows_.size() * static_cast<size_t>(Columns::kChunkRows);
  AppendNumber(rows, &head);
  AppendNumber(columns_.rows_end_, &head);
  for (size_t i = 0; i < kTables; ++i) {
    const Table table = static_cast<Table>(i);
    AppendNumber(columns_.size(table), &head);
    for (uint32_t number = 0; number < columns_.size(table); ++number) {
      const absl::string_view text = columns_.text(table, number);
      AppendNumber(text.size(), &head);
      head.append(text.data(), text.size());
    }
  }
  head.resize((head.size() + kRowAlignment - 1) / kRowAlignment *
              kRowAlignment);
  const Columns::Rows empty = {};
  const auto bytes_of = [&empty](const std::shared_ptr<Columns::Rows>& chunk) {
    const Columns::Rows& of = chunk == nullptr ? empty : *chunk;
    return absl::string_view(reinterpret_cast<const char*>(&of), sizeof(of));
  };
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(
      XXH3_createState(), &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  XXH3_64bits_update(state.get(), head.data(), head.size());
  for (const auto& chunk : columns_.rows_) {
    const absl::string_view bytes = bytes_of(chunk);
    XXH3_64bits_update(state.get(), bytes.data(), bytes.size());
  }
  std::string header(kMagic);
  AppendNumber(XXH3_64bits_digest(state.get()), &header);

  const std::string temporary = absl::StrCat(path, ".new");
  const int file =
      ::open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return FileError("open");
  absl::Status status = WriteAll(file, header);
  if (status.ok()) status = WriteAll(file, head);
  for (const auto& chunk : columns_.rows_) {
    if (status.ok()) status = WriteAll(file, bytes_of(chunk));
  }
  if (status.ok() && ::fsync(file) != 0) status = FileError("sync");
  ::close(file);
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    status = FileError("rename");
  }
  return status;
}

absl::Status ColumnsWriter::Load(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::NotFoundError("search index: the columns are missing");
  }
  struct stat status = {};
  auto mapping = std::make_shared<Mapping>();
  if (::fstat(file, &status) == 0 && status.st_size > 0) {
    mapping->size = static_cast<size_t>(status.st_size);
    // Private: rows that are changed are copied first all the same.
    void* address = ::mmap(nullptr, mapping->size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE, file, 0);
    if (address != MAP_FAILED) mapping->address = address;
  }
  ::close(file);
  if (mapping->address == nullptr) return Damaged();
  const absl::string_view bytes(static_cast<const char*>(mapping->address),
                                mapping->size);
  return Read(bytes, std::move(mapping));
}

absl::Status ColumnsWriter::Read(absl::string_view bytes,
                                 std::shared_ptr<void> mapping) {
  static_assert(std::is_trivially_copyable_v<Row>);
  if (bytes.size() < kHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return Damaged();
  }
  const absl::string_view body = bytes.substr(kHeaderBytes);
  ByteReader reader{bytes.substr(kMagic.size())};
  uint64_t digest = 0;
  uint64_t rows = 0;
  uint64_t rows_end = 0;
  if (!reader.Number(&digest) ||
      digest != XXH3_64bits(body.data(), body.size()) ||
      !reader.Number(&rows) || !reader.Number(&rows_end)) {
    return Damaged();
  }
  for (size_t i = 0; i < kTables; ++i) {
    const Table table = static_cast<Table>(i);
    uint64_t count = 0;
    absl::string_view text;
    if (!reader.Number(&count) || count == 0 || !reader.Text(&text)) {
      return Damaged();
    }
    for (uint64_t number = 1; number < count; ++number) {
      if (!reader.Text(&text)) return Damaged();
      Add(table, text);
    }
    delta_from_[i] = columns_.size(table);
  }
  size_t at = bytes.size() - reader.bytes.size();
  at = (at + kRowAlignment - 1) / kRowAlignment * kRowAlignment;
  if (rows % Columns::kChunkRows != 0 ||
      bytes.size() != at + rows * sizeof(Row)) {
    return Damaged();
  }
  char* first =
      static_cast<char*>(static_cast<Mapping*>(mapping.get())->address) + at;
  for (uint64_t row = 0; row < rows; row += Columns::kChunkRows) {
    columns_.rows_.emplace_back(
        mapping, reinterpret_cast<Columns::Rows*>(first + row * sizeof(Row)));
    own_.push_back(false);
  }
  columns_.rows_end_ = static_cast<uint32_t>(rows_end);
  for (uint32_t document = 0; document < columns_.rows_end_; ++document) {
    Count(columns_.row(document), 1);
  }
  return absl::OkStatus();
}

}  // namespace comity::index
