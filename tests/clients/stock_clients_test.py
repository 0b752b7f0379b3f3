"""Python's grpcio as it comes with Debian, against a comityd of its own.

Knows of Comity what a stranger would: the .proto files, or nothing but what the
server tells by reflection. Health and reflection have no packaged .proto files
on Debian, so their messages are declared here.

python3 stock_clients_test.py COMITYD PROTOC DATA
"""

import atexit
import importlib
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import grpc
from google.protobuf import descriptor_pb2
from google.protobuf import descriptor_pool
from google.protobuf import json_format
from google.protobuf import message_factory

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# Where google/rpc/*.proto and google/api/*.proto come from.
GOOGLE = SOURCE / "node_modules" / "google-proto-files"

# For each call; generous, since a server with sanitizers is slow.
CALL_SECONDS = 60
# From SIGTERM to the end of the process.
SHUTDOWN_SECONDS = 30

SERVICES = [
    "comity.v1.AdminService",
    "comity.v1.ChangeService",
    "comity.v1.DirectoryService",
    "comity.v1.ExportService",
    "comity.v1.ImportService",
    "comity.v1.LibraryService",
    "comity.v1.RoutingService",
    "comity.v1.SearchService",
    "comity.v1.TreatyService",
]


class Comityd:
  """A server on a free port, on the bundled data in a temporary folder."""

  def __init__(self, program, data):
    self.folder = tempfile.TemporaryDirectory(prefix="comity-")
    self.process = subprocess.Popen(
        [program, "--data-dir", self.folder.name + "/store", "--listen",
         "127.0.0.1:0", "--load", data],
        stdout=subprocess.PIPE, text=True)
    # Whatever happens to the test, the server and its folder go with it.
    atexit.register(self.kill)
    line = self.process.stdout.readline()
    prefix = "comityd: ready, serving on "
    if not line.startswith(prefix):
      self.kill()
      raise AssertionError(f"no ready line but {line!r}")
    self.address = line[len(prefix):].strip()

  def stop(self):
    """Ends the server as an administrator would; gives its exit code."""
    self.process.send_signal(signal.SIGTERM)
    try:
      code = self.process.wait(SHUTDOWN_SECONDS)
    finally:
      self.kill()
    return code

  def kill(self):
    self.process.kill()
    self.process.wait()
    self.process.stdout.close()
    self.folder.cleanup()


def prototype(pool, name):
  """The class of a message in a pool."""
  return message_factory.MessageFactory(pool).GetPrototype(
      pool.FindMessageTypeByName(name))


