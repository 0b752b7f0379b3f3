#include "import/laws/words.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/text.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

struct Row {
  // Language tags, separated by spaces.
  const char* languages;
  v1::Provision::Kind kind;
  int rank;
  Order order;
  // Separated by `|`.
  const char* words;
  // The word becomes part of the id.
  bool own_id = false;
};

constexpr Order kBoth = Order::kBoth;
constexpr Order kFirst = Order::kWordFirst;
constexpr Order kLast = Order::kNumberFirst;
constexpr Order kAlone = Order::kAlone;

// Ranks: 10 schedule, 11 book, 12 part, 13 title, 14 chapter, 15 division,
// 16 and 17 below it, 20 basic unit.
constexpr Row kRows[] = {
    // English, Irish, Maltese.
    {"en", Kind::KIND_BOOK, 11, kBoth, "book"},
    {"en", Kind::KIND_PART, 12, kBoth, "part"},
    {"en", Kind::KIND_PART, 13, kFirst, "subpart|sub-part"},
    {"en", Kind::KIND_TITLE, 13, kBoth, "title|subtitle"},
    {"en", Kind::KIND_CHAPTER, 14, kBoth, "chapter|subchapter"},
    {"en", Kind::KIND_DIVISION, 15, kFirst, "division|subdivision"},
    {"en", Kind::KIND_ARTICLE, 20, kFirst, "article|art"},
    {"en", Kind::KIND_SECTION, 20, kFirst, "section|sec|sect"},
    {"en", Kind::KIND_SECTION, 20, kFirst, "rule|regulation|clause|bylaw",
     true},
    {"en", Kind::KIND_SCHEDULE, 10, kBoth,
     "schedule|annex|annexure|appendix|attachment"},
    {"en", Kind::KIND_PREAMBLE, 10, kAlone, "preamble"},
    {"en", Kind::KIND_HEADING, 12, kAlone,
     "final provisions|transitional provisions|general provisions|"
     "miscellaneous provisions"},
    {"ga", Kind::KIND_PART, 12, kFirst, "cuid"},
    {"ga", Kind::KIND_CHAPTER, 14, kFirst, "caibidil"},
    {"ga", Kind::KIND_SECTION, 20, kFirst, "alt"},
    {"ga", Kind::KIND_SCHEDULE, 10, kBoth, "sceideal"},
    {"mt", Kind::KIND_PART, 12, kFirst, "taqsima"},
    {"mt", Kind::KIND_CHAPTER, 14, kFirst, "kapitolu"},
    {"mt", Kind::KIND_ARTICLE, 20, kFirst, "artikolu"},
    {"mt", Kind::KIND_SCHEDULE, 10, kBoth, "skeda"},
    // French.
    {"fr", Kind::KIND_BOOK, 11, kBoth, "livre"},
    {"fr", Kind::KIND_PART, 12, kBoth, "partie"},
    {"fr", Kind::KIND_TITLE, 13, kBoth, "titre|sous-titre"},
    {"fr", Kind::KIND_CHAPTER, 14, kBoth, "chapitre"},
    {"fr", Kind::KIND_DIVISION, 15, kBoth, "section"},
    {"fr", Kind::KIND_DIVISION, 16, kBoth, "sous-section"},
    {"fr", Kind::KIND_DIVISION, 17, kFirst, "paragraphe"},
    {"fr", Kind::KIND_ARTICLE, 20, kFirst, "article|art"},
    {"fr", Kind::KIND_SCHEDULE, 10, kBoth, "annexe|appendice"},
    {"fr", Kind::KIND_SCHEDULE, 10, kAlone, "annexes"},
    {"fr", Kind::KIND_PREAMBLE, 10, kAlone, "préambule"},
    {"fr", Kind::KIND_HEADING, 12, kAlone,
     "dispositions transitoires|dispositions finales|"
     "dispositions transitoires et finales"},
    // Spanish, Galician, Catalan, Basque.
    {"es gl", Kind::KIND_BOOK, 11, kBoth, "libro"},
    {"es gl", Kind::KIND_PART, 12, kBoth, "parte"},
    {"es gl", Kind::KIND_TITLE, 13, kBoth, "título|subtítulo"},
    {"es gl", Kind::KIND_CHAPTER, 14, kBoth, "capítulo"},
    {"es gl", Kind::KIND_DIVISION, 15, kBoth, "sección"},
    {"es gl", Kind::KIND_DIVISION, 16, kBoth, "subsección"},
    {"es gl", Kind::KIND_ARTICLE, 20, kFirst, "artículo|art|arto|artigo"},
    {"es gl", Kind::KIND_ARTICLE, 20, kFirst,
     "disposición adicional|disposición transitoria|disposición derogatoria|"
     "disposición final|cláusula",
     true},
    {"es gl", Kind::KIND_SCHEDULE, 10, kBoth, "anexo|apéndice"},
    {"es gl", Kind::KIND_PREAMBLE, 10, kAlone, "preámbulo"},
    {"es gl", Kind::KIND_HEADING, 12, kAlone,
     "transitorios|transitorias|artículos transitorios|"
     "disposiciones transitorias|disposiciones finales|"
     "disposiciones generales|disposiciones adicionales|"
     "disposiciones complementarias|disposiciones transitorias y finales"},
    {"ca", Kind::KIND_BOOK, 11, kBoth, "llibre"},
    {"ca", Kind::KIND_PART, 12, kBoth, "part"},
    {"ca", Kind::KIND_TITLE, 13, kBoth, "títol"},
    {"ca", Kind::KIND_CHAPTER, 14, kBoth, "capítol"},
    {"ca", Kind::KIND_DIVISION, 15, kBoth, "secció"},
    {"ca", Kind::KIND_DIVISION, 16, kBoth, "subsecció"},
    {"ca", Kind::KIND_ARTICLE, 20, kFirst, "article|art"},
    {"ca", Kind::KIND_ARTICLE, 20, kFirst,
     "disposició addicional|disposició transitòria|disposició derogatòria|"
     "disposició final",
     true},
    {"ca", Kind::KIND_SCHEDULE, 10, kBoth, "annex"},
    {"ca", Kind::KIND_PREAMBLE, 10, kAlone, "exposició de motius|preàmbul"},
    {"eu", Kind::KIND_TITLE, 13, kBoth, "titulua"},
    {"eu", Kind::KIND_CHAPTER, 14, kBoth, "kapitulua"},
    {"eu", Kind::KIND_ARTICLE, 20, kBoth, "artikulua|artikulu"},
    // Portuguese.
    {"pt", Kind::KIND_BOOK, 11, kBoth, "livro"},
    {"pt", Kind::KIND_PART, 12, kBoth, "parte"},
    {"pt", Kind::KIND_TITLE, 13, kBoth, "título|subtítulo"},
    {"pt", Kind::KIND_CHAPTER, 14, kBoth, "capítulo"},
    {"pt", Kind::KIND_DIVISION, 15, kBoth, "seção|secção"},
    {"pt", Kind::KIND_DIVISION, 16, kBoth,
     "subseção|subsecção|sub-secção|divisão"},
    {"pt", Kind::KIND_ARTICLE, 20, kFirst, "artigo|art|arto"},
    {"pt", Kind::KIND_ARTICLE, 20, kFirst, "cláusula", true},
    {"pt", Kind::KIND_SCHEDULE, 10, kBoth, "anexo|apêndice"},
    {"pt", Kind::KIND_PREAMBLE, 10, kAlone, "preâmbulo"},
    {"pt", Kind::KIND_HEADING, 12, kAlone,
     "disposições transitórias|disposições finais|"
     "disposições finais e transitórias"},
    // Italian, Romanian.
    {"it", Kind::KIND_BOOK, 11, kBoth, "libro"},
    {"it", Kind::KIND_PART, 12, kBoth, "parte"},
    {"it", Kind::KIND_TITLE, 13, kBoth, "titolo"},
    {"it", Kind::KIND_CHAPTER, 14, kBoth, "capo|capitolo"},
    {"it", Kind::KIND_DIVISION, 15, kBoth, "sezione"},
    {"it", Kind::KIND_ARTICLE, 20, kFirst, "articolo|art"},
    {"it", Kind::KIND_SCHEDULE, 10, kBoth, "allegato|appendice"},
    {"ro mo", Kind::KIND_BOOK, 11, kBoth, "cartea|carte"},
    {"ro mo", Kind::KIND_PART, 12, kBoth, "partea|parte"},
    {"ro mo", Kind::KIND_TITLE, 13, kBoth, "titlul|titlu"},
    {"ro mo", Kind::KIND_CHAPTER, 14, kBoth, "capitolul|capitol|cap"},
    {"ro mo", Kind::KIND_DIVISION, 15, kBoth,
     "secțiunea|secţiunea|sectiunea|secțiune"},
    {"ro mo", Kind::KIND_DIVISION, 16, kBoth, "subsecțiunea|subsecţiunea"},
    {"ro mo", Kind::KIND_ARTICLE, 20, kFirst, "articolul|articol|art"},
    {"ro mo", Kind::KIND_SCHEDULE, 10, kBoth, "anexa|anexă"},
    // German, Dutch, Afrikaans.
    {"de", Kind::KIND_BOOK, 11, kBoth, "buch"},
    {"de", Kind::KIND_PART, 12, kBoth, "teil|hauptteil"},
    {"de", Kind::KIND_PART, 13, kBoth, "unterteil"},
    {"de", Kind::KIND_TITLE, 16, kBoth, "titel|untertitel"},
    {"de", Kind::KIND_CHAPTER, 14, kBoth, "kapitel|hauptstück"},
    {"de", Kind::KIND_DIVISION, 15, kBoth, "abschnitt"},
    {"de", Kind::KIND_DIVISION, 16, kBoth, "unterabschnitt|unterkapitel"},
    {"de", Kind::KIND_ARTICLE, 20, kFirst, "artikel|art"},
    {"de", Kind::KIND_SECTION, 20, kFirst, "paragraph"},
    {"de", Kind::KIND_SCHEDULE, 10, kBoth, "anlage|anhang|beilage"},
    {"de", Kind::KIND_SCHEDULE, 10, kAlone, "anlagen|anhänge"},
    {"de", Kind::KIND_PREAMBLE, 10, kAlone, "präambel"},
    {"de", Kind::KIND_HEADING, 12, kAlone,
     "allgemeiner teil|besonderer teil|übergangsbestimmungen|"
     "schlussbestimmungen"},
    {"nl", Kind::KIND_BOOK, 11, kBoth, "boek"},
    {"nl", Kind::KIND_PART, 12, kBoth, "deel"},
    {"nl", Kind::KIND_TITLE, 13, kBoth, "titel"},
    {"nl", Kind::KIND_CHAPTER, 14, kBoth, "hoofdstuk"},
    {"nl", Kind::KIND_DIVISION, 15, kBoth, "afdeling"},
    {"nl", Kind::KIND_DIVISION, 16, kBoth, "onderafdeling|paragraaf"},
    {"nl", Kind::KIND_ARTICLE, 20, kFirst, "artikel|art"},
    {"nl", Kind::KIND_SCHEDULE, 10, kBoth, "bijlage|bijvoegsel"},
    {"af", Kind::KIND_PART, 12, kBoth, "deel"},
    {"af", Kind::KIND_CHAPTER, 14, kBoth, "hoofstuk"},
    {"af", Kind::KIND_SECTION, 20, kFirst, "artikel|regulasie"},
    {"af", Kind::KIND_SCHEDULE, 10, kBoth, "bylae|skedule"},
    // Nordic.
    {"sv", Kind::KIND_PART, 12, kBoth, "avdelning|avdelningen|avd|del"},
    {"sv", Kind::KIND_CHAPTER, 14, kBoth, "kapitel|kapitlet|kap"},
    {"sv", Kind::KIND_ARTICLE, 20, kFirst, "artikel|art"},
    {"sv", Kind::KIND_SCHEDULE, 10, kBoth, "bilaga"},
    {"da", Kind::KIND_BOOK, 11, kBoth, "bog"},
    {"da", Kind::KIND_PART, 12, kBoth, "del|afsnit"},
    {"da", Kind::KIND_CHAPTER, 14, kBoth, "kapitel|kap"},
    {"da", Kind::KIND_ARTICLE, 20, kFirst, "artikel|art"},
    {"da", Kind::KIND_SCHEDULE, 10, kBoth, "bilag"},
    {"nb nn no", Kind::KIND_PART, 12, kBoth, "del|avdeling"},
    {"nb nn no", Kind::KIND_CHAPTER, 14, kBoth, "kapittel|kapitel|kap"},
    {"nb nn no", Kind::KIND_DIVISION, 15, kBoth, "avsnitt"},
    {"nb nn no", Kind::KIND_ARTICLE, 20, kFirst, "artikkel|artikel|art"},
    {"nb nn no", Kind::KIND_SCHEDULE, 10, kBoth, "vedlegg"},
    {"is", Kind::KIND_PART, 12, kBoth, "hluti|þáttur"},
    {"is", Kind::KIND_CHAPTER, 14, kBoth, "kafli|kapítuli"},
    {"is", Kind::KIND_ARTICLE, 20, kBoth, "gr|grein"},
    {"is", Kind::KIND_SCHEDULE, 10, kBoth, "viðauki|fylgiskjal"},
    // Finnic, Baltic.
    {"fi", Kind::KIND_PART, 12, kBoth, "osa|osasto"},
    {"fi", Kind::KIND_CHAPTER, 14, kBoth, "luku"},
    {"fi", Kind::KIND_ARTICLE, 20, kBoth, "artikla"},
    {"fi", Kind::KIND_SCHEDULE, 10, kBoth, "liite"},
    {"et", Kind::KIND_PART, 12, kBoth, "osa"},
    {"et", Kind::KIND_CHAPTER, 14, kBoth, "peatükk"},
    {"et", Kind::KIND_DIVISION, 15, kBoth, "jagu"},
    {"et", Kind::KIND_DIVISION, 16, kBoth, "jaotis|alljaotis"},
    {"et", Kind::KIND_SECTION, 20, kFirst, "paragrahv"},
    {"et", Kind::KIND_ARTICLE, 20, kBoth, "artikkel"},
    {"et", Kind::KIND_SCHEDULE, 10, kBoth, "lisa"},
    {"lv", Kind::KIND_PART, 12, kBoth, "daļa|sadaļa"},
    {"lv", Kind::KIND_CHAPTER, 14, kBoth, "nodaļa"},
    {"lv", Kind::KIND_DIVISION, 15, kBoth, "apakšnodaļa"},
    {"lv", Kind::KIND_ARTICLE, 20, kBoth, "pants"},
    {"lv", Kind::KIND_SCHEDULE, 10, kBoth, "pielikums"},
    {"lt", Kind::KIND_PART, 12, kBoth, "dalis"},
    {"lt", Kind::KIND_CHAPTER, 14, kBoth, "skyrius"},
    {"lt", Kind::KIND_DIVISION, 15, kBoth, "skirsnis|poskirsnis"},
    {"lt", Kind::KIND_ARTICLE, 20, kBoth, "straipsnis|str"},
    {"lt", Kind::KIND_SCHEDULE, 10, kBoth, "priedas"},
    // West Slavic.
    {"pl", Kind::KIND_BOOK, 11, kBoth, "księga"},
    {"pl", Kind::KIND_PART, 12, kBoth, "część"},
    {"pl", Kind::KIND_TITLE, 13, kBoth, "tytuł|dział"},
    {"pl", Kind::KIND_CHAPTER, 14, kBoth, "rozdział"},
    {"pl", Kind::KIND_DIVISION, 15, kBoth, "oddział"},
    {"pl", Kind::KIND_ARTICLE, 20, kFirst, "artykuł|art"},
    {"pl", Kind::KIND_SCHEDULE, 10, kBoth, "załącznik"},
    {"cs", Kind::KIND_BOOK, 11, kBoth, "kniha"},
    {"cs", Kind::KIND_PART, 12, kBoth, "část"},
    {"cs", Kind::KIND_TITLE, 13, kBoth, "hlava"},
    {"cs", Kind::KIND_CHAPTER, 14, kBoth, "díl|kapitola"},
    {"cs", Kind::KIND_DIVISION, 15, kBoth, "oddíl"},
    {"cs", Kind::KIND_DIVISION, 16, kBoth, "pododdíl"},
    {"cs", Kind::KIND_ARTICLE, 20, kFirst, "článek|čl"},
    {"cs", Kind::KIND_SCHEDULE, 10, kBoth, "příloha"},
    {"sk", Kind::KIND_BOOK, 11, kBoth, "kniha"},
    {"sk", Kind::KIND_PART, 12, kBoth, "časť"},
    {"sk", Kind::KIND_TITLE, 13, kBoth, "hlava"},
    {"sk", Kind::KIND_CHAPTER, 14, kBoth, "diel|kapitola"},
    {"sk", Kind::KIND_DIVISION, 15, kBoth, "oddiel"},
    {"sk", Kind::KIND_DIVISION, 16, kBoth, "pododdiel"},
    {"sk", Kind::KIND_ARTICLE, 20, kFirst, "článok|čl"},
    {"sk", Kind::KIND_SCHEDULE, 10, kBoth, "príloha"},
    // South Slavic; in both scripts, whatever the tag says.
    {"sl", Kind::KIND_BOOK, 11, kBoth, "knjiga"},
    {"sl", Kind::KIND_PART, 12, kBoth, "del"},
    {"sl", Kind::KIND_CHAPTER, 14, kBoth, "poglavje"},
    {"sl", Kind::KIND_DIVISION, 15, kBoth, "oddelek|odsek|podpoglavje"},
    {"sl", Kind::KIND_ARTICLE, 20, kBoth, "člen"},
    {"sl", Kind::KIND_SCHEDULE, 10, kBoth, "priloga"},
    {"hr bs sr sh me cnr", Kind::KIND_BOOK, 11, kBoth, "knjiga|књига"},
    {"hr bs sr sh me cnr", Kind::KIND_PART, 12, kBoth, "dio|deo|dijel|део|дио"},
    {"hr bs sr sh me cnr", Kind::KIND_CHAPTER, 14, kBoth,
     "glava|poglavlje|глава|поглавље"},
    {"hr bs sr sh me cnr", Kind::KIND_DIVISION, 15, kBoth,
     "odjeljak|odeljak|odsjek|odsek|одељак|одјељак|одсек"},
    {"hr bs sr sh me cnr", Kind::KIND_ARTICLE, 20, kBoth,
     "članak|član|clan|clanak|čl|члан|чланак|чл"},
    {"hr bs sr sh me cnr", Kind::KIND_SCHEDULE, 10, kBoth,
     "prilog|aneks|прилог|анекс"},
    {"mk", Kind::KIND_PART, 12, kBoth, "дел"},
    {"mk", Kind::KIND_CHAPTER, 14, kBoth, "глава"},
    {"mk", Kind::KIND_ARTICLE, 20, kBoth, "член"},
    {"bg", Kind::KIND_BOOK, 11, kBoth, "книга"},
    {"bg", Kind::KIND_PART, 12, kBoth, "част"},
    {"bg", Kind::KIND_TITLE, 13, kBoth, "дял"},
    {"bg", Kind::KIND_CHAPTER, 14, kBoth, "глава"},
    {"bg", Kind::KIND_DIVISION, 15, kBoth, "раздел"},
    {"bg", Kind::KIND_ARTICLE, 20, kFirst, "член|чл"},
    {"bg", Kind::KIND_SCHEDULE, 10, kBoth, "приложение"},
    // East Slavic, and the languages of Central Asia.
    {"ru", Kind::KIND_BOOK, 11, kBoth, "книга"},
    {"ru", Kind::KIND_PART, 12, kBoth, "часть"},
    {"ru", Kind::KIND_TITLE, 13, kBoth, "раздел"},
    {"ru", Kind::KIND_TITLE, 14, kBoth, "подраздел"},
    {"ru", Kind::KIND_CHAPTER, 15, kBoth, "глава"},
    {"ru", Kind::KIND_DIVISION, 16, kFirst, "параграф"},
    {"ru", Kind::KIND_ARTICLE, 20, kFirst, "статья|ст"},
    {"ru", Kind::KIND_SCHEDULE, 10, kBoth, "приложение"},
    {"uk", Kind::KIND_BOOK, 11, kBoth, "книга"},
    {"uk", Kind::KIND_PART, 12, kBoth, "частина"},
    {"uk", Kind::KIND_TITLE, 13, kBoth, "розділ"},
    {"uk", Kind::KIND_TITLE, 14, kBoth, "підрозділ"},
    {"uk", Kind::KIND_CHAPTER, 15, kBoth, "глава"},
    {"uk", Kind::KIND_ARTICLE, 20, kFirst, "стаття|ст"},
    {"uk", Kind::KIND_SCHEDULE, 10, kBoth, "додаток"},
    {"be", Kind::KIND_TITLE, 13, kBoth, "раздзел"},
    {"be", Kind::KIND_CHAPTER, 15, kBoth, "глава"},
    {"be", Kind::KIND_ARTICLE, 20, kFirst, "артыкул"},
    {"be", Kind::KIND_SCHEDULE, 10, kBoth, "дадатак"},
    {"kk", Kind::KIND_PART, 12, kBoth, "бөлім"},
    {"kk", Kind::KIND_CHAPTER, 14, kBoth, "тарау"},
    {"kk", Kind::KIND_ARTICLE, 20, kBoth, "бап"},
    {"ky", Kind::KIND_CHAPTER, 14, kBoth, "глава|бап"},
    {"ky", Kind::KIND_ARTICLE, 20, kBoth, "статья|берене"},
    {"uz tg", Kind::KIND_CHAPTER, 14, kBoth, "bob|боб"},
    {"uz tg", Kind::KIND_ARTICLE, 20, kBoth, "modda|модда|моддаи"},
    {"mn", Kind::KIND_PART, 12, kBoth, "хэсэг"},
    {"mn", Kind::KIND_CHAPTER, 14, kBoth, "бүлэг"},
    {"mn", Kind::KIND_DIVISION, 15, kBoth, "дэд бүлэг"},
    {"mn", Kind::KIND_ARTICLE, 20, kBoth,
     "зүйл|дүгээр зүйл|дугаар зүйл|дүгээр зvйл|дугаар зvйл"},
    {"mn", Kind::KIND_SCHEDULE, 10, kBoth, "хавсралт"},
    // Hungarian, Albanian, Greek, Armenian, Georgian.
    {"hu", Kind::KIND_BOOK, 11, kBoth, "könyv"},
    {"hu", Kind::KIND_PART, 12, kBoth, "rész"},
    {"hu", Kind::KIND_TITLE, 13, kBoth, "cím"},
    {"hu", Kind::KIND_CHAPTER, 14, kBoth, "fejezet"},
    {"hu", Kind::KIND_ARTICLE, 20, kBoth, "cikk"},
    {"hu", Kind::KIND_SCHEDULE, 10, kBoth, "melléklet|függelék"},
    {"sq", Kind::KIND_BOOK, 11, kBoth, "libri"},
    {"sq", Kind::KIND_PART, 12, kBoth, "pjesa"},
    {"sq", Kind::KIND_TITLE, 13, kBoth, "titulli"},
    {"sq", Kind::KIND_CHAPTER, 14, kBoth, "kreu|kapitulli"},
    {"sq", Kind::KIND_DIVISION, 15, kBoth, "seksioni|nënkreu"},
    {"sq", Kind::KIND_ARTICLE, 20, kFirst, "neni"},
    {"sq", Kind::KIND_SCHEDULE, 10, kBoth, "shtojca|aneksi|lidhja"},
    {"el", Kind::KIND_BOOK, 11, kBoth, "βιβλίο"},
    {"el", Kind::KIND_PART, 12, kBoth, "μέρος"},
    {"el", Kind::KIND_TITLE, 13, kBoth, "τίτλος"},
    {"el", Kind::KIND_CHAPTER, 14, kBoth, "κεφάλαιο|κεφ"},
    {"el", Kind::KIND_DIVISION, 15, kBoth, "τμήμα|ενότητα"},
    {"el", Kind::KIND_ARTICLE, 20, kFirst, "άρθρο|αρθρ|άρθρον"},
    {"el", Kind::KIND_SCHEDULE, 10, kBoth, "παράρτημα"},
    {"hy", Kind::KIND_TITLE, 13, kBoth, "բաժին"},
    {"hy", Kind::KIND_CHAPTER, 14, kBoth, "գլուխ"},
    {"hy", Kind::KIND_ARTICLE, 20, kBoth, "հոդված"},
    {"ka", Kind::KIND_TITLE, 13, kBoth, "კარი"},
    {"ka", Kind::KIND_CHAPTER, 14, kBoth, "თავი"},
    {"ka", Kind::KIND_ARTICLE, 20, kBoth, "მუხლი"},
    // Arabic, Persian, Urdu, Hebrew, Dhivehi.
    {"ar", Kind::KIND_BOOK, 11, kFirst, "الكتاب|كتاب"},
    {"ar", Kind::KIND_PART, 12, kFirst, "القسم|قسم|الجزء|جزء"},
    {"ar", Kind::KIND_TITLE, 13, kFirst, "الباب|باب"},
    {"ar", Kind::KIND_CHAPTER, 14, kFirst, "الفصل|فصل"},
    {"ar", Kind::KIND_DIVISION, 15, kFirst, "الفرع|فرع|المبحث|مبحث"},
    {"ar", Kind::KIND_DIVISION, 16, kFirst, "المطلب|مطلب"},
    {"ar", Kind::KIND_ARTICLE, 20, kFirst,
     "المادة|مادة|الماده|ماده|لمادة|المــادة"},
    {"ar", Kind::KIND_SCHEDULE, 10, kFirst, "الملحق|ملحق|الجدول|جدول"},
    {"fa ps ur", Kind::KIND_TITLE, 13, kBoth, "باب|حصہ"},
    {"fa ps ur", Kind::KIND_CHAPTER, 14, kBoth, "فصل|باب"},
    {"fa ps ur", Kind::KIND_ARTICLE, 20, kBoth, "ماده|دفعہ|مادهٔ"},
    {"he", Kind::KIND_CHAPTER, 14, kFirst, "פרק"},
    {"he", Kind::KIND_SECTION, 20, kFirst, "סעיף"},
    {"he", Kind::KIND_SCHEDULE, 10, kFirst, "תוספת"},
    {"dv", Kind::KIND_CHAPTER, 14, kBoth, "ބާބު|ބާބް"},
    {"dv", Kind::KIND_ARTICLE, 20, kBoth, "މާއްދާ|ވަނަ މާއްދާ"},
    // South and South-East Asia; Chinese, Japanese and Korean have forms of
    // their own, see labels.cc.
    {"vi", Kind::KIND_PART, 12, kBoth, "phần"},
    {"vi", Kind::KIND_CHAPTER, 14, kBoth, "chương"},
    {"vi", Kind::KIND_DIVISION, 15, kFirst, "mục"},
    {"vi", Kind::KIND_DIVISION, 16, kFirst, "tiểu mục"},
    {"vi", Kind::KIND_ARTICLE, 20, kFirst, "điều"},
    {"vi", Kind::KIND_SCHEDULE, 10, kFirst, "phụ lục"},
    {"th", Kind::KIND_BOOK, 11, kFirst, "บรรพ"},
    {"th", Kind::KIND_PART, 12, kFirst, "ภาค"},
    {"th", Kind::KIND_TITLE, 13, kFirst, "ลักษณะ"},
    {"th", Kind::KIND_CHAPTER, 14, kFirst, "หมวด"},
    {"th", Kind::KIND_DIVISION, 15, kFirst, "ส่วน|ส่วนที่"},
    {"th", Kind::KIND_SECTION, 20, kFirst, "มาตรา"},
    {"th", Kind::KIND_SECTION, 20, kFirst, "ข้อ", true},
    {"th", Kind::KIND_SCHEDULE, 10, kFirst, "ภาคผนวก|บัญชี"},
    {"lo", Kind::KIND_CHAPTER, 14, kFirst, "ໝວດ|ໝວດທີ"},
    {"lo", Kind::KIND_ARTICLE, 20, kFirst, "ມາດຕາ"},
    {"km", Kind::KIND_CHAPTER, 14, kFirst, "ជំពូក|ជំពូកទី"},
    {"km", Kind::KIND_ARTICLE, 20, kFirst, "មាត្រា"},
    {"my", Kind::KIND_CHAPTER, 14, kBoth, "အခန်း"},
    {"my", Kind::KIND_SECTION, 20, kBoth, "ပုဒ်မ"},
    {"tr", Kind::KIND_BOOK, 11, kBoth, "kitap"},
    {"tr", Kind::KIND_PART, 12, kBoth, "kısım"},
    {"tr", Kind::KIND_CHAPTER, 14, kBoth, "bölüm"},
    {"tr", Kind::KIND_DIVISION, 15, kBoth, "ayırım"},
    {"tr", Kind::KIND_ARTICLE, 20, kFirst, "madde"},
    {"tr", Kind::KIND_ARTICLE, 20, kFirst, "geçici madde|ek madde", true},
    {"az", Kind::KIND_TITLE, 13, kBoth, "bölmə"},
    {"az", Kind::KIND_CHAPTER, 14, kBoth, "fəsil"},
    {"az", Kind::KIND_ARTICLE, 20, kFirst, "maddə"},
    {"az", Kind::KIND_SCHEDULE, 10, kBoth, "əlavə"},
    {"id", Kind::KIND_BOOK, 11, kBoth, "buku"},
    {"id", Kind::KIND_CHAPTER, 14, kFirst, "bab"},
    {"id", Kind::KIND_DIVISION, 15, kFirst, "bagian"},
    {"id", Kind::KIND_DIVISION, 16, kFirst, "paragraf"},
    {"id", Kind::KIND_ARTICLE, 20, kFirst, "pasal"},
    {"id", Kind::KIND_SCHEDULE, 10, kFirst, "lampiran"},
    {"ms", Kind::KIND_PART, 12, kBoth, "bahagian"},
    {"ms", Kind::KIND_CHAPTER, 14, kBoth, "bab|penggal"},
    {"ms", Kind::KIND_SECTION, 20, kFirst, "seksyen|perkara|peraturan"},
    {"ms", Kind::KIND_SCHEDULE, 10, kBoth, "jadual"},
    {"hi", Kind::KIND_PART, 12, kBoth, "भाग"},
    {"hi", Kind::KIND_CHAPTER, 14, kBoth, "अध्याय"},
    {"hi", Kind::KIND_SECTION, 20, kBoth, "धारा|अनुच्छेद|नियम"},
    {"hi", Kind::KIND_SCHEDULE, 10, kBoth, "अनुसूची"},
    {"ne", Kind::KIND_PART, 12, kBoth, "भाग"},
    {"ne", Kind::KIND_CHAPTER, 14, kBoth, "परिच्छेद|अध्याय"},
    {"ne", Kind::KIND_SECTION, 20, kBoth, "दफा|नियम|धारा"},
    {"ne", Kind::KIND_SCHEDULE, 10, kBoth, "अनुसूची"},
    // Africa.
    {"am", Kind::KIND_PART, 12, kBoth, "ክፍል"},
    {"am", Kind::KIND_CHAPTER, 14, kBoth, "ምዕራፍ"},
    {"am", Kind::KIND_ARTICLE, 20, kBoth, "አንቀጽ|አንቀፅ"},
    {"rw", Kind::KIND_CHAPTER, 14, kFirst, "umutwe"},
    {"rw", Kind::KIND_DIVISION, 15, kFirst, "icyiciro|igice"},
    {"rw", Kind::KIND_ARTICLE, 20, kFirst, "ingingo"},
    {"sw", Kind::KIND_PART, 12, kFirst, "sehemu"},
    {"sw", Kind::KIND_SECTION, 20, kFirst, "kifungu"},
    {"mg", Kind::KIND_TITLE, 13, kFirst, "lohateny"},
    {"mg", Kind::KIND_CHAPTER, 14, kFirst, "toko"},
    {"mg", Kind::KIND_ARTICLE, 20, kFirst, "andininy|art"},
};

