#include "index/xapian_guard.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/errors.h"

#if defined(__SANITIZE_ADDRESS__)
// Xapian 1.4.22, Database::check, deletes an object through a type of another
// size, for which the address sanitizer would end the program. It asks this
// function for its defaults before main, and has no way to leave out a library.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "new_delete_type_mismatch=0";
}
#endif

namespace comity::index {
namespace {

struct Kind {
  absl::string_view type;
  absl::StatusCode code;
};

// Xapian's classes are not polymorphic, but know their names. Classes that are
// not here are thrown for wrong arguments or calls in the wrong order: our
// bugs.
constexpr Kind kKinds[] = {
    {"DatabaseClosedError", absl::StatusCode::kUnavailable},
    {"DatabaseCorruptError", absl::StatusCode::kDataLoss},
    {"DatabaseCreateError", absl::StatusCode::kUnavailable},
    {"DatabaseError", absl::StatusCode::kUnavailable},
    {"DatabaseLockError", absl::StatusCode::kFailedPrecondition},
    {"DatabaseModifiedError", absl::StatusCode::kUnavailable},
    {"DatabaseNotFoundError", absl::StatusCode::kNotFound},
    {"DatabaseOpeningError", absl::StatusCode::kUnavailable},
    {"DatabaseVersionError", absl::StatusCode::kFailedPrecondition},
    {"DocNotFoundError", absl::StatusCode::kNotFound},
    {"FeatureUnavailableError", absl::StatusCode::kFailedPrecondition},
    {"NetworkError", absl::StatusCode::kUnavailable},
    {"NetworkTimeoutError", absl::StatusCode::kUnavailable},
};

absl::StatusCode CodeOf(absl::string_view type) {
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return kind.code;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

absl::Status ToStatus(const Xapian::Error& error) {
  constexpr size_t kMessageCharactersMax = 200;
  const absl::string_view type = error.get_type();
  // Messages of database errors hold paths.
  return absl::Status(
      CodeOf(type),
      absl::StartsWith(type, "Database")
          ? absl::StrCat("search index: ", type)
          : absl::StrCat("search index: ", type, ": ",
                         Cut(error.get_msg(), kMessageCharactersMax)));
}

}  // namespace comity::index
