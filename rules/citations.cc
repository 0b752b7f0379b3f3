#include "rules/citations.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "rules/designations.h"

namespace comity::rules {
namespace {

// Article, paragraph, subparagraph, item and one more.
constexpr size_t kLevelsMax = 5;
constexpr size_t kNumberDigitsMax = 3;

// What stands between two words, as a set.
enum Separator : uint32_t {
  kSpace = 1,
  kOpen = 2,
  kClose = 4,
  kDot = 8,
  kComma = 16,
  kSection = 32,
  kOther = 64,
};

// A word or a number.
struct Token {
  // Folded; numbers without leading zeros.
  std::string text;
  bool number = false;
  // What stands before it.
  uint32_t before = 0;
};

// ---------------------------------------------------------------------------
// Text to tokens.

struct CodePoint {
  uint32_t value = 0;
  size_t size = 1;
};

// The code point that `text` begins with; U+FFFD for a byte that begins none.
CodePoint Decode(absl::string_view text) {
  const auto byte = [&text](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const uint32_t first = byte(0);
  if (first < 0x80U) return {first, 1};
  const size_t size = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
  if (first < 0xC2U || first > 0xF4U || text.size() < size) return {0xFFFD, 1};
  uint32_t value = first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  return {value, size};
}

// ASCII, full-width and Arabic digits; -1 for others.
int DigitOf(uint32_t c) {
  for (const uint32_t zero : {0x30U, 0xFF10U, 0x0660U, 0x06F0U}) {
    if (c >= zero && c < zero + 10) return static_cast<int>(c - zero);
  }
  return -1;
}

// What a code point separates by; 0 for letters and digits.
uint32_t SeparatorOf(uint32_t c) {
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case 0x00A0:  // No-break space.
    case 0x3000:  // Ideographic space.
      return kSpace;
    case '(':
    case '[':
    case 0xFF08:
      return kOpen;
    case ')':
    case ']':
    case 0xFF09:
      return kClose;
    case '.':
    case 0x3002:
      return kDot;
    case ',':
    case 0xFF0C:
    case 0x3001:
    case 0x060C:
      return kComma;
    case 0x00A7:  // §
    case 0x00B6:  // ¶
      return kSection;
    case 0x300A:  // 《
    case 0x300B:  // 》
    case 0x00AB:  // «
    case 0x00BB:  // »
    case 0x201C:
    case 0x201D:
    case 0x2018:
    case 0x2019:
    case '\'':
    case '"':
    case 0x00B0:  // °
    case 0x00BA:  // º
    case 0x2116:  // №
      return kSpace;
    default:
      break;
  }
  if (c < 0x80U) {
    const bool word = absl::ascii_isalnum(static_cast<unsigned char>(c));
    return word ? uint32_t{0} : uint32_t{kOther};
  }
  // Dashes, bullets and other general punctuation; what is not a character.
  if ((c >= 0x2010U && c <= 0x206FU) || c == 0xFFFDU) return kOther;
  return 0;
}

// The value of a Chinese digit; -1 for others.
int ChineseDigit(uint32_t c) {
  static constexpr uint32_t kDigits[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09,
                                         0x56DB, 0x4E94, 0x516D, 0x4E03,
                                         0x516B, 0x4E5D};
  for (int i = 0; i < 10; ++i) {
    if (c == kDigits[i]) return i;
  }
  return c == 0x3007 ? 0 : DigitOf(c);
}

// `第十八条`: an ordinal with what it counts. `size` is 0 if there is none.
struct Ordinal {
  int number = 0;
  bool article = false;
  size_t size = 0;
};

Ordinal ReadOrdinal(absl::string_view text) {
  constexpr uint32_t kNumber = 0x7B2C;  // 第
  constexpr uint32_t kTen = 0x5341;
  constexpr uint32_t kHundred = 0x767E;
  constexpr int kDigitsMax = 6;
  if (Decode(text).value != kNumber) return {};
  Ordinal ordinal;
  size_t at = 3;
  int total = 0;
  int digit = -1;
  for (int read = 0; at < text.size() && read <= kDigitsMax; ++read) {
    const CodePoint c = Decode(text.substr(at));
    at += c.size;
    if (const int value = ChineseDigit(c.value); value >= 0) {
      digit = digit < 0 ? value : digit * 10 + value;
    } else if (c.value == kTen || c.value == kHundred) {
      total += (digit < 0 ? 1 : digit) * (c.value == kTen ? 10 : 100);
      digit = -1;
    } else {
      // 条 and 條 count articles; 款, 项 and 項 what is below.
      ordinal.article = c.value == 0x6761 || c.value == 0x689D;
      const bool below =
          c.value == 0x6B3E || c.value == 0x9879 || c.value == 0x9805;
      ordinal.number = total + std::max(digit, 0);
      if (ordinal.number > 0 && (ordinal.article || below)) ordinal.size = at;
      return ordinal;
    }
  }
  return {};
}

// Takes text apart.
class Tokenizer {
 public:
  std::vector<Token> Run(absl::string_view text);

