// What is asked of the server, what programs get, and how mistakes end.

#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client.h"
#include "comity/v1/admin_service.pb.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/treaty_service.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/cli/answers.h"
#include "tests/cli/run.h"

namespace comity::cli {
namespace {

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() { AnswerEverything(&server_); }

  Outcome Comity(std::vector<std::string> arguments,
                 const Surroundings& surroundings = {}) {
    arguments.insert(arguments.begin(), {"--server", server_.address()});
    return RunComity(arguments, surroundings);
  }

  FakeServer server_;
};

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

template <typename Message>
bool IsJsonOf(const std::string& line) {
  Message message;
  return google::protobuf::util::JsonStringToMessage(line, &message).ok() &&
         message.ByteSizeLong() > 0;
}

TEST_F(CommandsTest, RouteAsksForAllThatWasSaid) {
  v1::RouteRequestRequest asked;
  server_.On<v1::RouteRequestRequest>(
      [&](const v1::RouteRequestRequest& request,
          const FakeServer::Write& write) {
        asked = request;
        v1::RouteRequestResponse response;
        response.add_routes();
        write(response);
        return absl::OkStatus();
      });
  const Outcome outcome =
      Comity({"route",      "--from",     "FRA",   "--to",       "Lituanie",
              "--for",      "mla",        "--on",  "2015-06-01", "--language",
              "fr",         "--language", "de",    "--urgent",   "--treaty",
              "UNTOC",      "--place",    "Corse", "--offence",  "smuggling",
              "--known-at", "2020-01-01", "--max", "3",          "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(
      asked.ShortDebugString(),
      "requesting_state: \"FRA\" requested_state: \"Lituanie\" "
      "function: \"mla\" as_of: \"2015-06-01\" known_at { seconds: 1577836800 "
      "} "
      "preferred_languages: \"fr\" preferred_languages: \"de\" urgent: true "
      "treaty: \"treaties/untoc\" place: \"Corse\" offence: \"smuggling\" "
      "max_routes: 3");
}

TEST_F(CommandsTest, JsonIsTheResponseMessage) {
  const struct {
    std::vector<std::string> arguments;
    bool (*is)(const std::string&);
    size_t lines;
  } cases[] = {
      {{"route", "--from", "FRA", "--to", "LTU", "--for", "mla"},
       IsJsonOf<v1::RouteRequestResponse>,
       1},
      {{"find", "--state", "LTU", "--for", "mla"},
       IsJsonOf<v1::FindContactsResponse>,
       1},
      {{"states"}, IsJsonOf<v1::State>, 3},
      {{"states", "LTU"}, IsJsonOf<v1::State>, 1},
      {{"resolve", "Lituanie"}, IsJsonOf<v1::ResolveStateResponse>, 1},
      {{"functions"}, IsJsonOf<v1::Function>, 1},
      {{"treaties"}, IsJsonOf<v1::Treaty>, 2},
      {{"treaties", "untoc"}, IsJsonOf<v1::Treaty>, 1},
      {{"participations", "--treaty", "untoc"}, IsJsonOf<v1::Participation>, 2},
      {{"status", "untoc", "FRA", "LTU"}, IsJsonOf<v1::TreatyStatus>, 1},
      {{"cite", "UNTOC 18(13)"}, IsJsonOf<v1::ResolveCitationResponse>, 1},
      {{"authorities", "--state", "LTU"}, IsJsonOf<v1::Authority>, 2},
      {{"authorities", "--state", "LTU", "--limit", "1"},
       IsJsonOf<v1::Authority>,
       1},
      {{"designations", "--state", "LTU"}, IsJsonOf<v1::Designation>, 2},
      {{"history", "states/LTU"}, IsJsonOf<v1::Change>, 2},
      {{"inspect", "stats"}, IsJsonOf<v1::Stats>, 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.arguments[0]);
    std::vector<std::string> arguments = c.arguments;
    arguments.push_back("--json");
    const Outcome outcome = Comity(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    const std::vector<std::string> lines = Lines(outcome.out);
    EXPECT_EQ(lines.size(), c.lines) << outcome.out;
    for (const std::string& line : lines) EXPECT_TRUE(c.is(line)) << line;
  }
}

TEST_F(CommandsTest, StatusTakesTreatyAndStatesInAnyForm) {
  std::string asked;
  server_.On<v1::GetTreatyStatusRequest>(
      [&](const v1::GetTreatyStatusRequest& request,
          const FakeServer::Write& write) {
        asked = request.ShortDebugString();
        write(v1::TreatyStatus());
        return absl::OkStatus();
      });
  const std::vector<std::vector<std::string>> forms = {
      {"untoc", "FRA", "LTU"},
      {"--treaty", "untoc", "FRA", "LTU"},
      {"FRA", "LTU", "--treaty", "untoc"},
      {"untoc", "--state", "FRA", "--state", "LTU"},
      {"untoc", "FRA", "--state", "LTU"},
  };
  for (std::vector<std::string> form : forms) {
    form.insert(form.begin(), "status");
    EXPECT_EQ(Comity(form).code, 0);
    EXPECT_EQ(asked,
              "treaty: \"untoc\" states: \"states/FRA\" states: "
              "\"states/LTU\"");
  }
}

TEST_F(CommandsTest, FindJoinsItsPages) {
  const Outcome outcome =
      Comity({"find", "--state", "LTU", "--for", "mla", "--json"});
  v1::FindContactsResponse all;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(outcome.out, &all).ok());
  EXPECT_EQ(all.contacts_size(), 2);
  EXPECT_EQ(all.total_size(), 2);
  EXPECT_EQ(all.next_page_token(), "");
}

TEST_F(CommandsTest, FailuresOfTheServerHaveTheirCodes) {
  const struct {
    absl::Status status;
    int code;
  } cases[] = {
      {absl::NotFoundError("function is x, not known"), 1},
      {absl::InvalidArgumentError("as_of is x, not a day"), 2},
      {absl::ResourceExhaustedError("too many requests"), 3},
      {absl::FailedPreconditionError("in use"), 4},
      {absl::DataLossError("does not parse"), 6},
  };
  for (const auto& c : cases) {
    server_.On<v1::RouteRequestRequest>(
        [&](const v1::RouteRequestRequest&, const FakeServer::Write&) {
          return c.status;
        });
    const Outcome outcome =
        Comity({"route", "--from", "FRA", "--to", "LTU", "--for", "mla"});
    EXPECT_EQ(outcome.code, c.code);
    EXPECT_EQ(outcome.err, absl::StrCat("comity: ", c.status.message(), "\n"));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(CommandsTest, DetailsOfAnErrorAreShown) {
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field("as_of");
  violation->set_description("not a day");
  google::rpc::Status details;
  details.add_details()->PackFrom(bad);
  server_.On<v1::GetTreatyStatusRequest>(
      [&](const v1::GetTreatyStatusRequest&, const FakeServer::Write&) {
        absl::Status status = absl::InvalidArgumentError("malformed request");
        status.SetPayload(kErrorDetailsUrl,
                          absl::Cord(details.SerializeAsString()));
        return status;
      });
  const Outcome outcome = Comity({"status", "--treaty", "untoc", "FRA"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "comity: malformed request; as_of: not a day\n");
}

TEST_F(CommandsTest, NothingFoundIsOne) {
  server_.Answer<v1::FindContactsRequest>(v1::FindContactsResponse());
  EXPECT_EQ(Comity({"find", "--state", "LTU", "--for", "mla"}).code, 1);
  server_.Answer<v1::ListDesignationsRequest>(v1::ListDesignationsResponse());
  EXPECT_EQ(Comity({"designations", "--state", "LTU"}).code, 1);
  EXPECT_EQ(Comity({"designations", "--state", "LTU", "--json"}).out, "");
  const Outcome unknown = Comity({"states", "Atlantis"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_EQ(unknown.err, "comity: no State is called Atlantis\n");
}

TEST_F(CommandsTest, AMisspeltStateIsNeverGuessed) {
  const Outcome outcome = Comity({"authorities", "--state", "Lithunia"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err,
            "comity: Lithunia is no State beyond doubt; near: Lithuania "
            "(LTU)\n");
  EXPECT_EQ(outcome.out, "");
}

TEST_F(CommandsTest, WrongUsageIsTwoWithoutACall) {
  const struct {
    std::vector<std::string> arguments;
    const char* mentions;
  } cases[] = {
      {{}, "--help"},
      {{"rout"}, "rout is no command: did you mean route?"},
      {{"route"}, "--from"},
      {{"route", "--form", "FRA"}, "--form is no option: did you mean --from?"},
      {{"states", "--limit", "x"}, "x is no number from 1 on"},
      {{"find", "--state", "LTU", "--for", "mla", "--on", "2015-13-01"},
       "--on is 2015-13-01"},
      {{"route", "--from", "FRA", "--to", "LTU", "--for", "mla", "--max", "0"},
       "--max"},
      {{"route", "--from", "FRA", "--to", "LTU", "--for", "mla", "--known-at",
        "yesterday"},
       "--known-at is yesterday"},
      {{"states", "--timeout", "soon"}, "--timeout is soon"},
      {{"states", "--timeout", "-1s"}, "--timeout"},
      {{"states", "--color", "pink"}, "--color"},
      {{"watch", "--kind", "cats"}, "--kind"},
      {{"export", "--format", "pdf"}, "--format"},
      {{"import"}, "kind and a file"},
      {{"import", "cats", "file"}, "kind"},
      {{"import", "designations", "/nowhere/file.csv"}, "/nowhere/file.csv"},
      {{"import", "designations", "-", "--columns", "x"}, "Header=field"},
      {{"status", "--treaty", "untoc", "A", "B", "C"}, "one State or two"},
      {{"status", "untoc"}, "one State or two"},
      {{"inspect"}, "inspect needs"},
      {{"completion", "tcsh"}, "shell"},
  };
  for (const auto& c : cases) {
    std::string command;
    for (const std::string& one : c.arguments)
      absl::StrAppend(&command, one, " ");
    SCOPED_TRACE(command);
    // No server: a call would end with 3.
    std::vector<std::string> arguments = c.arguments;
    arguments.insert(arguments.begin(), {"--server", "unix:/nowhere/socket"});
    const Outcome outcome = RunComity(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(absl::StartsWith(outcome.err, "comity: ")) << outcome.err;
    EXPECT_TRUE(absl::StrContains(outcome.err, c.mentions)) << outcome.err;
    EXPECT_EQ(Lines(outcome.err).size(), 1u) << outcome.err;
  }
}

TEST_F(CommandsTest, NoServerSaysHowToStartOne) {
  const Outcome outcome =
      RunComity({"states", "--server", "unix:/nowhere/socket"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_TRUE(absl::StrContains(outcome.err, "comityd --data-dir"))
      << outcome.err;
  EXPECT_TRUE(absl::StrContains(outcome.err, "unix:/nowhere/socket"));
}

TEST_F(CommandsTest, TheEnvironmentNamesTheServer) {
  Surroundings surroundings;
  surroundings.variables["COMITY_SERVER"] = server_.address();
  EXPECT_EQ(RunComity({"states"}, surroundings).code, 0);
  // The option wins.
  EXPECT_EQ(
      RunComity({"states", "--server", "unix:/nowhere/socket"}, surroundings)
          .code,
      3);
}

TEST_F(CommandsTest, ColoursOnlyOnATerminalThatWantsThem) {
  const auto coloured = [this](bool terminal, const char* color,
                               const char* no_color) {
    Surroundings surroundings;
    surroundings.terminal = terminal;
    surroundings.variables["NO_COLOR"] = no_color;
    return absl::StrContains(
        Comity({"states", "--color", color}, surroundings).out, "\x1b[");
  };
  EXPECT_TRUE(coloured(true, "auto", ""));
  EXPECT_FALSE(coloured(false, "auto", ""));
  EXPECT_FALSE(coloured(true, "auto", "1"));
  EXPECT_FALSE(coloured(true, "never", ""));
  EXPECT_TRUE(coloured(false, "always", "1"));
}

TEST_F(CommandsTest, HostileDataReachNoTerminal) {
  v1::Authority authority;
  authority.set_name("states/LTU/authorities/x");
  authority.add_display_names()->set_text("\x1b]0;owned\x07\x1b[2J");
  authority.set_unit("a\rb");
  authority.add_notes("\xE2\x80\xAE");
  server_.Answer<v1::GetAuthorityRequest>(authority);
  const Outcome outcome = Comity({"authorities", "states/LTU/authorities/x"});
  EXPECT_EQ(outcome.code, 0);
  for (const char c : outcome.out) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
  EXPECT_FALSE(absl::StrContains(outcome.out, "\xE2\x80\xAE"));
}

TEST_F(CommandsTest, VerifyFailsWhenThereAreProblems) {
  server_.On<v1::VerifyRequest>(
      [](const v1::VerifyRequest&, const FakeServer::Write& write) {
        v1::VerifyResponse response;
        response.set_keys_checked(1000);
        write(response);
        response.add_problems("T untoc: no such authority");
        response.set_keys_checked(2000);
        response.set_done(true);
        write(response);
        return absl::OkStatus();
      });
  const Outcome bad = Comity({"inspect", "verify"});
  EXPECT_EQ(bad.code, 6);
  EXPECT_EQ(bad.out,
            "T untoc: no such authority\n2,000 keys checked: 1 problem.\n");

  server_.On<v1::VerifyRequest>(
      [](const v1::VerifyRequest&, const FakeServer::Write& write) {
        v1::VerifyResponse response;
        response.set_done(true);
        write(response);
        return absl::OkStatus();
      });
  EXPECT_EQ(Comity({"inspect", "verify"}).code, 0);

  // A stream that ends early has checked nothing to its end.
  server_.On<v1::VerifyRequest>(
      [](const v1::VerifyRequest&, const FakeServer::Write&) {
        return absl::OkStatus();
      });
  EXPECT_EQ(Comity({"inspect", "verify"}).code, 6);
}

TEST_F(CommandsTest, VersionAndHelpNeedNoServer) {
  for (const char* argument : {"--version", "version", "--help"}) {
    const Outcome outcome = RunComity({argument});
    EXPECT_EQ(outcome.code, 0) << argument;
    EXPECT_TRUE(absl::StrContains(outcome.out, "comity")) << argument;
  }
}

}  // namespace
}  // namespace comity::cli
