// Records written as text in tests.

#ifndef COMITY_TESTS_RULES_PARSE_H_
#define COMITY_TESTS_RULES_PARSE_H_

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace comity {

// The message that `text` writes in protobuf's text format.
template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// The value of a parameter of an Advice or a Reason; empty if there is none.
template <class Message>
std::string ParameterOf(const Message& message, const std::string& name) {
  for (const auto& parameter : message.parameters()) {
    if (parameter.name() == name) return parameter.value();
  }
  return "";
}

}  // namespace comity

#endif  // COMITY_TESTS_RULES_PARSE_H_
