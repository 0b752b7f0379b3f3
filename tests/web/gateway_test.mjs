// The gateway by the stock clients of the Connect project, over both of their
// protocols and both forms, and by curl.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { root, startServer } from "./support.mjs";

/** The contract, by its descriptors: no generated code. */
async function readContract() {
  const folder = await mkdtemp(join(tmpdir(), "comity-contract-"));
  const file = join(folder, "contract.binpb");
  const google = join(root, "node_modules/google-proto-files");
  const services = ["directory", "routing", "change", "import"];
  execFileSync("protoc", [
    ...[`-I${join(root, "proto")}`, "-I/usr/include", `-I${google}`, "--include_imports"],
    `--descriptor_set_out=${file}`,
    ...services.map((name) => `comity/v1/${name}_service.proto`),
    "google/rpc/error_details.proto",
  ]);
  const set = fromBinary(FileDescriptorSetSchema, await readFile(file));
  await rm(folder, { recursive: true });
  return createFileRegistry(set);
}

const registry = await readContract();
const badRequest = registry.getMessage("google.rpc.BadRequest");

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const transports = { Connect: createConnectTransport, "gRPC-Web": createGrpcWebTransport };

/** The code by which the call fails; undefined: it does not. */
async function codeOf(call) {
  try {
    await call();
  } catch (error) {
    return ConnectError.from(error).code;
  }
  return undefined;
}

async function countOf(stream) {
  let count = 0;
  for await (const _ of stream) ++count;
  return count;
}

for (const [protocol, transportTo] of Object.entries(transports)) {
  for (const useBinaryFormat of [false, true]) {
    describe(`${protocol}, ${useBinaryFormat ? "bytes" : "JSON"}`, () => {
      const client = (name) =>
        createClient(
          registry.getService(`comity.v1.${name}`),
          transportTo({ baseUrl: server.origin, httpVersion: "1.1", useBinaryFormat }),
        );

      test("a call and its answer", async () => {
        const state = await client("DirectoryService").getState({ name: "states/LTU" });
        assert.ok(state.shortNames.some(({ text }) => text === "Lithuania"));
        const routes = await client("RoutingService").routeRequest({
          requestingState: "FRA",
          requestedState: "LTU",
          function: "mla",
        });
        assert.ok(routes.routes.length > 0);
      });

      test("errors with their details", async () => {
        const directory = client("DirectoryService");
        await assert.rejects(directory.getState({ name: "LTU" }), (error) => {
          assert.equal(error.code, Code.InvalidArgument);
          const [detail] = error.findDetails(badRequest);
          assert.equal(detail.fieldViolations[0].field, "name");
          return true;
        });
        assert.equal(await codeOf(() => directory.getState({ name: "states/XYZ" })), Code.NotFound);
      });

      test("a stream to its end", async () => {
        const changes = client("ChangeService").watch({ stopWhenCurrent: true });
        let count = 0;
        for await (const answer of changes) count += answer.changes.length;
        assert.ok(count > 500, `${count} changes`);
      });

      test("a stream that is refused", async () => {
        const call = () => countOf(client("ChangeService").watch({ resumeToken: "x" }));
        assert.equal(await codeOf(call), Code.InvalidArgument);
      });

      test("a deadline", async () => {
        const call = () =>
          countOf(client("ChangeService").watch({ fromNow: true }, { timeoutMs: 300 }));
        assert.equal(await codeOf(call), Code.DeadlineExceeded);
      });

      test("a cancellation, after which the server goes on", async () => {
        const stop = new AbortController();
        const call = async () => {
          const changes = client("ChangeService").watch({}, { signal: stop.signal });
          for await (const _ of changes) stop.abort();
        };
        assert.equal(await codeOf(call), Code.Canceled);
        const state = await client("DirectoryService").getState({ name: "states/FRA" });
        assert.equal(state.name, "states/FRA");
      });

      test("messages both ways: a file, and what is wrong in it", async () => {
        const file = new TextEncoder().encode("no record\n");
        async function* messages() {
          const options = { kind: importKind.value.RECORDS, fileName: "a.jsonl", validateOnly: true };
          yield { request: { case: "options", value: options } };
          for (const byte of file) {
            yield { request: { case: "chunk", value: new Uint8Array([byte]) } };
          }
        }
        const call = client("ImportService").import(messages());
        const answers = [];
        for await (const answer of call) answers.push(answer);
        assert.match(JSON.stringify(answers, (_, of) => (typeof of === "bigint" ? `${of}` : of)), /"line":"1"/);
      });
    });
  }
}

const importKind = {
  value: Object.fromEntries(
    registry
      .getEnum("comity.v1.ImportKind")
      .values.map(({ name, number }) => [name.replace("IMPORT_KIND_", ""), number]),
  ),
};

const curl = async (path, ...args) =>
  (await promisify(execFile)("curl", ["-sS", ...args, server.origin + path])).stdout;

test("curl: JSON and its errors", async () => {
  const json = ["-H", "content-type: application/json", "-d"];
  const path = "/comity.v1.DirectoryService/GetState";
  const state = JSON.parse(await curl(path, ...json, '{"name":"states/LTU"}'));
  assert.equal(state.name, "states/LTU");
  const failed = await curl(path, "-w", "\n%{http_code}", ...json, '{"name":"LTU"}');
  const [body, status] = failed.split("\n");
  assert.equal(status, "400");
  assert.equal(JSON.parse(body).code, "invalid_argument");
  assert.ok(JSON.parse(body).details.some(({ type }) => type === "google.rpc.BadRequest"));
});
