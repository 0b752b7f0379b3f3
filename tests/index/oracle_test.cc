// The searcher against a scanner that reads every document for every query. The
// scanner knows the analyzer, and nothing else of index/.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "gtest/gtest.h"
#include "index/searcher.h"
#include "tests/index/fake_library.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity::index {
namespace {

using Random = std::mt19937;

size_t Below(Random& random, size_t end) {
  return std::uniform_int_distribution<size_t>(0, end - 1)(random);
}
template <typename T>
const T& Pick(Random& random, const std::vector<T>& from) {
  return from[Below(random, from.size())];
}

struct Vocabulary {
  std::string language;
  std::string space;
  std::vector<std::string> words;
};

// Words that share stems and pairs, some of several languages, and stopwords.
std::vector<Vocabulary> Vocabularies() {
  const auto words = [](absl::string_view text) {
    return std::vector<std::string>(absl::StrSplit(text, ' '));
  };
  return {
      {"en", " ",
       words("law laws money laundering launder court courts the of and crime "
             "criminal crimes offence offences bank banks penal fine fined "
             "extradition property seize seized judge national 1997 12000")},
      {"fr", " ",
       words("loi lois tribunal tribunaux le la de et crime criminel amende "
             "amendes blanchiment banque banques extradition pénal pénale juge "
             "juges saisie saisies national bien biens 1997")},
      {"es", " ",
       words("ley leyes tribunal tribunales el la de y crimen penal multa "
             "multas banco bancos extradición juez jueces nacional bien bienes "
             "decomiso lavado dinero")},
      {"de", " ",
       words("Gesetz Gesetze Gericht Gerichte der die und Strafe Strafen Bank "
             "Banken Geldwäsche Auslieferung Richter national Verbrechen "
             "strafbar Vermögen")},
      {"ru", " ",
       words("закон законы суд суды и в о преступление преступления банк банки "
             "отмывание деньги денег выдача штраф штрафы судья уголовный")},
      {"ar", " ",
       words("قانون القانون القوانين محكمة المحكمة جريمة الجريمة في من بنك "
             "البنك غسل الأموال أموال تسليم غرامة قاضي")},
      {"zh", "",
       words("法律 法院 犯罪 洗钱 银行 罚金 引渡 法官 财产 的 和 国家 刑法 "
             "金融 没收")},
      {"ja", "",
       words("法律 裁判所 犯罪 銀行 罰金 引渡し 財産 の と 国家 刑法 没収 "
             "マネー")},
  };
}

// What the scanner knows of a document.
struct Document {
  std::string name;
  std::string law;
  std::string expression;
  int position = 0;
  std::string state;
  std::string region;
  std::string language;
  std::string type;
  std::string day;
  int year = 0;
  std::set<std::string> articles;
  std::set<std::string> subjects;
  // Terms by place, per field; terms without place; stems; numbers.
  std::map<std::string, std::map<uint32_t, std::string>> places;
  std::map<std::string, std::set<std::string>> terms;
  std::map<std::string, std::set<std::string>> stems;
  std::set<std::string> numbers;
  std::set<std::string> own_numbers;
};

void Read(const std::string& field, const std::string& text,
          const std::string& language, bool numbers, Analyzer* analyzer,
          Document* document) {
  const Language* of = FindLanguage(language);
  auto& places = document->places[field];
  // No phrase goes from one text to the next.
  const uint32_t first = places.empty() ? 0 : places.rbegin()->first + 1000;
  analyzer->Analyze(text, of == nullptr ? UnknownLanguage() : *of,
                    [&](const Token& token) {
                      const std::string term(token.term);
                      if (token.kind == TokenKind::kNumber) {
                        if (numbers) document->numbers.insert(term);
                        return;
                      }
                      document->terms[field].insert(term);
                      if (token.kind != TokenKind::kPair) {
                        places[first + token.position] = term;
                      }
                      if (!token.stem.empty()) {
                        document->stems[field].insert(std::string(token.stem));
                      }
                    });
}

// A query as the test makes it up, with the text that says it.
struct Made {
  enum Kind {
    kRun,       // words side by side
    kPhrase,    // "…"
    kPrefix,    // …*
    kNear,      // a NEAR/n b
    kAdj,       // a ADJ/n b
    kAnd,       //
    kOr,        //
    kNot,       // a NOT b
    kTitle,     // title:…
    kHeading,   // heading:…
    kFilter,    // field:value
    kNumber,    // number:…
    kOwn,       // article:… without treaty
    kLoose,     // words and phrases, with filters, + and -
    kRequired,  // +a, in kLoose
    kUnwanted,  // -a, in kLoose
  };
  Kind kind;
  std::string text = {};
  std::string field = {};
  std::string value = {};
  size_t distance = 0;
  std::vector<Made> children = {};
};

std::string TextOf(const Made& made) {
  std::vector<std::string> parts;
  const auto group = [](const Made& child) {
    const bool grouped =
        child.kind == Made::kAnd || child.kind == Made::kOr ||
        child.kind == Made::kNot ||
        (child.kind == Made::kRun && absl::StrContains(child.text, ' '));
    return grouped ? absl::StrCat("(", TextOf(child), ")") : TextOf(child);
  };
  for (const Made& child : made.children) {
    parts.push_back(made.kind == Made::kLoose ? TextOf(child) : group(child));
  }
  switch (made.kind) {
    case Made::kRun:
      return made.text;
    case Made::kPhrase:
      return absl::StrCat("\"", made.text, "\"");
    case Made::kPrefix:
      return absl::StrCat(made.text, "*");
    case Made::kNear:
      return absl::StrJoin(parts, absl::StrCat(" NEAR/", made.distance, " "));
    case Made::kAdj:
      return absl::StrJoin(parts, absl::StrCat(" ADJ/", made.distance, " "));
    case Made::kAnd:
      return absl::StrJoin(parts, " AND ");
    case Made::kOr:
      return absl::StrJoin(parts, " OR ");
    case Made::kNot:
      return absl::StrJoin(parts, " NOT ");
    case Made::kTitle:
      return absl::StrCat("title:", parts[0]);
    case Made::kHeading:
      return absl::StrCat("heading:", parts[0]);
    case Made::kFilter:
      return absl::StrCat(made.field, ":", made.value);
    case Made::kNumber:
      return absl::StrCat("number:", made.value);
    case Made::kOwn:
      return absl::StrCat("article:", made.value);
    case Made::kLoose:
      return absl::StrJoin(parts, " ");
    case Made::kRequired:
      return absl::StrCat("+", parts[0]);
    case Made::kUnwanted:
      return absl::StrCat("-", parts[0]);
  }
  return "";
}

// Whether a document matches.
class Scanner {
 public:
  Scanner(const std::string& query, bool strict, Analyzer* analyzer)
      : strict_(strict), analyzer_(analyzer) {
    languages_ = LanguagesOfQuery(query, {});
    if (languages_.size() > limits::kQueryLanguagesMax) {
      languages_.resize(limits::kQueryLanguagesMax);
    }
  }

