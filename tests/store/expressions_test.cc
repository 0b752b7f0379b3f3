// Expressions and their provisions, which are stored beside them.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/keys.h"
#include "store/validate.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

using samples::AddText;
using samples::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kLaw[] = "states/LTU/laws/penal-code";
constexpr char kText[] = "states/LTU/laws/penal-code/expressions/lt@2000-09-26";

v1::Law Law(const std::string& name) {
  v1::Law law;
  law.set_name(name);
  AddText("Baudžiamasis kodeksas", "lt", law.mutable_titles());
  return law;
}

// An expression with a provision for each text: `art-1`, `art-2` …
v1::Expression Expression(const std::vector<std::string>& texts) {
  v1::Expression expression;
  expression.set_name(kText);
  expression.set_language("lt");
  int number = 0;
  for (const std::string& text : texts) {
    v1::Provision* provision = expression.add_provisions();
    provision->set_name(absl::StrCat("art-", ++number));
    provision->set_kind(v1::Provision::KIND_ARTICLE);
    provision->set_number(absl::StrCat(number));
    provision->set_text(text);
  }
  return expression;
}

class ExpressionTest : public samples::StoreTest {
 protected:
  std::vector<std::string> Texts(uint64_t sequence, int first = 1) {
    std::vector<std::string> texts;
    EXPECT_OK(store_->ForEachProvision(
        kText, sequence,
        [&](const v1::Provision& provision) {
          texts.push_back(absl::StrCat(provision.position(), " ",
                                       provision.name(), " ",
                                       provision.text()));
          return true;
        },
        first));
    return texts;
  }
};

TEST_F(ExpressionTest, ProvisionsAreReadByPositionAndId) {
  ASSERT_EQ(*Put(Law(kLaw), Expression({"one", "two", "three"})), 2u);
  EXPECT_THAT(Texts(2),
              ElementsAre("1 art-1 one", "2 art-2 two", "3 art-3 three"));
  EXPECT_THAT(Texts(2, 3), ElementsAre("3 art-3 three"));
  EXPECT_EQ(*store_->FindProvision(kText, 2, "art-3"), 3);
  EXPECT_EQ(store_->FindProvision(kText, 2, "art-4").status().code(),
            absl::StatusCode::kNotFound);
  v1::Provision provision;
  EXPECT_OK(store_->ReadProvision(kText, 2, 2, &provision));
  EXPECT_EQ(provision.text(), "two");
  for (const int position : {-1, 0, 4}) {
    EXPECT_EQ(store_->ReadProvision(kText, 2, position, &provision).code(),
              absl::StatusCode::kNotFound)
        << position;
  }
  const auto expression = store_->Get<v1::Expression>(kText);
  ASSERT_OK(expression);
  EXPECT_EQ(expression->provision_count(), 3);
  EXPECT_EQ(expression->text_bytes(), 11);
  EXPECT_TRUE(expression->provisions().empty());
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, EveryVersionKeepsItsProvisions) {
  ASSERT_OK(Put(Law(kLaw), Expression({"one", "two"})));
  ASSERT_EQ(*Put(Expression({"one", "two, amended", "three"})), 3u);
  ASSERT_EQ(*Put(Expression({"all new"})), 4u);
  EXPECT_THAT(Texts(2), ElementsAre("1 art-1 one", "2 art-2 two"));
  EXPECT_THAT(Texts(3), ElementsAre("1 art-1 one", "2 art-2 two, amended",
                                    "3 art-3 three"));
  EXPECT_THAT(Texts(4), ElementsAre("1 art-1 all new"));
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, ADifferentTextIsADifferentContent) {
  ASSERT_OK(Put(Law(kLaw), Expression({"one", "two"})));
  const std::string etag = store_->Get<v1::Expression>(kText)->etag();
  // Nothing is written for the same text.
  ASSERT_EQ(*Put(Expression({"one", "two"})), 2u);
  EXPECT_EQ(store_->Get<v1::Expression>(kText)->etag(), etag);
  // The same bytes, divided otherwise.
  ASSERT_EQ(*Put(Expression({"onet", "wo"})), 3u);
  EXPECT_NE(store_->Get<v1::Expression>(kText)->etag(), etag);
}

