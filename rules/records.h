// What sentences and reasons take from records.

#ifndef COMITY_RULES_RECORDS_H_
#define COMITY_RULES_RECORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "comity/v1/common.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/state.pb.h"
#include "comity/v1/treaty.pb.h"

namespace comity::rules {

// A reason cites this many sources of a record; the record has the others.
inline constexpr int kCitedSourcesMax = 4;

// The text in `language`, else in English, else the first; empty if none. The
// view lives as long as `texts`.
absl::string_view TextIn(
    const google::protobuf::RepeatedPtrField<v1::LocalizedText>& texts,
    absl::string_view language);

// What sentences call a record: its short name in English, else the last part
// of its resource name. The view lives as long as the record.
absl::string_view TitleOf(const v1::State& state);
absl::string_view TitleOf(const v1::Treaty& treaty);
absl::string_view TitleOf(const v1::Function& function);

// The same inside a sentence, with its article: `the Netherlands`, `the
// Firearms Protocol`, `mutual legal assistance`.
std::string NameInText(const v1::State& state);
std::string NameInText(const v1::Treaty& treaty);
std::string NameInText(const v1::Function& function);

// Adds what a reason cites of the first kCitedSourcesMax sources: document,
// address, place, kind and days; what is cited already is not added.
void CiteSources(const google::protobuf::RepeatedPtrField<v1::Source>& sources,
                 google::protobuf::RepeatedPtrField<v1::Source>* cited);

// The same of the first source alone, if there is one.
void CiteFirstSource(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources,
    google::protobuf::RepeatedPtrField<v1::Source>* cited);

// Adds that the directory itself is the source, as for what is not on record.
// `place` says where in it: `designations of Lithuania`.
void CiteDirectory(absl::string_view place,
                   google::protobuf::RepeatedPtrField<v1::Source>* cited);

// Adds a value that a text names to an Advice or a Reason.
template <class Message>
void AddParameter(absl::string_view name, absl::string_view value,
                  Message* message) {
  auto* parameter = message->add_parameters();
  parameter->set_name(name.data(), name.size());
  parameter->set_value(value.data(), value.size());
}

// True if a source says that the record was made by a generator.
bool IsSynthetic(const google::protobuf::RepeatedPtrField<v1::Source>& sources);

}  // namespace comity::rules

#endif  // COMITY_RULES_RECORDS_H_
