// What no well-behaved client sends: HTTP/2 by hand, so that deadlines are over
// on arrival, messages are cut or no messages, and streams break off. Each call
// gets its error or is gone, and the server goes on.
//
// node wire_test.mjs COMITYD DATA

import grpc from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { eventually, startComityd } from './comityd.mjs';
import { decodeStatus, services, v1 } from './contract.mjs';

const [program, data] = process.argv.slice(2);
// A call that is not over by then hangs.
const patienceMilliseconds = 60_000;

let server;
let session;

before(async () => {
  server = await startComityd(program, data);
  session = connect();
});

after(async () => {
  session.destroy();
  assert.equal(await server.stop(), 0, 'comityd ends in good order');
});

function connect() {
  const made = http2.connect(`http://${server.address}`);
  // Streams tell of errors themselves.
  made.on('error', () => {});
  return made;
}

// The same on a connection of its own, which it may cost.
async function exchangeApart(path, body, options) {
  const own = connect();
  // From then on the server's limits hold.
  await once(own, 'remoteSettings');
  const outcome = await exchange(path, body, { ...options, on: own }).done;
  own.destroy();
  return outcome;
}

// A message as gRPC frames it: flag, length, bytes.
function frame(bytes, { flag = 0, length = bytes.length } = {}) {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, bytes]);
}

const empty = frame(Buffer.alloc(0));

// Sends `body` and, unless told otherwise, the end of the stream. Gives what
// came of it: { http, status, message, details } or { reset }.
function exchange(path, body,
  { headers = {}, end = true, on = session, signal } = {}) {
  const stream = on.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  }, { signal });
  const done = new Promise((resolve, reject) => {
    let got = {};
    const timer = setTimeout(
      () => reject(new Error(`${path} hangs`)), patienceMilliseconds);
    const take = (fields) => { got = { ...got, ...fields }; };
    stream.on('response', take);
    stream.on('trailers', take);
    stream.on('error', () => {});
    stream.on('close', () => {
      clearTimeout(timer);
      const status = got['grpc-status'];
      if (status === undefined && got[':status'] === undefined) {
        resolve({ reset: stream.rstCode });
        return;
      }
      const details = got['grpc-status-details-bin'];
      resolve({
        http: got[':status'],
        status: status === undefined ? undefined : Number(status),
        message: got['grpc-message'],
        details: details && decodeStatus(Buffer.from(details, 'base64')),
      });
    });
    // Answers are not looked at.
    stream.resume();
  });
  if (end) {
    stream.end(body);
  } else {
    stream.write(body);
  }
  return { stream, done };
}

async function healthy() {
  const { status } = await exchange('/grpc.health.v1.Health/Check', empty).done;
  assert.equal(status, grpc.status.OK, 'the server goes on');
}

const methods = Object.values(services).flatMap(
  (service) => Object.values(service));

// A call that is answered with OK, if nothing else is wrong with it.
const getState = services.DirectoryService.GetState;
const lithuania = frame(getState.requestSerialize({ name: 'states/LTU' }));

// Whether the first field of a method's request is read from bytes of a length,
// as strings and messages are; bytes of such a field are unknown to others.
function readsFirstField({ requestType }) {
  return requestType.type.field.some((field) => field.number === 1
    && ['TYPE_STRING', 'TYPE_MESSAGE'].includes(field.type));
}

test('a deadline that is over on arrival, on every method', async () => {
  assert.ok(methods.length > 40);
  for (const method of methods) {
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(
      () => exchange(method.path, empty,
        { headers: { 'grpc-timeout': '1n' } }).done));
    for (const outcome of outcomes) {
      // An answer that was ready before the clock was looked at is one, too.
      assert.ok(outcome.reset !== undefined || outcome.status !== undefined,
        method.path);
      assert.notEqual(outcome.status, grpc.status.INTERNAL, method.path);
      assert.notEqual(outcome.status, grpc.status.UNKNOWN, method.path);
    }
  }
  await healthy();
});

test('a deadline ends streams that would go on for ever', async () => {
  const watch = await exchange(services.ChangeService.Watch.path, empty,
    { headers: { 'grpc-timeout': '100m' } }).done;
  assert.equal(watch.status, grpc.status.DEADLINE_EXCEEDED);
  // A file that never ends.
  const options = services.ImportService.Import.requestSerialize(
    { options: { kind: 'IMPORT_KIND_RECORDS' } });
  const { status } = await exchange(services.ImportService.Import.path,
    frame(options), { end: false, headers: { 'grpc-timeout': '100m' } }).done;
  assert.equal(status, grpc.status.DEADLINE_EXCEEDED);
});

