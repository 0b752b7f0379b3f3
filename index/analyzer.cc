#include "index/analyzer.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/memory/memory.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "base/words.h"
#include "index/date_reader.h"
#include "index/fields.h"
#include "index/numbers.h"
#include "index/stemmer.h"

namespace comity::index {
namespace {

// Stopwords of a language, as StopwordForm has them.
using Stopwords = absl::flat_hash_set<std::string>;

// In a language whose marks matter, a word without them is another word.
std::string StopwordForm(absl::string_view word, const Language& language) {
  return FoldWord(word, language.letters, language.marks_matter);
}

Stopwords StopwordsOf(const Language& language) {
  Stopwords stopwords;
  for (const absl::string_view word :
       absl::StrSplit(language.stopwords, ' ', absl::SkipEmpty())) {
    stopwords.insert(StopwordForm(word, language));
  }
  return stopwords;
}

// More of a word does not fit a term, whatever its folding takes away.
constexpr size_t kSpellingBytesMax = 1024;

// A number that some write with points between its thousands.
bool MayHavePoints(absl::string_view term) {
  const bool year = term.size() == 4 && term >= "1700" && term <= "2100";
  return term.size() >= 4 && term.size() <= 9 && !year &&
         absl::c_all_of(term, absl::ascii_isdigit);
}

// What is known of a word in a language.
struct Entry {
  absl::string_view term;
  absl::string_view stem;
  bool stopword;
  NumberSign sign;
};

}  // namespace

// The words of one language.
class Analyzer::Dictionary {
 public:
  static absl::StatusOr<std::unique_ptr<Dictionary>> Create(
      const Language& language) {
    ASSIGN_OR_RETURN(std::unique_ptr<Stemmer> stemmer,
                     Stemmer::Create(language));
    return absl::WrapUnique(new Dictionary(language, std::move(stemmer)));
  }

  const Language& language() const { return language_; }

  // True if a word's case or apostrophe must be known for its stem.
  bool needs_spelling() const {
    return language_.dotless_i || language_.endings_after_apostrophe;
  }

  bool IsStopword(absl::string_view folded) const {
    return stopwords_.contains(folded);
  }

  struct Found {
    std::string term;
    std::string stem;
    bool stopword = false;
    NumberSign sign;
  };

  Found Find(absl::string_view word, bool has_digit) const {
    Found found;
    found.term = FoldWord(word);
    found.term.resize(
        WholeCharacters(found.term, fields::kWordBytesMax).size());
    found.sign = FindNumberSign(found.term);
    found.stopword = !has_digit && !stopwords_.empty() &&
                     stopwords_.contains(StopwordForm(word, language_));
    if (has_digit || found.stopword || !has_stems_) return found;
    found.stem = stemmer_->Stem(WithoutEnding(word));
    found.stem.resize(
        WholeCharacters(found.stem, fields::kWordBytesMax).size());
    return found;
  }

 private:
  Dictionary(const Language& language, std::unique_ptr<Stemmer> stemmer)
      : language_(language),
        has_stems_(HasStems(language)),
        stemmer_(std::move(stemmer)),
        stopwords_(StopwordsOf(language)) {}

  // `Türkiye’nin` without the ending of its case.
  absl::string_view WithoutEnding(absl::string_view word) const {
    if (!language_.endings_after_apostrophe) return word;
    return word.substr(0, std::min(word.find('\''), word.find("\u2019")));
  }

  const Language& language_;
  const bool has_stems_;
  const std::unique_ptr<Stemmer> stemmer_;
  const Stopwords stopwords_;
};

namespace {

// Words that were looked up lately, a place each; a later word takes the place
// of an earlier one. Texts repeat their words, so it spares most stemming.
class Cache {
 public:
  Cache() : slots_(kSlots) {}

  // The place of a word of the language numbered `language`.
  size_t PlaceOf(absl::string_view word, uint16_t language) const {
    return absl::Hash<std::pair<absl::string_view, uint16_t>>()(
               {word, language}) %
           kSlots;
  }

  bool Get(size_t place, absl::string_view word, uint16_t language,
           Entry* entry) const {
    const Slot& slot = slots_[place];
    if (slot.language != language || slot.word_size != word.size() ||
        std::memcmp(slot.bytes, word.data(), word.size()) != 0) {
      return false;
    }
    const char* term = slot.bytes + slot.word_size;
    entry->term = {term, slot.term_size};
    entry->stem = {term + slot.term_size, slot.stem_size};
    entry->stopword = slot.stopword;
    entry->sign = slot.sign;
    return true;
  }

