#include "tests/cli/answers.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/names.h"
#include "comity/v1/admin_service.pb.h"
#include "comity/v1/change_service.pb.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/import_service.pb.h"
#include "comity/v1/routing_service.pb.h"
#include "comity/v1/treaty_service.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace comity::cli {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

constexpr char kTreatyCollection[] = R"pb(
  document: "UN Treaty Collection, status of treaties"
  uri: "https://example.org/treaties?mtdsg_no=XVIII-12&chapter=18"
  place: "XVIII-12"
  kind: SOURCE_KIND_DEPOSITARY_COPY
  as_of: "2014-01-27"
)pb";

constexpr char kDeclarations[] = R"pb(
  document: "Declarations and notifications"
  uri: "https://example.org/page?id=58378&page=26"
  kind: SOURCE_KIND_DEPOSITARY_COPY
  as_of: "2010-09-16"
)pb";

constexpr char kMinistry[] = R"pb(
  name: "states/LTU/authorities/ministry-of-justice"
  display_names {
    text: "Ministry of Justice of the Republic of Lithuania"
    language: "en"
  }
  display_names {
    text: "Lietuvos Respublikos teisingumo ministerija"
    language: "lt"
  }
  unit: "International Cooperation Division"
  kind: KIND_CENTRAL_AUTHORITY
  contacts {
    addresses {
      lines: "Gedimino pr. 30"
      lines: "LT-01104 Vilnius"
      kind: KIND_STREET
    }
    telephones { number: "+370 5 000 0001" kind: KIND_TELEPHONE }
    telephones {
      number: "+370 5 000 0002"
      kind: KIND_TELEPHONE_AND_FAX
      note: "Secretariat"
    }
    emails: "office@example.org"
    office_hours: "0800 - 1700 (Monday-Thursday)"
    time_zone: "Europe/Vilnius"
  }
  languages: "lt"
  languages: "en"
)pb";

constexpr char kProsecutor[] = R"pb(
  name: "states/LTU/authorities/prosecutor-general"
  display_names {
    text: "Prosecutor General's Office of the Republic of Lithuania"
    language: "en"
  }
  kind: KIND_CENTRAL_AUTHORITY
)pb";

std::string Designation(int number, const std::string& office) {
  return absl::StrCat(
      R"pb(
        name: "states/LTU/designations/untoc-18-13-mla-)pb",
      number, R"pb("
                   authority: ")pb",
      office, R"pb("
                   treaty: "treaties/untoc"
                   article: "18(13)"
                   function: "functions/mla"
                   notification { date: "2011-09-22" basis: BASIS_NOTIFICATION }
                   languages: "en"
                   languages: "ru"
                   languages: "lt"
                   notes: "one of two central authorities"
                   sources {)pb",
      kDeclarations, "}");
}

constexpr char kDates[] = R"pb(
  period { act: BINDING_ACT_RATIFICATION deposit_basis: DATE_BASIS_STATED
           deposit_date:)pb";

std::string Party(const std::string& state, const std::string& deposit) {
  return absl::StrCat(
      "participations { participation: "
      "'treaties/untoc/participations/",
      state, "' state: 'states/", state, "' status: IN_FORCE_STATUS_IN_FORCE",
      kDates, "'", deposit, "' }",
      R"pb(
        entry_into_force: "2003-09-29"
        entry_into_force_basis: DATE_BASIS_DERIVED
        complete_as_of: "2014-01-27"
        beyond_data: true
        code: REASON_CODE_PARTY
        sources {)pb",
      kTreatyCollection, "} }");
}

std::string UntocStatus() {
  return absl::StrCat(
      R"pb(
        treaty: "treaties/untoc"
        as_of: "2015-06-01"
        status: IN_FORCE_STATUS_IN_FORCE
        code: REASON_CODE_BOTH_PARTIES
        reason: "UNTOC is in force between France and Lithuania since 2003-09-29"
        treaty_entry_into_force: "2003-09-29"
        treaty_entry_into_force_basis: DATE_BASIS_STATED
      )pb",
      Party("FRA", "2002-10-29"), Party("LTU", "2002-05-09"));
}

// An answer of the server, as `comity --json` printed it.
template <typename Message>
Message Recorded(const std::string& file) {
  std::ifstream in(
      absl::StrCat(COMITY_SOURCE_DIR, "/tests/cli/answers/", file));
  std::ostringstream text;
  text << in.rdbuf();
  Message message;
  const auto status =
      google::protobuf::util::JsonStringToMessage(text.str(), &message);
  EXPECT_TRUE(status.ok()) << file << ": " << status.ToString();
  return message;
}

