#include "index/fields.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/words.h"

namespace comity::index::fields {

std::string Term(absl::string_view prefix, absl::string_view value) {
  std::string term;
  AppendTerm(prefix, value, &term);
  return term;
}

void AppendTerm(absl::string_view prefix, absl::string_view value,
                std::string* out) {
  absl::StrAppend(out, prefix,
                  WholeCharacters(value, kTermBytesMax - prefix.size()));
}

std::string LowerTerm(absl::string_view prefix, absl::string_view value) {
  return Term(prefix, absl::AsciiStrToLower(value));
}

std::string StemTerm(absl::string_view prefix, absl::string_view stem) {
  std::string term;
  AppendStemTerm(prefix, stem, &term);
  return term;
}

void AppendStemTerm(absl::string_view prefix, absl::string_view stem,
                    std::string* out) {
  absl::StrAppend(out, kStem);
  AppendTerm(prefix, stem, out);
}

std::string YearTerm(int year) { return absl::StrCat(kYear, year); }

std::string DecadeTerm(int year) {
  return absl::StrCat(kDecade, year - year % 10);
}

std::string TreatyTerm(absl::string_view slug, absl::string_view article) {
  return Term(kTreaty, article.empty() ? std::string(slug)
                                       : absl::StrCat(slug, "/", article));
}

std::string DayValue(int64_t day) {
  return Xapian::sortable_serialise(static_cast<double>(day));
}

int64_t DayOf(const std::string& value) {
  return value.empty()
             ? 0
             : static_cast<int64_t>(Xapian::sortable_unserialise(value));
}

}  // namespace comity::index::fields
