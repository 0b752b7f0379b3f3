// Plain JSON over HTTP, and the document that describes it: each operation that
// only reads is called as the document says, and answers as it says.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { startServer } from "./support.mjs";

let server;
let document;
let ajv;

before(async () => {
  server = await startServer();
  const answer = await fetch(`${server.origin}/openapi.json`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^application\/json/);
  document = await answer.json();
  ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const format of ["int32", "uint32", "int64", "uint64", "binary"]) {
    ajv.addFormat(format, true);
  }
  ajv.addSchema({ $id: "document", components: document.components });
});
after(() => server?.stop());

/** What is wrong with a value of this schema of the document; "" for nothing. */
function faultsOf(schema, value) {
  const absolute = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components', '"document#/components'),
  );
  const check = ajv.compile(absolute);
  return check(value) ? "" : ajv.errorsText(check.errors);
}

// What to ask for: path parameters, and queries of methods that need one.
const parts = { state: "LTU", treaty: "untoc", function: "mla", concept: "money-laundering" };
const text = "states/KEN/laws/constitution-2010/expressions/en@undated";
const queries = {
  "/v1/contacts:find": "state=Lithuania&function=mla&asOf=2015-06-01",
  "/v1/states:resolve": "query=Ivory+Coast",
  "/v1/states:batchGet": "names=states/LTU&names=states/FRA",
  "/v1/treaties:batchGet": "names=treaties/untoc",
  "/v1/treaties:getStatus": "treaty=untoc&states=FRA&states=LTU&asOf=2003-09-28",
  "/v1/treaties:resolveCitation": "citation=UNTOC+art.+18(13)",
  "/v1/requests:route":
    "requestingState=FRA&requestedState=LTU&function=mla&asOf=2015-06-01",
  "/v1/records:search": "query=money+laundering&facets=SEARCH_FACET_FIELD_STATE",
  "/v1/records:suggest": "text=launder",
  "/v1/laws:resolveCitation": "citation=Lithuania+Criminal+Code",
  "/v1/coverage": "treaty=treaties/untoc",
  "/v1/changes:watch": "stopWhenCurrent=true&state=states/LTU",
  "/v1/records:watchSearch": "query=hawala&stopWhenCurrent=true",
  "/v1/expressions:compare": `from=${text}&to=${text}`,
  "/v1/records:export": "format=EXPORT_FORMAT_VCARD&state=states/LTU",
};

test("the document is OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((operation) => operation.operationId),
  );
  assert.equal(new Set(ids).size, ids.length);
});

describe("operations answer as the document says", () => {
  test("those that read", async () => {
    let count = 0;
    for (const [path, { get }] of Object.entries(document.paths)) {
      const asked = path.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
      if (!get || asked.includes("{")) continue;
      // What lies in a State's own collections is not there under these names.
      if (/\/(authorit|designation|participation|law)\w*$/.test(asked) && asked !== path) {
        if (/\{\w+\}$/.test(path)) continue;
      }
      if (/:batchGet$/.test(asked) && !(path in queries)) continue;
      const url = `${server.origin}${asked}?${queries[path] ?? ""}`;
      const answer = await fetch(url);
      const text = await answer.text();
      assert.equal(answer.status, 200, `${url}: ${text}`);
      const [type, { schema }] = Object.entries(get.responses[200].content)[0];
      assert.equal(answer.headers.get("content-type"), type, url);
      if (type === "application/json") {
        assert.equal(faultsOf(schema, JSON.parse(text)), "", url);
      } else if (type === "application/x-ndjson") {
        const lines = text.trim().split("\n").filter(Boolean);
        for (const line of lines) {
          assert.equal(faultsOf(schema, JSON.parse(line)), "", url);
        }
      } else {
        assert.match(text, /^BEGIN:VCARD/);
      }
      ++count;
    }
    assert.ok(count >= 25, `${count} operations`);
  });

  test("parameters are those that the server knows", async () => {
    for (const [path, { get }] of Object.entries(document.paths)) {
      for (const { name, in: place } of get?.parameters ?? []) {
        if (place !== "query") continue;
        const asked = path.replace(/\{(\w+)\}/g, "x");
        // Those that would go on for ever end once they are current.
        const end = /:watch/.test(path) ? "&stopWhenCurrent=true" : "";
        const answer = await fetch(`${server.origin}${asked}?${name}=${end}`);
        const text = await answer.text();
        assert.doesNotMatch(text, /must be a field of/, `${path} ${name}`);
      }
    }
    const answer = await fetch(`${server.origin}/v1/states?colour=red`);
    assert.equal(answer.status, 400);
    const { error } = await answer.json();
    assert.equal(error.status, "INVALID_ARGUMENT");
    assert.equal(faultsOf({ $ref: "#/components/schemas/Error" }, { error }), "");
    assert.match(error.message, /colour is red, must be a field of comity\.v1\.ListStatesRequest/);
  });

  test("a record is made, changed and deleted", async () => {
    const url = `${server.origin}/v1/states/LTU/authorities`;
    const ask = (method, to, body) =>
      fetch(to, { method, ...(body && { body: JSON.stringify(body) }) });
    const office = {
      displayNames: [{ text: "Test office", language: "en" }],
      contacts: [{ emails: ["office@example.org"] }],
      sources: [{ kind: "SOURCE_KIND_SYNTHETIC", document: "test" }],
    };
    const made = await ask("POST", `${url}?authorityId=test-office`, office);
    assert.equal(made.status, 200, await made.clone().text());
    assert.equal((await made.json()).name, "states/LTU/authorities/test-office");
    const changed = await ask(
      "PATCH",
      `${url}/test-office?updateMask=displayNames`,
      { displayNames: [{ text: "Renamed office", language: "en" }] },
    );
    assert.equal(changed.status, 200, await changed.clone().text());
    assert.equal((await changed.json()).contacts[0].emails[0], "office@example.org");
    const history = await fetch(`${url}/test-office:listHistory?includeRecords=true`);
    assert.equal((await history.json()).changes.length, 2);
    assert.equal((await ask("DELETE", `${url}/test-office`)).status, 200);
    assert.equal((await fetch(`${url}/test-office`)).status, 404);
  });
});
