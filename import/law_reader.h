// Reads law documents of any format into the common form.

#ifndef COMITY_IMPORT_LAW_READER_H_
#define COMITY_IMPORT_LAW_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/byte_source.h"
#include "import/law_document.h"

namespace comity {

// All are hints: what the file says of itself comes first.
struct LawReadOptions {
  std::string file_name;
  // `text`, `markdown`, `html`, `pdf` …, as LawFormats() names them; a format
  // that contradicts the bytes loses.
  std::string format;
  // BCP 47.
  std::string language;
  // ISO 3166-1 alpha-3.
  std::string state;
  // IANA name.
  std::string encoding;
};

// Reads one file of one law; several documents where it holds several versions
// or languages. The file may be compressed with gzip or Zstandard.
//
// InvalidArgument: not a law document in a format that is known, damaged, or
// without text (a scan); ResourceExhausted: over a limit (64 MiB unpacked,
// depth of markup, number of provisions, memory or time of the process that
// reads binary formats). Thread-safe.
absl::StatusOr<std::vector<LawDocument>> ReadLaw(absl::string_view bytes,
                                                 const LawReadOptions& options);

// Names of the formats that ReadLaw knows.
std::vector<std::string> LawFormats();

// A line of a corpus that could not be read.
struct LawLineProblem {
  int64_t line = 0;
  std::string id;
  std::string rule;
};

// Reads a corpus in JSON Lines, compressed or not, in memory bounded by its
// longest line. A line is an object with the fields `id`, `state`, `title`,
// `title_lang`, `lang`, `type`, `number`, `date_enacted`, `date_in_force`,
// `source`, `via`, `licence`, `format` (`markdown` or `text`) and `text`; all
// but `text` may be left out or null, others are ignored. Not thread-safe.
class LawLineReader {
 public:
  // `bytes` must outlive the reader.
  explicit LawLineReader(ByteSource* bytes);
  ~LawLineReader();

  // The next law; false at the end. A line that cannot be read is no failure:
  // it is added to problems(), and the next one is read.
  absl::StatusOr<bool> Next(LawDocument* document);

  // The next line as it is, to be read with ReadLawLine on another thread;
  // false at the end. One that is too long is added to problems().
  absl::StatusOr<bool> NextLine(std::string* line);

  // Of the law or line that was given last, from 1.
  int64_t line() const;
  // Lines that could not be read, so far; at most as many as
  // limits::kProblemsPerFileMax, the rest is only counted.
  const std::vector<LawLineProblem>& problems() const;
  int64_t problem_count() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

// One line of such a corpus, on its own: for readers that split a file
// themselves, or read lines on several threads.
absl::StatusOr<LawDocument> ReadLawLine(absl::string_view line);

}  // namespace comity

#endif  // COMITY_IMPORT_LAW_READER_H_
