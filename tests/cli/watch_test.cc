#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "comity/v1/change_service.pb.h"
#include "comity/v1/search_service.pb.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run.h"

namespace comity::cli {
namespace {

// A log of ten changes; a token is the sequence after which to go on.
class WatchTest : public testing::Test {
 protected:
  WatchTest() {
    server_.On<v1::WatchRequest>([this](const v1::WatchRequest& request,
                                        const FakeServer::Write& write) {
      requests_.push_back(request);
      uint64_t from = 0;
      if (!request.resume_token().empty())
        from = std::stoull(request.resume_token());
      // A stream carries three changes, then breaks or ends.
      for (uint64_t at = from + 1; at <= 10; ++at) {
        if (at == from + 4 && break_) {
          return absl::UnavailableError("going down");
        }
        write(ChangeAt(at));
      }
      if (request.stop_when_current()) return absl::OkStatus();
      return absl::NotFoundError("the end of the test");
    });
  }

  static v1::WatchResponse ChangeAt(uint64_t sequence) {
    v1::WatchResponse response;
    v1::Change* change = response.add_changes();
    change->set_sequence(sequence);
    change->set_resource(absl::StrCat("states/LTU/authorities/a", sequence));
    change->set_kind(v1::RECORD_KIND_AUTHORITY);
    change->set_type(v1::CHANGE_TYPE_CREATED);
    change->set_actor("editor");
    response.set_resume_token(absl::StrCat(sequence));
    return response;
  }

  Outcome Comity(std::vector<std::string> arguments,
                 const Surroundings& surroundings = {}) {
    arguments.insert(arguments.begin(), "watch");
    arguments.insert(arguments.end(), {"--server", server_.address()});
    return RunComity(arguments, surroundings);
  }

