#include "index/numbers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/words.h"

namespace comity::index {
namespace {

// Roles of words
// -----------------------------------------------------------------

enum Role : uint32_t {
  // A number after it is one of an article, a section, …
  kUnit = 1U << 0,
  // Several numbers may follow it.
  kSeveral = 1U << 1,
  // The unit's number may stand before it.
  kPost = 1U << 2,
  // A paragraph, subsection, letter, … of a unit.
  kSub = 1U << 3,
  // Latin adverbs that number what was inserted: bis, ter.
  kLatin = 1U << 4,
  // A word for a number.
  kOrdinal = 1U << 5,
  // Stands between words for a number.
  kOrdinalJoin = 1U << 6,
  // Between the numbers of a list.
  kConnector = 1U << 7,
  // Between a number and its year.
  kOfYear = 1U << 8,
  // Between unit and number: `no.`; or number and unit: `inci`.
  kFiller = 1U << 9,
  // Tag of HTML for digits above the line.
  kSuperscript = 1U << 10,
  // 第 begins, 条 ends the number of a unit, 款 that of a sub-unit, 之 inserts.
  kHanStart = 1U << 11,
  kHanUnit = 1U << 12,
  kHanSub = 1U << 13,
  kHanOf = 1U << 14,
  kHanNumeral = 1U << 15,
  kHanNumber = 1U << 16,
  // Between a sub-unit and its unit, and nothing more.
  kOf = 1U << 17,
};
// Those that a citation can begin with.
constexpr uint32_t kStarts = kUnit | kSub | kHanStart;

struct Words {
  uint32_t roles;
  absl::string_view words;
};

// In the spelling of their languages; compared in the form of FoldWord.
constexpr Words kWords[] = {
    {kUnit,
     "article section sec sect s rule reg regulation clause cl artículo artigo "
     "articolo articolul articolului artikel artikkel artikkelen paragraf "
     "paragrafen artikli paragrahv paragrahvi článek článku článok artykuł "
     "artykułu članak članka članku član člana članu članom člankom članek "
     "neni nenin nenit artikolu alt airteagal airteagail "
     "pasal seksyen perkara seksyon artikulo ibara kifungu ingingo andininy "
     "qodobka điều"},
    {kUnit | kSeveral,
     "articles arts art čl sections secs ss rules regs regulations clauses "
     "artículos artigos articoli artt articolele articolelor artikelen "
     "artikeln artikler artiklar články článkov článků článkoch artykuły "
     "artykułów članci članaka člancima členi členov nenet neneve"},
    {kUnit | kSeveral | kPost,
     "cikk cikke cikkének straipsnis straipsnio straipsniai straipsnių str "
     "pants panta pantu pantā artikla artiklan pykälä pykälän pykälässä grein "
     "greinar gr artikulua artikuluaren madde maddesi maddesinin maddenin "
     "maddeleri md maddə maddəsi maddəsinin modda moddasi moddasining madda "
     "bap"},
    {kUnit, "член член членот члена члан члана члану чланом модда моддаи"},
    {kUnit | kSeveral,
     "статья статьи статье статьей статью статей статьях статьями ст стаття "
     "статті статтею статтю статей статтями чл артыкул артыкула артыкулы арт"},
    {kUnit | kPost,
     "člen člena členu členom зүйл зүйлийн зүйлд зүйлийг зүйлд бап бабы "
     "бабының баптың берене "
     "беренеси"},
    {kUnit, "άρθρο άρθρου"},
    {kUnit | kSeveral, "άρθρα άρθρων"},
    {kUnit,
     "հոդված հոդվածի հոդվածով հոդվածում մուհլի მუხლი მუხლის მუხლით סעיף סעיפים "
     "धारा अनुच्छेद दफा ধারা অনুচ্ছেদ பிரிவு වගන්තිය มาตรา មាត្រា ມາດຕາ "
     "ပုဒ်မ މާއްދާ አንቀጽ ዓንቀጽ ตามมาตรา"},
    {kUnit, "المادة مادة للمادة بالمادة والمادة لمادة ماده مادّه دفعہ آرٹیکل"},
    {kUnit | kSeveral, "المواد مواد للمواد بالمواد والمواد المادتين المادتان"},
    {kSub,
     "paragraph paragraphs para paras par subsection subsections subs "
     "subsec subparagraph subparagraphs item point paragraphe paragraphes "
     "alinéa alinéas al párrafo apartado inciso fracción numeral literal "
     "parágrafo comma commi lettera apartat alineatul alin litera lit pct "
     "punctul absatz abs satz nummer ziffer ziff buchstabe lid onderdeel stk "
     "stykke ledd stycket lõige lõike lg punkt mom odst odstavec odstavce "
     "odstavci písm písmeno bod bodu ods odsek odseku ust pkt stav stava "
     "stavak stavka st tačka točka točke pika ayat huruf subseksyen perenggan "
     "khoản điểm bent paragrafi paragrafit fıkra fıkrası momentti momentin "
     "momentissa kohta kohdan dalis dalies dalyje dalį bekezdés bekezdése "
     "bekezdésében stycke daļa daļas daļā odstavek odstavka хэсэг хэсгийн "
     "хэсэгт"},
    {kSub,
     "став става тачка ал алинея т точка часть части частью ч пункт пункта "
     "пунктом пункте п абзац подпункт пп частина частини частиною пункту "
     "παράγραφος παραγράφου παράγραφο παρ περίπτωση"},
    {kSub,
     "الفقرة فقرة البند بند للفقرة بالفقرة تبصره وรรค วรรค उपधारा खंड "
     "उपदफा खण्ड խ մաս մասի կետ կետի"},
    {kSub, "n nr nº"},
    {kLatin,
     "bis ter quater quinquies sexies septies octies nonies novies decies "
     "undecies duodecies terdecies quaterdecies quindecies quinquiesdecies "
     "sexdecies sexiesdecies septiesdecies octiesdecies duodevicies undevicies "
     "vicies"},
    // The same in Arabic laws.
    {kLatin, "مكرر مكررا مكررة مكرراً"},
    {kConnector,
     "and or und oder et ou y o e i u og och ja en sowie bis to through thru a "
     "au al à až do și până dhe deri dan hingga và đến ile ve та і и или або "
     "до "
     "по й και ή έως و او أو الى إلى"},
    {kOfYear,
     "of de du da do af av van von vom tahun no od z ze του von "
     "лет от від لسنة سنة لعام عام"},
    {kFiller,
     "no n nr nº num número numero núm nomor number số ya wa cya rya inci ıncı "
     "uncu üncü nci ncı ncu ncü ci cı cu cü дугаар дүгээр дахь дэх"},
    {kOf, "من la del della dell dei l der des dem the lui του της को की के का"},
    {kOrdinalJoin, "بعد"},
    {kSuperscript, "sup"},
    {kHanStart, "第 제"},
    {kHanUnit, "条 조"},
    {kHanSub, "款 项 항 목 호"},
    {kHanNumber, "号"},
    {kHanOf, "之 の 의"},
};

struct Numeral {
  uint32_t value;
  absl::string_view words;
};

constexpr Numeral kOrdinals[] = {
    {1,
     "premier première primero primera primeiro primeira primo prima primer "
     "πρώτο"},
    {2, "segundo segunda secondo seconda segon δεύτερο"},
    {3, "tercero tercera terceiro terceira terzo terza tercer τρίτο"},
    {4, "cuarto cuarta quarto quarta quart τέταρτο"},
    {5, "quinto quinta cinquè πέμπτο"},
    {6, "sexto sexta sesto sisè έκτο"},
    {7, "séptimo séptima sétimo sétima settimo setè έβδομο"},
    {8, "octavo octava oitavo oitava ottavo vuitè όγδοο"},
    {9, "noveno novena nono nona novè ένατο"},
    {10, "décimo décima desè δέκατο"},
    {11, "undécimo"},
    {12, "duodécimo"},
    {20, "vigésimo vigésima ventesimo"},
    {30, "trigésimo trigésima trentesimo"},
};

// Each also after `ال`, `وال`, `و`, `لل`.
constexpr Numeral kArabicOrdinals[] = {
    {1, "أولى أول حادية حادي واحدة"},
    {2, "ثانية ثاني"},
    {3, "ثالثة ثالث"},
    {4, "رابعة رابع"},
    {5, "خامسة خامس"},
    {6, "سادسة سادس"},
    {7, "سابعة سابع"},
    {8, "ثامنة ثامن"},
    {9, "تاسعة تاسع"},
    {10, "عاشرة عاشر عشرة عشر"},
    {20, "عشرون عشرين"},
    {30, "ثلاثون ثلاثين"},
    {40, "أربعون أربعين"},
    {50, "خمسون خمسين"},
    {60, "ستون ستين"},
    {70, "سبعون سبعين"},
    {80, "ثمانون ثمانين"},
    {90, "تسعون تسعين"},
    {100, "مائة مئة"},
    {200, "مائتين مائتان مئتين مئتان"},
    {300, "ثلاثمائة ثلاثمئة"},
    {400, "أربعمائة أربعمئة"},
    {500, "خمسمائة خمسمئة"},
    {600, "ستمائة ستمئة"},
    {700, "سبعمائة سبعمئة"},
    {800, "ثمانمائة ثمانمئة"},
    {900, "تسعمائة تسعمئة"},
};

constexpr Numeral kHanNumerals[] = {
    {0, "零 〇"}, {1, "一"},  {2, "二 两"}, {3, "三"},    {4, "四"},
    {5, "五"},    {6, "六"},  {7, "七"},    {8, "八"},    {9, "九"},
    {10, "十"},   {20, "廿"}, {100, "百"},  {1000, "千"}, {10000, "万"},
};

using Signs = absl::flat_hash_map<std::string, NumberSign>;

void AddSign(absl::string_view word, uint32_t roles, uint32_t value,
             Signs* signs) {
  NumberSign& sign = (*signs)[FoldWord(word)];
  sign.roles |= roles;
  if (value > 0) sign.value = value;
}

void AddNumerals(absl::Span<const Numeral> numerals, uint32_t role,
                 absl::Span<const absl::string_view> prefixes, Signs* signs) {
  for (const Numeral& numeral : numerals) {
    for (const absl::string_view word : absl::StrSplit(numeral.words, ' ')) {
      for (const absl::string_view prefix : prefixes) {
        AddSign(absl::StrCat(prefix, word), role, numeral.value, signs);
      }
    }
  }
}

const Signs& AllSigns() {
  static const Signs* const all = [] {
    auto* signs = new Signs;
    for (const Words& row : kWords) {
      for (const absl::string_view word : absl::StrSplit(row.words, ' ')) {
        AddSign(word, row.roles, 0, signs);
      }
    }
    AddNumerals(kOrdinals, kOrdinal, {""}, signs);
    AddNumerals(kArabicOrdinals, kOrdinal, {"", "ال", "وال", "و", "لل"}, signs);
    AddNumerals(kHanNumerals, kHanNumeral, {""}, signs);
    return signs;
  }();
  return *all;
}

// Text between words
// ---------------------------------------------------------------

bool IsOneOf(absl::string_view text,
             std::initializer_list<absl::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

// Hyphens, not dashes.
bool IsHyphen(absl::string_view gap) {
  return IsOneOf(gap, {"-", "\u2010", "\u2011"});
}

bool IsDash(absl::string_view gap) {
  return IsOneOf(gap, {"\u2013", "\u2012", "\u2212"});
}

// Spaces of any width, nothing else.
bool IsSpace(absl::string_view gap) {
  return IsOneOf(gap, {" ", "\u00A0", "\u202F", "\u2009", "\n"});
}

bool OpensParenthesis(absl::string_view gap) {
  return absl::EndsWith(gap, "(") || absl::EndsWith(gap, "（");
}

bool ClosesParenthesis(absl::string_view rest) {
  return absl::StartsWith(rest, ")") || absl::StartsWith(rest, "）");
}

// May stand between a unit and its number: `art. 5`, `**Art.** 5`, `المادة
// (5)`.
bool JoinsUnit(absl::string_view gap) {
  constexpr size_t kGapBytesMax = 12;
  return gap.size() <= kGapBytesMax &&
         gap.find_first_of(",;/)") == absl::string_view::npos &&
         std::count(gap.begin(), gap.end(), '\n') <= 1;
}

// May stand between a number and the unit behind it: `5. cikk`.
bool JoinsPost(absl::string_view gap) {
  constexpr size_t kGapBytesMax = 4;
  return gap.size() <= kGapBytesMax &&
         gap.find_first_of(",;/(\n") == absl::string_view::npos;
}

// May stand between two numbers of a list: `5(2), 6`.
bool JoinsList(absl::string_view gap) {
  while (!gap.empty() && (gap[0] == ')' || gap[0] == '.')) gap.remove_prefix(1);
  return IsOneOf(gap, {", ", ",", ",\u00A0", "-", "\u2013"});
}

// Parts of words
// -------------------------------------------------------------------

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}
bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

bool AreDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool AreLetters(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsLetter);
}

size_t CharactersOf(absl::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool HasNoDigit(absl::string_view text) {
  return std::none_of(text.begin(), text.end(), IsDigit);
}

absl::string_view WithoutZeros(absl::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

std::string SubValue(absl::string_view word) {
  return std::string(AreDigits(word) ? WithoutZeros(word) : word);
}

bool IsYear(absl::string_view text) {
  return text.size() == 4 && AreDigits(text) && text >= "1700" &&
         text <= "2100";
}

// The number and year of a law, in one order: the year behind. Two years, and
// two numbers that are none, stay in theirs.
std::string Instrument(absl::string_view first, absl::string_view second) {
  if (IsYear(first) && !IsYear(second)) std::swap(first, second);
  return absl::StrCat(WithoutZeros(first), "/", WithoutZeros(second));
}

// `first` of 1st, 1er, 12th.
bool IsOrdinalEnding(absl::string_view letters) {
  return IsOneOf(letters, {"st", "nd", "rd", "th", "er", "ere", "re", "eme",
                           "ieme", "os", "as"});
}

}  // namespace

NumberSign FindNumberSign(absl::string_view folded) {
  const Signs& signs = AllSigns();
  const auto found = signs.find(folded);
  return found == signs.end() ? NumberSign{} : found->second;
}

// Reading
// --------------------------------------------------------------------------

// The words of items_, read as citations.
struct NumberReader::Reading {
  absl::string_view text;
  const std::vector<Item>& items;
  // Behind the last item.
  int section_signs;
  Sink sink;

  // Of a unit.
  struct Value {
    // In its form, and other forms that it may have been meant in.
    std::string text;
    std::vector<std::string> others;
    // The item behind it.
    size_t next = 0;
  };
  // Sub-units that stand before their unit, innermost first, and the item
  // behind them.
  std::vector<std::string> before;
  size_t before_end = 0;

  bool Has(size_t i) const { return i < items.size(); }
  bool Is(size_t i, uint32_t roles) const {
    return Has(i) && (items[i].sign.roles & roles) != 0;
  }
  bool StartsWithDigit(size_t i) const {
    return Has(i) && IsDigit(items[i].text.front());
  }
  bool AreDigitsAt(size_t i) const {
    return Has(i) && AreDigits(items[i].text);
  }
  // The text between an item and the one before it.
  absl::string_view Gap(size_t i) const {
    return i == 0 || !Has(i) ? absl::string_view()
                             : text.substr(items[i - 1].end,
                                           items[i].begin - items[i - 1].end);
  }

  void Emit(absl::string_view number, size_t first, size_t begin,
            size_t next) const {
    if (number.empty() || number.size() > kNumberBytesMax) return;
    sink({number, begin, items[next - 1].end, items[first].position});
  }
  void Emit(absl::string_view number, size_t first, size_t next) const {
    Emit(number, first, items[first].begin, next);
  }

  void Read() {
    for (size_t i = 0; i < items.size();) i = ReadAt(i);
  }
  size_t ReadAt(size_t i);
  size_t ReadCitation(size_t i);
  size_t ReadNumbers(size_t first, size_t begin, size_t i, bool sign,
                     bool several);
  size_t ReadSubsBefore(size_t i);
  size_t ReadBare(size_t i);
  size_t ReadWhole(size_t i) const;
  size_t ReadHan(size_t first);
  std::optional<Value> ReadValue(size_t i, bool sign, bool several) const;
  std::optional<Value> ReadOrdinals(size_t i) const;
  bool ReadInserted(Value* value, bool sign, bool several) const;
  bool ReadInsertedDigits(Value* value, bool several) const;
  std::optional<size_t> ReadSub(size_t i, bool sign, std::string* sub) const;
  bool IsSubValue(size_t i) const;
  bool BelongsToNext(size_t i) const;
  size_t ReadPostSub(size_t first, size_t i, const std::string& number) const;
  size_t ReadPost(size_t i, size_t next, size_t post,
                  const std::string& number) const;
  size_t ReadSubs(size_t first, size_t begin, size_t i, bool sign,
                  const std::string& number) const;
  std::optional<size_t> FindPost(size_t i) const;
  std::optional<std::pair<uint32_t, size_t>> ReadHanNumeral(size_t i) const;
  std::optional<size_t> ReadInstrument(size_t i, size_t next,
                                       absl::string_view number) const;
  std::optional<size_t> ReadSuffixed(size_t i) const;
};

size_t NumberReader::Reading::ReadAt(size_t i) {
  if (Is(i, kHanStart)) return ReadHan(i);
  if (items[i].section_signs > 0 && StartsWithDigit(i)) {
    constexpr absl::string_view kSign = "\u00A7";
    const size_t begin = text.substr(0, items[i].begin).rfind(kSign);
    const size_t end = begin + kSign.size();
    // Else the sign is of the number before: `5 §; 6 §`.
    if (JoinsUnit(text.substr(end, items[i].begin - end))) {
      return ReadNumbers(i, begin, i, true, items[i].section_signs > 1);
    }
  }
  if (Is(i, kUnit)) return ReadCitation(i);
  // `§-des 5 ja 6`
  if (items[i].section_signs > 0 && StartsWithDigit(i + 1) &&
      absl::EndsWith(Gap(i), "-")) {
    return ReadNumbers(i, items[i].begin, i + 1, true, true);
  }
  if (Is(i, kSub) && !Is(i, kFiller)) return ReadSubsBefore(i);
  if (StartsWithDigit(i)) return ReadBare(i);
  return i + 1;
}

// A word for a unit and what follows it.
size_t NumberReader::Reading::ReadCitation(size_t first) {
  bool several = Is(first, kSeveral);
  size_t i = first + 1;
  // `art. no. 5`, `section § 5`.
  for (int skipped = 0; skipped < 2 && Is(i, kUnit | kFiller) &&
                        !StartsWithDigit(i) && JoinsUnit(Gap(i));
       ++skipped) {
    several = several || Is(i, kSeveral);
    ++i;
  }
  if (!Has(i) || !JoinsUnit(Gap(i))) return first + 1;
  return std::max(first + 1,
                  ReadNumbers(first, items[first].begin, i, false,
                              several || items[i].section_signs > 1));
}

// The number of a unit, and those of a list, from the item `i`; `first` and
// `begin` are where its citation begins.
size_t NumberReader::Reading::ReadNumbers(size_t first, size_t begin, size_t i,
                                          bool sign, bool several) {
  const std::optional<Value> value = ReadValue(i, sign, several);
  if (!value.has_value()) return sign ? i + 1 : first + 1;
  size_t next = value->next;
  Emit(value->text, first, begin, next);
  for (const std::string& other : value->others) {
    Emit(other, first, begin, next);
  }
  if (!before.empty() && before_end <= first && BelongsToNext(before_end)) {
    std::string number = value->text;
    for (auto sub = before.rbegin(); sub != before.rend(); ++sub) {
      absl::StrAppend(&number, "(", *sub, ")");
      Emit(number, first, begin, next);
    }
  }
  before.clear();
  std::string sub;
  if (!value->others.empty() && Has(next) &&
      absl::EndsWith(value->others.back(), items[next].text) &&
      ReadSub(next + 1, sign, &sub).has_value()) {
    next = ReadSubs(first, begin, next + 1, sign, value->others.back());
  } else {
    next = ReadSubs(first, begin, next, sign, value->text);
  }
  if (!several) return next;
  // The list goes on after a comma or one word.
  size_t listed = next;
  if (Is(next, kConnector) && StartsWithDigit(next + 1) &&
      IsSpace(Gap(next + 1))) {
    listed = next + 1;
  } else if (!StartsWithDigit(next) || !JoinsList(Gap(next))) {
    return next;
  }
  if (items[listed].section_signs > 0) return listed;
  return ReadNumbers(listed, items[listed].begin, listed, sign, true);
}

std::optional<NumberReader::Reading::Value> NumberReader::Reading::ReadValue(
    size_t i, bool sign, bool several) const {
  if (!StartsWithDigit(i)) {
    // The letter of the part of a French code: `L. 121-1`, `L121-1`.
    const bool letter = Has(i) && absl::StrContains("lrda", items[i].text[0]);
    if (letter && items[i].text.size() == 1 && StartsWithDigit(i + 1) &&
        IsOneOf(Gap(i + 1), {".", ". ", " ", ".\u00A0", "\u00A0", "*"})) {
      std::optional<Value> value = ReadValue(i + 1, sign, several);
      if (value.has_value()) {
        value->others.push_back(absl::StrCat(items[i].text, value->text));
      }
      return value;
    }
    if (letter && AreDigits(absl::string_view(items[i].text).substr(1))) {
      Value value{items[i].text.substr(1), {}, i + 1};
      while (ReadInserted(&value, sign, several)) continue;
      value.others.push_back(
          absl::StrCat(items[i].text.substr(0, 1), value.text));
      return value;
    }
    return ReadOrdinals(i);
  }
  const absl::string_view word = items[i].text;
  const size_t digits = static_cast<size_t>(
      std::find_if_not(word.begin(), word.end(), IsDigit) - word.begin());
  // Provisions are not counted in millions.
  constexpr size_t kDigitsMax = 6;
  constexpr size_t kSuffixCharactersMax = 3;
  if (digits > kDigitsMax) return std::nullopt;
  absl::string_view suffix = word.substr(digits);
  if (IsOrdinalEnding(suffix)) suffix = "";
  if (CharactersOf(suffix) > kSuffixCharactersMax &&
      (FindNumberSign(suffix).roles & kLatin) == 0) {
    return std::nullopt;
  }
  Value value;
  value.text = absl::StrCat(WithoutZeros(word.substr(0, digits)), suffix);
  value.next = i + 1;
  constexpr size_t kPartsMax = 4;
  for (size_t parts = 0;
       parts < kPartsMax && ReadInserted(&value, sign, several); ++parts) {
    continue;
  }
  return value;
}

// Words for numbers, which add up: `الخامسة والعشرون`, `vigésimo primero`.
std::optional<NumberReader::Reading::Value> NumberReader::Reading::ReadOrdinals(
    size_t i) const {
  uint32_t sum = 0;
  for (; Is(i, kOrdinal | kOrdinalJoin); ++i) {
    if (Is(i, kOrdinalJoin)) {
      if (sum == 0 || !Is(i + 1, kOrdinal)) break;
      continue;
    }
    // `artículo primero, segundo párrafo`
    if (sum > 0 && (Is(i + 1, kSub) || absl::StrContains(Gap(i), ","))) break;
    sum += items[i].sign.value;
  }
  if (sum == 0) return std::nullopt;
  Value value{absl::StrCat(sum), {}, i};
  ReadInserted(&value, false, false);
  return value;
}

// What was inserted between two provisions has a number of more parts.
bool NumberReader::Reading::ReadInserted(Value* value, bool sign,
                                         bool several) const {
  const size_t i = value->next;
  if (!Has(i) || items[i].section_signs > 0) return false;
  const absl::string_view gap = Gap(i);
  const absl::string_view word = items[i].text;
  // 5<sup>bis</sup>
  if (Is(i, kSuperscript) && IsOneOf(gap, {"<", "*<", "**<"}) && Has(i + 1) &&
      Gap(i + 1) == ">") {
    const std::string& above = items[i + 1].text;
    absl::StrAppend(&value->text, IsDigit(above.front()) ? "." : "", above);
    value->next = i + 2;
    if (Is(i + 2, kSuperscript)) ++value->next;
    return true;
  }
  if (AreDigits(word)) return ReadInsertedDigits(value, several);
  if (Is(i, kLatin) &&
      (IsSpace(gap) || IsHyphen(gap) || IsOneOf(gap, {"", ".", " - ", "^"}))) {
    // German: from … to.
    if (word == "bis" && StartsWithDigit(i + 1) && IsSpace(gap)) return false;
    absl::StrAppend(&value->text, AreLetters(word) ? word : "bis");
    value->next = i + 1;
    return true;
  }
  if (items[i].is_character || CharactersOf(word) != 1) return false;
  // `5-a`, `5/a`; `12א` in scripts whose letters part from digits.
  if (IsHyphen(gap) || gap == "/" ||
      (gap.empty() && items[i].sign.roles == 0)) {
    absl::StrAppend(&value->text, word);
    value->next = i + 1;
    return true;
  }
  // `§ 129 a`; but `§ 5 a 6` is a list in some languages. `12.a` is both an
  // article and a letter of one.
  if (IsLetter(word.front()) && AreDigits(value->text) &&
      ((sign && IsSpace(gap) && !StartsWithDigit(i + 1)) || gap == ".")) {
    value->others.push_back(absl::StrCat(value->text, word));
  }
  return false;
}

// 174.1, 174-1, 174¹, 4-13, 6:162, 3/1.
bool NumberReader::Reading::ReadInsertedDigits(Value* value,
                                               bool several) const {
  constexpr size_t kDigitsMax = 4;
  const size_t i = value->next;
  const absl::string_view gap = Gap(i);
  const absl::string_view word = items[i].text;
  if (word.size() > kDigitsMax) return false;
  const bool apart = IsHyphen(gap) || IsDash(gap);
  // Years are longer.
  const bool slash = gap == "/" && word.size() <= 2;
  if (!apart && !slash && !IsOneOf(gap, {".", ":", "^", "", "^{"})) {
    return false;
  }
  if (slash) value->others.push_back(value->text);
  uint32_t before_gap = 0;
  uint32_t behind_gap = 0;
  const bool range = apart && absl::SimpleAtoi(value->text, &before_gap) &&
                     absl::SimpleAtoi(word, &behind_gap) &&
                     behind_gap > before_gap;
  if (range && several) return false;
  if (range && IsDash(gap)) {
    value->others.push_back(value->text);
    value->others.emplace_back(word);
  }
  if (gap == "." && word.size() == 3 && value->text.size() <= 3 &&
      AreDigits(value->text)) {
    value->others.push_back(absl::StrCat(value->text, word));
  }
  absl::StrAppend(&value->text, ".", WithoutZeros(word));
  value->next = i + 1;
  return true;
}

// A sub-unit behind its unit: in parentheses, after a word for it, or after a
// section sign where that was not the sign of the unit.
std::optional<size_t> NumberReader::Reading::ReadSub(size_t i, bool sign,
                                                     std::string* sub) const {
  constexpr size_t kLettersMax = 4;
  constexpr size_t kDigitsMax = 3;
  if (Is(i, kOf) && Is(i + 1, kSub) && IsSpace(Gap(i))) ++i;
  if (!Has(i)) return std::nullopt;
  const absl::string_view gap = Gap(i);
  const absl::string_view word = items[i].text;
  if (OpensParenthesis(gap) && gap.size() <= 6 &&
      ClosesParenthesis(text.substr(items[i].end)) &&
      (StartsWithDigit(i) ? word.size() <= kDigitsMax + 1
                          : CharactersOf(word) <= kLettersMax)) {
    *sub = SubValue(word);
    return i + 1;
  }
  constexpr size_t kGapBytesMax = 8;
  if (gap.size() > kGapBytesMax ||
      gap.find_first_of("(/;\n") != absl::string_view::npos) {
    return std::nullopt;
  }
  if (!sign && items[i].section_signs > 0 && AreDigitsAt(i)) {
    *sub = SubValue(word);
    return i + 1;
  }
  // `n.º 2` of Portugal follows a comma.
  if (!Is(i, kSub) || (Is(i, kFiller) && !absl::StrContains(gap, ","))) {
    return std::nullopt;
  }
  size_t at = i + 1;
  if (Is(at, kFiller) && !StartsWithDigit(at)) ++at;
  if (!IsSubValue(at) || !JoinsUnit(Gap(at))) return std::nullopt;
  // The number of something else: `št. 50/12`.
  if (Has(at + 1) && Gap(at + 1) == "/") return std::nullopt;
  if (absl::StrContains(gap, ",") && BelongsToNext(at + 1)) {
    return std::nullopt;
  }
  *sub = SubValue(items[at].text);
  return at + 1;
}

bool NumberReader::Reading::IsSubValue(size_t i) const {
  constexpr size_t kBytesMax = 7;
  return Has(i) && ((StartsWithDigit(i) && items[i].text.size() <= kBytesMax) ||
                    CharactersOf(items[i].text) == 1);
}

// True if a unit follows, that a sub-unit before the item is of.
bool NumberReader::Reading::BelongsToNext(size_t i) const {
  for (int skipped = 0; skipped < 3; ++skipped, ++i) {
    if (!Has(i) || Gap(i).find_first_of(",;.:\n") != absl::string_view::npos) {
      return false;
    }
    if (Is(i, kUnit)) return true;
    if (!Is(i, kOf | kOfYear)) return false;
  }
  return false;
}

// A sub-unit behind a unit whose number was before it: `5 §:n 2 momentti`,
// `5. § (2) bekezdés`. Where reading goes on, `i` if there is none.
size_t NumberReader::Reading::ReadPostSub(size_t first, size_t i,
                                          const std::string& number) const {
  size_t at = i;
  // Its case: `§:n`, `§-a`.
  if (Has(at) && items[at].section_signs > 0 && HasNoDigit(items[at].text) &&
      (absl::EndsWith(Gap(at), ":") || absl::EndsWith(Gap(at), "-"))) {
    ++at;
  }
  std::string sub;
  if (Has(at) && OpensParenthesis(Gap(at))) {
    const std::optional<size_t> next = ReadSub(at, true, &sub);
    if (!next.has_value()) return i;
    Emit(absl::StrCat(number, "(", sub, ")"), first, *next);
    return *next;
  }
  if (!IsSubValue(at) || !AreDigitsAt(at) ||
      Gap(at).find_first_of(",;\n") != absl::string_view::npos) {
    return i;
  }
  const size_t word =
      Is(at + 1, kFiller) && !Is(at + 1, kSub) ? at + 2 : at + 1;
  if (!Is(word, kSub) || !JoinsPost(Gap(word))) return i;
  Emit(absl::StrCat(number, "(", SubValue(items[at].text), ")"), first,
       word + 1);
  return word + 1;
}

// Gives the number with each of its sub-units.
size_t NumberReader::Reading::ReadSubs(size_t first, size_t begin, size_t i,
                                       bool sign,
                                       const std::string& number) const {
  constexpr int kDepthMax = 4;
  std::string cited = number;
  for (int depth = 0; depth < kDepthMax; ++depth) {
    std::string sub;
    const std::optional<size_t> next = ReadSub(i, sign, &sub);
    if (!next.has_value()) break;
    absl::StrAppend(&cited, "(", sub, ")");
    i = *next;
    Emit(cited, first, begin, i);
  }
  return i;
}

// `пункт 2 части 3` of the article that follows.
size_t NumberReader::Reading::ReadSubsBefore(size_t i) {
  size_t at = i + 1;
  if (Is(at, kFiller) && !StartsWithDigit(at)) ++at;
  const bool is_value =
      Has(at) && JoinsUnit(Gap(at)) &&
      ((StartsWithDigit(at) && items[at].text.size() <= 6) ||
       (CharactersOf(items[at].text) == 1 && OpensParenthesis(Gap(at))));
  // Some of these words are letters too.
  if (!is_value) return i + 1;
  if (i > before_end + 1) before.clear();
  const absl::string_view value = items[at].text;
  before.push_back(SubValue(value));
  before_end = at + 1;
  // The number may be one that is known without its unit.
  return at;
}

// Where reading goes on if a word or sign for a unit stands at `i`, behind its
// number.
std::optional<size_t> NumberReader::Reading::FindPost(size_t i) const {
  const int signs = Has(i) ? items[i].section_signs : section_signs;
  if (signs > 0) {
    absl::string_view rest = text.substr(items[i - 1].end);
    rest = rest.substr(0, 8);
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '.')) {
      rest.remove_prefix(1);
    }
    absl::ConsumePrefix(&rest, "\u00A0");
    if (absl::StartsWith(rest, "\u00A7")) return i;
  }
  if (Is(i, kFiller) && Is(i + 1, kPost) && JoinsPost(Gap(i)) &&
      JoinsPost(Gap(i + 1))) {
    return i + 2;
  }
  if (Is(i, kPost) && JoinsPost(Gap(i))) return i + 1;
  return std::nullopt;
}

