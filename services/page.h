// Page sizes and page tokens.
//
// A token holds a digest of its query, the sequence that the first page was
// read at, the day that `as_of` meant then, and where the next page begins. It
// is no secret: one that was made up leads to a legal page or an error.

#ifndef COMITY_SERVICES_PAGE_H_
#define COMITY_SERVICES_PAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace comity {

struct PageToken {
  // Of the state of the data on the first page.
  uint64_t sequence = 0;
  // The day meant by the query (base/dates.h); 0 where it has none.
  int32_t day = 0;
  // The name of the last record given, or whatever says where it stood.
  std::string after;
};

struct Page {
  int size = 0;
  // False: `token` says where to go on.
  bool first = true;
  PageToken token;
};

// InvalidArgument that names `page_size` or `page_token`. `request` is the
// whole request, whose other fields are the query.
absl::StatusOr<Page> ParsePage(const google::protobuf::Message& request,
                               int32_t page_size, absl::string_view page_token);
template <class Request>
absl::StatusOr<Page> ParsePage(const Request& request) {
  return ParsePage(request, request.page_size(), request.page_token());
}

// The token of the next page of `request`.
std::string MakePageToken(const google::protobuf::Message& request,
                          const PageToken& token);

}  // namespace comity

#endif  // COMITY_SERVICES_PAGE_H_
