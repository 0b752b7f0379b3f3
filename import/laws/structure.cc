#include "import/laws/structure.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "import/laws/labels.h"
#include "import/laws/limits.h"
#include "import/laws/provisions.h"
#include "import/laws/quotes.h"
#include "import/laws/words.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

// A table of contents has at least so many lines.
constexpr size_t kContentsLinesMin = 3;
// Bytes of text behind a label, on average, below which it is a table of
// contents: headings there are long in some laws, provisions never so short.
constexpr size_t kContentsBytesMax = 160;
constexpr size_t kHeadingBytes = 200;
constexpr size_t kShortHeadingBytes = 120;

enum class Role {
  kText,
  kLabel,
  // A line of a table of contents.
  kContents,
};

struct Line {
  Role role = Role::kText;
  std::optional<Label> label;
  bool quoted = false;
};

UChar32 LastCharacter(absl::string_view text) {
  auto i = static_cast<int32_t>(text.size());
  if (i == 0) return 0;
  UChar32 c;
  U8_PREV(reinterpret_cast<const uint8_t*>(text.data()), 0, i, c);
  return c;
}

UChar32 FirstCharacter(absl::string_view text) {
  if (text.empty()) return 0;
  int32_t i = 0;
  UChar32 c;
  U8_NEXT(reinterpret_cast<const uint8_t*>(text.data()), i,
          static_cast<int32_t>(text.size()), c);
  return c;
}

bool EndsSentence(absl::string_view text) {
  switch (LastCharacter(text)) {
    case '.':
    case ';':
    case ':':
    case ',':
    case 0x3002:  // 。
    case 0xFF1B:
    case 0xFF1A:
    case 0xFF0C:
    case 0x061B:
    case 0x060C:
    case 0x0964:  // ।
    case 0x2014:
      return true;
    default:
      return false;
  }
}

// True for a line that only names what follows it.
bool LooksLikeHeading(absl::string_view text) {
  if (text.empty() || text.size() > kHeadingBytes) return false;
  if (BeginsWithQuote(text)) return false;
  const UChar32 first = FirstCharacter(text);
  if (u_islower(first) != 0 || u_isdigit(first) != 0) return false;
  if (first == '(' && text.back() != ')') return false;
  if (first == '-' || first == 0x2022 || first == 0x2013) return false;
  if (!EndsSentence(text)) return true;
  // `Short title.`
  const UChar32 last = LastCharacter(text);
  return last == '.' && text.size() <= 80 &&
         text.find(". ") == absl::string_view::npos;
}

// `Short title ........ 12`, `Equality …… Art. 8`: a line of a table of
// contents; prices after dots and lines to fill in are not.
bool HasLeader(absl::string_view text, absl::string_view language) {
  size_t end = absl::string_view::npos;
  for (const absl::string_view leader : {".....", ". . . .", "……"}) {
    const size_t at = text.rfind(leader);
    if (at == absl::string_view::npos) continue;
    if (end == absl::string_view::npos || at + leader.size() > end) {
      end = at + leader.size();
    }
  }
  if (end == absl::string_view::npos) return false;
  absl::string_view rest = absl::StripAsciiWhitespace(text.substr(end));
  while (absl::ConsumePrefix(&rest, ".") || absl::ConsumePrefix(&rest, " ")) {
  }
  if (rest.empty() || rest.size() > 24) return false;
  if (rest.size() <= 4 &&
      rest.find_first_not_of("0123456789ivxl") == absl::string_view::npos) {
    return true;
  }
  const std::optional<Label> label = ParseLabel(rest, language);
  return label.has_value() && label->rest.empty();
}

// The beginning of a heading, to find it again.
std::string HeadingKey(absl::string_view text) {
  std::string folded = Fold(text.substr(0, 200));
  // Without the number of the page.
  while (!folded.empty() && ((folded.back() >= '0' && folded.back() <= '9') ||
                             folded.back() == ' ')) {
    folded.pop_back();
  }
  return folded.substr(0, 40);
}

std::string Key(const Label& label) {
  return absl::StrCat(label.word, " ", label.number);
}

// What a word stands for: `art.` and `artículo` are one.
std::string Family(const Label& label) {
  if (label.bare) return ".";
  if (!label.own_id.empty()) return absl::StrCat("=", label.word);
  if (label.word == "§") return "§";
  return label.kind == Kind::KIND_ARTICLE ? "article" : "section";
}

class Finder {
 public:
  Finder(BlockText text, LawDocument* document)
      : blocks_(std::move(text.blocks)),
        language_(document->expression.language()),
        document_(document),
        lines_(blocks_.size()) {}

  absl::Status Run();

