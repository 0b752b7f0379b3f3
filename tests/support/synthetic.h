// Synthetic designations: made up, marked as such in every record, the same for
// the same seed. Their States, treaties and functions are the bundled ones.

#ifndef COMITY_TESTS_SUPPORT_SYNTHETIC_H_
#define COMITY_TESTS_SUPPORT_SYNTHETIC_H_

#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/designation.pb.h"

namespace comity::synthetic {

namespace v1 = ::comity::v1;

struct Options {
  int64_t designations = 200000;
  uint64_t seed = 20150601;
};

// States (without territories), functions and the articles of treaties that
// they are tied to, as the bundled data have them.
struct World {
  // What a designation may be for: a function under a treaty.
  struct Purpose {
    std::string function;
    std::string title;
    std::string treaty;
    std::string article;
  };
  // Resource names.
  std::vector<std::string> states;
  std::vector<Purpose> purposes;

  // Reads 01-states.jsonl and 03-functions.jsonl of `folder`.
  static absl::StatusOr<World> Read(const std::string& folder);
};

// One designation and its office.
struct Row {
  v1::Designation designation;
  v1::Authority authority;
  // True for the first designation of the office; the next ones follow at once.
  bool first_of_authority = false;
};

// Every State has one or more desks for every purpose. A desk is kept by one
// office after another, each designated several times, so that on most days
// one designation of a desk holds. There are four designations to an office or
// so; some have a start that is not known. Records are on average as large as
// the bundled ones: offices of 480 bytes once all their designations are in,
// designations of 450. Not thread-safe.
class Generator {
 public:
  // `world` must outlive the generator.
  Generator(const World* world, const Options& options);

  // False when all were given.
  bool Next(Row* row);

 private:
  // A stretch of designations in one place of the directory.
  struct Desk {
    int64_t designations = 0;
    absl::CivilDay from;
    // Days that one designation lasts, before it is varied.
    int64_t days = 0;
  };

  size_t Pick(size_t count) { return random_() % count; }
  bool Chance(size_t percent) { return Pick(100) < percent; }
  template <size_t kCount>
  const char* OneOf(const char* const (&words)[kCount]) {
    return words[Pick(kCount)];
  }
  void OpenSlot();
  void NewAuthority(v1::Authority* authority);
  void AddContact(v1::Authority* authority);
  void FillDesignation(v1::Designation* designation);
  void SetValidity(v1::Designation* designation);
  std::string Telephone();
  v1::Source NextSource() const;

  const World* const world_;
  const Options options_;
  std::mt19937_64 random_;
  // Slot: a State and a purpose. Its desks are taken from the back.
  size_t slot_ = 0;
  std::vector<Desk> desks_;
  int64_t given_ = 0;
  int64_t authorities_ = 0;
  int64_t left_of_authority_ = 0;
  v1::Authority authority_;
};

// All designations as CSV, in the columns of our own files.
void WriteCsv(const World& world, const Options& options, std::ostream* out);

// The same as JSON Lines of Record: each office before its designations.
void WriteJsonLines(const World& world, const Options& options,
                    std::ostream* out);

}  // namespace comity::synthetic

#endif  // COMITY_TESTS_SUPPORT_SYNTHETIC_H_
