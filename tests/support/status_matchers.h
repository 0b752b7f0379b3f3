// The packaged Abseil has no matchers for statuses; these are the usual ones.

#ifndef COMITY_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define COMITY_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace comity {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace comity

#define EXPECT_OK(expression)                                             \
  EXPECT_EQ(::comity::StatusOf(expression).code(), absl::StatusCode::kOk) \
      << ::comity::StatusOf(expression).ToString()
#define ASSERT_OK(expression)                      \
  ASSERT_TRUE(::comity::StatusOf(expression).ok()) \
      << ::comity::StatusOf(expression).ToString()

// Declares `declaration` with the value of a StatusOr, or ends the test.
#define COMITY_MATCHERS_CONCAT_INNER(a, b) a##b
#define COMITY_MATCHERS_CONCAT(a, b) COMITY_MATCHERS_CONCAT_INNER(a, b)
#define ASSERT_OK_AND_ASSIGN(declaration, expression)               \
  ASSERT_OK_AND_ASSIGN_INNER(COMITY_MATCHERS_CONCAT(or_, __LINE__), \
                             declaration, expression)
#define ASSERT_OK_AND_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                                       \
  ASSERT_TRUE(result.ok()) << result.status().ToString();           \
  declaration = *std::move(result)

#endif  // COMITY_TESTS_SUPPORT_STATUS_MATCHERS_H_