  FakeServer server_;
  std::vector<v1::WatchRequest> requests_;
  bool break_ = false;
};

std::string AllTen() {
  std::string all;
  for (int i = 1; i <= 10; ++i) {
    absl::StrAppend(&all, "{\"sequence\":\"", i,
                    "\",\"actor\":\"editor\",\"resource\":\"states/LTU/"
                    "authorities/a",
                    i,
                    "\",\"kind\":\"RECORD_KIND_AUTHORITY\",\"type\":\"CHANGE_"
                    "TYPE_CREATED\"}\n");
  }
  return all;
}

TEST_F(WatchTest, UntilCurrentShowsAllAndEnds) {
  const Outcome outcome = Comity({"--until-current", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, AllTen());
  EXPECT_EQ(outcome.err, "comity: to go on from here: --resume 10\n");
}

TEST_F(WatchTest, AnInterruptedStreamGoesOnWithoutGapOrRepetition) {
  break_ = true;
  std::vector<absl::Duration> waits;
  Surroundings surroundings;
  surroundings.wait = [&](absl::Duration duration) {
    waits.push_back(duration);
    return true;
  };
  const Outcome outcome = Comity({"--json"}, surroundings);
  EXPECT_EQ(outcome.out, AllTen());
  EXPECT_EQ(outcome.code, 1);
  // 3 + 3 + 3 + 1 changes; each wait is the first one, for each stream brought
  // something.
  EXPECT_EQ(requests_.size(), 4u);
  EXPECT_EQ(waits, std::vector<absl::Duration>(3, absl::Milliseconds(500)));
}

TEST_F(WatchTest, AttemptsBecomeRareButNeverStop) {
  std::vector<absl::Duration> waits;
  Surroundings surroundings;
  surroundings.wait = [&](absl::Duration duration) {
    if (waits.empty()) server_.Stop();
    waits.push_back(duration);
    if (waits.size() == 9) server_.Start();
    return waits.size() < 12;
  };
  server_.On<v1::WatchRequest>(
      [&](const v1::WatchRequest& request, const FakeServer::Write& write) {
        if (request.resume_token().empty()) write(ChangeAt(1));
        return absl::UnavailableError("going down");
      });
  const Outcome outcome = Comity({}, surroundings);
  EXPECT_EQ(outcome.code, 130);
  ASSERT_EQ(waits.size(), 12u);
  EXPECT_EQ(waits[1], absl::Seconds(1));
  EXPECT_EQ(waits[2], absl::Seconds(2));
  for (const absl::Duration wait : waits) EXPECT_LE(wait, absl::Seconds(30));
  EXPECT_EQ(waits[7], absl::Seconds(30));
  EXPECT_TRUE(absl::EndsWith(outcome.err, "--resume 1\n")) << outcome.err;
}

TEST_F(WatchTest, AServerThatWasNeverThereIsAnError) {
  server_.Stop();
  const Outcome outcome = Comity({});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_TRUE(absl::StrContains(outcome.err, "comityd"));
}

TEST_F(WatchTest, ATokenFromElsewhereIsAnError) {
  server_.On<v1::WatchRequest>(
      [](const v1::WatchRequest&, const FakeServer::Write&) {
        return absl::OutOfRangeError("resume_token is from another store");
      });
  EXPECT_EQ(Comity({"--resume", "x"}).code, 2);
}

TEST_F(WatchTest, PassesItsFiltersOn) {
  EXPECT_EQ(
      Comity({"--until-current", "--from-now", "--resume", "7", "--kind",
              "authority", "--kind", "state", "--state", "LTU", "--records"})
          .code,
      0);
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(requests_[0].ShortDebugString(),
            "resume_token: \"7\" from_now: true include_records: true kinds: "
            "RECORD_KIND_AUTHORITY kinds: RECORD_KIND_STATE state: "
            "\"states/LTU\" heartbeat { seconds: 15 } stop_when_current: true");
}

TEST_F(WatchTest, PeopleGetALineForEachChange) {
  const Outcome outcome = Comity({"--until-current", "--resume", "9"});
  EXPECT_EQ(outcome.out,
            "10    created  states/LTU/authorities/a10  by editor\n");
}

// Saved searches
// ----------------------------------------------------------------------

class WatchSearchTest : public WatchTest {
 protected:
  WatchSearchTest() {
    server_.On<v1::WatchSearchRequest>(
        [this](const v1::WatchSearchRequest& request,
               const FakeServer::Write& write) {
          searches_.push_back(request);
          if (request.resume_token().empty()) {
            write(Message(v1::SearchChange::KIND_NEW, 1));
            write(Message(v1::SearchChange::KIND_CHANGED, 2));
            if (break_) return absl::UnavailableError("going down");
          }
          v1::WatchSearchResponse last =
              Message(v1::SearchChange::KIND_GONE, 3);
          last.mutable_changes(0)->set_left_out(12);
          write(last);
          if (request.stop_when_current()) return absl::OkStatus();
          return absl::NotFoundError("the end of the test");
        });
  }

  static v1::WatchSearchResponse Message(v1::SearchChange::Kind kind, int at) {
    v1::WatchSearchResponse response;
    v1::SearchChange* change = response.add_changes();
    change->set_kind(kind);
    change->set_name("states/KEN/laws/act");
    change->set_title("Act");
    change->set_state("KEN");
    change->mutable_hit()->set_name(absl::StrCat("states/KEN/laws/act/", at));
    change->mutable_hit()->set_label(absl::StrCat("s. ", at));
    response.set_resume_token(absl::StrCat(at));
    return response;
  }

  std::vector<v1::WatchSearchRequest> searches_;
};

TEST_F(WatchSearchTest, PeopleGetALineForEachMatch) {
  const Outcome outcome =
      Comity({"--search", "money laundering", "--until-current"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "new      KEN  Act, s. 1  states/KEN/laws/act/1\n"
            "changed  KEN  Act, s. 2  states/KEN/laws/act/2\n"
            "gone     KEN  Act, s. 3  states/KEN/laws/act/3\n"
            "    and 12 more of states/KEN/laws/act\n");
  EXPECT_EQ(outcome.err, "comity: to go on from here: --resume 3\n");
}

TEST_F(WatchSearchTest, AnInterruptedStreamGoesOn) {
  break_ = true;
  Surroundings surroundings;
  surroundings.wait = [](absl::Duration) { return true; };
  const Outcome outcome = Comity({"--search", "x", "--json"}, surroundings);
  EXPECT_EQ(outcome.code, 1);
  ASSERT_EQ(searches_.size(), 2u);
  EXPECT_EQ(searches_[1].resume_token(), "2");
  EXPECT_TRUE(absl::StrContains(
      outcome.out, "{\"kind\":\"KIND_NEW\",\"name\":\"states/KEN/laws/act\","))
      << outcome.out;
}

TEST_F(WatchSearchTest, PassesItsOptionsOn) {
  EXPECT_EQ(Comity({"--search", "a AND b", "--until-current", "--after", "7",
                    "--state", "LTU"})
                .code,
            0);
  ASSERT_EQ(searches_.size(), 1u);
  EXPECT_EQ(searches_[0].ShortDebugString(),
            "query: \"a AND b\" filter { states: \"states/LTU\" } "
            "after_sequence: 7 heartbeat { seconds: 15 } stop_when_current: "
            "true");
}

TEST_F(WatchSearchTest, RefusesWhatIsNotForSearches) {
  EXPECT_EQ(Comity({"--search", "x", "--kind", "law"}).code, 2);
  EXPECT_EQ(Comity({"--search", "x", "--records"}).code, 2);
  EXPECT_EQ(Comity({"--after", "7"}).code, 2);
  EXPECT_TRUE(searches_.empty());
}

}  // namespace
}  // namespace comity::cli
