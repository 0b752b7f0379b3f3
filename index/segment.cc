#include "index/segment.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/xapian_guard.h"

namespace comity::index {
namespace {

// Of documents and columns. Another one is rebuilt.
constexpr absl::string_view kFormat = "3";

// Keys of the database's metadata.
constexpr char kFormatKey[] = "format";
constexpr char kSequenceKey[] = "sequence";
constexpr char kCommitKey[] = "commit";
// Commit number of the file of columns.
constexpr char kColumnsKey[] = "columns";
// With the commit number in 16 hexadecimal digits.
constexpr char kDeltaKey[] = "delta/";

// Changes of columns in the metadata; more make a new file.
constexpr size_t kDeltaBytesMax = 8 << 20;

std::string DeltaKey(uint64_t commit) {
  return absl::StrCat(kDeltaKey, absl::Hex(commit, absl::kZeroPad16));
}

uint64_t NumberOf(const std::string& text) {
  uint64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

std::string ColumnsOf(const std::string& folder, uint64_t commit) {
  return absl::StrCat(folder, "/columns-", commit);
}

}  // namespace

std::string Segment::DatabaseOf(const std::string& folder) {
  return folder + "/xapian";
}

uint64_t Segment::CommitOf(const Xapian::Database& database) {
  return NumberOf(database.get_metadata(kCommitKey));
}

absl::StatusOr<std::unique_ptr<Segment>> Segment::Open(
    const std::string& folder, const SegmentOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError("search index: no folder");
  auto segment = absl::WrapUnique(new Segment(folder, options));
  ASSIGN_OR_RETURN(segment->analyzer_, Analyzer::Create());
  RETURN_IF_ERROR(segment->Load());
  return segment;
}

absl::Status Segment::Load() {
  RETURN_IF_ERROR(Guard([&] {
    database_ = Xapian::WritableDatabase(
        DatabaseOf(folder_),
        (options_.must_exist ? Xapian::DB_OPEN : Xapian::DB_CREATE_OR_OPEN) |
            (options_.sync ? 0 : Xapian::DB_NO_SYNC),
        options_.flush_documents);
  }));
  return Guard([&]() -> absl::Status {
    const std::string format = database_.get_metadata(kFormatKey);
    if (format.empty() && database_.get_doccount() == 0 &&
        !options_.must_exist) {
      return Commit(0);
    }
    if (format != kFormat) {
      return absl::FailedPreconditionError(
          absl::StrCat("search index: format is ", format, ", not ", kFormat));
    }
    sequence_ = NumberOf(database_.get_metadata(kSequenceKey));
    commit_ = CommitOf(database_);
    const uint64_t saved = NumberOf(database_.get_metadata(kColumnsKey));
    if (saved != 0) RETURN_IF_ERROR(columns_.Load(ColumnsOf(folder_, saved)));
    RETURN_IF_ERROR(ReadDeltas());
    if (columns().coverage().documents !=
        static_cast<int64_t>(database_.get_doccount())) {
      return absl::DataLossError(
          "search index: documents and columns do not agree");
    }
    // What a crash left.
    std::error_code ignored;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_, ignored)) {
      if (entry.path() != ColumnsOf(folder_, saved) &&
          entry.path().filename().string().rfind("columns-", 0) == 0) {
        std::filesystem::remove(entry.path(), ignored);
      }
    }
    return absl::OkStatus();
  });
}

absl::Status Segment::ReadDeltas() {
  // Keys come in byte order, which is the order of commits.
  const auto end = database_.metadata_keys_end(kDeltaKey);
  for (auto key = database_.metadata_keys_begin(kDeltaKey); key != end; ++key) {
    const std::string delta = database_.get_metadata(*key);
    delta_bytes_ += delta.size();
    RETURN_IF_ERROR(columns_.Apply(delta));
  }
  return absl::OkStatus();
}

absl::Status Segment::Keep(absl::Status status) {
  if (!status.ok()) failure_ = status;
  return status;
}

absl::Status Segment::Begin() {
  RETURN_IF_ERROR(failure_);
  if (in_transaction_) return absl::OkStatus();
  in_transaction_ = true;
  return Keep(Guard([&] { database_.begin_transaction(); }));
}