  bool Matches(const Made& made, const Document& document,
               const std::string& field = "") {
    const auto child = [&](size_t i) {
      return Matches(made.children[i], document, field);
    };
    switch (made.kind) {
      case Made::kRun:
        return MatchesRun(made.text, document, field);
      case Made::kPhrase:
        return IsNear(Terms(made.text), document, field, true, 0);
      case Made::kPrefix:
        return HasPrefix(Terms(made.text)[0], document, field);
      case Made::kNear:
      case Made::kAdj: {
        std::vector<std::string> terms;
        for (const Made& part : made.children) {
          for (std::string& term : Terms(part.text)) {
            terms.push_back(std::move(term));
          }
        }
        return IsNear(terms, document, field, made.kind == Made::kAdj,
                      made.distance - 1);
      }
      case Made::kAnd:
        return child(0) && child(1);
      case Made::kOr:
        return child(0) || child(1);
      case Made::kNot:
        return child(0) && !child(1);
      case Made::kTitle:
        return Matches(made.children[0], document, "title");
      case Made::kHeading:
        return Matches(made.children[0], document, "heading");
      case Made::kFilter:
        return Passes(made.field, made.value, document);
      case Made::kNumber:
        return document.numbers.count(made.value) > 0 ||
               document.own_numbers.count(made.value) > 0;
      case Made::kOwn:
        return document.own_numbers.count(made.value) > 0;
      case Made::kLoose: {
        bool any_words = false;
        bool any_match = false;
        bool required = false;
        for (const Made& part : made.children) {
          if (part.kind == Made::kUnwanted) {
            if (Matches(part.children[0], document, field)) return false;
          } else if (part.kind == Made::kRequired) {
            required = true;
            if (!Matches(part.children[0], document, field)) return false;
          } else if (part.kind == Made::kFilter || part.kind == Made::kNumber ||
                     part.kind == Made::kOwn) {
            if (!Matches(part, document, field)) return false;
          } else {
            any_words = true;
            any_match = any_match || Matches(part, document, field);
          }
        }
        return any_match || !any_words || required;
      }
      case Made::kRequired:
      case Made::kUnwanted:
        return child(0);
    }
    return false;
  }