def declare(package, messages):
  """A pool with messages of (field, number, type, label) each."""
  file = descriptor_pb2.FileDescriptorProto(
      name=package + ".proto", package=package, syntax="proto3")
  for name, fields in messages.items():
    message = file.message_type.add(name=name)
    for field, number, kind, repeated in fields:
      added = message.field.add(name=field, number=number)
      added.label = (descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
                     if repeated else
                     descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
      if isinstance(kind, str):
        added.type = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
        added.type_name = f".{package}.{kind}"
      else:
        added.type = kind
  pool = descriptor_pool.DescriptorPool()
  pool.AddSerializedFile(file.SerializeToString())
  return pool


STRING = descriptor_pb2.FieldDescriptorProto.TYPE_STRING
BYTES = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
INT32 = descriptor_pb2.FieldDescriptorProto.TYPE_INT32

# grpc/health/v1/health.proto; the status is an enumeration, the same on the
# wire as a number.
HEALTH = declare("grpc.health.v1", {
    "HealthCheckRequest": [("service", 1, STRING, False)],
    "HealthCheckResponse": [("status", 1, INT32, False)],
})
SERVING = 1
NOT_SERVING = 2

# grpc/reflection/v1alpha/reflection.proto, as far as it is used here.
REFLECTION = declare("grpc.reflection.v1alpha", {
    "ServerReflectionRequest": [
        ("file_containing_symbol", 4, STRING, False),
        ("list_services", 7, STRING, False),
    ],
    "ServerReflectionResponse": [
        ("file_descriptor_response", 4, "FileDescriptorResponse", False),
        ("list_services_response", 6, "ListServiceResponse", False),
        ("error_response", 7, "ErrorResponse", False),
    ],
    "FileDescriptorResponse": [("file_descriptor_proto", 1, BYTES, True)],
    "ListServiceResponse": [("service", 1, "ServiceResponse", True)],
    "ServiceResponse": [("name", 1, STRING, False)],
    "ErrorResponse": [
        ("error_code", 1, INT32, False),
        ("error_message", 2, STRING, False),
    ],
})


def unary(channel, service, method, request, response_class):
  call = channel.unary_unary(
      f"/{service}/{method}",
      request_serializer=lambda message: message.SerializeToString(),
      response_deserializer=response_class.FromString)
  return call(request, timeout=CALL_SECONDS)


def reflect(channel, **request):
  """Asks the server's reflection one question."""
  request_class = prototype(
      REFLECTION, "grpc.reflection.v1alpha.ServerReflectionRequest")
  response_class = prototype(
      REFLECTION, "grpc.reflection.v1alpha.ServerReflectionResponse")
  call = channel.stream_stream(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      request_serializer=lambda message: message.SerializeToString(),
      response_deserializer=response_class.FromString)
  (answer,) = call(iter([request_class(**request)]), timeout=CALL_SECONDS)
  return answer


def pool_by_reflection(channel, symbol):
  """A pool with the file of `symbol` and all that it imports."""
  answer = reflect(channel, file_containing_symbol=symbol)
  files = {}
  for data in answer.file_descriptor_response.file_descriptor_proto:
    file = descriptor_pb2.FileDescriptorProto.FromString(data)
    files[file.name] = file
  pool = descriptor_pool.DescriptorPool()
  added = set()

  def add(name):
    if name in added:
      return
    added.add(name)
    for imported in files[name].dependency:
      add(imported)
    pool.AddSerializedFile(files[name].SerializeToString())

  for name in files:
    add(name)
  return pool


class StockClientTest(unittest.TestCase):

  @classmethod
  def setUpClass(cls):
    cls.server = Comityd(sys.argv[1], sys.argv[3])
    cls.addClassCleanup(cls.server.kill)
    cls.channel = grpc.insecure_channel(cls.server.address)
    cls.addClassCleanup(cls.channel.close)
    cls.generate(sys.argv[2])

  @classmethod
  def generate(cls, protoc):
    """Compiles the contract for Python, as a client's author would."""
    folder = tempfile.TemporaryDirectory(prefix="comity-proto-")
    cls.addClassCleanup(folder.cleanup)
    protos = sorted(str(p) for p in (SOURCE / "proto").rglob("*.proto"))
    protos += [str(GOOGLE / "google" / name)
               for name in ["rpc/status.proto", "rpc/error_details.proto",
                            "api/annotations.proto", "api/http.proto"]]
    subprocess.run(
        [protoc, "-I", str(SOURCE / "proto"), "-I", "/usr/include", "-I",
         str(GOOGLE), "--python_out=" + folder.name] + protos, check=True)
    sys.path.insert(0, folder.name)
    importlib.invalidate_caches()
    # Debian's google package has no rpc and api: let it look here as well.
    import google  # pylint: disable=import-outside-toplevel
    google.__path__.append(folder.name + "/google")

  def pb2(self, name):
    return importlib.import_module(f"comity.v1.{name}_pb2")

  def check_france_to_lithuania(self, answer):
    """What is true whichever client asked; `answer` is in JSON's form."""
    self.assertEqual(answer["requestingState"], "states/FRA")
    self.assertEqual(answer["requestedState"], "states/LTU")
    self.assertEqual(answer["function"], "functions/mla")
    self.assertEqual(answer["totalRoutes"], 2)
    self.assertEqual([r["treaty"] for r in answer["routes"]],
                     ["treaties/untoc"] * 2)
    self.assertEqual(
        {r["authority"]["displayNames"][0]["text"] for r in answer["routes"]},
        {"Ministry of Justice of the Republic of Lithuania",
         "Prosecutor General's Office under the Supreme Court of the Republic "
         "of Lithuania"})
    for route in answer["routes"]:
      self.assertEqual(route["acceptedLanguages"], ["en", "ru", "lt"])
      self.assertEqual(route["designation"]["article"], "18(13)")
      self.assertTrue(all(r.get("text") for r in route["reasons"]))
    status = {a["treaty"]: a["status"] for a in answer["assessments"]}
    untoc = status["treaties/untoc"]
    self.assertEqual(untoc["status"], "IN_FORCE_STATUS_IN_FORCE")
    self.assertEqual(
        [(p["state"], p["period"]["depositDate"], p["entryIntoForce"])
         for p in untoc["participations"]],
        [("states/FRA", "2002-10-29", "2003-09-29"),
         ("states/LTU", "2002-05-09", "2003-09-29")])

  def test_protos_alone_route(self):
    routing = self.pb2("routing_service")
    request = routing.RouteRequestRequest(
        requesting_state="FRA", requested_state="Lituanie", function="mla",
        as_of="2015-06-01")
    answer = unary(self.channel, "comity.v1.RoutingService", "RouteRequest",
                   request, routing.RouteRequestResponse)
    self.check_france_to_lithuania(json_format.MessageToDict(answer))

  def test_protos_alone_find_contacts(self):
    directory = self.pb2("directory_service")
    request = directory.FindContactsRequest(state="LVA", function="firearms")
    answer = unary(self.channel, "comity.v1.DirectoryService", "FindContacts",
                   request, directory.FindContactsResponse)
    self.assertEqual(answer.total_size, 1)
    found = answer.contacts[0]
    self.assertEqual(found.authority.name,
                     "states/LVA/authorities/ministry-of-interior")
    self.assertEqual(found.designation.article, "13(2)")
    self.assertEqual(found.authority.contacts[0].emails,
                     ["kanceleja@iem.gov.lv"])

  def test_protos_alone_pages_cover_all_states(self):
    directory = self.pb2("directory_service")
    names = []
    token = ""
    while True:
      page = unary(
          self.channel, "comity.v1.DirectoryService", "ListStates",
          directory.ListStatesRequest(page_size=50, page_token=token),
          directory.ListStatesResponse)
      self.assertLessEqual(len(page.states), 50)
      names += [state.name for state in page.states]
      token = page.next_page_token
      if not token:
        break
    with open(sys.argv[3] + "/01-states.jsonl", encoding="utf-8") as file:
      bundled = [json.loads(line)["state"]["name"] for line in file]
    self.assertEqual(names, sorted(bundled))

  def test_protos_alone_errors_carry_details(self):
    status_pb2 = importlib.import_module("google.rpc.status_pb2")
    details_pb2 = importlib.import_module("google.rpc.error_details_pb2")
    directory = self.pb2("directory_service")
    with self.assertRaises(grpc.RpcError) as raised:
      unary(self.channel, "comity.v1.DirectoryService", "GetAuthority",
            directory.GetAuthorityRequest(name="authorities of Norway"),
            self.pb2("authority").Authority)
    self.assertEqual(raised.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
    trailers = dict(raised.exception.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    self.assertEqual(status.code, 3)
    self.assertEqual(status.message, raised.exception.details())
    info = details_pb2.ErrorInfo()
    bad_request = details_pb2.BadRequest()
    for detail in status.details:
      detail.Unpack(info)
      detail.Unpack(bad_request)
    self.assertEqual(info.domain, "comity")
    self.assertTrue(info.reason)
    self.assertEqual([v.field for v in bad_request.field_violations], ["name"])

  def test_reflection_lists_the_services(self):
    answer = reflect(self.channel, list_services="*")
    names = [s.name for s in answer.list_services_response.service]
    self.assertEqual(sorted(n for n in names if n.startswith("comity.")),
                     SERVICES)

  def test_reflection_refuses_what_is_not_there(self):
    answer = reflect(self.channel, file_containing_symbol="comity.v1.Nothing")
    self.assertEqual(answer.error_response.error_code,
                     grpc.StatusCode.NOT_FOUND.value[0])

  def test_reflection_alone_routes(self):
    pool = pool_by_reflection(self.channel, "comity.v1.RoutingService")
    method = pool.FindServiceByName(
        "comity.v1.RoutingService").FindMethodByName("RouteRequest")
    request = json_format.ParseDict(
        {"requestingState": "France", "requestedState": "states/LTU",
         "function": "functions/mla", "asOf": "2015-06-01"},
        prototype(pool, method.input_type.full_name)())
    answer = unary(self.channel, method.containing_service.full_name,
                   method.name, request,
                   prototype(pool, method.output_type.full_name))
    self.check_france_to_lithuania(
        json_format.MessageToDict(answer, descriptor_pool=pool))

  def test_reflection_knows_every_method_of_the_contract(self):
    for service in SERVICES:
      pool = pool_by_reflection(self.channel, service)
      told = pool.FindServiceByName(service)
      module = service.rpartition(".")[2].replace("Service", "").lower()
      written = self.pb2(module + "_service").DESCRIPTOR.services_by_name[
          service.rpartition(".")[2]]
      self.assertEqual([m.name for m in told.methods],
                       [m.name for m in written.methods], service)

  def check_health(self, service):
    request = prototype(HEALTH, "grpc.health.v1.HealthCheckRequest")
    response = prototype(HEALTH, "grpc.health.v1.HealthCheckResponse")
    return unary(self.channel, "grpc.health.v1.Health", "Check",
                 request(service=service), response).status

  def test_health_of_the_server_and_of_each_service(self):
    for service in [""] + SERVICES:
      with self.subTest(service=service):
        self.assertEqual(self.check_health(service), SERVING)
    with self.assertRaises(grpc.RpcError) as raised:
      self.check_health("comity.v1.NoService")
    self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)


class ShutdownTest(unittest.TestCase):

  def test_sigterm_tells_health_watchers_and_ends_streams(self):
    server = Comityd(sys.argv[1], sys.argv[3])
    self.addCleanup(server.kill)
    channel = grpc.insecure_channel(server.address)
    self.addCleanup(channel.close)
    request = prototype(HEALTH, "grpc.health.v1.HealthCheckRequest")
    response = prototype(HEALTH, "grpc.health.v1.HealthCheckResponse")
    watch = channel.unary_stream(
        "/grpc.health.v1.Health/Watch",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=response.FromString)
    statuses = watch(request(service=""), timeout=CALL_SECONDS)
    self.assertEqual(next(statuses).status, SERVING)
    exit_code = []
    stopping = threading.Thread(target=lambda: exit_code.append(server.stop()))
    stopping.start()
    self.assertEqual(next(statuses).status, NOT_SERVING)
    with self.assertRaises(grpc.RpcError) as raised:
      next(statuses)
    self.assertIn(raised.exception.code(),
                  [grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE])
    stopping.join()
    self.assertEqual(exit_code, [0])


if __name__ == "__main__":
  if len(sys.argv) < 4:
    sys.exit(__doc__)
  # As Control-C: ends the tests and leaves nothing running.
  signal.signal(signal.SIGTERM, signal.default_int_handler)
  unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