// The number and year of a law, from the number at [i, next).
std::optional<size_t> NumberReader::Reading::ReadInstrument(
    size_t i, size_t next, absl::string_view number) const {
  if (AreDigitsAt(next) && Gap(next) == "/") {
    // Three numbers are a date or a file.
    if (StartsWithDigit(next + 1) && Gap(next + 1) == "/") {
      size_t end = next + 2;
      while (StartsWithDigit(end) && Gap(end) == "/") ++end;
      return end;
    }
    Emit(Instrument(number, items[next].text), i, next + 1);
    return next + 1;
  }
  // As Sweden numbers its laws.
  if (IsYear(number) && AreDigitsAt(next) && Gap(next) == ":") {
    Emit(Instrument(number, items[next].text), i, next + 1);
    return next + 1;
  }
  constexpr size_t kGapBytesMax = 4;
  if (Is(next, kOfYear) && Has(next + 1) && IsYear(items[next + 1].text) &&
      Gap(next).size() <= kGapBytesMax && IsSpace(Gap(next + 1))) {
    Emit(Instrument(number, items[next + 1].text), i, next + 2);
    return next + 2;
  }
  if (IsYear(number) && AreDigitsAt(next) && Is(next + 1, kHanNumber) &&
      IsOneOf(Gap(next), {"\u3015", "]", "］", ")", "）", "】"})) {
    Emit(Instrument(number, items[next].text), i, next + 2);
    return next + 2;
  }
  return std::nullopt;
}

