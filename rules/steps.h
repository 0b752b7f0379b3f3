// How the rules tell what they found: reasons, advice and sources, written as
// bytes of the answer that they belong to.

#ifndef COMITY_RULES_STEPS_H_
#define COMITY_RULES_STEPS_H_

#include <initializer_list>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "base/wire.h"
#include "comity/v1/common.pb.h"
#include "comity/v1/reason.pb.h"

namespace comity::rules {

// A text in parts, which are written one after another.
using Parts = std::initializer_list<absl::string_view>;

// A value that a text names, for translations.
struct Named {
  absl::string_view name;
  absl::string_view value;
};
using NamedValues = std::initializer_list<Named>;

// Writes a sentence, whose first word gets its capital: `The Netherlands …`.
void WriteSentence(int number, Parts text, wire::Writer* writer);

// Writes messages of type Advice into one field of an answer.
class AdviceWriter {
 public:
  // `writer` must outlive this.
  AdviceWriter(int number, wire::Writer* writer)
      : number_(number), writer_(writer) {}

  void Add(v1::ReasonCode code, Parts text, NamedValues values = {}) const;

 private:
  const int number_;
  wire::Writer* const writer_;
};

// Writes a Reason. `sources` are fields of it, as SourceList::Fields gives
// them.
void WriteReason(int number, v1::ReasonCode code, Parts text,
                 absl::string_view resource, absl::string_view sources,
                 NamedValues values, wire::Writer* writer);

// What a step cites: of each source the document, address, place, kind and
// days, and each once.
class SourceList {
 public:
  // Adds the first kCitedSourcesMax of `sources`; the record has the others.
  void Cite(const google::protobuf::RepeatedPtrField<v1::Source>& sources);
  // The same of the bytes of messages.
  template <class Sources>
  void CiteBytes(const Sources& sources) {
    int cited = 0;
    for (const absl::string_view source : sources) {
      if (cited++ == kCitedSourcesMax) return;
      CiteOne(source);
    }
  }
  // Adds that the directory itself is the source, as for what is not on record.
  // `place` says where in it: `designations of Lithuania`.
  void CiteDirectory(Parts place);

  bool empty() const { return cited_.empty(); }
  // Fields of this number, one for each source.
  std::string Fields(int number) const;

 private:
  static constexpr int kCitedSourcesMax = 4;

  void CiteOne(absl::string_view source);
  void Add(std::string cited);

  absl::InlinedVector<std::string, 2> cited_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_STEPS_H_
