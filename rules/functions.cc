#include "rules/functions.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace comity::rules {

FunctionResolver::FunctionResolver(std::vector<v1::Function> functions)
    : functions_(std::move(functions)) {
  const auto add = [this](absl::string_view words, size_t function) {
    const std::string folded = Fold(words);
    if (folded.empty()) return;
    std::vector<size_t>& meant = by_words_[folded];
    if (meant.empty() || meant.back() != function) meant.push_back(function);
  };
  for (size_t i = 0; i < functions_.size(); ++i) {
    const v1::Function& function = functions_[i];
    by_name_.emplace(function.name(), i);
    add(names::LastOf(function.name()), i);
    for (const v1::LocalizedText& title : function.titles()) {
      add(title.text(), i);
    }
    for (const std::string& alias : function.aliases()) add(alias, i);
  }
}

absl::StatusOr<std::string> FunctionResolver::ResolveOne(
    absl::string_view query, absl::string_view field) const {
  query = absl::StripAsciiWhitespace(query);
  if (by_name_.contains(query)) return std::string(query);
  if (query.empty()) {
    return InvalidField(field, query, "must be the name of a function");
  }
  if (!IsText(query)) {
    return InvalidField(field, absl::CHexEscape(query.substr(0, 64)),
                        "must be UTF-8 text without NUL");
  }
  if (query.size() > limits::kNameBytesMax) {
    return InvalidField(
        field, query,
        absl::StrCat("must have at most ", limits::kNameBytesMax, " bytes"));
  }
  if (absl::StartsWith(query, "functions/")) {
    RETURN_IF_ERROR(names::ParseKind(query, Kind::kFunction, field).status());
    return Unknown(query, Fold(names::LastOf(query)));
  }
  // A slug is the function's own; an alias may be another's slug.
  const std::string own = names::Function(absl::AsciiStrToLower(query));
  if (by_name_.contains(own)) return own;
  const std::string folded = Fold(query);
  const auto found = by_words_.find(folded);
  if (found == by_words_.end()) return Unknown(query, folded);
  if (found->second.size() == 1) return functions_[found->second[0]].name();
  std::string rule = "must mean one function; it may be ";
  for (size_t i = 0; i < found->second.size(); ++i) {
    absl::StrAppend(&rule, i == 0 ? "" : " or ",
                    functions_[found->second[i]].name());
  }
  return WithReason(InvalidField(field, query, rule), "FUNCTION_AMBIGUOUS");
}

absl::Status FunctionResolver::Unknown(absl::string_view query,
                                       absl::string_view folded) const {
  // The nearest, and among equals the first by name, whatever the table's
  // order.
  constexpr int kNone = 1 << 20;
  int nearest = kNone;
  absl::string_view suggested;
  for (const auto& [words, meant] : by_words_) {
    const int limit = std::max(1, static_cast<int>(words.size()) / 5);
    int distance = EditDistance(folded, words, limit);
    if (distance > limit) {
      // The beginning of a title is near too, but less so.
      if (folded.size() < 3 || !absl::StartsWith(words, folded)) continue;
      distance = kNone - 1;
    }
    const absl::string_view name = functions_[meant[0]].name();
    if (distance < nearest || (distance == nearest && name < suggested)) {
      nearest = distance;
      suggested = name;
    }
  }
  std::string message = absl::StrCat("no function is called ", query);
  if (!suggested.empty()) {
    absl::StrAppend(&message, "; did you mean ", suggested, "?");
  }
  return WithReason(absl::NotFoundError(message), "FUNCTION_NOT_FOUND");
}

const v1::Function* FunctionResolver::Find(absl::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &functions_[found->second];
}

}  // namespace comity::rules