// `129a`, `416 bis`, `1103-V`, `59(2)`: numbers that need no word beside them.
std::optional<size_t> NumberReader::Reading::ReadSuffixed(size_t i) const {
  const absl::string_view word = items[i].text;
  constexpr size_t kCharactersMax = 3;
  constexpr size_t kRomanMax = 6;
  if (!AreDigits(word)) {
    std::optional<Value> value = ReadValue(i, false, false);
    if (!value.has_value() || AreDigits(value->text)) return std::nullopt;
    Emit(value->text, i, value->next);
    return ReadSubs(i, items[i].begin, value->next, true, value->text);
  }
  const size_t next = i + 1;
  if (Is(next, kLatin)) {
    Value value{std::string(WithoutZeros(word)), {}, next};
    if (!ReadInserted(&value, false, false)) return std::nullopt;
    Emit(value.text, i, value.next);
    return ReadSubs(i, items[i].begin, value.next, true, value.text);
  }
  // Cyrillic begins with D0 to D3 in UTF-8.
  if (Has(next) && IsHyphen(Gap(next)) && HasNoDigit(items[next].text) &&
      !Is(next, kFiller) &&
      static_cast<unsigned char>(items[next].text[0]) < 0xD4) {
    const absl::string_view letters = items[next].text;
    const bool roman =
        letters.size() <= kRomanMax &&
        letters.find_first_not_of("ivxlc") == absl::string_view::npos;
    if (!roman && CharactersOf(letters) > kCharactersMax) return std::nullopt;
    Emit(absl::StrCat(WithoutZeros(word), letters), i, next + 1);
    return next + 1;
  }
  if (Has(next) && Gap(next) == "(") {
    std::string sub;
    if (!ReadSub(next, true, &sub).has_value()) return std::nullopt;
    const std::string number(WithoutZeros(word));
    Emit(number, i, next);
    return ReadSubs(i, items[i].begin, next, true, number);
  }
  return std::nullopt;
}

