// What a reader of one format is given, and the table of all.
//
// A new format is a pair of files like the others here, a row in formats.cc,
// and a folder of samples in tests/data/laws/.

#ifndef COMITY_IMPORT_LAWS_READER_H_
#define COMITY_IMPORT_LAWS_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "import/law_document.h"
#include "import/law_reader.h"
#include "import/laws/markup.h"

namespace comity::laws {

struct Input {
  // UTF-8; of binary formats, the bytes.
  absl::string_view text;
  // Of XML and HTML, else nullptr.
  const Markup* markup = nullptr;
  const LawReadOptions* options = nullptr;
};

enum class Family { kBinary, kXml, kHtml, kText };

struct Format {
  // As `Expression.format` has it.
  const char* name;
  Family family;
  // True if the input is of this format. The last row of a family takes all.
  bool (*matches)(const Input& input);
  // Adds the documents of the input, languages and formats filled.
  absl::Status (*read)(const Input& input, std::vector<LawDocument>* documents);
};

// In the order in which they are tried.
absl::Span<const Format> Formats();

// How much a statement of a language is worth.
enum class Statement {
  // Metadata of a law: believed.
  kCertain,
  // `<html lang>`: pages keep what their template had.
  kWeak,
};

// Sets language and language_detected: stated, else as the options say, else
// detected in `sample`.
void SetLanguage(const Input& input, absl::string_view stated,
                 Statement statement, absl::string_view sample,
                 LawDocument* document);

// Text of a title in the language of the expression; nothing if it is empty.
void SetTitle(absl::string_view title, LawDocument* document);

// `2024-05-03` from what stands for a day in metadata: `20240503`,
// `2025-12-22+02:00`; a partial day; empty: none.
std::string PartialDay(absl::string_view stated);

// First day on which the text applies.
void SetValidFrom(absl::string_view day, LawDocument* document);
void SetValidUntil(absl::string_view day, LawDocument* document);

// ISO 3166-1 alpha-3 of a code of two or three letters, or of an address that
// ends in one; empty: none.
std::string StateCode(absl::string_view stated);

// Broad kind of what a source calls the law; OTHER for words not known.
v1::LawType LawTypeOf(absl::string_view stated);

}  // namespace comity::laws

#endif  // COMITY_IMPORT_LAWS_READER_H_