  static bool Passes(const std::string& field, const std::string& value,
                     const Document& document) {
    if (field == "state") return document.state == value;
    if (field == "lang") return document.language == value;
    if (field == "type") return document.type == value;
    if (field == "treaty") return document.articles.count(value) > 0;
    const std::vector<std::string> years = absl::StrSplit(value, "..");
    int first = 0;
    int last = 9999;
    if (!years[0].empty()) first = std::stoi(years[0]);
    if (years.size() == 1) last = first;
    if (years.size() > 1 && !years[1].empty()) last = std::stoi(years[1]);
    return document.year != 0 && first <= document.year &&
           document.year <= last;
  }

 private:
  std::vector<QueryToken> Tokens(const std::string& text) {
    return analyzer_->AnalyzeQuery(text, languages_);
  }

  std::vector<std::string> Terms(const std::string& text) {
    std::vector<std::string> terms;
    for (const QueryToken& token : Tokens(text)) {
      if (token.kind == TokenKind::kWord ||
          token.kind == TokenKind::kCharacter) {
        terms.push_back(token.term);
      }
    }
    return terms;
  }

  // Fields in which a query without a field looks.
  static std::vector<std::string> FieldsOf(const std::string& field) {
    return {field.empty() ? "text" : field};
  }

  static bool Has(const Document& document, const std::string& field,
                  const QueryToken& token) {
    for (const std::string& in : FieldsOf(field)) {
      const auto terms = document.terms.find(in);
      if (terms != document.terms.end() && terms->second.count(token.term)) {
        return true;
      }
      const auto stems = document.stems.find(in);
      if (stems == document.stems.end()) continue;
      for (const std::string& stem : token.stems) {
        if (stems->second.count(stem)) return true;
      }
    }
    return false;
  }

  bool MatchesRun(const std::string& text, const Document& document,
                  const std::string& field) {
    std::vector<QueryToken> tokens = Tokens(text);
    bool says_much = false;
    for (const QueryToken& token : tokens) {
      says_much =
          says_much || (!token.stopword && token.kind != TokenKind::kNumber);
    }
    if (says_much) {
      std::vector<QueryToken> kept;
      for (const QueryToken& token : tokens) {
        if (!token.stopword) kept.push_back(token);
      }
      tokens = kept;
    }
    return strict_ ? HasAll(tokens, document, field)
                   : HasAny(tokens, document, field);
  }

  static bool HasNumber(const Document& document, const std::string& number) {
    return document.numbers.count(number) > 0 ||
           document.own_numbers.count(number) > 0;
  }

  static bool HasAny(const std::vector<QueryToken>& tokens,
                     const Document& document, const std::string& field) {
    for (const QueryToken& token : tokens) {
      const bool has = token.kind == TokenKind::kNumber
                           ? HasNumber(document, token.term)
                           : Has(document, field, token);
      if (has) return true;
    }
    return false;
  }

  // Numbers stand for their words; characters side by side are phrases.
  static bool HasAll(const std::vector<QueryToken>& tokens,
                     const Document& document, const std::string& field) {
    std::vector<QueryToken> numbers;
    for (const QueryToken& token : tokens) {
      if (token.kind == TokenKind::kNumber) numbers.push_back(token);
    }
    std::map<size_t, std::vector<const QueryToken*>> of_number;
    std::vector<std::string> run;
    size_t run_end = 0;
    bool all = true;
    const auto close = [&] {
      if (!run.empty() && !IsNear(run, document, field, true, 0)) all = false;
      run.clear();
    };
    for (const QueryToken& token : tokens) {
      if (token.kind == TokenKind::kCharacter) {
        if (token.begin != run_end) close();
        run.push_back(token.term);
        run_end = token.end;
        continue;
      }
      if (token.kind != TokenKind::kWord) continue;
      close();
      size_t i = 0;
      while (i < numbers.size() &&
             (token.begin < numbers[i].begin || token.end > numbers[i].end)) {
        ++i;
      }
      if (i < numbers.size()) {
        of_number[i].push_back(&token);
      } else if (!Has(document, field, token)) {
        all = false;
      }
    }
    close();
    for (const auto& [i, words] : of_number) {
      bool words_there = true;
      for (const QueryToken* word : words) {
        words_there = words_there && Has(document, field, *word);
      }
      if (!words_there && !HasNumber(document, numbers[i].term)) all = false;
    }
    return all;
  }