Segment::Documents Segment::DocumentsOf(absl::string_view record) {
  Documents documents;
  const std::string term = DocumentMaker::RecordTerm(record);
  for (auto at = database_.postlist_begin(term);
       at != database_.postlist_end(term); ++at) {
    documents.insert(*at);
  }
  return documents;
}

absl::Status Segment::Write(const DocumentMaker::Made& made, bool is_new,
                            Documents* old) {
  Xapian::docid document = 0;
  if (!is_new) {
    const auto found = database_.postlist_begin(made.name_term);
    if (found != database_.postlist_end(made.name_term)) document = *found;
    old->erase(document);
  }
  if (document != 0) {
    const Row& row = columns_.row(document);
    if (row.digest == made.row.digest) {
      if (std::memcmp(&row, &made.row, sizeof(row)) != 0) {
        columns_.Set(document, made.row);
        ++pending_;
      }
      return absl::OkStatus();
    }
    database_.replace_document(document, made.document());
  } else {
    document = database_.add_document(made.document());
  }
  columns_.Set(document, made.row);
  ++pending_;
  return absl::OkStatus();
}

absl::Status Segment::Remove(const Documents& documents) {
  for (const Xapian::docid document : documents) {
    database_.delete_document(document);
    columns_.Set(document, Row());
    ++pending_;
  }
  return absl::OkStatus();
}

absl::Status Segment::Put(const LawInput& input) {
  RETURN_IF_ERROR(Begin());
  return Keep(Guard([&]() -> absl::Status {
    Documents old = DocumentsOf(input.law.name());
    const bool is_new = old.empty();
    RETURN_IF_ERROR(DocumentMaker(analyzer_.get(), &columns_)
                        .MakeLaw(input, [&](const DocumentMaker::Made& made) {
                          return Write(made, is_new, &old);
                        }));
    return Remove(old);
  }));
}

absl::Status Segment::Put(const OfficeInput& input) {
  RETURN_IF_ERROR(Begin());
  return Keep(Guard([&]() -> absl::Status {
    Documents old = DocumentsOf(input.authority.name());
    const bool is_new = old.empty();
    RETURN_IF_ERROR(
        DocumentMaker(analyzer_.get(), &columns_)
            .MakeOffice(input, [&](const DocumentMaker::Made& made) {
              return Write(made, is_new, &old);
            }));
    return Remove(old);
  }));
}

absl::Status Segment::Delete(absl::string_view record) {
  RETURN_IF_ERROR(Begin());
  return Keep(Guard([&] { return Remove(DocumentsOf(record)); }));
}

