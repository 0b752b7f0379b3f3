// Files as UTF-8 text: unpacked, decoded, their language found out.

#ifndef COMITY_IMPORT_LAWS_DECODE_H_
#define COMITY_IMPORT_LAWS_DECODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace comity::laws {

struct Decoded {
  // Well-formed UTF-8 without byte order mark, LF line ends.
  std::string text;
  // IANA name.
  std::string encoding;
  // Concluded from the statistics of bytes.
  bool guessed = false;
  // The file declared another encoding, which its bytes contradict.
  bool contradicted = false;
  // Bytes that are no characters of the encoding; each became U+FFFD.
  size_t bad = 0;
};

// By byte order mark, then by whether the bytes are UTF-8 or UTF-16, then by
// `declared` (an IANA name; empty: what an XML or HTML declaration in the bytes
// says), then by statistics.
Decoded Decode(absl::string_view bytes, absl::string_view declared);

// The bytes themselves, or what gzip or Zstandard packed in them.
// ResourceExhausted: more than `bytes_max`; InvalidArgument: damaged.
absl::StatusOr<std::string> Unpack(absl::string_view bytes, size_t bytes_max);

// BCP 47 tag of the language that the text is in; empty: not known.
std::string DetectLanguage(absl::string_view text);

// Canonical BCP 47 tag of a language as files name it: `fin`, `EN`, `de-CH`,
// the address of a language in the EU's vocabulary; empty: none.
std::string LanguageTag(absl::string_view stated);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_DECODE_H_