// Two treaties, an office with contact data, and one that is not named.
v1::RouteRequestResponse UrgentRoutes() {
  auto response = Parse<v1::RouteRequestResponse>(R"pb(
    requesting_state: "states/FRA"
    requested_state: "states/LTU"
    function: "functions/mla"
    as_of: "2012-01-01"
    sequence: 1234
    total_routes: 3
    routes {
      treaty: "treaties/untoc"
      language: "en"
      accepted_languages: "en"
      accepted_languages: "ru"
      accepted_languages: "lt"
      channels: "Call first"
      channels: "post"
      channels: "electronic"
      forms: "https://example.org/form"
      urgent_channels: "Call first"
      urgent_channels: "INTERPOL, where the States agree"
      required_contents: "A seal"
      required_contents: "The authority that makes the request."
      reasons {
        code: REASON_CODE_BOTH_PARTIES
        text: "UNTOC is in force between France and Lithuania since 2003-09-29."
      }
      reasons {
        code: REASON_CODE_DESIGNATED
        text: "Lithuania designated the Ministry of Justice of the Republic of Lithuania for mutual legal assistance under article 18(13) of UNTOC."
      }
      reasons {
        code: REASON_CODE_LANGUAGE_SHARED
        text: "Write in English, which Lithuania accepts and France can write."
      }
      advice { code: REASON_CODE_START_UNKNOWN text: "not printed twice" }
      advice {
        code: REASON_CODE_RESERVATION
        text: "Lithuania made a declaration on UNTOC, article 18(13): by post only"
      }
    }
    routes {
      treaty: "treaties/uncac"
      designation {
        name: "states/LTU/designations/uncac-46-13-mla-1"
        treaty: "treaties/uncac"
        function: "functions/mla"
        valid_from { date: "2011-01-01" }
        valid_until { date: "2013-01-01" }
        notification { date: "2011-09-22" }
      }
      reasons {
        code: REASON_CODE_BOTH_PARTIES
        text: "UNCAC is in force between France and Lithuania since 2007-01-20."
      }
      reasons {
        code: REASON_CODE_DESIGNATED
        text: "Lithuania told what it asks for mutual legal assistance under UNCAC, without naming an office."
      }
      reasons {
        code: REASON_CODE_LANGUAGES_NOT_STATED
        text: "Which languages Lithuania accepts is not stated."
      }
    }
    advice {
      text: "The day asked for, 2012-01-01, is to come; all may change until then."
    }
    alternatives {
      code: REASON_CODE_INTERPOL_URGENT
      treaty: "treaties/drugs1988"
      text: "When urgent, under article 7(8) of the 1988 Convention: by air."
    }
  )pb");
  v1::Route& first = *response.mutable_routes(0);
  *first.mutable_authority() = Parse<v1::Authority>(kMinistry);
  *first.mutable_designation() =
      Parse<v1::Designation>(Designation(1, first.authority().name()));
  first.mutable_designation()->add_channels("post");
  first.mutable_designation()->add_channels("electronic");
  first.mutable_designation()->add_required_contents("A seal");
  for (v1::Reason& reason : *first.mutable_reasons()) {
    *reason.add_sources() = first.designation().sources(0);
  }
  return response;
}

void AnswerRoutes(FakeServer* server) {
  const auto both = Recorded<v1::RouteRequestResponse>("route_2015.json");
  const auto none = Recorded<v1::RouteRequestResponse>("route_2003.json");
  const auto urgent = UrgentRoutes();
  server->On<v1::RouteRequestRequest>(
      [both, none, urgent](const v1::RouteRequestRequest& request,
                           const FakeServer::Write& write) {
        write(request.urgent()                  ? urgent
              : request.as_of() == none.as_of() ? none
                                                : both);
        return absl::OkStatus();
      });
}

constexpr char kStates[] = R"pb(
  states {
    name: "states/CHN"
    kind: KIND_STATE
    short_names { text: "China" language: "en" }
    short_names { text: "中国" language: "zh" }
    region: "Asia"
    subregion: "Eastern Asia"
    languages: "zh"
  }
  states {
    name: "states/FRA"
    kind: KIND_STATE
    alpha2: "FR"
    m49: "250"
    short_names { text: "France" language: "en" }
    region: "Europe"
    subregion: "Western Europe"
    languages: "fr"
  }
  states {
    name: "states/LTU"
    kind: KIND_STATE
    alpha2: "LT"
    m49: "440"
    membership: MEMBERSHIP_MEMBER
    short_names { text: "Lithuania" language: "en" }
    short_names { text: "Lituanie" language: "fr" }
    short_names { text: "Литва" language: "ru" }
    short_names { text: "立陶宛" language: "zh" }
    short_names { text: "ليتوانيا" language: "ar" }
    formal_names { text: "Republic of Lithuania" language: "en" }
    other_names { text: "Lietuva" language: "lt" kind: KIND_ALIAS }
    region: "Europe"
    subregion: "Northern Europe"
    languages: "lt"
    languages: "ru"
    time_zones: "Europe/Vilnius"
    sources { document: "Country codes" kind: SOURCE_KIND_REGISTER }
  }
)pb";

