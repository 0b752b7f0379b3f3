#include "rules/designations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "rules/records.h"

namespace comity::rules {
namespace {

// What a source is, for the sentence about age.
absl::string_view SourcePhrase(v1::SourceKind kind) {
  switch (kind) {
    case v1::SOURCE_KIND_DEPOSITARY:
      return "from the depositary";
    case v1::SOURCE_KIND_DEPOSITARY_COPY:
      return "from a third-party copy";
    case v1::SOURCE_KIND_NATIONAL_LAW:
      return "from national law";
    case v1::SOURCE_KIND_DRAFT_NATIONAL_LAW:
      return "from a draft of national law";
    case v1::SOURCE_KIND_FOREIGN_GAZETTE:
      return "from another State's gazette";
    case v1::SOURCE_KIND_ORGANISATION:
      return "from an organisation's document";
    case v1::SOURCE_KIND_REGISTER:
      return "from a register";
    case v1::SOURCE_KIND_DATABASE:
      return "from a third party's database";
    case v1::SOURCE_KIND_TREATY_TEXT:
      return "from the treaty's text";
    case v1::SOURCE_KIND_EDITOR:
      return "entered by an editor";
    case v1::SOURCE_KIND_SYNTHETIC:
      return "made by a generator";
    default:
      return "kind of source not stated";
  }
}

std::string NotifiedPhrase(const DesignationFacts& designation) {
  const absl::string_view date = designation.notified_on;
  if (date.empty()) return "day of notification not known";
  switch (designation.notified_by) {
    case v1::Notification::BASIS_NATIONAL_LAW:
      return absl::StrCat("national law of ", date);
    case v1::Notification::BASIS_REGISTRATION:
      return absl::StrCat("registered ", date);
    case v1::Notification::BASIS_OTHER:
      return absl::StrCat("dated ", date);
    default:
      return absl::StrCat("notified ", date);
  }
}

using AdviceList = google::protobuf::RepeatedPtrField<v1::Advice>;

bool HasSource(const DesignationFacts& designation, v1::SourceKind kind) {
  return (designation.sources & SourceKindBit(kind)) != 0;
}

v1::Advice* Add(v1::ReasonCode code, absl::string_view text,
                AdviceList* advice) {
  v1::Advice* one = advice->Add();
  one->set_code(code);
  one->set_text(text.data(), text.size());
  return one;
}

std::string AgeFrom(const DesignationFacts& designation) {
  std::string verified = "not verified since";
  if (!designation.verified_on.empty()) {
    verified = absl::StrCat("verified ", designation.verified_on,
                            designation.verified_by.empty() ? "" : " by ",
                            designation.verified_by);
  }
  return absl::StrCat(NotifiedPhrase(designation), ", ",
                      SourcePhrase(designation.first_source), ", ", verified);
}

void AdviseOnBounds(const DesignationFacts& designation, Day day,
                    AdviceList* advice) {
  if (designation.from.kind == BoundKind::kUnknown) {
    const absl::string_view date = designation.notified_on;
    const std::optional<Day> notified = ParseDay(date);
    const bool later = notified.has_value() && *notified > day;
    v1::Advice* one = Add(v1::REASON_CODE_START_UNKNOWN,
                          later ? absl::StrCat("Start of designation unknown; ",
                                               NotifiedPhrase(designation),
                                               ", after the day asked for.")
                                : "Start of designation unknown.",
                          advice);
    if (later) AddParameter("date", date, one);
  }
  if (designation.until.kind == BoundKind::kUnknown) {
    Add(v1::REASON_CODE_END_UNKNOWN,
        "Whether the designation has ended is unknown.", advice);
  }
}

void AdviseOnSources(const DesignationFacts& designation, AdviceList* advice) {
  if (designation.verified_on.empty()) {
    v1::Advice* one =
        Add(v1::REASON_CODE_NEVER_VERIFIED,
            absl::StrCat("Age: ", AgeFrom(designation), "."), advice);
    AddParameter("date", designation.notified_on, one);
  }
  // What the depositary itself says needs no warning.
  if (HasSource(designation, v1::SOURCE_KIND_DEPOSITARY)) return;
  if (HasSource(designation, v1::SOURCE_KIND_DEPOSITARY_COPY)) {
    Add(v1::REASON_CODE_SOURCE_IS_COPY,
        "The source is a third party's copy of what was notified.", advice);
  } else if (HasSource(designation, v1::SOURCE_KIND_FOREIGN_GAZETTE)) {
    Add(v1::REASON_CODE_SOURCE_IS_COPY,
        "The source is another State's gazette, which prints what was "
        "notified.",
        advice);
  }
  if (HasSource(designation, v1::SOURCE_KIND_NATIONAL_LAW)) {
    Add(v1::REASON_CODE_SOURCE_IS_NATIONAL_LAW,
        "The source is the State's own law, which may differ from what was "
        "notified.",
        advice);
  }
  if (HasSource(designation, v1::SOURCE_KIND_DRAFT_NATIONAL_LAW)) {
    Add(v1::REASON_CODE_SOURCE_IS_DRAFT,
        "The source is a draft of a national law, not a law in force.", advice);
  }
}

// The article that the treaty provides for the function; empty if none.
absl::string_view UsualArticle(const v1::Function& function,
                               absl::string_view treaty) {
  absl::string_view usual;
  for (const v1::Function::Article& article : function.articles()) {
    if (article.treaty() != treaty ||
        article.basis() == v1::Function::Article::BASIS_UNUSUAL) {
      continue;
    }
    if (article.basis() == v1::Function::Article::BASIS_DESIGNATION) {
      return article.citation();
    }
    if (usual.empty()) usual = article.citation();
  }
  return usual;
}

void AdviseOnArticle(const DesignationFacts& designation,
                     const v1::Function& function, AdviceList* advice) {
  switch (ArticleFitOf(function, designation.treaty, designation.article)) {
    case ArticleFit::kUsual:
      return;
    case ArticleFit::kNotStated:
      Add(v1::REASON_CODE_ARTICLE_NOT_STATED,
          "The designation cites no article of the treaty.", advice);
      return;
    case ArticleFit::kUnusual:
      break;
  }
  const absl::string_view usual = UsualArticle(function, designation.treaty);
  v1::Advice* one =
      Add(v1::REASON_CODE_UNUSUAL_ARTICLE,
          absl::StrCat("The designation cites article ", designation.article,
                       ", unusual for this function",
                       usual.empty() ? "" : "; the usual one is ", usual, "."),
          advice);
  AddParameter("article", designation.article, one);
  if (!usual.empty()) AddParameter("usual", usual, one);
}

}  // namespace

Bound FromProto(const v1::DateBound* bound) {
  if (bound == nullptr) return {};
  if (bound->bound_case() == v1::DateBound::kOpen) {
    return {BoundKind::kOpen, 0};
  }
  if (bound->bound_case() != v1::DateBound::kDate) return {};
  const std::optional<Day> day = ParseDay(bound->date());
  if (!day.has_value()) return {};
  return {BoundKind::kDate, DayNumber(*day)};
}

Bound StartOf(const v1::Designation& designation) {
  return FromProto(designation.has_valid_from() ? &designation.valid_from()
                                                : nullptr);
}

Bound EndOf(const v1::Designation& designation) {
  return FromProto(designation.has_valid_until() ? &designation.valid_until()
                                                 : nullptr);
}

bool HoldsOn(Bound from, Bound until, Day day) {
  const int32_t number = DayNumber(day);
  if (from.kind == BoundKind::kDate && number < from.day) return false;
  return until.kind != BoundKind::kDate || number < until.day;
}

RankKey RankKeyOf(Bound from) {
  if (from.kind != BoundKind::kDate) return {};
  return {true, from.day};
}

bool operator<(const RankKey& a, const RankKey& b) {
  if (a.start_known != b.start_known) return a.start_known;
  return a.start_known && a.start_day > b.start_day;
}

bool operator==(const RankKey& a, const RankKey& b) {
  return a.start_known == b.start_known &&
         (!a.start_known || a.start_day == b.start_day);
}

bool CitationsOverlap(absl::string_view a, absl::string_view b) {
  if (a.empty() || b.empty()) return false;
  const absl::string_view shorter = a.size() <= b.size() ? a : b;
  const absl::string_view longer = a.size() <= b.size() ? b : a;
  return absl::StartsWith(longer, shorter) &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '(');
}

