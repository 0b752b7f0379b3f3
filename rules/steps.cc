#include "rules/steps.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace comity::rules {
namespace {

// Reasons and advice have parameters of the same type.
void WriteValues(int number, NamedValues values, wire::Writer* writer) {
  for (const Named& each : values) {
    writer->Message(number, [&] {
      writer->Text(v1::Parameter::kNameFieldNumber, each.name);
      writer->Text(v1::Parameter::kValueFieldNumber, each.value);
    });
  }
}

}  // namespace

void WriteSentence(int number, Parts text, wire::Writer* writer) {
  absl::InlinedVector<absl::string_view, 16> parts(text.begin(), text.end());
  const auto first =
      std::find_if(parts.begin(), parts.end(),
                   [](absl::string_view part) { return !part.empty(); });
  if (first != parts.end() && absl::StartsWith(*first, "the ")) {
    first->remove_prefix(1);
    parts.insert(first, "T");
  }
  writer->Text(number, parts);
}

void AdviceWriter::Add(v1::ReasonCode code, Parts text,
                       NamedValues values) const {
  writer_->Message(number_, [&] {
    writer_->Number(v1::Advice::kCodeFieldNumber, code);
    WriteSentence(v1::Advice::kTextFieldNumber, text, writer_);
    WriteValues(v1::Advice::kParametersFieldNumber, values, writer_);
  });
}

void WriteReason(int number, v1::ReasonCode code, Parts text,
                 absl::string_view resource, absl::string_view sources,
                 NamedValues values, wire::Writer* writer) {
  writer->Message(number, [&] {
    writer->Number(v1::Reason::kCodeFieldNumber, code);
    WriteSentence(v1::Reason::kTextFieldNumber, text, writer);
    writer->Text(v1::Reason::kResourceFieldNumber, resource);
    writer->Fields(sources);
    WriteValues(v1::Reason::kParametersFieldNumber, values, writer);
  });
}

void SourceList::Cite(
    const google::protobuf::RepeatedPtrField<v1::Source>& sources) {
  const int count = std::min(sources.size(), kCitedSourcesMax);
  for (int i = 0; i < count; ++i) {
    const v1::Source& source = sources[i];
    std::string cited;
    wire::Writer writer(&cited);
    writer.Text(v1::Source::kDocumentFieldNumber, source.document());
    writer.Text(v1::Source::kUriFieldNumber, source.uri());
    writer.Text(v1::Source::kPlaceFieldNumber, source.place());
    writer.Number(v1::Source::kKindFieldNumber,
                  static_cast<uint64_t>(source.kind()));
    writer.Text(v1::Source::kDocumentDateFieldNumber, source.document_date());
    writer.Text(v1::Source::kAsOfFieldNumber, source.as_of());
    Add(std::move(cited));
  }
}

void SourceList::CiteOne(absl::string_view source) {
  std::string cited;
  wire::Writer writer(&cited);
  wire::Field field;
  while (wire::TakeField(&source, &field)) {
    switch (field.number) {
      case v1::Source::kDocumentFieldNumber:
      case v1::Source::kUriFieldNumber:
      case v1::Source::kPlaceFieldNumber:
      case v1::Source::kDocumentDateFieldNumber:
      case v1::Source::kAsOfFieldNumber:
        writer.Text(field.number, field.bytes);
        break;
      case v1::Source::kKindFieldNumber:
        writer.Number(field.number, field.value);
        break;
      default:
        break;
    }
  }
  Add(std::move(cited));
}

void SourceList::CiteDirectory(Parts place) {
  std::string cited;
  wire::Writer writer(&cited);
  writer.Text(v1::Source::kDocumentFieldNumber, "This directory");
  writer.Text(v1::Source::kPlaceFieldNumber, place);
  Add(std::move(cited));
}

void SourceList::Add(std::string cited) {
  if (std::find(cited_.begin(), cited_.end(), cited) == cited_.end()) {
    cited_.push_back(std::move(cited));
  }
}

std::string SourceList::Fields(int number) const {
  std::string fields;
  for (const std::string& source : cited_) {
    wire::AppendField(number, source, &fields);
  }
  return fields;
}

}  // namespace comity::rules
