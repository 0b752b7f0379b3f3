#include "import/jsonl_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace comity {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr char kValueRule[] =
    "must be a string, a number, a boolean, null or a list of those";

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

// Appends the text of a value that is no list or object; false if it is one, or
// is malformed.
bool AppendScalar(ondemand::value value, std::string* text) {
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  switch (type) {
    case ondemand::json_type::string: {
      std::string_view string;
      if (value.get_string().get(string) != simdjson::SUCCESS) return false;
      text->append(string);
      return true;
    }
    case ondemand::json_type::number: {
      const std::string_view token = value.raw_json_token();
      double number;
      if (value.get_double().get(number) != simdjson::SUCCESS) return false;
      absl::StrAppend(text, absl::StripAsciiWhitespace(View(token)));
      return true;
    }
    case ondemand::json_type::boolean: {
      bool boolean;
      if (value.get_bool().get(boolean) != simdjson::SUCCESS) return false;
      text->append(boolean ? "true" : "false");
      return true;
    }
    case ondemand::json_type::null: {
      bool null = false;
      return value.is_null().get(null) == simdjson::SUCCESS && null;
    }
    default:
      return false;
  }
}

// nullptr if the value was read, or else the rule that it breaks.
const char* AppendValue(ondemand::value value, std::string* text) {
  ondemand::array list;
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return kValueRule;
  if (type != ondemand::json_type::array) {
    return AppendScalar(value, text) ? nullptr : kValueRule;
  }
  if (value.get_array().get(list) != simdjson::SUCCESS) return kValueRule;
  bool first = true;
  for (auto item : list) {
    ondemand::value inner;
    if (!first) text->push_back('|');
    first = false;
    const size_t start = text->size();
    if (item.get(inner) != simdjson::SUCCESS || !AppendScalar(inner, text)) {
      return kValueRule;
    }
    if (text->find('|', start) != std::string::npos) {
      return "items of a list must not contain a vertical bar";
    }
  }
  return nullptr;
}

}  // namespace

struct JsonlReader::Parser {
  ondemand::parser parser;
  // The line with the padding that the parser reads beyond it.
  std::string padded;
  absl::flat_hash_map<std::string, int32_t> columns;
};

JsonlReader::JsonlReader(ByteSource* bytes, const v1::ImportOptions& options)
    : text_(bytes, options.encoding()),
      lines_(&text_),
      parser_(std::make_unique<Parser>()) {}

JsonlReader::~JsonlReader() = default;

void JsonlReader::ReadLine(absl::string_view line, Row* row) {
  std::string& padded = parser_->padded;
  padded.assign(line.data(), line.size());
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  ondemand::document document;
  ondemand::object object;
  size_t used = 0;
  const auto malformed = [&](absl::string_view why) {
    row->cells.clear();
    row->problems.push_back(
        {0, std::string(line), absl::StrCat("must be a JSON object: ", why)});
  };
  auto error =
      parser_->parser.iterate(padded.data(), line.size(), padded.size())
          .get(document);
  if (error == simdjson::SUCCESS) error = document.get_object().get(object);
  if (error != simdjson::SUCCESS) {
    return malformed(simdjson::error_message(error));
  }
  std::vector<bool> seen(keys_.size());
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if ((error = field.unescaped_key().get(key)) != simdjson::SUCCESS ||
        (error = field.value().get(value)) != simdjson::SUCCESS) {
      return malformed(simdjson::error_message(error));
    }
    const auto [column, is_new] = parser_->columns.try_emplace(
        std::string(key), static_cast<int32_t>(keys_.size() + 1));
    if (is_new) {
      if (keys_.size() == static_cast<size_t>(limits::kImportColumnsMax)) {
        parser_->columns.erase(column);
        return malformed("too many different keys in the file");
      }
      keys_.emplace_back(key);
      seen.push_back(false);
    }
    const auto index = static_cast<size_t>(column->second - 1);
    if (row->cells.size() == used) row->cells.emplace_back();
    Cell& cell = row->cells[used++];
    cell.text.clear();
    cell.column = column->second;
    if (seen[index]) {
      row->problems.push_back({cell.column, "", "the key stands twice"});
    }
    seen[index] = true;
    if (const char* rule = AppendValue(value, &cell.text); rule != nullptr) {
      row->problems.push_back({cell.column, cell.text, rule});
    } else if (cell.text.size() > limits::kImportCellBytesMax) {
      row->problems.push_back(
          {cell.column, cell.text,
           absl::StrCat("a value may have ", limits::kImportCellBytesMax,
                        " bytes at most")});
    } else if (absl::StrContains(cell.text, absl::string_view("\0", 1))) {
      row->problems.push_back({cell.column, cell.text, "must not contain NUL"});
    }
  }
  row->cells.resize(used);
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    malformed("something follows the object");
  }
}

absl::StatusOr<bool> JsonlReader::Next(Row* row) {
  absl::string_view line;
  row->problems.clear();
  ASSIGN_OR_RETURN(const bool more, lines_.Next(&line, &row->line));
  if (!more) {
    if (text_.guessed() && remarks_.empty()) remarks_.push_back(text_.Remark());
    return false;
  }
  ReadLine(line, row);
  return true;
}

}  // namespace comity