  static bool HasPrefix(const std::string& prefix, const Document& document,
                        const std::string& field) {
    for (const std::string& in : FieldsOf(field)) {
      const auto terms = document.terms.find(in);
      if (terms == document.terms.end()) continue;
      for (const std::string& term : terms->second) {
        if (absl::StartsWith(term, prefix)) return true;
      }
    }
    return false;
  }

  // Tries every choice of places.
  static bool Fits(const std::vector<std::string>& terms,
                   const std::map<uint32_t, std::string>& places, bool in_order,
                   uint32_t window, size_t next,
                   std::vector<uint32_t>* chosen) {
    if (next == terms.size()) return true;
    for (const auto& [place, term] : places) {
      if (term != terms[next]) continue;
      bool fits = true;
      for (const uint32_t other : *chosen) {
        const uint32_t low = std::min(other, place);
        const uint32_t high = std::max(other, place);
        if (high - low + 1 > window || high == low) fits = false;
      }
      if (in_order && !chosen->empty() && chosen->back() >= place) fits = false;
      if (!fits) continue;
      chosen->push_back(place);
      if (Fits(terms, places, in_order, window, next + 1, chosen)) return true;
      chosen->pop_back();
    }
    return false;
  }

  static bool IsNear(const std::vector<std::string>& terms,
                     const Document& document, const std::string& field,
                     bool in_order, size_t more) {
    if (terms.empty()) return false;
    for (const std::string& in : FieldsOf(field)) {
      const auto places = document.places.find(in);
      if (places == document.places.end()) continue;
      std::vector<uint32_t> chosen;
      if (Fits(terms, places->second, in_order,
               static_cast<uint32_t>(terms.size() + more), 0, &chosen)) {
        return true;
      }
    }
    return false;
  }

  const bool strict_;
  Analyzer* const analyzer_;
  std::vector<const Language*> languages_;
};

class OracleTest : public ::testing::Test {
 protected:
  static constexpr int kLaws = 100;
  static constexpr int kProvisions = 20;

  void SetUp() override {
    const char* seed = std::getenv("COMITY_SEED");
    seed_ = seed == nullptr ? 20260101 : std::atoi(seed);
    random_.seed(static_cast<unsigned>(seed_));
    ASSERT_OK_AND_ASSIGN(analyzer_, Analyzer::Create());
    MakeLibrary();
    ASSERT_OK_AND_ASSIGN(index_, LibraryIndex::Open(folder_.path(), {}));
    ASSERT_OK(library_.BuildInto(index_.get(), 1));
    // A part of it is written again, so that rows and documents of the build
    // and of single changes are mixed.
    for (const auto& [name, work] : library_.works) {
      if (Below(random_, 4) != 0) continue;
      ASSERT_OK(index_->Delete(name));
      ASSERT_OK(index_->Commit(2));
      ASSERT_OK(index_->Put(library_.Input(name)));
      ASSERT_OK(index_->Commit(3));
    }
    searcher_ = std::make_unique<Searcher>(index_.get(), SearcherOptions());
  }

  std::string Words(const Vocabulary& of, size_t most) {
    std::vector<std::string> words;
    const size_t count = 1 + Below(random_, most);
    for (size_t i = 0; i < count; ++i) words.push_back(Pick(random_, of.words));
    return absl::StrJoin(words, of.space);
  }

  void MakeLibrary() {
    const std::vector<std::string> states = {"NOR", "KEN", "FRA", "CHN", "PER"};
    const std::vector<std::string> regions = {"Europe", "Africa", "Europe",
                                              "Asia", "Americas"};
    for (int i = 0; i < kLaws; ++i) {
      const Vocabulary& of = vocabularies_[Below(random_, 8)];
      const size_t state = Below(random_, states.size());
      std::vector<std::pair<std::string, std::string>> provisions;
      const size_t count = 2 * Below(random_, kProvisions) + 1;
      for (size_t p = 0; p < count; ++p) {
        std::string text = Words(of, 12);
        if (Below(random_, 6) == 0) {
          absl::StrAppend(&text, " article ", Below(random_, 30), ".");
        }
        provisions.emplace_back(Below(random_, 2) == 0 ? Words(of, 3) : "",
                                text);
      }
      std::string adopted;
      if (Below(random_, 5) != 0) {
        adopted = absl::StrCat(1990 + Below(random_, 25), "-0",
                               1 + Below(random_, 9), "-1", Below(random_, 9));
      }
      FakeLibrary::Work& work =
          library_.Add(states[state], absl::StrCat("law-", i), Words(of, 4),
                       of.language, adopted, provisions);
      work.region = regions[state];
      work.law.set_type(static_cast<v1::LawType>(Below(random_, 6)));
      for (const char* subject : {"money laundering", "Asylum"}) {
        if (Below(random_, 3) == 0) work.law.add_subjects(subject);
      }
      for (size_t m = 0; m < Below(random_, 4); ++m) {
        v1::Mapping mapping;
        if (Below(random_, 2) == 0) {
          mapping.set_provision(absl::StrCat("art-", 1 + Below(random_, 10)));
        }
        mapping.set_treaty(Below(random_, 2) == 0 ? "treaties/untoc"
                                                  : "treaties/uncac");
        mapping.set_article(Pick(random_, articles_));
        work.mappings.push_back(mapping);
      }
    }
    for (const auto& [name, work] : library_.works) ReadLaw(work);
  }