 private:
  void FindLabels();
  void PromoteChapters();
  void ChooseFamilies();
  void DropQuoted();
  void DropEmbedded();
  void FindTitledContents();
  void FindScheduleLabels();
  void FindContents(const std::vector<size_t>& basics);
  void FindBareLabels();
  std::vector<size_t> Basics() const;
  size_t TextBetween(size_t from, size_t to) const;
  bool HeadingsComeAgain(size_t from, size_t to) const;
  void TakeTitle();
  void Emit();
  void EmitLabel(size_t i);
  void EmitHeading(size_t i);
  void EmitText(size_t i);
  bool TakesHeading(size_t i) const;
  void PopTo(int rank);
  int CurrentParent() const {
    return stack_.empty() ? Provisions::kNone : stack_.back().index;
  }

  struct Open {
    int rank;
    int index;
  };
  int RankOf(const Label& label);

  std::vector<Block> blocks_;
  const std::string language_;
  LawDocument* const document_;
  std::vector<Line> lines_;
  // A second attempt takes labels in quotation marks too.
  bool heed_quotes_ = true;

  // While provisions are made.
  Provisions provisions_;
  std::vector<Open> stack_;
  // Ranks of words as this law nests them.
  absl::flat_hash_map<std::string, int> ranks_;
  bool basic_since_grouping_ = true;
  // Where text goes.
  int current_ = Provisions::kNone;
  bool current_is_basic_ = false;
  int current_level_ = 0;
  int schedule_ = Provisions::kNone;
  bool schedule_counts_ = false;
  // Of the basic units: the last number, and those met since a grouping.
  int64_t last_value_ = 0;
  int64_t last_main_value_ = 0;
  absl::flat_hash_set<std::string> met_;
  absl::flat_hash_set<std::string> ever_met_;
  bool grouping_since_ = false;
  std::string notes_;
  size_t contents_lines_ = 0;
  size_t skip_heading_ = SIZE_MAX;
};

void Finder::FindLabels() {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    Line& line = lines_[i];
    line.role = Role::kText;
    line.label.reset();
    if (blocks_[i].note || blocks_[i].text.empty()) continue;
    if (blocks_[i].text.size() < 400 && HasLeader(blocks_[i].text, language_)) {
      line.role = Role::kContents;
      continue;
    }
    absl::string_view text = blocks_[i].text;
    // Quotation marks that are not heeded.
    if (BeginsWithQuote(text)) {
      if (heed_quotes_) continue;
      while (!text.empty() &&
             (text[0] == '"' || absl::StartsWith(text, "“") ||
              absl::StartsWith(text, "«") || absl::StartsWith(text, "„"))) {
        text.remove_prefix(text[0] == '"'                ? 1
                           : absl::StartsWith(text, "«") ? 2
                                                         : 3);
      }
    }
    std::optional<Label> label = ParseLabel(text, language_);
    if (!label.has_value()) continue;
    line.label = std::move(label);
    line.role = Role::kLabel;
  }
}

// Labels in open quotations are not those of the law, unless they go on with
// its numbers: then the quotation was never closed.
void Finder::DropQuoted() {
  if (!heed_quotes_) return;
  // Where each number comes last.
  absl::flat_hash_map<std::string, size_t> last;
  for (size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    if (line.role != Role::kLabel || !line.label->basic()) continue;
    last[absl::StrCat(Family(*line.label), " ", line.label->number)] = i;
  }
  QuoteTracker tracker;
  bool any = false;
  int64_t value = 0;
  const auto goes_on = [&](size_t i) {
    const Label& label = *lines_[i].label;
    if (label.value != value + 1 || label.suffixed) return false;
    const auto found =
        last.find(absl::StrCat(Family(label), " ", label.number));
    return found != last.end() && found->second == i;
  };
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (blocks_[i].note) continue;
    Line& line = lines_[i];
    if (line.role == Role::kLabel) {
      // What opens before the first unit is the law itself, as a decree of
      // promulgation quotes it.
      bool keep = !tracker.open() || !any;
      if (!keep && line.label->basic()) {
        keep = goes_on(i);
      } else if (!keep) {
        // A heading goes with the unit that follows it.
        size_t next = i + 1;
        while (next < lines_.size() && next < i + 6 &&
               !(lines_[next].role == Role::kLabel &&
                 lines_[next].label->basic())) {
          ++next;
        }
        keep = next < lines_.size() && lines_[next].role == Role::kLabel &&
               lines_[next].label->basic() && goes_on(next);
      }
      if (keep) {
        tracker.Reset();
        if (line.label->basic()) any = true;
        if (line.label->basic() && line.label->value >= 0) {
          value = line.label->value;
        }
      } else {
        line.role = Role::kText;
        line.label.reset();
      }
    }
    if (line.role != Role::kContents) tracker.Read(blocks_[i].text);
  }
}

