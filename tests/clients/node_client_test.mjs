// Node's grpc-js with the .proto files alone, against a comityd of its own.
//
// node node_client_test.mjs COMITYD DATA

import grpc from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { eventually, startComityd } from './comityd.mjs';
import { statusDetails, v1 } from './contract.mjs';

const [program, data] = process.argv.slice(2);
// For each call; generous, since a server with sanitizers is slow.
const callMilliseconds = 60_000;

const bundled = [data, path.join(data, 'library')]
  .flatMap((folder) => readdirSync(folder).sort()
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(folder, name)))
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

let server;
const clients = [];

function connect(service) {
  const client = new v1[service](
    server.address, grpc.credentials.createInsecure());
  clients.push(client);
  return client;
}

before(async () => {
  server = await startComityd(program, data);
});

after(async () => {
  for (const client of clients) client.close();
  assert.equal(await server.stop(), 0, 'comityd ends in good order');
});

function deadline() {
  return { deadline: Date.now() + callMilliseconds };
}

function call(client, method, request) {
  return promisify(client[method]).call(client, request, deadline());
}

// The error of a call; a check that failed on the way is none.
async function failure(promise) {
  return promise.then(
    () => assert.fail('the call succeeded'),
    (error) => {
      if (error instanceof assert.AssertionError) throw error;
      return error;
    });
}

// All messages of a stream, or its error.
async function collect(stream) {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

test('unary: from France to Lithuania', async () => {
  const answer = await call(connect('RoutingService'), 'RouteRequest', {
    requestingState: 'FRA',
    requestedState: 'LTU',
    function: 'mla',
    asOf: '2015-06-01',
  });
  assert.equal(answer.requestedState, 'states/LTU');
  assert.deepEqual(answer.routes.map((route) => route.treaty),
    ['treaties/untoc', 'treaties/untoc']);
  assert.deepEqual(
    answer.routes.map((route) => route.authority.name).sort(), [
      'states/LTU/authorities/'
        + 'ministry-of-justice-of-the-republic-of-lithuania',
      'states/LTU/authorities/'
        + 'prosecutor-generals-office-under-the-supreme-court-of-the',
    ]);
  const untoc = answer.assessments.find(
    (assessment) => assessment.treaty === 'treaties/untoc');
  assert.equal(untoc.status.status, 'IN_FORCE_STATUS_IN_FORCE');
  assert.deepEqual(
    untoc.status.participations.map((each) => each.period.depositDate),
    ['2002-10-29', '2002-05-09']);
});

test('unary: before the Convention, the diplomatic channel', async () => {
  const answer = await call(connect('RoutingService'), 'RouteRequest', {
    requestingState: 'FRA',
    requestedState: 'LTU',
    function: 'mla',
    asOf: '2003-01-01',
  });
  assert.deepEqual(answer.routes, []);
  const status = Object.fromEntries(answer.assessments.map(
    (assessment) => [assessment.treaty, assessment.status.status]));
  assert.equal(status['treaties/untoc'], 'IN_FORCE_STATUS_NOT_IN_FORCE');
  assert.equal(status['treaties/drugs1988'], 'IN_FORCE_STATUS_IN_FORCE');
  assert.ok(answer.alternatives.some(
    (way) => way.code === 'REASON_CODE_DIPLOMATIC_CHANNEL'));
});

test('server streaming: the change log from the beginning', async () => {
  const messages = await collect(connect('ChangeService').Watch(
    { stopWhenCurrent: true, includeRecords: true }, deadline()));
  const changes = messages.flatMap((message) => message.changes);
  assert.deepEqual(changes.map((change) => Number(change.sequence)),
    changes.map((change, index) => index + 1));
  assert.equal(messages.at(-1).newestSequence, changes.at(-1).sequence);
  assert.deepEqual(
    changes.map((change) => change.resource).sort(),
    bundled.map((line) => Object.values(line)[0].name).sort());
  const lithuania = changes.find(
    (change) => change.resource === 'states/LTU');
  assert.equal(lithuania.after.state.alpha2, 'LT');

  const resumed = await collect(connect('ChangeService').Watch(
    { stopWhenCurrent: true, resumeToken: messages.at(-1).resumeToken },
    deadline()));
  assert.deepEqual(resumed.flatMap((message) => message.changes), []);
});

test('server streaming: the export has what was loaded', async () => {
  const messages = await collect(connect('ExportService').Export(
    { format: 'EXPORT_FORMAT_JSONL' }, deadline()));
  for (const message of messages) assert.ok(message.chunk.length <= 1 << 20);
  const lines = Buffer.concat(messages.map((message) => message.chunk))
    .toString('utf8').split('\n');
  assert.equal(lines.pop(), '', 'the last line is ended');
  const exported = lines.map((line) => JSON.parse(line));
  const nameOf = (line) => Object.values(line)[0].name;
  assert.deepEqual(exported.map(nameOf).sort(), bundled.map(nameOf).sort());
  const kinds = exported.map((line) => Object.keys(line)[0]);
  const order = ['state', 'treaty', 'function', 'participation', 'authority',
    'designation', 'law', 'expression', 'mapping', 'concept'];
  assert.deepEqual([...new Set(kinds)], order);
});

// Sends options and a file in small pieces; gives all responses.
async function importFile(options, text) {
  const stream = connect('ImportService').Import(deadline());
  const received = collect(stream);
  stream.write({ options });
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += 100) {
    stream.write({ chunk: bytes.subarray(at, at + 100) });
  }
  stream.end();
  return received;
}

