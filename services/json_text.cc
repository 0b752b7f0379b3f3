#include "services/json_text.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/wire.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"

namespace comity {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void AppendText(absl::string_view text, std::string* json) {
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

void AppendNumber(double number, std::string* json) {
  if (std::isnan(number)) {
    *json += "\"NaN\"";
  } else if (std::isinf(number)) {
    *json += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char digits[32];
    const int size = std::snprintf(digits, sizeof digits, "%.17g", number);
    json->append(digits, static_cast<size_t>(size));
  }
}

// In quotes: browsers' numbers do not hold all of these.
template <class Number>
void AppendLong(Number number, std::string* json) {
  absl::StrAppend(json, "\"", number, "\"");
}

// By protobuf: for what JSON writes in a way of its own, and for bytes that are
// not as they are when a message is written once.
bool AppendByLibrary(const Descriptor* type, absl::string_view bytes,
                     std::string* json) {
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(type)
          ->New());
  std::string text;
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !google::protobuf::util::MessageToJsonString(*message, &text).ok()) {
    return false;
  }
  *json += text;
  return true;
}

// Times are in most records.
bool AppendTime(absl::string_view bytes, std::string* json) {
  using google::protobuf::util::TimeUtil;
  google::protobuf::Timestamp time;
  if (!time.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      time.seconds() < TimeUtil::kTimestampMinSeconds ||
      time.seconds() > TimeUtil::kTimestampMaxSeconds || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return false;
  }
  absl::StrAppend(json, "\"", TimeUtil::ToString(time), "\"");
  return true;
}

// How messages of a type are written. Made once, and kept for good.
class Form {
 public:
  enum class Outcome {
    kWritten,
    // The bytes need a message to be understood.
    kUnusual,
    kFailed,
  };

  static const Form& Of(const Descriptor* type);

  Outcome Append(absl::string_view bytes, std::string* json) const {
    switch (kind_) {
      case Kind::kTime:
        return AppendTime(bytes, json) ? Outcome::kWritten : Outcome::kFailed;
      case Kind::kOfLibrary:
        return AppendByLibrary(type_, bytes, json) ? Outcome::kWritten
                                                   : Outcome::kFailed;
      case Kind::kFields:
        return AppendFields(bytes, json);
    }
    return Outcome::kFailed;
  }

 private:
  enum class Kind { kFields, kTime, kOfLibrary };

  struct Field {
    int number = 0;
    // `"name":`.
    std::string key;
    FieldDescriptor::Type type = FieldDescriptor::TYPE_STRING;
    bool list = false;
    bool map = false;
    const EnumDescriptor* values = nullptr;
    const Form* form = nullptr;
    // Fields of which a message has one: the first of them.
    size_t place = 0;
  };

  // Which fields came, by their places.
  class Seen {
   public:
    // Whether it came before.
    bool Add(size_t place) {
      if (place >= 64) return std::exchange(more_[place], true);
      const uint64_t bit = uint64_t{1} << place;
      return std::exchange(bits_, bits_ | bit) & bit;
    }

   private:
    uint64_t bits_ = 0;
    absl::flat_hash_map<size_t, bool> more_;
  };

  const Field* Find(int number) const {
    // Numbers are dense, and messages short.
    const auto at = static_cast<size_t>(number) - 1;
    if (at < fields_.size() && fields_[at].number == number) {
      return &fields_[at];
    }
    for (const Field& field : fields_) {
      if (field.number == number) return &field;
    }
    return nullptr;
  }

  Outcome AppendFields(absl::string_view bytes, std::string* json) const {
    *json += '{';
    Seen seen;
    const Field* before = nullptr;
    wire::Field taken;
    while (wire::TakeField(&bytes, &taken)) {
      const Field* field = Find(taken.number);
      if (field == nullptr) continue;
      if (field == before && (field->list || field->map)) {
        *json += ',';
      } else {
        if (seen.Add(field->place)) return Outcome::kUnusual;
        if (before != nullptr) {
          if (before->list) *json += ']';
          if (before->map) *json += '}';
          *json += ',';
        }
        *json += field->key;
        if (field->list) *json += '[';
        if (field->map) *json += '{';
      }
      before = field;
      const Outcome outcome = field->map ? AppendEntry(*field, taken, json)
                                         : AppendField(*field, taken, json);
      if (outcome != Outcome::kWritten) return outcome;
    }
    if (!bytes.empty()) return Outcome::kUnusual;
    if (before != nullptr) {
      if (before->list) *json += ']';
      if (before->map) *json += '}';
    }
    *json += '}';
    return Outcome::kWritten;
  }

  // Keys of maps are texts; whatever else they are, protobuf writes.
  static Outcome AppendEntry(const Field& field, const wire::Field& entry,
                             std::string* json) {
    const Field* key = field.form->Find(1);
    const Field* value = field.form->Find(2);
    absl::string_view bytes = entry.bytes;
    wire::Field first;
    wire::Field second;
    if (key->type != FieldDescriptor::TYPE_STRING ||
        !wire::TakeField(&bytes, &first) || first.number != 1 ||
        !wire::TakeField(&bytes, &second) || second.number != 2 ||
        !bytes.empty()) {
      return Outcome::kUnusual;
    }
    AppendText(first.bytes, json);
    *json += ':';
    return AppendField(*value, second, json);
  }