// A law that another approves and sets out without quotation marks: `the
// following text:`, numbers from 1, then the next of the approving law.
void Finder::DropEmbedded() {
  if (!heed_quotes_) return;
  // Where a law is mostly what it approves, that is what people look for.
  constexpr int64_t kOuterMin = 10;
  const std::vector<size_t> basics = Basics();
  int64_t value = 0;
  for (size_t k = 0; k < basics.size(); ++k) {
    const Label& label = *lines_[basics[k]].label;
    if (!label.own_id.empty()) continue;
    if (label.value != 1 || value < kOuterMin || label.suffixed) {
      value = std::max(value, label.value);
      continue;
    }
    // What announces it, before its headings.
    size_t colon = basics[k];
    while (colon > 0 && basics[k] - colon < 8 &&
           !absl::EndsWith(blocks_[colon - 1].text, ":")) {
      --colon;
    }
    if (colon == 0 || !absl::EndsWith(blocks_[colon - 1].text, ":")) continue;
    size_t next = k;
    while (next < basics.size() &&
           lines_[basics[next]].label->value != value + 1) {
      ++next;
    }
    if (next == basics.size() || next - k >= static_cast<size_t>(value)) {
      continue;
    }
    size_t end = basics[next];
    while (end > colon && lines_[end - 1].role == Role::kLabel &&
           !lines_[end - 1].label->basic()) {
      --end;
    }
    for (size_t i = colon; i < end; ++i) {
      if (lines_[i].role != Role::kLabel) continue;
      lines_[i].role = Role::kText;
      lines_[i].label.reset();
    }
    k = next - 1;
  }
}

// In the Maghreb `فصل` is an article, elsewhere a chapter.
void Finder::PromoteChapters() {
  if (language_ != "ar") return;
  size_t chapters = 0;
  size_t articles = 0;
  size_t with_text = 0;
  const std::string word = Fold("الفصل");
  const std::string bare_word = Fold("فصل");
  const auto is_chapter = [&](const Line& line) {
    return line.role == Role::kLabel &&
           (line.label->word == word || line.label->word == bare_word);
  };
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].role != Role::kLabel) continue;
    if (lines_[i].label->basic()) ++articles;
    if (!is_chapter(lines_[i])) continue;
    ++chapters;
    if (lines_[i].label->rest.size() > 80 ||
        (i + 1 < lines_.size() && lines_[i + 1].role == Role::kText &&
         blocks_[i + 1].text.size() > 80)) {
      ++with_text;
    }
  }
  if (chapters < 2 || with_text * 2 < chapters || chapters < articles) return;
  for (Line& line : lines_) {
    if (!is_chapter(line)) continue;
    line.label->kind = Kind::KIND_ARTICLE;
    line.label->rank = Label::kBasicRank;
  }
}

std::vector<size_t> Finder::Basics() const {
  std::vector<size_t> basics;
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].role == Role::kLabel && lines_[i].label->basic()) {
      basics.push_back(i);
    }
  }
  return basics;
}

// Where a law has units of several kinds, the paragraphs of its articles are
// not taken for provisions.
void Finder::ChooseFamilies() {
  struct Count {
    absl::flat_hash_set<std::string> numbers;
    int restarts = 0;
    size_t first = SIZE_MAX;
  };
  absl::flat_hash_map<std::string, Count> counts;
  for (const size_t i : Basics()) {
    const Label& label = *lines_[i].label;
    Count& count = counts[Family(label)];
    count.numbers.insert(label.number);
    if (label.value == 1 && !label.suffixed) ++count.restarts;
    count.first = std::min(count.first, i);
  }
  if (counts.size() < 2) return;
  const Count* main = nullptr;
  std::string main_family;
  for (const auto& [family, count] : counts) {
    if (main == nullptr || count.numbers.size() > main->numbers.size() ||
        (count.numbers.size() == main->numbers.size() &&
         count.first < main->first)) {
      main = &count;
      main_family = family;
    }
  }
  for (Line& line : lines_) {
    if (line.role != Role::kLabel || !line.label->basic()) continue;
    const std::string family = Family(*line.label);
    if (family == main_family || absl::StartsWith(family, "=")) continue;
    // Once in an introduction, or in each of a few articles.
    if (counts[family].restarts > 1 || counts[family].numbers.size() == 1) {
      line.role = Role::kText;
      line.label.reset();
    }
  }
}

size_t Finder::TextBetween(size_t from, size_t to) const {
  size_t bytes = 0;
  for (size_t i = from; i < to; ++i) {
    if (blocks_[i].note) continue;
    bytes += lines_[i].role == Role::kLabel ? lines_[i].label->rest.size()
                                            : blocks_[i].text.size();
  }
  return bytes;
}

// True if what the labels of [from, to) head is found again behind: a table of
// contents repeats the headings of its law, a list does not.
bool Finder::HeadingsComeAgain(size_t from, size_t to) const {
  absl::flat_hash_set<std::string> later;
  for (size_t i = to; i < blocks_.size(); ++i) {
    later.insert(HeadingKey(blocks_[i].text));
    if (lines_[i].role == Role::kLabel) {
      later.insert(HeadingKey(lines_[i].label->rest));
    } else if (const std::optional<Label> bare =
                   ParseBareLabel(blocks_[i].text);
               bare.has_value()) {
      later.insert(HeadingKey(bare->rest));
    }
  }
  size_t headings = 0;
  size_t again = 0;
  for (size_t i = from; i < to; ++i) {
    std::string key;
    if (lines_[i].role == Role::kLabel) {
      key = HeadingKey(lines_[i].label->rest);
    } else if (const std::optional<Label> bare =
                   ParseBareLabel(blocks_[i].text);
               bare.has_value()) {
      key = HeadingKey(bare->rest);
    } else {
      continue;
    }
    if (key.size() < 3) continue;
    ++headings;
    if (later.contains(key)) ++again;
  }
  return again * 3 >= headings;
}

