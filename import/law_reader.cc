#include "import/law_reader.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "import/laws/decode.h"
#include "import/laws/limits.h"
#include "import/laws/markup.h"
#include "import/laws/provisions.h"
#include "import/laws/reader.h"

namespace comity {
namespace {

using laws::Family;
using laws::Format;
using laws::Input;

// What a text format may begin with before it shows what it is.
constexpr size_t kSniffBytes = 4 << 10;

// True for files of programs, which are no text in any encoding.
bool IsBinary(absl::string_view bytes) {
  for (const absl::string_view magic :
       {"%PDF-", "PK\x03\x04", "\xD0\xCF\x11\xE0", "{\\rtf", "\x89PNG",
        "\xFF\xD8\xFF", "GIF8",
        "\x7F"
        "ELF",
        "II*", "SQLite format 3"}) {
    if (absl::StartsWith(bytes, magic)) return true;
  }
  return false;
}

// HTML, XML or neither, by the first tags.
Family FamilyOf(absl::string_view text) {
  absl::string_view start = text.substr(0, kSniffBytes);
  start = absl::StripLeadingAsciiWhitespace(start);
  if (!absl::StartsWith(start, "<")) return Family::kText;
  const std::string lower = absl::AsciiStrToLower(start);
  if (absl::StartsWith(lower, "<!doctype html") ||
      absl::StrContains(lower, "<html>") ||
      absl::StrContains(lower, "<html ")) {
    return Family::kHtml;
  }
  if (absl::StartsWith(lower, "<?xml") || absl::StrContains(lower, "xmlns")) {
    return Family::kXml;
  }
  // A tag of HTML, else XML without a declaration.
  for (const char* tag : {"<p>", "<p ", "<div", "<table", "<h1", "<h2", "<span",
                          "<center", "<font", "<meta", "<b>"}) {
    if (absl::StartsWith(lower, tag)) return Family::kHtml;
  }
  return Family::kXml;
}

absl::StatusOr<std::vector<LawDocument>> ReadWith(Family family,
                                                  const Input& input) {
  for (const Format& format : laws::Formats()) {
    if (format.family != family || !format.matches(input)) continue;
    std::vector<LawDocument> documents;
    RETURN_IF_ERROR(format.read(input, &documents));
    for (LawDocument& document : documents) {
      document.expression.set_format(format.name);
    }
    return documents;
  }
  if (family == Family::kXml) {
    return absl::InvalidArgumentError(
        absl::StrCat("the XML is of no schema that is known: its root is `",
                     input.markup->root().name.substr(0, 100), "`"));
  }
  return absl::InvalidArgumentError("the file is of no format that is known");
}

// Facts that every document gets, and the check that it has text.
absl::Status Complete(const LawReadOptions& options, LawDocument* document) {
  if (document->provisions.empty()) {
    return absl::InvalidArgumentError("the document has no text");
  }
  if (document->state.empty()) document->state = options.state;
  v1::Law& law = document->law;
  v1::Expression& expression = document->expression;
  if (expression.kind() == v1::Expression::KIND_UNSPECIFIED) {
    expression.set_kind(v1::Expression::KIND_TEXT);
  }
  if (expression.title().empty() && law.titles_size() > 0) {
    expression.set_title(law.titles(0).text());
  }
  // The title of the text first.
  if (!expression.title().empty()) {
    bool there = false;
    for (const v1::LocalizedText& title : law.titles()) {
      if (title.language() == expression.language()) there = true;
    }
    if (!there) {
      v1::LocalizedText* title = law.add_titles();
      title->set_text(expression.title());
      title->set_language(expression.language());
      for (int i = law.titles_size() - 1; i > 0; --i) {
        law.mutable_titles()->SwapElements(i, i - 1);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CompleteAll(const LawReadOptions& options,
                         std::vector<LawDocument>* documents) {
  if (documents->empty()) {
    return absl::InvalidArgumentError("the file holds no law");
  }
  for (LawDocument& document : *documents) {
    RETURN_IF_ERROR(Complete(options, &document));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LawDocument>> ReadLaw(
    absl::string_view bytes, const LawReadOptions& options) {
  ASSIGN_OR_RETURN(const std::string unpacked,
                   laws::Unpack(bytes, law_limits::kFileBytesMax));
  if (unpacked.empty()) return absl::InvalidArgumentError("the file is empty");
  Input input;
  input.options = &options;
  input.text = unpacked;
  for (const Format& format : laws::Formats()) {
    if (format.family != Family::kBinary || !format.matches(input)) continue;
    std::vector<LawDocument> documents;
    RETURN_IF_ERROR(format.read(input, &documents));
    for (LawDocument& document : documents) {
      document.expression.set_format(format.name);
    }
    RETURN_IF_ERROR(CompleteAll(options, &documents));
    return documents;
  }
  if (IsBinary(unpacked)) {
    return absl::InvalidArgumentError("the file is of no format that is known");
  }
  const laws::Decoded decoded = laws::Decode(unpacked, options.encoding);
  if (absl::StripAsciiWhitespace(decoded.text).empty()) {
    return absl::InvalidArgumentError("the file has no text");
  }
  input.text = decoded.text;
  Family family = FamilyOf(decoded.text);
  std::unique_ptr<laws::Markup> markup;
  if (family == Family::kXml) {
    ASSIGN_OR_RETURN(markup, laws::ParseXml(decoded.text));
  } else if (family == Family::kHtml) {
    ASSIGN_OR_RETURN(markup, laws::ParseHtml(decoded.text));
  }
  input.markup = markup.get();
  ASSIGN_OR_RETURN(std::vector<LawDocument> documents, ReadWith(family, input));
  for (LawDocument& document : documents) {
    document.encoding = decoded.encoding;
    if (decoded.contradicted) {
      laws::AddNotice(&document, "",
                      absl::StrCat("the file declares an encoding that its "
                                   "bytes contradict; read as ",
                                   decoded.encoding));
    } else if (decoded.guessed) {
      laws::AddNotice(
          &document, "",
          absl::StrCat("the encoding was concluded from the bytes: ",
                       decoded.encoding));
    }
    if (decoded.bad > 0) {
      laws::AddNotice(
          &document, "",
          absl::StrCat("characters that could not be decoded: ", decoded.bad));
    }
  }
  RETURN_IF_ERROR(CompleteAll(options, &documents));
  return documents;
}

std::vector<std::string> LawFormats() {
  std::vector<std::string> names;
  for (const Format& format : laws::Formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace comity