  void ReadLaw(const FakeLibrary::Work& work) {
    const v1::Law& law = work.law;
    for (const FakeLibrary::Text& text : work.texts) {
      for (const v1::Provision& provision : text.provisions) {
        Document document;
        document.law = law.name();
        document.expression = text.text.expression;
        document.position = provision.position();
        document.name = absl::StrCat(text.text.expression, "/provisions/",
                                     provision.name());
        document.state = law.name().substr(7, 3);
        document.region = work.region;
        document.language = text.text.language;
        document.type =
            law.type() == v1::LAW_TYPE_UNSPECIFIED
                ? ""
                : absl::AsciiStrToLower(v1::LawType_Name(law.type()).substr(9));
        document.day = law.adopted();
        if (!law.adopted().empty()) {
          document.year = std::stoi(law.adopted().substr(0, 4));
        }
        for (const std::string& subject : law.subjects()) {
          document.subjects.insert(subject == "Asylum" ? "asylum"
                                                       : "money_laundering");
        }
        for (const v1::Mapping& mapping : work.mappings) {
          if (!mapping.provision().empty() &&
              mapping.provision() != provision.name()) {
            continue;
          }
          const std::string slug = mapping.treaty().substr(9);
          document.articles.insert(slug);
          document.articles.insert(absl::StrCat(slug, "/", mapping.article()));
        }
        const std::string& language = text.text.language;
        Read("text", provision.label(), language, true, analyzer_.get(),
             &document);
        Read("text", provision.heading(), language, true, analyzer_.get(),
             &document);
        Read("heading", provision.heading(), language, false, analyzer_.get(),
             &document);
        Read("text", provision.text(), language, true, analyzer_.get(),
             &document);
        for (const char* field : {"title", "text"}) {
          Read(field, law.titles(0).text(), language, true, analyzer_.get(),
               &document);
        }
        document.own_numbers.insert(provision.number());
        documents_.push_back(std::move(document));
      }
    }
  }

  // Queries ------------------------------------------------------------------

  Made Run(const Vocabulary& of, size_t most) {
    return {.kind = Made::kRun, .text = Words(of, most)};
  }

  Made Filter() {
    switch (Below(random_, 7)) {
      case 0:
        return {.kind = Made::kFilter, .field = "state", .value = "NOR"};
      case 1:
        return {.kind = Made::kFilter,
                .field = "lang",
                .value = vocabularies_[Below(random_, 8)].language};
      case 2:
        return {.kind = Made::kFilter, .field = "type", .value = "act"};
      case 3: {
        const size_t first = 1988 + Below(random_, 25);
        std::string value = absl::StrCat(first);
        if (Below(random_, 2) == 0) value += "..";
        if (Below(random_, 2) == 0) {
          value = absl::StrCat(first, "..", first + Below(random_, 15));
        }
        return {.kind = Made::kFilter, .field = "year", .value = value};
      }
      case 4:
        return {.kind = Made::kFilter, .field = "treaty", .value = "untoc"};
      case 5:
        return {.kind = Made::kNumber,
                .value = absl::StrCat(1 + Below(random_, 12))};
      default:
        return {.kind = Made::kOwn,
                .value = absl::StrCat(1 + Below(random_, 12))};
    }
  }