// A first run of labels with little text, whose first label comes again with
// more, is a table of contents.
void Finder::FindContents(const std::vector<size_t>& basics) {
  if (basics.size() < 2 * kContentsLinesMin) return;
  const std::string first = Key(*lines_[basics[0]].label);
  size_t again = 0;
  for (size_t j = kContentsLinesMin; j < basics.size(); ++j) {
    if (Key(*lines_[basics[j]].label) == first) {
      again = j;
      break;
    }
  }
  if (again == 0) return;
  const size_t before = TextBetween(basics[0], basics[again - 1] + 1) / again;
  const size_t rest = basics.size() - again;
  const size_t after =
      TextBetween(basics[again], blocks_.size()) / std::max<size_t>(rest, 1);
  if (before > kContentsBytesMax || after < before * 3 / 2 ||
      rest * 3 < again ||
      !HeadingsComeAgain(basics[0], basics[again - 1] + 1)) {
    return;
  }
  // Its title, and groupings that stand before its first line.
  size_t start = basics[0];
  for (size_t i = start; i > 0 && start - i < 12; --i) {
    const size_t at = i - 1;
    if (IsContentsTitle(Fold(blocks_[at].text.substr(0, 80)))) {
      start = at;
      break;
    }
    if (lines_[at].role == Role::kLabel && start - at < 8) {
      bool only_headings = true;
      for (size_t k = at; k < start; ++k) {
        if (blocks_[k].text.size() > kHeadingBytes) only_headings = false;
      }
      if (only_headings) start = at;
    }
  }
  size_t end = basics[again - 1] + 1;
  // The heading of its last line may stand on a line of its own.
  if (lines_[basics[again - 1]].label->rest.empty() && end < basics[again] &&
      lines_[end].role == Role::kText) {
    ++end;
  }
  // Schedules that it lists behind the last line.
  absl::flat_hash_set<std::string> later;
  for (size_t i = basics[again]; i < blocks_.size(); ++i) {
    if (lines_[i].role == Role::kLabel) later.insert(Key(*lines_[i].label));
  }
  for (size_t i = end; i < basics[again]; ++i) {
    if (lines_[i].role == Role::kLabel &&
        lines_[i].label->kind == Kind::KIND_SCHEDULE &&
        later.contains(Key(*lines_[i].label))) {
      end = i + 1;
    }
  }
  for (size_t i = start; i < end; ++i) {
    if (blocks_[i].note) continue;
    lines_[i].role = Role::kContents;
    lines_[i].label.reset();
  }
}

// Under a title that says so: up to where its first label comes again.
void Finder::FindTitledContents() {
  const bool bare = NumbersStandAlone(language_);
  // What a line is known by; empty: it opens nothing.
  const auto key_of = [&](size_t i) -> std::string {
    if (blocks_[i].note) return "";
    if (lines_[i].role == Role::kLabel) return Key(*lines_[i].label);
    if (!bare || lines_[i].role != Role::kText) return "";
    const std::optional<Label> label = ParseBareLabel(blocks_[i].text);
    return label.has_value() ? Key(*label) : "";
  };
  const auto groups = [&](size_t i) {
    return lines_[i].role == Role::kLabel && !lines_[i].label->basic() &&
           lines_[i].label->kind != Kind::KIND_SCHEDULE;
  };
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].text.size() > 80 || blocks_[i].note ||
        !IsContentsTitle(Fold(blocks_[i].text))) {
      continue;
    }
    size_t first = i + 1;
    while (first < blocks_.size() && first < i + 8 && key_of(first).empty()) {
      ++first;
    }
    if (first >= blocks_.size()) return;
    const std::string key = key_of(first);
    if (key.empty()) continue;
    size_t labels = 1;
    size_t last = first;
    for (size_t j = first + 1; j < blocks_.size(); ++j) {
      const std::string other = key_of(j);
      if (other.empty()) continue;
      if (other == key && labels >= kContentsLinesMin && j > first + 2) {
        if (TextBetween(first, last + 1) / labels < kContentsBytesMax) {
          for (size_t k = i; k <= last; ++k) {
            if (!blocks_[k].note) lines_[k] = {Role::kContents, {}, false};
          }
        }
        break;
      }
      ++labels;
      // Headings right before the first unit are those of the law.
      if (groups(first) || !groups(j)) last = j;
    }
    return;
  }
}

struct Chain {
  std::vector<size_t> at;
  size_t bytes = 0;
};