// Where § is what a law is made of.
constexpr absl::string_view kSectionSign =
    "de da nb nn no sv fi et cs sk hu pl sl lv bg is hr";
// Where the basic unit often has a bare number.
constexpr absl::string_view kBareNumbers =
    "en ga mt af ms hi ne my dv si bn sw ru be kk ky uz mn th lv bg sl hr sr "
    "bs "
    "is az ka hy fa ps ur km lo he uk mk sq pl cy";

constexpr const char* kContents[] = {
    "contents",
    "table of contents",
    "arrangement of sections",
    "arrangement of regulations",
    "arrangement of rules",
    "arrangement of articles",
    "arrangement of clauses",
    "arrangement of orders",
    "sommaire",
    "table des matières",
    "índice",
    "indice",
    "sumario",
    "sumário",
    "sommario",
    "cuprins",
    "inhaltsverzeichnis",
    "inhaltsübersicht",
    "inhalt",
    "inhoudsopgave",
    "innehåll",
    "indhold",
    "indholdsfortegnelse",
    "innhold",
    "innholdsfortegnelse",
    "sisällys",
    "sisällysluettelo",
    "spis treści",
    "obsah",
    "sadržaj",
    "садржај",
    "tartalom",
    "përmbajtja",
    "περιεχόμενα",
    "содержание",
    "оглавление",
    "зміст",
    "съдържание",
    "目录",
    "目次",
    "目錄",
    "mục lục",
    "สารบัญ",
    "içindekiler",
    "daftar isi",
    "susunan seksyen",
    "विषय सूची",
    "viðfang",
    "sisukord",
};

