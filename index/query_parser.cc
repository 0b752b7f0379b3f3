#include "index/query_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/words.h"
#include "index/documents.h"
#include "index/fields.h"

namespace comity::index {
namespace {

// Years that laws are of.
constexpr int kFirstYear = 1000;
constexpr int kLastYear = 2199;

enum class Sign : uint8_t {
  kText,
  kQuoted,
  kOpen,
  kClose,
  kAnd,
  kOr,
  kNot,
  kNear,
  kAdj,
  kPlus,
  kMinus,
  kField,
  kEnd,
};

struct Lexeme {
  Sign sign = Sign::kEnd;
  // Bytes of the query; of quoted text without its quotes.
  size_t begin = 0;
  size_t end = 0;
  // Of NEAR and ADJ.
  int distance = 0;
  // Of kField, lower case.
  std::string field = {};
  // A text that ends in `*`, which is not in it.
  bool wildcard = false;
};

constexpr absl::string_view kFields[] = {
    "article", "heading", "lang", "number", "state",
    "title",   "treaty",  "type", "year",
};

struct Quotes {
  absl::string_view open;
  absl::string_view close;
};
constexpr Quotes kQuotes[] = {
    {"\"", "\""}, {"“", "”"},   {"„", "“"},   {"«", "»"},
    {"「", "」"}, {"『", "』"}, {"＂", "＂"},
};

bool IsSpace(char c) { return absl::ascii_isspace(c) || c == '\0'; }

class Lexer {
 public:
  explicit Lexer(absl::string_view query) : query_(query) {}

  std::vector<Lexeme> Read() {
    while (at_ < query_.size()) {
      if (IsSpace(query_[at_])) {
        ++at_;
      } else if (!ReadQuoted() && !ReadSign()) {
        ReadText();
      }
    }
    lexemes_.push_back({.begin = at_, .end = at_});
    return std::move(lexemes_);
  }

 private:
  absl::string_view rest() const { return query_.substr(at_); }

  void Add(Sign sign, size_t size) {
    lexemes_.push_back({.sign = sign, .begin = at_, .end = at_ + size});
    at_ += size;
  }

  bool ReadQuoted() {
    for (const Quotes& quotes : kQuotes) {
      if (!absl::StartsWith(rest(), quotes.open)) continue;
      const size_t begin = at_ + quotes.open.size();
      const size_t end = query_.find(quotes.close, begin);
      if (end == absl::string_view::npos) {
        // Without an end it says nothing.
        at_ = begin;
        return true;
      }
      lexemes_.push_back({.sign = Sign::kQuoted, .begin = begin, .end = end});
      at_ = end + quotes.close.size();
      return true;
    }
    return false;
  }

  // `(2)` is of a citation, `(a OR b)` is a group.
  bool IsCited() const {
    constexpr size_t kCitedMax = 4;
    const size_t close = rest().find(')');
    return close != absl::string_view::npos && close >= 2 &&
           close <= kCitedMax + 1 &&
           std::all_of(rest().begin() + 1, rest().begin() + close,
                       [](char c) { return absl::ascii_isalnum(c); });
  }

  bool ReadSign() {
    const char c = query_[at_];
    if (c == '(' && !IsCited()) {
      Add(Sign::kOpen, 1);
      return true;
    }
    if (c == ')') {
      Add(Sign::kClose, 1);
      return true;
    }
    const bool before_text = at_ + 1 < query_.size() &&
                             !IsSpace(query_[at_ + 1]) &&
                             query_[at_ + 1] != ')';
    if ((c == '+' || c == '-') && before_text) {
      Add(c == '+' ? Sign::kPlus : Sign::kMinus, 1);
      return true;
    }
    return ReadOperator() || ReadField();
  }

  bool ReadOperator() {
    size_t size = 0;
    while (size < rest().size() && !IsSpace(rest()[size]) &&
           rest()[size] != '(' && rest()[size] != ')' && rest()[size] != '"') {
      ++size;
    }
    absl::string_view word = rest().substr(0, size);
    if (word == "AND") return Add(Sign::kAnd, size), true;
    if (word == "OR") return Add(Sign::kOr, size), true;
    if (word == "NOT") return Add(Sign::kNot, size), true;
    const bool near = absl::ConsumePrefix(&word, "NEAR");
    if (!near && !absl::ConsumePrefix(&word, "ADJ")) return false;
    constexpr int kDistanceDefault = 10;
    int distance = near ? kDistanceDefault : 1;
    if (!word.empty() && (!absl::ConsumePrefix(&word, "/") ||
                          !absl::SimpleAtoi(word, &distance))) {
      return false;
    }
    Add(near ? Sign::kNear : Sign::kAdj, size);
    lexemes_.back().distance = std::clamp(distance, 1, limits::kNearMax);
    return true;
  }

