// A library in memory, instead of the store.

#ifndef COMITY_TESTS_INDEX_FAKE_LIBRARY_H_
#define COMITY_TESTS_INDEX_FAKE_LIBRARY_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "comity/v1/law.pb.h"
#include "index/documents.h"
#include "index/library_index.h"
#include "index/searcher.h"

namespace comity::index {

// Must outlive the inputs that it gives.
class FakeLibrary {
 public:
  struct Text {
    TextInput text;
    std::vector<v1::Provision> provisions;
  };
  struct Work {
    v1::Law law;
    std::string region;
    std::vector<v1::Mapping> mappings;
    std::vector<Text> texts;
  };

  // Adds a law with one text; each provision is heading and text.
  Work& Add(
      const std::string& state, const std::string& id, const std::string& title,
      const std::string& language, const std::string& adopted,
      const std::vector<std::pair<std::string, std::string>>& provisions) {
    const std::string name = absl::StrCat("states/", state, "/laws/", id);
    Work& work = works[name];
    work.law.set_name(name);
    work.law.set_type(v1::LAW_TYPE_ACT);
    work.law.set_adopted(adopted);
    v1::LocalizedText* words = work.law.add_titles();
    words->set_text(title);
    words->set_language(language);
    AddText(&work, language, provisions);
    return work;
  }

  void AddText(
      Work* work, const std::string& language,
      const std::vector<std::pair<std::string, std::string>>& provisions) {
    Text text;
    text.text.expression =
        absl::StrCat(work->law.name(), "/expressions/", language, "@undated");
    text.text.sequence = 1;
    text.text.language = language;
    int position = 0;
    for (const auto& [heading, words] : provisions) {
      v1::Provision provision;
      provision.set_position(++position);
      provision.set_name(absl::StrCat("art-", position));
      provision.set_kind(v1::Provision::KIND_ARTICLE);
      provision.set_number(absl::StrCat(position));
      provision.set_label(absl::StrCat("Art. ", position));
      provision.set_heading(heading);
      provision.set_text(words);
      text.provisions.push_back(std::move(provision));
    }
    work->texts.push_back(std::move(text));
  }

  LawInput Input(const std::string& name) const {
    const Work& work = works.at(name);
    LawInput input;
    input.law = work.law;
    input.region = work.region;
    input.mappings = work.mappings;
    for (const Text& text : work.texts) input.texts.push_back(text.text);
    input.read = [&work](const TextInput& of, LawInput::Visit visit) {
      for (const Text& text : work.texts) {
        if (text.text.expression != of.expression) continue;
        for (const v1::Provision& provision : text.provisions) {
          if (!visit(provision)) break;
        }
      }
      return absl::OkStatus();
    };
    return input;
  }

  absl::Status Read(absl::string_view expression, int position,
                    v1::Provision* provision) const {
    const auto end = expression.find("/expressions/");
    const auto work = works.find(std::string(expression.substr(0, end)));
    if (work == works.end()) return absl::NotFoundError("no law");
    for (const Text& text : work->second.texts) {
      if (text.text.expression != expression) continue;
      for (const v1::Provision& one : text.provisions) {
        if (one.position() != position) continue;
        *provision = one;
        return absl::OkStatus();
      }
    }
    return absl::NotFoundError("no provision");
  }

  SearcherOptions Options() const {
    SearcherOptions options;
    options.read_provision = [this](absl::string_view expression, uint64_t,
                                    int position, v1::Provision* provision) {
      return Read(expression, position, provision);
    };
    return options;
  }

  // All of it, as the next generation of the index.
  absl::Status BuildInto(LibraryIndex* index, uint64_t sequence) const {
    auto build = index->BeginBuild();
    if (!build.ok()) return build.status();
    for (const auto& [name, work] : works) {
      const absl::Status status = (*build)->Put(Input(name));
      if (!status.ok()) return status;
    }
    const absl::Status status = (*build)->Mark(sequence);
    if (!status.ok()) return status;
    return index->Serve(*std::move(build));
  }

  std::map<std::string, Work> works;
};

}  // namespace comity::index

#endif  // COMITY_TESTS_INDEX_FAKE_LIBRARY_H_