  static Outcome AppendField(const Field& field, const wire::Field& taken,
                             std::string* json) {
    switch (field.type) {
      case FieldDescriptor::TYPE_STRING:
        AppendText(taken.bytes, json);
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_BYTES:
        absl::StrAppend(json, "\"", absl::Base64Escape(taken.bytes), "\"");
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_MESSAGE:
        return field.form->Append(taken.bytes, json);
      default:
        break;
    }
    // Numbers of a list may come together.
    if (taken.bytes.data() == nullptr) {
      return AppendValue(field, taken.value, json);
    }
    absl::string_view rest = taken.bytes;
    if (!field.list || rest.empty()) return Outcome::kUnusual;
    for (bool first = true; !rest.empty(); first = false) {
      uint64_t value = 0;
      if (!TakeValue(field.type, &rest, &value)) return Outcome::kUnusual;
      if (!first) *json += ',';
      const Outcome outcome = AppendValue(field, value, json);
      if (outcome != Outcome::kWritten) return outcome;
    }
    return Outcome::kWritten;
  }

  // Of numbers that came together.
  static bool TakeValue(FieldDescriptor::Type type, absl::string_view* bytes,
                        uint64_t* value) {
    switch (type) {
      case FieldDescriptor::TYPE_DOUBLE:
      case FieldDescriptor::TYPE_FLOAT:
      case FieldDescriptor::TYPE_FIXED64:
      case FieldDescriptor::TYPE_SFIXED64:
      case FieldDescriptor::TYPE_FIXED32:
      case FieldDescriptor::TYPE_SFIXED32:
        return false;
      default:
        return wire::TakeVarint(bytes, value);
    }
  }

  static Outcome AppendValue(const Field& field, uint64_t value,
                             std::string* json) {
    switch (field.type) {
      case FieldDescriptor::TYPE_BOOL:
        *json += value != 0 ? "true" : "false";
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_ENUM: {
        const auto number = static_cast<int32_t>(value);
        const auto* named = field.values->FindValueByNumber(number);
        if (named == nullptr) {
          absl::StrAppend(json, number);
        } else {
          absl::StrAppend(json, "\"", named->name(), "\"");
        }
        return Outcome::kWritten;
      }
      case FieldDescriptor::TYPE_INT32:
        absl::StrAppend(json, static_cast<int32_t>(value));
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_UINT32:
        absl::StrAppend(json, static_cast<uint32_t>(value));
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_INT64:
        AppendLong(static_cast<int64_t>(value), json);
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_UINT64:
        AppendLong(value, json);
        return Outcome::kWritten;
      case FieldDescriptor::TYPE_DOUBLE:
        AppendNumber(std::bit_cast<double>(value), json);
        return Outcome::kWritten;
      default:
        return Outcome::kUnusual;
    }
  }

  const Descriptor* type_ = nullptr;
  Kind kind_ = Kind::kFields;
  std::vector<Field> fields_;

  friend class Forms;
};

// All forms so far.
class Forms {
 public:
  const Form& Of(const Descriptor* type) {
    {
      const absl::ReaderMutexLock lock(&mutex_);
      const auto found = forms_.find(type);
      if (found != forms_.end()) return *found->second;
    }
    const absl::MutexLock lock(&mutex_);
    return *Make(type);
  }

 private:
  const Form* Make(const Descriptor* type)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::unique_ptr<Form>& kept = forms_[type];
    if (kept != nullptr) return kept.get();
    kept = std::make_unique<Form>();
    Form* form = kept.get();
    form->type_ = type;
    if (type == google::protobuf::Timestamp::descriptor()) {
      form->kind_ = Form::Kind::kTime;
    } else if (absl::StartsWith(type->full_name(), "google.protobuf.")) {
      form->kind_ = Form::Kind::kOfLibrary;
    }
    if (form->kind_ != Form::Kind::kFields) return form;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* of = type->field(i);
      Form::Field field;
      field.number = of->number();
      field.key = absl::StrCat("\"", of->json_name(), "\":");
      field.type = of->type();
      field.map = of->is_map();
      field.list = of->is_repeated() && !field.map;
      field.values = of->enum_type();
      // A message of itself is found as it is being made.
      if (of->message_type() != nullptr) field.form = Make(of->message_type());
      const auto* oneof = of->real_containing_oneof();
      field.place = static_cast<size_t>(
          oneof == nullptr ? of->index() : oneof->field(0)->index());
      form->fields_.push_back(std::move(field));
    }
    std::sort(form->fields_.begin(), form->fields_.end(),
              [](const Form::Field& a, const Form::Field& b) {
                return a.number < b.number;
              });
    return form;
  }

  absl::Mutex mutex_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<Form>> forms_
      ABSL_GUARDED_BY(mutex_);
};

const Form& Form::Of(const Descriptor* type) {
  static Forms* const forms = new Forms;
  return forms->Of(type);
}

}  // namespace

bool AppendJson(const Descriptor* type, absl::string_view bytes,
                std::string* json) {
  const size_t before = json->size();
  json->reserve(before + 2 * bytes.size());
  switch (Form::Of(type).Append(bytes, json)) {
    case Form::Outcome::kWritten:
      return true;
    case Form::Outcome::kUnusual:
      json->resize(before);
      if (AppendByLibrary(type, bytes, json)) return true;
      break;
    case Form::Outcome::kFailed:
      break;
  }
  json->resize(before);
  return false;
}

}  // namespace comity
