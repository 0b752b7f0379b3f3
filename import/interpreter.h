// What the readers of all kinds of records have in common: fields of a row, one
// by one, into fields of records.

#ifndef COMITY_IMPORT_INTERPRETER_H_
#define COMITY_IMPORT_INTERPRETER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "comity/v1/common.pb.h"
#include "comity/v1/import_service.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "import/table.h"
#include "import/understand.h"
#include "import/values.h"

namespace comity {

// Results by text, of bounded size.
template <class Value>
class Memo {
 public:
  // The value for `text`, made by `make` at its first time; valid until the
  // next call.
  template <class Make>
  const Value& Get(absl::string_view text, Make make) {
    const auto found = values_.find(text);
    if (found != values_.end()) return found->second;
    if (values_.size() >= kEntriesMax) values_.clear();
    return values_.emplace(std::string(text), make(text)).first->second;
  }

 private:
  static constexpr size_t kEntriesMax = 1 << 14;

  absl::flat_hash_map<std::string, Value> values_;
};

// Not thread-safe.
class Interpreter {
 public:
  using StatedList = google::protobuf::RepeatedPtrField<v1::AsStated>;

  // Everything given must outlive this.
  Interpreter(const Table* table, const v1::ImportOptions& options,
              const References& references)
      : table_(*table),
        date_order_(options.date_order()),
        references_(references) {}

  // The record that problems are added to.
  void Begin(Understood* understood) { understood_ = understood; }

  const Table& table() const { return table_; }
  void AddProblem(Field field, absl::string_view rule);
  void AddProblem(Field field, absl::string_view value, absl::string_view rule);
  void AddNotice(Field field, absl::string_view rule);

  // Each reads `field` and leaves its argument alone if the cell is empty; a
  // bad one is a problem. `path` is that of the record's field in `stated`,
  // which gets the text where it is not the value.
  void Text(Field field, std::string* text);
  void Date(Field field, absl::string_view path, std::string* date,
            StatedList* stated);
  void PartialDate(Field field, absl::string_view path, std::string* date,
                   StatedList* stated);
  // `open` and `unknown`, or a day.
  void Bound(Field field, absl::string_view path,
             absl::FunctionRef<v1::DateBound*()> bound, StatedList* stated);
  void Language(Field field, absl::string_view path, std::string* tag,
                StatedList* stated);
  void Languages(Field field, absl::string_view path,
                 google::protobuf::RepeatedPtrField<std::string>* tags,
                 StatedList* stated);
  void TextList(Field field,
                google::protobuf::RepeatedPtrField<std::string>* items);
  void Number(Field field, int32_t least, int32_t most,
              absl::FunctionRef<void(int32_t)> set);

  // Resource names; empty if the text was not resolved, which is a problem.
  std::string State(Field field, absl::string_view path, StatedList* stated);
  std::string Treaty(Field field, absl::string_view path, StatedList* stated);
  std::string Function(Field field, absl::string_view path, StatedList* stated);
  void Article(Field field, absl::string_view path, std::string* article,
               StatedList* stated);
  // The name of the State, if there is one of that name or code.
  std::optional<std::string> FindState(absl::string_view text);

  // The columns on the source, into `source`.
  void Source(v1::Source* source);

  static void Stated(absl::string_view path, absl::string_view text,
                     StatedList* stated);

 private:
  // A name, or the rule that the text breaks.
  struct Resolved {
    std::string name;
    std::string rule;
  };
  struct ResolvedLanguages {
    std::vector<std::string> tags;
    bool as_printed = true;
    // Those of `tags` that have the shape of a code but no name here.
    std::vector<std::string> unnamed;
    // The first that is no language.
    std::string bad;
  };
  struct ResolvedKind {
    v1::SourceKind kind;
    bool says_more;
  };

  std::string Resolve(Field field, absl::string_view path, Memo<Resolved>* memo,
                      References::Resolver resolver, StatedList* stated);
  Resolved ResolveState(absl::string_view text) const;
  void SourceKind(v1::Source* source);
  void SourceAsOf(v1::Source* source);
  bool CheckSize(Field field);

  const Table& table_;
  const v1::DateOrder date_order_;
  const References references_;
  Understood* understood_ = nullptr;
  Memo<Resolved> states_;
  Memo<Resolved> treaties_;
  Memo<Resolved> functions_;
  Memo<std::optional<std::string>> articles_;
  Memo<ResolvedLanguages> languages_;
  Memo<ResolvedKind> source_kinds_;
};

}  // namespace comity

#endif  // COMITY_IMPORT_INTERPRETER_H_
