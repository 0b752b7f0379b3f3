// comity_law_summary [--list] FILE...: what the readers of laws make of files.
// A corpus (`.jsonl`, compressed or not) is summed up by language; of other
// files, title, counts and the first and last provision are printed; with
// --list, every provision.

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "import/law_reader.h"
#include "import/laws/provisions.h"

namespace comity {
namespace {

class FileSource : public ByteSource {
 public:
  explicit FileSource(int fd) : fd_(fd), buffer_(256 << 10, '\0') {}
  ~FileSource() override { close(fd_); }
  absl::StatusOr<absl::string_view> Next() override {
    const ssize_t size = read(fd_, buffer_.data(), buffer_.size());
    if (size < 0) return absl::InternalError("the file cannot be read");
    position_ += size;
    return absl::string_view(buffer_).substr(0, static_cast<size_t>(size));
  }
  int64_t position() const override { return position_; }

 private:
  const int fd_;
  std::string buffer_;
  int64_t position_ = 0;
};

bool Citable(const v1::Provision& provision) {
  return laws::IsBasic(provision.kind()) ||
         provision.kind() == v1::Provision::KIND_SCHEDULE_PARAGRAPH;
}

void Print(const LawDocument& document, bool list) {
  const v1::Expression& expression = document.expression;
  std::map<std::string, int> kinds;
  const v1::Provision* first = nullptr;
  const v1::Provision* last = nullptr;
  for (const v1::Provision& provision : document.provisions) {
    ++kinds[v1::Provision::Kind_Name(provision.kind()).substr(5)];
    if (laws::IsBasic(provision.kind())) {
      if (first == nullptr) first = &provision;
      last = &provision;
    }
  }
  std::cout << "  " << expression.format() << " " << expression.language()
            << (expression.language_detected() ? " (detected) " : " ")
            << document.encoding << " | " << expression.title() << "\n  "
            << document.law.number() << " | adopted " << document.law.adopted()
            << " in force " << document.law.in_force() << " from "
            << expression.valid_from().date() << " " << document.state << " "
            << document.law.uri() << "\n ";
  for (const auto& [kind, count] : kinds)
    std::cout << " " << kind << "=" << count;
  std::cout << "\n";
  for (const v1::Provision* provision : {first, last}) {
    if (provision == nullptr) continue;
    std::cout << "  [" << provision->name() << "] " << provision->label()
              << " | " << provision->heading().substr(0, 80) << " | "
              << provision->text().substr(0, 120) << "\n";
  }
  for (const LawNotice& notice : document.notices) {
    std::cout << "  ! " << notice.place << " " << notice.text << "\n";
  }
  if (!list) return;
  for (const v1::Provision& provision : document.provisions) {
    std::string text = provision.text().substr(0, 100);
    for (char& c : text) {
      if (c == '\n') c = '/';
    }
    std::cout << "    " << provision.position() << " "
              << v1::Provision::Kind_Name(provision.kind()).substr(5) << " "
              << provision.name() << " <" << provision.parent() << "> {"
              << provision.label() << "} #" << provision.number() << " ["
              << provision.heading() << "] " << provision.text().size() << ": "
              << text << "\n";
  }
}

struct Sum {
  int laws = 0;
  int structured = 0;
  int64_t provisions = 0;
  int64_t citable = 0;
  int64_t bytes = 0;
};

int Corpus(const std::string& path, bool list) {
  FileSource file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  LawLineReader reader(&file);
  std::map<std::string, Sum> sums;
  while (true) {
    LawDocument document;
    const absl::StatusOr<bool> more = reader.Next(&document);
    if (!more.ok()) {
      std::cout << path << ": " << more.status() << "\n";
      return 1;
    }
    if (!*more) break;
    Sum& sum = sums[document.expression.language()];
    ++sum.laws;
    int citable = 0;
    for (const v1::Provision& provision : document.provisions) {
      ++sum.provisions;
      if (Citable(provision)) ++citable;
    }
    sum.citable += citable;
    sum.bytes += document.expression.text_bytes();
    if (citable > 0) {
      ++sum.structured;
    } else if (list) {
      std::cout << "no structure: " << reader.line() << " "
                << document.source_id << " " << document.expression.language()
                << " " << document.expression.text_bytes() << " "
                << document.expression.title().substr(0, 80) << "\n";
    }
  }
  for (const LawLineProblem& problem : reader.problems()) {
    std::cout << path << ":" << problem.line << ": " << problem.id << ": "
              << problem.rule << "\n";
  }
  std::cout << path << ", lines not read: " << reader.problem_count() << "\n";
  for (const auto& [language, sum] : sums) {
    std::printf(
        "  %-8s laws %5d  structured %5d (%3d %%)  provisions/law %6.1f"
        "  citable/law %6.1f  bytes/provision %6lld\n",
        language.c_str(), sum.laws, sum.structured,
        sum.structured * 100 / sum.laws,
        static_cast<double>(sum.provisions) / sum.laws,
        static_cast<double>(sum.citable) / sum.laws,
        static_cast<long long>(sum.bytes /
                               std::max<int64_t>(sum.provisions, 1)));
  }
  return 0;
}

int Main(int argc, char** argv) {
  bool list = false;
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    if (path == "--list") {
      list = true;
      continue;
    }
    if (absl::StrContains(path, ".jsonl")) {
      Corpus(path, list);
      continue;
    }
    std::ifstream in(path, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    LawReadOptions options;
    options.file_name = path;
    const auto documents = ReadLaw(bytes.str(), options);
    std::cout << path << ": ";
    if (!documents.ok()) {
      std::cout << documents.status() << "\n";
      continue;
    }
    std::cout << documents->size() << " documents\n";
    for (const LawDocument& document : *documents) Print(document, list);
  }
  return 0;
}

}  // namespace
}  // namespace comity

int main(int argc, char** argv) { return comity::Main(argc, argv); }
