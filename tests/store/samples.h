// Small records of every kind, and a store in a temporary folder.

#ifndef COMITY_TESTS_STORE_SAMPLES_H_
#define COMITY_TESTS_STORE_SAMPLES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"

namespace comity::samples {

// Bytes with NULs in them, from a literal.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

inline void AddText(absl::string_view text, absl::string_view language,
                    google::protobuf::RepeatedPtrField<v1::LocalizedText>* to) {
  v1::LocalizedText* added = to->Add();
  added->set_text(std::string(text));
  added->set_language(std::string(language));
}

inline v1::State State(absl::string_view code, absl::string_view short_name) {
  v1::State state;
  state.set_name(names::State(code));
  state.set_kind(v1::State::KIND_STATE);
  AddText(short_name, "en", state.mutable_short_names());
  return state;
}

inline v1::Treaty Treaty(absl::string_view slug, absl::string_view title) {
  v1::Treaty treaty;
  treaty.set_name(names::Treaty(slug));
  AddText(title, "en", treaty.mutable_titles());
  return treaty;
}

inline v1::Function Function(absl::string_view slug, absl::string_view title) {
  v1::Function function;
  function.set_name(names::Function(slug));
  AddText(title, "en", function.mutable_titles());
  return function;
}

inline v1::Participation Participation(absl::string_view treaty,
                                       absl::string_view state,
                                       absl::string_view deposit) {
  v1::Participation participation;
  participation.set_name(names::Participation(treaty, state));
  v1::Participation::Period* period = participation.add_periods();
  period->set_act(v1::BINDING_ACT_RATIFICATION);
  period->set_deposit_date(std::string(deposit));
  return participation;
}

inline v1::Authority Authority(absl::string_view state, absl::string_view id,
                               absl::string_view display_name) {
  v1::Authority authority;
  authority.set_name(names::Authority(state, id));
  AddText(display_name, "en", authority.mutable_display_names());
  return authority;
}

inline v1::Designation Designation(absl::string_view state,
                                   absl::string_view id,
                                   absl::string_view authority) {
  v1::Designation designation;
  designation.set_name(names::Designation(state, id));
  if (!authority.empty()) {
    designation.set_authority(names::Authority(state, authority));
  }
  designation.set_treaty(names::Treaty("untoc"));
  designation.set_article("18(13)");
  designation.set_function(names::Function("mla"));
  return designation;
}

template <class M>
M WithSource(M record, absl::string_view system, absl::string_view id) {
  v1::Source* source = record.add_sources();
  source->set_system(std::string(system));
  source->set_id(std::string(id));
  return record;
}

// A store that can be closed and opened again.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  StoreOptions Options() {
    StoreOptions options;
    options.clock = &clock_;
    return options;
  }
  void Open() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(store_, Store::Open(path(), Options()));
  }
  void Close() { store_.reset(); }
  std::string path() const { return folder_.Path("store"); }

  // Commits `records` together; the last sequence.
  template <class... M>
  absl::StatusOr<uint64_t> Put(M... records) {
    WriteOptions options;
    options.actor = "test";
    return store_->Commit(options, [&](Transaction& transaction) {
      absl::Status status;
      ((status.ok() ? status.Update(transaction.Put(&records).status())
                    : void()),
       ...);
      return status;
    });
  }
  absl::StatusOr<uint64_t> Delete(absl::string_view name) {
    WriteOptions options;
    options.actor = "test";
    return store_->Commit(options, [&](Transaction& transaction) {
      return transaction.Delete(name);
    });
  }

  // Names of the records of a kind at a time.
  std::vector<std::string> Names(Kind kind, absl::string_view under = "",
                                 uint64_t at = kNow,
                                 absl::string_view after = "") {
    std::vector<std::string> found;
    EXPECT_OK(
        store_->ForEach(kind, under, after, at, [&](const Store::Item& item) {
          found.push_back(item.name);
          return true;
        }));
    return found;
  }

  // What is wrong with the store, a line each; empty: nothing.
  std::string Problems() {
    std::string problems;
    const absl::StatusOr<int64_t> keys = store_->Verify(
        [&](const std::string& problem) { problems += problem + "\n"; });
    EXPECT_OK(keys);
    return problems;
  }

  FakeClock clock_;
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace comity::samples

#endif  // COMITY_TESTS_STORE_SAMPLES_H_
