// The bytes of an export, chunk by chunk. It holds no iterator between chunks:
// where it stands is a name or a sequence, and all is read as of one sequence.

#ifndef COMITY_SERVICES_EXPORTER_H_
#define COMITY_SERVICES_EXPORTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "comity/v1/export_service.pb.h"
#include "services/core.h"
#include "store/store.h"

namespace comity {

// Not thread-safe.
class Exporter {
 public:
  // InvalidArgument if the request asks for what its format cannot hold;
  // NotFound for a State or authority that is not there. `core` must outlive
  // the exporter.
  static absl::StatusOr<std::unique_ptr<Exporter>> Open(
      const Core* core, const v1::ExportRequest& request);

  // Replaces `chunk` with the next bytes, at most kChunkBytesMax; false at the
  // end.
  absl::StatusOr<bool> Next(std::string* chunk);

 private:
  Exporter(const Core* core, const v1::ExportRequest& request, uint64_t at);

  absl::Status Check();
  // Adds to `pending_` until it is a chunk or all is done.
  absl::Status Fill();
  absl::Status FillRecords();
  absl::Status FillChanges();
  absl::Status AddHeader();
  // Fills in the provisions of an expression at that version.
  absl::Status AddProvisions(const std::string& name, uint64_t sequence,
                             v1::Record* record) const;
  absl::Status Add(Kind kind, const Store::Item& item);
  absl::Status AddCsv(Kind kind, google::protobuf::Message* record);
  absl::Status AddVcards(const v1::Authority& authority);
  absl::Status AddChange(const v1::Change& change);
  bool Wants(Kind kind, const std::string& name) const;

  const Core* const core_;
  const v1::ExportRequest request_;
  const uint64_t at_;
  // Kinds to export, in order, and where the export stands.
  std::vector<Kind> kinds_;
  size_t kind_at_ = 0;
  std::string after_;
  uint64_t next_change_ = 1;
  bool done_ = false;
  std::string pending_;
  // Titles of States on cards.
  absl::flat_hash_map<std::string, std::string> titles_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_EXPORTER_H_
