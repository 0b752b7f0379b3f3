#include <unicode/locid.h>
#include <unicode/timezone.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "import/values.h"

namespace comity {
namespace {

// No name of a language or time zone is longer.
constexpr size_t kNameBytesMax = 64;

using Names = absl::flat_hash_map<std::string, std::string>;

// Names that ICU does not have, and what laws and notifications call languages.
constexpr struct {
  const char* folded;
  const char* tag;
} kOtherNames[] = {{"moldovan", "ro-MD"},
                   {"moldavian", "ro-MD"},
                   {"moldoveneasca", "ro-MD"},
                   {"moldave", "ro-MD"},
                   {"moldavo", "ro-MD"},
                   {"castilian", "es"},
                   {"castillan", "es"},
                   {"castellano", "es"},
                   {"farsi", "fa"},
                   {"dari", "fa-AF"},
                   {"mandarin", "zh"},
                   {"flemish", "nl-BE"},
                   {"flamand", "nl-BE"},
                   {"flamenco", "nl-BE"},
                   {"slovene", "sl"},
                   {"croat", "hr"},
                   {"bokmal", "nb"},
                   {"nynorsk", "nn"},
                   {"serbo croatian", "sh"},
                   {"tetum", "tet"},
                   {"byelorussian", "be"},
                   {"valencian", "ca-valencia"}};

std::string Folded(const icu::UnicodeString& name) {
  std::string utf8;
  name.toUTF8String(utf8);
  return Fold(utf8);
}

const Names& LanguageNames() {
  static const Names* const kNames = [] {
    auto* names = new Names();
    const icu::Locale shown_in[] = {
        icu::Locale::getEnglish(), icu::Locale::getFrench(), icu::Locale("es")};
    for (const auto& other : kOtherNames)
      names->try_emplace(other.folded, other.tag);
    for (const char* const* code = uloc_getISOLanguages(); *code != nullptr;
         ++code) {
      const icu::Locale language(*code);
      icu::UnicodeString name;
      for (const icu::Locale& in : shown_in) {
        names->try_emplace(Folded(language.getDisplayLanguage(in, name)),
                           *code);
      }
      names->try_emplace(Folded(language.getDisplayLanguage(language, name)),
                         *code);
    }
    return names;
  }();
  return *kNames;
}

// The canonical tag of what has the shape of one and a language that exists.
std::optional<std::string> CanonicalTag(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const std::string tag = absl::StrReplaceAll(text, {{"_", "-"}});
  icu::Locale locale = icu::Locale::forLanguageTag(tag, error);
  if (U_SUCCESS(error)) locale.canonicalize(error);
  if (U_FAILURE(error) || *locale.getLanguage() == '\0') return std::nullopt;
  // A language without a name is only a shape.
  icu::UnicodeString name;
  locale.getDisplayLanguage(icu::Locale::getEnglish(), name);
  if (name == icu::UnicodeString(locale.getLanguage(), -1, US_INV)) {
    return std::nullopt;
  }
  std::string canonical = locale.toLanguageTag<std::string>(error);
  // ICU drops what it does not understand.
  if (U_FAILURE(error) || absl::StrContains(canonical, "-x-lvariant")) {
    return std::nullopt;
  }
  return canonical;
}

// `+1`, `-03:30`, `+0530`, `+/- 0` to `UTC+01:00`; nullopt for others.
std::optional<std::string> Offset(absl::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      compact.push_back(c);
    }
  }
  absl::StrReplaceAll({{"±", "+"}, {"+/-", "+"}, {"−", "-"}, {".", ":"}},
                      &compact);
  if (compact.empty()) return "UTC+00:00";
  if (compact[0] != '+' && compact[0] != '-') return std::nullopt;
  std::vector<std::string> parts = absl::StrSplit(compact.substr(1), ':');
  if (parts.size() == 1 && parts[0].size() == 4) {
    parts = {parts[0].substr(0, 2), parts[0].substr(2)};
  }
  int hours = 0;
  int minutes = 0;
  if (parts.size() > 2 || !absl::SimpleAtoi(parts[0], &hours) || hours < 0 ||
      hours > 14) {
    return std::nullopt;
  }
  if (parts.size() == 2 &&
      (!absl::SimpleAtoi(parts[1], &minutes) || minutes < 0 || minutes > 59)) {
    return std::nullopt;
  }
  return absl::StrFormat("UTC%c%02d:%02d",
                         hours == 0 && minutes == 0 ? '+' : compact[0], hours,
                         minutes);
}

}  // namespace

std::optional<std::string> ParseLanguage(absl::string_view text) {
  text = Trim(text);
  if (text.empty() || text.size() > kNameBytesMax) return std::nullopt;
  const bool has_shape = text.size() < 4 || absl::StrContains(text, "-") ||
                         absl::StrContains(text, "_");
  if (has_shape) {
    if (std::optional<std::string> tag = CanonicalTag(text); tag.has_value()) {
      return tag;
    }
  }
  const auto found = LanguageNames().find(Fold(text));
  if (found == LanguageNames().end() || found->first.empty()) {
    return std::nullopt;
  }
  return found->second;
}

std::optional<std::string> ParseTimeZone(absl::string_view text) {
  text = Trim(text);
  if (text.empty() || text.size() > kNameBytesMax) return std::nullopt;
  if (text == "Z") return "UTC+00:00";
  if (absl::StartsWithIgnoreCase(text, "utc") ||
      absl::StartsWithIgnoreCase(text, "gmt")) {
    return Offset(text.substr(3));
  }
  if (text[0] == '+' || text[0] == '-') return Offset(text);
  const std::unique_ptr<icu::TimeZone> zone(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(
          icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))));
  icu::UnicodeString id;
  zone->getID(id);
  std::string name;
  id.toUTF8String(name);
  if (name == "Etc/Unknown" || name != text) return std::nullopt;
  return name;
}

}  // namespace comity