const office = {
  authority: {
    name: 'states/FRA/authorities/office-of-a-test',
    displayNames: [{ text: 'Bureau d’un essai', language: 'fr' }],
    kind: 'KIND_CENTRAL_AUTHORITY',
    sources: [{ document: 'A test', kind: 'SOURCE_KIND_SYNTHETIC' }],
  },
};

test('bidi streaming: a dry run of an import', async () => {
  const responses = await importFile(
    { kind: 'IMPORT_KIND_RECORDS', fileName: 'essai.jsonl',
      validateOnly: true },
    `${JSON.stringify(office)}\n`);
  const { job } = responses.at(-1);
  assert.equal(job.state, 'STATE_VALIDATED');
  assert.equal(job.counts.added, '1');
  assert.equal(job.fileBytes,
    String(Buffer.byteLength(`${JSON.stringify(office)}\n`)));
  const results = responses.flatMap(
    (response) => response.results?.results ?? []);
  assert.deepEqual(
    results.map(({ outcome, resource, line }) => [outcome, resource, line]),
    [['OUTCOME_ADDED', office.authority.name, '1']]);
  const error = await failure(call(connect('DirectoryService'), 'GetAuthority',
    { name: office.authority.name }));
  assert.equal(error.code, grpc.status.NOT_FOUND);
});

test('bidi streaming: a rejected record says where and why', async () => {
  const bad = structuredClone(office);
  bad.authority.name = 'states/FRA/authorities/UPPER CASE';
  const responses = await importFile(
    { kind: 'IMPORT_KIND_RECORDS', fileName: 'essai.jsonl' },
    `${JSON.stringify(office)}\n${JSON.stringify(bad)}\n`);
  const { job } = responses.at(-1);
  assert.equal(job.state, 'STATE_REJECTED');
  assert.equal(job.counts.rejected, '1');
  const [rejected] = responses
    .flatMap((response) => response.results?.results ?? [])
    .filter((result) => result.outcome === 'OUTCOME_REJECTED');
  assert.equal(rejected.line, '2');
  assert.equal(rejected.problems[0].line, '2');
  assert.match(rejected.problems[0].field, /name/);
  assert.match(rejected.problems[0].value, /UPPER CASE/);
  assert.notEqual(rejected.problems[0].rule, '');
  const error = await failure(call(connect('DirectoryService'), 'GetAuthority',
    { name: office.authority.name }));
  assert.equal(error.code, grpc.status.NOT_FOUND);
});

test('errors: a malformed field is named', async () => {
  const error = await failure(call(connect('DirectoryService'),
    'ListAuthorities', { parent: 'states/NOR', pageSize: -1 }));
  assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
  const status = statusDetails(error);
  assert.equal(status.code, grpc.status.INVALID_ARGUMENT);
  assert.equal(status.message, error.details);
  assert.equal(status.details['google.rpc.ErrorInfo'].domain, 'comity');
  assert.deepEqual(
    status.details['google.rpc.BadRequest'].fieldViolations.map(
      (violation) => violation.field), ['page_size']);
});

test('errors: a stale etag has a reason that programs know', async () => {
  const client = connect('DirectoryService');
  const state = await call(client, 'GetState', { name: 'states/LTU' });
  const error = await failure(call(client, 'UpdateState',
    { state: { ...state, etag: 'of-another-day' }, validateOnly: true }));
  assert.equal(error.code, grpc.status.ABORTED);
  assert.equal(statusDetails(error).details['google.rpc.ErrorInfo'].reason,
    'ETAG_MISMATCH');
});

test('errors: a misspelt State comes with a suggestion', async () => {
  const error = await failure(call(connect('RoutingService'), 'RouteRequest',
    { requestingState: 'FRA', requestedState: 'Lithaunia', function: 'mla' }));
  assert.equal(error.code, grpc.status.NOT_FOUND);
  assert.match(error.details, /did you mean Lithuania \(states\/LTU\)/);
  assert.equal(statusDetails(error).details['google.rpc.ErrorInfo'].reason,
    'STATE_NOT_FOUND');
});

test('deadline: a watch ends when its time is over', async () => {
  const stream = connect('ChangeService').Watch(
    { fromNow: true }, { deadline: Date.now() + 300 });
  const error = await failure(collect(stream));
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
});

test('cancellation: the server lets go of the watcher', async () => {
  const admin = connect('AdminService');
  const stream = connect('ChangeService').Watch({ fromNow: true }, deadline());
  const error = await failure((async () => {
    for await (const message of stream) {
      assert.deepEqual(message.changes, []);
      assert.ok((await call(admin, 'GetStats', {})).watchers >= 1);
      stream.cancel();
    }
  })());
  assert.equal(error.code, grpc.status.CANCELLED);
  await eventually(async () => !(await call(admin, 'GetStats', {})).watchers,
    'no watcher');
});
