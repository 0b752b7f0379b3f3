// The contract's values in words for people. Results are plain data: whoever
// prints them makes them visible.

#ifndef COMITY_CLI_WORDS_H_
#define COMITY_CLI_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "comity/v1/authority.pb.h"
#include "comity/v1/common.pb.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/participation.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/timestamp.pb.h"

namespace comity::cli {

using Texts = google::protobuf::RepeatedPtrField<std::string>;
using LocalizedTexts =
    google::protobuf::RepeatedPtrField<comity::v1::LocalizedText>;

// Name of an enumeration's value without its prefix, in lower case and with
// spaces: `formal confirmation`; empty for the unspecified one.
std::string EnumWords(const google::protobuf::EnumDescriptor* type, int value);

template <typename Enum>
std::string Words(Enum value) {
  return EnumWords(google::protobuf::GetEnumDescriptor<Enum>(), value);
}

// All values of an enumeration but the unspecified one, as EnumWords has them,
// with hyphens for spaces: what an option accepts.
std::vector<std::string> EnumChoices(
    const google::protobuf::EnumDescriptor* type);

// The value for one of EnumChoices; 0 for anything else.
int EnumValue(const google::protobuf::EnumDescriptor* type,
              absl::string_view choice);

// The text in English, else the first; empty if there is none.
std::string TextOf(const LocalizedTexts& texts);

// `English, French`.
std::string LanguageNames(const Texts& tags);

// `3 years, 8 months` between two days; empty unless both parse and `from` is
// not after `to`. Below two months in days.
std::string AgeBetween(absl::string_view from, absl::string_view to);

// `a third-party copy of the depositary's text`; empty if not stated.
std::string SourceKindWords(comity::v1::SourceKind kind);

// `start of designation unknown; no end known`.
std::string ValidityWords(const comity::v1::Designation& designation);

// `notified 2011-09-22 (3 years, 8 months before 2015-06-01), from a
// third-party copy, not verified since`. `as_of` is the day asked for; empty
// leaves out the age.
std::string NotificationWords(const comity::v1::Designation& designation,
                              absl::string_view as_of);

// True if the last word on the designation, its notification, its source or a
// verification, is a year or more older than the day `as_of`, or of no known
// age. False without such a day.
bool IsOld(const comity::v1::Designation& designation, absl::string_view as_of);

// `ratification deposited 2002-10-29, in force since 2003-09-29 (derived); no
// change known after 2014-01-27`, that last only of a day after it; the reason,
// in few words where it can be, if there is no period.
std::string ParticipationWords(const comity::v1::ParticipationStatus& status);

// `2026-11-24 10:00:00Z`; empty for an absent time.
std::string TimeWords(const google::protobuf::Timestamp& time);

// `article 18(13)`; empty stays empty.
std::string ArticleWords(absl::string_view article);

// `1 record`, `3 records`.
std::string Count(int64_t number, absl::string_view one,
                  absl::string_view many);

// `1.2 MiB`.
std::string ByteWords(int64_t bytes);

}  // namespace comity::cli

#endif  // COMITY_CLI_WORDS_H_