  bool ReadField() {
    for (const absl::string_view field : kFields) {
      if (!absl::StartsWithIgnoreCase(rest(), field)) continue;
      const absl::string_view after = rest().substr(field.size());
      if (!absl::StartsWith(after, ":") || after.size() < 2 ||
          IsSpace(after[1]) || after[1] == ')') {
        continue;
      }
      Add(Sign::kField, field.size() + 1);
      lexemes_.back().field = std::string(field);
      return true;
    }
    return false;
  }

  bool IsQuote() const {
    return std::any_of(std::begin(kQuotes), std::end(kQuotes),
                       [this](const Quotes& quotes) {
                         return absl::StartsWith(rest(), quotes.open) ||
                                absl::StartsWith(rest(), quotes.close);
                       });
  }

  // Up to a space, a quote or a parenthesis that is not of the word itself.
  void ReadText() {
    const size_t begin = at_;
    int open = 0;
    while (at_ < query_.size() && !IsSpace(query_[at_])) {
      if (query_[at_] == '(') {
        if (!IsCited()) break;
        ++open;
      }
      if (query_[at_] == ')' && --open < 0) break;
      if (at_ > begin && IsQuote()) break;
      ++at_;
    }
    if (at_ == begin) ++at_;
    size_t end = at_;
    while (end > begin && query_[end - 1] == '*') --end;
    Lexeme text = {.sign = Sign::kText, .begin = begin, .end = end};
    text.wildcard = end < at_ && end > begin;
    if (end > begin) lexemes_.push_back(std::move(text));
  }

  const absl::string_view query_;
  size_t at_ = 0;
  std::vector<Lexeme> lexemes_;
};

Node Leaf(Node::Kind kind) {
  Node node;
  node.kind = kind;
  return node;
}

Node Filter(std::string term) {
  Node node = Leaf(Node::Kind::kFilter);
  node.value = std::move(term);
  return node;
}

// A node of several children; one child is itself.
Node Join(Node::Kind kind, std::vector<Node> children) {
  if (children.empty()) return Leaf(Node::Kind::kNothing);
  if (children.size() == 1) return std::move(children[0]);
  Node node = Leaf(kind);
  node.children = std::move(children);
  return node;
}

class Parser {
 public:
  Parser(absl::string_view query, const ParseOptions& options,
         Analyzer* analyzer, ParsedQuery* parsed)
      : query_(query),
        options_(options),
        analyzer_(analyzer),
        parsed_(parsed),
        lexemes_(Lexer(query).Read()) {}

  void Parse() {
    parsed_->strict =
        options_.match_all || absl::c_any_of(lexemes_, [](const Lexeme& l) {
          return l.sign == Sign::kAnd || l.sign == Sign::kOr ||
                 l.sign == Sign::kNot;
        });
    std::vector<Node> parts;
    while (Peek() != Sign::kEnd) {
      Node part = ParseAny(Field::kAnywhere, 0);
      if (part.kind != Node::Kind::kNothing || parts.empty()) {
        parts.push_back(std::move(part));
      }
      // A parenthesis that nothing opened.
      if (Peek() == Sign::kClose) ++at_;
    }
    if (parts.size() > 1) {
      std::erase_if(parts, [](const Node& part) {
        return part.kind == Node::Kind::kNothing;
      });
    }
    parsed_->root = Join(beside(), std::move(parts));
  }

 private:
  Sign Peek() const { return lexemes_[at_].sign; }
  const Lexeme& Take() { return lexemes_[at_++]; }
  Node::Kind beside() const {
    return parsed_->strict ? Node::Kind::kEvery : Node::Kind::kAny;
  }

  // a OR b
  Node ParseAny(Field field, int depth) {
    std::vector<Node> children;
    while (true) {
      Node child = ParseEvery(field, depth);
      if (child.kind != Node::Kind::kNothing) {
        children.push_back(std::move(child));
      }
      if (Peek() != Sign::kOr) break;
      ++at_;
    }
    return Join(Node::Kind::kAny, std::move(children));
  }

