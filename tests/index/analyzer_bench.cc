// How fast texts are analysed, on one thread.
//
//   comity_analyzer_bench              a made-up text in ASCII, as English
//   comity_analyzer_bench TAG FILE...  plain text in the language

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "base/languages.h"
#include "index/analyzer.h"

namespace comity::index {
namespace {

// Words by Zipf's law, as in texts: of 60,000, the commonest is every
// fourteenth.
std::string MadeUpText(size_t bytes) {
  constexpr int kWords = 60000;
  std::seed_seq seed{3};
  std::mt19937 random(seed);
  const char* const syllables[] = {"con", "fis", "ca",  "tion", "law", "ment",
                                   "er",  "pro", "ing", "s",    "of",  "de",
                                   "re",  "ed",  "al",  "ity",  "un",  "able"};
  std::vector<std::string> words;
  std::vector<double> weights;
  for (int i = 0; i < kWords; ++i) {
    std::string word;
    const auto parts = 1 + random() % 4;
    for (size_t part = 0; part < parts; ++part) {
      word += syllables[random() % 18];
    }
    words.push_back(word);
    weights.push_back(1.0 / (i + 1));
  }
  std::discrete_distribution<size_t> draw(weights.begin(), weights.end());
  std::string text;
  while (text.size() < bytes) {
    std::string word = words[draw(random)];
    if (random() % 12 == 0)
      word[0] = absl::ascii_toupper(static_cast<unsigned char>(word[0]));
    text += word;
    const auto follows = random() % 40;
    text += follows == 0 ? ". " : follows < 3 ? ", " : " ";
    if (random() % 60 == 0) text += std::to_string(random() % 400) + " ";
    if (random() % 200 == 0) text += "section 59(2) ";
  }
  return text;
}

int Measure(const std::string& text, const Language& language) {
  auto analyzer = Analyzer::Create();
  if (!analyzer.ok()) {
    std::fprintf(stderr, "%s\n", analyzer.status().ToString().c_str());
    return 1;
  }
  // A provision at a time, as laws are indexed.
  constexpr size_t kProvisionBytes = 1200;
  double best = 0;
  uint64_t tokens = 0;
  for (int round = 0; round < 5; ++round) {
    tokens = 0;
    const auto start = std::chrono::steady_clock::now();
    for (size_t at = 0; at < text.size(); at += kProvisionBytes) {
      (*analyzer)->Analyze(absl::string_view(text).substr(at, kProvisionBytes),
                           language, [&tokens](const Token&) { ++tokens; });
    }
    const std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - start;
    best = std::max(best,
                    static_cast<double>(text.size()) / 1e6 / seconds.count());
  }
  std::printf(
      "%-8s %6.1f MB  %6.1f MB/s  %6.1f million tokens/s\n",
      std::string(language.tag).c_str(), static_cast<double>(text.size()) / 1e6,
      best,
      best * static_cast<double>(tokens) / static_cast<double>(text.size()));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc < 3) return Measure(MadeUpText(8 << 20), *FindLanguage("en"));
  const Language* language = FindLanguage(argv[1]);
  std::stringstream text;
  for (int i = 2; i < argc; ++i) text << std::ifstream(argv[i]).rdbuf();
  return Measure(text.str(),
                 language == nullptr ? UnknownLanguage() : *language);
}

}  // namespace
}  // namespace comity::index

int main(int argc, char** argv) { return comity::index::Main(argc, argv); }
