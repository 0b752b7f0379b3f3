#include "import/laws/text_reader.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "import/laws/lines.h"
#include "import/laws/provisions.h"
#include "import/laws/structure.h"

namespace comity::laws {
namespace {

// Text that Indigo's importer marked: each piece by a word in capitals.
bool IsIndigo(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  return (absl::StartsWith(text, "BODY") || absl::StartsWith(text, "PREFACE") ||
          absl::StartsWith(text, "PREAMBLE")) &&
         (absl::StrContains(text, "\n  SECTION ") ||
          absl::StrContains(text, "\nSECTION ") ||
          absl::StrContains(text, "SUBSECTION "));
}

// The marks as what they stand for: `SUBSECTION (1)` and the paragraph after
// it become one.
std::vector<Block> WithoutMarks(std::vector<Block> lines) {
  static constexpr absl::string_view kLabels[] = {
      "SUBSECTION ", "PARAGRAPH ", "SUBPARAGRAPH ", "ITEM ", "SUBITEM "};
  static constexpr absl::string_view kDropped[] = {
      "BODY",    "PREFACE",     "PREAMBLE",  "ITEMS",        "LONGTITLE",
      "BULLETS", "CONCLUSIONS", "ARGUMENTS", "INTRODUCTION", "BACKGROUND"};
  static constexpr absl::string_view kPrefixes[] = {
      "SUBHEADING ", "CROSSHEADING ", "LONGTITLE ", "HEADING "};
  std::vector<Block> blocks;
  std::string label;
  bool in_schedule = false;
  for (Block& line : lines) {
    absl::string_view text = line.text;
    if (text.empty()) continue;
    bool dropped = false;
    for (const absl::string_view word : kDropped) {
      if (text == word) dropped = true;
    }
    if (dropped) continue;
    if (absl::ConsumePrefix(&text, "SCHEDULE ")) {
      in_schedule = true;
      // `SCHEDULE FIRST SCHEDULE …`: the mark, then the title.
      if (absl::StrContains(absl::AsciiStrToUpper(text), "SCHEDULE") ||
          absl::StrContains(absl::AsciiStrToUpper(text), "ANNEX")) {
        line.text = std::string(text);
      }
      label.clear();
      blocks.push_back(std::move(line));
      continue;
    }
    bool is_label = false;
    for (const absl::string_view mark : kLabels) {
      absl::string_view rest = text;
      if (!absl::ConsumePrefix(&rest, mark)) continue;
      // `PARAGRAPH Cap.` in front matter is no number.
      absl::StrAppend(&label, label.empty() ? "" : " ", rest);
      is_label = true;
      break;
    }
    if (is_label) continue;
    for (const absl::string_view mark : kPrefixes) {
      absl::ConsumePrefix(&text, mark);
    }
    const bool number_of_paragraph =
        in_schedule && !label.empty() && label.back() == '.';
    Block block = line;
    block.text =
        label.empty() ? std::string(text) : absl::StrCat(label, " ", text);
    // Items are no sections; only the words of the marks are labels.
    if (!label.empty() && !number_of_paragraph) block.indent = 8;
    label.clear();
    blocks.push_back(std::move(block));
  }
  return blocks;
}

// What a law says that it may be cited as; empty: nothing.
std::string CitedAs(absl::string_view text) {
  constexpr absl::string_view kCited = "may be cited as the ";
  const size_t at = text.find(kCited);
  if (at == absl::string_view::npos) return "";
  const absl::string_view rest = text.substr(at + kCited.size(), 300);
  return Tidy(rest.substr(0, rest.find_first_of(".\n")));
}

}  // namespace

bool IsText(const Input& /*input*/) { return true; }

absl::Status ReadText(const Input& input, std::vector<LawDocument>* documents) {
  LawDocument& document = documents->emplace_back();
  SetLanguage(input, "", Statement::kWeak, input.text, &document);
  BlockText text;
  text.blocks = SplitLines(absl::StrContains(input.text, "&sect;")
                               ? WithoutEntities(input.text)
                               : std::string(input.text));
  if (IsIndigo(input.text)) {
    text.title = CitedAs(input.text);
    text.blocks = WithoutMarks(std::move(text.blocks));
  } else {
    JoinBrokenLines(document.expression.language(), &text.blocks);
    SplitJoinedArticles(document.expression.language(), &text.blocks);
  }
  return FindStructure(std::move(text), &document);
}

}  // namespace comity::laws
