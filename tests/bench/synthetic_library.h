// A library that nobody wrote, for benchmarks: laws whose words are drawn by
// Zipf's law from vocabularies made up of syllables, in several scripts.
// Everything of it says that it is synthetic.

#ifndef COMITY_TESTS_BENCH_SYNTHETIC_LIBRARY_H_
#define COMITY_TESTS_BENCH_SYNTHETIC_LIBRARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "comity/v1/law.pb.h"

namespace comity::bench {

struct LibraryOptions {
  int64_t provisions = 200000;
  // Provisions of one law, on average.
  int provisions_per_law = 40;
  // Words of one provision, on average.
  int words = 110;
  // Different words of one language.
  int vocabulary = 60000;
  uint32_t seed = 1;
};

class SyntheticLibrary {
 public:
  struct Law {
    v1::Law law;
    std::string language;
    std::vector<v1::Provision> provisions;
  };

  explicit SyntheticLibrary(const LibraryOptions& options);

  const std::vector<Law>& laws() const { return laws_; }
  // Of headings and texts.
  int64_t text_bytes() const { return text_bytes_; }
  int64_t provisions() const { return provisions_; }
  // The law's text as a record.
  v1::Expression Text(const Law& law) const;
  // Writes the States, the laws and their texts, a line each, as an export has
  // them, to files that are small enough to be imported. Returns their paths,
  // `{prefix}-0.jsonl` and so on.
  absl::StatusOr<std::vector<std::string>> WriteLines(
      const std::string& prefix) const;

 private:
  std::vector<Law> laws_;
  int64_t text_bytes_ = 0;
  int64_t provisions_ = 0;
};

}  // namespace comity::bench

#endif  // COMITY_TESTS_BENCH_SYNTHETIC_LIBRARY_H_
