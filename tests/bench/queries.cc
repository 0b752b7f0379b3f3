#include "tests/bench/queries.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/words.h"

namespace comity::bench {
namespace {

class Drawer {
 public:
  explicit Drawer(const SyntheticLibrary& library) : library_(library) {}

  std::string Make(const std::string& kind) {
    const SyntheticLibrary::Law& law = Any();
    const auto& provision = law.provisions[Below(law.provisions.size())];
    if (kind == "term") return Words(provision.text(), 1);
    if (kind == "three OR") return Words(provision.text(), 3);
    if (kind == "three AND") {
      const std::vector<std::string> words =
          absl::StrSplit(Words(provision.text(), 3), ' ');
      return absl::StrJoin(words, " AND ");
    }
    if (kind == "phrase") {
      return absl::StrCat("\"", Run(provision.text(), 2), "\"");
    }
    if (kind == "prefix") {
      return absl::StrCat(WholeCharacters(Words(provision.text(), 1), 6), "*");
    }
    return absl::StrCat("title:", Words(law.law.titles(0).text(), 1));
  }

 private:
  size_t Below(size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random_);
  }
  // Chinese has no words to draw.
  const SyntheticLibrary::Law& Any() {
    while (true) {
      const auto& law = library_.laws()[Below(library_.laws().size())];
      if (law.language != "zh") return law;
    }
  }
  std::string Words(const std::string& text, size_t count) {
    const std::vector<std::string> all =
        absl::StrSplit(text, absl::ByAnyChar(" ."), absl::SkipEmpty());
    std::vector<std::string> words;
    for (size_t i = 0; i < count; ++i) words.push_back(all[Below(all.size())]);
    return absl::StrJoin(words, " ");
  }
  std::string Run(const std::string& text, size_t count) {
    const std::vector<std::string> all =
        absl::StrSplit(text, absl::ByAnyChar(" ."), absl::SkipEmpty());
    if (all.size() <= count) return all[0];
    const auto first = static_cast<std::ptrdiff_t>(Below(all.size() - count));
    return absl::StrJoin(all.begin() + first,
                         all.begin() + first + static_cast<int>(count), " ");
  }

  const SyntheticLibrary& library_;
  std::mt19937 random_{7};
};

// The most frequent first. Without prefix: those of a field begin with a
// capital letter.
std::vector<std::string> CommonestWords(const Xapian::Database& database,
                                        size_t count) {
  std::vector<std::pair<Xapian::doccount, std::string>> words;
  for (auto term = database.allterms_begin(); term != database.allterms_end();
       ++term) {
    const std::string word = *term;
    if (word[0] >= 'a' && word[0] <= 'z') {
      words.emplace_back(term.get_termfreq(), word);
    }
  }
  std::sort(words.rbegin(), words.rend());
  words.resize(std::min(words.size(), count));
  std::vector<std::string> commonest;
  for (auto& word : words) commonest.push_back(std::move(word.second));
  return commonest;
}

}  // namespace

std::vector<Query> DrawQueries(const SyntheticLibrary& library, int count) {
  Drawer drawer(library);
  std::vector<Query> queries;
  for (int i = 0; i < count; ++i) {
    const char* kind =
        kQueryKinds[static_cast<size_t>(i) % std::size(kQueryKinds)];
    queries.push_back({kind, drawer.Make(kind)});
  }
  std::shuffle(queries.begin(), queries.end(), std::mt19937(11));
  return queries;
}

std::vector<Query> CommonestQueries(const Xapian::Database& database) {
  constexpr size_t kWords = 6;
  const std::vector<std::string> words = CommonestWords(database, kWords);
  std::vector<Query> queries;
  std::vector<std::string> phrases;
  for (const std::string& first : words) {
    queries.push_back({"wildcard", absl::StrCat(first.substr(0, 2), "*")});
    for (const std::string& second : words) {
      phrases.push_back(absl::StrCat("\"", first, " ", second, "\""));
      queries.push_back({"phrase", phrases.back()});
      queries.push_back({"near", absl::StrCat(first, " NEAR/3 ", second)});
    }
  }
  queries.push_back({"any", absl::StrJoin(words, " ")});
  queries.push_back({"phrases", absl::StrJoin(phrases, " OR ")});
  return queries;
}

}  // namespace comity::bench
