#include "import/interpreter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/names.h"

namespace comity {
namespace {

// The rule that a failed resolution says was broken.
std::string RuleOrMessage(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  return rule.empty() ? std::string(status.message()) : rule;
}

// Three small letters, as ISO 639-3 codes are.
bool HasIso639Shape(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c));
         });
}

}  // namespace

void Interpreter::Stated(absl::string_view path, absl::string_view text,
                         StatedList* stated) {
  v1::AsStated* added = stated->Add();
  added->set_field(std::string(path));
  added->set_text(std::string(text));
}

void Interpreter::AddProblem(Field field, absl::string_view rule) {
  table_.AddProblem(field, rule, understood_);
}

void Interpreter::AddProblem(Field field, absl::string_view value,
                             absl::string_view rule) {
  table_.AddProblem(field, value, rule, understood_);
}

void Interpreter::AddNotice(Field field, absl::string_view rule) {
  table_.AddNotice(field, rule, understood_);
}

bool Interpreter::CheckSize(Field field) {
  if (table_.Get(field).size() <= limits::kTextBytesMax) return true;
  AddProblem(field, absl::StrCat("must have ", limits::kTextBytesMax,
                                 " bytes at most"));
  return false;
}

void Interpreter::Text(Field field, std::string* text) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty() || !CheckSize(field)) return;
  if (IsPlaceholder(printed)) {
    AddNotice(field,
              "was kept as it stands; leave the cell empty if nothing is "
              "known");
  }
  text->assign(printed.data(), printed.size());
}

void Interpreter::Date(Field field, absl::string_view path, std::string* date,
                       StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  absl::StatusOr<std::string> parsed = ParseDate(printed, date_order_);
  if (!parsed.ok()) return AddProblem(field, parsed.status().message());
  if (*parsed != printed) Stated(path, printed, stated);
  *date = *std::move(parsed);
}

void Interpreter::PartialDate(Field field, absl::string_view path,
                              std::string* date, StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  absl::StatusOr<std::string> parsed = ParsePartialDate(printed, date_order_);
  if (!parsed.ok()) return AddProblem(field, parsed.status().message());
  if (*parsed != printed) Stated(path, printed, stated);
  *date = *std::move(parsed);
}

void Interpreter::Bound(Field field, absl::string_view path,
                        absl::FunctionRef<v1::DateBound*()> bound,
                        StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  if (absl::EqualsIgnoreCase(printed, "open")) {
    bound()->set_open(true);
  } else if (absl::EqualsIgnoreCase(printed, "unknown")) {
    bound()->set_unknown(true);
  } else if (absl::StatusOr<std::string> parsed =
                 ParseDate(printed, date_order_);
             parsed.ok()) {
    if (*parsed != printed) Stated(path, printed, stated);
    bound()->set_date(*std::move(parsed));
  } else {
    AddProblem(field, absl::StrCat(parsed.status().message(),
                                   ", or `open`, or `unknown`"));
  }
}

void Interpreter::Languages(
    Field field, absl::string_view path,
    google::protobuf::RepeatedPtrField<std::string>* tags, StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  const ResolvedLanguages& resolved =
      languages_.Get(printed, [](absl::string_view text) {
        ResolvedLanguages languages;
        for (const absl::string_view item : LanguageItems(text)) {
          std::optional<std::string> tag = ParseLanguage(item);
          if (!tag.has_value() && HasIso639Shape(item)) {
            languages.unnamed.push_back(std::string(item));
            tag = std::string(item);
          }
          if (!tag.has_value()) {
            languages.bad = std::string(item);
            break;
          }
          languages.as_printed = languages.as_printed && *tag == item;
          languages.tags.push_back(*std::move(tag));
        }
        return languages;
      });
  // Lists of spoken languages name some of the 7,000 that ISO 639-3 has and
  // CLDR has no name for; anywhere else such a code is more likely a mistake.
  const bool any_code = field == Field::kSpokenLanguages;
  if (!resolved.bad.empty() || (!any_code && !resolved.unnamed.empty())) {
    return AddProblem(
        field, resolved.bad.empty() ? resolved.unnamed.front() : resolved.bad,
        "must be a language: a BCP 47 tag, or a name in English, "
        "French or Spanish");
  }
  if (!resolved.unnamed.empty()) {
    AddNotice(field, absl::StrCat("taken as ISO 639-3 codes unseen: ",
                                  absl::StrJoin(resolved.unnamed, ", ")));
  }
  for (const std::string& tag : resolved.tags) *tags->Add() = tag;
  if (!resolved.as_printed) Stated(path, printed, stated);
}

void Interpreter::Language(Field field, absl::string_view path,
                           std::string* tag, StatedList* stated) {
  google::protobuf::RepeatedPtrField<std::string> tags;
  Languages(field, path, &tags, stated);
  if (tags.size() > 1) return AddProblem(field, "must be one language");
  if (!tags.empty()) *tag = std::move(*tags.Mutable(0));
}

void Interpreter::TextList(
    Field field, google::protobuf::RepeatedPtrField<std::string>* items) {
  if (!table_.Has(field) || !CheckSize(field)) return;
  for (const absl::string_view item : Items(table_.Get(field))) {
    items->Add(std::string(item));
  }
  if (items->size() > limits::kListItemsMax) {
    AddProblem(field, absl::StrCat("must have ", limits::kListItemsMax,
                                   " items at most"));
    items->Clear();
  }
}

