#include "rules/designations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "comity/v1/directory_service.pb.h"
#include "rules/steps.h"

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

bool HasSource(const DesignationFacts& designation, v1::SourceKind kind) {
  return (designation.source_kinds & SourceKindBit(kind)) != 0;
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
                    const AdviceWriter& advice) {
  if (designation.from.kind == BoundKind::kUnknown) {
    const absl::string_view date = designation.notified_on;
    const std::optional<Day> notified = ParseDay(date);
    if (notified.has_value() && *notified > day) {
      advice.Add(v1::REASON_CODE_START_UNKNOWN,
                 {"Start of designation unknown; ", NotifiedPhrase(designation),
                  ", after the day asked for."},
                 {{"date", date}});
    } else {
      advice.Add(v1::REASON_CODE_START_UNKNOWN,
                 {"Start of designation unknown."});
    }
  }
  if (designation.until.kind == BoundKind::kUnknown) {
    advice.Add(v1::REASON_CODE_END_UNKNOWN,
               {"Whether the designation has ended is unknown."});
  }
}

void AdviseOnSources(const DesignationFacts& designation,
                     const AdviceWriter& advice) {
  if (designation.verified_on.empty()) {
    advice.Add(v1::REASON_CODE_NEVER_VERIFIED,
               {"Age: ", AgeFrom(designation), "."},
               {{"date", designation.notified_on}});
  }
  // What the depositary itself says needs no warning.
  if (HasSource(designation, v1::SOURCE_KIND_DEPOSITARY)) return;
  if (HasSource(designation, v1::SOURCE_KIND_DEPOSITARY_COPY)) {
    advice.Add(v1::REASON_CODE_SOURCE_IS_COPY,
               {"The source is a third party's copy of what was notified."});
  } else if (HasSource(designation, v1::SOURCE_KIND_FOREIGN_GAZETTE)) {
    advice.Add(v1::REASON_CODE_SOURCE_IS_COPY,
               {"The source is another State's gazette, which prints what was "
                "notified."});
  }
  if (HasSource(designation, v1::SOURCE_KIND_NATIONAL_LAW)) {
    advice.Add(v1::REASON_CODE_SOURCE_IS_NATIONAL_LAW,
               {"The source is the State's own law, which may differ from what "
                "was notified."});
  }
  if (HasSource(designation, v1::SOURCE_KIND_DRAFT_NATIONAL_LAW)) {
    advice.Add(v1::REASON_CODE_SOURCE_IS_DRAFT,
               {"The source is a draft of a national law, not a law in "
                "force."});
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
                     const v1::Function& function, const AdviceWriter& advice) {
  switch (ArticleFitOf(function, designation.treaty, designation.article)) {
    case ArticleFit::kUsual:
      return;
    case ArticleFit::kNotStated:
      advice.Add(v1::REASON_CODE_ARTICLE_NOT_STATED,
                 {"The designation cites no article of the treaty."});
      return;
    case ArticleFit::kUnusual:
      break;
  }
  const absl::string_view article = designation.article;
  const absl::string_view usual = UsualArticle(function, designation.treaty);
  if (usual.empty()) {
    advice.Add(v1::REASON_CODE_UNUSUAL_ARTICLE,
               {"The designation cites article ", article,
                ", unusual for this function."},
               {{"article", article}});
    return;
  }
  advice.Add(v1::REASON_CODE_UNUSUAL_ARTICLE,
             {"The designation cites article ", article,
              ", unusual for this function; the usual one is ", usual, "."},
             {{"article", article}, {"usual", usual}});
}

// OK if a message was read to its end.
absl::Status AtEnd(absl::string_view rest) {
  if (rest.empty()) return absl::OkStatus();
  return absl::DataLossError("a stored record does not parse");
}

absl::Status ReadBound(absl::string_view bytes, Bound* bound) {
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    *bound = {};
    if (field.number == v1::DateBound::kOpenFieldNumber) {
      bound->kind = BoundKind::kOpen;
    } else if (field.number == v1::DateBound::kDateFieldNumber) {
      const std::optional<Day> day = ParseDay(field.bytes);
      if (day.has_value()) *bound = {BoundKind::kDate, DayNumber(*day)};
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadNotification(absl::string_view bytes,
                              DesignationFacts* facts) {
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    if (field.number == v1::Notification::kDateFieldNumber) {
      facts->notified_on = field.bytes;
    } else if (field.number == v1::Notification::kBasisFieldNumber) {
      facts->notified_by =
          static_cast<v1::Notification::Basis>(static_cast<int>(field.value));
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadKind(absl::string_view source, int* kind) {
  *kind = v1::SOURCE_KIND_UNSPECIFIED;
  wire::Field field;
  while (wire::TakeField(&source, &field)) {
    if (field.number == v1::Source::kKindFieldNumber) {
      *kind = static_cast<int>(field.value);
    }
  }
  return AtEnd(source);
}

// The name in English wins, and of several the first.
absl::Status ReadDisplayName(absl::string_view bytes, AuthorityFacts* facts) {
  absl::string_view text;
  absl::string_view language;
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    if (field.number == v1::LocalizedText::kTextFieldNumber) {
      text = field.bytes;
    } else if (field.number == v1::LocalizedText::kLanguageFieldNumber) {
      language = field.bytes;
    }
  }
  const bool english = language == "en";
  if (!facts->in_english && (english || facts->display_name.empty())) {
    facts->display_name = text;
    facts->in_english = english;
  }
  return AtEnd(bytes);
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

absl::Status ReadFacts(absl::string_view bytes, DesignationFacts* facts) {
  using D = v1::Designation;
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    switch (field.number) {
      case D::kNameFieldNumber:
        facts->name = field.bytes;
        break;
      case D::kTreatyFieldNumber:
        facts->treaty = field.bytes;
        break;
      case D::kArticleFieldNumber:
        facts->article = field.bytes;
        break;
      case D::kValidFromFieldNumber:
        RETURN_IF_ERROR(ReadBound(field.bytes, &facts->from));
        break;
      case D::kValidUntilFieldNumber:
        RETURN_IF_ERROR(ReadBound(field.bytes, &facts->until));
        break;
      case D::kNotificationFieldNumber:
        RETURN_IF_ERROR(ReadNotification(field.bytes, facts));
        break;
      case D::kLanguagesFieldNumber:
        facts->languages.push_back(field.bytes);
        break;
      case D::kChannelsFieldNumber:
        facts->channels.push_back(field.bytes);
        break;
      case D::kFormsFieldNumber:
        facts->forms.push_back(field.bytes);
        break;
      case D::kRequiredContentsFieldNumber:
        facts->required_contents.push_back(field.bytes);
        break;
      case D::kUrgentProcedureFieldNumber:
        facts->urgent_procedure = field.bytes;
        break;
      case D::kCompetenceFieldNumber:
        facts->competence = field.bytes;
        break;
      case D::kVerifiedOnFieldNumber:
        facts->verified_on = field.bytes;
        break;
      case D::kVerifiedByFieldNumber:
        facts->verified_by = field.bytes;
        break;
      case D::kSourcesFieldNumber: {
        int kind = 0;
        RETURN_IF_ERROR(ReadKind(field.bytes, &kind));
        if (facts->sources.empty()) {
          facts->first_source = static_cast<v1::SourceKind>(kind);
        }
        facts->source_kinds |= SourceKindBit(kind);
        facts->sources.push_back(field.bytes);
        break;
      }
      default:
        break;
    }
  }
  return AtEnd(bytes);
}

absl::Status ReadFacts(absl::string_view bytes, AuthorityFacts* facts) {
  using A = v1::Authority;
  wire::Field field;
  while (wire::TakeField(&bytes, &field)) {
    switch (field.number) {
      case A::kNameFieldNumber:
        facts->name = field.bytes;
        break;
      case A::kDisplayNamesFieldNumber:
        RETURN_IF_ERROR(ReadDisplayName(field.bytes, facts));
        break;
      case A::kLanguagesFieldNumber:
        facts->languages.push_back(field.bytes);
        break;
      case A::kInterpolChannelFieldNumber:
        facts->interpol_channel = field.bytes;
        break;
      case A::kTerritoryFieldNumber:
        facts->territory = field.bytes;
        break;
      case A::kSourcesFieldNumber: {
        int kind = 0;
        RETURN_IF_ERROR(ReadKind(field.bytes, &kind));
        facts->source_kinds |= SourceKindBit(kind);
        break;
      }
      default:
        break;
    }
  }
  return AtEnd(bytes);
}

void WriteAdvice(int number, const DesignationFacts& designation,
                 const AuthorityFacts* authority, const v1::Function& function,
                 Day day, wire::Writer* writer) {
  const AdviceWriter advice(number, writer);
  AdviseOnBounds(designation, day, advice);
  AdviseOnSources(designation, advice);
  AdviseOnArticle(designation, function, advice);
  if (authority == nullptr) {
    advice.Add(v1::REASON_CODE_AUTHORITY_NOT_NAMED,
               {"The State told its requirements without naming an office."});
  }
  const uint32_t kinds = designation.source_kinds |
                         (authority == nullptr ? 0 : authority->source_kinds);
  if ((kinds & SourceKindBit(v1::SOURCE_KIND_SYNTHETIC)) != 0) {
    advice.Add(v1::REASON_CODE_SYNTHETIC, {"Made by a generator, not real."});
  }
}

std::vector<v1::Advice> AdviceFor(const v1::Designation& designation,
                                  const v1::Authority* authority,
                                  const v1::Function& function, Day day) {
  const std::string bytes = designation.SerializeAsString();
  DesignationFacts facts;
  std::string office_bytes;
  AuthorityFacts office;
  if (authority != nullptr) office_bytes = authority->SerializeAsString();
  v1::FoundContact contact;
  std::string fields;
  wire::Writer writer(&fields);
  // What was serialised parses.
  if (ReadFacts(bytes, &facts).ok() && ReadFacts(office_bytes, &office).ok()) {
    WriteAdvice(v1::FoundContact::kAdviceFieldNumber, facts,
                authority == nullptr ? nullptr : &office, function, day,
                &writer);
    contact.ParseFromString(fields);
  }
  return {contact.advice().begin(), contact.advice().end()};
}

std::string AgeOf(const v1::Designation& designation) {
  const std::string bytes = designation.SerializeAsString();
  DesignationFacts facts;
  return ReadFacts(bytes, &facts).ok() ? AgeFrom(facts) : std::string();
}

}  // namespace comity::rules