  Made Strict(const Vocabulary& of, int depth) {
    switch (Below(random_, depth > 2 ? 8 : 12)) {
      case 0:
        return {.kind = Made::kPhrase, .text = Words(of, 3)};
      case 1: {
        // Letters of a word.
        const std::vector<std::string> prefixes = {
            "ba", "extr", "cri", "tri", "зак", "суд", "Ger", "la", "12"};
        return {.kind = Made::kPrefix, .text = Pick(random_, prefixes)};
      }
      case 2:
      case 3: {
        Made made = {.kind = Below(random_, 2) == 0 ? Made::kNear : Made::kAdj,
                     .distance = 1 + Below(random_, 4)};
        const size_t count = 2 + Below(random_, 2);
        for (size_t i = 0; i < count; ++i) {
          made.children.push_back(
              {.kind = Made::kRun, .text = Pick(random_, of.words)});
        }
        return made;
      }
      case 4:
        return {
            .kind = Below(random_, 2) == 0 ? Made::kTitle : Made::kHeading,
            .children = {Below(random_, 2) == 0
                             ? Made{.kind = Made::kPhrase, .text = Words(of, 2)}
                             : Made{.kind = Made::kRun,
                                    .text = Pick(random_, of.words)}}};
      case 5:
        return Filter();
      case 6:
      case 7:
        return Run(of, 2);
      default: {
        Made made = {.kind = Pick(random_, std::vector<Made::Kind>{
                                               Made::kAnd, Made::kAnd,
                                               Made::kOr, Made::kNot})};
        made.children.push_back(Strict(of, depth + 1));
        made.children.push_back(
            Strict(vocabularies_[Below(random_, 8)], depth + 1));
        return made;
      }
    }
  }

  Made Loose(const Vocabulary& of) {
    Made made = {.kind = Made::kLoose};
    if (Below(random_, 8) != 0) made.children.push_back(Run(of, 4));
    if (Below(random_, 3) == 0) {
      made.children.push_back({.kind = Made::kPhrase, .text = Words(of, 3)});
    }
    for (const Made::Kind kind : {Made::kRequired, Made::kUnwanted}) {
      if (Below(random_, 4) == 0) {
        made.children.push_back(
            {.kind = kind,
             .children = {
                 {.kind = Made::kPhrase, .text = Pick(random_, of.words)}}});
      }
    }
    if (Below(random_, 3) == 0) made.children.push_back(Filter());
    if (Below(random_, 12) == 0) {
      made.children.push_back(
          {.kind = Made::kRun,
           .text = absl::StrCat("article ", 1 + Below(random_, 12))});
    }
    return made;
  }

  // Filters of the request ---------------------------------------------------

  v1::SearchFilter RandomFilter() {
    v1::SearchFilter filter;
    if (Below(random_, 3) == 0) filter.add_states("NOR");
    if (Below(random_, 4) == 0) filter.add_states("KEN");
    if (Below(random_, 6) == 0) filter.add_regions("Europe");
    if (Below(random_, 6) == 0) filter.add_languages("fr");
    if (Below(random_, 6) == 0) filter.add_languages("zh");
    if (Below(random_, 6) == 0) filter.add_types("act");
    if (Below(random_, 6) == 0) filter.add_years("1995..2003");
    if (Below(random_, 8) == 0) filter.add_years("2010");
    if (Below(random_, 8) == 0) filter.add_treaties("untoc");
    if (Below(random_, 8) == 0) filter.add_treaties("uncac/6");
    if (Below(random_, 8) == 0) filter.add_subjects("asylum");
    if (Below(random_, 8) == 0) filter.set_from("1996-05-12");
    if (Below(random_, 8) == 0) filter.set_until("2009-03-17");
    if (Below(random_, 10) == 0) {
      filter.add_laws(Pick(random_, documents_).law);
      filter.add_laws(Pick(random_, documents_).law);
    }
    return filter;
  }

  template <typename Values, typename Test>
  static bool AnyOf(const Values& values, Test test) {
    return values.empty() || std::any_of(values.begin(), values.end(), test);
  }

  // Whether the document passes, but for one facet.
  static bool Passes(const v1::SearchFilter& filter, const Document& document,
                     int except) {
    using F = v1::SearchFacetField;
    const auto off = [except](F field) { return except == field; };
    return (off(F::SEARCH_FACET_FIELD_STATE) ||
            AnyOf(filter.states(),
                  [&](const auto& v) { return v == document.state; })) &&
           (off(F::SEARCH_FACET_FIELD_REGION) ||
            AnyOf(filter.regions(),
                  [&](const auto& v) { return v == document.region; })) &&
           (off(F::SEARCH_FACET_FIELD_LANGUAGE) ||
            AnyOf(filter.languages(),
                  [&](const auto& v) { return v == document.language; })) &&
           (off(F::SEARCH_FACET_FIELD_TYPE) ||
            AnyOf(filter.types(),
                  [&](const auto& v) { return v == document.type; })) &&
           (off(F::SEARCH_FACET_FIELD_YEAR) || AnyOf(filter.years(),
                                                     [&](const auto& v) {
                                                       return Scanner::Passes(
                                                           "year", v, document);
                                                     })) &&
           (off(F::SEARCH_FACET_FIELD_TREATY) ||
            AnyOf(filter.treaties(),
                  [&](const auto& v) {
                    return document.articles.count(v) > 0;
                  })) &&
           (off(F::SEARCH_FACET_FIELD_SUBJECT) ||
            AnyOf(filter.subjects(),
                  [&](const auto& v) {
                    return document.subjects.count(v) > 0;
                  })) &&
           AnyOf(filter.laws(),
                 [&](const auto& v) { return v == document.law; }) &&
           (filter.from().empty() ||
            (!document.day.empty() && document.day >= filter.from())) &&
           (filter.until().empty() ||
            (!document.day.empty() && document.day < filter.until()));
  }

