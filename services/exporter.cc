#include "services/exporter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "import/writers.h"
#include "rules/records.h"
#include "services/resource.h"
#include "store/records.h"

namespace comity {
namespace {

// A chunk is sent when it has so many bytes: large enough to make a message
// cheap, small against the memory of the process.
constexpr size_t kChunkBytes = 256 << 10;

absl::StatusOr<std::vector<Kind>> KindsOf(const v1::ExportRequest& request) {
  std::vector<Kind> kinds;
  for (int i = 0; i < request.kinds_size(); ++i) {
    Kind kind = Kind::kState;
    if (!FromProto(request.kinds(i), &kind)) {
      return InvalidField(absl::StrCat("kinds[", i, "]"),
                          absl::StrCat(request.kinds(i)),
                          "must be a kind of record");
    }
    kinds.push_back(kind);
  }
  // In the order of RecordKind, each once.
  std::sort(kinds.begin(), kinds.end(),
            [](Kind a, Kind b) { return ToProto(a) < ToProto(b); });
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  if (!kinds.empty()) return kinds;
  switch (request.format()) {
    case v1::EXPORT_FORMAT_CSV:
      return std::vector<Kind>{Kind::kDesignation};
    case v1::EXPORT_FORMAT_VCARD:
      return std::vector<Kind>{Kind::kAuthority};
    default:
      return std::vector<Kind>(std::begin(kRecordKinds),
                               std::end(kRecordKinds));
  }
}

absl::Status CheckFormat(const v1::ExportRequest& request,
                         const std::vector<Kind>& kinds) {
  const auto kinds_text = [&] { return absl::StrCat(kinds.size(), " kinds"); };
  switch (request.format()) {
    case v1::EXPORT_FORMAT_JSONL:
      break;
    case v1::EXPORT_FORMAT_CSV:
      if (kinds.size() != 1 ||
          (kinds[0] != Kind::kState && kinds[0] != Kind::kParticipation &&
           kinds[0] != Kind::kDesignation)) {
        return InvalidField("kinds", kinds_text(),
                            "must be one of States, participations, "
                            "designations for CSV");
      }
      break;
    case v1::EXPORT_FORMAT_VCARD:
      if (kinds != std::vector<Kind>{Kind::kAuthority}) {
        return InvalidField("kinds", kinds_text(),
                            "must be authorities, or empty, for vCard");
      }
      break;
    default:
      return InvalidField("format", absl::StrCat(request.format()),
                          "must be a format");
  }
  if (!request.authority().empty() &&
      request.format() != v1::EXPORT_FORMAT_VCARD) {
    return InvalidField("authority", request.authority(),
                        "must be empty but for vCard");
  }
  if (request.history() &&
      (request.format() != v1::EXPORT_FORMAT_JSONL ||
       request.kinds_size() != 0 || !request.state().empty())) {
    return InvalidField("history", "true",
                        "must be of JSON Lines, all kinds and all States");
  }
  return absl::OkStatus();
}

}  // namespace

Exporter::Exporter(const Core* core, const v1::ExportRequest& request,
                   uint64_t at)
    : core_(core), request_(request), at_(at) {}

absl::StatusOr<std::unique_ptr<Exporter>> Exporter::Open(
    const Core* core, const v1::ExportRequest& request) {
  ASSIGN_OR_RETURN(const uint64_t at, SequenceOf(*core, request));
  std::unique_ptr<Exporter> exporter(new Exporter(core, request, at));
  ASSIGN_OR_RETURN(exporter->kinds_, KindsOf(request));
  RETURN_IF_ERROR(CheckFormat(request, exporter->kinds_));
  RETURN_IF_ERROR(exporter->Check());
  RETURN_IF_ERROR(exporter->AddHeader());
  return exporter;
}

absl::Status Exporter::Check() {
  if (!request_.state().empty()) {
    RETURN_IF_ERROR(
        names::ParseKind(request_.state(), Kind::kState, "state").status());
    RETURN_IF_ERROR(
        core_->store->Get<v1::State>(request_.state(), at_).status());
  }
  if (request_.authority().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(
      names::ParseKind(request_.authority(), Kind::kAuthority, "authority")
          .status());
  ASSIGN_OR_RETURN(const v1::Authority authority,
                   core_->store->Get<v1::Authority>(request_.authority(), at_));
  done_ = true;
  return AddVcards(authority);
}

absl::Status Exporter::AddHeader() {
  if (request_.format() != v1::EXPORT_FORMAT_CSV) return absl::OkStatus();
  switch (kinds_.front()) {
    case Kind::kState:
      pending_ = StateCsvHeader();
      break;
    case Kind::kParticipation:
      pending_ = ParticipationCsvHeader();
      break;
    default:
      pending_ = DesignationCsvHeader();
      break;
  }
  return absl::OkStatus();
}

bool Exporter::Wants(Kind kind, const std::string& name) const {
  if (request_.state().empty()) return true;
  const auto parts = names::ParseKind(name, kind, "name");
  return parts.ok() && names::StateOf(*parts) == request_.state();
}

absl::Status Exporter::AddVcards(const v1::Authority& authority) {
  const auto parts = names::Parse(authority.name(), "name");
  RETURN_IF_ERROR(parts.status());
  const std::string state = names::StateOf(*parts);
  auto title = titles_.find(state);
  if (title == titles_.end()) {
    const absl::StatusOr<v1::State> record =
        core_->store->Get<v1::State>(state, at_);
    title =
        titles_
            .emplace(state, record.ok() ? std::string(rules::TitleOf(*record))
                                        : std::string())
            .first;
  }
  AppendVcards(authority, title->second, &pending_);
  return absl::OkStatus();
}

absl::Status Exporter::AddCsv(Kind kind, google::protobuf::Message* record) {
  if (kind == Kind::kState) {
    AppendStateCsv(static_cast<const v1::State&>(*record), &pending_);
  } else if (kind == Kind::kParticipation) {
    AppendParticipationCsv(static_cast<const v1::Participation&>(*record),
                           &pending_);
  } else {
    const auto& designation = static_cast<const v1::Designation&>(*record);
    std::optional<v1::Authority> authority;
    if (!designation.authority().empty()) {
      absl::StatusOr<v1::Authority> found =
          core_->store->Get<v1::Authority>(designation.authority(), at_);
      if (!found.ok() && !absl::IsNotFound(found.status())) {
        return found.status();
      }
      if (found.ok()) authority = *std::move(found);
    }
    AppendDesignationCsv(
        designation, authority.has_value() ? &*authority : nullptr, &pending_);
  }
  return absl::OkStatus();
}

absl::Status Exporter::AddProvisions(const std::string& name, uint64_t sequence,
                                     v1::Record* record) const {
  if (!record->has_expression()) return absl::OkStatus();
  v1::Expression* expression = record->mutable_expression();
  return core_->store->ForEachProvision(
      name, sequence, [&](const v1::Provision& provision) {
        *expression->add_provisions() = provision;
        return true;
      });
}

absl::Status Exporter::Add(Kind kind, const Store::Item& item) {
  v1::Record record;
  google::protobuf::Message* message = MutableRecord(kind, &record);
  RETURN_IF_ERROR(ParseVersion(item.version, message));
  RETURN_IF_ERROR(AddProvisions(item.name, item.sequence, &record));
  // Cards say when they were revised; the others are without the server's own
  // fields, which this clears.
  if (request_.format() != v1::EXPORT_FORMAT_VCARD) TakeContent(message);
  switch (request_.format()) {
    case v1::EXPORT_FORMAT_CSV:
      return AddCsv(kind, message);
    case v1::EXPORT_FORMAT_VCARD:
      return AddVcards(record.authority());
    default:
      AppendJsonLine(record, &pending_);
      return absl::OkStatus();
  }
}

absl::Status Exporter::AddChange(const v1::Change& change) {
  v1::Change line = change;
  if (change.type() != v1::CHANGE_TYPE_DELETED) {
    Kind kind = Kind::kState;
    if (!FromProto(change.kind(), &kind)) {
      return absl::DataLossError("a change has no kind");
    }
    RETURN_IF_ERROR(
        core_->store->ReadVersion(change.resource(), change.sequence(),
                                  MutableRecord(kind, line.mutable_after())));
    RETURN_IF_ERROR(AddProvisions(change.resource(), change.sequence(),
                                  line.mutable_after()));
  }
  AppendJsonLine(line, &pending_);
  return absl::OkStatus();
}

absl::Status Exporter::FillChanges() {
  absl::Status status;
  RETURN_IF_ERROR(
      core_->store->ForEachChange(next_change_, [&](const v1::Change& change) {
        if (change.sequence() > at_) return false;
        status = AddChange(change);
        next_change_ = change.sequence() + 1;
        return status.ok() && pending_.size() < kChunkBytes;
      }));
  if (next_change_ > at_) done_ = true;
  return status;
}

absl::Status Exporter::FillRecords() {
  const Kind kind = kinds_[kind_at_];
  // What a State has of these lies under its code; of the others, elsewhere.
  const bool under = !request_.state().empty() && kind != Kind::kParticipation;
  if (under && (kind == Kind::kTreaty || kind == Kind::kFunction ||
                kind == Kind::kConcept)) {
    ++kind_at_;
    return absl::OkStatus();
  }
  absl::Status status;
  bool full = false;
  RETURN_IF_ERROR(core_->store->ForEach(
      kind, under ? names::LastOf(request_.state()) : absl::string_view(),
      after_, at_, [&](const Store::Item& item) {
        after_ = item.name;
        if (Wants(kind, item.name)) status = Add(kind, item);
        full = pending_.size() >= kChunkBytes;
        return status.ok() && !full;
      }));
  if (!full) {
    ++kind_at_;
    after_.clear();
  }
  return status;
}

absl::Status Exporter::Fill() {
  while (!done_ && pending_.size() < kChunkBytes) {
    if (request_.history()) {
      RETURN_IF_ERROR(FillChanges());
    } else if (kind_at_ == kinds_.size()) {
      done_ = true;
    } else {
      RETURN_IF_ERROR(FillRecords());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Exporter::Next(std::string* chunk) {
  RETURN_IF_ERROR(Fill());
  if (pending_.size() <= limits::kChunkBytesMax) {
    *chunk = std::exchange(pending_, {});
  } else {
    *chunk = pending_.substr(0, limits::kChunkBytesMax);
    pending_.erase(0, limits::kChunkBytesMax);
  }
  return !chunk->empty();
}

}  // namespace comity
