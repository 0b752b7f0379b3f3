#include "services/page.h"

#include "base/errors.h"
#include "comity/v1/directory_service.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace comity {
namespace {

v1::ListAuthoritiesRequest Query(const std::string& parent) {
  v1::ListAuthoritiesRequest request;
  request.set_parent(parent);
  return request;
}

TEST(PageTest, TokenBringsBackWhatItHolds) {
  v1::ListAuthoritiesRequest request = Query("states/NOR");
  const PageToken token = {42, -719162, "states/NOR/authorities/x"};
  request.set_page_token(MakePageToken(request, token));
  // The size of pages may change on the way.
  request.set_page_size(7);
  ASSERT_OK_AND_ASSIGN(const Page page, ParsePage(request));
  EXPECT_FALSE(page.first);
  EXPECT_EQ(page.size, 7);
  EXPECT_EQ(page.token.sequence, 42U);
  EXPECT_EQ(page.token.day, -719162);
  EXPECT_EQ(page.token.after, "states/NOR/authorities/x");
}

TEST(PageTest, TokenBelongsToItsQuery) {
  v1::ListAuthoritiesRequest other = Query("states/SWE");
  other.set_page_token(MakePageToken(Query("states/NOR"), {1, 0, "x"}));
  EXPECT_EQ(FieldOf(ParsePage(other).status()), "page_token");
  // Of another method, with the same fields.
  v1::ListDesignationsRequest method;
  method.set_parent("states/NOR");
  method.set_page_token(MakePageToken(Query("states/NOR"), {1, 0, "x"}));
  EXPECT_EQ(FieldOf(ParsePage(method).status()), "page_token");
}

TEST(PageTest, EveryPrefixAndEveryChangedByteIsRefused) {
  v1::ListAuthoritiesRequest request = Query("states/NOR");
  const std::string token = MakePageToken(request, {1, 2, "abc"});
  for (size_t size = 1; size < token.size() - 4; ++size) {
    request.set_page_token(token.substr(0, size));
    EXPECT_EQ(FieldOf(ParsePage(request).status()), "page_token") << size;
  }
  // Version and digest; what follows may be any place to begin at.
  for (size_t at = 0; at < 22; ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    request.set_page_token(changed);
    EXPECT_EQ(FieldOf(ParsePage(request).status()), "page_token") << at;
  }
}

TEST(PageTest, SizesHaveADefaultAndALimit) {
  v1::ListAuthoritiesRequest request = Query("states/NOR");
  EXPECT_EQ(ParsePage(request)->size, 100);
  request.set_page_size(1000);
  EXPECT_EQ(ParsePage(request)->size, 1000);
  for (const int size : {-1, 1001, INT32_MIN, INT32_MAX}) {
    request.set_page_size(size);
    EXPECT_EQ(FieldOf(ParsePage(request).status()), "page_size") << size;
  }
}

}  // namespace
}  // namespace comity
