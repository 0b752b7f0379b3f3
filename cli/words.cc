#include "cli/words.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/dates.h"
#include "base/english.h"

namespace comity::cli {
namespace {

using google::protobuf::EnumDescriptor;

// `RECORD_KIND_` for RecordKind.
std::string PrefixOf(const EnumDescriptor* type) {
  std::string prefix;
  for (const char c : type->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) {
      prefix += '_';
    }
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + '_';
}

std::string VerificationWords(const v1::Designation& designation) {
  if (designation.verified_on().empty()) {
    return designation.notification().date().empty() &&
                   designation.sources().empty()
               ? "never verified"
               : "not verified since";
  }
  return absl::StrCat("verified ", designation.verified_on(),
                      designation.verified_by().empty() ? "" : " by ",
                      designation.verified_by());
}

// What happened on the notification's date.
std::string DateWords(const v1::Notification& notification) {
  if (notification.date().empty()) return "day of notification unknown";
  switch (notification.basis()) {
    case v1::Notification::BASIS_DEPOSIT:
      return absl::StrCat("notified with the deposit on ", notification.date());
    case v1::Notification::BASIS_NATIONAL_LAW:
      return absl::StrCat("national law of ", notification.date());
    case v1::Notification::BASIS_REGISTRATION:
      return absl::StrCat("registered ", notification.date());
    case v1::Notification::BASIS_OTHER:
      if (!notification.basis_as_stated().empty()) {
        return absl::StrCat(notification.basis_as_stated(), ": ",
                            notification.date());
      }
      return absl::StrCat("dated ", notification.date());
    default:
      return absl::StrCat("notified ", notification.date());
  }
}

// ` (3 years, 8 months before 2015-06-01)`; nothing without both days.
std::string BeforeWords(absl::string_view date, absl::string_view as_of) {
  const std::optional<Day> first = ParseDay(date);
  const std::optional<Day> last = ParseDay(as_of);
  if (!first.has_value() || !last.has_value()) return "";
  if (*first > *last) return absl::StrCat(" (after ", as_of, ")");
  return absl::StrCat(" (", AgeBetween(date, as_of), " before ", as_of, ")");
}

}  // namespace

std::string EnumWords(const EnumDescriptor* type, int value) {
  const auto* found = type->FindValueByNumber(value);
  if (found == nullptr) return absl::StrCat("value ", value);
  if (value == 0) return "";
  const std::string prefix = PrefixOf(type);
  std::string words =
      absl::AsciiStrToLower(absl::StripPrefix(found->name(), prefix));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words == "twenty four seven" ? "24/7 point of contact" : words;
}

std::vector<std::string> EnumChoices(const EnumDescriptor* type) {
  std::vector<std::string> choices;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;
    choices.push_back(absl::StrReplaceAll(
        EnumWords(type, type->value(i)->number()), {{" ", "-"}}));
  }
  return choices;
}

int EnumValue(const EnumDescriptor* type, absl::string_view choice) {
  for (int i = 0; i < type->value_count(); ++i) {
    const int number = type->value(i)->number();
    if (number != 0 &&
        absl::StrReplaceAll(EnumWords(type, number), {{" ", "-"}}) == choice) {
      return number;
    }
  }
  return 0;
}

std::string TextOf(const LocalizedTexts& texts) {
  for (const auto& text : texts) {
    if (text.language() == "en") return text.text();
  }
  return texts.empty() ? "" : texts.at(0).text();
}

std::string LanguageNames(const Texts& tags) {
  return absl::StrJoin(tags, ", ", [](std::string* out, const auto& tag) {
    absl::StrAppend(out, LanguageName(tag));
  });
}

std::string AgeBetween(absl::string_view from, absl::string_view to) {
  const std::optional<Day> first = ParseDay(from);
  const std::optional<Day> last = ParseDay(to);
  if (!first || !last || *first > *last) return "";
  int64_t months = (last->year() - first->year()) * 12 +
                   (last->month() - first->month()) -
                   (last->day() < first->day() ? 1 : 0);
  if (months < 2) return Count(*last - *first, "day", "days");
  const int64_t years = months / 12;
  months %= 12;
  if (years == 0) return Count(months, "month", "months");
  if (months == 0) return Count(years, "year", "years");
  return absl::StrCat(Count(years, "year", "years"), ", ",
                      Count(months, "month", "months"));
}

std::string SourceKindWords(v1::SourceKind kind) {
  switch (kind) {
    case v1::SOURCE_KIND_DEPOSITARY:
      return "the depositary";
    case v1::SOURCE_KIND_DEPOSITARY_COPY:
      return "a third-party copy";
    case v1::SOURCE_KIND_NATIONAL_LAW:
      return "national law";
    case v1::SOURCE_KIND_DRAFT_NATIONAL_LAW:
      return "a draft of national law";
    case v1::SOURCE_KIND_FOREIGN_GAZETTE:
      return "another State's gazette";
    case v1::SOURCE_KIND_ORGANISATION:
      return "an organisation's information";
    case v1::SOURCE_KIND_REGISTER:
      return "a register";
    case v1::SOURCE_KIND_DATABASE:
      return "a third party's database";
    case v1::SOURCE_KIND_TREATY_TEXT:
      return "the treaty's text";
    case v1::SOURCE_KIND_EDITOR:
      return "an editor of the directory";
    case v1::SOURCE_KIND_SYNTHETIC:
      return "a generator: not real";
    default:
      return "";
  }
}

