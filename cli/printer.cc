#include "cli/printer.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/words.h"
#include "google/protobuf/util/json_util.h"

namespace comity::cli {

void Printer::Line(absl::string_view text, Style style, int indent, int hang) {
  const int room = width_ <= 0 ? 0 : std::max(20, width_ - indent - hang);
  std::string margin(static_cast<size_t>(indent), ' ');
  bool first = true;
  for (const std::string& line : Wrap(Visible(text), room)) {
    Raw(absl::StrCat(line.empty() ? "" : margin, painter_.Paint(style, line),
                     "\n"));
    if (first) margin.append(static_cast<size_t>(hang), ' ');
    first = false;
  }
}

void Printer::Marked(absl::string_view text,
                     const std::vector<std::pair<size_t, size_t>>& matches,
                     int indent) {
  // Visible piece by piece, so that it is known where the matches went.
  std::string visible;
  std::vector<std::pair<size_t, size_t>> ranges;
  size_t at = 0;
  for (const auto& [begin, end] : matches) {
    if (begin < at || end < begin || end > text.size()) continue;
    absl::StrAppend(&visible, VisibleLine(text.substr(at, begin - at)));
    const size_t from = visible.size();
    absl::StrAppend(&visible, VisibleLine(text.substr(begin, end - begin)));
    ranges.emplace_back(from, visible.size());
    at = end;
  }
  absl::StrAppend(&visible, VisibleLine(text.substr(at)));
  const int room = width_ <= 0 ? 0 : std::max(20, width_ - indent);
  const std::string margin(static_cast<size_t>(indent), ' ');
  size_t cursor = 0;
  auto range = ranges.begin();
  for (const std::string& line : Wrap(visible, room)) {
    // Lines are pieces of the text, without the spaces between them.
    const size_t begin = std::max(visible.find(line, cursor), cursor);
    cursor = begin + line.size();
    std::string painted;
    size_t done = begin;
    for (; range != ranges.end() && range->first < cursor; ++range) {
      const size_t from = std::max(range->first, begin);
      const size_t to = std::min(range->second, cursor);
      absl::StrAppend(
          &painted, absl::string_view(visible).substr(done, from - done),
          painter_.Paint(Style::kMatch,
                         absl::string_view(visible).substr(from, to - from)));
      done = to;
      // The rest of it is on the next line.
      if (range->second > cursor) break;
    }
    absl::StrAppend(&painted,
                    absl::string_view(visible).substr(done, cursor - done));
    Raw(absl::StrCat(margin, painted, "\n"));
  }
}

void Printer::Blank() { Raw("\n"); }

void Printer::Print(const Table& table) { Raw(table.Render(width_, painter_)); }

void Printer::Print(const FieldList& fields, int indent) {
  Raw(fields.Render(width_, indent, painter_));
}

void Printer::Json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = false;
  std::string json;
  // Fails only for malformed well-known types, which no answer has.
  if (google::protobuf::util::MessageToJsonString(message, &json, options)
          .ok()) {
    Raw(json + "\n");
  }
}

void Printer::Raw(absl::string_view bytes) {
  out_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void Printer::Flush() { out_->flush(); }

std::string SourceLine(const v1::Source& source) {
  std::string line =
      source.document().empty() ? source.uri() : source.document();
  const auto append = [&line](absl::string_view before,
                              absl::string_view text) {
    if (!text.empty()) absl::StrAppend(&line, before, text);
  };
  append(", ", source.place());
  append("; ", SourceKindWords(source.kind()));
  append("; dated ", source.document_date());
  append("; complete to ", source.as_of());
  if (!source.document().empty()) append("; ", source.uri());
  append("; taken from ", source.via());
  append("; ", source.note());
  return line;
}

std::string Footnotes::Marks(const Sources& sources) {
  std::set<int> cited;
  for (const v1::Source& source : sources) {
    const std::string line = SourceLine(source);
    if (line.empty()) continue;
    const auto [it, added] =
        numbers_.try_emplace(line, static_cast<int>(lines_.size()) + 1);
    if (added) lines_.push_back(line);
    cited.insert(it->second);
  }
  std::string marks;
  for (const int number : cited) {
    absl::StrAppend(&marks, marks.empty() ? " [" : "[", number, "]");
  }
  return marks;
}

void Footnotes::Print(Printer* printer) const {
  if (lines_.empty()) return;
  printer->Blank();
  printer->Line("Sources", Style::kHeading);
  for (size_t i = 0; i < lines_.size(); ++i) {
    const std::string mark = absl::StrCat("[", i + 1, "] ");
    printer->Line(absl::StrCat(mark, lines_[i]), Style::kPlain, 0,
                  DisplayWidth(mark));
  }
}

}  // namespace comity::cli