constexpr const char* kCiting =
    "abs absatz satz nr nummer ziff ziffer lit buchst halbsatz und oder bis "
    "in i v "
    "odst písm ods ust pkt ust "
    "من و أو في المشار المذكورة والمادة والمواد وما "
    "แห่ง วรรค และ หรือ "
    "of and or to et ou de du des del della dei y o e do da i og och ja und "
    "ayat dan atau lid "
    "khoản của и или от до части пункта пункт і або частини "
    "bekezdés bekezdése alapján sayılı inci nci uncu üncü "
    "par para paragraph paragrafi παρ του της";

struct Tables {
  // By `language word`.
  absl::flat_hash_map<std::string, Word> words;
  // Every word, for languages without rows; the first row wins.
  absl::flat_hash_map<std::string, Word> all;
  absl::flat_hash_set<std::string> languages;
  absl::flat_hash_set<std::string> contents;
  absl::flat_hash_set<std::string> citing;
};

const Tables& GetTables() {
  static const auto* const kTables = [] {
    auto* tables = new Tables;
    for (const Row& row : kRows) {
      for (const absl::string_view word : absl::StrSplit(row.words, '|')) {
        Word value{row.kind, row.rank, row.order,
                   row.own_id ? word : absl::string_view()};
        const std::string folded = Fold(word);
        tables->all.emplace(folded, value);
        for (const absl::string_view language :
             absl::StrSplit(row.languages, ' ')) {
          tables->languages.emplace(language);
          tables->words.emplace(absl::StrCat(language, " ", folded), value);
        }
      }
    }
    for (const absl::string_view language : {"zh", "ja", "ko", "yue"}) {
      tables->languages.emplace(language);
    }
    for (const char* title : kContents) tables->contents.insert(Fold(title));
    for (const absl::string_view word :
         absl::StrSplit(kCiting, ' ', absl::SkipEmpty())) {
      tables->citing.insert(Fold(word));
    }
    return tables;
  }();
  return *kTables;
}