  static std::set<std::string> ValuesOf(const Document& document, int field) {
    using F = v1::SearchFacetField;
    switch (field) {
      case F::SEARCH_FACET_FIELD_STATE:
        return {document.state};
      case F::SEARCH_FACET_FIELD_REGION:
        return {document.region};
      case F::SEARCH_FACET_FIELD_LANGUAGE:
        return {document.language};
      case F::SEARCH_FACET_FIELD_TYPE:
        if (document.type.empty()) return {};
        return {document.type};
      case F::SEARCH_FACET_FIELD_YEAR:
        if (document.year == 0) return {};
        return {absl::StrCat(document.year)};
      case F::SEARCH_FACET_FIELD_TREATY:
        return document.articles;
      default:
        return document.subjects;
    }
  }

  v1::SearchResponse Search(const v1::SearchRequest& request,
                            const SearchPage& page, SearchPage* next,
                            bool* more) {
    auto answer = searcher_->Search(request, page, absl::InfiniteFuture());
    EXPECT_OK(answer);
    if (!answer.ok()) return {};
    *next = answer->next;
    *more = answer->more;
    return answer->response;
  }

  // All pages.
  std::vector<v1::SearchResult> All(v1::SearchRequest request,
                                    size_t pages_of) {
    std::vector<v1::SearchResult> results;
    SearchPage page;
    bool more = true;
    request.clear_facets();
    // Small pages for small answers: a deep page takes time in its depth.
    request.set_page_size(static_cast<int>(pages_of + Below(random_, 40)));
    while (more) {
      SearchPage next;
      const v1::SearchResponse response = Search(request, page, &next, &more);
      for (const auto& result : response.results()) results.push_back(result);
      page = next;
      if (::testing::Test::HasFailure()) break;
    }
    return results;
  }

  void CheckOne(const std::string& query, const Made* made, bool strict);
  void CheckFacets(const v1::SearchResponse& response,
                   const v1::SearchFilter& filter,
                   const std::vector<const Document*>& matches);
  void CheckOrder(v1::SearchRequest request,
                  const std::vector<const Document*>& hits);

