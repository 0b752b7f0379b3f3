// What completes a text that is being typed: titles of laws, names of
// authorities, terms of concepts, names of States.

#ifndef COMITY_INDEX_SUGGESTER_H_
#define COMITY_INDEX_SUGGESTER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "comity/v1/search_service.pb.h"
#include "index/columns.h"
#include "index/concepts.h"

namespace comity::index {

// A sorted table of the texts from each of their words on. Immutable, so
// thread-safe. Holds some 40 bytes a word.
class Suggester {
 public:
  // `concepts` may be null; `states` are names with the name of the record.
  Suggester(const Columns& columns, const Concepts* concepts,
            const std::vector<std::pair<std::string, std::string>>& states);

  // At most `limit` of each kind. A text completes one if its words, folded,
  // are what some word of it and those behind begin with.
  v1::SuggestResponse Suggest(absl::string_view text, int limit) const;

 private:
  using Kind = v1::SuggestResponse::Suggestion::Kind;
  struct Text {
    Kind kind;
    std::string text;
    std::string name;
  };
  struct Entry {
    std::string key;
    uint32_t text;
  };

  void Add(Kind kind, absl::string_view text, absl::string_view name);

  std::vector<Text> texts_;
  std::vector<Entry> entries_;
};

// `text` as words of FoldWord with single spaces between, characters of
// Chinese, Japanese and Korean without.
std::string FoldedWords(absl::string_view text,
                        std::vector<size_t>* begins = nullptr);

}  // namespace comity::index

#endif  // COMITY_INDEX_SUGGESTER_H_
