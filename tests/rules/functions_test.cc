#include "rules/functions.h"

#include <string>

#include "base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/bundled.h"

namespace comity::rules {
namespace {

using testing::HasSubstr;

class FunctionResolverTest : public testing::Test {
 protected:
  const FunctionResolver resolver_{TheBundled().functions};
};

TEST_F(FunctionResolverTest, Resolves) {
  const struct {
    const char* query;
    const char* function;
  } cases[] = {
      {"functions/mla", "functions/mla"},
      {"mla", "functions/mla"},
      {"MLA", "functions/mla"},
      {" mutual legal assistance ", "functions/mla"},
      {"Entraide judiciaire", "functions/mla"},
      {"firearms_contact_point", "functions/firearms"},
      {"cybercrime_24_7", "functions/cybercrime-24-7"},
      {"24/7", "functions/cybercrime-24-7"},
      {"extradición", "functions/extradition"},
      {"выдача", "functions/extradition"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto function = resolver_.ResolveOne(c.query, "function");
    ASSERT_TRUE(function.ok()) << function.status();
    EXPECT_EQ(*function, c.function);
  }
}

TEST_F(FunctionResolverTest, EveryTitleAndAliasMeansItsFunction) {
  for (const v1::Function& function : TheBundled().functions) {
    for (const auto& title : function.titles()) {
      EXPECT_EQ(resolver_.ResolveOne(title.text(), "function").value_or("none"),
                function.name())
          << title.text();
    }
    for (const std::string& alias : function.aliases()) {
      EXPECT_EQ(resolver_.ResolveOne(alias, "function").value_or("none"),
                function.name())
          << alias;
    }
  }
}

TEST_F(FunctionResolverTest, RefusesWithASuggestion) {
  const struct {
    const char* query;
    absl::StatusCode code;
    const char* message;
  } cases[] = {
      {"extraditon", absl::StatusCode::kNotFound,
       "no function is called extraditon; did you mean functions/extradition?"},
      {"functions/extraditon", absl::StatusCode::kNotFound,
       "did you mean functions/extradition?"},
      {"quidditch", absl::StatusCode::kNotFound,
       "no function is called quidditch"},
      {"functions/No Such", absl::StatusCode::kInvalidArgument, "function"},
      {"", absl::StatusCode::kInvalidArgument, "function is empty"},
      {"\xC3", absl::StatusCode::kInvalidArgument, "UTF-8"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const absl::Status status =
        resolver_.ResolveOne(c.query, "function").status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
  }
}

TEST_F(FunctionResolverTest, SharedWordsAreAmbiguous) {
  std::vector<v1::Function> functions(2);
  functions[0].set_name("functions/one");
  functions[0].add_aliases("boats");
  functions[1].set_name("functions/two");
  functions[1].add_aliases("Boats");
  const absl::Status status =
      FunctionResolver(functions).ResolveOne("boats", "function").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "FUNCTION_AMBIGUOUS");
  EXPECT_THAT(std::string(status.message()), HasSubstr("functions/two"));
}

}  // namespace
}  // namespace comity::rules
