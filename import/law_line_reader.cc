// Corpora in JSON Lines: LawLineReader and ReadLawLine of law_reader.h.

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/law_reader.h"
#include "import/laws/decode.h"
#include "import/laws/limits.h"
#include "import/laws/provisions.h"
#include "import/laws/reader.h"
#include "import/laws/unpacker.h"

namespace comity {
namespace {

// A line of JSON, escapes included.
constexpr size_t kLineBytesMax = law_limits::kFileBytesMax;
// The beginning of a line tells which it is.
constexpr size_t kLineStartBytes = 1024;

// A text or a number; empty if it is left out, null or of another kind.
std::string Field(const simdjson::dom::object& object, const char* key) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return "";
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  int64_t number = 0;
  if (element.get(number) == simdjson::SUCCESS) return absl::StrCat(number);
  return "";
}

std::string TidyField(const simdjson::dom::object& object, const char* key) {
  return laws::Tidy(Field(object, key));
}

absl::StatusOr<LawReadOptions> OptionsOf(const simdjson::dom::object& object) {
  LawReadOptions options;
  options.format = Field(object, "format");
  options.language = Field(object, "lang");
  options.state = Field(object, "state");
  if (!options.state.empty() && !names::IsStateCode(options.state)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "state: `", options.state.substr(0, 40), "`, must be three letters"));
  }
  if (options.format.empty()) options.format = "text";
  if (options.format != "text" && options.format != "markdown") {
    return absl::InvalidArgumentError(
        absl::StrCat("format: `", options.format.substr(0, 40),
                     "`, must be `markdown` or `text`"));
  }
  return options;
}

void TakeTitle(const simdjson::dom::object& object, LawDocument* document) {
  v1::Expression& expression = document->expression;
  std::string title = TidyField(object, "title");
  std::string language;
  if (title.empty()) {
    title = expression.title();
  } else {
    language = laws::LanguageTag(Field(object, "title_lang"));
  }
  if (title.empty()) return;
  if (language.empty()) language = expression.language();
  v1::LocalizedText* added = document->law.add_titles();
  added->set_text(title);
  added->set_language(language);
  if (language == expression.language() || expression.title().empty()) {
    expression.set_title(title);
  }
}

std::string TakeDay(const simdjson::dom::object& object, const char* key,
                    LawDocument* document) {
  const std::string value = TidyField(object, key);
  if (value.empty()) return "";
  std::string day = laws::PartialDay(value);
  if (day.empty()) {
    v1::AsStated* stated = document->law.add_as_stated();
    stated->set_field(key);
    stated->set_text(value.substr(0, 200));
    laws::AddNotice(
        document, key,
        absl::StrCat("`", value.substr(0, 60), "` is no day, month or year"));
  }
  return day;
}

void TakeFacts(const simdjson::dom::object& object, LawDocument* document) {
  v1::Law& law = document->law;
  document->source_id = Field(object, "id");
  document->expression.set_kind(v1::Expression::KIND_TEXT);
  TakeTitle(object, document);
  law.set_type_as_stated(TidyField(object, "type"));
  law.set_type(laws::LawTypeOf(law.type_as_stated()));
  law.set_number(TidyField(object, "number"));
  law.set_adopted(TakeDay(object, "date_enacted", document));
  law.set_in_force(TakeDay(object, "date_in_force", document));
  const std::string address = TidyField(object, "source");
  if (absl::StartsWith(address, "http")) law.set_uri(address);
  v1::Source* source = law.add_sources();
  source->set_uri(address);
  source->set_via(TidyField(object, "via"));
  source->set_kind(v1::SOURCE_KIND_NATIONAL_LAW);
  const std::string licence = TidyField(object, "licence");
  if (!licence.empty()) source->set_note(absl::StrCat("Licence: ", licence));
}

// A section of a code that is a record of its own: its title has the number,
// its text no structure.
void TakeSection(LawDocument* document) {
  if (document->structure_found || document->provisions.empty() ||
      document->law.type_as_stated() != "code section") {
    return;
  }
  const std::string& title = document->expression.title();
  const size_t sign = title.find("§ ");
  if (sign == std::string::npos) return;
  const std::string label =
      title.substr(sign, title.find_first_of(" :—", sign + 3) - sign);
  v1::Provision& section = document->provisions[0];
  if (section.kind() != v1::Provision::KIND_TEXT) return;
  section.set_kind(v1::Provision::KIND_SECTION);
  section.set_label(laws::Tidy(label));
  std::string number = laws::Tidy(absl::string_view(label).substr(3));
  while (!number.empty() && number.back() == '.') number.pop_back();
  section.set_number(number);
  section.set_name(absl::StrCat("s-", Slug(number, 40)));
  for (size_t i = 1; i < document->provisions.size(); ++i) {
    document->provisions[i].set_parent(section.name());
  }
  document->structure_found = true;
}

