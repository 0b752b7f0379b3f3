#include "services/admin.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "services/version.h"
#include "store/keys.h"
#include "store/records.h"

namespace comity {
namespace {

// A message ends with the line that makes it larger than this.
constexpr size_t kMessageBytes = 256 << 10;

void AddCount(Kind kind, size_t count, v1::Stats* stats) {
  v1::KindCount* added = stats->add_counts();
  added->set_kind(ToProto(kind));
  added->set_count(static_cast<int64_t>(count));
}

// RocksDB makes a copy in a folder that ends so, and empties that before.
constexpr char kUnfinished[] = ".tmp";

bool IsBackupId(absl::string_view id) {
  return !id.empty() && id.size() <= limits::kIdBytesMax && id[0] != '.' &&
         !absl::EndsWith(id, kUnfinished) &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '.' || c == '_' || c == '-';
         });
}

int64_t BytesIn(const std::string& folder) {
  int64_t bytes = 0;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    const uintmax_t size = entry.file_size(error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<v1::Stats> StatsOf(const Store& store, ReferenceViews* views) {
  ASSIGN_OR_RETURN(const auto view, views->Current());
  v1::Stats stats;
  stats.set_version(kVersion);
  stats.set_format_version(keys::kFormatVersion);
  stats.set_sequence(store.published());
  AddCount(Kind::kState, view->states().states().size(), &stats);
  AddCount(Kind::kTreaty, view->treaties(), &stats);
  AddCount(Kind::kFunction, view->functions().functions().size(), &stats);
  AddCount(Kind::kParticipation, view->participations(), &stats);
  AddCount(Kind::kAuthority, store.roster().authorities(), &stats);
  AddCount(Kind::kDesignation, store.roster().designations(), &stats);
  stats.set_store_bytes(store.BytesOnDisk());
  return stats;
}

int64_t ResidentBytes() {
  // proc(5): the second number is resident memory in pages.
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  statm >> total >> resident;
  return statm ? resident * sysconf(_SC_PAGESIZE) : 0;
}

absl::Status Dump(const Store& store, const v1::DumpRequest& request,
                  const std::function<bool(v1::DumpResponse)>& send,
                  const std::function<bool()>& cancelled) {
  if (request.tag().size() > 1) {
    return InvalidField("tag", request.tag(), "must be one letter");
  }
  if (!request.resource().empty()) {
    RETURN_IF_ERROR(names::Parse(request.resource(), "resource").status());
  }
  v1::DumpResponse response;
  size_t bytes = 0;
  bool sent = true;
  RETURN_IF_ERROR(store.Dump(
      request.tag(), request.resource(),
      [&](const std::string& line) {
        response.add_lines(line);
        bytes += line.size();
        if (bytes < kMessageBytes) return true;
        bytes = 0;
        sent = send(std::exchange(response, v1::DumpResponse()));
        return sent;
      },
      [&] { return !cancelled(); }));
  if (sent && response.lines_size() > 0) send(std::move(response));
  return absl::OkStatus();
}

absl::Status Verify(const Store& store,
                    const std::function<absl::Status()>& verify_index,
                    const std::function<bool(v1::VerifyResponse)>& send,
                    const std::function<bool()>& cancelled) {
  v1::VerifyResponse response;
  size_t bytes = 0;
  bool sent = true;
  ASSIGN_OR_RETURN(const int64_t keys,
                   store.Verify(
                       [&](const std::string& problem) {
                         if (!sent) return;
                         response.add_problems(problem);
                         bytes += problem.size();
                         if (bytes < kMessageBytes) return;
                         bytes = 0;
                         sent = send(std::exchange(response, {}));
                       },
                       [&] { return sent && !cancelled(); }));
  if (verify_index && sent) {
    const absl::Status index = verify_index();
    if (!index.ok()) response.add_problems(std::string(index.message()));
  }
  response.set_keys_checked(keys);
  response.set_done(true);
  if (sent) send(std::move(response));
  return absl::OkStatus();
}

v1::IndexStats IndexStatsOf(const Core& core) {
  v1::IndexStats stats;
  const auto view = core.index->view();
  stats.set_sequence(view->sequence);
  stats.set_generation(view->generation);
  stats.set_documents(view->columns->coverage().documents);
  stats.set_bytes(core.index->BytesOnDisk());
  const index::Indexer::Progress progress = core.indexer->progress();
  stats.set_building(progress.building);
  stats.set_built_sequence(progress.sequence);
  return stats;
}

absl::Status RebuildIndex(const Core& core) {
  if (core.indexer == nullptr) {
    return WithReason(
        absl::FailedPreconditionError("this server keeps no search index"),
        "NO_SEARCH_INDEX");
  }
  core.indexer->Rebuild();
  return absl::OkStatus();
}

absl::Status Backup(const Core& core, const v1::BackupRequest& request,
                    v1::BackupResponse* response) {
  if (!IsBackupId(request.id())) {
    return InvalidField("id", request.id(),
                        "must be 1 to 63 letters, digits, `.`, `_`, `-`, the "
                        "first of them no dot, the last no `.tmp`");
  }
  if (core.backup_folder.empty()) {
    return WithReason(
        absl::FailedPreconditionError(
            "the server was started without a folder for backups"),
        "NO_BACKUP_FOLDER");
  }
  const std::string folder =
      absl::StrCat(core.backup_folder, "/", request.id());
  std::error_code error;
  if (std::filesystem::exists(folder, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat("backup ", request.id(), " exists already"));
  }
  // What is published now is in the copy; later changes may be, too.
  response->set_sequence(core.store->published());
  RETURN_IF_ERROR(core.store->Backup(folder));
  response->set_bytes(BytesIn(folder));
  return absl::OkStatus();
}

}  // namespace comity
