// Every reader of laws against files cut off anywhere and files with bytes
// changed: documents or a status, well-formed and in bounded time, never a
// crash.
//
// Each file is cut at 200 places and changed 2,000 times. That takes minutes
// for large ones, and ten times as long with sanitizers: then as many cuts and
// changes are made as kSecondsPerFile allows, the cuts spread over the file;
// how many these were is printed. COMITY_LAWS_SECONDS sets another time for
// each file; 0: all of them, however long it takes. A file is a test of its
// own, so that they run side by side.
//
// PDF is parsed by a library in a process of its own, which is started for each
// round; the other binary formats are read in this process here, so that
// sanitizers see their readers.

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/text.h"
#include "gtest/gtest.h"
#include "import/law_reader.h"
#include "import/laws/decode.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"
#include "import/laws/structure.h"
#include "tests/import_laws/support.h"

namespace comity::laws_test {
namespace {

constexpr int kCuts = 200;
constexpr int kMutations = 2000;
constexpr uint32_t kSeed = 19310707;

// Below the limit of a test, with room for a busy machine.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSecondsPerFile = 12;
constexpr size_t kCostlyBytes = 1 << 18;
#else
constexpr int kSecondsPerFile = 600;
constexpr size_t kCostlyBytes = 1 << 20;
#endif

// Of this process, for inputs of some megabytes at most. Instrumented memory is
// not counted.
void CheckMemory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 768 << 10);
#endif
}

enum class Way { kWhole, kDocx, kWord97, kRtf, kPdf, kLines };

Way WayOf(absl::string_view bytes, absl::string_view path) {
  if (absl::StrContains(path, ".jsonl")) return Way::kLines;
  if (absl::StartsWith(bytes, "PK")) return Way::kDocx;
  if (absl::StartsWith(bytes, "\xD0\xCF")) return Way::kWord97;
  if (absl::StartsWith(bytes, "{\\rtf")) return Way::kRtf;
  if (absl::StartsWith(bytes, "%PDF")) return Way::kPdf;
  return Way::kWhole;
}

void CheckStatus(const absl::Status& status) {
  ASSERT_TRUE(absl::IsInvalidArgument(status) ||
              absl::IsResourceExhausted(status))
      << status;
}

void CheckBlocks(absl::StatusOr<laws::BlockText> text) {
  if (!text.ok()) return CheckStatus(text.status());
  for (const laws::Block& block : text->blocks) {
    ASSERT_TRUE(IsText(block.text));
  }
  LawDocument document;
  const absl::Status status = laws::FindStructure(*std::move(text), &document);
  if (!status.ok()) return CheckStatus(status);
  CheckWellFormed(document);
}

void Read(Way way, const std::string& bytes) {
  switch (way) {
    case Way::kWord97:
      return CheckBlocks(laws::Word97Blocks(bytes));
    case Way::kRtf:
      return CheckBlocks(laws::RtfBlocks(bytes));
    case Way::kDocx: {
      const int file = memfd_create("law", 0);
      ASSERT_GE(file, 0);
      ASSERT_EQ(write(file, bytes.data(), bytes.size()),
                static_cast<ssize_t>(bytes.size()));
      CheckBlocks(laws::DocxBlocks(file));
      close(file);
      return;
    }
    case Way::kLines: {
      StringSource source(bytes);
      LawLineReader reader(&source);
      while (true) {
        LawDocument document;
        const absl::StatusOr<bool> more = reader.Next(&document);
        if (!more.ok()) return CheckStatus(more.status());
        if (!*more) return;
        CheckWellFormed(document);
      }
    }
    case Way::kWhole: {
      // Changed bytes must not lead to another process here.
      if (WayOf(bytes, "") != Way::kWhole ||
          absl::StrContains(bytes.substr(0, 1024), "%PDF-")) {
        return;
      }
      break;
    }
    case Way::kPdf:
      break;
  }
  const auto documents = ReadLaw(bytes, {});
  if (!documents.ok()) return CheckStatus(documents.status());
  for (const LawDocument& document : *documents) CheckWellFormed(document);
}

