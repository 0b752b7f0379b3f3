// What a client of the gateway sends: verb and path, query, body, and a stream
// in envelopes. Input: those four, with a NUL byte between.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "comity/v1/search_service.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "services/connect_protocol.h"
#include "services/http_rules.h"
#include "services/json_text.h"

namespace {

const comity::HttpRules& Rules() {
  static const comity::HttpRules* const rules = [] {
    auto* made = new comity::HttpRules;
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const char* name :
         {"comity.v1.SearchService", "comity.v1.ImportService",
          "comity.v1.LibraryService", "comity.v1.DirectoryService"}) {
      const auto* service = pool->FindServiceByName(name);
      for (int i = 0; i < service->method_count(); ++i) {
        if (!made->Add(service->method(i)).ok()) std::abort();
      }
    }
    return made;
  }();
  return *rules;
}

void ReadCall(absl::string_view verb, absl::string_view path,
              absl::string_view query, absl::string_view body) {
  comity::HttpFields fields;
  bool other_verb = false;
  const comity::HttpRule* rule = Rules().Find(verb, path, &fields, &other_verb);
  if (rule == nullptr) return;
  for (const absl::string_view each : absl::StrSplit(query, '&')) {
    const std::vector<std::string> parts =
        absl::StrSplit(each, absl::MaxSplits('=', 1));
    fields.emplace_back(parts[0], parts.size() > 1 ? parts[1] : "");
  }
  const std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(rule->method->input_type())
          ->New());
  if (!ReadHttpRequest(*rule, fields, body, request.get()).ok()) return;
  // What was understood can be said again, and means the same.
  std::string json;
  if (!comity::AppendJson(request->GetDescriptor(),
                          request->SerializeAsString(), &json)) {
    return;
  }
  const std::unique_ptr<google::protobuf::Message> again(request->New());
  if (!google::protobuf::util::JsonStringToMessage(json, again.get()).ok()) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view all(reinterpret_cast<const char*>(data), size);
  const std::vector<absl::string_view> parts =
      absl::StrSplit(all, absl::MaxSplits('\0', 3));
  if (parts.size() == 4) {
    const std::vector<absl::string_view> line =
        absl::StrSplit(parts[0], absl::MaxSplits(' ', 1));
    ReadCall(line[0], line.size() > 1 ? line[1] : "", parts[1], parts[2]);
    absl::string_view rest = parts[3];
    uint8_t flags = 0;
    absl::string_view bytes;
    while (comity::connect::TakeEnvelope(1 << 20, &rest, &flags, &bytes) ==
           comity::connect::Taken::kOne) {
    }
  }
  (void)comity::connect::SpokenOf(all);
  (void)comity::connect::GrpcTimeout(all);
  (void)comity::connect::ConnectTimeout(all);
  // Bytes of any kind become JSON, or do not.
  std::string json;
  (void)comity::AppendJson(comity::v1::SearchResponse::descriptor(), all,
                           &json);
  return 0;
}