// The id in the beginning of a line that could not be read.
std::string IdIn(absl::string_view line) {
  line = line.substr(0, kLineStartBytes);
  const size_t key = line.find("\"id\"");
  if (key == absl::string_view::npos) return "";
  const absl::string_view rest = line.substr(key + 4, 300);
  const size_t open = rest.find('"');
  if (open == absl::string_view::npos || open > 5) return "";
  const size_t close = rest.find('"', open + 1);
  if (close == absl::string_view::npos) return "";
  return laws::Tidy(rest.substr(open + 1, close - open - 1));
}

}  // namespace

absl::StatusOr<LawDocument> ReadLawLine(absl::string_view line) {
  simdjson::dom::parser parser(kLineBytesMax);
  simdjson::dom::object object;
  const simdjson::error_code parsed =
      parser.parse(line.data(), line.size(), /*realloc_if_needed=*/true)
          .get(object);
  if (parsed == simdjson::INCORRECT_TYPE) {
    return absl::InvalidArgumentError("the line is no JSON object");
  }
  if (parsed != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat("the line is no JSON: ", simdjson::error_message(parsed)));
  }
  std::string text = Field(object, "text");
  std::replace(text.begin(), text.end(), '\0', ' ');
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  if (absl::StripAsciiWhitespace(text).empty()) {
    return absl::InvalidArgumentError("text: must not be empty");
  }
  ASSIGN_OR_RETURN(const LawReadOptions options, OptionsOf(object));
  laws::Input input;
  input.text = text;
  input.options = &options;
  std::vector<LawDocument> documents;
  for (const laws::Format& format : laws::Formats()) {
    if (format.family == laws::Family::kText && options.format == format.name) {
      RETURN_IF_ERROR(format.read(input, &documents));
    }
  }
  if (documents.empty() || documents[0].provisions.empty()) {
    return absl::InvalidArgumentError("text: has no text of a law");
  }
  LawDocument document = std::move(documents[0]);
  document.state = options.state;
  document.expression.set_format(options.format);
  TakeFacts(object, &document);
  TakeSection(&document);
  return document;
}

struct LawLineReader::State {
  explicit State(ByteSource* bytes) : unpacker(bytes) {}

  // The next line that is not empty; false at the end. Of one that is too long
  // only the beginning, and `overlong` is set.
  absl::StatusOr<bool> NextLine(absl::string_view* text, bool* overlong);
  void AddProblem(absl::string_view text, absl::string_view rule);

  laws::Unpacker unpacker;
  std::string buffer;
  size_t position = 0;
  bool ended = false;
  int64_t line = 0;
  std::vector<LawLineProblem> problems;
  int64_t problem_count = 0;
};

absl::StatusOr<bool> LawLineReader::State::NextLine(absl::string_view* text,
                                                    bool* overlong) {
  *overlong = false;
  size_t searched = position;
  while (true) {
    const size_t end = buffer.find('\n', searched);
    if (end == std::string::npos && !ended) {
      buffer.erase(0, position);
      position = 0;
      if (buffer.size() > kLineBytesMax) {
        *overlong = true;
        buffer.resize(kLineStartBytes);
      }
      searched = buffer.size();
      ASSIGN_OR_RETURN(const absl::string_view more, unpacker.Next());
      ended = more.empty();
      buffer.append(more.data(), more.size());
      continue;
    }
    if (position == buffer.size()) return false;
    const size_t size =
        (end == std::string::npos ? buffer.size() : end) - position;
    *text = absl::string_view(buffer).substr(position, size);
    ++line;
    position += size + (end == std::string::npos ? 0U : 1U);
    searched = position;
    if (!absl::StripAsciiWhitespace(*text).empty()) return true;
    *overlong = false;
  }
}

void LawLineReader::State::AddProblem(absl::string_view text,
                                      absl::string_view rule) {
  ++problem_count;
  if (problems.size() >= limits::kProblemsPerFileMax) return;
  LawLineProblem& problem = problems.emplace_back();
  problem.line = line;
  problem.id = IdIn(text);
  problem.rule = std::string(rule);
}

LawLineReader::LawLineReader(ByteSource* bytes)
    : state_(std::make_unique<State>(bytes)) {}
LawLineReader::~LawLineReader() = default;

absl::StatusOr<bool> LawLineReader::NextLine(std::string* line) {
  while (true) {
    absl::string_view text;
    bool overlong = false;
    ASSIGN_OR_RETURN(const bool more, state_->NextLine(&text, &overlong));
    if (!more) return false;
    if (!overlong) {
      line->assign(text.data(), text.size());
      return true;
    }
    state_->AddProblem(
        text, absl::StrCat("the line has more than ", kLineBytesMax, " bytes"));
  }
}

absl::StatusOr<bool> LawLineReader::Next(LawDocument* document) {
  std::string line;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, NextLine(&line));
    if (!more) return false;
    absl::StatusOr<LawDocument> read = ReadLawLine(line);
    if (read.ok()) {
      *document = *std::move(read);
      return true;
    }
    state_->AddProblem(line, read.status().message());
  }
}

int64_t LawLineReader::line() const { return state_->line; }
const std::vector<LawLineProblem>& LawLineReader::problems() const {
  return state_->problems;
}
int64_t LawLineReader::problem_count() const { return state_->problem_count; }

}  // namespace comity
