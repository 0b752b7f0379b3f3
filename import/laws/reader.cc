#include "import/laws/reader.h"

#include <unicode/uloc.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/dates.h"
#include "base/text.h"
#include "import/laws/decode.h"
#include "import/laws/provisions.h"

namespace comity::laws {
namespace {

// Languages that detection takes for one another.
constexpr absl::string_view kAlike[] = {
    "|nb|nn|no|da|", "|hr|bs|sr|sh|sl|mk|bg|",
    "|cs|sk|",       "|id|ms|",
    "|gl|pt|es|ca|", "|zh|yue|",
    "|ru|be|uk|",    "|hi|ne|mr|",
    "|fa|ps|ur|ar|", "|af|nl|",
};

absl::string_view Primary(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

bool Alike(absl::string_view a, absl::string_view b) {
  if (Primary(a) == Primary(b)) return true;
  const std::string first = absl::StrCat("|", Primary(a), "|");
  const std::string second = absl::StrCat("|", Primary(b), "|");
  for (const absl::string_view group : kAlike) {
    if (absl::StrContains(group, first) && absl::StrContains(group, second)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void SetLanguage(const Input& input, absl::string_view stated,
                 Statement statement, absl::string_view sample,
                 LawDocument* document) {
  std::string tag = LanguageTag(stated);
  v1::Expression& expression = document->expression;
  if (!tag.empty() && statement == Statement::kCertain) {
    expression.set_language(tag);
    return;
  }
  const std::string hint = LanguageTag(input.options->language);
  const std::string detected = DetectLanguage(sample);
  for (const std::string& candidate : {hint, tag}) {
    if (candidate.empty()) continue;
    // A hint of the person who imports is believed, a template is not.
    if (candidate == hint || detected.empty() || Alike(candidate, detected)) {
      expression.set_language(candidate);
      return;
    }
  }
  expression.set_language(detected);
  expression.set_language_detected(!detected.empty());
  if (detected.empty()) {
    AddNotice(document, "", "the language was not found out");
  } else if (!tag.empty()) {
    AddNotice(document, "",
              absl::StrCat("the file says that its language is ", tag,
                           ", its text is ", detected));
  }
}

void SetTitle(absl::string_view title, LawDocument* document) {
  const std::string tidy = Tidy(title);
  if (tidy.empty()) return;
  document->expression.set_title(tidy);
}

std::string PartialDay(absl::string_view stated) {
  stated = absl::StripAsciiWhitespace(stated);
  std::string day(stated.substr(0, 10));
  if (stated.size() == 8 &&
      stated.find_first_not_of("0123456789") == absl::string_view::npos) {
    day = absl::StrCat(stated.substr(0, 4), "-", stated.substr(4, 2), "-",
                       stated.substr(6, 2));
  }
  // Ends of time that stand for none.
  if (absl::StartsWith(day, "9999") || absl::StartsWith(day, "0001")) return "";
  return ParsePartialDay(day).has_value() ? day : "";
}

void SetValidFrom(absl::string_view day, LawDocument* document) {
  const std::string partial = PartialDay(day);
  if (ParseDay(partial).has_value()) {
    document->expression.mutable_valid_from()->set_date(partial);
  }
}

void SetValidUntil(absl::string_view day, LawDocument* document) {
  const std::string partial = PartialDay(day);
  if (ParseDay(partial).has_value()) {
    document->expression.mutable_valid_until()->set_date(partial);
  }
}

std::string StateCode(absl::string_view stated) {
  if (const size_t slash = stated.rfind('/');
      slash != absl::string_view::npos) {
    stated.remove_prefix(slash + 1);
  }
  std::string code = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(stated));
  if (code.size() == 3) return code;
  if (code.size() != 2) return "";
  if (code == "UK") code = "GB";
  const char* alpha3 = uloc_getISO3Country(absl::StrCat("und_", code).c_str());
  return alpha3 == nullptr ? "" : alpha3;
}

v1::LawType LawTypeOf(absl::string_view stated) {
  const std::string folded = absl::StrCat(" ", Fold(stated), " ");
  static constexpr struct {
    const char* word;
    v1::LawType type;
  } kWords[] = {
      {" constitution ", v1::LAW_TYPE_CONSTITUTION},
      {" judicial interpretation ", v1::LAW_TYPE_JUDICIAL_INTERPRETATION},
      {" judgment ", v1::LAW_TYPE_JUDGMENT},
      {" decision of a court ", v1::LAW_TYPE_JUDGMENT},
      {" treaty ", v1::LAW_TYPE_TREATY},
      {" code section ", v1::LAW_TYPE_CODE},
      {" code ", v1::LAW_TYPE_CODE},
      {" act ", v1::LAW_TYPE_ACT},
      {" law ", v1::LAW_TYPE_ACT},
      {" loi ", v1::LAW_TYPE_ACT},
      {" ley ", v1::LAW_TYPE_ACT},
      {" laki ", v1::LAW_TYPE_ACT},
      {" seadus ", v1::LAW_TYPE_ACT},
      {" lov ", v1::LAW_TYPE_ACT},
      {" publiclaw ", v1::LAW_TYPE_ACT},
      {" public law ", v1::LAW_TYPE_ACT},
      {" unitedkingdompublicgeneralact ", v1::LAW_TYPE_ACT},
      {" scottishact ", v1::LAW_TYPE_ACT},
      {" decree ", v1::LAW_TYPE_DECREE},
      {" decreto ", v1::LAW_TYPE_DECREE},
      {" bekendtgorelse ", v1::LAW_TYPE_DECREE},
      {" bek h lokdok04 ", v1::LAW_TYPE_DECREE},
      {" maarus ", v1::LAW_TYPE_DECREE},
      {" asetus ", v1::LAW_TYPE_DECREE},
      {" reglement ", v1::LAW_TYPE_DECREE},
      {" regulation ", v1::LAW_TYPE_DECREE},
  };
  if (folded.size() <= 2) return v1::LAW_TYPE_UNSPECIFIED;
  for (const auto& [word, type] : kWords) {
    if (absl::StrContains(folded, word)) return type;
  }
  return v1::LAW_TYPE_OTHER;
}

}  // namespace comity::laws
