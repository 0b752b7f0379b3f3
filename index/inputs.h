// What the store says of laws and authorities, as the index takes it in.

#ifndef COMITY_INDEX_INPUTS_H_
#define COMITY_INDEX_INPUTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/documents.h"
#include "store/store.h"

namespace comity::index {

// Records that a part of the change log says something new of.
struct ChangedRecords {
  // The last change that was looked at; where there is none, that before.
  uint64_t last = 0;
  std::set<std::string> laws;
  // Of a State that changed: nothing of theirs is another but the region.
  std::set<std::string> laws_of_states;
  std::set<std::string> offices;
  bool concepts = false;
};

// Of the changes behind `after` and up to `until`, at most `changes_max`.
absl::StatusOr<ChangedRecords> ReadChangedRecords(const Store& store,
                                                  uint64_t after,
                                                  size_t changes_max,
                                                  uint64_t until = kNow);

// Reads records as they were at one sequence. One thread at a time.
class InputReader {
 public:
  // `store` must outlive the reader, and what it reads.
  InputReader(const Store* store, uint64_t at);
  ~InputReader();
  InputReader(const InputReader&) = delete;
  InputReader& operator=(const InputReader&) = delete;

  // NotFound if there was none.
  absl::StatusOr<LawInput> Law(const std::string& name) const;
  // The same. Fastest in the order of names, which is that of States.
  absl::StatusOr<OfficeInput> Office(const std::string& name);

 private:
  struct StateFacts;

  absl::Status AddTexts(const std::string& under, LawInput* input) const;
  absl::Status ReadFacts(const std::string& state);

  const Store* const store_;
  const uint64_t at_;
  // Of the State of the office that was asked for last.
  std::unique_ptr<StateFacts> facts_;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_INPUTS_H_