test('frames that are none, on every method', async () => {
  const bodies = {
    'a message cut in the middle': frame(Buffer.from('abc'), { length: 100 }),
    'a length of 4 GiB': frame(Buffer.from('abc'), { length: 0xffffffff }),
    'half a frame head': Buffer.from([0, 0, 0]),
    'compressed, by no method': frame(Buffer.from('abc'), { flag: 1 }),
    'no protobuf': frame(Buffer.from([0xff, 0xff, 0xff, 0xff])),
    'a field that ends too early': frame(Buffer.from([0x0a, 0x7f, 0x41])),
    'nothing at all': Buffer.alloc(0),
  };
  const headers = { 'grpc-timeout': '2S' };
  for (const method of methods) {
    const send = (body) => exchange(method.path, body, { headers }).done;
    for (const [what, body] of Object.entries(bodies)) {
      const outcome = await send(body);
      assert.notEqual(outcome.status, grpc.status.OK, `${method.path}: ${what}`);
    }
    // What an empty message gets is what a message gets nothing of which is
    // read.
    const unread = await send(empty);
    const noUtf8 = await send(frame(Buffer.from([0x0a, 0x02, 0xc3, 0x28])));
    if (readsFirstField(method)) {
      assert.notEqual(noUtf8.status, grpc.status.OK,
        `${method.path}: text that is no UTF-8`);
    } else {
      assert.equal(noUtf8.status, unread.status,
        `${method.path}: a field that it does not know`);
    }
    // gRPC 1.51 makes an empty message of it.
    const flagged = await send(frame(Buffer.from('abc'), { flag: 0x80 }));
    assert.equal(flagged.status, unread.status,
      `${method.path}: an unknown flag`);
  }
  await healthy();
});

test('requests that are no gRPC', async () => {
  const { path } = getState;
  assert.equal((await exchangeApart(path, lithuania)).status, grpc.status.OK);
  const refused = {
    'a path of no method': ['/comity.v1.DirectoryService/Nothing', {}],
    'a path of no service': ['/Nothing/GetState', {}],
    'a path without parts': ['/', {}],
    'a long path': [`/${'x'.repeat(6000)}`, {}],
    'a method of HTTP': [path, { ':method': 'PUT' }],
    'binary metadata that is none': [path, { 'comity-bin': '*' }],
  };
  for (const [what, [target, headers]] of Object.entries(refused)) {
    const outcome = await exchangeApart(target, lithuania, { headers });
    assert.notEqual(outcome.status, grpc.status.OK, what);
  }
  // gRPC 1.51 drops headers that it cannot read, and says so in its log.
  const dropped = {
    'another content type': { 'content-type': 'text/plain' },
    'a deadline that is none': { 'grpc-timeout': 'soon' },
    'an encoding that is none': { 'grpc-encoding': 'runes' },
  };
  for (const [what, headers] of Object.entries(dropped)) {
    const outcome = await exchangeApart(path, lithuania, { headers });
    assert.equal(outcome.status, grpc.status.OK, what);
  }
  await healthy();
});

test('headers over the limit', async () => {
  const outcome = await exchangeApart(getState.path, lithuania,
    { headers: { 'comity-actor': 'x'.repeat(40_000) } });
  assert.equal(outcome.status, grpc.status.RESOURCE_EXHAUSTED);
  await healthy();
});

test('messages over the limit say so', async () => {
  const large = frame(Buffer.alloc((4 << 20) + 1));
  for (const method of [services.DirectoryService.GetState,
    services.DirectoryService.CreateAuthority,
    services.ExportService.Export, services.ImportService.Import]) {
    const outcome = await exchange(method.path, large).done;
    assert.equal(outcome.status, grpc.status.RESOURCE_EXHAUSTED, method.path);
  }
  await healthy();
});

// A record of its own for each attempt, as a whole line: what was sent would be
// a good file if it ended there.
function line(id) {
  return Buffer.from(`${JSON.stringify({
    authority: {
      name: `states/FRA/authorities/${id}`,
      displayNames: [{ text: `Office ${id}`, language: 'en' }],
      sources: [{ document: 'A test', kind: 'SOURCE_KIND_SYNTHETIC' }],
    },
  })}\n`);
}