// A number without a word for a unit before it.
size_t NumberReader::Reading::ReadBare(size_t i) {
  if (const std::optional<size_t> next = ReadSuffixed(i)) {
    return Is(*next, kPost) && FindPost(*next).has_value() ? *next + 1 : *next;
  }
  // `2nd`, `5km`
  if (!AreDigitsAt(i)) return i + 1;
  // Parts between points.
  size_t next = i + 1;
  bool thousands = items[i].text.size() <= 3 && items[i].text[0] != '0';
  std::string joined = items[i].text;
  for (; AreDigitsAt(next) && Gap(next) == "."; ++next) {
    thousands = thousands && items[next].text.size() == 3;
    joined += items[next].text;
  }
  const size_t parts = next - i;
  if (parts > 1 && thousands) {
    if (const auto end = ReadInstrument(i, next, joined)) return *end;
    // Larger ones are amounts of money.
    constexpr size_t kLawDigitsMax = 6;
    if (joined.size() <= kLawDigitsMax) Emit(joined, i, next);
    return next;
  }
  if (parts == 2) {
    Emit(absl::StrCat(WithoutZeros(items[i].text), ".",
                      WithoutZeros(items[i + 1].text)),
         i, next);
  }
  // More are dates and headings of outlines.
  return parts > 1 ? next : ReadWhole(i);
}