std::string Mutated(const std::string& file, std::mt19937* random) {
  std::string mutated = file;
  const auto pick = [&](size_t most) {
    return std::uniform_int_distribution<size_t>(0, most)(*random);
  };
  const size_t edits = 1 + pick(4);
  for (size_t i = 0; i < edits && !mutated.empty(); ++i) {
    const size_t at = pick(mutated.size() - 1);
    const size_t size = std::min(pick(60), mutated.size() - at);
    switch (pick(5)) {
      case 0:
        mutated[at] = static_cast<char>(pick(255));
        break;
      case 1:
        mutated.erase(at, size);
        break;
      case 2:
        mutated.insert(at, mutated.substr(pick(mutated.size() - 1), size));
        break;
      case 3: {
        static constexpr char kOdd[] =
            "<>&\"'/\0\xFF\xC3{}\\\r\n \xEF\xBF\xBD“§.()[]#*-1";
        mutated.insert(at, 1, kOdd[pick(sizeof(kOdd) - 2)]);
        break;
      }
      case 4:
        // Numbers of binary formats: as large as they get.
        for (size_t k = at; k < std::min(at + 4, mutated.size()); ++k) {
          mutated[k] = '\xFF';
        }
        break;
      default:
        mutated[at] = static_cast<char>(mutated[at] ^ (1 << pick(7)));
    }
  }
  return mutated;
}

absl::Duration TimePerFile() {
  int seconds = kSecondsPerFile;
  const char* wanted = getenv("COMITY_LAWS_SECONDS");
  if (wanted != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(wanted, &seconds)) << wanted;
  }
  return seconds == 0 ? absl::InfiniteDuration() : absl::Seconds(seconds);
}

// Runs the rounds until the time is over; tells how many that were.
int RunRounds(int wanted, absl::Time until,
              absl::FunctionRef<void(int)> round) {
  int done = 0;
  while (done < wanted && !::testing::Test::HasFatalFailure() &&
         (done == 0 || absl::Now() < until)) {
    round(done++);
  }
  return done;
}

void Torture(const std::string& path) {
  const auto read = ReadFile(path);
  ASSERT_TRUE(read.has_value());
  // What is inside of a packed file matters here.
  const auto unpacked = laws::Unpack(*read, law_limits::kFileBytesMax);
  const std::string& bytes = unpacked.ok() ? *unpacked : *read;
  const Way way = WayOf(bytes, path);
  const absl::Time start = absl::Now();
  const absl::Duration time = TimePerFile();
  // Coprime to the number of cuts, so that the first few are spread as well.
  constexpr int kStride = 81;
  const int cuts = RunRounds(kCuts, start + time / 4, [&](int i) {
    const auto place = static_cast<size_t>(i * kStride % kCuts);
    const size_t size = bytes.size() * place / kCuts;
    SCOPED_TRACE(absl::StrCat("cut at ", size));
    Read(way, bytes.substr(0, size));
  });
  std::mt19937 random(kSeed);
  const int changes = RunRounds(kMutations, start + time, [&](int i) {
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, ", mutation ", i));
    Read(way, Mutated(bytes, &random));
  });
  std::printf("%s: %d of %d cuts, %d of %d changes, %s\n", path.c_str(), cuts,
              kCuts, changes, kMutations,
              absl::FormatDuration(
                  absl::Trunc(absl::Now() - start, absl::Milliseconds(1)))
                  .c_str());
}

std::vector<std::string> SharedPaths() {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(SharedFormats(), error)) {
    const std::string path = entry.path().string();
    if (!absl::EndsWith(path, "README.md")) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class HostileFileTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HostileFileTest, CutAndChanged) {
  Torture(GetParam());
  CheckMemory();
}

