// Every method of every service, with what it takes and what it refuses: a
// method that is not in the table fails the test.

#include <grpcpp/generic/generic_stub.h>

#include <filesystem>
#include <set>
#include <vector>

#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "tests/services/server_fixture.h"

namespace comity {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// In place of a request: bytes that are no message of any type.
constexpr char kNoMessage[] = "<bytes that are no message>";

struct Case {
  // `Service/Method`.
  const char* method;
  // In protobuf's text format.
  const char* request;
  grpc::StatusCode code;
  // That an INVALID_ARGUMENT names.
  const char* field;
};

constexpr grpc::StatusCode kOk = grpc::StatusCode::OK;
constexpr grpc::StatusCode kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
constexpr grpc::StatusCode kNotFound = grpc::StatusCode::NOT_FOUND;

// On the fixture's seed. What writes only validates, so that the order does not
// matter.
constexpr Case kCases[] = {
    {"AdminService/GetStats", "", kOk, ""},
    {"AdminService/GetStats", kNoMessage, grpc::UNIMPLEMENTED, ""},
    {"AdminService/Dump", "tag: 'N'", kOk, ""},
    {"AdminService/Dump", "tag: 'NV'", kInvalid, "tag"},
    {"AdminService/Dump", "resource: 'x'", kInvalid, "resource"},
    {"AdminService/Verify", "", kOk, ""},
    {"AdminService/Verify", kNoMessage, grpc::UNIMPLEMENTED, ""},
    {"AdminService/RebuildIndex", "", kOk, ""},
    {"AdminService/RebuildIndex", kNoMessage, grpc::UNIMPLEMENTED, ""},
    {"AdminService/Backup", "id: 'b1'", kOk, ""},
    {"AdminService/Backup", "", kInvalid, "id"},
    {"AdminService/Backup", "id: '../b1'", kInvalid, "id"},
    {"ChangeService/Watch", "stop_when_current: true", kOk, ""},
    {"ChangeService/Watch", "state: 'LTU'", kInvalid, "state"},
    {"ChangeService/Watch", "resume_token: 'x'", kInvalid, "resume_token"},
    {"ChangeService/Watch", "heartbeat { nanos: 1 }", kInvalid, "heartbeat"},
    {"ChangeService/ListHistory", "name: 'states/LTU'", kOk, ""},
    {"ChangeService/ListHistory", "", kInvalid, "name"},
    {"ChangeService/ListHistory", "name: 'states/LTU' page_size: -1", kInvalid,
     "page_size"},
    {"ChangeService/ListHistory", "name: 'states/XXX'", kNotFound, ""},
    {"DirectoryService/FindContacts", "state: 'LTU' function: 'mla'", kOk, ""},
    {"DirectoryService/FindContacts", "state: 'LTU'", kInvalid, "function"},
    {"DirectoryService/FindContacts", "function: 'mla'", kInvalid, "state"},
    {"DirectoryService/FindContacts",
     "state: 'LTU' function: 'mla' as_of: 'today'", kInvalid, "as_of"},
    {"DirectoryService/ResolveState", "query: 'LTU'", kOk, ""},
    {"DirectoryService/ResolveState", "", kInvalid, "query"},
    {"DirectoryService/ResolveState", "query: 'LTU' limit: 51", kInvalid,
     "limit"},
    {"DirectoryService/GetState", "name: 'states/LTU'", kOk, ""},
    {"DirectoryService/GetState", "name: 'LTU'", kInvalid, "name"},
    {"DirectoryService/GetState", "name: 'states/XXX'", kNotFound, ""},
    {"DirectoryService/GetState",
     "name: 'states/LTU' known_at { seconds: 253402300799 }", kInvalid,
     "known_at"},
    {"DirectoryService/ListStates", "", kOk, ""},
    {"DirectoryService/ListStates", "page_size: 1001", kInvalid, "page_size"},
    {"DirectoryService/ListStates", "page_token: 'x'", kInvalid, "page_token"},
    {"DirectoryService/BatchGetStates",
     "names: 'states/LTU' names: 'states/FRA'", kOk, ""},
    {"DirectoryService/BatchGetStates", "", kInvalid, "names"},
    {"DirectoryService/BatchGetStates", "names: 'states/LTU' names: 'FRA'",
     kInvalid, "names[1]"},
    {"DirectoryService/BatchGetStates", "names: 'states/XXX'", kNotFound, ""},
    {"DirectoryService/CreateState",
     "state { name: 'states/SWE' short_names { text: 'Sweden' } } "
     "validate_only: true",
     kOk, ""},
    {"DirectoryService/CreateState", "", kInvalid, "state.name"},
    {"DirectoryService/CreateState", "state { name: 'states/SWE' }", kInvalid,
     "state.short_names"},
    {"DirectoryService/CreateState",
     "state { name: 'states/SWE' short_names { text: 'Sweden' } } "
     "request_id: 'x'",
     kInvalid, "request_id"},
    {"DirectoryService/CreateState",
     "state { name: 'states/LTU' short_names { text: 'Lithuania' } }",
     grpc::ALREADY_EXISTS, ""},
    {"DirectoryService/UpdateState",
     "state { name: 'states/LTU' region: 'Europe' } "
     "update_mask { paths: 'region' } validate_only: true",
     kOk, ""},
    {"DirectoryService/UpdateState", "", kInvalid, "state.name"},
    {"DirectoryService/UpdateState",
     "state { name: 'states/LTU' } update_mask { paths: 'nothing' }", kInvalid,
     "update_mask"},
    {"DirectoryService/UpdateState", "state { name: 'states/XXX' }", kNotFound,
     ""},
    {"DirectoryService/DeleteState", "name: 'states/XXX'", kNotFound, ""},
    {"DirectoryService/DeleteState", "", kInvalid, "name"},
    {"DirectoryService/DeleteState", "name: 'states/LTU' etag: 'old'",
     grpc::ABORTED, ""},
    {"DirectoryService/DeleteState", "name: 'states/LTU'",
     grpc::FAILED_PRECONDITION, ""},
    {"DirectoryService/DeleteState", "name: 'states/NOR' validate_only: true",
     kOk, ""},
    {"DirectoryService/GetFunction", "name: 'functions/mla'", kOk, ""},
    {"DirectoryService/GetFunction", "name: 'mla'", kInvalid, "name"},
    {"DirectoryService/GetFunction", "name: 'functions/none'", kNotFound, ""},
    {"DirectoryService/ListFunctions", "", kOk, ""},
    {"DirectoryService/ListFunctions", "page_size: -1", kInvalid, "page_size"},
    {"DirectoryService/CreateFunction",
     "function { name: 'functions/f' titles { text: 'F' } } "
     "validate_only: true",
     kOk, ""},
    {"DirectoryService/CreateFunction", "", kInvalid, "function.name"},
    {"DirectoryService/CreateFunction",
     "function { name: 'functions/f' titles { text: 'F' } "
     "articles { treaty: 'untoc' } }",
     kInvalid, "function.articles[0].treaty"},
    {"DirectoryService/UpdateFunction",
     "function { name: 'functions/mla' titles { text: 'Aid' } } "
     "validate_only: true",
     kOk, ""},
    {"DirectoryService/UpdateFunction", "function { name: 'mla' }", kInvalid,
     "function.name"},
    {"DirectoryService/UpdateFunction",
     "function { name: 'functions/mla' } update_mask { paths: 'name' }",
     kInvalid, "update_mask"},
    {"DirectoryService/DeleteFunction",
     "name: 'functions/idle' validate_only: true", kOk, ""},
    {"DirectoryService/DeleteFunction", "name: 'mla'", kInvalid, "name"},
    {"DirectoryService/DeleteFunction", "name: 'functions/mla'",
     grpc::FAILED_PRECONDITION, ""},
    {"DirectoryService/GetAuthority", "name: 'states/LTU/authorities/ministry'",
     kOk, ""},
    {"DirectoryService/GetAuthority", "name: 'states/LTU'", kInvalid, "name"},
    {"DirectoryService/ListAuthorities", "parent: 'states/LTU'", kOk, ""},
    {"DirectoryService/ListAuthorities", "parent: 'states/-'", kOk, ""},
    {"DirectoryService/ListAuthorities", "", kInvalid, "parent"},
    {"DirectoryService/ListAuthorities", "parent: 'states/XXX'", kNotFound, ""},
    {"DirectoryService/BatchGetAuthorities",
     "names: 'states/LTU/authorities/ministry'", kOk, ""},
    {"DirectoryService/BatchGetAuthorities", "names: 'states/LTU'", kInvalid,
     "names[0]"},
    {"DirectoryService/BatchGetAuthorities",
     "parent: 'states/FRA' names: 'states/LTU/authorities/ministry'", kInvalid,
     "names[0]"},
    {"DirectoryService/CreateAuthority",
     "parent: 'states/FRA' authority { display_names { text: 'Office' } } "
     "validate_only: true",
     kOk, ""},
    {"DirectoryService/CreateAuthority",
     "authority { display_names { text: 'Office' } }", kInvalid, "parent"},
    {"DirectoryService/CreateAuthority", "parent: 'states/FRA'", kInvalid,
     "authority.display_names"},
    {"DirectoryService/CreateAuthority",
     "parent: 'states/FRA' authority_id: 'A B' "
     "authority { display_names { text: 'Office' } }",
     kInvalid, "authority_id"},
    {"DirectoryService/UpdateAuthority",
     "authority { name: 'states/LTU/authorities/ministry' unit: 'u' } "
     "update_mask { paths: 'unit' } validate_only: true",
     kOk, ""},
    {"DirectoryService/UpdateAuthority", "", kInvalid, "authority.name"},
    {"DirectoryService/UpdateAuthority",
     "authority { name: 'states/LTU/authorities/ministry' etag: 'old' }",
     grpc::ABORTED, ""},
    {"DirectoryService/DeleteAuthority",
     "name: 'states/DEU/authorities/idle' validate_only: true", kOk, ""},
    {"DirectoryService/DeleteAuthority", "name: 'states/LTU'", kInvalid,
     "name"},
    {"DirectoryService/GetDesignation", "name: 'states/LTU/designations/first'",
     kOk, ""},
    {"DirectoryService/GetDesignation",
     "name: 'states/LTU/authorities/ministry'", kInvalid, "name"},
    {"DirectoryService/ListDesignations",
     "parent: 'states/LTU' treaty: 'treaties/untoc'", kOk, ""},
    {"DirectoryService/ListDesignations", "parent: 'states/LTU' as_of: 'x'",
     kInvalid, "as_of"},
    {"DirectoryService/ListDesignations", "parent: 'states/LTU' treaty: 'x'",
     kInvalid, "treaty"},
    {"DirectoryService/BatchGetDesignations",
     "names: 'states/LTU/designations/first'", kOk, ""},
    {"DirectoryService/BatchGetDesignations", "names: ''", kInvalid,
     "names[0]"},
    {"DirectoryService/BatchGetDesignations",
     "names: 'states/LTU/designations/none'", kNotFound, ""},
    {"DirectoryService/CreateDesignation",
     "parent: 'states/LTU' designation { treaty: 'treaties/untoc' "
     "function: 'functions/mla' "
     "authority: 'states/LTU/authorities/ministry' } validate_only: true",
     kOk, ""},
    {"DirectoryService/CreateDesignation",
     "parent: 'states/LTU' designation { function: 'functions/mla' }", kInvalid,
     "designation.treaty"},
    {"DirectoryService/CreateDesignation",
     "parent: 'states/LTU' designation { treaty: 'treaties/none' "
     "function: 'functions/mla' }",
     grpc::FAILED_PRECONDITION, ""},
    {"DirectoryService/UpdateDesignation",
     "designation { name: 'states/LTU/designations/first' competence: 'c' } "
     "update_mask { paths: 'competence' } validate_only: true",
     kOk, ""},
    {"DirectoryService/UpdateDesignation",
     "designation { name: 'states/LTU/designations/first' "
     "verified_on: 'yesterday' } update_mask { paths: 'verified_on' }",
     kInvalid, "designation.verified_on"},
    {"DirectoryService/UpdateDesignation",
     "designation { name: 'states/LTU/designations/none' }", kNotFound, ""},
    {"DirectoryService/DeleteDesignation",
     "name: 'states/LTU/designations/first' validate_only: true", kOk, ""},
    {"DirectoryService/DeleteDesignation",
     "name: 'states/LTU/designations/first' request_id: 'x'", kInvalid,
     "request_id"},
    {"DirectoryService/DeleteDesignation", "", kInvalid, "name"},
    {"ExportService/Export", "format: EXPORT_FORMAT_JSONL", kOk, ""},
    {"ExportService/Export", "", kInvalid, "format"},
    {"ExportService/Export", "format: EXPORT_FORMAT_CSV kinds: 2", kInvalid,
     "kinds"},
    {"ImportService/Import", "options { kind: IMPORT_KIND_RECORDS }", kOk, ""},
    {"ImportService/Import", "chunk: 'x'", kInvalid, "options"},
    {"ImportService/Import", "options { }", kInvalid, "options.kind"},
    {"ImportService/Import", kNoMessage, kInvalid, ""},
    {"ImportService/UndoImport", "name: 'importJobs/1' validate_only: true",
     kNotFound, ""},
    {"ImportService/UndoImport", "name: 'importJobs/13' validate_only: true",
     kOk, ""},
    {"ImportService/UndoImport", "", kInvalid, "name"},
    {"ImportService/GetImportJob", "name: 'importJobs/13'", kOk, ""},
    {"ImportService/GetImportJob", "name: 'importJobs/999'", kNotFound, ""},
    {"ImportService/GetImportJob", "name: '12'", kInvalid, "name"},
    {"ImportService/ListImportJobs", "", kOk, ""},
    {"ImportService/ListImportJobs", "page_size: -1", kInvalid, "page_size"},
    {"ImportService/ListImportJobs", "page_token: 'x'", kInvalid, "page_token"},
    {"RoutingService/RouteRequest",
     "requesting_state: 'FRA' requested_state: 'LTU' function: 'mla'", kOk, ""},
    {"RoutingService/RouteRequest", "requesting_state: 'FRA' function: 'mla'",
     kInvalid, "requested_state"},
    {"RoutingService/RouteRequest",
     "requesting_state: 'FRA' requested_state: 'LTU' function: 'mla' "
     "max_routes: 101",
     kInvalid, "max_routes"},
    {"TreatyService/GetTreatyStatus",
     "treaty: 'untoc' states: 'FRA' states: 'LTU'", kOk, ""},
    {"TreatyService/GetTreatyStatus", "treaty: 'untoc'", kInvalid, "states"},
    {"TreatyService/GetTreatyStatus", "states: 'FRA' states: 'LTU'", kInvalid,
     "treaty"},
    {"TreatyService/ResolveCitation", "citation: 'UNTOC, art. 18(13)'", kOk,
     ""},
    {"TreatyService/ResolveCitation", "", kInvalid, "citation"},
    {"TreatyService/GetTreaty", "name: 'treaties/untoc'", kOk, ""},
    {"TreatyService/GetTreaty", "name: 'untoc'", kInvalid, "name"},
    {"TreatyService/GetTreaty", "name: 'treaties/none'", kNotFound, ""},
    {"TreatyService/ListTreaties", "page_size: 1", kOk, ""},
    {"TreatyService/ListTreaties", "page_size: 1001", kInvalid, "page_size"},
    {"TreatyService/BatchGetTreaties", "names: 'treaties/untoc'", kOk, ""},
    {"TreatyService/BatchGetTreaties", "names: 'untoc'", kInvalid, "names[0]"},
    {"TreatyService/BatchGetTreaties", "", kInvalid, "names"},
    {"TreatyService/CreateTreaty",
     "treaty { name: 'treaties/t' short_titles { text: 'T' } } "
     "validate_only: true",
     kOk, ""},
    {"TreatyService/CreateTreaty", "treaty { name: 't' }", kInvalid,
     "treaty.name"},
    {"TreatyService/CreateTreaty",
     "treaty { name: 'treaties/t' adopted: '2000-02-30' }", kInvalid,
     "treaty.adopted"},
    {"TreatyService/UpdateTreaty",
     "treaty { name: 'treaties/untoc' depositary: 'SG' } "
     "update_mask { paths: 'depositary' } validate_only: true",
     kOk, ""},
    {"TreatyService/UpdateTreaty",
     "treaty { name: 'treaties/untoc' parent: 'treaties/none' } "
     "update_mask { paths: 'parent' }",
     grpc::FAILED_PRECONDITION, ""},
    {"TreatyService/UpdateTreaty", "", kInvalid, "treaty.name"},
    {"TreatyService/DeleteTreaty", "name: 'treaties/idle' validate_only: true",
     kOk, ""},
    {"TreatyService/DeleteTreaty", "name: 'idle'", kInvalid, "name"},
    {"TreatyService/GetParticipation",
     "name: 'treaties/untoc/participations/LTU'", kOk, ""},
    {"TreatyService/GetParticipation", "name: 'treaties/untoc'", kInvalid,
     "name"},
    {"TreatyService/ListParticipations", "parent: 'treaties/untoc'", kOk, ""},
    {"TreatyService/ListParticipations", "parent: 'untoc'", kInvalid, "parent"},
    {"TreatyService/ListParticipations",
     "parent: 'treaties/untoc' state: 'LTU'", kInvalid, "state"},
    {"TreatyService/BatchGetParticipations",
     "names: 'treaties/untoc/participations/LTU'", kOk, ""},
    {"TreatyService/BatchGetParticipations", "names: 'treaties/untoc'",
     kInvalid, "names[0]"},
    {"TreatyService/CreateParticipation",
     "parent: 'treaties/untoc' participation_id: 'DEU' validate_only: true",
     kOk, ""},
    {"TreatyService/CreateParticipation", "parent: 'treaties/untoc'", kInvalid,
     "participation_id"},
    {"TreatyService/CreateParticipation",
     "parent: 'treaties/untoc' participation_id: 'XXX'",
     grpc::FAILED_PRECONDITION, ""},
    {"TreatyService/UpdateParticipation",
     "participation { name: 'treaties/untoc/participations/LTU' "
     "signature_date: '2000-12-13' } update_mask { paths: 'signature_date' } "
     "validate_only: true",
     kOk, ""},
    {"TreatyService/UpdateParticipation",
     "participation { name: 'treaties/untoc/participations/LTU' "
     "signature_date: 'then' } update_mask { paths: 'signature_date' }",
     kInvalid, "participation.signature_date"},
    {"TreatyService/DeleteParticipation",
     "name: 'treaties/untoc/participations/LTU' validate_only: true", kOk, ""},
    {"TreatyService/DeleteParticipation", "name: 'treaties/untoc'", kInvalid,
     "name"},
    {"LibraryService/GetLaw", "name: 'states/DEU/laws/act'", kOk, ""},
    {"LibraryService/GetLaw", "name: 'act'", kInvalid, "name"},
    {"LibraryService/GetLaw", "name: 'states/DEU/laws/none'", kNotFound, ""},
    {"LibraryService/ListLaws", "parent: 'states/DEU'", kOk, ""},
    {"LibraryService/ListLaws", "parent: 'states/-' page_size: 1", kOk, ""},
    {"LibraryService/ListLaws", "", kInvalid, "parent"},
    {"LibraryService/ListLaws", "parent: 'states/XXX'", kNotFound, ""},
    {"LibraryService/BatchGetLaws", "names: 'states/DEU/laws/act'", kOk, ""},
    {"LibraryService/BatchGetLaws", "", kInvalid, "names"},
    {"LibraryService/BatchGetLaws", "names: 'states/DEU'", kInvalid,
     "names[0]"},
    {"LibraryService/CreateLaw",
     "law { name: 'states/DEU/laws/new' titles { text: 'New' } } "
     "validate_only: true",
     kOk, ""},
    {"LibraryService/CreateLaw", "law { name: 'new' }", kInvalid, "law.name"},
    {"LibraryService/CreateLaw", "law { name: 'states/DEU/laws/new' }",
     kInvalid, "law.titles"},
    {"LibraryService/CreateLaw",
     "law { name: 'states/XXX/laws/new' titles { text: 'New' } }",
     grpc::FAILED_PRECONDITION, ""},
    {"LibraryService/UpdateLaw",
     "law { name: 'states/DEU/laws/act' number: '1' } update_mask { paths: "
     "'number' } validate_only: true",
     kOk, ""},
    {"LibraryService/UpdateLaw",
     "law { name: 'states/DEU/laws/act' adopted: 'then' } update_mask { paths: "
     "'adopted' }",
     kInvalid, "law.adopted"},
    {"LibraryService/DeleteLaw", "name: 'act'", kInvalid, "name"},
    {"LibraryService/DeleteLaw", "name: 'states/DEU/laws/act'",
     grpc::FAILED_PRECONDITION, ""},
    {"LibraryService/DeleteLaw",
     "name: 'states/DEU/laws/bare' validate_only: true", kOk, ""},
    {"LibraryService/GetExpression",
     "name: 'states/DEU/laws/act/expressions/de@undated'", kOk, ""},
    {"LibraryService/GetExpression", "name: 'states/DEU/laws/act'", kInvalid,
     "name"},
    {"LibraryService/ListExpressions", "parent: 'states/DEU/laws/act'", kOk,
     ""},
    {"LibraryService/ListExpressions", "parent: 'states/DEU'", kInvalid,
     "parent"},
    {"LibraryService/ListExpressions", "parent: 'states/DEU/laws/none'",
     kNotFound, ""},
    {"LibraryService/ChooseExpression",
     "law: 'states/DEU/laws/act' languages: 'en' as_of: '2020-01-01'", kOk, ""},
    {"LibraryService/ChooseExpression", "", kInvalid, "law"},
    {"LibraryService/ChooseExpression",
     "law: 'states/DEU/laws/act' as_of: 'then'", kInvalid, "as_of"},
    {"LibraryService/ChooseExpression", "law: 'states/DEU/laws/bare'",
     kNotFound, ""},
    {"LibraryService/CreateExpression",
     "expression { name: 'states/DEU/laws/act/expressions/en@undated' "
     "language: 'en' provisions { name: 's-1' text: 'x' } } validate_only: "
     "true",
     kOk, ""},
    {"LibraryService/CreateExpression",
     "expression { name: 'states/DEU/laws/act/expressions/en@undated' "
     "language: 'en' }",
     kInvalid, "provisions"},
    {"LibraryService/CreateExpression",
     "expression { name: 'states/DEU/laws/act/expressions/en@undated' "
     "language: 'de' provisions { name: 's-1' } }",
     kInvalid, "expression.language"},
    {"LibraryService/UpdateExpression",
     "expression { name: 'states/DEU/laws/act/expressions/de@undated' title: "
     "'T' } update_mask { paths: 'title' } validate_only: true",
     kOk, ""},
    {"LibraryService/UpdateExpression",
     "expression { name: 'states/DEU/laws/act/expressions/de@undated' "
     "provisions { name: 'A' } } update_mask { paths: 'provisions' }",
     kInvalid, "expression.provisions[0].name"},
    {"LibraryService/DeleteExpression",
     "name: 'states/DEU/laws/act/expressions/de@undated' validate_only: true",
     kOk, ""},
    {"LibraryService/DeleteExpression", "name: 'states/DEU/laws/act'", kInvalid,
     "name"},
    {"LibraryService/CompareExpressions",
     "from: 'states/DEU/laws/act/expressions/de@undated' to: "
     "'states/DEU/laws/act/expressions/de@undated'",
     kOk, ""},
    {"LibraryService/CompareExpressions",
     "from: 'states/DEU/laws/act/expressions/de@undated'", kInvalid, "to"},
    {"LibraryService/CompareExpressions",
     "from: 'states/DEU/laws/act/expressions/de@undated' to: "
     "'states/DEU/laws/act/expressions/en@undated'",
     kNotFound, ""},
    {"LibraryService/GetProvision",
     "name: 'states/DEU/laws/act/expressions/de@undated/provisions/s-1'", kOk,
     ""},
    {"LibraryService/GetProvision",
     "name: 'states/DEU/laws/act/expressions/de@undated'", kInvalid, "name"},
    {"LibraryService/GetProvision",
     "name: 'states/DEU/laws/act/expressions/de@undated/provisions/s-9'",
     kNotFound, ""},
    {"LibraryService/ListProvisions",
     "parent: 'states/DEU/laws/act/expressions/de@undated' view: "
     "PROVISION_VIEW_CONTENTS",
     kOk, ""},
    {"LibraryService/ListProvisions", "parent: 'states/DEU/laws/act'", kInvalid,
     "parent"},
    {"LibraryService/ListProvisions",
     "parent: 'states/DEU/laws/act/expressions/de@undated' page_size: -1",
     kInvalid, "page_size"},
    {"LibraryService/ListProvisions",
     "parent: 'states/DEU/laws/act/expressions/en@undated'", kNotFound, ""},
    {"LibraryService/GetMapping", "name: 'states/DEU/laws/act/mappings/m'", kOk,
     ""},
    {"LibraryService/GetMapping", "name: 'm'", kInvalid, "name"},
    {"LibraryService/ListMappings", "parent: 'states/DEU/laws/act'", kOk, ""},
    {"LibraryService/ListMappings",
     "parent: 'states/-' treaty: 'treaties/untoc'", kOk, ""},
    {"LibraryService/ListMappings", "", kInvalid, "parent"},
    {"LibraryService/ListMappings", "parent: 'states/-' treaty: 'untoc'",
     kInvalid, "treaty"},
    {"LibraryService/CreateMapping",
     "mapping { name: 'states/DEU/laws/act/mappings/n' treaty: "
     "'treaties/untoc' } validate_only: true",
     kOk, ""},
    {"LibraryService/CreateMapping",
     "mapping { name: 'states/DEU/laws/act/mappings/n' }", kInvalid,
     "mapping.treaty"},
    {"LibraryService/CreateMapping",
     "mapping { name: 'states/DEU/laws/act/mappings/n' treaty: 'treaties/none' "
     "}",
     grpc::FAILED_PRECONDITION, ""},
    {"LibraryService/UpdateMapping",
     "mapping { name: 'states/DEU/laws/act/mappings/m' article: '5' } "
     "update_mask { paths: 'article' } validate_only: true",
     kOk, ""},
    {"LibraryService/UpdateMapping", "", kInvalid, "mapping.name"},
    {"LibraryService/DeleteMapping",
     "name: 'states/DEU/laws/act/mappings/m' validate_only: true", kOk, ""},
    {"LibraryService/DeleteMapping", "name: 'm'", kInvalid, "name"},
    {"LibraryService/GetConcept", "name: 'concepts/fee'", kOk, ""},
    {"LibraryService/GetConcept", "name: 'fee'", kInvalid, "name"},
    {"LibraryService/ListConcepts", "", kOk, ""},
    {"LibraryService/ListConcepts", "page_size: -1", kInvalid, "page_size"},
    {"LibraryService/CreateConcept",
     "legal_concept { name: 'concepts/new' terms { text: 'new' } } "
     "validate_only: true",
     kOk, ""},
    {"LibraryService/CreateConcept", "legal_concept { name: 'concepts/new' }",
     kInvalid, "concept.terms"},
    {"LibraryService/UpdateConcept",
     "legal_concept { name: 'concepts/fee' notes: 'x' } update_mask { paths: "
     "'notes' } validate_only: true",
     kOk, ""},
    {"LibraryService/UpdateConcept", "", kInvalid, "concept.name"},
    {"LibraryService/DeleteConcept", "name: 'concepts/fee' validate_only: true",
     kOk, ""},
    {"LibraryService/DeleteConcept", "name: 'fee'", kInvalid, "name"},
    {"LibraryService/ResolveLawCitation", "citation: 'Germany, Act, § 1'", kOk,
     ""},
    {"LibraryService/ResolveLawCitation", "", kInvalid, "citation"},
    {"LibraryService/ResolveLawCitation", "citation: 'Act' limit: 51", kInvalid,
     "limit"},
    {"LibraryService/ResolveLawCitation", "citation: 'Act' state: 'DEU'",
     kInvalid, "state"},
    {"LibraryService/GetCoverage",
     "treaty: 'treaties/untoc' state: 'states/DEU'", kOk, ""},
    {"LibraryService/GetCoverage", "", kInvalid, "treaty"},
    {"LibraryService/GetCoverage", "treaty: 'treaties/none'", kNotFound, ""},
    {"SearchService/Search", "query: 'fee' facets: SEARCH_FACET_FIELD_STATE",
     kOk, ""},
    {"SearchService/Search", "query: 'fee' page_size: 1001", kInvalid,
     "page_size"},
    {"SearchService/Search", "query: 'fee' page_token: 'x'", kInvalid,
     "page_token"},
    {"SearchService/Search", kNoMessage, grpc::UNIMPLEMENTED, ""},
    {"SearchService/Suggest", "text: 'ac'", kOk, ""},
    {"SearchService/Suggest", "text: 'ac' limit: 21", kInvalid, "limit"},
    {"SearchService/WatchSearch", "query: 'fee' stop_when_current: true", kOk,
     ""},
    {"SearchService/WatchSearch", "filter { states: 'Germany' }", kInvalid,
     "filter.states"},
    {"SearchService/WatchSearch", "after_sequence: 99999", grpc::OUT_OF_RANGE,
     ""},
};

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::GetStatsRequest::descriptor()->file(),
        v1::WatchRequest::descriptor()->file(),
        v1::GetStateRequest::descriptor()->file(),
        v1::ExportRequest::descriptor()->file(),
        v1::ImportRequest::descriptor()->file(),
        v1::RouteRequestRequest::descriptor()->file(),
        v1::GetTreatyRequest::descriptor()->file(),
        v1::GetLawRequest::descriptor()->file(),
        v1::SearchRequest::descriptor()->file()}) {
    const auto* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), "/", method.name());
}