  // False if the word is too long to be kept.
  bool Put(size_t place, absl::string_view word, uint16_t language,
           const Entry& entry) {
    Slot& slot = slots_[place];
    if (word.size() + entry.term.size() + entry.stem.size() >
        sizeof(slot.bytes)) {
      return false;
    }
    slot.language = language;
    slot.word_size = static_cast<uint8_t>(word.size());
    slot.term_size = static_cast<uint8_t>(entry.term.size());
    slot.stem_size = static_cast<uint8_t>(entry.stem.size());
    slot.stopword = entry.stopword;
    slot.sign = entry.sign;
    char* at = slot.bytes;
    for (const absl::string_view part : {word, entry.term, entry.stem}) {
      if (!part.empty()) std::memcpy(at, part.data(), part.size());
      at += part.size();
    }
    return true;
  }

 private:
  static constexpr size_t kSlots = 16384;
  static constexpr uint16_t kNone = 0xFFFF;
  struct Slot {
    NumberSign sign;
    uint16_t language = kNone;
    uint8_t word_size = 0;
    uint8_t term_size = 0;
    uint8_t stem_size = 0;
    bool stopword = false;
    char bytes[106];
  };

  std::vector<Slot> slots_;
};

}  // namespace

struct Analyzer::Tables {
  // By rows of the table of languages; the last is of no language.
  std::vector<std::unique_ptr<Dictionary>> dictionaries;
  Cache cache;
  WordFinder finder;
  NumberReader numbers;
  DateReader dates;
  // A word that the cache does not hold.
  Dictionary::Found found;
  // The character before and where it is, while a neighbour may follow.
  std::string pair;
  size_t pair_begin = 0;
  size_t pair_end = std::string::npos;

  uint16_t NumberOf(const Language& language) const {
    for (size_t i = 0; i + 1 < dictionaries.size(); ++i) {
      if (&dictionaries[i]->language() == &language) {
        return static_cast<uint16_t>(i);
      }
    }
    return static_cast<uint16_t>(dictionaries.size() - 1);
  }

  // `word` is as in the text, or folded if it is all ASCII and the language
  // does not need more. Valid until the next call.
  Entry LookUp(uint16_t language, absl::string_view word, bool has_digit) {
    const size_t place = cache.PlaceOf(word, language);
    Entry entry;
    if (cache.Get(place, word, language, &entry)) return entry;
    found = dictionaries[language]->Find(word, has_digit);
    entry = {found.term, found.stem, found.stopword, found.sign};
    cache.Put(place, word, language, entry);
    return entry;
  }

  // Nothing is given of a word of which folding leaves nothing.
  Entry GiveWord(absl::string_view text, const Word& word, uint16_t language,
                 uint32_t position,
                 absl::FunctionRef<void(const Token&)> sink) {
    const bool folded =
        !word.folded.empty() && !dictionaries[language]->needs_spelling();
    Entry entry = LookUp(
        language,
        folded ? word.folded
               : WholeCharacters(text.substr(word.begin, word.end - word.begin),
                                 kSpellingBytesMax),
        word.has_digit);
    if (entry.term.empty()) return entry;
    if (word.elided) {
      entry.stem = {};
      entry.stopword = true;
    }
    sink({.kind = TokenKind::kWord,
          .stopword = entry.stopword,
          .term = entry.term,
          .stem = entry.stem,
          .position = position,
          .begin = word.begin,
          .end = word.end});
    return entry;
  }