// Letters and digits of the file's name and of its folder's.
std::string NameOfTest(
    const ::testing::TestParamInfo<HostileFileTest::ParamType>& info) {
  const std::filesystem::path path(info.param);
  std::string name = absl::StrCat(path.parent_path().filename().string(), "_",
                                  path.filename().string());
  for (char& c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Samples, HostileFileTest,
                         ::testing::ValuesIn(SamplePaths()), NameOfTest);
INSTANTIATE_TEST_SUITE_P(Shared, HostileFileTest,
                         ::testing::ValuesIn(SharedPaths()), NameOfTest);

TEST(HostileLawsTest, SharedFilesAreAtHand) {
  if (SharedPaths().empty()) {
    GTEST_SKIP() << "the shared files are not: only our own samples were used";
  }
}

TEST(HostileLawsTest, TheProcessEndsWithTheFile) {
  // Through the process of its own, whatever becomes of it.
  std::mt19937 random(kSeed);
  for (const std::string& path : SamplePaths()) {
    const std::string bytes = ReadFile(path).value_or("");
    const Way way = WayOf(bytes, path);
    if (way == Way::kWhole || way == Way::kLines) continue;
    SCOPED_TRACE(path);
    for (int i = 0; i < 5; ++i) {
      const auto documents = ReadLaw(Mutated(bytes, &random), {});
      if (!documents.ok()) CheckStatus(documents.status());
    }
  }
}

// Inputs of about so many bytes that might cost some readers more than their
// size.
std::vector<std::string> CostlyTexts(size_t bytes_each) {
  std::vector<std::string> texts;
  const auto repeated = [](absl::string_view piece, size_t bytes) {
    std::string text;
    while (text.size() < bytes) absl::StrAppend(&text, piece);
    return text;
  };
  for (const absl::string_view piece : {"“Article 1. Text\n",
                                        "\"x\n",
                                        "1. a\n",
                                        "1.\n2.\n3.\n",
                                        "Article 1\n",
                                        "SCHEDULE\n1. a\n2. b\n",
                                        "CONTENTS\n1. a\n",
                                        "#\n",
                                        "# Part 1\n",
                                        "**",
                                        "[a](",
                                        "<sup>",
                                        "|a|b|\n",
                                        "第一条\n",
                                        "a ",
                                        "\n",
                                        "§ 1\n§ 2 a\n",
                                        "Chapter I\nSection 1\n",
                                        "...........\n",
                                        "Annex\n",
                                        "(a) ",
                                        "«",
                                        "Article 1. “Text:\n"}) {
    texts.push_back(repeated(piece, bytes_each));
    texts.push_back(absl::StrCat("# x\n", repeated(piece, bytes_each)));
  }
  for (const absl::string_view piece :
       {"<p>", "<b>", "</b>", "<td>", "<table>", "<a href='#'>", "<i></b>",
        "<tr><td>1.<td>x", "<sup>1</sup>", "<br>", "&amp;", "<div id=x>"}) {
    texts.push_back(
        absl::StrCat("<html><body>", repeated(piece, bytes_each / 4), "x"));
  }
  texts.push_back(absl::StrCat("<?xml version=\"1.0\"?><akomaNtoso><act><body>",
                               repeated("<article>x</article>", bytes_each),
                               "</body></act></akomaNtoso>"));
  return texts;
}

absl::Duration TimeToRead(const std::string& text) {
  const absl::Time start = absl::Now();
  const auto documents = ReadLaw(text, {});
  const absl::Duration time = absl::Now() - start;
  if (!documents.ok()) {
    CheckStatus(documents.status());
  } else {
    for (const LawDocument& document : *documents) CheckWellFormed(document);
  }
  return time;
}

// Four times the input takes four times as long, and sixteen if it is looked at
// again for each of its parts. What lies between allows for a busy machine.
TEST(HostileLawsTest, NothingGrowsFasterThanItsInput) {
  const std::vector<std::string> small = CostlyTexts(kCostlyBytes / 4);
  const std::vector<std::string> large = CostlyTexts(kCostlyBytes);
  constexpr double kMost = 10;
  constexpr absl::Duration kNoise = absl::Milliseconds(500);
  for (size_t i = 0; i < large.size(); ++i) {
    SCOPED_TRACE(large[i].substr(0, 60));
    const absl::Duration least = TimeToRead(small[i]);
    absl::Duration most = TimeToRead(large[i]);
    // Once more, if others took the processor.
    if (most >= kMost * least + kNoise) most = TimeToRead(large[i]);
    EXPECT_LT(most, kMost * least + kNoise);
  }
  CheckMemory();
}

}  // namespace
}  // namespace comity::laws_test