absl::string_view Primary(absl::string_view language) {
  return language.substr(0, language.find('-'));
}

bool IsIn(absl::string_view language, absl::string_view list) {
  const absl::string_view primary = Primary(language);
  for (const absl::string_view tag :
       absl::StrSplit(list, ' ', absl::SkipEmpty())) {
    if (tag == primary) return true;
  }
  return false;
}

}  // namespace

const Word* FindWord(absl::string_view language, absl::string_view folded) {
  const Tables& tables = GetTables();
  const absl::string_view primary = Primary(language);
  if (tables.languages.contains(primary)) {
    const auto found = tables.words.find(absl::StrCat(primary, " ", folded));
    return found == tables.words.end() ? nullptr : &found->second;
  }
  const auto found = tables.all.find(folded);
  return found == tables.all.end() ? nullptr : &found->second;
}

bool SectionSignIsBasic(absl::string_view language) {
  return language.empty() || IsIn(language, kSectionSign);
}

bool NumbersStandAlone(absl::string_view language) {
  return language.empty() || IsIn(language, kBareNumbers) ||
         !GetTables().languages.contains(Primary(language));
}

bool IsContentsTitle(absl::string_view folded) {
  return GetTables().contents.contains(folded);
}

bool IsCitingWord(absl::string_view folded) {
  return GetTables().citing.contains(folded);
}

std::vector<std::string> WordLanguages() {
  const Tables& tables = GetTables();
  std::vector<std::string> languages(tables.languages.begin(),
                                     tables.languages.end());
  std::sort(languages.begin(), languages.end());
  return languages;
}

}  // namespace comity::laws
