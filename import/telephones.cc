#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "import/values.h"

namespace comity {
namespace {

constexpr size_t npos = absl::string_view::npos;

// Digits that a number needs to stand by itself.
constexpr size_t kOwnDigits = 5;

size_t CountDigits(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      }));
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsAlpha(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) ||
         static_cast<unsigned char>(c) >= 0x80U;
}

// True if another full number begins at the start of `text`.
bool BeginsNumber(absl::string_view text) {
  text = Trim(text);
  return absl::StartsWith(text, "+") || absl::StartsWith(text, "00") ||
         absl::StartsWith(text, "(+");
}

// Splits an item further at ` / `, `, +` and ` or ` between full numbers, which
// in lists of extensions (`ext. 2066, 2012`) do not divide.
void AppendNumbers(absl::string_view item,
                   std::vector<absl::string_view>* numbers) {
  size_t start = 0;
  for (size_t i = 0; i < item.size(); ++i) {
    size_t size = 0;
    const absl::string_view rest = item.substr(i);
    if (item[i] == '/' || item[i] == ',') {
      size = 1;
    } else {
      for (const absl::string_view word :
           {" or ", " and ", " ou ", " et ", " o ", " y "}) {
        if (absl::StartsWith(rest, word)) size = word.size();
      }
    }
    if (size == 0 || CountDigits(item.substr(start, i - start)) < kOwnDigits) {
      continue;
    }
    const absl::string_view after = rest.substr(size);
    const bool spaced = item[i] == '/' && i > 0 && item[i - 1] == ' ' &&
                        absl::StartsWith(after, " ");
    if (BeginsNumber(after) || (spaced && CountDigits(after) >= kOwnDigits &&
                                IsDigit(Trim(after)[0]))) {
      numbers->push_back(Trim(item.substr(start, i - start)));
      start = i + size;
    }
  }
  numbers->push_back(Trim(item.substr(start)));
}

// The kind that a label in front of a number says; UNSPECIFIED for others.
v1::TelephoneNumber::Kind KindOfLabel(absl::string_view label) {
  using T = v1::TelephoneNumber;
  const std::string folded = Fold(label);
  const bool fax = absl::StrContains(folded, "fax") ||
                   absl::StrContains(folded, "telecop") ||
                   absl::StrContains(folded, "facsimile");
  const bool telephone = absl::StartsWith(folded, "tel") ||
                         absl::StrContains(folded, "phone") || folded == "t" ||
                         folded == "ph";
  if (absl::StartsWith(folded, "telefax") ||
      absl::StartsWith(folded, "telecop")) {
    return T::KIND_FAX;
  }
  if (fax && telephone) return T::KIND_TELEPHONE_AND_FAX;
  if (fax || folded == "f") return T::KIND_FAX;
  return telephone ? T::KIND_TELEPHONE : T::KIND_UNSPECIFIED;
}

// True if the label says no more than its kind does.
bool IsPlainLabel(absl::string_view label) {
  const std::string folded = Fold(label);
  for (const absl::string_view plain :
       {"tel", "telephone", "phone", "ph", "t", "fax", "f", "telefax",
        "tel fax", "telephone fax", "phone fax", "telefono", "telecopie",
        "telecopieur", "facsimile", "telephone and fax", "tel and fax"}) {
    if (folded == plain) return true;
  }
  return false;
}

void AddNote(absl::string_view note, std::string* notes) {
  if (note.empty()) return;
  absl::StrAppend(notes, notes->empty() ? "" : "; ", note);
}

// Where an extension begins in `text`; npos without one.
size_t ExtensionStart(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  for (const absl::string_view word :
       {"ext", "poste", "interno", "anexo", "dw.", "durchwahl"}) {
    const size_t at = absl::string_view(lower).find(word);
    if (at != std::string::npos && at > 0 && !IsAlpha(lower[at - 1]) &&
        CountDigits(absl::string_view(lower).substr(at)) > 0 &&
        CountDigits(absl::string_view(lower).substr(0, at)) > 0) {
      return at;
    }
  }
  return npos;
}

}  // namespace

std::vector<absl::string_view> TelephoneItems(absl::string_view text) {
  std::vector<absl::string_view> numbers;
  for (const absl::string_view item : Items(text, ";")) {
    AppendNumbers(item, &numbers);
  }
  numbers.erase(std::remove(numbers.begin(), numbers.end(), ""), numbers.end());
  return numbers;
}

std::optional<ParsedTelephone> ParseTelephone(absl::string_view text) {
  ParsedTelephone parsed;
  absl::string_view rest = Trim(text);
  // A label in front: letters up to a colon, or up to the number.
  const size_t number = rest.find_first_of("+0123456789");
  if (number == npos || CountDigits(rest) < 3) return std::nullopt;
  size_t end = number;
  while (end > 0 && (rest[end - 1] == '(' || rest[end - 1] == ' ')) --end;
  absl::string_view label = Trim(rest.substr(0, end));
  if (label.find_first_not_of("(") != npos && !label.empty()) {
    while (!label.empty() && (label.back() == ':' || label.back() == '.')) {
      label.remove_suffix(1);
    }
    parsed.kind = KindOfLabel(label);
    if (!IsPlainLabel(label)) AddNote(label, &parsed.note);
    rest = Trim(rest.substr(end));
  }
  std::string tail;
  if (const size_t extension = ExtensionStart(rest); extension != npos) {
    absl::string_view words = Trim(rest.substr(extension));
    rest = Trim(rest.substr(0, extension));
    // `(ext. 12)`.
    if (absl::EndsWith(rest, "(") && absl::EndsWith(words, ")")) {
      rest = Trim(rest.substr(0, rest.size() - 1));
      words = Trim(words.substr(0, words.size() - 1));
    }
    while (!rest.empty() && (rest.back() == ',' || rest.back() == ';')) {
      rest = Trim(rest.substr(0, rest.size() - 1));
    }
    tail = std::string(words);
  }
  // A label behind, in brackets that hold letters.
  if (absl::EndsWith(rest, ")")) {
    const size_t open = rest.rfind('(');
    const absl::string_view inside =
        open == npos ? "" : rest.substr(open + 1, rest.size() - open - 2);
    if (open != npos && open > 0 &&
        std::any_of(inside.begin(), inside.end(), IsAlpha)) {
      if (parsed.kind == v1::TelephoneNumber::KIND_UNSPECIFIED) {
        parsed.kind = KindOfLabel(inside);
      }
      if (!IsPlainLabel(inside)) AddNote(Trim(inside), &parsed.note);
      rest = Trim(rest.substr(0, open));
    }
  }
  AddNote(tail, &parsed.note);
  if (CountDigits(rest) < 3) return std::nullopt;
  parsed.number = std::string(rest);
  return parsed;
}

}  // namespace comity