// A number of digits alone: of a law with its year, or with its unit behind it.
size_t NumberReader::Reading::ReadWhole(size_t i) const {
  const size_t next = i + 1;
  if (const auto end = ReadInstrument(i, next, items[i].text)) return *end;
  const std::string number(WithoutZeros(items[i].text));
  // Above the line: 174¹.
  const bool above = AreDigitsAt(next) && IsOneOf(Gap(next), {"", "^"});
  const bool tagged = Is(next, kSuperscript) && Gap(next) == "<";
  Value value{number, {}, next};
  if ((above || tagged) && ReadInserted(&value, false, false)) {
    Emit(value.text, i, value.next);
    return value.next;
  }
  constexpr size_t kDigitsMax = 5;
  if (number.size() > kDigitsMax) return next;
  // 189-1 straipsnis, 5 a §, 5.a člen, 12/A. §
  const auto behind = Has(next) ? FindPost(next + 1) : std::nullopt;
  if (behind.has_value()) {
    const absl::string_view word = items[next].text;
    if (AreDigits(word) && IsHyphen(Gap(next))) {
      return ReadPost(i, next + 1, *behind,
                      absl::StrCat(number, ".", WithoutZeros(word)));
    }
    if (word.size() == 1 && IsLetter(word[0]) &&
        items[next].section_signs == 0 &&
        (IsSpace(Gap(next)) || IsOneOf(Gap(next), {".", "/"}))) {
      return ReadPost(i, next + 1, *behind, absl::StrCat(number, word));
    }
  }
  const std::optional<size_t> post = FindPost(next);
  return post.has_value() ? ReadPost(i, next, *post, number) : next;
}