  // a AND b NOT c
  Node ParseEvery(Field field, int depth) {
    std::vector<Node> wanted;
    std::vector<Node> unwanted;
    bool negative = false;
    while (true) {
      while (Peek() == Sign::kAnd || Peek() == Sign::kNot) {
        negative = Take().sign == Sign::kNot;
      }
      Node child = ParseBeside(field, depth);
      if (child.kind != Node::Kind::kNothing) {
        (negative ? unwanted : wanted).push_back(std::move(child));
      }
      negative = false;
      if (Peek() != Sign::kAnd && Peek() != Sign::kNot) break;
    }
    if (wanted.empty() && unwanted.empty()) return Node();
    Node node = wanted.empty() ? Leaf(Node::Kind::kEverything)
                               : Join(Node::Kind::kEvery, std::move(wanted));
    return Without(std::move(node), std::move(unwanted));
  }

  static Node Without(Node node, std::vector<Node> unwanted) {
    if (unwanted.empty()) return node;
    Node except = Leaf(Node::Kind::kExcept);
    except.children.push_back(std::move(node));
    std::move(unwanted.begin(), unwanted.end(),
              std::back_inserter(except.children));
    return except;
  }

  // What stands side by side, up to an operator.
  struct Beside {
    std::vector<Node> words;
    // With `+`.
    std::vector<Node> wanted;
    // Filters.
    std::vector<Node> required;
    std::vector<Node> unwanted;
    // Slugs and citations, which are one filter together.
    std::vector<std::string> treaties;
    std::vector<std::string> articles;
  };

  Node ParseBeside(Field field, int depth) {
    Beside beside_words;
    while (ParseOne(field, depth, &beside_words)) {
    }
    std::vector<Node>& required = beside_words.required;
    AddTreaties(beside_words);
    if (Node words = WordsOf(&beside_words);
        words.kind != Node::Kind::kNothing) {
      required.insert(required.begin(), std::move(words));
    }
    if (required.empty() && beside_words.unwanted.empty()) return Node();
    Node node = required.empty()
                    ? Leaf(Node::Kind::kEverything)
                    : Join(Node::Kind::kEvery, std::move(required));
    return Without(std::move(node), std::move(beside_words.unwanted));
  }

  // Words beside others that must be there only rank.
  Node WordsOf(Beside* beside_words) const {
    std::vector<Node>& wanted = beside_words->wanted;
    std::vector<Node>& words = beside_words->words;
    if (wanted.empty()) return Join(beside(), std::move(words));
    if (parsed_->strict) {
      std::move(words.begin(), words.end(), std::back_inserter(wanted));
      return Join(Node::Kind::kEvery, std::move(wanted));
    }
    Node must = Join(Node::Kind::kEvery, std::move(wanted));
    if (words.empty()) return must;
    Node node = Leaf(Node::Kind::kMaybe);
    node.children.push_back(std::move(must));
    std::move(words.begin(), words.end(), std::back_inserter(node.children));
    return node;
  }

  static void AddTreaties(Beside& beside_words) {
    std::vector<Node> nodes;
    for (const std::string& treaty : beside_words.treaties) {
      if (beside_words.articles.empty()) {
        nodes.push_back(Filter(fields::TreatyTerm(treaty, "")));
      }
      for (const std::string& article : beside_words.articles) {
        nodes.push_back(Filter(fields::TreatyTerm(treaty, article)));
      }
    }
    if (beside_words.treaties.empty()) {
      for (const std::string& article : beside_words.articles) {
        nodes.push_back(Leaf(Node::Kind::kNumber));
        nodes.back().value = article;
        nodes.back().own = true;
      }
    }
    if (!nodes.empty()) {
      beside_words.required.push_back(Join(Node::Kind::kAny, std::move(nodes)));
    }
  }