// Candidates that count on from `start`: 1, 2, 2A, 3 …; a number that is
// nowhere may be left out.
Chain Follow(const std::vector<std::pair<size_t, Label>>& candidates,
             size_t start,
             const absl::flat_hash_map<int64_t, size_t>& last_of) {
  Chain chain;
  int64_t value = 0;
  for (size_t k = start; k < candidates.size(); ++k) {
    const Label& label = candidates[k].second;
    const bool next = label.value == value + 1;
    const bool same = label.value == value && label.suffixed;
    bool skips = false;
    if (!next && label.value > value && label.value <= value + 4) {
      skips = true;
      for (int64_t v = value + 1; v < label.value; ++v) {
        const auto found = last_of.find(v);
        if (found != last_of.end() && found->second > k) skips = false;
      }
    }
    if (!next && !same && !skips) continue;
    value = label.value;
    chain.at.push_back(k);
  }
  return chain;
}

void Finder::FindBareLabels() {
  std::vector<std::pair<size_t, Label>> all;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].note || lines_[i].role != Role::kText) continue;
    if (lines_[i].quoted && heed_quotes_) continue;
    std::optional<Label> label = ParseBareLabel(blocks_[i].text);
    if (!label.has_value()) continue;
    all.emplace_back(i, *std::move(label));
  }
  // Alike in layout first: items of lists are not.
  const auto style = [this](size_t i) {
    return blocks_[i].level * 1000 + std::min(blocks_[i].indent, 99) * 10 +
           (blocks_[i].bold ? 1 : 0);
  };
  absl::flat_hash_map<int, size_t> styles;
  for (const auto& [i, label] : all) ++styles[style(i)];
  std::vector<std::vector<std::pair<size_t, Label>>> groups = {all};
  if (styles.size() > 1 && styles.size() < 20) {
    for (const auto& [key, count] : styles) {
      if (count < 2) continue;
      auto& group = groups.emplace_back();
      for (const auto& candidate : all) {
        if (style(candidate.first) == key) group.push_back(candidate);
      }
    }
  }
  std::vector<std::pair<size_t, Label>> best;
  size_t best_bytes = 0;
  for (const auto& group : groups) {
    absl::flat_hash_map<int64_t, size_t> last_of;
    for (size_t k = 0; k < group.size(); ++k)
      last_of[group[k].second.value] = k;
    int starts = 0;
    for (size_t k = 0; k < group.size() && starts < 40; ++k) {
      if (group[k].second.value != 1 || group[k].second.suffixed) continue;
      ++starts;
      const Chain chain = Follow(group, k, last_of);
      if (chain.at.size() < 2) continue;
      size_t bytes = 0;
      const size_t from = group[chain.at.front()].first;
      const size_t to = group[chain.at.back()].first;
      for (size_t i = from; i <= to; ++i) bytes += blocks_[i].text.size();
      // More units first, unless they are the lines of a table of contents.
      const bool contents = bytes / chain.at.size() < kContentsBytesMax;
      const size_t count = chain.at.size();
      const size_t best_count = best.size();
      const bool best_contents =
          best_count > 0 && best_bytes / best_count < kContentsBytesMax;
      const bool better =
          best.empty() ||
          (best_contents && !contents && count * 3 >= best_count * 2) ||
          (count > best_count &&
           !(contents && !best_contents && best_count * 3 >= count * 2)) ||
          (count == best_count && bytes > best_bytes);
      if (!better) continue;
      best.clear();
      for (const size_t at : chain.at) best.push_back(group[at]);
      best_bytes = bytes;
    }
  }
  // Where laws have words for their units, two numbers are a list.
  if (best.empty() ||
      (best.size() < 3 && !NumbersStandAlone(language_) && language_ != "zh")) {
    return;
  }
  // The same numbers before it, with little text: its table of contents.
  if (const size_t first = best.front().first; first > 0) {
    size_t lines = 0;
    size_t from = first;
    size_t to = 0;
    for (const auto& [i, label] : all) {
      if (i >= first) break;
      ++lines;
      from = std::min(from, i);
      to = i + 1;
    }
    if (lines >= kContentsLinesMin && lines * 3 >= best.size() * 2 &&
        TextBetween(from, to) / lines < kContentsBytesMax &&
        HeadingsComeAgain(from, to)) {
      while (from > 0 &&
             !IsContentsTitle(Fold(blocks_[from].text.substr(0, 80))) &&
             blocks_[from - 1].text.size() < kHeadingBytes &&
             to - from < 2000 && from + 8 > all.front().first) {
        --from;
      }
      if (!IsContentsTitle(Fold(blocks_[from].text.substr(0, 80)))) {
        from = all.front().first;
      }
      for (size_t i = from; i < to; ++i) {
        if (!blocks_[i].note)
          lines_[i] = {Role::kContents, std::nullopt, false};
      }
    }
  }
  for (auto& [i, label] : best) {
    lines_[i].role = Role::kLabel;
    lines_[i].label = std::move(label);
  }
  FindScheduleLabels();
}

