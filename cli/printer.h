// Writes answers for people, or for programs with --json.

#ifndef COMITY_CLI_PRINTER_H_
#define COMITY_CLI_PRINTER_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "comity/v1/common.pb.h"
#include "google/protobuf/message.h"

namespace comity::cli {

class Printer {
 public:
  // `width` in cells, 0 for no limit. `out` must outlive the printer.
  Printer(std::ostream* out, int width, bool colour)
      : out_(out), width_(width), painter_(colour) {}

  int width() const { return width_; }
  const Painter& painter() const { return painter_; }

  // Text of any origin, made visible and wrapped; lines after the first are
  // indented by `hang` more than the first.
  void Line(absl::string_view text, Style style = Style::kPlain, int indent = 0,
            int hang = 0);
  // The same with what lies in `matches`, ranges of bytes of `text` in order
  // and without overlap, made to stand out.
  void Marked(absl::string_view text,
              const std::vector<std::pair<size_t, size_t>>& matches,
              int indent);
  void Blank();
  void Print(const Table& table);
  void Print(const FieldList& fields, int indent = 2);

  // `message` in protobuf's JSON form on one line.
  void Json(const google::protobuf::Message& message);

  // Bytes as they are: only for files that the user asked for.
  void Raw(absl::string_view bytes);
  void Flush();

 private:
  std::ostream* const out_;
  const int width_;
  const Painter painter_;
};

using Sources = google::protobuf::RepeatedPtrField<comity::v1::Source>;

// Sources cited by number in a text and listed once below it.
class Footnotes {
 public:
  // ` [1][3]` for these sources, each once; empty for none.
  std::string Marks(const Sources& sources);

  // Every source that was cited, under a heading; nothing if none was.
  void Print(Printer* printer) const;

 private:
  absl::flat_hash_map<std::string, int> numbers_;
  std::vector<std::string> lines_;
};

// One source in one sentence: title, kind, place, dates, address.
std::string SourceLine(const comity::v1::Source& source);

}  // namespace comity::cli

#endif  // COMITY_CLI_PRINTER_H_
