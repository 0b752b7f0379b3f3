#include "tests/import/support.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/errors.h"
#include "base/names.h"
#include "base/text.h"
#include "rules/citations.h"

namespace comity::import_test {
namespace {

absl::StatusOr<std::string> FindState(absl::string_view text) {
  static const auto* const kNames = new std::map<std::string, std::string>{
      {"na", "NAM"},        {"namibia", "NAM"},   {"bahrain", "BHR"},
      {"germany", "DEU"},   {"allemagne", "DEU"}, {"lettonie", "LVA"},
      {"latvia", "LVA"},    {"fiji", "FJI"},      {"espana", "ESP"},
      {"lithuania", "LTU"}, {"norway", "NOR"}};
  const absl::string_view code = absl::StripPrefix(text, "states/");
  if (names::IsStateCode(code)) return names::State(code);
  const auto found = kNames->find(Fold(text));
  if (found != kNames->end()) return names::State(found->second);
  return InvalidField("state", text, "no State is called so");
}

absl::StatusOr<std::string> FindTreaty(absl::string_view text) {
  if (Fold(text) == "untoc" || Fold(text) == "palermo convention") {
    return names::Treaty("untoc");
  }
  const absl::string_view slug = absl::StripPrefix(text, "treaties/");
  if (names::IsSlug(slug)) return names::Treaty(slug);
  return absl::NotFoundError("no treaty is called so");
}

absl::StatusOr<std::string> FindFunction(absl::string_view text) {
  static const auto* const kNames = new std::map<std::string, std::string>{
      {"mla", "mla"},
      {"mutual legal assistance", "mla"},
      {"entraide judiciaire", "mla"},
      {"asistencia judicial reciproca", "mla"},
      {"extradition", "extradition"},
      {"extradicion", "extradition"},
      {"firearms contact point", "firearms"},
      {"firearms", "firearms"},
      {"smuggling migrants sea", "migrants-by-sea"},
      {"drug trafficking sea", "drugs-by-sea"},
      {"corruption prevention", "prevention"},
      {"cybercrime 24 7", "cybercrime-24-7"},
      {"legal aid", "legal-aid"}};
  const auto found = kNames->find(Fold(text));
  if (found != kNames->end()) return names::Function(found->second);
  return absl::NotFoundError("no function is called so");
}

std::optional<std::string> FindArticle(absl::string_view text) {
  return rules::CanonicalArticle(text);
}

}  // namespace

References TestReferences() {
  return {FindState, FindTreaty, FindFunction, FindArticle};
}

absl::StatusOr<std::vector<Row>> ReadRows(absl::string_view file,
                                          const v1::ImportOptions& options,
                                          size_t chunk_bytes,
                                          std::vector<std::string>* remarks) {
  StringSource bytes((std::string(file)), chunk_bytes);
  absl::StatusOr<std::unique_ptr<RowReader>> reader = OpenRows(&bytes, options);
  if (!reader.ok()) return reader.status();
  std::vector<Row> rows;
  Row row;
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next(&row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    rows.push_back(row);
  }
  if (remarks != nullptr) *remarks = (*reader)->remarks();
  return rows;
}

std::string Printed(const Row& row) {
  std::vector<std::string> cells;
  for (const Cell& cell : row.cells) {
    const auto column = static_cast<size_t>(cell.column);
    if (cells.size() < column) cells.resize(column);
    cells[column - 1] = cell.text;
  }
  std::string printed = absl::StrCat(row.line, ": ", absl::StrJoin(cells, "|"));
  for (const RowProblem& problem : row.problems) {
    absl::StrAppend(&printed, " !", problem.column, " ", problem.rule);
  }
  return printed;
}

std::string Printed(const absl::StatusOr<std::vector<Row>>& rows) {
  if (!rows.ok()) return std::string(rows.status().message());
  return absl::StrJoin(*rows, "\n", [](std::string* out, const Row& row) {
    absl::StrAppend(out, Printed(row));
  });
}

AllRecords<UnderstoodDesignation> Designations(
    absl::string_view file, const v1::ImportOptions& options) {
  StringSource bytes((std::string(file)));
  return ReadAll(OpenDesignations(&bytes, options, TestReferences()));
}

AllRecords<UnderstoodParticipation> Participations(
    absl::string_view file, const v1::ImportOptions& options) {
  StringSource bytes((std::string(file)));
  return ReadAll(OpenParticipations(&bytes, options, TestReferences()));
}

AllRecords<UnderstoodState> States(absl::string_view file,
                                   const v1::ImportOptions& options) {
  StringSource bytes((std::string(file)));
  return ReadAll(OpenStates(&bytes, options, TestReferences()));
}

AllRecords<UnderstoodTreaty> Treaties(absl::string_view file,
                                      const v1::ImportOptions& options) {
  StringSource bytes((std::string(file)));
  return ReadAll(OpenTreaties(&bytes, options, TestReferences()));
}

std::string Printed(const std::vector<v1::ImportProblem>& problems) {
  return absl::StrJoin(
      problems, "\n", [](std::string* out, const v1::ImportProblem& problem) {
        absl::StrAppend(out, problem.line(), ":", problem.column(), ": ",
                        problem.field(), ", ", problem.value(), ", ",
                        problem.rule());
      });
}

std::string Printed(const UnderstoodDesignation& record) {
  std::string printed = absl::StrCat(
      record.state, " ", record.source_system, " ", record.source_id, " ",
      record.has_authority, "\n", record.authority.DebugString(), "\n",
      record.designation.DebugString());
  for (const auto* list : {&record.problems, &record.notices}) {
    for (const v1::ImportProblem& problem : *list) {
      absl::StrAppend(&printed, "\n", problem.value(), ", ", problem.rule());
    }
  }
  return printed;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::map<std::string, std::string> Samples(absl::string_view format) {
  std::map<std::string, std::string> samples;
  const std::string folder =
      absl::StrCat(COMITY_SOURCE_DIR, "/tests/data/import/", format);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    samples[entry.path().filename()] = *ReadFile(entry.path());
  }
  return samples;
}

}  // namespace comity::import_test