// Paragraphs of schedules have bare numbers where sections have words, too, and
// count anew in each.
void Finder::FindScheduleLabels() {
  if (!NumbersStandAlone(language_)) return;
  bool in_schedule = false;
  int64_t value = 0;
  std::vector<size_t> run;
  const auto end_run = [&] {
    // One number alone is no numbering.
    if (run.size() < 2) {
      for (const size_t i : run) {
        lines_[i].role = Role::kText;
        lines_[i].label.reset();
      }
    }
    run.clear();
    value = 0;
  };
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (lines_[i].role == Role::kLabel) {
      if (lines_[i].label->kind == Kind::KIND_SCHEDULE) {
        end_run();
        in_schedule = true;
      } else if (lines_[i].label->basic()) {
        in_schedule = false;
      }
      continue;
    }
    if (!in_schedule || blocks_[i].note || lines_[i].role != Role::kText ||
        (lines_[i].quoted && heed_quotes_)) {
      continue;
    }
    std::optional<Label> label = ParseBareLabel(blocks_[i].text);
    if (!label.has_value() || label->suffixed) continue;
    // The lines before were the schedule's own table of contents.
    if (label->value == 1 && run.size() >= kContentsLinesMin &&
        TextBetween(run.front(), i) / run.size() < kContentsBytesMax &&
        HeadingsComeAgain(run.front(), i)) {
      for (size_t k = run.front(); k < i; ++k) {
        if (!blocks_[k].note) lines_[k] = {Role::kContents, {}, false};
      }
      run.clear();
      value = 0;
    }
    if (label->value != value + 1) continue;
    value = label->value;
    lines_[i].role = Role::kLabel;
    lines_[i].label = std::move(label);
    run.push_back(i);
  }
  end_run();
}

// The title of the law, where the file does not state it: its first heading,
// or its first lines.
void Finder::TakeTitle() {
  if (!document_->expression.title().empty()) return;
  std::string title;
  for (size_t i = 0; i < blocks_.size() && i < 60; ++i) {
    if (blocks_[i].level == 1 && !blocks_[i].note &&
        blocks_[i].text.size() < law_limits::kHeadingBytesMax) {
      title = Tidy(blocks_[i].text);
      break;
    }
  }
  // Titles in capitals go over several lines.
  const auto capitals = [](absl::string_view text) {
    return u_isupper(FirstCharacter(text)) != 0 &&
           std::none_of(text.begin(), text.end(),
                        [](char c) { return c >= 'a' && c <= 'z'; }) &&
           Fold(text).size() > 3;
  };
  std::string first;
  for (size_t i = 0; title.empty() && i < blocks_.size() && i < 12; ++i) {
    if (blocks_[i].note || lines_[i].role != Role::kText) break;
    const std::string line = Tidy(blocks_[i].text);
    if (line.size() < 4 || line.size() > 500) continue;
    if (first.empty()) {
      first = line;
      // In bold, or in large print, it may go on.
      for (size_t j = i + 1; blocks_[i].bold && j < blocks_.size() &&
                             j < i + 5 && lines_[j].role == Role::kText &&
                             (blocks_[j].bold || blocks_[j].text.empty());
           ++j) {
        if (first.size() + blocks_[j].text.size() > 300) break;
        absl::StrAppend(&first, " ", Tidy(blocks_[j].text));
      }
    }
    if (!capitals(line)) continue;
    title = line;
    for (size_t j = i + 1;
         j < blocks_.size() && j < i + 6 && lines_[j].role == Role::kText;
         ++j) {
      const std::string more = Tidy(blocks_[j].text);
      if (!capitals(more) || title.size() + more.size() > 400) break;
      absl::StrAppend(&title, " ", more);
    }
  }
  // In capitals it is a title only if there is enough of it.
  if (Fold(title).size() < 12 && !first.empty()) title = first;
  document_->expression.set_title(title);
}

void Finder::PopTo(int rank) {
  while (!stack_.empty() && stack_.back().rank >= rank) stack_.pop_back();
}

// The rank of a grouping: that of the table, unless the law nests it deeper. A
// word that is first met right below another's heading is below it throughout.
int Finder::RankOf(const Label& label) {
  const auto known = ranks_.find(label.word);
  if (known != ranks_.end()) return known->second;
  int rank = label.rank;
  if (!basic_since_grouping_ && !stack_.empty() &&
      label.kind != Kind::KIND_SCHEDULE) {
    rank =
        std::min(std::max(rank, stack_.back().rank + 1), Label::kBasicRank * 2);
  }
  ranks_[label.word] = rank;
  return rank;
}

// True if the paragraph behind label `i` is its heading.
bool Finder::TakesHeading(size_t i) const {
  const size_t next = i + 1;
  if (next >= blocks_.size() || lines_[next].role != Role::kText ||
      blocks_[next].note || blocks_[next].level > 0 || lines_[next].quoted) {
    return false;
  }
  const std::string& text = blocks_[next].text;
  if (lines_[i].label->basic()) {
    // And text follows: a heading alone would leave the unit empty.
    if (text.size() > kShortHeadingBytes || EndsSentence(text) ||
        next + 1 >= blocks_.size() || lines_[next + 1].role != Role::kText ||
        blocks_[next + 1].note) {
      return false;
    }
  }
  return LooksLikeHeading(text);
}