ArticleFit ArticleFitOf(const v1::Function& function, absl::string_view treaty,
                        absl::string_view article) {
  if (article.empty()) return ArticleFit::kNotStated;
  ArticleFit fit = ArticleFit::kUnusual;
  for (const v1::Function::Article& row : function.articles()) {
    if (row.treaty() != treaty || !CitationsOverlap(row.citation(), article)) {
      continue;
    }
    const bool unusual = row.basis() == v1::Function::Article::BASIS_UNUSUAL;
    // The row of the very article decides over those around it.
    if (row.citation() == article) {
      return unusual ? ArticleFit::kUnusual : ArticleFit::kUsual;
    }
    if (!unusual) fit = ArticleFit::kUsual;
  }
  return fit;
}

std::string AgeOf(const v1::Designation& designation) {
  return AgeFrom(FactsOf(designation));
}

uint32_t SourceKindsOf(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources) {
  uint32_t kinds = 0;
  for (const v1::Source& source : sources)
    kinds |= SourceKindBit(source.kind());
  return kinds;
}

DesignationFacts FactsOf(const v1::Designation& designation) {
  DesignationFacts facts;
  facts.treaty = designation.treaty();
  facts.article = designation.article();
  facts.from = StartOf(designation);
  facts.until = EndOf(designation);
  facts.notified_on = designation.notification().date();
  facts.notified_by = designation.notification().basis();
  facts.verified_on = designation.verified_on();
  facts.verified_by = designation.verified_by();
  if (!designation.sources().empty()) {
    facts.first_source = designation.sources(0).kind();
  }
  facts.sources = SourceKindsOf(designation.sources());
  return facts;
}

void AddAdvice(const DesignationFacts& designation,
               const uint32_t* authority_sources, const v1::Function& function,
               Day day, AdviceList* advice) {
  AdviseOnBounds(designation, day, advice);
  AdviseOnSources(designation, advice);
  AdviseOnArticle(designation, function, advice);
  if (authority_sources == nullptr) {
    Add(v1::REASON_CODE_AUTHORITY_NOT_NAMED,
        "The State told its requirements without naming an office.", advice);
  }
  const uint32_t sources =
      designation.sources |
      (authority_sources == nullptr ? 0 : *authority_sources);
  if ((sources & SourceKindBit(v1::SOURCE_KIND_SYNTHETIC)) != 0) {
    Add(v1::REASON_CODE_SYNTHETIC, "Made by a generator, not real.", advice);
  }
}

std::vector<v1::Advice> AdviceFor(const v1::Designation& designation,
                                  const v1::Authority* authority,
                                  const v1::Function& function, Day day) {
  const uint32_t kinds =
      authority == nullptr ? 0 : SourceKindsOf(authority->sources());
  AdviceList advice;
  AddAdvice(FactsOf(designation), authority == nullptr ? nullptr : &kinds,
            function, day, &advice);
  return {advice.begin(), advice.end()};
}

}  // namespace comity::rules
