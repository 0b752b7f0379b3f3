#include "import/laws/markdown_reader.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "import/laws/lines.h"
#include "import/laws/provisions.h"
#include "import/laws/structure.h"
#include "import/laws/xml_text.h"

namespace comity::laws {
namespace {

bool IsPunctuation(char c) {
  return absl::ascii_ispunct(static_cast<unsigned char>(c));
}

// Emphasis, links, escapes and the few tags that texts of laws have.
std::string WithoutMarks(absl::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const absl::string_view rest = line.substr(i);
    if (c == '\\' && i + 1 < line.size() && IsPunctuation(line[i + 1])) {
      out.push_back(line[++i]);
    } else if (absl::StartsWith(rest, "**") || absl::StartsWith(rest, "__")) {
      ++i;
    } else if (c == '*' || c == '`') {
      // A lone asterisk at the beginning is an item, kept.
      if (c == '*' && out.empty() && i + 1 < line.size() &&
          line[i + 1] == ' ') {
        out.push_back('-');
      }
    } else if (c == '[' || absl::StartsWith(rest, "![")) {
      // `[text](address)`; brackets alone stay.
      const size_t open = c == '[' ? 0 : 1;
      const size_t close = rest.substr(0, 2000).find("](");
      const size_t end = close == absl::string_view::npos
                             ? absl::string_view::npos
                             : rest.substr(0, 4000).find(')', close);
      if (end == absl::string_view::npos) {
        out.push_back(c);
      } else {
        absl::StrAppend(&out, rest.substr(open + 1, close - open - 1));
        i += end;
      }
    } else if (absl::StartsWithIgnoreCase(rest, "<sup>")) {
      const size_t end = rest.substr(0, 200).find("</sup>");
      if (end == absl::string_view::npos) continue;
      out += Superscript(rest.substr(5, end - 5));
      i += end + 5;
    } else if (absl::StartsWithIgnoreCase(rest, "<br") ||
               absl::StartsWithIgnoreCase(rest, "<!--")) {
      const size_t end = rest.substr(0, 2000).find('>');
      if (end == absl::string_view::npos) {
        out.push_back(c);
      } else {
        out.push_back(' ');
        i += end;
      }
    } else {
      out.push_back(c);
    }
  }
  return Tidy(out);
}

// `| a | b |`: its cells.
std::string Cells(absl::string_view line) {
  std::string cells;
  for (const char c : line) {
    if (c == '|') {
      absl::StrAppend(&cells, cells.empty() ? "" : " ");
    } else {
      cells.push_back(c);
    }
  }
  return cells;
}

bool IsRule(absl::string_view text) {
  if (text.size() < 3) return false;
  for (const char c : text) {
    if (c != '-' && c != '*' && c != '_' && c != '=' && c != '|' && c != ':' &&
        c != ' ' && c != '+') {
      return false;
    }
  }
  return true;
}

// `key: value` lines between `---` at the beginning; what is of use of them.
size_t FrontMatter(absl::string_view text, LawDocument* document,
                   std::string* language) {
  if (!absl::StartsWith(text, "---\n")) return 0;
  const size_t end = text.substr(0, 64 << 10).find("\n---", 3);
  if (end == absl::string_view::npos) return 0;
  absl::string_view lines = text.substr(4, end - 3);
  v1::Law& law = document->law;
  while (!lines.empty()) {
    const size_t stop = std::min(lines.find('\n'), lines.size());
    const absl::string_view line = lines.substr(0, stop);
    lines.remove_prefix(std::min(stop + 1, lines.size()));
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos || line[0] == ' ') continue;
    const std::string key = absl::AsciiStrToLower(line.substr(0, colon));
    absl::string_view value =
        absl::StripAsciiWhitespace(line.substr(colon + 1));
    if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') &&
        value.back() == value[0]) {
      value = value.substr(1, value.size() - 2);
    }
    if (key == "title" || key == "titulo" || key == "título") {
      SetTitle(value, document);
    } else if (key == "lang" || key == "language") {
      *language = std::string(value);
    } else if (key == "number" || key == "identifier") {
      law.set_number(Tidy(value));
    } else if (key == "source" || key == "url") {
      law.set_uri(Tidy(value));
    } else if (key == "country") {
      document->state = StateCode(value);
    } else if (key == "publication_date") {
      law.set_published(PartialDay(value));
    }
  }
  const size_t after = text.find('\n', end + 1);
  return after == absl::string_view::npos ? text.size() : after + 1;
}

}  // namespace

bool IsMarkdown(const Input& input) {
  if (input.options->format == "markdown") return true;
  if (input.options->format == "text") return false;
  const std::string& name = input.options->file_name;
  if (absl::EndsWithIgnoreCase(name, ".md") ||
      absl::EndsWithIgnoreCase(name, ".markdown")) {
    return true;
  }
  // Headings that plain text does not have.
  return absl::StartsWith(input.text, "# ") ||
         absl::StartsWith(input.text, "---\n") ||
         absl::StrContains(input.text, "\n## ") ||
         absl::StrContains(input.text, "\n### ") ||
         absl::StrContains(input.text, "\n# ");
}

absl::Status ReadMarkdown(const Input& input,
                          std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  std::string language;
  const size_t skipped = FrontMatter(input.text, &document, &language);
  const absl::string_view body = input.text.substr(skipped);
  SetLanguage(input, language, Statement::kWeak, body, &document);
  BlockText text;
  text.blocks = SplitLines(body);
  for (Block& block : text.blocks) {
    absl::string_view line = block.text;
    if (IsRule(line)) {
      block.text.clear();
      continue;
    }
    size_t level = 0;
    while (level < line.size() && level < 6 && line[level] == '#') ++level;
    if (level > 0 && (level == line.size() || line[level] == ' ')) {
      block.level = static_cast<int>(level);
      line.remove_prefix(level);
      line = absl::StripTrailingAsciiWhitespace(line);
      while (absl::ConsumeSuffix(&line, "#")) {
      }
      block.indent = 0;
    } else if (absl::ConsumePrefix(&line, ">")) {
      block.indent += 4;
    } else if (absl::StartsWith(line, "|") && absl::EndsWith(line, "|")) {
      block.text = Tidy(Cells(line));
      continue;
    }
    line = absl::StripAsciiWhitespace(line);
    const bool bold = line.size() > 4 && absl::StartsWith(line, "**") &&
                      absl::EndsWith(line, "**");
    block.bold = bold;
    block.text = WithoutMarks(line);
  }
  JoinBrokenLines(document.expression.language(), &text.blocks);
  SplitJoinedArticles(document.expression.language(), &text.blocks);
  return FindStructure(std::move(text), &document);
}

}  // namespace comity::laws
