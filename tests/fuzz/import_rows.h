// What the fuzzers of tabular formats share.

#ifndef COMITY_TESTS_FUZZ_IMPORT_ROWS_H_
#define COMITY_TESTS_FUZZ_IMPORT_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/understand.h"

namespace comity {

inline absl::StatusOr<std::string> FindAny(absl::string_view text) {
  if (text.size() < 2) return absl::NotFoundError("too short");
  return std::string("states/LVA");
}

inline std::optional<std::string> FindArticle(absl::string_view text) {
  if (text.size() > 20) return std::nullopt;
  return std::string(text);
}

// Reads `data` as designations and participations of this format, in chunks
// whose size follows from its own.
inline void Understand(const uint8_t* data, size_t size,
                       v1::ImportFormat format) {
  const References references = {FindAny, FindAny, FindAny, FindArticle};
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  v1::ImportOptions options;
  options.set_format(format);
  {
    StringSource source(bytes, 1 + size % 97);
    auto reader = OpenDesignations(&source, options, references);
    UnderstoodDesignation record;
    while (reader.ok()) {
      const absl::StatusOr<bool> more = (*reader)->Next(&record);
      if (!more.ok() || !*more) break;
    }
  }
  StringSource source(bytes, 1 + size % 97);
  auto reader = OpenParticipations(&source, options, references);
  UnderstoodParticipation record;
  while (reader.ok()) {
    const absl::StatusOr<bool> more = (*reader)->Next(&record);
    if (!more.ok() || !*more) break;
  }
}

}  // namespace comity

#endif  // COMITY_TESTS_FUZZ_IMPORT_ROWS_H_
