#include "services/http_rules.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/errors.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/code.pb.h"
#include "services/connect_protocol.h"

namespace comity {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;

absl::Status Malformed(const MethodDescriptor* method, absl::string_view why) {
  return absl::InternalError(absl::StrCat(
      "the HTTP rule of ", method->full_name(), " is malformed: ", why));
}

const FieldDescriptor* FieldOf(const Descriptor* message,
                               const std::string& name) {
  const FieldDescriptor* field = message->FindFieldByName(name);
  return field != nullptr ? field : message->FindFieldByCamelcaseName(name);
}

absl::Status FromJson(absl::string_view json, Message* message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), message,
      options);
  if (parsed.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the body is no JSON of a ", message->GetTypeName(), ": ",
                   std::string(parsed.message())));
}

// Those that JSON writes as a text.
bool IsWrittenAsText(const Descriptor* message) {
  return message->full_name() == "google.protobuf.Timestamp" ||
         message->full_name() == "google.protobuf.Duration" ||
         message->full_name() == "google.protobuf.FieldMask";
}

// One value of a field. `path` and `text` are for messages.
class Setter {
 public:
  Setter(const std::string& path, const std::string& text, Message* message,
         const FieldDescriptor* field)
      : path_(path),
        text_(text),
        message_(message),
        reflection_(message->GetReflection()),
        field_(field) {}