  // False at the end of what stands side by side.
  bool ParseOne(Field field, int depth, Beside* into) {
    switch (Peek()) {
      case Sign::kPlus:
      case Sign::kMinus: {
        auto& to = Take().sign == Sign::kPlus ? into->wanted : into->unwanted;
        Beside one;
        const size_t before = at_;
        if (Peek() == Sign::kText) {
          one.words = AnalyzeRun(lexemes_[at_].begin, lexemes_[at_].end, field,
                                 lexemes_[at_].wildcard);
          ++at_;
        } else {
          ParseOne(field, depth, &one);
        }
        if (at_ == before) return Peek() != Sign::kEnd;
        AddTreaties(one);
        // Of one lexeme, so all of it is meant.
        std::move(one.required.begin(), one.required.end(),
                  std::back_inserter(one.words));
        Node node = Join(Node::Kind::kEvery, std::move(one.words));
        if (node.kind != Node::Kind::kNothing) to.push_back(std::move(node));
        return true;
      }
      case Sign::kField:
        ParseField(field, depth, into);
        return true;
      case Sign::kText:
      case Sign::kQuoted:
      case Sign::kOpen: {
        const bool near = IsNear(at_ + 1) && Peek() != Sign::kOpen;
        std::vector<Node> nodes =
            near ? ParseNear(field) : ParseWords(field, depth);
        std::move(nodes.begin(), nodes.end(), std::back_inserter(into->words));
        return true;
      }
      case Sign::kNear:
      case Sign::kAdj: {
        // Not between two words: a word itself.
        const Lexeme& lexeme = Take();
        std::vector<Node> nodes =
            AnalyzeRun(lexeme.begin, lexeme.end, field, false);
        std::move(nodes.begin(), nodes.end(), std::back_inserter(into->words));
        return true;
      }
      default:
        return false;
    }
  }

  bool IsNear(size_t i) const {
    return (lexemes_[i].sign == Sign::kNear ||
            lexemes_[i].sign == Sign::kAdj) &&
           (lexemes_[i + 1].sign == Sign::kText ||
            lexemes_[i + 1].sign == Sign::kQuoted);
  }

  // a NEAR/5 b NEAR/5 c
  std::vector<Node> ParseNear(Field field) {
    const Lexeme first = Take();
    const bool in_order = Peek() == Sign::kAdj;
    Node node = Leaf(in_order ? Node::Kind::kPhrase : Node::Kind::kNear);
    node.field = field;
    node.tokens = PositionsOf(first.begin, first.end);
    uint32_t distance = 1;
    while (IsNear(at_) && (Peek() == Sign::kAdj) == in_order) {
      distance = std::max(distance, static_cast<uint32_t>(Take().distance));
      const Lexeme& next = Take();
      std::vector<QueryToken> tokens = PositionsOf(next.begin, next.end);
      std::move(tokens.begin(), tokens.end(), std::back_inserter(node.tokens));
    }
    return PhraseOf(std::move(node), distance);
  }

  // Gives `node`, which has its tokens, its window.
  std::vector<Node> PhraseOf(Node node, uint32_t distance) {
    if (node.tokens.size() > static_cast<size_t>(limits::kPhraseWordsMax)) {
      node.tokens.resize(static_cast<size_t>(limits::kPhraseWordsMax));
      parsed_->cut = true;
    }
    Spend(&node.tokens);
    if (node.tokens.empty()) return {};
    if (node.tokens.size() == 1) {
      // Only the word itself, as in a phrase.
      node.kind = Node::Kind::kPhrase;
    }
    node.window = static_cast<uint32_t>(node.tokens.size()) - 1 + distance;
    return Single(std::move(node));
  }

  static std::vector<Node> Single(Node node) {
    std::vector<Node> nodes;
    nodes.push_back(std::move(node));
    return nodes;
  }

  // Words, quoted text or a group.
  std::vector<Node> ParseWords(Field field, int depth) {
    if (Peek() == Sign::kOpen) {
      ++at_;
      if (depth >= limits::kNestingMax) {
        parsed_->cut = true;
        return {};
      }
      Node group = ParseAny(field, depth + 1);
      if (Peek() == Sign::kClose) ++at_;
      if (group.kind == Node::Kind::kNothing) return {};
      return Single(std::move(group));
    }
    if (Peek() == Sign::kQuoted) {
      const Lexeme& quoted = Take();
      Node node = Leaf(Node::Kind::kPhrase);
      node.field = field;
      node.tokens = PositionsOf(quoted.begin, quoted.end);
      return PhraseOf(std::move(node), 1);
    }
    // Words in a row are analysed as one text, for numbers of several words.
    const size_t begin = lexemes_[at_].begin;
    size_t end = lexemes_[at_].end;
    bool wildcard = lexemes_[at_].wildcard;
    ++at_;
    while (!wildcard && Peek() == Sign::kText && !IsNear(at_ + 1)) {
      end = lexemes_[at_].end;
      wildcard = lexemes_[at_].wildcard;
      ++at_;
    }
    return AnalyzeRun(begin, end, field, wildcard);
  }

