#include "services/page.h"

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/errors.h"
#include "base/limits.h"
#include "store/keys.h"
#include "store/records.h"

namespace comity {
namespace {

// Version, digest of the query, sequence and day; the rest is `after`.
constexpr char kVersion = '1';
constexpr size_t kDigestBytes = 16;
constexpr size_t kFixedBytes = 1 + kDigestBytes + 8 + 8;

std::string QueryDigest(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> query(request.New());
  query->CopyFrom(request);
  const auto* type = query->GetDescriptor();
  for (const char* field : {"page_size", "page_token"}) {
    query->GetReflection()->ClearField(query.get(),
                                       type->FindFieldByName(field));
  }
  return EtagOf(
             absl::StrCat(type->full_name(), "\n", query->SerializeAsString()))
      .substr(0, kDigestBytes);
}

}  // namespace

absl::StatusOr<Page> ParsePage(const google::protobuf::Message& request,
                               int32_t page_size,
                               absl::string_view page_token) {
  if (page_size < 0 || page_size > limits::kPageSizeMax) {
    return InvalidField(
        "page_size", absl::StrCat(page_size),
        absl::StrCat("must be from 0 to ", limits::kPageSizeMax));
  }
  Page page;
  page.size = page_size == 0 ? limits::kPageSizeDefault : page_size;
  if (page_token.empty()) return page;
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(page_token, &bytes) ||
      bytes.size() < kFixedBytes || bytes[0] != kVersion ||
      bytes.size() > kFixedBytes + limits::kNameBytesMax) {
    return InvalidField("page_token", page_token,
                        "must be a next_page_token of this server");
  }
  const absl::string_view view = bytes;
  if (view.substr(1, kDigestBytes) != QueryDigest(request)) {
    return InvalidField("page_token", page_token,
                        "must be used with the query that it was given for");
  }
  page.first = false;
  page.token.sequence = keys::Number(view.substr(1 + kDigestBytes, 8));
  page.token.day = static_cast<int32_t>(
      static_cast<int64_t>(keys::Number(view.substr(9 + kDigestBytes, 8))));
  page.token.after = std::string(view.substr(kFixedBytes));
  return page;
}

std::string MakePageToken(const google::protobuf::Message& request,
                          const PageToken& token) {
  return absl::WebSafeBase64Escape(absl::StrCat(
      absl::string_view(&kVersion, 1), QueryDigest(request),
      keys::Bytes(token.sequence),
      keys::Bytes(static_cast<uint64_t>(int64_t{token.day})), token.after));
}

}  // namespace comity
