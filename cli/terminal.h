// Text on a terminal: what is safe to send, how wide it is, where it breaks,
// and colours. Everything here works on UTF-8.

#ifndef COMITY_CLI_TERMINAL_H_
#define COMITY_CLI_TERMINAL_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace comity::cli {

// `text` without anything that a terminal would obey: control characters become
// `\x1b`, directional overrides and other invisible marks `\u202e`, tabs a
// space, malformed bytes U+FFFD. Line feeds stay: they part the lines of a
// cell.
std::string Visible(absl::string_view text);

// The same on one line: line feeds become a space.
std::string VisibleLine(absl::string_view text);

// Cells that `text` takes: 2 for wide characters (UAX #11), 0 for combining
// marks and format characters.
int DisplayWidth(absl::string_view text);

// `text` in lines of at most `width` cells, broken where UAX #14 allows and,
// where a word is longer, between characters as people see them; 0 means no
// limit. Web and e-mail addresses and names of records are never broken, so
// that they can be copied: a line of one of them may be wider. Line feeds
// always break. Never empty.
std::vector<std::string> Wrap(absl::string_view text, int width);

// Width of the widest piece of `text` that Wrap keeps together where there is
// room, and of the widest that it never breaks.
int WidestWord(absl::string_view text);
int WidestUnbroken(absl::string_view text);

enum class Style { kPlain, kHeading, kLabel, kGood, kWarning, kBad, kMatch };

// Adds colours, or leaves text alone.
class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  bool colour() const { return colour_; }
  std::string Paint(Style style, absl::string_view text) const;

 private:
  bool colour_;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_TERMINAL_H_
