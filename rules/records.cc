#include "rules/records.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/english.h"
#include "base/names.h"

namespace comity::rules {
namespace {

bool Same(const v1::Source& a, const v1::Source& b) {
  return a.document() == b.document() && a.uri() == b.uri() &&
         a.place() == b.place() && a.kind() == b.kind() &&
         a.document_date() == b.document_date() && a.as_of() == b.as_of();
}

// Adds what is cited of `source`, unless it is there.
void Cite(const v1::Source& source,
          google::protobuf::RepeatedPtrField<v1::Source>* cited) {
  const auto is_source = [&source](const v1::Source& one) {
    return Same(one, source);
  };
  if (std::any_of(cited->begin(), cited->end(), is_source)) return;
  v1::Source* cite = cited->Add();
  if (!source.document().empty()) cite->set_document(source.document());
  if (!source.uri().empty()) cite->set_uri(source.uri());
  if (!source.place().empty()) cite->set_place(source.place());
  cite->set_kind(source.kind());
  if (!source.document_date().empty()) {
    cite->set_document_date(source.document_date());
  }
  if (!source.as_of().empty()) cite->set_as_of(source.as_of());
}

// The formal name tells whether the short one takes the article: `the Kingdom
// of the Netherlands`.
bool TakesArticle(const v1::State& state, absl::string_view title) {
  if (state.kind() == v1::State::KIND_ORGANISATION ||
      absl::EndsWith(title, " Islands")) {
    return absl::StrContains(title, ' ');
  }
  const std::string with_article = absl::StrCat("the ", title);
  for (const v1::LocalizedText& name : state.formal_names()) {
    if (name.language() == "en") {
      return absl::StrContains(name.text(), with_article);
    }
  }
  return false;
}

}  // namespace

absl::string_view TextIn(
    const google::protobuf::RepeatedPtrField<v1::LocalizedText>& texts,
    absl::string_view language) {
  const v1::LocalizedText* english = nullptr;
  for (const v1::LocalizedText& text : texts) {
    if (text.language() == language) return text.text();
    if (english == nullptr && text.language() == "en") english = &text;
  }
  if (english != nullptr) return english->text();
  return texts.empty() ? absl::string_view() : texts[0].text();
}

absl::string_view TitleOf(const v1::State& state) {
  const absl::string_view title = TextIn(state.short_names(), "en");
  return title.empty() ? names::LastOf(state.name()) : title;
}

absl::string_view TitleOf(const v1::Treaty& treaty) {
  absl::string_view title = TextIn(treaty.short_titles(), "en");
  if (title.empty()) title = TextIn(treaty.titles(), "en");
  return title.empty() ? names::LastOf(treaty.name()) : title;
}

absl::string_view TitleOf(const v1::Function& function) {
  const absl::string_view title = TextIn(function.titles(), "en");
  return title.empty() ? names::LastOf(function.name()) : title;
}

std::string NameInText(const v1::State& state) {
  const absl::string_view title = TitleOf(state);
  return absl::StrCat(TakesArticle(state, title) ? "the " : "", title);
}

std::string NameInText(const v1::Treaty& treaty) {
  return WithArticle(TitleOf(treaty));
}

std::string NameInText(const v1::Function& function) {
  return InSentence(TitleOf(function));
}

void CiteSources(const google::protobuf::RepeatedPtrField<v1::Source>& sources,
                 google::protobuf::RepeatedPtrField<v1::Source>* cited) {
  const int count = std::min(sources.size(), kCitedSourcesMax);
  for (int i = 0; i < count; ++i) Cite(sources[i], cited);
}

void CiteFirstSource(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources,
    google::protobuf::RepeatedPtrField<v1::Source>* cited) {
  if (!sources.empty()) Cite(sources[0], cited);
}

void CiteDirectory(absl::string_view place,
                   google::protobuf::RepeatedPtrField<v1::Source>* cited) {
  v1::Source* source = cited->Add();
  source->set_document("This directory");
  source->set_place(std::string(place));
}

bool IsSynthetic(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources) {
  return std::any_of(sources.begin(), sources.end(), [](const auto& source) {
    return source.kind() == v1::SOURCE_KIND_SYNTHETIC;
  });
}

}  // namespace comity::rules