// A number at [i, next) whose unit stands behind it; `post` is the item behind
// that.
size_t NumberReader::Reading::ReadPost(size_t i, size_t next, size_t post,
                                       const std::string& number) const {
  Emit(number, i, post);
  const size_t end = ReadPostSub(i, post, number);
  // A unit's word may have a number behind it as well.
  return end == post ? next : end;
}

// Digits, or the numerals that add up and multiply.
std::optional<std::pair<uint32_t, size_t>>
NumberReader::Reading::ReadHanNumeral(size_t i) const {
  if (AreDigitsAt(i)) {
    uint32_t value = 0;
    if (!absl::SimpleAtoi(items[i].text, &value)) return std::nullopt;
    return std::make_pair(value, i + 1);
  }
  // Places, as 百 in 二百六十, or none, as in 二六〇.
  uint32_t total = 0;
  uint32_t digit = 0;
  bool digits_before = false;
  constexpr size_t kNumeralsMax = 9;
  const size_t first = i;
  for (; Is(i, kHanNumeral) && i - first < kNumeralsMax; ++i) {
    if (i > first && Gap(i).size() > 1) break;
    const uint32_t value = items[i].sign.value;
    if (value < 10) {
      digit = digits_before ? digit * 10 + value : value;
      digits_before = true;
      continue;
    }
    const uint32_t factor = digits_before ? std::max(digit, 1U) : 1U;
    if (value == 10000) {
      total = (total + (digits_before ? digit : 0)) * value;
    } else {
      total += factor * value;
    }
    digit = 0;
    digits_before = false;
  }
  if (i == first) return std::nullopt;
  return std::make_pair(total + digit, i);
}