void AnswerStates(FakeServer* server) {
  const auto states = Parse<v1::ListStatesResponse>(kStates);
  server->Answer<v1::ListStatesRequest>(states);
  server->On<v1::GetStateRequest>([states](const v1::GetStateRequest& request,
                                           const FakeServer::Write& write) {
    for (const v1::State& state : states.states()) {
      if (state.name() != request.name()) continue;
      write(state);
      return absl::OkStatus();
    }
    return absl::NotFoundError(absl::StrCat(request.name(), " is not there"));
  });
  server->On<v1::ResolveStateRequest>(
      [states](const v1::ResolveStateRequest& request,
               const FakeServer::Write& write) {
        v1::ResolveStateResponse response;
        const bool sure =
            request.query() == "Lituanie" || request.query() == "LTU";
        if (request.query() != "Atlantis") {
          auto* candidate = response.add_candidates();
          *candidate->mutable_state() = states.states(2);
          candidate->mutable_matched()->set_text(sure ? request.query()
                                                      : "Lithuania");
          candidate->set_match(
              request.query() == "LTU" ? v1::ResolveStateResponse::MATCH_CODE
              : sure                   ? v1::ResolveStateResponse::MATCH_NAME
                     : v1::ResolveStateResponse::MATCH_MISSPELT);
        }
        if (sure) response.set_state("states/LTU");
        write(response);
        return absl::OkStatus();
      });
}

constexpr char kUntoc[] = R"pb(
  name: "treaties/untoc"
  kind: KIND_MULTILATERAL
  titles {
    text: "United Nations Convention against Transnational Organized Crime"
    language: "en"
  }
  short_titles { text: "UNTOC" language: "en" }
  aliases: "Palermo Convention"
  adopted: "2000-11-15"
  adopted_at: "New York"
  depositary: "Secretary-General of the United Nations"
  depositary_number: "XVIII-12"
  entry_into_force: "2003-09-29"
  entry_into_force_rule {
    days_after_threshold: 90
    threshold_instruments: 40
    days_after_deposit: 30
    articles: "38"
  }
  articles {
    citation: "18(13)"
    headings { text: "Central authorities for requests" language: "en" }
  }
  participations_as_of: "2014-01-27"
)pb";

constexpr char kParticipation[] = R"pb(
  name: "treaties/untoc/participations/LTU"
  signature_date: "2000-12-13"
  periods {
    act: BINDING_ACT_RATIFICATION
    deposit_date: "2002-05-09"
    deposit_basis: DATE_BASIS_STATED
    entry_into_force: "2003-09-29"
    entry_into_force_basis: DATE_BASIS_DERIVED
  }
  complete_as_of: "2014-01-27"
)pb";

void AnswerTreaties(FakeServer* server) {
  const auto untoc = Parse<v1::Treaty>(kUntoc);
  server->On<v1::GetTreatyRequest>([untoc](const v1::GetTreatyRequest& request,
                                           const FakeServer::Write& write) {
    if (request.name() != untoc.name()) {
      return absl::NotFoundError(request.name());
    }
    write(untoc);
    return absl::OkStatus();
  });
  v1::ListTreatiesResponse treaties;
  *treaties.add_treaties() = Parse<v1::Treaty>(
      "name: 'treaties/coe-ets-030' titles { text: 'European Convention on "
      "Mutual Assistance in Criminal Matters' language: 'en' } "
      "entry_into_force: '1962-06-12'");
  *treaties.add_treaties() = untoc;
  server->Answer<v1::ListTreatiesRequest>(treaties);
  server->Answer<v1::ResolveCitationRequest>(Parse<v1::ResolveCitationResponse>(
      "treaty: 'treaties/untoc' article: '18(13)' listed: true functions: "
      "'functions/mla'"));
  server->Answer<v1::GetTreatyStatusRequest>(
      Parse<v1::TreatyStatus>(UntocStatus()));
  const auto participation = Parse<v1::Participation>(kParticipation);
  server->Answer<v1::GetParticipationRequest>(participation);
  v1::ListParticipationsResponse participations;
  *participations.add_participations() = participation;
  *participations.add_participations() = Parse<v1::Participation>(
      "name: 'treaties/untoc/participations/XKX' signature_date: '2001-01-01'");
  server->Answer<v1::ListParticipationsRequest>(participations);
}