std::string ValidityWords(const v1::Designation& designation) {
  std::string words;
  const v1::DateBound& from = designation.valid_from();
  if (!from.date().empty()) {
    absl::StrAppend(&words, "from ", from.date());
  } else {
    words = from.open() ? "no start stated" : "start of designation unknown";
  }
  const v1::DateBound& until = designation.valid_until();
  if (!until.date().empty()) {
    return absl::StrCat(words, "; until ", until.date(), " (exclusive)");
  }
  if (until.unknown()) return words + "; ended, or may have, on an unknown day";
  return words + "; no end known";
}

std::string NotificationWords(const v1::Designation& designation,
                              absl::string_view as_of) {
  const v1::Notification& notification = designation.notification();
  std::string words = DateWords(notification);
  absl::StrAppend(&words, BeforeWords(notification.date(), as_of));
  if (!notification.reference().empty()) {
    absl::StrAppend(&words, ", ", notification.reference());
  }
  if (!designation.sources().empty()) {
    const v1::Source& source = designation.sources(0);
    // A date of a law says what the source is.
    const bool is_said =
        source.kind() == v1::SOURCE_KIND_NATIONAL_LAW &&
        notification.basis() == v1::Notification::BASIS_NATIONAL_LAW;
    const std::string kind = is_said ? "" : SourceKindWords(source.kind());
    if (!kind.empty()) absl::StrAppend(&words, ", from ", kind);
    if (!source.as_of().empty()) {
      absl::StrAppend(&words, kind.empty() ? ", as of " : " as of ",
                      source.as_of());
      if (notification.date().empty()) {
        absl::StrAppend(&words, BeforeWords(source.as_of(), as_of));
      }
    }
  }
  return absl::StrCat(words, ", ", VerificationWords(designation));
}

bool IsOld(const v1::Designation& designation, absl::string_view as_of) {
  const std::optional<Day> day = ParseDay(as_of);
  if (!day.has_value()) return false;
  std::optional<Day> last;
  const auto consider = [&last](absl::string_view text) {
    const std::optional<DayRange> range = ParsePartialDay(text);
    if (range.has_value() && (!last.has_value() || *last < range->last)) {
      last = range->last;
    }
  };
  consider(designation.notification().date());
  consider(designation.verified_on());
  for (const v1::Source& source : designation.sources()) {
    consider(source.as_of());
    consider(source.document_date());
  }
  // Leap days are no matter here.
  return !last.has_value() || *day - *last >= 365;
}

std::string ParticipationWords(const v1::ParticipationStatus& status) {
  const v1::Participation::Period& period = status.period();
  if (status.code() == v1::REASON_CODE_NO_RECORD) return "no record";
  if (!status.has_period() || period.deposit_date().empty()) {
    return status.reason();
  }
  const std::string act = Words(period.act());
  std::string words = absl::StrCat(act.empty() ? "instrument" : act,
                                   " deposited ", period.deposit_date());
  if (!status.entry_into_force().empty()) {
    absl::StrAppend(&words, ", ",
                    status.status() == v1::IN_FORCE_STATUS_IN_FORCE
                        ? "in force since "
                        : "entry into force ",
                    status.entry_into_force());
    const std::string basis = Words(status.entry_into_force_basis());
    if (!basis.empty() && basis != "stated") {
      absl::StrAppend(&words, " (", basis, ")");
    }
  }
  if (!period.end().date().empty()) {
    absl::StrAppend(&words, ", ended ", period.end().date());
  }
  if (status.beyond_data()) {
    absl::StrAppend(&words, "; no change known after ",
                    status.complete_as_of());
  }
  return words;
}

std::string TimeWords(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%SZ",
                          absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::string ArticleWords(absl::string_view article) {
  return article.empty() ? "" : absl::StrCat("article ", article);
}

std::string Count(int64_t number, absl::string_view one,
                  absl::string_view many) {
  std::string digits = absl::StrCat(number);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return absl::StrCat(digits, " ", number == 1 ? one : many);
}

std::string ByteWords(int64_t bytes) {
  if (bytes < 1024) return absl::StrCat(bytes, " bytes");
  const double kib = static_cast<double>(bytes) / 1024;
  if (kib < 1024) return absl::StrFormat("%.1f KiB", kib);
  if (kib < 1024 * 1024) return absl::StrFormat("%.1f MiB", kib / 1024);
  return absl::StrFormat("%.1f GiB", kib / 1024 / 1024);
}

}  // namespace comity::cli
