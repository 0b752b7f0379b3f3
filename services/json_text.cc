#include "services/json_text.h"

#include <cmath>
#include <cstdio>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"

namespace comity {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Those that JSON writes in a way of their own.
bool IsWellKnown(const Descriptor* type) {
  return absl::StartsWith(type->full_name(), "google.protobuf.");
}

void AppendNumber(double number, std::string* json) {
  if (std::isnan(number)) {
    absl::StrAppend(json, "\"NaN\"");
  } else if (std::isinf(number)) {
    absl::StrAppend(json, number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  } else {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.17g", number);
    absl::StrAppend(json, digits);
  }
}

// Times are in most records. False: it is none, or out of range.
bool AppendTime(const Message& message, std::string* json) {
  using google::protobuf::Timestamp;
  using google::protobuf::util::TimeUtil;
  if (message.GetDescriptor() != Timestamp::descriptor()) return false;
  const auto& time = static_cast<const Timestamp&>(message);
  if (time.seconds() < TimeUtil::kTimestampMinSeconds ||
      time.seconds() > TimeUtil::kTimestampMaxSeconds || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return false;
  }
  absl::StrAppend(json, "\"", TimeUtil::ToString(time), "\"");
  return true;
}

// Writes one message.
class Writer {
 public:
  Writer(const Message& message, std::string* json)
      : message_(message),
        reflection_(*message.GetReflection()),
        json_(*json) {}

  bool Write() {
    if (IsWellKnown(message_.GetDescriptor())) {
      if (AppendTime(message_, &json_)) return true;
      std::string text;
      if (!google::protobuf::util::MessageToJsonString(message_, &text).ok()) {
        return false;
      }
      json_ += text;
      return true;
    }
    std::vector<const FieldDescriptor*> fields;
    reflection_.ListFields(message_, &fields);
    json_ += '{';
    bool first = true;
    for (const FieldDescriptor* field : fields) {
      absl::StrAppend(&json_, first ? "\"" : ",\"", field->json_name(), "\":");
      first = false;
      const bool written = field->is_map()        ? WriteMap(field)
                           : field->is_repeated() ? WriteList(field)
                                                  : WriteValue(field, kSingle);
      if (!written) return false;
    }
    json_ += '}';
    return true;
  }

 private:
  static constexpr int kSingle = -1;

  bool WriteList(const FieldDescriptor* field) {
    json_ += '[';
    const int size = reflection_.FieldSize(message_, field);
    for (int i = 0; i < size; ++i) {
      if (i > 0) json_ += ',';
      if (!WriteValue(field, i)) return false;
    }
    json_ += ']';
    return true;
  }

  // Keys are texts, whatever they are.
  bool WriteMap(const FieldDescriptor* field) {
    json_ += '{';
    const int size = reflection_.FieldSize(message_, field);
    for (int i = 0; i < size; ++i) {
      if (i > 0) json_ += ',';
      const Message& entry = reflection_.GetRepeatedMessage(message_, field, i);
      Writer of(entry, &json_);
      const FieldDescriptor* key = field->message_type()->map_key();
      std::string text;
      Writer(entry, &text).WriteValue(key, kSingle);
      absl::StrAppend(&json_, text[0] == '"' ? "" : "\"", text,
                      text[0] == '"' ? ":" : "\":");
      if (!of.WriteValue(field->message_type()->map_value(), kSingle)) {
        return false;
      }
    }
    json_ += '}';
    return true;
  }

  // `at`: place in a repeated field, or kSingle.
  bool WriteValue(const FieldDescriptor* field, int at) {
    const bool one = at == kSingle;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        absl::StrAppend(
            &json_, one ? reflection_.GetInt32(message_, field)
                        : reflection_.GetRepeatedInt32(message_, field, at));
        return true;
      case FieldDescriptor::CPPTYPE_UINT32:
        absl::StrAppend(
            &json_, one ? reflection_.GetUInt32(message_, field)
                        : reflection_.GetRepeatedUInt32(message_, field, at));
        return true;
      // Browsers' numbers do not hold all of these.
      case FieldDescriptor::CPPTYPE_INT64:
        absl::StrAppend(&json_, "\"",
                        one ? reflection_.GetInt64(message_, field)
                            : reflection_.GetRepeatedInt64(message_, field, at),
                        "\"");
        return true;
      case FieldDescriptor::CPPTYPE_UINT64:
        absl::StrAppend(
            &json_, "\"",
            one ? reflection_.GetUInt64(message_, field)
                : reflection_.GetRepeatedUInt64(message_, field, at),
            "\"");
        return true;
      case FieldDescriptor::CPPTYPE_FLOAT:
        AppendNumber(one ? reflection_.GetFloat(message_, field)
                         : reflection_.GetRepeatedFloat(message_, field, at),
                     &json_);
        return true;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        AppendNumber(one ? reflection_.GetDouble(message_, field)
                         : reflection_.GetRepeatedDouble(message_, field, at),
                     &json_);
        return true;
      case FieldDescriptor::CPPTYPE_BOOL:
        absl::StrAppend(&json_,
                        (one ? reflection_.GetBool(message_, field)
                             : reflection_.GetRepeatedBool(message_, field, at))
                            ? "true"
                            : "false");
        return true;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number =
            one ? reflection_.GetEnumValue(message_, field)
                : reflection_.GetRepeatedEnumValue(message_, field, at);
        const EnumValueDescriptor* value =
            field->enum_type()->FindValueByNumber(number);
        if (value == nullptr) {
          absl::StrAppend(&json_, number);
        } else {
          absl::StrAppend(&json_, "\"", value->name(), "\"");
        }
        return true;
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text =
            one ? reflection_.GetStringReference(message_, field, &scratch)
                : reflection_.GetRepeatedStringReference(message_, field, at,
                                                         &scratch);
        if (field->type() == FieldDescriptor::TYPE_BYTES) {
          absl::StrAppend(&json_, "\"", absl::Base64Escape(text), "\"");
        } else {
          AppendJsonText(text, &json_);
        }
        return true;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Writer(one ? reflection_.GetMessage(message_, field)
                          : reflection_.GetRepeatedMessage(message_, field, at),
                      &json_)
            .Write();
    }
    return false;
  }

  const Message& message_;
  const Reflection& reflection_;
  std::string& json_;
};

}  // namespace

bool AppendJson(const Message& message, std::string* json) {
  json->reserve(json->size() + 2 * message.ByteSizeLong());
  return Writer(message, json).Write();
}

void AppendJsonText(absl::string_view text, std::string* json) {
  *json += '"';
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    json->append(text.data() + copied, i - copied);
    copied = i + 1;
    switch (c) {
      case '"':
        *json += "\\\"";
        break;
      case '\\':
        *json += "\\\\";
        break;
      case '\n':
        *json += "\\n";
        break;
      case '\r':
        *json += "\\r";
        break;
      case '\t':
        *json += "\\t";
        break;
      default:
        absl::StrAppend(json, "\\u", absl::Hex(c, absl::kZeroPad4));
    }
  }
  json->append(text.data() + copied, text.size() - copied);
  *json += '"';
}

}  // namespace comity
