#include "import/differences.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "import/writers.h"

namespace comity {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsServerField(absl::string_view name) {
  return name == "etag" || name == "create_time" || name == "update_time";
}

// Escaped as protobuf's JSON printer does it, with its help: the value of a
// field of a message that has only this one.
std::string JsonString(const std::string& text) {
  v1::AsStated holder;
  holder.set_text(text);
  const std::string json = Json(holder);
  // `{"text":"..."}`; an empty text prints nothing.
  constexpr size_t kBefore = sizeof("{\"text\":") - 1;
  return text.empty() ? "\"\""
                      : json.substr(kBefore, json.size() - kBefore - 1);
}

// A value as protobuf's JSON; `index` is -1 for fields that are no list.
std::string Value(const Message& message, const FieldDescriptor* field,
                  int index) {
  const Reflection* reflection = message.GetReflection();
  const bool repeated = index >= 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Json(repeated
                      ? reflection->GetRepeatedMessage(message, field, index)
                      : reflection->GetMessage(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return JsonString(
          repeated ? reflection->GetRepeatedString(message, field, index)
                   : reflection->GetString(message, field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          repeated ? reflection->GetRepeatedEnumValue(message, field, index)
                   : reflection->GetEnumValue(message, field);
      const auto* value = field->enum_type()->FindValueByNumber(number);
      return value != nullptr ? absl::StrCat("\"", value->name(), "\"")
                              : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return (repeated ? reflection->GetRepeatedBool(message, field, index)
                       : reflection->GetBool(message, field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(
          repeated ? reflection->GetRepeatedInt32(message, field, index)
                   : reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(
          repeated ? reflection->GetRepeatedUInt32(message, field, index)
                   : reflection->GetUInt32(message, field));
    // Numbers of 64 bits are strings in protobuf's JSON.
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(
          "\"",
          repeated ? reflection->GetRepeatedInt64(message, field, index)
                   : reflection->GetInt64(message, field),
          "\"");
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(
          "\"",
          repeated ? reflection->GetRepeatedUInt64(message, field, index)
                   : reflection->GetUInt64(message, field),
          "\"");
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrCat(
          repeated ? reflection->GetRepeatedFloat(message, field, index)
                   : reflection->GetFloat(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(
          repeated ? reflection->GetRepeatedDouble(message, field, index)
                   : reflection->GetDouble(message, field));
  }
  return "";
}

// True for a field that is there: set, or with a value other than its default
// where the contract does not tell them apart.
bool Has(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  return index >= 0 ? index < reflection->FieldSize(message, field)
                    : reflection->HasField(message, field);
}

// True for two texts that are the same, which most fields are: JSON is only
// made of what differs.
bool IsSameText(const Message& before, const Message& after,
                const FieldDescriptor* field, int index) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  const Reflection* reflection = before.GetReflection();
  std::string scratch;
  std::string other;
  return index >= 0 ? reflection->GetRepeatedStringReference(before, field,
                                                             index, &scratch) ==
                          reflection->GetRepeatedStringReference(after, field,
                                                                 index, &other)
                    : reflection->GetStringReference(before, field, &scratch) ==
                          reflection->GetStringReference(after, field, &other);
}

class Comparison {
 public:
  void Compare(const std::string& path, const Message& before,
               const Message& after, bool is_record);
  std::vector<v1::FieldDifference> Take() { return std::move(differences_); }

 private:
  void CompareField(const std::string& path, const FieldDescriptor* field,
                    int index, const Message& before, const Message& after);

  std::vector<v1::FieldDifference> differences_;
};

void Comparison::CompareField(const std::string& path,
                              const FieldDescriptor* field, int index,
                              const Message& before, const Message& after) {
  const bool had = Has(before, field, index);
  const bool has = Has(after, field, index);
  if (!had && !has) return;
  if (had && has && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const Reflection* reflection = before.GetReflection();
    if (index < 0) {
      return Compare(path, reflection->GetMessage(before, field),
                     reflection->GetMessage(after, field), false);
    }
    return Compare(path, reflection->GetRepeatedMessage(before, field, index),
                   reflection->GetRepeatedMessage(after, field, index), false);
  }
  if (had && has && IsSameText(before, after, field, index)) return;
  const std::string old_value = had ? Value(before, field, index) : "";
  const std::string new_value = has ? Value(after, field, index) : "";
  if (old_value == new_value) return;
  v1::FieldDifference* difference = &differences_.emplace_back();
  difference->set_field(path);
  difference->set_before(old_value);
  difference->set_after(new_value);
}

void Comparison::Compare(const std::string& path, const Message& before,
                         const Message& after, bool is_record) {
  const Descriptor* type = before.GetDescriptor();
  const Reflection* reflection = before.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (is_record && IsServerField(field->name())) continue;
    const std::string field_path =
        path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (!field->is_repeated()) {
      CompareField(field_path, field, -1, before, after);
      continue;
    }
    const int size = std::max(reflection->FieldSize(before, field),
                              reflection->FieldSize(after, field));
    for (int index = 0; index < size; ++index) {
      CompareField(absl::StrCat(field_path, "[", index, "]"), field, index,
                   before, after);
    }
  }
}

}  // namespace

std::vector<v1::FieldDifference> Differences(const Message& before,
                                             const Message& after) {
  Comparison comparison;
  comparison.Compare("", before, after, /*is_record=*/true);
  return comparison.Take();
}

}  // namespace comity
