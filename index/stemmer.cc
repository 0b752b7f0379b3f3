#include "index/stemmer.h"

#include <libstemmer.h>
#include <xapian.h>

#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/words.h"
#include "index/xapian_guard.h"

namespace comity::index {
namespace {

// Of a language without stems.
class NoStemmer : public Stemmer {
 public:
  explicit NoStemmer(const Language* language) : Stemmer(language) {}

 private:
  std::string StemSpelt(const std::string&) const override { return ""; }
};

// The word itself: of a language whose marks matter, beside words without them.
class WholeWord : public Stemmer {
 public:
  explicit WholeWord(const Language* language) : Stemmer(language) {}

 private:
  std::string StemSpelt(const std::string& word) const override { return word; }
};

class XapianStemmer : public Stemmer {
 public:
  XapianStemmer(const Language* language, Xapian::Stem stem)
      : Stemmer(language), stem_(std::move(stem)) {}

 private:
  std::string StemSpelt(const std::string& word) const override {
    absl::StatusOr<std::string> stem = Guard([&] { return stem_(word); });
    return stem.ok() ? *std::move(stem) : word;
  }

  const Xapian::Stem stem_;
};

// For Greek, Hindi and Serbian, which Xapian 1.4 does not have.
class LibStemmer : public Stemmer {
 public:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
  };

  LibStemmer(const Language* language,
             std::unique_ptr<sb_stemmer, Delete> stemmer)
      : Stemmer(language), stemmer_(std::move(stemmer)) {}

 private:
  std::string StemSpelt(const std::string& word) const override {
    const sb_symbol* stem = sb_stemmer_stem(
        stemmer_.get(), reinterpret_cast<const sb_symbol*>(word.data()),
        static_cast<int>(word.size()));
    // Out of memory.
    if (stem == nullptr) return word;
    return std::string(reinterpret_cast<const char*>(stem),
                       static_cast<size_t>(sb_stemmer_length(stemmer_.get())));
  }

  const std::unique_ptr<sb_stemmer, Delete> stemmer_;
};

// Takes the longest ending of a list off that leaves three letters.
class EndingStemmer : public Stemmer {
 public:
  explicit EndingStemmer(const Language* language)
      : Stemmer(language),
        endings_(absl::StrSplit(language->endings, ' ', absl::SkipEmpty())) {}

 private:
  std::string StemSpelt(const std::string& word) const override {
    // Endings have no accents, and people leave them out.
    std::string stem = FoldWord(word);
    size_t longest = 0;
    for (const absl::string_view ending : endings_) {
      if (ending.size() > longest && absl::EndsWith(stem, ending) &&
          LettersOf(stem) >= LettersOf(ending) + kLettersMin) {
        longest = ending.size();
      }
    }
    stem.resize(stem.size() - longest);
    return stem;
  }

  static constexpr size_t kLettersMin = 3;
  static size_t LettersOf(absl::string_view text) {
    size_t letters = 0;
    for (const char c : text) {
      if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++letters;
    }
    return letters;
  }

  const std::vector<absl::string_view> endings_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Stemmer>> Stemmer::Create(
    const Language& language) {
  if (!HasStems(language)) return std::make_unique<NoStemmer>(&language);
  if (language.stemmer.empty()) {
    if (language.marks_matter) return std::make_unique<WholeWord>(&language);
    return std::make_unique<EndingStemmer>(&language);
  }
  const std::string name(language.stemmer);
  absl::StatusOr<Xapian::Stem> of_xapian =
      Guard([&] { return Xapian::Stem(name); });
  if (of_xapian.ok()) {
    return std::make_unique<XapianStemmer>(&language, *std::move(of_xapian));
  }
  std::unique_ptr<sb_stemmer, LibStemmer::Delete> of_libstemmer(
      sb_stemmer_new(name.c_str(), "UTF_8"));
  if (of_libstemmer == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("no stemmer named ", name, " for ", language.tag));
  }
  return std::make_unique<LibStemmer>(&language, std::move(of_libstemmer));
}

std::string Stemmer::Stem(absl::string_view word) const {
  const std::string stem = StemSpelt(SpellWord(word, *language_));
  return FoldWord(stem, language_->letters, language_->marks_matter);
}

bool HasStems(const Language& language) {
  return !language.stemmer.empty() || !language.endings.empty() ||
         language.marks_matter;
}

}  // namespace comity::index