 private:
  void Flush();
  void Push(std::string word, bool number);

  std::vector<Token> tokens_;
  std::string run_;
  bool run_is_number_ = false;
  uint32_t before_ = 0;
};

void Tokenizer::Push(std::string word, bool number) {
  tokens_.push_back({std::move(word), number, before_});
  before_ = 0;
}

// Ends the word or number that is being read.
void Tokenizer::Flush() {
  if (run_.empty()) return;
  if (run_is_number_) {
    const size_t zeros = run_.find_first_not_of('0');
    Push(zeros == std::string::npos ? "0" : run_.substr(zeros), true);
  } else {
    for (absl::string_view word : absl::StrSplit(Fold(run_), ' ')) {
      if (!word.empty()) Push(std::string(word), false);
    }
  }
  run_.clear();
}

std::vector<Token> Tokenizer::Run(absl::string_view text) {
  while (!text.empty()) {
    if (const Ordinal ordinal = ReadOrdinal(text); ordinal.size > 0) {
      Flush();
      before_ |= kSpace;
      Push(ordinal.article ? "article" : "paragraph", false);
      Push(absl::StrCat(ordinal.number), true);
      before_ |= kSpace;
      text.remove_prefix(ordinal.size);
      continue;
    }
    const CodePoint c = Decode(text);
    const int digit = DigitOf(c.value);
    if (const uint32_t separator = SeparatorOf(c.value); separator != 0) {
      // The article of `l'article`, the sign of `n° 30`.
      const bool elided = !run_is_number_ && run_.size() == 1 &&
                          (c.value == '\'' || c.value == 0x2019 ||
                           c.value == 0x00B0 || c.value == 0x00BA);
      if (elided) run_.clear();
      Flush();
      before_ |= separator;
    } else {
      if (!run_.empty() && run_is_number_ != (digit >= 0)) Flush();
      run_is_number_ = digit >= 0;
      if (digit >= 0) {
        run_.push_back(static_cast<char>('0' + digit));
      } else {
        absl::StrAppend(&run_, text.substr(0, c.size));
      }
    }
    text.remove_prefix(c.size);
  }
  Flush();
  return std::move(tokens_);
}

using Words = absl::flat_hash_set<std::string>;

// The words, folded as tokens are.
const Words* MakeWords(std::initializer_list<absl::string_view> words) {
  auto* set = new Words;
  for (const absl::string_view word : words) set->insert(Fold(word));
  return set;
}

bool IsArticleWord(const std::string& word) {
  static const Words* const words =
      MakeWords({"article", "articles", "art", "arts", "artículo", "artigo",
                 "articolo", "artikel", "статья", "статьи", "статье", "статьей",
                 "ст", "المادة", "مادة", "条", "條"});
  return words->contains(word);
}

bool IsParagraphWord(const std::string& word) {
  static const Words* const words = MakeWords(
      {"paragraph",    "paragraphs", "paragraphe", "para",      "paras",
       "par",          "parr",       "párrafo",    "parágrafo", "paragrafo",
       "apartado",     "absatz",     "abs",        "alinéa",    "al",
       "inciso",       "literal",    "lit",        "littera",   "let",
       "lettre",       "letra",      "letter",     "sub",       "subpara",
       "subparagraph", "subpar",     "subpárrafo", "sous",      "point",
       "пункт",        "пункта",     "пункте",     "п",         "подпункт",
       "подпункта",    "пп",         "الفقرة",     "فقرة",      "款",
       "项",           "項"});
  return words->contains(word);
}

// Words that say nothing here. Left out of names of treaties as well.
bool IsConnector(const std::string& word) {
  static const Words* const words =
      MakeWords({"of",  "the", "to", "in",  "under", "on",  "de",  "la",
                 "le",  "les", "du", "des", "del",   "el",  "los", "las",
                 "au",  "aux", "no", "nr",  "num",   "der", "die", "das",
                 "von", "da",  "do", "к",   "о",     "об",  "по",  "من"});
  return words->contains(word);
}

bool IsBis(const std::string& word) {
  return word == "bis" || word == "ter" || word == "quater" ||
         word == "quinquies";
}

// A letter, or a small Roman number, as subparagraphs have them.
bool IsItem(const std::string& word) {
  if (word.size() == 1) {
    return absl::ascii_islower(static_cast<unsigned char>(word[0]));
  }
  static const Words* const words =
      MakeWords({"ii", "iii", "iv", "vi", "vii", "viii", "ix"});
  return words->contains(word);
}

// Tokens without connectors; what stood before one counts for the next word.
std::vector<Token> Tokenize(absl::string_view text) {
  std::vector<Token> tokens = Tokenizer().Run(text);
  std::vector<Token> kept;
  kept.reserve(tokens.size());
  uint32_t before = 0;
  for (Token& token : tokens) {
    before |= token.before;
    if (!token.number && IsConnector(token.text)) continue;
    token.before = before;
    before = 0;
    kept.push_back(std::move(token));
  }
  return kept;
}

// ---------------------------------------------------------------------------
// Tokens to an article.

enum class Label { kNone, kArticle, kParagraph };

// Numbers and letters that one word introduces: `paragraph 7 (a)`.
struct Group {
  Label label = Label::kNone;
  std::vector<std::string> values;
  bool last_is_number = false;
};

class ArticleParser {
 public:
  // nullopt if `tokens` are not the citation of one article.
  std::optional<std::string> Run(absl::Span<const Token> tokens);

