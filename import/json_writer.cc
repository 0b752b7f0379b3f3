#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "import/writers.h"

namespace comity {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com";

google::protobuf::util::TypeResolver* Types() {
  static google::protobuf::util::TypeResolver* const types =
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          kTypePrefix, google::protobuf::DescriptorPool::generated_pool());
  return types;
}

}  // namespace

std::string Json(const google::protobuf::Message& message) {
  // MessageToJsonString would print maps in the order of their hashes; from
  // bytes that were written in a fixed order it prints them in that.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  std::string json;
  const google::protobuf::util::Status status =
      google::protobuf::util::BinaryToJsonString(
          Types(),
          std::string(kTypePrefix) + "/" + message.GetDescriptor()->full_name(),
          bytes, &json);
  return status.ok() ? json : std::string();
}

void AppendJsonLine(const google::protobuf::Message& message,
                    std::string* out) {
  out->append(Json(message));
  out->push_back('\n');
}

}  // namespace comity
