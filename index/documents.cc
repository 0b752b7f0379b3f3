#include "index/documents.h"

#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/dates.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "base/words.h"
#include "index/fields.h"

namespace comity::index {
namespace {

// Grows whenever the same record is to make another document.
constexpr absl::string_view kDocumentsVersion = "2";

// `states/NOR/…` is of NOR.
absl::string_view StateCode(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "states/")) return {};
  return name.substr(0, name.find('/'));
}

void AppendPart(absl::string_view part, std::string* all) {
  absl::StrAppend(all, part.size(), ":", part);
}

uint64_t DigestOf(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace

int32_t DayOfLaw(const v1::Law& law) {
  for (const std::string* stated :
       {&law.adopted(), &law.published(), &law.in_force()}) {
    const std::optional<DayRange> range = ParsePartialDay(*stated);
    if (range.has_value()) return DayNumber(range->first);
  }
  return kNoDay;
}

std::string TypeLabel(int type) {
  if (type == v1::LAW_TYPE_UNSPECIFIED || !v1::LawType_IsValid(type)) return "";
  return absl::AsciiStrToLower(absl::StripPrefix(
      v1::LawType_Name(static_cast<v1::LawType>(type)), "LAW_TYPE_"));
}

v1::LawType TypeOfLabel(absl::string_view label) {
  v1::LawType type = v1::LAW_TYPE_UNSPECIFIED;
  const std::string name =
      absl::StrCat("LAW_TYPE_", absl::AsciiStrToUpper(label));
  return v1::LawType_Parse(name, &type) ? type : v1::LAW_TYPE_UNSPECIFIED;
}

std::string SubjectLabel(absl::string_view subject) {
  WordFinder finder;
  finder.Start(subject);
  std::string label;
  Word word;
  while (finder.Next(&word)) {
    const std::string folded =
        FoldWord(subject.substr(word.begin, word.end - word.begin));
    if (folded.empty()) continue;
    if (!label.empty()) label += '_';
    label += folded;
  }
  return std::string(WholeCharacters(label, fields::kWordBytesMax));
}

std::string LanguageLabel(absl::string_view tag) {
  const Language* language = FindLanguage(tag);
  if (language != nullptr) return std::string(language->tag);
  return absl::AsciiStrToLower(WholeCharacters(tag, fields::kWordBytesMax));
}

// Terms of one document, gathered before they go to Xapian, whose own maps are
// slower to fill word by word.
struct DocumentMaker::Terms {
  // With their prefixes; how often.
  absl::flat_hash_map<std::string, uint32_t> times;
  std::vector<std::string> filters;
  WordPlacesWriter places;
  // The term that is being made.
  std::string made;

  void Add(absl::string_view prefix, absl::string_view value) {
    made.clear();
    fields::AppendTerm(prefix, value, &made);
    ++times[made];
  }
  void AddStem(absl::string_view prefix, absl::string_view stem) {
    made.clear();
    fields::AppendStemTerm(prefix, stem, &made);
    ++times[made];
  }

  Xapian::Document Make() const {
    Xapian::Document document;
    document.set_data(places.Finish());
    for (const auto& [term, count] : times) document.add_term(term, count);
    for (const std::string& filter : filters) {
      document.add_boolean_term(filter);
    }
    return document;
  }
};

// What all documents of a text share.
struct DocumentMaker::LawFacts {
  Row row;
  Terms terms;
  // Articles of mappings of the law as a whole.
  std::vector<uint32_t> articles;
  // Of all of it.
  uint64_t digest = 0;
  const Language* language = nullptr;
};

std::string DocumentMaker::RecordTerm(absl::string_view name) {
  return fields::Term(fields::kLaw, name);
}

std::string DocumentMaker::NameTerm(absl::string_view name) {
  if (name.size() + fields::kName.size() <= fields::kTermBytesMax) {
    return fields::Term(fields::kName, name);
  }
  // Longer than names are by their limits; its end tells it apart.
  return fields::Term(
      fields::kName,
      absl::StrCat("#", absl::Hex(DigestOf(name), absl::kZeroPad16),
                   name.substr(0, 100)));
}

// Words of titles and headings are words of the provision too.
void DocumentMaker::AddText(absl::string_view text, Part part,
                            const Language& language, Terms* terms) {
  terms->places.BeginText(part);
  analyzer_->Analyze(text, language, [&](const Token& token) {
    if (token.kind == TokenKind::kNumber) {
      terms->Add(fields::kNumber, token.term);
      return;
    }
    const auto add = [&](absl::string_view prefix) {
      terms->Add(prefix, token.term);
      if (!token.stem.empty()) terms->AddStem(prefix, token.stem);
    };
    add(fields::kText);
    if (part != Part::kRest) add(fields::PrefixOf(part));
    if (token.kind != TokenKind::kPair) terms->places.Add(token.term);
  });
}

DocumentMaker::LawFacts DocumentMaker::FactsOf(const LawInput& input,
                                               const TextInput* text) {
  const v1::Law& law = input.law;
  LawFacts facts;
  std::string all(kDocumentsVersion);
  const std::string state(StateCode(law.name()));
  const auto filter = [&facts, &all](std::string term) {
    AppendPart(term, &all);
    facts.terms.filters.push_back(std::move(term));
  };
  Row& row = facts.row;
  row.kind = DocumentKind::kLaw;
  row.record = columns_->Intern(Table::kRecords, law.name());
  filter(RecordTerm(law.name()));
  filter(fields::Term(fields::kKind, "law"));
  row.state = static_cast<uint16_t>(columns_->Intern(
      Table::kStates,
      absl::StrCat(state, absl::string_view("\0", 1), input.region)));
  AppendPart(input.region, &all);
  filter(fields::LowerTerm(fields::kState, state));
  if (const std::string type = TypeLabel(law.type()); !type.empty()) {
    row.type = static_cast<uint8_t>(law.type());
    filter(fields::Term(fields::kType, type));
  }
  row.day = DayOfLaw(law);
  AppendPart(absl::StrCat(row.day), &all);
  if (row.day != kNoDay) {
    row.year = static_cast<int16_t>(DayFromNumber(row.day).year());
    filter(fields::YearTerm(row.year));
    filter(fields::DecadeTerm(row.year));
  }
  std::vector<uint32_t> subjects;
  for (const std::string& subject : law.subjects()) {
    const std::string label = SubjectLabel(subject);
    if (label.empty()) continue;
    subjects.push_back(columns_->Intern(Table::kSubjects, label));
    filter(fields::Term(fields::kSubject, label));
  }
  row.subjects = columns_->InternSet(Table::kSubjectSets, std::move(subjects));

  facts.language = &UnknownLanguage();
  std::string title;
  if (text != nullptr) {
    const Language* language = FindLanguage(text->language);
    if (language != nullptr) facts.language = language;
    const std::string label = LanguageLabel(text->language);
    row.language =
        static_cast<uint16_t>(columns_->Intern(Table::kLanguages, label));
    filter(fields::Term(fields::kLanguage, label));
    row.expression = columns_->Intern(
        Table::kExpressions,
        absl::StrCat(text->expression, absl::string_view("\0", 1),
                     text->sequence));
    title = text->title;
  }
  // Titles, each once: languages often share one.
  std::vector<std::string> seen;
  const auto add_title = [&](const std::string& words, const Language& in) {
    if (words.empty() || absl::c_linear_search(seen, words)) return;
    seen.push_back(words);
    AppendPart(words, &all);
    AddText(words, Part::kTitles, in, &facts.terms);
  };
  add_title(title, *facts.language);
  for (const auto* titles : {&law.titles(), &law.short_titles()}) {
    for (const v1::LocalizedText& words : *titles) {
      const Language* language = FindLanguage(words.language());
      add_title(words.text(),
                language == nullptr ? UnknownLanguage() : *language);
    }
  }
  add_title(law.number(), UnknownLanguage());
  if (title.empty()) {
    for (const v1::LocalizedText& words : law.titles()) {
      const bool same = text != nullptr && LanguageLabel(words.language()) ==
                                               LanguageLabel(text->language);
      if (title.empty() || same) title = words.text();
      if (same) break;
    }
  }
  row.title = columns_->Intern(Table::kTitles, title);
  AppendPart(title, &all);
  facts.digest = DigestOf(all);
  return facts;
}

namespace {

// `treaties/untoc`, `18(13)` as `untoc/18(13)`, and the treaty as a whole.
std::vector<std::string> ArticleLabels(const v1::Mapping& mapping) {
  const std::string slug(names::LastOf(mapping.treaty()));
  std::vector<std::string> labels = {slug};
  if (!mapping.article().empty()) {
    labels.push_back(absl::StrCat(slug, "/", mapping.article()));
  }
  return labels;
}

}  // namespace

absl::Status DocumentMaker::MakeLaw(const LawInput& input, Sink sink) {
  bool any = false;
  for (const TextInput& text : input.texts) {
    const LawFacts facts = FactsOf(input, &text);
    absl::Status made;
    const absl::Status read =
        input.read(text, [&](const v1::Provision& provision) {
          any = true;
          made = MakeProvision(input, text, facts, provision, sink);
          return made.ok();
        });
    RETURN_IF_ERROR(read);
    RETURN_IF_ERROR(made);
  }
  if (any) return absl::OkStatus();
  // Found by its title alone, so that no law is lost.
  const TextInput* text = input.texts.empty() ? nullptr : &input.texts.front();
  const LawFacts facts = FactsOf(input, text);
  return MakeProvision(input, text == nullptr ? TextInput() : *text, facts,
                       v1::Provision(), sink);
}

absl::Status DocumentMaker::MakeProvision(const LawInput& input,
                                          const TextInput& text,
                                          const LawFacts& facts,
                                          const v1::Provision& provision,
                                          Sink sink) {
  std::vector<std::string> articles;
  for (const v1::Mapping& mapping : input.mappings) {
    if (mapping.provision().empty() ||
        mapping.provision() == provision.name()) {
      for (std::string& label : ArticleLabels(mapping)) {
        articles.push_back(std::move(label));
      }
    }
  }
  std::sort(articles.begin(), articles.end());
  articles.erase(std::unique(articles.begin(), articles.end()), articles.end());
  Made made;
  made.row = facts.row;
  std::string all = absl::StrCat(facts.digest, ":");
  std::vector<uint32_t> numbers;
  for (const std::string& article : articles) {
    numbers.push_back(columns_->Intern(Table::kArticles, article));
    AppendPart(article, &all);
  }
  made.row.articles =
      columns_->InternSet(Table::kArticleSets, std::move(numbers));
  made.row.position = static_cast<uint32_t>(std::max(0, provision.position()));
  made.row.provision = columns_->Intern(Table::kProvisions, provision.name());
  const std::string name =
      provision.name().empty()
          ? input.law.name()
          : absl::StrCat(text.expression, "/provisions/", provision.name());
  for (const std::string* part :
       {&name, &provision.label(), &provision.number(), &provision.heading(),
        &provision.text(), &provision.language()}) {
    AppendPart(*part, &all);
  }
  made.row.digest = DigestOf(all);
  made.name_term = NameTerm(name);
  made.document = [&] {
    Terms terms = facts.terms;
    const Language* language = facts.language;
    if (!provision.language().empty()) {
      language = FindLanguage(provision.language());
      if (language == nullptr) language = &UnknownLanguage();
    }
    terms.filters.push_back(made.name_term);
    for (const std::string& article : articles) {
      terms.filters.push_back(fields::Term(fields::kTreaty, article));
    }
    AddText(provision.heading(), Part::kHeadings, *language, &terms);
    AddText(provision.label(), Part::kRest, *language, &terms);
    AddText(provision.text(), Part::kRest, *language, &terms);
    bool numbered = false;
    analyzer_->Analyze(provision.label(), *language, [&](const Token& token) {
      if (token.kind != TokenKind::kNumber) return;
      terms.Add(fields::kOwnNumber, token.term);
      numbered = true;
    });
    if (!numbered && !provision.number().empty()) {
      std::string number = FoldWord(provision.number());
      number.erase(std::remove(number.begin(), number.end(), ' '),
                   number.end());
      terms.Add(fields::kOwnNumber, number);
    }
    return terms.Make();
  };
  return sink(made);
}

absl::Status DocumentMaker::MakeOffice(const OfficeInput& input, Sink sink) {
  const v1::Authority& authority = input.authority;
  const std::string state(StateCode(authority.name()));
  Made made;
  Row& row = made.row;
  std::string all = absl::StrCat(kDocumentsVersion, "office");
  row.kind = DocumentKind::kAuthority;
  row.record = columns_->Intern(Table::kRecords, authority.name());
  row.state = static_cast<uint16_t>(columns_->Intern(
      Table::kStates,
      absl::StrCat(state, absl::string_view("\0", 1), input.region)));
  AppendPart(input.region, &all);
  std::vector<uint32_t> numbers;
  for (const std::string& article : input.articles) {
    numbers.push_back(columns_->Intern(Table::kArticles, article));
    AppendPart(article, &all);
  }
  row.articles = columns_->InternSet(Table::kArticleSets, std::move(numbers));
  if (!authority.display_names().empty()) {
    row.title =
        columns_->Intern(Table::kTitles, authority.display_names(0).text());
  }
  for (const auto* texts :
       {&authority.display_names(), &authority.former_names()}) {
    for (const v1::LocalizedText& words : *texts) {
      AppendPart(words.text(), &all);
      AppendPart(words.language(), &all);
    }
    AppendPart("", &all);
  }
  AppendPart(authority.unit(), &all);
  AppendPart(authority.name(), &all);
  for (const v1::Contact& contact : authority.contacts()) {
    for (const v1::PostalAddress& address : contact.addresses()) {
      for (const std::string& line : address.lines()) AppendPart(line, &all);
    }
  }
  for (const auto* texts : {&input.state_names, &input.function_names}) {
    for (const std::string& words : *texts) AppendPart(words, &all);
    AppendPart("", &all);
  }
  row.digest = DigestOf(all);
  made.name_term = NameTerm(authority.name());
  made.document = [&] {
    Terms terms;
    terms.filters = {made.name_term, RecordTerm(authority.name()),
                     fields::Term(fields::kKind, "authority"),
                     fields::LowerTerm(fields::kState, state)};
    for (const std::string& article : input.articles) {
      terms.filters.push_back(fields::Term(fields::kTreaty, article));
    }
    const auto add = [&](const v1::LocalizedText& words, Part part) {
      const Language* language = FindLanguage(words.language());
      AddText(words.text(), part,
              language == nullptr ? UnknownLanguage() : *language, &terms);
    };
    for (const v1::LocalizedText& words : authority.display_names()) {
      add(words, Part::kTitles);
    }
    for (const v1::LocalizedText& words : authority.former_names()) {
      add(words, Part::kRest);
    }
    AddText(authority.unit(), Part::kRest, UnknownLanguage(), &terms);
    // English mostly, whose stems do no harm to other words of them.
    const Language* english = FindLanguage("en");
    for (const auto* texts : {&input.state_names, &input.function_names}) {
      for (const std::string& words : *texts) {
        AddText(words, Part::kRest, *english, &terms);
      }
    }
    for (const v1::Contact& contact : authority.contacts()) {
      for (const v1::PostalAddress& address : contact.addresses()) {
        for (const std::string& line : address.lines()) {
          AddText(line, Part::kRest, UnknownLanguage(), &terms);
        }
      }
    }
    return terms.Make();
  };
  return sink(made);
}

}  // namespace comity::index