void Finder::EmitLabel(size_t i) {
  const Label& label = *lines_[i].label;
  const int level = blocks_[i].level;
  Provisions::Entry entry;
  entry.kind = label.kind;
  entry.label = label.label;
  entry.number = label.number;
  entry.id_word = label.own_id;
  std::string text;
  if (!label.basic()) {
    // Ranks of headings that the format marks come before those of words.
    const int rank = level > 0 ? level : RankOf(label);
    PopTo(rank);
    if (label.kind == Kind::KIND_SCHEDULE) {
      stack_.clear();
      schedule_counts_ = false;
    }
    entry.parent = CurrentParent();
    if (label.rest.size() <= law_limits::kHeadingBytesMax / 2) {
      entry.heading = label.rest;
    } else {
      text = label.rest;
    }
    if (label.rest.empty() && i + 1 < blocks_.size() &&
        lines_[i + 1].role == Role::kLabel &&
        lines_[i + 1].label->kind == Kind::KIND_HEADING &&
        blocks_[i + 1].level == level) {
      entry.heading = blocks_[i + 1].text;
      skip_heading_ = i + 1;
    } else if (label.rest.empty() && TakesHeading(i)) {
      entry.heading = blocks_[i + 1].text;
      skip_heading_ = i + 1;
      // A second line in capitals or bold.
      if (i + 2 < blocks_.size() && lines_[i + 2].role == Role::kText &&
          blocks_[i + 2].bold && blocks_[i + 1].bold &&
          LooksLikeHeading(blocks_[i + 2].text)) {
        absl::StrAppend(&entry.heading, " ", blocks_[i + 2].text);
        blocks_[i + 2].text.clear();
      }
    }
    const int index = provisions_.Add(std::move(entry));
    if (label.kind != Kind::KIND_PREAMBLE) {
      stack_.push_back({rank, index});
      basic_since_grouping_ = false;
    }
    if (label.kind == Kind::KIND_SCHEDULE) schedule_ = index;
    provisions_.AddText(index, text);
    current_ = index;
    current_is_basic_ = false;
    current_level_ = level;
    grouping_since_ = true;
    met_.clear();
    return;
  }
  const std::string key = Key(label);
  // Leaves a schedule where the law itself counts on.
  if (schedule_ != Provisions::kNone && label.value > 1 &&
      label.value == last_main_value_ + 1 && !schedule_counts_) {
    schedule_ = Provisions::kNone;
    stack_.clear();
  }
  // Out of order, and there already: cited or corrected, not made.
  const bool corrected = i > 0 && absl::EndsWith(blocks_[i - 1].text, ":");
  const bool known = !ever_met_.insert(key).second;
  const bool again = !met_.insert(key).second;
  if (((again && !grouping_since_) || (known && corrected)) &&
      label.value > 1 && label.value != last_value_ + 1 &&
      label.value != last_value_ && !label.bare) {
    EmitText(i);
    return;
  }
  if (label.value == 1 && !label.suffixed) {
    met_.clear();
    met_.insert(key);
  }
  grouping_since_ = false;
  basic_since_grouping_ = true;
  if (label.value >= 0) last_value_ = label.value;
  if (schedule_ != Provisions::kNone) {
    entry.kind = Kind::KIND_SCHEDULE_PARAGRAPH;
    entry.id_word.clear();
    schedule_counts_ = true;
  } else if (label.value >= 0) {
    last_main_value_ = label.value;
  }
  if (level > 0) PopTo(level);
  entry.parent = CurrentParent();
  const bool next_is_text = i + 1 < blocks_.size() &&
                            lines_[i + 1].role == Role::kText &&
                            !blocks_[i + 1].note && blocks_[i + 1].level == 0;
  if (label.rest.empty()) {
    if (TakesHeading(i)) {
      entry.heading = blocks_[i + 1].text;
      skip_heading_ = i + 1;
    }
  } else if ((level > 0 || next_is_text) && LooksLikeHeading(label.rest) &&
             (level > 0 || !EndsSentence(label.rest) ||
              label.rest.size() <= 80)) {
    entry.heading = label.rest;
  } else {
    text = label.rest;
  }
  // `Definitions.` in the margin, before `1.—In this Act`.
  if (label.bare && entry.heading.empty() && i > 0 &&
      current_ != Provisions::kNone && level == 0 &&
      lines_[i - 1].role == Role::kText && !blocks_[i - 1].note &&
      skip_heading_ != i - 1 &&
      blocks_[i - 1].text.size() <= kShortHeadingBytes &&
      LooksLikeHeading(blocks_[i - 1].text)) {
    const std::string heading = Tidy(blocks_[i - 1].text);
    std::string& before = provisions_.at(current_).text;
    if (absl::EndsWith(before, heading)) {
      before.resize(before.size() - heading.size());
      if (!before.empty() && before.back() == '\n') before.pop_back();
      entry.heading = heading;
    }
  }
  const int index = provisions_.Add(std::move(entry));
  provisions_.AddText(index, text);
  current_ = index;
  current_is_basic_ = true;
  current_level_ = level;
}

