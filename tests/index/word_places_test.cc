#include "index/word_places.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Found = std::vector<std::pair<uint32_t, size_t>>;

std::vector<uint64_t> Hashes(const std::vector<std::string>& words) {
  std::vector<uint64_t> hashes;
  for (const std::string& word : words) hashes.push_back(WordHash(word));
  return hashes;
}

bool HasPhrase(const std::string& data, const std::vector<std::string>& words,
               Part part = Part::kRest) {
  const auto places = WordPlaces::Parse(data);
  EXPECT_TRUE(places.has_value());
  return places.has_value() && places->HasPhrase(Hashes(words), part);
}

Found Find(const std::string& data, const std::vector<std::string>& words,
           Part part = Part::kRest) {
  Found found;
  const auto places = WordPlaces::Parse(data);
  EXPECT_TRUE(places.has_value());
  if (!places.has_value()) return found;
  places->Find(Hashes(words), part, [&found](uint32_t place, size_t word) {
    found.emplace_back(place, word);
  });
  return found;
}

void AddText(WordPlacesWriter* writer, Part part,
             const std::vector<std::string>& words) {
  writer->BeginText(part);
  for (const std::string& word : words) writer->Add(word);
}

std::string Sample() {
  WordPlacesWriter writer;
  AddText(&writer, Part::kTitles, {"penal", "code"});
  AddText(&writer, Part::kHeadings, {"money", "laundering"});
  AddText(&writer, Part::kRest, {"whoever", "launders", "money"});
  AddText(&writer, Part::kRest, {"laundering", "of", "money"});
  return writer.Finish();
}

TEST(WordPlacesTest, PhrasesStandInOneText) {
  const std::string data = Sample();
  EXPECT_TRUE(HasPhrase(data, {"penal", "code"}));
  EXPECT_TRUE(HasPhrase(data, {"laundering", "of", "money"}));
  EXPECT_FALSE(HasPhrase(data, {"code", "penal"}));
  EXPECT_FALSE(HasPhrase(data, {"code", "money"}));
  // From one text of the rest to the next.
  EXPECT_FALSE(HasPhrase(data, {"money", "laundering", "of"}));
}

TEST(WordPlacesTest, PartsAreToldApart) {
  const std::string data = Sample();
  EXPECT_TRUE(HasPhrase(data, {"penal", "code"}, Part::kTitles));
  EXPECT_FALSE(HasPhrase(data, {"penal", "code"}, Part::kHeadings));
  EXPECT_TRUE(HasPhrase(data, {"money", "laundering"}, Part::kHeadings));
  EXPECT_FALSE(HasPhrase(data, {"laundering", "of"}, Part::kHeadings));
}

TEST(WordPlacesTest, PlacesCountWordsAndGaps) {
  constexpr uint32_t kGap = WordPlaces::kGap;
  EXPECT_THAT(Find(Sample(), {"money", "penal"}),
              ElementsAre(Pair(1, 1), Pair(2 + kGap + 1, 0),
                          Pair(2 + kGap + 2 + kGap + 3, 0),
                          Pair(2 + 2 + 3 + 3 * kGap + 3, 0)));
  EXPECT_THAT(Find(Sample(), {"penal"}, Part::kHeadings), IsEmpty());
}

TEST(WordPlacesTest, ACopySharesABeginning) {
  WordPlacesWriter writer;
  AddText(&writer, Part::kTitles, {"penal", "code"});
  WordPlacesWriter other = writer;
  AddText(&writer, Part::kRest, {"one"});
  AddText(&other, Part::kRest, {"two"});
  EXPECT_TRUE(HasPhrase(other.Finish(), {"two"}));
  EXPECT_TRUE(HasPhrase(other.Finish(), {"penal", "code"}, Part::kTitles));
  EXPECT_FALSE(HasPhrase(writer.Finish(), {"two"}));
}

// Beside a plain search of the words, for documents whose fingerprints are of
// every width.
TEST(WordPlacesTest, TellsExactlyWhereWordsStand) {
  std::mt19937 random(1);
  for (const int words : {1, 5, 300, 2000, 30000, 250000}) {
    std::vector<std::string> text;
    const int length = std::min(3 * words, 400000);
    WordPlacesWriter writer;
    writer.BeginText(Part::kRest);
    for (int i = 0; i < length; ++i) {
      // All of them first, then any.
      const auto word =
          i < words ? i
                    : static_cast<int>(random() % static_cast<unsigned>(words));
      text.push_back(absl::StrCat("word", word));
      writer.Add(text.back());
    }
    const std::string data = writer.Finish();
    for (int i = 0; i < 20; ++i) {
      const std::vector<std::string> wanted = {text[random() % text.size()],
                                               text[random() % text.size()]};
      const auto at =
          std::search(text.begin(), text.end(), wanted.begin(), wanted.end());
      EXPECT_EQ(HasPhrase(data, wanted), at != text.end());
      Found expected;
      for (size_t place = 0; place < text.size(); ++place) {
        if (text[place] == wanted[0]) {
          expected.emplace_back(place + 1, 0);
        } else if (text[place] == wanted[1]) {
          expected.emplace_back(place + 1, 1);
        }
      }
      EXPECT_EQ(Find(data, wanted), expected);
    }
    for (int i = 0; i < 20 && text.size() > 2; ++i) {
      const size_t first = random() % (text.size() - 2);
      EXPECT_TRUE(
          HasPhrase(data, {text[first], text[first + 1], text[first + 2]}));
    }
  }
}

TEST(WordPlacesTest, WordsBeyondTheLimitAreLeftOut) {
  WordPlacesWriter writer;
  writer.BeginText(Part::kRest);
  for (size_t i = 0; i < WordPlaces::kPlacesMax + 10; ++i) writer.Add("same");
  writer.Add("last");
  EXPECT_TRUE(Find(writer.Finish(), {"last"}).empty());
}

TEST(WordPlacesTest, DamagedDataAreNoneOrHarmless) {
  const std::string data = Sample();
  for (size_t size = 0; size < data.size(); ++size) {
    const auto cut = WordPlaces::Parse(absl::string_view(data).substr(0, size));
    if (cut.has_value()) {
      (void)cut->HasPhrase(Hashes({"penal", "code"}), Part::kTitles);
    }
  }
  EXPECT_FALSE(WordPlaces::Parse("").has_value());
  std::mt19937 random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = data;
    changed[random() % changed.size()] = static_cast<char>(random());
    const auto places = WordPlaces::Parse(changed);
    if (!places.has_value()) continue;
    (void)places->HasPhrase(Hashes({"penal", "code"}), Part::kHeadings);
    places->Find(Hashes({"money"}), Part::kRest, [](uint32_t, size_t) {});
  }
}

}  // namespace
}  // namespace comity::index
