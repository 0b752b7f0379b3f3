#include "cli/differences.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace comity::cli {

void PrintDifferences(const Differences& differences, int indent,
                      Printer* printer) {
  for (const v1::FieldDifference& one : differences) {
    const std::string what =
        one.before().empty()  ? absl::StrCat("added ", one.after())
        : one.after().empty() ? absl::StrCat("removed ", one.before())
                              : absl::StrCat(one.before(), " -> ", one.after());
    printer->Line(absl::StrCat(one.field(), ": ", what), Style::kPlain, indent,
                  2);
  }
}

}  // namespace comity::cli
