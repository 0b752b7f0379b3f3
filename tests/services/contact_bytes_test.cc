#include "services/contact_bytes.h"

#include <random>
#include <string>

#include "comity/v1/directory_service.pb.h"
#include "gtest/gtest.h"
#include "rules/designations.h"
#include "tests/support/status_matchers.h"

namespace comity {
namespace {

// Designations and offices of all kinds, the same every time.
class Maker {
 public:
  v1::Designation Designation() {
    v1::Designation made;
    made.set_name("states/LTU/designations/d1");
    made.set_treaty("treaties/untoc");
    made.set_function("functions/mla");
    if (OneIn(2)) made.set_article(OneIn(2) ? "18(13)" : "7");
    if (OneIn(2)) Bound(made.mutable_valid_from());
    if (OneIn(2)) Bound(made.mutable_valid_until());
    if (OneIn(2)) {
      if (OneIn(2)) made.mutable_notification()->set_date("2011-09-22");
      made.mutable_notification()->set_basis(
          static_cast<v1::Notification::Basis>(random_() % 6));
      made.mutable_notification()->set_reference("C.N.1");
    }
    if (OneIn(2)) made.set_verified_on("2012-01-01");
    if (OneIn(2)) made.set_verified_by("UNODC");
    made.set_running_number(static_cast<int32_t>(random_() % 1000));
    Sources(made.mutable_sources());
    made.add_notes("a note");
    return made;
  }

  v1::Authority Authority() {
    v1::Authority made;
    made.set_name("states/LTU/authorities/mj");
    made.add_display_names()->set_text("Ministry of Justice");
    made.add_contacts()->add_emails("mj@example.org");
    Sources(made.mutable_contacts(0)->mutable_sources());
    Sources(made.mutable_sources());
    made.set_etag("0123456789abcdef");
    return made;
  }

 private:
  bool OneIn(uint64_t count) { return random_() % count == 0; }

  void Bound(v1::DateBound* bound) {
    switch (random_() % 5) {
      case 0:
        return bound->set_date("2010-01-01");
      case 1:
        return bound->set_date("no day");
      case 2:
        return bound->set_open(OneIn(2));
      case 3:
        return bound->set_unknown(true);
      default:
        return;
    }
  }

  void Sources(google::protobuf::RepeatedPtrField<v1::Source>* sources) {
    for (uint64_t i = random_() % 3; i > 0; --i) {
      v1::Source* source = sources->Add();
      source->set_document("a document");
      // Kinds that are not known here, too.
      source->set_kind(static_cast<v1::SourceKind>(
          OneIn(20) ? 1000 : static_cast<int>(random_() % 13)));
    }
  }

  std::mt19937_64 random_{20150601};
};

v1::Function Mla() {
  v1::Function function;
  function.set_name("functions/mla");
  v1::Function::Article* article = function.add_articles();
  article->set_treaty("treaties/untoc");
  article->set_citation("18(13)");
  article->set_basis(v1::Function::Article::BASIS_DESIGNATION);
  return function;
}

TEST(ContactBytesTest, AreThoseOfTheMessage) {
  Maker maker;
  const v1::Function function = Mla();
  for (int i = 0; i < 2000; ++i) {
    v1::FoundContact expected;
    *expected.mutable_designation() = maker.Designation();
    const bool named = i % 3 != 0;
    if (named) *expected.mutable_authority() = maker.Authority();
    const Day day(2005 + i % 10, 1, 1);
    for (v1::Advice& advice : rules::AdviceFor(
             expected.designation(), named ? &expected.authority() : nullptr,
             function, day)) {
      *expected.add_advice() = std::move(advice);
    }
    const std::string authority = expected.authority().SerializeAsString();
    std::string contact;
    const std::string designation = expected.designation().SerializeAsString();
    RowRecords records;
    records.designation = designation;
    records.has_authority = named;
    records.authority = authority;
    wire::Writer writer(&contact);
    ASSERT_OK(WriteContact(records, function, day, &writer));
    ASSERT_EQ(contact, expected.SerializeAsString())
        << expected.ShortDebugString();
  }
}

TEST(ContactBytesTest, WhatIsCutShortIsDataLoss) {
  Maker maker;
  const std::string bytes = maker.Designation().SerializeAsString();
  for (size_t size = 1; size < bytes.size(); ++size) {
    const absl::string_view cut = absl::string_view(bytes).substr(0, size);
    v1::Designation parsed;
    rules::DesignationFacts facts;
    EXPECT_EQ(rules::ReadFacts(cut, &facts).ok(),
              parsed.ParseFromArray(cut.data(), static_cast<int>(size)))
        << size;
  }
  std::string contact;
  wire::Writer writer(&contact);
  RowRecords records;
  records.designation = "\x0a";
  EXPECT_TRUE(
      absl::IsDataLoss(WriteContact(records, Mla(), Day(2015, 6, 1), &writer)));
}

}  // namespace
}  // namespace comity