class EveryMethodTest : public ServerTest {
 protected:
  // Sends one message, and takes all answers.
  grpc::Status Call(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    const auto call =
        stub.PrepareCall(&context, absl::StrCat("/comity.v1.", method), &queue);
    call->StartCall(nullptr);
    next();
    const grpc::Slice slice(bytes);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    next();
    grpc::ByteBuffer answer;
    do {
      call->Read(&answer, nullptr);
    } while (next());
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    queue.Shutdown();
    while (next()) {
    }
    return status;
  }

  static std::string BytesOf(const MethodDescriptor& method,
                             const std::string& text) {
    if (text == kNoMessage) return "\x0a\x7f\x41";
    const std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(method.input_type())
            ->New());
    EXPECT_TRUE(
        google::protobuf::TextFormat::ParseFromString(text, request.get()))
        << text;
    return request->SerializeAsString();
  }

  // Beside the seed: two States, a treaty, a function and an office. Nothing
  // refers to them but to Germany. The office comes by `importJobs/13`.
  void SeedMore() {
    ServerOptions options;
    options.backup_folder = folder_.Path("backups");
    std::filesystem::create_directories(options.backup_folder);
    options.index_folder = folder_.Path("index");
    Reopen(options);
    Seed();
    CreateState(MakeState("DEU", "Germany"));
    CreateState(MakeState("NOR", "Norway"));
    v1::CreateTreatyRequest treaty;
    *treaty.mutable_treaty() = MakeTreaty("idle", "IDLE");
    Must(treaties_, &v1::TreatyService::Stub::CreateTreaty, treaty);
    v1::CreateFunctionRequest function;
    *function.mutable_function() = MakeFunction("idle", "Idle", "untoc", "1");
    Must(directory_, &v1::DirectoryService::Stub::CreateFunction, function);
    grpc::ClientContext context;
    const auto stream = imports_->Import(&context);
    v1::ImportRequest request;
    request.mutable_options()->set_kind(v1::IMPORT_KIND_RECORDS);
    stream->Write(request);
    request.set_chunk(R"({"authority":{"name":"states/DEU/authorities/idle",)"
                      R"("displayNames":[{"text":"Idle"}]}})"
                      "\n"
                      R"({"law":{"name":"states/DEU/laws/act",)"
                      R"("titles":[{"text":"Act","language":"de"}]}})"
                      "\n"
                      R"({"law":{"name":"states/DEU/laws/bare",)"
                      R"("titles":[{"text":"Bare","language":"de"}]}})"
                      "\n"
                      R"({"expression":{"name":)"
                      R"("states/DEU/laws/act/expressions/de@undated",)"
                      R"("language":"de","provisions":[{"name":"s-1",)"
                      R"("kind":"KIND_SECTION","number":"1","text":"fee"}]}})"
                      "\n"
                      R"({"mapping":{"name":)"
                      R"("states/DEU/laws/act/mappings/m","provision":"s-1",)"
                      R"("treaty":"treaties/untoc","article":"6"}})"
                      "\n"
                      R"({"concept":{"name":"concepts/fee",)"
                      R"("terms":[{"text":"fee","language":"en"}]}})");
    stream->Write(request);
    stream->WritesDone();
    v1::ImportResponse response;
    while (stream->Read(&response)) {
    }
    ASSERT_TRUE(stream->Finish().ok());
    ASSERT_EQ(response.job().name(), "importJobs/13");
  }
};

TEST_F(EveryMethodTest, TakesWhatItShouldAndRefusesTheRest) {
  SeedMore();
  const uint64_t published = store_->published();
  std::set<std::string> taken;
  std::set<std::string> refused;
  for (const MethodDescriptor* method : Methods()) {
    const std::string path = PathOf(*method);
    for (const Case& c : kCases) {
      if (path != c.method) continue;
      SCOPED_TRACE(absl::StrCat(path, " ", c.request));
      const grpc::Status status = Call(path, BytesOf(*method, c.request));
      EXPECT_EQ(status.error_code(), c.code) << status.error_message();
      (status.ok() ? taken : refused).insert(path);
      if (c.code == kInvalid) {
        EXPECT_EQ(FieldOfError(status), c.field) << status.error_message();
      }
    }
    EXPECT_TRUE(taken.count(path) == 1) << path << " was never called well";
    EXPECT_TRUE(refused.count(path) == 1) << path << " refused nothing";
  }
  EXPECT_EQ(store_->published(), published);
}

}  // namespace
}  // namespace comity
