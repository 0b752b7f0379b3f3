// From rows to records: what a file says, in the words of the contract. The
// store is not asked here; whom a State, treaty or function is meant by is
// asked through References.
//
// Nothing is normalised silently: where the understood value is not what was
// printed, the record's `as_stated` keeps what was.

#ifndef COMITY_IMPORT_UNDERSTAND_H_
#define COMITY_IMPORT_UNDERSTAND_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/participation.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"
#include "import/byte_source.h"

namespace comity {

// Finds what a text refers to. Each is called once per distinct text and
// file; what they are bound to must outlive the reader.
struct References {
  // A code, name, alias or resource name to the resource name (`states/LTU`).
  // The message of a failure, or its rule if it is an InvalidField, becomes the
  // rule of a problem.
  using Resolver =
      absl::FunctionRef<absl::StatusOr<std::string>(absl::string_view text)>;
  Resolver state;
  Resolver treaty;
  Resolver function;
  // A citation inside a treaty to its canonical form: `art. 18, para. 13` to
  // `18(13)`.
  absl::FunctionRef<std::optional<std::string>(absl::string_view text)> article;
};

// What every understood record carries. A record with problems is not to be
// used; its fields hold what was understood nevertheless.
struct Understood {
  // Where it stands in the file, from 1.
  int64_t line = 0;
  std::vector<v1::ImportProblem> problems;
  std::vector<v1::ImportProblem> notices;
};

struct UnderstoodState : Understood {
  v1::State state;
};

struct UnderstoodTreaty : Understood {
  v1::Treaty treaty;
};

// Rows of one State and treaty are one record; `line` is the first of them.
struct UnderstoodParticipation : Understood {
  v1::Participation participation;
};

// An office and what it was designated for. Without `name`, `authority` and
// `running_number`: those are assigned by the importer. Source system and id,
// where the file gives ids, are in the first source of each message.
struct UnderstoodDesignation : Understood {
  // `states/{state}`; empty if it was not understood.
  std::string state;
  // The id in the file, and the system that it belongs to; empty without ids.
  std::string source_system;
  std::string source_id;
  // False if the row names no office: `authority` is then empty.
  bool has_authority = false;
  v1::Authority authority;
  v1::Designation designation;
};

// Reads the records of one file in order. Not thread-safe.
template <class Record>
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // Reads the next record into `record`, replacing what it held; false at the
  // end. Fails as RowReader::Next does: the file cannot be read on.
  virtual absl::StatusOr<bool> Next(Record* record) = 0;

  // Remarks on the file as a whole (columns that no field is known for, an
  // encoding that was guessed); complete at the end of the file.
  virtual std::vector<v1::ImportProblem> notices() const = 0;
};

// Opens a file of the kind. `bytes` and what `references` is bound to must
// outlive the reader. InvalidArgument if the file is not in the format that
// `options` says, its header lacks a column that the kind needs or has one
// twice, or `options.columns` names a field that does not exist.
absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodState>>> OpenStates(
    ByteSource* bytes, const v1::ImportOptions& options,
    const References& references);
absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodTreaty>>> OpenTreaties(
    ByteSource* bytes, const v1::ImportOptions& options,
    const References& references);
absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodParticipation>>>
OpenParticipations(ByteSource* bytes, const v1::ImportOptions& options,
                   const References& references);
absl::StatusOr<std::unique_ptr<RecordReader<UnderstoodDesignation>>>
OpenDesignations(ByteSource* bytes, const v1::ImportOptions& options,
                 const References& references);

// The name of the source system: `options.source_system`, or else the file's
// name without folder and ending.
std::string SourceSystem(const v1::ImportOptions& options);

}  // namespace comity

#endif  // COMITY_IMPORT_UNDERSTAND_H_