// 第二百六十六条之一第二款; also in Korean and Japanese.
size_t NumberReader::Reading::ReadHan(size_t first) {
  const auto number = ReadHanNumeral(first + 1);
  if (!number.has_value()) return first + 1;
  std::string cited = absl::StrCat(number->first);
  size_t i = number->second;
  if (AreDigitsAt(i) && IsHyphen(Gap(i))) {
    absl::StrAppend(&cited, ".", items[i].text);
    ++i;
  }
  if (!Is(i, kHanUnit)) return first + 1;
  ++i;
  constexpr int kDepthMax = 4;
  for (int depth = 0; depth < kDepthMax && Is(i, kHanOf) && Gap(i).empty();
       ++depth) {
    const auto inserted = ReadHanNumeral(i + 1);
    if (!inserted.has_value()) break;
    absl::StrAppend(&cited, ".", inserted->first);
    i = inserted->second;
  }
  Emit(cited, first, i);
  for (int depth = 0; depth < kDepthMax && Is(i, kHanStart) &&
                      (Gap(i).empty() || IsSpace(Gap(i)));
       ++depth) {
    const auto sub = ReadHanNumeral(i + 1);
    if (!sub.has_value() || !Is(sub->second, kHanSub)) break;
    absl::StrAppend(&cited, "(", sub->first, ")");
    i = sub->second + 1;
    Emit(cited, first, i);
  }
  return i;
}