void Interpreter::Number(Field field, int32_t least, int32_t most,
                         absl::FunctionRef<void(int32_t)> set) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  int32_t number = 0;
  if (!absl::SimpleAtoi(printed, &number) || number < least || number > most) {
    return AddProblem(
        field, absl::StrCat("must be a number from ", least, " to ", most));
  }
  set(number);
}

Interpreter::Resolved Interpreter::ResolveState(absl::string_view text) const {
  absl::StatusOr<std::string> name = references_.state(text);
  if (name.ok()) return {*std::move(name), ""};
  const absl::string_view bare = WithoutFootnotes(text);
  if (bare != text && !bare.empty()) {
    absl::StatusOr<std::string> again = references_.state(bare);
    if (again.ok()) return {*std::move(again), ""};
  }
  return {"", RuleOrMessage(name.status())};
}

std::string Interpreter::Resolve(Field field, absl::string_view path,
                                 Memo<Resolved>* memo,
                                 References::Resolver resolver,
                                 StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return "";
  const Resolved& resolved =
      memo->Get(printed, [&](absl::string_view text) -> Resolved {
        if (text.size() > limits::kTextBytesMax) {
          return {"", absl::StrCat("must have ", limits::kTextBytesMax,
                                   " bytes at most")};
        }
        absl::StatusOr<std::string> name = resolver(text);
        if (name.ok()) return {*std::move(name), ""};
        return {"", RuleOrMessage(name.status())};
      });
  if (resolved.name.empty()) {
    AddProblem(field, resolved.rule);
  } else if (printed != resolved.name &&
             printed != names::LastOf(resolved.name)) {
    Stated(path, printed, stated);
  }
  return resolved.name;
}

std::string Interpreter::State(Field field, absl::string_view path,
                               StatedList* stated) {
  const auto resolver =
      [this](absl::string_view text) -> absl::StatusOr<std::string> {
    Resolved resolved = ResolveState(text);
    if (!resolved.name.empty()) return std::move(resolved.name);
    return absl::NotFoundError(resolved.rule);
  };
  return Resolve(field, path, &states_, resolver, stated);
}

std::optional<std::string> Interpreter::FindState(absl::string_view text) {
  const Resolved& resolved = states_.Get(
      text, [this](absl::string_view t) { return ResolveState(t); });
  if (resolved.name.empty()) return std::nullopt;
  return resolved.name;
}

std::string Interpreter::Treaty(Field field, absl::string_view path,
                                StatedList* stated) {
  return Resolve(field, path, &treaties_, references_.treaty, stated);
}

std::string Interpreter::Function(Field field, absl::string_view path,
                                  StatedList* stated) {
  return Resolve(field, path, &functions_, references_.function, stated);
}

void Interpreter::Article(Field field, absl::string_view path,
                          std::string* article, StatedList* stated) {
  const absl::string_view printed = table_.Get(field);
  if (printed.empty()) return;
  const std::optional<std::string>& canonical = articles_.Get(
      printed,
      [this](absl::string_view text) { return references_.article(text); });
  if (!canonical.has_value()) {
    return AddProblem(field,
                      "must cite one article, such as 18(13) or art. 18, "
                      "para. 13");
  }
  if (*canonical != printed) Stated(path, printed, stated);
  *article = *canonical;
}

void Interpreter::SourceKind(v1::Source* source) {
  const absl::string_view printed = table_.Get(Field::kSourceKind);
  if (printed.empty()) return;
  const ResolvedKind& resolved =
      source_kinds_.Get(printed, [](absl::string_view text) {
        const v1::SourceKind kind = ParseSourceKind(text);
        return ResolvedKind{kind, SourceKindWord(kind) != text};
      });
  source->set_kind(resolved.kind);
  if (resolved.says_more) source->set_kind_as_stated(std::string(printed));
  if (resolved.kind == v1::SOURCE_KIND_UNSPECIFIED) {
    AddNotice(Field::kSourceKind,
              "is no kind of source that is known here; it was kept in words");
  }
}

void Interpreter::SourceAsOf(v1::Source* source) {
  const absl::string_view printed = table_.Get(Field::kSourceAsOf);
  if (printed.empty()) return;
  absl::StatusOr<std::string> parsed = ParseAsOf(printed, date_order_);
  if (!parsed.ok()) {
    return AddProblem(Field::kSourceAsOf, parsed.status().message());
  }
  if (*parsed != printed) source->set_as_of_as_stated(std::string(printed));
  source->set_as_of(*std::move(parsed));
}

void Interpreter::Source(v1::Source* source) {
  Text(Field::kSourceDocument, source->mutable_document());
  Text(Field::kSourceUri, source->mutable_uri());
  Text(Field::kSourcePlace, source->mutable_place());
  SourceKind(source);
  StatedList stated;
  PartialDate(Field::kSourceDate, "", source->mutable_document_date(), &stated);
  SourceAsOf(source);
  Text(Field::kSourceVia, source->mutable_via());
  Text(Field::kSourceNote, source->mutable_note());
  // A source has no list of what was printed; its note takes the rest.
  const auto add_note = [&](absl::string_view what, absl::string_view text) {
    absl::StrAppend(source->mutable_note(), source->note().empty() ? "" : "; ",
                    what, ": ", text);
  };
  if (!stated.empty()) add_note("date as printed", stated[0].text());
  if (table_.Has(Field::kScope) && CheckSize(Field::kScope)) {
    add_note("scope", table_.Get(Field::kScope));
  }
}

}  // namespace comity