void AnswerOffices(FakeServer* server) {
  const auto mla = Recorded<v1::Function>("mla.json");
  v1::ListFunctionsResponse functions;
  *functions.add_functions() = mla;
  server->Answer<v1::ListFunctionsRequest>(functions);
  server->Answer<v1::GetFunctionRequest>(mla);
  const auto ministry = Parse<v1::Authority>(kMinistry);
  const auto prosecutor = Parse<v1::Authority>(kProsecutor);
  server->Answer<v1::GetAuthorityRequest>(ministry);
  v1::BatchGetAuthoritiesResponse batch;
  *batch.add_authorities() = ministry;
  *batch.add_authorities() = prosecutor;
  server->Answer<v1::BatchGetAuthoritiesRequest>(batch);
  const auto first = Parse<v1::Designation>(Designation(1, ministry.name()));
  const auto second = Parse<v1::Designation>(Designation(2, prosecutor.name()));
  server->Answer<v1::GetDesignationRequest>(first);
  v1::ListDesignationsResponse designations;
  *designations.add_designations() = first;
  *designations.add_designations() = second;
  server->Answer<v1::ListDesignationsRequest>(designations);

  // Two pages, so that the second is asked for.
  server->On<v1::ListAuthoritiesRequest>(
      [ministry, prosecutor](const v1::ListAuthoritiesRequest& request,
                             const FakeServer::Write& write) {
        v1::ListAuthoritiesResponse page;
        const bool is_first = request.page_token().empty();
        *page.add_authorities() = is_first ? ministry : prosecutor;
        if (is_first) page.set_next_page_token("second");
        write(page);
        return absl::OkStatus();
      });
  server->On<v1::FindContactsRequest>(
      [first, second, ministry](const v1::FindContactsRequest& request,
                                const FakeServer::Write& write) {
        v1::FindContactsResponse page;
        const bool is_first = request.page_token().empty();
        auto* contact = page.add_contacts();
        *contact->mutable_designation() = is_first ? first : second;
        if (is_first) {
          *contact->mutable_authority() = ministry;
          page.set_next_page_token("second");
        } else {
          auto* advice = contact->add_advice();
          advice->set_code(v1::REASON_CODE_UNUSUAL_ARTICLE);
          advice->set_text("The article is unusual for this function.");
        }
        page.set_state("states/LTU");
        page.set_function("functions/mla");
        page.set_as_of("2015-06-01");
        page.set_total_size(2);
        write(page);
        return absl::OkStatus();
      });
}

void AnswerChanges(FakeServer* server) {
  server->Answer<v1::ListHistoryRequest>(Parse<v1::ListHistoryResponse>(R"pb(
    changes {
      sequence: 12
      time { seconds: 1700000100 }
      actor: "editor"
      resource: "states/LTU/authorities/ministry-of-justice"
      type: CHANGE_TYPE_UPDATED
      differences { field: "unit" before: "\"A\"" after: "\"B\"" }
      differences {
        field: "contacts[0].emails[0]"
        after: "\"office@example.org\""
      }
    }
    changes {
      sequence: 7
      time { seconds: 1700000000 }
      actor: "import"
      resource: "states/LTU/authorities/ministry-of-justice"
      type: CHANGE_TYPE_CREATED
      import_job: "importJobs/first"
    }
  )pb"));
  server->Answer<v1::GetStatsRequest>(Parse<v1::Stats>(R"pb(
    version: "0.1.0"
    format_version: 1
    sequence: 1234
    counts { kind: RECORD_KIND_STATE count: 251 }
    counts { kind: RECORD_KIND_DESIGNATION count: 52 }
    store_bytes: 1048576
    resident_bytes: 52428800
    uptime_seconds: 3661
    watchers: 2
    index {
      sequence: 1230
      generation: 3
      documents: 98
      bytes: 2097152
      building: true
      built_sequence: 500
    }
  )pb"));
}

}  // namespace

void AnswerEverything(FakeServer* server) {
  AnswerStates(server);
  AnswerTreaties(server);
  AnswerOffices(server);
  AnswerChanges(server);
  AnswerRoutes(server);
}

}  // namespace comity::cli
