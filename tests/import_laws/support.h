// What the tests of reading laws share.

#ifndef COMITY_TESTS_IMPORT_LAWS_SUPPORT_H_
#define COMITY_TESTS_IMPORT_LAWS_SUPPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "import/law_document.h"

namespace comity::laws_test {

// What a document must give; counts and words by hand, see the tables.
struct Expected {
  const char* file;
  const char* format;
  const char* language;
  // Its beginning; empty: not looked at.
  const char* title;
  // Articles, sections and paragraphs that are citable, those of schedules
  // apart.
  int citable;
  int of_schedules;
  // Label of the first and last citable one, and how its heading or, where it
  // has none, its text begins.
  const char* first_label;
  const char* first_words;
  const char* last_label;
  const char* last_words;
};

void Check(const Expected& expected, const LawDocument& document);

// What holds of every document: ids unique and well-formed, parents before
// their children, positions, sizes, text well-formed.
void CheckWellFormed(const LawDocument& document);

// The bytes of a file; nullopt if there is none.
std::optional<std::string> ReadFile(const std::string& path);

// Paths of the samples below tests/data/laws, sorted.
std::vector<std::string> SamplePaths();

std::string SamplePath(const std::string& name);
std::string SharedFormats();
std::string SharedLegislation();

}  // namespace comity::laws_test

#endif  // COMITY_TESTS_IMPORT_LAWS_SUPPORT_H_