// A heading without a label.
void Finder::EmitHeading(size_t i) {
  const Block& block = blocks_[i];
  if (block.level == 1 && provisions_.empty() &&
      Tidy(block.text) == document_->expression.title()) {
    return;
  }
  // Deeper than the unit that it stands in: a heading inside it.
  if (current_is_basic_ && current_level_ > 0 && block.level > current_level_) {
    EmitText(i);
    return;
  }
  PopTo(block.level);
  Provisions::Entry entry;
  entry.kind = Kind::KIND_HEADING;
  entry.parent = CurrentParent();
  entry.heading = block.text;
  const int index = provisions_.Add(std::move(entry));
  stack_.push_back({block.level, index});
  current_ = index;
  current_is_basic_ = false;
  current_level_ = block.level;
  grouping_since_ = true;
}

void Finder::EmitText(size_t i) {
  if (current_ == Provisions::kNone) {
    Provisions::Entry entry;
    entry.kind = Kind::KIND_PREAMBLE;
    current_ = provisions_.Add(std::move(entry));
    current_is_basic_ = false;
  }
  provisions_.AddText(current_, blocks_[i].text);
}

void Finder::Emit() {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    if (block.text.empty() || i == skip_heading_) continue;
    if (block.note) {
      if (!notes_.empty()) notes_.push_back('\n');
      notes_ += Tidy(block.text);
      continue;
    }
    switch (lines_[i].role) {
      case Role::kContents:
        ++contents_lines_;
        break;
      case Role::kLabel:
        EmitLabel(i);
        break;
      case Role::kText:
        block.level > 0 ? EmitHeading(i) : EmitText(i);
    }
  }
  if (!notes_.empty()) {
    Provisions::Entry entry;
    entry.kind = Kind::KIND_CLOSING;
    entry.id_word = "notes";
    entry.text = std::move(notes_);
    provisions_.Add(std::move(entry));
  }
}

absl::Status Finder::Run() {
  const std::vector<bool> quoted = FindQuoted(blocks_);
  for (size_t i = 0; i < lines_.size(); ++i) lines_[i].quoted = quoted[i];
  for (const bool heed : {true, false}) {
    heed_quotes_ = heed;
    FindLabels();
    PromoteChapters();
    FindTitledContents();
    FindContents(Basics());
    ChooseFamilies();
    DropQuoted();
    DropEmbedded();
    if (Basics().size() < 2) {
      std::vector<Line> before = lines_;
      FindBareLabels();
      if (Basics().size() < 2) lines_ = std::move(before);
    } else {
      FindScheduleLabels();
    }
    if (!Basics().empty() ||
        std::none_of(quoted.begin(), quoted.end(), [](bool q) { return q; })) {
      break;
    }
  }
  TakeTitle();
  Emit();
  if (contents_lines_ > 0) {
    AddNotice(document_, "",
              absl::StrCat("a table of contents was left out, lines: ",
                           contents_lines_));
  }
  // Headings with text are structure, too; a preamble alone is not.
  bool found = false;
  for (size_t k = 0; k < provisions_.size(); ++k) {
    const v1::Provision::Kind kind = provisions_.at(static_cast<int>(k)).kind;
    if (kind != Kind::KIND_PREAMBLE && kind != Kind::KIND_CLOSING) found = true;
  }
  if (!found && provisions_.size() > 0) {
    Provisions pieces;
    std::string notes;
    std::string all;
    for (size_t k = 0; k < provisions_.size(); ++k) {
      const auto& entry = provisions_.at(static_cast<int>(k));
      if (entry.kind == Kind::KIND_CLOSING) {
        notes = entry.text;
      } else {
        absl::StrAppend(&all, all.empty() ? "" : "\n", entry.text);
      }
    }
    AddTextPieces(all, &pieces);
    if (!notes.empty()) {
      Provisions::Entry entry;
      entry.kind = Kind::KIND_CLOSING;
      entry.id_word = "notes";
      entry.text = std::move(notes);
      pieces.Add(std::move(entry));
    }
    provisions_ = std::move(pieces);
    AddNotice(document_, "",
              "no articles, sections or headings were found: the text was "
              "divided at ends of paragraphs");
  }
  return provisions_.Finish(document_);
}

}  // namespace

absl::Status FindStructure(BlockText text, LawDocument* document) {
  if (document->expression.title().empty() && !text.title.empty()) {
    document->expression.set_title(Tidy(text.title));
  }
  for (const std::string& remark : text.remarks) {
    AddNotice(document, "", remark);
  }
  return Finder(std::move(text), document).Run();
}

}  // namespace comity::laws