TEST_F(ExpressionTest, PutWithoutProvisionsItKeepsThem) {
  ASSERT_OK(Put(Law(kLaw), Expression({"one", "two"})));
  v1::Expression renamed = Expression({});
  renamed.set_title("Kodeksas");
  ASSERT_EQ(*Put(renamed), 3u);
  EXPECT_THAT(Texts(3), ElementsAre("1 art-1 one", "2 art-2 two"));
  EXPECT_EQ(store_->Get<v1::Expression>(kText)->provision_count(), 2);
  ASSERT_OK(Delete(kText));
  // There is nothing to keep.
  EXPECT_EQ(Put(renamed).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, AnImportThatChangesItTwiceLeavesTheLastText) {
  v1::Law law = Law(kLaw);
  v1::Expression longer = Expression({"one", "two", "three"});
  v1::Expression shorter = Expression({"one"});
  {
    const auto staging = store_->Stage("import", absl::InfiniteFuture());
    ASSERT_OK(staging);
    ASSERT_OK((*staging)->Put(&law));
    ASSERT_OK((*staging)->Put(&longer));
    ASSERT_OK((*staging)->Put(&shorter));
    v1::ImportJob job;
    ASSERT_OK((*staging)->Publish(&job, nullptr));
  }
  EXPECT_THAT(Texts(2), ElementsAre("1 art-1 one"));
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, AnImportInPartsIsOneJob) {
  v1::ImportJob job;
  for (int part = 0; part < 3; ++part) {
    v1::Law law = Law(absl::StrCat("states/LTU/laws/law-", part));
    const auto staging = store_->Stage("import", absl::InfiniteFuture(),
                                       job.name().empty() ? nullptr : &job);
    ASSERT_OK(staging);
    ASSERT_OK((*staging)->Put(&law));
    job.set_state(v1::ImportJob::STATE_RUNNING);
    ASSERT_OK((*staging)->Publish(&job, nullptr));
  }
  // A last part without a record.
  {
    const auto staging = store_->Stage("import", absl::InfiniteFuture(), &job);
    ASSERT_OK(staging);
    job.set_state(v1::ImportJob::STATE_APPLIED);
    ASSERT_OK((*staging)->Publish(&job, nullptr));
  }
  const auto jobs = store_->ListImportJobs("", 10);
  ASSERT_OK(jobs);
  ASSERT_EQ(jobs->size(), 1u);
  EXPECT_EQ((*jobs)[0].state(), v1::ImportJob::STATE_APPLIED);
  EXPECT_EQ((*jobs)[0].first_sequence(), 1u);
  EXPECT_EQ((*jobs)[0].last_sequence(), 3u);
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) {
    EXPECT_EQ(store_->GetChange(sequence)->import_job(), job.name());
  }
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, ExpressionsOfALawAreListedByThemselves) {
  v1::Expression english = Expression({"one"});
  english.set_name("states/LTU/laws/penal-code/expressions/en@undated");
  english.set_language("en");
  // A law whose id begins like the other's.
  v1::Expression other = Expression({"one"});
  other.set_name("states/LTU/laws/penal-code-2/expressions/lt@undated");
  ASSERT_OK(Put(Law(kLaw), Expression({"one"}), english,
                Law("states/LTU/laws/penal-code-2"), other));
  EXPECT_THAT(Names(Kind::kExpression, "LTU/penal-code"),
              ElementsAre(english.name(), kText));
  EXPECT_THAT(Names(Kind::kExpression, "LTU/penal"), IsEmpty());
  EXPECT_EQ(Names(Kind::kExpression, "LTU").size(), 3u);
}

