// Our JSON of messages, and protobuf's own.

#include "services/json_text.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "comity/v1/record.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/search_service.pb.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace comity {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Fills messages of any type with whatever their fields may hold.
class Filler {
 public:
  explicit Filler(uint32_t seed) : random_(seed) {}

  void Fill(Message* message, int depth) {
    const std::string& type = message->GetDescriptor()->full_name();
    if (type == "google.protobuf.Timestamp" ||
        type == "google.protobuf.Duration") {
      const auto* descriptor = message->GetDescriptor();
      message->GetReflection()->SetInt64(message, descriptor->field(0),
                                         Next() % 4000000000U);
      message->GetReflection()->SetInt32(
          message, descriptor->field(1),
          static_cast<int32_t>(Next() % 3 * 1000 * (Next() % 1000)));
      return;
    }
    if (type == "google.protobuf.Any" || type == "google.protobuf.FieldMask") {
      return;
    }
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      if (Next() % 3 == 0) continue;
      Field(message, message->GetDescriptor()->field(i), depth);
    }
  }

 private:
  uint32_t Next() { return static_cast<uint32_t>(random_()); }

  std::string Text() {
    static const char* const kPieces[] = {"plain",     "\"",
                                          "\\",        "\n",
                                          "\t\r",      "\x01\x1f\x7f",
                                          "é",         "中",
                                          "العربية",   "\xF0\x9F\x98\x80",
                                          "</script>", "\xE2\x80\xA8",
                                          "a/b:c,",    ""};
    std::string text;
    for (uint32_t i = Next() % 4; i > 0; --i) {
      text += kPieces[Next() % std::size(kPieces)];
    }
    return text;
  }

  void Field(Message* message, const FieldDescriptor* field, int depth) {
    const Reflection* reflection = message->GetReflection();
    const bool list = field->is_repeated();
    for (uint32_t i = list ? Next() % 3 : 1; i > 0; --i) {
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          if (depth > 0) {
            Fill(list ? reflection->AddMessage(message, field)
                      : reflection->MutableMessage(message, field),
                 depth - 1);
          }
          break;
        case FieldDescriptor::CPPTYPE_STRING:
          list ? reflection->AddString(message, field, Text())
               : reflection->SetString(message, field, Text());
          break;
        case FieldDescriptor::CPPTYPE_ENUM: {
          const int number = static_cast<int>(Next() % 12);
          list ? reflection->AddEnumValue(message, field, number)
               : reflection->SetEnumValue(message, field, number);
          break;
        }
        case FieldDescriptor::CPPTYPE_BOOL:
          list ? reflection->AddBool(message, field, true)
               : reflection->SetBool(message, field, Next() % 2 == 0);
          break;
        case FieldDescriptor::CPPTYPE_INT32:
          list ? reflection->AddInt32(message, field, -7)
               : reflection->SetInt32(message, field,
                                      static_cast<int32_t>(Next()));
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          list ? reflection->AddUInt32(message, field, 7)
               : reflection->SetUInt32(message, field, Next());
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          list ? reflection->AddInt64(message, field, INT64_MIN)
               : reflection->SetInt64(message, field, INT64_MAX);
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          list ? reflection->AddUInt64(message, field, 1)
               : reflection->SetUInt64(message, field, UINT64_MAX);
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE: {
          static const double kNumbers[] = {0.1, -2.5e300, 1.0 / 3,
                                            7,   INFINITY, -INFINITY};
          const double number = kNumbers[Next() % std::size(kNumbers)];
          list ? reflection->AddDouble(message, field, number)
               : reflection->SetDouble(message, field, number);
          break;
        }
        case FieldDescriptor::CPPTYPE_FLOAT:
          list ? reflection->AddFloat(message, field, 0.5F)
               : reflection->SetFloat(message, field, 0.25F);
          break;
      }
    }
  }

  std::mt19937 random_;
};

template <class Type>
void ExpectReadsBackAsItWas(uint32_t seed) {
  Type message;
  Filler(seed).Fill(&message, 4);
  std::string json;
  ASSERT_TRUE(
      AppendJson(Type::descriptor(), message.SerializeAsString(), &json));
  Type read;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &read);
  ASSERT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  // What protobuf makes of its own JSON: a few things have no JSON of theirs.
  std::string theirs;
  ASSERT_TRUE(
      google::protobuf::util::MessageToJsonString(message, &theirs).ok());
  Type expected;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(theirs, &expected).ok());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(read, expected))
      << json << "\n"
      << theirs;
}

TEST(JsonTextTest, ReadsBackAsWhatProtobufWrites) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    ExpectReadsBackAsItWas<v1::Record>(seed);
    ExpectReadsBackAsItWas<v1::Change>(seed);
    ExpectReadsBackAsItWas<v1::RouteRequestResponse>(seed);
    ExpectReadsBackAsItWas<v1::SearchRequest>(seed);
    ExpectReadsBackAsItWas<v1::SearchResponse>(seed);
  }
}

TEST(JsonTextTest, IsWhatProtobufWritesToTheByte) {
  v1::Record record;
  v1::State* state = record.mutable_state();
  state->set_name("states/CIV");
  state->set_kind(v1::State::KIND_STATE);
  v1::LocalizedText* name = state->add_short_names();
  name->set_text("Côte d’Ivoire \"\\\n");
  name->set_language("fr");
  state->mutable_create_time()->set_seconds(1767323045);
  state->mutable_create_time()->set_nanos(120000000);
  std::string ours;
  std::string theirs;
  ASSERT_TRUE(
      AppendJson(v1::Record::descriptor(), record.SerializeAsString(), &ours));
  ASSERT_TRUE(
      google::protobuf::util::MessageToJsonString(record, &theirs).ok());
  EXPECT_EQ(ours, theirs);
}

// A message may be written in pieces, whose fields come again.
TEST(JsonTextTest, BytesInAnyOrderAreUnderstood) {
  v1::Record first;
  v1::Record second;
  first.mutable_state()->set_name("states/FRA");
  first.mutable_state()->add_languages("fr");
  second.mutable_state()->set_alpha2("FR");
  second.mutable_state()->add_languages("br");
  std::string json;
  ASSERT_TRUE(AppendJson(v1::Record::descriptor(),
                         first.SerializeAsString() + second.SerializeAsString(),
                         &json));
  v1::Record read;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok());
  EXPECT_EQ(read.state().name(), "states/FRA");
  EXPECT_EQ(read.state().alpha2(), "FR");
  EXPECT_EQ(read.state().languages_size(), 2);
}

TEST(JsonTextTest, WhatHasNoJsonIsRefused) {
  v1::Record record;
  record.mutable_state()->mutable_create_time()->set_seconds(INT64_MAX);
  std::string json = "before";
  EXPECT_FALSE(
      AppendJson(v1::Record::descriptor(), record.SerializeAsString(), &json));
  google::protobuf::Any any;
  any.set_type_url("type.googleapis.com/no.such.Type");
  any.set_value("x");
  EXPECT_FALSE(AppendJson(google::protobuf::Any::descriptor(),
                          any.SerializeAsString(), &json));
  EXPECT_FALSE(AppendJson(v1::Record::descriptor(), "\xff\xff", &json));
  EXPECT_EQ(json, "before");
}

}  // namespace
}  // namespace comity
