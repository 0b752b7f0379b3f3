#include "import/decoder.h"

#include <unicode/ucnv.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/import/support.h"
#include "tests/support/status_matchers.h"

namespace comity::import_test {
namespace {

std::string Encoded(const std::string& utf8, const char* encoding) {
  std::string bytes(utf8.size() * 4 + 8, '\0');
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size = ucnv_convert(
      encoding, "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()),
      utf8.data(), static_cast<int32_t>(utf8.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << encoding;
  bytes.resize(static_cast<size_t>(size));
  return bytes;
}

struct Decoded {
  std::string text;
  std::string encoding;
  bool guessed = false;
};

Decoded Decode(const std::string& bytes, size_t chunk_bytes) {
  StringSource source(bytes, chunk_bytes);
  Decoder decoder(&source, "");
  Decoded decoded;
  while (true) {
    const absl::StatusOr<absl::string_view> chunk = decoder.Next();
    EXPECT_OK(chunk);
    if (!chunk.ok() || chunk->empty()) break;
    decoded.text.append(chunk->data(), chunk->size());
  }
  decoded.encoding = decoder.encoding();
  decoded.guessed = decoder.guessed();
  return decoded;
}

constexpr char kFrench[] =
    "pays;autorité;unité;adresse;téléphone;langues\n"
    "Belgique;Service public fédéral Justice;Service de la coopération "
    "internationale pénale;boulevard de Waterloo 115, 1000 Bruxelles;+32 2 "
    "210;français, néerlandais\n"
    "Côte d'Ivoire;Ministère de la Justice;Direction des affaires pénales et "
    "des grâces;Abidjan;+225 20;français\n";
constexpr char kSpanish[] =
    "país;autoridad;dirección\n"
    "España;Subdirección General de Cooperación Jurídica "
    "Internacional;Calle San Bernardo 62, 28015 Madrid\n"
    "México;Fiscalía General de la República;Avenida Insurgentes, "
    "Cuauhtémoc, Ciudad de México\nPerú;Ministerio Público, Fiscalía de la "
    "Nación;Señor Fiscal, Jirón Santa Rosa, Lima\n";
constexpr char kPolish[] =
    "państwo;organ;adres\n"
    "Polska;Ministerstwo Sprawiedliwości, Departament Współpracy "
    "Międzynarodowej i Praw Człowieka;Aleje Ujazdowskie 11, 00-950 Warszawa\n"
    "Polska;Komendant Główny Policji;ulica Puławska 148/150, Łódź, Gdańsk, "
    "Świętokrzyskie, żółć\n";
constexpr char kRussian[] =
    "государство;орган;адрес\n"
    "Беларусь;Прокуратура Республики Беларусь;улица Интернациональная, Минск\n"
    "Россия;Генеральная прокуратура Российской Федерации;Большая Дмитровка, "
    "Москва\n";

TEST(DecoderTest, FindsTheEncodingOut) {
  const struct {
    const char* what;
    const char* encoding;
    const char* text;
  } cases[] = {
      {"UTF-8", "UTF-8", kFrench},
      {"western Windows, French", "windows-1252", kFrench},
      {"western Windows, Spanish", "windows-1252", kSpanish},
      {"Macintosh, French", "macintosh", kFrench},
      {"Macintosh, Spanish", "macintosh", kSpanish},
      {"central European Windows", "windows-1250", kPolish},
      {"central European ISO", "ISO-8859-2", kPolish},
      {"Cyrillic Windows", "windows-1251", kRussian},
      {"Cyrillic ISO", "ISO-8859-5", kRussian},
      {"Russian Unix", "KOI8-R", kRussian},
      {"UTF-16 with a mark", "UTF-16", kPolish},
      {"UTF-16 without one", "UTF-16LE", kRussian},
      {"UTF-16 the other way", "UTF-16BE", kFrench},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const std::string bytes = Encoded(c.text, c.encoding);
    EXPECT_EQ(Decode(bytes, 1 << 16).text, c.text);
    EXPECT_EQ(Decode(bytes, 1).text, c.text);
  }
}

TEST(DecoderTest, DecidesAtTheFirstByteThatIsNotAscii) {
  // The first accent comes after more than what statistics look at.
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "plain,line\n";
  text += kFrench;
  const Decoded decoded = Decode(Encoded(text, "windows-1252"), 4096);
  EXPECT_EQ(decoded.text, text);
  EXPECT_TRUE(decoded.guessed);
  EXPECT_FALSE(Decode(text, 4096).guessed);
  EXPECT_EQ(Decode(text, 4096).encoding, "UTF-8");
  EXPECT_EQ(Decode("a,b\n", 4096).encoding, "US-ASCII");
}

TEST(DecoderTest, TellsWhatItGuessed) {
  std::vector<std::string> remarks;
  ASSERT_OK(ReadRows(Encoded(kFrench, "windows-1252"), {}, 1 << 16, &remarks));
  ASSERT_EQ(remarks.size(), 1U);
  remarks.clear();
  ASSERT_OK(ReadRows(kFrench, {}, 1 << 16, &remarks));
  EXPECT_TRUE(remarks.empty());
}

}  // namespace
}  // namespace comity::import_test