function chunk(bytes, options) {
  return frame(
    services.ImportService.Import.requestSerialize({ chunk: bytes }), options);
}

// The file is said to have `unsent` bytes more than are sent.
function importFrames(id, unsent = 0) {
  return Buffer.concat([
    frame(services.ImportService.Import.requestSerialize({
      options: {
        kind: 'IMPORT_KIND_RECORDS',
        fileBytes: unsent === 0 ? 0 : Buffer.byteLength(line(id)) + unsent,
      },
    })),
    chunk(line(id)),
  ]);
}

async function officesOfFrance() {
  const client = new v1.DirectoryService(
    server.address, grpc.credentials.createInsecure());
  const answer = await promisify(client.ListAuthorities).call(
    client, { parent: 'states/FRA', pageSize: 1000 });
  client.close();
  return answer.authorities.map((authority) => authority.name);
}

test('an import is whole, or it is not applied', async () => {
  const path = services.ImportService.Import.path;
  const before = await officesOfFrance();

  // Sent to its end: applied.
  const whole = await exchange(path, importFrames('sent-whole')).done;
  assert.equal(whole.status, grpc.status.OK, whole.message);
  const expected = [...before, 'states/FRA/authorities/sent-whole'].sort();
  assert.deepEqual((await officesOfFrance()).sort(), expected);

  // A message that is none, then the end.
  const garbled = await exchange(path, Buffer.concat(
    [importFrames('garbled'), frame(Buffer.from([0xff, 0xff, 0xff]))])).done;
  assert.notEqual(garbled.status, grpc.status.OK);

  // A message with a flag that nobody knows: at the end, and before the rest.
  for (const rest of [Buffer.alloc(0), chunk(line('after-flag'))]) {
    const flagged = await exchange(path, Buffer.concat(
      [importFrames('flagged'), chunk(line('flag'), { flag: 0x80 }), rest]))
      .done;
    assert.notEqual(flagged.status, grpc.status.OK);
  }

  // A message with nothing in it.
  const nothing = await exchange(
    path, Buffer.concat([importFrames('nothing'), empty])).done;
  assert.equal(nothing.status, grpc.status.INVALID_ARGUMENT);

  // A message over the limit.
  const large = await exchange(path, Buffer.concat(
    [importFrames('large'), frame(Buffer.alloc((4 << 20) + 1))])).done;
  assert.equal(large.status, grpc.status.RESOURCE_EXHAUSTED);

  // The client breaks off, the stream or the connection.
  for (let i = 0; i < 100; ++i) {
    const own = i % 2 === 0 ? connect() : session;
    const breaking = new AbortController();
    const { stream, done } = exchange(path, importFrames(`broken-off-${i}`),
      { end: false, on: own, signal: breaking.signal });
    await new Promise((resolve) => {
      stream.write(chunk(Buffer.alloc(0)), resolve);
    });
    if (own === session) {
      // Sends RST_STREAM with CANCEL. close() would end the stream before that,
      // and the file be whole.
      breaking.abort();
    } else {
      own.destroy();
    }
    await done;
  }
  assert.deepEqual((await officesOfFrance()).sort(), expected);
  await healthy();
});

// gRPC 1.51 tells of a message that is cut by the end of the stream just as of
// the end. Only a client that ends its stream in good order in the middle of a
// message can do that: one that dies breaks the stream off.
// What the size of the file, sent first, is there for.
test('an import whose last message is cut is not applied', async () => {
  const cut = await exchange(services.ImportService.Import.path, Buffer.concat(
    [importFrames('cut', 100), frame(Buffer.from('abc'), { length: 100 })]))
    .done;
  assert.equal(cut.status, grpc.status.INVALID_ARGUMENT);
  assert.ok(!(await officesOfFrance()).includes('states/FRA/authorities/cut'));
});

test('streams that break off do not use up the streams', async () => {
  const path = services.ChangeService.Watch.path;
  for (let i = 0; i < 300; ++i) {
    const own = connect();
    const { stream, done } = exchange(path, empty, { on: own });
    await new Promise((resolve) => {
      stream.on('response', resolve);
      stream.on('close', resolve);
    });
    own.destroy();
    await done;
  }
  const client = new v1.AdminService(
    server.address, grpc.credentials.createInsecure());
  const stats = promisify(client.GetStats).bind(client);
  await eventually(async () => !(await stats({})).watchers, 'no watcher');
  client.close();
});