 private:
  bool Take(const Token& token);
  bool TakeValue(const Token& token);
  std::optional<std::string> Assemble() const;

  std::vector<Group> groups_;
  // The word that the next value belongs to.
  Label pending_ = Label::kNone;
};

// A value without a word of its own goes one level down from the one before,
// if it stands as such: `18(13)`, `24.7.a`, `7 a`. Numbers that a space, comma
// or dash sets apart are a list or a range.
bool GoesDown(const Token& token, bool after_number) {
  if ((token.before & kOther) != 0) return false;
  if (token.number) {
    return (token.before & kComma) == 0 &&
           (token.before & (kOpen | kClose | kDot | kSection)) != 0;
  }
  return (token.before & kComma) == 0 || after_number;
}

bool ArticleParser::TakeValue(const Token& token) {
  if (token.number &&
      (token.text == "0" || token.text.size() > kNumberDigitsMax)) {
    return false;
  }
  const bool starts = pending_ != Label::kNone || groups_.empty();
  if (starts) {
    if (!token.number && pending_ != Label::kParagraph) return false;
    // `(13)` is a paragraph of nothing.
    if (pending_ == Label::kNone && (token.before & kOpen) != 0) return false;
    groups_.push_back({pending_, {}, false});
    pending_ = Label::kNone;
  } else if (!GoesDown(token, groups_.back().last_is_number)) {
    return false;
  }
  groups_.back().values.push_back(token.text);
  groups_.back().last_is_number = token.number;
  return true;
}

bool ArticleParser::Take(const Token& token) {
  if (token.number) return TakeValue(token);
  if (IsArticleWord(token.text) || IsParagraphWord(token.text)) {
    const Label label =
        IsArticleWord(token.text) ? Label::kArticle : Label::kParagraph;
    // `sub-paragraph` is one word in two; two articles are none.
    if (pending_ != Label::kNone && pending_ != label) return false;
    pending_ = label;
    return true;
  }
  if (IsBis(token.text) && !groups_.empty() && pending_ == Label::kNone &&
      groups_.back().last_is_number &&
      (token.before & ~uint32_t{kSpace}) == 0) {
    groups_.back().values.back() += token.text;
    groups_.back().last_is_number = false;
    return true;
  }
  return IsItem(token.text) && TakeValue(token);
}

std::optional<std::string> ArticleParser::Assemble() const {
  size_t articles = 0;
  for (const Group& group : groups_) {
    if (group.label == Label::kArticle) ++articles;
  }
  if (articles > 1) return std::nullopt;
  std::vector<const Group*> order;
  for (const Group& group : groups_) order.push_back(&group);
  // `paragraph 13 of article 18`: from the smallest up.
  if (order.back()->label == Label::kArticle && order.size() > 1) {
    if (order.back()->values.size() > 1) return std::nullopt;
    std::reverse(order.begin(), order.end());
  }
  std::vector<absl::string_view> values;
  for (const Group* group : order) {
    if (group != order.front() && group->label != Label::kParagraph) {
      return std::nullopt;
    }
    values.insert(values.end(), group->values.begin(), group->values.end());
  }
  // A paragraph alone is no article.
  if (order.front()->label == Label::kParagraph) return std::nullopt;
  if (values.size() > kLevelsMax) return std::nullopt;
  std::string citation(values.front());
  for (size_t i = 1; i < values.size(); ++i) {
    absl::StrAppend(&citation, "(", values[i], ")");
  }
  return citation;
}

std::optional<std::string> ArticleParser::Run(absl::Span<const Token> tokens) {
  for (const Token& token : tokens) {
    if (!Take(token)) return std::nullopt;
  }
  if (groups_.empty() || pending_ != Label::kNone) return std::nullopt;
  return Assemble();
}

// ---------------------------------------------------------------------------
// Names of treaties.

std::string KeyOf(absl::Span<const Token> tokens) {
  std::string key;
  for (const Token& token : tokens) {
    absl::StrAppend(&key, key.empty() ? "" : " ", token.text);
  }
  return key;
}

// A name of a treaty found among tokens `[begin, end)`.
struct Mention {
  size_t treaty = 0;
  size_t begin = 0;
  size_t end = 0;
};

std::vector<Token> Without(const std::vector<Token>& tokens,
                           const Mention& mention) {
  std::vector<Token> rest(
      tokens.begin(),
      tokens.begin() + static_cast<std::ptrdiff_t>(mention.begin));
  rest.insert(rest.end(),
              tokens.begin() + static_cast<std::ptrdiff_t>(mention.end),
              tokens.end());
  return rest;
}

}  // namespace

std::optional<std::string> CanonicalArticle(absl::string_view text) {
  if (text.size() > limits::kCitationBytesMax) return std::nullopt;
  return ArticleParser().Run(Tokenize(text));
}

struct CitationResolver::Tables {
  // What a citation may need to know of a treaty.
  struct Treaty {
    std::string name;
    std::string parent;
    absl::flat_hash_set<std::string> articles;
    // Citation and function of each row of the functions' tables.
    std::vector<std::pair<std::string, std::string>> functions;
  };

