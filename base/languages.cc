#include "base/languages.h"

#include <unicode/locid.h>

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace comity {
namespace {

// Stopwords -----------------------------------------------------------------
//
// The commonest words of each language that have no subject of their own:
// articles, pronouns, prepositions, conjunctions, forms of to be and to have.
// Negations and modal verbs of obligation are left out, for laws turn on them.

constexpr absl::string_view kArabicStopwords =
    "من في على إلى الى عن مع أو او و أن ان إن لا ما هذا هذه ذلك تلك التي الذي "
    "الذين اللذين هو هي هم كان كانت يكون تكون كل أي اي بعد قبل بين حتى إذا اذا "
    "لم لن قد ثم كما به بها له لها لهم فيه فيها منه منها عليه عليها عند عندما "
    "غير إلا الا بأن وفي ومن وعلى أحد تم وقد ولا";
constexpr absl::string_view kBulgarianStopwords =
    "и в във на за от с със да по при до се е са или ако като че това тази "
    "този "
    "тези който която което които не го му им ги след преди между през към";
constexpr absl::string_view kCatalanStopwords =
    "el la els les un una uns unes de del dels i o a al als en amb per que es "
    "l d s n és són ha han aquest aquesta aquests aquestes com si no més seu "
    "seva seus seves pel pels sobre entre fins";
constexpr absl::string_view kChineseStopwords =
    "的 了 在 是 和 与 及 或 之 其 以 于 对 为 而 也 就 都 被 把 从 由 吗 呢 "
    "吧 "
    "啊 么 我 你 他 她 它 这 那 该 等 并 但 我们 你们 他们 什么 怎么 如何 哪些 "
    "可以 应当 如果 以及 或者 因为 所以 但是 这个 那个 一个 没有 还是 请问 "
    "多少 "
    "为什 的是 了一 是否 需要 能否";
constexpr absl::string_view kCzechStopwords =
    "a i o u v ve z ze s se si k ke na do od po pro při za je jsou byl byla "
    "bylo být nebo že který která které kteří podle jako jeho její jejich to "
    "tento tato toto tyto tím tom ten též až anebo však aby pokud li jen";
constexpr absl::string_view kDanishStopwords =
    "og i at det en den til er som på de med af for der et om har fra ved kan "
    "denne dette disse eller efter var hvis sig så men hvor han hun sin sit";
constexpr absl::string_view kDutchStopwords =
    "de het een en van in op te ten ter dat die dit deze is zijn was waren "
    "wordt worden werd aan met voor door bij als om of uit tot naar er ook "
    "over onder zij hij hun haar wie wat welke dan nog indien heeft hebben";
constexpr absl::string_view kEnglishStopwords =
    "the of and to in a an or is are was were be been being by for on at as "
    "with that this these those it its from which who whom whose such any "
    "other has have had if he she his her him they their them there where when "
    "into under upon than then so but s do does did what how i you my we our "
    "me your about";
constexpr absl::string_view kFinnishStopwords =
    "ja on ei tai että se sen ne niiden joka jonka jotka jos kun kuin ovat oli "
    "olla myös sekä mutta siitä tämä tämän nämä niin mukaan hän hänen mikä";
constexpr absl::string_view kFrenchStopwords =
    "le la les un une des du de d l et ou où à au aux en dans par pour sur "
    "sous "
    "avec que qu qui quoi dont ce cet cette ces c se s sa son ses leur leurs "
    "il "
    "elle ils elles on est sont été être a ont avoir ne n y si comme plus lui "
    "eux entre vers chez ainsi lorsque lorsqu est-ce je j me m mon ma mes vous "
    "nous votre notre quel quelle quels quelles";
constexpr absl::string_view kGermanStopwords =
    "der die das den dem des ein eine einer eines einem einen und oder in im "
    "ins an am auf aus bei beim mit nach von vom vor zu zum zur für über unter "
    "durch um als wie wenn so auch ist sind war waren wird werden wurde wurden "
    "sein seine seiner seines seinem seinen ihr ihre ihrer ihres ihrem ihren "
    "er "
    "sie es sich dies diese dieser dieses diesem diesen dass daß welche "
    "welcher "
    "welches hat haben ob was wer wo ich wir mein";
constexpr absl::string_view kGreekStopwords =
    "ο η το οι τα του της των τον την τους τις στο στη στην στον στους στις "
    "στα "
    "και ή να με σε από για που ως κατά προς είναι ένα μια ένας αυτό αυτή αυτά "
    "αν θα όπως τη επί υπό";
constexpr absl::string_view kHungarianStopwords =
    "a az és egy vagy hogy is ha ez azt ezt aki ami amely amelyet amelynek meg "
    "már csak mint el által kell után között való";
constexpr absl::string_view kIndonesianStopwords =
    "yang dan di ke dari untuk dengan pada atau ini itu dalam adalah oleh "
    "sebagai sebagaimana dimaksud tersebut akan telah juga serta bagi para "
    "apabila secara antara atas ia";
constexpr absl::string_view kItalianStopwords =
    "il lo la i gli le l un uno una di d a da in con su per tra fra e ed o od "
    "del dello della dei degli delle dell al allo alla ai agli alle all dal "
    "dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul "
    "sullo sulla sui sugli sulle sull che chi cui è sono era erano essere ha "
    "hanno avere si se come anche ove quale quali questo questa questi queste "
    "suo sua suoi sue loro ne ci";
constexpr absl::string_view kJapaneseStopwords =
    "の を に は が と で も へ や から まで より する した して いる ある "
    "この "
    "その これ それ こと もの";
constexpr absl::string_view kNorwegianStopwords =
    "og i å det at en et den til er som på de med av for der om har fra ved "
    "kan "
    "denne dette disse eller etter var hvis seg så men hvor han hun sin sitt "
    "blir blitt";
constexpr absl::string_view kPolishStopwords =
    "i w we z ze na do od o po dla za przy przez się jest są lub albo oraz że "
    "który która które którego której których jak jego jej ich to ten ta te "
    "tym "
    "tego jeżeli jeśli a u ma";
constexpr absl::string_view kPortugueseStopwords =
    "o a os as um uma uns umas de do da dos das em no na nos nas num numa por "
    "pelo pela pelos pelas para com sem sob sobre e ou que se ao à aos às é "
    "são "
    "foi foram ser ter há seu sua seus suas este esta estes estas esse essa "
    "isso aquele aquela como quando qual quais ele ela eles elas lhe cujo cuja "
    "mais entre até";
constexpr absl::string_view kRomanianStopwords =
    "de la în și si a al ai ale cu pe din pentru prin sau ca că care se este "
    "sunt fi o un unei unui cel cea cei cele lui lor sa să la iar dacă după "
    "către prezenta prezentul acest această acestea";
constexpr absl::string_view kRussianStopwords =
    "и в во на с со по к ко от до из за у о об обо при для или а но что чтобы "
    "как так если то это этот эта эти этого этой этих тот та те того той тех "
    "который которая которое которые которого которой которых которым он она "
    "оно они его ее её их им ими ему ей быть был была было были есть же ли бы "
    "также либо под над между через после перед без я мы вы мой какие какая "
    "какой где когда";
constexpr absl::string_view kSerbianStopwords =
    "i u na za od do sa s se je su da koji koja koje kojim kojih kojem ili ako "
    "po o iz kao što to ovaj ova ovo ovog ovim te a će bi nije kad prema";
constexpr absl::string_view kSlovakStopwords =
    "a i o u v vo z zo s so sa si k ku na do od po pre pri za je sú bol bola "
    "bolo byť alebo že ktorý ktorá ktoré ktorí podľa ako jeho jej ich to tento "
    "táto toto tieto tým tom ten až však aby ak len";
constexpr absl::string_view kSlovenianStopwords =
    "in v na za od do z s se je so da ki ali če po o iz kot pri te ta to tega "
    "tem pa bi ni sta ga jih tudi kadar";
constexpr absl::string_view kSpanishStopwords =
    "el la los las lo un una unos unas de del a al en con por para sin sobre y "
    "e o u que se su sus es son fue fueron ser ha han haber este esta estos "
    "estas esto ese esa esos esas aquel aquella como cuando cual cuales quien "
    "quienes cuyo cuya le les si más entre hasta desde ante bajo según él ella "
    "ellos ellas qué cómo cuál mi yo";
constexpr absl::string_view kSwedishStopwords =
    "och i att det en ett den till är som på de med av för om har från vid kan "
    "denna detta dessa eller efter var sig så men han hon sin sitt enligt";
constexpr absl::string_view kTurkishStopwords =
    "ve veya ile bu bir için olan olarak de da ki gibi her o ise ya kadar göre "
    "daha çok en tarafından";
constexpr absl::string_view kUkrainianStopwords =
    "і й та в у на з із зі до від за по про при для або а але що щоб як так "
    "якщо то це цей ця ці цього цієї цих той який яка яке які якого якої яких "
    "він вона воно вони його її їх бути є був була було були під між через "
    "після перед без також";
constexpr absl::string_view kVietnameseStopwords =
    "và của các là có được cho trong với theo này đó những một để khi thì tại "
    "về từ bị do người như nào gì hay hoặc mà ở ra vào đã sẽ sau trên";

// Endings ---------------------------------------------------------------------
//
// Cases, numbers and articles that follow a noun or an adjective, as in the
// light stemmers of Dolamic and Savoy (Indexing and stemming approaches for the
// Czech language, 2009), for languages that Snowball leaves out.

constexpr absl::string_view kAlbanianEndings =
    "eve ave ive ove it in un ut es en et at te ve i e a u";
constexpr absl::string_view kBulgarianEndings =
    "овете евете ищата ията иите ието ите ата ето ове еве ища ът ят та "
    "то "
    "те ия ие ии а я о е и";
constexpr absl::string_view kCzechEndings =
    "atech ech ich ach ych eho iho emu imu emi imi ami ymi ama ove ovi ete eti "
    "em im um am ym ou mi a e i o u y";
constexpr absl::string_view kEstonianEndings =
    "tesse desse test dest tele dele telt delt teks deks tega dega esse est "
    "ele "
    "elt eks ega eta ena eni asse ast ale alt aks aga ata ana isse ist ile ilt "
    "iks iga ita usse ule ult uks uga uta ide ude ade ede te de id ed ud ad es "
    "et at it ut el al il ul e a i u t";
constexpr absl::string_view kIcelandicEndings =
    "arinnar innar unum inum anna inni inn ina num ans ins um ar ir ur in na a "
    "i u";
constexpr absl::string_view kLatvianEndings =
    "ajiem ajam ajai ajas iem am as em es im is um us os ai ei ie a e i o u s";
constexpr absl::string_view kMacedonianEndings =
    "овите иите ите ата ето ови от та то те ја а о е и";
constexpr absl::string_view kMongolianEndings =
    "ийн ын ийг ыг аас ээс оос өөс иас аар ээр оор өөр иар тай тэй той д т ь";
constexpr absl::string_view kPolishEndings =
    "owie ami ach ego emu ymi imi iej ych ich om em im ym ej ow ie ia iu io ii "
    "a e i o u y";
constexpr absl::string_view kSlovakEndings =
    "atami och ach ych ich eho emu iho imu ami ymi imi ovia ove ovi iam am om "
    "em im ym ou ej ie iu ia mi a e i o u y";
constexpr absl::string_view kSlovenianEndings =
    "ega emu ima imi ami ama oma ema ih im em om ov ev ah eh a e i o u";
constexpr absl::string_view kUkrainianEndings =
    "ями ами ові еві ого ому ими іми ій ої ою ею єю ів їв ях ах ам ям ом ем єм "
    "им ім их іх ий ії ію ія іє а я о е є у ю и і ї ь й";

// The table -------------------------------------------------------------------

constexpr Language kLanguages[] = {
    // Afrikaans has the endings of Dutch.
    {.tag = "af", .stemmer = "dutch", .stopwords = kDutchStopwords},
    {.tag = "am", .script = "Ethi"},
    {.tag = "ar",
     .script = "Arab",
     .right_to_left = true,
     .stemmer = "arabic",
     .articles = "وبال فبال وكال وال فال بال كال ولل فلل ال لل",
     // Persian letters, which keyboards and fonts mix in.
     .respelled = "یيکك",
     .stopwords = kArabicStopwords},
    // The stemmer of Turkish, which has the same endings, once schwa is e.
    {.tag = "az",
     .stemmer = "turkish",
     .dotless_i = true,
     .endings_after_apostrophe = true,
     .respelled = "əe"},
    {.tag = "be", .script = "Cyrl"},
    {.tag = "bg",
     .script = "Cyrl",
     .endings = kBulgarianEndings,
     .stopwords = kBulgarianStopwords},
    {.tag = "bn", .script = "Beng"},
    {.tag = "bs", .stemmer = "serbian", .stopwords = kSerbianStopwords},
    {.tag = "ca",
     .stemmer = "catalan",
     .elisions = "l d m t s n",
     .accented_endings = "ció sió",
     .stopwords = kCatalanStopwords},
    {.tag = "cs", .endings = kCzechEndings, .stopwords = kCzechStopwords},
    {.tag = "da",
     .stemmer = "danish",
     .letters = "æøå",
     .stopwords = kDanishStopwords},
    // This one of the two for German takes ae, oe and ue for ä, ö and ü.
    {.tag = "de", .stemmer = "german2", .stopwords = kGermanStopwords},
    {.tag = "dv", .script = "Thaa", .right_to_left = true},
    {.tag = "dz", .script = "Tibt"},
    {.tag = "el",
     .script = "Grek",
     .stemmer = "greek",
     .stopwords = kGreekStopwords},
    {.tag = "en", .stemmer = "english", .stopwords = kEnglishStopwords},
    {.tag = "es",
     .stemmer = "spanish",
     .letters = "ñ",
     .accented_endings = "ción sión",
     .stopwords = kSpanishStopwords},
    {.tag = "et", .endings = kEstonianEndings},
    {.tag = "eu", .stemmer = "basque", .letters = "ñ"},
    {.tag = "fa", .script = "Arab", .right_to_left = true},
    {.tag = "fi",
     .stemmer = "finnish",
     .letters = "åäö",
     .stopwords = kFinnishStopwords},
    {.tag = "fil"},
    {.tag = "fr",
     .stemmer = "french",
     .elisions = "l d j m t s n c qu jusqu lorsqu puisqu quoiqu",
     .stopwords = kFrenchStopwords},
    {.tag = "ga", .stemmer = "irish", .elisions = "d b m"},
    // Galician has endings of Spanish, and nouns in -ción as Spanish does.
    {.tag = "gl",
     .stemmer = "spanish",
     .letters = "ñ",
     .accented_endings = "ción sión",
     .stopwords = kPortugueseStopwords},
    {.tag = "he", .script = "Hebr", .right_to_left = true},
    {.tag = "hi", .script = "Deva", .stemmer = "hindi"},
    {.tag = "hr", .stemmer = "serbian", .stopwords = kSerbianStopwords},
    {.tag = "hu", .stemmer = "hungarian", .stopwords = kHungarianStopwords},
    {.tag = "hy", .script = "Armn", .stemmer = "armenian"},
    {.tag = "id", .stemmer = "indonesian", .stopwords = kIndonesianStopwords},
    {.tag = "is", .endings = kIcelandicEndings},
    {.tag = "it",
     .stemmer = "italian",
     .elisions = "l d c m t s v un dell all nell sull dall coll quest quell gl "
                 "anch com dov",
     .stopwords = kItalianStopwords},
    {.tag = "ja",
     .script = "Jpan",
     .words = WordRule::kPairs,
     .stopwords = kJapaneseStopwords},
    {.tag = "ka", .script = "Geor"},
    {.tag = "kk", .script = "Cyrl"},
    {.tag = "km", .script = "Khmr", .words = WordRule::kDictionary},
    {.tag = "ko", .script = "Kore", .words = WordRule::kPairs},
    {.tag = "ky", .script = "Cyrl"},
    {.tag = "lb", .elisions = "d"},
    {.tag = "lo", .script = "Laoo", .words = WordRule::kDictionary},
    {.tag = "lt", .stemmer = "lithuanian"},
    {.tag = "lv", .endings = kLatvianEndings},
    {.tag = "mg"},
    {.tag = "mk", .script = "Cyrl", .endings = kMacedonianEndings},
    {.tag = "mn", .script = "Cyrl", .endings = kMongolianEndings},
    // Malay and Indonesian share their affixes.
    {.tag = "ms", .stemmer = "indonesian", .stopwords = kIndonesianStopwords},
    {.tag = "mt", .elisions = "b f t s x m"},
    {.tag = "my", .script = "Mymr", .words = WordRule::kDictionary},
    {.tag = "nb",
     .stemmer = "norwegian",
     .letters = "æøå",
     .stopwords = kNorwegianStopwords},
    {.tag = "ne", .script = "Deva", .stemmer = "nepali"},
    {.tag = "nl", .stemmer = "dutch", .stopwords = kDutchStopwords},
    {.tag = "pl", .endings = kPolishEndings, .stopwords = kPolishStopwords},
    {.tag = "ps", .script = "Arab", .right_to_left = true},
    {.tag = "pt",
     .stemmer = "portuguese",
     .elisions = "d",
     .accented_endings = "ção ções são sões",
     .stopwords = kPortugueseStopwords},
    // The stemmer knows the letters with cedilla that stood for those with
    // comma before Unicode had both.
    {.tag = "ro",
     .stemmer = "romanian",
     .respelled = "șşțţ",
     .accented_endings = "ţiunilor ţiunii ţiune ţiuni",
     .stopwords = kRomanianStopwords},
    {.tag = "ru",
     .script = "Cyrl",
     .stemmer = "russian",
     .stopwords = kRussianStopwords},
    {.tag = "rw"},
    {.tag = "si", .script = "Sinh"},
    {.tag = "sk", .endings = kSlovakEndings, .stopwords = kSlovakStopwords},
    {.tag = "sl",
     .endings = kSlovenianEndings,
     .stopwords = kSlovenianStopwords},
    {.tag = "so"},
    {.tag = "sq", .endings = kAlbanianEndings},
    // The stemmer writes Cyrillic in Latin letters, so both scripts meet.
    {.tag = "sr", .script = "Cyrl", .stemmer = "serbian"},
    {.tag = "sr-Latn", .stemmer = "serbian", .stopwords = kSerbianStopwords},
    {.tag = "sv",
     .stemmer = "swedish",
     .letters = "åäö",
     .stopwords = kSwedishStopwords},
    {.tag = "sw"},
    {.tag = "ta", .script = "Taml", .stemmer = "tamil"},
    {.tag = "tg", .script = "Cyrl"},
    {.tag = "th", .script = "Thai", .words = WordRule::kDictionary},
    {.tag = "ti", .script = "Ethi"},
    {.tag = "tk"},
    {.tag = "tr",
     .stemmer = "turkish",
     .dotless_i = true,
     .endings_after_apostrophe = true,
     .stopwords = kTurkishStopwords},
    {.tag = "uk",
     .script = "Cyrl",
     .endings = kUkrainianEndings,
     .stopwords = kUkrainianStopwords},
    {.tag = "ur", .script = "Arab", .right_to_left = true},
    {.tag = "uz"},
    {.tag = "vi", .marks_matter = true, .stopwords = kVietnameseStopwords},
    {.tag = "zh",
     .script = "Hans",
     .words = WordRule::kPairs,
     .stopwords = kChineseStopwords},
    {.tag = "zh-Hant",
     .script = "Hant",
     .words = WordRule::kPairs,
     .stopwords = kChineseStopwords},
};

constexpr Language kUnknown = {.tag = "und"};

// Languages that are read with the rules of another, beyond what ICU's aliases
// (CLDR's) know.
struct Alias {
  absl::string_view from;
  absl::string_view to;
};
constexpr Alias kAliases[] = {
    {"nn", "nb"},   // Norwegian Nynorsk
    {"no", "nb"},   // Norwegian
    {"yue", "zh"},  // Cantonese; the script follows
};

const Language* FindRow(absl::string_view tag) {
  const auto* found = std::lower_bound(
      std::begin(kLanguages), std::end(kLanguages), tag,
      [](const Language& row, absl::string_view t) { return row.tag < t; });
  return found != std::end(kLanguages) && found->tag == tag ? found : nullptr;
}

}  // namespace

absl::Span<const Language> Languages() { return kLanguages; }

const Language* FindLanguage(absl::string_view tag) {
  if (const Language* row = FindRow(tag)) return row;
  // BCP 47 subtags have at most eight characters; no use is longer than this.
  constexpr size_t kTagBytesMax = 64;
  if (tag.empty() || tag.size() > kTagBytesMax) return nullptr;
  // A NUL would end it for ICU.
  if (tag.find('\0') != absl::string_view::npos) return nullptr;
  UErrorCode error = U_ZERO_ERROR;
  icu::Locale locale =
      icu::Locale::forLanguageTag(std::string(tag).c_str(), error);
  locale.canonicalize(error);
  if (U_FAILURE(error)) return nullptr;
  std::string language = locale.getLanguage();
  // A private tag (`x-…`) has none.
  if (language.empty()) return nullptr;
  // The script that CLDR takes for granted in the region.
  locale.addLikelySubtags(error);
  if (U_FAILURE(error)) return nullptr;
  for (const Alias& alias : kAliases) {
    if (alias.from == language) language = std::string(alias.to);
  }
  const absl::string_view script = locale.getScript();
  const Language* row = FindRow(absl::StrCat(language, "-", script));
  if (row == nullptr) row = FindRow(language);
  return row;
}

const Language& UnknownLanguage() { return kUnknown; }

bool IsWrittenIn(const Language& language, absl::string_view script) {
  if (language.script == script) return true;
  if (language.script == "Jpan") {
    return script == "Hani" || script == "Hira" || script == "Kana";
  }
  if (language.script == "Kore") return script == "Hang" || script == "Hani";
  return (language.script == "Hans" || language.script == "Hant") &&
         (script == "Hani" || script == "Bopo");
}

}  // namespace comity
