// Methods as plain JSON over HTTP, by the rules that the contract states
// (google/api/http.proto): which method a verb and a path mean, and the request
// that path, query and body make. No input or output.

#ifndef COMITY_SERVICES_HTTP_RULES_H_
#define COMITY_SERVICES_HTTP_RULES_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/api/http.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"

namespace comity {

// One way to call a method.
struct HttpRule {
  const google::protobuf::MethodDescriptor* method = nullptr;
  // The body is the request, but for what path and query say.
  bool whole_body = false;
  // The body is this field: a message, or the bytes that a stream of requests
  // has one piece of in each.
  const google::protobuf::FieldDescriptor* body = nullptr;
  // The answer is the bytes of this field, of all messages of the stream.
  const google::protobuf::FieldDescriptor* response_body = nullptr;
};

// Paths of fields (`law.name`) and what they are set to, in order; percent
// signs were resolved.
using HttpFields = std::vector<std::pair<std::string, std::string>>;

class HttpRules {
 public:
  // Nothing if the method has no rule. Internal for a rule that is malformed or
  // asks for what is not offered here.
  absl::Status Add(const google::protobuf::MethodDescriptor* method);

  // Null if nothing is called so; `other_verb` then tells whether the path
  // means a method by another verb. `variables` gets what the path sets.
  const HttpRule* Find(absl::string_view verb, absl::string_view path,
                       HttpFields* variables, bool* other_verb) const;

 private:
  // A path as a rule has it, taken apart.
  struct Template {
    struct Variable {
      std::string field;
      size_t begin = 0;
      size_t end = 0;
    };

    // Texts, `*`, and `**` as the last.
    std::vector<std::string> segments;
    std::vector<Variable> variables;
    // What follows the colon; empty: there is none.
    std::string verb;
    HttpRule rule;
  };

  static absl::Status Parse(absl::string_view text, Template* path);
  static bool Matches(const Template& path, absl::string_view verb,
                      const std::vector<absl::string_view>& segments);
  absl::Status AddBinding(const google::protobuf::MethodDescriptor* method,
                          const google::api::HttpRule& rule);

  // By HTTP verb.
  std::map<std::string, std::vector<Template>, std::less<>> templates_;
};

// Sets fields of the message, adds to those that are repeated, and puts into
// maps (`options.columns.KEY`). Names are those of the contract or of JSON;
// messages that JSON writes as text (times, durations, masks) are set as a
// whole. InvalidArgument names field, value and rule.
absl::Status SetHttpFields(const HttpFields& fields,
                           google::protobuf::Message* message);

// The request of a method that takes one message.
absl::Status ReadHttpRequest(const HttpRule& rule, const HttpFields& fields,
                             absl::string_view body,
                             google::protobuf::Message* request);

// {"error": {"code", "status", "message", "details"}} (AIP-193).
std::string HttpErrorJson(const google::rpc::Status& status);

}  // namespace comity

#endif  // COMITY_SERVICES_HTTP_RULES_H_
