#include "import/laws/numbers.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.h"

namespace comity::laws {
namespace {

// More digits are no number of a provision.
constexpr size_t kDigitsMax = 9;

UChar32 CharacterAt(absl::string_view text, size_t* position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  auto i = static_cast<int32_t>(*position);
  UChar32 c;
  U8_NEXT(bytes, i, size, c);
  *position = static_cast<size_t>(i);
  return c < 0 ? 0xFFFD : c;
}

bool IsWordCharacter(UChar32 c) {
  if (u_isalnum(c)) return true;
  const int8_t type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

// Values of words, `value=word word …` a row; folded when the table is built.
constexpr const char* kOrdinals[] = {
    "0=unico unica único única unique einziger единственный",
    // Latin languages.
    "1=premier première premiere primero primera primer primeiro primeira "
    "primo prima prim întâi întîi intai unu uno un une",
    "2=deuxième deuxieme second seconde segundo segunda segon segona secondo "
    "seconda doi doua doua dos deux due dois duas",
    "3=troisième troisieme tercero tercera tercer tercer terceiro terceira "
    "terzo terza trei treia trois tres tre três",
    "4=quatrième cuarto cuarta quart quarta quarto patru patra quatre cuatro "
    "quattro quatro",
    "5=cinquième quinto quinta cinquè cinquena cinc cincea cinq cinco cinque",
    "6=sixième sexto sexta sisè sisena sesto sesta sase sasea six seis sei",
    "7=septième séptimo séptima sétimo sétima setè setena settimo settima "
    "sapte saptea sept siete sette sete setimo septimo",
    "8=huitième octavo octava oitavo oitava vuitè vuitena ottavo ottava opt "
    "opta huit ocho otto oito",
    "9=neuvième noveno novena nono nona novè nona noua neuf nueve nove",
    "10=dixième décimo décima desè desena decimo decima zece zecea dix diez "
    "dieci dez",
    "11=onzième undécimo undécima undécimo decimoprimero decimoprimera "
    "onzè undicesimo once onze",
    "12=douzième duodécimo duodécima decimosegundo decimosegunda dotzè "
    "dodicesimo doce douze doze",
    "13=decimotercero decimotercera decimoterceiro treizième tretzè trece",
    "14=decimocuarto decimocuarta quatorzième catorzè catorce",
    "15=decimoquinto decimoquinta quinzième quinzè quince",
    "16=decimosexto decimosexta seizième setzè",
    "17=decimoséptimo decimoséptima dissetè",
    "18=decimoctavo decimoctava decimooctavo divuitè",
    "19=decimonoveno decimonovena dinovè",
    "20=vigésimo vigésima vingtième vintè",
    "30=trigésimo trigésima",
    "40=cuadragésimo cuadragésima quadragésimo quadragésima",
    "50=quincuagésimo quincuagésima quinquagésimo",
    "60=sexagésimo sexagésima",
    // Germanic.
    "1=first one erster erste erstes ersten eerste første första fyrsti",
    "2=second two zweiter zweite zweites tweede anden andet andra annar",
    "3=third three dritter dritte drittes derde tredje þriðji",
    "4=fourth four vierter vierte viertes vierde fjerde fjärde",
    "5=fifth five fünfter fünfte fünftes vijfde femte",
    "6=sixth six sechster sechste sechstes zesde sjette sjätte",
    "7=seventh seven siebter siebte siebtes siebenter siebente siebentes "
    "zevende syvende sjunde",
    "8=eighth eight achter achte achtes achtste ottende åttende åttonde",
    "9=ninth nine neunter neunte neuntes negende niende nionde",
    "10=tenth ten zehnter zehnte zehntes tiende tionde",
    "11=eleventh eleven elfter elfte elftes elfde ellevte elfte",
    "12=twelfth twelve zwölfter zwölfte zwölftes twaalfde tolvte tolfte",
    "13=thirteenth thirteen dreizehnter dreizehnte dreizehntes",
    "14=fourteenth fourteen vierzehnter vierzehnte vierzehntes",
    "15=fifteenth fifteen fünfzehnter fünfzehnte fünfzehntes",
    "16=sixteenth sixteen",
    "17=seventeenth seventeen",
    "18=eighteenth eighteen",
    "19=nineteenth nineteen",
    "20=twentieth twenty zwanzigster zwanzigste",
    // Slavic.
    "1=первый первая первое первой první prvý prvá prvé prvi prva prvo први "
    "прва прво pierwszy pierwsza първи първа първо перший перша перше",
    "2=второй вторая второе druhý druhá druhé drugi druga drugo други друга "
    "друго втори втора второ другий",
    "3=третий третья третье třetí tretí tretia tretie treći treća treće трећи "
    "трећа треће trzeci trzecia трети трета третий третя tretji tretja",
    "4=четвертый четвертая четвёртый čtvrtý čtvrtá štvrtý štvrtá štvrté "
    "četvrti četvrta četvrto четврти четврта четврто czwarty czwarta четвърти "
    "четвърта четвертий četrti četrta",
    "5=пятый пятая pátý pátá piaty piata peti peta peto пети пета пето piąty "
    "piąta п'ятий",
    "6=шестой шестая šestý šestá šiesty šiesta šesti šesta šesto шести шеста "
    "шесто szósty szósta шостий",
    "7=седьмой седьмая sedmý sedmá siedmy siedma sedmi sedma седми седма "
    "siódmy siódma сьомий",
    "8=восьмой восьмая osmý osmá ôsmy ôsma osmi osma осми осма ósmy ósma "
    "восьмий",
    "9=девятый девятая devátý devátá deviaty deviata deveti deveta девети "
    "девета dziewiąty dziewiąta дев'ятий",
    "10=десятый десятая desátý desátá desiaty desiata deseti deseta десети "
    "десета dziesiąty dziesiąta десятий",
    "11=одиннадцатый jedenáctý jedenásty jedanaesti",
    "12=двенадцатый dvanáctý "
    "dvanásty dvanaesti",
    // Baltic, Finnic, Hungarian, Albanian, Turkish, Azeri.
    "1=pirmas pirmasis pirmoji pirmais pirmā esimene ensimmäinen első i parë "
    "pare birinci",
    "2=antras antrasis antroji otrais otrā teine toinen második masodik dytë "
    "ikinci",
    "3=trečias trečiasis trečioji trešais trešā kolmas harmadik tretë üçüncü",
    "4=ketvirtas ketvirtasis ceturtais ceturtā neljas neljäs negyedik katërt "
    "dördüncü",
    "5=penktas penktasis piektais piektā viies viides ötödik pestë beşinci",
    "6=šeštas šeštasis sestais sestā kuues kuudes hatodik gjashtë altıncı",
    "7=septintas septītais seitsmes seitsemäs hetedik shtatë yedinci",
    "8=aštuntas astotais kaheksas kahdeksas nyolcadik tetë sekizinci",
    "9=devintas devītais üheksas yhdeksäs kilencedik nëntë dokuzuncu",
    "10=dešimtas desmitais kümnes kymmenes tizedik dhjetë onuncu",
    "11=onbirinci",
    "12=onikinci",
    "13=onüçüncü",
    "14=ondördüncü",
    "15=onbeşinci",
    // Greek, Armenian.
    "1=πρώτο πρώτος πρώτη",
    "2=δεύτερο δεύτερος δεύτερη",
    "3=τρίτο τρίτος τρίτη",
    "4=τέταρτο τέταρτος τέταρτη",
    "5=πέμπτο πέμπτος πέμπτη",
    "6=έκτο έκτος έκτη",
    "7=έβδομο έβδομος έβδομη",
    "8=όγδοο όγδοος",
    "9=ένατο ένατος",
    "10=δέκατο δέκατος",
    "1=առաջին",
    "2=երկրորդ",
    // Arabic.
    "1=الأول الأولى أول أولى الاول الاولى اولى واحد",
    "2=الثاني الثانية ثانية ثاني الثانيه",
    "3=الثالث الثالثة ثالثة الثالثه",
    "4=الرابع الرابعة رابعة الرابعه",
    "5=الخامس الخامسة خامسة الخامسه",
    "6=السادس السادسة سادسة السادسه",
    "7=السابع السابعة سابعة السابعه",
    "8=الثامن الثامنة ثامنة الثامنه",
    "9=التاسع التاسعة تاسعة التاسعه",
    "10=العاشر العاشرة عاشرة عشر عشرة العاشره",
    "11=الحادي الحادية حادية",
    "20=العشرون والعشرون العشرين والعشرين عشرون عشرين وعشرون",
    "30=الثلاثون والثلاثون الثلاثين والثلاثين ثلاثون",
    "40=الأربعون والأربعون الأربعين والأربعين",
    "50=الخمسون والخمسون الخمسين والخمسين",
    "60=الستون والستون الستين والستين",
    "70=السبعون والسبعون السبعين والسبعين",
    "80=الثمانون والثمانون الثمانين والثمانين",
    "90=التسعون والتسعون التسعين والتسعين",
    "100=المائة المئة بعد",
    // Indonesian, Malay, Vietnamese, Swahili, Mongolian, Kinyarwanda.
    "1=pertama kesatu satu nhất mbere нэгдүгээр нэг",
    "2=kedua dua hai kabiri "
    "хоёрдугаар",
    "3=ketiga tiga ba gatatu гуравдугаар",
    "4=keempat empat tư kane дөрөвдүгээр",
    "5=kelima lima năm gatanu "
    "тавдугаар",
    "6=keenam enam sáu зургадугаар",
    "7=ketujuh tujuh bảy "
    "долдугаар долоодугаар",
    "8=kedelapan delapan tám наймдугаар",
    "9=kesembilan sembilan chín есдүгээр",
    "10=kesepuluh sepuluh mười "
    "аравдугаар",
    // Hindi, Nepali.
    "1=पहला प्रथम पहिला",
    "2=दूसरा द्वितीय",
    "3=तीसरा तृतीय",
    "4=चतुर्थ चौथा",
    "5=पंचम पाँचवाँ",
};

using OrdinalMap = absl::flat_hash_map<std::string, int64_t>;

const OrdinalMap& Ordinals() {
  static const auto* const kMap = [] {
    auto* map = new OrdinalMap;
    for (const absl::string_view row : kOrdinals) {
      const size_t equals = row.find('=');
      const int64_t value =
          std::atoll(std::string(row.substr(0, equals)).c_str());
      for (const absl::string_view word :
           absl::StrSplit(row.substr(equals + 1), ' ', absl::SkipEmpty())) {
        map->emplace(Fold(word), value);
      }
    }
    return map;
  }();
  return *kMap;
}

bool IsLatinSuffix(absl::string_view word) {
  static constexpr std::array<const char*, 24> kSuffixes = {
      "bis",         "ter",        "quater",        "quinquies",
      "quinquis",    "sexies",     "septies",       "octies",
      "novies",      "nonies",     "decies",        "undecies",
      "duodecies",   "terdecies",  "quaterdecies",  "quindecies",
      "sexdecies",   "septdecies", "octodecies",    "vicies",
      "duodevicies", "undevicies", "septiesdecies", "octiesdecies"};
  const std::string lower = absl::AsciiStrToLower(word);
  for (const char* suffix : kSuffixes) {
    if (lower == suffix) return true;
  }
  return false;
}

int RomanDigit(char c) {
  switch (c) {
    case 'I':
      return 1;
    case 'V':
      return 5;
    case 'X':
      return 10;
    case 'L':
      return 50;
    case 'C':
      return 100;
    case 'D':
      return 500;
    case 'M':
      return 1000;
    default:
      return 0;
  }
}

// Value of a Roman numeral in capitals; 0: it is none.
int64_t RomanValue(absl::string_view word) {
  if (word.empty() || word.size() > 12) return 0;
  if (absl::StrContains(word, "IIII") || absl::StrContains(word, "XXXX")) {
    return 0;
  }
  int64_t value = 0;
  int previous = 2000;
  for (size_t i = 0; i < word.size(); ++i) {
    const int digit = RomanDigit(word[i]);
    if (digit == 0) return 0;
    const int next = i + 1 < word.size() ? RomanDigit(word[i + 1]) : 0;
    if (next > digit) {
      if (digit * 10 < next) return 0;
      value -= digit;
    } else {
      value += digit;
    }
    if (digit > previous && next != 0 && next >= digit) return 0;
    previous = digit;
  }
  return value > 0 && value < 4000 ? value : 0;
}

// 0-9, units 10, 100, 1000 and 10000 of Chinese numerals; -1 for others.
int64_t HanValue(UChar32 c) {
  switch (c) {
    case 0x3007:  // 〇
    case 0x96F6:  // 零
      return 0;
    case 0x4E00:
      return 1;
    case 0x4E8C:
    case 0x4E24:  // 两
      return 2;
    case 0x4E09:
      return 3;
    case 0x56DB:
      return 4;
    case 0x4E94:
      return 5;
    case 0x516D:
      return 6;
    case 0x4E03:
      return 7;
    case 0x516B:
      return 8;
    case 0x4E5D:
      return 9;
    case 0x5341:
      return 10;
    case 0x767E:
      return 100;
    case 0x5343:
      return 1000;
    case 0x4E07:
    case 0x842C:
      return 10000;
    default:
      return -1;
  }
}

std::optional<Number> ParseHan(absl::string_view text) {
  size_t position = 0;
  int64_t total = 0;
  int64_t digit = -1;
  int64_t plain = 0;
  bool units = false;
  size_t characters = 0;
  while (position < text.size()) {
    size_t next = position;
    const int64_t value = HanValue(CharacterAt(text, &next));
    if (value < 0) break;
    if (++characters > 10) return std::nullopt;
    if (value >= 10) {
      units = true;
      total += (digit < 0 ? 1 : digit) * value;
      digit = -1;
    } else {
      plain = plain * 10 + value;
      digit = value;
    }
    position = next;
  }
  if (characters == 0) return std::nullopt;
  Number number;
  number.value = units ? total + (digit < 0 ? 0 : digit) : plain;
  number.text = absl::StrCat(number.value);
  number.bytes = position;
  number.in_words = true;
  return number;
}

// Superscript digits and what they are; -1 for others.
int SuperscriptDigit(UChar32 c) {
  switch (c) {
    case 0xB9:
      return 1;
    case 0xB2:
      return 2;
    case 0xB3:
      return 3;
    default:
      return c >= 0x2070 && c <= 0x2079 ? static_cast<int>(c - 0x2070) : -1;
  }
}

bool IsDash(UChar32 c) { return c == '-' || c == 0x2010 || c == 0x2011; }

bool IsOrdinalMark(UChar32 c) {
  return c == 0xBA || c == 0xB0 || c == 0xAA || c == 0x2DA;
}

// Digits at `position`, as ASCII; moves behind them.
std::string Digits(absl::string_view text, size_t* position) {
  std::string digits;
  while (*position < text.size() && digits.size() <= kDigitsMax) {
    size_t next = *position;
    const UChar32 c = CharacterAt(text, &next);
    const int32_t value = SuperscriptDigit(c) >= 0 ? -1 : u_charDigitValue(c);
    if (value < 0) break;
    digits.push_back(static_cast<char>('0' + value));
    *position = next;
  }
  return digits;
}

// What may follow the digits: `o`, `er`, `º`, `a`, ` bis`, `-1`, `.2`, `¹`.
void ParseSuffixes(absl::string_view text, Number* number) {
  size_t position = number->bytes;
  for (int round = 0; round < 5 && position < text.size(); ++round) {
    size_t next = position;
    const UChar32 c = CharacterAt(text, &next);
    if (IsOrdinalMark(c)) {
      position = next;
      continue;
    }
    if (SuperscriptDigit(c) >= 0) {
      std::string digits;
      next = position;
      while (next < text.size() && digits.size() < 4) {
        size_t after = next;
        const int digit = SuperscriptDigit(CharacterAt(text, &after));
        if (digit < 0) break;
        digits.push_back(static_cast<char>('0' + digit));
        next = after;
      }
      absl::StrAppend(&number->text, "-", digits);
      number->suffixed = true;
      position = next;
      continue;
    }
    if (IsDash(c) || c == '.' || c == '/') {
      size_t after = next;
      const std::string digits = Digits(text, &after);
      if (!digits.empty() && digits.size() <= 4) {
        // `1.2` is a number only if no third digit group of a date follows,
        // which the caller sees by what comes next.
        absl::StrAppend(&number->text, c == '.' ? "." : "-", digits);
        number->suffixed = true;
        position = after;
        continue;
      }
      if (!IsDash(c)) break;
    }
    const bool spaced = c == ' ' || c == 0xA0 || IsDash(c);
    size_t end = 0;
    const absl::string_view word =
        NextWord(text.substr(spaced ? next : position), &end);
    if (word.empty()) break;
    const size_t after = (spaced ? next : position) + end;
    if (IsLatinSuffix(word)) {
      absl::StrAppend(&number->text, " ", absl::AsciiStrToLower(word));
      number->suffixed = true;
      position = after;
      continue;
    }
    if (!spaced &&
        (word == "o" || word == "er" || word == "re" || word == "ère" ||
         word == "a" || word == "ro" || word == "do" || word == "to" ||
         word == "mo" || word == "vo" || word == "no" || word == "st" ||
         word == "nd" || word == "rd" || word == "th" || word == "ª" ||
         word == "°" || word == "ER" || word == "er" || word == "e" ||
         word == "ème" || word == "O")) {
      // `2a` is a letter, `1o` an ordinal; `a` is one too in `1a`, but cannot
      // be told from a letter.
      if (word == "a" || word == "e") {
        absl::StrAppend(&number->text, word);
        number->suffixed = true;
      }
      position = after;
      continue;
    }
    // One or two letters: `129a`, `12AB`, `9 a §`, `22-bis`.
    const bool short_word =
        word.size() <= 2 || (word.size() <= 4 && !spaced &&
                             u_isalpha(static_cast<unsigned char>(word[0])));
    bool letters = true;
    for (const char l : word) {
      if (!absl::ascii_isalpha(static_cast<unsigned char>(l))) letters = false;
    }
    if (!short_word || !letters) break;
    if (spaced) {
      // `9 a §`: one small letter, then no more of a word.
      if (word.size() != 1 ||
          !absl::ascii_islower(static_cast<unsigned char>(word[0])) ||
          IsDash(c)) {
        if (!(IsDash(c) && word.size() == 1 &&
              absl::ascii_isupper(static_cast<unsigned char>(word[0])))) {
          break;
        }
      }
      size_t behind = after;
      while (behind < text.size() && text[behind] == ' ') ++behind;
      const absl::string_view rest = text.substr(behind);
      if (!IsDash(c) && !rest.empty() && !absl::StartsWith(rest, "§") &&
          !absl::StartsWith(rest, ".") && !absl::StartsWith(rest, ":")) {
        break;
      }
    } else if (word.size() > 2) {
      break;
    }
    number->text += std::string(word);
    number->suffixed = true;
    position = after;
  }
  number->bytes = position;
}

std::optional<Number> ParseDigits(absl::string_view text) {
  size_t position = 0;
  const std::string digits = Digits(text, &position);
  if (digits.empty() || digits.size() > kDigitsMax) return std::nullopt;
  Number number;
  number.value = std::atoll(digits.c_str());
  number.text = absl::StrCat(number.value);
  number.bytes = position;
  ParseSuffixes(text, &number);
  return number;
}

std::optional<Number> ParseRoman(absl::string_view text, bool letters) {
  size_t size = 0;
  while (size < text.size() && RomanDigit(text[size]) != 0) ++size;
  int64_t value = RomanValue(text.substr(0, size));
  // `IER`: first, as French prints it.
  size_t end = size;
  const absl::string_view after = text.substr(size);
  if (value > 0 &&
      (absl::StartsWith(after, "er") || absl::StartsWith(after, "ER") ||
       absl::StartsWith(after, "e "))) {
    end = size + (after[0] == 'e' && after[1] == ' ' ? 1 : 2);
  }
  if (value > 0 && end < text.size()) {
    size_t next = end;
    if (u_isalpha(CharacterAt(text, &next))) {
      // `IBIS`, `IIA`: a suffix; anything else is a word.
      size_t word_end = 0;
      const absl::string_view word = NextWord(text.substr(end), &word_end);
      if (!IsLatinSuffix(word) && word.size() != 1) value = 0;
    }
  }
  if (value > 0) {
    Number number;
    number.value = value;
    number.text = absl::StrCat(value);
    number.bytes = end;
    number.roman = true;
    ParseSuffixes(text, &number);
    return number;
  }
  if (text.empty() ||
      !absl::ascii_isupper(static_cast<unsigned char>(text[0]))) {
    return std::nullopt;
  }
  size_t next = 1;
  size_t digits_end = 1;
  const std::string digits = Digits(text, &digits_end);
  // `N1`, `L121-1`.
  const bool numbered = !digits.empty() && digits.size() < 5;
  if (!letters && !numbered) return std::nullopt;
  if (numbered) {
    Number number;
    number.text = absl::StrCat(text.substr(0, 1), digits);
    number.bytes = digits_end;
    number.letter = true;
    ParseSuffixes(text, &number);
    return number;
  }
  if (next < text.size()) {
    size_t peek = next;
    if (IsWordCharacter(CharacterAt(text, &peek))) return std::nullopt;
  }
  Number number;
  number.text = std::string(text.substr(0, next));
  number.bytes = next;
  number.letter = true;
  return number;
}

std::optional<Number> ParseWords(absl::string_view text) {
  size_t position = 0;
  int64_t total = -1;
  size_t bytes = 0;
  std::string only;
  for (int words = 0; words < 4; ++words) {
    size_t end = 0;
    absl::string_view rest = text.substr(position);
    // `twenty-first`.
    if (words > 0 && !rest.empty() && IsDash(rest[0])) {
      rest.remove_prefix(1);
      ++position;
    }
    const absl::string_view word = NextWord(rest, &end);
    if (word.empty()) break;
    const int64_t value = OrdinalValue(Fold(word));
    if (value < 0) break;
    if (value == 0) {
      if (total >= 0) break;
      Number number;
      number.text = "unico";
      number.bytes = position + end;
      number.in_words = true;
      return number;
    }
    // `segundo tercero` is no number: each part has another magnitude.
    if (total >= 0 &&
        !((total % 10 == 0 && value < 10) || (total < 20 && value >= 10))) {
      break;
    }
    total = total < 0 ? value : total == 11 && value == 10 ? 11 : total + value;
    position += end;
    bytes = position;
  }
  if (total <= 0) return std::nullopt;
  Number number;
  number.value = total;
  number.text = absl::StrCat(total);
  number.bytes = bytes;
  number.in_words = true;
  ParseSuffixes(text, &number);
  return number;
}

}  // namespace

absl::string_view NextWord(absl::string_view text, size_t* end) {
  size_t position = 0;
  size_t start = 0;
  while (position < text.size()) {
    size_t next = position;
    const UChar32 c = CharacterAt(text, &next);
    if (!u_isUWhiteSpace(c)) break;
    position = next;
  }
  start = position;
  while (position < text.size()) {
    size_t next = position;
    const UChar32 c = CharacterAt(text, &next);
    if (!IsWordCharacter(c)) break;
    position = next;
  }
  *end = position;
  return text.substr(start, position - start);
}

int64_t OrdinalValue(absl::string_view folded) {
  const auto found = Ordinals().find(folded);
  return found == Ordinals().end() ? -1 : found->second;
}

std::optional<Number> ParseNumber(absl::string_view text, bool letters) {
  if (text.empty()) return std::nullopt;
  size_t next = 0;
  const UChar32 c = CharacterAt(text, &next);
  if (u_charDigitValue(c) >= 0 && SuperscriptDigit(c) < 0 && HanValue(c) < 0) {
    return ParseDigits(text);
  }
  if (HanValue(c) >= 0) return ParseHan(text);
  // Roman numerals that Unicode has as one character.
  if (c >= 0x2160 && c <= 0x216B) {
    Number number;
    number.value = c - 0x2160 + 1;
    number.text = absl::StrCat(number.value);
    number.bytes = next;
    number.roman = true;
    return number;
  }
  if (std::optional<Number> number = ParseRoman(text, letters);
      number.has_value()) {
    return number;
  }
  return ParseWords(text);
}

}  // namespace comity::laws