  absl::Status Set() const {
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return SetNumber<int32_t>(&Reflection::SetInt32, &Reflection::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return SetNumber<int64_t>(&Reflection::SetInt64, &Reflection::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return SetNumber<uint32_t>(&Reflection::SetUInt32,
                                   &Reflection::AddUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return SetNumber<uint64_t>(&Reflection::SetUInt64,
                                   &Reflection::AddUInt64);
      case FieldDescriptor::CPPTYPE_BOOL:
        return SetBool();
      case FieldDescriptor::CPPTYPE_ENUM:
        return SetEnum();
      case FieldDescriptor::CPPTYPE_STRING:
        return SetText();
      default:
        return Bad("cannot be set by path or query");
    }
  }

 private:
  absl::Status Bad(absl::string_view rule) const {
    return InvalidField(path_, text_, rule);
  }

  template <class Value>
  absl::Status Put(void (Reflection::*set)(Message*, const FieldDescriptor*,
                                           Value) const,
                   void (Reflection::*add)(Message*, const FieldDescriptor*,
                                           Value) const,
                   Value value) const {
    (reflection_->*(field_->is_repeated() ? add : set))(message_, field_,
                                                        std::move(value));
    return absl::OkStatus();
  }

  template <class Number>
  absl::Status SetNumber(
      void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const,
      void (Reflection::*add)(Message*, const FieldDescriptor*, Number)
          const) const {
    Number number = 0;
    if (!absl::SimpleAtoi(text_, &number)) return Bad("must be a number");
    return Put(set, add, number);
  }

  absl::Status SetBool() const {
    if (text_ != "true" && text_ != "false") {
      return Bad("must be true or false");
    }
    return Put(&Reflection::SetBool, &Reflection::AddBool, text_ == "true");
  }

  absl::Status SetEnum() const {
    const auto* value = field_->enum_type()->FindValueByName(text_);
    int number = 0;
    if (value == nullptr && absl::SimpleAtoi(text_, &number)) {
      value = field_->enum_type()->FindValueByNumber(number);
    }
    if (value == nullptr) {
      return Bad(absl::StrCat("must be a value of ",
                              field_->enum_type()->full_name(), ", as ",
                              field_->enum_type()->value(0)->name()));
    }
    return Put(&Reflection::SetEnum, &Reflection::AddEnum, value);
  }

  absl::Status SetText() const {
    std::string value = text_;
    if (field_->type() == FieldDescriptor::TYPE_BYTES &&
        !absl::Base64Unescape(text_, &value) &&
        !absl::WebSafeBase64Unescape(text_, &value)) {
      return Bad("must be Base64");
    }
    if (field_->type() == FieldDescriptor::TYPE_STRING && !IsText(text_)) {
      return Bad("must be UTF-8 without NUL");
    }
    return Put<std::string>(&Reflection::SetString, &Reflection::AddString,
                            std::move(value));
  }

  const std::string& path_;
  const std::string& text_;
  Message* const message_;
  const Reflection* const reflection_;
  const FieldDescriptor* const field_;
};

absl::Status SetMapEntry(const std::string& path, const std::string& key,
                         const std::string& text, Message* message,
                         const FieldDescriptor* field) {
  const Descriptor* entry = field->message_type();
  if (entry->map_key()->cpp_type() != FieldDescriptor::CPPTYPE_STRING ||
      entry->map_value()->cpp_type() != FieldDescriptor::CPPTYPE_STRING ||
      key.empty() || !IsText(key) || !IsText(text)) {
    return InvalidField(path, text, "must be FIELD.KEY, in UTF-8 without NUL");
  }
  Message* added = message->GetReflection()->AddMessage(message, field);
  added->GetReflection()->SetString(added, entry->map_key(), key);
  added->GetReflection()->SetString(added, entry->map_value(), text);
  return absl::OkStatus();
}

absl::Status SetField(const std::string& path, const std::string& text,
                      Message* message) {
  std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* field = FieldOf(message->GetDescriptor(), names[i]);
    if (field == nullptr) {
      return InvalidField(path, text,
                          absl::StrCat("must be a field of ",
                                       message->GetDescriptor()->full_name()));
    }
    const bool last = i + 1 == names.size();
    if (field->is_map()) {
      const std::string key = absl::StrJoin(
          names.begin() + static_cast<ptrdiff_t>(i) + 1, names.end(), ".");
      return SetMapEntry(path, key, text, message, field);
    }
    const bool is_message =
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message) {
      if (last) return Setter(path, text, message, field).Set();
      return InvalidField(path, text, "must end where the value is");
    }
    if (field->is_repeated()) {
      return InvalidField(path, text, "must be given in the body");
    }
    message = message->GetReflection()->MutableMessage(message, field);
    if (!last) continue;
    if (!IsWrittenAsText(field->message_type()) ||
        !FromJson(absl::StrCat("\"", absl::CEscape(text), "\""), message)
             .ok()) {
      return InvalidField(
          path, text,
          absl::StrCat("must be a ", field->message_type()->full_name(),
                       IsWrittenAsText(field->message_type())
                           ? " as JSON writes it"
                           : ", field by field"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status HttpRules::Parse(absl::string_view text, Template* path) {
  if (!absl::ConsumePrefix(&text, "/")) {
    return absl::InternalError("a path begins with a slash");
  }
  // The colon of the verb stands behind the last segment.
  const size_t colon = text.rfind(':');
  if (colon != absl::string_view::npos) {
    path->verb = std::string(text.substr(colon + 1));
    text = text.substr(0, colon);
  }
  bool inside = false;
  for (absl::string_view segment : absl::StrSplit(text, '/')) {
    if (absl::ConsumePrefix(&segment, "{")) {
      if (inside) return absl::InternalError("variables may not be nested");
      inside = true;
      const size_t equals = segment.find('=');
      Template::Variable variable;
      variable.field =
          std::string(absl::StripSuffix(segment.substr(0, equals), "}"));
      variable.begin = path->segments.size();
      path->variables.push_back(variable);
      segment =
          equals == absl::string_view::npos ? "*}" : segment.substr(equals + 1);
    }
    const bool ends = absl::ConsumeSuffix(&segment, "}");
    if (segment.empty() || (ends && !inside)) {
      return absl::InternalError("a segment is empty, or a brace too many");
    }
    path->segments.emplace_back(segment);
    if (ends) {
      inside = false;
      path->variables.back().end = path->segments.size();
    }
  }
  return inside ? absl::InternalError("a brace is missing") : absl::OkStatus();
}

absl::Status HttpRules::AddBinding(const MethodDescriptor* method,
                                   const google::api::HttpRule& rule) {
  const std::pair<const char*, const std::string*> kinds[] = {
      {"GET", &rule.get()},
      {"PUT", &rule.put()},
      {"POST", &rule.post()},
      {"PATCH", &rule.patch()},
      {"DELETE", &rule.delete_()}};
  const char* verb = nullptr;
  const std::string* text = nullptr;
  for (const auto& kind : kinds) {
    if (kind.second->empty()) continue;
    verb = kind.first;
    text = kind.second;
  }
  if (text == nullptr) return Malformed(method, "it has no path");
  Template path;
  const absl::Status parsed = Parse(*text, &path);
  if (!parsed.ok()) return Malformed(method, parsed.message());
  path.rule.method = method;
  path.rule.whole_body = rule.body() == "*";
  if (!path.rule.whole_body && !rule.body().empty()) {
    path.rule.body = method->input_type()->FindFieldByName(rule.body());
    const bool fits =
        path.rule.body != nullptr &&
        (method->client_streaming()
             ? path.rule.body->type() == FieldDescriptor::TYPE_BYTES
             : path.rule.body->type() == FieldDescriptor::TYPE_MESSAGE);
    if (!fits) return Malformed(method, "the body is not such a field");
  }
  if (method->client_streaming() && path.rule.body == nullptr) {
    return Malformed(method, "a stream of requests is the bytes of a field");
  }
  if (!rule.response_body().empty()) {
    path.rule.response_body =
        method->output_type()->FindFieldByName(rule.response_body());
    if (path.rule.response_body == nullptr || !method->server_streaming() ||
        path.rule.response_body->type() != FieldDescriptor::TYPE_BYTES) {
      return Malformed(method, "the answer is the bytes of a stream's field");
    }
  }
  for (const auto& variable : path.variables) {
    const std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(method->input_type())
            ->New());
    RETURN_IF_ERROR(SetField(variable.field, "x", request.get()));
  }
  templates_[verb].push_back(std::move(path));
  return absl::OkStatus();
}

absl::Status HttpRules::Add(const MethodDescriptor* method) {
  if (!method->options().HasExtension(google::api::http)) {
    return absl::OkStatus();
  }
  const google::api::HttpRule& rule =
      method->options().GetExtension(google::api::http);
  RETURN_IF_ERROR(AddBinding(method, rule));
  for (const google::api::HttpRule& more : rule.additional_bindings()) {
    RETURN_IF_ERROR(AddBinding(method, more));
  }
  return absl::OkStatus();
}

bool HttpRules::Matches(const Template& path, absl::string_view verb,
                        const std::vector<absl::string_view>& segments) {
  if (path.verb != verb) return false;
  const bool open = path.segments.back() == "**";
  if (open ? segments.size() < path.segments.size()
           : segments.size() != path.segments.size()) {
    return false;
  }
  for (const absl::string_view each : segments) {
    if (each.empty()) return false;
  }
  for (size_t i = 0; i < path.segments.size(); ++i) {
    if (path.segments[i] == "**") break;
    if (path.segments[i] != "*" && path.segments[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

const HttpRule* HttpRules::Find(absl::string_view verb, absl::string_view path,
                                HttpFields* variables, bool* other_verb) const {
  *other_verb = false;
  if (!absl::ConsumePrefix(&path, "/")) return nullptr;
  absl::string_view custom;
  const size_t colon = path.rfind(':');
  if (colon != absl::string_view::npos &&
      !absl::StrContains(path.substr(colon), '/')) {
    custom = path.substr(colon + 1);
    if (custom.empty()) return nullptr;
    path = path.substr(0, colon);
  }
  const std::vector<absl::string_view> segments = absl::StrSplit(path, '/');
  for (const auto& [of_verb, templates] : templates_) {
    for (const Template& each : templates) {
      if (!Matches(each, custom, segments)) continue;
      if (of_verb != verb) {
        *other_verb = true;
        break;
      }
      for (const Template::Variable& variable : each.variables) {
        const bool open = each.segments[variable.end - 1] == "**";
        const auto begin =
            segments.begin() + static_cast<ptrdiff_t>(variable.begin);
        const auto end =
            open ? segments.end()
                 : segments.begin() + static_cast<ptrdiff_t>(variable.end);
        variables->emplace_back(variable.field, absl::StrJoin(begin, end, "/"));
      }
      return &each.rule;
    }
  }
  return nullptr;
}

absl::Status SetHttpFields(const HttpFields& fields, Message* message) {
  for (const auto& [path, text] : fields) {
    RETURN_IF_ERROR(SetField(path, text, message));
  }
  return absl::OkStatus();
}

absl::Status ReadHttpRequest(const HttpRule& rule, const HttpFields& fields,
                             absl::string_view body, Message* request) {
  if (rule.whole_body) {
    if (!body.empty()) RETURN_IF_ERROR(FromJson(body, request));
  } else if (rule.body != nullptr) {
    if (!body.empty()) {
      RETURN_IF_ERROR(FromJson(
          body, request->GetReflection()->MutableMessage(request, rule.body)));
    }
  } else if (!body.empty()) {
    return absl::InvalidArgumentError("this method takes no body");
  }
  return SetHttpFields(fields, request);
}

std::string HttpErrorJson(const google::rpc::Status& status) {
  google::rpc::Status shown = status;
  shown.set_code(connect::HttpStatusOf(status.code()));
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(shown, &json).ok()) {
    // A detail of a type that is not known here.
    shown.clear_details();
    json.clear();
    (void)google::protobuf::util::MessageToJsonString(shown, &json);
  }
  const auto code = google::rpc::Code_IsValid(status.code())
                        ? static_cast<google::rpc::Code>(status.code())
                        : google::rpc::UNKNOWN;
  return absl::StrCat(R"({"error":{"status":")", google::rpc::Code_Name(code),
                      R"(",)", absl::string_view(json).substr(1), "}");
}

}  // namespace comity