  // Gives the pair that the character makes with the one before, too.
  Entry GiveCharacter(const Word& word, uint16_t language, uint32_t position,
                      absl::FunctionRef<void(const Token&)> sink) {
    const Dictionary& dictionary = *dictionaries[language];
    const Entry entry = {
        WholeCharacters(word.folded, fields::kWordBytesMax / 2),
        {},
        dictionary.IsStopword(word.folded),
        FindNumberSign(word.folded)};
    const bool follows = pair_end == word.begin;
    const size_t size_before = follows ? pair.size() : 0;
    if (!follows) pair.clear();
    pair.append(entry.term.data(), entry.term.size());
    if (follows) {
      sink({.kind = TokenKind::kPair,
            .stopword = dictionary.IsStopword(pair),
            .term = pair,
            .position = position - 1,
            .begin = pair_begin,
            .end = word.end});
    }
    pair.erase(0, size_before);
    pair_begin = word.begin;
    pair_end = word.end;
    sink({.kind = TokenKind::kCharacter,
          .stopword = entry.stopword,
          .term = entry.term,
          .position = position,
          .begin = word.begin,
          .end = word.end});
    return entry;
  }
};

Analyzer::Analyzer(std::unique_ptr<Tables> tables)
    : tables_(std::move(tables)) {}
Analyzer::~Analyzer() = default;

absl::StatusOr<std::unique_ptr<Analyzer>> Analyzer::Create() {
  auto tables = std::make_unique<Tables>();
  for (const Language& language : Languages()) {
    ASSIGN_OR_RETURN(auto dictionary, Dictionary::Create(language));
    tables->dictionaries.push_back(std::move(dictionary));
  }
  ASSIGN_OR_RETURN(auto unknown, Dictionary::Create(UnknownLanguage()));
  tables->dictionaries.push_back(std::move(unknown));
  return absl::WrapUnique(new Analyzer(std::move(tables)));
}

uint32_t Analyzer::Analyze(absl::string_view text, const Language& language,
                           absl::FunctionRef<void(const Token&)> sink) {
  Tables& tables = *tables_;
  const uint16_t number = tables.NumberOf(language);
  const auto give_number = [&sink](const NumberReader::Number& found) {
    sink({.kind = TokenKind::kNumber,
          .term = found.text,
          .position = found.position,
          .begin = found.begin,
          .end = found.end});
  };
  tables.finder.Start(text);
  tables.numbers.Start(text);
  tables.dates.Start(text);
  tables.pair_end = std::string::npos;
  uint32_t position = 0;
  Word word;
  while (tables.finder.Next(&word)) {
    const bool is_character = word.kind == Word::Kind::kCharacter;
    const Entry entry =
        is_character ? tables.GiveCharacter(word, number, position, sink)
                     : tables.GiveWord(text, word, number, position, sink);
    if (entry.term.empty()) continue;
    tables.numbers.Add({entry.term, entry.sign, is_character, word.has_digit,
                        word.section_signs, word.begin, word.end, position},
                       give_number);
    tables.dates.Add(entry.term, word.has_digit, word.begin, word.end, position,
                     give_number);
    ++position;
  }
  tables.numbers.Finish(tables.finder.section_signs(), give_number);
  return position;
}

std::vector<QueryToken> Analyzer::AnalyzeQuery(
    absl::string_view query, absl::Span<const Language* const> languages) {
  std::vector<QueryToken> tokens;
  const Language& first =
      languages.empty() ? UnknownLanguage() : *languages.front();
  Analyze(query, first, [&tokens](const Token& token) {
    tokens.push_back({token.kind,
                      token.stopword,
                      std::string(token.term),
                      {},
                      token.position,
                      token.begin,
                      token.end});
  });
  std::vector<QueryToken> numbers;
  for (QueryToken& token : tokens) {
    if (token.kind != TokenKind::kWord) continue;
    if (MayHavePoints(token.term)) {
      numbers.push_back(token);
      numbers.back().kind = TokenKind::kNumber;
    }
    const bool has_digit = absl::c_any_of(token.term, absl::ascii_isdigit);
    const absl::string_view word = WholeCharacters(
        query.substr(token.begin, token.end - token.begin), kSpellingBytesMax);
    for (const Language* language : languages) {
      const Entry entry =
          tables_->LookUp(tables_->NumberOf(*language), word, has_digit);
      if (entry.stem.empty()) continue;
      std::string stem(entry.stem);
      if (std::find(token.stems.begin(), token.stems.end(), stem) ==
          token.stems.end()) {
        token.stems.push_back(std::move(stem));
      }
    }
  }
  std::move(numbers.begin(), numbers.end(), std::back_inserter(tokens));
  return tokens;
}

// Languages of a query
// -------------------------------------------------------------

namespace {

// Where nothing else tells them apart: by how much law is written in them.
constexpr absl::string_view kByLaw =
    "en es fr de pt it nl ru ar zh sv nb da fi pl cs ro el tr uk hu sr-Latn bg "
    "ca sk id ja ko vi lt et lv sl he fa hi";

struct TellingLetters {
  absl::string_view tag;
  absl::string_view letters;
};

// Letters that few languages of the script have.
constexpr TellingLetters kTellingLetters[] = {
    {"az", "əğıç"},       {"bg", "ъщ"},
    {"cs", "řůě"},        {"da", "øæ"},
    {"de", "ßäöü"},       {"es", "ñ"},
    {"et", "õäöü"},       {"fa", "پچژگ"},
    {"fi", "äö"},         {"fr", "çèêœù"},
    {"hr", "đćčžš"},      {"hu", "őű"},
    {"is", "ðþæ"},        {"it", "àèìòù"},
    {"lt", "ėįųū"},       {"lv", "āēīķļņ"},
    {"mk", "ѓќѕј"},       {"mn", "өү"},
    {"nb", "øæå"},        {"pl", "łąęśżź"},
    {"pt", "ãõç"},        {"ro", "ăâîșțşţ"},
    {"ru", "ыэё"},        {"sk", "ľĺŕô"},
    {"sq", "ëç"},         {"sr", "ђјљњћџ"},
    {"sr-Latn", "đćčžš"}, {"sv", "åäö"},
    {"tr", "ğışç"},       {"uk", "іїєґ"},
    {"ur", "ٹڈڑں"},       {"vi", "ăơưđạảấầẩậắằặẹẻếềểệỉịọỏốồổộớờởợụủứừửựỳỵ"},
};

// Words of all lists, and the rows that have them.
const absl::flat_hash_map<std::string, std::vector<const Language*>>&
AllStopwords() {
  static const auto* const all = [] {
    auto* words =
        new absl::flat_hash_map<std::string, std::vector<const Language*>>;
    for (const Language& language : Languages()) {
      for (const std::string& word : StopwordsOf(language)) {
        (*words)[word].push_back(&language);
      }
    }
    return words;
  }();
  return *all;
}

// What in the language's row decides about terms.
std::string AnalysisOf(const Language& language) {
  if (!HasStems(language)) return "";
  return absl::StrCat(language.stemmer, "|", language.endings, "|",
                      language.letters, "|", language.respelled, "|",
                      language.accented_endings, "|", language.dotless_i,
                      language.marks_matter, language.endings_after_apostrophe);
}

using Scores = absl::flat_hash_map<const Language*, int>;

void AddStopwords(absl::string_view query, Scores* scores) {
  // Queries are short; of long ones the beginning tells.
  constexpr int kWordsMax = 64;
  WordFinder finder;
  finder.Start(query);
  Word word;
  for (int i = 0; i < kWordsMax && finder.Next(&word); ++i) {
    const absl::string_view text =
        query.substr(word.begin, word.end - word.begin);
    // With its marks where the list may have them.
    std::vector<std::string> forms = {FoldWord(text)};
    if (std::string spelt = FoldWord(text, "", true); spelt != forms[0]) {
      forms.push_back(std::move(spelt));
    }
    absl::flat_hash_set<const Language*> of;
    for (const std::string& form : forms) {
      const auto found = AllStopwords().find(form);
      if (found == AllStopwords().end()) continue;
      of.insert(found->second.begin(), found->second.end());
    }
    for (const Language* language : of) (*scores)[language] += 2;
  }
}

void AddLetters(absl::string_view query, Scores* scores) {
  const std::string spelt = FoldWord(query, "", true);
  for (const TellingLetters& row : kTellingLetters) {
    const Language* language = FindLanguage(row.tag);
    for (size_t at = 0; at < row.letters.size();) {
      size_t size = 1;
      while (at + size < row.letters.size() &&
             (static_cast<unsigned char>(row.letters[at + size]) & 0xC0U) ==
                 0x80U) {
        ++size;
      }
      if (absl::StrContains(spelt, row.letters.substr(at, size))) {
        (*scores)[language] += 1;
      }
      at += size;
    }
  }
}

}  // namespace

std::vector<const Language*> LanguagesOfQuery(
    absl::string_view query, absl::Span<const absl::string_view> hints) {
  const std::vector<std::string> scripts = ScriptsOf(query);
  const auto is_written = [&scripts](const Language& language) {
    return std::any_of(scripts.begin(), scripts.end(),
                       [&language](const std::string& script) {
                         return IsWrittenIn(language, script);
                       });
  };
  std::vector<const Language*> languages;
  const auto add = [&](const Language* language) {
    if (language != nullptr && is_written(*language)) {
      languages.push_back(language);
    }
  };
  for (const absl::string_view hint : hints) add(FindLanguage(hint));
  if (languages.empty()) {
    for (const absl::string_view tag : absl::StrSplit(kByLaw, ' ')) {
      add(FindLanguage(tag));
    }
    for (const Language& language : Languages()) add(&language);
  }
  Scores scores;
  AddStopwords(query, &scores);
  AddLetters(query, &scores);
  std::stable_sort(languages.begin(), languages.end(),
                   [&scores](const Language* a, const Language* b) {
                     return scores[a] > scores[b];
                   });
  absl::flat_hash_set<std::string> analyses;
  std::vector<const Language*> once;
  for (const Language* language : languages) {
    if (analyses.insert(AnalysisOf(*language)).second) {
      once.push_back(language);
    }
  }
  return once;
}

}  // namespace comity::index