  std::vector<QueryToken> PositionsOf(size_t begin, size_t end) {
    std::vector<QueryToken> tokens = analyzer_->AnalyzeQuery(
        query_.substr(begin, end - begin), parsed_->languages);
    std::erase_if(tokens, [](const QueryToken& token) {
      return token.kind != TokenKind::kWord &&
             token.kind != TokenKind::kCharacter;
    });
    Move(begin, &tokens);
    return tokens;
  }

  // From places in a piece of the query to places in the query.
  static void Move(size_t by, std::vector<QueryToken>* tokens) {
    for (QueryToken& token : *tokens) {
      token.begin += by;
      token.end += by;
    }
  }

  // Leaves those tokens that the query may still have.
  void Spend(std::vector<QueryToken>* tokens) {
    const auto room = static_cast<size_t>(limits::kQueryTermsMax - spent_);
    if (tokens->size() > room) {
      tokens->resize(room);
      parsed_->cut = true;
    }
    spent_ += static_cast<int>(tokens->size());
  }

  static Node WordOf(QueryToken token, Field field) {
    Node node = Leaf(Node::Kind::kWord);
    node.field = field;
    node.tokens.push_back(std::move(token));
    return node;
  }

  // The words of a text. Those that say little are left out if there are
  // others.
  std::vector<Node> AnalyzeRun(size_t begin, size_t end, Field field,
                               bool wildcard) {
    std::vector<QueryToken> tokens = analyzer_->AnalyzeQuery(
        query_.substr(begin, end - begin), parsed_->languages);
    Move(begin, &tokens);
    std::optional<QueryToken> prefix;
    if (wildcard) prefix = TakePrefix(&tokens, end);
    const bool says_much = absl::c_any_of(tokens, [](const QueryToken& token) {
      return !token.stopword && token.kind != TokenKind::kNumber;
    });
    if (says_much || prefix.has_value()) {
      std::erase_if(tokens,
                    [](const QueryToken& token) { return token.stopword; });
    }
    Spend(&tokens);
    std::vector<Node> nodes = parsed_->strict
                                  ? EveryOf(std::move(tokens), field)
                                  : AnyOf(std::move(tokens), field);
    if (prefix.has_value() && spent_ < limits::kQueryTermsMax) {
      ++spent_;
      Node node = WordOf(*std::move(prefix), field);
      node.kind = Node::Kind::kPrefix;
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  // The word that the wildcard follows; none if it is too short, which leaves
  // it a word.
  static std::optional<QueryToken> TakePrefix(std::vector<QueryToken>* tokens,
                                              size_t end) {
    const auto last = absl::c_find_if(*tokens, [end](const QueryToken& token) {
      return token.kind == TokenKind::kWord && token.end == end;
    });
    if (last == tokens->end()) return std::nullopt;
    const auto characters =
        static_cast<size_t>(absl::c_count_if(last->term, [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    if (characters < limits::kWildcardCharactersMin) return std::nullopt;
    QueryToken prefix = std::move(*last);
    tokens->erase(last);
    std::erase_if(*tokens, [&prefix](const QueryToken& token) {
      return token.kind == TokenKind::kNumber && token.end == prefix.end;
    });
    return prefix;
  }

  std::vector<Node> AnyOf(std::vector<QueryToken> tokens, Field field) {
    std::vector<Node> nodes;
    for (QueryToken& token : tokens) {
      if (token.kind == TokenKind::kNumber) {
        nodes.push_back(Leaf(Node::Kind::kNumber));
        nodes.back().value = token.term;
        continue;
      }
      nodes.push_back(WordOf(std::move(token), field));
    }
    return nodes;
  }

  // Numbers with the words that they are made of; neighbouring characters as
  // phrases.
  static std::vector<Node> EveryOf(std::vector<QueryToken> tokens,
                                   Field field) {
    std::vector<Node> nodes;
    std::vector<QueryToken> numbers;
    for (const QueryToken& token : tokens) {
      if (token.kind == TokenKind::kNumber) numbers.push_back(token);
    }
    std::vector<Node> numbered(numbers.size());
    Node run = Leaf(Node::Kind::kPhrase);
    run.field = field;
    const auto close = [&] {
      if (run.tokens.empty()) return;
      run.window = static_cast<uint32_t>(run.tokens.size());
      nodes.push_back(std::move(run));
      run = Leaf(Node::Kind::kPhrase);
      run.field = field;
    };
    for (QueryToken& token : tokens) {
      if (token.kind == TokenKind::kPair || token.kind == TokenKind::kNumber) {
        continue;
      }
      if (token.kind == TokenKind::kCharacter) {
        if (!run.tokens.empty() && run.tokens.back().end != token.begin) {
          close();
        }
        run.tokens.push_back(std::move(token));
        continue;
      }
      close();
      size_t i = 0;
      while (i < numbers.size() && !(numbers[i].begin <= token.begin &&
                                     token.end <= numbers[i].end)) {
        ++i;
      }
      (i < numbers.size() ? numbered[i].children : nodes)
          .push_back(WordOf(std::move(token), field));
    }
    close();
    for (size_t i = 0; i < numbers.size(); ++i) {
      Node node = Leaf(Node::Kind::kNumber);
      node.value = numbers[i].term;
      node.children = std::move(numbered[i].children);
      // Words that another number has already; numbers of characters.
      if (node.children.empty()) continue;
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  void ParseField(Field outer, int depth, Beside* into) {
    const Lexeme field = Take();
    if (field.field == "title" || field.field == "heading") {
      const Field inner =
          field.field == "title" ? Field::kTitle : Field::kHeading;
      if (Peek() == Sign::kText) {
        const Lexeme& word = Take();
        std::vector<Node> nodes =
            AnalyzeRun(word.begin, word.end, inner, word.wildcard);
        if (nodes.empty()) return;
        into->words.push_back(Join(beside(), std::move(nodes)));
        return;
      }
      std::vector<Node> nodes;
      if (Peek() == Sign::kQuoted || Peek() == Sign::kOpen) {
        nodes = ParseWords(inner, depth);
      }
      std::move(nodes.begin(), nodes.end(), std::back_inserter(into->words));
      return;
    }
    if (Peek() != Sign::kText && Peek() != Sign::kQuoted) {
      // `state:(`: a word.
      std::vector<Node> nodes =
          AnalyzeRun(field.begin, field.end, outer, false);
      std::move(nodes.begin(), nodes.end(), std::back_inserter(into->words));
      return;
    }
    const Lexeme& lexeme = Take();
    const absl::string_view value = absl::StripAsciiWhitespace(
        query_.substr(lexeme.begin, lexeme.end - lexeme.begin));
    AddFilter(field.field, value, into);
  }

  void AddFilter(absl::string_view field, absl::string_view value,
                 Beside* into) {
    if (field == "treaty") {
      into->treaties.push_back(
          absl::AsciiStrToLower(absl::StripPrefix(value, "treaties/")));
    } else if (field == "article") {
      into->articles.push_back(NumberOf(value));
    } else if (field == "number") {
      Node node = Leaf(Node::Kind::kNumber);
      node.value = NumberOf(value);
      into->required.push_back(std::move(node));
    } else if (field == "state") {
      std::string code =
          absl::AsciiStrToUpper(absl::StripPrefix(value, "states/"));
      if (options_.resolve_state) {
        const std::string resolved = options_.resolve_state(value);
        if (!resolved.empty()) code = resolved;
      }
      into->required.push_back(Filter(fields::LowerTerm(fields::kState, code)));
    } else if (field == "lang") {
      into->required.push_back(
          Filter(fields::Term(fields::kLanguage, LanguageLabel(value))));
    } else if (field == "type") {
      into->required.push_back(Filter(fields::LowerTerm(fields::kType, value)));
    } else {
      Node years = Leaf(Node::Kind::kYears);
      if (!ParseYears(value, &years.first_year, &years.last_year)) {
        years.kind = Node::Kind::kNothing;
        // A filter that says nothing must not be dropped, so it lets nothing
        // through.
        years = Filter(fields::Term(fields::kYear, "none"));
      }
      into->required.push_back(std::move(years));
    }
  }

  // As index/numbers.h has it; what it does not take for a number, in one word.
  std::string NumberOf(absl::string_view value) {
    std::string number;
    std::string all;
    analyzer_->Analyze(value, UnknownLanguage(), [&](const Token& token) {
      if (token.kind == TokenKind::kNumber) {
        // The whole of `59(2)`, not its `59`.
        if (token.term.size() > number.size()) number = std::string(token.term);
      } else if (token.kind != TokenKind::kPair) {
        all.append(token.term.data(), token.term.size());
      }
    });
    return std::string(
        WholeCharacters(number.empty() ? all : number, fields::kWordBytesMax));
  }

  const absl::string_view query_;
  const ParseOptions& options_;
  Analyzer* const analyzer_;
  ParsedQuery* const parsed_;
  std::vector<Lexeme> lexemes_;
  size_t at_ = 0;
  int spent_ = 0;
};

absl::string_view Prefix(Field field) {
  switch (field) {
    case Field::kTitle:
      return "title:";
    case Field::kHeading:
      return "heading:";
    case Field::kAnywhere:
      break;
  }
  return "";
}

std::string PrintAll(absl::string_view name, const Node& node) {
  std::string text = absl::StrCat(name, "(");
  for (size_t i = 0; i < node.children.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " ", Print(node.children[i]));
  }
  return text + ")";
}

std::string PrintTokens(const Node& node) {
  std::string text;
  for (const QueryToken& token : node.tokens) {
    absl::StrAppend(&text, text.empty() ? "" : " ", token.term);
  }
  return text;
}

}  // namespace

bool ParseYears(absl::string_view value, int* first, int* last) {
  const size_t dots = value.find("..");
  absl::string_view from = value.substr(0, dots);
  absl::string_view to =
      dots == absl::string_view::npos ? value : value.substr(dots + 2);
  *first = kFirstYear;
  *last = kLastYear;
  if (from.empty() && to.empty()) return false;
  if (!from.empty() && !absl::SimpleAtoi(from, first)) return false;
  if (!to.empty() && !absl::SimpleAtoi(to, last)) return false;
  *first = std::max(*first, kFirstYear);
  *last = std::min(*last, kLastYear);
  return true;
}

ParsedQuery ParseQuery(absl::string_view query, const ParseOptions& options,
                       Analyzer* analyzer) {
  ParsedQuery parsed;
  const absl::string_view whole =
      WholeCharacters(query, limits::kQueryBytesMax);
  parsed.cut = whole.size() < query.size();
  std::vector<absl::string_view> hints(options.languages.begin(),
                                       options.languages.end());
  parsed.languages = LanguagesOfQuery(whole, hints);
  if (parsed.languages.size() > limits::kQueryLanguagesMax) {
    parsed.languages.resize(limits::kQueryLanguagesMax);
  }
  Parser(whole, options, analyzer, &parsed).Parse();
  return parsed;
}

std::string Print(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNothing:
      return "nothing";
    case Node::Kind::kEverything:
      return "everything";
    case Node::Kind::kAny:
      return PrintAll("any", node);
    case Node::Kind::kEvery:
      return PrintAll("every", node);
    case Node::Kind::kExcept:
      return PrintAll("except", node);
    case Node::Kind::kMaybe:
      return PrintAll("maybe", node);
    case Node::Kind::kSame:
      return PrintAll("same", node);
    case Node::Kind::kWord: {
      const QueryToken& token = node.tokens[0];
      std::string text = absl::StrCat(Prefix(node.field), token.term);
      for (const std::string& stem : token.stems) {
        absl::StrAppend(&text, "~", stem);
      }
      return text;
    }
    case Node::Kind::kPrefix:
      return absl::StrCat(Prefix(node.field), node.tokens[0].term, "*");
    case Node::Kind::kPhrase:
      if (node.window == node.tokens.size()) {
        return absl::StrCat(Prefix(node.field), "\"", PrintTokens(node), "\"");
      }
      return absl::StrCat(Prefix(node.field), "adj/", node.window, "(",
                          PrintTokens(node), ")");
    case Node::Kind::kNear:
      return absl::StrCat(Prefix(node.field), "near/", node.window, "(",
                          PrintTokens(node), ")");
    case Node::Kind::kNumber: {
      const std::string number =
          absl::StrCat(node.own ? "own#" : "#", node.value);
      return node.children.empty() ? number : PrintAll(number, node);
    }
    case Node::Kind::kFilter:
      return node.value;
    case Node::Kind::kYears:
      return absl::StrCat("year:", node.first_year, "..", node.last_year);
  }
  return "";
}

}  // namespace comity::index