// Puts the columns into a file of their own, and the changes out of the
// metadata, within the transaction.
absl::Status Segment::SaveColumns(uint64_t commit) {
  RETURN_IF_ERROR(columns_.Save(ColumnsOf(folder_, commit)));
  database_.set_metadata(kColumnsKey, absl::StrCat(commit));
  std::vector<std::string> keys(database_.metadata_keys_begin(kDeltaKey),
                                database_.metadata_keys_end(kDeltaKey));
  for (const std::string& key : keys) database_.set_metadata(key, "");
  delta_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status Segment::Commit(uint64_t sequence) {
  RETURN_IF_ERROR(Begin());
  const uint64_t commit = commit_ + 1;
  uint64_t saved = 0;
  const absl::Status committed = Keep(Guard([&]() -> absl::Status {
    saved = NumberOf(database_.get_metadata(kColumnsKey));
    const std::string delta = columns_.TakeDelta();
    delta_bytes_ += delta.size();
    if (delta_bytes_ > kDeltaBytesMax) {
      RETURN_IF_ERROR(SaveColumns(commit));
    } else {
      database_.set_metadata(DeltaKey(commit), delta);
      saved = 0;
    }
    database_.set_metadata(kFormatKey, std::string(kFormat));
    database_.set_metadata(kSequenceKey, absl::StrCat(sequence));
    database_.set_metadata(kCommitKey, absl::StrCat(commit));
    database_.commit_transaction();
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(committed);
  in_transaction_ = false;
  pending_ = 0;
  commit_ = commit;
  sequence_ = sequence;
  std::error_code ignored;
  if (saved != 0) std::filesystem::remove(ColumnsOf(folder_, saved), ignored);
  return absl::OkStatus();
}

absl::Status Segment::Join(const std::vector<std::string>& folders,
                           uint64_t sequence, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError("search index: no folder");
  ColumnsWriter joined;
  return Guard([&]() -> absl::Status {
    Xapian::Database all;
    // Xapian's compaction numbers the documents of each database behind those
    // of the one before, without the unused numbers at its ends.
    uint32_t end = 0;
    for (const std::string& part : folders) {
      const auto segment = Open(part, {.sync = false});
      RETURN_IF_ERROR(segment.status());
      const Columns& columns = (*segment)->columns();
      uint32_t first = 0;
      uint32_t last = 0;
      // By numbers in the part.
      std::array<std::vector<uint32_t>, kTables> numbers;
      for (size_t i = 0; i < kTables; ++i) {
        const Table table = static_cast<Table>(i);
        for (uint32_t n = 0; n < columns.size(table); ++n) {
          if (table == Table::kArticleSets || table == Table::kSubjectSets) {
            const Table of = table == Table::kArticleSets ? Table::kArticles
                                                          : Table::kSubjects;
            std::vector<uint32_t> entries = columns.set(table, n);
            for (uint32_t& entry : entries) {
              entry = numbers[static_cast<size_t>(of)][entry];
            }
            numbers[i].push_back(joined.InternSet(table, std::move(entries)));
          } else {
            numbers[i].push_back(joined.Intern(table, columns.text(table, n)));
          }
        }
      }
      const auto number = [&numbers](Table table, uint32_t n) {
        return numbers[static_cast<size_t>(table)][n];
      };
      for (uint32_t document = 0; document < columns.rows_end(); ++document) {
        Row row = columns.row(document);
        if (row.kind == DocumentKind::kNone) continue;
        if (first == 0) first = document;
        last = document;
        row.record = number(Table::kRecords, row.record);
        row.expression = number(Table::kExpressions, row.expression);
        row.title = number(Table::kTitles, row.title);
        row.state = static_cast<uint16_t>(number(Table::kStates, row.state));
        row.language =
            static_cast<uint16_t>(number(Table::kLanguages, row.language));
        row.articles = number(Table::kArticleSets, row.articles);
        row.subjects = number(Table::kSubjectSets, row.subjects);
        row.provision = number(Table::kProvisions, row.provision);
        joined.Set(end + document - first + 1, row);
      }
      if (first == 0) continue;
      end += last - first + 1;
      all.add_database(Xapian::Database(DatabaseOf(part)));
    }
    if (end > 0) all.compact(DatabaseOf(folder));
    Xapian::WritableDatabase database(DatabaseOf(folder),
                                      Xapian::DB_CREATE_OR_OPEN);
    // The number of a record's documents tells whether rows are at their place.
    const Columns& columns = joined.columns();
    constexpr uint32_t kStep = 997;
    for (uint32_t document = 1; document < columns.rows_end();
         document += kStep) {
      const Row& row = columns.row(document);
      if (row.kind == DocumentKind::kNone) continue;
      const std::string term =
          DocumentMaker::RecordTerm(columns.text(Table::kRecords, row.record));
      auto found = database.postlist_begin(term);
      if (found != database.postlist_end(term)) found.skip_to(document);
      if (found == database.postlist_end(term) || *found != document) {
        return absl::InternalError("search index: joined rows do not fit");
      }
    }
    const uint64_t commit = 1;
    RETURN_IF_ERROR(joined.Save(ColumnsOf(folder, commit)));
    std::vector<std::string> keys(database.metadata_keys_begin(kDeltaKey),
                                  database.metadata_keys_end(kDeltaKey));
    for (const std::string& key : keys) database.set_metadata(key, "");
    database.set_metadata(kColumnsKey, absl::StrCat(commit));
    database.set_metadata(kFormatKey, std::string(kFormat));
    database.set_metadata(kSequenceKey, absl::StrCat(sequence));
    database.set_metadata(kCommitKey, absl::StrCat(commit));
    database.commit();
    return absl::OkStatus();
  });
}

}  // namespace comity::index