  int seed_ = 0;
  Random random_;
  const std::vector<Vocabulary> vocabularies_ = Vocabularies();
  const std::vector<std::string> articles_ = {"5", "6", "18(13)"};
  TemporaryFolder folder_;
  FakeLibrary library_;
  std::vector<Document> documents_;
  std::unique_ptr<Analyzer> analyzer_;
  std::unique_ptr<LibraryIndex> index_;
  std::unique_ptr<Searcher> searcher_;
};

void OracleTest::CheckFacets(const v1::SearchResponse& response,
                             const v1::SearchFilter& filter,
                             const std::vector<const Document*>& matches) {
  for (const v1::SearchFacet& facet : response.facets()) {
    std::map<std::string, int64_t> expected;
    for (const Document* document : matches) {
      if (!Passes(filter, *document, facet.field())) continue;
      for (const std::string& value : ValuesOf(*document, facet.field())) {
        ++expected[value];
      }
    }
    std::map<std::string, int64_t> found;
    for (const auto& value : facet.values()) {
      found[value.value()] = value.count();
    }
    EXPECT_EQ(found, expected) << facet.field();
  }
}

// Pages joined, in each order, and groups beside what is not grouped.
void OracleTest::CheckOrder(v1::SearchRequest request,
                            const std::vector<const Document*>& hits) {
  std::set<std::string> expected;
  std::map<std::string, const Document*> by_name;
  for (const Document* hit : hits) {
    expected.insert(hit->name);
    by_name[hit->name] = hit;
  }
  const auto before_by_name = [&](const Document& a, const Document& b) {
    if (a.law != b.law) return a.law < b.law;
    if (a.expression != b.expression) return a.expression < b.expression;
    return a.position < b.position;
  };
  request.set_group(v1::SearchRequest::GROUP_NONE);
  const size_t pages_of = 1 + hits.size() / 5;
  const std::vector<v1::SearchResult> flat = All(request, pages_of);
  std::set<std::string> found;
  for (const v1::SearchResult& result : flat) {
    found.insert(result.hits(0).name());
  }
  ASSERT_EQ(found, expected);
  ASSERT_EQ(flat.size(), expected.size()) << "a hit is on two pages";
  for (size_t i = 0; i + 1 < flat.size(); ++i) {
    const v1::SearchHit& hit = flat[i].hits(0);
    const v1::SearchHit& next = flat[i + 1].hits(0);
    const Document& a = *by_name[hit.name()];
    const Document& b = *by_name[next.name()];
    bool in_order = false;
    if (request.order() == v1::SearchRequest::ORDER_NEWEST) {
      in_order = a.day > b.day || (a.day == b.day && before_by_name(a, b));
    } else if (request.order() == v1::SearchRequest::ORDER_OLDEST) {
      in_order = a.day.empty() == b.day.empty()
                     ? a.day < b.day || (a.day == b.day && before_by_name(a, b))
                     : b.day.empty();
    } else {
      in_order = hit.score() > next.score() ||
                 (hit.score() == next.score() && before_by_name(a, b));
    }
    ASSERT_TRUE(in_order) << hit.name() << " " << hit.score() << "\n"
                          << next.name() << " " << next.score();
  }
  std::vector<std::string> laws;
  std::map<std::string, std::vector<std::string>> of_law;
  for (const v1::SearchResult& result : flat) {
    std::vector<std::string>& names = of_law[result.name()];
    if (names.empty()) laws.push_back(result.name());
    if (names.size() < 3) names.push_back(result.hits(0).name());
  }
  request.set_group(v1::SearchRequest::GROUP_LAW);
  const std::vector<v1::SearchResult> grouped =
      All(request, 1 + laws.size() / 5);
  ASSERT_EQ(grouped.size(), laws.size());
  for (size_t i = 0; i < laws.size(); ++i) {
    ASSERT_EQ(grouped[i].name(), laws[i]) << i;
    std::vector<std::string> names;
    for (const auto& hit : grouped[i].hits()) names.push_back(hit.name());
    ASSERT_EQ(names, of_law[laws[i]]);
  }
}

void OracleTest::CheckOne(const std::string& query, const Made* made,
                          bool strict) {
  Scanner scanner(query, strict, analyzer_.get());
  std::vector<const Document*> matches;
  for (const Document& document : documents_) {
    if (made == nullptr || scanner.Matches(*made, document)) {
      matches.push_back(&document);
    }
  }
  v1::SearchRequest request;
  request.set_query(query);
  *request.mutable_filter() = RandomFilter();
  request.set_order(static_cast<v1::SearchRequest::Order>(Below(random_, 4)));
  request.set_facet_values_max(1000);
  for (int field = v1::SEARCH_FACET_FIELD_STATE;
       field <= v1::SEARCH_FACET_FIELD_SUBJECT; ++field) {
    request.add_facets(static_cast<v1::SearchFacetField>(field));
  }
  std::vector<const Document*> hits;
  for (const Document* document : matches) {
    if (Passes(request.filter(), *document, 0)) hits.push_back(document);
  }
  SearchPage next;
  bool more = false;
  const v1::SearchResponse response = Search(request, {}, &next, &more);
  SCOPED_TRACE(absl::StrCat(query, "\n", response.understood(), "\n",
                            request.filter().ShortDebugString(), " order ",
                            request.order()));
  EXPECT_EQ(response.total_size(), hits.size());
  EXPECT_FALSE(response.total_is_estimate());
  CheckFacets(response, request.filter(), matches);
  CheckOrder(request, hits);
}

TEST_F(OracleTest, AnswersAreThoseOfAScan) {
  SCOPED_TRACE(absl::StrCat("COMITY_SEED=", seed_));
  EXPECT_GE(documents_.size(), 1500U);
  constexpr int kQueries = 3000;
  for (int i = 0; i < kQueries && !HasFailure(); ++i) {
    const Vocabulary& of = vocabularies_[Below(random_, 8)];
    if (i % 50 == 0) {
      CheckOne("", nullptr, false);
    } else if (i % 3 == 0) {
      const Made made = Loose(of);
      if (made.children.empty()) continue;
      CheckOne(TextOf(made), &made, false);
    } else {
      Made made = {.kind =
                       Pick(random_, std::vector<Made::Kind>{
                                         Made::kAnd, Made::kOr, Made::kNot})};
      made.children.push_back(Strict(of, 1));
      made.children.push_back(Strict(of, 1));
      CheckOne(TextOf(made), &made, true);
    }
  }
}

}  // namespace
}  // namespace comity::index