// NumberReader
// ---------------------------------------------------------------------

void NumberReader::Start(absl::string_view text) {
  text_ = text;
  items_.clear();
}

void NumberReader::AddSlowly(const Input& word, Sink sink) {
  constexpr size_t kItemsMax = 64;
  constexpr size_t kWordBytesMax = 48;
  constexpr size_t kGapBytesMax = 24;
  if (!items_.empty() && word.begin - items_.back().end > kGapBytesMax) {
    Close(0, sink);
  }
  const absl::string_view folded = word.folded;
  const bool number =
      !folded.empty() && IsDigit(folded[0]) && folded.size() <= kWordBytesMax;
  bool belongs = number || word.sign.roles != 0 ||
                 (word.section_signs > 0 && CharactersOf(folded) <= 5);
  if (!belongs && !items_.empty() && !folded.empty()) {
    const absl::string_view gap =
        text_.substr(items_.back().end, word.begin - items_.back().end);
    constexpr size_t kLettersMax = 6;
    const bool part_of_number =
        OpensParenthesis(gap) || IsHyphen(gap) || gap == ">" || word.has_digit;
    belongs = CharactersOf(folded) == 1 ||
              (part_of_number && CharactersOf(folded) <= kLettersMax);
  }
  if (!belongs || items_.size() >= kItemsMax) {
    Close(word.section_signs, sink);
    if (!belongs) return;
  }
  if (items_.empty() && !number && word.section_signs == 0 &&
      (word.sign.roles & kStarts) == 0) {
    return;
  }
  items_.push_back({std::string(folded), word.sign, word.is_character,
                    word.section_signs, word.begin, word.end, word.position});
}

void NumberReader::Close(int section_signs, Sink sink) {
  if (items_.empty()) return;
  Reading{text_, items_, section_signs, sink, {}, 0}.Read();
  items_.clear();
}

void NumberReader::Finish(int section_signs, Sink sink) {
  Close(section_signs, sink);
}

}  // namespace comity::index
