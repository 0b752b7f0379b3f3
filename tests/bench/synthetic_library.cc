#include "tests/bench/synthetic_library.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "comity/v1/record.pb.h"
#include "google/protobuf/util/json_util.h"

namespace comity::bench {
namespace {

struct Script {
  const char* language;
  // How much of the library is in it, in hundredths.
  int share;
  const char* space;
  std::vector<std::string> syllables;
};

std::vector<Script> Scripts() {
  const std::vector<std::string> latin = {"ba",  "con", "de", "fer", "ga", "il",
                                          "jus", "ka",  "le", "mo",  "na", "or",
                                          "per", "qui", "ra", "sta", "te", "un",
                                          "vi",  "pro", "re", "tri", "lex"};
  const std::vector<std::string> cyrillic = {
      "за", "кон", "пре", "сту", "по", "на", "ро", "де", "ла", "ми",
      "во", "ти",  "ко",  "ре",  "ше", "ни", "ва", "су", "до"};
  const std::vector<std::string> arabic = {"قا", "نو", "مح", "كم", "جر", "يم",
                                           "ما", "لي", "حق", "عد", "سل", "طا",
                                           "بن", "شر", "ري", "تس"};
  const std::vector<std::string> chinese = {
      "法", "律", "院", "罪", "犯", "人", "民", "国", "家", "银", "行", "金",
      "钱", "洗", "权", "利", "义", "务", "机", "关", "规", "定", "条", "应",
      "当", "证", "据", "刑", "事", "案", "件", "公", "安", "检", "察"};
  return {{"en", 30, " ", latin},    {"fr", 15, " ", latin},
          {"es", 15, " ", latin},    {"de", 10, " ", latin},
          {"ru", 10, " ", cyrillic}, {"ar", 10, " ", arabic},
          {"zh", 10, "", chinese}};
}

class Words {
 public:
  Words(const Script& script, int size, uint32_t seed)
      : script_(script), random_(seed) {
    std::uniform_int_distribution<size_t> syllable(0,
                                                   script.syllables.size() - 1);
    std::uniform_int_distribution<int> length(1, script.space[0] == 0 ? 2 : 4);
    double sum = 0;
    for (int i = 0; i < size; ++i) {
      std::string word;
      for (int n = length(random_); n >= 0; --n) {
        word += script.syllables[syllable(random_)];
      }
      words_.push_back(std::move(word));
      sum += 1 / std::pow(i + 1, 1.05);
      sums_.push_back(sum);
    }
  }

  std::string Text(int words) {
    std::string text;
    std::uniform_real_distribution<double> any(0, sums_.back());
    for (int i = 0; i < words; ++i) {
      const auto at =
          std::lower_bound(sums_.begin(), sums_.end(), any(random_));
      if (i > 0) text += i % 17 == 0 ? ". " : script_.space;
      text += words_[static_cast<size_t>(at - sums_.begin())];
    }
    return text;
  }

  int Number(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

 private:
  const Script& script_;
  std::mt19937 random_;
  std::vector<std::string> words_;
  std::vector<double> sums_;
};

}  // namespace

SyntheticLibrary::SyntheticLibrary(const LibraryOptions& options) {
  const std::vector<Script> scripts = Scripts();
  std::vector<Words> words;
  words.reserve(scripts.size());
  std::vector<size_t> turns;
  for (size_t i = 0; i < scripts.size(); ++i) {
    words.emplace_back(scripts[i], options.vocabulary,
                       options.seed + static_cast<uint32_t>(i));
    turns.insert(turns.end(), static_cast<size_t>(scripts[i].share), i);
  }
  for (size_t number = 0; provisions_ < options.provisions; ++number) {
    const size_t script = turns[(number * 37) % turns.size()];
    Words& of = words[script];
    Law made;
    made.language = scripts[script].language;
    v1::Law& law = made.law;
    // User-assigned codes of ISO 3166-1.
    law.set_name(absl::StrFormat(
        "states/X%c%c/laws/synthetic-%d", 'A' + static_cast<int>(number % 26),
        'A' + static_cast<int>(number / 26 % 7), number));
    law.set_type(static_cast<v1::LawType>(1 + number % 5));
    law.set_adopted(absl::StrFormat("%04d-%02d-%02d", of.Number(1950, 2025),
                                    of.Number(1, 12), of.Number(1, 28)));
    v1::LocalizedText* title = law.add_titles();
    title->set_text(absl::StrCat(of.Text(of.Number(3, 9)), " (synthetic)"));
    title->set_language(made.language);
    law.add_subjects(absl::StrCat("synthetic ", number % 40));
    v1::Source* source = law.add_sources();
    source->set_document("synthetic");
    source->set_kind(v1::SOURCE_KIND_SYNTHETIC);
    const int count = of.Number(1, 2 * options.provisions_per_law);
    for (int i = 1; i <= count; ++i) {
      v1::Provision provision;
      provision.set_name(absl::StrCat("art-", i));
      provision.set_kind(v1::Provision::KIND_ARTICLE);
      provision.set_position(i);
      provision.set_label(absl::StrCat("Art. ", i));
      provision.set_number(absl::StrCat(i));
      provision.set_heading(of.Text(of.Number(1, 5)));
      provision.set_text(of.Text(of.Number(10, 2 * options.words)));
      text_bytes_ += static_cast<int64_t>(provision.heading().size() +
                                          provision.text().size());
      ++provisions_;
      made.provisions.push_back(std::move(provision));
    }
    laws_.push_back(std::move(made));
  }
}

v1::Expression SyntheticLibrary::Text(const Law& law) const {
  v1::Expression expression;
  expression.set_name(
      absl::StrCat(law.law.name(), "/expressions/", law.language, "@undated"));
  expression.set_kind(v1::Expression::KIND_TEXT);
  expression.set_language(law.language);
  expression.set_title(law.law.titles(0).text());
  *expression.add_sources() = law.law.sources(0);
  for (const v1::Provision& provision : law.provisions) {
    *expression.add_provisions() = provision;
  }
  return expression;
}

absl::StatusOr<std::vector<std::string>> SyntheticLibrary::WriteLines(
    const std::string& prefix) const {
  constexpr std::streamoff kFileBytes = 512 << 20;
  std::vector<std::string> paths;
  std::ofstream out;
  std::string line;
  const auto write = [&](const v1::Record& record) {
    if (paths.empty() || out.tellp() > kFileBytes) {
      if (out.is_open()) out.close();
      paths.push_back(absl::StrCat(prefix, "-", paths.size(), ".jsonl"));
      out.open(paths.back(), std::ios::binary);
    }
    line.clear();
    (void)google::protobuf::util::MessageToJsonString(record, &line);
    out << line << '\n';
  };
  std::set<std::string> states;
  for (const Law& of : laws_) {
    const std::string name = of.law.name().substr(0, of.law.name().find("/l"));
    if (states.insert(name).second) {
      v1::Record state;
      state.mutable_state()->set_name(name);
      state.mutable_state()->set_kind(v1::State::KIND_OTHER);
      v1::LocalizedText* title = state.mutable_state()->add_short_names();
      title->set_text(absl::StrCat("Synthetic ", name));
      title->set_language("en");
      *state.mutable_state()->add_sources() = of.law.sources(0);
      write(state);
    }
    v1::Record law;
    *law.mutable_law() = of.law;
    write(law);
    v1::Record text;
    *text.mutable_expression() = Text(of);
    write(text);
  }
  out.close();
  if (out) return paths;
  return absl::ResourceExhaustedError("cannot write the library");
}

}  // namespace comity::bench