TEST_F(ExpressionTest, MappingsAreFoundByArticle) {
  v1::Mapping mapping;
  mapping.set_name("states/LTU/laws/penal-code/mappings/1");
  mapping.set_provision("art-1");
  mapping.set_treaty("treaties/untoc");
  mapping.set_article("6");
  ASSERT_OK(Put(Law(kLaw), mapping));
  EXPECT_THAT(*store_->LookUp(keys::MappingsToTreaty("untoc"), 10),
              ElementsAre(mapping.name()));
  EXPECT_THAT(*store_->LookUp(keys::MappingsToArticle("untoc", "6"), 10),
              ElementsAre(mapping.name()));
  EXPECT_THAT(*store_->LookUp(keys::MappingsToArticle("untoc", "60"), 10),
              IsEmpty());
  EXPECT_EQ(Problems(), "");
}

TEST_F(ExpressionTest, DumpShowsProvisions) {
  ASSERT_OK(Put(Law(kLaw), Expression({"one", "two"})));
  std::string lines;
  ASSERT_OK(store_->Dump("B", "", [&](const std::string& line) {
    lines += line + "\n";
    return true;
  }));
  EXPECT_THAT(lines, HasSubstr("ids: art-1 art-2"));
  EXPECT_THAT(lines, HasSubstr("text: \"two\""));
}

TEST_F(ExpressionTest, ValidateNamesWhatIsWrong) {
  const auto problems = [](const v1::Expression& expression) {
    std::string text;
    for (const FieldProblem& problem : Validate(expression)) {
      absl::StrAppend(&text, problem.field, ";");
    }
    return text;
  };
  EXPECT_EQ(problems(Expression({"one", "two"})), "");
  v1::Expression language = Expression({"one"});
  language.set_language("en");
  EXPECT_EQ(problems(language), "language;");
  v1::Expression twice = Expression({"one", "two"});
  twice.mutable_provisions(1)->set_name("art-1");
  EXPECT_EQ(problems(twice), "provisions[1].name;");
  v1::Expression odd = Expression({"one"});
  odd.mutable_provisions(0)->set_name("Art 1");
  EXPECT_EQ(problems(odd), "provisions[0].name;");
  v1::Expression orphan = Expression({"one", "two"});
  orphan.mutable_provisions(0)->set_parent("art-2");
  EXPECT_EQ(problems(orphan), "provisions[0].parent;");
  v1::Expression large = Expression({std::string(300 << 10, 'x')});
  EXPECT_EQ(problems(large), "provisions[0].text;");
  // More than other lists may have.
  EXPECT_EQ(problems(Expression(std::vector<std::string>(5000, "x"))), "");
  EXPECT_THAT(problems(Expression(std::vector<std::string>(50001, "x"))),
              Not(IsEmpty()));
}

TEST(ExpressionNameTest, HaveTheirShape) {
  for (const char* good :
       {kText, "states/LTU/laws/x/expressions/lt@undated",
        "states/LTU/laws/x/expressions/sr-Latn@2001-01-31"}) {
    const auto parts = names::Parse(good, "name");
    ASSERT_OK(parts) << good;
    EXPECT_EQ(parts->kind, Kind::kExpression);
    EXPECT_EQ(keys::NameOf(parts->kind, parts->first, parts->second), good);
    EXPECT_THAT(good, ::testing::StartsWith(names::LawOf(*parts)));
  }
  for (const char* bad :
       {"states/LTU/laws/x/expressions/lt", "states/LTU/laws/x/expressions/",
        "states/LTU/laws/x/expressions/lt@2001", "states/LTU/laws/x/mappings/",
        "states/LTU/laws/x/expressions/lt@2001-02-30",
        "states/LTU/laws//expressions/lt@undated",
        "states/LTU/law/x/expressions/lt@undated",
        "states/LTU/laws/x/expressions/l t@undated",
        "states/LTU/laws/x/expressions/lt@undated/provisions/art-1"}) {
    EXPECT_FALSE(names::Parse(bad, "name").ok()) << bad;
  }
  absl::string_view expression;
  absl::string_view id;
  const std::string provision = names::Provision(kText, "art-1");
  ASSERT_OK(names::ParseProvision(provision, "name", &expression, &id));
  EXPECT_EQ(expression, kText);
  EXPECT_EQ(id, "art-1");
  EXPECT_FALSE(names::ParseProvision(kText, "name", &expression, &id).ok());
}

}  // namespace
}  // namespace comity