  void AddName(absl::string_view text, size_t treaty);
  // Every name of a treaty in `tokens`, the longest first.
  std::vector<Mention> MentionsIn(const std::vector<Token>& tokens) const;
  // The article that `tokens` without `mention` cite, empty for the treaty as a
  // whole; nullopt if they are something else.
  std::optional<std::string> ArticleBeside(const std::vector<Token>& tokens,
                                           const Mention& mention) const;
  v1::ResolveCitationResponse Answer(const Treaty& treaty,
                                     std::string article) const;

  std::vector<Treaty> treaties;
  absl::flat_hash_map<std::string, size_t> by_name;
  // Keys with the treaties that they mean; ordered, for suggestions.
  std::map<std::string, std::vector<size_t>> by_key;
  // Numbers of tokens that keys with this first token have, longest first.
  absl::flat_hash_map<std::string, std::vector<size_t>> lengths;
};

void CitationResolver::Tables::AddName(absl::string_view text, size_t treaty) {
  const std::vector<Token> tokens = Tokenize(text);
  if (tokens.empty()) return;
  std::vector<size_t>& meant = by_key[KeyOf(tokens)];
  if (std::find(meant.begin(), meant.end(), treaty) == meant.end()) {
    meant.push_back(treaty);
  }
  std::vector<size_t>& sizes = lengths[tokens[0].text];
  const auto at = std::lower_bound(sizes.begin(), sizes.end(), tokens.size(),
                                   std::greater<>());
  if (at == sizes.end() || *at != tokens.size())
    sizes.insert(at, tokens.size());
}

std::vector<Mention> CitationResolver::Tables::MentionsIn(
    const std::vector<Token>& tokens) const {
  std::vector<Mention> mentions;
  for (size_t begin = 0; begin < tokens.size(); ++begin) {
    const auto sizes = lengths.find(tokens[begin].text);
    if (sizes == lengths.end()) continue;
    for (const size_t size : sizes->second) {
      if (begin + size > tokens.size()) continue;
      const auto found =
          by_key.find(KeyOf(absl::MakeConstSpan(tokens).subspan(begin, size)));
      if (found == by_key.end()) continue;
      for (const size_t treaty : found->second) {
        mentions.push_back({treaty, begin, begin + size});
      }
    }
  }
  std::stable_sort(mentions.begin(), mentions.end(),
                   [](const Mention& a, const Mention& b) {
                     return a.end - a.begin > b.end - b.begin;
                   });
  return mentions;
}

std::optional<std::string> CitationResolver::Tables::ArticleBeside(
    const std::vector<Token>& tokens, const Mention& mention) const {
  const std::vector<Token> rest = Without(tokens, mention);
  if (rest.empty()) return "";
  if (auto article = ArticleParser().Run(rest)) return article;
  // The treaty may be named twice, or together with its convention: `Palermo
  // Convention (UNTOC)`.
  const Treaty& treaty = treaties[mention.treaty];
  for (const Mention& other : MentionsIn(rest)) {
    if (other.treaty != mention.treaty &&
        treaties[other.treaty].name != treaty.parent) {
      continue;
    }
    const std::vector<Token> last = Without(rest, other);
    if (last.empty()) return "";
    if (auto article = ArticleParser().Run(last)) return article;
  }
  return std::nullopt;
}

v1::ResolveCitationResponse CitationResolver::Tables::Answer(
    const Treaty& treaty, std::string article) const {
  v1::ResolveCitationResponse response;
  response.set_treaty(treaty.name);
  response.set_listed(treaty.articles.contains(article));
  for (const auto& [citation, function] : treaty.functions) {
    if (!article.empty() && !CitationsOverlap(citation, article)) continue;
    if (std::find(response.functions().begin(), response.functions().end(),
                  function) == response.functions().end()) {
      response.add_functions(function);
    }
  }
  response.set_article(std::move(article));
  return response;
}

CitationResolver::CitationResolver(const std::vector<v1::Treaty>& treaties,
                                   const std::vector<v1::Function>& functions) {
  auto tables = std::make_unique<Tables>();
  for (size_t i = 0; i < treaties.size(); ++i) {
    const v1::Treaty& record = treaties[i];
    Tables::Treaty treaty;
    treaty.name = record.name();
    treaty.parent = record.parent();
    for (const v1::TreatyArticle& article : record.articles()) {
      treaty.articles.insert(article.citation());
    }
    for (const v1::Function& function : functions) {
      for (const v1::Function::Article& row : function.articles()) {
        if (row.treaty() != record.name()) continue;
        treaty.functions.emplace_back(row.citation(), function.name());
      }
    }
    tables->treaties.push_back(std::move(treaty));
    tables->by_name.emplace(record.name(), i);
    tables->AddName(record.name(), i);
    tables->AddName(names::LastOf(record.name()), i);
    for (const auto& title : record.titles()) tables->AddName(title.text(), i);
    for (const auto& title : record.short_titles()) {
      tables->AddName(title.text(), i);
    }
    for (const std::string& alias : record.aliases()) tables->AddName(alias, i);
    tables->AddName(record.depositary_number(), i);
  }
  tables_ = std::move(tables);
}

CitationResolver::~CitationResolver() = default;
CitationResolver::CitationResolver(CitationResolver&&) noexcept = default;
CitationResolver& CitationResolver::operator=(CitationResolver&&) noexcept =
    default;

namespace {

// InvalidArgument unless `text` is text of 1 to kCitationBytesMax bytes.
absl::Status CheckText(absl::string_view text, absl::string_view field,
                       absl::string_view example) {
  if (text.empty()) {
    return InvalidField(field, text, absl::StrCat("must be such as ", example));
  }
  if (!IsText(text)) {
    return InvalidField(field, absl::CHexEscape(text.substr(0, 64)),
                        "must be UTF-8 text without NUL");
  }
  if (text.size() > limits::kCitationBytesMax) {
    return InvalidField(field, text,
                        absl::StrCat("must have at most ",
                                     limits::kCitationBytesMax, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ResolveCitationResponse> CitationResolver::Resolve(
    absl::string_view citation) const {
  citation = absl::StripAsciiWhitespace(citation);
  RETURN_IF_ERROR(CheckText(citation, "citation", "`UNTOC 18(13)`"));
  const std::vector<Token> tokens = Tokenize(citation);
  const std::vector<Mention> mentions = tables_->MentionsIn(tokens);
  for (const Mention& mention : mentions) {
    std::optional<std::string> article =
        tables_->ArticleBeside(tokens, mention);
    if (article.has_value()) {
      return tables_->Answer(tables_->treaties[mention.treaty],
                             *std::move(article));
    }
  }
  if (mentions.empty()) {
    return WithReason(absl::NotFoundError(absl::StrCat(
                          "no treaty on record is meant by ", citation)),
                      "TREATY_NOT_FOUND");
  }
  return WithReason(
      absl::NotFoundError(absl::StrCat(
          citation, " names ", tables_->treaties[mentions[0].treaty].name,
          ", but what stands beside it is not one article")),
      "CITATION_NOT_UNDERSTOOD");
}

absl::StatusOr<std::string> CitationResolver::ResolveTreaty(
    absl::string_view query, absl::string_view field) const {
  query = absl::StripAsciiWhitespace(query);
  RETURN_IF_ERROR(CheckText(query, field, "`untoc`"));
  if (tables_->by_name.contains(query)) return std::string(query);
  if (absl::StartsWith(query, "treaties/")) {
    RETURN_IF_ERROR(names::ParseKind(query, Kind::kTreaty, field).status());
  }
  const std::string key = KeyOf(Tokenize(query));
  const auto found = tables_->by_key.find(key);
  if (found != tables_->by_key.end() && found->second.size() > 1) {
    return WithReason(
        InvalidField(
            field, query,
            absl::StrCat("must mean one treaty; it may be ",
                         tables_->treaties[found->second[0]].name, " or ",
                         tables_->treaties[found->second[1]].name)),
        "TREATY_AMBIGUOUS");
  }
  if (found != tables_->by_key.end()) {
    return tables_->treaties[found->second[0]].name;
  }
  int nearest = static_cast<int>(key.size()) / 5 + 2;
  absl::string_view suggested;
  for (const auto& [words, meant] : tables_->by_key) {
    const int limit = std::max(1, static_cast<int>(words.size()) / 5);
    const int distance = EditDistance(key, words, limit);
    if (distance > limit || distance >= nearest) continue;
    nearest = distance;
    suggested = tables_->treaties[meant[0]].name;
  }
  std::string message = absl::StrCat("no treaty on record is called ", query);
  if (!suggested.empty()) {
    absl::StrAppend(&message, "; did you mean ", suggested, "?");
  }
  return WithReason(absl::NotFoundError(message), "TREATY_NOT_FOUND");
}

}  // namespace comity::rules
